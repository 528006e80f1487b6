"""The five buttons pressed at random, here and in torch."""

from __future__ import annotations

import contextlib
import io
from collections import OrderedDict
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from lib.core.autograd.idle import idle_code, idle_steps
from lib.core.autograd.numbers import written
from lib.core.autograd.session import (
    INPUT,
    TARGET,
    Activation,
    Button,
    Moment,
    Refusal,
    Settings,
    first_parameters,
    replay,
    session_code,
)


class TorchSession:
    """The same five lines in torch."""

    def __init__(self, chosen: Settings) -> None:
        layer = nn.Tanh() if chosen.activation is Activation.TANH else nn.ReLU()
        self.model = nn.Sequential(OrderedDict(fc1=nn.Linear(2, 3), act=layer, fc2=nn.Linear(3, 1))).double()
        self.model.load_state_dict({name: torch.tensor(value) for name, value in first_parameters().items()})
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=chosen.learning_rate)
        self.space: dict[str, Any] = {}

    def press(self, button: Button) -> str | None:
        """What was raised, None where nothing was."""
        x, target = torch.tensor([INPUT], dtype=torch.float64), torch.tensor([[TARGET]], dtype=torch.float64)
        try:
            if button is Button.FORWARD:
                self.space["pred"] = self.model(x)
            elif button is Button.LOSS:
                self.space["loss"] = F.mse_loss(self.space["pred"], target)
            elif button is Button.ZERO_GRAD:
                self.optimizer.zero_grad()
            elif button is Button.BACKWARD:
                self.space["loss"].backward()
            else:
                self.optimizer.step()
        except KeyError as error:
            return f"NameError: name {error} is not defined"
        except RuntimeError as error:
            return f"RuntimeError: {error}"
        return None


def agree(moment: Moment, torchs: TorchSession) -> None:
    for name, parameter in torchs.model.named_parameters():
        np.testing.assert_allclose(moment.parameters[name], parameter.detach().numpy(), rtol=1e-9)
        ours = moment.grads[name]
        assert (ours is None) == (parameter.grad is None)
        if ours is not None and parameter.grad is not None:
            np.testing.assert_allclose(ours, parameter.grad.numpy(), rtol=1e-9, atol=1e-12)
    if moment.prediction is not None:
        np.testing.assert_allclose(moment.prediction, torchs.space["pred"].item(), rtol=1e-9)
    if moment.loss is not None:
        np.testing.assert_allclose(moment.loss, torchs.space["loss"].item(), rtol=1e-9)


buttons = st.lists(st.sampled_from(Button), max_size=14)
chosen = st.builds(Settings, st.sampled_from(Activation), st.sampled_from([0.0, 0.05, 0.1, 0.7]))


@settings(max_examples=120, deadline=None)
@given(buttons, chosen)
def test_any_order_of_buttons_does_what_torch_does(pressed: list[Button], how: Settings) -> None:
    torchs = TorchSession(how)
    for moment in replay(pressed, how)[1:]:
        assert moment.button is not None
        raised = torchs.press(moment.button)
        assert (moment.refusal is None) == (raised is None), (pressed, raised)
        if moment.refusal is not None:
            assert str(raised).startswith(moment.refusal)
        agree(moment, torchs)


def test_each_refusal_can_be_reached() -> None:
    def last(text: str) -> Refusal | None:
        return replay([Button(letter) for letter in text])[-1].refusal

    assert last("l") is Refusal.NO_PREDICTION
    assert last("b") is Refusal.NO_LOSS
    assert last("flbb") is Refusal.TWICE
    assert last("flbflsb") is Refusal.CHANGED


def test_without_zero_grad_every_number_doubles() -> None:
    moments = replay([Button(letter) for letter in "flbflb"])
    for name, once in moments[3].grads.items():
        np.testing.assert_array_equal(moments[-1].grads[name], 2 * np.asarray(once))


@settings(max_examples=25, deadline=None)
@given(buttons, chosen)
def test_the_program_prints_the_last_moment(pressed: list[Button], how: Settings) -> None:
    moments = replay(pressed, how)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(session_code(moments, how), {})  # noqa: S102, a program of our own making
    lines = dict(line.split(" = ", 1) for line in printed.getvalue().splitlines())
    for name, value in moments[-1].parameters.items():
        assert lines[name] == written(value)
        assert lines[f"{name}.grad"] == written(moments[-1].grads[name])


@pytest.mark.parametrize("steps", [0, 1, 5, 12])
def test_none_and_zeros_are_torchs(steps: int) -> None:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(idle_code(steps), {})  # noqa: S102, a program of our own making
    lines = [line.split(":")[1] for line in printed.getvalue().splitlines()]
    for line, zeros in zip(lines, (False, True), strict=True):
        expected = [float(f"{value:.6g}") for value in idle_steps(steps, zeros=zeros)]
        assert line.strip() == str(expected)
