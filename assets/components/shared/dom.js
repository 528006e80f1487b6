// Small elements of the page, each with its label, and what the pointer and the keys mean to them.

import { fill } from "./text.js";

const SVG = "http://www.w3.org/2000/svg";

/** Whether the reader asked for less motion. */
export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * An element with class and text.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} [className]
 * @param {string} [text]
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, className = "", text = "") {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}

/**
 * An SVG element with its attributes.
 *
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number>} [attributes]
 * @param {string} [text]
 * @returns {SVGElementTagNameMap[Tag]}
 */
export function shape(tag, attributes = {}, text = "") {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  if (text) node.textContent = text;
  return node;
}

/**
 * The element that a component draws into: the one its Python side gave as `html`.
 *
 * @param {HTMLElement | ShadowRoot} parent the renderer's `parentElement`
 * @param {string} selector
 * @returns {HTMLElement}
 */
export function rootOf(parent, selector) {
  const root = parent.querySelector(selector);
  if (!(root instanceof HTMLElement)) throw new Error(`no ${selector} in the component's html`);
  return root;
}

/**
 * The palette's colours as variables of the style sheet: `--input`, `--weight` ...
 *
 * @param {HTMLElement} root
 * @param {Record<string, string | readonly string[]>} colours lists (a series) are left out
 * @param {string} [prefix]
 */
export function setColours(root, colours, prefix = "--") {
  for (const [name, colour] of Object.entries(colours)) {
    if (typeof colour === "string") root.style.setProperty(prefix + name, colour);
  }
}

/**
 * @param {string} label what it does, for the tooltip and for screen readers
 * @param {string} text what stands on it
 * @param {() => void} onClick
 * @param {string} [className]
 * @param {string} [colon] of the language, where text and label are not one
 */
export function button(label, text, onClick, className = "button", colon = ": ") {
  const node = make("button", className, text);
  node.type = "button";
  node.title = label;
  // Who speaks to the machine says what stands on it.
  const isSaid = !/[\p{L}\p{N}]/u.test(text) || label.toLowerCase().includes(text.toLowerCase());
  node.setAttribute("aria-label", isSaid ? label : text + colon + label);
  node.onclick = onClick;
  return node;
}

/**
 * Gives a control that shows a sign or a picture alone its words: for the tooltip and for screen readers.
 *
 * @param {HTMLElement} node
 * @param {string} words
 */
export function retitle(node, words) {
  node.title = words;
  node.setAttribute("aria-label", words);
}

/**
 * What a button that plays and pauses does next.
 *
 * @param {HTMLElement} node
 * @param {boolean} isPlaying
 * @param {{ play?: string, pause?: string }} labels
 */
export function showPlaying(node, isPlaying, { play = "", pause = "" }) {
  node.textContent = isPlaying ? "❚❚" : "▶";
  retitle(node, isPlaying ? pause : play);
}

/**
 * Words for screen readers alone.
 *
 * @param {string} [words]
 */
export function spoken(words = "") {
  const node = make("span", "", words);
  node.style.cssText =
    "position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%)";
  return node;
}

/**
 * A choice of one.
 *
 * @param {string} label
 * @param {readonly (readonly [value: string, text: string])[]} options
 * @param {(value: string) => void} onChange
 */
export function choice(label, options, onChange) {
  const node = make("select", "choice");
  node.setAttribute("aria-label", label);
  node.title = label;
  for (const [value, text] of options) {
    const option = make("option", "", text);
    option.value = value;
    node.append(option);
  }
  node.onchange = () => onChange(node.value);
  return node;
}

/**
 * A whole number, kept between its limits.
 *
 * @param {string} label
 * @param {number} low
 * @param {number} high
 * @param {number} value
 * @param {(value: number) => void} onChange
 */
export function stepper(label, low, high, value, onChange) {
  const node = make("input", "number");
  node.type = "number";
  node.min = String(low);
  node.max = String(high);
  node.value = String(value);
  node.setAttribute("aria-label", label);
  node.title = label;
  node.onchange = () => {
    const wanted = Math.round(Number(node.value));
    const good = clamp(Number.isFinite(wanted) ? wanted : low, low, high);
    node.value = String(good);
    onChange(good);
  };
  return node;
}

/**
 * Makes a field take numbers between two limits alone. Anything else is refused in words, and what stood there before
 * is back; the words stay until the field is left or typed into.
 *
 * @param {HTMLInputElement} input
 * @param {object} limits
 * @param {number} limits.low
 * @param {number} limits.high
 * @param {string} limits.allowed slots: low, high
 * @param {boolean} [limits.isWhole]
 * @param {boolean} [limits.mayBeEmpty] then empty is null
 * @param {(value: number | null) => void} set
 */
export function takeNumbers(input, { low, high, allowed, isWhole = false, mayBeEmpty = false }, set) {
  input.type = "number";
  input.min = String(low);
  input.max = String(high);
  input.step = isWhole ? "1" : "any";
  let last = input.value;
  input.onfocus = () => {
    last = input.value;
  };
  input.onchange = () => {
    const { badInput } = input.validity; // what is no number at all has no value either
    const value = Number(input.value);
    const isGood =
      input.value !== "" && value >= low && value <= high && (!isWhole || Number.isInteger(value));
    if (isGood || (mayBeEmpty && !badInput && input.value === "")) {
      last = input.value;
      set(isGood ? value : null);
      return;
    }
    input.value = last;
    const clear = () => input.setCustomValidity("");
    // Afterwards: whoever left the field by Tab is brought back, or would not learn of it.
    setTimeout(() => {
      input.setCustomValidity(fill(allowed, { low, high }));
      input.reportValidity();
      for (const event of ["input", "blur"]) input.addEventListener(event, clear, { once: true });
    });
  };
}

/**
 * A slider with its words beside it, in a label.
 *
 * @param {(value: number) => string} words
 * @param {number} max from 0
 * @param {number} value
 * @param {(value: number) => void} onInput
 */
export function slider(words, max, value, onInput) {
  const row = make("label", "range");
  const text = make("span", "range-label", words(value));
  const input = make("input");
  input.type = "range";
  input.min = "0";
  input.max = String(max);
  row.append(text, input);
  slideTo(row, Math.min(value, max), words(Math.min(value, max)));
  input.oninput = () => {
    slideTo(row, Number(input.value), words(Number(input.value)));
    onInput(Number(input.value));
  };
  return row;
}

/**
 * Moves a slider of `slider`, and says what it stands at as its words do.
 *
 * @param {HTMLElement} row
 * @param {number} value
 * @param {string} words beside it
 * @param {string} [said] to screen readers
 */
export function slideTo(row, value, words, said = words) {
  const [text, input] = [row.querySelector("span"), row.querySelector("input")];
  if (!text || !input) throw new Error("no slider");
  text.textContent = words;
  input.value = String(value);
  input.setAttribute("aria-valuetext", said);
}

/**
 * @param {number} value
 * @param {number} low
 * @param {number} high
 */
export const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

/** @type {Readonly<Record<string, readonly [down: number, right: number]>>} */
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/**
 * The step of an arrow key in a grid, null for any other key and for one with Ctrl, Alt or Meta held (the
 * browser's own).
 *
 * @param {KeyboardEvent} event
 */
export const arrowStep = (event) =>
  event.ctrlKey || event.altKey || event.metaKey ? null : (ARROWS[event.key] ?? null);

/**
 * The cell under the pointer of a grid that fills an element, null outside.
 *
 * @param {Element} element
 * @param {number} rows
 * @param {number} columns
 * @param {PointerEvent | MouseEvent} event
 * @returns {{ r: number, c: number } | null}
 */
export function cellUnder(element, rows, columns, event) {
  const box = element.getBoundingClientRect();
  const c = Math.floor(((event.clientX - box.left) / box.width) * columns);
  const r = Math.floor(((event.clientY - box.top) / box.height) * rows);
  return r >= 0 && c >= 0 && r < rows && c < columns ? { r, c } : null;
}

/** @param {Element} root */
const controlsOf = (root) =>
  /** @type {NodeListOf<HTMLElement | SVGElement>} */ (
    root.querySelectorAll("button, input, select, [tabindex]")
  );

/**
 * What a control is called, and of what kind it is: by `data-keep` where its words change with what it does.
 *
 * @param {HTMLElement | SVGElement} control
 */
const nameOf = (control) =>
  `${control.tagName} ${control.dataset.keep ?? control.getAttribute("aria-label") ?? control.closest("label")?.textContent ?? control.textContent}`;

/**
 * The first control after this one that can be pressed, else the last one before it.
 *
 * @param {Element} root
 * @param {HTMLElement | SVGElement} control
 */
function nextTo(root, control) {
  const all = [...controlsOf(root)];
  const at = all.indexOf(control);
  const isOpen = (/** @type {Element} */ each) => !each.matches(":disabled");
  return all.slice(at + 1).find(isOpen) ?? all.slice(0, at).findLast(isOpen);
}

/**
 * Draws anew; then the focus is where it was, on the control of that name, with what was being typed there.
 *
 * @param {Element} root
 * @param {() => void} draw
 */
export function keepingFocus(root, draw) {
  const tree = root.getRootNode();
  const before = tree instanceof Document || tree instanceof ShadowRoot ? tree.activeElement : null;
  const isControl = before instanceof HTMLElement || before instanceof SVGElement;
  if (!isControl || before === root || !root.contains(before)) {
    draw();
    return;
  }
  const name = nameOf(before);
  const named = () => [...controlsOf(root)].filter((control) => nameOf(control) === name);
  const place = named().indexOf(before);
  const typed = before instanceof HTMLInputElement && /number|text/.test(before.type) ? before.value : null;
  draw();
  const wanted = named()[place];
  // Where it can't be pressed any more, the next one beside it.
  const now = wanted?.matches(":disabled") ? nextTo(root, wanted) : wanted;
  if (!now || now === before) return;
  now.focus({ preventScroll: true });
  if (!(now instanceof HTMLInputElement) || typed === null || typed === now.value) return;
  now.value = typed;
  // To the browser this is no change of the reader's.
  now.addEventListener("blur", () => now.dispatchEvent(new Event("change")), { once: true });
}

/**
 * Copies a text. Without a clipboard, as on http in a classroom's network, the browser copies what is selected.
 *
 * @param {string} text
 */
export async function copy(text) {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return;
  }
  const before = document.activeElement;
  const area = make("textarea");
  area.value = text;
  area.style.position = "fixed";
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
  if (before instanceof HTMLElement) before.focus({ preventScroll: true });
}

/**
 * The context to draw on a canvas.
 *
 * @param {HTMLCanvasElement} canvas
 */
export function drawingOn(canvas) {
  const context = canvas.getContext("2d");
  if (!context) throw new Error("this browser draws no canvas");
  return context;
}
