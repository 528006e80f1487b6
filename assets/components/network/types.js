// What Python sends of a network (lib/lessons/cnn/picture.py writes it).

/** @typedef {[height: number, width: number]} Pair */
/**
 * How a row's output depends on its input, along height and width.
 *
 * @typedef {{ kind: "window", kernel: Pair, stride: Pair, before: Pair, dilation: Pair, mode: string } |
 *   { kind: "bins" | "all" | "rows" | "same" }} Geometry
 */
/**
 * @typedef {{ name: string, call: string, kind: string, block: string, branch: number, inputs: number[],
 *   shape: number[], parameters: number, macs: number, bytes: number, kept: number, field: Pair,
 *   jump: [number | null, number | null], whole: boolean, covers: boolean, exceeds: boolean, empty: boolean,
 *   geo: Geometry }} Row
 */
/** @typedef {{ name: string, call: string, inputs: number[], block: string }} Rest a row that is not reached */
/**
 * @typedef {{ input: number[], rows: Row[], rest: Rest[], side: number[],
 *   broken: { row: number, backward: boolean } | null,
 *   totals: { parameters: number, macs: number, bytes: number, kept: number }, last: number | null }} Network
 */
/** @typedef {Record<string, string | number | boolean | null | number[]> & { kind: string }} Described a row as it is edited */
/** @typedef {{ channels: number, rows: Described[] }} Stack */
/**
 * @typedef {{ name: string, torch: string, kind: string, low: number, high: number,
 *   options: (string | null)[] }} Argument
 */
/** @typedef {Record<string, { arguments: Argument[], new: Described }>} Forms */
/**
 * @typedef {{ network: Network, stack: Stack | null, forms: Forms,
 *   most: { rows: number, channels: number }, at: string, news: number, tall: boolean,
 *   labels: Record<string, string>, colours: Record<string, string> }} Props
 */
/**
 * @typedef {{ rows: number, columns: number, levels: string, side: number | null,
 *   middle: [row: number, column: number], ratio: number | null, pretrained: boolean }} Heat
 */
/** @typedef {{ photo: string, heat: Heat | null, at: string, message: string }} Feed */

export {};
