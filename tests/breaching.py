"""Tracks and zones drawn by hand in metres: what several files of tests share.

The line runs along a meridian; east of it is inside. Positions are metres east of the line and north of 52 N.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import shapely
from pyproj import Geod

from hotwash.model import schema, tables

START = datetime(2025, 9, 9, 21, 30, tzinfo=UTC)
LAT0, LON0 = 52.0, 23.0
FAR = 150_000.0  # a zone's far sides


def metres_per_degree(lat_deg: float) -> tuple[float, float]:
    """Return what a degree of latitude and one of longitude measure there, by PROJ over a hundredth of a degree."""
    geod = Geod(ellps="WGS84")
    north = geod.inv(0.0, lat_deg - 0.005, 0.0, lat_deg + 0.005)[2]
    east = geod.inv(-0.005, lat_deg, 0.005, lat_deg)[2]
    return 100.0 * north, 100.0 * east


def degrees(east_m: object, north_m: object, lat0: float = LAT0, lon0: float = LON0):
    per_lat, per_lon = metres_per_degree(lat0)
    lon = lon0 + np.asarray(east_m) / per_lon
    return lat0 + np.asarray(north_m) / per_lat, (lon + 180.0) % 360.0 - 180.0


def zone(
    *corners: tuple[float, float], line_sigma_m: float = 0.0, lat0: float = LAT0, lon0: float = LON0, **fields: object
) -> pl.DataFrame:
    """Return ZONES of one zone: all that is east of the line, or what the corners in metres enclose."""
    east, north = zip(*(corners or ((0, -FAR), (FAR, -FAR), (FAR, FAR), (0, FAR))), strict=True)
    lat, lon = degrees(east, north, lat0, lon0)
    drawn = shapely.Polygon(list(zip(lon.tolist(), lat.tolist(), strict=True)))
    row = {
        "zone_id": "Z",
        "name": "the zone",
        "kind": "land_border",
        "floor_m": 0.0,
        "floor_ref": "AGL",
        "ceiling_ref": "UNL",
        "line_sigma_m": line_sigma_m,
        "source": "drawn by hand",
        "geometry": shapely.to_wkb(drawn),
    }
    return schema.frame(tables.ZONES, [row | fields])


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def track(
    *points: Sequence[float],
    track_id: int = 1,
    sigma_m: float = 0.0,
    sigma_mps: float = 0.0,
    lat0: float = LAT0,
    lon0: float = LON0,
    **fields: object,
) -> pl.DataFrame:
    """Return TRACKS of one track through (t_s, east_m, north_m) or (t_s, east_m, north_m, v_east, v_north)."""
    rows = []
    for point in points:
        lat, lon = degrees(point[1], point[2], lat0, lon0)
        v_east, v_north = point[3:] or (None, None)
        rows.append(
            {
                "track_id": track_id,
                "time_utc": after(point[0]),
                "lat_deg": float(lat),
                "lon_deg": float(lon),
                "v_east_mps": v_east,
                "v_north_mps": v_north,
                "var_east_m2": sigma_m**2,
                "var_north_m2": sigma_m**2,
                "var_v_east_m2ps2": sigma_mps**2,
                "var_v_north_m2ps2": sigma_mps**2,
                "status": "confirmed",
                "existence": 1.0,
            }
            | fields
        )
    return schema.frame(tables.TRACKS, rows)


def straight(
    seconds: Sequence[float], start: tuple[float, float], velocity: tuple[float, float], **choices: object
) -> pl.DataFrame:
    """Return a track in straight flight with its velocity stated."""
    points = [(t, start[0] + velocity[0] * t, start[1] + velocity[1] * t, *velocity) for t in seconds]
    return track(*points, **choices)


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)
