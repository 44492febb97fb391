"""Departures and arrivals counted apart, and sums whose parts may share flights: an invented evening at Porto."""

from __future__ import annotations

import pytest
import remarked
from laid_out import account, bundle, claim, event, question

from hotwash.model.questions import COUNT_UNITS, may_share_flights

AFFECTED = question("count", "flights_affected", subject_id="LPPR")


def told(name, kind, value, **more):
    return event(kind, low=0, high=200, value=float(value), subject_id="LPPR", **more) | {"event_id": name}


HELD = told("E-HELD", "arrival_held", 43)
DIVERTED = told("E-DIV", "diversion", 9, by="Airport", source="S-POLICE")
CANCELLED = told("E-CAN", "departure_cancelled", 5)


def found(*said, events, asked=AFFECTED):
    return account(bundle([asked], said, events=events))


@pytest.mark.parametrize(
    ("kind", "unit", "said"),
    [
        ("departure_cancelled", "departures_cancelled", "5 departures were cancelled"),
        ("arrival_cancelled", "arrivals_cancelled", "5 arrivals were cancelled"),
        ("departure_delayed", "departures_delayed", "5 departures were delayed"),
        ("arrival_delayed", "arrivals_delayed", "5 arrivals were delayed"),
        ("departure_held", "departures_held", "5 departures were held on the ground"),
        ("arrival_held", "arrivals_held", "5 arrivals were held in the air"),
        ("arrival_diverted", "arrivals_diverted", "5 arrivals were diverted"),
        ("departure_returned", "departures_returned", "5 departures turned back"),
        ("flight_held", "flights_held", "5 flights were held"),
        ("go_around", "go_arounds", "There were 5 go-arounds"),
    ],
)
def test_departures_and_arrivals_have_numbers_of_their_own(kind, unit, said):
    row = found(events=[told("E", kind, 5)], asked=question("count", unit)).conclusions.row(0, named=True)
    assert row["answer"].endswith(f"{said}, according to Tower.") or "LPPR: 5" in row["answer"]


@pytest.mark.parametrize(
    ("one", "other", "may"),
    [
        ("arrivals_held", "diversions", True),
        ("flights_delayed", "cancellations", True),
        ("departures_delayed", "departures_cancelled", True),
        ("diversions", "cancellations", False),
        ("arrivals_held", "departures_cancelled", False),
        ("diversions", "passengers", False),
        ("diversions", "diversions", False),
    ],
)
def test_a_flight_may_be_in_two_numbers_unless_it_cannot(one, other, may):
    assert may_share_flights(COUNT_UNITS[one], COUNT_UNITS[other]) is may


def test_a_sum_of_parts_that_may_share_flights_is_no_evidence():
    row = found(claim(52, parts=["E-HELD", "E-DIV"]), events=[HELD, DIVERTED]).findings.row(0, named=True)
    assert row["verdict"] == "uncorroborated"
    assert row["reason"].endswith(
        "Its parts may overlap: E-HELD and E-DIV may count the same flights: arrivals held in the air and diversions "
        "may be the same."
    )


@pytest.mark.parametrize("more", [{"parts_disjoint": True}, {}])
def test_parts_that_share_no_flight_are_evidence(more):
    second = DIVERTED if more else CANCELLED
    total = 43 + (9 if more else 5)
    said = claim(total, parts=["E-HELD", second["event_id"]], by="Radio", source="S-PAPER", **more)
    assert found(said, events=[HELD, second]).findings["verdict"].to_list() == ["supported"]


def test_such_a_sum_is_remarked_and_a_smaller_total_is_not_wrong():
    names = {"A": "arrival_held", "B": "diversion"}
    parts = [{"event_id": name, "kind": kind, "value": "9"} for name, kind in names.items()]
    for value, kinds in (("18", ["parts_overlap"]), ("11", ["parts_overlap"]), ("19", ["parts_overlap", "sum_wrong"])):
        total = {"event_id": "T", "kind": "flights_affected", "value": value, "parts": "A;B"}
        assert remarked.kinds(events=[*parts, total]) == kinds
    apart = {"event_id": "T", "kind": "flights_affected", "value": "18", "parts": "A;B", "parts_disjoint": "true"}
    assert remarked.kinds(events=[*parts, apart]) == []


def test_a_part_does_not_contradict_its_total():
    parts = [
        told("E1", "diversion", 1, unit="flights_affected"),
        told("E2", "departure_returned", 1),
        told("E3", "delay", 1, by="Nobody known", source="S-UNGRADED"),
    ]
    whole = claim(3, parts=["E1", "E2", "E3"], by="Radio", source="S-PAPER")
    for more in ({"parts_disjoint": True}, {}):
        made = found({**whole, **more}, events=parts)
        assert made.findings["verdict"].to_list() == ["uncorroborated"]
        row = made.conclusions.row(0, named=True)
        assert row["answer"] == "3 flights were affected, according to Radio alone; 1 of them, according to Tower."
        assert row["against"] is None
    alone = claim(3, by="Radio", source="S-PAPER")
    assert found(alone, events=parts).findings["verdict"].to_list() == ["contradicted"]
