"""A learner's own program, read as a stack: an ``nn.Sequential``, or an ``nn.Module`` with its ``forward``.

Nothing is run. The text is parsed (``ast``), and what is known of ``torch.nn`` is taken from it; whatever else would
change the network is refused, with its line. Imports no torch.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from lib.core.conv.layer import LayerError, NamedPadding, PaddingMode
from lib.core.nets.analysis import analyse
from lib.core.nets.graph import INPUT, MAX_BATCH
from lib.core.nets.layers import (
    Activation,
    AdaptiveAvgPool,
    AdaptiveMaxPool,
    Add,
    AvgPool,
    BatchNorm,
    Concat,
    Conv,
    Dropout,
    Flatten,
    Function,
    Layer,
    Linear,
    MaxPool,
    Pair,
)
from lib.core.nets.stack import MAX_ROWS, Stack, StackRow

MAX_TEXT = 20_000
SHOWN = 60


class Problem(StrEnum):
    """What cannot be read. The page words each; slots are those of :class:`ReadError`."""

    TOO_LONG = "too_long"
    SYNTAX = "syntax"
    NOTHING = "nothing"
    UNKNOWN = "unknown"
    """A layer or function that this explorer does not have: ``text``."""
    ARGUMENT = "argument"
    """An argument that ``text`` does not have, or has twice: ``argument``."""
    MISSING = "missing"
    VALUE = "value"
    """``text`` = ``argument`` is not possible here: ``allowed``."""
    DEFAULT_ONLY = "default_only"
    """``argument`` of ``text`` is known at its default alone: ``allowed``."""
    NOT_CONSTANT = "not_constant"
    STATEMENT = "statement"
    BRANCH = "branch"
    """A tensor goes on that is not the newest one."""
    TWICE = "twice"
    """A layer with weights that is used twice: ``text``."""
    FLATTEN = "flatten"
    """Reshaping other than to (batch, everything else)."""
    ROWS = "rows"
    SQUARE = "square"
    """The input is not square, or too large: ``allowed``."""


class ReadError(ValueError):
    """Why a program is no stack, and in which line (from 1, 0 where it is no line's fault)."""

    def __init__(
        self, problem: Problem, line: int = 0, *, text: str = "", argument: str = "", allowed: str = ""
    ) -> None:
        super().__init__(f"line {line}: {problem} {text} {argument}".strip())
        self.problem, self.line = problem, line
        self.text, self.argument, self.allowed = text, argument, allowed


@dataclass(frozen=True)
class Read:
    """What a program says. ``size`` and ``batch`` are None where it makes no input.

    ``left_out`` are layers that change neither shapes nor parameters and that the explorer does not draw.
    """

    stack: Stack
    size: int | None = None
    batch: int | None = None
    left_out: tuple[str, ...] = ()


Word = TypeVar("Word", bound=StrEnum)
MUST = object()
"""An argument without a default."""
_SLIDING: dict[str, object] = {"kernel_size": MUST, "stride": None, "padding": 0}
_CONV: dict[str, object] = {
    "out_channels": MUST,
    "kernel_size": MUST,
    "stride": 1,
    "padding": 0,
    "dilation": 1,
    "groups": 1,
    "bias": True,
    "padding_mode": "zeros",
}
MODULES: Mapping[str, Mapping[str, object]] = {
    "Conv2d": {"in_channels": MUST, **_CONV},
    "LazyConv2d": _CONV,
    "MaxPool2d": {**_SLIDING, "dilation": 1, "return_indices": False, "ceil_mode": False},
    "AvgPool2d": {**_SLIDING, "ceil_mode": False, "count_include_pad": True, "divisor_override": None},
    "AdaptiveAvgPool2d": {"output_size": MUST},
    "AdaptiveMaxPool2d": {"output_size": MUST, "return_indices": False},
    "BatchNorm2d": {
        "num_features": MUST,
        "eps": 1e-5,
        "momentum": 0.1,
        "affine": True,
        "track_running_stats": True,
    },
    "LazyBatchNorm2d": {"eps": 1e-5, "momentum": 0.1, "affine": True, "track_running_stats": True},
    "Dropout": {"p": 0.5, "inplace": False},
    "Flatten": {"start_dim": 1, "end_dim": -1},
    "Linear": {"in_features": MUST, "out_features": MUST, "bias": True},
    "LazyLinear": {"out_features": MUST, "bias": True},
    "ReLU": {"inplace": False},
    "LeakyReLU": {"negative_slope": 0.01, "inplace": False},
    "Sigmoid": {},
    "Tanh": {},
    "GELU": {"approximate": "none"},
    "SiLU": {"inplace": False},
    "Softmax": {"dim": None},
    "LogSoftmax": {"dim": None},
    "Identity": {},
}
"""Arguments of ``torch.nn``'s modules in their order, with their defaults."""
FUNCTIONS: Mapping[str, tuple[str, Mapping[str, object]]] = {
    "relu": ("ReLU", {"inplace": False}),
    "leaky_relu": ("LeakyReLU", {"negative_slope": 0.01, "inplace": False}),
    "sigmoid": ("Sigmoid", {}),
    "tanh": ("Tanh", {}),
    "gelu": ("GELU", {"approximate": "none"}),
    "silu": ("SiLU", {"inplace": False}),
    "max_pool2d": ("MaxPool2d", {**_SLIDING, "dilation": 1, "ceil_mode": False, "return_indices": False}),
    "avg_pool2d": ("AvgPool2d", MODULES["AvgPool2d"]),
    "adaptive_avg_pool2d": ("AdaptiveAvgPool2d", {"output_size": MUST}),
    "adaptive_max_pool2d": ("AdaptiveMaxPool2d", {"output_size": MUST, "return_indices": False}),
    "dropout": ("Dropout", {"p": 0.5, "training": True, "inplace": False}),
    "flatten": ("Flatten", {"start_dim": 0, "end_dim": -1}),
    "softmax": ("Softmax", {"dim": None}),
    "log_softmax": ("LogSoftmax", {"dim": None}),
}
"""The same for functions of ``torch.nn.functional``, which take the input first."""
LEFT_OUT = frozenset({"Softmax", "LogSoftmax", "Identity"})
_IGNORED = frozenset({"device", "dtype", "training"})
_ONLY_DEFAULT = frozenset(
    {
        "return_indices",
        "divisor_override",
        "eps",
        "momentum",
        "affine",
        "track_running_stats",
        "negative_slope",
        "approximate",
        "end_dim",
    }
)
_MAKERS_OF_INPUTS = frozenset({"zeros", "ones", "rand", "randn", "empty"})
_ARITHMETIC: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
}


def read_program(text: str) -> Read:
    """The stack that a program describes.

    >>> read = read_program("nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.Flatten(), nn.Linear(8 * 26 * 26, 10))")
    >>> [type(row.layer).__name__ for row in read.stack.rows], read.stack.channels
    (['Conv', 'Activation', 'Flatten', 'Linear'], 1)
    >>> read_program("nn.Sequential(nn.LSTM(3, 4))")
    Traceback (most recent call last):
    ...
    lib.core.nets.reading.ReadError: line 1: unknown LSTM

    Raises: ReadError.
    """
    if len(text) > MAX_TEXT:
        raise ReadError(Problem.TOO_LONG, allowed=str(MAX_TEXT))
    try:
        tree = ast.parse(text)
        return _Reader(tree).read()
    except SyntaxError as error:
        raise ReadError(Problem.SYNTAX, error.lineno or 0) from None
    except (ValueError, RecursionError, MemoryError) as error:
        if isinstance(error, ReadError):
            raise
        raise ReadError(Problem.SYNTAX) from None


COMMON_SIZES = (28, 32, 64, 96, 128, 224, 227, 256)


def fitting_size(stack: Stack, first: int) -> int:
    """A size of the input on which the stack runs: the first choice, or one that is common; else the first choice.

    >>> stack = read_program("nn.Sequential(nn.Conv2d(1, 2, 5), nn.Flatten(), nn.Linear(2 * 28 * 28, 10))").stack
    >>> fitting_size(stack, 28)
    32
    """
    for size in (first, *COMMON_SIZES):
        if analyse(stack.network(size=size)).failure is None:
            return size
    return first


@dataclass(frozen=True)
class _Module:
    """A layer, or several in a row; ``line`` is where it is made. A layer that is left out is None."""

    layers: tuple[tuple[Layer | None, str], ...]
    line: int


@dataclass
class _Rows:
    """The stack as far as it has come: what goes on is a row's number, or ``INPUT``."""

    rows: list[StackRow] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def apply(self, module: _Module, place: int, line: int) -> int:
        """Put a module behind the newest row."""
        for layer, name in module.layers:
            if layer is None:
                self.left_out.append(name)
                continue
            place = self.add(StackRow(layer), place, line)
        return place

    def add(self, row: StackRow, place: int, line: int) -> int:
        """Put a row behind the newest one, which must be what it takes."""
        if place != len(self.rows) - 1:
            raise ReadError(Problem.BRANCH, line)
        if len(self.rows) >= MAX_ROWS:
            raise ReadError(Problem.ROWS, line, allowed=str(MAX_ROWS))
        self.rows.append(row)
        return len(self.rows) - 1

    def join(self, layer: Add | Concat, places: Sequence[int], line: int) -> int:
        """A sum or a concatenation of the newest row and an earlier one."""
        newest = len(self.rows) - 1
        others = [place for place in places if place != newest]
        if len(places) != 2 or len(others) > 1:
            raise ReadError(Problem.BRANCH, line)
        if isinstance(layer, Concat) and places[0] != newest:
            raise ReadError(Problem.BRANCH, line)
        other = others[0] if others else newest
        return self.add(StackRow(layer, other - INPUT), newest, line)


class _Reader:
    """Reads one program."""

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        self.constants: dict[str, Any] = {}
        self.modules: dict[str, _Module] = {}
        self.used: set[str] = set()
        self.rows = _Rows()

    def read(self) -> Read:
        """The last network of the program, and the first input that it makes."""
        shape = self._input()
        network: ast.ClassDef | ast.Call | None = None
        for node in self.tree.body:  # the last one: blocks stand before the network that is made of them
            if isinstance(node, ast.ClassDef):
                network = node
            elif isinstance(node, ast.Assign):
                self._constant(node)
            value = node.value if isinstance(node, ast.Assign | ast.Expr) else None
            if isinstance(value, ast.Call) and _name(value.func) == "Sequential":
                network = value
        if network is None:
            raise ReadError(Problem.NOTHING)
        if isinstance(network, ast.ClassDef):
            self._read_class(network)
        else:
            self.rows.apply(self._module(network), INPUT, network.lineno)
        if not self.rows.rows:
            raise ReadError(Problem.NOTHING)
        rows = tuple(self.rows.rows)
        channels = shape[1] if shape else _channels(rows)
        try:
            stack = Stack(rows, channels)
        except LayerError as error:
            raise ReadError(Problem.SQUARE, allowed=error.allowed) from None
        left_out = tuple(dict.fromkeys(self.rows.left_out))
        return Read(stack, shape[2] if shape else None, shape[0] if shape else None, left_out)

    # --- what the program names ------------------------------------------------------------------------------

    def _constant(self, node: ast.Assign) -> None:
        """Keep ``name = 5``; anything else names no constant."""
        (target, *others) = node.targets
        if isinstance(target, ast.Name) and not others:
            try:
                self.constants[target.id] = self._value(node.value)
            except ReadError:
                self.constants.pop(target.id, None)

    def _value(self, node: ast.expr) -> Any:
        """A number, a text, a tuple, or whole numbers added, subtracted and multiplied."""
        match node:
            case ast.Constant(value=bool() | int() | float() | str() | None as value):
                return value
            case ast.Name(id=name) if name in self.constants:
                return self.constants[name]
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                return tuple(self._value(part) for part in parts)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                value = self._value(operand)
                if isinstance(value, int | float):
                    return -value
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
                first, second = self._value(left), self._value(right)
                if (
                    type(first) is int
                    and type(second) is int
                    and (second or not isinstance(op, ast.FloorDiv))
                ):
                    return _ARITHMETIC[type(op)](first, second)
        raise _refused(Problem.NOT_CONSTANT, node)

    def _input(self) -> tuple[int, int, int, int] | None:
        """The shape of the first tensor of four dimensions that the program makes."""
        for node in ast.walk(self.tree):
            if not isinstance(node, ast.Call) or _path(node.func)[:1] != ("torch",):
                continue
            if _name(node.func) not in _MAKERS_OF_INPUTS:
                continue
            listed = len(node.args) == 1 and isinstance(node.args[0], ast.Tuple | ast.List)
            try:
                values = [self._value(each) for each in (node.args[0].elts if listed else node.args)]  # type: ignore[attr-defined]
            except ReadError:
                continue
            if len(values) == 4 and all(type(value) is int for value in values):
                n, c, h, w = values
                if h != w or not 1 <= h <= MAX_SIDE or not 1 <= n <= MAX_BATCH or c < 1:
                    raise _refused(Problem.SQUARE, node, allowed=f"N 1–{MAX_BATCH}, H = W 1–{MAX_SIDE}")
                return n, c, h, w
        return None

    # --- modules ---------------------------------------------------------------------------------------------

    def _module(self, node: ast.expr) -> _Module:
        """What a call of ``torch.nn`` makes."""
        if not isinstance(node, ast.Call):
            raise _refused(Problem.UNKNOWN, node)
        name = _name(node.func)
        if name == "Sequential":
            return _Module(
                tuple(pair for part in self._members(node) for pair in self._module(part).layers), node.lineno
            )
        if name not in MODULES:
            raise _refused(Problem.UNKNOWN, node, text=name)
        return _Module(((self._layer(name, MODULES[name], node, node.args), name),), node.lineno)

    def _members(self, node: ast.Call) -> list[ast.expr]:
        """The parts of an ``nn.Sequential``, also of one that names them in an ``OrderedDict``."""
        if node.keywords:
            raise _refused(Problem.ARGUMENT, node, text="Sequential", argument=node.keywords[0].arg or "**")
        match node.args:
            case [ast.Call(func=func, args=[ast.List(elts=pairs)])] if _name(func) == "OrderedDict":
                found = [
                    pair.elts[1] for pair in pairs if isinstance(pair, ast.Tuple) and len(pair.elts) == 2
                ]
                if len(found) == len(pairs):
                    return found
            case [ast.Starred(value=ast.List(elts=parts))]:
                return parts
        return node.args

    def _layer(
        self, name: str, signature: Mapping[str, object], node: ast.Call, given: Sequence[ast.expr]
    ) -> Layer | None:
        """A layer from the arguments of a call, bound as Python binds them."""
        values = dict(signature)
        names = list(signature)
        if len(given) > len(names):
            raise _refused(Problem.ARGUMENT, node, text=name, argument=str(len(given)))
        bound = dict(zip(names, given, strict=False))
        for keyword in node.keywords:
            if keyword.arg in _IGNORED:
                continue
            if keyword.arg is None or keyword.arg not in signature or keyword.arg in bound:
                raise _refused(Problem.ARGUMENT, node, text=name, argument=keyword.arg or "**")
            bound[keyword.arg] = keyword.value
        if name in LEFT_OUT:
            return None
        for argument, written in bound.items():
            if argument in _IGNORED:
                continue
            values[argument] = self._value(written)
            if argument in _ONLY_DEFAULT and values[argument] != signature[argument]:
                raise _refused(
                    Problem.DEFAULT_ONLY, node, text=name, argument=argument, allowed=str(signature[argument])
                )
        for argument, value in values.items():
            if value is MUST:
                raise _refused(Problem.MISSING, node, text=name, argument=argument)
        try:
            return _MAKERS[name](values)
        except LayerError as error:
            raise _refused(
                Problem.VALUE,
                node,
                text=f"{error.setting} = {error.value}",
                argument=name,
                allowed=error.allowed,
            ) from None

    # --- nn.Module -------------------------------------------------------------------------------------------

    def _read_class(self, node: ast.ClassDef) -> None:
        methods = {each.name: each for each in node.body if isinstance(each, ast.FunctionDef)}
        if "forward" not in methods:
            raise ReadError(Problem.NOTHING, node.lineno)
        if "__init__" in methods:
            self._read_init(methods["__init__"])
        self._read_forward(methods["forward"])

    def _read_init(self, init: ast.FunctionDef) -> None:
        defaults = init.args.defaults
        named = zip(init.args.args[len(init.args.args) - len(defaults) :], defaults, strict=True)
        for argument, default in [*named, *zip(init.args.kwonlyargs, init.args.kw_defaults, strict=True)]:
            if default is not None:
                self.constants[argument.arg] = self._value(default)
        for line in init.body:
            match line:
                case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id="super"))))):
                    continue
                case ast.Expr(value=ast.Constant()):
                    continue
                case ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"), attr=name)], value=value):
                    self.modules[name] = self._module(value)
                case ast.Assign(targets=[ast.Name()]):
                    self._constant(line)
                case _:
                    raise _refused(Problem.STATEMENT, line)

    def _read_forward(self, forward: ast.FunctionDef) -> None:
        if len(forward.args.args) != 2:
            raise _refused(Problem.STATEMENT, forward.body[0])
        places = {forward.args.args[1].arg: INPUT}
        for line in forward.body:
            match line:
                case ast.Expr(value=ast.Constant()):
                    continue
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    places[name] = self._place(value, places)
                case ast.AugAssign(target=ast.Name(id=name), op=ast.Add(), value=value) if name in places:
                    pair = [places[name], self._place(value, places)]
                    places[name] = self.rows.join(Add(), pair, line.lineno)
                case ast.Return(value=ast.expr() as value):
                    if self._place(value, places) != len(self.rows.rows) - 1:
                        raise _refused(Problem.BRANCH, line)
                    return
                case _:
                    raise _refused(Problem.STATEMENT, line)
        raise _refused(Problem.STATEMENT, forward.body[-1])

    def _place(self, node: ast.expr, places: Mapping[str, int]) -> int:
        """The row that an expression of ``forward`` ends in; rows are made on the way."""
        match node:
            case ast.Name(id=name) if name in places:
                return places[name]
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                pair = [self._place(left, places), self._place(right, places)]
                return self.rows.join(Add(), pair, node.lineno)
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="self"), attr=name), args=[source], keywords=[]
            ):
                return self._own(name, node, self._place(source, places))
            case ast.Call():
                return self._called(node, places)
        raise _refused(Problem.STATEMENT, node)

    def _own(self, name: str, node: ast.Call, place: int) -> int:
        if name not in self.modules:
            raise _refused(Problem.UNKNOWN, node, text=f"self.{name}")
        module = self.modules[name]
        if name in self.used and any(
            isinstance(layer, Conv | Linear | BatchNorm) for layer, _ in module.layers
        ):
            raise _refused(Problem.TWICE, node, text=f"self.{name}")
        self.used.add(name)
        return self.rows.apply(module, place, node.lineno)

    def _called(self, node: ast.Call, places: Mapping[str, int]) -> int:
        """A function of torch or of its ``functional``, or a method of a tensor."""
        name, path = _name(node.func), _path(node.func)
        if isinstance(node.func, ast.Call):  # nn.ReLU()(x)
            if len(node.args) != 1:
                raise _refused(Problem.STATEMENT, node)
            return self.rows.apply(self._module(node.func), self._place(node.args[0], places), node.lineno)
        if path[:1] and path[0] in {"torch", "F", "nn"}:
            given = list(node.args)
            if name in {"cat", "concat"} and given and isinstance(given[0], ast.List | ast.Tuple):
                return self._joined(node, given, places)
            if name == "add" and len(given) == 2:
                pair = [self._place(each, places) for each in given]
                return self.rows.join(Add(), pair, node.lineno)
        elif isinstance(node.func, ast.Attribute):
            given = [node.func.value, *node.args]
        else:
            raise _refused(Problem.UNKNOWN, node, text=name)
        if not given:
            raise _refused(Problem.MISSING, node, text=name, argument="input")
        source, *rest = given
        place = self._place(source, places)
        if name in {"view", "reshape"}:
            rest = (
                list(rest[0].elts) if len(rest) == 1 and isinstance(rest[0], ast.Tuple | ast.List) else rest
            )
            if len(rest) != 2 or not _is_batch(rest[0]) or self._value(rest[1]) != -1:
                raise _refused(Problem.FLATTEN, node)
            return self.rows.add(StackRow(Flatten()), place, node.lineno)
        if name not in FUNCTIONS:
            raise _refused(Problem.UNKNOWN, node, text=name)
        layer_name, signature = FUNCTIONS[name]
        layer = self._layer(layer_name, signature, node, rest)
        return self.rows.apply(_Module(((layer, name),), node.lineno), place, node.lineno)

    def _joined(self, node: ast.Call, given: Sequence[ast.expr], places: Mapping[str, int]) -> int:
        """``torch.cat([a, b], dim=1)``."""
        parts, *rest = given
        assert isinstance(parts, ast.List | ast.Tuple)
        dims = [*rest, *(each.value for each in node.keywords if each.arg == "dim")]
        if len(dims) != 1 or self._value(dims[0]) != 1:
            raise _refused(Problem.DEFAULT_ONLY, node, text="cat", argument="dim", allowed="1")
        return self.rows.join(Concat(), [self._place(part, places) for part in parts.elts], node.lineno)


MAX_SIDE = 1024
"""The largest input that the page takes."""


def _refused(
    problem: Problem, node: ast.AST, *, text: str = "", argument: str = "", allowed: str = ""
) -> ReadError:
    """The refusal of a part of the program, which is quoted unless ``text`` says what is meant."""
    said = text or (ast.unparse(node) if isinstance(node, ast.expr | ast.stmt) else "")
    first = said.strip().split("\n")[0]
    cut = first if len(first) <= SHOWN else f"{first[: SHOWN - 1]}…"
    return ReadError(problem, getattr(node, "lineno", 0), text=cut, argument=argument, allowed=allowed)


def _path(node: ast.expr) -> tuple[str, ...]:
    """``torch.nn.functional.relu`` as its parts; empty for what is no dotted name."""
    match node:
        case ast.Name(id=name):
            return (name,)
        case ast.Attribute(value=value, attr=name):
            before = _path(value)
            return (*before, name) if before else ()
    return ()


def _name(node: ast.expr) -> str:
    """The last part of a dotted name, or of a method's."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _is_batch(node: ast.expr) -> bool:
    """Whether an expression is a tensor's first size: ``x.size(0)``, ``x.shape[0]`` or ``len(x)``."""
    match node:
        case ast.Call(func=ast.Attribute(attr="size"), args=[ast.Constant(value=0)]):
            return True
        case ast.Subscript(value=ast.Attribute(attr="shape"), slice=ast.Constant(value=0)):
            return True
        case ast.Call(func=ast.Name(id="len")):
            return True
    return False


def _pair(value: Any) -> Pair:
    """A number for both directions, or a pair; the layer refuses anything else."""
    both: Pair = (value, value) if isinstance(value, int) and not isinstance(value, bool) else value
    return both


def _conv(values: Mapping[str, Any]) -> Conv:
    padding, mode, named = values["padding"], values["padding_mode"], None
    if isinstance(padding, str):
        named = _member("padding", padding, NamedPadding)
        padding = 0
    return Conv(
        values["out_channels"],
        _pair(values["kernel_size"]),
        _pair(values["stride"]),
        _pair(padding),
        _pair(values["dilation"]),
        values["groups"],
        _flag("bias", values["bias"]),
        _member("padding_mode", mode, PaddingMode),
        named,
        values.get("in_channels"),
    )


def _member(name: str, value: Any, kind: type[Word]) -> Word:
    try:
        return kind(value)
    except ValueError:
        raise LayerError(name, value, ", ".join(kind)) from None


def _flag(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise LayerError(name, value, "True, False")
    return value


def _sliding(values: Mapping[str, Any]) -> tuple[Pair, Pair, Pair]:
    kernel = _pair(values["kernel_size"])
    return kernel, kernel if values["stride"] is None else _pair(values["stride"]), _pair(values["padding"])


def _max_pool(values: Mapping[str, Any]) -> MaxPool:
    return MaxPool(*_sliding(values), _pair(values["dilation"]), _flag("ceil_mode", values["ceil_mode"]))


def _avg_pool(values: Mapping[str, Any]) -> AvgPool:
    ceil, counts = values["ceil_mode"], values["count_include_pad"]
    return AvgPool(*_sliding(values), _flag("ceil_mode", ceil), _flag("count_include_pad", counts))


def _dropout(values: Mapping[str, Any]) -> Dropout:
    p = values["p"]
    if isinstance(p, bool) or not isinstance(p, int | float) or abs(100 * p - round(100 * p)) > 1e-9:
        raise LayerError("p", p, "0, 0.01, …, 1")
    return Dropout(round(100 * p), _flag("inplace", values["inplace"]))


def _flatten(values: Mapping[str, Any]) -> Flatten:
    if values["start_dim"] != 1:
        raise LayerError("start_dim", values["start_dim"], "1")
    return Flatten()


def _linear(values: Mapping[str, Any]) -> Linear:
    return Linear(values["out_features"], _flag("bias", values["bias"]), values.get("in_features"))


def _activation(function: Function) -> Callable[[Mapping[str, Any]], Activation]:
    return lambda values: Activation(function, _flag("inplace", values.get("inplace", False)))


_MAKERS: Mapping[str, Callable[[Mapping[str, Any]], Layer]] = {
    "Conv2d": _conv,
    "LazyConv2d": _conv,
    "MaxPool2d": _max_pool,
    "AvgPool2d": _avg_pool,
    "AdaptiveAvgPool2d": lambda values: AdaptiveAvgPool(_pair(values["output_size"])),
    "AdaptiveMaxPool2d": lambda values: AdaptiveMaxPool(_pair(values["output_size"])),
    "BatchNorm2d": lambda values: BatchNorm(values["num_features"]),
    "LazyBatchNorm2d": lambda _: BatchNorm(),
    "Dropout": _dropout,
    "Flatten": _flatten,
    "Linear": _linear,
    "LazyLinear": _linear,
    "ReLU": _activation(Function.RELU),
    "LeakyReLU": _activation(Function.LEAKY_RELU),
    "Sigmoid": _activation(Function.SIGMOID),
    "Tanh": _activation(Function.TANH),
    "GELU": _activation(Function.GELU),
    "SiLU": _activation(Function.SILU),
}


def _channels(rows: Sequence[StackRow]) -> int:
    """The channels of the input, where the program makes none: what the first layer that cares takes."""
    for row in rows:
        match row.layer:
            case Conv(in_channels=int() as channels) | BatchNorm(num_features=int() as channels):
                return channels
            case Flatten() | Linear() | Conv():
                break
    return 1
