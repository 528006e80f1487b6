// Why a network says what it says: each logit as a sum over units, the pixels for and against, single units.

/** @import { Inside, Kept, Unit } from "./types.js" */

import { borrowNetwork, slopesOf } from "../live/slopes.js";
import { decode } from "../shared/data.js";
import { make } from "../shared/dom.js";
import { largest } from "../shared/numbers.js";
import { fill, plain, signed } from "../shared/text.js";
import { diverging, grey, pixelFigure } from "./pixels.js";

const SIDE = 28;
const CLASSES = 10;
const WHOLE = 32767;
const ROWS_SHOWN = 8;
const TITLED = 128;

/** @param {number} value */
const thousandths = (value) => Math.round(value * 1000);

/**
 * @param {number} value
 * @param {number} limit
 */
function bar(value, limit) {
  const track = make("span", "track");
  const inner = make("span", value < 0 ? "bar below" : "bar above");
  inner.style.width = `${(50 * Math.abs(value)) / (limit || 1)}%`;
  track.append(inner);
  return track;
}

/**
 * @param {string} name
 * @param {number} value in thousandths
 * @param {number} limit
 * @param {{ isChosen: boolean, choose: () => void } | null} [choice]
 */
function sumRow(name, value, limit, choice = null) {
  const row = make("div", "sum-row");
  const head = choice ? make("button", "sum-name", name) : make("span", "sum-name", name);
  if (choice && head instanceof HTMLButtonElement) {
    head.type = "button";
    head.onclick = choice.choose;
    head.setAttribute("aria-pressed", String(choice.isChosen));
  }
  row.append(head, bar(value / 1000, limit), make("span", "sum-value", signed(value / 1000)));
  return row;
}

/**
 * @param {string} text
 * @param {string} small
 * @param {boolean} isChosen
 * @param {() => void} choose
 */
function chip(text, small, isChosen, choose) {
  const node = make("button", "", text);
  node.type = "button";
  node.setAttribute("aria-pressed", String(isChosen));
  node.append(make("small", "", small));
  node.onclick = choose;
  return node;
}

export class InsideView {
  /**
   * @param {HTMLElement} root
   * @param {Inside} data
   * @param {Kept} kept
   */
  constructor(root, data, kept) {
    this.root = root;
    this.data = data;
    this.kept = kept;
    this.terms = decode(data.terms, Float32Array);
    this.hidden = this.terms.length / CLASSES;
    this.pixels = Array.from(decode(data.fed, Uint8Array), (value) => value / 255);
    this.slopes = decode(data.slopes, Int16Array);
    this.derivatives = data.derivatives.map((text) => decode(text, Float64Array));
    this.network = data.network ? borrowNetwork(data.network) : null;
    this.layers = data.layers.map((text) => decode(text, Float32Array));
    this.views = new Map(data.units.map((unit) => [unit.unit, unit]));
    this.render();
  }

  /** The component that has the network has come later than this one. */
  onNetwork() {
    if (!this.data.network || this.network) return;
    this.network = borrowNetwork(this.data.network);
    if (this.network) this.render();
  }

  /**
   * The logit's slope by each pixel: sent, or computed here.
   *
   * @param {number} digit
   * @returns {ArrayLike<number>}
   */
  logitSlopes(digit) {
    const { data, network, derivatives } = this;
    if (network) return slopesOf(network, derivatives, derivatives.length, digit);
    if (data.network) return new Float64Array(SIDE * SIDE);
    const own = this.slopes.subarray(digit * SIDE * SIDE, (digit + 1) * SIDE * SIDE);
    return Float64Array.from(own, (value) => (value / WHOLE) * data.slopeScale);
  }

  /**
   * The slope of a unit's sum by each pixel.
   *
   * @param {Unit} view
   * @returns {number[]}
   */
  unitSlopes(view) {
    const { data, network, derivatives } = this;
    if (network) return [...slopesOf(network, derivatives, derivatives.length - 1, view.unit)];
    if (data.network) return new Array(SIDE * SIDE).fill(0);
    return Array.from(decode(view.slope, Int16Array), (value) => (value / WHOLE) * view.scale);
  }

  get digit() {
    return this.kept.digit ?? this.data.predicted;
  }

  /** @param {Partial<Kept>} change */
  choose(change) {
    Object.assign(this.kept, change);
    this.render();
  }

  render() {
    const { root, data, kept } = this;
    if (kept.unit === null || !this.views.has(kept.unit)) kept.unit = data.units[0]?.unit ?? null;
    const host = root.getRootNode();
    const focused = host instanceof ShadowRoot ? host.activeElement : document.activeElement;
    const at = focused
      ? /** @type {Element[]} */ ([...root.querySelectorAll("button")]).indexOf(focused)
      : -1;
    const chooser = make("div", "chooser");
    chooser.append(make("span", "", data.labels.chooseClass), this.classButtons());
    const reasons = make("div", "reasons");
    if (this.layers.length) reasons.append(this.drawSum());
    reasons.append(this.drawEvidence());
    root.replaceChildren(chooser, reasons);
    if (this.layers.length) root.append(this.drawUnit());
    if (at >= 0) root.querySelectorAll("button")[at]?.focus();
  }

  classButtons() {
    const { data } = this;
    const group = make("div", "classes");
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", data.labels.chooseClass);
    for (let digit = 0; digit < CLASSES; digit += 1) {
      const logit = data.logits[digit];
      const button = chip(String(digit), plain(logit, 1), digit === this.digit, () => this.choose({ digit }));
      button.classList.toggle("predicted", digit === data.predicted);
      const percent = (100 * data.probabilities[digit]).toFixed(1);
      const reading = fill(data.labels.classReading, { digit, logit: plain(logit, 2), percent });
      button.setAttribute("aria-label", reading);
      group.append(button);
    }
    return group;
  }

  /** Rounded to thousandths, the terms still add up: what is not listed takes the rounding on itself. */
  drawSum() {
    const { data, digit, hidden, kept } = this;
    const { labels } = data;
    const own = Array.from({ length: hidden }, (_, unit) => ({
      unit,
      term: this.terms[digit * hidden + unit],
    }));
    own.sort((a, b) => Math.abs(b.term) - Math.abs(a.term));
    const listed = own.slice(0, ROWS_SHOWN).map(({ unit, term }) => ({ unit, value: thousandths(term) }));
    const [logit, bias] = [thousandths(data.logits[digit]), thousandths(data.bias[digit])];
    const rest = logit - bias - listed.reduce((sum, { value }) => sum + value, 0);
    const limit = largest([...listed.map(({ value }) => value), rest, bias]) / 1000;
    const list = make("div", "sum-rows");
    list.append(sumRow(labels.bias, bias, limit));
    for (const { unit, value } of listed) {
      const choice = this.views.has(unit)
        ? { isChosen: unit === kept.unit, choose: () => this.choose({ unit }) }
        : null;
      list.append(sumRow(fill(labels.unit, { unit }), value, limit, choice));
    }
    if (hidden > listed.length) {
      list.append(sumRow(fill(labels.others, { count: hidden - listed.length }), rest, limit));
    }
    const total = make("div", "sum-row total");
    total.append(
      make("span", "sum-name", fill(labels.logit, { digit })),
      make("span", "track"),
      make("span", "sum-value", `= ${plain(logit / 1000)}`),
    );
    list.append(total);
    const box = make("section", "sum");
    box.append(make("h3", "", fill(labels.sumHeading, { digit })), list);
    return box;
  }

  drawEvidence() {
    const { data, digit, pixels } = this;
    const { labels } = data;
    const slope = this.logitSlopes(digit);
    const of = (/** @type {number} */ cell) => slope[cell];
    const products = pixels.map((pixel, cell) => pixel * of(cell));
    const limit = largest(products);
    const heading = fill(labels.evidenceHeading, { digit });
    const { figure } = pixelFigure({
      values: products,
      columns: SIDE,
      colour: diverging(data.colours, limit),
      label: `${heading} ${labels.walk}`,
      rest: labels.point,
      say: (cell, row, column) =>
        fill(labels.evidencePixel, {
          row,
          column,
          value: pixels[cell].toFixed(3),
          slope: plain(of(cell)),
          product: signed(products[cell]),
        }),
    });
    const [logit, constant] = [thousandths(data.logits[digit]), thousandths(data.constants[digit])];
    const words = fill(data.isExact ? labels.evidenceExact : labels.evidenceNear, {
      pixels: plain((logit - constant) / 1000),
      constant: signed(constant / 1000),
      logit: plain(logit / 1000),
      activation: data.activation,
    });
    const box = make("section", "evidence");
    box.append(make("h3", "", heading), figure, this.legend(limit), make("p", "note", words));
    return box;
  }

  /** @param {number} limit */
  legend(limit) {
    const { labels } = this.data;
    const line = make("div", "legend");
    line.append(
      make("span", "", `${labels.against} −${limit.toFixed(2)}`),
      make("span", "ramp"),
      make("span", "", `+${limit.toFixed(2)} ${labels.speaksFor}`),
    );
    return line;
  }

  /**
   * A bar for each unit of a layer.
   *
   * @param {Float32Array} values
   * @param {number} index
   */
  strip(values, index) {
    const { kept, views } = this;
    const { labels } = this.data;
    const isLast = index === this.layers.length - 1;
    const strip = make("div", "strip");
    const bars = make("div", "bars");
    const active = values.filter((value) => value > 0).length;
    const reading = fill(labels.stripReading, { count: values.length, active });
    bars.setAttribute("role", "img");
    bars.setAttribute("aria-label", reading);
    const limit = Math.max(largest(values), 1e-9);
    values.forEach((value, unit) => {
      const column = make("span", value < 0 ? "column below" : "column");
      column.style.height = `${Math.max(2, (100 * Math.abs(value)) / limit)}%`;
      if (values.length <= TITLED) column.title = fill(labels.unitValue, { unit, value: plain(value) });
      if (isLast && unit === kept.unit) column.classList.add("chosen");
      if (isLast && views.has(unit)) {
        column.classList.add("seen");
        column.onclick = () => this.choose({ unit });
      }
      bars.append(column);
    });
    const title = make("span", "strip-title", fill(labels.layer, { number: index + 1 }));
    strip.append(title, bars, make("span", "note", reading));
    return strip;
  }

  drawUnit() {
    const { data, kept } = this;
    const { labels } = data;
    const view = kept.unit === null ? undefined : this.views.get(kept.unit);
    const box = make("section", "unit");
    box.append(make("h3", "", labels.unitsHeading), ...this.layers.map((values, i) => this.strip(values, i)));
    const chips = make("div", "chips");
    chips.setAttribute("role", "group");
    chips.setAttribute("aria-label", labels.chooseUnit);
    for (const { unit, value } of this.views.values()) {
      const name = fill(labels.unit, { unit });
      chips.append(chip(name, plain(value, 2), unit === kept.unit, () => this.choose({ unit })));
    }
    box.append(chips);
    if (view) box.append(this.drawTrio(view), this.equation(view), this.drawTerms(view));
    return box;
  }

  /**
   * Weights times input, pixel by pixel.
   *
   * @param {Unit} view
   */
  drawTrio(view) {
    const { data, pixels } = this;
    const { labels, colours } = data;
    const slope = this.unitSlopes(view);
    const products = slope.map((value, cell) => value * pixels[cell]);
    const picture = (
      /** @type {string} */ title,
      /** @type {number[]} */ values,
      /** @type {ReturnType<typeof diverging>} */ colour,
    ) =>
      pixelFigure({
        title,
        values,
        columns: SIDE,
        colour,
        label: `${title} ${labels.walk}`,
        say: (cell, row, column) => fill(labels.cell, { row, column, value: plain(values[cell]) }),
      }).figure;
    const trio = make("div", "trio");
    trio.append(
      picture(data.isDeep ? labels.slope : labels.weights, slope, diverging(colours, largest(slope))),
      make("span", "sign", "×"),
      picture(labels.input, pixels, (value) => grey(255 * value)),
      make("span", "sign", "="),
      picture(labels.product, products, diverging(colours, largest(products))),
    );
    return trio;
  }

  /** @param {Unit} view */
  equation(view) {
    const { labels, activation } = this.data;
    const [total, constant] = [thousandths(view.total), thousandths(view.constant)];
    const words = fill(labels.unitSum, {
      products: plain((total - constant) / 1000),
      constant: signed(constant / 1000),
      total: plain(total / 1000),
      activation,
      value: plain(view.value),
    });
    return make("p", "equation", words);
  }

  /** @param {Unit} view */
  drawTerms(view) {
    const values = Array.from({ length: CLASSES }, (_, k) => this.terms[k * this.hidden + view.unit]);
    const limit = largest(values);
    const list = make("div", "term-list");
    values.forEach((value, k) => {
      const item = make("div", k === this.digit ? "term chosen" : "term");
      item.append(
        make("span", "term-class", String(k)),
        bar(value, limit),
        make("span", "", signed(value, 2)),
      );
      list.append(item);
    });
    const box = make("div", "terms");
    box.append(make("p", "", fill(this.data.labels.unitTerms, { unit: view.unit })), list);
    return box;
  }
}
