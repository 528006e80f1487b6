// Where each box of the picture stands: height is space, depth (to the right) is channels, both to scale.

import { clamp } from "../shared/dom.js";
import { INPUT, sidesOf } from "./cells.js";

/** @typedef {import("./types.js").Network} Network */
/** @typedef {import("./types.js").Row} Row */
/**
 * One box: the output of `row` (-1 is the input). `rows` are those that it stands for; `join` is what a folded
 * block hides, `lane` the branch of an unfolded one.
 *
 * @typedef {{ row: number, rows: number[], label: string, kind: string, sides: [number, number], channels: number,
 *   block: string, folded: boolean, lane: number, lanes: number, column: number, x: number, y: number,
 *   face: { w: number, h: number, skew: number }, depth: number }} Box
 */
/** @typedef {{ boxes: Box[], width: number, height: number, middle: number, of: Map<number, Box> }} Layout */

const SHEAR = 0.34;
const DROP = 0.17;
const GAP = 13;
const LEAST = 3;
const LANES = 190;

/** @param {Network} network */
export const blocksWithJoins = (network) =>
  new Set(network.rows.filter((row) => row.kind === "join").map((row) => row.block));

/**
 * The boxes in order, without places.
 *
 * @param {Network} network
 * @param {(block: string) => boolean} isOpen
 * @returns {Box[]}
 */
function boxesOf(network, isOpen) {
  const joins = blocksWithJoins(network);
  /** @type {Box[]} */
  const boxes = [];
  /** @param {Partial<Box> & { row: number, rows: number[], kind: string, shape: number[] }} given */
  const push = ({ shape, ...given }) => {
    const sides = sidesOf(shape);
    boxes.push({
      label: "",
      block: "",
      folded: false,
      lane: 0,
      lanes: 1,
      column: 0,
      x: 0,
      y: 0,
      depth: 0,
      face: { w: 0, h: 0, skew: 0 },
      sides,
      channels: shape[1] ?? 1,
      ...given,
    });
  };
  push({ row: INPUT, rows: [], kind: "input", shape: network.input });
  network.rows.forEach((row, number) => {
    const last = boxes.at(-1);
    const isBlock = row.block !== "" && joins.has(row.block);
    if (isBlock && !isOpen(row.block)) {
      if (last?.folded && last.block === row.block) {
        last.rows.push(number);
        Object.assign(last, { row: number, sides: sidesOf(row.shape), channels: row.shape[1] ?? 1 });
        return;
      }
      push({ row: number, rows: [number], kind: "block", shape: row.shape, block: row.block, folded: true });
      return;
    }
    const from = row.inputs[0] ?? INPUT;
    const previous = boxes.findLast((box) => box.row === from || box.rows.includes(from));
    const isQuiet = row.kind === "unary" || row.kind === "flatten";
    if (isQuiet && previous && previous.row !== INPUT && !previous.folded) {
      // Flattening moves nothing: it has no box, and its units are those before it.
      const before = network.rows[previous.row];
      previous.rows.push(number);
      if (before?.shape.join() === row.shape.join()) previous.row = number;
      return;
    }
    push({
      row: number,
      rows: [number],
      kind: row.kind,
      shape: row.shape,
      block: row.block,
      lane: row.branch,
    });
  });
  columns(network, boxes, joins);
  return boxes;
}

/**
 * In an unfolded block each branch has a lane; boxes of several lanes share a column.
 *
 * @param {Network} network
 * @param {Box[]} boxes
 * @param {Set<string>} joins
 */
function columns(network, boxes, joins) {
  let column = 0;
  let at = 0;
  while (at < boxes.length) {
    const box = boxes[at];
    if (!box) break;
    if (box.folded || !joins.has(box.block)) {
      box.column = column;
      column += 1;
      at += 1;
      continue;
    }
    const inside = boxes.filter((other) => other.block === box.block);
    const lanes = Math.max(...inside.map((other) => other.lane)) + 1;
    const widths = Array.from({ length: lanes }, () => 0);
    let longest = 0;
    let isJoined = false;
    for (const each of inside) {
      const isJoin = network.rows[each.rows[0] ?? 0]?.kind === "join";
      isJoined ||= isJoin;
      if (isJoined) {
        longest = Math.max(...widths);
        each.lane = 0;
        each.lanes = 1;
        each.column = column + longest;
        widths.fill(longest + 1);
      } else {
        each.lanes = lanes;
        each.column = column + (widths[each.lane] ?? 0);
        widths[each.lane] = (widths[each.lane] ?? 0) + 1;
      }
    }
    column += Math.max(...widths);
    at += inside.length;
  }
}

/**
 * @param {Network} network
 * @param {(block: string) => boolean} isOpen
 * @param {number} width room in pixels
 * @param {number} tallest pixels of the largest side
 * @returns {Layout}
 */
export function layOut(network, isOpen, width, tallest) {
  const boxes = boxesOf(network, isOpen);
  const most = Math.max(...boxes.map((box) => Math.max(...box.sides)));
  const scale = tallest / most;
  for (const box of boxes) {
    const h = Math.max(box.sides[0] * scale, LEAST);
    const w = Math.max(box.sides[1] * scale, LEAST);
    box.face = { w: w * SHEAR + 1, h, skew: w * DROP };
  }
  /** @type {Map<number, Box[]>} */
  const inColumn = new Map();
  for (const box of boxes) inColumn.set(box.column, [...(inColumn.get(box.column) ?? []), box]);
  const groups = [...inColumn.entries()].sort(([a], [b]) => a - b).map(([, group]) => group);
  // Many large maps: they are seen more from the side, so that all channels still find room.
  const faces = groups.reduce((sum, group) => sum + Math.max(...group.map((box) => box.face.w)), 0);
  const squeeze = clamp((0.78 * width - groups.length * GAP) / faces, 0.4, 1);
  for (const { face } of boxes) [face.w, face.skew] = [face.w * squeeze, face.skew * squeeze];
  const fixed = groups.reduce((sum, group) => sum + Math.max(...group.map((box) => box.face.w)) + GAP, 0);
  const channels = groups.reduce((sum, group) => sum + Math.max(...group.map((box) => box.channels)), 0);
  // What is left of the width is shared out by channels; a scroll bar where too little is left.
  const per = Math.min(Math.max(width - fixed - 8, groups.length * 2.5) / channels, scale);
  const left = width - fixed - 8 - channels * per;
  const gap = GAP + clamp(left / groups.length, 0, 54);
  const lanes = Math.max(...boxes.map((box) => box.lanes));
  const band = lanes > 1 ? clamp(LANES / (lanes - 1), 40, tallest * 0.75) : 0;
  const room = Math.max(tallest * (1 + DROP), lanes * band);
  let x = 4;
  for (const group of groups) {
    for (const box of group) {
      box.depth = Math.max(box.channels * per, 1.5);
      box.x = x;
      const lane = box.lanes > 1 ? (box.lane - (box.lanes - 1) / 2) * band : 0;
      box.y = room / 2 + lane - (box.face.h + box.face.skew) / 2;
    }
    x += Math.max(...group.map((box) => box.face.w + box.depth)) + gap;
  }
  /** @type {Map<number, Box>} */
  const of = new Map();
  for (const box of boxes) {
    for (const row of box.rows) of.set(row, box);
    of.set(box.row, box);
  }
  return { boxes, width: x, height: room, middle: room / 2, of };
}

/**
 * A point of a box's face in the picture: `u` and `v` from 0 to 1, right and down.
 *
 * @param {Box} box
 * @param {number} u
 * @param {number} v
 * @returns {[x: number, y: number]}
 */
export const onFace = (box, u, v) => [box.x + u * box.face.w, box.y + u * box.face.skew + v * box.face.h];
