// Pointer and keys: which elements are the same, walking from cell to cell, changing a number.

/** @import { Scene } from "./scene.js" */
/** @import { Entry } from "./types.js" */

import { arrowStep, make } from "../shared/dom.js";
import { entryAt } from "./scene.js";

const REFUSAL_MS = 6000;
const MOST = 999;

/**
 * @param {Scene} scene
 * @param {AbortSignal} signal ends it
 */
export function listen(scene, signal) {
  const { root } = scene;
  root.addEventListener("pointerover", ({ target }) => point(scene, entryAt(target)), { signal });
  root.addEventListener("pointerleave", () => point(scene, null), { signal });
  root.addEventListener(
    "focusin",
    ({ target }) => {
      const entry = entryAt(target);
      if (!entry) return;
      for (const other of scene.entries) other.cell.tabIndex = other === entry ? 0 : -1;
      point(scene, entry);
    },
    { signal },
  );
  root.addEventListener("keydown", (event) => walk(scene, event), { signal });
  root.addEventListener(
    "click",
    ({ target }) => {
      const entry = entryAt(target);
      if (!entry) return;
      entry.cell.focus();
      if (entry.tensor.editable) edit(scene, entry);
    },
    { signal },
  );
}

/**
 * @param {Scene} scene
 * @param {Entry | null} entry
 */
function point(scene, entry) {
  for (const cell of scene.lit) cell.classList.remove("lit", "here");
  scene.lit = [];
  if (!entry) return;
  entry.cell.classList.add("here");
  scene.lit.push(entry.cell);
  for (const source of entry.sources) {
    for (const other of scene.bySource.get(source) ?? []) {
      other.cell.classList.add("lit");
      scene.lit.push(other.cell);
    }
  }
  if (!scene.isRefused) scene.info.textContent = scene.describe(entry);
}

/**
 * @param {Scene} scene
 * @param {KeyboardEvent} event
 */
function walk(scene, event) {
  const entry = entryAt(event.target);
  if (!entry || event.target instanceof HTMLInputElement) return;
  if ((event.key === "Enter" || event.key === "F2") && entry.tensor.editable) {
    event.preventDefault();
    edit(scene, entry);
    return;
  }
  const step = arrowStep(event);
  const next = step && neighbour(scene, entry, step);
  if (!next) return;
  event.preventDefault();
  next.cell.focus();
}

/**
 * The nearest cell in a direction, of whatever tensor.
 *
 * @param {Scene} scene
 * @param {Entry} entry
 * @param {readonly [down: number, right: number]} step
 */
function neighbour(scene, entry, [down, right]) {
  const middle = (/** @type {Entry} */ { cell }) => {
    const box = cell.getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
  };
  const [x, y] = middle(entry);
  /** @type {Entry | null} */
  let best = null;
  let bestCost = Number.POSITIVE_INFINITY;
  for (const other of scene.entries) {
    if (other === entry) continue;
    const [otherX, otherY] = middle(other);
    const [dx, dy] = [otherX - x, otherY - y];
    const along = dx * right + dy * down;
    const cost = along + 3 * Math.abs(right ? dy : dx);
    if (along > 2 && cost < bestCost) [best, bestCost] = [other, cost];
  }
  return best;
}

/**
 * @param {Scene} scene
 * @param {Entry} entry
 */
function edit(scene, entry) {
  const { cell, tensor, place } = entry;
  if (cell.querySelector("input")) return;
  const before = cell.textContent;
  const input = make("input");
  input.value = before.replace(/\.$/, "");
  input.inputMode = "numeric";
  input.setAttribute("aria-label", scene.describe(entry));
  cell.replaceChildren(input);
  input.select();
  let done = false;
  const finish = (/** @type {boolean} */ save, /** @type {boolean} */ isByKey) => {
    if (done) return;
    done = true;
    const text = input.value.trim();
    const value = Number(text);
    const good = text !== "" && Number.isInteger(value) && Math.abs(value) <= MOST;
    cell.replaceChildren(before);
    if (save && good && value !== Number(before)) scene.report({ tensor: tensor.id, place, value });
    if (isByKey) cell.focus(); // a press elsewhere has given the focus away
    // After the focus, which writes the cell's own description there; and it stays while the pointer moves.
    if (save && !good) refuse(scene);
  };
  input.onkeydown = (event) => {
    event.stopPropagation();
    if (event.key === "Enter") finish(true, true);
    if (event.key === "Escape") finish(false, true);
  };
  input.onblur = () => finish(true, false);
}

/** @param {Scene} scene */
function refuse(scene) {
  scene.info.textContent = scene.props.labels.edit_allowed;
  scene.info.classList.add("refused");
  scene.isRefused = true;
  clearTimeout(scene.refusalTimer);
  scene.refusalTimer = setTimeout(() => {
    scene.isRefused = false;
    scene.info.classList.remove("refused");
  }, REFUSAL_MS);
}
