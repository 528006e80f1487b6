// The component's elements, and what pointer and keys do to them.

import {
  arrowStep,
  button,
  choice,
  copy as copyText,
  make,
  showPlaying,
  takeNumbers,
} from "../shared/dom.js";
import { fill } from "../shared/text.js";
import { Flat } from "./flat.js";
import { Heat } from "./heat.js";
import { Losses } from "./losses.js";
import { write } from "./runners.js";
import { Solid } from "./solid.js";

/** @typedef {import("./page.js").Props} Props */
/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("./stage.js").Race} Race */

const RATES = [2, 5, 15, 60, 240];
const CODE_MS = 250;

/**
 * @param {HTMLElement} root
 * @param {Props} props
 * @param {Page} page
 */
export function buildPage(root, props, page) {
  const { labels } = props;
  root.replaceChildren();
  const picture = make("canvas", "picture");
  picture.tabIndex = 0;
  picture.setAttribute("role", "application");
  picture.setAttribute("aria-label", labels.pictureLabel);
  const chart = make("canvas", "chart");
  chart.setAttribute("role", "img");
  chart.setAttribute("aria-label", labels.chartLabel);
  const [runners, options, rule, ruleTitle, standing] = [
    "runners",
    "options",
    "rule",
    "rule-title",
    "standing",
  ].map((name) => make("div", name));
  const [verdict, fair, note, forces, about] = ["verdict", "fair", "note", "forces", "about"].map((name) =>
    make("p", name),
  );
  verdict.setAttribute("aria-live", "polite");
  const code = make("pre", "code");
  code.tabIndex = 0;
  const play = playBar(props, page);
  const course = courseBar(props, page);
  const flat = new Flat(picture);
  const solid = new Solid(picture);
  const losses = new Losses(chart, {
    loss: labels.loss,
    gap: labels.gap,
    step: labels.step,
    arrived: labels.reachLine,
  });
  const heatBox = make("div", "heat-box");
  const heat = new Heat(
    heatBox,
    {
      cellArrived: labels.cellArrived,
      cellGap: labels.cellGap,
      cellOverflow: labels.cellOverflow,
      cellPending: labels.cellPending,
      rates: labels.rates,
    },
    (method, rate) => page.set(method, "lr", rate),
  );
  listen(picture, flat, solid, page);
  const drag = (/** @type {PointerEvent} */ event) => {
    if (event.buttons) page.goTo(Math.round(losses.stepAt(event.offsetX)));
  };
  chart.addEventListener("pointerdown", drag);
  chart.addEventListener("pointermove", drag);

  const left = box("left", picture, play.node, forces, about, note);
  const right = box("right", chart, verdict, runners, fair);
  const first = box("first", left, right);
  const copy = button(labels.copy, labels.copy, () => copyText(code.textContent ?? ""));
  root.append(
    first,
    course.node,
    box(
      "under",
      box("step-box", ruleTitle, rule, standing),
      box("options-box", make("h2", "", labels.optionsTitle), options),
    ),
    box("sweep-box", make("h2", "", labels.heatTitle), heatBox, make("p", "legend", labels.heatLegend)),
    box("code-box", box("code-head", make("h2", "", labels.codeTitle), copy), code),
  );
  /** @type {ReturnType<typeof setTimeout> | 0} */
  let codeTimer = 0;
  let latest = "";
  return {
    picture,
    chart,
    runners,
    options,
    rule,
    ruleTitle,
    standing,
    verdict,
    fair,
    note,
    forces,
    about,
    code,
    flat,
    solid,
    losses,
    heat,
    showPlaying: play.showPlaying,
    showStep: play.showStep,
    /** @param {string} text */
    showCode(text) {
      latest = text;
      write(code, text);
    },
    /**
     * While it plays the program follows a few times a second.
     *
     * @param {string} text
     */
    later(text) {
      latest = text;
      if (codeTimer) return;
      codeTimer = setTimeout(() => {
        codeTimer = 0;
        write(code, latest);
      }, CODE_MS);
    },
    /** @param {Race} race */
    sync(race) {
      play.sync(race);
      course.sync(race);
    },
  };
}

/**
 * @param {string} className
 * @param {...Node} children
 */
function box(className, ...children) {
  const node = make("div", className);
  node.append(...children);
  return node;
}

/**
 * @param {Props} props
 * @param {Page} page
 */
function playBar({ labels }, page) {
  const toggle = () => {
    if (!page.isPlaying) page.play();
    else page.goTo(Math.floor(page.at));
  };
  const main = button(labels.play, "▶", toggle, "button main");
  const back = button(labels.back, "◀", () => page.goTo(Math.ceil(page.at) - 1));
  const next = button(labels.next, "▶❘", () => page.goTo(Math.floor(page.at) + 1));
  const scrubber = make("input", "scrubber");
  scrubber.type = "range";
  scrubber.min = "0";
  scrubber.setAttribute("aria-label", labels.step);
  scrubber.oninput = () => page.goTo(Number(scrubber.value));
  const counter = make("span", "counter");
  const speed = choice(
    labels.speed,
    RATES.map((rate) => [String(rate), fill(labels.perSecond, { rate })]),
    (value) => {
      page.rate = Number(value);
    },
  );
  speed.value = String(page.rate);
  const view = button(
    labels.solid,
    "3D",
    () => page.change({ view: page.race?.view === "3d" ? "2d" : "3d" }),
    "button toggle",
    labels.colon,
  );
  return {
    node: box("play", main, back, next, scrubber, counter, speed, view),
    /** @param {boolean} isPlaying */
    showPlaying(isPlaying) {
      showPlaying(main, isPlaying, labels);
    },
    /**
     * @param {number} step
     * @param {number} steps
     */
    showStep(step, steps) {
      scrubber.max = String(steps);
      if (scrubber.value !== String(step)) scrubber.value = String(step);
      write(counter, `${step} / ${steps}`);
    },
    /** @param {Race} race */
    sync(race) {
      view.setAttribute("aria-pressed", String(race.view === "3d"));
    },
  };
}

/**
 * @param {Props} props
 * @param {Page} page
 */
function courseBar({ labels, schedules, scheduleNames }, page) {
  const number = (
    /** @type {string} */ label,
    /** @type {number} */ low,
    /** @type {number} */ high,
    /** @type {(value: number) => void} */ set,
  ) => {
    const input = make("input", "number");
    takeNumbers(input, { low, high, allowed: labels.allowed }, (value) => set(value ?? low));
    const wrap = make("label", "setting", label);
    wrap.append(input);
    return { wrap, input };
  };
  const steps = number(labels.steps, 10, 2000, (value) =>
    page.change({ steps: Math.round(value), step: null }),
  );
  const turn = number(labels.turn, 0.01, 0.99, (value) => page.change({ turn: value }));
  const seed = number(labels.seed, 0, 999_999, (value) => page.change({ seed: Math.round(value) }));
  const x = number(labels.startX, -1000, 1000, (value) => page.setStart([value, page.stage.start()[1]]));
  const y = number(labels.startY, -1000, 1000, (value) => page.setStart([page.stage.start()[0], value]));
  const schedule = choice(
    labels.schedule,
    schedules.map((name) => [name, scheduleNames[name]]),
    (value) => page.change({ schedule: value }),
  );
  const scheduleBox = make("label", "setting", labels.schedule);
  scheduleBox.append(schedule);
  const fair = button(labels.allBest, labels.allBest, () => page.setAllRates(null));
  const same = number(labels.allSame, 0.000001, 100, (value) => page.setAllRates(value));
  const sync = (/** @type {Race} */ race) => {
    steps.input.value = String(race.steps);
    turn.input.value = String(race.turn);
    seed.input.value = String(race.seed);
    const [sx, sy] = page.stage.start();
    x.input.value = String(sx);
    y.input.value = String(sy);
    schedule.value = race.schedule;
    turn.wrap.hidden = !["step", "warmup", "warmupcosine"].includes(race.schedule);
    seed.wrap.hidden = !page.stage.ground?.noise;
    const rates = new Set(race.racers.map(({ given }) => given.lr));
    const [only] = rates;
    same.input.value = rates.size === 1 && only !== undefined ? String(only) : "";
    fair.disabled = race.racers.every(({ given }) => given.lr === undefined);
  };
  return {
    node: box(
      "course",
      fair,
      same.wrap,
      schedule.parentElement ?? scheduleBox,
      turn.wrap,
      steps.wrap,
      x.wrap,
      y.wrap,
      seed.wrap,
    ),
    sync,
  };
}

/**
 * @param {HTMLCanvasElement} picture
 * @param {Flat} flat
 * @param {Solid} solid
 * @param {Page} page
 */
function listen(picture, flat, solid, page) {
  /** @type {{ x: number, y: number } | null} */
  let from = null;
  const isSolid = () => page.race?.view === "3d";
  picture.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    picture.setPointerCapture(event.pointerId);
    from = { x: event.offsetX, y: event.offsetY };
    if (!isSolid()) {
      page.pause();
      page.at = 0;
      page.setStart(flat.point(event.offsetX, event.offsetY));
    }
  });
  picture.addEventListener("pointermove", (event) => {
    if (!from) return;
    if (isSolid()) {
      solid.rotate((from.x - event.offsetX) / 150, (event.offsetY - from.y) / 200);
      page.draw();
      from = { x: event.offsetX, y: event.offsetY };
    } else page.setStart(flat.point(event.offsetX, event.offsetY));
  });
  const release = () => {
    if (from && !isSolid()) page.startAgain();
    from = null;
  };
  picture.addEventListener("pointerup", release);
  picture.addEventListener("pointercancel", release);
  picture.addEventListener("keydown", (event) => {
    if (event.key === " ") {
      event.preventDefault();
      if (page.isPlaying) page.pause();
      else page.play();
      return;
    }
    const step = arrowStep(event);
    if (!step) return;
    event.preventDefault();
    const [down, right] = step;
    if (isSolid()) {
      solid.rotate(-right * 0.1, down * 0.08);
      page.draw();
      return;
    }
    const by = page.props.surface.window.half / 20;
    const [x, y] = page.stage.start();
    page.setStart([x + right * by, y - down * by]);
    page.startAgain();
  });
}
