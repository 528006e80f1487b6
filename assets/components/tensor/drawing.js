// Tensors as boxes of numbers: the last two axes are a grid, the others labelled panels, or sliders when there are
// too many; long axes show a window.

/** @import { Scene } from "./scene.js" */
/** @import { Tensor, TensorJson, Windows } from "./types.js" */

import { decode } from "../shared/data.js";
import { make, slider } from "../shared/dom.js";
import { fill } from "../shared/text.js";
import { cellColours, FLAG, paint } from "./colours.js";
import { axisWindow, cellText, flatPlace, leadingAxes, product, shapeText, unravel } from "./numbers.js";
import { planSizes } from "./sizes.js";

const SAMPLE = 400;
const DIGITS = 4;
const FEWER_DIGITS = 3;
const MANY_COLUMNS = 8;
const NARROW = 560;

/**
 * @param {TensorJson} tensor
 * @returns {Tensor}
 */
export const readTensor = (tensor) => ({
  ...tensor,
  numbers: tensor.values ? decode(tensor.values, Float64Array) : new Float64Array(),
  maps: tensor.sources.map((text) => decode(text, Int32Array)),
  marks: tensor.flags ? decode(tensor.flags, Uint8Array) : null,
  tintMap: tensor.tints ? decode(tensor.tints, Int32Array) : null,
});

/**
 * All boxes with what stands between them; a sign stays with the box that follows it, so that it points at something
 * where the row wraps.
 *
 * @param {Scene} scene
 * @param {Tensor[]} tensors
 * @param {number} width
 */
export function drawStage(scene, tensors, width) {
  const { joiners } = scene.props;
  const stage = make("div", "stage");
  const joined = joiners.reduce((sum, text) => sum + (text ? text.length * 9 + 38 : 0), 0);
  const sizes = planSizes(tensors.map(boxOf), width, joined);
  stage.style.setProperty("--size", `${sizes.font}px`);
  stage.style.setProperty("--side", `${sizes.side}px`);
  const rows = width < NARROW ? 8 : 10;
  tensors.forEach((tensor, which) => {
    const step = make("div", "step");
    const joiner = which > 0 ? joiners[which - 1] : "";
    if (joiner) step.append(make("div", "joiner", joiner));
    step.append(new Box(scene, tensor, which, { rows, columns: sizes.columns[which] }).element);
    stage.append(step);
  });
  return stage;
}

/** @param {Tensor} tensor */
function boxOf(tensor) {
  const ndim = tensor.shape.length;
  let signs = 1;
  const count = Math.min(tensor.texts?.length ?? tensor.numbers.length, SAMPLE);
  for (let place = 0; place < count; place += 1) {
    signs = Math.max(signs, cellText(tensor, place, DIGITS).length);
  }
  const held = tensor.positions?.[ndim - 1];
  const last = ndim ? tensor.shape[ndim - 1] : 1;
  return {
    columns: last,
    hasHeads: ndim > 1 || tensor.fold,
    signs,
    bands: tensor.maps.length,
    fixed: tensor.fold
      ? null
      : held
        ? axisWindow(tensor, ndim - 1, 0, 0).length
        : tensor.wide && Math.min(tensor.wide, last),
  };
}

class Box {
  /**
   * @param {Scene} scene
   * @param {Tensor} tensor
   * @param {number} which
   * @param {{ rows: number, columns: number }} most places shown at once
   */
  constructor(scene, tensor, which, most) {
    this.scene = scene;
    this.tensor = tensor;
    this.which = which;
    this.most = most;
    scene.kept.windows[tensor.id] ??= { rows: 0, columns: 0, leading: [] };
    /** @type {Windows} */
    this.windows = scene.kept.windows[tensor.id];
    this.axes = leadingAxes(tensor.shape);
    this.panels = make("div", "panels");
    this.element = make("div", "tensor");
    this.element.append(drawTitle(tensor), this.panels, ...this.leadingControls(), ...this.windowControls());
    this.draw();
  }

  draw() {
    const { scene, tensor, which, axes, windows } = this;
    scene.forget(which);
    const outer = Array.from({ length: axes.sliders }, (_, axis) =>
      Math.min(windows.leading[axis] ?? 0, tensor.shape[axis] - 1),
    );
    const inner = tensor.shape.slice(axes.sliders, axes.count);
    const panels = Array.from({ length: product(inner) }, (_, i) =>
      this.drawPanel([...outer, ...unravel(i, inner)]),
    );
    this.panels.replaceChildren(...panels);
    scene.relate();
  }

  /** @param {number[]} leading */
  drawPanel(leading) {
    const { tensor, windows, most } = this;
    const ndim = tensor.shape.length;
    const panel = make("div", "panel");
    if (leading.length) panel.append(make("div", "panel-label", `[${leading.join(", ")}]`));
    const grid = make("div", "grid");
    grid.setAttribute("role", "grid");
    grid.setAttribute("aria-label", `${tensor.title} ${shapeText(tensor.shape)}`);
    panel.append(grid);
    if (tensor.fold) {
      this.drawFolded(grid);
      return panel;
    }
    const rows = ndim > 1 ? axisWindow(tensor, ndim - 2, most.rows, windows.rows) : [0];
    const columns = ndim > 0 ? axisWindow(tensor, ndim - 1, most.columns, windows.columns) : [0];
    grid.style.gridTemplateColumns = `repeat(${columns.length + (ndim > 1 ? 1 : 0)}, max-content)`;
    if (ndim > 0) grid.append(drawHeader(columns, ndim > 1));
    for (const row of rows) grid.append(this.drawRow(leading, row, columns));
    if (!rows.length || !columns.length) grid.append(make("span", "gap", "[ ]"));
    return panel;
  }

  /**
   * @param {number[]} leading
   * @param {number | null} row
   * @param {(number | null)[]} columns
   */
  drawRow(leading, row, columns) {
    const ndim = this.tensor.shape.length;
    const digits = columns.length > MANY_COLUMNS ? FEWER_DIGITS : DIGITS;
    const line = make("div", "row");
    if (row === null) line.setAttribute("aria-hidden", "true");
    else line.setAttribute("role", "row");
    if (ndim > 1) line.append(make("span", "head", row === null ? "⋮" : String(row)));
    for (const column of columns) {
      if (row === null || column === null) {
        line.append(make("span", "gap", row === null ? "⋮" : "…"));
      } else {
        const index = ndim > 1 ? [...leading, row, column] : ndim === 1 ? [column] : [];
        line.append(this.drawCell(index, digits));
      }
    }
    return line;
  }

  /**
   * A long row in several lines, each beginning with the index of its first element.
   *
   * @param {HTMLElement} grid
   */
  drawFolded(grid) {
    const size = this.tensor.shape[0];
    const most = this.most.columns;
    grid.style.gridTemplateColumns = `repeat(${most + 1}, max-content)`;
    for (let from = 0; from < size; from += most) {
      const line = make("div", "row");
      line.setAttribute("role", "row");
      line.append(make("span", "head", String(from)));
      for (let i = from; i < Math.min(from + most, size); i += 1) line.append(this.drawCell([i], DIGITS));
      for (let i = size; i < from + most; i += 1) line.append(make("span"));
      grid.append(line);
    }
  }

  /**
   * @param {number[]} index
   * @param {number} digits
   */
  drawCell(index, digits) {
    const { scene, tensor, which } = this;
    const { groups, colours } = scene.props;
    const place = flatPlace(tensor, index);
    const cell = make("div", "cell", cellText(tensor, place, digits));
    cell.setAttribute("role", "gridcell");
    cell.tabIndex = -1;
    paint(cell, cellColours(tensor, place, groups, colours), colours);
    const flags = tensor.marks?.[place] ?? 0;
    for (const [name, bit] of Object.entries(FLAG)) if (flags & bit) cell.classList.add(name);
    const entry = { cell, tensor, which, index, place, sources: tensor.maps.map((map) => map[place]) };
    const exact = scene.describe(entry);
    const shown = cell.textContent ?? "";
    // What is seen is part of what is said: who speaks to the machine says what is seen.
    cell.setAttribute("aria-label", exact.split(/\s+/).includes(shown) ? exact : `${shown}: ${exact}`);
    scene.add(entry);
    return cell;
  }

  /** Sliders for the axes that have too many indices for a panel each. */
  leadingControls() {
    const { tensor, windows, axes } = this;
    return Array.from({ length: axes.sliders }, (_, axis) => {
      const words = (/** @type {number} */ value) => this.axisWords(axis, String(value));
      return slider(words, tensor.shape[axis] - 1, windows.leading[axis] ?? 0, (value) => {
        windows.leading[axis] = value;
        this.draw();
      });
    });
  }

  /** Sliders that move the window along a long axis. */
  windowControls() {
    const { tensor, windows, most } = this;
    const ndim = tensor.shape.length;
    if (tensor.positions || tensor.fold) return [];
    const long = /** @type {const} */ ([
      ["rows", ndim - 2],
      ["columns", ndim - 1],
    ]).filter(([name, axis]) => axis >= 0 && tensor.shape[axis] > most[name]);
    return long.map(([name, axis]) => {
      const size = tensor.shape[axis];
      const words = (/** @type {number} */ value) =>
        this.axisWords(axis, `${value}–${Math.min(value + most[name] - 2, size - 1)}`);
      return slider(words, size - most[name] + 1, windows[name], (value) => {
        windows[name] = value;
        this.draw();
      });
    });
  }

  /**
   * @param {number} axis
   * @param {string} value
   */
  axisWords(axis, value) {
    return fill(this.scene.props.labels.axis, { axis, value, size: this.tensor.shape[axis] });
  }
}

/** @param {Tensor} tensor */
function drawTitle({ title, shape, clash, note }) {
  const head = make("div", "title");
  if (title) head.append(make("span", "name", title));
  const sizes = make("span", "shape");
  sizes.append("(");
  shape.forEach((size, axis) => {
    const part = make("span", clash.includes(axis) ? "clash" : "", String(size));
    sizes.append(part, axis < shape.length - 1 ? ", " : shape.length === 1 ? "," : "");
  });
  sizes.append(")");
  head.append(sizes);
  if (note) head.append(make("span", "note", note));
  return head;
}

/**
 * @param {(number | null)[]} columns
 * @param {boolean} hasRows
 */
function drawHeader(columns, hasRows) {
  const line = make("div", "row");
  line.setAttribute("aria-hidden", "true");
  if (hasRows) line.append(make("span", "head"));
  for (const column of columns) line.append(make("span", "head", column === null ? "…" : String(column)));
  return line;
}
