"""Tracks and zones to breaches and counts, from files to a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import polars as pl

from hotwash.breach import counts as counting
from hotwash.breach.survey import Survey, survey
from hotwash.errors import ReadError
from hotwash.export import table_file as written
from hotwash.ingest import aerodromes, table_file, zones
from hotwash.ingest.parquet_table import FrameRead
from hotwash.model import tables
from hotwash.model.schema import Table

Progress = Callable[[str], None]
Json = dict[str, Any]

_UTC_FORM = "%Y-%m-%dT%H:%M:%S%.6fZ"


@dataclass(frozen=True, slots=True)
class Inputs:
    """What breaches are found from, beside the tracks.

    zones                a GeoJSON file, or the id of a shipped zone
    aerodromes           ICAO location indicators: the nearest to each stay is named
    detections, sensors  files of those tables, both or neither: they tell which sensor each row rests on
    """

    zones: str
    aerodromes: Sequence[str] = ()
    detections: Path | None = None
    sensors: Path | None = None


@dataclass(frozen=True, slots=True)
class Breached:
    """One run: the breaches, what was counted, the rows that could not be taken, where it was written, and how long."""

    survey: Survey
    counts: tuple[counting.Count, ...]
    rejects: Sequence[Mapping[str, object]]
    path: Path
    seconds: Mapping[str, float]

    @property
    def breaches(self) -> pl.DataFrame:
        return self.survey.breaches


def breaches(
    tracks: Path, inputs: Inputs, *, out: Path, seed: int, progress: Progress = lambda _: None, **choices: Any
) -> Breached:
    """Find the breaches of tracks and write them.

    tracks    a file of TRACKS, CSV or Parquet
    out       the file to write: .csv or .parquet
    seed      of the draws: equal seeds give equal answers
    choices   draws, merge_s, merge_m, correlation_m and the sensors' sigmas, as of `breach.survey.survey`
    raises    ReadError, GeometryError, PlaceError for bad input; WriteError; nothing is then written
    """
    written.check(out)
    _check(inputs)
    clock = [perf_counter()]
    progress("Reading")
    area = zones.named_or_read(inputs.zones)
    read = {"tracks": _read(tracks, tables.TRACKS)} | {
        table.name: _read(path, table)
        for table, path in ((tables.DETECTIONS, inputs.detections), (tables.SENSORS, inputs.sensors))
        if path is not None
    }
    near = aerodromes.table(tuple(inputs.aerodromes)) if inputs.aerodromes else None
    clock.append(perf_counter())
    progress("Finding breaches")
    choices |= {name: one.rows for name, one in read.items() if name != "tracks"}
    found = survey(read["tracks"].rows, area, rng=np.random.default_rng(seed), aerodromes=near, **choices)
    clock.append(perf_counter())
    progress("Writing")
    path = written.write(out, found.breaches)
    clock.append(perf_counter())
    took = dict(zip(("read", "breaches", "write"), np.diff(clock).tolist(), strict=True))
    rejects = [reject for one in read.values() for reject in one.rejects]
    return Breached(found, counting.counts(found), rejects, path, took)


def _check(inputs: Inputs) -> None:
    if (inputs.detections is None) != (inputs.sensors is None):
        given, missing = ("--detections", "--sensors") if inputs.sensors is None else ("--sensors", "--detections")
        raise ReadError(given, why=f"tells of sensors only together with {missing}; give both or neither")


def _read(path: Path, table: Table) -> FrameRead:
    found = table_file.read(path, table)
    if found.rows.is_empty() and found.rejects:
        first = found.rejects[0]
        why = f"none of its rows can be taken; the first: {first['reason']}; {first['advice']}"
        raise ReadError(path.name, place=f"line {first['line']}", why=why)
    return found


def told(done: Breached) -> Json:
    """Return a run as plain data, ready for JSON: breaches, counts, merged, rejects, seconds."""
    times = [name for name, dtype in done.breaches.schema.items() if dtype == pl.Datetime]
    return {
        "breaches": done.breaches.with_columns(pl.col(times).dt.strftime(_UTC_FORM)).to_dicts(),
        "counts": [
            {
                "zone_id": one.zone_id,
                "unit": one.unit,
                "unidentified_only": one.is_unidentified_only,
                "most_likely": one.most_likely,
                "low_90": one.low_90,
                "high_90": one.high_90,
            }
            for one in done.counts
        ],
        "merged": [
            {"zone_id": one.zone_id, "before": one.before, "after": one.after} for one in done.survey.zone_stays
        ],
        "rejects": list(done.rejects),
        "seconds": dict(done.seconds),
        "out": str(done.path),
    }
