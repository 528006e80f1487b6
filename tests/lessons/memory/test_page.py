"""/memory: views stay inside their storage, boxes share or do not, casts say what they lose."""

from __future__ import annotations

import math

import pytest
import torch

from lib.core.lessons import load_lesson
from lib.core.tensors.sharing import FROM_ARRAY, Way
from lib.core.tensors.strides import PRESETS, Preset
from lib.lessons.memory.texts import MEMORY_TEXTS
from lib.ui.lang import Lang
from tests.lessons.page import open_page, run_code, shown_text


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_first_screen(lang: str) -> None:
    at = open_page("memory", lang=lang)
    made, printed = run_code(at)
    assert torch.equal(made["v"], torch.arange(12).reshape(3, 4))
    assert "torch.Size([3, 4])" in printed
    assert "`torch.Size([3, 4])`" in shown_text(at)


@pytest.mark.parametrize(
    "query",
    [
        {"dims": "3", "s0": "12", "s1": "12", "s2": "12", "t0": "23", "t1": "23", "t2": "23", "off": "23"},
        {"dims": "1", "s0": "12", "t0": "2", "off": "1"},
        {"dims": "2", "s0": "5", "t0": "0", "s1": "3", "t1": "7"},
    ],
)
def test_sliders_never_leave_the_storage(query: dict[str, str]) -> None:
    at = open_page("memory", **query)
    view = run_code(at)[0]["v"]
    assert 0 <= int(view.min()) <= int(view.max()) <= 23
    for slider in list(at.slider):
        if slider.disabled or slider.key is None:
            continue
        for end in (slider.max, slider.min):
            moved = open_page("memory", **query)
            moved.slider(key=slider.key).set_value(end).run()
            assert not moved.exception
            assert int(run_code(moved)[0]["v"].max()) <= 23


@pytest.mark.parametrize("way", list(Way))
@pytest.mark.parametrize("edit", ["a0=99", "b3=-7"])
def test_edits_show_where_memory_is_shared(way: Way, edit: str) -> None:
    at = open_page("memory", topic="sharing", way=way, edits=edit, lang="en" if edit[0] == "a" else "zh")
    made, _ = run_code(at)
    a, b = (torch.as_tensor(made[name]).float() for name in ("a", "b"))
    value = float(edit.partition("=")[2])
    shared = bool((a == value).any()) and bool((b == value).any())
    shown = shown_text(at)
    assert ("Your edit shows in both." in shown or "你的修改在两边都能看到。" in shown) == shared


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"way": "numpy", "agrad": "true"}, "Can't call numpy() on Tensor that requires grad"),
        ({"way": "numpy", "tdtype": "bfloat16"}, "Got unsupported ScalarType BFloat16"),
        ({"way": "numpy", "adevice": "meta"}, "can't convert meta device type tensor to numpy"),
        ({"way": "from_numpy", "adtype": "str"}, "can't convert np.ndarray of type numpy.str_"),
        ({"way": "clone", "tdtype": "int64", "agrad": "true"}, "Only Tensors of floating point"),
    ],
)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_refusals_say_why(query: dict[str, str], words: str, lang: str) -> None:
    at = open_page("memory", topic="sharing", lang=lang, **query)
    assert words in at.error[0].value
    run_code(at)


def test_every_way_is_tried_with_and_without_gradients() -> None:
    for way in Way:
        if way not in FROM_ARRAY:
            at = open_page("memory", topic="sharing", way=way, agrad="true", edits="a1=5")
            run_code(at)


@pytest.mark.parametrize(
    ("value", "source", "target", "result"),
    [
        ("300", "int64", "int8", "44"),
        ("0.1", "float64", "float16", "0.0999755859375"),
        ("0.1", "float64", "bfloat16", "0.10009765625"),
        ("70000", "float32", "float16", "inf"),
        ("-1", "int64", "uint8", "255"),
    ],
)
def test_casts(value: str, source: str, target: str, result: str) -> None:
    at = open_page("memory", topic="dtypes", value=value, **{"from": source, "to": target})
    assert f"**`{result}`**" in shown_text(at)
    _, printed = run_code(at)
    assert float(printed.splitlines()[0]) == pytest.approx(float(result))


def test_division_and_promotion() -> None:
    shown = shown_text(open_page("memory", topic="dtypes", num="-7", den="2"))
    assert "tensor(-3.5000)" in shown
    assert "tensor(-4)" in shown
    assert "**int64**" in shown
    at = open_page("memory", topic="dtypes", den="0")
    assert "`7 / 0` = `inf`" in at.warning[0].value


@pytest.mark.parametrize(
    "query",
    [
        {"dims": "9"},
        {"topic": "sharing", "edits": "zz"},
        {"topic": "dtypes", "to": "int4"},
        {"topic": "sharing", "way": "magic"},
        {"off": "abc"},
    ],
)
def test_a_bad_address_is_explained(query: dict[str, str]) -> None:
    at = open_page("memory", **query)
    assert at.warning
    run_code(at)


@pytest.mark.parametrize("value", ["abc", "", "1e999", "__import__('os')", "99999999999999999999999"])
def test_bad_values_get_a_message(value: str) -> None:
    at = open_page("memory", topic="dtypes", value=value)
    assert at.error or "inf" in shown_text(at)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_edits_of_both_boxes_are_no_sign_of_sharing(lang: str) -> None:
    at = open_page("memory", topic="sharing", way="clone", edits="a0=99;b1=77", lang=lang)
    shown = shown_text(at)
    assert "Your edit shows in both." not in shown
    assert "你的修改在两边都能看到。" not in shown


@pytest.mark.parametrize("preset", list(Preset))
def test_a_preset_is_in_the_address(preset: Preset) -> None:
    at = open_page("memory", dims="3", s0="2", s1="2", s2="2", t0="9", t1="3", t2="2", off="3")
    at.button_group(key="_preset").set_value(preset).run()
    assert not at.exception
    expected = PRESETS[preset].tensor()
    assert torch.equal(run_code(at)[0]["v"], expected)
    address = {
        key: value if isinstance(value, str) else value[0] for key, value in at.query_params.items() if value
    }
    again = open_page("memory", **address)
    assert torch.equal(run_code(again)[0]["v"], expected)
    shown = {f"{name}{axis}" for name in "st" for axis in range(expected.dim())}
    assert set(address) <= {"dims", "off", "lang"} | ({"flip"} if preset is Preset.FLIP else set()) | shown


def test_a_storage_of_ones_own_and_its_flip() -> None:
    at = open_page(
        "memory", st="[[5, 6, 7], [8, 9, 10]]", dims="2", s0="2", s1="3", t0="3", t1="1", flip="true"
    )
    made, printed = run_code(at)
    x = torch.tensor([[5, 6, 7], [8, 9, 10]])
    assert torch.equal(made["v"], x)
    assert torch.equal(made["f"], x.flip(0))
    assert printed.strip().endswith("False")
    at = open_page("memory", st="randn(9, 9)")
    assert "64" in at.error[0].value
    assert torch.equal(run_code(at)[0]["v"], torch.arange(12).reshape(3, 4))


def test_the_flip_preset_shows_a_copy() -> None:
    at = open_page("memory")
    at.button_group(key="_preset").set_value("flip").run()
    made, _ = run_code(at)
    assert torch.equal(made["f"], torch.arange(12).reshape(3, 4).flip(0))
    assert "data_ptr" in shown_text(at)


def test_a_new_storage_opens_with_its_own_shape() -> None:
    at = open_page("memory", st="[[5, 6, 7], [8, 9, 10]]")
    assert torch.equal(run_code(at)[0]["v"], torch.tensor([[5, 6, 7], [8, 9, 10]]))
    at = open_page("memory")
    at.text_input(key="st").input("3, 2").run()
    assert torch.equal(run_code(at)[0]["v"], torch.arange(6).reshape(3, 2))
    at.text_input(key="st").input("arange(24)").run()
    assert torch.equal(run_code(at)[0]["v"], torch.arange(12).reshape(3, 4))


def test_an_edit_behind_a_smaller_box_is_where_the_code_says() -> None:
    at = open_page("memory", topic="sharing", way="slice", edits="b5=99")
    made, _ = run_code(at)
    assert (made["b"] == 99).sum() == (made["a"] == 99).sum() == 1


def test_what_storing_changes_is_said() -> None:
    for lang, words in (("en", "Storing changed it already"), ("zh", "存储时就已经变了")):
        at = open_page("memory", topic="dtypes", value="2.5", lang=lang, **{"from": "int64", "to": "int8"})
        assert words in shown_text(at)
        at = open_page("memory", topic="dtypes", value="2", lang=lang, **{"from": "int64", "to": "int8"})
        assert words not in shown_text(at)


def test_a_new_storage_opens_with_its_own_shape_also_after_a_slider_was_moved() -> None:
    at = open_page("memory")
    at.slider(key="s0").set_value(2).run()
    at.text_input(key="st").input("3, 2").run()
    assert torch.equal(run_code(at)[0]["v"], torch.arange(6).reshape(3, 2))
    at = open_page("memory", st="3, 2", dims="1", s0="4", t0="1")
    assert run_code(at)[0]["v"].tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize("st", ["1, 8, 8", "1, 5, 5", "1, 1, 8", "8, 8, 1", "1", "5, 1, 12", "1, 1, 1"])
def test_a_stride_that_nobody_takes_may_be_any(st: str) -> None:
    at = open_page("memory", st=st)
    assert not at.error
    sizes = tuple(map(int, st.split(",")))
    made, _ = run_code(at)
    assert torch.equal(made["v"], torch.arange(math.prod(sizes)).reshape(sizes))
    assert MEMORY_TEXTS[Lang.EN].fitted not in shown_text(at)


@pytest.mark.parametrize("st", ["[]", "[[]]", "0, 3"])
def test_an_empty_storage_is_explained(st: str) -> None:
    at = open_page("memory", st=st)
    assert "at least one element" in at.error[0].value
    assert torch.equal(run_code(at)[0]["v"], torch.arange(12).reshape(3, 4))


@pytest.mark.parametrize("query", [{"dims": "1"}, {"s0": "1"}, {"s0": "1", "s1": "1"}, {"dims": "3"}])
def test_every_view_can_be_flipped(query: dict[str, str]) -> None:
    made, _ = run_code(open_page("memory", flip="true", **query))
    assert torch.equal(made["f"], made["v"].flip(0))


@pytest.mark.parametrize("bad", ["inf", "1e309", "nan", "\n# x"])
@pytest.mark.parametrize("key", ["num", "den"])
def test_numbers_that_are_none_are_explained(bad: str, key: str) -> None:
    at = open_page("memory", topic="dtypes", **{key: bad})
    assert f"{key}=" in at.warning[0].value
    assert "\n" not in at.warning[0].value
    run_code(at)


def test_what_the_page_says_of_numpy_is_so() -> None:
    with pytest.raises(RuntimeError, match="requires grad"):
        torch.ones(2, requires_grad=True).numpy()
    with pytest.raises(TypeError, match=r"Use Tensor.cpu\(\) to copy the tensor to host memory first"):
        torch.ones(2, device="meta").numpy()  # stands for any device but the CPU
    plain = torch.ones(2, requires_grad=True)
    assert plain.detach().numpy().ctypes.data == plain.data_ptr()
    for lang in Lang:
        said = load_lesson("memory", lang)["numpy"].body
        assert all(f"`{name}()`" in said for name in ("numpy", ".cpu", ".detach"))
        for grad in ("false", "true"):  # and where the page shows torch's refusal
            assert said in shown_text(
                open_page("memory", topic="sharing", way="numpy", agrad=grad, lang=lang)
            )
