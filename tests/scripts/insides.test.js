// The pictures of a training as the browser takes them in: bytes into a header and parts, levels added to those before.

import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateSync } from "node:zlib";
import { History, split } from "../../assets/components/insides/history.js";
import { columnsFor, scaleOf, weightOf } from "../../assets/components/insides/stage.js";

/** @param {number} step @param {number} after @param {number[]} moved */
function picture(step, after, moved) {
  const levels = new Uint8Array(deflateSync(Uint8Array.from(moved)));
  const probabilities = new Uint8Array(100).fill(step);
  const confusion = new Uint8Array(new Int16Array(100).fill(300 + step).buffer);
  const sizes = /** @type {[number, number, number]} */ ([levels.length, 100, 200]);
  const item = { step, after, loss: 1.5, count: 1, side: 2, isFinite: true, sizes };
  return { item, bytes: [...levels, ...probabilities, ...confusion] };
}

/** @param {ReturnType<typeof picture>[]} pictures */
const sent = (...pictures) =>
  /** @type {const} */ ([
    pictures.map(({ item }) => item),
    Uint8Array.from(pictures.flatMap(({ bytes }) => bytes)),
  ]);

const FIRST = picture(0, -1, [0, 10, 246, 128]);
const SECOND = picture(1, 0, [1, 255, 10, 0]);
const THIRD = picture(5, 1, [1, 1, 1, 1]);

test("a message is a header and what follows it", () => {
  const text = new TextEncoder().encode('{"run":"é"}');
  const bytes = Uint8Array.from([99, text.length, 0, 0, 0, ...text, 7, 8]).subarray(1);
  const { header, rest } = split(bytes);
  assert.deepEqual(header, { run: "é" });
  assert.deepEqual([...rest], [7, 8]);
});

test("levels are added to those of the step that they follow", async () => {
  const history = new History();
  assert.equal(await history.take(...sent(FIRST, SECOND)), true);
  assert.equal(await history.take(...sent(SECOND, THIRD)), true); // what is known is left out
  assert.deepEqual(
    history.shots.map(({ step, levels }) => [step, ...levels]),
    [
      [0, 0, 10, -10, -128],
      [1, 1, 9, 0, -128],
      [5, 2, 10, 1, -127],
    ],
  );
  assert.equal(history.shots[1]?.confusion[99], 301);
  assert.equal(history.shots[1]?.probabilities[0], 1);
  assert.deepEqual([history.last, history.placeOf(3), history.placeOf(99)], [5, 1, 2]);
});

test("what does not follow anything known is asked for", async () => {
  const history = new History();
  assert.equal(await history.take(...sent(FIRST)), true);
  assert.equal(await history.take(...sent(THIRD)), false);
  assert.equal(history.last, 0);
});

test("a level means the weight that Python means by it", () => {
  const expected = [0.0001234, 0.0100463, -0.4905888, 4.0];
  [1, 30, -92, 127].forEach((level, i) => {
    assert.ok(Math.abs(weightOf(level) - (expected[i] ?? 0)) < 1e-6);
  });
});

test("colours reach to what all but half a percent of the weights stay below", () => {
  const levels = new Int8Array(1000).fill(30);
  levels.fill(120, 0, 4);
  assert.equal(scaleOf(levels), weightOf(30));
  assert.equal(scaleOf(new Int8Array(10)), weightOf(1));
});

test("images fill their place", () => {
  assert.deepEqual(columnsFor(50, 600, 300), { columns: 10, cell: 60 });
  assert.deepEqual(columnsFor(8, 300, 300), { columns: 3, cell: 100 });
});
