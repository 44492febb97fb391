"""Stored scores are made anew from the hashed recordings, so that a changed one is seen whoever changed it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hotwash.store import attempts, centre
from hotwash.store.centre import Centre, raw_cursor
from hotwash.work import attempting
from hotwash.work.attempting import AttemptRequest, Subject
from hotwash.work.rescoring import rescore_attempts

NOW = datetime(2027, 2, 3, tzinfo=UTC)
ASKED = AttemptRequest("abnormal-battery-low", Subject("procedure", "autopilot"), "autopilot", (31,))


@pytest.fixture
def school(tmp_path: Path) -> Iterator[Centre]:
    """A centre with one flight by the autopilot."""
    with centre.create(tmp_path / "centre", name="escuela", now_utc=NOW) as made:
        attempting.attempt(made, ASKED, clock=lambda: NOW)
        yield made


def change(school: Centre, statement: str) -> None:
    """Change scores as hotwash itself would, so that the seals know of it."""
    with school.writing() as connection:
        assert raw_cursor(connection).execute(statement).rowcount


def test_the_scores_of_a_flight_are_those_of_its_recording(school: Centre):
    found = rescore_attempts(school)
    assert (found.rescored, found.without_recording, found.differences) == (1, 0, ())


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE scores SET value = value / 2 WHERE measure = 'points' AND task IS NULL", "points: value is stored as"),
        ("DELETE FROM scores WHERE measure = 'points' AND task IS NULL", "points is not stored"),
        ("UPDATE scores SET measure = 'grace' WHERE measure = 'points' AND task IS NULL", "points is not stored"),
        ("INSERT INTO scores (attempt_id, seat, measure) SELECT attempt_id, seat, 'grace' FROM attempts", "grace is"),
        ("DELETE FROM scores", "its scores are missing"),
        ("UPDATE attempts SET recording_hash = 'ab'", "is not the one that was stored"),
        ("UPDATE attempts SET recording = 'recordings/gone'", "its recording is missing"),
    ],
)
def test_scores_that_a_recording_does_not_give_are_named(school: Centre, statement: str, said: str):
    change(school, statement)
    (difference,) = rescore_attempts(school).differences
    assert said in difference.why


def test_scores_without_a_recording_are_counted_apart(school: Centre):
    rows, scores = attempts.attempts(school), attempts.scores(school)
    change(school, "UPDATE attempts SET recording = NULL, recording_hash = NULL")
    found = rescore_attempts(school)
    assert rows.height == 1 < scores.height
    assert (found.rescored, found.without_recording, found.differences) == (0, 1, ())
