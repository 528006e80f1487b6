// From a drawing to the 28 x 28 pixels that a network trained on MNIST expects, as lib/core/digits/prepare.py does
// it, to the pixel: crop, scale the longer side to 20, move the centre of mass to the middle.

import { roundHalfEven } from "../shared/numbers.js";
import { SIDE } from "./network.js";

const BOX_SIDE = 20;
const MIDDLE = 14;

/** @typedef {{ pixels: Uint8Array, height: number, width: number }} Ink white on black, 0 to 255 */

/**
 * What the network gets, (SIDE * SIDE) bytes; null on an empty drawing. `raw` leaves out crop and centring.
 *
 * @param {Ink} drawing
 * @param {boolean} [raw]
 * @returns {Uint8Array | null}
 */
export function prepare(drawing, raw = false) {
  const box = findBox(drawing);
  if (!box) return null;
  if (raw) return resize(drawing, SIDE, SIDE).pixels;
  const cropped = crop(drawing, box);
  const share = BOX_SIDE / Math.max(box.height, box.width);
  const size = (/** @type {number} */ length) => Math.max(1, roundHalfEven(length * share));
  const scaled = resize(cropped, size(box.height), size(box.width));
  const [row, column] = centreOfMass(scaled);
  const fed = new Uint8Array(SIDE * SIDE);
  const [down, right] = [shift(row, scaled.height), shift(column, scaled.width)];
  for (let y = 0; y < scaled.height; y += 1) {
    const line = scaled.pixels.subarray(y * scaled.width, (y + 1) * scaled.width);
    fed.set(line, (y + down) * SIDE + right);
  }
  return fed;
}

/**
 * Whole pixels that bring the centre nearest to the middle; ink never leaves the field.
 *
 * @param {number} centre
 * @param {number} size
 */
const shift = (centre, size) => Math.min(Math.max(0, Math.floor(MIDDLE - centre + 0.5)), SIDE - size);

/** @param {Ink} ink */
function findBox({ pixels, height, width }) {
  let [top, bottom, left, right] = [-1, -1, width, -1];
  for (let y = 0; y < height; y += 1) {
    const at = y * width;
    let first = 0;
    while (first < width && pixels[at + first] === 0) first += 1;
    if (first === width) continue;
    let last = width - 1;
    while (pixels[at + last] === 0) last -= 1;
    if (top < 0) top = y;
    bottom = y;
    left = Math.min(left, first);
    right = Math.max(right, last);
  }
  return top < 0 ? null : { top, left, height: bottom - top + 1, width: right - left + 1 };
}

/**
 * @param {Ink} ink
 * @param {{ top: number, left: number, height: number, width: number }} box
 * @returns {Ink}
 */
function crop({ pixels, width: wide }, { top, left, height, width }) {
  const cropped = new Uint8Array(height * width);
  for (let y = 0; y < height; y += 1) {
    const at = (top + y) * wide + left;
    cropped.set(pixels.subarray(at, at + width), y * width);
  }
  return { pixels: cropped, height, width };
}

/** @param {Ink} ink */
function centreOfMass({ pixels, height, width }) {
  let [total, rows, columns] = [0, 0, 0];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const weight = pixels[y * width + x];
      total += weight;
      rows += weight * y;
      columns += weight * x;
    }
  }
  return total ? [rows / total, columns / total] : [0, 0];
}

/**
 * Which old cells make a new one, and how much each counts. As Pillow has it: the mean over each new cell's length
 * (BOX), or between neighbours where any side grows (BILINEAR).
 *
 * @typedef {{ first: number, shares: Float64Array }} Taps
 * @param {number} from
 * @param {number} to
 * @param {boolean} grows
 * @returns {Taps[]}
 */
function taps(from, to, grows) {
  const scale = from / to;
  const spread = Math.max(scale, 1);
  const reach = (grows ? 1 : 0.5) * spread;
  return Array.from({ length: to }, (_, cell) => {
    const centre = (cell + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - reach + 0.5));
    const end = Math.min(from, Math.trunc(centre + reach + 0.5));
    const shares = new Float64Array(end - first);
    let total = 0;
    for (let i = 0; i < shares.length; i += 1) {
      shares[i] = weightAt((i + first - centre + 0.5) * (1 / spread), grows);
      total += shares[i];
    }
    if (total !== 0) for (let i = 0; i < shares.length; i += 1) shares[i] /= total;
    return { first, shares };
  });
}

/**
 * @param {number} distance
 * @param {boolean} grows
 */
function weightAt(distance, grows) {
  if (grows) return Math.max(0, 1 - Math.abs(distance));
  return distance > -0.5 && distance <= 0.5 ? 1 : 0;
}

/**
 * @param {Ink} ink
 * @param {number} height
 * @param {number} width
 * @returns {Ink}
 */
function resize(ink, height, width) {
  const grows = height > ink.height || width > ink.width;
  const across = taps(ink.width, width, grows);
  const down = taps(ink.height, height, grows);
  const middle = new Float32Array(ink.height * width); // Pillow rounds to 32 bits between the two passes
  for (let y = 0; y < ink.height; y += 1) {
    across.forEach(({ first, shares }, x) => {
      const at = y * ink.width + first;
      let sum = 0;
      for (let i = 0; i < shares.length; i += 1) sum += ink.pixels[at + i] * shares[i];
      middle[y * width + x] = sum;
    });
  }
  const pixels = new Uint8Array(height * width);
  down.forEach(({ first, shares }, y) => {
    for (let x = 0; x < width; x += 1) {
      let sum = 0;
      for (let i = 0; i < shares.length; i += 1) sum += middle[(first + i) * width + x] * shares[i];
      pixels[y * width + x] = Math.min(Math.max(roundHalfEven(Math.fround(sum)), 0), 255);
    }
  });
  return { pixels, height, width };
}
