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
from hotwash.ingest import aerodromes, zones
from hotwash.ingest.table_file import Source, some_rows_of
from hotwash.model import tables

Progress = Callable[[str], None]
Json = dict[str, Any]

_UTC_FORM = "%Y-%m-%dT%H:%M:%S%.6fZ"


@dataclass(frozen=True, slots=True)
class Inputs:
    """What breaches are found from, beside the tracks.

    zones                a file or a frame of ZONES, or the id of a shipped zone
    aerodromes           ICAO location indicators: the nearest to each stay is named
    detections, sensors  files or frames of those tables, both or neither: they tell which sensor each row rests on
    """

    zones: Source
    aerodromes: Sequence[str] = ()
    detections: Source | None = None
    sensors: Source | None = None


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
    tracks: Source, inputs: Inputs, *, out: Path, seed: int, progress: Progress = lambda _: None, **choices: Any
) -> Breached:
    """Find the breaches of tracks and write them.

    tracks    a file (CSV or Parquet) or a frame of TRACKS
    out       the file to write: .csv or .parquet
    seed      of the draws: equal seeds give equal answers
    choices   draws, merge_s, merge_m, correlation_m and the sensors' sigmas, as of `breach.survey.survey`
    raises    ReadError, GeometryError, PlaceError for bad input; WriteError; nothing is then written
    """
    written.check_ending(out)
    _check(inputs)
    clock = [perf_counter()]
    progress("Reading")
    area = zones.read_zones(inputs.zones)
    read = {"tracks": some_rows_of(tracks, tables.TRACKS)} | {
        table.name: some_rows_of(source, table)
        for table, source in ((tables.DETECTIONS, inputs.detections), (tables.SENSORS, inputs.sensors))
        if source is not None
    }
    near = aerodromes.aerodrome_table(tuple(inputs.aerodromes)) if inputs.aerodromes else None
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
