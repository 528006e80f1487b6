"""The server's secret: the environment's, else the one that is kept with its data, else its own until it stops."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from lib.jobs.home import HOME
from lib.jobs.store import Store
from lib.ui import secret
from lib.ui.secret import VARIABLE, is_secret_kept, server_secret


@pytest.fixture(autouse=True)
def no_secret_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.delitem(HOME, "secret", raising=False)


def start(monkeypatch: pytest.MonkeyPatch, store: Store) -> bytes:
    """What a server signs with that has just been started with that store."""
    monkeypatch.setattr(secret, "get_manager", lambda: SimpleNamespace(store=store))
    HOME.pop("secret", None)
    found = server_secret()
    assert server_secret() == found
    store.close()
    return found


def test_it_outlives_the_server_that_has_a_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    first = start(monkeypatch, Store(tmp_path, 10_000_000))
    assert len(first) >= 32
    assert start(monkeypatch, Store(tmp_path, 10_000_000)) == first


def test_without_a_folder_each_server_has_another(monkeypatch: pytest.MonkeyPatch) -> None:
    assert start(monkeypatch, Store(None, 1)) != start(monkeypatch, Store(None, 1))


def test_whether_it_lasts_is_known(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    store = Store(tmp_path, 10_000_000)
    monkeypatch.setattr(secret, "get_manager", lambda: SimpleNamespace(store=store))
    assert is_secret_kept()
    store.close()
    assert not is_secret_kept()
    monkeypatch.setenv(VARIABLE, "of the whole school")
    assert is_secret_kept()
    assert server_secret() == b"of the whole school"
