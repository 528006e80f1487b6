"""Labels of /embedding."""

from __future__ import annotations

from dataclasses import dataclass

from lib.ui.lang import Lang


@dataclass(frozen=True)
class EmbeddingTexts:
    """Labels of /embedding."""

    title: str
    topic: str
    topics: dict[str, str]
    vocabulary: str
    width: str
    indices: str
    indices_help: str
    padding: str
    padding_row: str
    index_title: str
    table: str
    drawn: str
    """Slots: drawn, total."""
    output: str
    shape_rule: str
    """Slots: index_shape, width, output_shape."""
    weights: str
    """Slots: vocabulary, width, weights, megabytes."""
    lookup_reading: str
    """Slots: indices, shape."""
    out_of_range: str
    """Slots: bad, last."""
    one_hot: str
    in_a_row: str
    """Slots: count, shape, out."""
    same: str
    costs: tuple[str, str, str]
    input_bytes: str
    multiplications: str
    seconds: str
    measure: str
    times: str
    """Slots: ratio."""
    not_measured: str
    gradient: str
    grad_rows: str
    """Slots: count, total, rows."""
    grad_repeated: str
    """Slots: row, times."""
    grad_padding: str
    """Slots: row."""
    moved_rows: str
    """Slots: rows, first, second."""
    moved_heads: tuple[str, str, str]
    all_rows: str
    grad_reading: str
    """Slots: rows."""
    word_width: str
    seed: str
    word: str
    groups: dict[str, str]
    step: str
    """Slots: step."""
    loss: str
    map_reading: str
    """Slots: word, near."""
    nearest: str
    """Slots: word."""
    cosine: str


EMBEDDING_TEXTS: dict[Lang, EmbeddingTexts] = {
    Lang.EN: EmbeddingTexts(
        title="Embedding",
        topic="Topic",
        topics={
            "lookup": "Lookup",
            "one_hot": "One-hot product",
            "gradient": "Which rows get a gradient",
            "words": "Words that learn",
        },
        vocabulary="num_embeddings (rows)",
        width="embedding_dim (columns)",
        indices="Indices",
        indices_help="Whole numbers in nested lists: `[[1, 2, 3], [4, 5, 6]]`. At most 64 of them.",
        padding="padding_idx",
        padding_row="padding row",
        index_title="indices",
        table="embedding.weight",
        drawn="{drawn} of {total} rows drawn",
        output="vectors",
        shape_rule="shape of the indices {index_shape}, then the width {width} → **`torch.Size({output_shape})`**",
        weights="{vocabulary} × {width} = {weights} weights, {megabytes} MB as float32",
        lookup_reading="Looking up {indices} gives vectors of shape {shape}.",
        out_of_range="{bad} is outside the table: legal indices go from 0 to {last}. Negative ones do not count "
        "from the end here.",
        one_hot="one_hot",
        in_a_row="Drawn in a row: the indices have shape {shape}, so the code gives {out}; here the {count} rows stand "
        "under one another.",
        same="`torch.allclose` of both: `{equal}`.",
        costs=("cost", "lookup", "one-hot product"),
        input_bytes="bytes that go in",
        multiplications="multiplications",
        seconds="measured here",
        measure="Measure both",
        times="The lookup was {ratio} times as fast.",
        not_measured="not yet",
        gradient="embedding.weight.grad",
        grad_rows="**{count} of {total} rows** have a gradient other than 0 after `vectors.sum().backward()`: {rows}.",
        grad_repeated="Row {row} was looked up {times} times, so its gradients add up.",
        grad_padding="Row {row} is the padding row: `nn.Embedding` starts it at zero, and it gets no "
        "gradient, even when it is looked up. Weights that are loaded later need not be zero there.",
        moved_rows="Which rows an optimizer then moves is another question. A table of {rows} rows, lr 0.1; step 1 "
        "looks up rows {first}, step 2 row {second}:",
        moved_heads=("optimizer", "rows moved in step 1", "rows moved in step 2"),
        all_rows="all (weight decay)",
        grad_reading="Rows with a gradient other than 0: {rows}.",
        word_width="embedding_dim",
        seed="Seed",
        word="Word",
        groups={
            "animals": "animals",
            "foods": "foods",
            "vehicles": "vehicles",
            "places": "places",
            "verbs": "verbs",
        },
        step="step {step}",
        loss="cross-entropy",
        map_reading="A map of words after training. Nearest to {word}: {near}.",
        nearest="Nearest to **{word}**",
        cosine="cosine",
    ),
    Lang.ZH: EmbeddingTexts(
        title="嵌入",
        topic="主题",
        topics={
            "lookup": "查表",
            "one_hot": "one-hot 乘法",
            "gradient": "哪些行有梯度",
            "words": "学习词向量",
        },
        vocabulary="num_embeddings（行数）",
        width="embedding_dim（列数）",
        indices="索引",
        indices_help="嵌套列表里的整数：`[[1, 2, 3], [4, 5, 6]]`，最多 64 个。",
        padding="padding_idx",
        padding_row="填充行",
        index_title="索引",
        table="embedding.weight",
        drawn="画出 {total} 行中的 {drawn} 行",
        output="向量",
        shape_rule="索引的形状 {index_shape}，再接上宽度 {width} → **`torch.Size({output_shape})`**",
        weights="{vocabulary} × {width} = {weights} 个权重，float32 占 {megabytes} MB",
        lookup_reading="查 {indices} 得到形状为 {shape} 的向量。",
        out_of_range="{bad} 在表外：合法的索引是 0 到 {last}。这里的负数不会从末尾数起。",
        one_hot="one_hot",
        in_a_row="这里排成一列来画：索引的形状是 {shape}，代码给出 {out}；图中 {count} 行上下排列。",
        same="两者的 `torch.allclose`：`{equal}`。",
        costs=("开销", "查表", "one-hot 乘法"),
        input_bytes="输入的字节数",
        multiplications="乘法次数",
        seconds="在这里实测",
        measure="两种都测",
        times="查表的速度是 one-hot 乘法的 {ratio} 倍。",
        not_measured="还没有测",
        gradient="embedding.weight.grad",
        grad_rows="`vectors.sum().backward()` 之后，**{total} 行中有 {count} 行**的梯度不为零：{rows}。",
        grad_repeated="第 {row} 行被查了 {times} 次，所以各次的梯度累加在一起。",
        grad_padding="第 {row} 行是填充行：`nn.Embedding` 把它初始化为零，即使被查到也得不到梯度。"
        "之后再载入的权重在这一行不一定是零。",
        moved_rows="优化器会更新哪些行，是另一个问题。一张 {rows} 行的表，学习率 0.1；"
        "第 1 步查第 {first} 行，第 2 步查第 {second} 行：",
        moved_heads=("优化器", "第 1 步更新的行", "第 2 步更新的行"),
        all_rows="所有行（权重衰减）",
        grad_reading="梯度不为零的行：{rows}。",
        word_width="embedding_dim",
        seed="随机种子",
        word="词",
        groups={
            "animals": "动物",
            "foods": "食物",
            "vehicles": "交通工具",
            "places": "地点",
            "verbs": "动词",
        },
        step="第 {step} 步",
        loss="交叉熵",
        map_reading="训练后的词向量分布图。离“{word}”最近的是：{near}。",
        nearest="离**{word}**最近的词",
        cosine="余弦",
    ),
}
