// A histogram, with the density that the numbers were drawn from over it.

/** @import { Bars, Colours } from "./types.js" */

import { shape } from "../shared/dom.js";

const [WIDTH, HEIGHT, SIDE, BOTTOM, TOP] = [480, 170, 8, 22, 8];
const TICKS = 5;

/**
 * @param {Bars} bars
 * @param {Colours} colours
 */
export function drawBars({ density, edges, theory, reading }, colours) {
  const svg = shape("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", class: "bars" });
  svg.setAttribute("aria-label", reading);
  const top = Math.max(...density, ...(theory ?? [])) * 1.08 || 1;
  const first = edges[0];
  const span = edges[edges.length - 1] - first;
  const floor = HEIGHT - BOTTOM;
  const x = (/** @type {number} */ value) => SIDE + ((value - first) / span) * (WIDTH - 2 * SIDE);
  const y = (/** @type {number} */ value) => floor - (value / top) * (floor - TOP);
  density.forEach((value, i) => {
    const [left, right] = [edges[i], edges[i + 1]];
    const bar = shape("rect", {
      x: x(left) + 0.5,
      y: y(value),
      width: Math.max(x(right) - x(left) - 1, 0.5),
      height: floor - y(value),
      fill: colours.output,
      "fill-opacity": 0.55,
    });
    const title = `${left.toPrecision(3)} … ${right.toPrecision(3)}: ${value.toPrecision(3)}`;
    bar.append(shape("title", {}, title));
    svg.append(bar);
  });
  if (theory) {
    const points = theory.map((value, i) => `${x((edges[i] + edges[i + 1]) / 2)},${y(value)}`).join(" ");
    svg.append(shape("polyline", { points, fill: "none", stroke: colours.weight, "stroke-width": 2.5 }));
  }
  svg.append(shape("line", { x1: SIDE, x2: WIDTH - SIDE, y1: floor, y2: floor, stroke: colours.muted }));
  for (let i = 0; i < TICKS; i += 1) {
    const value = first + (span * i) / (TICKS - 1);
    const anchor = i === 0 ? "start" : i === TICKS - 1 ? "end" : "middle";
    const place = { x: x(value), y: HEIGHT - 6, "text-anchor": anchor, "font-size": 14, fill: colours.ink };
    svg.append(shape("text", place, String(Number(value.toPrecision(3)))));
  }
  return svg;
}
