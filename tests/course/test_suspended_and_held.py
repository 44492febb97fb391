"""Traffic that is suspended is a closing in every place, and what did not move is no movement: a night in Bergen."""

from __future__ import annotations

import pytest
from laid_out import account, at, bundle, claim, event, question

PLACE = {"subject_id": "ENBR"}
CLOSED = event("aerodrome_closed", 10, **PLACE, occasion_id="O-1")
REOPENED = event("aerodrome_reopened", 50, **PLACE, occasion_id="O-1")
SUSPENDED = event("traffic_suspended", 200, **PLACE, occasion_id="O-2")
RESUMED = event("traffic_resumed", 230, **PLACE, occasion_id="O-2")


def answer(asked, *events, as_of_utc=None, claims=(), also=()):
    laid = bundle([asked, *also], claims, events=events, aerodromes=("ENBR",))
    return account(laid, as_of_utc=as_of_utc).conclusions.filter(question_id="Q")["answer"][0]


def test_a_suspension_of_traffic_is_counted_with_the_closings():
    told = CLOSED, REOPENED, SUSPENDED, RESUMED
    assert answer(question("count", "closures"), *told).startswith("There were 2 closures")
    assert answer(question("count", "closures"), SUSPENDED, RESUMED).startswith("There was 1 closure")
    assert answer(question("count", "aerodromes_closed"), SUSPENDED).startswith("1 aerodrome was closed")


def test_a_suspension_tells_when_the_aerodrome_was_closed():
    asked = question("time", "utc", subject_id="aerodrome_closed")
    assert answer(asked, SUSPENDED, RESUMED) == "ENBR was closed at 23:20, according to Tower."
    both = answer(asked, CLOSED, REOPENED, SUSPENDED, RESUMED)
    assert "20:10" in both
    assert "23:20" in both
    assert answer(question("time", "utc", subject_id="traffic_suspended"), CLOSED, SUSPENDED).startswith("Traffic at")


def test_a_suspension_that_became_a_closing_is_no_second_time_of_it():
    later = event("aerodrome_closed", 210, **PLACE, occasion_id="O-2")
    asked = question("time", "utc", subject_id="aerodrome_closed")
    assert answer(asked, SUSPENDED, later, RESUMED) == "ENBR was closed at 23:30, according to Tower."
    assert answer(question("count", "closures"), SUSPENDED, later, RESUMED).startswith("There was 1 closure")


@pytest.mark.parametrize("kind", ["departure_held", "landing_refused", "departures_cancelled"])
def test_a_movement_that_did_not_take_place_is_none(kind):
    told = CLOSED, REOPENED, event(kind, 20, **PLACE, value=4.0)
    assert "while closed" not in answer(question("status", subject_id="ENBR"), *told)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"value": 3.0}, "3 landings while closed"),
        ({"value": 2.0, "relation": "at_least"}, "at least 2 landings while closed"),
        ({}, "1 landing while closed"),
        ({"value": 180.0, "unit": "passengers"}, "1 landing while closed"),
    ],
)
def test_movements_while_closed_are_counted_by_their_number(told, said):
    status = question("status", subject_id="ENBR")
    assert answer(status, CLOSED, REOPENED, event("landing", 20, **PLACE, **told)).endswith(f"; {said}.")


def test_a_closing_without_an_end_lasts_since_then_and_no_0_minutes():
    asked = question("duration", "min", subject_id="ENBR closed in all")
    assert answer(asked, CLOSED) == "ENBR has been closed since 20:10, as far as anybody tells."
    status = question("status", subject_id="ENBR", question_id="Q-STATUS")
    seen = claim("closed", by="Police", source="S-POLICE", question_id="Q-STATUS", unit=None, said=95)
    assert answer(asked, CLOSED, claims=[seen], also=[status]) == (
        "ENBR has been closed since 20:10, as far as anybody tells; at least 1 h 25 min to 21:35, when Police told it "
        "to be so."
    )


def test_a_latest_time_is_rounded_up_and_the_end_of_a_minute_stays_in_it():
    asked = question("time", "utc", subject_id="first_violation")
    late = event("first_violation", low=None, high=31.5)
    assert "no later than 20:32" in answer(asked, late)
    whole = {**late, "utc_high": at(31)}
    assert "no later than 20:31" in answer(asked, whole)
