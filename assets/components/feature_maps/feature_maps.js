// A small CNN at work: every layer's maps with their kernels, while the pen moves. All of it in the browser.
//
// data: Props as JSON text; it stays the same from run to run. What changes comes from "live_feed" beside it (event
// "shapelab-live" of the document, detail: Feed as JSON text). The sums of one cell are drawn into "maps_panel",
// wherever that stands (event "shapelab-maps-panel", detail: its element).
// state: look = text (see look.js)

import { Pen } from "../live/canvas.js";
import { forward, makeNetwork, SIDE, softmax, UNCHANGED } from "../live/network.js";
import { Picture, ramp } from "../live/paint.js";
import { prepare } from "../live/prepare.js";
import { decode, keeper, mounting, readProps } from "../shared/data.js";
/** @import { FrontendRendererArgs } from "@streamlit/component-v2-lib" */
import { button, clamp, make, retitle, rootOf, setColours } from "../shared/dom.js";
import { largest } from "../shared/numbers.js";
import { fill } from "../shared/text.js";
import { Flow } from "./flow.js";
import { freshLook, lookText, parseLook } from "./look.js";
import { Panel } from "./panel.js";

/**
 * @import { NetworkProps } from "../live/network.js"
 * @import { Look, Place } from "./look.js"
 * @import { Ink } from "../live/prepare.js"
 * @typedef {Record<
 *   "input" | "inputReading" | "conv" | "then" | "maxPool" | "averagePool" | "linear" | "scores" | "verdict" |
 *   "mapReading" | "left" | "up" | "down" | "right" | "digits" | "digit" | "more" | "activation" |
 *   "activationHelp" | "pooling" | "poolingHelp" | "max" | "average" | "reset" | "point" | "walk" | "terms" |
 *   "channel" | "patch" | "kernel" | "partial" | "numbers" | "products" | "sum" | "oneSum" | "pixel" | "mapHead" | "unitHead" |
 *   "classHead" | "silence" | "restore" | "silencedNow" | "before" | "lost" | "reading" | "tools" | "colon", string
 * >} Labels
 * @typedef {{
 *   network: NetworkProps, digits: { numbers: number[], labels: number[], pixels: string }, labels: Labels,
 *   colours: Record<"input" | "weight" | "output" | "padding" | "wrong" | "ink" | "paper" | "grid", string>,
 *   canvas: string, hasDigits: boolean, mostShift: number,
 * }} Props `canvas`: selector of what has the drawing canvas in it, "" for none
 * @typedef {{ look: string, news: number, picture: string, revision: number }} Feed `picture`: 28 x 28 bytes in
 *   base64, "" for none; `news` and `revision` rise when the look or the picture is another one
 * @typedef {{ look: string }} State
 */

const STRIP = 10;
/** Among the digits that came with the page: shown at first. */
const FIRST_SHOWN = 3;
/** Layers whose cells can be looked into. */
const WITH_SUMS = new Set(["conv", "pool", "linear"]);
const REPORT_MS = 500;
const READ_MS = 700;

const keeping = keeper(() => ({
  look: freshLook(),
  source: /** @type {"digit" | "pen" | "picture"} */ ("digit"),
  news: -1,
  revision: -1,
  /** What came with that revision. */
  uploaded: /** @type {Uint8Array | null} */ (null),
  first: 0,
}));

class Maps {
  /**
   * @param {HTMLElement} root
   * @param {Props} props
   * @param {ReturnType<typeof keeping>} kept
   * @param {(text: string) => void} report
   */
  constructor(root, props, kept, report) {
    this.root = root;
    this.props = props;
    this.kept = kept;
    this.report = report;
    this.network = makeNetwork(props.network);
    this.digits = decode(props.digits.pixels, Uint8Array);
    const { colours } = props;
    setColours(root, colours);
    this.ramps = {
      input: ramp(colours.wrong, colours.paper, colours.input),
      weights: ramp(colours.input, colours.paper, colours.weight),
      output: ramp(colours.padding, colours.paper, colours.output, 0.55),
    };
    /** @type {Uint8Array} */
    this.fed = new Uint8Array(SIDE * SIDE);
    /** @type {Uint8Array | null} */
    this.drawn = null;
    /** @type {{ node: HTMLElement, picture: Picture }[]} */
    this.strip = [];
    /** @type {number | undefined} */
    this.framing = undefined;
    this.pixels = new Float32Array(SIDE * SIDE);
    /** @type {Place | null} */
    this.hovered = null;
    /** @type {Panel | null} */
    this.panel = null;
    /** @type {{ layer: number, channel: number } | null} */
    this.auto = null;
    /** @type {string | null} */
    this.named = null;
    root.replaceChildren();
    this.tools();
    this.flow = new Flow(root, this.network, props.labels, this.ramps, {
      point: (place) => this.hover(place),
      leave: () => this.hover(null),
      unpin: () => this.unpin(),
      pin: (place) => this.pin(place),
      silence: (place) => this.silence(place),
      strongest: (layer, channel) => this.strongest(layer, channel),
      arrow: (right, down) => this.shift(right, down),
    });
    this.trouble = make("p", "trouble", props.labels.lost);
    this.trouble.hidden = true;
    this.words = make("p", "words");
    this.words.setAttribute("aria-live", "polite");
    root.append(this.trouble, this.words);
    this.calibrate();
    this.choosePicture();
    if (props.canvas) {
      this.pen = new Pen(
        props.canvas,
        (ink) => this.drew(ink),
        (isLost) => {
          this.trouble.hidden = !isLost;
        },
      );
    }
  }

  close() {
    this.pen?.close();
    if (this.reporting !== undefined) {
      clearTimeout(this.reporting);
      if (this.root.isConnected) this.report(lookText(this.look));
    }
    clearTimeout(this.readingSoon);
    if (this.framing) cancelAnimationFrame(this.framing);
  }

  get look() {
    return this.kept.look;
  }

  // --- the row of tools ------------------------------------------------------------------------------------------

  tools() {
    const { labels, digits } = this.props;
    const tools = make("div", "tools");
    tools.setAttribute("role", "group");
    tools.setAttribute("aria-label", labels.tools);
    const strip = make("div", "strip");
    strip.setAttribute("role", "group");
    strip.setAttribute("aria-label", labels.digits);
    this.strip = Array.from({ length: Math.min(STRIP, digits.numbers.length) }, (_, i) => {
      const picture = new Picture(SIDE);
      const node = button("", "", () => this.chooseDigit(this.kept.first + i), "thumb");
      node.append(picture.canvas);
      strip.append(node);
      return { node, picture };
    });
    this.activation = button(
      labels.activationHelp,
      labels.activation,
      () => this.change({ activations: !this.look.activations }),
      "button toggle",
      labels.colon,
    );
    this.max = button(
      labels.poolingHelp,
      labels.max,
      () => this.change({ pooling: "max" }),
      "button toggle",
      labels.colon,
    );
    this.average = button(
      labels.poolingHelp,
      labels.average,
      () => this.change({ pooling: "average" }),
      "button toggle",
      labels.colon,
    );
    this.reset = button(
      labels.reset,
      labels.reset,
      () => this.change({ ...freshLook(), digit: this.look.digit }),
      "button",
    );
    if (this.props.hasDigits) tools.append(strip);
    if (this.props.hasDigits && digits.numbers.length > STRIP)
      tools.append(button(labels.more, labels.more, () => this.turnStrip()));
    const has = (/** @type {string} */ kind) => this.network.layers.some(({ spec }) => spec.kind === kind);
    if (has("activation")) tools.append(this.activation);
    if (has("pool")) {
      const pair = make("div", "pair");
      pair.append(this.max, this.average);
      tools.append(pair);
    }
    tools.append(this.reset);
    this.root.append(tools);
    this.paintStrip();
  }

  turnStrip() {
    this.kept.first = (this.kept.first + STRIP) % this.props.digits.numbers.length;
    this.paintStrip();
    this.chooseDigit(this.kept.first);
  }

  paintStrip() {
    const { digits, labels } = this.props;
    this.strip.forEach(({ node, picture }, i) => {
      const at = (this.kept.first + i) % digits.numbers.length;
      picture.paint(this.digitPixels(at), this.ramps.input, 1);
      const words = fill(labels.digit, { label: digits.labels[at], number: digits.numbers[at] });
      retitle(node, words);
    });
  }

  /** @param {number} at among the digits that came with the page */
  digitPixels(at) {
    return Float32Array.from(
      this.digits.subarray(at * SIDE * SIDE, (at + 1) * SIDE * SIDE),
      (byte) => byte / 255,
    );
  }

  // --- which picture ---------------------------------------------------------------------------------------------

  /** @param {number} at */
  chooseDigit(at) {
    this.kept.source = "digit";
    this.look.digit = this.props.digits.numbers[at % this.props.digits.numbers.length];
    this.auto = null;
    this.choosePicture();
    this.tell();
  }

  /** @param {Ink} ink */
  drew(ink) {
    const isFirst = this.drawn === null;
    const started = performance.now();
    const fed = prepare(ink);
    const pad = document.querySelector(this.props.canvas);
    if (pad instanceof HTMLElement) pad.dataset.ink = String(fed !== null);
    this.root.dataset.read = ((this.pen?.took ?? 0) + performance.now() - started).toFixed(2);
    this.drawn = fed ?? new Uint8Array(0);
    if (!fed) {
      if (this.kept.source === "pen") this.kept.source = "digit";
    } else if (!isFirst || this.look.digit === null) this.kept.source = "pen";
    this.choosePicture();
  }

  /** @param {Feed} feed */
  feed(feed) {
    if (feed.news !== this.kept.news) {
      this.kept.news = feed.news;
      this.kept.look = parseLook(feed.look);
      if (this.look.digit !== null) this.kept.source = "digit";
      this.calibrate();
    }
    if (feed.revision !== this.kept.revision) {
      this.kept.revision = feed.revision;
      if (feed.picture) {
        this.kept.uploaded = decode(feed.picture, Uint8Array);
        this.kept.source = "picture";
      } else if (this.kept.source === "picture") this.kept.source = "digit";
    }
    this.choosePicture();
  }

  choosePicture() {
    const { numbers } = this.props.digits;
    const at = Math.max(0, numbers.indexOf(this.look.digit ?? numbers[FIRST_SHOWN]));
    const own = { pen: this.drawn, picture: this.kept.uploaded, digit: null }[this.kept.source];
    this.fed = own?.length ? own : this.digits.subarray(at * SIDE * SIDE, (at + 1) * SIDE * SIDE);
    this.strip.forEach(({ node }, i) => {
      const isShown = this.kept.source === "digit" && (this.kept.first + i) % numbers.length === at;
      node.setAttribute("aria-pressed", String(isShown));
    });
    this.frame();
  }

  // --- what a learner changes ------------------------------------------------------------------------------------

  /** @param {Partial<Look>} change */
  change(change) {
    Object.assign(this.look, change);
    this.calibrate();
    this.frame();
    this.tell();
  }

  /**
   * @param {number} right
   * @param {number} down
   */
  shift(right, down) {
    const most = this.props.mostShift;
    const within = (/** @type {number} */ value) => clamp(value, -most, most);
    this.change({ right: within(this.look.right + right), down: within(this.look.down + down) });
  }

  /** @param {Place} place */
  silence({ layer, channel }) {
    if (layer < 0 || this.network.layers[layer].spec.kind !== "conv") return;
    const silenced = new Map(this.look.silenced);
    const channels = new Set(silenced.get(layer));
    if (!channels.delete(channel)) channels.add(channel);
    silenced.set(layer, channels);
    this.change({ silenced });
  }

  /** @param {Place | null} place */
  hover(place) {
    this.hovered = place;
    this.frame();
  }

  unpin() {
    this.look.place = null;
    this.hover(null);
    this.tell();
  }

  /** @param {Place} place */
  pin(place) {
    this.look.place = place;
    this.hovered = null;
    this.frame();
    this.tell();
  }

  /**
   * @param {number} index
   * @param {number} channel
   * @returns {Place}
   */
  strongest(index, channel) {
    if (index < 0) return { layer: -1, channel: 0, row: SIDE / 2, column: SIDE / 2 };
    const { values, side } = this.network.layers[index];
    let best = channel * side * side;
    for (let i = best; i < (channel + 1) * side * side; i += 1) if (values[i] > values[best]) best = i;
    const cell = best - channel * side * side;
    return { layer: index, channel, row: Math.floor(cell / side), column: cell % side };
  }

  get place() {
    const place = this.hovered ?? this.look.place;
    if (!place) return this.auto ? this.strongest(this.auto.layer, this.auto.channel) : null;
    const layer = this.network.layers[place.layer];
    if (place.layer >= 0 && !(layer && place.channel < layer.channels && WITH_SUMS.has(layer.spec.kind)))
      return null;
    const side = layer?.side ?? SIDE;
    return { ...place, row: clamp(place.row, 0, side - 1), column: clamp(place.column, 0, side - 1) };
  }

  /** What is looked at while nobody points: the last convolution's map with the strongest cell. */
  chooseMap() {
    const { layers } = this.network;
    const index = layers.findLastIndex(({ spec }) => spec.kind === "conv");
    if (index < 0) return;
    const { values, side } = layers[index];
    let best = 0;
    for (let i = 1; i < values.length; i += 1) if (values[i] > values[best]) best = i;
    this.auto = { layer: index, channel: Math.floor(best / (side * side)) };
  }

  /** Tells Python, once the learner has paused. */
  tell() {
    clearTimeout(this.reporting);
    this.reporting = setTimeout(() => {
      this.reporting = undefined;
      this.report(lookText(this.look));
    }, REPORT_MS);
  }

  // --- a frame ---------------------------------------------------------------------------------------------------

  /** How strong each layer's numbers get over the digits that came with the page: colours then keep their meaning. */
  calibrate() {
    const changes = { ...this.changes, silenced: UNCHANGED.silenced };
    const limits = this.network.layers.map(() => 1e-6);
    for (let at = 0; at < this.props.digits.numbers.length; at += 1) {
      forward(this.network, this.digitPixels(at), changes);
      this.network.layers.forEach(({ values }, i) => {
        limits[i] = Math.max(limits[i], largest(values));
      });
    }
    this.limits = limits.map((limit) => 0.6 * limit);
  }

  /** Silencing goes for what a filter's activation gives, too: a sigmoid of 0 would not be silent. */
  get changes() {
    const { pooling, activations, silenced } = this.look;
    const both = new Map(silenced);
    for (const [layer, channels] of silenced) {
      if (this.network.layers[layer + 1]?.spec.kind === "activation") both.set(layer + 1, channels);
    }
    return { pooling, activations, silenced: both };
  }

  get isChanged() {
    const { pooling, activations, silenced, right, down } = this.look;
    return (
      !activations ||
      pooling !== null ||
      [...silenced.values()].some(({ size }) => size > 0) ||
      right !== 0 ||
      down !== 0
    );
  }

  frame() {
    this.framing ??= requestAnimationFrame(() => {
      this.framing = undefined;
      this.draw();
    });
  }

  draw() {
    const started = performance.now();
    const before = this.isChanged ? softmax(forward(this.network, this.shifted(0, 0))) : null;
    const { changes, look } = this;
    const probabilities = softmax(forward(this.network, this.shifted(look.right, look.down), changes));
    if (!this.auto) this.chooseMap();
    const { flow } = this;
    flow.paint(this.ramps, this.limits ?? []);
    const best = flow.bars.show(probabilities, before);
    this.said = {
      best,
      share: probabilities[best],
      before: before ? before.indexOf(Math.max(...before)) : best,
    };
    flow.verdict.textContent = fill(this.props.labels.verdict, {
      digit: best,
      percent: (100 * probabilities[best]).toFixed(1),
    });
    const state = lookText({ ...look, place: null });
    if (state !== this.named) this.showState();
    this.named = state;
    const { place } = this;
    flow.mark(place);
    this.panel?.show(place, { ...look, limits: this.limits ?? [], names: flow.names });
    this.root.dataset.frame = (performance.now() - started).toFixed(2);
    this.root.dataset.source = this.kept.source;
    this.root.dataset.best = String(best);
    clearTimeout(this.readingSoon);
    this.readingSoon = setTimeout(() => this.read(), READ_MS);
  }

  /**
   * @param {number} right
   * @param {number} down
   */
  shifted(right, down) {
    this.pixels.fill(0);
    for (let y = Math.max(0, -down); y < Math.min(SIDE, SIDE - down); y += 1) {
      for (let x = Math.max(0, -right); x < Math.min(SIDE, SIDE - right); x += 1) {
        this.pixels[(y + down) * SIDE + x + right] = this.fed[y * SIDE + x] / 255;
      }
    }
    return this.pixels;
  }

  showState() {
    const { look, flow } = this;
    const own = this.network.layers.find(({ spec }) => spec.kind === "pool")?.spec;
    const pooling = look.pooling ?? (own?.kind === "pool" ? own.how : "max");
    const press = (/** @type {HTMLElement | undefined} */ node, /** @type {boolean} */ isOn) =>
      node?.setAttribute("aria-pressed", String(isOn));
    press(this.activation, look.activations);
    press(this.max, pooling === "max");
    press(this.average, pooling === "average");
    if (this.reset) this.reset.disabled = !this.isChanged;
    flow.name(look.activations, look.pooling);
    flow.strike(look.silenced);
    if (flow.moved) flow.moved.textContent = movedText(look);
  }

  read() {
    if (!this.said) return;
    const { labels } = this.props;
    const words = [
      fill(labels.reading, { digit: this.said.best, percent: (100 * this.said.share).toFixed(1) }),
    ];
    if (this.isChanged) words.push(fill(labels.before, { digit: this.said.before }));
    if (this.panel)
      words.push(this.panel.heading.textContent + labels.colon + this.panel.equation.textContent);
    this.words.textContent = words.join(" ");
  }

  /** @param {HTMLElement} host */
  lend(host) {
    setColours(host, this.props.colours);
    this.panel = new Panel(host, this.network, this.props.labels, this.ramps, {
      pin: (place) => this.pin(place),
      silence: (place) => this.silence(place),
    });
    this.frame();
  }
}

/** @param {Look} look */
function movedText({ right, down }) {
  const across = right ? `${right < 0 ? "←" : "→"} ${Math.abs(right)}` : "";
  const along = down ? `${down < 0 ? "↑" : "↓"} ${Math.abs(down)}` : "";
  return `${across} ${along}`.trim();
}

/** @param {FrontendRendererArgs<State, string>} args */
function mount({ data, parentElement, setStateValue }) {
  const root = rootOf(parentElement, ".maps");
  const maps = new Maps(root, /** @type {Props} */ (readProps(data)), keeping(parentElement), (text) =>
    setStateValue("look", text),
  );
  const detailOf = (/** @type {Event} */ event) => (event instanceof CustomEvent ? event.detail : null);
  const onFeed = (/** @type {Event} */ event) => maps.feed(/** @type {Feed} */ (readProps(detailOf(event))));
  const onPanel = (/** @type {Event} */ event) => {
    const host = detailOf(event);
    if (host instanceof HTMLElement) maps.lend(host);
  };
  const resized = new ResizeObserver(() => maps.flow.layout(root.clientWidth));
  document.addEventListener("shapelab-live", onFeed);
  document.addEventListener("shapelab-maps-panel", onPanel);
  resized.observe(root);
  document.dispatchEvent(new CustomEvent("shapelab-live-ask"));
  document.dispatchEvent(new CustomEvent("shapelab-maps-panel-ask"));
  return () => {
    maps.close();
    resized.disconnect();
    document.removeEventListener("shapelab-live", onFeed);
    document.removeEventListener("shapelab-maps-panel", onPanel);
  };
}

export default mounting(mount);
