// The colour of each cell: where its element came from.

/** @import { Colours, Group, Tensor } from "./types.js" */

import { css, inkOn, mix, rgb } from "../shared/colour.js";

/** Bits of a cell's mark (lib/ui/components/tensor.py, `Mark`). */
export const FLAG = { selected: 1, winner: 2, faded: 4, changed: 8, wrong: 16, padding: 32 };
const RAMPS = [
  ["#16306e", "#0072b2", "#2aa7a0", "#bfe6a8"],
  ["#5c1a00", "#c24e00", "#f0a04b", "#ffe3b0"],
  ["#4a1f4f", "#b0578d", "#e9a9cf", "#fbe3f1"],
  ["#1f2937", "#5b6472", "#9ca3af", "#e5e7eb"],
];
const FADE = 0.62;
const TINT = 0.55;
const BAND_REM = 0.4;

/**
 * The tensor that an element's number belongs to, and the element's place there.
 *
 * @param {number} number
 * @param {Group[]} groups
 */
export function sourceOf(number, groups) {
  const which = groups.findIndex((group) => number >= group.first && number < group.first + group.count);
  const group = groups[which];
  return group ? { which, group, place: number - group.first } : null;
}

/**
 * @param {string[]} stops
 * @param {number} share
 */
function rampColour(stops, share) {
  const at = Math.min(Math.max(share, 0), 1) * (stops.length - 1);
  const low = Math.min(Math.floor(at), stops.length - 2);
  return mix(stops[low], stops[low + 1], at - low);
}

/**
 * @param {number} number
 * @param {Group[]} groups
 */
function elementColour(number, groups) {
  const source = sourceOf(number, groups);
  if (!source) return null;
  const { count } = source.group;
  return rampColour(RAMPS[source.which % RAMPS.length], count > 1 ? source.place / (count - 1) : 0.33);
}

/**
 * One colour a source, at least one.
 *
 * @param {Tensor} tensor
 * @param {number} place
 * @param {Group[]} groups
 * @param {Colours} colours
 */
export function cellColours(tensor, place, groups, colours) {
  const marks = tensor.marks?.[place] ?? 0;
  if (marks & FLAG.padding) return [mix(colours.paper, colours.padding, 0.4)];
  const found = plainColours(tensor, place, groups, colours);
  // Towards the paper, so that the ink can be chosen for what is seen: transparency would pale the number too.
  return marks & FLAG.faded ? found.map((colour) => mix(css(rgb(colour)), colours.paper, FADE)) : found;
}

/**
 * @param {Tensor} tensor
 * @param {number} place
 * @param {Group[]} groups
 * @param {Colours} colours
 */
function plainColours(tensor, place, groups, colours) {
  const { paper, series } = colours;
  const tint = tensor.tintMap?.[place] ?? -1;
  if (tint >= 0) return [mix(paper, series[tint % series.length], TINT)];
  const numbers = tensor.maps.map((map) => map[place]).filter((source) => source >= 0);
  if (tensor.role === "lane") return [mix(paper, series[(numbers[0] ?? 0) % series.length], TINT)];
  if (tensor.role === "element") {
    const found = numbers.map((source) => elementColour(source, groups)).filter((colour) => colour !== null);
    if (found.length) return found;
  }
  const named = /** @type {Record<string, string | string[] | undefined>} */ (colours)[tensor.role];
  return [mix(paper, typeof named === "string" ? named : colours.muted, 0.3)];
}

/**
 * Gives a cell its colours: several stand as bands on the sides, with the number on plain paper between them.
 *
 * @param {HTMLElement} cell
 * @param {string[]} all
 * @param {Colours} colours
 */
export function paint(cell, all, { paper, ink }) {
  const last = all[all.length - 1];
  if (all.length === 1) {
    cell.style.background = last;
    cell.style.color = inkOn(last);
    return;
  }
  const left = all.slice(0, -1).map((c, i) => `${c} ${BAND_REM * i}rem ${BAND_REM * (i + 1)}rem`);
  const start = BAND_REM * left.length;
  const end = `calc(100% - ${BAND_REM}rem)`;
  cell.style.background = `linear-gradient(90deg, ${left.join(", ")}, ${paper} ${start}rem ${end}, ${last} ${end})`;
  cell.style.color = ink;
  cell.style.paddingInline = `${start + 0.2}rem 0.6rem`;
}
