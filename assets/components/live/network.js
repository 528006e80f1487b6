// The forward pass of a small network, in the browser: what PyTorch computes, to the sixth digit.
//
// Values lie as PyTorch has them: channels, rows, columns. Each layer's output has its place beforehand, so that a
// frame makes no garbage.

import { decode } from "../shared/data.js";

/**
 * @typedef {{ kind: "conv", inputs: number, outputs: number, kernel: number, padding: number }} ConvSpec
 * @typedef {{ kind: "linear", inputs: number, outputs: number }} LinearSpec
 * @typedef {{ kind: "activation", name: ActivationName }} ActivationSpec
 * @typedef {{ kind: "pool", how: Pooling }} PoolSpec 2 x 2 windows, stride 2
 * @typedef {"ReLU" | "Tanh" | "Sigmoid" | "GELU" | "Identity"} ActivationName
 * @typedef {"max" | "average"} Pooling
 * @typedef {ConvSpec | LinearSpec | ActivationSpec | PoolSpec | { kind: "flatten" }} LayerSpec
 * @typedef {{ layers: LayerSpec[], weights: string }} NetworkProps `weights`: float32, in the layers' order each
 *   weight as PyTorch has it and then its bias, in base64
 */

/**
 * A layer with its place in the network: `channels` maps of `side` x `side` (a vector has side 1), and `values`, its
 * output of the last pass. `weight` and `bias` are there where it has any.
 *
 * @typedef {{
 *   spec: LayerSpec, channels: number, side: number, values: Float32Array<ArrayBuffer>,
 *   weight: Float32Array, bias: Float32Array,
 * }} Layer
 */

/**
 * What a learner changes about a pass: other functions in place of a layer's own, and channels that are silenced.
 *
 * @typedef {{
 *   pooling: Pooling | null, activations: boolean, silenced: ReadonlyMap<number, ReadonlySet<number>>,
 * }} Changes `silenced`: layer's index -> its channels that give 0
 */

/** @typedef {{ side: number, layers: Layer[], input: Float32Array<ArrayBuffer> }} Network */

export const SIDE = 28;
export const CLASSES = 10;

/** @type {Changes} */
export const UNCHANGED = { pooling: null, activations: true, silenced: new Map() };

const NOTHING = new Float32Array(0);

/**
 * A network from what Python wrote.
 *
 * @param {NetworkProps} props
 * @returns {Network}
 */
export function makeNetwork({ layers: specs, weights }) {
  const numbers = decode(weights, Float32Array);
  let [channels, side, at] = [1, SIDE, 0];
  const take = (/** @type {number} */ count) => {
    at += count;
    return numbers.subarray(at - count, at);
  };
  const layers = specs.map((spec) => {
    let [weight, bias] = [NOTHING, NOTHING];
    if (spec.kind === "conv") {
      weight = take(spec.outputs * spec.inputs * spec.kernel ** 2);
      bias = take(spec.outputs);
      [channels, side] = [spec.outputs, side + 2 * spec.padding - spec.kernel + 1];
    } else if (spec.kind === "linear") {
      weight = take(spec.outputs * spec.inputs);
      bias = take(spec.outputs);
      [channels, side] = [spec.outputs, 1];
    } else if (spec.kind === "pool") {
      side = Math.floor(side / 2);
    } else if (spec.kind === "flatten") {
      [channels, side] = [channels * side * side, 1];
    }
    return { spec, channels, side, values: new Float32Array(channels * side * side), weight, bias };
  });
  return { side: SIDE, layers, input: new Float32Array(SIDE * SIDE) };
}

/**
 * One pass: fills each layer's `values`; returns the last ones, the logits.
 *
 * @param {Network} network
 * @param {ArrayLike<number>} pixels SIDE * SIDE, from 0 to 1
 * @param {Changes} [changes]
 */
export function forward(network, pixels, changes = UNCHANGED) {
  network.input.set(pixels);
  let below = network.input;
  let [channels, side] = [1, network.side];
  network.layers.forEach((layer, index) => {
    runLayer(layer, below, channels, side, changes);
    for (const channel of changes.silenced.get(index) ?? []) {
      const size = layer.side * layer.side;
      layer.values.fill(0, channel * size, (channel + 1) * size);
    }
    below = layer.values;
    [channels, side] = [layer.channels, layer.side];
  });
  return below;
}

/**
 * @param {Layer} layer
 * @param {Float32Array} below
 * @param {number} channels of what lies below
 * @param {number} side of what lies below
 * @param {Changes} changes
 */
function runLayer(layer, below, channels, side, changes) {
  const { spec, values } = layer;
  if (spec.kind === "conv") convolve(layer, spec, below, side);
  else if (spec.kind === "linear") multiply(layer, spec, below);
  else if (spec.kind === "pool") pool(changes.pooling ?? spec.how, below, channels, side, layer);
  else if (spec.kind === "activation")
    ACTIVATIONS[changes.activations ? spec.name : "Identity"](below, values);
  else values.set(below);
}

/** @type {Map<number, Float64Array>} */
const padded = new Map();

/**
 * The maps with zeros round them: in doubles, since sums of floats would be rounded at each step.
 *
 * @param {Float32Array} below
 * @param {number} channels
 * @param {number} side
 * @param {number} padding
 */
function withPadding(below, channels, side, padding) {
  const wide = side + 2 * padding;
  const count = channels * wide * wide;
  const room = padded.get(count) ?? new Float64Array(count);
  padded.set(count, room);
  room.fill(0);
  for (let c = 0; c < channels; c += 1) {
    for (let y = 0; y < side; y += 1) {
      const from = (c * side + y) * side;
      const to = (c * wide + y + padding) * wide + padding;
      for (let x = 0; x < side; x += 1) room[to + x] = below[from + x];
    }
  }
  return room;
}

const sums = new Float64Array((SIDE + 6) ** 2 * 4);

/**
 * @param {Layer} layer
 * @param {ConvSpec} spec
 * @param {Float32Array} below
 * @param {number} side
 */
function convolve(layer, spec, below, side) {
  const { inputs, outputs, kernel, padding } = spec;
  const { weight, bias, values, side: out } = layer;
  const wide = side + 2 * padding;
  const room = withPadding(below, inputs, side, padding);
  const size = out * out;
  for (let o = 0; o < outputs; o += 1) {
    sums.fill(bias[o], 0, size);
    for (let i = 0; i < inputs; i += 1) {
      for (let row = 0; row < kernel; row += 1) {
        const at = ((o * inputs + i) * kernel + row) * kernel;
        const from = i * wide * wide + row * wide;
        if (kernel === 5) addRow5(weight, at, room, from, wide, out);
        else if (kernel === 3) addRow3(weight, at, room, from, wide, out);
        else addRow(weight, at, kernel, room, from, wide, out);
      }
    }
    for (let cell = 0, to = o * size; cell < size; cell += 1) values[to + cell] = sums[cell];
  }
}

/**
 * Adds a kernel's row, slid over the maps, to the sums. The two below are the same, with the row in registers.
 *
 * @param {Float32Array} weight
 * @param {number} at
 * @param {number} kernel
 * @param {Float64Array} room
 * @param {number} from
 * @param {number} wide
 * @param {number} out
 */
function addRow(weight, at, kernel, room, from, wide, out) {
  for (let column = 0; column < kernel; column += 1) {
    const w = weight[at + column];
    for (let y = 0; y < out; y += 1) {
      const source = from + y * wide + column;
      const to = y * out;
      for (let x = 0; x < out; x += 1) sums[to + x] += w * room[source + x];
    }
  }
}

/** @type {(weight: Float32Array, at: number, room: Float64Array, from: number, wide: number, out: number) => void} */
function addRow3(weight, at, room, from, wide, out) {
  const [a, b, c] = [weight[at], weight[at + 1], weight[at + 2]];
  for (let y = 0; y < out; y += 1) {
    const source = from + y * wide;
    const to = y * out;
    let [p, q] = [room[source], room[source + 1]];
    for (let x = 0; x < out; x += 1) {
      const r = room[source + x + 2];
      sums[to + x] += a * p + b * q + c * r;
      p = q;
      q = r;
    }
  }
}

/** @type {(weight: Float32Array, at: number, room: Float64Array, from: number, wide: number, out: number) => void} */
function addRow5(weight, at, room, from, wide, out) {
  const [a, b, c, d, e] = [weight[at], weight[at + 1], weight[at + 2], weight[at + 3], weight[at + 4]];
  for (let y = 0; y < out; y += 1) {
    const source = from + y * wide;
    const to = y * out;
    for (let x = 0; x < out; x += 1) {
      const s = source + x;
      sums[to + x] += a * room[s] + b * room[s + 1] + c * room[s + 2] + d * room[s + 3] + e * room[s + 4];
    }
  }
}

/**
 * @param {Layer} layer
 * @param {LinearSpec} spec
 * @param {Float32Array} below
 */
function multiply(layer, spec, below) {
  const { inputs, outputs } = spec;
  for (let o = 0; o < outputs; o += 1) {
    let sum = layer.bias[o];
    const at = o * inputs;
    for (let i = 0; i < inputs; i += 1) sum += layer.weight[at + i] * below[i];
    layer.values[o] = sum;
  }
}

/**
 * @param {Pooling} how
 * @param {Float32Array} below
 * @param {number} channels
 * @param {number} side
 * @param {Layer} layer
 */
function pool(how, below, channels, side, layer) {
  const { values, side: out } = layer;
  for (let c = 0; c < channels; c += 1) {
    for (let y = 0; y < out; y += 1) {
      for (let x = 0; x < out; x += 1) {
        const at = (c * side + 2 * y) * side + 2 * x;
        const [p, q, r, s] = [below[at], below[at + 1], below[at + side], below[at + side + 1]];
        values[(c * out + y) * out + x] = how === "max" ? Math.max(p, q, r, s) : (p + q + r + s) / 4;
      }
    }
  }
}

/** @type {Record<ActivationName, (below: Float32Array, values: Float32Array) => void>} */
const ACTIVATIONS = {
  ReLU: (below, values) => {
    for (let i = 0; i < below.length; i += 1) values[i] = Math.max(below[i], 0);
  },
  Tanh: (below, values) => {
    for (let i = 0; i < below.length; i += 1) values[i] = Math.tanh(below[i]);
  },
  Sigmoid: (below, values) => {
    for (let i = 0; i < below.length; i += 1) values[i] = 1 / (1 + Math.exp(-below[i]));
  },
  GELU: (below, values) => {
    for (let i = 0; i < below.length; i += 1) values[i] = (below[i] / 2) * (1 + erf(below[i] / Math.SQRT2));
  },
  Identity: (below, values) => values.set(below),
};

/**
 * The error function, to 1.2e-7. Source: W. Press et al., "Numerical Recipes", erfcc.
 *
 * @param {number} x
 */
export function erf(x) {
  const t = 1 / (1 + Math.abs(x) / 2);
  let sum = 0.17087277;
  for (const term of ERF_TERMS) sum = sum * t + term;
  const rest = t * Math.exp(-x * x + sum);
  return x >= 0 ? 1 - rest : rest - 1;
}

const ERF_TERMS = [
  -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196, 1.00002368,
  -1.26551223,
];

/**
 * Probabilities from logits.
 *
 * @param {ArrayLike<number>} logits
 */
export function softmax(logits) {
  const values = Array.from(logits);
  const highest = Math.max(...values);
  const powers = values.map((value) => Math.exp(value - highest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}
