"""Attempts in a centre: planned, begun, ended, and never half-written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from hotwash.errors import CentreError
from hotwash.model import schema
from hotwash.model.objective import Objective, Reference, Rule, Standard
from hotwash.model.tables import SCORES
from hotwash.model.trials import ATTEMPTS
from hotwash.store import attempts, folders, objectives, recordings
from hotwash.store.centre import Centre

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
PLAN = {
    "attempt_id": "A-1",
    "exercise": "bperp",
    "exercise_version": "1",
    "seat": "pilot",
    "subject_kind": "person",
    "subject_id": "P-1",
    "is_test": True,
    "objective_id": "O-1",
    "named_utc": NOON,
}
BEGUN = PLAN | {"started_utc": NOON + timedelta(minutes=5)}


def scored(attempt_id: str, value: float) -> pl.DataFrame:
    row = {"attempt_id": attempt_id, "seat": "pilot", "measure": "points", "value": value, "unit": "1", "result": "GO"}
    return schema.frame(SCORES, [row])


def test_an_attempt_is_planned_begun_and_finished_with_its_scores(centre: Centre):
    attempts.begin_attempt(centre, PLAN)
    attempts.begin_attempt(centre, BEGUN)
    attempts.finish_attempt(centre, "A-1", scores=scored("A-1", 9.0), ended_utc=NOON + timedelta(hours=1))
    (row,) = attempts.attempts(centre).to_dicts()
    assert (row["state"], row["named_utc"], row["ended_utc"]) == ("finished", NOON, NOON + timedelta(hours=1))
    assert attempts.scores(centre)["value"].to_list() == [9.0]
    assert attempts.scores(centre, ["time_s"]).is_empty()


def test_what_was_planned_is_what_is_flown(centre: Centre):
    attempts.begin_attempt(centre, PLAN)
    with pytest.raises(CentreError, match="flown as it was planned"):
        attempts.begin_attempt(centre, BEGUN | {"exercise_version": "2"})


def test_a_second_try_is_a_second_attempt(centre: Centre):
    attempts.begin_attempt(centre, BEGUN)
    with pytest.raises(CentreError, match="another attempt"):
        attempts.begin_attempt(centre, BEGUN)


def test_a_void_attempt_needs_an_instructor_and_a_reason(centre: Centre):
    attempts.begin_attempt(centre, BEGUN)
    attempts.abandon_attempt(centre, "A-1", ended_utc=NOON)
    with pytest.raises(CentreError, match="with a reason"):
        attempts.void_attempt(centre, "A-1", by="P-9", why=" ", now_utc=NOON)
    attempts.void_attempt(centre, "A-1", by="P-9", why="the link to the simulator failed", now_utc=NOON)
    row = attempts.attempts(centre).row(0, named=True)
    assert (row["state"], row["void_utc"]) == ("void", NOON)


def test_scores_of_a_stranger_leave_the_attempt_as_it_was(centre: Centre):
    attempts.begin_attempt(centre, BEGUN)
    with pytest.raises(CentreError, match="A-2"):
        attempts.finish_attempt(centre, "A-1", scores=scored("A-2", 1.0), ended_utc=NOON)
    assert attempts.attempts(centre)["state"].to_list() == ["started"]


def test_a_word_that_the_table_does_not_hold_is_refused(centre: Centre):
    with pytest.raises(CentreError, match="setting: dream is not one of exercise, field, inspection"):
        attempts.begin_attempt(centre, BEGUN | {"setting": "dream"})
    with pytest.raises(CentreError, match="unknown column"):
        attempts.begin_attempt(centre, BEGUN | {"mood": "good"})


def test_many_attempts_are_added_all_or_none(centre: Centre):
    rows = schema.frame(
        ATTEMPTS, [BEGUN | {"attempt_id": f"A-{n}", "state": "finished", "setting": "exercise"} for n in range(20)]
    )
    marks = pl.concat([scored(f"A-{n}", float(n)) for n in range(20)])
    attempts.add_many(centre, rows, marks)
    assert attempts.attempts(centre).equals(rows)
    assert attempts.scores(centre).equals(marks)
    with pytest.raises(CentreError, match="in this centre already"):
        attempts.add_many(centre, rows.tail(1), marks.tail(1))
    with pytest.raises(CentreError, match="not among"):
        attempts.add_many(centre, rows.head(0), marks.tail(1))
    assert attempts.attempts(centre).height == 20


def test_every_row_comes_back_as_it_was_put_in_however_many_are_read_at_once(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(attempts, "_ROWS_AT_ONCE", 2)
    rows = [
        BEGUN | {"attempt_id": f'{at} "Straße" \\ \x1f\n{at}', "setting": "exercise", "state": "started", "seed": seed}
        for at, seed in enumerate((None, 2**53 + 1, -7, 0))
    ]
    values = [0.1 + 0.2, 1.0 / 3.0, 5e-324, 1.7976931348623157e308]  # none survives fifteen digits
    given = schema.frame(ATTEMPTS, rows)
    marks = pl.concat([scored(str(row["attempt_id"]), value) for row, value in zip(rows, values, strict=True)])
    attempts.add_many(centre, given, marks)
    assert attempts.attempts(centre).equals(given)
    assert attempts.scores(centre).equals(marks)
    assert attempts.scores_in(centre, ["attempt_id", "value"], ["points"])["value"].to_list() == values


def test_the_newest_version_of_an_objective_counts(centre: Centre):
    first = Objective(
        "O-1", "L-1", "Warn in time", "procedure", "watch officer", "watch-night", "1", "watch",
        "first_detectable_to_warning", "s", Standard("at_most", 900.0), Rule(5), named_utc=NOON,
        reference=Reference(27_000.0, "s", rows=("claims:C-1",)),
    )  # fmt: skip
    second = Objective(**{name: getattr(first, name) for name in Objective.__slots__} | {"version": "2"})
    objectives.put_objective(centre, first)
    objectives.put_objective(centre, first)
    objectives.put_objective(centre, second)
    assert objectives.all_objectives(centre) == (second,)
    assert objectives.get_objective(centre, "O-1") == second
    with pytest.raises(CentreError, match="no such objective"):
        objectives.get_objective(centre, "O-2")


def test_a_recording_that_cannot_be_written_leaves_nothing(centre: Centre):
    def write(folder: Path) -> None:
        folder.mkdir()
        (folder / "truth.parquet").write_bytes(b"half")
        raise OSError(28, "No space left on device")

    with pytest.raises(CentreError, match="No space left"):
        recordings.keep_recording(centre, "A-1", write)
    assert not list((centre.folder / "recordings").iterdir())


def test_a_recording_gets_its_name_and_its_hash_when_it_is_whole(centre: Centre):
    def write(folder: Path) -> None:
        folder.mkdir()
        (folder / "truth.parquet").write_bytes(b"whole")

    place, digest = recordings.keep_recording(centre, "A-1", write)
    assert (centre.folder / place / "truth.parquet").read_bytes() == b"whole"
    assert digest == folders.hash_of(centre.folder / place)
    with pytest.raises(CentreError, match="never overwritten"):
        recordings.keep_recording(centre, "A-1", write)
    with pytest.raises(CentreError, match="cannot name a folder"):
        recordings.keep_recording(centre, "../A-2", write)
