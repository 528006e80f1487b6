"""After an upgrade of Streamlit: which of its private things that the explorer uses are gone, in plain words."""

from __future__ import annotations

import dataclasses
import inspect
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit
from streamlit.commands import execution_control
from streamlit.components.v2.bidi_component import main, serialization
from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.fragment import MemoryFragmentStorage
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.runtime import Runtime
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests, ScriptRequestType
from streamlit.runtime.scriptrunner_utils.script_run_context import (
    FragmentThreadState,
    ScriptRunContext,
    ThreadState,
)
from streamlit.runtime.session_manager import SessionInfo
from streamlit.runtime.state.session_state import SessionState
from streamlit.web.server.app_discovery import discover_asgi_app

from lib.ui.adapters import (
    callbacks,
    component_data,
    early_presses,
    frontend_chunks,
    history,
    kept_messages,
    late_downloads,
    late_runs,
    timers,
)
from lib.ui.door.files import ASSETS

ROOT = ASSETS.parent
FRONTEND = Path(streamlit.__file__).parent / "static"


@cache
def frontend() -> str:
    """All scripts that Streamlit sends to browsers."""
    return "\n".join(file.read_text("utf-8", errors="replace") for file in FRONTEND.rglob("*.js"))


def own_names() -> list[str]:
    """Names of Streamlit's parts that our style sheets speak of."""
    sheets = [*ASSETS.glob("*.css"), *ASSETS.glob("components/*/*.css")]
    text = "\n".join(sheet.read_text("utf-8") for sheet in sheets)
    names = re.findall(r'data-testid="(\w+)"', text) + re.findall(r"\.(st[A-Z]\w*)", text)
    return sorted(set(names))


@pytest.mark.parametrize("name", own_names())
def test_parts_that_our_styles_name(name: str) -> None:
    # Streamlit builds some names of parts: stBaseButton-primary is "stBaseButton-" and a kind.
    assert name.split("-")[0] in frontend(), (
        f"Streamlit's frontend no longer calls a part of it {name}: what assets/streamlit.css says of it is lost"
    )


def test_style_sheets_name_some_parts() -> None:
    assert {"stSidebar", "stMainBlockContainer", "stCaptionContainer"} <= set(own_names())


def test_where_the_theme_is_kept() -> None:
    found = re.search(r"=(\d+),\w+=`stActiveTheme-\$\{window\.location\.pathname\}`", frontend())
    assert (found[1] if found else None) == "2", (
        "Streamlit keeps the chosen theme under another key: the light/dark switch (frame/streamlit_theme.js) is dead"
    )


def test_handler_of_a_pages_errors_on_a_plain_host() -> None:
    fields = {field.name for field in dataclasses.fields(ScriptRunContext)}
    assert "on_script_error" in fields, (
        "a page's first error looks like Streamlit's own where there is no st.App"
    )
    assert "self._on_script_error" in inspect.getsource(AppSession), (
        "errors of fragments and callbacks look like Streamlit's own where there is no st.App"
    )
    assert "self._session_mgr" in inspect.getsource(Runtime)
    assert "session" in {field.name for field in dataclasses.fields(SessionInfo)}


def test_back_and_forward_are_told_from_links() -> None:
    fields = {field.name for field in dataclasses.fields(ScriptRunContext)}
    assert history.FLAG in fields, (
        "Streamlit no longer says whether a run answers Back or Forward: one press right after a preset may be "
        "taken for an address that the browser had not learnt yet (lib/ui/adapters/history.py)"
    )
    assert "isHistoryNavigation" in frontend(), "its frontend no longer tells the server of Back and Forward"


def test_runs_of_one_message_are_told_from_a_new_message() -> None:
    fields = {field.name for field in dataclasses.fields(ScriptRunContext)}
    broken = (
        "a page that runs again of its own accord cannot tell what it wrote itself from what the browser has learnt: "
        "a press may count twice, and a digit that was kept come back (lib/ui/adapters/history.py)"
    )
    assert history.MESSAGE in fields, broken
    assert "context_info=ctx.context_info" in inspect.getsource(execution_control), broken
    assert "contextInfo" in frontend(), broken


def test_callbacks_can_be_guarded() -> None:
    assert callable(getattr(SessionState, callbacks.METHOD, None)), (
        "Streamlit runs callbacks elsewhere: one that fails takes its page with it (lib/ui/adapters/callbacks.py)"
    )
    source = inspect.getsource(SessionState._call_callbacks) + inspect.getsource(
        SessionState._execute_widget_callback
    )
    assert callbacks.METHOD in source, "callbacks no longer pass the place where we guard them"


def test_nothing_of_a_late_run_is_lost() -> None:
    assert callable(getattr(AppSession, late_runs.METHOD, None)), (
        "Streamlit starts runs elsewhere: where a timer asks at the wrong moment, parts of a page are missing "
        "(lib/ui/adapters/late_runs.py)"
    )
    source = inspect.getsource(AppSession.request_rerun)
    assert f"self.{late_runs.METHOD}(rerun_data)" in source, "runs no longer begin where we make them wait"
    assert "sender is not self._scriptrunner" in inspect.getsource(
        AppSession._handle_scriptrunner_event_on_event_loop
    ), "Streamlit may have mended it: lib/ui/adapters/late_runs.py may go"


def test_browsers_are_referred_to_what_they_keep() -> None:
    broken = (
        "Streamlit refers to messages in another way: a slider that is moved to and fro may end its page "
        "(lib/ui/adapters/kept_messages.py)"
    )
    fields = {field.name for field in dataclasses.fields(ScriptRunContext)}
    assert {kept_messages.KEPT, kept_messages.STORAGE} <= fields, broken
    assert f"self.{kept_messages.KEPT} = frozenset(" in inspect.getsource(ScriptRunContext.reset), broken
    assert f"msg.hash in self.{kept_messages.KEPT}" in inspect.getsource(ScriptRunContext.enqueue), broken
    assert streamlit.get_option(kept_messages.OPTION) >= 2, broken
    assert "Cached ForwardMsg MISS" in frontend(), "its frontend may have mended it: kept_messages.py may go"


def test_downloads_outlive_their_button_for_a_while() -> None:
    source = inspect.getsource(MediaFileManager)
    for part in (
        late_downloads.METHOD,
        "_drop_deferred_id",
        "_deferred_callables",
        "_files_by_session_and_coord",
    ):
        assert part in source, (
            "Streamlit keeps files that are yet to be computed elsewhere: a download pressed in the moment of a "
            "redraw fails (lib/ui/adapters/late_downloads.py)"
        )


def test_a_press_counts_once() -> None:
    assert f"{early_presses.TIMED}=client_state.{early_presses.TIMED}" in inspect.getsource(
        AppSession.request_rerun
    ), (
        "Streamlit takes what timers send elsewhere: a press may count twice (lib/ui/adapters/early_presses.py)"
    )
    assert "pendingTriggerIds" in frontend(), "its frontend may have mended it: early_presses.py may go"
    fields = {field.name for field in WidgetState.DESCRIPTOR.fields}
    assert fields >= early_presses.PRESSES
    assert {name for name in fields if "trigger" in name or "chat" in name} == early_presses.PRESSES


@pytest.mark.parametrize("by_timer", [False, True])
def test_what_a_timer_sends_has_no_presses_in_it(monkeypatch: pytest.MonkeyPatch, by_timer: bool) -> None:
    taken: list[ClientState] = []

    def request_rerun(_: object, client_state: ClientState) -> None:
        taken.append(client_state)

    monkeypatch.setattr(AppSession, early_presses.METHOD, request_rerun)
    assert early_presses.count_presses_once()
    assert early_presses.count_presses_once(), "once is enough"
    asked = ClientState(is_auto_rerun=by_timer)
    asked.widget_states.widgets.add(id="step", trigger_value=True)
    asked.widget_states.widgets.add(id="done", json_trigger_value="[1]")
    asked.widget_states.widgets.add(id="slider", double_array_value={"data": [3.0]})
    getattr(AppSession, early_presses.METHOD)(None, asked)
    sent = [widget.id for state in taken for widget in state.widget_states.widgets]
    assert sent == (["slider"] if by_timer else ["step", "done", "slider"])
    getattr(AppSession, early_presses.METHOD)(None, None)  # what the server itself asks for


def test_a_fragments_timer_can_be_stopped() -> None:
    assert "stop_auto_rerun" in ForwardMsg.DESCRIPTOR.fields_by_name, (
        "at the end of a training the whole page runs again for each learner (lib/ui/adapters/timers.py)"
    )
    assert "handleStopAutoRerun" in frontend(), "its frontend no longer stops timers when told so"
    assert "fragment_id" in {field.name for field in dataclasses.fields(FragmentThreadState)}


def test_a_timer_is_stopped_by_its_fragments_id(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[ForwardMsg] = []
    context = SimpleNamespace(enqueue=sent.append)
    monkeypatch.setattr(timers, "get_script_run_ctx", lambda **_: context)
    monkeypatch.setattr(ThreadState, "get", lambda: SimpleNamespace(fragment_id="part"))
    assert timers.stop_timer()
    assert [list(message.stop_auto_rerun.fragment_ids) for message in sent] == [["part"]]
    monkeypatch.setattr(ThreadState, "get", lambda: SimpleNamespace(fragment_id=None))
    assert not timers.stop_timer(), "outside a fragment there is no timer"


def test_another_fragment_is_asked_for_by_its_key(monkeypatch: pytest.MonkeyPatch) -> None:
    storage, requests = MemoryFragmentStorage(), ScriptRequests()
    storage.register("id of it", lambda: None, target_key="part")
    context = SimpleNamespace(
        query_string="W=7",
        page_script_hash="page",
        cached_message_hashes=frozenset({"kept"}),
        context_info=None,
        fragment_storage=storage,
        script_requests=requests,
    )
    monkeypatch.setattr(timers, "get_script_run_ctx", lambda **_: context)
    assert timers.rerun_fragment("part")
    asked = requests.on_scriptrunner_yield()
    assert asked is not None, "the run that asks is to end at once"
    assert asked.type is ScriptRequestType.RERUN
    assert asked.rerun_data.fragment_id_queue == ["id of it"]
    assert (asked.rerun_data.query_string, asked.rerun_data.page_script_hash) == ("W=7", "page")
    assert not timers.rerun_fragment("another"), "the page runs again instead"
    monkeypatch.setattr(timers, "get_script_run_ctx", lambda **_: None)
    assert not timers.rerun_fragment("part"), "outside a page there is nothing to run"


def test_what_components_are_given_is_sent_without_pandas() -> None:
    why = "Streamlit looks otherwise at what it sends: it imports pandas (lib/ui/adapters/component_data.py)"
    assert f"{component_data.WHOLE}(data)" in inspect.getsource(main.BidiComponentMixin._bidi_component), why
    assert f"{component_data.PART}(value)" in inspect.getsource(
        serialization._extract_dataframes_from_dict
    ), why
    hashed = "Streamlit tells components apart by what they are given, key or not (the same adapter)"
    assert "key_as_main_identity=True" in inspect.getsource(main.BidiComponentMixin._bidi_component), hashed
    script = """
import sys
from lib.ui.adapters.component_data import send_as_it_is
assert send_as_it_is() and send_as_it_is()
from streamlit.components.v2.bidi_component import main, serialization
from streamlit.dataframe_util import DataFormat
assert main.determine_data_format("text") is DataFormat.UNKNOWN
assert not serialization.is_dataframe_like({"a": [1]}) and not serialization.is_dataframe_like([1, 2])
assert "pandas" not in sys.modules
import pandas
assert serialization.is_dataframe_like(pandas.DataFrame({"a": [1]}))
assert serialization.is_dataframe_like({"a": pandas.Series([1])})
assert main.determine_data_format(None) is DataFormat.EMPTY
from streamlit.proto.BidiComponent_pb2 import BidiComponent
named = dict(component_name="a", isolate_styles=True, width="stretch", height="content", default=None)
identity = main.BidiComponentMixin()._build_bidi_identity_kwargs(
    proto=BidiComponent(json='"text"'), data="text", **named
)
assert identity == named
"""
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)


def test_components_can_be_registered_from_files() -> None:
    assert callable(getattr(BidiComponentManager, "register_from_manifest", None)), (
        "on a host without st.App, components of several scripts do not load (lib/ui/adapters/component_files.py)"
    )


@pytest.mark.parametrize("name", frontend_chunks.FRAME + frontend_chunks.LESSON)
def test_scripts_that_are_fetched_early(name: str) -> None:
    found = frontend_chunks.script(name)
    assert found is not None, (
        f"Streamlit's frontend has no script {name} any more: its elements come late and jump"
    )
    assert found in frontend(), "it is not asked for by that name"


def test_what_scripts_import_is_fetched_early_too() -> None:
    files = frontend_chunks.scripts_of(("PageLink",))
    assert len(files) > 5
    assert all((frontend_chunks.SCRIPTS / file).exists() for file in files)


def test_the_door_is_found() -> None:
    found = discover_asgi_app(ROOT / "streamlit_app.py")
    assert (found.is_asgi_app, found.import_string) == (True, "streamlit_app:app"), (
        "`streamlit run` does not see st.App in streamlit_app.py: everything runs by its stand-in"
    )
