// What Python sends (lib/lessons/draw/digit.py). Two views of one component, each mounted on its own. No code.

/** @typedef {Record<"paper" | "weight" | "input" | "output", string>} Colours */

/**
 * A digit on its way into a network.
 *
 * @typedef {object} Stages
 * @property {"stages"} view
 * @property {string} reading
 * @property {boolean} isRaw fed without preparation
 * @property {string} drawing address of a picture
 * @property {[top: number, left: number, height: number, width: number, H: number, W: number]} box
 * @property {string} cropped
 * @property {{ height: number, width: number, pixels: string }} scaled uint8
 * @property {string} fed uint8 (784)
 * @property {[row: number, column: number]} centre
 * @property {Record<string, string>} labels
 * @property {Colours} colours
 */

/**
 * A hidden unit: `slope` is int16 (784), in units of scale / 32767; "" where the browser computes it.
 *
 * @typedef {{ unit: number, slope: string, scale: number, constant: number, total: number, value: number }} Unit
 */

/**
 * A network's reasons.
 *
 * @typedef {object} Inside
 * @property {"inside"} view
 * @property {string} reading
 * @property {string} fed uint8 (784)
 * @property {number} predicted
 * @property {number[]} logits
 * @property {number[]} probabilities
 * @property {number[]} bias
 * @property {number[]} constants
 * @property {string} network id of one that "digit_bars" has, whose slopes are computed here; "" for none
 * @property {string[]} derivatives float64 each: of the hidden layers' activation functions, for that
 * @property {string} slopes int16 (10 x 784); "" where the browser computes them
 * @property {number} slopeScale
 * @property {string} terms float32 (10 x hidden)
 * @property {string[]} layers float32 each
 * @property {boolean} isExact
 * @property {boolean} isDeep
 * @property {string} activation
 * @property {Unit[]} units
 * @property {Record<string, string>} labels
 * @property {Colours} colours
 */

/**
 * What is chosen in the browser; `stop` ends the wait for the network.
 *
 * @typedef {{ digit: number | null, unit: number | null, stop: (() => void) | null }} Kept
 */

export {};
