"""Ids as people type them: a number of this centre, a beginning, @last; never another lesson than the one meant."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hotwash.errors import CentreError
from hotwash.store import centre, typed_ids
from hotwash.store.centre import Centre
from hotwash.work import lessons

NOW = datetime(2026, 5, 1, tzinfo=UTC)


def report(opened: Centre, lesson_id: str, *, minutes: int = 0) -> None:
    request = lessons.StepRequest("submit", why="seen", changes={"title": lesson_id, "observation": "It was late."})
    lessons.report_observation(opened, request, now_utc=NOW + timedelta(minutes=minutes), lesson_id=lesson_id)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Centre]:
    with centre.create(tmp_path / "centre", name="school", now_utc=NOW) as made:
        for number, name in enumerate(("L-7K3MAB", "L-7K9QRS", "L-WARN", "L-2")):
            report(made, name, minutes=number)
        yield made


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("L-7K3MAB", "L-7K3MAB"),
        ("L-7K3", "L-7K3MAB"),
        ("7k9", "L-7K9QRS"),
        ("l-warn", "L-WARN"),
        ("L-1", "L-7K3MAB"),
        ("3", "L-WARN"),
        ("@last", "L-2"),
    ],
)
def test_a_lesson_is_found_by_what_people_type(opened: Centre, typed: str, meant: str):
    assert typed_ids.lesson_id(opened, typed) == meant


def test_an_id_that_looks_like_a_number_is_the_id(opened: Centre):
    assert typed_ids.lesson_id(opened, "L-2") == "L-2"
    assert typed_ids.lesson_id(opened, "2") == "L-7K9QRS"


def test_a_beginning_of_several_is_refused_with_the_candidates(opened: Centre):
    with pytest.raises(CentreError, match="L-7K3MAB, L-7K9QRS; type one more letter"):
        typed_ids.lesson_id(opened, "L-7K")


@pytest.mark.parametrize("typed", ["", "L-99", "%", "_", "L-%", "nothing", "' OR 1=1 --"])
def test_what_nobody_has_is_refused_and_no_sign_stands_for_any_letter(opened: Centre, typed: str):
    with pytest.raises(CentreError, match="there is no such lesson in this centre"):
        typed_ids.lesson_id(opened, typed)


def test_a_centre_without_attempts_has_no_last_one(opened: Centre):
    with pytest.raises(CentreError, match="there is no such attempt"):
        typed_ids.attempt_id(opened, "@last")


def test_a_lesson_has_a_number_in_its_centre(opened: Centre):
    assert typed_ids.local_number(opened, "L-WARN") == 3
    assert typed_ids.local_number(opened, "L-NONE") is None
