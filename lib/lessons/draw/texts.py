"""Labels of /draw, and of its browser component."""

from __future__ import annotations

from dataclasses import dataclass

from lib.core.digits.robustness import Change
from lib.core.digits.upload import UploadProblem
from lib.ui.components.digit_bars import BarsTexts
from lib.ui.lang import Lang


@dataclass(frozen=True)
class StagesTexts:
    """Words of the way from drawing to input; slots in braces are filled in the browser."""

    drawing: str
    cropped: str
    scaled: str
    fed: str
    fedRaw: str  # noqa: N815 - read by the component's script
    point: str
    walk: str
    pixel: str
    centre: str


@dataclass(frozen=True)
class InsideTexts:
    """Words of the look inside; slots in braces are filled in the browser."""

    chooseClass: str  # noqa: N815 - all names here are read by the component's script
    classReading: str  # noqa: N815
    sumHeading: str  # noqa: N815
    bias: str
    unit: str
    unitValue: str  # noqa: N815
    others: str
    logit: str
    evidenceHeading: str  # noqa: N815
    evidencePixel: str  # noqa: N815
    evidenceExact: str  # noqa: N815
    evidenceNear: str  # noqa: N815
    against: str
    speaksFor: str  # noqa: N815
    unitsHeading: str  # noqa: N815
    chooseUnit: str  # noqa: N815
    layer: str
    stripReading: str  # noqa: N815
    weights: str
    slope: str
    input: str
    product: str
    cell: str
    unitSum: str  # noqa: N815
    unitTerms: str  # noqa: N815
    point: str
    walk: str


@dataclass(frozen=True)
class DrawTexts:
    """What the page says; slots are named in braces."""

    title: str
    # Where the digit comes from
    source: str
    sources: dict[str, str]
    pen: str
    undo: str
    clear: str
    source_help: str
    canvas_hint: str
    ink_allowed: str
    upload: str
    upload_hint: str
    upload_problems: dict[UploadProblem, str]
    test_index: str
    random: str
    test_label: str
    raw: str
    raw_help: str
    empty: str
    empty_upload: str
    widened: str
    too_thick: str
    """Slots: pixels."""
    stages: StagesTexts
    stages_reading: str
    """Slots: height, width, down, right."""
    stages_reading_raw: str
    # Answers
    models: str
    bundled: str
    bundled_cnn: str
    bars: BarsTexts
    example: str
    kept_place: str
    """Slots: name, spans."""
    never_read: str
    """Slots: name."""
    compared: str
    """Slots: digit, change."""
    probability: str
    inside_model: str
    diverged_inside: str
    diverged_short: str
    # Inside
    inside: str
    inside_texts: InsideTexts
    inside_reading: str
    """Slots: name, digit."""
    # Neighbours
    neighbours: str
    neighbour_caption: str
    """Slots: label, distance."""
    neighbour_reading: str
    """Slots: index, label, distance."""
    # Robustness
    robust: str
    along: str
    changes: dict[Change, str]
    units: dict[Change, str]
    reset: str
    changed: str
    """Slots: digit, percent."""
    span: str
    """Slots: low, high."""
    span_one: str
    """Slots: at."""
    spans_joined: str
    curve_reading: str
    """Slots: change, digit, spans, low, high, count."""
    curve_always: str
    """Slots: change, digit, low, high, count."""
    curve_never: str
    """Slots: change, digit, low, high, count."""
    # Tray
    tray: str
    meant: str
    meant_help: str
    kept: str
    """Slots: digit, count."""
    kept_already: str
    """Slots: digit, number."""
    kept_held: str
    gone: str
    tray_legend: str
    """Slots: name, sign."""
    tray_full: str
    """Slots: limit."""
    tray_empty: str
    kept_caption: str
    """Slots: number, label, prediction."""
    kept_reading: str
    """Slots: number, label, prediction."""
    remove_one: str
    remove_all: str
    download_tray: str
    column_model: str
    column_own: str
    column_own_count: str
    """Slots: right, total, percent."""
    column_mnist: str
    confusion: str
    # Fine-tuning
    held_out: str
    """Slots: held, total."""
    none_held_out: str
    tune: str
    tune_base: str
    tune_mixed: str
    tune_mixed_help: str
    tune_epochs: str
    tune_start: str
    tune_none: str
    tune_name: str
    """Slots: count, base."""
    tune_busy: str
    tune_watch: str
    tune_progress: str
    """Slots: step, steps."""
    tune_failed: str
    """Slots: reason."""
    # Code
    download_digit: str
    download_weights: str
    code_note: str


DRAW_TEXTS: dict[Lang, DrawTexts] = {
    Lang.EN: DrawTexts(
        title="Draw a digit and look inside",
        source="Digit from",
        sources={"draw": "Drawing", "upload": "Picture", "test": "Test image"},
        pen="Pen width (pixels)",
        undo="Undo",
        clear="Clear",
        source_help="Draw with mouse, finger or pen. Without any of them, take a picture or one of MNIST's 10,000 "
        "test images.",
        canvas_hint="Draw one digit, 0 to 9.",
        ink_allowed="a drawing as this page writes it",
        upload="A picture of one digit",
        upload_hint="Dark ink on light paper or the other way round. PNG, JPEG, WebP, BMP or GIF.",
        upload_problems={
            UploadProblem.UNREADABLE: "This file cannot be read as a picture. Allowed: PNG, JPEG, WebP, BMP, GIF.",
            UploadProblem.TOO_LARGE: "This picture has too many pixels. Allowed: 16 megapixels (JPEG: 64).",
            UploadProblem.NO_CONTRAST: "No ink is to be seen: this looks like blank paper. Take one digit that is "
            "clearly darker or lighter than its paper.",
            UploadProblem.NO_SIGN: "There is no digit to be found here: only spots, lines, edges, or ink that runs out "
            "of the picture. Take one digit, with some paper around it.",
            UploadProblem.SEVERAL: "Several signs stand here side by side. Crop the picture to one digit.",
        },
        test_index="Test image",
        random="Random test image",
        test_label="Label: **{label}**",
        raw="Feed it raw",
        raw_help="Without cropping, scaling and centring: the whole canvas is shrunk to 28 × 28, as in many demos "
        "that misread their visitors.",
        empty="Draw a digit in the black square: the network answers while you draw.",
        empty_upload="Choose a picture of one digit, and the network answers.",
        widened="For the size of the digit the pen was thinner than MNIST's usually are: its strokes were made wider, "
        "about 2 pixels where the digit has 20.",
        too_thick="Strokes are about {pixels:.0f} pixels wide at this size; MNIST's are about 2 to 4. "
        "Draw larger or take a thinner pen.",
        stages=StagesTexts(
            drawing="Drawing",
            cropped="Cropped",
            scaled="20 pixels",
            fed="What the network gets: 28 × 28, centred",
            fedRaw="What the network gets: 28 × 28, raw",
            point="Point at a pixel, or walk with the arrow keys.",
            walk="Arrow keys walk through the pixels.",
            pixel="row {row}, column {column}: {byte} / 255 = {value}",
            centre="Centre of mass",
        ),
        stages_reading="The drawing, cropped to {height} × {width} pixels, scaled to 20 and moved {down} down and "
        "{right} to the right, so that its centre of mass is at row 14, column 14.",
        stages_reading_raw="The whole drawing, shrunk to 28 × 28 pixels.",
        models="Networks",
        bundled="Bundled network",
        bundled_cnn="Bundled CNN",
        bars=BarsTexts(
            verdict="{name} reads {digit} ({percent} %)",
            nothing="Nothing is drawn yet.",
            scores="{name}: probability and logit of each digit",
            diverged="{name} diverged in training: its answers are no numbers.",
            lost="The drawing canvas cannot be read while the pen moves: streamlit-drawable-canvas is built "
            "differently than in version 0.13. The networks answer once the pen is lifted.",
        ),
        example="Draw an example",
        compared="{change}: how probable the {digit} is for each network",
        kept_place="{name} reads it {spans}.",
        never_read="{name} does not read it anywhere in this range.",
        probability="Probability",
        inside_model="Look inside",
        diverged_inside="This network's training diverged: its weights or what it makes of this digit are no numbers "
        "any more (NaN or infinity), so there is nothing to look into. Train it again with a smaller learning rate.",
        diverged_short="diverged",
        inside="Why? A logit is a sum",
        inside_texts=InsideTexts(
            chooseClass="Reasons for digit",
            classReading="{digit}: logit {logit}, probability {percent} %",
            sumHeading="The logit of {digit}: weight × activation, unit by unit",
            bias="bias",
            unit="unit {unit}",
            unitValue="unit {unit}: {value}",
            others="{count} other units",
            logit="logit of {digit}",
            evidenceHeading="Pixels that speak for and against {digit}",
            evidencePixel="row {row}, column {column}: pixel {value} × slope {slope} = {product}",
            evidenceExact="Pixels {pixels}, constant {constant}: logit {logit}. This is exact: around this image the "
            "network is one linear map and a constant, as ReLU networks are.",
            evidenceNear="Gradient × pixel: {pixels} and a rest of {constant} make the logit {logit}. With "
            "{activation} the network is not linear; the picture holds only for small changes.",
            against="against",
            speaksFor="for",
            unitsHeading="Hidden units: the most active ones",
            chooseUnit="Unit",
            layer="Hidden layer {number}",
            stripReading="{active} of {count} units are above zero",
            weights="weights",
            slope="slope by each pixel",
            input="input",
            product="product",
            cell="row {row}, column {column}: {value}",
            unitSum="products {products}, constant {constant}: sum {total}. {activation} makes it {value}.",
            unitTerms="What unit {unit} adds to each logit:",
            point="Point at a pixel.",
            walk="Arrow keys walk through the pixels.",
        ),
        inside_reading="Inside {name}: why it reads {digit}.",
        neighbours="The nearest of the 60,000 training digits",
        neighbour_caption="{label} · {distance:.2f}",
        neighbour_reading="Training image {index}, a {label}, at distance {distance:.2f}",
        robust="How far can the digit move?",
        along="Curve over",
        changes={
            Change.SHIFT_X: "Shift right",
            Change.SHIFT_Y: "Shift down",
            Change.ROTATE: "Rotate",
            Change.SCALE: "Scale",
            Change.THICKEN: "Thicken",
            Change.NOISE: "Noise",
        },
        units={
            Change.SHIFT_X: "pixels to the right",
            Change.SHIFT_Y: "pixels down",
            Change.ROTATE: "degrees clockwise",
            Change.SCALE: "factor",
            Change.THICKEN: "pixels of stroke",
            Change.NOISE: "standard deviation",
        },
        reset="Back to the drawing",
        changed="now read as **{digit}** ({percent} %)",
        span="from {low} to {high}",
        span_one="at {at}",
        spans_joined=", ",
        curve_reading="{change}: read as {digit} {spans}; as something else at the others of the {count} values "
        "tried, from {low} to {high}.",
        curve_always="{change}: read as {digit} at all {count} values tried, from {low} to {high}.",
        curve_never="{change}: read as {digit} at none of the {count} values tried, from {low} to {high}.",
        tray="Your own handwriting",
        meant="Keep it: what did you mean?",
        meant_help="The digit as the network got it goes into your tray with the label that you choose.",
        kept="Kept as a {digit}: {count} in the tray.",
        kept_already="This very digit is in the tray already: number {number}, kept as a {digit}.",
        kept_held=", held out",
        gone="This digit is not in the tray any more: it was taken out elsewhere.",
        tray_legend="Number: what you meant → what {name} reads. ✓ right, ✗ wrong;{sign} held out, never learned from.",
        tray_full="The tray holds {limit} digits. Take some out to keep more.",
        tray_empty="Keep a few drawings with the digit that you meant, and see how well the networks read *you*.",
        kept_caption="{number}: {label} → {prediction}",
        kept_reading="Digit {number}: meant {label}, read {prediction}",
        remove_one="Take out",
        remove_all="Empty the tray",
        download_tray="PNG and IDX files",
        column_model="Network",
        column_own="Your digits",
        column_own_count="{right} / {total} ({percent} %)",
        column_mnist="MNIST test images",
        confusion="Confusion on your digits",
        held_out="Measured on {held} of your {total} digits: these are held out, and never learned from.",
        none_held_out="The second digit that you keep of a kind is held out, to measure on: there is none yet.",
        tune="Fine-tune on my digits",
        tune_base="Start from",
        tune_mixed="MNIST images mixed in",
        tune_mixed_help="With none, the network sees only your digits and forgets others: watch the MNIST column.",
        tune_epochs="Epochs",
        tune_start="Fine-tune",
        tune_none="All your digits are held out for measuring: keep one more to learn from.",
        tune_name="{base} + {count} of mine",
        tune_busy="You have a run going on: wait for its end, or stop it on the training page.",
        tune_watch="Charts of this run",
        tune_progress="Fine-tuning: step {step} of {steps}",
        tune_failed="The run did not finish: {reason}",
        download_digit="digit.png",
        download_weights="weights.safetensors",
        code_note="Put both files beside the program.",
    ),
    Lang.ZH: DrawTexts(
        title="写一个数字，看看网络内部",
        source="数字来自",
        sources={"draw": "手写", "upload": "图片", "test": "测试图像"},
        pen="笔宽（像素）",
        undo="撤销",
        clear="清空",
        source_help="用鼠标、手指或触控笔书写。若都没有，请用图片或 MNIST 的 10,000 张测试图像之一。",
        canvas_hint="写一个 0 到 9 的数字。",
        ink_allowed="由本页生成的笔迹",
        upload="一张只有一个数字的图片",
        upload_hint="浅纸深字或深底浅字都可以。PNG、JPEG、WebP、BMP 或 GIF。",
        upload_problems={
            UploadProblem.UNREADABLE: "无法把这个文件读成图片。允许的格式：PNG、JPEG、WebP、BMP、GIF。",
            UploadProblem.TOO_LARGE: "这张图片的像素太多。上限：1600 万像素（JPEG 为 6400 万）。",
            UploadProblem.NO_CONTRAST: "看不到笔迹：这像是一张白纸。请选一个与纸面明暗分明的数字。",
            UploadProblem.NO_SIGN: "这里找不到数字：只有斑点、线条、边缘，或者伸出画面的笔迹。"
            "请拍一个数字，四周留一些纸面。",
            UploadProblem.SEVERAL: "这里并排写着几个字。请把图片裁剪到只剩一个数字。",
        },
        test_index="测试图像",
        random="随机测试图像",
        test_label="标签：**{label}**",
        raw="原样输入",
        raw_help="不裁剪、不缩放、不居中：把整块画布直接缩到 28 × 28，许多演示就是这样认错字的。",
        empty="在黑色方框里写一个数字：你边写，网络边回答。",
        empty_upload="选择一张只有一个数字的图片，网络立即回答。",
        widened="相对于数字的大小，这支笔比 MNIST 中常见的笔画细：笔画已加粗，数字长边为 20 像素时宽约 2 像素。",
        too_thick="缩放后笔画宽约 {pixels:.0f} 像素；MNIST 的笔画约 2 到 4 像素。"
        "请写大一些，或换细一点的笔。",
        stages=StagesTexts(
            drawing="手写",
            cropped="裁剪",
            scaled="20 像素",
            fed="网络得到的：28 × 28，已居中",
            fedRaw="网络得到的：28 × 28，原样",
            point="指向一个像素，或用方向键移动。",
            walk="用方向键在像素间移动。",
            pixel="第 {row} 行，第 {column} 列：{byte} / 255 = {value}",
            centre="质心",
        ),
        stages_reading="笔迹被裁剪为 {height} × {width} 像素，缩放到 20 像素，"
        "再下移 {down}、右移 {right}，使质心位于第 14 行第 14 列。",
        stages_reading_raw="整块画布缩到 28 × 28 像素。",
        models="网络",
        bundled="自带网络",
        bundled_cnn="自带 CNN",
        bars=BarsTexts(
            verdict="{name}：读作 {digit}（{percent} %）",
            nothing="还没有写数字。",
            scores="{name}：每个数字的概率和 logit",
            diverged="{name}：在训练中发散了，输出不是数。",
            lost="落笔期间读不到画布：streamlit-drawable-canvas 的结构与 0.13 版不同。抬笔之后网络才会回答。",
        ),
        example="写一个示例",
        compared="{change}：每个网络给数字 {digit} 的概率",
        kept_place="{name}：在 {spans} 时认得。",
        never_read="{name}：在这个范围内都认不出。",
        probability="概率",
        inside_model="看看内部",
        diverged_inside="这个网络的训练发散了：它的权重或对这个数字的输出已不是数（NaN 或无穷大），没有内部可看。"
        "请用更小的学习率重新训练。",
        diverged_short="已发散",
        inside="为什么？logit 由各项相加而来",
        inside_texts=InsideTexts(
            chooseClass="看哪个数字的理由",
            classReading="{digit}：logit {logit}，概率 {percent} %",
            sumHeading="{digit} 的 logit：逐个单元的权重 × 激活值",
            bias="偏置",
            unit="单元 {unit}",
            unitValue="单元 {unit}：{value}",
            others="其余 {count} 个单元",
            logit="{digit} 的 logit",
            evidenceHeading="支持和反对 {digit} 的像素",
            evidencePixel="第 {row} 行，第 {column} 列：像素 {value} × 斜率 {slope} = {product}",
            evidenceExact="各像素的贡献之和 {pixels}，常数 {constant}：logit {logit}。"
            "这是精确的：在这张图像附近，ReLU 网络就是一个线性映射加上常数。",
            evidenceNear="梯度 × 像素：{pixels}，加上余项 {constant} 等于 logit {logit}。"
            "使用 {activation} 的网络不是线性的，此图只对微小变化成立。",
            against="反对",
            speaksFor="支持",
            unitsHeading="隐藏单元：最活跃的几个",
            chooseUnit="单元",
            layer="隐藏层 {number}",
            stripReading="{count} 个单元中有 {active} 个大于零",
            weights="权重",
            slope="对每个像素的斜率",
            input="输入",
            product="乘积",
            cell="第 {row} 行，第 {column} 列：{value}",
            unitSum="乘积之和 {products}，常数 {constant}：总和 {total}。经过 {activation} 变为 {value}。",
            unitTerms="单元 {unit} 给每个 logit 加上：",
            point="指向一个像素。",
            walk="用方向键在像素间移动。",
        ),
        inside_reading="{name}：为什么读作 {digit}。",
        neighbours="60,000 张训练图像中最接近的几张",
        neighbour_caption="{label} · {distance:.2f}",
        neighbour_reading="训练图像 {index}，标签 {label}，距离 {distance:.2f}",
        robust="数字能移动多远？",
        along="横轴",
        changes={
            Change.SHIFT_X: "右移",
            Change.SHIFT_Y: "下移",
            Change.ROTATE: "旋转",
            Change.SCALE: "缩放",
            Change.THICKEN: "加粗",
            Change.NOISE: "噪声",
        },
        units={
            Change.SHIFT_X: "向右的像素数",
            Change.SHIFT_Y: "向下的像素数",
            Change.ROTATE: "顺时针角度",
            Change.SCALE: "倍数",
            Change.THICKEN: "笔画像素数",
            Change.NOISE: "标准差",
        },
        reset="撤销变换",
        changed="现在读作 **{digit}**（{percent} %）",
        span="{low} 到 {high}",
        span_one="{at}",
        spans_joined="、",
        curve_reading="{change}：在 {spans} 时读作 {digit}；"
        "在所试的 {count} 个值（从 {low} 到 {high}）中，其余都读作别的数字。",
        curve_always="{change}：所试的 {count} 个值（从 {low} 到 {high}）全都读作 {digit}。",
        curve_never="{change}：所试的 {count} 个值（从 {low} 到 {high}）没有一个读作 {digit}。",
        tray="你自己的笔迹",
        meant="保存它：你写的是几？",
        meant_help="网络得到的图像会连同你选的标签一起放进托盘。",
        kept="已保存为 {digit}：托盘里有 {count} 个。",
        kept_already="同一个数字已经在托盘里：第 {number} 个，标作 {digit}。",
        kept_held="，已留出",
        gone="这个数字已不在托盘里：它在别处被取出了。",
        tray_legend="编号：本意 → 读法（{name}）。✓ 读对，✗ 读错；标有{sign} 的已留出，从不用于训练。",
        tray_full="托盘最多放 {limit} 个数字。请先取出一些。",
        tray_empty="保存几个手写数字和你的本意，看看网络认*你*的字有多准。",
        kept_caption="{number}：{label} → {prediction}",
        kept_reading="第 {number} 个：本意 {label}，读作 {prediction}",
        remove_one="取出",
        remove_all="清空托盘",
        download_tray="PNG 与 IDX 文件",
        column_model="网络",
        column_own="你的数字",
        column_own_count="{right} / {total}（{percent} %）",
        column_mnist="MNIST 测试图像",
        confusion="你的数字的混淆矩阵",
        held_out="只在你的 {total} 个数字中的 {held} 个上评估：它们已被留出，从不用于训练。",
        none_held_out="同一个数字保存的第二张会被留出用于评估：现在还没有。",
        tune="用我的数字微调",
        tune_base="起点",
        tune_mixed="混入的 MNIST 图像",
        tune_mixed_help="若为零，网络只看到你的数字，会忘掉别人的写法：请看 MNIST 一列。",
        tune_epochs="轮数（epoch）",
        tune_start="微调",
        tune_none="你的数字全都被留出用于评估：请再保存一个，供网络训练。",
        tune_name="{base} + 我的 {count} 个",
        tune_busy="你有一个训练正在进行：请等它结束，或到训练页停止它。",
        tune_watch="这次训练的曲线",
        tune_progress="微调中：第 {step} 步，共 {steps} 步",
        tune_failed="训练没有完成：{reason}",
        download_digit="digit.png",
        download_weights="weights.safetensors",
        code_note="把两个文件放在程序旁边。",
    ),
}
