// Indices and numbers as PyTorch writes them.

/** @import { Tensor, TensorJson } from "./types.js" */

const MAX_PANELS = 12;

/** @param {number[]} sizes */
export const product = (sizes) => sizes.reduce((a, b) => a * b, 1);

/**
 * The index of the element that stands at a place of the row-major values.
 *
 * @param {number} flat
 * @param {number[]} shape
 */
export function unravel(flat, shape) {
  /** @type {number[]} */
  const index = new Array(shape.length).fill(0);
  let rest = flat;
  for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
    index[axis] = rest % shape[axis];
    rest = Math.floor(rest / shape[axis]);
  }
  return index;
}

/** @param {number[]} shape */
export const shapeText = (shape) => `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;

/**
 * @param {number} value
 * @param {"float" | "int" | "bool"} kind
 * @param {number} digits that count
 */
export function formatNumber(value, kind, digits) {
  if (kind === "bool") return value ? "True" : "False";
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (kind === "int") return String(value);
  if (Number.isInteger(value) && Math.abs(value) < 1e5) return `${value}.`;
  const size = Math.abs(value);
  if (size < 1e-3 || size >= 1e5) return value.toExponential(Math.max(digits - 2, 1)).replace("e+", "e");
  return String(Number(value.toPrecision(digits)));
}

/**
 * @param {Tensor} tensor
 * @param {number} place
 * @param {number} digits
 */
export const cellText = (tensor, place, digits) =>
  tensor.texts ? tensor.texts[place] : formatNumber(tensor.numbers[place], tensor.kind, digits);

/**
 * Positions of one axis that are shown, with null where some are left out: a window of `most` places.
 *
 * @param {TensorJson} tensor
 * @param {number} axis
 * @param {number} most
 * @param {number} start
 * @returns {(number | null)[]}
 */
export function axisWindow(tensor, axis, most, start) {
  const size = tensor.shape[axis];
  const held = tensor.positions?.[axis];
  if (held) return withGaps(held, size);
  if (size <= most) return Array.from({ length: size }, (_, i) => i);
  const from = Math.min(start, size - most + 1);
  /** @type {(number | null)[]} */
  const shown = from > 0 ? [null] : [];
  const until = Math.min(from + most - 1, size);
  for (let i = from; i < until; i += 1) shown.push(i);
  if (until < size) shown.push(null);
  return shown;
}

/**
 * @param {number[]} held
 * @param {number} size
 */
function withGaps(held, size) {
  /** @type {(number | null)[]} */
  const shown = [];
  held.forEach((position, i) => {
    if (i ? position > held[i - 1] + 1 : position > 0) shown.push(null);
    shown.push(position);
  });
  if (held.length && held[held.length - 1] < size - 1) shown.push(null);
  return shown;
}

/**
 * Where the value of an index lies in the values that were sent.
 *
 * @param {TensorJson} tensor
 * @param {number[]} index
 */
export function flatPlace({ shape, positions }, index) {
  let place = 0;
  index.forEach((position, axis) => {
    const held = positions?.[axis];
    place = place * (held ? held.length : shape[axis]) + (held ? held.indexOf(position) : position);
  });
  return place;
}

/**
 * Axes before the last two: the first `sliders` of `count` have sliders, the others a panel for each index.
 *
 * @param {number[]} shape
 */
export function leadingAxes(shape) {
  const count = Math.max(shape.length - 2, 0);
  let panels = 1;
  let sliders = count;
  while (sliders > 0 && panels * shape[sliders - 1] <= MAX_PANELS) {
    sliders -= 1;
    panels *= shape[sliders];
  }
  return { sliders, count };
}
