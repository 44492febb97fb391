"""Print how often stated 90 % intervals of entry and depth hold, from radar plots to breaches: a Markdown table.

    python scripts/measure_breaches.py [RUNS]

Each run draws the true line about the drawn one, the radar's range and azimuth bias and its clock, all from the laws
that are stated to `breaches`; then a drone crosses, turns and leaves, a radar sees it amid clutter, the tracker makes
tracks of that in hindsight, and their stays are held against the truth. Seeds are 0, 1, 2 ...
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import numpy as np
import polars as pl
import shapely

from hotwash.air.paths import Leg, fly_legs
from hotwash.air.sensing import sense
from hotwash.air.sensor_models import Senses
from hotwash.breach.survey import survey
from hotwash.geo import geodesy
from hotwash.model import schema, tables
from hotwash.track.tracking import track_forensic

START = datetime(2026, 1, 1, tzinfo=UTC)
LINE_M, RANGE_M, AZIMUTH_DEG, CLOCK_S = 100.0, 50.0, 0.05, 0.5  # one sigma of each common error
EDGE_LAT = 52.0  # the zone is what lies north of it
RUNS = 400
INSIDE_90 = 1.6449

ZONES = schema.frame(
    tables.ZONES,
    [
        {
            "zone_id": "N", "name": "north", "kind": "land_border", "line_sigma_m": LINE_M, "source": "drawn",
            "floor_ref": "AGL", "ceiling_ref": "UNL",
            "geometry": shapely.to_wkb(shapely.box(20.0, EDGE_LAT, 22.0, 54.0)),
        }
    ],
)  # fmt: skip
SENSORS = schema.frame(
    tables.SENSORS,
    [
        {
            "sensor_id": "R", "kind": "primary_radar", "lat_deg": 51.9, "lon_deg": 20.9, "height_hae_m": 100.0,
            "max_range_m": 40_000.0, "scan_period_s": 4.0, "detection_probability": 0.9, "false_per_scan": 10.0,
        }
    ],
)  # fmt: skip


def one_run(seed: int) -> tuple[float, float] | None:
    """Return how far entry and depth are off, in units of the sigmas stated; None when there is not just one stay."""
    rng = np.random.default_rng(seed)
    legs = [Leg(100.0, 45.0, 0.0, 0.0), Leg(60.0, 45.0, float(rng.uniform(2.5, 3.5)), 0.0), Leg(120.0, 45.0, 0.0, 0.0)]
    truth = fly_legs(
        legs, object_id="D", lat0_deg=51.985, lon0_deg=21.0, height0_hae_m=400.0,
        course0_deg=float(rng.uniform(-30.0, 30.0)), start_utc=START,
    )  # fmt: skip
    shift_m, clock_s = rng.normal(0.0, LINE_M), rng.normal(0.0, CLOCK_S)
    senses = Senses(
        sigma_range_m=50.0, sigma_azimuth_deg=0.15, range_bias_m=rng.normal(0.0, RANGE_M),
        azimuth_bias_deg=rng.normal(0.0, AZIMUTH_DEG),
    )  # fmt: skip
    off = SENSORS.with_columns(clock_offset_s=pl.lit(clock_s))
    detections = sense(truth, off, rng=rng, senses={"R": senses})
    tracks = track_forensic(detections, SENSORS).tracks
    near = tracks.group_by("track_id").len().filter(pl.col("len") > 40)["track_id"]
    found = survey(
        tracks.filter(pl.col("track_id").is_in(near.implode())), ZONES, rng=rng, detections=detections, sensors=SENSORS,
        sigma_range_m=RANGE_M, sigma_azimuth_deg=AZIMUTH_DEG, sigma_clock_s=CLOCK_S,
    ).breaches.filter(answer="inside")  # fmt: skip
    if found.height != 1 or found["enter_utc"].item() is None:
        return None
    north_m = geodesy.distance_m(EDGE_LAT, 21.0, truth["lat_deg"].to_numpy(), 21.0)
    north_m = np.where(truth["lat_deg"].to_numpy() < EDGE_LAT, -north_m, north_m) - shift_m
    at_s = (truth["time_utc"] - START).dt.total_microseconds().to_numpy() / 1e6
    first = int(np.argmax(north_m > 0.0))
    enter_s = at_s[first - 1] - north_m[first - 1] * (at_s[first] - at_s[first - 1]) / (
        north_m[first] - north_m[first - 1]
    )
    told_s = (found["enter_utc"].item() - START).total_seconds()
    return (
        (told_s - enter_s) / found["enter_sigma_s"].item(),
        (found["depth_m"].item() - north_m.max()) / found["depth_sigma_m"].item(),
    )


def main(runs: int) -> None:
    """Print the table."""
    done = [one for seed in range(runs) if (one := one_run(seed)) is not None]
    off = np.array(done)
    held = (np.abs(off) <= INSIDE_90).mean(axis=0)
    print("| runs | of one stay | entry inside 90 % | depth inside 90 % | mean off, in sigmas | spread, in sigmas |")
    print("| --- | --- | --- | --- | --- | --- |")
    mean, spread = off.mean(axis=0), off.std(axis=0)
    print(
        f"| {runs} | {len(done)} | {100 * held[0]:.0f} % | {100 * held[1]:.0f} % | {mean[0]:+.2f}, {mean[1]:+.2f} "
        f"| {spread[0]:.2f}, {spread[1]:.2f} |"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS)
