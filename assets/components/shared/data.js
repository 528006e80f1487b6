// What a component is given by Python, and what becomes of it from one run of its script to the next.

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

/** @typedef {{ parentElement: HTMLElement | ShadowRoot }} Mounted */

/**
 * Streamlit runs a component's script again whenever its data or the theme changes, and keeps what the last run
 * returned alone, to call it when the component goes. What the runs before had begun (listeners, timers, observers)
 * would go on beside it. A run that was overtaken while its script was on the way is even ended after the one that
 * overtook it.
 *
 * @template {Mounted} Component
 * @param {(component: Component) => (() => void) | undefined} run returns what ends it
 * @returns {(component: Component) => () => void} the script's default export
 */
export function mounting(run) {
  /** @type {WeakMap<HTMLElement | ShadowRoot, () => void>} */
  const going = new WeakMap();
  return (component) => {
    const owner = component.parentElement;
    going.get(owner)?.();
    const end = run(component);
    const endOnce = () => {
      if (going.get(owner) !== endOnce) return;
      going.delete(owner);
      end?.();
    };
    going.set(owner, endOnce);
    return endOnce;
  };
}
