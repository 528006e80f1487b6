// What changes input and kernel: presets, seeds, channels, shift, undo; and two switches of the view.

/** @import { Grid } from "./canvas.js" */
/** @import { Scene } from "./scene.js" */
/** @import { Look, Shift } from "./types.js" */

import { button, choice, clamp, make, stepper } from "../shared/dom.js";
import { fill } from "../shared/text.js";
import { partners } from "./arithmetic.js";
import { hasArrows } from "./arrows.js";
import { firstKernel, kernelOf, weightSizes } from "./contents.js";
import { isPool, isTransposed, outputChannels } from "./geometry.js";

/**
 * What the tools ask of the picture.
 *
 * @typedef {object} Changes
 * @property {(changes: Partial<Look>) => void} relook a new look, reported to the server
 * @property {(channel: number) => void} chooseInput another input channel of the same output
 * @property {() => void} redraw the same numbers, drawn another way
 */

/** @type {readonly (readonly [name: string, sign: string, by: Shift])[]} */
const DIRECTIONS = [
  ["left", "←", [-1, 0]],
  ["up", "↑", [0, -1]],
  ["down", "↓", [0, 1]],
  ["right", "→", [1, 0]],
];

/**
 * A blank drawing of the input's size.
 *
 * @param {Scene} scene
 */
export function blankRows({ model, props }) {
  const [height, width] = [model.rows.size, model.columns.size].map((size) =>
    Math.min(size, props.limits.drawn),
  );
  return Array.from({ length: height }, () => "0".repeat(width));
}

/**
 * A control with its name before it.
 *
 * @param {string} name
 * @param {HTMLElement} control
 */
function named(name, control) {
  const label = make("label", "named");
  label.append(make("span", "name", name), control);
  return label;
}

export class Tools {
  /**
   * @param {Scene} scene
   * @param {Changes} changes
   */
  constructor(scene, changes) {
    this.scene = scene;
    this.changes = changes;
    const { labels } = scene.props;
    this.inputChoice = choice(labels.inputPreset, Object.entries(labels.inputs), (input) => {
      const drawn = input === "drawn" ? blankRows(scene) : [];
      changes.relook({ input, number: 0, drawn, inputEdits: [], shift: [0, 0] });
    });
    this.inputExtra = make("span", "extra");
    this.undoInput = this.undoButton("inputEdits");
    this.undoWeight = this.undoButton("weightEdits");
    this.resetShift = button(labels.shiftReset, "↺", () => changes.relook({ shift: [0, 0] }));
    this.shift = this.buildShift();
    this.usage = this.toggle(labels.usage, labels.usageHelp, "usage");
    this.arrows = this.toggle(labels.arrows, labels.arrowsHelp, "arrows");
    this.element = make("div", "tools");
    this.element.append(
      named(labels.shows, this.inputChoice),
      this.inputExtra,
      this.shift,
      this.usage,
      this.arrows,
    );
    this.kernelChoice = choice(labels.kernelPreset, Object.entries(labels.kernels), (kernel) =>
      changes.relook({ kernel: firstKernel(kernel, this.kernelTurn), kernelSeed: 0, weightEdits: [] }),
    );
    this.kernelExtra = make("span", "extra");
    /** What stands under the kernel. */
    this.kernelTools = [this.kernelChoice, this.kernelExtra, this.undoWeight];
  }

  buildShift() {
    const { labels, limits } = this.scene.props;
    const group = make("span", "shift");
    group.append(make("span", "name", labels.shiftShort));
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", labels.shift);
    for (const [name, sign, [right, down]] of DIRECTIONS) {
      const label = fill(labels.shiftBy, { direction: labels.directions[name] });
      const node = button(label, sign, () => {
        const { shift } = this.scene.look;
        const limit = (/** @type {number} */ value) => clamp(value, -limits.shift, limits.shift);
        this.changes.relook({ shift: [limit(shift[0] + right), limit(shift[1] + down)] });
      });
      node.dataset.shift = name;
      group.append(node);
    }
    group.append(this.resetShift);
    return group;
  }

  /**
   * @param {string} label
   * @param {string} help
   * @param {"usage" | "arrows"} name
   */
  toggle(label, help, name) {
    const { kept } = this.scene;
    const press = () => {
      kept[name] = !kept[name];
      node.setAttribute("aria-pressed", String(kept[name]));
      this.changes.redraw();
    };
    const node = button(label, label, press, "button toggle");
    node.title = help;
    node.setAttribute("aria-pressed", String(kept[name]));
    return node;
  }

  /** @param {"inputEdits" | "weightEdits"} edits */
  undoButton(edits) {
    const { labels } = this.scene.props;
    const node = button(labels.editsReset, "↺", () => this.changes.relook({ [edits]: [] }));
    node.title = labels.editsResetHelp;
    node.dataset.undo = edits;
    return node;
  }

  /** Output channels take the kernels in turn: how far the shown one is from the first. */
  get kernelTurn() {
    const { model, kept } = this.scene;
    return isTransposed(model.layer) ? kept.output % weightSizes(model.layer)[1] : kept.output;
  }

  /**
   * Writes every control.
   *
   * @param {Grid} input
   * @param {Grid} output
   */
  sync(input, output) {
    const { scene } = this;
    const { kept, model, look, props } = scene;
    const { layer } = model;
    const flat = layer.kind === "Conv1d";
    this.inputChoice.value = look.input;
    this.inputExtra.replaceChildren(...this.inputExtras(), this.undoInput);
    this.kernelChoice.value = kernelOf(look.kernel, this.kernelTurn);
    const sobelY = this.kernelChoice.querySelector("[value=sobel_y]");
    if (sobelY instanceof HTMLOptionElement) sobelY.disabled = flat;
    this.kernelExtra.replaceChildren(
      ...(look.kernel === "random"
        ? [this.seed(look.kernelSeed, (kernelSeed) => this.changes.relook({ kernelSeed, weightEdits: [] }))]
        : []),
    );
    this.undoInput.disabled = !look.inputEdits.length;
    this.undoWeight.disabled = !look.weightEdits.length;
    this.resetShift.disabled = !look.shift.some((by) => by !== 0);
    for (const node of this.shift.querySelectorAll("button")) {
      node.hidden = flat && (node.dataset.shift === "up" || node.dataset.shift === "down");
    }
    this.arrows.hidden = !hasArrows(scene);
    fillChannel(input.channel, props.labels.inChannel, layer.inChannels, kept.input, (channel) =>
      this.chooseInput(channel),
    );
    fillChannel(output.channel, props.labels.outChannel, outputChannels(layer), kept.output, (channel) =>
      this.changes.relook({ channel }),
    );
  }

  /**
   * An input channel, with the first output channel that it takes part in.
   *
   * @param {number} channel
   */
  chooseInput(channel) {
    const { model, kept } = this.scene;
    const { layer } = model;
    if (partners(layer, kept.output).includes(channel)) {
      this.changes.chooseInput(channel);
      return;
    }
    const groups = isPool(layer) ? layer.inChannels : layer.groups;
    const group = Math.floor(channel / (layer.inChannels / groups));
    this.changes.relook({ channel: group * (outputChannels(layer) / groups) });
  }

  /**
   * @param {number} value
   * @param {(value: number) => void} onChange
   */
  seed(value, onChange) {
    const { labels, limits } = this.scene.props;
    return named(labels.seed, stepper(labels.seed, 0, limits.seed, value, onChange));
  }

  /** What the chosen input asks for besides. @returns {HTMLElement[]} */
  inputExtras() {
    const { props, look } = this.scene;
    const { labels, limits, digits } = props;
    const choose = (/** @type {number} */ number) => this.changes.relook({ number, inputEdits: [] });
    if (look.input === "random") return [this.seed(look.number, choose)];
    if (look.input === "drawn") {
      const clear = () => this.changes.relook({ drawn: blankRows(this.scene), inputEdits: [] });
      return [button(labels.clear, labels.clear, clear)];
    }
    if (look.input !== "digit") return [];
    const known = digits.indexOf(look.number);
    const options = digits.map((_, digit) => /** @type {const} */ ([String(digit), String(digit)]));
    const digit = choice(labels.digit, known < 0 ? [["", "…"], ...options] : options, (value) =>
      choose(digits[Number(value)]),
    );
    digit.value = known < 0 ? "" : String(known);
    const image = stepper(labels.digitNumber, 0, limits.digit, look.number, choose);
    return [digit, named(labels.digitShort, image)];
  }
}

/**
 * @param {HTMLElement} box
 * @param {string} label
 * @param {number} count
 * @param {number} value
 * @param {(value: number) => void} onChange
 */
function fillChannel(box, label, count, value, onChange) {
  box.replaceChildren();
  if (count < 2) return;
  const of = make("span", "of", `0–${count - 1}`);
  box.append(make("span", "", label), stepper(label, 0, count - 1, value, onChange), of);
}
