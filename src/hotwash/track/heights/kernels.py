"""The compiled part of heights: one filter a track, apart from where it is in the plane."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

FAST: dict[str, Any] = {"cache": True, "error_model": "numpy", "_nrt": False, "no_cfunc_wrapper": True}
FAST["fastmath"] = {"nsz", "arcp", "contract", "reassoc"}

# state[track, field] and its columns; measured[row, field]; out[row, field]
H_TIME, HEIGHT, CLIMB, HH, HC, CC, FIELDS = range(7)
MEASURED, VARIANCE = 0, 1
OUT_HEIGHT, OUT_HH, OUT_CLIMB, OUT_CC, OUTS = range(5)


@njit(**FAST)
def climb(track: IntArray, time_s: FloatArray, measured: FloatArray, state: FloatArray, out: FloatArray) -> None:
    """Filter each track's height on its own, as a height and a climb that drifts.

    track, time_s   (r,) rows by time; track numbers from 0
    measured        (r, 2) height and its variance, nan where the row has none [m, m2]
    state           (tracks, FIELDS) time, height, climb, and their variances hh hc cc; a time of nan: nothing yet
    out             (r, OUTS) height, its variance, climb, its variance; nan until one is measured
    """
    noise, most_climb_mps = 1.0, 10.0  # [m2/s3]; before a second height the climb is within this
    for r in range(track.size):
        g = state[track[r]]
        dt = time_s[r] - g[H_TIME]
        if dt > 0.0:
            g[HEIGHT] += dt * g[CLIMB]
            g[HH] += 2.0 * dt * g[HC] + dt * dt * g[CC] + noise * dt**3 / 3.0
            g[HC] += dt * g[CC] + noise * dt * dt / 2.0
            g[CC] += noise * dt
            g[H_TIME] = time_s[r]
        h, v = measured[r, MEASURED], measured[r, VARIANCE]
        if h == h:
            if g[H_TIME] != g[H_TIME]:
                g[H_TIME], g[HEIGHT], g[CLIMB], g[HH], g[HC], g[CC] = time_s[r], h, 0.0, v, 0.0, most_climb_mps**2
            else:
                gain, climb_gain, gap = g[HH] / (g[HH] + v), g[HC] / (g[HH] + v), h - g[HEIGHT]
                g[HEIGHT] += gain * gap
                g[CLIMB] += climb_gain * gap
                g[CC] -= climb_gain * g[HC]
                g[HH], g[HC] = g[HH] * (1.0 - gain), g[HC] * (1.0 - gain)
        if g[H_TIME] == g[H_TIME]:
            out[r, OUT_HEIGHT], out[r, OUT_HH], out[r, OUT_CLIMB], out[r, OUT_CC] = g[HEIGHT], g[HH], g[CLIMB], g[CC]
