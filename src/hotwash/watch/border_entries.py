"""Where straight ways from assumed origins to finds come over a border, and where invented sensors stand about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import shapely

from hotwash.geo import geodesy
from hotwash.model.watch_scenario import Point

_STEP_M = 1_000.0  # a border is looked for at every so many metres of a way: as exact as an invented entry needs
_FARTHEST_M = 600_000.0
_INLAND_M = 15_000.0  # invented radars stand so far behind the border
_ROUND_DEG = 2  # digits of an invented place: it shall not look surveyed


class Entry(NamedTuple):
    """One straight way in: where it comes over the border, and its course there."""

    origin_id: str
    place: Point
    course_deg: float


def entries(find: Point, origins: Sequence[tuple[str, Point]], area: Any) -> list[Entry]:
    """Return where the straight ways from origins to a find come over the border for the last time.

    find      inside the area; without an entry when it is not
    origins   id and position of each
    area      shapely polygon, lon/lat
    returns   those within 600 km of the find, in the order of the origins
    """
    found = []
    shapely.prepare(area)
    for name, origin in origins:
        away_m, _, back_deg = (float(number) for number in geodesy.inverse(*origin, *find))
        steps = np.arange(0.0, min(away_m, _FARTHEST_M), _STEP_M)
        lat, lon = geodesy.direct(*find, back_deg, steps)
        is_out = ~shapely.contains_xy(area, lon, lat)
        if is_out.any() and not is_out[0]:
            at = int(np.argmax(is_out))
            place = (float(lat[at]), float(lon[at]))
            found.append(Entry(name, place, float(geodesy.inverse(*place, *find)[1])))
    return found


def stations(ways_in: Sequence[Entry], count: int) -> list[Point]:
    """Return places for so many invented radars behind a border, spread over the entries.

    The first stands behind the middle of the entries, each further one behind the entry that is farthest from all
    others. Which ways are flown later plays no part.
    """
    lat, lon = np.array([one.place for one in ways_in]).T
    behind = np.stack(geodesy.direct(lat, lon, np.array([one.course_deg for one in ways_in]), _INLAND_M), axis=1)
    middle = behind.mean(axis=0)
    chosen = [int(np.argmin(geodesy.distance_m(behind[:, 0], behind[:, 1], *middle)))]
    while len(chosen) < min(count, len(behind)):
        away = geodesy.pairwise_distance_m(behind[:, 0], behind[:, 1], behind[chosen, 0], behind[chosen, 1])
        chosen.append(int(np.argmax(away.min(axis=1))))
    return [(round(float(behind[at, 0]), _ROUND_DEG), round(float(behind[at, 1]), _ROUND_DEG)) for at in chosen]
