"""Questions about gradients, optimizers and batches; answers are the installed PyTorch's."""

from __future__ import annotations

from math import log10
from random import Random

import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader

from lib.core.quiz.programs import IMPORT_NN, IMPORT_TORCH
from lib.core.quiz.question import Form, Kind, Mistake, Question, known_mistakes, shown

MOMENTUM = 0.9


def gradient(rng: Random) -> Question:
    """What several backward passes leave in ``grad``."""
    start, times = rng.randint(1, 5), rng.randint(2, 3)
    is_zeroed = rng.random() < 0.35
    w = torch.tensor(float(start), requires_grad=True)
    for _ in range(times):
        if is_zeroed:
            w.grad = None
        torch.autograd.backward(w**2)
    assert w.grad is not None
    once = 2 * start
    kept = 1 if is_zeroed else times
    answer = str(int(w.grad.item()))
    return Question(
        Kind.GRADIENT,
        f"{IMPORT_TORCH}w = torch.tensor({float(start)}, requires_grad=True)\nfor step in range({times}):\n"
        + ("    w.grad = None\n" if is_zeroed else "")
        + "    loss = w ** 2\n    loss.backward()\nprint(int(w.grad.item()))",
        answer,
        Form.NUMBER,
        {
            "w": str(start),
            "once": str(once),
            "times": str(times),
            "kept": str(kept),
            "sum": " + ".join([str(once)] * kept),
        },
        "autograd",
        {"topic": "step"},
        mistakes=known_mistakes(
            answer,
            (str(once), Mistake.LAST_ALONE),
            (str(times * once), Mistake.NO_ZEROING),
        ),
    )


def momentum(rng: Random) -> Question:
    """Where two steps of SGD with momentum end."""
    slope, rate = rng.choice((1, 2, 4)), rng.choice((0.01, 0.1))
    w = torch.tensor(1.0, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=rate, momentum=MOMENTUM)
    for _ in range(2):
        optimizer.zero_grad()
        torch.autograd.backward(slope * w)
        optimizer.step()
    answer = shown(w.item(), 3)
    return Question(
        Kind.MOMENTUM,
        f"{IMPORT_TORCH}w = torch.tensor(1.0, requires_grad=True)\n"
        f"optimizer = torch.optim.SGD([w], lr={rate}, momentum={MOMENTUM})\nfor step in range(2):\n"
        f"    optimizer.zero_grad()\n    loss = {slope} * w\n    loss.backward()\n    optimizer.step()\n"
        "print(round(w.item(), 3))",
        answer,
        Form.NUMBER,
        {"slope": str(slope), "lr": str(rate), "second": f"{(1 + MOMENTUM) * slope:g}"},
        "optimizers",
        mistakes=known_mistakes(
            answer,
            (shown(1 - 2 * rate * slope, 3), Mistake.NO_MOMENTUM),
            (shown(1 + (2 + MOMENTUM) * rate * slope, 3), Mistake.UPHILL),
        ),
        decimals=3,
    )


def adam(rng: Random) -> Question:
    """Where the first step of Adam ends, whatever the gradient."""
    slope, rate = rng.choice((0.5, 5.0, 20.0)), rng.choice((0.01, 0.1))
    w = torch.tensor(1.0, requires_grad=True)
    optimizer = torch.optim.Adam([w], lr=rate)
    torch.autograd.backward(slope * w)
    optimizer.step()
    answer = shown(w.item(), 3)
    return Question(
        Kind.ADAM,
        f"{IMPORT_TORCH}w = torch.tensor(1.0, requires_grad=True)\noptimizer = torch.optim.Adam([w], lr={rate})\n"
        f"loss = {slope} * w\nloss.backward()\noptimizer.step()\nprint(round(w.item(), 3))",
        answer,
        Form.NUMBER,
        {"slope": f"{slope:g}", "lr": str(rate)},
        "optimizers",
        {"topic": "experiments", "exp": "bias"},
        mistakes=known_mistakes(
            answer,
            (shown(1 - rate * slope, 3), Mistake.TIMES_GRADIENT),
            (shown(1 + rate, 3), Mistake.UPHILL),
        ),
        decimals=3,
    )


def steps(rng: Random) -> Question:
    """How many steps a training takes."""
    images, batch = rng.choice([(100, 16), (100, 32), (100, 64), (1000, 32), (1000, 64), (60_000, 64)])
    epochs, is_dropped = rng.choice((1, 2, 10)), rng.random() < 0.35
    each = len(DataLoader(range(images), batch_size=batch, drop_last=is_dropped))  # type: ignore[arg-type]
    answer = str(epochs * each)
    option = ", drop_last=True" if is_dropped else ""
    return Question(
        Kind.STEPS,
        f"from torch.utils.data import DataLoader\n\nimages, epochs = range({images}), {epochs}\n"
        f"loader = DataLoader(images, batch_size={batch}{option})\n"
        "print(epochs * len(loader))",
        answer,
        Form.NUMBER,
        {
            "images": str(images),
            "batch": str(batch),
            "epochs": str(epochs),
            "each": str(each),
            "rest": str(images % batch),
        },
        "train",
        {"batch": str(batch), "epochs": str(epochs)},
        mistakes=known_mistakes(
            answer,
            (str(epochs * (images // batch)), Mistake.CUT_OFF),
            (str(epochs * -(-images // batch)), Mistake.KEPT_LAST),
            (str(each), Mistake.ONE_EPOCH),
        ),
    )


def loss(rng: Random) -> Question:
    """The loss of a network that knows nothing yet."""
    classes = rng.choice((2, 4, 5, 10, 100))
    value = F.cross_entropy(torch.zeros(1, classes), torch.tensor([0])).item()
    answer = shown(value, 2)
    return Question(
        Kind.LOSS,
        f"{IMPORT_NN}logits = torch.zeros(1, {classes})\n"
        "loss = nn.CrossEntropyLoss()(logits, torch.tensor([0]))\nprint(round(loss.item(), 2))",
        answer,
        Form.NUMBER,
        {"classes": str(classes)},
        "autograd",
        {"topic": "loss"},
        mistakes=known_mistakes(
            answer,
            (shown(1 / classes, 2), Mistake.PROBABILITY),
            ("0.0", Mistake.NO_LOSS),
            (shown(log10(classes), 2), Mistake.COMMON_LOGARITHM),
        ),
        decimals=2,
    )
