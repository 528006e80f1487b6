// The sweep as a map: a row for each racer, a column for each learning rate, a colour for how it ended.

import { blend, css, rgb } from "../shared/colour.js";
import { arrowStep, clamp, make } from "../shared/dom.js";
import { fill } from "../shared/text.js";
import { brush, fit } from "./frame.js";
import { mark, shown } from "./marks.js";
import { RATES } from "./race.js";

/** @typedef {import("./rules.js").Method} Method */
/** @typedef {import("./race.js").Cell} Cell */
/** @typedef {import("./flat.js").Inks & { input: string, output: string }} Inks */
/**
 * @typedef {object} HeatRow
 * @property {Method} method
 * @property {string} name
 * @property {number} index
 * @property {string} colour
 * @property {Cell[] | null} row null while it is computed
 * @property {number} best
 * @property {number} rate the one it runs with
 */
/** @typedef {{ cellArrived: string, cellGap: string, cellOverflow: string, cellPending: string, rates: string }} HeatTexts */

const LEFT = 118;
const RIGHT = 14;
const ROW = 34;

/** Draws the map, answers the pointer and the arrow keys. */
export class Heat {
  /**
   * @param {HTMLElement} parent
   * @param {HeatTexts} texts
   * @param {(method: Method, rate: number) => void} onPick
   */
  constructor(parent, texts, onPick) {
    this.texts = texts;
    this.onPick = onPick;
    this.canvas = make("canvas", "heat");
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "application");
    this.words = make("p", "heat-words");
    this.words.setAttribute("aria-live", "polite");
    parent.append(this.canvas, this.words);
    /** @type {HeatRow[]} */
    this.rows = [];
    this.cursor = { row: 0, column: 0 };
    /** @type {Inks | null} */
    this.inks = null;
    this.steps = 1;
    this.canvas.addEventListener("pointermove", (event) => this.point(event, false));
    this.canvas.addEventListener("click", (event) => this.point(event, true));
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    for (const event of ["focus", "blur"]) this.canvas.addEventListener(event, () => this.draw());
  }

  /**
   * @param {HeatRow[]} rows
   * @param {Inks} inks
   * @param {number} steps
   * @param {string} label
   */
  show(rows, inks, steps, label) {
    Object.assign(this, { rows, inks, steps });
    this.canvas.style.height = `${rows.length * ROW + 46}px`;
    this.canvas.setAttribute("aria-label", label);
    this.draw();
  }

  /** @param {Cell | undefined} cell */
  colour(cell) {
    const inks = this.inks;
    if (!inks || !cell) return "transparent";
    const [arrived, gap] = cell;
    if (gap === null) return inks.wrong;
    if (arrived !== null) {
      const late = Math.min(1, Math.log(1 + arrived) / Math.log(1 + this.steps));
      return css(blend(rgb(inks.output), rgb(inks.paper), 0.75 * late));
    }
    const far = Math.min(Math.max((Math.log10(Math.max(gap, 1e-6)) + 3) / 9, 0), 1);
    return css(blend(rgb(inks.paper), rgb(inks.ink), 0.12 + 0.5 * far));
  }

  draw() {
    fit(this.canvas);
    const { context, width, height } = brush(this.canvas);
    const { inks, rows } = this;
    context.clearRect(0, 0, width, height);
    if (!inks || !width) return;
    const cell = (width - LEFT - RIGHT) / RATES.length;
    rows.forEach((each, r) => {
      const top = r * ROW;
      context.fillStyle = each.colour;
      context.strokeStyle = inks.paper;
      mark(context, each.index, 10, top + ROW / 2, 7);
      context.fillStyle = inks.ink;
      context.textAlign = "left";
      context.textBaseline = "middle";
      context.fillText(each.name, 24, top + ROW / 2);
      RATES.forEach((_, c) => {
        context.fillStyle = this.colour(each.row?.[c]);
        context.fillRect(LEFT + c * cell, top + 3, Math.max(cell - 0.7, 1), ROW - 6);
      });
      const place = (/** @type {number} */ rate) => LEFT + cell * (Math.log10(rate / RATES[0]) * 10 + 0.5);
      if (each.row) {
        context.strokeStyle = inks.ink;
        context.lineWidth = 2.5;
        context.strokeRect(LEFT + each.best * cell - 1, top + 2, cell + 1, ROW - 4);
      }
      if (each.rate >= RATES[0] / 1.2 && each.rate <= RATES[RATES.length - 1] * 1.2) {
        context.fillStyle = each.colour;
        context.strokeStyle = inks.paper;
        context.lineWidth = 1.5;
        mark(context, each.index, place(each.rate), top + ROW / 2, 6);
      }
    });
    if (this.canvas.matches(":focus-visible")) this.drawCursor(context, cell, inks);
    this.drawScale(context, cell, rows.length * ROW, width, inks);
  }

  /**
   * Where the arrow keys are.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {number} cell
   * @param {Inks} inks
   */
  drawCursor(context, cell, inks) {
    const row = Math.min(this.cursor.row, this.rows.length - 1);
    const [x, y] = [LEFT + this.cursor.column * cell, row * ROW];
    for (const [colour, width] of /** @type {const} */ ([
      [inks.paper, 6],
      [inks.input, 3],
    ])) {
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.strokeRect(x - 2, y + 2, cell + 3, ROW - 4);
    }
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} cell
   * @param {number} top
   * @param {number} width
   * @param {Inks} inks
   */
  drawScale(context, cell, top, width, inks) {
    context.fillStyle = inks.ink;
    context.textAlign = "center";
    context.textBaseline = "top";
    for (let power = -4; power <= 1; power += 1) {
      const x = LEFT + ((power + 4) * 10 + 0.5) * cell;
      context.fillText(shown(10 ** power), Math.min(x, width - 16), top + 4);
    }
    context.fillText(this.texts.rates, LEFT + (width - LEFT - RIGHT) / 2, top + 24);
  }

  /**
   * @param {PointerEvent | MouseEvent} event
   * @param {boolean} isPicked
   */
  point(event, isPicked) {
    const box = this.canvas.getBoundingClientRect();
    const column = Math.floor(
      ((event.clientX - box.left - LEFT) / (box.width - LEFT - RIGHT)) * RATES.length,
    );
    const row = Math.floor((event.clientY - box.top) / ROW);
    if (column < 0 || column >= RATES.length || row < 0 || row >= this.rows.length) return;
    this.cursor = { row, column };
    this.say();
    if (isPicked) this.onPick(this.rows[row].method, RATES[column]);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const [down, right] = arrowStep(event) ?? [0, 0];
    const isPress = event.key === "Enter" || event.key === " ";
    if (!this.rows.length || (!isPress && !down && !right)) return;
    event.preventDefault();
    this.cursor.row = clamp(this.cursor.row + down, 0, this.rows.length - 1); // racers may have left since
    if (isPress) this.onPick(this.rows[this.cursor.row].method, RATES[this.cursor.column]);
    this.cursor.column = Math.min(Math.max(this.cursor.column + right, 0), RATES.length - 1);
    this.draw();
    this.say();
  }

  say() {
    const { texts, steps } = this;
    const { row, column } = this.cursor;
    const each = this.rows[row];
    const cell = each.row?.[column];
    const slots = { name: each.name, rate: shown(RATES[column]), steps };
    if (!cell) this.words.textContent = fill(texts.cellPending, slots);
    else if (cell[1] === null) this.words.textContent = fill(texts.cellOverflow, slots);
    else if (cell[0] !== null) this.words.textContent = fill(texts.cellArrived, { ...slots, step: cell[0] });
    else this.words.textContent = fill(texts.cellGap, { ...slots, gap: shown(cell[1], 3) });
  }
}
