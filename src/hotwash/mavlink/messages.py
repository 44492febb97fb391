"""The messages of MAVLink 2 that hotwash speaks: their fields, their order in a frame, and the checksum.

A message is declared in the order of its specification; `|` begins the fields that were added later (extensions). From
that follow the order on the wire (widest first), the length, and the byte of the checksum that tells whether both sides
mean the same message.

Source: mavlink.io, "Serialization" and "common.xml"; the checksum is CRC-16/MCRF4XX, as in ITU X.25 but not inverted.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import cached_property

_DECLARED = """
HEARTBEAT 0: u8 type, u8 autopilot, u8 base_mode, u32 custom_mode, u8 system_status, u8 mavlink_version
SYS_STATUS 1: u32 onboard_control_sensors_present, u32 onboard_control_sensors_enabled, u32
    onboard_control_sensors_health, u16 load, u16 voltage_battery, i16 current_battery, i8 battery_remaining, u16
    drop_rate_comm, u16 errors_comm, u16 errors_count1, u16 errors_count2, u16 errors_count3, u16 errors_count4 |
    u32 onboard_control_sensors_present_extended, u32 onboard_control_sensors_enabled_extended, u32
    onboard_control_sensors_health_extended
SYSTEM_TIME 2: u64 time_unix_usec, u32 time_boot_ms
PING 4: u64 time_usec, u32 seq, u8 target_system, u8 target_component
SET_MODE 11: u8 target_system, u8 base_mode, u32 custom_mode
PARAM_REQUEST_READ 20: u8 target_system, u8 target_component, char[16] param_id, i16 param_index
PARAM_REQUEST_LIST 21: u8 target_system, u8 target_component
PARAM_VALUE 22: char[16] param_id, f32 param_value, u8 param_type, u16 param_count, u16 param_index
PARAM_SET 23: u8 target_system, u8 target_component, char[16] param_id, f32 param_value, u8 param_type
GPS_RAW_INT 24: u64 time_usec, u8 fix_type, i32 lat, i32 lon, i32 alt, u16 eph, u16 epv, u16 vel, u16 cog, u8
    satellites_visible | i32 alt_ellipsoid, u32 h_acc, u32 v_acc, u32 vel_acc, u32 hdg_acc, u16 yaw
ATTITUDE 30: u32 time_boot_ms, f32 roll, f32 pitch, f32 yaw, f32 rollspeed, f32 pitchspeed, f32 yawspeed
ATTITUDE_QUATERNION 31: u32 time_boot_ms, f32 q1, f32 q2, f32 q3, f32 q4, f32 rollspeed, f32 pitchspeed, f32
    yawspeed | f32[4] repr_offset_q
LOCAL_POSITION_NED 32: u32 time_boot_ms, f32 x, f32 y, f32 z, f32 vx, f32 vy, f32 vz
GLOBAL_POSITION_INT 33: u32 time_boot_ms, i32 lat, i32 lon, i32 alt, i32 relative_alt, i16 vx, i16 vy, i16 vz, u16
    hdg
MISSION_REQUEST_PARTIAL_LIST 37: u8 target_system, u8 target_component, i16 start_index, i16 end_index | u8
    mission_type
MISSION_WRITE_PARTIAL_LIST 38: u8 target_system, u8 target_component, i16 start_index, i16 end_index | u8
    mission_type
MISSION_ITEM 39: u8 target_system, u8 target_component, u16 seq, u8 frame, u16 command, u8 current, u8 autocontinue,
    f32 param1, f32 param2, f32 param3, f32 param4, f32 x, f32 y, f32 z | u8 mission_type
MISSION_REQUEST 40: u8 target_system, u8 target_component, u16 seq | u8 mission_type
MISSION_SET_CURRENT 41: u8 target_system, u8 target_component, u16 seq
MISSION_REQUEST_LIST 43: u8 target_system, u8 target_component | u8 mission_type
MISSION_COUNT 44: u8 target_system, u8 target_component, u16 count | u8 mission_type
MISSION_CLEAR_ALL 45: u8 target_system, u8 target_component | u8 mission_type
MISSION_ACK 47: u8 target_system, u8 target_component, u8 type | u8 mission_type
MISSION_REQUEST_INT 51: u8 target_system, u8 target_component, u16 seq | u8 mission_type
MANUAL_CONTROL 69: u8 target, i16 x, i16 y, i16 z, i16 r, u16 buttons | u16 buttons2, u8 enabled_extensions, i16 s,
    i16 t, i16 aux1, i16 aux2, i16 aux3, i16 aux4, i16 aux5, i16 aux6
RC_CHANNELS_OVERRIDE 70: u8 target_system, u8 target_component, u16 chan1_raw, u16 chan2_raw, u16 chan3_raw, u16
    chan4_raw, u16 chan5_raw, u16 chan6_raw, u16 chan7_raw, u16 chan8_raw | u16 chan9_raw, u16 chan10_raw, u16
    chan11_raw, u16 chan12_raw, u16 chan13_raw, u16 chan14_raw, u16 chan15_raw, u16 chan16_raw, u16 chan17_raw, u16
    chan18_raw
MISSION_ITEM_INT 73: u8 target_system, u8 target_component, u16 seq, u8 frame, u16 command, u8 current, u8
    autocontinue, f32 param1, f32 param2, f32 param3, f32 param4, i32 x, i32 y, f32 z | u8 mission_type
VFR_HUD 74: f32 airspeed, f32 groundspeed, i16 heading, u16 throttle, f32 alt, f32 climb
COMMAND_INT 75: u8 target_system, u8 target_component, u8 frame, u16 command, u8 current, u8 autocontinue, f32
    param1, f32 param2, f32 param3, f32 param4, i32 x, i32 y, f32 z
COMMAND_LONG 76: u8 target_system, u8 target_component, u16 command, u8 confirmation, f32 param1, f32 param2, f32
    param3, f32 param4, f32 param5, f32 param6, f32 param7
COMMAND_ACK 77: u16 command, u8 result | u8 progress, i32 result_param2, u8 target_system, u8 target_component
SET_ATTITUDE_TARGET 82: u32 time_boot_ms, u8 target_system, u8 target_component, u8 type_mask, f32[4] q, f32
    body_roll_rate, f32 body_pitch_rate, f32 body_yaw_rate, f32 thrust
SET_POSITION_TARGET_LOCAL_NED 84: u32 time_boot_ms, u8 target_system, u8 target_component, u8 coordinate_frame, u16
    type_mask, f32 x, f32 y, f32 z, f32 vx, f32 vy, f32 vz, f32 afx, f32 afy, f32 afz, f32 yaw, f32 yaw_rate
SET_POSITION_TARGET_GLOBAL_INT 86: u32 time_boot_ms, u8 target_system, u8 target_component, u8 coordinate_frame, u16
    type_mask, i32 lat_int, i32 lon_int, f32 alt, f32 vx, f32 vy, f32 vz, f32 afx, f32 afy, f32 afz, f32 yaw, f32
    yaw_rate
TIMESYNC 111: i64 tc1, i64 ts1
BATTERY_STATUS 147: u8 id, u8 battery_function, u8 type, i16 temperature, u16[10] voltages, i16 current_battery, i32
    current_consumed, i32 energy_consumed, i8 battery_remaining | i32 time_remaining, u8 charge_state, u16[4]
    voltages_ext, u8 mode, u32 fault_bitmask
AUTOPILOT_VERSION 148: u64 capabilities, u32 flight_sw_version, u32 middleware_sw_version, u32 os_sw_version, u32
    board_version, u8[8] flight_custom_version, u8[8] middleware_custom_version, u8[8] os_custom_version, u16
    vendor_id, u16 product_id, u64 uid | u8[18] uid2
HOME_POSITION 242: i32 latitude, i32 longitude, i32 altitude, f32 x, f32 y, f32 z, f32[4] q, f32 approach_x, f32
    approach_y, f32 approach_z | u64 time_usec
MESSAGE_INTERVAL 244: u16 message_id, i32 interval_us
EXTENDED_SYS_STATE 245: u8 vtol_state, u8 landed_state
STATUSTEXT 253: u8 severity, char[50] text | u16 id, u8 chunk_seq
GIMBAL_MANAGER_INFORMATION 280: u32 time_boot_ms, u32 cap_flags, u8 gimbal_device_id, f32 roll_min, f32 roll_max, f32
    pitch_min, f32 pitch_max, f32 yaw_min, f32 yaw_max
GIMBAL_DEVICE_ATTITUDE_STATUS 285: u8 target_system, u8 target_component, u32 time_boot_ms, u16 flags, f32[4] q, f32
    angular_velocity_x, f32 angular_velocity_y, f32 angular_velocity_z, u32 failure_flags | f32 delta_yaw, f32
    delta_yaw_velocity, u8 gimbal_device_id
PARAM_ERROR 345: u8 target_system, u8 target_component, char[16] param_id, i16 param_index, u8 error
"""

_KINDS = {  # as declared here: the specification's name, the letter of struct
    "u8": ("uint8_t", "B"),
    "i8": ("int8_t", "b"),
    "u16": ("uint16_t", "H"),
    "i16": ("int16_t", "h"),
    "u32": ("uint32_t", "I"),
    "i32": ("int32_t", "i"),
    "u64": ("uint64_t", "Q"),
    "i64": ("int64_t", "q"),
    "f32": ("float", "f"),
    "f64": ("double", "d"),
    "char": ("char", "s"),
}

MAGIC_2, MAGIC_1 = 0xFD, 0xFE  # the first byte of a frame of MAVLink 2, and of MAVLink 1
SIGNED = 0x01  # bit of a frame's flags: thirteen bytes of signature follow

FieldValue = int | float | str | tuple[int | float, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """One field: `many` is 0 for a single number, else the length of the array or of the text."""

    name: str
    kind: str
    many: int

    @property
    def is_text(self) -> bool:
        return self.kind == "char"

    @property
    def letters(self) -> str:
        """Return how struct lays it out."""
        letter = _KINDS[self.kind][1]
        return f"{self.many or 1}{letter}" if self.is_text else letter * (self.many or 1)

    @property
    def width(self) -> int:
        """Return the bytes of one number."""
        return struct.calcsize(f"<{_KINDS[self.kind][1]}")


@dataclass(frozen=True)
class Declared:
    """One declared message; `fields` as on the wire, extensions last."""

    name: str
    number: int
    fields: tuple[Field, ...]
    extensions: int

    @cached_property
    def layout(self) -> struct.Struct:
        return struct.Struct("<" + "".join(field.letters for field in self.fields))

    @cached_property
    def crc_extra(self) -> int:
        """Return the byte that both sides add to the checksum: made of names and types, extensions left out."""
        crc = checksum(f"{self.name} ".encode())
        for field in self.fields[: len(self.fields) - self.extensions]:
            crc = checksum(f"{_KINDS[field.kind][0]} {field.name} ".encode(), crc)
            if field.many:
                crc = checksum(bytes([field.many]), crc)
        return (crc & 0xFF) ^ (crc >> 8)

    @cached_property
    def bare_length(self) -> int:
        """Return the bytes of the fields that are no extensions: a frame of MAVLink 1 holds no others."""
        bare = self.fields[: len(self.fields) - self.extensions]
        return struct.calcsize("<" + "".join(field.letters for field in bare))


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it was said: texts without their trailing zeros, arrays as tuples."""

    name: str
    values: dict[str, FieldValue]
    sequence: int = 0
    system: int = 1
    component: int = 1

    def number(self, field: str) -> float:
        """Return the value of a field that is a single number."""
        value = self.values[field]
        return float(value) if isinstance(value, int | float) else float("nan")

    def integer(self, field: str) -> int:
        """Return the value of a field that is a whole number; 0 when it is none."""
        value = self.values[field]
        return int(value) if isinstance(value, int) else 0

    def text(self, field: str) -> str:
        """Return the value of a field that is a text."""
        value = self.values[field]
        return value if isinstance(value, str) else ""


def checksum(content: bytes, crc: int = 0xFFFF) -> int:
    """Return the checksum of bytes, carried on from an earlier one."""
    for byte in content:
        crc = (crc >> 8) ^ _CRC[(crc ^ byte) & 0xFF]
    return crc


def _crc_of(byte: int) -> int:
    for _ in range(8):
        byte = (byte >> 1) ^ (0x8408 if byte & 1 else 0)
    return byte


_CRC = tuple(_crc_of(byte) for byte in range(256))


def _declared(line: str) -> Declared:
    head, _, body = line.partition(":")
    name, number = head.split()
    bare, _, added = body.partition("|")
    fields, extensions = _fields(bare), _fields(added)
    on_wire = sorted(fields, key=lambda field: -field.width)  # stable: equal widths keep their order
    return Declared(name, int(number), (*on_wire, *extensions), len(extensions))


def _fields(text: str) -> list[Field]:
    found: list[Field] = []
    for part in (piece.split() for piece in text.split(",") if piece.strip()):
        kind, _, many = part[0].rstrip("]").partition("[")
        found.append(Field(part[1], kind, int(many or 0)))
    return found


MESSAGES = {item.name: item for item in map(_declared, _DECLARED.replace("\n    ", " ").strip().splitlines())}
BY_NUMBER = {item.number: item for item in MESSAGES.values()}
