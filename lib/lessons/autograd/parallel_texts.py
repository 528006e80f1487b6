"""Words of one batch on several devices."""

from __future__ import annotations

from dataclasses import dataclass

from lib.ui.lang import Lang


@dataclass(frozen=True)
class ParallelTexts:
    """Labels of the part about several devices."""

    way: str
    ways: dict[str, str]
    batch: str
    first: str
    reduction: str
    step: str
    the_batch: str
    """Slots: batch, first, second."""
    process: str
    """Slots: rank, count."""
    replica: str
    averaged: str
    summed: str
    single: str
    equal: str
    differs: str
    """Slots: percent."""
    why_ddp: str
    why_unequal: str
    """Slots: first, second."""
    why_sum: str
    why_dp: str
    run: str
    run_help: str
    running: str
    """Slots: status."""
    measured: str
    """Slots: pid0, pid1, worst."""
    computed: str
    computed_dp: str
    after: str
    """Slots: steps, percent."""
    no_memory: str
    """Slots: needed, free."""


PARALLEL_TEXTS: dict[Lang, ParallelTexts] = {
    Lang.EN: ParallelTexts(
        way="Way",
        ways={"ddp": "DistributedDataParallel", "dp": "nn.DataParallel"},
        batch="Samples in the batch",
        first="of them for process 0",
        reduction="reduction of the loss",
        step="Training step",
        the_batch="One batch of {batch}: {first} + {second}",
        process="Process {rank}: gradient of its own loss, {count} samples",
        replica="Replica {rank}: {count} samples, its part of the one loss's gradient",
        averaged="all-reduce: average of both",
        summed="Sum of both parts",
        single="One process, the whole batch",
        equal="the same gradient",
        differs="off by {percent} % of the gradient's length",
        why_ddp="A mean loss and equal shards: the average of the means is the mean of all.",
        why_unequal="Shards of {first} and {second}: the average counts both alike, so samples of "
        "the smaller shard weigh more.",
        why_sum="reduction='sum': each process has summed its own shard, whatever its size, "
        "and the average halves the total.",
        why_dp="nn.DataParallel gathers the outputs and computes one loss: whatever the shards, the "
        "parts add up to its "
        "gradient. PyTorch recommends DistributedDataParallel even on one machine.",
        run="Run it in two processes",
        run_help="Starts a second process next to the training worker: torch.distributed with gloo, "
        "3 to 10 seconds.",
        running="Two processes at work: {status}",
        measured="Measured by DistributedDataParallel in processes {pid0} and {pid1}. Largest "
        "distance from the numbers above: {worst}.",
        computed="The numbers are computed by DDP's rule. Let two real processes check them.",
        computed_dp="Computed here for any shards; nn.DataParallel itself cuts the batch as `chunk` does, "
        "for several GPUs. "
        "Without one it just calls the module.",
        after="After {steps} training steps the parameters of both processes agree with each other, "
        "and differ from the "
        "single process's by {percent} %.",
        no_memory="A second process needs about {needed} MB, and {free} MB are free here. The "
        "computed numbers stay.",
    ),
    Lang.ZH: ParallelTexts(
        way="方式",
        ways={"ddp": "DistributedDataParallel", "dp": "nn.DataParallel"},
        batch="这一批的样本数",
        first="分给进程 0 的样本数",
        reduction="损失的 reduction",
        step="训练步",
        the_batch="一批 {batch} 个样本：{first} + {second}",
        process="进程 {rank}：自己的损失的梯度，{count} 个样本",
        replica="副本 {rank}：{count} 个样本，在同一个损失的梯度中占的部分",
        averaged="all-reduce：两者的平均",
        summed="两部分之和",
        single="单个进程，整批数据",
        equal="梯度相同",
        differs="相差梯度长度的 {percent} %",
        why_ddp="损失取平均，各份大小相等：平均的平均就是总平均。",
        why_unequal="两份分别有 {first} 和 {second} 个样本：平均时两份同等看待，小的那份里每个样本的"
        "权重就偏大。",
        why_sum="reduction='sum'：每个进程把自己那份加起来，不论大小，再取平均就只剩总和的一半。",
        why_dp="nn.DataParallel 把输出收集到一起，只算一个损失：不管怎么分，各部分加起来就是它的梯度。"
        "即使只有一台机器，PyTorch 也推荐 DistributedDataParallel。",
        run="用两个进程真正跑一次",
        run_help="在训练进程旁再启动一个进程：torch.distributed，gloo 后端，3 到 10 秒。",
        running="两个进程正在工作：{status}",
        measured="由进程 {pid0} 和 {pid1} 里的 DistributedDataParallel 实测。与上面数字的最大差距：{worst}。",
        computed="这些数是按 DDP 的规则算出来的。可以让两个真正的进程来核对。",
        computed_dp="这里对任意的分法都算得出来；nn.DataParallel 自己会像 `chunk` 那样把一批数据切开，分到多块 GPU 上，"
        "没有 GPU 时它只是直接调用模块。",
        after="{steps} 步训练之后，两个进程的参数彼此一致，与单个进程的相差 {percent} %。",
        no_memory="第二个进程约需 {needed} MB 内存，这里只剩 {free} MB。页面仍显示算出来的数。",
    ),
}
