"""Small recordings for tests: a radar or two, objects on straight ways, false plots."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from hotwash.model import schema, tables

START = datetime(2026, 1, 1, 12, 0, 0, 123_457, tzinfo=UTC)
PERIOD_S = 4.0


def radars(many: int, **more: object) -> pl.DataFrame:
    """Return SENSORS R0, R1, … which stand 20 km apart."""
    row = {
        "kind": "primary_radar", "lat_deg": 52.0, "height_hae_m": 100.0, "max_range_m": 50_000.0, "scan_period_s": 4.0,
        "detection_probability": 0.9, "false_per_scan": 6.0,
    }  # fmt: skip
    rows = [row | {"sensor_id": f"R{n}", "lon_deg": 21.0 + 0.3 * n} | more for n in range(many)]
    return schema.frame(tables.SENSORS, rows)


def transponders(sensor_id: str = "A") -> pl.DataFrame:
    """Return a source without scans."""
    return schema.frame(tables.SENSORS, [{"sensor_id": sensor_id, "kind": "adsb"}])


def crossing(*, scans: int, false_per_scan: int = 0, objects: int = 2, seed: int = 1) -> pl.DataFrame:
    """Return DETECTIONS of radar R0: objects that cross near it at 60 m/s, seen nine times in ten, and false plots."""
    rng = np.random.default_rng(seed)
    rows: list[dict[str, object]] = []
    for scan in range(scans):
        time_s = scan * PERIOD_S
        seen = [(-6_000.0 + 60.0 * time_s, 9_000.0 + 1_500.0 * n - n * 20.0 * time_s) for n in range(objects)]
        seen = [place for place in seen if rng.random() < 0.9]
        away, turn = 50_000.0 * np.sqrt(rng.random(false_per_scan)), rng.random(false_per_scan) * 2.0 * np.pi
        seen += list(zip(away * np.sin(turn), away * np.cos(turn), strict=True))
        rows += [polar(x, y, time_s, rng) for x, y in seen]
    return numbered(rows)


def polar(east_m: float, north_m: float, time_s: float, rng: np.random.Generator) -> dict[str, object]:
    return {
        "sensor_id": "R0", "time_utc": START + timedelta(seconds=time_s),
        "range_m": float(np.hypot(east_m, north_m)) + 30.0 * rng.standard_normal(),
        "azimuth_deg": (float(np.degrees(np.arctan2(east_m, north_m))) + 0.1 * rng.standard_normal()) % 360.0,
        "sigma_range_m": 30.0, "sigma_azimuth_deg": 0.1,
    }  # fmt: skip


def reports(*, seconds: int, every_s: float = 1.0, ident: str = "4CA123", sensor_id: str = "A") -> pl.DataFrame:
    """Return DETECTIONS of one aircraft that reports its position, its height and its name."""
    count = int(seconds / every_s)
    rows: list[dict[str, object]] = [
        {
            "sensor_id": sensor_id, "time_utc": START + timedelta(seconds=0.037 + n * every_s), "ident": ident,
            "lat_deg": 52.1 + 0.002 * n * every_s, "lon_deg": 21.1, "height_hae_m": 3_000.0 + 5.0 * n * every_s,
            "sigma_horizontal_m": 10.0, "sigma_height_m": 10.0, "class_label": "aeroplane",
        }
        for n in range(count)
    ]  # fmt: skip
    return numbered(rows)


def numbered(rows: list[dict[str, object]]) -> pl.DataFrame:
    return schema.frame(tables.DETECTIONS, [row | {"detection_id": n + 1} for n, row in enumerate(rows)])


def together(*parts: pl.DataFrame) -> pl.DataFrame:
    """Return detections of several sources as one recording, by time, numbered anew."""
    merged = pl.concat(parts).sort("time_utc", maintain_order=True)
    return merged.with_columns(detection_id=pl.int_range(1, pl.len() + 1, dtype=pl.Int64))
