// The edges: a line, its local derivative, what flowed back along it, and where it is cut.

import { shape } from "../shared/dom.js";
import { curve } from "./layout.js";
import { brief } from "./numbers.js";

/** @typedef {import("./numbers.js").Nested} Nested */
/** @typedef {{ from: number, to: number, cut: string | null, local: string }} EdgeProps */
/** @typedef {{ path: SVGPathElement, pill: SVGGElement, product: SVGTextElement | null, middle: DOMPoint }} Line */

const HALF = 40;

/**
 * The line of an edge, in its SVG (its length can be asked for only there).
 *
 * @param {SVGSVGElement} svg
 * @param {EdgeProps} edge
 * @param {readonly import("./layout.js").Point[]} points
 * @param {boolean} upwards
 * @param {string | null} product what flows back
 * @returns {Line}
 */
export function makeLine(svg, edge, points, upwards, product) {
  const path = shape("path", { d: curve(points, upwards), class: `ag-line${edge.cut ? " ag-cut" : ""}` });
  svg.append(path);
  const length = path.getTotalLength();
  // A long edge has its label near its end, where fewer others pass.
  const middle = path.getPointAtLength(points.length > 2 ? length - Math.min(48, length / 2) : length / 2);
  const pill = shape("g", { class: "ag-pill", transform: `translate(${middle.x},${middle.y})` });
  svg.append(pill);
  if (edge.cut) {
    pill.classList.add("ag-pill-cut");
    const across = upwards ? "M-12,-3 L12,-7 M-12,7 L12,3" : "M-7,12 L-3,-12 M3,12 L7,-12";
    pill.append(shape("path", { d: across }));
    if (edge.local) pill.append(shape("text", { y: upwards ? 0 : 30, x: upwards ? 44 : 0 }, edge.local));
    return { path, pill, product: null, middle };
  }
  const local = shape("text", { y: product === null ? 5 : -4 }, edge.local);
  const carried = product === null ? null : shape("text", { y: 13, class: "ag-product" }, product);
  const width = 2 * Math.max(HALF / 2, 4.4 * Math.max(edge.local.length, (product ?? "").length) + 6);
  const tall = product === null ? 22 : 38;
  pill.append(shape("rect", { x: -width / 2, y: -tall / 2, width, height: tall, rx: 8 }), local);
  if (carried) pill.append(carried);
  return { path, pill, product: carried, middle };
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
