"""How well breaches are counted: true stays in zones against the stays that were found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import polars as pl

from hotwash.geo.zones import Zone, signed_distance_m


class StayCount(NamedTuple):
    """The stays in one zone.

    true        by the truth
    found       breaches with the answer `inside`
    undecided   breaches with the answer `undecided`
    expected    the sum of the breaches' probabilities
    error       found − true
    """

    zone_id: str
    true: int
    found: int
    undecided: int
    expected: float
    error: int


def true_stays(truth: pl.DataFrame, zone: Zone) -> int:
    """Return how often objects were inside a zone, from coming in to going out.

    truth     TRUTH, dense enough: a stay or a pause between two rows is missed. An object that begins inside is
              one stay, and so is one that ends inside
    zone      its drawn line decides; heights play no part. Where a clipped zone cannot tell, nobody is inside
    """
    rows = truth.sort("object_id", "time_utc")
    if not rows.height:
        return 0
    away_m = signed_distance_m(rows["lat_deg"].to_numpy(), rows["lon_deg"].to_numpy(), zone)
    is_inside = np.nan_to_num(away_m, nan=-1.0) > 0.0
    whose = rows["object_id"].rank("dense").to_numpy()
    comes_in = is_inside[1:] & ~(is_inside[:-1] & (whose[1:] == whose[:-1]))
    return int(comes_in.sum()) + int(is_inside[0])


def stay_counts(truth: pl.DataFrame, breaches: pl.DataFrame, zones: Sequence[Zone]) -> list[StayCount]:
    """Return the count of stays of each zone against truth.

    truth      TRUTH, as for `true_stays`
    breaches   BREACHES
    zones      those to be counted, in order
    """
    return [_counted(true_stays(truth, zone), breaches.filter(zone_id=zone.zone_id), zone.zone_id) for zone in zones]


def _counted(true: int, own: pl.DataFrame, zone_id: str) -> StayCount:
    found, undecided = (own.filter(answer=answer).height for answer in ("inside", "undecided"))
    return StayCount(zone_id, true, found, undecided, float(own["probability"].sum()), found - true)
