// A function of x and y as the server has parsed it: a tape of [op, a, b, value, varies], see
// lib/core/optim/expression.py. Values run up the tape, the gradient runs down it.

/** @typedef {[op: string, a: number, b: number, value: number, varies: number]} Operation */

/**
 * @param {number} base
 * @param {number} exponent whole
 */
function wholePower(base, exponent) {
  let product = 1;
  for (let i = Math.abs(exponent); i > 0; i -= 1) product *= base;
  return exponent >= 0 ? product : 1 / product;
}

/** @type {Record<string, (a: number) => number>} */
const FUNCTIONS = {
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  tanh: Math.tanh,
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  abs: Math.abs,
};

/**
 * @param {string} op
 * @param {number} a
 * @param {number} b
 * @param {number} value
 */
function forward(op, a, b, value) {
  switch (op) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return a / b;
    case "**":
      return a ** b;
    case "powi":
      return wholePower(a, value);
    case "neg":
      return -a;
    default:
      return FUNCTIONS[op](a);
  }
}

/**
 * @param {string} op
 * @param {number} g
 * @param {number} a
 * @param {number} result
 * @param {number} value
 */
function unarySlope(op, g, a, result, value) {
  switch (op) {
    case "neg":
      return -g;
    case "powi":
      return value === 0 ? 0 : g * (value * wholePower(a, value - 1));
    case "exp":
      return g * result;
    case "log":
      return g / a;
    case "sqrt":
      return g / (2 * result);
    case "abs":
      return g * Math.sign(a);
    case "tanh":
      return g * (1 - result * result);
    case "tan":
      return g * (1 + result * result);
    case "sin":
      return g * Math.cos(a);
    default:
      return g * -Math.sin(a);
  }
}

/**
 * @param {string} op
 * @param {number} g
 * @param {number} a
 * @param {number} b
 * @param {number} result
 * @returns {[number, number]}
 */
function binarySlopes(op, g, a, b, result) {
  switch (op) {
    case "+":
      return [g, g];
    case "-":
      return [g, -g];
    case "*":
      return [g * b, g * a];
    case "/":
      return [g / b, -g * (a / b / b)];
    default:
      return [b === 0 ? 0 : g * (b * a ** (b - 1)), a === 0 && b >= 0 ? 0 : g * (result * Math.log(a))];
  }
}

export class Surface {
  /** @param {Operation[]} tape */
  constructor(tape) {
    this.tape = tape;
    this.values = new Float64Array(tape.length);
    this.slopes = new Float64Array(tape.length);
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  value(x, y) {
    const { tape, values } = this;
    for (let i = 0; i < tape.length; i += 1) {
      const [op, a, b, value] = tape[i];
      if (op === "x") values[i] = x;
      else if (op === "y") values[i] = y;
      else if (op === "num") values[i] = value;
      else values[i] = forward(op, values[a], b < 0 ? 0 : values[b], value);
    }
    return values[tape.length - 1];
  }

  /**
   * @param {number} x
   * @param {number} y
   * @returns {import("./rules.js").Point}
   */
  gradient(x, y) {
    this.value(x, y);
    const { tape, values, slopes } = this;
    slopes.fill(0);
    slopes[tape.length - 1] = 1;
    let dx = 0;
    let dy = 0;
    for (let i = tape.length - 1; i >= 0; i -= 1) {
      const [op, a, b, value, varies] = tape[i];
      if (!varies) continue;
      const g = slopes[i];
      if (op === "x") dx += g;
      else if (op === "y") dy += g;
      else if (b < 0) slopes[a] += unarySlope(op, g, values[a], values[i], value);
      else {
        const [byA, byB] = binarySlopes(op, g, values[a], values[b], values[i]);
        if (tape[a][4]) slopes[a] += byA;
        if (tape[b][4]) slopes[b] += byB;
      }
    }
    return [dx, dy];
  }
}
