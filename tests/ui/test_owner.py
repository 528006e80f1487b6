"""What learners keep on the server: whatever a browser asks for, and whichever of their tabs puts it there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import streamlit as st

from lib.core.tensors.create import parse_creation
from lib.ui import owner, shelf

ANN, BOB = "a" * 22, "b" * 22


@pytest.fixture
def learner(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(owner, "owner_token", lambda: ANN)
    yield
    owner.learner_store().clear()


@pytest.mark.usefixtures("learner")
def test_a_browser_that_clears_all_caches_takes_nothing_from_anybody() -> None:
    kept = owner.learner_store()
    kept["tray"] = ["a digit"]
    st.cache_resource.clear()
    st.cache_data.clear()
    assert owner.learner_store() is kept


@pytest.mark.usefixtures("learner")
def test_two_tabs_have_one_shelf() -> None:
    """There is nothing of the shelf in a session: what another tab put there, or took away, is known at once."""
    shelf.put("t1", parse_creation("zeros(2)"))
    owner.learner_store()["shelf"] = {**owner.learner_store()["shelf"], "other": "ones(3)"}
    assert list(shelf.shelf()) == ["t1", "other"]
    shelf.put("t2", parse_creation("ones(4)"))
    assert list(shelf.shelf()) == ["t1", "other", "t2"]
    del owner.learner_store()["shelf"]["t1"]
    shelf.remove("other")
    assert [(name, made.expression) for name, made in shelf.shelf().items()] == [("t2", "ones(4)")]


def test_a_shelf_is_its_learners_own(monkeypatch: pytest.MonkeyPatch, learner: None) -> None:
    shelf.put("t1", parse_creation("zeros(2)"))
    monkeypatch.setattr(owner, "owner_token", lambda: BOB)
    assert shelf.shelf() == {}
    monkeypatch.setattr(owner, "owner_token", lambda: ANN)
    assert list(shelf.shelf()) == ["t1"]
