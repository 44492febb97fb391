"""One object of a recording as a PX4 log (ULog), for the tools that read such logs.

    header │ flags │ formats, information │ subscriptions, data and messages by time

Positions and attitudes are those of truth, not an autopilot's estimate; whether there was a fix is what the receiver
knew. `alt` is height above the ellipsoid, as
`alt_ellipsoid` is: there is no geoid here. Not logged since a recording does not hold it: rates, forces, motors.

Source: PX4 User Guide, "ULog File Format"; field names as in PX4 1.15's message definitions.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from hotwash.export.flight_log import BOOT_US, FlightLog, flight_log
from hotwash.geo import satellites
from hotwash.model.recording import Recording
from hotwash.version import __version__

_MAGIC = b"ULog\x01\x12\x35\x01"  # the last byte is the format's version
_TYPES = {"uint64_t": "<u8", "double": "<f8", "float": "<f4", "uint16_t": "<u2", "uint8_t": "u1", "bool": "?"}
_SLOW_US = 100_000  # ten rows a second of what changes slowly
_INFO = 6  # level of a logged message, as in syslog

# The column `nav_state` of vehicle_status. Source: PX4 msg/VehicleStatus.msg.
NAV_STATES = {
    "rate": 10, "stabilised": 15, "altitude_hold": 1, "position_hold": 2, "return_home": 5, "land": 18, "loiter": 4,
}  # fmt: skip
_DISARMED, _ARMED = 1, 2
_NO_FIX, _FIX_3D = 1, 3  # PX4 msg/SensorGps.msg
_ROTARY_WING, _FIXED_WING = 1, 2

_FORMATS: dict[str, str] = {
    "vehicle_local_position": (
        "uint64_t timestamp;uint64_t timestamp_sample;double ref_lat;double ref_lon;float ref_alt;"
        "float x;float y;float z;float vx;float vy;float vz;float heading;"
        "bool xy_valid;bool z_valid;bool v_xy_valid;bool v_z_valid;bool xy_global;bool z_global;"
    ),
    "vehicle_global_position": (
        "uint64_t timestamp;uint64_t timestamp_sample;double lat;double lon;float alt;float alt_ellipsoid;"
    ),
    "vehicle_gps_position": (
        "uint64_t timestamp;uint64_t time_utc_usec;double latitude_deg;double longitude_deg;double altitude_msl_m;"
        "double altitude_ellipsoid_m;float hdop;float vdop;float vel_m_s;float vel_n_m_s;float vel_e_m_s;"
        "float vel_d_m_s;bool vel_ned_valid;uint8_t fix_type;uint8_t satellites_used;"
    ),
    "vehicle_attitude": "uint64_t timestamp;uint64_t timestamp_sample;float[4] q;",
    "airspeed": "uint64_t timestamp;float indicated_airspeed_m_s;float true_airspeed_m_s;",
    "battery_status": "uint64_t timestamp;float voltage_v;float current_a;float remaining;bool connected;",
    "manual_control_setpoint": (
        "uint64_t timestamp;uint64_t timestamp_sample;float roll;float pitch;float yaw;float throttle;float aux1;"
        "uint16_t buttons;bool valid;uint8_t data_source;"
    ),
    "vehicle_land_detected": "uint64_t timestamp;bool ground_contact;bool maybe_landed;bool landed;bool freefall;",
    "vehicle_status": "uint64_t timestamp;uint8_t nav_state;uint8_t arming_state;uint8_t vehicle_type;",
}

_Columns = Mapping[str, NDArray[np.generic] | float | bool]


def encode(recording: Recording, *, object_id: str) -> bytes:
    """Return the bytes of a ULog file of one object's flight.

    recording   with truth of that object; controls of the seat of the same name
    raises      ReadError when there is no truth of it
    """
    log = flight_log(recording, object_id)
    dated = [(time_us, _message(b"L", struct.pack("<BQ", ord(str(_INFO)), time_us) + _text(text)))
             for time_us, text in log.notes]  # fmt: skip
    subscribed = b""
    for number, (name, rows) in enumerate(_topics(log).items()):
        subscribed += _message(b"A", struct.pack("<BH", 0, number) + name.encode())
        dated += _dated(_laid_out(name, number, rows))
    dated.sort(key=lambda row: row[0])
    return _head() + subscribed + b"".join(content for _, content in dated)


def _head() -> bytes:
    told = {"sys_name": "hotwash", "ver_hw": "SIMULATED", "ver_sw": __version__}
    return b"".join([
        _MAGIC, struct.pack("<Q", BOOT_US),
        _message(b"B", bytes(40)),  # no flag is set, nothing is appended
        *(_message(b"F", f"{name}:{fields}".encode()) for name, fields in _FORMATS.items()),
        *(_message(b"I", _keyed(f"char[{len(value)}] {key}") + value.encode()) for key, value in told.items()),
        _message(b"I", _keyed("int32_t time_ref_utc") + struct.pack("<i", 0)),
    ])  # fmt: skip


def _message(kind: bytes, content: bytes) -> bytes:
    return struct.pack("<H", len(content)) + kind + content


def _keyed(key: str) -> bytes:
    return bytes([len(key)]) + key.encode()


def _text(text: str) -> bytes:
    return text.encode("utf-8", "replace")[:60_000]  # a message's length is 16 bits


def _topics(log: FlightLog) -> dict[str, _Columns]:
    """Return the columns of each topic that has rows; a number stands for every row."""
    slow = log.every(_SLOW_US)
    found: dict[str, _Columns] = {
        "vehicle_local_position": _local(log), "vehicle_global_position": _global(log, slow),
        "vehicle_gps_position": _gps(log, slow), "vehicle_attitude": _attitude(log),
        "airspeed": _known("true_airspeed_m_s", {
            "timestamp": log.time_us[slow], "indicated_airspeed_m_s": float("nan"),
            "true_airspeed_m_s": log.airspeed_mps[slow],
        }),
        "battery_status": _known("remaining", {
            "timestamp": log.time_us[slow], "voltage_v": 0.0, "current_a": -1.0, "remaining": log.battery[slow],
            "connected": True,
        }),
        "manual_control_setpoint": _sticks(log), "vehicle_land_detected": _landing(log, slow),
        "vehicle_status": _status(log, slow),
    }  # fmt: skip
    return {name: columns for name, columns in found.items() if len(np.atleast_1d(columns["timestamp"]))}


def _known(name: str, columns: dict[str, NDArray[np.generic] | float | bool]) -> _Columns:
    """Return the rows in which a column is known."""
    is_known = ~np.isnan(np.asarray(columns[name], dtype=np.float64))
    return {key: value[is_known] if isinstance(value, np.ndarray) else value for key, value in columns.items()}


def _local(log: FlightLog) -> _Columns:
    x, y, z = log.ned_m.T
    vx, vy, vz = log.v_ned_mps.T
    heading = np.radians((log.euler_deg[:, 2] + 180.0) % 360.0 - 180.0)
    moves = ~np.isnan(vx)
    return {
        "timestamp": log.time_us, "timestamp_sample": log.time_us, "ref_lat": log.lat_deg[0],
        "ref_lon": log.lon_deg[0], "ref_alt": log.height_hae_m[0], "x": x, "y": y, "z": z, "vx": vx, "vy": vy,
        "vz": vz, "heading": heading, "xy_valid": log.has_fix, "z_valid": ~np.isnan(z),
        "v_xy_valid": moves & log.has_fix, "v_z_valid": moves, "xy_global": log.has_fix, "z_global": ~np.isnan(z),
    }  # fmt: skip


def _global(log: FlightLog, rows: NDArray[np.int64]) -> _Columns:
    height = log.height_hae_m[rows]
    return {
        "timestamp": log.time_us[rows], "timestamp_sample": log.time_us[rows], "lat": log.lat_deg[rows],
        "lon": log.lon_deg[rows], "alt": height, "alt_ellipsoid": height,
    }  # fmt: skip


def _gps(log: FlightLog, rows: NDArray[np.int64]) -> _Columns:
    """Return what the receiver says: without a fix where it was last, and that it has none."""
    has_fix, last = log.has_fix[rows], log.fix_row[rows]
    north, east, down = log.v_ned_mps[last].T
    hdop, vdop = satellites.dilution(log.satellite_counts[rows])
    if log.satellites is None:
        hdop, vdop = (np.where(has_fix, np.nan, satellites.NO_DILUTION) for _ in range(2))
    return {
        "timestamp": log.time_us[rows], "time_utc_usec": log.utc_us[rows], "latitude_deg": log.lat_deg[last],
        "longitude_deg": log.lon_deg[last], "altitude_msl_m": log.height_hae_m[last],
        "altitude_ellipsoid_m": log.height_hae_m[last], "hdop": hdop, "vdop": vdop,
        "vel_m_s": np.hypot(north, east), "vel_n_m_s": north, "vel_e_m_s": east, "vel_d_m_s": down,
        "vel_ned_valid": has_fix, "fix_type": np.where(has_fix, _FIX_3D, _NO_FIX),
        "satellites_used": log.satellite_counts[rows],
    }  # fmt: skip


def _attitude(log: FlightLog) -> _Columns:
    is_known = ~np.isnan(log.quaternion).any(axis=1)
    time_us = log.time_us[is_known]
    return {"timestamp": time_us, "timestamp_sample": time_us, "q": log.quaternion[is_known]}


def _sticks(log: FlightLog) -> _Columns:
    roll, pitch, yaw, throttle, lever = log.sticks.T
    return {
        "timestamp": log.sticks_us, "timestamp_sample": log.sticks_us, "roll": roll, "pitch": pitch, "yaw": yaw,
        "throttle": throttle, "aux1": lever, "buttons": log.buttons & 0xFFFF, "valid": True, "data_source": 1,
    }  # fmt: skip


def _landing(log: FlightLog, rows: NDArray[np.int64]) -> _Columns:
    """Return the ground contact ten times a second, and at every change of it."""
    changed = np.flatnonzero(np.diff(log.is_on_ground.astype(np.int8))) + 1
    rows = np.union1d(rows, changed)
    stands = log.is_on_ground[rows]
    return {
        "timestamp": log.time_us[rows], "ground_contact": stands, "maybe_landed": stands, "landed": stands,
        "freefall": False,
    }  # fmt: skip


def _status(log: FlightLog, rows: NDArray[np.int64]) -> _Columns:
    """Return mode and arming ten times a second, and at every change; position hold until a mode is told."""
    arming = log.arming or [(int(log.time_us[0]), True)]  # nobody said: it flies, so its motors turn
    times = np.unique([*log.time_us[rows].tolist(), *(at for at, _ in (*log.modes, *arming))])
    modes = _last_values(times, [(at, NAV_STATES.get(mode, 0)) for at, mode in log.modes], NAV_STATES["position_hold"])
    armed = _last_values(times, [(at, _ARMED if on else _DISARMED) for at, on in arming], _DISARMED)
    return {
        "timestamp": times, "nav_state": modes, "arming_state": armed,
        "vehicle_type": _FIXED_WING if log.is_wing else _ROTARY_WING,
    }  # fmt: skip


def _last_values(times: NDArray[np.int64], changes: Sequence[tuple[int, int]], first: int) -> NDArray[np.int64]:
    """Return the last value told at each time, `first` before any was."""
    since = np.array([at for at, _ in changes], dtype=np.int64)
    values = np.array([first, *(value for _, value in changes)], dtype=np.int64)
    return values[np.searchsorted(since, times, side="right")]


def _laid_out(name: str, number: int, columns: _Columns) -> NDArray[np.void]:
    """Return the rows of a topic as they stand in the file, each with its head."""
    fields = [("(size)", "<u2"), ("(kind)", "S1"), ("(number)", "<u2"), *_fields(_FORMATS[name])]
    dtype = np.dtype(fields)
    rows = np.zeros(len(np.atleast_1d(columns["timestamp"])), dtype)
    rows["(size)"], rows["(kind)"], rows["(number)"] = dtype.itemsize - 3, b"D", number
    for key, value in columns.items():
        rows[key] = value
    return rows


def _fields(text: str) -> Iterator[tuple[str, str]]:
    """Yield name and type of each field of a format."""
    for field in text.rstrip(";").split(";"):
        kind, name = field.split(" ")
        base, _, many = kind.rstrip("]").partition("[")
        yield name, f"({many},){_TYPES[base]}" if many else _TYPES[base]


def _dated(rows: NDArray[np.void]) -> list[tuple[int, bytes]]:
    size, content = rows.dtype.itemsize, rows.tobytes()
    pieces = (content[at : at + size] for at in range(0, len(content), size))
    return list(zip(rows["timestamp"].tolist(), pieces, strict=True))
