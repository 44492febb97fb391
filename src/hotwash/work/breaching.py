"""Tracks and zones to breaches and counts, from files to a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from hotwash.export import table_file
from hotwash.front import breaches as front
from hotwash.front.breaches import BreachResult
from hotwash.progress import Progress, silent
from hotwash.work.stopwatch import Stopwatch

READ, BREACHES, WRITE = STAGES = ("read", "breaches", "write")

_UTC_FORM = "%Y-%m-%dT%H:%M:%S%.6fZ"


@dataclass(frozen=True, slots=True)
class BreachesWritten:
    """One run: what was found, where it was written, and how long each stage took."""

    found: BreachResult
    path: Path
    seconds: Mapping[str, float]

    def flat(self) -> dict[str, Any]:
        """Return everything for a program: breaches, counts, merged, zones, rejects, seconds."""
        breaches, found = self.found.breaches, self.found
        times = [name for name, dtype in breaches.schema.items() if dtype == pl.Datetime]
        return {
            "breaches": breaches.with_columns(pl.col(times).dt.strftime(_UTC_FORM)).to_dicts(),
            "counts": [
                {
                    "zone_id": one.zone_id,
                    "unit": one.unit,
                    "unidentified_only": one.is_unidentified_only,
                    "most_likely": one.most_likely,
                    "low_90": one.low_90,
                    "high_90": one.high_90,
                }
                for one in found.counts
            ],
            "merged": [{"zone_id": one.zone_id, "before": one.before, "after": one.after} for one in found.merged],
            "zones": found.zones.select("zone_id", "name", "kind", "source", "line_sigma_m").to_dicts(),
            "rejects": found.rejects.to_dicts(),
            "seconds": dict(self.seconds),
            "out": str(self.path),
        }


def write_breaches(
    tracks: Path, zones: str, *, out: Path, progress: Progress = silent, **choices: Any
) -> BreachesWritten:
    """Find the breaches of tracks and write them.

    tracks    a file of TRACKS
    zones     a GeoJSON file, or the id of a shipped zone
    out       the file to write: .csv or .parquet
    choices   as of `front.breaches.find_breaches`
    raises    ReadError, GeometryError, PlaceError for bad input; WriteError; nothing is then written
    """
    table_file.check_ending(out)
    clock = Stopwatch(*STAGES, stage_of={front.READING: READ, front.FINDING: BREACHES})
    found = front.find_breaches(tracks, zones, progress=clock.listen(progress), **choices)
    progress("Writing", None)
    clock.turn(WRITE)
    path = table_file.write(out, found.breaches)
    clock.turn(None)
    return BreachesWritten(found, path, clock.seconds)
