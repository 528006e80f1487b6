import assert from "node:assert/strict";
import { test } from "node:test";
import {
  blend,
  DARK_INK,
  inkOn,
  LIGHT_INK,
  luminance,
  mix,
  rgb,
} from "../../assets/components/shared/colour.js";
import { decode, mounting, readProps } from "../../assets/components/shared/data.js";
import { counted, fill, plain, signed } from "../../assets/components/shared/text.js";

/**
 * @param {string} a
 * @param {string} b
 */
function contrast(a, b) {
  const [low, high] = [luminance(rgb(a)), luminance(rgb(b))].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

test("the ink is the one with the higher contrast, on every grey and on strong colours", () => {
  const greys = Array.from({ length: 256 }, (_, part) => `#${part.toString(16).padStart(2, "0").repeat(3)}`);
  for (const colour of [...greys, "#0072b2", "#d55e00", "#009e73", "#f0e442", "#cc79a7"]) {
    const [best, other] = inkOn(colour) === DARK_INK ? [DARK_INK, LIGHT_INK] : [LIGHT_INK, DARK_INK];
    assert.ok(contrast(colour, best) >= contrast(colour, other), colour);
    assert.ok(contrast(colour, best) > 4.1, `${colour} ${contrast(colour, best)}`);
  }
});

test("black on white has the contrast that WCAG gives as the highest", () => {
  assert.equal(contrast("#000000", "#ffffff"), 21);
});

test("colours are read in both ways of writing and mixed", () => {
  assert.deepEqual(rgb("#0072b2"), [0, 114, 178]);
  assert.deepEqual(rgb("rgb(0, 114, 178)"), [0, 114, 178]);
  assert.deepEqual(blend([0, 100, 200], [100, 0, 200], 0.25), [25, 75, 200]);
  assert.equal(mix("#000000", "#ffffff", 0.5), "rgb(128,128,128)");
});

test("numbers come back from their bytes", () => {
  const sent = Float64Array.from([1.5, -2, Number.POSITIVE_INFINITY]);
  const text = Buffer.from(sent.buffer).toString("base64");
  assert.deepEqual(decode(text, Float64Array), sent);
  assert.deepEqual([...decode("AP8B", Uint8Array)], [0, 255, 1]);
});

test("props are JSON text", () => {
  assert.deepEqual(readProps('{"W": [7, 5]}'), { W: [7, 5] });
});

test("slots are filled, unknown ones stay", () => {
  assert.equal(fill("{count} of {total} {rest}", { count: 0, total: "9" }), "0 of 9 {rest}");
  assert.equal(counted(["one cell", "{count} cells"], 1), "one cell");
  assert.equal(counted(["one cell", "{count} cells in {place}"], 2, { place: "x" }), "2 cells in x");
});

test("numbers have a real minus sign", () => {
  assert.equal(plain(-0.25), "−0.250");
  assert.equal(signed(-0.25, 1), "−0.3");
  assert.equal(signed(2, 0), "+2");
});

/** A component as Streamlit hands it over, its element alone. @returns {{ parentElement: ShadowRoot }} */
const mounted = () => ({ parentElement: /** @type {ShadowRoot} */ (new EventTarget()) });

test("a component's run ends before its next begins, and once", () => {
  /** @type {string[]} */
  const said = [];
  let runs = 0;
  const render = mounting(() => {
    const run = ++runs;
    said.push(`begin ${run}`);
    return () => said.push(`end ${run}`);
  });
  const [component, other] = [mounted(), mounted()];
  render(component);
  const ends = [render(component), render(other), render(component)];
  assert.deepEqual(said, ["begin 1", "end 1", "begin 2", "begin 3", "end 2", "begin 4"]);
  for (const end of [...ends, ...ends]) end();
  assert.deepEqual(said.slice(6), ["end 3", "end 4"], "what was overtaken, or is over, does nothing more");
});

test("what a later run needs is not ended by an earlier one whose end comes late", () => {
  const kept = { timer: 0 };
  const render = mounting(() => {
    kept.timer += 1;
    return () => {
      kept.timer = 0;
    };
  });
  const component = mounted();
  const late = render(component);
  render(component);
  late();
  assert.equal(kept.timer, 1);
});

test("a run that leaves nothing behind needs no end", () => {
  const component = mounted();
  const render = mounting(() => undefined);
  render(component);
  assert.doesNotThrow(render(component));
});
