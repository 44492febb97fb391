"""What a pilot commands and what a pilot can know: two thin records, each over one matrix with a row for each world."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hotwash.errors import CommandError
from hotwash.flight.seats import fields as f
from hotwash.model.words import FLIGHT_MODES

FloatArray = NDArray[np.float64]


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
    def given(
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
        return cls.given(worlds)

    def matrix(self) -> FloatArray:
        """Return the rows, (n, 8); not a copy."""
        return self.rows

    @property
    def roll(self) -> FloatArray:
        return self.rows[:, f.STICK_ROLL]

    @property
    def pitch(self) -> FloatArray:
        return self.rows[:, f.STICK_PITCH]

    @property
    def yaw(self) -> FloatArray:
        return self.rows[:, f.STICK_YAW]

    @property
    def throttle(self) -> FloatArray:
        return self.rows[:, f.STICK_THROTTLE]

    @property
    def gimbal_pitch_rate(self) -> FloatArray:
        return self.rows[:, f.GIMBAL_RATE]

    @property
    def capture(self) -> FloatArray:
        return self.rows[:, f.CAPTURE]

    @property
    def mode(self) -> FloatArray:
        return self.rows[:, f.ASKED_MODE]

    @property
    def buttons(self) -> FloatArray:
        return self.rows[:, f.BUTTONS]


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

    @property
    def time_s(self) -> FloatArray:
        """(n,) since the start."""
        return self.rows[:, f.TIME]

    # ------------------------------------------------------------ what the seat sees

    @property
    def seen_position_m(self) -> FloatArray:
        """(n, 3): true by eye, that of the picture by camera, zeros with neither."""
        return self.rows[:, f.SEEN_POSITION : f.SEEN_POSITION + 3]

    @property
    def seen_velocity_mps(self) -> FloatArray:
        """(n, 3)."""
        return self.rows[:, f.SEEN_VELOCITY : f.SEEN_VELOCITY + 3]

    @property
    def seen_quaternion(self) -> FloatArray:
        """(n, 4)."""
        return self.rows[:, f.SEEN_QUATERNION : f.SEEN_QUATERNION + 4]

    @property
    def is_seen(self) -> FloatArray:
        """(n,) 1 where there is anything to see."""
        return self.rows[:, f.IS_SEEN]

    # ------------------------------------------------------------ instruments

    @property
    def attitude(self) -> FloatArray:
        """(n, 4) quaternion; its heading is that of the compass."""
        return self.rows[:, f.ATTITUDE : f.ATTITUDE + 4]

    @property
    def rates_radps(self) -> FloatArray:
        """(n, 3) in body axes."""
        return self.rows[:, f.BODY_RATES : f.BODY_RATES + 3]

    @property
    def nav_position_m(self) -> FloatArray:
        """(n, 3): by satellite, with its errors and faults; as last known without a fix."""
        return self.rows[:, f.NAV_POSITION : f.NAV_POSITION + 3]

    @property
    def nav_velocity_mps(self) -> FloatArray:
        """(n, 3): by satellite."""
        return self.rows[:, f.NAV_VELOCITY : f.NAV_VELOCITY + 3]

    @property
    def has_fix(self) -> FloatArray:
        """(n,) 0 or 1."""
        return self.rows[:, f.HAS_FIX]

    @property
    def satellites(self) -> FloatArray:
        """(n,) how many are in use."""
        return self.rows[:, f.SATELLITES]

    @property
    def height_m(self) -> FloatArray:
        """(n,) above take-off, by the barometer."""
        return self.rows[:, f.HEIGHT]

    @property
    def climb_mps(self) -> FloatArray:
        """(n,) + up."""
        return self.rows[:, f.CLIMB]

    @property
    def heading_deg(self) -> FloatArray:
        """(n,) by the compass, 0 to 360."""
        return self.rows[:, f.HEADING]

    @property
    def airspeed_mps(self) -> FloatArray:
        """(n,) against the air."""
        return self.rows[:, f.AIR_SPEED]

    @property
    def battery(self) -> FloatArray:
        """(n,) share left."""
        return self.rows[:, f.CHARGE]

    @property
    def volts(self) -> FloatArray:
        """(n,) of the battery, under load."""
        return self.rows[:, f.VOLTAGE]

    @property
    def link_quality(self) -> FloatArray:
        """(n,) 0 lost to 1 whole."""
        return self.rows[:, f.LINK_QUALITY]

    @property
    def mode(self) -> FloatArray:
        """(n,) the mode that is really flown, an index into words.FLIGHT_MODES."""
        return self.rows[:, f.MODE]

    @property
    def warnings(self) -> FloatArray:
        """(n,) bits, see fields.WARNING_NAMES and `warnings_in`."""
        return self.rows[:, f.WARNINGS]

    @property
    def is_on_ground(self) -> FloatArray:
        """(n,) 0 or 1."""
        return self.rows[:, f.IS_ON_GROUND]

    @property
    def is_armed(self) -> FloatArray:
        """(n,) 0 or 1."""
        return self.rows[:, f.IS_ARMED]

    @property
    def gimbal_pitch_deg(self) -> FloatArray:
        """(n,) above the horizon."""
        return self.rows[:, f.GIMBAL_PITCH]

    @property
    def inject(self) -> FloatArray:
        """(n,) how many of the scenario's messages have come; the last is scenario.injects[inject - 1]."""
        return self.rows[:, f.INJECT]

    # ------------------------------------------------------------ the test

    @property
    def task(self) -> FloatArray:
        """(n,) index of the task to do now; `tasks` when all are done, 0 of 0 without a lane."""
        return self.rows[:, f.TASK]

    @property
    def tasks(self) -> FloatArray:
        """(n,) how many there are."""
        return self.rows[:, f.TASKS]

    @property
    def points(self) -> FloatArray:
        """(n,) so far."""
        return self.rows[:, f.POINTS]

    @property
    def task_position_m(self) -> FloatArray:
        """(n, 3) where the task wants the drone."""
        return self.rows[:, f.TASK_POSITION : f.TASK_POSITION + 3]

    @property
    def task_heading_deg(self) -> FloatArray:
        """(n,) where the task wants its nose."""
        return self.rows[:, f.TASK_HEADING]

    @property
    def seconds_left(self) -> FloatArray:
        """(n,) of the time limit."""
        return self.rows[:, f.SECONDS_LEFT]
