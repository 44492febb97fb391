"""A night at Hannover for remarks: `remarks(events=[{...}])` gives what is remarked, as (kind, place, text, advice)."""

from __future__ import annotations

from typing import Any

import bundles

from hotwash.course.orders import find_impossible_orders
from hotwash.model import schema, tables
from hotwash.model.incident import Bundle

HEAD = """\
format = "hotwash-bundle/2"
title = "INVENTED: a night at an airport"
window_start_utc = 2026-05-12T16:00:00Z
window_end_utc = 2026-05-13T06:00:00Z
zone = "Europe/Berlin"
aerodromes = ["EDDV"]
is_synthetic = true

[[questions]]
question_id = "Q-DRONE"
text = "Was there a drone?"
kind = "presence"

[[questions]]
question_id = "Q-WHEN"
text = "When was it closed?"
kind = "time"
unit = "utc"
subject_id = "aerodrome_closed"
about_amount = 5.0

[[questions]]
question_id = "Q-RANGE"
text = "How far can it fly?"
kind = "range"
unit = "km"

[[questions]]
question_id = "Q-STATUS"
text = "Was it closed?"
kind = "status"
subject_id = "EDDV"

[[questions]]
question_id = "Q-DIV"
text = "How many flights were diverted?"
kind = "count"
unit = "diversions"
about_fraction = 0.1

[[questions]]
question_id = "Q-ALL"
text = "How many flights were affected?"
kind = "count"
unit = "flights_affected"
"""
INTERVAL = '\n[[intervals]]\nname = "closure"\nfrom = "aerodrome_closed"\nto = "aerodrome_reopened"\n'

# Usual rows: an hour of that night, known the next noon, told by a source that is known with it.
USUAL: dict[str, dict[str, str]] = {
    "sources": {"source_id": "S1", "publisher": "The paper", "zone": "Europe/Berlin", "published_utc": ""},
    "claims": {
        "claim_id": "C1",
        "question_id": "Q-DRONE",
        "said_by": "Police",
        "said_utc_high": "2026-05-13T12:00",
        "known_utc": "2026-05-13T12:00",
        "relation": "exactly",
        "value": "present",
        "summary": "A drone was there",
        "source_id": "S1",
    },
    "events": {
        "event_id": "E1",
        "kind": "aerodrome_closed",
        "start_utc": "2026-05-12T20:26",
        "known_utc": "2026-05-13T12:00",
        "subject_id": "EDDV",
        "source_id": "S1",
    },
    "finds": {
        "find_id": "F1",
        "place": "a field",
        "object_kind": "uas",
        "known_utc": "2026-05-13T12:00",
        "source_id": "S1",
    },
    "sightings": {
        "sighting_id": "G1",
        "role": "pilot",
        "saw_nothing": "false",
        "utc_low": "2026-05-12T20:20",
        "utc_high": "2026-05-12T20:24",
        "known_utc": "2026-05-13T12:00",
        "source_id": "S1",
    },
    "occasions": {"occasion_id": "O1", "kind": "closure", "subject_id": "EDDV"},
}


def bundle(*, head: str = HEAD, **rows: list[dict[str, str]]) -> Bundle:
    """Return a bundle of one source and the rows named, each on top of the usual one; none may be rejected."""
    written = {"sources": [{}], "claims": [], **rows}
    full = {name: [USUAL[name] | row for row in some] for name, some in written.items()}
    found = bundles.bundle.read(
        {"incident.toml": head.encode(), **{f"{name}.csv": _csv(name, some) for name, some in full.items()}}
    )
    assert found.rejects.is_empty(), found.rejects.select("file", "line", "reason", "advice").to_dicts()
    return found


def _csv(name: str, rows: list[dict[str, str]]) -> bytes:
    import csv
    import io

    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(dict.fromkeys(key for row in rows or [USUAL[name]] for key in row)))
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()


def remarks(**choices: Any) -> list[tuple[str, str, str]]:
    """Return what is remarked: kind, place and text."""
    found = find_impossible_orders(bundle(**choices))
    assert schema.drift(found, tables.BUNDLE_REMARKS) == []
    return [(row["kind"], f"{row['table']} {row['row_id']}", row["text"]) for row in found.iter_rows(named=True)]


def kinds(**choices: Any) -> list[str]:
    """Return the kinds of what is remarked."""
    return [kind for kind, _, _ in remarks(**choices)]
