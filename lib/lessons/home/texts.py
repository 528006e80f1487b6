"""Labels of the home page."""

from __future__ import annotations

from dataclasses import dataclass

from lib.ui.lang import Lang


@dataclass(frozen=True)
class HomeTexts:
    """What the home page says."""

    heading: str
    lead: str
    start: str
    tiles_heading: str
    picture_reading: str
    """Slots: size, kernel, stride, out."""
    picture_caption: str
    """Slots: size, kernel, stride, out."""


HOME_TEXTS: dict[Lang, HomeTexts] = {
    Lang.EN: HomeTexts(
        heading="See the shapes. Watch it learn.",
        lead="Move a slider and see what PyTorch does to every number: convolutions, tensors, and a network "
        "that learns to read handwritten digits while you watch. What PyTorch can compute is tested against it.",
        start="Train a network now",
        tiles_heading="What would you like to see?",
        picture_reading="A {kernel} by {kernel} kernel slides over a {size} by {size} input with stride "
        "{stride} and gives a {out} by {out} output.",
        picture_caption="A {kernel} × {kernel} kernel slides over {size} × {size} pixels with stride "
        "{stride}: ⌊({size} − {kernel}) / {stride}⌋ + 1 = {out} places a side.",
    ),
    Lang.ZH: HomeTexts(
        heading="看清形状，看网络学习。",
        lead="拖动滑块，看 PyTorch 对每个数做了什么：卷积、张量，以及一个在你眼前学会认手写数字的网络。"
        "凡是 PyTorch 能算的数值，都与 PyTorch 对照检验过。",
        start="现在就训练一个网络",
        tiles_heading="想看什么？",
        picture_reading="{kernel} × {kernel} 的卷积核以步幅 {stride} 滑过 {size} × {size} 的输入，"
        "得到 {out} × {out} 的输出。",
        picture_caption="{kernel} × {kernel} 的卷积核以步幅 {stride} 滑过 {size} × {size} 个像素："
        "每边有 ⌊({size} − {kernel}) / {stride}⌋ + 1 = {out} 个位置。",
    ),
}
