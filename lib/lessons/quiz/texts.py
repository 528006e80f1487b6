"""Labels of /quiz."""

from __future__ import annotations

from dataclasses import dataclass

from lib.core.quiz.question import Form, Mistake, Topic
from lib.core.quiz.settings import Standing
from lib.ui.lang import Lang


@dataclass(frozen=True)
class QuizTexts:
    """Labels of /quiz; dictionaries are keyed by what they name."""

    title: str
    prints: str
    topics: str
    topic_names: dict[Topic, str]
    count: str
    tries: str
    tries_help: str
    others: str
    others_help: str
    own: str
    own_help: str
    gap: str
    """Between two sentences."""
    name: str
    name_needed: str
    questions: str
    standings: dict[Standing, str]
    back: str
    on: str
    next_open: str
    answers: dict[Form, str]
    decimals: str
    """Slots: decimals."""
    allowed: dict[Form, str]
    not_counted: str
    """Slots: given, allowed."""
    nothing: str
    allowed_decimals: str
    check: str
    right: str
    """Slots: given."""
    not_right: str
    """Slots: given."""
    tries_left: str
    """Slots: count."""
    settled: str
    """Slots: given, answer."""
    mistakes: dict[Mistake, str]
    pictures: dict[str, str]
    reading: str
    """Slots: pictures."""
    more: str
    """Slots: page."""
    score: str
    """Slots: right, count, tries."""
    hand_in: str
    hand_in_named: str
    lasting: str
    passing: str
    review: str
    review_head: tuple[str, str, str, str]
    collect: str
    collect_help: str
    codes: str
    good: str
    """Slots: count."""
    bad_codes: str
    """Slots: count, lines."""
    bad_line: str
    """Slots: line, name."""
    no_codes: str
    """Slots: lines."""
    result_head: tuple[str, str, str, str, str, str]
    seconds: str
    """Slots: count."""
    download: str


QUIZ_TEXTS: dict[Lang, QuizTexts] = {
    Lang.EN: QuizTexts(
        title="What does it print?",
        prints="What does this program print?",
        topics="Topics",
        topic_names={
            Topic.CONV: "Convolution",
            Topic.NETS: "Networks",
            Topic.TENSORS: "Shapes",
            Topic.INDEX: "Indexing",
            Topic.MEMORY: "Memory, dtypes",
            Topic.TRAINING: "Training",
        },
        count="Questions",
        tries="Tries a question",
        tries_help="After the last one the answer is shown. Another number of tries or questions is another sheet; the "
        "answers to this one are kept.",
        others="Other questions",
        others_help="Draws anew. The address keeps the draw: who opens it gets the same questions.",
        own="Numbers by name",
        own_help="Everybody gets the same kinds of questions, with numbers that are drawn from the name.",
        gap=" ",
        name="Your name",
        name_needed="Numbers are drawn from your name: type it first.",
        questions="Question",
        standings={Standing.OPEN: "open", Standing.RIGHT: "right", Standing.WRONG: "wrong"},
        back="Previous",
        on="Next",
        next_open="Next open question",
        answers={
            Form.NUMBER: "Your answer: a number",
            Form.LIST: "Your answer: numbers with commas",
            Form.LIST_OR_ERROR: "Your answer: numbers with commas, or error",
            Form.OPTION: "Your answer: a dtype",
        },
        decimals="Your answer: a number, to {decimals} decimals",
        allowed={
            Form.NUMBER: "a whole number, such as `12`",
            Form.LIST: "whole numbers with commas between them, such as `2, 3`",
            Form.LIST_OR_ERROR: "whole numbers with commas between them, such as `2, 3`, or `error`",
            Form.OPTION: "one of the dtypes",
        },
        not_counted="{given} is no answer and counts as no try. Allowed: {allowed}.",
        nothing="Type or choose an answer first; this counts as no try.",
        allowed_decimals="a number, such as `0.5`",
        check="Check",
        right="**{given} is right.**",
        not_right="**{given}** is not what it prints.",
        tries_left="Tries left: {count}.",
        settled="It prints **{answer}**, not {given}.",
        mistakes={
            Mistake.ROUNDED_UP: "The quotient is rounded down, not up.",
            Mistake.PADDED_ONCE: "Padding is put on both sides.",
            Mistake.UNPADDED: "That is without padding.",
            Mistake.UNDILATED: "That is without dilation.",
            Mistake.UNSTRIDED: "That is with stride 1.",
            Mistake.PAIR_SWAPPED: "The first number of the pair is for the height.",
            Mistake.IN_CHANNELS: "The output has `out_channels` channels.",
            Mistake.NO_BIAS: "Those are the weights alone: there are biases, too.",
            Mistake.NO_GROUPS: "With groups a kernel spans only its own group's channels.",
            Mistake.ONE_CHANNEL: "That is with one channel for each kernel: a kernel spans all channels of the input, "
            "with groups all of its group.",
            Mistake.ONE_OUTPUT: "That is one output channel.",
            Mistake.PARAMETERS: "Those are the weights; each is used at every place of the output.",
            Mistake.POOL_STEPS_BY_ONE: "That is with stride 1. A pooling layer's stride is its kernel size.",
            Mistake.LARGEST_KERNEL: "Each layer adds to what the one before it has seen.",
            Mistake.ALL_CELLS: "Not every cell is seen: count from the one output back.",
            Mistake.NO_CHANNELS: "Flatten takes all channels.",
            Mistake.UNPOOLED: "Pooling halves height and width first.",
            Mistake.FIRST_LAYER: "There is a second linear layer.",
            Mistake.ALL_LAYERS: "The frozen ones are not to be counted.",
            Mistake.STAYS_FROZEN: "The last layer was replaced after the freezing.",
            Mistake.OLD_LAYER: "That is the layer that was replaced.",
            Mistake.ALL_REMOVED: "With a dimension given, only that one can go.",
            Mistake.ANY_REMOVED: "`squeeze` never removes a dimension whose size is not 1.",
            Mistake.UNCHANGED: "`squeeze()` removes every dimension of size 1.",
            Mistake.OTHER_JOIN: "`cat` makes a dimension longer, `stack` adds one.",
            Mistake.OTHER_DIM: "That is along another dimension.",
            Mistake.ALIGNED_LEFT: "Shapes are compared from their last dimension on.",
            Mistake.NEVER_FITS: "A size of 1 and a missing one are stretched.",
            Mistake.ALWAYS_FITS: "Only a size of 1 is stretched: others have to be equal.",
            Mistake.NO_VECTOR: "Each index becomes a whole row of the table.",
            Mistake.WHOLE_TABLE: "That is the table's own shape.",
            Mistake.END_INCLUDED: "The end of a slice is left out.",
            Mistake.FROM_ONE: "Counting starts at 0.",
            Mistake.VALUES: "Those are the values: argmax gives places.",
            Mistake.COPIED: "Here both look at the same memory.",
            Mistake.IS_SHARED: "Here `b` is a copy.",
            Mistake.OTHER_ITEM: "That is another number of bytes for each element.",
            Mistake.ELEMENTS: "Those are the elements: how many bytes has each?",
            Mistake.DOUBLE: "float64 comes only from float64: PyTorch's default is float32.",
            Mistake.STAYS_WHOLE: "The result is not a whole number.",
            Mistake.LAST_ALONE: "`backward()` adds to what stands in `grad`.",
            Mistake.NO_ZEROING: "The gradient is set to None before each pass.",
            Mistake.NO_MOMENTUM: "That is without momentum.",
            Mistake.UPHILL: "The step goes against the gradient.",
            Mistake.TIMES_GRADIENT: "That is SGD's step: Adam divides by the gradient's size.",
            Mistake.CUT_OFF: "The last, smaller batch counts, too.",
            Mistake.KEPT_LAST: "`drop_last=True` leaves the smaller batch out.",
            Mistake.ONE_EPOCH: "That is one epoch.",
            Mistake.PROBABILITY: "That is the probability of a class: the loss is minus its logarithm.",
            Mistake.NO_LOSS: "The loss is 0 only where the right class has probability 1.",
            Mistake.COMMON_LOGARITHM: "That is the logarithm to base 10: the natural one is meant.",
        },
        pictures={
            "columns": "one row of x: columns",
            "padded_columns": "one row of x with padding: columns",
            "a_after": "a afterwards",
            "reads": "how often each is read",
        },
        reading="Pictures: {pictures}.",
        more="See it: {page}",
        score="**{right} of {count} right**, {tries} tries",
        hand_in="Type your name into the field “Your name” for a result to hand in.",
        hand_in_named="Your result, to hand in. It is signed: a changed one is found out.",
        lasting="This server knows its codes for good.",
        passing="This server knows its codes until it is started anew.",
        review="All answers",
        review_head=("Question", "Your answers", "PyTorch", "Result"),
        collect="For teachers: read results",
        collect_help="The address of this page is the sheet: send it to the class. Tries are counted for each browser.",
        codes="Codes, one a line",
        good="{count} signed here.",
        bad_codes="Not from this server, or changed ({count}): {lines}",
        bad_line="line {line} (says {name})",
        no_codes="No code in lines: {lines}",
        result_head=("Name", "Right", "Tries", "First to last answer", "Ended (UTC)", "Sheet"),
        seconds="{count} s",
        download="Download as CSV",
    ),
    Lang.ZH: QuizTexts(
        title="会打印什么？",
        prints="这个程序会打印什么？",
        topics="主题",
        topic_names={
            Topic.CONV: "卷积",
            Topic.NETS: "网络",
            Topic.TENSORS: "形状",
            Topic.INDEX: "索引",
            Topic.MEMORY: "内存与 dtype",
            Topic.TRAINING: "训练",
        },
        count="题数",
        tries="每题可答次数",
        tries_help="最后一次之后会给出答案。改变次数或题数就是另一组题；这一组的答案会保留。",
        others="换一组题",
        others_help="重新抽题。地址会记住这一组：谁打开它，得到的题都相同。",
        own="数字因人而异",
        own_help="大家的题型相同，题中的数字由姓名抽取。",
        gap="",
        name="你的姓名",
        name_needed="题中的数字由姓名抽取：请先填写姓名。",
        questions="题号",
        standings={Standing.OPEN: "未完成", Standing.RIGHT: "正确", Standing.WRONG: "错误"},
        back="上一题",
        on="下一题",
        next_open="下一道未完成的题",
        answers={
            Form.NUMBER: "你的答案：一个数",
            Form.LIST: "你的答案：用逗号分隔的数",
            Form.LIST_OR_ERROR: "你的答案：用逗号分隔的数，或“报错”",
            Form.OPTION: "你的答案：一种 dtype",
        },
        decimals="你的答案：一个数，保留 {decimals} 位小数",
        allowed={
            Form.NUMBER: "一个整数，如 `12`",
            Form.LIST: "用逗号分隔的整数，如 `2, 3`",
            Form.LIST_OR_ERROR: "用逗号分隔的整数，如 `2, 3`，或 `报错`",
            Form.OPTION: "其中一种 dtype",
        },
        not_counted="{given} 不能作为答案，不计次数。允许的写法：{allowed}。",
        nothing="请先作答，不计次数。",
        allowed_decimals="一个数，如 `0.5`",
        check="检查",
        right="**{given} 正确。**",
        not_right="打印的不是 **{given}**。",
        tries_left="还可以答 {count} 次。",
        settled="打印的是 **{answer}**，不是 {given}。",
        mistakes={
            Mistake.ROUNDED_UP: "商是向下取整，不是向上。",
            Mistake.PADDED_ONCE: "两侧都要填充。",
            Mistake.UNPADDED: "这是没有填充时的结果。",
            Mistake.UNDILATED: "这是没有膨胀时的结果。",
            Mistake.UNSTRIDED: "这是步幅为 1 时的结果。",
            Mistake.PAIR_SWAPPED: "一对数中第一个是高度方向的。",
            Mistake.IN_CHANNELS: "输出有 `out_channels` 个通道。",
            Mistake.NO_BIAS: "这只是权重：还有偏置。",
            Mistake.NO_GROUPS: "分组之后，一个卷积核只跨本组的通道。",
            Mistake.ONE_CHANNEL: "这是每个卷积核只跨一个通道时的结果：卷积核跨输入的所有通道，分组时跨本组的所有通道。",
            Mistake.ONE_OUTPUT: "这只是一个输出通道。",
            Mistake.PARAMETERS: "这是权重的个数；每个权重在输出的每个位置都要用一次。",
            Mistake.POOL_STEPS_BY_ONE: "这是步幅为 1 时的结果。池化层的步幅默认等于核的大小。",
            Mistake.LARGEST_KERNEL: "每一层都在前一层所见的基础上再增加。",
            Mistake.ALL_CELLS: "并非每个格子都被看到：请从那一个输出往回数。",
            Mistake.NO_CHANNELS: "展平会包括所有通道。",
            Mistake.UNPOOLED: "池化先把高和宽减半。",
            Mistake.FIRST_LAYER: "还有第二个线性层。",
            Mistake.ALL_LAYERS: "冻结的参数不算。",
            Mistake.STAYS_FROZEN: "最后一层是在冻结之后换上去的。",
            Mistake.OLD_LAYER: "这是被换掉的那一层。",
            Mistake.ALL_REMOVED: "指定了维，就只可能去掉那一维。",
            Mistake.ANY_REMOVED: "大小不为 1 的维，`squeeze` 从不去掉。",
            Mistake.UNCHANGED: "`squeeze()` 去掉所有大小为 1 的维。",
            Mistake.OTHER_JOIN: "`cat` 把一维加长，`stack` 新增一维。",
            Mistake.OTHER_DIM: "这是沿另一维的结果。",
            Mistake.ALIGNED_LEFT: "形状从最后一维开始对齐。",
            Mistake.NEVER_FITS: "大小为 1 或不存在的维会被扩展。",
            Mistake.ALWAYS_FITS: "只有大小为 1 的维会被扩展：其余必须相等。",
            Mistake.NO_VECTOR: "每个索引变成表中的一整行。",
            Mistake.WHOLE_TABLE: "这是表本身的形状。",
            Mistake.END_INCLUDED: "切片不含终点。",
            Mistake.FROM_ONE: "从 0 开始数。",
            Mistake.VALUES: "这是最大的值：argmax 给出的是位置。",
            Mistake.COPIED: "这里两者看的是同一块内存。",
            Mistake.IS_SHARED: "这里的 `b` 是副本。",
            Mistake.OTHER_ITEM: "每个元素的字节数不是这么多。",
            Mistake.ELEMENTS: "这是元素个数：每个元素占几个字节？",
            Mistake.DOUBLE: "float64 只来自 float64：PyTorch 默认是 float32。",
            Mistake.STAYS_WHOLE: "结果不是整数。",
            Mistake.LAST_ALONE: "`backward()` 会加到 `grad` 原有的值上。",
            Mistake.NO_ZEROING: "每次之前梯度都被设为 None。",
            Mistake.NO_MOMENTUM: "这是没有动量时的结果。",
            Mistake.UPHILL: "每一步都逆着梯度走。",
            Mistake.TIMES_GRADIENT: "这是 SGD 的一步：Adam 会除以梯度的大小。",
            Mistake.CUT_OFF: "较小的最后一批也算。",
            Mistake.KEPT_LAST: "`drop_last=True` 会舍去较小的一批。",
            Mistake.ONE_EPOCH: "这只是一轮。",
            Mistake.PROBABILITY: "这是一个类的概率：损失是它的对数取负。",
            Mistake.NO_LOSS: "只有正确类的概率为 1 时，损失才是 0。",
            Mistake.COMMON_LOGARITHM: "这是以 10 为底的对数：应当用自然对数。",
        },
        pictures={
            "columns": "x 的一行：列号",
            "padded_columns": "x 的一行（含填充）：列号",
            "a_after": "之后的 a",
            "reads": "各列被读取的次数",
        },
        reading="图：{pictures}。",
        more="详见：{page}",
        score="**{count} 题中答对 {right} 题**，共答 {tries} 次",
        hand_in="在“你的姓名”一栏填写姓名，即可得到可以提交的成绩。",
        hand_in_named="你的成绩，可以提交。它带有签名：改动会被发现。",
        lasting="成绩码在本服务器上长期有效。",
        passing="成绩码在本服务器重启之前有效。",
        review="全部答案",
        review_head=("题目", "你的答案", "PyTorch", "结果"),
        collect="教师：查看成绩",
        collect_help="本页的地址就是这组题：可以把它发给全班。次数按浏览器计算。",
        codes="成绩码，每行一个",
        good="{count} 个由本服务器签发。",
        bad_codes="不是本服务器签发，或被改动过（{count} 个）：{lines}",
        bad_line="第 {line} 行（自称 {name}）",
        no_codes="以下各行没有成绩码：{lines}",
        result_head=("姓名", "答对", "次数", "首答到末答", "完成时间（UTC）", "题组"),
        seconds="{count} 秒",
        download="下载 CSV",
    ),
}
