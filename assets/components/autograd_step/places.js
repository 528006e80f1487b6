// Where the neurons of the 2-3-1 network stand, for a width. Pure.

/** @typedef {{ x: number, y: number }} Point */
/** @typedef {{ kind: "input" | "hidden" | "pred" | "loss", index: number, title: string } & Point} Neuron */
/**
 * @typedef {{ a: Point, b: Point, layer: number, parameter: string | null, index: number, label: Point }} Edge
 *   `index` is the weight's place in its tensor, row by row
 */

const WIDE = 520;

/**
 * @param {number} width
 * @returns {{ isWide: boolean, height: number, radius: number, nodes: Neuron[], edges: Edge[] }}
 */
export function place(width) {
  const isWide = width >= WIDE;
  const radius = isWide ? 30 : 24;
  const height = isWide ? 380 : 260;
  const columns = [0, 1, 2, 3].map((i) => radius + 6 + ((width - 2 * radius - 12) * i) / 3);
  const row = (/** @type {number} */ i, /** @type {number} */ count) =>
    38 + ((height - 60) * (i + 0.5)) / count;
  /** @type {Neuron[]} */
  const inputs = [0, 1].map((i) => ({
    kind: "input",
    index: i,
    title: `x${i + 1}`,
    x: columns[0],
    y: row(2 * i, 3),
  }));
  /** @type {Neuron[]} */
  const hidden = [0, 1, 2].map((i) => ({
    kind: "hidden",
    index: i,
    title: `h${i + 1}`,
    x: columns[1],
    y: row(i, 3),
  }));
  /** @type {Neuron} */
  const pred = { kind: "pred", index: 0, title: "pred", x: columns[2], y: row(0, 1) };
  /** @type {Neuron} */
  const loss = { kind: "loss", index: 0, title: "loss", x: columns[3], y: row(0, 1) };
  const first = hidden.flatMap((to, i) =>
    inputs.map((from, j) => edge(from, to, radius, 0, "fc1.weight", 2 * i + j, 0.32)),
  );
  const second = hidden.map((from, i) => edge(from, pred, radius, 1, "fc2.weight", i, 0.42));
  return {
    isWide,
    height,
    radius,
    nodes: [...inputs, ...hidden, pred, loss],
    edges: [...first, ...second, edge(pred, loss, radius, 2, null, 0, 0.5)],
  };
}

/**
 * @param {Point} from
 * @param {Point} to
 * @param {number} radius
 * @param {number} layer
 * @param {string | null} parameter
 * @param {number} index
 * @param {number} share where the label stands
 * @returns {Edge}
 */
function edge(from, to, radius, layer, parameter, index, share) {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const unit = { x: (to.x - from.x) / length, y: (to.y - from.y) / length };
  const a = { x: from.x + unit.x * radius, y: from.y + unit.y * radius };
  const b = { x: to.x - unit.x * radius, y: to.y - unit.y * radius };
  const label = { x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share };
  return { a, b, layer, parameter, index, label };
}
