"""Labels of what every page shares."""

from __future__ import annotations

from dataclasses import dataclass

from lib.ui.lang import Lang


@dataclass(frozen=True)
class FrameTexts:
    """Menu, language switch, device badge and messages about the address."""

    language: str
    theme: str
    theme_system: str
    theme_light: str
    theme_dark: str
    projector: str
    projector_help: str
    device_heading: str
    cannot_keep: str
    """Slots: problem."""
    cpu: str
    """Slots: cores."""
    cuda: str
    """Slots: name, gigabytes."""
    mps: str
    something_failed: str
    bundled_file: str
    """Slots: name, reason."""
    file_reasons: dict[str, str]
    open_afresh: str
    """The link under it."""
    code_heading: str
    code: str
    """What a block of code is called to a screen reader."""
    copy: str
    copied: str
    colon: str
    comma: str
    """Between the members of a list."""
    stop: str
    aside: str
    """Slots: name, note."""

    @property
    def signs(self) -> dict[str, str]:
        """What stands between parts that a component's script joins: beside its labels.

        >>> FRAME_TEXTS[Lang.EN].signs["colon"]
        ': '
        """
        return {"colon": self.colon, "comma": self.comma, "stop": self.stop}


FRAME_TEXTS: dict[Lang, FrameTexts] = {
    Lang.EN: FrameTexts(
        language="Language",
        theme="Appearance",
        theme_system="Auto",
        theme_light="Light",
        theme_dark="Dark",
        projector="Projector",
        projector_help="For a wall: larger type and cells, this menu folded. Stays in the address.",
        device_heading="PyTorch runs here on",
        cannot_keep="This server cannot write to its disk ({problem}): runs, trays and shelves are kept until it "
        "stops.",
        cpu="CPU, {cores} cores",
        cuda="{name}, {gigabytes:.0f} GB",
        mps="Apple GPU (MPS)",
        something_failed="Something went wrong here. What happened is in the server's log; your trainings and "
        "what you kept are not lost.",
        bundled_file="A file that comes with the explorer is {reason}: `{name}`. Whoever runs it restores it with "
        "`git checkout -- {name}`; then reload the page.",
        file_reasons={"missing": "missing", "damaged": "damaged"},
        open_afresh="Open this page afresh, with its usual settings",
        code_heading="Code for this screen",
        code="Code",
        copy="Copy",
        copied="Copied",
        colon=": ",
        comma=", ",
        stop=". ",
        aside="{name} ({note})",
    ),
    Lang.ZH: FrameTexts(
        language="语言",
        theme="外观",
        theme_system="自动",
        theme_light="浅色",
        theme_dark="深色",
        projector="投影",
        projector_help="供投影使用：文字和格子更大，菜单收起；会保留在地址中。",
        device_heading="PyTorch 在这里使用",
        cannot_keep="本服务器无法写入磁盘（{problem}）：训练、手写数字和张量只保留到服务器停止为止。",
        cpu="CPU，{cores} 核",
        cuda="{name}，{gigabytes:.0f} GB",
        mps="Apple GPU（MPS）",
        something_failed="这里出了问题。详情已写入服务器日志；你的训练和保存的内容都没有丢失。",
        bundled_file="随本软件提供的文件{reason}：`{name}`。"
        "请服务器的管理者用 `git checkout -- {name}` 恢复，然后刷新页面。",
        file_reasons={"missing": "缺失", "damaged": "已损坏"},
        open_afresh="以默认设置重新打开本页",
        code_heading="本页对应的代码",
        code="代码",
        copy="复制",
        copied="已复制",
        colon="：",
        comma="、",
        stop="。",
        aside="{name}（{note}）",
    ),
}
