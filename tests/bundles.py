"""A smallest valid bundle, and what tests change in it: `read(claims=[{"value": "many"}])`."""

from __future__ import annotations

import csv
import io
from typing import Any

from hotwash.ingest import bundle
from hotwash.model.incident import Bundle

HEAD = """\
format = "hotwash-bundle/1"
title = "Lights over the river"
window_start_utc = 2025-09-09T20:00:00Z
window_end_utc = 2025-09-10T10:00:00Z
zone = "Europe/Warsaw"
zones_of_interest = ["PL-land"]
aerodromes = ["EPWA", "EPLB"]
marking = "UNCLASSIFIED"
is_synthetic = true

[[questions]]
question_id = "Q-N"
text = "How many border crossings were there?"
kind = "count"
unit = "crossings"

[[questions]]
question_id = "Q-R"
text = "How far can it fly?"
kind = "range"
unit = "km"

[[questions]]
question_id = "Q-T"
text = "When was the first warning?"
kind = "time"
unit = "utc"
subject_id = "public_warning"

[[questions]]
question_id = "Q-S"
text = "Was EPLB open?"
kind = "status"
subject_id = "EPLB"
"""

# What a row holds where a test does not say otherwise.
USUAL: dict[str, dict[str, str]] = {
    "sources": {"source_id": "S1", "publisher": "The paper", "zone": "Europe/Warsaw"},
    "occasions": {"occasion_id": "O1", "kind": "closure", "subject_id": "EPLB"},
    "claims": {
        "claim_id": "C1",
        "question_id": "Q-N",
        "said_by": "Ministry",
        "said_utc_low": "",
        "said_utc_high": "2025-09-10T08:00Z",
        "known_utc": "2025-09-10T08:00Z",
        "relation": "exactly",
        "value": "19",
        "value_high": "",
        "unit": "",
        "summary": "nineteen",
        "source_id": "S1",
        "supersedes": "",
    },
    "events": {
        "event_id": "E1",
        "kind": "public_warning",
        "start_utc": "2025-09-09T21:30Z",
        "known_utc": "2025-09-10T08:00Z",
        "source_id": "S1",
    },
    "finds": {
        "find_id": "F1",
        "place": "Czosnówka",
        "lat_deg": "52.01",
        "lon_deg": "23.23",
        "known_utc": "2025-09-10T08:00Z",
        "object_kind": "uas",
        "probability_find": "0.9",
        "assigned_by": "we",
        "assigned_why": "a photograph",
        "source_id": "S1",
    },
    "sightings": {"sighting_id": "G1", "role": "resident", "saw_nothing": "false", "source_id": "S1"},
    "origins": {
        "origin_id": "O1",
        "origin": "a field",
        "lat_deg": "52.1",
        "lon_deg": "25.8",
        "sigma_position_km": "5",
        "basis": "a map",
    },
    "sensors": {"sensor_id": "R1", "kind": "primary_radar"},
    "detections": {"detection_id": "1", "sensor_id": "R1", "time_utc": "2025-09-09T21:30:00Z"},
}

Rows = list[dict[str, str]]


def text(table: str, rows: Rows) -> str:
    """Return rows as CSV, each on top of the usual one."""
    full = [USUAL[table] | row for row in rows]
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(dict.fromkeys(name for row in full or [USUAL[table]] for name in row)))
    writer.writeheader()
    writer.writerows(full)
    return stream.getvalue()


def files(*, head: str | bytes = HEAD, **tables: Rows | str | bytes) -> dict[str, bytes]:
    """Return the files of a bundle: one source, one claim, and the tables named, as rows, text or bytes."""
    wanted: dict[str, Any] = {"sources": [{}], "claims": [{}], **tables}
    found: dict[str, bytes] = {"incident.toml": head.encode() if isinstance(head, str) else head}
    for name, content in wanted.items():
        written = text(name, content) if isinstance(content, list) else content
        found[f"{name}.csv"] = written.encode() if isinstance(written, str) else written
    return found


def read(**choices: Any) -> Bundle:
    """Return the bundle that these choices make."""
    return bundle.read(files(**choices))


def refused(found: Bundle) -> list[tuple[str, int, str]]:
    """Return file, line and column of each reject."""
    return found.rejects.select("file", "line", "column").rows()


def advice(found: Bundle) -> str:
    """Return the reason and the advice of the only reject."""
    (row,) = found.rejects.select("reason", "advice").rows()
    return f"{row[0]}; {row[1]}"
