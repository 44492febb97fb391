"""What is true of a drone, row by row: a thin record over the matrix that the compiled parts share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hotwash.flight import layout
from hotwash.flight.columns import Column, FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Pose:
    """What is true at the end of a step; a row is a world, or a step of one flight.

    rows   (n, layout.POSES); the properties below are its columns, not copies

    East, north, up in the plane tangent at the scenario's place [m, m/s].
    """

    rows: FloatArray

    @classmethod
    def zeros(cls, count: int) -> Pose:
        """Return so many rows of zeros, to be filled."""
        return cls(np.zeros((count, layout.POSES)))

    position_m = Column(layout.POSITION, "east, north, up", width=3)
    velocity_mps = Column(layout.VELOCITY, "east, north, up", width=3)
    quaternion = Column(layout.QUATERNION, "x y z w, body to east-north-up", width=4)
    rates_radps = Column(layout.RATES, "in body axes", width=3)
    airspeed_mps = Column(layout.AIRSPEED, "against the air")
    battery = Column(layout.BATTERY, "share left")
    is_on_ground = Column(layout.ON_GROUND, "0 or 1")
    gimbal_rad = Column(layout.GIMBAL, "above the horizon")
    is_captured = Column(layout.CAPTURED, "1 where a picture was taken in this step")
    is_upside_down = Column(layout.UPSIDE, "1 once it has tipped over or crashed")
