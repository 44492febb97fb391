"""What every reader of tables promises: it knows its own by the first bytes, and raises nothing but ReadError."""

from __future__ import annotations

import io
import json
import pkgutil
from datetime import UTC, datetime
from importlib import import_module

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hotwash.ingest
from hotwash.errors import ReadError
from hotwash.ingest import table_file
from hotwash.ingest.reader import Reader, RowRule
from hotwash.model import schema, tables
from hotwash.model.schema import Table, drift

NIGHT = datetime(2026, 3, 12, 20, tzinfo=UTC)
ESCAPE = "\x1b[2J"  # clears a terminal
HEADER = "track_id,time_utc,lat_deg,lon_deg,status,ident"


def parquet(ident: str) -> bytes:
    row = {"time_utc": NIGHT, "lat_deg": 52.0, "lon_deg": 21.0, "status": "confirmed", "ident": ident}
    stream = io.BytesIO()
    schema.frame(tables.TRACKS, [row | {"track_id": number} for number in range(3)]).write_parquet(stream)
    return stream.getvalue()


def csv(ident: str) -> str:
    return "\n".join([HEADER, *(f"{number},2026-03-12T20:00:00Z,52.0,21.0,confirmed,{ident}" for number in range(3))])


def geojson(name: str) -> bytes:
    ring = [[21.0, 52.0], [21.1, 52.0], [21.1, 52.1], [21.0, 52.0]]
    zone = {"type": "Feature", "properties": {"name": name}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    return json.dumps({"type": "FeatureCollection", "features": [zone]}).encode()


# Of each reader: content, the table that it holds, and a text of it that a person wrote.
SAMPLES: dict[str, list[tuple[bytes, Table]]] = {
    "CSV": [
        (csv("SP-ABC").encode(), tables.TRACKS),
        (csv("Łódź").encode("utf-8-sig"), tables.TRACKS),
        (csv("Łódź").encode("utf-16"), tables.TRACKS),
        (b'"sensor_id","kind"\r\n"R1","primary_radar"\r\n', tables.SENSORS),
    ],
    "Parquet": [(parquet("SP-ABC"), tables.TRACKS)],
    "GeoJSON": [(geojson("harbour"), tables.ZONES), (b"\xef\xbb\xbf\n " + geojson("Łódź"), tables.ZONES)],
}
WITH_ESCAPES = {"CSV": csv(ESCAPE).encode(), "Parquet": parquet(ESCAPE), "GeoJSON": geojson(ESCAPE)}
NAMES = ["x", "x.csv", "x.parquet", "x.geojson", "x.txt", ""]

every_reader = pytest.mark.parametrize("reader", table_file.READERS, ids=lambda reader: reader.name)
readers = st.sampled_from(table_file.READERS)


def test_every_module_that_reads_a_format_is_in_the_list_and_in_this_suite():
    modules = [import_module(f"hotwash.ingest.{one.name}") for one in pkgutil.iter_modules(hotwash.ingest.__path__)]
    declared = [module.READER for module in modules if hasattr(module, "READER")]
    assert sorted(reader.name for reader in declared) == sorted(reader.name for reader in table_file.READERS)
    assert set(SAMPLES) == set(WITH_ESCAPES) == {reader.name for reader in table_file.READERS}


# ---------------------------------------------------------------- sniff


@pytest.mark.parametrize("name", NAMES)
@every_reader
def test_a_reader_knows_its_own_and_no_other_whatever_the_file_is_called(reader: Reader, name: str):
    for format_name, samples in SAMPLES.items():
        for content, _ in samples:
            assert reader.sniff(content[: table_file.FIRST_BYTES], name) is (format_name == reader.name)


@given(readers, st.binary(max_size=64), st.sampled_from([b"", b"PAR1", b"{", b"\xff\xfe", b"track_id,"]), st.text())
def test_sniffing_never_raises(reader: Reader, content: bytes, beginning: bytes, name: str):
    assert reader.sniff(beginning + content, name) in (True, False)


@given(st.binary(max_size=64), st.text(max_size=9))
def test_at_most_one_reader_takes_a_file(content: bytes, name: str):
    assert sum(reader.sniff(content, name) for reader in table_file.READERS) <= 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"PK\x03\x04\x14\0\x06\0", "a ZIP archive or a spreadsheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old spreadsheet"),
        (b"\x1f\x8b\x08\0\0", "packed with gzip"),
        (b"%PDF-1.7\n%", "a PDF"),
        (b"<html>", "XML or HTML"),
        (b"[1, 2]", "a JSON list"),
        (b"SQLite format 3\0", "an SQLite database"),
        (b"\x30\x00\x30\xf7", "begins with the bytes 30 00 30 f7"),
    ],
)
def test_a_file_that_no_reader_knows_is_refused_with_what_it_looks_like_and_what_is_read(content: bytes, says: str):
    with pytest.raises(ReadError, match=r"plots\.csv: .*Tables are read from Parquet, GeoJSON, CSV") as refused:
        table_file.parse(content, tables.DETECTIONS, name="plots.csv")
    assert says in str(refused.value)


# ---------------------------------------------------------------- read


@every_reader
def test_a_reader_gives_exactly_the_declared_columns_and_types(reader: Reader):
    for content, table in SAMPLES[reader.name]:
        rows, rejects = reader.read(content, table, name="sample")
        assert drift(rows, table) == []
        assert rows.height
        assert rejects == []


def check(reader: Reader, content: bytes, table: Table) -> None:
    """Read what may be damaged: rows of the table and of REJECTS, or ReadError."""
    try:
        rows, rejects = reader.read(content, table, name="sample")
    except ReadError as fault:
        assert fault.thing == "sample"  # noqa: PT017 - it may also be read
        return
    assert drift(rows, table) == []
    assert drift(schema.frame(tables.REJECTS, rejects), tables.REJECTS) == []


@settings(deadline=None)
@given(readers, st.data())
def test_a_sample_cut_short_gives_rejects_or_read_error(reader: Reader, data: st.DataObject):
    content, table = data.draw(st.sampled_from(SAMPLES[reader.name]))
    check(reader, content[: data.draw(st.integers(0, len(content) - 1))], table)


@settings(deadline=None)
@given(readers, st.binary(max_size=80), st.booleans())
def test_any_bytes_give_rejects_or_read_error(reader: Reader, content: bytes, is_begun_well: bool):
    own, table = SAMPLES[reader.name][0]
    check(reader, own[:80] + content if is_begun_well else content, table)


@every_reader
def test_control_characters_cost_their_row_and_are_written_out(reader: Reader):
    (table,) = {table for _, table in SAMPLES[reader.name] if table is not tables.SENSORS}
    rows, rejects = reader.read(WITH_ESCAPES[reader.name], table, name="sample")
    assert rows.height == 0
    assert rejects
    for reject in rejects:
        assert not any(ord(char) < 32 for cell in reject.values() for char in str(cell or ""))
        assert "\\x1b[2J" in str(reject["value"])


@every_reader
def test_what_holds_another_table_is_refused_by_name(reader: Reader):
    for content, _ in SAMPLES[reader.name]:
        with pytest.raises(ReadError, match="sample"):
            reader.read(content, tables.CLAIMS, name="sample")


@every_reader
def test_a_row_rule_of_the_caller_costs_its_rows(reader: Reader):
    for content, table in SAMPLES[reader.name]:
        rule = RowRule(pl.lit(value=True), table.names[0], "not today", "come back tomorrow")
        rows, rejects = reader.read(content, table, name="sample", rules=[rule])
        assert rows.height == 0
        assert {reject["reason"] for reject in rejects} == {"not today"}
