"""What a simulated vehicle says of itself in MAVLink: its instruments, never a truth that a fault hides.

View ─▶ name and fields of each message
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from hotwash.flight.policies import orders as orders_of
from hotwash.flight.seats import fields
from hotwash.flight.seats.pilot import View
from hotwash.geo import attitudes, frames, satellites
from hotwash.mavlink.messages import FieldValue
from hotwash.model.scenario_parts import Place
from hotwash.model.words import FLIGHT_MODES

Values = Mapping[str, FieldValue]

# Source: MAVLink common.xml: enums MAV_TYPE, MAV_AUTOPILOT, MAV_STATE, MAV_MODE_FLAG, GPS_FIX_TYPE, MAV_LANDED_STATE.
QUADROTOR, FIXED_WING = 2, 1
AUTOPILOT_PX4 = 12
_STANDBY, _ACTIVE, _CRITICAL, _EMERGENCY = 3, 4, 5, 6
_FLAG_CUSTOM, _FLAG_AUTO, _FLAG_ARMED = 1, 4 | 8 | 16, 128
_NO_FIX, _FIX_3D = 1, 3
_ON_GROUND, _IN_AIR, _TAKING_OFF, _LANDING = 1, 2, 3, 4
_UNKNOWN_16, _UNKNOWN_TEMPERATURE, _LIPO = 65_535, 32_767, 1

# MAV_SYS_STATUS_SENSOR: gyroscope, accelerometer, compass, barometer; satellites; motors, attitude, battery, pre-arm.
_SENSORS, _SATELLITES = 0x0F, 0x20
_OTHERS = 0x8000 | 0x200000 | 0x2000000 | 0x10000000

# GIMBAL_MANAGER_CAP_FLAGS: neutral, pitch axis, pitch lock; GIMBAL_DEVICE_FLAGS: roll lock, pitch lock, yaw from nose.
_CAMERA_CAN, _CAMERA_LEVEL = 0x2 | 0x20 | 0x80, 0x4 | 0x8 | 0x20

# Main and sub mode of PX4, by the mode flown. Source: PX4 px4_custom_mode.h.
_AUTO, _TAKE_OFF, _LOITER, _MISSION, _RETURN, _LAND = 4, 2, 3, 4, 5, 6
_PILOTED = {"rate": 5, "stabilised": 7, "altitude_hold": 2, "position_hold": 3}
_BY_ITSELF = {"return_home": _RETURN, "land": _LAND, "loiter": _LOITER}
_ORDERED = {orders_of.TAKE_OFF: _TAKE_OFF, orders_of.HOLD: _LOITER, orders_of.GO_TO: _LOITER}

# PX4's capabilities that hold here: PARAM_FLOAT, COMMAND_INT, MAVLINK2.
_CAPABILITIES = 0x2 | 0x8 | 0x2000
_ANSWERS_AS_PX4 = (1 << 24) | (15 << 16) | 255  # 1.15.0, released: what clients choose their commands by


@dataclass(frozen=True, slots=True)
class VehicleState:
    """Everything that messages are made of at one instant.

    view           of one world
    place          that positions are counted from
    start_us       UTC of time zero, since 1970
    home_m         east, north, up of where it took off; None before it had a fix
    ground_up_m    up of the ground there
    kind           of its orders
    is_wing, is_client_silent
    camera_deg     lowest and highest pitch of the camera, above the horizon
    """

    view: View
    place: Place
    start_us: int
    home_m: tuple[float, float, float] | None
    ground_up_m: float
    kind: str
    is_wing: bool = False
    is_client_silent: bool = False
    camera_deg: tuple[float, float] = (-90.0, 30.0)

    @property
    def boot_ms(self) -> int:
        return round(float(self.view.time_s[0]) * 1000.0)

    @property
    def has_fix(self) -> bool:
        return bool(self.view.has_fix[0])

    @property
    def has_warning(self) -> int:
        return int(self.view.warnings[0])

    def geodetic(self, point_m: tuple[float, float, float]) -> tuple[float, float, float]:
        """Return lat_deg, lon_deg, height_hae_m of a point east, north, up of the place."""
        place = self.place
        lat, lon, height = frames.enu2geodetic(*point_m, place.lat_deg, place.lon_deg, place.height_hae_m)
        return float(lat), float(lon), float(height)


def custom_mode(main: int, sub: int = 0) -> int:
    """Return PX4's number of a mode, as a heartbeat holds it."""
    return main << 16 | sub << 24


def px4_mode(mode: str, kind: str) -> tuple[int, int]:
    """Return PX4's main and sub mode of a flight mode under some orders."""
    if mode in _BY_ITSELF:
        return _AUTO, _BY_ITSELF[mode]
    if mode == orders_of.POSITION_HOLD and kind in _ORDERED:
        return _AUTO, _ORDERED[kind]
    return _PILOTED[mode], 0


def heartbeat(vehicle: VehicleState) -> Values:
    main, sub = px4_mode(FLIGHT_MODES[int(vehicle.view.mode[0])], vehicle.kind)
    is_armed = bool(vehicle.view.is_armed[0])
    state = _ACTIVE if is_armed else _STANDBY
    if vehicle.is_client_silent or vehicle.has_warning & (fields.LINK_LOST | fields.BATTERY_CRITICAL):
        state = _CRITICAL
    if vehicle.has_warning & fields.UPSIDE_DOWN:
        state = _EMERGENCY
    flags = _FLAG_CUSTOM | (_FLAG_ARMED if is_armed else 0) | (_FLAG_AUTO if main == _AUTO else 0)
    return {
        "type": FIXED_WING if vehicle.is_wing else QUADROTOR,
        "autopilot": AUTOPILOT_PX4,
        "base_mode": flags,
        "custom_mode": custom_mode(main, sub),
        "system_status": state,
        "mavlink_version": 3,
    }


def sys_status(vehicle: VehicleState) -> Values:
    every = _SENSORS | _SATELLITES | _OTHERS
    health = every if vehicle.has_fix else every & ~_SATELLITES
    return {
        "onboard_control_sensors_present": every,
        "onboard_control_sensors_enabled": every,
        "onboard_control_sensors_health": health,
        "voltage_battery": 1000.0 * float(vehicle.view.volts[0]),
        "current_battery": -1,
        "battery_remaining": 100.0 * float(vehicle.view.battery[0]),
    }


def battery_status(vehicle: VehicleState) -> Values:
    """Return the battery as one cell, since its cells are not told apart."""
    volts_mv = min(1000.0 * float(vehicle.view.volts[0]), _UNKNOWN_16 - 1.0)
    return {
        "type": _LIPO,
        "temperature": _UNKNOWN_TEMPERATURE,
        "voltages": (volts_mv, *([_UNKNOWN_16] * 9)),
        "current_battery": -1,
        "current_consumed": -1,
        "energy_consumed": -1,
        "battery_remaining": 100.0 * float(vehicle.view.battery[0]),
    }


def _attitude(vehicle: VehicleState) -> tuple[np.ndarray, tuple[float, float, float]]:
    """Return the quaternion w x y z and the rates in front-right-down."""
    p, q, r = (float(rate) for rate in vehicle.view.rates_radps[0])
    return attitudes.enu2ned_quaternion(vehicle.view.attitude[0]), (p, -q, -r)


def attitude(vehicle: VehicleState) -> Values:
    quaternion, (p, q, r) = _attitude(vehicle)
    roll, pitch, yaw = (math.radians(float(angle)) for angle in attitudes.quaternion2euler(quaternion))
    return {
        "time_boot_ms": vehicle.boot_ms,
        "roll": roll,
        "pitch": pitch,
        "yaw": math.remainder(yaw, 2.0 * math.pi),
        "rollspeed": p,
        "pitchspeed": q,
        "yawspeed": r,
    }


def attitude_quaternion(vehicle: VehicleState) -> Values:
    quaternion, (p, q, r) = _attitude(vehicle)
    numbers = {f"q{n}": float(value) for n, value in enumerate(quaternion, start=1)}
    return {"time_boot_ms": vehicle.boot_ms, **numbers, "rollspeed": p, "pitchspeed": q, "yawspeed": r}


def global_position_int(vehicle: VehicleState) -> Values | None:
    """Return the position by satellite and barometer; None without a fix."""
    if not vehicle.has_fix:
        return None
    lat, lon, height = vehicle.geodetic(orders_of.stands(vehicle.view, vehicle.ground_up_m))
    east, north, _ = (100.0 * float(speed) for speed in vehicle.view.nav_velocity_mps[0])
    return {
        "time_boot_ms": vehicle.boot_ms,
        "lat": lat * 1e7,
        "lon": lon * 1e7,
        "alt": height * 1e3,
        "relative_alt": 1e3 * float(vehicle.view.height_m[0]),
        "vx": north,
        "vy": east,
        "vz": -100.0 * float(vehicle.view.climb_mps[0]),
        "hdg": _turned(vehicle.view.heading_deg[0], parts=100),
    }


def local_position_ned(vehicle: VehicleState) -> Values | None:
    if not vehicle.has_fix:
        return None
    east, north, up = orders_of.stands(vehicle.view, vehicle.ground_up_m)
    v_east, v_north, _ = (float(speed) for speed in vehicle.view.nav_velocity_mps[0])
    climb = float(vehicle.view.climb_mps[0])
    return {"time_boot_ms": vehicle.boot_ms, "x": north, "y": east, "z": -up, "vx": v_north, "vy": v_east, "vz": -climb}


def _turned(angle_deg: float, *, parts: int) -> int:
    """Return an angle in whole parts of a degree, from 0 to less than a full turn: just short of one is 0."""
    return round(float(angle_deg) * parts) % (360 * parts)


def gps_raw_int(vehicle: VehicleState) -> Values:
    """Return what the receiver says; without a fix its last position, marked as none."""
    east_m, north_m, up_m = vehicle.view.nav_position_m[0].tolist()
    lat, lon, height = vehicle.geodetic((east_m, north_m, up_m))
    east, north, _ = (float(speed) for speed in vehicle.view.nav_velocity_mps[0])
    count = int(vehicle.view.satellites[0])
    hdop, vdop = satellites.dilution(count)
    return {
        "time_usec": vehicle.boot_ms * 1000,
        "fix_type": _FIX_3D if vehicle.has_fix else _NO_FIX,
        "lat": lat * 1e7,
        "lon": lon * 1e7,
        "alt": height * 1e3,
        "alt_ellipsoid": height * 1e3,
        "eph": 100.0 * float(hdop[0]),
        "epv": 100.0 * float(vdop[0]),
        "vel": 100.0 * math.hypot(east, north),
        "cog": _turned(math.degrees(math.atan2(east, north)), parts=100),
        "satellites_visible": count,
    }


def home_position(vehicle: VehicleState) -> Values | None:
    if vehicle.home_m is None:
        return None
    lat, lon, height = vehicle.geodetic(vehicle.home_m)
    east, north, up = vehicle.home_m
    return {
        "latitude": lat * 1e7,
        "longitude": lon * 1e7,
        "altitude": height * 1e3,
        "x": north,
        "y": east,
        "z": -up,
        "q": (1.0, 0.0, 0.0, 0.0),
        "time_usec": vehicle.boot_ms * 1000,
    }


def extended_sys_state(vehicle: VehicleState) -> Values:
    flown = FLIGHT_MODES[int(vehicle.view.mode[0])]
    state = _LANDING if flown == "land" else _TAKING_OFF if vehicle.kind == orders_of.TAKE_OFF else _IN_AIR
    return {"landed_state": _ON_GROUND if vehicle.view.is_on_ground[0] else state}


def vfr_hud(vehicle: VehicleState) -> Values:
    east, north, _ = (float(speed) for speed in vehicle.view.nav_velocity_mps[0])
    _, _, height = vehicle.geodetic(orders_of.stands(vehicle.view, vehicle.ground_up_m))
    return {
        "airspeed": float(vehicle.view.airspeed_mps[0]),
        "groundspeed": math.hypot(east, north),
        "heading": _turned(vehicle.view.heading_deg[0], parts=1),
        "alt": height,
        "climb": float(vehicle.view.climb_mps[0]),
    }


def system_time(vehicle: VehicleState) -> Values:
    return {"time_unix_usec": vehicle.start_us + vehicle.boot_ms * 1000, "time_boot_ms": vehicle.boot_ms}


def autopilot_version(_: VehicleState) -> Values:
    """Return which autopilot's manners are kept; its custom version says whose simulation it is."""
    return {
        "capabilities": _CAPABILITIES,
        "flight_sw_version": _ANSWERS_AS_PX4,
        "uid": 1,
        "flight_custom_version": tuple(b"hotwash\0"),
    }


def gimbal_manager_information(vehicle: VehicleState) -> Values:
    """Return how far the camera can be moved: up and down, never to the side of the nose."""
    lowest, highest = (math.radians(angle) for angle in vehicle.camera_deg)
    return {
        "time_boot_ms": vehicle.boot_ms,
        "cap_flags": _CAMERA_CAN,
        "gimbal_device_id": 1,
        "pitch_min": lowest,
        "pitch_max": highest,
    }


def gimbal_device_attitude_status(vehicle: VehicleState) -> Values:
    """Return where the camera points: its pitch from the horizon, its yaw from the nose."""
    half = math.radians(float(vehicle.view.gimbal_pitch_deg[0])) / 2.0
    return {
        "time_boot_ms": vehicle.boot_ms,
        "flags": _CAMERA_LEVEL,
        "q": (math.cos(half), 0.0, math.sin(half), 0.0),
        "delta_yaw": math.nan,
        "delta_yaw_velocity": math.nan,
        "gimbal_device_id": 1,
    }


TELEMETRY: dict[str, tuple[float, Callable[[VehicleState], Values | None]]] = {  # how often, in hertz of simulated time
    "HEARTBEAT": (1.0, heartbeat),
    "SYS_STATUS": (1.0, sys_status),
    "BATTERY_STATUS": (1.0, battery_status),
    "ATTITUDE": (50.0, attitude),
    "ATTITUDE_QUATERNION": (50.0, attitude_quaternion),
    "GLOBAL_POSITION_INT": (50.0, global_position_int),
    "LOCAL_POSITION_NED": (50.0, local_position_ned),
    "GPS_RAW_INT": (5.0, gps_raw_int),
    "HOME_POSITION": (0.5, home_position),
    "EXTENDED_SYS_STATE": (5.0, extended_sys_state),
    "VFR_HUD": (10.0, vfr_hud),
    "SYSTEM_TIME": (1.0, system_time),
    "GIMBAL_DEVICE_ATTITUDE_STATUS": (5.0, gimbal_device_attitude_status),
    "GIMBAL_MANAGER_INFORMATION": (0.2, gimbal_manager_information),
    "AUTOPILOT_VERSION": (0.0, autopilot_version),
}
