"""An incident made by hand: like the real night, small enough to read, with every verdict and every odd case in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import shapely

from hotwash.claims import bounds
from hotwash.geo import borders
from hotwash.model import tables
from hotwash.model.incident import Brief, Bundle, FileRead, Incident, Interval
from hotwash.model.occurrence import Occurrence
from hotwash.model.recording import Recording
from hotwash.model.schema import Table, empty, frame

START = datetime(2025, 9, 9, 20, tzinfo=UTC)
END = datetime(2025, 9, 10, 10, tzinfo=UTC)
MADE = datetime(2026, 11, 22, 15, tzinfo=UTC)
KNOWN = datetime(2025, 9, 12, tzinfo=UTC)
Row = dict[str, Any]

PLACES = (
    ("F01", "Czosnówka", 52.01, 23.23, 2.0),
    ("F02", "Cześniki", 50.70, 23.44, 1.0),
    ("F03", "Wyryki-Wola", 51.56, 23.36, 2.0),
    ("F04", "Krzywowierzba-Kolonia", 51.59, 23.16, 4.0),
    ("F05", "Wohyń", 51.76, 22.79, 1.0),
    ("F06", "Wielki Łan", 51.48, 23.20, 2.0),
    ("F07", "Zabłocie-Kolonia", 51.84, 23.57, 2.0),
    ("F08", "Wyhalew", 51.62, 23.16, 4.0),
    ("F09", "Bychawka Trzecia", 51.07, 22.53, 2.0),
    ("F10", "Przymiarki", 50.42, 22.68, 6.0),
    ("F12", "Nowe Miasto nad Pilicą", 51.62, 20.58, 1.0),
    ("F13", "between Rabiany and Sewerynów", 52.41, 21.79, 3.0),
    ("F16", "Mniszków", 51.37, 20.04, 1.0),
    ("F17", "Oleśno", 54.08, 19.29, 2.0),
    ("F18", "Korsze (gmina)", 54.17, 21.14, 8.0),
    ("F21", "Smyków / Raków", 50.67, 21.05, 10.0),
)
KIND_OF = {"F03": "missile_part", "F18": "model_aircraft", "F21": "unknown"}
ORIGINS = (
    ("O04", "border: Kaliningrad obl. south edge", 54.36, 20.0),
    ("O05", "launch area: Shatalovo, Smolensk obl.", 54.34, 32.47),
    ("O07", "launch area: Kursk", 51.75, 36.3),
    ("O11", "launch area: Chauda, Crimea", 45.0, 35.84),
)
QUESTIONS = (
    ("Q-CROSS", "How many border crossings were there?", "count", "crossings"),
    ("Q-AIR", "How many airframes came in?", "count", "airframes"),
    ("Q-RANGE", "How far can they have flown at most?", "range", "km"),
    ("Q-FIRST", "When was the border first crossed?", "time", "utc"),
    ("Q-CLOSED", "How long did Chopin stand still?", "duration", "min"),
    ("Q-EPWA", "Was Chopin airport closed?", "status", None),
    ("Q-HOUSE", "What hit the house at Wyryki-Wola?", "identity", None),
    ("Q-INTENT", "Was it meant?", "intent", None),
)
VERDICTS = ("supported", "contradicted", "uncorroborated", "compatible", "not_testable")


def at(hour: float) -> datetime:
    """Return a moment so many hours after the window begins."""
    return START + timedelta(hours=hour)


def _find(find_id: str, place: str, lat: float, lon: float, sigma: float) -> Row:
    kind = KIND_OF.get(find_id, "uas")
    likely = 0.9 if kind == "uas" else 0.1
    return {
        "find_id": find_id,
        "place": place,
        "region": "lubelskie",
        "lat_deg": lat,
        "lon_deg": lon,
        "sigma_position_km": sigma,
        "found_utc_high": at(9.5),
        "known_utc": KNOWN,
        "object_kind": kind,
        "probability_find": likely,
        "probability_find_low": likely - 0.1,
        "probability_find_high": likely + 0.05,
        "probability_airframe": likely,
        "assigned_by": "analyst",
        "assigned_why": "a whole drone was described",
        "what": f"What lay at {place}.",
        "said_by": ["prosecutor"],
        "source_id": ["S01", "S02"],
    }


def _claim(claim_id: str, question: str, value: str | None, unit: str | None, **more: Any) -> Row:
    return {
        "claim_id": claim_id,
        "question_id": question,
        "said_by": "Prime Minister",
        "said_utc_low": at(12),
        "said_utc_high": at(12.2),
        "known_utc": KNOWN,
        "relation": "exactly",
        "value": value,
        "unit": unit,
        "summary": f"Statement {claim_id}.",
        "source_id": "S01",
        "derived_from": [],
        "source_reliability": "B",
        "credibility": "3",
    } | more


def _claims() -> list[Row]:
    counted = [
        _claim(
            f"C{n:02d}",
            ("Q-CROSS", "Q-AIR")[n % 2],
            str(8 + n),
            ("crossings", "airframes")[n % 2],
            relation=("exactly", "about", "at_least", "at_most")[n % 4],
        )
        for n in range(1, 25)
    ]
    counted[3] |= {"supersedes": ["C02"], "said_by": "Prime Minister"}
    return [
        *counted,
        _claim("C30", "Q-RANGE", "700", "km", relation="at_most", said_by="Ministry of Defence of Russia"),
        _claim("C31", "Q-RANGE", "600", "km", relation="about", said_by="Agency"),
        _claim("C32", "Q-FIRST", "2025-09-09T21:30:00Z", "utc", relation="about"),
        _claim("C33", "Q-CLOSED", "120", "min", relation="between", value_high="150"),
        _claim("C34", "Q-EPWA", "airspace_closed", None),
        _claim("C35", "Q-HOUSE", "missile_part", None, derived_from=["unknown"], words_start=4, words_end=20),
        _claim("C36", "Q-INTENT", "no targets were planned", None, said_by="Ministry of Defence of Russia"),
        _claim("C37", "Q-INTENT", "deliberate", None, is_final=True, note="said twice"),
    ]


def _finding(number: int, claim: Row) -> Row:
    verdict = "superseded" if claim["claim_id"] == "C02" else VERDICTS[number % len(VERDICTS)]
    verdict = "not_weighed" if claim["question_id"] == "Q-INTENT" else verdict
    many = number % 2
    return {
        "claim_id": claim["claim_id"],
        "question_id": claim["question_id"],
        "verdict": verdict,
        "reason": "The finds bound the number from below only.",
        "probability": 0.94 if verdict == "supported" else None,
        "rows": [f"finds:{place[0]}" for place in PLACES] if many else ["events:E01", "events:E02", "finds:F01"],
        "assumptions": ["A-WIND", "O05"],
        "independent_lines": ["prosecutor (S01)", "prosecutor (S02)", "police (S02)"],
        "superseded_by": "C04" if verdict == "superseded" else None,
        "verdict_on_merits": "contradicted" if verdict == "superseded" else None,
    }


def _events() -> list[Row]:
    shapes: list[Row] = [
        {"kind": "first_violation", "start_utc": at(1.5), "said_by": ["Prime Minister"]},
        {"kind": "first_violation", "start_utc": at(0.5), "said_by": ["Super Express"]},
        {"kind": "last_violation", "start_utc": at(8.5), "utc_low": at(8.4), "utc_high": at(8.6)},
        {"kind": "airspace_closed", "utc_high": at(9.4), "subject_id": "EPWA", "said_by": ["Chopin airport"]},
        {"kind": "airspace_reopened", "start_utc": at(9.5), "subject_id": "EPWA"},
        {"kind": "published_closed_hours", "start_utc": at(2), "end_utc": at(7), "subject_id": "EPLB"},
        {"kind": "public_statement", "utc_high": at(6)},
        {"kind": "public_warning", "utc_low": at(8.5), "utc_high": at(9)},
        {"kind": "search", "utc_low": at(11)},
        {"kind": "meeting", "text": "Undated."},
        {"kind": "finds_counted", "start_utc": at(15), "value": 7.0},
        {"kind": "investigation_opened", "utc_low": at(50), "utc_high": at(74)},
        {"kind": "search_suspended", "start_utc": at(24 * 50)},
        {"kind": "investigation_closed", "start_utc": at(24 * 366)},
    ]
    named = [
        {
            "event_id": f"E{n:02d}",
            "text": f"Event {n}.",
            "known_utc": KNOWN,
            "said_by": ["police"],
            "source_id": ["S01"],
        }
        | shape
        for n, shape in enumerate(shapes, start=1)
    ]
    return named + [
        {
            "event_id": f"E{n}",
            "kind": f"radar_contact_{n}",
            "start_utc": at((n - 20) * 0.8),
            "text": "A contact.",
            "said_by": ["Operational Command"],
            "source_id": ["S02"],
            "known_utc": KNOWN,
        }
        for n in range(20, 36)
    ]


def _counts() -> list[Row]:
    rows = [f"finds:{place[0]}" for place in PLACES]
    return [
        {
            "unit": "airframes",
            "low_90": 14,
            "why": "Finds bound airframes from below only.",
            "mean": 16.2,
            "counted_low_90": 14,
            "counted_most_likely": 16,
            "counted_high_90": 18,
            "all_low": 12.6,
            "all_high": 18.5,
            "rows": rows,
        },
        {"unit": "crossings", "why": "No tracks: crossings cannot be counted.", "rows": []},
        {"unit": "brought_down", "low_90": 1, "most_likely": 3, "high_90": 5, "mean": 2.9, "rows": rows},
        {"unit": "finds", "low_90": 15, "most_likely": 17, "high_90": 19, "mean": 17.0, "rows": rows},
        {"unit": "diversions", "low_90": 6, "high_90": 7, "why": "2 reports: 6, 7.", "rows": ["events:E01"]},
    ]


def _contradictions() -> list[Row]:
    def pair(one: str, other: str, **more: Any) -> Row:
        return {
            "question_id": "Q-CROSS",
            "claim_id": one,
            "other_claim_id": other,
            "said_by": "Prime Minister",
            "other_said_by": "Chancellery",
            "said_utc": at(12),
            "other_said_utc": at(30),
            "value": "19 crossings",
            "other_value": "19 airframes",
            "is_unit_drift": False,
            "is_same_speaker": False,
        } | more

    return [pair("C02", "C04", gap=2.0, unit="crossings"), pair("C06", "C07", is_unit_drift=True)]


def _beliefs() -> list[Row]:
    return [
        {
            "question_id": "Q-CROSS",
            "step": step,
            "claim_id": claim,
            "said_by": "Prime Minister",
            "said_utc": at(12 + step),
            "value": value,
            "supersedes": earlier,
            "is_held": is_held,
        }
        for step, claim, value, earlier, is_held in (
            (1, "C02", "10 crossings", None, False),
            (2, "C04", "12 crossings", "C02", True),
        )
    ]


CONCLUDED = (
    # question, answer, standing, how sure, lines, against, discriminator, whom to ask
    (
        "Q-EPWA",
        "Only the airspace over Chopin was closed",
        "likely",
        "likely",
        2,
        "the Prime Minister said that the airport was closed",
        "the log of Chopin airport",
        "Chopin airport",
    ),
    (
        "Q-CROSS",
        "How often the border was crossed cannot be told",
        "open",
        None,
        0,
        None,
        "the radar plots of that night",
        "the Operational Command",
    ),
    ("Q-AIR", "At least 14 airframes came in.", "settled", "settled: on two independent lines", 2, None, None, None),
    (
        "Q-RANGE",
        "What range they had is disputed",
        "disputed",
        "the statements exclude one another",
        1,
        "700 km and 600 km exclude one another",
        "the tank of a find",
        "the Operational Command",
    ),
    ("Q-FIRST", "The border was first crossed about 23:30.", "likely", "probable", 1, None, None, None),
    ("Q-CLOSED", "Nobody tells it.", "not_asked", None, 0, None, None, None),
)


def conclusions(*, headlines: int = 2) -> pl.DataFrame:
    """Return CONCLUSIONS on some of the questions, the first of them for the head."""
    names = ("question_id", "answer", "standing", "how_sure", "lines", "against", "discriminator", "ask")
    rows = [
        dict(zip(names, told, strict=True))
        | {"rank": rank, "rows": ["events:E04", "finds:F01"], "claims": [], "is_headline": rank <= headlines}
        | ({"probability": 0.93} if told[0] == "Q-FIRST" else {})
        for rank, told in enumerate(CONCLUDED, start=1)
    ]
    return _frame(tables.CONCLUSIONS, rows)


def states() -> pl.DataFrame:
    """Return STATES of two aerodromes: each state once, ends that are told, bounded and open."""

    def one(subject: str, state: str, begun: Sequence[float | None], ended: Sequence[float | None], **more: Any) -> Row:
        bounds = ("from_utc_low", "from_utc_high", "to_utc_low", "to_utc_high")
        times = {name: None if hour is None else at(hour) for name, hour in zip(bounds, (*begun, *ended), strict=True)}
        return {"subject_id": subject, "state": state, "is_graded": True, **times} | more

    return _frame(
        tables.STATES,
        [
            one("EPWA", "open", (None, None), (1, 1)),
            one("EPWA", "restricted", (1, 1.5), (2, 2), from_rows=["events:E04"], to_rows=["events:E05"]),
            one(
                "EPWA", "closed", (2, 2), (4.3, 4.5), occasion_id="EPWA-1", text="Closed until between 00:18 and 00:30"
            ),
            one("EPWA", "runway_closed", (4.3, 4.5), (5, 5), part="11/29", is_graded=False),
            one("EPWA", "curfew", (3, 3), (8, 8)),
            one("EPWA", "no_traffic_planned", (8, 8), (9, 9)),
            one("EPLB", "airspace_closed", (None, 3), (6, None), from_rows=["events:E06"]),
        ],
    )


def closures() -> pl.DataFrame:
    """Return CLOSURES of two aerodromes: one with all lengths, one with an open end."""
    return _frame(
        tables.CLOSURES,
        [
            {
                "subject_id": "EPWA",
                "state": "closed",
                "stretches": 2,
                "span_min_low": 180.0,
                "span_min_high": 180.0,
                "closed_min_low": 138.0,
                "closed_min_high": 150.0,
                "lost_min_low": 60.0,
                "lost_min_high": 60.0,
                "stages": ["traffic restricted", "closed, 60 min after the first measure"],
                "exceptions": ["events:E05"],
                "rows": ["events:E04"],
            },
            {"subject_id": "EPLB", "state": "airspace_closed", "stretches": 1, "span_min_low": 180.0, "rows": []},
        ],
    )


def occasions() -> pl.DataFrame:
    """Return OCCASIONS: two closures of one aerodrome, and what belongs to another story."""
    return _frame(
        tables.OCCASIONS,
        [
            {"occasion_id": "EPWA-1", "kind": "closure", "subject_id": "EPWA", "utc_low": at(2.5), "utc_high": at(5)},
            {
                "occasion_id": "EPWA-2",
                "kind": "closure",
                "subject_id": "EPWA",
                "utc_low": at(7),
                "utc_high": at(8),
                "text": "A second closure.",
                "is_proposed": True,
            },
            {"occasion_id": "O-OTHER", "kind": "sighting", "text": "Lights elsewhere.", "is_related": True},
        ],
    )


def revisions() -> pl.DataFrame:
    """Return REVISIONS: an event that its sayer replaced, a find's first assessment, a statement."""
    return _frame(
        tables.REVISIONS,
        [
            {
                "table": "events",
                "row_id": "E00",
                "replaced_by": "E04",
                "known_utc": at(10),
                "replaced_utc": at(12),
                "said_by": "police; police",
                "text": "Closed at 22:30.",
                "is_derived": True,
            },
            {
                "table": "finds",
                "row_id": "F01#1",
                "replaced_by": "F01#2",
                "text": "A missile part.",
                "is_derived": False,
            },
            {"table": "claims", "row_id": "C02", "replaced_by": "C04", "text": "10 crossings.", "is_derived": False},
        ],
    )


def bundle_remarks() -> pl.DataFrame:
    """Return BUNDLE_REMARKS: one on an event."""
    remark = {
        "kind": "known_before",
        "table": "events",
        "row_id": "E04",
        "column": "known_utc",
        "text": "E04 was known before it happened",
        "advice": "write told_as = forecast",
    }
    return _frame(tables.BUNDLE_REMARKS, [remark])


def answered(**changes: object) -> Incident:
    """Return the whole incident with conclusions, states, closures, occasions, revisions and remarks."""
    found = with_bundle(occasions=occasions())
    made: dict[str, object] = {
        "conclusions": conclusions(),
        "states": states(),
        "closures": closures(),
        "revisions": revisions(),
        "bundle_remarks": bundle_remarks(),
    }
    return replace(found, **(made | changes))  # type: ignore[arg-type]


def _aerodromes() -> list[Row]:
    return [
        {"aerodrome_id": "EPWA", "name": "Warsaw Chopin", "lat_deg": 52.166, "lon_deg": 20.967},
        {"aerodrome_id": "EPLB", "name": "Lublin", "lat_deg": 51.240, "lon_deg": 22.713},
    ]


def _zone() -> Row:
    land = borders.load_country("PL")
    return {
        "zone_id": land.zone_id,
        "name": land.name,
        "kind": "land_border",
        "line_sigma_m": land.line_sigma_m,
        "source": land.source,
        "geometry": shapely.to_wkb(land.geometry),
    }


def _sources() -> list[Row]:
    return [
        {
            "source_id": "S01",
            "publisher": "TVN24",
            "title": "Where drones were found",
            "url": "https://example.org/a?b=1&c=2",
            "published_utc": at(26),
            "known_utc": KNOWN,
            "zone": "Europe/Warsaw",
            "kind": "press",
            "reliability": "C",
            "read_as": "read",
            "sha256": "ab" * 32,
        },
        {
            "source_id": "S02",
            "publisher": "Prosecutor",
            "known_utc": KNOWN,
            "reliability": "B",
            "read_as": "second_hand",
        },
    ]


def _sightings() -> list[Row]:
    return [
        {
            "sighting_id": "G1",
            "role": "tower",
            "place": "Lublin",
            "lat_deg": 51.24,
            "lon_deg": 22.71,
            "utc_low": at(2),
            "utc_high": at(3),
            "saw_nothing": True,
            "known_utc": KNOWN,
        },
        {
            "sighting_id": "G2",
            "role": "resident",
            "place": "Komarów",
            "lat_deg": 50.7,
            "lon_deg": 23.5,
            "azimuth_deg": 70.0,
            "elevation_deg": 20.0,
            "saw_nothing": False,
            "seen": "A light.",
            "after_alarm": True,
            "explained_by": "celestial",
            "known_utc": KNOWN,
            "source_id": "S01",
        },
    ]


BRIEF = Brief(
    title="Drones over Poland, night of 9-10 September 2025",
    start_utc=START,
    end_utc=END,
    zone="Europe/Warsaw",
    zones_of_interest=("PL-land",),
    aerodromes=("EPWA", "EPLB"),
    marking="UNCLASSIFIED",
    releasable_to="public",
    occurrence=Occurrence(
        "Uncrewed aircraft crossed the border at night",
        state_area="Poland",
        utc_date=date(2025, 9, 9),
        category=("UAS",),
    ),
    intervals=(Interval("first violation to first public warning", "first_violation", "public_warning"),),
    ring_origin="O05",
)


def incident(**changes: object) -> Incident:
    """Return the whole incident; `changes` replace its fields."""
    claims = _claims()
    judged = [claim for claim in claims if claim["claim_id"] != "C35"]  # one statement is left unweighed
    bundle = Bundle(
        brief=BRIEF,
        recording=Recording(sources=frame(tables.SOURCES, [*_sources()]), events=frame(tables.EVENTS, [*_events()])),
        questions=_frame(
            tables.QUESTIONS,
            [
                {"question_id": name, "text": text, "kind": kind, "unit": unit, "known_utc": KNOWN}
                for name, text, kind, unit in QUESTIONS
            ],
        ),
        claims=_frame(tables.CLAIMS, claims),
        finds=_frame(tables.FINDS, [_find(*place) for place in PLACES]),
        sightings=_frame(tables.SIGHTINGS, _sightings()),
        origins=_frame(
            tables.ORIGINS,
            [
                {"origin_id": name, "origin": origin, "lat_deg": lat, "lon_deg": lon, "sigma_position_km": 5.0}
                for name, origin, lat, lon in ORIGINS
            ],
        ),
        assumptions=_frame(
            tables.ASSUMPTIONS,
            [
                {
                    "assumption_id": "A-WIND",
                    "text": "Mean wind was 0 ± 30 km/h.",
                    "value": 0.0,
                    "sigma": 30.0,
                    "unit": "km/h",
                }
            ],
        ),
        rejects=_frame(
            tables.REJECTS,
            [
                {
                    "file": "claims.csv",
                    "line": 7,
                    "column": "value",
                    "value": "n/a",
                    "reason": "is not a number",
                    "advice": "leave the cell empty",
                }
            ],
        ),
        repairs=_frame(
            tables.REPAIRS,
            [{"file": "claims.csv", "line": 9, "column": "said_by", "raw": "WÅ‚adysÅ‚aw", "mended": "Władysław"}],
        ),
        files=(FileRead("claims.csv", "cd" * 32, len(claims)),),
    )
    made = Incident(
        bundle=bundle,
        zones=_frame(tables.ZONES, [_zone()]),
        aerodromes=_frame(tables.AERODROMES, _aerodromes()),
        counts=_frame(tables.COUNTS, _counts()),
        findings=_frame(tables.FINDINGS, [_finding(n, claim) for n, claim in enumerate(judged)]),
        contradictions=_frame(tables.CONTRADICTIONS, _contradictions()),
        beliefs=_frame(tables.BELIEFS, _beliefs()),
        ranges=_frame(
            tables.RANGES,
            [
                {
                    "origin_id": origin[0],
                    "find_id": place[0],
                    "distance_km": 643.2,
                    "sigma_km": 21.7,
                    "sigma_position_km": 5.0,
                    "wind_km": 0.0,
                    "sigma_wind_km": 21.0,
                }
                for origin in ORIGINS
                for place in PLACES[:2]
            ],
        ),
        reaches=_frame(
            tables.REACHES,
            [
                {"claim_id": claim, "origin_id": origin[0], "within": 16 - 4 * n, "undecided": n, "beyond": 3 * n}
                for claim in ("C30", "C31")
                for n, origin in enumerate(ORIGINS)
            ],
        ),
        durations=_frame(
            tables.DURATIONS,
            [
                {
                    "name": "first violation to first public warning",
                    "minutes": 450.0,
                    "low": 420.0,
                    "high": 455.0,
                    "rows": ["events:E01", "events:E08"],
                }
            ],
        ),
        placings=_frame(
            tables.PLACINGS,
            [
                {
                    "find_id": "F01",
                    "zone_id": "PL-land",
                    "distance_m": 21430.0,
                    "sigma_m": 2200.0,
                    "probability": 0.9999,
                    "answer": "inside",
                },
                {"find_id": "F07", "zone_id": "PL-land", "sigma_m": 2200.0, "probability": 0.62, "answer": "undecided"},
            ],
        ),
        left_out=empty(tables.LEFT_OUT),
        bounded_claims=bounds.bound_claims(bundle),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def nothing() -> Incident:
    """Return an incident of which nothing is known but its title."""
    brief = Brief(title="Nothing yet", start_utc=START, end_utc=END, zone="UTC")
    bundle = Bundle(
        brief=brief,
        recording=Recording(),
        **{
            name: empty(tables.TABLES[name])
            for name in ("questions", "claims", "finds", "sightings", "origins", "assumptions")
        },
    )
    tabled = (item.name for item in fields(Incident) if item.name in tables.TABLES)
    return Incident(bundle=bundle, **{name: empty(tables.TABLES[name]) for name in tabled})


def with_bundle(**changes: object) -> Incident:
    """Return the whole incident with fields of its bundle replaced."""
    whole = incident()
    return replace(whole, bundle=replace(whole.bundle, **changes))  # type: ignore[arg-type]


def with_text(text: str) -> Incident:
    """Return the whole incident with one text wherever someone outside may write."""
    whole = incident()
    bundle = whole.bundle

    def told(table: pl.DataFrame, *columns: str) -> pl.DataFrame:
        return table.with_columns(pl.lit(text).alias(name) for name in columns)

    return replace(
        whole,
        findings=told(whole.findings, "reason"),
        counts=told(whole.counts, "why"),
        bundle=replace(
            bundle,
            brief=replace(BRIEF, title=text, marking=text, releasable_to=text, occurrence=Occurrence(text)),
            claims=told(bundle.claims, "said_by", "role", "summary", "note"),
            finds=told(bundle.finds, "place", "region", "what", "assigned_why"),
            origins=told(bundle.origins, "origin", "basis"),
            questions=told(bundle.questions, "text"),
            recording=Recording(
                sources=told(bundle.recording.sources, "publisher", "title", "url", "note"),
                events=told(bundle.recording.events, "text", "subject_id"),
            ),
        ),
    )


def _frame(table: Table, rows: Sequence[Mapping[str, object]]) -> pl.DataFrame:
    return frame(table, list(rows))
