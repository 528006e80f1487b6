import assert from "node:assert/strict";
import { test } from "node:test";
import {
  axisWindow,
  flatPlace,
  formatNumber,
  leadingAxes,
  unravel,
} from "../../assets/components/tensor/numbers.js";
import { cellWidth, planSizes } from "../../assets/components/tensor/sizes.js";

/** @import { TensorJson } from "../../assets/components/tensor/types.js" */

/**
 * @param {number[]} shape
 * @param {number[][] | null} [positions]
 * @returns {TensorJson}
 */
const tensor = (shape, positions = null) => ({
  id: "x",
  title: "x",
  note: "",
  shape,
  kind: "int",
  values: "",
  texts: null,
  sources: [],
  flags: null,
  role: "element",
  positions,
  clash: [],
  editable: false,
  wide: null,
  fold: false,
  tints: null,
});

test("an index and its place belong together", () => {
  const shape = [2, 3, 4];
  for (let place = 0; place < 24; place += 1) {
    assert.equal(flatPlace(tensor(shape), unravel(place, shape)), place);
  }
});

test("of an axis of which some places were sent, these are shown, with gaps", () => {
  const held = tensor([100], [[0, 1, 50, 98]]);
  assert.deepEqual(axisWindow(held, 0, 5, 0), [0, 1, null, 50, null, 98, null]);
  assert.equal(flatPlace(held, [50]), 2);
});

test("a long axis shows a window that reaches both ends", () => {
  const long = tensor([20]);
  assert.deepEqual(axisWindow(long, 0, 5, 0), [0, 1, 2, 3, null]);
  assert.deepEqual(axisWindow(long, 0, 5, 16), [null, 16, 17, 18, 19]);
  assert.deepEqual(axisWindow(long, 0, 5, 99), [null, 16, 17, 18, 19]);
});

test("few leading indices are panels, more are sliders", () => {
  assert.deepEqual(leadingAxes([3, 4]), { sliders: 0, count: 0 });
  assert.deepEqual(leadingAxes([2, 3, 4, 5]), { sliders: 0, count: 2 });
  assert.deepEqual(leadingAxes([50, 3, 4, 5]), { sliders: 1, count: 2 });
});

test("numbers are written as PyTorch writes them", () => {
  assert.equal(formatNumber(2, "float", 4), "2.");
  assert.equal(formatNumber(0.00012345, "float", 4), "1.23e-4");
  assert.equal(formatNumber(Number.NaN, "float", 4), "nan");
  assert.equal(formatNumber(0, "bool", 4), "False");
});

test("cells are large where there is room, boxes stand abreast where they can, and nothing is too wide", () => {
  const box = { columns: 3, hasHeads: true, signs: 2, bands: 1, fixed: null };
  const roomy = planSizes([box], 900, 0);
  assert.ok(roomy.font >= 18 && roomy.side >= 44);
  const three = planSizes([box, box, box], 620, 120);
  const wide = three.columns.reduce(
    (sum, count) => sum + count * cellWidth(box, three.font, three.side) + 28,
    152,
  );
  assert.ok(wide <= 620);
  for (const width of [300, 358, 620, 900]) {
    for (let columns = 1; columns < 40; columns += 1) {
      for (const signs of [1, 4, 7, 9]) {
        const long = { ...box, columns, signs };
        const plan = planSizes([long], width, 0);
        assert.ok(
          plan.columns[0] * cellWidth(long, plan.font, plan.side) + 28 <= width,
          `${width} ${columns} ${signs}`,
        );
      }
    }
  }
});
