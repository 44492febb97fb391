"""The loops over nodes and draws: errors along a track, and the stays of each draw.

Nodes lie one behind the other, track after track; d draws stand side by side.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

FloatArray = np.ndarray[Any, np.dtype[np.float64]]
IntArray = np.ndarray[Any, np.dtype[np.int64]]
SingleArray = np.ndarray[Any, np.dtype[np.float32]]


@njit(cache=True)
def errors_along(noise: SingleArray, step: FloatArray, is_first: IntArray, factor_m: FloatArray) -> SingleArray:
    """Return the error of each node along the line's normal, correlated along each track.

    noise      (k, 4, d) float32 standard normal; overwritten
    step       (k,) float64 time since the node before, in memories of the error
    is_first   (k,) int64, 1 where a track begins anew: then nothing is carried over
    factor_m   (k, 2) float64: what one sigma of the two independent errors adds across the line [m]
    returns    (k, d) float32 [m]

    Each of two errors is stationary with unit variance and covariance (1 + t) exp(-t) at t memories apart; its
    rate has variance 1 per memory², so position and velocity both keep the variances that the track states.

    Source: Rasmussen, Williams 2006, Gaussian Processes for Machine Learning, B.2: the Matérn process of 3/2.
    """
    nodes, _, draws = noise.shape
    found = np.empty((nodes, draws), dtype=np.float32)
    for node in range(nodes):
        t = step[node]
        fade = np.exp(-t)
        a00, a01, a10, a11 = fade * (1.0 + t), fade * t, -fade * t, fade * (1.0 - t)
        # What must be added so that the covariance stays the unit matrix, as its lower root.
        q00 = max(1.0 - a00 * a00 - a01 * a01, 0.0)
        q01 = -(a00 * a10 + a01 * a11)
        q11 = max(1.0 - a10 * a10 - a11 * a11, 0.0)
        l00 = np.sqrt(q00)
        l10 = q01 / l00 if l00 > 0.0 else 0.0
        l11 = np.sqrt(max(q11 - l10 * l10, 0.0))
        for draw in range(draws):
            if is_first[node] == 0:
                for axis in range(2):
                    x0, y0 = noise[node - 1, 2 * axis, draw], noise[node - 1, 2 * axis + 1, draw]
                    e0, e1 = noise[node, 2 * axis, draw], noise[node, 2 * axis + 1, draw]
                    noise[node, 2 * axis, draw] = a00 * x0 + a01 * y0 + l00 * e0
                    noise[node, 2 * axis + 1, draw] = a10 * x0 + a11 * y0 + l10 * e0 + l11 * e1
            found[node, draw] = factor_m[node, 0] * noise[node, 0, draw] + factor_m[node, 1] * noise[node, 2, draw]
    return found


@njit(cache=True)
def count_stays(
    margin_m: SingleArray,
    time_s: FloatArray,
    first: IntArray,
    existence: FloatArray,
    level: FloatArray,
    merge_s: float,
    merge_m: float,
) -> IntArray:
    """Count the stays of each track in each draw, after merging.

    margin_m    (k, d) float32, how far inside; above 0 is inside
    time_s      (k,) float64
    first       (t + 1,) int64: nodes first[j] to first[j + 1] - 1 are track j
    existence   (k,) float64: probability that the object is there
    level       (t, d) float64 in 0 to 1: a stay counts where its greatest existence is above
    merge_s     a shorter way out does not end a stay
    merge_m     nor does a shallower one
    returns     (t, d) int64
    """
    tracks, draws = first.size - 1, margin_m.shape[1]
    found = np.zeros((tracks, draws), dtype=np.int64)
    for track in range(tracks):
        for draw in range(draws):
            count = 0
            surest = -1.0  # of the stay that is open; below 0 none has begun
            left_s, out_m = -np.inf, 0.0
            before = np.float32(-1.0)
            for node in range(first[track], first[track + 1]):
                here = margin_m[node, draw]
                if here > 0.0:
                    if before <= 0.0:
                        enter_s = time_s[node]
                        if node > first[track]:
                            share = before / (before - here)
                            enter_s = time_s[node - 1] + share * (time_s[node] - time_s[node - 1])
                        if surest >= 0.0 and not (enter_s - left_s < merge_s or out_m < merge_m):
                            count += surest > level[track, draw]
                            surest = 0.0
                        surest = max(surest, 0.0)
                    surest = max(surest, existence[node])
                    out_m = 0.0
                else:
                    if before > 0.0:
                        share = before / (before - here)
                        left_s = time_s[node - 1] + share * (time_s[node] - time_s[node - 1])
                    out_m = max(out_m, -here)
                before = here
            if surest >= 0.0:
                count += surest > level[track, draw]
            found[track, draw] = count
    return found


@njit(cache=True)
def entries(
    margin_m: SingleArray, time_s: FloatArray, low: IntArray, high: IntArray, merge_s: float, merge_m: float
) -> tuple[FloatArray, FloatArray]:
    """Return when the deepest stay of each draw begins in each stretch of nodes, and how deep it comes.

    margin_m    (k, d) float32, how far inside; above 0 is inside
    time_s      (k,) float64
    low, high   (r,) int64: the stretch is nodes low to high - 1, of one track
    returns     enter_s (r, d): nan where there is no entry: never inside, or inside from the first node on;
                depth_m (r, d): the greatest margin, 0 or below where it never comes in
    """
    stretches, draws = low.size, margin_m.shape[1]
    enter_s = np.full((stretches, draws), np.nan)
    depth_m = np.empty((stretches, draws))
    for stretch in range(stretches):
        for draw in range(draws):
            deepest = low[stretch]
            for node in range(low[stretch], high[stretch]):
                if margin_m[node, draw] > margin_m[deepest, draw]:
                    deepest = node
            depth_m[stretch, draw] = margin_m[deepest, draw]
            if margin_m[deepest, draw] <= 0.0:
                continue
            found_s, left_s, out_m = np.nan, np.nan, 0.0
            for node in range(deepest - 1, low[stretch] - 1, -1):
                here, after = margin_m[node, draw], margin_m[node + 1, draw]
                share = here / (here - after) if here != after else 0.0
                if here <= 0.0 and after > 0.0:
                    found_s = time_s[node] + share * (time_s[node + 1] - time_s[node])
                    out_m = 0.0
                elif here > 0.0 and after <= 0.0:
                    left_s = time_s[node] + share * (time_s[node + 1] - time_s[node])
                    if not (found_s - left_s < merge_s or out_m < merge_m):
                        break
                    found_s = np.nan
                if here <= 0.0:
                    out_m = max(out_m, -here)
            enter_s[stretch, draw] = found_s
    return enter_s, depth_m
