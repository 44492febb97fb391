"""The example's lessons through the whole process: named first, flown, weighed, and moved by evidence alone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from hotwash import resources
from hotwash.errors import CentreError
from hotwash.export import files
from hotwash.model.lesson import Lesson
from hotwash.store import attempts, audit, centre, doctor, incidents, lessons, objectives, people
from hotwash.store.centre import Centre
from hotwash.work import account, attempting, example_recordings, loop, scoring
from hotwash.work.attempting import AttemptRequest, Subject
from hotwash.work.loop import LoopResult

NOW = datetime(2026, 5, 1, tzinfo=UTC)
HELD, FAILED = "L-SEARCH", "L-REOPEN"  # what our own programs make of them


@dataclass(frozen=True)
class Run:
    centre: Centre
    closed: LoopResult
    rows: pl.DataFrame
    told: list[float]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """The pilot's lesson and the aerodrome's, six seeds each; the clock goes on a second at each look."""
    time_utc = NOW
    told: list[float] = []

    def clock() -> datetime:
        nonlocal time_utc
        time_utc += timedelta(seconds=1)
        return time_utc

    def progress(_: str, share: float | None) -> None:
        told.extend([] if share is None else [share])

    folder = tmp_path_factory.mktemp("loop") / "centre"
    with (
        pytest.MonkeyPatch.context() as patched,
        centre.create(folder, name="Example", now_utc=NOW, example=loop.EXAMPLE) as made,
    ):
        patched.setattr(loop, "THREADS", tuple(one for one in loop.THREADS if one.lesson_id in (HELD, FAILED)))
        night = tmp_path_factory.mktemp("account")
        files.write_all(night, resources.example("poland-2025"))
        account.analyse(night, now_utc=NOW)
        closed = loop.run_loop(made, {"poland-2025": night}, clock=clock, progress=progress)
        yield Run(made, closed, attempts.attempts(made), told)


def lesson(run: Run, lesson_id: str) -> Lesson:
    return lessons.get_lesson(run.centre, lesson_id)


def results(run: Run) -> dict[str, str]:
    return {one.objective_id: one.result for one in run.closed.proofs}


def test_every_attempt_was_named_before_it_was_started_and_counts(run: Run):
    assert run.rows.height == 12
    assert run.rows.select((pl.col("named_utc") < pl.col("started_utc")).all()).item()
    assert run.rows["state"].unique().to_list() == ["finished"]
    assert run.rows["is_test"].all()
    named = {each for one in objectives.all_objectives(run.centre) for each in one.attempts}
    assert named == set(run.rows["attempt_id"]) == {one.attempt_id for one in run.closed.attempts}
    assert run.rows["subject_kind"].unique().to_list() == ["procedure"]


def test_every_attempt_has_its_recording_and_its_scores(run: Run):
    assert all((run.centre.folder / name).is_dir() for name in run.rows["recording"])
    assert set(attempts.scores(run.centre)["attempt_id"]) == set(run.rows["attempt_id"])


def test_one_holds_and_one_does_not_and_of_persons_nothing_is_known(run: Run):
    assert results(run) == {
        "keep-lane-without-fix": "HOLDS",
        "closed-in-vain-5-min": "DOES NOT HOLD",
        "closed-in-vain-5-min-persons": "NOT ENOUGH EVIDENCE",
    }


def test_what_held_was_learned_on_the_rows_of_its_attempts(run: Run):
    held = lesson(run, HELD)
    assert (held.stage, run.closed.stages[HELD]) == ("learned", "learned")
    weighed = next(move for move in held.history if move.stage == "validated")
    theirs = run.rows.filter(pl.col("objective_id") == "keep-lane-without-fix")["attempt_id"]
    assert {f"exercise:{one}" for one in theirs} == {row for row in weighed.rests_on if row.startswith("exercise:")}
    assert weighed.role == "validator"
    assert weighed.by not in {held.originator_id, *(one.owner_id for one in held.actions)}


def test_what_did_not_hold_is_reopened_with_its_action_and_says_why(run: Run):
    failed = lesson(run, FAILED)
    assert (failed.stage, run.closed.stages[FAILED]) == ("reopened", "reopened")
    assert all(one.state != "done" for one in failed.actions)
    assert "DOES NOT HOLD" in run.closed.reasons[FAILED]
    assert any(row.startswith("exercise:closed-in-vain") for row in failed.history[-1].rests_on)


def test_audit_and_doctor_find_nothing_wrong(run: Run):
    assert audit.audit(run.centre).faults == ()
    assert doctor.examine(run.centre) == ()


def test_each_lesson_names_the_night_it_came_from_and_no_person(run: Run):
    ids = {one.person_id for one in people.all_people(run.centre)} | {"originator"}  # a reporter is not told by id
    for one in (lesson(run, HELD), lesson(run, FAILED)):
        kept = incidents.get_account(run.centre, "poland-2025")
        assert any(seen.ref.startswith(f"{kept.folder}#") and seen.sha256 == kept.sha256 for seen in one.evidence)
        assert one.event.startswith("Drones over Poland")
        assert {move.by for move in one.history} <= ids


def test_what_a_program_gets_has_no_time_on_the_wall(run: Run):
    text = json.dumps(run.closed.flat())
    assert "2026-05" not in text
    assert "2027-05" not in text
    assert "_utc" not in text


def test_skills_are_shown_of_the_programs_that_were_tried_alone(run: Run):
    assert {row["subject_kind"] for row in run.closed.skills} == {"procedure"}
    shown = {row["skill"]: row["standing"] for row in run.closed.skills}
    assert shown["remote-pilot/fix-lost"] == "mastered"


def test_the_page_says_what_may_be_said(run: Run):
    html = Path(run.closed.page).read_text(encoding="utf-8")
    assert html.count("shown for the procedure, not for people") >= 3  # above, and in both sections of procedures
    assert html.count(">NOT ENOUGH EVIDENCE<") == 2  # in the table above, and in its own section
    kept = incidents.get_account(run.centre, "poland-2025")
    assert f'<a href="{kept.folder}/account.html#finds-F14">' in html
    assert html.count(">EXAMPLE · public<") == 2  # at the head and at the foot


def test_progress_never_goes_back(run: Run):
    assert run.told == sorted(run.told)
    assert 0.0 <= run.told[0] <= run.told[-1] <= 1.0


def test_a_centre_that_is_no_example_takes_no_recording_made_beforehand(tmp_path: Path):
    """What counts is flown after it was named: nobody may choose among recordings that lie there already."""
    (watched,) = (one for one in loop.THREADS if one.lesson_id == FAILED)
    with centre.create(tmp_path / "ours", name="Ours", now_utc=NOW) as made:
        request = AttemptRequest(watched.exercise, Subject("procedure", "x"), watched.policy, watched.seeds)
        with pytest.raises(CentreError, match="takes no recording that was made beforehand"):
            attempting.attempt(made, request, clock=lambda: NOW, replay=example_recordings.replay)
        assert attempts.attempts(made).is_empty()


def test_an_example_centre_says_so_on_its_page_and_stays_one(run: Run):
    assert "watch-airport with seeds 201 to 206" in loop.EXAMPLE
    with centre.open_(run.centre.folder) as opened:
        assert opened.example == loop.EXAMPLE
    assert loop.EXAMPLE in Path(run.closed.page).read_text(encoding="utf-8")


def test_a_watch_recorded_beforehand_is_scored_from_the_recording_that_the_centre_keeps(run: Run):
    rows = run.rows.filter(pl.col("exercise") == "watch-airport").sort("seed")
    first = rows.row(0, named=True)
    again = scoring.score_folder(run.centre.folder / first["recording"]).measured.scores
    kept = attempts.scores(run.centre).filter(pl.col("attempt_id") == first["attempt_id"])
    columns = ["measure", "task", "value", "result"]
    assert kept.select(columns).sort(columns).equals(again.select(columns).sort(columns))
