// The way of one sample through a workflow: a row of blocks a path, the shape of what passes on every arrow.
// It plays block by block; what belongs to one token lights up in every block under the pointer or the focus.
//
// data (JSON text): Flow

/** @import { FrontendRendererArgs } from "@streamlit/component-v2-lib" */
/** @import { Stage } from "./stages.js" */
import { keeper, mounting, readProps } from "../shared/data.js";
import {
  button,
  calm,
  clamp,
  keepingFocus,
  make,
  rootOf,
  setColours,
  showPlaying,
  slider,
  slideTo,
} from "../shared/dom.js";
import { fill } from "../shared/text.js";
import { drawStage } from "./stages.js";

/**
 * @typedef {object} Lane one path
 * @property {string} name
 * @property {string} score what it measures, in words
 * @property {Stage[]} stages
 */
/**
 * @typedef {object} Flow
 * @property {Lane[]} lanes one, or two to compare
 * @property {string} signature what is drawn: the picture plays again when it changes
 * @property {string} opened key of the block that is open below
 * @property {Record<string, string>} labels
 * @property {Record<string, string>} colours
 */
/** @typedef {{ block: string }} State the block whose title was pressed */
/** @typedef {{ step: number, isAtEnd: boolean, playing: boolean, signature: string, timer: number }} Kept */

const STEP_MS = 900;

/** @type {(owner: HTMLElement | ShadowRoot) => Kept} */
const keeping = keeper(() => ({ step: 0, isAtEnd: false, playing: false, signature: "", timer: 0 }));

/**
 * @param {Lane} lane
 * @param {Flow} flow
 * @param {(key: string) => void} open
 */
function drawLane(lane, flow, open) {
  const row = make("section", "lane");
  row.setAttribute("aria-label", lane.name);
  const head = make("div", "lane-head");
  head.append(make("strong", "", lane.name), make("span", "score", lane.score));
  const blocks = make("ol", "blocks");
  for (const [index, stage] of lane.stages.entries()) {
    const block = make("li", `block ${stage.kind}`);
    block.dataset.step = String(index);
    const title = button(
      fill(flow.labels.open ?? "", { block: stage.title }),
      stage.title,
      () => open(stage.key),
      "title",
    );
    title.setAttribute("aria-pressed", String(stage.key === flow.opened));
    const body = make("div", "body");
    drawStage(body, stage, flow.colours);
    block.append(title, body);
    if (stage.note) block.append(make("div", "note", stage.note));
    if (stage.shape) {
      const arrow = make("div", "arrow");
      arrow.append(make("code", "shape", stage.shape), make("span", "shaft"));
      block.append(arrow);
    }
    blocks.append(block);
  }
  row.append(head, blocks);
  return row;
}

/**
 * Let everything that comes from one token stand out.
 *
 * @param {HTMLElement} root
 * @param {string | undefined} token
 */
function light(root, token) {
  root.classList.toggle("lit", token !== undefined);
  for (const node of root.querySelectorAll("[data-token]")) {
    if (node instanceof HTMLElement) node.classList.toggle("on", node.dataset.token === token);
  }
}

/** @param {EventTarget | null} target */
function tokenAt(target) {
  const node = target instanceof Element ? target.closest("[data-token]") : null;
  return node instanceof HTMLElement ? node.dataset.token : undefined;
}

/**
 * @param {HTMLElement} root
 * @param {number} step blocks up to this one are reached
 */
function reach(root, step) {
  for (const node of root.querySelectorAll(".block")) {
    if (!(node instanceof HTMLElement)) continue;
    const own = Number(node.dataset.step);
    node.classList.toggle("later", own > step);
    node.classList.toggle("now", own === step);
  }
}

/** @param {FrontendRendererArgs<State, string>} args */
function mount({ data, parentElement, setTriggerValue }) {
  const flow = /** @type {Flow} */ (readProps(data));
  const root = rootOf(parentElement, ".flow");
  const kept = keeping(parentElement);
  const last = Math.max(...flow.lanes.map((lane) => lane.stages.length)) - 1;
  setColours(root, flow.colours);

  const bar = make("div", "bar");
  const words = (/** @type {number} */ step) =>
    fill(flow.labels.step ?? "", { step: step + 1, steps: last + 1 });
  const scrubber = slider(words, last, kept.step, (step) => {
    stop();
    show(step);
  });
  const play = button(flow.labels.play ?? "", "▶", () => (kept.playing ? stop() : start()), "play");
  bar.append(play, scrubber);
  play.dataset.keep = "play";
  const lanes = flow.lanes.map((lane) => drawLane(lane, flow, (key) => setTriggerValue("block", key)));
  keepingFocus(root, () => root.replaceChildren(bar, ...lanes));

  /** @param {number} step */
  function show(step) {
    kept.step = clamp(step, 0, last);
    kept.isAtEnd = kept.step === last;
    slideTo(scrubber, kept.step, words(kept.step));
    reach(root, kept.step);
  }

  function stop() {
    clearInterval(kept.timer);
    kept.playing = false;
    showPlaying(play, false, flow.labels);
  }

  function start() {
    if (kept.step === last) show(0);
    clearInterval(kept.timer);
    kept.playing = true;
    showPlaying(play, true, flow.labels);
    kept.timer = window.setInterval(() => {
      show(kept.step + 1);
      if (kept.step === last) stop();
    }, STEP_MS);
  }

  const over = (/** @type {Event} */ event) => light(root, tokenAt(event.target));
  const out = () => light(root, undefined);
  root.addEventListener("pointerover", over);
  root.addEventListener("focusin", over);
  root.addEventListener("pointerleave", out);
  root.addEventListener("focusout", out);

  if (kept.signature === flow.signature) {
    show(kept.isAtEnd ? last : kept.step); // blocks that have come since belong to the end
    if (kept.playing) start();
  } else {
    const isFirst = kept.signature === "";
    kept.signature = flow.signature;
    // A sample that changes while one watches is drawn whole: only the first one is told from the start.
    show(calm() || !isFirst ? last : 0);
    if (!calm() && isFirst) start();
  }

  return () => {
    clearInterval(kept.timer);
    root.removeEventListener("pointerover", over);
    root.removeEventListener("focusin", over);
    root.removeEventListener("pointerleave", out);
    root.removeEventListener("focusout", out);
  };
}

export default mounting(mount);
