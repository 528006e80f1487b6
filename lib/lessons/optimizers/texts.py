"""Words of /optimizers."""

from __future__ import annotations

from dataclasses import dataclass

from lib.core.optim.expression import Wrong
from lib.core.optim.schedules import ScheduleKind
from lib.core.optim.surfaces import SurfaceName
from lib.lessons.optimizers.state import Topic
from lib.ui.lang import Lang


@dataclass(frozen=True)
class PictureTexts:
    """Words of the race in the browser; slots in braces."""

    pictureLabel: str  # noqa: N815 - the script's names
    chartLabel: str  # noqa: N815
    play: str
    pause: str
    back: str
    next: str
    speed: str
    perSecond: str  # noqa: N815
    """Slots: rate."""
    solid: str
    step: str
    steps: str
    schedule: str
    turn: str
    seed: str
    startX: str  # noqa: N815
    startY: str  # noqa: N815
    allBest: str  # noqa: N815
    allSame: str  # noqa: N815
    takesPart: str  # noqa: N815
    """Slots: name."""
    lookAt: str  # noqa: N815
    """Slots: name."""
    rateOf: str  # noqa: N815
    """Slots: name."""
    useBest: str  # noqa: N815
    """Slots: name."""
    best: str
    own: str
    sweeping: str
    valueNow: str  # noqa: N815
    """Slots: value."""
    arrivedAt: str  # noqa: N815
    """Slots: rank, step."""
    overflowed: str
    """Slots: step."""
    forces: str
    """Slots: name, step, gx, gy, dx, dy."""
    fair: str
    unfair: str
    sweepingNow: str  # noqa: N815
    first: str
    """Slots: names, step."""
    nobody: str
    nobodyCan: str  # noqa: N815
    loss: str
    gap: str
    reachLine: str  # noqa: N815
    ruleTitle: str  # noqa: N815
    """Slots: name, step, lr."""
    optionsTitle: str  # noqa: N815
    codeTitle: str  # noqa: N815
    copy: str
    noValue: str  # noqa: N815
    heatTitle: str  # noqa: N815
    heatLabel: str  # noqa: N815
    heatLegend: str  # noqa: N815
    rates: str
    cellArrived: str  # noqa: N815
    """Slots: name, rate, step."""
    cellGap: str  # noqa: N815
    """Slots: name, rate, steps, gap."""
    cellOverflow: str  # noqa: N815
    """Slots: name, rate."""
    cellPending: str  # noqa: N815
    """Slots: name, rate."""
    holes: str
    noMinimum: str  # noqa: N815
    noisy: str
    """Slots: sigma."""
    allowed: str
    """Slots: low, high."""


PICTURE_TEXTS: dict[Lang, PictureTexts] = {
    Lang.EN: PictureTexts(
        pictureLabel="The surface from above with the racers' ways. Click, or move with the arrow keys, to set the "
        "start; space plays and pauses.",
        chartLabel="Loss over steps, one curve a racer. Drag to go to a step.",
        play="Play",
        pause="Pause",
        back="One step back",
        next="One step on",
        speed="Speed",
        perSecond="{rate} steps/s",
        solid="As a landscape: drag to turn it",
        step="step",
        steps="Steps",
        schedule="Schedule",
        turn="turns at",
        seed="Noise seed",
        startX="Start x",
        startY="y",
        allBest="Each its best learning rate",
        allSame="All the same",
        takesPart="{name} takes part",
        lookAt="Show the steps of {name}",
        rateOf="Learning rate of {name}",
        useBest="{name}: back to the best learning rate of the sweep",
        best="best",
        own="yours ×",
        sweeping="sweeping",
        valueNow="f = {value}",
        arrivedAt="{rank}. step {step}",
        overflowed="overflow, step {step}",
        forces="{name}, step {step}: dashed the direction of −g = ({gx}, {gy}), always as long; solid the step "
        "that the rule takes, true to scale: ({dx}, {dy}).",
        fair="Fair: each runs with its best of 51 learning rates from 0.0001 to 10, swept from this start with these "
        "settings: the earliest to arrive and stay, if possible without leaving the picture; where none arrives, the "
        "one that ends lowest.",
        unfair="Not a fair race: a learning rate marked as yours was set by hand. The others have their best of the "
        "sweep.",
        sweepingNow="Sweeping 51 learning rates from this start; until that is done, the last best ones run.",
        first="First to arrive and stay: {names}, at step {step}.",
        nobody="Nobody arrives to stay.",
        nobodyCan="The lowest value in the picture lies at its edge, and the function may go on falling beyond it: "
        "arrivals are not counted.",
        loss="f",
        gap="f − lowest",
        reachLine="arrived: 0.1 % of the start's height",
        ruleTitle="{name}, step {step}, lr = {lr}",
        optionsTitle="Options",
        codeTitle="The same steps in plain Python",
        copy="Copy",
        noValue="f has no finite value at this start",
        heatTitle="Every learning rate",
        heatLabel="The sweep: a row for each racer, a column for each learning rate. Arrow keys move, Enter takes the "
        "rate.",
        heatLegend="Green: arrived, the stronger the earlier. Grey: not arrived, the darker the higher it ended. Red: "
        "overflow. Framed: the best. Click one to run it.",
        rates="learning rate",
        cellArrived="{name} with lr {rate} arrives at step {step}.",
        cellGap="{name} with lr {rate} is {gap} above the lowest value after {steps} steps.",
        cellOverflow="{name} with lr {rate} overflows.",
        cellPending="{name} with lr {rate}: not computed yet.",
        holes="Where the picture is tinted red the function has no finite value.",
        noMinimum="The lowest value in the picture lies at its edge.",
        noisy="The gradient has noise with standard deviation {sigma} on each part, the same for all racers.",
        allowed="Allowed: {low} to {high}",
    ),
    Lang.ZH: PictureTexts(
        pictureLabel="俯视曲面与各优化器的路径。单击或用方向键设定起点；空格键播放、暂停。",
        chartLabel="损失随步数的变化，每个优化器一条曲线。拖动可跳到某一步。",
        play="播放",
        pause="暂停",
        back="后退一步",
        next="前进一步",
        speed="速度",
        perSecond="{rate} 步/秒",
        solid="立体地形：拖动可旋转",
        step="步",
        steps="步数",
        schedule="学习率调度",
        turn="转折处",
        seed="噪声种子",
        startX="起点 x",
        startY="y",
        allBest="各用最佳学习率",
        allSame="全部相同",
        takesPart="{name} 参赛",
        lookAt="查看 {name} 的每一步",
        rateOf="{name} 的学习率",
        useBest="{name}：恢复为扫描得到的最佳学习率",
        best="最佳",
        own="自定 ×",
        sweeping="扫描中",
        valueNow="f = {value}",
        arrivedAt="{rank}. 第 {step} 步",
        overflowed="第 {step} 步溢出",
        forces="{name}，第 {step} 步：虚线是 −g = ({gx}, {gy}) 的方向，长度固定；实线是规则实际走的一步，按真实比例："
        "({dx}, {dy})。",
        fair="公平：各用自己的最佳学习率，即从当前起点、按当前设置扫描 0.0001 到 10 的 51 个值，"
        "取最早到达并停留、且尽可能不离开画面的一个；若没有一个到达，取结束时最低的一个。",
        unfair="并非公平比赛：标为“自定”的学习率是手动设定的，其余为扫描所得的最佳值。",
        sweepingNow="正在从当前起点扫描 51 个学习率；完成之前沿用上一次的最佳值。",
        first="最先到达并停留：{names}，第 {step} 步。",
        nobody="没有一个到达并停留。",
        nobodyCan="画面中的最低值位于边缘，函数在画面之外可能继续下降：因此不判定谁到达。",
        loss="f",
        gap="f − 最低值",
        reachLine="到达：只剩起点高度的 0.1 %",
        ruleTitle="{name}，第 {step} 步，lr = {lr}",
        optionsTitle="选项",
        codeTitle="同样的步骤，纯 Python 实现",
        copy="复制",
        noValue="f 在这个起点没有有限的值",
        heatTitle="所有学习率",
        heatLabel="扫描结果：每行一个优化器，每列一个学习率。方向键移动，Enter 采用该学习率。",
        heatLegend="绿色：到达，越深越早。灰色：未到达，越深结束时越高。红色：溢出。加框：最佳。单击即采用。",
        rates="学习率",
        cellArrived="{name} 以 lr {rate} 在第 {step} 步到达。",
        cellGap="{name} 以 lr {rate} 走 {steps} 步后，比最低值高 {gap}。",
        cellOverflow="{name} 以 lr {rate} 溢出。",
        cellPending="{name} 以 lr {rate}：尚未计算。",
        holes="画面中泛红之处，函数没有有限的值。",
        noMinimum="画面中的最低值位于边缘。",
        noisy="梯度的每个分量带有标准差为 {sigma} 的噪声，所有优化器的噪声相同。",
        allowed="允许：{low} 到 {high}",
    ),
}


@dataclass(frozen=True)
class OptimizersTexts:
    """Labels of /optimizers; slots in braces."""

    title: str
    topic: str
    topics: dict[Topic, str]
    surface: str
    surface_help: str
    """Slots: allowed."""
    surfaces: dict[SurfaceName, str]
    about: dict[SurfaceName, str]
    window: str
    wrong: dict[Wrong, str]
    """Slots: place, piece, length."""
    allowed: str
    """Slots: allowed."""
    options: dict[str, str]
    schedules: dict[ScheduleKind, str]


OPTIMIZERS_TEXTS: dict[Lang, OptimizersTexts] = {
    Lang.EN: OptimizersTexts(
        title="Optimizers",
        topic="Topic",
        topics={Topic.RACE: "Race downhill", Topic.EXPERIMENTS: "Experiments", Topic.MNIST: "On MNIST"},
        surface="Surface, or a function of x and y",
        surface_help="Allowed in a function: {allowed}",
        surfaces={
            SurfaceName.BOWL: "Bowl",
            SurfaceName.RAVINE: "Ravine",
            SurfaceName.ROSENBROCK: "Rosenbrock",
            SurfaceName.BEALE: "Beale",
            SurfaceName.SADDLE: "Saddle",
            SurfaceName.HIMMELBLAU: "Himmelblau",
            SurfaceName.NOISY: "Noisy",
            SurfaceName.SHALLOW: "Shallow and deep",
        },
        about={
            SurfaceName.SHALLOW: "From this surface's own start plain SGD ends in the shallow minimum at (−2, 0), even "
            "at its best learning rate; momentum carries past it into the deep one (×).",
        },
        window="Half the picture's height",
        wrong={
            Wrong.EMPTY: "There is no function yet.",
            Wrong.TOO_LONG: "The function is too long, from character {place} on.",
            Wrong.SYNTAX: "At character {place} something is missing or not closed: {piece}",
            Wrong.NAME: "At character {place} stands a name that is not known here: {piece}",
            Wrong.NOT_ALLOWED: "At character {place} stands something that is not allowed here: {piece}",
            Wrong.ARGUMENTS: "At character {place}: a function takes exactly one argument: {piece}",
            Wrong.NUMBER: "At character {place}: this number is too large for a float64: {piece}",
            Wrong.CARET: "At character {place}: a power is written with two stars, x**2: {piece}",
            Wrong.NO_VARIABLE: "Neither x nor y is in it: {piece}",
        },
        allowed="Allowed: {allowed}",
        options={
            "lr": "learning rate",
            "wd": "weight decay",
            "mu": "momentum",
            "damp": "dampening",
            "sutskever": "velocity holds the learning rate (Sutskever's definition)",
            "lr_decay": "learning-rate decay",
            "acc": "accumulator at the start",
            "eps": "epsilon",
            "alpha": "smoothing",
            "centered": "centred",
            "b1": "beta 1",
            "b2": "beta 2",
            "amsgrad": "AMSGrad",
            "correct": "bias correction (torch always corrects)",
        },
        schedules={
            ScheduleKind.CONSTANT: "constant",
            ScheduleKind.STEP: "× 0.1 a stair (StepLR)",
            ScheduleKind.COSINE: "cosine (CosineAnnealingLR)",
            ScheduleKind.ONE_CYCLE: "one cycle (OneCycleLR)",
            ScheduleKind.WARM_UP: "warm-up (LinearLR)",
            ScheduleKind.WARM_UP_COSINE: "warm-up, then cosine",
        },
    ),
    Lang.ZH: OptimizersTexts(
        title="优化器",
        topic="主题",
        topics={Topic.RACE: "下山比赛", Topic.EXPERIMENTS: "实验", Topic.MNIST: "在 MNIST 上"},
        surface="曲面，或关于 x、y 的函数",
        surface_help="函数中允许：{allowed}",
        surfaces={
            SurfaceName.BOWL: "碗",
            SurfaceName.RAVINE: "峡谷",
            SurfaceName.ROSENBROCK: "Rosenbrock",
            SurfaceName.BEALE: "Beale",
            SurfaceName.SADDLE: "鞍点",
            SurfaceName.HIMMELBLAU: "Himmelblau",
            SurfaceName.NOISY: "噪声",
            SurfaceName.SHALLOW: "一浅一深",
        },
        about={
            SurfaceName.SHALLOW: "从这个曲面自带的起点出发，普通 SGD 即使用最佳学习率，也停在 (−2, 0) 处较浅的极小值；"
            "动量则带着它越过去，到达较深的那个（×）。",
        },
        window="画面高度的一半",
        wrong={
            Wrong.EMPTY: "还没有函数。",
            Wrong.TOO_LONG: "函数太长：从第 {place} 个字符起超出限制。",
            Wrong.SYNTAX: "第 {place} 个字符处有缺失或未闭合：{piece}",
            Wrong.NAME: "第 {place} 个字符处的名称在这里未知：{piece}",
            Wrong.NOT_ALLOWED: "第 {place} 个字符处的写法在这里不允许：{piece}",
            Wrong.ARGUMENTS: "第 {place} 个字符处：函数只接受一个参数：{piece}",
            Wrong.NUMBER: "第 {place} 个字符处：这个数超出 float64 的范围：{piece}",
            Wrong.CARET: "第 {place} 个字符处：乘方写作两个星号 x**2：{piece}",
            Wrong.NO_VARIABLE: "其中既没有 x 也没有 y：{piece}",
        },
        allowed="允许：{allowed}",
        options={
            "lr": "学习率",
            "wd": "权重衰减",
            "mu": "动量",
            "damp": "阻尼",
            "sutskever": "速度中包含学习率（Sutskever 的定义）",
            "lr_decay": "学习率衰减",
            "acc": "累加器初值",
            "eps": "epsilon",
            "alpha": "平滑系数",
            "centered": "中心化",
            "b1": "beta 1",
            "b2": "beta 2",
            "amsgrad": "AMSGrad",
            "correct": "偏差修正（torch 总是修正）",
        },
        schedules={
            ScheduleKind.CONSTANT: "恒定",
            ScheduleKind.STEP: "每级乘 0.1（StepLR）",
            ScheduleKind.COSINE: "余弦（CosineAnnealingLR）",
            ScheduleKind.ONE_CYCLE: "单周期（OneCycleLR）",
            ScheduleKind.WARM_UP: "预热（LinearLR）",
            ScheduleKind.WARM_UP_COSINE: "先预热，后余弦",
        },
    ),
}
