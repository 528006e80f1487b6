// What is looked at, in words.

/** @import { Scene } from "./scene.js" */
/** @import { Cell, Meeting, Model } from "./types.js" */

import { counted, fill } from "../shared/text.js";
import { biasOf, divisor, partners } from "./arithmetic.js";
import { isPool } from "./geometry.js";
import { bracketed, formatNumber, isRounded } from "./words.js";

const SPOKEN_CHANNELS = 64;
const SPOKEN_TERMS = 30;
const LISTED_VALUES = 12;

/**
 * @param {Scene} scene
 * @param {Cell | null} focus
 * @param {Meeting[]} met
 */
export function sentence(scene, focus, met) {
  const { model, props } = scene;
  const { labels } = props;
  if (!model.legal) return labels.noOutput;
  if (!focus || !model.inputs) return "";
  if (focus.grid === "output") {
    const mark = scene.moved?.marks[focus.r * model.columns.outCells + focus.c];
    const moved = mark === "differs" ? labels.cellDiffers : mark === "new" ? labels.cellNew : "";
    return [outputWords(scene, focus, met), moved].filter(Boolean).join(labels.separator);
  }
  if (focus.grid === "input") return inputWords(scene, focus, met);
  const copies = met.filter((m) => !scene.isInside(m.r, m.c)).length;
  const value = scene.weightAt(focus.r, focus.c);
  const name = `w[${focus.r}, ${focus.c}]${value === null ? "" : ` = ${formatNumber(value)}`}`;
  return fill(labels.weightWords, { name, count: met.length, padding: copies });
}

/**
 * The index of the sample that is shown, where there is an axis for it.
 *
 * @param {Model} model
 */
export const sampleOf = ({ layer }) => (layer.batched ? "0, " : "");

/**
 * A drawn output cell as code: "y[0, 1, 2, 3]".
 *
 * @param {Scene} scene
 * @param {{ r: number, c: number }} cell
 */
export function outputName({ model, kept }, { r, c }) {
  const [y, x] = [r - model.rows.crop, c - model.columns.crop];
  return `y[${sampleOf(model)}${kept.output}, ${model.layer.kind === "Conv1d" ? x : `${y}, ${x}`}]`;
}

/**
 * @param {Scene} scene
 * @param {number} r
 * @param {number} c
 */
function inputName({ model, kept }, r, c) {
  const [y, x] = [r - model.rows.before, c - model.columns.before];
  return `x[${sampleOf(model)}${kept.input}, ${model.layer.kind === "Conv1d" ? x : `${y}, ${x}`}]`;
}

/**
 * "max(…)" or "(…) / 9".
 *
 * @param {Scene} scene
 * @param {Cell} focus
 */
export function poolWords(scene, focus) {
  const values = scene.meetings(focus).map((m) => scene.valueAt(m.r, m.c));
  const shown = values.slice(0, LISTED_VALUES).map(formatNumber);
  if (values.length > LISTED_VALUES) shown.push("…");
  if (scene.model.layer.kind === "MaxPool2d") return `max(${shown.join(", ")})`;
  return `(${shown.join(" + ")}) / ${divisor(scene.model, focus.r, focus.c)}`;
}

/**
 * @param {Scene} scene
 * @param {Cell} focus
 */
export const resultAt = ({ result, model }, { r, c }) => result?.[r * model.columns.outCells + c] ?? 0;

/**
 * Before the activation.
 *
 * @param {Scene} scene
 * @param {Cell} focus
 */
export const sumAt = ({ sums, model }, { r, c }) => sums?.[r * model.columns.outCells + c] ?? 0;

/**
 * @param {Scene} scene
 * @param {Cell} focus
 * @param {Meeting[]} met
 */
function outputWords(scene, focus, met) {
  const { model, props } = scene;
  const { labels } = props;
  const name = outputName(scene, focus);
  const total = resultAt(scene, focus);
  const shown = formatNumber(total);
  if (scene.isCropped(focus.r, focus.c)) return fill(labels.croppedWords, { total: shown });
  if (isPool(model.layer)) return `${name} = ${poolWords(scene, focus)} = ${shown}${dividedBy(scene, focus)}`;
  if (!met.length) return fill(labels.nothingWords, { name, total: shown });
  const sum = sumAt(scene, focus);
  let rounded = isRounded(sum);
  const own = met.map((m) => {
    const [value, weight] = [scene.valueAt(m.r, m.c), scene.weightAt(m.kr, m.kc) ?? 0];
    rounded ||= isRounded(value) || isRounded(weight);
    return { text: `${formatNumber(value)}·${bracketed(weight)}`, isZero: value * weight === 0 };
  });
  const listed = spoken(scene, own).join(" + ");
  const others = otherTerms(scene, focus);
  const mine = others.length
    ? `(${listed}) [${fill(labels.channelSum, { channel: scene.kept.input })}]`
    : listed;
  if (model.layer.bias) others.push(`${bracketed(biasOf(model.layer, scene.kept.output))} [${labels.bias}]`);
  const terms = [mine, ...others].join(" + ");
  const equals = rounded ? "≈" : "=";
  if (!scene.spec.relu) return `${name} = ${terms} ${equals} ${shown}`;
  return `${name} = ReLU(${terms}) ${equals} ReLU(${formatNumber(sum)}) = ${shown}`;
}

/**
 * Why an average divides by fewer than the window's cells; empty where it does not.
 *
 * @param {Scene} scene
 * @param {Cell} focus
 */
function dividedBy({ model, props }, focus) {
  const cells = model.rows.kernel * model.columns.kernel;
  const count = divisor(model, focus.r, focus.c);
  if (model.layer.kind !== "AvgPool2d" || count === cells) return "";
  return fill(props.labels.dividedBy, { count, cells });
}

/**
 * The other input channels' sums.
 *
 * @param {Scene} scene
 * @param {Cell} focus
 */
function otherTerms(scene, focus) {
  const { model, kept, props } = scene;
  const { labels } = props;
  const sums = scene.channelSums(focus);
  const others = partners(model.layer, kept.output)
    .map((channel, i) => ({ channel, sum: sums[i] }))
    .filter(({ channel }) => channel !== kept.input);
  const terms = others
    .slice(0, SPOKEN_CHANNELS)
    .map(({ channel, sum }) => `${bracketed(sum)} [${fill(labels.channelSum, { channel })}]`);
  const rest = others.slice(SPOKEN_CHANNELS);
  if (rest.length) {
    const sum = rest.reduce((total, part) => total + part.sum, 0);
    terms.push(`${bracketed(sum)} [${fill(labels.otherChannels, { count: rest.length })}]`);
  }
  return terms;
}

/**
 * A large window's products without those that add nothing, which are counted.
 *
 * @param {Scene} scene
 * @param {{ text: string, isZero: boolean }[]} terms
 */
function spoken({ props }, terms) {
  if (terms.length <= SPOKEN_TERMS) return terms.map(({ text }) => text);
  const counting = terms.filter(({ isZero }) => !isZero).map(({ text }) => text);
  const zeros = terms.length - counting.length;
  return zeros ? [...counting, fill(props.labels.zeroTerms, { count: zeros })] : counting;
}

/**
 * @param {Scene} scene
 * @param {Cell} focus
 * @param {Meeting[]} met
 */
function inputWords(scene, focus, met) {
  const { labels } = scene.props;
  const value = scene.valueAt(focus.r, focus.c);
  const name = inputPhrase(scene, focus, formatNumber(value));
  if (!met.length) return fill(labels.unusedWords, { name });
  const fed = met.map((m) => {
    const weight = scene.weightAt(m.kr, m.kc);
    const cropped = scene.isCropped(m.or, m.oc);
    const place = cropped ? labels.croppedPlace : outputName(scene, { r: m.or, c: m.oc });
    if (weight === null) return place;
    return fill(labels.feeds, {
      place,
      weight: `w[${m.kr}, ${m.kc}] = ${formatNumber(weight)}`,
      product: formatNumber(value * weight || 0),
    });
  });
  return counted(labels.inputWords, met.length, { name }) + fed.join(labels.separator);
}

/**
 * An input cell, a copy of one, or a zero.
 *
 * @param {Scene} scene
 * @param {Cell} cell
 * @param {string} value
 */
function inputPhrase(scene, { r, c }, value) {
  const { labels } = scene.props;
  const { rows, columns } = scene.model;
  if (scene.isInside(r, c)) return `${inputName(scene, r, c)} = ${value}`;
  const [y, x] = [rows.source[r], columns.source[c]];
  if (y < 0 || x < 0) return fill(labels.zeroWords, { value });
  return fill(labels.copyWords, { value, source: inputName(scene, y + rows.before, x + columns.before) });
}
