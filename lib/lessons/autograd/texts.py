"""Labels of /autograd that its parts share."""

from __future__ import annotations

from dataclasses import dataclass

from lib.lessons.autograd.state import Topic
from lib.ui.lang import Lang


@dataclass(frozen=True)
class AutogradTexts:
    """Labels of /autograd."""

    title: str
    topic: str
    topics: dict[Topic, str]
    prints: str


AUTOGRAD_TEXTS: dict[Lang, AutogradTexts] = {
    Lang.EN: AutogradTexts(
        title="Autograd",
        topic="Topic",
        topics={
            Topic.GRAPH: "Graph",
            Topic.STEP: "Training step",
            Topic.BATCHES: "Batches",
            Topic.LOSS: "Losses",
            Topic.DEPTH: "Depth",
            Topic.MODULE: "nn.Module",
            Topic.PARALLEL: "Devices",
        },
        prints="It prints:",
    ),
    Lang.ZH: AutogradTexts(
        title="自动求导",
        topic="主题",
        topics={
            Topic.GRAPH: "计算图",
            Topic.STEP: "训练的一步",
            Topic.BATCHES: "批次",
            Topic.LOSS: "损失",
            Topic.DEPTH: "深度",
            Topic.MODULE: "nn.Module",
            Topic.PARALLEL: "多设备",
        },
        prints="运行结果：",
    ),
}
