"""Words of the race on MNIST."""

from __future__ import annotations

from dataclasses import dataclass

from lib.ui.lang import Lang


@dataclass(frozen=True)
class MnistTexts:
    """Labels of the race on MNIST; slots in braces."""

    rules: str
    too_many: str
    """Slots: most."""
    rate: str
    """Slots: rule."""
    decay: str
    hidden: str
    epochs: str
    share: str
    seed: str
    race: str
    find: str
    find_help: str
    unknown: str
    """Slots: run."""
    not_yet: str
    recorded: str
    shared: str
    other_settings: str
    step: str
    loss: str
    learning_rate: str
    rule: str
    right: str
    """Slots: epoch."""
    loss_now: str
    suggested: str
    no_suggestion: str
    take: str
    muon: str
    """Slots: rate, decay, hidden."""
    reading: str
    """Slots: name, loss, steps."""


MNIST_TEXTS: dict[Lang, MnistTexts] = {
    Lang.EN: MnistTexts(
        rules="Optimizers, up to five",
        too_many="At most {most} race at a time: the first {most} do.",
        rate="{rule}: lr",
        decay="weight decay",
        hidden="Hidden units",
        epochs="Epochs",
        share="Share of the training images (%)",
        seed="Seed",
        race="Race",
        find="Find learning rates",
        find_help="A range test: the learning rate of each rises from 1e-6 to 10 over 300 steps.",
        unknown="The run {run} is not on this server any more.",
        recorded="A recorded race with these settings: all start from the same weights and see the same batches. "
        "Race runs it anew.",
        not_yet="Press Race: all start from the same weights and see the same batches. For a learning rate that suits, "
        "find it first.",
        shared="Somebody started the same race before: you watch its numbers.",
        other_settings="The controls have other settings by now.",
        step="step",
        loss="Cross-entropy (nats), smoothed",
        learning_rate="learning rate",
        rule="Optimizer",
        right="right after epoch {epoch}",
        loss_now="loss now",
        suggested="suggested learning rate",
        no_suggestion="none: the loss does not fall",
        take="Take these learning rates",
        muon="Muon averages the gradients like momentum, then makes that average nearly orthogonal (five Newton–Schulz "
        "rounds): every direction moves about equally far. It moves the hidden layer's matrix alone; biases and the "
        "last layer are moved by AdamW with learning rate {rate} and weight decay {decay}. Given the hidden layer's "
        "bias, torch refuses: "
        "`Muon only supports 2D parameters whereas we found a parameter with size: torch.Size([{hidden}])`.",
        reading="{name}: smoothed loss {loss} after {steps} steps.",
    ),
    Lang.ZH: MnistTexts(
        rules="优化器（至多五个）",
        too_many="一次至多 {most} 个：前 {most} 个参赛。",
        rate="{rule}：lr",
        decay="权重衰减",
        hidden="隐藏单元数",
        epochs="轮数（epoch）",
        share="使用的训练图像比例（%）",
        seed="随机种子",
        race="开始比赛",
        find="寻找学习率",
        find_help="范围测试：各自的学习率在 300 步内从 1e-6 升到 10。",
        unknown="训练 {run} 已不在这台服务器上。",
        recorded="这是用同样设置记录下来的一次比赛：所有优化器从相同的权重出发，看到相同的批次。按“开始比赛”可重新运行。",
        not_yet="按“开始比赛”：所有优化器从相同的权重出发，看到相同的批次。想要合适的学习率，可以先按“寻找学习率”。",
        shared="已有人开始过同样的比赛：你看到的是它的结果。",
        other_settings="控件中的设置现在与它不同。",
        step="步",
        loss="交叉熵（nat），已平滑",
        learning_rate="学习率",
        rule="优化器",
        right="第 {epoch} 轮后的准确率",
        loss_now="当前损失",
        suggested="建议的学习率",
        no_suggestion="无：损失没有下降",
        take="采用这些学习率",
        muon="Muon 像动量那样平均梯度，再把平均后的矩阵变得近似正交（五轮 Newton–Schulz 迭代）："
        "各个方向移动得差不多远。它只更新隐藏层的矩阵；偏置与最后一层由 AdamW 更新，学习率 {rate}，权重衰减 {decay}。"
        "若把隐藏层的偏置交给它，torch 会拒绝："
        "`Muon only supports 2D parameters whereas we found a parameter with size: torch.Size([{hidden}])`。",
        reading="{name}：{steps} 步后平滑损失为 {loss}。",
    ),
}
