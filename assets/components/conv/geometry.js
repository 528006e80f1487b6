// Shapes and places along an axis: which input cell each output cell meets through which weight.

const NOWHERE = -1;
export const isPool = (layer) => layer.kind === "MaxPool2d" || layer.kind === "AvgPool2d";
export const isTransposed = (layer) => layer.kind === "ConvTranspose2d";
export const outputChannels = (layer) => (isPool(layer) ? layer.inChannels : layer.outChannels);
export const floorDiv = (a, b) => Math.floor(a / b);
export const modulo = (a, b) => ((a % b) + b) % b;

function pads(layer, axis) {
  if (layer.named === "valid") return [0, 0];
  if (layer.named === "same") {
    const total = axis.dilation * (axis.kernel - 1);
    return [floorDiv(total, 2), total - floorDiv(total, 2)];
  }
  return [axis.padding, axis.padding];
}

function outputSize(layer, axis) {
  const effective = axis.dilation * (axis.kernel - 1) + 1;
  if (isTransposed(layer)) {
    return (axis.size - 1) * axis.stride - 2 * axis.padding + effective + axis.outputPadding;
  }
  const [before, after] = pads(layer, axis);
  const numerator = axis.size + before + after - effective;
  if (!(isPool(layer) && layer.ceilMode)) return floorDiv(numerator, axis.stride) + 1;
  const size = -floorDiv(-numerator, axis.stride) + 1;
  return (size - 1) * axis.stride >= axis.size + before ? size - 1 : size;
}

function paddedSource(layer, axis) {
  const [before, after] = pads(layer, axis);
  const source = new Int32Array(axis.size + before + after);
  const last = axis.size - 1;
  for (let i = 0; i < source.length; i += 1) {
    const cell = i - before;
    const inside = cell >= 0 && cell <= last;
    if (inside || layer.mode === "zeros") source[i] = inside ? cell : NOWHERE;
    else if (layer.mode === "replicate") source[i] = Math.min(Math.max(cell, 0), last);
    else if (layer.mode === "circular") source[i] = modulo(cell, axis.size);
    else source[i] = last - Math.abs(last - Math.abs(cell));
  }
  return source;
}

// One axis: the input's cells as drawn (padding included), the output's as drawn (for a transposed layer with
// the ring that padding crops), and taps[o * F + k], the drawn input cell that output o meets through weight k.
export function planAxis(layer, axis, legal) {
  const crop = isTransposed(layer) ? axis.padding : 0;
  const [before] = crop || isTransposed(layer) ? [0] : pads(layer, axis);
  const source = isTransposed(layer)
    ? Int32Array.from({ length: axis.size }, (_, i) => i)
    : paddedSource(layer, axis);
  const out = legal ? outputSize(layer, axis) : 0;
  const outCells = legal ? out + 2 * crop : 0;
  const taps = new Int32Array(outCells * axis.kernel).fill(NOWHERE);
  for (let o = 0; o < outCells; o += 1) {
    for (let k = 0; k < axis.kernel; k += 1) {
      let cell;
      if (isTransposed(layer)) {
        const reach = o - k * axis.dilation;
        cell = modulo(reach, axis.stride) === 0 ? reach / axis.stride : NOWHERE;
      } else {
        cell = o * axis.stride + k * axis.dilation;
      }
      if (cell >= 0 && cell < source.length) taps[o * axis.kernel + k] = cell;
    }
  }
  const used = taps.reduce((most, cell) => Math.max(most, cell + 1), 0);
  return { ...axis, source, before, crop, out, outCells, taps, inCells: source.length, used };
}

// Feeds of each drawn input cell: [output, weight] pairs.
export function feedsOf(plan) {
  const feeds = Array.from({ length: plan.inCells }, () => []);
  for (let o = 0; o < plan.outCells; o += 1) {
    for (let k = 0; k < plan.kernel; k += 1) {
      const cell = plan.taps[o * plan.kernel + k];
      if (cell >= 0) feeds[cell].push([o, k]);
    }
  }
  return feeds;
}
