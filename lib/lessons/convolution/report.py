"""What the settings come to: formula, shape, what is lost or refused, and what it costs."""

from __future__ import annotations

import streamlit as st

from lib.core.conv.cost import cost
from lib.core.conv.coverage import coverage
from lib.core.conv.fixes import exact_fixes, legal_fixes
from lib.core.conv.formula import axis_formula, ceil_is_corrected, general_formula
from lib.core.conv.layer import Axis, Layer, LayerKind
from lib.core.conv.legality import Problem
from lib.core.conv.presets import PAPER_CHANNELS, Preset, preset_layer
from lib.core.conv.settings import Settings
from lib.core.conv.shape import axis_shape, output_shape
from lib.lessons.convolution.controls import fix_buttons
from lib.lessons.convolution.texts import ConvolutionTexts
from lib.ui.frame import Frame
from lib.ui.pages import page_info

SIDES = {"height": "H", "width": "W", "both": "W"}
_BYTES = ("B", "KB", "MB", "GB", "TB")


def show_headline(texts: ConvolutionTexts, layer: Layer, problem: Problem | None) -> None:
    """The input's shape and the output's."""
    output = f"`torch.Size({list(output_shape(layer))})`" if problem is None else f":red[{texts.no_output}]"
    st.markdown(f"## `{list(layer.input_shape)}` → {output}")


def show_formula(view: Frame, layer: Layer) -> None:
    """The formula with its numbers along each axis, once where both have the same."""
    for name, axis in _named_axes(layer):
        line = axis_formula(layer, axis, SIDES[name], view.palette)
        st.markdown(rf"$\displaystyle {line}$")  # unlike a displayed formula it wraps on a phone


def show_rounding(view: Frame, texts: ConvolutionTexts, layer: Layer) -> None:
    """The formula in letters, what its rounding comes to, and which cells count nowhere."""
    st.markdown(rf"$\displaystyle \text{{{texts.out}}} = {general_formula(layer, view.palette)}$")
    axes = _named_axes(layer)
    with st.container(key="conv_rounding", gap=None):
        for name, axis in axes:
            mark = "" if len(axes) == 1 else f"{SIDES[name]}{view.texts.colon}"
            st.caption(mark + _rounding(texts, layer, name, axis))
        if unread := _unread(texts, layer):
            st.caption(unread)


def _rounding(texts: ConvolutionTexts, layer: Layer, name: str, axis: Axis) -> str:
    if layer.kind is LayerKind.TRANSPOSED:
        return _crop(texts, axis)
    if ceil_is_corrected(layer, axis):
        return texts.ceil_corrected
    found = axis_shape(layer, axis)
    if found.overhang:
        return texts.rounded_up.format(
            numerator=found.numerator, stride=found.stride, overhang=found.overhang
        )
    if not found.after:
        return texts.no_remainder.format(
            numerator=found.numerator, stride=found.stride, result=found.numerator // found.stride
        )
    one, several = texts.last_cells[name]
    cells = (one if found.after == 1 else several).format(count=found.after)
    return texts.remainder.format(
        numerator=found.numerator, stride=found.stride, count=found.after, cells=cells
    )


def _crop(texts: ConvolutionTexts, axis: Axis) -> str:
    given = min(axis.padding, axis.output_padding)
    if not axis.padding:
        said = texts.no_crop
    elif given:
        said = texts.given_back.format(padding=axis.padding, given=given)
    else:
        said = texts.crop.format(padding=axis.padding)
    extra = axis.output_padding - given
    return f"{said}  \n{texts.unstamped.format(extra=extra)}" if extra else said


def _unread(texts: ConvolutionTexts, layer: Layer) -> str:
    """How many cells of the input count nowhere; empty where each does."""
    found = coverage(layer)
    if layer.kind is LayerKind.TRANSPOSED:
        return texts.crops_all.format(lost=found.lost, pixels=found.pixels) if found.lost else ""
    if found.reads_all:
        return ""
    lost = texts.lost.format(lost=found.lost, pixels=found.pixels) if found.lost else texts.lost_padding
    return texts.unread.format(unread=found.unread, cells=found.cells) + lost


def offer_exact(view: Frame, texts: ConvolutionTexts, settings: Settings) -> None:
    """The nearest settings with which every cell is read; nothing where no pixel is lost now."""
    fixes = exact_fixes(settings.layer, linked=not settings.own_axes)
    if not fixes:
        return
    st.caption(f"{texts.exact_instead}{view.texts.colon.strip()}")
    fix_buttons(view, fixes, texts, key="_exact", own_axes=settings.own_axes)


def show_problem(view: Frame, texts: ConvolutionTexts, settings: Settings, problem: Problem) -> None:
    """PyTorch's own words, why, and the smallest changes that help."""
    why = texts.reasons[problem.reason].format(**problem.details)
    message = " ".join(problem.message.split())
    lines = [f"`` {problem.error}: {message} ``", why]
    fixes = legal_fixes(settings.layer, linked=not settings.own_axes)
    if fixes:
        lines.append(f"**{texts.try_instead}**")
    st.error("\n\n".join(lines), icon=":material/block:")
    fix_buttons(view, fixes, texts, key="_legal", own_axes=settings.own_axes)


def show_cost(view: Frame, texts: ConvolutionTexts, layer: Layer) -> None:
    """Weights, multiplications and memory, the fully connected layer that would do the same, the receptive field."""
    found = cost(layer)

    def of_all(name: str) -> str:
        is_batch = layer.batched and layer.batch > 1
        return view.texts.aside.format(name=name, note=texts.whole_batch) if is_batch else name

    rows = [(texts.weight_shape, f"`{list(found.weight_shape)}`" if found.weight_shape else texts.none)]
    rows.append((texts.parameters, f"{found.parameters:,}"))
    if not layer.kind.is_pool:
        cells, products = (" × ".join(map(str, factors)) for factors in found.macs_factors)
        rows.append((of_all(texts.macs), f"{cells} × ({products}) = {found.macs:,}"))
    memory = texts.memory_value.format(input=_bytes(found.input_bytes), output=_bytes(found.output_bytes))
    rows.append((of_all(texts.memory), memory))
    if found.dense_parameters is not None:
        rows.append((texts.dense_label, _dense(texts, found.dense_parameters, found.times_fewer)))
    if layer.kind is not LayerKind.TRANSPOSED:
        reach = {"height": layer.height.effective_kernel, "width": layer.width.effective_kernel}
        rows.append((texts.receptive, texts.receptive_value.format(**reach)))
    first, *others = [f"| {name} | {value} |" for name, value in rows]
    st.markdown("\n".join([first, "|---|---:|", *others]))
    if layer == preset_layer(Preset.ALEXNET):
        st.caption(texts.alexnet_note.format(paper=PAPER_CHANNELS))
    page = page_info("cnn")
    st.page_link(page.file, label=texts.receptive_more, icon=page.icon, query_params={"lang": view.lang})


def _dense(texts: ConvolutionTexts, parameters: int, times: float | None) -> str:
    if times is None:
        return f"{parameters:,}"
    shown = f"{times:,.0f}" if times >= 10 else f"{times:.2g}"
    return texts.dense.format(parameters=f"{parameters:,}", times=shown)


def _bytes(count: int) -> str:
    size, unit = float(count), 0
    while size >= 1000 and unit < len(_BYTES) - 1:
        size, unit = size / 1000, unit + 1
    return f"{count} B" if unit == 0 else f"{size:.3g} {_BYTES[unit]}"


def _named_axes(layer: Layer) -> list[tuple[str, Axis]]:
    if layer.kind is LayerKind.CONV1D:
        return [("width", layer.width)]
    if layer.height == layer.width:
        return [("both", layer.width)]
    return [("height", layer.height), ("width", layer.width)]
