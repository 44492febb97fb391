"""The hard cases of tracking: what must hold of the tracks, over ten runs of the simulator each.

Two that meet at one place at one time, both amid the noise, look the same to a sensor: which is which afterwards is a
matter of chance, but two they must stay.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cases
import numpy as np
import polars as pl
import pytest
from air import LAT0, LON0, START, after, dice, flight
from cases import Setting
from sky import lasting, measured, radar, two_radars

from hotwash.air.sensing import sense
from hotwash.air.sensor_models import Senses
from hotwash.score import picture_quality
from hotwash.score.picture_quality import PictureQuality
from hotwash.track.tracking import track_causal

RUNS = range(10)
NEAR = Setting(LAT0 + 0.15, LON0, START)  # 17 km north of the radar: azimuth noise is 44 m, range noise 50 m
SLOW = replace(NEAR, speed_mps=12.0)

Case = Callable[[], pl.DataFrame]


def runs(truth: pl.DataFrame, sensors: pl.DataFrame, **given: Senses) -> list[tuple[pl.DataFrame, PictureQuality]]:
    """Tracks and how good they are, of ten runs."""
    found = []
    for seed in RUNS:
        tracks = track_causal(sense(truth, sensors, rng=dice(seed), senses=given), sensors).tracks
        found.append((tracks, measured(tracks, truth)))
    return found


def switches(found: list[tuple[pl.DataFrame, PictureQuality]]) -> float:
    return float(np.mean([one.switches for _, one in found]))


def test_two_that_cross_keep_their_numbers():
    found = runs(cases.crossing(NEAR, angle_deg=60.0), radar())
    assert all(len(lasting(tracks)) == 2 for tracks, _ in found)
    assert switches(found) <= 1.0  # they meet at one place at one time; a swap there and back counts four


def test_two_that_fly_side_by_side_300_m_apart_keep_their_numbers():
    found = runs(cases.parallel(NEAR, apart_m=300.0), radar())
    assert all(len(lasting(tracks)) == 2 for tracks, _ in found)
    assert switches(found) <= 1.0


def test_two_that_merge_and_part_stay_two():
    found = runs(cases.merging(NEAR), radar())  # side by side they are 100 m apart: two sigmas of the noise
    held = [len(lasting(tracks)) for tracks, _ in found]
    assert held.count(2) >= 8
    assert max(held) <= 3  # one was taken for two plots of the other, and began anew when they parted
    assert max(one.missed for _, one in found) < 0.2


def test_a_multirotor_that_hovers_and_goes_on_keeps_its_number():
    found = runs(cases.hovering(SLOW), radar())
    assert all(len(lasting(tracks)) == 1 for tracks, _ in found)
    assert switches(found) <= 0.2


def test_objects_are_born_and_die_in_clutter_and_false_tracks_are_few_and_short():
    legs = [(200.0, 50.0, 0.0, 0.0)]
    truth = flight(*legs, start_utc=after(300.0))
    sensors = radar(false_per_scan=100.0)
    for tracks, one in runs(truth, sensors, R=Senses(phase_s=-300.0)):
        seen = picture_quality.operator_rows(tracks).filter(pl.col("time_utc") >= after(340.0))
        assert one.objects == 1
        assert len(lasting(seen)) == 1
        assert seen["time_utc"].max() <= after(540.0)  # 40 s after its end


def test_clutter_alone_makes_few_tracks_and_none_that_lasts():
    nowhere = flight((800.0, 0.0, 0.0, 0.0), lat0_deg=60.0)
    shown = []
    for seed in RUNS:
        sensors = radar(false_per_scan=100.0)
        tracks = track_causal(sense(nowhere, sensors, rng=dice(seed)), sensors).tracks
        assert not lasting(tracks)
        shown.append(picture_quality.operator_rows(tracks).height / 201)
    assert np.mean(shown) < 0.1  # false tracks at a time, of 100 false plots a scan


OUT = Senses(outages=((after(300.0), after(600.0)),))
PAIR = cases.parallel(Setting(LAT0 + 0.2, LON0 + 0.1, START), apart_m=3_000.0, half_s=450.0)


def numbers(tracks: pl.DataFrame, *, begin_s: float, end_s: float) -> set[int]:
    within = tracks.filter(pl.col("time_utc").is_between(after(begin_s), after(end_s)))
    return lasting(within, rows=5)


def test_with_one_radar_of_two_out_for_five_minutes_the_tracks_live_on_with_the_other():
    for tracks, one in runs(PAIR, two_radars(), A=OUT):
        before, during, later = (
            numbers(tracks, begin_s=begin_s, end_s=end_s) for begin_s, end_s in ((200, 300), (320, 580), (620, 890))
        )
        assert len(before) == 2
        assert before == during == later
        assert one.missed < 0.1


def test_the_only_radar_out_for_five_minutes_shows_nothing_meanwhile_and_takes_its_tracks_up_again():
    kept = 0
    for tracks, _ in runs(PAIR, radar(sensor_id="A"), A=OUT):
        assert (
            picture_quality.operator_rows(tracks).filter(pl.col("time_utc").is_between(after(305), after(599))).height
            == 0
        )
        later = numbers(tracks, begin_s=640, end_s=890)
        assert len(later) == 2
        kept += later == numbers(tracks, begin_s=200, end_s=300)
    assert kept >= 8  # of ten; these two fly straight on, others would be new


HOME = Setting(52.0 + 0.15, 21.0, START)


@pytest.mark.parametrize(("lat_deg", "lon_deg"), [(70.0, 25.0), (52.0, 180.0), (-17.0, -180.0), (85.0, 0.0)])
def test_tracks_at_70_north_and_over_the_antimeridian_are_as_good_as_at_home(lat_deg: float, lon_deg: float):
    def figures(lat: float, lon: float) -> list[float]:
        truth = cases.crossing(Setting(lat + 0.15, lon, START), angle_deg=60.0)
        found = runs(truth, radar(lat_deg=lat, lon_deg=lon))
        return [float(np.mean([getattr(one, name) for _, one in found])) for name in ("gospa_m", "nees_per_dimension")]

    assert figures(lat_deg, lon_deg) == pytest.approx(figures(52.0, 21.0), rel=0.03)


def test_a_turning_radar_whose_plots_each_carry_the_beams_time_tracks_as_well_as_one_that_stamps_its_scan():
    truth = cases.parallel(NEAR, apart_m=3_000.0)
    found = [runs(truth, radar(), R=Senses(is_rotating=is_turning)) for is_turning in (False, True)]
    # Its rows come 32 to a turn but for sectors that showed nothing, so what counts times is no measure here.
    stamped, turning = (np.mean([one.localisation_m for _, one in some]) for some in found)
    assert turning < 1.25 * stamped
    assert all(len(lasting(tracks, rows=10 * 32)) == 2 for tracks, _ in found[1])
    assert switches(found[1]) == 0.0


@pytest.mark.parametrize("speed_mps", [50.0, 70.0, 100.0])
def test_a_standard_rate_turn_of_400_s_is_one_track(speed_mps: float):
    truth = flight((400.0, speed_mps, 3.0, 0.0), lat0_deg=LAT0 + 0.15)
    found = runs(truth, radar())
    assert np.mean([len(lasting(tracks)) for tracks, _ in found]) <= 1.2
    assert switches(found) <= 0.5
