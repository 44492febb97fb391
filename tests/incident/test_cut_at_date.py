"""An account as of a date: known_utc alone decides."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from laid_out import account, assumption, at, bundle, claim, event, find, origin, question

from hotwash.model import tables
from hotwash.model.schema import drift

COUNT = question("count", "airframes")
FAR_FUTURE = datetime(2999, 1, 1, tzinfo=UTC)


def left(found):
    assert drift(found.left_out, tables.LEFT_OUT) == []
    return {(row["table"], row["row_id"]): row["why"] for row in found.left_out.to_dicts()}


def test_of_a_find_the_assessment_that_held_at_the_date_counts():
    history = [find("F1", 0.9, known_utc=at(10)), find("F1", 0.2, known_utc=at(20)), find("F1", 0.1, known_utc=at(30))]
    laid = bundle(finds=[history[2], history[0], history[1]])
    means = [account(laid, as_of_utc=at(m)).counts.filter(unit="finds")["mean"].to_list() for m in (5, 10, 25, 30)]
    assert means == [[], [0.9], [0.2], [0.1]]
    assert account(laid).counts.filter(unit="finds")["mean"][0] == 0.1


def test_an_assessment_without_a_date_is_the_oldest():
    laid = bundle(finds=[find("F1", 0.2, known_utc=at(20)), find("F1", 0.9, known_utc=None)])
    assert account(laid).counts.filter(unit="finds")["mean"][0] == 0.2


def test_finds_keep_the_order_in_which_they_first_stand():
    laid = bundle(finds=[find("F2", 1.0), find("F1", 1.0), find("F2", 0.5, known_utc=at(90))])
    assert account(laid).bundle.finds["find_id"].to_list() == ["F2", "F1"]


def test_rows_known_later_and_rows_without_a_date_are_left_out_and_listed():
    laid = bundle(
        [COUNT],
        [{**claim(1), "claim_id": "C1"}, {**claim(2), "claim_id": "C2", "known_utc": None}],
        finds=[find("F1", 1.0, known_utc=at(400))],
        events=[event("start", 1.0, known_utc=None)],
        origins=[origin("O1", 50.0, 20.0) | {"known_utc": at(400)}],
        assumptions=[assumption("A-CROSSED") | {"known_utc": at(400)}, assumption("A-CALM") | {"known_utc": None}],
        sightings=[{"sighting_id": "G1", "role": "tower", "saw_nothing": True, "known_utc": at(301)}],
    )
    found = account(laid, as_of_utc=at(300))
    assert left(found) == {
        ("claims", "C2"): "no known_utc",
        ("events", "E-start-1.0"): "no known_utc",
        ("finds", "F1"): "known later",
        ("sightings", "G1"): "known later",
        ("origins", "O1"): "known later",
        ("assumptions", "A-CROSSED"): "known later",
    }
    assert found.findings["claim_id"].to_list() == ["C1"]
    assert (found.bundle.finds.height, found.ranges.height) == (0, 0)


def test_what_became_known_at_the_very_date_is_used():
    assert account(bundle(finds=[find("F1", 1.0, known_utc=at(60))]), as_of_utc=at(60)).bundle.finds.height == 1


def test_when_it_happened_does_not_decide():
    row = find("F1", 1.0, found_utc_high=at(1), known_utc=at(400))
    assert account(bundle(finds=[row]), as_of_utc=at(300)).bundle.finds.height == 0


def test_a_claim_on_a_question_that_was_not_yet_asked_is_left_out():
    asked = [question("count", "finds", known_utc=at(500))]
    found = account(bundle(asked, [claim(1)]), as_of_utc=at(400))
    assert left(found)[("claims", "C")] == "its question is left out"
    assert found.findings.height == 0


def test_a_claim_replaced_later_still_holds_at_the_date():
    first = {**claim(24, said=10), "claim_id": "C1"}
    second = {**claim(19, said=50), "claim_id": "C2", "supersedes": "C1"}
    before = account(bundle([COUNT], [first, second]), as_of_utc=at(20))
    assert (before.findings["verdict"].to_list(), before.beliefs["is_held"].to_list()) == (["not_testable"], [True])


def test_a_chain_of_replacement_is_mended_over_a_claim_that_is_left_out():
    # The middle claim has no date: the first must not come back to life.
    first = {**claim(24, said=10), "claim_id": "C1"}
    middle = {**claim(21, said=20), "claim_id": "C2", "supersedes": "C1", "known_utc": None}
    last = {**claim(19, said=30), "claim_id": "C3", "supersedes": "C2"}
    found = account(bundle([COUNT], [first, middle, last]), as_of_utc=at(60))
    assert found.findings["superseded_by"].to_list() == ["C3", None]
    assert found.bundle.claims["supersedes"].to_list() == [None, ["C1"]]
    assert found.contradictions.height == 0


def test_an_assumption_of_hotwash_stands_in_for_one_that_was_not_yet_made():
    laid = bundle(assumptions=[assumption("A-WIND", 50.0, 10.0, known_utc=at(400))])
    row = account(laid, as_of_utc=at(300)).bundle.assumptions.filter(assumption_id="A-WIND").row(0, named=True)
    assert (row["value"], row["sigma"]) == (0.0, 30.0)


@pytest.mark.parametrize("as_of_utc", [None, FAR_FUTURE])
def test_nothing_is_left_out_when_all_is_known(as_of_utc):
    found = account(bundle([COUNT], [claim(1)], finds=[find("F1", 1.0)]), as_of_utc=as_of_utc)
    assert found.left_out.height == 0


@given(
    st.lists(st.tuples(st.integers(0, 9), st.sampled_from("AB"), st.integers(0, 500)), max_size=5), st.integers(0, 600)
)
@settings(deadline=None, max_examples=30)
def test_a_dated_account_is_the_account_of_a_bundle_cut_by_hand(said, date):
    claims = [{**claim(v, by=by, said=when), "claim_id": f"C{n}"} for n, (v, by, when) in enumerate(said)]
    finds = [find(f"F{n}", 0.9, known_utc=at(when)) for n, (_, _, when) in enumerate(said)]
    dated = account(bundle([COUNT], claims, finds=finds), as_of_utc=at(date))
    cut = [[row for row in rows if row["known_utc"] <= at(date)] for rows in (claims, finds)]
    by_hand = account(bundle([COUNT], cut[0], finds=cut[1]))
    for name in ("counts", "findings", "contradictions", "beliefs"):
        assert getattr(dated, name).equals(getattr(by_hand, name)), name


def test_what_is_known_in_the_far_future_is_what_is_known_without_a_date():
    laid = bundle([COUNT], [claim(1), claim(2, by="B")], finds=[find("F1", 0.9), find("F2", 0.3)])
    one, other = account(laid), account(laid, as_of_utc=FAR_FUTURE)
    for name in ("counts", "findings", "contradictions", "beliefs", "ranges", "reaches", "durations", "left_out"):
        assert getattr(one, name).equals(getattr(other, name)), name
