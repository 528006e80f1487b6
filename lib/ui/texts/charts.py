"""Words of the charts."""

from __future__ import annotations

from lib.figures.training import ChartTexts
from lib.ui.lang import Lang

CHART_TEXTS: dict[Lang, ChartTexts] = {
    Lang.EN: ChartTexts(
        epoch="Epoch",
        minibatch_loss="Cross-entropy (nats)",
        loss="Cross-entropy (nats)",
        train_loss="training, mean",
        test_loss="test, at the end",
        test_accuracy="Right (%)",
        target="97 %",
        raw="{name}, raw",
        of_run="{run}: {what}",
        label="Label",
        prediction="Prediction",
        digit="Digit",
        accuracy="Right (%)",
        weight_low="negative",
        weight_high="positive",
        weight_alt="Weights of unit {unit}",
        loss_reading="{name}: the loss went from {first} to {last} in {steps} steps.",
        accuracy_reading="{name}: {accuracy} % of the test images are right after epoch {epochs}.",
        confusion_reading="{correct} of {total} images are right.",
        confusion_mistake="The most frequent mistake: a {label} taken for a {prediction}, {count} times.",
        per_digit_reading="Best: {best_accuracy} % of the {best}s are right. "
        "Worst: {worst_accuracy} % of the {worst}s.",
        nothing_yet="Nothing measured yet.",
        floor="floor: ln(e + 9) − 1 = {loss}",
    ),
    Lang.ZH: ChartTexts(
        epoch="轮（epoch）",
        minibatch_loss="交叉熵（nat）",
        loss="交叉熵（nat）",
        train_loss="训练（轮内平均）",
        test_loss="测试（轮末）",
        test_accuracy="准确率（%）",
        target="97 %",
        raw="{name}，原始",
        of_run="{run}：{what}",
        label="标签",
        prediction="预测",
        digit="数字",
        accuracy="准确率（%）",
        weight_low="负",
        weight_high="正",
        weight_alt="单元 {unit} 的权重",
        loss_reading="{name}：{steps} 步中，损失从 {first} 变为 {last}。",
        accuracy_reading="{name}：第 {epochs} 轮后，测试图像答对 {accuracy} %。",
        confusion_reading="{total} 张图像中答对 {correct} 张。",
        confusion_mistake="最常见的错误：把 {label} 认成 {prediction}，共 {count} 次。",
        per_digit_reading="最好：数字 {best}，答对 {best_accuracy} %。最差：数字 {worst}，答对 {worst_accuracy} %。",
        nothing_yet="还没有数据。",
        floor="下限：ln(e + 9) − 1 = {loss}",
    ),
}
