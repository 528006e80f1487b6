// A network drawn to scale. Pointing at a unit shows its way back: the cells that it sees in each layer, and in the
// picture. A press pins it; the server then measures where its gradient lies. Nothing is asked while looking.
//
// data: JSON text, see types.js, Props. The photograph and the gradient come from ../network_feed as the event
// "shapelab-network" of the document. state: at = the pinned unit, "row.y.x" counted from row 1, "" for none.

import { blend, css, rgb } from "../shared/colour.js";
import { decode, keeper, readProps } from "../shared/data.js";
import {
  button,
  calm,
  clamp,
  drawingOn,
  keepingFocus,
  make,
  rootOf,
  setColours,
  shape,
} from "../shared/dom.js";
import { fill } from "../shared/text.js";
import { drawBox, drawEdges, drawLabels, list, meeting, patch, sizesText } from "./boxes.js";
import { hull, INPUT, seenBy } from "./cells.js";
import { blocksWithJoins, layOut } from "./layout.js";

/** @typedef {import("./types.js").Props} Props */
/** @typedef {import("./types.js").Feed} Feed */
/** @typedef {import("./layout.js").Layout} Layout */
/** @typedef {import("./layout.js").Box} Box */
/** @typedef {{ at: string }} State */
/** @typedef {import("@streamlit/component-v2-lib").FrontendRendererArgs<State, string>} Args */
/** @typedef {{ row: number, y: number, x: number }} Unit row counts from 0 */

const TOUR_MS = 1100;
const LABEL_ROOM = 44;

class Picture {
  /**
   * @param {HTMLElement} root
   * @param {Props} props
   * @param {(at: string) => void} report
   */
  constructor(root, props, report) {
    this.root = root;
    this.report = report;
    this.props = props;
    this.tools = make("div", "net-tools");
    this.panel = make("div", "net-photo");
    this.image = make("img");
    this.image.alt = "";
    this.heat = make("canvas");
    this.frame = shape("svg", { viewBox: "0 0 1 1", preserveAspectRatio: "none", "aria-hidden": "true" });
    this.panel.append(this.image, this.heat, this.frame);
    this.stage = make("div", "net-stage");
    this.line = make("p", "net-line");
    this.line.setAttribute("aria-live", calm() ? "polite" : "off");
    this.reading = make("p", "net-reading");
    this.svg = shape("svg", { tabindex: 0, role: "application" });
    this.stage.append(this.svg);
    const row = make("div", "net-row");
    row.append(this.panel, this.stage);
    this.root.replaceChildren(this.tools, row, this.line, this.reading);
    this.svg.addEventListener("pointermove", (event) => this.point(event));
    this.svg.addEventListener("pointerdown", (event) => this.point(event));
    this.svg.addEventListener("pointerleave", () => this.rest());
    this.svg.addEventListener("click", (event) => this.press(event));
    this.svg.addEventListener("keydown", (event) => this.key(event));
    /** @type {Layout | null} */
    this.layout = null;
    this.funnel = shape("g");
    /** @type {Set<string>} */
    this.open = new Set();
    /** @type {Unit | null} */
    this.pinned = null;
    /** @type {Unit | null} */
    this.shown = null;
    /** @type {Unit | null} */
    this.hovered = null;
    /** @type {Feed | null} */
    this.feed = null;
    this.touring = !calm();
    this.step = 0;
    this.head = 4;
    this.width = 0;
    this.news = -1;
    this.wire = "";
    this.onFeed = (/** @type {Event} */ event) => this.take(/** @type {CustomEvent<Feed>} */ (event).detail);
    document.addEventListener("shapelab-network", this.onFeed);
    this.resized = new ResizeObserver(() => this.fit());
    this.resized.observe(this.stage);
    this.timer = setInterval(() => this.tour(), TOUR_MS);
  }

  /** @param {Props} props @param {string} wire */
  update(props, wire) {
    if (wire === this.wire) return;
    this.wire = wire;
    const before = this.props.network;
    this.props = props;
    setColours(this.root, props.colours, "--net-");
    this.root.classList.toggle("tall", props.tall);
    if (
      JSON.stringify(before.input) !== JSON.stringify(props.network.input) ||
      before.rows.length !== props.network.rows.length
    ) {
      this.shown = null;
      this.step = 0;
    }
    this.pinned = this.parse(props.at);
    if (this.pinned) this.settle();
    this.draw();
  }

  /** @param {string} at @returns {Unit | null} */
  parse(at) {
    const [row = 0, y = 0, x = 0] = at.split(".").map(Number);
    const known = this.props.network.rows[row - 1];
    if (!at || !known) return null;
    const [high, wide] = known.shape.length === 4 ? [known.shape[2] ?? 1, known.shape[3] ?? 1] : [1, 1];
    return y < high && x < wide ? { row: row - 1, y, x } : null;
  }

  fit() {
    const width = Math.floor(this.stage.clientWidth);
    if (width !== this.width && width > 0) {
      this.width = width;
      this.draw();
    }
  }

  draw() {
    const { network, labels, tall } = this.props;
    this.width ||= Math.max(this.stage.clientWidth, 280);
    const narrow = this.root.clientWidth < 600;
    // Room for the words where it breaks.
    const aside = network.broken && !network.broken.backward ? 150 : 0;
    const layout = layOut(
      network,
      (block) => this.open.has(block),
      this.width - aside,
      narrow ? 110 : tall ? 190 : 80,
    );
    this.layout = layout;
    this.head = blocksWithJoins(network).size ? 30 : 4;
    const height = layout.height + LABEL_ROOM + this.head;
    const width = Math.max(layout.width + aside, this.width);
    this.svg.setAttribute("viewBox", `0 ${-this.head} ${width} ${height}`);
    this.svg.setAttribute("width", String(width));
    this.svg.setAttribute("height", String(height));
    const last = network.rows.at(-1);
    const reading = fill(labels.reading ?? "", {
      rows: network.rows.length,
      input: sizesText(network.input),
      output: sizesText(last?.shape ?? network.input),
      parameters: network.totals.parameters.toLocaleString("en-US"),
      macs: Math.round(network.totals.macs / (network.input[0] ?? 1)).toLocaleString("en-US"),
    });
    this.svg.setAttribute("aria-label", reading);
    this.reading.textContent = reading;
    this.funnel = shape("g", { class: "funnel", "pointer-events": "none" });
    this.svg.replaceChildren(
      ...drawEdges(layout, this.props).filter(
        (node) => node.classList.contains("wire") || node.classList.contains("strand"),
      ),
      ...layout.boxes.map((box, index) => drawBox(box, index, this.props)),
      ...this.photoOnFace(),
      ...drawEdges(layout, this.props).filter(
        (node) => !node.classList.contains("wire") && !node.classList.contains("strand"),
      ),
      ...drawLabels(layout, this.props),
      this.funnel,
    );
    this.drawTools();
    this.show(this.pinned ?? this.shown ?? this.restingUnit());
  }

  /** The photograph on the input's face. */
  photoOnFace() {
    const box = this.layout?.boxes[0];
    if (!box || !this.feed) return [];
    const { w, h, skew } = box.face;
    return [
      shape("image", {
        href: this.feed.photo,
        width: 1,
        height: 1,
        preserveAspectRatio: "none",
        transform: `matrix(${w} ${skew} 0 ${h} ${box.x} ${box.y})`,
        "pointer-events": "none",
      }),
    ];
  }

  drawTools() {
    const { network, labels } = this.props;
    const blocks = [...blocksWithJoins(network)].filter(Boolean);
    /** @type {HTMLButtonElement[]} */
    const nodes = [];
    if (blocks.length) {
      const all = blocks.every((block) => this.open.has(block));
      const words = (all ? labels.fold_all : labels.unfold_all) ?? "";
      const fold = button(words, words, () => {
        this.open = new Set(all ? [] : blocks);
        this.draw();
      });
      fold.dataset.keep = "fold";
      nodes.push(fold);
    }
    if (this.pinned) nodes.push(this.unpinner());
    nodes.push(button(`${labels.download}`, `↓ ${labels.download}`, () => this.save()));
    keepingFocus(this.tools, () => this.tools.replaceChildren(...nodes));
  }

  unpinner() {
    const { labels } = this.props;
    return button(labels.unpin ?? "", labels.unpin ?? "", () => {
      this.pin(null);
      this.svg.focus({ preventScroll: true }); // this button is gone
    });
  }

  /** The picture as a file of its own. */
  save() {
    const copy = /** @type {SVGElement} */ (this.svg.cloneNode(true));
    copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    const [, top, width, height] = (copy.getAttribute("viewBox") ?? "0 0 1 1").split(" ");
    copy.prepend(
      shape("rect", {
        x: 0,
        y: top ?? 0,
        width: width ?? 1,
        height: height ?? 1,
        fill: this.props.colours.paper ?? "#fff",
      }),
    );
    const link = make("a");
    link.href = URL.createObjectURL(
      new Blob([new XMLSerializer().serializeToString(copy)], { type: "image/svg+xml" }),
    );
    link.download = "network.svg";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  /** @param {Feed} feed */
  take(feed) {
    const isNewPhoto = this.feed?.photo !== feed.photo;
    this.feed = feed;
    if (isNewPhoto) {
      this.image.src = feed.photo;
      if (this.layout) this.draw();
    }
    this.show(this.pinned ?? this.shown ?? this.restingUnit());
  }

  // --- where one points -------------------------------------------------------------------------------------------

  /** The middle unit of the last map, which nobody has to look for. @returns {Unit | null} */
  restingUnit() {
    const last = this.props.network.last;
    return last === null ? null : this.middleOf(last);
  }

  /** @param {number} row @returns {Unit | null} */
  middleOf(row) {
    const known = this.props.network.rows[row];
    if (!known) return null;
    const [high, wide] = known.shape.length === 4 ? [known.shape[2] ?? 1, known.shape[3] ?? 1] : [1, 1];
    return { row, y: Math.floor(high / 2), x: Math.floor(wide / 2) };
  }

  tour() {
    if (!this.touring || this.pinned || !this.layout || document.hidden) return;
    const stops = this.layout.boxes.filter((box) => box.row >= 0 && box.sides[0] * box.sides[1] > 1);
    const stop = stops[this.step];
    this.step += 1;
    if (stop) this.show(this.middleOf(stop.row));
    else this.settle();
  }

  /** The tour is over: it has been round once, or the reader looks at something. From now on the words are spoken. */
  settle() {
    this.touring = false;
    this.line.setAttribute("aria-live", "polite");
  }

  /** @param {PointerEvent | MouseEvent} event @returns {Unit | null} */
  unitUnder(event) {
    const target = event.target instanceof Element ? event.target.closest("[data-box]") : null;
    const box = target instanceof SVGElement ? this.layout?.boxes[Number(target.dataset.box)] : undefined;
    if (!box || box.row === INPUT) return null;
    const place = this.svg.getBoundingClientRect();
    const scale = Number(this.svg.getAttribute("width")) / place.width;
    const px = (event.clientX - place.left) * scale;
    const py = (event.clientY - place.top) * scale - this.head;
    const u = clamp((px - box.x) / box.face.w, 0, 0.999);
    const v = clamp((py - box.y - u * box.face.skew) / box.face.h, 0, 0.999);
    const [height, width] = box.sides;
    // On the long side of a box there is no column to read: the middle one.
    const x = px > box.x + box.face.w ? Math.floor(width / 2) : Math.floor(u * width);
    return { row: box.row, y: Math.floor(v * height), x };
  }

  /** @param {PointerEvent} event */
  point(event) {
    const unit = this.unitUnder(event);
    if (!unit) return;
    this.hovered = unit;
    if (this.pinned) return;
    this.settle();
    this.show(unit);
  }

  rest() {
    if (!this.pinned) this.show(this.shown);
  }

  /** @param {MouseEvent} event */
  press(event) {
    const target = event.target instanceof Element ? event.target.closest("[data-box]") : null;
    const box = target instanceof SVGElement ? this.layout?.boxes[Number(target.dataset.box)] : undefined;
    if (box?.folded && event.detail === 2) {
      this.unfold(box.row);
      return;
    }
    // A press comes in whole pixels, and a unit may be smaller: what is pinned is what was shown.
    const unit = this.hovered?.row === box?.row ? this.hovered : this.unitUnder(event);
    if (unit) this.pin(unit);
  }

  /** Shows the rows of a block that is drawn as one; of any other row nothing changes. @param {number} row */
  unfold(row) {
    const box = this.layout?.boxes.find((each) => each.row === row);
    if (!box?.folded) return;
    this.open.add(box.block);
    this.draw();
  }

  /** @param {Unit | null} unit */
  pin(unit) {
    this.pinned = unit;
    this.settle();
    if (unit) this.shown = unit;
    this.drawTools();
    this.show(unit ?? this.shown);
    this.report(unit ? `${unit.row + 1}.${unit.y}.${unit.x}` : "");
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const now = this.pinned ?? this.shown ?? this.restingUnit();
    if (!now || !this.layout || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") this.pin(null);
    else if (event.key === "Enter" && this.pinned) this.unfold(now.row);
    else if (event.key === "Enter") this.pin(now);
    else {
      const next = this.moved(now, event);
      if (!next) return;
      if (this.pinned) this.pin(null);
      this.settle();
      this.show(next);
    }
    event.preventDefault();
  }

  /** Left and right go from layer to layer, with Shift and up and down from unit to unit. @param {Unit} now @param {KeyboardEvent} event @returns {Unit | null} */
  moved(now, event) {
    const boxes = this.layout?.boxes ?? [];
    const at = boxes.findIndex((box) => box.row === now.row);
    const box = boxes[at];
    /** @type {Record<string, [number, number] | undefined>} */
    const ways = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const way = ways[event.key];
    if (!box || !way) return null;
    if (way[1] && !event.shiftKey) {
      const row = boxes[clamp(at + way[1], 1, boxes.length - 1)]?.row;
      return row === undefined ? null : this.middleOf(row);
    }
    return {
      row: now.row,
      y: clamp(now.y + way[0], 0, box.sides[0] - 1),
      x: clamp(now.x + way[1], 0, box.sides[1] - 1),
    };
  }

  // --- what a unit sees -------------------------------------------------------------------------------------------

  /** @param {Unit | null} unit */
  show(unit) {
    if (!this.layout) return;
    const { network, labels, colours } = this.props;
    const row = unit ? network.rows[unit.row] : undefined;
    this.funnel.replaceChildren();
    this.frame.replaceChildren();
    this.heat.hidden = true;
    if (!unit || !row) {
      this.line.textContent = labels.hint ?? "";
      return;
    }
    this.shown = unit;
    const seen = seenBy(network, unit.row, unit.y, unit.x);
    const { weight = "#d55e00" } = colours;
    /** @type {{ box: Box, corners: [number, number][] } | null} */
    let after = null;
    for (const box of this.layout.boxes.toReversed()) {
      const region = seen.get(box.row);
      if (!region || box.row > unit.row) continue;
      const corners = patch(box, hull(region));
      if (after && box.lanes === 1) {
        const [, a = [0, 0], b = [0, 0]] = corners;
        const [c = [0, 0], , , d = [0, 0]] = after.corners;
        this.funnel.append(
          shape("polygon", { points: list([a, c, d, b]), fill: weight, "fill-opacity": 0.13 }),
        );
      }
      this.funnel.append(
        shape("polygon", {
          points: list(corners),
          fill: weight,
          "fill-opacity": 0.3,
          stroke: weight,
          "stroke-width": 1.8,
          "data-sees": box.row + 1,
        }),
      );
      if (box.lanes === 1) after = { box, corners };
    }
    this.showInput(seen.get(INPUT), unit);
    this.say(unit, seen.get(INPUT));
  }

  /** The field on the photograph beside the network. @param {import("./cells.js").Region | undefined} region @param {Unit} unit */
  showInput(region, unit) {
    const [, , height = 1, width = 1] = this.props.network.input;
    const { weight = "#d55e00", ink = "#000" } = this.props.colours;
    if (region) {
      const { top, bottom, left, right } = hull(region);
      this.frame.append(
        shape("rect", {
          x: left / width,
          y: top / height,
          width: (right + 1 - left) / width,
          height: (bottom + 1 - top) / height,
          fill: weight,
          "fill-opacity": 0.14,
          stroke: weight,
          "stroke-width": 2.5,
          "vector-effect": "non-scaling-stroke",
        }),
      );
    }
    const heat = this.heatOf(unit);
    if (!heat || heat.side === null) return;
    this.drawHeat(heat);
    const [cy, cx] = [heat.middle[0] + 0.5, heat.middle[1] + 0.5]; // of the pixel, not its corner
    this.frame.append(
      shape("rect", {
        x: (cx - heat.side / 2) / width,
        y: (cy - heat.side / 2) / height,
        width: heat.side / width,
        height: heat.side / height,
        fill: "none",
        stroke: ink,
        "stroke-width": 2,
        "stroke-dasharray": "5 4",
        "vector-effect": "non-scaling-stroke",
      }),
    );
  }

  /** The gradient, where the server has measured this unit's. @param {Unit} unit */
  heatOf(unit) {
    const at = `${unit.row + 1}.${unit.y}.${unit.x}`;
    return this.pinned && this.feed?.at === at ? this.feed.heat : null;
  }

  /** @param {import("./types.js").Heat} heat */
  drawHeat(heat) {
    const levels = decode(heat.levels, Uint8Array);
    this.heat.width = heat.columns;
    this.heat.height = heat.rows;
    this.heat.hidden = false;
    const context = drawingOn(this.heat);
    const pixels = context.createImageData(heat.columns, heat.rows);
    const colour = rgb(this.props.colours.weight ?? "#d55e00");
    levels.forEach((level, i) => {
      // Square roots: the gradient's tails are what surprises, and too faint to be seen otherwise.
      pixels.data.set([...colour, Math.round(255 * Math.sqrt(level / 255))], 4 * i);
    });
    context.putImageData(pixels, 0, 0);
    this.heat.style.background = css(blend(rgb(this.props.colours.paper ?? "#ffffff"), [128, 128, 128], 0.1));
  }

  /** @param {Unit} unit @param {import("./cells.js").Region | undefined} region */
  say(unit, region) {
    const { network, labels } = this.props;
    const row = network.rows[unit.row];
    if (!row) return;
    const box = this.layout?.of.get(unit.row);
    const words = [];
    if (region) {
      words.push(
        fill(labels.unit ?? "", {
          row: unit.row + 1,
          name: row.call.replace(/\(.*/, ""),
          y: unit.y,
          x: unit.x,
          height: region[0].size,
          width: region[1].size,
        }),
      );
      const isAll = region.every((cells, axis) => cells.size === network.input[axis + 2]);
      if (row.whole) words.push((isAll ? labels.everything : labels.all_passed_on) ?? "");
      else {
        const theory = row.field.join(" × ");
        const jump = row.jump.map((each) => each ?? "–");
        const one = jump[0] === jump[1] ? String(jump[0]) : jump.join(" × ");
        words.push(fill(labels.theory ?? "", { theory, jump: one }));
        if (row.exceeds) words.push(labels.exceeds ?? "");
      }
    } else words.push(labels.nothing ?? "");
    const join = box?.rows.find((number) => network.rows[number]?.kind === "join");
    if (join !== undefined) words.push(meeting(network, join, labels));
    words.push(this.effectiveWords(unit, row));
    if (box?.folded && this.pinned) words.push(labels.unfold_hint ?? "");
    this.line.replaceChildren(make("span", "", words.filter(Boolean).join(" ")));
  }

  /** @param {Unit} unit @param {import("./types.js").Row} row */
  effectiveWords(unit, row) {
    const { labels } = this.props;
    if (!this.pinned) return "";
    const heat = this.heatOf(unit);
    if (!heat) return this.feed?.message || (labels.measuring ?? "");
    if (heat.side === null) return labels.none_arrives ?? "";
    const words = fill(labels.effective ?? "", {
      side: heat.side,
      ratio: (heat.ratio ?? 0).toFixed(2),
      theory: Math.max(...row.field),
    });
    return `${words} ${(heat.pretrained ? labels.pretrained : labels.fresh) ?? ""}`;
  }

  close() {
    clearInterval(this.timer);
    this.resized.disconnect();
    document.removeEventListener("shapelab-network", this.onFeed);
  }
}

const kept = keeper(() => /** @type {{ picture: Picture | null }} */ ({ picture: null }));

/** @param {Args} args */
export default function ({ data, parentElement, setStateValue }) {
  const root = rootOf(parentElement, ".net");
  /** @type {Props} */
  const props = readProps(data);
  const own = kept(parentElement);
  if (own.picture?.root !== root) {
    own.picture?.close();
    own.picture = new Picture(root, props, (at) => setStateValue("at", at));
  }
  const { picture } = own;
  picture.report = (at) => setStateValue("at", at);
  picture.update(props, data);
  document.dispatchEvent(new CustomEvent("shapelab-network-ask"));
  return () => {
    if (root.isConnected) return;
    picture.close();
    if (own.picture === picture) own.picture = null;
  };
}
