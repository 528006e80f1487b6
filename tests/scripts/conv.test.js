import assert from "node:assert/strict";
import { test } from "node:test";
import { forward, makeModel, partialSum, partners } from "../../assets/components/conv/arithmetic.js";
import { namedKernel, randint } from "../../assets/components/conv/contents.js";
import { planAxis } from "../../assets/components/conv/geometry.js";
import { fit, GAP, planLayout } from "../../assets/components/conv/layout.js";
import { lookText, parseLook, parsePlace, placeText } from "../../assets/components/conv/look.js";
import { runs } from "../../assets/components/conv/resting.js";
import { bracketed, formatNumber, isRounded, shortNumber } from "../../assets/components/conv/words.js";

/** @import { Axis, Layer } from "../../assets/components/conv/types.js" */

/**
 * @param {Partial<Axis>} settings
 * @returns {Axis}
 */
const axis = (settings) => ({
  size: 7,
  kernel: 3,
  stride: 1,
  padding: 0,
  dilation: 1,
  outputPadding: 0,
  ...settings,
});

/**
 * @param {Partial<Axis>} settings
 * @param {Partial<Layer>} [others]
 * @returns {Layer}
 */
const square = (settings, others = {}) => ({
  kind: "Conv2d",
  height: axis(settings),
  width: axis(settings),
  inChannels: 1,
  outChannels: 1,
  groups: 1,
  bias: true,
  mode: "zeros",
  named: null,
  ceilMode: false,
  countIncludePad: true,
  batched: true,
  ...others,
});

const blank = new Uint8Array(784);

test("a look comes back from its text", () => {
  for (const text of [
    "digit.0~sobel_x~0_0~~",
    "random.17~random.3~-2_1~0_1_1_9*0_2_2_-1.5~0_0_1_1_5~3",
    "drawn.g0.c09d0~blur~0_0~~",
  ]) {
    assert.equal(lookText(parseLook(text)), text);
  }
});

test("a place comes back from its text, anything else is none", () => {
  for (const text of ["output.2.3", "input.-1.0.5", "kernel.0.0"]) {
    const found = parsePlace(text);
    assert.ok(found);
    assert.equal(placeText(found.place, found.channel), text);
  }
  for (const text of ["", "output.2", "sum.1.1", "output.1.2.3.4", "output.1e3.2"])
    assert.equal(parsePlace(text), null);
});

test("padding crops both ends of what is written, output padding gives back the last cells", () => {
  const written = (3 - 1) * 2 + 3;
  for (const [padding, outputPadding, out, outCells] of [
    [0, 0, 7, written],
    [1, 0, 5, written],
    [1, 1, 6, written],
    [0, 1, 8, written + 1],
  ]) {
    const settings = { size: 3, stride: 2, padding, outputPadding };
    const plan = planAxis(square(settings, { kind: "ConvTranspose2d" }), axis(settings), true);
    assert.deepEqual([plan.crop, plan.out, plan.outCells], [padding, out, outCells]);
  }
});

test("what no window reads: behind the last one, and between windows", () => {
  const read = (/** @type {Partial<Axis>} */ settings) => [
    ...planAxis(square(settings), axis(settings), true).read,
  ];
  assert.deepEqual(read({ size: 8, stride: 2 }), [1, 1, 1, 1, 1, 1, 1, 0]);
  assert.deepEqual(read({ size: 7, kernel: 1, stride: 2 }), [1, 0, 1, 0, 1, 0, 1]);
  assert.deepEqual(runs(Uint8Array.from([0, 1, 1, 0, 0, 1]), 0), [
    [0, 1],
    [3, 5],
  ]);
});

test("an output cell is the sum of what its channels give, and the bias", () => {
  const layer = square({ padding: 1 }, { inChannels: 3, outChannels: 2 });
  const model = makeModel(layer, parseLook("random.1~random.2~0_0~~"), blank, true, true);
  const output = forward(model, 1);
  const sums = partners(layer, 1).map((input) => partialSum(model, input, 1, 3, 4));
  assert.equal(output[3 * 7 + 4], sums[0] + sums[1] + sums[2] + 0); // the second channel's bias is 0
});

test("Sobel grows with its kernel, and torch's random numbers are torch's", () => {
  assert.deepEqual(namedKernel("sobel_x", 1, 3), [[-1, 0, 1]]);
  assert.deepEqual(namedKernel("sobel_y", 5, 1).flat(), [-1, -1, 0, 1, 1]);
  assert.deepEqual([...randint(-4, 5, 6, 5)], [4, -1, 3, -1, 4, 3]); // torch.randint(-4, 5, (6,)), seed 5
});

test("numbers are written shortly and with a real minus sign", () => {
  assert.equal(formatNumber(Number.NEGATIVE_INFINITY), "−∞");
  assert.equal(formatNumber(-2.50001), "−2.5");
  assert.equal(shortNumber(12.345), "12.3");
  assert.equal(bracketed(-1), "(−1)");
  assert.ok(isRounded(1 / 3));
  assert.ok(!isRounded(0.25));
});

test("grids abreast take the width, none narrower than its head", () => {
  assert.equal(
    fit(900, [
      [9, 0],
      [3, 0],
      [6, 0],
    ]),
    50,
  );
  assert.equal(
    fit(900, [
      [1, 300],
      [3, 0],
      [3, 0],
    ]),
    100,
  );
});

test("on the first screen of a projector input, kernel and output are legible and fit", () => {
  const room = { width: 900, height: 720, under: 0 };
  const side = (/** @type {number} */ count) => ({ rows: count, columns: count });
  const seven = planLayout({ ...room, input: side(9), kernel: side(3), output: side(7) });
  assert.ok(seven.input === seven.kernel && seven.input >= 38);
  const alexnet = planLayout({ ...room, input: side(228), kernel: side(11), output: side(55) });
  assert.ok(alexnet.kernel >= 24);
  for (let size = 1; size <= 256; size += 5) {
    for (const kernel of [1, 3, 7, 11]) {
      const plan = planLayout({
        ...room,
        input: side(size),
        kernel: side(kernel),
        output: side(Math.max(size - kernel, 1)),
      });
      const wide = size * plan.input + kernel * plan.kernel + Math.max(size - kernel, 1) * plan.output;
      assert.ok(wide <= room.width - 2 * GAP + 1, `${size} ${kernel}`);
      assert.ok(size * plan.input <= 363 && kernel * plan.kernel <= 363, `${size} ${kernel}`);
    }
  }
});

test("on a phone nothing is wider than the phone", () => {
  const side = (/** @type {number} */ count) => ({ rows: count, columns: count });
  for (let size = 1; size <= 256; size += 3) {
    for (const kernel of [1, 3, 7, 11]) {
      const out = Math.max(size - kernel, 1);
      const plan = planLayout({
        width: 358,
        height: 844,
        under: 0,
        input: side(size),
        kernel: side(kernel),
        output: side(out),
      });
      assert.ok(plan.narrow);
      for (const wide of [size * plan.input, kernel * plan.kernel, out * plan.output])
        assert.ok(wide <= 358.01);
      assert.ok(kernel * (plan.work + 2) <= 358);
    }
  }
});
