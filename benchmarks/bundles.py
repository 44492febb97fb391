"""Bundles made up for measuring: many statements on many finds, from a fixed seed, built in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from hotwash.model import schema, tables
from hotwash.model.incident import Brief, Bundle, Interval
from hotwash.model.recording import Recording

NIGHT = datetime(2026, 3, 12, 20, tzinfo=UTC)
TYPES = (None, None, "type A", "type B")
RANGES_KM = tuple(range(150, 1150, 20))  # 50 distinct values
AERODROMES = ("EPAA", "EPBB", "EPCC", "EPDD")
# Out of 100 claims. A quarter is weighed against all finds, a tenth against all finds from all origins.
MIX = {
    "airframes": 10,
    "crossings": 5,
    "brought_down": 5,
    "finds": 5,
    "diversions": 3,
    "aerodromes_closed": 2,
    "range": 10,
    "time": 10,
    "duration": 8,
    "status": 8,
    "presence": 6,
    "identity": 10,
    "cause": 4,
    "finding": 8,
    "intent": 6,
}
_COUNTS = ("airframes", "crossings", "brought_down", "finds", "diversions", "aerodromes_closed")
_RELATIONS = ("exactly", "exactly", "exactly", "about", "at_least", "at_least", "at_most", "more_than", "less_than")

Row = Mapping[str, object]


def many(
    *, claims: int = 10_000, finds: int = 2_000, origins: int = 50, is_worst: bool = False, seed: int = 20260312
) -> Bundle:
    """Return a bundle of every kind of question, told by 300 speakers in 400 sources.

    is_worst   every count is "at least" with a speaker of its own who also reported five finds, so that no two
               of them have the same independent evidence
    """
    rng = np.random.default_rng(seed)
    sources = [_source(number, rng) for number in range(400)]
    questions = _questions(is_worst=is_worst)
    told = [_claim(number, questions, rng, is_worst=is_worst) for number in range(claims)]
    speakers = [str(row["said_by"]) for row in told]
    found = [_find(number, speakers, rng) for number in range(finds)]
    return Bundle(
        brief=Brief(
            title="Made up for measuring",
            start_utc=NIGHT,
            end_utc=NIGHT + timedelta(hours=10),
            zone="Europe/Warsaw",
            zones_of_interest=("PL-land",),
            intervals=tuple(Interval(f"interval {n}", f"kind_{n}", f"kind_{n + 1}") for n in range(8)),
        ),
        recording=Recording(
            sources=schema.frame(tables.SOURCES, sources),
            events=schema.frame(tables.EVENTS, [_event(number, rng) for number in range(400)]),
        ),
        questions=schema.frame(tables.QUESTIONS, [question for kind in questions.values() for question in kind]),
        claims=schema.frame(tables.CLAIMS, told),
        finds=schema.frame(tables.FINDS, found),
        sightings=schema.frame(tables.SIGHTINGS, [_sighting(number, rng) for number in range(200)]),
        origins=schema.frame(tables.ORIGINS, [_origin(number, rng) for number in range(origins)]),
        assumptions=schema.frame(
            tables.ASSUMPTIONS, [{"assumption_id": "A-CROSSED", "text": "Each airframe found crossed."}]
        ),
    )


def _source(number: int, rng: np.random.Generator) -> Row:
    grade = str(rng.choice(["A", "B", "C", "D", "F"]))
    return {"source_id": f"S{number:03}", "publisher": f"Publisher {number}", "reliability": grade, "known_utc": NIGHT}


def _questions(*, is_worst: bool) -> dict[str, list[Row]]:
    """Return a few questions of every kind, by what they ask for."""
    found: dict[str, list[Row]] = {}
    for what in MIX:
        kind = "count" if what in _COUNTS else what
        unit = what if kind == "count" else {"range": "km", "time": "utc", "duration": "min"}.get(kind)
        subjects: Sequence[str | None] = {
            "time": [f"kind_{n}" for n in range(8)],
            "duration": [f"interval {n}" for n in range(8)],
            "status": AERODROMES,
            "identity": [f"F{n:04}" for n in range(40)],
        }.get(kind, (None, None, None))
        found[what] = [
            {
                "question_id": f"Q-{what}-{n}",
                "text": f"{what}?",
                "kind": kind,
                "unit": unit,
                "subject_id": subject,
                "type_label": TYPES[-n] if kind == "range" and n else None,
                "about_fraction": 0.1,
                "about_amount": 5.0,
                "known_utc": NIGHT,
            }
            for n, subject in enumerate(subjects)
        ]
    return found


def _claim(number: int, questions: Mapping[str, Sequence[Row]], rng: np.random.Generator, *, is_worst: bool) -> Row:
    share = np.array(list(MIX.values()), dtype=float)
    what = str(rng.choice(list(MIX), p=share / share.sum()))
    question = questions[what][int(rng.integers(len(questions[what])))]
    own = is_worst and what in _COUNTS
    said = NIGHT + timedelta(minutes=int(rng.integers(0, 20_000)))
    derived = [f"Speaker {int(rng.integers(300))}"] if rng.random() < 0.2 else None
    relation, value = _value(what, rng)
    return {
        "claim_id": f"C{number:05}",
        "question_id": question["question_id"],
        "said_by": f"Own {number}" if own else f"Speaker {int(rng.integers(300))}",
        "said_utc_low": said,
        "said_utc_high": said,
        "known_utc": said,
        "relation": "at_least" if own else relation,
        "value": str(int(rng.integers(20, 900))) if own else value,
        "unit": question["unit"],
        "summary": "Made up.",
        "source_id": f"S{int(rng.integers(400)):03}",
        "derived_from": derived,
        "source_reliability": "C",
        "credibility": "3",
    }


def _value(what: str, rng: np.random.Generator) -> tuple[str, str | None]:
    relation = str(rng.choice(_RELATIONS))
    if what == "range":
        return str(rng.choice(["at_most", "exactly", "less_than", "at_least"])), str(rng.choice(RANGES_KM))
    if what in _COUNTS:
        step = 1 if what in ("diversions", "aerodromes_closed") else 37
        return relation, str(step * int(rng.integers(0, 40)))
    if what == "time":
        return relation, f"{NIGHT + timedelta(minutes=10 * int(rng.integers(0, 60))):%Y-%m-%dT%H:%M:%SZ}"
    if what == "duration":
        return relation, str(10 * int(rng.integers(1, 40)))
    words = {
        "status": ("open", "closed", "airspace_closed", "no_traffic_planned"),
        "presence": ("present", "absent", "cannot_tell"),
        "identity": ("uas", "missile_part", "model_aircraft", "unknown"),
    }.get(what, tuple(f"free words {n}" for n in range(20)))
    return "exactly", str(rng.choice(words))


def _find(number: int, speakers: Sequence[str], rng: np.random.Generator) -> Row:
    chance = np.sort(rng.beta(4, 2, size=3)).round(2)
    made = NIGHT + timedelta(hours=int(rng.integers(0, 336)))
    # Each find is reported by two to four: some by 300 local offices, some by whoever made a claim. An office
    # writes in one place, and so does a speaker on finds: some 600 distinct lines, more where all have their own.
    said_by = [f"Office {int(n)}" for n in rng.integers(0, 300, size=int(rng.integers(1, 3)))]
    said_by += [speakers[int(n)] for n in rng.integers(0, len(speakers), size=int(rng.integers(1, 3)))]
    found: dict[str, object] = {
        "find_id": f"F{number:04}",
        "place": f"place {number}",
        "lat_deg": float(rng.uniform(50.0, 54.0)),
        "lon_deg": float(rng.uniform(19.0, 23.5)),
        "sigma_position_km": float(rng.uniform(0.5, 8.0)),
        "found_utc_low": made - timedelta(hours=1),
        "found_utc_high": made,
        "known_utc": made + timedelta(hours=6),
        "object_kind": "uas" if rng.random() < 0.9 else "unknown",
        "type_label": TYPES[int(rng.integers(len(TYPES)))],
        "assigned_by": "Assessor",
        "assigned_why": "Made up.",
        "said_by": said_by,
        "source_id": [f"S{int(name.split()[1]) % 400:03}" for name in said_by],
    }
    for unit, scale in (("find", 1.0), ("airframe", 0.9), ("brought_down", 0.3)):
        for side, value in zip(("_low", "", "_high"), chance * scale, strict=True):
            found[f"probability_{unit}{side}"] = float(value)
    return found


def _event(number: int, rng: np.random.Generator) -> Row:
    kinds = [f"kind_{n}" for n in range(9)]
    kinds += ["aerodrome_closed", "aerodrome_reopened", "airspace_closed", "diversion", "no_traffic_planned"]
    kind = kinds[int(rng.integers(len(kinds)))]
    at = NIGHT + timedelta(minutes=int(rng.integers(0, 600)))
    return {
        "event_id": f"E{number:04}",
        "kind": kind,
        "start_utc": at,
        "utc_low": at - timedelta(minutes=5),
        "utc_high": at + timedelta(minutes=5),
        "known_utc": at,
        "subject_id": AERODROMES[int(rng.integers(4))] if number % 2 else None,
        "value": float(rng.integers(1, 40)) if kind == "diversion" else None,
        "said_by": [f"Speaker {int(rng.integers(300))}", f"Office {int(rng.integers(300))}"],
        "source_id": [f"S{int(rng.integers(400)):03}", f"S{int(rng.integers(400)):03}"],
    }


def _sighting(number: int, rng: np.random.Generator) -> Row:
    return {
        "sighting_id": f"G{number:03}",
        "role": "resident",
        "saw_nothing": bool(rng.random() < 0.3),
        "explained_by": str(rng.choice(["celestial", "known_traffic", "unexplained"])),
        "known_utc": NIGHT,
    }


def _origin(number: int, rng: np.random.Generator) -> Row:
    return {
        "origin_id": f"O{number:02}",
        "origin": f"origin {number}",
        "lat_deg": float(rng.uniform(50.0, 56.0)),
        "lon_deg": float(rng.uniform(27.0, 37.0)),
        "sigma_position_km": float(rng.uniform(2.0, 20.0)),
        "known_utc": NIGHT,
    }


def month(*, occasions: int = 40, claims: int = 1_000, seed: int = 20260312) -> Bundle:
    """Return a bundle of one aerodrome that was closed forty times in as many days, told by several sources each time.

    Each occasion has a first report, a closing and a reopening told twice, and two numbers: 280 events, and twenty more
    of the whole month. A third of the claims is of times, a third of lengths, a third of numbers.
    """
    rng = np.random.default_rng(seed)
    begins = [NIGHT + timedelta(days=day, minutes=int(rng.integers(0, 240))) for day in range(occasions)]
    lengths = [int(rng.integers(20, 200)) for _ in range(occasions)]
    events = [row for n in range(occasions) for row in _closure(n, begins[n], lengths[n], rng)]
    events += [_event(9_000 + n, rng) | {"kind": "press_release", "subject_id": None} for n in range(20)]
    questions = [
        {
            "question_id": f"Q-{kind}-{n}",
            "text": f"{kind} {n}?",
            "kind": kind,
            "known_utc": NIGHT,
            "about_amount": 5.0,
            **more,
        }
        for n in range(occasions)
        for kind, more in (
            ("time", {"unit": "utc", "subject_id": "aerodrome_closed", "occasion_id": f"night {n}"}),
            ("duration", {"unit": "min", "subject_id": f"night {n}"}),
            ("count", {"unit": "diversions", "subject_id": "EPAA", "occasion_id": f"night {n}"}),
        )
    ]
    told = [_claim_of_month(n, begins, lengths, rng) for n in range(claims)]
    declared = [{"occasion_id": f"night {n}", "kind": "closure", "subject_id": "EPAA"} for n in range(occasions)]
    spans = [
        Interval(f"night {n}", "aerodrome_closed", "aerodrome_reopened", "EPAA", "EPAA", f"night {n}")
        for n in range(occasions)
    ]
    return Bundle(
        brief=Brief("A month", NIGHT, NIGHT + timedelta(days=occasions), "Europe/Warsaw", intervals=tuple(spans)),
        recording=Recording(
            sources=schema.frame(tables.SOURCES, [_source(number, rng) for number in range(40)]),
            events=schema.frame(tables.EVENTS, events),
        ),
        questions=schema.frame(tables.QUESTIONS, questions),
        claims=schema.frame(tables.CLAIMS, told),
        finds=schema.empty(tables.FINDS),
        sightings=schema.frame(tables.SIGHTINGS, [_sighting(number, rng) for number in range(100)]),
        origins=schema.empty(tables.ORIGINS),
        assumptions=schema.empty(tables.ASSUMPTIONS),
        occasions=schema.frame(tables.OCCASIONS, declared),
    )


def _closure(number: int, begin: datetime, length_min: int, rng: np.random.Generator) -> list[Row]:
    """Return what is told of one closure."""
    end = begin + timedelta(minutes=length_min)
    told = [
        ("first_report", begin - timedelta(minutes=10), None, 0),
        ("aerodrome_closed", begin, None, 0),
        ("aerodrome_closed", begin + timedelta(minutes=int(rng.integers(0, 6))), None, 5),
        ("aerodrome_reopened", end, None, 0),
        ("aerodrome_reopened", end + timedelta(minutes=int(rng.integers(0, 6))), None, 5),
        ("diversion", None, float(rng.integers(1, 30)), 0),
        ("cancellation", None, float(rng.integers(1, 30)), 0),
    ]
    return [
        {
            "event_id": f"E{number:02}-{place}",
            "kind": kind,
            "start_utc": when,
            "utc_low": begin if when is None else when - timedelta(minutes=about) if about else None,
            "utc_high": end if when is None else when + timedelta(minutes=about) if about else None,
            "known_utc": end + timedelta(hours=12),
            "subject_id": "EPAA",
            "value": value,
            "occasion_id": f"night {number}",
            "said_by": [f"Speaker {int(rng.integers(30))}"],
            "source_id": [f"S{int(rng.integers(40)):03}"],
        }
        for place, (kind, when, value, about) in enumerate(told)
    ]


def _claim_of_month(number: int, begins: Sequence[datetime], lengths: Sequence[int], rng: np.random.Generator) -> Row:
    night = int(rng.integers(len(begins)))
    off = int(rng.integers(-10, 11))
    kind = ("time", "duration", "count")[number % 3]
    value = {
        "time": f"{begins[night] + timedelta(minutes=off):%Y-%m-%dT%H:%M:%SZ}",
        "duration": str(max(lengths[night] + off, 0)),
        "count": str(int(rng.integers(1, 30))),
    }[kind]
    said = begins[night] + timedelta(days=1)
    return {
        "claim_id": f"C{number:04}",
        "question_id": f"Q-{kind}-{night}",
        "said_by": f"Speaker {int(rng.integers(30))}",
        "said_utc_low": said,
        "said_utc_high": said,
        "known_utc": said,
        "relation": str(rng.choice(["exactly", "about", "at_least"])),
        "value": value,
        "unit": {"time": "utc", "duration": "min", "count": "diversions"}[kind],
        "summary": "Made up.",
        "source_id": f"S{int(rng.integers(40)):03}",
        "source_reliability": "C",
        "credibility": "3",
    }
