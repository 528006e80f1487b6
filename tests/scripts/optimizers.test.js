// The arrows at the racer in focus: which step they are of, and where they end.

import assert from "node:assert/strict";
import { test } from "node:test";
import { arrows, forcesOn } from "../../assets/components/optimizers/forces.js";

/** SGD on x**2 + 2*y. @type {import("../../assets/components/optimizers/race.js").Way} */
const way = {
  points: [
    [3, 1],
    [2.4, 0.8],
    [1.92, 0.6],
  ],
  values: [11, 7.36, 4.8864],
  steps: [
    { lr: 0.1, gradient: [6, 2], axes: [] },
    { lr: 0.1, gradient: [4.8, 2], axes: [] },
  ],
  arrived: null,
  overflow: null,
};

test("forces are those of the step that comes next, and none at the end", () => {
  assert.deepEqual(forcesOn(way, 0), { step: 1, gradient: [6, 2], from: [3, 1], to: [2.4, 0.8] });
  assert.deepEqual(forcesOn(way, 1.7), { step: 2, gradient: [4.8, 2], from: [2.4, 0.8], to: [1.92, 0.6] });
  assert.equal(forcesOn(way, 2), null);
  assert.equal(forcesOn({ ...way, steps: [] }, 0), null);
});

test("downhill has one length, the step the picture's scale, and up is up", () => {
  const forces = forcesOn(way, 0);
  assert.ok(forces);
  const place = (/** @type {number[]} */ [x, y]) => [100 * x, -100 * y];
  const { downhill, step } = arrows(forces, place, 40);
  assert.ok(Math.abs(Math.hypot(...downhill) - 40) < 1e-9);
  assert.ok(downhill[0] < 0 && downhill[1] > 0);
  // Plain SGD goes where the gradient points away from: both lie on one line.
  assert.ok(Math.abs(downhill[0] * step[1] - downhill[1] * step[0]) < 1e-9);
  assert.deepEqual(step.map(Math.round), [-60, 20]);
  for (const gradient of [
    [0, 0],
    [Number.NaN, 1],
  ])
    assert.deepEqual(arrows({ ...forces, gradient }, place, 40).downhill.map(Math.abs), [0, 0]);
});
