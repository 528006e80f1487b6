// Words as points that move while an embedding learns: one frame a snapshot, a slider and a play button.
//
// data: Props

/** @import { FrontendRendererArgs } from "@streamlit/component-v2-lib" */

import { keeper, mounting, readProps } from "../shared/data.js";
import { keepingFocus, make, rootOf, shape } from "../shared/dom.js";
import { fill } from "../shared/text.js";

/** @typedef {[x: number, y: number]} Point */
/**
 * @typedef {object} Props
 * @property {Point[][]} frames a point for each word
 * @property {string[]} words
 * @property {number[]} groups of each word
 * @property {string[]} names of each group
 * @property {number[]} steps training steps before each frame
 * @property {number[]} losses nats
 * @property {number} chosen number of a word
 * @property {number[]} near numbers of its neighbours
 * @property {{ play: string, step: string, loss: string, map: string }} labels
 * @property {{ ink: string, muted: string, series: string[] }} colours
 */
/** @typedef {[width: number, height: number]} Size */
/** @typedef {[left: number, top: number, right: number, bottom: number]} Box */

const MARGIN = 46;
const LETTER = 7.2;
const WIDE_LETTER = 13;
const FRAME_MS = 110;
const NARROW = 560;
/** @type {Size} */
const SMALL = [360, 400];
/** @type {Size} */
const LARGE = [640, 420];
/** A mark of its own for each group, so that colour alone does not tell them apart. */
const MARKS = [
  "M-5,0 A5,5 0 1,0 5,0 A5,5 0 1,0 -5,0",
  "M-5,-5 H5 V5 H-5 Z",
  "M0,-6 L6,5 L-6,5 Z",
  "M0,-6.5 L6.5,0 L0,6.5 L-6.5,0 Z",
  "M-6,-2 H-2 V-6 H2 V-2 H6 V2 H2 V6 H-2 V2 H-6 Z",
];
const keeping = keeper(() => ({ frame: Number.POSITIVE_INFINITY, playing: false }));

/**
 * @param {Point[][]} frames
 * @param {Size} size
 */
function scales(frames, [width, height]) {
  const all = frames.flat();
  const reach = (/** @type {0 | 1} */ axis) => {
    const values = all.map((point) => point[axis]);
    return [Math.min(...values), Math.max(...values)];
  };
  const [[x0, x1], [y0, y1]] = [reach(0), reach(1)];
  const unit = Math.min((width - 2 * MARGIN) / (x1 - x0 || 1), (height - 2 * MARGIN) / (y1 - y0 || 1));
  return (/** @type {Point} */ [x, y]) =>
    /** @type {Point} */ ([width / 2 + (x - (x0 + x1) / 2) * unit, height / 2 - (y - (y0 + y1) / 2) * unit]);
}

/**
 * @param {number} group
 * @param {string[]} series
 */
const mark = (group, series) =>
  shape("path", { d: MARKS[group % MARKS.length], fill: series[group % series.length] });

/**
 * Where a word stands beside its point: the first of several places where it covers no other word or point.
 *
 * @param {Point[]} at
 * @param {number[]} widths
 * @param {number} width of the map
 * @returns {Point[]}
 */
function placeLabels(at, widths, width) {
  const taken = at.map(([x, y]) => /** @type {Box} */ ([x - 6, y - 6, x + 6, y + 6]));
  const isFree = (/** @type {Box} */ [left, top, right, bottom]) =>
    left > 2 &&
    right < width - 2 &&
    taken.every((o) => right < o[0] || left > o[2] || bottom < o[1] || top > o[3]);
  return at.map(([x, y], i) => {
    for (let lift = 0; lift <= 60; lift += 15) {
      for (const dx of [9, -9 - widths[i]]) {
        for (const dy of [4 + lift, 4 - lift]) {
          /** @type {Box} */
          const box = [x + dx, y + dy - 11, x + dx + widths[i], y + dy + 3];
          if (!isFree(box)) continue;
          taken.push(box);
          return [dx, dy];
        }
      }
    }
    return [9, 4];
  });
}

/**
 * @param {Props} data
 * @param {Size} size
 */
function drawMap(data, size) {
  const { colours } = data;
  const svg = shape("svg", { viewBox: `0 0 ${size[0]} ${size[1]}`, role: "img", class: "map" });
  svg.setAttribute("aria-label", data.labels.map);
  const lines = data.near.map(() => shape("line", { stroke: colours.muted, "stroke-dasharray": "4 3" }));
  const points = data.words.map((word, i) => {
    const isChosen = i === data.chosen;
    const weight = isChosen || data.near.includes(i) ? 700 : 400;
    const text = shape(
      "text",
      { x: 9, y: 4, "font-size": 13, fill: colours.ink, "font-weight": weight },
      word,
    );
    const leader = shape("line", { x1: 0, y1: 0, stroke: colours.muted, "stroke-width": 1, class: "leader" });
    const ring = shape("circle", { r: 10, fill: "none", stroke: colours.ink, "stroke-width": 2 });
    const group = shape("g");
    group.append(...(isChosen ? [ring] : []), leader, mark(data.groups[i], colours.series), text);
    return { group, text, leader };
  });
  svg.append(...lines, ...points.map(({ group }) => group));
  const widths = data.words.map((word) =>
    [...word].reduce((sum, sign) => sum + (sign > "\u2e80" ? WIDE_LETTER : LETTER), 0),
  );
  const place = scales(data.frames, size);
  const show = (/** @type {number} */ frame) => {
    const at = data.frames[frame].map(place);
    const offsets = placeLabels(at, widths, size[0]);
    points.forEach(({ group, text, leader }, i) => {
      const [dx, dy] = offsets[i];
      group.setAttribute("transform", `translate(${at[i][0]},${at[i][1]})`);
      text.setAttribute("x", String(dx));
      text.setAttribute("y", String(dy));
      // A label that had to move away is tied to its point.
      const far = Math.abs(dy - 4) > 8;
      leader.setAttribute("x2", String(far ? (dx < 0 ? dx + widths[i] : dx) : 0));
      leader.setAttribute("y2", String(far ? dy - 4 : 0));
    });
    lines.forEach((line, i) => {
      const [[x1, y1], [x2, y2]] = [at[data.chosen], at[data.near[i]]];
      for (const [name, value] of Object.entries({ x1, y1, x2, y2 })) line.setAttribute(name, String(value));
    });
  };
  return { svg, show };
}

/** @param {Props} data */
function drawLegend(data) {
  const legend = make("div", "legend");
  data.names.forEach((name, group) => {
    const item = make("span");
    const icon = shape("svg", { viewBox: "-8 -8 16 16", width: 14, height: 14, "aria-hidden": "true" });
    icon.append(mark(group, data.colours.series));
    item.append(icon, ` ${name}`);
    legend.append(item);
  });
  return legend;
}

/** @param {FrontendRendererArgs<Record<string, never>, string>} args */
function mount({ data: text, parentElement }) {
  const data = /** @type {Props} */ (readProps(text));
  const root = rootOf(parentElement, ".wordmap");
  const { labels } = data;
  const last = data.frames.length - 1;
  const kept = keeping(parentElement);
  const map = drawMap(data, root.clientWidth > 0 && root.clientWidth < NARROW ? SMALL : LARGE);
  const button = make("button", "", `▶ ${labels.play}`);
  button.type = "button";
  const words = make("span");
  const range = make("input");
  range.type = "range";
  range.min = "0";
  range.max = String(last);
  const label = make("label");
  label.append(words, range);
  const controls = make("div", "controls");
  controls.append(button, label);
  keepingFocus(root, () => root.replaceChildren(drawLegend(data), map.svg, controls));
  let timer = 0;
  const stop = () => {
    clearInterval(timer);
    kept.playing = false;
  };
  const show = (/** @type {number} */ frame) => {
    kept.frame = frame;
    range.value = String(frame);
    words.textContent = `${fill(labels.step, { step: data.steps[frame] })} · ${labels.loss} ${data.losses[frame].toFixed(2)}`;
    range.setAttribute("aria-valuetext", words.textContent);
    map.show(frame);
  };
  range.oninput = () => {
    stop();
    show(Number(range.value));
  };
  const start = () => {
    kept.playing = true;
    timer = setInterval(() => (kept.frame < last ? show(kept.frame + 1) : stop()), FRAME_MS);
  };
  button.onclick = () => {
    stop();
    show(0);
    start();
  };
  show(Math.min(kept.frame, last));
  if (kept.playing) start();
  return () => clearInterval(timer);
}

export default mounting(mount);
