// A handwritten digit on its way into a network, and the network's reasons. Two views of one component, each
// mounted on its own:
//
// stages: data = { view, reading, isRaw, drawing: uri, box: [top, left, height, width, H, W], cropped: uri,
//                  scaled: { height, width, pixels: base64 uint8 }, fed: base64 uint8 (784),
//                  centre: [row, column], labels, colours }
// inside: data = { view, reading, fed, predicted, logits, probabilities, bias: [10], constants: [10],
//                  slopes: base64 int16 (10 x 784), slopeScale, terms: base64 float32 (10 x H),
//                  layers: [base64 float32], isExact, isDeep, activation,
//                  units: [{ unit, slope: base64 int16 (784), scale, constant, total, value }], labels, colours }
//
// Nothing here needs the server: class, unit and cell are chosen in the browser.

const SIDE = 28;
const CLASSES = 10;
const WHOLE = 32767;
const ROWS_SHOWN = 8;
const CHIPS = 12;
const states = new WeakMap();

function decode(text, Type) {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i += 1) bytes[i] = binary.charCodeAt(i);
  return new Type(bytes.buffer);
}

function make(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

const fill = (text, slots) => text.replace(/\{(\w+)\}/g, (whole, name) => slots[name] ?? whole);
const signed = (value, digits = 3) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(digits)}`;
const plain = (value, digits = 3) => `${value < 0 ? "−" : ""}${Math.abs(value).toFixed(digits)}`;
const thousandths = (value) => Math.round(value * 1000);

// --- colours --------------------------------------------------------------------------------------------------

const rgb = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

function diverging(colours, limit) {
  const [paper, above, below] = [rgb(colours.paper), rgb(colours.weight), rgb(colours.input)];
  return (value) => {
    const share = Math.min(1, limit > 0 ? Math.abs(value) / limit : 0);
    const target = value > 0 ? above : below;
    return paper.map((part, i) => part + (target[i] - part) * share);
  };
}

const grey = (value) => [value, value, value];

// --- a grid of pixels that can be pointed at and walked through ------------------------------------------------

function paintPixels(canvas, values, columns, colour) {
  canvas.width = columns;
  canvas.height = values.length / columns;
  const context = canvas.getContext("2d");
  const image = context.createImageData(canvas.width, canvas.height);
  values.forEach((value, i) => {
    image.data.set([...colour(value), 255], 4 * i);
  });
  context.putImageData(image, 0, 0);
}

// A figure with a caption and a line that says what the cell under the pointer holds.
function pixelFigure({ title, values, columns, colour, say, rest, label, className }) {
  const figure = make("figure", `pixels ${className ?? ""}`);
  if (title) figure.append(make("figcaption", "", title));
  const frame = make("div", "frame");
  frame.tabIndex = 0;
  frame.setAttribute("role", "application");
  frame.setAttribute("aria-label", label);
  const canvas = make("canvas");
  paintPixels(canvas, values, columns, colour);
  const cursor = make("div", "cursor");
  cursor.hidden = true;
  frame.append(canvas, cursor);
  const line = make("p", "readout", rest ?? "");
  line.setAttribute("aria-live", "polite");
  figure.append(frame, line);
  const rows = values.length / columns;
  let at = -1;
  const show = (cell) => {
    at = cell;
    cursor.hidden = cell < 0;
    if (cell < 0) {
      line.textContent = rest ?? "";
      return;
    }
    const [row, column] = [Math.floor(cell / columns), cell % columns];
    cursor.style.left = `${(100 * column) / columns}%`;
    cursor.style.top = `${(100 * row) / rows}%`;
    cursor.style.width = `${100 / columns}%`;
    cursor.style.height = `${100 / rows}%`;
    line.textContent = say(cell, row, column);
  };
  const point = (event) => {
    const box = canvas.getBoundingClientRect();
    const column = Math.floor(((event.clientX - box.left) / box.width) * columns);
    const row = Math.floor(((event.clientY - box.top) / box.height) * rows);
    if (row >= 0 && row < rows && column >= 0 && column < columns) show(row * columns + column);
  };
  frame.onpointermove = point;
  frame.onpointerdown = point;
  frame.onpointerleave = (event) => event.pointerType === "mouse" && show(-1);
  frame.onkeydown = (event) => {
    const [row, column] = at < 0 ? [rows >> 1, columns >> 1] : [Math.floor(at / columns), at % columns];
    const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    if (event.key === "Escape") show(-1);
    if (!moves[event.key]) return;
    event.preventDefault();
    const [down, right] = at < 0 ? [0, 0] : moves[event.key];
    const clamp = (value, size) => Math.min(Math.max(value, 0), size - 1);
    show(clamp(row + down, rows) * columns + clamp(column + right, columns));
  };
  frame.onblur = () => show(-1);
  return figure;
}

// --- stages -----------------------------------------------------------------------------------------------------

function stage(title, picture, note) {
  const figure = make("figure", "stage");
  const frame = make("div", "frame");
  frame.append(picture);
  figure.append(make("figcaption", "", title), frame, make("p", "note", note));
  return [figure, frame];
}

function image(uri) {
  const node = make("img");
  node.src = uri;
  node.alt = "";
  return node;
}

function drawStages(root, data) {
  const { labels } = data;
  const strip = make("div", "stages");
  const [top, left, height, width, H, W] = data.box;
  const [drawn, drawnFrame] = stage(labels.drawing, image(data.drawing), `${H} × ${W}`);
  strip.append(drawn);
  if (!data.isRaw) {
    const box = make("div", "box");
    box.style.inset = `${(100 * top) / H}% ${100 - (100 * (left + width)) / W}% ${100 - (100 * (top + height)) / H}% ${(100 * left) / W}%`;
    drawnFrame.append(box);
    const scaled = make("canvas");
    paintPixels(scaled, decode(data.scaled.pixels, Uint8Array), data.scaled.width, grey);
    strip.append(
      stage(labels.cropped, image(data.cropped), `${height} × ${width}`)[0],
      stage(labels.scaled, scaled, `${data.scaled.height} × ${data.scaled.width}`)[0],
    );
  }
  const fed = decode(data.fed, Uint8Array);
  const picture = pixelFigure({
    title: data.isRaw ? labels.fedRaw : labels.fed,
    values: fed,
    columns: SIDE,
    colour: grey,
    label: `${data.reading} ${labels.walk}`,
    rest: labels.point,
    className: "fed",
    say: (cell, row, column) =>
      fill(labels.pixel, { row, column, byte: fed[cell], value: (fed[cell] / 255).toFixed(4) }),
  });
  const cross = make("div", "cross");
  cross.style.top = `${(100 * (data.centre[0] + 0.5)) / SIDE}%`;
  cross.style.left = `${(100 * (data.centre[1] + 0.5)) / SIDE}%`;
  cross.title = labels.centre;
  picture.querySelector(".frame").append(cross);
  root.replaceChildren(strip, picture);
}

// --- inside -----------------------------------------------------------------------------------------------------

function bar(value, limit) {
  const track = make("span", "track");
  const inner = make("span", value < 0 ? "bar below" : "bar above");
  inner.style.width = `${(50 * Math.abs(value)) / (limit || 1)}%`;
  track.append(inner);
  return track;
}

function sumRow(name, value, limit, onClick, isChosen) {
  const row = make("div", "sum-row");
  const head = make(onClick ? "button" : "span", "sum-name", name);
  if (onClick) {
    head.type = "button";
    head.onclick = onClick;
    head.setAttribute("aria-pressed", String(isChosen));
  }
  row.append(head, bar(value / 1000, limit), make("span", "sum-value", signed(value / 1000)));
  return row;
}

function classButtons(scene, current, choose) {
  const { data } = scene;
  const group = make("div", "classes");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", data.labels.chooseClass);
  for (let digit = 0; digit < CLASSES; digit += 1) {
    const button = make("button", digit === data.predicted ? "predicted" : "", String(digit));
    button.type = "button";
    button.setAttribute("aria-pressed", String(digit === current));
    button.setAttribute(
      "aria-label",
      fill(data.labels.classReading, {
        digit,
        logit: plain(data.logits[digit], 2),
        percent: (100 * data.probabilities[digit]).toFixed(1),
      }),
    );
    button.append(make("small", "", plain(data.logits[digit], 1)));
    button.onclick = () => choose(digit);
    group.append(button);
  }
  return group;
}

// Rounded to thousandths, the terms still add up: what is not listed takes the rounding on itself.
function drawSum(scene, digit) {
  const { data, terms, hidden, state } = scene;
  const box = make("section", "sum");
  box.append(make("h4", "", fill(data.labels.sumHeading, { digit })));
  const own = Array.from({ length: hidden }, (_, unit) => ({ unit, term: terms[digit * hidden + unit] }));
  own.sort((a, b) => Math.abs(b.term) - Math.abs(a.term));
  const listed = own.slice(0, ROWS_SHOWN).map(({ unit, term }) => ({ unit, value: thousandths(term) }));
  const logit = thousandths(data.logits[digit]);
  const bias = thousandths(data.bias[digit]);
  const rest = logit - bias - listed.reduce((sum, { value }) => sum + value, 0);
  const limit =
    Math.max(...listed.map(({ value }) => Math.abs(value)), Math.abs(rest), Math.abs(bias)) / 1000;
  const list = make("div", "sum-rows");
  list.append(sumRow(data.labels.bias, bias, limit));
  for (const { unit, value } of listed) {
    const choose = scene.views.has(unit) ? () => scene.choose({ unit }) : null;
    list.append(sumRow(fill(data.labels.unit, { unit }), value, limit, choose, unit === state.unit));
  }
  if (hidden > listed.length) {
    list.append(sumRow(fill(data.labels.others, { count: hidden - listed.length }), rest, limit));
  }
  const total = make("div", "sum-row total");
  total.append(
    make("span", "sum-name", fill(data.labels.logit, { digit })),
    make("span", "track"),
    make("span", "sum-value", `= ${plain(logit / 1000)}`),
  );
  list.append(total);
  box.append(list);
  return box;
}

function drawEvidence(scene, digit) {
  const { data, pixels, slopes } = scene;
  const { labels } = data;
  const slope = slopes.subarray(digit * SIDE * SIDE, (digit + 1) * SIDE * SIDE);
  const of = (cell) => (slope[cell] / WHOLE) * data.slopeScale;
  const products = Array.from(pixels, (pixel, cell) => pixel * of(cell));
  const limit = Math.max(...products.map(Math.abs));
  const box = make("section", "evidence");
  box.append(make("h4", "", fill(labels.evidenceHeading, { digit })));
  box.append(
    pixelFigure({
      values: products,
      columns: SIDE,
      colour: diverging(data.colours, limit),
      label: `${fill(labels.evidenceHeading, { digit })} ${labels.walk}`,
      rest: labels.point,
      say: (cell, row, column) =>
        fill(labels.evidencePixel, {
          row,
          column,
          value: pixels[cell].toFixed(3),
          slope: plain(of(cell)),
          product: signed(products[cell]),
        }),
    }),
    legend(labels, limit),
  );
  const logit = thousandths(data.logits[digit]);
  const constant = thousandths(data.constants[digit]);
  const words = data.isExact ? labels.evidenceExact : labels.evidenceNear;
  box.append(
    make(
      "p",
      "note",
      fill(words, {
        pixels: plain((logit - constant) / 1000),
        constant: signed(constant / 1000),
        logit: plain(logit / 1000),
        activation: data.activation,
      }),
    ),
  );
  return box;
}

function legend(labels, limit) {
  const line = make("div", "legend");
  line.append(
    make("span", "", `${labels.against} −${limit.toFixed(2)}`),
    make("span", "ramp"),
    make("span", "", `+${limit.toFixed(2)} ${labels.speaksFor}`),
  );
  return line;
}

function activationStrip(scene, values, title, isLast) {
  const { data, state } = scene;
  const strip = make("div", "strip");
  strip.append(make("span", "strip-title", title));
  const bars = make("div", "bars");
  bars.setAttribute("role", "img");
  const active = values.filter((value) => value > 0).length;
  const reading = fill(data.labels.stripReading, { count: values.length, active });
  bars.setAttribute("aria-label", reading);
  const limit = Math.max(...values.map(Math.abs), 1e-9);
  values.forEach((value, unit) => {
    const column = make("span", value < 0 ? "column below" : "column");
    column.style.height = `${Math.max(2, (100 * Math.abs(value)) / limit)}%`;
    if (values.length <= 128) column.title = `${fill(data.labels.unit, { unit })}: ${plain(value)}`;
    if (isLast && unit === state.unit) column.classList.add("chosen");
    if (isLast && scene.views.has(unit)) {
      column.classList.add("seen");
      column.onclick = () => scene.choose({ unit });
    }
    bars.append(column);
  });
  strip.append(bars, make("span", "note", reading));
  return strip;
}

function drawUnit(scene, digit) {
  const { data, pixels, state } = scene;
  const { labels } = data;
  const view = scene.views.get(state.unit);
  const box = make("section", "unit");
  box.append(make("h4", "", labels.unitsHeading));
  scene.layers.forEach((values, index) => {
    const isLast = index === scene.layers.length - 1;
    const title = fill(labels.layer, { number: index + 1 });
    box.append(activationStrip(scene, [...values], title, isLast));
  });
  const chips = make("div", "chips");
  chips.setAttribute("role", "group");
  chips.setAttribute("aria-label", labels.chooseUnit);
  const listed = [...scene.views.values()].slice(0, CHIPS);
  if (view && !listed.includes(view)) listed.push(view);
  for (const each of listed) {
    const chip = make("button", "", fill(labels.unit, { unit: each.unit }));
    chip.type = "button";
    chip.setAttribute("aria-pressed", String(each.unit === state.unit));
    chip.append(make("small", "", plain(each.value, 2)));
    chip.onclick = () => scene.choose({ unit: each.unit });
    chips.append(chip);
  }
  box.append(chips);
  if (!view) return box;
  const slope = Array.from(decode(view.slope, Int16Array), (value) => (value / WHOLE) * view.scale);
  const products = slope.map((value, cell) => value * pixels[cell]);
  const most = (values) => Math.max(...values.map(Math.abs));
  const number = (words) => (values) => (cell, row, column) =>
    fill(words, { row, column, value: plain(values[cell]) });
  const say = number(labels.cell);
  const trio = make("div", "trio");
  const picture = (title, values, colour) =>
    pixelFigure({ title, values, columns: SIDE, colour, label: `${title} ${labels.walk}`, say: say(values) });
  trio.append(
    picture(data.isDeep ? labels.slope : labels.weights, slope, diverging(data.colours, most(slope))),
    make("span", "sign", "×"),
    picture(labels.input, pixels, (value) => grey(255 * value)),
    make("span", "sign", "="),
    picture(labels.product, products, diverging(data.colours, most(products))),
  );
  box.append(trio);
  const total = thousandths(view.total);
  const constant = thousandths(view.constant);
  box.append(
    make(
      "p",
      "equation",
      fill(labels.unitSum, {
        products: plain((total - constant) / 1000),
        constant: signed(constant / 1000),
        total: plain(total / 1000),
        activation: data.activation,
        value: plain(view.value),
      }),
    ),
    drawTerms(scene, view, digit),
  );
  return box;
}

function drawTerms(scene, view, digit) {
  const { data, terms, hidden } = scene;
  const values = Array.from({ length: CLASSES }, (_, k) => terms[k * hidden + view.unit]);
  const limit = Math.max(...values.map(Math.abs));
  const box = make("div", "terms");
  box.append(make("p", "", fill(data.labels.unitTerms, { unit: view.unit })));
  const list = make("div", "term-list");
  values.forEach((value, k) => {
    const item = make("div", k === digit ? "term chosen" : "term");
    item.append(make("span", "term-class", String(k)), bar(value, limit), make("span", "", signed(value, 2)));
    list.append(item);
  });
  box.append(list);
  return box;
}

function drawInside(root, data, state) {
  const hidden = decode(data.terms, Float32Array).length / CLASSES;
  const scene = {
    data,
    state,
    hidden,
    pixels: Array.from(decode(data.fed, Uint8Array), (value) => value / 255),
    slopes: decode(data.slopes, Int16Array),
    terms: decode(data.terms, Float32Array),
    layers: data.layers.map((text) => decode(text, Float32Array)),
    views: new Map(data.units.map((unit) => [unit.unit, unit])),
  };
  const render = () => {
    const digit = state.digit ?? data.predicted;
    if (!scene.views.has(state.unit)) state.unit = data.units.length ? data.units[0].unit : null;
    const focused = root.getRootNode().activeElement;
    const path =
      focused && root.contains(focused) ? [...root.querySelectorAll("button")].indexOf(focused) : -1;
    const chooser = make("div", "chooser");
    chooser.append(
      make("span", "", data.labels.chooseClass),
      classButtons(scene, digit, (k) => scene.choose({ digit: k })),
    );
    const reasons = make("div", "reasons");
    if (scene.layers.length) reasons.append(drawSum(scene, digit));
    reasons.append(drawEvidence(scene, digit));
    root.replaceChildren(chooser, reasons);
    if (scene.layers.length) root.append(drawUnit(scene, digit));
    if (path >= 0) root.querySelectorAll("button")[path]?.focus();
  };
  scene.choose = (change) => {
    Object.assign(state, change);
    render();
  };
  render();
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".digit");
  for (const [name, colour] of Object.entries(data.colours))
    root.style.setProperty(`--digit-${name}`, colour);
  const state = states.get(parentElement) ?? { digit: null, unit: null };
  states.set(parentElement, state);
  if (data.view === "stages") drawStages(root, data);
  else drawInside(root, data, state);
}
