"""Print how honest and how good the tracks are, as the tables of docs/accuracy.md.

    uv run python scripts/measure_tracking.py

Truth is simulated with the seeds below; rows of the benchmark's scenarios and of real flights appear only where
../shared is beside the project. Some two minutes on one core.
"""

from __future__ import annotations

import csv
import gzip
import importlib.util
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

import numpy as np
import polars as pl
from scipy.signal import savgol_filter
from scipy.stats import chi2

from hotwash.air import interpolation, paths
from hotwash.air.sensing import sense
from hotwash.air.sensor_models import Senses
from hotwash.geo import geodesy
from hotwash.geo.frames import FloatArray
from hotwash.model import schema, tables
from hotwash.score import picture_quality
from hotwash.score.picture_quality import PictureQuality
from hotwash.track import models
from hotwash.track.arrays import Bank
from hotwash.track.projection import Plane, geodetic2plane, plane2geodetic
from hotwash.track.tracker import Tracker
from hotwash.track.tracking import track_causal

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))
cases = importlib.import_module("cases")  # the hard cases that the tests fly
START = datetime(2026, 3, 12, 20, tzinfo=UTC)
LAT0, LON0 = 52.0, 21.0
PLANE = Plane(LAT0, LON0)
PERIOD_S, SCANS = 4.0, 100
FEET_M = 0.3048
OWN_SEEDS, CASE_SEEDS, SIZES = range(1, 201), range(1, 41), {"S": range(1, 6), "M": range(1, 3)}
EDGES = (0.005, 0.995)


def main() -> None:
    print("**The filter's own motion** (chi-square bounds at 99 %)\n")
    print(table(("motion", "runs", "NEES / n", "bounds", "NIS / n", "bounds"), own_motion()))
    print("\n**Other motion**\n")
    heads = ("motion", "GOSPA m", "placed m", "missed", "false", "switches", "NEES / n", "50 %", "90 %", "95 %")
    print(table(heads, [*hovering(), *bench(), *flights()]))


def table(heads: Sequence[str], rows: Iterator[Sequence[str]] | Sequence[Sequence[str]]) -> str:
    lines: list[Sequence[str]] = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def radar(lat_deg: float, lon_deg: float, *, false_per_scan: float = 20.0) -> pl.DataFrame:
    row = {
        "sensor_id": "R", "kind": "primary_radar", "lat_deg": lat_deg, "lon_deg": lon_deg, "height_hae_m": 0.0,
        "max_range_m": 50_000.0, "scan_period_s": PERIOD_S, "detection_probability": 0.9,
        "false_per_scan": false_per_scan,
    }  # fmt: skip
    return schema.frame(tables.SENSORS, [row])


# ---------------------------------------------------------------- (a) the filter's own motion


def own_motion() -> Iterator[Sequence[str]]:
    """Yield rows: one object that moves as the filter believes, one radar, no clutter."""
    for name, bank in (
        ("straight, and a filter of that alone", straight()),
        ("all four models, as the filter believes", models.bank()),
    ):
        with patch.object(models, "bank", lambda bank=bank: bank):
            found = [one_run(bank, seed) for seed in OWN_SEEDS]
        errors = np.array([one[0] for one in found if one is not None])
        innovations = np.concatenate([one[1] for one in found if one is not None])
        yield (name, str(errors.size), *against(errors, 4), *against(innovations, 2))


def straight() -> Bank:
    own = models.bank()
    only = np.array([1.0 - 3.0e-9, 1.0e-9, 1.0e-9, 1.0e-9])  # the mixing divides by these
    return Bank(own.motion, only, only)


def against(squares: FloatArray, dimensions: int) -> tuple[str, str]:
    """Return the mean of squared normalised errors a dimension, and where it should lie."""
    freedom = squares.size * dimensions
    low, high = chi2.ppf(EDGES, freedom) / freedom
    return f"{squares.mean() / dimensions:.3f}", f"{low:.3f} to {high:.3f}"


def one_run(bank: Bank, seed: int) -> tuple[float, FloatArray] | None:
    """Return the squared normalised error of position and velocity at the end, and those of the innovations."""
    rng = np.random.default_rng(seed)
    states = drawn(bank, rng)
    lat, lon = plane2geodetic(states[:, 0], states[:, 1], PLANE)
    times = pl.Series(np.rint(np.arange(SCANS) * PERIOD_S * 1e6).astype(np.int64)).cast(pl.Duration("us")) + START
    truth = pl.DataFrame({"object_id": "a", "time_utc": times.cast(schema.UTC), "lat_deg": lat, "lon_deg": lon})
    sensors = radar(LAT0, LON0, false_per_scan=0.0)
    real_truth = schema.conform(truth.with_columns(height_hae_m=pl.lit(500.0)), tables.TRUTH)
    detections = sense(real_truth, sensors, rng=rng, senses={"R": Senses(is_3d=True)})
    tracker = Tracker(sensors, traced=1)
    chunks = tracker.step(detections)
    if not chunks or not tracker.near_d2.size:
        return None
    whole, real = np.concatenate(chunks[0].whole), np.concatenate(chunks[0].real)
    mine = np.flatnonzero(whole[:, 1] == 1)
    last = real[mine[-1]]
    error = states[round(chunks[0].look_us[whole[mine[-1], 0]] / 1e6 - START.timestamp()) // int(PERIOD_S)] - last[:4]
    _, first = np.unique(tracker.near[:, 0], return_index=True)
    return float(error @ np.linalg.solve(covariance(last), error)), tracker.near_d2[first][10:]


def covariance(gauss: FloatArray) -> FloatArray:
    xx, xy, yy, xu, xv, yu, yv, uu, uv, vv = gauss[4:14]
    return np.array([[xx, xy, xu, xv], [xy, yy, yu, yv], [xu, yu, uu, uv], [xv, yv, uv, vv]])


def drawn(bank: Bank, rng: np.random.Generator) -> FloatArray:
    """Return states x, y, u, v at each scan of one object that follows the bank's models and changes between them."""
    speed, course = rng.normal(0.0, models.SLOW_START_MPS, 2), rng.uniform(0.0, 2.0 * np.pi)
    state = np.array([20e3 * np.sin(course), 20e3 * np.cos(course), *speed])
    model, out = int(rng.choice(4, p=bank.start)), [state]
    stay = np.exp(-PERIOD_S / models.CALM_S)
    for _ in range(SCANS - 1):
        change = stay * np.eye(4)[model] + (1.0 - stay) * bank.change
        model = int(rng.choice(4, p=change))
        moved, noise = step_of(bank.motion[model])
        state = moved @ state + np.linalg.cholesky(noise) @ rng.standard_normal(4)
        out.append(state)
    return np.array(out)


def step_of(motion: FloatArray, *, parts: int = 400) -> tuple[FloatArray, FloatArray]:
    """Return transition and noise of one period, by integrating the model's equation of motion in small steps."""
    rate, memory, noise = motion
    density = noise if memory == 0.0 else 2.0 * noise**2 / memory
    fade = 0.0 if memory == 0.0 else 1.0 / memory
    slope = np.array([[0, 0, 1, 0], [0, 0, 0, 1], [0, 0, -fade, -rate], [0, 0, rate, -fade]], dtype=np.float64)
    dt = PERIOD_S / parts
    small = np.eye(4) + slope * dt + slope @ slope * dt * dt / 2.0
    moved, spread = np.eye(4), 1.0e-9 * np.eye(4)
    for _ in range(parts):
        moved = small @ moved
        spread = small @ spread @ small.T + np.diag([0.0, 0.0, density * dt, density * dt])
    return moved, spread


# ---------------------------------------------------------------- (b), (c) other motion, and real flights


def measured(name: str, found: Sequence[PictureQuality]) -> Sequence[str]:
    """Return a row of means; switches are those of all runs together."""

    def mean(measure: Callable[[PictureQuality], float | None]) -> float:
        return float(np.mean([value for one in found if (value := measure(one)) is not None] or [np.nan]))

    return (
        name, f"{mean(lambda p: p.gospa_m):.0f}", f"{mean(lambda p: p.localisation_m):.0f}",
        f"{mean(lambda p: p.missed):.2f}", f"{mean(lambda p: p.false):.2f}", str(sum(one.switches for one in found)),
        f"{mean(lambda p: p.nees_per_dimension):.2f}", f"{100 * mean(lambda p: p.cover_50):.0f} %",
        f"{100 * mean(lambda p: p.cover_90):.0f} %", f"{100 * mean(lambda p: p.cover_95):.0f} %",
    )  # fmt: skip


def run(truth: pl.DataFrame, sensors: pl.DataFrame, seed: int) -> PictureQuality:
    detections = sense(truth, sensors, rng=np.random.default_rng(seed), senses={"R": Senses(is_3d=True)})
    tracks = track_causal(detections, sensors).tracks
    times = picture_quality.times_of(tracks, truth)
    return picture_quality.measure_picture(tracks, interpolation.truth_at(truth, times), times)


def hovering() -> Iterator[Sequence[str]]:
    at = cases.Setting(LAT0 + 0.15, LON0, START, speed_mps=12.0)
    stops = cases.hovering(at)
    sensors = radar(LAT0, LON0)
    yield measured("multirotor, 12 m/s, hovers for 2 min and goes on", [run(stops, sensors, n) for n in CASE_SEEDS])
    legs = [(120.0, 50.0, 0.0, 0.0), (60.0, 50.0, 3.0, 0.0), (120.0, 50.0, 0.0, 0.0), (45.0, 50.0, -2.0, 0.0)]
    bends = paths.fly_legs(
        legs, object_id="a", lat0_deg=LAT0 + 0.1, lon0_deg=LON0, height0_hae_m=500.0, course0_deg=60.0, start_utc=START
    )
    yield measured("fixed wing, 50 m/s, turns at 3 and 2 deg/s", [run(bends, sensors, n) for n in CASE_SEEDS])


def bench() -> Iterator[Sequence[str]]:
    place = shared("bench/tracking")
    if place is None:
        return
    generator, to_tables = (loaded(place / f"{name}.py") for name in ("scenario_gen", "to_tables"))
    for size, seeds in SIZES.items():
        found = []
        for seed in seeds:
            detections, sensors, truth = to_tables.to_tables(generator.generate(size, seed))
            real = schema.conform(truth.with_columns(pl.col("object_id").cast(pl.String)), tables.TRUTH)
            tracks = track_causal(full(detections, tables.DETECTIONS), full(sensors, tables.SENSORS)).tracks
            found.append(picture_quality.measure_picture(tracks, real, picture_quality.times_of(tracks, real)))
        yield measured(f"benchmark {size}, seeds {min(seeds)} to {max(seeds)}", found)


def full(frame: pl.DataFrame, declared: schema.Table) -> pl.DataFrame:
    return schema.conform(frame.cast({name: declared.schema[name] for name in frame.columns}), declared)


def flights() -> Iterator[Sequence[str]]:
    place = shared("data/recordings")
    if place is None:
        return
    for name, truth in (
        ("real helicopter (adsb_rega_zh)", adsb(place / "adsb_rega_zh.json.gz")),
        ("real calibration flight (adsb_munich), smoothed", adsb(place / "adsb_munich.json.gz", is_smoothed=True)),
        (
            "real calibration flight (adsb_london_gatwick), smoothed",
            adsb(place / "adsb_london_gatwick.json.gz", is_smoothed=True),
        ),
        ("real UAV (uav_gps_1hz)", uav(place / "uav_gps_1hz.csv")),
    ):
        lat, lon = geodesy.direct(truth["lat_deg"].median(), truth["lon_deg"].median(), 180.0, 15_000.0)
        sensors = radar(float(lat), float(lon))
        yield measured(f"{name}, radar 15 km south", [run(truth, sensors, n) for n in range(1, 6)])


def adsb(path: Path, *, is_smoothed: bool = False) -> pl.DataFrame:
    """Return TRUTH of one recorded flight.

    is_smoothed   whether its way is smoothed by a running cubic of 55 s: where a recording was cut to every fifth
                  second, positions are up to seconds older than the time beside them, and speeds jump from row to row
    """
    with gzip.open(path) as file:
        whole = json.load(file)
    rows = pl.DataFrame(whole, infer_schema_length=None)
    found = rows.select(
        object_id=pl.col("icao24"), time_utc=(pl.col("timestamp").cast(pl.Int64) * 1_000).cast(schema.UTC),
        lat_deg=pl.col("latitude").cast(pl.Float64), lon_deg=pl.col("longitude").cast(pl.Float64),
        height_hae_m=pl.col("altitude").cast(pl.Float64).fill_null(strategy="forward") * FEET_M,
    )  # fmt: skip
    truth = found.drop_nulls().unique("time_utc").sort("time_utc")
    if is_smoothed:
        plane = Plane(truth["lat_deg"][0], truth["lon_deg"][0])
        way = np.stack(geodetic2plane(truth["lat_deg"].to_numpy(), truth["lon_deg"].to_numpy(), plane))
        lat, lon = plane2geodetic(*savgol_filter(way, 11, 3, axis=1), plane)
        truth = truth.with_columns(lat_deg=pl.Series(lat), lon_deg=pl.Series(lon))
    return schema.conform(truth, tables.TRUTH)


def uav(path: Path) -> pl.DataFrame:
    with path.open() as file:
        rows = list(csv.DictReader(file))
    found = [
        {
            "object_id": "uav",
            "time_utc": datetime.fromisoformat(row["time"]).replace(tzinfo=UTC),
            "lat_deg": float(row["latitude"]),
            "lon_deg": float(row["longitude"]),
            "height_hae_m": float(row["altitude (m)"]),
        }
        for row in rows
    ]
    return schema.frame(tables.TRUTH, found).unique("time_utc").sort("time_utc")


def shared(part: str) -> Path | None:
    places = (top / "shared" / part for top in (ROOT.parent, ROOT.parents[1]))
    return next((place for place in places if place.is_dir()), None)


def loaded(path: Path):  # type: ignore[no-untyped-def]
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise ImportError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main()
