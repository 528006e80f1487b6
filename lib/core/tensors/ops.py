"""Joining and reshaping, one step after another, with every element followed to where it lands.

A step is data (``Step``); torch runs it. Sizes are checked before anything is allocated.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lib.core.tensors.errors import (
    TORCH_RAISES,
    Problem,
    TensorInputError,
    TorchError,
    check_dims,
    check_elements,
    commented,
)
from lib.core.tensors.parse import not_allowed, shorten, syntax_tree, whole_of
from lib.core.tensors.trace import Traced, same_layers, shares_storage

if TYPE_CHECKING:
    import torch

MAX_STEPS = 8
MAX_ARGUMENT = 10**9


class StepKind(StrEnum):
    """An operation, named as in torch. Values stand in addresses."""

    STACK = "stack"
    CAT = "cat"
    SQUEEZE = "squeeze"
    UNSQUEEZE = "unsqueeze"
    RESHAPE = "reshape"
    VIEW = "view"
    FLATTEN = "flatten"
    TRANSPOSE = "transpose"
    T = "t"
    PERMUTE = "permute"
    EXPAND = "expand"
    ADD = "add"
    REPEAT = "repeat"
    CHUNK = "chunk"
    SPLIT = "split"
    CONTIGUOUS = "contiguous"


class Role(StrEnum):
    """What an argument is: decides its control and its legal range."""

    DIM = "dim"
    NEW_DIM = "new_dim"
    OPTIONAL_DIM = "optional_dim"
    """One axis, several as a tuple, or None."""
    SIZES = "sizes"
    ORDER = "order"
    COUNT = "count"


class Parameter(NamedTuple):
    """An argument of a step: its name in torch, its role and its default."""

    name: str
    role: Role
    default: int | tuple[int, ...] | None


PARAMETERS: dict[StepKind, tuple[Parameter, ...]] = {
    StepKind.STACK: (Parameter("dim", Role.NEW_DIM, 0),),
    StepKind.CAT: (Parameter("dim", Role.DIM, 0),),
    StepKind.SQUEEZE: (Parameter("dim", Role.OPTIONAL_DIM, None),),
    StepKind.UNSQUEEZE: (Parameter("dim", Role.NEW_DIM, 0),),
    StepKind.RESHAPE: (Parameter("shape", Role.SIZES, (-1,)),),
    StepKind.VIEW: (Parameter("shape", Role.SIZES, (-1,)),),
    StepKind.FLATTEN: (Parameter("start_dim", Role.DIM, 0), Parameter("end_dim", Role.DIM, -1)),
    StepKind.TRANSPOSE: (Parameter("dim0", Role.DIM, 0), Parameter("dim1", Role.DIM, 1)),
    StepKind.T: (),
    StepKind.PERMUTE: (Parameter("dims", Role.ORDER, (1, 0)),),
    StepKind.EXPAND: (Parameter("sizes", Role.SIZES, (2, -1, -1)),),
    StepKind.ADD: (),
    StepKind.REPEAT: (Parameter("repeats", Role.SIZES, (2, 1)),),
    StepKind.CHUNK: (Parameter("chunks", Role.COUNT, 2), Parameter("dim", Role.DIM, 0)),
    StepKind.SPLIT: (Parameter("split_size", Role.COUNT, 1), Parameter("dim", Role.DIM, 0)),
    StepKind.CONTIGUOUS: (),
}
JOINS = frozenset({StepKind.STACK, StepKind.CAT, StepKind.ADD})
"""Steps that take the second tensor too."""
PIECES = frozenset({StepKind.CHUNK, StepKind.SPLIT})
"""Steps that give several tensors, of which the pipeline goes on with one."""

Argument = int | tuple[int, ...] | None
_TYPES: dict[Role, tuple[type, ...]] = {
    Role.DIM: (int,),
    Role.NEW_DIM: (int,),
    Role.OPTIONAL_DIM: (int, tuple, type(None)),
    Role.SIZES: (tuple,),
    Role.ORDER: (tuple,),
    Role.COUNT: (int,),
}
_TYPE_NAMES: dict[type, str] = {int: "int", tuple: "(int, …)", type(None): "None"}


@dataclass(frozen=True)
class Step:
    """One operation with its arguments, ordered as in ``PARAMETERS``; ``piece`` picks one of several results.

    >>> Step(StepKind.TRANSPOSE, (0, -1)).text
    'transpose(0, -1)'
    """

    kind: StepKind
    arguments: tuple[Argument, ...] = ()
    piece: int = 0

    def __post_init__(self) -> None:
        parameters = PARAMETERS[self.kind]
        if len(self.arguments) != len(parameters):
            allowed = ", ".join(parameter.name for parameter in parameters) or "()"
            details = {"name": str(self.kind), "value": str(self.arguments), "allowed": allowed}
            raise TensorInputError(Problem.BAD_VALUE, details)
        for parameter, given in zip(parameters, self.arguments, strict=True):
            if not isinstance(given, _TYPES[parameter.role]):
                named = " | ".join(_TYPE_NAMES[each] for each in _TYPES[parameter.role])
                details = {
                    "name": f"{self.kind} {parameter.name}",
                    "value": shorten(str(given)),
                    "allowed": named,
                }
                raise TensorInputError(Problem.BAD_VALUE, details)
        for argument in (*self.arguments, self.piece):
            numbers = argument if isinstance(argument, tuple) else (argument or 0,)
            for number in numbers:
                if abs(number) > MAX_ARGUMENT:
                    details = {"name": str(self.kind), "value": str(number), "allowed": f"±{MAX_ARGUMENT}"}
                    raise TensorInputError(Problem.BAD_VALUE, details)

    @property
    def text(self) -> str:
        """How the step is written in an address; :func:`parse_step` reads it."""
        arguments = [_argument_text(argument) for argument in self.arguments if argument is not None]
        if self.kind in PIECES and self.piece:
            arguments.append(f"piece={self.piece}")
        return f"{self.kind}({', '.join(arguments)})"

    def code(self, name: str, other: str) -> str:
        """The step as a Python expression on ``name`` (and ``other``, for the joining ones).

        >>> Step(StepKind.CAT, (0,)).code("x", "b")
        'torch.cat((x, b), dim=0)'
        """
        arguments = ", ".join(_code_arguments(self))
        if self.kind is StepKind.ADD:
            return f"{name} + {other}"
        if self.kind in JOINS:
            return f"torch.{self.kind}(({name}, {other}), {arguments})"
        return f"{name}.{self.kind}({arguments})" + (f"[{self.piece}]" if self.kind in PIECES else "")

    def with_argument(self, index: int, value: Argument) -> Step:
        """The same step with one argument changed."""
        changed = (*self.arguments[:index], value, *self.arguments[index + 1 :])
        return Step(self.kind, changed, self.piece)


def _argument_text(argument: int | tuple[int, ...]) -> str:
    return repr(argument) if isinstance(argument, tuple) else str(argument)


def _code_arguments(step: Step) -> list[str]:
    written = []
    for parameter, argument in zip(PARAMETERS[step.kind], step.arguments, strict=True):
        if isinstance(argument, tuple):
            in_brackets = not argument or parameter.role is Role.OPTIONAL_DIM
            written.append(str(argument) if in_brackets else ", ".join(map(str, argument)))
        elif argument is not None:
            plain = parameter.name in {"chunks", "split_size", "dim0", "dim1", "start_dim", "end_dim"}
            written.append(str(argument) if plain else f"{parameter.name}={argument}")
    return written


def default_step(kind: StepKind, shape: tuple[int, ...]) -> Step:
    """A step of that kind that is legal for a tensor of that shape wherever one is.

    >>> default_step(StepKind.PERMUTE, (2, 3, 4)).text
    'permute((2, 1, 0))'
    """
    ndim = len(shape)
    arguments = [parameter.default for parameter in PARAMETERS[kind]]
    if kind is StepKind.PERMUTE:
        arguments = [tuple(reversed(range(ndim)))]
    elif kind is StepKind.EXPAND:
        arguments = [(2, *shape)]
    elif kind is StepKind.REPEAT:
        arguments = [(*(1,) * max(ndim - 1, 0), 2)]
    elif kind in {StepKind.RESHAPE, StepKind.VIEW}:
        arguments = [(math.prod(shape),)]
    elif kind is StepKind.TRANSPOSE and ndim < 2:
        arguments = [0, 0]
    return Step(kind, tuple(arguments))


def parse_step(text: str) -> Step:
    """A step as written in an address.

    >>> parse_step("permute((1, 0))") == parse_step("permute(1, 0)")
    True

    Raises: TensorInputError.
    """
    node = syntax_tree(text)
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        raise not_allowed(node)
    if node.func.id not in set(StepKind):
        known = ", ".join(StepKind)
        raise TensorInputError(Problem.UNKNOWN_NAME, {"name": shorten(node.func.id), "known": known})
    kind = StepKind(node.func.id)
    parameters = PARAMETERS[kind]
    values: list[Argument] = [_argument(argument) for argument in node.args]
    if len(parameters) == 1 and parameters[0].role in {Role.SIZES, Role.ORDER}:
        values = [tuple(_flat(values))]
    piece = 0
    for keyword in node.keywords:
        if keyword.arg == "piece" and kind in PIECES:
            piece = max(0, whole_of(keyword.value))
        elif keyword.arg in {parameter.name for parameter in parameters[len(values) :]}:
            values.append(_argument(keyword.value))
        else:
            raise not_allowed(node)
    values += [parameter.default for parameter in parameters[len(values) :]]
    return Step(kind, tuple(values), piece)


def _argument(node: ast.expr) -> Argument:
    if isinstance(node, ast.Tuple | ast.List):
        return tuple(whole_of(part) for part in node.elts)
    return whole_of(node)


def _flat(values: Sequence[Argument]) -> list[int]:
    flat: list[int] = []
    for value in values:
        flat += list(value) if isinstance(value, tuple) else [value or 0]
    return flat


def parse_steps(text: str) -> tuple[Step, ...]:
    """A pipeline as written in an address: steps separated by semicolons.

    >>> [step.kind.value for step in parse_steps("stack(0); t()")]
    ['stack', 't']

    Raises: TensorInputError.
    """
    parts = [part for part in text.split(";") if part.strip()]
    if len(parts) > MAX_STEPS:
        details: dict[str, str | int] = {"name": "steps", "value": len(parts), "allowed": f"0–{MAX_STEPS}"}
        raise TensorInputError(Problem.BAD_VALUE, details)
    return tuple(parse_step(part) for part in parts)


def steps_text(steps: Sequence[Step]) -> str:
    """The inverse of :func:`parse_steps`."""
    return ";".join(step.text for step in steps)


def legal_range(role: Role, ndim: int) -> tuple[int, int]:
    """Lowest and highest legal ``dim`` of a tensor with that many axes, as torch counts (0-D as 1-D).

    >>> legal_range(Role.NEW_DIM, 2), legal_range(Role.DIM, 2), legal_range(Role.DIM, 0)
    ((-3, 2), (-2, 1), (-1, 0))
    """
    axes = ndim + 1 if role is Role.NEW_DIM else max(ndim, 1)
    return -axes, axes - 1


def result_elements(step: Step, shape: tuple[int, ...], other: tuple[int, ...]) -> int:
    """Elements the step will make, or 0 where torch will refuse it: an upper bound, before it allocates.

    >>> result_elements(Step(StepKind.REPEAT, ((100, 100),)), (3, 4), ())
    120000
    """
    count = math.prod(shape)
    if step.kind in {StepKind.STACK, StepKind.CAT}:
        return count + math.prod(other)
    if step.kind is StepKind.ADD:
        together = broadcast_sizes(shape, other)
        return 0 if together is None else math.prod(together)
    sizes = step.arguments[0] if step.arguments and isinstance(step.arguments[0], tuple) else ()
    if step.kind is StepKind.REPEAT:
        return count * math.prod(max(size, 0) for size in sizes) if len(sizes) >= len(shape) else 0
    if step.kind is StepKind.EXPAND:
        if len(sizes) < len(shape):
            return 0
        padded = (*(1,) * (len(sizes) - len(shape)), *shape)
        pairs = list(zip(sizes, padded, strict=True))
        legal = all(size in {-1, old} or old == 1 for size, old in pairs)
        return math.prod(old if size < 0 else size for size, old in pairs) if legal else 0
    return count


def broadcast_sizes(*shapes: tuple[int, ...]) -> tuple[int, ...] | None:
    """The shape that shapes broadcast to; None where they clash.

    >>> broadcast_sizes((3, 1), (4,)), broadcast_sizes((3,), (4,))
    ((3, 4), None)
    """
    try:
        return np.broadcast_shapes(*shapes)
    except ValueError:
        return None


def run_step(step: Step, traced: Traced, other: Traced) -> list[Traced]:
    """Run a step on a traced tensor; ``other`` is the second tensor of the joining steps.

    Raises: TensorInputError above MAX_ELEMENTS or MAX_RESULT_DIMS, before anything is allocated, and for
    negative sizes; whatever torch raises.
    """
    check_elements(result_elements(step, traced.shape, other.shape))
    takes_sizes = any(parameter.role is Role.SIZES for parameter in PARAMETERS[step.kind])
    sizes = step.arguments[0] if takes_sizes and isinstance(step.arguments[0], tuple) else ()
    grown = len(traced.shape) + (step.kind in {StepKind.STACK, StepKind.UNSQUEEZE})
    check_dims(max(len(sizes), grown))
    if step.kind is StepKind.ADD:
        return [_add(traced, other)]
    if step.kind in JOINS:
        return [_join(step, *same_layers([traced, other]))]
    if step.kind in PIECES:
        return _pieces(step, traced)
    made = traced.apply(_SINGLE[step.kind](step))
    if min(made.shape, default=0) < 0:  # torch 2.13: zeros(1, 0).expand(-2, 0) is of size (-2, 0)
        raise TensorInputError(Problem.NEGATIVE_SIZE, {"size": min(made.shape)})
    return [made]


def _add(left: Traced, right: Traced) -> Traced:
    import torch

    values = left.values + right.values
    layers = []
    for layer in (*left.layers, *right.layers):
        placed = torch.empty_strided(values.shape, values.stride(), dtype=torch.int64)
        layers.append(placed.copy_(layer.expand(values.shape)))
    return Traced(values, tuple(layers))


def _join(step: Step, left: Traced, right: Traced) -> Traced:
    import torch

    function = torch.stack if step.kind is StepKind.STACK else torch.cat
    dim = step.arguments[0]
    assert isinstance(dim, int)
    values = function((left.values, right.values), dim=dim)
    pairs = zip(left.layers, right.layers, strict=True)
    return Traced(values, tuple(function(pair, dim=dim) for pair in pairs))


def _pieces(step: Step, traced: Traced) -> list[Traced]:
    size, dim = step.arguments
    if step.kind is StepKind.CHUNK:
        _refuse_many(size, traced.shape, dim, per_piece=False)
    else:
        _refuse_many(size, traced.shape, dim, per_piece=True)
    parts = [getattr(tensor, step.kind)(size, dim) for tensor in (traced.values, *traced.layers)]
    return [Traced(values, tuple(layers)) for values, *layers in zip(*parts, strict=True)]


def _refuse_many(size: Argument, shape: tuple[int, ...], dim: Argument, *, per_piece: bool) -> None:
    """An axis of 10,000 elements cut into single ones is 10,000 tensors: no screen shows them."""
    if not isinstance(size, int) or not isinstance(dim, int) or not -len(shape) <= dim < len(shape):
        return
    pieces = -(-shape[dim] // size) if per_piece and size > 0 else min(size, shape[dim])
    if pieces > MAX_PIECES:
        details = {"name": "split" if per_piece else "chunk", "value": pieces, "allowed": f"≤ {MAX_PIECES}"}
        raise TensorInputError(Problem.BAD_VALUE, details)


MAX_PIECES = 64

_Unary = Callable[["torch.Tensor"], "torch.Tensor"]


def _method(name: str) -> Callable[[Step], _Unary]:
    def bind(step: Step) -> _Unary:
        arguments = [argument for argument in step.arguments if argument is not None]

        def call(tensor: torch.Tensor) -> torch.Tensor:
            result: torch.Tensor = getattr(tensor, name)(*arguments)
            return result

        return call

    return bind


_SINGLE: dict[StepKind, Callable[[Step], _Unary]] = {
    kind: _method(str(kind)) for kind in StepKind if kind not in JOINS | PIECES
}


@dataclass(frozen=True)
class Outcome:
    """What became of one step: its results and the one the pipeline goes on with, or why it failed.

    ``before`` is the tensor that went in. One of ``results``, ``error`` and ``problem`` says something.
    """

    step: Step
    before: Traced
    results: tuple[Traced, ...] = ()
    error: TorchError | None = None
    problem: TensorInputError | None = None

    @property
    def after(self) -> Traced | None:
        """The tensor that the next step gets; None where the step failed."""
        return self.results[self.step.piece] if self.results else None

    @property
    def shares(self) -> bool:
        """Whether the result is a view of the tensor that went in."""
        return self.after is not None and shares_storage(self.before.values, self.after.values)


def try_step(step: Step, traced: Traced, other: Traced) -> Outcome:
    """Run a step and say what came of it; raises nothing that a learner's input can cause."""
    try:
        results = tuple(run_step(step, traced, other))
        # Of fewer pieces than were asked for, the last one; the code says so too.
        return Outcome(replace(step, piece=min(step.piece, len(results) - 1)), traced, results)
    except TensorInputError as problem:
        return Outcome(step, traced, problem=problem)
    except TORCH_RAISES as error:
        return Outcome(step, traced, error=TorchError.of(error))


def run_pipeline(steps: Sequence[Step], first: Traced, other: Traced) -> list[Outcome]:
    """The outcomes of the steps in order; the list ends with the first step that fails.

    >>> import torch
    >>> from lib.core.tensors.trace import number_elements
    >>> a, b = number_elements([torch.tensor([1, 2, 3]), torch.tensor([3, 2, 1])])
    >>> [outcome.after.shape for outcome in run_pipeline(parse_steps("stack(0);t()"), a, b)]
    [(2, 3), (3, 2)]
    """
    outcomes: list[Outcome] = []
    traced = first
    for step in steps:
        outcome = try_step(step, traced, other)
        outcomes.append(outcome)
        if outcome.after is None:
            break
        traced = outcome.after
    return outcomes


def pipeline_code(steps: Sequence[Step], first: str, other: str, refused: object = None) -> str:
    """Python lines of a pipeline: the input's lines, the second tensor's if a step needs it, then each step.

    Where the last step is refused, ``refused`` says why, and the line stands there as a comment.

    >>> print(pipeline_code(parse_steps("stack(0)"), "a = torch.ones(2)", "b = torch.zeros(2)"))
    import torch
    <BLANKLINE>
    a = torch.ones(2)
    b = torch.zeros(2)
    x = torch.stack((a, b), dim=0)
    print(x.shape)
    """
    lines = ["import torch", "", first]
    if any(step.kind in JOINS for step in steps):
        lines.append(other)
    name = "a"
    for index, step in enumerate(steps):
        line = f"x = {step.code(name, 'b')}"
        if refused is not None and index == len(steps) - 1:
            lines.append(commented(line, refused))
            break
        lines.append(line)
        name = "x"
    return "\n".join([*lines, f"print({name}.shape)"])
