// The form of one row: a field for each argument, named as in torch.nn.

import { choice, make, takeNumbers } from "../shared/dom.js";

/** @typedef {import("../network/types.js").Props} Props */
/** @typedef {import("../network/types.js").Described} Described */
/** @typedef {import("../network/types.js").Argument} Argument */

/**
 * @param {Described} row
 * @param {number} number
 * @param {Props} props
 * @param {(changed: Record<string, Described[string]>) => void} report what is another value now
 */
export function form(row, number, props, report) {
  const { forms, labels } = props;
  const node = make("div", "net-form");
  /** @param {string} name @param {Described[string]} value */
  const set = (name, value) => report({ [name]: value });
  for (const argument of forms[row.kind]?.arguments ?? []) {
    const box = make("label", "net-field");
    box.append(make("code", "", argument.torch), ...inputsFor(argument, row, labels, set));
    node.append(box);
  }
  if (typeof row.other === "number") {
    const box = make("label", "net-field");
    box.append(
      make("span", "", labels.other ?? ""),
      field(row.other, 0, number, labels, false, (value) => set("other", value)),
    );
    node.append(box);
  }
  if (!node.childNodes.length) node.append(make("span", "", row.kind));
  return node;
}

/**
 * @param {Argument} argument
 * @param {Described} row
 * @param {Record<string, string>} labels
 * @param {(name: string, value: Described[string]) => void} set
 */
function inputsFor(argument, row, labels, set) {
  const { name, kind, low, high } = argument;
  const value = row[name] ?? null;
  if (kind === "flag") {
    const box = make("input");
    box.type = "checkbox";
    box.checked = value === true;
    box.setAttribute("aria-label", argument.torch);
    box.onchange = () => set(name, box.checked);
    return [box];
  }
  if (kind === "choice") {
    const options = argument.options.map((option) => /** @type {const} */ ([option ?? "", option ?? "–"]));
    const menu = choice(argument.torch, options, (chosen) => set(name, chosen || null));
    menu.value = String(value ?? "");
    return [menu];
  }
  if (kind === "pair") {
    const pair = Array.isArray(value) ? value : [low, low];
    const now = [pair[0] ?? low, pair[1] ?? low];
    return [0, 1].map((axis) =>
      field(now[axis] ?? low, low, high, labels, false, (changed) => {
        now[axis] = changed ?? low;
        set(name, [now[0] ?? low, now[1] ?? low]);
      }),
    );
  }
  const number = typeof value === "number" ? value : null;
  return [field(number, low, high, labels, kind === "fitting", (changed) => set(name, changed))];
}

/**
 * A whole number; what is not allowed is said and not taken. Empty is what fits, where that is allowed.
 *
 * @param {number | null} value
 * @param {number} low
 * @param {number} high
 * @param {Record<string, string>} labels
 * @param {boolean} mayBeEmpty
 * @param {(value: number | null) => void} report
 */
export function field(value, low, high, labels, mayBeEmpty, report) {
  const node = make("input", "net-number");
  node.value = value === null ? "" : String(value);
  if (mayBeEmpty) node.placeholder = labels.fits ?? "";
  takeNumbers(node, { low, high, allowed: labels.allowed ?? "", isWhole: true, mayBeEmpty }, report);
  return node;
}
