// What a component is given by Python.

/**
 * The props of a component that takes them as JSON text (as text, Streamlit compares and sends them without looking
 * inside). The type is the caller's word for what its Python side writes.
 *
 * @template T
 * @param {string} text
 * @returns {T}
 */
export const readProps = (text) => /** @type {T} */ (JSON.parse(text));

/**
 * Numbers sent as base64 text of their bytes (little-endian, as NumPy writes them).
 *
 * @template {Uint8Array | Int16Array | Int32Array | Float32Array | Float64Array} T
 * @param {string} text
 * @param {new (buffer: ArrayBuffer) => T} Type
 * @returns {T}
 */
export function decode(text, Type) {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i += 1) bytes[i] = binary.charCodeAt(i);
  return new Type(bytes.buffer);
}

/**
 * What a component keeps of a mount from one run of its script to the next: the same object for as long as `owner`
 * (its `parentElement`) lives.
 *
 * @template T
 * @param {() => T} fresh
 * @returns {(owner: HTMLElement | ShadowRoot) => T}
 */
export function keeper(fresh) {
  /** @type {WeakMap<HTMLElement | ShadowRoot, T>} */
  const kept = new WeakMap();
  return (owner) => {
    const known = kept.get(owner);
    if (known !== undefined) return known;
    const made = fresh();
    kept.set(owner, made);
    return made;
  };
}
