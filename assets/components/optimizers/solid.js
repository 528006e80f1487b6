// The surface as a landscape, on the same two-dimensional canvas: squares drawn from the back to the front.

import { blend, css, rgb } from "../shared/colour.js";
import { drawingOn, make } from "../shared/dom.js";
import { between, shades } from "./flat.js";
import { brush, fit } from "./frame.js";
import { mark } from "./marks.js";
import { ASPECT } from "./race.js";
import { COLUMNS, ROWS } from "./terrain.js";

/** @typedef {import("./race.js").Point} Point */
/** @typedef {import("./race.js").View} View */
/** @typedef {import("./terrain.js").Terrain} Terrain */
/** @typedef {import("./flat.js").Trace} Trace */
/** @typedef {import("./flat.js").Inks} Inks */

const EVERY = 3;
const TALL = 1.05;

/** Draws the landscape; turned by the pointer or the arrow keys. */
export class Solid {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.ground = make("canvas");
    this.turn = -0.6;
    this.tilt = 0.75;
    /** @type {Terrain | null} */
    this.terrain = null;
    /** @type {View} */
    this.view = { x: 0, y: 0, half: 1 };
    /** @type {Inks | null} */
    this.inks = null;
    /** @type {Point[]} */
    this.minima = [];
    /** @type {(x: number, y: number) => number} */
    this.value = () => 0;
    this.stale = true;
  }

  /**
   * @param {Terrain} terrain
   * @param {View} view
   * @param {Point[]} minima
   * @param {Inks} inks
   * @param {(x: number, y: number) => number} value
   */
  show(terrain, view, minima, inks, value) {
    Object.assign(this, { terrain, view, minima, inks, value, stale: true });
  }

  /**
   * @param {number} right
   * @param {number} up
   */
  rotate(right, up) {
    this.turn += right;
    this.tilt = Math.min(Math.max(this.tilt + up, 0.25), 1.45);
    this.stale = true;
  }

  /**
   * @param {number} u -1 to 1 across
   * @param {number} v -1 to 1 up
   * @param {number} height 0 to 1
   * @returns {[number, number]}
   */
  project(u, v, height) {
    const [a, b] = [u * ASPECT, v];
    const x = a * Math.cos(this.turn) - b * Math.sin(this.turn);
    const y = a * Math.sin(this.turn) + b * Math.cos(this.turn);
    const scale = this.canvas.clientWidth / 4.1;
    const down = y * Math.sin(this.tilt) + (height - 0.45) * TALL * Math.cos(this.tilt);
    return [this.canvas.clientWidth / 2 + x * scale, this.canvas.clientHeight / 2 - down * scale];
  }

  /** @param {Point} point */
  place([x, y]) {
    const { view, terrain } = this;
    const [u, v] = [
      Math.min(Math.max((x - view.x) / (view.half * ASPECT), -1.15), 1.15),
      Math.min(Math.max((y - view.y) / view.half, -1.15), 1.15),
    ];
    const height = terrain?.height(this.value(x, y)) ?? 0;
    return this.project(u, v, Number.isNaN(height) ? 1 : height);
  }

  /**
   * @param {Trace[]} traces
   * @param {Point} start
   */
  draw(traces, start) {
    if (fit(this.canvas) || this.stale) this.drawGround();
    const { context, width, height, ratio } = brush(this.canvas);
    context.clearRect(0, 0, width, height);
    if (!this.inks || !this.ground.width) return;
    context.drawImage(this.ground, 0, 0, this.ground.width / ratio, this.ground.height / ratio);
    const [x, y] = this.place(start);
    context.strokeStyle = this.inks.ink;
    context.lineWidth = 2;
    context.beginPath();
    context.arc(x, y, 11, 0, 2 * Math.PI);
    context.stroke();
    for (const trace of traces) this.drawWay(context, trace);
    for (const { index, colour, points, at, strong } of traces) {
      context.fillStyle = colour;
      context.strokeStyle = this.inks.paper;
      context.lineWidth = 1.5;
      const [px, py] = this.place(between(points, at));
      mark(context, index, px, py, strong ? 9 : 7.5);
    }
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Trace} trace
   */
  drawWay(context, { colour, points, at, strong }) {
    context.strokeStyle = colour;
    context.lineWidth = strong ? 3 : 2;
    context.lineJoin = "round";
    context.beginPath();
    const whole = Math.min(Math.floor(at), points.length - 1);
    for (let k = 0; k < whole; k += 1) this.along(context, points[k], points[k + 1]);
    if (whole < points.length - 1) this.along(context, points[whole], between(points, at));
    context.stroke();
  }

  /**
   * A step on the ground, not through the hill between its ends.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {Point} from
   * @param {Point} to
   */
  along(context, [x, y], [nx, ny]) {
    const far = Math.hypot(nx - x, ny - y) / this.view.half;
    const pieces = Math.min(Math.max(1, Math.ceil(far * 12)), 24);
    context.moveTo(...this.place([x, y]));
    for (let i = 1; i <= pieces; i += 1) {
      context.lineTo(...this.place([x + ((nx - x) * i) / pieces, y + ((ny - y) * i) / pieces]));
    }
  }

  drawGround() {
    const { terrain, inks, canvas, ground } = this;
    if (!terrain || !inks || !canvas.width) return;
    this.stale = false;
    ground.width = canvas.width;
    ground.height = canvas.height;
    const context = drawingOn(ground);
    const ratio = canvas.width / canvas.clientWidth;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, canvas.clientWidth, canvas.clientHeight);
    const shade = shades(inks);
    context.lineWidth = 0.5;
    context.strokeStyle = css(blend(rgb(inks.paper), rgb(inks.ink), 0.38));
    for (const [row, column] of this.backToFront()) {
      const corners = [
        [row, column],
        [row, column + EVERY],
        [row + EVERY, column + EVERY],
        [row + EVERY, column],
      ];
      const heights = corners.map(([r, c]) => terrain.heights[r * COLUMNS + c]);
      if (heights.some(Number.isNaN)) continue;
      context.fillStyle = css(shade((heights[0] + heights[1] + heights[2] + heights[3]) / 4));
      context.beginPath();
      corners.forEach(([r, c], i) => {
        const at = this.project((2 * c) / (COLUMNS - 1) - 1, 1 - (2 * r) / (ROWS - 1), heights[i]);
        context.lineTo(...at);
      });
      context.closePath();
      context.fill();
      context.stroke();
    }
    context.strokeStyle = inks.ink;
    context.lineWidth = 2.5;
    for (const minimum of this.minima) {
      const [x, y] = this.place(minimum);
      context.beginPath();
      context.moveTo(x - 7, y - 5);
      context.lineTo(x + 7, y + 5);
      context.moveTo(x + 7, y - 5);
      context.lineTo(x - 7, y + 5);
      context.stroke();
    }
  }

  /** @returns {[row: number, column: number][]} the squares' corners, the furthest first */
  backToFront() {
    /** @type {[number, number, number][]} */
    const squares = [];
    for (let row = 0; row + EVERY < ROWS; row += EVERY) {
      for (let column = 0; column + EVERY < COLUMNS; column += EVERY) {
        const u = ((2 * column) / (COLUMNS - 1) - 1) * ASPECT;
        const v = 1 - (2 * row) / (ROWS - 1);
        squares.push([row, column, u * Math.sin(this.turn) + v * Math.cos(this.turn)]);
      }
    }
    squares.sort((a, b) => b[2] - a[2]);
    return squares.map(([row, column]) => [row, column]);
  }
}
