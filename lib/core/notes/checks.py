"""The checks: each computes what a sentence of the notes would give, and what the installed PyTorch gives.

Arguments are what the page's controls say; every number of a result is torch's own, or the notes' rule worked out.
``programs`` has the same checks as text, and a test runs each against these.
"""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Mapping
from functools import lru_cache
from math import prod
from types import MappingProxyType
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import nn

from lib.core.conv.drawn import reads_of
from lib.core.conv.layer import Axis, Layer, LayerKind
from lib.core.notes.note import (
    SCORES,
    SQUEEZED_SHAPE,
    TABLE_SHAPE,
    Found,
    Note,
    PaddingWord,
    Verdict,
    Way,
)
from lib.core.tensors.drawn import Drawn


@lru_cache(maxsize=512)
def check(note: Note, *values: Any) -> Found:
    """What a sentence gives and what PyTorch does, with these values: the arguments of the check, in their order.

    >>> check(Note.FLOOR, 8, 3, 0, 2, 1).printed.splitlines()
    ['notes:   3.5', 'PyTorch: 3']
    """
    return _CHECKS[note](*values)


def arguments(note: Note) -> tuple[str, ...]:
    """The names of what a check takes.

    >>> arguments(Note.FLOOR), arguments(Note.PARALLEL)
    (('size', 'kernel', 'padding', 'stride', 'dilation'), ())
    """
    return tuple(inspect.signature(_CHECKS[note]).parameters)


def _said(call: Callable[[], object]) -> str:
    """What a call returns, or how it is refused: the first line."""
    try:
        return str(call())
    except Exception as error:
        return f"{type(error).__name__}: {error}".splitlines()[0]


def _verdict(notes: str, pytorch: str) -> Verdict:
    if notes == pytorch:
        return Verdict.SAME
    return Verdict.REFUSED if "Error: " in pytorch else Verdict.DIFFERS


def _floor(size: int, kernel: int, padding: int, stride: int, dilation: int) -> Found:
    notes = (size - kernel + 2 * padding) / stride + 1
    axis = Axis(size, kernel, stride, padding, dilation)

    def made() -> int:
        conv = nn.Conv2d(1, 1, kernel, stride, padding, dilation)
        return int(conv(torch.zeros(1, 1, size, size)).shape[-1])

    pytorch = _said(made)
    cells = reads_of(Layer(LayerKind.CONV2D, axis, axis))
    return Found(f"{notes:g}", pytorch, _verdict(f"{notes:g}", pytorch), (cells,))


def _padded(size: int, kernel: int, padding: int) -> Found:
    conv = nn.Conv2d(1, 1, kernel, padding=padding, bias=False)
    nn.init.ones_(conv.weight)
    x = torch.ones(1, 1, size, size)
    with torch.no_grad():
        y = conv(x)
        edge = F.pad(F.conv2d(x, conv.weight), (padding,) * 4)
    ring = np.pad(
        np.zeros(tuple(side - 2 * padding for side in edge.shape[2:]), bool), padding, constant_values=True
    )
    return Found(
        str(edge[0, 0, 0].tolist()),
        str(y[0, 0, 0].tolist()),
        Verdict.SAME if torch.equal(edge, y) else Verdict.DIFFERS,
        (
            Drawn("padded_output", edge[0, 0], "output", padding=ring.ravel()),
            Drawn("pytorch_output", y[0, 0], "output"),
        ),
    )


def _field(layers: int, kernel: int, stride: int, dilation: int) -> Found:
    convs = [nn.Conv1d(1, 1, kernel, stride, dilation=dilation, bias=False) for _ in range(layers)]
    for conv in convs:
        nn.init.ones_(conv.weight)
    reach, jump = 1, 1
    for _ in convs:
        reach, jump = reach + dilation * (kernel - 1) * jump, jump * stride
    x = torch.ones(1, 1, reach + 4, requires_grad=True)
    y = nn.Sequential(*convs)(x)
    y[0, 0, 0].backward()
    assert x.grad is not None
    seen = x.grad[0, 0] != 0
    first, last = seen.nonzero()[[0, -1], 0].tolist()
    size = last - first + 1
    return Found(
        str(kernel),
        str(size),
        _verdict(str(kernel), str(size)),
        (Drawn("gradient", x.grad[0, 0].long(), "input", faded=(~seen).numpy(), chosen=seen.numpy()),),
    )


def _channels(channels: int) -> Found:
    call: Any = nn.Conv2d
    pytorch = _said(lambda: call(channels, kernel_size=3).weight.shape)
    return Found(str([channels, channels, 3, 3]), pytorch, Verdict.REFUSED)


def _pair(above: int, left: int) -> Found:
    conv = nn.Conv2d(1, 1, 1, padding=(above, left), bias=False)
    nn.init.ones_(conv.weight)
    with torch.no_grad():
        y = conv(torch.ones(1, 1, 3, 4))[0, 0]
    notes = [3 + 2 * left, 4 + 2 * above]
    return Found(
        str(notes),
        str(list(y.shape)),
        _verdict(str(notes), str(list(y.shape))),
        (Drawn(f"padding=({above}, {left})", y.long(), "input", padding=(y == 0).numpy().ravel()),),
    )


def _mode(mode: PaddingWord, padding: int) -> Found:
    make: Any = nn.Conv1d

    def padded() -> torch.Tensor:
        conv = make(1, 1, 1, padding=padding, padding_mode=str(mode), bias=False)
        nn.init.ones_(conv.weight)
        with torch.no_grad():
            row: torch.Tensor = conv(torch.arange(1.0, 6.0).reshape(1, 1, 5))
        return row[0, 0].long()

    try:
        row = padded()
    except ValueError:  # its message names the modes in an order of its own each time
        return Found("ValueError", "ValueError", Verdict.SAME)
    edge = np.ones(len(row), bool)
    edge[padding : padding + 5] = False
    pytorch = str(row.tolist())
    notes = "ValueError" if mode is PaddingWord.CIRCULAR else pytorch
    picture = Drawn(f"padding_mode={str(mode)!r}", row, "input", padding=edge)
    return Found(notes, pytorch, _verdict(notes, pytorch), (picture,))


def _groups(inputs: int, outputs: int, groups: int) -> Found:
    may = groups == inputs == outputs

    def made() -> nn.Conv2d:
        return nn.Conv2d(inputs, outputs, 1, groups=groups, bias=False)

    pytorch = _said(lambda: list(made().weight.shape))
    pictures: tuple[Drawn, ...] = ()
    if pytorch.startswith("["):
        conv = made()
        nn.init.ones_(conv.weight)
        with torch.no_grad():
            joined = conv(torch.eye(inputs)[..., None, None])[..., 0, 0].T.long()
        pictures = (Drawn("joined", joined, "weight", faded=(joined == 0).numpy().ravel()),)
    notes = str([outputs, inputs // groups, 1, 1]) if may else "ValueError"
    is_same = may == bool(pictures)
    return Found(notes, pytorch, Verdict.SAME if is_same else Verdict.DIFFERS, pictures)


def _squeeze(dim: int) -> Found:
    x = torch.arange(prod(SQUEEZED_SHAPE)).reshape(SQUEEZED_SHAPE)
    notes = [size for axis, size in enumerate(SQUEEZED_SHAPE) if axis != dim]
    y = x.squeeze(dim)
    every = x.squeeze()
    return Found(
        str(notes),
        f"{list(y.shape)} {list(every.shape)}",
        _verdict(str(notes), str(list(y.shape))),
        (
            Drawn("x", x, "input"),
            Drawn(f"x.squeeze({dim})", y, "output"),
            Drawn("x.squeeze()", every, "output"),
        ),
    )


def _cat(dim: int, rows: int, columns: int) -> Found:
    a = torch.arange(6).reshape(2, 3)
    b = torch.arange(10, 10 + rows * columns).reshape(rows, columns)
    notes = _said(lambda: list(torch.cat((a, b)).shape))
    pytorch = _said(lambda: list(torch.cat((a, b), dim=dim).shape))
    pictures = [Drawn("a", a, "input"), Drawn("b", b, "input")]
    if pytorch.startswith("["):
        pictures.append(Drawn(f"torch.cat((a, b), dim={dim})", torch.cat((a, b), dim=dim), "output"))
    return Found(notes, pytorch, _verdict(notes, pytorch), tuple(pictures))


def _shared(way: Way) -> Found:
    changed = np.array([True, False, False])

    def both() -> tuple[torch.Tensor, NDArray[np.float32]]:
        if way in (Way.NUMPY, Way.GRAD):
            x = torch.zeros(3, requires_grad=way is Way.GRAD)
            return x, x.numpy()
        array = np.zeros(3, np.float32)
        return (torch.from_numpy(array) if way is Way.FROM_NUMPY else torch.tensor(array)), array

    try:
        x, array = both()
    except RuntimeError as error:
        return Found("7.0", f"RuntimeError: {error}".splitlines()[0], Verdict.REFUSED)
    array[0] = 7
    return Found(
        "7.0",
        str(x[0].item()),
        _verdict("7.0", str(x[0].item())),
        (
            Drawn("array", torch.from_numpy(array.copy()), "input", chosen=changed),
            Drawn("tensor", x.clone(), "output", chosen=changed if x[0].item() == 7 else None),
        ),
    )


def _embedding(row: int) -> Found:
    rows, width = TABLE_SHAPE
    table = nn.Embedding(rows, width)
    with torch.no_grad():
        table.weight.copy_(torch.arange(1.0, 1 + rows * width).reshape(TABLE_SHAPE))
    looked = table(torch.tensor([row]))
    product = F.one_hot(torch.tensor([row]), rows).float() @ table.weight
    chosen = np.zeros(TABLE_SHAPE, bool)
    chosen[row] = True
    names = [type(made.grad_fn).__name__ for made in (product, looked)]
    return Found(
        names[0],
        f"{names[1]} {torch.equal(looked, product)}",
        Verdict.DIFFERS,
        pictures=(
            Drawn("table.weight", table.weight.detach().clone(), "weight", chosen=chosen.ravel()),
            Drawn("looked_up", looked.detach().clone(), "output"),
        ),
    )


def _walk(
    optimizer: Callable[[list[nn.Parameter]], torch.optim.Optimizer], steps: int, *, start: float = 0.0
) -> list[float]:
    """Where a single weight is after each step, with a gradient of 1 in all of them."""
    weight = nn.Parameter(torch.tensor(start, dtype=torch.float64))
    steps_of = optimizer([weight])
    places = []
    for _ in range(steps):
        weight.grad = torch.ones_like(weight)
        steps_of.step()
        places.append(weight.item())
    return places


def _adam(steps: int, lr: float) -> Found:
    pytorch = _walk(lambda weights: torch.optim.Adam(weights, lr=lr), steps)
    place, total, momentum, notes = 0.0, 0.0, 0.0, []
    for _ in range(steps):
        total += 1.0**2
        momentum = 0.9 * momentum + 0.1 * 1.0
        place -= lr * momentum / total**0.5
        notes.append(place)
    return Found(
        f"{notes[-1]:.4g}",
        f"{pytorch[-1]:.4g}",
        _verdict(f"{notes[-1]:.4g}", f"{pytorch[-1]:.4g}"),
        curves={"notes": _lengths(notes), "pytorch": _lengths(pytorch)},
    )


def _lengths(places: list[float]) -> tuple[float, ...]:
    return tuple(abs(b - a) for a, b in zip([0.0, *places], places, strict=False))


def _adamw(steps: int, lr: float, decay: float) -> Found:
    adam = _walk(lambda weights: torch.optim.Adam(weights, lr=lr, weight_decay=decay), steps, start=1.0)
    adamw = _walk(lambda weights: torch.optim.AdamW(weights, lr=lr, weight_decay=decay), steps, start=1.0)
    return Found(
        f"{adam[-1]:.4g}",
        f"{adamw[-1]:.4g}",
        _verdict(f"{adam[-1]:.4g}", f"{adamw[-1]:.4g}"),
        curves={
            "notes": tuple(abs(place - 1.0) for place in adam),
            "pytorch": tuple(abs(place - 1.0) for place in adamw),
        },
    )


def _argmax(dim: int) -> Found:
    find: Any = torch.argmax
    tensor = torch.tensor(SCORES)
    places = tensor.argmax(dim=dim)
    winners = np.zeros(tensor.shape, bool)
    for at, place in enumerate(places.tolist()):
        winners[(place, at) if dim == 0 else (at, place)] = True
    return Found(
        str(places),
        _said(lambda: find(SCORES, dim=dim)),
        Verdict.REFUSED,
        pictures=(
            Drawn("torch.tensor(scores)", tensor, "input", chosen=winners.ravel()),
            Drawn(f"torch.tensor(scores).argmax(dim={dim})", places, "output"),
        ),
    )


def _pretrained() -> Found:
    from lib.core.torchvision_compat import import_torchvision

    import_torchvision()
    from torchvision.models import resnet18

    with warnings.catch_warnings(record=True) as caught, torch.device("meta"):
        warnings.simplefilter("always")
        resnet18(pretrained=False)
    return Found("None", str(caught[0].message), Verdict.UNUSUAL)


def _rates(old: float, new: float) -> Found:
    features, head = nn.Linear(4, 4), nn.Linear(4, 2)
    adam = torch.optim.Adam(
        [{"params": features.parameters(), "lr": old}, {"params": head.parameters(), "lr": new}]
    )
    taken = [group["lr"] for group in adam.param_groups]
    return Found("[0.01, 0.001]", str(taken), Verdict.UNUSUAL if old > new else Verdict.DIFFERS)


def _parallel() -> Found:
    words = " ".join((nn.DataParallel.__doc__ or "").split())
    advice = words[words.index("It is recommended") :].partition(". ")[0]
    return Found("nn.DataParallel", advice.replace(":class:`~", "").replace("`", ""), Verdict.UNUSUAL)


_CHECKS: Mapping[Note, Callable[..., Found]] = MappingProxyType(
    {
        Note.FLOOR: _floor,
        Note.PADDED: _padded,
        Note.FIELD: _field,
        Note.CHANNELS: _channels,
        Note.PAIR: _pair,
        Note.MODE: _mode,
        Note.GROUPS: _groups,
        Note.SQUEEZE: _squeeze,
        Note.CAT: _cat,
        Note.SHARED: _shared,
        Note.EMBEDDING: _embedding,
        Note.ADAM: _adam,
        Note.ADAMW: _adamw,
        Note.ARGMAX: _argmax,
        Note.PRETRAINED: _pretrained,
        Note.RATES: _rates,
        Note.PARALLEL: _parallel,
    }
)
