"""How often something moved while it was closed: movements, and not the rows that tell them."""

from __future__ import annotations

import pytest
from laid_out import account, bundle, event

from hotwash.report import closures
from hotwash.report.statements import Library

SHUT = [event("aerodrome_closed", 0, subject_id="EPAA"), event("aerodrome_reopened", 90, subject_id="EPAA")]


def moved(kind, when, **more):
    return event(kind, when, subject_id="EPAA", **more)


def told(*rows):
    found = account(bundle(events=[*SHUT, *rows]))
    return found.closures["exceptions"][0], found


RADIO = {"by": "Radio", "source": "S-RADIO"}


@pytest.mark.parametrize(
    ("rows", "number"),
    [
        ([moved("landing", 30), moved("landing", 31, **RADIO)], 1),
        ([moved("landing", 30), moved("movement", 32, **RADIO)], 1),
        ([moved("landing", 30), moved("landing", 32)], 2),  # one log tells both
        ([moved("landing", 30), moved("departure", 31, **RADIO)], 2),
        ([moved("landing", 30), moved("landing", 36, **RADIO)], 2),
        ([moved("landing", 30, part="IN 12"), moved("landing", 31, part="IN 34", **RADIO)], 2),
    ],
)
def test_two_tellers_of_one_movement_some_minutes_apart_tell_one(rows, number):
    assert len(told(*rows)[0]) == number


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([moved("landing", 30, value=3.0)], "Three times, something moved"),
        ([moved("landing", 30, value=2.0), moved("departure", 50)], "Three times, something moved"),
        ([moved("landing", 30, value=2.0, relation="at_least")], "At least twice, something moved"),
        ([moved("landing", 30), moved("landing", 31, **RADIO)], "Once, something moved"),
    ],
)
def test_a_row_that_counts_several_movements_is_several(rows, said):
    _, found = told(*rows)
    _, small = closures.say_closure(found.closures.row(0, named=True), Library(found))
    assert said in small
