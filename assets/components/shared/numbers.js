// What several pictures ask of their numbers.

/**
 * The largest absolute value; 0 where there is none.
 *
 * @param {ArrayLike<number>} values
 * @param {number} [from]
 * @param {number} [count]
 */
export function largest(values, from = 0, count = values.length - from) {
  let found = 0;
  for (let i = from; i < from + count; i += 1) found = Math.max(found, Math.abs(values[i]));
  return found;
}

/**
 * Half to even, as Python and NumPy round.
 *
 * @param {number} value
 */
export function roundHalfEven(value) {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}
