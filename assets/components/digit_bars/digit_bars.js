// What networks say of a digit while it is drawn: for each a verdict and ten bars, computed here from the drawing
// canvas' own pixels.
//
// data: Props as JSON text, the same from run to run; what changes comes from "live_feed" (event "shapelab-live" of the
// document, detail: Feed as JSON text).

/** @import { FrontendRendererArgs } from "@streamlit/component-v2-lib" */
import { Bars } from "../live/bars.js";
import { Pen } from "../live/canvas.js";
import { forward, makeNetwork, SIDE, softmax } from "../live/network.js";
import { prepare } from "../live/prepare.js";
import { lendNetworks } from "../live/slopes.js";
import { decode, mounting, readProps } from "../shared/data.js";
import { make, rootOf, setColours } from "../shared/dom.js";
import { fill, plain } from "../shared/text.js";

/**
 * @import { Network, NetworkProps } from "../live/network.js"
 * @import { Ink } from "../live/prepare.js"
 * @typedef {{
 *   networks: { id: string, name: string, network: NetworkProps | null }[],
 *   labels: Record<"verdict" | "nothing" | "scores" | "diverged" | "lost" | "stop", string>,
 *   colours: Record<string, string>,
 * }} Props
 * @typedef {{ canvas: string, raw: boolean, picture: string, answers: Record<string, number[]> }} Feed `canvas`: selector of what has the drawing canvas
 *   in it, "" where the digit is no drawing; `raw`: a drawing is only shrunk; `picture`: 28 x 28 bytes in base64,
 *   what the server made of the digit, "" for none; `answers`: its logits of it for networks that are too large to
 *   be sent (null above), by id
 */

const READ_MS = 700;

class LiveBars {
  /**
   * @param {HTMLElement} root
   * @param {Props} props
   */
  constructor(root, props) {
    this.root = root;
    this.labels = props.labels;
    setColours(root, props.colours);
    /** @type {Feed} */
    this.fed = { canvas: "", raw: false, picture: "", answers: {} };
    /** @type {Ink | null} */
    this.ink = null;
    this.pixels = new Float32Array(SIDE * SIDE);
    root.replaceChildren();
    root.classList.toggle("several", props.networks.length > 1);
    this.networks = props.networks.map(({ id, name, network }) =>
      this.column(id, name, network && makeNetwork(network)),
    );
    this.trouble = make("p", "trouble", props.labels.lost);
    this.trouble.hidden = true;
    this.words = make("p", "words");
    this.words.setAttribute("aria-live", "polite");
    root.append(this.trouble, this.words);
    this.show(null);
  }

  close() {
    this.pen?.close();
    clearTimeout(this.readingSoon);
  }

  /**
   * @param {string} id
   * @param {string} name
   * @param {Network | null} network
   */
  column(id, name, network) {
    const node = make("section", "network");
    const verdict = make("h2", "verdict");
    const bars = new Bars(fill(this.labels.scores, { name }));
    const logits = bars.rows.map(({ row }) => {
      const logit = make("span", "logit");
      row.append(logit);
      return logit;
    });
    node.append(verdict, bars.node);
    this.root.append(node);
    return { id, name, network, verdict, bars, logits };
  }

  /** @param {Feed} feed */
  feed(feed) {
    if (feed.canvas !== this.fed.canvas) {
      this.pen?.close();
      this.ink = null;
      this.trouble.hidden = true;
      this.pen = feed.canvas
        ? new Pen(
            feed.canvas,
            (ink) => this.drew(ink),
            (isLost) => {
              this.trouble.hidden = !isLost;
              if (isLost) this.ink = null;
              this.update();
            },
          )
        : null;
    }
    this.fed = feed;
    this.update();
  }

  /** @param {Ink} ink */
  drew(ink) {
    this.ink = ink;
    this.update();
  }

  update() {
    const started = performance.now();
    const { canvas, raw, picture } = this.fed;
    if (canvas && this.ink) this.show(prepare(this.ink, raw));
    else this.show(picture ? decode(picture, Uint8Array) : null);
    this.root.dataset.frame = (performance.now() - started).toFixed(2);
  }

  /** @param {Uint8Array | null} bytes */
  show(bytes) {
    const pad = this.fed.canvas ? document.querySelector(this.fed.canvas) : null;
    if (pad instanceof HTMLElement) pad.dataset.ink = String(bytes !== null);
    if (bytes) for (let i = 0; i < bytes.length; i += 1) this.pixels[i] = bytes[i] / 255;
    const isAnswered = bytes !== null && isSame(bytes, this.fed.picture);
    const said = this.networks.map(({ id, name, network, verdict, bars, logits }) => {
      const answer = isAnswered ? (this.fed.answers[id] ?? null) : null;
      const logitsNow = bytes && network ? forward(network, this.pixels) : answer;
      const isNumber = !logitsNow || Array.from(logitsNow).every(Number.isFinite);
      const values = isNumber ? logitsNow : null; // a training that diverged leaves NaN behind
      const probabilities = values ? softmax(values) : null;
      const best = bars.show(probabilities);
      logits.forEach((node, digit) => {
        node.textContent = values ? plain(values[digit], 2) : "";
      });
      const percent = probabilities ? (100 * probabilities[best]).toFixed(1) : "";
      if (!isNumber) verdict.textContent = fill(this.labels.diverged, { name });
      else verdict.textContent = values ? fill(this.labels.verdict, { name, digit: best, percent }) : name;
      return verdict.textContent;
    });
    clearTimeout(this.readingSoon);
    this.readingSoon = setTimeout(() => {
      this.words.textContent = bytes ? said.join(this.labels.stop) : this.labels.nothing;
    }, READ_MS);
  }
}

/**
 * @param {Uint8Array} bytes
 * @param {string} text bytes in base64
 */
function isSame(bytes, text) {
  const others = decode(text, Uint8Array);
  return others.length === bytes.length && bytes.every((byte, i) => byte === others[i]);
}

/** @param {FrontendRendererArgs<Record<string, never>, string>} args */
function mount({ data, parentElement }) {
  const root = rootOf(parentElement, ".digit-bars");
  const bars = new LiveBars(root, /** @type {Props} */ (readProps(data)));
  const onFeed = (/** @type {Event} */ event) => {
    if (event instanceof CustomEvent) bars.feed(/** @type {Feed} */ (readProps(event.detail)));
  };
  document.addEventListener("shapelab-live", onFeed);
  document.dispatchEvent(new CustomEvent("shapelab-live-ask"));
  const endLending = lendNetworks(bars.networks);
  return () => {
    endLending();
    bars.close();
    document.removeEventListener("shapelab-live", onFeed);
  };
}

export default mounting(mount);
