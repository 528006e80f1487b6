// A grid of cells on canvas, and how cells are drawn.

/** @import { Rgb } from "../shared/colour.js" */
/** @import { Size } from "./types.js" */

import { css, DARK_INK, inkOn } from "../shared/colour.js";
import { drawingOn, make } from "../shared/dom.js";
import { modulo } from "./geometry.js";

const MIN_FONT = 8;
const MAX_FONT = 24;

/**
 * A grid on the page: what is at rest on `base`, what belongs to the cell looked at on `overlay`, pointer and keys
 * on `hit`.
 *
 * @typedef {object} Grid
 * @property {"input" | "output"} name
 * @property {HTMLElement} figure
 * @property {HTMLElement} tag
 * @property {HTMLElement} channel place of the channel's control
 * @property {HTMLElement} stage
 * @property {HTMLCanvasElement} base
 * @property {HTMLCanvasElement} overlay
 * @property {HTMLElement} hit
 * @property {HTMLElement} note
 * @property {number} rows
 * @property {number} columns
 * @property {number} cell side, in pixels
 * @property {number} ratio canvas pixels a pixel
 * @property {number} fontSize 0 where numbers have no room
 * @property {number} block cells averaged to one square, along a side
 * @property {string} font
 */

/**
 * A colour for each weight: hue tells the column, lightness the row.
 *
 * @param {number} r
 * @param {number} c
 * @param {Size} size
 */
export function weightColour(r, c, { rows, columns }) {
  const hue = columns > 1 ? 262 - (300 * c) / (columns - 1) : 62;
  const light = rows > 1 ? 0.68 + (0.2 * r) / (rows - 1) : 0.8;
  return `oklch(${light.toFixed(3)} 0.125 ${modulo(hue, 360).toFixed(1)})`;
}

/**
 * @param {"input" | "output"} name
 * @param {string} title
 * @param {string} font
 * @returns {Grid}
 */
export function makeGrid(name, title, font) {
  const figure = make("section", `figure ${name}`);
  const head = make("header");
  const tag = make("code", "tag");
  const channel = make("span", "channel");
  head.append(make("h2", "", title), tag);
  const stage = make("div", "stage");
  const base = make("canvas");
  const overlay = make("canvas");
  const hit = make("div", "hit");
  hit.tabIndex = 0;
  hit.setAttribute("role", "application");
  stage.append(base, overlay, hit);
  const note = make("p", "note");
  figure.append(head, stage, channel, note);
  const sizes = { rows: 0, columns: 0, cell: 0, ratio: 1, fontSize: 0, block: 1 };
  return { name, figure, tag, channel, stage, base, overlay, hit, note, font, ...sizes };
}

/**
 * @param {Grid} grid
 * @param {Size} size
 * @param {number} cell
 * @param {number} ratio
 */
export function sizeGrid(grid, { rows, columns }, cell, ratio) {
  Object.assign(grid, { rows, columns, cell, ratio });
  const [width, height] = [columns * cell, rows * cell];
  grid.stage.style.width = `${width}px`;
  grid.stage.style.height = `${height}px`;
  grid.stage.dataset.rows = String(rows);
  grid.stage.dataset.columns = String(columns);
  grid.stage.dataset.cell = String(cell);
  for (const canvas of [grid.base, grid.overlay]) sizeCanvas(canvas, width, height, ratio);
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {number} width
 * @param {number} height
 * @param {number} ratio
 */
export function sizeCanvas(canvas, width, height, ratio) {
  canvas.width = Math.max(1, Math.round(width * ratio));
  canvas.height = Math.max(1, Math.round(height * ratio));
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  drawingOn(canvas).setTransform(ratio, 0, 0, ratio, 0, 0);
}

/**
 * The largest size at which all texts fit into their cells, 0 where that is too small to read.
 *
 * @param {number} cell
 * @param {string[]} texts
 */
function numberFont(cell, texts) {
  let longest = 1;
  for (const text of texts) longest = Math.max(longest, text.length);
  const size = Math.min(cell * 0.46, (cell - 3) / (0.61 * longest), MAX_FONT);
  return size >= MIN_FONT ? size : 0;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {number} side
 * @param {string} colour
 */
export function roundCell(context, x, y, side, colour) {
  context.fillStyle = colour;
  const gap = side > 16 ? 1 : 0.5;
  if (side > 20) {
    context.beginPath();
    context.roundRect(x + gap, y + gap, side - 2 * gap, side - 2 * gap, Math.min(5, side / 8));
    context.fill();
  } else {
    context.fillRect(x + gap, y + gap, side - 2 * gap, side - 2 * gap);
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} height
 * @param {string} colour
 */
export function hatch(context, x, y, width, height, colour) {
  if (width <= 0 || height <= 0) return;
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  context.strokeStyle = colour;
  context.lineWidth = 1.4;
  context.globalAlpha = 0.75;
  context.beginPath();
  // All lines of a picture lie on one pattern, whatever pieces it is hatched in.
  for (let at = Math.ceil((x + y) / 7) * 7; at < x + width + y + height; at += 7) {
    context.moveTo(at - y, y);
    context.lineTo(at - y - height, y + height);
  }
  context.stroke();
  context.restore();
}

/**
 * Cells with their numbers; `between` draws over the cells and under the numbers.
 *
 * @param {Grid} grid
 * @param {(r: number, c: number) => Rgb} colourAt
 * @param {(r: number, c: number) => string} textAt
 * @param {(context: CanvasRenderingContext2D) => void} [between]
 */
export function drawCells(grid, colourAt, textAt, between) {
  const context = drawingOn(grid.base);
  context.clearRect(0, 0, grid.columns * grid.cell, grid.rows * grid.cell);
  grid.fontSize = 0;
  grid.block = 1;
  if (!grid.rows || !grid.columns) return;
  if (grid.cell < 10) {
    grid.block = paintImage(context, grid, colourAt);
    return;
  }
  /** @type {string[]} */
  const texts = [];
  /** @type {string[]} */
  const inks = [];
  for (let r = 0; r < grid.rows; r += 1) {
    for (let c = 0; c < grid.columns; c += 1) {
      const colour = colourAt(r, c);
      roundCell(context, c * grid.cell, r * grid.cell, grid.cell, css(colour));
      inks.push(inkOn(colour));
      texts.push(textAt(r, c));
    }
  }
  between?.(context);
  grid.fontSize = numberFont(grid.cell, texts);
  if (!grid.fontSize) return;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.font = `${grid.fontSize}px ${grid.font}`;
  texts.forEach((text, i) => {
    const [x, y] = [(i % grid.columns) * grid.cell, Math.floor(i / grid.columns) * grid.cell];
    context.fillStyle = inks[i];
    context.fillText(text, x + grid.cell / 2, y + grid.cell / 2 + 1);
  });
}

/**
 * Colours of cells too small for numbers: an image, whole blocks of cells averaged where needed.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Grid} grid
 * @param {(r: number, c: number) => Rgb} colourAt
 * @returns {number} cells along a block's side
 */
function paintImage(context, grid, colourAt) {
  const block = Math.max(1, Math.ceil(1 / grid.cell));
  const [rows, columns] = [Math.ceil(grid.rows / block), Math.ceil(grid.columns / block)];
  const image = new ImageData(columns, rows);
  for (let r = 0; r < rows; r += 1) {
    for (let c = 0; c < columns; c += 1) {
      const sum = [0, 0, 0];
      let count = 0;
      for (let y = r * block; y < Math.min((r + 1) * block, grid.rows); y += 1) {
        for (let x = c * block; x < Math.min((c + 1) * block, grid.columns); x += 1) {
          const colour = colourAt(y, x);
          for (let part = 0; part < 3; part += 1) sum[part] += colour[part];
          count += 1;
        }
      }
      image.data.set([...sum.map((part) => part / count), 255], (r * columns + c) * 4);
    }
  }
  const small = document.createElement("canvas");
  [small.width, small.height] = [columns, rows];
  drawingOn(small).putImageData(image, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(small, 0, 0, columns * block * grid.cell, rows * block * grid.cell);
  return block;
}

/**
 * The overlay, wiped.
 *
 * @param {Grid} grid
 */
export function wipedOverlay(grid) {
  const context = drawingOn(grid.overlay);
  context.clearRect(0, 0, grid.columns * grid.cell, grid.rows * grid.cell);
  context.textAlign = "center";
  context.textBaseline = "middle";
  return context;
}

/**
 * A cell in the colour of its weight, with its number and, where there is room, a small second one.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Grid} grid
 * @param {{ r: number, c: number, colour: string, text: string, small: string }} cell
 */
export function colourCell(context, grid, { r, c, colour, text, small }) {
  const { cell } = grid;
  const [x, y] = [c * cell, r * cell];
  roundCell(context, x, y, cell, colour);
  if (!grid.fontSize) return;
  context.fillStyle = DARK_INK;
  const two = small && cell >= 34;
  context.font = `600 ${grid.fontSize}px ${grid.font}`;
  context.fillText(text, x + cell / 2, y + cell * (two ? 0.4 : 0.5) + 1);
  if (!two) return;
  context.font = `${Math.max(9, cell * 0.26)}px ${grid.font}`;
  context.fillText(small, x + cell / 2, y + cell * 0.8);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Grid} grid
 * @param {{ r: number, c: number, rows?: number, columns?: number }} box
 * @param {string} colour
 */
export function outline(context, grid, { r, c, rows = 1, columns = 1 }, colour) {
  const { cell } = grid;
  const width = 3;
  const inset = width / 2;
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.beginPath();
  context.roundRect(
    c * cell + inset,
    r * cell + inset,
    Math.max(columns * cell - width, 1),
    Math.max(rows * cell - width, 1),
    Math.min(6, cell / 7),
  );
  context.stroke();
}
