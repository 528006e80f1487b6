// Grids of cells on canvas, and their colours.

import { make } from "./elements.js";
import { modulo } from "./geometry.js";

export const DARK_INK = "#111827";
const MIN_FONT = 8;
export const rgb = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

export function blend(from, to, share) {
  return from.map((part, i) => Math.round(part + (to[i] - part) * share));
}

export function inkOn([r, g, b]) {
  const light = (part) => (part / 255) ** 2.2;
  return 0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b) > 0.24 ? DARK_INK : "#ffffff";
}

// A colour for each weight: hue tells the column, lightness the row.
export function weightColour(r, c, height, width) {
  const hue = width > 1 ? 262 - (300 * c) / (width - 1) : 62;
  const light = height > 1 ? 0.68 + (0.2 * r) / (height - 1) : 0.8;
  return `oklch(${light.toFixed(3)} 0.125 ${modulo(hue, 360).toFixed(1)})`;
}

export function makeGrid(name, picture) {
  const figure = make("section", `figure ${name}`);
  const head = make("header");
  const title = make("h3", "", picture.labels[name]);
  const tag = make("code", "tag");
  head.append(title, tag);
  const tools = make("div", "tools");
  const stage = make("div", "stage");
  const base = make("canvas");
  const overlay = make("canvas");
  const hit = make("div", "hit");
  hit.tabIndex = 0;
  hit.setAttribute("role", "application");
  stage.append(base, overlay, hit);
  const note = make("p", "note");
  figure.append(head, tools, stage, note);
  return { name, figure, tag, tools, stage, base, overlay, hit, note, rows: 0, columns: 0, cell: 0 };
}

export function sizeGrid(grid, cell, ratio) {
  grid.cell = cell;
  const [width, height] = [grid.columns * cell, grid.rows * cell];
  grid.stage.style.width = `${width}px`;
  grid.stage.style.height = `${height}px`;
  grid.stage.dataset.rows = grid.rows;
  grid.stage.dataset.columns = grid.columns;
  grid.stage.dataset.cell = cell;
  for (const canvas of [grid.base, grid.overlay]) {
    canvas.width = Math.max(1, Math.round(width * ratio));
    canvas.height = Math.max(1, Math.round(height * ratio));
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    canvas.getContext("2d").setTransform(ratio, 0, 0, ratio, 0, 0);
  }
}

export function numberFont(cell, texts) {
  let longest = 1;
  for (const text of texts) longest = Math.max(longest, text.length);
  const size = Math.min(cell * 0.44, (cell - 3) / (0.61 * longest), 20);
  return size >= MIN_FONT ? size : 0;
}

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

export function hatch(context, x, y, width, height, colour) {
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  context.strokeStyle = colour;
  context.lineWidth = 1.4;
  context.globalAlpha = 0.75;
  context.beginPath();
  for (let at = -height; at < width; at += 7) {
    context.moveTo(x + at, y + height);
    context.lineTo(x + at + height, y);
  }
  context.stroke();
  context.restore();
}

// Colours of cells too small for numbers: an image, whole blocks of cells averaged where needed.
export function paintImage(context, grid, colourAt) {
  const block = Math.max(1, Math.ceil(3 / grid.cell));
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
  small.getContext("2d").putImageData(image, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(small, 0, 0, columns * block * grid.cell, rows * block * grid.cell);
  return block;
}
