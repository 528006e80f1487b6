// The moving picture of the home page: a kernel slides over a handwritten digit and writes its output.
//
// data: { pixels: [size * size values 0..1], size, kernel: [k * k weights], stride, output: [out * out values],
//         out, reading, colours: { input, weight, output, ink } }

const STEP_MS = 140;

function shade(value) {
  return `color-mix(in srgb, var(--ink) ${Math.round(value * 100)}%, var(--paper))`;
}

function signed(value, limit) {
  const share = Math.round((Math.abs(value) / limit) * 100);
  return `color-mix(in srgb, var(${value < 0 ? "--weight" : "--output"}) ${share}%, var(--paper))`;
}

function grid(size, label, fill) {
  const SVG = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `-0.1 -0.1 ${size + 0.2} ${size + 0.2}`);
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add(label);
  const cells = [];
  for (let i = 0; i < size * size; i += 1) {
    const cell = document.createElementNS(SVG, "rect");
    cell.setAttribute("x", (i % size) + 0.04);
    cell.setAttribute("y", Math.floor(i / size) + 0.04);
    cell.setAttribute("width", 0.92);
    cell.setAttribute("height", 0.92);
    cell.style.fill = fill(i);
    svg.append(cell);
    cells.push(cell);
  }
  const frame = document.createElementNS(SVG, "rect");
  frame.classList.add("window");
  svg.append(frame);
  return { svg, cells, frame };
}

function place(frame, x, y, side) {
  for (const [name, value] of Object.entries({ x, y, width: side, height: side })) {
    frame.setAttribute(name, value);
  }
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".hero");
  for (const [name, colour] of Object.entries(data.colours)) root.style.setProperty(`--${name}`, colour);
  root.setAttribute("aria-label", data.reading);
  const limit = Math.max(...data.output.map(Math.abs));
  const input = grid(data.size, "input", (i) => shade(data.pixels[i]));
  const output = grid(data.out, "output", (i) => signed(data.output[i], limit));
  const arrow = document.createElement("span");
  arrow.textContent = "→";
  root.replaceChildren(input.svg, arrow, output.svg);

  const side = Math.sqrt(data.kernel.length);
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  let step = still ? Math.floor(data.output.length / 2) : 0;
  const show = () => {
    const row = Math.floor(step / data.out);
    const column = step % data.out;
    place(input.frame, column * data.stride, row * data.stride, side);
    place(output.frame, column, row, 1);
    output.cells.forEach((cell, i) => {
      cell.classList.toggle("later", !still && i > step);
    });
  };
  show();
  if (still) return undefined;
  const timer = setInterval(() => {
    step = (step + 1) % (data.output.length + 12);
    if (step < data.output.length) show();
  }, STEP_MS);
  return () => clearInterval(timer);
}
