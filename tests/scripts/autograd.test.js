import assert from "node:assert/strict";
import { test } from "node:test";
import { layOut, ranksOf } from "../../assets/components/autograd/layout.js";
import {
  add,
  brief,
  pythonFloat,
  pythonText,
  revive,
  rowsOf,
} from "../../assets/components/autograd/numbers.js";
import { framesOf, momentAt } from "../../assets/components/autograd/timeline.js";
import { place } from "../../assets/components/autograd_step/places.js";

test("numbers are written as Python writes them", () => {
  const pairs = /** @type {[number, string][]} */ ([
    [2, "2.0"],
    [-23, "-23.0"],
    [1 / 3, "0.333333"],
    [1e-8, "1e-08"],
    [0.00012345678, "0.000123457"],
    [0.00001234, "1.234e-05"],
    [123456.7, "123457.0"],
    [1e16, "1e+16"],
    [-0, "0.0"],
    [Number.NaN, "nan"],
    [Number.NEGATIVE_INFINITY, "-inf"],
  ]);
  for (const [number, text] of pairs) assert.equal(pythonFloat(number), text);
  assert.equal(
    pythonText([
      [1, 0.5],
      [-2, 3],
    ]),
    "[[1.0, 0.5], [-2.0, 3.0]]",
  );
  assert.deepEqual(revive(["inf", 2, ["nan"]]), [Number.POSITIVE_INFINITY, 2, [Number.NaN]]);
  assert.deepEqual(add([[1, 2]], [[3, -2]]), [[4, 0]]);
  assert.deepEqual(rowsOf(3), [[3]]);
  assert.deepEqual(rowsOf([1, 2]), [[1, 2]]);
  assert.equal(brief(0.123456), "0.1235");
  assert.equal(brief(-2), "−2");
});

// y = a*b + a: nodes a, b, *, +.
const graph = {
  count: 4,
  output: 3,
  seed: 1,
  sources: [2, 0, 0, 1],
  steps: [3, 2, 0, 1].map((edge, i) => ({
    edge,
    rule: "",
    upstream: 1,
    local: 1,
    full: null,
    product: [1, 1, -3, 2][i],
  })),
};

test("a second backward doubles every number, zero_grad empties all", () => {
  const once = framesOf("b", 4);
  const twice = framesOf("bb", 4);
  const first = momentAt(once, once.length - 1, graph);
  assert.deepEqual(first.grads, [-2, 2, 1, 1]);
  const second = momentAt(twice, twice.length - 1, graph);
  assert.deepEqual(second.grads, [-4, 4, 2, 2]);
  assert.equal(second.since, 2);
  const cleared = framesOf("bbz", 4);
  assert.deepEqual(momentAt(cleared, cleared.length - 1, graph).grads, [null, null, null, null]);
  const again = framesOf("bbzb", 4);
  assert.deepEqual(momentAt(again, again.length - 1, graph).grads, first.grads);
});

test("each frame adds one edge, and the start has no gradient", () => {
  const frames = framesOf("b", 4);
  assert.deepEqual(momentAt(frames, 0, graph).grads, [null, null, null, null]);
  assert.deepEqual(momentAt(frames, 1, graph).grads, [null, null, null, 1]);
  assert.deepEqual(momentAt(frames, 2, graph).grads, [null, null, 1, 1]);
  assert.deepEqual([...momentAt(frames, 3, graph).carried], [3, 2]);
});

/**
 * @param {import("../../assets/components/autograd/layout.js").Box} a
 * @param {import("../../assets/components/autograd/layout.js").Box} b
 */
const touches = (a, b) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

test("no two nodes of random graphs overlap, inputs come first, everything is inside", () => {
  let seed = 7;
  const random = (/** @type {number} */ below) => {
    seed = (seed * 48271) % 2147483647;
    return seed % below;
  };
  for (let round = 0; round < 60; round += 1) {
    const count = 3 + random(25);
    const sizes = Array.from({ length: count }, () => ({
      width: 116 + random(200),
      height: 74 + random(100),
    }));
    const links = [];
    for (let to = 2; to < count; to += 1) {
      for (let slot = 0; slot <= random(2); slot += 1) links.push({ from: random(to), to });
    }
    const ranks = ranksOf(count, links);
    for (const { from, to } of links) assert.ok(ranks[from] < ranks[to]);
    for (const upwards of [false, true]) {
      const { width, height, boxes, paths } = layOut(sizes, links, { upwards, rankGap: 60, gap: 15 });
      boxes.forEach((box, i) => {
        assert.ok(
          box.x > -0.5 &&
            box.y > -0.5 &&
            box.x + box.width < width + 0.5 &&
            box.y + box.height < height + 0.5,
        );
        for (const other of boxes.slice(i + 1)) assert.ok(!touches(box, other));
      });
      assert.equal(paths.length, links.length);
    }
  }
});

test("the network fits its width", () => {
  for (const width of [300, 358, 600, 1200]) {
    const { nodes, radius, height, edges } = place(width);
    assert.equal(edges.length, 10);
    for (const node of nodes) {
      assert.ok(node.x - radius >= 0 && node.x + radius <= width && node.y + radius <= height);
    }
  }
});
