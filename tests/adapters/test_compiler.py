"""torch trains without its compiler, which is there as soon as it is wanted. In processes of their own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BEGIN = """
import sys
from lib.core.adapters.compiler import COMPILER, import_compiler_when_asked
import_compiler_when_asked()
import torch
heavy = lambda: [name for name in ("torch._dynamo.eval_frame", "sympy", "torch._inductor") if name in sys.modules]
"""
RULES = ("SGD", "Adam", "AdamW", "RMSprop", "Adagrad", "Muon")


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("rule", RULES)
def test_an_optimizer_needs_no_compiler(rule: str) -> None:
    said = run(
        f"""
def trained():
    values = torch.nn.Parameter(torch.eye(2))
    optimizer = torch.optim.{rule}([values], lr=0.1)
    for _ in range(3):
        optimizer.zero_grad()
        (values**2).sum().backward()
        optimizer.step()
    return values, optimizer

without, optimizer = trained()
torch.optim.{rule}([without], lr=0.1).load_state_dict(optimizer.state_dict())
assert heavy() == [], f"75 MB for each process that trains: {{heavy()}}"
import torch._dynamo
torch._dynamo.reset()
assert heavy() and type(sys.modules[COMPILER]).__name__ == "module"
print(torch.equal(trained()[0], without))
"""
    )
    assert said == "True"


@pytest.mark.parametrize(
    "wanted",
    [
        "import torch._dynamo; torch._dynamo.reset()",
        "from torch._dynamo.utils import counters",
        "import torch._dynamo.config; assert torch._dynamo.config is sys.modules[COMPILER + '.config']",
        "import torch._dynamo.profiler",
        "import torch._dynamo.utils; torch._dynamo.utils.counters",
        "torch.compiler.reset()",
    ],
)
def test_whatever_else_is_wanted_of_it_is_the_real_ones(wanted: str) -> None:
    said = run(
        f"""
assert heavy() == []
{wanted}
assert sys.modules[COMPILER].__file__
assert sys.modules[COMPILER + ".utils"].__file__
assert sys.modules[COMPILER + ".config"].__spec__.origin
print(torch.compile(lambda x: x + 1, backend="eager")(torch.ones(2)).tolist())
"""
    )
    assert said == "[2.0, 2.0]"


def test_it_can_compile_after_it_has_trained() -> None:
    said = run(
        """
values = torch.nn.Parameter(torch.ones(2))
optimizer = torch.optim.SGD([values], lr=0.5)

@torch.compile(backend="eager")
def step():
    optimizer.zero_grad()
    (values**2).sum().backward()
    optimizer.step()

values.sum().backward()
optimizer.step()
step()
print(values.tolist())
"""
    )
    assert said == "[0.0, 0.0]"


def test_a_compiler_that_is_there_stays() -> None:
    said = run(
        "del sys.modules[COMPILER]; del sys.modules[COMPILER + '.utils']; import torch._dynamo\n"
        "import_compiler_when_asked(); print(bool(sys.modules[COMPILER].__file__))"
    )
    assert said == "True"
