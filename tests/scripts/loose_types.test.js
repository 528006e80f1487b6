import assert from "node:assert/strict";
import { test } from "node:test";
import { looseTypes, scripts } from "./loose_types.js";

test("a way round the type checker is found", () => {
  const found = (/** @type {string} */ line) => looseTypes(`// fine\n${line}`).map((each) => each.line);
  const no = "any";
  assert.deepEqual(found(`/** @param {${no}} x */`), [2]);
  assert.deepEqual(found(`/** @type {Map<string, ${no}>} */`), [2]);
  assert.deepEqual(found(`  value: ${no};`), [2]);
  assert.deepEqual(found("// @ts-ignore"), [2]);
  assert.deepEqual(found("// @ts-nocheck because it is old"), [2]);
  assert.deepEqual(found("/* @ts-expect-error */"), [2]);
});

test("what is no way round is let through", () => {
  const lines = [
    "// any cell",
    "const anyOf = 3;",
    "/** @type {Company} */",
    "// @ts-expect-error: the browser has it",
  ];
  for (const line of lines) assert.deepEqual(looseTypes(line), [], line);
});

test("the components' scripts are looked at", () => {
  assert.ok(scripts().some((path) => path.endsWith("shared/dom.js")));
});
