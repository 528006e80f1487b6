// Numbers as the picture writes them.

/** @param {number} value */
export function formatNumber(value) {
  if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  const text = size >= 1e5 ? value.toExponential(1).replace("e+", "e") : String(Number(value.toFixed(4)));
  return text.replace("-", "−");
}

/**
 * With fewer digits, for a cell.
 *
 * @param {number} value
 */
export function shortNumber(value) {
  const size = Math.abs(value);
  if (Number.isInteger(value) || !Number.isFinite(value)) return formatNumber(value);
  return formatNumber(Number(value.toFixed(size >= 10 ? 1 : size >= 0.1 ? 2 : 3)));
}

/**
 * Whether `formatNumber` leaves something out.
 *
 * @param {number} value
 */
export const isRounded = (value) =>
  Number.isFinite(value) && Math.abs(value - Number(value.toFixed(4))) > 1e-9;

/** @param {number} value */
export const bracketed = (value) => (value < 0 ? `(${formatNumber(value)})` : formatNumber(value));
