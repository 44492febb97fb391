"""A recording's detections from a file of their own, whole or slice by slice, against its sensors.

DETECTIONS ─┬─ whole ──────────────▶ FrameRead
            └─ a long Parquet file ─▶ slices ─▶ FrameRead, FrameRead, …   no more than one is in memory
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from hotwash.errors import ReadError
from hotwash.ingest import csv_table, parquet_table, table_file
from hotwash.ingest.faults import Fault
from hotwash.ingest.parquet_table import FrameRead, Refusal
from hotwash.model import tables

SLICE_ROWS = 262_144  # as many as Polars puts into one group of rows; their detections take some 50 MB
WHOLE_ROWS = 1_000_000  # what is longer is read in slices: tracked whole, a million plots take 700 MB
_ENDINGS = ("parquet", "csv")


def sensors(path: Path) -> FrameRead:
    """Return SENSORS and rows of REJECTS.

    raises   ReadError when it cannot be read, or holds no sensor
    """
    found = table_file.read(path, tables.SENSORS)
    if not found.rows.height:
        raise ReadError(str(path), place=_first(found), why=f"holds no sensor that can be used{_why(found)}")
    return found


def beside(detections: Path) -> Path:
    """Return the sensors' file that lies in the same folder.

    raises   ReadError when there is none
    """
    return held(detections.parent, "sensors", option="--sensors")


def held(folder: Path, name: str, *, option: str) -> Path:
    """Return the Parquet or CSV file of a table in a folder.

    raises   ReadError when there is none; it names the option that would tell of another place
    """
    for ending in _ENDINGS:
        if (folder / f"{name}.{ending}").is_file():
            return folder / f"{name}.{ending}"
    either = " nor ".join(f"{name}.{ending}" for ending in _ENDINGS)
    raise ReadError(str(folder), why=f"holds neither {either}; name the file with {option}")


def is_long(path: Path) -> bool:
    """Tell whether a file is to be read in slices: a Parquet file of many rows."""
    try:
        with path.open("rb") as stream:
            is_parquet = stream.read(4) == table_file.MAGIC
        return is_parquet and int(pl.scan_parquet(path).select(pl.len()).collect().item()) > WHOLE_ROWS
    except (pl.exceptions.PolarsError, OSError):
        return False  # the reader says what is wrong


def read(path: Path, known: pl.DataFrame) -> FrameRead:
    """Return DETECTIONS, in the order of the file, and rows of REJECTS.

    known    SENSORS
    raises   ReadError when the file cannot be read, or rows were rejected and none is left
    """
    found = table_file.read(path, tables.DETECTIONS, refusals=refusals(known))
    if found.rejects and not found.rows.height:
        raise ReadError(str(path), place=_first(found), why=f"no row is left that can be tracked{_why(found)}")
    return found


def refusals(known: pl.DataFrame) -> list[Refusal]:
    """Return the rules that a detection keeps beside those of its declaration.

    known   SENSORS
    """
    stands = known.filter(pl.col("lat_deg").is_not_null() & pl.col("lon_deg").is_not_null())["sensor_id"].to_list()
    has_no_place = pl.col("lat_deg").is_null()
    is_polar = has_no_place & pl.col("range_m").is_not_null()
    return [
        parquet_table.names(
            "sensor_id", known["sensor_id"].to_list(), reason="no such sensor", advice="add it to the table of sensors"
        ),
        Refusal(
            is_polar & pl.col("azimuth_deg").is_null(), "range_m", "a range without an azimuth or a position",
            "fill azimuth_deg, or lat_deg and lon_deg: a range alone is a circle",
        ),
        Refusal(
            is_polar & ~pl.col("sensor_id").is_in(stands), "sensor_id", "a range from a sensor without a position",
            "fill lat_deg and lon_deg of this sensor in the table of sensors",
        ),
    ]  # fmt: skip


def _first(found: FrameRead) -> str:
    return f"line {found.rejects[0]['line']}, column {found.rejects[0]['column']}" if found.rejects else ""


def _why(found: FrameRead) -> str:
    if not found.rejects:
        return "; every sensor is a row with sensor_id and kind"
    return f": {len(found.rejects):,} were rejected, the first since {found.rejects[0]['reason']}"


# ---------------------------------------------------------------- slice by slice


@dataclass(frozen=True, slots=True)
class Slice:
    """Some rows of a long file, checked, and how far into the file they reach."""

    rows: pl.DataFrame
    rejects: list[dict[str, object]]
    share: float


def slices(path: Path, known: pl.DataFrame) -> Iterator[Slice]:
    """Yield DETECTIONS of a Parquet file in its order, with rows of REJECTS, without ever holding the whole.

    known    SENSORS
    raises   ReadError when the file cannot be read

    A detection_id is rejected as a second one also when the first stood in an earlier slice.
    """
    scan = pl.scan_parquet(path, low_memory=True)
    try:
        total = int(scan.select(pl.len()).collect().item())
    except (pl.exceptions.PolarsError, OSError):
        raise ReadError(path.name, why="is no Parquet file that can be read; was the copy cut short?") from None
    rules = [*parquet_table.position(None), *refusals(known)]
    ids = _Ids(scan)
    for begin in range(0, total, SLICE_ROWS):
        try:
            frame = scan.slice(begin, SLICE_ROWS).collect()
        except (pl.exceptions.PolarsError, OSError):
            place = f"rows from {begin + 1:,} on"
            raise ReadError(path.name, place=place, why="cannot be read; was the copy cut short?") from None
        found = parquet_table.checked(frame, tables.DETECTIONS, name=path.name, refusals=rules, first=begin + 1)
        rows, twice = ids.once(found.rows, begin)
        rejects = found.rejects + [_again(row, path.name) for row in twice.iter_rows(named=True)]
        yield Slice(rows, rejects, min((begin + SLICE_ROWS) / total, 1.0))


class _Ids:
    """Sees to it that a detection_id stands once in a file of which only one slice is held.

    Ids that ascend from slice to slice need no memory; others are looked for in the file's earlier rows.
    """

    def __init__(self, scan: pl.LazyFrame) -> None:
        self._scan = scan
        self._most: int | None = None

    def once(self, rows: pl.DataFrame, begin: int) -> tuple[pl.DataFrame, pl.DataFrame]:
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


def _again(row: dict[str, object], name: str) -> dict[str, object]:
    raw = {key: str(value) for key, value in row.items() if value is not None}
    fault = Fault("stands twice", "give one of them another name", column="detection_id")
    return {**csv_table.rejected(name, 0, raw, fault), "line": None}
