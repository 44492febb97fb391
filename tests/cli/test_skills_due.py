"""`hotwash skills due`: who should practise what again, of people only where they are named; never evidence."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hotwash.model import schema, tables
from hotwash.store import attempts, centre, people

NAMES = ("Anna", "Jan", "Olha", "Piotr", "Zofia")
SKILL = "remote-pilot/battery-low"


@pytest.fixture
def school(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A centre of five people; the first passed 100 days ago, each other later; the last passed today."""
    folder = tmp_path / "school"
    monkeypatch.setenv("HOTWASH_CENTRE", str(folder))
    now = datetime.now(UTC)
    rows, marks = [], []
    with centre.create(folder, name="school", now_utc=now) as made:
        for number, name in enumerate(NAMES):
            then = now - timedelta(days=100 - 25 * number)
            row = {"attempt_id": f"A-{number}", "exercise": "abnormal-battery-low", "exercise_version": "2",
                   "seat": "pilot", "subject_kind": "person", "subject_id": people.add_person(made, name, now_utc=now),
                   "is_test": number % 2 == 0, "state": "finished", "started_utc": then, "ended_utc": then,
                   "seed": number, "setting": "exercise"}  # fmt: skip
            rows.append(row)
            marks.append({"attempt_id": f"A-{number}", "seat": "pilot", "measure": "points", "value": 10.0,
                          "unit": "points", "result": "GO"})  # fmt: skip
        attempts.add_many(made, schema.frame(tables.ATTEMPTS, rows), schema.frame(tables.SCORES, marks))
    return folder


def test_one_who_passed_long_ago_is_due_and_one_who_passed_today_is_not(hotwash: Any, school: Path):
    anna = hotwash("skills", "due", "--subject", "person:Anna")
    assert anna.code == 0
    for said in ("DUE", "Come home on a battery", "abnormal-battery-low", "rule of thumb", "not evidence of skill"):
        assert said in anna.out
    zofia = hotwash("skills", "due", "--subject", "person:Zofia")
    assert "soon" in zofia.out
    assert "DUE" not in zofia.out
    assert "Nothing" in hotwash("skills", "due", "--subject", "person:Zofia", "--within-days", "3").out


def test_an_instructor_names_those_who_are_theirs_and_the_longest_due_comes_first(hotwash: Any, school: Path):
    asked = ("--subject", "person:Zofia", "--subject", "person:Anna", "--json")
    told = json.loads(hotwash("skills", "due", *asked).out)
    assert "not evidence" in told["label"]
    assert [(row["skill"], row["is_due"]) for row in told["due"]] == [(SKILL, True), (SKILL, False)]


def test_practice_counts_for_the_calendar_though_never_for_skills(hotwash: Any, school: Path):
    assert "untried" in hotwash("skills", "show", "--subject", "person:Jan").out
    assert "DUE" in hotwash("skills", "due", "--subject", "person:Jan").out


def test_without_a_name_people_are_counted_and_nobody_is_told(hotwash: Any, school: Path):
    done = hotwash("skills", "due", "--json")
    (row,) = json.loads(done.out)["skills"]
    assert (row["skill"], row["people"], row["due"]) == (SKILL, 5, 4)
    assert "P-" not in done.out


def test_fewer_than_five_are_not_shown(hotwash: Any, school: Path):
    with centre.open_(school) as opened:
        attempts.void_attempt(opened, "A-0", by="P-instructor", why="the wrong airframe", now_utc=datetime.now(UTC))
    (row,) = json.loads(hotwash("skills", "due", "--json").out)["skills"]
    assert (row["people"], row["due"]) == (None, None)
    assert "fewer than 5" in hotwash("skills", "due").out


def test_who_is_not_of_the_centre_is_refused(hotwash: Any, school: Path):
    assert hotwash("skills", "due", "--subject", "person:Nobody").code == 2
