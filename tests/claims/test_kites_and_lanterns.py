"""Finds and sightings that were kites and sky lanterns: no uncrewed aircraft, and asked after by their own name."""

from __future__ import annotations

import pytest
from laid_out import account, bundle, claim, find, question

GRADES = {"S-POLICE": "B", "S-PAPER": "C"}


def conclusion(asked, *said, finds):
    laid = bundle([asked], said, finds=finds, grades=GRADES)
    return account(laid).conclusions.filter(question_id="Q").row(0, named=True)


@pytest.mark.parametrize(
    ("kind", "named"), [("kite", "a kite"), ("sky_lantern", "a sky lantern"), ("balloon", "a balloon")]
)
def test_a_find_that_is_no_aircraft_shows_itself_and_no_drone(kind, named):
    found = [find("F1", 0.97, object_kind=kind)]
    there = conclusion(question("presence", subject_id=kind), finds=found)
    assert there["answer"].startswith(f"There was {named}: 1 find shows it with a probability of 97")
    drone = conclusion(question("presence", text="Was there a drone?"), finds=found)
    assert "cannot be told" in drone["answer"] or drone["standing"] in ("open", "not_asked")


@pytest.mark.parametrize("kind", ["kite", "sky_lantern", "other"])
def test_what_was_no_aircraft_enters_no_count_of_finds(kind):
    asked = question("count", "finds")
    laid = bundle([asked], [claim(1, unit="finds")], finds=[find("F1", 0.9, object_kind=kind), find("F2", 1.0)])
    (row,) = account(laid).counts.filter(unit="finds").to_dicts()
    assert (row["low_90"], row["high_90"]) == (1, 1)
