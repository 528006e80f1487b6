// A canvas that is as sharp as the screen and as wide as its place.

import { drawingOn } from "../shared/dom.js";

/**
 * Fit a canvas to the size it has on the page; true where that has changed.
 *
 * @param {HTMLCanvasElement} canvas
 */
export function fit(canvas) {
  const ratio = Math.min(globalThis.devicePixelRatio || 1, 2);
  const [width, height] = [Math.round(canvas.clientWidth * ratio), Math.round(canvas.clientHeight * ratio)];
  if (!width || !height || (canvas.width === width && canvas.height === height)) return false;
  canvas.width = width;
  canvas.height = height;
  return true;
}

/**
 * The page's letters, as canvases take them.
 *
 * @param {HTMLElement} element
 */
export const letters = (element) => `16px ${getComputedStyle(element).fontFamily}`;

/**
 * The context in CSS pixels, with the page's letters, and the size.
 *
 * @param {HTMLCanvasElement} canvas
 */
export function brush(canvas) {
  const context = drawingOn(canvas);
  const ratio = canvas.width / Math.max(1, canvas.clientWidth);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.font = letters(canvas);
  return { context, width: canvas.clientWidth, height: canvas.clientHeight, ratio };
}

/**
 * Round places for a scale's labels.
 *
 * @param {number} low
 * @param {number} high
 * @param {number} count about how many
 */
export function ticks(low, high, count) {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough) ?? rough;
  const first = Math.ceil(low / step);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step);
}
