"""Whatever stands in a bundle: rows are taken or rejected, none is lost, and nothing but a refusal is raised."""

from __future__ import annotations

import csv
import io
from contextlib import suppress

import polars as pl
from bundles import HEAD, USUAL, files, read
from hypothesis import given, settings
from hypothesis import strategies as st

from hotwash.errors import HotwashError
from hotwash.ingest import bundle
from hotwash.ingest.bundle import CSV_TABLES
from hotwash.model import tables
from hotwash.model.incident import Bundle
from hotwash.model.schema import drift

NASTY = [
    *("", " ", "nan", "NaN", "inf", "-inf", "null", "1e400", "1e300", "-0", "0", "1", "-1", "91", "181", "1_0", "٣"),
    *("true", "FALSE", "S1", "S1;S2", ";", ";;", "C1", "C2", "2025-09-31", "2025-09-11", "2025-09-09T21:30Z"),
    *("2025-10-26T02:30", "0001-01-01", "9999-12-31", "2025-09-09T21:30", "Europe/Warsaw", "between", "about", "uas"),
    *("WÅ‚adysÅ‚aw", "“q”", "a,b", 'say "no"', "two\nlines", "\x00", "\x07", "\u2028", "\u00a0", "=1+1", "x" * 100_001),
]
cells = st.sampled_from(NASTY) | st.text(st.characters(exclude_categories=("Cs",)), max_size=8)


def rows_of(table: str) -> st.SearchStrategy[list[dict[str, str]]]:
    """Draw rows of a table: the usual one with some cells mangled."""
    return st.lists(st.dictionaries(st.sampled_from(tables.TABLES[table].names), cells, max_size=3), max_size=3)


bundles = st.fixed_dictionaries({table: rows_of(table) for table in USUAL})


def frames(found: Bundle) -> dict[str, pl.DataFrame]:
    kept = ("claims", "finds", "sightings", "origins", "occasions", "questions", "assumptions", "rejects", "repairs")
    recorded = ("sources", "events", "sensors", "detections")
    return {name: getattr(found, name) for name in kept} | {name: getattr(found.recording, name) for name in recorded}


def written(content: bytes) -> int:
    """Return how many rows with a filled cell a file holds."""
    rows = list(csv.reader(io.StringIO(content.decode(), newline="")))[1:]
    return len([row for row in rows if any(cell.strip() for cell in row)])


@settings(deadline=None, max_examples=60)
@given(bundles)
def test_of_mangled_cells_no_row_is_lost_and_every_frame_keeps_to_its_table(drawn: dict[str, list[dict[str, str]]]):
    given_files = files(**drawn)
    found = bundle.read(given_files)
    said = frames(found)
    for name, frame in said.items():
        assert drift(frame, tables.TABLES[name]) == []
        # Claims on nothing, finds of nowhere: what is left can be told apart by its key.
        key = tables.TABLES[name].key
        assert not key or frame.select(key).is_unique().all()
    for name, table in CSV_TABLES.items():
        rejected = found.rejects.filter(file=name).height
        assert said[table.name].height + rejected == written(given_files[name])


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(sorted(CSV_TABLES)), st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_of_any_bytes_a_table_is_read_or_refused(name: str, content: bytes):
    with suppress(HotwashError):
        bundle.read(files() | {name: content})


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_of_a_damaged_head_the_bundle_is_read_or_refused(data: st.DataObject):
    start = data.draw(st.integers(0, len(HEAD)))
    end = data.draw(st.integers(start, min(len(HEAD), start + 30)))
    put = data.draw(
        st.sampled_from(["", '"', "[[", "=", "nan", "\n", "0", "[]", "\\", "Ł"])
        | st.text(st.characters(exclude_categories=("Cs",)), max_size=5)
    )
    with suppress(HotwashError):
        read(head=HEAD[:start] + put + HEAD[end:])
