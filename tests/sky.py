"""What the tests of the tracking room share: radars, traffic, and how good the tracks are."""

from __future__ import annotations

import numpy as np
import polars as pl
from air import START, dice, sensor

from hotwash.air import interpolation, paths
from hotwash.geo import geodesy
from hotwash.model import schema
from hotwash.score import picture_quality
from hotwash.score.picture_quality import PictureQuality

AIRLINERS = (180.0, 240.0)


def radar(**given: object) -> pl.DataFrame:
    """SENSORS of one radar as in the field: one look in ten misses, 20 false plots a scan."""
    usual = {"detection_probability": 0.9, "false_per_scan": 20.0, "height_hae_m": 0.0, "max_range_m": 50_000.0}
    return sensor(**(usual | given))


def two_radars(*, clock_s: float = 0.0, **given: object) -> pl.DataFrame:
    """SENSORS of radars A and B, 27 km apart; B's clock may be off."""
    own: dict[str, object] = {"max_range_m": 60_000.0} | given
    return pl.concat([radar(sensor_id="A", **own), radar(sensor_id="B", lon_deg=21.4, clock_offset_s=clock_s, **own)])


def silent(sensors: pl.DataFrame) -> pl.DataFrame:
    """The same sensors, not saying what their clocks do."""
    return sensors.with_columns(clock_offset_s=pl.lit(None, dtype=schema.F64))


def traffic(seed: int, *, many: int = 8, speeds: tuple[float, float] = AIRLINERS) -> pl.DataFrame:
    """TRUTH of objects that turn now and then within 30 km of a point between the two radars, for 400 s."""
    rng, flown = dice(seed), []
    for n in range(many):
        lat, lon = geodesy.direct(52.0, 21.2, 360.0 * rng.random(), 30e3 * np.sqrt(rng.random()))
        speed = float(rng.uniform(*speeds))
        legs = [(100.0, speed, float(rate), 0.0) for rate in rng.choice([0.0, 0.0, 1.0, -1.0], 4)]
        flown.append(
            paths.fly_legs(
                legs, object_id=f"o{n}", lat0_deg=float(lat), lon0_deg=float(lon), height0_hae_m=2_000.0,
                course0_deg=360.0 * rng.random(), start_utc=START,
            )
        )  # fmt: skip
    return pl.concat(flown)


def measured(tracks: pl.DataFrame, truth: pl.DataFrame) -> PictureQuality:
    """How good tracks are, at their own times."""
    times = picture_quality.times_of(tracks, truth)
    return picture_quality.measure_picture(tracks, interpolation.truth_at(truth, times), times)


def lasting(tracks: pl.DataFrame, *, rows: int = 10) -> set[int]:
    """Numbers of the tracks that an operator would see for so many scans."""
    lives = picture_quality.operator_rows(tracks).group_by("track_id").len()
    return set(lives.filter(pl.col("len") >= rows)["track_id"])
