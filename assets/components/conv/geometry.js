// Shapes and places along an axis: which input cell each output cell meets, and through which weight.

/** @import { Axis, Feed, Layer, Plan } from "./types.js" */

const NOWHERE = -1;

/** @param {Layer} layer */
export const isPool = (layer) => layer.kind === "MaxPool2d" || layer.kind === "AvgPool2d";

/** @param {Layer} layer */
export const isTransposed = (layer) => layer.kind === "ConvTranspose2d";

/** @param {Layer} layer */
export const outputChannels = (layer) => (isPool(layer) ? layer.inChannels : layer.outChannels);

/**
 * @param {number} a
 * @param {number} b
 */
export const floorDiv = (a, b) => Math.floor(a / b);

/**
 * The remainder with the sign of the divisor, as in Python.
 *
 * @param {number} a
 * @param {number} b
 */
export const modulo = (a, b) => ((a % b) + b) % b;

/**
 * @param {Layer} layer
 * @param {Axis} axis
 * @returns {[before: number, after: number]}
 */
function pads(layer, axis) {
  if (layer.named === "valid") return [0, 0];
  if (layer.named === "same") {
    const total = axis.dilation * (axis.kernel - 1);
    return [floorDiv(total, 2), total - floorDiv(total, 2)];
  }
  return [axis.padding, axis.padding];
}

/**
 * @param {Layer} layer
 * @param {Axis} axis
 */
function outputSize(layer, axis) {
  const effective = axis.dilation * (axis.kernel - 1) + 1;
  if (isTransposed(layer)) {
    return (axis.size - 1) * axis.stride - 2 * axis.padding + effective + axis.outputPadding;
  }
  const [before, after] = pads(layer, axis);
  const numerator = axis.size + before + after - effective;
  if (!(isPool(layer) && layer.ceilMode)) return floorDiv(numerator, axis.stride) + 1;
  const size = -floorDiv(-numerator, axis.stride) + 1;
  return (size - 1) * axis.stride >= axis.size + before ? size - 1 : size;
}

/**
 * @param {Layer} layer
 * @param {Axis} axis
 */
function paddedSource(layer, axis) {
  const [before, after] = pads(layer, axis);
  const source = new Int32Array(axis.size + before + after);
  const last = axis.size - 1;
  for (let i = 0; i < source.length; i += 1) {
    const cell = i - before;
    const inside = cell >= 0 && cell <= last;
    if (inside || layer.mode === "zeros") source[i] = inside ? cell : NOWHERE;
    else if (layer.mode === "replicate") source[i] = Math.min(Math.max(cell, 0), last);
    else if (layer.mode === "circular") source[i] = modulo(cell, axis.size);
    else source[i] = last - Math.abs(last - Math.abs(cell));
  }
  return source;
}

/**
 * The drawn input cell that output `o` meets through weight `k`, NOWHERE where it meets none.
 *
 * @param {Layer} layer
 * @param {Axis} axis
 * @param {number} inCells
 * @param {number} o
 * @param {number} k
 */
function tap(layer, axis, inCells, o, k) {
  let cell = o * axis.stride + k * axis.dilation;
  if (isTransposed(layer)) {
    const reach = o - k * axis.dilation;
    cell = modulo(reach, axis.stride) === 0 ? reach / axis.stride : NOWHERE;
  }
  return cell >= 0 && cell < inCells ? cell : NOWHERE;
}

/**
 * An axis as drawn; `legal` false leaves its output empty.
 *
 * @param {Layer} layer
 * @param {Axis} axis
 * @param {boolean} legal
 * @returns {Plan}
 */
export function planAxis(layer, axis, legal) {
  const crop = isTransposed(layer) ? axis.padding : 0;
  const [before] = isTransposed(layer) ? [0] : pads(layer, axis);
  const source = isTransposed(layer)
    ? Int32Array.from({ length: axis.size }, (_, i) => i)
    : paddedSource(layer, axis);
  const out = legal ? outputSize(layer, axis) : 0;
  // Output padding gives back, at the end, cells that the stamps reach; beyond those no stamp reaches.
  const cropAfter = Math.max(crop - axis.outputPadding, 0);
  const outCells = legal ? crop + out + cropAfter : 0;
  const taps = new Int32Array(outCells * axis.kernel);
  const read = new Uint8Array(source.length);
  for (let o = 0; o < outCells; o += 1) {
    for (let k = 0; k < axis.kernel; k += 1) {
      const cell = tap(layer, axis, source.length, o, k);
      taps[o * axis.kernel + k] = cell;
      if (cell >= 0) read[cell] = 1;
    }
  }
  return { ...axis, source, before, crop, out, outCells, taps, inCells: source.length, read };
}

/**
 * Feeds of each drawn input cell.
 *
 * @param {Plan} plan
 * @returns {Feed[][]}
 */
export function feedsOf(plan) {
  const feeds = Array.from({ length: plan.inCells }, () => /** @type {Feed[]} */ ([]));
  for (let o = 0; o < plan.outCells; o += 1) {
    for (let k = 0; k < plan.kernel; k += 1) {
      const cell = plan.taps[o * plan.kernel + k];
      if (cell >= 0) feeds[cell].push([o, k]);
    }
  }
  return feeds;
}

/**
 * Cells from the first to the last weight of a kernel, holes of the dilation included.
 *
 * @param {Axis} axis
 */
export const reachOf = (axis) => axis.dilation * (axis.kernel - 1) + 1;
