"""Heights and climbs of tracks, filtered on their own: what is measured of a height says nothing of the place."""

from __future__ import annotations

import numpy as np

from hotwash.geo.frames import FloatArray
from hotwash.track.arrays import IntArray
from hotwash.track.heights import kernels
from hotwash.track.layout import ROW_TRACK


def filter_heights(
    whole: IntArray, time_s: FloatArray, measured: FloatArray, state: FloatArray
) -> tuple[FloatArray | None, FloatArray]:
    """Return height, its variance, climb, its variance (r, 4), None while none was measured; and the state after them.

    whole      (r, 5), rows by time
    measured   (r, 2) height and its variance of the detection used, nan where none
    state      (tracks, FIELDS) what earlier rows left, by track number
    """
    most = int(whole[:, ROW_TRACK].max(initial=0)) + 1
    if most > len(state):
        state = np.vstack([state, np.full((most - len(state) + 64, kernels.FIELDS), np.nan)])
    if not np.isfinite(measured[:, kernels.MEASURED]).any() and not np.isfinite(state[:, kernels.H_TIME]).any():
        return None, state
    out = np.full((len(whole), kernels.OUTS), np.nan)
    kernels.climb(np.ascontiguousarray(whole[:, ROW_TRACK]), time_s, np.ascontiguousarray(measured), state, out)
    return out, state


def smooth_heights(whole: IntArray, time_s: FloatArray, measured: FloatArray) -> FloatArray | None:
    """Return heights and climbs (r, 4) that rest on what came before and after; None when no height was measured.

    whole, time_s   rows track by track, each by time

    A height is filtered forward and backward and both are weighed together, less the measurement that both used.
    """
    forward, _ = filter_heights(whole, time_s, measured, np.full((1, kernels.FIELDS), np.nan))
    backward, _ = filter_heights(whole[::-1], -time_s[::-1], measured[::-1], np.full((1, kernels.FIELDS), np.nan))
    if forward is None or backward is None:
        return None
    backward = backward[::-1] * np.array([1.0, 1.0, -1.0, 1.0])
    out = np.where(np.isfinite(forward), forward, backward)
    for value, spread in ((kernels.OUT_HEIGHT, kernels.OUT_HH), (kernels.OUT_CLIMB, kernels.OUT_CC)):
        both = np.isfinite(forward[:, value]) & np.isfinite(backward[:, value])
        used = (
            both & np.isfinite(measured[:, kernels.MEASURED])
            if value == kernels.OUT_HEIGHT
            else np.zeros(len(out), np.bool_)
        )
        own = np.where(used, 1.0 / measured[:, kernels.VARIANCE], 0.0)
        weight = 1.0 / forward[:, spread] + 1.0 / backward[:, spread] - own
        mean = forward[:, value] / forward[:, spread] + backward[:, value] / backward[:, spread]
        mean = (mean - own * np.where(used, measured[:, kernels.MEASURED], 0.0)) / weight
        good = both & (weight > 0.0)
        out[good, value], out[good, spread] = mean[good], 1.0 / weight[good]
    return out
