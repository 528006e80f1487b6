// The component's page: builds it, plays the race, and listens to whoever looks.

import { calm, setColours } from "../shared/dom.js";
import { fill } from "../shared/text.js";
import { buildPage } from "./build.js";
import { forcesOn } from "./forces.js";
import { formula } from "./latex.js";
import { shown } from "./marks.js";
import { program, standing } from "./program.js";
import { ruleLines } from "./rule.js";
import { OptionsPanel, Runners, write } from "./runners.js";
import { raceText, Stage } from "./stage.js";
import { terrain } from "./terrain.js";

/** @typedef {import("./rules.js").Method} Method */
/** @typedef {import("./rules.js").Point} Point */
/** @typedef {import("./race.js").Cell} Cell */
/** @typedef {import("./stage.js").Race} Race */
/** @typedef {import("./stage.js").Ground} Ground */
/** @typedef {import("./stage.js").Option} Option */
/**
 * @typedef {object} Props
 * @property {Ground} surface
 * @property {string} about what this surface shows, for the line under the picture
 * @property {Record<Method, Cell[]> | null} rows the sweep that came with the surface
 * @property {Race} race
 * @property {Race} usual
 * @property {string} stamp another one: take the race over
 * @property {Record<Method, Option[]>} options
 * @property {string[]} schedules
 * @property {Record<string, string>} labels
 * @property {Record<string, string>} optionNames
 * @property {Record<string, string>} scheduleNames
 * @property {{ input: string, weight: string, output: string, wrong: string, muted: string, ink: string, paper: string, grid: string,
 *   series: string[] }} colours
 */

const REPORT_MS = 400;

/** One mounted component. */
export class Page {
  /**
   * @param {HTMLElement} root
   * @param {Props} props
   * @param {string} look
   * @param {(text: string) => void} report
   */
  constructor(root, props, look, report) {
    this.root = root;
    this.look = look;
    this.props = props;
    this.report = report;
    this.stamp = "";
    this.at = 0;
    this.isPlaying = false;
    this.rate = 15;
    this.frame = 0;
    this.last = 0;
    /** @type {ReturnType<typeof setTimeout> | 0} */
    this.reporting = 0;
    this.reported = "";
    this.shownRule = "";
    this.stage = new Stage(props.options, () => this.changed());
    setColours(root, props.colours);
    this.parts = buildPage(root, props, this);
    this.runners = new Runners(
      this.parts.runners,
      props.options,
      props.colours.series,
      props.colours,
      props.labels,
      this,
    );
    this.optionsPanel = new OptionsPanel(this.parts.options, props.labels, props.optionNames, this);
    this.observer = new ResizeObserver(() => this.draw());
    for (const canvas of [this.parts.picture, this.parts.chart, this.parts.heat.canvas])
      this.observer.observe(canvas);
  }

  close() {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.reporting);
    this.stage.stop();
    this.observer.disconnect();
    this.root.replaceChildren();
  }

  /**
   * Take over what the server sent, where it is something new.
   *
   * @param {Props} props
   */
  adopt(props) {
    this.props = props;
    if (props.stamp === this.stamp) return;
    const isOther =
      props.surface.text !== this.stage.ground?.text ||
      props.surface.window.half !== this.stage.ground.window.half ||
      props.surface.noise !== this.stage.ground.noise;
    this.stamp = props.stamp;
    this.race = structuredClone(props.race);
    this.reported = raceText(this.race, props.usual);
    if (isOther) {
      this.stage.race = this.race;
      this.stage.setGround(props.surface, props.rows);
    }
    this.stage.setRace(this.race);
    if (isOther) this.showGround();
    const opensAt = props.race.step;
    this.at = opensAt ?? 0;
    this.parts.sync(this.race);
    if (opensAt === null && !calm()) this.play();
    else {
      this.pause();
      if (opensAt === null) this.at = this.race.steps;
    }
    this.changed();
  }

  showGround() {
    const { ground, surface, lowest, minima } = this.stage;
    if (!ground || !surface || !lowest || !minima) return;
    const made = terrain(surface, ground.window, lowest.value);
    const { about, colours, labels } = this.props;
    this.parts.flat.show(made, ground.window, minima, colours);
    this.parts.solid.show(made, ground.window, minima, colours, (x, y) => surface.value(x, y));
    write(this.parts.about, about);
    this.parts.about.hidden = !about;
    const notes = [];
    if (made.hasHoles) notes.push(labels.holes);
    if (lowest.atEdge) notes.push(labels.noMinimum);
    if (ground.noise) notes.push(fill(labels.noisy, { sigma: ground.noise }));
    write(this.parts.note, notes.join(" "));
    this.parts.note.hidden = !notes.length;
  }

  // Playing.

  play() {
    if (!this.race) return;
    if (this.at >= this.race.steps) this.at = 0;
    this.isPlaying = true;
    this.race.step = null;
    this.last = 0;
    this.parts.showPlaying(true);
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame((now) => this.tick(now));
    this.tell();
  }

  pause() {
    this.isPlaying = false;
    cancelAnimationFrame(this.frame);
    this.parts.showPlaying(false);
  }

  /** @param {number} now */
  tick(now) {
    if (!this.race || !this.isPlaying) return;
    const passed = this.last ? Math.min(now - this.last, 100) : 0;
    this.last = now;
    this.at = Math.min(this.at + (passed / 1000) * this.rate, this.race.steps);
    if (this.at >= this.race.steps) this.pause();
    else this.frame = requestAnimationFrame((next) => this.tick(next));
    this.draw();
  }

  /** @param {number} step */
  goTo(step) {
    if (!this.race) return;
    this.pause();
    this.at = Math.min(Math.max(step, 0), this.race.steps);
    this.race.step = Math.floor(this.at);
    this.draw();
    this.tell();
  }

  // What a learner changes.

  /** @param {Partial<Race>} changes */
  change(changes) {
    if (!this.race) return;
    Object.assign(this.race, changes);
    this.at = Math.min(this.at, this.race.steps);
    this.stage.setRace(this.race);
    this.parts.sync(this.race);
    this.changed();
    this.tell();
  }

  /**
   * @param {Method} method
   * @param {boolean} isIn
   */
  enter(method, isIn) {
    const racers = this.race?.racers ?? [];
    const others = racers.filter((racer) => racer.method !== method);
    const all = isIn ? [...others, { method, given: {} }] : others;
    const order = this.stage.methods();
    all.sort((a, b) => order.indexOf(a.method) - order.indexOf(b.method));
    this.change({ racers: all, focus: isIn ? method : (this.race?.focus ?? null) });
  }

  /** @param {Method} method */
  focus(method) {
    if (!this.stage.racer(method)) this.enter(method, true);
    else this.change({ focus: method });
  }

  /**
   * @param {Method} method
   * @param {string} name
   * @param {number | null} value
   */
  set(method, name, value) {
    const option = this.stage.options[method].find((each) => each.name === name);
    const isGood = value === null || (option && value >= option.low && value <= option.high);
    const racers = (this.race?.racers ?? []).map((racer) => {
      if (racer.method !== method || !isGood) return racer;
      const given = { ...racer.given };
      if (value === null || (name !== "lr" && value === option?.default)) delete given[name];
      else given[name] = value;
      return { method, given };
    });
    this.change({ racers });
  }

  /** @param {number | null} rate the same for all; null: for each its best */
  setAllRates(rate) {
    const racers = (this.race?.racers ?? []).map(({ method, given }) => {
      const { lr: _, ...rest } = given;
      return { method, given: rate === null ? rest : { ...rest, lr: rate } };
    });
    this.change({ racers });
  }

  /** @param {Point} start */
  setStart(start) {
    const digits = Math.max(0, 2 - Math.floor(Math.log10(this.props.surface.window.half)));
    const [x, y] = start.map((value) => Number(value.toFixed(digits)));
    this.change({ start: [x, y] });
  }

  startAgain() {
    this.at = 0;
    if (!calm()) this.play();
    else this.at = this.race?.steps ?? 0;
    this.draw();
  }

  // Showing.

  changed() {
    this.draw();
    this.showHeat();
    this.optionsPanel.show(this.stage);
  }

  traces() {
    const focus = this.stage.focus();
    const order = this.stage.methods();
    return [...this.stage.ways].map(([method, way]) => ({
      index: order.indexOf(method),
      colour: this.props.colours.series[order.indexOf(method)],
      points: way.points,
      values: way.values,
      overflow: way.overflow,
      at: this.at,
      strong: method === focus,
    }));
  }

  draw() {
    const { race, parts, stage } = this;
    if (!race) return;
    const traces = this.traces();
    const forces = race.view === "3d" ? null : this.forces();
    if (race.view === "3d") parts.solid.draw(traces, stage.start());
    else parts.flat.draw(traces, stage.start(), forces);
    parts.forces.hidden = race.view === "3d";
    this.showForces(forces);
    parts.losses.draw(traces, {
      steps: race.steps,
      at: this.at,
      lowest: stage.lowest?.value ?? 0,
      reach: stage.reach(),
      isLinear: Boolean(stage.lowest?.atEdge),
      inks: this.props.colours,
    });
    parts.showStep(Math.floor(this.at), race.steps);
    this.runners.show(stage, this.at);
    this.showRule();
    this.showVerdict();
  }

  forces() {
    const way = this.stage.ways.get(this.stage.focus());
    return way ? forcesOn(way, this.at) : null;
  }

  /**
   * The arrows in words; the landscape has none.
   *
   * @param {import("./forces.js").Forces | null} forces
   */
  showForces(forces) {
    if (!forces) {
      write(this.parts.forces, "");
      return;
    }
    const { step, gradient, from, to } = forces;
    const [gx, gy] = gradient.map((part) => shown(-part, 3));
    const [dx, dy] = to.map((part, axis) => shown(part - from[axis], 3));
    write(
      this.parts.forces,
      fill(this.props.labels.forces, { name: this.stage.focus(), step, gx, gy, dx, dy }),
    );
  }

  showVerdict() {
    const { labels } = this.props;
    const ranking = this.stage.ranking();
    const share = this.stage.sweptShare();
    const isFair = this.stage.race?.racers.every(({ method }) => this.stage.isFair(method));
    let fair = isFair ? labels.fair : labels.unfair;
    if (share < 1) fair = labels.sweepingNow;
    write(this.parts.fair, fair);
    const first = ranking.filter(({ rank }) => rank === 1);
    const names = first.map(({ method }) => method).join(labels.comma);
    let verdict = first.length ? fill(labels.first, { names, step: first[0].step }) : labels.nobody;
    if (this.stage.lowest?.atEdge) verdict = labels.nobodyCan;
    write(this.parts.verdict, verdict);
    this.root.dataset.step = String(Math.floor(this.at));
    this.root.dataset.playing = String(this.isPlaying);
    this.root.dataset.swept = String(share === 1);
  }

  showRule() {
    const { stage, parts } = this;
    const { labels } = this.props;
    const method = stage.focus();
    const way = stage.ways.get(method);
    if (!way || !this.race) return;
    const t = Math.min(Math.max(1, Math.floor(this.at)), way.steps.length);
    const values = stage.values(method);
    const line = standing(way, Math.floor(this.at));
    const key = JSON.stringify([
      stage.ground?.text,
      method,
      t,
      values,
      stage.start(),
      this.race.seed,
      this.race.schedule,
      this.race.turn,
      this.race.steps,
      line,
    ]);
    if (key === this.shownRule) return;
    this.shownRule = key;
    const details = way.steps[t - 1];
    const moment = {
      method,
      o: values,
      t,
      lr: details.lr,
      gradient: details.gradient,
      from: way.points[t - 1],
      now: details.axes,
      before: t > 1 ? way.steps[t - 2].axes : null,
    };
    write(
      parts.ruleTitle,
      fill(labels.ruleTitle, { name: method, step: t, lr: String(Number(details.lr.toPrecision(6))) }),
    );
    const lines = ruleLines(moment);
    parts.rule.replaceChildren(
      ...lines.flatMap(({ tex, numbers }) => {
        const cell = document.createElement("div");
        cell.className = "formula";
        cell.append(formula(tex));
        return [
          cell,
          ...numbers.map((text, i) => {
            const node = document.createElement("div");
            node.className = "numbers";
            node.dataset.axis = i ? "y" : "x";
            node.textContent = text;
            return node;
          }),
        ];
      }),
    );
    write(parts.standing, line);
    const isDefined = Number.isFinite(way.values[0]);
    const text = isDefined
      ? program(
          {
            text: this.props.surface.text,
            derivatives: this.props.surface.derivatives,
            noise: this.props.surface.noise,
          },
          method,
          values,
          stage.course(),
          way,
          Math.floor(this.at),
        )
      : `# ${labels.noValue}`;
    if (!this.isPlaying || !parts.code.textContent) parts.showCode(text);
    else parts.later(text);
  }

  showHeat() {
    const { stage, props } = this;
    const order = stage.methods();
    const rows = (this.race?.racers ?? []).map(({ method }) => {
      const swept = stage.swept(method);
      const index = order.indexOf(method);
      return {
        method,
        name: method,
        index,
        colour: props.colours.series[index],
        row: swept?.row ?? null,
        best: swept?.best ?? 0,
        rate: stage.values(method).lr,
      };
    });
    this.parts.heat.show(rows, props.colours, this.race?.steps ?? 1, props.labels.heatLabel);
  }

  /** Tell the server, once the learner's hand has come to rest. */
  tell() {
    clearTimeout(this.reporting);
    this.reporting = setTimeout(() => {
      if (!this.race) return;
      const text = raceText(this.race, this.props.usual);
      if (text === this.reported) return;
      this.reported = text;
      this.report(text);
    }, REPORT_MS);
  }
}
