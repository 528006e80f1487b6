// The surface from above: shades, contour lines, ways and balls.

import { blend, css, rgb } from "../shared/colour.js";
import { drawingOn, make } from "../shared/dom.js";
import { arrows } from "./forces.js";
import { brush, fit, letters, ticks } from "./frame.js";
import { mark, shown } from "./marks.js";
import { ASPECT } from "./race.js";
import { COLUMNS, contour, ROWS } from "./terrain.js";

/** @typedef {import("./race.js").Point} Point */
/** @typedef {import("./race.js").View} View */
/** @typedef {import("./terrain.js").Terrain} Terrain */
/** @typedef {{ index: number, colour: string, points: Point[], at: number, strong: boolean }} Trace */
/** @typedef {{ ink: string, paper: string, muted: string, grid: string, wrong: string, weight: string }} Inks */

const LEVELS = 14;
const DARKEST = 0.42;
const DOWNHILL = 48;
const VISIBLE = 4;

/**
 * A colour for each height: paper in the valley, towards ink on the heights.
 *
 * @param {Inks} inks
 */
export function shades(inks) {
  const [paper, ink, hole] = [rgb(inks.paper), rgb(inks.ink), rgb(inks.wrong)];
  const scale = Array.from({ length: 256 }, (_, i) => blend(paper, ink, 0.02 + (DARKEST * i) / 255));
  const nowhere = blend(paper, hole, 0.25);
  return (/** @type {number} */ height) => (Number.isNaN(height) ? nowhere : scale[Math.round(height * 255)]);
}

/** Draws the flat picture; the ground is drawn once, ways and balls at each frame. */
export class Flat {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.ground = make("canvas");
    /** @type {Terrain | null} */
    this.terrain = null;
    /** @type {View} */
    this.view = { x: 0, y: 0, half: 1 };
    /** @type {Inks | null} */
    this.inks = null;
    /** @type {Point[]} */
    this.minima = [];
    this.stale = true;
  }

  /**
   * @param {Terrain} terrain
   * @param {View} view
   * @param {Point[]} minima
   * @param {Inks} inks
   */
  show(terrain, view, minima, inks) {
    Object.assign(this, { terrain, view, minima, inks, stale: true });
  }

  /** @param {Point} point */
  place([x, y]) {
    const { view, canvas } = this;
    const px = ((x - view.x) / (view.half * ASPECT) + 1) * 0.5 * canvas.clientWidth;
    const py = (1 - (y - view.y) / view.half) * 0.5 * canvas.clientHeight;
    return [px, py];
  }

  /**
   * The point of the plane under a place on the canvas.
   *
   * @param {number} px
   * @param {number} py
   * @returns {Point}
   */
  point(px, py) {
    const { view, canvas } = this;
    return [
      view.x + view.half * ASPECT * ((2 * px) / canvas.clientWidth - 1),
      view.y + view.half * (1 - (2 * py) / canvas.clientHeight),
    ];
  }

  /**
   * @param {Trace[]} traces
   * @param {Point} start
   * @param {import("./forces.js").Forces | null} forces on the racer in focus
   */
  draw(traces, start, forces) {
    if (fit(this.canvas) || this.stale) this.drawGround();
    const { context, width, height, ratio } = brush(this.canvas);
    context.clearRect(0, 0, width, height);
    if (!this.inks || !this.ground.width) return;
    context.drawImage(this.ground, 0, 0, this.ground.width / ratio, this.ground.height / ratio);
    this.drawStart(context, start);
    for (const trace of traces) this.drawWay(context, trace);
    for (const trace of traces) this.drawBall(context, trace, width, height);
    if (forces) this.drawForces(context, forces);
  }

  drawGround() {
    const { terrain, inks, canvas, ground } = this;
    if (!terrain || !inks || !canvas.width) return;
    this.stale = false;
    ground.width = canvas.width;
    ground.height = canvas.height;
    const context = drawingOn(ground);
    context.imageSmoothingEnabled = true;
    context.drawImage(shaded(terrain, inks), 0, 0, ground.width, ground.height);
    const ratio = canvas.width / canvas.clientWidth;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const [sx, sy] = [canvas.clientWidth / (COLUMNS - 1), canvas.clientHeight / (ROWS - 1)];
    context.strokeStyle = css(blend(rgb(inks.paper), rgb(inks.ink), 0.45));
    context.lineWidth = 0.8;
    context.beginPath();
    for (let i = 1; i < LEVELS; i += 1) {
      contour(terrain.heights, i / LEVELS, (c1, r1, c2, r2) => {
        context.moveTo(c1 * sx, r1 * sy);
        context.lineTo(c2 * sx, r2 * sy);
      });
    }
    context.stroke();
    this.drawScale(context, inks);
    this.drawMinima(context, inks);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Inks} inks
   */
  drawScale(context, inks) {
    const { view, canvas } = this;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    context.font = letters(canvas);
    context.lineWidth = 3;
    context.strokeStyle = inks.paper;
    context.fillStyle = inks.ink;
    const write = (/** @type {string} */ text, /** @type {number} */ x, /** @type {number} */ y) => {
      context.strokeText(text, x, y);
      context.fillText(text, x, y);
    };
    context.textAlign = "center";
    context.textBaseline = "bottom";
    for (const x of ticks(view.x - view.half * ASPECT, view.x + view.half * ASPECT, width / 110)) {
      const [px] = this.place([x, view.y]);
      if (px > 40 && px < width - 30) write(shown(x), px, height - 4);
    }
    context.textAlign = "left";
    context.textBaseline = "middle";
    for (const y of ticks(view.y - view.half, view.y + view.half, height / 80)) {
      const [, py] = this.place([view.x, y]);
      if (py > 30 && py < height - 30) write(shown(y), 6, py);
    }
    context.font = `600 ${context.font}`;
    write("x", width - 16, height - 12);
    write("y", 6, 12);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Inks} inks
   */
  drawMinima(context, inks) {
    context.lineWidth = 2.5;
    context.strokeStyle = inks.ink;
    for (const minimum of this.minima) {
      const [x, y] = this.place(minimum);
      context.beginPath();
      context.moveTo(x - 7, y - 7);
      context.lineTo(x + 7, y + 7);
      context.moveTo(x + 7, y - 7);
      context.lineTo(x - 7, y + 7);
      context.stroke();
    }
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Point} start
   */
  drawStart(context, start) {
    const [x, y] = this.place(start);
    context.strokeStyle = this.inks?.ink ?? "";
    context.lineWidth = 2;
    context.beginPath();
    context.arc(x, y, 12, 0, 2 * Math.PI);
    context.stroke();
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Trace} trace
   */
  drawWay(context, { colour, points, at, strong }) {
    context.strokeStyle = colour;
    context.lineWidth = strong ? 3 : 2;
    context.lineJoin = "round";
    context.globalAlpha = 0.9;
    context.beginPath();
    const whole = Math.min(Math.floor(at), points.length - 1);
    for (let k = 0; k <= whole; k += 1) context.lineTo(...bounded(this.place(points[k])));
    context.lineTo(...bounded(this.place(between(points, at))));
    context.stroke();
    context.globalAlpha = 1;
  }

  /**
   * Downhill dashed and always as long, the step solid and to scale.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {import("./forces.js").Forces} forces
   */
  drawForces(context, forces) {
    const { inks } = this;
    if (!inks) return;
    const from = bounded(this.place(forces.from));
    const { downhill, step } = arrows(forces, (point) => bounded(this.place(point)), DOWNHILL);
    arrow(context, from, step, inks.ink, inks.paper, []);
    arrow(context, from, downhill, inks.weight, inks.paper, [6, 4]);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Trace} trace
   * @param {number} width
   * @param {number} height
   */
  drawBall(context, { index, colour, points, at, strong }, width, height) {
    const [x, y] = bounded(this.place(between(points, at)));
    const margin = 12;
    const [px, py] = [
      Math.min(Math.max(x, margin), width - margin),
      Math.min(Math.max(y, margin), height - margin),
    ];
    context.fillStyle = colour;
    context.strokeStyle = this.inks?.paper ?? "";
    context.lineWidth = 1.5;
    mark(context, index, px, py, strong ? 9 : 7.5);
    if (px === x && py === y) return;
    // It has left the picture: a tip that points after it.
    const angle = Math.atan2(y - py, x - px);
    context.beginPath();
    for (const [turn, far] of [
      [0, 12],
      [2.5, 8],
      [-2.5, 8],
    ]) {
      context.lineTo(
        px + 8 * Math.cos(angle) + far * Math.cos(angle + turn),
        py + 8 * Math.sin(angle) + far * Math.sin(angle + turn),
      );
    }
    context.closePath();
    context.fill();
  }
}

/**
 * An arrow with an edge that any ground lets see; none where it would be too short to be one.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {number[]} from
 * @param {number[]} way
 * @param {string} colour
 * @param {string} edge
 * @param {number[]} dashes
 */
function arrow(context, [x, y], [dx, dy], colour, edge, dashes) {
  const length = Math.hypot(dx, dy);
  if (length < VISIBLE) return;
  const [tipX, tipY, angle, head] = [x + dx, y + dy, Math.atan2(dy, dx), Math.min(11, length)];
  context.lineJoin = "round";
  for (const [style, width] of /** @type {[string, number][]} */ ([
    [edge, 5.5],
    [colour, 2.5],
  ])) {
    context.strokeStyle = style;
    context.lineWidth = width;
    context.setLineDash(dashes);
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(tipX, tipY);
    context.stroke();
    context.setLineDash([]);
    context.beginPath();
    for (const turn of [2.6, 0, -2.6]) {
      const far = turn ? head : 0;
      context.lineTo(tipX + far * Math.cos(angle + turn), tipY + far * Math.sin(angle + turn));
    }
    context.stroke();
  }
}

/**
 * Where a ball is between two steps; at its last finite point where it has none later.
 *
 * @param {Point[]} points
 * @param {number} at
 * @returns {Point}
 */
export function between(points, at) {
  const last = points.length - 1;
  const k = Math.min(Math.floor(at), last);
  const next = Math.min(k + 1, last);
  const share = Math.min(at - k, 1);
  if (next === k || share <= 0) return points[k];
  const [[x, y], [nx, ny]] = [points[k], points[next]];
  return [x + (nx - x) * share, y + (ny - y) * share];
}

/**
 * Canvases lose precision far away: no further out than this.
 *
 * @param {number[]} place
 * @returns {[number, number]}
 */
const bounded = ([x, y]) => [Math.min(Math.max(x, -20000), 20000), Math.min(Math.max(y, -20000), 20000)];

/**
 * @param {Terrain} terrain
 * @param {Inks} inks
 */
function shaded(terrain, inks) {
  const small = make("canvas");
  small.width = COLUMNS;
  small.height = ROWS;
  const context = drawingOn(small);
  const image = context.createImageData(COLUMNS, ROWS);
  const shade = shades(inks);
  terrain.heights.forEach((height, i) => {
    image.data.set([...shade(height), 255], 4 * i);
  });
  context.putImageData(image, 0, 0);
  return small;
}
