// What acts on the racer in focus: the gradient where it stands, and the step that its rule makes of it.

/** @typedef {import("./race.js").Point} Point */
/** @typedef {import("./race.js").Way} Way */
/** @typedef {{ step: number, gradient: number[], from: Point, to: Point }} Forces */

/**
 * The next step of a way that was run with details; null where it has come to its end.
 *
 * @param {Way} way
 * @param {number} at how many steps are done, between two while it plays
 * @returns {Forces | null}
 */
export function forcesOn(way, at) {
  const done = Math.floor(at);
  const details = way.steps[done];
  const to = way.points[done + 1];
  return details && to ? { step: done + 1, gradient: details.gradient, from: way.points[done], to } : null;
}

/**
 * Where arrows end, in pixels from their common start: downhill a fixed length, the step in the picture's scale.
 *
 * @param {Forces} forces
 * @param {(point: Point) => number[]} place
 * @param {number} length of the arrow downhill
 */
export function arrows({ gradient, from, to }, place, length) {
  const [[x, y], [nx, ny]] = [place(from), place(to)];
  const size = Math.hypot(...gradient);
  const scale = size > 0 && Number.isFinite(size) ? length / size : 0;
  const [gx, gy] = scale ? gradient : [0, 0];
  return { downhill: [-gx * scale, gy * scale], step: [nx - x, ny - y] };
}
