// The surface's heights on a grid, and their place on a scale from 0 (lowest) to 1.

import { ASPECT } from "./race.js";

/** @typedef {import("./race.js").View} View */
/** @typedef {import("./expression.js").Surface} Surface */

export const COLUMNS = 161;
export const ROWS = 121;

/**
 * @typedef {object} Terrain
 * @property {Float64Array} heights 0 to 1 on a logarithmic scale, row by row from the top; NaN where not finite
 * @property {(value: number) => number} height of a value of the function
 * @property {boolean} hasHoles whether the function has no finite value somewhere
 */

/**
 * @param {Surface} surface
 * @param {View} view
 * @param {number} lowest
 * @returns {Terrain}
 */
export function terrain(surface, view, lowest) {
  const values = new Float64Array(ROWS * COLUMNS);
  for (let row = 0; row < ROWS; row += 1) {
    for (let column = 0; column < COLUMNS; column += 1) {
      const x = view.x + view.half * ASPECT * ((2 * column) / (COLUMNS - 1) - 1);
      const y = view.y - view.half * ((2 * row) / (ROWS - 1) - 1);
      values[row * COLUMNS + column] = surface.value(x, y);
    }
  }
  const finite = [...values].filter(Number.isFinite).sort((a, b) => a - b);
  const at = (/** @type {number} */ share) => finite[Math.floor(share * (finite.length - 1))] ?? 0;
  const base = Number.isFinite(lowest) ? Math.min(lowest, at(0)) : at(0);
  const scale = Math.max(at(0.3) - base, 1e-12);
  const top = Math.log1p(Math.max(at(0.995) - base, 1e-12) / scale);
  const height = (/** @type {number} */ value) => {
    if (!Number.isFinite(value)) return Number.NaN;
    return Math.min(1, Math.log1p(Math.max(value - base, 0) / scale) / top);
  };
  return { heights: values.map(height), height, hasHoles: finite.length < values.length };
}

/**
 * Line pieces along which the heights have a level (marching squares), in grid units.
 *
 * @param {Float64Array} heights
 * @param {number} level
 * @param {(c1: number, r1: number, c2: number, r2: number) => void} draw
 */
export function contour(heights, level, draw) {
  for (let row = 0; row < ROWS - 1; row += 1) {
    for (let column = 0; column < COLUMNS - 1; column += 1) {
      const place = row * COLUMNS + column;
      const corners = [
        heights[place] - level,
        heights[place + 1] - level,
        heights[place + COLUMNS + 1] - level,
        heights[place + COLUMNS] - level,
      ];
      /** @type {[number, number][]} */
      const cuts = [];
      for (let side = 0; side < 4; side += 1) {
        const [a, b] = [corners[side], corners[(side + 1) % 4]];
        if (a < 0 === b < 0 || Number.isNaN(a + b)) continue;
        const share = a / (a - b);
        if (side === 0) cuts.push([column + share, row]);
        else if (side === 1) cuts.push([column + 1, row + share]);
        else if (side === 2) cuts.push([column + 1 - share, row + 1]);
        else cuts.push([column, row + 1 - share]);
      }
      for (let i = 0; i + 1 < cuts.length; i += 2) draw(...cuts[i], ...cuts[i + 1]);
    }
  }
}
