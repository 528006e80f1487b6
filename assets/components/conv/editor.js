// Changing a number in place and drawing by hand: what makes a new look.

/** @import { Grid } from "./canvas.js" */
/** @import { Matrices } from "./matrices.js" */
/** @import { Scene } from "./scene.js" */
/** @import { Cell, Look } from "./types.js" */

import { make } from "../shared/dom.js";
import { fill } from "../shared/text.js";
import { weightSizes } from "./contents.js";
import { isTransposed, modulo } from "./geometry.js";
import { blankRows } from "./tools.js";

/**
 * What editing asks of the picture.
 *
 * @typedef {object} Desk
 * @property {(changes: Partial<Look>) => void} relook a new look, reported to the server
 * @property {(look: Look, place: Cell) => void} paint a new look, not reported yet
 * @property {() => void} report what was painted
 * @property {(text: string) => void} say what is refused
 * @property {() => void} unveil playing ends
 * @property {() => void} show
 */

export class Editor {
  /**
   * @param {Scene} scene
   * @param {Grid} input
   * @param {Matrices} matrices
   * @param {Desk} desk
   */
  constructor(scene, input, matrices, desk) {
    this.scene = scene;
    this.input = input;
    this.matrices = matrices;
    this.desk = desk;
    this.isOpen = false;
    /** @type {{ tone: string, painted: boolean } | null} */
    this.stroke = null;
  }

  // --- numbers --------------------------------------------------------------------------------------------------

  /** @param {Cell | null} focus */
  edit(focus) {
    const { scene } = this;
    if (!focus || this.isOpen || focus.grid === "output" || !scene.model.inputs) return;
    if (focus.grid === "kernel") {
      const value = scene.weightAt(focus.r, focus.c);
      const home = this.matrices.kernelNode(focus);
      if (value === null || !home) return;
      this.desk.unveil();
      const field = this.field(focus, value);
      home.replaceChildren(field);
      this.open(field, home, (number) => this.setWeight(focus, number));
      return;
    }
    const spot = scene.inputSpot(focus);
    if (!spot) {
      this.desk.say(scene.props.labels.notEditable);
      return;
    }
    this.desk.unveil();
    const field = this.field(focus, scene.valueAt(focus.r, focus.c));
    this.placeOver(field, focus);
    this.input.stage.append(field);
    this.open(field, this.input.hit, (number) => this.setInput(spot, number));
  }

  /**
   * @param {Cell} focus
   * @param {number} value
   */
  field(focus, value) {
    const { labels } = this.scene.props;
    const field = make("input", "editor");
    field.inputMode = "decimal";
    field.value = String(Number(value.toFixed(3)));
    field.setAttribute("aria-label", fill(labels.editLabel, { name: labels[focus.grid] }));
    return field;
  }

  /**
   * @param {HTMLElement} field
   * @param {{ r: number, c: number }} place
   */
  placeOver(field, { r, c }) {
    const { cell } = this.input;
    const [width, height] = [Math.max(cell, 46), Math.max(cell, 30)];
    Object.assign(field.style, {
      left: `${c * cell - (width - cell) / 2}px`,
      top: `${r * cell - (height - cell) / 2}px`,
      width: `${width}px`,
      height: `${height}px`,
    });
  }

  /**
   * @param {HTMLInputElement} field
   * @param {HTMLElement} home where the keyboard goes afterwards
   * @param {(value: number) => void} save
   */
  open(field, home, save) {
    const { labels, limits } = this.scene.props;
    this.isOpen = true;
    field.focus();
    field.select();
    const finish = (/** @type {boolean} */ keep, /** @type {boolean} */ isByKey) => {
      if (!this.isOpen) return;
      this.isOpen = false;
      const text = field.value.trim();
      const number = Number(text.replace("−", "-").replace(",", "."));
      const good = text !== "" && Number.isFinite(number) && Math.abs(number) <= limits.value;
      field.remove();
      this.matrices.fillKernel();
      if (keep && good) save(Math.round(number * 1000) / 1000);
      this.desk.show();
      if (keep && !good) this.desk.say(labels.editAllowed);
      if (isByKey) home.focus({ preventScroll: true }); // a press elsewhere has given the focus away
    };
    field.onkeydown = (event) => {
      event.stopPropagation();
      if (event.key === "Enter") finish(true, true);
      if (event.key === "Escape") finish(false, true);
    };
    field.onpointerdown = (event) => event.stopPropagation();
    field.onblur = () => finish(true, false);
  }

  /**
   * The list with one more edit, or null, with a message, where it is full.
   *
   * @param {number[][]} list
   * @param {number[]} place
   * @param {number} value
   */
  withEdit(list, place, value) {
    const { labels, limits } = this.scene.props;
    const rest = list.filter((edit) => place.some((at, i) => edit[i] !== at));
    if (rest.length < limits.edits) return [...rest, [...place, value]];
    this.desk.say(fill(labels.editsFull, { count: limits.edits }));
    return null;
  }

  /**
   * @param {{ y: number, x: number }} spot
   * @param {number} value
   */
  setInput({ y, x }, value) {
    const { look, kept } = this.scene;
    const inputEdits = this.withEdit(look.inputEdits, [kept.input, y, x], value);
    if (inputEdits) this.desk.relook({ inputEdits });
  }

  /**
   * @param {{ r: number, c: number }} place
   * @param {number} value
   */
  setWeight({ r, c }, value) {
    const { look, kept, model } = this.scene;
    const [, second] = weightSizes(model.layer);
    const [a, b] = isTransposed(model.layer)
      ? [kept.input, kept.output % second]
      : [kept.output, kept.input % second];
    const weightEdits = this.withEdit(look.weightEdits, [a, b, r, c], value);
    if (weightEdits) this.desk.relook({ weightEdits });
  }

  // --- drawing --------------------------------------------------------------------------------------------------

  get isDrawing() {
    return this.scene.look.input === "drawn";
  }

  /**
   * A stroke begins: it paints, or wipes where it begins on paint. False where there is nothing to draw on.
   *
   * @param {Cell} focus
   */
  beginStroke(focus) {
    const spot = this.drawnSpot(focus);
    if (!spot) return false;
    this.stroke = { tone: this.scene.look.drawn[spot.y]?.[spot.x] === "9" ? "0" : "9", painted: false };
    this.paint(focus);
    return true;
  }

  /** @param {Cell | null} focus */
  paint(focus) {
    const spot = focus && this.stroke && this.drawnSpot(focus);
    if (!spot || !this.stroke) return;
    const { look } = this.scene;
    const rows = blankRows(this.scene).map((row, y) =>
      (look.drawn[y] ?? "").padEnd(row.length, "0").slice(0, row.length),
    );
    const { tone } = this.stroke;
    const row = rows[spot.y];
    if (row === undefined || row[spot.x] === tone) return;
    rows[spot.y] = row.slice(0, spot.x) + tone + row.slice(spot.x + 1);
    this.stroke.painted = true;
    this.desk.paint({ ...look, drawn: rows }, this.scene.placeOf(focus));
  }

  endStroke() {
    if (this.stroke?.painted) this.desk.report();
    this.stroke = null;
  }

  /**
   * Where an input cell stands in the drawing: further channels are turned by a column each.
   *
   * @param {Cell} focus
   */
  drawnSpot(focus) {
    const { scene } = this;
    const spot = scene.inputSpot(focus);
    if (!spot) return null;
    const x = modulo(spot.x - scene.kept.input, scene.model.columns.size);
    const { drawn } = scene.props.limits;
    return spot.y < drawn && x < drawn ? { y: spot.y, x } : null;
  }
}
