"""A small watch, staged by hand: what several files of tests share.

The line runs along a meridian; east of it is inside. One radar, twelve minutes, two aerodromes: EPXX lies 12 km
inside on the drone's way, nothing ever comes near EPYY.

    far drone ──▶ (nobody sees it)           150 km north
    aircraft ─────────────────────▶          with a transponder
    drone ──────▶│──────▶ aerodrome          crosses at CROSSED_S
    bird            ↺                        inside from the start
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

import numpy as np
import polars as pl
from breaching import START, degrees, zone

from hotwash.air.paths import fly_legs
from hotwash.air.sensing import sense
from hotwash.model import schema, tables
from hotwash.model.recording import Recording

WARM_UP_S, MINUTES, STEP_S = 120.0, 12.0, 5.0
SPEED_MPS, BEGIN_M = 50.0, -12_000.0
CROSSED_S = -BEGIN_M / SPEED_MPS - WARM_UP_S  # of the drone
AERODROME_M, RADIUS_M = 12_000.0, 10_000.0  # east of the line; what is near
NEAR_S = (AERODROME_M - RADIUS_M) / SPEED_MPS + CROSSED_S  # when the drone comes near
SCENARIO = """
name = "small-watch"
version = "3"
title = "A small watch"
start_utc = 2025-09-09T21:30:00Z
time_limit_s = 720
[place]
lat_deg = 52.0
lon_deg = 23.0
[[seats]]
name = "watch"
kind = "watch"
[watch]
step_s = 5
warm_up_s = 120
zone_id = "Z"
near_m = 10000
marked = "SYNTHETIC"
"""


def after(seconds: float):
    return START + timedelta(seconds=seconds)


def flight(name: str, label: str, east_m: float, north_m: float, speed_mps: float, course_deg: float = 90.0):
    """Return the truth of one straight flight over the whole watch and its warm-up."""
    lat, lon = degrees(east_m, north_m)
    return fly_legs(
        [(WARM_UP_S + 60.0 * MINUTES, speed_mps)], object_id=name, class_label=label, lat0_deg=float(lat),
        lon0_deg=float(lon), height0_hae_m=900.0, course0_deg=course_deg, start_utc=after(-WARM_UP_S), step_s=2.0,
    )  # fmt: skip


DRONE = ("drone", "drone", BEGIN_M, 0.0, SPEED_MPS)
FAR = ("far", "drone", BEGIN_M, 150_000.0, SPEED_MPS)
AIRCRAFT = ("aircraft", "aircraft", -40_000.0, 8_000.0, 120.0)
BIRD = ("bird", "bird", 5_000.0, -9_000.0, 12.0)
USUAL = (DRONE, FAR, AIRCRAFT, BIRD)


@cache
def staged(objects: tuple[tuple[Any, ...], ...] = USUAL, seed: int = 1) -> Recording:
    """Return the recording before anybody decided anything."""
    truth = pl.concat([flight(*one) for one in objects])
    lat, lon = degrees(15_000.0, -20_000.0)
    stands = {"lat_deg": float(lat), "lon_deg": float(lon), "height_hae_m": 200.0, "max_range_m": 90_000.0}
    sensors = schema.frame(
        tables.SENSORS,
        [
            stands | {"sensor_id": "R", "kind": "primary_radar", "scan_period_s": 4.0, "detection_probability": 0.95},
            stands | {"sensor_id": "A", "kind": "adsb", "detection_probability": 1.0},
        ],
    )
    seen = sense(truth, sensors, rng=np.random.default_rng(seed), idents={"aircraft": "4CA123"})
    stand = {"EPXX": degrees(AERODROME_M, 0.0), "EPYY": degrees(60_000.0, -60_000.0)}
    return Recording(
        truth=truth, sensors=sensors, detections=seen, zones=zone(line_sigma_m=50.0), scenario=SCENARIO,
        aerodromes=schema.frame(
            tables.AERODROMES,
            [{"aerodrome_id": name, "name": name, "lat_deg": float(lat), "lon_deg": float(lon)}
             for name, (lat, lon) in stand.items()],
        ),
        events=pl.concat([movements("EPXX"), movements("EPYY")]), population=people(),
    )  # fmt: skip


def movements(aerodrome_id: str, *, every_s: float = 60.0) -> pl.DataFrame:
    """Return the published programme: arrivals and departures in turn, from half a minute on."""
    times = np.arange(30.0, 60.0 * MINUTES, every_s)
    return schema.frame(
        tables.EVENTS,
        [
            {"event_id": f"{aerodrome_id}-{n}", "kind": ("arrival", "departure")[n % 2], "start_utc": after(float(at)),
             "subject_id": aerodrome_id}
            for n, at in enumerate(times)
        ],
    )  # fmt: skip


def people() -> pl.DataFrame:
    """Return two towns: one below the drone's way, one far from it."""
    places = {"below": degrees(8_000.0, 1_000.0), "aside": degrees(8_000.0, -40_000.0)}
    rows = [
        {"cell_id": name, "lat_deg": float(lat), "lon_deg": float(lon), "people": many}
        for (name, (lat, lon)), many in zip(places.items(), (1_000.0, 5_000.0), strict=True)
    ]
    return schema.frame(tables.POPULATION, rows)


def decisions(*rows: tuple[float, str, Mapping[str, Any]], seat: str = "watch") -> pl.DataFrame:
    """Return DECISIONS from (seconds, kind, what else)."""
    return schema.frame(
        tables.DECISIONS,
        [
            {"decision_id": n, "seat": seat, "time_utc": after(at), "kind": kind, **more}
            for n, (at, kind, more) in enumerate(sorted(rows, key=lambda row: row[0]))
        ],
    )


def declare(at: float, track: int | str) -> tuple[float, str, dict[str, Any]]:
    return at, "declare_breach", {"track_id": str(track), "zone_id": "Z"}


def revoke(at: float, track: int | str) -> tuple[float, str, dict[str, Any]]:
    return at, "revoke_breach", {"track_id": str(track), "zone_id": "Z"}


def merge(at: float, track: int | str, other: int | str) -> tuple[float, str, dict[str, Any]]:
    return at, "merge", {"track_id": str(track), "other_track_id": str(other)}


def classify(at: float, track: int | str, label: str) -> tuple[float, str, dict[str, Any]]:
    return at, "classify", {"track_id": str(track), "class_label": label}


def recommend(at: float, measure: str, place: str = "EPXX") -> tuple[float, str, dict[str, Any]]:
    return at, "recommend", {"place_id": place, "measure": measure}


def warn(at: float, east_m: float, north_m: float, radius_m: float, name: str = "W1") -> tuple[float, str, dict]:
    lat, lon = degrees(east_m, north_m)
    return at, "warn", {"warning_id": name, "lat_deg": float(lat), "lon_deg": float(lon), "radius_m": radius_m}


def with_decisions(recording: Recording, rows: Sequence[tuple[float, str, Mapping[str, Any]]]) -> Recording:
    return replace(recording, decisions=decisions(*rows))


def without_truth(recording: Recording) -> Recording:
    return replace(recording, truth=schema.empty(tables.TRUTH))
