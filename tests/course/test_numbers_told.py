"""Numbers that are repeated, added up, listed one by one, still running, or measured: ferries, trains and a balloon."""

from __future__ import annotations

import pytest
from laid_out import account, at, bundle, claim, event, question

PAPERS = {"S-TOWER": "A", "S-POLICE": "B", "S-SPEAKER": "B", "S-RADIO": "B", "S-AGENCY": "C", "S-PAPER": "C"}
RETURNED = question("count", "flights_returned", subject_id="EPAA")


def made(asked, *said, **laid):
    asked = [asked] if isinstance(asked, dict) else asked
    return account(bundle(asked, said, grades=PAPERS, **laid))


def answer(asked, *said, **laid):
    return made(asked, *said, **laid).conclusions.filter(question_id="Q").row(0, named=True)


def judged(asked, *said, **laid):
    return {row["claim_id"]: row for row in made(asked, *said, **laid).findings.to_dicts()}


def told(name, value, kind="diversion", **more):
    row = event(kind, low=0, high=200, value=value, subject_id="EPAA", **{"by": "Airport", "source": "S-TOWER", **more})
    return {**row, "event_id": name}


# ---------------------------------------------------------------- repeated

AGENCY = claim(41, by="Agency", source="S-AGENCY", claim_id="C1", unit="flights_delayed", said=400)


@pytest.mark.parametrize("origin", ["Agency", "C1", "S-AGENCY"])
def test_a_number_repeated_in_another_unit_is_contradicted_by_the_one_whom_it_repeats(origin):
    asked = question("count", "flights_delayed", subject_id="EPAA")
    copy = claim(41, by="Paper", source="S-PAPER", claim_id="C2", unit="cancellations", derived_from=[origin])
    row = judged(asked, AGENCY, copy)["C2"]
    assert (row["verdict"], row["reason"]) == (
        "contradicted",
        "It repeats Agency, who tells the same number as 41 flights delayed (C1).",
    )


def test_a_misquoted_number_of_one_digit_is_contradicted_and_is_no_answer():
    hotline = told("E", 6.0, "reports_counted", by="Hotline", source="S-AGENCY")
    copy = claim(6, by="Paper", source="S-PAPER", derived_from=["Hotline"])
    row = answer(question("count", "drones", subject_id="EPAA"), copy, events=[hotline])
    assert row["answer"] == "No number of drones can be given: what is told is contradicted."
    assert row["against"] == "6 according to Paper."
    assert row["standing"] == "open"


def test_another_number_than_that_of_the_one_repeated_is_contradicted_whatever_the_grade():
    first = claim(12, by="Agency", source="S-AGENCY", claim_id="C1")
    row = judged(RETURNED, first, claim(21, by="Paper", source="S-PAPER", claim_id="C2", derived_from=["Agency"]))["C2"]
    assert (row["verdict"], row["reason"]) == ("contradicted", "It repeats Agency, who says otherwise (C1).")


def test_a_repeated_number_in_a_wider_unit_is_not_contradicted():
    asked = question("count", "flights_affected", subject_id="EPAA")
    copy = claim(41, by="Paper", source="S-PAPER", claim_id="C2", derived_from=["Agency"])
    assert judged(asked, AGENCY, copy)["C2"]["verdict"] == "uncorroborated"


def test_the_number_of_one_night_is_no_rival_of_that_of_the_week_by_the_same_speaker():
    nights = [{"occasion_id": name, "kind": "closure", "subject_id": "EPAA"} for name in ("O1", "O2")]
    own = [told(f"E{name}", 20.0, occasion_id=name, source="S-AGENCY", by="Agency") for name in ("O1", "O2")]
    week = claim(40, by="Paper", source="S-PAPER", derived_from=["Agency"])
    row = judged(question("count", "diversions", subject_id="EPAA"), week, events=own, occasions=nights)["C"]
    assert row["verdict"] != "contradicted"


def test_the_same_number_elsewhere_in_another_unit_is_named_where_nobody_says_whom_it_repeats():
    asked = [question("count", "reports"), {**question("count", "drones"), "question_id": "Q2"}]
    said = [
        claim(84, by="Hotline", source="S-AGENCY", claim_id="C1"),
        claim(84, by="Paper", source="S-PAPER", claim_id="C2", question_id="Q2"),
    ]
    row = judged(asked, *said)["C2"]
    assert (row["verdict"], row["reason"]) == (
        "uncorroborated",
        "Nobody independent tells it; the same number stands at C1 as 84 reports (Hotline).",
    )


def test_two_small_numbers_that_happen_to_be_equal_are_not_held_against_each_other():
    asked = [question("count", "reports"), {**question("count", "drones"), "question_id": "Q2"}]
    said = [
        claim(3, by="Hotline", source="S-AGENCY", claim_id="C1"),
        claim(3, by="Paper", source="S-PAPER", claim_id="C2", question_id="Q2"),
    ]
    assert judged(asked, *said)["C2"]["reason"] == "Nobody independent tells it, and nothing speaks against it."


# ---------------------------------------------------------------- added up

AFFECTED = question("count", "flights_affected", subject_id="EPAA")
LATE = told("LATE", 24.0, "delay", relation="about")
AWAY = told("AWAY", 2.0)


def test_a_sum_of_rough_parts_is_an_interval_and_26_is_within_it():
    whole = told("ALL", 26.0, "flights_affected", relation="about", parts=["LATE", "AWAY"])
    row = answer(AFFECTED, events=[LATE, AWAY, whole])
    assert row["answer"] == "About 26 flights were affected, according to Airport."


def test_a_rough_sum_that_its_rough_parts_exclude_is_said_with_both_as_intervals():
    whole = told("ALL", 36.0, "flights_affected", parts=["LATE", "AWAY"])
    assert answer(AFFECTED, events=[LATE, AWAY, whole])["answer"].endswith(
        "Airport tells 36, and its parts add up to between 24 and 28."
    )


def test_flights_that_are_late_and_diverted_add_up_to_flights_affected():
    late = told("LATE", 24.0, "delay")
    said = claim(26, parts=["LATE", "AWAY"], parts_disjoint=True)
    row = judged(AFFECTED, said, events=[late, AWAY])["C"]
    assert (row["verdict"], row["reason"]) == (
        "supported",
        "2 diversions (AWAY) and 24 flights delayed (LATE) add up to 26 flights affected, "
        "reported independently of the speaker.",
    )


def test_a_unit_of_the_bundles_own_takes_in_its_parts():
    from hotwash.model.questions import CountUnit

    ferries = CountUnit(name="ferries", title="Ferries held up", nouns=("ferry held up", "ferries held up"))
    said = claim(26, parts=["LATE", "AWAY"], parts_disjoint=True)
    row = judged(question("count", "ferries"), said, events=[LATE, AWAY], own_units=(ferries,))["C"]
    assert row["verdict"] == "compatible"
    assert "add up to 24 to 28 ferries held up" in row["reason"]


NIGHTS = [{"occasion_id": f"O{n}", "kind": "closure", "subject_id": "EPAA"} for n in (1, 2)]
TWO = [told("N1", 5.0, occasion_id="O1"), told("N2", 4.0, occasion_id="O2")]
DIVERTED = question("count", "diversions", subject_id="EPAA")


def test_who_alone_tells_the_whole_is_named_with_a_grade_that_decides_nothing():
    row = answer(DIVERTED, claim(9, by="Agency", source="S-AGENCY"), events=TWO, occasions=NIGHTS)
    assert row["answer"] == ("Flights diverted, O1: 5; O2: 4; in all 9, which only Agency tells (reliability C).")


def test_a_total_event_with_a_part_of_another_story_is_not_weighed_and_is_remarked():
    fog = {"occasion_id": "FOG", "kind": "other", "subject_id": "EPAA", "is_related": True}
    laid = [told("D1", 2.0, occasion_id="O1"), told("D2", 1.0, occasion_id="FOG")]
    laid += [told("ALL", 3.0, occasion_id="O1", parts=["D1", "D2"])]
    made_of = made(DIVERTED, claim(2), events=laid, occasions=[NIGHTS[0], fog])
    assert made_of.conclusions["answer"].to_list() == ["2 flights were diverted, according to Airport."]
    assert made_of.bundle_remarks.filter(kind="part_elsewhere")["text"].to_list() == [
        "The sum adds D2, though it belongs to another story."
    ]


# ---------------------------------------------------------------- one by one


def single(name, minute, **more):
    row = event("diversion", minute, value=1.0, subject_id="EPAA", **{"by": "Station", "source": "S-RADIO", **more})
    return {**row, "event_id": name}


LIST = [single("D1", 20), single("D2", 40, by="Harbour"), single("D3", 55, by="Inland", source="S-POLICE")]


def test_flights_listed_one_by_one_are_no_rivals_and_bound_the_number_from_below():
    row = answer(DIVERTED, events=LIST)
    assert row["answer"] == ("At least 3 flights were diverted, listed one by one by Station, Harbour and Inland.")
    assert row["standing"] == "likely"


@pytest.mark.parametrize(
    ("total", "wanted"),
    [
        (3.0, "3 flights were diverted, according to Airport (listed one by one by Station, Harbour and Inland: "),
        (2.0, "Between 2 and 3 flights were diverted: 2 according to Airport and at least 3 listed one by one by "),
    ],
)
def test_a_total_is_checked_against_the_list_beside_it(total, wanted):
    assert answer(DIVERTED, events=[*LIST, told("ALL", total)])["answer"].startswith(wanted)


def test_two_reports_of_one_flight_at_one_time_are_one_flight():
    twice = [single("D1", 20), single("D2", 20, by="Harbour", source="S-POLICE")]
    assert answer(DIVERTED, events=twice)["answer"] == "1 flight was diverted, according to Station and Harbour."


def test_one_entry_of_a_log_is_no_rival_of_the_total():
    row = answer(DIVERTED, events=[single("D1", 20), told("ALL", 4.0)])
    assert row["answer"] == "4 flights were diverted, according to Airport (Station: at least 1)."


def test_one_object_may_be_seen_twice():
    seen = [{**single(f"D{minute}", minute), "kind": "drones_counted"} for minute in (20, 80)]
    row = answer(question("count", "drones", subject_id="EPAA"), events=seen)
    assert row["answer"] == "1 drone was reported, according to Station."


def test_single_flights_and_two_numbers_told_at_once_may_be_parts_of_one_occasion():
    occasion = [{"occasion_id": "O1", "kind": "closure", "subject_id": "EPAA"}]
    ones = [{**row, "occasion_id": "O1"} for row in LIST]
    both = [told("DEP", 15.0, "delay", occasion_id="O1"), told("ARR", 3.0, "delay", occasion_id="O1")]
    sums = [
        told("ALL", 3.0, occasion_id="O1", parts=["D1", "D2", "D3"]),
        told("LATE", 18.0, "delay", occasion_id="O1", parts=["DEP", "ARR"]),
    ]
    found = made(DIVERTED, claim(3), events=[*ones, *both, *sums], occasions=occasion)
    assert found.bundle_remarks.filter(kind="parts_overlap").is_empty()
    assert found.findings["verdict"].to_list() == ["supported"]


# ---------------------------------------------------------------- a voice that nobody vouches for


def test_a_number_of_a_voice_that_only_one_page_quotes_is_open_and_who_does_not_know_it_is_named():
    worker = claim(2, by="Stevedore", source="S-PAPER", claim_id="C1")
    unknown = claim("not_known", by="Harbour master", claim_id="C2")
    row = answer(question("count", "drones"), worker, unknown)
    assert row["answer"] == (
        "2 drones were reported, according to Stevedore alone; that the number is not known is said by Harbour master."
    )
    assert (row["standing"], row["how_sure"]) == (
        "open",
        "told by a voice that nobody vouches for, and on one page alone",
    )


@pytest.mark.parametrize(
    "more", [{"source_reliability": "C"}, {"by": "S-PAPER"}, {"source": "S-RADIO"}], ids=["graded", "paper", "official"]
)
def test_a_voice_that_is_graded_or_that_publishes_the_page_itself_is_likely(more):
    worker = claim(2, **{"by": "Stevedore", "source": "S-PAPER", **more})
    assert answer(question("count", "drones"), worker)["standing"] == "likely"


# ---------------------------------------------------------------- so far


def test_a_number_that_runs_is_said_to_run_where_it_stands_beside_those_of_others():
    so_far = told("N2", 4.0, occasion_id="O2", is_running=True, counted_utc=at(150))
    row = answer(DIVERTED, events=[TWO[0], so_far], occasions=NIGHTS)
    assert row["answer"] == ("Flights diverted, O1: 5; O2: 4 so far, by 22:30; nobody tells how many in all.")


def test_a_question_of_all_occasions_is_not_answered_by_one_of_them():
    other = told("STMT", None, "public_statement", occasion_id="O2")
    row = answer(DIVERTED, events=[TWO[0], other], occasions=NIGHTS)
    assert row["answer"] == "Flights diverted, O1: 5; nobody tells how many in all."


@pytest.mark.parametrize(
    ("unit", "wanted"),
    [
        ("finds_reported", "Nothing had been found by 01:00, according to Speaker alone."),
        ("diversions", "No flights had been diverted by 01:00, according to Speaker alone."),
        ("reports", "There had been no reports by 01:00, according to Speaker alone."),
    ],
)
def test_nothing_so_far_is_said_as_nothing(unit, wanted):
    row = answer(question("count", unit), claim(0, is_running=True, counted_utc=at(300)))
    assert row["answer"] == wanted


# ---------------------------------------------------------------- measured

HEIGHT = question("height", "m", about_fraction=0.1)
CREW = claim(600, "about", by="Crew", source="S-RADIO", claim_id="C1", unit="ft", said=100)


def test_a_height_is_told_in_feet_and_metres_by_those_who_know_it_and_not_by_those_who_repeat_it():
    copy = claim(183, by="Paper", source="S-PAPER", claim_id="C2", unit="m", derived_from=["Crew"])
    row = answer(HEIGHT, CREW, copy)
    assert row["answer"] == "It was at about 600 ft (183 m), according to Crew, whom Paper repeats."
    assert (row["standing"], row["lines"]) == ("likely", 1)


def test_metres_made_of_feet_are_contradicted_by_the_crew_whom_they_repeat():
    copy = claim(600, by="Paper", source="S-PAPER", claim_id="C2", derived_from=["Crew"])
    found = made(HEIGHT, CREW, copy)
    assert found.findings["verdict"].to_list() == ["uncorroborated", "contradicted"]
    (row,) = found.conclusions.to_dicts()
    assert row["answer"] == "It was at about 600 ft (183 m), according to Crew."
    assert row["against"] == "600 m (1\u202f970 ft) according to Paper."
    assert found.contradictions["text"].to_list() == ["about 600 ft (Crew) against 600 m (Paper)"]


@pytest.mark.parametrize(
    ("kind", "unit", "said", "wanted"),
    [
        ("distance", "m", claim(2, unit="NM"), "The distance was 2 NM (3.7 km), according to Speaker."),
        ("speed", "km/h", claim(40, "at_least", unit="kt"), "It moved at no less than 40 kt (74.1 km/h), according to"),
        ("size", "m", claim(60, "about", unit="cm"), "It was about 60 cm across, according to Speaker."),
    ],
)
def test_distance_speed_and_size_have_sentences_of_their_own(kind, unit, said, wanted):
    assert answer(question(kind, unit, about_fraction=0.1), said)["answer"].startswith(wanted)


def test_the_same_distance_in_miles_and_kilometres_is_supported():
    said = [claim(2, unit="NM", claim_id="C1"), claim(3.7, unit="km", by="Police", source="S-POLICE", claim_id="C2")]
    row = answer(question("distance", "m"), *said)
    assert row["standing"] == "settled"
    assert made(question("distance", "m"), *said).contradictions.is_empty()


def test_the_height_that_a_sighting_states_answers_a_question_about_it():
    seen = {
        "sighting_id": "G1", "role": "pilot", "saw_nothing": False, "height_agl_m": 90.0, "known_utc": at(60),
        "source_id": "S-RADIO", "said_by": "Crew",
    }  # fmt: skip
    row = answer({**HEIGHT, "subject_id": "G1"}, sightings=[seen])
    assert row["answer"] == "It was at about 90 m (295 ft) AGL, according to Crew."


# ---------------------------------------------------------------- a log against itself


def test_the_total_of_a_log_is_held_against_its_own_entries():
    shut = [
        {**event(kind, minute, subject_id="EPAA", part="08/26"), "event_id": f"{kind}{minute}"}
        for start in (0, 60)
        for kind, minute in (("runway_closed", start), ("runway_reopened", start + 20))
    ]
    asked = question("duration", "min", subject_id="EPAA runway closed in all")
    for total, wanted in ((50, ["Its total is 50 min; the entries of the same log add up to 40 min."]), (41, [])):
        found = made(asked, claim(total, by="Tower", source="S-TOWER"), events=shut).bundle_remarks
        assert found.filter(kind="log_total")["text"].to_list() == wanted


def test_a_total_below_what_the_same_log_enters_one_by_one_is_remarked():
    ones = [single(f"D{minute}", minute) for minute in (20, 40, 55)]
    total = told("ALL", 2.0, by="Station", source="S-RADIO")
    found = made(DIVERTED, events=[*ones, total]).bundle_remarks.filter(kind="log_total")
    assert found["text"].to_list() == ["Its total is 2; the same log enters 3 one by one."]


def test_two_heights_that_exclude_one_another_are_both_told_and_so_is_who_does_not_know():
    other = claim(2000, by="Police", source="S-POLICE", claim_id="C2", unit="ft")
    unknown = claim("not_known", by="Tower", source="S-TOWER", claim_id="C3")
    row = answer(HEIGHT, CREW, other, unknown)
    assert row["answer"] == (
        "It was at about 600 ft (183 m), according to Crew; or 2\u202f000 ft (610 m), according to Police; "
        "that it is not known is said by Tower."
    )
    assert row["standing"] == "disputed"
