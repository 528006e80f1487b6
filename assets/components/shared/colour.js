// Colours as numbers, and the ink that can be read on them.

/** @typedef {[red: number, green: number, blue: number]} Rgb 0 to 255 each */

export const DARK_INK = "#111827";
export const LIGHT_INK = "#ffffff";

/**
 * "#0072b2" or "rgb(0, 114, 178)" in parts.
 *
 * @param {string} colour
 * @returns {Rgb}
 */
export function rgb(colour) {
  if (!colour.startsWith("#")) {
    const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map(Number);
    return [red, green, blue];
  }
  const part = (/** @type {number} */ at) => Number.parseInt(colour.slice(at, at + 2), 16);
  return [part(1), part(3), part(5)];
}

/**
 * From one colour towards another, by `share` of the way.
 *
 * @param {Rgb} from
 * @param {Rgb} to
 * @param {number} share 0 to 1
 * @returns {Rgb}
 */
export function blend(from, to, share) {
  const part = (/** @type {0 | 1 | 2} */ i) => Math.round(from[i] + (to[i] - from[i]) * share);
  return [part(0), part(1), part(2)];
}

/** @param {Rgb} colour */
export const css = ([red, green, blue]) => `rgb(${red},${green},${blue})`;

/**
 * `blend` for colours as texts.
 *
 * @param {string} from
 * @param {string} to
 * @param {number} share 0 to 1
 */
export const mix = (from, to, share) => css(blend(rgb(from), rgb(to), share));

/**
 * Relative luminance, 0 (black) to 1 (white). Source: WCAG 2.2, "relative luminance".
 *
 * @param {Rgb} colour
 */
export function luminance(colour) {
  const [red, green, blue] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

// Where dark and white ink have the same contrast (L + 0.05 is the geometric mean of theirs).
const EVEN = Math.sqrt((luminance(rgb(DARK_INK)) + 0.05) * 1.05) - 0.05;

/**
 * The ink with the higher contrast on a colour.
 *
 * @param {Rgb | string} colour
 */
export const inkOn = (colour) =>
  luminance(typeof colour === "string" ? rgb(colour) : colour) > EVEN ? DARK_INK : LIGHT_INK;
