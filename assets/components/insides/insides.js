// A training seen from inside while it goes on, and every moment of it afterwards: a canvas, a slider over the steps, a
// film of it all to play and to take away.
//
// data: bytes, see history.js; the header is Header. state: `at` = the step that is looked at, "" for the latest;
// `ask` = something new whenever snapshots are missing: everything is then sent again.

/** @import { FrontendRendererArgs } from "@streamlit/component-v2-lib" */
import { decode, keeper } from "../shared/data.js";
import { button, calm, make, retitle, rootOf, setColours } from "../shared/dom.js";
import { fill } from "../shared/text.js";
import { History, split } from "./history.js";
import { Stage } from "./stage.js";

/**
 * @import { Item } from "./history.js"
 * @import { Colours, Words } from "./stage.js"
 * @typedef {Words & Record<"play" | "pause" | "latest" | "slider" | "film" | "filming" | "noFilm" | "large" | "reading" |
 *   "own" | "keys", string>} Labels
 * @typedef {{
 *   run: string, name: string, from: number, items: Item[], total: number, stepsPerEpoch: number, digits: string,
 *   labels: Labels, colours: Colours, at: string, news: number, floor: number, isGoingOn: boolean,
 *   own: { digit: string, steps: number[], probabilities: string } | null, said: string,
 * }} Header `from`: the last step that was sent before these, -1 for none; `digits`: ten times 784 bytes in base64;
 *   `at` counts where `news` is another number than before; `own`: the learner's digit and, for each of some steps,
 *   ten probabilities in 255ths, as bytes in base64; null for what was sent before;
 *   `said`: which digit and answers the browser should have by now
 * @typedef {{ at: string, ask: string }} State
 */

const FILM_FPS = 15;
const FILM_KINDS = ["video/webm;codecs=vp9", "video/webm", "video/mp4"];
const REST_MS = 350;
const END_MS = 1200;
/** While a training goes on its pictures come once a second: they are shown one after the other until the next come. */
const STRETCH_MS = 900;
/** An answer may be lost where another redraw overtakes it: it is asked for again. */
const ASK_MS = 2000;
/** So many pictures has a training that has just begun: it is seen from step 0 on. */
const YOUNG = 100;

class Insides {
  /**
   * @param {HTMLElement} root
   * @param {(name: "at" | "ask", value: string) => void} report
   */
  constructor(root, report) {
    this.root = root;
    this.report = report;
    this.canvas = make("canvas", "stage");
    this.canvas.setAttribute("role", "img");
    this.stage = new Stage(this.canvas);
    this.history = new History();
    this.run = "";
    this.place = 0;
    this.isFollowing = true;
    this.news = -1;
    this.said = "";
    this.own = "";
    /** @type {Header | null} */
    this.header = null;
    this.slider = make("input");
    this.slider.type = "range";
    this.slider.min = "0";
    this.slider.oninput = () => this.moveTo(Number(this.slider.value));
    this.play = button("", "▶", () => this.togglePlay());
    this.latest = button("", "→", () => this.follow());
    this.film = button("", "", () => this.record());
    this.large = button("", "⤢", () => this.toggleLarge());
    this.words = make("p", "words");
    const bar = make("div", "bar");
    bar.append(this.play, this.slider, this.latest, this.film, this.large);
    root.replaceChildren(bar, this.canvas, this.words);
    this.frame = 0;
    this.name = "";
    /** @type {number | undefined} */
    this.timer = undefined;
    this.isClosed = false;
    /** @type {MediaRecorder | null} */
    this.recorder = null;
    /** @type {number | undefined} */
    this.resting = undefined;
    /** @type {number | undefined} */
    this.catching = undefined;
    /** @type {number | undefined} */
    this.asking = undefined;
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(root);
  }

  close() {
    this.isClosed = true;
    this.observer.disconnect();
    this.stop();
    clearTimeout(this.resting);
    clearTimeout(this.catching);
    clearTimeout(this.asking);
  }

  /** Have everything sent, again and again until it has come. */
  ask() {
    clearTimeout(this.asking);
    // Never what was asked before, by one that stood here earlier either: Python would not hear of it.
    this.report("ask", `${this.run} ${this.history.last} ${Date.now()}`);
    this.asking = setTimeout(() => this.ask(), ASK_MS);
  }

  /** @param {Uint8Array} bytes */
  async update(bytes) {
    const { header, rest } = split(bytes);
    const props = /** @type {Header} */ (header);
    if (props.run !== this.run) {
      this.stop();
      this.run = props.run;
      this.own = "";
      this.history = new History();
      this.place = 0;
      this.isFollowing = true;
    }
    const isNews = props.news !== this.news;
    this.news = props.news;
    this.header = props;
    this.dress(props);
    if (props.own) {
      this.stage.setOwn(props.own.digit, props.own.steps, props.own.probabilities);
      this.own = props.said;
    }
    const { history } = this;
    clearTimeout(this.catching); // places change while pictures are taken in
    const shown = history.shots[this.place];
    const isWhole = await history.take(props.items, rest);
    if (this.isClosed || history !== this.history) return;
    if (shown && !this.isFollowing) this.place = history.placeOf(shown.step); // others may have come before it
    const isMissing = props.from >= 0 && !history.byStep.has(props.from);
    if (!isWhole || isMissing || this.own !== props.said) this.ask();
    else clearTimeout(this.asking);
    if (isNews && props.at) {
      this.isFollowing = false;
      this.place = history.placeOf(Number(props.at));
    }
    const last = Math.max(0, history.shots.length - 1);
    if (this.isFollowing) {
      const before = shown ? history.placeOf(shown.step) : last < YOUNG ? -1 : last;
      this.catchUp(props.isGoingOn ? before : last, last);
    }
    this.show();
  }

  /**
   * Go to the last picture: by way of all that came meanwhile, where one was shown before.
   *
   * @param {number} from
   * @param {number} last
   */
  catchUp(from, last) {
    clearTimeout(this.catching);
    if (calm() || document.hidden || last - from < 2) {
      this.place = last;
      return;
    }
    const began = performance.now();
    const next = () => {
      if (!this.isFollowing || this.timer !== undefined) return;
      const part = Math.min(1, (performance.now() - began) / STRETCH_MS);
      this.place = Math.min(last, from + 1 + Math.floor(part * (last - from - 1)));
      this.show();
      if (this.place < last) this.catching = setTimeout(next, STRETCH_MS / (last - from));
    };
    next();
  }

  /** @param {Header} props */
  dress({ labels, colours, digits, name }) {
    setColours(this.root, colours);
    this.stage.dress(colours, labels, getComputedStyle(this.root).fontFamily);
    if (digits && !this.stage.digits.length) this.stage.setDigits(decode(digits, Uint8Array));
    retitle(this.play, this.timer === undefined ? labels.play : labels.pause);
    this.latest.textContent = labels.latest;
    this.large.textContent = labels.large;
    this.slider.setAttribute("aria-label", labels.slider);
    this.slider.title = labels.keys;
    if (!this.recorder) {
      this.film.textContent = labels.film;
      this.film.disabled = this.history.shots.length < 2;
    }
    this.name = name;
  }

  resize() {
    const isLarge = document.fullscreenElement !== null && this.root.matches(":fullscreen");
    const width = this.root.clientWidth;
    if (!width || this.recorder) return;
    const height = isLarge ? this.root.clientHeight - 70 : this.stage.heightFor(width);
    this.canvas.style.height = `${height}px`;
    this.stage.resize(width, height, globalThis.devicePixelRatio || 1);
    this.show();
  }

  /** @param {number} place */
  moveTo(place) {
    if (this.timer !== undefined && !this.recorder) this.stop();
    clearTimeout(this.catching);
    this.place = place;
    this.isFollowing = place >= this.history.shots.length - 1;
    this.show();
    this.tellSoon();
  }

  follow() {
    this.stop();
    this.moveTo(Math.max(0, this.history.shots.length - 1));
  }

  /** Python learns which step is looked at once the slider rests: it offers the weights of that step. */
  tellSoon() {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => {
      const at = this.isFollowing ? "" : String(this.history.shots[this.place]?.step ?? "");
      if (at === this.said || this.recorder || this.timer !== undefined) return;
      this.said = at;
      this.report("at", at);
    }, REST_MS);
  }

  show() {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.draw());
  }

  draw() {
    const { header, history } = this;
    if (!header) return;
    // Whoever follows sees the training end at the picture that is shown, until they look back.
    const shots = this.isFollowing ? history.shots.slice(0, this.place + 1) : history.shots;
    this.slider.max = String(Math.max(0, shots.length - 1));
    this.slider.value = String(this.place);
    const shot = shots[this.place];
    this.stage.draw({
      shots,
      place: this.place,
      total: header.total,
      stepsPerEpoch: header.stepsPerEpoch,
      floor: header.floor,
    });
    this.root.dataset.step = shot ? String(shot.step) : "";
    this.root.dataset.last = String(history.last);
    const own = shot && this.stage.own ? this.stage.saidOfOwn(shot.step) : null;
    this.root.dataset.own = own ? own.join(" ") : "";
    this.root.dataset.draws = String(Number(this.root.dataset.draws ?? 0) + 1);
    if (!shot) return;
    let right = 0;
    for (let digit = 0; digit < 10; digit += 1) right += shot.confusion[11 * digit] ?? 0;
    const readAs = own ? own.indexOf(Math.max(...own)) : "";
    const mine = own
      ? ` ${fill(header.labels.own, { digit: readAs, percent: Math.round((100 * Math.max(...own)) / 255) })}`
      : "";
    const words =
      fill(header.labels.reading, {
        step: shot.step.toLocaleString("en-US"),
        loss: shot.loss === null ? "–" : shot.loss.toFixed(3),
        right,
        count: shot.count,
      }) + mine;
    this.canvas.setAttribute("aria-label", words);
    this.slider.setAttribute("aria-valuetext", words);
  }

  togglePlay() {
    if (this.timer !== undefined) this.stop();
    else this.start();
    if (this.header)
      retitle(this.play, this.timer === undefined ? this.header.labels.play : this.header.labels.pause);
  }

  /** @param {() => void} [onEnd] */
  start(onEnd) {
    if (this.place >= this.history.shots.length - 1 || onEnd) this.place = 0;
    this.isFollowing = false;
    this.play.textContent = "❚❚";
    const began = performance.now();
    const first = this.place;
    const tick = (/** @type {number} */ now) => {
      const place = first + Math.max(0, Math.floor(((now - began) * FILM_FPS) / 1000));
      const last = this.history.shots.length - 1;
      this.place = Math.min(last, place);
      this.draw();
      if (place < last) this.timer = requestAnimationFrame(tick);
      else {
        this.stop(onEnd !== undefined);
        onEnd?.();
      }
    };
    this.timer = requestAnimationFrame(tick);
  }

  /** @param {boolean} [isFilmDone] it has been played to its end, which is still to be seen for a moment */
  stop(isFilmDone = false) {
    if (!isFilmDone) endOf(this.recorder);
    if (this.timer !== undefined) cancelAnimationFrame(this.timer);
    this.timer = undefined;
    this.play.textContent = "▶";
    if (this.header) retitle(this.play, this.header.labels.play);
    this.isFollowing = this.place >= this.history.shots.length - 1;
    this.tellSoon();
  }

  toggleLarge() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.root.requestFullscreen?.();
  }

  /** The whole training as a film: played once, and recorded from the canvas. */
  record() {
    const kind = FILM_KINDS.find((each) => globalThis.MediaRecorder?.isTypeSupported(each));
    const labels = this.header?.labels;
    if (!labels || this.recorder) return;
    if (!kind) {
      this.words.textContent = labels.noFilm;
      return;
    }
    this.stop();
    const recorder = new MediaRecorder(this.canvas.captureStream(30), {
      mimeType: kind,
      videoBitsPerSecond: 6_000_000,
    });
    this.recorder = recorder;
    /** @type {Blob[]} */
    const parts = [];
    recorder.ondataavailable = (event) => parts.push(event.data);
    recorder.onstop = () => {
      this.recorder = null;
      if (this.isClosed) return;
      this.save(new Blob(parts, { type: kind }), kind.includes("mp4") ? "mp4" : "webm");
      this.film.textContent = labels.film;
      this.film.disabled = false;
      this.resize();
      this.tellSoon();
    };
    this.film.textContent = labels.filming;
    this.film.disabled = true;
    recorder.start();
    this.start(() => setTimeout(() => endOf(recorder), END_MS));
  }

  /** @param {Blob} film @param {string} ending */
  save(film, ending) {
    const link = make("a");
    link.href = URL.createObjectURL(film);
    link.download = `${(this.name || "training").replace(/[^\p{L}\p{N}]+/gu, "-")}.${ending}`;
    this.root.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }
}

/** @param {MediaRecorder | null} recorder */
function endOf(recorder) {
  if (recorder?.state === "recording") recorder.stop();
}

const kept = keeper(() => /** @type {{ insides: Insides | null }} */ ({ insides: null }));

/** @param {FrontendRendererArgs<State, Uint8Array>} args */
export default function ({ data, parentElement, setStateValue }) {
  const mine = kept(parentElement);
  const root = rootOf(parentElement, ".insides");
  mine.insides ??= new Insides(root, (name, value) => setStateValue(name, value));
  mine.insides.update(data);
  return () => {
    if (root.isConnected) return;
    mine.insides?.close();
    mine.insides = null;
  };
}
