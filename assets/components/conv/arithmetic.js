// The numbers of a layer: every product, sum and output cell.

/** @import { Layer, Look, Mark, Model, Moved, Plan } from "./types.js" */

import { makeInputs, makeWeight, shiftInputs, weightSizes } from "./contents.js";
import { feedsOf, floorDiv, isPool, isTransposed, planAxis } from "./geometry.js";

/**
 * All numbers of a layer and a look; geometry alone where they are not `drawable`.
 *
 * @param {Layer} layer
 * @param {Look} look
 * @param {ArrayLike<number>} pixels
 * @param {boolean} legal
 * @param {boolean} drawable
 * @returns {Model}
 */
export function makeModel(layer, look, pixels, legal, drawable) {
  const rows = planAxis(layer, layer.height, legal);
  const columns = planAxis(layer, layer.width, legal);
  const still = drawable ? makeInputs(layer, look, pixels) : null;
  return {
    layer,
    look,
    legal,
    rows,
    columns,
    rowFeeds: feedsOf(rows),
    columnFeeds: feedsOf(columns),
    still,
    inputs: still ? shiftInputs(still, layer, look.shift) : null,
    weight: drawable && !isPool(layer) ? makeWeight(layer, look) : null,
    padded: new Map(),
  };
}

/**
 * @param {Layer} layer
 * @param {number} channel
 */
export const biasOf = (layer, channel) => (isPool(layer) || !layer.bias ? 0 : 1 - (channel % 3));

/**
 * Input channels that make an output channel.
 *
 * @param {Layer} layer
 * @param {number} output
 */
export function partners(layer, output) {
  if (isPool(layer)) return [output];
  const each = floorDiv(layer.inChannels, layer.groups);
  const group = floorDiv(output, layer.outChannels / layer.groups);
  return Array.from({ length: each }, (_, i) => group * each + i);
}

/**
 * Where a weight stands among the layer's.
 *
 * @param {Layer} layer
 * @param {number} input channel
 * @param {number} output channel
 * @param {number} r
 * @param {number} c
 */
export function weightIndex(layer, input, output, r, c) {
  const [, second, height, width] = weightSizes(layer);
  const [a, b] = isTransposed(layer) ? [input, output % second] : [output, input % second];
  return ((a * second + b) * height + r) * width + c;
}

/**
 * A channel with its padding: what the drawn input's cells hold. Only for a drawable layer.
 *
 * @param {Model} model
 * @param {number} channel
 * @param {Float64Array | null} [inputs]
 */
export function paddedChannel(model, channel, inputs = model.inputs) {
  if (!inputs) throw new Error("the layer is too large for its numbers");
  const key = `${inputs === model.inputs ? "" : "still"}${channel}`;
  const known = model.padded.get(key);
  if (known) return known;
  const { rows, columns, layer } = model;
  const filler = layer.kind === "MaxPool2d" ? -Infinity : 0;
  const values = new Float64Array(rows.inCells * columns.inCells).fill(filler);
  for (let r = 0; r < rows.inCells; r += 1) {
    for (let c = 0; c < columns.inCells; c += 1) {
      const [y, x] = [rows.source[r], columns.source[c]];
      if (y >= 0 && x >= 0) {
        values[r * columns.inCells + c] = inputs[(channel * rows.size + y) * columns.size + x];
      }
    }
  }
  if (model.padded.size > 64) model.padded.clear();
  model.padded.set(key, values);
  return values;
}

/**
 * By what an average is divided: padding counts where the layer says so, cells beyond it never.
 *
 * @param {Model} model
 * @param {number} row
 * @param {number} column
 */
export function divisor(model, row, column) {
  const countCells = (/** @type {Plan} */ plan, /** @type {number} */ o) => {
    let count = 0;
    for (let k = 0; k < plan.kernel; k += 1) {
      const cell = plan.taps[o * plan.kernel + k];
      if (cell >= 0 && (model.layer.countIncludePad || plan.source[cell] >= 0)) count += 1;
    }
    return count;
  };
  return countCells(model.rows, row) * countCells(model.columns, column);
}

/**
 * What one input channel gives to one output cell (drawn coordinates).
 *
 * @param {Model} model
 * @param {number} input
 * @param {number} output
 * @param {number} row
 * @param {number} column
 * @param {Float64Array | null} [inputs]
 */
export function partialSum(model, input, output, row, column, inputs = model.inputs) {
  const { rows, columns, layer } = model;
  const values = paddedChannel(model, input, inputs);
  const base = model.weight ? weightIndex(layer, input, output, 0, 0) : 0;
  const max = layer.kind === "MaxPool2d";
  let sum = max ? -Infinity : 0;
  for (let r = 0; r < rows.kernel; r += 1) {
    const y = rows.taps[row * rows.kernel + r];
    if (y < 0) continue;
    for (let c = 0; c < columns.kernel; c += 1) {
      const x = columns.taps[column * columns.kernel + c];
      if (x < 0) continue;
      const value = values[y * columns.inCells + x];
      if (max) sum = Math.max(sum, value);
      else sum += model.weight ? value * model.weight[base + r * columns.kernel + c] : value;
    }
  }
  return layer.kind === "AvgPool2d" ? sum / divisor(model, row, column) : sum;
}

/**
 * One output channel, drawn cells row by row.
 *
 * @param {Model} model
 * @param {number} output
 * @param {Float64Array | null} [inputs]
 */
export function forward(model, output, inputs = model.inputs) {
  const { rows, columns, layer } = model;
  const result = new Float64Array(rows.outCells * columns.outCells).fill(biasOf(layer, output));
  for (const input of partners(layer, output)) {
    for (let r = 0; r < rows.outCells; r += 1) {
      for (let c = 0; c < columns.outCells; c += 1) {
        result[r * columns.outCells + c] += partialSum(model, input, output, r, c, inputs);
      }
    }
  }
  return result;
}

/**
 * Where a shifted input gives the shifted output: "same", "differs", or "new" where no cell moved to.
 *
 * @param {Model} model
 * @param {number} output channel
 * @param {Float64Array} result its cells after the shift
 * @returns {Moved}
 */
export function equivariance(model, output, result) {
  const { rows, columns, layer, look } = model;
  const before = forward(model, output, model.still);
  const [right, down] = look.shift;
  const moved = (/** @type {number} */ by, /** @type {Plan} */ axis) =>
    isTransposed(layer) ? by * axis.stride : by / axis.stride;
  const exact = [moved(down, rows), moved(right, columns)];
  const [dr, dc] = exact.map(Math.round);
  /** @type {Mark[]} */
  const marks = new Array(result.length).fill("new");
  for (let r = 0; r < rows.outCells; r += 1) {
    for (let c = 0; c < columns.outCells; c += 1) {
      const [y, x] = [r - dr, c - dc];
      if (y < 0 || x < 0 || y >= rows.outCells || x >= columns.outCells) continue;
      const same = Math.abs(result[r * columns.outCells + c] - before[y * columns.outCells + x]) < 1e-9;
      marks[r * columns.outCells + c] =
        same || result[r * columns.outCells + c] === before[y * columns.outCells + x] ? "same" : "differs";
    }
  }
  return { marks, whole: exact.every(Number.isInteger) };
}
