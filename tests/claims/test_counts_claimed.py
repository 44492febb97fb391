"""What finds and events say of a claimed number."""

from __future__ import annotations

import pytest
from laid_out import assumption, at, claim, event, find, finds, judged, question, verdict

AIRFRAMES = question("count", "airframes")
FINDS = question("count", "finds")
DIVERSIONS = question("count", "diversions")


def alike(*rows, **more):
    return [{**row, "known_utc": at(60), **more} for row in rows]


def test_a_claim_of_at_least_is_supported_from_a_probability_of_0_90():
    assert verdict(AIRFRAMES, claim(1, "at_least"), finds=finds(0.90)) == "supported"
    assert verdict(AIRFRAMES, claim(1, "at_least"), finds=finds(0.8999)) == "compatible"


def test_a_claim_is_contradicted_at_a_probability_of_0_05():
    assert verdict(AIRFRAMES, claim(0), finds=finds(0.95)) == "contradicted"
    assert verdict(AIRFRAMES, claim(0), finds=finds(0.9499)) == "compatible"


def test_probabilities_that_add_up_to_the_threshold_are_not_lost_to_rounding():
    # 1 − 0.1 × 0.5 × 0.2 × … is computed in another order than it is written.
    assert verdict(AIRFRAMES, claim(1, "at_least"), finds=finds(0.5, 0.8)) == "supported"  # 1 − 0.5 × 0.2 = 0.90


def test_being_inside_the_interval_supports_nothing():
    row = judged(AIRFRAMES, claim(3), finds=finds(1.0, 1.0, 1.0))
    assert row["verdict"] == "compatible"
    assert "no upper limit" in row["reason"]


@pytest.mark.parametrize("relation", ["exactly", "about", "at_most", "less_than", "between"])
def test_finds_support_no_upper_limit_of_airframes(relation):
    said = claim(40, relation, value_high="50" if relation == "between" else None)
    assert verdict(question("count", "airframes", about_fraction=0.1), said, finds=finds(1.0)) == "compatible"


@pytest.mark.parametrize(("relation", "value"), [("at_most", 2), ("less_than", 3), ("exactly", 2), ("between", 1)])
def test_every_claim_below_the_finds_is_contradicted(relation, value):
    said = claim(value, relation, value_high="2" if relation == "between" else None)
    assert verdict(AIRFRAMES, said, finds=finds(1.0, 1.0, 1.0)) == "contradicted"


@pytest.mark.parametrize(("relation", "value"), [("at_most", 3), ("less_than", 4), ("more_than", 2), ("at_least", 3)])
def test_a_claim_at_the_edge_of_the_finds_is_not_contradicted(relation, value):
    assert verdict(AIRFRAMES, claim(value, relation), finds=finds(1.0, 1.0, 1.0)) != "contradicted"


def test_more_than_ten_means_eleven():
    assert verdict(AIRFRAMES, claim(2, "more_than"), finds=finds(1.0, 1.0)) == "compatible"
    assert verdict(AIRFRAMES, claim(1, "more_than"), finds=finds(1.0, 1.0)) == "supported"


def test_about_takes_in_whole_numbers_only():
    asked = question("count", "finds", about_fraction=0.1)
    assert "22 to 26" in judged(asked, claim(24, "about"), finds=finds(0.5, found_utc_high=at(1)))["reason"]


def test_crossings_are_judged_only_under_the_assumption_that_each_airframe_crossed():
    asked, laid = question("count", "crossings"), finds(1.0, 1.0, 1.0)
    assert verdict(asked, claim(1), finds=laid) == "not_testable"
    row = judged(asked, claim(1), finds=laid, assumptions=[assumption("A-CROSSED")])
    assert row["verdict"] == "contradicted"
    assert "A-CROSSED" in row["assumptions"]


def test_a_claim_is_weighed_in_its_own_unit_not_in_that_of_the_question():
    # The question asks for crossings, which nothing bounds; the speaker gave airframes.
    row = judged(question("count", "crossings"), claim(2, "at_least", unit="airframes"), finds=finds(1.0, 1.0))
    assert row["verdict"] == "supported"


# ---------------------------------------------------------------- own word


def test_finds_that_only_the_speaker_reports_support_nothing():
    own = finds(1.0, 1.0, by="Speaker", source="S-OTHER")
    row = judged(AIRFRAMES, claim(2, "at_least"), finds=own)
    assert (row["verdict"], row["independent_lines"]) == ("uncorroborated", [])
    assert "trace back" in row["reason"]


def test_finds_told_only_in_the_source_of_the_claim_support_nothing():
    assert verdict(AIRFRAMES, claim(1, "at_least"), finds=finds(1.0, source="S-SPEAKER")) == "uncorroborated"


def test_finds_whose_probability_the_speaker_assigned_support_nothing():
    judged_by_self = finds(1.0, 1.0, assigned_by=" speaker ")
    assert verdict(AIRFRAMES, claim(2, "at_least"), finds=judged_by_self) == "uncorroborated"


def test_too_few_independent_finds_support_nothing_though_all_together_would():
    laid = [*finds(1.0, 1.0), find("F9", 1.0, by="Speaker", source="S-OTHER")]
    assert verdict(AIRFRAMES, claim(3, "at_least"), finds=laid) == "compatible"
    assert verdict(AIRFRAMES, claim(2, "at_least"), finds=laid) == "supported"


def test_at_most_is_not_supported_by_dropping_the_finds_of_the_speaker():
    laid = alike(*finds(1.0, 1.0), find("F9", 0.5, by="Speaker", source="S-OTHER"), found_utc_high=at(1))
    assert verdict(FINDS, claim(2, "at_most"), finds=laid) == "compatible"


def test_doubt_about_the_finds_of_the_speaker_does_not_support_at_most():
    # Were it for others to report the third, its 0.01 would do; the speaker's own might all be real.
    laid = alike(*finds(1.0, 1.0), find("F9", 0.01, by="Speaker", source="S-OTHER"), found_utc_high=at(1))
    assert verdict(FINDS, claim(2, "at_most"), finds=laid) == "compatible"
    assert verdict(FINDS, claim(3, "at_most"), finds=laid) == "supported"
    others = alike(*finds(1.0, 1.0), find("F9", 0.01), found_utc_high=at(1))
    assert verdict(FINDS, claim(2, "at_most"), finds=others) == "supported"


def test_the_own_finds_of_a_speaker_do_contradict_them():
    assert verdict(AIRFRAMES, claim(0), finds=finds(1.0, by="Speaker")) == "contradicted"


# ---------------------------------------------------------------- finds made by then


def test_a_number_of_finds_is_exact_when_all_were_made_before_it_was_said():
    laid = alike(*finds(1.0, 1.0, 1.0), found_utc_high=at(100))
    assert verdict(FINDS, claim(3), finds=laid) == "supported"
    assert verdict(FINDS, claim(4), finds=laid) == "contradicted"
    assert verdict(FINDS, claim(2), finds=laid) == "contradicted"


def test_a_number_of_finds_is_not_wrong_because_more_were_made_later():
    laid = [
        find("F1", 1.0, found_utc_high=at(100)),
        find("F2", 1.0, found_utc_low=at(400), found_utc_high=at(500), known_utc=at(600)),
    ]
    row = judged(FINDS, claim(1), finds=laid)
    assert (row["verdict"], row["rows"]) == ("supported", ["finds:F1"])
    assert verdict(FINDS, claim(2), finds=laid) == "contradicted"


def test_finds_made_on_the_day_of_the_claim_leave_it_open():
    # Said some time between 20:00 and 01:00; the find was made at 22:00. Before or after it, nobody knows.
    said = {"said_utc_low": at(0), "said_utc_high": at(300)}
    laid = alike(*finds(1.0, 1.0), found_utc_low=at(120), found_utc_high=at(120))
    laid = [{**row, "known_utc": at(150)} for row in laid]
    assert verdict(FINDS, claim(0, **said), finds=laid) == "compatible"
    assert verdict(FINDS, claim(2, **said), finds=laid) == "compatible"
    assert verdict(FINDS, claim(3, **said), finds=laid) == "contradicted"


def test_a_number_of_finds_that_nobody_dated_is_contradicted_only_from_above():
    undated = {"said_utc_low": None, "said_utc_high": None, "known_utc": None}
    assert verdict(FINDS, claim(1, **undated), finds=finds(1.0, 1.0)) == "compatible"
    assert verdict(FINDS, claim(3, **undated), finds=finds(1.0, 1.0)) == "contradicted"


def test_what_was_known_of_a_find_was_found_before():
    assert verdict(FINDS, claim(2, "at_least"), finds=finds(1.0, 1.0, known_utc=at(200))) == "supported"


# ---------------------------------------------------------------- counts from events


def test_an_independent_telling_of_the_same_number_supports_it():
    assert verdict(DIVERSIONS, claim(4), events=[event("diversion", value=4.0)]) == "supported"


def test_a_speaker_who_tells_the_event_as_well_supports_nothing():
    told = [event("diversion", value=4.0, by="Speaker", source="S-RADIO")]
    row = judged(DIVERSIONS, claim(4), events=told)
    assert row["verdict"] == "uncorroborated"
    assert row["reason"].endswith("but only the speaker or the source of the claim reports it.")


def test_a_repetition_in_an_ungraded_paper_makes_no_independent_telling():
    told = [event("diversion", value=4.0, by=["Speaker", "Reporter"], source=["S-RADIO", "S-PAPER"])]
    assert verdict(DIVERSIONS, claim(4), events=told) == "uncorroborated"


@pytest.mark.parametrize("source", ["S-PAPER", "S-UNGRADED"])
def test_a_telling_that_no_graded_source_gives_decides_nothing(source):
    assert verdict(DIVERSIONS, claim(4), events=[event("diversion", value=9.0, source=source)]) == "uncorroborated"


def test_disagreeing_tellings_support_and_contradict_neither():
    told = [event("diversion", value=4.0), event("diversion", 1.0, value=6.0, source="S-RADIO")]
    assert verdict(DIVERSIONS, claim(4), events=told) == "not_testable"
    assert verdict(DIVERSIONS, claim(9), events=told) == "contradicted"


def test_the_diversions_of_one_aerodrome_say_nothing_of_those_of_another():
    told = [event("diversion", value=3.0, subject_id="EPAA"), event("diversion", 1.0, value=5.0, subject_id="EPBB")]
    asked = question("count", "diversions", subject_id="EPAA")
    assert verdict(asked, claim(3), events=told) == "supported"
    assert verdict(asked, claim(5), events=told) == "contradicted"
    assert verdict(question("count", "diversions", subject_id="EPCC"), claim(5), events=told) == "uncorroborated"


def test_no_diversion_at_all_is_a_number_that_can_be_told():
    assert verdict(DIVERSIONS, claim(0), events=[event("diversion", value=0.0)]) == "supported"
    assert verdict(DIVERSIONS, claim(1), events=[event("diversion", value=0.0)]) == "contradicted"
