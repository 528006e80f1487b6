// The racer's way as a Python program without torch: it goes the same steps and prints the line on the screen.

import { general } from "./marks.js";
import { turnOf } from "./schedules.js";

/** @typedef {import("./rules.js").Method} Method */
/** @typedef {import("./rules.js").Numbers} Numbers */
/** @typedef {import("./race.js").Course} Course */
/** @typedef {import("./race.js").Way} Way */
/** @typedef {{ text: string, derivatives: [string, string], noise: number }} Written the function as Python text */

const NAMES = ["sin", "cos", "tan", "tanh", "exp", "log", "sqrt", "pi", "e"];

/**
 * Where a racer stands after a step, as the program prints it.
 *
 * @param {Way} way
 * @param {number} step
 */
export function standing(way, step) {
  if (way.overflow !== null && step >= way.overflow) return `step ${way.overflow}: not a finite number`;
  const k = Math.min(step, way.points.length - 1);
  const [x, y] = way.points[k];
  return `step ${k}: x = ${general(x)}, y = ${general(y)}, f = ${general(way.values[k])}`;
}

/**
 * @param {Written} ground
 * @param {Method} method
 * @param {Numbers} o
 * @param {Course} course
 * @param {Way} way
 * @param {number} step up to which it runs
 */
export function program(ground, method, o, course, way, step) {
  const body = BODIES[method](o);
  const scheduled = SCHEDULES[course.schedule]?.(course);
  const overflows = way.overflow !== null && step >= way.overflow;
  const last = overflows ? (way.overflow ?? 0) : Math.min(step, way.points.length - 1);
  const loop = [
    "g = gradient(*p)",
    ...(ground.noise ? [`g = [g[i] + ${ground.noise} * noise(t, i) for i in range(2)]`] : []),
    ...(scheduled ? ["lr = base_lr * schedule(t - 1)"] : []),
    ...(body.once ?? []),
    "for i in range(2):",
    ...body.each.map((line) => `    ${line}`),
    ...(overflows ? ["if not all(map(isfinite, [*p, f(*p)])):", "    raise OverflowError"] : []),
  ];
  const written = [
    `def f(x, y):\n    return ${ground.text}`,
    `def gradient(x, y):\n    return [${ground.derivatives[0]},\n            ${ground.derivatives[1]}]`,
    ...(ground.noise ? [noiseText(course.seed)] : []),
    ...(scheduled ? [`def schedule(t):\n${indent(scheduled)}`] : []),
  ].join("\n\n\n");
  const rest = [
    `${scheduled ? "base_lr" : "lr"} = ${o.lr}`,
    ...body.settings.map((name) => `${name} = ${o[name]}`),
    `p = [${float(course.start[0])}, ${float(course.start[1])}]`,
    ...body.memory.map((text) => text),
    ...(last === 0 ? ["t = 0"] : []),
  ].join("\n");
  const running = last === 0 ? "" : `for t in range(1, ${last + 1}):\n${indent(loop)}\n`;
  const print = 'print(f"step {t}: x = {p[0]:.6g}, y = {p[1]:.6g}, f = {f(*p):.6g}")';
  const end = overflows
    ? `try:\n${indent(running.trimEnd().split("\n"))}\nexcept (ArithmeticError, ValueError):\n    print(f"step {t}: not a finite number")`
    : `${running}${print}`;
  const needed = [...written.matchAll(/[a-z]+/g), ...loop.join(" ").matchAll(/[a-z]+/g)].map(
    ([name]) => name,
  );
  const imports = [...NAMES, ...(overflows ? ["isfinite"] : [])].filter(
    (name) => name === "isfinite" || needed.includes(name),
  );
  const head = imports.length ? `from math import ${imports.sort().join(", ")}\n\n\n` : "";
  return `${head}${written}\n\n\n${rest}\n${end}\n`;
}

/** @param {string[]} lines */
const indent = (lines) => lines.map((line) => `    ${line}`).join("\n");

/** @param {number} value */
const float = (value) => (Number.isInteger(value) && Math.abs(value) < 1e15 ? `${value}.0` : String(value));

/** @param {number} seed */
function noiseText(seed) {
  return `def noise(step, axis):
    state = (${seed} * 0x9E3779B1 + step * 0x85EBCA6B + axis * 0xC2B2AE35) & 0xFFFFFFFF
    total = 0.0
    for _ in range(12):  # twelve uniform numbers less six: about normal
        state = (state + 0x6D2B79F5) & 0xFFFFFFFF
        u = ((state ^ (state >> 15)) * (state | 1)) & 0xFFFFFFFF
        u ^= (u + ((u ^ (u >> 7)) * (u | 61))) & 0xFFFFFFFF
        total += ((u ^ (u >> 14)) & 0xFFFFFFFF) / 4294967296
    return total - 6`;
}

/** @type {Record<string, (course: Course) => string[]>} */
const SCHEDULES = {
  step: ({ steps, part }) => [`return 0.1 ** (t // ${turnOf(steps, part)})`],
  cosine: ({ steps }) => [`return 1 / 2 * (1 + cos(pi * (t / ${steps})))`],
  onecycle: ({ steps }) => [
    `peak = 0.3 * ${steps} - 1`,
    "if t <= peak:",
    "    return 1 + (1 / 25 - 1) / 2 * (1 + cos(pi * (t / peak)))",
    `low, share = 1 / 25 / 10000, (t - peak) / (${steps} - 1 - peak)`,
    "return low + (1 - low) / 2 * (1 + cos(pi * share))",
  ],
  warmup: ({ steps, part }) => {
    const turn = turnOf(steps, part);
    return [`return 0.01 + (1 - 0.01) * min(t, ${turn}) / ${turn}`];
  },
  warmupcosine: ({ steps, part }) => {
    const turn = turnOf(steps, part);
    return [
      `if t < ${turn}:`,
      `    return 0.01 + (1 - 0.01) * t / ${turn}`,
      `return 1 / 2 * (1 + cos(pi * ((t - ${turn}) / (${steps} - ${turn}))))`,
    ];
  },
};

/** @typedef {{ settings: string[], memory: string[], once?: string[], each: string[] }} Body */

/** @param {Numbers} o */
const decay = (o) => (o.wd ? ["d = g[i] + wd * p[i]"] : ["d = g[i]"]);
/** @param {Numbers} o */
const wd = (o) => (o.wd ? ["wd"] : []);

/** @type {Record<Method, (o: Numbers) => Body>} */
const BODIES = {
  SGD: (o) => ({ settings: wd(o), memory: [], each: [...decay(o), "p[i] -= lr * d"] }),
  Momentum: (o) => {
    const part = o.damp && o.mu ? "(1 - damp) * d" : "d";
    const settings = ["mu", ...(o.damp && o.mu ? ["damp"] : []), ...wd(o)];
    if (o.sutskever) {
      const next = o.damp && o.mu ? `lr * d if t == 1 else mu * v[i] + lr * (${part})` : "mu * v[i] + lr * d";
      return { settings, memory: ["v = [0.0, 0.0]"], each: [...decay(o), `v[i] = ${next}`, "p[i] -= v[i]"] };
    }
    const next = o.damp && o.mu ? `d if t == 1 else mu * v[i] + ${part}` : "mu * v[i] + d";
    return {
      settings,
      memory: ["v = [0.0, 0.0]"],
      each: [...decay(o), `v[i] = ${next}`, "p[i] -= lr * v[i]"],
    };
  },
  Nesterov: (o) => ({
    settings: ["mu", ...wd(o)],
    memory: ["v = [0.0, 0.0]"],
    each: [...decay(o), "v[i] = mu * v[i] + d", "p[i] -= lr * (d + mu * v[i])"],
  }),
  Adagrad: (o) => ({
    settings: ["eps", ...(o.lr_decay ? ["lr_decay"] : []), ...wd(o)],
    memory: [`s = [${float(o.acc)}, ${float(o.acc)}]`],
    each: [
      ...decay(o),
      "s[i] += d * d",
      `p[i] -= ${o.lr_decay ? "lr / (1 + (t - 1) * lr_decay)" : "lr"} * (d / (sqrt(s[i]) + eps))`,
    ],
  }),
  RMSprop: (o) => ({
    settings: ["alpha", "eps", ...(o.mu ? ["mu"] : []), ...wd(o)],
    memory: [
      "s = [0.0, 0.0]",
      ...(o.centered ? ["a = [0.0, 0.0]"] : []),
      ...(o.mu ? ["b = [0.0, 0.0]"] : []),
    ],
    each: [
      ...decay(o),
      "s[i] = alpha * s[i] + (1 - alpha) * d * d",
      ...(o.centered ? ["a[i] += (1 - alpha) * (d - a[i])"] : []),
      `step = d / (sqrt(${o.centered ? "s[i] - a[i] * a[i]" : "s[i]"}) + eps)`,
      ...(o.mu ? ["b[i] = mu * b[i] + step"] : []),
      `p[i] -= lr * ${o.mu ? "b[i]" : "step"}`,
    ],
  }),
  Adam: (o) => adam(o, [...decay(o)]),
  AdamW: (o) => adam(o, ["p[i] *= 1 - lr * wd", "d = g[i]"]),
};

/**
 * @param {Numbers} o
 * @param {string[]} first
 * @returns {Body}
 */
function adam(o, first) {
  const top = o.amsgrad ? "top" : "v";
  return {
    settings: ["b1", "b2", "eps", ...(first.join().includes("wd") ? ["wd"] : [])],
    memory: [
      "m, v = [0.0, 0.0], [0.0, 0.0]",
      ...(o.amsgrad ? ["top = [0.0, 0.0]"] : []),
      ...(o.correct ? ["b1t = b2t = 1.0  # b1**t and b2**t"] : []),
    ],
    once: o.correct ? ["b1t, b2t = b1t * b1, b2t * b2"] : [],
    each: [
      ...first,
      "m[i] = b1 * m[i] + (1 - b1) * d",
      "v[i] = b2 * v[i] + (1 - b2) * d * d",
      ...(o.amsgrad ? ["top[i] = max(top[i], v[i])"] : []),
      o.correct
        ? `p[i] -= lr / (1 - b1t) * (m[i] / (sqrt(${top}[i]) / sqrt(1 - b2t) + eps))`
        : `p[i] -= lr * (m[i] / (sqrt(${top}[i]) + eps))`,
    ],
  };
}
