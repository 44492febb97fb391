"""What identities do that no object can, in flights made up and in real recordings."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest
import recorded
from air import dice, flight, sensor

from hotwash.air.sensing import sense
from hotwash.track.tracking import track_causal

RECEIVER = sensor(kind="adsb", scan_period_s=None, max_range_m=None)
CLEAN = ("adsb_munich", "adsb_london_gatwick", "adsb_rega_zh")


def said(*truths: pl.DataFrame, ident: str = "4b1815") -> dict[str, pl.DataFrame]:
    """REMARKS by kind, when all these objects say that they are one."""
    names = {name: ident for truth in truths for name in truth["object_id"].unique()}
    detections = sense(pl.concat(truths), RECEIVER, rng=dice(), idents=names)
    return kinds(track_causal(detections, RECEIVER).remarks)


def kinds(remarks: pl.DataFrame) -> dict[str, pl.DataFrame]:
    return {str(key[0]): rows for key, rows in remarks.group_by("kind")}


def test_one_aircraft_with_one_name_is_not_spoken_of():
    assert said(flight((300.0, 80.0, 1.0, 2.0))) == {}


def test_two_aircraft_that_bear_one_name_are_told():
    found = said(flight(), flight(object_id="b", lat0_deg=51.93))
    assert found["identity_twice"]["ident"].unique().to_list() == ["4b1815"]
    assert "2.2 km apart" in found["identity_twice"]["text"][0]


def test_a_name_that_jumps_a_hundred_kilometres_is_told():
    first = flight((120.0, 80.0, 0.0, 0.0))
    later = flight((120.0, 80.0, 0.0, 0.0), object_id="b", lat0_deg=53.0)
    moved = later.with_columns(pl.col("time_utc") + timedelta(seconds=121))
    found = said(first, moved)
    assert set(found) == {"identity_jump"}
    assert found["identity_jump"]["rows"].to_list() == [1]


def test_a_place_that_stands_still_while_time_goes_on_is_told():
    detections = sense(flight((300.0, 80.0, 0.0, 0.0)), RECEIVER, rng=dice())
    every_third = pl.int_range(pl.len()) // 3 * 3
    held = detections.with_columns(pl.col("lat_deg", "lon_deg").gather(every_third))
    assert "clock" in kinds(track_causal(held, RECEIVER).remarks)


def test_a_parked_aircraft_may_report_one_place():
    detections = sense(flight((300.0, 0.0, 0.0, 0.0)), RECEIVER, rng=dice())
    parked = detections.with_columns(pl.col("lat_deg", "lon_deg").first())
    assert kinds(track_causal(parked, RECEIVER).remarks) == {}


def test_a_time_that_goes_back_is_told():
    detections = sense(flight((300.0, 80.0, 0.0, 0.0)), RECEIVER, rng=dice())
    is_back = pl.int_range(pl.len()).is_between(100, 120)
    wrong = detections.with_columns(
        time_utc=pl.col("time_utc") - pl.when(is_back).then(60).otherwise(0) * timedelta(seconds=1)
    )
    assert "goes back once, by up to 59 s" in kinds(track_causal(wrong, RECEIVER).remarks)["clock"]["text"].item()


# ---------------------------------------------------------------- real recordings


def heard(name: str) -> dict[str, pl.DataFrame]:
    detections = recorded.detections(recorded.reports(name))
    return kinds(track_causal(detections, recorded.sensors()).remarks)


def test_a_spoofed_flight_is_reported_to_jump_hundreds_of_kilometres():
    jumps = heard("adsb_noisy_spoofing")["identity_jump"]
    assert jumps["ident"].to_list() == ["4baac6"]
    assert "563.9 km" in jumps["text"].item()


def test_a_flight_with_faulty_times_is_reported():
    found = heard("adsb_noisy_time_issue")
    assert found["clock"]["ident"].to_list() == ["4b1815"]
    assert "identity_jump" in found


@pytest.mark.parametrize("name", CLEAN)
def test_clean_flights_are_not_reported(name: str):
    assert heard(name) == {}
