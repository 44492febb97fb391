"""Where the runways of an aerodrome lie: for drawing only.

OurAirports (public domain), rounded to 0.0001 deg, 11 m; large and medium airports of which both ends are known.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from hotwash import resources
from hotwash.geo.column_arrays import read_columns

FILE = "geo/data/runways_oa.xz"
STEPS_PER_DEG = 10_000


@dataclass(frozen=True, slots=True)
class Runway:
    """One runway from its end with the lower number to the other.

    designators   "08L/26R"
    """

    designators: str
    lat_deg: tuple[float, float]
    lon_deg: tuple[float, float]


def runways_at(aerodrome_id: str) -> tuple[Runway, ...]:
    """Return the runways of an aerodrome by its ICAO code; none where the package does not know where they lie."""
    return _by_aerodrome().get(aerodrome_id.strip().upper(), ())


@lru_cache(maxsize=1)
def _by_aerodrome() -> dict[str, tuple[Runway, ...]]:
    columns = read_columns(resources.read(FILE))
    lat, lon = np.cumsum(columns["lat_step"]), np.cumsum(columns["lon_step"])
    ends = np.column_stack([lat, lat + columns["lat_along"], lon, lon + columns["lon_along"]]) / STEPS_PER_DEG
    runways = [
        Runway(designators, (lat1, lat2), (lon1, lon2))
        for designators, (lat1, lat2, lon1, lon2) in zip(columns["designators"].split("\n"), ends.tolist(), strict=True)
    ]
    last = np.cumsum(columns["runways"]).tolist()
    spans = zip(columns["aerodrome"].split("\n"), [0, *last[:-1]], last, strict=True)
    return {aerodrome: tuple(runways[first:end]) for aerodrome, first, end in spans}
