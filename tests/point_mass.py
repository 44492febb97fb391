"""An exercise of one drone that is a point: its speed follows the sticks at once, its modes do what their names say.

It has what the vehicle layer needs of an exercise, and nothing of flight, so tests of the layer are quick and plain.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import numpy as np

from hotwash.flight import airframes
from hotwash.flight.seats import fields as f
from hotwash.flight.seats.pilot import Command, View
from hotwash.geo import frames
from hotwash.model import scenario as scenarios
from hotwash.model import schema, tables
from hotwash.model.recording import Recording
from hotwash.model.words import FLIGHT_MODES

AIRFRAME = airframes.load_airframe("quad-900g")
DEAD = 0.05
HOLDS = (f.POSITION_HOLD, f.LOITER)
TEXT = """
name = "point"
time_limit_s = 600.0

[place]
lat_deg = 52.1
lon_deg = 21.2
height_hae_m = 130.0

[[seats]]
name = "pilot"
airframe = "quad-900g"
position_m = [3.0, -2.0, 0.0]
is_armed = false
"""


class PointMass:
    """One world, one seat; `fixless` takes the satellites away, `is_empty` the battery, `quality` is its link's."""

    def __init__(self, *, step_s: float = 0.02) -> None:
        self.scenario = scenarios.parse(TEXT, name="point.toml")
        self.airframes, self.lane = {"pilot": AIRFRAME}, None
        self.step_s, self.is_over = step_s, np.zeros(1, dtype=np.bool_)
        self.fixless, self.quality, self.refuses_to_arm, self.is_empty = False, 1.0, False, False
        self.rows: list[dict[str, object]] = []

    def reset(self, seed: int) -> Mapping[str, View]:
        self.position = np.array(self.scenario.seats[0].position_m)
        self.velocity, self.heading_deg, self.time_s = np.zeros(3), 40.0, 0.0
        self.mode, self.is_armed, self.camera_deg = f.POSITION_HOLD, False, 0.0
        self.pictures = 0
        self.rows = []
        return self._views()

    def step(self, commands: Mapping[str, Command]) -> Mapping[str, View]:
        *given, lever, capture, mode, buttons = commands["pilot"].rows[0]
        self.camera_deg += lever * AIRFRAME.camera.gimbal_fastest_dps * self.step_s
        self.pictures += int(capture)
        roll, pitch, yaw, throttle = (np.sign(stick) * max(abs(stick) - DEAD, 0.0) / (1.0 - DEAD) for stick in given)
        if mode >= 0:
            self.mode = int(mode)
        if self.is_empty:
            self.mode = f.LAND
        if self.fixless and self.mode in HOLDS:
            self.mode = f.ALTITUDE_HOLD
        if int(buttons) & f.ARM and not self.refuses_to_arm:
            self.is_armed = True
        if int(buttons) & f.DISARM:
            self.is_armed = False
        self._move(roll, pitch, yaw, throttle)
        self.time_s = round(self.time_s + self.step_s, 9)
        self._note()
        return self._views()

    def _move(self, roll: float, pitch: float, yaw: float, throttle: float) -> None:
        self.heading_deg = (self.heading_deg + yaw * AIRFRAME.limits.max_yaw_rate_dps * self.step_s) % 360.0
        nose = np.radians(self.heading_deg)
        ahead, aside = np.array([np.sin(nose), np.cos(nose)]), np.array([np.cos(nose), -np.sin(nose)])
        level, climb = AIRFRAME.limits.max_speed_mps * (pitch * ahead + roll * aside), throttle
        climb *= AIRFRAME.limits.max_climb_mps if throttle > 0.0 else AIRFRAME.limits.max_sink_mps
        if self.mode == f.LAND:
            level, climb = np.zeros(2), -1.0
        if self.mode == f.RETURN_HOME:
            away = np.array(self.scenario.seats[0].position_m)[:2] - self.position[:2]
            level, climb = away, -1.0 if np.hypot(*away) < 1.0 else 0.0
        if not self.is_armed:
            level, climb = np.zeros(2), -5.0
        self.velocity = np.array([*level, climb])
        self.position = self.position + self.velocity * self.step_s
        if self.position[2] <= 0.0:
            self.position[2], self.velocity = 0.0, np.zeros(3)

    def _views(self) -> dict[str, View]:
        row = np.zeros(f.VIEWS)
        row[f.TIME] = self.time_s
        half = np.radians(90.0 - self.heading_deg) / 2.0
        row[f.ATTITUDE : f.ATTITUDE + 4] = 0.0, 0.0, np.sin(half), np.cos(half)
        row[f.NAV_POSITION : f.NAV_POSITION + 3] = self.position
        row[f.NAV_VELOCITY : f.NAV_VELOCITY + 3] = self.velocity
        row[f.HAS_FIX], row[f.SATELLITES] = not self.fixless, 0 if self.fixless else 16
        row[f.HEIGHT], row[f.CLIMB], row[f.HEADING] = self.position[2], self.velocity[2], self.heading_deg
        row[f.CHARGE], row[f.VOLTAGE], row[f.LINK_QUALITY] = 0.75, 15.2, self.quality
        row[f.MODE], row[f.IS_ARMED] = self.mode, self.is_armed
        row[f.IS_ON_GROUND] = self.position[2] <= 0.0
        row[f.WARNINGS] = (f.FIX_LOST if self.fixless else 0) | (f.BATTERY_CRITICAL | f.LANDING if self.is_empty else 0)
        row[f.GIMBAL_PITCH] = self.camera_deg
        return {"pilot": View(row[None, :])}

    def _note(self) -> None:
        place = self.scenario.place
        lat, lon, height = frames.enu2geodetic(*self.position, place.lat_deg, place.lon_deg, place.height_hae_m)
        self.rows.append(
            {
                "object_id": "pilot", "time_utc": self.scenario.start_utc + timedelta(seconds=self.time_s),
                "lat_deg": float(lat), "lon_deg": float(lon), "height_hae_m": float(height),
            }
        )  # fmt: skip

    def recording(self, world: int = 0) -> Recording:
        return Recording(truth=schema.frame(tables.TRUTH, self.rows), scenario=TEXT)


def mode_word(exercise: PointMass) -> str:
    return FLIGHT_MODES[exercise.mode]
