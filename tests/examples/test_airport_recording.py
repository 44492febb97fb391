"""The SYNTHETIC recording of the invented airport night: made by its script, small, and true to the story told."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import by_path
import numpy as np
import polars as pl
import pytest

from hotwash.air.interpolation import truth_at
from hotwash.geo import frames, geodesy, zones

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "examples" / "airport-2026"
MOST_BYTES = 300_000
ONE_STEP = 1.01  # of a column's own rounding: another machine may round a last digit the other way
CLOSED = datetime(2026, 3, 12, 20, 40, tzinfo=UTC)


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return by_path.script("build_airport_recording")


@pytest.fixture(scope="module")
def detections() -> pl.DataFrame:
    return pl.read_parquet(FOLDER / "detections.parquet")


def test_the_recording_is_what_its_script_makes(script: ModuleType, detections: pl.DataFrame):
    sensors, made = script.recording()
    assert made.drop(*script.STEPS).equals(detections.drop(*script.STEPS))
    for name, step in script.STEPS.items():
        apart = (made[name] - detections[name]).abs().max()
        assert apart is not None
        assert apart <= ONE_STEP * step, name
    committed = pl.read_csv(FOLDER / "sensors.csv")
    assert committed["sensor_id"].to_list() == sensors["sensor_id"].to_list()


def test_the_recording_is_small():
    assert (FOLDER / "detections.parquet").stat().st_size <= MOST_BYTES


def test_every_detection_names_the_source_that_says_synthetic(detections: pl.DataFrame):
    assert detections["source_id"].unique().to_list() == ["S-RADAR"]
    lines = (FOLDER / "sources.csv").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("S-RADAR,") and "SYNTHETIC" in line]


def test_the_light_stood_where_the_crew_saw_it(script: ModuleType):
    then = truth_at(script.traffic(), pl.Series([script.CREW_UTC]))
    crew, light = (then.filter(object_id=name).row(0, named=True) for name in ("arrival", "uncrewed"))
    azimuth, elevation, away = frames.geodetic2aer(
        *(one[name] for one in (light, crew) for name in ("lat_deg", "lon_deg", "height_hae_m"))
    )
    assert azimuth == pytest.approx(340.0, abs=1.0)
    assert elevation == pytest.approx(3.0, abs=0.2)
    assert away == pytest.approx(1_800.0, abs=20.0)


def test_the_uncrewed_aircraft_is_in_the_control_zone_for_19_minutes_of_the_closure(script: ModuleType):
    (zone,) = zones.from_geojson((FOLDER / "zones.geojson").read_bytes(), name="zones.geojson")
    seconds = pl.datetime_range(CLOSED, script.END, "1s", time_unit="us", eager=True)
    way = truth_at(script.traffic().filter(object_id="uncrewed"), seconds)
    is_inside = zones.contains(way["lat_deg"], way["lon_deg"], zone)
    assert is_inside.sum() / 60.0 == pytest.approx(19.0, abs=0.5)
    assert way["height_hae_m"].max() < script.ZONE_CEILING_HAE_M


def test_the_field_radar_sees_it_and_it_says_nothing_of_itself(script: ModuleType, detections: pl.DataFrame):
    assert set(detections["ident"].drop_nulls()) == set(script.IDENTS.values())
    plots = detections.filter(sensor_id="FIELD-3D")
    way = truth_at(script.traffic().filter(object_id="uncrewed"), plots["time_utc"])
    seen = plots.join(way.select("time_utc", "lat_deg", "lon_deg"), on="time_utc", suffix="_true")
    radar = script.SENSORS[0]
    lat, lon, _ = frames.aer2geodetic(
        seen["azimuth_deg"], seen["elevation_deg"], seen["range_m"], radar["lat_deg"], radar["lon_deg"], 117.0
    )
    near = geodesy.distance_m(lat, lon, seen["lat_deg_true"], seen["lon_deg_true"]) < 300.0
    assert np.count_nonzero(near) > 250
