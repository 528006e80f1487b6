// Changing a number in place, drawing by hand, shifting: what makes a new look.

import { MAX_DRAWN, weightSizes } from "./contents.js";
import { make } from "./elements.js";
import { isTransposed, modulo } from "./geometry.js";
import { lookText, MAX_EDITS, MAX_SHIFT } from "./look.js";
import { fill } from "./words.js";

const NOTICE_MS = 6000;

export const editing = {
  isDrawing(grid) {
    return grid === this.input && this.kept.look.input === "drawn";
  },

  press(grid, event) {
    if (!this.isDrawing(grid) || event.button) return;
    const focus = this.cellAt(grid, event);
    const spot = focus && this.drawnSpot(focus);
    if (!spot) return;
    event.preventDefault();
    grid.hit.setPointerCapture(event.pointerId);
    grid.hit.focus({ preventScroll: true });
    this.stroke = { tone: this.kept.look.drawn[spot.y]?.[spot.x] === "9" ? "0" : "9" };
    this.paint(focus);
  },

  // Where an edited input cell lies before the shift; null (with a reason) where it cannot be edited.
  inputSpot({ r, c }) {
    const { model, kept } = this;
    const [y, x] = [
      r - model.rows.before - kept.look.shift[1],
      c - model.columns.before - kept.look.shift[0],
    ];
    if (!this.isInside(r, c)) return null;
    return y >= 0 && x >= 0 && y < model.rows.size && x < model.columns.size ? { y, x } : null;
  },

  edit(focus) {
    if (!focus || this.editing || focus.grid === "output" || !this.model.inputs) return;
    if (focus.grid === "kernel" && !this.model.weight) return;
    const spot = focus.grid === "input" ? this.inputSpot(focus) : focus;
    if (!spot) {
      this.say(this.labels.notEditable);
      return;
    }
    this.unveil();
    const value =
      focus.grid === "input"
        ? this.inputValues[focus.r * this.input.columns + focus.c]
        : this.weightAt(focus.r, focus.c);
    this.openEditor(focus, value, (number) => {
      if (focus.grid === "input") this.setInput(spot, number);
      else this.setWeight(focus, number);
    });
  },

  openEditor(focus, value, save) {
    const field = make("input", "editor");
    field.inputMode = "decimal";
    field.value = String(Number(value.toFixed(3)));
    field.setAttribute("aria-label", fill(this.labels.editLabel, { name: this.labels[focus.grid] }));
    const kernelCell = this.cells.kernel?.[focus.r * this.model.columns.kernel + focus.c];
    const home = focus.grid === "input" ? this.input.hit : kernelCell;
    if (focus.grid === "input") {
      const { cell } = this.input;
      const side = Math.max(cell, 46);
      Object.assign(field.style, {
        left: `${focus.c * cell - (side - cell) / 2}px`,
        top: `${focus.r * cell - (Math.max(cell, 30) - cell) / 2}px`,
        width: `${side}px`,
        height: `${Math.max(cell, 30)}px`,
      });
      this.input.stage.append(field);
    } else {
      kernelCell.replaceChildren(field);
    }
    this.editing = true;
    field.focus();
    field.select();
    const finish = (keep) => {
      if (!this.editing) return;
      this.editing = false;
      const number = Number(field.value.trim().replace("−", "-").replace(",", "."));
      const good = field.value.trim() !== "" && Number.isFinite(number) && Math.abs(number) <= 999;
      field.remove();
      this.fillKernel();
      if (keep && good) save(Math.round(number * 1000) / 1000);
      this.show();
      if (keep && !good) this.say(this.labels.editAllowed);
      home.focus({ preventScroll: true });
    };
    field.onkeydown = (event) => {
      event.stopPropagation();
      if (event.key === "Enter") finish(true);
      if (event.key === "Escape") finish(false);
    };
    field.onpointerdown = (event) => event.stopPropagation();
    field.onblur = () => finish(true);
  },

  // What was refused, over the picture for a while: nothing moves for it.
  say(text) {
    this.notice.textContent = text;
    this.notice.hidden = false;
    clearTimeout(this.noticeTimer);
    this.noticeTimer = setTimeout(() => {
      this.notice.hidden = true;
    }, NOTICE_MS);
  },

  // The list with one more edit, or null, with a message, where it is full.
  withEdit(list, place, value) {
    const rest = list.filter((edit) => place.some((at, i) => edit[i] !== at));
    if (rest.length < MAX_EDITS) return [...rest, [...place, value]];
    this.say(fill(this.labels.editsFull, { count: MAX_EDITS }));
    return null;
  },

  setInput({ y, x }, value) {
    const inputEdits = this.withEdit(this.kept.look.inputEdits, [this.kept.input, y, x], value);
    if (inputEdits) this.relook({ inputEdits });
  },

  setWeight({ r, c }, value) {
    const { layer } = this.model;
    const [, second] = weightSizes(layer);
    const { input, output } = this.kept;
    const [a, b] = isTransposed(layer) ? [input, output % second] : [output, input % second];
    const weightEdits = this.withEdit(this.kept.look.weightEdits, [a, b, r, c], value);
    if (weightEdits) this.relook({ weightEdits });
  },

  shift([right, down]) {
    const limit = (value) => Math.min(Math.max(value, -MAX_SHIFT), MAX_SHIFT);
    const { shift } = this.kept.look;
    this.relook({ shift: [limit(shift[0] + right), limit(shift[1] + down)] });
  },

  blankRows() {
    const [height, width] = [this.model.rows.size, this.model.columns.size].map((size) =>
      Math.min(size, MAX_DRAWN),
    );
    return Array.from({ length: height }, () => "0".repeat(width));
  },

  drawnSpot(focus) {
    const spot = this.inputSpot(focus);
    if (!spot) return null;
    const x = modulo(spot.x - this.kept.input, this.model.columns.size);
    return spot.y < MAX_DRAWN && x < MAX_DRAWN ? { y: spot.y, x } : null;
  },

  paint(focus) {
    const spot = focus && this.stroke && this.drawnSpot(focus);
    if (!spot) return;
    const { look } = this.kept;
    const blank = this.blankRows();
    const rows = blank.map((row, y) => (look.drawn[y] ?? "").padEnd(row.length, "0").slice(0, row.length));
    if (!rows[spot.y] || rows[spot.y][spot.x] === this.stroke.tone) return;
    rows[spot.y] = rows[spot.y].slice(0, spot.x) + this.stroke.tone + rows[spot.y].slice(spot.x + 1);
    this.stroke.painted = true;
    this.kept.look = { ...look, drawn: rows };
    this.unveil();
    Object.assign(this.kept, { place: this.placeOf(focus), unpinned: false });
    this.refresh();
  },

  endStroke() {
    if (this.stroke?.painted) this.report(lookText(this.kept.look));
    this.stroke = null;
  },

  relook(changes) {
    this.kept.look = { ...this.kept.look, ...changes };
    this.unveil();
    this.refresh();
    this.report(lookText(this.kept.look));
  },
};
