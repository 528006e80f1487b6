// Pointer and keys: looking at a cell, pinning it, walking on from it.

/** @import { Grid } from "./canvas.js" */
/** @import { Editor } from "./editor.js" */
/** @import { Matrices } from "./matrices.js" */
/** @import { Scene } from "./scene.js" */
/** @import { Cell } from "./types.js" */

import { arrowStep, clamp } from "../shared/dom.js";

/**
 * What pointing asks of the picture.
 *
 * @typedef {object} Looking
 * @property {(cell: Cell | null) => void} point
 * @property {(cell: Cell) => void} pin
 * @property {() => void} unpin
 */

/**
 * @param {Grid} grid
 * @param {PointerEvent | MouseEvent} event
 * @returns {Cell | null}
 */
function cellAt(grid, event) {
  const box = grid.base.getBoundingClientRect();
  const r = Math.floor((event.clientY - box.y) / grid.cell);
  const c = Math.floor((event.clientX - box.x) / grid.cell);
  return r >= 0 && c >= 0 && r < grid.rows && c < grid.columns ? { grid: grid.name, r, c } : null;
}

/**
 * @param {Grid} grid
 * @param {Scene} scene
 * @param {Editor} editor
 * @param {Looking} looking
 */
export function listenToGrid(grid, scene, editor, looking) {
  const isInput = grid.name === "input";
  const draws = () => isInput && editor.isDrawing;
  grid.hit.onpointermove = (event) => {
    if (editor.stroke) editor.paint(cellAt(grid, event));
    else if (event.pointerType !== "touch") looking.point(cellAt(grid, event));
  };
  grid.hit.onpointerleave = () => looking.point(null);
  grid.hit.onpointerdown = (event) => {
    const cell = draws() && !event.button ? cellAt(grid, event) : null;
    if (!cell || !editor.beginStroke(cell)) return;
    event.preventDefault();
    grid.hit.setPointerCapture(event.pointerId);
    grid.hit.focus({ preventScroll: true });
  };
  grid.hit.onpointerup = () => editor.endStroke();
  grid.hit.onpointercancel = () => editor.endStroke();
  grid.hit.onclick = (event) => {
    const cell = cellAt(grid, event);
    if (!cell || editor.isOpen || draws()) return;
    const again = scene.isPinned(cell);
    looking.pin(cell);
    if (again && isInput && event.detail < 2) editor.edit(cell);
  };
  grid.hit.ondblclick = (event) => editor.edit(cellAt(grid, event));
  grid.hit.onkeydown = (event) => {
    if (grid.rows && !editor.isOpen && gridKey(grid, scene, editor, looking, event)) event.preventDefault();
  };
  grid.hit.onfocus = () => {
    if (!grid.hit.matches(":focus-visible") || scene.kept.pin?.grid === grid.name || !grid.rows) return;
    const [r, c] = scene.originOf(grid.name);
    looking.pin({ grid: grid.name, r, c });
  };
}

/**
 * @param {Grid} grid
 * @param {Scene} scene
 * @param {Editor} editor
 * @param {Looking} looking
 * @param {KeyboardEvent} event
 * @returns {boolean} whether the key meant something
 */
function gridKey(grid, scene, editor, looking, event) {
  const { pin } = scene.kept;
  const here = pin?.grid === grid.name ? pin : { grid: grid.name, r: 0, c: 0 };
  const step = arrowStep(event);
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  if (step) {
    const [r, c] = [clamp(here.r + step[0], 0, grid.rows - 1), clamp(here.c + step[1], 0, grid.columns - 1)];
    looking.pin({ grid: grid.name, r, c });
  } else if (event.key === "Home" || event.key === "End") {
    looking.pin({ ...here, c: event.key === "Home" ? 0 : grid.columns - 1 });
  } else if ((event.key === "Enter" || event.key === "F2") && grid.name === "input") {
    editor.edit(here);
  } else if (event.key === "Escape" && pin) {
    looking.unpin();
  } else if (event.key === " " && grid.name === "input" && editor.isDrawing) {
    editor.beginStroke(here);
    editor.endStroke();
  } else {
    return false;
  }
  return true;
}

/**
 * @param {Matrices} matrices
 * @param {Scene} scene
 * @param {Editor} editor
 * @param {Looking} looking
 */
export function listenToKernel(matrices, scene, editor, looking) {
  const { middle } = matrices;
  middle.onpointerover = (event) => {
    if (event.pointerType !== "touch") looking.point(matrices.kernelCell(event)?.focus ?? null);
  };
  middle.onpointerleave = () => looking.point(null);
  middle.onclick = (event) => {
    const found = matrices.kernelCell(event);
    if (!found || editor.isOpen) return;
    const again = scene.isPinned(found.focus);
    looking.pin(found.focus);
    matrices.rove(found.node);
    if (again) editor.edit(found.focus);
  };
  middle.onkeydown = (event) => {
    const found = matrices.kernelCell(event);
    if (!found || event.target !== found.node) return;
    const step = arrowStep(event);
    const { focus } = found;
    if (step) {
      const next = { ...focus, r: focus.r + step[0], c: focus.c + step[1] };
      const { columns } = scene.sizeOf("kernel");
      const node = next.r >= 0 && next.c >= 0 && next.c < columns ? matrices.kernelNode(next) : null;
      if (node) {
        matrices.rove(node);
        looking.pin(next);
      }
    } else if (event.key === "Enter" || event.key === "F2") {
      editor.edit(focus);
    } else if (event.key === "Escape" && scene.kept.pin) {
      looking.unpin();
    } else {
      return;
    }
    event.preventDefault();
  };
  middle.addEventListener("focusin", (event) => {
    const found = matrices.kernelCell(event);
    if (found?.node.matches(":focus-visible") && !scene.isPinned(found.focus)) looking.pin(found.focus);
  });
}
