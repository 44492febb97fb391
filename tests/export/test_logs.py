"""Autopilots' logs of a recorded flight, read back by the tools that read real ones: pyulog and pymavlink."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from flights import LATER, PLACE, START, flown
from pymavlink.DFReader import DFReader_binary
from pyulog import ULog
from typer.testing import CliRunner

from hotwash.cli import app
from hotwash.errors import ReadError
from hotwash.export import dataflash, recording_folder, ulog
from hotwash.export.flight_log import BOOT_US
from hotwash.geo import frames
from hotwash.model import schema, tables
from hotwash.model.recording import Recording
from hotwash.work import logs

FLIGHT = flown()
DEGREE_7 = 0.5e-7 + 1e-12  # what a whole number of 1e-7 degrees can hold
CENTIMETRE = 0.005 + 1e-9


def local() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return north, east and down from the first row, by the conversions of `geo`."""
    truth = FLIGHT.truth
    lat, lon, height = (truth[name].to_numpy() for name in ("lat_deg", "lon_deg", "height_hae_m"))
    east, north, up = frames.geodetic2enu(lat, lon, height, lat[0], lon[0], height[0])
    return north, east, -up


# ---------------------------------------------------------------- PX4


@pytest.fixture(scope="module")
def px4() -> ULog:
    return ULog(io.BytesIO(ulog.encode(FLIGHT, object_id="pilot")))


def test_pyulog_finds_the_log_whole(px4: ULog):
    assert not px4.file_corruption
    assert px4.msg_info_dict["sys_name"] == "hotwash"
    assert px4.start_timestamp == BOOT_US


def test_positions_and_velocities_are_the_truth_rounded_to_float32(px4: ULog):
    found = px4.get_dataset("vehicle_local_position").data
    for name, wanted in zip("xyz", local(), strict=True):
        assert np.array_equal(found[name], wanted.astype(np.float32))
    assert np.array_equal(found["vx"], FLIGHT.truth["v_north_mps"].to_numpy().astype(np.float32))
    assert np.array_equal(found["vy"], FLIGHT.truth["v_east_mps"].to_numpy().astype(np.float32))
    assert np.array_equal(found["vz"], -FLIGHT.truth["v_up_mps"].to_numpy().astype(np.float32))
    assert found["ref_lat"][0] == FLIGHT.truth["lat_deg"][0]


def test_latitude_and_longitude_keep_every_digit_and_the_time_is_utc(px4: ULog):
    found = px4.get_dataset("vehicle_gps_position").data
    assert found["time_utc_usec"][0] == round(START.timestamp() * 1e6)
    assert np.array_equal(found["latitude_deg"], FLIGHT.truth["lat_deg"].to_numpy()[::5])


def test_the_attitude_points_the_nose_along_the_circle(px4: ULog):
    found = px4.get_dataset("vehicle_attitude").data
    w, z = found["q[0]"].astype(float), found["q[3]"].astype(float)
    time_s = (found["timestamp"] - BOOT_US) * 1e-6
    assert np.degrees(2 * np.arctan2(z, w)) % 360 == pytest.approx(90.0 + np.degrees(0.4 * time_s), abs=1e-4)


def test_sticks_battery_and_ground_are_there(px4: ULog):
    sticks = px4.get_dataset("manual_control_setpoint").data
    assert np.array_equal(sticks["roll"], FLIGHT.controls["roll"].to_numpy().astype(np.float32))
    assert sticks["buttons"][0] == 1
    assert px4.get_dataset("battery_status").data["remaining"][0] == 1.0
    landed = px4.get_dataset("vehicle_land_detected").data
    assert landed["timestamp"][np.flatnonzero(landed["landed"] == 0)[0]] == BOOT_US + 500_000


def test_the_mode_changes_when_it_was_changed(px4: ULog):
    status = px4.get_dataset("vehicle_status")
    told = {"mode": "position_hold"}  # the only event of a mode: it is believed before what was asked for
    assert status.list_value_changes("nav_state") == [(BOOT_US, ulog.NAV_STATES[told["mode"]])]
    asked = ULog(io.BytesIO(ulog.encode(Recording(truth=FLIGHT.truth, controls=FLIGHT.controls), object_id="pilot")))
    changes = asked.get_dataset("vehicle_status").list_value_changes("nav_state")
    assert [mode for _, mode in changes] == [ulog.NAV_STATES["position_hold"], ulog.NAV_STATES["altitude_hold"]]


def test_events_are_messages(px4: ULog):
    assert [found.message for found in px4.logged_messages] == ["mode: position_hold", "warning: battery low"]


# ---------------------------------------------------------------- ArduPilot


@pytest.fixture(scope="module")
def ardupilot(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[object]]:
    path = tmp_path_factory.mktemp("logs") / "flight.bin"
    path.write_bytes(dataflash.encode(FLIGHT, object_id="pilot"))
    reader = DFReader_binary(str(path))
    found: dict[str, list[object]] = {}
    while (message := reader.recv_msg()) is not None:
        found.setdefault(message.get_type(), []).append(message)
    found["(mode)"] = [reader.flightmode]
    reader.filehandle.close()
    reader.data_map.close()
    return found


def column(messages: list[object], name: str) -> np.ndarray:
    return np.array([getattr(message, name) for message in messages])


def test_pymavlink_reads_positions_and_attitudes(ardupilot: dict[str, list[object]]):
    rows = ardupilot["POS"]
    assert len(rows) == FLIGHT.truth.height
    assert column(rows, "Lat") == pytest.approx(FLIGHT.truth["lat_deg"].to_numpy(), abs=DEGREE_7, rel=0)
    assert column(rows, "Lng") == pytest.approx(FLIGHT.truth["lon_deg"].to_numpy(), abs=DEGREE_7, rel=0)
    assert column(rows, "RelHomeAlt") == pytest.approx(-local()[2], rel=1e-7, abs=1e-7)
    time_s = (column(rows, "TimeUS") - BOOT_US) * 1e-6
    assert column(ardupilot["ATT"], "Yaw") == pytest.approx((90.0 + np.degrees(0.4 * time_s)) % 360, abs=1e-4)


def test_pymavlink_finds_the_time_of_day_from_the_satellites_week(ardupilot: dict[str, list[object]]):
    assert ardupilot["POS"][0]._timestamp == pytest.approx(START.timestamp(), abs=1e-3)
    assert column(ardupilot["GPS"], "Alt")[0] == pytest.approx(PLACE[2], abs=CENTIMETRE)


def test_sticks_are_pulses_with_forward_low(ardupilot: dict[str, list[object]]):
    rows = ardupilot["RCIN"]
    assert np.array_equal(column(rows, "C1"), np.round(1500 + 500 * FLIGHT.controls["roll"].to_numpy()))
    assert np.array_equal(column(rows, "C2"), np.round(1500 - 500 * FLIGHT.controls["pitch"].to_numpy()))


def test_modes_arming_and_texts_are_there(ardupilot: dict[str, list[object]]):
    assert ardupilot["(mode)"] == ["POSHOLD"]
    assert column(ardupilot["EV"], "Id").tolist() == [10, 28]
    assert [row.Message for row in ardupilot["MSG"]][1:] == ["mode: position_hold", "warning: battery low"]


def test_every_column_has_a_unit_that_is_declared(ardupilot: dict[str, list[object]]):
    labels = {chr(row.Id): row.Label for row in ardupilot["UNIT"]}
    for row in ardupilot["FMTU"]:
        assert set(row.UnitIds) <= set(labels)
        assert set(row.MultIds) <= {chr(each.Id) for each in ardupilot["MULT"]}
    names = {row.Type: row for row in ardupilot["FMT"]}
    for row in ardupilot["FMTU"]:
        fields = len(names[row.FmtType].Columns.split(","))
        assert len(names[row.FmtType].Format) == len(row.UnitIds) == len(row.MultIds) == fields


def test_what_events_tell_of_arming_is_believed_before_the_buttons():
    landed = {"event_id": "E3", "kind": "disarmed", "subject_id": "pilot", "start_utc": LATER}
    events = pl.concat([FLIGHT.events, schema.frame(tables.EVENTS, [landed])])
    log = ULog(io.BytesIO(ulog.encode(replace(FLIGHT, events=events), object_id="pilot")))
    changes = log.get_dataset("vehicle_status").list_value_changes("arming_state")
    assert changes == [(BOOT_US, 2), (BOOT_US + 1_000_000, 1)]


def test_a_long_text_goes_on_in_the_next_message_and_no_letter_is_cut(tmp_path: Path):
    long = FLIGHT.events.with_columns(text=pl.lit("é" * 100), kind=pl.lit("note")).head(1)
    path = tmp_path / "flight.bin"
    path.write_bytes(dataflash.encode(Recording(truth=FLIGHT.truth, events=long), object_id="pilot"))
    reader = DFReader_binary(str(path))
    told = []
    while (message := reader.recv_match(type="MSG")) is not None:
        told.append(message.Message)
    reader.filehandle.close()
    reader.data_map.close()
    assert "".join(told[1:]) == "note: " + "é" * 100


# ---------------------------------------------------------------- both


@pytest.mark.parametrize("encode", [ulog.encode, dataflash.encode])
def test_a_log_of_nobody_says_who_is_there(encode: object):
    with pytest.raises(ReadError, match="holds no truth of ghost; a log can be made of: pilot"):
        encode(FLIGHT, object_id="ghost")


@pytest.mark.parametrize("encode", [ulog.encode, dataflash.encode])
def test_truth_of_positions_alone_makes_a_log(encode: object):
    bare = FLIGHT.truth.with_columns(
        pl.lit(None, dtype=kind).alias(name)
        for name, kind in FLIGHT.truth.schema.items()
        if name not in ("object_id", "time_utc", "lat_deg", "lon_deg")
    )
    content = encode(Recording(truth=bare), object_id="pilot")
    assert len(content) > FLIGHT.truth.height * 20


def test_both_logs_are_written_from_a_folder(tmp_path: Path):
    recording_folder.write(tmp_path / "flight", FLIGHT)
    done = logs.write_logs(tmp_path / "flight", ulog_file=tmp_path / "a.ulg", bin_file=tmp_path / "a.bin")
    assert done.object_id == "pilot"
    assert (tmp_path / "a.ulg").read_bytes() == ulog.encode(FLIGHT, object_id="pilot")
    assert (tmp_path / "a.bin").read_bytes() == dataflash.encode(FLIGHT, object_id="pilot")


def test_two_flights_in_one_recording_must_be_told_apart(tmp_path: Path):
    two = Recording(truth=pl.concat([FLIGHT.truth, flown(object_id="second").truth]))
    recording_folder.write(tmp_path / "flight", two)
    with pytest.raises(ReadError, match="contains 2 flights: pilot, second"):
        logs.write_logs(tmp_path / "flight", bin_file=tmp_path / "a.bin")
    with pytest.raises(ReadError, match="no log is asked for"):
        logs.write_logs(tmp_path / "flight")


def test_the_command_line_writes_logs_and_says_where(tmp_path: Path):
    recording_folder.write(tmp_path / "flight", FLIGHT)
    asked = ["export", str(tmp_path / "flight"), "--bin", str(tmp_path / "a.bin"), "--json"]
    told = CliRunner().invoke(app, asked)
    assert json.loads(told.output) == {"object_id": "pilot", "ulog": None, "bin": str(tmp_path / "a.bin")}
    assert (tmp_path / "a.bin").stat().st_size > 0
