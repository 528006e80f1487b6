// A block of code with its words coloured, and a button that copies it.
//
// data: JSON text of { lines: [[[kind, text], ...], ...], wrap, labels: { code, copy, copied } }; kind: "", "comment",
// "string", "number", "keyword", "call"

import { button, copy, make, rootOf, spoken } from "../shared/dom.js";

const SHOWN_MS = 1500;

/**
 * @typedef {{ lines: [string, string][][], wrap: boolean,
 *   labels: { code: string, copy: string, copied: string } }} Code
 */

/**
 * @param {[string, string][]} words
 * @param {number} index
 */
function drawLine(words, index) {
  const line = make("span", "line", index ? "\n" : ""); // between lines, so that a single one is its text alone
  for (const [kind, text] of words) line.append(kind ? make("span", kind, text) : text);
  return line;
}

/** @param {import("@streamlit/component-v2-lib").FrontendRendererArgs<Record<string, unknown>, string>} renderer */
export default function ({ data, parentElement }) {
  const root = rootOf(parentElement, ".code");
  if (root.dataset.drawn === data) return;
  root.dataset.drawn = data;
  const { lines, wrap, labels } = /** @type {Code} */ (JSON.parse(data));
  const block = make("pre", wrap ? "wrap" : "");
  block.tabIndex = 0; // long lines scroll, by keys too
  block.setAttribute("role", "group");
  block.setAttribute("aria-label", labels.code);
  const code = make("code");
  code.append(...lines.map(drawLine));
  block.append(code);
  const text = lines.map((words) => words.map(([, word]) => word).join("")).join("\n");
  const press = button(labels.copy, labels.copy, async () => {
    await copy(text);
    press.textContent = labels.copied;
    heard.textContent = labels.copied;
    setTimeout(() => {
      press.textContent = labels.copy;
      heard.textContent = "";
    }, SHOWN_MS);
  });
  const heard = spoken();
  heard.setAttribute("role", "status");
  root.replaceChildren(block, press, heard);
}
