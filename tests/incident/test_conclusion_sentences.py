"""Every sentence of a conclusion, in tables that a person can read through.

The cases are small nights at EDDV (Hannover, two hours ahead of UTC); what is right was written down first.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import polars as pl
import pytest
from concluding import BEGIN, END, at, claim, conclusion, conclusions, event, find, number, question, sighting, state

from hotwash.incident.conclusions import say_how_sure
from hotwash.model import tables
from hotwash.model.incident import Interval
from hotwash.model.questions import CountUnit
from hotwash.model.schema import drift

DIVERSIONS = question("count", unit="diversions")
CLOSED_AT = question("time", subject_id="aerodrome_closed", event_subject_id="EDDV", about_amount=5.0)
FOUND_AT = question("time", subject_id="first_find")
LENGTH = question("duration", subject_id="closure of EDDV", unit="min")
STATUS = question("status", subject_id="EDDV")
PRESENCE = question("presence")
IDENTITY = question("identity", subject_id="F1")
RANGE = question("range", unit="km")
FINDING = question("finding")
ENDS = {"events": [BEGIN, END]}
CLOSURE = Interval("closure of EDDV", "aerodrome_closed", "aerodrome_reopened", "EDDV", "EDDV")

Case = tuple[str, dict[str, Any], dict[str, Any], str]


def told(value: str, who: str, verdict: str = "uncorroborated", **more: Any) -> dict[str, Any]:
    """Return a claim of a number of diversions."""
    return claim(value, who, verdict, unit="diversions", **more)


def length(**more: Any) -> list[dict[str, Any]]:
    return [{"name": "closure of EDDV", "rows": ["events:BEGIN", "events:END"], **more}]


def sums(low: float, high: float | None, lost: float | None = None, **more: Any) -> list[dict[str, Any]]:
    row = {"subject_id": "EDDV", "state": "closed", "stretches": 1, "closed_min_low": low, "closed_min_high": high}
    return [{**row, "lost_min_low": lost, "lost_min_high": lost, **more}]


def by_finds(unit: str, **more: Any) -> dict[str, Any]:
    row = {"unit": unit, "mean": 16.0, "rows": ["finds:F1"], "why": "Why."}
    return {"finds": [find("F1", 0.9)], "counts": [{**row, **more}]}


NUMBERS: list[Case] = [
    (
        "two who agree",
        DIVERSIONS,
        {"events": [number("diversion", 4, "Tower"), number("diversion", 4, "Airport")]},
        "4 flights were diverted, according to Tower and Airport.",
    ),
    ("one", DIVERSIONS, {"events": [number("diversion", 1, "Tower")]}, "1 flight was diverted, according to Tower."),
    (
        "none",
        DIVERSIONS,
        {"events": [number("diversion", 0, "Tower")]},
        "No flights were diverted, according to Tower.",
    ),
    (
        "two who do not",
        DIVERSIONS,
        {"events": [number("diversion", 4, "Tower"), number("diversion", 6, "Airport")]},
        "Between 4 and 6 flights were diverted: 4 according to Tower and 6 according to Airport.",
    ),
    (
        "a source of low grade decides nothing",
        DIVERSIONS,
        {"events": [number("diversion", 4, "Tower"), number("diversion", 6, "Newspaper")]},
        "4 flights were diverted, according to Tower.",
    ),
    (
        "a number that ran",
        DIVERSIONS,
        {
            "events": [
                number("diversion", 15, "Tower", is_running=True, counted_utc=at("21:00")),
                number("diversion", 50, "Airport"),
            ]
        },
        "50 flights were diverted in the end, 15 by 21:00 (Tower), according to Airport.",
    ),
    (
        "a number that still runs",
        DIVERSIONS,
        {"events": [number("diversion", 15, "Tower", is_running=True, counted_utc=at("21:00"))]},
        "At least 15 flights were diverted by 21:00, according to Tower; no final number is told.",
    ),
    (
        "a number for a time, which is not the last word",
        DIVERSIONS,
        {
            "events": [
                number("diversion", 15, "Tower", counted_utc=at("21:00")),
                number("diversion", 20, "Airport", counted_utc=at("22:00")),
            ]
        },
        "20 flights were diverted by 22:00, 15 by 21:00 (Tower), according to Airport.",
    ),
    (
        "a number still rising, without its time",
        DIVERSIONS,
        {"events": [number("diversion", 15, "Tower", is_running=True)]},
        "At least 15 flights were diverted, according to Tower; no final number is told.",
    ),
    (
        "about, beside a number",
        DIVERSIONS,
        {"events": [number("diversion", 50, "Tower", relation="about"), number("diversion", 52, "Airport")]},
        "52 flights were diverted, according to Airport (Tower: about 50).",
    ),
    (
        "a lower bound",
        DIVERSIONS,
        {"events": [number("diversion", 8, "Tower", relation="at_least")]},
        "At least 8 flights were diverted, according to Tower.",
    ),
    (
        "about, alone",
        DIVERSIONS,
        {"events": [number("diversion", 50, "Tower", relation="about")]},
        "About 50 flights were diverted, according to Tower.",
    ),
    (
        "from and to",
        DIVERSIONS,
        {"events": [number("diversion", 2, "Tower", relation="between", value_high=4.0)]},
        "Between 2 and 4 flights were diverted, according to Tower.",
    ),
    (
        "two bounds that meet",
        DIVERSIONS,
        {
            "events": [
                number("diversion", 2, "Tower", relation="at_least"),
                number("diversion", 5, "Airport", relation="at_most"),
            ]
        },
        "Between 2 and 5 flights were diverted, according to Tower and Airport.",
    ),
    (
        "a statement alone",
        DIVERSIONS,
        {"claims": [told("8", "Police")]},
        "8 flights were diverted, according to Police alone.",
    ),
    (
        "two statements",
        DIVERSIONS,
        {"claims": [told("8", "Police"), told("9", "Airport")]},
        "Between 8 and 9 flights were diverted: 8 according to Police and 9 according to Airport.",
    ),
    (
        "a statement of a graded source beside that of a poorer one",
        DIVERSIONS,
        {"claims": [told("8", "Police"), told("9", "Newspaper")]},
        "8 flights were diverted, according to Police alone.",
    ),
    (
        "of many statements some",
        DIVERSIONS,
        {"claims": [told(str(n), f"Paper {n}") for n in range(6)]},
        "Between 0 and 5 flights were diverted: 0 according to Paper 0, 1 according to Paper 1, "
        "2 according to Paper 2, 3 according to Paper 3 and 2 other answers.",
    ),
    (
        "a supported statement beside another",
        DIVERSIONS,
        {"claims": [told("8", "Police", "supported", lines=["Tower (S1)"]), told("9", "Newspaper")]},
        "8 flights were diverted, according to Police.",
    ),
    (
        "a forecast is no answer",
        DIVERSIONS,
        {"claims": [told("8", "Police", told_as="forecast")]},
        "No number can be given. No events report diversions; 8 had been forecast, according to Police.",
    ),
    (
        "number not known",
        DIVERSIONS,
        {"claims": [told("not_known", "Police")]},
        "The number is not known, according to Police.",
    ),
    (
        "none confirmed",
        DIVERSIONS,
        {"claims": [told("none_confirmed", "Police")]},
        "None of the diversions is confirmed, according to Police.",
    ),
    ("nothing", DIVERSIONS, {}, "No number can be given. No events report diversions."),
    (
        "two aerodromes, and no sum told",
        DIVERSIONS,
        {"events": [number("diversion", 4, "Tower"), number("diversion", 3, "Airport", subject_id="EDDW")]},
        "Flights diverted, EDDV: 4; EDDW: 3; nobody tells how many in all.",
    ),
    (
        "two occasions, and no sum told",
        question("count", unit="cancellations", subject_id="EDDV"),
        {
            "occasions": [
                {"occasion_id": "O1", "kind": "closure", "text": "the first night"},
                {"occasion_id": "O2", "kind": "closure", "text": "the second night"},
            ],
            "events": [
                number("cancellation", 17, "Tower", occasion_id="O1"),
                number("cancellation", 12, "Tower", occasion_id="O2"),
            ],
        },
        "Flights cancelled, the first night: 17; the second night: 12; nobody tells how many in all.",
    ),
    (
        "the occasion asked about",
        question("count", unit="cancellations", subject_id="EDDV", occasion_id="O2"),
        {
            "events": [
                number("cancellation", 17, "Tower", occasion_id="O1"),
                number("cancellation", 12, "Tower", occasion_id="O2"),
            ]
        },
        "12 flights were cancelled, according to Tower.",
    ),
    (
        "money",
        question("count", unit="costs_eur"),
        {"events": [number("costs_eur", 2_500_000, "Airport")]},
        "The costs were 2\u202f500\u202f000 EUR, according to Airport.",
    ),
    (
        "money not known",
        question("count", unit="costs_eur"),
        {"claims": [claim("not_known", "Airport", unit="costs_eur")]},
        "The costs are not known, according to Airport.",
    ),
    (
        "a unit that the bundle declares",
        question("count", unit="buses"),
        {
            "own_units": (CountUnit(name="buses", title="Buses", nouns=("bus", "buses"), events=("bus",)),),
            "events": [number("bus", 1, "Airport")],
        },
        "There was 1 bus, according to Airport.",
    ),
    ("no unit", question("count"), {}, "The question does not say what is counted."),
    (
        "finds from below",
        question("count", unit="airframes"),
        by_finds("airframes", low_90=14),
        "At least 14 airframes entered.",
    ),
    (
        "crossings from finds",
        question("count", unit="crossings"),
        by_finds("crossings", low_90=14),
        "The border was crossed at least 14 times, if each airframe found crossed it.",
    ),
    (
        "an interval",
        question("count", unit="finds"),
        by_finds("finds", low_90=15, most_likely=17, high_90=19),
        "There were between 15 and 19 finds, most likely 17.",
    ),
    (
        "one number",
        question("count", unit="finds"),
        by_finds("finds", low_90=1, most_likely=1, high_90=1),
        "There was 1 find.",
    ),
    (
        "an upper bound",
        question("count", unit="brought_down"),
        by_finds("brought_down", low_90=0, high_90=3),
        "At most 3 were brought down.",
    ),
    (
        "none brought down",
        question("count", unit="brought_down"),
        by_finds("brought_down", low_90=0, most_likely=0, high_90=0),
        "None was brought down.",
    ),
    (
        "told by events without a number",
        question("count", unit="aerodromes_closed"),
        {"counts": [{"unit": "aerodromes_closed", "low_90": 1, "high_90": 2, "why": "1 aerodrome reported closed."}]},
        "Between 1 and 2 aerodromes were closed: 1 aerodrome reported closed.",
    ),
    (
        "nothing to count from",
        question("count", unit="crossings"),
        {"counts": [{"unit": "crossings", "why": "Crossings can be counted only from tracks."}]},
        "No number can be given. Crossings can be counted only from tracks.",
    ),
    (
        "a range that nothing excludes",
        RANGE,
        {"claims": [claim("700", "Ministry", relation="at_most", unit="km")]},
        "No claimed range is excluded: at most 700 km according to Ministry.",
    ),
    (
        "a range in another unit",
        RANGE,
        {"claims": [claim("100", "Ministry", relation="less_than", unit="NM")]},
        "No claimed range is excluded: less than 185.2 km according to Ministry.",
    ),
    (
        "a range that the distances exclude",
        RANGE,
        {
            "claims": [
                claim("700", "Ministry", "compatible", relation="at_most", unit="km"),
                claim("300", "Agency", "contradicted", relation="at_most", unit="km", probability=0.01),
            ]
        },
        "Excluded under the assumed origins: at most 300 km according to Agency; "
        "not excluded: at most 700 km according to Ministry.",
    ),
    (
        "a range that is shown",
        RANGE,
        {"claims": [claim("500", "Agency", "supported", relation="at_least", unit="km", probability=0.96)]},
        "They flew at least 500 km, according to Agency, as the distances show.",
    ),
    ("no range", RANGE, {}, "Nobody claims a range that could be held against the distances."),
]

TIMES: list[Case] = [
    (
        "an exact time beside a rounding that admits it",
        CLOSED_AT,
        {
            "events": [
                event("aerodrome_closed", "20:26", "Tower"),
                event("aerodrome_closed", "20:30", "Police", utc_low=at("20:25"), utc_high=at("20:35")),
            ]
        },
        "EDDV was closed at 20:26, according to Tower (Police: between 20:25 and 20:35).",
    ),
    (
        "two times",
        CLOSED_AT,
        {"events": [event("aerodrome_closed", "20:26", "Tower"), event("aerodrome_closed", "20:50", "Police")]},
        "EDDV was closed at 20:26 according to Tower and at 20:50 according to Police.",
    ),
    (
        "an upper bound",
        CLOSED_AT,
        {"events": [event("aerodrome_closed", None, "Tower", utc_high=at("20:35"))]},
        "EDDV was closed no later than 20:35, according to Tower.",
    ),
    (
        "a statement alone",
        CLOSED_AT,
        {"claims": [claim("2026-05-12T18:26:00Z", "Police", unit="utc")]},
        "EDDV was closed at 20:26, according to Police alone.",
    ),
    (
        "a closure elsewhere is not told of here",
        CLOSED_AT,
        {"events": [event("aerodrome_closed", "22:10", "Tower", subject_id="EDDW")]},
        "Nobody tells when: no event of the kind aerodrome closed has a time.",
    ),
    (
        "a long window wants dates",
        CLOSED_AT,
        {"hours": 38, "events": [event("aerodrome_closed", "20:26", "Tower")]},
        "EDDV was closed at 20:26 on 12 May, according to Tower.",
    ),
    (
        "a long window whose closures lie within a day does not",
        CLOSED_AT,
        {
            "hours": 38,
            "events": [event("aerodrome_closed", "20:26", "Tower")],
            "states": [state("closed", "20:26", "00:30")],
        },
        "EDDV was closed at 20:26, according to Tower.",
    ),
    (
        "another day",
        FOUND_AT,
        {"events": [event("first_find", None, "Police", start_utc=at("10:00", day=20))]},
        "First find: at 10:00 on 20 May, according to Police.",
    ),
    (
        "a bare date",
        FOUND_AT,
        {"events": [event("first_find", None, "Police", utc_low=at("00:00", day=20), utc_high=at("00:00", day=21))]},
        "First find: on 20 May, according to Police.",
    ),
    (
        "two aerodromes",
        question("time", subject_id="aerodrome_closed"),
        {
            "events": [
                event("aerodrome_closed", "20:26", "Tower"),
                event("aerodrome_closed", "22:10", "Police", subject_id="EDDW"),
            ]
        },
        "EDDV: at 20:26; EDDW: at 22:10.",
    ),
    (
        "an announcement is no event",
        question("time", subject_id="briefing"),
        {"events": [event("briefing", "07:00", "Police", told_as="forecast")]},
        "It was announced for 07:00, according to Police; nobody tells that it happened.",
    ),
    (
        "an announcement in a statement",
        question("time", subject_id="briefing"),
        {"claims": [claim("2026-05-13T05:00:00Z", "Police", unit="utc", told_as="plan")]},
        "It was announced for 07:00, according to Police; nobody tells that it happened.",
    ),
    (
        "two times of one minute are one",
        CLOSED_AT,
        {
            "events": [
                event("aerodrome_closed", "20:26", "Tower"),
                event("aerodrome_closed", "20:26", "Airport", start_utc=at("20:26") + timedelta(seconds=40)),
            ]
        },
        "EDDV was closed at 20:26, according to Tower and Airport.",
    ),
    ("no kind", question("time"), {}, "Nobody tells when: the question names no kind of event."),
    ("a length", LENGTH, {**ENDS, "durations": length(minutes=85.0)}, "Closure of EDDV: 1 h 25 min."),
    (
        "a length with bounds",
        LENGTH,
        {**ENDS, "durations": length(low=234.0, high=244.0)},
        "Closure of EDDV: 3 h 54 min to 4 h 4 min.",
    ),
    ("a least length", LENGTH, {**ENDS, "durations": length(low=234.0)}, "Closure of EDDV: at least 3 h 54 min."),
    (
        "lengths that disagree",
        LENGTH,
        {**ENDS, "durations": length(low=84.0, high=244.0, groups=["1 h 24 min (Tower)", "4 h 4 min (Police)"])},
        "Closure of EDDV: 1 h 24 min to 4 h 4 min; reports disagree: 1 h 24 min (Tower); 4 h 4 min (Police).",
    ),
    (
        "from one thing to another",
        question("duration", subject_id="first report to closure", unit="min"),
        {"durations": [{"name": "first report to closure", "minutes": 13.0, "rows": []}]},
        "First report to closure: 13 min.",
    ),
    (
        "two nights",
        LENGTH,
        {
            "occasions": [{"occasion_id": "O1", "kind": "closure", "text": "first night"}],
            "durations": [*length(minutes=120.0, occasion_id="O1"), *length(minutes=480.0, occasion_id="O2")],
        },
        "Closure of EDDV: 2 h (first night); 8 h (O2).",
    ),
    (
        "an end that nobody tells",
        LENGTH,
        {"durations": length(why="Not testable: no event “aerodrome reopened” is reported.")},
        "How long it was is not known: no event “aerodrome reopened” is reported.",
    ),
    (
        "a claimed length without events",
        LENGTH,
        {"claims": [claim("120", "Newspaper", unit="min")]},
        "2 h according to Newspaper alone; it cannot be checked: the bundle defines no such interval.",
    ),
]

STATES: list[Case] = [
    (
        "a night with a curfew and a landing",
        STATUS,
        {
            "events": [BEGIN, END, event("landing", "21:00", "Tower", event_id="LAND")],
            "states": [state("closed", "20:26", ("00:20", "00:30")), state("curfew", "23:00", None)],
            "closures": sums(234.0, 244.0, 154.0, exceptions=["events:LAND"]),
        },
        "EDDV was closed 20:26 to 00:20–00:30, then open; that is 3 h 54 min to 4 h 4 min, of which 2 h 34 min in "
        "operating hours; curfew from 23:00; 1 landing while closed.",
    ),
    (
        "two stretches and a stage",
        STATUS,
        {
            **ENDS,
            "states": [
                state("restricted", "20:10", "20:26"),
                state("closed", "20:26", "21:40"),
                state("closed", "22:10", "00:30"),
            ],
            "closures": sums(214.0, 214.0),
        },
        "EDDV was closed 20:26 to 21:40 and 22:10 to 00:30, then open; 3 h 34 min in all; restricted 20:10 to 20:26.",
    ),
    (
        "many stretches",
        STATUS,
        {**ENDS, "states": [state("closed", f"{hour}:00", f"{hour}:30") for hour in range(19, 23)]},
        "EDDV was closed four times between 19:00 and 22:30, then open.",
    ),
    (
        "all of it at night",
        STATUS,
        {**ENDS, "states": [state("closed", "01:00", "02:00")], "closures": sums(60.0, 60.0, 0.0)},
        "EDDV was closed 01:00 to 02:00, then open; that is 1 h, none of it in operating hours.",
    ),
    (
        "closed, then restricted",
        STATUS,
        {**ENDS, "states": [state("closed", "20:26", "00:30"), state("restricted", "00:30", "02:00")]},
        "EDDV was closed 20:26 to 00:30; restricted 00:30 to 02:00.",
    ),
    (
        "no reopening told",
        STATUS,
        {**ENDS, "states": [state("closed", "20:26", None)]},
        "EDDV was closed from 20:26; nobody tells when it was reopened.",
    ),
    (
        "a reopening alone",
        STATUS,
        {**ENDS, "states": [state("closed", None, "00:30")]},
        "EDDV was closed until 00:30, then open; nobody tells when that began.",
    ),
    (
        "a closing of which only the latest time is told",
        STATUS,
        {**ENDS, "states": [state("closed", "20:26", "00:30", from_utc_low=None)]},
        "EDDV was closed from 20:26 or earlier to 00:30, then open.",
    ),
    (
        "an end that nobody tells adds up to nothing",
        STATUS,
        {**ENDS, "states": [state("closed", "20:26", None)], "closures": sums(0.0, None, 0.0)},
        "EDDV was closed from 20:26; nobody tells when it was reopened.",
    ),
    (
        "one runway",
        STATUS,
        {**ENDS, "states": [state("runway_closed", "20:26", "21:00", part="09L")]},
        "Runway 09L of EDDV was closed 20:26 to 21:00, then open.",
    ),
    (
        "the airspace only",
        STATUS,
        {**ENDS, "states": [state("airspace_closed", "20:26", "21:00")]},
        "The airspace over EDDV was closed 20:26 to 21:00, then open.",
    ),
    (
        "a state of the incident only",
        STATUS,
        {**ENDS, "states": [state("restricted", "20:26", "21:00")]},
        "EDDV was restricted 20:26 to 21:00.",
    ),
    ("nothing", STATUS, {}, "Nothing tells the state of EDDV."),
    ("open all night", STATUS, {"states": [state("open", "18:00", "05:00")]}, "EDDV was open: no closure is told."),
    (
        "a statement alone",
        STATUS,
        {"claims": [claim("closed", "Airport")]},
        "EDDV: closed, according to Airport alone.",
    ),
    (
        "two statements",
        STATUS,
        {"claims": [claim("closed", "Airport"), claim("airspace_closed", "Police")]},
        "EDDV: closed, according to Airport; airspace closed, according to Police.",
    ),
]

PRESENCES: list[Case] = [
    (
        "one sighting stays unexplained and a statement was withdrawn",
        PRESENCE,
        {
            "sightings": [
                sighting("1", explained="unexplained"),
                sighting("2", explained="celestial"),
                sighting("3", explained="known_traffic"),
            ],
            "claims": [
                claim("present", "Police", "superseded", replaced_by="C-Police-cannot_tell"),
                claim("cannot_tell", "Police", said_utc_low=at("12:00", day=20)),
            ],
        },
        "Whether there was a drone cannot be told: one of three sightings stays unexplained, no sensor record covers "
        "it; Police withdrew “present” on 20 May.",
    ),
    (
        "finds show it",
        PRESENCE,
        {
            "claims": [
                claim("present", "Police", "supported", evidence=["finds:F1", "finds:F2"], probability=0.97),
                claim("absent", "Airport", "contradicted"),
            ]
        },
        "There was a drone: 2 finds show it with a probability of 97 %.",
    ),
    (
        "supported, not by finds",
        PRESENCE,
        {"claims": [claim("present", "Police", "supported")]},
        "There was a drone, according to Police.",
    ),
    (
        "absence supported",
        PRESENCE,
        {"claims": [claim("absent", "Radar owner", "supported")]},
        "There was no drone, according to Radar owner.",
    ),
    (
        "both supported",
        PRESENCE,
        {"claims": [claim("present", "Police", "supported"), claim("absent", "Airport", "supported")]},
        "Whether there was a drone is disputed: present according to Police and absent according to Airport.",
    ),
    (
        "a statement alone",
        PRESENCE,
        {"claims": [claim("present", "Police")]},
        "There was a drone, according to Police alone; nothing else tells of it.",
    ),
    (
        "nothing",
        PRESENCE,
        {},
        "Whether there was a drone cannot be told: no sighting is told, no sensor record covers it.",
    ),
    (
        "every sighting explained",
        PRESENCE,
        {"sightings": [sighting("1", explained="celestial"), sighting("2", explained="bird")]},
        "Whether there was a drone cannot be told: every sighting is explained, no sensor record covers it.",
    ),
    (
        "the only one explained, others saw nothing",
        PRESENCE,
        {"sightings": [sighting("1", explained="bird"), sighting("2", nothing=True), sighting("3", nothing=True)]},
        "Whether there was a drone cannot be told: the only sighting is explained, two observers looked and saw "
        "nothing, no sensor record covers it.",
    ),
    (
        "nobody has looked for an explanation",
        PRESENCE,
        {"sightings": [sighting("1"), sighting("2"), sighting("3", explained="unexplained")]},
        "Whether there was a drone cannot be told: one of three sightings stays unexplained, nobody has sought an "
        "explanation of two more, no sensor record covers it.",
    ),
    (
        "the only sighting",
        PRESENCE,
        {"sightings": [sighting("1", explained="unexplained")]},
        "Whether there was a drone cannot be told: the only sighting stays unexplained, no sensor record covers it.",
    ),
    (
        "all unexplained",
        PRESENCE,
        {"sightings": [sighting("1", explained="unexplained"), sighting("2", explained="unexplained")]},
        "Whether there was a drone cannot be told: both sightings stay unexplained, no sensor record covers it.",
    ),
    (
        "a doubtful find",
        PRESENCE,
        {"finds": [find("F1", 0.4)], "sightings": [sighting("1")]},
        "Whether there was a drone cannot be told: the only find is of that night with a probability of 40 %, "
        "nobody has sought an explanation of the sighting, no sensor record covers it.",
    ),
    (
        "a balloon is asked after",
        question("presence", text="Was there a balloon?"),
        {"claims": [claim("absent", "Radar owner", "supported")]},
        "There was no balloon, according to Radar owner.",
    ),
]

WORDS: list[Case] = [
    (
        "two findings side by side",
        FINDING,
        {
            "claims": [
                claim("a", "Police", "not_weighed", summary="The police closed the case without evidence."),
                claim("b", "University", "not_weighed", summary="The university does not rule one out"),
            ]
        },
        "The police closed the case without evidence; the university does not rule one out.",
    ),
    (
        "a speaker whom the words do not name is named once",
        question("cause"),
        {
            "claims": [
                claim("a", "Prosecutor", "not_weighed", summary="The light was a planet"),
                claim("b", "Prosecutor", "not_weighed", summary="It set at 23:00"),
            ]
        },
        "Prosecutor: the light was a planet; it set at 23:00.",
    ),
    (
        "of many statements the latest",
        FINDING,
        {
            "claims": [
                claim(str(n), f"Body {n}", "not_weighed", summary=f"Word {n}", said_utc_high=at(f"{12 + n}:00"))
                for n in range(6)
            ]
        },
        "Body 2: Word 2; Body 3: Word 3; Body 4: Word 4; Body 5: Word 5; 2 more statements below.",
    ),
    (
        "a replaced statement is not repeated",
        FINDING,
        {
            "claims": [
                claim("a", "Police", "superseded", summary="Police expect a drone"),
                claim("b", "Police", "not_weighed", summary="Police found none"),
            ]
        },
        "Police found none.",
    ),
    ("no statement", FINDING, {}, "Nobody has said anything on this."),
    (
        "intent",
        question("intent"),
        {"claims": [claim("x", "Police", "not_weighed", summary="It was meant")]},
        "Police: it was meant.",
    ),
    ("no word of intent", question("intent"), {}, "Nobody has spoken of intent."),
    (
        "what it was, supported",
        IDENTITY,
        {
            "finds": [find("F1", 0.02, "missile_part", assigned_by="analyst")],
            "claims": [claim("missile_part", "Police", "supported", probability=0.98)],
        },
        "It was a missile part (98 %), according to Police.",
    ),
    (
        "what it was, against its assessment",
        IDENTITY,
        {"finds": [find("F1", 0.6, "uas")], "claims": [claim("balloon", "Police")]},
        "It was a balloon, according to Police alone; the find is assessed as an uncrewed aircraft.",
    ),
    (
        "what it was, disputed",
        IDENTITY,
        {"claims": [claim("missile_part", "Police"), claim("a kite", "Airport")]},
        "It is disputed what it was: “a kite” according to Airport and a missile part according to Police.",
    ),
    ("what it was, nothing", IDENTITY, {}, "What it was is not known."),
    (
        "what it was, assessed only",
        IDENTITY,
        {"finds": [find("F1", 0.9, assigned_by="the analyst")]},
        "It is assessed by the analyst as an uncrewed aircraft (90 %).",
    ),
    (
        "what it was, told as unknown",
        IDENTITY,
        {"claims": [claim("unknown", "Police")]},
        "What it was is not identified, according to Police.",
    ),
]

ALL = [*NUMBERS, *TIMES, *STATES, *PRESENCES, *WORDS]
each = pytest.mark.parametrize(("asked", "case", "sentence"), [item[1:] for item in ALL], ids=[item[0] for item in ALL])


@each
def test_an_answer_reads(asked: dict[str, Any], case: dict[str, Any], sentence: str):
    assert conclusion(asked, **case)["answer"] == sentence


# ---------------------------------------------------------------- how sure, what speaks against it

Standing = tuple[str, dict[str, Any], dict[str, Any], tuple[str, int, str, str | None]]

FOUR_AND_FOUR = [number("diversion", 4, "Tower"), number("diversion", 4, "Airport")]
CLOSED = [event("aerodrome_closed", "20:26", "Tower"), event("aerodrome_closed", "20:26", "Airport")]

STANDINGS: list[Standing] = [
    (
        "two independent lines agree",
        DIVERSIONS,
        {"events": FOUR_AND_FOUR},
        ("settled", 2, "well supported on 2 independent lines", None),
    ),
    (
        "a contrary statement is named",
        DIVERSIONS,
        {"events": FOUR_AND_FOUR, "claims": [told("6", "Newspaper", "contradicted")]},
        ("settled", 2, "well supported on 2 independent lines", "6 according to Newspaper."),
    ),
    (
        "a contrary report of low grade is named",
        DIVERSIONS,
        {"events": [*FOUR_AND_FOUR, number("diversion", 6, "Newspaper")]},
        ("settled", 2, "well supported on 2 independent lines", "6 according to Newspaper."),
    ),
    (
        "a statement of an earlier time is not contrary",
        DIVERSIONS,
        {
            "events": FOUR_AND_FOUR,
            "claims": [told("3", "Police", "compatible", is_running=True, said_utc_low=at("21:00"))],
        },
        ("settled", 2, "well supported on 2 independent lines", None),
    ),
    (
        "many contrary statements are counted",
        DIVERSIONS,
        {"events": FOUR_AND_FOUR, "claims": [told(str(n), f"Paper {n}", "contradicted") for n in range(5, 10)]},
        (
            "settled",
            2,
            "well supported on 2 independent lines",
            "5 according to Paper 5, 6 according to Paper 6, 7 according to Paper 7 and 2 other values.",
        ),
    ),
    (
        "one source of high grade",
        DIVERSIONS,
        {"events": [number("diversion", 4, "Tower")]},
        ("likely", 1, "told by one independent line only", None),
    ),
    (
        "two sayers in one source are one line",
        DIVERSIONS,
        {"events": [number("diversion", 4, "Police", source_id=["S1"]), number("diversion", 4, "Tower")]},
        ("likely", 1, "told by one independent line only", None),
    ),
    (
        "one who repeats another is no second line",
        DIVERSIONS,
        {"events": FOUR_AND_FOUR, "claims": [told("4", "Airport", derived_from=["Tower"], claim_id="C1")]},
        ("likely", 1, "told by one independent line only", None),
    ),
    (
        "two papers",
        DIVERSIONS,
        {
            "claims": [
                told("4", "Paper", claim_id="C1", source_id="S1", source_reliability="D"),
                told("4", "Magazine", claim_id="C2", source_id="S4"),
            ]
        },
        ("open", 2, "told by 2 independent lines, and by no source better than reliability D", None),
    ),
    (
        "an unknown voice is nobody's line",
        DIVERSIONS,
        {"claims": [told("4", "Paper", derived_from=["unknown"])]},
        ("open", 0, "told, and by no independent line", None),
    ),
    (
        "a supported statement",
        DIVERSIONS,
        {"events": [number("diversion", 4, "Tower")], "claims": [told("4", "Police", "supported")]},
        ("settled", 2, "well supported on 2 independent lines", None),
    ),
    (
        "reports disagree",
        DIVERSIONS,
        {"events": [number("diversion", 4, "Tower"), number("diversion", 6, "Airport")]},
        ("disputed", 2, "reports disagree", None),
    ),
    ("nothing known", DIVERSIONS, {}, ("not_asked", 0, "nobody has answered it", None)),
    (
        "nobody knows",
        DIVERSIONS,
        {"claims": [told("not_known", "Police")]},
        ("open", 1, "cannot be told from what is known", None),
    ),
    (
        "a number that falls is a contradiction",
        DIVERSIONS,
        {
            "events": [
                number("diversion", 60, "Tower", is_running=True, counted_utc=at("21:00")),
                number("diversion", 50, "Airport"),
            ]
        },
        ("likely", 1, "told by one independent line only", "60 according to Tower."),
    ),
    (
        "a lower bound from finds",
        question("count", unit="airframes"),
        by_finds("airframes", low_90=14),
        ("likely", 1, "bounded from one side only", None),
    ),
    (
        "an interval from finds",
        question("count", unit="finds"),
        by_finds("finds", low_90=15, most_likely=17, high_90=19),
        ("likely", 1, "within a 90 % interval", None),
    ),
    ("a time told twice", CLOSED_AT, {"events": CLOSED}, ("settled", 2, "well supported on 2 independent lines", None)),
    (
        "a contrary time",
        CLOSED_AT,
        {"events": CLOSED, "claims": [claim("2026-05-12T19:00:00Z", "Newspaper", "contradicted", unit="utc")]},
        ("settled", 2, "well supported on 2 independent lines", "At 21:00 according to Newspaper."),
    ),
    (
        "a contrary length",
        LENGTH,
        {
            **ENDS,
            "durations": length(minutes=85.0),
            "claims": [claim("120", "Newspaper", "contradicted", unit="min", relation="at_least")],
        },
        ("settled", 2, "well supported on 2 independent lines", "At least 2 h according to Newspaper."),
    ),
    (
        "an open end",
        STATUS,
        {**ENDS, "states": [state("closed", "20:26", None)]},
        ("likely", 2, "its end is not told", None),
    ),
    (
        "a status claimed for another time",
        STATUS,
        {
            **ENDS,
            "states": [state("closed", "20:26", "00:30")],
            "claims": [claim("closed", "Newspaper", "contradicted", at_utc_low=at("05:00"), at_utc_high=at("05:00"))],
        },
        ("settled", 2, "well supported on 2 independent lines", "Closed at 05:00 according to Newspaper."),
    ),
    (
        "states of no graded source",
        STATUS,
        {**ENDS, "states": [state("closed", "20:26", "00:30", is_graded=False)]},
        ("likely", 2, "told by 2 independent lines, and not confirmed beyond them", None),
    ),
    (
        "who is sure where nobody can be",
        PRESENCE,
        {"claims": [claim("absent", "Airport"), claim("present", "Newspaper")]},
        ("open", 2, "cannot be told from what is known", None),
    ),
    (
        "what is told is not weighed",
        FINDING,
        {"claims": [claim("a", "Police", "not_weighed")]},
        ("open", 1, "told, not weighed", None),
    ),
    (
        "statements that an analyst holds to exclude one another",
        FINDING,
        {
            "claims": [
                claim("a", "Police", "not_weighed", claim_id="A", excludes=["B"]),
                claim("b", "Airport", "not_weighed", claim_id="B", excludes=["A"]),
            ]
        },
        (
            "disputed",
            2,
            "statements exclude one another; words are not weighed",
            "Police and Airport cannot both be right.",
        ),
    ),
    (
        "such statements of a graded source and of a poorer one",
        FINDING,
        {
            "claims": [
                claim("a", "Newspaper", "not_weighed", claim_id="A", excludes=["B"]),
                claim("b", "Police", "not_weighed", claim_id="B"),
            ]
        },
        (
            "open",
            2,
            "told, not weighed; of statements that exclude one another one has the better source",
            "Newspaper and Police cannot both be right, and Police stands higher (reliability B against "
            "reliability D).",
        ),
    ),
    (
        "intent",
        question("intent"),
        {"claims": [claim("a", "Police", "not_weighed")]},
        ("not_asked", 1, "never judged", None),
    ),
    (
        "another identity",
        IDENTITY,
        {
            "claims": [
                claim("missile_part", "Police", "supported", lines=["Prosecutor (S3)"], probability=0.98),
                claim("uas", "Airport", "contradicted"),
            ]
        },
        ("settled", 2, "well supported on 2 independent lines", "An uncrewed aircraft according to Airport."),
    ),
]
each_standing = pytest.mark.parametrize(
    ("asked", "case", "right"), [item[1:] for item in STANDINGS], ids=[item[0] for item in STANDINGS]
)


@each_standing
def test_an_answer_says_how_sure_it_is_and_what_speaks_against_it(asked, case, right):
    row = conclusion(asked, **case)
    assert (row["standing"], row["lines"], row["how_sure"], row["against"]) == right


# ---------------------------------------------------------------- what would settle it, and who could have it

ORIGIN = {"origin_id": "O", "origin": "a field", "lat_deg": 54.0, "lon_deg": 32.0, "sigma_position_km": 5.0}
RECORDED = [{"detection_id": 1, "sensor_id": "R", "time_utc": at("21:00")}]
SHUT_BY_TOWER = event("aerodrome_closed", "20:26", "Tower", event_id="BEGIN")
OPENED_BY_TOWER = event("aerodrome_reopened", "00:30", "Tower", event_id="END")
WAIT = [event("ready", "21:50", "Airport", event_id="READY"), event("departure", "22:14", "Airport", event_id="LEFT")]
WAIT_ROWS = ["events:READY", "events:LEFT"]
ASKS: list[tuple[str, dict[str, Any], dict[str, Any], str, str]] = [
    (
        "a time of a closing",
        CLOSED_AT,
        {},
        "the log entry of the closing, to the minute",
        "the tower of EDDV or the duty office of EDDV",
    ),
    (
        "a time of a reopening, bodies of the bundle",
        question("time", subject_id="aerodrome_reopened", event_subject_id="EDDV"),
        {"events": [BEGIN]},
        "the log entry of the reopening, to the minute",
        "Tower or Airport",
    ),
    (
        "a time at the border",
        question("time", subject_id="first_violation"),
        {},
        "the radar recording of the border, with its clock error",
        "the air-defence command or the air navigation service provider",
    ),
    (
        "a time of a warning",
        question("time", subject_id="public_warning"),
        {},
        "the dispatch record of the message, to the minute",
        "the body that sent it",
    ),
    (
        "a time of a report",
        question("time", subject_id="first_report"),
        {},
        "the record of the call, to the minute",
        "the tower or the police control room",
    ),
    (
        "a time of something else",
        FOUND_AT,
        {},
        "a log entry of the first find, to the minute",
        "whoever keeps the log of it",
    ),
    (
        "a closing that one record tells",
        CLOSED_AT,
        {"events": [SHUT_BY_TOWER]},
        "the notice (NOTAM) of the closing, or the recorded radio or telephone line",
        "the air navigation service provider or the notice office",
    ),
    (
        "a reopening that one record tells, bodies of the bundle",
        question("time", subject_id="aerodrome_reopened", event_subject_id="EDDV"),
        {"events": [OPENED_BY_TOWER, event("landing", "21:00", "DFS")]},
        "the notice (NOTAM) of the reopening, or the recorded radio or telephone line",
        "DFS or the notice office",
    ),
    (
        "a change that one record tells",
        question("time", subject_id="aerodrome_restricted", event_subject_id="EDDV"),
        {"events": [event("aerodrome_restricted", "20:26", "Tower")]},
        "the recorded radio or telephone line at the change",
        "the air navigation service provider",
    ),
    (
        "a closing that one record tells, and the notice office too",
        CLOSED_AT,
        {"events": [SHUT_BY_TOWER], "claims": [claim("2026-05-12T18:30:00Z", "NOTAM office", told_as="order")]},
        "the recorded radio or telephone line at the closing",
        "the air navigation service provider",
    ),
    (
        "a closing of which the notice is in the bundle",
        CLOSED_AT,
        {"events": [SHUT_BY_TOWER, event("notam", "20:40", "Tower")]},
        "the recorded radio or telephone line at the closing",
        "the air navigation service provider",
    ),
    (
        "a closing that the air navigation service provider records",
        CLOSED_AT,
        {"events": [event("aerodrome_closed", "20:26", "DFS", source_id=["S1"])]},
        "the notice (NOTAM) of the closing, or the recorded radio or telephone line",
        "the notice office",
    ),
    (
        "a closing that the air navigation service provider records, and of which the notice is there",
        CLOSED_AT,
        {"events": [event("aerodrome_closed", "20:26", "DFS", source_id=["S1"]), event("notam", "20:40", "DFS")]},
        "the recorded radio or telephone line at the closing",
        "whoever recorded the line",
    ),
    (
        "a closing that one record bounds",
        CLOSED_AT,
        {"events": [event("aerodrome_closed", None, "Tower", utc_low=at("20:20"), utc_high=at("20:30"))]},
        "the log entry of the closing, to the minute",
        "Tower or the duty office of EDDV",
    ),
    (
        "a closing that a newspaper tells",
        CLOSED_AT,
        {"events": [event("aerodrome_closed", "20:26", "Newspaper")]},
        "the log entry of the closing, to the minute",
        "the tower of EDDV or the duty office of EDDV",
    ),
    (
        "a report that one record tells",
        question("time", subject_id="first_report"),
        {"events": [event("first_report", "20:12", "Airport")]},
        "the record of the call, to the minute",
        "the tower or the police control room",
    ),
    (
        "a report that the police record",
        question("time", subject_id="first_report"),
        {"events": [event("first_report", "20:12", "Police")]},
        "the record of the call, to the minute",
        "the tower",
    ),
    (
        "a report that tower and police record in one line",
        question("time", subject_id="first_report"),
        {"events": [event("first_report", "20:12", "Tower", "Police", source_id=["S1"])]},
        "a second record of the first report, by somebody other than Tower and Police",
        "whoever else recorded it",
    ),
    (
        "a warning that one record tells",
        question("time", subject_id="public_warning"),
        {"events": [event("public_warning", "20:12", "Police")]},
        "a second record of the public warning, by somebody other than Police",
        "whoever else recorded it",
    ),
    (
        "something else that one record tells",
        question("time", subject_id="departure"),
        {"events": [event("departure", "22:14", "Airport")]},
        "a second record of the departure, by somebody other than Airport",
        "whoever else recorded it",
    ),
    (
        "a video",
        question("time", subject_id="video_posted"),
        {"events": [event("video_posted", "20:26", "An account")]},
        "the original file with its own time stamp",
        "An account or the platform",
    ),
    (
        "a video that only a claim tells",
        question("time", subject_id="first_video"),
        {"claims": [claim("2026-05-12T18:26:00Z", "Newspaper")]},
        "the original file with its own time stamp",
        "Newspaper or the platform",
    ),
    (
        "a photograph that nobody tells",
        question("time", subject_id="photo"),
        {},
        "the original file with its own time stamp",
        "whoever posted it or the platform",
    ),
    (
        "what comes after something is no post",
        question("time", subject_id="post_flight_check"),
        {},
        "a log entry of the post flight check, to the minute",
        "whoever keeps the log of it",
    ),
    (
        "a length from a post to a landing",
        question("duration", subject_id="post to landing", unit="min"),
        {
            "events": [event("social_post", "20:12", "An account"), event("landing", "21:00", "Airport")],
            "intervals": [Interval("post to landing", "social_post", "landing")],
        },
        "the original file with its own time stamp, and the log entry of the landing",
        "An account or the platform",
    ),
    (
        "a length that one record tells",
        question("duration", subject_id="wait", unit="min"),
        {
            "events": WAIT,
            "intervals": [Interval("wait", "ready", "departure")],
            "durations": [{"name": "wait", "minutes": 24.0, "low": 24.0, "high": 24.0, "rows": WAIT_ROWS}],
        },
        "a second record of the ready and the departure, by somebody other than Airport",
        "whoever else recorded it",
    ),
    (
        "a delay against a plan",
        question("duration", subject_id="wait", unit="min"),
        {
            "events": [WAIT[0] | {"told_as": "plan"}, WAIT[1]],
            "intervals": [Interval("wait", "ready", "departure")],
            "durations": [{"name": "wait", "minutes": 24.0, "low": 24.0, "high": 24.0, "rows": WAIT_ROWS}],
        },
        "a second record of the departure, by somebody other than Airport",
        "whoever else recorded it",
    ),
    (
        "a closure that one record tells",
        LENGTH,
        {
            "events": [SHUT_BY_TOWER, OPENED_BY_TOWER],
            "intervals": [CLOSURE],
            "durations": length(minutes=244.0, low=244.0, high=244.0),
        },
        "the notice (NOTAM) of the closing and the reopening, or the recorded radio or telephone line",
        "the air navigation service provider or the notice office",
    ),
    (
        "closed in all, by one record",
        question("duration", subject_id="EDDV closed in all", unit="min"),
        {
            "events": [SHUT_BY_TOWER, OPENED_BY_TOWER],
            "durations": length(minutes=244.0, low=244.0, high=244.0, name="EDDV closed in all"),
        },
        "the notice (NOTAM) of the closing and the reopening, or the recorded radio or telephone line",
        "the air navigation service provider or the notice office",
    ),
    (
        "closed in all, without a record",
        question("duration", subject_id="EDDV closed in all", unit="min"),
        {},
        "the times of its beginning and its end, to the minute",
        "the tower of EDDV or the duty office of EDDV",
    ),
    (
        "states that one record tells",
        STATUS,
        {"events": [SHUT_BY_TOWER, OPENED_BY_TOWER], "states": [state("closed", "20:26", "00:30")]},
        "the notice (NOTAM) of the closing and the reopening, or the recorded radio or telephone line",
        "the air navigation service provider or the notice office",
    ),
    (
        "a length whose end is missing",
        LENGTH,
        {"events": [BEGIN], "intervals": [CLOSURE]},
        "the log entry of the reopening, to the minute",
        "Tower or Airport",
    ),
    (
        "a length whose ends disagree",
        LENGTH,
        {**ENDS, "intervals": [CLOSURE], "durations": length(low=84.0, high=244.0, groups=["1 h", "4 h"])},
        "the log entries of the closing and the reopening, to the minute",
        "Tower or Airport",
    ),
    (
        "a reopening that nobody tells",
        STATUS,
        {**ENDS, "states": [state("closed", "20:26", None)]},
        "the log entry of the reopening, to the minute",
        "Tower or Airport",
    ),
    (
        "a closing that nobody tells",
        STATUS,
        {**ENDS, "states": [state("closed", None, "00:30")]},
        "the log entry of the closing, to the minute",
        "Tower or Airport",
    ),
    (
        "no state",
        STATUS,
        {},
        "the log entries of the closing and the reopening, to the minute",
        "the tower of EDDV or the duty office of EDDV",
    ),
    (
        "presence",
        PRESENCE,
        {"claims": [claim("cannot_tell", "Police")]},
        "a recording of a sensor that covered it: radar, radio frequency, Remote ID or camera",
        "the air navigation service provider, the airport operator of EDDV or Police",
    ),
    (
        "presence, where something was recorded",
        PRESENCE,
        {"detections": RECORDED},
        "proof that the recorded sensors covered the place at that time, and what they show there",
        "the air navigation service provider, the airport operator of EDDV or the police",
    ),
    ("flights", DIVERSIONS, {}, "the flight list of the night", "airport operations of EDDV or the network manager"),
    (
        "flights, still rising",
        DIVERSIONS,
        {"events": [number("diversion", 15, "Airport", is_running=True)]},
        "the final flight list of the night",
        "Airport or the network manager",
    ),
    (
        "passengers",
        question("count", unit="passengers"),
        {},
        "the passenger list of the night",
        "airport operations of EDDV or the network manager",
    ),
    (
        "crossings",
        question("count", unit="crossings"),
        {},
        "a radar recording that covers the whole border for the whole time",
        "the air-defence command or the air navigation service provider",
    ),
    (
        "finds",
        question("count", unit="finds"),
        {},
        "the list of all finds, with the examination of each",
        "the prosecutor or the police",
    ),
    (
        "brought down",
        question("count", unit="brought_down"),
        {},
        "the record of each firing, matched with the finds",
        "the air-defence command or the prosecutor",
    ),
    ("costs", question("count", unit="costs_eur"), {}, "the invoice or the account of the costs", "whoever paid them"),
    ("reports", question("count", unit="reports"), {}, "the log of the reports received", "the police or the tower"),
    (
        "closures",
        question("count", unit="closures"),
        {},
        "the notices to airmen of the night",
        "the air navigation service provider or the notice office",
    ),
    (
        "anything else counted",
        question("count", unit="marks"),
        {},
        "the list of the marks on a screen",
        "whoever counted them",
    ),
    ("identity", IDENTITY, {}, "the technical examination report", "the prosecutor or the investigation authority"),
    (
        "identity, with a prosecutor in the bundle",
        IDENTITY,
        {"claims": [claim("unknown", "Lublin district prosecutor")]},
        "the technical examination report",
        "Lublin district prosecutor or the investigation authority",
    ),
    (
        "a range without an origin",
        RANGE,
        {},
        "a launch place, or the flight log of a find",
        "the prosecutor or the investigation authority",
    ),
    (
        "a range with origins",
        RANGE,
        {
            "origins": [
                {"origin_id": "O", "origin": "a field", "lat_deg": 54.0, "lon_deg": 32.0, "sigma_position_km": 5.0}
            ]
        },
        "the launch place, the tank or the flight log of a find",
        "the prosecutor or the investigation authority",
    ),
    ("no finding", FINDING, {}, "a finding of the body that investigated it", "the investigation authority"),
    (
        "one finding",
        FINDING,
        {"claims": [claim("a", "Police", "not_weighed")]},
        "the evidence on which the statement rests",
        "the investigation authority or Police",
    ),
    (
        "two causes",
        question("cause"),
        {"claims": [claim("a", "Police", "not_weighed"), claim("b", "Safety investigation", "not_weighed")]},
        "the evidence on which each statement rests, in the report of the inquiry",
        "Safety investigation or Police",
    ),
]
each_ask = pytest.mark.parametrize(
    ("asked", "case", "observation", "whom"), [item[1:] for item in ASKS], ids=[item[0] for item in ASKS]
)


@each_ask
def test_an_open_question_names_what_would_settle_it_and_whom_to_ask(asked, case, observation, whom):
    row = conclusion(asked, **case)
    assert (row["discriminator"], row["ask"]) == (observation, whom)


def test_of_two_airports_the_one_in_question_is_asked():
    told_by = {"events": [event("landing", "21:00", "Airport of EDDW"), event("landing", "21:00", "Airport of EDDV")]}
    row = conclusion(DIVERSIONS | {"subject_id": "EDDW"}, aerodromes=("EDDV", "EDDW"), **told_by)
    assert row["ask"] == "Airport of EDDW or the network manager"


@pytest.mark.parametrize("asked", [question("intent"), CLOSED_AT], ids=["intent", "settled"])
def test_what_is_settled_or_never_judged_asks_for_nothing(asked: dict[str, Any]):
    row = conclusion(asked, events=CLOSED)
    assert (row["discriminator"], row["ask"]) == (None, None)


# ---------------------------------------------------------------- which answers come first


def names(rows: pl.DataFrame, *, headline: bool) -> list[str]:
    return rows.filter(pl.col("is_headline") == headline).sort("rank")["question_id"].to_list()


ASKED = [
    question("count", unit="diversions", question_id="Q-DIV"),
    question("presence", question_id="Q-DRONE"),
    question("count", unit="finds", question_id="Q-FINDS"),
    question("count", unit="crossings", question_id="Q-CROSS"),
]
SHUT = {**ENDS, "states": [state("closed", "20:26", "00:30")]}


def test_the_head_answers_what_the_bundle_names_in_its_order():
    rows = conclusions(*ASKED, headline=("Q-DRONE", "Q-DIV", "Q-UNKNOWN"), **SHUT)
    assert names(rows, headline=True) == ["Q-DRONE", "Q-DIV"]
    assert rows["rank"].to_list() == [1, 2, 3, 4, 5]


def test_the_head_of_an_airport_night_answers_closures_and_presence():
    rows = conclusions(*ASKED[:3], **SHUT)
    assert names(rows, headline=True) == ["closures:EDDV", "Q-DRONE"]
    assert names(rows, headline=False) == ["Q-DIV", "Q-FINDS"]


def test_the_head_of_a_border_night_answers_crossings_and_finds():
    assert names(conclusions(*ASKED, kind="border"), headline=True) == ["Q-CROSS", "Q-FINDS"]


def test_a_border_is_known_by_the_question_of_crossings():
    assert names(conclusions(*ASKED), headline=True) == ["Q-CROSS", "Q-FINDS"]


def test_the_head_of_any_other_incident_answers_everything():
    assert names(conclusions(*ASKED[:3], kind="other"), headline=True) == ["Q-DIV", "Q-DRONE", "Q-FINDS"]


def test_closures_that_no_question_asks_about_have_an_answer_of_their_own():
    row = conclusion(**SHUT)
    assert (row["question_id"], row["answer"]) == ("closures:EDDV", "EDDV was closed 20:26 to 00:30, then open.")


def test_closures_that_a_question_asks_about_are_answered_once():
    assert conclusions(STATUS, **SHUT)["question_id"].to_list() == ["Q"]


def test_closures_that_nobody_asked_for_follow_the_questions_where_they_are_not_the_first_of_them():
    rows = conclusions(*ASKED, kind="border", **SHUT)
    assert rows["question_id"].to_list() == ["Q-CROSS", "Q-FINDS", "Q-DIV", "Q-DRONE", "closures:EDDV"]


def test_an_incident_without_rows_has_no_conclusion():
    rows = conclusions()
    assert rows.is_empty()
    assert drift(rows, tables.CONCLUSIONS) == []


def test_another_story_enters_no_answer():
    elsewhere = [{"occasion_id": "O9", "kind": "other", "text": "the night at Bremen", "is_related": True}]
    told_there = [number("diversion", 9, "Tower", occasion_id="O9"), number("diversion", 4, "Airport")]
    row = conclusion(
        DIVERSIONS, occasions=elsewhere, events=told_there, states=[state("closed", "20:00", "21:00", occasion_id="O9")]
    )
    assert row["answer"] == "4 flights were diverted, according to Airport."
    asked = conclusion(DIVERSIONS | {"occasion_id": "O9"}, occasions=elsewhere, events=told_there)
    assert asked["answer"] == (
        "“the night at Bremen” is another story (is_related), which enters no answer of events; "
        "ask of its statements by a question of kind finding."
    )
    assert asked["standing"] == "not_asked"


def test_a_conclusion_names_its_rows_and_the_claims_on_its_question():
    claims = [told("4", "Police", "supported"), told("6", "Newspaper", "contradicted")]
    row = conclusion(DIVERSIONS, events=FOUR_AND_FOUR, claims=claims)
    assert row["rows"] == ["events:E-diversion-4-Tower", "events:E-diversion-4-Airport"]
    assert row["claims"] == ["C-Newspaper-6", "C-Police-4"]


@pytest.mark.parametrize(
    ("standing", "lines", "said"),
    [
        ("settled", 3, "well supported on 3 independent lines"),
        ("settled", 0, "supported by the rows counted"),
        ("likely", 2, "told by 2 independent lines, and not confirmed beyond them"),
        ("likely", 1, "told by one independent line only"),
        ("disputed", 2, "reports disagree"),
        ("open", 2, "cannot be told from what is known"),
        ("not_asked", 2, "never judged"),
    ],
)
def test_how_sure_an_answer_is_is_said_in_words(standing: str, lines: int, said: str):
    assert say_how_sure(standing, lines) == said
