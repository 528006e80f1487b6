// Sentences with numbers in them.

/** @typedef {Readonly<Record<string, string | number>>} Slots */

/**
 * A text with its slots filled: "{count} cells" and { count: 3 } give "3 cells". A slot that isn't given stays.
 *
 * @param {string} text
 * @param {Slots} slots
 */
export const fill = (text, slots) =>
  text.replace(/\{(\w+)\}/g, (whole, name) => (name in slots ? String(slots[name]) : whole));

/**
 * A sentence for one and for several.
 *
 * @param {readonly [one: string, several: string]} sentences
 * @param {number} count
 * @param {Slots} [slots]
 */
export const counted = ([one, several], count, slots = {}) =>
  fill(count === 1 ? one : several, { count, ...slots });

/**
 * A number with a real minus sign: "−0.250".
 *
 * @param {number} value
 * @param {number} [digits] after the point
 */
export const plain = (value, digits = 3) => `${value < 0 ? "−" : ""}${Math.abs(value).toFixed(digits)}`;

/**
 * A number with its sign, as a term of a sum: "+0.250".
 *
 * @param {number} value
 * @param {number} [digits] after the point
 */
export const signed = (value, digits = 3) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(digits)}`;
