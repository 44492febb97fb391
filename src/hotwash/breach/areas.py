"""Rows of ZONES as zones, and which heights count for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl
import shapely

from hotwash.geo.zones import Zone

RADIUS_M = 5_000.0  # what is near an aerodrome: drones are kept out of 2 to 2.5 NM in the United Kingdom (CAP 722)
BREACH_KINDS = ("land_border", "state_airspace")  # the two whose crossing an account counts


def areas(zones: pl.DataFrame) -> Iterator[Zone]:
    """Yield each row of ZONES as a zone, in their order."""
    return (area(row) for row in zones.iter_rows(named=True))


def area(row: Mapping[str, object]) -> Zone:
    """Return one row of ZONES as a zone; a floor left out is the ground."""
    fields = ("zone_id", "name", "kind", "floor_m", "ceiling_m", "floor_ref", "ceiling_ref", "line_sigma_m", "source")
    box = row["clip_box"]
    return Zone(
        **{name: row[name] for name in fields},  # type: ignore[arg-type]
        geometry=shapely.from_wkb(row["geometry"]),
        clip_box=tuple(box) if isinstance(box, list) else None,
    )


def has_floor(zone: Zone) -> bool:
    """Tell whether something below leaves a zone out: a floor on the ground does not."""
    return bool(zone.floor_m) or zone.floor_ref not in ("AGL", None)


def has_ceiling(zone: Zone) -> bool:
    """Tell whether something above leaves a zone out, known or not."""
    return zone.ceiling_m is not None or zone.ceiling_ref == "UNK"


def is_limited(zone: Zone) -> bool:
    """Tell whether height matters: a floor on the ground and no ceiling leave nothing out."""
    return has_floor(zone) or has_ceiling(zone)


def zone_of_breaches(zones: pl.DataFrame, zone_id: str | None) -> Zone | None:
    """Return the zone that a watch declares breaches of: the one named, else the first border, else the first."""
    there = tuple(areas(zones))
    named = [zone for zone in there if zone.zone_id == zone_id]
    borders = [zone for zone in there if zone.kind in BREACH_KINDS]
    return next(iter([*named, *borders, *there]), None)
