// Numbers as the page writes them.

/** @typedef {number | Nested[]} Nested a scalar, or rows of them */

/** JSON has no infinities: Python sends these as texts. @type {Readonly<Record<string, number>>} */
const SPECIAL = { nan: Number.NaN, inf: Number.POSITIVE_INFINITY, "-inf": Number.NEGATIVE_INFINITY };

/**
 * Values as Python sends them, with "nan", "inf" and "-inf" as numbers.
 *
 * @param {unknown} value
 * @returns {Nested}
 */
export function revive(value) {
  if (Array.isArray(value)) return value.map(revive);
  return typeof value === "string" ? (SPECIAL[value] ?? Number.NaN) : Number(value);
}

/**
 * Six significant digits as Python prints a float: 2.0, 0.333333, 1e-06, nan.
 *
 * @param {number} value
 */
export function pythonFloat(value) {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  const short = Number(value.toPrecision(6)) + 0;
  const size = Math.abs(short);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    const [digits, power] = short.toExponential().split("e");
    const exponent = Number(power);
    const padded = String(Math.abs(exponent)).padStart(2, "0");
    return `${digits}e${exponent < 0 ? "-" : "+"}${padded}`;
  }
  return Number.isInteger(short) ? `${BigInt(short)}.0` : String(short);
}

/**
 * A scalar or nested lists, as Python prints them.
 *
 * @param {Nested} value
 * @returns {string}
 */
export const pythonText = (value) =>
  Array.isArray(value) ? `[${value.map(pythonText).join(", ")}]` : pythonFloat(value);

/**
 * At most four significant digits, for a cell of the picture: 2, 0.3333, 1.2e-6.
 *
 * @param {number} value
 */
export function brief(value) {
  if (!Number.isFinite(value)) return pythonFloat(value);
  const short = Number(value.toPrecision(4)) + 0;
  const size = Math.abs(short);
  if (size !== 0 && (size < 1e-3 || size >= 1e5)) return value.toExponential(1).replace("e+", "e");
  return String(short).replace("-", "−");
}

/**
 * a + b, element by element.
 *
 * @param {Nested} a
 * @param {Nested} b
 * @returns {Nested}
 */
export function add(a, b) {
  if (Array.isArray(a) && Array.isArray(b))
    return a.map((each, i) => add(each, /** @type {Nested} */ (b[i])));
  return Number(a) + Number(b);
}

/**
 * Rows of numbers: a scalar is one row of one, a vector one row.
 *
 * @param {Nested} value
 * @returns {number[][]}
 */
export function rowsOf(value) {
  if (!Array.isArray(value)) return [[value]];
  if (!Array.isArray(value[0])) return [value.map(Number)];
  return value.map((row) => (Array.isArray(row) ? row.map(Number) : [row]));
}
