"""What outlives a server: closed, killed, on a full disk, on none."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.core.autograd.parallel import ParallelConfig
from lib.core.finetune.config import FinetuneConfig
from lib.core.training.as_of import AsOfConfig
from lib.core.training.closer import CloserConfig
from lib.core.training.config import TrainConfig
from lib.core.training.conv_block import ConvBlock
from lib.core.training.handwriting import HandwritingConfig
from lib.core.training.mnist_race import Entrant, MnistRaceConfig, Rule
from lib.core.training.reports import EpochReport, FinalReport, Picture, StepsReport
from lib.core.workflow.path import TextPath, WorkflowConfig
from lib.core.workflow.text import TokenizerKind
from lib.jobs import codec
from lib.jobs.codec import CodecError, decode, encode
from lib.jobs.log import RunLog
from lib.jobs.manager import RunManager
from lib.jobs.store import FILE, Store, StoredRun
from lib.jobs.views import Action, Reason, ReasonKind, RunStatus, RunView, UnknownRunError
from lib.jobs.work import WORK
from tests.jobs.conftest import MakeManager
from tests.jobs.waiting import LONG, is_over
from tests.jobs.works import AgainConfig, CountConfig

ROOT = Path(__file__).resolve().parents[2]
DIGITS = HandwritingConfig(images=bytes(784), labels=b"\x03", start={"1.weight": np.ones((2, 3), np.float32)})
CONFIGS: list[Any] = [
    TrainConfig(hidden=(3, 4), conv=(ConvBlock(4),), learning_rate=0.1 + 0.2),
    AsOfConfig(TrainConfig(), 37),
    CloserConfig(TrainConfig(), 120, 128, every=4, digit=bytes(784)),
    DIGITS,
    MnistRaceConfig((Entrant(Rule.ADAM, 0.001),)),
    ParallelConfig(8, 4),
    FinetuneConfig(labels=(10, 20), own=None),
    WorkflowConfig((TextPath(), TextPath(tokenizer=TokenizerKind.CHAR))),
]


@pytest.fixture(autouse=True)
def trusts_the_tests_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codec, "TRUSTED", (*codec.TRUSTED, "tests.jobs.works."))


def finished(manager: RunManager, config: CountConfig, owner: str, name: str | None = None) -> RunView:
    run_id = manager.submit(config, owner, name)
    manager.wait(run_id, is_over, LONG)
    return manager.snapshot(run_id)


def written(manager: RunManager) -> None:
    manager.tick()
    manager.store.flush()


def after_a_restart(make_manager: MakeManager, folder: Path) -> tuple[RunManager, str, str]:
    """A manager that has two runs of ann's in its file alone, with one log, and their ids."""
    before = make_manager(data_dir=folder)
    first, second = (finished(before, CountConfig(), "ann").id for _ in range(2))
    before.close()
    return make_manager(data_dir=folder), first, second


def assert_equal(one: RunView, other: RunView) -> None:
    for name in (
        "id",
        "number",
        "name",
        "config",
        "created",
        "status",
        "reason",
        "steps_done",
        "seconds",
        "shared",
    ):
        assert getattr(one, name) == getattr(other, name), name
    np.testing.assert_array_equal(one.losses, other.losses)
    assert one.epochs == other.epochs
    assert [shot.step for shot in one.pictures] == [shot.step for shot in other.pictures]
    assert len(one.reports) == len(other.reports)
    assert (one.final is None) == (other.final is None)
    if one.final is not None and other.final is not None:
        for name, values in one.final.weights.items():
            np.testing.assert_array_equal(values, other.final.weights[name])


class TestRuns:
    def test_a_restart_keeps_runs_their_numbers_and_their_links(
        self, make_manager: MakeManager, tmp_path: Path
    ) -> None:
        before = make_manager(data_dir=tmp_path)
        mine = finished(before, CountConfig(), "ann", "mine")
        shared = before.submit(CountConfig(), "bob")
        before.control(shared, "bob", Action.SKIP)
        stopped = before.submit(CountConfig(tag="endless", epochs=10_000), "ann")
        before.wait(stopped, lambda view: view.steps_done > 60, LONG)
        before.control(stopped, "ann", Action.STOP)
        going_on = before.submit(CountConfig(tag="on", epochs=10_000), "cid")
        before.wait(going_on, lambda view: view.steps_done > 0, LONG)
        before.close()
        ended = [before.snapshot(each) for each in (mine.id, shared, stopped, going_on)]
        after = make_manager(data_dir=tmp_path)
        for view in ended:
            assert_equal(after.snapshot(view.id), view)
        assert after.snapshot(going_on).reason == Reason(ReasonKind.SERVER_CLOSED)
        assert after.is_owner(mine.id, "ann")
        assert [view.number for view in after.runs_of("ann")] == [1, 2]
        again = after.submit(CountConfig(), "dan")
        assert after.snapshot(again).shared, "a training that is known is not done again"
        assert after.control(again, "dan", Action.SKIP).status is RunStatus.FINISHED
        third = finished(after, CountConfig(tag="third"), "ann")
        assert third.number == 3

    def test_renamed_and_removed(self, make_manager: MakeManager, tmp_path: Path) -> None:
        before = make_manager(data_dir=tmp_path)
        kept, gone = finished(before, CountConfig(), "ann"), finished(before, CountConfig(tag="b"), "bob")
        written(before)
        before.rename(kept.id, "ann", "later")
        before.remove(gone.id, "bob")
        before.close()
        after = make_manager(data_dir=tmp_path)
        assert after.snapshot(kept.id).name == "later"
        with pytest.raises(UnknownRunError):
            after.snapshot(gone.id)
        assert after.runs_of("bob") == ()

    def test_what_memory_forgets_the_file_keeps(self, make_manager: MakeManager, tmp_path: Path) -> None:
        manager = make_manager(data_dir=tmp_path, retention_bytes=1, tick_seconds=3600)
        first = finished(manager, CountConfig(), "ann")
        finished(manager, CountConfig(tag="b"), "bob")
        written(manager)
        assert manager.health().kept_runs == 1
        next_one = finished(manager, CountConfig(tag="c"), "ann")
        assert next_one.number == first.number + 1, "no number is given twice while the file has it"
        assert_equal(manager.snapshot(first.id), first)

    def test_who_asks_for_their_runs_has_those_that_memory_forgot(
        self, make_manager: MakeManager, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        manager = make_manager(data_dir=tmp_path, retention_bytes=1, tick_seconds=3600)
        mine = finished(manager, CountConfig(), "ann")
        finished(manager, CountConfig(tag="b"), "bob")
        written(manager)
        assert manager.runs_of("ann") == (), "not with each redraw"
        monkeypatch.setattr("lib.jobs.manager._AGAIN_SECONDS", 0.0)
        (again,) = manager.runs_of("ann")
        assert_equal(again, mine)
        manager.remove(mine.id, "ann")
        assert manager.runs_of("ann") == ()

    def test_what_is_forgotten_while_others_are_read_is_not_lost(
        self, make_manager: MakeManager, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = make_manager(data_dir=tmp_path)
        configs = [CountConfig(tag=tag, epochs=1, steps_per_epoch=5, weights=100_000) for tag in "abcdef"]
        ids = [finished(before, config, "ann").id for config in configs]
        before.close()
        after = make_manager(data_dir=tmp_path, retention_bytes=1_000_000, tick_seconds=3600)
        restore = after._restore

        def restore_while_the_house_is_kept(kept: StoredRun) -> None:
            restore(kept)
            after.tick()

        monkeypatch.setattr("lib.jobs.manager._AGAIN_SECONDS", 0.0)
        with monkeypatch.context() as patch:
            patch.setattr(after, "_restore", restore_while_the_house_is_kept)
            assert 0 < len(after.runs_of("ann")) < len(ids)
        assert [view.id for view in after.runs_of("ann")] == ids

    def test_a_stopped_run_whose_training_goes_on_is_not_forgotten(
        self, make_manager: MakeManager, tmp_path: Path
    ) -> None:
        manager = make_manager(data_dir=tmp_path, retention_bytes=1, tick_seconds=3600)
        endless = CountConfig(tag="endless", epochs=10_000)
        mine, other = manager.submit(endless, "ann"), manager.submit(endless, "bob")
        manager.wait(mine, lambda view: view.steps_done > 0, LONG)
        manager.control(mine, "ann", Action.STOP)
        manager.control(other, "bob", Action.PAUSE)
        finished(manager, CountConfig(tag="b"), "cid")
        finished(manager, CountConfig(tag="c"), "dan")
        manager.tick()
        assert [view.id for view in manager.runs_of("ann")] == [mine]
        manager.control(other, "bob", Action.STOP)
        until_written = time.monotonic() + LONG
        while manager.store.run(mine) is None:
            assert time.monotonic() < until_written
            written(manager)
            time.sleep(0.01)

    def test_nobody_waits_while_a_learners_runs_are_read(
        self, make_manager: MakeManager, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = make_manager(data_dir=tmp_path)
        ids = [finished(before, CountConfig(tag=tag), "ann").id for tag in "ab"]
        before.close()
        after = make_manager(data_dir=tmp_path)
        is_reading, may_go_on, read = threading.Event(), threading.Event(), after.store.log

        def read_slowly(key: str) -> bytes | None:
            is_reading.set()
            assert may_go_on.wait(LONG)
            return read(key)

        monkeypatch.setattr(after.store, "log", read_slowly)
        with ThreadPoolExecutor() as pool:
            of_ann = [pool.submit(after.runs_of, "ann") for _ in range(2)]
            assert is_reading.wait(LONG)
            try:
                assert finished(after, CountConfig(tag="c"), "bob").number == 1
                assert not any(each.done() for each in of_ann)
            finally:
                may_go_on.set()
            for each in of_ann:
                assert [view.id for view in each.result(LONG)] == ids

    def test_what_is_removed_while_it_is_read_stays_so(
        self, make_manager: MakeManager, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        after, gone, kept = after_a_restart(make_manager, tmp_path)
        listed = after.store.runs_of("ann")
        monkeypatch.setattr(after.store, "runs_of", lambda _: listed)
        after.remove(gone, "ann")
        assert [view.id for view in after.runs_of("ann")] == [kept]

    def test_what_is_removed_while_its_log_is_read_stays_so(
        self, make_manager: MakeManager, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        after, gone, kept = after_a_restart(make_manager, tmp_path)
        is_reading, may_go_on, read = threading.Event(), threading.Event(), after.store.log

        def read_slowly_at_first(key: str) -> bytes | None:
            if not is_reading.is_set():
                is_reading.set()
                assert may_go_on.wait(LONG)
            return read(key)

        monkeypatch.setattr(after.store, "log", read_slowly_at_first)
        # Whoever removes a run waits otherwise until it has been read: what is looked at afterwards is on trial here.
        monkeypatch.setattr(after, "_reading", nullcontext())
        with ThreadPoolExecutor() as pool:
            of_ann = pool.submit(after.runs_of, "ann")
            assert is_reading.wait(LONG)
            try:
                after.remove(gone, "ann")
            finally:
                may_go_on.set()
            assert [view.id for view in of_ann.result(LONG)] == [kept]

    def test_what_is_worked_out_again_is_not_written(self, make_manager: MakeManager, tmp_path: Path) -> None:
        manager = make_manager(data_dir=tmp_path)
        again = finished(manager, AgainConfig(), "ann as of")
        written(manager)
        assert manager.store.run(again.id) is None

    def test_pictures_may_be_thinned_while_they_are_written(self, monkeypatch: pytest.MonkeyPatch) -> None:
        log = RunLog()
        for step in range(40):
            log.append(step / 10, Picture(step, step - 1, 2.3, 1, 1, b"", b"", b"", True))
        before, seen = log.pictures.taken, []

        def look(pictures: Any, kept: Any) -> list[Picture]:
            seen.append(log.pictures.taken)
            return [each for each, is_kept in zip(pictures, kept, strict=True) if is_kept]

        monkeypatch.setattr("lib.jobs.pictures.thinned", look)
        assert log.pictures.make_small()
        assert seen == [before]
        assert len(log.pictures.taken) < 40

    def test_without_a_folder_nothing_is_written(self, make_manager: MakeManager) -> None:
        manager = make_manager()
        finished(manager, CountConfig(), "ann")
        written(manager)
        assert not manager.store.is_open
        assert manager.health().problems == ()


SERVER = """
import sys
from pathlib import Path
from lib.core.training.config import TrainConfig
from lib.jobs.manager import RunManager
from lib.jobs.settings import ManagerSettings
manager = RunManager(ManagerSettings(cpu_workers=2, data_dir=Path(sys.argv[1])))
run = manager.submit(TrainConfig(epochs=1, train_share=0.02), "ann", "mine")
manager.wait(run, lambda view: view.status.is_over, 120)
manager.store.put_learner("ann", "tray", b"digits")
active = [manager.submit(TrainConfig(epochs=50, seed=seed), str(seed)) for seed in range(1, 6)]
manager.wait(active[0], lambda view: view.steps_done > 0, 120)
manager.tick()
manager.store.flush()
print(run, *active, *manager.health().workers, flush=True)
input()
"""


def test_a_killed_server_leaves_finished_runs_and_no_process(
    make_manager: MakeManager, tmp_path: Path
) -> None:
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    run, *others = server.stdout.readline().split()
    from tests.jobs.test_server_death import wait_until_gone
    from tests.processes import ps

    active, workers = others[:5], [ps.Process(int(each)) for each in others[5:]]
    server.kill()
    server.wait()
    server.stdout.close()
    assert len(workers) == 2
    assert wait_until_gone(workers)
    after = make_manager(data_dir=tmp_path)
    view = after.snapshot(run)
    assert (view.status, view.name, view.steps_done) == (RunStatus.FINISHED, "mine", view.total_steps)
    assert view.final is not None
    assert after.store.learner("ann") == {"tray": b"digits"}
    for each in active:
        with pytest.raises(UnknownRunError):
            after.snapshot(each)
    finished(after, CountConfig(), "bob")
    after.tick()
    assert len(list(tmp_path.glob("shapelab-trainings-*"))) <= 1, (
        "the killed server's folder goes with the next need"
    )


class TestStore:
    def put(self, store: Store, number: int, size: int, log: str = "") -> list[int]:
        """Have a run kept; how large the logs were that were asked for, once that is written."""
        asked: list[int] = []

        def data() -> bytes:
            asked.append(size)
            return os.urandom(size)

        run = StoredRun(str(number), "ann", None, b"d", log or f"log {number}")
        store.put_run(run.id, lambda: run, data)
        return asked

    def test_its_size_is_bounded_the_oldest_go_first(self, tmp_path: Path) -> None:
        store = Store(tmp_path, 1_000_000)
        store.put_learner("bob", "shelf", b"w = randn(2)")
        for number in range(30):
            self.put(store, number, 100_000)
        store.flush()
        kept = [int(run.id) for run in store.runs_of("ann")]
        assert sorted(kept) == list(range(21, 30))
        assert store.learner("bob"), "runs go before what learners keep"
        store.close()
        assert sum(file.stat().st_size for file in tmp_path.iterdir()) < 1_600_000
        assert store.problem == ""

    def test_logs_are_kept_once_and_go_with_their_last_run(self, tmp_path: Path) -> None:
        store = Store(tmp_path, 1_000_000)
        asked = [self.put(store, number, 100_000, "one") for number in range(30)]
        store.flush()
        assert asked == [[100_000], *[[]] * 29], "a shared log is encoded once"
        log = store.log("one")
        assert log is not None
        assert len(log) == 100_000
        for number in range(29):
            store.delete_run(str(number))
        store.flush()
        assert store.run("29") is not None
        store.delete_run("29")
        store.flush()
        with sqlite3.connect(tmp_path / FILE) as connection:
            assert connection.execute("SELECT count(*) FROM logs").fetchone() == (0,)
        store.close()

    def room(self, store: Store, pages: int) -> None:
        store._write(
            "room", lambda connection: connection.execute(f"PRAGMA max_page_count = {pages}").close()
        )

    def test_a_full_disk_is_told_and_all_is_written_when_there_is_room(self, tmp_path: Path) -> None:
        store = Store(tmp_path, 10_000_000)
        store.put_learner("ann", "shelf", b"before")
        self.room(store, 20)
        for number in (1, 2):
            self.put(store, number, 1_000_000)
        store.put_learner("bob", "tray", bytes(200_000))
        store.flush()
        assert store.problem == "database or disk is full"
        assert store.runs_of("ann") == []
        assert store.learner("ann") == {"shelf": b"before"}
        store.put_learner("bob", "tray", b"newer")
        store.flush()
        assert store.learner("bob") == {"tray": b"newer"}
        assert store.problem == "database or disk is full", "two runs are not kept yet"
        store.delete_run("2")
        self.room(store, 10_000)
        store.flush()
        assert [run.id for run in store.runs_of("ann")] == ["1"], "what was removed meanwhile stays so"
        assert store.learner("bob") == {"tray": b"newer"}, "nothing older is written over it"
        assert store.problem == ""
        store.close()

    def test_a_full_disk_is_tried_again_when_nobody_writes(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("lib.jobs.store._AGAIN_SECONDS", 0.02)
        store = Store(tmp_path, 10_000_000)
        self.room(store, 20)
        tried = self.put(store, 1, 1_000_000)
        deadline = time.monotonic() + 60
        while len(tried) < 3 and time.monotonic() < deadline:
            time.sleep(0.01)
        store.close()
        assert len(tried) >= 3

    @pytest.mark.parametrize("kind", ["a file in its way", "no database", "another version"])
    def test_what_cannot_be_opened_is_told(
        self, make_manager: MakeManager, tmp_path: Path, kind: str
    ) -> None:
        folder = tmp_path / "data"
        if kind == "a file in its way":
            folder.write_text("no folder")
        else:
            folder.mkdir()
        if kind == "no database":
            (folder / FILE).write_bytes(b"no database" * 1000)
        if kind == "another version":
            with sqlite3.connect(folder / FILE) as connection:
                connection.execute("PRAGMA user_version = 99")
        manager = make_manager(data_dir=folder)
        assert finished(manager, CountConfig(), "ann").status is RunStatus.FINISHED
        assert manager.runs_of("bob") == ()
        (problem,) = manager.health().problems[:1]
        assert problem
        assert str(tmp_path) not in problem

    def test_read_only(self, tmp_path: Path) -> None:
        store = Store(tmp_path, 1_000_000)
        store._write("mode", lambda connection: connection.execute("PRAGMA query_only = 1").close())
        store.put_learner("ann", "shelf", b"x")
        store.flush()
        assert store.problem == "attempt to write a readonly database"
        assert store.learner("ann") == {}
        store.close()


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: (
        st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(st.text() | st.integers(), inner)
    ),
    max_leaves=12,
)


class TestCodec:
    @given(VALUES)
    def test_there_and_back(self, value: object) -> None:
        assert decode(encode(value)) == value

    @pytest.mark.parametrize("config", CONFIGS, ids=lambda config: type(config).__name__)
    def test_configs(self, config: Any) -> None:
        assert decode(encode(config)) == config
        assert decode(encode(config)).identity == config.identity

    def test_all_that_can_be_submitted(self) -> None:
        ours = {each for each in WORK if each.__module__.startswith("lib.")}
        assert ours == {type(config) for config in CONFIGS}

    def test_a_log(self) -> None:
        log = RunLog()
        log.append(0.5, StepsReport(0, np.array([1.0, np.nan, np.inf], np.float32), seconds=0.5, samples=30))
        for step in range(4):
            log.append(0.6, Picture(step, step - 1, float("nan"), 1, 1, b"\x00" * step, b"p", b"c", True))
        log.append(0.7, EpochReport(1, 3, 1.0, float("inf"), 5, 10, seconds=0.7))
        ones = np.ones((2, 2), np.float32)
        log.append(0.9, FinalReport({"1.weight": ones}, np.zeros(3, np.uint8), ones[0], ones[0]))
        back = RunLog.of_parts(decode(encode(log.parts())))
        assert (back.steps, back.seconds) == (log.steps, log.seconds)
        np.testing.assert_array_equal(back.losses(3), log.losses(3))
        assert repr(back.pictures.taken) == repr(log.pictures.taken)
        assert [shot.levels for shot in back.pictures.until(1)] == [b"", b"\x00", b"\x00" * 2, b"\x00" * 3]
        assert back.epochs(0.8) == log.epochs(0.8)
        assert back.samples_per_second(0.9, 3) == log.samples_per_second(0.9, 3)
        for seconds in np.linspace(0, 1, 21):
            assert back.steps_at(seconds) == log.steps_at(seconds)

    def test_what_is_not_ours_is_never_made(self) -> None:
        good = encode(TrainConfig())
        assert b"lib.core.training.config:TrainConfig" in good
        for name in (b"lib.core.mnist:load_mnist", b"subprocess:Popen", b"lib.corex.a:B"):
            plain = b'{"class": "%s", "fields": {}}' % name
            with pytest.raises(CodecError):
                decode(_npz(plain))
        for damaged in (b"", good[:50], good.replace(b"epochs", b"epochz"), b"\x80\x04N."):
            with pytest.raises(CodecError):
                decode(damaged)
        with pytest.raises(CodecError, match="cannot be kept"):
            encode(object())
        with pytest.raises(CodecError):
            encode(np.array([object()]))
        with pytest.raises(CodecError):
            decode(_npz(b'{"class": "lib.core.training.config:TrainConfig", "fields": {"epochs": -3}}'))


def _npz(plain: bytes) -> bytes:
    import io

    stream = io.BytesIO()
    np.savez(stream, json=np.frombuffer(plain, np.uint8))
    return stream.getvalue()
