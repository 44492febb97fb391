"""An air picture made by hand over the hand-made incident: tracks of every sort, stays, exposures, health, remarks.

Tracks fly straight at the border of Poland near 51.5° N, one row every four seconds, unless their story says otherwise.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import by_hand
import numpy as np
import polars as pl

from hotwash.geo import borders, geodesy, zones
from hotwash.model import tables
from hotwash.model.incident import Incident
from hotwash.model.recording import Recording
from hotwash.model.schema import frame

LAND = borders.load_country("PL")
BEGIN = by_hand.at(2.0)
STEP_S = 4.0
Row = dict[str, Any]
CROSSERS = (1, 2, 3, 4, 5, 6, 7, 8)
GRAZER, UNDECIDED, INSIDER = 9, 10, 11


def flown(
    track_id: int,
    *,
    lat_deg: float = 51.5,
    lon_deg: float = 24.2,
    course_deg: float = 280.0,
    speed_mps: float = 50.0,
    rows: int = 300,
    late_s: float = 0.0,
    **more: Any,
) -> list[Row]:
    """Return TRACKS rows of one straight flight; `more` replaces columns of every row."""
    away = speed_mps * STEP_S * np.arange(rows)
    lat, lon = geodesy.direct(lat_deg, lon_deg, course_deg, away)
    turn = np.radians(course_deg)
    begin = BEGIN + timedelta(seconds=late_s)
    return [
        {
            "track_id": track_id,
            "time_utc": begin + timedelta(seconds=STEP_S * n),
            "lat_deg": float(lat[n]),
            "lon_deg": float(lon[n]),
            "height_hae_m": 400.0,
            "v_east_mps": float(speed_mps * np.sin(turn)),
            "v_north_mps": float(speed_mps * np.cos(turn)),
            "var_east_m2": 350.0**2,
            "var_north_m2": 120.0**2,
            "cov_east_north_m2": -0.3 * 350.0 * 120.0,
            "existence": 0.98,
            "status": "confirmed",
            "detection_id": track_id * 10_000 + n,
        }
        | more
        for n in range(rows)
    ]


def coasting(rows: list[Row], first: int, last: int) -> list[Row]:
    """Return the rows with some of them carried on without a detection."""
    return [
        item | ({"status": "coasting", "detection_id": None} if first <= n < last else {})
        for n, item in enumerate(rows)
    ]


def rows() -> list[Row]:
    """Return twelve confirmed tracks, one known only at one time, and one that was never confirmed."""
    crossers = [
        coasting(
            flown(n, lat_deg=50.9 + 0.13 * n, course_deg=262.0 + 4 * n, speed_mps=35.0 + 4 * n, late_s=700.0 * n),
            60 + 5 * n,
            72 + 5 * n,
        )
        for n in CROSSERS
    ]
    graze = flown(GRAZER, lat_deg=51.95, lon_deg=23.72, course_deg=5.0, speed_mps=14.0)
    blurred = flown(UNDECIDED, lat_deg=51.3, lon_deg=23.9, speed_mps=12.0, rows=250, var_east_m2=None, existence=None)
    insider = flown(INSIDER, lat_deg=51.5, lon_deg=23.2, course_deg=300.0, ident="4891B6", class_label="aeroplane")
    holed = [item for n, item in enumerate(flown(12, lat_deg=52.3, lon_deg=24.6, course_deg=190.0)) if not 90 < n < 200]
    airliner = flown(13, lat_deg=52.6, lon_deg=20.2, course_deg=105.0, speed_mps=230.0, rows=240, ident="LOT3PX")
    bare = flown(14, rows=1, v_east_mps=None, v_north_mps=None, var_north_m2=None, cov_east_north_m2=None)
    never = flown(15, rows=3, status="tentative")
    return [item for part in (*crossers, graze, blurred, insider, holed, airliner, bare, never) for item in part]


def crossing(part: list[Row]) -> Row:
    """Return when and where a track first comes over the line, and how deep it goes, from its rows."""
    lat, lon = ([item[name] for item in part] for name in ("lat_deg", "lon_deg"))
    away = zones.signed_distance_m(lat, lon, LAND)
    first = int(np.argmax(away > 0.0))
    return {
        "enter_utc": part[first]["time_utc"],
        "enter_lat_deg": lat[first],
        "enter_lon_deg": lon[first],
        "depth_m": float(away.max()),
        "duration_s": STEP_S * float((away > 0.0).sum()),
    }


def breaches(told: list[Row]) -> list[Row]:
    """Return a stay of each crosser; one undecided, one outside, and one that begins and ends inside."""
    own = {n: [item for item in told if item["track_id"] == n] for n in (*CROSSERS, INSIDER)}
    stays: list[Row] = [
        {
            "track_id": n,
            "enter_sigma_s": 4.0 + n,
            "depth_sigma_m": 240.0,
            "probability": 0.999 - 0.005 * n,
            "answer": "inside",
            "nearest_aerodrome": "EPLB",
            "nearest_m": 31_000.0 + 700 * n,
            "nearest_utc": own[n][-1]["time_utc"],
        }
        | crossing(own[n])
        for n in CROSSERS
    ]
    stays[2] |= {"exit_utc": stays[2]["enter_utc"] + timedelta(seconds=200), "duration_s": 200.0}
    stays += [
        {"track_id": GRAZER, "probability": 0.02, "answer": "outside"},
        {"track_id": UNDECIDED, "probability": 0.41, "answer": "undecided", "depth_m": 90.0, "duration_s": 12.0},
        {"track_id": INSIDER, "probability": 1.0, "answer": "inside", "depth_m": 21_000.0, "duration_s": 1196.0},
    ]
    return [{"breach_id": n, "zone_id": "PL-land"} | item for n, item in enumerate(stays, start=1)]


def sensors() -> list[Row]:
    return [
        {"sensor_id": "R1", "kind": "primary_radar", "lat_deg": 51.2, "lon_deg": 23.0, "max_range_m": 90_000.0},
        {"sensor_id": "R2", "kind": "primary_radar", "lat_deg": 51.9, "lon_deg": 22.6, "max_range_m": 70_000.0},
        {"sensor_id": "ADSB", "kind": "adsb"},
    ]


def health() -> list[Row]:
    return [
        {
            "sensor_id": "R1",
            "plots": 12_345,
            "scans": 900,
            "on_tracks": 3100,
            "detection_probability": 0.62,
            "sigma_detection_probability": 0.02,
            "stated_detection_probability": 0.9,
            "false_per_scan": 51.0,
            "stated_false_per_scan": 20.0,
            "common_tracks": 9,
            "clock_offset_s": 1.9,
            "sigma_clock_offset_s": 0.12,
            "range_bias_m": -130.0,
            "sigma_range_bias_m": 21.0,
            "azimuth_bias_deg": 0.52,
            "sigma_azimuth_bias_deg": 0.05,
            "is_corrected": False,
        },
        {
            "sensor_id": "R2",
            "plots": 9000,
            "scans": 900,
            "on_tracks": 2900,
            "detection_probability": 0.89,
            "sigma_detection_probability": 0.01,
            "stated_detection_probability": 0.9,
            "false_per_scan": 19.0,
            "stated_false_per_scan": 20.0,
            "clock_offset_s": 0.1,
            "sigma_clock_offset_s": 0.12,
        },
        {"sensor_id": "ADSB", "plots": 240, "on_tracks": 240},
    ]


def exposures() -> list[Row]:
    return [
        {
            "aerodrome_id": "EPLB",
            "radius_m": 40_000.0,
            "first_near_utc": BEGIN + timedelta(minutes=31),
            "nearest_m": 31_700.0,
            "nearest_utc": BEGIN + timedelta(minutes=47),
            "nearest_track_id": 1,
            "closed_near_min": 12.5,
            "closed_clear_min": 141.0,
            "open_near_min": 3.25,
            "movements_exposed": 2.0,
            "rows": ["events:E06", "tracks:1"],
        },
        {"aerodrome_id": "EPWA", "radius_m": 40_000.0, "rows": []},
    ]


def remarks() -> list[Row]:
    late: list[Row] = [
        {"kind": "late", "sensor_id": "R2", "time_utc": BEGIN + timedelta(seconds=n), "rows": 3, "text": f"Late {n}."}
        for n in range(130)
    ]
    spoofed = {
        "kind": "identity_twice",
        "track_id": 13,
        "ident": "LOT3PX",
        "text": "One identity on two tracks at once.",
    }
    return [*late, spoofed, {"kind": "thin", "text": "Few tracks are shared, so clocks are known badly."}]


def detections(told: list[Row]) -> pl.DataFrame:
    """Return the detections that the tracks used, of R1 and R2 in turn."""
    used: list[tuple[int, datetime]] = [
        (item["detection_id"], item["time_utc"]) for item in told if item["detection_id"] is not None
    ]
    return frame(
        tables.DETECTIONS,
        [{"detection_id": name, "sensor_id": f"R{1 + name % 2}", "time_utc": when} for name, when in used],
    )


def counts() -> pl.DataFrame:
    """Return the hand-made counts with crossings as tracks bound them: a distribution, from both sides."""
    found = {"most_likely": 9, "low_90": 8, "high_90": 10, "mean": 9.1}
    stays = [f"breaches:{n}" for n in range(1, 9)]
    row = {"unit": "crossings", "why": "Joint draws of border, sensors and tracks.", "rows": stays} | found
    kept = [item for item in by_hand.incident().counts.to_dicts() if item["unit"] != "crossings"]
    return frame(tables.COUNTS, [*kept, row])


def incident(told: list[Row] | None = None, **changes: object) -> Incident:
    """Return the hand-made incident with its air picture; `changes` replace its fields."""
    flown_rows = rows() if told is None else told
    whole = by_hand.incident().bundle.recording
    recording = Recording(
        sources=whole.sources,
        events=whole.events,
        sensors=frame(tables.SENSORS, [*sensors()]),
        detections=detections(flown_rows),
    )
    air: dict[str, object] = {
        "bundle": by_hand.with_bundle(recording=recording).bundle,
        "tracks": frame(tables.TRACKS, [*flown_rows]),
        "breaches": frame(tables.BREACHES, [*breaches(rows())]),
        "exposures": frame(tables.EXPOSURES, [*exposures()]),
        "health": frame(tables.HEALTH, [*health()]),
        "remarks": frame(tables.REMARKS, [*remarks()]),
        "counts": counts(),
    }
    return by_hand.incident(**(air | changes))
