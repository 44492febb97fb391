"""Truth and tracks laid out by hand on a plane about one point, for the tests of the score room."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import polars as pl

from hotwash.geo import frames
from hotwash.model import schema, tables

START = datetime(2026, 1, 1, tzinfo=UTC)
LAT0, LON0 = 52.0, 21.0


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def times(*seconds: float) -> pl.Series:
    return pl.Series("time_utc", [at(one) for one in seconds], dtype=schema.UTC)


def place(east_m: float, north_m: float, lat0: float = LAT0, lon0: float = LON0) -> dict[str, float]:
    lat, lon, _ = frames.enu2geodetic(east_m, north_m, 0.0, lat0, lon0, 0.0)
    return {"lat_deg": float(lat), "lon_deg": float(lon)}


def truth(rows: Iterable[tuple[str, float, float, float]], **more: object) -> pl.DataFrame:
    """TRUTH of (object, second, east, north)."""
    return schema.frame(
        tables.TRUTH, [{"object_id": name, "time_utc": at(s), **place(e, n), **more} for name, s, e, n in rows]
    )


def tracks(rows: Iterable[tuple[int, float, float, float]], **more: object) -> pl.DataFrame:
    """TRACKS of (track, second, east, north), confirmed unless said otherwise."""
    given = {"status": "confirmed"} | more
    return schema.frame(
        tables.TRACKS, [{"track_id": name, "time_utc": at(s), **place(e, n), **given} for name, s, e, n in rows]
    )
