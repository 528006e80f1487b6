"""Words of the parts about losses, batches, depth, and nn.Module."""

from __future__ import annotations

from dataclasses import dataclass

from lib.core.autograd.depth import Init
from lib.ui.lang import Lang


@dataclass(frozen=True)
class LossTexts:
    """Labels of the losses."""

    logits: str
    logits_allowed: str
    target: str
    smoothing: str
    fed: str
    examples: str
    example_names: dict[str, str]
    p: str
    q: str
    gradient: str
    through: str
    loss: str
    """Slots: loss, formula."""
    plain: str
    """Slots: p."""
    equal: str
    """Slots: classes, floor."""
    probabilities: str
    """Slots: classes, floor."""
    smoothed: str
    """Slots: classes, smoothing, floor, true."""
    weighted_title: str
    weight: str
    weighted: str
    """Slots: l0, l1, weight, mean, count."""


@dataclass(frozen=True)
class BatchTexts:
    """Labels of gradient accumulation."""

    parts: str
    unequal: str
    batch_norm: str
    divide: str
    whole: str
    """Slots: samples."""
    accumulated: str
    """Slots: sizes."""
    equal: str
    differs: str
    """Slots: percent."""
    why_equal: str
    why_one: str
    why_unequal: str
    why_norm: str
    why_single: str
    why_sum: str
    """Slots: parts."""


@dataclass(frozen=True)
class DepthTexts:
    """Labels of depth."""

    depth: str
    nonlinearity: str
    init: str
    inits: dict[Init, str]
    chart: str
    reading: str
    """Slots: depth, first, last."""
    loss: str
    """Slots: loss."""
    fades: str
    """Slots: last."""
    vanishes: str
    """Slots: first, last."""
    explodes: str
    """Slots: largest."""
    fair: str
    """Slots: first, last."""
    dead: str
    """Slots: loss."""
    huge: str
    table: str
    """Slots: depth."""


@dataclass(frozen=True)
class ModuleTexts:
    """Labels of nn.Module against nn.functional."""

    mode: str
    modes: dict[str, str]
    dropout: str
    module: str
    functional: str
    careless: str
    zeros: str
    """Slots: dropped, scale."""
    untouched: str
    careless_note: str
    parameters: str
    buffers: str
    where: str
    columns: tuple[str, str, str]
    same: str
    running_train: str
    """Slots: batches."""
    running_eval: str


LOSS_TEXTS: dict[Lang, LossTexts] = {
    Lang.EN: LossTexts(
        logits="Logits z",
        logits_allowed="2 to 10 numbers from -50 to 50 with commas between them",
        target="True class",
        smoothing="label_smoothing",
        fed="Feed probabilities instead of logits (a mistake)",
        examples="Examples",
        example_names={
            "three": "Three classes",
            "untrained": "Untrained, 10 classes",
            "perfect": "Sure and right",
            "probabilities": "Right, but fed probabilities",
            "smoothed": "Right, smoothed labels",
        },
        p="p: softmax of what the loss is given",
        q="q: what is wanted",
        gradient="Gradient of the loss by z: p − q",
        through="Gradient of the loss by z, through both softmaxes",
        loss="loss = {loss}",
        plain="−ln p of the true class = −ln {p}.",
        equal="All {classes} classes are equally likely: ln {classes} = {floor}. An untrained or "
        "dead network sits here.",
        probabilities="cross_entropy applies softmax itself. Fed probabilities of {classes} classes, "
        "it cannot go below "
        "ln(e + {classes} − 1) − 1 = {floor}, however sure and right the network is, and its gradients fade.",
        smoothed="With label_smoothing={smoothing} and {classes} classes the true class is wanted at "
        "{true}, so the loss "
        "cannot go below {floor}, even for a perfect network.",
        weighted_title="The weighted mean divides by the sum of the weights",
        weight="Weight of class 1 (class 0 has 1)",
        weighted="Two samples with losses {l0} (class 0) and {l1} (class 1). reduction='mean' gives "
        "(1 · {l0} + {weight} · {l1}) / (1 + {weight}) = **{mean}**; divided by the 2 samples it "
        "would be {count}.",
    ),
    Lang.ZH: LossTexts(
        logits="logits z",
        logits_allowed="2 到 10 个 -50 到 50 之间的数，用逗号分隔",
        target="真实类别",
        smoothing="label_smoothing",
        fed="错误示范：传入概率而不是 logits",
        examples="例子",
        example_names={
            "three": "三个类别",
            "untrained": "未训练，10 类",
            "perfect": "有把握且正确",
            "probabilities": "正确，但传入了概率",
            "smoothed": "正确，标签平滑",
        },
        p="p：对传入的值做 softmax",
        q="q：期望的分布",
        gradient="损失对 z 的梯度：p − q",
        through="损失对 z 的梯度，穿过两次 softmax",
        loss="loss = {loss}",
        plain="真实类别的 −ln p = −ln {p}。",
        equal="{classes} 个类别一样可能：ln {classes} = {floor}。未训练或失活的网络就停在这里。",
        probabilities="cross_entropy 自己会做 softmax。传入 {classes} 类的概率时，不管网络多有把握、"
        "多正确，损失都不会低于 "
        "ln(e + {classes} − 1) − 1 = {floor}，梯度也会变弱。",
        smoothed="label_smoothing={smoothing}、{classes} 类时，真实类别的期望值是 {true}，所以即使网"
        "络完美，损失也不会低于 {floor}。",
        weighted_title="加权平均除以权重之和",
        weight="类别 1 的权重（类别 0 为 1）",
        weighted="两个样本的损失是 {l0}（类别 0）和 {l1}（类别 1）。reduction='mean' 得到 "
        "(1 · {l0} + {weight} · {l1}) / (1 + {weight}) = **{mean}**；若除以样本数 2，则是 {count}。",
    ),
}

BATCH_TEXTS: dict[Lang, BatchTexts] = {
    Lang.EN: BatchTexts(
        parts="Parts k",
        unequal="Parts of unequal size",
        batch_norm="Batch norm in the network",
        divide="Divide each loss by k",
        whole="All {samples} samples at once",
        accumulated="Accumulated over parts of {sizes}",
        equal="the same gradient",
        differs="off by {percent} % of the gradient's length",
        why_equal="Each part's mean loss, divided by k, adds its share: no zero_grad() between the parts.",
        why_one="One part is the whole batch.",
        why_unequal="Every part counts the same, whatever its size: samples of small parts weigh too much.",
        why_norm="Batch norm normalises each part by its own mean and variance, so every sample "
        "meets another network "
        "than in the whole batch.",
        why_single="A part of one sample has no variance: in `train()` PyTorch refuses it with a `ValueError`. "
        "This program puts the network into `eval()` for it, with the running statistics.",
        why_sum="Without the division {parts} mean losses are summed: the gradient is too long.",
    ),
    Lang.ZH: BatchTexts(
        parts="份数 k",
        unequal="各份大小不等",
        batch_norm="网络里有批归一化",
        divide="每份的损失除以 k",
        whole="{samples} 个样本一次算完",
        accumulated="分成 {sizes} 累积",
        equal="梯度相同",
        differs="相差梯度长度的 {percent} %",
        why_equal="每份的平均损失除以 k，各自贡献一份：各份之间不调用 zero_grad()。",
        why_one="只有一份，就是整批。",
        why_unequal="不论大小，每份的分量都相同：小份里的样本权重偏大。",
        why_norm="批归一化用每份自己的均值和方差来归一化，所以每个样本遇到的网络与整批时不同。",
        why_single="只有一个样本的那一份没有方差：在 `train()` 中 PyTorch 会抛出 `ValueError`。"
        "这段程序为它切换到 `eval()`，使用滑动统计量。",
        why_sum="不做除法，{parts} 个平均损失直接相加：梯度过长。",
    ),
}

DEPTH_TEXTS: dict[Lang, DepthTexts] = {
    Lang.EN: DepthTexts(
        depth="Layers",
        nonlinearity="Activation",
        init="Initialisation",
        inits={
            Init.DEFAULT: "nn.Linear's own",
            Init.XAVIER: "Xavier",
            Init.KAIMING: "Kaiming",
            Init.SMALL: "N(0, 0.01²)",
            Init.LARGE: "N(0, 1)",
            Init.DEAD: "Kaiming, bias −100",
        },
        chart="Length of the gradient of each layer's weights (powers of ten; first layer at the left)",
        reading="Gradient lengths of {depth} layers: first {first}, last {last}.",
        loss="Loss before any step: {loss}.",
        fades="The signal fades on its way forward: each layer makes every vector shorter, so even the last layer's "
        "gradient has length {last}. No layer would learn much.",
        vanishes="The gradient vanishes on its way: the last layer's has length {last}, the first layer's "
        "{first}. It would hardly learn.",
        explodes="The gradient explodes: the largest has length {largest}. One step of SGD would throw the "
        "weights far away.",
        fair="Length {last} in the last layer, {first} in the first: every layer gets something to learn from.",
        dead="Nothing gets through: the first layer's gradient is exactly 0. The loss is {loss}; for equal "
        "logits it is ln 10 = 2.303, and 1 guess in 10 is right.",
        huge="The loss of a network that guesses evenly would be ln 10 = 2.303; here large logits "
        "make it confidently wrong.",
        table="Length of the first layer's gradient, {depth} layers",
    ),
    Lang.ZH: DepthTexts(
        depth="层数",
        nonlinearity="激活函数",
        init="初始化",
        inits={
            Init.DEFAULT: "nn.Linear 自带",
            Init.XAVIER: "Xavier",
            Init.KAIMING: "Kaiming",
            Init.SMALL: "N(0, 0.01²)",
            Init.LARGE: "N(0, 1)",
            Init.DEAD: "Kaiming，偏置 −100",
        },
        chart="各层权重的梯度长度（10 的幂；左边是第一层）",
        reading="{depth} 层的梯度长度：第一层 {first}，最后一层 {last}。",
        loss="走第一步之前的损失：{loss}。",
        fades="信号在前向途中就消失了：每一层都使每个样本的向量变短，连最后一层的梯度长度也只有 {last}。"
        "哪一层都几乎学不到东西。",
        vanishes="梯度在传播途中消失：最后一层的长度是 {last}，第一层只有 {first}，几乎学不到东西。",
        explodes="梯度爆炸：最大的长度有 {largest}。SGD 走一步就会把权重甩得很远。",
        fair="最后一层的长度是 {last}，第一层是 {first}：每一层都有东西可学。",
        dead="什么都传不过去：第一层的梯度正好是 0。损失是 {loss}；logits 全相等时为 "
        "ln 10 = 2.303，10 次里猜对 1 次。",
        huge="均匀乱猜的网络，损失是 ln 10 = 2.303；这里的 logits 很大，网络错得很自信。",
        table="第一层梯度的长度，{depth} 层",
    ),
}

MODULE_TEXTS: dict[Lang, ModuleTexts] = {
    Lang.EN: ModuleTexts(
        mode="Mode",
        modes={"train": "model.train()", "eval": "model.eval()"},
        dropout="Dropout p",
        module="nn.Dropout(p) of the module",
        functional="F.dropout(x, p, training=model.training)",
        careless="F.dropout(x, p)",
        zeros="{dropped} of 8 ones dropped, the rest × {scale}",
        untouched="eight ones, untouched",
        careless_note="`F.dropout` does not know the model's mode: it drops unless it is told "
        "`training=False`. "
        "`model.eval()` alone does not reach it.",
        parameters="parameter",
        buffers="buffer",
        where="What state_dict() holds, and where it lives",
        columns=("name", "shape", "kind"),
        same="Same weights, same numbers: the module's output and the function's are equal, bit by bit.",
        running_train="Every parameter is frozen (requires_grad=False), and still batch norm's "
        "running_mean moved in train(): "
        "num_batches_tracked = {batches}. eval() stops it, and a later model.train() undoes that.",
        running_eval="In eval() batch norm uses its running statistics and leaves them as they are: "
        "num_batches_tracked = 0.",
    ),
    Lang.ZH: ModuleTexts(
        mode="模式",
        modes={"train": "model.train()", "eval": "model.eval()"},
        dropout="Dropout 的 p",
        module="模块里的 nn.Dropout(p)",
        functional="F.dropout(x, p, training=model.training)",
        careless="F.dropout(x, p)",
        zeros="8 个 1 中丢弃了 {dropped} 个，其余 × {scale}",
        untouched="8 个 1，原样不变",
        careless_note="`F.dropout` 不知道模型处于哪种模式：除非写明 `training=False`，否则总会丢弃。"
        "仅调用 `model.eval()` 对它不起作用。",
        parameters="参数",
        buffers="缓冲区",
        where="state_dict() 里有什么，各在哪里",
        columns=("名字", "形状", "种类"),
        same="权重相同，数就相同：模块的输出与函数的输出逐位相等。",
        running_train="所有参数都冻结了（requires_grad=False），可是在 train() 里批归一化的 "
        "running_mean 照样在动："
        "num_batches_tracked = {batches}。eval() 能让它停下，而之后再调用 model.train() 又会恢复。",
        running_eval="在 eval() 里，批归一化使用滑动统计量，并保持不变：num_batches_tracked = 0。",
    ),
}
