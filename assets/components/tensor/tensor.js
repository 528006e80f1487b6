// N-D tensors as grids of numbers: the last two axes are a grid, the others labelled panels (sliders when there
// are too many), long axes show a window. Elements keep the colour of where they came from; pointing at one, or
// walking there with the arrow keys, says its index, value and source and lights up its relatives.
//
// data: {
//   tensors: [{ id, title, note, shape, kind: "float" | "int" | "bool", values: base64 float64,
//               texts: [string] | null, sources: [base64 int32, ...], flags: base64 uint8 | null,
//               role: "element" | "lane" | palette role, positions: [[int]] | null, clash: [axis],
//               editable, wide, fold, tints: base64 int32 | null }],
//   joiners: [text between tensor i and i + 1], groups: [{ name, shape, first, count }],
//   play: { to: tensor number, key } | null, bars: {...} | null,
//   labels: {...}, reading, colours: palette }
// trigger: edit = { tensor: id, place, value }

const FLAG = { selected: 1, winner: 2, faded: 4, changed: 8, wrong: 16, padding: 32 };
const MAX_PANELS = 12;
const RAMPS = [
  ["#16306e", "#0072b2", "#2aa7a0", "#bfe6a8"],
  ["#5c1a00", "#c24e00", "#f0a04b", "#ffe3b0"],
  ["#4a1f4f", "#b0578d", "#e9a9cf", "#fbe3f1"],
  ["#1f2937", "#5b6472", "#9ca3af", "#e5e7eb"],
];
const states = new WeakMap();

function decode(text, Type) {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i += 1) bytes[i] = binary.charCodeAt(i);
  return new Type(bytes.buffer);
}

const product = (sizes) => sizes.reduce((a, b) => a * b, 1);

function unravel(flat, shape) {
  const index = new Array(shape.length);
  for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
    index[axis] = flat % shape[axis];
    flat = Math.floor(flat / shape[axis]);
  }
  return index;
}

// --- colours --------------------------------------------------------------------------------------------------

const rgb = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

function mix(from, to, share) {
  const [a, b] = [rgb(from), rgb(to)];
  return `rgb(${a.map((part, i) => Math.round(part + (b[i] - part) * share)).join(",")})`;
}

// Towards the paper, so that the ink can be chosen for what is seen: transparency would pale the number too.
function pale(colour, paper) {
  const back = rgb(paper);
  const parts = colour
    .match(/\d+/g)
    .map((part, i) => Math.round(Number(part) + (back[i] - Number(part)) * 0.62));
  return `rgb(${parts.join(",")})`;
}

function inkOn(colour) {
  const [r, g, b] = colour.match(/\d+/g).map((part) => (Number(part) / 255) ** 2.2);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.22 ? "#111827" : "#ffffff";
}

function rampColour(stops, share) {
  const at = Math.min(Math.max(share, 0), 1) * (stops.length - 1);
  const low = Math.min(Math.floor(at), stops.length - 2);
  return mix(stops[low], stops[low + 1], at - low);
}

function sourceOf(number, groups) {
  const which = groups.findIndex((group) => number >= group.first && number < group.first + group.count);
  return which < 0 ? null : { which, group: groups[which], place: number - groups[which].first };
}

function elementColour(number, groups) {
  const source = sourceOf(number, groups);
  if (!source) return null;
  const { count } = source.group;
  return rampColour(RAMPS[source.which % RAMPS.length], count > 1 ? source.place / (count - 1) : 0.33);
}

function cellColours(tensor, number, data) {
  const tint = tensor.tintMap ? tensor.tintMap[number] : -1;
  if (tint >= 0) {
    return [mix(data.colours.paper, data.colours.series[tint % data.colours.series.length], 0.55)];
  }
  const numbers = tensor.maps.map((map) => map[number]).filter((source) => source >= 0);
  if (tensor.role === "lane") {
    const hex = data.colours.series[numbers[0] % data.colours.series.length];
    return [mix(data.colours.paper, hex, 0.55)];
  }
  if (tensor.role === "element") {
    const found = numbers.map((source) => elementColour(source, data.groups)).filter(Boolean);
    if (found.length) return found;
  }
  const hex = data.colours[tensor.role] ?? data.colours.muted;
  return [mix(data.colours.paper, hex, 0.3)];
}

// --- numbers --------------------------------------------------------------------------------------------------

function formatNumber(value, kind, digits) {
  if (kind === "bool") return value ? "True" : "False";
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (kind === "int") return String(value);
  if (Number.isInteger(value) && Math.abs(value) < 1e5) return `${value}.`;
  const size = Math.abs(value);
  if (size < 1e-3 || size >= 1e5) return value.toExponential(Math.max(digits - 2, 1)).replace("e+", "e");
  return String(Number(value.toPrecision(digits)));
}

// --- what is visible ------------------------------------------------------------------------------------------

// Positions of one axis as an array of numbers, with null where some are left out.
function axisWindow(tensor, axis, most, start) {
  const held = tensor.positions ? tensor.positions[axis] : null;
  if (held) {
    const shown = [];
    held.forEach((position, i) => {
      if (i ? position > held[i - 1] + 1 : position > 0) shown.push(null);
      shown.push(position);
    });
    if (held.length && held[held.length - 1] < tensor.shape[axis] - 1) shown.push(null);
    return shown;
  }
  const size = tensor.shape[axis];
  if (size <= most) return Array.from({ length: size }, (_, i) => i);
  const from = Math.min(start, size - most + 1);
  const shown = from > 0 ? [null] : [];
  const until = Math.min(from + most - 1, size);
  for (let i = from; i < until; i += 1) shown.push(i);
  if (until < size) shown.push(null);
  return shown;
}

function flatPlace(tensor, index) {
  // Where the value of an index lies in the values that were sent.
  let place = 0;
  index.forEach((position, axis) => {
    const held = tensor.positions ? tensor.positions[axis] : null;
    place = place * (held ? held.length : tensor.shape[axis]) + (held ? held.indexOf(position) : position);
  });
  return place;
}

function leadingAxes(shape) {
  const count = Math.max(shape.length - 2, 0);
  let panels = 1;
  let firstPanel = count;
  while (firstPanel > 0 && panels * shape[firstPanel - 1] <= MAX_PANELS) {
    firstPanel -= 1;
    panels *= shape[firstPanel];
  }
  return { sliders: firstPanel, count };
}

// --- drawing --------------------------------------------------------------------------------------------------

function make(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

function rangeControl(label, max, value, onInput) {
  const row = make("label", "range");
  const words = make("span", "range-label", label(value));
  const input = make("input");
  input.type = "range";
  input.min = "0";
  input.max = String(max);
  input.value = String(Math.min(value, max));
  input.oninput = () => {
    words.textContent = label(Number(input.value));
    onInput(Number(input.value));
  };
  row.append(words, input);
  return row;
}

function shapeText(shape) {
  return `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
}

function drawTitle(tensor) {
  const head = make("div", "title");
  if (tensor.title) head.append(make("span", "name", tensor.title));
  const sizes = make("span", "shape");
  sizes.append("(");
  tensor.shape.forEach((size, axis) => {
    const part = make("span", tensor.clash.includes(axis) ? "clash" : "", String(size));
    sizes.append(part, axis < tensor.shape.length - 1 ? ", " : tensor.shape.length === 1 ? "," : "");
  });
  sizes.append(")");
  head.append(sizes);
  if (tensor.note) head.append(make("span", "note", tensor.note));
  return head;
}

function cellText(tensor, place, digits) {
  return tensor.texts ? tensor.texts[place] : formatNumber(tensor.numbers[place], tensor.kind, digits);
}

function paint(cell, colours, data) {
  if (colours.length === 1) {
    cell.style.background = colours[0];
    cell.style.color = inkOn(colours[0]);
    return;
  }
  // Several sources: a band of each on the sides, and the number on plain paper between them.
  const { paper, ink } = data.colours;
  const [last] = colours.slice(-1);
  const left = colours.slice(0, -1).map((c, i) => `${c} ${0.4 * i}rem ${0.4 * (i + 1)}rem`);
  const start = 0.4 * left.length;
  cell.style.background = `linear-gradient(90deg, ${left.join(", ")}, ${paper} ${start}rem calc(100% - 0.4rem), ${last} calc(100% - 0.4rem))`;
  cell.style.color = ink;
  cell.style.paddingInline = `${start + 0.2}rem 0.6rem`;
}

function drawCell(scene, tensor, which, index, digits) {
  const place = flatPlace(tensor, index);
  const cell = make("div", "cell", cellText(tensor, place, digits));
  cell.setAttribute("role", "gridcell");
  cell.tabIndex = -1;
  const flags = tensor.marks ? tensor.marks[place] : 0;
  const colours = cellColours(tensor, place, scene.data);
  const { paper } = scene.data.colours;
  paint(cell, flags & FLAG.faded ? colours.map((colour) => pale(colour, paper)) : colours, scene.data);
  for (const [name, bit] of Object.entries(FLAG)) if (flags & bit) cell.classList.add(name);
  if (flags & FLAG.padding)
    paint(cell, [mix(scene.data.colours.paper, scene.data.colours.padding, 0.4)], scene.data);
  const entry = { cell, tensor, which, index, place, sources: tensor.maps.map((map) => map[place]) };
  cell.setAttribute("aria-label", describe(scene, entry));
  cell._entry = entry;
  scene.entries.push(entry);
  return cell;
}

function drawPanel(scene, tensor, which, leading) {
  const ndim = tensor.shape.length;
  const narrow = scene.narrow;
  const state = scene.state.windows[tensor.id];
  const most = tensor.wide ?? (narrow ? 7 : 12);
  const rows = ndim > 1 ? axisWindow(tensor, ndim - 2, narrow ? 8 : 10, state.rows) : [0];
  const columns = ndim > 0 ? axisWindow(tensor, ndim - 1, most, state.columns) : [0];
  const panel = make("div", "panel");
  if (leading.length) panel.append(make("div", "panel-label", `[${leading.join(", ")}]`));
  const grid = make("div", "grid");
  grid.setAttribute("role", "grid");
  grid.setAttribute("aria-label", `${tensor.title} ${shapeText(tensor.shape)}`);
  grid.style.gridTemplateColumns = `repeat(${columns.length + (ndim > 1 ? 1 : 0)}, max-content)`;
  if (tensor.fold) {
    drawFolded(scene, tensor, which, grid);
    panel.append(grid);
    return panel;
  }
  if (ndim > 0) drawHeader(grid, columns, ndim);
  const digits = columns.length > 8 ? 3 : 4;
  rows.forEach((row) => {
    const line = make("div", "row");
    line.setAttribute("role", "row");
    if (ndim > 1) line.append(make("span", "head", row === null ? "⋮" : String(row)));
    columns.forEach((column) => {
      if (row === null || column === null) {
        line.append(make("span", "gap", row === null ? "⋮" : "…"));
      } else {
        const index = ndim > 1 ? [...leading, row, column] : ndim === 1 ? [column] : [];
        line.append(drawCell(scene, tensor, which, index, digits));
      }
    });
    grid.append(line);
  });
  if (!rows.length || !columns.length) grid.append(make("span", "gap", "[ ]"));
  panel.append(grid);
  return panel;
}

// A long row in several lines, each beginning with the index of its first element.
function drawFolded(scene, tensor, which, grid) {
  const most = scene.narrow ? 6 : 12;
  grid.style.gridTemplateColumns = `repeat(${most + 1}, max-content)`;
  for (let from = 0; from < tensor.shape[0]; from += most) {
    const line = make("div", "row");
    line.setAttribute("role", "row");
    line.append(make("span", "head", String(from)));
    for (let i = from; i < Math.min(from + most, tensor.shape[0]); i += 1) {
      line.append(drawCell(scene, tensor, which, [i], 4));
    }
    for (let i = tensor.shape[0]; i < from + most; i += 1) line.append(make("span"));
    grid.append(line);
  }
}

function drawHeader(grid, columns, ndim) {
  const line = make("div", "row");
  line.setAttribute("aria-hidden", "true");
  if (ndim > 1) line.append(make("span", "head"));
  for (const column of columns) line.append(make("span", "head", column === null ? "…" : String(column)));
  grid.append(line);
}

function drawTensor(scene, tensor, which) {
  const box = make("div", "tensor");
  scene.state.windows[tensor.id] ??= { rows: 0, columns: 0, leading: [] };
  const windows = scene.state.windows[tensor.id];
  const { sliders, count } = leadingAxes(tensor.shape);
  const panels = make("div", "panels");
  const redraw = () => {
    scene.entries = scene.entries.filter((entry) => entry.which !== which);
    const outer = Array.from({ length: sliders }, (_, axis) =>
      Math.min(windows.leading[axis] ?? 0, tensor.shape[axis] - 1),
    );
    const inner = tensor.shape.slice(sliders, count);
    panels.replaceChildren();
    for (let i = 0; i < product(inner); i += 1) {
      panels.append(drawPanel(scene, tensor, which, [...outer, ...unravel(i, inner)]));
    }
    scene.relate();
  };
  box.append(drawTitle(tensor), panels);
  const axisLabel = (axis) => (value) =>
    `${scene.data.labels.axis} ${axis}: ${value} / ${tensor.shape[axis]}`;
  for (let axis = 0; axis < sliders; axis += 1) {
    box.append(
      rangeControl(axisLabel(axis), tensor.shape[axis] - 1, windows.leading[axis] ?? 0, (value) => {
        windows.leading[axis] = value;
        redraw();
      }),
    );
  }
  addWindowControls(scene, tensor, windows, redraw, box);
  redraw();
  return box;
}

function addWindowControls(scene, tensor, windows, redraw, box) {
  if (tensor.positions || tensor.fold) return;
  const ndim = tensor.shape.length;
  const limits = { columns: tensor.wide ?? (scene.narrow ? 7 : 12), rows: scene.narrow ? 8 : 10 };
  const axes = { columns: ndim - 1, rows: ndim - 2 };
  for (const name of ["rows", "columns"]) {
    const axis = axes[name];
    if (axis < 0 || tensor.shape[axis] <= limits[name]) continue;
    const most = tensor.shape[axis] - limits[name] + 1;
    const label = (value) => {
      const end = Math.min(value + limits[name] - 2, tensor.shape[axis] - 1);
      return `${scene.data.labels.axis} ${axis}: ${value}–${end} / ${tensor.shape[axis]}`;
    };
    box.append(
      rangeControl(label, most, windows[name], (value) => {
        windows[name] = value;
        redraw();
      }),
    );
  }
}

// --- pointing -------------------------------------------------------------------------------------------------

function describe(scene, entry) {
  const { tensor, index, place } = entry;
  const name = tensor.title || tensor.id;
  const exact = tensor.texts ? tensor.texts[place] : formatNumber(tensor.numbers[place], tensor.kind, 7);
  const own = index.length ? `${name}[${index.join(", ")}]` : name;
  const from = [];
  for (const number of entry.sources) {
    const source = number >= 0 ? sourceOf(number, scene.data.groups) : null;
    if (!source) continue;
    const at = unravel(source.place, source.group.shape);
    from.push(at.length ? `${source.group.name}[${at.join(", ")}]` : source.group.name);
  }
  const origin = from.join(" + ");
  return `${own} = ${exact}${origin && origin !== own ? ` ← ${origin}` : ""}`;
}

function relate(scene) {
  scene.bySource = new Map();
  for (const entry of scene.entries) {
    for (const source of entry.sources) {
      if (source < 0) continue;
      if (!scene.bySource.has(source)) scene.bySource.set(source, []);
      scene.bySource.get(source).push(entry);
    }
  }
  const focusable = scene.entries.find((entry) => entry.cell.tabIndex === 0);
  if (!focusable && scene.entries[0]) scene.entries[0].cell.tabIndex = 0;
}

function point(scene, entry) {
  for (const cell of scene.lit) cell.classList.remove("lit", "here");
  scene.lit = [];
  if (!entry) return;
  entry.cell.classList.add("here");
  scene.lit.push(entry.cell);
  for (const source of entry.sources) {
    for (const other of scene.bySource.get(source) ?? []) {
      other.cell.classList.add("lit");
      scene.lit.push(other.cell);
    }
  }
  if (!scene.refused) scene.info.textContent = describe(scene, entry);
}

function neighbour(scene, entry, key) {
  const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[key];
  if (!step) return null;
  const box = entry.cell.getBoundingClientRect();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  let best = null;
  let bestCost = Infinity;
  for (const other of scene.entries) {
    if (other === entry) continue;
    const rect = other.cell.getBoundingClientRect();
    const [dx, dy] = [rect.x + rect.width / 2 - x, rect.y + rect.height / 2 - y];
    const along = step[1] ? dx * step[1] : dy * step[0];
    const across = Math.abs(step[1] ? dy : dx);
    if (along <= 2) continue;
    const cost = along + 3 * across;
    if (cost < bestCost) [best, bestCost] = [other, cost];
  }
  return best;
}

function listen(scene) {
  const { root, state } = scene;
  state.listeners?.abort();
  state.listeners = new AbortController();
  const on = (name, handler) => root.addEventListener(name, handler, { signal: state.listeners.signal });
  const entryAt = (event) => event.target.closest?.(".cell")?._entry ?? null;
  on("pointerover", (event) => point(scene, entryAt(event)));
  on("pointerleave", () => point(scene, null));
  on("focusin", (event) => {
    const entry = entryAt(event);
    if (!entry) return;
    for (const other of scene.entries) other.cell.tabIndex = other === entry ? 0 : -1;
    point(scene, entry);
  });
  on("keydown", (event) => walk(scene, entryAt(event), event));
  on("click", (event) => {
    const entry = entryAt(event);
    if (!entry) return;
    entry.cell.focus();
    if (entry.tensor.editable) edit(scene, entry);
  });
}

function walk(scene, entry, event) {
  if (!entry || event.target.tagName === "INPUT") return;
  if ((event.key === "Enter" || event.key === "F2") && entry.tensor.editable) {
    event.preventDefault();
    edit(scene, entry);
    return;
  }
  const next = neighbour(scene, entry, event.key);
  if (next) {
    event.preventDefault();
    next.cell.focus();
  }
}

function refuse(scene, message) {
  scene.info.textContent = message;
  scene.info.classList.add("refused");
  scene.refused = true;
  setTimeout(() => {
    scene.refused = false;
    scene.info.classList.remove("refused");
  }, 6000);
}

function edit(scene, entry) {
  if (entry.cell.querySelector("input")) return;
  const before = entry.cell.textContent;
  const input = make("input");
  input.value = before.replace(/\.$/, "");
  input.inputMode = "numeric";
  input.setAttribute("aria-label", describe(scene, entry));
  entry.cell.replaceChildren(input);
  input.select();
  let done = false;
  const finish = (save) => {
    if (done) return;
    done = true;
    const value = Number(input.value.trim());
    const good = input.value.trim() !== "" && Number.isInteger(value) && Math.abs(value) <= 999;
    entry.cell.replaceChildren(before);
    if (save && good && value !== Number(before)) {
      scene.report("edit", { tensor: entry.tensor.id, place: entry.place, value });
    }
    entry.cell.focus();
    // After the focus, which writes the cell's own description there; and it stays while the pointer moves.
    if (save && !good) refuse(scene, scene.data.labels.edit_allowed);
  };
  input.onkeydown = (event) => {
    event.stopPropagation();
    if (event.key === "Enter") finish(true);
    if (event.key === "Escape") finish(false);
  };
  input.onblur = () => finish(true);
}

// --- movement -------------------------------------------------------------------------------------------------

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

function stopMotion(scene) {
  for (const animation of scene.motions) animation.cancel();
  scene.motions = [];
  scene.overlay.replaceChildren();
}

function play(scene) {
  stopMotion(scene);
  const target = scene.data.play.to;
  const origin = new Map();
  for (const entry of scene.entries) {
    if (entry.which >= target) continue;
    for (const source of entry.sources) if (source >= 0) origin.set(source, entry);
  }
  const landing = scene.entries.filter((entry) => entry.which === target);
  const frame = scene.overlay.getBoundingClientRect();
  const gap = Math.min(70, 1100 / Math.max(landing.length, 1));
  landing.forEach((entry, order) => {
    const parents = entry.sources.map((source) => origin.get(source)).filter(Boolean);
    const delay = order * gap;
    const appear = entry.cell.animate([{ opacity: 0 }, { opacity: 0, offset: 0.95 }, { opacity: 1 }], {
      duration: delay + 450,
      fill: "backwards",
    });
    scene.motions.push(appear);
    for (const parent of parents) fly(scene, parent, entry, frame, delay);
  });
}

function fly(scene, parent, entry, frame, delay) {
  const from = parent.cell.getBoundingClientRect();
  const to = entry.cell.getBoundingClientRect();
  const ghost = parent.cell.cloneNode(true);
  ghost.className = "cell ghost";
  ghost.removeAttribute("tabindex");
  ghost.style.left = `${from.x - frame.x}px`;
  ghost.style.top = `${from.y - frame.y}px`;
  ghost.style.width = `${from.width}px`;
  ghost.style.height = `${from.height}px`;
  scene.overlay.append(ghost);
  const motion = ghost.animate(
    [
      { transform: "none", opacity: 0.9 },
      { transform: `translate(${to.x - from.x}px, ${to.y - from.y}px)`, opacity: 1 },
    ],
    { duration: 420, delay, easing: "cubic-bezier(0.4, 0, 0.2, 1)", fill: "backwards" },
  );
  scene.motions.push(motion);
  motion.onfinish = () => ghost.remove();
}

// --- bars -----------------------------------------------------------------------------------------------------

const SVG = "http://www.w3.org/2000/svg";

function shape(tag, attributes, text) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (text !== undefined) node.textContent = text;
  return node;
}

function drawBars(data) {
  const { density, edges, theory, reading } = data.bars;
  const [width, height, left, bottom] = [480, 170, 8, 22];
  const svg = shape("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", class: "bars" });
  svg.setAttribute("aria-label", reading);
  const top = Math.max(...density, ...(theory ?? [])) * 1.08 || 1;
  const span = edges[edges.length - 1] - edges[0];
  const x = (value) => left + ((value - edges[0]) / span) * (width - 2 * left);
  const y = (value) => height - bottom - (value / top) * (height - bottom - 8);
  density.forEach((value, i) => {
    const bar = shape("rect", {
      x: x(edges[i]) + 0.5,
      y: y(value),
      width: Math.max(x(edges[i + 1]) - x(edges[i]) - 1, 0.5),
      height: height - bottom - y(value),
      fill: data.colours.output,
      "fill-opacity": 0.55,
    });
    bar.append(
      shape(
        "title",
        {},
        `${edges[i].toPrecision(3)} … ${edges[i + 1].toPrecision(3)}: ${value.toPrecision(3)}`,
      ),
    );
    svg.append(bar);
  });
  if (theory) {
    const points = theory.map((value, i) => `${x((edges[i] + edges[i + 1]) / 2)},${y(value)}`).join(" ");
    svg.append(shape("polyline", { points, fill: "none", stroke: data.colours.weight, "stroke-width": 2.5 }));
  }
  svg.append(
    shape("line", {
      x1: left,
      x2: width - left,
      y1: height - bottom,
      y2: height - bottom,
      stroke: data.colours.muted,
    }),
  );
  const ticks = 5;
  for (let i = 0; i < ticks; i += 1) {
    const value = edges[0] + (span * i) / (ticks - 1);
    const anchor = i === 0 ? "start" : i === ticks - 1 ? "end" : "middle";
    const label = String(Number(value.toPrecision(3)));
    svg.append(
      shape(
        "text",
        { x: x(value), y: height - 6, "text-anchor": anchor, "font-size": 12, fill: data.colours.ink },
        label,
      ),
    );
  }
  return svg;
}

// --- mounting -------------------------------------------------------------------------------------------------

function readTensor(tensor) {
  return {
    ...tensor,
    numbers: tensor.values ? decode(tensor.values, Float64Array) : null,
    maps: tensor.sources.map((text) => decode(text, Int32Array)),
    marks: tensor.flags ? decode(tensor.flags, Uint8Array) : null,
    tintMap: tensor.tints ? decode(tensor.tints, Int32Array) : null,
  };
}

function drawScene(scene) {
  const { data, root } = scene;
  const stage = make("div", "stage");
  data.tensors.map(readTensor).forEach((tensor, which) => {
    // A sign stays with the box that follows it, so that it points at something where the row wraps.
    const step = make("div", "step");
    if (which > 0 && data.joiners[which - 1]) step.append(make("div", "joiner", data.joiners[which - 1]));
    step.append(drawTensor(scene, tensor, which));
    stage.append(step);
  });
  scene.overlay = make("div", "overlay");
  scene.overlay.setAttribute("aria-hidden", "true");
  stage.append(scene.overlay);
  const foot = make("div", "foot");
  if (data.play && !calm()) {
    const button = make("button", "play", `▶ ${data.labels.play}`);
    button.type = "button";
    button.onclick = () => play(scene);
    foot.append(button);
  }
  scene.info = make("output", "info", data.labels.hint);
  scene.info.setAttribute("aria-live", "polite");
  if (data.tensors.length) foot.append(scene.info);
  const reading = make("p", "reading", data.reading);
  root.replaceChildren(stage, ...(data.bars ? [drawBars(data)] : []), foot, reading);
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".tensors");
  const state = states.get(parentElement) ?? { windows: {}, played: undefined };
  states.set(parentElement, state);
  const scene = {
    data,
    root,
    state,
    report: setTriggerValue,
    narrow: root.clientWidth > 0 && root.clientWidth < 560,
    entries: [],
    lit: [],
    motions: [],
    bySource: new Map(),
  };
  scene.relate = () => relate(scene);
  const focused = parentElement.activeElement?._entry;
  drawScene(scene);
  listen(scene);
  if (focused) {
    const again = scene.entries.find((e) => e.tensor.id === focused.tensor.id && e.place === focused.place);
    again?.cell.focus({ preventScroll: true });
  }
  if (data.play && data.play.key !== state.played && !calm()) play(scene);
  state.played = data.play?.key;
  return () => {
    stopMotion(scene);
    state.listeners.abort();
  };
}
