// Padded cells that copy an input cell point to it.

import { isPool } from "./geometry.js";

export const ARROW_LIMIT = 80;

export const arrows = {
  // All arrows, faintly, unless they are too many.
  drawFaintArrows(context) {
    if (this.paddedCells() <= ARROW_LIMIT) this.drawArrows(context, () => true, false);
  },

  // The arrow of the cell that is looked at.
  drawStrongArrow(context, focus) {
    this.drawArrows(context, (r, c) => r === focus.r && c === focus.c, true);
  },

  drawArrows(context, isShown, strong) {
    const { model, input } = this;
    if (model.layer.mode === "zeros" || isPool(model.layer) || !model.legal || input.cell < 9) return;
    for (let r = 0; r < input.rows; r += 1) {
      for (let c = 0; c < input.columns; c += 1) {
        const [y, x] = [
          model.rows.source[r] + model.rows.before,
          model.columns.source[c] + model.columns.before,
        ];
        if ((y !== r || x !== c) && isShown(r, c)) this.arrow(context, r, c, y, x, strong);
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
    const [mx, my] = [
      (x0 + x1) / 2 - ((y1 - y0) / length) * bend,
      (y0 + y1) / 2 + ((x1 - x0) / length) * bend,
    ];
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
