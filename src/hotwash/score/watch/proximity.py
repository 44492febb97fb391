"""What moves near places: real drones, or tracks of concern on the reference picture, both in one shape."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from hotwash.breach import spans
from hotwash.breach.paths import metres_per_degree
from hotwash.breach.spans import Spans
from hotwash.geo import geodesy
from hotwash.geo.frames import FloatArray
from hotwash.score.watch import real_objects
from hotwash.score.watch.conditions import GRACE_S
from hotwash.score.watch.real_objects import RealObject
from hotwash.score.watch.reference_picture import BoolArray, ReferencePicture
from hotwash.score.watch.reports import ReportedObject

_FLAT_M = 50_000.0
_EVERY_S = 2.0  # 100 m of a drone at 50 m/s, where areas are kilometres wide
_PICTURED_S = 15.0  # a row of the picture holds until the next one, or for so long: slow radars turn once in 12 s


@dataclass(frozen=True, slots=True)
class Mover:
    """One thing on its way; all (n,).

    time_s, until_s   from when to when it is taken to be where the row says
    v_east_mps, …     None where it is not to be carried on
    """

    name: str
    time_s: FloatArray
    until_s: FloatArray
    lat_deg: FloatArray
    lon_deg: FloatArray
    v_east_mps: FloatArray | None = None
    v_north_mps: FloatArray | None = None


@dataclass(frozen=True, slots=True)
class Movers:
    """All of them, and how a need is drawn from them.

    before_s   a need begins so long before somebody is near, which only hindsight knows
    ahead_s    it begins when somebody will be near within this, flying straight on
    after_s    it ends so long after
    reports    of something that nobody follows: each has its own time
    """

    of: tuple[Mover, ...]
    before_s: float
    ahead_s: float
    after_s: float
    reports: tuple[ReportedObject, ...] = ()


def movers_of_truth(objects: Iterable[RealObject], end_s: float) -> Movers:
    """Return the drones of truth; a need reaches GRACE_S before and after them."""
    found = []
    for real in objects:
        time_s = real_objects.beats(real, end_s)
        if real.is_drone and time_s.size:
            lat, lon = real_objects.positions(real, time_s)
            found.append(Mover(real.object_id, time_s, np.append(time_s[1:], time_s[-1]), lat, lon))
    return Movers(tuple(found), before_s=GRACE_S, ahead_s=0.0, after_s=GRACE_S)


def movers_of_picture(picture: ReferencePicture, reports: tuple[ReportedObject, ...] = ()) -> Movers:
    """Return the tracks of concern as the picture showed them, when it did; a need is what their course tells.

    reports   those that count, each with its own need
    """
    found = []
    for track in picture.tracks.tolist():
        rows = picture.rows_of(track)
        seen = np.flatnonzero(picture.is_concern[rows]) + rows.start
        if not seen.size:
            continue
        time_s = picture.known_s[seen]
        until_s = np.minimum(np.append(time_s[1:], np.inf), time_s + _PICTURED_S)
        found.append(
            Mover(
                f"track {track}", time_s, until_s, picture.lat_deg[seen], picture.lon_deg[seen],
                picture.v_east_mps[seen], picture.v_north_mps[seen],
            )
        )  # fmt: skip
    return Movers(tuple(found), before_s=0.0, ahead_s=GRACE_S, after_s=GRACE_S, reports=reports)


def near(one: Mover, lat_deg: float, lon_deg: float, radius_m: float, *, ahead_s: float = 0.0) -> Spans:
    """Return when something is within a radius of a place, or will be within `ahead_s` if it flies straight on.

    The earth is taken as flat around the place: true to 0.2 % within _FLAT_M. Beyond, geodesics are measured.
    """
    if radius_m > _FLAT_M and ahead_s <= 0.0:
        return _spans(one, geodesy.distance_m(lat_deg, lon_deg, one.lat_deg, one.lon_deg) <= radius_m)
    return _spans(one, _nearest_m(one, lat_deg, lon_deg, ahead_s) <= radius_m)


def near_each(one: Mover, lat_deg: FloatArray, lon_deg: FloatArray, radius_m: float) -> list[Spans]:
    """Return when something is within a radius of each of many places; of a few square kilometres there are hundreds.

    lat_deg, lon_deg   (k,) the places

    Looked at every _EVERY_S, so a span may begin that much late.
    """
    one = _thinned(one)
    per_lat, per_lon = metres_per_degree(lat_deg)
    turned = (one.lon_deg - one.lon_deg[0] + 180.0) % 360.0 - 180.0  # a way goes less than half round the earth
    from_lon = (lon_deg - one.lon_deg[0] + 180.0) % 360.0 - 180.0
    east = turned * per_lon[:, None]
    east -= (from_lon * per_lon)[:, None]
    north = one.lat_deg * per_lat[:, None]
    north -= (lat_deg * per_lat)[:, None]
    east *= east
    north *= north
    east += north
    is_in = east <= radius_m**2
    found: list[Spans] = [()] * lat_deg.size
    for at in np.flatnonzero(is_in.any(axis=1)).tolist():
        found[at] = _spans(one, is_in[at])
    return found


def _thinned(one: Mover) -> Mover:
    """Return a mover with the first of its rows in each _EVERY_S; each lasts until the last of those it stands for."""
    if not one.time_s.size:
        return one
    begins = np.flatnonzero(np.diff(np.floor(one.time_s / _EVERY_S), prepend=-np.inf))
    until_s = np.maximum.reduceat(one.until_s, begins)
    return Mover(one.name, one.time_s[begins], until_s, one.lat_deg[begins], one.lon_deg[begins])


def any_near(movers: Movers, lat_deg: float, lon_deg: float, radius_m: float) -> Spans:
    """Return when something is near a place, or is reported to be."""
    found = [span for one in movers.of for span in near(one, lat_deg, lon_deg, radius_m)]
    found += [span for one in movers.reports if one.is_within(lat_deg, lon_deg, radius_m) for span in one.near]
    return spans.unite(found)


def needs(movers: Movers, lat_deg: float, lon_deg: float, radius_m: float) -> Spans:
    """Return when something is near a place, with the grace that belongs to these movers, or a report asks for it."""
    followed = needs_of_movers(movers, lat_deg, lon_deg, radius_m)
    asked = [span for one in movers.reports if one.is_within(lat_deg, lon_deg, radius_m) for span in one.need]
    return spans.unite([*followed, *asked])


def needs_of_movers(movers: Movers, lat_deg: float, lon_deg: float, radius_m: float) -> Spans:
    """Return the same of what is followed alone, whatever was reported."""
    found = (span for one in movers.of for span in near(one, lat_deg, lon_deg, radius_m, ahead_s=movers.ahead_s))
    return spans.pad(found, before_s=movers.before_s, after_s=movers.after_s)


def apart_m(one: Mover, lat_deg: float, lon_deg: float) -> tuple[FloatArray, FloatArray]:
    """Return how far east and north of a place something is, (n,) each."""
    per_lat, per_lon = metres_per_degree(np.array([lat_deg]))
    turn = (one.lon_deg - lon_deg + 180.0) % 360.0 - 180.0
    return turn * per_lon[0], (one.lat_deg - lat_deg) * per_lat[0]


def _nearest_m(one: Mover, lat_deg: float, lon_deg: float, ahead_s: float) -> FloatArray:
    east, north = apart_m(one, lat_deg, lon_deg)
    if ahead_s <= 0.0 or one.v_east_mps is None or one.v_north_mps is None:
        return np.hypot(east, north)
    speed2 = np.maximum(one.v_east_mps**2 + one.v_north_mps**2, 1e-6)
    best_s = np.clip(-(east * one.v_east_mps + north * one.v_north_mps) / speed2, 0.0, ahead_s)
    return np.hypot(east + best_s * one.v_east_mps, north + best_s * one.v_north_mps)


def _spans(one: Mover, is_in: BoolArray) -> Spans:
    """Return the stretches of rows that follow one another without a gap."""
    rows = np.flatnonzero(is_in)
    if not rows.size:
        return ()
    parted = np.flatnonzero((np.diff(rows) > 1) | (one.until_s[rows[:-1]] < one.time_s[rows[1:]]))
    begins, ends = rows[np.append(0, parted + 1)], rows[np.append(parted, rows.size - 1)]
    return tuple(zip(one.time_s[begins].tolist(), one.until_s[ends].tolist(), strict=True))
