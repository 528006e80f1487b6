// The linked grids: what they show now, and everything that hangs on it.

import { equivariance, forward, makeModel, paddedChannel, partners, weightIndex } from "./arithmetic.js";
import { arrows } from "./arrows.js";
import { makeGrid, rgb, sizeGrid, weightColour } from "./canvas.js";
import { controls } from "./controls.js";
import { editing } from "./editing.js";
import { calm, make } from "./elements.js";
import { focused } from "./focus.js";
import { isPool, outputChannels } from "./geometry.js";
import { parseLook } from "./look.js";
import { matrices } from "./matrices.js";
import { playing } from "./playing.js";
import { pointing } from "./pointing.js";
import { resting } from "./resting.js";
import { sums } from "./sums.js";

const ADDRESS_MS = 300;
const DETAIL_MS = 16;

export class Picture {
  constructor(root, data, kept, report) {
    Object.assign(this, { root, data, kept, report, labels: data.labels, spec: null, model: null });
    this.colours = Object.fromEntries(
      ["input", "weight", "output", "padding", "wrong", "muted", "ink", "paper", "grid"].map((name) => [
        name,
        rgb(data.colours[name]),
      ]),
    );
    this.hover = null;
    this.timer = 0;
    this.font = getComputedStyle(root).fontFamily;
    this.build();
    this.listen();
  }

  build() {
    this.root.replaceChildren();
    this.root.classList.toggle("dark", this.data.dark);
    for (const [name, colour] of Object.entries(this.data.colours)) {
      if (typeof colour === "string") this.root.style.setProperty(`--${name}`, colour);
    }
    this.input = makeGrid("input", this);
    this.output = makeGrid("output", this);
    this.grids = make("div", "grids");
    this.link = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    this.link.classList.add("link");
    this.link.setAttribute("aria-hidden", "true");
    this.grids.append(this.input.figure, this.output.figure, this.link);
    this.work = make("div", "work");
    this.sum = make("div", "sum");
    this.reading = make("p", "reading");
    this.reading.tabIndex = 0;
    this.live = make("p", "live");
    this.live.setAttribute("aria-live", "polite");
    this.notice = make("p", "notice");
    this.notice.setAttribute("role", "status");
    this.notice.hidden = true;
    this.root.append(this.buildPlay(), this.grids, this.work, this.sum, this.reading, this.live, this.notice);
    this.buildTools();
  }

  feed(spec) {
    const first = this.spec === null;
    const before = this.spec;
    this.spec = spec;
    const fromAddress = !this.kept.look || this.kept.news !== spec.news;
    if (fromAddress) this.kept.look = parseLook(spec.look);
    const asked = first && !this.kept.started ? this.takePlace() : null;
    this.kept.news = spec.news;
    setTimeout(() => this.keepPlace(), ADDRESS_MS);
    const sameLayer = before && JSON.stringify(before.layer) === JSON.stringify(spec.layer);
    const newPixels = before && before.digit !== spec.digit;
    if (sameLayer && !newPixels && !fromAddress && before.problem === spec.problem) return;
    this.kept.step = null;
    this.refresh();
    const started = this.kept.started;
    this.kept.started = true;
    this.checkPlace(asked);
    if ((first && !started && !asked && !calm()) || (this.timer && !sameLayer)) {
      this.kept.step = 0;
      this.play();
    }
  }

  pixels() {
    const { spec } = this;
    if (this.kept.pixelText !== spec.pixels) {
      this.kept.pixelText = spec.pixels;
      this.kept.pixels = Uint8Array.from(atob(spec.pixels), (sign) => sign.charCodeAt(0));
    }
    return this.kept.pixels;
  }

  refresh() {
    const { layer, problem, drawable } = this.spec;
    this.hover = null;
    this.kept.output = this.kept.look.channel;
    const legal = !problem;
    const shown = legal || !["reflect", "circular", "groups_in", "groups_out"].includes(problem);
    const fallback = { ...layer, mode: "zeros", groups: shown ? layer.groups : 1 };
    this.model = makeModel(legal ? layer : fallback, this.kept.look, this.pixels(), legal, drawable);
    this.clampChannels();
    this.input.rows = this.model.rows.inCells;
    this.input.columns = this.model.columns.inCells;
    this.output.rows = this.model.rows.outCells;
    this.output.columns = this.model.columns.outCells;
    this.compute();
    this.syncTools();
    this.buildWork();
    this.clampPin();
    this.layout();
  }

  clampChannels() {
    const { layer } = this.model;
    this.kept.input = Math.min(this.kept.input, layer.inChannels - 1);
    this.kept.output = Math.min(this.kept.output, outputChannels(layer) - 1);
    const good = partners(layer, this.kept.output);
    if (!good.includes(this.kept.input)) this.kept.input = good[0];
  }

  compute() {
    const { model, kept } = this;
    this.result = model.inputs && model.legal ? forward(model, kept.output) : null;
    const shifted = kept.look.shift.some((by) => by !== 0);
    this.moved = this.result && shifted ? equivariance(model, kept.output, this.result) : null;
    this.inputMax = 1e-9;
    this.resultMax = 1e-9;
    if (!this.result && !model.inputs) return;
    this.inputValues = paddedChannel(model, kept.input);
    for (const value of this.inputValues) {
      if (Number.isFinite(value)) this.inputMax = Math.max(this.inputMax, Math.abs(value));
    }
    for (const value of this.result ?? []) {
      if (Number.isFinite(value)) this.resultMax = Math.max(this.resultMax, Math.abs(value));
    }
  }

  // The pin where its place lies now; moved inside for as long as there is no such cell.
  clampPin() {
    const { kept, model } = this;
    if (kept.unpinned) return;
    const sizes = {
      input: [this.input.rows, this.input.columns],
      output: [this.output.rows, this.output.columns],
      kernel: isPool(model.layer) ? [0, 0] : [model.rows.kernel, model.columns.kernel],
    };
    const inside = (place) => {
      const [[rows, columns], [top, left]] = [sizes[place.grid], this.originOf(place.grid)];
      if (!rows || !columns) return null;
      const limit = (value, count) => Math.min(Math.max(value, 0), count - 1);
      return { grid: place.grid, r: limit(place.r + top, rows), c: limit(place.c + left, columns) };
    };
    const first = { grid: "output", r: 0, c: 0 };
    kept.pin = inside(kept.place ?? first) ?? inside(first);
  }

  layout() {
    const width = this.root.clientWidth;
    if (!width || !this.model) return;
    const stacked = width < 520;
    this.root.classList.toggle("narrow", stacked);
    const margin = this.footprintMargin();
    const inColumns = this.input.columns + margin;
    const outColumns = Math.max(this.output.columns, 1);
    const gap = 56;
    const across = stacked
      ? (width - 4) / Math.max(inColumns, outColumns)
      : (width - gap) / (inColumns + Math.max(outColumns, 3));
    const tallest = Math.max(this.input.rows + margin, this.output.rows);
    const most = stacked ? width : Math.max(300, Math.min(0.5 * window.innerHeight, 620));
    const cell = Math.min(across, most / tallest, 52);
    const whole = cell >= 8 ? Math.floor(cell) : cell;
    const ratio = Math.min(window.devicePixelRatio || 1, 3);
    this.ratio = ratio;
    sizeGrid(this.input, whole, ratio);
    sizeGrid(this.output, whole, ratio);
    // The tools above a grid take the width that the two grids leave; they must not push the output out of sight.
    const left = width - gap / 2 - inColumns * whole;
    this.input.figure.style.flex = stacked ? "" : "1 1 0";
    this.output.figure.style.flex = stacked
      ? ""
      : `0 0 ${Math.max(outColumns * whole, Math.min(176, left))}px`;
    this.input.stage.style.marginRight = `${margin * whole}px`;
    this.input.stage.style.marginBottom = `${margin * whole}px`;
    this.layoutWork(width);
    this.draw();
  }

  // Cells by which a kernel that does not fit stands out beyond the input.
  footprintMargin() {
    const { model, spec } = this;
    if (model.legal || !["kernel_too_large", "pool_too_small"].includes(spec.problem)) return 0;
    const out = (plan) => plan.dilation * (plan.kernel - 1) + 1 - plan.inCells;
    return Math.max(0, out(model.rows), out(model.columns));
  }

  isCropped(r, c) {
    const { rows, columns } = this.model;
    return r < rows.crop || c < columns.crop || r >= rows.crop + rows.out || c >= columns.crop + columns.out;
  }

  colourOf(r, c) {
    return weightColour(r, c, this.model.rows.kernel, this.model.columns.kernel);
  }

  weightAt(r, c) {
    const { model, kept } = this;
    if (!model.weight) return null;
    return model.weight[weightIndex(model.layer, kept.input, kept.output, r, c)];
  }

  // Meetings of the focused cell: { r, c } of the drawn input, { kr, kc } of the weight, { or, oc } of the output.
  meetings(focus) {
    const { rows, columns, legal } = this.model;
    if (!legal || !focus) return [];
    const found = [];
    if (focus.grid === "output") {
      for (let kr = 0; kr < rows.kernel; kr += 1) {
        for (let kc = 0; kc < columns.kernel; kc += 1) {
          const r = rows.taps[focus.r * rows.kernel + kr];
          const c = columns.taps[focus.c * columns.kernel + kc];
          if (r >= 0 && c >= 0) found.push({ r, c, kr, kc, or: focus.r, oc: focus.c });
        }
      }
    } else if (focus.grid === "input") {
      for (const [or, kr] of this.model.rowFeeds[focus.r]) {
        for (const [oc, kc] of this.model.columnFeeds[focus.c]) {
          found.push({ r: focus.r, c: focus.c, kr, kc, or, oc });
        }
      }
    } else {
      for (let or = 0; or < rows.outCells; or += 1) {
        const r = rows.taps[or * rows.kernel + focus.r];
        for (let oc = 0; r >= 0 && oc < columns.outCells; oc += 1) {
          const c = columns.taps[oc * columns.kernel + focus.c];
          if (c >= 0) found.push({ r, c, kr: focus.r, kc: focus.c, or, oc });
        }
      }
    }
    return found;
  }

  get focus() {
    return this.hover ?? this.kept.pin;
  }

  // Draw what belongs to the focused cell: over the grids, in the matrices, in words.
  show() {
    const { focus } = this;
    const met = this.meetings(focus);
    this.showLink(focus, met); // first: it measures, which is dear once something else has changed the page
    this.showInput(focus, met);
    this.showOutput(focus, met);
    if (this.hover) this.detailTimer ||= setTimeout(() => this.showDetails(), DETAIL_MS);
    else this.showDetails();
  }

  isInside(r, c) {
    const { rows, columns } = this.model;
    const [y, x] = [r - rows.before, c - columns.before];
    return y >= 0 && x >= 0 && y < rows.size && x < columns.size;
  }

  isPinned({ grid, r, c }) {
    const { pin } = this.kept;
    return pin?.grid === grid && pin.r === r && pin.c === c;
  }

  // Matrices, sum and words: they cost more than the grids, so that they follow a moving pointer a frame later, the
  // latest cell only.
  showDetails() {
    clearTimeout(this.detailTimer);
    this.detailTimer = 0;
    if (!this.model) return;
    const { focus } = this;
    const met = this.meetings(focus);
    this.showMatrices(focus, met);
    this.showSum(focus);
    this.reading.textContent = this.words(focus, met);
    this.showPlay();
  }

  close() {
    clearTimeout(this.detailTimer);
    this.stop();
  }
}

Object.assign(
  Picture.prototype,
  controls,
  resting,
  arrows,
  focused,
  matrices,
  sums,
  playing,
  pointing,
  editing,
);
