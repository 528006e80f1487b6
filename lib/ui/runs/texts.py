"""Words about runs, for every page that trains."""

from __future__ import annotations

from dataclasses import dataclass

from lib.jobs.views import ReasonKind, RunStatus
from lib.ui.lang import Lang


@dataclass(frozen=True)
class SettingsTexts:
    """A run's settings in one line."""

    batch: str
    epochs: tuple[str, str]
    """One epoch, and more of them."""
    decay: str
    seed: str
    softmax: str


@dataclass(frozen=True)
class RunTexts:
    """A run's name, state and settings, why it ended, and what is wrong with a file of the data."""

    status: dict[RunStatus, str]
    reasons: dict[ReasonKind, str]
    """Slots: detail."""
    settings: SettingsTexts
    unnamed: str
    """Slots: number."""
    mnist_problem: str
    """Slots: path, reason."""
    file_reasons: dict[str, str]
    train: str
    stop: str
    instead: str
    training: str
    """Slots: done, steps."""
    waiting: str
    """Slots: position, seconds."""
    refused: dict[str, str]
    """By the reason why no run could be started."""


RUN_TEXTS: dict[Lang, RunTexts] = {
    Lang.EN: RunTexts(
        status={
            RunStatus.QUEUED: "Waiting",
            RunStatus.STARTING: "Starting",
            RunStatus.RUNNING: "Training",
            RunStatus.PAUSED: "Paused",
            RunStatus.FINISHED: "Finished",
            RunStatus.STOPPED: "Stopped",
            RunStatus.FAILED: "Failed",
        },
        reasons={
            ReasonKind.STOPPED_BY_OWNER: "The run was stopped. What it measured so far is kept.",
            ReasonKind.ABANDONED: "Nobody watched this run for a while, so it was ended. "
            "What it measured so far is kept.",
            ReasonKind.SERVER_CLOSED: "The server was stopped.",
            ReasonKind.WORKER_DIED: "The process that trained this run died ({detail}). "
            "What it measured so far is kept; press Train to run it again.",
            ReasonKind.WORKER_FAILED_TO_START: "No training process could be started ({detail}).",
            ReasonKind.WORKER_HANGS: "The process that trained this run stopped answering and was ended "
            "({detail}). Press Train to run it again.",
            ReasonKind.TIME_LIMIT: "The run was ended: a training may take {detail} on this server. "
            "What it measured so far is kept.",
            ReasonKind.NO_ROOM: "Paused trainings took more memory than they may here ({detail}), so this one, "
            "paused for longest, was ended. What it measured so far is kept.",
            ReasonKind.NO_MEMORY: "The GPU has too little free memory for this training ({detail}). "
            "Smaller batches or a smaller network need less; or train on the CPU. What it measured so far is kept.",
            ReasonKind.ERROR: "Training ended with an error: {detail}",
        },
        settings=SettingsTexts(
            batch="batch {size}",
            epochs=("{count} epoch", "{count} epochs"),
            decay="decay {decay:g}",
            seed="seed {seed}",
            softmax="softmax before the loss",
        ),
        unnamed="Run {number}",
        mnist_problem="A file of the MNIST data is {reason}: `{path}`. Restore it with "
        "`git checkout -- assets/mnist` and reload the page.",
        file_reasons={"missing": "missing", "damaged": "damaged"},
        train="Train",
        stop="Stop",
        instead="Stop that one and start this",
        training="training: step {done} of {steps}",
        waiting="waiting for its turn: place {position}, about {seconds} s",
        refused={
            "busy": "Another training of yours is still going on, here or on another page. One at a time: "
            "wait for its end, or stop it.",
            "stopping": "The server is stopping: no new trainings.",
            "full": "As many trainings wait already as this server takes. Try again in a few minutes.",
        },
    ),
    Lang.ZH: RunTexts(
        status={
            RunStatus.QUEUED: "排队中",
            RunStatus.STARTING: "启动中",
            RunStatus.RUNNING: "训练中",
            RunStatus.PAUSED: "已暂停",
            RunStatus.FINISHED: "已完成",
            RunStatus.STOPPED: "已停止",
            RunStatus.FAILED: "失败",
        },
        reasons={
            ReasonKind.STOPPED_BY_OWNER: "训练已停止，已得到的结果会保留。",
            ReasonKind.ABANDONED: "一段时间无人观看，训练已被结束。已得到的结果会保留。",
            ReasonKind.SERVER_CLOSED: "服务器已停止。",
            ReasonKind.WORKER_DIED: "训练进程意外终止（{detail}）。已得到的结果会保留；按“训练”可重新运行。",
            ReasonKind.WORKER_FAILED_TO_START: "无法启动训练进程（{detail}）。",
            ReasonKind.WORKER_HANGS: "训练进程停止响应，已被结束（{detail}）。按“训练”可重新运行。",
            ReasonKind.TIME_LIMIT: "训练已结束：在本服务器上，每次训练最长 {detail}。已得到的结果会保留。",
            ReasonKind.NO_ROOM: "已暂停的训练占用的内存超过上限（{detail}），"
            "暂停最久的这一个已被结束。已得到的结果会保留。",
            ReasonKind.NO_MEMORY: "GPU 的空闲显存容不下这次训练（{detail}）。"
            "可减小批大小或网络，也可改用 CPU 训练。已得到的结果会保留。",
            ReasonKind.ERROR: "训练出错：{detail}",
        },
        settings=SettingsTexts(
            batch="批大小 {size}",
            epochs=("{count} 轮", "{count} 轮"),
            decay="衰减 {decay:g}",
            seed="种子 {seed}",
            softmax="损失前有 softmax",
        ),
        unnamed="训练 {number}",
        mnist_problem="MNIST 数据文件{reason}：`{path}`。请用 `git checkout -- assets/mnist` 恢复，然后刷新页面。",
        file_reasons={"missing": "缺失", "damaged": "已损坏"},
        train="训练",
        stop="停止",
        instead="停止它并开始这一个",
        training="训练中：第 {done} 步，共 {steps} 步",
        waiting="排队等待：第 {position} 位，约 {seconds} 秒",
        refused={
            "busy": "你还有一个训练正在进行（在本页或其他页面）。一次只能有一个：请等它结束，或将其停止。",
            "stopping": "服务器正在停止，不再接受新的训练。",
            "full": "排队的训练已达到本服务器的上限，请过几分钟再试。",
        },
    ),
}
