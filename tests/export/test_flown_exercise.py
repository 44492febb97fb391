"""A flown exercise leaves a folder that every command takes as it stands, and logs that outside readers take."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest
from pyulog import ULog
from typer.testing import CliRunner

from hotwash.cli import app
from hotwash.export import recording_folder as written
from hotwash.export import ulog
from hotwash.flight.exercise import FlightExercise
from hotwash.flight.seats.pilot import Command
from hotwash.front.exercises import replay
from hotwash.ingest import recording_folder
from hotwash.model import scenario
from hotwash.model.recording import FOLDER_TABLES, Recording

TEXT = """
name = "watched"

[place]
lat_deg = 52.1
lon_deg = 21.2
height_hae_m = 130.0

[[seats]]
name = "ann"
airframe = "quad-900g"

[[seats]]
name = "bo"
airframe = "quad-900g"
position_m = [30.0, 0.0, 0.0]

[[sensors]]
sensor_id = "R1"
kind = "primary_radar"
lat_deg = 52.09
lon_deg = 21.2
height_hae_m = 140.0
max_range_m = 20000.0
scan_period_s = 1.0
detection_probability = 0.95
"""


@pytest.fixture(scope="module")
def flight() -> Recording:
    """A minute in which ann climbs, then flies off to the north with her nose; bo stays on the ground."""
    exercise = FlightExercise(scenario.parse(TEXT, name="watched.toml"), record=True)
    exercise.reset(7)
    for step in range(3000):
        ann = Command.of_sticks(throttle=0.6) if step < 300 else Command.of_sticks(pitch=0.5)
        exercise.step({"ann": ann, "bo": Command.neutral()})
    return exercise.recording()


def test_it_comes_back_from_its_folder_and_flies_again_as_it_flew(flight: Recording, tmp_path: Path):
    written.write(tmp_path / "flight", flight)
    kept = recording_folder.read(tmp_path / "flight")
    assert kept.scenario == flight.scenario
    assert all(getattr(kept, table.name).equals(getattr(flight, table.name)) for table in FOLDER_TABLES)
    assert replay(kept).truth.equals(flight.truth)


def test_it_is_tracked_and_measured_by_the_commands_for_the_field(flight: Recording, tmp_path: Path):
    written.write(tmp_path / "flight", flight)
    tracks = tmp_path / "tracks.parquet"
    told = CliRunner().invoke(app, ["track", str(tmp_path / "flight/detections.parquet"), "--out", str(tracks)])
    assert told.exit_code == 0, told.output
    told = CliRunner().invoke(app, ["evaluate", str(tracks), str(tmp_path / "flight/truth.parquet"), "--json"])
    assert told.exit_code == 0, told.output
    found = json.loads(told.output)
    assert found["objects"] == 2
    assert found["tracks"] >= 1


def test_each_seats_flight_is_a_log_of_its_own(flight: Recording):
    logs = {name: ULog(io.BytesIO(ulog.encode(flight, object_id=name))) for name in ("ann", "bo")}
    way = {name: log.get_dataset("vehicle_local_position").data for name, log in logs.items()}
    assert way["ann"]["z"].min() < -10.0
    assert np.abs(way["bo"]["z"]).max() < 0.1
    assert [one.message for one in logs["ann"].logged_messages][:1] == ["mode: position_hold"]
