"""What the simulator reports, held against the laws that it states: geometry, detection, clutter, clock, horizon."""

from __future__ import annotations

from math import sqrt

import numpy as np
import polars as pl
import pytest
from air import LAT0, LON0, START, after, dice, flight, sensor, standing
from hypothesis import given, settings
from hypothesis import strategies as st

from hotwash.air import horizon, interpolation, paths
from hotwash.air.sensing import sense
from hotwash.air.sensor_models import CLUTTER_LAWS, DEFAULTS, Sector, Senses
from hotwash.errors import TableError
from hotwash.geo import frames
from hotwash.model import tables, words
from hotwash.model.schema import drift

ONE_MILLIMETRE = 1e-3
ONE_HUNDREDTH_DEG = 0.01
EXACT = Senses(
    sigma_range_m=0.0, sigma_azimuth_deg=0.0, sigma_elevation_deg=0.0, sigma_radial_speed_mps=0.0, is_3d=True
)
FOUR_SIGMA = 4.0  # a true law fails this once in 16,000 fixed seeds
LONG_S = 40_000.0  # 10,001 scans


def spread(found: pl.Series) -> tuple[float, float]:
    return float(found.mean()), float(found.std())


def assert_share(hits: int, looks: int, probability: float) -> None:
    """Hold a count of detections against the binomial law."""
    assert abs(hits - looks * probability) <= FOUR_SIGMA * sqrt(looks * probability * (1.0 - probability))


def assert_uniform(shares: np.ndarray, *, bins: int = 20) -> None:
    """Hold numbers in [0, 1] against the uniform law, by chi-square: mean bins - 1, variance twice that."""
    counts = np.histogram(shares, bins=bins, range=(0.0, 1.0))[0]
    expected = shares.size / bins
    chi2 = float(((counts - expected) ** 2 / expected).sum())
    assert counts.sum() == shares.size
    assert abs(chi2 - (bins - 1)) < FOUR_SIGMA * sqrt(2.0 * (bins - 1))


# ---------------------------------------------------------------- the frame


def test_it_is_a_frame_of_detections_by_time_and_numbered():
    both = pl.concat([sensor(false_per_scan=5.0), sensor(sensor_id="A", kind="adsb", scan_period_s=None)])
    found = sense(flight(), both, rng=dice())
    assert drift(found, tables.DETECTIONS) == []
    assert found["time_utc"].is_sorted()
    assert found["detection_id"].to_list() == list(range(found.height))
    assert set(found["sensor_id"]) == {"R", "A"}


def test_the_same_seed_gives_the_same_frame_and_another_another():
    truth, radar = flight(), sensor(false_per_scan=20.0)
    first, again, other = (sense(truth, radar, rng=dice(seed)) for seed in (7, 7, 8))
    assert first.equals(again)
    assert not first.equals(other)


def test_a_sensor_added_leaves_the_plots_of_the_others_as_they_were():
    truth, radar = flight(), sensor(false_per_scan=20.0)
    alone = sense(truth, radar, rng=dice())
    beside = sense(truth, pl.concat([radar, sensor(sensor_id="B")]), rng=dice()).filter(sensor_id="R")
    assert (
        alone.select("time_utc", "range_m").sort(pl.all()).equals(beside.select("time_utc", "range_m").sort(pl.all()))
    )


def test_no_truth_gives_no_detections():
    assert sense(flight().head(0), sensor(), rng=dice()).height == 0


@pytest.mark.parametrize("kind", words.SENSOR_KINDS)
def test_every_kind_of_sensor_measures_what_its_kind_does(kind: str):
    found = sense(flight(), sensor(kind=kind), rng=dice())
    own = DEFAULTS[kind]
    assert found.height
    for column, is_measured in {
        "range_m": own.measures == "polar", "azimuth_deg": own.measures != "position",
        "lat_deg": own.measures == "position", "elevation_deg": own.is_3d and own.measures != "position",
        "height_hae_m": own.is_3d and own.measures == "position", "ident": own.gives_ident,
    }.items():  # fmt: skip
        assert found[column].null_count() == (0 if is_measured else found.height), column


# ---------------------------------------------------------------- geometry


@settings(max_examples=30, deadline=None)
@given(
    st.sampled_from([(52.0, 21.0), (70.0, 25.0), (70.0, 179.99), (-45.0, -179.99), (0.0, 0.0)]),
    st.floats(0.0, 360.0),
    st.floats(1_000.0, 45_000.0),
)
def test_a_plot_leads_back_to_the_target(place: tuple[float, float], azimuth: float, away_m: float):
    lat, lon = place
    truth = standing(4.0, lat0_deg=lat, lon0_deg=lon, course0_deg=azimuth)
    lat1, lon1, up = frames.aer2geodetic(azimuth, 2.0, away_m, lat, lon, 100.0)
    moved = truth.with_columns(lat_deg=pl.lit(float(lat1)), lon_deg=pl.lit(float(lon1)), height_hae_m=pl.lit(float(up)))
    found = sense(moved, sensor(lat_deg=lat, lon_deg=lon), rng=dice(), senses={"R": EXACT})
    back = frames.aer2geodetic(found["azimuth_deg"], found["elevation_deg"], found["range_m"], lat, lon, 100.0)
    apart = np.array(frames.geodetic2ecef(*back)) - np.array(frames.geodetic2ecef(lat1, lon1, up))[:, None]
    assert np.abs(apart).max() < ONE_MILLIMETRE


def test_radial_speed_is_the_change_of_range_and_positive_when_receding():
    found = sense(flight((400.0, 50.0, 0.0, 0.0), step_s=4.0), sensor(), rng=dice(), senses={"R": EXACT})
    change = np.gradient(found["range_m"].to_numpy(), 4.0)
    assert found["radial_speed_mps"].to_numpy()[1:-1] == pytest.approx(change[1:-1], abs=0.5)
    assert found["radial_speed_mps"][0] < -49.0
    assert found["radial_speed_mps"][-1] > 49.0


def test_plots_of_one_scan_share_its_time():
    flock = paths.birds(9, rng=dice(), lat0_deg=LAT0, lon0_deg=LON0, radius_m=5e3, start_utc=START, duration_s=400.0)
    found = sense(flock, sensor(false_per_scan=9.0), rng=dice())
    assert set(found["time_utc"]) == {after(4.0 * scan) for scan in range(101)}


def test_a_rotating_radar_gives_each_plot_the_time_when_the_beam_passed_it():
    flock = paths.birds(9, rng=dice(), lat0_deg=LAT0, lon0_deg=LON0, radius_m=5e3, start_utc=START, duration_s=400.0)
    turning = Senses(is_rotating=True, sigma_azimuth_deg=0.0, sigma_range_m=0.0)
    found = sense(flock, sensor(false_per_scan=9.0), rng=dice(), senses={"R": turning})
    seconds = (found["time_utc"] - START).dt.total_microseconds().to_numpy() / 1e6
    beam_deg = seconds / 4.0 * 360.0
    off = (found["azimuth_deg"].to_numpy() - beam_deg + 180.0) % 360.0 - 180.0
    assert np.abs(off).max() < ONE_HUNDREDTH_DEG


@pytest.mark.parametrize(("lon0", "course"), [(20.85, 90.0), (21.15, 270.0)])
def test_a_target_crossing_north_of_a_rotating_radar_is_met_once_a_turn(lon0: float, course: float):
    truth = flight((400.0, 50.0, 0.0, 0.0), lat0_deg=52.1, lon0_deg=lon0, course0_deg=course)
    found = sense(truth, sensor(), rng=dice(), senses={"R": Senses(is_rotating=True)})
    gaps = found["time_utc"].diff().drop_nulls().dt.total_microseconds().to_numpy() / 1e6
    assert found["azimuth_deg"].max() > 350.0
    assert np.abs(gaps - 4.0).max() < 0.2


# ---------------------------------------------------------------- noise, bias, clock


def test_noise_has_the_stated_spread_and_bias_moves_the_mean():
    biased = Senses(range_bias_m=120.0, azimuth_bias_deg=0.5, elevation_bias_deg=-0.2, is_3d=True)
    truth = standing(LONG_S)
    true_azimuth, true_elevation, true_range = frames.geodetic2aer(51.91, LON0, 1_000.0, LAT0, LON0, 100.0)
    found = sense(truth, sensor(), rng=dice(), senses={"R": biased})
    for name, true, bias, sigma in (
        ("range_m", true_range, 120.0, 50.0),
        ("azimuth_deg", true_azimuth, 0.5, 0.15),
        ("elevation_deg", true_elevation, -0.2, 0.5),
    ):
        mean, deviation = spread(found[name] - float(true))
        assert abs(mean - bias) < FOUR_SIGMA * sigma / sqrt(found.height), name
        assert abs(deviation / sigma - 1.0) < FOUR_SIGMA / sqrt(2.0 * found.height), name
    assert found["sigma_range_m"].unique().to_list() == [50.0]


def test_positions_have_the_stated_spread_on_each_axis_at_70_north():
    truth = standing(LONG_S, lat0_deg=70.0)
    found = sense(truth, sensor(kind="adsb", lat_deg=70.0, scan_period_s=4.0), rng=dice())
    east, north, _ = frames.geodetic2enu(found["lat_deg"], found["lon_deg"], 0.0, 70.0, LON0, 0.0)
    for offset, sigma in ((east, 10.0), (north, 10.0), (found["height_hae_m"].to_numpy() - 1_000.0, 15.0)):
        assert abs(offset.mean()) < FOUR_SIGMA * sigma / sqrt(found.height)
        assert abs(offset.std() / sigma - 1.0) < FOUR_SIGMA / sqrt(2.0 * found.height)


@settings(max_examples=20, deadline=None)
@given(st.floats(-30.0, 30.0))
def test_the_reported_time_is_the_true_time_plus_the_offset_of_the_clock(offset_s: float):
    right, wrong = (sense(flight(), sensor(clock_offset_s=one), rng=dice()) for one in (0.0, offset_s))
    late = (wrong["time_utc"] - right["time_utc"]).dt.total_microseconds().unique().to_list()
    assert late == [round(offset_s * 1e6)]
    assert wrong["range_m"].equals(right["range_m"])


def test_a_report_is_received_after_it_is_measured_by_our_clock():
    found = sense(flight(), sensor(kind="adsb", scan_period_s=None, clock_offset_s=2.0), rng=dice())
    late = (found["received_utc"] - found["time_utc"]).dt.total_microseconds() / 1e6 + 2.0
    assert late.min() >= 0.2
    assert late.mean() == pytest.approx(0.4, abs=0.1)


# ---------------------------------------------------------------- detection


@pytest.mark.parametrize("probability", [0.1, 0.5, 0.9])
def test_a_target_is_detected_as_often_as_stated(probability: float):
    found = sense(standing(LONG_S), sensor(detection_probability=probability), rng=dice())
    assert_share(found.height, 10_001, probability)


@pytest.mark.parametrize(
    ("reference_m", "label", "expected"),
    [(10_052.0, None, 0.45), (10_052.0, "airliner", 0.9 * 2 ** (-1 / 40)), (10_052.0, "multirotor", 0.0)],
)
def test_detection_falls_with_range_and_grows_with_size(reference_m: float, label: str | None, expected: float):
    away_m = float(frames.geodetic2aer(51.91, LON0, 1_000.0, LAT0, LON0, 100.0)[2])
    assert away_m == pytest.approx(reference_m, abs=10.0)
    own = Senses(reference_range_m=away_m)
    truth = standing(LONG_S, class_label=label)
    found = sense(truth, sensor(detection_probability=0.9), rng=dice(), senses={"R": own})
    assert_share(found.height, 10_001, max(expected, 1e-9))


def test_a_target_beyond_the_range_is_not_reported():
    assert sense(standing(400.0), sensor(max_range_m=10_000.0), rng=dice()).height == 0
    assert sense(standing(400.0), sensor(max_range_m=10_100.0), rng=dice()).height == 101


def test_a_target_slower_along_the_beam_than_the_least_is_taken_for_ground():
    abeam = flight((400.0, 50.0, 0.0, 0.0), course0_deg=90.0, lon0_deg=20.85)
    found = sense(abeam, sensor(), rng=dice(), senses={"R": Senses(min_radial_speed_mps=10.0, is_3d=True)})
    everything = sense(abeam, sensor(), rng=dice(), senses={"R": EXACT})
    fast = everything.filter(pl.col("radial_speed_mps").abs() >= 10.0)
    assert 0 < fast.height < everything.height
    assert found["time_utc"].to_list() == fast["time_utc"].to_list()


def test_nothing_is_reported_while_a_sensor_is_out():
    own = Senses(outages=((after(100), after(400)),))
    found = sense(flight((600.0, 20.0, 0.0, 0.0)), sensor(false_per_scan=10.0), rng=dice(), senses={"R": own})
    assert found.filter(pl.col("time_utc").is_between(after(100), after(400), closed="left")).height == 0
    assert found.filter(pl.col("time_utc") == after(400)).height > 0


def test_only_objects_with_an_ident_answer_and_birds_never_do():
    flock = paths.birds(3, rng=dice(), lat0_deg=LAT0, lon0_deg=LON0, radius_m=5e3, start_utc=START, duration_s=400.0)
    both = pl.concat([flight(), flight(object_id="b"), flock])
    receiver = sensor(kind="adsb", scan_period_s=None)
    assert set(sense(both, receiver, rng=dice())["ident"]) == {"a", "b"}
    assert set(sense(both, receiver, rng=dice(), idents={"a": "48C2A1"})["ident"]) == {"48C2A1"}


# ---------------------------------------------------------------- horizon

# "d = 4.12 (√h1 + √h2)", km and m: the rule of thumb of radio engineering for an earth of 4/3 the radius.
RADIO_HORIZON_KM = 4.12


@pytest.mark.parametrize(("antenna_m", "target_m"), [(100.0, 100.0), (25.0, 1_000.0), (400.0, 10.0)])
def test_the_horizon_is_that_of_an_earth_of_four_thirds(antenna_m: float, target_m: float):
    reach_m = 1_000.0 * RADIO_HORIZON_KM * (sqrt(antenna_m) + sqrt(target_m))
    for share, is_seen in ((0.995, True), (1.005, False)):
        lat, lon = frames.aer2geodetic(45.0, 0.0, share * reach_m, LAT0, LON0, 0.0)[:2]
        truth = standing(4.0, lat0_deg=float(lat), lon0_deg=float(lon), height0_hae_m=target_m)
        found = sense(truth, sensor(height_hae_m=antenna_m, max_range_m=None), rng=dice())
        assert (found.height > 0) == is_seen


def test_high_ground_shortens_sight():
    truth = standing(4.0, lat0_deg=51.5, height0_hae_m=400.0)
    radar = sensor(height_hae_m=310.0, max_range_m=None)
    assert sense(truth, radar, rng=dice()).height
    assert not sense(truth, radar, rng=dice(), ground_hae_m=300.0).height


def test_a_ridge_hides_what_is_behind_it_and_not_what_is_above():
    def ridge(lat_deg: np.ndarray, lon_deg: np.ndarray) -> np.ndarray:
        return np.where((lat_deg > 51.94) & (lat_deg < 51.96), 800.0, 0.0)

    def seen(height_m: float) -> int:
        return sense(standing(4.0, height0_hae_m=height_m), sensor(), rng=dice(), terrain_m=ridge).height

    assert [seen(height) for height in (500.0, 1_000.0, 2_000.0)] == [0, 0, 2]


def test_over_flat_terrain_sight_is_that_of_the_smooth_earth():
    lat, lon = (np.array(one) for one in ([51.7, 51.5, 51.2], [21.0, 21.5, 20.5]))
    height = np.array([100.0, 300.0, 200.0])
    _, _, away = frames.geodetic2aer(lat, lon, height, LAT0, LON0, 50.0)
    smooth = horizon.is_in_sight(lat, lon, height, LAT0, LON0, 50.0, range_m=away)
    flat = horizon.is_in_sight(
        lat, lon, height, LAT0, LON0, 50.0, range_m=away, terrain_m=lambda lat, lon: np.zeros_like(lat)
    )
    assert smooth.tolist() == flat.tolist() == [True, True, False]


# ---------------------------------------------------------------- false detections


def silent(seconds: float = LONG_S) -> pl.DataFrame:
    """A truth beyond every range, so that only false detections are left."""
    return standing(seconds, lat0_deg=10.0)


def test_false_detections_are_poisson_and_even_over_the_disc():
    found = sense(silent(), sensor(false_per_scan=3.0), rng=dice())
    scans = 10_001
    counts = np.bincount(((found["time_utc"] - START).dt.total_milliseconds() // 4_000).to_numpy(), minlength=scans)
    assert abs(counts.mean() - 3.0) < FOUR_SIGMA * sqrt(3.0 / scans)
    # The variance of a Poisson count is its mean; that of the sample variance is (mean + 2 mean²) / n.
    assert abs(counts.var() - 3.0) < FOUR_SIGMA * sqrt((3.0 + 2.0 * 9.0) / scans)
    assert_uniform((found["range_m"].to_numpy() / 60_000.0) ** 2)
    assert_uniform(found["azimuth_deg"].to_numpy() / 360.0)


def test_near_returns_and_sectors_add_to_the_disc_where_they_are_told():
    own = Senses(near_false_per_scan=2.0, near_m=5_000.0, sectors=(Sector(350.0, 20.0, 4.0, within_m=30_000.0),))
    found = sense(silent(), sensor(), rng=dice(), senses={"R": own})
    in_sector = ((found["azimuth_deg"] - 350.0) % 360.0 < 30.0) & (found["range_m"] <= 30_000.0)
    near = found["range_m"] < 5_000.0
    assert (in_sector | near).all()
    lone_sector, lone_near = found.filter(~near), found.filter(~in_sector)
    assert abs(lone_sector.height - 10_001 * 4.0 * 35 / 36) < FOUR_SIGMA * sqrt(40_004)
    assert abs(lone_near.height - 10_001 * 2.0 * 330 / 360) < FOUR_SIGMA * sqrt(20_002)


def clutter(**law: object) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return of false detections alone: how many in each scan, and scan and east, north [m] of each."""
    found = sense(silent(), sensor(false_per_scan=8.0), rng=dice(3), senses={"R": Senses(**law)})
    scan = ((found["time_utc"] - START).dt.total_milliseconds() // 4_000).to_numpy()
    turn = np.radians(found["azimuth_deg"].to_numpy())
    place = found["range_m"].to_numpy()[:, None] * np.column_stack([np.sin(turn), np.cos(turn)])
    return np.bincount(scan, minlength=10_001), scan, place


@pytest.mark.parametrize("law", CLUTTER_LAWS)
@pytest.mark.parametrize("shape", [0.0, 0.5, 2.0])
def test_every_law_of_clutter_keeps_the_mean_and_has_the_variance_of_its_gamma_law(law: str, shape: float):
    counts, _, _ = clutter(clutter_law=law, clutter_share=0.5, clutter_spots=2, clutter_shape=shape)
    moved = {"uniform": [], "gamma_bursts": [4.0]}.get(law, [2.0, 2.0])  # the means that the law moves
    # A Poisson count whose rate has a gamma law: variance mean + mean² / shape (the negative binomial law).
    variance = 8.0 + (sum(mean**2 / shape for mean in moved) if shape else 0.0)
    assert abs(counts.mean() - 8.0) < FOUR_SIGMA * sqrt(variance / counts.size)
    spread_of_variance = sqrt((((counts - counts.mean()) ** 2 - counts.var()) ** 2).mean() / counts.size)
    assert abs(counts.var() - variance) < FOUR_SIGMA * spread_of_variance


def test_a_hot_spot_stays_where_it_is_and_is_as_wide_as_stated():
    _, scan, place = clutter(clutter_law="hot_spots", clutter_share=1.0, clutter_spots=1, clutter_spot_m=700.0)
    early, late = place[scan < 5_000], place[scan >= 5_000]
    few = min(len(early), len(late))
    assert np.abs(early.mean(axis=0) - late.mean(axis=0)).max() < FOUR_SIGMA * 700.0 * sqrt(2.0 / few)
    assert place.std(axis=0) == pytest.approx(700.0, rel=FOUR_SIGMA / sqrt(2.0 * len(place)))


def test_weather_moves_at_its_speed_and_never_leaves_the_disc():
    _, scan, place = clutter(
        clutter_law="moving_weather", clutter_share=1.0, clutter_spots=1, clutter_spot_m=2_000.0, clutter_speed_mps=20.0
    )
    assert np.hypot(*place.T).max() <= 60_000.0
    middles = np.array([place[(scan >= first) & (scan < first + 50)].mean(axis=0) for first in range(0, 10_000, 50)])
    steps = np.hypot(*np.diff(middles, axis=0).T) / 200.0
    # A mean of 400 plots is off by 100 m on each axis; the median over 199 steps by far less.
    assert np.median(steps) == pytest.approx(20.0, abs=0.5)


def test_clutter_whose_law_is_not_stated_is_the_very_same_as_before_there_were_laws():
    even, bare = (sense(silent(400.0), sensor(false_per_scan=3.0), rng=dice(), senses={"R": own})
                  for own in (Senses(clutter_law="uniform", clutter_share=0.9), Senses()))  # fmt: skip
    assert even.equals(bare)


def test_false_detections_keep_the_columns_of_the_sensor():
    found = sense(silent(400.0), sensor(kind="multilateration", false_per_scan=3.0), rng=dice())
    assert found["lat_deg"].null_count() == 0
    assert found["ident"].null_count() == found.height
    away = frames.geodetic2aer(found["lat_deg"], found["lon_deg"], found["height_hae_m"], LAT0, LON0, 100.0)[2]
    assert away.max() <= 60_000.0


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"lat_deg": None, "lon_deg": None}, "no position"),
        ({"false_per_scan": 1.0, "max_range_m": None}, "max_range_m"),
    ],
)
def test_a_sensor_that_cannot_be_simulated_is_refused(given: dict[str, object], says: str):
    with pytest.raises(TableError, match=says):
        sense(flight(), sensor(**given), rng=dice())


def test_senses_of_a_sensor_that_is_not_there_are_refused():
    with pytest.raises(TableError, match="not among the sensors"):
        sense(flight(), sensor(), rng=dice(), senses={"r": Senses()})


def test_the_recording_may_be_longer_or_shorter_than_the_truth():
    found = sense(flight(), sensor(false_per_scan=5.0), rng=dice(), start_utc=after(-40), end_utc=after(100))
    assert found["time_utc"].min() == after(-40)
    assert found["time_utc"].max() == after(100)


def test_a_target_between_rows_of_truth_is_seen_where_it_was():
    fine, coarse = (flight((400.0, 50.0, 1.0, 0.0), step_s=step) for step in (1.0, 10.0))
    one, other = (sense(truth, sensor(), rng=dice(), senses={"R": EXACT}) for truth in (fine, coarse))
    assert np.abs(one["range_m"].to_numpy() - other["range_m"].to_numpy()).max() < 0.1
    assert interpolation.truth_at(coarse, one["time_utc"]).height == one.height
