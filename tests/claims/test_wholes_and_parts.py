"""Numbers of a whole and of its parts: two airlines of one island, their flights, and who tells which."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from laid_out import account, at, bundle, claim, event, question

GRADES = {"S-TOWER": "A", "S-BOARD": "B", "S-LOMA": "B", "S-MAR": "B", "S-NEWS": "B", "S-WIRE": "B"}
_names = count()


def number(value, part=None, *, by="Tower", unit="passengers_affected", **more):
    row = event(unit, low=20, high=200, by=by, source=f"S-{by.upper()}", value=float(value), part=part, **more)
    return {**row, "event_id": f"E{next(_names)}"}


def said(value, part=None, *, by="News", relation="exactly", **more):
    more = {"said": 900, "claim_id": f"C{next(_names)}"} | more
    return claim(value, relation, by=by, source=f"S-{by.upper()}", part=part, **more)


def told(*events, claims=(), unit="passengers", **asked):
    found = account(bundle([question("count", unit, **asked)], claims, events=events, grades=GRADES))
    return found, found.conclusions.row(0, named=True)


def verdicts(found):
    return found.findings["verdict"].to_list()


# ---------------------------------------------------------------- parts and the whole


def test_flights_with_their_passengers_add_up_and_are_no_rivals():
    _, row = told(number(151, "LM 12"), number(84, "LM 14"), number(60, "LM 16"))
    assert row["answer"] == "At least 295 passengers were affected, according to Tower; they are told in parts."


def test_one_part_alone_is_no_total():
    found, row = told(number(151, "LM 12"), claims=[said(151), said(300, by="Wire"), said(90, by="Board")])
    assert row["answer"] == ("At least 151 passengers were affected, according to Tower; only those of LM 12 are told.")
    assert verdicts(found) == ["compatible", "compatible", "contradicted"]


def test_two_airlines_that_each_tell_their_own_add_up_to_a_number_of_neither():
    _, row = told(number(151, "Loma", by="Loma"), number(84, "Mar", by="Mar"))
    assert row["answer"] == (
        "At least 235 passengers were affected, told in parts by Loma and Mar (Loma: at least 151; Mar: at least 84)."
    )


def test_a_total_smaller_than_its_parts_is_disputed_whoever_tells_it():
    parts = [number(151, "Loma", by="Loma"), number(84, "Mar", by="Mar")]
    for who in ("Board", "Loma", "Tower"):
        _, row = told(*parts, number(200, by=who))
        assert row["standing"] == "disputed", who
    _, row = told(*parts, number(240, by="Board"))
    assert row["answer"].startswith("240 passengers were affected, according to Board")
    assert row["standing"] != "disputed"


def test_two_sayers_of_one_part_are_rivals_and_the_least_bounds_the_whole():
    _, row = told(number(151, "Loma", by="Loma"), number(98, "Loma"), number(10, "Mar"))
    assert row["standing"] == "disputed"
    assert row["answer"] == (
        "At least 108 passengers were affected, according to Tower (Loma: at least 98); "
        "of Loma, 98 according to Tower or 151 according to Loma."
    )


def test_what_is_within_another_part_is_not_added():
    _, row = told(number(40, "children"), number(12, "infants", parts_disjoint=False))
    assert row["answer"].startswith("At least 40 passengers")


def test_at_most_of_a_part_bounds_no_whole():
    found, _ = told(number(151, "Loma", relation="at_most"), claims=[said(400)])
    assert verdicts(found) == ["uncorroborated"]


def test_a_rough_part_is_as_wide_in_the_sum_as_alone():
    _, row = told(number(100, "Loma", relation="about"), number(20, "Mar", relation="at_least"))
    assert row["answer"].startswith("At least 110 passengers")


def test_a_part_that_was_revised_counts_as_it_is_told_last():
    first = number(151, "Loma")
    later = {**number(130, "Loma"), "known_utc": at(2000)}
    _, row = told(first, later, number(20, "Mar"))
    assert row["answer"].startswith("At least 150 passengers")


def test_an_earlier_part_is_within_the_later_number_of_it():
    _, row = told(
        number(3, "Loma", unit="diversion", is_running=True, counted_utc=at(60)),
        number(5, "Loma", unit="diversion"),
        number(2, "Mar", unit="diversion"),
        unit="diversions",
    )
    assert row["answer"].startswith("At least 7 flights were diverted")


def test_an_aerodrome_with_more_than_the_country_speaks_against_it():
    country, aerodrome = number(9, unit="diversion", by="Board"), number(13, unit="diversion", subject_id="GCLA")
    found, row = told(country, aerodrome, claims=[said(9)], unit="diversions")
    assert row["standing"] == "disputed"
    assert verdicts(found) == ["not_testable"]
    _, row = told(country, {**aerodrome, "value": 8.0}, unit="diversions")
    assert row["answer"] == "9 flights were diverted, according to Board."


# ---------------------------------------------------------------- claims of a part, questions of a part


def test_an_airlines_own_number_is_not_weighed_as_the_total():
    found, row = told(number(240), claims=[said(31, "Loma"), said(260, "Loma", by="Wire"), said(240, "Mar")])
    assert verdicts(found) == ["compatible", "contradicted", "compatible"]
    assert row["against"] == "260 of them according to Wire."
    assert "of Loma" in found.findings["reason"].item(0)


def test_a_claim_of_a_part_is_weighed_by_what_is_told_of_that_part():
    parts = [number(151, "Loma"), number(20, "Mar")]
    found, _ = told(*parts, claims=[said(151, "Loma"), said(20, "Loma", by="Wire"), said(151, "Mar", by="Board")])
    assert verdicts(found) == ["supported", "contradicted", "contradicted"]


def test_claims_of_parts_are_no_contradiction_and_a_smaller_total_is():
    found, row = told(claims=[said(151, "Loma"), said(20, "Mar"), said(200, by="Wire")])
    assert found.contradictions.is_empty()
    assert row["standing"] != "disputed"
    found, row = told(claims=[said(151, "Loma"), said(20, "Mar"), said(160, by="Wire")])
    assert row["standing"] == "disputed"
    assert found.contradictions["text"].to_list() == [
        "151 passengers, Loma (News: at least 171 with other parts) against 160 passengers (Wire)",
        "20 passengers, Mar (News: at least 171 with other parts) against 160 passengers (Wire)",
    ]


def test_a_question_of_a_part_takes_the_total_as_the_most():
    _, row = told(number(240, by="Board"), number(151, "Loma"), number(20, "Mar"), part="Loma")
    assert row["answer"].startswith("151 passengers were affected, according to Tower (Board: 240 in all)")
    _, row = told(number(240, by="Board"), number(20, "Mar"), part="Loma")
    assert row["answer"] == "At most 240 passengers were affected, according to Board."


# ---------------------------------------------------------------- those who tell the truth, and one who does not

AIRLINES = ("Loma", "Mar", "Tarn")
flights = st.lists(st.sampled_from(AIRLINES), min_size=1, max_size=9)
tellers = st.lists(
    st.tuples(
        st.sampled_from(("Tower", "Board", "Loma", "Mar")),
        st.sampled_from((None, *AIRLINES)),
        st.sampled_from(("exactly", "about", "at_least", "at_most")),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda one: one[:2],
)


def true_number(flown, part):
    return len(flown) if part is None else flown.count(part)


def truthful(flown, who, part, relation, off):
    truth = true_number(flown, part)
    value = {"about": truth + min(off, 1), "at_least": max(truth - off, 0), "at_most": truth + off}.get(relation, truth)
    return value, part, {"by": who, "relation": relation}


@settings(max_examples=10, deadline=None)
@given(flights, tellers)
def test_who_tells_the_truth_of_parts_and_totals_contradicts_nobody(flown, telling):
    rows = [truthful(flown, *one) for one in telling]
    claims = [said(value, part, **more) for value, part, more in rows if more["relation"] != "about"]
    found, row = told(
        *[number(value, part, unit="diversion", **more) for value, part, more in rows], claims=claims, unit="diversions"
    )
    assert row["standing"] != "disputed"
    assert found.contradictions.is_empty()
    assert "contradicted" not in verdicts(found)
    counted = found.counts.filter(unit="diversions").to_dicts()
    for one in counted:
        assert (one["low_90"] or 0) <= len(flown)
        assert one["high_90"] is None or one["high_90"] >= len(flown)


@settings(max_examples=10, deadline=None)
@given(flights, st.sampled_from(AIRLINES), st.integers(2, 9), st.booleans())
def test_who_tells_of_a_part_more_than_there_were_in_all_is_contradicted(flown, part, more, is_by_parts):
    lie = number(len(flown) + more, part, by="Mar", unit="diversion")
    if is_by_parts:  # as the sum of two parts that each are possible
        lie = number(len(flown) - 1 + more, part, by="Mar", unit="diversion")
    beside = [number(1, "charter", by="Mar", unit="diversion")] if is_by_parts else []
    _, row = told(
        number(len(flown), by="Board", unit="diversion"),
        *(lie, *beside),
        claims=[said(lie["value"], part, by="Wire")],
        unit="diversions",
    )
    assert row["standing"] == "disputed" or row["against"]


@settings(max_examples=8, deadline=None)
@given(flights, st.sampled_from(AIRLINES), st.integers(1, 9))
def test_who_tells_a_part_otherwise_than_it_was_is_contradicted_by_who_counted_it(flown, part, off):
    truth = true_number(flown, part)
    found, _ = told(
        number(truth, part, unit="diversion"), claims=[said(truth + off, part), said(truth, part)], unit="diversions"
    )
    assert verdicts(found) == ["contradicted", "supported"]
    assert found.contradictions.height == 1


@pytest.mark.parametrize("unit", ["drones_counted", "marks_counted"])
def test_what_is_seen_in_two_parts_may_be_one(unit):
    asked = unit.removesuffix("_counted")
    _, row = told(number(3, "north", unit=unit), number(2, "south", unit=unit), unit=asked)
    assert "t least 3" in row["answer"]


def test_claims_of_at_most_bound_their_part_alone():
    found, row = told(claims=[said(5, "Loma", relation="at_most"), said(3, "Mar", by="Wire")])
    assert row["answer"].startswith("At least 3 passengers")
    assert found.contradictions.is_empty()
