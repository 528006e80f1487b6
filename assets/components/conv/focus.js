// What belongs to the focused cell, over the grids.

import { DARK_INK, roundCell } from "./canvas.js";
import { isTransposed } from "./geometry.js";
import { shortNumber } from "./words.js";

export const focused = {
  focusValue({ r, c }) {
    return this.inputValues[r * this.input.columns + c];
  },

  overlayOf(grid) {
    const context = grid.overlay.getContext("2d");
    context.clearRect(0, 0, grid.columns * grid.cell, grid.rows * grid.cell);
    context.textAlign = "center";
    context.textBaseline = "middle";
    return context;
  },

  colourCell(context, grid, r, c, kr, kc, text, small) {
    const { cell } = grid;
    const [x, y] = [c * cell, r * cell];
    roundCell(context, x, y, cell, this.colourOf(kr, kc));
    if (!grid.fontSize) return;
    context.fillStyle = DARK_INK;
    const two = small && cell >= 34;
    context.font = `600 ${grid.fontSize}px ${this.font}`;
    context.fillText(text, x + cell / 2, y + cell * (two ? 0.4 : 0.5) + 1);
    if (!two) return;
    context.font = `${Math.max(9, cell * 0.24)}px ${this.font}`;
    context.fillText(small, x + cell / 2, y + cell * 0.8);
  },

  outline(context, grid, r, c, rows, columns, colour, width = 3) {
    const { cell } = grid;
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
  },

  showInput(focus, met) {
    const grid = this.input;
    const context = this.overlayOf(grid);
    if (this.footprintMargin()) this.showFootprint(context);
    if (!focus) return;
    const ink = this.data.colours.ink;
    const usage = this.kept.usage;
    if (focus.grid !== "input") {
      for (const { r, c, kr, kc } of met) {
        const value = this.weightAt(kr, kc);
        const small = value === null || usage ? "" : `×${shortNumber(value)}`;
        this.colourCell(context, grid, r, c, kr, kc, this.inputText(r, c), small);
      }
    }
    if (focus.grid === "input") this.drawStrongArrow(context, focus);
    if (focus.grid === "output" && met.length) {
      const [top, left] = [Math.min(...met.map((m) => m.r)), Math.min(...met.map((m) => m.c))];
      const [bottom, right] = [Math.max(...met.map((m) => m.r)), Math.max(...met.map((m) => m.c))];
      this.box = { top, left, rows: bottom - top + 1, columns: right - left + 1 };
      this.outline(context, grid, top, left, this.box.rows, this.box.columns, this.data.colours.weight);
      if (this.model.layer.kind === "MaxPool2d") this.showWinner(context, met);
    }
    if (focus.grid === "input") this.outline(context, grid, focus.r, focus.c, 1, 1, ink);
    if (this.kept.step !== null && isTransposed(this.model.layer)) this.veil(context, grid, this.kept.step);
  },

  showWinner(context, met) {
    if (!this.inputValues) return;
    const value = (m) => this.inputValues[m.r * this.input.columns + m.c];
    const best = met.reduce((a, b) => (value(b) > value(a) ? b : a));
    this.outline(context, this.input, best.r, best.c, 1, 1, this.data.colours.ink);
  },

  showFootprint(context) {
    const { rows, columns } = this.model;
    const { cell } = this.input;
    const reach = (plan) => plan.dilation * (plan.kernel - 1) + 1;
    const canvas = this.input.overlay;
    const [width, height] = [columns.inCells, rows.inCells].map((cells, i) =>
      Math.max(cells, reach(i ? rows : columns)),
    );
    canvas.width = Math.round(width * cell * this.ratio);
    canvas.height = Math.round(height * cell * this.ratio);
    canvas.style.width = `${width * cell}px`;
    canvas.style.height = `${height * cell}px`;
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    this.outline(context, this.input, 0, 0, rows.inCells, columns.inCells, this.data.colours.input);
    context.globalAlpha = 0.4;
    for (let kr = 0; kr < rows.kernel; kr += 1) {
      for (let kc = 0; kc < columns.kernel; kc += 1) {
        const [x, y] = [kc * columns.dilation * cell, kr * rows.dilation * cell];
        roundCell(context, x, y, cell, this.colourOf(kr, kc));
      }
    }
    context.globalAlpha = 1;
    context.setLineDash([7, 5]);
    this.outline(context, this.input, 0, 0, reach(rows), reach(columns), this.data.colours.wrong);
    context.setLineDash([]);
  },

  showOutput(focus, met) {
    const grid = this.output;
    const context = this.overlayOf(grid);
    if (!focus || !this.model.legal) return;
    if (focus.grid !== "output") {
      for (const { kr, kc, or, oc } of met) {
        const value = this.weightAt(kr, kc);
        const product = value === null || focus.grid !== "input" ? null : value * this.focusValue(focus) || 0;
        const small = product === null ? "" : `${product < 0 ? "" : "+"}${shortNumber(product)}`;
        this.colourCell(context, grid, or, oc, kr, kc, this.outputText(or, oc), small);
      }
    }
    if (this.kept.step !== null && !isTransposed(this.model.layer)) this.veil(context, grid, this.kept.step);
    if (focus.grid === "output")
      this.outline(context, grid, focus.r, focus.c, 1, 1, this.data.colours.weight);
  },

  // While it plays, what has not been computed yet stays under a veil.
  veil(context, grid, step) {
    const { cell } = grid;
    const [r, c] = [Math.floor(step / grid.columns), step % grid.columns];
    context.fillStyle = `rgb(${this.colours.paper.join(",")})`;
    context.globalAlpha = 0.8;
    context.fillRect((c + 1) * cell, r * cell, (grid.columns - c - 1) * cell, cell);
    context.fillRect(0, (r + 1) * cell, grid.columns * cell, (grid.rows - r - 1) * cell);
    context.globalAlpha = 1;
  },

  // A band from the window to the cell that it makes.
  showLink(focus, met) {
    this.link.replaceChildren();
    if (!focus || !met.length || focus.grid === "kernel" || this.root.classList.contains("narrow")) return;
    const frame = this.grids.getBoundingClientRect();
    const corners = (grid, cells) => {
      const box = grid.base.getBoundingClientRect();
      const [rs, cs] = [cells.map(([r]) => r), cells.map(([, c]) => c)];
      const [top, bottom] = [Math.min(...rs), Math.max(...rs) + 1].map(
        (r) => box.y - frame.y + r * grid.cell,
      );
      const [left, right] = [Math.min(...cs), Math.max(...cs) + 1].map(
        (c) => box.x - frame.x + c * grid.cell,
      );
      return { top, bottom, left, right };
    };
    const from = corners(
      this.input,
      met.map((m) => [m.r, m.c]),
    );
    const to = corners(
      this.output,
      met.map((m) => [m.or, m.oc]),
    );
    const band = document.createElementNS("http://www.w3.org/2000/svg", "polygon");
    band.setAttribute(
      "points",
      `${from.right},${from.top} ${to.left},${to.top} ${to.left},${to.bottom} ${from.right},${from.bottom}`,
    );
    this.link.append(band);
  },
};
