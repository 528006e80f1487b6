// Colour and text of each cell at rest.

/** @import { Rgb } from "../shared/colour.js" */
/** @import { ColourName } from "./types.js" */
/** @import { Scene } from "./scene.js" */

import { blend } from "../shared/colour.js";
import { isTransposed } from "./geometry.js";
import { shortNumber } from "./words.js";

/**
 * @param {Scene} scene
 * @param {ColourName} role
 * @param {number} share
 * @returns {Rgb}
 */
const tint = ({ colours }, role, share) => blend(colours.paper, colours[role], share);

/** @param {Scene} scene */
const countsOutputs = ({ kept, model }) => kept.usage && isTransposed(model.layer);

/** @param {Scene} scene */
const countsInputs = ({ kept, model }) => kept.usage && model.legal;

/**
 * @param {Scene} scene
 * @param {number} r
 * @param {number} c
 */
export function inputColour(scene, r, c) {
  const inside = scene.isInside(r, c);
  if (countsInputs(scene)) {
    return tint(scene, "muted", 0.06 + (0.7 * scene.useOf("input", r, c)) / Math.max(1, scene.mostUsed));
  }
  if (!scene.values) return tint(scene, inside ? "input" : "padding", 0.2);
  const value = scene.valueAt(r, c);
  const size = Number.isFinite(value) ? Math.abs(value) / scene.inputMax : 0;
  if (!inside) return tint(scene, "padding", 0.16 + 0.3 * size);
  return tint(scene, value < 0 ? "muted" : "input", 0.07 + 0.68 * size);
}

/**
 * @param {Scene} scene
 * @param {number} r
 * @param {number} c
 */
export function inputText(scene, r, c) {
  if (countsInputs(scene)) return String(scene.useOf("input", r, c));
  if (!scene.model.legal && !scene.isInside(r, c) && scene.spec.layer.mode !== "zeros") return "?";
  return scene.values ? shortNumber(scene.valueAt(r, c)) : "";
}

/**
 * @param {Scene} scene
 * @param {number} r
 * @param {number} c
 */
export function outputColour(scene, r, c) {
  if (countsOutputs(scene)) {
    return tint(scene, "muted", 0.06 + (0.7 * scene.useOf("output", r, c)) / Math.max(1, scene.mostFed));
  }
  const values = scene.partial ?? scene.result;
  const cropped = scene.isCropped(r, c);
  if (!values) return tint(scene, cropped ? "padding" : "output", 0.2);
  const value = values[r * scene.model.columns.outCells + c];
  const size = Number.isFinite(value) ? Math.abs(value) / scene.resultMax : 0;
  if (cropped) return tint(scene, "padding", 0.1 + 0.15 * size);
  return tint(scene, value < 0 ? "muted" : "output", 0.07 + 0.68 * size);
}

/**
 * @param {Scene} scene
 * @param {number} r
 * @param {number} c
 */
export function outputText(scene, r, c) {
  if (countsOutputs(scene)) return String(scene.useOf("output", r, c));
  const values = scene.partial ?? scene.result;
  return values ? shortNumber(values[r * scene.model.columns.outCells + c]) : "";
}
