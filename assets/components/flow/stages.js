// What stands in one block: a text, tokens, a batch, numbers as colours, a picture, probabilities.

import { blend, css, inkOn, rgb } from "../shared/colour.js";
import { make } from "../shared/dom.js";

/** @typedef {{ piece: string, id: number, unknown: boolean }} Token */
/** @typedef {{ key: string, title: string, shape: string, note: string }} Head */
/** @typedef {Head & { kind: "text", text: string }} TextStage */
/** @typedef {Head & { kind: "tokens", tokens: Token[] }} TokenStage */
/**
 * @typedef {Head & { kind: "batch", rows: (number | null)[][] }} BatchStage token numbers, null where padding; the
 *   first row is the sentence itself
 */
/**
 * @typedef {Head & { kind: "heat", values: number[][], tokens: boolean }} HeatStage a row a token where `tokens`
 */
/**
 * @typedef {Head & { kind: "pictures", pictures: number[][], side: number, low: number, high: number }} PictureStage
 *   pixels row by row, drawn from `low` (paper) to `high` (ink)
 */
/** @typedef {Head & { kind: "bars", names: string[], values: number[], answer: number }} BarStage shares, 0 to 1 */
/** @typedef {TextStage | TokenStage | BatchStage | HeatStage | PictureStage | BarStage} Stage */

const MAX_NUMBERED = 13; // columns of a batch in which a number still has room
const MAX_ROOMY = 8;
const MAX_WRITTEN = 2; // columns of numbers that have room beside each other

/** @param {number} value */
const number = (value) => value.toFixed(2).replace("-", "−");

/**
 * @param {HTMLElement} body
 * @param {Stage} stage
 * @param {Record<string, string>} colours
 */
export function drawStage(body, stage, colours) {
  switch (stage.kind) {
    case "text":
      body.append(make("q", "raw", stage.text));
      break;
    case "tokens":
      body.append(tokenList(stage.tokens));
      break;
    case "batch":
      body.append(batchGrid(stage.rows));
      break;
    case "heat":
      body.append(heat(stage, colours));
      break;
    case "pictures":
      body.append(...stage.pictures.map((pixels) => picture(pixels, stage, colours)));
      break;
    case "bars":
      body.append(bars(stage));
      break;
  }
}

/** @param {Token[]} tokens */
function tokenList(tokens) {
  const list = make("ol", "tokens");
  for (const [index, token] of tokens.entries()) {
    const item = make("li", token.unknown ? "token unknown" : "token");
    item.dataset.token = String(index);
    item.tabIndex = 0;
    item.append(make("span", "piece", token.piece.replace(/\s/g, "␣")), make("span", "id", String(token.id)));
    list.append(item);
  }
  return list;
}

/** @param {(number | null)[][]} rows */
function batchGrid(rows) {
  const columns = rows[0]?.length ?? 0;
  const isLong = columns > MAX_ROOMY + 2 && rows.some((numbers) => numbers.some((id) => (id ?? 0) > 99));
  const width =
    columns > MAX_NUMBERED ? " narrow" : isLong ? " tight small" : columns > MAX_ROOMY ? " tight" : "";
  const grid = make("div", `batch-grid${width}`);
  grid.style.setProperty("--columns", String(columns));
  for (const [row, numbers] of rows.entries()) {
    for (const [column, id] of numbers.entries()) {
      const cell = make("span", id === null ? "cell pad" : "cell", id === null ? "0" : String(id));
      if (row === 0) {
        cell.classList.add("mine");
        if (id !== null) cell.dataset.token = String(column);
      }
      cell.style.setProperty("--row", String(row));
      grid.append(cell);
    }
  }
  return grid;
}

/**
 * @param {HeatStage} stage
 * @param {Record<string, string>} colours
 */
function heat(stage, colours) {
  const paper = rgb(colours.paper ?? "#ffffff");
  const above = rgb(colours.output ?? "#00805f");
  const below = rgb(colours.padding ?? "#b0578d");
  const limit = Math.max(1e-9, ...stage.values.flat().map(Math.abs));
  const table = make(
    "div",
    !stage.tokens && stage.values.length > MAX_ROOMY ? "heat-grid many" : "heat-grid",
  );
  for (const [index, values] of stage.values.entries()) {
    const row = make("div", "heat-row");
    if (stage.tokens) row.dataset.token = String(index);
    if (values.length > MAX_WRITTEN) {
      row.setAttribute("role", "img");
      row.setAttribute("aria-label", values.map(number).join(", "));
    }
    for (const value of values) {
      const cell = make("span");
      cell.title = value.toFixed(3);
      const colour = blend(paper, value < 0 ? below : above, Math.min(1, Math.abs(value) / limit));
      cell.style.background = css(colour);
      if (values.length <= MAX_WRITTEN) {
        cell.textContent = number(value);
        cell.style.color = inkOn(colour);
      }
      row.append(cell);
    }
    table.append(row);
  }
  return table;
}

/**
 * @param {number[]} pixels
 * @param {PictureStage} stage
 * @param {Record<string, string>} colours
 */
function picture(pixels, stage, colours) {
  const canvas = make("canvas", "picture");
  canvas.width = stage.side;
  canvas.height = stage.side;
  canvas.setAttribute("aria-hidden", "true");
  const context = canvas.getContext("2d");
  if (!context) return canvas;
  const image = context.createImageData(stage.side, stage.side);
  const paper = rgb(colours.paper ?? "#ffffff");
  const ink = rgb(colours.ink ?? "#1f2937");
  for (const [at, value] of pixels.entries()) {
    const share = (value - stage.low) / (stage.high - stage.low || 1);
    image.data.set([...blend(paper, ink, Math.min(1, Math.max(0, share))), 255], 4 * at);
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

/** @param {BarStage} stage */
function bars(stage) {
  const list = make("ul", stage.names.length > 4 ? "bars many" : "bars few");
  for (const [index, name] of stage.names.entries()) {
    const share = stage.values[index] ?? 0;
    const item = make("li", index === stage.answer ? "bar-row best" : "bar-row");
    const rail = make("span", "rail");
    const bar = make("span", "share");
    bar.style.width = `${(100 * share).toFixed(1)}%`;
    rail.append(bar);
    item.append(make("span", "name", name), rail, make("span", "percent", `${(100 * share).toFixed(1)} %`));
    list.append(item);
  }
  return list;
}
