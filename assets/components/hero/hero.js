// The moving picture of the home page: a kernel slides over a handwritten digit and writes its output.
//
// data: Props

/** @import { FrontendRendererArgs } from "@streamlit/component-v2-lib" */
import { mounting, readProps } from "../shared/data.js";

import { calm, make, rootOf, setColours, shape } from "../shared/dom.js";

/**
 * Grids row by row; sides in cells.
 *
 * @typedef {object} Props
 * @property {number[]} pixels 0 to 1
 * @property {number} size side of the input
 * @property {number[]} kernel
 * @property {number} stride
 * @property {number[]} output
 * @property {number} out side of the output
 * @property {string} reading
 * @property {Record<string, string>} colours
 */

const STEP_MS = 140;
/** Steps for which the finished picture stays. */
const REST = 12;

/** @param {number} value */
const shade = (value) => `color-mix(in srgb, var(--ink) ${Math.round(value * 100)}%, var(--paper))`;

/**
 * @param {number} value
 * @param {number} limit
 */
function signed(value, limit) {
  const share = Math.round((Math.abs(value) / limit) * 100);
  return `color-mix(in srgb, var(${value < 0 ? "--padding" : "--output"}) ${share}%, var(--paper))`;
}

/**
 * @param {number} size
 * @param {string} name
 * @param {(i: number) => string} fill
 */
function grid(size, name, fill) {
  const viewBox = `-0.1 -0.1 ${size + 0.2} ${size + 0.2}`;
  const svg = shape("svg", { viewBox, "aria-hidden": "true", class: name });
  const cells = Array.from({ length: size * size }, (_, i) => {
    const place = { x: (i % size) + 0.04, y: Math.floor(i / size) + 0.04, width: 0.92, height: 0.92 };
    const cell = shape("rect", place);
    cell.style.fill = fill(i);
    return cell;
  });
  const frame = shape("rect", { class: "window" });
  svg.append(...cells, frame);
  return { svg, cells, frame };
}

/**
 * @param {SVGElement} frame
 * @param {number} x
 * @param {number} y
 * @param {number} side
 */
function place(frame, x, y, side) {
  for (const [name, value] of Object.entries({ x, y, width: side, height: side })) {
    frame.setAttribute(name, String(value));
  }
}

/** @param {FrontendRendererArgs<Record<string, never>, string>} args */
function mount({ data: text, parentElement }) {
  const data = /** @type {Props} */ (readProps(text));
  const root = rootOf(parentElement, ".hero");
  setColours(root, data.colours);
  root.setAttribute("aria-label", data.reading);
  const limit = Math.max(...data.output.map(Math.abs));
  const input = grid(data.size, "input", (i) => shade(data.pixels[i]));
  const output = grid(data.out, "output", (i) => signed(data.output[i], limit));
  root.replaceChildren(input.svg, make("span", "", "→"), output.svg);

  const side = Math.sqrt(data.kernel.length);
  const still = calm();
  let step = still ? Math.floor(data.output.length / 2) : 0;
  const show = () => {
    const [row, column] = [Math.floor(step / data.out), step % data.out];
    place(input.frame, column * data.stride, row * data.stride, side);
    place(output.frame, column, row, 1);
    output.cells.forEach((cell, i) => {
      cell.classList.toggle("later", !still && i > step);
    });
  };
  show();
  if (still) return undefined;
  const timer = setInterval(() => {
    step = (step + 1) % (data.output.length + REST);
    if (step < data.output.length) show();
  }, STEP_MS);
  return () => clearInterval(timer);
}

export default mounting(mount);
