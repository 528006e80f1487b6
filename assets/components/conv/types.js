// What the parts of the picture hand to each other. No code.

/**
 * The settings along one axis, in cells.
 *
 * @typedef {object} Axis
 * @property {number} size
 * @property {number} kernel
 * @property {number} stride
 * @property {number} padding
 * @property {number} dilation
 * @property {number} outputPadding
 */

/** @typedef {"Conv2d" | "Conv1d" | "ConvTranspose2d" | "MaxPool2d" | "AvgPool2d"} Kind */

/**
 * A layer as Python writes it (lib/lessons/convolution/picture.py, `layer_json`).
 *
 * @typedef {object} Layer
 * @property {Kind} kind
 * @property {Axis} height
 * @property {Axis} width
 * @property {number} inChannels
 * @property {number} outChannels
 * @property {number} groups
 * @property {boolean} bias
 * @property {"zeros" | "reflect" | "replicate" | "circular"} mode
 * @property {"same" | "valid" | null} named
 * @property {boolean} ceilMode
 * @property {boolean} countIncludePad
 * @property {boolean} batched whether x and y have an axis N
 */

/** @typedef {[right: number, down: number]} Shift */

/**
 * What the learner made of input and kernel (lib/core/conv/look.py). Edits are a place and, last, the value.
 *
 * @typedef {object} Look
 * @property {string} input
 * @property {number} number
 * @property {string[]} drawn
 * @property {string} kernel
 * @property {number} kernelSeed
 * @property {Shift} shift
 * @property {number[][]} inputEdits
 * @property {number[][]} weightEdits
 * @property {number} channel
 */

/**
 * One axis as drawn: the input's cells with padding, the output's with the ring that a transposed layer crops.
 *
 * @typedef {object} AxisPlan
 * @property {Int32Array} source the input cell that a drawn cell holds, -1 for a zero
 * @property {number} before padded cells before the input
 * @property {number} crop cells cropped before the output; after it output padding gives back as many as it has
 * @property {number} out cells of the output
 * @property {number} outCells the same with what is cropped
 * @property {Int32Array} taps [o * kernel + k]: the drawn input cell that output o meets through weight k, or -1
 * @property {number} inCells
 * @property {Uint8Array} read 1 where a window reads a drawn input cell
 */
/** @typedef {Axis & AxisPlan} Plan */

/** @typedef {[output: number, weight: number]} Feed */

/**
 * All numbers of a layer and a look. `inputs` is null where the layer is too large, `weight` also for a pool.
 *
 * @typedef {object} Model
 * @property {Layer} layer
 * @property {Look} look
 * @property {boolean} legal
 * @property {Plan} rows
 * @property {Plan} columns
 * @property {Feed[][]} rowFeeds
 * @property {Feed[][]} columnFeeds
 * @property {Float64Array | null} still before the shift
 * @property {Float64Array | null} inputs
 * @property {Float64Array | null} weight
 * @property {Map<string, Float64Array>} padded kept from call to call
 */

/** @typedef {"input" | "kernel" | "output"} GridName */
/**
 * A cell of a grid as drawn.
 *
 * @typedef {{ grid: GridName, r: number, c: number }} Cell
 */
/**
 * A meeting of a cell r, c of the drawn input with the weight kr, kc for the drawn output or, oc.
 *
 * @typedef {{ r: number, c: number, kr: number, kc: number, or: number, oc: number }} Meeting
 */
/** @typedef {{ rows: number, columns: number }} Size */

/** @typedef {"same" | "differs" | "new"} Mark */
/** @typedef {{ marks: Mark[], whole: boolean }} Moved */

/**
 * What the sliders say (the component conv_feed).
 *
 * @typedef {object} Spec
 * @property {Layer} layer
 * @property {string | null} problem why PyTorch refuses it
 * @property {boolean} drawable
 * @property {boolean} relu whether an activation follows
 * @property {string} look
 * @property {number} news rises when the look comes from the address, not from the picture
 * @property {number} digit
 * @property {string} pixels
 */

/**
 * What is allowed (lib/core/conv/look.py).
 *
 * @typedef {object} Limits
 * @property {number} edits numbers changed at once
 * @property {number} shift
 * @property {number} drawn cells of a drawing's side
 * @property {number} seed
 * @property {number} digit
 * @property {number} value
 */

/**
 * @typedef {"input" | "output" | "none" | "window" | "kernel" | "product" | "windowMirrored" | "cellHead" | "givesHead" |
 *   "playback" | "play" | "pause" | "back" | "next" | "scrubber" | "speed" | "inputPreset" | "kernelPreset" |
 *   "digit" | "digitNumber" | "digitShort" | "seed" | "clear" | "shows" | "shift" | "shiftShort" | "shiftBy" |
 *   "shiftReset" | "editsReset" | "editsResetHelp" | "inChannel" | "outChannel" | "usage" | "usageHelp" | "arrows" |
 *   "arrowsHelp" | "gridLabel" | "editableGrid" | "bias" | "channelSum" | "otherChannels" | "hint" | "noOutput" |
 *   "weightWords" | "feeds" | "croppedPlace" | "unusedWords" | "copyWords" | "zeroWords" | "croppedWords" |
 *   "dividedBy" | "nothingWords" | "lost" | "separator" | "cropped" | "schematic" | "aggregated" | "numbersHidden" | "moved" |
 *   "movedNot" | "cellDiffers" | "cellNew" | "editLabel" | "editAllowed" | "editsFull" | "zeroTerms" | "notEditable" | "badPlace"
 * } LabelName
 */
/**
 * @typedef {Record<LabelName, string> & {
 *   inputs: Record<string, string>,
 *   kernels: Record<string, string>,
 *   directions: Record<string, string>,
 *   inputWords: [one: string, several: string],
 * }} Labels
 */

/**
 * @typedef {"input" | "weight" | "output" | "padding" | "wrong" | "muted" | "ink" | "paper" | "grid"} ColourName
 */

/**
 * What stays the same from run to run.
 *
 * @typedef {object} Props
 * @property {Labels} labels
 * @property {Record<ColourName, string>} colours
 * @property {boolean} dark
 * @property {number[]} digits the test image of each digit 0 to 9
 * @property {Limits} limits
 */

/**
 * What a mount keeps from run to run. `place` is the pin in the coordinates of x, w and y.
 *
 * @typedef {object} Kept
 * @property {Cell | null} pin
 * @property {Cell | null} place
 * @property {boolean} unpinned
 * @property {number | null} step while it plays: the step up to which the picture is revealed
 * @property {number} speed
 * @property {number} input channel
 * @property {number} output channel
 * @property {boolean} usage
 * @property {boolean} arrows
 * @property {Look | null} look
 * @property {number | null} news
 * @property {boolean} started
 */

export {};
