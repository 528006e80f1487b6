// The update rules, one number at a time: the same operations in the same order as lib/core/optim/rules.py, whose
// tests hold both against torch.optim. `o` holds the settings by name, `memory` what lasts from step to step;
// each rule returns all that the step went through, the moved parameter as `p`.

/** @typedef {Record<string, number>} Numbers by name: settings, memory, or what a step went through */
/** @typedef {"SGD" | "Momentum" | "Nesterov" | "Adagrad" | "RMSprop" | "Adam" | "AdamW"} Method */
/** @typedef {[x: number, y: number]} Point */

/**
 * @param {Numbers} o
 * @param {number} p
 * @param {number} g
 */
const decayed = (o, p, g) => (o.wd ? g + o.wd * p : g);

/**
 * From `a` to `b` by `weight`, 0 to 1, as torch.lerp rounds it: exactly `b` at 1.
 *
 * @param {number} a
 * @param {number} b
 * @param {number} weight
 */
const lerp = (a, b, weight) => (weight < 0.5 ? a + weight * (b - a) : b - (b - a) * (1 - weight));

/**
 * @param {Numbers} o
 * @param {number} lr
 * @param {number} p
 * @param {number} g
 * @returns {Numbers}
 */
function sgd(o, lr, p, g) {
  const d = decayed(o, p, g);
  return { d, p: p - lr * d };
}

/**
 * @param {Numbers} o
 * @param {number} lr
 * @param {number} p
 * @param {number} g
 * @param {Numbers} memory
 * @returns {Numbers}
 */
function momentum(o, lr, p, g, memory) {
  const d = decayed(o, p, g);
  const first = memory.t === 1 || !o.mu;
  const share = 1 - o.damp;
  if (o.sutskever) {
    const v = first ? lr * d : o.mu * memory.v + lr * (share * d);
    memory.v = v;
    return { d, v, p: p - v };
  }
  const v = first ? d : o.mu * memory.v + share * d;
  memory.v = v;
  return { d, v, p: p - lr * v };
}

/**
 * @param {Numbers} o
 * @param {number} lr
 * @param {number} p
 * @param {number} g
 * @param {Numbers} memory
 * @returns {Numbers}
 */
function nesterov(o, lr, p, g, memory) {
  const d = decayed(o, p, g);
  const v = memory.t === 1 ? d : o.mu * memory.v + d;
  memory.v = v;
  const ahead = d + o.mu * v;
  return { d, v, ahead, p: p - lr * ahead };
}

/**
 * @param {Numbers} o
 * @param {number} lr
 * @param {number} p
 * @param {number} g
 * @param {Numbers} memory
 * @returns {Numbers}
 */
function adagrad(o, lr, p, g, memory) {
  const d = decayed(o, p, g);
  const rate = lr / (1 + (memory.t - 1) * o.lr_decay);
  const s = (memory.s ?? o.acc) + d * d;
  memory.s = s;
  const below = Math.sqrt(s) + o.eps;
  return { d, s, rate, below, p: p - rate * (d / below) };
}

/**
 * @param {Numbers} o
 * @param {number} lr
 * @param {number} p
 * @param {number} g
 * @param {Numbers} memory
 * @returns {Numbers}
 */
function rmsprop(o, lr, p, g, memory) {
  const d = decayed(o, p, g);
  const s = o.alpha * (memory.s ?? 0) + (1 - o.alpha) * d * d;
  memory.s = s;
  /** @type {Numbers} */
  const step = { d, s };
  let spread = s;
  if (o.centered) {
    const before = memory.a ?? 0;
    const a = lerp(before, d, 1 - o.alpha);
    memory.a = a;
    spread = s - a * a;
    Object.assign(step, { a, spread });
  }
  step.below = Math.sqrt(spread) + o.eps;
  step.scaled = d / step.below;
  let move = step.scaled;
  if (o.mu > 0) {
    move = o.mu * (memory.b ?? 0) + step.scaled;
    memory.b = move;
    step.b = move;
  }
  step.p = p - lr * move;
  return step;
}

/**
 * @param {Numbers} o
 * @param {number} lr
 * @param {number} p
 * @param {number} d
 * @param {Numbers} memory
 * @param {Numbers} step
 * @returns {Numbers}
 */
function adamStep(o, lr, p, d, memory, step) {
  const before = memory.m ?? 0;
  const m = lerp(before, d, 1 - o.b1);
  const v = o.b2 * (memory.v ?? 0) + (1 - o.b2) * d * d;
  Object.assign(memory, { m, v });
  Object.assign(step, { d, m, v });
  let spread = v;
  if (o.amsgrad) {
    spread = Math.max(memory.top ?? 0, v);
    step.top = spread;
    memory.top = spread;
  }
  step.c1 = 1;
  step.c2 = 1;
  if (o.correct) {
    memory.b1t = (memory.b1t ?? 1) * o.b1;
    memory.b2t = (memory.b2t ?? 1) * o.b2;
    step.c1 = 1 - memory.b1t;
    step.c2 = 1 - memory.b2t;
  }
  step.below = Math.sqrt(spread) / Math.sqrt(step.c2) + o.eps;
  step.p = p - (lr / step.c1) * (m / step.below);
  return step;
}

/**
 * @param {Numbers} o
 * @param {number} lr
 * @param {number} p
 * @param {number} g
 * @param {Numbers} memory
 * @returns {Numbers}
 */
function adam(o, lr, p, g, memory) {
  return adamStep(o, lr, p, decayed(o, p, g), memory, {});
}

/**
 * @param {Numbers} o
 * @param {number} lr
 * @param {number} p
 * @param {number} g
 * @param {Numbers} memory
 * @returns {Numbers}
 */
function adamw(o, lr, p, g, memory) {
  const shrunk = p * (1 - lr * o.wd);
  return adamStep(o, lr, shrunk, g, memory, { shrunk });
}

/** @type {Record<Method, (o: Numbers, lr: number, p: number, g: number, memory: Numbers) => Numbers>} */
const RULES = {
  SGD: sgd,
  Momentum: momentum,
  Nesterov: nesterov,
  Adagrad: adagrad,
  RMSprop: rmsprop,
  Adam: adam,
  AdamW: adamw,
};

export class Optimizer {
  /**
   * @param {Method} method
   * @param {Numbers} values settings by name
   * @param {number} size
   */
  constructor(method, values, size) {
    this.values = values;
    this.rule = RULES[method];
    this.memories = Array.from({ length: size }, () => /** @type {Numbers} */ ({ t: 0 }));
    /** @type {Numbers[]} */
    this.last = [];
  }

  /**
   * The parameters after one step. A gradient of null is `p.grad = None`: nothing moves or is remembered.
   *
   * @param {number[]} point
   * @param {number[] | null} gradient
   * @param {number} [lr]
   */
  step(point, gradient, lr = this.values.lr) {
    if (gradient === null) return point;
    this.last = point.map((p, i) => {
      const memory = this.memories[i];
      memory.t += 1;
      return this.rule(this.values, lr, p, gradient[i], memory);
    });
    return this.last.map((step) => step.p);
  }
}
