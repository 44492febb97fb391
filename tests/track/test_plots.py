"""Detections to plots: where a plot lies and how sure that is, against draws from the sensor's own law."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import polars as pl
import pytest

from hotwash.geo.frames import aer2geodetic
from hotwash.model import schema, tables
from hotwash.track import plots
from hotwash.track.projection import Plane, geodetic2plane

START = datetime(2026, 1, 1, tzinfo=UTC)
PLANE = Plane(52.0, 21.0)
DRAWS = 200_000
FIVE_PERCENT = 0.05
ONE_METRE = 1.0


def radar(**more: object) -> pl.DataFrame:
    row = {"sensor_id": "R", "kind": "primary_radar", "lat_deg": 52.0, "lon_deg": 21.0, "height_hae_m": 150.0}
    return schema.frame(tables.SENSORS, [row | more])


def plot(**more: object) -> pl.DataFrame:
    return schema.frame(tables.DETECTIONS, [{"detection_id": 1, "sensor_id": "R", "time_utc": START} | more])


def placed(
    detections: pl.DataFrame, sensors: pl.DataFrame | None = None, assume: tuple[float, float] | None = None
) -> plots.Placed:
    known = radar() if sensors is None else sensors
    names = {name: n for n, name in enumerate(detections["ident"].drop_nulls().to_list())}
    return plots.place_detections(detections, known, PLANE, epoch_us=0, names=names, assume_height_m=assume)


def covariance(found: plots.Placed) -> np.ndarray:
    xx, xy, yy = found.place[0, 2:]
    return np.array([[xx, xy], [xy, yy]])


def drawn(
    range_m: float, azimuth_deg: float, elevation_deg: np.ndarray | float, sigma_m: float, sigma_deg: float
) -> np.ndarray:
    """Return places (n, 2) in the plane of targets that may have given this measurement."""
    rng = np.random.default_rng(7)
    ranges = range_m + sigma_m * rng.standard_normal(DRAWS)
    azimuths = azimuth_deg + sigma_deg * rng.standard_normal(DRAWS)
    lat, lon, _ = aer2geodetic(azimuths, elevation_deg, ranges, 52.0, 21.0, 150.0)
    return np.stack(geodetic2plane(lat, lon, PLANE), axis=1)


LAWS = {
    "near and sharp": (8_000.0, 30.0, 20.0, 0.1),
    "far and broad": (300_000.0, 200.0, 100.0, 0.5),
    "an azimuth of two degrees": (60_000.0, 315.0, 50.0, 2.0),
}


@pytest.mark.parametrize("law", LAWS)
def test_a_polar_plot_is_as_sure_as_draws_from_its_sensor(law: str):
    range_m, azimuth_deg, sigma_m, sigma_deg = LAWS[law]
    found = placed(
        plot(range_m=range_m, azimuth_deg=azimuth_deg, elevation_deg=1.0, sigma_range_m=sigma_m,
             sigma_azimuth_deg=sigma_deg, sigma_elevation_deg=0.01)
    )  # fmt: skip
    truth = drawn(range_m, azimuth_deg, 1.0, sigma_m, sigma_deg)
    wide = np.sqrt(np.trace(np.cov(truth.T)))
    assert np.hypot(*(found.place[0, :2] - truth.mean(axis=0))) < 0.02 * wide + ONE_METRE
    across = np.linalg.inv(np.linalg.cholesky(np.cov(truth.T)))
    assert np.allclose(across @ covariance(found) @ across.T, np.eye(2), atol=FIVE_PERCENT)


def test_an_elevation_that_is_unsure_makes_the_ground_range_unsure():
    rng = np.random.default_rng(8)
    truth = drawn(40_000.0, 90.0, 20.0 + 1.0 * rng.standard_normal(DRAWS), 30.0, 0.2)
    found = placed(
        plot(range_m=40_000.0, azimuth_deg=90.0, elevation_deg=20.0, sigma_range_m=30.0, sigma_azimuth_deg=0.2,
             sigma_elevation_deg=1.0)
    )  # fmt: skip
    assert covariance(found)[0, 0] == pytest.approx(float(np.cov(truth.T)[0, 0]), rel=FIVE_PERCENT)


def test_a_plot_without_height_lies_at_the_height_of_the_sensor():
    found = placed(plot(range_m=40_000.0, azimuth_deg=0.0))
    # The way along the ground is as long as the slant range, but for 150 m of 6,371 km (0.9 m), and for what azimuths
    # 0.5 degrees to either side take off their mean (1.5 m).
    assert found.place[0, 1] == pytest.approx(40_000.0 - 0.9 - 1.5, abs=ONE_METRE)
    assert np.isnan(found.height).all()


def test_a_stated_height_shortens_the_ground_range():
    found = placed(plot(range_m=20_000.0, azimuth_deg=90.0, height_hae_m=10_150.0, sigma_height_m=30.0))
    assert found.place[0, 0] == pytest.approx(np.sqrt(20_000.0**2 - 10_000.0**2), rel=1.0e-3)
    assert found.height[0].tolist() == [10_150.0, 900.0]


def test_an_assumed_height_shortens_the_ground_range_and_adds_what_it_leaves_open():
    plain = placed(plot(range_m=20_000.0, azimuth_deg=90.0, sigma_range_m=10.0))
    assumed = placed(plot(range_m=20_000.0, azimuth_deg=90.0, sigma_range_m=10.0), assume=(0.0, 12_000.0))
    near, far = (np.sqrt(20_000.0**2 - (h - 150.0) ** 2) for h in (12_000.0, 0.0))
    assert assumed.place[0, 0] < plain.place[0, 0]
    assert covariance(assumed)[0, 0] == pytest.approx((far - near) ** 2 / 12.0, rel=FIVE_PERCENT)
    assert covariance(assumed)[1, 1] < covariance(plain)[1, 1]  # nearer, and so less wide in azimuth
    assert np.isnan(assumed.height).all()


def test_an_elevation_gives_a_height_above_the_ellipsoid():
    _, _, height_m = aer2geodetic(10.0, 5.0, 30_000.0, 52.0, 21.0, 150.0)
    found = placed(plot(range_m=30_000.0, azimuth_deg=10.0, elevation_deg=5.0, sigma_elevation_deg=0.2))
    assert found.height[0, 0] == pytest.approx(float(height_m), abs=2.0 * ONE_METRE)
    assert np.sqrt(found.height[0, 1]) == pytest.approx(30_000.0 * np.radians(0.2), rel=FIVE_PERCENT)


def test_a_position_keeps_its_sigma_on_both_axes():
    found = placed(plot(lat_deg=52.5, lon_deg=21.5, sigma_horizontal_m=40.0))
    assert np.sqrt(np.diag(covariance(found))) == pytest.approx([40.0, 40.0], rel=1.0e-3)
    assert found.place[0, 3] == 0.0


def test_a_sigma_of_nothing_binds_no_track_for_ever():
    found = placed(plot(range_m=5_000.0, azimuth_deg=0.0, sigma_range_m=0.0, sigma_azimuth_deg=0.0))
    assert np.linalg.eigvalsh(covariance(found)).min() >= 0.99 * plots.LEAST_SIGMA_M**2


def test_what_gives_no_place_is_not_used():
    no_place = radar(lat_deg=None, lon_deg=None)
    assert not placed(plot(range_m=10.0)).is_used[0]
    assert not placed(plot(range_m=10.0, azimuth_deg=10.0), no_place).is_used[0]
    assert placed(plot(lat_deg=52.0, lon_deg=21.0), no_place).is_used[0]


def test_a_plot_that_repeats_another_is_found_and_one_that_differs_in_anything_is_not():
    same = {"range_m": 10_000.0, "azimuth_deg": 10.0, "elevation_deg": 1.0}
    rows = pl.concat(
        [
            plot(**same),
            plot(**same).with_columns(detection_id=pl.lit(2, pl.Int64)),
            plot(**same, ident="ABC"),
            plot(**same | {"range_m": 10_001.0}),
            plot(**same, height_hae_m=500.0),
        ]
    )
    assert plots.find_duplicates(placed(rows)).tolist() == [False, True, False, False, False]
