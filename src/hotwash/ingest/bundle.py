"""An incident bundle: its files to one checked Bundle, with every row that could not be taken beside it.

incident.toml ─▶ brief, questions, assumptions ─┐
sources.csv ───▶ zones of bare times ───────────┼─▶ sieve: cells → keys → references → sense ─▶ Bundle
claims events finds sightings origins … ────────┘                                    └─▶ rejects
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

import polars as pl

from hotwash.errors import BundleError
from hotwash.ingest import brief, cells, csv_table, positions, references, statements, table_file, times
from hotwash.ingest.cells import Value
from hotwash.ingest.faults import Fault
from hotwash.ingest.frame_check import rule_of_names, rule_of_order
from hotwash.ingest.gathering import Gathering
from hotwash.ingest.reader import FrameRead, Reader
from hotwash.ingest.rows import Row, RowsRead
from hotwash.model import schema, tables
from hotwash.model.bundle_form import BUNDLE_TABLES
from hotwash.model.incident import Brief, Bundle, FileRead
from hotwash.model.recording import Recording
from hotwash.model.schema import Table
from hotwash.progress import Progress, silent
from hotwash.visible import quote

CSV_TABLES = {f"{table.name}.csv": table for table in BUNDLE_TABLES}
LONG_DETECTIONS = "detections.parquet"
_ROW_FAULTS_SHOWN = 50
KNOWN_FILES = (brief.NAME, *CSV_TABLES, LONG_DETECTIONS, "zones.geojson", "README.md")


def read(files: Mapping[str, bytes], *, progress: Progress = silent) -> Bundle:
    """Return the bundle that these files make.

    files      content by file name
    progress   is told each file before it is read
    returns    checked tables; rows that could not be taken stand in `rejects`, mended words in `repairs`
    raises     BundleError with every fault of the bundle: a needed file is missing, a header is wrong, detections stand
               in two files, incident.toml is faulty, a file's format or encoding cannot be told
    """
    faults = Gathering()
    _check_files(files, faults)
    head = brief.read(files[brief.NAME], faults) if brief.NAME in files else None
    region = (
        None
        if head is None
        else faults.attempt(partial(positions.find_region, head.brief, files.get("zones.geojson")), None)
    )
    found = _read_tables(files, faults, progress)
    if head is None:
        faults.raise_faults()
        raise BundleError(brief.NAME, why="could not be read")  # pragma: no cover - a brief is None with a fault only
    _sift(found, head, region, faults)
    nothing = FrameRead(schema.empty(tables.DETECTIONS), [])
    long = faults.attempt(partial(_read_long_detections, files, found, region), nothing)
    faults.raise_faults()
    ring, ring_rejects = _ring_origin(head.brief, found["origins"])
    rejects = [*long.rejects, *ring_rejects, *(row for read in found.values() for row in read.rejects)]
    rejects.sort(key=lambda row: (str(row["file"]), row["line"] or 0))
    return Bundle(
        brief=replace(head.brief, ring_origin=ring),
        recording=Recording(
            sources=_frame(tables.SOURCES, found),
            events=_frame(tables.EVENTS, found),
            sensors=_frame(tables.SENSORS, found),
            detections=pl.concat([long.rows, _frame(tables.DETECTIONS, found)]),
        ),
        questions=head.questions,
        claims=_frame(tables.CLAIMS, found),
        finds=_frame(tables.FINDS, found),
        sightings=_frame(tables.SIGHTINGS, found),
        occasions=_frame(tables.OCCASIONS, found),
        origins=_frame(tables.ORIGINS, found),
        assumptions=head.assumptions,
        rejects=schema.frame(tables.REJECTS, list(rejects)),
        repairs=schema.frame(tables.REPAIRS, [row for read in found.values() for row in read.repairs]),
        files=tuple(_file(name, files[name], found, long) for name in sorted(files)),
    )


def find_row_faults(files: Mapping[str, bytes]) -> list[BundleError]:
    """Return the rows that cannot be taken by themselves, as faults of a bundle that cannot be used for other reasons.

    Of a row that only refers to what is at fault elsewhere nothing is said: mended there, it may be right.
    """
    found = _read_tables(files, Gathering(), silent)
    rejects = [row for name, read in found.items() for row in read.rejects if _is_own_fault(name, row, found)]
    faults = [
        BundleError(
            str(row["file"]),
            place=", ".join(
                str(part) for part in (f"line {row['line']}" if row["line"] else "", row["column"]) if part
            ),
            why=f"{row['reason']}; {row['advice']}",
        )
        for row in rejects[:_ROW_FAULTS_SHOWN]
    ]
    left = len(rejects) - len(faults)
    return [*faults, *([BundleError("bundle", why=f"{left:,} more rows cannot be taken")] if left else [])]


def _is_own_fault(name: str, reject: Mapping[str, object], found: Mapping[str, RowsRead]) -> bool:
    """Tell whether a reject is wrong by itself: not a time whose zone would come from sources that were not read."""
    utc = {item.name for item in CSV_TABLES[f"{name}.csv"].columns if item.dtype == schema.UTC}
    return bool(found["sources"].rows) or reject["column"] not in utc


def _check_files(files: Mapping[str, bytes], faults: Gathering) -> None:
    for name in (brief.NAME, "sources.csv"):
        if name not in files:
            why = f"is missing from the bundle; it holds {', '.join(sorted(files)) or 'no files'}"
            faults.add(BundleError(name, why=why))
    if LONG_DETECTIONS in files and "detections.csv" in files:
        faults.add(BundleError(LONG_DETECTIONS, why="is given together with detections.csv; keep one of the two"))


def _read_tables(files: Mapping[str, bytes], faults: Gathering, progress: Progress) -> dict[str, RowsRead]:
    """Return the tables in CSV, each row parsed and its key unique; sources first, since they tell the zones.

    A table that cannot be read is a fault, and has no rows.
    """
    found: dict[str, RowsRead] = {}
    for table in CSV_TABLES.values():
        name = _file_of(table, files)
        progress(f"Reading {name}", None)
        zone_of = _own_zone if table is tables.SOURCES else _zone_finder(found["sources"])
        found[table.name] = faults.attempt(partial(_read_table, files, table, name, zone_of), RowsRead())
        _sieve(found[table.name], references.Unique(table))
    return found


def _read_table(
    files: Mapping[str, bytes], table: Table, name: str, zone_of: Callable[[dict[str, str]], str | None]
) -> RowsRead:
    if name not in files or not _is_csv(files[name], table, name):
        return RowsRead()
    return csv_table.read_rows(files[name], table, name=name, zone_of=zone_of)


def _file_of(table: Table, files: Mapping[str, bytes]) -> str:
    """Return the name of a table's file."""
    return LONG_DETECTIONS if table is tables.DETECTIONS and LONG_DETECTIONS in files else f"{table.name}.csv"


def _is_csv(content: bytes, table: Table, name: str) -> bool:
    """Tell by its content whether a table is in CSV; only detections may be in another format."""
    reader = _reader(content, name)
    if reader is not csv_table.READER and table is not tables.DETECTIONS:
        raise BundleError(name, why=f"is {reader.name}; in a bundle, {table.name} must be CSV")
    return reader is csv_table.READER


def _reader(content: bytes, name: str) -> Reader:
    return table_file.find_reader(content[: table_file.FIRST_BYTES], name=name)


def _read_long_detections(
    files: Mapping[str, bytes], found: dict[str, RowsRead], region: positions.Region | None
) -> FrameRead:
    """Return detections that are not CSV, checked as those of detections.csv are."""
    name = _file_of(tables.DETECTIONS, files)
    if name not in files or _is_csv(files[name], tables.DETECTIONS, name):
        return FrameRead(schema.empty(tables.DETECTIONS), [])
    sensors = {str(row.values["sensor_id"]) for row in found["sensors"].rows}
    rules = [
        *([] if region is None else [rule_of_order(region)]),
        rule_of_names("source_id", _ids(found["sources"]), reason="no such source", advice="add it to sources.csv"),
        rule_of_names("sensor_id", sensors, reason="no such sensor", advice="add it to sensors.csv"),
    ]
    return table_file.parse(files[name], tables.DETECTIONS, name=name, rules=rules)


def _ring_origin(head: Brief, origins: RowsRead) -> tuple[str, list[dict[str, object]]]:
    """Return the origin that the map draws rings around; one that is not there is rejected, and none is drawn."""
    if not head.ring_origin or head.ring_origin in {row.values["origin_id"] for row in origins.rows}:
        return head.ring_origin, []
    reason = f"no origin {quote(head.ring_origin)}"
    advice = "ring_origin names a row of origins.csv; the map draws no rings"
    row = {"file": brief.NAME, "column": "ring_origin", "value": head.ring_origin, "reason": reason, "advice": advice}
    return "", [{**row, "line": None, "row": None}]


def _file(name: str, content: bytes, found: dict[str, RowsRead], long: FrameRead) -> FileRead:
    table = tables.DETECTIONS if name == LONG_DETECTIONS else CSV_TABLES.get(name)
    rows = len(found[table.name].rows) if table else 0
    rows += long.rows.height if table is tables.DETECTIONS else 0
    return FileRead(name, hashlib.sha256(content).hexdigest(), rows)


def _frame(table: Table, found: dict[str, RowsRead]) -> pl.DataFrame:
    return schema.frame(table, [row.values for row in found[table.name].rows])


def _own_zone(raw: dict[str, str]) -> str | None:
    zone = raw.get("zone", "")
    try:
        if zone:
            times.zone_of(zone)
    except Fault as fault:
        raise Fault(fault.reason, fault.advice, column="zone") from None
    return zone or None


def _ids(sources: RowsRead) -> set[str]:
    return {str(row.values["source_id"]) for row in sources.rows}


def _zones(sources: RowsRead) -> dict[str, str | None]:
    return {str(row.values["source_id"]): _text(row.values.get("zone")) for row in sources.rows}


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _zone_finder(sources: RowsRead) -> Callable[[dict[str, str]], str | None]:
    """Return what tells the zone of a row of another table by its sources."""
    refused = {}
    for row in sources.rejects:
        name = json.loads(str(row["row"] or "{}")).get("source_id", "").strip()
        refused[name] = str(row.get("cell") or (f"line {row['line']}" if row["line"] else "its row"))
    return partial(_zone_of, _zones(sources), refused)


def _zone_of(zones: Mapping[str, str | None], refused: Mapping[str, str], raw: dict[str, str]) -> str | None:
    """Return the zone that all sources of a row declare; None when they declare none or differ.

    refused   sources whose own row was rejected, and where it stands
    raises    Fault for a row of such a source: its times cannot be read, and it is not the row that is wrong
    """
    for part in map(str.strip, raw.get("source_id", "").split(";")):
        if part in refused and part not in zones:
            reason = f"its source {part} was rejected (sources, {refused[part]})"
            raise Fault(reason, "correct the row of the source first", column="source_id")
    named = {zones.get(part.strip()) for part in raw.get("source_id", "").split(";") if part.strip()}
    return named.pop() if len(named) == 1 else None


def _sieve(found: RowsRead, check: Callable[[Row], None]) -> int:
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


def _sift(
    found: dict[str, RowsRead], head: brief.BriefRead, region: positions.Region | None, faults: Gathering
) -> None:
    _sift_senses(found, region)
    units = head.brief.count_units
    sources = _ids(found["sources"])
    for name in ("claims", "events", "finds", "sightings", "origins", "detections"):
        _sieve(found[name], partial(references.check_source, sources=sources))
    _sieve(found["events"], partial(statements.check_event, units=units))
    questions = {row["question_id"]: row for row in head.questions.iter_rows(named=True)}
    zones = _zones(found["sources"])
    _sieve(
        found["claims"],
        lambda row: statements.check_claim(row, questions, zones.get(str(row.values["source_id"])), units),
    )
    _sift_occasions(found, head, faults)
    _sift_links(found)
    sensors = {row.values["sensor_id"] for row in found["sensors"].rows}
    _sieve(found["detections"], partial(_check_sensor, sensors=sensors))


def _sift_occasions(found: dict[str, RowsRead], head: brief.BriefRead, faults: Gathering) -> None:
    """Refuse rows, questions and intervals that name an occasion which is not declared, where any is."""
    declared = {str(row.values["occasion_id"]) for row in found["occasions"].rows}
    _check_ends(declared, head, faults)
    if not declared:
        return
    for name in ("claims", "events", "finds", "sightings"):
        check = partial(references.check_names, column="occasion_id", known=declared, what="occasion")
        _sieve(found[name], check)
    asked = [(f"question {row['question_id']}", row["occasion_id"]) for row in head.questions.iter_rows(named=True)]
    asked += [(f"interval {item.name}", item.occasion_id or None) for item in head.brief.intervals]
    for place, name in asked:
        if name is not None and name not in declared:
            why = f"occasion_id is {quote(name)}, which is not in occasions.csv; {cells.nearest(name, tuple(declared))}"
            faults.add(BundleError(brief.NAME, place=place, why=why))


def _check_ends(declared: set[str], head: brief.BriefRead, faults: Gathering) -> None:
    """Refuse intervals with an end on an occasion that is not declared, whether any is declared or not."""
    for item in head.brief.intervals:
        for key, name in (("from_occasion_id", item.from_occasion_id), ("to_occasion_id", item.to_occasion_id)):
            if name and name not in declared:
                advice = cells.nearest(name, tuple(declared)) if declared else "declare it there"
                why = f"{key} is {quote(name)}, which is not in occasions.csv; {advice}"
                faults.add(BundleError(brief.NAME, place=f"interval {item.name}", why=why))


# What a row has in common with the row that it revises; a find or a sighting may be assessed again by anybody.
_SHARED = {"claims": ("said_by", "question_id"), "events": ("said_by", "kind"), "finds": (), "sightings": ()}


def _sift_links(found: dict[str, RowsRead]) -> None:
    """Refuse rows whose links lead nowhere, until none is left: a row that named a rejected one names nothing now."""
    moved = 1
    while moved:
        moved = 0
        for name, shared in _SHARED.items():
            revisions = references.Revisions(CSV_TABLES[f"{name}.csv"], found[name].rows, shared=shared)
            moved += _sieve(found[name], revisions)
        ids = {name: {str(row.values[f"{name[:-1]}_id"]) for row in found[name].rows} for name in _SHARED}
        occasions = {str(row.values["occasion_id"]) for row in found["occasions"].rows}
        occasions |= {str(row.values["occasion_id"]) for row in found["events"].rows if row.values.get("occasion_id")}
        for name, column, known, what in (
            ("claims", "excludes", ids["claims"], "claim"),
            ("claims", "parts", ids["claims"] | ids["events"], "claim or event"),
            ("events", "parts", ids["events"], "event"),
            ("events", "led_to", ids["events"] | occasions, "event or occasion"),
            ("sightings", "led_to", ids["events"] | occasions, "event or occasion"),
        ):
            moved += _sieve(found[name], partial(references.check_names, column=column, known=known, what=what))


def _sift_senses(found: dict[str, RowsRead], region: positions.Region | None) -> None:
    for name in ("events", "finds", "sightings", "origins", "sensors", "detections"):
        _sieve(found[name], statements.check_position)
        if region is not None:
            _sieve(found[name], partial(positions.check_order, region=region))
    for name, low, high in (
        ("events", "start_utc", "end_utc"),
        ("events", "utc_low", "utc_high"),
        ("events", "utc_low", "start_utc"),
        ("events", "start_utc", "utc_high"),
        ("claims", "said_utc_low", "said_utc_high"),
        ("claims", "at_utc_low", "at_utc_high"),
        ("occasions", "utc_low", "utc_high"),
        ("claims", "words_start", "words_end"),
        ("finds", "found_utc_low", "found_utc_high"),
        ("sightings", "utc_low", "utc_high"),
    ):
        _sieve(found[name], statements.check_order(low, high))
    _sieve(found["finds"], statements.check_find)
    _sieve(found["sightings"], statements.check_sighting)


def _check_sensor(row: Row, sensors: set[Value]) -> None:
    if row.values["sensor_id"] not in sensors:
        raise Fault(f"no sensor {quote(row.values['sensor_id'])}", "add it to sensors.csv", column="sensor_id")
