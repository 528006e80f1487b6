"""The derivatives of a typed function as Python text, for the program that a learner takes away."""

from __future__ import annotations

from dataclasses import dataclass

from lib.core.optim.expression import CONSTANTS, Expression, Node

SUM, PRODUCT, SIGN, POWER, ATOM = range(5)


@dataclass(frozen=True)
class Term:
    """A piece of Python with the strength of its outermost operator."""

    text: str
    strength: int = ATOM

    def within(self, strength: int) -> str:
        """The text, in parentheses where an operator of that strength needs them."""
        return self.text if self.strength >= strength else f"({self.text})"


ZERO, ONE = Term("0"), Term("1")


def derivatives(function: Expression) -> tuple[str, str]:
    """The derivatives by x and by y.

    >>> from lib.core.optim.expression import parse
    >>> derivatives(parse("(x - 3)**2/20 + x*sin(y)"))
    ('2*(x - 3)/20 + sin(y)', 'x*cos(y)')
    """
    return _Writer(function.tape).by("x").text, _Writer(function.tape).by("y").text


class _Writer:
    def __init__(self, tape: tuple[Node, ...]) -> None:
        self.tape = tape
        self.terms: list[Term] = []
        for node in tape:
            self.terms.append(self._term(node))

    def by(self, variable: str) -> Term:
        """The derivative of the whole function."""
        slopes: list[Term] = []
        for place, node in enumerate(self.tape):
            slopes.append(self._slope(place, node, variable, slopes))
        return slopes[-1]

    def _term(self, node: Node) -> Term:
        if node.op == "num":
            return number(node.value)
        if node.op in ("x", "y"):
            return Term(node.op)
        a = self.terms[node.a]
        if node.op == "neg":
            return negative(a)
        if node.op == "powi":
            return power(a, number(node.value))
        if node.b < 0:
            return Term(f"{node.op}({a.text})")
        b = self.terms[node.b]
        return {"+": plus, "-": minus, "*": times, "/": over, "**": power}[node.op](a, b)

    def _slope(self, place: int, node: Node, variable: str, slopes: list[Term]) -> Term:
        if node.op == variable:
            return ONE
        if not node.varies or node.op in ("x", "y"):
            return ZERO
        a, da = self.terms[node.a], slopes[node.a]
        if node.b < 0:
            return self._chain(node, a, self.terms[place], da)
        return _binary(node.op, a, self.terms[node.b], self.terms[place], da, slopes[node.b])

    def _chain(self, node: Node, a: Term, value: Term, da: Term) -> Term:
        match node.op:
            case "neg":
                return negative(da)
            case "powi":
                n = int(node.value)
                return times(times(number(n), power(a, number(n - 1))), da)
            case "exp":
                return times(value, da)
            case "log":
                return over(da, a)
            case "sqrt":
                return over(da, times(number(2), value))
            case "abs":
                return times(minus(Term(f"({a.text} > 0)"), Term(f"({a.text} < 0)")), da)
            case "tanh":
                return times(minus(ONE, power(value, number(2))), da)
            case "tan":
                return times(plus(ONE, power(value, number(2))), da)
            case "sin":
                return times(Term(f"cos({a.text})"), da)
        return times(negative(Term(f"sin({a.text})")), da)


def _binary(op: str, a: Term, b: Term, value: Term, da: Term, db: Term) -> Term:
    match op:
        case "+":
            return plus(da, db)
        case "-":
            return minus(da, db)
        case "*":
            return plus(times(da, b), times(a, db))
        case "/":
            return minus(over(da, b), over(times(a, db), power(b, number(2))))
    by_base = times(times(b, power(a, minus(b, ONE))), da)
    return plus(by_base, times(times(value, Term(f"log({a.text})")), db))


def number(value: float) -> Term:
    """A number as one writes it: 2, not 2.0; pi and e by their names.

    >>> number(2.0).text, number(-0.5), number(3.141592653589793).text
    ('2', Term(text='-0.5', strength=2), 'pi')
    """
    for name, known in CONSTANTS.items():
        if value == known:
            return Term(name)
    text = str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))
    return Term(text, SIGN if value < 0 else ATOM)


def opposite(a: Term) -> Term | None:
    """What stands behind a minus sign at the beginning; None where none applies to the whole."""
    if a.text.startswith("-") and a.strength in (SIGN, PRODUCT):
        return Term(a.text[1:], ATOM if a.strength == SIGN else PRODUCT)
    return None


def negative(a: Term) -> Term:
    """-a"""
    if a == ZERO:
        return ZERO
    positive = opposite(a)
    if positive is not None:
        return positive
    return Term(f"-{a.within(PRODUCT)}", PRODUCT if a.strength == PRODUCT else SIGN)


def plus(a: Term, b: Term) -> Term:
    """a + b"""
    if a == ZERO:
        return b
    if b == ZERO:
        return a
    behind = opposite(b)
    return Term(f"{a.text} + {b.text}" if behind is None else f"{a.text} - {behind.text}", SUM)


def minus(a: Term, b: Term) -> Term:
    """a - b; of two whole numbers the result."""
    if b == ZERO:
        return a
    if a == ZERO:
        return negative(b)
    if a.text.isdecimal() and b.text.isdecimal():
        return number(int(a.text) - int(b.text))
    behind = opposite(b)
    return Term(f"{a.text} - {b.within(PRODUCT)}" if behind is None else f"{a.text} + {behind.text}", SUM)


def times(a: Term, b: Term) -> Term:
    """a*b, with the sign and a whole number in front."""
    if ZERO in (a, b):
        return ZERO
    for one, other in ((a, b), (b, a)):
        if one == ONE:
            return other
        behind = opposite(one)
        if behind is not None:
            return negative(times(a, behind) if one is b else times(behind, b))
    if a.text.isdecimal():
        first, star, rest = b.text.partition("*")
        if first.isdecimal() and (not star or (b.strength == PRODUCT and not rest.startswith("*"))):
            product = number(int(a.text) * int(first))
            return Term(f"{product.text}*{rest}", PRODUCT) if star else product
    return Term(f"{a.within(PRODUCT)}*{b.within(SIGN)}", PRODUCT)


def over(a: Term, b: Term) -> Term:
    """a/b"""
    if a == ZERO:
        return ZERO
    return a if b == ONE else Term(f"{a.within(PRODUCT)}/{b.within(SIGN)}", PRODUCT)


def power(a: Term, b: Term) -> Term:
    """a**b"""
    if b == ZERO:
        return ONE
    return a if b == ONE else Term(f"{a.within(ATOM)}**{b.within(SIGN)}", POWER)
