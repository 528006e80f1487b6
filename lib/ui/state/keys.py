"""Keys of a page's state: legal values, the default, and how each is written in the address. No streamlit here."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

from lib.ui.lang import Lang
from lib.ui.state.words import STATE_TEXTS, as_text
from lib.ui.texts.frame import FRAME_TEXTS

T = TypeVar("T")
E = TypeVar("E", bound=str)
N = TypeVar("N", int, float)

_LONGEST_NUMBER = 25
MAX_TEXT = 500
LISTED = 12
"""Options that a message spells out."""


class BadValueError(ValueError):
    """A text that means no legal value; ``used`` is what stands in for it, where that is not the default."""

    def __init__(self, text: str, used: object = None) -> None:
        super().__init__(text)
        self.used = used


class Key(Generic[T]):
    """One entry of a table: its name in the address, what is legal, and what it is at first.

    ``always`` writes the default, too. Without ``in_address`` the session alone remembers it.
    """

    def __init__(
        self, name: str, default: T | Callable[[], T], *, always: bool = False, in_address: bool = True
    ) -> None:
        if not name.isidentifier():
            raise ValueError(f"{name!r} cannot be a key of an address")
        self.name = name
        self.always = always
        self.in_address = in_address
        self._default = default

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r})"

    @property
    def default(self) -> T:
        """The value that goes without saying."""
        default: Any = self._default
        value: T = default() if callable(default) else default
        return value

    def parse(self, text: str) -> T:
        """The value that a text of the address means.

        Raises: BadValueError where it means none.
        """
        raise NotImplementedError

    def write(self, value: T) -> str:
        """A value as it stands in the address."""
        raise NotImplementedError

    def legal(self, value: object) -> T:
        """The value itself, where it is legal.

        Raises: BadValueError where it is not.
        """
        raise NotImplementedError

    def allowed(self, lang: Lang) -> str:
        """What is allowed, in words, as Markdown."""
        raise NotImplementedError

    def to_widget(self, value: T) -> Any:
        """A value as its widget has it."""
        return value

    def from_widget(self, raw: Any) -> T:
        """What a widget's value means.

        Raises: BadValueError where it means nothing legal.
        """
        return self.legal(raw)


def number_in(text: str) -> float:
    """The finite number that a text says in ASCII digits.

    >>> number_in("1e3"), number_in(" 7")
    (1000.0, 7.0)
    >>> [said for said in ("inf", "1e309", "nan", "٣", "1_0", "9" * 99) if _says_number(said)]
    []

    Raises: BadValueError.
    """
    if len(text) > _LONGEST_NUMBER or not text.isascii() or "_" in text:
        raise BadValueError(text)
    try:
        value = float(text)
    except ValueError:
        raise BadValueError(text) from None
    if not math.isfinite(value):
        raise BadValueError(text)
    return value


def _says_number(text: str) -> bool:
    try:
        number_in(text)
    except BadValueError:
        return False
    return True


class _Ranged(Key[N]):
    """Numbers from ``low`` to ``high``. With ``nearest`` a number outside becomes the nearest legal one."""

    def __init__(
        self, name: str, low: N, high: N, *, default: N | Callable[[], N], nearest: bool = False
    ) -> None:
        first: Any = default
        super().__init__(name, first)
        self.low: N = low
        self.high: N = high
        self.nearest = nearest
        if low > high or (not callable(default) and not low <= default <= high):
            raise ValueError(f"{name}: {low}, {default}, {high} are out of order")


class Whole(_Ranged[int]):
    """A whole number from low to high; ``among`` allows only some of them.

    >>> seed = Whole("seed", 0, 9, default=0)
    >>> seed.parse("7"), seed.write(7)
    (7, '7')
    >>> seed.parse("1e309")
    Traceback (most recent call last):
    ...
    lib.ui.state.keys.BadValueError: 1e309
    """

    def __init__(
        self,
        name: str,
        low: int,
        high: int,
        *,
        default: int | Callable[[], int],
        nearest: bool = False,
        among: Sequence[int] | None = None,
    ) -> None:
        super().__init__(name, low, high, default=default, nearest=nearest)
        self.among = None if among is None else tuple(among)
        if not all(map(self._is_legal, self._declared(default))):
            raise ValueError(f"{name}: {default}, {self.among} and {low} to {high} do not fit together")

    def _declared(self, default: int | Callable[[], int]) -> list[int]:
        """All numbers that the table names as legal; a default that depends on the reader is not known yet."""
        return [*(self.among or ()), *([] if callable(default) else [default])]

    def parse(self, text: str) -> int:
        """The whole number; "+7", "7.0", "1e1" and digits of other scripts are not one."""
        digits = text.removeprefix("-")
        if digits.isascii() and digits.isdecimal() and len(digits) < 15:
            value = int(text)
            if self._is_legal(value):
                return value
        raise BadValueError(text, self._nearest(text) if self.nearest else None)

    def _is_legal(self, value: int) -> bool:
        return self.low <= value <= self.high and (self.among is None or value in self.among)

    def _nearest(self, text: str) -> int | None:
        try:
            value = float(text) if len(text) <= _LONGEST_NUMBER and text.isascii() else math.nan
        except ValueError:
            return None
        if math.isnan(value):
            return None
        inside = min(max(value, self.low), self.high)
        return round(inside) if self.among is None else min(self.among, key=lambda one: abs(one - inside))

    def write(self, value: int) -> str:
        """Its digits."""
        return str(value)

    def legal(self, value: object) -> int:
        """A whole number within the range; 3.0 counts, True does not."""
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, int) and not isinstance(value, bool) and self._is_legal(value):
            return value
        raise BadValueError(str(value))

    def allowed(self, lang: Lang) -> str:
        """Its range, or all of a few numbers."""
        if self.among is not None:
            return _listed([str(value) for value in self.among], lang)
        return STATE_TEXTS[lang].wholes.format(low=self.low, high=self.high)


class Number(_Ranged[float]):
    """A finite number from low to high.

    >>> rate = Number("lr", 1e-6, 10.0, default=0.01)
    >>> rate.parse("0.5"), rate.write(1e-5), rate.write(2.0)
    (0.5, '1e-05', '2')
    >>> rate.parse("nan")
    Traceback (most recent call last):
    ...
    lib.ui.state.keys.BadValueError: nan
    """

    def parse(self, text: str) -> float:
        """The number."""
        value = number_in(text)
        if self.low <= value <= self.high:
            return value
        raise BadValueError(text, min(max(value, self.low), self.high) if self.nearest else None)

    def write(self, value: float) -> str:
        """The shortest digits that mean this number."""
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)

    def legal(self, value: object) -> float:
        """A finite number within the range."""
        if isinstance(value, int | float) and not isinstance(value, bool) and self.low <= value <= self.high:
            return float(value)
        raise BadValueError(str(value))

    def allowed(self, lang: Lang) -> str:
        """Its range."""
        return STATE_TEXTS[lang].numbers.format(low=f"{self.low:g}", high=f"{self.high:g}")


def _listed(options: Sequence[str], lang: Lang) -> str:
    rest = len(options) - LISTED
    said = [as_text(option) for option in options[:LISTED]]
    if rest > 0:
        said.append(STATE_TEXTS[lang].more.format(count=rest))
    return FRAME_TEXTS[lang].comma.join(said)


def _asked(options: Iterable[E] | Callable[[], Iterable[E]]) -> Callable[[], tuple[E, ...]]:
    """What can be chosen, as a function: it says so once and for all, or anew each time where it is one already."""
    given: Any = options
    if callable(options) and not isinstance(options, type):
        return lambda: tuple(given())
    fixed: tuple[E, ...] = tuple(given)
    return lambda: fixed


class Choice(Key[E]):
    """One of some options: the members of a ``StrEnum``, texts, or a function that says which there are now.

    >>> Choice("lang", Lang, default=Lang.EN).parse("zh")
    <Lang.ZH: 'zh'>
    >>> Choice("op", ("max", "sum"), default="max").parse("median")
    Traceback (most recent call last):
    ...
    lib.ui.state.keys.BadValueError: median
    """

    def __init__(
        self,
        name: str,
        options: Iterable[E] | Callable[[], Iterable[E]],
        *,
        default: E | Callable[[], E],
        always: bool = False,
    ) -> None:
        super().__init__(name, default, always=always)
        self._options = _asked(options)

    @property
    def options(self) -> tuple[E, ...]:
        """What can be chosen now."""
        return self._options()

    def parse(self, text: str) -> E:
        """The option that is written so."""
        for option in self.options:
            if option == text:
                return option
        raise BadValueError(text)

    def write(self, value: E) -> str:
        """The option's own text."""
        return str(value)

    def legal(self, value: object) -> E:
        """The option, where it is one."""
        return self.parse(str(value))

    def allowed(self, lang: Lang) -> str:
        """The options."""
        return _listed(self.options, lang)


class Choices(Key[tuple[E, ...]]):
    """Some of several options, in their order; written with commas between them.

    >>> shown = Choices("shown", ("a", "b", "c"), default=("a",))
    >>> shown.parse("c,a"), shown.write(("a", "c"))
    (('a', 'c'), 'a,c')
    >>> shown.parse("")
    Traceback (most recent call last):
    ...
    lib.ui.state.keys.BadValueError

    ``may_be_empty`` says whether none is a choice, too; otherwise it stands for the default.
    """

    def __init__(
        self,
        name: str,
        options: Iterable[E] | Callable[[], Iterable[E]],
        *,
        default: tuple[E, ...] | Callable[[], tuple[E, ...]],
        may_be_empty: bool = False,
        in_address: bool = True,
    ) -> None:
        super().__init__(name, default, in_address=in_address)
        self._options = _asked(options)
        self.may_be_empty = may_be_empty

    @property
    def options(self) -> tuple[E, ...]:
        """What can be chosen now."""
        return self._options()

    def parse(self, text: str) -> tuple[E, ...]:
        """The options between the commas."""
        if not text and self.may_be_empty:
            return ()
        parts = text.split(",")
        options = self.options
        if len(parts) != len(set(parts)) or not set(parts) <= set(options):
            raise BadValueError(text)
        return tuple(option for option in options if option in parts)

    def write(self, value: tuple[E, ...]) -> str:
        """The options with commas between them."""
        return ",".join(value)

    def legal(self, value: object) -> tuple[E, ...]:
        """The options in their order; none is the default, where none is not allowed."""
        if not isinstance(value, list | tuple):
            raise BadValueError(str(value))
        if not value and not self.may_be_empty:
            return self.default
        return self.parse(",".join(map(str, value)))

    def allowed(self, lang: Lang) -> str:
        """The options."""
        return STATE_TEXTS[lang].several.format(options=_listed(self.options, lang))

    def to_widget(self, value: tuple[E, ...]) -> list[E]:
        """Widgets have lists."""
        return list(value)


class Flag(Key[bool]):
    """Yes or no; written ``true`` or ``false``.

    >>> Flag("bias", default=True).parse("false")
    False
    """

    def __init__(self, name: str, *, default: bool, in_address: bool = True) -> None:
        super().__init__(name, default, in_address=in_address)

    def parse(self, text: str) -> bool:
        """True or False."""
        if text not in {"true", "false"}:
            raise BadValueError(text)
        return text == "true"

    def write(self, value: bool) -> str:
        """``true`` or ``false``."""
        return "true" if value else "false"

    def legal(self, value: object) -> bool:
        """True or False, nothing that merely counts as one."""
        if not isinstance(value, bool):
            raise BadValueError(str(value))
        return value

    def allowed(self, lang: Lang) -> str:  # noqa: ARG002
        """Both of them."""
        return "`true`, `false`"


class Text(Key[T]):
    """What a text means: a typed expression, or what a browser's own script keeps in the address.

    ``parse`` gives the value or raises ``ValueError`` (an error of the page's own kind may subclass it), and is
    never given more than ``longest`` characters; ``write`` is its inverse. ``allowed`` says what may be typed,
    in each language; it is Markdown of the page's own. Values are compared with ``==``.

    >>> pair = Text("pad", default=(1, 2), parse=lambda text: tuple(map(int, text.split("x"))),
    ...             write=lambda pair: "x".join(map(str, pair)), allowed={Lang.EN: "`1x2`", Lang.ZH: "`1x2`"})
    >>> pair.parse("3x4"), pair.write((3, 4))
    ((3, 4), '3x4')
    """

    def __init__(
        self,
        name: str,
        *,
        default: T | Callable[[], T],
        parse: Callable[[str], T],
        write: Callable[[T], str],
        allowed: Mapping[Lang, str] | None = None,
        longest: int = MAX_TEXT,
        errors: type[Exception] | tuple[type[Exception], ...] = ValueError,
    ) -> None:
        super().__init__(name, default)
        self._parse, self._write, self._allowed = parse, write, allowed
        self.longest, self.errors = longest, errors

    def parse(self, text: str) -> T:
        """What the text means."""
        if len(text) > self.longest:
            raise BadValueError(text)
        try:
            return self._parse(text)
        except self.errors as error:
            raise BadValueError(text) from error

    def write(self, value: T) -> str:
        """The text that means the value."""
        return self._write(value)

    def legal(self, value: object) -> T:
        """The value, where its own text means it."""
        kept: Any = value
        return self.parse(self._write(kept))

    def allowed(self, lang: Lang) -> str:
        """As the page says it."""
        known = self._allowed
        return STATE_TEXTS[lang].some_text.format(length=self.longest) if known is None else known[lang]

    def to_widget(self, value: T) -> str:
        """A field has the text."""
        return self._write(value)

    def from_widget(self, raw: Any) -> T:
        """What was typed."""
        return self.parse("" if raw is None else str(raw))


def typed(name: str, *, default: str | Callable[[], str], longest: int = MAX_TEXT) -> Text[str]:
    """A text that the page itself reads and explains, such as an expression: kept as it was typed.

    >>> typed("x", default="2, 3").parse("anything")
    'anything'

    Line breaks and other signs that a one-line field cannot have are refused.
    """

    def plain(text: str) -> str:
        if not text.isprintable():
            raise ValueError(text)
        return text

    return Text(name, default=default, parse=plain, write=str, longest=longest)


class Memo(Key[T]):
    """What the session remembers besides, and no address has: the last good text, which step is open.

    ``fresh`` forgets it when the page is opened anew or the address brings other values.
    """

    def __init__(self, name: str, *, default: T | Callable[[], T], fresh: bool = False) -> None:
        super().__init__(name, default, in_address=False)
        self.fresh = fresh

    def legal(self, value: object) -> T:
        """Anything: it comes from the page's own code."""
        kept: Any = value
        result: T = kept
        return result


class Scripted(Key[str]):
    """What a script in the browser keeps in the address by itself, with ``history.replaceState``.

    The server neither reads nor writes it: whatever else changes the address drops it, and the script writes it
    again. It is declared so that nobody takes its coming and going for news.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name, "", in_address=False)

    def legal(self, value: object) -> str:
        """Nothing is to be set from here."""
        raise BadValueError(str(value))
