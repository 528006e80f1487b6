// The pen while it moves. streamlit-drawable-canvas reports a stroke once it is lifted; but its three stacked canvases
// (background, what is drawn, the stroke under the pen) lie in this document behind an open shadow root.

import { drawingOn } from "../shared/dom.js";

/** @import { Ink } from "./prepare.js" */

const LAYERS = 3;
const LOOK_MS = 250;
const PATIENCE_MS = 6000;

/**
 * The stacked canvases of the first drawing canvas within an element, null where there are none.
 *
 * @param {ParentNode} within
 * @returns {HTMLCanvasElement[] | null}
 */
function stackedCanvases(within) {
  for (const host of within.querySelectorAll("*")) {
    if (!host.shadowRoot) continue;
    const found = [...host.shadowRoot.querySelectorAll("canvas")];
    const [first] = found;
    if (found.length === LAYERS && found.every(({ width }) => width === first.width && width > 0))
      return found;
  }
  return null;
}

/**
 * Reads the drawing and tells of each change: at once while the pen moves, four times a second otherwise (an undo, a
 * cleared page).
 */
export class Pen {
  /**
   * @param {string} selector of the element that has the drawing canvas in it
   * @param {(ink: Ink) => void} onInk
   * @param {(isLost: boolean) => void} onTrouble the canvas cannot be read, or can be again
   */
  constructor(selector, onInk, onTrouble) {
    this.selector = selector;
    this.onInk = onInk;
    this.onTrouble = onTrouble;
    this.isLost = false;
    this.seen = performance.now();
    this.mark = -1;
    this.waiting = 0;
    /** Milliseconds that the last reading took. */
    this.took = 0;
    /** @type {HTMLCanvasElement[] | null} */
    this.canvases = null;
    this.copy = document.createElement("canvas");
    const context = this.copy.getContext("2d", { willReadFrequently: true });
    this.context = context ?? drawingOn(this.copy);
    this.pixels = new Uint8Array(0);
    this.moved = this.moved.bind(this);
    document.addEventListener("pointermove", this.moved, true);
    document.addEventListener("pointerdown", this.moved, true);
    document.addEventListener("pointerup", this.moved, true);
    this.timer = setInterval(() => this.look(), LOOK_MS);
    this.look();
  }

  close() {
    document.removeEventListener("pointermove", this.moved, true);
    document.removeEventListener("pointerdown", this.moved, true);
    document.removeEventListener("pointerup", this.moved, true);
    clearInterval(this.timer);
    cancelAnimationFrame(this.waiting);
  }

  /** @param {PointerEvent} event */
  moved(event) {
    if (this.waiting || (event.type === "pointermove" && event.buttons === 0)) return;
    const [top] = this.canvases?.slice(-1) ?? [];
    if (!top || !event.composedPath().includes(top)) return;
    this.waiting = requestAnimationFrame(() => {
      this.waiting = 0;
      this.look();
    });
  }

  look() {
    if (document.hidden) return;
    if (!this.canvases?.every((canvas) => canvas.isConnected)) {
      const within = document.querySelector(this.selector);
      this.canvases = within && stackedCanvases(within);
    }
    const started = performance.now();
    const ink = this.canvases && this.read(this.canvases);
    this.took = performance.now() - started;
    if (ink) this.seen = performance.now();
    const isLost = !ink && performance.now() - this.seen > PATIENCE_MS;
    if (isLost !== this.isLost) {
      this.isLost = isLost;
      this.onTrouble(isLost);
    }
    if (ink && ink.mark !== this.mark) {
      this.mark = ink.mark;
      this.onInk(ink);
    }
  }

  /**
   * How white each pixel is, and a number that changes with them; null where the browser does not let us look.
   *
   * @param {HTMLCanvasElement[]} canvases
   */
  read(canvases) {
    const [{ width, height }] = canvases;
    if (this.copy.width !== width || this.copy.height !== height) {
      [this.copy.width, this.copy.height] = [width, height];
      this.pixels = new Uint8Array(width * height);
    }
    this.context.clearRect(0, 0, width, height);
    try {
      for (const canvas of canvases) this.context.drawImage(canvas, 0, 0);
      const { data } = this.context.getImageData(0, 0, width, height);
      let mark = 0;
      for (let i = 0; i < this.pixels.length; i += 1) {
        const value = data[4 * i];
        this.pixels[i] = value;
        mark = (Math.imul(mark, 31) + value) | 0;
      }
      return { pixels: this.pixels, width, height, mark };
    } catch {
      return null;
    }
  }
}
