"""/tensors: the controls that make a specification, and what is shown of the tensor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from lib.core.tensors.create import (
    DTYPES,
    MAX_SEED,
    RANDOM,
    SHAPED,
    WITHOUT_DTYPE,
    Creation,
    CreationKind,
    last_owner,
    nested_creation,
    parse_creation,
    torch_reason,
)
from lib.core.tensors.describe import Histogram, Summary, TensorFacts, histogram
from lib.core.tensors.errors import MAX_TEXT, TORCH_RAISES, TensorInputError, TorchError
from lib.core.tensors.parse import (
    Scalar,
    literal_values,
    number_of,
    parse_shape,
    syntax_tree,
)
from lib.ui.address import bound_choice, check_address, choice, whole
from lib.ui.components.tensor import Scene, picture_of, tensor_scene
from lib.ui.devices import devices
from lib.ui.frame import Frame
from lib.ui.shelf import MAX_TENSORS, is_name, next_name, put, remove, shelf
from lib.ui.tensor_pages.controls import problem_text, show_problem, show_refusal, spell_out
from lib.ui.texts.tensors import TENSOR_WORDS, TensorsTexts
from lib.ui.torch_once import use_torch

if TYPE_CHECKING:
    import torch

INFERRED = "auto"
MAX_SIDE = 100
WHOLE_LIMIT = 10_000
DEFAULT_KIND = CreationKind.RANDN


def controls(view: Frame, texts: TensorsTexts) -> Creation | None:
    """Draw the arguments of the chosen function; None where what was typed makes no tensor (the page says why)."""
    found = [device.name for device in devices()]
    _check(found, view)
    kind = CreationKind(
        bound_choice(
            texts.kind,
            [*CreationKind],
            key="fn",
            default=DEFAULT_KIND,
            format_func=str,
            widget="select",
        )
    )
    st.markdown(texts.kinds[kind])
    try:
        values = _arguments(kind, texts)
        values |= _common(kind, texts, found)
        return Creation(kind, **values)
    except TensorInputError as problem:
        show_problem(problem, TENSOR_WORDS[view.lang])
        if kind is CreationKind.TENSOR:
            _torch_reason(texts)
    except TORCH_RAISES as error:  # what torch says to one of the tensors to stack
        show_refusal(TorchError.of(error), TENSOR_WORDS[view.lang])
    return None


def _check(found: list[str], view: Frame) -> None:
    check_address(
        "tensors",
        [
            choice("fn", [*CreationKind]),
            choice("dtype", [INFERRED, *DTYPES]),
            choice("device", found),
            choice("grad", ["true", "false"]),
            whole("seed", 0, MAX_SEED),
            *(whole(key, -WHOLE_LIMIT, WHOLE_LIMIT) for key in ("low", "high")),
            *(whole(key, 0, MAX_SIDE) for key in ("rows", "cols")),
            whole("steps", 0, MAX_SIDE),
            whole("dim", -5, 4),
        ],
        view.lang,
    )


def _arguments(kind: CreationKind, texts: TensorsTexts) -> dict[str, Any]:
    """The function's own arguments.

    Raises: TensorInputError for a text that cannot be read.
    """
    if kind in SHAPED:
        shape = parse_shape(_text(texts.shape, "shape", "4, 6", texts.shape_help) or "()")
        values: dict[str, Any] = {"shape": shape}
        if kind in {CreationKind.FULL, CreationKind.EMPTY}:
            values["fill"] = _number(texts.fill, "fill", "7")
        if kind is CreationKind.RANDINT:
            left, right = st.columns(2)
            values["low"] = _whole(left, texts.low, "low", 0)
            values["high"] = _whole(right, texts.high, "high", 10)
        return values
    if kind is CreationKind.EYE:
        left, right = st.columns(2)
        rows = left.slider(texts.rows, 0, MAX_SIDE, 4, key="rows", bind="query-params")
        return {
            "rows": rows,
            "columns": right.slider(texts.columns, 0, MAX_SIDE, 4, key="cols", bind="query-params"),
        }
    if kind is CreationKind.ARANGE:
        numbers = {name: _number(getattr(texts, name), name, text) for name, text in _ARANGE.items()}
        return dict(numbers)
    if kind is CreationKind.LINSPACE:
        start, end = _number(texts.start, "start", "0"), _number(texts.end, "end", "10")
        count = st.slider(texts.count, 0, MAX_SIDE, 5, key="steps", bind="query-params")
        return {"start": start, "end": end, "count": count}
    if kind in {CreationKind.TENSOR, CreationKind.FROM_NUMPY}:
        return {
            "data": nested_creation(_text(texts.data, "data", "[[1, 2, 3], [4, 5, 6]]", texts.data_help)).data
        }
    if kind is CreationKind.RANDN_LIKE:
        return {"parts": (parse_creation(_named(texts.like, "like", "ones(2, 3)", texts), shelf()),)}
    written = _named(texts.parts, "parts", "[1, 2, 3]; [3, 2, 1]", texts, separator=";")
    parts = tuple(parse_creation(part, shelf()) for part in written.split(";"))
    highest = max(len(_shape_of(parts[0])), 0)
    dim = st.slider(texts.dim, -highest - 1, highest, 0, key="dim", bind="query-params")
    return {"parts": parts, "dim": dim}


_ARANGE = {"start": "0", "end": "10", "step": "1"}


def _shape_of(spec: Creation) -> tuple[int, ...]:
    use_torch()
    return tuple(spec.make().shape)


def _named(label: str, key: str, default: str, texts: TensorsTexts, *, separator: str | None = None) -> str:
    """A field for tensors that may be named on the shelf."""
    written = st.text_input(
        label,
        value=default,
        key=key,
        help=f"{texts.shelf}: {', '.join(shelf()) or '—'}",
        max_chars=MAX_TEXT,
        bind="query-params",
        on_change=spell_out,
        args=(key, separator),
    )
    return written or ""


def _text(label: str, key: str, default: str, help: str) -> str:
    written = st.text_input(label, value=default, key=key, help=help, max_chars=MAX_TEXT, bind="query-params")
    return written or ""


def _number(label: str, key: str, default: str) -> Scalar:
    written = st.text_input(label, value=default, key=key, max_chars=30, bind="query-params")
    return number_of(syntax_tree(written or ""))


def _whole(column: Any, label: str, key: str, default: int) -> int:
    value = column.number_input(
        label, -WHOLE_LIMIT, WHOLE_LIMIT, default, step=1, key=key, bind="query-params"
    )
    return int(value)


def _common(kind: CreationKind, texts: TensorsTexts, found: list[str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    left, right = st.columns(2)
    if kind in RANDOM or kind is CreationKind.EMPTY:
        with left:
            values["seed"] = int(
                st.number_input(texts.seed, 0, MAX_SEED, 0, step=1, key="seed", bind="query-params")
            )
    if kind not in WITHOUT_DTYPE or kind is CreationKind.FROM_NUMPY:
        with right if kind in RANDOM or kind is CreationKind.EMPTY else left:
            chosen = bound_choice(
                texts.dtype,
                [INFERRED, *DTYPES],
                key="dtype",
                default=INFERRED,
                format_func=lambda name: texts.dtype_inferred if name == INFERRED else f"torch.{name}",
                widget="select",
            )
            values["dtype"] = None if chosen == INFERRED else chosen
    if kind not in WITHOUT_DTYPE:
        values["device"] = bound_choice(
            texts.device,
            found,
            key="device",
            default="cpu",
            format_func=str,
            widget="select",
            disabled=len(found) == 1,
            help=texts.device_help,
        )
    values["requires_grad"] = st.toggle(texts.requires_grad, key="grad", bind="query-params")
    return values


def _torch_reason(texts: TensorsTexts) -> None:
    """What torch itself says to a ragged or mixed list."""
    try:
        values = literal_values(st.session_state.get("data", ""))
    except TensorInputError:
        return
    use_torch()
    reason = torch_reason(values)
    if reason is not None:
        st.caption(texts.ragged_reason.format(message=str(reason).replace("`", "'")))


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
    st.markdown(" · ".join(f"{texts.facts[name]}\u00a0{value}" for name, value in rows.items()))
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


def show_shelf(view: Frame, texts: TensorsTexts, spec: Creation | None) -> None:
    """A name for the tensor, where there is one to keep, and the shelf, each tensor with a way to remove it."""
    if spec is not None:
        _keep_on_shelf(view, texts, spec)
    st.markdown(f"**{texts.shelf}** ({len(shelf())} / {MAX_TENSORS})")
    if not shelf():
        st.caption(texts.shelf_empty)
    for kept, made in shelf().items():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"`{kept}` = `{made.expression}`", width="content")
            st.button(
                texts.remove.format(name=kept),
                icon=":material/delete:",
                key=f"remove_{kept}",
                on_click=remove,
                args=(kept,),
                type="tertiary",
            )


def _keep_on_shelf(view: Frame, texts: TensorsTexts, spec: Creation) -> None:
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    name = left.text_input(texts.keep_name, value=next_name(), max_chars=12, key=f"name_{next_name()}")
    if right.button(texts.keep, icon=":material/shelves:", width="stretch"):
        try:
            if not is_name(name):
                st.error(texts.bad_name)
            else:
                put(name, spec)
                st.rerun()
        except TensorInputError as problem:
            st.error(problem_text(problem, TENSOR_WORDS[view.lang]))
