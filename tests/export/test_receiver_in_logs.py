"""Logs tell what the receiver knew: through an outage no fix, no satellites, and the place where it last had one."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pymavlink.DFReader import DFReader_binary
from pyulog import ULog

from hotwash.export import dataflash, ulog
from hotwash.export.flight_log import BOOT_US
from hotwash.flight.exercise import FlightExercise
from hotwash.flight.seats.pilot import Command
from hotwash.model import scenario
from hotwash.model.recording import Recording

TEXT = """
name = "outage"

[place]
lat_deg = 52.1
lon_deg = 21.2
height_hae_m = 130.0

[[seats]]
name = "pilot"
airframe = "quad-900g"
position_m = [0.0, 0.0, 30.0]

[navigation]
satellites = 12

[[faults]]
kind = "satnav_off"
onset_s = 2.0
end_s = 5.0
"""
DEGREE_7 = 0.5e-7 + 1e-12
HDOP_OF_12 = np.sqrt(6.0 / 12.0)


@pytest.fixture(scope="module")
def flown() -> tuple[Recording, np.ndarray, np.ndarray]:
    """Return a flight forward through an outage, with what its views told: times, and whether there was a fix."""
    exercise = FlightExercise(scenario.parse(TEXT, name="outage.toml"), record=True)
    views = [exercise.reset(1)["pilot"]]
    views += [exercise.step({"pilot": Command.of_sticks(1, pitch=0.5)})["pilot"] for _ in range(400)]
    numbers = [(float(view.time_s[0]), bool(view.has_fix[0])) for view in views]
    times, fixes = zip(*numbers, strict=True)
    return exercise.recording(), np.array(times), np.array(fixes)


def fixes_at(times_us: np.ndarray, flown: tuple[Recording, np.ndarray, np.ndarray]) -> np.ndarray:
    _, _, fixes = flown
    return fixes[np.round((times_us - BOOT_US) * 1e-6 / 0.02).astype(int)]


def test_px4s_log_follows_the_view_through_an_outage(flown: tuple[Recording, np.ndarray, np.ndarray]):
    found = ULog(io.BytesIO(ulog.encode(flown[0], object_id="pilot")))
    receiver = found.get_dataset("vehicle_gps_position").data
    has_fix = fixes_at(receiver["timestamp"], flown)
    assert 20 < np.count_nonzero(~has_fix) < 40  # three seconds, ten rows in each
    assert np.array_equal(receiver["fix_type"], np.where(has_fix, 3, 1))
    assert np.array_equal(receiver["satellites_used"], np.where(has_fix, 12, 0))
    assert receiver["hdop"][has_fix] == pytest.approx(HDOP_OF_12, rel=1e-6)
    assert (receiver["hdop"][~has_fix] > 99.0).all()
    assert len(np.unique(receiver["latitude_deg"][~has_fix])) == 1
    assert len(np.unique(receiver["latitude_deg"][has_fix])) > 40
    local = found.get_dataset("vehicle_local_position").data
    assert np.array_equal(local["xy_global"].astype(bool), fixes_at(local["timestamp"], flown))


def test_ardupilots_log_follows_the_view_through_an_outage(
    flown: tuple[Recording, np.ndarray, np.ndarray], tmp_path: Path
):
    path = tmp_path / "flight.bin"
    path.write_bytes(dataflash.encode(flown[0], object_id="pilot"))
    reader = DFReader_binary(str(path))
    rows = []
    while (message := reader.recv_match(type="GPS")) is not None:
        rows.append((message.TimeUS, message.Status, message.NSats, message.HDop, message.Lat, message.U))
    reader.filehandle.close()
    reader.data_map.close()
    times_us, status, satellites, hdop, lat, used = np.array(rows).T
    has_fix = fixes_at(times_us, flown)
    assert np.array_equal(status, np.where(has_fix, 3, 1))
    assert np.array_equal(satellites, np.where(has_fix, 12, 0))
    assert np.array_equal(used, has_fix)
    assert hdop[has_fix] == pytest.approx(HDOP_OF_12, abs=0.01)
    assert hdop[~has_fix] == pytest.approx(99.99)
    assert len(np.unique(lat[~has_fix])) == 1


def test_a_recording_that_does_not_tell_of_satellites_has_none_made_up(flown: tuple[Recording, np.ndarray, np.ndarray]):
    found = ULog(io.BytesIO(ulog.encode(replace(flown[0], scenario=None), object_id="pilot")))
    receiver = found.get_dataset("vehicle_gps_position").data
    assert not receiver["satellites_used"].any()
    assert np.isnan(receiver["hdop"][receiver["fix_type"] == 3]).all()
