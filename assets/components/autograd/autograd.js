// The graph of an expression. Values stand on the nodes; backward() sends a gradient back along the edges, one edge
// a frame, times that edge's local derivative; a second backward() without zero_grad() adds the same again.
//
// data: JSON text, see Props. state: do = the buttons pressed, "b" for backward(), "z" for zero_grad().

import { keeper, readProps } from "../shared/data.js";
import { button, calm, make, rootOf, setColours, shape, showPlaying } from "../shared/dom.js";
import { fill } from "../shared/text.js";
import { makeCard, showGrad, sizeOf } from "./cards.js";
import { makeLine, parcel } from "./edges.js";
import { layOut } from "./layout.js";
import { brief, pythonText, revive } from "./numbers.js";
import { framesOf, momentAt } from "./timeline.js";

/** @typedef {import("./numbers.js").Nested} Nested */
/** @typedef {import("./timeline.js").Step} Step */
/**
 * @typedef {{ nodes: import("./cards.js").NodeProps[], edges: import("./edges.js").EdgeProps[], steps: Step[],
 *   output: number, seed: Nested, refusal: string | null, actions: string, outputName: string,
 *   labels: Record<string, string>, colours: Record<string, string>, reading: string }} Props
 */
/** @typedef {{ do: string }} State */
/** @typedef {import("@streamlit/component-v2-lib").FrontendRendererArgs<State, string>} Args */

const STEP_MS = 750;
const FIRST_MS = 250;
const MOST = 8;
const NARROW = 640;
/** Pixels that stay free beside a node that is scrolled to. */
const MARGIN = 16;

class Picture {
  /**
   * @param {HTMLElement} root
   * @param {Props} props
   * @param {(actions: string) => void} report
   */
  constructor(root, props, report) {
    this.root = root;
    this.props = props;
    this.report = report;
    this.actions = props.actions;
    /** @type {string[]} what was reported and has not come back yet */
    this.sent = [];
    this.steps = props.steps.map((step) => ({
      ...step,
      upstream: revive(step.upstream),
      local: step.local === null ? null : revive(step.local),
      full: step.full === null ? null : revive(step.full),
      product: revive(step.product),
    }));
    this.nodes = props.nodes.map((node) => ({ ...node, value: revive(node.value) }));
    this.graph = {
      count: props.nodes.length,
      output: props.output,
      seed: revive(props.seed),
      steps: this.steps,
      sources: this.steps.map((step) => props.edges[step.edge].from),
    };
    this.frames = this.framesOf(this.actions);
    this.at = 0;
    this.isPlaying = false;
    this.timer = 0;
    this.ticking = 0;
    this.upwards = root.clientWidth < NARROW;
    /** @type {import("./layout.js").Layout | undefined} */
    this.layout = undefined;
    this.build();
    this.observer = new ResizeObserver(() => this.fit());
    this.observer.observe(root);
    if (calm() || this.frames.length === 1) this.show(this.frames.length - 1);
    else this.play(FIRST_MS);
  }

  /** @param {string} actions */
  framesOf(actions) {
    return framesOf(this.props.refusal === null ? actions : "", this.steps.length);
  }

  build() {
    const { labels } = this.props;
    this.root.replaceChildren();
    const bar = make("div", "ag-bar");
    this.backward = button(labels.backward_help, "backward()", () => this.press("b"), "ag-button ag-main");
    this.zero = button(labels.zero_help, "zero_grad()", () => this.press("z"), "ag-button");
    this.reset = button(labels.reset, "↺", () => this.restart(), "ag-button ag-small");
    const back = button(labels.back, "◀", () => this.walk(-1), "ag-button ag-small");
    this.player = button(labels.play, "▶", () => this.toggle(), "ag-button ag-small ag-play");
    const forth = button(labels.forth, "▶|", () => this.walk(1), "ag-button ag-small");
    const scrubber = make("input", "ag-scrub");
    scrubber.type = "range";
    scrubber.min = "0";
    scrubber.setAttribute("aria-label", labels.scrub);
    scrubber.oninput = () => {
      this.pause();
      this.show(Number(scrubber.value));
      this.follow();
    };
    this.scrubber = scrubber;
    const time = make("div", "ag-time");
    time.append(back, this.player, forth, scrubber);
    bar.append(this.backward, this.zero, this.reset, time);
    this.words = make("p", "ag-words");
    this.words.setAttribute("aria-live", "polite");
    this.grads = make("ul", "ag-grads");
    this.grads.setAttribute("aria-label", labels.grads);
    this.frame = make("div", "ag-frame");
    const stage = make("div", "ag-stage");
    stage.tabIndex = 0;
    stage.setAttribute("role", "group");
    stage.setAttribute("aria-label", this.props.reading);
    stage.onkeydown = (event) => this.key(event);
    this.stage = stage;
    this.frame.append(stage);
    this.root.append(bar, this.frame, this.words, this.grads);
    this.draw();
  }

  draw() {
    const { stage, props, upwards } = this;
    if (!stage) return;
    const layout = layOut(this.nodes.map(sizeOf), props.edges, {
      upwards,
      rankGap: upwards ? 54 : 92,
      gap: upwards ? 14 : 20,
    });
    this.layout = layout;
    stage.replaceChildren();
    stage.style.width = `${layout.width}px`;
    stage.style.height = `${layout.height}px`;
    const svg = shape("svg", { width: layout.width, height: layout.height, class: "ag-edges" });
    svg.setAttribute("aria-hidden", "true");
    stage.append(svg);
    /** @type {Map<number, string>} */
    const products = new Map();
    for (const step of this.steps) {
      products.set(
        step.edge,
        Array.isArray(step.product) ? `→ ${parcel(step.product)}` : brief(step.product),
      );
    }
    const taken = [...layout.boxes];
    this.lines = props.edges.map((edge, i) =>
      makeLine(svg, edge, layout.paths[i], upwards, products.get(i) ?? null, taken),
    );
    for (const line of this.lines) svg.append(line.pill);
    this.pulse = shape("g", { class: "ag-pulse" });
    this.pulseText = shape("text", { y: 5 });
    this.pulse.append(shape("rect", { x: -30, y: -15, width: 60, height: 30, rx: 15 }), this.pulseText);
    this.pulse.style.display = "none";
    svg.append(this.pulse);
    this.cards = this.nodes.map((node, i) => {
      const made = makeCard(node, "None");
      const box = layout.boxes[i];
      made.card.style.left = `${box.x}px`;
      made.card.style.top = `${box.y}px`;
      made.card.style.width = `${box.width}px`;
      made.card.style.height = `${box.height}px`;
      made.card.setAttribute("aria-label", node.reading);
      stage.append(made.card);
      return made;
    });
    this.lines.forEach((line, i) => {
      const step = this.steps.findIndex((each) => each.edge === i);
      if (step >= 0) line.pill.addEventListener("click", () => this.jumpTo(step));
    });
    this.fit();
  }

  /** The whole graph fits the width down to legible numbers; what is larger scrolls in its own frame. */
  fit() {
    const width = this.root.clientWidth;
    if (!width || !this.layout || !this.stage || !this.frame) return;
    const upwards = width < NARROW;
    if (upwards !== this.upwards) {
      this.upwards = upwards;
      this.draw();
      this.show(this.at);
      return;
    }
    const scale = Math.min(upwards ? 1 : 1.25, Math.max(0.62, (width - 8) / this.layout.width));
    this.stage.style.transform = `scale(${scale})`;
    this.frame.style.height = `${Math.ceil(this.layout.height * scale) + 12}px`;
    const spare = Math.max(0, (width - 8 - this.layout.width * scale) / 2);
    this.stage.style.marginLeft = `${spare}px`;
  }

  /** @param {string} action */
  press(action) {
    if (this.props.refusal !== null && action === "b") {
      this.say(`RuntimeError: ${this.props.refusal}`);
      return;
    }
    this.pause();
    if (this.actions.length >= MOST) return;
    const from = this.frames.length - 1;
    this.actions += action;
    this.frames = this.framesOf(this.actions);
    this.tell(this.actions);
    this.show(from);
    if (calm()) this.show(this.frames.length - 1);
    else this.play(0);
  }

  /** @param {string} actions */
  tell(actions) {
    this.sent.push(actions);
    this.report(actions);
  }

  /**
   * The server's word for the buttons: an echo of a report, or a link, Back or an example.
   *
   * @param {Props} props
   */
  adopt(props) {
    this.props = props;
    const echo = this.sent.indexOf(props.actions);
    if (echo >= 0) this.sent.splice(0, echo + 1);
    else if (!this.sent.length && this.actions !== props.actions) {
      this.actions = props.actions;
      this.frames = this.framesOf(props.actions);
      this.pause();
      this.show(this.frames.length - 1);
    }
  }

  restart() {
    this.pause();
    this.actions = "";
    this.frames = this.framesOf("");
    this.tell("");
    this.show(0);
  }

  /** @param {number} step */
  jumpTo(step) {
    const found = this.frames.findLastIndex((frame) => frame.kind === "step" && frame.step === step);
    if (found < 0) return;
    this.pause();
    this.show(found);
  }

  /** @param {number} by */
  walk(by) {
    this.pause();
    this.show(Math.min(Math.max(this.at + by, 0), this.frames.length - 1));
    this.follow();
  }

  /** Whoever walks sees the node that is reached, where the graph is wider than its frame. */
  follow() {
    const here = this.stage?.querySelector(".ag-here")?.getBoundingClientRect();
    const { frame } = this;
    if (!here || !frame) return;
    const view = frame.getBoundingClientRect();
    if (here.left < view.left) frame.scrollLeft -= view.left - here.left + MARGIN;
    if (here.right > view.right) frame.scrollLeft += here.right - view.right + MARGIN;
  }

  toggle() {
    if (this.isPlaying) {
      this.pause();
      return;
    }
    if (this.at >= this.frames.length - 1) this.show(0);
    this.play(0);
  }

  /** @param {number} wait milliseconds before the first frame */
  play(wait) {
    this.isPlaying = true;
    this.show(this.at);
    this.timer = window.setTimeout(() => this.next(), wait);
  }

  pause() {
    this.isPlaying = false;
    window.clearTimeout(this.timer);
    cancelAnimationFrame(this.ticking);
    if (this.pulse) this.pulse.style.display = "none";
    this.showPlayer();
  }

  next() {
    const frame = this.frames[this.at + 1];
    if (!frame || !this.root.isConnected) {
      this.pause();
      this.show(this.at);
      return;
    }
    if (frame.kind !== "step") {
      this.show(this.at + 1);
      this.timer = window.setTimeout(() => this.next(), STEP_MS * 0.7);
      return;
    }
    const step = this.steps[frame.step];
    this.flow(step, () => {
      this.show(this.at + 1);
      this.timer = window.setTimeout(() => this.next(), STEP_MS * 0.35);
    });
  }

  /**
   * The gradient moves along an edge, against its direction: first what came from above, then the product.
   *
   * @param {Step} step
   * @param {() => void} then
   */
  flow(step, then) {
    const { pulse, pulseText } = this;
    const line = this.lines?.[step.edge];
    if (!pulse || !pulseText || !line) return;
    const { path } = line;
    const length = path.getTotalLength();
    this.light(step.edge);
    const started = performance.now();
    const tick = (/** @type {number} */ now) => {
      const share = Math.min(1, Math.max(0, (now - started) / STEP_MS));
      const eased = share < 0.5 ? 2 * share * share : 1 - 2 * (1 - share) ** 2;
      const at = path.getPointAtLength(length * (1 - eased));
      pulse.setAttribute("transform", `translate(${at.x},${at.y})`);
      pulseText.textContent = parcel(eased < 0.5 ? step.upstream : step.product);
      pulse.style.display = "";
      if (share < 1) this.ticking = requestAnimationFrame(tick);
      else {
        pulse.style.display = "none";
        then();
      }
    };
    this.ticking = requestAnimationFrame(tick);
  }

  /** @param {number | null} edge */
  light(edge) {
    this.lines?.forEach((line, i) => {
      line.path.classList.toggle("ag-lit", i === edge);
      line.pill.classList.toggle("ag-lit", i === edge);
    });
  }

  /** @param {number} at */
  show(at) {
    const { cards, lines, scrubber, props } = this;
    if (!cards || !lines || !scrubber || !this.backward || !this.zero || !this.reset) return;
    this.at = at;
    const moment = momentAt(this.frames, at, this.graph);
    const frame = this.frames[at];
    const edge = frame.kind === "step" ? this.steps[frame.step].edge : null;
    const target = frame.kind === "seed" ? props.output : edge === null ? -1 : props.edges[edge].from;
    cards.forEach((card, i) => {
      showGrad(card, moment.grads[i]);
      card.card.classList.toggle("ag-here", i === target);
    });
    lines.forEach((line, i) => {
      line.path.classList.toggle("ag-carried", moment.carried.has(i));
      line.pill.classList.toggle("ag-carried", moment.carried.has(i));
    });
    this.light(edge);
    scrubber.max = String(this.frames.length - 1);
    scrubber.value = String(at);
    // While it plays by itself nobody has asked to be told: its end is said.
    this.words?.setAttribute("aria-live", this.isPlaying && at < this.frames.length - 1 ? "off" : "polite");
    this.say(this.wordsOf(frame, moment));
    scrubber.setAttribute("aria-valuetext", this.words?.textContent ?? "");
    this.showGrads(moment);
    const isFull = this.actions.length >= MOST;
    this.backward.disabled = isFull;
    this.zero.disabled = isFull;
    const isAtEnd = at === this.frames.length - 1;
    this.backward.classList.toggle("ag-calls", isAtEnd && !this.isPlaying && this.actions.length === 1);
    this.showPlayer();
  }

  showPlayer() {
    const { player, props } = this;
    if (player) showPlaying(player, this.isPlaying, props.labels);
  }

  /** @param {import("./timeline.js").Moment} moment */
  showGrads(moment) {
    const lines = this.nodes.flatMap((node, i) => {
      if (node.kind !== "leaf") return [];
      const grad = moment.grads[i];
      return [make("li", "", `${node.name}.grad = ${grad === null ? "None" : pythonText(grad)}`)];
    });
    this.grads?.replaceChildren(...lines);
  }

  /** @param {string} text */
  say(text) {
    if (this.words && this.words.textContent !== text) this.words.textContent = text;
  }

  /**
   * @param {import("./timeline.js").Frame} frame
   * @param {import("./timeline.js").Moment} moment
   */
  wordsOf(frame, moment) {
    const { labels, outputName, refusal } = this.props;
    if (frame.kind === "start") {
      return refusal === null ? labels.start : fill(labels.refused, { name: outputName, message: refusal });
    }
    if (frame.kind === "zero") return labels.zeroed;
    const press = moment.since;
    if (frame.kind === "seed") return fill(labels.seed, { press: frame.press, name: outputName });
    const step = this.steps[frame.step];
    const source = this.nodes[this.props.edges[step.edge].from];
    const slots = {
      press: frame.press,
      number: frame.step + 1,
      total: this.steps.length,
      upstream: this.written(step.upstream),
      rule: step.rule,
      local: step.local === null ? step.rule : this.written(step.local),
      product: this.written(step.product),
      source: source.name || source.source,
      grad: this.written(moment.grads[this.graph.sources[frame.step]] ?? 0),
      from: step.full === null ? "" : parcel(step.full),
      to: Array.isArray(step.product) ? parcel(step.product) : "()",
    };
    const kind = step.local === null ? "matmul" : step.full === null ? "step" : "summed";
    const text = fill(labels[kind], slots);
    const isLast = frame.step === this.steps.length - 1;
    if (!isLast) return text;
    if (press > 1) return `${text} ${fill(labels.doubled, { times: press })}`;
    return this.actions.length === 1 ? `${text} ${labels.again}` : text;
  }

  /**
   * @param {Nested} value
   * @returns {string}
   */
  written(value) {
    return Array.isArray(value) ? `[${value.map((each) => this.written(each)).join(", ")}]` : brief(value);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const actions = /** @type {Record<string, () => void>} */ ({
      ArrowRight: () => this.walk(1),
      ArrowLeft: () => this.walk(-1),
      Home: () => this.walk(-this.frames.length),
      End: () => this.walk(this.frames.length),
      " ": () => this.toggle(),
    });
    const act = actions[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  end() {
    this.pause();
    this.observer.disconnect();
  }
}

/** @param {Props} props */
const identity = (props) => JSON.stringify({ ...props, actions: "", colours: {} });

const kept = keeper(() => /** @type {{ picture: Picture | null }} */ ({ picture: null }));

/** @param {Args} args */
export default function ({ data, parentElement, setStateValue }) {
  const root = rootOf(parentElement, ".ag");
  const props = /** @type {Props} */ (readProps(data));
  setColours(root, props.colours, "--ag-");
  const mine = kept(parentElement);
  const known = mine.picture;
  if (known && identity(known.props) === identity(props) && root.isConnected) {
    known.report = (actions) => setStateValue("do", actions);
    known.adopt(props);
  } else {
    known?.end();
    mine.picture = new Picture(root, props, (actions) => setStateValue("do", actions));
  }
  return () => {
    if (parentElement.isConnected) return;
    mine.picture?.end();
    mine.picture = null;
  };
}
