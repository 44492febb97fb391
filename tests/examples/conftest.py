"""What the tests of the example bundles share: their tables as plain rows, and how a time in them is read."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hotwash import resources
from hotwash.incident.reconstruct import reconstruct
from hotwash.ingest import bundle
from hotwash.model import schema, tables
from hotwash.model.incident import Incident

ROOT = Path(__file__).resolve().parents[2]
TABLE_FILES = ("sources", "occasions", "claims", "events", "finds", "sightings", "origins")

Row = dict[str, str]


class Folder:
    """One example bundle, read with nothing but the csv module."""

    def __init__(self, name: str) -> None:
        self.path = ROOT / "examples" / name
        self.head: dict[str, Any] = tomllib.loads((self.path / "incident.toml").read_text(encoding="utf-8"))
        self.tables: dict[str, list[Row]] = {table: self._rows(table) for table in TABLE_FILES}
        self.zones = {row["source_id"]: row.get("zone", "") for row in self.tables["sources"]}

    def _rows(self, table: str) -> list[Row]:
        path = self.path / f"{table}.csv"
        if not path.exists():
            return []
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def latest(self, table: str, key: str) -> dict[str, Row]:
        """Return of each key the row that became known last."""
        found: dict[str, Row] = {}
        for row in sorted(self.tables[table], key=lambda row: self.time(row, "known_utc")):
            found[row[key]] = row
        return found

    def time(self, row: Row, column: str) -> datetime:
        """Return a time of a row; a bare date is the day's beginning in a `_low` column, else its end."""
        cell, zone = row[column], self._zone(row)
        if len(cell) == len("2025-09-10"):
            day = datetime.fromisoformat(cell).replace(tzinfo=ZoneInfo(zone or "UTC"))
            edge = day if column.endswith("_low") else day + timedelta(days=1) - timedelta(microseconds=1)
            return edge.astimezone(UTC)
        stated = datetime.fromisoformat(cell)
        if stated.tzinfo is None:
            assert zone, f"{row}: {column} has no zone and its source declares none"
            stated = stated.replace(tzinfo=ZoneInfo(zone))
        return stated.astimezone(UTC)

    def _zone(self, row: Row) -> str:
        if "publisher" in row or "source_id" not in row:
            return row.get("zone", "")
        zones = {self.zones[name] for name in row["source_id"].split(";")}
        return zones.pop() if len(zones) == 1 else ""


@pytest.fixture(scope="session")
def folder() -> Callable[[str], Folder]:
    """Read an example bundle by its name."""
    return Folder


@pytest.fixture(scope="session")
def shared() -> Path:
    """The notes that the Polish bundle was made from; not part of the project, so absent in most checkouts."""
    path = ROOT.parent / "shared" / "data" / "poland-2025"
    if not path.is_dir():
        path = ROOT.parents[1] / "shared" / "data" / "poland-2025"  # a worktree stands one folder deeper
    if not path.is_dir():
        pytest.skip("../shared/data/poland-2025 is not here: the notes that the bundle was made from")
    return path


@pytest.fixture(scope="session")
def account() -> Callable[..., Incident]:
    """Reconstruct an example by its name, as of a date or with all that is known; each only once."""

    @cache
    def reconstruct_example(name: str, as_of_utc: datetime | None = None) -> Incident:
        borders, fields = schema.empty(tables.ZONES), schema.empty(tables.AERODROMES)
        read = bundle.read(resources.example(name))
        return reconstruct(read, zones=borders, aerodromes=fields, as_of_utc=as_of_utc)

    return reconstruct_example
