// What the learner made of input and kernel, and the pinned cell, as texts of the address (see lib/core/conv/look.py).

/** @import { Cell, GridName, Look } from "./types.js" */

/** @param {string} row */
const pack = (row) =>
  row.replace(/(\d)\1{1,25}/g, (run, digit) => String.fromCharCode(96 + run.length) + digit);

/** @param {string} text */
const unpack = (text) =>
  text.replace(/([a-z])(\d)/g, (_, letter, digit) => digit.repeat(letter.charCodeAt(0) - 96));

/** @param {Look} look */
export function lookText(look) {
  let source = look.input;
  if (look.input === "digit" || look.input === "random") source += `.${look.number}`;
  if (look.input === "drawn") source += `.${look.drawn.map(pack).join(".")}`;
  const kernel = look.kernel === "random" ? `random.${look.kernelSeed}` : look.kernel;
  const edits = (/** @type {number[][]} */ list) => list.map((edit) => edit.join("_")).join("*");
  const parts = [source, kernel, look.shift.join("_"), edits(look.inputEdits), edits(look.weightEdits)];
  return [...parts, ...(look.channel ? [look.channel] : [])].join("~");
}

/**
 * The server has checked the text before it comes here.
 *
 * @param {string} text
 * @returns {Look}
 */
export function parseLook(text) {
  const [source = "", kernel = "", shift = "", inputEdits = "", weightEdits = "", channel = "0"] =
    text.split("~");
  const [input = "", ...rest] = source.split(".");
  const [kernelName = "", seed = "0"] = kernel.split(".");
  const [right = 0, down = 0] = shift.split("_").map(Number);
  const edits = (/** @type {string} */ part) =>
    part ? part.split("*").map((item) => item.split("_").map(Number)) : [];
  return {
    input,
    number: input === "drawn" ? 0 : Number(rest[0] ?? 0),
    drawn: input === "drawn" ? rest.map(unpack) : [],
    kernel: kernelName,
    kernelSeed: Number(seed),
    shift: [right, down],
    inputEdits: edits(inputEdits),
    weightEdits: edits(weightEdits),
    channel: Number(channel),
  };
}

/**
 * The pinned cell as it stands in the address, "output.2.3" or with the input channel "output.2.3.1"; null where
 * the text names none. Rows and columns are those of x and y: negative in the padding before x.
 *
 * @param {string} text
 * @returns {{ place: Cell, channel: number } | null}
 */
export function parsePlace(text) {
  const found = /^(input|kernel|output)\.(-?\d{1,3})\.(-?\d{1,3})(?:\.(\d{1,4}))?$/.exec(text);
  if (!found) return null;
  const [, grid, r, c, channel] = found;
  return {
    place: { grid: /** @type {GridName} */ (grid), r: Number(r), c: Number(c) },
    channel: Number(channel ?? 0),
  };
}

/**
 * @param {Cell} place
 * @param {number} channel
 */
export const placeText = ({ grid, r, c }, channel) => [grid, r, c, ...(channel ? [channel] : [])].join(".");
