"""Between which heights the ground of an area lies: known for whole countries only, and enough for what flies high.

Source: The World Factbook, highest point of each country (data/README.md).
"""

from __future__ import annotations

import csv
import io
from functools import lru_cache

import numpy as np
import shapely
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

from hotwash import resources
from hotwash.geo.ground import load_lands

FILE = "geo/data/highest_ground.csv"

LOWEST_AMSL_M = -431.0  # the shore of the Dead Sea, the lowest dry land. Source: The World Factbook
GEOID_HAE_M = (-107.0, 86.0)  # mean sea level above the ellipsoid, anywhere. Source: EGM2008

# The maps' ground is off by up to 3.4 km (docs/accuracy.md), so a country this near may have ground in the zone.
_REACH_DEG = 0.1


def ground_amsl_m(area: BaseGeometry) -> tuple[float, float] | None:
    """Return between which heights above mean sea level all ground of an area lies, least and most [m].

    area      shapely geometry, lon/lat
    returns   the most is that of the highest country about; None where no country is near, or of one it is not known
    """
    return _of_box(tuple(shapely.bounds(area).tolist()), shapely.to_wkb(area))


@lru_cache(maxsize=64)
def _of_box(box: tuple[float, float, float, float], content: bytes) -> tuple[float, float] | None:
    area, highest = shapely.from_wkb(content), _highest()
    west, south, east, north = box
    reach, there = _reach_deg(north, south), []
    for land in load_lands():
        if land.bounds[1] - _REACH_DEG > north or land.bounds[3] + _REACH_DEG < south:
            continue
        for turn in (-360.0, 0.0, 360.0):  # a land that reaches over 180 degrees runs on beyond it
            if land.bounds[0] - reach > east + turn or land.bounds[2] + reach < west + turn:
                continue
            if shapely.dwithin(land.geometry, translate(area, turn), reach):
                there.append(highest.get(land.name))
    known = [one for one in there if one is not None]
    return (LOWEST_AMSL_M, max(known)) if known and len(known) == len(there) else None


def _reach_deg(north: float, south: float) -> float:
    """Return the reach in degrees of longitude, which grow narrow towards the poles."""
    return _REACH_DEG / max(float(np.cos(np.radians(max(abs(north), abs(south))))), 0.1)


@lru_cache(maxsize=1)
def _highest() -> dict[str, float]:
    rows = csv.DictReader(io.StringIO(resources.read(FILE).decode()))
    return {row["name"]: float(row["highest_amsl_m"]) for row in rows}
