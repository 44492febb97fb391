"""A small watch that several files of tests keep: one drone over a border, an airliner, a report, an aerodrome."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import numpy as np
import polars as pl
import shapely

from hotwash.air import paths, sensing
from hotwash.model import schema, tables
from hotwash.model.recording import Recording
from hotwash.model.scenario import Scenario, parse

START = datetime(2026, 3, 12, 20, tzinfo=UTC)
WARM_UP_S, MINUTES = 120.0, 10
SCENARIO = f"""
name = "border-night"
start_utc = 2026-03-12T20:00:00Z
time_limit_s = {60 * MINUTES}

[place]
lat_deg = 52.0
lon_deg = 21.0

[watch]
step_s = 5
ask_delay_s = 30

[[seats]]
name = "watch"
kind = "watch"

[[injects]]
time_s = 60
text = "The duty officer asks how things stand."
"""


def scenario(extra: str = "") -> Scenario:
    return parse(SCENARIO + extra, name="border-night.toml")


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def sensors() -> pl.DataFrame:
    shared = {"kind": "primary_radar", "height_hae_m": 100.0, "max_range_m": 60_000.0, "scan_period_s": 4.0,
              "detection_probability": 0.95, "false_per_scan": 1.0, "clock_offset_s": 0.0}  # fmt: skip
    return schema.frame(tables.SENSORS, [{"sensor_id": "R1", "lat_deg": 52.0, "lon_deg": 21.0, **shared}])


def _flight(name: str, label: str, course: float, speed: float, lat: float, lon: float, from_s: float) -> pl.DataFrame:
    return paths.fly_legs(
        [(WARM_UP_S + 60.0 * MINUTES - max(from_s, 0.0), speed, 0.0, 0.0)], object_id=name, class_label=label,
        lat0_deg=lat, lon0_deg=lon, height0_hae_m=900.0, course0_deg=course, start_utc=at(from_s - WARM_UP_S),
    )  # fmt: skip


def zone(zone_id: str = "north", south: float = 52.05) -> dict[str, Any]:
    area = shapely.box(20.0, south, 22.0, 53.0)
    return {"zone_id": zone_id, "name": zone_id, "kind": "land_border", "line_sigma_m": 50.0, "source": "test",
            "floor_m": 0.0, "floor_ref": "AGL", "ceiling_ref": "UNL", "geometry": shapely.to_wkb(area)}  # fmt: skip


@cache
def staged() -> Recording:
    truth = pl.concat(
        [
            _flight("drone-1", "fixed_wing", 0.0, 40.0, 51.90, 21.1, 0.0),
            _flight("air-1", "airliner", 90.0, 200.0, 51.90, 20.6, 0.0),
        ]
    )
    found = sensing.sense(
        truth, sensors(), rng=np.random.default_rng(3), start_utc=at(-WARM_UP_S), end_utc=at(60.0 * MINUTES), idents={}
    )
    field = {"aerodrome_id": "EPXX", "name": "Test field", "lat_deg": 52.1, "lon_deg": 21.1}
    report = {"sighting_id": "r1", "role": "resident", "lat_deg": 52.0, "lon_deg": 21.1, "known_utc": at(200),
              "utc_low": at(150), "seen": "a humming light", "saw_nothing": False}  # fmt: skip
    moves = [
        {"event_id": f"m{n}", "kind": "movement", "subject_id": "EPXX", "start_utc": at(60 * n), "known_utc": at(-120)}
        for n in range(10)
    ]
    return Recording(
        truth=truth, sensors=sensors(), detections=found, zones=schema.frame(tables.ZONES, [zone()]),
        aerodromes=schema.frame(tables.AERODROMES, [field]), sightings=schema.frame(tables.SIGHTINGS, [report]),
        events=schema.frame(tables.EVENTS, moves),
    )  # fmt: skip


RULES = """
name = "example"

[threat]
status = ["confirmed", "coasting"]
has_ident = false
speed_most_mps = 100

[[rules]]
name = "close"
on = "aerodrome"
if = { threats_least = 1, threats_within_m = 8000 }
do = "recommend"
measure = "suspend"

[[rules]]
name = "declare"
on = "track"
if = { status = ["confirmed"], probability_inside_least = 0.5, speed_most_mps = 100 }
do = "declare_breach"

[[rules]]
name = "call it a drone"
on = "track"
if = { is_declared = true }
do = "classify"
class_label = "drone"

[[rules]]
name = "warn"
on = "track"
if = { is_declared = true }
do = "warn"
radius_m = 5000

[[rules]]
name = "reopen"
on = "aerodrome"
if = { clear_least_s = 60, threats_within_m = 8000, states = ["suspended"] }
do = "recommend"
measure = "resume"
"""
