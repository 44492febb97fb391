"""What a pilot commands and what a pilot can know: two thin records, each over one matrix with a row for each world."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from hotwash.errors import CommandError
from hotwash.flight.columns import Column, FloatArray
from hotwash.flight.seats import fields as f
from hotwash.model.words import FLIGHT_MODES


@dataclass(frozen=True, slots=True, eq=False)
class Command:
    """What a seat asks for in one step, in every world.

    rows   (n, 8) float64: roll (+ right), pitch (+ forward), yaw (+ clockwise from above), throttle (+ up; -1 none, 0
           holds the height in modes that hold it), gimbal_pitch_rate (+ up), each -1 to 1; capture 0 or 1; mode,
           an index into words.FLIGHT_MODES or -1 to keep it; buttons, bits (fields.ARM, fields.DISARM)
    """

    rows: FloatArray

    @classmethod
    def of(cls, matrix: ArrayLike) -> Command:
        """Return the command of a matrix (n, 8), or of one row (8,) for one world.

        raises   CommandError when the shape is another
        """
        rows = np.ascontiguousarray(np.atleast_2d(np.asarray(matrix, dtype=np.float64)))
        if rows.ndim != 2 or rows.shape[1] != f.COMMANDS:
            why = f"it has the shape {rows.shape}; give (worlds, {f.COMMANDS}): {', '.join(f.COMMAND_NAMES)}"
            raise CommandError("command", why=why)
        return cls(rows)

    @classmethod
    def of_sticks(
        cls, worlds: int = 1, *, roll: ArrayLike = 0.0, pitch: ArrayLike = 0.0, yaw: ArrayLike = 0.0,
        throttle: ArrayLike = 0.0, gimbal_pitch_rate: ArrayLike = 0.0, capture: ArrayLike = 0.0,
        mode: ArrayLike | str = -1.0, buttons: ArrayLike = 0.0,
    ) -> Command:  # fmt: skip
        """Return a command of single numbers or arrays (worlds,); a mode may be its word."""
        asked: ArrayLike = float(mode_number(mode)) if isinstance(mode, str) else mode
        rows = np.empty((worlds, f.COMMANDS))
        given = (roll, pitch, yaw, throttle, gimbal_pitch_rate, capture, asked, buttons)
        for field, values in enumerate(given):
            rows[:, field] = values
        return cls(rows)

    @classmethod
    def neutral(cls, worlds: int = 1) -> Command:
        """Return centred sticks, no buttons, the mode kept."""
        return cls.of_sticks(worlds)

    roll = Column(f.STICK_ROLL, "stick, + right")
    pitch = Column(f.STICK_PITCH, "stick, + forward")
    yaw = Column(f.STICK_YAW, "stick, + clockwise from above")
    throttle = Column(f.STICK_THROTTLE, "stick, + up")
    gimbal_pitch_rate = Column(f.GIMBAL_RATE, "lever, + up")
    capture = Column(f.CAPTURE, "0 or 1")
    mode = Column(f.ASKED_MODE, "a mode, or -1 to keep it")
    buttons = Column(f.BUTTONS, "bits")


def mode_number(word: str) -> int:
    """Return the number of a mode, as COMMAND and VIEW hold it.

    raises   CommandError for a word that is no mode
    """
    if word not in FLIGHT_MODES:
        raise CommandError("mode", place=word, why=f"no such mode; there are {', '.join(FLIGHT_MODES)}")
    return FLIGHT_MODES.index(word)


def warnings_in(bits: float) -> tuple[str, ...]:
    """Return the names of the warnings that are set, in the order of fields.WARNING_NAMES."""
    return tuple(name for bit, name in f.WARNING_NAMES.items() if int(bits) & bit)


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """What a pilot can know after one step, in every world: never a truth that a fault hides.

    rows   (n, fields.VIEWS) float64, one row a world; the properties below are its columns, world axis first.
           All numbers are finite: what is not known is 0 with `is_seen` or `has_fix` at 0 beside it, or stays as it
           was last known (`nav_position_m` without a fix, every instrument while the link is lost)

    Positions and velocities are east, north, up from the scenario's place [m, m/s]; quaternions are x y z w, body
    (x forward, y left, z up) to east-north-up; headings are degrees from true north, clockwise.
    """

    rows: FloatArray

    def __len__(self) -> int:
        return len(self.rows)

    time_s = Column(f.TIME, "since the start")

    # ------------------------------------------------------------ what the seat sees

    seen_position_m = Column(f.SEEN_POSITION, "true by eye, that of the picture by camera, zeros with neither", width=3)
    seen_velocity_mps = Column(f.SEEN_VELOCITY, "as the position", width=3)
    seen_quaternion = Column(f.SEEN_QUATERNION, "as the position", width=4)
    is_seen = Column(f.IS_SEEN, "1 where there is anything to see")

    # ------------------------------------------------------------ instruments

    attitude = Column(f.ATTITUDE, "quaternion; its heading is that of the compass", width=4)
    rates_radps = Column(f.BODY_RATES, "in body axes", width=3)
    nav_position_m = Column(
        f.NAV_POSITION, "by satellite, with its errors and faults; as last known without a fix", width=3
    )
    nav_velocity_mps = Column(f.NAV_VELOCITY, "by satellite", width=3)
    has_fix = Column(f.HAS_FIX, "0 or 1")
    satellites = Column(f.SATELLITES, "how many are in use")
    height_m = Column(f.HEIGHT, "above take-off, by the barometer")
    climb_mps = Column(f.CLIMB, "+ up")
    heading_deg = Column(f.HEADING, "by the compass, 0 to 360")
    airspeed_mps = Column(f.AIR_SPEED, "against the air")
    battery = Column(f.CHARGE, "share left")
    volts = Column(f.VOLTAGE, "of the battery, under load")
    link_quality = Column(f.LINK_QUALITY, "0 lost to 1 whole")
    mode = Column(f.MODE, "the mode that is really flown, an index into words.FLIGHT_MODES")
    warnings = Column(f.WARNINGS, "bits, see fields.WARNING_NAMES and `warnings_in`")
    is_on_ground = Column(f.IS_ON_GROUND, "0 or 1")
    is_armed = Column(f.IS_ARMED, "0 or 1")
    gimbal_pitch_deg = Column(f.GIMBAL_PITCH, "above the horizon")
    inject = Column(f.INJECT, "how many of the scenario's messages have come; the last is scenario.injects[inject - 1]")

    # ------------------------------------------------------------ the test

    task = Column(f.TASK, "index of the task to do now; `tasks` when all are done, 0 of 0 without a lane")
    tasks = Column(f.TASKS, "how many there are")
    points = Column(f.POINTS, "so far")
    task_position_m = Column(f.TASK_POSITION, "where the task wants the drone", width=3)
    task_heading_deg = Column(f.TASK_HEADING, "where the task wants its nose")
    seconds_left = Column(f.SECONDS_LEFT, "of the time limit")
