"""The numbers in large, five counters, and two networks side by side."""

from __future__ import annotations

import streamlit as st

from lib.core.nets.analysis import Analysis, analyse
from lib.core.nets.classics import PUBLISHED, Classic, Published
from lib.core.nets.layers import Activation, AvgPool, Conv, Flatten, Layer, Linear, MaxPool
from lib.core.nets.stack import KIND_NAMES, Stack
from lib.core.nets.tools import Tool, five_counts
from lib.core.nets.totals import torchinfo_totals
from lib.core.training.config import CLASSES, TrainConfig
from lib.core.training.conv_block import IMAGE_SIDE, ConvBlock, Pooling, conv_text
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


def macs_heading(found: Analysis, texts: CnnTexts) -> str:
    """What stands over MACs that are those of all pictures of the batch, as tools and programs count them."""
    batch = found.network.input_shape[0]
    return texts.macs_column if batch == 1 else texts.macs_of_batch.format(batch=batch)


def five_tools(found: Analysis, view: Frame, texts: CnnTexts) -> None:
    """Why counters disagree about this network."""
    if found.failure is not None or found.network.side or not found.rows:
        return
    lines = [
        f"| {texts.tools_heading} | {macs_heading(found, texts)} | {texts.difference} |",
        "|---|---:|---|",
    ]
    for count in five_counts(found):
        extras = " + ".join(
            view.texts.aside.format(name=f"{amount:,}", note=texts.extras[extra])
            for extra, amount in count.extras
        )
        name = f"`{count.tool}`" if count.tool is Tool.FLOP_COUNTER else f"**{count.tool}**"
        lines.append(f"| {name} | {count.total:,} | {extras or texts.only_products} |")
    st.markdown("\n".join(lines))
    between, stop = view.texts.colon, view.texts.stop.strip()
    rules = [f"**{tool}**{between}{texts.tools[tool]}{stop}" for tool in Tool]
    with st.expander(texts.rules_heading):
        st.markdown("\n".join(f"- {rule}" for rule in rules))
        st.markdown(texts.memory_line.format(kept=bytes_text(found.kept_bytes)))


def totals_table(found: Analysis, texts: CnnTexts) -> None:
    """What torchinfo writes under its table; sizes in MB with two digits, as it does."""
    if found.failure is not None or found.network.side or not found.rows:
        return
    totals = torchinfo_totals(found)
    values = {
        "parameters": f"{totals.parameters:,}",
        "trainable": f"{totals.trainable:,}",
        "fixed": f"{totals.fixed:,}",
        "mult_adds": f"{totals.mult_adds:,}",
        "input": _megabytes(totals.input_bytes),
        "pass": _megabytes(totals.pass_bytes),
        "parameter_size": _megabytes(totals.parameter_bytes),
        "total": _megabytes(totals.total_bytes),
    }
    batch = found.network.input_shape[0]
    lines = [f"| {texts.torchinfo_heading} | {texts.torchinfo_value} |", "|---|---:|"]
    lines += [
        f"| {texts.torchinfo_rows[name].format(batch=batch)} | {value} |" for name, value in values.items()
    ]
    st.markdown("\n".join(lines))


def _megabytes(count: int) -> str:
    return f"{count / 1e6:,.2f} MB"


def comparison(
    view: Frame, now: Chosen, found: Analysis, other: Classic, batch: int, texts: CnnTexts
) -> None:
    """Two classics, number beside number."""
    size = now.size if not other.is_lenet and now.name is not None and not now.name.is_lenet else 0
    beside = classic_chosen(other, size=size, batch=batch)
    assert now.name is not None
    heads = [_head(now.name, now, texts), _head(other, beside, texts)]
    columns = [_column(view, now.name, found, texts), _column(view, other, analyse(beside.network), texts)]
    lines = [f"| {texts.compared} | {heads[0]} | {heads[1]} |", "|---|---:|---:|"]
    for name, label in texts.compare_rows.items():
        lines.append(f"| {label.format(batch=batch)} | {columns[0][name]} | {columns[1][name]} |")
    st.markdown("\n".join(lines))
    if Classic.RESNET50 in (now.name, other):
        st.caption(texts.same_network)


def accuracies(name: Classic, view: Frame, texts: CnnTexts) -> str:
    """Top-1 and top-5 on ImageNet of each of a classic's published weights."""
    return view.texts.comma.join(
        texts.published.format(percent=f"{each.top1:.3f} / {each.top5:.3f}", weights=_version(each))
        for each in PUBLISHED[name]
    )


def _version(published: Published) -> str:
    return published.weights.split("_")[-1]


def _head(name: Classic, chosen: Chosen, texts: CnnTexts) -> str:
    size = f"{chosen.size} × {chosen.size}"
    return texts.compared_head.format(name=name.printed, size=size, classes=chosen.classes)


def _column(view: Frame, name: Classic, found: Analysis, texts: CnnTexts) -> dict[str, str]:
    batch = found.network.input_shape[0]
    published = PUBLISHED.get(name, ())
    said = {
        which: view.texts.comma.join(
            texts.published.format(percent=f"{getattr(each, which):.3f}", weights=_version(each))
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


def trainable(stack: Stack) -> TrainConfig | None:
    """A stack as /train trains it; None where it is another kind of network.

    >>> from lib.core.nets.stack import general_stack
    >>> trainable(general_stack(2, 2, 1)).hidden, len(trainable(general_stack(2, 2, 1)).conv)
    ((64,), 2)
    """
    layers = [row.layer for row in stack.rows]
    if stack.channels != 1 or layers.count(Flatten()) != 1:
        return None
    flat = layers.index(Flatten())
    blocks, hidden = _blocks(layers[:flat]), _hidden(layers[flat + 1 :])
    if not blocks or hidden is None:
        return None
    try:
        return TrainConfig(conv=blocks, hidden=hidden, batch_size=1)
    except ConfigError:
        return None


def _hidden(layers: list[Layer]) -> tuple[int, ...] | None:
    """The sizes of (linear + ReLU), before the ten logits."""
    sizes = []
    while len(layers) > 1:
        linear, activation, *layers = layers
        if (
            not isinstance(linear, Linear)
            or linear != Linear(linear.out_features)
            or activation != Activation()
        ):
            return None
        sizes.append(linear.out_features)
    return tuple(sizes) if layers == [Linear(CLASSES)] else None


def _blocks(layers: list[Layer]) -> tuple[ConvBlock, ...] | None:
    """Convolution, ReLU and, if any, a pool of 2 x 2, again and again."""
    blocks: list[ConvBlock] = []
    while layers:
        conv, *layers = layers
        if not _is_plain(conv) or layers[:1] != [Activation()]:
            return None
        assert isinstance(conv, Conv)
        layers = layers[1:]
        pool = {MaxPool(): Pooling.MAX, AvgPool(): Pooling.AVERAGE}.get(layers[0]) if layers else None
        try:
            blocks.append(ConvBlock(conv.out_channels, conv.kernel[0], conv.padding[0], pool or Pooling.NONE))
        except ConfigError:
            return None
        layers = layers[1:] if pool else layers
    return tuple(blocks)


def _is_plain(layer: object) -> bool:
    """Whether it is a convolution as a block has it: square, stride 1, with a bias."""
    if not isinstance(layer, Conv):
        return False
    side, padding = layer.kernel[0], layer.padding[0]
    return layer == Conv(layer.out_channels, (side, side), padding=(padding, padding))


def train_link(now: Chosen, view: Frame, texts: CnnTexts) -> None:
    """The way to /train with this stack, where it can be trained there."""
    config = None if now.stack is None or now.size != IMAGE_SIDE else trainable(now.stack)
    if config is None:
        return
    query = {"lang": str(view.lang), "network": "cnn", "conv": conv_text(config.conv)}
    if config.hidden:
        query["fc"] = ", ".join(map(str, config.hidden))
    st.page_link(
        page_info("train").file, label=texts.train_link, icon=":material/model_training:", query_params=query
    )
