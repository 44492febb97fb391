"""Small recordings of a flown exercise for tests: one drone that climbs, turns and lands, with sticks and events."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from hotwash.geo import frames
from hotwash.model import schema, tables
from hotwash.model.recording import Recording

START = datetime(2026, 3, 12, 20, 0, 0, 20_000, tzinfo=UTC)
PLACE = (52.1, 21.2, 130.0)  # lat, lon, height above the ellipsoid
LATER = START + timedelta(seconds=1)
STEP_S = 0.02
SCENARIO = """name = "small"
version = "1"

[place]
lat_deg = 52.1
lon_deg = 21.2
height_hae_m = 130.0
"""


def flown(*, seconds: float = 4.0, object_id: str = "pilot") -> Recording:
    """Return a recording of one drone on an upward spiral, made by formula, at 50 rows a second."""
    time_s = np.arange(round(seconds / STEP_S)) * STEP_S
    return Recording(
        truth=truth(time_s, object_id), controls=controls(time_s, object_id), events=events(object_id),
        scenario=SCENARIO,
    )  # fmt: skip


def times(time_s: np.ndarray) -> list[datetime]:
    return [START + timedelta(seconds=float(value)) for value in np.round(time_s, 6)]


def truth(time_s: np.ndarray, object_id: str) -> pl.DataFrame:
    turn = 0.4 * time_s
    lat, lon, height = frames.enu2geodetic(8.0 * np.sin(turn), 8.0 * np.cos(turn), 0.6 * time_s, *PLACE)
    yaw, zero = -turn, np.zeros_like(turn)  # its nose keeps pointing along the circle, clockwise from east
    rows = {
        "object_id": [object_id] * len(time_s), "time_utc": times(time_s), "lat_deg": lat, "lon_deg": lon,
        "height_hae_m": height, "v_east_mps": 3.2 * np.cos(turn), "v_north_mps": -3.2 * np.sin(turn),
        "v_up_mps": zero + 0.6, "q_x": zero, "q_y": zero, "q_z": np.sin(yaw / 2), "q_w": np.cos(yaw / 2),
        "airspeed_mps": zero + 3.3, "battery": 1.0 - 0.01 * time_s, "gimbal_pitch_deg": zero - 30.0,
        "is_on_ground": time_s < 0.5, "class_label": ["multirotor"] * len(time_s),
    }  # fmt: skip
    return schema.conform(pl.DataFrame(rows, schema_overrides={"time_utc": schema.UTC}), tables.TRUTH)


def controls(time_s: np.ndarray, seat: str) -> pl.DataFrame:
    modes: list[str | None] = [None] * len(time_s)
    modes[0], modes[len(modes) // 2] = "position_hold", "altitude_hold"
    rows = {
        "seat": [seat] * len(time_s), "time_utc": times(time_s), "sequence": np.arange(len(time_s)),
        "roll": 0.5 * np.sin(time_s), "pitch": 0.25 * np.cos(time_s), "yaw": -0.1 * np.ones_like(time_s),
        "throttle": np.full_like(time_s, 0.2), "gimbal_pitch_rate": np.zeros_like(time_s),
        "is_capture": time_s == time_s[-1], "mode": modes, "buttons": (time_s == 0.0).astype(np.int64),
    }  # fmt: skip
    frame = pl.DataFrame(rows, schema_overrides={"time_utc": schema.UTC, "mode": schema.TEXT})
    return schema.conform(frame, tables.CONTROLS)


def events(seat: str) -> pl.DataFrame:
    rows = [
        {"event_id": "E1", "kind": "mode", "subject_id": seat, "start_utc": START, "text": "position_hold"},
        {
            "event_id": "E2",
            "kind": "warning",
            "subject_id": seat,
            "start_utc": START + timedelta(seconds=1),
            "text": "battery low",
        },
    ]
    return schema.frame(tables.EVENTS, rows)
