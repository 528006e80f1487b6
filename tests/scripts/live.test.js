import assert from "node:assert/strict";
import { test } from "node:test";
import { freshLook, lookText, parseLook } from "../../assets/components/feature_maps/look.js";
import { erf, forward, makeNetwork, SIDE, softmax } from "../../assets/components/live/network.js";
import { cellSum, fieldOf, roundedToAddUp } from "../../assets/components/live/sums.js";

/** @import { LayerSpec } from "../../assets/components/live/network.js" */

let seed = 1;
const random = () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 32;
};
const whole = (/** @type {number} */ low, /** @type {number} */ high) =>
  low + Math.floor(random() * (high - low + 1));

/** A network of one to three blocks and a hidden layer, its weights random. */
function someNetwork() {
  /** @type {LayerSpec[]} */
  const layers = [];
  let [inputs, side, count] = [1, SIDE, 0];
  for (let i = whole(1, 3); i > 0; i -= 1) {
    const [outputs, kernel, padding] = [whole(1, 4), whole(1, 5), whole(0, 2)];
    layers.push({ kind: "conv", inputs, outputs, kernel, padding }, { kind: "activation", name: "ReLU" });
    count += outputs * (inputs * kernel ** 2 + 1);
    [inputs, side] = [outputs, side + 2 * padding - kernel + 1];
    if (random() < 0.7) {
      layers.push({ kind: "pool", how: random() < 0.5 ? "max" : "average" });
      side = Math.floor(side / 2);
    }
  }
  const features = inputs * side * side;
  layers.push({ kind: "flatten" }, { kind: "linear", inputs: features, outputs: 10 });
  count += 10 * (features + 1);
  const weights = Float32Array.from({ length: count }, () => random() - 0.5);
  return makeNetwork({ layers, weights: Buffer.from(weights.buffer).toString("base64") });
}

const somePixels = () => Float32Array.from({ length: SIDE * SIDE }, () => random());

test("a cell's sum is what the pass computed, in every layer that has weights", () => {
  for (let round = 0; round < 40; round += 1) {
    const network = someNetwork();
    forward(network, somePixels());
    network.layers.forEach((layer, index) => {
      if (layer.spec.kind !== "conv" && layer.spec.kind !== "linear") return;
      const [channel, row, column] = [
        whole(0, layer.channels - 1),
        whole(0, layer.side - 1),
        whole(0, layer.side - 1),
      ];
      const { terms, bias, total } = cellSum(network, index, channel, row, column);
      const value = layer.values[(channel * layer.side + row) * layer.side + column];
      assert.ok(Math.abs(total - value) < 1e-4 * Math.max(1, Math.abs(value)));
      assert.ok(Math.abs(terms.reduce((sum, term) => sum + term.sum, bias) - total) < 1e-9);
      for (const { patch, kernel, sum } of terms) {
        const products = patch.reduce((all, pixel, i) => all + pixel * kernel[i], 0);
        assert.ok(Math.abs(products - sum) < 1e-4);
      }
    });
  }
});

test("only pixels of its field move a cell", () => {
  for (let round = 0; round < 25; round += 1) {
    const network = someNetwork();
    const index = network.layers.findLastIndex(({ spec }) => spec.kind === "conv");
    const { side } = network.layers[index];
    const [row, column] = [whole(0, side - 1), whole(0, side - 1)];
    const field = fieldOf(network, index, row, column);
    const pixels = somePixels();
    const before = Float32Array.from(forward(network, pixels) && network.layers[index].values);
    const changed = pixels.map((pixel, i) => {
      const [r, c] = [Math.floor(i / SIDE), i % SIDE];
      const inside =
        r >= field.top && r < field.top + field.size && c >= field.left && c < field.left + field.size;
      return inside ? pixel : 1 - pixel;
    });
    forward(network, changed);
    assert.equal(network.layers[index].values[row * side + column], before[row * side + column]);
  }
});

test("rounded terms add up to the rounded sum, none off by more than one unit", () => {
  for (let round = 0; round < 500; round += 1) {
    const values = Array.from({ length: whole(1, 40) }, () => 10 * (random() - 0.5));
    const rounded = roundedToAddUp(values);
    const sum = (/** @type {number[]} */ all) => Math.round(1000 * all.reduce((a, b) => a + b, 0));
    assert.equal(sum(rounded), Math.round(values.reduce((a, b) => a + b * 1000, 0)));
    rounded.forEach((value, i) => {
      assert.ok(Math.abs(value - values[i]) <= 0.0015 + 1e-9);
    });
  }
});

test("a look and its text say the same", () => {
  assert.equal(lookText(freshLook()), "");
  const look = {
    digit: 18,
    activations: false,
    pooling: /** @type {const} */ ("average"),
    right: 3,
    down: -2,
    silenced: new Map([[0, new Set([1, 5])]]),
    place: { layer: -1, channel: 0, row: 4, column: 27 },
  };
  assert.equal(lookText(look), "d18~l~paverage~s3.-2~x0.1.5~m-1.0.4.27");
  assert.deepEqual(parseLook(lookText(look)), look);
});

test("softmax and the error function are what they are", () => {
  assert.deepEqual(softmax([1000, 1000]), [0.5, 0.5]);
  assert.ok(Math.abs(softmax([0, 1])[1] - 1 / (1 + Math.exp(-1))) < 1e-15);
  for (const [x, value] of [
    [0, 0],
    [0.5, 0.5204998778],
    [-1, -0.8427007929],
    [2, 0.995322265],
    [5, 1],
  ]) {
    assert.ok(Math.abs(erf(x) - value) < 2e-7, `erf(${x})`);
  }
});
