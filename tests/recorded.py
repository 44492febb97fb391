"""Real ADS-B recordings as DETECTIONS and SENSORS; not part of the project, so tests without them skip."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import polars as pl
import pytest

from hotwash.model import schema, tables
from hotwash.units import convert

ROOT = Path(__file__).resolve().parents[1]
SIGMA_M = 30.0
FOOT_M, KNOT_MPS = convert(1.0, "ft", "m"), convert(1.0, "kt", "m/s")
RECEIVER = {"sensor_id": "adsb", "kind": "adsb"}


def reports(name: str) -> pl.DataFrame:
    """Return DETECTIONS of a recording by time, or skip where it is absent, as in most checkouts.

    Where it says when a position was heard, that is the time, and what was repeated until the next is left out.
    """
    rows = pl.DataFrame(_read(name), infer_schema_length=None)
    at_ms = pl.col("timestamp").cast(pl.Int64)
    found = rows.select(
        time_utc=(at_ms * 1_000).cast(schema.UTC),
        lat_deg=pl.col("latitude").cast(pl.Float64),
        lon_deg=pl.col("longitude").cast(pl.Float64),
        pressure_altitude_m=pl.col("altitude").cast(pl.Float64) * FOOT_M,
        ident=pl.col("icao24"),
        v_east_mps=pl.col("groundspeed") * KNOT_MPS * pl.col("track").radians().sin(),
        v_north_mps=pl.col("groundspeed") * KNOT_MPS * pl.col("track").radians().cos(),
    )
    return found.drop_nulls(["time_utc", "lat_deg", "lon_deg"])


def detections(found: pl.DataFrame) -> pl.DataFrame:
    """Return DETECTIONS of `reports`, in their order."""
    filled = found.drop("v_east_mps", "v_north_mps").with_columns(
        detection_id=pl.int_range(pl.len(), dtype=schema.I64), sensor_id=pl.lit("adsb"), sigma_horizontal_m=SIGMA_M
    )
    return schema.conform(filled, tables.DETECTIONS)


def truth(found: pl.DataFrame) -> pl.DataFrame:
    """Return TRUTH of `reports`: one row a time, each a new position."""
    new = (pl.col("lat_deg").diff() != 0.0) | (pl.col("lon_deg").diff() != 0.0)
    kept = found.sort("time_utc").unique("time_utc", keep="first", maintain_order=True).filter(new.fill_null(True))
    filled = kept.with_columns(
        object_id=pl.col("ident"), height_hae_m=pl.col("pressure_altitude_m").fill_null(strategy="forward")
    )
    return schema.conform(filled.drop("ident", "pressure_altitude_m"), tables.TRUTH)


def sensors() -> pl.DataFrame:
    return schema.frame(tables.SENSORS, [RECEIVER])


def _read(name: str) -> dict[str, list[object]] | list[dict[str, object]]:
    places = (top / "shared" / "data" / "recordings" for top in (ROOT.parent, ROOT.parents[1]))
    path = next((place / f"{name}.json.gz" for place in places if (place / f"{name}.json.gz").is_file()), None)
    if path is None:
        pytest.skip(f"../shared/data/recordings/{name}.json.gz is not here: real ADS-B")
    with gzip.open(path) as file:
        whole = json.load(file)
    if isinstance(whole, dict):
        return {key: list(column.values()) if isinstance(column, dict) else column for key, column in whole.items()}
    return list(whole)
