// The race as a model: who runs, from where, with which learning rates, and where each of them went. No page here.

import { Surface } from "./expression.js";
import { bestPlace, ending, findLowest, RATES, reach, run, sweepCell } from "./race.js";

/** @typedef {import("./rules.js").Method} Method */
/** @typedef {import("./rules.js").Numbers} Numbers */
/** @typedef {import("./rules.js").Point} Point */
/** @typedef {import("./race.js").View} View */
/** @typedef {import("./race.js").Course} Course */
/** @typedef {import("./race.js").Way} Way */
/** @typedef {import("./race.js").Cell} Cell */
/** @typedef {{ method: Method, given: Numbers }} Racer */
/** @typedef {{ name: string, torch: string, default: number, low: number, high: number, flag: boolean }} Option */
/**
 * @typedef {object} Race
 * @property {Racer[]} racers
 * @property {Point | null} start null: the surface's own
 * @property {number} steps
 * @property {string} schedule
 * @property {number} turn
 * @property {number} seed
 * @property {Method | null} focus
 * @property {number | null} step null: at the end, or playing
 * @property {string} view "2d" or "3d"
 */
/**
 * @typedef {object} Ground the surface
 * @property {string} name empty for one that was typed
 * @property {string} text
 * @property {import("./expression.js").Operation[]} tape
 * @property {[string, string]} derivatives as Python text
 * @property {View} window
 * @property {Point} start
 * @property {number | null} lowest
 * @property {Point[]} minima
 * @property {number} noise
 */
/** @typedef {{ value: number, point: Point, atEdge: boolean }} Lowest */
/** @typedef {{ method: Method, row: Cell[], best: number }} Swept */

const SLICE_MS = 8;

/** Everything but pixels: what the pictures show is read from here. */
export class Stage {
  /**
   * @param {Record<Method, Option[]>} options
   * @param {() => void} onSwept called whenever a row of the sweep has come in
   */
  constructor(options, onSwept) {
    this.options = options;
    this.onSwept = onSwept;
    /** @type {Map<string, Swept>} */
    this.rows = new Map();
    /** @type {Map<Method, number>} */
    this.lastBest = new Map();
    /** @type {Map<Method, Way>} */
    this.ways = new Map();
    /** @type {ReturnType<typeof setTimeout> | 0} */
    this.timer = 0;
    this.lowestKnown = true;
  }

  /**
   * @param {Ground} ground
   * @param {Record<Method, Cell[]> | null} rows the sweep that came with the surface
   */
  setGround(ground, rows) {
    this.ground = ground;
    this.surface = new Surface(ground.tape);
    this.lowestKnown = ground.lowest !== null;
    /** @type {Lowest} */
    this.lowest =
      ground.lowest !== null
        ? { value: ground.lowest, point: ground.minima[0], atEdge: false }
        : (findLowest(this.surface, ground.window) ?? {
            value: Number.NaN,
            point: ground.start,
            atEdge: true,
          });
    this.minima = ground.minima.length ? ground.minima : this.lowest.atEdge ? [] : [this.lowest.point];
    this.rows.clear();
    this.lastBest.clear();
    if (rows) {
      const plain = { ...this.course(), start: ground.start, steps: 300, schedule: "constant", seed: 0 };
      for (const method of this.methods()) {
        const key = this.keyOf(method, this.defaults(method), plain);
        this.rows.set(key, { method, row: rows[method], best: bestPlace(rows[method]) });
      }
    }
  }

  /** @param {Race} race */
  setRace(race) {
    this.race = race;
    this.compute();
  }

  methods() {
    return /** @type {Method[]} */ (Object.keys(this.options));
  }

  /** @param {Method} method */
  defaults(method) {
    return Object.fromEntries(this.options[method].map((option) => [option.name, option.default]));
  }

  /** @returns {Point} */
  start() {
    return this.race?.start ?? this.ground?.start ?? [0, 0];
  }

  /** @returns {Course} */
  course() {
    const { race, ground, surface } = this;
    if (!ground || !surface) throw new Error("a race needs a surface");
    return {
      surface,
      noise: ground.noise,
      start: this.start(),
      steps: race?.steps ?? 300,
      schedule: race?.schedule ?? "constant",
      part: race?.turn ?? 0.3,
      seed: race?.seed ?? 0,
    };
  }

  /** @param {Method} method */
  racer(method) {
    return this.race?.racers.find((racer) => racer.method === method) ?? null;
  }

  /** The racer whose steps are shown. */
  focus() {
    const racers = this.race?.racers ?? [];
    return (racers.find((racer) => racer.method === this.race?.focus) ?? racers[0]).method;
  }

  /**
   * The settings with which a method runs now; its learning rate is the best known one unless it was given.
   *
   * @param {Method} method
   */
  values(method) {
    const values = { ...this.defaults(method), ...this.racer(method)?.given };
    if (this.racer(method)?.given.lr === undefined) values.lr = this.bestRate(method);
    return values;
  }

  /** @param {Method} method */
  isFair(method) {
    return this.racer(method)?.given.lr === undefined;
  }

  /** @param {Method} method */
  swept(method) {
    return this.rows.get(this.keyOf(method, this.unrated(method), this.course())) ?? null;
  }

  /** @param {Method} method */
  bestRate(method) {
    const swept = this.swept(method);
    if (swept) this.lastBest.set(method, RATES[swept.best]);
    return this.lastBest.get(method) ?? this.defaults(method).lr;
  }

  /** Share of the sweep that is done, 1 where nothing is left to do. */
  sweptShare() {
    const racers = this.race?.racers ?? [];
    return racers.filter(({ method }) => this.swept(method)).length / Math.max(1, racers.length);
  }

  /** All ways anew; a focus's with what each step went through. */
  compute() {
    const course = this.course();
    this.ways = new Map(
      (this.race?.racers ?? []).map(({ method }) => [
        method,
        run(method, this.values(method), course, this.lowest?.value ?? 0, method === this.focus()),
      ]),
    );
    this.sweepSoon();
  }

  /** @param {Method} method */
  endingOf(method) {
    const way = this.ways.get(method);
    return way && this.ground ? ending(way, this.ground.window) : "going";
  }

  /** The value at or below which a ball has arrived; not a number where nobody can. */
  reach() {
    return this.lowest && !this.lowest.atEdge ? reach(this.course(), this.lowest.value) : Number.NaN;
  }

  /** The methods in order of arrival, who arrive together with one rank: who never arrives is not among them. */
  ranking() {
    const arrived = [...this.ways]
      .filter(([method]) => this.endingOf(method) === "arrived")
      .map(([method, way]) => ({ method, step: way.arrived ?? 0 }))
      .sort((a, b) => a.step - b.step);
    return arrived.map((each) => ({
      ...each,
      rank: 1 + arrived.findIndex(({ step }) => step === each.step),
    }));
  }

  stop() {
    clearTimeout(this.timer);
    this.timer = 0;
  }

  /** @param {Method} method */
  unrated(method) {
    return { ...this.defaults(method), ...this.racer(method)?.given };
  }

  /**
   * @param {Method} method
   * @param {Numbers} values
   * @param {Course} course
   */
  keyOf(method, values, course) {
    const { start, steps, schedule, part, seed, noise } = course;
    const turn = ["step", "warmup", "warmupcosine"].includes(schedule) ? part : 0;
    const own = this.options[method].filter((option) => option.name !== "lr").map((o) => values[o.name]);
    return JSON.stringify([method, own, start, steps, schedule, turn, noise ? seed : 0]);
  }

  sweepSoon() {
    this.stop();
    const missing = (this.race?.racers ?? []).map((racer) => racer.method).filter((m) => !this.swept(m));
    if (!missing.length) return;
    const course = this.course();
    const jobs = missing.map((method) => ({
      method,
      values: this.unrated(method),
      key: this.keyOf(method, this.unrated(method), course),
      row: /** @type {Cell[]} */ ([]),
    }));
    // After the last change of the start has come to rest: dragging asks for many.
    this.timer = setTimeout(() => this.sweepSome(jobs, course), 120);
  }

  /**
   * @param {{ method: Method, values: Numbers, key: string, row: Cell[] }[]} jobs
   * @param {Course} course
   */
  sweepSome(jobs, course) {
    const until = performance.now() + SLICE_MS;
    const lowest = this.lowest?.value ?? 0;
    const view = this.ground?.window ?? { x: 0, y: 0, half: 1 };
    while (jobs.length && performance.now() < until) {
      const { method, values, key, row } = jobs[0];
      row.push(sweepCell(method, values, RATES[row.length], course, lowest, view));
      if (row.length === RATES.length) {
        this.rows.set(key, { method, row, best: bestPlace(row) });
        jobs.shift();
        if (this.isFair(method)) {
          this.ways.set(method, run(method, this.values(method), course, lowest, method === this.focus()));
        }
        this.onSwept();
      }
    }
    this.timer = jobs.length ? setTimeout(() => this.sweepSome(jobs, course), 0) : 0;
  }
}

/**
 * The race as it stands in the address: as lib/core/optim/racers.py reads it.
 *
 * @param {Race} race
 * @param {Race} usual the race in which nothing was changed
 */
export function raceText(race, usual) {
  const racer = (/** @type {Racer} */ { method, given }) =>
    [method, ...Object.entries(given).map(([name, value]) => `${name}=${plainNumber(value)}`)].join(":");
  const racers = race.racers.map(racer);
  const parts = racers.join(";") === usual.racers.map(racer).join(";") ? [] : racers;
  if (race.start) parts.push(`start=${race.start.map(plainNumber).join(",")}`);
  if (race.steps !== usual.steps) parts.push(`steps=${race.steps}`);
  if (race.schedule !== usual.schedule) parts.push(`sched=${race.schedule}`);
  if (race.turn !== usual.turn) parts.push(`turn=${plainNumber(race.turn)}`);
  if (race.seed !== usual.seed) parts.push(`seed=${race.seed}`);
  if (race.focus) parts.push(`focus=${race.focus}`);
  if (race.step !== null) parts.push(`t=${race.step}`);
  if (race.view !== usual.view) parts.push(`view=${race.view}`);
  return parts.join(";");
}

/** @param {number} value */
const plainNumber = (value) => String(Number(value.toPrecision(12)));
