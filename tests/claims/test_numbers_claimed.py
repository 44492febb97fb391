"""Numbers that events tell: the time they stand for, running counts, occasions, sums, words instead of numbers."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from laid_out import account, at, bundle, claim, event, find, finds, judged, question, verdict

from hotwash.model.questions import CountUnit

DIVERTED = question("count", "diversions", subject_id="EPAA", about_fraction=0.1)
CANCELLED = question("count", "cancellations", subject_id="EPAA")


def final(value, *, kind="diversion", start=26, end=270, **more):
    """Return the final number, counted from 20:26 to 00:30 and told the next day."""
    return event(kind, low=start, high=end, value=float(value), subject_id="EPAA", **more)


def so_far(value, minute, **more):
    """Return a number counted some minutes after 20:00."""
    row = event("diversion", value=float(value), counted_utc=at(minute), subject_id="EPAA", **more)
    return {**row, "event_id": f"E-{minute}"}


# ---------------------------------------------------------------- a number that runs


def test_fifteen_so_far_is_not_contradicted_by_fifty_the_next_day():
    row = judged(DIVERTED, claim(15, said=60), events=[final(50)])
    assert row["verdict"] == "compatible"
    assert row["reason"] == (
        "The events give 0 to 50 diversions by 2026-03-12 21:00 UTC; 15 is possible, and so are other numbers."
    )


def test_sixty_so_far_is_contradicted_by_fifty_in_the_end():
    assert verdict(DIVERTED, claim(60, said=60), events=[final(50)]) == "contradicted"
    assert verdict(DIVERTED, claim(60, said=900, is_running=True), events=[final(50)]) == "contradicted"


def test_a_final_number_is_contradicted_by_fifteen_so_far_only_where_it_is_smaller():
    assert verdict(DIVERTED, claim(10, said=900), events=[so_far(15, 60)]) == "contradicted"
    assert verdict(DIVERTED, claim(50, said=900), events=[so_far(15, 60)]) == "compatible"


def test_a_number_counted_at_the_same_time_supports_it():
    row = judged(DIVERTED, claim(15, said=70, counted_utc=at(60)), events=[so_far(15, 60), final(50)])
    assert row["verdict"] == "supported"
    assert (
        verdict(DIVERTED, claim(16, said=70, counted_utc=at(60)), events=[so_far(15, 60), final(50)]) == "contradicted"
    )


def test_a_number_between_two_times_lies_between_their_numbers():
    told = [so_far(15, 60), final(50)]
    assert verdict(DIVERTED, claim(12, said=120), events=told) == "contradicted"
    assert verdict(DIVERTED, claim(30, said=120), events=told) == "compatible"
    assert verdict(DIVERTED, claim(51, said=120), events=told) == "contradicted"


def test_a_number_known_before_the_end_of_its_occasion_is_not_the_final_one():
    night = {"occasion_id": "O1", "kind": "closure", "utc_low": at(26), "utc_high": at(270), "known_utc": at(0)}
    early = event("diversion", value=15.0, known_utc=at(60), subject_id="EPAA", occasion_id="O1")
    assert verdict(DIVERTED, claim(50, said=900), events=[early], occasions=[night]) == "compatible"


# ---------------------------------------------------------------- how an event's number binds


@pytest.mark.parametrize(
    ("relation", "value", "wanted"),
    [
        ("about", 50, "compatible"),  # 45 to 55
        ("at_least", 50, "compatible"),
        ("more_than", 50, "supported"),
        ("less_than", 50, "contradicted"),
        ("at_most", 50, "contradicted"),
        (None, 50, "contradicted"),
        (None, 51, "supported"),
    ],
)
def test_more_than_fifty_is_held_against_what_the_event_leaves_possible(relation, value, wanted):
    assert verdict(DIVERTED, claim(50, "more_than", said=900), events=[final(value, relation=relation)]) == wanted


def test_about_of_an_event_is_as_wide_as_the_question_says():
    narrow = question("count", "diversions", subject_id="EPAA", about_amount=2.0)
    assert verdict(narrow, claim(53, said=900), events=[final(50, relation="about")]) == "contradicted"
    assert verdict(narrow, claim(52, said=900), events=[final(50, relation="about")]) == "compatible"


def test_about_of_an_event_is_ten_per_cent_and_at_least_one_where_no_question_says():
    plain = question("count", "diversions", subject_id="EPAA")
    assert verdict(plain, claim(55, said=900), events=[final(50, relation="about")]) == "compatible"
    assert verdict(plain, claim(56, said=900), events=[final(50, relation="about")]) == "contradicted"
    assert verdict(plain, claim(4, said=900), events=[final(3, relation="about")]) == "compatible"


def test_an_exact_report_beside_an_about_that_admits_it_is_the_number():
    told = [final(50), {**final(48, relation="about", by="Police", source="S-POLICE"), "event_id": "E2"}]
    assert verdict(DIVERTED, claim(50, said=900), events=told) == "supported"
    assert verdict(DIVERTED, claim(49, said=900), events=told) == "contradicted"


def test_reports_that_exclude_one_another_are_named_with_who_tells_them():
    told = [final(50), {**final(60, by="Police", source="S-POLICE"), "event_id": "E2"}]
    row = judged(DIVERTED, claim(50, said=900), events=told)
    assert row["verdict"] == "not_testable"
    assert row["reason"] == (
        "Not testable: the events give 50 (Tower) and 60 (Police) diversions, which exclude one another; "
        "what decides between them is missing."
    )


def test_the_unit_of_an_event_goes_before_its_kind():
    told = event("aerodrome_closed", 26, subject_id="EPAA", value=50.0, unit="diversions")
    assert verdict(DIVERTED, claim(50, said=900), events=[told]) == "supported"


# ---------------------------------------------------------------- units of the bundle, and money


def test_a_unit_that_the_bundle_declares_is_counted_weighed_and_named():
    cars = CountUnit(name="cars", title="Patrol cars", nouns=("patrol car", "patrol cars"), events=("patrol",))
    laid = bundle(
        [question("count", "cars")], [claim(4, unit="cars")], events=[event("patrol", value=4.0)], own_units=(cars,)
    )
    found = account(laid)
    assert found.findings["verdict"].to_list() == ["supported"]
    assert found.findings["reason"].to_list() == [
        "The events give 4 patrol cars, reported independently of the speaker."
    ]
    assert found.counts.select("unit", "low_90", "high_90").rows() == [("cars", 4, 4)]


def test_money_need_not_be_whole():
    asked = question("count", "costs_eur", about_fraction=0.1)
    told = [event("costs_eur", value=1234.5)]
    assert verdict(asked, claim("1234.5", unit="costs_eur"), events=told) == "supported"
    assert verdict(asked, claim(1234, "more_than", unit="costs_eur"), events=told) == "supported"
    assert verdict(asked, claim("1234.4", unit="costs_eur"), events=told) == "contradicted"


# ---------------------------------------------------------------- words instead of a number


@pytest.mark.parametrize("word", ["not_known", "none_confirmed"])
def test_a_word_instead_of_a_number_is_admitted_by_every_number(word):
    assert verdict(DIVERTED, claim(word, said=900), events=[final(50)]) == "compatible"
    assert verdict(DIVERTED, claim(word, said=900)) == "uncorroborated"


def test_not_known_none_confirmed_and_zero_are_three_answers():
    reasons = [
        judged(DIVERTED, claim(word, said=900), events=[final(50)])["reason"]
        for word in ("not_known", "none_confirmed", 0)
    ]
    assert reasons[0].startswith("That the number was not known when this was said tells what the speaker knew")
    assert reasons[1].startswith("That none was confirmed when this was said tells what was confirmed then")
    assert reasons[2] == "The events give 50 diversions, not 0."


# ---------------------------------------------------------------- two nights of one airport


NIGHTS = [
    {"occasion_id": "N1", "kind": "closure", "subject_id": "EPAA", "known_utc": at(0)},
    {"occasion_id": "N2", "kind": "closure", "subject_id": "EPAA", "known_utc": at(0)},
]
BOTH = [
    {**event("cancellation", value=17.0, subject_id="EPAA", occasion_id="N1"), "event_id": "E"},
    {**event("cancellation", value=12.0, subject_id="EPAA", occasion_id="N2"), "event_id": "F"},
]


def cancelled(*claims, events=BOTH, asked=CANCELLED):
    found = account(bundle([asked], claims, events=events, occasions=NIGHTS))
    rows = found.counts.filter(unit="cancellations").select("occasion_id", "low_90", "most_likely", "high_90").rows()
    return rows, found.findings.to_dicts()


def test_seventeen_and_twelve_of_two_nights_are_two_numbers_and_no_sum():
    assert cancelled()[0] == [("N1", 17, 17, 17), ("N2", 12, 12, 12)]


def test_a_total_is_counted_where_somebody_tells_it():
    total = {**event("cancellation", value=29.0, subject_id="EPAA"), "event_id": "T"}
    assert cancelled(events=[*BOTH, total])[0][-1] == (None, 29, 29, 29)


def test_a_declared_sum_whose_parts_are_all_told_is_a_total():
    said = claim(29, said=900, parts=["E", "F"], claim_id="C1")
    rows, (row,) = cancelled(said)
    assert rows[-1] == (None, 29, 29, 29)
    assert row["verdict"] == "supported"
    assert row["reason"] == "17 (E) and 12 (F) add up to 29 cancellations, reported independently of the speaker."


def test_a_declared_sum_that_does_not_add_up_is_contradicted_and_counts_nothing():
    rows, (row,) = cancelled(claim(30, said=900, parts=["E", "F"]))
    assert [row[0] for row in rows] == ["N1", "N2"]
    assert (row["verdict"], row["reason"]) == ("contradicted", "17 (E) and 12 (F) add up to 29 cancellations, not 30.")


def test_a_sum_of_two_tellings_of_one_night_is_none():
    twice = [*BOTH, {**BOTH[0], "event_id": "E2"}]
    rows, (row,) = cancelled(claim(34, said=900, parts=["E", "E2"]), events=twice)
    assert [row[0] for row in rows] == ["N1", "N2"]
    assert row["verdict"] == "not_testable"


@pytest.mark.parametrize(
    ("night", "value", "wanted"),
    [("N1", 17, "supported"), ("N1", 12, "contradicted"), ("N2", 12, "supported"), ("N2", 29, "contradicted")],
)
def test_a_number_is_weighed_on_the_occasion_that_its_question_asks_about(night, value, wanted):
    asked = {**CANCELLED, "occasion_id": night}
    assert cancelled(claim(value, said=900), asked=asked)[1][0]["verdict"] == wanted


@pytest.mark.parametrize(
    ("value", "wanted", "rest"),
    [
        (17, "not_testable", "and neither the question nor the claim names its occasion."),
        (29, "not_testable", "and nobody tells the number of all occasions together."),
        (5, "contradicted", "each more than 5."),
    ],
)
def test_a_number_of_no_named_occasion_is_not_taken_for_one_or_for_the_sum(value, wanted, rest):
    row = cancelled(claim(value, said=900))[1][0]
    assert row["verdict"] == wanted
    assert "17 (N1) and 12 (N2) cancellations" in row["reason"]
    assert row["reason"].endswith(rest)


def test_the_number_of_all_occasions_bounds_that_of_one_from_above():
    total = {**event("cancellation", value=29.0, subject_id="EPAA"), "event_id": "T"}
    asked = {**CANCELLED, "occasion_id": "N1"}
    assert cancelled(claim(30, said=900), events=[total], asked=asked)[1][0]["verdict"] == "contradicted"
    assert cancelled(claim(20, said=900), events=[total], asked=asked)[1][0]["verdict"] == "compatible"


def test_a_related_occasion_enters_no_count():
    elsewhere = [{**NIGHTS[0]}, {**NIGHTS[1], "is_related": True}]
    found = account(bundle([CANCELLED], [claim(17, said=900)], events=BOTH, occasions=elsewhere))
    assert found.counts.select("occasion_id", "low_90", "high_90").rows() == [(None, 17, 17)]
    assert found.findings["verdict"].to_list() == ["supported"]


# ---------------------------------------------------------------- statements alone


def test_a_number_that_nobody_else_tells_is_uncorroborated():
    assert verdict(DIVERTED, claim(15)) == "uncorroborated"


def alone(*claims):
    found = account(bundle([DIVERTED], claims)).findings
    return {row["claim_id"]: row for row in found.to_dicts()}


def test_a_number_that_an_independent_statement_repeats_is_supported():
    rows = alone(claim(15, by="A", source="S-TOWER"), claim(15, by="B", source="S-POLICE"))
    assert [row["verdict"] for row in rows.values()] == ["supported", "supported"]


def test_numbers_of_statements_alone_that_exclude_one_another_are_not_testable_and_named():
    rows = alone(claim(15, by="A", source="S-TOWER"), claim(19, by="B", source="S-POLICE"))
    assert [row["verdict"] for row in rows.values()] == ["not_testable", "not_testable"]
    assert "C1" in rows["C0"]["reason"]


def test_a_repeated_unknown_voice_supports_nothing_and_is_not_supported_by_one_voice():
    rows = alone(claim(15, by="A", source="S-TOWER"), claim(15, by="B", source="S-POLICE", derived_from=["unknown"]))
    assert [row["verdict"] for row in rows.values()] == ["uncorroborated", "uncorroborated"]


def test_two_running_numbers_of_two_speakers_do_not_stand_against_one_another():
    early = claim(15, by="A", source="S-TOWER", said=60, is_running=True)
    rows = alone(early, claim(50, by="B", source="S-POLICE", said=900))
    assert [row["verdict"] for row in rows.values()] == ["uncorroborated", "uncorroborated"]


# ---------------------------------------------------------------- which units an account counts


def units(**laid):
    return account(bundle(**laid)).counts["unit"].to_list()


def test_an_account_counts_only_what_it_has_rows_for():
    assert units() == []
    assert units(events=[final(50)]) == ["diversions"]


def test_the_units_of_finds_are_counted_where_finds_have_a_probability_for_them():
    assert units(finds=finds(0.9)) == ["crossings", "airframes", "finds", "brought_down"]
    assert units(finds=[find("F1", probability_find=0.9)]) == ["finds"]


def test_what_is_asked_is_shown_as_missing():
    found = account(bundle([question("count", "passengers")])).counts
    assert found.select("unit", "low_90", "why").rows() == [
        ("passengers", None, "No event tells the number of passengers.")
    ]


def test_a_single_closed_aerodrome_is_not_worth_a_count_unless_asked():
    shut = event("aerodrome_closed", 1.0, subject_id="EPAA")
    assert units(events=[shut]) == []
    assert units(questions=[question("count", "aerodromes_closed")], events=[shut]) == ["aerodromes_closed"]


def test_a_number_so_far_alone_leaves_the_count_open_above():
    (row,) = account(bundle(events=[so_far(15, 60)])).counts.to_dicts()
    assert (row["low_90"], row["most_likely"], row["high_90"]) == (15, None, None)
    assert row["why"] == "One report: 15 by 2026-03-12 21:00 UTC."


def test_a_count_that_no_graded_source_tells_says_so():
    (row,) = account(bundle(events=[final(50, source="S-PAPER")])).counts.to_dicts()
    assert row["why"] == "One report: 50. No source of reliability A or B tells it."


def test_bounded_claims_tell_the_time_for_which_a_number_stands():
    laid = bundle(
        [DIVERTED], [claim(15, said=60, claim_id="C1"), claim(50, said=900, claim_id="C2")], events=[final(50)]
    )
    rows = account(laid).bounded_claims.select("stands_utc_low", "stands_utc_high").rows()
    assert rows == [(datetime(2026, 3, 12, 21, tzinfo=UTC),) * 2, (None, None)]
