// Ways round the type checker in the scripts: `any` in a type, a check switched off without a reason.
// `node tests/scripts/loose_types.js` lists them and fails where there is one.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const FOLDERS = ["assets/components", "tests/scripts"];

/**
 * Each in a text: the line's number and what stands there.
 *
 * @param {string} text
 */
export function looseTypes(text) {
  /** @type {{ line: number, found: string }[]} */
  const all = [];
  text.split("\n").forEach((line, i) => {
    for (const [found] of line.matchAll(/\{[^}]*\bany\b[^}]*\}|:\s*any\b|<any\b/g)) {
      all.push({ line: i + 1, found });
    }
    for (const [found] of line.matchAll(/@ts-nocheck\b.*/g)) all.push({ line: i + 1, found });
    for (const [found, , reason] of line.matchAll(/@ts-(ignore|expect-error)\b\s*:?(.*)/g)) {
      if (reason.replace("*/", "").trim().length < 10) all.push({ line: i + 1, found });
    }
  });
  return all;
}

/** Every script and declaration of the components. */
export function scripts() {
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf-8" })
      .filter((name) => /\.(js|d\.ts)$/.test(name) && !name.includes("loose_types"))
      .map((name) => join(folder, name)),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const lines = scripts().flatMap((path) =>
    looseTypes(readFileSync(join(ROOT, path), "utf-8")).map(
      ({ line, found }) => `${path}:${line}: ${found.trim()}`,
    ),
  );
  for (const line of lines) console.error(line);
  if (lines.length) {
    console.error(`${lines.length} ways round the type checker`);
    process.exit(1);
  }
}
