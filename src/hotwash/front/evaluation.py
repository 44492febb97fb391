"""Tracks against truth."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from hotwash.air import interpolation
from hotwash.breach.areas import areas
from hotwash.errors import ReadError
from hotwash.ingest.table_file import Source, name_of, some_rows_of
from hotwash.ingest.zones import check_zone_order, ends_of, read_zones
from hotwash.model import schema, tables
from hotwash.model.notebook import render_html, short_repr
from hotwash.model.schema import Table
from hotwash.progress import Progress, silent
from hotwash.report.phrases import count_noun
from hotwash.score import picture_phrases, picture_quality, stays
from hotwash.score.picture_quality import PictureQuality
from hotwash.score.stays import StayCount

_FINE_S = 1.0  # truth is looked at so often for stays: a drone at 50 m/s may cut off 50 m of a corner unseen
_HOLD_STEPS = 2.5  # of its usual ones: a track that has said nothing for longer is gone


@dataclass(frozen=True, slots=True)
class EvaluationResult:
    """What was measured, of what.

    stays        one for each zone, when zones and breaches are given
    is_in_step   whether tracks have their rows at common times; where not, and no step was asked for, missed and
                 switches are too high
    every_s      the step that was asked for
    rejected     rows that could not be taken, by file
    apart        what to say where tracks and truth share no moment, so that nothing was compared
    """

    picture: PictureQuality
    stays: tuple[StayCount, ...]
    cutoff_m: float
    is_in_step: bool
    every_s: float | None
    rejected: Mapping[str, int]
    apart: str | None = None

    @property
    def headline(self) -> str:
        counts = ((self.picture.tracks, "track"), (self.picture.objects, "object"), (self.picture.times, "time"))
        return f"{', '.join(count_noun(*one) for one in counts)}."

    @property
    def rows(self) -> list[picture_phrases.Row]:
        return picture_phrases.phrase_rows(self.picture, self.stays)

    @property
    def notes(self) -> list[str]:
        said = [f"{name}: {rows:,} rows rejected and left out." for name, rows in self.rejected.items()]
        if not self.is_in_step and self.every_s is None:
            said.insert(0, "Tracks have their rows at different times, so much seems missed: give every_s.")
        return [self.apart, *said] if self.apart else said

    def flat(self) -> dict[str, Any]:
        """Return everything for a program; stays of all zones together stand beside those of each."""
        found: dict[str, Any] = {
            "cutoff_m": self.cutoff_m, **self.picture.flat(), "is_in_step": self.is_in_step,
            "rejected": dict(self.rejected), "remarks": self.notes,
        }  # fmt: skip
        if self.stays:
            for name in ("true", "found", "undecided", "expected"):
                found[f"stays_{name}"] = sum(getattr(one, name) for one in self.stays)
            found["breach_count_error"] = sum(one.error for one in self.stays)
            found["zones"] = [one._asdict() for one in self.stays]
        return found

    __repr__ = short_repr

    def _repr_html_(self) -> str | None:
        return render_html(self)


def evaluate_tracks(
    tracks: Source,
    truth: Source,
    *,
    zones: Source | None = None,
    breaches: Source | None = None,
    cutoff_m: float = picture_quality.CUTOFF_M,
    every_s: float | None = None,
    progress: Progress = silent,
) -> EvaluationResult:
    """Return how good tracks are against truth: GOSPA, OSPA, SIAP, how honest their variances are, counts of stays.

    tracks, truth   TRACKS, TRUTH: paths (Parquet or CSV), or frames of Polars or pandas; a whole-number object_id is
                    taken as text. Only rows with the status confirmed or coasting count
    zones           a GeoJSON file, the id of a shipped zone, or a frame of ZONES; with breaches or not at all
    breaches        BREACHES
    cutoff_m        a track farther than this from an object does not stand for it
    every_s         look so often, each track carried on from its last row; None: at the tracks' own times
    progress        is told what is being done
    raises          ReadError, GeometryError for input that cannot be used
    """
    if (zones is None) != (breaches is None):
        raise ReadError("zones, breaches", why="stays are counted of both together: give both or neither")
    _check_above_zero("cutoff_m", cutoff_m)
    _check_above_zero("every_s", 1.0 if every_s is None else every_s)
    rejected: dict[str, int] = {}
    progress("Reading", None)
    found, real = (_read(one, table, rejected) for one, table in ((tracks, tables.TRACKS), (truth, tables.TRUTH)))
    if not real.height:
        why = "holds no row of truth that can be taken; there is nothing to measure against"
        raise ReadError(name_of(truth, "truth"), why=why)
    counts: tuple[StayCount, ...] = ()
    if zones is not None and breaches is not None:
        lines = read_zones(zones)
        where = pl.concat([ends_of(found, "track_id"), ends_of(real, "object_id")])
        check_zone_order(lines, where, thing=name_of(zones, "zones"))
        area = [*areas(lines)]
        fine = pl.concat([_fine(one) for one in real.partition_by("object_id")])
        counts = tuple(stays.stay_counts(fine, _read(breaches, tables.BREACHES, rejected), area))
    progress("Measuring", None)
    apart = _apart(picture_quality.operator_rows(found), real)
    is_in_step = picture_quality.are_in_step(found)
    if every_s is not None:
        times = _grid(real["time_utc"], every_s)
        found = picture_quality.extrapolate(found, times, hold_s=_HOLD_STEPS * picture_quality.usual_step_s(found))
    else:
        times = picture_quality.times_of(found, real)
    level = interpolation.truth_at(real, times)
    return EvaluationResult(
        picture_quality.measure_picture(found, level, times, cutoff_m=cutoff_m),
        counts,
        cutoff_m,
        is_in_step,
        every_s,
        rejected,
        apart,
    )


def _apart(found: pl.DataFrame, real: pl.DataFrame) -> str | None:
    """Return what to say where no row of a track lies within the time of the truth."""
    seen, true = (one["time_utc"].sort() for one in (found, real))
    if seen.is_empty() or seen.is_between(true[0], true[-1]).any():
        return None
    spans = [f"{one[0]:%Y-%m-%d %H:%M:%S} to {one[-1]:%Y-%m-%d %H:%M:%S} UTC" for one in (seen, true)]
    return (
        f"Tracks and truth share no moment, so nothing could be found: tracks are of {spans[0]}, truth of {spans[1]}. "
        "Is it the same flight, and is a clock or its zone wrong?"
    )


def _check_above_zero(name: str, value: float) -> None:
    if not (value > 0.0 and math.isfinite(value)):
        raise ReadError(name, why=f"{value:g} is no distance or time to measure by; give a number above 0")


def _read(source: Source, table: Table, rejected: dict[str, int]) -> pl.DataFrame:
    found = some_rows_of(source, table)
    if found.rejects:
        rejected[name_of(source, table.name)] = len(found.rejects)
    return found.rows


def _fine(one: pl.DataFrame) -> pl.DataFrame:
    """Return the truth of one object at its own times and at least every _FINE_S."""
    times = pl.concat([one["time_utc"], _grid(one["time_utc"], _FINE_S)])
    return interpolation.truth_at(one, times)


def _grid(own: pl.Series, step_s: float) -> pl.Series:
    """Return times a step apart over the span of the given ones."""
    rows = own.dt.epoch("us").unique().sort().to_numpy()
    steps = np.arange(rows[0], rows[-1] + 1, max(1, round(step_s * 1e6)))
    return pl.Series("time_utc", steps).cast(schema.UTC)
