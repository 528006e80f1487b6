"""Programs that are read describe the network that they make; the oracle is torch, which runs them."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from torch import nn

from lib.core.nets.analysis import analyse
from lib.core.nets.graph import Network
from lib.core.nets.layers import Activation, Function
from lib.core.nets.program import program
from lib.core.nets.reading.errors import Problem, ReadError
from lib.core.nets.reading.program import MAX_TEXT, fitting_size, read_program
from lib.core.nets.reading.signatures import FUNCTIONS, MODULES, MUST
from lib.core.nets.stack import MAX_ROWS, stack_of
from tests.core.nets.cases import networks

FORGOTTEN = {"device", "dtype"}

TUTORIAL = '''
"""The network of a well-known tutorial."""
import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    """Reads small colour pictures."""

    def __init__(self, classes=10):
        super(Net, self).__init__()
        wide = 5
        self.conv1 = nn.Conv2d(3, 6, wide)
        self.pool = nn.MaxPool2d(2, 2)
        self.conv2 = nn.Conv2d(6, 16, wide)
        self.fc1 = nn.Linear(16 * wide * wide, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, classes)

    def forward(self, x):
        x = self.pool(F.relu(self.conv1(x)))
        x = self.pool(F.relu(self.conv2(x)))
        x = x.view(x.size(0), -1)  # one row a picture
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)


network = Net()
x = torch.randn(4, 3, 32, 32)
'''
RESIDUAL = """
import torch
from torch import nn

class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(8, 8, kernel_size=3, padding="same", bias=False)
        self.bn1 = nn.BatchNorm2d(8)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(8, 8, (3, 3), padding=1)
        self.head = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.2), nn.Linear(11, 5))

    def forward(self, x):
        identity = x
        out = self.conv1(x)
        out = self.relu(self.bn1(out))
        out = self.conv2(out)
        out += identity
        out = torch.relu(out)
        out = torch.cat([out, out], dim=1) if False else out
        return self.head(out)

network = Block()
x = torch.zeros((2, 8, 14, 14))
""".replace("        out = torch.cat([out, out], dim=1) if False else out\n", "").replace(
    "Linear(11,", "Linear(8,"
)
JOINED = """
import torch
from torch import nn
from torch.nn import functional as F

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, = ()
        self.conv = nn.Conv2d(3, 5, 3, 1, 1)
        self.out = nn.LazyLinear(7)

    def forward(self, x):
        y = F.gelu(self.conv(x))
        y = torch.cat((y, x), 1)
        y = torch.add(y, y)
        y = F.avg_pool2d(y, 2, ceil_mode=True)
        y = nn.functional.dropout(y, p=0.5, training=self.training)
        y = y.flatten(1).tanh()
        return F.log_softmax(self.out(y), dim=1)

network = Net()
x = torch.ones(1, 3, 9, 9)
""".replace("        self.first, = ()\n", "")
NAMED = """
from collections import OrderedDict
import torch
from torch import nn

hidden = 50
network = nn.Sequential(
    OrderedDict([
        ("flatten", nn.Flatten()),
        ("hidden", nn.Sequential(nn.Linear(28 * 28, hidden), nn.ReLU())),
        ("nothing", nn.Identity()),
        ("out", torch.nn.Linear(hidden, 10, bias=False)),
    ])
)
x = torch.rand(64, 1, 28, 28)
"""


ARGUMENTS = """
import torch
import torch.nn as nn
from torch.nn.functional import relu, max_pool2d

num_classes = 100
batch_size = 4
classes: int = 3


class Unused(nn.Module):
    def forward(self, x):
        return x


class Net(nn.Module):
    def __init__(self, num_classes, wide=99, *, side=5):
        super().__init__()
        self.num_classes = num_classes
        self.conv = nn.Conv2d(3, wide, side)
        self.bn = nn.BatchNorm2d(wide, momentum=0.01)
        nn.init.kaiming_normal_(self.conv.weight)
        self.fc = nn.Linear(wide * 22 * 22, num_classes)

    def forward(self, x):
        n = x.shape[0]
        x = max_pool2d(relu(self.bn(self.conv(x))), 2)
        print(x.shape)
        x = x.view(n, -1)
        return self.fc(x)


class Data:
    pass


device = "cpu"
network = Net(10, wide=7).to(device)
mask = torch.zeros(1, 1, 4, 8)
x = torch.randn(batch_size, 3, 48, 48).to(device)
"""
LISTED = """
import torch
from torch import nn

n, m = 16, 32
n = 4
n += 4
layers = [nn.Conv2d(3, 8, 3), nn.LeakyReLU(0.2)]
features = nn.Sequential(*layers)
n = 10
network = nn.Sequential(features, nn.Flatten(), nn.Linear(8 * 30 * 30, n)).eval()
n = 20
if __name__ == "__main__":
    x = torch.zeros(size=(1, 3, 32, 32))
"""
COUNTED = """
import torch
from torch import nn
from collections import OrderedDict

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(OrderedDict({"a": nn.Conv2d(1, 5, 3), "b": nn.ReLU()}))
        self.out = nn.Linear(5 * 6 * 6, 2)

    def forward(self, x):
        x = self.features(x)
        return self.out(x.view(-1, 5 * 6 * 6))

network = Net()
x = torch.rand(3, 1, 8, 8)
"""
PROGRAMS = {
    "tutorial": TUTORIAL,
    "residual": RESIDUAL,
    "joined": JOINED,
    "named": NAMED,
    "arguments": ARGUMENTS,
    "listed": LISTED,
    "counted": COUNTED,
}


@pytest.mark.parametrize("text", PROGRAMS.values(), ids=PROGRAMS)
def test_what_is_read_is_what_torch_makes(text: str) -> None:
    space: dict[str, Any] = {}
    exec(text.replace('__name__ == "__main__"', "True"), space)  # noqa: S102
    network, x = space["network"], space["x"]
    y = network(x)
    read = read_program(text)
    assert (read.batch, read.stack.channels, read.size) == tuple(x.shape[:3])
    assert read.size is not None
    found = analyse(read.stack.network(size=read.size, batch=read.batch or 1))
    assert found.failure is None
    assert found.rows[-1].shape == tuple(y.shape)
    assert found.parameters == sum(each.numel() for each in network.parameters())


def test_names_of_what_is_left_out() -> None:
    assert read_program(JOINED).left_out == ("log_softmax",)
    assert read_program(NAMED).left_out == ("Identity",)
    assert read_program(ARGUMENTS).left_out == ("momentum=0.01",)
    assert read_program(LISTED).left_out == ("negative_slope=0.2",)


@pytest.mark.parametrize(
    "line", ["n += 6", "n, m = 16, 32", "n: int = 16", "for n in (16, 32): pass", "if True: n = 16"]
)
def test_a_name_that_may_have_changed_is_no_number(line: str) -> None:
    text = f"n = 10\n{line}\nnn.Sequential(nn.Conv2d(3, n, 3))"
    with pytest.raises(ReadError) as refusal:
        read_program(text)
    assert (refusal.value.problem, refusal.value.line) == (Problem.NOT_CONSTANT, 3)


@pytest.mark.parametrize(
    "line",
    [
        "net.append(nn.ReLU())",
        "net.add_module('r', nn.ReLU())",
        "net[2] = nn.ReLU()",
        "net.fc = nn.ReLU()",
        "del net[0]",
    ],
)
@pytest.mark.parametrize(
    "made", ["net = nn.Sequential(nn.ReLU(), nn.ReLU()).to('cpu')", f"{TUTORIAL}\nnet = Net()"]
)
def test_a_network_that_is_changed_afterwards_is_refused(made: str, line: str) -> None:
    with pytest.raises(ReadError) as refusal:
        read_program(f"{made}\n{line}")
    assert (refusal.value.problem, refusal.value.line) == (Problem.STATEMENT, made.count("\n") + 2)


@pytest.mark.parametrize(
    "text",
    [
        "a=99\n" + "a=a*a\n" * 40 + "nn.Sequential(nn.Conv2d(1,a,3))",
        "a=(1,1)\n" + "a=(a,a)\n" * 40 + "nn.Sequential(nn.Conv2d(1,a,3))",
        "nn.Sequential(nn.Dropout(1e999))",
        "nn.Sequential(nn.Dropout(-1e308))",
        "nn.Sequential(" * 900 + ")" * 900,
        "\0",
        "nn.Sequential(nn.Linear(0x" + "f" * 15_000 + ", 2))",
    ],
)
def test_hostile_texts_are_refused_at_once(text: str) -> None:
    with pytest.raises(ReadError):
        read_program(text)


def test_the_lines_of_a_notebook_are_left_aside() -> None:
    text = "%matplotlib inline\n!pip install torch\n    net = nn.Sequential(nn.LSTM())"
    with pytest.raises(ReadError) as refusal:
        read_program(text)
    assert (refusal.value.problem, refusal.value.line) == (Problem.UNKNOWN, 3)


@pytest.mark.parametrize("name", MODULES)
def test_modules_take_the_arguments_that_torch_takes(name: str) -> None:
    parameters = list(inspect.signature(getattr(nn, name).__init__).parameters.values())[1:]
    theirs = {
        each.name: MUST if each.default is inspect.Parameter.empty else each.default
        for each in parameters
        if each.name not in FORGOTTEN and each.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
    }
    assert {**MODULES[name]} == theirs
    assert list(MODULES[name]) == list(theirs)


def test_functions_take_the_arguments_that_torch_takes() -> None:
    looked_at = 0
    for name, (_, ours) in FUNCTIONS.items():
        try:
            parameters = list(
                inspect.signature(getattr(F, name, None) or getattr(torch, name)).parameters.values()
            )
        except ValueError:  # written in C++: the programs above call those
            continue
        if any(each.kind is inspect.Parameter.VAR_POSITIONAL for each in parameters):
            continue
        theirs = [
            each.name
            for each in parameters[1:]
            if each.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD and not each.name.startswith("_")
        ]
        assert list(ours) == [each for each in theirs if each not in FORGOTTEN], name
        looked_at += 1
    assert looked_at >= 6


@pytest.mark.parametrize(
    ("call", "shape"),
    [
        ("F.max_pool2d(x, 3, 2, 1)", (1, 2, 4, 4)),
        ("F.avg_pool2d(x, (2, 3), stride=1)", (1, 2, 7, 6)),
        ("F.adaptive_max_pool2d(x, (2, 3))", (1, 2, 2, 3)),
        ("F.adaptive_avg_pool2d(x, output_size=4)", (1, 2, 4, 4)),
        ("F.silu(x)", (1, 2, 8, 8)),
        ("F.leaky_relu(x, 0.01)", (1, 2, 8, 8)),
        ("x.sigmoid()", (1, 2, 8, 8)),
        ("torch.flatten(x, start_dim=1)", (1, 128)),
        ("x.reshape(x.shape[0], -1)", (1, 128)),
        ("x.reshape((len(x), -1))", (1, 128)),
        ("nn.ReLU()(x)", (1, 2, 8, 8)),
    ],
)
def test_functions_do_what_torch_does(call: str, shape: tuple[int, ...]) -> None:
    text = f"class Net(nn.Module):\n    def forward(self, x):\n        return {call}\nx = torch.zeros(1, 2, 8, 8)\n"
    assert tuple(eval(call, {"F": F, "torch": torch, "nn": nn, "x": torch.zeros(1, 2, 8, 8)}).shape) == shape  # noqa: S307
    read = read_program(text)
    assert analyse(read.stack.network(size=8)).rows[-1].shape == shape


def test_programs_of_this_explorer_are_read_again() -> None:
    seen = 0

    @settings(max_examples=300, deadline=None, derandomize=True, database=None, phases=[Phase.generate])
    @given(networks(joins=True, overwriting=True))
    def comes_back(network: Network) -> None:
        nonlocal seen
        n, _, h, _ = network.input_shape
        network = network.resized(size=h)
        found = analyse(network)
        scaled = any(row.layer == Activation(Function.SCALED_TANH) for row in network.rows)
        if found.failure is not None or stack_of(network) is None or scaled or not network.rows:
            return
        read = read_program(program(found).code)
        again = analyse(read.stack.network(size=h, batch=n))
        assert [row.shape for row in again.rows] == [row.shape for row in found.rows]
        assert (again.parameters, again.macs) == (found.parameters, found.macs)
        assert read_program(program(again).code) == read
        seen += 1

    comes_back()
    assert seen > 50


FORWARD = "class Net(nn.Module):\n    def __init__(self):\n{init}    def forward(self, x):\n{forward}"


def module(init: str, forward: str) -> str:
    """A module whose bodies are these lines."""
    inits = "".join(f"        {line}\n" for line in init.split("; ")) if init else "        pass\n"
    return FORWARD.format(
        init=inits.replace("        pass\n", "        super().__init__()\n"),
        forward="".join(f"        {line}\n" for line in forward.split("; ")),
    )


@pytest.mark.parametrize(
    ("text", "problem", "line"),
    [
        ("x" * (MAX_TEXT + 1), Problem.TOO_LONG, 0),
        ("net = nn.Sequential(", Problem.SYNTAX, 1),
        ("(" * 5000, Problem.SYNTAX, 1),
        ("-" * 9000 + "1", Problem.SYNTAX, 0),
        ("", Problem.EMPTY, 0),
        (" \n ", Problem.EMPTY, 0),
        ("hello", Problem.NOTHING, 0),
        ("x = 3", Problem.NOTHING, 0),
        ("nn.Sequential()", Problem.NOTHING, 0),
        ("class Net:\n    pass", Problem.NOTHING, 0),
        ("\nnn.Sequential(nn.LSTM(3, 4))", Problem.UNKNOWN, 2),
        ("nn.Sequential(__import__('os').system('ls'))", Problem.UNKNOWN, 1),
        ("nn.Sequential(nn.Conv2d(1, 2, 3, colour=3))", Problem.ARGUMENT, 1),
        ("nn.Sequential(nn.Conv2d(1, 2, 3, kernel_size=3))", Problem.ARGUMENT, 1),
        ("nn.Sequential(nn.ReLU(True, False))", Problem.ARGUMENT, 1),
        ("nn.Sequential(nn.ReLU(**{}))", Problem.ARGUMENT, 1),
        ("nn.Sequential(nn.Conv2d(1, 2))", Problem.MISSING, 1),
        ("nn.Sequential(nn.Conv2d(1, 2, 12))", Problem.VALUE, 1),
        ("nn.Sequential(nn.Conv2d(1, 2, 3.0))", Problem.VALUE, 1),
        ("nn.Sequential(nn.Conv2d(1, 2, 'wide'))", Problem.VALUE, 1),
        ("nn.Sequential(nn.Conv2d(1, 2, 3, padding='full'))", Problem.VALUE, 1),
        ("nn.Sequential(nn.Conv2d(1, 2, 3, bias=1))", Problem.VALUE, 1),
        ("nn.Sequential(nn.Flatten(0))", Problem.VALUE, 1),
        ("nn.Sequential(nn.Dropout(0.123))", Problem.VALUE, 1),
        ("nn.Sequential(nn.Linear(9 * 9 * 9 * 9, 10**9))", Problem.NOT_CONSTANT, 1),
        ("nn.Sequential(nn.Linear(9 // 0, 10))", Problem.NOT_CONSTANT, 1),
        ("nn.Sequential(nn.Linear(wide, 10))", Problem.NOT_CONSTANT, 1),
        ("nn.Sequential(nn.MaxPool2d(2, return_indices=True))", Problem.DEFAULT_ONLY, 1),
        (f"nn.Sequential(*[{'nn.ReLU(), ' * (MAX_ROWS + 1)}])", Problem.ROWS, 1),
        ("nn.Sequential(nn.ReLU())\nx = torch.zeros(1, 3, 8, 9)", Problem.SQUARE, 2),
        ("nn.Sequential(nn.ReLU())\nx = torch.zeros(257, 3, 8, 8)", Problem.SQUARE, 2),
        (module("for _ in range(3): self.a = nn.ReLU()", "return x"), Problem.STATEMENT, 3),
        (module("", "if x: return x; return x"), Problem.STATEMENT, 5),
        (module("", "x = F.relu(x)"), Problem.STATEMENT, 5),
        (module("self.a = nn.Conv2d(1, 1, 1)", "x = self.a(x); return self.a(x)"), Problem.TWICE, 6),
        (module("", "y = F.relu(x); z = F.relu(x); return y + z"), Problem.BRANCH, 6),
        (module("", "y = F.relu(x); return x"), Problem.BRANCH, 6),
        (module("", "return x.view(-1, 10)"), Problem.FLATTEN, 5),
        (module("self.c = nn.ReLU()", "x = self.c(x); return x.view(len(self.c.weight), -1)"), Problem.FLATTEN, 6),
        (module("", "return x.view(x.size(1), -1)"), Problem.FLATTEN, 5),
        ("nn.Sequential(features, nn.ReLU())", Problem.NOT_A_CALL, 1),
        ("class Linear(nn.Module):\n    pass\nnn.Sequential(Linear(3, 4))", Problem.UNKNOWN, 3),
        ("class Net(nn.Module):\n    def forward(self, x, y=None):\n        return x", Problem.STATEMENT, 2),
        (module("", "return self.missing(x)"), Problem.UNKNOWN, 5),
        (module("", "return torch.flatten(x)"), Problem.VALUE, 5),
        (module("", "y = F.relu(x); return torch.cat([y, x])"), Problem.DEFAULT_ONLY, 6),
        (module("", "return open('/etc/passwd')"), Problem.UNKNOWN, 5),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_refused_with_its_line(text: str, problem: Problem, line: int) -> None:
    with pytest.raises(ReadError) as refused:
        read_program(text)
    assert (refused.value.problem, refused.value.line) == (problem, line)


def test_every_problem_is_met_above() -> None:
    mark = next(each for each in test_what_cannot_be_drawn_is_refused_with_its_line.pytestmark)  # type: ignore[attr-defined]
    assert {problem for _, problem, _ in mark.args[1]} == set(Problem)


@settings(max_examples=400, deadline=None)
@given(data=st.data())
def test_any_damaged_program_is_read_or_refused(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(list(PROGRAMS.values())))
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        length = data.draw(st.integers(0, 12))
        text = (
            text[:start]
            + data.draw(st.text("()[]{},.:=+-*x0123 \n'\"abcself", max_size=6))
            + text[start + length :]
        )
    try:
        read = read_program(text)
    except ReadError:
        return
    analyse(read.stack.network(size=read.size or 28, batch=read.batch or 1))


def test_an_input_that_fits_is_found() -> None:
    stack = read_program(TUTORIAL.replace("x = torch.randn(4, 3, 32, 32)", "")).stack
    assert stack.channels == 3
    assert fitting_size(stack, 28) == 32
    never = read_program("nn.Sequential(nn.Flatten(), nn.Linear(7, 2))").stack
    assert fitting_size(never, 28) == 28
