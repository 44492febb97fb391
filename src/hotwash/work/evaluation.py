"""Measure tracks against truth."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from hotwash.air import interpolation
from hotwash.breach.areas import areas
from hotwash.errors import ReadError
from hotwash.ingest.table_file import Source, name_of, some_rows_of
from hotwash.ingest.zones import read_zones
from hotwash.model import schema, tables
from hotwash.model.schema import Table
from hotwash.score import picture_phrases, picture_quality, stays
from hotwash.score.picture_quality import PictureQuality
from hotwash.score.stays import StayCount

Progress = Callable[[str], None]

_FINE_S = 1.0  # truth is looked at so often for stays: a drone at 50 m/s may cut off 50 m of a corner unseen
_HOLD_STEPS = 2.5  # of its usual ones: a track that has said nothing for longer is gone


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What was measured, of what.

    stays        one for each zone, when zones and breaches are given
    is_in_step   whether tracks have their rows at common times; where not, and no step was asked for, missed and
                 switches are too high
    every_s      the step that was asked for
    rejected     rows that could not be taken, by file
    """

    picture: PictureQuality
    stays: tuple[StayCount, ...]
    cutoff_m: float
    is_in_step: bool
    every_s: float | None
    rejected: Mapping[str, int]

    @property
    def headline(self) -> str:
        return f"{self.picture.tracks} tracks, {self.picture.objects} objects, {self.picture.times} times."

    @property
    def rows(self) -> list[picture_phrases.Row]:
        return picture_phrases.phrase_rows(self.picture, self.stays)

    @property
    def notes(self) -> list[str]:
        said = [f"{name}: {rows:,} rows rejected and left out." for name, rows in self.rejected.items()]
        if not self.is_in_step and self.every_s is None:
            said.insert(0, "Tracks have their rows at different times, so much seems missed: give --every-s.")
        return said

    def flat(self) -> dict[str, Any]:
        """Return everything for a program; stays of all zones together stand beside those of each."""
        found: dict[str, Any] = {
            "cutoff_m": self.cutoff_m, **self.picture.flat(), "is_in_step": self.is_in_step,
            "rejected": dict(self.rejected),
        }  # fmt: skip
        if self.stays:
            for name in ("true", "found", "undecided", "expected"):
                found[f"stays_{name}"] = sum(getattr(one, name) for one in self.stays)
            found["breach_count_error"] = sum(one.error for one in self.stays)
            found["zones"] = [one._asdict() for one in self.stays]
        return found


def evaluate(
    tracks: Source,
    truth: Source,
    *,
    zones: Source | None = None,
    breaches: Source | None = None,
    cutoff_m: float = picture_quality.CUTOFF_M,
    every_s: float | None = None,
    progress: Progress = lambda _: None,
) -> Evaluated:
    """Return the measures of tracks against truth.

    tracks, truth     files (Parquet or CSV) or frames of TRACKS, TRUTH; a whole-number object_id is taken as text
    zones             a file or a frame of ZONES, or the id of a shipped zone; with breaches or not at all
    breaches          a file or a frame of BREACHES
    cutoff_m          a track farther than this from an object does not stand for it
    every_s           look so often, each track carried on from its last row; None: at the tracks' own times
    raises            ReadError, GeometryError for bad input
    """
    _check(zones, breaches, cutoff_m, every_s)
    rejected: dict[str, int] = {}
    progress("Reading")
    found, real = (_read(source, table, rejected) for source, table in ((tracks, tables.TRACKS), (truth, tables.TRUTH)))
    if not real.height:
        raise ReadError(
            name_of(truth, "truth"), why="holds no row of truth that can be taken; there is nothing to measure against"
        )
    counts = _stays(zones, breaches, real, rejected) if zones is not None and breaches is not None else ()
    progress("Measuring")
    is_in_step = picture_quality.are_in_step(found)
    if every_s is not None:
        times = _grid(real["time_utc"], every_s)
        found = picture_quality.extrapolate(found, times, hold_s=_HOLD_STEPS * picture_quality.usual_step_s(found))
    else:
        times = picture_quality.times_of(found, real)
    level = interpolation.truth_at(real, times)
    return Evaluated(
        picture_quality.measure_picture(found, level, times, cutoff_m=cutoff_m),
        counts,
        cutoff_m,
        is_in_step,
        every_s,
        rejected,
    )


def _check(zones: Source | None, breaches: Source | None, cutoff_m: float, every_s: float | None) -> None:
    if (zones is None) != (breaches is None):
        raise ReadError("--zones, --breaches", why="stays are counted of both together: give both or neither")
    for name, value in (("--cutoff-m", cutoff_m), ("--every-s", 1.0 if every_s is None else every_s)):
        if not (value > 0.0 and math.isfinite(value)):
            raise ReadError(name, why=f"{value:g} is no distance or time to measure by; give a number above 0")


def _read(source: Source, table: Table, rejected: dict[str, int]) -> pl.DataFrame:
    rows, rejects = some_rows_of(source, table)
    if rejects:
        rejected[name_of(source, table.name)] = len(rejects)
    return rows


def _stays(zones: Source, breaches: Source, real: pl.DataFrame, rejected: dict[str, int]) -> tuple[StayCount, ...]:
    measured = tuple(areas(read_zones(zones)))
    found = _read(breaches, tables.BREACHES, rejected)
    fine = pl.concat([_fine(one) for one in real.partition_by("object_id")])
    return tuple(stays.stay_counts(fine, found, measured))


def _fine(one: pl.DataFrame) -> pl.DataFrame:
    """Return the truth of one object at its own times and at least every _FINE_S."""
    times = pl.concat([one["time_utc"], _grid(one["time_utc"], _FINE_S)])
    return interpolation.truth_at(one, times)


def _grid(own: pl.Series, step_s: float) -> pl.Series:
    """Return times a step apart over the span of the given ones."""
    rows = own.dt.epoch("us").unique().sort().to_numpy()
    steps = np.arange(rows[0], rows[-1] + 1, max(1, round(step_s * 1e6)))
    return pl.Series("time_utc", steps).cast(schema.UTC)
