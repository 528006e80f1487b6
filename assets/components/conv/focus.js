// What belongs to the cell that is looked at, over the grids.

/** @import { Grid } from "./canvas.js" */
/** @import { Scene } from "./scene.js" */
/** @import { Cell, Meeting } from "./types.js" */

import { css } from "../shared/colour.js";
import { shape } from "../shared/dom.js";
import { drawStrongArrow } from "./arrows.js";
import { colourCell, outline, roundCell, sizeCanvas, weightColour, wipedOverlay } from "./canvas.js";
import { inputText, outputText } from "./cells.js";
import { isTransposed, reachOf } from "./geometry.js";
import { shortNumber } from "./words.js";

/**
 * @param {Scene} scene
 * @param {number} kr
 * @param {number} kc
 */
const colourOf = ({ model }, kr, kc) =>
  weightColour(kr, kc, { rows: model.rows.kernel, columns: model.columns.kernel });

/**
 * @param {Scene} scene
 * @param {Grid} grid
 * @param {Cell | null} focus
 * @param {Meeting[]} met
 */
export function showInput(scene, grid, focus, met) {
  const { kept, model, props } = scene;
  const context = wipedOverlay(grid);
  if (scene.footprintMargin) showFootprint(scene, grid, context);
  if (!focus) return;
  if (focus.grid === "input") {
    drawStrongArrow(context, grid, scene, focus);
    outline(context, grid, focus, props.colours.ink);
  } else {
    for (const { r, c, kr, kc } of met) {
      const weight = scene.weightAt(kr, kc);
      const small = weight === null || kept.usage ? "" : `×${shortNumber(weight)}`;
      colourCell(context, grid, {
        r,
        c,
        colour: colourOf(scene, kr, kc),
        text: inputText(scene, r, c),
        small,
      });
    }
  }
  if (focus.grid === "output" && met.length) {
    outline(context, grid, boxOf(met.map(({ r, c }) => [r, c])), props.colours.weight);
    if (model.layer.kind === "MaxPool2d" && scene.values) {
      const best = met.reduce((a, b) => (scene.valueAt(b.r, b.c) > scene.valueAt(a.r, a.c) ? b : a));
      outline(context, grid, best, props.colours.ink);
    }
  }
  if (kept.step !== null && isTransposed(model.layer)) veil(scene, context, grid, kept.step);
}

/**
 * @param {Scene} scene
 * @param {Grid} grid
 * @param {Cell | null} focus
 * @param {Meeting[]} met
 */
export function showOutput(scene, grid, focus, met) {
  const { kept, model, props } = scene;
  const context = wipedOverlay(grid);
  if (!focus || !model.legal) return;
  if (focus.grid !== "output") {
    for (const { kr, kc, or, oc } of met) {
      const weight = scene.weightAt(kr, kc);
      const product =
        weight === null || focus.grid !== "input" ? null : weight * scene.valueAt(focus.r, focus.c) || 0;
      const small = product === null ? "" : `${product < 0 ? "" : "+"}${shortNumber(product)}`;
      const text = outputText(scene, or, oc);
      colourCell(context, grid, { r: or, c: oc, colour: colourOf(scene, kr, kc), text, small });
    }
  }
  if (kept.step !== null && !isTransposed(model.layer)) veil(scene, context, grid, kept.step);
  if (focus.grid === "output") outline(context, grid, focus, props.colours.weight);
}

/**
 * The smallest box round cells.
 *
 * @param {number[][]} cells
 */
function boxOf(cells) {
  const [rows, columns] = [cells.map(([r]) => r), cells.map(([, c]) => c)];
  const [r, c] = [Math.min(...rows), Math.min(...columns)];
  return { r, c, rows: Math.max(...rows) - r + 1, columns: Math.max(...columns) - c + 1 };
}

/**
 * A kernel that does not fit, over the input.
 *
 * @param {Scene} scene
 * @param {Grid} grid
 * @param {CanvasRenderingContext2D} context
 */
function showFootprint(scene, grid, context) {
  const { rows, columns } = scene.model;
  const { cell } = grid;
  const size = { rows: reachOf(rows), columns: reachOf(columns) };
  const width = Math.max(columns.inCells, size.columns) * cell;
  const height = Math.max(rows.inCells, size.rows) * cell;
  sizeCanvas(grid.overlay, width, height, grid.ratio);
  const { colours } = scene.props;
  outline(context, grid, { r: 0, c: 0, rows: rows.inCells, columns: columns.inCells }, colours.input);
  context.globalAlpha = 0.4;
  for (let kr = 0; kr < rows.kernel; kr += 1) {
    for (let kc = 0; kc < columns.kernel; kc += 1) {
      const [x, y] = [kc * columns.dilation * cell, kr * rows.dilation * cell];
      roundCell(context, x, y, cell, colourOf(scene, kr, kc));
    }
  }
  context.globalAlpha = 1;
  context.setLineDash([7, 5]);
  outline(context, grid, { r: 0, c: 0, ...size }, colours.wrong);
  context.setLineDash([]);
}

/**
 * While it plays, what has not been computed yet stays under a veil.
 *
 * @param {Scene} scene
 * @param {CanvasRenderingContext2D} context
 * @param {Grid} grid
 * @param {number} step
 */
function veil(scene, context, grid, step) {
  const { cell } = grid;
  const [r, c] = [Math.floor(step / grid.columns), step % grid.columns];
  context.fillStyle = css(scene.colours.paper);
  context.globalAlpha = 0.8;
  context.fillRect((c + 1) * cell, r * cell, (grid.columns - c - 1) * cell, cell);
  context.fillRect(0, (r + 1) * cell, grid.columns * cell, (grid.rows - r - 1) * cell);
  context.globalAlpha = 1;
}

/** A band from the window to the cell that it makes. */
export class Link {
  /** @param {HTMLElement} frame what it lies over */
  constructor(frame) {
    this.frame = frame;
    this.svg = shape("svg", { class: "link", "aria-hidden": "true" });
    this.band = shape("polygon");
    frame.append(this.svg);
  }

  /**
   * @param {Grid} input
   * @param {Grid} output
   * @param {Meeting[]} met none: no band
   */
  show(input, output, met) {
    this.band.remove();
    if (!met.length) return;
    const frame = this.frame.getBoundingClientRect();
    const corners = (/** @type {Grid} */ grid, /** @type {number[][]} */ cells) => {
      const at = grid.base.getBoundingClientRect();
      const box = boxOf(cells);
      const [left, top] = [at.x - frame.x + box.c * grid.cell, at.y - frame.y + box.r * grid.cell];
      return { left, top, right: left + box.columns * grid.cell, bottom: top + box.rows * grid.cell };
    };
    const from = corners(
      input,
      met.map((m) => [m.r, m.c]),
    );
    const to = corners(
      output,
      met.map((m) => [m.or, m.oc]),
    );
    this.band.setAttribute(
      "points",
      `${from.right},${from.top} ${to.left},${to.top} ${to.left},${to.bottom} ${from.right},${from.bottom}`,
    );
    this.svg.append(this.band);
  }
}
