// A grid of pixels that can be pointed at and walked through.

/** @import { Rgb } from "../shared/colour.js" */
/** @import { Colours } from "./types.js" */

import { rgb } from "../shared/colour.js";
import { arrowStep, cellUnder, clamp, drawingOn, make } from "../shared/dom.js";

/**
 * Paper for 0, one colour for what speaks for, one for what speaks against.
 *
 * @param {Colours} colours
 * @param {number} limit
 */
export function diverging(colours, limit) {
  const [paper, above, below] = [rgb(colours.paper), rgb(colours.weight), rgb(colours.input)];
  return (/** @type {number} */ value) => {
    const share = Math.min(1, limit > 0 ? Math.abs(value) / limit : 0);
    const target = value > 0 ? above : below;
    return /** @type {Rgb} */ (paper.map((part, i) => part + (target[i] - part) * share));
  };
}

/**
 * @param {number} value
 * @returns {Rgb}
 */
export const grey = (value) => [value, value, value];

/**
 * @param {HTMLCanvasElement} canvas
 * @param {ArrayLike<number>} values row by row
 * @param {number} columns
 * @param {(value: number) => Rgb} colour
 */
export function paintPixels(canvas, values, columns, colour) {
  canvas.width = columns;
  canvas.height = values.length / columns;
  const context = drawingOn(canvas);
  const image = context.createImageData(canvas.width, canvas.height);
  for (let i = 0; i < values.length; i += 1) image.data.set([...colour(values[i]), 255], 4 * i);
  context.putImageData(image, 0, 0);
}

/**
 * @typedef {object} PixelFigure
 * @property {string} [title]
 * @property {ArrayLike<number>} values row by row
 * @property {number} columns
 * @property {(value: number) => Rgb} colour
 * @property {(cell: number, row: number, column: number) => string} say what a cell holds
 * @property {string} [rest] said while none is looked at
 * @property {string} label for screen readers
 * @property {string} [className]
 */

/**
 * A figure with a caption and a line that says what the cell under the pointer holds.
 *
 * @param {PixelFigure} parts
 */
export function pixelFigure({ title, values, columns, colour, say, rest = "", label, className = "" }) {
  const figure = make("figure", `pixels ${className}`);
  if (title) figure.append(make("figcaption", "", title));
  const frame = make("div", "frame");
  frame.tabIndex = 0;
  frame.setAttribute("role", "application");
  frame.setAttribute("aria-label", label);
  const canvas = make("canvas");
  paintPixels(canvas, values, columns, colour);
  const cursor = make("div", "cursor");
  cursor.hidden = true;
  frame.append(canvas, cursor);
  const line = make("p", "readout", rest);
  line.setAttribute("aria-live", "polite");
  figure.append(frame, line);
  const rows = values.length / columns;
  let at = -1;
  const show = (/** @type {number} */ cell) => {
    at = cell;
    cursor.hidden = cell < 0;
    if (cell < 0) {
      line.textContent = rest;
      return;
    }
    const [row, column] = [Math.floor(cell / columns), cell % columns];
    cursor.style.left = `${(100 * column) / columns}%`;
    cursor.style.top = `${(100 * row) / rows}%`;
    cursor.style.width = `${100 / columns}%`;
    cursor.style.height = `${100 / rows}%`;
    line.textContent = say(cell, row, column);
  };
  const point = (/** @type {PointerEvent} */ event) => {
    const found = cellUnder(canvas, rows, columns, event);
    if (found) show(found.r * columns + found.c);
  };
  frame.onpointermove = point;
  frame.onpointerdown = point;
  frame.onpointerleave = (event) => event.pointerType === "mouse" && show(-1);
  frame.onkeydown = (event) => {
    if (event.key === "Escape") show(-1);
    const step = arrowStep(event);
    if (!step) return;
    event.preventDefault();
    // The first key comes to the middle.
    const [row, column] = at < 0 ? [rows >> 1, columns >> 1] : [Math.floor(at / columns), at % columns];
    const [down, right] = at < 0 ? [0, 0] : step;
    show(clamp(row + down, 0, rows - 1) * columns + clamp(column + right, 0, columns - 1));
  };
  frame.onblur = () => show(-1);
  return { figure, frame };
}
