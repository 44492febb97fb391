"""Every reason of the verdicts on counts, presence, identity, ranges and words: one true sentence for each cause.

Read it as a page: what lies on the table, what was claimed, the verdict, and why.
"""

from __future__ import annotations

import pytest
from laid_out import assumption, at, claim, event, find, finds, judged, origin, question

DIVERSIONS = question("count", "diversions", about_fraction=0.1)
AIRFRAMES = question("count", "airframes")
FINDS = question("count", "finds")
CROSSINGS = question("count", "crossings")
PRESENCE = question("presence")
IDENTITY = question("identity", subject_id="F1")
RANGE = question("range", "km")
OWN = {"by": "Speaker", "source": "S-RADIO"}
POLICE = {"by": "Police", "source": "S-POLICE"}


def told(value, **more):
    return event("diversion", value=float(value), **{"low": 26, "high": 270, **more})


def by_police(value):
    return {**told(value, **POLICE), "event_id": "E2"}


def nights(*values):
    return [
        {**event("diversion", value=float(value), occasion_id=f"N{n}"), "event_id": f"E{n}"}
        for n, value in enumerate(values, 1)
    ]


OCCASIONS = [{"occasion_id": name, "kind": "closure", "known_utc": at(0)} for name in ("N1", "N2")]
LATE = {"said": 900}


def sighting(explained=None, *, nothing=False, by="Tower"):
    return {
        "sighting_id": "G1",
        "role": "tower",
        "saw_nothing": nothing,
        "explained_by": explained,
        "said_by": by,
        "source_id": f"S-{by.upper()}",
        "known_utc": at(0),
    }


def find_1(chance, **more):
    return [find("F1", chance, **more)]


ORIGIN = origin("O1", 52.0, 20.0)
NEAR = {"lat_deg": 52.0, "lon_deg": 21.4575, "sigma_position_km": 1.0}  # 100 km east of it
NO_TRACKS = (
    "Not testable: crossings can be counted only from tracks; there are none, "
    "and the bundle does not assume that each find crossed."
)
KNOWN_THEN = "tells what was confirmed then, and excludes no number"

REASONS = [
    # ------------------------------------------------------------ numbers that events tell
    ("supported", DIVERSIONS, claim(50, **LATE), {"events": [told(50)]},
     "The events give 50 diversions, reported independently of the speaker."),
    ("contradicted", DIVERSIONS, claim(40, **LATE), {"events": [told(50)]},
     "The events give 50 diversions, not 40."),
    ("contradicted", DIVERSIONS, claim(60, said=60), {"events": [told(50)]},
     "The events give 0 to 50 diversions by 2026-03-12 21:00 UTC, not 60."),
    ("compatible", DIVERSIONS, claim(15, said=60), {"events": [told(50)]},
     "The events give 0 to 50 diversions by 2026-03-12 21:00 UTC; 15 is possible, and so are other numbers."),
    ("compatible", DIVERSIONS, claim(50, "more_than", **LATE), {"events": [told(50, relation="about")]},
     "The events give 45 to 55 diversions; 51 or more is possible, and so are other numbers."),
    ("uncorroborated", DIVERSIONS, claim(50, **LATE), {"events": [told(50, **OWN)]},
     "The events give 50 diversions, but only the speaker or the source of the claim reports it."),
    ("uncorroborated", DIVERSIONS, claim(50, derived_from=["unknown"], **LATE), {"events": [told(50)]},
     "The events give 50 diversions, but the voice that the claim repeats is unknown "
     "and may be the one that reports it."),
    ("not_testable", DIVERSIONS, claim(50, **LATE), {"events": [told(50), by_police(60)]},
     "Not testable: the events give 50 (Tower) and 60 (Police) diversions, which exclude one another; "
     "what decides between them is missing."),
    ("not_testable", DIVERSIONS, claim(17, **LATE), {"events": nights(17, 12), "occasions": OCCASIONS},
     "Not testable: the events give 17 (N1) and 12 (N2) diversions, "
     "and neither the question nor the claim names its occasion."),
    ("not_testable", DIVERSIONS, claim(29, **LATE), {"events": nights(17, 12), "occasions": OCCASIONS},
     "Not testable: the events give 17 (N1) and 12 (N2) diversions, "
     "and nobody tells the number of all occasions together."),
    ("supported", DIVERSIONS, claim(29, parts=["E1", "E2"], **LATE), {"events": nights(17, 12), "occasions": OCCASIONS},
     "17 (E1) and 12 (E2) add up to 29 diversions, reported independently of the speaker."),
    ("uncorroborated", DIVERSIONS, claim(50), {},
     "Nobody independent tells it, and nothing speaks against it."),
    # ------------------------------------------------------------ words instead of a number
    ("compatible", DIVERSIONS, claim("not_known", **LATE), {"events": [told(50)]},
     "That the number was not known when this was said tells what the speaker knew, and excludes no number."),
    ("compatible", DIVERSIONS, claim("none_confirmed", **LATE), {"events": [told(50)]},
     f"That none was confirmed when this was said {KNOWN_THEN}."),
    ("uncorroborated", DIVERSIONS, claim("none_confirmed"), {},
     f"That none was confirmed when this was said {KNOWN_THEN}; nobody independent tells a number."),
    # ------------------------------------------------------------ numbers that finds bound
    ("supported", AIRFRAMES, claim(1, "at_least"), {"finds": finds(0.9)},
     "The finds give at least 0 airframes (90 %); 1 or more has a probability of 90 %."),
    ("contradicted", AIRFRAMES, claim(0), {"finds": finds(0.95)},
     "The finds give at least 0 airframes (90 %); 0 has a probability of 5 %."),
    ("compatible", AIRFRAMES, claim(3), {"finds": finds(1.0, 1.0)},
     "The finds give at least 2 airframes (90 %) and set no upper limit: 3 is compatible, "
     "but cannot be distinguished from a higher number."),
    ("compatible", AIRFRAMES, claim(1, "at_least"), {"finds": finds(0.8999)},
     "The finds give at least 0 airframes (90 %): 1 or more is neither confirmed nor ruled out."),
    ("uncorroborated", AIRFRAMES, claim(1, "at_least"), {"finds": finds(1.0, **OWN)},
     "The finds give at least 1 airframe (90 %), but too many of these rows trace back to the speaker or the source "
     "to support it."),
    ("not_testable", AIRFRAMES, claim(1), {},
     "Not testable: no find has a probability for airframes, so there is nothing to count."),
    ("not_testable", CROSSINGS, claim(19), {"finds": finds(1.0)}, NO_TRACKS),
    # ------------------------------------------------------------ presence
    ("supported", PRESENCE, claim("present"), {"finds": finds(0.8, 0.8)},
     "At least one of F0 and F1 is a uas of that night with a probability of 96 %."),
    ("contradicted", PRESENCE, claim("absent"), {"finds": finds(0.97)},
     "F0 is a uas of that night with a probability of 97 %."),
    ("compatible", PRESENCE, claim("absent"), {"finds": finds(0.9499)},
     "F0 is a uas of that night with a probability of 94.99 %, which does not decide whether one was there."),
    ("compatible", PRESENCE, claim("present"), {"finds": finds(0.896)},
     "F0 is a uas of that night with a probability of 89.6 %, which does not decide whether one was there."),
    ("uncorroborated", PRESENCE, claim("present"), {"finds": finds(1.0, **OWN)},
     "F0 is a uas of that night with a probability of over 99 %, "
     "but every line traces back to the speaker or the source."),
    ("uncorroborated", PRESENCE, claim("present", derived_from=["unknown"]), {"finds": finds(1.0)},
     "F0 is a uas of that night with a probability of over 99 %, but the voice that the claim repeats is unknown "
     "and may be the one that reports them."),
    ("compatible", PRESENCE, claim("cannot_tell"), {"finds": finds(1.0)},
     "F0 is a uas of that night with a probability of over 99 %; whether the speaker could tell is not judged."),
    ("not_testable", PRESENCE, claim("present"), {},
     "Not testable: no sighting, find or track. A recording of a sensor that covered it would settle it."),
    ("not_testable", PRESENCE, claim("present"), {"sightings": [sighting()]},
     "Nobody has yet sought an explanation of G1. Known traffic, a track or a star or planet would settle it."),
    ("compatible", PRESENCE, claim("present"), {"sightings": [sighting("unexplained")]},
     "Unexplained after a search: G1. A track or a find would settle it."),
    ("uncorroborated", PRESENCE, claim("present"), {"sightings": [sighting("unexplained", by="Speaker")]},
     "Unexplained after a search: G1. A track or a find would settle it."),
    ("compatible", PRESENCE, claim("absent"), {"sightings": [sighting(nothing=True)]},
     "Nobody reports having seen anything; 1 observer looked and saw nothing. "
     "No evidence of a drone remains; only a sensor that covered the place could show that there was none."),
    ("compatible", PRESENCE, claim("cannot_tell"), {"sightings": [sighting("unexplained")]},
     "Unexplained after a search: G1. A track or a find would settle it. That it could not be told fits this."),
    # ------------------------------------------------------------ what it was
    ("supported", IDENTITY, claim("uas"), {"finds": find_1(0.93)},
     "F1 is assessed by Assessor as uas (93 %)."),
    ("contradicted", IDENTITY, claim("missile_part"), {"finds": find_1(0.96)},
     "F1 is assessed by Assessor as uas; missile part has a probability of 4 %."),
    ("compatible", IDENTITY, claim("uas"), {"finds": find_1(0.896)},
     "F1 is assessed by Assessor as uas; uas of that night has a probability of 89.6 %, which leaves it open."),
    ("compatible", IDENTITY, claim("unknown"), {"finds": find_1(0.96)},
     "F1 is assessed by Assessor as uas; what the speaker knew is not judged."),
    ("uncorroborated", IDENTITY, claim("uas"), {"finds": find_1(0.96, **OWN)},
     "F1 is assessed by Assessor as uas, but every line of evidence traces back to the speaker or the source."),
    ("uncorroborated", IDENTITY, claim("uas", derived_from=["unknown"]), {"finds": find_1(0.96)},
     "F1 is assessed by Assessor as uas, but the voice that the claim repeats is unknown "
     "and may be the one that reports the find."),
    ("not_testable", IDENTITY, claim("uas"), {"finds": find_1(None)},
     "Not testable: F1 has no probability."),
    ("not_testable", IDENTITY, claim("uas"), {},
     "Not testable: F1 is not a find of this account."),
    ("not_weighed", IDENTITY, claim("a Gerbera"), {"finds": find_1(0.96)},
     "An answer in free words is listed and not weighed."),
    ("not_weighed", question("cause"), claim("jamming"), {},
     "An answer in free words is listed and not weighed."),
    ("not_weighed", question("intent"), claim("deliberate"), {},
     "Intent is never judged; each statement is listed with its speaker."),
    # ------------------------------------------------------------ ranges
    ("not_testable", RANGE, claim(None, unit="km"), {"origins": [ORIGIN], "finds": find_1(1.0, **NEAR)},
     "Not testable: no figure was given, so there is nothing to compare the distances with."),
    ("not_testable", RANGE, claim(700, "at_most", unit="km"), {"finds": find_1(1.0, **NEAR)},
     "Not testable: no origin is assumed."),
    ("compatible", RANGE, claim(700, "at_most", unit="km"), {"origins": [ORIGIN], "finds": find_1(1.0, **NEAR)},
     "From the only assumed origin (O1), the find is possible within 700 km."),
    ("contradicted", RANGE, claim(20, "at_most", unit="km"), {"origins": [ORIGIN], "finds": find_1(1.0, **NEAR)},
     "Under the assumed origins and wind, F1 lies 100 km from O1, the only assumed origin, "
     "farther than 20 km (over 99 %)."),
    ("supported", RANGE, claim(20, "at_least", unit="km"), {"origins": [ORIGIN], "finds": find_1(1.0, **NEAR)},
     "Under the assumed origins and wind, F1 lies 100 km from O1, the only assumed origin, "
     "farther than 20 km (over 99 %)."),
    ("uncorroborated", RANGE, claim(20, "at_least", unit="km"),
     {"origins": [ORIGIN], "finds": find_1(1.0, **NEAR, **OWN)},
     "The finds that show a flight of 20 km trace back to the speaker or the source, or may do so."),
    ("compatible", RANGE, claim(500, "at_least", unit="km"), {"origins": [ORIGIN], "finds": find_1(1.0, **NEAR)},
     "No find shows a flight of 500 km from every assumed origin; a shorter flight excludes nothing."),
]  # fmt: skip


@pytest.mark.parametrize(("wanted", "asked", "said", "laid", "reason"), REASONS, ids=[row[-1][:60] for row in REASONS])
def test_each_cause_has_its_verdict_and_its_sentence(wanted, asked, said, laid, reason):
    row = judged(asked, said, **laid)
    assert (row["verdict"], row["reason"]) == (wanted, reason)


def test_crossings_are_bounded_under_the_assumption_that_each_airframe_crossed():
    row = judged(CROSSINGS, claim(1), finds=finds(1.0, 1.0), assumptions=[assumption("A-CROSSED")])
    assert row["reason"] == "The finds give at least 2 crossings (90 %); 1 has a probability of under 1 %."


def test_a_number_of_finds_is_one_of_those_made_by_then():
    row = judged(FINDS, claim(3), finds=finds(1.0, 1.0, 1.0, found_utc_high=at(10)))
    assert row["reason"] == "The finds made by then give 3 (90 %); 3 has a probability of over 99 %."
