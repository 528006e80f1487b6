"""Labels of the page /train."""

from __future__ import annotations

from dataclasses import dataclass

from lib.ui.lang import Lang


@dataclass(frozen=True)
class TrainTexts:
    """What the page says; slots are named in braces."""

    title: str
    # Controls
    kind: str
    kinds: dict[str, str]
    kind_help: str
    conv: str
    conv_help: str
    conv_allowed: str
    stacks: str
    fully_connected_help: str
    too_large: str
    """Slots: macs."""
    batch_too_large: str
    """Slots: most."""
    hidden: str
    hidden_help: str
    hidden_allowed: str
    network: str
    activation: str
    activation_help: str
    optimizer: str
    optimizer_help: str
    learning_rate: str
    learning_rate_help: str
    batch_size: str
    batch_size_help: str
    epochs: str
    epochs_help: str
    weight_decay: str
    weight_decay_help: str
    seed: str
    seed_help: str
    share: str
    share_help: str
    device: str
    device_help: str
    more: str
    softmax: str
    softmax_help: str
    softmax_floor: str
    """What becomes of a run in which the loss is given probabilities. Slots: floor."""
    # Steering
    train: str
    pause: str
    resume: str
    step: str
    step_help: str
    epoch: str
    epoch_help: str
    stop: str
    skip: str
    skip_help: str
    tempo: str
    tempo_help: str
    tempos: dict[str, str]
    paused: str
    paused_help: str
    # Inside
    insides: dict[str, str]
    """Of the picture that the browser draws; slots in braces."""
    draw_own: str
    draw_for_network: str
    draw_for_maps: str
    weights_of_step: str
    """Slots: step."""
    weights_of_step_help: str
    troubles: dict[str, str]
    """Slots: step, lr, less."""
    as_of: str
    """Slots: step, steps."""
    measure: str
    """Slots: step, seconds."""
    measuring: str
    """Slots: step."""
    # State of a run
    queue: str
    progress: str
    speed: str
    left: str
    shared: str
    other_settings: str
    read_only: str
    already_active: str
    unknown_run: str
    no_run: str
    server_stopping: str
    queue_full: str
    # Charts
    smoothing: str
    smoothing_help: str
    log_y: str
    log_y_help: str
    loss_chart: str
    epoch_chart: str
    accuracy_chart: str
    # Results
    results: str
    confusion: str
    per_digit: str
    ten: str
    ten_again: str
    mistakes: str
    no_mistakes: str
    caption: str
    caption_reading: str
    mistake_caption: str
    mistake_reading: str
    weights: str
    kernels: str
    weights_none: str
    weights_first: str
    """Slots: shown, count."""
    # Compare
    compare: str
    run_table: dict[str, str]
    """Of the table that the browser draws."""
    overlay_allowed: str
    weights_hint: str
    """Slots: file."""
    csv: str
    json: str
    safetensors: str
    # Nine steps
    steps: str
    steps_lead: str
    style: str
    styles: dict[str, str]
    style_help: str
    download_script: str
    download_notebook: str


TRAIN_TEXTS: dict[Lang, TrainTexts] = {
    Lang.EN: TrainTexts(
        title="Train a network on MNIST",
        kind="Network",
        kinds={"mlp": "MLP", "cnn": "CNN"},
        kind_help="MLP: all pixels go into linear layers. CNN: convolutions come first, which look for the same "
        "pattern everywhere in the picture.",
        conv="Convolutions",
        conv_help="Channels of each block, separated by commas: `8, 16`. A block is a 3 × 3 convolution that keeps "
        "height and width, the activation, and 2 × 2 max pooling. For another one, add letters: `16k5` has a "
        "5 × 5 kernel, `p0` no padding, `a` average pooling, `n` no pooling, `b` batch norm, as in `16k5p0ab`.",
        conv_allowed="1 to 4 blocks such as `8` or `16k5p0a`, with commas between them: 1 to 64 channels, kernels up "
        "to 7, padding up to 3, and something left of the picture",
        stacks="Blocks to begin with",
        fully_connected_help="Units of each hidden layer between the last block and the ten logits, separated by "
        "commas. Empty: none.",
        too_large="Together these layers need more than {macs} multiplications an image: too many for this server. "
        "The hidden layers are left out.",
        batch_too_large="The maps of so many images at a time would not fit into memory: batches of {most} are used.",
        hidden="Hidden layers",
        hidden_help="Units of each hidden layer, separated by commas: `50`, or `128, 64`. "
        "Empty: no hidden layer. Up to 4 layers of up to 1024 units.",
        hidden_allowed="up to 4 sizes, each from 1 to 1024, with commas between them",
        network="{sizes} · {count} parameters",
        activation="Activation",
        activation_help="What each hidden unit does with its sum: without it, several linear "
        "layers would be no more than one.",
        optimizer="Optimizer",
        optimizer_help="How a step is made of the gradient. Each has a learning rate that one "
        "usually begins with; choosing it sets that, unless you set another "
        "one.",
        learning_rate="Learning rate",
        learning_rate_help="How far each step goes: too small and nothing happens, too large and "
        "the loss grows instead of falling.",
        batch_size="Batch size",
        batch_size_help="How many images share one step: more give a steadier gradient and "
        "fewer steps an epoch.",
        epochs="Epochs",
        epochs_help="How often the training passes through all training images.",
        weight_decay="Weight decay",
        weight_decay_help="How strongly each step pulls the weights towards 0. AdamW "
        "shrinks them by learning rate × this, usually 0.01; with 0 it is Adam. The others "
        "add it to the gradient (L2).",
        seed="Seed",
        seed_help="The same number gives the same initial weights and the same order of "
        "images: the same run again.",
        share="Share of the training images (%)",
        share_help="How much of the 60,000 training images is used: with few, the network "
        "learns them by heart.",
        device="Device",
        device_help="Where the training computes: a GPU pays off for large networks alone.",
        more="More settings",
        softmax="Softmax before the loss (experiment)",
        softmax_help="CrossEntropyLoss takes logits and has a softmax of its own. With this switch it is given "
        "probabilities, a common mistake: see what the loss can no longer do.",
        softmax_floor="**Softmax before the loss:** `CrossEntropyLoss` takes the softmax of what it is given, and is "
        "given probabilities. The best there can be, a 1 and nine 0s, become e / (e + 9) = 23.2 % for the right class: "
        "the loss cannot fall below ln(e + 9) − 1 = {floor}, however right the network is.",
        train="Train",
        pause="Pause",
        resume="Resume",
        step="Step",
        step_help="While paused: train one minibatch. Without a run: begin one that waits before its first step",
        epoch="Epoch",
        epoch_help="While paused: train to the end of this epoch",
        stop="Stop",
        skip="Skip ahead",
        skip_help="Jump to the latest that the shared training has reached",
        tempo="Steps a second",
        tempo_help="How fast you see it; the training itself goes on as fast as it can, for you and for others.",
        tempos={
            "full": "full",
            "1": "1",
            "10": "10",
            "100": "100",
            "demo": "epoch in 20 s",
        },
        paused="Start paused at step 0",
        paused_help="The next run waits before its first step and shows the initial, random weights; Step and Epoch "
        "go on from there.",
        insides={
            "weights": "First layer, {count} images, colours to ±{scale}",
            "confusion": "{right} / 1000 right: label ↓, read as →",
            "digits": "Ten test digits",
            "loss": "Loss of the minibatch: {loss}",
            "step": "Step {step} of {total} · epoch {epoch}",
            "initial": "Step 0: initial weights, nothing learned yet",
            "noNumber": "no number",
            "right": "right",
            "play": "Play the training as a film",
            "pause": "Pause the film",
            "latest": "Latest",
            "slider": "Step of the training",
            "film": "Film (WebM)",
            "filming": "Recording …",
            "noFilm": "This browser cannot record a film.",
            "large": "Full screen",
            "reading": "Step {step}: loss {loss}, {right} of 1,000 test digits right; the first layer's weights as "
            "{count} images.",
            "own": "Your own digit is read as {digit} ({percent} %).",
            "keys": "Arrow keys move from picture to picture",
        },
        draw_own="Draw a digit to watch here, too",
        draw_for_network="Draw a digit: this network reads it",
        draw_for_maps="Draw a digit: this network reads it, and shows its feature maps",
        weights_of_step="Weights of step {step} (safetensors)",
        weights_of_step_help="A worker trains the run again up to this step: same seed, same numbers.",
        troubles={
            "diverged": "The loss is no number from step {step} on. The steps were too large: the weights grew from "
            "step to step until float32 could not hold the results any more, and no later step brings them back. "
            "Try a learning rate of {less} instead of {lr}, or another optimizer.",
            "stuck": "After {step} steps the loss is still about ln 10 = 2.303, as if all ten digits had the same "
            "probability: the right one gets hardly more than a tenth, even where it is already the largest. Either "
            "the steps are too small to get anywhere yet, or one was so large that the units are stuck "
            "where their slope is 0 (ReLU never lit, sigmoid "
            "at its end). Try a learning rate ten times smaller, then ten times larger, or fewer layers.",
        },
        as_of="As of step {step} of {steps}, where the run stands:",
        measure="Measure step {step} on all test images (trains it again: about {seconds} s)",
        measuring="Training again up to step {step}, to measure it on all 10,000 test images …",
        queue="Place {position} in the queue, about {seconds} s",
        progress="Epoch {epoch} / {epochs} · step {step} / {steps}",
        speed="{speed} images/s",
        left="{seconds} s left",
        shared="Somebody started an identical run before: same settings, same seed, same numbers. "
        "You see its training from the start, at the pace at which it ran.",
        other_settings="The settings at the side are other ones: they hold for the next run.",
        read_only="You are watching somebody else's run: only who started it can pause or stop it.",
        already_active="Your run is still active; here it is. Stop it to start another one.",
        unknown_run="The run {run} is not on this server: it was removed, or the server was restarted. "
        "Press Train to start a new one.",
        no_run="Press **Train**: the charts fill while the network learns.",
        server_stopping="The server is stopping and takes no new runs.",
        queue_full="As many trainings wait already as this server takes. Try again in a few minutes.",
        smoothing="Smoothing",
        smoothing_help="Exponential moving average, as in TensorBoard: 0 shows the raw loss alone",
        log_y="Log axis",
        log_y_help="Equal steps up are equal factors: shows what happens near zero",
        loss_chart="Loss of each minibatch",
        epoch_chart="Loss of each epoch",
        accuracy_chart="Accuracy on the 10,000 test images",
        results="What it has learned",
        confusion="Confusion matrix",
        per_digit="Accuracy of each digit",
        ten="Ten random test images",
        ten_again="New ten",
        mistakes="Worst mistakes: wrong, and most sure of it",
        no_mistakes="No mistakes at all on the test images.",
        caption="read {prediction}, label {label}",
        caption_reading="Test image {index}: a {label}, predicted as {prediction}",
        mistake_caption="read {prediction} ({confidence:.1f}\u00a0%), label {label}",
        mistake_reading="Test image {index}: a {label}, predicted as {prediction} with {confidence:.1f} % "
        "confidence",
        weights="First layer: the weights of each unit as an image",
        kernels="First layer: its kernels as images",
        weights_none="This network has no hidden layer: each image shows the weights of one digit.",
        weights_first="The first {shown} of {count} units.",
        compare="Your runs",
        run_table={
            "table": "Your runs",
            "charts": "On charts",
            "name": "Run",
            "state": "State",
            "accuracy": "Test accuracy",
            "seconds": "Seconds",
            "target": "Seconds to 97 %",
            "best": "best",
            "lay": "Lay {name} over the charts",
            "laid": "Take {name} off the charts",
            "full": "There is room for seven runs on the charts: take one off first",
            "rename": "Rename {name}",
            "show": "Show",
            "shown": "{name} is the run on the screen",
            "files": "Files",
            "remove": "Remove",
            "sort": "Sort by: {column}",
        },
        overlay_allowed="at most seven runs of this server, their ids with commas between them",
        weights_hint="In a program with this run's settings and the network written as nn.Sequential, after "
        "`import safetensors.torch`: `model.layers.load_state_dict(safetensors.torch.load_file({file!r}))`",
        csv="Metrics (CSV)",
        json="Metrics (JSON)",
        safetensors="Weights (safetensors)",
        steps="The nine steps in code",
        steps_lead="This is the whole program for the settings above. It gives the numbers of this page, but for "
        "the last digits, which depend on the order in which a processor adds up.",
        style="Network written as",
        styles={"sequential": "nn.Sequential", "functional": "forward with F"},
        style_help="Both give the same network: its layers in a row, or called one after the other in forward.",
        download_script="train_mnist.py",
        download_notebook="train_mnist.ipynb",
    ),
    Lang.ZH: TrainTexts(
        title="用 MNIST 训练一个网络",
        kind="网络",
        kinds={"mlp": "MLP", "cnn": "CNN"},
        kind_help="MLP：所有像素直接进入线性层。CNN：先做卷积，在图像的每个位置寻找同样的模式。",
        conv="卷积",
        conv_help="每个块的通道数，用逗号分隔：`8, 16`。一个块是保持高宽的 3 × 3 卷积、激活函数和 2 × 2 最大池化。"
        "需要别的设置，就在后面加字母：`16k5` 是 5 × 5 卷积核，`p0` 不填充，`a` 平均池化，`n` 不池化，`b` 批归一化，"
        "例如 `16k5p0ab`。",
        conv_allowed="1 到 4 个块，例如 `8` 或 `16k5p0a`，用逗号分隔：通道数 1 到 64，卷积核最大 7，填充最大 3，"
        "而且图像不能缩小到消失",
        stacks="从这些块开始",
        fully_connected_help="最后一个块与十个 logits 之间每个隐藏层的单元数，用逗号分隔。留空表示没有。",
        too_large="这些层合起来每张图像要做超过 {macs} 次乘法，这台服务器做不了，隐藏层已略去。",
        batch_too_large="一次这么多图像，特征图装不进内存：改用每批 {most} 张。",
        hidden="隐藏层",
        hidden_help="每个隐藏层的单元数，用逗号分隔：`50` 或 `128, 64`。留空表示没有隐藏层。"
        "最多 4 层，每层最多 1024 个单元。",
        hidden_allowed="最多 4 个数，每个从 1 到 1024，用逗号分隔",
        network="{sizes} · {count} 个参数",
        activation="激活函数",
        activation_help="每个隐藏单元对加权和所做的变换：没有它，多个线性层只相当于一层。",
        optimizer="优化器",
        optimizer_help="怎样由梯度得到一步。每种优化器都有常用的起始学习率，选择它就会用上，除非你自己设过别的值。",
        learning_rate="学习率",
        learning_rate_help="每一步走多远：太小则几乎不动，太大则损失不降反升。",
        batch_size="批大小",
        batch_size_help="多少张图像共用一步：越多梯度越平稳，每轮的步数越少。",
        epochs="轮数（epoch）",
        epochs_help="把全部训练图像看多少遍。",
        weight_decay="权重衰减",
        weight_decay_help="每一步把权重往 0 拉多少。AdamW 按学习率 × 该值直接缩小权重，常用 0.01，设为 0 就是 Adam；"
        "其他优化器则把它加进梯度（L2）。",
        seed="随机种子",
        seed_help="种子相同，初始权重和图像顺序就相同，训练也就完全一样。",
        share="使用的训练图像比例（%）",
        share_help="使用 60,000 张训练图像中的多少：太少时网络会死记硬背。",
        device="设备",
        device_help="在哪里计算：只有大网络用 GPU 才划算。",
        more="更多设置",
        softmax="损失之前先做 softmax（实验）",
        softmax_help="CrossEntropyLoss 接收 logits，自带 softmax。打开后交给它的是概率，这是常见的错误："
        "看看损失会怎样。",
        softmax_floor="**损失之前先做 softmax**：`CrossEntropyLoss` 会对收到的数再做一次 softmax，"
        "而这里收到的已经是概率。最好的情形是一个 1 和九个 0，正确的类别也只得到 e / (e + 9) = 23.2 %："
        "无论网络答得多准，损失都不会低于 "
        "ln(e + 9) − 1 = {floor}。",
        train="训练",
        pause="暂停",
        resume="继续",
        step="单步",
        step_help="暂停时：训练一个小批量；没有训练时：开始一次训练，停在第一步之前",
        epoch="一轮",
        epoch_help="暂停时：训练到本轮结束",
        stop="停止",
        skip="跳到最新",
        skip_help="跳到共享训练目前的进度",
        tempo="每秒步数",
        tempo_help="你观看的速度；训练本身始终全速进行，对你和别人都一样。",
        tempos={
            "full": "全速",
            "1": "1",
            "10": "10",
            "100": "100",
            "demo": "20 秒一轮",
        },
        paused="在第 0 步暂停",
        paused_help="下一次训练在第一步之前等待，先显示随机的初始权重；可以从那里单步或按轮继续。",
        insides={
            "weights": "第一层，{count} 张图，颜色范围 ±{scale}",
            "confusion": "答对 {right} / 1000：标签 ↓，读作 →",
            "digits": "十个测试数字",
            "loss": "小批量损失：{loss}",
            "step": "第 {step} / {total} 步 · 第 {epoch} 轮",
            "initial": "第 0 步：初始权重，还什么都没学",
            "noNumber": "不是数",
            "right": "正确",
            "play": "像视频一样播放训练过程",
            "pause": "暂停播放",
            "latest": "最新",
            "slider": "训练步",
            "film": "视频（WebM）",
            "filming": "正在录制……",
            "noFilm": "此浏览器无法录制视频。",
            "large": "全屏",
            "reading": "第 {step} 步：损失 {loss}，1000 个测试数字中答对 {right} 个；第一层权重显示为 {count} 张图。",
            "own": "你自己写的数字读作 {digit}（{percent} %）。",
            "keys": "方向键逐张移动",
        },
        draw_own="自己写一个数字，也在上图中看",
        draw_for_network="写一个数字，让这个网络来读",
        draw_for_maps="写一个数字，让这个网络来读，并看它的特征图",
        weights_of_step="第 {step} 步的权重（safetensors）",
        weights_of_step_help="工作进程会重新训练到这一步：种子相同，数值也相同。",
        troubles={
            "diverged": "从第 {step} 步起，损失不再是一个数。步子太大：权重一步步变大，直到 float32 装不下结果，"
            "之后的步也无法挽回。请把学习率从 {lr} 降到 {less}，或换一种优化器。",
            "stuck": "训练了 {step} 步，损失仍约为 ln 10 = 2.303，好像十个数字的概率都相同：正确的数字即使已经最大，"
            "得到的概率也只有十分之一左右。要么步子太小，还没走多远；要么某一步太大，单元停在斜率为 0 "
            "的地方（ReLU 从不激活，sigmoid 饱和）。"
            "请试试十分之一的学习率，再试十倍的学习率，或减少层数。",
        },
        as_of="截至第 {step} / {steps} 步（训练停在这里）：",
        measure="在全部测试图像上评估第 {step} 步（需重新训练，约 {seconds} 秒）",
        measuring="正在重新训练到第 {step} 步，以便在 10,000 张测试图像上评估……",
        queue="排队第 {position} 位，约 {seconds} 秒",
        progress="第 {epoch} / {epochs} 轮 · 第 {step} / {steps} 步",
        speed="{speed} 张图像/秒",
        left="还剩 {seconds} 秒",
        shared="已有人用完全相同的设置和随机种子训练过，数值也完全相同。你将从头看到那次训练，"
        "速度与当时一致。",
        other_settings="旁边的设置与这次训练不同，将用于下一次训练。",
        read_only="你正在观看别人的训练：只有发起者可以暂停或停止。",
        already_active="你的训练仍在进行，就在这里。先停止它，才能开始新的训练。",
        unknown_run="服务器上没有训练 {run}：它已被删除，或服务器重启过。按“训练”可开始新的训练。",
        no_run="请按**训练**：网络一边学习，图表一边更新。",
        server_stopping="服务器正在停止，不再接受新的训练。",
        queue_full="排队的训练已达到本服务器的上限，请过几分钟再试。",
        smoothing="平滑",
        smoothing_help="指数移动平均，与 TensorBoard 相同：0 表示只显示原始损失",
        log_y="对数轴",
        log_y_help="向上每一格都是同样的倍数：可以看清接近零的部分",
        loss_chart="每个小批量的损失",
        epoch_chart="每轮的损失",
        accuracy_chart="10,000 张测试图像上的准确率",
        results="它学到了什么",
        confusion="混淆矩阵",
        per_digit="每个数字的准确率",
        ten="十张随机测试图像",
        ten_again="换十张",
        mistakes="最严重的错误：错了，却最有把握",
        no_mistakes="在测试图像上没有任何错误。",
        caption="读作 {prediction}，标签 {label}",
        caption_reading="测试图像 {index}：标签 {label}，预测为 {prediction}",
        mistake_caption="读作 {prediction}（{confidence:.1f}\u00a0%），标签 {label}",
        mistake_reading="测试图像 {index}：标签 {label}，以 {confidence:.1f} % 的置信度预测为 {prediction}",
        weights="第一层：每个单元的权重画成图像",
        kernels="第一层：卷积核画成图像",
        weights_none="这个网络没有隐藏层：每张图是一个数字的权重。",
        weights_first="{count} 个单元中的前 {shown} 个。",
        compare="你的训练",
        run_table={
            "table": "你的训练",
            "charts": "图中",
            "name": "训练",
            "state": "状态",
            "accuracy": "测试准确率",
            "seconds": "秒",
            "target": "达到 97 % 的秒数",
            "best": "最佳",
            "lay": "把 {name} 叠加到图中",
            "laid": "从图中移除 {name}",
            "full": "图中最多放七个训练：请先移除一个",
            "rename": "重命名 {name}",
            "show": "查看",
            "shown": "{name} 正在显示",
            "files": "文件",
            "remove": "删除",
            "sort": "排序：{column}",
        },
        overlay_allowed="这台服务器上最多七个训练的编号，用逗号分隔",
        weights_hint="在设置与这次训练相同、网络写成 nn.Sequential 的程序里，先 `import safetensors.torch`，再 "
        "`model.layers.load_state_dict(safetensors.torch.load_file({file!r}))`",
        csv="指标（CSV）",
        json="指标（JSON）",
        safetensors="权重（safetensors）",
        steps="九个步骤的代码",
        steps_lead="这是上面设置对应的完整程序，得到的数值与本页相同；只有最后几位可能不同，取决于处理器相加的顺序。",
        style="网络写法",
        styles={"sequential": "nn.Sequential", "functional": "forward 与 F"},
        style_help="两种写法是同一个网络：把层排成一列，或在 forward 里依次调用。",
        download_script="train_mnist.py",
        download_notebook="train_mnist.ipynb",
    ),
}
