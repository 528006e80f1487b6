// The three matrices: window, kernel, products.

import { make } from "./elements.js";
import { isPool, isTransposed } from "./geometry.js";
import { formatNumber } from "./words.js";

export const matrices = {
  // Three matrices side by side, or two, or one under the other, so that their numbers stay legible.
  layoutWork(width) {
    const { kernel } = this.model.columns;
    const count = Math.max(Object.keys(this.cells).length, 1);
    const sizes = [
      [3, 46],
      [2, 40],
      [1, 34],
    ]
      .filter(([across]) => across <= count)
      .map(([across, most]) => {
        const taken = 32 + across * (2 * kernel + 40) + (across - 1) * 10;
        return Math.min(most, Math.floor((width - taken) / (across * kernel)));
      });
    const cell = sizes.find((size) => size >= 28) ?? Math.max(...sizes);
    this.work.style.setProperty("--cell", `${Math.max(cell, 14)}px`);
    this.work.style.setProperty("--span", `${cell * kernel}px`);
  },

  buildWork() {
    const { model, labels } = this;
    const [height, width] = [model.rows.kernel, model.columns.kernel];
    this.cells = {};
    this.work.replaceChildren();
    this.heads = {};
    const pool = isPool(model.layer);
    const whole = pool ? ["window"] : ["window", "kernel", "product"];
    const parts = model.legal ? whole : whole.filter((name) => name === "kernel");
    this.work.hidden = !parts.length;
    parts.forEach((name, i) => {
      const box = make("section", `matrix ${name}`);
      const head = make("header");
      this.heads[name] = make("h3", "", labels[name]);
      head.append(this.heads[name]);
      if (name === "kernel") head.append(this.kernelChoice, this.kernelExtra);
      const grid = make("div", "cells");
      grid.style.gridTemplateColumns = `repeat(${width}, var(--cell))`;
      grid.setAttribute("role", "grid");
      grid.setAttribute("aria-label", labels[name]);
      this.cells[name] = [];
      for (let r = 0; r < height; r += 1) {
        const line = make("div", "line");
        line.setAttribute("role", "row");
        for (let c = 0; c < width; c += 1) line.append(this.buildCell(name, r, c));
        grid.append(line);
      }
      const row = make("div", "numbers");
      if (i) row.append(make("span", "sign", name === "kernel" ? "⊙" : "="));
      row.append(grid);
      box.append(head, row);
      this.work.append(box);
    });
    this.fillKernel();
  },

  buildCell(name, r, c) {
    const cell = make("div", "cell");
    cell.setAttribute("role", "gridcell");
    cell.dataset.r = r;
    cell.dataset.c = c;
    cell.dataset.matrix = name;
    cell.style.setProperty("--weight-colour", this.colourOf(r, c));
    if (name === "kernel") cell.tabIndex = r || c ? -1 : 0;
    this.cells[name].push(cell);
    return cell;
  },

  fillKernel() {
    const { model } = this;
    this.cells.kernel?.forEach((cell, i) => {
      const [r, c] = [Math.floor(i / model.columns.kernel), i % model.columns.kernel];
      const value = this.weightAt(r, c);
      this.setCell(cell, value === null ? "" : formatNumber(value), "");
      cell.setAttribute("aria-label", `w[${r}, ${c}]${value === null ? "" : ` = ${formatNumber(value)}`}`);
    });
  },

  showMatrices(focus, met) {
    const { model, cells, input } = this;
    const width = model.columns.kernel;
    const blank = new Set(["window", "product"].flatMap((name) => cells[name] ?? []));
    const lit = new Set();
    const worth = focus && focus.grid !== "kernel" && this.inputValues;
    for (const { r, c, kr, kc, or, oc } of worth ? met : []) {
      const at = kr * width + kc;
      const value = this.inputValues[r * input.columns + c];
      this.setCell(cells.window[at], formatNumber(value), "");
      blank.delete(cells.window[at]);
      lit.add(at);
      if (!cells.product) continue;
      const product = value * this.weightAt(kr, kc);
      const place = this.isCropped(or, oc) ? "–" : `${or - model.rows.crop},${oc - model.columns.crop}`;
      const target = focus.grid === "input" ? `→ ${place}` : "";
      this.setCell(cells.product[at], formatNumber(product || 0), target);
      cells.product[at].dataset.value = product;
      blank.delete(cells.product[at]);
    }
    for (const cell of blank) {
      this.setCell(cell, "", "", true);
      delete cell.dataset.value;
    }
    const asInput = focus?.grid === "input";
    const mirrored = isTransposed(this.model.layer) && focus?.grid === "output";
    const window = asInput ? "cellHead" : mirrored ? "windowMirrored" : "window";
    const product = asInput ? "givesHead" : "product";
    if (this.heads.window) this.heads.window.textContent = this.labels[window];
    if (this.heads.product) this.heads.product.textContent = this.labels[product];
    if (!cells.kernel) return;
    cells.kernel.forEach((cell, at) => {
      const here = focus?.grid === "kernel" && at === focus.r * width + focus.c;
      cell.classList.toggle("here", here);
      cell.classList.toggle("idle", focus?.grid === "kernel" ? !here : Boolean(worth) && !lit.has(at));
    });
  },

  // Touches only what differs: each change has the browser compute styles again.
  setCell(cell, text, small, isBlank = false) {
    cell.classList.toggle("blank", isBlank);
    const signs = Math.max(2, text.length, 0.72 * small.length);
    if (cell.signs !== signs) cell.style.setProperty("--signs", signs);
    cell.signs = signs;
    if (cell.childNodes.length !== 2) cell.replaceChildren(document.createTextNode(""), make("small"));
    if (cell.firstChild.data !== text) cell.firstChild.data = text;
    if (cell.lastChild.textContent !== small) cell.lastChild.textContent = small;
  },
};
