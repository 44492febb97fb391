"""Ground as squares: fine where something changes, coarse elsewhere, so that an area of any size is known to 1 %.

    circles, ways ─▶ a lattice of coarse squares ─split where a circle's edge or a way's strip cuts them─▶ squares

A circle's edge is cut by squares of a 32nd of its radius, which takes or gives less than 1 % of its area; a strip
beside a way by squares of a 16th of its half width.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hotwash.breach.paths import metres_per_degree
from hotwash.geo import geodesy
from hotwash.geo.frames import FloatArray
from hotwash.score.watch.proximity import Movers
from hotwash.score.watch.reference_picture import BoolArray

_EDGE, _STRIP = 32.0, 16.0
_HALF_DIAGONAL = 0.75  # of a side; a square is a little more where its sides are not quite equal
_ROWS_APART_M = 500.0  # of a way, rows nearer to one another are looked at as one


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle on the ground."""

    lat_deg: float
    lon_deg: float
    radius_m: float


@dataclass(frozen=True, slots=True)
class Squares:
    """Squares by their middles; all (n,). high_deg, wide_deg: their sides in degrees."""

    lat_deg: FloatArray
    lon_deg: FloatArray
    high_deg: FloatArray
    wide_deg: FloatArray

    @property
    def side_m(self) -> FloatArray:
        """The longer side of each [m]."""
        per_lat, per_lon = metres_per_degree(self.lat_deg)
        return np.maximum(self.high_deg * per_lat, self.wide_deg * per_lon)

    @property
    def km2(self) -> FloatArray:
        """The area of each [km2]."""
        per_lat, per_lon = metres_per_degree(self.lat_deg)
        return self.high_deg * per_lat * self.wide_deg * per_lon / 1e6

    def select(self, which: BoolArray) -> Squares:
        return Squares(self.lat_deg[which], self.lon_deg[which], self.high_deg[which], self.wide_deg[which])

    def split(self) -> Squares:
        """Return four squares in place of each."""
        up, right = (np.repeat([-0.25, 0.25], 2)[:, None], np.tile([-0.25, 0.25], 2)[:, None])
        return Squares(
            (self.lat_deg + up * self.high_deg).ravel(), (self.lon_deg + right * self.wide_deg).ravel(),
            np.tile(self.high_deg / 2.0, 4), np.tile(self.wide_deg / 2.0, 4),
        )  # fmt: skip


def cover_circles(circles: Sequence[Circle], movers: Movers, strip_m: float) -> Squares:
    """Return squares that cover circles, each uniform or small.

    strip_m   what matters beside a way, and around a reported place: so near
    """
    some = [one for one in circles if one.radius_m > 0.0]
    done: list[Squares] = []
    open_ = _lattice(some) if some else _none()
    while open_.lat_deg.size:
        is_warned, wants_m = _cut(open_, some)
        open_, wants_m = open_.select(is_warned), wants_m[is_warned]
        wants_m = np.minimum(wants_m, np.where(_near_strip(open_, movers, strip_m), strip_m / _STRIP, np.inf))
        is_done = open_.side_m <= wants_m
        done.append(open_.select(is_done))
        open_ = open_.select(~is_done).split()
    return _join(done)


def _cut(squares: Squares, circles: Sequence[Circle]) -> tuple[BoolArray, FloatArray]:
    """Return which squares touch any circle, and how small each must be for the edges that cut it [m]."""
    half_m = _HALF_DIAGONAL * squares.side_m
    touches = np.zeros(half_m.size, dtype=np.bool_)
    wants_m = np.full(half_m.size, np.inf)
    for one in circles:
        apart_m = geodesy.distance_m(one.lat_deg, one.lon_deg, squares.lat_deg, squares.lon_deg)
        touches |= apart_m - half_m < one.radius_m
        is_cut = np.abs(apart_m - one.radius_m) < half_m
        wants_m[is_cut] = np.minimum(wants_m[is_cut], one.radius_m / _EDGE)
    return touches, wants_m


def _near_strip(squares: Squares, movers: Movers, strip_m: float) -> BoolArray:
    """Return which squares a strip beside a way, or the edge around a reported place, may cut."""
    half_m = _HALF_DIAGONAL * squares.side_m
    found = np.zeros(half_m.size, dtype=np.bool_)
    per_lat, per_lon = metres_per_degree(squares.lat_deg)
    for one in movers.of:
        for lat, lon in _spaced(one.lat_deg, one.lon_deg):
            turn = (lon - squares.lon_deg + 180.0) % 360.0 - 180.0
            found |= np.hypot(turn * per_lon, (lat - squares.lat_deg) * per_lat) < strip_m + half_m + _ROWS_APART_M
    for report in movers.reports:
        if report.near:
            away_m = report.away_m(squares.lat_deg, squares.lon_deg)
            found |= np.abs(away_m - strip_m) < half_m
    return found


def _spaced(lat_deg: FloatArray, lon_deg: FloatArray) -> list[tuple[float, float]]:
    """Return places of a way that are so far apart that none of its rows is further than _ROWS_APART_M from one."""
    found: list[tuple[float, float]] = []
    per_lat, per_lon = metres_per_degree(lat_deg)
    for lat, lon, north_m, east_m in zip(
        lat_deg.tolist(), lon_deg.tolist(), per_lat.tolist(), per_lon.tolist(), strict=True
    ):
        if found:
            turn = (lon - found[-1][1] + 180.0) % 360.0 - 180.0
            if np.hypot((lat - found[-1][0]) * north_m, turn * east_m) < _ROWS_APART_M:
                continue
        found.append((lat, lon))
    return found


def _lattice(circles: Sequence[Circle]) -> Squares:
    """Return the squares of a fixed lattice around the earth that the circles' boxes touch, each once."""
    side_m = max(one.radius_m for one in circles) / 2.0
    rows = max(1, int(np.ceil(180.0 * 111_700.0 / side_m)))
    high = 180.0 / rows
    wanted: set[tuple[int, int, int]] = set()
    for one in circles:
        reach = 1.01 * one.radius_m / 110_500.0  # degrees of latitude; the shortest is at the equator
        low, top = (int(np.floor((one.lat_deg + out + 90.0) / high)) for out in (-reach, reach))
        for row in range(max(low, 0), min(top, rows - 1) + 1):
            per_lon = float(metres_per_degree(np.array([(row + 0.5) * high - 90.0]))[1][0])
            columns = max(1, int(np.ceil(360.0 * per_lon / side_m)))
            wide = 360.0 / columns
            narrow = min(abs(one.lat_deg) + reach, 89.9)
            out = min(180.0, reach * 1.01 / float(np.cos(np.radians(narrow))) + wide)
            first, last = (int(np.floor((one.lon_deg + turn) / wide)) for turn in (-out, out))
            wanted |= {(row, column % columns, columns) for column in range(first, last + 1)}
    found = np.array(sorted(wanted), dtype=np.float64)
    wide_of = 360.0 / found[:, 2]
    return Squares(
        (found[:, 0] + 0.5) * high - 90.0, (found[:, 1] + 0.5) * wide_of, np.full(len(found), high), wide_of
    )  # fmt: skip


def _none() -> Squares:
    return Squares(*(np.empty(0) for _ in range(4)))


def _join(parts: Sequence[Squares]) -> Squares:
    some = parts or [_none()]
    return Squares(*(np.concatenate([getattr(one, name) for one in some]) for name in Squares.__slots__))
