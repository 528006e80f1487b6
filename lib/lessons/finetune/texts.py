"""Labels of /finetune."""

from __future__ import annotations

from dataclasses import dataclass

from lib.core.finetune.config import Base, Mode
from lib.lessons.finetune.state import Topic
from lib.ui.lang import Lang


@dataclass(frozen=True)
class FinetuneTexts:
    """Labels of /finetune."""

    title: str
    labels: str
    steps: str
    old_rate: str
    new_rate: str
    base: str
    bases: dict[Base, str]
    seed: str
    presets_label: str
    presets: dict[str, str]
    modes: dict[Mode, str]
    topic: str
    topics: dict[Topic, str]
    train_sweep: str
    others: str
    others_head: str
    others_old: str
    others_unmeasured: str
    these: str
    differs: dict[str, str]
    """A setting that another comparison has, by its name. Slots: value."""
    recorded: str
    not_yet: str
    new_chart: str
    old_chart: str
    step_axis: str
    accuracy_axis: str
    labels_axis: str
    chart_reading: str
    """Slots: mode, step, accuracy."""
    early: str
    """Slots: labels, step, count, results."""
    late: str
    """Slots: step, count, results."""
    winner: str
    """Slots: mode."""
    leaders: str
    """Slot: modes."""
    tie: str
    scratch_wins: str
    comma: str
    table: tuple[str, str, str, str, str]
    of_all: str
    """Slots: trainable, parameters."""
    seconds: str
    """Slots: seconds."""
    forgotten: str
    """Slots: before, after, steps."""
    remembered: str
    """Slots: before, after, steps."""
    kept: str
    """Slots: before, after."""
    lost: str
    """Slots: before, after."""
    switch: str
    """Slots: name."""
    layer_notes: dict[str, str]
    moved_note: str
    kernels: str
    before: str
    after: str
    kernel_reading: str
    """Slots: mode."""
    norm_head: tuple[str, str, str, str, str]
    at_first: str
    undo: str
    reset: str
    frozen_moved: str
    """Slots: steps, moved."""
    own_empty: str
    own_go: str
    own_counts: str
    """Slots: train, held."""
    own_train: str
    own_table: tuple[str, str]
    code_mode: str
    resnet: str
    resnet_download: str
    measured_on: str
    """Slots: count."""


FINETUNE_TEXTS: dict[Lang, FinetuneTexts] = {
    Lang.EN: FinetuneTexts(
        title="Fine-tuning",
        labels="Labels a class",
        steps="Steps",
        old_rate="Learning rate, old layers",
        new_rate="Learning rate, new layer",
        base="Base network",
        bases={Base.PLAIN: "convolutions, head", Base.HIDDEN: "with a hidden layer"},
        seed="Seed",
        presets_label="To begin with",
        presets={
            "few": "few labels",
            "many": "500 labels a class",
            "reverse": "rates the other way round",
            "hidden": "scratch beats partial",
        },
        modes={
            Mode.SCRATCH: "from scratch",
            Mode.PARTIAL: "partial",
            Mode.FULL: "full",
            Mode.SHARED: "full, one shared head",
        },
        topic="Look closer",
        topics={
            Topic.FORGET: "Results",
            Topic.LABELS: "How many labels",
            Topic.LAYERS: "What moved",
            Topic.NORM: "Frozen batch norm",
            Topic.OWN: "My digits",
            Topic.CODE: "Code",
        },
        train_sweep="Measure for these settings",
        others="Over the curves: your other runs, and recorded ones",
        others_head="line and settings",
        others_old="old task, shared head",
        others_unmeasured="Some have not been measured on this server: choose their settings above and press Train.",
        these="as set above",
        differs={
            "labels": "{value} labels a class",
            "steps": "{value} steps",
            "old_rate": "old layers {value}",
            "new_rate": "new layer {value}",
            "base": "{value}",
            "seed": "seed {value}",
            "trainable": "partial learns {value}",
        },
        recorded="A recorded run with these settings. Train runs it anew.",
        not_yet="Nobody has trained with these settings yet: press Train.",
        new_chart="New task: digits 5 to 9",
        old_chart="Old task: digits 0 to 4",
        step_axis="step",
        accuracy_axis="accuracy, %",
        labels_axis="labels a class",
        chart_reading="{mode}: {accuracy} % at {step}.",
        early="With {labels} labels a class, after {step} steps (on {count} test images): {results}.",
        late="After {step} steps (on {count} test images): {results}.",
        winner="At the end, {mode} is ahead.",
        leaders="At the end, {modes} are ahead, within one percentage point of each other.",
        tie="At the end, all three lie within one percentage point.",
        scratch_wins="From scratch beats partial here: the layers that were frozen know other digits.",
        comma=", ",
        table=("way", "new task", "old task", "learning", "time"),
        of_all="{trainable} / {parameters}",
        seconds="{seconds} s",
        forgotten="The shared head forgets: accuracy on the digits 0 to 4 falls from {before} to {after} % in {steps} "
        "steps. Nothing tells it any more that there are such digits.",
        remembered="With these settings the shared head has forgotten little in {steps} steps: accuracy on the digits "
        "0 to 4 {before} → {after} %.",
        kept="Under its own old head, the fully tuned body still reads them: {before} → {after} %.",
        lost="Even under its own old head, the fully tuned body reads them worse now: {before} → {after} %. The old "
        "layers have moved too far.",
        switch="requires_grad of {name}",
        layer_notes={
            "pool1": "ReLU, max pool: nothing to learn",
            "pool2": "ReLU, max pool, flatten: nothing to learn",
        },
        moved_note="Bars: how far each parameter moved, as a share of its own length before (Euclidean norms). The "
        "head of partial and full is new: its length before is that of its random start. Switches set what partial "
        "fine-tuning lets learn.",
        kernels="The eight kernels of the first layer",
        before="before",
        after="after",
        kernel_reading="Eight 3 x 3 kernels before and after training, {mode}.",
        norm_head=("call", "bn1.training", "num_batches_tracked", "running_mean[0]", "running_var[0]"),
        at_first="at first",
        undo="Undo",
        reset="Start over",
        frozen_moved="In the partial run above, batch norm counted {steps} batches, and its running mean moved by "
        "{moved} on average, although no gradient ever reaches it.",
        own_empty="There are not enough digits in your tray yet: two of at least one digit. One is learned from, one "
        "is held out.",
        own_go="Draw digits",
        own_counts="{train} of your digits to learn from, {held} held out to measure on. The new task has "
        "ten classes.",
        own_train="Fine-tune on my digits",
        own_table=("way", "right on the digits held out"),
        code_mode="Program for",
        resnet="The same with torchvision's resnet18 and 100 classes (`pretrained=True` is deprecated: `weights=`)",
        resnet_download="The weights come from the internet the first time.",
        measured_on="Curves: 500 test images a point. Table: all {count} test images of the new task; the old task "
        "before → after; parameters that learn / all; time of training alone.",
    ),
    Lang.ZH: FinetuneTexts(
        title="微调",
        labels="每类标签数",
        steps="步数",
        old_rate="学习率（旧层）",
        new_rate="学习率（新层）",
        base="基础网络",
        bases={Base.PLAIN: "卷积层加输出层", Base.HIDDEN: "带隐藏层"},
        seed="随机种子",
        presets_label="从这里开始",
        presets={
            "few": "标签很少",
            "many": "每类 500 个标签",
            "reverse": "学习率反过来",
            "hidden": "从零训练胜过部分微调",
        },
        modes={
            Mode.SCRATCH: "从零训练",
            Mode.PARTIAL: "部分微调",
            Mode.FULL: "全量微调",
            Mode.SHARED: "共用输出层",
        },
        topic="细看",
        topics={
            Topic.FORGET: "结果",
            Topic.LABELS: "需要多少标签",
            Topic.LAYERS: "哪些参数动了",
            Topic.NORM: "冻结的批归一化",
            Topic.OWN: "我的手写数字",
            Topic.CODE: "代码",
        },
        train_sweep="用这些设置训练并评估",
        others="叠加到曲线上：你的其他训练，以及已记录的训练",
        others_head="线型与设置",
        others_old="旧任务，共用输出层",
        others_unmeasured="其中有的设置在这台服务器上还没有训练过：请在上面选好设置，再按“训练”。",
        these="上面的设置",
        differs={
            "labels": "每类 {value} 个标签",
            "steps": "{value} 步",
            "old_rate": "旧层 {value}",
            "new_rate": "新层 {value}",
            "base": "{value}",
            "seed": "种子 {value}",
            "trainable": "部分微调只训练 {value}",
        },
        recorded="这是用同样设置记录下来的一次训练。按“训练”可重新运行。",
        not_yet="还没有人用这些设置训练过：请按“训练”。",
        new_chart="新任务：数字 5 到 9",
        old_chart="旧任务：数字 0 到 4",
        step_axis="步",
        accuracy_axis="准确率（%）",
        labels_axis="每类标签数",
        chart_reading="{mode}：在 {step} 处为 {accuracy} %。",
        early="每类 {labels} 个标签，{step} 步之后（{count} 张测试图像）：{results}。",
        late="{step} 步之后（{count} 张测试图像）：{results}。",
        winner="最后领先的是{mode}。",
        leaders="最后领先的是{modes}，彼此相差不到一个百分点。",
        tie="最后三者相差不到一个百分点。",
        scratch_wins="这里从零训练胜过部分微调：被冻结的层认识的是别的数字。",
        comma="、",
        table=("做法", "新任务", "旧任务", "可训练参数", "时间"),
        of_all="{trainable} / {parameters}",
        seconds="{seconds} 秒",
        forgotten="共用的输出层会遗忘：在数字 0 到 4 上的准确率在 {steps} 步内从 {before} % 降到 {after} %。"
        "再没有什么告诉它还有这些数字。",
        remembered="在这些设置下，共用的输出层在 {steps} 步内几乎没有遗忘："
        "在数字 0 到 4 上的准确率 {before} → {after} %。",
        kept="接上原来的输出层，全量微调后的网络主体仍能认出它们：{before} → {after} %。",
        lost="即使接上原来的输出层，全量微调后的网络主体认它们也变差了：{before} → {after} %。旧层移动得太远。",
        switch="{name} 的 requires_grad",
        layer_notes={"pool1": "ReLU、最大池化：没有参数", "pool2": "ReLU、最大池化、展平：没有参数"},
        moved_note="条形：每个参数移动的距离，相对于它自己原来的长度（欧几里得范数）。部分微调和全量微调的输出层是新的："
        "它原来的长度就是随机初始值的长度。开关决定部分微调让哪些参数学习。",
        kernels="第一层的八个卷积核",
        before="之前",
        after="之后",
        kernel_reading="训练前后的八个 3 × 3 卷积核，{mode}。",
        norm_head=("调用", "bn1.training", "num_batches_tracked", "running_mean[0]", "running_var[0]"),
        at_first="开始时",
        undo="撤销",
        reset="重新开始",
        frozen_moved="在上面的部分微调中，批归一化数过了 {steps} 个批次，滑动均值平均移动了 {moved}，"
        "尽管从来没有梯度传到它。",
        own_empty="你的托盘里手写数字还不够：至少要有一个数字保存过两次。一个用来训练，一个留出用于评估。",
        own_go="去写数字",
        own_counts="你的手写数字中 {train} 个用来训练，{held} 个留出用于评估。新任务有十个类别。",
        own_train="用我的手写数字微调",
        own_table=("做法", "留出的数字中答对"),
        code_mode="程序对应的做法",
        resnet="用 torchvision 的 resnet18 和 100 个类别做同样的事（`pretrained=True` 已弃用，改用 `weights=`）",
        resnet_download="第一次运行需要联网下载权重。",
        measured_on="曲线：每个点用 500 张测试图像。表格：新任务的全部 {count} 张测试图像；旧任务为之前 → 之后；"
        "可训练参数 / 全部参数；仅训练所用的时间。",
    ),
}
