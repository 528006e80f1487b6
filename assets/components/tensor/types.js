// What Python sends, and what the parts of the picture hand to each other. No code.

/**
 * A tensor as Python writes it (lib/ui/components/tensor.py, `Picture`). `values` and the like are base64.
 *
 * @typedef {object} TensorJson
 * @property {string} id
 * @property {string} title
 * @property {string} note
 * @property {number[]} shape
 * @property {"float" | "int" | "bool"} kind
 * @property {string} values float64
 * @property {string[] | null} texts exact words of numbers that float64 would round
 * @property {string[]} sources int32 each: numbers of elements
 * @property {string | null} flags uint8
 * @property {string} role "element", "lane", or a role of the palette
 * @property {number[][] | null} positions places of each axis that were sent, where not all were
 * @property {number[]} clash axes whose sizes are wrong
 * @property {boolean} editable
 * @property {number | null} wide columns shown at once
 * @property {boolean} fold a long row in several lines
 * @property {string | null} tints int32: numbers of series colours, -1 for none
 */

/**
 * Numbers `first` to `first + count - 1` belong to a tensor of this name and shape.
 *
 * @typedef {{ name: string, shape: number[], first: number, count: number }} Group
 */

/** @typedef {"input" | "weight" | "output" | "padding" | "wrong" | "muted" | "ink" | "paper"} ColourName */
/** @typedef {Record<ColourName, string> & { series: string[] }} Colours */

/** @typedef {{ density: number[], edges: number[], theory: number[] | null, reading: string }} Bars */

/**
 * @typedef {object} Props
 * @property {TensorJson[]} tensors
 * @property {string[]} joiners text between tensor i and i + 1
 * @property {Group[]} groups
 * @property {{ to: number, key: string } | null} play into which tensor elements fly, whenever the key changes
 * @property {Bars | null} bars
 * @property {{ axis: string, play: string, hint: string, edit_allowed: string }} labels
 * @property {string} reading
 * @property {Colours} colours
 */

/**
 * A tensor with its numbers read.
 *
 * @typedef {TensorJson & {
 *   numbers: Float64Array,
 *   maps: Int32Array[],
 *   marks: Uint8Array | null,
 *   tintMap: Int32Array | null,
 * }} Tensor
 */

/** Where the windows of a tensor's long axes begin. @typedef {{ rows: number, columns: number, leading: number[] }} Windows */

/**
 * A cell on the page.
 *
 * @typedef {object} Entry
 * @property {HTMLElement} cell
 * @property {Tensor} tensor
 * @property {number} which number of the tensor in the scene
 * @property {number[]} index
 * @property {number} place in the values that were sent
 * @property {number[]} sources
 */

/** @typedef {{ tensor: string, place: number, value: number }} Edit */

/** What a mount keeps from run to run. @typedef {{ windows: Record<string, Windows>, played: string | undefined }} Kept */

export {};
