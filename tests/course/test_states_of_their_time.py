"""Statuses weighed by what is told of their time and runway, sightings by their occasion, answers by their lines."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

import polars as pl
import pytest
from laid_out import account, at, bundle, claim, event, find, judged, question

from hotwash.course import printed_times
from hotwash.course.remarks import find_remarks

DAY = 1440
STATUS = question("status", subject_id="EPAA")


def here(kind, minute=None, **more):
    name = f"E-{kind}-{minute}-{more.get('part')}-{more.get('by', 'Tower')}"
    return event(kind, minute, **{"subject_id": "EPAA", "event_id": name, **more})


def runway(part, start, stop, **more):
    return [here("runway_closed", start, part=part, **more), here("runway_reopened", stop, part=part, **more)]


def answer(asked, *said, **laid):
    return account(bundle([asked], said, **laid)).conclusions.filter(question_id="Q").row(0, named=True)


# ---------------------------------------------------------------- the time spoken of

NIGHT_1 = runway("07/25", 10, 40)
ZERO = here("closures_counted", low=5 * DAY, high=5 * DAY + 60, value=0.0, unit="closures", by="Flow", source="S-RADIO")
THEN = {"at_utc_low": at(5 * DAY - 60), "at_utc_high": at(5 * DAY + 90), "said": 5 * DAY + 90}


def test_a_closure_of_another_day_is_no_proof_that_none_was_on_this_day():
    row = judged(STATUS, claim("runway_closed", **THEN), events=NIGHT_1)
    assert row["verdict"] == "uncorroborated"
    assert "03-12" not in row["reason"]
    assert judged(STATUS, claim("open", **THEN), events=[here("aerodrome_closed", 10, end=40)])["verdict"] == (
        "uncorroborated"
    )


def test_whoever_tells_that_nothing_was_closed_then_contradicts_a_closing():
    row = judged(STATUS, claim("runway_closed", **THEN), events=[*NIGHT_1, ZERO])
    assert (row["verdict"], row["rows"]) == ("contradicted", [f"events:{ZERO['event_id']}"])
    assert row["reason"] == (
        "No report of “runway closed” for EPAA from 2026-03-17 19:00 UTC to 2026-03-17 21:30 UTC: "
        "Flow tells of 2026-03-17 20:00 UTC to 2026-03-17 21:00 UTC, and of none."
    )


def test_one_statement_has_one_verdict_as_a_status_and_as_a_number():
    occasions = [
        {"occasion_id": name, "kind": "closure", "subject_id": "EPAA", "utc_low": at(low), "utc_high": at(low + 200)}
        for name, low in (("O1", 0), ("O2", 5 * DAY))
    ]
    events = [{**row, "occasion_id": "O1"} for row in NIGHT_1] + [{**ZERO, "occasion_id": "O2"}]
    status = {**STATUS, "occasion_id": "O2"}
    count = question("count", "closures", subject_id="EPAA", occasion_id="O2")
    said = {"occasion_id": "O2", **THEN}
    laid = {"events": events, "occasions": occasions}
    assert judged(status, claim("runway_closed", **said), **laid)["verdict"] == "contradicted"
    row = judged(count, claim(1, "at_least", **said), **laid)
    assert (row["verdict"], row["reason"]) == (
        "contradicted",
        "No event tells a closing, and Flow tells that there was none, not 1 or more.",
    )


# ---------------------------------------------------------------- the runway spoken of


@pytest.mark.parametrize(
    ("part", "value", "wanted"),
    [
        ("07/25", "runway_closed", "supported"),
        ("runway 25", "runway_closed", "supported"),
        ("07/25", "open", "contradicted"),
        ("11/29", "runway_closed", "not_testable"),
        ("11/29", "open", "not_testable"),
        (None, "runway_closed", "supported"),
    ],
)
def test_what_one_runway_did_is_no_evidence_of_another(part, value, wanted):
    assert judged({**STATUS, "part": part}, claim(value, said=20), events=NIGHT_1)["verdict"] == wanted
    assert judged(STATUS, claim(value, said=20, part=part), events=NIGHT_1)["verdict"] == wanted


def test_a_time_may_be_asked_of_one_runway():
    asked = question("time", "utc", subject_id="runway_closed", event_subject_id="EPAA", part="11/29")
    events = [*NIGHT_1, *runway("11/29", 60, 90)]
    assert answer(asked, events=events)["answer"] == "Runway 11/29 of EPAA was closed at 21:00, according to Tower."


# ---------------------------------------------------------------- another story


PLANNED = [{"occasion_id": "works", "kind": "other", "subject_id": "EPAA", "is_related": True, "text": "Paving works"}]


def test_what_was_planned_of_another_story_is_told():
    asked = {**STATUS, "occasion_id": "works"}
    plan = claim("closed", told_as="plan", occasion_id="works", summary="Closed for paving.")
    row = answer(asked, plan, occasions=PLANNED)
    assert row["answer"] == (
        "“Paving works” is another story (is_related), which enters no answer of events; what was planned of it is "
        "told: Speaker: Closed for paving (plan)."
    )
    assert "ask of its statements by a question of kind finding" in answer(asked, occasions=PLANNED)["answer"]


# ---------------------------------------------------------------- sightings and occasions


def look(name, minute, **more):
    said = {"said_by": name, "source_id": "S-POLICE", "role": "caller", "seen": "A light", "known_utc": at(9 * DAY)}
    times = {"utc_low": at(minute), "utc_high": at(minute)}
    return {"sighting_id": name, "saw_nothing": False, **times, **said, **more}


TWO = [
    {"occasion_id": name, "kind": "closure", "subject_id": "EPAA", "utc_low": at(low), "utc_high": at(low + 120)}
    for name, low in (("O1", 0), ("O2", 3 * DAY))
]


def test_a_sighting_without_an_occasion_counts_on_the_one_in_whose_time_it_lies():
    asked = question("presence", occasion_id="O1", text="Was there a drone?")
    laid = {"occasions": TWO, "sightings": [look("G1", 30), look("G2", 3 * DAY + 5), look("G3", 6 * DAY)]}
    row = judged(asked, claim("present"), **laid)
    assert row["rows"] == ["sightings:G1"]
    assert answer(asked, claim("present"), **laid)["rows"] == ["sightings:G1"]
    (left,) = find_remarks(bundle([asked], **laid)).filter(kind="no_occasion").to_dicts()
    assert left["text"] == (
        "G3 belongs to no occasion, though there are several: it enters no question that asks about one."
    )


def test_a_sighting_that_others_confirmed_is_not_one_that_nobody_looked_into():
    asked = question("presence", text="Was there a drone?")
    laid = {"sightings": [look("G1", 30, explained_by="confirmed"), look("G2", 40)]}
    row = judged(asked, claim("present"), **laid)
    assert row["verdict"] == "compatible"
    assert row["reason"].startswith("Confirmed as seen: G1; nobody has yet sought an explanation of G2.")
    assert "one of two sightings is confirmed as seen" in answer(asked, claim("present"), **laid)["answer"]
    cause = answer(question("cause", subject_id="G1"), **laid)
    assert (cause["answer"], cause["standing"]) == (
        "It is confirmed that it was seen, and nothing explains it.",
        "open",
    )


# ---------------------------------------------------------------- one rule of standing


def test_what_one_line_tells_is_likely_wherever_it_is_computed():
    counted = answer(question("count", "closures"), events=NIGHT_1)
    found = answer(question("count", "finds"), finds=[find("F1", 1.0)])
    assert (counted["standing"], counted["how_sure"]) == ("likely", "told by one independent line only")
    assert (found["standing"], found["lines"]) == ("likely", 1)


def test_an_exact_statement_that_an_event_supports_is_the_second_line():
    row = answer(question("count", "closures"), claim(1, by="Authority"), events=NIGHT_1)
    assert (row["standing"], row["lines"]) == ("settled", 2)


# ---------------------------------------------------------------- whom to ask


@pytest.mark.parametrize(
    ("name", "role", "is_asked"),
    [
        ("Airport worker, unnamed", None, False),
        ("Airport hotline", None, False),
        ("Airport (invented)", None, True),
        ("EPAA operations", None, True),
        ("Airport", "airport cleaner", False),
        ("The company", "airport operator", True),
    ],
)
def test_an_airport_is_asked_by_its_role_its_code_or_its_whole_name(name, role, is_asked):
    asked = question("count", "diversions", subject_id="EPAA")
    said = claim(4, by=name, role=role)
    row = answer(asked, said, aerodromes=("EPAA",))
    assert (name in row["ask"]) == is_asked


@pytest.mark.parametrize(
    ("name", "is_asked"),
    [
        ("Moose Jaw police", True),
        ("District police headquarters in Regina", True),
        ("deputy at the Moose Jaw police desk", False),
        ("Police spokeswoman", False),
        ("Neighbour of the police station, Regina", False),
        ("Policeman's widow", False),
        ("Поліція Львова", True),
    ],
)
def test_nobody_is_asked_for_a_recording_because_of_a_word_within_their_name(name, is_asked):
    asked = question("presence", text="Was there a drone?")
    whom = answer(asked, claim("present", by=name))["ask"]
    assert (name in whom) == is_asked
    assert "the police" in whom or is_asked


def test_a_body_is_asked_by_the_role_that_the_bundle_declares():
    asked = question("presence", text="Was there a drone?")
    assert "The Grey House" in answer(asked, claim("present", by="The Grey House", role="police"))["ask"]


@pytest.mark.parametrize(
    ("subject", "wanted"),
    [
        (None, "The distance was 3.1 NM (5.74 km)"),
        ("EPAA", "It was 3.1 NM (5.74 km) from EPAA"),
        ("HULL", "It was 3.1 NM (5.74 km) from the north mole"),
        ("G1", "It was 3.1 NM (5.74 km) from the observer"),
    ],
)
def test_a_distance_has_the_far_end_that_its_question_names(subject, wanted):
    laid = {"finds": [find("HULL", place="the north mole")], "sightings": [look("G1", 5)]}
    row = answer(question("distance", "NM", subject_id=subject), claim(3.1, unit="NM"), **laid)
    assert row["answer"].startswith(f"{wanted}, according to Speaker")


def test_no_notice_is_asked_for_that_the_bundle_has_nor_for_a_restriction():
    shut = question("duration", "min", subject_id="EPAA runway closed in all")
    notice = here("notam_in_force", 15, by="Notice office", source="S-RADIO")
    assert "NOTAM" in answer(shut, events=NIGHT_1)["discriminator"]
    assert "NOTAM" not in answer(shut, events=[*NIGHT_1, notice])["discriminator"]
    flow = [here("aerodrome_restricted", 10), here("restriction_lifted", 40)]
    held = answer(question("duration", "min", subject_id="EPAA restricted in all"), events=flow)
    assert held["discriminator"] == "the recorded radio or telephone line at the restriction and its lifting"


# ---------------------------------------------------------------- words


FOUR = [row for start in (0, 100, 200, 300) for row in runway("07/25", start, start + 20, occasion_id="night")]
CLOSED = question("time", "utc", subject_id="runway_closed", event_subject_id="EPAA")


def test_who_tells_all_of_several_times_is_named_once():
    assert answer(CLOSED, events=FOUR)["answer"] == (
        "Runway 07/25 of EPAA was closed at 20:00, and again at 21:40, and again at 23:20, and again at 01:00, "
        "according to Tower."
    )


def test_who_asks_when_something_was_first_is_told_the_first():
    asked = {**CLOSED, "text": "When was the runway first closed?"}
    assert answer(asked, events=FOUR)["answer"] == (
        "Runway 07/25 of EPAA was closed at 20:00, according to Tower; 3 more times after that."
    )


def test_the_first_of_several_occasions_is_the_first_of_all():
    asked = {**CLOSED, "text": "When was it first closed?"}
    events = [row for start in (0, 3 * DAY) for row in runway("07/25", start, start + 20)]
    assert answer(asked, events=events)["answer"] == (
        "Runway 07/25 of EPAA was closed at 20:00, according to Tower; once more after that."
    )


def test_lengths_of_closures_are_sentences_of_their_own():
    lengths = [
        answer(question("duration", "min", subject_id=f"EPAA runway closed {which}"), events=FOUR)["answer"]
        for which in ("in all", "from first to last")
    ]
    assert lengths == [
        "Runway 07/25 of EPAA was closed for 1 h 20 min in all, in 4 stretches.",
        "From the first closing of runway 07/25 of EPAA at 20:00 to the last reopening at 01:20: 5 h 20 min.",
    ]


def test_those_who_say_that_it_was_there_speak_against_nothing_where_it_cannot_be_told():
    row = answer(question("presence", text="Was there a drone?"), claim("present"), sightings=[look("G1", 30)])
    assert row["answer"].endswith("; Speaker says that there was a drone.")
    assert row["against"] is None


# ---------------------------------------------------------------- zones beside a clock


def test_each_abbreviation_that_is_read_has_the_offset_that_tzdata_gives_it():
    seen: dict[str, set[int]] = {}
    for name in available_timezones():
        for month in (1, 7):
            when = datetime(2024, month, 1, tzinfo=ZoneInfo(name))
            seen.setdefault(when.tzname(), set()).add(int(when.utcoffset().total_seconds() // 60))
    gone = {"SGT", "MYT", "PHT", "ICT", "BRT", "ART"}  # until tzdata 2017a
    for name, minutes in {**printed_times._OFFSETS_MIN, **printed_times._WORDS_TOO_MIN}.items():
        if name in seen and name not in ("PST", "CDT"):  # Manila and Cuba too: read by their common use
            assert seen[name] == {minutes}, name
    new = {"WIB", "WITA", "WIT", "JST", "KST", "HKT", "PKT", "AEST", "AWST", "NZDT", "SAST", "CAT", "EAT", "WAT"}
    assert new <= set(seen)
    assert not gone & set(seen)


def printed(words, minute=60, zone=None):
    said = here("aerodrome_closed", minute, printed_time=words)
    laid = bundle([STATUS], events=[said])
    sources = laid.recording.sources.with_columns(zone=pl.lit(zone, dtype=pl.String))
    return find_remarks(replace(laid, recording=replace(laid.recording, sources=sources)))["kind"].to_list()


@pytest.mark.parametrize(
    ("words", "zone", "wanted"),
    [
        ("04:00 WIB", None, []),  # 21:00 UTC
        ("21:00 WIB", None, ["clocks_differ"]),
        ("05:00 SGT", None, []),
        ("04:00 XQT", None, ["zone_unread"]),
        ("02:30 IST", None, ["zone_unread"]),
        ("02:30 IST", "Asia/Kolkata", []),
        ("21:00 NOT CONFIRMED", None, []),
        ("21:00 CAT II", None, []),
    ],
)
def test_a_zone_beside_a_clock_is_read_or_remarked_and_never_passed_over(words, zone, wanted):
    assert printed(words, zone=zone) == wanted
