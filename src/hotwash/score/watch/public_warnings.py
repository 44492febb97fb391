"""Public warnings: whom they reached, and who of them was in need of one.

A cell of people was in need when a drone passed within NEED_M of it while it was warned. Where nobody says how many
people live where, ground takes the place of people: square kilometres for minutes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from hotwash.breach import spans
from hotwash.breach.paths import metres_per_degree
from hotwash.breach.spans import Spans
from hotwash.geo import geodesy
from hotwash.geo.frames import FloatArray
from hotwash.score.watch import proximity
from hotwash.score.watch.conditions import NEED_M
from hotwash.score.watch.decision_log import DecisionLog
from hotwash.score.watch.ground_squares import Circle, cover_circles
from hotwash.score.watch.proximity import Mover, Movers
from hotwash.score.watch.score_rows import Row, no_data, no_opportunity, score_row

MEASURES = ("warned_in_need", "warned_without_need", "not_warned_in_need")


@dataclass(frozen=True, slots=True)
class Area:
    """One circle that was warned, from when to when."""

    warning_id: str
    lat_deg: float
    lon_deg: float
    radius_m: float
    from_s: float
    to_s: float


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: people, or square kilometres where there is no table of people."""

    lat_deg: float
    lon_deg: float
    weight: float


def warning_areas(log: DecisionLog, end_s: float) -> tuple[Area, ...]:
    """Return the areas that were warned; a warning that is widened is another area from then on.

    What a widening leaves out stays as it was. A warning without a place, or without a radius, warned nobody.
    """
    holding: dict[str, dict[str, Any]] = {}
    found: list[Area] = []
    for row in log.rows:
        if row["kind"] not in ("warn", "widen_warning", "cancel_warning"):
            continue
        name = row["warning_id"] or ""
        before = holding.pop(name, None)
        found += _closed(name, before, row["time_s"])
        if row["kind"] != "cancel_warning":
            given = {key: row[key] for key in ("lat_deg", "lon_deg", "radius_m") if row[key] is not None}
            holding[name] = {**(before or {}), **given, "from_s": row["time_s"]}
    for name, before in holding.items():
        found += _closed(name, before, end_s)
    return tuple(sorted(found, key=lambda one: one.from_s))


def _closed(name: str, holding: Mapping[str, Any] | None, to_s: float) -> list[Area]:
    if holding is None or not {"lat_deg", "lon_deg", "radius_m"} <= holding.keys():
        return []
    return [Area(warning_id=name, to_s=to_s, **holding)]


def cells_of(population: pl.DataFrame) -> tuple[Cell, ...]:
    """Return the cells of POPULATION."""
    return tuple(Cell(*row) for row in population.select("lat_deg", "lon_deg", "people").iter_rows())


def cells_of_areas(public_warnings: Sequence[Area], movers: Movers) -> tuple[Cell, ...]:
    """Return squares that together cover all warned areas, each with its square kilometres."""
    circles = [Circle(one.lat_deg, one.lon_deg, one.radius_m) for one in public_warnings]
    found = cover_circles(circles, movers, NEED_M)
    return tuple(map(Cell, found.lat_deg.tolist(), found.lon_deg.tolist(), found.km2.tolist()))


# ---------------------------------------------------------------- who was warned, who was in need


def warning_rows(
    public_warnings: Sequence[Area], population: pl.DataFrame, movers: Movers, suffix: str = ""
) -> list[Row]:  # fmt: skip
    """Return people warned in need, warned without, and in need but not warned then; ground where nobody counts them.

    Who was in need counts once, however often; who was warned in vain, too.
    """
    has_people = bool(population.height)
    cells: Sequence[Cell] = cells_of(population) if has_people else cells_of_areas(public_warnings, movers)
    when_of = _warned(cells, public_warnings)
    if not has_people:  # ground that was never warned tells nothing
        cells, when_of = _warned_cells(cells, when_of)
    unit = "people" if has_people else "km2_min"
    totals = dict.fromkeys(MEASURES, 0.0)
    is_near = False
    for cell, when, near in zip(cells, when_of, _near(cells, movers), strict=True):
        is_needed = any(spans.intersect([one], near) for one in when)
        is_near |= bool(near)
        if when:
            worth = cell.weight if has_people else cell.weight * spans.minutes(when)
            totals["warned_in_need" if is_needed else "warned_without_need"] += worth
        if near and not is_needed:
            totals["not_warned_in_need"] += cell.weight
    rows = [score_row(f"{name}{suffix}", total, unit) for name, total in totals.items()]
    if not (is_near if has_people else movers.of or movers.reports):  # nobody was in need of anything
        rows = [row if "without" in row["measure"] else no_opportunity(row["measure"], unit) for row in rows]
    elif not has_people:  # ground that was not warned is everywhere
        rows[-1] = no_data(f"not_warned_in_need{suffix}", unit)
    return rows


def _warned_cells(cells: Sequence[Cell], when_of: Sequence[Spans]) -> tuple[list[Cell], list[Spans]]:
    """Return the cells that were warned at any time, and when."""
    kept = [(cell, when) for cell, when in zip(cells, when_of, strict=True) if when]
    return [cell for cell, _ in kept], [when for _, when in kept]


def _warned(cells: Sequence[Cell], public_warnings: Sequence[Area]) -> list[Spans]:
    """Return when each cell was warned."""
    found: list[list[tuple[float, float]]] = [[] for _ in cells]
    lat, lon = (np.array([getattr(cell, name) for cell in cells]) for name in ("lat_deg", "lon_deg"))
    for one in public_warnings:
        for at in _within(lat, lon, one).tolist():
            found[at].append((one.from_s, one.to_s))
    return [spans.unite(of) for of in found]


def _near(cells: Sequence[Cell], movers: Movers) -> list[Spans]:
    """Return when something was within NEED_M of each cell, or was reported to be."""
    found: list[list[tuple[float, float]]] = [[] for _ in cells]
    lat, lon = (np.array([getattr(cell, name) for cell in cells]) for name in ("lat_deg", "lon_deg"))
    for one in movers.of:
        passed = _passed(lat, lon, one)
        for at, near in zip(passed.tolist(), proximity.near_each(one, lat[passed], lon[passed], NEED_M), strict=True):
            found[at] += near
    for report in movers.reports:
        for at in np.flatnonzero(report.away_m(lat, lon) <= NEED_M).tolist() if report.near else []:
            found[at] += report.near
    return [spans.unite(of) for of in found]


def _passed(lat: FloatArray, lon: FloatArray, one: Mover) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return the cells that lie in the box around a way."""
    if not lat.size:
        return np.empty(0, dtype=np.int64)
    per_lat, per_lon = metres_per_degree(np.array([one.lat_deg[0]]))
    out_lat, out_lon = 1.1 * NEED_M / per_lat[0], 1.1 * NEED_M / per_lon[0]
    turned = (one.lon_deg[:1] + (one.lon_deg - one.lon_deg[0] + 180.0) % 360.0 - 180.0)  # fmt: skip
    east = (lon - turned.min() + out_lon) % 360.0
    is_in = (lat >= one.lat_deg.min() - out_lat) & (lat <= one.lat_deg.max() + out_lat)
    found: np.ndarray[Any, np.dtype[np.int64]] = np.flatnonzero(is_in & (east <= np.ptp(turned) + 2.0 * out_lon))
    return found


def _within(lat: FloatArray, lon: FloatArray, area: Area) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return the places that lie within an area of any size."""
    reach_deg = 1.01 * area.radius_m / 110_500.0  # of latitude; the shortest degree is at the equator
    perhaps = np.flatnonzero(np.abs(lat - area.lat_deg) <= reach_deg)
    apart_m = geodesy.distance_m(area.lat_deg, area.lon_deg, lat[perhaps], lon[perhaps])
    found: np.ndarray[Any, np.dtype[np.int64]] = perhaps[apart_m <= area.radius_m]
    return found


def first_warning_s(public_warnings: Sequence[Area], movers: Movers, name: str) -> float | None:
    """Return when the first warning was given that stood while something came within NEED_M of its area.

    returns   None where none did
    """
    own = [one for one in movers.of if one.name == name]
    times = []
    for area, one in ((area, one) for area in public_warnings for one in own):
        near = proximity.near(one, area.lat_deg, area.lon_deg, area.radius_m + NEED_M)
        if spans.intersect([(area.from_s, area.to_s)], near):
            times.append(area.from_s)
    return min(times, default=None)


def passes_anybody(cells: Iterable[Cell], movers: Movers, name: str) -> bool:
    """Tell whether something came within NEED_M of people."""
    own = [one for one in movers.of if one.name == name]
    given = list(cells)
    lat, lon = (np.array([getattr(cell, key) for cell in given]) for key in ("lat_deg", "lon_deg"))
    return any(
        bool(proximity.near(one, given[at].lat_deg, given[at].lon_deg, NEED_M))
        for one in own
        for at in _passed(lat, lon, one).tolist()
    )
