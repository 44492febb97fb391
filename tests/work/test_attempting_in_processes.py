"""Attempts side by side: the same as one after the other, and what breaks off leaves nothing half said."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hotwash.campaign.processes import Workers
from hotwash.errors import ReadError
from hotwash.ingest import recording_folder
from hotwash.model import schema, tables
from hotwash.model.recording import FOLDER_TABLES, Recording
from hotwash.store import attempts, centre, doctor
from hotwash.store.centre import Centre
from hotwash.work import attempting
from hotwash.work.attempting import AttemptRequest, PlayResult, Subject

NOW = datetime(2026, 5, 1, tzinfo=UTC)
ASKED = AttemptRequest("watch-airport", Subject("procedure", "rule-book"), "rule-book", (1, 2))
SCORES = schema.frame(tables.SCORES, [{"attempt_id": "x", "seat": "watch", "measure": "points", "value": 1.0}])


class Clock:
    """A clock that goes on a minute each time it is looked at."""

    def __init__(self) -> None:
        self.time_utc = NOW

    def __call__(self) -> datetime:
        self.time_utc += timedelta(minutes=1)
        return self.time_utc


class Pool:
    """Stands for processes: notes what is asked of it, and does it when its result is wanted."""

    def __init__(self, breaks_at: int | None = None, fault: BaseException | None = None) -> None:
        self.asked: list[int] = []
        self.breaks_at, self.fault = breaks_at, fault

    def submit(self, _: Any, __: AttemptRequest, ___: object, seed: int) -> Future[PlayResult]:
        self.asked.append(seed)
        found: Future[PlayResult] = Future()
        if seed == self.breaks_at:
            found.set_exception(self.fault)
        else:
            found.set_result(PlayResult(Recording(), SCORES))
        return found


def done(played: PlayResult) -> Future[PlayResult]:
    found: Future[PlayResult] = Future()
    found.set_result(played)
    return found


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Centre]:
    with centre.create(tmp_path / "centre", name="school", now_utc=NOW) as made:
        yield made


def workers_of(pool: Pool, many: int = 2) -> Workers:
    return Workers(many, pool)  # type: ignore[arg-type]


def test_watches_side_by_side_are_the_same_as_one_after_the_other(opened: Centre):
    alone = attempting.attempt(opened, ASKED, clock=Clock())
    with attempting.start_watch_workers(2) as two:
        together = attempting.attempt(opened, ASKED, clock=Clock(), workers=two)
    assert [one.seed for one in together] == [1, 2]
    held = attempts.scores(opened)
    for one, other in zip(alone, together, strict=True):
        scores = [held.filter(attempt_id=each.attempt_id).drop("attempt_id") for each in (one, other)]
        assert scores[0].equals(scores[1])
        assert scores[0].height > 20
        recordings = [recording_folder.read(opened.folder / each.recording) for each in (one, other)]
        for table in FOLDER_TABLES:
            frames = [getattr(each, table.name) for each in recordings]
            assert frames[0].equals(frames[1]), table.name
        assert recordings[0].scenario == recordings[1].scenario


@pytest.mark.parametrize("fault", [ReadError("watch", why="is gone"), KeyboardInterrupt()])
def test_what_breaks_leaves_all_that_had_begun_as_abandoned(opened: Centre, fault: BaseException):
    pool = Pool(breaks_at=2, fault=fault)
    with pytest.raises(type(fault)):
        attempting.attempt(opened, replace(ASKED, seeds=(1, 2, 3, 4, 5)), clock=Clock(), workers=workers_of(pool))
    rows = attempts.attempts(opened).sort("seed")
    assert rows.select("seed", "state").rows() == [(1, "finished"), (2, "abandoned"), (3, "abandoned")]
    assert pool.asked == [1, 2, 3]
    assert doctor.examine(opened) == ()


def test_one_that_was_left_early_is_abandoned_with_those_under_way(opened: Centre, monkeypatch: pytest.MonkeyPatch):
    pool = Pool()
    monkeypatch.setattr(pool, "submit", lambda *_: done(PlayResult(Recording(), SCORES, is_whole=False)))
    found = attempting.attempt(opened, replace(ASKED, seeds=(1, 2, 3)), clock=Clock(), workers=workers_of(pool))
    assert [one.is_whole for one in found] == [False, False]
    assert attempts.attempts(opened)["state"].to_list() == ["abandoned", "abandoned"]


LEFT_ALONE = """
import os, signal
from hotwash.campaign.processes import start_workers
if __name__ == "__main__":
    with start_workers(2) as workers:
        print(*(workers.pool.submit(os.getpid).result() for _ in range(2)), flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="this system has no such signal")
def test_processes_end_when_the_program_that_started_them_is_killed(tmp_path: Path):
    """They waited for work for ever, each with its simulator in memory."""
    script = tmp_path / "left_alone.py"
    script.write_text(LEFT_ALONE, encoding="utf-8")
    # Its standard output is the children's too: it ends with the last of them, not before.
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=60)
    assert done.returncode == -signal.SIGKILL
    assert len(done.stdout.split()) == 2


def test_no_more_are_under_way_than_there_are_processes(opened: Centre):
    under_way: list[int] = []

    class Counting(Pool):
        def submit(self, *given: Any) -> Future[PlayResult]:
            states = attempts.attempts(opened)["state"].to_list()
            under_way.append(states.count("started"))
            return super().submit(*given)

    attempting.attempt(opened, replace(ASKED, seeds=tuple(range(7))), clock=Clock(), workers=workers_of(Counting(), 3))
    assert max(under_way) == 3
    assert attempts.attempts(opened)["state"].to_list() == ["finished"] * 7


def test_each_is_written_down_as_started_before_it_is_handed_on(opened: Centre):
    class Looking(Pool):
        def submit(self, *given: Any) -> Future[PlayResult]:
            found = attempts.attempts(opened).filter(seed=given[-1])
            assert found["state"].to_list() == ["started"]
            return super().submit(*given)

    attempting.attempt(opened, ASKED, clock=Clock(), workers=workers_of(Looking()))


def test_what_is_flown_is_never_handed_to_another_process(opened: Centre, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(attempting, "_play", lambda *_: PlayResult(Recording(), SCORES))
    pool = Pool()
    pilot = replace(ASKED, exercise="abnormal-battery-low", policy="autopilot")
    attempting.attempt(opened, pilot, clock=Clock(), workers=workers_of(pool))
    assert pool.asked == []


def test_for_one_no_process_is_begun():
    with attempting.start_watch_workers(1) as nobody:
        assert nobody is None
