"""The numbers in large, five counters, and two networks side by side."""

from __future__ import annotations

import streamlit as st

from lib.core.nets.analysis import Analysis, analyse
from lib.core.nets.classics import PUBLISHED, Classic
from lib.core.nets.layers import Activation, AvgPool, Conv, Flatten, Function, Linear, MaxPool
from lib.core.nets.stack import KIND_NAMES, Stack
from lib.core.nets.tools import Tool, five_counts
from lib.core.training.conv_block import MAX_BLOCKS, ConvBlock, Pooling, conv_text
from lib.core.training.errors import ConfigError
from lib.lessons.cnn.state import Chosen, classic_chosen
from lib.lessons.cnn.texts import CnnTexts
from lib.ui.frame import Frame
from lib.ui.pages import page_info

_UNITS = ("B", "kB", "MB", "GB", "TB")


def bytes_text(count: int) -> str:
    """Bytes as they are read aloud, in powers of 1,000.

    >>> bytes_text(999), bytes_text(171_966_720)
    ('999 B', '172.0 MB')
    """
    size, unit = float(count), 0
    while size >= 1000 and unit < len(_UNITS) - 1:
        size, unit = size / 1000, unit + 1
    return f"{count} B" if unit == 0 else f"{size:.1f} {_UNITS[unit]}"


def last_field(found: Analysis, texts: CnnTexts) -> str:
    """The field of the last map."""
    if found.last_map is None:
        return "–"
    height, width = found.rows[found.last_map].field.sizes
    return texts.last_field.format(height=f"{height:,}", width=f"{width:,}")


def _last_name(found: Analysis) -> str:
    if found.last_map is None:
        return "–"
    row = found.network.rows[found.last_map]
    return row.name if row.block else f"{found.last_map + 1}, {KIND_NAMES[type(row.layer)]}"


def headline(found: Analysis, texts: CnnTexts) -> None:
    """The four numbers of a network, in full; MACs for one picture."""
    batch = found.network.input_shape[0]
    values = {
        "parameters": f"{found.parameters:,}",
        "macs": f"{found.macs // batch:,}",
        "kept": bytes_text(found.kept_bytes),
        "field": last_field(found, texts),
    }
    parts = [f"{texts.totals[name]} **{value}**" for name, value in values.items()]
    with st.container(key="cnn_headline"):
        st.markdown(" · ".join(parts), help=texts.help.format(name=f"`{_last_name(found)}`"))


def five_tools(found: Analysis, texts: CnnTexts) -> None:
    """Why counters disagree about this network."""
    if found.failure is not None or found.network.side or not found.rows:
        return
    lines = [f"| {texts.tools_heading} | {texts.macs_column} | {texts.difference} |", "|---|---:|---|"]
    for count in five_counts(found):
        extras = " + ".join(f"{amount:,} ({texts.extras[extra]})" for extra, amount in count.extras)
        name = f"`{count.tool}`" if count.tool is Tool.FLOP_COUNTER else f"**{count.tool}**"
        lines.append(f"| {name} | {count.total:,} | {extras or texts.only_products} |")
    st.markdown("\n".join(lines))
    rules = [f"**{tool}**: {texts.tools[tool]}." for tool in Tool]
    with st.expander(texts.rules_heading):
        st.markdown("\n".join(f"- {rule}" for rule in rules))
        st.markdown(texts.memory_line.format(kept=bytes_text(found.kept_bytes)))


def comparison(now: Chosen, found: Analysis, other: Classic, batch: int, texts: CnnTexts) -> None:
    """Two classics, number beside number."""
    size = now.size if not other.is_lenet and now.name is not None and not now.name.is_lenet else 0
    theirs = analyse(classic_chosen(other, size=size, batch=batch).network)
    assert now.name is not None
    lines = [f"| | {now.name.printed} | {other.printed} |", "|---|---:|---:|"]
    columns = [_column(now.name, found, texts), _column(other, theirs, texts)]
    for name, label in texts.compare_rows.items():
        lines.append(f"| {label} | {columns[0][name]} | {columns[1][name]} |")
    st.markdown("\n".join(lines))
    if Classic.RESNET50 in (now.name, other):
        st.caption(texts.same_network)


def _column(name: Classic, found: Analysis, texts: CnnTexts) -> dict[str, str]:
    batch = found.network.input_shape[0]
    published = PUBLISHED.get(name, ())
    said = {
        which: ", ".join(
            texts.published.format(percent=f"{getattr(each, which):.3f}", weights=each.weights.split("_")[-1])
            for each in published
        )
        or texts.not_published
        for which in ("top1", "top5")
    }
    return {
        "parameters": f"{found.parameters:,}",
        "macs": f"{found.macs // batch:,}",
        "depth": str(found.depth),
        "kept": bytes_text(found.kept_bytes),
        "bytes": bytes_text(found.output_bytes),
        "field": last_field(found, texts),
        **said,
    }


def conv_blocks(stack: Stack) -> tuple[ConvBlock, ...] | None:
    """A stack as the blocks that /train trains; None where it is another kind of network.

    >>> from lib.core.nets.stack import general_stack
    >>> conv_text(conv_blocks(general_stack(2, 2, 0)))
    '8k5p2m.16k5p2m'
    """
    layers = [row.layer for row in stack.rows]
    if len(layers) < 2 or not isinstance(layers[-2], Flatten) or not isinstance(layers[-1], Linear):
        return None
    blocks: list[ConvBlock] = []
    place, end = 0, len(layers) - 2
    while place < end:
        conv, following = layers[place], layers[place + 1 : place + 3]
        if not _is_plain(conv) or following[:1] != [Activation(Function.RELU)]:
            return None
        assert isinstance(conv, Conv)
        place += 2
        pool = Pooling.NONE
        if place < end and isinstance(layers[place], MaxPool | AvgPool):
            if layers[place] not in (MaxPool(), AvgPool()):
                return None
            pool = Pooling.MAX if isinstance(layers[place], MaxPool) else Pooling.AVERAGE
            place += 1
        try:
            blocks.append(ConvBlock(conv.out_channels, conv.kernel[0], conv.padding[0], pool))
        except ConfigError:
            return None
    return tuple(blocks) if 0 < len(blocks) <= MAX_BLOCKS and stack.channels == 1 else None


def _is_plain(layer: object) -> bool:
    """Whether it is a convolution as a block has it: square, stride 1, with a bias."""
    if not isinstance(layer, Conv):
        return False
    side, padding = layer.kernel[0], layer.padding[0]
    return layer == Conv(layer.out_channels, (side, side), padding=(padding, padding))


def train_link(now: Chosen, view: Frame, texts: CnnTexts) -> None:
    """The way to /train with this stack, where it can be trained there."""
    blocks = None if now.stack is None or now.size != 28 else conv_blocks(now.stack)
    if blocks is not None:
        st.page_link(
            page_info("train").file,
            label=texts.train_link,
            icon=":material/model_training:",
            query_params={"lang": view.lang, "network": "cnn", "conv": conv_text(blocks)},
        )
