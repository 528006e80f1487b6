// The cards of the nodes: sign or name, value, gradient, in fixed places so that nothing moves when numbers change.

import { make } from "../shared/dom.js";
import { brief, rowsOf } from "./numbers.js";

/** @typedef {import("./numbers.js").Nested} Nested */
/**
 * @typedef {{ title: string, name: string, source: string, kind: "leaf" | "op" | "output", value: Nested,
 *   tracked: boolean, mark: string, reading: string }} NodeProps
 */
/** @typedef {{ card: HTMLElement, grads: HTMLElement[], none: HTMLElement, unit: HTMLElement }} Card */

const CELL = 56;
const LINE = 22;
const SCALAR = 116;

/**
 * @param {NodeProps} node
 * @returns {import("./layout.js").Size}
 */
export function sizeOf(node) {
  const rows = rowsOf(node.value);
  const isScalar = !Array.isArray(node.value);
  return {
    width: isScalar ? SCALAR : Math.max(SCALAR, rows[0].length * CELL + 18),
    height: LINE + 2 * rows.length * LINE + (isScalar ? 12 : 20),
  };
}

/**
 * @param {number[][]} rows
 * @param {string} className
 */
export function grid(rows, className) {
  const node = make("div", `ag-grid ${className}`);
  node.style.gridTemplateColumns = `repeat(${rows[0].length}, 1fr)`;
  const cells = rows.flat().map((value) => make("span", "", brief(value)));
  node.append(...cells);
  return { node, cells };
}

/**
 * @param {NodeProps} props
 * @param {string} none what stands where there is no gradient: "None"
 * @returns {Card}
 */
export function makeCard(props, none) {
  const card = make("div", `ag-card ag-${props.kind}${props.tracked ? "" : " ag-untracked"}`);
  card.title = props.source;
  const head = make("div", "ag-title");
  head.append(make("b", "", props.title));
  if (props.mark) head.append(make("span", "ag-mark", props.mark));
  else if (props.name && props.name !== props.title) head.append(make("span", "ag-name", props.name));
  const rows = rowsOf(props.value);
  const value = grid(rows, "ag-value");
  const gradient = grid(
    rows.map((row) => row.map(() => 0)),
    "ag-grad",
  );
  const missing = make("span", "ag-none", none);
  const unit = make("div", "ag-grad-row");
  unit.append(make("span", "ag-label", ".grad"), missing, gradient.node);
  card.append(head, value.node, unit);
  return { card, grads: gradient.cells, none: missing, unit };
}

/**
 * @param {Card} card
 * @param {Nested | null} grad
 */
export function showGrad(card, grad) {
  card.unit.classList.toggle("ag-empty", grad === null);
  if (grad === null) return;
  rowsOf(grad)
    .flat()
    .forEach((value, i) => {
      card.grads[i].textContent = brief(value);
    });
}
