// The boxes of the picture and what runs between them. Colours are attributes: the picture can be saved as a file.

import { mix } from "../shared/colour.js";
import { shape } from "../shared/dom.js";
import { fill } from "../shared/text.js";
import { INPUT } from "./cells.js";
import { onFace } from "./layout.js";

/** @typedef {import("./types.js").Props} Props */
/** @typedef {import("./types.js").Network} Network */
/** @typedef {import("./layout.js").Box} Box */
/** @typedef {import("./layout.js").Layout} Layout */

const FONT = "Source Sans, Noto Sans SC, sans-serif";

/** @param {[number, number][]} points */
const list = (points) => points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");

/** @param {number[]} sizes */
export const sizesText = (sizes) => sizes.slice(1).join("×");

/**
 * What a join says of the shapes that meet in it.
 *
 * @param {Network} network
 * @param {number} number a row that joins
 * @param {Record<string, string>} labels
 */
export function meeting(network, number, labels) {
  const row = network.rows[number];
  if (!row) return "";
  const shapes = row.inputs.map((from) =>
    from === INPUT ? network.input : (network.rows[from]?.shape ?? []),
  );
  const [a = [], b = []] = shapes;
  if (row.call.startsWith("Concat")) {
    return fill(labels.concat ?? "", {
      parts: shapes.map((sizes) => sizes[1]).join(" + "),
      sum: row.shape[1] ?? 0,
    });
  }
  const same = sizesText(a) === sizesText(b);
  return fill((same ? labels.add : labels.stretched) ?? "", {
    a: sizesText(a),
    b: sizesText(b),
    sum: sizesText(row.shape),
  });
}

/**
 * The colour that says what a box is.
 *
 * @param {Box} box
 * @param {Props} props
 */
function colourOf(box, props) {
  const { input, output, weight, muted } = /** @type {Record<string, string>} */ (props.colours);
  /** @type {Record<string, string | undefined>} */
  const byKind = { input, conv: output, block: output, linear: weight, pool: input };
  return byKind[box.kind] ?? muted ?? "#808080";
}

/**
 * One box: top, side along the channels, and the face that stands for the map.
 *
 * @param {Box} box
 * @param {number} index
 * @param {Props} props
 */
export function drawBox(box, index, props) {
  const { paper = "#fff", ink = "#000", padding = "#b0578d", wrong = "#c1272d" } = props.colours;
  const colour = colourOf(box, props);
  const network = props.network;
  const exceeds = box.row >= 0 && network.rows[box.row]?.exceeds;
  const broken = network.broken?.backward && box.rows.includes(network.broken.row);
  const { w, h, skew } = box.face;
  const [x, y] = [box.x, box.y];
  const stroke = broken ? wrong : mix(colour, ink, 0.25);
  const common = { stroke, "stroke-width": broken ? 2 : 0.8, "stroke-linejoin": "round" };
  const group = shape("g", { "data-box": index, "data-row": box.row + 1 });
  group.append(
    shape("polygon", {
      points: list([
        [x, y],
        [x + w, y + skew],
        [x + w + box.depth, y + skew],
        [x + box.depth, y],
      ]),
      fill: mix(colour, paper, 0.72),
      ...common,
    }),
    shape("polygon", {
      points: list([
        [x + w, y + skew],
        [x + w + box.depth, y + skew],
        [x + w + box.depth, y + skew + h],
        [x + w, y + skew + h],
      ]),
      fill: mix(colour, paper, 0.45),
      ...common,
    }),
    shape("polygon", {
      class: "face",
      points: list([
        [x, y],
        [x + w, y + skew],
        [x + w, y + skew + h],
        [x, y + h],
      ]),
      fill: exceeds ? mix(padding, paper, 0.35) : mix(colour, paper, 0.85),
      ...common,
    }),
  );
  if (box.folded) group.append(...bands(box, props));
  return group;
}

/**
 * The branches that a folded block lays side by side, as parts of its side.
 *
 * @param {Box} box
 * @param {Props} props
 */
function bands(box, props) {
  const { network, colours } = props;
  const join = box.rows.find((number) => network.rows[number]?.call.startsWith("Concat"));
  const inputs = join === undefined ? [] : (network.rows[join]?.inputs ?? []);
  const total = inputs.reduce((sum, from) => sum + (network.rows[from]?.shape[1] ?? 0), 0);
  let before = 0;
  return inputs.slice(0, -1).map((from) => {
    before += network.rows[from]?.shape[1] ?? 0;
    const x = box.x + box.face.w + (box.depth * before) / total;
    const y = box.y + box.face.skew;
    return shape("line", {
      x1: x,
      x2: x,
      y1: y,
      y2: y + box.face.h,
      stroke: colours.paper ?? "#fff",
      "stroke-width": 1.6,
    });
  });
}

/**
 * Lines from box to box; skips as arcs above, and where they meet again a sign.
 *
 * @param {Layout} layout
 * @param {Props} props
 */
export function drawEdges(layout, props) {
  const { network, colours } = props;
  const { muted = "#666", weight = "#d55e00", paper = "#fff" } = colours;
  /** @type {SVGElement[]} */
  const edges = [];
  const signs = [];
  for (const [place, box] of layout.boxes.entries()) {
    const into = { x: box.x + box.face.w / 2, y: box.y + box.face.skew / 2 };
    for (const number of box.rows) {
      const row = network.rows[number];
      if (!row) continue;
      for (const [which, input] of row.inputs.entries()) {
        const from = layout.of.get(input);
        if (!from || from === box) continue;
        const isNext = layout.boxes[place - 1] === from && (which === 0 || !row.call.startsWith("Add"));
        edges.push(
          isNext || box.lanes > 1 || from.lanes > 1 ? wire(from, box, muted) : arc(from, box, weight),
        );
      }
      if (row.kind === "join")
        signs.push(sign(box, row.call.startsWith("Add") ? "+" : "∥", number, props, into));
    }
    const before = layout.boxes[place - 1];
    if (box.folded && before) {
      const joins = box.rows.map((number) => network.rows[number]);
      if (joins.some((row) => row?.call.startsWith("Add"))) {
        edges.push(
          arc(
            before,
            box,
            weight,
            joins.some((row) => row?.kind === "conv" && row.branch > 0),
          ),
        );
      }
      const branches = joins.find((row) => row?.call.startsWith("Concat"))?.inputs.length ?? 0;
      for (let i = 0; i < branches; i += 1) edges.push(strand(before, box, i, branches, weight));
    }
  }
  edges.push(...signs.map((each) => each));
  if (!network.rows.length) edges.push(shape("circle", { r: 0, fill: paper }));
  return edges;
}

/** @param {Box} box @returns {[number, number]} */
const exit = (box) => [box.x + box.face.w + box.depth, box.y + box.face.skew + box.face.h / 2];
/** @param {Box} box @returns {[number, number]} */
const entry = (box) => [box.x + box.face.w / 2, box.y + box.face.skew / 2 + box.face.h / 2];

/** @param {Box} from @param {Box} to @param {string} colour */
function wire(from, to, colour) {
  const [x1, y1] = exit(from);
  const [x2, y2] = [to.x, entry(to)[1]];
  const bend = (x2 - x1) / 2;
  return shape("path", {
    class: "wire",
    d: `M${x1},${y1}C${x1 + bend},${y1} ${x2 - bend},${y2} ${x2},${y2}`,
    fill: "none",
    stroke: colour,
    "stroke-width": 1.4,
  });
}

/**
 * A skip, over what it passes; with a small box where it has a convolution of its own.
 *
 * @param {Box} from
 * @param {Box} to
 * @param {string} colour
 * @param {boolean} [projected]
 */
function arc(from, to, colour, projected = false) {
  const [x1, y1] = [from.x + from.face.w + from.depth / 2, from.y + from.face.skew];
  const [x2, y2] = [to.x + to.face.w + to.depth / 2, to.y + to.face.skew];
  const top = Math.min(y1, y2) - 16 - Math.min(24, (x2 - x1) / 10);
  const group = shape("g", { class: "skip" });
  group.append(
    shape("path", {
      d: `M${x1},${y1}C${x1},${top} ${x2},${top} ${x2},${y2 - 8}`,
      fill: "none",
      stroke: colour,
      "stroke-width": 2,
    }),
  );
  if (projected) {
    const [x, y] = [(x1 + x2) / 2, (y1 + y2 - 8) / 8 + (6 * top) / 8];
    group.append(shape("rect", { x: x - 4, y: y - 4, width: 8, height: 8, fill: colour }));
  }
  return group;
}

/** @param {Box} from @param {Box} to @param {number} i @param {number} count @param {string} colour */
function strand(from, to, i, count, colour) {
  const spread = (i - (count - 1) / 2) * 5;
  const [x1, y1] = exit(from);
  const [x2, y2] = [to.x, entry(to)[1]];
  return shape("path", {
    class: "strand",
    d: `M${x1},${y1}C${x1 + (x2 - x1) / 3},${y1} ${x1 + (x2 - x1) / 3},${y2 + spread} ${x2},${y2 + spread}`,
    fill: "none",
    stroke: colour,
    "stroke-width": 1.6,
  });
}

/**
 * The sign of a sum or of a concatenation, with what it says of the shapes.
 *
 * @param {Box} box
 * @param {string} text
 * @param {number} number
 * @param {Props} props
 * @param {{ x: number, y: number }} at
 */
function sign(box, text, number, props, at) {
  const { paper = "#fff", weight = "#d55e00" } = props.colours;
  const isBoxOfItsOwn = box.rows[0] === number;
  const x = isBoxOfItsOwn ? at.x : box.x + box.face.w + box.depth / 2;
  const y = box.y + box.face.skew - (isBoxOfItsOwn ? 10 : 4);
  const group = shape("g", { class: "meeting", "data-join": number + 1 });
  group.append(
    shape("title", {}, meeting(props.network, number, props.labels)),
    shape("circle", { cx: x, cy: y, r: 8, fill: paper, stroke: weight, "stroke-width": 1.8 }),
    shape(
      "text",
      {
        x,
        y: y + 4.5,
        "text-anchor": "middle",
        "font-size": 14,
        "font-weight": 700,
        "font-family": FONT,
        fill: weight,
      },
      text,
    ),
  );
  return group;
}

/**
 * Channels under the boxes, height × width under those where it changes; none over another.
 *
 * @param {Layout} layout
 * @param {Props} props
 */
export function drawLabels(layout, props) {
  const { ink = "#000", muted = "#666", wrong = "#c1272d" } = props.colours;
  /** @type {SVGElement[]} */
  const texts = [];
  let [free, freeBelow] = [0, 0];
  let last = "";
  const bottom = layout.height;
  for (const box of layout.boxes) {
    if (box.lanes > 1) continue;
    const x = box.x + (box.face.w + box.depth) / 2;
    const channels = box.channels.toLocaleString("en-US");
    const half = channels.length * 3.9 + 2;
    const sides = box.sides.join("×");
    const attributes = { "text-anchor": "middle", "font-size": 14, "font-family": FONT };
    if (x - half >= free && box.kind !== "flatten") {
      texts.push(
        shape("text", { x, y: bottom + 18, fill: ink, "font-weight": 600, ...attributes }, channels),
      );
      free = x + half + 3;
    }
    const halfBelow = sides.length * 3.6 + 2;
    const below = Math.max(x, halfBelow);
    if (sides !== last && below - halfBelow >= freeBelow) {
      texts.push(shape("text", { x: below, y: bottom + 36, fill: muted, ...attributes }, sides));
      freeBelow = below + halfBelow + 4;
      last = sides;
    }
  }
  const { broken, rows } = props.network;
  if (broken && !broken.backward && rows.length === broken.row) {
    const box = layout.boxes.at(-1);
    const x = box ? box.x + box.face.w + box.depth + 14 : 20;
    texts.push(
      shape("path", {
        class: "broken",
        d: `M${x},${layout.middle - 9}l18,18m0,-18l-18,18`,
        stroke: wrong,
        "stroke-width": 4,
        "stroke-linecap": "round",
      }),
      shape(
        "text",
        {
          x: x + 26,
          y: layout.middle + 5,
          fill: wrong,
          "font-size": 15,
          "font-weight": 700,
          "font-family": FONT,
        },
        fill(props.labels.breaks_row ?? "", { row: broken.row + 1 }),
      ),
    );
  }
  return texts;
}

/**
 * A rectangle of cells on a box's face.
 *
 * @param {Box} box
 * @param {{ top: number, bottom: number, left: number, right: number }} hull
 * @returns {[number, number][]}
 */
export function patch(box, hull) {
  const [height, width] = box.sides;
  const [left, right] = [hull.left / width, (hull.right + 1) / width];
  const [top, bottom] = [hull.top / height, (hull.bottom + 1) / height];
  return [
    onFace(box, left, top),
    onFace(box, right, top),
    onFace(box, right, bottom),
    onFace(box, left, bottom),
  ];
}

export { FONT, list };
