// The network as a row of stages, each map a picture: input, maps of each layer with the kernels beside them, ten bars.

import { Bars } from "../live/bars.js";
import { mosaic, Picture } from "../live/paint.js";
import { below, fieldOf } from "../live/sums.js";
import { cellUnder, clamp, make, retitle, shape } from "../shared/dom.js";
import { fill } from "../shared/text.js";

/**
 * @import { Layer, Network } from "../live/network.js"
 * @import { Ramp } from "../live/paint.js"
 * @import { Place } from "./look.js"
 * @import { Labels } from "./feature_maps.js"
 */

/**
 * A stage shows the output of layer `shows`; of a convolution that is what its activation gives, while `layer` is the
 * convolution itself. `natural` is a map's side in a flow of natural size.
 *
 * @typedef {{ picture: Picture, node: HTMLButtonElement, window: HTMLElement, channel: number }} Tile
 * @typedef {{
 *   layer: number, shows: number, node: HTMLElement, title: HTMLElement, tiles: Tile[], rows: number,
 *   columns: number, natural: number, hasKernels: boolean, isVector: boolean,
 * }} Stage
 */

const NARROW = 600;
const GAP = 6;
const STAGE_GAP = 15;
const KERNEL_SHARE = 0.5;
const SCORES = 192;
/** Of more input channels than that, the kernels would be too small to see: the panel shows them. */
const MOST_KERNELS = 4;
const LEAST_STAGE = 84;
const LEAST_INPUT = 92;
/** Smaller than that the maps are hard to see: the stages then go on in a line below. */
const GOOD_SCALE = 0.75;
const MOST_LINES = 3;
const MOST_SCALE = 1.3;

export class Flow {
  /**
   * @param {HTMLElement} root
   * @param {Network} network
   * @param {Labels} labels
   * @param {{ input: Ramp, weights: Ramp, output: Ramp }} ramps
   * @param {{
   *   point: (place: Place) => void, leave: () => void, unpin: () => void, pin: (place: Place) => void, silence: (place: Place) => void,
   *   strongest: (layer: number, channel: number) => Place, arrow: (right: number, down: number) => void,
   * }} acts
   */
  constructor(root, network, labels, ramps, acts) {
    this.root = root;
    this.network = network;
    this.labels = labels;
    this.acts = acts;
    this.node = make("div", "flow");
    /** @type {Map<Element, { left: number, right: number, middle: number }>} measured once a layout */
    this.boxes = new Map();
    /** @type {Map<number, string>} what each layer is called */
    this.names = new Map();
    /** @type {Place | null} */
    this.marked = null;
    this.lines = shape("svg", { class: "lines", "aria-hidden": "true" });
    this.input = this.inputStage();
    /** @type {Stage[]} */
    this.stages = [this.input, ...this.mapStages(ramps.weights)];
    this.scores = make("section", "stage scores");
    this.verdict = make("p", "verdict");
    this.bars = new Bars(labels.scores, (digit) =>
      acts.pin({ layer: network.layers.length - 1, channel: digit, row: 0, column: 0 }),
    );
    this.scores.append(this.verdict, this.bars.node);
    this.row = make("div", "stages");
    this.row.append(...this.stages.map(({ node }) => node));
    this.node.append(this.lines, this.row, this.scores);
    root.append(this.node);
    this.listen();
  }

  inputStage() {
    const stage = this.stage(-1, -1, 1, this.network.side, 104);
    const pad = make("div", "arrows");
    const arrows = /** @type {const} */ ([
      ["←", this.labels.left, -1, 0],
      ["↑", this.labels.up, 0, -1],
      ["↓", this.labels.down, 0, 1],
      ["→", this.labels.right, 1, 0],
    ]);
    for (const [text, label, right, down] of arrows) {
      const button = make("button", "button arrow", text);
      button.type = "button";
      retitle(button, label);
      button.onclick = () => this.acts.arrow(right, down);
      pad.append(button);
    }
    this.moved = make("p", "moved");
    stage.node.classList.add("input");
    stage.node.append(pad, this.moved);
    return stage;
  }

  /** @param {Ramp} weights */
  mapStages(weights) {
    const { layers } = this.network;
    /** @type {Stage[]} */
    const stages = [];
    layers.forEach((layer, index) => {
      const { kind } = layer.spec;
      const isLast = index === layers.length - 1;
      if (isLast || kind === "activation" || kind === "flatten") return;
      const next = layers[index + 1].spec.kind === "activation" ? index + 1 : index;
      if (kind === "linear") stages.push(this.vectorStage(index, next, layer));
      else {
        const natural = kind === "pool" ? 18 + layer.side * 1.3 : 28 + layer.side * 1.05;
        const stage = this.stage(index, next, layer.channels, layer.side, natural);
        if (layer.spec.kind === "conv" && layer.spec.inputs <= MOST_KERNELS)
          this.addKernels(stage, layer, layer.spec, weights);
        stages.push(stage);
      }
    });
    return stages;
  }

  /**
   * @param {Stage} stage
   * @param {Layer} layer
   * @param {{ inputs: number, kernel: number }} spec
   * @param {Ramp} weights
   */
  addKernels(stage, layer, { inputs, kernel }, weights) {
    const count = inputs * kernel ** 2;
    stage.hasKernels = true;
    stage.tiles.forEach(({ node, channel }) => {
      const own = layer.weight.subarray(channel * count, (channel + 1) * count);
      const canvas = mosaic(own, inputs, kernel, weights);
      canvas.className = "kernels";
      node.before(canvas);
    });
  }

  /**
   * @param {number} layer
   * @param {number} shows
   * @param {number} channels
   * @param {number} side
   * @param {number} natural
   * @returns {Stage}
   */
  stage(layer, shows, channels, side, natural) {
    const node = make("section", "stage");
    const title = make("h2");
    const grid = make("div", "tiles");
    const tiles = Array.from({ length: channels }, (_, channel) => {
      const item = make("div", "item");
      const tile = this.tile(layer, channel, new Picture(side));
      item.append(tile.node);
      grid.append(item);
      return tile;
    });
    tiles[0].node.tabIndex = 0;
    node.append(title, grid);
    const rows = channels <= 3 ? channels : channels <= 16 ? 4 : channels <= 36 ? 6 : 8;
    return {
      layer,
      shows,
      node,
      title,
      tiles,
      rows,
      columns: Math.ceil(channels / rows),
      natural: Math.min(natural, 236 / rows - GAP),
      hasKernels: false,
      isVector: false,
      ...(channels === 1 ? { natural } : {}),
    };
  }

  /**
   * A hidden linear layer: its units as the cells of one picture.
   *
   * @param {number} index
   * @param {number} shows
   * @param {Layer} layer
   * @returns {Stage}
   */
  vectorStage(index, shows, layer) {
    const columns = Math.ceil(Math.sqrt(layer.channels / 2));
    const height = Math.ceil(layer.channels / columns);
    const stage = this.stage(index, shows, 1, 1, 12 * columns);
    const tile = this.tile(index, 0, new Picture(columns, height));
    stage.tiles[0].node.replaceWith(tile.node);
    tile.node.style.aspectRatio = `${columns} / ${height}`;
    tile.node.tabIndex = 0;
    return { ...stage, tiles: [tile], isVector: true };
  }

  /**
   * @param {number} layer
   * @param {number} channel
   * @param {Picture} picture
   * @returns {Tile}
   */
  tile(layer, channel, picture) {
    const node = make("button", "tile");
    node.type = "button";
    node.tabIndex = -1;
    Object.assign(node.dataset, { layer, channel });
    const window = make("span", "window");
    window.hidden = true;
    node.append(picture.canvas, window);
    return { picture, node, window, channel };
  }

  // --- pointing, walking -----------------------------------------------------------------------------------------

  listen() {
    this.node.onpointermove = (event) => {
      const place = event.pointerType === "mouse" ? this.placeUnder(event) : null;
      if (place) this.acts.point(place);
    };
    this.node.onpointerleave = () => this.acts.leave();
    this.node.onclick = (event) => {
      const place = event.detail > 0 ? this.placeUnder(event) : this.placeOf(event.target);
      if (place) this.acts.pin(place);
    };
    this.node.onkeydown = (event) => this.pressed(event);
  }

  /** @param {EventTarget | null} target */
  found(target) {
    const node = target instanceof Element ? target.closest(".tile") : null;
    for (const stage of this.stages) {
      const tile = stage.tiles.find((each) => each.node === node);
      if (tile) return { stage, tile };
    }
    return null;
  }

  /**
   * @param {MouseEvent} event
   * @returns {Place | null}
   */
  placeUnder(event) {
    const found = this.found(event.target);
    if (!found) return null;
    const { stage, tile } = found;
    const { width, height } = tile.picture.canvas;
    const cell = cellUnder(tile.picture.canvas, height, width, event) ?? { r: 0, c: 0 };
    if (!stage.isVector) return { layer: stage.layer, channel: tile.channel, row: cell.r, column: cell.c };
    return this.unit(stage, cell.r * width + cell.c);
  }

  /** @param {EventTarget | null} target */
  placeOf(target) {
    const found = this.found(target);
    if (!found) return null;
    const { stage, tile } = found;
    if (stage.isVector) return this.unit(stage, this.unitOf(stage));
    return this.acts.strongest(stage.layer, tile.channel);
  }

  /**
   * A whole map, or a unit of a vector: the nearest one that there is.
   *
   * @param {Stage} stage
   * @param {number} channel
   * @returns {Place}
   */
  unit(stage, channel) {
    const last = this.network.layers[stage.layer].channels - 1;
    return { layer: stage.layer, channel: clamp(channel, 0, last), row: 0, column: 0 };
  }

  /** The unit of a vector that is looked at, else the one that says most. @param {Stage} stage */
  unitOf(stage) {
    if (this.marked?.layer === stage.layer) return this.marked.channel;
    const { values } = this.network.layers[stage.layer];
    return values.indexOf(Math.max(...values));
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    const found = this.found(event.target);
    if (!found || event.ctrlKey || event.altKey || event.metaKey) return;
    const { stage, tile } = found;
    const tiles = this.isNarrow ? this.narrowColumns(stage) : stage.columns;
    const columns = stage.isVector ? tile.picture.canvas.width : tiles;
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[event.key];
    if (stage === this.input && step !== undefined) {
      const [right, down] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[
        event.key
      ] ?? [0, 0];
      this.acts.arrow(right, down);
    } else if (stage.isVector && step !== undefined) {
      this.acts.pin(this.unit(stage, this.unitOf(stage) + step));
    } else if (step !== undefined) {
      const next = stage.tiles[clamp(tile.channel + step, 0, stage.tiles.length - 1)];
      for (const each of stage.tiles) each.node.tabIndex = each === next ? 0 : -1;
      next.node.focus();
      this.acts.pin(this.acts.strongest(stage.layer, next.channel));
    } else if (event.key === "x" && !stage.isVector) this.acts.silence(this.unit(stage, tile.channel));
    else if (event.key === "Escape") this.acts.unpin();
    else return;
    event.preventDefault();
  }

  // --- sizes -----------------------------------------------------------------------------------------------------

  get isNarrow() {
    return this.node.classList.contains("narrow");
  }

  /** @param {Stage} stage */
  narrowColumns(stage) {
    return Math.min(stage.tiles.length, stage.hasKernels ? 4 : 8);
  }

  /** @param {number} width of the flow */
  layout(width) {
    if (width <= 0) return;
    const isNarrow = width < NARROW;
    this.node.classList.toggle("narrow", isNarrow);
    for (const gap of this.row.querySelectorAll(".break")) gap.remove();
    const scale = isNarrow ? 1 : this.wrap(width - SCORES);
    for (const stage of this.stages) {
      const columns = isNarrow ? this.narrowColumns(stage) : stage.columns;
      const share = stage.hasKernels && !(isNarrow && columns > 4) ? 1 + KERNEL_SHARE : 1;
      const room = stage === this.input ? 104 : width;
      const tile = isNarrow
        ? Math.min((room - (columns - 1) * GAP) / columns / share - 3, stage.isVector ? width / 2 : 104)
        : Math.max(stage.natural * scale, stage === this.input ? LEAST_INPUT : 0);
      stage.node.classList.toggle("bare", share === 1);
      stage.node.style.setProperty("--columns", String(columns));
      stage.node.style.setProperty("--tile", `${Math.floor(tile * 4) / 4}px`);
    }
    this.boxes.clear();
    this.drawLines(this.marked);
  }

  /**
   * Breaks the stages into as few lines as they are well seen in; returns the maps' scale.
   *
   * @param {number} width
   */
  wrap(width) {
    const lined = Array.from({ length: MOST_LINES }, (_, i) => {
      const size = Math.ceil(this.stages.length / (i + 1));
      const lines = Array.from({ length: Math.ceil(this.stages.length / size) }, (_, line) =>
        this.stages.slice(line * size, (line + 1) * size),
      );
      return { lines, scale: Math.min(...lines.map((stages) => fittingScale(stages, width))) };
    });
    const good = lined.find(({ scale }) => scale >= GOOD_SCALE);
    const { lines, scale } = good ?? lined.reduce((best, each) => (each.scale > best.scale ? each : best));
    for (const [first] of lines.slice(1)) first.node.before(make("div", "break"));
    return scale;
  }

  // --- what changes from frame to frame --------------------------------------------------------------------------

  /**
   * @param {{ input: Ramp, output: Ramp }} ramps
   * @param {readonly number[]} limits of each layer: what gets the full colour
   */
  paint(ramps, limits) {
    this.input.tiles[0].picture.paint(this.network.input, ramps.input, 1);
    for (const stage of this.stages.slice(1)) {
      const layer = this.network.layers[stage.shows];
      const size = stage.isVector ? 0 : layer.side * layer.side;
      for (const { picture, channel } of stage.tiles) {
        picture.paint(layer.values, ramps.output, limits[stage.shows], channel * size);
      }
    }
  }

  /**
   * @param {boolean} activations
   * @param {"max" | "average" | null} pooling
   */
  name(activations, pooling) {
    const { labels } = this;
    let number = 0;
    this.setTitle(this.input, labels.input, "28×28");
    for (const stage of this.stages.slice(1)) {
      const { spec, channels, side } = this.network.layers[stage.layer];
      const above = this.network.layers[stage.shows].spec;
      const act = above.kind === "activation" && activations ? above.name : "";
      const shape = stage.isVector ? String(channels) : `${channels}×${side}×${side}`;
      if (spec.kind === "conv") {
        number += 1;
        const name = fill(labels.conv, { number, kernel: spec.kernel });
        this.setTitle(stage, act ? fill(labels.then, { layer: name, act }) : name, shape);
      } else if (spec.kind === "pool") {
        this.setTitle(stage, (pooling ?? spec.how) === "max" ? labels.maxPool : labels.averagePool, shape);
      } else
        this.setTitle(stage, act ? fill(labels.then, { layer: labels.linear, act }) : labels.linear, shape);
      for (const { node, channel } of stage.tiles) {
        node.setAttribute(
          "aria-label",
          fill(labels.mapReading, { layer: this.names.get(stage.layer) ?? "", map: channel }),
        );
      }
    }
    this.input.tiles[0].node.setAttribute("aria-label", labels.inputReading);
  }

  /**
   * @param {Stage} stage
   * @param {string} name
   * @param {string} shape
   */
  setTitle(stage, name, shape) {
    this.names.set(stage.layer, name);
    stage.title.replaceChildren(make("span", "", name), make("small", "", shape));
  }

  /** @param {ReadonlyMap<number, ReadonlySet<number>>} silenced */
  strike(silenced) {
    for (const { layer, tiles } of this.stages) {
      const channels = silenced.get(layer);
      for (const { node, channel } of tiles)
        node.classList.toggle("silenced", channels?.has(channel) ?? false);
    }
  }

  /** @param {Place | null} place */
  mark(place) {
    this.marked = place;
    for (const { tiles } of this.stages) {
      for (const { node, window } of tiles) {
        node.classList.remove("chosen", "source");
        window.hidden = true;
      }
    }
    const isClass = place?.layer === this.network.layers.length - 1;
    this.bars.mark(place && isClass ? place.channel : -1);
    if (place) this.markPlace(place);
    this.drawLines(place);
  }

  /** @param {Place} place */
  markPlace(place) {
    const { layer: index, channel, row, column } = place;
    const stage = this.stages.find(({ layer }) => layer === index);
    if (stage && !stage.isVector) {
      const tile = stage.tiles[channel];
      tile.node.classList.add("chosen");
      this.frame(tile, { top: row, left: column, size: 1 });
    }
    if (index < 0) return;
    const { spec } = this.network.layers[index];
    const field = fieldOf(this.network, index, row, column);
    this.frame(this.input.tiles[0], field);
    const source = this.sourceOf(index);
    if (!source || source === this.input || source.isVector) return;
    const seen =
      spec.kind === "pool" ? { top: 2 * row, left: 2 * column, size: 2 } : this.patch(index, row, column);
    for (const tile of spec.kind === "pool" ? [source.tiles[channel]] : source.tiles) {
      tile.node.classList.add("source");
      this.frame(tile, seen);
    }
  }

  /**
   * @param {number} index
   * @param {number} row
   * @param {number} column
   */
  patch(index, row, column) {
    const { spec } = this.network.layers[index];
    if (spec.kind === "conv")
      return { top: row - spec.padding, left: column - spec.padding, size: spec.kernel };
    return { top: 0, left: 0, size: below(this.network, index).side };
  }

  /**
   * The stage that a layer's numbers come from.
   *
   * @param {number} index
   */
  sourceOf(index) {
    const before = this.stages.filter(({ layer }) => layer < index);
    return before[before.length - 1];
  }

  /**
   * @param {Tile} tile
   * @param {{ top: number, left: number, size: number }} field
   */
  frame({ window, picture }, { top, left, size }) {
    const side = picture.canvas.width;
    const [first, start] = [Math.max(0, top), Math.max(0, left)];
    const [end, stop] = [Math.min(side, top + size), Math.min(side, left + size)];
    window.hidden = end <= first || stop <= start;
    window.style.cssText = `top:${(100 * first) / side}%;left:${(100 * start) / side}%;height:${
      (100 * (end - first)) / side
    }%;width:${(100 * (stop - start)) / side}%`;
  }

  /** @param {Place | null | undefined} place */
  drawLines(place) {
    this.lines.replaceChildren();
    if (!place || place.layer < 0 || this.isNarrow) return;
    const { spec } = this.network.layers[place.layer];
    const stage = this.stages.find(({ layer }) => layer === place.layer);
    const target = stage
      ? stage.tiles[stage.isVector ? 0 : place.channel].node
      : this.bars.rows[place.channel].row;
    const source = this.sourceOf(place.layer);
    const tiles = spec.kind === "pool" ? [source.tiles[place.channel]] : source.tiles;
    const { left: x2, middle: y2 } = this.boxOf(target);
    for (const { node } of tiles) {
      const { right: x1, middle: y1 } = this.boxOf(node);
      const middle = (x1 + x2) / 2;
      this.lines.append(shape("path", { d: `M${x1},${y1} C${middle},${y1} ${middle},${y2} ${x2},${y2}` }));
    }
  }

  /**
   * Where an element lies in the flow; asked of the browser once, since that makes it lay out the page.
   *
   * @param {Element} node
   */
  boxOf(node) {
    const known = this.boxes.get(node);
    if (known) return known;
    const base = this.node.getBoundingClientRect();
    const box = node.getBoundingClientRect();
    const found = {
      left: box.left - base.left,
      right: box.right - base.left,
      middle: box.top + box.height / 2 - base.top,
    };
    this.boxes.set(node, found);
    return found;
  }
}

/**
 * How large the maps of stages in one line may be. What would be narrower than its title keeps its title's width.
 *
 * @param {readonly Stage[]} stages
 * @param {number} width
 */
function fittingScale(stages, width) {
  const own = (/** @type {Stage} */ { columns, natural, hasKernels }) =>
    columns * natural * (hasKernels ? 1 + KERNEL_SHARE : 1);
  const gaps = (/** @type {Stage} */ { columns, hasKernels }) =>
    (columns - 1) * GAP + (hasKernels ? columns * 4 : 0);
  const least = (/** @type {Stage} */ { layer }) => (layer < 0 ? LEAST_INPUT : LEAST_STAGE);
  let scale = MOST_SCALE;
  for (let round = 0; round < stages.length; round += 1) {
    const slim = stages.filter((stage) => own(stage) * scale + gaps(stage) < least(stage));
    const wide = stages.filter((stage) => !slim.includes(stage));
    const taken =
      (stages.length - 1) * STAGE_GAP +
      slim.reduce((sum, stage) => sum + least(stage), 0) +
      wide.reduce((sum, stage) => sum + gaps(stage), 0);
    const flexible = wide.reduce((sum, stage) => sum + own(stage), 0);
    const fitting = flexible > 0 ? clamp((width - taken) / flexible, 0.3, MOST_SCALE) : scale;
    if (Math.abs(fitting - scale) < 1e-3) break;
    scale = fitting;
  }
  return scale;
}
