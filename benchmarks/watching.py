"""Measure a watch exercise: one simulated hour with fifty tracks, kept by a policy, against real time.

    uv run python benchmarks/centre.py --part watch

Method. Fifty objects (thirty without a transponder, twenty airliners) fly for an hour within 80 km of two radars of 4 s
with false plots and of an ADS-B receiver; an aerodrome, a border, reports. The rule book of the benchmark keeps the
watch, a look every 5 s, recording. Told apart: laying the night out and sensing it (done once, as staging does), the
picture (tracker and zone answers, at reset), and the 720 looks. The ratio counts picture and looks together; one with
sensing beside it. Compiled code is warm: the first run of a machine compiles some 30 s more. The best and the median of
the runs are told: the best is what the code can do, the median what a shared machine gave.
"""

from __future__ import annotations

import statistics
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
import shapely

from hotwash.air import paths, sensing
from hotwash.front.watches import play_watch
from hotwash.geo import geodesy
from hotwash.model import schema, tables
from hotwash.model.recording import Recording
from hotwash.model.scenario import parse
from hotwash.track import precompile
from hotwash.watch.exercise import WatchExercise
from hotwash.watch.policies.catalogue import watch_policy

START = datetime(2026, 3, 12, 20, tzinfo=UTC)
WARM_UP_S, HOUR_S, TRACKS, RUNS = 120.0, 3_600.0, 50, 3
SCENARIO = """
name = "busy-hour"
start_utc = 2026-03-12T20:00:00Z
time_limit_s = 3600
[place]
lat_deg = 52.0
lon_deg = 21.0
[watch]
step_s = 5
[[seats]]
name = "watch"
kind = "watch"
"""
RULES = """
[threat]
status = ["confirmed"]
has_ident = false
[[rules]]
name = "declare"
on = "track"
if = { status = ["confirmed"], probability_inside_least = 0.5, has_ident = false }
do = "declare_breach"
[[rules]]
name = "class"
on = "track"
if = { is_declared = true }
do = "classify"
class_label = "drone"
[[rules]]
name = "close"
on = "aerodrome"
if = { threats_least = 1, threats_within_m = 10000 }
do = "recommend"
measure = "suspend"
[[rules]]
name = "reopen"
on = "aerodrome"
if = { clear_least_s = 300, threats_within_m = 10000, states = ["suspended"] }
do = "recommend"
measure = "resume"
"""


def sensors() -> pl.DataFrame:
    radar = {
        "kind": "primary_radar", "height_hae_m": 150.0, "max_range_m": 100_000.0, "scan_period_s": 4.0,
        "detection_probability": 0.9, "false_per_scan": 10.0, "clock_offset_s": 0.0,
    }  # fmt: skip
    rows = [{"sensor_id": f"R{at}", "lat_deg": 52.0, "lon_deg": 21.0 + 0.4 * at, **radar} for at in range(2)]
    adsb = {"sensor_id": "ADSB", "kind": "adsb", "lat_deg": 52.0, "lon_deg": 21.0, "height_hae_m": 150.0}
    return schema.frame(tables.SENSORS, [*rows, {**adsb, "max_range_m": 250_000.0, "clock_offset_s": 0.0}])


def staged() -> Recording:
    """A busy hour: objects that turn now and then, so that they stay near."""
    rng, flown = np.random.default_rng(1), []
    begin = START - timedelta(seconds=WARM_UP_S)
    for at in range(TRACKS):
        is_airliner = at % 5 < 2
        speed = float(rng.uniform(180.0, 240.0) if is_airliner else rng.uniform(30.0, 60.0))
        lat, lon = geodesy.direct(52.0, 21.2, 360.0 * rng.random(), 60e3 * np.sqrt(rng.random()))
        turns = rng.choice([0.4, -0.4, 1.0], 31) * (1.0 if is_airliner else 0.5)
        legs = [(120.0, speed, float(rate), 0.0) for rate in turns]
        flown.append(
            paths.fly_legs(
                legs, object_id=f"o{at}", class_label="airliner" if is_airliner else "fixed_wing", lat0_deg=float(lat),
                lon0_deg=float(lon), height0_hae_m=3_000.0 if is_airliner else 800.0, course0_deg=360.0 * rng.random(),
                start_utc=begin, step_s=2.0,
            )
        )  # fmt: skip
    truth = pl.concat(flown)
    names = {f"o{at}": f"4CA{at:03d}" for at in range(TRACKS) if at % 5 < 2}
    found = sensing.sense(
        truth, sensors(), rng=rng, idents=names, start_utc=begin, end_utc=START + timedelta(seconds=HOUR_S)
    )
    border = {
        "zone_id": "north", "name": "north", "kind": "land_border", "line_sigma_m": 50.0, "source": "benchmark",
        "floor_m": 0.0, "floor_ref": "AGL", "ceiling_ref": "UNL",
        "geometry": shapely.to_wkb(shapely.box(18.0, 52.1, 24.0, 54.0)),
    }  # fmt: skip
    field = {"aerodrome_id": "EPXX", "name": "field", "lat_deg": 52.1, "lon_deg": 21.1}
    return Recording(
        truth=truth, sensors=sensors(), detections=found, zones=schema.frame(tables.ZONES, [border]),
        aerodromes=schema.frame(tables.AERODROMES, [field]),
    )  # fmt: skip


def measured() -> dict[str, Any]:
    """Return what one hour took, by part [s]."""
    precompile.precompile_tracker()
    scenario = parse(SCENARIO, name="busy-hour.toml")
    began = time.perf_counter()
    night = staged()
    sensing_s = time.perf_counter() - began
    pictures, looks, shown = [], [], []
    for _ in range(RUNS):
        began = time.perf_counter()
        exercise = WatchExercise(scenario, record=True, given=night)
        pictures.append(time.perf_counter() - began)
        began = time.perf_counter()
        play_watch(exercise, watch_policy("rule-book", scenario, rule_text=RULES), seed=0)
        looks.append(time.perf_counter() - began)
        shown.append(exercise.look().tracks.height)
    both = [one + other for one, other in zip(pictures, looks, strict=True)]
    return {
        "tracks_at_the_end": shown[-1], "detections": night.detections.height,
        "decisions": exercise.recording().decisions.height, "sensing_s": sensing_s,
        "picture_s": min(pictures), "looks_s": min(looks), "times_real": HOUR_S / min(both),
        "times_real_median": HOUR_S / statistics.median(both),
        "times_real_with_sensing": HOUR_S / (min(both) + sensing_s),
    }  # fmt: skip


def tell(found: dict[str, Any]) -> None:
    """Print what was measured."""
    for name, value in found.items():
        print(f"{name:26} {value:,.2f}" if isinstance(value, float) else f"{name:26} {value:,}")
