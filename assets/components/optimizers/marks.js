// What tells one racer from another: a colour and a shape each; numbers as texts.

/** @typedef {import("./rules.js").Method} Method */

const SHAPES = ["circle", "square", "triangle", "diamond", "star", "cross", "pentagon"];

/**
 * A racer's mark, filled, with an outline.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {number} index which racer
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 */
export function mark(context, index, x, y, radius) {
  const shape = SHAPES[index % SHAPES.length];
  context.beginPath();
  if (shape === "circle") context.arc(x, y, radius, 0, 2 * Math.PI);
  else if (shape === "square")
    context.rect(x - radius * 0.88, y - radius * 0.88, radius * 1.76, radius * 1.76);
  else {
    for (const [dx, dy] of corners(shape)) context.lineTo(x + dx * radius, y + dy * radius);
    context.closePath();
  }
  context.fill();
  context.stroke();
}

/**
 * @param {string} shape
 * @returns {[number, number][]}
 */
function corners(shape) {
  if (shape === "triangle") return regular(3, 1.2);
  if (shape === "diamond") return regular(4, 1.2);
  if (shape === "pentagon") return regular(5, 1.1);
  if (shape === "star") {
    return regular(10, 1).map(([dx, dy], i) => (i % 2 ? [dx * 0.55, dy * 0.55] : [dx * 1.3, dy * 1.3]));
  }
  const [a, b] = [0.4, 1.1];
  return [
    [-a, -b],
    [a, -b],
    [a, -a],
    [b, -a],
    [b, a],
    [a, a],
    [a, b],
    [-a, b],
    [-a, a],
    [-b, a],
    [-b, -a],
    [-a, -a],
  ];
}

/**
 * @param {number} count
 * @param {number} radius
 * @returns {[number, number][]}
 */
function regular(count, radius) {
  return Array.from({ length: count }, (_, i) => {
    const angle = -Math.PI / 2 + (2 * Math.PI * i) / count;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
}

/**
 * As Python's `f"{value:.6g}"`.
 *
 * @param {number} value
 * @param {number} [digits]
 */
export function general(value, digits = 6) {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const [mantissa, power] = evenly(value, digits - 1).split("e");
  const exponent = Number(power);
  if (exponent < -4 || exponent >= digits) {
    const short = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
    return `${short}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
  }
  const fixed = plainly(mantissa, exponent);
  return fixed.includes(".") ? fixed.replace(/\.?0+$/, "") : fixed;
}

const EXACT = 60;

/**
 * As `toExponential`, but a value that lies exactly between two texts becomes the one with the even digit, as in
 * Python.
 *
 * @param {number} value
 * @param {number} places after the point
 */
function evenly(value, places) {
  const [all, power] = value.toExponential(EXACT).split("e");
  const cut = all.length - (EXACT - places);
  const isTie = /^50*$/.test(all.slice(cut));
  const isEven = Number(all[cut - 1] === "." ? all[cut - 2] : all[cut - 1]) % 2 === 0;
  if (isTie && isEven) return `${all.slice(0, cut).replace(/\.$/, "")}e${power}`;
  return value.toExponential(places);
}

/**
 * A mantissa and its power of ten as a number without one.
 *
 * @param {string} mantissa such as "-1.25"
 * @param {number} exponent
 */
function plainly(mantissa, exponent) {
  const sign = mantissa.startsWith("-") ? "-" : "";
  const digits = mantissa.replace(/[-.]/g, "");
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1);
  const rest = digits.slice(exponent + 1);
  return `${sign}${whole}${rest ? `.${rest}` : ""}`;
}

/**
 * For reading: four digits, a real minus sign, powers of ten.
 *
 * @param {number} value
 * @param {number} [digits]
 */
export function shown(value, digits = 4) {
  const text = general(value, digits).replace("-", "−");
  if (text.includes("inf")) return text.replace("inf", "∞");
  return text.replace(/e([+-]|−)0*(\d+)$/, (_, sign, power) => {
    const raised = [...String(power)].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]).join("");
    return `·10${sign === "+" ? "" : "⁻"}${raised}`;
  });
}
