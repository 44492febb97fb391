"""A tiny recording that makes the compiled core ready: what it calls is loaded, or compiled where it never was."""

from __future__ import annotations

import gc
from datetime import UTC, datetime, timedelta

from hotwash.model import schema, tables
from hotwash.track import tracking


def precompile_tracker() -> None:
    """Load every kernel, or compile it, with the collector of garbage at rest: it costs a tenth of compiling."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        _track_something()
    finally:
        if was_enabled:
            gc.enable()


def _track_something() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    sensor = {"sensor_id": "R", "kind": "primary_radar", "lat_deg": 52.0, "lon_deg": 21.0, "scan_period_s": 4.0}
    plots: list[dict[str, object]] = [
        {
            "detection_id": n,
            "sensor_id": "R",
            "time_utc": start + timedelta(seconds=4.0 * n),
            "range_m": 20_000.0 + 200.0 * n,
            "azimuth_deg": 45.0,
            "height_hae_m": 500.0,
        }
        for n in range(4)
    ]
    tracking.track_causal(schema.frame(tables.DETECTIONS, plots), schema.frame(tables.SENSORS, [sensor]))
