"""Whether "closed" is true of a field that was restricted while its runway was closed: an alpine field."""

from __future__ import annotations

import pytest
from laid_out import account, at, bundle, claim, event, question

STATUS = question("status", subject_id="LOWX")
RUNWAY = [("runway_closed", 20, "08/26"), ("runway_reopened", 50, "08/26")]
RESTRICTED = [("aerodrome_restricted", 5, None), ("restriction_lifted", 70, None)]


def told(*rows):
    return [
        event(kind, minute, by="Log", source="S-LOG", subject_id="LOWX", part=part, event_id=f"{kind}-{minute}")
        for kind, minute, part in rows
    ]


def judged(value, low, high=None, *, rows=(*RESTRICTED, *RUNWAY), **more):
    said = claim(value, by="Gazette", source="S-GAZETTE", at_utc_low=at(low), at_utc_high=at(high or low), **more)
    laid = bundle([STATUS], [said], events=told(*rows), grades={"S-LOG": "A", "S-GAZETTE": "C"})
    return account(laid).findings.row(0, named=True)


@pytest.mark.parametrize("rows", [RUNWAY, (*RESTRICTED, *RUNWAY)])
def test_closed_is_compatible_with_a_closed_runway_restricted_or_not(rows):
    found = judged("closed", 30, rows=rows)
    assert found["verdict"] == "compatible"
    assert "unway 08/26 of LOWX was closed" in found["reason"]


def test_closed_is_contradicted_while_only_the_restriction_was_in_force():
    found = judged("closed", 60)
    assert (found["verdict"], "unway" in found["reason"]) == ("contradicted", False)


def test_a_span_in_part_of_which_the_runway_was_closed_may_be_called_closed_unless_all_of_it_is_meant():
    assert judged("closed", 5, 70)["verdict"] == "compatible"
    assert "some of the time" in judged("closed", 5, 70)["reason"]
    assert judged("closed", 5, 70, is_throughout=True)["verdict"] == "contradicted"


def test_a_runway_of_which_nobody_tells_the_reopening_leaves_it_open():
    found = judged("closed", 100, rows=(*RESTRICTED, ("runway_closed", 80, "08/26")))
    assert (found["verdict"], "nobody tells until when runway 08/26" in found["reason"]) == ("not_testable", True)


def test_open_between_two_restrictions_is_said_by_the_one_before_and_the_one_after():
    later = [("aerodrome_restricted", 100, None), ("restriction_lifted", 120, None)]
    found = judged("open", 85, rows=(*RESTRICTED, *later))
    assert found["verdict"] == "supported"
    until, again = (f"{at(minute):%Y-%m-%d %H:%M} UTC" for minute in (70, 100))
    assert f"it was restricted until {until} and again from {again}" in found["reason"]
