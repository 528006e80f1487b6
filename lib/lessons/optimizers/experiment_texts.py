"""Words of the experiments."""

from __future__ import annotations

from dataclasses import dataclass

from lib.core.optim.experiments import Experiment
from lib.ui.lang import Lang


@dataclass(frozen=True)
class ExperimentTexts:
    """Labels of the experiments; slots in braces."""

    choose: str
    names: dict[Experiment, str]
    curves: dict[str, str]
    """By experiment and trial: "decay sgd"."""
    knobs: dict[str, str]
    step: str
    parameter: str
    move: str
    rate: str
    trial: str
    at_step: str
    """Slots: step."""
    overshoot: str
    """Slots: first, step, ratio."""
    dropped: str
    """Slots: step, torch, sutskever."""
    reading: str
    """Slots: name, first, last."""
    prints: str
    not_torch: str


EXPERIMENT_TEXTS: dict[Lang, ExperimentTexts] = {
    Lang.EN: ExperimentTexts(
        choose="Experiment",
        names={
            Experiment.DECAY: "Weight decay",
            Experiment.BIAS: "Bias correction",
            Experiment.MOMENTUM: "Momentum, twice",
            Experiment.DAMPENING: "Dampening",
            Experiment.NESTEROV: "Nesterov",
            Experiment.AMSGRAD: "AMSGrad",
            Experiment.EPS: "Epsilon",
            Experiment.NONE: "None or zero",
            Experiment.SCHEDULES: "Schedules",
        },
        curves={
            "decay sgd": "SGD",
            "decay momentum": "SGD with momentum",
            "decay adam": "Adam",
            "decay adamw": "AdamW",
            "decay paper": "AdamW of the paper",
            "bias corrected": "Adam",
            "bias uncorrected": "Adam without correction",
            "bias adagrad": "AdaGrad",
            "momentum torch": "torch: p −= lr·v",
            "momentum sutskever": "Sutskever: lr inside v",
            "dampening undamped": "no dampening",
            "dampening torch": "torch: first step undamped",
            "dampening always": "damped from the start",
            "nesterov momentum": "momentum",
            "nesterov torch": "torch: g + μ·new v",
            "nesterov old": "g + μ·old v",
            "amsgrad adam": "Adam",
            "amsgrad torch": "torch: maximum, then correction",
            "amsgrad after": "correction, then maximum",
            "eps torch": "torch: √v̂ + ε",
            "eps before": "(√v + ε) / √(1 − β₂ᵗ)",
            "eps inside": "√(v̂ + ε)",
            "none none": "p.grad = None",
            "none zero": "p.grad = 0",
            "schedules constant": "constant",
            "schedules step": "StepLR",
            "schedules cosine": "CosineAnnealingLR",
            "schedules onecycle": "OneCycleLR",
            "schedules warmup": "LinearLR (warm-up)",
            "schedules warmupcosine": "warm-up, then cosine",
        },
        knobs={
            "lr": "Learning rate",
            "wd": "Weight decay",
            "mu": "Momentum",
            "damp": "Dampening",
            "size": "Gradient, power of ten",
            "tiny": "Gradient, power of ten",
            "steps": "Steps",
        },
        step="step",
        parameter="parameter p",
        move="size of the step",
        rate="learning rate",
        trial="Rule",
        at_step="step {step}",
        overshoot="Without correction step 1 goes **{first}** times as far, step {step} **{ratio}** times.",
        dropped="After step {step} the learning rate falls to a tenth. The next step: **{torch}** by torch's "
        "definition, **{sutskever}** by the other.",
        reading="{name}: {first} at first, {last} at last.",
        prints="It prints:",
        not_torch="Not in torch.optim, computed here for comparison.",
    ),
    Lang.ZH: ExperimentTexts(
        choose="实验",
        names={
            Experiment.DECAY: "权重衰减",
            Experiment.BIAS: "偏差修正",
            Experiment.MOMENTUM: "两种动量",
            Experiment.DAMPENING: "阻尼",
            Experiment.NESTEROV: "Nesterov",
            Experiment.AMSGRAD: "AMSGrad",
            Experiment.EPS: "Epsilon",
            Experiment.NONE: "None 还是零",
            Experiment.SCHEDULES: "学习率调度",
        },
        curves={
            "decay sgd": "SGD",
            "decay momentum": "带动量的 SGD",
            "decay adam": "Adam",
            "decay adamw": "AdamW",
            "decay paper": "论文中的 AdamW",
            "bias corrected": "Adam",
            "bias uncorrected": "不做修正的 Adam",
            "bias adagrad": "AdaGrad",
            "momentum torch": "torch：p −= lr·v",
            "momentum sutskever": "Sutskever：lr 在 v 之内",
            "dampening undamped": "无阻尼",
            "dampening torch": "torch：第一步不阻尼",
            "dampening always": "从头阻尼",
            "nesterov momentum": "动量",
            "nesterov torch": "torch：g + μ·新 v",
            "nesterov old": "g + μ·旧 v",
            "amsgrad adam": "Adam",
            "amsgrad torch": "torch：先取最大值，再修正",
            "amsgrad after": "先修正，再取最大值",
            "eps torch": "torch：√v̂ + ε",
            "eps before": "(√v + ε) / √(1 − β₂ᵗ)",
            "eps inside": "√(v̂ + ε)",
            "none none": "p.grad = None",
            "none zero": "p.grad = 0",
            "schedules constant": "恒定",
            "schedules step": "StepLR",
            "schedules cosine": "CosineAnnealingLR",
            "schedules onecycle": "OneCycleLR",
            "schedules warmup": "LinearLR（预热）",
            "schedules warmupcosine": "先预热，后余弦",
        },
        knobs={
            "lr": "学习率",
            "wd": "权重衰减",
            "mu": "动量",
            "damp": "阻尼",
            "size": "梯度（10 的幂）",
            "tiny": "梯度（10 的幂）",
            "steps": "步数",
        },
        step="步",
        parameter="参数 p",
        move="步长",
        rate="学习率",
        trial="规则",
        at_step="第 {step} 步",
        overshoot="不做修正时，第 1 步的步长是修正后的 **{first}** 倍，第 {step} 步是 **{ratio}** 倍。",
        dropped="第 {step} 步之后学习率降为十分之一。"
        "下一步：按 torch 的定义走 **{torch}**，按另一种定义走 **{sutskever}**。",
        reading="{name}：开始为 {first}，最后为 {last}。",
        prints="运行结果：",
        not_torch="torch.optim 中没有，此处计算以作比较。",
    ),
}
