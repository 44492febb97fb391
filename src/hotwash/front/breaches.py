"""Tracks and zones to breaches and their number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from hotwash.breach import counts as counting
from hotwash.breach.counts import Count
from hotwash.breach.joint_draws import LINE_CORRELATION_M
from hotwash.breach.survey import DRAWS, MERGE_S, survey
from hotwash.errors import ReadError
from hotwash.ingest import aerodromes as aerodrome_list
from hotwash.ingest.table_file import Source, name_of, some_rows_of
from hotwash.ingest.zones import check_zone_order, ends_of, read_zones
from hotwash.model import schema, tables
from hotwash.model.notebook import render_html, short_repr
from hotwash.progress import Progress, silent

READING, FINDING = "Reading", "Finding breaches"


@dataclass(frozen=True, slots=True)
class Merged:
    """How many stays in a zone the estimated paths have, before and after short ways out were closed."""

    zone_id: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class BreachResult:
    """Who came into which zone, and how many.

    breaches   BREACHES: one row a stay, with its probability
    counts     stays and airframes of each zone, each as a distribution with its 90 % interval
    merged     one for each zone
    zones      ZONES: the lines that were used, each with its source and precision
    rejects    REJECTS: rows of the input that could not be taken
    """

    breaches: pl.DataFrame
    counts: tuple[Count, ...]
    merged: tuple[Merged, ...]
    zones: pl.DataFrame
    rejects: pl.DataFrame

    __repr__ = short_repr

    def _repr_html_(self) -> str | None:
        return render_html(self)


def find_breaches(
    tracks: Source,
    zones: Source,
    *,
    aerodromes: Sequence[str] = (),
    detections: Source | None = None,
    sensors: Source | None = None,
    sigma_range_m: float = 0.0,
    sigma_azimuth_deg: float = 0.0,
    sigma_clock_s: float = 0.0,
    draws: int = DRAWS,
    merge_s: float = MERGE_S,
    merge_m: float | None = None,
    correlation_m: float = LINE_CORRELATION_M,
    seed: int = 0,
    progress: Progress = silent,
) -> BreachResult:
    """Return who came into which zone, when, how deep and how surely, and how many that were.

    tracks          TRACKS: a path (Parquet or CSV), or a frame of Polars or pandas
    zones           a GeoJSON file, the id of a shipped zone such as "PL-land", or a frame of ZONES
    aerodromes      ICAO location indicators: the nearest to each stay is named
    detections, sensors   DETECTIONS and SENSORS, both or neither: they tell which sensor each row rests on
    sigma_range_m, sigma_azimuth_deg, sigma_clock_s   one standard deviation of each sensor's common errors; they move
                    all tracks of a sensor together
    draws           so many joint draws count and give the spread
    merge_s, merge_m   a shorter, or a shallower, way out does not end a stay; merge_m None: the precision of the line
    correlation_m   how far along a line its error goes on
    seed            of the draws: equal seeds give equal answers
    progress        is told what is being done
    raises          ReadError, GeometryError, PlaceError for input that cannot be used
    """
    if (detections is None) != (sensors is None):
        raise ReadError("detections, sensors", why="tell of sensors only together; give both or neither")
    progress(READING, None)
    given = ((tables.TRACKS, tracks), (tables.DETECTIONS, detections), (tables.SENSORS, sensors))
    read = {table.name: some_rows_of(source, table) for table, source in given if source is not None}
    area = read_zones(zones)
    near = aerodrome_list.aerodrome_table(tuple(aerodromes)) if aerodromes else None
    check_zone_order(area, ends_of(read["tracks"].rows, "track_id"), thing=name_of(zones, "zones"))
    progress(FINDING, None)
    found = survey(
        read["tracks"].rows,
        area,
        rng=np.random.default_rng(seed),
        aerodromes=near,
        detections=read["detections"].rows if detections is not None else None,
        sensors=read["sensors"].rows if sensors is not None else None,
        sigma_range_m=sigma_range_m,
        sigma_azimuth_deg=sigma_azimuth_deg,
        sigma_clock_s=sigma_clock_s,
        draws=draws,
        merge_s=merge_s,
        merge_m=merge_m,
        correlation_m=correlation_m,
    )
    merged = tuple(Merged(one.zone_id, one.before, one.after) for one in found.zone_stays)
    rejects = schema.frame(tables.REJECTS, [row for one in read.values() for row in one.rejects])
    return BreachResult(found.breaches, counting.counts(found), merged, area, rejects)
