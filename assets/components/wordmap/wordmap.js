// Words as points that move while an embedding learns: one frame a snapshot, a slider and a play button.
//
// data: { frames: [[[x, y], ...], ...], words: [text], groups: [group of each word], names: [name of each group],
//         steps: [training steps before each frame], losses: [nats], chosen: word number, near: [word numbers],
//         labels: { play, step, loss, map }, colours: palette }

const SVG = "http://www.w3.org/2000/svg";
const MARGIN = 46;
const LETTER = 7.2;
const FRAME_MS = 110;
const states = new WeakMap();

function shape(tag, attributes, text) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  if (text !== undefined) node.textContent = text;
  return node;
}

function scales(frames, [width, height]) {
  const all = frames.flat();
  const reach = (axis) => {
    const values = all.map((point) => point[axis]);
    return [Math.min(...values), Math.max(...values)];
  };
  const [[x0, x1], [y0, y1]] = [reach(0), reach(1)];
  const unit = Math.min((width - 2 * MARGIN) / (x1 - x0 || 1), (height - 2 * MARGIN) / (y1 - y0 || 1));
  return {
    x: (value) => width / 2 + (value - (x0 + x1) / 2) * unit,
    y: (value) => height / 2 - (value - (y0 + y1) / 2) * unit,
  };
}

// A mark of its own for each group, so that colour alone does not tell them apart.
function mark(group, colour) {
  const paths = [
    "M-5,0 A5,5 0 1,0 5,0 A5,5 0 1,0 -5,0",
    "M-5,-5 H5 V5 H-5 Z",
    "M0,-6 L6,5 L-6,5 Z",
    "M0,-6.5 L6.5,0 L0,6.5 L-6.5,0 Z",
    "M-6,-2 H-2 V-6 H2 V-2 H6 V2 H2 V6 H-2 V2 H-6 Z",
  ];
  return shape("path", { d: paths[group % paths.length], fill: colour });
}

// Where a word stands beside its point: the first of several places where it covers no other word or point.
function placeLabels(at, widths, [width]) {
  const taken = at.map(([x, y]) => [x - 6, y - 6, x + 6, y + 6]);
  const free = (box) =>
    box[0] > 2 &&
    box[2] < width - 2 &&
    taken.every((o) => box[2] < o[0] || box[0] > o[2] || box[3] < o[1] || box[1] > o[3]);
  return at.map(([x, y], i) => {
    let chosen = [9, 4];
    let found = false;
    for (let ring = 0; ring < 5 && !found; ring += 1) {
      const lift = 15 * ring;
      const places = [
        [9, 4 + lift],
        [9, 4 - lift],
        [-9 - widths[i], 4 + lift],
        [-9 - widths[i], 4 - lift],
      ];
      for (const [dx, dy] of places) {
        const box = [x + dx, y + dy - 11, x + dx + widths[i], y + dy + 3];
        if (!found && free(box)) {
          [chosen, found] = [[dx, dy], true];
          taken.push(box);
        }
      }
    }
    return chosen;
  });
}

function drawMap(root, data, scale, size) {
  const svg = shape("svg", { viewBox: `0 0 ${size[0]} ${size[1]}`, role: "img", class: "map" });
  svg.setAttribute("aria-label", data.labels.map);
  const lines = data.near.map(() => shape("line", { stroke: data.colours.muted, "stroke-dasharray": "4 3" }));
  svg.append(...lines);
  const points = data.words.map((word, i) => {
    const group = shape("g", {});
    const strong = i === data.chosen || data.near.includes(i);
    const text = shape(
      "text",
      { x: 9, y: 4, "font-size": 13, fill: data.colours.ink, "font-weight": strong ? 700 : 400 },
      word,
    );
    const point = mark(data.groups[i], data.colours.series[data.groups[i] % data.colours.series.length]);
    if (i === data.chosen) {
      group.append(shape("circle", { r: 10, fill: "none", stroke: data.colours.ink, "stroke-width": 2 }));
    }
    const leader = shape("line", {
      x1: 0,
      y1: 0,
      stroke: data.colours.muted,
      "stroke-width": 1,
      class: "leader",
    });
    group.append(leader, point, text);
    svg.append(group);
    return group;
  });
  root.append(svg);
  const widths = data.words.map((word) =>
    [...word].reduce((sum, c) => sum + (c > "\u2e80" ? 13 : LETTER), 0),
  );
  return (frame) => {
    const at = data.frames[frame].map(([x, y]) => [scale.x(x), scale.y(y)]);
    const offsets = placeLabels(at, widths, size);
    points.forEach((point, i) => {
      point.setAttribute("transform", `translate(${at[i][0]},${at[i][1]})`);
      const text = point.querySelector("text");
      text.setAttribute("x", offsets[i][0]);
      text.setAttribute("y", offsets[i][1]);
      // A label that had to move away is tied to its point.
      const [dx, dy] = offsets[i];
      const leader = point.querySelector(".leader");
      leader.setAttribute("x2", Math.abs(dy - 4) > 8 ? (dx < 0 ? dx + widths[i] : dx) : 0);
      leader.setAttribute("y2", Math.abs(dy - 4) > 8 ? dy - 4 : 0);
    });
    lines.forEach((line, i) => {
      const [from, to] = [at[data.chosen], at[data.near[i]]];
      for (const [name, value] of Object.entries({ x1: from[0], y1: from[1], x2: to[0], y2: to[1] })) {
        line.setAttribute(name, value);
      }
    });
  };
}

function drawLegend(data) {
  const legend = document.createElement("div");
  legend.className = "legend";
  data.names.forEach((name, group) => {
    const item = document.createElement("span");
    const icon = shape("svg", { viewBox: "-8 -8 16 16", width: 14, height: 14, "aria-hidden": "true" });
    icon.append(mark(group, data.colours.series[group % data.colours.series.length]));
    item.append(icon, ` ${name}`);
    legend.append(item);
  });
  return legend;
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".wordmap");
  const last = data.frames.length - 1;
  const state = states.get(parentElement) ?? { frame: last };
  states.set(parentElement, state);
  state.frame = Math.min(state.frame, last);
  root.replaceChildren(drawLegend(data));
  const size = root.clientWidth > 0 && root.clientWidth < 560 ? [360, 400] : [640, 420];
  const place = drawMap(root, data, scales(data.frames, size), size);
  const controls = document.createElement("div");
  controls.className = "controls";
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = `▶ ${data.labels.play}`;
  const label = document.createElement("label");
  const words = document.createElement("span");
  const range = document.createElement("input");
  range.type = "range";
  range.min = "0";
  range.max = String(last);
  label.append(words, range);
  controls.append(button, label);
  root.append(controls);
  let timer = 0;
  const stop = () => {
    clearInterval(timer);
    timer = 0;
  };
  const show = (frame) => {
    state.frame = frame;
    range.value = String(frame);
    words.textContent = `${data.labels.step} ${data.steps[frame]} · ${data.labels.loss} ${data.losses[frame].toFixed(2)}`;
    place(frame);
  };
  range.oninput = () => {
    stop();
    show(Number(range.value));
  };
  button.onclick = () => {
    stop();
    show(0);
    timer = setInterval(() => (state.frame < last ? show(state.frame + 1) : stop()), FRAME_MS);
  };
  show(state.frame);
  return stop;
}
