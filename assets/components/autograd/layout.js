// Where nodes and edges of a graph go: ranks along the main axis, from inputs to output, as few crossings as a few
// sweeps find. Pure: sizes in, places out.

/** @typedef {{ width: number, height: number }} Size */
/** @typedef {{ x: number, y: number, width: number, height: number }} Box */
/** @typedef {{ x: number, y: number }} Point */
/** @typedef {{ from: number, to: number }} Link */
/** @typedef {{ width: number, height: number, boxes: Box[], paths: Point[][] }} Layout */
/** @typedef {{ upwards: boolean, rankGap: number, gap: number }} Options `upwards`: inputs below, output on top */

/**
 * An entry of a rank: a node, or the place where a long edge passes.
 *
 * @typedef {{ node: number | null, main: number, cross: number, before: Entry[], after: Entry[], at: number }} Entry
 */

const SWEEPS = 8;
const PASSING = 26;

/**
 * The rank of each node: behind all its inputs; what has no inputs stands right before its first use.
 *
 * @param {number} count
 * @param {readonly Link[]} links every link goes from a lower number to a higher one
 */
export function ranksOf(count, links) {
  const ranks = new Array(count).fill(0);
  const hasInputs = new Array(count).fill(false);
  for (const { to } of links) hasInputs[to] = true;
  for (let node = 0; node < count; node += 1) {
    for (const link of links) {
      if (link.to === node) ranks[node] = Math.max(ranks[node], ranks[link.from] + 1);
    }
  }
  for (let node = 0; node < count; node += 1) {
    if (hasInputs[node]) continue;
    const uses = links.filter((link) => link.from === node).map((link) => ranks[link.to]);
    if (uses.length) ranks[node] = Math.min(...uses) - 1;
  }
  return ranks;
}

/**
 * @param {readonly Size[]} sizes
 * @param {readonly Link[]} links
 * @param {Options} options
 * @returns {Layout}
 */
export function layOut(sizes, links, options) {
  const ranks = ranksOf(sizes.length, links);
  const main = (/** @type {Size} */ size) => (options.upwards ? size.height : size.width);
  const cross = (/** @type {Size} */ size) => (options.upwards ? size.width : size.height);
  const entries = sizes.map((size, node) => entry(node, main(size), cross(size)));
  /** @type {Entry[][]} */
  const rows = Array.from({ length: Math.max(0, ...ranks) + 1 }, () => []);
  entries.forEach((each, node) => {
    rows[ranks[node]].push(each);
  });
  const chains = links.map(({ from, to }) => {
    const chain = [entries[from]];
    for (let rank = ranks[from] + 1; rank < ranks[to]; rank += 1) {
      const passing = entry(null, 0, PASSING);
      rows[rank].push(passing);
      chain.push(passing);
    }
    chain.push(entries[to]);
    for (let i = 1; i < chain.length; i += 1) {
      chain[i].before.push(chain[i - 1]);
      chain[i - 1].after.push(chain[i]);
    }
    return chain;
  });
  order(rows);
  uncross(rows);
  settle(rows, options.gap);
  return placed(rows, entries, chains, links, options);
}

/**
 * @param {number | null} node
 * @param {number} main
 * @param {number} cross
 * @returns {Entry}
 */
const entry = (node, main, cross) => ({ node, main, cross, before: [], after: [], at: 0 });

/** @param {readonly Entry[]} entries */
const meanPlace = (entries) => entries.reduce((sum, each) => sum + each.at, 0) / entries.length;

/**
 * Few crossings: each rank sorted by where its neighbours are, back and forth.
 *
 * @param {Entry[][]} rows
 */
function order(rows) {
  const number = (/** @type {Entry[]} */ row) => {
    row.forEach((each, i) => {
      each.at = i;
    });
  };
  rows.forEach(number);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const isForward = sweep % 2 === 1;
    for (const row of isForward ? rows : [...rows].reverse()) {
      const wanted = new Map(
        row.map((each) => {
          const near = isForward ? each.before : each.after;
          return [each, near.length ? meanPlace(near) : each.at];
        }),
      );
      row.sort((a, b) => (wanted.get(a) ?? 0) - (wanted.get(b) ?? 0));
      number(row);
    }
  }
}

/**
 * Crossings between a rank and the next.
 *
 * @param {readonly Entry[]} row
 */
function crossings(row) {
  const lines = row.flatMap((each) => each.after.map((next) => [each.at, next.at]));
  let count = 0;
  lines.forEach(([a, b], i) => {
    for (const [c, d] of lines.slice(i + 1)) if ((a - c) * (b - d) < 0) count += 1;
  });
  return count;
}

/**
 * Neighbours of a rank change places where that takes crossings away.
 *
 * @param {Entry[][]} rows
 */
function uncross(rows) {
  const around = (/** @type {number} */ rank) =>
    (rank > 0 ? crossings(rows[rank - 1]) : 0) + crossings(rows[rank]);
  const swap = (/** @type {Entry[]} */ row, /** @type {number} */ i) => {
    [row[i], row[i + 1]] = [row[i + 1], row[i]];
    row[i].at = i;
    row[i + 1].at = i + 1;
  };
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    rows.forEach((row, rank) => {
      for (let i = 0; i + 1 < row.length; i += 1) {
        const before = around(rank);
        swap(row, i);
        if (around(rank) >= before) swap(row, i);
      }
    });
  }
}

/**
 * Places across the ranks: near the neighbours, without overlaps.
 *
 * @param {Entry[][]} rows
 * @param {number} gap
 */
function settle(rows, gap) {
  for (const row of rows)
    spread(
      row,
      row.map((_each, i) => i),
      gap,
    );
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    for (const row of sweep % 2 ? [...rows].reverse() : rows) {
      const wanted = row.map((each) => {
        const near = [...each.before, ...each.after];
        return near.length ? meanPlace(near) : each.at;
      });
      spread(row, wanted, gap);
    }
  }
}

/**
 * As near to the wanted places as the order and the gaps allow.
 *
 * @param {Entry[]} row
 * @param {readonly number[]} wanted
 * @param {number} gap
 */
function spread(row, wanted, gap) {
  const apart = (/** @type {number} */ i) => (row[i - 1].cross + row[i].cross) / 2 + gap;
  const down = [...wanted];
  for (let i = 1; i < row.length; i += 1) down[i] = Math.max(down[i], down[i - 1] + apart(i));
  const up = [...wanted];
  for (let i = row.length - 2; i >= 0; i -= 1) up[i] = Math.min(up[i], up[i + 1] - apart(i + 1));
  row.forEach((each, i) => {
    each.at = (down[i] + up[i]) / 2;
  });
}

/**
 * @param {Entry[][]} rows
 * @param {Entry[]} entries
 * @param {Entry[][]} chains
 * @param {readonly Link[]} links
 * @param {Options} options
 * @returns {Layout}
 */
function placed(rows, entries, chains, links, options) {
  const all = rows.flat();
  const low = Math.min(...all.map((each) => each.at - each.cross / 2));
  const high = Math.max(...all.map((each) => each.at + each.cross / 2));
  const thick = rows.map((row) => Math.max(...row.map((each) => each.main)));
  const length = thick.reduce((sum, each) => sum + each, 0) + options.rankGap * (rows.length - 1);
  /** @type {Map<Entry, number>} */
  const middles = new Map();
  let start = 0;
  rows.forEach((row, rank) => {
    for (const each of row) middles.set(each, start + thick[rank] / 2);
    start += thick[rank] + options.rankGap;
  });
  const point = (/** @type {number} */ main, /** @type {number} */ cross) =>
    options.upwards ? { x: cross - low, y: length - main } : { x: main, y: cross - low };
  const middle = (/** @type {Entry} */ each) => middles.get(each) ?? 0;
  const boxes = entries.map((each) => {
    const at = point(middle(each), each.at);
    const [width, height] = options.upwards ? [each.cross, each.main] : [each.main, each.cross];
    return { x: at.x - width / 2, y: at.y - height / 2, width, height };
  });
  const paths = chains.map((chain, number) => {
    const { from, to } = links[number];
    const siblings = (/** @type {"from" | "to"} */ end) =>
      chains.filter((_each, i) => links[i][end] === links[number][end]);
    const leaving = port(siblings("from"), chain, 1, entries[from].cross);
    const coming = port(siblings("to"), chain, -2, entries[to].cross);
    return chain.map((each, i) => {
      if (i === 0) return point(middle(each) + each.main / 2, each.at + leaving);
      if (i === chain.length - 1) return point(middle(each) - each.main / 2, each.at + coming);
      return point(middle(each), each.at);
    });
  });
  const across = high - low;
  return {
    width: options.upwards ? across : length,
    height: options.upwards ? length : across,
    boxes,
    paths,
  };
}

/**
 * How far from the middle of its side an edge touches a node: in the order of the places that the edges come from.
 *
 * @param {readonly Entry[][]} siblings all chains at that side
 * @param {Entry[]} chain
 * @param {1 | -2} next which entry of a chain is the neighbour
 * @param {number} side
 */
function port(siblings, chain, next, side) {
  const sorted = [...siblings].sort((a, b) => (a.at(next)?.at ?? 0) - (b.at(next)?.at ?? 0));
  const gap = Math.min(26, (side - 16) / sorted.length);
  return (sorted.indexOf(chain) - (sorted.length - 1) / 2) * gap;
}

/**
 * A smooth line through points that leaves and arrives along the main axis.
 *
 * @param {readonly Point[]} points
 * @param {boolean} upwards
 */
export function curve(points, upwards) {
  const number = (/** @type {number} */ value) => value.toFixed(1);
  let text = `M${number(points[0].x)},${number(points[0].y)}`;
  for (let i = 1; i < points.length; i += 1) {
    const [a, b] = [points[i - 1], points[i]];
    const [first, second] = upwards
      ? [
          { x: a.x, y: (a.y + b.y) / 2 },
          { x: b.x, y: (a.y + b.y) / 2 },
        ]
      : [
          { x: (a.x + b.x) / 2, y: a.y },
          { x: (a.x + b.x) / 2, y: b.y },
        ];
    text += ` C${[first, second, b].map((p) => `${number(p.x)},${number(p.y)}`).join(" ")}`;
  }
  return text;
}
