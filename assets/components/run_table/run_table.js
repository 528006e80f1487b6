// The learner's runs: each with its colour on the charts, its name to be edited in place, what it reached, and what
// can be done with it. A run is meant by its id, wherever it stands and whatever it is called.
//
// data: Props as JSON text. state: acts = JSON text of Acts: every act that Python has not confirmed yet, numbered, so
// that none is lost or done twice however quickly they follow each other.

/** @import { FrontendRendererArgs } from "@streamlit/component-v2-lib" */
import { keeper, readProps } from "../shared/data.js";
import { button, keepingFocus, make, retitle, rootOf, setColours } from "../shared/dom.js";
import { fill } from "../shared/text.js";

/**
 * @typedef {{
 *   id: string, number: number, name: string, given: string, settings: string, state: string,
 *   accuracy: number | null, seconds: number | null, target: number | null, isBest: boolean, isMine: boolean,
 *   isShown: boolean, isLaid: boolean, isOpen: boolean, colour: string,
 * }} Run `given` is the learner's own name for it, "" for none; `colour` "" where it is on no chart
 * @typedef {{
 *   runs: Run[], done: { token: string, number: number }, most: number, longest: number,
 *   labels: Record<"table" | "charts" | "name" | "state" | "accuracy" | "seconds" | "target" | "best" | "lay" |
 *     "laid" | "rename" | "show" | "shown" | "files" | "remove" | "sort" | "full" | "colon", string>,
 *   colours: Record<string, string>,
 * }} Props
 * @typedef {"rename" | "lay" | "show" | "files" | "remove"} Doing
 * @typedef {{ number: number, doing: Doing, run: string, value: string }} Act
 * @typedef {{ acts: string }} State
 * @typedef {"number" | "name" | "accuracy" | "seconds" | "target"} Column
 */

/** @type {readonly Column[]} */
const COLUMNS = ["name", "accuracy", "seconds", "target"];

class RunTable {
  /**
   * @param {HTMLElement} root
   * @param {(acts: string) => void} report
   */
  constructor(root, report) {
    this.root = root;
    this.report = report;
    this.token = crypto.getRandomValues(new Uint32Array(2)).join("-");
    this.last = 0;
    /** @type {Act[]} */
    this.acts = [];
    /** @type {Map<string, Row>} */
    this.rows = new Map();
    /** @type {Column} */
    this.sortedBy = "number";
    this.isRising = false;
    this.wire = "";
    /** @type {Props | null} */
    this.props = null;
    this.head = make("tr");
    this.body = make("tbody");
    const table = make("table");
    const head = make("thead");
    head.append(this.head);
    table.append(head, this.body);
    root.replaceChildren(table);
    this.table = table;
  }

  /** @param {string} wire */
  update(wire) {
    if (wire === this.wire) return;
    this.wire = wire;
    const props = /** @type {Props} */ (readProps(wire));
    this.props = props;
    if (props.done.token === this.token)
      this.acts = this.acts.filter((act) => act.number > props.done.number);
    setColours(this.root, props.colours);
    this.table.setAttribute("aria-label", props.labels.table);
    this.drawHead(props);
    this.drawRows(props);
  }

  /** @param {Doing} doing @param {string} run @param {string} [value] */
  act(doing, run, value = "") {
    this.last += 1;
    this.acts = [...this.acts, { number: this.last, doing, run, value }];
    this.report(JSON.stringify({ token: this.token, acts: this.acts }));
  }

  /** The name that was typed and that Python has not confirmed yet. @param {string} run */
  typedName(run) {
    return this.acts.findLast((act) => act.doing === "rename" && act.run === run)?.value;
  }

  /** @param {Props} props */
  drawHead({ labels }) {
    const cells = [make("th", "charts", labels.charts)];
    for (const column of COLUMNS) {
      const cell = make("th", column);
      const isSorted = this.sortedBy === column;
      const words = labels[/** @type {"name" | "accuracy" | "seconds" | "target"} */ (column)];
      const sorter = button(fill(labels.sort, { column: words }), words, () => this.sort(column));
      if (isSorted) {
        const mark = make("span", "", this.isRising ? " ▲" : " ▼");
        mark.setAttribute("aria-hidden", "true");
        sorter.append(mark);
        cell.setAttribute("aria-sort", this.isRising ? "ascending" : "descending");
      }
      cell.append(sorter);
      cells.push(cell);
    }
    cells.splice(2, 0, make("th", "state", labels.state));
    keepingFocus(this.head, () => this.head.replaceChildren(...cells));
  }

  /** @param {Column} column */
  sort(column) {
    const first = column === "name" || column === "seconds" || column === "target";
    this.isRising = this.sortedBy === column ? !this.isRising : first;
    this.sortedBy = column;
    if (!this.props) return;
    this.drawHead(this.props);
    this.drawRows(this.props);
  }

  /** @param {readonly Run[]} runs */
  ordered(runs) {
    const by = this.sortedBy;
    const sign = this.isRising ? 1 : -1;
    return [...runs].sort((a, b) => {
      const [one, other] = [a[by], b[by]];
      if (one === null || other === null) return Number(one === null) - Number(other === null);
      const order =
        typeof one === "string"
          ? one.localeCompare(String(other), undefined, { numeric: true })
          : one - Number(other);
      return order ? sign * order : b.number - a.number;
    });
  }

  /** @param {Props} props */
  drawRows(props) {
    const wanted = this.ordered(props.runs);
    const known = new Set(wanted.map((run) => run.id));
    let left = -1;
    for (const [id, row] of this.rows) {
      if (known.has(id)) continue;
      if (row.node.matches(":focus-within")) left = [...this.body.children].indexOf(row.node);
      row.node.remove();
      this.rows.delete(id);
    }
    const isFull = wanted.filter((run) => run.isLaid).length >= props.most;
    wanted.forEach((run, place) => {
      const row = this.rows.get(run.id) ?? new Row(this, run.id);
      this.rows.set(run.id, row);
      row.update(run, props, isFull);
      // A row that is where it belongs is not touched: a field would lose the cursor.
      const there = this.body.children[place];
      if (there !== row.node) this.body.insertBefore(row.node, there ?? null);
    });
    // Who removed a run stands on the one that has taken its place.
    const now = left < 0 ? undefined : wanted[Math.min(left, wanted.length - 1)];
    if (now) this.rows.get(now.id)?.takeFocus();
  }
}

class Row {
  /** @param {RunTable} table @param {string} id */
  constructor(table, id) {
    this.id = id;
    this.table = table;
    this.node = make("tr");
    this.node.dataset.run = id;
    this.lay = button("", "", () => table.act("lay", id, this.isLaid ? "off" : "on"), "lay");
    this.isLaid = false;
    this.name = make("input", "run-name");
    this.name.type = "text";
    this.name.spellcheck = false;
    this.said = "";
    this.name.onkeydown = (event) => {
      if (event.isComposing) return; // Enter takes the characters that an input method offers
      if (event.key === "Escape") this.name.value = this.said;
      if (event.key === "Enter" || event.key === "Escape") this.name.blur();
      event.stopPropagation(); // a letter typed here is no shortcut of the page
    };
    this.name.onblur = () => this.rename();
    this.plain = make("span", "run-name");
    this.settings = make("small");
    this.state = make("td", "state");
    this.accuracy = make("td", "accuracy");
    this.seconds = make("td", "seconds");
    this.target = make("td", "target");
    this.show = button("", "", () => table.act("show", id));
    this.files = button("", "", () => table.act("files", id));
    this.remove = button("", "", () => table.act("remove", id));
    const charts = make("td", "charts");
    charts.append(this.lay);
    const name = make("td", "name");
    name.append(this.name, this.plain, this.settings);
    const acts = make("div", "acts");
    acts.append(this.show, this.files, this.remove);
    name.append(acts);
    this.node.append(charts, name, this.state, this.accuracy, this.seconds, this.target);
  }

  takeFocus() {
    (this.remove.hidden ? this.files : this.remove).focus({ preventScroll: true });
  }

  rename() {
    const typed = this.name.value.trim();
    if (typed === this.said) {
      this.name.value = this.said;
      return;
    }
    this.said = typed;
    this.table.act("rename", this.id, typed);
  }

  /** @param {Run} run @param {Props} props @param {boolean} isFull */
  update(run, { labels, longest }, isFull) {
    const name = run.name;
    this.node.classList.toggle("shown", run.isShown);
    this.node.classList.toggle("open", run.isOpen);
    this.isLaid = run.isLaid;
    this.lay.style.setProperty("--colour", run.colour || "transparent");
    this.lay.disabled = run.isShown || (isFull && !run.isLaid);
    this.lay.setAttribute("aria-pressed", String(run.isLaid || run.isShown));
    const tip = run.isShown ? labels.shown : run.isLaid ? labels.laid : isFull ? labels.full : labels.lay;
    for (const attribute of ["title", "aria-label"]) this.lay.setAttribute(attribute, fill(tip, { name }));
    this.name.hidden = !run.isMine;
    this.plain.hidden = run.isMine;
    this.plain.textContent = name;
    this.name.maxLength = longest;
    this.name.setAttribute("aria-label", fill(labels.rename, { name }));
    this.name.title = fill(labels.rename, { name });
    // Without a name of its own a run shows its number's, which gives way to what is typed.
    this.name.placeholder = name;
    const isEdited = this.name.matches(":focus");
    if (!isEdited) {
      this.said = this.table.typedName(run.id) ?? run.given;
      this.name.value = this.said;
    }
    this.settings.textContent = run.settings;
    this.state.textContent = run.state;
    this.accuracy.textContent = run.accuracy === null ? "–" : `${run.accuracy.toFixed(2)} %`;
    if (run.isBest) this.accuracy.append(make("span", "best", `★ ${labels.best}`));
    this.seconds.textContent = run.seconds === null ? "–" : run.seconds.toFixed(1);
    this.target.textContent = run.target === null ? "–" : run.target.toFixed(1);
    /** @type {[HTMLButtonElement, string][]} */
    const acts = [
      [this.show, labels.show],
      [this.files, labels.files],
      [this.remove, labels.remove],
    ];
    for (const [node, words] of acts) {
      node.textContent = words;
      retitle(node, words + labels.colon + name);
    }
    this.show.disabled = run.isShown;
    this.files.setAttribute("aria-expanded", String(run.isOpen));
    this.remove.hidden = !run.isMine;
  }
}

const kept = keeper(() => /** @type {{ table: RunTable | null }} */ ({ table: null }));

/** @param {FrontendRendererArgs<State, string>} args */
export default function ({ data, parentElement, setStateValue }) {
  const mine = kept(parentElement);
  const root = rootOf(parentElement, ".run-table");
  mine.table ??= new RunTable(root, (acts) => setStateValue("acts", acts));
  mine.table.update(data);
}
