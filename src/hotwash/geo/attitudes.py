"""Conversions between the two common conventions for attitudes, all vectorised.

    hotwash     quaternion x y z w turns body axes (x forward, y left, z up) to east, north, up
    autopilots  quaternion w x y z turns body axes (x forward, y right, z down) to north, east, down;
                roll + right wing down, pitch + nose up, yaw clockwise from north

The last axis of a quaternion holds its four numbers. `nan` stays `nan`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]

_HALF_ROOT = 0.5**0.5


def enu2ned_quaternion(quaternion: ArrayLike) -> FloatArray:
    """Return the autopilots' quaternion w x y z, (…, 4), with w not negative.

    quaternion   x y z w of hotwash, (…, 4)

    It is the product of three turns: east-north-up to north-east-down (half a turn about the line between the first
    two axes), the attitude itself, and right-down to left-up (half a turn about the nose).
    """
    x, y, z, w = np.moveaxis(np.asarray(quaternion, dtype=np.float64), -1, 0)
    turned: FloatArray = _HALF_ROOT * np.stack([w + z, x + y, x - y, w - z], axis=-1)
    return turned * np.where(turned[..., :1] < 0.0, -1.0, 1.0)


def ned2enu_quaternion(quaternion: ArrayLike) -> FloatArray:
    """Return the quaternion x y z w of hotwash, (…, 4), with w not negative.

    quaternion   w x y z of the autopilots, (…, 4)
    """
    a, b, c, d = np.moveaxis(np.asarray(quaternion, dtype=np.float64), -1, 0)
    turned: FloatArray = _HALF_ROOT * np.stack([b + c, b - c, a - d, a + d], axis=-1)
    return turned * np.where(turned[..., 3:] < 0.0, -1.0, 1.0)


def quaternion2euler(quaternion: ArrayLike) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return roll_deg in [-180, 180], pitch_deg in [-90, 90], yaw_deg in [0, 360).

    quaternion   w x y z of the autopilots, (…, 4), of length 1
    With the nose straight up or down only roll and yaw together have a meaning.

    Source: Diebel 2006, Representing Attitude, equation 290 (turns in the order yaw, pitch, roll).
    """
    w, x, y, z = np.moveaxis(np.asarray(quaternion, dtype=np.float64), -1, 0)
    roll = np.arctan2(2.0 * (w * x + y * z), 1.0 - 2.0 * (x * x + y * y))
    pitch = np.arcsin(np.clip(2.0 * (w * y - z * x), -1.0, 1.0))
    yaw_deg = np.degrees(np.arctan2(2.0 * (w * z + x * y), 1.0 - 2.0 * (y * y + z * z))) % 360.0
    return np.degrees(roll), np.degrees(pitch), np.where(yaw_deg >= 360.0, 0.0, yaw_deg)
