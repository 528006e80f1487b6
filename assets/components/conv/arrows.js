// Padded cells that copy an input cell point to it.

/** @import { Grid } from "./canvas.js" */
/** @import { Scene } from "./scene.js" */

import { isPool } from "./geometry.js";

const ARROW_LIMIT = 80;
const MIN_CELL = 9;

/**
 * Whether padding copies cells, few enough for an arrow each.
 *
 * @param {Scene} scene
 */
export const hasArrows = ({ model, paddedCells }) =>
  model.legal && model.layer.mode !== "zeros" && !isPool(model.layer) && paddedCells <= ARROW_LIMIT;

/**
 * All arrows, faintly, unless they are too many.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Grid} grid
 * @param {Scene} scene
 */
export function drawFaintArrows(context, grid, scene) {
  if (hasArrows(scene)) drawArrows(context, grid, scene, () => true, false);
}

/**
 * The arrow of the cell that is looked at.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Grid} grid
 * @param {Scene} scene
 * @param {{ r: number, c: number }} focus
 */
export function drawStrongArrow(context, grid, scene, focus) {
  drawArrows(context, grid, scene, (r, c) => r === focus.r && c === focus.c, true);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Grid} grid
 * @param {Scene} scene
 * @param {(r: number, c: number) => boolean} isShown
 * @param {boolean} strong
 */
function drawArrows(context, grid, { model, props }, isShown, strong) {
  const { rows, columns, layer, legal } = model;
  if (layer.mode === "zeros" || isPool(layer) || !legal || grid.cell < MIN_CELL) return;
  context.globalAlpha = strong ? 1 : 0.35;
  context.strokeStyle = context.fillStyle = strong ? props.colours.ink : props.colours.padding;
  context.lineWidth = strong ? 2 : 1.3;
  for (let r = 0; r < grid.rows; r += 1) {
    for (let c = 0; c < grid.columns; c += 1) {
      const [y, x] = [rows.source[r] + rows.before, columns.source[c] + columns.before];
      if ((y !== r || x !== c) && isShown(r, c)) arrow(context, grid.cell, [r, c], [y, x]);
    }
  }
  context.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} cell
 * @param {[number, number]} from row and column
 * @param {[number, number]} to
 */
function arrow(context, cell, from, to) {
  const [y0, x0, y1, x1] = [...from, ...to].map((at) => (at + 0.5) * cell);
  const length = Math.hypot(x1 - x0, y1 - y0) || 1;
  const bend = Math.min(0.18 * length, 2 * cell);
  const [mx, my] = [(x0 + x1) / 2 - ((y1 - y0) / length) * bend, (y0 + y1) / 2 + ((x1 - x0) / length) * bend];
  context.beginPath();
  context.moveTo(x0, y0);
  context.quadraticCurveTo(mx, my, x1, y1);
  context.stroke();
  const angle = Math.atan2(y1 - my, x1 - mx);
  const size = Math.max(4, cell * 0.2);
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x1 - size * Math.cos(angle - 0.45), y1 - size * Math.sin(angle - 0.45));
  context.lineTo(x1 - size * Math.cos(angle + 0.45), y1 - size * Math.sin(angle + 0.45));
  context.fill();
}
