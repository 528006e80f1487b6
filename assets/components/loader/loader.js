// A DataLoader at work: the samples in the order in which they are drawn, and below, on one scale of milliseconds,
// who assembles which batch and when the training step uses it. It plays by itself, is paused and scrubbed.
//
// data (JSON text): Loader

/** @import { FrontendRendererArgs } from "@streamlit/component-v2-lib" */
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

/**
 * @typedef {object} Batch
 * @property {number[]} samples numbers of samples of the data set
 * @property {number | null} worker who assembles it; null is the training process itself
 * @property {[number, number]} prepared from when to when, in milliseconds
 * @property {[number, number]} stepped
 */
/**
 * @typedef {object} Loader
 * @property {Batch[]} batches
 * @property {number} workers
 * @property {number} longest milliseconds of the whole scale: the same for every number of workers
 * @property {string} signature what is drawn: the picture plays again when it changes
 * @property {Record<string, string>} labels
 * @property {Record<string, string>} colours
 */
/** @typedef {{ at: number, playing: boolean, signature: string, frame: number }} Kept */

const PLAY_MS = 9000;
const TICK = 5;

/** @type {(owner: HTMLElement | ShadowRoot) => Kept} */
const keeping = keeper(() => ({ at: 0, playing: false, signature: "", frame: 0 }));

/** @param {Loader} loader */
const endOf = (loader) => Math.max(0, ...loader.batches.map((batch) => batch.stepped[1]));

/** @param {Loader} loader */
function drawOrder(loader) {
  const row = make("ol", "order");
  row.setAttribute("aria-label", loader.labels.order ?? "");
  for (const [index, batch] of loader.batches.entries()) {
    const group = make("li", "group");
    group.dataset.batch = String(index);
    group.append(make("span", "name", fill(loader.labels.batch ?? "", { number: index + 1 })));
    const chips = make("span", "chips");
    for (const sample of batch.samples) chips.append(make("span", "chip", String(sample)));
    group.append(chips);
    row.append(group);
  }
  return row;
}

/**
 * @param {Loader} loader
 * @param {string} name
 * @param {{ index: number, span: [number, number], kind: string }[]} bars
 */
function drawLane(loader, name, bars) {
  const lane = make("div", "lane");
  const track = make("div", "track");
  for (const { index, span, kind } of bars) {
    const bar = make("span", `span ${kind}`, String(index + 1));
    bar.dataset.batch = String(index);
    bar.style.insetInlineStart = `${(100 * span[0]) / loader.longest}%`;
    bar.style.inlineSize = `${(100 * (span[1] - span[0])) / loader.longest}%`;
    track.append(bar);
  }
  lane.append(make("span", "who", name), track);
  return lane;
}

/** @param {Loader} loader */
function drawLanes(loader) {
  const lanes = make("div", "lanes");
  /** @param {number | null} worker */
  const prepared = (worker) =>
    loader.batches.flatMap((batch, index) =>
      batch.worker === worker ? [{ index, span: batch.prepared, kind: "prepare" }] : [],
    );
  for (let worker = 0; worker < loader.workers; worker += 1) {
    lanes.append(drawLane(loader, fill(loader.labels.worker ?? "", { number: worker }), prepared(worker)));
  }
  const steps = loader.batches.map((batch, index) => ({ index, span: batch.stepped, kind: "step" }));
  lanes.append(drawLane(loader, loader.labels.main ?? "", [...prepared(null), ...steps]));
  const cursor = make("div", "cursor");
  lanes.append(cursor);
  return { lanes, cursor };
}

/**
 * What happens at a moment, in words.
 *
 * @param {Loader} loader
 * @param {number} at
 */
function reading(loader, at) {
  /** @param {[number, number]} span */
  const now = ([start, end]) => start <= at && at < end;
  const said = [];
  for (const [index, batch] of loader.batches.entries()) {
    const slots = { number: index + 1, samples: batch.samples.join(loader.labels.comma) };
    if (now(batch.prepared)) {
      const who =
        batch.worker === null
          ? (loader.labels.main ?? "")
          : fill(loader.labels.worker ?? "", { number: batch.worker });
      said.push(fill(loader.labels.assembles ?? "", { ...slots, who }));
    }
    if (now(batch.stepped)) said.push(fill(loader.labels.steps ?? "", slots));
  }
  const end = endOf(loader);
  if (at >= end) said.push(fill(loader.labels.over ?? "", { milliseconds: end }));
  return said.join(" ");
}

/** @param {FrontendRendererArgs<Record<string, never>, string>} args */
function mount({ data, parentElement }) {
  const loader = /** @type {Loader} */ (readProps(data));
  const root = rootOf(parentElement, ".loader");
  const kept = keeping(parentElement);
  const end = endOf(loader);
  setColours(root, loader.colours);
  cancelAnimationFrame(kept.frame);

  const scrubber = slider(
    (step) => fill(loader.labels.at ?? "", { milliseconds: step * TICK }),
    Math.ceil(end / TICK),
    kept.at / TICK,
    (step) => {
      stop();
      show(step * TICK);
    },
  );
  const play = button(loader.labels.play ?? "", "▶", () => (kept.playing ? stop() : start()), "play");
  const bar = make("div", "bar");
  bar.append(play, scrubber);
  const order = drawOrder(loader);
  const { lanes, cursor } = drawLanes(loader);
  const words = make("p", "words");
  play.dataset.keep = "play";
  keepingFocus(root, () => root.replaceChildren(bar, order, lanes, words));

  /** @param {number} at */
  function show(at) {
    kept.at = clamp(at, 0, end);
    const said = reading(loader, kept.at);
    const time = fill(loader.labels.at ?? "", { milliseconds: Math.round(kept.at) });
    const spoken = said && !kept.playing ? time + loader.labels.stop + said : time;
    slideTo(scrubber, Math.round(kept.at / TICK), time, spoken);
    cursor.style.setProperty("--at", String(kept.at / loader.longest));
    words.textContent = said;
    for (const node of root.querySelectorAll("[data-batch]")) {
      if (!(node instanceof HTMLElement)) continue;
      const batch = loader.batches[Number(node.dataset.batch)];
      if (batch) mark(node, batch);
    }
  }

  /**
   * How far a batch is: nothing yet, being assembled, ready, used.
   *
   * @param {HTMLElement} node
   * @param {Batch} batch
   */
  function mark(node, batch) {
    const [start, ready] = batch.prepared;
    const [from, used] = batch.stepped;
    const states = {
      coming: kept.at >= start,
      ready: kept.at >= ready,
      busy: kept.at >= from,
      used: kept.at >= used,
    };
    for (const [name, holds] of Object.entries(states)) node.classList.toggle(name, holds);
    const share = clamp((kept.at - start) / (ready - start), 0, 1);
    for (const [place, chip] of node.querySelectorAll(".chip").entries()) {
      chip.classList.toggle("drawn", share * batch.samples.length > place);
    }
  }

  function stop() {
    cancelAnimationFrame(kept.frame);
    kept.playing = false;
    showPlaying(play, false, loader.labels);
    show(kept.at); // whoever cannot see is told where it stands only now that it stands
  }

  function start() {
    if (kept.at >= end) show(0);
    kept.playing = true;
    showPlaying(play, true, loader.labels);
    let last = performance.now();
    /** @param {number} now */
    const tick = (now) => {
      show(kept.at + ((now - last) * loader.longest) / PLAY_MS);
      last = now;
      if (kept.at >= end) stop();
      else kept.frame = requestAnimationFrame(tick);
    };
    kept.frame = requestAnimationFrame(tick);
  }

  const isNew = kept.signature !== loader.signature;
  kept.signature = loader.signature;
  show(isNew ? 0 : kept.at);
  if (calm()) show(isNew ? end : kept.at);
  else if (isNew || kept.playing) start();

  return () => cancelAnimationFrame(kept.frame);
}

export default mounting(mount);
