// A network with a switch at each parameter: what learns (requires_grad), and how far it moved in each way of training.
//
// data (JSON text): Network

/** @import { FrontendRendererArgs } from "@streamlit/component-v2-lib" */
import { readProps } from "../shared/data.js";
import { keepingFocus, make, rootOf, setColours, spoken } from "../shared/dom.js";
import { fill } from "../shared/text.js";

/** @typedef {{ name: string, shape: string, count: string, learns: boolean, moved: (number | null)[] }} Parameter */
/** @typedef {{ name: string, note: string, parameters: Parameter[] }} Layer */
/**
 * @typedef {object} Network
 * @property {Layer[]} layers in the order in which data pass
 * @property {string[]} modes ways of training, one bar each
 * @property {string[]} series a colour for each mode
 * @property {Record<string, string>} labels
 * @property {Record<string, string>} colours
 */
/** @typedef {{ learn: string }} State names of the parameters that learn, with commas between them */

/**
 * @param {Parameter} parameter
 * @param {Network} network
 * @param {() => void} onSwitch
 */
function parameterRow(parameter, network, onSwitch) {
  const row = make("div", parameter.learns ? "parameter learns" : "parameter");
  const knob = make("button", "switch");
  knob.type = "button";
  knob.setAttribute("role", "switch");
  knob.setAttribute("aria-checked", String(parameter.learns));
  knob.setAttribute("aria-label", fill(network.labels.switch ?? "", { name: parameter.name }));
  knob.onclick = onSwitch;
  const words = make("span", "words");
  words.append(make("code", "", parameter.name.split(".")[1] ?? ""), make("span", "shape", parameter.shape));
  const bars = make("span", "bars");
  for (const [index, share] of parameter.moved.entries()) {
    const bar = make("span", "moved");
    bar.style.width = share === null ? "0" : `${Math.min(100, 100 * share)}%`;
    bar.style.background = network.series[index] ?? "gray";
    const percent = share === null ? "–" : `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
    const mode = network.modes[index] ?? "";
    bar.title = mode + network.labels.colon + percent;
    const line = make("span", "line");
    const sign = make("span", "sign", String(index + 1));
    sign.setAttribute("aria-hidden", "true");
    line.append(sign, spoken(mode), bar, make("span", "percent", percent));
    bars.append(line);
  }
  row.append(knob, words, bars);
  return row;
}

/** @param {FrontendRendererArgs<State, string>} args */
export default function ({ data, parentElement, setStateValue }) {
  const network = /** @type {Network} */ (readProps(data));
  const root = rootOf(parentElement, ".freeze");
  setColours(root, network.colours);
  const all = network.layers.flatMap((layer) => layer.parameters);

  /** @param {Parameter} parameter */
  function flip(parameter) {
    const learning = all.filter((each) => (each === parameter ? !each.learns : each.learns));
    if (learning.length) setStateValue("learn", learning.map((each) => each.name).join(","));
  }

  const chain = make("ol", "chain");
  for (const layer of network.layers) {
    const block = make("li", layer.parameters.length ? "layer" : "layer plain");
    const learns = layer.parameters.some((each) => each.learns);
    block.classList.toggle("frozen", layer.parameters.length > 0 && !learns);
    block.append(make("strong", "", layer.name));
    if (layer.note) block.append(make("span", "note", layer.note));
    for (const parameter of layer.parameters) {
      block.append(parameterRow(parameter, network, () => flip(parameter)));
    }
    chain.append(block);
  }
  const legend = make("div", "legend");
  for (const [index, mode] of network.modes.entries()) {
    const entry = make("span", "entry", `${index + 1} ${mode}`);
    entry.style.setProperty("--series", network.series[index] ?? "gray");
    legend.append(entry);
  }
  keepingFocus(root, () => root.replaceChildren(legend, chain));
}
