// What input and kernel hold: presets, torch's own random numbers, the learner's edits.

/** @import { Layer, Look, Shift } from "./types.js" */

import { floorDiv, isTransposed, modulo } from "./geometry.js";

const NAMED = ["identity", "blur", "sharpen", "sobel_x", "sobel_y", "laplacian", "emboss"];

const SMOOTH = [1, 2, 1];
const SLOPE = [-1, 0, 1];
/** @type {Record<string, number[][]>} */
const CLASSIC = {
  sharpen: [
    [0, -1, 0],
    [-1, 5, -1],
    [0, -1, 0],
  ],
  laplacian: [
    [0, 1, 0],
    [1, -4, 1],
    [0, 1, 0],
  ],
  emboss: [
    [-2, -1, 0],
    [-1, 1, 1],
    [0, 1, 2],
  ],
};

/**
 * torch.randint's own numbers: MT19937 (Matsumoto and Nishimura), seeded like torch.Generator().manual_seed.
 *
 * @param {number} low
 * @param {number} high
 * @param {number} count
 * @param {number} seed
 */
export function randint(low, high, count, seed) {
  const state = new Uint32Array(624);
  state[0] = seed;
  for (let i = 1; i < 624; i += 1) {
    const previous = state[i - 1] ^ (state[i - 1] >>> 30);
    state[i] = Math.imul(1812433253, previous) + i;
  }
  const values = new Float64Array(count);
  let at = 624;
  for (let i = 0; i < count; i += 1) {
    if (at === 624) {
      for (let j = 0; j < 624; j += 1) {
        const y = (state[j] & 0x80000000) | (state[(j + 1) % 624] & 0x7fffffff);
        state[j] = state[(j + 397) % 624] ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
      }
      at = 0;
    }
    let y = state[at];
    at += 1;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    y ^= y >>> 18;
    values[i] = ((y >>> 0) % (high - low)) + low;
  }
  return values;
}

/**
 * How much of each of 28 pixels lies under each cell.
 *
 * @param {number} cells
 */
function overlaps(cells) {
  /** @type {Float64Array[]} */
  const table = [];
  for (let i = 0; i < cells; i += 1) {
    const row = new Float64Array(28);
    for (let j = 0; j < 28; j += 1) {
      row[j] = Math.max(Math.min((i + 1) * 28, (j + 1) * cells) - Math.max(i * 28, j * cells), 0);
    }
    table.push(row);
  }
  return table;
}

/** @typedef {(r: number, c: number) => number} Tone the first channel, before edits and shift */

/**
 * @param {ArrayLike<number>} pixels
 * @param {number} height
 * @param {number} width
 * @returns {Tone}
 */
function digitBase(pixels, height, width) {
  const [rows, columns] = [Math.min(height, 28), Math.min(width, 28)];
  const [down, across] = [overlaps(rows), overlaps(columns)];
  const sums = new Float64Array(rows * columns);
  for (let r = 0; r < rows; r += 1) {
    for (let y = 0; y < 28; y += 1) {
      if (!down[r][y]) continue;
      for (let c = 0; c < columns; c += 1) {
        let sum = 0;
        for (let x = 0; x < 28; x += 1) sum += across[c][x] * pixels[y * 28 + x];
        sums[r * columns + c] += down[r][y] * sum;
      }
    }
  }
  const brightest = Math.max(
    sums.reduce((a, b) => Math.max(a, b), 0),
    1,
  );
  const tones = sums.map((sum) => floorDiv(18 * sum + brightest, 2 * brightest));
  return (r, c) => tones[floorDiv(r * rows, height) * columns + floorDiv(c * columns, width)];
}

/**
 * @param {Look} look
 * @param {number} height
 * @param {number} width
 * @param {ArrayLike<number>} pixels
 * @returns {Tone}
 */
function baseTone(look, height, width, pixels) {
  if (look.input === "digit") return digitBase(pixels, height, width);
  if (look.input === "drawn") return (r, c) => Number(look.drawn[r]?.[c] ?? 0);
  if (look.input === "ramp") return (_r, c) => floorDiv(c * 10, Math.max(width, 10));
  if (look.input === "checker") {
    const tile = Math.max(1, floorDiv(width, 8));
    return (r, c) => 9 * ((floorDiv(r, tile) + floorDiv(c, tile)) % 2);
  }
  return (r, c) => Number(r === floorDiv(height, 2) && c === floorDiv(width, 2));
}

/**
 * (C, H, W) before the shift, edits included.
 *
 * @param {Layer} layer
 * @param {Look} look
 * @param {ArrayLike<number>} pixels
 */
export function makeInputs(layer, look, pixels) {
  const [channels, height, width] = [layer.inChannels, layer.height.size, layer.width.size];
  /** @type {Float64Array} */
  let values;
  if (look.input === "random") {
    values = randint(0, 10, channels * height * width, look.number);
  } else {
    const tone = baseTone(look, height, width, pixels);
    values = new Float64Array(channels * height * width);
    let at = 0;
    for (let c = 0; c < channels; c += 1) {
      for (let y = 0; y < height; y += 1) {
        for (let x = 0; x < width; x += 1, at += 1) values[at] = tone(y, modulo(x - c, width));
      }
    }
  }
  for (const [c, y, x, value] of look.inputEdits) {
    if (c < channels && y < height && x < width) values[(c * height + y) * width + x] = value;
  }
  return values;
}

/**
 * Moved, zeros behind it.
 *
 * @param {Float64Array} values
 * @param {Layer} layer
 * @param {Shift} shift
 */
export function shiftInputs(values, layer, [right, down]) {
  if (!right && !down) return values;
  const [channels, height, width] = [layer.inChannels, layer.height.size, layer.width.size];
  const moved = new Float64Array(values.length);
  for (let c = 0; c < channels; c += 1) {
    for (let y = Math.max(down, 0); y < Math.min(height, height + down); y += 1) {
      for (let x = Math.max(right, 0); x < Math.min(width, width + right); x += 1) {
        moved[(c * height + y) * width + x] = values[(c * height + y - down) * width + x - right];
      }
    }
  }
  return moved;
}

/**
 * (size, 3): spreads three weights over an axis of that size.
 *
 * @param {number} size
 */
function fitted(size) {
  if (size === 1) return [[1, 1, 1]];
  if (size === 2)
    return [
      [1, 0.5, 0],
      [0, 0.5, 1],
    ];
  const first = floorDiv(size - 3, 2);
  return Array.from({ length: size }, (_, i) => [0, 1, 2].map((j) => Number(i - first === j)));
}

/**
 * Three weights over an axis of that size, the cell itself where there is only one.
 *
 * @param {number[]} weights
 * @param {number} size
 */
function inThirds(weights, size) {
  if (size === 1) return [1];
  if (size === 2) return fitted(2).map((row) => row.reduce((sum, share, i) => sum + share * weights[i], 0));
  const side = floorDiv(size + 1, 3);
  return Array.from({ length: size }, (_, i) => weights[i < side ? 0 : i < size - side ? 1 : 2]);
}

/** @param {number} size */
function binomial(size) {
  let row = [1];
  for (let i = 1; i < size; i += 1) {
    row = Array.from({ length: i + 1 }, (_, j) => ((row[j - 1] ?? 0) + (row[j] ?? 0)) / 2);
  }
  return row;
}

/**
 * A classic 3 x 3 kernel for any size, row by row (see lib/core/conv/data.py, `named_kernel`).
 *
 * @param {string} name
 * @param {number} height
 * @param {number} width
 */
export function namedKernel(name, height, width) {
  const at = (/** @type {Tone} */ cell) =>
    Array.from({ length: height }, (_, r) => Array.from({ length: width }, (__, c) => cell(r, c)));
  if (name === "identity") {
    return at((r, c) => Number(r === floorDiv(height - 1, 2) && c === floorDiv(width - 1, 2)));
  }
  if (name === "blur") {
    const [down, across] = [binomial(height), binomial(width)];
    return at((r, c) => down[r] * across[c]);
  }
  if (name === "sobel_x" || name === "sobel_y") {
    const [first, second] = name === "sobel_x" ? [SMOOTH, SLOPE] : [SLOPE, SMOOTH];
    const [down, across] = [inThirds(first, height), inThirds(second, width)];
    return at((r, c) => down[r] * across[c]);
  }
  const [down, across] = [fitted(height), fitted(width)];
  return at((r, c) => {
    let sum = 0;
    for (let i = 0; i < 3; i += 1) {
      for (let j = 0; j < 3; j += 1) sum += down[r][i] * CLASSIC[name][i][j] * across[c][j];
    }
    return sum;
  });
}

/**
 * @param {string} name
 * @param {number} by
 */
const turned = (name, by) =>
  NAMED.includes(name) ? NAMED[modulo(NAMED.indexOf(name) + by, NAMED.length)] : name;
/**
 * The kernel whose turn it is for an output channel.
 *
 * @param {string} first
 * @param {number} turn
 */
export const kernelOf = (first, turn) => turned(first, turn);
/**
 * The kernel to begin with so that it is `name`'s turn.
 *
 * @param {string} name
 * @param {number} turn
 */
export const firstKernel = (name, turn) => turned(name, -turn);

/**
 * As `layer.weight.shape`, with two kernel axes also for Conv1d.
 *
 * @param {Layer} layer
 * @returns {[number, number, number, number]}
 */
export function weightSizes(layer) {
  const [first, second] = isTransposed(layer)
    ? [layer.inChannels, layer.outChannels / layer.groups]
    : [layer.outChannels, layer.inChannels / layer.groups];
  return [first, second, layer.height.kernel, layer.width.kernel];
}

/**
 * @param {Layer} layer
 * @param {Look} look
 */
export function makeWeight(layer, look) {
  const sizes = weightSizes(layer).map(Math.floor);
  const [first, second, height, width] = sizes;
  const area = height * width;
  /** @type {Float64Array} */
  let values;
  if (look.kernel === "random") {
    values = randint(-2, 3, first * second * area, look.kernelSeed);
  } else {
    values = new Float64Array(first * second * area);
    const start = NAMED.indexOf(look.kernel);
    const kernels = NAMED.map((_, i) => namedKernel(NAMED[(start + i) % NAMED.length], height, width).flat());
    for (let i = 0; i < first * second; i += 1) {
      const output = isTransposed(layer) ? i % second : floorDiv(i, second);
      values.set(kernels[output % NAMED.length], i * area);
    }
  }
  for (const [a, b, r, c, value] of look.weightEdits) {
    if (a < first && b < second && r < height && c < width) {
      values[((a * second + b) * height + r) * width + c] = value;
    }
  }
  return values;
}
