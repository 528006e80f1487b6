"""Labels of /convolution and of its picture."""

from __future__ import annotations

from dataclasses import dataclass

from lib.core.conv.layer import PaddingMode
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
    windowMirrored: str  # noqa: N815 - read by JavaScript
    cellHead: str  # noqa: N815
    givesHead: str  # noqa: N815
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
    digitShort: str  # noqa: N815
    seed: str
    clear: str
    shows: str
    shift: str
    shiftShort: str  # noqa: N815
    shiftBy: str  # noqa: N815
    """Slots: direction."""
    directions: dict[str, str]
    shiftReset: str  # noqa: N815
    editsReset: str  # noqa: N815
    editsResetHelp: str  # noqa: N815
    inChannel: str  # noqa: N815
    outChannel: str  # noqa: N815
    usage: str
    usageHelp: str  # noqa: N815
    arrows: str
    arrowsHelp: str  # noqa: N815
    gridLabel: str  # noqa: N815
    """Slots: name, size."""
    editableGrid: str  # noqa: N815
    bias: str
    channelSum: str  # noqa: N815
    """Slots: channel."""
    otherChannels: str  # noqa: N815
    """Slots: count."""
    hint: str
    noOutput: str  # noqa: N815
    weightWords: str  # noqa: N815
    """Slots: name, count, padding."""
    inputWords: list[str]  # noqa: N815
    """For one output cell and for several. Slots: name, count."""
    feeds: str
    """Slots: place, weight, product."""
    croppedPlace: str  # noqa: N815
    unusedWords: str  # noqa: N815
    """Slots: name."""
    copyWords: str  # noqa: N815
    """Slots: value, source."""
    zeroWords: str  # noqa: N815
    """Slots: value."""
    croppedWords: str  # noqa: N815
    """Slots: total."""
    dividedBy: str  # noqa: N815
    """Slots: count, cells."""
    nothingWords: str  # noqa: N815
    """Slots: name, total."""
    lost: str
    separator: str
    cropped: str
    schematic: str
    aggregated: str
    """Slots: block."""
    numbersHidden: str  # noqa: N815
    moved: str
    """Slots: same, differs, fresh."""
    movedNot: str  # noqa: N815
    """Slots: shift, stride, differs."""
    cellDiffers: str  # noqa: N815
    cellNew: str  # noqa: N815
    editLabel: str  # noqa: N815
    """Slots: name."""
    editAllowed: str  # noqa: N815
    editsFull: str  # noqa: N815
    """Slots: count."""
    zeroTerms: str  # noqa: N815
    """Slots: count."""
    notEditable: str  # noqa: N815
    badPlace: str  # noqa: N815
    """Slots: value."""


@dataclass(frozen=True)
class ConvolutionTexts:
    """Labels of the page."""

    title: str
    kind: str
    preset: str
    presets: dict[Preset, str]
    axis_words: dict[str, str]
    """For names of Axis fields."""
    height_of: str
    """Slots: label."""
    width_of: str
    """Slots: label."""
    large: str
    own_axes: str
    more: str
    batched: str
    relu: str
    receptive: str
    receptive_value: str
    """Slots: height, width."""
    receptive_more: str
    alexnet_note: str
    """Slots: paper."""
    padding_choice: str
    padding_number: str
    padding_mode: str
    padding_modes: dict[PaddingMode, str]
    channel_words: dict[str, str]
    """For names of Layer fields."""
    bias: str
    ceil_mode: str
    count_include_pad: str
    reasons: dict[Reason, str]
    """Slots: those of the problem's details."""
    try_instead: str
    out: str
    change: str
    """Slots: name, value."""
    no_remainder: str
    """Slots: numerator, stride, result."""
    remainder: str
    """Slots: numerator, stride, count, cells."""
    last_cells: dict[str, tuple[str, str]]
    """For "height", "width" and "both": one and several. Slots: count."""
    unread: str
    """Slots: unread, cells."""
    lost: str
    """Slots: lost, pixels."""
    lost_padding: str
    crops_all: str
    """Slots: lost, pixels."""
    rounded_up: str
    """Slots: numerator, stride, overhang."""
    ceil_corrected: str
    crop: str
    """Slots: padding."""
    given_back: str
    """Slots: padding, given."""
    no_crop: str
    unstamped: str
    """Slots: extra."""
    exact_instead: str
    no_output: str
    weight_shape: str
    none: str
    parameters: str
    macs: str
    memory: str
    memory_value: str
    """Slots: input, output."""
    whole_batch: str
    dense: str
    """Slots: parameters, times."""
    dense_label: str
    prints: str
    mnist_problem: str
    """Slots: path."""


PICTURE_TEXTS: dict[Lang, PictureTexts] = {
    Lang.EN: PictureTexts(
        input="Input",
        output="Output",
        window="Window",
        kernel="Kernel",
        product="Products",
        windowMirrored="Window, mirrored",
        cellHead="Input cell",
        givesHead="Goes to",
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
        digitShort="image",
        seed="Seed",
        clear="Clear",
        shows="Shows",
        shift="Shift the input by one cell",
        shiftShort="Shift",
        shiftBy="Shift the input {direction} by one",
        directions={"left": "left", "right": "right", "up": "up", "down": "down"},
        shiftReset="Undo the shift",
        editsReset="Undo edits",
        editsResetHelp="Undo edits: put back the numbers that you changed here",
        inChannel="Channel",
        outChannel="Channel",
        usage="Count uses",
        usageHelp="How many products each input cell takes part in; for a transposed layer, each output cell, too",
        arrows="Padding arrows",
        arrowsHelp="Each padded cell points to the cell that it copies",
        gridLabel="{name}, {size}. Arrow keys move, Escape lets go.",
        editableGrid=" Enter edits the cell.",
        bias="bias",
        channelSum="channel {channel}",
        otherChannels="{count} other channels",
        hint="Point at an output cell to see how it is made; click to keep it. Double-click an input cell, or "
        "click a weight twice, to change it.",
        noOutput="No output: PyTorch refuses this layer.",
        weightWords="{name} meets an input cell {count} times, {padding} of them in the padding.",
        inputWords=["{name} takes part in 1 output cell: ", "{name} takes part in {count} output cells: "],
        feeds="{place} gets {product} through {weight}",
        croppedPlace="a cropped cell",
        unusedWords="{name} takes part in no output cell.",
        copyWords="This padded cell holds {value}, a copy of {source}. It",
        zeroWords="This padded cell holds {value}. It",
        croppedWords="padding crops this cell ({total}) from the output.",
        dividedBy=" ({count} of the window's {cells} cells count)",
        nothingWords="{name} = {total}: no input cell reaches it.",
        lost="Hatched: no window reads these cells.",
        separator="; ",
        cropped="Hatched: cropped by padding.",
        schematic="This layer is too large to compute here: positions only.",
        aggregated="Each square drawn is the mean of {block} × {block} cells.",
        numbersHidden="Cells are too small for numbers: point at one.",
        moved="After the shift, {same} output cells moved along unchanged, {differs} differ (full red corner), "
        "{fresh} are new (empty corner).",
        movedNot="A shift by {shift} is not a multiple of the stride {stride}: the output does not simply move. "
        "{differs} cells differ from the whole move nearest to it (full red corner).",
        cellDiffers="it differs from the one that was shifted here",
        cellNew="it is new: none was shifted here",
        editLabel="{name}: new value",
        editAllowed="Allowed: a number from −999 to 999; three decimals are kept.",
        editsFull="{count} numbers are changed already, which is the limit: undo them first.",
        zeroTerms="{count} products that are 0",
        notEditable="This cell is not part of the input itself: padding and shifted-in cells cannot be edited.",
        badPlace="The address has at={value}, which names no cell of this picture. Allowed: a grid, a row and a "
        "column, such as output.2.3, then the input channel.",
    ),
    Lang.ZH: PictureTexts(
        input="输入",
        output="输出",
        window="窗口",
        kernel="卷积核",
        product="乘积",
        windowMirrored="窗口（镜像）",
        cellHead="输入格",
        givesHead="去向",
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
        digitShort="编号",
        seed="随机种子",
        clear="清空",
        shows="内容",
        shift="把输入平移一格",
        shiftShort="平移",
        shiftBy="把输入向{direction}平移一格",
        directions={"left": "左", "right": "右", "up": "上", "down": "下"},
        shiftReset="撤销平移",
        editsReset="撤销修改",
        editsResetHelp="撤销修改：恢复在这里改过的数值",
        inChannel="通道",
        outChannel="通道",
        usage="使用次数",
        usageHelp="每个输入格参与多少次乘法；转置卷积时，还显示每个输出格的乘法次数",
        arrows="填充箭头",
        arrowsHelp="每个填充格指向它所复制的格子",
        gridLabel="{name}，{size}。方向键移动，Escape 取消固定。",
        editableGrid="Enter 编辑这一格。",
        bias="偏置",
        channelSum="通道 {channel}",
        otherChannels="其余 {count} 个通道",
        hint="指向一个输出格，看它是怎样算出来的；单击可固定。双击输入格，或点两次权重，即可修改数值。",
        noOutput="没有输出：PyTorch 不接受这样的层。",
        weightWords="{name} 与输入格相乘 {count} 次，其中 {padding} 次是填充格。",
        inputWords=["{name}，参与 1 个输出格的计算：", "{name}，参与 {count} 个输出格的计算："],
        feeds="{place} 通过 {weight} 得到 {product}",
        croppedPlace="被裁掉的一格",
        unusedWords="{name}，不参与任何输出格的计算。",
        copyWords="这个填充格的值为 {value}，复制自 {source}",
        zeroWords="这个填充格的值为 {value}",
        croppedWords="这一格（{total}）被 padding 参数从输出中裁掉。",
        dividedBy="（窗口的 {cells} 格中有 {count} 格计入）",
        nothingWords="{name} = {total}：没有输入格到达这里。",
        lost="斜线：没有窗口读到这些格子。",
        separator="；",
        cropped="斜线：被 padding 参数裁掉的部分。",
        schematic="这一层太大，这里不计算数值，只显示位置。",
        aggregated="图中每个方块是 {block} × {block} 个格子的平均值。",
        numbersHidden="格子太小，无法显示数字：请指向一格。",
        moved="平移之后，{same} 个输出格随之移动、数值不变，"
        "{differs} 个数值不同（实心红角），{fresh} 个是新出现的（空心角）。",
        movedNot="平移量 {shift} 不是步幅 {stride} 的整数倍：输出并不是简单地跟着移动。"
        "与最接近的整格移动相比，有 {differs} 个输出格不同（实心红角）。",
        cellDiffers="与平移到这里的那一格不同",
        cellNew="是新出现的，没有格子平移到这里",
        editLabel="{name}：新的值",
        editAllowed="允许的取值：−999 到 999 之间的数，保留三位小数。",
        editsFull="已经改了 {count} 个数，这是上限：请先撤销。",
        zeroTerms="{count} 个为 0 的乘积",
        notEditable="这一格不属于输入本身：填充格和移入的格子不能编辑。",
        badPlace="地址中的 at={value} 不是画面中的格子。允许的写法：网格、行、列，例如 output.2.3，之后是输入通道。",
    ),
}

CONVOLUTION_TEXTS: dict[Lang, ConvolutionTexts] = {
    Lang.EN: ConvolutionTexts(
        title="Convolution",
        kind="Layer",
        preset="Presets",
        presets={
            Preset.SAME: "Same size, 3 × 3",
            Preset.HALVING: "Halving, stride 2",
            Preset.ONE: "1 × 1",
            Preset.DEPTHWISE: "Depthwise",
            Preset.DILATED: "Dilated",
            Preset.ALEXNET: "AlexNet, first layer",
            Preset.RESNET: "ResNet stem",
            Preset.WORKED: "Worked example, 3 → 64",
        },
        axis_words={
            "size": "Input size",
            "kernel": "Kernel",
            "padding": "Padding",
            "stride": "Stride",
            "dilation": "Dilation",
            "output_padding": "Output padding",
        },
        height_of="{label}, height",
        width_of="{label}, width",
        large="Sizes up to 256",
        own_axes="Each axis its own",
        more="More",
        batched="A batch: the input has an axis N",
        relu="ReLU after the layer",
        receptive="Receptive field of this layer",
        receptive_value="{height} × {width}",
        receptive_more="How it grows over many layers",
        alexnet_note="64 output channels, as in torchvision; the paper of 2012 has {paper}.",
        padding_choice="Padding as",
        padding_number="number P",
        padding_mode="Padding mode",
        padding_modes={
            PaddingMode.ZEROS: "zeros",
            PaddingMode.REFLECT: "reflect",
            PaddingMode.REPLICATE: "replicate",
            PaddingMode.CIRCULAR: "circular",
        },
        channel_words={
            "batch": "Batch N",
            "in_channels": "Input channels",
            "out_channels": "Output channels",
            "groups": "Groups",
        },
        bias="Bias",
        ceil_mode="`ceil_mode`: round up",
        count_include_pad="`count_include_pad`: with padding",
        reasons={
            Reason.GROUPS_IN: "{groups} groups cannot share {channels} input channels equally.",
            Reason.GROUPS_OUT: "{groups} groups cannot share {channels} output channels equally.",
            Reason.SAME_STRIDE: "“same” keeps the size, a stride of {stride} shrinks it: PyTorch refuses both at "
            "once.",
            Reason.TRANSPOSED_MODE: "In a transposed layer padding crops the output, so there is nothing to fill.",
            Reason.REFLECT: "A mirror of {padding} cells needs more than {padding} cells behind the edge; "
            "the input has {size}.",
            Reason.CIRCULAR: "{padding} padded cells would go more than once around an input of {size}.",
            Reason.KERNEL_TOO_LARGE: "The kernel spans {kernel} cells, the padded input only {padded}.",
            Reason.POOL_PADDING: "PyTorch pads a window of {kernel} by half of it at most; padding {padding} is more. "
            "At most {limit} is allowed.",
            Reason.POOL_TOO_SMALL: "The window does not fit: the output would have size {output}.",
            Reason.OUTPUT_PADDING: "An output padding of {output_padding} is too large: here at most {limit}.",
            Reason.OUTPUT_TOO_SMALL: "Padding crops everything: the output would have size {output}.",
        },
        try_instead="The smallest changes that make it work:",
        out="out",
        change="{name}: {value}",
        no_remainder="{numerator} / {stride} = {result} without remainder: the last window ends at the edge.",
        remainder="{numerator} / {stride} leaves {count}: no window reaches {cells} of the padded input.",
        last_cells={
            "height": ("the last row", "the last {count} rows"),
            "width": ("the last column", "the last {count} columns"),
            "both": ("the last row and column", "the last {count} rows and columns"),
        },
        unread="No window reads {unread} of the {cells} cells of the padded input (hatched): ",
        lost="{lost} of the {pixels} pixels count nowhere.",
        lost_padding="only padding, so every pixel counts.",
        crops_all="{lost} of the {pixels} input cells write only into what padding crops.",
        rounded_up="{numerator} / {stride} is rounded up: the last window stands {overhang} beyond the padded input.",
        ceil_corrected="−1: the last window would start behind the input, so PyTorch leaves it out.",
        crop="Padding P crops {padding} from each side of what the kernel wrote.",
        given_back="Of what the kernel wrote, P crops {padding} at the beginning; at the end OP gives {given} of the "
        "{padding} back.",
        no_crop="Every input cell stamps a whole kernel; nothing is cropped.",
        unstamped="OP adds {extra} at the end that no stamp reaches.",
        exact_instead="Every cell is read with",
        no_output="no output",
        weight_shape="Weight shape",
        none="no weights",
        parameters="Parameters",
        macs="Multiply-accumulates",
        memory="Activations in float32",
        memory_value="{input} in, {output} out",
        whole_batch="whole batch",
        dense_label="`nn.Linear` for the same job",
        dense="{parameters} parameters ({times} times as many)",
        prints="it prints:",
        mnist_problem="The file {path} with the digits is missing or damaged. Copy assets/mnist from the "
        "repository again; a blank digit is shown until then.",
    ),
    Lang.ZH: ConvolutionTexts(
        title="卷积",
        kind="层",
        preset="预设",
        presets={
            Preset.SAME: "保持大小 3 × 3",
            Preset.HALVING: "减半，步幅 2",
            Preset.ONE: "1 × 1",
            Preset.DEPTHWISE: "逐通道卷积",
            Preset.DILATED: "空洞卷积",
            Preset.ALEXNET: "AlexNet 第一层",
            Preset.RESNET: "ResNet 首层",
            Preset.WORKED: "示例 3 → 64",
        },
        axis_words={
            "size": "输入大小",
            "kernel": "核大小",
            "padding": "填充",
            "stride": "步幅",
            "dilation": "膨胀率",
            "output_padding": "输出填充",
        },
        height_of="{label}（高）",
        width_of="{label}（宽）",
        large="大小可达 256",
        own_axes="高和宽分别设置",
        more="更多",
        batched="带批次：输入有 N 轴",
        relu="层后加 ReLU",
        receptive="这一层的感受野",
        receptive_value="{height} × {width}",
        receptive_more="堆叠多层之后怎样变大",
        alexnet_note="64 个输出通道，与 torchvision 相同；2012 年的论文中是 {paper} 个。",
        padding_choice="填充量",
        padding_number="数值 P",
        padding_mode="填充模式",
        padding_modes={
            PaddingMode.ZEROS: "零 zeros",
            PaddingMode.REFLECT: "镜像 reflect",
            PaddingMode.REPLICATE: "复制 replicate",
            PaddingMode.CIRCULAR: "循环 circular",
        },
        channel_words={
            "batch": "批大小 N",
            "in_channels": "输入通道",
            "out_channels": "输出通道",
            "groups": "分组数",
        },
        bias="偏置",
        ceil_mode="`ceil_mode`：向上取整",
        count_include_pad="`count_include_pad`：填充计入平均",
        reasons={
            Reason.GROUPS_IN: "{channels} 个输入通道不能平均分成 {groups} 组。",
            Reason.GROUPS_OUT: "{channels} 个输出通道不能平均分成 {groups} 组。",
            Reason.SAME_STRIDE: "“same” 要保持大小，步幅 {stride} 却会使它缩小：PyTorch 不允许两者同时使用。",
            Reason.TRANSPOSED_MODE: "转置卷积的 `padding` 用来裁剪输出，没有需要填的格子。",
            Reason.REFLECT: "镜像 {padding} 格要求输入多于 {padding} 格，而这里只有 {size} 格。",
            Reason.CIRCULAR: "填充 {padding} 格，绕大小为 {size} 的输入会超过一圈。",
            Reason.KERNEL_TOO_LARGE: "卷积核跨越 {kernel} 格，填充后的输入只有 {padded} 格。",
            Reason.POOL_PADDING: "填充不得超过窗口大小的一半：窗口为 {kernel} 时最多 {limit}，{padding} 太大。",
            Reason.POOL_TOO_SMALL: "窗口放不下：输出大小会是 {output}。",
            Reason.OUTPUT_PADDING: "输出填充 {output_padding} 太大：这里最多 {limit}。",
            Reason.OUTPUT_TOO_SMALL: "`padding` 把一切都裁掉了：输出大小会是 {output}。",
        },
        try_instead="改动最小的几种办法：",
        out="输出",
        change="{name}：{value}",
        no_remainder="{numerator} / {stride} = {result}，没有余数：最后一个窗口正好到边缘。",
        remainder="{numerator} / {stride} 余 {count}：没有窗口到达填充后输入的{cells}。",
        last_cells={
            "height": ("最后 1 行", "最后 {count} 行"),
            "width": ("最后 1 列", "最后 {count} 列"),
            "both": ("最后 1 行和 1 列", "最后 {count} 行和 {count} 列"),
        },
        unread="填充后的输入共 {cells} 格，其中 {unread} 格没有窗口读到（斜线）：",
        lost="{pixels} 个像素中有 {lost} 个不起任何作用。",
        lost_padding="它们都是填充，每个像素都被读到了。",
        crops_all="{pixels} 个输入格中有 {lost} 个只写到被 `padding` 裁掉的部分。",
        rounded_up="{numerator} / {stride} 向上取整：最后一个窗口超出填充后的输入 {overhang} 格。",
        ceil_corrected="−1：最后一个窗口会从输入之后开始，所以 PyTorch 把它舍去。",
        crop="填充 P 从卷积核写出的结果中，每一侧裁掉 {padding} 格。",
        given_back="在卷积核写出的结果中，P 在开头裁掉 {padding} 格；末尾的 {padding} 格中，OP 还回 {given} 格。",
        no_crop="每个输入格都盖下整个卷积核；没有裁剪。",
        unstamped="OP 在末尾添加 {extra} 格，那里一个印也盖不到。",
        exact_instead="这样每一格都会被读到",
        no_output="没有输出",
        weight_shape="权重形状",
        none="没有权重",
        parameters="参数量",
        macs="乘加次数",
        memory="float32 激活值",
        memory_value="输入 {input}，输出 {output}",
        whole_batch="整批",
        dense_label="完成同样计算的 `nn.Linear`",
        dense="{parameters} 个参数（{times} 倍）",
        prints="运行结果：",
        mnist_problem="存放手写数字的文件 {path} 缺失或损坏。请从仓库重新复制 assets/mnist；在此之前显示一张空白图像。",
    ),
}
