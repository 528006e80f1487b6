// What a learner changed, as one short text of the address (see lib/core/digits/maps_look.py, which checks it): parts
// with a letter each, "~" between them; what stands as it was at first is left out.

/** @import { Pooling } from "../live/network.js" */

/**
 * A cell: `layer` counts the network's layers, -1 is the input.
 *
 * @typedef {{ layer: number, channel: number, row: number, column: number }} Place
 * @typedef {{
 *   digit: number | null, activations: boolean, pooling: Pooling | null, right: number, down: number,
 *   silenced: Map<number, Set<number>>, place: Place | null,
 * }} Look `digit`: number of a test image, null where none was chosen
 */

/** @returns {Look} */
export const freshLook = () => ({
  digit: null,
  activations: true,
  pooling: null,
  right: 0,
  down: 0,
  silenced: new Map(),
  place: null,
});

/** @param {Look} look */
export function lookText({ digit, activations, pooling, right, down, silenced, place }) {
  const parts = [];
  if (digit !== null) parts.push(`d${digit}`);
  if (!activations) parts.push("l");
  if (pooling) parts.push(`p${pooling}`);
  if (right || down) parts.push(`s${right}.${down}`);
  for (const [layer, channels] of silenced) {
    if (channels.size) parts.push(`x${[layer, ...channels].join(".")}`);
  }
  if (place) parts.push(`m${[place.layer, place.channel, place.row, place.column].join(".")}`);
  return parts.join("~");
}

/**
 * The server has checked the text before it comes here.
 *
 * @param {string} text
 */
export function parseLook(text) {
  const look = freshLook();
  for (const part of text.split("~")) {
    const numbers = part.slice(1).split(".").map(Number);
    const [first, ...rest] = numbers;
    if (part[0] === "d") look.digit = first;
    if (part[0] === "l") look.activations = false;
    if (part === "pmax") look.pooling = "max";
    if (part === "paverage") look.pooling = "average";
    if (part[0] === "s") [look.right, look.down] = [first, rest[0]];
    if (part[0] === "x") look.silenced.set(first, new Set(rest));
    if (part[0] === "m") {
      look.place = { layer: first, channel: rest[0], row: rest[1], column: rest[2] };
    }
  }
  return look;
}
