"""On which side of the line each find lay: inside, outside, or undecided near it."""

from __future__ import annotations

import math
from collections.abc import Mapping

import polars as pl

from hotwash.breach.areas import areas
from hotwash.claims.ranges import DEFAULT_SIGMA_KM
from hotwash.geo.zones import place_against
from hotwash.model import schema, tables


def placings(finds: pl.DataFrame, zones: pl.DataFrame) -> pl.DataFrame:
    """Return PLACINGS: every find with a position against every zone of interest.

    finds   FINDS, one row a find; its sigma and the line's are taken together
    zones   ZONES
    """
    placed = finds.filter(pl.col("lat_deg").is_not_null() & pl.col("lon_deg").is_not_null())
    if placed.is_empty():
        return schema.empty(tables.PLACINGS)
    lat, lon = placed["lat_deg"].to_numpy(), placed["lon_deg"].to_numpy()
    sigma_m = placed["sigma_position_km"].fill_null(DEFAULT_SIGMA_KM).to_numpy() * 1000.0
    rows: list[Mapping[str, object]] = []
    for zone in areas(zones):
        found = place_against(lat, lon, sigma_m, zone)
        columns = (placed["find_id"].to_list(), *(part.tolist() for part in found))
        for find_id, distance, sigma, chance, answer in zip(*columns, strict=True):
            rows.append(
                {
                    "find_id": find_id,
                    "zone_id": zone.zone_id,
                    "distance_m": distance if math.isfinite(distance) else None,
                    "sigma_m": sigma,
                    "probability": chance if math.isfinite(chance) else None,
                    "answer": answer,
                }
            )
    return schema.frame(tables.PLACINGS, rows)
