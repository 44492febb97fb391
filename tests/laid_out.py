"""Small bundles for tests: what is laid on the table, told in one line each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from hotwash.incident.reconstruct import reconstruct
from hotwash.model import schema, tables
from hotwash.model.incident import Brief, Bundle, Incident, Interval
from hotwash.model.recording import Recording

NIGHT = datetime(2026, 3, 12, 20, tzinfo=UTC)
Row = dict[str, Any]


def at(minutes: float) -> datetime:
    """Return a time, in minutes after 20:00 UTC."""
    return NIGHT + timedelta(minutes=minutes)


def clock(minutes: float) -> str:
    """Return a time as a claim holds it."""
    return f"{at(minutes):%Y-%m-%dT%H:%M:%SZ}"


def question(kind: str, unit: str | None = None, **more: Any) -> Row:
    return {"question_id": "Q", "text": "?", "kind": kind, "unit": unit, "known_utc": NIGHT, **more}


def claim(
    value: object, relation: str = "exactly", *, by: str = "Speaker", source: str = "S-SPEAKER", **more: Any
) -> Row:
    """Return a claim on question Q; `said` is minutes after 20:00."""
    said = at(more.pop("said", 300.0))
    told = {"value": None if value is None else str(value), "relation": relation, "said_by": by, "source_id": source}
    when = {"said_utc_low": said, "said_utc_high": said, "known_utc": said}
    return {"claim_id": "C", "question_id": "Q", "summary": "Said.", **when, **told, **more}


def find(name: str, chance: float | None = None, *, by: str = "Police", source: str = "S-POLICE", **more: Any) -> Row:
    """Return a find with one probability for every unit."""
    named = ("probability_find", "probability_airframe", "probability_brought_down")
    return {
        "find_id": name,
        "place": name,
        "object_kind": "uas",
        "known_utc": at(60),
        "said_by": [by] if isinstance(by, str) else by,
        "source_id": [source] if isinstance(source, str) else source,
        "assigned_by": "Assessor",
        "assigned_why": "Judged.",
        **dict.fromkeys(named, chance),
        **more,
    }


def finds(*chances: float, **more: Any) -> list[Row]:
    return [find(f"F{number}", chance, **more) for number, chance in enumerate(chances)]


def event(kind: str, start: float | None = None, *, by: str = "Tower", source: str = "S-TOWER", **more: Any) -> Row:
    """Return an event, known when it has happened; start, end, low and high are minutes after 20:00."""
    end, low, high = (more.pop(name, None) for name in ("end", "low", "high"))
    known = max((minutes for minutes in (start, end, low, high) if minutes is not None), default=0.0)
    times = {"start_utc": start, "end_utc": end, "utc_low": low, "utc_high": high}
    return {
        "event_id": f"E-{kind}-{start}",
        "kind": kind,
        "known_utc": at(max(known, 1440.0)),  # the next day: nothing is known before it happens
        "said_by": [by] if isinstance(by, str) else by,
        "source_id": [source] if isinstance(source, str) else source,
        **{name: None if minutes is None else at(minutes) for name, minutes in times.items()},
        **more,
    }


def origin(name: str, lat: float, lon: float, sigma: float = 1.0) -> Row:
    return {
        "origin_id": name,
        "origin": name,
        "lat_deg": lat,
        "lon_deg": lon,
        "sigma_position_km": sigma,
        "known_utc": NIGHT,
    }


def assumption(name: str, value: float | None = None, sigma: float | None = None, **more: Any) -> Row:
    return {"assumption_id": name, "text": name, "value": value, "sigma": sigma, "known_utc": NIGHT, **more}


def _linked(rows: Sequence[Row]) -> list[Row]:
    """Return rows whose `supersedes` may be given as one name."""
    links = ("supersedes", "excludes", "parts")
    return [{**row, **{k: [row[k]] for k in links if isinstance(row.get(k), str)}} for row in rows]


GRADES = {"S-TOWER": "A", "S-POLICE": "B", "S-SPEAKER": "B", "S-RADIO": "B", "S-PAPER": "D", "S-UNGRADED": "F"}


def bundle(
    questions: Sequence[Row] = (),
    claims: Sequence[Row] = (),
    *,
    finds: Sequence[Row] = (),
    events: Sequence[Row] = (),
    origins: Sequence[Row] = (),
    assumptions: Sequence[Row] = (),
    sightings: Sequence[Row] = (),
    occasions: Sequence[Row] = (),
    intervals: Sequence[Interval] = (),
    grades: Mapping[str, str] = GRADES,
    **brief: Any,
) -> Bundle:
    """Return a bundle; claims that share a name are numbered C0, C1, …."""
    if len(claims) > 1 and len({row["claim_id"] for row in claims}) < len(claims):
        claims = [{**row, "claim_id": f"C{number}"} for number, row in enumerate(claims)]
    claims, finds, events, sightings = (_linked(rows) for rows in (claims, finds, events, sightings))
    named = {
        name
        for row in (*claims, *finds, *events)
        for name in ([row["source_id"]] if isinstance(row["source_id"], str) else row["source_id"] or [])
    }
    sources = [
        {"source_id": name, "publisher": name, "reliability": grades.get(name), "known_utc": NIGHT}
        for name in sorted(named | set(grades))
    ]
    return Bundle(
        brief=Brief("Test", NIGHT, at(600), "UTC", intervals=tuple(intervals), **brief),
        recording=Recording(
            sources=schema.frame(tables.SOURCES, [*sources]), events=schema.frame(tables.EVENTS, [*events])
        ),
        questions=schema.frame(tables.QUESTIONS, [*questions]),
        claims=schema.frame(tables.CLAIMS, [*claims]),
        finds=schema.frame(tables.FINDS, [*finds]),
        sightings=schema.frame(tables.SIGHTINGS, [*sightings]),
        occasions=schema.frame(tables.OCCASIONS, [*occasions]),
        origins=schema.frame(tables.ORIGINS, [*origins]),
        assumptions=schema.frame(tables.ASSUMPTIONS, [*assumptions]),
    )


def account(laid: Bundle, *, as_of_utc: datetime | None = None, zones: pl.DataFrame | None = None) -> Incident:
    """Return the account of a bundle, without zones unless some are given."""
    none = schema.empty(tables.ZONES)
    area = none if zones is None else zones
    return reconstruct(laid, zones=area, aerodromes=schema.empty(tables.AERODROMES), as_of_utc=as_of_utc)


def judged(asked: Row, said: Row, **laid: Any) -> Row:
    """Return the finding of one claim on one question."""
    return account(bundle([asked], [said], **laid)).findings.row(0, named=True)


def verdict(asked: Row, said: Row, **laid: Any) -> str:
    return str(judged(asked, said, **laid)["verdict"])
