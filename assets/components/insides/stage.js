// The picture on a canvas: the first layer's weights as images, ten test digits with what the network says of them, the
// confusion of 1,000 test digits, and the loss with a mark at the step that is shown.

/** @import { Shot } from "./history.js" */
import { inkOn, mix, rgb } from "../shared/colour.js";
import { drawingOn } from "../shared/dom.js";
import { fill } from "../shared/text.js";

/**
 * @typedef {{
 *   weights: string, confusion: string, digits: string, loss: string, step: string, initial: string,
 *   noNumber: string, right: string,
 * }} Words
 * @typedef {Record<"input" | "weight" | "output" | "wrong" | "muted" | "ink" | "paper" | "grid", string>} Colours
 * @typedef {{ shots: Shot[], place: number, total: number, stepsPerEpoch: number, floor: number }} Moment `floor`:
 *   what the loss cannot fall below, 0 for most runs
 * @typedef {{ x: number, y: number, width: number, height: number }} Box
 */

const SIDE = 28;
const CLASSES = 10;
const GAP = 10;
const LEVELS = 256;
const NO_NUMBER = -128;
const SHOWN_SHARE = 0.995;
const WIDE = 540;
/** Weights that levels stand for: lib/core/training/picture_codec.py. */
const [MOST, LIMIT, BEND] = [127, 4, 2000];

/** @param {number} level */
export const weightOf = (level) =>
  (Math.sign(level) * LIMIT * Math.expm1((Math.abs(level) / MOST) * Math.log1p(BEND))) / BEND;

/** The weight that all but the largest half percent stay below. @param {Int8Array} levels */
export function scaleOf(levels) {
  const counts = new Uint32Array(MOST + 2);
  for (const level of levels) counts[Math.min(MOST, Math.abs(level))] += 1;
  let left = levels.length * SHOWN_SHARE;
  let level = 0;
  while (level < MOST && left > counts[level]) {
    left -= counts[level];
    level += 1;
  }
  return weightOf(Math.max(1, level));
}

/** How many columns fill a box best with square cells. @param {number} count @param {number} width @param {number} height */
export function columnsFor(count, width, height) {
  let [best, size] = [1, 0];
  for (let columns = 1; columns <= count; columns += 1) {
    const cell = Math.min(width / columns, height / Math.ceil(count / columns));
    if (cell > size) [best, size] = [columns, cell];
  }
  return { columns: best, cell: Math.floor(size) };
}

export class Stage {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.context = drawingOn(canvas);
    this.atlas = document.createElement("canvas");
    this.pad = document.createElement("canvas");
    this.pad.width = this.pad.height = SIDE;
    /** @type {HTMLCanvasElement[]} */
    this.digits = [];
    /** @type {Colours | null} */
    this.colours = null;
    /** @type {Words | null} */
    this.words = null;
    this.font = "sans-serif";
    this.width = 0;
    this.height = 0;
  }

  /** @param {Colours} colours @param {Words} words @param {string} font */
  dress(colours, words, font) {
    [this.colours, this.words, this.font] = [colours, words, font];
  }

  /** Ten digits of 28 x 28 bytes, white on black as in MNIST. @param {Uint8Array} pixels */
  setDigits(pixels) {
    this.digits = Array.from({ length: CLASSES }, (_, digit) => {
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = SIDE;
      const image = new ImageData(SIDE, SIDE);
      for (let i = 0; i < SIDE * SIDE; i += 1) {
        const grey = pixels[digit * SIDE * SIDE + i] ?? 0;
        image.data.set([grey, grey, grey, 255], 4 * i);
      }
      drawingOn(canvas).putImageData(image, 0, 0);
      return canvas;
    });
  }

  /** The height that suits a width. @param {number} width */
  heightFor(width) {
    return width >= WIDE ? Math.round(width * 0.32) + 180 : Math.round(width * 1.1) + 190;
  }

  /** @param {number} width @param {number} height @param {number} ratio device pixels per pixel */
  resize(width, height, ratio) {
    [this.width, this.height] = [width, height];
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  /** @param {Moment} moment */
  draw(moment) {
    const { colours, words, context } = this;
    const shot = moment.shots[moment.place];
    if (!colours || !words || !this.width) return;
    context.fillStyle = colours.paper;
    context.fillRect(0, 0, this.width, this.height);
    if (!shot) return;
    const head = 26;
    this.text(this.title(moment, shot, words), 0, 17, { bold: true, size: 17, colour: colours.ink });
    const strip = 56;
    const isWide = this.width >= WIDE;
    const room = this.height - head - strip - GAP;
    const row = Math.min(this.width / CLASSES + 30, room * 0.38);
    const top = head + 20;
    const upper = room - row - GAP - 20;
    if (isWide) {
      const left = Math.round(this.width * 0.62);
      this.weights(shot, { x: 0, y: top, width: left - 2 * GAP, height: upper });
      this.confusion(shot, { x: left, y: top, width: this.width - left, height: upper });
    } else {
      const part = Math.round(upper * 0.47);
      this.weights(shot, { x: 0, y: top, width: this.width, height: part });
      this.confusion(shot, { x: 0, y: top + part + 26, width: this.width, height: upper - part - 26 });
    }
    this.tenDigits(shot, { x: 0, y: top + upper + GAP, width: this.width, height: row });
    this.loss(moment, { x: 0, y: this.height - strip, width: this.width, height: strip });
  }

  /** @param {Moment} moment @param {Shot} shot @param {Words} words */
  title({ total, stepsPerEpoch }, shot, words) {
    const slots = {
      step: shot.step.toLocaleString("en-US"),
      total: total.toLocaleString("en-US"),
      epoch: (shot.step / stepsPerEpoch).toFixed(2),
    };
    return fill(shot.step ? words.step : words.initial, slots);
  }

  /**
   * @param {string} words @param {number} x @param {number} y the line that letters stand on
   * @param {{ bold?: boolean, size?: number, colour?: string, align?: CanvasTextAlign }} [look]
   */
  text(words, x, y, { bold = false, size = 14, colour = this.colours?.muted ?? "", align = "left" } = {}) {
    this.context.font = `${bold ? 650 : 400} ${size}px ${this.font}`;
    this.context.fillStyle = colour;
    this.context.textAlign = align;
    this.context.fillText(words, x, y);
  }

  /** @param {Shot} shot @param {Box} box */
  weights(shot, box) {
    const { context, colours, words } = this;
    if (!colours || !words) return;
    const scale = scaleOf(shot.levels);
    this.text(fill(words.weights, { count: shot.count, scale: scale.toPrecision(2) }), box.x, box.y - 5);
    const { columns, cell } = columnsFor(shot.count, box.width, box.height);
    const { side } = shot;
    const rows = Math.ceil(shot.count / columns);
    this.atlas.width = columns * side;
    this.atlas.height = rows * side;
    const image = new ImageData(this.atlas.width, this.atlas.height);
    const pixels = new Uint32Array(image.data.buffer);
    const table = this.table(scale);
    for (let unit = 0; unit < shot.count; unit += 1) {
      const corner = Math.floor(unit / columns) * side * image.width + (unit % columns) * side;
      for (let i = 0; i < side * side; i += 1) {
        const at = corner + Math.floor(i / side) * image.width + (i % side);
        pixels[at] = table[(shot.levels[unit * side * side + i] ?? 0) & (LEVELS - 1)] ?? 0;
      }
    }
    drawingOn(this.atlas).putImageData(image, 0, 0);
    context.imageSmoothingEnabled = false;
    const inner = cell - 2;
    for (let unit = 0; unit < shot.count; unit += 1) {
      const [column, line] = [unit % columns, Math.floor(unit / columns)];
      const [x, y] = [box.x + column * cell, box.y + line * cell];
      context.drawImage(this.atlas, column * side, line * side, side, side, x, y, inner, inner);
      context.strokeStyle = colours.grid;
      context.strokeRect(x + 0.5, y + 0.5, inner - 1, inner - 1);
    }
  }

  /** A colour, as a pixel, for each level. @param {number} scale */
  table(scale) {
    const { colours } = this;
    const table = new Uint32Array(LEVELS);
    if (!colours) return table;
    const [paper, above, below, wrong] = [colours.paper, colours.weight, colours.input, colours.wrong].map(
      rgb,
    );
    for (let byte = 0; byte < LEVELS; byte += 1) {
      const level = byte < LEVELS / 2 ? byte : byte - LEVELS;
      const share = Math.min(1, Math.abs(weightOf(level)) / scale);
      const target = level === NO_NUMBER ? wrong : level > 0 ? above : below;
      const part = level === NO_NUMBER ? 1 : share;
      const [r, g, b] = [0, 1, 2].map((i) =>
        Math.round((paper?.[i] ?? 0) + ((target?.[i] ?? 0) - (paper?.[i] ?? 0)) * part),
      );
      table[byte] = (255 << 24) | ((b ?? 0) << 16) | ((g ?? 0) << 8) | (r ?? 0);
    }
    return table;
  }

  /** @param {Shot} shot @param {Box} box */
  confusion(shot, box) {
    const { context, colours, words } = this;
    if (!colours || !words) return;
    let right = 0;
    for (let digit = 0; digit < CLASSES; digit += 1) right += shot.confusion[digit * (CLASSES + 1)] ?? 0;
    this.text(fill(words.confusion, { right }), box.x, box.y - 5);
    const cell = Math.floor(Math.min((box.width - 18) / CLASSES, (box.height - 18) / CLASSES));
    const wrongest = Math.max(
      1,
      ...Array.from(shot.confusion, (count, i) => (i % (CLASSES + 1) ? count : 0)),
    );
    for (let label = 0; label < CLASSES; label += 1) {
      const sum = Array.from({ length: CLASSES }, (_, i) => shot.confusion[label * CLASSES + i] ?? 0);
      const all = Math.max(
        1,
        sum.reduce((a, b) => a + b, 0),
      );
      for (let said = 0; said < CLASSES; said += 1) {
        const count = sum[said] ?? 0;
        const share = label === said ? count / all : count / wrongest;
        const colour = mix(colours.paper, label === said ? colours.output : colours.weight, share);
        const [x, y] = [box.x + 18 + said * cell, box.y + label * cell];
        context.fillStyle = count ? colour : colours.paper;
        context.fillRect(x, y, cell - 1, cell - 1);
        context.strokeStyle = colours.grid;
        context.strokeRect(x + 0.5, y + 0.5, cell - 2, cell - 2);
        if (count && cell >= 27) {
          const ink = inkOn(colour);
          this.text(String(count), x + cell / 2, y + cell / 2 + 5, { colour: ink, align: "center" });
        }
      }
      const middle = label * cell + cell / 2;
      this.text(String(label), box.x + 6, box.y + middle + 5, { align: "center" });
      this.text(String(label), box.x + 18 + middle, box.y + CLASSES * cell + 14, { align: "center" });
    }
  }

  /** @param {Shot} shot @param {Box} box */
  tenDigits(shot, box) {
    const { context, colours } = this;
    if (!colours) return;
    const cell = box.width / CLASSES;
    const side = Math.floor(Math.min(cell - 6, box.height - 46));
    context.imageSmoothingEnabled = false;
    this.digits.forEach((digit, label) => {
      const x = box.x + label * cell;
      context.drawImage(digit, x + (cell - side) / 2, box.y, side, side);
      const said = Array.from({ length: CLASSES }, (_, i) => shot.probabilities[label * CLASSES + i] ?? 0);
      const bar = (cell - 8) / CLASSES;
      said.forEach((value, i) => {
        const height = (20 * value) / 255;
        context.fillStyle = i === label ? colours.output : colours.wrong;
        context.fillRect(x + 4 + i * bar, box.y + side + 24 - height, Math.max(1, bar - 1), height);
      });
      context.fillStyle = colours.muted;
      context.fillRect(x + 4, box.y + side + 24, cell - 8, 1);
      const best = said.indexOf(Math.max(...said));
      const percent = Math.round((100 * (said[best] ?? 0)) / 255);
      const words = !shot.isFinite ? "–" : cell > 56 ? `${best} · ${percent} %` : `${best}`;
      const colour = best === label ? colours.output : colours.wrong;
      this.text(words, x + cell / 2, box.y + side + 41, { bold: true, colour, align: "center" });
    });
  }

  /** The losses of the pictures, and a mark at the one that is shown. @param {Moment} moment @param {Box} box */
  loss({ shots, place, floor }, box) {
    const { context, colours, words } = this;
    const shot = shots[place];
    if (!colours || !words || !shot) return;
    const top = box.y + 20;
    const bottom = box.y + box.height - 4;
    const known = shots.map((each) => each.loss).filter((loss) => loss !== null);
    const most = Math.max(2.5, ...known);
    /** @param {number} i */
    const x = (i) => box.x + (box.width * i) / Math.max(1, shots.length - 1);
    context.strokeStyle = colours.input;
    context.lineWidth = 2;
    context.beginPath();
    let isPen = false;
    shots.forEach((each, i) => {
      if (each.loss === null) {
        isPen = false;
        return;
      }
      const y = bottom - ((bottom - top) * each.loss) / most;
      if (isPen) context.lineTo(x(i), y);
      else context.moveTo(x(i), y);
      isPen = true;
    });
    context.stroke();
    context.strokeStyle = colours.ink;
    if (floor) {
      const y = bottom - ((bottom - top) * floor) / most;
      context.lineWidth = 1;
      context.setLineDash([5, 4]);
      context.beginPath();
      context.moveTo(box.x, y);
      context.lineTo(box.x + box.width, y);
      context.stroke();
      context.setLineDash([]);
      this.text(floor.toFixed(4), box.x + box.width - 2, y + 14, { align: "right" });
      context.lineWidth = 2;
    }
    context.beginPath();
    context.moveTo(Math.max(1, Math.min(box.width - 1, x(place))), top);
    context.lineTo(Math.max(1, Math.min(box.width - 1, x(place))), bottom);
    context.stroke();
    context.lineWidth = 1;
    const said = shot.loss === null ? (shot.step ? words.noNumber : "–") : shot.loss.toFixed(3);
    this.text(fill(words.loss, { loss: said }), box.x, box.y + 14, { colour: colours.ink });
  }
}
