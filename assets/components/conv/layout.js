// How large the cells are: as large as the room allows, so that input, kernel, output and sum are seen at once.

/** @import { Size } from "./types.js" */

/** What stands above the grids on the first screen, and the sum under them, in pixels. */
const CHROME = 358;
export const GAP = 28;
const NARROW = 600;
/** Under this side numbers of three signs are no longer read from afar. */
const LEGIBLE = 20;
const LARGEST = 56;
const LARGEST_KERNEL = 48;
/** Under this a cell has no number and need not lie on whole pixels. */
const WHOLE = 8;
/** What the head of a figure takes, in pixels, however small its grid. */
const HEADS = { input: 250, kernel: 130, output: 180 };

/**
 * @typedef {object} Room
 * @property {number} width of the picture
 * @property {number} height of the window
 * @property {number} under what stands between the grids and the sum: channels, notes
 * @property {Size} input
 * @property {Size} kernel of a pool: its window
 * @property {Size} output
 */
/**
 * @typedef {object} Layout
 * @property {boolean} narrow the grids stand under each other
 * @property {number} input side of a cell
 * @property {number} kernel
 * @property {number} output
 * @property {number} work side of a cell of the matrices under the sum
 */

/** @param {number} side */
const whole = (side) => (side >= WHOLE ? Math.floor(side) : side);

/**
 * @param {Room} room
 * @returns {Layout}
 */
export function planLayout(room) {
  const work = workCell(room);
  return room.width < NARROW
    ? { narrow: true, work, ...stacked(room) }
    : { narrow: false, work, ...abreast(room) };
}

/**
 * The largest side of a cell with which grids of so many columns stand abreast, none narrower than its head.
 *
 * @param {number} free
 * @param {readonly (readonly [columns: number, head: number])[]} parts
 * @returns {number}
 */
export function fit(free, parts) {
  const columns = parts.reduce((sum, [count]) => sum + count, 0);
  const side = free / columns;
  const [wide, small] = [
    parts.filter(([count, head]) => count * side >= head),
    parts.filter(([count, head]) => count * side < head),
  ];
  if (!small.length || !wide.length) return side;
  return fit(free - small.reduce((sum, [, head]) => sum + head, 0), wide);
}

/** @param {Room} room */
function abreast({ width, height, under, input, kernel, output }) {
  const most = Math.max(240, height - CHROME - under);
  const free = width - 2 * GAP;
  const rows = Math.max(input.rows, output.rows);
  const grids = /** @type {const} */ ([
    [input.columns, HEADS.input],
    [output.columns, HEADS.output],
  ]);
  const across = fit(free, [...grids, [kernel.columns, HEADS.kernel]]);
  const shared = whole(Math.min(across, most / Math.max(rows, kernel.rows), LARGEST));
  if (shared >= LEGIBLE) return { input: shared, kernel: shared, output: shared };
  // One size does not do for all: the kernel stays legible, the grids share what is left.
  const side = Math.min((0.36 * free) / kernel.columns, most / kernel.rows, LARGEST_KERNEL);
  const ownKernel = Math.max(whole(side), 14);
  const rest = free - Math.max(ownKernel * kernel.columns, HEADS.kernel);
  const both = Math.min(fit(rest, grids), most / rows, LARGEST);
  if (both >= WHOLE) return { input: whole(both), kernel: ownKernel, output: whole(both) };
  const share = Math.min(Math.max(input.columns / (input.columns + output.columns), 0.5), 0.6);
  return {
    input: whole(Math.min((rest * share) / input.columns, most / input.rows, LARGEST)),
    kernel: ownKernel,
    output: whole(Math.min((rest * (1 - share)) / output.columns, most / output.rows, LARGEST)),
  };
}

/** @param {Room} room */
function stacked({ width, height, input, kernel, output }) {
  const own = whole(Math.min(width / input.columns, (0.6 * height) / input.rows, LARGEST_KERNEL));
  const columns = Math.max(output.columns, 3);
  const pair = whole(Math.min((width - GAP) / (kernel.columns + columns), LARGEST_KERNEL));
  if (pair >= LEGIBLE) return { input: own, kernel: Math.min(pair, Math.max(own, 34)), output: pair };
  return {
    input: own,
    kernel: whole(Math.min(width / kernel.columns, LARGEST_KERNEL)),
    output: whole(Math.min(width / columns, LARGEST_KERNEL)),
  };
}

/** Window and products beside each other while they stay legible. @param {Room} room */
function workCell({ width, kernel }) {
  const beside = Math.floor(Math.min((width - 170) / (2 * kernel.columns) - 2, LARGEST_KERNEL));
  if (beside >= LEGIBLE) return beside;
  return Math.max(Math.floor(Math.min((width - 24) / kernel.columns - 2, LARGEST_KERNEL)), 14);
}
