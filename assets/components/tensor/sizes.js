// How large the cells are: as large as the room allows, with boxes that are to be compared side by side.

/** Text sizes in pixels and the least side of a cell with them, the largest first. */
const STEPS = /** @type {const} */ ([
  [20, 48],
  [18, 44],
  [16, 38],
  [14, 32],
]);
const SIGN = 0.602;
const CELL_GAP = 2;
const BOX_GAP = 16;
const HEAD = 22;
const PANEL_PADDING = 6;
const NARROW = 560;
const MOST_COLUMNS = 12;
const LEAST_COLUMNS = 3;

/**
 * A tensor as the sizes see it.
 *
 * @typedef {object} Box
 * @property {number} columns of one panel
 * @property {boolean} hasHeads whether rows are numbered
 * @property {number} signs of the longest number
 * @property {number} bands coloured bands beside a number
 * @property {number | null} fixed columns that are shown in any case
 */
/**
 * @typedef {object} Sizes
 * @property {number} font
 * @property {number} side the least side of a cell
 * @property {number[]} columns shown at once, for each box
 */

/**
 * @param {Box} box
 * @param {number} font
 * @param {number} side
 */
export const cellWidth = (box, font, side) =>
  Math.max(side, box.signs * SIGN * font + 0.7 * font + (box.bands > 1 ? 6.4 * box.bands + 6 : 0)) + CELL_GAP;

/**
 * @param {Box[]} boxes
 * @param {number} width of the picture
 * @param {number} joined width of what stands between the boxes
 * @returns {Sizes}
 */
export function planSizes(boxes, width, joined) {
  const most = width < NARROW ? 7 : MOST_COLUMNS;
  const wanted = boxes.map((box) => box.fixed ?? Math.min(box.columns, most));
  const widths = (/** @type {number} */ font, /** @type {number} */ side) =>
    boxes.map((box, i) => wanted[i] * cellWidth(box, font, side) + (box.hasHeads ? HEAD : 0) + PANEL_PADDING);
  const gaps = BOX_GAP * Math.max(boxes.length - 1, 0) + joined;
  const abreast = STEPS.find(([font, side]) => widths(font, side).reduce((a, b) => a + b, gaps) <= width);
  const alone = STEPS.find(([font, side]) => Math.max(...widths(font, side), 0) <= width);
  // Under each other they may be as large as each alone; but not much larger than what fits a narrow page.
  const [font, side] = abreast ?? alone ?? STEPS[STEPS.length - 1];
  const columns = boxes.map((box, i) => {
    const room = Math.floor((width - PANEL_PADDING - (box.hasHeads ? HEAD : 0)) / cellWidth(box, font, side));
    return box.fixed ?? Math.min(wanted[i], Math.max(room, LEAST_COLUMNS));
  });
  return { font, side, columns };
}
