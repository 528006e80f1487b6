// The sum under the grids: what each channel gives, the bias, the total.

/** @import { Scene } from "./scene.js" */
/** @import { Cell } from "./types.js" */

import { button, clamp, keepingFocus, make } from "../shared/dom.js";
import { fill } from "../shared/text.js";
import { biasOf, partners } from "./arithmetic.js";
import { isPool } from "./geometry.js";
import { outputName, poolWords, resultAt, sumAt } from "./sentences.js";
import { formatNumber } from "./words.js";

const SHOWN_CHANNELS = 8;

export class Sum {
  /**
   * @param {Scene} scene
   * @param {(channel: number) => void} onChannel an input channel was chosen
   */
  constructor(scene, onChannel) {
    this.scene = scene;
    this.onChannel = onChannel;
    this.element = make("div", "sum");
  }

  /** @param {Cell | null} focus */
  show(focus) {
    const { scene, element } = this;
    const { model, props, kept } = scene;
    const { labels } = props;
    if (!focus || !model.legal || !model.inputs || focus.grid !== "output") {
      element.replaceChildren(make("span", "hint", model.legal ? labels.hint : ""));
      return;
    }
    const cropped = scene.isCropped(focus.r, focus.c);
    const result = term(
      cropped ? labels.croppedPlace : outputName(scene, focus),
      resultAt(scene, focus),
      "term total",
    );
    if (isPool(model.layer)) {
      element.replaceChildren(make("span", "term", poolWords(scene, focus)), sign("="), result);
      return;
    }
    const parts = [make("span", "sigma", "Σ"), ...this.channelTerms(focus)];
    if (model.layer.bias) {
      parts.push(sign("+"), term(labels.bias, biasOf(model.layer, kept.output), "term bias"));
    }
    if (scene.spec.relu) parts.push(sign("="), term("", sumAt(scene, focus), "term"), sign("→ ReLU"));
    keepingFocus(element, () => element.replaceChildren(...parts, sign("="), result));
  }

  /** @param {Cell} focus */
  channelTerms(focus) {
    const { model, props, kept } = this.scene;
    const { labels } = props;
    const all = partners(model.layer, kept.output);
    const sums = this.scene.channelSums(focus);
    const from = clamp(
      all.indexOf(kept.input) - SHOWN_CHANNELS / 2,
      0,
      Math.max(all.length - SHOWN_CHANNELS, 0),
    );
    const shown = all.slice(from, from + SHOWN_CHANNELS);
    const terms = shown.map((channel, i) => {
      const name = fill(labels.channelSum, { channel });
      const node = button(name, "", () => this.onChannel(channel), "term partial");
      node.removeAttribute("aria-label");
      node.dataset.keep = String(channel); // its words say a number that changes
      node.setAttribute("aria-pressed", String(channel === kept.input));
      return fillTerm(node, name, sums[from + i]);
    });
    if (all.length > shown.length) {
      const rest = sums.reduce(
        (sum, value, i) => (i >= from && i < from + SHOWN_CHANNELS ? sum : sum + value),
        0,
      );
      terms.push(term(fill(labels.otherChannels, { count: all.length - shown.length }), rest, "term"));
    }
    return terms.flatMap((node, i) => (i ? [sign("+"), node] : [node]));
  }
}

/** @param {string} text */
const sign = (text) => make("span", "sign", text);

/**
 * @param {string} name
 * @param {number} value
 * @param {string} className
 * @returns {HTMLElement}
 */
const term = (name, value, className) => fillTerm(make("span", className), name, value);

/**
 * @param {HTMLElement} node
 * @param {string} name
 * @param {number} value
 */
function fillTerm(node, name, value) {
  node.append(make("small", "", name), make("b", "", formatNumber(value)));
  node.dataset.value = String(value);
  return node;
}
