"""Statements on different questions: one number in two units, and a start, an end and a length that do not fit."""

from __future__ import annotations

import pytest
from laid_out import account, bundle, claim, clock, question

from hotwash.model import tables
from hotwash.model.incident import Interval
from hotwash.model.schema import drift

CLOSURE = Interval("closure", "aerodrome_closed", "aerodrome_reopened", from_subject="EPAA", to_subject="EPAA")
START = question("time", "utc", question_id="QS", subject_id="aerodrome_closed", event_subject_id="EPAA")
END = question("time", "utc", question_id="QE", subject_id="aerodrome_reopened", event_subject_id="EPAA")
LENGTH = question("duration", "min", question_id="QD", subject_id="closure", about_amount=15.0)


def closed(*claims):
    named = [{**row, "claim_id": f"C{number}"} for number, row in enumerate(claims)]
    frame = account(bundle([START, END, LENGTH], named, intervals=[CLOSURE])).contradictions
    assert drift(frame, tables.CONTRADICTIONS) == []
    return frame.to_dicts()


def starts(minute, by):
    return claim(clock(minute), by=by, source=f"S-{by}", question_id="QS")


def ends(minute, by):
    return claim(clock(minute), by=by, source=f"S-{by}", question_id="QE")


def lasts(minutes, by, relation="exactly"):
    return claim(minutes, relation, by=by, source=f"S-{by}", question_id="QD")


def test_a_start_an_end_and_a_length_that_do_not_fit_are_named_all_three():
    # 20:26 to 00:30 is 244 min; the paper's 180 min fit neither that nor anything else that is told.
    (row,) = closed(starts(26, "Tower"), ends(270, "Airport"), lasts(180, "Paper"))
    assert (row["claim_id"], row["other_claim_id"], row["third_claim_id"]) == ("C2", "C0", "C1")
    assert (row["question_id"], row["unit"], row["is_unit_drift"]) == ("QD", "min", False)
    assert row["gap"] == 62.5  # each time is told to the minute, and so is the length
    assert row["text"] == (
        "180 min (Paper) fits neither the start 2026-03-12 20:26 UTC (Tower) with the end 2026-03-13 00:30 UTC "
        "(Airport) nor any other that is told: from one to the other it is 243 min to 245 min"
    )


@pytest.mark.parametrize(("minutes", "relation"), [(244, "exactly"), (240, "about"), (180, "at_least")])
def test_a_length_that_fits_is_none(minutes, relation):
    assert closed(starts(26, "Tower"), ends(270, "Airport"), lasts(minutes, "Paper", relation)) == []


def test_a_length_that_fits_one_of_the_ends_told_is_none():
    rows = closed(starts(26, "Tower"), ends(270, "Airport"), ends(206, "Police"), lasts(180, "Paper"))
    assert [row["third_claim_id"] for row in rows] == [None]  # the two ends exclude one another, the length does not


def test_a_speaker_whose_own_three_do_not_fit_is_found_though_others_fit():
    own = starts(26, "Police"), ends(270, "Police"), lasts(180, "Police")
    rows = closed(*own, ends(206, "Airport"))
    (row,) = [row for row in rows if row["third_claim_id"]]
    assert row["is_same_speaker"]
    assert row["text"] == (
        "180 min, the start 2026-03-12 20:26 UTC and the end 2026-03-13 00:30 UTC (Police) do not fit together: "
        "from one to the other it is 243 min to 245 min"
    )


# ---------------------------------------------------------------- one number in two units

DIVERTED = question("count", "diversions", question_id="Q1")
AFFECTED = question("count", "flights_affected", question_id="Q2")


def drifts(*claims):
    named = [{**row, "claim_id": f"C{number}"} for number, row in enumerate(claims)]
    rows = account(bundle([DIVERTED, AFFECTED], named)).contradictions.filter(is_unit_drift=True).to_dicts()
    return [(row["claim_id"], row["other_claim_id"], row["text"]) for row in rows]


def diverted(value, by, **more):
    return claim(value, by=by, source=f"S-{by}", question_id="Q1", unit="diversions", said=10, **more)


def affected(value, by, **more):
    return claim(value, by=by, source=f"S-{by}", question_id="Q2", unit="flights_affected", said=200, **more)


def test_one_number_in_two_units_on_two_questions_is_drift():
    said = "23 diversions (Tower) and 23 flights affected (Paper): the same number in two units"
    assert drifts(diverted(23, "Tower"), affected(23, "Paper")) == [("C0", "C1", said)]


def test_a_small_number_drifts_only_where_one_speaker_repeats_the_other():
    assert drifts(diverted(3, "Tower"), affected(3, "Paper")) == []
    assert len(drifts(diverted(3, "Tower"), affected(3, "Paper", derived_from=["Tower"]))) == 1


def test_who_tells_the_number_in_both_units_means_two_numbers():
    assert drifts(diverted(23, "Tower"), affected(23, "Tower"), affected(23, "Paper")) == []


@pytest.mark.parametrize("relation", ["about", "at_least"])
def test_only_exact_numbers_drift(relation):
    assert drifts(diverted(23, "Tower"), affected(23, "Paper", relation=relation)) == []


def test_a_number_that_was_given_up_drifts_no_more():
    later = {**affected(40, "Paper"), "supersedes": ["C1"]}
    assert drifts(diverted(23, "Tower"), affected(23, "Paper"), later) == []
