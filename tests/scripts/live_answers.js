// Answers what tests/core/live asks: a line of JSON in, a line of JSON out.

import { createInterface } from "node:readline";
import { lookText, parseLook } from "../../assets/components/feature_maps/look.js";
import { forward, makeNetwork, softmax, UNCHANGED } from "../../assets/components/live/network.js";
import { prepare } from "../../assets/components/live/prepare.js";
import { slopesOf } from "../../assets/components/live/slopes.js";
import { decode } from "../../assets/components/shared/data.js";

/**
 * @typedef {{ task: "prepare", height: number, width: number, pixels: string, raw: boolean }} PrepareTask
 * @typedef {{
 *   task: "forward", network: import("../../assets/components/live/network.js").NetworkProps, pixels: string,
 *   pooling?: "max" | "average", activations?: boolean, silenced?: [number, number[]][],
 * }} ForwardTask
 * @typedef {{
 *   task: "slopes", network: import("../../assets/components/live/network.js").NetworkProps, derivatives: string[],
 *   layer: number, units: number[],
 * }} SlopesTask
 */

/** @param {Uint8Array | Float32Array | null} values */
const packed = (values) =>
  values ? Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString("base64") : null;

/** @param {PrepareTask} task */
function prepared({ height, width, pixels, raw }) {
  return packed(prepare({ pixels: decode(pixels, Uint8Array), height, width }, raw));
}

/** @param {ForwardTask} task */
function passed({ network: props, pixels, pooling, activations, silenced }) {
  const network = makeNetwork(props);
  const images = decode(pixels, Float32Array);
  const changes = {
    pooling: pooling ?? null,
    activations: activations ?? true,
    silenced: silenced
      ? new Map(silenced.map(([layer, channels]) => [layer, new Set(channels)]))
      : UNCHANGED.silenced,
  };
  const answers = [];
  for (let at = 0; at < images.length; at += 784) {
    const logits = packed(forward(network, images.subarray(at, at + 784), changes));
    answers.push({
      logits,
      probabilities: softmax(network.layers[network.layers.length - 1].values),
      layers: network.layers.map(({ values }) => packed(values)),
    });
  }
  return answers;
}

/** @param {SlopesTask} task */
function sloped({ network: props, derivatives, layer, units }) {
  const network = makeNetwork(props);
  const own = derivatives.map((text) => decode(text, Float64Array));
  return units.map((unit) => [...slopesOf(network, own, layer, unit)]);
}

/** @param {PrepareTask | ForwardTask | SlopesTask | { task: "look", text: string }} task */
function answerTo(task) {
  if (task.task === "slopes") return sloped(task);
  if (task.task === "look") return lookText(parseLook(task.text));
  return task.task === "prepare" ? prepared(task) : passed(task);
}

for await (const line of createInterface({ input: process.stdin })) {
  const task = /** @type {Parameters<typeof answerTo>[0]} */ (JSON.parse(line));
  console.log(JSON.stringify(answerTo(task)));
}
