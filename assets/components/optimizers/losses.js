// Loss over steps: how far above the lowest value each racer is, on a logarithmic scale.

import { brush, fit, ticks } from "./frame.js";
import { mark, shown } from "./marks.js";

/** @typedef {import("./flat.js").Inks} Inks */
/** @typedef {{ index: number, colour: string, values: number[], overflow: number | null, at: number, strong: boolean }} Curve */
/** @typedef {{ loss: string, gap: string, step: string, arrived: string }} LossTexts */

const LEFT = 58;
const RIGHT = 18;
const TOP = 10;
const BOTTOM = 40;
const FLOOR = 1e-12;

/** Draws the chart; the race's present step is a line across it, which the pointer can drag. */
export class Losses {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {LossTexts} texts
   */
  constructor(canvas, texts) {
    this.canvas = canvas;
    this.texts = texts;
    this.steps = 1;
  }

  /** @param {number} px */
  stepAt(px) {
    const width = this.canvas.clientWidth - LEFT - RIGHT;
    return Math.min(Math.max(((px - LEFT) / width) * this.steps, 0), this.steps);
  }

  /**
   * @param {Curve[]} curves
   * @param {{ steps: number, at: number, lowest: number, reach: number, isLinear: boolean, inks: Inks }} shownNow
   */
  draw(curves, { steps, at, lowest, reach, isLinear, inks }) {
    fit(this.canvas);
    this.steps = steps;
    const { context, width, height } = brush(this.canvas);
    context.clearRect(0, 0, width, height);
    const gap = (/** @type {number} */ value) =>
      isLinear ? value : Math.log10(Math.max(value - lowest, FLOOR));
    const [low, high] = limits(curves, gap, isLinear);
    const x = (/** @type {number} */ step) => LEFT + (step / steps) * (width - LEFT - RIGHT);
    const y = (/** @type {number} */ level) =>
      TOP + ((high - level) / (high - low)) * (height - TOP - BOTTOM);
    this.drawScales(context, { x, y, low, high, steps, isLinear, inks, width, height });
    if (Number.isFinite(reach) && !isLinear) {
      context.setLineDash([6, 4]);
      context.strokeStyle = inks.ink;
      context.lineWidth = 1.2;
      line(context, [LEFT, y(gap(reach))], [width - RIGHT, y(gap(reach))]);
      context.setLineDash([]);
      context.fillStyle = inks.ink;
      context.textAlign = "right";
      context.textBaseline = "bottom";
      context.fillText(this.texts.arrived, width - RIGHT - 2, y(gap(reach)) - 3);
    }
    context.save();
    context.beginPath();
    context.rect(LEFT, 0, width - LEFT, height - BOTTOM + 8);
    context.clip();
    for (const curve of curves) drawCurve(context, curve, x, (v) => y(gap(v)), TOP);
    context.strokeStyle = inks.muted;
    context.lineWidth = 1;
    line(context, [x(at), TOP], [x(at), height - BOTTOM]);
    for (const { index, colour, values, at: now, strong } of curves) {
      const k = Math.min(now, values.length - 1);
      const [a, b] = [values[Math.floor(k)], values[Math.ceil(k)]];
      const level = gap(a) + (gap(b) - gap(a)) * (k - Math.floor(k));
      context.fillStyle = colour;
      context.strokeStyle = inks.paper;
      context.lineWidth = 1.5;
      mark(context, index, x(k), Math.max(y(level), TOP), strong ? 8 : 6.5);
    }
    context.restore();
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {{ x: (step: number) => number, y: (level: number) => number, low: number, high: number, steps: number,
   *   isLinear: boolean, inks: Inks, width: number, height: number }} scale
   */
  drawScales(context, { x, y, low, high, steps, isLinear, inks, width, height }) {
    context.fillStyle = inks.ink;
    context.strokeStyle = inks.grid;
    context.lineWidth = 1;
    context.textAlign = "right";
    context.textBaseline = "middle";
    const places = isLinear
      ? ticks(low, high, 4)
      : ticks(Math.ceil(low), Math.floor(high), 5).filter((level) => Number.isInteger(level));
    for (const level of places) {
      line(context, [LEFT, y(level)], [width - RIGHT, y(level)]);
      context.fillText(shown(isLinear ? level : 10 ** level, 3), LEFT - 6, y(level));
    }
    context.textAlign = "center";
    context.textBaseline = "top";
    for (const step of ticks(0, steps, width / 90))
      context.fillText(String(step), x(step), height - BOTTOM + 6);
    context.fillText(this.texts.step, LEFT + (width - LEFT - RIGHT) / 2, height - 17);
    context.textAlign = "right";
    context.fillText(isLinear ? this.texts.loss : this.texts.gap, width - RIGHT - 2, TOP - 4);
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Curve} curve
 * @param {(step: number) => number} x
 * @param {(value: number) => number} y
 * @param {number} top
 */
function drawCurve(context, { colour, values, overflow, at, strong }, x, y, top) {
  context.strokeStyle = colour;
  context.lineJoin = "round";
  for (const [from, to, alpha] of [
    [0, Math.floor(at), 1],
    [Math.floor(at), values.length - 1, 0.25],
  ]) {
    context.globalAlpha = alpha;
    context.lineWidth = strong ? 3 : 2;
    context.beginPath();
    for (let k = from; k <= Math.min(to, values.length - 1); k += 1)
      context.lineTo(x(k), bounded(y(values[k])));
    context.stroke();
  }
  context.globalAlpha = 1;
  if (overflow === null || at < overflow) return;
  // Numbers ended here: a flash at the top of the chart.
  context.lineWidth = 3;
  line(context, [x(overflow) - 6, top], [x(overflow) + 6, top + 12]);
  line(context, [x(overflow) + 6, top], [x(overflow) - 6, top + 12]);
}

/** @param {number} place */
const bounded = (place) => Math.min(Math.max(place, -5000), 20000);

/**
 * From the lowest to the highest that is worth seeing: a curve that flies off does not squeeze the others.
 *
 * @param {Curve[]} curves
 * @param {(value: number) => number} gap
 * @param {boolean} isLinear
 */
function limits(curves, gap, isLinear) {
  const starts = curves.map(({ values }) => gap(values[0])).filter(Number.isFinite);
  const start = Math.max(...starts, isLinear ? 0 : -1);
  let low = Number.POSITIVE_INFINITY;
  let high = start;
  for (const { values } of curves) {
    for (const value of values) {
      const level = gap(value);
      if (!Number.isFinite(level)) continue;
      low = Math.min(low, level);
      high = Math.max(high, level);
    }
  }
  if (!Number.isFinite(low)) return [0, 1];
  if (isLinear) {
    const span = Math.max(high - low, 1e-9);
    return [
      Math.max(low, start - 50 * Math.max(1, Math.abs(start))) - 0.05 * span,
      Math.min(high, start + 3 * Math.max(1, Math.abs(start))) + 0.05 * span,
    ];
  }
  return [Math.max(low, start - 10) - 0.3, Math.min(high, start + 3) + 0.5];
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {[number, number]} from
 * @param {[number, number]} to
 */
function line(context, from, to) {
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...to);
  context.stroke();
}
