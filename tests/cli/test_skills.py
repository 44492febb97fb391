"""`hotwash verify`, `objective`, `attempt` and `skills`: what they print, and how they end."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from hotwash.errors import ReadError
from hotwash.model import schema, tables
from hotwash.model.recording import Recording
from hotwash.store import attempts, centre
from hotwash.terminal import app
from hotwash.work import attempting

OBJECTIVE = """\
objective_id = "home"
lesson_id = "L-1"
title = "It comes home"
subject = "procedure"
exercise = "abnormal-battery-low"
exercise_version = "2"
seat = "pilot"
measure = "points"
unit = "points"
at_least = 8

[rule]
of_subjects = 6
share = 0.5
"""
BY = ("--subject", "procedure:autopilot", "--policy", "autopilot", "--seeds", "1:6")


@pytest.fixture
def school(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A centre, the file of an objective beside it, and ten points for every flight without flying."""
    folder = tmp_path / "school"
    centre.create(folder, name="school", now_utc=datetime.now(UTC)).close()
    (tmp_path / "home.toml").write_text(OBJECTIVE, encoding="utf-8")
    row = {"attempt_id": "x", "seat": "pilot", "measure": "points", "value": 10.0, "unit": "points", "result": "GO"}
    scores = schema.frame(tables.SCORES, [row])
    monkeypatch.setattr(attempting, "_play", lambda *_: attempting.PlayResult(Recording(), scores))
    monkeypatch.setenv("HOTWASH_CENTRE", str(folder))
    return folder


def test_from_an_objective_to_a_lesson_that_holds(hotwash: Any, school: Path):
    assert hotwash("objective", "add", school.parent / "home.toml", "--with-lesson").code == 0
    assert hotwash("verify").code == 1
    assert "6 attempts are planned" in hotwash("objective", "plan", "home", *BY).out
    assert "10 points, GO" in hotwash("attempt", "abnormal-battery-low", *BY, "--objective", "home").out
    done = hotwash("verify")
    assert done.code == 0
    for said in ("HOLDS", "6 of 6", "0.57", "holds in this exercise", "not for people"):
        assert said in " ".join(done.out.split())


def test_a_program_gets_the_keys_that_were_promised(hotwash: Any, school: Path):
    hotwash("objective", "add", school.parent / "home.toml", "--with-lesson")
    (row,) = json.loads(hotwash("verify", "--json").out)["lessons"]
    promised = {"lesson_id", "result", "passes", "trials", "lower_90", "reference", "effect", "effect_low",
                "effect_high", "setting", "why", "rows"}  # fmt: skip
    assert promised <= set(row)
    assert (row["lesson_id"], row["result"]) == ("L-1", "NOT ENOUGH EVIDENCE")


def test_nothing_to_evaluate_ends_with_two(hotwash: Any, school: Path):
    assert hotwash("verify").code == 2


def test_a_folder_that_is_no_centre_is_refused(hotwash: Any, tmp_path: Path):
    done = hotwash("verify", "--centre", tmp_path)
    assert done.code == 2
    assert "is not a centre" in done.err


def test_objectives_are_listed_and_shown_as_their_text(hotwash: Any, school: Path):
    hotwash("objective", "add", school.parent / "home.toml", "--with-lesson")
    assert "It comes home" in hotwash("objective", "list").out
    assert "at_least = 8" in hotwash("objective", "show", "home").out


def person(hotwash: Any, name: str) -> str:
    return str(hotwash("lessons", "add-person", name).out.strip())


def test_a_person_is_never_flown_by_a_policy(hotwash: Any, school: Path):
    person(hotwash, "Anna Nowak")
    done = hotwash("attempt", "bperp", "--subject", "person:Anna Nowak", "--policy", "autopilot", "--seeds", "1")
    assert done.code == 2
    assert "sits in no person's place" in done.err


def test_who_is_not_of_the_centre_is_not_tried_so_that_no_name_stands_among_the_attempts(hotwash: Any, school: Path):
    done = hotwash("attempt", "watch-night", "--subject", "person:Anna Nowak")
    assert done.code == 2
    assert "hotwash lessons people" in done.err


def test_a_person_keeps_a_watch_in_a_terminal_only_and_nothing_begins_without_one(hotwash: Any, school: Path):
    person(hotwash, "Anna Nowak")
    done = hotwash("attempt", "watch-night", "--subject", "person:Anna Nowak")
    assert done.code == 2
    assert "stands a watch in a terminal" in done.err
    with centre.open_(school) as opened:
        assert attempts.attempts(opened).is_empty()


def test_a_watch_that_is_left_ends_with_1_and_tells_how_it_counts(
    hotwash: Any, school: Path, monkeypatch: pytest.MonkeyPatch
):
    left = attempting.PlayResult(Recording(), schema.empty(tables.SCORES), is_whole=False)
    monkeypatch.setattr(attempting, "_by_hand", lambda *_, **__: left)
    monkeypatch.setattr(app, "check_terminal", lambda: None)
    who = person(hotwash, "Anna Nowak")
    done = hotwash("attempt", "watch-night", "--subject", f"person:{who}", "--seeds", "1:3", "--test")
    assert done.code == 1
    assert "left before the end, so it is abandoned" in done.out
    assert "unless an instructor voids it: hotwash objective void" in done.out
    assert "1 attempt, kept for skills" in done.out  # none is begun after it
    told = json.loads(hotwash("attempt", "watch-night", "--subject", f"person:{who}", "--json").out)
    assert [(one["is_whole"], one["seed"]) for one in told["attempts"]] == [(False, 2)]  # a seed that is new here
    assert hotwash("doctor").code == 0


def test_without_seeds_what_was_named_and_is_left_is_flown(hotwash: Any, school: Path):
    hotwash("objective", "add", school.parent / "home.toml", "--with-lesson")
    hotwash("objective", "plan", "home", *BY)
    hotwash("attempt", "abnormal-battery-low", *BY[:4], "--seeds", "2:3", "--objective", "home")
    rest = hotwash("attempt", "abnormal-battery-low", *BY[:4], "--objective", "home", "--json")
    assert [one["seed"] for one in json.loads(rest.out)["attempts"]] == [1, 4, 5, 6]
    assert "no attempt planned" in hotwash("attempt", "abnormal-battery-low", *BY[:4], "--objective", "home").err


def test_what_was_kept_before_something_went_wrong_is_told(hotwash: Any, school: Path, monkeypatch: pytest.MonkeyPatch):
    scores = schema.frame(tables.SCORES, [{"attempt_id": "x", "seat": "pilot", "measure": "points", "value": 7.0}])

    def played(_: object, __: object, seed: int) -> attempting.PlayResult:
        if seed == 2:
            raise ReadError("lane", why="is gone")
        return attempting.PlayResult(Recording(), scores)

    monkeypatch.setattr(attempting, "_play", played)
    done = hotwash("attempt", "abnormal-battery-low", *BY)
    assert done.code == 2
    assert "points 7" in done.out
    assert "is gone" in done.err


def test_a_killed_attempt_is_settled_by_the_command_that_doctor_names(hotwash: Any, school: Path):
    row = {"attempt_id": "A-1", "exercise": "bperp", "exercise_version": "2", "seat": "pilot", "is_test": True,
           "subject_kind": "person", "subject_id": "P-1", "started_utc": datetime.now(UTC)}  # fmt: skip
    with centre.open_(school) as opened:
        attempts.begin_attempt(opened, row)
    (school / "recordings" / "A-1").mkdir()  # killed after its recording was kept, and before that was said
    found = hotwash("doctor")
    assert found.code == 1
    assert found.out.count("hotwash objective abandon A-1") == 2
    assert "recordings/A-1" in hotwash("objective", "abandon", "A-1").out
    assert hotwash("doctor").code == 0
    assert "is abandoned" in hotwash("objective", "abandon", "A-1").err


def test_an_attempt_is_voided_by_an_instructor_of_the_centre_and_never_by_who_was_tried(hotwash: Any, school: Path):
    tried, instructor = person(hotwash, "Anna Nowak"), person(hotwash, "Jan Kos")
    row = {"attempt_id": "A-1", "exercise": "bperp", "exercise_version": "2", "seat": "pilot", "is_test": True,
           "subject_kind": "person", "subject_id": tried, "started_utc": datetime.now(UTC)}  # fmt: skip
    with centre.open_(school) as opened:
        attempts.begin_attempt(opened, row)
    why = ("--why", "the wind was set wrongly")
    assert "nobody here" in hotwash("objective", "void", "A-1", "--by", "Somebody", *why).err
    assert "is your own attempt" in hotwash("objective", "void", "A-1", "--by", "Anna Nowak", *why).err
    assert hotwash("objective", "void", "A-1", "--by", "Jan Kos", *why).code == 0
    with centre.open_(school) as opened:
        assert attempts.attempts(opened)["void_by"].to_list() == [instructor]
    assert hotwash("doctor").code == 0


def test_skills_are_shown_of_one_and_in_aggregate(hotwash: Any, school: Path):
    hotwash("attempt", "abnormal-battery-low", *BY, "--test")
    assert "mastered" in hotwash("skills", "show", "--subject", "procedure:autopilot").out
    assert "Come home on a battery" in hotwash("skills", "show").out
    assert hotwash("skills", "next", "--subject", "procedure:autopilot").out.startswith("Next: ")


def test_curricula_are_listed_and_shown(hotwash: Any):
    assert "watch-officer" in hotwash("skills", "curriculum").out
    assert "basic-flight version 2" in hotwash("skills", "curriculum", "remote-pilot").out
