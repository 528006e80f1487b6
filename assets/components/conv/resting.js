// The grids while nothing is looked at: cells, what is not read, cropped or moved, and the notes that say so.

/** @import { Grid } from "./canvas.js" */
/** @import { Scene } from "./scene.js" */
/** @import { Mark } from "./types.js" */

import { drawingOn } from "../shared/dom.js";
import { fill } from "../shared/text.js";
import { drawFaintArrows } from "./arrows.js";
import { drawCells, hatch } from "./canvas.js";
import { inputColour, inputText, outputColour, outputText } from "./cells.js";

/**
 * @param {Scene} scene
 * @param {Grid} grid
 */
export function drawInput(scene, grid) {
  drawCells(
    grid,
    (r, c) => inputColour(scene, r, c),
    (r, c) => inputText(scene, r, c),
    (context) => scene.kept.arrows && drawFaintArrows(context, grid, scene),
  );
  if (scene.hasUnread) drawUnread(scene, grid);
  const { labels } = scene.props;
  const unread = scene.hasUnread ? labels.lost : "";
  const schematic = scene.spec.drawable ? "" : labels.schematic;
  grid.note.textContent = [sizeNote(scene, grid), schematic, unread].filter(Boolean).join(" ");
}

/**
 * @param {Scene} scene
 * @param {Grid} grid
 */
export function drawOutput(scene, grid) {
  const { labels } = scene.props;
  const { rows, columns, legal } = scene.model;
  drawCells(
    grid,
    (r, c) => outputColour(scene, r, c),
    (r, c) => outputText(scene, r, c),
  );
  drawCrop(scene, grid);
  drawMoved(scene, grid);
  grid.stage.classList.toggle("none", !legal);
  grid.stage.dataset.none = legal ? "" : labels.noOutput;
  const crop = rows.crop || columns.crop ? labels.cropped : "";
  // What the input's note says of cells without numbers holds for both.
  const size = scene.props.labels.numbersHidden === sizeNote(scene, grid) ? "" : sizeNote(scene, grid);
  grid.note.textContent = [size, crop, movedText(scene)].filter(Boolean).join(" ");
}

/**
 * Rows and columns that no window reads, and the places between windows: whole rows, then what is left of the others.
 *
 * @param {Scene} scene
 * @param {Grid} grid
 */
function drawUnread(scene, grid) {
  const { rows, columns } = scene.model;
  const context = drawingOn(grid.base);
  const { cell } = grid;
  const colour = scene.props.colours.wrong;
  const unread = runs(columns.read, 0);
  for (const [top, bottom] of runs(rows.read, 0)) {
    hatch(context, 0, top * cell, grid.columns * cell, (bottom - top) * cell, colour);
  }
  for (const [top, bottom] of unread.length ? runs(rows.read, 1) : []) {
    for (const [left, right] of unread) {
      hatch(context, left * cell, top * cell, (right - left) * cell, (bottom - top) * cell, colour);
    }
  }
}

/**
 * The runs of a value: [first, behind the last] each.
 *
 * @param {Uint8Array} marks
 * @param {number} value
 */
export function runs(marks, value) {
  /** @type {[number, number][]} */
  const found = [];
  marks.forEach((mark, i) => {
    const last = found[found.length - 1];
    if (mark !== value) return;
    if (last && last[1] === i) last[1] = i + 1;
    else found.push([i, i + 1]);
  });
  return found;
}

/**
 * @param {Scene} scene
 * @param {Grid} grid
 */
function drawCrop(scene, grid) {
  const { rows, columns } = scene.model;
  if (!rows.crop && !columns.crop) return;
  const context = drawingOn(grid.base);
  const { cell } = grid;
  const [top, left] = [rows.crop * cell, columns.crop * cell];
  const [inWidth, inHeight] = [columns.out * cell, rows.out * cell];
  const [width, height] = [grid.columns * cell, grid.rows * cell];
  const [right, bottom] = [left + inWidth, top + inHeight];
  const colour = scene.props.colours.padding;
  hatch(context, 0, 0, width, top, colour);
  hatch(context, 0, bottom, width, height - bottom, colour);
  hatch(context, 0, top, left, inHeight, colour);
  hatch(context, right, top, width - right, inHeight, colour);
  context.strokeStyle = scene.props.colours.output;
  context.lineWidth = 2;
  context.strokeRect(left, top, inWidth, inHeight);
}

/**
 * @param {Scene} scene
 * @param {Grid} grid
 */
function drawMoved({ moved, props }, grid) {
  const context = drawingOn(grid.base);
  const { cell } = grid;
  const side = Math.max(3, cell * 0.26);
  moved?.marks.forEach((mark, i) => {
    if (mark === "same") return;
    const [x, y] = [(i % grid.columns) * cell, Math.floor(i / grid.columns) * cell];
    const isDifferent = mark === "differs";
    context.beginPath();
    context.moveTo(x + cell, y);
    context.lineTo(x + cell - side, y);
    context.lineTo(x + cell, y + side);
    context.closePath();
    context.fillStyle = isDifferent ? props.colours.wrong : props.colours.paper;
    context.strokeStyle = isDifferent ? props.colours.wrong : props.colours.ink;
    context.lineWidth = 1;
    context.fill();
    context.stroke();
  });
}

/**
 * @param {Scene} scene
 * @param {Grid} grid
 */
function sizeNote({ props }, grid) {
  if (!grid.rows) return "";
  if (grid.block > 1) return fill(props.labels.aggregated, { block: grid.block });
  return grid.fontSize ? "" : props.labels.numbersHidden;
}

/** @param {Scene} scene */
function movedText({ moved, props, look, model }) {
  if (!moved) return "";
  const [right, down] = look.shift;
  const stride = right % model.columns.stride ? model.columns.stride : model.rows.stride;
  const count = (/** @type {Mark} */ mark) => moved.marks.filter((other) => other === mark).length;
  if (!moved.whole) {
    const shift = `(${right}, ${down})`;
    return fill(props.labels.movedNot, { shift, stride, differs: count("differs") });
  }
  return fill(props.labels.moved, {
    same: count("same"),
    differs: count("differs"),
    fresh: count("new"),
  });
}
