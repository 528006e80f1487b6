// One output cell as a sum: for each input channel a patch times a kernel, then the bias. A linear layer is a
// convolution whose kernel is as large as the map.

/** @import { Network } from "./network.js" */

/**
 * `patch` and `kernel` are `size` x `size`; what lies outside the map is padding. `sum` is their products' sum.
 *
 * @typedef {{ channel: number, patch: Float32Array, kernel: Float32Array, size: number, sum: number }} Term
 * @typedef {{ terms: Term[], bias: number, total: number }} CellSum
 */

/**
 * What a layer works on: the maps below it, as they were before they were flattened.
 *
 * @param {Network} network
 * @param {number} index
 */
export function below(network, index) {
  const found = network.layers.slice(0, index).reverse();
  const layer = found.find(({ spec }) => spec.kind !== "flatten");
  return layer ?? { channels: 1, side: network.side, values: network.input };
}

/**
 * Of a convolution or a linear layer.
 *
 * @param {Network} network after a pass
 * @param {number} index of the layer
 * @param {number} channel
 * @param {number} row
 * @param {number} column
 * @returns {CellSum}
 */
export function cellSum(network, index, channel, row, column) {
  const { spec, weight, bias } = network.layers[index];
  const maps = below(network, index);
  const isConv = spec.kind === "conv";
  const size = isConv ? spec.kernel : maps.side;
  const padding = isConv ? spec.padding : 0;
  const [top, left] = isConv ? [row - padding, column - padding] : [0, 0];
  const terms = Array.from({ length: maps.channels }, (_, i) => {
    const kernel = weight.subarray((channel * maps.channels + i) * size * size).subarray(0, size * size);
    const patch = new Float32Array(size * size);
    let sum = 0;
    for (let y = 0; y < size; y += 1) {
      for (let x = 0; x < size; x += 1) {
        const [r, c] = [top + y, left + x];
        const inside = r >= 0 && c >= 0 && r < maps.side && c < maps.side;
        const value = inside ? maps.values[(i * maps.side + r) * maps.side + c] : 0;
        patch[y * size + x] = value;
        sum += value * kernel[y * size + x];
      }
    }
    return { channel: i, patch, kernel, size, sum };
  });
  const total = terms.reduce((all, { sum }) => all + sum, bias[channel]);
  return { terms, bias: bias[channel], total };
}

/**
 * Numbers rounded to `digits` places so that they still add up to their rounded sum, or to another `total` close to
 * it: the ones that were rounded by most go the other way.
 *
 * @param {readonly number[]} values
 * @param {number} [digits]
 * @param {number} [total]
 */
export function roundedToAddUp(values, digits = 3, total = values.reduce((a, b) => a + b, 0)) {
  const unit = 10 ** digits;
  const exact = values.map((value) => value * unit);
  const rounded = exact.map(Math.round);
  let missing = Math.round(total * unit) - rounded.reduce((a, b) => a + b, 0);
  const order = exact
    .map((_, i) => i)
    .sort((a, b) => (exact[b] - rounded[b] - exact[a] + rounded[a]) * Math.sign(missing));
  for (const i of order) {
    if (missing === 0) break;
    rounded[i] += Math.sign(missing);
    missing -= Math.sign(missing);
  }
  return rounded.map((value) => value / unit);
}

/**
 * The cells of the input that a cell of a layer sees: rows from `top`, columns from `left`, `size` of each (some may
 * lie outside).
 *
 * @param {Network} network
 * @param {number} index
 * @param {number} row
 * @param {number} column
 */
export function fieldOf(network, index, row, column) {
  let [top, left, size] = [row, column, 1];
  for (let i = index; i >= 0; i -= 1) {
    const { spec } = network.layers[i];
    if (spec.kind === "conv") {
      [top, left, size] = [top - spec.padding, left - spec.padding, size + spec.kernel - 1];
    } else if (spec.kind === "pool") {
      [top, left, size] = [2 * top, 2 * left, 2 * size];
    } else if (spec.kind === "flatten" || spec.kind === "linear") {
      return { top: 0, left: 0, size: network.side };
    }
  }
  return { top, left, size };
}
