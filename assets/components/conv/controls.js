// The tools above the grids: presets, seeds, channels, shift, undo.

import { partners } from "./arithmetic.js";
import { ARROW_LIMIT } from "./arrows.js";
import { firstKernel, kernelOf, weightSizes } from "./contents.js";
import { button, choice, make, stepper } from "./elements.js";
import { isPool, isTransposed, outputChannels } from "./geometry.js";
import { fill } from "./words.js";

const FIRST_SPEEDS = [0.5, 1, 2, 4, 16, 64];

export const controls = {
  buildPlay() {
    const { labels } = this;
    const bar = make("div", "play");
    bar.setAttribute("role", "group");
    bar.setAttribute("aria-label", labels.playback);
    this.playButton = button(
      labels.play,
      "▶",
      () => (this.timer ? this.pause() : this.play()),
      "button main",
    );
    const back = button(labels.back, "◀", () => this.step(-1));
    const next = button(labels.next, "▶❘", () => this.step(1));
    back.textContent = "❘◀";
    this.stepButtons = [back, next];
    this.scrubber = make("input", "scrubber");
    this.scrubber.type = "range";
    this.scrubber.min = "0";
    this.scrubber.setAttribute("aria-label", labels.scrubber);
    this.scrubber.oninput = () => {
      const step = Number(this.scrubber.value); // pausing writes the old one back
      this.pause();
      this.goTo(step, true);
    };
    this.counter = make("span", "counter");
    this.speedChoice = choice(
      labels.speed,
      FIRST_SPEEDS.map((speed) => [String(speed), `${speed}×`]),
      (value) => {
        this.kept.speed = Number(value);
        if (this.timer) this.schedule();
      },
    );
    bar.append(this.playButton, back, next, this.scrubber, this.counter, this.speedChoice);
    return bar;
  },

  buildTools() {
    const { labels } = this;
    this.inputChoice = choice(labels.inputPreset, Object.entries(labels.inputs), (input) => {
      const drawn = input === "drawn" ? this.blankRows() : [];
      this.relook({ input, number: 0, drawn, inputEdits: [], shift: [0, 0] });
    });
    this.inputExtra = make("span", "extra");
    const shown = make("label", "named");
    shown.append(make("span", "name", labels.shows), this.inputChoice);
    const arrows = make("span", "shift");
    arrows.append(make("span", "name", labels.shiftShort));
    arrows.setAttribute("role", "group");
    arrows.setAttribute("aria-label", labels.shift);
    for (const [name, text, by] of [
      ["left", "←", [-1, 0]],
      ["up", "↑", [0, -1]],
      ["down", "↓", [0, 1]],
      ["right", "→", [1, 0]],
    ]) {
      const node = button(fill(labels.shiftBy, { direction: labels.directions[name] }), text, () =>
        this.shift(by),
      );
      node.dataset.shift = name;
      arrows.append(node);
    }
    this.resetShift = button(labels.shiftReset, "↺", () => this.relook({ shift: [0, 0] }));
    arrows.append(this.resetShift);
    this.inputChannel = make("span", "channel");
    this.outputChannel = make("span", "channel");
    this.usage = this.toggle(labels.usage, labels.usageHelp, "usage");
    this.arrows = this.toggle(labels.arrows, labels.arrowsHelp, "arrows");
    this.input.tools.append(shown, this.inputExtra, arrows, this.inputChannel);
    this.output.tools.append(this.outputChannel, this.usage, this.arrows);
    this.kernelChoice = choice(labels.kernelPreset, Object.entries(labels.kernels), (kernel) =>
      this.relook({ kernel: firstKernel(kernel, this.kernelTurn()), kernelSeed: 0, weightEdits: [] }),
    );
    this.kernelExtra = make("span", "extra");
    this.undoInput = this.undoButton("inputEdits");
    this.undoWeight = this.undoButton("weightEdits");
  },

  toggle(label, help, name) {
    const node = button(
      label,
      label,
      () => {
        this.kept[name] = !this.kept[name];
        node.setAttribute("aria-pressed", String(this.kept[name]));
        this.draw();
      },
      "button toggle",
    );
    node.title = help;
    node.setAttribute("aria-pressed", String(this.kept[name]));
    return node;
  },

  syncTools() {
    const { kept, model, labels } = this;
    const { look } = kept;
    const { layer } = model;
    this.inputChoice.value = look.input;
    this.inputExtra.replaceChildren(...this.presetExtras(), this.undoInput);
    this.kernelChoice.value = kernelOf(look.kernel, this.kernelTurn());
    this.kernelChoice.querySelector("[value=sobel_y]").disabled = layer.kind === "Conv1d";
    this.kernelExtra.replaceChildren();
    if (look.kernel === "random") {
      const seed = make("label", "named");
      seed.append(
        make("span", "name", labels.seed),
        stepper(labels.seed, 0, 9999, look.kernelSeed, (kernelSeed) =>
          this.relook({ kernelSeed, weightEdits: [] }),
        ),
      );
      this.kernelExtra.append(seed);
    }
    this.kernelExtra.append(this.undoWeight);
    this.undoInput.disabled = !look.inputEdits.length;
    this.undoWeight.disabled = !look.weightEdits.length;
    this.resetShift.disabled = !look.shift.some((by) => by !== 0);
    for (const node of this.input.tools.querySelectorAll("[data-shift=up], [data-shift=down]")) {
      node.hidden = layer.kind === "Conv1d";
    }
    this.fillChannel(this.inputChannel, labels.inChannel, layer.inChannels, kept.input, (channel) => {
      kept.input = channel;
      if (!partners(layer, kept.output).includes(channel)) {
        const each = outputChannels(layer) / (isPool(layer) ? layer.inChannels : layer.groups);
        const output =
          Math.floor(channel / (layer.inChannels / (isPool(layer) ? layer.inChannels : layer.groups))) * each;
        this.relook({ channel: output });
        return;
      }
      this.refresh();
      this.keepPlace();
    });
    this.fillChannel(this.outputChannel, labels.outChannel, outputChannels(layer), kept.output, (channel) =>
      this.relook({ channel }),
    );
    this.arrows.hidden = layer.mode === "zeros" || !model.legal || this.paddedCells() > ARROW_LIMIT;
    this.tags();
  },

  undoButton(edits) {
    const { labels } = this;
    const node = button(labels.editsReset, "↺", () => this.relook({ [edits]: [] }));
    node.title = `${labels.editsReset}: ${labels.editsResetHelp}`;
    node.dataset.undo = edits;
    return node;
  },

  // Output channels take the kernels in turn: how far the shown one is from the first.
  kernelTurn() {
    const { layer } = this.model;
    return isTransposed(layer) ? this.kept.output % weightSizes(layer)[1] : this.kept.output;
  },

  presetExtras() {
    const { labels } = this;
    const { look } = this.kept;
    if (look.input === "digit") {
      const known = this.data.digits.indexOf(look.number);
      const options = this.data.digits.map((_, digit) => [String(digit), String(digit)]);
      const digit = choice(labels.digit, known < 0 ? [["", "…"], ...options] : options, (value) =>
        this.relook({ number: this.data.digits[Number(value)], inputEdits: [] }),
      );
      digit.value = known < 0 ? "" : String(known);
      const another = make("label", "named");
      another.append(
        make("span", "name", labels.digitShort),
        stepper(labels.digitNumber, 0, 9999, look.number, (number) =>
          this.relook({ number, inputEdits: [] }),
        ),
      );
      return [digit, another];
    }
    if (look.input === "random") {
      const seed = make("label", "named");
      seed.append(
        make("span", "name", labels.seed),
        stepper(labels.seed, 0, 9999, look.number, (number) => this.relook({ number, inputEdits: [] })),
      );
      return [seed];
    }
    if (look.input === "drawn") {
      return [
        button(labels.clear, labels.clear, () => this.relook({ drawn: this.blankRows(), inputEdits: [] })),
      ];
    }
    return [];
  },

  fillChannel(box, label, count, value, onChange) {
    box.replaceChildren();
    if (count < 2) return;
    box.append(
      make("span", "", label),
      stepper(label, 0, count - 1, value, onChange),
      make("span", "of", `0–${count - 1}`),
    );
  },

  tags() {
    const { model, labels, kept } = this;
    const { layer, rows, columns } = model;
    const flat = layer.kind === "Conv1d";
    const size = (r, c) => (flat ? `${c}` : `${r} × ${c}`);
    const padded = rows.inCells !== rows.size || columns.inCells !== columns.size;
    const more = padded ? ` → ${size(rows.inCells, columns.inCells)}` : "";
    this.input.tag.textContent = `x[0, ${kept.input}]  ${size(rows.size, columns.size)}${more}`;
    const out = model.legal ? size(rows.out, columns.out) : labels.none;
    this.output.tag.textContent = `y[0, ${kept.output}]  ${out}`;
    const aria = (grid, tag) =>
      grid.hit.setAttribute(
        "aria-label",
        fill(labels.gridLabel, { name: labels[grid.name], size: tag.textContent }) +
          (grid === this.input ? labels.editableGrid : ""),
      );
    aria(this.input, this.input.tag);
    aria(this.output, this.output.tag);
    this.input.hit.style.touchAction = this.isDrawing(this.input) ? "none" : ""; // a finger draws, it does not scroll
  },
};
