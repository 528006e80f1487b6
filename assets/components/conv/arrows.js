// Padded cells that copy an input cell point to it.

import { isPool } from "./geometry.js";

export const ARROW_LIMIT = 80;

export const arrows = {
  // The arrow of the cell that is looked at.
  drawStrongArrows(context, focus) {
    this.drawArrows(context, (r, c) => r === focus.r && c === focus.c);
  },

  // Padded cells that copy an input cell point to it: all of them faintly, unless they are too many, or those
  // that are strong.
  drawArrows(context, isStrong) {
    const { model, input } = this;
    if (model.layer.mode === "zeros" || isPool(model.layer) || !model.legal || input.cell < 9) return;
    const few = this.paddedCells() <= ARROW_LIMIT;
    const base = context === input.base.getContext("2d");
    for (let r = 0; r < input.rows; r += 1) {
      for (let c = 0; c < input.columns; c += 1) {
        const [y, x] = [model.rows.source[r] + model.rows.before, model.columns.source[c] + model.columns.before];
        if (y === r && x === c) continue;
        if (base ? few : isStrong(r, c)) this.arrow(context, r, c, y, x, !base);
      }
    }
  },

  paddedCells() {
    const { rows, columns } = this.model;
    return rows.inCells * columns.inCells - rows.size * columns.size;
  },

  arrow(context, r, c, y, x, strong) {
    const { cell } = this.input;
    const centre = (at) => (at + 0.5) * cell;
    const [x0, y0, x1, y1] = [centre(c), centre(r), centre(x), centre(y)];
    const length = Math.hypot(x1 - x0, y1 - y0) || 1;
    const bend = Math.min(0.18 * length, 2 * cell);
    const [mx, my] = [(x0 + x1) / 2 - ((y1 - y0) / length) * bend, (y0 + y1) / 2 + ((x1 - x0) / length) * bend];
    context.globalAlpha = strong ? 1 : 0.35;
    context.strokeStyle = context.fillStyle = strong ? this.data.colours.ink : this.data.colours.padding;
    context.lineWidth = strong ? 2 : 1.3;
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
    context.globalAlpha = 1;
  },
};
