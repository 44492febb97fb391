"""A recording's detections, whole or slice by slice, against its sensors.

DETECTIONS ─┬─ whole ──────────────▶ FrameRead
            └─ a long Parquet file ─▶ slices ─▶ Slice, Slice, …   no more than one is in memory
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

import polars as pl

from hotwash.errors import ReadError
from hotwash.ingest import parquet_table
from hotwash.ingest.faults import Fault
from hotwash.ingest.frame_check import check_frame, rule_of_names
from hotwash.ingest.reader import FrameRead, RowRule
from hotwash.ingest.rows import reject_row
from hotwash.ingest.table_file import Source, explain_no_rows, some_rows_of, table_of
from hotwash.model import tables

SLICE_ROWS = 262_144  # as many as Polars puts into one group of rows; their detections take some 50 MB
WHOLE_ROWS = 1_000_000  # what is longer is read in slices: tracked whole, a million plots take 700 MB
_ENDINGS = ("parquet", "csv")


def read_sensors(source: Source) -> FrameRead:
    """Return SENSORS and rows of REJECTS.

    raises   ReadError when it cannot be read, or holds no sensor
    """
    found = table_of(source, tables.SENSORS)
    if not found.rows.height:
        thing = str(source) if isinstance(source, str | Path) else tables.SENSORS.name
        if found.rejects:
            raise explain_no_rows(found.rejects, thing=thing)
        raise ReadError(thing, why="contains no sensor; give each sensor a row with sensor_id and kind")
    return found


def find_table(folder: Path, name: str, *, option: str) -> Path:
    """Return the Parquet or CSV file of a table in a folder.

    raises   ReadError when there is none; it names the option that would tell of another place
    """
    for ending in _ENDINGS:
        if (folder / f"{name}.{ending}").is_file():
            return folder / f"{name}.{ending}"
    either = " nor ".join(f"{name}.{ending}" for ending in _ENDINGS)
    raise ReadError(str(folder), why=f"contains neither {either}; name the file with {option}")


def is_long(source: Source) -> TypeGuard[Path | str]:
    """Tell whether detections are to be read in slices: a Parquet file of many rows."""
    if not isinstance(source, str | Path):
        return False
    try:
        with Path(source).open("rb") as stream:
            is_parquet = parquet_table.sniff(stream.read(len(parquet_table.MAGIC)), "")
        return is_parquet and _rows(parquet_table.scan(Path(source))) > WHOLE_ROWS
    except parquet_table.UNREADABLE:
        return False  # the reader says what is wrong


def read_detections(source: Source, sensors: pl.DataFrame) -> FrameRead:
    """Return DETECTIONS, in their order, and rows of REJECTS.

    raises   ReadError when they cannot be read, or rows were rejected and none is left
    """
    return some_rows_of(source, tables.DETECTIONS, rules=_rules(sensors))


def _rules(sensors: pl.DataFrame) -> list[RowRule]:
    """Return the rules that a detection keeps beside those of its declaration."""
    has_place = pl.col("lat_deg").is_not_null() & pl.col("lon_deg").is_not_null()
    standing = sensors.filter(has_place)["sensor_id"].to_list()
    is_polar = pl.col("lat_deg").is_null() & pl.col("range_m").is_not_null()
    return [
        rule_of_names(
            "sensor_id",
            sensors["sensor_id"].to_list(),
            reason="no such sensor",
            advice="add it to the table of sensors",
        ),
        RowRule(
            is_polar & pl.col("azimuth_deg").is_null(),
            "range_m",
            "a range without an azimuth or a position",
            "fill azimuth_deg, or lat_deg and lon_deg: a range alone is a circle",
        ),
        RowRule(
            is_polar & ~pl.col("sensor_id").is_in(standing),
            "sensor_id",
            "a range from a sensor without a position",
            "fill lat_deg and lon_deg of this sensor in the table of sensors",
        ),
    ]


# ---------------------------------------------------------------- slice by slice


@dataclass(frozen=True, slots=True)
class Slice:
    """Some rows of a long file, checked, and how far into the file they reach."""

    rows: pl.DataFrame
    rejects: list[dict[str, object]]
    share: float


def read_slices(path: Path | str, sensors: pl.DataFrame) -> Iterator[Slice]:
    """Yield DETECTIONS of a Parquet file in its order, with rows of REJECTS, without ever holding the whole.

    raises   ReadError when the file cannot be read

    A detection_id is rejected as a second one also when the first stood in an earlier slice.
    """
    path, rules, begin = Path(path), _rules(sensors), 0
    try:
        scan = parquet_table.scan(path)
        total, ids = _rows(scan), _Ids(scan)
        for begin in range(0, total, SLICE_ROWS):
            frame = scan.slice(begin, SLICE_ROWS).collect()
            found = check_frame(frame, tables.DETECTIONS, name=path.name, rules=rules, first=begin + 1)
            rows, again = ids.part(found.rows, begin)
            rejects = found.rejects + [_reject_again(row, path.name) for row in again.iter_rows(named=True)]
            yield Slice(rows, rejects, min((begin + SLICE_ROWS) / total, 1.0))
    except parquet_table.UNREADABLE:
        place = f"rows from {begin + 1:,} on"
        raise ReadError(path.name, place=place, why="cannot be read as Parquet; was the copy cut short?") from None


def _rows(scan: pl.LazyFrame) -> int:
    return int(scan.select(pl.len()).collect().item())


class _Ids:
    """Sees to it that a detection_id stands once in a file of which only one slice is held.

    Ids that ascend from slice to slice need no memory; others are looked for in the file's earlier rows.
    """

    def __init__(self, scan: pl.LazyFrame) -> None:
        self._scan = scan
        self._most: int | None = None

    def part(self, rows: pl.DataFrame, begin: int) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Return the rows whose id is new, and the others; `begin` rows of the file lie before them."""
        ids = rows["detection_id"]
        if not rows.height:
            return rows, rows
        is_ascending = self._most is None or int(ids.min()) > self._most  # type: ignore[arg-type]
        self._most = max(int(ids.max()), self._most if self._most is not None else int(ids.max()))  # type: ignore[arg-type]
        if is_ascending:
            return rows, rows.clear()
        earlier = self._scan.head(begin).select(pl.col("detection_id").cast(pl.Int64, strict=False))
        met = earlier.filter(pl.col("detection_id").is_in(ids.implode())).collect(engine="streaming")["detection_id"]
        is_met = pl.col("detection_id").is_in(met.implode())
        return rows.filter(~is_met), rows.filter(is_met)


def _reject_again(row: dict[str, object], name: str) -> dict[str, object]:
    raw = {key: str(value) for key, value in row.items() if value is not None}
    return reject_row(name, None, raw, Fault("appears twice", "give one of them another name", column="detection_id"))
