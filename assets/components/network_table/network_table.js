// The table of a network: every row's shape and cost, shares as bars, blocks that fold; rows that can be edited,
// added, removed and moved where the network is a stack. An edit is reported whole, as the stack it makes.
//
// data: JSON text, see ../network/types.js, Props. state: edit = JSON text of the new stack, see Stack there.

import { meeting } from "../network/boxes.js";
import { blocksWithJoins } from "../network/layout.js";
import { keeper, readProps } from "../shared/data.js";
import { button, choice, keepingFocus, make, rootOf, setColours } from "../shared/dom.js";
import { fill } from "../shared/text.js";
import { field, form } from "./form.js";

/** @typedef {import("../network/types.js").Props} Props */
/** @typedef {import("../network/types.js").Row} Row */
/** @typedef {import("../network/types.js").Stack} Stack */
/** @typedef {import("../network/types.js").Described} Described */
/** @typedef {{ edit: string }} State */
/** @typedef {import("@streamlit/component-v2-lib").FrontendRendererArgs<State, string>} Args */

const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** @param {number} count bytes, in powers of 1,000 */
function bytes(count) {
  let [size, unit] = [count, 0];
  while (size >= 1000 && unit < UNITS.length - 1) [size, unit] = [size / 1000, unit + 1];
  return `${unit ? size.toFixed(1) : size} ${UNITS[unit]}`;
}

/** @param {number} count */
const whole = (count) => count.toLocaleString("en-US");
/** @param {readonly (number | null)[]} pair */
const pairText = ([a, b]) => (a === b ? `${a ?? "–"}` : `${a ?? "–"}×${b ?? "–"}`);

class Table {
  /**
   * @param {HTMLElement} root
   * @param {(edit: string) => void} report
   */
  constructor(root, report) {
    this.root = root;
    this.report = report;
    this.wire = "";
    /** @type {Set<string>} */
    this.closed = new Set();
    this.known = "";
    /** @type {number | null} */
    this.editing = null;
    /** @type {Props | null} */
    this.props = null;
  }

  /** @param {Props} props @param {string} wire */
  update(props, wire) {
    if (wire === this.wire) return;
    this.wire = wire;
    const blocks = [...blocksWithJoins(props.network)].filter(Boolean);
    if (blocks.join() !== this.known) {
      this.known = blocks.join();
      this.closed = new Set(blocks);
      this.editing = null;
    }
    this.props = props;
    setColours(this.root, props.colours, "--net-");
    this.draw();
  }

  draw() {
    const props = this.props;
    if (!props) return;
    const { network, labels, stack } = props;
    const table = make("table");
    const head = make("tr");
    for (const [words, className] of /** @type {[string | undefined, string][]} */ ([
      ["#", "n"],
      [labels.row, "layer"],
      [labels.output, "shape"],
      [labels.parameters, "number"],
      [labels.macs, "number"],
      [labels.bytes, "number"],
      [labels.kept, "number"],
      [labels.field, "number"],
      [labels.jump, "number"],
    ])) {
      head.append(make("th", className, words ?? ""));
    }
    if (stack) head.append(make("td", "acts"));
    const thead = make("thead");
    thead.append(head);
    const body = make("tbody");
    const batch = network.input[0] ?? 1;
    this.most = {
      parameters: Math.max(1, ...network.rows.map((row) => row.parameters)),
      macs: Math.max(1, ...network.rows.map((row) => row.macs / batch)),
      bytes: Math.max(1, ...network.rows.map((row) => row.bytes)),
      kept: Math.max(1, ...network.rows.map((row) => row.kept)),
    };
    body.append(this.inputRow(props));
    const joins = blocksWithJoins(network);
    let block = "";
    network.rows.forEach((row, number) => {
      if (row.block !== block && row.block && joins.has(row.block))
        body.append(this.blockRow(props, row.block));
      block = row.block;
      if (this.closed.has(row.block)) return;
      body.append(this.rowOf(props, row, number));
      if (this.editing === number && stack) body.append(this.formRow(props, stack, number));
    });
    network.rest.forEach((rest, at) => {
      const number = network.rows.length + at;
      body.append(this.restRow(props, rest.call, number));
      if (this.editing === number && stack) body.append(this.formRow(props, stack, number));
    });
    body.append(this.totalRow(props));
    table.append(thead, body);
    const scroller = make("div", "net-scroll");
    scroller.append(table);
    const kept = this.root.querySelector(".net-scroll")?.scrollLeft ?? 0;
    keepingFocus(this.root, () => this.root.replaceChildren(scroller));
    scroller.scrollLeft = kept;
  }

  /** @param {Props} props */
  inputRow({ network, labels, stack, most }) {
    const line = make("tr", "input");
    const name = make("td", "layer", labels.input ?? "");
    const shape = make("td", "shape", network.input.slice(1).join("×"));
    if (stack) {
      const box = make("label", "net-field");
      box.append(
        make("small", "", labels.channels ?? ""),
        field(stack.channels, 1, most.channels, labels, false, (channels) =>
          this.send({ ...(this.props?.stack ?? stack), channels: channels ?? 1 }),
        ),
      );
      name.append(box);
    }
    line.append(make("td", "n", "0"), name, shape);
    for (let i = 0; i < 4; i += 1) line.append(make("td", "number"));
    line.append(make("td", "number", "1"), make("td", "number", "1"));
    if (stack) {
      const acts = make("td", "acts");
      acts.append(this.inserter(-1));
      line.append(acts);
    }
    return line;
  }

  /** A block that folds, with its sums. @param {Props} props @param {string} block */
  blockRow({ network, labels }, block) {
    const rows = network.rows.filter((row) => row.block === block);
    const isClosed = this.closed.has(block);
    const line = make("tr", "block");
    const name = make("td", "layer");
    const words = fill((isClosed ? labels.unfold : labels.fold) ?? "", { name: block });
    const said = fill(labels.block ?? "", { name: block, count: rows.length });
    const toggle = button(words, `${isClosed ? "▸" : "▾"} ${said}`, () => {
      if (isClosed) this.closed.delete(block);
      else this.closed.add(block);
      this.draw();
    });
    toggle.setAttribute("aria-label", said);
    toggle.setAttribute("aria-expanded", String(!isClosed));
    name.append(toggle);
    const join = network.rows.findIndex((row) => row.block === block && row.kind === "join");
    if (join >= 0) name.append(make("small", "meets", meeting(network, join, labels)));
    const last = rows.at(-1);
    /** @param {(row: Row) => number} of */
    const sum = (of) => rows.reduce((total, row) => total + of(row), 0);
    const batch = network.input[0] ?? 1;
    line.append(
      make("td", "n"),
      name,
      make("td", "shape", last?.shape.slice(1).join("×") ?? ""),
      make("td", "number", whole(sum((row) => row.parameters))),
      make("td", "number", whole(sum((row) => row.macs) / batch)),
      make("td", "number", bytes(sum((row) => row.bytes))),
      make("td", "number", bytes(sum((row) => row.kept))),
      make("td", "number", last ? pairText(last.field) : ""),
      make("td", "number", last ? pairText(last.jump) : ""),
    );
    if (rows.some((row) => row.exceeds)) line.classList.add("exceeds");
    return line;
  }

  /** @param {Props} props @param {Row} row @param {number} number */
  rowOf({ network, labels, stack }, row, number) {
    const line = make("tr");
    line.dataset.row = String(number + 1);
    if (row.exceeds) line.classList.add("exceeds");
    if (network.broken?.row === number) line.classList.add("broken");
    const name = make("td", "layer");
    name.append(make("code", "", row.call));
    if (row.name && !stack) name.append(make("small", "", row.name));
    if (row.kind === "join") name.append(make("small", "meets", meeting(network, number, labels)));
    if (row.empty) name.append(make("strong", "breaks", labels.empty ?? ""));
    if (network.broken?.row === number) name.append(make("strong", "breaks", labels.overwrites ?? ""));
    const batch = network.input[0] ?? 1;
    const most = this.most ?? { parameters: 1, macs: 1, bytes: 1, kept: 1 };
    line.append(
      make("td", "n", String(number + 1)),
      name,
      make("td", "shape", row.shape.slice(1).join("×")),
      this.bar(whole(row.parameters), row.parameters / most.parameters, "weight"),
      this.bar(whole(row.macs / batch), row.macs / batch / most.macs, "output"),
      this.bar(bytes(row.bytes), row.bytes / most.bytes, "input"),
      this.bar(bytes(row.kept), row.kept / most.kept, "padding"),
      make(
        "td",
        "number",
        row.whole ? ((row.covers ? labels.whole : labels.left) ?? "") : pairText(row.field),
      ),
      make("td", "number", row.whole ? "–" : pairText(row.jump)),
    );
    if (stack) line.append(this.acts(number));
    return line;
  }

  /** @param {string} words @param {number} share @param {string} colour */
  bar(words, share, colour) {
    const cell = make("td", `number bar ${colour}`);
    cell.style.setProperty("--share", `${(100 * share).toFixed(1)}%`);
    cell.append(make("span", "", words));
    return cell;
  }

  /** @param {Props} props @param {string} call @param {number} number */
  restRow({ network, labels, stack }, call, number) {
    const isBroken = network.broken?.row === number;
    const line = make("tr", isBroken ? "broken" : "rest");
    line.dataset.row = String(number + 1);
    const name = make("td", "layer");
    name.append(make("code", "", call));
    const words = make("td", "shape", (isBroken ? labels.breaks : labels.not_reached) ?? "");
    words.colSpan = 7;
    line.append(make("td", "n", String(number + 1)), name, words);
    if (stack) line.append(this.acts(number));
    return line;
  }

  /** @param {Props} props */
  totalRow({ network, labels, stack }) {
    const { parameters, macs, bytes: outputs, kept } = network.totals;
    const line = make("tr", "total");
    line.append(
      make("td", "n"),
      make("td", "layer", labels.total ?? ""),
      make("td", "shape"),
      make("td", "number", whole(parameters)),
      make("td", "number", whole(macs / (network.input[0] ?? 1))),
      make("td", "number", bytes(outputs)),
      make("td", "number", bytes(kept)),
      make("td", "number"),
      make("td", "number"),
    );
    if (stack) line.append(make("td", "acts"));
    return line;
  }

  // --- editing ----------------------------------------------------------------------------------------------------

  /** @param {number} number */
  acts(number) {
    const cell = make("td", "acts");
    const { labels = {} } = this.props ?? {};
    const slots = { row: number + 1 };
    const edit = button(fill(labels.edit ?? "", slots), "✎", () => {
      this.editing = this.editing === number ? null : number;
      this.draw();
    });
    edit.setAttribute("aria-expanded", String(this.editing === number));
    const remove = button(fill(labels.remove ?? "", slots), "×", () => this.remove(number));
    cell.append(edit, this.inserter(number), remove);
    return cell;
  }

  /** @param {number} number @param {number} rows */
  movers(number, rows) {
    const { labels = {} } = this.props ?? {};
    const slots = { row: number + 1 };
    const up = button(fill(labels.up ?? "", slots), "↑", () => this.move(number, -1));
    up.disabled = number === 0;
    const down = button(fill(labels.down ?? "", slots), "↓", () => this.move(number, 1));
    down.disabled = number === rows - 1;
    [up.dataset.keep, down.dataset.keep] = ["up", "down"]; // along with the row, whose number they say
    return [up, down];
  }

  /** A menu of kinds that adds a row. @param {number} after */
  inserter(after) {
    const { labels = {}, forms = {}, stack, most } = this.props ?? {};
    const words = fill(labels.insert ?? "", { row: after + 1 });
    const kinds = Object.keys(forms);
    const menu = choice(
      words,
      [["", "+"], ...kinds.map((kind) => /** @type {const} */ ([kind, kind]))],
      (kind) => {
        menu.value = "";
        if (kind) this.insert(after, kind);
      },
    );
    menu.classList.add("adder");
    if (!stack || !most || stack.rows.length < most.rows) return menu;
    menu.disabled = true;
    menu.title = fill(labels.full ?? "", { rows: most.rows });
    return menu;
  }

  /** @param {number} after @param {string} kind */
  insert(after, kind) {
    const { stack, forms, most } = this.props ?? {};
    const fresh = forms?.[kind]?.new;
    if (!stack || !fresh || !most) return;
    const at = after + 1;
    /** @type {Described} */
    const row = kind === "Add" || kind === "Concat" ? { ...fresh, other: Math.max(0, at - 1) } : { ...fresh };
    const rows = stack.rows.map((each) =>
      shifted(each, (other) => (other > at ? Math.min(other + 1, most.rows) : other)),
    );
    this.editing = at;
    this.send({ ...stack, rows: [...rows.slice(0, at), row, ...rows.slice(at)] });
  }

  /** @param {number} number */
  remove(number) {
    const { stack } = this.props ?? {};
    if (!stack) return;
    const rows = stack.rows
      .filter((_, place) => place !== number)
      .map((each) => shifted(each, (other) => (other > number ? other - 1 : other)));
    this.editing = null;
    this.send({ ...stack, rows });
  }

  /** @param {number} number @param {-1 | 1} way */
  move(number, way) {
    const { stack } = this.props ?? {};
    const there = number + way;
    if (!stack || there < 0 || there >= stack.rows.length) return;
    const rows = [...stack.rows];
    const [row] = rows.splice(number, 1);
    if (!row) return;
    rows.splice(there, 0, row);
    const [low, high] = [Math.min(number, there) + 1, Math.max(number, there) + 1];
    const swapped = rows.map((each, place) =>
      // The two rows have exchanged numbers; nothing may take a row that comes after it.
      shifted(each, (other) => Math.min(other === low ? high : other === high ? low : other, place)),
    );
    if (this.editing === number) this.editing = there;
    this.send({ ...stack, rows: swapped });
  }

  /** @param {Props} props @param {Stack} stack @param {number} number */
  formRow(props, stack, number) {
    const line = make("tr", "form");
    const cell = make("td");
    cell.colSpan = 10;
    const row = stack.rows[number];
    if (row) {
      cell.append(
        ...this.movers(number, stack.rows.length),
        form(row, number, props, (changed) => {
          // Onto what was edited since this form was drawn: the server's answer to that may still be on its way.
          const now = this.props?.stack ?? stack;
          const rows = now.rows.map((each, place) => (place === number ? { ...each, ...changed } : each));
          this.send({ ...now, rows });
        }),
      );
    }
    line.append(cell);
    return line;
  }

  /** @param {Stack} stack */
  send(stack) {
    if (this.props) this.props = { ...this.props, stack };
    this.report(JSON.stringify(stack));
  }
}

/** @param {Described} row @param {(other: number) => number} change @returns {Described} */
const shifted = (row, change) => (typeof row.other === "number" ? { ...row, other: change(row.other) } : row);

const kept = keeper(() => /** @type {{ table: Table | null }} */ ({ table: null }));

/** @param {Args} args */
export default function ({ data, parentElement, setStateValue }) {
  const root = rootOf(parentElement, ".net-table");
  const mine = kept(parentElement);
  const report = (/** @type {string} */ edit) => setStateValue("edit", edit);
  if (mine.table?.root !== root) mine.table = new Table(root, report);
  mine.table.report = report;
  mine.table.update(readProps(data), data);
}
