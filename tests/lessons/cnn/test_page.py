"""/cnn: what the page says of each classic, stacks in the address, refusals with repairs that work."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import torch
from streamlit.testing.v1 import AppTest
from torch import nn

from lib.core.nets.analysis import analyse
from lib.core.nets.classics import Classic, classic
from lib.core.nets.graph import Network
from lib.core.nets.layers import Activation, Conv, Flatten, Function, Layer, Linear, MaxPool
from lib.core.nets.stack import Stack, StackRow, general_stack, write_code
from lib.core.training.bundled import CNN
from lib.core.training.model import build_model
from lib.lessons.cnn.cards import trainable
from lib.lessons.cnn.picture import network_json
from lib.lessons.cnn.state import parse_unit
from lib.lessons.cnn.texts import CNN_TEXTS
from lib.ui.lang import Lang
from tests.core.nets.test_classics import torchvision_models
from tests.lessons.page import open_page, shown_text

SIZES = {name: classic(name) for name in Classic}


@pytest.mark.parametrize("name", list(Classic))
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_classic_opens_with_its_numbers_in_full(name: Classic, lang: str) -> None:
    at = open_page("cnn", net=str(name), lang=lang)
    assert not at.exception
    assert not at.error
    shown, found = shown_text(at), analyse(SIZES[name])
    assert f"**{found.parameters:,}**" in shown
    assert f"**{found.macs:,}**" in shown
    assert found.last_map is not None
    side = found.rows[found.last_map].field.sizes[0]
    assert f"**{side} × {side}" in shown


def test_what_the_classics_brought_has_their_own_numbers() -> None:
    said = CNN_TEXTS[Lang.EN].brought
    found = {name: analyse(network) for name, network in SIZES.items()}
    alexnet = found[Classic.ALEXNET]
    rows = zip(alexnet.network.rows, alexnet.rows, strict=True)
    linear = sum(report.parameters for row, report in rows if isinstance(row.layer, Linear))
    assert (
        f"With 1000 classes {100 * linear / alexnet.parameters:.0f} % of its parameters"
        in said[Classic.ALEXNET]
    )
    assert (
        f"{found[Classic.VGG16].macs // 10**9} billion products for one picture of 224" in said[Classic.VGG16]
    )
    assert round(alexnet.parameters / found[Classic.GOOGLENET].parameters) == 9
    assert "without auxiliary classifiers a ninth" in said[Classic.GOOGLENET]
    more = found[Classic.LENET5].parameters - found[Classic.LENET5_1998].parameters
    assert f"With ten classes that adds {more:,} parameters" in said[Classic.LENET5]


def test_what_lenet_and_googlenet_brought_is_counted() -> None:
    network = classic(Classic.LENET5_1998)
    c3 = next(row.layer for row in network.rows if row.name == "c3")
    seen = [len(maps) for maps in c3.sources]  # type: ignore[union-attr]
    counts = [
        sum(5 * 5 * maps + 1 for maps in seen),
        sum(p.numel() for p in nn.Conv2d(6, 16, 5).parameters()),
    ]
    parts = f"six see 3 of S2's, nine see 4 and one sees all 6: {counts[0]:,} parameters instead of {counts[1]:,}."
    assert [seen.count(maps) for maps in (3, 4, 6)] == [6, 9, 1]
    assert parts in CNN_TEXTS[Lang.EN].brought[Classic.LENET5_1998]
    assert (
        f"参数是 {counts[0]:,} 个，而不是 {counts[1]:,} 个" in CNN_TEXTS[Lang.ZH].brought[Classic.LENET5_1998]
    )


def test_googlenets_field_with_real_five_by_five_kernels() -> None:
    network = SIZES[Classic.GOOGLENET]
    wide = Network(
        network.input_shape,
        tuple(
            replace(row, layer=replace(row.layer, kernel=(5, 5), padding=(2, 2)))
            if isinstance(row.layer, Conv) and row.name.endswith("branch3.1.conv")
            else row
            for row in network.rows
        ),
    )
    sides = []
    for each, side in ((network, 3), (wide, 5)):
        found = analyse(each)
        assert found.last_map is not None
        sides.append(found.rows[found.last_map].field.sizes[0])
        # The longest way by hand: the stem, then one such kernel for each of nine modules, and four pools.
        field, jump = 1, 1
        way = [(7, 2), (3, 2), (1, 1), (3, 1), (3, 2), *[(side, 1)] * 2, (3, 2)]
        way += [*[(side, 1)] * 5, (2, 2), *[(side, 1)] * 2]
        for kernel, stride in way:
            field, jump = field + (kernel - 1) * jump, jump * stride
        assert sides[-1] == field
    small, large = sides
    assert f"would be {large} pixels a side, not {small}." in CNN_TEXTS[Lang.EN].brought[Classic.GOOGLENET]
    assert f"会是 {large} 像素，而不是 {small}。" in CNN_TEXTS[Lang.ZH].brought[Classic.GOOGLENET]


@pytest.mark.parametrize("lang", list(Lang))
@pytest.mark.parametrize("name", list(Classic))
def test_a_classics_accuracies_stand_under_it(name: Classic, lang: Lang) -> None:
    shown = shown_text(open_page("cnn", net=str(name), lang=lang))
    weights = [] if name.is_lenet else list(torchvision_models().get_model_weights(str(name)))
    metrics = [each.meta["_metrics"]["ImageNet-1K"] for each in weights]
    metrics = [each for each in metrics if each["acc@1"] == each["acc@1"]]  # features have none
    assert ("ImageNet" in shown.replace(CNN_TEXTS[lang].brought[name], "")) == bool(metrics)
    for each in metrics:
        assert f"{each['acc@1']:.3f} / {each['acc@5']:.3f} %" in shown


def test_only_rows_whose_every_field_exceeds_the_input_are_coloured() -> None:
    found = analyse(classic(Classic.ALEXNET, size=200))
    coloured = []
    for drawn, report in zip(network_json(found)["rows"], found.rows, strict=True):
        axis = report.field.height
        spans = [high - low + 1 for low, high in map(axis.interval, range(axis.count))]
        assert drawn["exceeds"] == (report.is_spatial and not report.field.whole and min(spans) > 200)
        coloured.append(max(spans) > 200 >= min(spans))
    assert any(coloured)  # the adaptive pool's bins differ
    said = CNN_TEXTS[Lang.EN].exceeds.format(count=1, size="200 × 200")
    assert said not in shown_text(open_page("cnn", net="alexnet", size="200"))


def test_size_and_classes_change_a_classic() -> None:
    at = open_page("cnn", net="alexnet", size="63", classes="7")
    found = analyse(classic(Classic.ALEXNET, size=63, classes=7))
    assert f"**{found.parameters:,}**" in shown_text(at)
    assert not at.error
    broken = open_page("cnn", net="alexnet", size="62")
    assert "Output size is too small" in broken.error[0].value
    _press(broken, "Input size = 63")
    assert not broken.error


def _press(at: AppTest, label: str) -> None:
    next(button for button in at.button if button.label == label).click().run()


def test_lenets_parts_are_exchanged_one_by_one() -> None:
    at = open_page("cnn", net="lenet5", changed="sparse,pools,rbf,tanh")
    assert "**60,000**" in shown_text(at)
    assert "340,908" in shown_text(at)
    back = open_page("cnn", net="lenet5_1998", changed="sparse,pools,rbf,tanh")
    assert "**61,706**" in shown_text(back)


def test_a_stack_that_breaks_in_backward_is_mended_by_a_press() -> None:
    layers: tuple[Layer, ...] = (
        Conv(4),
        Activation(Function.SIGMOID),
        Activation(inplace=True),
        Flatten(),
        Linear(10),
    )
    stack = Stack(tuple(map(StackRow, layers)), 1)
    at = open_page("cnn", stack=write_code(stack))
    said = at.error[0].value
    assert "Row 3 breaks backward()" in said
    assert (
        "modified by an inplace operation: [torch.FloatTensor [1, 4, 26, 26]], which is output 0 of Sigmoid"
        in said
    )
    _press(at, "Row 3: inplace = False")
    assert not at.error


def test_a_window_that_sees_padding_alone_is_warned_of() -> None:
    pool = MaxPool((2, 2), (1, 1), (1, 1), (3, 3))
    stack = Stack((StackRow(pool), StackRow(Flatten()), StackRow(Linear(10))), 1)
    at = open_page("cnn", stack=write_code(stack), size="2")
    assert not at.error
    assert at.warning[0].value.startswith(
        "Row 1: with this dilation a window of the max pool sees padding alone"
    )
    assert not open_page("cnn", stack=write_code(stack), size="28").warning


@pytest.mark.parametrize(
    ("name", "said"), [("googlenet", "not_editable"), ("lenet5_1998", "not_torch"), ("vgg16", "editable")]
)
def test_it_is_said_whether_rows_can_be_edited(name: str, said: str) -> None:
    assert getattr(CNN_TEXTS[Lang.EN], said) in shown_text(open_page("cnn", net=name))


def test_sliders_make_the_general_structure() -> None:
    at = open_page("cnn", N="3", M="1", K="2")
    found = analyse(general_stack(3, 1, 2).network(size=28))
    assert f"**{found.parameters:,}**" in shown_text(at)


@pytest.mark.parametrize("lang", list(Lang))
@pytest.mark.parametrize(("n", "m"), [(3, 0), (3, 1), (1, 2), (0, 2), (2, 2), (3, 2), (2, 3)])
def test_the_structure_is_read_as_it_is_built(n: int, m: int, lang: Lang) -> None:
    """Pools after all convolutions are read in a row, pools between them are not."""
    kinds = [type(row.layer) for row in general_stack(n, m, 0).rows if type(row.layer) in (Conv, MaxPool)]
    texts = CNN_TEXTS[lang]
    is_row = kinds == [Conv] * n + [MaxPool] * m
    reads = texts.structure if is_row else texts.structure_spread
    assert reads.format(n=n, m=m, k=0) in shown_text(open_page("cnn", N=str(n), M=str(m), K="0", lang=lang))


@pytest.mark.parametrize(
    "bad",
    [{"net": "resnet152"}, {"stack": "x" * 50}, {"size": "-3"}, {"at": "1.2"}, {"N": "99"}, {"look": "<b>"}],
    ids=str,
)
def test_a_bad_address_is_explained_and_the_page_goes_on(bad: dict[str, str]) -> None:
    at = open_page("cnn", **bad)
    assert at.warning
    assert not at.exception
    assert "**11,274**" in shown_text(at)


def test_what_the_browser_gets_is_small_and_complete() -> None:
    for name, network in SIZES.items():
        found = analyse(network)
        sent = network_json(found)
        assert len(json.dumps(sent)) < 90_000, name
        assert len(sent["rows"]) == len(network.rows)
        assert sent["totals"]["kept"] == sum(row["kept"] for row in sent["rows"]) == found.kept_bytes


def test_units_are_read_from_the_address() -> None:
    assert parse_unit("12.0.31") == (12, 0, 31)
    for bad in ("1", "1.2.3.4", "a.b.c", "-1.2.3", "1.2.99999", "١.2.3"):
        with pytest.raises(ValueError, match=r"^.+"):
            parse_unit(bad)


def test_what_can_be_trained_is_offered_for_training() -> None:
    assert trainable(general_stack(2, 2, 0)) is not None
    assert trainable(general_stack(2, 2, 0, channels=3)) is None
    assert trainable(general_stack(2, 2, 0, classes=7)) is None
    assert trainable(general_stack(1, 3, 0)) is None


def _said_of_the_maps(**query: str) -> str:
    [said] = [each.value for each in open_page("cnn", **query).caption if "28 × 28 → " in each.value]
    return str(said)


@pytest.mark.parametrize("lang", list(Lang))
def test_it_is_said_whose_maps_are_shown(lang: Lang) -> None:
    """Shapes by torch: what the bundled network passes on after each of its pools, and its ten logits."""
    model = build_model(CNN.config)
    x, shapes = torch.zeros(1, 1, 28, 28), []
    for layer in model:
        x = layer(x)
        if isinstance(layer, torch.nn.MaxPool2d):
            shapes.append(" × ".join(map(str, x.shape[1:])))
    network = " → ".join(["28 × 28", *shapes, str(x.shape[1])])
    texts = CNN_TEXTS[lang]
    assert _said_of_the_maps(lang=lang) == texts.maps_same.format(network=network)
    other = texts.maps_other.format(network=network)
    linear = write_code(Stack((StackRow(Flatten()), StackRow(Linear(10))), 1))
    for query in ({"N": "4"}, {"K": "1"}, {"size": "32"}, {"stack": linear}):
        assert _said_of_the_maps(lang=lang, **query) == other


@pytest.mark.parametrize("lang", list(Lang))
def test_torchinfos_totals_are_a_table(lang: Lang) -> None:
    """AlexNet, two pictures: the numbers as torchinfo prints them."""
    shown = shown_text(open_page("cnn", net="alexnet", batch="2", lang=lang))
    rows = CNN_TEXTS[lang].torchinfo_rows
    for name, said in {
        "parameters": "61,100,840",
        "trainable": "61,100,840",
        "fixed": "0",
        "mult_adds": "1,429,365,328",
        "input": "1.20 MB",
        "pass": "7.91 MB",
        "parameter_size": "244.40 MB",
        "total": "253.51 MB",
    }.items():
        assert f"| {rows[name].format(batch=2)} | {said} |" in shown
    assert CNN_TEXTS[lang].torchinfo_heading not in shown_text(open_page("cnn", net="alexnet", size="62"))
