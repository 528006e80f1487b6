// Maps as pictures: one pixel of a canvas for each number, stretched by the style sheet.

import { blend, rgb } from "../shared/colour.js";
import { drawingOn, make } from "../shared/dom.js";
import { largest } from "../shared/numbers.js";

const STEPS = 128;

/**
 * Colours for numbers from -1 to 1, as the pixels of a canvas take them: `paper` in the middle.
 *
 * @typedef {Uint32Array} Ramp
 * @param {string} below
 * @param {string} paper
 * @param {string} above
 * @param {number} [gamma] below 1: small numbers stand out
 * @returns {Ramp}
 */
export function ramp(below, paper, above, gamma = 0.75) {
  const bytes = new Uint8ClampedArray(4 * (2 * STEPS + 1));
  for (let i = -STEPS; i <= STEPS; i += 1) {
    const share = (Math.abs(i) / STEPS) ** gamma;
    const colour = blend(rgb(paper), rgb(i < 0 ? below : above), share);
    bytes.set([...colour, 255], 4 * (i + STEPS));
  }
  return new Uint32Array(bytes.buffer);
}

/** A canvas with one pixel a number. */
export class Picture {
  /**
   * @param {number} width
   * @param {number} [height]
   */
  constructor(width, height = width) {
    this.canvas = make("canvas");
    [this.canvas.width, this.canvas.height] = [width, height];
    this.context = drawingOn(this.canvas);
    this.image = this.context.createImageData(width, height);
    this.cells = new Uint32Array(this.image.data.buffer);
  }

  /**
   * @param {Float32Array} values from `offset` on
   * @param {Ramp} colours
   * @param {number} limit the number that gets the full colour
   * @param {number} [offset]
   */
  paint(values, colours, limit, offset = 0) {
    const scale = limit > 0 ? STEPS / limit : 0;
    for (let i = 0; i < this.cells.length; i += 1) {
      const step = Math.round(values[offset + i] * scale);
      this.cells[i] = colours[Math.min(Math.max(step, -STEPS), STEPS) + STEPS];
    }
    this.context.putImageData(this.image, 0, 0);
  }
}

/**
 * Kernels side by side in a near square, one cell apart; the gaps are left clear.
 *
 * @param {Float32Array} weights of one output channel: (inputs, size, size)
 * @param {number} inputs
 * @param {number} size
 * @param {Ramp} colours
 */
export function mosaic(weights, inputs, size, colours) {
  const columns = Math.ceil(Math.sqrt(inputs));
  const rows = Math.ceil(inputs / columns);
  const picture = new Picture(columns * (size + 1) - 1, rows * (size + 1) - 1);
  const limit = largest(weights);
  const scale = limit > 0 ? STEPS / limit : 0;
  for (let i = 0; i < inputs; i += 1) {
    const at = Math.floor(i / columns) * (size + 1) * picture.canvas.width + (i % columns) * (size + 1);
    for (let y = 0; y < size; y += 1) {
      for (let x = 0; x < size; x += 1) {
        const weight = weights[(i * size + y) * size + x];
        picture.cells[at + y * picture.canvas.width + x] = colours[Math.round(weight * scale) + STEPS];
      }
    }
  }
  picture.context.putImageData(picture.image, 0, 0);
  return picture.canvas;
}
