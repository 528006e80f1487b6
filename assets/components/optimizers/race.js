// Races and sweeps, as lib/core/optim/{race,sweep,noise}.py: the same numbers, computed in the browser.

import { Optimizer } from "./rules.js";
import { factor } from "./schedules.js";

/** @typedef {import("./rules.js").Method} Method */
/** @typedef {import("./rules.js").Numbers} Numbers */
/** @typedef {import("./rules.js").Point} Point */
/** @typedef {import("./expression.js").Surface} Surface */
/** @typedef {{ x: number, y: number, half: number }} View what of the plane is shown */
/**
 * @typedef {object} Course what all racers share
 * @property {Surface} surface
 * @property {number} noise standard deviation of what is added to each part of the gradient
 * @property {Point} start
 * @property {number} steps
 * @property {string} schedule
 * @property {number} part
 * @property {number} seed
 */
/** @typedef {{ lr: number, gradient: Point, axes: Numbers[] }} StepDetails */
/**
 * @typedef {object} Way
 * @property {Point[]} points
 * @property {number[]} values
 * @property {StepDetails[]} steps
 * @property {number | null} overflow
 * @property {number | null} arrived
 */
/** @typedef {[arrived: number | null, gap: number | null, left: number]} Cell */

const ARRIVED = 1e-3;
export const ASPECT = 4 / 3;
export const RATES = Array.from({ length: 51 }, (_, k) => Number((10 ** ((k - 40) / 10)).toPrecision(3)));
const GRID_ROWS = 121;
const GRID_COLUMNS = 161;
const HALVINGS = 60;
const DRAWS = 12;

/** @param {number} state */
function mixed(state) {
  let t = Math.imul(state ^ (state >>> 15), state | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return (t ^ (t >>> 14)) >>> 0;
}

/**
 * About standard normal, for a step from 1 and an axis 0 or 1: twelve uniform numbers less six.
 *
 * @param {number} seed
 * @param {number} step
 * @param {number} axis
 */
export function noise(seed, step, axis) {
  let state = (Math.imul(seed, 0x9e3779b1) + Math.imul(step, 0x85ebca6b) + Math.imul(axis, 0xc2b2ae35)) >>> 0;
  let total = 0;
  for (let i = 0; i < DRAWS; i += 1) {
    state = (state + 0x6d2b79f5) >>> 0;
    total += mixed(state) / 4294967296;
  }
  return total - DRAWS / 2;
}

/**
 * What the optimizer sees at a step, counted from 1.
 *
 * @param {Course} course
 * @param {number} x
 * @param {number} y
 * @param {number} step
 * @returns {Point}
 */
function gradientAt(course, x, y, step) {
  const [dx, dy] = course.surface.gradient(x, y);
  if (!course.noise) return [dx, dy];
  return [dx + course.noise * noise(course.seed, step, 0), dy + course.noise * noise(course.seed, step, 1)];
}

/**
 * The value at or below which a ball has arrived.
 *
 * @param {Course} course
 * @param {number} lowest
 */
export function reach(course, lowest) {
  return lowest + ARRIVED * (course.surface.value(course.start[0], course.start[1]) - lowest);
}

/**
 * One optimizer's way. With `details` also what every step went through.
 *
 * @param {Method} method
 * @param {Numbers} values
 * @param {Course} course
 * @param {number} lowest
 * @param {boolean} [details]
 * @returns {Way}
 */
export function run(method, values, course, lowest, details = false) {
  const optimizer = new Optimizer(method, values, 2);
  /** @type {Point} */
  let point = [course.start[0], course.start[1]];
  const points = [point];
  const losses = [course.surface.value(point[0], point[1])];
  /** @type {StepDetails[]} */
  const steps = [];
  let overflow = null;
  for (let step = 1; step <= course.steps; step += 1) {
    const gradient = gradientAt(course, point[0], point[1], step);
    const lr = values.lr * factor(course.schedule, course.steps, course.part, step - 1);
    const [x, y] = optimizer.step(point, gradient, lr);
    point = [x, y];
    if (details) steps.push({ lr, gradient, axes: optimizer.last });
    const value = course.surface.value(point[0], point[1]);
    if (!(Number.isFinite(point[0]) && Number.isFinite(point[1]) && Number.isFinite(value))) {
      overflow = step;
      break;
    }
    points.push(point);
    losses.push(value);
  }
  return {
    points,
    values: losses,
    steps,
    overflow,
    arrived: arrival(losses, reach(course, lowest), overflow),
  };
}

/**
 * @param {number[]} values
 * @param {number} enough
 * @param {number | null} overflow
 */
function arrival(values, enough, overflow) {
  if (overflow !== null) return null;
  for (let step = values.length - 1; step >= 0; step -= 1) {
    if (!(values[step] <= enough)) return step + 1 < values.length ? step + 1 : null;
  }
  return 0;
}

/**
 * @param {View} view
 * @param {Point} point
 */
export function isInside(view, [x, y]) {
  return Math.abs(y - view.y) <= view.half && Math.abs(x - view.x) <= view.half * ASPECT;
}

/**
 * How a way ended.
 *
 * @param {Way} way
 * @param {View} view
 * @returns {"overflow" | "arrived" | "going" | "outside"}
 */
export function ending(way, view) {
  if (way.overflow !== null) return "overflow";
  if (way.arrived !== null) return "arrived";
  return isInside(view, way.points[way.points.length - 1]) ? "going" : "outside";
}

/**
 * One cell of a sweep: the step of arrival, how far above the lowest value it ended (null: overflow), and whether
 * its way led out of the picture.
 *
 * @param {Method} method
 * @param {Numbers} values
 * @param {number} rate
 * @param {Course} course
 * @param {number} lowest
 * @param {View} view
 * @returns {Cell}
 */
export function sweepCell(method, values, rate, course, lowest, view) {
  const way = run(method, { ...values, lr: rate }, course, lowest);
  const left = Number(!way.points.every((point) => isInside(view, point)));
  return [way.arrived, way.overflow === null ? way.values[way.values.length - 1] - lowest : null, left];
}

/**
 * The place of the best learning rate: the earliest arrival without leaving the picture, else the earliest arrival,
 * else the smallest gap; of equals the smallest rate.
 *
 * @param {Cell[]} row
 */
export function bestPlace(row) {
  const rank = (/** @type {Cell} */ [arrived, gap, left]) =>
    arrived === null
      ? [2, 0, gap ?? Number.POSITIVE_INFINITY]
      : [left, arrived, gap ?? Number.POSITIVE_INFINITY];
  let best = 0;
  for (let place = 1; place < row.length; place += 1) {
    const [now, before] = [rank(row[place]), rank(row[best])];
    const differs = now.findIndex((value, i) => value !== before[i]);
    if (differs >= 0 && now[differs] < before[differs]) best = place;
  }
  return best;
}

/**
 * The lowest value in the window, of several places the one nearest to the middle; null where there is no finite one.
 *
 * @param {Surface} surface
 * @param {View} view
 * @returns {{ value: number, point: Point, atEdge: boolean } | null}
 */
export function findLowest(surface, view) {
  const halfX = view.half * ASPECT;
  const halfY = view.half;
  let step = (2 * halfY) / (GRID_ROWS - 1);
  let best = Number.POSITIVE_INFINITY;
  let nearest = Number.POSITIVE_INFINITY;
  /** @type {Point | null} */
  let at = null;
  for (let row = 0; row < GRID_ROWS; row += 1) {
    for (let column = 0; column < GRID_COLUMNS; column += 1) {
      const x = view.x - halfX + (2 * halfX * column) / (GRID_COLUMNS - 1);
      const y = view.y - halfY + (2 * halfY * row) / (GRID_ROWS - 1);
      const value = surface.value(x, y);
      if (!Number.isFinite(value) || value > best) continue;
      const away = Math.abs(x - view.x) + Math.abs(y - view.y);
      if (value === best && away >= nearest) continue;
      best = value;
      nearest = away;
      at = [x, y];
    }
  }
  if (at === null) return null;
  for (let i = 0; i < HALVINGS; i += 1) {
    let lower = best;
    /** @type {Point} */
    let where = at;
    for (const dx of [-1, 0, 1]) {
      for (const dy of [-1, 0, 1]) {
        const x = at[0] + dx * step;
        const y = at[1] + dy * step;
        if (Math.abs(x - view.x) > halfX || Math.abs(y - view.y) > halfY) continue;
        const value = surface.value(x, y);
        if (Number.isFinite(value) && value < lower) {
          lower = value;
          where = [x, y];
        }
      }
    }
    if (lower < best) {
      best = lower;
      at = where;
    } else step /= 2;
  }
  const margin = 1e-6 * view.half;
  const atEdge = Math.abs(at[0] - view.x) >= halfX - margin || Math.abs(at[1] - view.y) >= halfY - margin;
  return { value: best, point: at, atEdge };
}
