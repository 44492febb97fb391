"""One object of a recording as an ArduPilot log (DataFlash, .BIN), for the tools that read such logs.

    FMT of each message │ UNIT, MULT, FMTU │ MSG, ORGN │ rows by time: GPS POS ATT ARSP BAT RCIN MODE EV MSG

Positions and attitudes are those of truth, not an autopilot's estimate; GPS holds whether the receiver had a fix.
Heights stand above the ellipsoid where ArduPilot has them above mean sea level: there is no geoid here.

Source: ArduPilot Logger, `LogStructure.h`: format letters, units, and the columns of each message.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotwash.export.flight_log import FlightLog, flight_log
from hotwash.geo import satellites
from hotwash.model.recording import Recording
from hotwash.version import __version__

_HEAD = np.array([0xA3, 0x95], dtype=np.uint8).tobytes()
_MSG_CHARACTERS = 64
_SLOW_US = 200_000  # five rows a second, as receivers give
_LEAP_S = 18  # GPS time is ahead of UTC by this since 2017
_GPS_EPOCH_S = 315_964_800  # 1980-01-06 in seconds since 1970
_WEEK_S = 604_800
_PWM_MIDDLE, _PWM_HALF = 1500.0, 500.0
_ARMED, _DISARMED, _LANDED, _NOT_LANDED = 10, 11, 18, 28  # ArduPilot AP_Logger.h: LogEvent
_NO_FIX, _FIX_3D = 1, 3  # AP_GPS.h: GPS_Status
_BY_MACHINE = 0  # reason of a change of mode: unknown

# Letters of a format: as they stand in the file, and what a value is multiplied by.
_LETTERS = {
    "B": ("u1", 1), "H": ("<u2", 1), "I": ("<u4", 1), "Q": ("<u8", 1), "f": ("<f4", 1), "c": ("<i2", 100),
    "e": ("<i4", 100), "L": ("<i4", 10_000_000), "M": ("u1", 1), "b": ("i1", 1), "d": ("<f8", 1), "n": ("S4", 0),
    "N": ("S16", 0), "Z": ("S64", 0),
}  # fmt: skip

# Source: ArduPilot ArduCopter/mode.h and ArduPlane/mode.h.
COPTER_MODES = {
    "rate": 1, "stabilised": 0, "altitude_hold": 2, "position_hold": 16, "return_home": 6, "land": 9, "loiter": 5,
}  # fmt: skip
PLANE_MODES = {
    "rate": 4, "stabilised": 2, "altitude_hold": 5, "position_hold": 12, "return_home": 11, "land": 10, "loiter": 12,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Format:
    """One kind of message: its number and columns, a letter of format, unit and multiplier for each."""

    number: int
    letters: str
    units: str
    multipliers: str
    columns: str


_DEFINING = {
    "FMT": _Format(128, "BBnNZ", "-b---", "-----", "Type,Length,Name,Format,Columns"),
    "UNIT": _Format(129, "QbZ", "s--", "F--", "TimeUS,Id,Label"),
    "FMTU": _Format(130, "QBNN", "s---", "F---", "TimeUS,FmtType,UnitIds,MultIds"),
    "MULT": _Format(131, "Qbd", "s--", "F--", "TimeUS,Id,Mult"),
}
_FLYING = {
    "MSG": _Format(140, "QZ", "s-", "F-", "TimeUS,Message"),
    "ORGN": _Format(141, "QBLLe", "s-DUm", "F-GGB", "TimeUS,Type,Lat,Lng,Alt"),
    "GPS": _Format(
        142, "QBBIHBcLLeffffB", "s#-s-S-DUmnhnh-", "F--C-0BGGB000--",
        "TimeUS,I,Status,GMS,GWk,NSats,HDop,Lat,Lng,Alt,Spd,GCrs,VZ,Yaw,U",
    ),
    "POS": _Format(143, "QLLfff", "sDUmmm", "FGG000", "TimeUS,Lat,Lng,Alt,RelHomeAlt,RelOriginAlt"),
    "ATT": _Format(144, "QffffffB", "sdddddd-", "F000000-", "TimeUS,DesRoll,Roll,DesPitch,Pitch,DesYaw,Yaw,AEKF"),
    "BAT": _Format(
        145, "QBfffffcfBBB", "s#vvAaXOw%--", "F-000C0?000-",
        "TimeUS,Inst,Volt,VoltR,Curr,CurrTot,EnrgTot,Temp,Res,RemPct,H,SH",
    ),
    "RCIN": _Format(146, "QHHHHHHHH", "sYYYYYYYY", "F--------", "TimeUS,C1,C2,C3,C4,C5,C6,C7,C8"),
    "MODE": _Format(147, "QMBB", "s---", "F---", "TimeUS,Mode,ModeNum,Rsn"),
    "EV": _Format(148, "QB", "s-", "F-", "TimeUS,Id"),
    "ARSP": _Format(149, "QBff", "s#nP", "F-00", "TimeUS,I,Airspeed,DiffPress"),
}  # fmt: skip
_UNITS = {
    "-": "", "#": "instance", "s": "s", "D": "deglatitude", "U": "deglongitude", "m": "m", "n": "m/s",
    "h": "degheading", "d": "deg", "v": "V", "A": "A", "a": "Ah", "X": "W.h", "O": "degC", "w": "Ohm", "%": "%",
    "Y": "us", "S": "satellites", "b": "B", "P": "Pa",
}  # fmt: skip
_MULTIPLIERS = {"-": 0.0, "?": 1.0, "0": 1.0, "B": 1e-2, "C": 1e-3, "F": 1e-6, "G": 1e-7}

_Value = NDArray[np.generic] | float | bytes
_Columns = Mapping[str, _Value]


def encode(recording: Recording, *, object_id: str) -> bytes:
    """Return the bytes of a DataFlash file of one object's flight.

    recording   with truth of that object; controls of the seat of the same name
    raises      ReadError when there is no truth of it
    """
    log = flight_log(recording, object_id)
    firmware = "ArduPlane" if log.is_wing else "ArduCopter"
    opening = [f"hotwash {__version__}, simulated; modes as in {firmware}"]
    rows = [*_text(int(log.time_us[0]), opening), *_rows(log)]
    rows.sort(key=lambda row: row[0])
    return b"".join([*_definitions(), *(content for _, content in rows)])


def _definitions() -> Iterator[bytes]:
    formats = _DEFINING | _FLYING
    for name, made in formats.items():
        size = _dtype(made).itemsize
        texts = {"Name": name.encode(), "Format": made.letters.encode(), "Columns": made.columns.encode()}
        yield _one("FMT", {"Type": made.number, "Length": size, **texts})
    for letter, label in _UNITS.items():
        yield _one("UNIT", {"TimeUS": 0, "Id": ord(letter), "Label": label.encode()})
    for letter, value in _MULTIPLIERS.items():
        yield _one("MULT", {"TimeUS": 0, "Id": ord(letter), "Mult": value})
    for made in formats.values():
        ids = {"UnitIds": made.units.encode(), "MultIds": made.multipliers.encode()}
        yield _one("FMTU", {"TimeUS": 0, "FmtType": made.number, **ids})


def _rows(log: FlightLog) -> Iterator[tuple[int, bytes]]:
    """Yield every message with its time."""
    start_us = int(log.time_us[0])
    lat_deg, lon_deg, height_m = log.lat_deg[0], log.lon_deg[0], _heights_or_zero(log.height_hae_m)[0]
    for kind in (0, 1):  # the origin of the estimate, and home
        place = {"Lat": float(lat_deg), "Lng": float(lon_deg), "Alt": float(height_m)}
        yield start_us, _one("ORGN", {"TimeUS": start_us, "Type": kind, **place})
    slow = log.every(_SLOW_US)
    yield from _many("GPS", _gps(log, slow))
    yield from _many("POS", _position(log))
    yield from _many("ATT", _attitude(log))
    yield from _many("BAT", _battery(log, slow))
    yield from _many("ARSP", _airspeed(log, slow))
    yield from _many("RCIN", _sticks(log))
    numbers = PLANE_MODES if log.is_wing else COPTER_MODES
    for at, mode in log.modes or ((start_us, "position_hold"),):
        number = numbers.get(mode, 0)
        yield at, _one("MODE", {"TimeUS": at, "Mode": number, "ModeNum": number, "Rsn": _BY_MACHINE})
    for at, event in _events(log):
        yield at, _one("EV", {"TimeUS": at, "Id": event})
    for at, text in log.notes:
        yield from _text(at, [text])


def _gps(log: FlightLog, rows: NDArray[np.int64]) -> _Columns:
    """Return what the receiver says: without a fix where it was last, and that it has none."""
    gps_ms = log.utc_us[rows] // 1000 + (_LEAP_S - _GPS_EPOCH_S) * 1000
    has_fix, last = log.has_fix[rows], log.fix_row[rows]
    north, east, down = np.nan_to_num(log.v_ned_mps[last]).T
    hdop, _ = satellites.dilution(log.satellite_counts[rows])
    if log.satellites is None:
        hdop = np.where(has_fix, 0.0, satellites.NO_DILUTION)  # a whole number has no other way to say unknown
    return {
        "TimeUS": log.time_us[rows], "I": 0, "Status": np.where(has_fix, _FIX_3D, _NO_FIX),
        "GMS": gps_ms % (_WEEK_S * 1000), "GWk": gps_ms // (_WEEK_S * 1000), "NSats": log.satellite_counts[rows],
        "HDop": hdop, "Lat": log.lat_deg[last], "Lng": log.lon_deg[last],
        "Alt": _heights_or_zero(log.height_hae_m[last]), "Spd": np.hypot(north, east),
        "GCrs": np.degrees(np.arctan2(east, north)) % 360.0, "VZ": down, "Yaw": 0.0, "U": has_fix,
    }  # fmt: skip


def _position(log: FlightLog) -> _Columns:
    above = -log.ned_m[:, 2]
    return {
        "TimeUS": log.time_us, "Lat": log.lat_deg, "Lng": log.lon_deg, "Alt": log.height_hae_m,
        "RelHomeAlt": above, "RelOriginAlt": above,
    }  # fmt: skip


def _attitude(log: FlightLog) -> _Columns:
    is_known = ~np.isnan(log.euler_deg).any(axis=1)
    roll, pitch, yaw = log.euler_deg[is_known].T
    wanted = {f"Des{name}": float("nan") for name in ("Roll", "Pitch", "Yaw")}
    return {"TimeUS": log.time_us[is_known], "Roll": roll, "Pitch": pitch, "Yaw": yaw, "AEKF": 0, **wanted}


def _battery(log: FlightLog, rows: NDArray[np.int64]) -> _Columns:
    """Return the share left; nothing else of the battery is in a recording."""
    rows = rows[~np.isnan(log.battery[rows])]
    unknown = dict.fromkeys(("Volt", "VoltR", "Curr", "CurrTot", "EnrgTot", "Res"), float("nan"))
    share = np.round(100.0 * log.battery[rows])
    return {"TimeUS": log.time_us[rows], "Inst": 0, "Temp": 0.0, "RemPct": share, "H": 1, "SH": 0, **unknown}


def _airspeed(log: FlightLog, rows: NDArray[np.int64]) -> _Columns:
    rows = rows[~np.isnan(log.airspeed_mps[rows])]
    return {"TimeUS": log.time_us[rows], "I": 0, "Airspeed": log.airspeed_mps[rows], "DiffPress": float("nan")}


def _sticks(log: FlightLog) -> _Columns:
    """Return pulses in microseconds: 1000 to 2000, forward on channel 2 is low, as transmitters send it."""
    roll, pitch, yaw, throttle, lever = np.nan_to_num(log.sticks).T
    channels = {"C1": roll, "C2": -pitch, "C3": throttle, "C4": yaw, "C6": lever}
    pulses = {name: np.round(_PWM_MIDDLE + _PWM_HALF * stick) for name, stick in channels.items()}
    return {"TimeUS": log.sticks_us, "C5": _PWM_MIDDLE, "C7": 1000.0, "C8": 1000.0, **pulses}


def _events(log: FlightLog) -> Iterator[tuple[int, int]]:
    """Yield what ArduPilot notes of arming and of the ground."""
    for at, is_armed in log.arming:
        yield at, _ARMED if is_armed else _DISARMED
    for row in np.flatnonzero(np.diff(log.is_on_ground.astype(np.int8))) + 1:
        yield int(log.time_us[row]), _LANDED if log.is_on_ground[row] else _NOT_LANDED


def _text(at: int, texts: Sequence[str]) -> Iterator[tuple[int, bytes]]:
    """Yield messages of 64 bytes at most; a longer text goes on in the next, a letter is never cut in two."""
    for text in texts:
        piece = b""
        for letter in text:
            code = letter.encode("utf-8", "replace")
            if len(piece) + len(code) > _MSG_CHARACTERS:
                yield at, _one("MSG", {"TimeUS": at, "Message": piece})
                piece = b""
            piece += code
        yield at, _one("MSG", {"TimeUS": at, "Message": piece})


def _heights_or_zero(height_m: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return heights for a column of whole centimetres, which has no number for unknown: it is 0."""
    return np.nan_to_num(height_m)


def _dtype(made: _Format) -> np.dtype[np.void]:
    fields = [(name, _LETTERS[letter][0]) for name, letter in zip(made.columns.split(","), made.letters, strict=True)]
    return np.dtype([("(head)", "S2"), ("(number)", "u1"), *fields])


def _laid_out(name: str, columns: _Columns) -> NDArray[np.void]:
    """Return messages as they stand in the file; a number stands for every row."""
    made = (_DEFINING | _FLYING)[name]
    lengths = {value.size for value in columns.values() if isinstance(value, np.ndarray) and value.ndim}
    rows = np.zeros(max(lengths, default=1), _dtype(made))
    rows["(head)"], rows["(number)"] = _HEAD, made.number
    for letter, key in zip(made.letters, made.columns.split(","), strict=True):
        factor = _LETTERS[letter][1]
        value = columns[key]
        rows[key] = value if factor in (0, 1) else np.round(np.asarray(value, dtype=np.float64) * factor)
    return rows


def _one(name: str, columns: _Columns) -> bytes:
    return _laid_out(name, columns).tobytes()


def _many(name: str, columns: _Columns) -> list[tuple[int, bytes]]:
    rows = _laid_out(name, columns)
    size, content = rows.dtype.itemsize, rows.tobytes()
    pieces = (content[at : at + size] for at in range(0, len(content), size))
    return list(zip(rows["TimeUS"].tolist(), pieces, strict=True))
