"""Questions about shared memory, bytes and dtypes; answers are the installed PyTorch's."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import torch

from lib.core.quiz.programs import IMPORT_TORCH
from lib.core.quiz.question import Form, Kind, Mistake, Question, known_mistakes
from lib.core.tensors.drawn import Drawn

WRITTEN = 7
DTYPES = ("bool", "uint8", "int16", "int64", "float16", "float32", "float64")
_DERIVED: dict[str, Callable[[torch.Tensor], object]] = {
    "a.view(6)": lambda a: a.view(6),
    "a.t()": lambda a: a.t(),
    "a[0]": lambda a: a[0],
    "a[:, 1]": lambda a: a[:, 1],
    "a.flatten()": lambda a: a.flatten(),
    "a.detach()": lambda a: a.detach(),
    "a.numpy()": lambda a: a.numpy(),
    "a.clone()": lambda a: a.clone(),
    "a[[0]]": lambda a: a[[0]],
    "a + 0": lambda a: a + 0,
    "a.t().reshape(6)": lambda a: a.t().reshape(6),
    "a.to(torch.float64)": lambda a: a.to(torch.float64),
    "torch.tensor(a.numpy())": lambda a: torch.tensor(a.numpy()),
    "torch.from_numpy(a.numpy())": lambda a: torch.from_numpy(a.numpy()),
}
_TYPED: dict[str, Callable[[], torch.Tensor]] = {
    "torch.tensor([1, 2]) / 2": lambda: torch.tensor([1, 2]) / 2,
    "torch.tensor([1, 2]) // 2": lambda: torch.tensor([1, 2]) // 2,
    "torch.tensor([1, 2]) * 2.5": lambda: torch.tensor([1, 2]) * 2.5,
    "torch.tensor([1, 2]) > 1": lambda: torch.tensor([1, 2]) > 1,
    "torch.tensor([1.0, 2.0])": lambda: torch.tensor([1.0, 2.0]),
    "torch.arange(3)": lambda: torch.arange(3),
    "torch.arange(3.0)": lambda: torch.arange(3.0),
    "torch.tensor([True, False]).sum()": lambda: torch.tensor([True, False]).sum(),
    "torch.zeros(2) + torch.zeros(2).double()": lambda: torch.zeros(2) + torch.zeros(2).double(),
    "torch.zeros(2) + torch.tensor(1.0).double()": lambda: torch.zeros(2) + torch.tensor(1.0).double(),
    "torch.zeros(2).half() + torch.zeros(2)": lambda: torch.zeros(2).half() + torch.zeros(2),
    "torch.zeros(2).byte() + torch.zeros(2).short()": lambda: torch.zeros(2).byte() + torch.zeros(2).short(),
    "torch.zeros(2).byte() + 1": lambda: torch.zeros(2).byte() + 1,
}


def shared(rng: Random) -> Question:
    """Whether what is written into one is read in the other."""
    code = rng.choice(list(_DERIVED))
    a = torch.zeros(2, 3)
    b = _DERIVED[code](a)
    count = b.numel() if isinstance(b, torch.Tensor) else a.numel()
    b[...] = WRITTEN  # type: ignore[index]
    answer = str(int(a.sum()))
    return Question(
        Kind.SHARED,
        f"{IMPORT_TORCH}a = torch.zeros(2, 3)\nb = {code}\nb[...] = {WRITTEN}\nprint(int(a.sum()))",
        answer,
        Form.NUMBER,
        {"written": str(WRITTEN), "cells": str(int((a != 0).sum()))},
        "memory",
        {"topic": "sharing"},
        mistakes=known_mistakes(answer, ("0", Mistake.COPIED), (str(WRITTEN * count), Mistake.IS_SHARED)),
        before=(Drawn("a", torch.zeros(2, 3), "input"),),
        after=(Drawn("a_after", a, "input", chosen=(a != 0).reshape(-1).numpy()),),
    )


def nbytes(rng: Random) -> Question:
    """How much room the elements of a tensor take."""
    name = rng.choice(DTYPES)
    shape = rng.choice(((2, 3), (28, 28), (3, 32, 32), (1, 3, 224, 224), (64, 784)))
    x = torch.zeros(shape, dtype=getattr(torch, name), device="meta")
    answer = str(x.nbytes)
    return Question(
        Kind.BYTES,
        f"{IMPORT_TORCH}x = torch.zeros({', '.join(map(str, shape))}, dtype=torch.{name})\nprint(x.nbytes)",
        answer,
        Form.NUMBER,
        {"sizes": " · ".join(map(str, shape)), "dtype": name, "each": str(x.element_size())},
        "memory",
        {"topic": "dtypes"},
        mistakes=known_mistakes(
            answer,
            (str(x.numel()), Mistake.ELEMENTS),
            *((str(x.numel() * each), Mistake.OTHER_ITEM) for each in (2, 4, 8)),
        ),
    )


def dtype(rng: Random) -> Question:
    """What the result's dtype is."""
    code = rng.choice(list(_TYPED))
    answer = str(_TYPED[code]().dtype).removeprefix("torch.")
    wrong = [("float64", Mistake.DOUBLE)]
    if answer.startswith("float") and "[1, 2]" in code:
        wrong.append(("int64", Mistake.STAYS_WHOLE))
    return Question(
        Kind.DTYPE,
        f'{IMPORT_TORCH}x = {code}\nprint(str(x.dtype).removeprefix("torch."))',
        answer,
        Form.OPTION,
        {"code": code},
        "memory",
        {"topic": "dtypes"},
        options=DTYPES,
        mistakes=known_mistakes(answer, *wrong),
    )
