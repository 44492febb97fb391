"""Print how often stated 90 % intervals of crossings and airframes hold in four laws of clutter: a Markdown table.

    python scripts/measure_counts.py [--seeds FROM TO] [--laws uniform hot_spots ...]

Each run draws two to six drones, some of which come back a second time, a line about the drawn one, and the clutter of
two radars that state its true mean; the tracker makes tracks of their plots in hindsight, and the counts of `breaches`
are held against the truth. Some two seconds a run on one core.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import numpy as np
import polars as pl
import shapely

from hotwash.air.paths import Leg, fly_legs
from hotwash.air.sensing import sense
from hotwash.air.sensor_models import CLUTTER_LAWS, ClutterLaw, Senses
from hotwash.breach.counts import counts
from hotwash.breach.survey import survey
from hotwash.geo import geodesy
from hotwash.model import schema, tables
from hotwash.track.tracking import track_forensic

START = datetime(2026, 1, 1, tzinfo=UTC)
LINE_M = 100.0
EDGE_LAT = 52.0  # the zone is what lies north of it
LASTS_S, PERIOD_S, FALSE_PER_SCAN = 1_200.0, 4.0, 30.0
MERGE_S = 60.0
SEEDS = (1_000, 1_100)

ZONES = schema.frame(
    tables.ZONES,
    [
        {
            "zone_id": "N", "name": "north", "kind": "land_border", "line_sigma_m": LINE_M, "source": "drawn",
            "floor_ref": "AGL", "ceiling_ref": "UNL",
            "geometry": shapely.to_wkb(shapely.box(19.0, EDGE_LAT, 24.0, 54.0)),
        }
    ],
)  # fmt: skip
SENSORS = schema.frame(
    tables.SENSORS,
    [
        {
            "sensor_id": name, "kind": "primary_radar", "lat_deg": lat, "lon_deg": lon, "height_hae_m": 100.0,
            "max_range_m": 50_000.0, "scan_period_s": PERIOD_S, "detection_probability": 0.9,
            "false_per_scan": FALSE_PER_SCAN, "clock_offset_s": 0.0,
        }
        for name, lat, lon in (("A", 52.05, 20.9), ("B", 51.95, 21.4))
    ],
)  # fmt: skip
# What each law moves: a third into five spots whose rates change from scan to scan, all of it into bursts over the
# disc, half of it into showers of 5 km that pass.
LAWS: dict[ClutterLaw, Senses] = {
    "uniform": Senses(),
    "hot_spots": Senses(clutter_law="hot_spots", clutter_share=0.35, clutter_spots=5, clutter_spot_m=1_500.0),
    "gamma_bursts": Senses(clutter_law="gamma_bursts", clutter_share=1.0, clutter_shape=1.0),
    "moving_weather": Senses(
        clutter_law="moving_weather", clutter_share=0.5, clutter_spots=2, clutter_spot_m=5_000.0, clutter_shape=3.0
    ),
}


class Counted(NamedTuple):
    """One run: for crossings and airframes the truth, whether the interval held it, and the mean stated."""

    true: tuple[int, int]
    held: tuple[bool, bool]
    mean: tuple[float, float]


def fly(rng: np.random.Generator) -> pl.DataFrame:
    """Return TRUTH of the drones: each comes from the south, and flies on, turns back, or comes in twice."""
    ways = []
    for number in range(int(rng.integers(2, 7))):
        speed, turn = float(rng.uniform(30.0, 60.0)), float(rng.choice([-1.0, 1.0]) * rng.uniform(1.5, 3.0))
        half = 180.0 / abs(turn)
        legs = [Leg(float(rng.uniform(120.0, 260.0)), speed, 0.0, 0.0)]
        for _ in range(int(rng.integers(0, 4))):
            legs += [Leg(half, speed, turn, 0.0), Leg(float(rng.uniform(120.0, 240.0)), speed, 0.0, 0.0)]
        ways.append(
            fly_legs(
                legs, object_id=f"D{number}", lat0_deg=EDGE_LAT - float(rng.uniform(0.02, 0.1)),
                lon0_deg=float(rng.uniform(20.7, 21.6)), height0_hae_m=400.0,
                course0_deg=float(rng.uniform(-40.0, 40.0)),
                start_utc=START + timedelta(seconds=float(rng.uniform(0.0, 400.0))),
            )
        )  # fmt: skip
    end_utc = START + timedelta(seconds=LASTS_S)
    return pl.concat(ways).filter(pl.col("time_utc") <= end_utc).sort("time_utc", "object_id")


def true_counts(truth: pl.DataFrame, shift_m: float) -> tuple[int, int]:
    """Return the true stays north of the true line and the drones that had one; a short or shallow way out is none."""
    crossings = airframes = 0
    for _, own in truth.group_by("object_id"):
        lat, at = own["lat_deg"].to_numpy(), (own["time_utc"] - START).dt.total_microseconds().to_numpy() / 1e6
        far_m = geodesy.distance_m(EDGE_LAT, 21.0, lat, 21.0)
        north_m = np.where(lat < EDGE_LAT, -far_m, far_m) - shift_m
        stays, left_s, out_m, was_in = 0, -np.inf, np.inf, False
        for here_m, now_s in zip(north_m, at, strict=True):
            if here_m > 0.0 and not was_in:
                stays += not (now_s - left_s < MERGE_S or out_m < LINE_M)
                out_m = 0.0
            elif here_m <= 0.0:
                left_s = now_s if was_in else left_s
                out_m = max(0.0 if was_in else out_m, -here_m)
            was_in = bool(here_m > 0.0)
        crossings += stays
        airframes += stays > 0
    return crossings, airframes


def one_run(law: ClutterLaw, seed: int) -> Counted:
    rng = np.random.default_rng([seed, CLUTTER_LAWS.index(law)])
    truth, shift_m = fly(rng), float(rng.normal(0.0, LINE_M))
    detections = sense(
        truth, SENSORS, rng=rng, senses=dict.fromkeys(("A", "B"), LAWS[law]), start_utc=START,
        end_utc=START + timedelta(seconds=LASTS_S),
    )  # fmt: skip
    tracks = track_forensic(detections, SENSORS).tracks
    found = counts(survey(tracks, ZONES, rng=rng, detections=detections, sensors=SENSORS))
    true = true_counts(truth, shift_m)
    ours = {one.unit: one for one in found if not one.is_unidentified_only}
    pair = (ours["crossings"], ours["airframes"])
    held = tuple(one.low_90 <= number <= one.high_90 for one, number in zip(pair, true, strict=True))
    return Counted(true, (held[0], held[1]), (pair[0].mean, pair[1].mean))


def row(law: ClutterLaw, seeds: Sequence[int]) -> str:
    done = [one_run(law, seed) for seed in seeds]
    held = np.array([one.held for one in done]).mean(axis=0)
    true, mean = (np.array([getattr(one, name) for one in done], dtype=np.float64) for name in ("true", "mean"))
    over, error = (mean - true).mean(axis=0), (mean - true).std(axis=0) / np.sqrt(len(done))
    return (
        f"| {law.replace('_', ' ')} | {len(done)} | {true[:, 0].mean():.2f}, {true[:, 1].mean():.2f} "
        f"| {held[0]:.2f}, {held[1]:.2f} | {over[0]:+.2f} ± {error[0]:.2f}, {over[1]:+.2f} ± {error[1]:.2f} |"
    )


def main() -> None:
    """Print the table."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("--seeds", nargs=2, type=int, default=SEEDS, metavar=("FROM", "TO"), help="TO is left out")
    asked.add_argument("--laws", nargs="+", choices=CLUTTER_LAWS, default=list(CLUTTER_LAWS))
    given = asked.parse_args()
    print("| clutter | runs | true crossings, airframes | 90 % interval holds | mean excess |")
    print("| --- | --- | --- | --- | --- |")
    for law in given.laws:
        print(row(law, range(*given.seeds)), flush=True)


if __name__ == "__main__":
    main()
