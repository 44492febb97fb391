"""Whose look counts where nothing can be told: a fjord at dusk, a ferry and a lamp that was a trawler's."""

from __future__ import annotations

from laid_out import account, at, bundle, claim, event, find, question

from hotwash.model.incident import Interval
from hotwash.report.statements import Library
from hotwash.report.timeline import build_timeline

ASKED = question("presence")


def look(name, **more):
    row = {"sighting_id": name, "role": "pilot", "said_by": name, "source_id": f"S-{name}", "known_utc": at(60)}
    return {**row, "utc_low": at(0), "utc_high": at(5), "seen": "a light", "saw_nothing": False, **more}


FERRY = look("FERRY", explained_by="unexplained", explained_why="no traffic was near")
EXPLAINED = look("QUAY", explained_by="known_traffic", explained_why="a trawler's lamp")
ALARMED = look("BOAT", explained_by="unexplained", explained_why="no traffic was near", after_alarm=True)
EXAMINED = look("FILM", probability_uas=0.01, assigned_by="Laboratory", explained_by="other")
NOTHING = look("PIER", seen=None, saw_nothing=True)


def presence(*sightings, said=(), **laid):
    return account(bundle([ASKED], said, sightings=sightings, **laid))


def lines(*sightings, **laid):
    return presence(*sightings, **laid).conclusions["lines"][0]


def test_what_is_explained_or_examined_or_came_after_the_alarm_is_no_line_of_what_cannot_be_told():
    assert [lines(FERRY, other) for other in (EXPLAINED, ALARMED, EXAMINED)] == [1, 1, 1]
    assert lines(FERRY, NOTHING) == 2


def test_nor_does_it_stand_behind_who_could_not_tell():
    said = [claim("cannot_tell", by="Committee", source="S-MINUTES")]
    found = presence(FERRY, EXPLAINED, ALARMED, said=said).findings.row(0, named=True)
    assert (found["verdict"], found["independent_lines"]) == ("compatible", ["FERRY (S-FERRY)"])


def test_who_could_not_tell_is_not_against_an_answer_that_nothing_was_there():
    said = [claim("cannot_tell", by="Committee", source="S-MINUTES")]
    asked = question("presence", subject_id="HULL")
    laid = bundle([asked], said, finds=[find("HULL", 0.01)])
    assert account(laid).conclusions["against"][0] is None
    laid = bundle([asked], said, finds=[find("HULL", 0.99)])
    assert account(laid).conclusions["against"][0] == "Cannot tell according to Committee."


def test_more_than_a_length_is_not_at_least_that_length():
    asked = question("duration", "min", subject_id="hum")
    rows = [event("first_hum", 0, source="S-A"), event("last_hum", 40, source="S-A")]
    said = [claim(90, "more_than", by="Gazette", source="S-B", unit="min")]
    laid = bundle([asked], said, events=rows, intervals=[Interval("hum", "first_hum", "last_hum")], grades={"S-A": "A"})
    assert account(laid).conclusions["against"][0] == "More than 1 h 30 min according to Gazette."


def test_two_flights_of_one_minute_are_told_apart_in_the_list_of_events():
    rows = [event("landing", 10, subject_id="ENZX", part=part, event_id=f"L-{part}") for part in ("SK4101", "WF_522")]
    found = account(bundle([ASKED], (), events=rows))
    labels = [item.label for item in build_timeline(found, Library(found)).in_order]
    assert [label.removeprefix("Landing · ENZX · ") for label in labels] == ["SK4101", "WF 522"]


def test_what_somebody_examined_wants_a_second_examination_and_no_report_that_is_told_already():
    laid = bundle([question("presence", subject_id="HULL")], (), finds=[find("HULL", 0.01, assigned_by="Laboratory")])
    wanted = account(laid).conclusions["discriminator"][0]
    assert wanted == "a second examination of it, by somebody other than Laboratory"
