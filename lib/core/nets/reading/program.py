"""Reads a learner's program: the last ``nn.Sequential`` of it, or the ``nn.Module`` that it makes."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lib.core.conv.layer import LayerError
from lib.core.nets.analysis import analyse
from lib.core.nets.graph import INPUT
from lib.core.nets.layers import Add, BatchNorm, Concat, Conv, Flatten, Layer, Linear
from lib.core.nets.reading.constants import Constants
from lib.core.nets.reading.errors import Problem, ReadError, refused
from lib.core.nets.reading.signatures import (
    FUNCTIONS,
    IGNORED,
    LEFT_OUT,
    MAKERS,
    MODULES,
    MUST,
    ONLY_DEFAULT,
    UNDRAWN,
)
from lib.core.nets.stack import MAX_ROWS, Stack, StackRow

MAX_TEXT = 20_000
MAX_SIDE, MAX_BATCH = 1024, 256
"""The largest input that is drawn."""
COMMON_SIZES = (28, 32, 64, 96, 128, 224, 227, 256)
_MAKERS_OF_INPUTS = frozenset({"zeros", "ones", "rand", "randn", "empty"})
_MOVES = frozenset({"to", "cuda", "cpu", "eval", "train", "float"})
_CHANGES = frozenset({"append", "add_module", "extend", "insert", "pop", "register_module"})
_TORCH = frozenset({"torch", "F", "nn"})


@dataclass(frozen=True)
class Read:
    """What a program says. ``size`` and ``batch`` are None where it makes no input.

    ``left_out`` are layers and arguments that change neither shapes nor parameters and that are not drawn.
    """

    stack: Stack
    size: int | None = None
    batch: int | None = None
    left_out: tuple[str, ...] = ()


def read_program(text: str) -> Read:
    """The stack that a program describes.

    >>> read = read_program("nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.Flatten(), nn.Linear(8 * 26 * 26, 10))")
    >>> [type(row.layer).__name__ for row in read.stack.rows], read.stack.channels
    (['Conv', 'Activation', 'Flatten', 'Linear'], 1)
    >>> read_program("nn.Sequential(nn.LSTM(3, 4))")
    Traceback (most recent call last):
    ...
    lib.core.nets.reading.errors.ReadError: line 1: unknown LSTM

    Raises: ReadError.
    """
    if not text.strip():
        raise ReadError(Problem.EMPTY)
    if len(text) > MAX_TEXT:
        raise ReadError(Problem.TOO_LONG, allowed=str(MAX_TEXT))
    try:
        return _Reader(ast.parse(_python(text))).read()
    except ReadError:
        raise
    except SyntaxError as error:
        raise ReadError(Problem.SYNTAX, error.lineno or 0) from None
    except (ValueError, RecursionError, MemoryError):
        raise ReadError(Problem.SYNTAX) from None


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


def _python(text: str) -> str:
    """The text without what only a notebook understands; lines keep their numbers.

    >>> _python("  %matplotlib inline\\n  x = 1")
    '\\nx = 1'
    """
    lines = ["" if line.lstrip().startswith(("%", "!")) else line for line in text.split("\n")]
    return textwrap.dedent("\n".join(lines))


@dataclass(frozen=True)
class _Module:
    """Layers in a row, each with its name; one that is left out is None."""

    layers: tuple[tuple[Layer | None, str], ...]


@dataclass
class _Rows:
    """The stack as far as it has come: what goes on is a row's number, or ``INPUT``."""

    rows: list[StackRow] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    @property
    def newest(self) -> int:
        """The number of the newest row."""
        return len(self.rows) - 1

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
        if place != self.newest:
            raise ReadError(Problem.BRANCH, line)
        if len(self.rows) >= MAX_ROWS:
            raise ReadError(Problem.ROWS, line, allowed=str(MAX_ROWS))
        self.rows.append(row)
        return self.newest

    def join(self, layer: Add | Concat, places: Sequence[int], line: int) -> int:
        """A sum or a concatenation of the newest row and an earlier one."""
        others = [place for place in places if place != self.newest]
        if len(places) != 2 or len(others) > 1 or (isinstance(layer, Concat) and places[0] != self.newest):
            raise ReadError(Problem.BRANCH, line)
        other = others[0] if others else self.newest
        return self.add(StackRow(layer, other - INPUT), self.newest, line)


class _Reader:
    """Reads one program."""

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        self.constants = Constants()
        self.bound: dict[str, _Module] = {}
        """Modules that the program gives a name to, outside of a class."""
        self.lists: dict[str, list[ast.expr]] = {}
        self.own: dict[str, _Module] = {}
        """``self.name`` of the class that is read."""
        self.used: set[str] = set()
        self.rows = _Rows()
        self.batches: set[str] = set()
        """Names in ``forward`` that are the size of the batch."""
        self.claims: list[tuple[int, int, ast.Call]] = []
        """Rows that flatten to so many numbers: only a linear layer that takes as many shows that they fit."""

    def read(self) -> Read:
        """The last network of the program, and the first input of its channels."""
        self._read_network()
        if not self.rows.rows:
            raise ReadError(Problem.NOTHING)
        rows = tuple(self.rows.rows)
        for place, count, node in self.claims:
            taken = next((row.layer for row in rows[place + 1 :] if isinstance(row.layer, Linear)), None)
            if taken is None or taken.in_features != count:
                raise refused(Problem.FLATTEN, node)
        channels = _channels(rows)
        shape = self._input(channels)
        stack = Stack(rows, shape[1] if shape else channels or 1)
        left_out = tuple(dict.fromkeys(self.rows.left_out))
        return Read(stack, shape[2] if shape else None, shape[0] if shape else None, left_out)

    def _read_network(self) -> None:
        """The last ``nn.Sequential`` or class with a ``forward``, whichever comes last; a class that is called wins."""
        classes: dict[str, ast.ClassDef] = {}
        found: ast.ClassDef | _Module | None = None
        line, name = 0, ""
        for node in _statements(self.tree.body):
            value = _moved(node.value) if isinstance(node, ast.Assign | ast.Expr) else None
            called = _name(value.func) if isinstance(value, ast.Call) else ""
            if isinstance(node, ast.ClassDef) and _methods(node).get("forward"):
                classes[node.name] = found = node
                name = ""
            elif isinstance(value, ast.Call) and called == "Sequential":
                found, line, name = self._module(value), value.lineno, _target(node)
            elif called in classes:
                found, name = classes[called], _target(node)
            elif name and _changes(node, name):
                raise refused(Problem.STATEMENT, node)
            self._bind(node)
            self.constants.take(node)
        if found is None:
            raise ReadError(Problem.NOTHING)
        if isinstance(found, _Module):
            self.rows.apply(found, INPUT, line)
        else:
            self._read_class(found)

    def _bind(self, node: ast.stmt) -> None:
        """Keep ``features = nn.Sequential(...)`` and ``layers = [nn.Conv2d(...), ...]``; forget what changes."""
        for each in ast.walk(node):
            if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
                self.bound.pop(each.id, None)
                self.lists.pop(each.id, None)
            if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute):
                self.lists.pop(_name(each.func.value), None)
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.List(elts=parts)):
                self.lists[name] = parts
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=func) as value):
                if _name(func) in MODULES or _name(func) == "Sequential":
                    self.bound[name] = self._module(value)

    def _input(self, channels: int | None) -> tuple[int, int, int, int] | None:
        """The shape of the first tensor that the program makes and that the network can take."""
        calls = [node for node in ast.walk(self.tree) if isinstance(node, ast.Call)]
        beyond: ast.Call | None = None
        for node in sorted(calls, key=lambda each: (each.lineno, each.col_offset)):
            path = _path(node.func)
            if path[:1] != ("torch",) or path[-1] not in _MAKERS_OF_INPUTS:
                continue
            shape = self._shape(node)
            if shape is None or (channels is not None and shape[1] != channels):
                continue
            n, c, h, w = shape
            if h == w and 1 <= h <= MAX_SIDE and 1 <= n <= MAX_BATCH and c >= 1:
                return n, c, h, w
            beyond = beyond or node
        if beyond is not None:
            raise refused(Problem.SQUARE, beyond, allowed=f"N 1–{MAX_BATCH}, H = W 1–{MAX_SIDE}")
        return None

    def _shape(self, node: ast.Call) -> tuple[int, ...] | None:
        """The four sizes that a call like ``torch.zeros`` gets; None where it gets others."""
        sizes = [each.value for each in node.keywords if each.arg == "size"] or node.args
        if len(sizes) == 1 and isinstance(sizes[0], ast.Tuple | ast.List):
            sizes = sizes[0].elts
        try:
            values = tuple(self.constants.value(each) for each in sizes)
        except ReadError:
            return None
        return values if len(values) == 4 and all(type(value) is int for value in values) else None

    # --- modules ---------------------------------------------------------------------------------------------

    def _module(self, node: ast.expr) -> _Module:
        """What a call of ``torch.nn`` makes."""
        if isinstance(node, ast.Name) and node.id in self.bound:
            return self.bound[node.id]
        if not isinstance(node, ast.Call):
            raise refused(Problem.NOT_A_CALL, node)
        name = _name(node.func)
        if isinstance(node.func, ast.Name) and self._is_own_class(name):
            raise refused(Problem.UNKNOWN, node, text=name)
        if name == "Sequential":
            return _Module(
                tuple(layer for part in self._members(node) for layer in self._module(part).layers)
            )
        if name not in MODULES:
            raise refused(Problem.UNKNOWN, node, text=name)
        return self._layer(name, MODULES[name], node, node.args)

    def _is_own_class(self, name: str) -> bool:
        return any(isinstance(node, ast.ClassDef) and node.name == name for node in self.tree.body)

    def _members(self, node: ast.Call) -> Sequence[ast.expr]:
        """The parts of an ``nn.Sequential``, also of one that names them in an ``OrderedDict``."""
        if node.keywords:
            raise refused(Problem.ARGUMENT, node, text="Sequential", argument=node.keywords[0].arg or "**")
        match node.args:
            case [ast.Call(func=func, args=[ast.List(elts=pairs)])] if _name(func) == "OrderedDict":
                found = [
                    pair.elts[1] for pair in pairs if isinstance(pair, ast.Tuple) and len(pair.elts) == 2
                ]
                if len(found) == len(pairs):
                    return found
            case [ast.Call(func=func, args=[ast.Dict(values=values)])] if _name(func) == "OrderedDict":
                return values
            case [ast.Starred(value=ast.List(elts=parts))]:
                return parts
            case [ast.Starred(value=ast.Name(id=name))] if name in self.lists:
                return self.lists[name]
        return node.args

    def _layer(
        self, name: str, signature: Mapping[str, object], node: ast.Call, given: Sequence[ast.expr]
    ) -> _Module:
        """A layer from the arguments of a call, bound as Python binds them."""
        names = list(signature)
        if len(given) > len(names):
            raise refused(Problem.ARGUMENT, node, text=name, argument=str(len(given)))
        bound = dict(zip(names, given, strict=False))
        for keyword in node.keywords:
            if keyword.arg in IGNORED:
                continue
            if keyword.arg is None or keyword.arg not in signature or keyword.arg in bound:
                raise refused(Problem.ARGUMENT, node, text=name, argument=keyword.arg or "**")
            bound[keyword.arg] = keyword.value
        if name in LEFT_OUT:
            return _Module(((None, _name(node.func)),))
        values, left_out = dict(signature), []
        for argument, written in bound.items():
            if argument in IGNORED:
                continue
            value = self.constants.value(written)
            if argument in UNDRAWN:
                left_out += [f"{argument}={value}"] * (value != signature[argument])
            elif argument in ONLY_DEFAULT and value != signature[argument]:
                allowed = str(signature[argument])
                raise refused(Problem.DEFAULT_ONLY, node, text=name, argument=argument, allowed=allowed)
            else:
                values[argument] = value
        for argument, value in values.items():
            if value is MUST:
                raise refused(Problem.MISSING, node, text=name, argument=argument)
        try:
            layer = MAKERS[name](values)
        except LayerError as error:
            said = f"{error.setting} = {error.value}"
            raise refused(Problem.VALUE, node, text=said, argument=name, allowed=error.allowed) from None
        return _Module(((layer, name), *((None, each) for each in left_out)))

    # --- nn.Module -------------------------------------------------------------------------------------------

    def _read_class(self, node: ast.ClassDef) -> None:
        methods = _methods(node)
        if "__init__" in methods:
            self._read_init(methods["__init__"], node.name)
        self._read_forward(methods["forward"])

    def _read_init(self, init: ast.FunctionDef, owner: str) -> None:
        for name, value in self._parameters(init, owner).items():
            if value is None:
                self.constants.names.pop(name, None)
            else:
                self.constants.names[name] = self.constants.value(value)
        for line in init.body:
            match line:
                case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id="super"))))):
                    continue
                case ast.Expr(value=ast.Constant() | ast.Call(func=ast.Name(id="print"))):
                    continue
                case ast.Expr(value=ast.Call(func=func)) if "init" in _path(func)[:-1]:
                    continue  # nn.init.xavier_uniform_(...): other values, the same shapes
                case ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"), attr=name)], value=value):
                    if isinstance(value, ast.Constant) or (
                        isinstance(value, ast.Name) and value.id not in self.bound
                    ):
                        continue  # self.classes = classes: no layer
                    self.own[name] = self._module(value)
                case ast.Assign(targets=[ast.Name()]):
                    self._bind(line)
                    self.constants.take(line)
                case _:
                    raise refused(Problem.STATEMENT, line)

    def _parameters(self, init: ast.FunctionDef, owner: str) -> dict[str, ast.expr | None]:
        """What the arguments of ``__init__`` are: their defaults, or what the program's own call gives."""
        positional = [*init.args.posonlyargs, *init.args.args]
        names = [each.arg for each in positional][1:]
        found: dict[str, ast.expr | None] = dict.fromkeys(
            [*names, *(each.arg for each in init.args.kwonlyargs)]
        )
        defaults = init.args.defaults
        for argument, default in zip(positional[len(positional) - len(defaults) :], defaults, strict=True):
            found[argument.arg] = default
        for argument, keyword_default in zip(init.args.kwonlyargs, init.args.kw_defaults, strict=True):
            found[argument.arg] = keyword_default
        for call in ast.walk(self.tree):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == owner:
                found |= zip(names, call.args, strict=False)
                found |= {each.arg: each.value for each in call.keywords if each.arg in found}
        return found

    def _read_forward(self, forward: ast.FunctionDef) -> None:
        if len(forward.args.args) != 2:
            said = f"def forward({ast.unparse(forward.args)})"
            raise refused(Problem.STATEMENT, forward, text=said)
        places = {forward.args.args[1].arg: INPUT}
        for line in forward.body:
            match line:
                case ast.Expr(value=ast.Constant() | ast.Call(func=ast.Name(id="print"))):
                    continue
                case ast.Assign(targets=[ast.Name(id=name)], value=value) if self._is_batch(value, places):
                    self.batches.add(name)
                    places.pop(name, None)
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    places[name] = self._place(value, places)
                    self.batches.discard(name)
                case ast.AugAssign(target=ast.Name(id=name), op=ast.Add(), value=value) if name in places:
                    pair = [places[name], self._place(value, places)]
                    places[name] = self.rows.join(Add(), pair, line.lineno)
                case ast.Return(value=ast.expr() as value):
                    if self._place(value, places) != self.rows.newest:
                        raise refused(Problem.BRANCH, line)
                    return
                case _:
                    raise refused(Problem.STATEMENT, line)
        raise refused(Problem.STATEMENT, forward.body[-1])

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
                return self._applied(name, node, self._place(source, places))
            case ast.Call():
                return self._called(node, places)
        raise refused(Problem.STATEMENT, node)

    def _applied(self, name: str, node: ast.Call, place: int) -> int:
        """``self.name(x)``."""
        if name not in self.own:
            raise refused(Problem.UNKNOWN, node, text=f"self.{name}")
        module = self.own[name]
        has_weights = any(isinstance(layer, Conv | Linear | BatchNorm) for layer, _ in module.layers)
        if name in self.used and has_weights:
            raise refused(Problem.TWICE, node, text=f"self.{name}")
        self.used.add(name)
        return self.rows.apply(module, place, node.lineno)

    def _called(self, node: ast.Call, places: Mapping[str, int]) -> int:
        """A function of torch or of its ``functional``, or a method of a tensor."""
        name, path = _name(node.func), _path(node.func)
        if isinstance(node.func, ast.Call):  # nn.ReLU()(x)
            if len(node.args) != 1:
                raise refused(Problem.STATEMENT, node)
            return self.rows.apply(self._module(node.func), self._place(node.args[0], places), node.lineno)
        if path[:1] and (path[0] in _TORCH or (len(path) == 1 and name in FUNCTIONS)):
            given = list(node.args)
            if name in {"cat", "concat"} and given and isinstance(given[0], ast.List | ast.Tuple):
                return self._joined(node, given[0].elts, given[1:], places)
            if name == "add" and len(given) == 2:
                pair = [self._place(each, places) for each in given]
                return self.rows.join(Add(), pair, node.lineno)
        elif isinstance(node.func, ast.Attribute):
            given = [node.func.value, *node.args]
        else:
            raise refused(Problem.UNKNOWN, node, text=name)
        if not given:
            raise refused(Problem.MISSING, node, text=name, argument="input")
        source, *rest = given
        place = self._place(source, places)
        if name in {"view", "reshape"}:
            return self._reshaped(node, rest, place, places)
        if name not in FUNCTIONS:
            raise refused(Problem.UNKNOWN, node, text=name)
        layer_name, signature = FUNCTIONS[name]
        return self.rows.apply(self._layer(layer_name, signature, node, rest), place, node.lineno)

    def _reshaped(
        self, node: ast.Call, sizes: Sequence[ast.expr], place: int, places: Mapping[str, int]
    ) -> int:
        """``x.view(x.size(0), -1)``, or ``x.view(-1, 400)`` before a linear layer that takes 400."""
        if len(sizes) == 1 and isinstance(sizes[0], ast.Tuple | ast.List):
            sizes = sizes[0].elts
        if len(sizes) != 2:
            raise refused(Problem.FLATTEN, node)
        count = self.constants.value(sizes[1])
        keeps_batch = self._is_batch(sizes[0], places)
        if not keeps_batch and (count == -1 or self.constants.value(sizes[0]) != -1):
            raise refused(Problem.FLATTEN, node)
        if count != -1:
            self.claims.append((len(self.rows.rows), count, node))
        return self.rows.add(StackRow(Flatten()), place, node.lineno)

    def _is_batch(self, node: ast.expr, places: Mapping[str, int]) -> bool:
        """Whether an expression is a tensor's first size: ``x.size(0)``, ``x.shape[0]`` or ``len(x)``."""
        match node:
            case ast.Name(id=name):
                return name in self.batches
            case ast.Call(func=ast.Name(id="len"), args=[ast.Name(id=name)]):
                return name in places
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id=name), attr="size"), args=[ast.Constant(value=0)]
            ):
                return name in places
            case ast.Subscript(
                value=ast.Attribute(value=ast.Name(id=name), attr="shape")
                | ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="size"), args=[]),
                slice=ast.Constant(value=0),
            ):
                return name in places
        return False

    def _joined(
        self, node: ast.Call, parts: Sequence[ast.expr], rest: Sequence[ast.expr], places: Mapping[str, int]
    ) -> int:
        """``torch.cat([a, b], dim=1)``."""
        dims = [*rest, *(each.value for each in node.keywords if each.arg == "dim")]
        if len(dims) != 1 or self.constants.value(dims[0]) != 1:
            raise refused(Problem.DEFAULT_ONLY, node, text="cat", argument="dim", allowed="1")
        return self.rows.join(Concat(), [self._place(part, places) for part in parts], node.lineno)


def _statements(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a program, those under ``if __name__ == "__main__"`` among them."""
    for node in body:
        match node:
            case ast.If(test=ast.Compare(left=ast.Name(id="__name__")), body=inner):
                yield from inner
            case _:
                yield node


def _methods(node: ast.ClassDef) -> dict[str, ast.FunctionDef]:
    return {each.name: each for each in node.body if isinstance(each, ast.FunctionDef)}


def _moved(node: ast.expr) -> ast.expr:
    """What stands before ``.to(device)`` and the like."""
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _MOVES:
        node = node.func.value
    return node


def _target(node: ast.stmt) -> str:
    """``net`` of ``net = ...``."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name
    return ""


def _changes(node: ast.stmt, name: str) -> bool:
    """Whether a statement gives a network other layers: ``net.fc = ...``, ``net[0] = ...``, ``net.append(...)``."""
    for each in ast.walk(node):
        match each:
            case ast.Attribute(ctx=ast.Store()) | ast.Subscript(ctx=ast.Store() | ast.Del()):
                inner: ast.expr = each
            case ast.Call(func=ast.Attribute(value=inner, attr=method)) if method in _CHANGES:
                pass
            case _:
                continue
        while isinstance(inner, ast.Attribute | ast.Subscript):
            inner = inner.value
        if isinstance(inner, ast.Name) and inner.id == name:
            return True
    return False


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


def _channels(rows: Sequence[StackRow]) -> int | None:
    """The channels of the input that the first layer that cares takes; None where none does."""
    for row in rows:
        match row.layer:
            case Conv(in_channels=int() as channels) | BatchNorm(num_features=int() as channels):
                return channels
            case Flatten() | Linear() | Conv():
                break
    return None
