"""Labels of /cnn, of its picture and of its table."""

from __future__ import annotations

from dataclasses import dataclass

from lib.core.digits.upload import UploadProblem
from lib.core.nets.classics import Classic
from lib.core.nets.failures import Why
from lib.core.nets.reading.errors import Problem
from lib.core.nets.tools import Extra, Tool
from lib.ui.lang import Lang


@dataclass(frozen=True)
class PictureTexts:
    """Labels inside the picture and the table; they go to the browser under these names."""

    input: str
    row: str
    parameters: str
    macs: str
    output: str
    bytes: str
    kept: str
    field: str
    jump: str
    total: str
    whole: str
    left: str
    reading: str
    """Slots: rows, input, output, parameters, macs."""
    hint: str
    unfold_hint: str
    unit: str
    """Slots: row, name, y, x, height, width."""
    theory: str
    """Slots: theory, jump."""
    exceeds: str
    everything: str
    all_passed_on: str
    nothing: str
    add: str
    """Slots: a, b."""
    stretched: str
    """Slots: a, b, sum."""
    concat: str
    """Slots: parts, sum."""
    effective: str
    """Slots: side, ratio, theory."""
    fresh: str
    pretrained: str
    none_arrives: str
    measuring: str
    unpin: str
    unfold: str
    fold: str
    unfold_all: str
    fold_all: str
    download: str
    breaks: str
    breaks_row: str
    """Slots: row."""
    overwrites: str
    empty: str
    not_reached: str
    edit: str
    remove: str
    up: str
    down: str
    insert: str
    fits: str
    other: str
    allowed: str
    """Slots: low, high."""
    channels: str
    full: str
    """Slots: rows."""
    block: str
    """Slots: name, count."""


@dataclass(frozen=True)
class CnnTexts:
    """Labels of the page."""

    title: str
    network: str
    own: str
    size: str
    classes: str
    batch: str
    convolutions: str
    pools: str
    dense: str
    structure: str
    """Slots: n, m, k."""
    structure_spread: str
    """Where pools stand between convolutions, too. Slots: n, m, k."""
    own_stack: str
    general_again: str
    aux: str
    lenet_parts: str
    parts: dict[str, str]
    compare: str
    nobody: str
    totals: dict[str, str]
    help: str
    """Slots: name."""
    last_field: str
    """Slots: height, width."""
    brought: dict[Classic, str]
    why: dict[Why, str]
    """Slots: those of the problem's details."""
    breaks_at: str
    """Slots: row, call."""
    breaks_backward: str
    """Slots: row, call."""
    try_instead: str
    fix_set: str
    """Slots: row, name, value."""
    fix_remove: str
    """Slots: row, call."""
    fix_insert: str
    """Slots: row."""
    fix_batch: str
    """Slots: value."""
    fix_size: str
    """Slots: size."""
    fits: str
    refused_edit: str
    """Slots: said."""
    exceeds: str
    """Slots: count, size."""
    empty_window: str
    """Slots: rows."""
    read_heading: str
    read_help: str
    read_field: str
    read_button: str
    read_line: str
    """Slots: line."""
    read_problems: dict[Problem, str]
    """Slots: text, argument, allowed."""
    read_done: str
    """Slots: count, size."""
    read_left_out: str
    """Slots: names."""
    not_editable: str
    not_torch: str
    editable: str
    draw_heading: str
    maps_same: str
    """Slots: network."""
    maps_other: str
    """Slots: network."""
    table_heading: str
    text_table: str
    table_columns: tuple[str, ...]
    tools_heading: str
    macs_column: str
    macs_of_batch: str
    """Slot: batch."""
    rules_heading: str
    tools: dict[Tool, str]
    extras: dict[Extra, str]
    only_products: str
    difference: str
    torchinfo_heading: str
    torchinfo_value: str
    torchinfo_rows: dict[str, str]
    """Slots: batch."""
    memory_line: str
    """Slots: kept."""
    photo: str
    photo_help: str
    upload_problems: dict[UploadProblem, str]
    too_large: str
    not_measured: str
    train_link: str
    compared: str
    compared_head: str
    """Slots: name, size, classes."""
    compare_rows: dict[str, str]
    """Slots: batch."""
    published: str
    not_published: str
    on_imagenet: str
    """Slots: values."""
    same_network: str
    prints: str
    connections: str
    """Slots: connections."""


_EN_PICTURE = PictureTexts(
    input="Input",
    row="Layer",
    parameters="Parameters",
    macs="MACs",
    output="Output",
    bytes="Output bytes",
    kept="Kept for backward",
    field="Field",
    jump="Jump",
    total="Total",
    whole="whole input",
    left="all that is left",
    reading="A network of {rows} rows, drawn to scale: from {input} to {output}; {parameters} parameters, "
    "{macs} multiply-accumulates. The table below has every row.",
    hint="Point at a layer's front face: which pixels does this unit see? Click to pin it.",
    unfold_hint="A double click or Enter unfolds this block.",
    unit="Row {row}, {name}, unit ({y}, {x}): sees {height} × {width} pixels of the input.",
    theory="In theory {theory}, jump {jump}.",
    exceeds="Its field is larger than the input: part of what every unit here looks at is padding.",
    everything="It sees the whole input.",
    all_passed_on="It sees all that the rows before it passed on; no window reached the other pixels of the input.",
    nothing="It sees padding alone.",
    add="{a} + {b}: the shapes agree.",
    stretched="{a} + {b} = {sum}: a size of 1 is stretched.",
    concat="Side by side: {parts} = {sum} channels; height and width agree.",
    effective="On this picture a square of {side} pixels holds 95.45 % of the gradient: {ratio} of the "
    "theoretical {theory}.",
    fresh="Weights: random, as before training.",
    pretrained="Weights: trained on ImageNet.",
    none_arrives="No gradient arrives at the picture from this unit.",
    measuring="Measuring the gradient …",
    unpin="Let go",
    unfold="Unfold {name}",
    fold="Fold {name}",
    unfold_all="Unfold all",
    fold_all="Fold all",
    download="SVG",
    breaks="breaks here",
    breaks_row="{row}: breaks here",
    overwrites="breaks in backward",
    empty="a window sees padding alone: −inf",
    not_reached="not reached",
    edit="Edit row {row}",
    remove="Remove row {row}",
    up="Move row {row} up",
    down="Move row {row} down",
    insert="Insert after row {row}",
    fits="fits",
    other="and row",
    allowed="Allowed: {low}–{high}.",
    channels="Input channels",
    full="A stack has at most {rows} rows.",
    block="{name}: {count} rows",
)

_ZH_PICTURE = PictureTexts(
    input="输入",
    row="层",
    parameters="参数量",
    macs="MACs",
    output="输出",
    bytes="输出字节",
    kept="为反向传播保留",
    field="感受野",
    jump="间隔",
    total="合计",
    whole="整个输入",
    left="剩下的全部",
    reading="按比例绘制的网络，共 {rows} 行：从 {input} 到 {output}；参数 {parameters} 个，乘加 {macs} 次。"
    "下方表格列出每一行。",
    hint="指向某一层的正面：这个单元看到哪些像素？单击可固定。",
    unfold_hint="双击或按 Enter 可展开这个块。",
    unit="第 {row} 行 {name}，单元 ({y}, {x})：看到输入中 {height} × {width} 个像素。",
    theory="理论感受野 {theory}，间隔 {jump}。",
    exceeds="感受野比输入还大：这里每个单元看到的都有一部分是填充。",
    everything="它看到整个输入。",
    all_passed_on="它看到前面各行传下来的全部；输入中其余的像素没有落入任何窗口。",
    nothing="它只看到填充。",
    add="{a} + {b}：形状一致。",
    stretched="{a} + {b} = {sum}：大小为 1 的维度被拉伸。",
    concat="并排拼接：{parts} = {sum} 个通道；高和宽一致。",
    effective="在这张图上，边长 {side} 像素的正方形就含有 95.45 % 的梯度：是理论值 {theory} 的 {ratio}。",
    fresh="权重：随机，相当于训练之前。",
    pretrained="权重：在 ImageNet 上训练过。",
    none_arrives="从这个单元没有任何梯度传到图像。",
    measuring="正在测量梯度……",
    unpin="取消固定",
    unfold="展开 {name}",
    fold="折叠 {name}",
    unfold_all="全部展开",
    fold_all="全部折叠",
    download="SVG",
    breaks="在这里出错",
    breaks_row="{row}：在这里出错",
    overwrites="反向传播时出错",
    empty="有窗口只看到填充：−inf",
    not_reached="到不了这里",
    edit="编辑第 {row} 行",
    remove="删除第 {row} 行",
    up="上移第 {row} 行",
    down="下移第 {row} 行",
    insert="在第 {row} 行之后插入",
    fits="自动",
    other="与第几行",
    allowed="允许的取值：{low}–{high}。",
    channels="输入通道",
    full="一个网络最多 {rows} 行。",
    block="{name}：{count} 行",
)

PICTURE_TEXTS: dict[Lang, PictureTexts] = {Lang.EN: _EN_PICTURE, Lang.ZH: _ZH_PICTURE}

_TOOLS_EN = {
    Tool.FLOP_COUNTER: "PyTorch's own: products of convolutions and matrices, nothing else",
    Tool.TORCHINFO: "weights and biases of convolutions at every position, all other parameters once a picture",
    Tool.FVCORE: "products, batch norm twice an element, adaptive average pooling",
    Tool.PTFLOPS: "products, biases, batch norm twice an element; ReLU and pooling, each counted as module and again "
    "as function",
    Tool.THOP: "products, batch norm four times an element, average pooling",
}
_TOOLS_ZH = {
    Tool.FLOP_COUNTER: "PyTorch 自带：只数卷积与矩阵的乘积",
    Tool.TORCHINFO: "卷积的权重与偏置在每个位置都算，其余参数每张图算一次",
    Tool.FVCORE: "乘积，批归一化每个元素算两次，再加自适应平均池化",
    Tool.PTFLOPS: "乘积、偏置，批归一化每个元素算两次；ReLU 和池化各数两遍：作为模块一遍，作为函数又一遍",
    Tool.THOP: "乘积，批归一化每个元素算四次，再加平均池化",
}

CNN_TEXTS: dict[Lang, CnnTexts] = {
    Lang.EN: CnnTexts(
        title="CNN architectures",
        network="Network",
        own="Build your own",
        size="Input size",
        classes="Classes",
        batch="Batch size",
        convolutions="N convolutions",
        pools="M pools",
        dense="K fully connected",
        structure="Input → {n} × (conv + ReLU) → {m} × pool → {k} × (fully connected + ReLU) → output",
        structure_spread="Input → {n} × (conv + ReLU) with {m} × pool spread among them → "
        "{k} × (fully connected + ReLU) → output",
        own_stack="This stack is your own.",
        general_again="Back to N, M, K",
        aux="Auxiliary classifiers",
        lenet_parts="Exchange a part",
        parts={
            "sparse": "C3: all maps / Table I",
            "pools": "Pooling: plain / trained",
            "rbf": "Output: linear / RBF",
            "tanh": "tanh: plain / scaled",
        },
        compare="Compare with",
        nobody="nobody",
        totals={
            "parameters": "Parameters",
            "macs": "MACs",
            "kept": "Kept for backward",
            "field": "Field of the last map",
        },
        help="MACs: multiply-accumulates for one picture. Kept for backward: bytes that autograd holds on to between "
        "forward and backward, in training, each storage once, "
        "parameters and buffers left out, the input counted. The last map: {name}.",
        last_field="{height} × {width} px",
        brought={
            Classic.LENET5: "Today's tutorials let C3 see all maps, leave pooling without weights and make the output "
            "linear. With ten classes that adds 1,706 parameters to the original's 60,000 and changes the idea little.",
            Classic.LENET5_1998: "Convolution, subsampling, weight sharing: the plan of every network below, reading "
            "cheques in 1998. Subsampling was trained, C3 sparse to save work, and the output measured the distance "
            "to drawn digits. Of C3's sixteen maps six see 3 of S2's, nine see 4 and one sees all 6: 1,516 parameters "
            "instead of 2,416.",
            Classic.ALEXNET: "ReLU, dropout and two GPUs: in 2012 it cut ImageNet's error by ten points. Its first "
            "kernel is 11 × 11 with stride 4. With 1000 classes 96 % of its parameters sit in three linear layers.",
            Classic.VGG16: "Only 3 × 3 kernels, again and again: two of them see 5 × 5, three 7 × 7, with fewer "
            "weights and more ReLUs. The price is memory, and 15 billion products for one picture of 224 × 224.",
            Classic.RESNET18: "The skip: a block learns what to add to its input, and gradients find a way past "
            "every layer. Batch norm after each convolution, no hidden linear layers.",
            Classic.RESNET34: "The same basic block, twice as deep. Without the skips a plain network of 34 layers "
            "trained worse than one of 18: that comparison was the paper's point.",
            Classic.RESNET50: "The bottleneck: 1 × 1 narrows, 3 × 3 works on few channels, 1 × 1 widens again. "
            "torchvision strides in the 3 × 3, the paper in the first 1 × 1.",
            Classic.GOOGLENET: "Four branches look at several scales at once, 1 × 1 convolutions make that cheap: "
            "without auxiliary classifiers a ninth of AlexNet's parameters (1000 classes). In torchvision the branch "
            "called 5 × 5 is 3 × 3: with real 5 × 5 kernels the last map's field would be 699 pixels a side, not 379. "
            "`googlenet()` builds both auxiliary classifiers unless told (13,004,888 "
            "parameters with 1000 classes), and with `weights=` it also turns on `transform_input`, unasked.",
        },
        why={
            Why.GROUPS_IN: "{groups} groups cannot share {channels} input channels equally.",
            Why.GROUPS_OUT: "{groups} groups cannot share {channels} output channels equally.",
            Why.SAME_STRIDE: "“same” keeps the size, a stride of {stride} shrinks it: PyTorch refuses both at once.",
            Why.REFLECT: "A mirror of {padding} cells needs more than {padding} cells; {size} come.",
            Why.CIRCULAR: "{padding} padded cells would go more than once around {size}.",
            Why.KERNEL_TOO_LARGE: "The kernel spans {kernel} cells, only {padded} come, padding included.",
            Why.POOL_PADDING: "A window of {kernel} is padded by half of it at most, {limit} here; {padding} is more.",
            Why.POOL_TOO_SMALL: "The window does not fit any more: the output would have size {output}.",
            Why.IN_CHANNELS: "The layer was made for {declared} channels, {comes} come.",
            Why.IN_FEATURES: "The weight was made for {declared} features, {comes} come.",
            Why.NUM_FEATURES: "The batch norm was made for {declared} channels, {comes} come.",
            Why.ONE_VALUE: "A batch of one picture, one cell a channel: there is no variance to divide by.",
            Why.NOT_SPATIAL: "This layer wants pictures (N, C, H, W); what comes has {rank} dimensions.",
            Why.ADD_SIZES: "A sum needs equal sizes: {a} meets {b}.",
            Why.CONCAT_SIZES: "Side by side everything but the channels must agree: {a} meets {b}.",
            Why.SIZE: "The input is too small.",
            Why.INPLACE: "Row {victim} needs its numbers again in backward, and this row has overwritten them.",
        },
        breaks_at="Row {row} breaks: `{call}`",
        breaks_backward="Row {row} breaks backward(): `{call}`",
        try_instead="The smallest changes that work:",
        fix_set="Row {row}: {name} = {value}",
        fix_remove="Remove row {row} ({call})",
        fix_insert="Insert Flatten before row {row}",
        fix_batch="Batch = {value}",
        fix_size="Input size = {size}",
        fits="what comes",
        refused_edit="That row is not possible: {said}",
        exceeds="Coloured rows, here {count}: their field is larger than the input of {size}, so some of what they "
        "look at is padding for every unit.",
        empty_window="Row {rows}: with this dilation a window of the max pool sees padding alone. PyTorch raises no "
        "error: its output there is −inf, and on the CPU `backward()` of torch 2.13 writes outside the gradient's "
        "memory. Choose a smaller dilation or padding.",
        read_heading="Draw a program of yours",
        read_help="An `nn.Sequential`, or an `nn.Module` with its `forward`; `torch.zeros(N, C, H, W)` in it says the "
        "input. It is read, not run.",
        read_field="Your program",
        read_button="Draw it",
        read_line="Line {line}: ",
        read_problems={
            Problem.TOO_LONG: "That is longer than {allowed} characters.",
            Problem.SYNTAX: "That is not Python.",
            Problem.EMPTY: "Nothing was pasted.",
            Problem.NOTHING: "There is no `nn.Sequential` with layers in it at the top level, and no class with a "
            "`forward`.",
            Problem.UNKNOWN: "{text} is not among the layers and functions that can be drawn: convolutions, pooling, "
            "`Linear`, `Flatten`, `BatchNorm2d`, `Dropout` and activations.",
            Problem.NOT_A_CALL: "{text} is made elsewhere: write the layer's call here, such as `nn.ReLU()`.",
            Problem.ARGUMENT: "{text} takes no argument {argument} here.",
            Problem.MISSING: "{text} lacks its argument {argument}.",
            Problem.VALUE: "{text} of {argument} is beyond what can be drawn. Allowed: {allowed}.",
            Problem.DEFAULT_ONLY: "{argument} of {text} can only be {allowed}.",
            Problem.NOT_CONSTANT: "{text} is no number that can be read off the program.",
            Problem.STATEMENT: "{text} cannot be read here: `__init__` makes layers, `forward` applies them in turn.",
            Problem.BRANCH: "Branches cannot be drawn: each layer takes the newest result, a sum or `torch.cat` "
            "that one (first) and an earlier one.",
            Problem.TWICE: "{text} has weights and is used a second time: shared weights cannot be drawn.",
            Problem.FLATTEN: "{text} is not known to keep the pictures of a batch apart: write `torch.flatten(x, 1)`.",
            Problem.ROWS: "Those are more than {allowed} layers.",
            Problem.SQUARE: "The input has to be a square within {allowed}.",
        },
        read_done="Drawn: {count} layers, input {size} × {size}. The picture stands above.",
        read_left_out="Left out, since they change neither shapes nor parameters: {names}.",
        not_editable="Rows with branches or skips cannot be edited: their sizes hang together, and one row changed "
        "alone would break the sum or the concatenation. Size, classes and batch above can be changed; to edit rows, "
        "open LeNet-5, AlexNet or VGG-16, or build your own.",
        not_torch="The parts of 1998 are no layers of torch.nn and cannot be edited: exchange them with the switches "
        "above. With none of them left, every row can be edited.",
        editable="Press the pencil to edit a row: the network becomes one of your own.",
        draw_heading="Draw a digit",
        maps_same="Maps and answer below: this same architecture, trained on MNIST ({network}).",
        maps_other="Maps and answer below: not the network above but another one, trained on MNIST ({network}).",
        table_heading="Layer by layer",
        text_table="As text",
        table_columns=("layer", "output", "parameters", "MACs", "kept bytes", "field", "jump"),
        macs_of_batch="MACs, batch of {batch}",
        tools_heading="Five tools, five numbers",
        macs_column="MACs",
        rules_heading="Their rules",
        tools=_TOOLS_EN,
        extras={
            Extra.BIASES: "biases",
            Extra.NORM_PARAMETERS: "batch norm's parameters",
            Extra.NORM_TWICE: "batch norm, 2 an element",
            Extra.NORM_FOUR_TIMES: "batch norm, 4 an element",
            Extra.ACTIVATIONS: "ReLU called as a function",
            Extra.ACTIVATIONS_TWICE: "ReLU modules, 2 an element",
            Extra.POOL_INPUTS: "adaptive average pooling's inputs",
            Extra.POOL_TWICE: "pooling, 2 an input",
            Extra.POOL_OUTPUTS: "average pooling",
        },
        only_products="products only",
        difference="what it adds",
        torchinfo_heading="torchinfo's totals",
        torchinfo_value="value",
        torchinfo_rows={
            "parameters": "Parameters",
            "trainable": "trainable",
            "fixed": "not trainable",
            "mult_adds": "Multiply-adds, batch of {batch}",
            "input": "Input, batch of {batch}",
            "pass": "Forward/backward pass: twice the outputs of layers with parameters",
            "parameter_size": "Size of the parameters",
            "total": "Estimated total: input, pass and parameters",
        },
        memory_line="Memory has two counts, too: autograd keeps {kept}; torchinfo's “forward/backward pass” counts "
        "every output of a layer with weights twice, whether it is kept or not.",
        photo="Another picture (PNG or JPEG, up to 5 MB)",
        photo_help="The network's gradient is measured on it. It stays in this session.",
        upload_problems={
            UploadProblem.UNREADABLE: "This file is no PNG or JPEG picture.",
            UploadProblem.TOO_LARGE: "This picture is too large: up to 5 MB, PNG up to 16, JPEG up to 64 megapixels.",
            UploadProblem.NO_CONTRAST: "This picture shows nothing.",
        },
        too_large="This network is too large to run here for one question; the theoretical field stands.",
        not_measured="The gradient is not measured: a window of a max pool sees padding alone, and backward() would "
        "write outside its memory.",
        train_link="Train a stack like this on MNIST",
        compared="Compared",
        compared_head="{name}, {size}, {classes} classes",
        compare_rows={
            "parameters": "Parameters",
            "macs": "MACs of one picture",
            "depth": "Convolutions, linear and RBF layers on the longest way",
            "kept": "Kept for backward, batch of {batch}",
            "bytes": "All outputs, batch of {batch}",
            "field": "Field of the last map",
            "top1": "ImageNet top-1",
            "top5": "ImageNet top-5",
        },
        published="{percent} % ({weights})",
        not_published="not on ImageNet",
        on_imagenet="torchvision's weights on ImageNet, top-1 / top-5: {values}.",
        same_network="ResNet-50 has two published accuracies, V1 and V2: the same network, another recipe of training.",
        prints="It prints:",
        connections="{connections} connections, counted as in the paper.",
    ),
    Lang.ZH: CnnTexts(
        title="CNN 结构",
        network="网络",
        own="自己搭建",
        size="输入大小",
        classes="类别数",
        batch="批大小",
        convolutions="N 个卷积",
        pools="M 个池化",
        dense="K 个全连接",
        structure="输入 → {n} ×（卷积 + ReLU）→ {m} × 池化 → {k} ×（全连接 + ReLU）→ 输出",
        structure_spread="输入 → {n} ×（卷积 + ReLU），其间分布 {m} × 池化 → {k} ×（全连接 + ReLU）→ 输出",
        own_stack="这是你自己搭建的网络。",
        general_again="回到 N、M、K",
        aux="辅助分类器",
        lenet_parts="更换部件",
        parts={
            "sparse": "C3：全部特征图 / 表 I",
            "pools": "池化：普通 / 可训练",
            "rbf": "输出：线性 / RBF",
            "tanh": "tanh：普通 / 缩放",
        },
        compare="与之比较",
        nobody="不比较",
        totals={
            "parameters": "参数量",
            "macs": "乘加（MACs）",
            "kept": "为反向传播保留",
            "field": "最后特征图的感受野",
        },
        help="MACs：每张图的乘加次数。为反向传播保留：训练时 autograd 在前向与反向之间保留的字节，每块存储只算一次，"
        "参数与缓冲区不算，输入计入。最后的特征图：{name}。",
        last_field="{height} × {width} 像素",
        brought={
            Classic.LENET5: "今天教程里的版本让 C3 看到全部特征图，池化没有权重，输出是线性层。"
            "十个类别时，比原版的 60,000 个参数多 1,706 个，思想几乎不变。",
            Classic.LENET5_1998: "卷积、下采样、权重共享：后来各种网络的蓝图，1998 年就用来读支票。"
            "那时下采样也要训练，C3 为节省计算采用稀疏连接，输出则是到数字图样的距离。"
            "C3 的十六张特征图中，六张看 S2 的 3 张，九张看 4 张，一张看全部 6 张：参数是 1,516 个，而不是 2,416 个。",
            Classic.ALEXNET: "ReLU、dropout 和两块 GPU：2012 年把 ImageNet 的错误率降低了十个百分点。"
            "第一个卷积核是 11 × 11、步幅 4。1000 个类别时，96 % 的参数在三个全连接层里。",
            Classic.VGG16: "只用 3 × 3 卷积核，层层堆叠：两层看到 5 × 5，三层看到 7 × 7，权重更少，ReLU 更多。"
            "代价是内存，以及每张 224 × 224 的图 150 亿次乘加。",
            Classic.RESNET18: "跳跃连接：每个块只学习要给输入加上什么，梯度总有一条路可以绕过各层。"
            "每个卷积之后有批归一化，没有隐藏的全连接层。",
            Classic.RESNET34: "同样的基本块，深度翻倍。没有跳跃连接时，34 层的普通网络训练得比 18 层还差："
            "这一对比正是论文的要点。",
            Classic.RESNET50: "瓶颈结构：1 × 1 压缩，3 × 3 只在少量通道上计算，1 × 1 再扩展。"
            "torchvision 在 3 × 3 处设步幅，论文则在第一个 1 × 1。",
            Classic.GOOGLENET: "四个分支同时看不同尺度，1 × 1 卷积把计算量降下来："
            "不带辅助分类器时，参数只有 AlexNet 的九分之一（1000 个类别）。"
            "torchvision 里叫 5 × 5 的分支其实是 3 × 3：若真是 5 × 5，最后特征图的感受野边长会是 699 像素，而不是 379。"
            "`googlenet()` 默认带两个辅助分类器"
            "（1000 个类别时共 13,004,888 个参数），给出 `weights=` 时还会自动打开 `transform_input`。",
        },
        why={
            Why.GROUPS_IN: "{channels} 个输入通道不能平均分成 {groups} 组。",
            Why.GROUPS_OUT: "{channels} 个输出通道不能平均分成 {groups} 组。",
            Why.SAME_STRIDE: "“same” 要保持大小，步幅 {stride} 却会使它缩小：PyTorch 不允许两者同时使用。",
            Why.REFLECT: "镜像 {padding} 格要求输入多于 {padding} 格，而这里只有 {size} 格。",
            Why.CIRCULAR: "填充 {padding} 格，绕 {size} 格会超过一圈。",
            Why.KERNEL_TOO_LARGE: "卷积核跨越 {kernel} 格，而输入连同填充只有 {padded} 格。",
            Why.POOL_PADDING: "填充不得超过窗口大小的一半：窗口为 {kernel}，填充 {padding} 太大。最多 {limit}。",
            Why.POOL_TOO_SMALL: "窗口放不下了：输出大小会是 {output}。",
            Why.IN_CHANNELS: "这一层按 {declared} 个输入通道定义，实际传入 {comes} 个。",
            Why.IN_FEATURES: "权重按 {declared} 个输入特征定义，实际传入 {comes} 个。",
            Why.NUM_FEATURES: "批归一化按 {declared} 个通道定义，实际传入 {comes} 个。",
            Why.ONE_VALUE: "批次里只有一张图，每个通道只有一格：没有可用来做除数的方差。",
            Why.NOT_SPATIAL: "这一层需要 (N, C, H, W) 形状的图像，而传入的有 {rank} 维。",
            Why.ADD_SIZES: "相加要求大小相等，而这里是 {a} 与 {b}。",
            Why.CONCAT_SIZES: "拼接时，除通道外的各维都必须一致，而这里是 {a} 与 {b}。",
            Why.SIZE: "输入太小。",
            Why.INPLACE: "反向传播时第 {victim} 行还要用它的数值，却被这一行就地改写了。",
        },
        breaks_at="第 {row} 行出错：`{call}`",
        breaks_backward="第 {row} 行使 backward() 出错：`{call}`",
        try_instead="改动最小的几种办法：",
        fix_set="第 {row} 行：{name} = {value}",
        fix_remove="删除第 {row} 行（{call}）",
        fix_insert="在第 {row} 行之前插入 Flatten",
        fix_batch="批大小 = {value}",
        fix_size="输入大小 = {size}",
        fits="自动",
        refused_edit="这一行不能这样设置：{said}",
        exceeds="着色的行共 {count} 行：感受野比 {size} 的输入还大，所以每个单元看到的都有一部分是填充。",
        empty_window="第 {rows} 行：膨胀率这么大时，最大池化有的窗口只看到填充。PyTorch 不报错：那里的输出是 −inf，"
        "而且在 CPU 上，torch 2.13 的 `backward()` 会写到梯度内存之外。请减小膨胀率或填充。",
        read_heading="画出你自己的程序",
        read_help="一个 `nn.Sequential`，或带 `forward` 的 `nn.Module`；其中的 `torch.zeros(N, C, H, W)` 说明输入。"
        "程序只被读取，不会运行。",
        read_field="你的程序",
        read_button="画出来",
        read_line="第 {line} 行：",
        read_problems={
            Problem.TOO_LONG: "超过了 {allowed} 个字符。",
            Problem.SYNTAX: "这不是 Python。",
            Problem.EMPTY: "还没有粘贴程序。",
            Problem.NOTHING: "最外层没有含层的 `nn.Sequential`，也没有带 `forward` 的类。",
            Problem.UNKNOWN: "{text} 不在能画的层和函数之列：卷积、池化、`Linear`、`Flatten`、`BatchNorm2d`、`Dropout` "
            "和激活函数。",
            Problem.NOT_A_CALL: "{text} 是在别处创建的：请在这里直接写出层的调用，如 `nn.ReLU()`。",
            Problem.ARGUMENT: "{text} 在这里没有参数 {argument}。",
            Problem.MISSING: "{text} 缺少参数 {argument}。",
            Problem.VALUE: "{argument} 的 {text} 超出了能画的范围。允许的取值：{allowed}。",
            Problem.DEFAULT_ONLY: "{text} 的 {argument} 只能是 {allowed}。",
            Problem.NOT_CONSTANT: "从程序里读不出 {text} 是什么数。",
            Problem.STATEMENT: "这里读不懂 {text}：`__init__` 创建各层，`forward` 逐个使用它们。",
            Problem.BRANCH: "分支画不出来：每一层只能接最新的结果；相加或 `torch.cat` 用最新的结果（写在前面）"
            "和一个较早的结果。",
            Problem.TWICE: "{text} 有权重，却用了第二次：共享的权重画不出来。",
            Problem.FLATTEN: "看不出 {text} 会把一批中的各张图片分开：请写 `torch.flatten(x, 1)`。",
            Problem.ROWS: "超过了 {allowed} 层。",
            Problem.SQUARE: "输入必须是正方形，范围为 {allowed}。",
        },
        read_done="已画出：{count} 层，输入 {size} × {size}。图在上方。",
        read_left_out="以下各项既不改变形状也没有参数，未画出：{names}。",
        not_editable="带分支或跳跃连接的行不能编辑：它们的大小互相牵连，只改一行，相加或拼接就会出错。"
        "上面的输入大小、类别数和批大小可以改；要编辑各行，请打开 LeNet-5、AlexNet 或 VGG-16，或者自己搭建。",
        not_torch="1998 年的部件不是 torch.nn 的层，不能编辑：请用上面的开关更换。全部换掉之后，每一行都能编辑。",
        editable="按铅笔即可编辑一行：网络就成了你自己的。",
        draw_heading="写一个数字",
        maps_same="下面的特征图和答案来自结构相同、已在 MNIST 上训练好的网络（{network}）。",
        maps_other="下面的特征图和答案并非来自上面的网络，而是来自另一个已在 MNIST 上训练好的网络（{network}）。",
        table_heading="逐层查看",
        text_table="文本形式",
        table_columns=("层", "输出", "参数量", "MACs", "保留字节", "感受野", "间隔"),
        macs_of_batch="MACs（整批 {batch} 张）",
        tools_heading="五个工具，五个数",
        macs_column="MACs",
        rules_heading="它们的规则",
        tools=_TOOLS_ZH,
        extras={
            Extra.BIASES: "偏置",
            Extra.NORM_PARAMETERS: "批归一化的参数",
            Extra.NORM_TWICE: "批归一化，每个元素 2 次",
            Extra.NORM_FOUR_TIMES: "批归一化，每个元素 4 次",
            Extra.ACTIVATIONS: "以函数调用的 ReLU",
            Extra.ACTIVATIONS_TWICE: "ReLU 模块，每个元素 2 次",
            Extra.POOL_INPUTS: "自适应平均池化的输入",
            Extra.POOL_TWICE: "池化，每个输入 2 次",
            Extra.POOL_OUTPUTS: "平均池化",
        },
        only_products="只有乘积",
        difference="多算的部分",
        torchinfo_heading="torchinfo 的合计",
        torchinfo_value="数值",
        torchinfo_rows={
            "parameters": "参数量",
            "trainable": "其中可训练",
            "fixed": "其中不可训练",
            "mult_adds": "乘加次数（整批 {batch} 张）",
            "input": "输入大小（整批 {batch} 张）",
            "pass": "前向/反向传播：带参数的层的输出，计两遍",
            "parameter_size": "参数大小",
            "total": "估计总大小：输入、传播与参数之和",
        },
        memory_line="内存也有两种数法：autograd 保留 {kept}；torchinfo 的“forward/backward pass”"
        "把每个带权重的层的输出数两遍，不管是否保留。",
        photo="换一张图片（PNG 或 JPEG，最大 5 MB）",
        photo_help="网络的梯度在这张图上测量。图片只留在本次会话中。",
        upload_problems={
            UploadProblem.UNREADABLE: "这个文件不是 PNG 或 JPEG 图片。",
            UploadProblem.TOO_LARGE: "图片太大：最大 5 MB；PNG 不超过 1600 万像素，JPEG 不超过 6400 万像素。",
            UploadProblem.NO_CONTRAST: "这张图片上什么也没有。",
        },
        too_large="这个网络太大，这里不会为查看一个单元而运行它；显示的仍是理论感受野。",
        not_measured="不测量梯度：最大池化有的窗口只看到填充，backward() 会写到内存之外。",
        train_link="在 MNIST 上训练这样的网络",
        compared="比较项",
        compared_head="{name}，{size}，{classes} 类",
        compare_rows={
            "parameters": "参数量",
            "macs": "MACs（一张图）",
            "depth": "最长路径上的卷积、全连接与 RBF 层数",
            "kept": "为反向传播保留（整批 {batch} 张）",
            "bytes": "全部输出（整批 {batch} 张）",
            "field": "最后特征图的感受野",
            "top1": "ImageNet top-1",
            "top5": "ImageNet top-5",
        },
        published="{percent} %（{weights}）",
        not_published="不用于 ImageNet",
        on_imagenet="torchvision 的权重在 ImageNet 上的 top-1 / top-5：{values}。",
        same_network="ResNet-50 有两个公布的准确率 V1 和 V2：网络相同，训练方法不同。",
        prints="运行结果：",
        connections="连接数 {connections}，按论文的方式计算。",
    ),
}
