"""Labels of /convolution and of its picture."""

from __future__ import annotations

from dataclasses import dataclass

from lib.core.conv.layer import LayerKind, PaddingMode
from lib.core.conv.legality import Reason
from lib.core.conv.presets import Preset
from lib.ui.lang import Lang


@dataclass(frozen=True)
class PictureTexts:
    """Labels inside the picture; they go to the browser under these names."""

    input: str
    output: str
    window: str
    kernel: str
    product: str
    poolWindow: str  # noqa: N815 - read by JavaScript
    none: str
    playback: str
    play: str
    pause: str
    back: str
    next: str
    scrubber: str
    speed: str
    inputPreset: str  # noqa: N815
    kernelPreset: str  # noqa: N815
    inputs: dict[str, str]
    kernels: dict[str, str]
    digit: str
    digitNumber: str  # noqa: N815
    seed: str
    clear: str
    shift: str
    shiftBy: str  # noqa: N815
    """Slots: direction."""
    directions: dict[str, str]
    shiftReset: str  # noqa: N815
    inChannel: str  # noqa: N815
    outChannel: str  # noqa: N815
    usage: str
    usageHelp: str  # noqa: N815
    arrows: str
    arrowsHelp: str  # noqa: N815
    gridLabel: str  # noqa: N815
    """Slots: name, size."""
    bias: str
    channelSum: str  # noqa: N815
    """Slots: channel."""
    otherChannels: str  # noqa: N815
    """Slots: count."""
    hint: str
    noOutput: str  # noqa: N815
    weightWords: str  # noqa: N815
    """Slots: name, count, padding."""
    inputWords: str  # noqa: N815
    """Slots: name, count."""
    unusedWords: str  # noqa: N815
    """Slots: name."""
    copyWords: str  # noqa: N815
    """Slots: value, source."""
    zeroWords: str  # noqa: N815
    """Slots: value."""
    croppedWords: str  # noqa: N815
    """Slots: total."""
    nothingWords: str  # noqa: N815
    """Slots: name, total."""
    lostRows: str  # noqa: N815
    """Slots: count."""
    lostColumns: str  # noqa: N815
    """Slots: count."""
    cropped: str
    schematic: str
    aggregated: str
    """Slots: block."""
    numbersHidden: str  # noqa: N815
    moved: str
    """Slots: same, differs, fresh."""
    movedNot: str  # noqa: N815
    """Slots: shift, stride."""
    editLabel: str  # noqa: N815
    """Slots: name."""
    editAllowed: str  # noqa: N815
    notEditable: str  # noqa: N815


@dataclass(frozen=True)
class ConvolutionTexts:
    """Labels of the page."""

    title: str
    kind: str
    kinds: dict[LayerKind, str]
    preset: str
    presets: dict[Preset, str]
    size: str
    kernel: str
    padding: str
    stride: str
    dilation: str
    output_padding: str
    axis_words: dict[str, str]
    """For names of Axis fields."""
    height_of: str
    """Slots: label."""
    large: str
    large_help: str
    own_axes: str
    padding_choice: str
    padding_number: str
    padding_mode: str
    padding_modes: dict[PaddingMode, str]
    channels: str
    batch: str
    in_channels: str
    out_channels: str
    groups: str
    bias: str
    ceil_mode: str
    count_include_pad: str
    nearest: str
    """Slots: key, value, used, low, high."""
    refused: str
    reasons: dict[Reason, str]
    """Slots: those of the problem's details."""
    try_instead: str
    lost: str
    """Slots: count, what."""
    lost_padding_only: str
    """Slots: count."""
    exact_instead: str
    change: str
    """Slots: key, value."""
    output_shape: str
    weight_shape: str
    parameters: str
    macs: str
    memory: str
    memory_value: str
    """Slots: input, output."""
    dense: str
    """Slots: inputs, outputs, parameters, times."""
    dense_pool: str
    printed: str
    look_allowed: str


PICTURE_TEXTS: dict[Lang, PictureTexts] = {
    Lang.EN: PictureTexts(
        input="Input",
        output="Output",
        window="Window",
        kernel="Kernel",
        product="Products",
        poolWindow="No weights",
        none="none",
        playback="Slide the kernel",
        play="Play",
        pause="Pause",
        back="One step back",
        next="One step",
        scrubber="Position",
        speed="Speed",
        inputPreset="Input shows",
        kernelPreset="Kernel",
        inputs={
            "digit": "MNIST digit",
            "ramp": "Ramp",
            "checker": "Checkerboard",
            "impulse": "Impulse",
            "random": "Random",
            "drawn": "Draw by hand",
        },
        kernels={
            "identity": "Identity",
            "blur": "Blur",
            "sharpen": "Sharpen",
            "sobel_x": "Sobel x",
            "sobel_y": "Sobel y",
            "laplacian": "Laplacian",
            "emboss": "Emboss",
            "random": "Random",
        },
        digit="Digit",
        digitNumber="Number of the test image, 0 to 9999",
        seed="Seed",
        clear="Clear",
        shift="Shift the input by one cell",
        shiftBy="Shift the input {direction} by one",
        directions={"left": "left", "right": "right", "up": "up", "down": "down"},
        shiftReset="Undo the shift",
        inChannel="channel",
        outChannel="channel",
        usage="Count uses",
        usageHelp="How many products each input cell takes part in; for a transposed layer, each output cell, too",
        arrows="Padding arrows",
        arrowsHelp="Each padded cell points to the cell that it copies",
        gridLabel="{name}, {size}. Arrow keys move, Enter edits an input cell.",
        bias="bias",
        channelSum="channel {channel}",
        otherChannels="{count} other channels",
        hint="Point at an output cell to see how it is made; click to keep it. Double-click an input cell, or "
        "click a weight twice, to change it.",
        noOutput="No output: PyTorch refuses this layer.",
        weightWords="{name} meets an input cell {count} times, {padding} of them in the padding.",
        inputWords="{name} takes part in {count} output cells.",
        unusedWords="{name} takes part in no output cell.",
        copyWords="This padded cell holds {value}, a copy of {source}. It",
        zeroWords="This padded cell holds {value}. It",
        croppedWords="padding crops this cell ({total}) from the output.",
        nothingWords="{name} = {total}: no input cell reaches it.",
        lostRows="Hatched: the last {count} row(s) of the padded input are never used.",
        lostColumns="Hatched: the last {count} column(s) of the padded input are never used.",
        cropped="Hatched: cropped by padding.",
        schematic="This layer is too large to compute here: positions only.",
        aggregated="Each square drawn is the mean of {block} × {block} cells.",
        numbersHidden="Cells are too small for numbers here: point at one, its window is below.",
        moved="After the shift, {same} output cells moved along unchanged, {differs} differ (red corner), "
        "{fresh} are new (grey corner).",
        movedNot="A shift by {shift} is not a multiple of the stride {stride}: the output does not simply move.",
        editLabel="{name}: new value",
        editAllowed="Allowed: a number from −999 to 999.",
        notEditable="This cell is not part of the input itself: padding and shifted-in cells cannot be edited.",
    ),
    Lang.ZH: PictureTexts(
        input="输入",
        output="输出",
        window="窗口",
        kernel="卷积核",
        product="乘积",
        poolWindow="没有权重",
        none="无",
        playback="滑动卷积核",
        play="播放",
        pause="暂停",
        back="后退一步",
        next="前进一步",
        scrubber="位置",
        speed="速度",
        inputPreset="输入内容",
        kernelPreset="卷积核",
        inputs={
            "digit": "MNIST 数字",
            "ramp": "渐变",
            "checker": "棋盘",
            "impulse": "单位脉冲",
            "random": "随机",
            "drawn": "手绘",
        },
        kernels={
            "identity": "恒等",
            "blur": "模糊",
            "sharpen": "锐化",
            "sobel_x": "Sobel x",
            "sobel_y": "Sobel y",
            "laplacian": "拉普拉斯",
            "emboss": "浮雕",
            "random": "随机",
        },
        digit="数字",
        digitNumber="测试图像编号，0 到 9999",
        seed="随机种子",
        clear="清空",
        shift="把输入平移一格",
        shiftBy="把输入向{direction}平移一格",
        directions={"left": "左", "right": "右", "up": "上", "down": "下"},
        shiftReset="撤销平移",
        inChannel="通道",
        outChannel="通道",
        usage="使用次数",
        usageHelp="每个输入格参与多少次乘积；对转置卷积，还显示每个输出格",
        arrows="填充箭头",
        arrowsHelp="每个填充格指向它所复制的格子",
        gridLabel="{name}，{size}。方向键移动，Enter 编辑输入格。",
        bias="偏置",
        channelSum="通道 {channel}",
        otherChannels="其余 {count} 个通道",
        hint="指向一个输出格，看它怎样算出；单击可固定。双击输入格，或连点两次权重，即可修改。",
        noOutput="没有输出：PyTorch 拒绝这一层。",
        weightWords="{name} 与输入格相遇 {count} 次，其中 {padding} 次在填充里。",
        inputWords="{name}，参与 {count} 个输出格。",
        unusedWords="{name}，不参与任何输出格。",
        copyWords="这个填充格的值为 {value}，复制自 {source}",
        zeroWords="这个填充格的值为 {value}",
        croppedWords="这一格（{total}）被 padding 从输出中裁掉。",
        nothingWords="{name} = {total}：没有输入格到达这里。",
        lostRows="斜线：填充后输入的最后 {count} 行从未被使用。",
        lostColumns="斜线：填充后输入的最后 {count} 列从未被使用。",
        cropped="斜线：被 padding 裁掉的部分。",
        schematic="这一层太大，这里不计算数值，只显示位置。",
        aggregated="图中每个方块是 {block} × {block} 个格子的平均值。",
        numbersHidden="格子太小，无法显示数字：指向一格，它的窗口显示在下方。",
        moved="平移之后，{same} 个输出格随之移动且不变，{differs} 个不同（红角），{fresh} 个是新的（灰角）。",
        movedNot="平移 {shift} 不是步幅 {stride} 的整数倍：输出不会只是跟着移动。",
        editLabel="{name}：新的值",
        editAllowed="允许的取值：−999 到 999 之间的数。",
        notEditable="这一格不属于输入本身：填充格和移入的格子不能编辑。",
    ),
}
