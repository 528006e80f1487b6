// The picture on a canvas: the first layer's weights as images, ten test digits with what the network says of them, the
// confusion of 1,000 test digits, and the loss with a mark at the step that is shown.

/** @import { Shot } from "./history.js" */
import { inkOn, mix, rgb } from "../shared/colour.js";
import { decode } from "../shared/data.js";
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
/** Between the ten digits and the learner's own, as a share of a column. */
const OWN_GAP = 0.35;
const GAP = 10;
/** Heights: of the first line, of a line above a picture, of the loss. */
const [HEAD, LINE, STRIP] = [24, 20, 54];
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

/** 28 x 28 bytes as a canvas, white on black as in MNIST. @param {Uint8Array} pixels */
function picture(pixels) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  const image = new ImageData(SIDE, SIDE);
  for (let i = 0; i < SIDE * SIDE; i += 1) {
    const grey = pixels[i] ?? 0;
    image.data.set([grey, grey, grey, 255], 4 * i);
  }
  drawingOn(canvas).putImageData(image, 0, 0);
  return canvas;
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
    /** @type {HTMLCanvasElement | null} the learner's own digit */
    this.own = null;
    /** @type {Map<number, Uint8Array>} what the network said of it, by step */
    this.said = new Map();
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
    this.digits = Array.from({ length: CLASSES }, (_, digit) =>
      picture(pixels.subarray(digit * SIDE * SIDE, (digit + 1) * SIDE * SIDE)),
    );
  }

  /**
   * The learner's own digit, and what the network said of it after each of some steps.
   *
   * @param {string} digit 28 x 28 bytes in base64, empty for none
   * @param {number[]} steps
   * @param {string} probabilities ten bytes a step, in 255ths, in base64
   */
  setOwn(digit, steps, probabilities) {
    this.own = digit ? picture(decode(digit, Uint8Array)) : null;
    const all = decode(probabilities, Uint8Array);
    this.said = new Map(steps.map((step, i) => [step, all.subarray(i * CLASSES, (i + 1) * CLASSES)]));
  }

  /** What the network said of the learner's digit at that step or last before it. @param {number} step */
  saidOfOwn(step) {
    const exact = this.said.get(step);
    if (exact) return exact;
    let last = -1;
    for (const each of this.said.keys()) if (each < step && each > last) last = each;
    return this.said.get(last) ?? null;
  }

  /** The height that suits a width. @param {number} width */
  heightFor(width) {
    return width >= WIDE ? Math.round(width * 0.3) + 138 : Math.round(width * 1.1) + 190;
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
    this.text(this.title(moment, shot, words), 0, 17, { bold: true, size: 17, colour: colours.ink });
    if (this.width >= WIDE) this.wide(moment, shot);
    else this.narrow(moment, shot);
  }

  /** Images and loss on the left, the confusion beside them, the digits below. @param {Moment} moment @param {Shot} shot */
  wide(moment, shot) {
    const { width, height } = this;
    const row = Math.min(width / CLASSES + 30, (height - HEAD) * 0.3);
    const bottom = height - row - GAP;
    const left = Math.round(width * 0.67);
    const images = { x: 0, y: HEAD + LINE, width: left - 2 * GAP, height: bottom - STRIP - HEAD - LINE - 4 };
    this.weights(shot, images);
    this.loss(moment, { x: 0, y: bottom - STRIP, width: left - 2 * GAP, height: STRIP });
    this.confusion(shot, { x: left, y: HEAD, width: width - left, height: bottom - HEAD });
    this.tenDigits(shot, { x: 0, y: bottom + GAP, width, height: row });
  }

  /** One below the other. @param {Moment} moment @param {Shot} shot */
  narrow(moment, shot) {
    const { width } = this;
    const room = this.height - HEAD - STRIP - GAP;
    const row = Math.min(width / CLASSES + 30, room * 0.38);
    const top = HEAD + LINE;
    const upper = room - row - GAP - LINE;
    const part = Math.round(upper * 0.47);
    this.weights(shot, { x: 0, y: top, width, height: part });
    this.confusion(shot, { x: 0, y: top + part + 26, width, height: upper - part - 26 });
    this.tenDigits(shot, { x: 0, y: top + upper + GAP, width, height: row });
    this.loss(moment, { x: 0, y: this.height - STRIP, width, height: STRIP });
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
   * @param {{ bold?: boolean, size?: number, colour?: string, align?: CanvasTextAlign, most?: number }} [look] `most`:
   *   the width that there is
   */
  text(words, x, y, look = {}) {
    const { bold = false, size = 14, colour = this.colours?.muted ?? "", align = "left", most } = look;
    this.context.font = `${bold ? 650 : 400} ${size}px ${this.font}`;
    this.context.fillStyle = colour;
    this.context.textAlign = align;
    this.context.fillText(words, x, y, most);
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
    const inner = cell - 2;
    context.imageSmoothingEnabled = inner < side; // whole pixels as long as there is room for each
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
    this.text(fill(words.confusion, { right }), box.x, box.y - 5, { most: box.width });
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
    const { colours } = this;
    if (!colours) return;
    const cell = box.width / (CLASSES + (this.own ? 1 + OWN_GAP : 0));
    this.digits.forEach((digit, label) => {
      const said = shot.probabilities.subarray(label * CLASSES, (label + 1) * CLASSES);
      this.digit(digit, said, shot.isFinite, label, { ...box, x: box.x + label * cell, width: cell });
    });
    if (this.own) this.ownDigit(shot, { ...box, x: box.x + box.width - cell, width: cell });
  }

  /** The learner's own, apart from the others. @param {Shot} shot @param {Box} box */
  ownDigit(shot, box) {
    const { context, colours, words } = this;
    if (!colours || !words || !this.own) return;
    const said = this.saidOfOwn(shot.step);
    this.digit(this.own, said ?? new Uint8Array(CLASSES), shot.isFinite && said !== null, null, box);
    context.fillStyle = colours.grid;
    context.fillRect(box.x - (box.width * OWN_GAP) / 2, box.y, 1, box.height);
  }

  /**
   * One digit, ten bars under it, and what it is read as; without a label there is no right and wrong.
   *
   * @param {HTMLCanvasElement} image @param {Uint8Array} said @param {boolean} isKnown @param {number | null} label
   * @param {Box} box
   */
  digit(image, said, isKnown, label, box) {
    const { context, colours } = this;
    if (!colours) return;
    const cell = box.width;
    const side = Math.floor(Math.min(cell - 6, box.height - 46));
    const best = said.indexOf(Math.max(...said));
    context.imageSmoothingEnabled = false;
    context.drawImage(image, box.x + (cell - side) / 2, box.y, side, side);
    const bar = (cell - 8) / CLASSES;
    const [good, bad] = label === null ? [colours.input, colours.muted] : [colours.output, colours.wrong];
    said.forEach((value, i) => {
      const height = (20 * value) / 255;
      context.fillStyle = i === (label ?? best) ? good : bad;
      context.fillRect(box.x + 4 + i * bar, box.y + side + 24 - height, Math.max(1, bar - 1), height);
    });
    context.fillStyle = colours.muted;
    context.fillRect(box.x + 4, box.y + side + 24, cell - 8, 1);
    const percent = Math.round((100 * (said[best] ?? 0)) / 255);
    const words = !isKnown ? "–" : cell > 56 ? `${best} · ${percent} %` : `${best}`;
    const colour = best === (label ?? best) ? good : bad;
    this.text(words, box.x + cell / 2, box.y + side + 41, { bold: true, colour, align: "center" });
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
