// Window, kernel and products as matrices of numbers. Kernel (a pool: window) stands between the grids.

/** @import { Scene } from "./scene.js" */
/** @import { Cell, Meeting } from "./types.js" */

import { make } from "../shared/dom.js";
import { weightColour } from "./canvas.js";
import { isPool, isTransposed } from "./geometry.js";
import { formatNumber } from "./words.js";

/** @typedef {"window" | "kernel" | "product"} Name */
/**
 * @typedef {object} Entry
 * @property {HTMLElement} cell
 * @property {Text} text
 * @property {HTMLElement} small
 * @property {number} signs
 */

export class Matrices {
  /**
   * @param {Scene} scene
   * @param {HTMLElement[]} kernelTools what stands under the kernel
   */
  constructor(scene, kernelTools) {
    this.scene = scene;
    this.kernelTools = kernelTools;
    /** What stands between the grids. */
    this.middle = make("div", "figure middle");
    /** What stands under them. */
    this.work = make("div", "work");
    /** @type {Partial<Record<Name, Entry[]>>} */
    this.entries = {};
    /** @type {Partial<Record<Name, HTMLElement>>} */
    this.heads = {};
    this.built = "";
  }

  /** For the layer of the scene; the cells stay where their number stays. */
  build() {
    const { model, props } = this.scene;
    const pool = isPool(model.layer);
    const key = [model.rows.kernel, model.columns.kernel, pool, model.legal].join();
    this.work.hidden = pool || !model.legal;
    this.middle.hidden = pool && !model.legal;
    if (key !== this.built) {
      this.built = key;
      this.entries = {};
      this.heads = {};
      if (pool) {
        this.middle.replaceChildren(...(model.legal ? [this.buildMatrix("window")] : []));
        this.work.replaceChildren();
      } else {
        const kernel = this.buildMatrix("kernel");
        const tools = make("div", "kernel-tools");
        tools.append(...this.kernelTools);
        kernel.append(tools);
        this.middle.replaceChildren(kernel);
        const sign = make("span", "sign", `⊙ ${props.labels.kernel} =`);
        const parts = [this.buildMatrix("window"), sign, this.buildMatrix("product")];
        this.work.replaceChildren(...(model.legal ? parts : []));
      }
    }
    this.fillKernel();
  }

  /** @param {Name} name */
  buildMatrix(name) {
    const { model, props } = this.scene;
    const { rows, columns } = model;
    const box = make("section", `matrix ${name}`);
    const head = make("header");
    const title = make("h2", "", props.labels[name]);
    head.append(title);
    this.heads[name] = title;
    const grid = make("div", "cells");
    grid.style.gridTemplateColumns = `repeat(${columns.kernel}, var(--cell))`;
    grid.setAttribute("role", "grid");
    grid.setAttribute("aria-label", props.labels[name]);
    /** @type {Entry[]} */
    const entries = [];
    this.entries[name] = entries;
    for (let r = 0; r < rows.kernel; r += 1) {
      const line = make("div", "line");
      line.setAttribute("role", "row");
      for (let c = 0; c < columns.kernel; c += 1) {
        const entry = this.buildCell(name, r, c);
        entries.push(entry);
        line.append(entry.cell);
      }
      grid.append(line);
    }
    box.append(head, grid);
    return box;
  }

  /**
   * @param {Name} name
   * @param {number} r
   * @param {number} c
   * @returns {Entry}
   */
  buildCell(name, r, c) {
    const { rows, columns } = this.scene.model;
    const cell = make("div", "cell");
    cell.setAttribute("role", "gridcell");
    cell.dataset.r = String(r);
    cell.dataset.c = String(c);
    cell.dataset.matrix = name;
    cell.style.setProperty(
      "--weight-colour",
      weightColour(r, c, { rows: rows.kernel, columns: columns.kernel }),
    );
    if (name === "kernel") cell.tabIndex = r || c ? -1 : 0;
    const [text, small] = [document.createTextNode(""), make("small")];
    cell.append(text, small);
    return { cell, text, small, signs: 0 };
  }

  /**
   * @param {number} middle side of a cell between the grids
   * @param {number} work side of a cell under them
   */
  resize(middle, work) {
    this.middle.style.setProperty("--cell", `${middle}px`);
    this.work.style.setProperty("--cell", `${work}px`);
  }

  /** The weights' numbers. */
  fillKernel() {
    const { scene } = this;
    this.entries.kernel?.forEach((entry, i) => {
      const [r, c] = this.placeOf(i);
      const value = scene.weightAt(r, c);
      setCell(entry, value === null ? "" : formatNumber(value), "");
      entry.cell.setAttribute(
        "aria-label",
        `w[${r}, ${c}]${value === null ? "" : ` = ${formatNumber(value)}`}`,
      );
    });
  }

  /** @param {number} i */
  placeOf(i) {
    const width = this.scene.model.columns.kernel;
    return [Math.floor(i / width), i % width];
  }

  /**
   * The kernel's cell under an event's target.
   *
   * @param {Event} event
   * @returns {{ node: HTMLElement, focus: Cell } | null}
   */
  kernelCell({ target }) {
    const node = target instanceof Element ? target.closest(".matrix.kernel .cell") : null;
    if (!(node instanceof HTMLElement)) return null;
    return { node, focus: { grid: "kernel", r: Number(node.dataset.r), c: Number(node.dataset.c) } };
  }

  /** @param {{ r: number, c: number }} place */
  kernelNode({ r, c }) {
    return this.entries.kernel?.[r * this.scene.model.columns.kernel + c]?.cell ?? null;
  }

  /**
   * Lets the keyboard be at one weight.
   *
   * @param {HTMLElement} node
   */
  rove(node) {
    for (const { cell } of this.entries.kernel ?? []) cell.tabIndex = cell === node ? 0 : -1;
    node.focus();
  }

  /**
   * @param {Cell | null} focus
   * @param {Meeting[]} met
   */
  show(focus, met) {
    const { scene, entries } = this;
    const width = scene.model.columns.kernel;
    const { window = [], product = [] } = entries;
    const blank = new Set([...window, ...product]);
    /** @type {Set<number>} */
    const lit = new Set();
    const worth = focus && focus.grid !== "kernel" && scene.values;
    for (const meeting of worth ? met : []) {
      const at = meeting.kr * width + meeting.kc;
      const value = scene.valueAt(meeting.r, meeting.c);
      if (window[at]) setCell(window[at], formatNumber(value), "");
      blank.delete(window[at]);
      lit.add(at);
      if (!product[at]) continue;
      const result = value * (scene.weightAt(meeting.kr, meeting.kc) ?? 0);
      setCell(product[at], formatNumber(result || 0), focus?.grid === "input" ? this.target(meeting) : "");
      product[at].cell.dataset.value = String(result);
      blank.delete(product[at]);
    }
    for (const entry of blank) {
      setCell(entry, "", "", true);
      delete entry.cell.dataset.value;
    }
    this.showHeads(focus);
    entries.kernel?.forEach(({ cell }, at) => {
      const here = focus?.grid === "kernel" && at === focus.r * width + focus.c;
      cell.classList.toggle("here", here);
      cell.classList.toggle("idle", focus?.grid === "kernel" ? !here : Boolean(worth) && !lit.has(at));
    });
  }

  /**
   * Where a product goes.
   *
   * @param {Meeting} meeting
   */
  target({ or, oc }) {
    const { scene } = this;
    const { rows, columns } = scene.model;
    return `→ ${scene.isCropped(or, oc) ? "–" : `${or - rows.crop},${oc - columns.crop}`}`;
  }

  /** @param {Cell | null} focus */
  showHeads(focus) {
    const { labels } = this.scene.props;
    const asInput = focus?.grid === "input";
    const mirrored = isTransposed(this.scene.model.layer) && focus?.grid === "output";
    const { window, product } = this.heads;
    if (window) window.textContent = labels[asInput ? "cellHead" : mirrored ? "windowMirrored" : "window"];
    if (product) product.textContent = labels[asInput ? "givesHead" : "product"];
  }
}

/**
 * Touches only what differs: each change has the browser compute styles again.
 *
 * @param {Entry} entry
 * @param {string} text
 * @param {string} small
 * @param {boolean} [isBlank]
 */
function setCell(entry, text, small, isBlank = false) {
  const { cell } = entry;
  cell.classList.toggle("blank", isBlank);
  const signs = Math.max(2, text.length, 0.72 * small.length);
  if (entry.signs !== signs) cell.style.setProperty("--signs", String(signs));
  entry.signs = signs;
  if (cell.firstChild !== entry.text) cell.replaceChildren(entry.text, entry.small);
  if (entry.text.data !== text) entry.text.data = text;
  if (entry.small.textContent !== small) entry.small.textContent = small;
}
