// Runs the optimizers' scripts for the Python tests: JSON lines of { task, ... } in, one JSON line each out.
// Numbers that JSON has no sign for come as texts: "NaN", "Infinity", "-Infinity".

import { readFileSync } from "node:fs";
import { Surface } from "../../assets/components/optimizers/expression.js";
import { general } from "../../assets/components/optimizers/marks.js";
import { program, standing } from "../../assets/components/optimizers/program.js";
import {
  bestPlace,
  ending,
  findLowest,
  noise,
  run,
  sweepCell,
} from "../../assets/components/optimizers/race.js";
import { ruleLines } from "../../assets/components/optimizers/rule.js";
import { Optimizer } from "../../assets/components/optimizers/rules.js";
import { factor } from "../../assets/components/optimizers/schedules.js";
import { raceText } from "../../assets/components/optimizers/stage.js";

/** @typedef {import("../../assets/components/optimizers/rules.js").Method} Method */
/** @typedef {import("../../assets/components/optimizers/rules.js").Numbers} Numbers */
/** @typedef {import("../../assets/components/optimizers/expression.js").Operation} Operation */
/** @typedef {import("../../assets/components/optimizers/race.js").View} View */
/** @typedef {Omit<import("../../assets/components/optimizers/race.js").Course, "surface"> & { tape: Operation[] }} PlainCourse */
/** @typedef {{ task: "steps", method: Method, values: Numbers, start: number[], gradients: (number[] | null)[], rates: number[] }} Steps */
/** @typedef {{ task: "factors", kind: string, total: number, part: number }} Factors */
/** @typedef {{ task: "function", tape: Operation[], points: [number, number][] }} Function_ */
/** @typedef {{ task: "noise", seed: number, step: number, axis: number }} Noise */
/** @typedef {{ task: "run", method: Method, values: Numbers, course: PlainCourse, lowest: number, view: View }} Run */
/** @typedef {{ task: "sweep", method: Method, values: Numbers, rates: number[], course: PlainCourse, lowest: number, view: View }} Sweep */
/** @typedef {{ task: "program", text: string, derivatives: [string, string], method: Method, values: Numbers, course: PlainCourse, step: number }} Program */
/** @typedef {{ task: "text", race: import("../../assets/components/optimizers/stage.js").Race, usual: import("../../assets/components/optimizers/stage.js").Race }} Text_ */
/** @typedef {{ task: "general", values: number[] }} General */
/** @typedef {{ task: "lowest", tape: Operation[], view: View }} Lowest */

/** @param {PlainCourse} plain */
const courseOf = ({ tape, ...rest }) => ({ ...rest, surface: new Surface(tape) });

/** @param {Steps} asked */
function steps(asked) {
  const optimizer = new Optimizer(asked.method, asked.values, asked.start.length);
  let point = asked.start;
  return asked.gradients.map((gradient, i) => {
    point = optimizer.step(point, gradient, asked.rates[i]);
    return { point, axes: optimizer.last };
  });
}

/** @param {Run} asked */
function race(asked) {
  const way = run(asked.method, asked.values, courseOf(asked.course), asked.lowest, true);
  return { ...way, ending: ending(way, asked.view) };
}

/** @param {Program} asked */
function written(asked) {
  const course = courseOf(asked.course);
  const { text, derivatives, method, values, step } = asked;
  const way = run(method, values, course, 0, true);
  const t = Math.min(Math.max(step, 1), way.steps.length);
  const moment = {
    method,
    o: values,
    t,
    lr: way.steps[t - 1].lr,
    gradient: way.steps[t - 1].gradient,
    from: way.points[t - 1],
    now: way.steps[t - 1].axes,
    before: t > 1 ? way.steps[t - 2].axes : null,
  };
  return {
    code: program({ text, derivatives, noise: course.noise }, method, values, course, way, step),
    line: standing(way, step),
    rule: ruleLines(moment),
  };
}

/** @param {Sweep} asked */
function sweep(asked) {
  const course = courseOf(asked.course);
  const row = asked.rates.map((rate) =>
    sweepCell(asked.method, asked.values, rate, course, asked.lowest, asked.view),
  );
  return { row, best: bestPlace(row) };
}

/** @param {Steps | Factors | Function_ | Noise | Run | Sweep | Program | Text_ | General | Lowest} asked */
function answer(asked) {
  switch (asked.task) {
    case "steps":
      return steps(asked);
    case "factors":
      return Array.from({ length: asked.total }, (_, t) => factor(asked.kind, asked.total, asked.part, t));
    case "function": {
      const surface = new Surface(asked.tape);
      return asked.points.map(([x, y]) => [surface.value(x, y), ...surface.gradient(x, y)]);
    }
    case "noise":
      return noise(asked.seed, asked.step, asked.axis);
    case "run":
      return race(asked);
    case "sweep":
      return sweep(asked);
    case "program":
      return written(asked);
    case "general":
      return asked.values.map((value) => general(value));
    case "text":
      return raceText(asked.race, asked.usual);
    default:
      return findLowest(new Surface(asked.tape), asked.view);
  }
}

/**
 * @param {string} _
 * @param {unknown} value
 */
const spelled = (_, value) => (typeof value === "number" && !Number.isFinite(value) ? String(value) : value);

for (const line of readFileSync(0, "utf-8").split("\n")) {
  if (line) {
    const asked =
      /** @type {Steps | Factors | Function_ | Noise | Run | Sweep | Program | Text_ | General | Lowest} */ (
        JSON.parse(line)
      );
    process.stdout.write(`${JSON.stringify(answer(asked), spelled)}\n`);
  }
}
