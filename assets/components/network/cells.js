// From a unit back to the cells that it sees: the way of lib/core/nets/units.py, in the browser.

/** @typedef {import("./types.js").Network} Network */
/** @typedef {import("./types.js").Geometry} Geometry */
/** @typedef {Set<number>} Cells */
/** @typedef {[rows: Cells, columns: Cells]} Region */

export const INPUT = -1;

/** @param {number} count */
const all = (count) => new Set(Array.from({ length: count }, (_, i) => i));

/** @param {number[]} shape @returns {[number, number]} */
export const sidesOf = (shape) => (shape.length === 4 ? [shape[2] ?? 1, shape[3] ?? 1] : [1, 1]);

/**
 * The cell whose value stands at a place of the padded input, null for a zero.
 *
 * @param {number} place
 * @param {number} size
 * @param {string} mode
 */
function source(place, size, mode) {
  if (place >= 0 && place < size) return place;
  if (mode === "reflect") return place < 0 ? -place : 2 * (size - 1) - place;
  if (mode === "replicate") return Math.min(Math.max(place, 0), size - 1);
  if (mode === "circular") return ((place % size) + size) % size;
  return null;
}

/**
 * @param {Cells} cells of the output, along one axis
 * @param {Geometry & { kind: "window" }} geo
 * @param {0 | 1} axis
 * @param {number} size of the input
 */
function windowed(cells, geo, axis, size) {
  /** @type {Cells} */
  const found = new Set();
  for (const cell of cells) {
    for (let tap = 0; tap < geo.kernel[axis]; tap += 1) {
      const place = cell * geo.stride[axis] - geo.before[axis] + tap * geo.dilation[axis];
      const real = source(place, size, geo.mode);
      if (real !== null) found.add(real);
    }
  }
  return found;
}

/**
 * @param {Cells} cells
 * @param {number} size of the input
 * @param {number} count of the output
 */
function binned(cells, size, count) {
  /** @type {Cells} */
  const found = new Set();
  for (const cell of cells) {
    const end = Math.ceil(((cell + 1) * size) / count);
    for (let place = Math.floor((cell * size) / count); place < end; place += 1) found.add(place);
  }
  return found;
}

/**
 * @param {Geometry} geo
 * @param {Region} region
 * @param {number[]} shape of the input
 * @param {number[]} output
 * @returns {Region}
 */
function before(geo, region, shape, output) {
  const [height, width] = sidesOf(shape);
  const [high, wide] = sidesOf(output);
  if (geo.kind === "window") return [windowed(region[0], geo, 0, height), windowed(region[1], geo, 1, width)];
  if (geo.kind === "bins") return [binned(region[0], height, high), binned(region[1], width, wide)];
  if (geo.kind === "all") return [all(height), all(width)];
  if (geo.kind === "rows") return [region[0], all(width)];
  // Where branches meet, a size of 1 is stretched.
  return [height === 1 ? new Set([0]) : region[0], width === 1 ? new Set([0]) : region[1]];
}

/**
 * Which cells of each earlier row, and of the input (-1), a unit depends on. A row that is not in the map has none.
 *
 * @param {Network} network
 * @param {number} row
 * @param {number} y
 * @param {number} x
 * @returns {Map<number, Region>}
 */
export function seenBy(network, row, y, x) {
  /** @type {Map<number, Region>} */
  const regions = new Map([[row, [new Set([y]), new Set([x])]]]);
  for (let number = row; number >= 0; number -= 1) {
    const region = regions.get(number);
    const here = network.rows[number];
    if (!region || !here) continue;
    for (const from of here.inputs) {
      const shape = from === INPUT ? network.input : (network.rows[from]?.shape ?? []);
      const back = before(here.geo, region, shape, here.shape);
      if (!back[0].size || !back[1].size) continue; // a branch that sees nothing along one axis sees nothing
      const old = regions.get(from);
      regions.set(from, old ? [new Set([...old[0], ...back[0]]), new Set([...old[1], ...back[1]])] : back);
    }
  }
  return regions;
}

/**
 * The smallest rectangle around a region.
 *
 * @param {Region} region
 */
export function hull([rows, columns]) {
  return {
    top: Math.min(...rows),
    bottom: Math.max(...rows),
    left: Math.min(...columns),
    right: Math.max(...columns),
  };
}
