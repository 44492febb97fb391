"""Looks of one night are not one look, and directions of one unit add up to it: a ferry strait."""

from __future__ import annotations

import pytest
from laid_out import account, at, bundle, event, question

from hotwash.model.questions import CountUnit

WAYS = tuple(
    CountUnit(name=f"aircraft_{way}", title=way, nouns=(f"aircraft {way}", f"aircraft {way}"))
    for way in ("northward", "southward")
)


def counted(value, unit, name, **more):
    row = event("aircraft_counted", low=0, high=240, **more)
    return {**row, "event_id": name, "value": float(value), "unit": unit, "is_running": False}


def kinds(laid):
    return account(laid).bundle_remarks["kind"].to_list()


@pytest.mark.parametrize("whole", [11, 12])
def test_directions_add_up_to_the_unit_that_their_names_go_on_from(whole):
    parts = counted(8, "aircraft_northward", "E1"), counted(3, "aircraft_southward", "E2")
    total = counted(whole, "aircraft", "E0", parts=["E1", "E2"])
    found = kinds(bundle([question("count", "aircraft")], events=[total, *parts], own_units=WAYS))
    assert "units_added" not in found
    assert ("sum_wrong" in found) == (whole != 11)


def sighting(name, minutes):
    return {
        "sighting_id": name,
        "role": "coast guard",
        "place": "Strait",
        "seen": "One.",
        "saw_nothing": False,
        "utc_low": at(minutes),
        "utc_high": at(minutes),
        "known_utc": at(minutes),
        "occasion_id": "O",
        "said_by": name,
        "source_id": "S-POLICE",
    }


@pytest.mark.parametrize(
    ("occasion", "is_remarked"),
    [
        ({"kind": "crossing"}, False),
        ({"kind": "sighting"}, True),
        ({"kind": "sighting", "utc_low": at(0), "utc_high": at(400)}, False),
    ],
)
def test_looks_hours_apart_are_remarked_only_where_the_occasion_is_one_look(occasion, is_remarked):
    told = {"occasion_id": "O", "text": "The strait.", "known_utc": at(0), "is_related": False, **occasion}
    laid = bundle(sightings=[sighting("G1", 20), sighting("G2", 190)], occasions=[told])
    assert ("hours_apart" in kinds(laid)) == is_remarked
