// How a network's sums change with each pixel, and where another component finds the network.

/** @import { Network } from "./network.js" */

const ASK = "shapelab-slopes-ask";
const ANSWER = "shapelab-slopes";
/** An event of the document: a component that has networks is there. */
export const HERE = "shapelab-slopes-here";

/**
 * The derivative by each pixel of one sum of a network of linear layers.
 *
 * @param {Network} network
 * @param {ArrayLike<number>[]} derivatives of each hidden layer's activation function at its sums, first to last
 * @param {number} layer which of the linear layers, from 0
 * @param {number} unit which of its sums
 */
export function slopesOf(network, derivatives, layer, unit) {
  const linears = network.layers.filter(({ spec }) => spec.kind === "linear");
  const { weight, channels } = linears[layer];
  const inputs = weight.length / channels;
  let row = Float64Array.from(weight.subarray(unit * inputs, (unit + 1) * inputs));
  for (let below = layer - 1; below >= 0; below -= 1) {
    const { weight: lower, channels: sums } = linears[below];
    const width = lower.length / sums;
    const next = new Float64Array(width);
    for (let k = 0; k < sums; k += 1) {
      const factor = row[k] * derivatives[below][k];
      if (factor === 0) continue;
      for (let i = 0; i < width; i += 1) next[i] += factor * lower[k * width + i];
    }
    row = next;
  }
  return row;
}

/**
 * Have a component that has networks lend them to others; returns what ends it.
 *
 * @param {{ id: string, network: Network | null }[]} networks
 */
export function lendNetworks(networks) {
  const onAsk = (/** @type {Event} */ event) => {
    if (!(event instanceof CustomEvent)) return;
    const found = networks.find(({ id, network }) => network && id === event.detail);
    if (found) document.dispatchEvent(new CustomEvent(ANSWER, { detail: found.network }));
  };
  document.addEventListener(ASK, onAsk);
  document.dispatchEvent(new CustomEvent(HERE));
  return () => document.removeEventListener(ASK, onAsk);
}

/**
 * The network of that id from whichever component has it; null while none does.
 *
 * @param {string} id
 * @returns {Network | null}
 */
export function borrowNetwork(id) {
  /** @type {Network | null} */
  let found = null;
  const onAnswer = (/** @type {Event} */ event) => {
    if (event instanceof CustomEvent) found = event.detail;
  };
  document.addEventListener(ANSWER, onAnswer);
  document.dispatchEvent(new CustomEvent(ASK, { detail: id }));
  document.removeEventListener(ANSWER, onAnswer);
  return found;
}
