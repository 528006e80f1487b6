// What part of the learning rate each step gets, counted from 0: as lib/core/optim/schedules.py.

import { roundHalfEven } from "../shared/numbers.js";

const GAMMA = 0.1;
const PCT_START = 0.3;
const DIV_FACTOR = 25;
const FINAL_DIV_FACTOR = 1e4;
const START_FACTOR = 0.01;

/**
 * @param {number} start
 * @param {number} end
 * @param {number} share
 */
function cosine(start, end, share) {
  return end + ((start - end) / 2) * (1 + Math.cos(Math.PI * share));
}

/**
 * The step at which a schedule turns.
 *
 * @param {number} total
 * @param {number} part
 */
export function turnOf(total, part) {
  return Math.min(Math.max(1, roundHalfEven(total * part)), total - 1);
}

/**
 * @param {string} kind
 * @param {number} total
 * @param {number} part
 * @param {number} t counted from 0
 */
export function factor(kind, total, part, t) {
  const turn = turnOf(total, part);
  switch (kind) {
    case "step":
      return GAMMA ** Math.floor(t / turn);
    case "cosine":
      return cosine(1, 0, t / total);
    case "onecycle": {
      const peak = PCT_START * total - 1;
      const low = 1 / DIV_FACTOR;
      return t <= peak
        ? cosine(low, 1, t / peak)
        : cosine(1, low / FINAL_DIV_FACTOR, (t - peak) / (total - 1 - peak));
    }
    case "warmup":
      return START_FACTOR + ((1 - START_FACTOR) * Math.min(t, turn)) / turn;
    case "warmupcosine":
      return t < turn
        ? START_FACTOR + ((1 - START_FACTOR) * t) / turn
        : cosine(1, 0, (t - turn) / (total - turn));
    default:
      return 1;
  }
}
