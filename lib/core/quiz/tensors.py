"""Questions about shapes, joining, broadcasting and indexing; answers are the installed PyTorch's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

import numpy as np
import torch
from numpy.typing import NDArray

from lib.core.quiz.programs import IMPORT_NN, IMPORT_TORCH
from lib.core.quiz.question import ERROR, Form, Kind, Mistake, Question, known_mistakes
from lib.core.tensors.drawn import Drawn

Change = Callable[[torch.Tensor], torch.Tensor]
Index = tuple[int | slice, int | slice]


def _shape(tensor: torch.Tensor) -> str:
    return str(list(tensor.shape))


def _numbered(tensor: torch.Tensor, first: int = 0) -> torch.Tensor:
    """Its elements' numbers, in its shape."""
    return torch.arange(first, first + tensor.numel()).reshape(tensor.shape)


def _sources(numbers: torch.Tensor) -> NDArray[np.int32]:
    return numbers.reshape(-1).numpy().astype(np.int32)


def squeezed(rng: Random) -> Question:
    """What is left of a shape."""
    sizes = [1, 1, rng.randint(2, 4), rng.randint(2, 3)]
    rng.shuffle(sizes)
    x = _numbered(torch.zeros(sizes))
    dim = rng.randrange(4)
    place = rng.randrange(3)
    ways: list[tuple[str, Change]] = [
        (f"squeeze({dim})", lambda t: t.squeeze(dim)),
        ("squeeze()", lambda t: t.squeeze()),
        (f"squeeze().unsqueeze({place})", lambda t: t.squeeze().unsqueeze(place)),
    ]
    code, change = rng.choice(ways)
    result = change(x)
    answer = _shape(result)
    dropped = str(sizes[:dim] + sizes[dim + 1 :])
    wrong = [(_shape(x), Mistake.UNCHANGED)]
    if code == f"squeeze({dim})":
        wrong = [(_shape(x.squeeze()), Mistake.ALL_REMOVED), (dropped, Mistake.ANY_REMOVED)]
    return Question(
        Kind.SQUEEZED,
        f"{IMPORT_TORCH}x = torch.arange({x.numel()}).reshape({', '.join(map(str, sizes))})\n"
        f"print(list(x.{code}.shape))",
        answer,
        Form.LIST,
        {"code": code, "shape": _shape(x)},
        "shapes",
        {"a": ", ".join(map(str, sizes)), "steps": code.replace(").", ");")},
        mistakes=known_mistakes(answer, *wrong),
        before=(Drawn("x", x, "element", sources=_sources(x)),),
        after=(Drawn(f"x.{code}", result, "element", sources=_sources(result)),),
    )


def joined(rng: Random) -> Question:
    """The shape of what ``cat`` or ``stack`` makes of two tensors."""
    rows, columns = rng.sample(range(2, 5), 2)
    a = _numbered(torch.zeros(rows, columns))
    b = _numbered(a, a.numel())
    name = rng.choice(("cat", "stack"))
    dim = rng.randrange(2 if name == "cat" else 3)
    join = {"cat": torch.cat, "stack": torch.stack}
    result = join[name]((a, b), dim)
    answer = _shape(result)
    other = "stack" if name == "cat" else "cat"
    dims = range(2 if name == "cat" else 3)
    return Question(
        Kind.JOINED,
        f"{IMPORT_TORCH}a = torch.arange({a.numel()}).reshape({rows}, {columns})\nb = a + {a.numel()}\n"
        f"print(list(torch.{name}((a, b), dim={dim}).shape))",
        answer,
        Form.LIST,
        {"name": name, "dim": str(dim)},
        "shapes",
        {"a": f"{rows}, {columns}", "b": f"{rows}, {columns}", "steps": f"{name}({dim})"},
        mistakes=known_mistakes(
            answer,
            *((_shape(join[other]((a, b), min(dim, 1 if other == "cat" else 2))), Mistake.OTHER_JOIN),),
            *((_shape(join[name]((a, b), each)), Mistake.OTHER_DIM) for each in dims),
        ),
        before=(
            Drawn("a", a, "element", sources=_sources(a)),
            Drawn("b", b, "element", sources=_sources(b)),
        ),
        after=(Drawn(f"{name}((a, b), dim={dim})", result, "element", sources=_sources(result)),),
    )


def _together(a: Sequence[int], b: Sequence[int]) -> str:
    try:
        return _shape(torch.empty(tuple(a), device="meta") + torch.empty(tuple(b), device="meta"))
    except RuntimeError:
        return ERROR


def _from_the_left(a: Sequence[int], b: Sequence[int]) -> str:
    """As if shapes were compared from their first dimension on."""
    found = _together(a[::-1], b[::-1])
    return found if found == ERROR else str([int(size) for size in found.strip("[]").split(",")][::-1])


def _largest(a: Sequence[int], b: Sequence[int]) -> str:
    most = max(len(a), len(b))
    padded = [[1] * (most - len(sizes)) + list(sizes) for sizes in (a, b)]
    return str([max(pair) for pair in zip(*padded, strict=True)])


def broadcast(rng: Random) -> Question:
    """The shape of a sum of two tensors, or that there is none."""
    first, second = rng.sample(range(2, 5), 2)
    a, b = rng.choice(
        [
            ((first, 1), (second,)),
            ((first, second), (second,)),
            ((first, second), (first,)),
            ((first, second), (first, 1)),
            ((first, 1), (1, second)),
            ((2, first, 1), (first, second)),
            ((first, second), (second, first)),
            ((2, 1, second), (first, 1)),
        ]
    )
    answer = _together(a, b)
    drawn = tuple(
        Drawn(name, torch.ones(sizes, dtype=torch.long), "input") for name, sizes in (("a", a), ("b", b))
    )
    result = () if answer == ERROR else (Drawn("a + b", drawn[0].tensor + drawn[1].tensor, "output"),)
    wrong = [(_from_the_left(a, b), Mistake.ALIGNED_LEFT)]
    wrong.append((_largest(a, b), Mistake.ALWAYS_FITS) if answer == ERROR else (ERROR, Mistake.NEVER_FITS))
    return Question(
        Kind.BROADCAST,
        f"{IMPORT_TORCH}a, b = torch.ones{_call(a)}, torch.ones{_call(b)}\n"
        f'try:\n    print(list((a + b).shape))\nexcept RuntimeError:\n    print("{ERROR}")',
        answer,
        Form.LIST_OR_ERROR,
        {"a": str(list(a)), "b": str(list(b))},
        "shapes",
        {"a": ", ".join(map(str, a)), "b": ", ".join(map(str, b)) + "," * (len(b) == 1), "steps": "add()"},
        mistakes=known_mistakes(answer, *wrong),
        before=drawn,
        after=result,
    )


def _call(sizes: Sequence[int]) -> str:
    return f"({', '.join(map(str, sizes))})"


def looked_up(rng: Random) -> Question:
    """The shape of what an embedding returns."""
    rows, width = rng.choice((6, 8, 10)), rng.choice((3, 4, 5))
    shape = (rng.randint(1, 3), rng.randint(2, 4))
    indices = torch.tensor([[rng.randrange(rows) for _ in range(shape[1])] for _ in range(shape[0])])
    table = torch.zeros(rows, width)
    looked = torch.nn.functional.embedding(indices, table)
    answer = _shape(looked)
    return Question(
        Kind.LOOKED_UP,
        f"{IMPORT_NN}embedding = nn.Embedding({rows}, {width})\n"
        f"indices = torch.tensor({indices.tolist()})\nprint(list(embedding(indices).shape))",
        answer,
        Form.LIST,
        {"indices": _shape(indices), "width": str(width)},
        "embedding",
        {"vocab": str(rows), "width": str(width), "idx": str(indices.tolist())},
        mistakes=known_mistakes(
            answer,
            (_shape(indices), Mistake.NO_VECTOR),
            (_shape(table), Mistake.WHOLE_TABLE),
        ),
        before=(Drawn("indices", indices, "input"),),
    )


def sliced(rng: Random) -> Question:
    """Which values an index selects."""
    rows, columns = rng.randint(3, 4), rng.randint(4, 6)
    x = torch.arange(rows * columns).reshape(rows, columns)
    row, column = rng.randrange(1, rows), rng.randrange(1, columns - 1)
    start = rng.randrange(columns - 2)
    stop = rng.randint(start + 2, columns - 1)
    step = rng.choice((2, 3))
    end = rng.randint(1, rows - 1)
    part, one_more = slice(start, stop), slice(start, stop + 1)
    less = slice(max(start - 1, 0), stop - 1)
    every, last = slice(None, None, step), slice(-step, None)
    ways: list[tuple[str, Index, Index | None, Index]] = [
        (f"{row}, {start}:{stop}", (row, part), (row, one_more), (row - 1, less)),
        (f"-1, {start}:{stop}", (-1, part), (-1, one_more), (-1, less)),
        (f"{row}, ::{step}", (row, every), None, (row - 1, every)),
        (f":{end}, {column}", (slice(end), column), (slice(end + 1), column), (slice(end), column - 1)),
        (f"{row}, -{step}:", (row, last), None, (row - 1, last)),
    ]
    index, key, longer, shifted = rng.choice(ways)
    chosen = torch.zeros_like(x, dtype=torch.bool)
    chosen[key] = True
    answer = str(x[key].tolist())
    wrong = [] if longer is None else [(str(x[longer].tolist()), Mistake.END_INCLUDED)]
    return Question(
        Kind.SLICED,
        f"{IMPORT_TORCH}x = torch.arange({x.numel()}).reshape({rows}, {columns})\nprint(x[{index}].tolist())",
        answer,
        Form.LIST,
        {"index": index},
        "indexing",
        {"x": f"{rows}, {columns}", "index": f"x[{index}]"},
        mistakes=known_mistakes(answer, *wrong, (str(x[shifted].tolist()), Mistake.FROM_ONE)),
        before=(Drawn("x", x, "input"),),
        after=(Drawn(f"x[{index}]", x, "input", chosen=chosen.reshape(-1).numpy()),),
    )


def largest(rng: Random) -> Question:
    """Where the largest value is, along one dimension."""
    rows, columns = rng.choice(((2, 3), (3, 4), (2, 4)))
    values = rng.sample(range(10, 100), rows * columns)
    scores = torch.tensor(values).reshape(rows, columns)
    dim = rng.randrange(2)
    places = scores.argmax(dim)
    winners = torch.zeros_like(scores, dtype=torch.bool).scatter_(dim, places.unsqueeze(dim), value=True)
    answer = str(places.tolist())
    return Question(
        Kind.LARGEST,
        f"{IMPORT_TORCH}scores = torch.tensor({scores.tolist()})\nprint(scores.argmax(dim={dim}).tolist())",
        answer,
        Form.LIST,
        {"dim": str(dim), "count": str(places.numel())},
        "indexing",
        {"topic": "reduce", "scores": str(scores.tolist()), "rdim": str(dim)},
        mistakes=known_mistakes(
            answer,
            (str(scores.amax(dim).tolist()), Mistake.VALUES),
            (str(scores.argmax(1 - dim).tolist()), Mistake.OTHER_DIM),
            (str((places + 1).tolist()), Mistake.FROM_ONE),
        ),
        before=(Drawn("scores", scores, "input"),),
        after=(Drawn(f"scores.argmax(dim={dim})", scores, "input", chosen=winners.reshape(-1).numpy()),),
    )
