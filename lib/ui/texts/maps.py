"""Labels of the feature maps."""

from __future__ import annotations

from dataclasses import dataclass

from lib.ui.lang import Lang


@dataclass(frozen=True)
class MapsTexts:
    """What the picture says; the names are those that its script reads."""

    input: str
    inputReading: str  # noqa: N815
    conv: str
    then: str
    maxPool: str  # noqa: N815
    averagePool: str  # noqa: N815
    linear: str
    scores: str
    verdict: str
    mapReading: str  # noqa: N815
    left: str
    up: str
    down: str
    right: str
    digits: str
    digit: str
    more: str
    activation: str
    activationHelp: str  # noqa: N815
    pooling: str
    poolingHelp: str  # noqa: N815
    max: str
    average: str
    reset: str
    point: str
    walk: str
    terms: str
    channel: str
    patch: str
    kernel: str
    partial: str
    numbers: str
    products: str
    sum: str
    oneSum: str  # noqa: N815
    pixel: str
    mapHead: str  # noqa: N815
    unitHead: str  # noqa: N815
    classHead: str  # noqa: N815
    silence: str
    restore: str
    silencedNow: str  # noqa: N815
    before: str
    lost: str
    reading: str
    tools: str


MAPS_TEXTS: dict[Lang, MapsTexts] = {
    Lang.EN: MapsTexts(
        input="Input",
        inputReading="Input, 28 by 28 pixels. Arrow keys shift the digit.",
        conv="conv {number}: {kernel}×{kernel}",
        then="{layer}, {act}",
        maxPool="max 2×2",
        averagePool="mean 2×2",
        linear="linear",
        scores="What the network says: probability of each digit",
        verdict="Reads {digit}: {percent} %",
        mapReading="{layer}, map {map}",
        left="Shift left",
        up="Shift up",
        down="Shift down",
        right="Shift right",
        digits="Test digits",
        digit="A {label} (test image {number})",
        more="Others",
        activation="Activation",
        activationHelp="Activation functions on or off",
        pooling="Pooling",
        poolingHelp="How each 2×2 window is pooled",
        max="Max",
        average="Mean",
        reset="As trained",
        point="Point at a map to see how a cell of it is computed.",
        walk="The map. Arrow keys move the cell.",
        terms="Input channels with their kernels",
        channel="channel",
        patch="patch",
        kernel="kernel",
        partial="sum",
        numbers="Channel {channel} as numbers",
        products="Channel {channel}: patch × kernel, cell by cell; the {count} products add up to {sum}",
        sum="{count} sums {sum} {bias} (bias) = {total}",
        oneSum="patch × kernel {sum} {bias} (bias) = {total}",
        pixel="Pixel in row {row}, column {column}: {value}",
        mapHead="{layer}, map {map}: row {row}, column {column}",
        unitHead="{layer}, unit {map}",
        classHead="Logit of the {digit}",
        silence="Silence this kernel",
        restore="Let it speak again",
        silencedNow="silenced: 0 goes on",
        before="As trained, with the digit in its place, it reads {digit}.",
        lost=(
            "The drawing canvas cannot be read while the pen moves: streamlit-drawable-canvas is built "
            "differently than in version 0.13. The maps follow once the pen is lifted."
        ),
        reading="The network reads {digit} with {percent} %.",
        tools="Digits, and what to change about the network",
    ),
    Lang.ZH: MapsTexts(
        input="输入",
        inputReading="输入，28 × 28 像素。方向键移动数字。",
        conv="卷积 {number}：{kernel}×{kernel}",
        then="{layer}，{act}",
        maxPool="最大 2×2",
        averagePool="平均 2×2",
        linear="全连接",
        scores="网络的回答：每个数字的概率",
        verdict="读作 {digit}：{percent} %",
        mapReading="{layer}，特征图 {map}",
        left="左移",
        up="上移",
        down="下移",
        right="右移",
        digits="测试数字",
        digit="数字 {label}（测试图像 {number}）",
        more="换一组",
        activation="激活函数",
        activationHelp="打开或关闭激活函数",
        pooling="池化",
        poolingHelp="每个 2 × 2 窗口如何池化",
        max="最大",
        average="平均",
        reset="恢复原样",
        point="指向一张特征图，看它的一个格子是怎样算出来的。",
        walk="特征图。方向键移动格子。",
        terms="输入通道与各自的卷积核",
        channel="通道",
        patch="窗口",
        kernel="卷积核",
        partial="部分和",
        numbers="通道 {channel} 的各个数",
        products="通道 {channel}：窗口 × 卷积核，逐格相乘；{count} 个乘积之和为 {sum}",
        sum="{count} 个部分和 {sum} {bias}（偏置）= {total}",
        oneSum="窗口 × 卷积核 {sum} {bias}（偏置）= {total}",
        pixel="第 {row} 行第 {column} 列的像素：{value}",
        mapHead="{layer}，特征图 {map}：第 {row} 行第 {column} 列",
        unitHead="{layer}，单元 {map}",
        classHead="数字 {digit} 的 logit",
        silence="关掉这个卷积核",
        restore="重新打开",
        silencedNow="已关掉：往后传 0",
        before="网络保持原样、数字不移动时读作 {digit}。",
        lost=("落笔期间读不到画布：streamlit-drawable-canvas 的结构与 0.13 版不同。抬笔之后特征图才会更新。"),
        reading="网络读作 {digit}，概率 {percent} %。",
        tools="选数字，改网络",
    ),
}
