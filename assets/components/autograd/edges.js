// The edges: a line, its local derivative, what flowed back along it, and where it is cut.

import { shape } from "../shared/dom.js";
import { curve } from "./layout.js";
import { brief } from "./numbers.js";

/** @typedef {import("./numbers.js").Nested} Nested */
/** @typedef {{ from: number, to: number, cut: string | null, local: string }} EdgeProps */
/** @typedef {{ path: SVGPathElement, pill: SVGGElement }} Line */
/** @typedef {import("./layout.js").Box} Box */

const HALF = 40;
/** Places along an edge at which its label may stand, the best first. */
const PLACES = [0.5, 0.4, 0.6, 0.3, 0.7, 0.22, 0.78, 0.85, 0.15];

/**
 * The line of an edge, in its SVG (its length can be asked for only there).
 *
 * @param {SVGSVGElement} svg
 * @param {EdgeProps} edge
 * @param {readonly import("./layout.js").Point[]} points
 * @param {boolean} upwards
 * @param {string | null} product what flows back
 * @param {Box[]} taken where nothing may stand; the label's own place is added
 * @returns {Line}
 */
export function makeLine(svg, edge, points, upwards, product, taken) {
  const path = shape("path", { d: curve(points, upwards), class: `ag-line${edge.cut ? " ag-cut" : ""}` });
  svg.append(path);
  if (edge.cut === "above") return { path, pill: shape("g") };
  const width = edge.cut
    ? 64
    : 2 * Math.max(HALF / 2, 4.4 * Math.max(edge.local.length, (product ?? "").length) + 6);
  const tall = edge.cut ? 26 : product === null ? 22 : 38;
  const at = free(path, { width, height: tall }, taken);
  const pill = shape("g", { class: "ag-pill", transform: `translate(${at.x},${at.y})` });
  svg.append(pill);
  if (edge.cut) {
    pill.classList.add("ag-pill-cut");
    const across = upwards ? "M-12,-3 L12,-7 M-12,7 L12,3" : "M-7,12 L-3,-12 M3,12 L7,-12";
    pill.append(
      shape("path", { d: across, transform: "translate(0,-6)" }),
      shape("text", { y: 20 }, edge.local),
    );
    return { path, pill };
  }
  const local = shape("text", { y: product === null ? 5 : -4 }, edge.local);
  const carried = product === null ? null : shape("text", { y: 13, class: "ag-product" }, product);
  pill.append(shape("rect", { x: -width / 2, y: -tall / 2, width, height: tall, rx: 8 }), local);
  if (carried) pill.append(carried);
  return { path, pill };
}

/**
 * The place on a line where a label covers nothing else; the middle where there is none.
 *
 * @param {SVGPathElement} path
 * @param {import("./layout.js").Size} size
 * @param {Box[]} taken
 */
function free(path, size, taken) {
  const length = path.getTotalLength();
  const boxAt = (/** @type {number} */ share) => {
    const { x, y } = path.getPointAtLength(length * share);
    return { x: x - size.width / 2, y: y - size.height / 2, ...size };
  };
  // A long edge has its label where it ends: there it passes no other node.
  const boxes = [...PLACES.map(boxAt), boxAt(1 - 46 / length), boxAt(46 / length)];
  const hits = boxes.map((box) => taken.reduce((sum, other) => sum + overlap(box, other), 0));
  const box = boxes[hits.indexOf(Math.min(...hits))];
  taken.push(box);
  return { x: box.x + size.width / 2, y: box.y + size.height / 2 };
}

/**
 * The area that two boxes share.
 *
 * @param {Box} a
 * @param {Box} b
 */
function overlap(a, b) {
  const across = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const down = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return Math.max(0, across) * Math.max(0, down);
}

/**
 * What stands on the moving dot: a number, or a shape.
 *
 * @param {Nested} value
 */
export function parcel(value) {
  if (!Array.isArray(value)) return brief(value);
  const first = value[0];
  return Array.isArray(first) ? `${value.length}×${first.length}` : `(${value.length})`;
}
