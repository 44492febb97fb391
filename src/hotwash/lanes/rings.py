"""Whether the ring at the bottom of a bucket is seen whole, from a camera on a level gimbal.

The camera stands where the vehicle stands, is kept level, looks along the vehicle's heading and is pitched by its
gimbal. The ring counts when all of it lies inside the picture and none of it behind the bucket's mouth or wall.
Other things that might stand in the way (another bucket, a post) are not looked at.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from hotwash.lanes import kernels
from hotwash.lanes.kernels import FloatArray, IntArray
from hotwash.lanes.tasks import Ring


def ring_rows(rings: Sequence[Ring]) -> FloatArray:
    """Return rings as the kernels take them: (k, RINGS), one row at least."""
    rows = np.zeros((max(len(rings), 1), kernels.RINGS))
    for at, ring in enumerate(rings):
        rows[at] = (*ring.mouth_m, *ring.axis, ring.mouth_radius_m, ring.ring_radius_m, ring.depth_m)
    return rows


def margins_deg(
    pose: FloatArray, rings: Sequence[Ring], which: IntArray, *, fov_deg: tuple[float, float]
) -> FloatArray:
    """Return by how much each world's ring is seen whole, in degrees; negative when it is not.

    pose      (n, POSES): POSITION, QUATERNION and GIMBAL are used
    which     (n,) the ring of each world, by its number; negative gives NaN
    fov_deg   the camera's whole field of view, across and upwards, each below 180
    returns   (n,) the lesser of two angles: by how much the camera lies inside the cone from which the mouth shows
              the whole ring (seen from the middle of the mouth), and how far the ring is from the edge of the picture
              (exact in its sign, and in its size to the ring's own small angle)
    """
    margins = np.empty(pose.shape[0])
    wide, tall = (math.radians(angle) / 2.0 for angle in fov_deg)
    kernels.margins(pose, wide, tall, ring_rows(rings), np.asarray(which, np.int64), margins)
    return np.degrees(margins)
