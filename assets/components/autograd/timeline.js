// What the picture shows at each moment: the buttons pressed so far, cut into frames of one edge each.

import { add } from "./numbers.js";

/** @typedef {import("./numbers.js").Nested} Nested */

/**
 * @typedef {{ edge: number, rule: string, upstream: Nested, local: Nested | null, full: Nested | null,
 *   product: Nested }} Step what one edge carries back
 */

/**
 * A frame. `press` counts backward() from 1; `step` is an index into the steps.
 *
 * @typedef {{ kind: "start" } | { kind: "seed", press: number } | { kind: "step", press: number, step: number }
 *   | { kind: "zero" }} Frame
 */

/** @typedef {{ grads: (Nested | null)[], carried: Set<number>, since: number }} Moment */

/**
 * The frames of a sequence of buttons: "b" is backward(), "z" zero_grad().
 *
 * @param {string} actions
 * @param {number} steps how many one backward() takes
 * @returns {Frame[]}
 */
export function framesOf(actions, steps) {
  /** @type {Frame[]} */
  const frames = [{ kind: "start" }];
  let press = 0;
  for (const action of actions) {
    if (action === "z") frames.push({ kind: "zero" });
    if (action !== "b") continue;
    press += 1;
    frames.push({ kind: "seed", press });
    for (let step = 0; step < steps; step += 1) frames.push({ kind: "step", press, step });
  }
  return frames;
}

/**
 * `.grad` of each node at a frame; the edges that this backward() has passed; how many backward() there were since
 * the last zero_grad().
 *
 * @param {readonly Frame[]} frames
 * @param {number} at
 * @param {{ count: number, output: number, seed: Nested, steps: readonly Step[], sources: readonly number[] }} graph
 *   `sources`: the node that each step's edge leads back to
 * @returns {Moment}
 */
export function momentAt(frames, at, graph) {
  /** @type {(Nested | null)[]} */
  const grads = new Array(graph.count).fill(null);
  /** @type {Set<number>} */
  let carried = new Set();
  let since = 0;
  const receive = (/** @type {number} */ node, /** @type {Nested} */ amount) => {
    const before = grads[node];
    grads[node] = before === null ? amount : add(before, amount);
  };
  for (const frame of frames.slice(0, at + 1)) {
    if (frame.kind === "zero") {
      grads.fill(null);
      carried = new Set();
      since = 0;
    } else if (frame.kind === "seed") {
      carried = new Set();
      since += 1;
      receive(graph.output, graph.seed);
    } else if (frame.kind === "step") {
      const step = graph.steps[frame.step];
      carried.add(step.edge);
      receive(graph.sources[frame.step], step.product);
    }
  }
  return { grads, carried, since };
}
