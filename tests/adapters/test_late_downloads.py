"""A download whose button was drawn anew while the press was under way is still there; later it is forgotten."""

from __future__ import annotations

import pytest
from streamlit.runtime import media_file_manager
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.media_file_storage import MediaFileStorageError
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from lib.ui.adapters import late_downloads
from lib.ui.adapters.late_downloads import METHOD, keep_late_downloads


@pytest.fixture
def manager(monkeypatch: pytest.MonkeyPatch) -> MediaFileManager:
    """Streamlit's own, as it is in a process that keeps late downloads."""
    monkeypatch.setattr(MediaFileManager, METHOD, _unwrapped())
    monkeypatch.setattr(media_file_manager, "_get_session_id", lambda: "tab")
    assert keep_late_downloads()
    assert keep_late_downloads(), "once is enough"
    return MediaFileManager(MemoryMediaFileStorage("/media"))


def _unwrapped() -> object:
    method = getattr(MediaFileManager, METHOD)
    return getattr(method, "__wrapped__", method)


def drawn(manager: MediaFileManager, data: bytes) -> str:
    """The name under which a button's file can be asked for, after the run that has drawn it."""
    manager.clear_session_refs()
    name = manager.add_deferred(lambda: data, "text/plain", "0,1", element_id="button")
    manager.remove_orphaned_files()
    return name


def test_a_press_that_was_under_way_finds_its_file(
    manager: MediaFileManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = drawn(manager, b"first")
    second = drawn(manager, b"second")
    assert manager.execute_deferred(first) != manager.execute_deferred(second)
    monkeypatch.setattr(late_downloads, "KEPT_SECONDS", 0.0)
    manager.remove_orphaned_files()
    with pytest.raises(MediaFileStorageError):
        manager.execute_deferred(first)
    assert manager.execute_deferred(second)  # its button is there


def test_without_streamlits_lists_it_does_as_before(
    manager: MediaFileManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(late_downloads, "_without_button", lambda manager: manager.nothing_of_the_kind)
    first = drawn(manager, b"first")
    drawn(manager, b"second")
    with pytest.raises(MediaFileStorageError):
        manager.execute_deferred(first)
