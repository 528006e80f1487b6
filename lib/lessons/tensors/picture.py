"""What is shown of a tensor: its numbers, its histogram, its attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from lib.core.tensors.create import Creation, CreationKind, last_owner
from lib.core.tensors.describe import Histogram, Summary, TensorFacts, histogram
from lib.lessons.tensors.texts import TensorsTexts
from lib.ui.components.tensor import Scene, picture_of, tensor_scene
from lib.ui.frame import Frame
from lib.ui.tensors.words import TENSOR_WORDS

if TYPE_CHECKING:
    import torch


def picture(view: Frame, texts: TensorsTexts, spec: Creation, tensor: torch.Tensor) -> None:
    """Draw the tensor with its numbers, and its histogram where one says something."""
    words = TENSOR_WORDS[view.lang]
    bars = histogram(tensor, spec)
    if bars is not None and (bars.theory is None and tensor.numel() < 12):
        bars = None
    shown = ", ".join(f"{value:.4g}" for value in tensor.detach().reshape(-1)[:12].tolist())
    values = shown + (" …" if tensor.numel() > 12 else "")
    dtype = str(tensor.dtype)
    reading = words.reading.format(name="x", shape=tuple(tensor.shape), dtype=dtype, values=values)
    pictures = [picture_of("x", "x", tensor, note=dtype, role="output")]
    joiners: list[str] = []
    if spec.kind is CreationKind.EMPTY:
        pictures, joiners, bars = _empty(texts, spec, tensor), [str(spec.kind), "fill_"], None
    tensor_scene(
        Scene(
            tuple(pictures),
            reading,
            joiners=tuple(joiners),
            bars=bars,
            bars_reading=_bars_reading(texts, bars, tensor),
        ),
        key="created",
        colours=view.palette,
        words=words,
    )
    if bars is not None and bars.expected is not None and tensor.numel() > 1:
        statistics(texts, bars, tensor)


def _empty(texts: TensorsTexts, spec: Creation, tensor: torch.Tensor) -> list[Any]:
    width = tensor.element_size()
    before = last_owner(max(1, -(-tensor.numel() * width // 4)), spec.seed)
    filled = overwritten(spec, tensor).detach()
    return [
        picture_of("last", "old", before, note=texts.empty_last, role="muted"),
        picture_of("x", "x", tensor, note=texts.empty_before, role="wrong"),
        picture_of("filled", "x", filled, note=f"{texts.empty_after}({spec.fill!r})", role="output"),
    ]


def overwritten(spec: Creation, tensor: torch.Tensor) -> torch.Tensor:
    """What ``fill_`` makes of the tensor that ``empty`` gave.

    Raises: what torch raises where the dtype cannot hold the number.
    """
    return tensor.detach().clone().fill_(spec.fill).requires_grad_(tensor.requires_grad)


def _bars_reading(texts: TensorsTexts, bars: Histogram | None, tensor: torch.Tensor) -> str:
    if bars is None:
        return ""
    return texts.bars_reading.format(
        count=tensor.numel(), low=f"{bars.edges[0]:.4g}", high=f"{bars.edges[-1]:.4g}"
    )


def statistics(texts: TensorsTexts, bars: Histogram, tensor: torch.Tensor) -> None:
    """Measured mean and deviation beside those of the distribution."""
    import torch

    values = tensor.detach().to(torch.float64)
    measured = texts.stats.format(mean=f"{values.mean():.3f}", std=f"{values.std():.3f}")
    theory = texts.theory.format(mean=f"{bars.expected:.3f}", std=f"{bars.deviation:.3f}")
    st.caption(f"{measured} · {theory}")


def _tuple(sizes: tuple[int, ...]) -> str:
    return str(sizes).replace(" ", "\u00a0")


def facts_line(texts: TensorsTexts, facts: TensorFacts) -> None:
    """The tensor's attributes, and the one-line summary."""
    answers = {True: texts.yes, False: texts.no}
    rows = {
        "shape": f"`{_tuple(facts.shape)}`",
        "dtype": f"`{facts.dtype}`",
        "device": f"`{facts.device}`",
        "bytes": f"{facts.nbytes:,}",
        "stride": f"`{_tuple(facts.stride)}`",
        "contiguous": answers[facts.contiguous],
        "requires_grad": answers[facts.requires_grad],
    }
    # Spaces that do not break keep a name and its value on one line of a phone.
    st.markdown(
        " · ".join(texts.fact.format(name=texts.facts[name], value=value) for name, value in rows.items())
    )
    st.markdown(summary_line(texts, facts.summary))


def summary_line(texts: TensorsTexts, summary: Summary) -> str:
    """The one-line summary in the learner's language."""
    words = texts.summary

    def counted(name: str, count: int) -> str:
        one, several = words[name]
        return (one if count == 1 else several).format(count=f"{count:,}")

    sizes = ", ".join(map(str, summary.shape))
    size = words["sep"][0].join([counted("elements", summary.elements), counted("bytes", summary.nbytes)])
    numbers = [
        words[name][0].format(value=f"{value:.4g}")
        for name, value in (
            ("low", summary.low),
            ("high", summary.high),
            ("mean", summary.mean),
            ("std", summary.std),
        )
        if value is not None
    ]
    if summary.not_finite:
        numbers.append(counted("not_finite", summary.not_finite))
    parts = [f"{words['tensor'][0]}[{sizes}] {summary.dtype}", size, words["sep"][0].join(numbers)]
    return " · ".join(filter(None, parts))
