"""What is true of a drone, row by row: a thin record over the matrix that the compiled parts share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotwash.flight import layout

FloatArray = NDArray[np.float64]


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

    @property
    def position_m(self) -> FloatArray:
        """(n, 3)."""
        return self.rows[:, layout.POSITION : layout.POSITION + 3]

    @property
    def velocity_mps(self) -> FloatArray:
        """(n, 3)."""
        return self.rows[:, layout.VELOCITY : layout.VELOCITY + 3]

    @property
    def quaternion(self) -> FloatArray:
        """(n, 4): x y z w, body to east-north-up."""
        return self.rows[:, layout.QUATERNION : layout.QUATERNION + 4]

    @property
    def rates_radps(self) -> FloatArray:
        """(n, 3) in body axes."""
        return self.rows[:, layout.RATES : layout.RATES + 3]

    @property
    def airspeed_mps(self) -> FloatArray:
        """(n,)."""
        return self.rows[:, layout.AIRSPEED]

    @property
    def battery(self) -> FloatArray:
        """(n,) share left."""
        return self.rows[:, layout.BATTERY]

    @property
    def is_on_ground(self) -> FloatArray:
        """(n,) 0 or 1."""
        return self.rows[:, layout.ON_GROUND]

    @property
    def gimbal_rad(self) -> FloatArray:
        """(n,) above the horizon."""
        return self.rows[:, layout.GIMBAL]

    @property
    def is_captured(self) -> FloatArray:
        """(n,) 1 where a picture was taken in this step."""
        return self.rows[:, layout.CAPTURED]

    @property
    def is_upside_down(self) -> FloatArray:
        """(n,) 1 once it has tipped over or crashed."""
        return self.rows[:, layout.UPSIDE]
