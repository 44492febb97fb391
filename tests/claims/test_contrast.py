"""Statements against one another: contradictions, unit drift, beliefs in order, supersession."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from laid_out import account, at, bundle, claim, clock, find, question

from hotwash.model import tables
from hotwash.model.schema import drift

COUNT = question("count", "airframes", about_fraction=0.1)


def against(asked, *claims):
    frame = account(bundle([asked], claims)).contradictions
    assert drift(frame, tables.CONTRADICTIONS) == []
    return frame.to_dicts()


def pairs(rows):
    return [(row["claim_id"], row["other_claim_id"]) for row in rows]


def test_two_numbers_that_exclude_one_another_stand_with_who_when_and_how_far_apart():
    (row,) = against(COUNT, claim(23, by="Media", said=10), claim(19, by="Minister", said=200))
    assert (row["said_by"], row["other_said_by"]) == ("Media", "Minister")
    assert (row["said_utc"], row["other_said_utc"]) == (at(10), at(200))
    assert (row["gap"], row["unit"], row["is_unit_drift"], row["is_same_speaker"]) == (4.0, "airframes", False, False)
    assert row["text"] == "23 airframes (Media) against 19 airframes (Minister)"


@pytest.mark.parametrize(
    ("one", "other"),
    [((23, "exactly"), (20, "at_least")), ((24, "about"), (22, "exactly")), ((700, "at_most"), (600, "exactly"))],
)
def test_statements_that_can_both_hold_are_no_contradiction(one, other):
    assert against(COUNT, claim(*one, by="A"), claim(*other, by="B")) == []


def test_a_latest_time_told_to_the_minute_does_not_exclude_a_second_of_it():
    asked, latest = question("time", "utc", subject_id="emergency_call"), claim(clock(75), "at_most", by="Police")
    assert against(asked, latest, claim(clock(75 + 40 / 60), by="Telephone")) == []
    assert len(against(asked, latest, claim(clock(77), by="Telephone"))) == 1


def test_more_than_twenty_excludes_twenty():
    assert against(COUNT, claim(20, "more_than", by="A"), claim(20, by="B"))[0]["gap"] == 1.0


def test_one_number_in_two_units_is_unit_drift_and_has_no_gap():
    said = claim(19, by="Minister", said=10, unit="crossings"), claim("19.0", by="Chancellery", unit="airframes")
    (row,) = against(question("count", "crossings"), *said)
    assert (row["is_unit_drift"], row["gap"], row["unit"]) == (True, None, None)
    assert "the same number in two units" in row["text"]


def test_two_numbers_in_two_units_stand_beside_each_other():
    assert against(question("count", "crossings"), claim(19, unit="crossings"), claim(21, unit="airframes")) == []


def test_a_speaker_who_replaces_a_statement_does_not_contradict_themselves():
    first = {**claim(24, said=1), "claim_id": "C1"}
    second = {**claim(19, said=2), "claim_id": "C2", "supersedes": ["C1"]}
    third = {**claim(21, said=3), "claim_id": "C3", "supersedes": ["C2"]}
    assert against(COUNT, first, second, third) == []


def test_a_speaker_who_says_two_things_without_replacing_one_does():
    (row,) = against(COUNT, claim(24, said=1), claim(19, said=2))
    assert row["is_same_speaker"]


def test_a_speaker_who_gave_up_a_number_does_not_hide_that_another_still_holds_it():
    # The first telling of 24 is the one that its speaker replaced; the paper's 24 still excludes the 19.
    first = {**claim(24, by="A", said=1), "claim_id": "C1"}
    second = {**claim(19, by="A", said=3), "claim_id": "C2", "supersedes": ["C1"]}
    paper = {**claim(24, by="Paper", said=2), "claim_id": "C3"}
    assert pairs(against(COUNT, first, second, paper)) == [("C3", "C2")]


def test_equal_statements_are_contradicted_once_at_their_earliest():
    claims = [claim(24, by=f"P{n}", said=n) for n in range(3)] + [claim(19, by=f"R{n}", said=50 + n) for n in range(3)]
    assert pairs(against(COUNT, *claims)) == [("C0", "C3")]


def test_times_are_apart_in_minutes():
    (row,) = against(question("time", "utc"), claim(clock(30), by="A"), claim(clock(90), by="B"))
    assert (row["gap"], row["unit"]) == (59.0, "min")  # each is told to the minute
    assert row["value"] == "2026-03-12 20:30 UTC"


def test_a_gap_is_told_without_the_noise_of_binary_fractions():
    (row,) = against(question("range", "km", about_fraction=0.1), claim(23, "about", by="A"), claim("25.9", by="B"))
    assert row["gap"] == 0.6


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [("status", "closed", "airspace_closed"), ("presence", "present", "absent"), ("identity", "uas", "missile_part")],
)
def test_words_that_exclude_one_another_are_a_contradiction_without_a_gap(kind, one, other):
    (row,) = against(question(kind), claim(one, by="A"), claim(other, by="B"))
    assert ") against " in row["text"]
    assert row["gap"] is None


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("presence", "present", "cannot_tell"),
        ("presence", "cannot_tell", "absent"),
        ("identity", "uas", "unknown"),
        ("identity", "Unknown ", "missile_part"),
    ],
)
def test_who_cannot_tell_contradicts_nobody(kind, one, other):
    assert against(question(kind), claim(one, by="A"), claim(other, by="B")) == []


@pytest.mark.parametrize("kind", ["cause", "finding", "intent"])
def test_free_words_are_not_paired_by_themselves(kind):
    assert against(question(kind), claim("this", by="A"), claim("that", by="B")) == []


@pytest.mark.parametrize("kind", ["cause", "finding"])
def test_free_words_are_paired_where_the_analyst_states_that_they_exclude_one_another(kind):
    said = [
        claim("an F-35 fired", by="A", said=1, claim_id="C1"),
        claim("our aircraft fired", by="B", said=2, claim_id="C2", excludes=["C1"]),
        claim("a battery failed", by="C", said=3, claim_id="C3"),
    ]
    (row,) = against(question(kind), *said)
    assert (row["claim_id"], row["other_claim_id"], row["gap"]) == ("C1", "C2", None)
    assert (
        row["text"] == "an F-35 fired (A) against our aircraft fired (B): the analyst states that both cannot be true"
    )


def test_free_words_may_exclude_one_another_across_questions():
    asked = [question("finding", question_id="Q1"), question("cause", question_id="Q2")]
    said = [
        claim("no drone was found", by="A", said=1, claim_id="C1", question_id="Q1"),
        claim("a drone", by="B", said=2, claim_id="C2", question_id="Q2", excludes=["C1"]),
    ]
    (row,) = account(bundle(asked, said)).contradictions.to_dicts()
    assert (row["question_id"], row["claim_id"], row["other_claim_id"]) == ("Q1", "C1", "C2")


def test_a_pair_that_excludes_itself_by_its_values_is_named_once():
    said = [claim(24, by="A", said=1, claim_id="C1"), claim(19, by="B", said=2, claim_id="C2", excludes=["C1"])]
    assert pairs(against(COUNT, *said)) == [("C1", "C2")]


# ---------------------------------------------------------------- numbers and states of a time


def test_a_number_so_far_is_not_contradicted_by_a_greater_one_later():
    so_far = claim(15, by="Airport", said=60, is_running=True)
    assert against(COUNT, so_far, claim(50, by="Paper", said=900)) == []


def test_a_number_so_far_is_contradicted_by_a_smaller_one_in_the_end():
    (row,) = against(COUNT, claim(60, by="Airport", said=60, is_running=True), claim(50, by="Paper", said=900))
    assert row["gap"] == 10.0


def test_two_numbers_counted_at_one_time_exclude_one_another():
    said = [claim(15, by="A", said=60, counted_utc=at(55)), claim(18, by="B", said=70, counted_utc=at(55))]
    assert len(against(COUNT, *said)) == 1


def test_the_running_numbers_of_one_speaker_are_one_chain():
    said = [
        claim(value, by="Airport", said=minute, is_running=True) for value, minute in ((15, 60), (12, 90), (40, 120))
    ]
    assert against(COUNT, *said) == []


def test_words_of_numbers_contradict_nothing():
    assert against(COUNT, claim("not_known", by="A"), claim("none_confirmed", by="B"), claim(19, by="C")) == []


def test_a_confirmed_zero_excludes_one():
    assert len(against(COUNT, claim(0, by="A"), claim(1, by="B"))) == 1


def test_numbers_of_two_occasions_do_not_exclude_one_another():
    nights = [{"occasion_id": name, "kind": "closure", "known_utc": at(0)} for name in ("O1", "O2")]
    said = [claim(17, by="A", occasion_id="O1"), claim(12, by="B", occasion_id="O2"), claim(5, by="C")]
    found = account(bundle([COUNT], said, occasions=nights)).contradictions
    assert pairs(found.to_dicts()) == [("C0", "C2"), ("C1", "C2")]


def test_states_of_two_times_do_not_exclude_one_another():
    asked = question("status", subject_id="EPAA")
    shut = claim("closed", by="A", said=900, at_utc_low=at(30), at_utc_high=at(30))
    again = claim("open", by="B", said=900, at_utc_low=at(540), at_utc_high=at(540))
    assert against(asked, shut, again) == []
    assert len(against(asked, shut, {**again, "at_utc_low": at(30), "at_utc_high": at(30)})) == 1


def test_a_forecast_contradicts_no_fact():
    assert against(COUNT, claim(100, by="A", told_as="forecast"), claim(50, by="B")) == []


def test_words_are_compared_without_regard_to_case():
    assert against(question("identity"), claim("Gerbera", by="A"), claim(" gerbera", by="B")) == []


RELATIONS = {
    "exactly": lambda v: {v},
    "at_least": lambda v: set(range(v, 40)),
    "at_most": lambda v: set(range(v + 1)),
    "more_than": lambda v: set(range(v + 1, 40)),
    "less_than": lambda v: set(range(v)),
}
SAID = st.tuples(
    st.integers(1, 8), st.sampled_from(list(RELATIONS)), st.sampled_from("ABC"), st.sampled_from(("airframes", "finds"))
)


@given(st.lists(SAID, min_size=2, max_size=7, unique=True))
@settings(deadline=None, max_examples=80)
def test_every_two_statements_that_exclude_one_another_are_found_and_no_other(said):
    claims = [
        {**claim(value, relation, by=by, unit=unit, said=n), "claim_id": f"C{n}"}
        for n, (value, relation, by, unit) in enumerate(said)
    ]
    found = {frozenset((row["value"], row["other_value"])) for row in against(question("count", "airframes"), *claims)}

    def words(value, relation, unit):
        return f"{'' if relation == 'exactly' else relation.replace('_', ' ') + ' '}{value} {unit}"

    def possible(value, relation):
        return RELATIONS[relation](value)

    wanted = set()
    for (v, r, _, u), (w, q, _, t) in combinations(said, 2):
        excludes = u == t and not possible(v, r) & possible(w, q)
        if excludes or (u != t and v == w):
            wanted.add(frozenset((words(v, r, u), words(w, q, t))))
    # "more than 3" and "at least 4" leave the same possible, so one of them speaks for both.
    same = {
        words(v, r, u): min(
            (n, words(w, q, t)) for n, (w, q, _, t) in enumerate(said) if t == u and possible(w, q) == possible(v, r)
        )[1]
        for v, r, _, u in said
    }
    drift_free = {
        frozenset(same[one] for one in pair) for pair in wanted if len({one.split()[-1] for one in pair}) == 1
    }
    assert drift_free <= found
    assert {pair for pair in found if len({one.split()[-1] for one in pair}) == 1} <= drift_free


# ---------------------------------------------------------------- beliefs and supersession


def chain():
    first = {**claim(24, said=10), "claim_id": "C1"}
    second = {**claim(21, said=20), "claim_id": "C2", "supersedes": ["C1"]}
    third = {**claim(0, said=30), "claim_id": "C3", "supersedes": ["C2"]}
    return [third, first, second]


def test_beliefs_stand_in_the_order_said_and_tell_which_are_still_held():
    undated = {**claim(5, by="Z"), "claim_id": "C9", "said_utc_low": None, "said_utc_high": None, "known_utc": None}
    frame = account(bundle([COUNT], [*chain(), undated])).beliefs
    assert drift(frame, tables.BELIEFS) == []
    assert frame["claim_id"].to_list() == ["C1", "C2", "C3", "C9"]
    assert frame["step"].to_list() == [1, 2, 3, 4]
    assert frame["is_held"].to_list() == [False, False, True, True]


def test_a_claim_that_was_replaced_keeps_its_verdict_on_the_merits():
    frame = account(bundle([COUNT], chain(), finds=[find("F1", 1.0)])).findings
    rows = {row["claim_id"]: row for row in frame.to_dicts()}
    assert (rows["C1"]["verdict"], rows["C1"]["superseded_by"]) == ("superseded", "C2")
    assert rows["C1"]["verdict_on_merits"] == "compatible"
    assert rows["C1"]["reason"].startswith("Replaced by C2. On its merits: ")
    assert (rows["C2"]["superseded_by"], rows["C3"]["superseded_by"]) == ("C3", None)
    assert (rows["C3"]["verdict"], rows["C3"]["verdict_on_merits"]) == ("contradicted", None)


def test_of_several_that_replace_one_claim_the_last_said_is_named():
    first = {**claim(24, said=1), "claim_id": "C1"}
    late = {**claim(21, said=30), "claim_id": "C2", "supersedes": ["C1"]}
    early = {**claim(19, said=20), "claim_id": "C3", "supersedes": ["C1"]}
    frame = account(bundle([COUNT], [first, late, early])).findings
    assert frame["superseded_by"].to_list() == ["C2", None, None]


def test_every_claim_has_one_finding_in_the_order_of_the_claims():
    laid = bundle([COUNT], chain())
    frame = account(laid).findings
    assert drift(frame, tables.FINDINGS) == []
    assert frame["claim_id"].to_list() == laid.claims["claim_id"].to_list()


def test_an_account_of_no_claims_has_empty_tables():
    found = account(bundle())
    assert [found.findings.height, found.contradictions.height, found.beliefs.height] == [0, 0, 0]
