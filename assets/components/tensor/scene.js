// One drawing of the picture: its cells, and how to read one.

/** @import { Edit, Entry, Kept, Props } from "./types.js" */

import { sourceOf } from "./colours.js";
import { formatNumber, unravel } from "./numbers.js";

/** @type {WeakMap<Element, Entry>} */
const entryOfCell = new WeakMap();

/**
 * The cell that an element is part of.
 *
 * @param {EventTarget | Element | null | undefined} target
 */
export function entryAt(target) {
  const cell = target instanceof Element ? target.closest(".cell") : null;
  return (cell && entryOfCell.get(cell)) ?? null;
}

export class Scene {
  /**
   * @param {Props} props
   * @param {HTMLElement} root
   * @param {Kept} kept
   * @param {(edit: Edit) => void} report
   */
  constructor(props, root, kept, report) {
    this.props = props;
    this.root = root;
    this.kept = kept;
    this.report = report;
    /** @type {Entry[]} */
    this.entries = [];
    /** Cells that show the same element. @type {Map<number, Entry[]>} */
    this.bySource = new Map();
    /** @type {HTMLElement[]} */
    this.lit = [];
    /** @type {Animation[]} */
    this.motions = [];
    this.overlay = document.createElement("div");
    this.info = document.createElement("output");
    this.isRefused = false;
    this.refusalTimer = 0;
  }

  /** @param {Entry} entry */
  add(entry) {
    this.entries.push(entry);
    entryOfCell.set(entry.cell, entry);
  }

  /**
   * Forget the cells of one tensor, which is drawn anew.
   *
   * @param {number} which
   */
  forget(which) {
    this.entries = this.entries.filter((entry) => entry.which !== which);
  }

  /** After cells were drawn: who shows the same, and which cell the keyboard comes to first. */
  relate() {
    this.bySource = new Map();
    for (const entry of this.entries) {
      for (const source of entry.sources) {
        if (source < 0) continue;
        const same = this.bySource.get(source);
        if (same) same.push(entry);
        else this.bySource.set(source, [entry]);
      }
    }
    const reached = this.entries.find((entry) => entry.cell.tabIndex === 0);
    if (!reached && this.entries[0]) this.entries[0].cell.tabIndex = 0;
  }

  /**
   * "y[0, 1] = 3 ← x[1, 0]"
   *
   * @param {Omit<Entry, "cell">} entry
   */
  describe({ tensor, index, place, sources }) {
    const name = tensor.title || tensor.id;
    const exact = tensor.texts ? tensor.texts[place] : formatNumber(tensor.numbers[place], tensor.kind, 7);
    const own = index.length ? `${name}[${index.join(", ")}]` : name;
    const from = sources.flatMap((number) => {
      const source = number >= 0 ? sourceOf(number, this.props.groups) : null;
      if (!source) return [];
      const at = unravel(source.place, source.group.shape);
      return [at.length ? `${source.group.name}[${at.join(", ")}]` : source.group.name];
    });
    const origin = from.join(" + ");
    return `${own} = ${exact}${origin && origin !== own ? ` ← ${origin}` : ""}`;
  }
}
