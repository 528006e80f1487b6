// One step of one optimizer in formulas, and the same formulas with this step's numbers in them.

import { shown } from "./marks.js";

/** @typedef {import("./rules.js").Method} Method */
/** @typedef {import("./rules.js").Numbers} Numbers */
/**
 * @typedef {object} Line
 * @property {string} tex
 * @property {string[]} numbers for each axis
 */
/**
 * @typedef {object} Moment
 * @property {Method} method
 * @property {Numbers} o settings
 * @property {number} t which step, from 1
 * @property {number} lr
 * @property {number[]} gradient
 * @property {number[]} from where the step began
 * @property {Numbers[]} now what the step went through, for each axis
 * @property {Numbers[] | null} before the step before
 */

const n = (/** @type {number} */ value) => (value < 0 ? `(${shown(value)})` : shown(value));

/**
 * Where a sign follows that would take a power of ten for its own: in parentheses.
 *
 * @param {number} value
 */
const deep = (value) => (value < 0 || shown(value).includes("·") ? `(${shown(value)})` : shown(value));
const square = (/** @type {number} */ value) => `${deep(value)}²`;
const root = (/** @type {number} */ value) => `√${deep(value)}`;

/**
 * The lines of a step.
 *
 * @param {Moment} moment
 * @returns {Line[]}
 */
export function ruleLines(moment) {
  const { method, gradient } = moment;
  const lines = [{ tex: "g_t = \\nabla f(p_{t-1})", numbers: gradient.map((g) => shown(g)) }];
  if (method !== "AdamW" && moment.o.wd) {
    lines.push(
      line(moment, "d_t = g_t + \\mathrm{wd} \\, p_{t-1}", (a, _, i) => [
        `${n(gradient[i])} + ${shown(moment.o.wd)} × ${n(moment.from[i])}`,
        a.d,
      ]),
    );
  }
  return [...lines, ...PARTS[method](moment, method !== "AdamW" && moment.o.wd ? "d_t" : "g_t")];
}

/**
 * @param {Moment} moment
 * @param {string} tex
 * @param {(now: Numbers, before: Numbers, axis: number) => [text: string, result: number]} say
 * @returns {Line}
 */
function line({ now, before }, tex, say) {
  const numbers = now.map((axis, i) => {
    const [text, result] = say(axis, before?.[i] ?? {}, i);
    return `${text} = ${shown(result)}`;
  });
  return { tex, numbers };
}

/** @type {Record<Method, (moment: Moment, d: string) => Line[]>} */
const PARTS = {
  SGD: (moment, d) => [
    line(moment, `p_t = p_{t-1} - \\mathrm{lr} \\, ${d}`, (a, _, i) => [
      `${n(moment.from[i])} − ${shown(moment.lr)} × ${n(a.d)}`,
      a.p,
    ]),
  ],
  Momentum: momentum,
  Nesterov: (moment, d) => {
    const { o, t, lr, from } = moment;
    const mu = shown(o.mu);
    return [
      t === 1
        ? line(moment, `v_1 = ${d}`, (a) => [n(a.d), a.v])
        : line(moment, `v_t = \\mu v_{t-1} + ${d}`, (a, b) => [`${mu} × ${n(b.v)} + ${n(a.d)}`, a.v]),
      line(moment, `u_t = ${d} + \\mu v_t`, (a) => [`${n(a.d)} + ${mu} × ${n(a.v)}`, a.ahead]),
      line(moment, "p_t = p_{t-1} - \\mathrm{lr} \\, u_t", (a, _, i) => [
        `${n(from[i])} − ${shown(lr)} × ${n(a.ahead)}`,
        a.p,
      ]),
    ];
  },
  Adagrad: (moment, d) => {
    const { o, t, lr, from } = moment;
    const lines = [
      line(moment, `s_t = s_{t-1} + ${d}^2`, (a, b) => [`${n(b.s ?? o.acc)} + ${square(a.d)}`, a.s]),
    ];
    if (o.lr_decay) {
      lines.push(
        line(moment, "r_t = \\frac{\\mathrm{lr}}{1 + (t - 1) \\, \\mathrm{decay}}", (a) => [
          `${shown(lr)} / (1 + ${t - 1} × ${shown(o.lr_decay)})`,
          a.rate,
        ]),
      );
    }
    const rate = o.lr_decay ? "r_t" : "\\mathrm{lr}";
    return [
      ...lines,
      line(moment, `p_t = p_{t-1} - ${rate} \\, \\frac{${d}}{\\sqrt{s_t} + \\varepsilon}`, (a, _, i) => [
        `${n(from[i])} − ${shown(a.rate)} × ${n(a.d)} / (${root(a.s)} + ${shown(o.eps)})`,
        a.p,
      ]),
    ];
  },
  RMSprop: rmsprop,
  Adam: (moment, d) => adam(moment, d, moment.from),
  AdamW: (moment, d) => [
    line(moment, "q_t = (1 - \\mathrm{lr} \\cdot \\mathrm{wd}) \\, p_{t-1}", (a, _, i) => [
      `(1 − ${shown(moment.lr)} × ${shown(moment.o.wd)}) × ${n(moment.from[i])}`,
      a.shrunk,
    ]),
    ...adam(
      moment,
      d,
      moment.now.map((axis) => axis.shrunk),
      "q_t",
    ),
  ],
};

/**
 * @param {Moment} moment
 * @param {string} d
 * @returns {Line[]}
 */
function momentum(moment, d) {
  const { o, t, lr, from } = moment;
  const [mu, rate] = [shown(o.mu), shown(lr)];
  const lines = [];
  const first = t === 1 || !o.mu;
  if (o.sutskever) {
    const [tex, part] =
      o.damp && !first ? [`(1 - \\mathrm{damp}) \\, ${d}`, `${shown(1 - o.damp)} × `] : [d, ""];
    lines.push(
      first
        ? line(moment, `v_t = \\mathrm{lr} \\, ${d}`, (a) => [`${rate} × ${n(a.d)}`, a.v])
        : line(moment, `v_t = \\mu v_{t-1} + \\mathrm{lr} \\, ${tex}`, (a, b) => [
            `${mu} × ${n(b.v)} + ${rate} × ${part}${n(a.d)}`,
            a.v,
          ]),
    );
    lines.push(line(moment, "p_t = p_{t-1} - v_t", (a, _, i) => [`${n(from[i])} − ${n(a.v)}`, a.p]));
    return lines;
  }
  if (first) lines.push(line(moment, `v_t = ${d}`, (a) => [n(a.d), a.v]));
  else if (o.damp) {
    lines.push(
      line(moment, `v_t = \\mu v_{t-1} + (1 - \\mathrm{damp}) \\, ${d}`, (a, b) => [
        `${mu} × ${n(b.v)} + ${shown(1 - o.damp)} × ${n(a.d)}`,
        a.v,
      ]),
    );
  } else {
    lines.push(line(moment, `v_t = \\mu v_{t-1} + ${d}`, (a, b) => [`${mu} × ${n(b.v)} + ${n(a.d)}`, a.v]));
  }
  lines.push(
    line(moment, "p_t = p_{t-1} - \\mathrm{lr} \\, v_t", (a, _, i) => [
      `${n(from[i])} − ${rate} × ${n(a.v)}`,
      a.p,
    ]),
  );
  return lines;
}

/**
 * @param {Moment} moment
 * @param {string} d
 * @returns {Line[]}
 */
function rmsprop(moment, d) {
  const { o, lr, from } = moment;
  const [keep, take] = [shown(o.alpha), shown(1 - o.alpha)];
  const lines = [
    line(moment, `s_t = \\alpha s_{t-1} + (1 - \\alpha) \\, ${d}^2`, (a, b) => [
      `${keep} × ${n(b.s ?? 0)} + ${take} × ${square(a.d)}`,
      a.s,
    ]),
  ];
  let under = "s_t";
  if (o.centered) {
    under = "c_t";
    lines.push(
      line(moment, `a_t = \\alpha a_{t-1} + (1 - \\alpha) \\, ${d}`, (a, b) => [
        `${keep} × ${n(b.a ?? 0)} + ${take} × ${n(a.d)}`,
        a.a,
      ]),
      line(moment, "c_t = s_t - a_t^2", (a) => [`${n(a.s)} − ${square(a.a)}`, a.spread]),
    );
  }
  const under1 = (/** @type {Numbers} */ a) => `(${root(o.centered ? a.spread : a.s)} + ${shown(o.eps)})`;
  const ratio = `\\frac{${d}}{\\sqrt{${under}} + \\varepsilon}`;
  if (!o.mu) {
    return [
      ...lines,
      line(moment, `p_t = p_{t-1} - \\mathrm{lr} \\, ${ratio}`, (a, _, i) => [
        `${n(from[i])} − ${shown(lr)} × ${n(a.d)} / ${under1(a)}`,
        a.p,
      ]),
    ];
  }
  return [
    ...lines,
    line(moment, `b_t = \\mu b_{t-1} + ${ratio}`, (a, b) => [
      `${shown(o.mu)} × ${n(b.b ?? 0)} + ${n(a.d)} / ${under1(a)}`,
      a.b,
    ]),
    line(moment, "p_t = p_{t-1} - \\mathrm{lr} \\, b_t", (a, _, i) => [
      `${n(from[i])} − ${shown(lr)} × ${n(a.b)}`,
      a.p,
    ]),
  ];
}

/**
 * @param {Moment} moment
 * @param {string} d
 * @param {number[]} from
 * @param {string} [start]
 * @returns {Line[]}
 */
function adam(moment, d, from, start = "p_{t-1}") {
  const { o, lr } = moment;
  const lines = [
    line(moment, `m_t = \\beta_1 m_{t-1} + (1 - \\beta_1) \\, ${d}`, (a, b) => [
      `${shown(o.b1)} × ${n(b.m ?? 0)} + ${shown(1 - o.b1)} × ${n(a.d)}`,
      a.m,
    ]),
    line(moment, `v_t = \\beta_2 v_{t-1} + (1 - \\beta_2) \\, ${d}^2`, (a, b) => [
      `${shown(o.b2)} × ${n(b.v ?? 0)} + ${shown(1 - o.b2)} × ${square(a.d)}`,
      a.v,
    ]),
  ];
  let spread = "v";
  if (o.amsgrad) {
    spread = "w";
    lines.push(
      line(moment, "w_t = \\max ( w_{t-1}, v_t )", (a, b) => [
        `max(${shown(b.top ?? 0)}, ${shown(a.v)})`,
        a.top,
      ]),
    );
  }
  const of = (/** @type {Numbers} */ a) => (o.amsgrad ? a.top : a.v);
  if (!o.correct) {
    lines.push(
      line(
        moment,
        `p_t = ${start} - \\mathrm{lr} \\, \\frac{m_t}{\\sqrt{${spread}_t} + \\varepsilon}`,
        (a, _, i) => [`${n(from[i])} − ${shown(lr)} × ${n(a.m)} / (${root(of(a))} + ${shown(o.eps)})`, a.p],
      ),
    );
    return lines;
  }
  lines.push(
    line(moment, "\\hat{m}_t = \\frac{m_t}{1 - \\beta_1^t}", (a) => [
      `${n(a.m)} / ${deep(a.c1)}`,
      a.m / a.c1,
    ]),
    line(moment, `\\hat{${spread}}_t = \\frac{${spread}_t}{1 - \\beta_2^t}`, (a) => [
      `${n(of(a))} / ${deep(a.c2)}`,
      of(a) / a.c2,
    ]),
    line(
      moment,
      `p_t = ${start} - \\mathrm{lr} \\, \\frac{\\hat{m}_t}{\\sqrt{\\hat{${spread}}_t} + \\varepsilon}`,
      (a, _, i) => [
        `${n(from[i])} − ${shown(lr)} × ${n(a.m / a.c1)} / (${root(of(a) / a.c2)} + ${shown(o.eps)})`,
        a.p,
      ],
    ),
  );
  return lines;
}
