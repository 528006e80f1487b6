"""The network picture and its table: what the browser gets, as JSON text, and what it reports."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from lib.core.nets.analysis import Analysis, RowReport
from lib.core.nets.effective import EffectiveField
from lib.core.nets.failures import When
from lib.core.nets.graph import INPUT, Row
from lib.core.nets.layers import (
    MAX_CHANNELS,
    Activation,
    AdaptiveAvgPool,
    AdaptiveMaxPool,
    AvgPool,
    BatchNorm,
    Conv,
    Dropout,
    Flatten,
    Layer,
    Linear,
    MaxPool,
    Rbf,
    SparseConv,
    Subsample,
)
from lib.core.nets.program import layer_call
from lib.core.nets.shapes import sees_padding_alone, windows
from lib.core.nets.stack import MAX_ROWS, Stack, forms_json, stack_json
from lib.figures.palette import Palette
from lib.lessons.cnn.texts import PictureTexts
from lib.ui.components.base import browser_component, packed

KEY, TABLE_KEY = "network_picture", "network_table"
_mount = browser_component("network", html='<div class="net"></div>', isolate_styles=False)
_mount_table = browser_component("network_table", html='<div class="net-table"></div>', isolate_styles=False)
_mount_feed = browser_component("network_feed")


@dataclass(frozen=True)
class Shown:
    """A network with its numbers; ``at`` is the unit that is pinned, ``news`` rises when the address brought it."""

    found: Analysis
    stack: Stack | None
    at: str
    news: int
    tall: bool


@lru_cache(4096)
def _geometry(layer: Layer, shape: tuple[int, ...]) -> dict[str, Any]:
    """What the browser needs to walk from a unit back to the cells it sees, per axis (height, width)."""
    match layer:
        case Conv() | MaxPool() | AvgPool():
            made = windows(layer, shape)
            mode = str(layer.padding_mode) if isinstance(layer, Conv) else "zeros"
            return {
                "kind": "window",
                "kernel": layer.kernel,
                "stride": layer.stride,
                "before": [made.pads(axis)[0] for axis in made.axes],
                "dilation": [axis.dilation for axis in made.axes],
                "mode": mode,
            }
        case SparseConv() | Subsample():
            side, step = (layer.kernel, 1) if isinstance(layer, SparseConv) else (2, 2)
            pair = [side, side]
            return {
                "kind": "window",
                "kernel": pair,
                "stride": [step, step],
                "before": [0, 0],
                "dilation": [1, 1],
                "mode": "zeros",
            }
        case AdaptiveAvgPool() | AdaptiveMaxPool():
            return {"kind": "bins"}
        case Flatten() | Rbf():
            return {"kind": "all"}
        case Linear():
            return {"kind": "rows" if len(shape) == 4 else "all"}
    return {"kind": "same"}


@lru_cache(4096)
def _kind(layer: Layer) -> str:
    """The picture's colour and whether it has a box of its own."""
    match layer:
        case Conv() | SparseConv():
            return "conv"
        case MaxPool() | AvgPool() | AdaptiveAvgPool() | AdaptiveMaxPool() | Subsample():
            return "pool"
        case Linear() | Rbf():
            return "linear"
        case BatchNorm() | Dropout() | Activation():
            return "unary"
        case Flatten():
            return "flatten"
    return "join"


@lru_cache(4096)
def _call(layer: Layer, shape: tuple[int, ...]) -> str:
    return layer_call(layer, shape).removeprefix("nn.")


def _row_json(row: Row, report: RowReport, input_size: tuple[int, int]) -> dict[str, Any]:
    field = report.field
    height, width = field.sizes
    is_kernel_row = report.is_spatial and not field.whole
    return {
        "name": row.name,
        "call": _call(row.layer, report.input_shapes[0]),
        "kind": _kind(row.layer),
        "block": row.block,
        "branch": row.branch,
        "inputs": row.inputs,
        "shape": report.shape,
        "parameters": report.parameters,
        "macs": report.macs,
        "bytes": report.output_bytes,
        "kept": report.kept_bytes,
        "field": (height, width),
        "jump": (field.height.jump, field.width.jump),
        "whole": field.whole,
        "covers": field.whole and field.covers(*input_size),
        "exceeds": is_kernel_row and field.exceeds(*input_size),
        "empty": sees_padding_alone(row.layer, report.input_shapes[0]),
        "geo": _geometry(row.layer, report.input_shapes[0]),
    }


def network_json(found: Analysis) -> dict[str, Any]:
    """Rows, totals and the failure, as the scripts document them."""
    network, failure = found.network, found.failure
    rest = [
        {
            "name": row.name,
            "call": _call(row.layer, _coming(found, row)),
            "inputs": row.inputs,
            "block": row.block,
        }
        for row in network.rows[len(found.rows) :]
    ]
    size = (network.input_shape[2], network.input_shape[3])
    last = found.last_map
    return {
        "input": network.input_shape,
        "rows": [_row_json(row, report, size) for row, report in zip(network.rows, found.rows, strict=False)],
        "rest": rest,
        "side": network.side,
        "broken": None
        if failure is None
        else {"row": failure.culprit, "backward": failure.when is When.BACKWARD},
        "totals": {
            "parameters": found.parameters,
            "macs": found.macs,
            "bytes": found.output_bytes,
            "kept": found.kept_bytes,
        },
        "last": None if last is None else last,
    }


def _coming(found: Analysis, row: Row) -> tuple[int, ...]:
    source = row.inputs[0]
    if source == INPUT:
        return found.network.input_shape
    return found.rows[source].shape if source < len(found.rows) else (1, 1, 1, 1)


@lru_cache(1)
def _forms() -> dict[str, Any]:
    return forms_json()


def picture_json(shown: Shown, *, colours: Palette, texts: PictureTexts) -> str:
    """All that both components draw from."""
    props = {
        "network": network_json(shown.found),
        "stack": None if shown.stack is None else stack_json(shown.stack),
        "forms": _forms(),
        "most": {"rows": MAX_ROWS, "channels": MAX_CHANNELS},
        "at": shown.at,
        "news": shown.news,
        "tall": shown.tall,
        "labels": asdict(texts),
        "colours": colours.named(
            "input", "weight", "output", "padding", "wrong", "muted", "ink", "paper", "grid"
        ),
    }
    return json.dumps(props, ensure_ascii=False)


def network_picture(props: str, *, on_at: Callable[[], None]) -> None:
    """Draw the network to scale; ``on_at`` is called when a unit is pinned or let go."""
    _mount(key=KEY, data=props, on_at_change=on_at)


def network_table(props: str, *, on_edit: Callable[[], None]) -> None:
    """Draw the table; ``on_edit`` is called when the learner has changed a row."""
    _mount_table(key=TABLE_KEY, data=props, on_edit_change=on_edit)


def network_feed(photo: bytes, photo_type: str, field: EffectiveField | None, at: str, message: str) -> None:
    """Hand the picture its photograph, and the gradient of the pinned unit once it is known."""
    heat = None
    if field is not None:
        levels = (255 * field.heat).round().astype("uint8")
        heat = {
            "rows": levels.shape[0],
            "columns": levels.shape[1],
            "levels": packed(levels),
            "side": field.side,
            "middle": field.middle,
            "ratio": field.ratio,
            "pretrained": field.pretrained,
        }
    encoded = base64.b64encode(photo).decode("ascii")
    props = {"photo": f"data:{photo_type};base64,{encoded}", "heat": heat, "at": at, "message": message}
    _mount_feed(key="network_feed", data=json.dumps(props))
