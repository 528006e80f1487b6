// One output cell as a sum: the map it lies in, and for each input channel patch, kernel and partial sum.

import { Picture } from "../live/paint.js";
import { below, cellSum, roundedToAddUp } from "../live/sums.js";
import { arrowStep, button, cellUnder, clamp, make } from "../shared/dom.js";
import { largest } from "../shared/numbers.js";
import { fill, plain, signed } from "../shared/text.js";

/**
 * @import { Network } from "../live/network.js"
 * @import { Ramp } from "../live/paint.js"
 * @import { Term } from "../live/sums.js"
 * @import { Place } from "./look.js"
 * @import { Labels } from "./feature_maps.js"
 * @typedef {{ input: Ramp, weights: Ramp, output: Ramp }} Ramps
 * @typedef {{ activations: boolean, pooling: "max" | "average" | null, limits: readonly number[],
 *   silenced: ReadonlyMap<number, ReadonlySet<number>>, names: ReadonlyMap<number, string> }} PanelState
 */

const DIGITS = 3;
/** Kernels up to this size are shown as numbers, too. */
const MOST_NUMBERS = 7;

/** With two digits; what rounds to nothing has no sign. */
const short = (/** @type {number} */ value) => plain(Math.round(100 * value) / 100 || 0, 2);

/** A term of a sum, its sign apart. */
const spaced = (/** @type {number} */ value) => signed(value, DIGITS).replace(/^./, "$& ");

export class Panel {
  /**
   * @param {HTMLElement} host
   * @param {Network} network
   * @param {Labels} labels
   * @param {Ramps} ramps
   * @param {{ pin: (place: Place) => void, silence: (place: Place) => void }} acts
   */
  constructor(host, network, labels, ramps, acts) {
    this.network = network;
    this.labels = labels;
    this.ramps = ramps;
    this.acts = acts;
    this.node = make("section", "panel");
    this.heading = make("h2");
    this.body = make("div", "body");
    this.equation = make("p", "equation");
    this.products = make("div", "products");
    /** The input channel whose products stand as numbers, null for none.
     * @type {number | null} */
    this.opened = null;
    this.node.append(this.heading, this.body, this.equation, this.products);
    host.replaceChildren(this.node);
    this.built = "";
    /** @type {Picture | null} */
    this.map = null;
    this.cursor = make("span", "window");
    /** @type {{ patch: Picture, kernel: Picture, sum: HTMLElement, kernelLimit: number, opener: HTMLElement | null }[]} */
    this.terms = [];
    /** @type {HTMLElement[]} */
    this.cells = [];
    /** @type {PanelState | null} */
    this.state = null;
    this.silence = make("button", "button silence");
    this.silence.type = "button";
  }

  /**
   * @param {Place | null} place
   * @param {PanelState} state
   */
  show(place, state) {
    if (!place) {
      this.built = "";
      this.heading.textContent = this.labels.point;
      this.body.replaceChildren();
      this.equation.textContent = "";
      this.products.replaceChildren();
      return;
    }
    const key = `${place.layer}.${place.channel}`;
    if (key !== this.built) this.build(place);
    this.built = key;
    this.place = place;
    this.state = state;
    this.head(place, state.names);
    if (place.layer < 0) this.showPixel(place);
    else if (this.network.layers[place.layer].spec.kind === "pool") this.showPool(place, state);
    else this.showSum(place, state);
    const isSilenced = state.silenced.get(place.layer)?.has(place.channel) ?? false;
    this.silence.textContent = isSilenced ? this.labels.restore : this.labels.silence;
    this.silence.setAttribute("aria-pressed", String(isSilenced));
  }

  /**
   * @param {Place} place
   * @param {ReadonlyMap<number, string>} names
   */
  head({ layer: index, channel, row, column }, names) {
    const { labels } = this;
    const layer = names.get(index) ?? "";
    if (index < 0) this.heading.textContent = labels.input;
    else if (index === this.network.layers.length - 1) {
      this.heading.textContent = fill(labels.classHead, { digit: channel });
    } else {
      const words = this.network.layers[index].spec.kind === "linear" ? labels.unitHead : labels.mapHead;
      this.heading.textContent = fill(words, { layer, map: channel, row, column });
    }
  }

  // --- parts -----------------------------------------------------------------------------------------------------

  /** @param {Place} place */
  build({ layer: index, channel }) {
    this.body.replaceChildren();
    this.products.replaceChildren();
    [this.map, this.terms, this.cells] = [null, [], []];
    const layer = index < 0 ? null : this.network.layers[index];
    const isMap = !layer || (layer.spec.kind !== "linear" && layer.side > 1);
    if (isMap)
      this.body.append(this.mapFigure(layer?.side ?? this.network.side, layer?.spec.kind === "conv"));
    if (layer?.spec.kind === "pool") this.body.append(this.poolCells());
    else if (layer) this.body.append(this.termList(index, channel));
  }

  /**
   * @param {number} side
   * @param {boolean} hasFilter
   */
  mapFigure(side, hasFilter) {
    const figure = make("div", "map");
    const frame = make("div", "frame");
    frame.tabIndex = 0;
    frame.setAttribute("role", "application");
    frame.setAttribute("aria-label", this.labels.walk);
    this.map = new Picture(side);
    frame.append(this.map.canvas, this.cursor);
    frame.onpointerdown = (event) => this.pointed(frame, side, event);
    frame.onpointermove = (event) => event.buttons && this.pointed(frame, side, event);
    frame.onkeydown = (event) => {
      const step = arrowStep(event);
      if (!step || !this.place) return;
      event.preventDefault();
      const move = (/** @type {number} */ at, /** @type {number} */ by) => clamp(at + by, 0, side - 1);
      this.acts.pin({
        ...this.place,
        row: move(this.place.row, step[0]),
        column: move(this.place.column, step[1]),
      });
    };
    figure.append(frame);
    if (hasFilter) {
      this.silence.onclick = () => this.place && this.acts.silence(this.place);
      figure.append(this.silence);
    }
    return figure;
  }

  /**
   * @param {HTMLElement} frame
   * @param {number} side
   * @param {PointerEvent} event
   */
  pointed(frame, side, event) {
    const cell = cellUnder(frame, side, side, event);
    if (cell && this.place) this.acts.pin({ ...this.place, row: cell.r, column: cell.c });
  }

  /**
   * @param {number} index
   * @param {number} channel
   */
  termList(index, channel) {
    const list = make("div", "terms");
    const { terms } = cellSum(this.network, index, channel, 0, 0);
    list.classList.toggle("few", terms.length === 1);
    this.terms = terms.map(({ kernel, size, channel: i }) => {
      const term = make("div", "term");
      const patch = new Picture(size);
      const weights = new Picture(size);
      const sum = make("output", "sum");
      const words = fill(this.labels.numbers, { channel: i });
      const open = () => this.open(i);
      const opener = size > MOST_NUMBERS ? null : button(words, String(i), open, "opener");
      if (opener) for (const { canvas } of [patch, weights]) canvas.onclick = open;
      term.append(
        opener ?? make("small", "", String(i)),
        patch.canvas,
        make("span", "sign", "×"),
        weights.canvas,
        sum,
      );
      list.append(term);
      return { patch, kernel: weights, sum, kernelLimit: largest(kernel), opener };
    });
    const most = Math.max(...this.terms.map(({ kernelLimit }) => kernelLimit));
    for (const [i, { kernel }] of this.terms.entries())
      kernel.paint(terms[i].kernel, this.ramps.weights, most);
    const scroller = make("div", "scroller");
    scroller.tabIndex = 0;
    scroller.setAttribute("role", "group");
    scroller.setAttribute("aria-label", this.labels.terms);
    const key = make("div", "key");
    key.append(
      make("span", "", this.labels.channel),
      make("span", "", this.labels.patch),
      make("span", "", this.labels.kernel),
      make("span", "", this.labels.partial),
    );
    scroller.append(list);
    const box = make("div", "sums");
    box.append(key, scroller);
    return box;
  }

  /** @param {number} channel */
  open(channel) {
    this.opened = this.opened === channel ? null : channel;
    if (this.place && this.state) this.showSum(this.place, this.state);
  }

  /**
   * One input channel's patch times its kernel, cell by cell; `sum` is what the products are shown to add up to.
   *
   * @param {Term | undefined} term none is opened
   * @param {number} sum
   */
  showProducts(term, sum) {
    for (const [i, { opener }] of this.terms.entries())
      opener?.setAttribute("aria-expanded", String(i === this.opened));
    if (!term || term.size > MOST_NUMBERS) {
      this.products.replaceChildren();
      return;
    }
    const { patch, kernel, size, channel } = term;
    const exact = Array.from(patch, (value, i) => value * kernel[i]);
    const rounded = roundedToAddUp(exact, DIGITS, sum);
    const words = fill(this.labels.products, { channel, count: exact.length, sum: plain(sum, DIGITS) });
    const table = make("table");
    table.append(make("caption", "", words));
    for (let y = 0; y < size; y += 1) {
      const row = make("tr");
      for (let x = 0; x < size; x += 1) {
        const i = y * size + x;
        const cell = make("td");
        cell.append(
          make("span", "value", short(patch[i])),
          make("span", "weight", `× ${short(kernel[i])}`),
          make("b", "", plain(rounded[i], DIGITS)),
        );
        row.append(cell);
      }
      table.append(row);
    }
    this.products.replaceChildren(table);
  }

  poolCells() {
    const window = make("div", "pool-window");
    this.cells = Array.from({ length: 4 }, () => {
      const cell = make("span", "number");
      window.append(cell);
      return cell;
    });
    return window;
  }

  // --- numbers ---------------------------------------------------------------------------------------------------

  /**
   * @param {Float32Array} values
   * @param {number} offset
   * @param {number} limit
   * @param {Ramp} colours
   * @param {Place} place
   */
  drawMap(values, offset, limit, colours, { row, column }) {
    if (!this.map) return;
    const side = this.map.canvas.width;
    this.map.paint(values, colours, limit, offset);
    this.cursor.style.cssText = `top:${(100 * row) / side}%;left:${(100 * column) / side}%;height:${100 / side}%;width:${100 / side}%`;
  }

  /** @param {Place} place */
  showPixel(place) {
    const value = this.network.input[place.row * this.network.side + place.column];
    this.drawMap(this.network.input, 0, 1, this.ramps.input, place);
    this.equation.textContent = fill(this.labels.pixel, {
      row: place.row,
      column: place.column,
      value: plain(value, DIGITS),
    });
  }

  /**
   * @param {Place} place
   * @param {{ pooling: "max" | "average" | null, limits: readonly number[] }} state
   */
  showPool(place, { pooling, limits }) {
    const { layer: index, channel, row, column } = place;
    const layer = this.network.layers[index];
    const maps = below(this.network, index);
    this.drawMap(layer.values, channel * layer.side ** 2, limits[index], this.ramps.output, place);
    const at = (channel * maps.side + 2 * row) * maps.side + 2 * column;
    const numbers = [at, at + 1, at + maps.side, at + maps.side + 1].map((cell) => maps.values[cell]);
    const how = pooling ?? (layer.spec.kind === "pool" ? layer.spec.how : "max");
    const value = layer.values[(channel * layer.side + row) * layer.side + column];
    const highest = numbers.indexOf(Math.max(...numbers));
    this.cells.forEach((cell, i) => {
      cell.textContent = plain(numbers[i], DIGITS);
      cell.classList.toggle("highest", how === "max" && i === highest);
    });
    const name = how === "max" ? "max" : "mean";
    this.equation.textContent = `${name}(${numbers.map((number) => plain(number, DIGITS)).join(", ")}) = ${plain(value, DIGITS)}`;
  }

  /**
   * @param {Place} place
   * @param {PanelState} state
   */
  showSum(place, { activations, limits, silenced }) {
    const { layer: index, channel, row, column } = place;
    const { layers } = this.network;
    const layer = layers[index];
    const { terms, bias, total } = cellSum(this.network, index, channel, row, column);
    const [shownBias, ...shown] = roundedToAddUp([bias, ...terms.map(({ sum }) => sum)], DIGITS);
    const most = Math.max(...terms.map(({ patch }) => largest(patch)), 1e-9);
    const colours = index === 0 ? this.ramps.input : this.ramps.output;
    this.terms.forEach((term, i) => {
      term.patch.paint(terms[i].patch, colours, index === 0 ? 1 : most);
      term.sum.textContent = signed(shown[i], DIGITS);
    });
    const above = layers[index + 1];
    const shows = above?.spec.kind === "activation" ? index + 1 : index;
    const cell = (channel * layer.side + row) * layer.side + column;
    if (this.map)
      this.drawMap(layers[shows].values, channel * layer.side ** 2, limits[shows], this.ramps.output, place);
    const sum = shown.reduce((all, value) => all + value, 0);
    const words = terms.length === 1 ? this.labels.oneSum : this.labels.sum;
    let text = fill(words, {
      count: terms.length,
      sum: plain(sum, DIGITS),
      bias: spaced(shownBias),
      total: plain(total, DIGITS),
    });
    if (activations && above?.spec.kind === "activation")
      text += ` → ${above.spec.name} → ${plain(above.values[cell], DIGITS)}`;
    if (silenced.get(index)?.has(channel)) text += ` · ${this.labels.silencedNow}`;
    this.equation.textContent = text;
    const opened = this.opened ?? -1;
    this.showProducts(terms[opened], shown[opened]);
  }
}
