// The training step of a 2-3-1 network in slow motion: five lines as buttons, to be pressed in any order; every
// parameter with its .grad. The server replays the presses and says what came of them.
//
// data: JSON text, see Props. state: did = the letters of the buttons pressed.

import { grid } from "../autograd/cards.js";
import { brief, revive, rowsOf } from "../autograd/numbers.js";
import { keeper, readProps } from "../shared/data.js";
import { button, calm, make, rootOf, setColours, shape } from "../shared/dom.js";
import { fill } from "../shared/text.js";
import { place } from "./places.js";

/** @typedef {import("../autograd/numbers.js").Nested} Nested */
/**
 * @typedef {{ button: string | null, parameters: Record<string, Nested>, grads: Record<string, Nested | null>,
 *   hidden: number[] | null, prediction: number | null, loss: number | null, words: string, isRefused: boolean,
 *   changed: string[], filled: string[] }} Moment
 */
/**
 * @typedef {{ moments: Moment[], did: string, most: number, input: number[], target: number,
 *   buttons: [letter: string, line: string, help: string][], labels: Record<string, string>,
 *   colours: Record<string, string> }} Props
 */
/** @typedef {{ did: string }} State */
/** @typedef {import("@streamlit/component-v2-lib").FrontendRendererArgs<State, string>} Args */
/** @typedef {{ name: string, root: HTMLElement, values: HTMLElement[], grads: HTMLElement[], none: HTMLElement }} Row */

const FLOW_MS = 650;
const REPLAY_MS = 900;

class Session {
  /**
   * @param {HTMLElement} root
   * @param {Props} props
   * @param {(did: string) => void} report
   */
  constructor(root, props, report) {
    this.root = root;
    this.props = props;
    this.report = report;
    this.did = props.did;
    /** @type {string[]} what was reported and has not come back yet */
    this.sent = [];
    this.at = props.moments.length - 1;
    this.timer = 0;
    this.ticking = 0;
    const side = make("div", "ags-side");
    const { labels } = props;
    this.lines = props.buttons.map(([letter, line, help]) => {
      const node = button(help, line, () => this.press(letter), "ags-line", labels.colon);
      side.append(node);
      return node;
    });
    const tools = make("div", "ags-tools");
    this.undo = button(labels.undo, "↶", () => this.send(this.did.slice(0, -1)), "ags-tool");
    const reset = button(labels.reset, "↺", () => this.send(""), "ags-tool");
    const replay = button(labels.replay, "▶", () => this.replay(0), "ags-tool");
    const scrubber = make("input", "ags-scrub");
    scrubber.type = "range";
    scrubber.min = "0";
    scrubber.setAttribute("aria-label", labels.scrub);
    scrubber.oninput = () => {
      this.stop();
      this.show(Number(scrubber.value));
    };
    this.scrubber = scrubber;
    tools.append(this.undo, reset, replay, scrubber);
    side.append(tools);
    this.words = make("p", "ags-words");
    this.words.setAttribute("aria-live", "polite");
    this.picture = make("div", "ags-picture");
    const table = make("div", "ags-table");
    this.rows = Object.keys(props.moments[0].parameters).map((name) => this.row(name));
    table.append(...this.rows.map((row) => row.root));
    const main = make("div", "ags-main");
    main.append(this.picture, this.words);
    const top = make("div", "ags-top");
    top.append(side, main);
    root.replaceChildren(top, table);
    this.observer = new ResizeObserver(() => this.draw());
    this.observer.observe(root);
    this.draw();
    if (calm()) this.show(this.at);
    else this.replay(0);
  }

  /**
   * @param {string} name
   * @returns {Row}
   */
  row(name) {
    const first = rowsOf(revive(this.props.moments[0].parameters[name]));
    const root = make("div", "ags-parameter");
    root.append(make("b", "ags-name", name));
    const values = grid(first, "ags-value");
    const grads = grid(first, "ags-grad");
    const none = make("span", "ags-none", "None");
    const below = make("div", "ags-below");
    below.append(make("span", "ags-label", ".grad"), none, grads.node);
    root.append(values.node, below);
    return { name, root, values: values.cells, grads: grads.cells, none };
  }

  draw() {
    const width = this.picture.clientWidth;
    if (!width) return;
    const places = place(width);
    this.places = places;
    const svg = shape("svg", { width, height: places.height, class: "ags-svg" });
    svg.setAttribute("aria-hidden", "true");
    this.edges = places.edges.map((edge) => {
      const line = shape("line", {
        x1: edge.a.x,
        y1: edge.a.y,
        x2: edge.b.x,
        y2: edge.b.y,
        class: "ags-edge",
      });
      svg.append(line);
      return { ...edge, line };
    });
    this.labels = places.isWide
      ? this.edges.flatMap((edge) => {
          if (edge.parameter === null) return [];
          const group = shape("g", { transform: `translate(${edge.label.x},${edge.label.y})` });
          const value = shape("text", { y: -2, class: "ags-weight" });
          const grad = shape("text", { y: 13, class: "ags-slope" });
          group.append(
            shape("rect", { x: -34, y: -16, width: 68, height: 34, rx: 6, class: "ags-back" }),
            value,
            grad,
          );
          svg.append(group);
          return [{ parameter: edge.parameter, index: edge.index, value, grad }];
        })
      : [];
    this.nodes = places.nodes.map((node) => {
      const circle = shape("circle", {
        cx: node.x,
        cy: node.y,
        r: places.radius,
        class: `ags-node ags-${node.kind}`,
      });
      const text = shape("text", { x: node.x, y: node.y + 5, class: "ags-number" });
      const name = shape(
        "text",
        { x: node.x, y: node.y - places.radius - 7, class: "ags-title" },
        node.title,
      );
      svg.append(circle, text, name);
      return { ...node, circle, text };
    });
    this.pulses = this.edges.map(() => {
      const dot = shape("circle", { r: 8, class: "ags-pulse" });
      dot.style.display = "none";
      svg.append(dot);
      return dot;
    });
    this.picture.replaceChildren(svg);
    this.picture.style.height = `${places.height}px`;
    this.show(this.at);
  }

  /** @param {string} letter */
  press(letter) {
    if (this.did.length < this.props.most) this.send(this.did + letter);
  }

  /** @param {string} did */
  send(did) {
    this.stop();
    this.did = did;
    this.sent.push(did);
    this.report(did);
  }

  /** @param {Props} props */
  update(props) {
    const echo = this.sent.indexOf(props.did);
    if (echo >= 0) this.sent.splice(0, echo + 1);
    else if (!this.sent.length) this.did = props.did;
    const grew = props.did.length === this.props.did.length + 1 && props.did.startsWith(this.props.did);
    const isSame = JSON.stringify(props.moments) === JSON.stringify(this.props.moments);
    this.props = props;
    if (isSame) return;
    this.stop();
    this.at = props.moments.length - 1;
    if (grew && !calm()) this.flow(this.at);
    else this.show(this.at);
  }

  /** @param {number} at */
  replay(at) {
    this.stop();
    const goesOn = at + 1 < this.props.moments.length && this.root.isConnected;
    // Who listens hears where it ends, not each moment on the way.
    this.words.setAttribute("aria-live", goesOn ? "off" : "polite");
    this.show(at);
    if (!goesOn) return;
    this.timer = window.setTimeout(() => {
      this.flow(at + 1);
      this.timer = window.setTimeout(() => this.replay(at + 1), REPLAY_MS + FLOW_MS);
    }, REPLAY_MS / 3);
  }

  stop() {
    this.words.setAttribute("aria-live", "polite");
    window.clearTimeout(this.timer);
    cancelAnimationFrame(this.ticking);
    for (const pulse of this.pulses ?? []) pulse.style.display = "none";
  }

  /**
   * Dots move along the edges that a button uses, layer after layer; then its moment is shown.
   *
   * @param {number} at
   */
  flow(at) {
    const moment = this.props.moments[at];
    const { edges, pulses } = this;
    const isBack = moment.button === "b";
    const layers = moment.isRefused
      ? []
      : moment.button === "f"
        ? [0, 1]
        : moment.button === "l"
          ? [2]
          : isBack
            ? [2, 1, 0]
            : [];
    if (!edges || !pulses || !layers.length) {
      this.show(at, true);
      return;
    }
    const started = performance.now();
    const tick = (/** @type {number} */ now) => {
      const time = (now - started) / (FLOW_MS / 1.4);
      const phase = Math.floor(time);
      edges.forEach((edge, i) => {
        const isOn = edge.layer === layers[phase];
        pulses[i].style.display = isOn ? "" : "none";
        pulses[i].classList.toggle("ags-back-flow", isBack);
        const share = isBack ? 1 - (time - phase) : time - phase;
        pulses[i].setAttribute("cx", String(edge.a.x + (edge.b.x - edge.a.x) * share));
        pulses[i].setAttribute("cy", String(edge.a.y + (edge.b.y - edge.a.y) * share));
      });
      if (phase < layers.length) this.ticking = requestAnimationFrame(tick);
      else this.show(at, true);
    };
    this.ticking = requestAnimationFrame(tick);
  }

  /**
   * @param {number} at
   * @param {boolean} [flash] whether what changed lights up
   */
  show(at, flash = false) {
    this.at = at;
    const moment = this.props.moments[at];
    for (const row of this.rows) {
      const values = rowsOf(revive(moment.parameters[row.name])).flat();
      values.forEach((value, i) => {
        row.values[i].textContent = brief(value);
      });
      const grad = moment.grads[row.name];
      row.root.classList.toggle("ags-empty", grad === null);
      if (grad !== null) {
        rowsOf(revive(grad))
          .flat()
          .forEach((value, i) => {
            row.grads[i].textContent = brief(value);
          });
      }
      const isNew = flash && (moment.changed.includes(row.name) || moment.filled.includes(row.name));
      row.root.classList.toggle("ags-flash", isNew);
    }
    this.showPicture(moment);
    this.words.textContent = fill(moment.words, {});
    this.words.classList.toggle("ags-refused", moment.isRefused);
    this.scrubber.max = String(this.props.moments.length - 1);
    this.scrubber.value = String(at);
    this.scrubber.setAttribute("aria-valuetext", moment.words);
    this.undo.disabled = this.props.did.length === 0;
    this.lines.forEach((line, i) => {
      line.classList.toggle("ags-now", this.props.buttons[i][0] === moment.button);
      line.disabled = this.props.did.length >= this.props.most;
    });
  }

  /** @param {Moment} moment */
  showPicture(moment) {
    for (const label of this.labels ?? []) {
      const values = rowsOf(revive(moment.parameters[label.parameter])).flat();
      const grad = moment.grads[label.parameter];
      label.value.textContent = brief(values[label.index]);
      label.grad.textContent = grad === null ? "None" : brief(rowsOf(revive(grad)).flat()[label.index]);
      label.grad.classList.toggle("ags-missing", grad === null);
    }
    const hasGrads = Object.values(moment.grads).some((grad) => grad !== null);
    for (const edge of this.edges ?? []) edge.line.classList.toggle("ags-graded", hasGrads);
    for (const node of this.nodes ?? []) {
      const value =
        node.kind === "input"
          ? this.props.input[node.index]
          : node.kind === "hidden"
            ? moment.hidden?.[node.index]
            : node.kind === "pred"
              ? moment.prediction
              : moment.loss;
      node.text.textContent =
        value === null || value === undefined ? "–" : brief(Number(value.toPrecision(3)));
    }
  }

  end() {
    this.stop();
    this.observer.disconnect();
  }
}

const kept = keeper(() => /** @type {{ session: Session | null }} */ ({ session: null }));

/** @param {Args} args */
export default function ({ data, parentElement, setStateValue }) {
  const root = rootOf(parentElement, ".ags");
  const props = /** @type {Props} */ (readProps(data));
  setColours(root, props.colours, "--ag-");
  const mine = kept(parentElement);
  const known = mine.session;
  const report = (/** @type {string} */ did) => setStateValue("did", did);
  if (known?.root === root && JSON.stringify(known.props.labels) === JSON.stringify(props.labels)) {
    known.report = report;
    known.update(props);
  } else {
    known?.end();
    mine.session = new Session(root, props, report);
  }
  return () => {
    if (parentElement.isConnected) return;
    mine.session?.end();
    mine.session = null;
  };
}
