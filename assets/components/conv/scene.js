// What is shown now: the layer, its numbers, and what belongs to the cell that is looked at. Knows nothing of the page.

/** @import { Rgb } from "../shared/colour.js" */
/** @import { Cell, ColourName, GridName, Kept, Look, Meeting, Model, Moved, Plan, Props, Size, Spec } from "./types.js" */

import { rgb } from "../shared/colour.js";
import { decode } from "../shared/data.js";
import { clamp } from "../shared/dom.js";
import {
  biasOf,
  equivariance,
  forward,
  makeModel,
  paddedChannel,
  partialSum,
  partners,
  weightIndex,
} from "./arithmetic.js";
import { isPool, isTransposed, outputChannels, reachOf } from "./geometry.js";
import { parseLook } from "./look.js";

const NEEDS_OTHER_SHAPE = ["reflect", "circular", "groups_in", "groups_out"];
const STANDS_OUT = ["kernel_too_large", "pool_too_small"];
/** @type {ColourName[]} */
const COLOUR_NAMES = ["input", "weight", "output", "padding", "wrong", "muted", "ink", "paper", "grid"];

/** @param {Float64Array | null} values */
function largest(values) {
  let most = 1e-9;
  for (const value of values ?? []) if (Number.isFinite(value)) most = Math.max(most, Math.abs(value));
  return most;
}

export class Scene {
  /**
   * @param {Props} props
   * @param {Kept} kept
   * @param {Spec} spec
   */
  constructor(props, kept, spec) {
    this.props = props;
    this.kept = kept;
    this.spec = spec;
    /** @type {Record<ColourName, Rgb>} */
    this.colours = /** @type {Record<ColourName, Rgb>} */ (
      Object.fromEntries(COLOUR_NAMES.map((name) => [name, rgb(props.colours[name])]))
    );
    /** What the pointer is over, before what is pinned. @type {Cell | null} */
    this.hover = null;
    /** While a transposed layer plays: what it has written so far. @type {Float64Array | null} */
    this.partial = null;
    /** @type {{ model: Model, output: number, r: number, c: number, sums: number[] } | null} */
    this.summed = null;
    this.pixelText = "";
    this.pixels = new Uint8Array();
    this.look = this.adopt(spec);
    this.model = this.buildModel();
    /** The input channel that is shown, padding included. @type {Float64Array | null} */
    this.values = null;
    /** The output channel that is shown. @type {Float64Array | null} */
    this.result = null;
    /** The same before the activation. @type {Float64Array | null} */
    this.sums = null;
    /** @type {Moved | null} */
    this.moved = null;
    this.inputMax = 0;
    this.resultMax = 0;
    this.mostUsed = 0;
    this.mostFed = 0;
    this.derive();
  }

  /**
   * What the sliders say now.
   *
   * @param {Spec} spec
   */
  take(spec) {
    this.look = this.adopt(spec);
    this.compute();
  }

  /**
   * @param {Spec} spec
   * @returns {Look} the address', where it has news, else what the learner made
   */
  adopt(spec) {
    const { kept } = this;
    this.spec = spec;
    if (this.pixelText !== spec.pixels) {
      this.pixelText = spec.pixels;
      this.pixels = decode(spec.pixels, Uint8Array);
    }
    const look = !kept.look || kept.news !== spec.news ? parseLook(spec.look) : kept.look;
    Object.assign(kept, { look, news: spec.news });
    return look;
  }

  /** Everything anew, from the sliders and what the learner made of the picture. */
  compute() {
    this.look = this.kept.look ?? this.look;
    this.model = this.buildModel();
    this.derive();
  }

  buildModel() {
    const { layer, problem, drawable } = this.spec;
    if (!problem) return makeModel(layer, this.look, this.pixels, true, drawable);
    const groups = NEEDS_OTHER_SHAPE.includes(problem) ? 1 : layer.groups;
    return makeModel({ ...layer, mode: "zeros", groups }, this.look, this.pixels, false, drawable);
  }

  derive() {
    this.hover = null;
    this.partial = null;
    this.kept.output = this.look.channel;
    this.chooseChannels();
    this.computeNumbers();
    this.countUses();
    this.placePin();
  }

  chooseChannels() {
    const { kept } = this;
    const { layer } = this.model;
    kept.input = Math.min(kept.input, layer.inChannels - 1);
    kept.output = Math.min(kept.output, outputChannels(layer) - 1);
    const good = partners(layer, kept.output);
    if (!good.includes(kept.input)) kept.input = good[0];
  }

  computeNumbers() {
    const { model, kept, look } = this;
    this.sums = model.inputs && model.legal ? forward(model, kept.output) : null;
    this.result = this.sums && this.spec.relu ? this.sums.map((sum) => Math.max(sum, 0)) : this.sums;
    const shifted = look.shift.some((by) => by !== 0);
    this.moved = this.sums && shifted ? equivariance(model, kept.output, this.sums) : null;
    this.values = model.inputs ? paddedChannel(model, kept.input) : null;
    this.inputMax = largest(this.values);
    this.resultMax = largest(this.result);
  }

  countUses() {
    const { model } = this;
    const most = (/** @type {unknown[][]} */ feeds) => feeds.reduce((a, b) => Math.max(a, b.length), 0);
    this.mostUsed = most(model.rowFeeds) * most(model.columnFeeds);
    this.mostFed = 0;
    if (!isTransposed(model.layer)) return;
    for (let r = 0; r < model.rows.outCells; r += 1) {
      for (let c = 0; c < model.columns.outCells; c += 1) {
        this.mostFed = Math.max(this.mostFed, this.useOf("output", r, c));
      }
    }
  }

  /** The pin where its place lies now; moved inside for as long as there is no such cell. */
  placePin() {
    const { kept } = this;
    if (kept.unpinned) return;
    const inside = (/** @type {Cell} */ place) => {
      const { rows, columns } = this.sizeOf(place.grid);
      if (!rows || !columns) return null;
      const [top, left] = this.originOf(place.grid);
      return {
        grid: place.grid,
        r: clamp(place.r + top, 0, rows - 1),
        c: clamp(place.c + left, 0, columns - 1),
      };
    };
    /** @type {Cell} */
    const first = { grid: "output", r: 0, c: 0 };
    kept.pin = inside(kept.place ?? first) ?? inside(first);
  }

  // --- the grids ------------------------------------------------------------------------------------------------

  /**
   * @param {GridName} grid
   * @returns {Size} a pool has no kernel
   */
  sizeOf(grid) {
    const { rows, columns, layer } = this.model;
    if (grid === "input") return { rows: rows.inCells, columns: columns.inCells };
    if (grid === "output") return { rows: rows.outCells, columns: columns.outCells };
    return isPool(layer) ? { rows: 0, columns: 0 } : { rows: rows.kernel, columns: columns.kernel };
  }

  /**
   * Where the first cell of x, w or y lies in its grid, which may have padding or cropped cells before it.
   *
   * @param {GridName} grid
   * @returns {[top: number, left: number]}
   */
  originOf(grid) {
    const { rows, columns } = this.model;
    if (grid === "input") return [rows.before, columns.before];
    return grid === "output" ? [rows.crop, columns.crop] : [0, 0];
  }

  /**
   * @param {Cell} cell
   * @returns {Cell} in the coordinates of x, w or y
   */
  placeOf({ grid, r, c }) {
    const [top, left] = this.originOf(grid);
    return { grid, r: r - top, c: c - left };
  }

  /** The grid that is walked through in playing. @returns {"input" | "output"} */
  get stepGrid() {
    return isTransposed(this.model.layer) ? "input" : "output";
  }

  get steps() {
    const { rows, columns } = this.sizeOf(this.stepGrid);
    return this.model.legal ? rows * columns : 0;
  }

  /** Cells by which a kernel that does not fit stands out beyond the input. */
  get footprintMargin() {
    const { model, spec } = this;
    if (model.legal || !STANDS_OUT.includes(spec.problem ?? "")) return 0;
    const out = (/** @type {Plan} */ plan) => reachOf(plan) - plan.inCells;
    return Math.max(0, out(model.rows), out(model.columns));
  }

  get paddedCells() {
    const { rows, columns } = this.model;
    return rows.inCells * columns.inCells - rows.size * columns.size;
  }

  /** Whether some cell of the drawn input is read by no window. */
  get hasUnread() {
    const { rows, columns, legal, layer } = this.model;
    return legal && !isTransposed(layer) && (rows.read.includes(0) || columns.read.includes(0));
  }

  /**
   * Whether a cell of the drawn input is the input's own, not padding.
   *
   * @param {number} r
   * @param {number} c
   */
  isInside(r, c) {
    const { rows, columns } = this.model;
    const [y, x] = [r - rows.before, c - columns.before];
    return y >= 0 && x >= 0 && y < rows.size && x < columns.size;
  }

  /**
   * Whether a cell of the drawn output is cropped.
   *
   * @param {number} r
   * @param {number} c
   */
  isCropped(r, c) {
    const { rows, columns } = this.model;
    return r < rows.crop || c < columns.crop || r >= rows.crop + rows.out || c >= columns.crop + columns.out;
  }

  /**
   * How many products a cell takes part in.
   *
   * @param {"input" | "output"} grid
   * @param {number} r
   * @param {number} c
   */
  useOf(grid, r, c) {
    const { model } = this;
    if (grid === "input") return model.rowFeeds[r].length * model.columnFeeds[c].length;
    const taps = (/** @type {Plan} */ plan, /** @type {number} */ o) => {
      let count = 0;
      for (let k = 0; k < plan.kernel; k += 1) count += Number(plan.taps[o * plan.kernel + k] >= 0);
      return count;
    };
    return taps(model.rows, r) * taps(model.columns, c);
  }

  // --- the cell that is looked at ---------------------------------------------------------------------------------

  get focus() {
    return this.hover ?? this.kept.pin;
  }

  /** @param {Cell} cell */
  isPinned({ grid, r, c }) {
    const { pin } = this.kept;
    return pin?.grid === grid && pin.r === r && pin.c === c;
  }

  /**
   * Value of a cell of the drawn input; 0 where the layer is too large for its numbers.
   *
   * @param {number} r
   * @param {number} c
   */
  valueAt(r, c) {
    return this.values?.[r * this.model.columns.inCells + c] ?? 0;
  }

  /**
   * @param {number} r
   * @param {number} c
   * @returns {number | null} null for a pool and where the layer is too large
   */
  weightAt(r, c) {
    const { model, kept } = this;
    return model.weight?.[weightIndex(model.layer, kept.input, kept.output, r, c)] ?? null;
  }

  /**
   * @param {Cell | null} focus
   * @returns {Meeting[]}
   */
  meetings(focus) {
    const { rows, columns, legal } = this.model;
    if (!legal || !focus) return [];
    /** @type {Meeting[]} */
    const found = [];
    if (focus.grid === "input") {
      for (const [or, kr] of this.model.rowFeeds[focus.r] ?? []) {
        for (const [oc, kc] of this.model.columnFeeds[focus.c] ?? []) {
          found.push({ r: focus.r, c: focus.c, kr, kc, or, oc });
        }
      }
      return found;
    }
    const [outRows, outColumns] =
      focus.grid === "output" ? [[focus.r], [focus.c]] : [span(rows.outCells), span(columns.outCells)];
    const [kernelRows, kernelColumns] =
      focus.grid === "kernel" ? [[focus.r], [focus.c]] : [span(rows.kernel), span(columns.kernel)];
    for (const or of outRows) {
      for (const kr of kernelRows) {
        const r = rows.taps[or * rows.kernel + kr];
        if (r < 0) continue;
        for (const oc of outColumns) {
          for (const kc of kernelColumns) {
            const c = columns.taps[oc * columns.kernel + kc];
            if (c >= 0) found.push({ r, c, kr, kc, or, oc });
          }
        }
      }
    }
    return found;
  }

  /**
   * What each of the output channel's input channels gives to a cell; the sum and its reading both ask for it.
   *
   * @param {Cell} cell
   */
  channelSums({ r, c }) {
    const { model, kept, summed } = this;
    if (
      summed &&
      summed.model === model &&
      summed.output === kept.output &&
      summed.r === r &&
      summed.c === c
    ) {
      return summed.sums;
    }
    const sums = partners(model.layer, kept.output).map((channel) =>
      partialSum(model, channel, kept.output, r, c),
    );
    this.summed = { model, output: kept.output, r, c, sums };
    return sums;
  }

  /**
   * What a transposed layer has written once the input cells up to `step` were stamped.
   *
   * @param {number} step
   */
  writtenUpTo(step) {
    const { model, kept } = this;
    const { weight, rows, columns } = model;
    const values = new Float64Array(rows.outCells * columns.outCells).fill(biasOf(model.layer, kept.output));
    if (!weight) return values;
    for (const channel of partners(model.layer, kept.output)) {
      const cells = paddedChannel(model, channel);
      const base = weightIndex(model.layer, channel, kept.output, 0, 0);
      for (let i = 0; i <= step; i += 1) {
        for (const [or, kr] of model.rowFeeds[Math.floor(i / columns.inCells)]) {
          for (const [oc, kc] of model.columnFeeds[i % columns.inCells]) {
            values[or * columns.outCells + oc] += cells[i] * weight[base + kr * columns.kernel + kc];
          }
        }
      }
    }
    return values;
  }

  /**
   * Where an edited input cell lies before the shift, null where it cannot be edited.
   *
   * @param {{ r: number, c: number }} cell
   */
  inputSpot({ r, c }) {
    const { model, look } = this;
    const [y, x] = [r - model.rows.before - look.shift[1], c - model.columns.before - look.shift[0]];
    if (!this.isInside(r, c)) return null;
    return y >= 0 && x >= 0 && y < model.rows.size && x < model.columns.size ? { y, x } : null;
  }
}

/** @param {number} count */
const span = (count) => Array.from({ length: count }, (_, i) => i);
