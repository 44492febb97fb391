"""Kinds of incidents that nobody had in mind: what analysts brought from the manual alone, and the right account."""

from __future__ import annotations

import pytest
from laid_out import account, at, bundle, claim, clock, event, find, question

from hotwash.model.incident import Interval


def here(kind, *args, **more):
    return event(kind, *args, **{"subject_id": "EPAA", **more})


def closed(number, start, end):
    ends = [("aerodrome_closed", start), ("aerodrome_reopened", end)]
    return [{**here(kind, minute), "event_id": f"{kind}-{number}"} for kind, minute in ends]


THREE = [row for number in range(3) for row in closed(number, 1440 * number, 1440 * number + 60)]


def judge(asked, said, **laid):
    return account(bundle([asked], [said], **laid)).findings.row(0, named=True)


def answer(asked, *said, **laid):
    return account(bundle([asked], said, **laid)).conclusions.filter(question_id="Q").row(0, named=True)


# ---------------------------------------------------------------- numbers


def diverted(name, value, **more):
    return {**here("diversion", low=0, high=200, value=value, by="Airport"), "event_id": name, **more}


PARTS = [diverted("ALL", 11.0, parts=["B", "H"]), diverted("B", 7.0), diverted("H", 4.0)]


def test_parts_of_one_occasion_are_no_rivals_of_their_sum():
    asked = question("count", "diversions", subject_id="EPAA")
    assert judge(asked, claim(11), events=PARTS)["verdict"] == "supported"
    assert judge(asked, claim(25), events=PARTS)["verdict"] == "contradicted"
    counted = account(bundle([asked], [claim(11)], events=PARTS)).counts.to_dicts()
    assert [(row["low_90"], row["high_90"]) for row in counted if row["unit"] == "diversions"] == [(11, 11)]


@pytest.mark.parametrize(("said", "wanted"), [(3, "supported"), (2, "contradicted"), (4, "contradicted")])
def test_closures_are_counted_by_the_occasions_on_which_events_tell_a_closing(said, wanted):
    assert judge(question("count", "closures"), claim(said), events=THREE)["verdict"] == wanted


def test_a_related_closure_is_not_counted():
    elsewhere = {"occasion_id": "elsewhere", "kind": "closure", "is_related": True}
    events = [*THREE, event("aerodrome_closed", 100, subject_id="EPBB", occasion_id="elsewhere")]
    row = judge(question("count", "closures"), claim(3), events=events, occasions=[elsewhere])
    assert row["verdict"] == "supported"


def test_crossings_that_events_tell_outweigh_what_finds_bound_from_below():
    told = [event("crossings_counted", 60, value=2.0, unit="crossings", by=by, source=s) for by, s in SAYERS]
    told = [{**row, "event_id": f"E{n}"} for n, row in enumerate(told)]
    laid = {"events": told, "finds": [find("F1", 1.0)]}
    assert judge(question("count", "crossings"), claim(2), **laid)["verdict"] == "supported"
    assert judge(question("count", "crossings"), claim(1), **laid)["verdict"] == "contradicted"


SAYERS = (("Air force", "S-TOWER"), ("Border guard", "S-POLICE"))


def test_a_running_number_counted_after_the_night_is_still_running():
    asked = question("count", "reports")
    said = [
        claim(2, claim_id="C1", said=1000, is_running=True, counted_utc=at(1000)),
        claim(5, claim_id="C2", said=4000, is_running=True, counted_utc=at(4000)),
    ]
    found = account(bundle([asked], said))
    assert found.contradictions.is_empty()
    assert found.conclusions["answer"].to_list() == [
        "There were at least 5 reports by 15 March 14:40, 2 by 13 March 12:40, according to Speaker alone; "
        "no final number is told."
    ]


def test_three_so_far_is_no_line_for_the_four_that_there_were_in_the_end():
    so_far = {**diverted("SOFAR", 3.0, said_by=["Airline"], source_id=["S-RADIO"]), "is_running": True}
    told = [{**so_far, "counted_utc": at(100)}, diverted("END", 4.0)]
    row = judge(question("count", "diversions", subject_id="EPAA"), claim(4), events=told)
    assert (row["verdict"], row["independent_lines"]) == ("supported", ["Airport (S-TOWER)"])
    own = judge(question("count", "diversions", subject_id="EPAA"), claim(4, by="Airport"), events=told)
    assert own["verdict"] == "compatible"
    assert own["reason"].endswith("what is independent of the speaker gives 3 or more, which admits other numbers.")


def test_the_number_of_all_occasions_is_no_line_for_that_of_one():
    first = diverted("FIRST", 6.0, occasion_id="O1")
    whole = diverted("ALL", 27.0, said_by=["Police"], source_id=["S-POLICE"])
    occasions = [{"occasion_id": name, "kind": "closure", "subject_id": "EPAA"} for name in ("O1", "O2")]
    asked = question("count", "diversions", subject_id="EPAA", occasion_id="O1")
    row = judge(asked, claim(6, derived_from=["unknown"]), events=[first, whole], occasions=occasions)
    assert (row["verdict"], row["independent_lines"]) == ("uncorroborated", ["Airport (S-TOWER)"])


def test_a_number_that_ran_is_not_against_the_higher_one_that_was_counted():
    running = [
        claim(number, said=100 * number, by="Police", source="S-POLICE", is_running=True, counted_utc=at(100 * number))
        for number in (1, 2)
    ]
    assert answer(question("count", "finds"), *running, finds=[find("F1", 1.0), find("F2", 1.0)])["against"] is None
    row = answer(question("count", "finds"), *running, finds=[find("F1", 1.0)])
    assert row["against"] == "2 according to Police."


def test_things_found_and_pieces_of_drones_are_two_counts():
    laid = {"finds": [find("F1", 1.0), find("F2", 0.0)]}
    told = claim(2, is_running=True, counted_utc=at(300), unit="finds_reported")
    assert answer(question("count", "finds"), **laid)["answer"] == "There was 1 find."
    reported = answer(question("count", "finds_reported"), told, **laid)["answer"]
    assert reported == "At least 2 things were found by 01:00, according to Speaker alone; no final number is told."


def test_a_number_that_only_an_untraced_voice_tells_stays_open():
    row = answer(question("count", "drones"), claim(2, derived_from=["unknown"]))
    assert (row["standing"], row["how_sure"]) == ("open", "told, and by no independent line")


def test_the_number_of_somebody_else_is_not_given_as_an_answer():
    asked = question("count", "cancellations", subject_id="Airline")
    told = {**here("cancellation", 100, value=10.0), "event_id": "X"}
    assert answer(asked, events=[told])["answer"] == "No number can be given. No events report cancellations."


# ---------------------------------------------------------------- presence


BALLOON = question("presence", text="Was there a balloon?")


@pytest.mark.parametrize(("chance", "said"), [(0.97, "97 %"), (0.03, "97 %"), (0.0, "over 99 %")])
def test_a_find_assessed_as_a_balloon_shows_a_balloon_and_no_drone(chance, said):
    night, untold = (" of that night", "") if chance > 0.5 else ("", "; nobody says that it was of that night")
    laid = {"finds": [find("F1", chance, object_kind="balloon")]}
    assert judge(BALLOON, claim("present"), **laid)["reason"] == (
        f"F1 is a balloon{night} with a probability of {said}."
    )
    row = answer(BALLOON, **laid)
    assert row["answer"] == f"There was a balloon: 1 find shows it with a probability of {said}{untold}."
    drone = answer(question("presence", text="Was there a drone?"), claim("present"), **laid)
    assert drone["answer"].startswith("Whether there was a drone cannot be told: 1 find is assessed as something else")
    assert answer(question("count", "finds"), **laid)["answer"].startswith("No number can be given.")


@pytest.mark.parametrize(("said", "wanted"), [("present", "supported"), ("absent", "contradicted")])
def test_presence_is_weighed_by_a_record_that_tells_how_many(said, wanted):
    record = event("drones_counted", 60, value=1.0, by="Receiver")
    assert judge(question("presence"), claim(said), events=[record])["verdict"] == wanted


def test_a_certain_find_answers_presence_though_nobody_says_so():
    row = answer(question("presence"), claim("absent"), finds=[find("F1", 1.0)])
    assert row["answer"] == "There was a drone: 1 find shows it with a probability of over 99 %."
    assert row["against"] == "Absent according to Speaker."


# ---------------------------------------------------------------- closures


def test_what_only_weak_sources_tell_adds_no_closure_where_others_decide():
    paper = here("traffic_suspended", 0, end=200, by="Paper", source="S-PAPER")
    known = [here("airspace_closed", 5, end=40), here("runway_closed", 120, end=190)]
    found = account(bundle(events=[*known, paper]))
    assert found.closures.select("state", "closed_min_low").rows() == [
        ("airspace_closed", 35.0),
        ("runway_closed", 70.0),
    ]


def test_one_landing_told_twice_is_one():
    shut = [here("aerodrome_closed", 0), here("aerodrome_reopened", 90)]
    twice = [{**here("landing", 30, by=by, source=source), "event_id": by} for by, source in SAYERS]
    (row,) = account(bundle(events=[*shut, *twice])).closures.to_dicts()
    assert len(row["exceptions"]) == 1


LENGTHS = [
    ("EPAA closed in all", 180, "supported"),
    ("EPAA closed in all", 200, "contradicted"),
    ("EPAA closed from first to last", 2 * 1440 + 60, "supported"),
    ("EPAA operating time lost", 180, "supported"),
    ("EPAA runway closed in all", 180, "supported"),
]


@pytest.mark.parametrize(("name", "minutes", "wanted"), LENGTHS)
def test_a_question_may_ask_for_what_the_states_add_up_to(name, minutes, wanted):
    asked = question("duration", "min", subject_id=name)
    assert judge(asked, claim(minutes, said=5000), events=THREE)["verdict"] == wanted


BOTH = [here("airspace_closed", 0, end=40), here("aerodrome_closed", 30, end=90), here("curfew", 60, end=110)]
BARRED = [
    ("EPAA closed in all", 60, "supported"),
    ("EPAA airspace closed in all", 40, "supported"),
    ("EPAA closed to traffic in all", 90, "supported"),
    ("EPAA closed to traffic in all", 100, "contradicted"),  # ten minutes were closed twice over
    ("EPAA closed to traffic from first to last", 90, "supported"),
    ("EPAA operating time lost", 60, "supported"),
]


@pytest.mark.parametrize(("name", "minutes", "wanted"), BARRED)
def test_time_in_which_the_aerodrome_or_its_airspace_was_closed_counts_once(name, minutes, wanted):
    asked = question("duration", "min", subject_id=name)
    assert judge(asked, claim(minutes, said=5000), events=BOTH)["verdict"] == wanted


def test_where_only_the_airspace_was_closed_that_is_the_operating_time_lost():
    asked = question("duration", "min", subject_id="EPAA operating time lost")
    assert answer(asked, events=BOTH[:1])["answer"] == "EPAA, operating time lost: 40 min."


def test_an_aerodrome_may_close_twice_on_one_occasion():
    events = [{**row, "occasion_id": "night"} for row in (*closed(0, 0, 30), *closed(1, 60, 90))]
    asked = question("time", "utc", subject_id="aerodrome_closed", occasion_id="night")
    for minute, wanted in ((0, "supported"), (60, "supported"), (45, "contradicted")):
        assert judge(asked, claim(clock(minute)), events=events)["verdict"] == wanted
    row = answer(asked, events=events)
    assert row["answer"] == "EPAA was closed at 20:00, and again at 21:00, according to Tower."


def test_the_answer_says_how_much_later_than_announced_something_came():
    plan = {**here("aerodrome_reopened", 60, told_as="forecast", by="Airport"), "event_id": "PLAN", "known_utc": at(0)}
    asked = question("time", "utc", subject_id="aerodrome_reopened")
    row = answer(asked, events=[here("aerodrome_closed", 0), here("aerodrome_reopened", 186), plan])
    assert row["answer"] == (
        "EPAA was reopened at 23:06, according to Tower; announced for 21:00, according to Airport, "
        "it came 2 h 6 min later."
    )


def test_a_status_dated_by_a_whole_day_is_not_one_of_every_hour():
    day = {"said_utc_low": at(-600), "said_utc_high": at(840)}
    row = judge(question("status", subject_id="EPAA"), claim("closed", **day), events=closed(0, 0, 60))
    assert row["verdict"] == "compatible"


def test_a_closing_that_only_a_weak_source_tells_begins_no_interval_where_others_decide():
    asked = question("duration", "min", subject_id="closure")
    spans = [Interval("closure", "aerodrome_closed", "aerodrome_reopened", "EPAA", "EPAA")]
    tracker = {**here("aerodrome_closed", -117, end=135, by="Tracker", source="S-PAPER"), "event_id": "TRACKER"}
    row = answer(asked, events=[*closed(0, 0, 135), tracker], intervals=spans)
    assert row["answer"] == "Closure: 2 h 15 min."


def test_a_report_that_gives_the_same_length_is_not_named_as_another():
    asked = question("duration", "min", subject_id="closure")
    spans = [Interval("closure", "aerodrome_closed", "aerodrome_reopened", "EPAA", "EPAA")]
    paper = {**here("aerodrome_closed", 0, by="Paper", source="S-PAPER"), "event_id": "PAPER"}
    found = account(bundle([asked], events=[*closed(0, 0, 60), paper], intervals=spans)).durations
    assert found.select("minutes", "why").rows() == [(60.0, None)]


def test_intervals_of_two_occasions_do_not_answer_how_long_in_all():
    asked = question("duration", "min", subject_id="closure")
    spans = [Interval("closure", "aerodrome_closed", "aerodrome_reopened", "EPAA", "EPAA")]
    assert judge(asked, claim(60), events=THREE, intervals=spans)["verdict"] == "not_testable"


# ---------------------------------------------------------------- words


def test_a_forecast_in_words_is_named_as_one():
    row = answer(question("cause"), claim("satellites", summary="A row of satellites crosses", told_as="forecast"))
    assert row["answer"] == "Speaker: a row of satellites crosses (forecast)."


# ---------------------------------------------------------------- what does not run


def test_a_number_told_after_its_occasion_is_final_though_its_span_ends_earlier():
    occasion = {"occasion_id": "O1", "kind": "closure", "subject_id": "EPAA", "utc_low": at(0), "utc_high": at(240)}
    told = [diverted("D", 3.0, occasion_id="O1")]
    asked = question("count", "diversions", subject_id="EPAA", occasion_id="O1")
    assert judge(asked, claim(4), events=told, occasions=[occasion])["verdict"] == "contradicted"
    early = [{**told[0], "known_utc": at(200)}]
    assert judge(asked, claim(4, said=1440), events=early, occasions=[occasion])["verdict"] == "compatible"


def test_another_story_answers_no_question_by_itself():
    fog = {"occasion_id": "FOG", "kind": "other", "subject_id": "EPAA", "is_related": True}
    asked = question("count", "diversions", subject_id="EPAA")
    row = answer(asked, claim(2), events=[diverted("D", 1.0, occasion_id="FOG")], occasions=[fog])
    assert row["answer"] == "2 flights were diverted, according to Speaker alone."


def test_a_question_without_a_date_is_asked_as_of_every_date():
    laid = bundle([question("presence", known_utc=None)], [claim("present", said=60)])
    found = account(laid, as_of_utc=at(120))
    assert found.conclusions["question_id"].to_list() == ["Q"]
    assert found.left_out.is_empty()


# ---------------------------------------------------------------- what makes an answer sure


def test_at_least_one_makes_no_five_sure():
    asked = question("count", "drones")
    told = [event("drones_counted", 60, value=5.0, by="Ministry")]
    bound = answer(asked, claim(1, "at_least", by="Alliance", source="S-POLICE"), events=told)
    same = answer(asked, claim(5, by="Alliance", source="S-POLICE"), events=told)
    assert (bound["standing"], same["standing"]) == ("likely", "settled")


def test_a_wide_time_makes_no_minute_sure():
    asked = question("time", "utc", subject_id="aerodrome_closed", about_amount=5.0)
    told = [here("aerodrome_closed", 41)]
    wide = claim(clock(0), "between", value_high=clock(60), by="Alliance", source="S-POLICE")
    assert answer(asked, wide, events=told)["standing"] == "likely"
    assert answer(asked, claim(clock(41), by="Alliance", source="S-POLICE"), events=told)["standing"] == "settled"


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("S-PAPER", ("open", "told by one independent line, and by no source better than reliability D")),
        ("S-RADIO", ("likely", "told by one independent line only")),
    ],
)
def test_a_number_that_only_a_poor_source_tells_stays_open(source, wanted):
    row = answer(question("count", "diversions"), claim(2, source=source))
    assert (row["standing"], row["how_sure"]) == wanted


def test_a_copy_that_says_otherwise_than_its_origin_is_contradicted_by_it():
    origin = claim("open", claim_id="C1", by="Traffic service", source="S-TOWER")
    copy = claim("closed", claim_id="C2", by="Portal", source="S-PAPER", derived_from=["Traffic service"])
    asked = question("status", subject_id="EPAA")
    found = account(bundle([asked], [origin, copy])).findings.to_dicts()
    assert [row["verdict"] for row in found] == ["uncorroborated", "contradicted"]
    assert found[1]["reason"] == "It repeats Traffic service, who says otherwise (C1)."


# ---------------------------------------------------------------- parts


def warned(part, minute):
    return event("public_warning", minute, subject_id="Romania", part=part, event_id=part)


WARNED = [event("warning_requested", 0, subject_id="Romania"), warned("Tulcea county", 22), warned("Galati county", 30)]


def test_two_parts_of_one_subject_are_no_rival_reports_of_one_moment():
    asked = question("time", "utc", subject_id="public_warning", event_subject_id="Romania")
    assert answer(asked, events=WARNED)["answer"] == "Tulcea county: at 20:22; Galati county: at 20:30."
    assert judge(asked, claim(clock(0)), events=WARNED)["verdict"] == "contradicted"
    one = {**asked, "event_subject_id": "Galati county"}
    assert judge(one, claim(clock(30)), events=WARNED)["verdict"] == "supported"


@pytest.mark.parametrize(("minutes", "wanted"), [(0, "contradicted"), (22, "supported"), (30, "not_testable")])
def test_a_length_that_no_event_that_may_be_meant_admits_is_contradicted(minutes, wanted):
    asked = question("duration", "min", subject_id="delay")
    spans = [Interval("delay", "warning_requested", "public_warning", "", "")]
    assert judge(asked, claim(minutes), events=WARNED, intervals=spans)["verdict"] == wanted


def test_an_interval_may_end_with_what_happened_to_a_part():
    spans = [Interval("delay", "warning_requested", "public_warning", "", "Galati county")]
    found = account(bundle(events=WARNED, intervals=spans)).durations
    assert found["minutes"].to_list() == [30.0]


# ---------------------------------------------------------------- stages

STAGES = [
    here("airspace_closed", 21),
    here("aerodrome_closed", 41),
    here("aerodrome_partly_reopened", 86),
    here("aerodrome_reopened", 112),
]


@pytest.mark.parametrize(
    ("minute", "wanted", "meant"),
    [
        (112, "supported", ""),
        (86, "compatible", "; but it fits “aerodrome partly reopened”, which may be meant."),
        (100, "contradicted", ""),
        (41, "contradicted", ""),  # a closing is no reopening
    ],
)
def test_a_time_that_fits_another_stage_is_compatible_and_says_which(minute, wanted, meant):
    asked = question("time", "utc", subject_id="aerodrome_reopened", event_subject_id="EPAA")
    row = judge(asked, claim(clock(minute)), events=STAGES)
    assert row["verdict"] == wanted
    assert row["reason"].endswith(meant)


@pytest.mark.parametrize(
    ("minutes", "wanted"), [(45, "supported"), (71, "compatible"), (91, "compatible"), (120, "contradicted")]
)
def test_a_length_that_fits_other_stages_is_compatible_and_says_which(minutes, wanted):
    asked = question("duration", "min", subject_id="EPAA closed in all")
    row = judge(asked, claim(minutes), events=STAGES)
    assert row["verdict"] == wanted
    if minutes == 91:
        assert row["reason"].endswith("but it fits “airspace closed to aerodrome reopened”, which may be meant.")


RUNWAYS = [
    here("runway_closed", 34, part="08/26"),
    here("aerodrome_closed", 41),
    here("runway_reopened", 86, part="17/35"),
    here("aerodrome_reopened", 112),
]


def test_a_runway_that_opens_while_all_is_closed_is_a_partial_reopening_with_a_remark():
    found = account(bundle(events=RUNWAYS))
    lengths = dict(found.closures.select("state", "closed_min_low").rows())
    assert lengths == {"closed": 45.0, "runway_closed": 78.0, "restricted": 26.0}
    (remark,) = found.bundle_remarks.filter(kind="state_order").to_dicts()
    assert remark["text"] == (
        "Runway 17/35 of EPAA reopened while all of it was closed (E-aerodrome_closed-41), and nobody tells that this "
        "runway was closed itself: it is taken as a partial reopening."
    )


def test_two_runways_closed_at_once_are_counted_once():
    both = [
        here("runway_closed", 0, end=60, part="09"),
        {**here("runway_closed", 30, end=90, part="15"), "event_id": "B"},
    ]
    (row,) = account(bundle(events=both)).closures.to_dicts()
    assert (row["state"], row["stretches"], row["closed_min_low"]) == ("runway_closed", 1, 90.0)


# ---------------------------------------------------------------- sightings, sectors


def seen(explained, why=None):
    row = {"sighting_id": "G1", "role": "resident", "saw_nothing": False, "known_utc": at(60)}
    return {**row, "explained_by": explained, "explained_why": why, "said_by": "Resident", "source_id": "S-POLICE"}


@pytest.mark.parametrize(
    ("explained", "answered", "standing"),
    [
        ("known_traffic", "Known traffic explains it: a rescue helicopter was there.", "likely"),
        ("unexplained", "It stays unexplained after a search: a rescue helicopter was there.", "open"),
        ("other", "It is explained: a rescue helicopter was there.", "likely"),
        (None, "Nobody has sought an explanation of it.", "open"),
    ],
)
def test_the_cause_of_one_sighting_is_how_it_is_explained(explained, answered, standing):
    row = answer(question("cause", subject_id="G1"), sightings=[seen(explained, "A rescue helicopter was there.")])
    assert (row["answer"], row["standing"]) == (answered, standing)


def test_an_explanation_without_a_reason_is_something_else():
    row = answer(question("cause", subject_id="G1"), sightings=[seen("other")])
    assert row["answer"] == "Something else explains it."


def test_a_sighting_that_its_witness_takes_back_tells_of_nothing_any_more():
    first = {**seen("unexplained"), "known_utc": at(60)}
    later = {**seen("other", "The witness takes it back: it was seen the night before."), "known_utc": at(600)}
    laid = {"sightings": [first, later]}
    row = answer(question("cause", subject_id="G1"), **laid)
    assert row["answer"] == "It is explained: the witness takes it back: it was seen the night before."
    assert judge(question("presence"), claim("present"), **laid)["reason"].startswith("Every sighting is explained.")


def test_a_closed_sector_is_no_closed_aerodrome():
    sector = event("airspace_closed", 0, end=60, subject_id="SECTOR")
    events = [here("aerodrome_closed", 0, end=60), sector]
    asked = question("count", "aerodromes_closed")
    laid = bundle([asked], events=events, aerodromes=("EPAA",))
    (row,) = account(laid).conclusions.filter(question_id="Q").to_dicts()
    assert row["answer"].startswith("1 aerodrome was closed")


def test_finds_that_surely_are_not_shot_down_are_said_to_be_so():
    laid = [find("F1", 1.0, probability_brought_down=0.0)]
    row = judge(question("count", "brought_down"), claim(3), finds=laid)
    assert row["reason"] == (
        "Not testable: every find has a probability of 0 for brought down, and finds set no upper limit."
    )


# ---------------------------------------------------------------- totals, parts, copies

WEEK = [
    diverted("N1", 5.0, occasion_id="O1"),
    diverted("N2", 4.0, occasion_id="O2"),
    diverted("N3", 7.0, occasion_id="O3"),
]
NIGHTS = [{"occasion_id": f"O{n}", "kind": "closure", "subject_id": "EPAA"} for n in (1, 2, 3)]
OF_EPAA = question("count", "diversions", subject_id="EPAA")


def test_a_total_that_its_own_parts_do_not_add_up_to_stands_as_wide_as_both():
    laid = {"events": [*WEEK, diverted("WEEK", 17.0, parts=["N1", "N2", "N3"])], "occasions": NIGHTS}
    row = answer(OF_EPAA, **laid)
    assert row["answer"] == (
        "Between 16 and 17 flights were diverted, according to Airport; Airport tells 17, and its parts add up to 16."
    )
    assert judge(OF_EPAA, claim(26), **laid)["verdict"] == "contradicted"


def test_a_part_that_was_replaced_counts_as_what_replaced_it():
    first = {**diverted("N1-EARLY", 6.0, occasion_id="O1"), "known_utc": at(300)}
    later = {**diverted("N1", 5.0, occasion_id="O1"), "supersedes": ["N1-EARLY"]}
    whole = diverted("WEEK", 17.0, parts=["N1-EARLY", "N2", "N3"])
    row = answer(OF_EPAA, events=[first, later, *WEEK[1:], whole], occasions=NIGHTS)
    assert row["answer"].endswith("Airport tells 17, and its parts add up to 16.")


def test_a_sum_with_a_part_of_another_story_is_not_weighed_without_it():
    other = diverted("ELSEWHERE", 9.0, occasion_id="OE", subject_id="EPBB")
    laid = {
        "events": [*WEEK, other],
        "occasions": [*NIGHTS, {"occasion_id": "OE", "kind": "closure", "is_related": True}],
    }
    row = judge(question("count", "diversions"), claim(25, parts=["N1", "N2", "N3", "ELSEWHERE"]), **laid)
    assert (row["verdict"], row["reason"]) == (
        "not_testable",
        "Not testable: it adds ELSEWHERE, which belongs to another story.",
    )


def test_what_is_said_of_another_story_is_not_weighed_on_this_one():
    fog = {"occasion_id": "FOG", "kind": "other", "subject_id": "EPAA", "is_related": True}
    found = account(
        bundle(
            [OF_EPAA],
            [
                claim(3, claim_id="C1"),
                claim(1, claim_id="C2", occasion_id="FOG"),
                claim(4, claim_id="C3", parts=["C1", "C2"]),
            ],
            events=[diverted("D", 3.0)],
            occasions=[fog],
        )
    )
    verdicts = dict(found.findings.select("claim_id", "verdict").rows())
    assert verdicts["C2"] == "not_weighed"
    assert found.contradictions.is_empty()


def test_what_named_parts_add_up_to_is_said_beside_a_whole_that_is_told_otherwise():
    said = claim(19, parts=["N1", "N2", "N3"])
    row = answer(OF_EPAA, said, events=WEEK, occasions=NIGHTS)
    assert row["answer"].endswith(
        "how many in all cannot be told: 19, which only Speaker tells, is contradicted, "
        "and the parts that Speaker names add up to 16."
    )


def test_closures_are_counted_for_the_aerodrome_that_is_asked_about():
    elsewhere = event("aerodrome_closed", 100, end=130, subject_id="EPBB")
    asked = question("count", "closures", subject_id="EPAA")
    assert judge(asked, claim(3), events=[*THREE, elsewhere])["verdict"] == "supported"
    assert answer(asked, events=[*THREE, elsewhere])["answer"].startswith("There were 3 closures")
    one = question("count", "closures", subject_id="EPBB")
    assert answer(one, events=[*THREE, elsewhere])["answer"].startswith("There was 1 closure")


def test_a_copy_told_later_is_no_later_number():
    said = [
        claim(12, claim_id="C1", by="Channel", source="S-RADIO", said=100, is_running=True, counted_utc=at(100)),
        claim(12, claim_id="C2", by="Copy", source="S-POLICE", said=500, is_running=True, counted_utc=at(500)),
    ]
    row = answer(question("count", "drones"), *said)
    assert "12 before" not in row["answer"]
    assert "according to Channel" in row["answer"]


# ---------------------------------------------------------------- lines of a length


def test_a_length_has_the_lines_of_its_weaker_end():
    shut = here("aerodrome_closed", 0, by=["Tower", "Notice office"], source=["S-TOWER", "S-POLICE"])
    asked = question("duration", "min", subject_id="closure")
    spans = [Interval("closure", "aerodrome_closed", "aerodrome_reopened", "EPAA", "EPAA")]
    row = answer(asked, events=[shut, here("aerodrome_reopened", 60)], intervals=spans)
    assert (row["standing"], row["lines"]) == ("likely", 1)


def test_a_length_of_which_no_deciding_source_tells_an_end_is_not_settled():
    boarded = event("boarded", 0, by="Passenger", source="S-PAPER", subject_id="KT1")
    left = event("departure", 100, by="Tracker", source="S-RADIO", subject_id="KT1")
    asked = question("duration", "min", subject_id="wait")
    row = answer(asked, events=[boarded, left], intervals=[Interval("wait", "boarded", "departure", "KT1", "KT1")])
    assert row["standing"] != "settled"


def test_a_speaker_who_shares_a_closing_is_still_supported_by_the_others_who_tell_it():
    tower = closed(0, 0, 93)
    own = [
        {**row, "event_id": f"OWN-{row['kind']}", "said_by": ["Speaker"], "source_id": ["S-SPEAKER"]} for row in tower
    ]
    asked = question("duration", "min", subject_id="EPAA operating time lost")
    row = judge(asked, claim(93, said=5000), events=[*tower, *own])
    assert (row["verdict"], row["independent_lines"]) == ("supported", ["Tower (S-TOWER)"])


def test_a_time_told_to_the_second_does_not_speak_against_itself():
    film = event("police_recording", 137.67, by="Speaker", source="S-SPEAKER")
    asked = question("time", "utc", subject_id="police_recording")
    assert answer(asked, claim("2026-03-12T22:17:40Z"), events=[film])["against"] is None


# ---------------------------------------------------------------- all evening


@pytest.mark.parametrize(
    ("word", "between", "throughout", "wanted"),
    [
        ("closed", (-180, 180), True, "contradicted"),
        ("closed", (-180, 180), False, "compatible"),
        ("closed", (10, 50), True, "supported"),
        ("open", (-180, 30), True, "contradicted"),
        ("open", (90, 180), True, "supported"),
    ],
)
def test_a_state_that_is_said_of_all_of_a_time_must_have_held_all_of_it(word, between, throughout, wanted):
    said = claim(word, is_throughout=throughout, at_utc_low=at(between[0]), at_utc_high=at(between[1]))
    assert judge(question("status", subject_id="EPAA"), said, events=closed(0, 0, 60))["verdict"] == wanted


# ---------------------------------------------------------------- parts in other units

MARKED = [
    {**event("marks_counted", 100, value=number, by="Tower"), "event_id": name}
    for name, number in (("M1", 40.0), ("M2", 56.0))
]


@pytest.mark.parametrize(
    ("value", "wanted", "reason"),
    [
        (120, "contradicted", "Its parts add up to 96 marks on a screen, not to 120 balloons."),
        (96, "compatible", "Its parts add up to 96 marks on a screen, which are not the same as 96 balloons."),
    ],
)
def test_a_number_is_held_against_its_parts_though_they_are_told_in_another_unit(value, wanted, reason):
    row = judge(question("count", "marks"), claim(value, unit="balloons", parts=["M1", "M2"]), events=MARKED)
    assert (row["verdict"], row["reason"]) == (wanted, reason)


def test_flights_that_turned_back_are_named_where_they_are_added_to_those_diverted():
    back = {**here("flight_returned", low=0, high=200, value=1.0), "event_id": "B"}
    row = judge(OF_EPAA, claim(3, parts=["D", "B"]), events=[diverted("D", 2.0), back])
    assert (row["verdict"], row["reason"]) == (
        "contradicted",
        "The events give 2 diversions, not 3. Its parts add up to 3 of different units, which are not the same as 3 "
        "diversions.",
    )


def test_a_great_many_finds_stand_once_under_the_count_that_they_make_up():
    many, few = ([find(f"F{number}", 0.9) for number in range(size)] for size in (201, 200))
    asked = question("count", "airframes")
    assert judge(asked, claim(100, "at_least"), finds=many)["rows"] == ["counts:airframes"]
    assert len(judge(asked, claim(100, "at_least"), finds=few)["rows"]) == 200
    counted = account(bundle([asked], finds=many)).counts.filter(unit="airframes")
    assert counted["rows"].list.len().to_list() == [201]


def test_two_closings_on_one_occasion_are_two_closures_and_a_runway_closed_with_all_is_none():
    events = [{**row, "occasion_id": "night"} for row in (*closed(0, 0, 30), *closed(1, 60, 90))]
    events.append({**here("runway_closed", 0, end=30, part="09"), "occasion_id": "night"})
    asked = question("count", "closures", subject_id="EPAA")
    assert judge(asked, claim(2), events=events)["verdict"] == "supported"
    assert answer(asked, events=events)["answer"] == "There were 2 closures: events tell 2 closings on 1 occasion."
