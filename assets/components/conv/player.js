// Play, pause, step: one output cell after the other, or one input cell of a transposed layer.

/** @import { Scene } from "./scene.js" */

import { button, choice, make, showPlaying } from "../shared/dom.js";
import { modulo } from "./geometry.js";

const STEP_MS = 700;
const SPEEDS = [0.5, 1, 2, 4, 16, 64];
/** Up to this speed steps come faster; above it they are left out. */
const FASTEST = 16;

/**
 * What playing asks of the picture.
 *
 * @typedef {object} Stage
 * @property {() => void} show draw the cell looked at, and `scene.partial`
 * @property {() => void} announce say it to screen readers
 * @property {() => boolean} isBusy whether the learner points or types: time stands still
 */

export class Player {
  /**
   * @param {Scene} scene
   * @param {Stage} stage
   */
  constructor(scene, stage) {
    this.scene = scene;
    this.stage = stage;
    this.timer = 0;
    const { labels } = scene.props;
    this.main = button(labels.play, "▶", () => (this.timer ? this.pause() : this.play()), "button main");
    this.steps = [
      button(labels.back, "❘◀", () => this.step(-1)),
      button(labels.next, "▶❘", () => this.step(1)),
    ];
    this.scrubber = make("input", "scrubber");
    this.scrubber.type = "range";
    this.scrubber.min = "0";
    this.scrubber.setAttribute("aria-label", labels.scrubber);
    this.scrubber.oninput = () => {
      const step = Number(this.scrubber.value); // pausing writes the old one back
      this.pause();
      this.goTo(step, true);
      this.stage.announce();
    };
    this.counter = make("span", "counter");
    const speeds = SPEEDS.map((speed) => /** @type {const} */ ([String(speed), `${speed}×`]));
    this.speed = choice(labels.speed, speeds, (value) => {
      scene.kept.speed = Number(value);
      if (this.timer) this.schedule();
    });
    this.element = make("div", "play");
    this.element.setAttribute("role", "group");
    this.element.setAttribute("aria-label", labels.playback);
    this.element.append(this.main, ...this.steps, this.scrubber, this.counter, this.speed);
  }

  get isPlaying() {
    return this.timer !== 0;
  }

  /** The step at which the picture stands. */
  get at() {
    const { kept, stepGrid } = this.scene;
    const { columns } = this.scene.sizeOf(stepGrid);
    return kept.step ?? (kept.pin?.grid === stepGrid ? kept.pin.r * columns + kept.pin.c : 0);
  }

  /** Writes buttons and scrubber. */
  sync() {
    const { labels } = this.scene.props;
    const { steps } = this.scene;
    showPlaying(this.main, this.isPlaying, labels);
    for (const node of [this.main, ...this.steps, this.scrubber]) node.disabled = !steps;
    this.scrubber.max = String(Math.max(steps - 1, 0));
    this.scrubber.value = String(this.at);
    this.counter.textContent = steps ? `${this.at + 1} / ${steps}` : "";
    this.scrubber.setAttribute("aria-valuetext", this.counter.textContent);
    this.speed.value = String(this.scene.kept.speed);
  }

  /**
   * @param {number} step
   * @param {boolean} reveal the rest stays under a veil
   */
  goTo(step, reveal) {
    const { scene } = this;
    const { kept, stepGrid } = scene;
    const { columns } = scene.sizeOf(stepGrid);
    kept.step = reveal ? step : null;
    kept.pin = { grid: stepGrid, r: Math.floor(step / columns), c: step % columns };
    if (stepGrid === "input" && scene.result) {
      scene.partial = reveal && step < scene.steps - 1 ? scene.writtenUpTo(step) : null;
    }
    this.stage.show();
  }

  play() {
    const { kept, steps } = this.scene;
    if (!steps) return;
    this.goTo(kept.step === null || kept.step >= steps - 1 ? 0 : kept.step, true);
    this.schedule();
  }

  schedule() {
    clearInterval(this.timer);
    this.timer = setInterval(() => this.tick(), STEP_MS / Math.min(this.scene.kept.speed, FASTEST));
    this.sync();
    this.stage.show();
  }

  tick() {
    if (this.stage.isBusy()) return;
    const { kept, steps } = this.scene;
    const next = (kept.step ?? 0) + (kept.speed > FASTEST ? Math.round(kept.speed / FASTEST) : 1);
    if (next < steps) {
      this.goTo(next, true);
      return;
    }
    this.stop();
    this.goTo(steps - 1, false);
  }

  stop() {
    clearInterval(this.timer);
    this.timer = 0;
  }

  /** Stay where it is; the veil stays too. */
  pause() {
    this.stop();
    this.stage.show();
  }

  /** @param {number} by */
  step(by) {
    const { steps } = this.scene;
    if (!steps) return;
    this.stop();
    this.goTo(modulo(this.at + by, steps), true);
    this.stage.announce();
  }
}
