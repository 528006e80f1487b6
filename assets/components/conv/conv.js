// The sliding window, linked: padded input, kernel and output as grids of numbers. Pointing at one lights up the
// others; nothing is asked of the server while looking. Only a changed input or kernel is reported, as one text.
//
// data: { labels, colours: palette, dark, digits: [test image of each digit 0-9] }; it does not change while
// sliders move. What moves comes from the small component "conv_feed" beside it, as the event
// "shapelab-conv" of the document, detail: { layer, problem, drawable, look, digit, pixels }.
// state: look = text (see lib/core/conv/look.py)

// --- arithmetic: pure, exported for the tests -------------------------------------------------------------------

const NOWHERE = -1;
const MAX_EDITS = 64;
const MAX_SHIFT = 9;
const MAX_DRAWN = 32;
const NAMED = ["identity", "blur", "sharpen", "sobel_x", "sobel_y", "laplacian", "emboss"];
const CLASSIC = {
  sharpen: [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
  sobel_x: [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
  sobel_y: [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
  laplacian: [[0, 1, 0], [1, -4, 1], [0, 1, 0]],
  emboss: [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
};

const isPool = (layer) => layer.kind === "MaxPool2d" || layer.kind === "AvgPool2d";
const isTransposed = (layer) => layer.kind === "ConvTranspose2d";
const outputChannels = (layer) => (isPool(layer) ? layer.inChannels : layer.outChannels);
const floorDiv = (a, b) => Math.floor(a / b);
const modulo = (a, b) => ((a % b) + b) % b;

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
function planAxis(layer, axis, legal) {
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
function feedsOf(plan) {
  const feeds = Array.from({ length: plan.inCells }, () => []);
  for (let o = 0; o < plan.outCells; o += 1) {
    for (let k = 0; k < plan.kernel; k += 1) {
      const cell = plan.taps[o * plan.kernel + k];
      if (cell >= 0) feeds[cell].push([o, k]);
    }
  }
  return feeds;
}

// MT19937 (Matsumoto and Nishimura), seeded like torch.Generator().manual_seed: torch.randint's own numbers.
function randint(low, high, count, seed) {
  const state = new Uint32Array(624);
  state[0] = seed;
  for (let i = 1; i < 624; i += 1) {
    const previous = state[i - 1] ^ (state[i - 1] >>> 30);
    state[i] = Math.imul(1812433253, previous) + i;
  }
  const values = new Float64Array(count);
  let at = 624;
  for (let i = 0; i < count; i += 1) {
    if (at === 624) {
      for (let j = 0; j < 624; j += 1) {
        const y = (state[j] & 0x80000000) | (state[(j + 1) % 624] & 0x7fffffff);
        state[j] = state[(j + 397) % 624] ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
      }
      at = 0;
    }
    let y = state[at];
    at += 1;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    y ^= y >>> 18;
    values[i] = ((y >>> 0) % (high - low)) + low;
  }
  return values;
}

function overlaps(cells) {
  const table = [];
  for (let i = 0; i < cells; i += 1) {
    const row = new Float64Array(28);
    for (let j = 0; j < 28; j += 1) {
      row[j] = Math.max(Math.min((i + 1) * 28, (j + 1) * cells) - Math.max(i * 28, j * cells), 0);
    }
    table.push(row);
  }
  return table;
}

function digitBase(pixels, height, width) {
  const [rows, columns] = [Math.min(height, 28), Math.min(width, 28)];
  const [down, across] = [overlaps(rows), overlaps(columns)];
  const sums = new Float64Array(rows * columns);
  for (let r = 0; r < rows; r += 1) {
    for (let y = 0; y < 28; y += 1) {
      if (!down[r][y]) continue;
      for (let c = 0; c < columns; c += 1) {
        let sum = 0;
        for (let x = 0; x < 28; x += 1) sum += across[c][x] * pixels[y * 28 + x];
        sums[r * columns + c] += down[r][y] * sum;
      }
    }
  }
  const brightest = Math.max(sums.reduce((a, b) => Math.max(a, b), 0), 1);
  const tones = sums.map((sum) => floorDiv(18 * sum + brightest, 2 * brightest));
  return (r, c) => tones[floorDiv(r * rows, height) * columns + floorDiv(c * columns, width)];
}

function baseTone(look, height, width, pixels) {
  if (look.input === "digit") return digitBase(pixels, height, width);
  if (look.input === "drawn") return (r, c) => Number(look.drawn[r]?.[c] ?? 0);
  if (look.input === "ramp") return (r, c) => floorDiv(c * 10, Math.max(width, 10));
  if (look.input === "checker") {
    const tile = Math.max(1, floorDiv(width, 8));
    return (r, c) => 9 * ((floorDiv(r, tile) + floorDiv(c, tile)) % 2);
  }
  return (r, c) => Number(r === floorDiv(height, 2) && c === floorDiv(width, 2));
}

// (C, H, W) before the shift, edits included.
function makeInputs(layer, look, pixels) {
  const [channels, height, width] = [layer.inChannels, layer.height.size, layer.width.size];
  let values;
  if (look.input === "random") {
    values = randint(0, 10, channels * height * width, look.number);
  } else {
    const tone = baseTone(look, height, width, pixels);
    values = new Float64Array(channels * height * width);
    let at = 0;
    for (let c = 0; c < channels; c += 1) {
      for (let y = 0; y < height; y += 1) {
        for (let x = 0; x < width; x += 1, at += 1) values[at] = tone(y, modulo(x - c, width));
      }
    }
  }
  for (const [c, y, x, value] of look.inputEdits) {
    if (c < channels && y < height && x < width) values[(c * height + y) * width + x] = value;
  }
  return values;
}

function shiftInputs(values, layer, [right, down]) {
  if (!right && !down) return values;
  const [channels, height, width] = [layer.inChannels, layer.height.size, layer.width.size];
  const moved = new Float64Array(values.length);
  for (let c = 0; c < channels; c += 1) {
    for (let y = Math.max(down, 0); y < Math.min(height, height + down); y += 1) {
      for (let x = Math.max(right, 0); x < Math.min(width, width + right); x += 1) {
        moved[(c * height + y) * width + x] = values[(c * height + y - down) * width + x - right];
      }
    }
  }
  return moved;
}

function fitted(size) {
  if (size === 1) return [[1, 1, 1]];
  if (size === 2) return [[1, 0.5, 0], [0, 0.5, 1]];
  const first = floorDiv(size - 3, 2);
  return Array.from({ length: size }, (_, i) => [0, 1, 2].map((j) => Number(i - first === j)));
}

function binomial(size) {
  let row = [1];
  for (let i = 1; i < size; i += 1) {
    row = Array.from({ length: i + 1 }, (_, j) => ((row[j - 1] ?? 0) + (row[j] ?? 0)) / 2);
  }
  return row;
}

function namedKernel(name, height, width) {
  const at = (cell) =>
    Array.from({ length: height }, (_, r) => Array.from({ length: width }, (__, c) => cell(r, c)));
  if (name === "identity") {
    return at((r, c) => Number(r === floorDiv(height - 1, 2) && c === floorDiv(width - 1, 2)));
  }
  if (name === "blur") {
    const [down, across] = [binomial(height), binomial(width)];
    return at((r, c) => down[r] * across[c]);
  }
  const [down, across] = [fitted(height), fitted(width)];
  return at((r, c) => {
    let sum = 0;
    for (let i = 0; i < 3; i += 1) {
      for (let j = 0; j < 3; j += 1) sum += down[r][i] * CLASSIC[name][i][j] * across[c][j];
    }
    return sum;
  });
}

function weightSizes(layer) {
  const [first, second] = isTransposed(layer)
    ? [layer.inChannels, layer.outChannels / layer.groups]
    : [layer.outChannels, layer.inChannels / layer.groups];
  return [first, second, layer.height.kernel, layer.width.kernel];
}

function makeWeight(layer, look) {
  const sizes = weightSizes(layer).map(Math.floor);
  const [first, second, height, width] = sizes;
  const area = height * width;
  let values;
  if (look.kernel === "random") {
    values = randint(-2, 3, first * second * area, look.kernelSeed);
  } else {
    values = new Float64Array(first * second * area);
    const start = NAMED.indexOf(look.kernel);
    const kernels = NAMED.map((_, i) => namedKernel(NAMED[(start + i) % NAMED.length], height, width).flat());
    for (let i = 0; i < first * second; i += 1) {
      const output = isTransposed(layer) ? i % second : floorDiv(i, second);
      values.set(kernels[output % NAMED.length], i * area);
    }
  }
  for (const [a, b, r, c, value] of look.weightEdits) {
    if (a < first && b < second && r < height && c < width) {
      values[((a * second + b) * height + r) * width + c] = value;
    }
  }
  return values;
}

// All numbers of a layer and a look. `drawable` false: geometry alone.
function makeModel(layer, look, pixels, legal, drawable) {
  const rows = planAxis(layer, layer.height, legal);
  const columns = planAxis(layer, layer.width, legal);
  const values = drawable;
  const still = values ? makeInputs(layer, look, pixels) : null;
  return {
    layer,
    look,
    legal,
    rows,
    columns,
    rowFeeds: feedsOf(rows),
    columnFeeds: feedsOf(columns),
    still,
    inputs: values ? shiftInputs(still, layer, look.shift) : null,
    weight: values && !isPool(layer) ? makeWeight(layer, look) : null,
    padded: new Map(),
  };
}

const biasOf = (layer, channel) => (isPool(layer) || !layer.bias ? 0 : 1 - (channel % 3));

// Input channels that make an output channel.
function partners(layer, output) {
  if (isPool(layer)) return [output];
  const each = floorDiv(layer.inChannels, layer.groups);
  const group = floorDiv(output, layer.outChannels / layer.groups);
  return Array.from({ length: each }, (_, i) => group * each + i);
}

function weightIndex(layer, input, output, r, c) {
  const [, second, height, width] = weightSizes(layer);
  const [a, b] = isTransposed(layer) ? [input, output % second] : [output, input % second];
  return ((a * second + b) * height + r) * width + c;
}

// A channel with its padding: what the drawn input's cells hold.
function paddedChannel(model, channel, inputs = model.inputs) {
  const key = inputs === model.inputs ? channel : `still${channel}`;
  if (model.padded.has(key)) return model.padded.get(key);
  const { rows, columns, layer } = model;
  const filler = layer.kind === "MaxPool2d" ? -Infinity : 0;
  const values = new Float64Array(rows.inCells * columns.inCells).fill(filler);
  for (let r = 0; r < rows.inCells; r += 1) {
    for (let c = 0; c < columns.inCells; c += 1) {
      const [y, x] = [rows.source[r], columns.source[c]];
      if (y >= 0 && x >= 0) {
        values[r * columns.inCells + c] = inputs[(channel * rows.size + y) * columns.size + x];
      }
    }
  }
  if (model.padded.size > 64) model.padded.clear();
  model.padded.set(key, values);
  return values;
}

// By what an average is divided: padding counts where the layer says so, cells beyond it never.
function divisor(model, row, column) {
  const counted = (plan, o) => {
    let count = 0;
    for (let k = 0; k < plan.kernel; k += 1) {
      const cell = plan.taps[o * plan.kernel + k];
      if (cell >= 0 && (model.layer.countIncludePad || plan.source[cell] >= 0)) count += 1;
    }
    return count;
  };
  return counted(model.rows, row) * counted(model.columns, column);
}

// What one input channel gives to one output cell (drawn coordinates).
function partialSum(model, input, output, row, column, inputs = model.inputs) {
  const { rows, columns, layer } = model;
  const values = paddedChannel(model, input, inputs);
  const base = model.weight ? weightIndex(layer, input, output, 0, 0) : 0;
  const max = layer.kind === "MaxPool2d";
  let sum = max ? -Infinity : 0;
  for (let r = 0; r < rows.kernel; r += 1) {
    const y = rows.taps[row * rows.kernel + r];
    if (y < 0) continue;
    for (let c = 0; c < columns.kernel; c += 1) {
      const x = columns.taps[column * columns.kernel + c];
      if (x < 0) continue;
      const value = values[y * columns.inCells + x];
      if (max) sum = Math.max(sum, value);
      else sum += model.weight ? value * model.weight[base + r * columns.kernel + c] : value;
    }
  }
  return layer.kind === "AvgPool2d" ? sum / divisor(model, row, column) : sum;
}

// One output channel, drawn cells row by row.
function forward(model, output, inputs = model.inputs) {
  const { rows, columns, layer } = model;
  const result = new Float64Array(rows.outCells * columns.outCells).fill(biasOf(layer, output));
  for (const input of partners(layer, output)) {
    for (let r = 0; r < rows.outCells; r += 1) {
      for (let c = 0; c < columns.outCells; c += 1) {
        result[r * columns.outCells + c] += partialSum(model, input, output, r, c, inputs);
      }
    }
  }
  return result;
}

// Where a shifted input gives the shifted output: "same", "differs", or "new" where no cell moved to.
function equivariance(model, output, result) {
  const { rows, columns, layer, look } = model;
  const before = forward(model, output, model.still);
  const [right, down] = look.shift;
  const moved = (by, axis) => (isTransposed(layer) ? by * axis.stride : by / axis.stride);
  const exact = [moved(down, rows), moved(right, columns)];
  const [dr, dc] = exact.map(Math.round);
  const marks = new Array(result.length).fill("new");
  for (let r = 0; r < rows.outCells; r += 1) {
    for (let c = 0; c < columns.outCells; c += 1) {
      const [y, x] = [r - dr, c - dc];
      if (y < 0 || x < 0 || y >= rows.outCells || x >= columns.outCells) continue;
      const same = Math.abs(result[r * columns.outCells + c] - before[y * columns.outCells + x]) < 1e-9;
      marks[r * columns.outCells + c] = same || result[r * columns.outCells + c] === before[y * columns.outCells + x] ? "same" : "differs";
    }
  }
  return { marks, whole: exact.every(Number.isInteger) };
}

const pack = (row) =>
  row.replace(/(\d)\1{1,25}/g, (run, digit) => String.fromCharCode(96 + run.length) + digit);
const unpack = (text) =>
  text.replace(/([a-z])(\d)/g, (_, letter, digit) => digit.repeat(letter.charCodeAt(0) - 96));

function lookText(look) {
  let source = look.input;
  if (look.input === "digit" || look.input === "random") source += `.${look.number}`;
  if (look.input === "drawn") source += `.${look.drawn.map(pack).join(".")}`;
  const kernel = look.kernel === "random" ? `random.${look.kernelSeed}` : look.kernel;
  const edits = (list) => list.map((edit) => edit.join("_")).join("*");
  const parts = [source, kernel, look.shift.join("_"), edits(look.inputEdits), edits(look.weightEdits)];
  return [...parts, ...(look.channel ? [look.channel] : [])].join("~");
}

// The server has checked the text before it comes here.
function parseLook(text) {
  const [source, kernel, shift, inputEdits, weightEdits, channel] = text.split("~");
  const [input, ...rest] = source.split(".");
  const [kernelName, seed] = kernel.split(".");
  const edits = (part) => (part ? part.split("*").map((item) => item.split("_").map(Number)) : []);
  return {
    input,
    number: input === "drawn" ? 0 : Number(rest[0] ?? 0),
    drawn: input === "drawn" ? rest.map(unpack) : [],
    kernel: kernelName,
    kernelSeed: Number(seed ?? 0),
    shift: shift.split("_").map(Number),
    inputEdits: edits(inputEdits),
    weightEdits: edits(weightEdits),
    channel: Number(channel ?? 0),
  };
}

// The pinned cell as it stands in the address, "output.2.3" or with the input channel "output.2.3.1"; null where
// the text names none.
function parsePlace(text) {
  const found = /^(input|kernel|output)\.(\d{1,3})\.(\d{1,3})(?:\.(\d{1,4}))?$/.exec(text);
  if (!found) return null;
  const [, grid, r, c, channel] = found;
  return { pin: { grid, r: Number(r), c: Number(c) }, channel: Number(channel ?? 0) };
}

const placeText = (pin, channel) => [pin.grid, pin.r, pin.c, ...(channel ? [channel] : [])].join(".");

export const arithmetic = {
  makeModel,
  forward,
  partialSum,
  partners,
  biasOf,
  weightIndex,
  equivariance,
  lookText,
  parseLook,
};

// --- words and colours ------------------------------------------------------------------------------------------

const DARK_INK = "#111827";
const FIRST_SPEEDS = [0.5, 1, 2, 4, 16, 64];
const STEP_MS = 700;
const MIN_FONT = 8;
const SHOWN_CHANNELS = 8;
const ARROW_LIMIT = 80;
const SPOKEN_CHANNELS = 64;
const ADDRESS_MS = 300;
const PLACE = "at";

function fill(text, slots) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in slots ? String(slots[name]) : whole));
}

// A sentence for one and for several.
const counted = ([one, several], count, slots = {}) => fill(count === 1 ? one : several, { count, ...slots });

function formatNumber(value) {
  if (value === Infinity || value === -Infinity) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  const text = size >= 1e5 ? value.toExponential(1).replace("e+", "e") : String(Number(value.toFixed(4)));
  return text.replace("-", "−");
}

function shortNumber(value) {
  const size = Math.abs(value);
  if (Number.isInteger(value) || !Number.isFinite(value)) return formatNumber(value);
  return formatNumber(Number(value.toFixed(size >= 10 ? 1 : size >= 1 ? 2 : 3)));
}

const isRounded = (value) => Number.isFinite(value) && Math.abs(value - Number(value.toFixed(4))) > 1e-9;
const bracketed = (value) => (value < 0 ? `(${formatNumber(value)})` : formatNumber(value));
const rgb = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

function blend(from, to, share) {
  return from.map((part, i) => Math.round(part + (to[i] - part) * share));
}

function inkOn([r, g, b]) {
  const light = (part) => (part / 255) ** 2.2;
  return 0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b) > 0.24 ? DARK_INK : "#ffffff";
}

// A colour for each weight: hue tells the column, lightness the row.
function weightColour(r, c, height, width) {
  const hue = width > 1 ? 262 - (300 * c) / (width - 1) : 62;
  const light = height > 1 ? 0.68 + (0.2 * r) / (height - 1) : 0.8;
  return `oklch(${light.toFixed(3)} 0.125 ${modulo(hue, 360).toFixed(1)})`;
}

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

function make(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

function button(label, text, onClick, className = "button") {
  const node = make("button", className, text);
  node.type = "button";
  node.title = label;
  node.setAttribute("aria-label", label);
  node.onclick = onClick;
  return node;
}

function choice(label, options, onChange) {
  const node = make("select", "choice");
  node.setAttribute("aria-label", label);
  node.title = label;
  for (const [value, text] of options) {
    const option = make("option", "", text);
    option.value = value;
    node.append(option);
  }
  node.onchange = () => onChange(node.value);
  return node;
}

function stepper(label, low, high, value, onChange) {
  const node = make("input", "number");
  node.type = "number";
  node.min = String(low);
  node.max = String(high);
  node.value = String(value);
  node.setAttribute("aria-label", label);
  node.title = label;
  node.onchange = () => {
    const wanted = Math.round(Number(node.value));
    const good = Math.min(Math.max(Number.isFinite(wanted) ? wanted : low, low), high);
    node.value = String(good);
    onChange(good);
  };
  return node;
}

// --- one grid on canvas -----------------------------------------------------------------------------------------

function makeGrid(name, picture) {
  const figure = make("section", `figure ${name}`);
  const head = make("header");
  const title = make("h3", "", picture.labels[name]);
  const tag = make("code", "tag");
  head.append(title, tag);
  const tools = make("div", "tools");
  const stage = make("div", "stage");
  const base = make("canvas");
  const overlay = make("canvas");
  const hit = make("div", "hit");
  hit.tabIndex = 0;
  hit.setAttribute("role", "application");
  stage.append(base, overlay, hit);
  const note = make("p", "note");
  figure.append(head, tools, stage, note);
  return { name, figure, tag, tools, stage, base, overlay, hit, note, rows: 0, columns: 0, cell: 0 };
}

function sizeGrid(grid, cell, ratio) {
  grid.cell = cell;
  const [width, height] = [grid.columns * cell, grid.rows * cell];
  grid.stage.style.width = `${width}px`;
  grid.stage.style.height = `${height}px`;
  grid.stage.dataset.rows = grid.rows;
  grid.stage.dataset.columns = grid.columns;
  grid.stage.dataset.cell = cell;
  for (const canvas of [grid.base, grid.overlay]) {
    canvas.width = Math.max(1, Math.round(width * ratio));
    canvas.height = Math.max(1, Math.round(height * ratio));
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    canvas.getContext("2d").setTransform(ratio, 0, 0, ratio, 0, 0);
  }
}

function numberFont(cell, texts) {
  let longest = 1;
  for (const text of texts) longest = Math.max(longest, text.length);
  const size = Math.min(cell * 0.44, (cell - 3) / (0.61 * longest), 20);
  return size >= MIN_FONT ? size : 0;
}

function roundCell(context, x, y, side, colour) {
  context.fillStyle = colour;
  const gap = side > 16 ? 1 : 0.5;
  if (side > 20) {
    context.beginPath();
    context.roundRect(x + gap, y + gap, side - 2 * gap, side - 2 * gap, Math.min(5, side / 8));
    context.fill();
  } else {
    context.fillRect(x + gap, y + gap, side - 2 * gap, side - 2 * gap);
  }
}

function hatch(context, x, y, width, height, colour) {
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  context.strokeStyle = colour;
  context.lineWidth = 1.4;
  context.globalAlpha = 0.75;
  context.beginPath();
  for (let at = -height; at < width; at += 7) {
    context.moveTo(x + at, y + height);
    context.lineTo(x + at + height, y);
  }
  context.stroke();
  context.restore();
}

// Colours of cells too small for numbers: an image, whole blocks of cells averaged where needed.
function paintImage(context, grid, colourAt) {
  const block = Math.max(1, Math.ceil(3 / grid.cell));
  const [rows, columns] = [Math.ceil(grid.rows / block), Math.ceil(grid.columns / block)];
  const image = new ImageData(columns, rows);
  for (let r = 0; r < rows; r += 1) {
    for (let c = 0; c < columns; c += 1) {
      const sum = [0, 0, 0];
      let count = 0;
      for (let y = r * block; y < Math.min((r + 1) * block, grid.rows); y += 1) {
        for (let x = c * block; x < Math.min((c + 1) * block, grid.columns); x += 1) {
          const colour = colourAt(y, x);
          for (let part = 0; part < 3; part += 1) sum[part] += colour[part];
          count += 1;
        }
      }
      image.data.set([...sum.map((part) => part / count), 255], (r * columns + c) * 4);
    }
  }
  const small = document.createElement("canvas");
  [small.width, small.height] = [columns, rows];
  small.getContext("2d").putImageData(image, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(small, 0, 0, columns * block * grid.cell, rows * block * grid.cell);
  return block;
}

// --- the picture ------------------------------------------------------------------------------------------------

class Picture {
  constructor(root, data, kept, report) {
    Object.assign(this, { root, data, kept, report, labels: data.labels, spec: null, model: null });
    this.colours = Object.fromEntries(
      ["input", "weight", "output", "padding", "wrong", "muted", "ink", "paper", "grid"].map((name) => [
        name,
        rgb(data.colours[name]),
      ]),
    );
    this.hover = null;
    this.timer = 0;
    this.font = getComputedStyle(root).fontFamily;
    this.build();
    this.listen();
  }

  // - building the page's part -

  build() {
    this.root.replaceChildren();
    this.root.classList.toggle("dark", this.data.dark);
    for (const [name, colour] of Object.entries(this.data.colours)) {
      if (typeof colour === "string") this.root.style.setProperty(`--${name}`, colour);
    }
    this.input = makeGrid("input", this);
    this.output = makeGrid("output", this);
    this.grids = make("div", "grids");
    this.link = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    this.link.classList.add("link");
    this.link.setAttribute("aria-hidden", "true");
    this.grids.append(this.input.figure, this.output.figure, this.link);
    this.work = make("div", "work");
    this.sum = make("div", "sum");
    this.reading = make("p", "reading");
    this.reading.tabIndex = 0;
    this.live = make("p", "live");
    this.live.setAttribute("aria-live", "polite");
    this.root.append(this.buildPlay(), this.grids, this.work, this.sum, this.reading, this.live);
    this.buildTools();
  }

  buildPlay() {
    const { labels } = this;
    const bar = make("div", "play");
    bar.setAttribute("role", "group");
    bar.setAttribute("aria-label", labels.playback);
    this.playButton = button(labels.play, "▶", () => (this.timer ? this.pause() : this.play()), "button main");
    const back = button(labels.back, "◀", () => this.step(-1));
    const next = button(labels.next, "▶❘", () => this.step(1));
    back.textContent = "❘◀";
    this.stepButtons = [back, next];
    this.scrubber = make("input", "scrubber");
    this.scrubber.type = "range";
    this.scrubber.min = "0";
    this.scrubber.setAttribute("aria-label", labels.scrubber);
    this.scrubber.oninput = () => {
      const step = Number(this.scrubber.value); // pausing writes the old one back
      this.pause();
      this.goTo(step, true);
    };
    this.counter = make("span", "counter");
    this.speedChoice = choice(
      labels.speed,
      FIRST_SPEEDS.map((speed) => [String(speed), `${speed}×`]),
      (value) => {
        this.kept.speed = Number(value);
        if (this.timer) this.schedule();
      },
    );
    bar.append(this.playButton, back, next, this.scrubber, this.counter, this.speedChoice);
    return bar;
  }

  buildTools() {
    const { labels } = this;
    this.inputChoice = choice(labels.inputPreset, Object.entries(labels.inputs), (input) => {
      const drawn = input === "drawn" ? this.currentRows() : [];
      this.relook({ input, number: 0, drawn, inputEdits: [], shift: [0, 0] });
    });
    this.inputExtra = make("span", "extra");
    const shown = make("label", "named");
    shown.append(make("span", "name", labels.shows), this.inputChoice);
    const arrows = make("span", "shift");
    arrows.append(make("span", "name", labels.shiftShort));
    arrows.setAttribute("role", "group");
    arrows.setAttribute("aria-label", labels.shift);
    for (const [name, text, by] of [
      ["left", "←", [-1, 0]],
      ["up", "↑", [0, -1]],
      ["down", "↓", [0, 1]],
      ["right", "→", [1, 0]],
    ]) {
      const node = button(fill(labels.shiftBy, { direction: labels.directions[name] }), text, () => this.shift(by));
      node.dataset.shift = name;
      arrows.append(node);
    }
    this.resetShift = button(labels.shiftReset, "↺", () => this.relook({ shift: [0, 0] }));
    arrows.append(this.resetShift);
    this.inputChannel = make("span", "channel");
    this.outputChannel = make("span", "channel");
    this.usage = this.toggle(labels.usage, labels.usageHelp, "usage");
    this.arrows = this.toggle(labels.arrows, labels.arrowsHelp, "arrows");
    this.input.tools.append(shown, this.inputExtra, arrows, this.inputChannel);
    this.output.tools.append(this.outputChannel, this.usage, this.arrows);
    this.kernelChoice = choice(labels.kernelPreset, Object.entries(labels.kernels), (kernel) =>
      this.relook({ kernel, kernelSeed: 0, weightEdits: [] }),
    );
    this.kernelExtra = make("span", "extra");
  }

  toggle(label, help, name) {
    const node = button(label, label, () => {
      this.kept[name] = !this.kept[name];
      node.setAttribute("aria-pressed", String(this.kept[name]));
      this.draw();
    }, "button toggle");
    node.title = help;
    node.setAttribute("aria-pressed", String(this.kept[name]));
    return node;
  }

  // - what is shown -

  feed(spec) {
    const first = this.spec === null;
    const before = this.spec;
    this.spec = spec;
    const fromAddress = !this.kept.look || this.kept.news !== spec.news;
    if (fromAddress) this.kept.look = parseLook(spec.look);
    const asked = first && !this.kept.started ? this.takePlace() : null;
    this.kept.news = spec.news;
    setTimeout(() => this.keepPlace(), ADDRESS_MS);
    const sameLayer = before && JSON.stringify(before.layer) === JSON.stringify(spec.layer);
    const newPixels = before && before.digit !== spec.digit;
    if (sameLayer && !newPixels && !fromAddress && before.problem === spec.problem) return;
    this.kept.step = null;
    this.refresh();
    const started = this.kept.started;
    this.kept.started = true;
    if (asked !== null && (!this.kept.chosen || !this.isPinned(asked))) {
      const value = new URL(location.href).searchParams.get(PLACE);
      this.kept.badPlace = fill(this.labels.badPlace, { value: value.slice(0, 40) });
      this.say(this.kept.badPlace);
    }
    if ((first && !started && !asked && !calm()) || (this.timer && !sameLayer)) {
      this.kept.step = 0;
      this.play();
    }
  }

  // The cell that the address names: null without one, an empty object where it cannot be read.
  takePlace() {
    const text = new URL(location.href).searchParams.get(PLACE);
    if (text === null) return null;
    const place = parsePlace(text);
    if (!place) return {};
    Object.assign(this.kept, { pin: place.pin, input: place.channel, chosen: true });
    return place.pin;
  }

  pixels() {
    const { spec } = this;
    if (this.kept.pixelText !== spec.pixels) {
      this.kept.pixelText = spec.pixels;
      this.kept.pixels = Uint8Array.from(atob(spec.pixels), (sign) => sign.charCodeAt(0));
    }
    return this.kept.pixels;
  }

  refresh() {
    const { layer, problem, drawable } = this.spec;
    this.hover = null;
    this.kept.output = this.kept.look.channel;
    const legal = !problem;
    const shown = legal || !["reflect", "circular", "groups_in", "groups_out"].includes(problem);
    const fallback = { ...layer, mode: "zeros", groups: shown ? layer.groups : 1 };
    this.model = makeModel(legal ? layer : fallback, this.kept.look, this.pixels(), legal, drawable);
    this.clampChannels();
    this.input.rows = this.model.rows.inCells;
    this.input.columns = this.model.columns.inCells;
    this.output.rows = this.model.rows.outCells;
    this.output.columns = this.model.columns.outCells;
    this.compute();
    this.syncTools();
    this.buildWork();
    this.clampPin();
    this.layout();
  }

  clampChannels() {
    const { layer } = this.model;
    this.kept.input = Math.min(this.kept.input, layer.inChannels - 1);
    this.kept.output = Math.min(this.kept.output, outputChannels(layer) - 1);
    const good = partners(layer, this.kept.output);
    if (!good.includes(this.kept.input)) this.kept.input = good[0];
  }

  compute() {
    const { model, kept } = this;
    this.result = model.inputs && model.legal ? forward(model, kept.output) : null;
    const shifted = kept.look.shift.some((by) => by !== 0);
    this.moved = this.result && shifted ? equivariance(model, kept.output, this.result) : null;
    this.inputMax = 1e-9;
    this.resultMax = 1e-9;
    if (!this.result && !model.inputs) return;
    this.inputValues = paddedChannel(model, kept.input);
    for (const value of this.inputValues) {
      if (Number.isFinite(value)) this.inputMax = Math.max(this.inputMax, Math.abs(value));
    }
    for (const value of this.result ?? []) {
      if (Number.isFinite(value)) this.resultMax = Math.max(this.resultMax, Math.abs(value));
    }
  }

  clampPin() {
    const { kept, model } = this;
    const sizes = {
      input: [this.input.rows, this.input.columns],
      output: [this.output.rows, this.output.columns],
      kernel: [model.rows.kernel, model.columns.kernel],
    };
    if (kept.unpinned && !kept.pin) return;
    const first = { grid: "output", r: model.rows.crop, c: model.columns.crop };
    kept.pin ??= first;
    const [rows, columns] = sizes[kept.pin.grid];
    if (!rows || !columns || (kept.pin.grid === "kernel" && isPool(model.layer))) {
      kept.pin = model.legal ? first : null;
      return;
    }
    kept.pin = { ...kept.pin, r: Math.min(kept.pin.r, rows - 1), c: Math.min(kept.pin.c, columns - 1) };
  }

  syncTools() {
    const { kept, model, labels } = this;
    const { look } = kept;
    const { layer } = model;
    this.inputChoice.value = look.input;
    this.inputExtra.replaceChildren(...this.inputExtras());
    this.kernelChoice.value = look.kernel;
    this.kernelChoice.querySelector("[value=sobel_y]").disabled = layer.kind === "Conv1d";
    this.kernelExtra.replaceChildren();
    if (look.kernel === "random") {
      const seed = make("label", "named");
      seed.append(
        make("span", "name", labels.seed),
        stepper(labels.seed, 0, 9999, look.kernelSeed, (kernelSeed) => this.relook({ kernelSeed, weightEdits: [] })),
      );
      this.kernelExtra.append(seed);
    }
    if (look.weightEdits.length) this.kernelExtra.append(this.undoButton("weightEdits"));
    this.resetShift.disabled = !look.shift.some((by) => by !== 0);
    for (const node of this.input.tools.querySelectorAll("[data-shift=up], [data-shift=down]")) {
      node.hidden = layer.kind === "Conv1d";
    }
    this.fillChannel(this.inputChannel, labels.inChannel, layer.inChannels, kept.input, (channel) => {
      kept.input = channel;
      if (!partners(layer, kept.output).includes(channel)) {
        const each = outputChannels(layer) / (isPool(layer) ? layer.inChannels : layer.groups);
        const output =
          Math.floor(channel / (layer.inChannels / (isPool(layer) ? layer.inChannels : layer.groups))) * each;
        this.relook({ channel: output });
        return;
      }
      this.refresh();
      this.keepPlace();
    });
    this.fillChannel(this.outputChannel, labels.outChannel, outputChannels(layer), kept.output, (channel) =>
      this.relook({ channel }),
    );
    this.arrows.hidden = layer.mode === "zeros" || !model.legal || this.paddedCells() > ARROW_LIMIT;
    this.tags();
  }

  undoButton(edits) {
    const { labels } = this;
    const node = button(labels.editsReset, `↺ ${labels.editsReset}`, () => this.relook({ [edits]: [] }));
    node.title = labels.editsResetHelp;
    node.dataset.undo = edits;
    return node;
  }

  inputExtras() {
    const { look } = this.kept;
    const undo = look.inputEdits.length ? [this.undoButton("inputEdits")] : [];
    return [...this.presetExtras(), ...undo];
  }

  presetExtras() {
    const { labels } = this;
    const { look } = this.kept;
    if (look.input === "digit") {
      const known = this.data.digits.indexOf(look.number);
      const options = this.data.digits.map((_, digit) => [String(digit), String(digit)]);
      const digit = choice(labels.digit, known < 0 ? [["", "…"], ...options] : options, (value) =>
        this.relook({ number: this.data.digits[Number(value)], inputEdits: [] }),
      );
      digit.value = known < 0 ? "" : String(known);
      const another = stepper(labels.digitNumber, 0, 9999, look.number, (number) =>
        this.relook({ number, inputEdits: [] }),
      );
      return [digit, another];
    }
    if (look.input === "random") {
      return [stepper(labels.seed, 0, 9999, look.number, (number) => this.relook({ number, inputEdits: [] }))];
    }
    if (look.input === "drawn") {
      return [button(labels.clear, labels.clear, () => this.relook({ drawn: this.blankRows(), inputEdits: [] }))];
    }
    return [];
  }

  fillChannel(box, label, count, value, onChange) {
    box.replaceChildren();
    if (count < 2) return;
    box.append(
      make("span", "", label),
      stepper(label, 0, count - 1, value, onChange),
      make("span", "of", `/ ${count - 1}`),
    );
  }

  tags() {
    const { model, labels, kept } = this;
    const { layer, rows, columns } = model;
    const flat = layer.kind === "Conv1d";
    const size = (r, c) => (flat ? `${c}` : `${r} × ${c}`);
    const padded = rows.inCells !== rows.size || columns.inCells !== columns.size;
    const more = padded ? ` → ${size(rows.inCells, columns.inCells)}` : "";
    this.input.tag.textContent = `x[0, ${kept.input}]  ${size(rows.size, columns.size)}${more}`;
    const out = model.legal ? size(rows.out, columns.out) : labels.none;
    this.output.tag.textContent = `y[0, ${kept.output}]  ${out}`;
    const aria = (grid, tag) =>
      grid.hit.setAttribute(
        "aria-label",
        fill(labels.gridLabel, { name: labels[grid.name], size: tag.textContent }) +
          (grid === this.input ? labels.editableGrid : ""),
      );
    aria(this.input, this.input.tag);
    aria(this.output, this.output.tag);
    this.input.hit.style.touchAction = this.isDrawing(this.input) ? "none" : ""; // a finger draws, it does not scroll
  }

  // - layout -

  layout() {
    const width = this.root.clientWidth;
    if (!width || !this.model) return;
    const stacked = width < 520;
    this.root.classList.toggle("narrow", stacked);
    const margin = this.footprintMargin();
    const inColumns = this.input.columns + margin;
    const outColumns = Math.max(this.output.columns, 1);
    const gap = 56;
    const across = stacked
      ? (width - 4) / Math.max(inColumns, outColumns)
      : (width - gap) / (inColumns + Math.max(outColumns, 3));
    const tallest = Math.max(this.input.rows + margin, this.output.rows);
    const most = stacked ? width : Math.max(300, Math.min(0.5 * window.innerHeight, 620));
    const cell = Math.min(across, most / tallest, 52);
    const whole = cell >= 8 ? Math.floor(cell) : cell;
    const ratio = Math.min(window.devicePixelRatio || 1, 3);
    this.ratio = ratio;
    sizeGrid(this.input, whole, ratio);
    sizeGrid(this.output, whole, ratio);
    // The tools above a grid take the width that the two grids leave; they must not push the output out of sight.
    const left = width - gap / 2 - inColumns * whole;
    this.input.figure.style.flex = stacked ? "" : "1 1 0";
    this.output.figure.style.flex = stacked ? "" : `0 0 ${Math.max(outColumns * whole, Math.min(176, left))}px`;
    this.input.stage.style.marginRight = `${margin * whole}px`;
    this.input.stage.style.marginBottom = `${margin * whole}px`;
    this.layoutWork(width);
    this.draw();
  }

  // Three matrices side by side, or two, or one under the other, so that their numbers stay legible.
  layoutWork(width) {
    const { kernel } = this.model.columns;
    const count = Math.max(Object.keys(this.cells).length, 1);
    const sizes = [[3, 46], [2, 40], [1, 34]]
      .filter(([across]) => across <= count)
      .map(([across, most]) => {
        const taken = 32 + across * (2 * kernel + 40) + (across - 1) * 10;
        return Math.min(most, Math.floor((width - taken) / (across * kernel)));
      });
    const cell = sizes.find((size) => size >= 28) ?? Math.max(...sizes);
    this.work.style.setProperty("--cell", `${Math.max(cell, 14)}px`);
    this.work.style.setProperty("--span", `${cell * kernel}px`);
  }

  // Cells by which a kernel that does not fit stands out beyond the input.
  footprintMargin() {
    const { model, spec } = this;
    if (model.legal || !["kernel_too_large", "pool_too_small"].includes(spec.problem)) return 0;
    const out = (plan) => plan.dilation * (plan.kernel - 1) + 1 - plan.inCells;
    return Math.max(0, out(model.rows), out(model.columns));
  }

  // - drawing the resting state -

  tint(role, share) {
    return blend(this.colours.paper, this.colours[role], share);
  }

  inputColour(r, c) {
    const { model } = this;
    const [y, x] = [r - model.rows.before, c - model.columns.before];
    const inside = y >= 0 && x >= 0 && y < model.rows.size && x < model.columns.size;
    const role = inside ? "input" : "padding";
    if (this.kept.usage && this.model.legal) {
      const most = Math.max(1, this.mostUsed);
      return this.tint("muted", 0.06 + (0.7 * this.useOf("input", r, c)) / most);
    }
    if (!this.inputValues) return this.tint(role, 0.2);
    const value = this.inputValues[r * this.input.columns + c];
    const size = Number.isFinite(value) ? Math.abs(value) / this.inputMax : 0;
    if (!inside) return this.tint("padding", 0.16 + 0.3 * size);
    return this.tint(value < 0 ? "muted" : "input", 0.07 + 0.68 * size);
  }

  outputColour(r, c) {
    const values = this.shownResult ?? this.result;
    if (this.kept.usage && isTransposed(this.model.layer)) {
      return this.tint("muted", 0.06 + (0.7 * this.useOf("output", r, c)) / Math.max(1, this.mostFed));
    }
    const cropped = this.isCropped(r, c);
    if (!values) return this.tint(cropped ? "padding" : "output", 0.2);
    const value = values[r * this.output.columns + c];
    const size = Number.isFinite(value) ? Math.abs(value) / this.resultMax : 0;
    if (cropped) return this.tint("padding", 0.1 + 0.15 * size);
    return this.tint(value < 0 ? "muted" : "output", 0.07 + 0.68 * size);
  }

  isCropped(r, c) {
    const { rows, columns } = this.model;
    return r < rows.crop || c < columns.crop || r >= rows.crop + rows.out || c >= columns.crop + columns.out;
  }

  useOf(name, r, c) {
    const { model } = this;
    if (name === "input") return model.rowFeeds[r].length * model.columnFeeds[c].length;
    const taps = (plan, o) => {
      let count = 0;
      for (let k = 0; k < plan.kernel; k += 1) count += Number(plan.taps[o * plan.kernel + k] >= 0);
      return count;
    };
    return taps(model.rows, r) * taps(model.columns, c);
  }

  countUses() {
    const { model } = this;
    const most = (feeds) => feeds.reduce((a, b) => Math.max(a, b.length), 0);
    this.mostUsed = most(model.rowFeeds) * most(model.columnFeeds);
    this.mostFed = 0;
    if (!isTransposed(model.layer)) return;
    for (let r = 0; r < this.output.rows; r += 1) {
      for (let c = 0; c < this.output.columns; c += 1) {
        this.mostFed = Math.max(this.mostFed, this.useOf("output", r, c));
      }
    }
  }

  inputText(r, c) {
    if (this.kept.usage && this.model.legal) return String(this.useOf("input", r, c));
    if (!this.model.legal && !this.isInside(r, c) && this.spec.layer.mode !== "zeros") return "?";
    return this.inputValues ? shortNumber(this.inputValues[r * this.input.columns + c]) : "";
  }

  outputText(r, c) {
    if (this.kept.usage && isTransposed(this.model.layer)) return String(this.useOf("output", r, c));
    const values = this.shownResult ?? this.result;
    return values ? shortNumber(values[r * this.output.columns + c]) : "";
  }

  draw() {
    this.countUses();
    this.drawGrid(
      this.input,
      (r, c) => this.inputColour(r, c),
      (r, c) => this.inputText(r, c),
      (context) => this.kept.arrows && this.drawArrows(context, () => false),
    );
    this.drawLost();
    this.drawOutput();
    this.drawNotes();
    this.show();
  }

  drawOutput() {
    this.drawGrid(this.output, (r, c) => this.outputColour(r, c), (r, c) => this.outputText(r, c));
    this.drawCrop();
    this.drawMoved();
    this.output.stage.classList.toggle("none", !this.model.legal);
    this.output.stage.dataset.none = this.model.legal ? "" : this.labels.noOutput;
  }

  // `between` draws over the cells and under their numbers.
  drawGrid(grid, colourAt, textAt, between) {
    const context = grid.base.getContext("2d");
    context.clearRect(0, 0, grid.columns * grid.cell, grid.rows * grid.cell);
    grid.fontSize = 0;
    grid.block = 1;
    if (!grid.rows || !grid.columns) return;
    if (grid.cell < 10) {
      grid.block = paintImage(context, grid, colourAt);
      return;
    }
    const [texts, inks] = [[], []];
    for (let r = 0; r < grid.rows; r += 1) {
      for (let c = 0; c < grid.columns; c += 1) {
        const colour = colourAt(r, c);
        roundCell(context, c * grid.cell, r * grid.cell, grid.cell, `rgb(${colour.join(",")})`);
        inks.push(inkOn(colour));
        texts.push(textAt(r, c));
      }
    }
    between?.(context);
    grid.fontSize = numberFont(grid.cell, texts);
    if (!grid.fontSize) return;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.font = `${grid.fontSize}px ${this.font}`;
    texts.forEach((text, i) => {
      const [x, y] = [(i % grid.columns) * grid.cell, Math.floor(i / grid.columns) * grid.cell];
      context.fillStyle = inks[i];
      context.fillText(text, x + grid.cell / 2, y + grid.cell / 2 + 1);
    });
  }

  drawLost() {
    const { model, input } = this;
    if (!model.legal || isTransposed(model.layer)) return;
    const context = input.base.getContext("2d");
    const colour = this.data.colours.wrong;
    const { cell } = input;
    const [right, bottom] = [model.columns.used * cell, model.rows.used * cell];
    const [width, height] = [input.columns * cell, input.rows * cell];
    if (right < width) hatch(context, right, 0, width - right, height, colour);
    if (bottom < height) hatch(context, 0, bottom, Math.min(right, width), height - bottom, colour);
  }

  drawCrop() {
    const { model, output } = this;
    if (!model.rows.crop && !model.columns.crop) return;
    const context = output.base.getContext("2d");
    const { cell } = output;
    const { rows, columns } = model;
    const [top, left] = [rows.crop * cell, columns.crop * cell];
    const [width, height] = [output.columns * cell, output.rows * cell];
    const colour = this.data.colours.padding;
    hatch(context, 0, 0, width, top, colour);
    hatch(context, 0, height - top, width, top, colour);
    hatch(context, 0, top, left, height - 2 * top, colour);
    hatch(context, width - left, top, left, height - 2 * top, colour);
    context.strokeStyle = this.data.colours.output;
    context.lineWidth = 2;
    context.strokeRect(left, top, columns.out * cell, rows.out * cell);
  }

  drawMoved() {
    if (!this.moved) return;
    const { output } = this;
    const context = output.base.getContext("2d");
    const { cell } = output;
    const side = Math.max(3, cell * 0.26);
    this.moved.marks.forEach((mark, i) => {
      if (mark === "same") return;
      const [x, y] = [(i % output.columns) * cell, Math.floor(i / output.columns) * cell];
      context.fillStyle = mark === "differs" ? this.data.colours.wrong : this.data.colours.muted;
      context.beginPath();
      context.moveTo(x + cell, y);
      context.lineTo(x + cell - side, y);
      context.lineTo(x + cell, y + side);
      context.fill();
    });
  }

  drawNotes() {
    const { labels, model, spec } = this;
    const note = (grid) => {
      if (!grid.rows) return "";
      if (grid.block > 1) return fill(labels.aggregated, { block: grid.block });
      return grid.fontSize ? "" : labels.numbersHidden;
    };
    const { rows, columns } = model;
    const unreached = rows.inCells > rows.used || columns.inCells > columns.used;
    const lost = model.legal && !isTransposed(model.layer) && unreached ? labels.lost : "";
    const schematic = spec.drawable ? "" : labels.schematic;
    this.input.note.textContent = [note(this.input), schematic, lost].filter(Boolean).join(" ");
    const crop = rows.crop || columns.crop ? labels.cropped : "";
    this.output.note.textContent = [note(this.output), crop, this.movedText()].filter(Boolean).join(" ");
  }

  movedText() {
    if (!this.moved) return "";
    const { labels } = this;
    const [right, down] = this.kept.look.shift;
    const { rows, columns } = this.model;
    const stride = right % columns.stride ? columns.stride : rows.stride;
    const count = (mark) => this.moved.marks.filter((other) => other === mark).length;
    if (!this.moved.whole) {
      return fill(labels.movedNot, { shift: `(${right}, ${down})`, stride, differs: count("differs") });
    }
    return fill(labels.moved, { same: count("same"), differs: count("differs"), fresh: count("new") });
  }

  // - the three matrices: window, kernel, products -

  buildWork() {
    const { model, labels } = this;
    const [height, width] = [model.rows.kernel, model.columns.kernel];
    this.cells = {};
    this.work.replaceChildren();
    this.heads = {};
    const pool = isPool(model.layer);
    const whole = pool ? ["window"] : ["window", "kernel", "product"];
    const parts = model.legal ? whole : whole.filter((name) => name === "kernel");
    this.work.hidden = !parts.length;
    parts.forEach((name, i) => {
      const box = make("section", `matrix ${name}`);
      const head = make("header");
      this.heads[name] = make("h3", "", labels[name]);
      head.append(this.heads[name]);
      if (name === "kernel") head.append(this.kernelChoice, this.kernelExtra);
      const grid = make("div", "cells");
      grid.style.gridTemplateColumns = `repeat(${width}, var(--cell))`;
      grid.setAttribute("role", "grid");
      grid.setAttribute("aria-label", labels[name]);
      this.cells[name] = [];
      for (let r = 0; r < height; r += 1) {
        const line = make("div", "line");
        line.setAttribute("role", "row");
        for (let c = 0; c < width; c += 1) line.append(this.buildCell(name, r, c));
        grid.append(line);
      }
      const row = make("div", "numbers");
      if (i) row.append(make("span", "sign", name === "kernel" ? "⊙" : "="));
      row.append(grid);
      box.append(head, row);
      this.work.append(box);
    });
    this.fillKernel();
  }

  buildCell(name, r, c) {
    const cell = make("div", "cell");
    cell.setAttribute("role", "gridcell");
    cell.dataset.r = r;
    cell.dataset.c = c;
    cell.dataset.matrix = name;
    cell.style.setProperty("--weight-colour", this.colourOf(r, c));
    if (name === "kernel") cell.tabIndex = r || c ? -1 : 0;
    this.cells[name].push(cell);
    return cell;
  }

  colourOf(r, c) {
    return weightColour(r, c, this.model.rows.kernel, this.model.columns.kernel);
  }

  weightAt(r, c) {
    const { model, kept } = this;
    if (!model.weight) return null;
    return model.weight[weightIndex(model.layer, kept.input, kept.output, r, c)];
  }

  fillKernel() {
    const { model } = this;
    this.cells.kernel?.forEach((cell, i) => {
      const [r, c] = [Math.floor(i / model.columns.kernel), i % model.columns.kernel];
      const value = this.weightAt(r, c);
      this.setCell(cell, value === null ? "" : formatNumber(value), "");
      cell.setAttribute("aria-label", `w[${r}, ${c}]${value === null ? "" : ` = ${formatNumber(value)}`}`);
    });
  }

  // Meetings of the focused cell: { r, c } of the drawn input, { kr, kc } of the weight, { or, oc } of the output.
  meetings(focus) {
    const { rows, columns, legal } = this.model;
    if (!legal || !focus) return [];
    const found = [];
    if (focus.grid === "output") {
      for (let kr = 0; kr < rows.kernel; kr += 1) {
        for (let kc = 0; kc < columns.kernel; kc += 1) {
          const r = rows.taps[focus.r * rows.kernel + kr];
          const c = columns.taps[focus.c * columns.kernel + kc];
          if (r >= 0 && c >= 0) found.push({ r, c, kr, kc, or: focus.r, oc: focus.c });
        }
      }
    } else if (focus.grid === "input") {
      for (const [or, kr] of this.model.rowFeeds[focus.r]) {
        for (const [oc, kc] of this.model.columnFeeds[focus.c]) {
          found.push({ r: focus.r, c: focus.c, kr, kc, or, oc });
        }
      }
    } else {
      for (let or = 0; or < rows.outCells; or += 1) {
        const r = rows.taps[or * rows.kernel + focus.r];
        for (let oc = 0; r >= 0 && oc < columns.outCells; oc += 1) {
          const c = columns.taps[oc * columns.kernel + focus.c];
          if (c >= 0) found.push({ r, c, kr: focus.r, kc: focus.c, or, oc });
        }
      }
    }
    return found;
  }

  get focus() {
    return this.hover ?? this.kept.pin;
  }

  // Draw what belongs to the focused cell: over the grids, in the matrices, in words.
  show() {
    const { focus } = this;
    const met = this.meetings(focus);
    this.showInput(focus, met);
    this.showOutput(focus, met);
    this.showMatrices(focus, met);
    this.showLink(focus, met);
    this.showSum(focus);
    const badPlace = this.hover ? null : this.kept.badPlace;
    this.reading.textContent = badPlace ?? this.words(focus, met);
    this.showPlay();
  }

  overlayOf(grid) {
    const context = grid.overlay.getContext("2d");
    context.clearRect(0, 0, grid.columns * grid.cell, grid.rows * grid.cell);
    context.textAlign = "center";
    context.textBaseline = "middle";
    return context;
  }

  colourCell(context, grid, r, c, kr, kc, text, small) {
    const { cell } = grid;
    const [x, y] = [c * cell, r * cell];
    roundCell(context, x, y, cell, this.colourOf(kr, kc));
    if (!grid.fontSize) return;
    context.fillStyle = DARK_INK;
    const two = small && cell >= 34;
    context.font = `600 ${grid.fontSize}px ${this.font}`;
    context.fillText(text, x + cell / 2, y + cell * (two ? 0.4 : 0.5) + 1);
    if (!two) return;
    context.font = `${Math.max(9, cell * 0.24)}px ${this.font}`;
    context.fillText(small, x + cell / 2, y + cell * 0.8);
  }

  outline(context, grid, r, c, rows, columns, colour, width = 3) {
    const { cell } = grid;
    const inset = width / 2;
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.beginPath();
    context.roundRect(
      c * cell + inset,
      r * cell + inset,
      Math.max(columns * cell - width, 1),
      Math.max(rows * cell - width, 1),
      Math.min(6, cell / 7),
    );
    context.stroke();
  }

  showInput(focus, met) {
    const grid = this.input;
    const context = this.overlayOf(grid);
    if (this.footprintMargin()) this.showFootprint(context);
    if (!focus) return;
    const ink = this.data.colours.ink;
    const usage = this.kept.usage;
    if (focus.grid !== "input") {
      for (const { r, c, kr, kc } of met) {
        const value = this.weightAt(kr, kc);
        const small = value === null || usage ? "" : `×${shortNumber(value)}`;
        this.colourCell(context, grid, r, c, kr, kc, this.inputText(r, c), small);
      }
    }
    this.drawStrongArrows(context, focus, met);
    if (focus.grid === "output" && met.length) {
      const [top, left] = [Math.min(...met.map((m) => m.r)), Math.min(...met.map((m) => m.c))];
      const [bottom, right] = [Math.max(...met.map((m) => m.r)), Math.max(...met.map((m) => m.c))];
      this.box = { top, left, rows: bottom - top + 1, columns: right - left + 1 };
      this.outline(context, grid, top, left, this.box.rows, this.box.columns, this.data.colours.weight);
      if (this.model.layer.kind === "MaxPool2d") this.showWinner(context, met);
    }
    if (focus.grid === "input") this.outline(context, grid, focus.r, focus.c, 1, 1, ink);
    if (this.kept.step !== null && isTransposed(this.model.layer)) this.veil(context, grid, this.kept.step);
  }

  showWinner(context, met) {
    if (!this.inputValues) return;
    const value = (m) => this.inputValues[m.r * this.input.columns + m.c];
    const best = met.reduce((a, b) => (value(b) > value(a) ? b : a));
    this.outline(context, this.input, best.r, best.c, 1, 1, this.data.colours.ink);
  }

  showFootprint(context) {
    const { rows, columns } = this.model;
    const { cell } = this.input;
    const reach = (plan) => plan.dilation * (plan.kernel - 1) + 1;
    const canvas = this.input.overlay;
    const [width, height] = [columns.inCells, rows.inCells].map((cells, i) =>
      Math.max(cells, reach(i ? rows : columns)),
    );
    canvas.width = Math.round(width * cell * this.ratio);
    canvas.height = Math.round(height * cell * this.ratio);
    canvas.style.width = `${width * cell}px`;
    canvas.style.height = `${height * cell}px`;
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    this.outline(context, this.input, 0, 0, rows.inCells, columns.inCells, this.data.colours.input);
    context.globalAlpha = 0.4;
    for (let kr = 0; kr < rows.kernel; kr += 1) {
      for (let kc = 0; kc < columns.kernel; kc += 1) {
        const [x, y] = [kc * columns.dilation * cell, kr * rows.dilation * cell];
        roundCell(context, x, y, cell, this.colourOf(kr, kc));
      }
    }
    context.globalAlpha = 1;
    context.setLineDash([7, 5]);
    this.outline(context, this.input, 0, 0, reach(rows), reach(columns), this.data.colours.wrong);
    context.setLineDash([]);
  }

  showOutput(focus, met) {
    const grid = this.output;
    const context = this.overlayOf(grid);
    if (!focus || !this.model.legal) return;
    if (focus.grid !== "output") {
      for (const { kr, kc, or, oc } of met) {
        const value = this.weightAt(kr, kc);
        const small = focus.grid === "input" && value !== null ? `×${shortNumber(value)}` : "";
        this.colourCell(context, grid, or, oc, kr, kc, this.outputText(or, oc), small);
      }
    }
    if (this.kept.step !== null && !isTransposed(this.model.layer)) this.veil(context, grid, this.kept.step);
    if (focus.grid === "output") this.outline(context, grid, focus.r, focus.c, 1, 1, this.data.colours.weight);
  }

  // While it plays, what has not been computed yet stays under a veil.
  veil(context, grid, step) {
    const { cell } = grid;
    const [r, c] = [Math.floor(step / grid.columns), step % grid.columns];
    context.fillStyle = `rgb(${this.colours.paper.join(",")})`;
    context.globalAlpha = 0.8;
    context.fillRect((c + 1) * cell, r * cell, (grid.columns - c - 1) * cell, cell);
    context.fillRect(0, (r + 1) * cell, grid.columns * cell, (grid.rows - r - 1) * cell);
    context.globalAlpha = 1;
  }

  // The arrows of the cells that are looked at.
  drawStrongArrows(context, focus, met) {
    const { input } = this;
    const lit = new Set(focus.grid === "kernel" ? [] : met.map((m) => m.r * input.columns + m.c));
    if (focus.grid === "input") lit.add(focus.r * input.columns + focus.c);
    this.drawArrows(context, (r, c) => lit.has(r * input.columns + c));
  }

  // Padded cells that copy an input cell point to it: all of them faintly, unless they are too many, or those
  // that are strong.
  drawArrows(context, isStrong) {
    const { model, input } = this;
    if (model.layer.mode === "zeros" || isPool(model.layer) || !model.legal || input.cell < 9) return;
    const few = this.paddedCells() <= ARROW_LIMIT;
    const base = context === input.base.getContext("2d");
    for (let r = 0; r < input.rows; r += 1) {
      for (let c = 0; c < input.columns; c += 1) {
        const [y, x] = [model.rows.source[r] + model.rows.before, model.columns.source[c] + model.columns.before];
        if (y === r && x === c) continue;
        if (base ? few : isStrong(r, c)) this.arrow(context, r, c, y, x, !base);
      }
    }
  }

  paddedCells() {
    const { rows, columns } = this.model;
    return rows.inCells * columns.inCells - rows.size * columns.size;
  }

  arrow(context, r, c, y, x, strong) {
    const { cell } = this.input;
    const centre = (at) => (at + 0.5) * cell;
    const [x0, y0, x1, y1] = [centre(c), centre(r), centre(x), centre(y)];
    const length = Math.hypot(x1 - x0, y1 - y0) || 1;
    const bend = Math.min(0.18 * length, 2 * cell);
    const [mx, my] = [(x0 + x1) / 2 - ((y1 - y0) / length) * bend, (y0 + y1) / 2 + ((x1 - x0) / length) * bend];
    context.globalAlpha = strong ? 1 : 0.35;
    context.strokeStyle = context.fillStyle = strong ? this.data.colours.ink : this.data.colours.padding;
    context.lineWidth = strong ? 2 : 1.3;
    context.beginPath();
    context.moveTo(x0, y0);
    context.quadraticCurveTo(mx, my, x1, y1);
    context.stroke();
    const angle = Math.atan2(y1 - my, x1 - mx);
    const size = Math.max(4, cell * 0.2);
    context.beginPath();
    context.moveTo(x1, y1);
    context.lineTo(x1 - size * Math.cos(angle - 0.45), y1 - size * Math.sin(angle - 0.45));
    context.lineTo(x1 - size * Math.cos(angle + 0.45), y1 - size * Math.sin(angle + 0.45));
    context.fill();
    context.globalAlpha = 1;
  }

  showMatrices(focus, met) {
    const { model, cells, input } = this;
    const width = model.columns.kernel;
    const blank = new Set(["window", "product"].flatMap((name) => cells[name] ?? []));
    const lit = new Set();
    const worth = focus && focus.grid !== "kernel" && this.inputValues;
    for (const { r, c, kr, kc, or, oc } of worth ? met : []) {
      const at = kr * width + kc;
      const value = this.inputValues[r * input.columns + c];
      this.setCell(cells.window[at], formatNumber(value), "");
      blank.delete(cells.window[at]);
      lit.add(at);
      if (!cells.product) continue;
      const product = value * this.weightAt(kr, kc);
      const place = this.isCropped(or, oc) ? "–" : `${or - model.rows.crop},${oc - model.columns.crop}`;
      const target = focus.grid === "input" ? `→ ${place}` : "";
      this.setCell(cells.product[at], formatNumber(product || 0), target);
      cells.product[at].dataset.value = product;
      blank.delete(cells.product[at]);
    }
    for (const cell of blank) {
      this.setCell(cell, "", "");
      delete cell.dataset.value;
      cell.classList.add("blank");
    }
    const asInput = focus?.grid === "input";
    const [window, product] = asInput ? ["cellHead", "givesHead"] : ["window", "product"];
    if (this.heads.window) this.heads.window.textContent = this.labels[window];
    if (this.heads.product) this.heads.product.textContent = this.labels[product];
    if (!cells.kernel) return;
    cells.kernel.forEach((cell, at) => {
      const here = focus?.grid === "kernel" && at === focus.r * width + focus.c;
      cell.classList.toggle("here", here);
      cell.classList.toggle("idle", focus?.grid === "kernel" ? !here : Boolean(worth) && !lit.has(at));
    });
  }

  setCell(cell, text, small) {
    cell.classList.remove("blank");
    const signs = Math.max(2, text.length, 0.72 * small.length);
    if (cell.signs !== signs) cell.style.setProperty("--signs", signs);
    cell.signs = signs;
    if (cell.firstChild?.nodeType === Node.TEXT_NODE && !small && cell.childNodes.length === 1) {
      cell.firstChild.data = text;
      return;
    }
    cell.textContent = text;
    if (small) cell.append(make("small", "", small));
  }

  // A band from the window to the cell that it makes.
  showLink(focus, met) {
    this.link.replaceChildren();
    if (!focus || !met.length || focus.grid === "kernel" || this.root.classList.contains("narrow")) return;
    const frame = this.grids.getBoundingClientRect();
    const corners = (grid, cells) => {
      const box = grid.base.getBoundingClientRect();
      const [rs, cs] = [cells.map(([r]) => r), cells.map(([, c]) => c)];
      const [top, bottom] = [Math.min(...rs), Math.max(...rs) + 1].map((r) => box.y - frame.y + r * grid.cell);
      const [left, right] = [Math.min(...cs), Math.max(...cs) + 1].map((c) => box.x - frame.x + c * grid.cell);
      return { top, bottom, left, right };
    };
    const from = corners(this.input, met.map((m) => [m.r, m.c]));
    const to = corners(this.output, met.map((m) => [m.or, m.oc]));
    const band = document.createElementNS("http://www.w3.org/2000/svg", "polygon");
    band.setAttribute(
      "points",
      `${from.right},${from.top} ${to.left},${to.top} ${to.left},${to.bottom} ${from.right},${from.bottom}`,
    );
    this.link.append(band);
  }

  // - sums and words -

  showSum(focus) {
    this.sum.replaceChildren();
    const { model, labels, kept } = this;
    if (!focus || !model.legal || !model.inputs || focus.grid !== "output") {
      this.sum.append(make("span", "hint", model.legal ? labels.hint : ""));
      return;
    }
    const { layer } = model;
    const name = this.isCropped(focus.r, focus.c) ? labels.croppedPlace : this.placeName(focus);
    const total = this.result[focus.r * this.output.columns + focus.c];
    if (isPool(layer)) {
      this.sum.append(make("span", "term", this.poolWords(focus)), make("span", "sign", "="));
    } else {
      this.sum.append(make("span", "sigma", "Σ"));
      this.channelTerms(focus).forEach((node) => this.sum.append(node));
      if (layer.bias) {
        const bias = make("span", "term bias");
        bias.append(make("small", "", labels.bias), make("b", "", formatNumber(biasOf(layer, kept.output))));
        bias.dataset.value = biasOf(layer, kept.output);
        this.sum.append(make("span", "sign", "+"), bias);
      }
      this.sum.append(make("span", "sign", "="));
    }
    const result = make("span", "term total");
    result.append(make("small", "", name), make("b", "", formatNumber(total)));
    result.dataset.value = total;
    this.sum.append(result);
  }

  channelTerms(focus) {
    const { model, labels, kept } = this;
    const all = partners(model.layer, kept.output);
    const sums = this.channelSums(focus, all);
    let first = Math.max(0, Math.min(all.indexOf(kept.input) - SHOWN_CHANNELS / 2, all.length - SHOWN_CHANNELS));
    if (all.length <= SHOWN_CHANNELS) first = 0;
    const nodes = [];
    const add = (node) => {
      if (nodes.length) nodes.push(make("span", "sign", "+"));
      nodes.push(node);
    };
    for (let i = first; i < Math.min(first + SHOWN_CHANNELS, all.length); i += 1) {
      const label = fill(labels.channelSum, { channel: all[i] });
      const node = button(label, "", () => {
        kept.input = all[i];
        this.refresh();
        this.keepPlace();
      }, "term partial");
      node.append(make("small", "", label), make("b", "", formatNumber(sums[i])));
      node.setAttribute("aria-pressed", String(all[i] === kept.input));
      node.removeAttribute("aria-label");
      node.dataset.value = sums[i];
      add(node);
    }
    if (all.length > SHOWN_CHANNELS) {
      const shown = new Set(Array.from({ length: SHOWN_CHANNELS }, (_, i) => first + i));
      const rest = sums.reduce((sum, value, i) => (shown.has(i) ? sum : sum + value), 0);
      const node = make("span", "term");
      const label = fill(labels.otherChannels, { count: all.length - SHOWN_CHANNELS });
      node.append(make("small", "", label), make("b", "", formatNumber(rest)));
      node.dataset.value = rest;
      add(node);
    }
    return nodes;
  }

  channelSums(focus, channels) {
    const { model, kept } = this;
    return channels.map((channel) => partialSum(model, channel, kept.output, focus.r, focus.c));
  }

  placeName(focus) {
    const { model, kept } = this;
    const [r, c] = [focus.r - model.rows.crop, focus.c - model.columns.crop];
    const flat = model.layer.kind === "Conv1d";
    return `y[0, ${kept.output}, ${flat ? c : `${r}, ${c}`}]`;
  }

  inputName(r, c) {
    const { model, kept } = this;
    const [y, x] = [r - model.rows.before, c - model.columns.before];
    return `x[0, ${kept.input}, ${model.layer.kind === "Conv1d" ? x : `${y}, ${x}`}]`;
  }

  poolWords(focus) {
    const values = this.meetings(focus).map((m) => this.inputValues[m.r * this.input.columns + m.c]);
    const shown = values.slice(0, 12).map(formatNumber);
    if (values.length > 12) shown.push("…");
    if (this.model.layer.kind === "MaxPool2d") return `max(${shown.join(", ")})`;
    return `(${shown.join(" + ")}) / ${divisor(this.model, focus.r, focus.c)}`;
  }

  words(focus, met) {
    const { labels, model } = this;
    if (!model.legal) return labels.noOutput;
    if (!focus || !model.inputs) return "";
    if (focus.grid === "output") return this.outputWords(focus, met);
    if (focus.grid === "input") return this.inputWords(focus, met);
    const copies = met.filter((m) => !this.isInside(m.r, m.c)).length;
    const value = this.weightAt(focus.r, focus.c);
    const name = `w[${focus.r}, ${focus.c}]${value === null ? "" : ` = ${formatNumber(value)}`}`;
    return fill(labels.weightWords, { name, count: met.length, padding: copies });
  }

  isInside(r, c) {
    const { rows, columns } = this.model;
    const [y, x] = [r - rows.before, c - columns.before];
    return y >= 0 && x >= 0 && y < rows.size && x < columns.size;
  }

  outputWords(focus, met) {
    const { labels, model, kept } = this;
    const name = this.placeName(focus);
    const total = formatNumber(this.result[focus.r * this.output.columns + focus.c]);
    if (this.isCropped(focus.r, focus.c)) return fill(labels.croppedWords, { total });
    if (isPool(model.layer)) return `${name} = ${this.poolWords(focus)} = ${total}`;
    if (!met.length) return fill(labels.nothingWords, { name, total });
    let rounded = isRounded(this.result[focus.r * this.output.columns + focus.c]);
    const own = met.map((m) => {
      const [value, weight] = [this.inputValues[m.r * this.input.columns + m.c], this.weightAt(m.kr, m.kc)];
      rounded ||= isRounded(value) || isRounded(weight);
      return `${formatNumber(value)}·${bracketed(weight)}`;
    });
    const others = partners(model.layer, kept.output).filter((channel) => channel !== kept.input);
    const named = others.slice(0, SPOKEN_CHANNELS);
    const terms = this.channelSums(focus, named).map(
      (sum, i) => `${bracketed(sum)} [${fill(labels.channelSum, { channel: named[i] })}]`,
    );
    const rest = others.slice(SPOKEN_CHANNELS);
    if (rest.length) {
      const sum = this.channelSums(focus, rest).reduce((a, b) => a + b, 0);
      terms.push(`${bracketed(sum)} [${fill(labels.otherChannels, { count: rest.length })}]`);
    }
    const mine = others.length
      ? `(${own.join(" + ")}) [${fill(labels.channelSum, { channel: kept.input })}]`
      : own.join(" + ");
    if (model.layer.bias) terms.push(`${bracketed(biasOf(model.layer, kept.output))} [${labels.bias}]`);
    return `${name} = ${[mine, ...terms].join(" + ")} ${rounded ? "≈" : "="} ${total}`;
  }

  inputWords(focus, met) {
    const { labels, model } = this;
    const value = formatNumber(this.inputValues[focus.r * this.input.columns + focus.c]);
    const inside = this.isInside(focus.r, focus.c);
    const [y, x] = [model.rows.source[focus.r], model.columns.source[focus.c]];
    const copied = y >= 0 && x >= 0;
    const name = inside
      ? `${this.inputName(focus.r, focus.c)} = ${value}`
      : copied
        ? fill(labels.copyWords, {
            value,
            source: this.inputName(y + model.rows.before, x + model.columns.before),
          })
        : fill(labels.zeroWords, { value });
    if (!met.length) return fill(labels.unusedWords, { name });
    const fed = met.map((m) => {
      const place = { r: m.or, c: m.oc };
      const weight = this.weightAt(m.kr, m.kc);
      const shown = this.isCropped(m.or, m.oc) ? labels.croppedPlace : this.placeName(place);
      if (weight === null) return shown;
      const product = formatNumber(this.inputValues[focus.r * this.input.columns + focus.c] * weight || 0);
      return fill(labels.feeds, { place: shown, weight: `w[${m.kr}, ${m.kc}] = ${formatNumber(weight)}`, product });
    });
    return `${counted(labels.inputWords, met.length, { name })} ${fed.join(labels.separator)}`;
  }

  // - playing -

  stepGrid() {
    return isTransposed(this.model.layer) ? this.input : this.output;
  }

  steps() {
    const grid = this.stepGrid();
    return this.model.legal ? grid.rows * grid.columns : 0;
  }

  showPlay() {
    const { labels, kept } = this;
    const steps = this.steps();
    const running = Boolean(this.timer);
    this.playButton.textContent = running ? "❚❚" : "▶";
    this.playButton.title = running ? labels.pause : labels.play;
    this.playButton.setAttribute("aria-label", this.playButton.title);
    for (const node of [this.playButton, ...this.stepButtons, this.scrubber]) node.disabled = !steps;
    this.scrubber.max = String(Math.max(steps - 1, 0));
    const grid = this.stepGrid();
    const pinned = kept.pin?.grid === grid.name ? kept.pin.r * grid.columns + kept.pin.c : 0;
    const at = kept.step ?? pinned;
    this.scrubber.value = String(at);
    this.counter.textContent = steps ? `${at + 1} / ${steps}` : "";
    if (!this.kept.speed) this.kept.speed = 1;
    this.speedChoice.value = String(this.kept.speed);
    this.root.dataset.step = String(at);
    this.root.dataset.playing = String(running);
  }

  goTo(step, reveal) {
    const grid = this.stepGrid();
    this.kept.step = reveal ? step : null;
    this.kept.pin = { grid: grid.name, r: Math.floor(step / grid.columns), c: step % grid.columns };
    if (isTransposed(this.model.layer) && this.result) {
      this.shownResult = reveal && step < this.steps() - 1 ? this.partialOutput(step) : null;
      this.drawOutput();
    }
    this.show();
  }

  // What a transposed layer has written once the input cells up to `step` were stamped.
  partialOutput(step) {
    const { model, kept, input, output } = this;
    const values = new Float64Array(output.rows * output.columns).fill(biasOf(model.layer, kept.output));
    for (const channel of partners(model.layer, kept.output)) {
      const cells = paddedChannel(model, channel);
      const base = weightIndex(model.layer, channel, kept.output, 0, 0);
      for (let i = 0; i <= step; i += 1) {
        for (const [or, kr] of model.rowFeeds[Math.floor(i / input.columns)]) {
          for (const [oc, kc] of model.columnFeeds[i % input.columns]) {
            values[or * output.columns + oc] += cells[i] * model.weight[base + kr * model.columns.kernel + kc];
          }
        }
      }
    }
    return values;
  }

  play() {
    if (!this.steps()) return;
    const last = this.steps() - 1;
    if (this.kept.step === null || this.kept.step >= last) this.kept.step = 0;
    this.goTo(this.kept.step, true);
    this.schedule();
  }

  schedule() {
    clearInterval(this.timer);
    this.timer = setInterval(() => this.tick(), STEP_MS / Math.min(this.kept.speed, 16));
    this.showPlay();
  }

  tick() {
    if (this.hover || this.editing) return;
    const last = this.steps() - 1;
    const next = this.kept.step + (this.kept.speed > 16 ? Math.round(this.kept.speed / 16) : 1);
    if (next > last) {
      this.stop();
      this.goTo(last, false);
    } else {
      this.goTo(next, true);
    }
  }

  stop() {
    clearInterval(this.timer);
    this.timer = 0;
  }

  // Stay where it is; the veil stays too.
  pause() {
    this.stop();
    this.showPlay();
  }

  step(by) {
    if (!this.steps()) return;
    this.stop();
    const grid = this.stepGrid();
    const { pin, step } = this.kept;
    const at = step ?? (pin?.grid === grid.name ? pin.r * grid.columns + pin.c : 0);
    this.goTo(modulo(at + by, this.steps()), true);
    this.announce();
  }

  // - pointing, keys, editing -

  unveil() {
    this.stop();
    this.kept.step = null;
    if (this.shownResult) {
      this.shownResult = null;
      this.drawOutput();
    }
  }

  pin(focus) {
    this.unveil();
    this.hover = null;
    Object.assign(this.kept, { pin: focus, chosen: true, unpinned: false, badPlace: null });
    this.show();
    this.announce();
    this.keepPlace();
  }

  unpin() {
    this.unveil();
    this.hover = null;
    Object.assign(this.kept, { pin: null, chosen: false, unpinned: true });
    this.show();
    this.keepPlace();
  }

  // The pinned cell stands in the address without asking the server, which knows nothing of it: whatever else
  // changes the address drops it, and then it is written again.
  keepPlace() {
    const { pin, chosen, unpinned, input } = this.kept;
    if (!this.root.isConnected || (!chosen && !unpinned)) return;
    const address = new URL(location.href);
    const text = pin && chosen ? placeText(pin, input) : null;
    if (address.searchParams.get(PLACE) === text) return;
    if (text) address.searchParams.set(PLACE, text);
    else address.searchParams.delete(PLACE);
    history.replaceState(history.state, "", address);
  }

  announce() {
    this.live.textContent = this.reading.textContent;
  }

  cellAt(grid, event) {
    const box = grid.base.getBoundingClientRect();
    const r = Math.floor((event.clientY - box.y) / grid.cell);
    const c = Math.floor((event.clientX - box.x) / grid.cell);
    return r >= 0 && c >= 0 && r < grid.rows && c < grid.columns ? { grid: grid.name, r, c } : null;
  }

  point(focus) {
    const same = (a, b) => a === b || (a && b && a.grid === b.grid && a.r === b.r && a.c === b.c);
    if (same(focus, this.hover)) return;
    this.hover = focus;
    this.show();
  }

  listen() {
    for (const grid of [this.input, this.output]) {
      grid.hit.onpointermove = (event) => {
        if (this.stroke) this.paint(this.cellAt(grid, event));
        else if (event.pointerType !== "touch") this.point(this.cellAt(grid, event));
      };
      grid.hit.onpointerleave = () => this.point(null);
      grid.hit.onpointerdown = (event) => this.press(grid, event);
      grid.hit.onpointerup = () => this.endStroke();
      grid.hit.onpointercancel = () => this.endStroke();
      grid.hit.onclick = (event) => this.click(grid, event);
      grid.hit.ondblclick = (event) => this.edit(this.cellAt(grid, event));
      grid.hit.onkeydown = (event) => this.key(grid, event);
      grid.hit.onfocus = () => {
        if (!grid.hit.matches(":focus-visible") || this.kept.pin?.grid === grid.name || !grid.rows) return;
        const { rows, columns } = this.model;
        const [r, c] = grid === this.output ? [rows.crop, columns.crop] : [rows.before, columns.before];
        this.pin({ grid: grid.name, r, c });
      };
    }
    const kernelCell = (event) => event.target.closest?.(".matrix.kernel .cell");
    const focusOf = (cell) => ({ grid: "kernel", r: Number(cell.dataset.r), c: Number(cell.dataset.c) });
    this.work.onpointerover = (event) => {
      const cell = kernelCell(event);
      if (event.pointerType !== "touch") this.point(cell ? focusOf(cell) : null);
    };
    this.work.onpointerleave = () => this.point(null);
    this.work.onclick = (event) => {
      const cell = kernelCell(event);
      if (!cell || this.editing) return;
      const focus = focusOf(cell);
      const again = this.isPinned(focus);
      this.pin(focus);
      this.rove(cell);
      if (again) this.edit(focus);
    };
    this.work.onkeydown = (event) => this.kernelKey(event, kernelCell(event));
    this.work.onfocusin = (event) => {
      const cell = kernelCell(event);
      if (cell && cell.matches(":focus-visible") && !this.isPinned(focusOf(cell))) this.pin(focusOf(cell));
    };
  }

  isPinned({ grid, r, c }) {
    const { pin } = this.kept;
    return pin?.grid === grid && pin.r === r && pin.c === c;
  }

  rove(cell) {
    for (const other of this.cells.kernel) other.tabIndex = other === cell ? 0 : -1;
    cell.focus();
  }

  isDrawing(grid) {
    return grid === this.input && this.kept.look.input === "drawn";
  }

  press(grid, event) {
    if (!this.isDrawing(grid) || event.button) return;
    const focus = this.cellAt(grid, event);
    const spot = focus && this.drawnSpot(focus);
    if (!spot) return;
    event.preventDefault();
    grid.hit.setPointerCapture(event.pointerId);
    grid.hit.focus({ preventScroll: true });
    this.stroke = { tone: this.kept.look.drawn[spot.y]?.[spot.x] === "9" ? "0" : "9" };
    this.paint(focus);
  }

  click(grid, event) {
    const focus = this.cellAt(grid, event);
    if (!focus || this.editing || this.isDrawing(grid)) return;
    const again = this.isPinned(focus);
    this.pin(focus);
    if (again && grid === this.input && event.detail < 2) this.edit(focus);
  }

  key(grid, event) {
    const moves = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
    const { pin } = this.kept;
    const here = pin?.grid === grid.name ? pin : { grid: grid.name, r: 0, c: 0 };
    const limit = (value, count) => Math.min(Math.max(value, 0), count - 1);
    if (!grid.rows || this.editing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (moves[event.key]) {
      const [dr, dc] = moves[event.key];
      this.pin({ grid: grid.name, r: limit(here.r + dr, grid.rows), c: limit(here.c + dc, grid.columns) });
    } else if (event.key === "Home" || event.key === "End") {
      this.pin({ ...here, c: event.key === "Home" ? 0 : grid.columns - 1 });
    } else if ((event.key === "Enter" || event.key === "F2") && grid === this.input) {
      this.edit(here);
    } else if (event.key === "Escape" && pin) {
      this.unpin();
    } else if (event.key === " " && this.isDrawing(grid)) {
      const spot = this.drawnSpot(here);
      this.stroke = spot && { tone: this.kept.look.drawn[spot.y]?.[spot.x] === "9" ? "0" : "9" };
      if (spot) this.paint(here);
      this.endStroke();
    } else {
      return;
    }
    event.preventDefault();
  }

  kernelKey(event, cell) {
    if (!cell || event.target !== cell) return;
    const width = this.model.columns.kernel;
    const at = this.cells.kernel.indexOf(cell);
    const [r, c] = [Math.floor(at / width), at % width];
    const moves = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
    if (moves[event.key]) {
      const [y, x] = [r + moves[event.key][0], c + moves[event.key][1]];
      if (y >= 0 && x >= 0 && y < this.model.rows.kernel && x < width) {
        this.rove(this.cells.kernel[y * width + x]);
        this.pin({ grid: "kernel", r: y, c: x });
      }
    } else if (event.key === "Enter" || event.key === "F2") {
      this.edit({ grid: "kernel", r, c });
    } else if (event.key === "Escape" && this.kept.pin) {
      this.unpin();
    } else {
      return;
    }
    event.preventDefault();
  }

  // Where an edited input cell lies before the shift; null (with a reason) where it cannot be edited.
  inputSpot({ r, c }) {
    const { model, kept } = this;
    const [y, x] = [r - model.rows.before - kept.look.shift[1], c - model.columns.before - kept.look.shift[0]];
    if (!this.isInside(r, c)) return null;
    return y >= 0 && x >= 0 && y < model.rows.size && x < model.columns.size ? { y, x } : null;
  }

  edit(focus) {
    if (!focus || this.editing || focus.grid === "output" || !this.model.inputs) return;
    if (focus.grid === "kernel" && !this.model.weight) return;
    const spot = focus.grid === "input" ? this.inputSpot(focus) : focus;
    if (!spot) {
      this.say(this.labels.notEditable);
      return;
    }
    this.unveil();
    const value =
      focus.grid === "input"
        ? this.inputValues[focus.r * this.input.columns + focus.c]
        : this.weightAt(focus.r, focus.c);
    this.openEditor(focus, value, (number) => {
      if (focus.grid === "input") this.setInput(spot, number);
      else this.setWeight(focus, number);
    });
  }

  openEditor(focus, value, save) {
    const field = make("input", "editor");
    field.inputMode = "decimal";
    field.value = String(Number(value.toFixed(3)));
    field.setAttribute("aria-label", fill(this.labels.editLabel, { name: this.labels[focus.grid] }));
    const kernelCell = this.cells.kernel?.[focus.r * this.model.columns.kernel + focus.c];
    const home = focus.grid === "input" ? this.input.hit : kernelCell;
    if (focus.grid === "input") {
      const { cell } = this.input;
      const side = Math.max(cell, 46);
      Object.assign(field.style, {
        left: `${focus.c * cell - (side - cell) / 2}px`,
        top: `${focus.r * cell - (Math.max(cell, 30) - cell) / 2}px`,
        width: `${side}px`,
        height: `${Math.max(cell, 30)}px`,
      });
      this.input.stage.append(field);
    } else {
      kernelCell.replaceChildren(field);
    }
    this.editing = true;
    field.focus();
    field.select();
    const finish = (keep) => {
      if (!this.editing) return;
      this.editing = false;
      const number = Number(field.value.trim().replace("−", "-").replace(",", "."));
      const good = field.value.trim() !== "" && Number.isFinite(number) && Math.abs(number) <= 999;
      field.remove();
      this.fillKernel();
      if (keep && good) save(Math.round(number * 1000) / 1000);
      this.show();
      if (keep && !good) this.say(this.labels.editAllowed);
      home.focus({ preventScroll: true });
    };
    field.onkeydown = (event) => {
      event.stopPropagation();
      if (event.key === "Enter") finish(true);
      if (event.key === "Escape") finish(false);
    };
    field.onpointerdown = (event) => event.stopPropagation();
    field.onblur = () => finish(true);
  }

  say(text) {
    this.reading.textContent = text;
    this.live.textContent = text;
  }

  withEdit(list, place, value) {
    const rest = list.filter((edit) => place.some((at, i) => edit[i] !== at));
    return [...rest, [...place, value]].slice(-MAX_EDITS);
  }

  setInput({ y, x }, value) {
    const inputEdits = this.withEdit(this.kept.look.inputEdits, [this.kept.input, y, x], value);
    this.relook({ inputEdits });
  }

  setWeight({ r, c }, value) {
    const { layer } = this.model;
    const [, second] = weightSizes(layer);
    const { input, output } = this.kept;
    const [a, b] = isTransposed(layer) ? [input, output % second] : [output, input % second];
    this.relook({ weightEdits: this.withEdit(this.kept.look.weightEdits, [a, b, r, c], value) });
  }

  shift([right, down]) {
    const limit = (value) => Math.min(Math.max(value, -MAX_SHIFT), MAX_SHIFT);
    const { shift } = this.kept.look;
    this.relook({ shift: [limit(shift[0] + right), limit(shift[1] + down)] });
  }

  blankRows() {
    const [height, width] = [this.model.rows.size, this.model.columns.size].map((size) => Math.min(size, MAX_DRAWN));
    return Array.from({ length: height }, () => "0".repeat(width));
  }

  // The picture as it is, as tones to draw on.
  currentRows() {
    return this.blankRows();
  }

  drawnSpot(focus) {
    const spot = this.inputSpot(focus);
    if (!spot) return null;
    const x = modulo(spot.x - this.kept.input, this.model.columns.size);
    return spot.y < MAX_DRAWN && x < MAX_DRAWN ? { y: spot.y, x } : null;
  }

  paint(focus) {
    const spot = focus && this.stroke && this.drawnSpot(focus);
    if (!spot) return;
    const { look } = this.kept;
    const blank = this.blankRows();
    const rows = blank.map((row, y) => (look.drawn[y] ?? "").padEnd(row.length, "0").slice(0, row.length));
    if (!rows[spot.y] || rows[spot.y][spot.x] === this.stroke.tone) return;
    rows[spot.y] = rows[spot.y].slice(0, spot.x) + this.stroke.tone + rows[spot.y].slice(spot.x + 1);
    this.stroke.painted = true;
    this.kept.look = { ...look, drawn: rows };
    this.unveil();
    this.kept.pin = focus;
    this.refresh();
  }

  endStroke() {
    if (this.stroke?.painted) this.report(lookText(this.kept.look));
    this.stroke = null;
  }

  relook(changes) {
    this.kept.look = { ...this.kept.look, ...changes };
    this.unveil();
    this.refresh();
    this.report(lookText(this.kept.look));
  }

  close() {
    this.stop();
  }
}

// --- mounting ---------------------------------------------------------------------------------------------------

const keeping = new WeakMap();
const fresh = () => ({ pin: null, step: null, speed: 1, input: 0, output: 0, usage: false, arrows: true });

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".conv");
  const kept = keeping.get(parentElement) ?? fresh();
  keeping.set(parentElement, kept);
  const picture = new Picture(root, data, kept, (text) => setStateValue("look", text));
  const onFeed = (event) => picture.feed(event.detail);
  const resized = new ResizeObserver(() => picture.layout());
  document.addEventListener("shapelab-conv", onFeed);
  resized.observe(root);
  document.dispatchEvent(new CustomEvent("shapelab-conv-ask"));
  return () => {
    picture.close();
    resized.disconnect();
    document.removeEventListener("shapelab-conv", onFeed);
  };
}
