// The list of optimizers: who runs, with which learning rate, how far each has come; and the options of one.

import { button, drawingOn, make, takeNumbers } from "../shared/dom.js";
import { fill } from "../shared/text.js";
import { mark, shown } from "./marks.js";

/** @typedef {import("./rules.js").Method} Method */
/** @typedef {import("./stage.js").Stage} Stage */
/** @typedef {import("./stage.js").Option} Option */
/** @typedef {import("./flat.js").Inks} Inks */
/** @typedef {Record<string, string>} Texts */
/**
 * @typedef {object} Actions
 * @property {(method: Method, isIn: boolean) => void} enter
 * @property {(method: Method) => void} focus
 * @property {(method: Method, name: string, value: number | null) => void} set null: back to the default, or the best rate
 */
/**
 * @typedef {object} Row
 * @property {HTMLElement} node
 * @property {HTMLInputElement} isIn
 * @property {HTMLButtonElement} name
 * @property {HTMLInputElement} rate
 * @property {HTMLButtonElement} tag
 * @property {HTMLElement} state
 */

/**
 * A racer's mark as a small picture.
 *
 * @param {number} index
 * @param {string} colour
 * @param {string} paper
 */
function badge(index, colour, paper) {
  const canvas = make("canvas", "badge");
  canvas.width = 44;
  canvas.height = 44;
  const context = drawingOn(canvas);
  context.scale(2, 2);
  context.fillStyle = colour;
  context.strokeStyle = paper;
  mark(context, index, 11, 11, 8);
  return canvas;
}

/** The list beside the picture. */
export class Runners {
  /**
   * @param {HTMLElement} parent
   * @param {Record<Method, Option[]>} options of those that may take part
   * @param {string[]} colours
   * @param {Inks} inks
   * @param {Texts} texts
   * @param {Actions} actions
   */
  constructor(parent, options, colours, inks, texts, actions) {
    this.texts = texts;
    /** @type {Set<HTMLInputElement>} */
    this.typing = new Set();
    /** @type {Map<Method, Row>} */
    this.rows = new Map();
    const methods = /** @type {Method[]} */ (Object.keys(options));
    methods.forEach((method, index) => {
      const node = make("div", "runner");
      const isIn = make("input");
      isIn.type = "checkbox";
      isIn.setAttribute("aria-label", fill(texts.takesPart, { name: method }));
      isIn.onchange = () => actions.enter(method, isIn.checked);
      const name = button(fill(texts.lookAt, { name: method }), method, () => actions.focus(method), "name");
      const rate = make("input", "rate");
      rate.setAttribute("aria-label", fill(texts.rateOf, { name: method }));
      const [{ low, high }] = options[method].filter(({ name }) => name === "lr");
      takeNumbers(rate, { low, high, allowed: texts.allowed, mayBeEmpty: true }, (value) =>
        actions.set(method, "lr", value),
      );
      rate.addEventListener("input", () => this.typing.add(rate));
      for (const event of ["change", "blur"]) rate.addEventListener(event, () => this.typing.delete(rate));
      const tag = button(
        fill(texts.useBest, { name: method }),
        "",
        () => actions.set(method, "lr", null),
        "tag",
      );
      const state = make("span", "state");
      node.append(isIn, badge(index, colours[index], inks.paper), name, rate, tag, state);
      parent.append(node);
      this.rows.set(method, { node, isIn, name, rate, tag, state });
    });
  }

  /**
   * @param {Stage} stage
   * @param {number} at the race's present step
   */
  show(stage, at) {
    const ranks = new Map(stage.ranking().map(({ method, rank }) => [method, rank]));
    const focus = stage.focus();
    for (const [method, row] of this.rows) {
      const way = stage.ways.get(method);
      row.isIn.checked = Boolean(way);
      row.isIn.disabled = Boolean(way) && stage.ways.size === 1;
      row.node.classList.toggle("out", !way);
      row.name.setAttribute("aria-pressed", String(method === focus));
      row.rate.hidden = !way;
      row.tag.hidden = !way;
      if (!way) {
        write(row.state, "");
        continue;
      }
      const rate = stage.values(method).lr;
      if (!this.typing.has(row.rate)) {
        const text = String(Number(rate.toPrecision(6)));
        if (row.rate.value !== text) row.rate.value = text;
      }
      const isFair = stage.isFair(method);
      write(row.tag, isFair ? (stage.swept(method) ? this.texts.best : this.texts.sweeping) : this.texts.own);
      row.tag.classList.toggle("is-own", !isFair);
      row.tag.disabled = isFair;
      write(row.state, this.state(stage, method, at, ranks.get(method) ?? 0));
      row.node.dataset.state = stage.endingOf(method);
    }
  }

  /**
   * @param {Stage} stage
   * @param {Method} method
   * @param {number} at
   * @param {number} rank
   */
  state(stage, method, at, rank) {
    const way = stage.ways.get(method);
    if (!way) return "";
    const { texts } = this;
    const value = way.values[Math.min(Math.floor(at), way.values.length - 1)];
    if (way.overflow !== null && at >= way.overflow) return fill(texts.overflowed, { step: way.overflow });
    if (way.arrived !== null && at >= way.arrived) return fill(texts.arrivedAt, { rank, step: way.arrived });
    return fill(texts.valueNow, { value: shown(value, 3) });
  }
}

/**
 * Change a text only where it is another one: nothing is laid out anew for nothing.
 *
 * @param {HTMLElement} node
 * @param {string} text
 */
export function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** The options of the racer in focus. */
export class OptionsPanel {
  /**
   * @param {HTMLElement} parent
   * @param {Texts} texts
   * @param {Record<string, string>} names what each option does, in words
   * @param {Actions} actions
   */
  constructor(parent, texts, names, actions) {
    Object.assign(this, { parent, texts, names, actions });
    this.parent = parent;
    this.texts = texts;
    this.names = names;
    this.actions = actions;
    this.key = "";
  }

  /** @param {Stage} stage */
  show(stage) {
    const method = stage.focus();
    const values = stage.values(method);
    const key = JSON.stringify([method, values]);
    if (key === this.key) return;
    const active = this.parent.querySelector(":focus");
    const focused = active instanceof HTMLElement ? active.dataset.name : undefined;
    this.key = key;
    this.parent.replaceChildren(
      ...stage.options[method].map((option) => this.field(method, option, values[option.name])),
    );
    if (focused) {
      const again = this.parent.querySelector(`[data-name="${focused}"]`);
      if (again instanceof HTMLElement) again.focus();
    }
  }

  /**
   * @param {Method} method
   * @param {Option} option
   * @param {number} value
   */
  field(method, option, value) {
    const label = make("label", option.flag ? "option flag" : "option");
    const words = make("span", "words", this.names[option.name]);
    if (option.torch) words.append(" ", make("code", "", option.torch));
    const input = make("input");
    input.dataset.name = option.name;
    if (option.flag) {
      input.type = "checkbox";
      input.checked = Boolean(value);
      input.onchange = () => this.actions.set(method, option.name, Number(input.checked));
      label.append(input, words);
      return label;
    }
    input.value = String(Number(value.toPrecision(10)));
    takeNumbers(input, { low: option.low, high: option.high, allowed: this.texts.allowed }, (wanted) =>
      this.actions.set(method, option.name, wanted),
    );
    label.append(words, input);
    return label;
  }
}
