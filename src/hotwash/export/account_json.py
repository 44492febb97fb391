"""The account as one JSON object; its form is account.schema.json, version 2."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

import polars as pl

from hotwash import resources
from hotwash.claims import ranges
from hotwash.model.incident import Incident
from hotwash.model.occurrence import OF_AIRCRAFT, OF_OCCURRENCE, Value, texts_of
from hotwash.report.answers import discriminators
from hotwash.report.view import AccountView
from hotwash.version import __version__

VERSION = 2
FORMAT = f"hotwash-account/{VERSION}"

Json = dict[str, Any]


def schema() -> Json:
    """Return the JSON schema of the account."""
    found: Json = json.loads(resources.read("export/account.schema.json"))
    return found


def account(view: AccountView) -> Json:
    """Return the account as plain data, ready for JSON."""
    incident, brief = view.incident, view.incident.bundle.brief
    return {
        "format": FORMAT,
        "version": VERSION,
        "hotwash_version": __version__,
        "made_utc": _time(view.made_utc),
        "as_of_utc": _time(incident.as_of_utc),
        "title": brief.title,
        "marking": brief.marking,
        "releasable_to": brief.releasable_to,
        "is_exercise": brief.is_exercise,
        "is_synthetic": brief.is_synthetic,
        "occurrence": _occurrence(incident),
        "window": {"start_utc": _time(brief.start_utc), "end_utc": _time(brief.end_utc), "zone": brief.zone},
        "conclusions": _rows(incident.conclusions.sort("rank")),
        "discriminators": discriminators(incident),
        "occasions": _rows(incident.bundle.occasions),
        "states": _rows(incident.states),
        "closures": _rows(incident.closures),
        "counts": {row["unit"]: row for row in _rows(incident.counts.filter(pl.col("occasion_id").is_null()))},
        "occasion_counts": _rows(incident.counts.filter(pl.col("occasion_id").is_not_null())),
        "findings": _rows(incident.findings),
        "range": _ranges(incident),
        "placings": _rows(incident.placings),
        "reaches": _rows(incident.reaches),
        "durations": _rows(incident.durations),
        "contradictions": _rows(incident.contradictions),
        "beliefs": _rows(incident.beliefs),
        "revisions": _rows(incident.revisions),
        "bundle_remarks": _rows(incident.bundle_remarks),
        "track_summaries": _rows(view.library.summaries, to_ms=True),
        "breaches": _rows(incident.breaches, to_ms=True),
        "exposures": _rows(incident.exposures, to_ms=True),
        "health": _rows(incident.health),
        "remarks": _rows(incident.remarks, to_ms=True),
        "assumptions": _rows(incident.bundle.assumptions),
        "zones": _rows(incident.zones.drop("geometry")),
        "rejects": _rows(incident.bundle.rejects),
        "repairs": _rows(incident.bundle.repairs),
        "left_out": _rows(incident.left_out),
        "removed": list(view.removed),
        "files": [asdict(file) for file in incident.bundle.files],
    }


def _occurrence(incident: Incident) -> Json:
    """Return the block [occurrence]; several values of one field are one text, parted by a semicolon."""
    block = incident.bundle.brief.occurrence
    aircraft = [{one.key: _filed(getattr(craft, one.key)) for one in OF_AIRCRAFT} for craft in block.aircraft]
    return {one.key: _filed(getattr(block, one.key)) for one in OF_OCCURRENCE} | {"aircraft": aircraft}


def _filed(value: Value) -> str | int | None:
    return value if isinstance(value, str | int | None) else "; ".join(texts_of(value))


def _time(when: datetime | None) -> str | None:
    return f"{when.replace(tzinfo=None).isoformat(timespec='seconds')}Z" if when else None


def _rows(frame: pl.DataFrame, *, to_ms: bool = False) -> list[Json]:
    """Return a frame as rows; times to the second, of what was sensed to the millisecond."""
    times = [name for name, dtype in frame.schema.items() if dtype == pl.Datetime]
    form = "%Y-%m-%dT%H:%M:%S%.3fZ" if to_ms else "%Y-%m-%dT%H:%M:%SZ"
    return frame.with_columns(pl.col(times).dt.strftime(form)).to_dicts()


def _ranges(incident: Incident) -> list[Json]:
    """Return every origin × every find with a position, each with its answer to every range claim."""
    found = incident.ranges
    claims = incident.bounded_claims.filter(kind="range")
    away, place = found["distance_km"].to_numpy(), found["sigma_position_km"].to_numpy()
    wind, spread = found["wind_km"].to_numpy(), found["sigma_wind_km"].to_numpy()
    columns: Mapping[str, list[str]] = {
        row["claim_id"]: ranges.range_answers(
            away, place, wind, spread, ranges.claim_distance_km(row["low"], row["high"])
        )
        for row in claims.iter_rows(named=True)
    }
    return [
        {**row, "answers": {name: column[place] for name, column in columns.items()}}
        for place, row in enumerate(found.iter_rows(named=True))
    ]


def to_json(found: Json) -> str:
    """Return the account as JSON text; what is no number is null, never NaN."""
    return json.dumps(found, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
