"""What a centre proves: objectives from files, validation of lessons, and groups that are too small to be shown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from trying import flown

from hotwash.errors import CurriculumError, LessonError, ObjectiveError, ReadError
from hotwash.front.centres import load_curriculum, verify
from hotwash.lessons import process
from hotwash.lessons.objectives import parse, text_of
from hotwash.model import schema, tables
from hotwash.model.lesson import Evidence, RemedialAction
from hotwash.store import attempts, centre, lessons, people
from hotwash.store.centre import Centre
from hotwash.work import lessons as moving
from hotwash.work import verifying

NOW = datetime(2026, 6, 1, tzinfo=UTC)
OBJECTIVE = """\
objective_id = "warned"
lesson_id = "L-1"
title = "Warned in time"
subject = "procedure"
exercise = "night"
exercise_version = "1"
seat = "watch"
measure = "time_s"
unit = "s"
at_most = 900

[rule]
of_subjects = 6
share = 0.5
"""


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Centre]:
    with centre.create(tmp_path / "centre", name="school", now_utc=NOW) as made:
        yield made


def added(opened: Centre, tmp_path: Path, text: str = OBJECTIVE) -> None:
    (tmp_path / "o.toml").write_text(text, encoding="utf-8")
    verifying.add_objective(opened, tmp_path / "o.toml", now_utc=NOW, with_lesson=True)


def tried(opened: Centre, marks: str, **more: object) -> None:
    rows = flown(marks, **more)
    scores = [
        {"attempt_id": row["attempt_id"], "seat": "watch", "measure": "time_s", "unit": "s", **row["score"]}
        for row in rows
    ]
    given = [{key: value for key, value in row.items() if key != "score"} for row in rows]
    attempts.add_many(opened, schema.frame(tables.ATTEMPTS, given), schema.frame(tables.SCORES, scores))


def lesson(opened: Centre) -> tuple[str, str]:
    """Keep a lesson whose actions are done; return the ids of who reported it and of who can validate."""
    who, other = (people.add_person(opened, name, now_utc=NOW) for name in ("Ada", "Ben"))
    fields = {
        "title": "Late warning", "observation": "It came after 450 min, 15 were expected.",
        "discussion": "No rule said when.", "conclusion": "No rule.", "recommendation": "Write one.",
        "action_body": "the watch", "evidence": (Evidence("finding", "C-1"),),
        "actions": (RemedialAction("R1", "write a rule book", owner="the watch", state="done"),),
    }  # fmt: skip
    found = process.take_step(process.new_lesson("L-1"), "submit", by=who, role="originator", why="seen", when_utc=NOW,
                         changes=fields)  # fmt: skip
    for kind, role in (("accept", "lessons_manager"), ("draft", "analyst"), ("endorse", "authority"),
                       ("task", "authority"), ("implement", "action_body")):  # fmt: skip
        found = process.take_step(found, kind, by=who, role=role, why="so it is", when_utc=NOW)
    lessons.record_lesson(opened, found)
    return who, other


def validated(opened: Centre, by: str, **more: Path) -> str:
    moved = verifying.validate(
        opened, "L-1", by=by, why="weighed", now_utc=NOW, people=people.current_ids(opened), **more
    )  # fmt: skip
    assert lessons.get_lesson(opened, "L-1") == moved
    return moved.stage


def test_an_empty_centre_is_not_evaluated(opened: Centre):
    assert verify(opened, when_utc=NOW).exit_code == 2


def test_an_objective_is_kept_as_it_was_read(opened: Centre, tmp_path: Path):
    added(opened, tmp_path)
    (proof,) = verify(opened, when_utc=NOW).proofs
    assert (proof.objective_id, proof.result) == ("warned", "NOT ENOUGH EVIDENCE")


def test_a_file_names_no_attempts_and_changes_nothing_that_was_named(opened: Centre, tmp_path: Path):
    named = f"{OBJECTIVE}\n[window]\nattempts = ['a']\nnamed_utc = 2026-01-01T00:00:00Z\n"
    with pytest.raises(ObjectiveError, match="which records the time"):
        added(opened, tmp_path, named)
    with pytest.raises(ObjectiveError, match="no measure 'warned_s'"):
        added(opened, tmp_path, OBJECTIVE.replace("time_s", "warned_s"))
    with pytest.raises(ReadError):
        verifying.add_objective(opened, tmp_path / "missing.toml")


def test_an_objective_that_holds_validates_its_lesson(opened: Centre, tmp_path: Path):
    who, other = lesson(opened)
    added(opened, tmp_path)
    tried(opened, "++++++")
    with pytest.raises(LessonError, match="neither originator nor owner"):
        validated(opened, who)
    assert validated(opened, other) == "validated"


def test_an_objective_that_fails_reopens_its_lesson(opened: Centre, tmp_path: Path):
    _, other = lesson(opened)
    added(opened, tmp_path)
    tried(opened, "--++++")
    assert validated(opened, other) == "reopened"
    assert lessons.get_lesson(opened, "L-1").actions[0].state == "open"


@pytest.mark.parametrize("kind", ["validate", "fail_validation"])
@pytest.mark.parametrize("ref", ["exercise:A-17", "inspection:checklist.pdf", "field:2026-04-01"])
def test_nobody_names_evidence_by_hand_in_place_of_having_it_weighed(opened: Centre, kind: str, ref: str):
    """A lesson was learned by an inspection of which there was no file, no hash and no checklist."""
    _, other = lesson(opened)
    asked = moving.StepRequest(kind, by=other, role="validator", why="so I say", rests_on=(ref,))
    with pytest.raises(LessonError, match="hotwash validate L-1"):
        moving.take_step(opened, "L-1", asked, now_utc=NOW)


def test_a_lesson_without_evidence_moves_nowhere(opened: Centre):
    with pytest.raises(LessonError, match="has no evidence"):
        validated(opened, lesson(opened)[1])


def test_an_inspection_and_a_field_event_are_read_from_files(opened: Centre, tmp_path: Path):
    _, other = lesson(opened)
    found = tmp_path / "inspection.json"
    found.write_text(json.dumps({"document": "list.pdf", "sha256": "ab" * 32, "inspector_id": other,
                                 "checklist": [{"text": "the rule book is there", "is_met": True}]}))  # fmt: skip
    (tmp_path / "list.pdf").write_bytes(b"another checklist")
    with pytest.raises(ReadError, match="is another file"):
        validated(opened, other, inspection=found)
    (tmp_path / "list.pdf").unlink()
    assert validated(opened, other, inspection=found) == "validated"
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"event": "2026-05-30", "text": "warned after 400 min", "has_worked": False}))
    assert validated(opened, other, field=event) == "reopened"
    event.write_text("[]")
    with pytest.raises(ReadError, match="one JSON object"):
        validated(opened, other, field=event)


def test_groups_under_five_are_counted_and_not_shown():
    rows = [{"subject_kind": "person", "subject_id": f"p{number}", "skill": "s", "level": 1 + number // 5,
             "passes": 6, "trials": 6, "standing": "mastered", "rows": []} for number in range(9)]  # fmt: skip
    found = verifying.in_aggregate(schema.frame(tables.MASTERIES, rows))
    assert found.rows() == [("s", 1, 5, 5), ("s", 2, 4, None)]
    alone = [{**rows[0], "subject_kind": "procedure"}]
    assert verifying.in_aggregate(schema.frame(tables.MASTERIES, alone)).is_empty()


def test_advice_is_by_what_everybody_flew(opened: Centre):
    course = load_curriculum("remote-pilot")
    found = verifying.advise(opened, course, ("person", "p1"), goal="fix-lost", when_utc=NOW + timedelta(days=1))
    assert found is not None
    assert found.skill == "basic-control"
    with pytest.raises(CurriculumError, match="no such skill"):
        verifying.advise(opened, course, ("person", "p1"), goal="nothing", when_utc=NOW)


def test_every_measure_of_a_recording_may_be_asked_for():
    for name, unit in verifying.measures().items():
        text = OBJECTIVE.replace('"time_s"', f'"{name}"').replace('unit = "s"', f'unit = "{unit or "s"}"')
        found = parse(text, name="o.toml", measures=verifying.measures())
        assert parse(text_of(found), name="o.toml") == found


def test_a_curriculum_of_ones_own_is_read_from_a_file(tmp_path: Path):
    path = tmp_path / "own.toml"
    with pytest.raises(ReadError):
        load_curriculum(str(path))
    path.write_text("skills = 3", encoding="utf-8")
    with pytest.raises(CurriculumError):
        load_curriculum(str(path))
