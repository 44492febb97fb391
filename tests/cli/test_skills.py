"""`hotwash verify`, `objective`, `attempt` and `skills`: what they print, and how they end."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from hotwash.model import schema, tables
from hotwash.model.recording import Recording
from hotwash.store import centre
from hotwash.work import attempting

OBJECTIVE = """\
objective_id = "home"
lesson_id = "L-1"
title = "It comes home"
subject = "procedure"
exercise = "abnormal-battery-low"
exercise_version = "1"
seat = "pilot"
measure = "points"
unit = "points"
at_least = 8

[rule]
of_subjects = 6
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
    monkeypatch.setattr(attempting, "_played", lambda *_: attempting.Played(Recording(), scores))
    monkeypatch.setenv("HOTWASH_CENTRE", str(folder))
    return folder


def test_from_an_objective_to_a_lesson_that_holds(hotwash: Any, school: Path):
    assert hotwash("objective", "add", school.parent / "home.toml").code == 0
    assert hotwash("verify").code == 1
    assert "6 attempts are named" in hotwash("objective", "name", "home", *BY).out
    assert "10 points, GO" in hotwash("attempt", "abnormal-battery-low", *BY, "--objective", "home").out
    done = hotwash("verify")
    assert done.code == 0
    for said in ("HOLDS", "6 of 6", "0.81", "holds in this exercise", "not for people"):
        assert said in " ".join(done.out.split())


def test_a_program_gets_the_keys_that_were_promised(hotwash: Any, school: Path):
    hotwash("objective", "add", school.parent / "home.toml")
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
    assert "is no centre" in done.err


def test_objectives_are_listed_and_shown_as_their_text(hotwash: Any, school: Path):
    hotwash("objective", "add", school.parent / "home.toml")
    assert "It comes home" in hotwash("objective", "list").out
    assert "at_least = 8" in hotwash("objective", "show", "home").out


def test_a_person_is_never_flown_by_a_policy(hotwash: Any, school: Path):
    done = hotwash("attempt", "bperp", "--subject", "person:p1", "--policy", "autopilot", "--seeds", "1")
    assert done.code == 2
    assert "sits in no person's place" in done.err


def test_skills_are_shown_of_one_and_in_aggregate(hotwash: Any, school: Path):
    hotwash("attempt", "abnormal-battery-low", *BY, "--test")
    assert "mastered" in hotwash("skills", "show", "--subject", "procedure:autopilot").out
    assert "Come home on a battery" in hotwash("skills", "show").out
    assert hotwash("skills", "next", "--subject", "procedure:autopilot").out.startswith("Next: ")


def test_curricula_are_listed_and_shown(hotwash: Any):
    assert "watch-officer" in hotwash("skills", "curriculum").out
    assert "basic-flight version 1" in hotwash("skills", "curriculum", "remote-pilot").out
