// Numbers and sentences.

export function fill(text, slots) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in slots ? String(slots[name]) : whole));
}

// A sentence for one and for several.
export const counted = ([one, several], count, slots = {}) =>
  fill(count === 1 ? one : several, { count, ...slots });

export function formatNumber(value) {
  if (value === Infinity || value === -Infinity) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  const text = size >= 1e5 ? value.toExponential(1).replace("e+", "e") : String(Number(value.toFixed(4)));
  return text.replace("-", "−");
}

export function shortNumber(value) {
  const size = Math.abs(value);
  if (Number.isInteger(value) || !Number.isFinite(value)) return formatNumber(value);
  return formatNumber(Number(value.toFixed(size >= 10 ? 1 : size >= 1 ? 2 : 3)));
}

export const isRounded = (value) =>
  Number.isFinite(value) && Math.abs(value - Number(value.toFixed(4))) > 1e-9;
export const bracketed = (value) => (value < 0 ? `(${formatNumber(value)})` : formatNumber(value));
