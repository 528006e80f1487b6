// Play, pause, step: one output cell after the other, or one input cell of a transposed layer.

import { biasOf, paddedChannel, partners, weightIndex } from "./arithmetic.js";
import { isTransposed, modulo } from "./geometry.js";

const STEP_MS = 700;

export const playing = {
  stepGrid() {
    return isTransposed(this.model.layer) ? this.input : this.output;
  },

  steps() {
    const grid = this.stepGrid();
    return this.model.legal ? grid.rows * grid.columns : 0;
  },

  showPlay() {
    const { labels, kept } = this;
    const steps = this.steps();
    const running = Boolean(this.timer);
    this.playButton.textContent = running ? "❚❚" : "▶";
    this.playButton.title = running ? labels.pause : labels.play;
    this.playButton.setAttribute("aria-label", this.playButton.title);
    for (const node of [this.playButton, ...this.stepButtons, this.scrubber]) node.disabled = !steps;
    this.scrubber.max = String(Math.max(steps - 1, 0));
    const grid = this.stepGrid();
    const pinned = kept.pin?.grid === grid.name ? kept.pin.r * grid.columns + kept.pin.c : 0;
    const at = kept.step ?? pinned;
    this.scrubber.value = String(at);
    this.counter.textContent = steps ? `${at + 1} / ${steps}` : "";
    if (!this.kept.speed) this.kept.speed = 1;
    this.speedChoice.value = String(this.kept.speed);
    this.root.dataset.step = String(at);
    this.root.dataset.playing = String(running);
  },

  goTo(step, reveal) {
    const grid = this.stepGrid();
    this.kept.step = reveal ? step : null;
    this.kept.pin = { grid: grid.name, r: Math.floor(step / grid.columns), c: step % grid.columns };
    if (isTransposed(this.model.layer) && this.result) {
      this.shownResult = reveal && step < this.steps() - 1 ? this.partialOutput(step) : null;
      this.drawOutput();
    }
    this.show();
  },

  // What a transposed layer has written once the input cells up to `step` were stamped.
  partialOutput(step) {
    const { model, kept, input, output } = this;
    const values = new Float64Array(output.rows * output.columns).fill(biasOf(model.layer, kept.output));
    for (const channel of partners(model.layer, kept.output)) {
      const cells = paddedChannel(model, channel);
      const base = weightIndex(model.layer, channel, kept.output, 0, 0);
      for (let i = 0; i <= step; i += 1) {
        for (const [or, kr] of model.rowFeeds[Math.floor(i / input.columns)]) {
          for (const [oc, kc] of model.columnFeeds[i % input.columns]) {
            values[or * output.columns + oc] +=
              cells[i] * model.weight[base + kr * model.columns.kernel + kc];
          }
        }
      }
    }
    return values;
  },

  play() {
    if (!this.steps()) return;
    const last = this.steps() - 1;
    if (this.kept.step === null || this.kept.step >= last) this.kept.step = 0;
    this.goTo(this.kept.step, true);
    this.schedule();
  },

  schedule() {
    clearInterval(this.timer);
    this.timer = setInterval(() => this.tick(), STEP_MS / Math.min(this.kept.speed, 16));
    this.showPlay();
  },

  tick() {
    if (this.hover || this.editing) return;
    const last = this.steps() - 1;
    const next = this.kept.step + (this.kept.speed > 16 ? Math.round(this.kept.speed / 16) : 1);
    if (next > last) {
      this.stop();
      this.goTo(last, false);
    } else {
      this.goTo(next, true);
    }
  },

  stop() {
    clearInterval(this.timer);
    this.timer = 0;
  },

  // Stay where it is; the veil stays too.
  pause() {
    this.stop();
    this.showPlay();
  },

  step(by) {
    if (!this.steps()) return;
    this.stop();
    const grid = this.stepGrid();
    const { pin, step } = this.kept;
    const at = step ?? (pin?.grid === grid.name ? pin.r * grid.columns + pin.c : 0);
    this.goTo(modulo(at + by, this.steps()), true);
    this.announce();
  },
};
