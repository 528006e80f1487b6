// The sum under the matrices, and its reading in words.

import { biasOf, divisor, partialSum, partners } from "./arithmetic.js";
import { button, make } from "./elements.js";
import { isPool } from "./geometry.js";
import { bracketed, counted, fill, formatNumber, isRounded } from "./words.js";

const SHOWN_CHANNELS = 8;
const SPOKEN_CHANNELS = 64;
const SPOKEN_TERMS = 30;

export const sums = {
  showSum(focus) {
    this.sum.replaceChildren();
    const { model, labels, kept } = this;
    if (!focus || !model.legal || !model.inputs || focus.grid !== "output") {
      this.sum.append(make("span", "hint", model.legal ? labels.hint : ""));
      return;
    }
    const { layer } = model;
    const name = this.isCropped(focus.r, focus.c) ? labels.croppedPlace : this.placeName(focus);
    const total = this.result[focus.r * this.output.columns + focus.c];
    if (isPool(layer)) {
      this.sum.append(make("span", "term", this.poolWords(focus)), make("span", "sign", "="));
    } else {
      this.sum.append(make("span", "sigma", "Σ"));
      this.sum.append(...this.channelTerms(focus));
      if (layer.bias) {
        const bias = make("span", "term bias");
        bias.append(make("small", "", labels.bias), make("b", "", formatNumber(biasOf(layer, kept.output))));
        bias.dataset.value = biasOf(layer, kept.output);
        this.sum.append(make("span", "sign", "+"), bias);
      }
      this.sum.append(make("span", "sign", "="));
    }
    const result = make("span", "term total");
    result.append(make("small", "", name), make("b", "", formatNumber(total)));
    result.dataset.value = total;
    this.sum.append(result);
  },

  channelTerms(focus) {
    const { model, labels, kept } = this;
    const all = partners(model.layer, kept.output);
    const sums = this.channelSums(focus);
    let first = Math.max(
      0,
      Math.min(all.indexOf(kept.input) - SHOWN_CHANNELS / 2, all.length - SHOWN_CHANNELS),
    );
    if (all.length <= SHOWN_CHANNELS) first = 0;
    const nodes = [];
    const add = (node) => {
      if (nodes.length) nodes.push(make("span", "sign", "+"));
      nodes.push(node);
    };
    for (let i = first; i < Math.min(first + SHOWN_CHANNELS, all.length); i += 1) {
      const label = fill(labels.channelSum, { channel: all[i] });
      const node = button(
        label,
        "",
        () => {
          kept.input = all[i];
          this.refresh();
          this.keepPlace();
        },
        "term partial",
      );
      node.append(make("small", "", label), make("b", "", formatNumber(sums[i])));
      node.setAttribute("aria-pressed", String(all[i] === kept.input));
      node.removeAttribute("aria-label");
      node.dataset.value = sums[i];
      add(node);
    }
    if (all.length > SHOWN_CHANNELS) {
      const shown = new Set(Array.from({ length: SHOWN_CHANNELS }, (_, i) => first + i));
      const rest = sums.reduce((sum, value, i) => (shown.has(i) ? sum : sum + value), 0);
      const node = make("span", "term");
      const label = fill(labels.otherChannels, { count: all.length - SHOWN_CHANNELS });
      node.append(make("small", "", label), make("b", "", formatNumber(rest)));
      node.dataset.value = rest;
      add(node);
    }
    return nodes;
  },

  // What each of the output channel's input channels gives to a cell; the sum and its reading both ask for it.
  channelSums({ r, c }) {
    const { model, kept } = this;
    const known = this.summed;
    if (known && known.model === model && known.output === kept.output && known.r === r && known.c === c) {
      return known.sums;
    }
    const sums = partners(model.layer, kept.output).map((channel) =>
      partialSum(model, channel, kept.output, r, c),
    );
    this.summed = { model, output: kept.output, r, c, sums };
    return sums;
  },

  placeName(focus) {
    const { model, kept } = this;
    const [r, c] = [focus.r - model.rows.crop, focus.c - model.columns.crop];
    const flat = model.layer.kind === "Conv1d";
    return `y[0, ${kept.output}, ${flat ? c : `${r}, ${c}`}]`;
  },

  inputName(r, c) {
    const { model, kept } = this;
    const [y, x] = [r - model.rows.before, c - model.columns.before];
    return `x[0, ${kept.input}, ${model.layer.kind === "Conv1d" ? x : `${y}, ${x}`}]`;
  },

  poolWords(focus) {
    const values = this.meetings(focus).map((m) => this.inputValues[m.r * this.input.columns + m.c]);
    const shown = values.slice(0, 12).map(formatNumber);
    if (values.length > 12) shown.push("…");
    if (this.model.layer.kind === "MaxPool2d") return `max(${shown.join(", ")})`;
    return `(${shown.join(" + ")}) / ${divisor(this.model, focus.r, focus.c)}`;
  },

  words(focus, met) {
    const { labels, model } = this;
    if (!model.legal) return labels.noOutput;
    if (!focus || !model.inputs) return "";
    if (focus.grid === "output") return this.outputWords(focus, met);
    if (focus.grid === "input") return this.inputWords(focus, met);
    const copies = met.filter((m) => !this.isInside(m.r, m.c)).length;
    const value = this.weightAt(focus.r, focus.c);
    const name = `w[${focus.r}, ${focus.c}]${value === null ? "" : ` = ${formatNumber(value)}`}`;
    return fill(labels.weightWords, { name, count: met.length, padding: copies });
  },

  outputWords(focus, met) {
    const { labels, model, kept } = this;
    const name = this.placeName(focus);
    const total = formatNumber(this.result[focus.r * this.output.columns + focus.c]);
    if (this.isCropped(focus.r, focus.c)) return fill(labels.croppedWords, { total });
    if (isPool(model.layer)) return `${name} = ${this.poolWords(focus)} = ${total}`;
    if (!met.length) return fill(labels.nothingWords, { name, total });
    let rounded = isRounded(this.result[focus.r * this.output.columns + focus.c]);
    const own = met.map((m) => {
      const [value, weight] = [this.inputValues[m.r * this.input.columns + m.c], this.weightAt(m.kr, m.kc)];
      rounded ||= isRounded(value) || isRounded(weight);
      return { text: `${formatNumber(value)}·${bracketed(weight)}`, isZero: value * weight === 0 };
    });
    const sums = this.channelSums(focus);
    const others = partners(model.layer, kept.output)
      .map((channel, i) => ({ channel, sum: sums[i] }))
      .filter(({ channel }) => channel !== kept.input);
    const terms = others
      .slice(0, SPOKEN_CHANNELS)
      .map(({ channel, sum }) => `${bracketed(sum)} [${fill(labels.channelSum, { channel })}]`);
    const rest = others.slice(SPOKEN_CHANNELS);
    if (rest.length) {
      const sum = rest.reduce((total, part) => total + part.sum, 0);
      terms.push(`${bracketed(sum)} [${fill(labels.otherChannels, { count: rest.length })}]`);
    }
    const listed = this.spoken(own).join(" + ");
    const mine = others.length ? `(${listed}) [${fill(labels.channelSum, { channel: kept.input })}]` : listed;
    if (model.layer.bias) terms.push(`${bracketed(biasOf(model.layer, kept.output))} [${labels.bias}]`);
    return `${name} = ${[mine, ...terms].join(" + ")} ${rounded ? "≈" : "="} ${total}`;
  },

  // A large window's products without those that add nothing, which are counted.
  spoken(terms) {
    if (terms.length <= SPOKEN_TERMS) return terms.map(({ text }) => text);
    const counting = terms.filter(({ isZero }) => !isZero).map(({ text }) => text);
    const zeros = terms.length - counting.length;
    return zeros ? [...counting, fill(this.labels.zeroTerms, { count: zeros })] : counting;
  },

  inputWords(focus, met) {
    const { labels, model } = this;
    const value = formatNumber(this.inputValues[focus.r * this.input.columns + focus.c]);
    const inside = this.isInside(focus.r, focus.c);
    const [y, x] = [model.rows.source[focus.r], model.columns.source[focus.c]];
    const copied = y >= 0 && x >= 0;
    const name = inside
      ? `${this.inputName(focus.r, focus.c)} = ${value}`
      : copied
        ? fill(labels.copyWords, {
            value,
            source: this.inputName(y + model.rows.before, x + model.columns.before),
          })
        : fill(labels.zeroWords, { value });
    if (!met.length) return fill(labels.unusedWords, { name });
    const fed = met.map((m) => {
      const place = { r: m.or, c: m.oc };
      const weight = this.weightAt(m.kr, m.kc);
      const shown = this.isCropped(m.or, m.oc) ? labels.croppedPlace : this.placeName(place);
      if (weight === null) return shown;
      const product = formatNumber(this.inputValues[focus.r * this.input.columns + focus.c] * weight || 0);
      return fill(labels.feeds, {
        place: shown,
        weight: `w[${m.kr}, ${m.kc}] = ${formatNumber(weight)}`,
        product,
      });
    });
    return `${counted(labels.inputWords, met.length, { name })} ${fed.join(labels.separator)}`;
  },
};
