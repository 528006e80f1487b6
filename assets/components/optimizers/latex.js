// The few words of LaTeX that the rules are written in, as MathML, which browsers draw themselves.

const MATHML = "http://www.w3.org/1998/Math/MathML";
/** @type {Record<string, string>} */
const LETTERS = { alpha: "α", beta: "β", mu: "μ", nabla: "∇", varepsilon: "ε", theta: "θ" };
/** @type {Record<string, string>} */
const SIGNS = { cdot: "·", leftarrow: "←", times: "×", max: "max" };

/**
 * @param {string} tag
 * @param {(Node | string)[]} children
 */
function element(tag, ...children) {
  const node = document.createElementNS(MATHML, tag);
  node.append(...children);
  return node;
}

/**
 * A formula as a `<math>` element, its LaTeX kept in it.
 *
 * @param {string} tex
 */
export function formula(tex) {
  const reader = new Reader(tex);
  const row = reader.row();
  const source = element("annotation", tex);
  source.setAttribute("encoding", "application/x-tex");
  const math = element("math", element("semantics", row, source));
  math.setAttribute("alttext", tex);
  return math;
}

class Reader {
  /** @param {string} tex */
  constructor(tex) {
    this.tokens = tex.match(/\\[a-zA-Z]+|\\,|[a-zA-Z]|\d+(?:\.\d+)?|[^\s]/g) ?? [];
    this.at = 0;
  }

  /** @returns {Element} up to a closing brace or the end */
  row() {
    const row = element("mrow");
    while (this.at < this.tokens.length && this.tokens[this.at] !== "}") row.append(this.scripted());
    return row;
  }

  /** @returns {Element} */
  scripted() {
    const base = this.atom();
    /** @type {Element | null} */
    let below = null;
    /** @type {Element | null} */
    let above = null;
    while (this.tokens[this.at] === "_" || this.tokens[this.at] === "^") {
      const sign = this.tokens[this.at];
      this.at += 1;
      if (sign === "_") below = this.atom();
      else above = this.atom();
    }
    if (below && above) return element("msubsup", base, below, above);
    if (below) return element("msub", base, below);
    return above ? element("msup", base, above) : base;
  }

  /** @returns {Element} */
  group() {
    this.at += 1; // the opening brace
    const row = this.row();
    this.at += 1;
    return row;
  }

  /** @returns {Element} */
  atom() {
    const token = this.tokens[this.at];
    if (token === "{") return this.group();
    this.at += 1;
    if (token === "\\frac") return element("mfrac", this.group(), this.group());
    if (token === "\\sqrt") return element("msqrt", this.group());
    if (token === "\\hat") {
      const over = element("mover", this.group(), element("mo", "^"));
      over.setAttribute("accent", "true");
      return over;
    }
    if (token === "\\mathrm") {
      const name = element("mi", this.group().textContent ?? "");
      name.setAttribute("mathvariant", "normal");
      return name;
    }
    if (token === "\\,") {
      const gap = element("mspace");
      gap.setAttribute("width", "0.15em");
      return gap;
    }
    const word = token.replace(/^\\/, "");
    if (token.startsWith("\\")) {
      return word in LETTERS ? element("mi", LETTERS[word]) : element("mo", SIGNS[word] ?? word);
    }
    if (/\d/.test(token)) return element("mn", token);
    if (/[a-zA-Z]/.test(token)) return element("mi", token);
    const sign = element("mo", token === "-" ? "−" : token);
    if (token === "(" || token === ")") sign.setAttribute("stretchy", "false");
    return sign;
  }
}
