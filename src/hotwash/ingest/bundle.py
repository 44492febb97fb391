"""An incident bundle: its files to one checked Bundle, with every row that could not be taken beside it.

incident.toml ─▶ brief, questions, assumptions ─┐
sources.csv ───▶ zones of bare times ───────────┼─▶ sieve: cells → keys → references → sense ─▶ Bundle
claims events finds sightings origins … ────────┘                                    └─▶ rejects
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import polars as pl

from hotwash.errors import BundleError
from hotwash.ingest import brief, csv_table, positions, references, statements, times
from hotwash.ingest.cells import Value
from hotwash.ingest.csv_table import Row, TableRead
from hotwash.ingest.faults import Fault
from hotwash.model import schema, tables
from hotwash.model.incident import Bundle, FileRead
from hotwash.model.recording import Recording
from hotwash.model.schema import Table

CSV_TABLES = {
    f"{table.name}.csv": table
    for table in (
        tables.SOURCES,
        tables.CLAIMS,
        tables.EVENTS,
        tables.FINDS,
        tables.SIGHTINGS,
        tables.ORIGINS,
        tables.SENSORS,
        tables.DETECTIONS,
    )
}
KNOWN_FILES = (brief.NAME, *CSV_TABLES, "zones.geojson", "README.md")
Progress = Callable[[str], None]


def read(files: Mapping[str, bytes], *, progress: Progress = lambda _: None) -> Bundle:
    """Return the bundle that these files make.

    files      content by file name
    progress   told the name of each file before it is read
    returns    checked tables; rows that could not be taken stand in `rejects`, mended words in `repairs`
    raises     BundleError when a needed file is missing, a header is wrong or incident.toml is faulty
    """
    for name in (brief.NAME, "sources.csv"):
        if name not in files:
            raise BundleError(
                name, why=f"is missing from the bundle; it holds {', '.join(sorted(files)) or 'no files'}"
            )
    head = brief.read(files[brief.NAME])
    found: dict[str, TableRead] = {}
    for name, table in CSV_TABLES.items():
        progress(name)
        if name in files:
            zone_of = _own_zone if table is tables.SOURCES else partial(_zone_of, _zones(found["sources"]))
            found[table.name] = csv_table.read(files[name], table, name=name, zone_of=zone_of)
        else:
            found[table.name] = TableRead()
    _sift(found, head)
    rejects = [row for read in found.values() for row in read.rejects]
    rejects.sort(key=lambda row: (str(row["file"]), row["line"]))
    return Bundle(
        brief=head.brief,
        recording=Recording(
            sources=_frame(tables.SOURCES, found),
            events=_frame(tables.EVENTS, found),
            sensors=_frame(tables.SENSORS, found),
            detections=_frame(tables.DETECTIONS, found),
        ),
        questions=head.questions,
        claims=_frame(tables.CLAIMS, found),
        finds=_frame(tables.FINDS, found),
        sightings=_frame(tables.SIGHTINGS, found),
        origins=_frame(tables.ORIGINS, found),
        assumptions=head.assumptions,
        rejects=schema.frame(tables.REJECTS, list(rejects)),
        repairs=schema.frame(tables.REPAIRS, [row for read in found.values() for row in read.repairs]),
        files=tuple(_file(name, files[name], found) for name in sorted(files)),
    )


def _file(name: str, content: bytes, found: dict[str, TableRead]) -> FileRead:
    rows = len(found[CSV_TABLES[name].name].rows) if name in CSV_TABLES else 0
    return FileRead(name, hashlib.sha256(content).hexdigest(), rows)


def _frame(table: Table, found: dict[str, TableRead]) -> pl.DataFrame:
    return schema.frame(table, [row.values for row in found[table.name].rows])


def _own_zone(raw: dict[str, str]) -> str | None:
    zone = raw.get("zone", "")
    if zone:
        times.zone_of(zone)
    return zone or None


def _zones(sources: TableRead) -> dict[str, str | None]:
    return {str(row.values["source_id"]): _text(row.values.get("zone")) for row in sources.rows}


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _zone_of(zones: Mapping[str, str | None], raw: dict[str, str]) -> str | None:
    """Return the zone that all sources of a row declare; None when they declare none or differ."""
    named = {zones.get(part.strip()) for part in raw.get("source_id", "").split(";") if part.strip()}
    return named.pop() if len(named) == 1 else None


def _sieve(found: TableRead, check: Callable[[Row], None]) -> int:
    """Move each row that the check refuses to the rejects; return how many."""
    kept: list[Row] = []
    for row in found.rows:
        try:
            check(row)
        except Fault as fault:
            found.rejects.append(row.reject(fault))
        else:
            kept.append(row)
    moved = len(found.rows) - len(kept)
    found.rows = kept
    return moved


def _sift(found: dict[str, TableRead], head: brief.BriefRead) -> None:
    for table in CSV_TABLES.values():
        _sieve(found[table.name], references.Unique(table))
    _sift_senses(found, positions.region(head.brief))
    sources = {str(row.values["source_id"]) for row in found["sources"].rows}
    for name in ("claims", "events", "finds", "sightings", "origins", "detections"):
        _sieve(found[name], partial(references.check_source, sources=sources))
    questions = {row["question_id"]: row for row in head.questions.iter_rows(named=True)}
    _sift_claims(found["claims"], questions, _zones(found["sources"]))
    sensors = {row.values["sensor_id"] for row in found["sensors"].rows}
    _sieve(found["detections"], partial(_check_sensor, sensors=sensors))


def _sift_senses(found: dict[str, TableRead], region: positions.Region | None) -> None:
    for name in ("events", "finds", "sightings", "origins", "sensors"):
        _sieve(found[name], statements.check_position)
        if region is not None:
            _sieve(found[name], partial(positions.check_not_swapped, region=region))
    for name, low, high in (
        ("events", "start_utc", "end_utc"),
        ("events", "utc_low", "utc_high"),
        ("events", "utc_low", "start_utc"),
        ("events", "start_utc", "utc_high"),
        ("claims", "said_utc_low", "said_utc_high"),
        ("finds", "found_utc_low", "found_utc_high"),
        ("sightings", "utc_low", "utc_high"),
    ):
        _sieve(found[name], statements.check_order(low, high))
    _sieve(found["finds"], statements.check_find)


def _sift_claims(
    claims: TableRead, questions: Mapping[str, Mapping[str, Any]], zones: Mapping[str, str | None]
) -> None:
    _sieve(claims, lambda row: statements.check_claim(row, questions, zones.get(str(row.values["source_id"]))))
    moved = 1
    while moved:  # a claim that superseded a rejected one refers to nothing now
        named = {str(row.values["claim_id"]): row for row in claims.rows}
        moved = _sieve(claims, partial(references.check_supersedes, claims=named))


def _check_sensor(row: Row, sensors: set[Value]) -> None:
    if row.values["sensor_id"] not in sensors:
        raise Fault(f"no sensor {row.values['sensor_id']!r}", "add it to sensors.csv", column="sensor_id")
