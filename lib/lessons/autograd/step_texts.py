"""Words of the training step in slow motion."""

from __future__ import annotations

from dataclasses import dataclass

from lib.core.autograd.session import Button, Refusal
from lib.ui.lang import Lang


@dataclass(frozen=True)
class StepTexts:
    """Labels of the training step."""

    learning_rate: str
    activation: str
    examples: str
    example_names: dict[str, str]
    labels: dict[str, str]
    helps: dict[Button, str]
    fresh: str
    forward: str
    """Slots: pred."""
    loss: str
    """Slots: loss."""
    zeroed: str
    zeroed_again: str
    first_backward: str
    added: str
    """Slots: times."""
    doubled: str
    """Slots: times."""
    stepped: str
    """Slots: rate, count."""
    nothing_to_step: str
    refusals: dict[Refusal, str]
    idle_title: str
    idle: str
    """Slots: rate, momentum, decay, first, steps, none, zeros."""
    idle_steps: str
    idle_columns: tuple[str, str, str]


STEP_TEXTS: dict[Lang, StepTexts] = {
    Lang.EN: StepTexts(
        learning_rate="Learning rate",
        activation="Hidden activation",
        examples="Examples",
        example_names={
            "order": "The usual order",
            "no_zero": "Without zero_grad",
            "late_zero": "zero_grad too late",
            "twice": "backward twice",
            "changed": "step before backward",
        },
        labels={
            "undo": "Undo",
            "reset": "Start over",
            "replay": "Play all presses again",
            "scrub": "Moment",
        },
        helps={
            Button.FORWARD: "forward pass",
            Button.LOSS: "squared error",
            Button.ZERO_GRAD: "every .grad becomes None",
            Button.BACKWARD: "gradients are added to .grad",
            Button.STEP: "parameters move against .grad",
        },
        fresh="A new network: no prediction yet, every .grad is None. Press the five lines in any order.",
        forward="The numbers flow through the network: pred = {pred}. No gradient changes here.",
        loss="loss = (pred − target)² = {loss}.",
        zeroed="Every .grad is None. The parameters stay as they are.",
        zeroed_again="Every .grad was None already.",
        first_backward="The gradient flows back. Every .grad was None and now holds the gradient.",
        added="The new gradient was ADDED to what was there: .grad now holds {times} gradients.",
        doubled="No weight has changed, so the same gradient came again and was ADDED: every .grad "
        "is {times} times "
        "the gradient. zero_grad() was left out.",
        stepped="p ← p − {rate} · p.grad for {count} parameters. .grad stays: step() does not clear it.",
        nothing_to_step="Every .grad is None: step() skips these parameters, nothing moves.",
        refusals={
            Refusal.NO_PREDICTION: "There is no prediction yet: press forward first.",
            Refusal.NO_LOSS: "There is no loss yet: a forward pass and a loss come first.",
            Refusal.TWICE: "backward() frees what the graph has kept. A new forward pass makes a new graph.",
            Refusal.CHANGED: "step() has changed fc2.weight since the forward pass, and this graph "
            "needs its old value. "
            "So backward() comes before step().",
        },
        idle_title="None is not zero",
        idle="SGD(lr={rate}, momentum={momentum}, weight_decay={decay}) has moved p from 1.0 to "
        "{first} once. After that p takes "
        "no part in the loss. {steps} more steps: with `.grad = None` the optimizer skips it and p "
        "stays at **{none}**; with "
        "`.grad = 0`, as `zero_grad(set_to_none=False)` leaves it, momentum and weight decay go on, "
        "to **{zeros}**.",
        idle_steps="More steps",
        idle_columns=("step", ".grad = None", ".grad = 0"),
    ),
    Lang.ZH: StepTexts(
        learning_rate="学习率",
        activation="隐藏层激活函数",
        examples="例子",
        example_names={
            "order": "通常的顺序",
            "no_zero": "不调用 zero_grad",
            "late_zero": "zero_grad 太晚",
            "twice": "两次 backward",
            "changed": "先 step 后 backward",
        },
        labels={"undo": "撤销", "reset": "重新开始", "replay": "从头重放", "scrub": "时刻"},
        helps={
            Button.FORWARD: "前向传播",
            Button.LOSS: "平方误差",
            Button.ZERO_GRAD: "每个 .grad 变为 None",
            Button.BACKWARD: "梯度累加到 .grad",
            Button.STEP: "参数沿 .grad 的反方向移动",
        },
        fresh="一个新网络：还没有预测，每个 .grad 都是 None。五行代码可以按任意顺序按下。",
        forward="数值流过网络：pred = {pred}。梯度没有变化。",
        loss="loss = (pred − target)² = {loss}。",
        zeroed="每个 .grad 都是 None。参数不变。",
        zeroed_again="每个 .grad 本来就是 None。",
        first_backward="梯度往回传。每个 .grad 原来是 None，现在装着这次的梯度。",
        added="新的梯度被“加”到原有的上面：.grad 里现在是 {times} 次梯度之和。",
        doubled="权重没有变，所以同样的梯度又来了一次，并且是“加”上去的：每个 .grad 都是梯度的 "
        "{times} 倍。漏掉了 zero_grad()。",
        stepped="{count} 个参数都做 p ← p − {rate} · p.grad。.grad 还在：step() 不会清空它。",
        nothing_to_step="每个 .grad 都是 None：step() 跳过这些参数，什么都没动。",
        refusals={
            Refusal.NO_PREDICTION: "还没有预测：请先做前向传播。",
            Refusal.NO_LOSS: "还没有损失：先要前向传播，再算损失。",
            Refusal.TWICE: "backward() 会释放图里保存的值。再做一次前向传播才有新的图。",
            Refusal.CHANGED: "前向传播之后 step() 改动了 fc2.weight，而这张图需要它的旧值。所以 "
            "backward() 要在 step() 之前。",
        },
        idle_title="None 不等于零",
        idle="SGD(lr={rate}, momentum={momentum}, weight_decay={decay}) 先把 p 从 1.0 移到 {first}。"
        "此后 p 不再参与损失。再走 {steps} 步："
        "`.grad = None` 时优化器跳过它，p 停在 **{none}**；`.grad = 0` 时（"
        "`zero_grad(set_to_none=False)` 的结果），动量和权重衰减继续作用，p 变为 **{zeros}**。",
        idle_steps="再走几步",
        idle_columns=("步", ".grad = None", ".grad = 0"),
    ),
}
