"""The tracker's compiled core: one call of `run` folds many scans into tracks.

    scan ─▶ predict ─▶ gate on a grid ─▶ clusters ─▶ assign ─▶ update, existence ─▶ rows
              ▲                                        │ left over
              └── tracks ◀── tentative tracks ◀── pairs ◀── lone plots of the last scans

Everything is in one plane: metres east (x) and north (y), seconds since the recording's start. Columns have their
names in `layout.py`, arrays their shapes in `arrays.py`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from hotwash.geo.frames import FloatArray
from hotwash.track.arrays import Bank, Bench, IntArray, Look, Plots, Rows, Rules, Scans, Seeds, Sensors, Tracks
from hotwash.track.layout import *  # the names of all columns

# Sums may be reordered; "nnan" and "ninf" are left out, since both have meanings here. A division by zero is not
# looked for at each division: where a divisor may be zero it is kept from it.
ROOMY: dict[str, Any] = {"cache": True, "error_model": "numpy", "_nrt": True, "no_cfunc_wrapper": True}
ROOMY["fastmath"] = {"nsz", "arcp", "contract", "reassoc"}
# What makes no arrays of its own need not count who holds those it is given: counting them took a third of the time.
FAST: dict[str, Any] = ROOMY | {"_nrt": False}
# What only kernels call needs no way in from Python: making one for each took as long as compiling it.
INNER: dict[str, Any] = {"no_cpython_wrapper": True}

# What one kernel hands to another. A plain 0 would be a type of its own, and the callee compiled once more for it.
_int64: Any = np.int64
FRONT, SECOND, COMBINED, BEGINNER, NOBODY = (_int64(n) for n in (0, 1, ONE, MODELS, -1))


# ---------------------------------------------------------------- Gaussians: a[i, o:o + GAUSS]
@njit(**FAST)
def push(a: FloatArray, i: int, o: int, b: FloatArray, j: int, r: int, step: FloatArray, m: int) -> None:
    """Carry the Gaussian at a[i, o] to b[j, r]: position += B v, v = D v, B = [b1 -b2; b2 b1], D likewise.

    step   row m: b1 b2 d1 d2, and the noise of position, of position with speed, of speed
    """
    b1, b2, d1, d2 = step[m, B1], step[m, B2], step[m, D1], step[m, D2]
    q1, q2, q3 = step[m, Q1], step[m, Q2], step[m, Q3]
    x, y, u, v, xx, xy, yy = a[i, o], a[i, o + Y], a[i, o + U], a[i, o + V], a[i, o + XX], a[i, o + XY], a[i, o + YY]
    xu, xv, yu, yv = a[i, o + XU], a[i, o + XV], a[i, o + YU], a[i, o + YV]
    uu, uv, vv = a[i, o + UU], a[i, o + UV], a[i, o + VV]
    m00, m01, m10, m11 = b1 * uu - b2 * uv, b1 * uv - b2 * vv, b2 * uu + b1 * uv, b2 * uv + b1 * vv
    n00, n01, n10, n11 = xu + m00, xv + m01, yu + m10, yv + m11
    l00, l01, l10, l11 = d1 * uu - d2 * uv, d1 * uv - d2 * vv, d2 * uu + d1 * uv, d2 * uv + d1 * vv
    b[j, r], b[j, r + Y] = x + b1 * u - b2 * v, y + b2 * u + b1 * v
    b[j, r + U], b[j, r + V] = d1 * u - d2 * v, d2 * u + d1 * v
    b[j, r + XX] = xx + 2.0 * (b1 * xu - b2 * xv) + m00 * b1 - m01 * b2 + q1
    b[j, r + XY] = xy + b1 * yu - b2 * yv + b2 * xu + b1 * xv + m00 * b2 + m01 * b1
    b[j, r + YY] = yy + 2.0 * (b2 * yu + b1 * yv) + m10 * b2 + m11 * b1 + q1
    b[j, r + XU], b[j, r + XV] = n00 * d1 - n01 * d2 + q2, n00 * d2 + n01 * d1
    b[j, r + YU], b[j, r + YV] = n10 * d1 - n11 * d2, n10 * d2 + n11 * d1 + q2
    b[j, r + UU], b[j, r + UV], b[j, r + VV] = l00 * d1 - l01 * d2 + q3, l00 * d2 + l01 * d1, l10 * d2 + l11 * d1 + q3


@njit(**FAST, **INNER)
def correct(a: FloatArray, i: int, o: int, place: FloatArray, p: int) -> float:
    """Take the plot at place[p] into the Gaussian at a[i, o]; return the log of its density there [log m-2]."""
    ex, ey = place[p, X] - a[i, o], place[p, Y] - a[i, o + Y]
    xx, xy, yy = a[i, o + XX], a[i, o + XY], a[i, o + YY]
    xu, xv, yu, yv = a[i, o + XU], a[i, o + XV], a[i, o + YU], a[i, o + YV]
    uu, uv, vv = a[i, o + UU], a[i, o + UV], a[i, o + VV]
    sxx, sxy, syy = xx + place[p, RXX], xy + place[p, RXY], yy + place[p, RYY]
    det = sxx * syy - sxy * sxy
    ixx, ixy, iyy = syy / det, -sxy / det, sxx / det
    kxx, kxy, kyx, kyy = xx * ixx + xy * ixy, xx * ixy + xy * iyy, xy * ixx + yy * ixy, xy * ixy + yy * iyy
    kux, kuy, kvx, kvy = xu * ixx + yu * ixy, xu * ixy + yu * iyy, xv * ixx + yv * ixy, xv * ixy + yv * iyy
    a[i, o], a[i, o + Y] = a[i, o] + kxx * ex + kxy * ey, a[i, o + Y] + kyx * ex + kyy * ey
    a[i, o + U], a[i, o + V] = a[i, o + U] + kux * ex + kuy * ey, a[i, o + V] + kvx * ex + kvy * ey
    a[i, o + XX], a[i, o + XY] = xx - kxx * xx - kxy * xy, xy - kxx * xy - kxy * yy
    a[i, o + XU], a[i, o + XV] = xu - kxx * xu - kxy * yu, xv - kxx * xv - kxy * yv
    a[i, o + YU], a[i, o + YV] = yu - kyx * xu - kyy * yu, yv - kyx * xv - kyy * yv
    a[i, o + UU], a[i, o + UV] = uu - kux * xu - kuy * yu, uv - kux * xv - kuy * yv
    a[i, o + YY], a[i, o + VV] = yy - kyx * xy - kyy * yy, vv - kvx * xv - kvy * yv
    return float(-0.5 * (ixx * ex * ex + 2.0 * ixy * ex * ey + iyy * ey * ey) - 0.5 * math.log(det) - LOG_2PI)


@njit(**FAST, **INNER)
def spread(b: FloatArray, j: int, r: int, w: float, a: FloatArray, i: int, o: int) -> None:
    """Add to the covariance at b[j, r] w times that at a[i, o], and that of the distance of the two means."""
    x, y, u, v = a[i, o] - b[j, r], a[i, o + Y] - b[j, r + Y], a[i, o + U] - b[j, r + U], a[i, o + V] - b[j, r + V]
    b[j, r + XX], b[j, r + XY] = b[j, r + XX] + w * (a[i, o + XX] + x * x), b[j, r + XY] + w * (a[i, o + XY] + x * y)
    b[j, r + YY], b[j, r + XU] = b[j, r + YY] + w * (a[i, o + YY] + y * y), b[j, r + XU] + w * (a[i, o + XU] + x * u)
    b[j, r + XV], b[j, r + YU] = b[j, r + XV] + w * (a[i, o + XV] + x * v), b[j, r + YU] + w * (a[i, o + YU] + y * u)
    b[j, r + YV], b[j, r + UU] = b[j, r + YV] + w * (a[i, o + YV] + y * v), b[j, r + UU] + w * (a[i, o + UU] + u * u)
    b[j, r + UV], b[j, r + VV] = b[j, r + UV] + w * (a[i, o + UV] + u * v), b[j, r + VV] + w * (a[i, o + VV] + v * v)


@njit(**FAST, **INNER)
def combine(real: FloatArray, k: int) -> None:
    """Write the mean and covariance of a track's mixture of models to its combined Gaussian."""
    for n in range(GAUSS):
        real[k, ONE + n] = 0.0
    for j in range(MODELS):
        for n in range(MEANS):
            real[k, ONE + n] += real[k, MIX + j] * real[k, j * GAUSS + n]
    for j in range(MODELS):
        spread(real, k, COMBINED, real[k, MIX + j], real, k, j * GAUSS)


@njit(**FAST, **INNER)
def mix(real: FloatArray, k: int, j: int, own: float, mixed: FloatArray) -> None:
    """Write the moments of `own` times model j and the rest times the combined Gaussian to mixed[0]."""
    o, rest = j * GAUSS, 1.0 - own
    x, y = real[k, o] - real[k, ONE], real[k, o + Y] - real[k, ONE + Y]
    u, v = real[k, o + U] - real[k, ONE + U], real[k, o + V] - real[k, ONE + V]
    for n in range(GAUSS):
        mixed[0, n] = own * real[k, o + n] + rest * real[k, ONE + n]
    w = own * rest
    mixed[0, XX], mixed[0, XY] = mixed[0, XX] + w * x * x, mixed[0, XY] + w * x * y
    mixed[0, YY], mixed[0, XU] = mixed[0, YY] + w * y * y, mixed[0, XU] + w * x * u
    mixed[0, XV], mixed[0, YU] = mixed[0, XV] + w * x * v, mixed[0, YU] + w * y * u
    mixed[0, YV], mixed[0, UU] = mixed[0, YV] + w * y * v, mixed[0, UU] + w * u * u
    mixed[0, UV], mixed[0, VV] = mixed[0, UV] + w * u * v, mixed[0, VV] + w * v * v


@njit(**FAST, **INNER)
def begin_models(real: FloatArray, k: int, place: FloatArray, p: int, start: FloatArray, speed_mps: float) -> None:
    """Begin every model of a track at a plot; its mean speeds stay, and either is known to `speed_mps`."""
    for j in range(MODELS):
        o = j * GAUSS
        real[k, MIX + j], real[k, o], real[k, o + Y] = start[j], place[p, X], place[p, Y]
        for n in range(MEANS, GAUSS):
            real[k, o + n] = 0.0
        real[k, o + XX], real[k, o + XY], real[k, o + YY] = place[p, RXX], place[p, RXY], place[p, RYY]
        real[k, o + UU], real[k, o + VV] = speed_mps * speed_mps, speed_mps * speed_mps
    combine(real, k)


@njit(**FAST, **INNER)
def predict(real: FloatArray, k: int, step: FloatArray, turn: FloatArray, mixed: FloatArray) -> None:
    """Mix a track's models and carry each one step forward; of the combined Gaussian the mean and place follow.

    Whichever model a track leaves, it goes to model j with the same probability turn[j]. So what comes to j is j
    itself and the whole mixture, whose moments the combined Gaussian has: no pair of models need be looked at.

    Source: Blom and Bar-Shalom 1988, IEEE Transactions on Automatic Control 33 (8), 780-783.
    """
    stay = turn[MODELS]
    x, y, u, v, xx, xy, yy = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for j in range(MODELS):
        o, w = j * GAUSS, stay * real[k, MIX + j] + turn[j] + 1.0e-30
        mix(real, k, j, stay * real[k, MIX + j] / w, mixed)
        push(mixed, FRONT, FRONT, real, k, o, step, j)
        real[k, MIX + j] = w
        x, y = x + w * real[k, o], y + w * real[k, o + Y]
        u, v = u + w * real[k, o + U], v + w * real[k, o + V]
    for j in range(MODELS):
        o, w = j * GAUSS, real[k, MIX + j]
        a, b = real[k, o] - x, real[k, o + Y] - y
        xx += w * (real[k, o + XX] + a * a)
        xy += w * (real[k, o + XY] + a * b)
        yy += w * (real[k, o + YY] + b * b)
    real[k, ONE], real[k, ONE + Y], real[k, ONE + U], real[k, ONE + V] = x, y, u, v
    real[k, ONE + XX], real[k, ONE + XY], real[k, ONE + YY] = xx, xy, yy


@njit(**FAST, **INNER)
def update(real: FloatArray, k: int, place: FloatArray, p: int) -> float:
    """Take a plot into every model of a track, weigh the models anew, combine them; return the log of its density."""
    best, total = NEVER, 0.0
    for j in range(MODELS):
        log_like = correct(real, k, j * GAUSS, place, p)
        real[k, MIX + j] = math.log(real[k, MIX + j]) + log_like
        best = max(best, real[k, MIX + j])
    for j in range(MODELS):
        real[k, MIX + j] = math.exp(max(real[k, MIX + j] - best, -28.0))  # none is ruled out for good
        total += real[k, MIX + j]
    for j in range(MODELS):
        real[k, MIX + j] /= total
    combine(real, k)
    return best + math.log(total)


@njit(**FAST)
def set_step(step: FloatArray, turn: FloatArray, bank: Bank, calm_s: float, dt: float) -> None:
    """Write the transition figures of a time step; step[0, STEP] tells of which.

    bank.motion   a model a row: turn rate [rad/s], memory of the speed [s] or 0, noise: its spectral density
                  [m2/s3], or with a memory the speed's spread [m/s]; the last row is that of tentative tracks
    """
    for j in range(MODELS + 1):
        rate, memory, noise = bank.motion[j, TURN_RATE], bank.motion[j, MEMORY], bank.motion[j, NOISE]
        step[j, B1], step[j, B2], step[j, D1], step[j, D2] = dt, 0.0, 1.0, 0.0
        step[j, Q1], step[j, Q2], step[j, Q3] = noise * dt**3 / 3.0, noise * dt * dt / 2.0, noise * dt
        if memory > 0.0:
            keep, v2 = math.exp(-dt / memory), noise * noise
            step[j, B1], step[j, D1] = memory * (1.0 - keep), keep
            step[j, Q1] = 2.0 * v2 * memory * (dt - memory * (1.0 - keep) * (1.5 - 0.5 * keep))
            step[j, Q2], step[j, Q3] = v2 * memory * (1.0 - keep) ** 2, v2 * (1.0 - keep * keep)
        elif abs(rate * dt) > 1.0e-9:
            step[j, D1], step[j, D2] = math.cos(rate * dt), math.sin(rate * dt)
            step[j, B1], step[j, B2] = step[j, D2] / rate, (1.0 - step[j, D1]) / rate
    turn[MODELS] = math.exp(-dt / calm_s)
    for j in range(MODELS):
        turn[j] = (1.0 - turn[MODELS]) * bank.change[j]
    step[0, STEP] = dt


@njit(**FAST, **INNER)
def set_detection(pd: FloatArray, detected: FloatArray, s: int) -> None:
    """Write the detection probability by ring: its own hits and misses, shrunk to those of the whole sensor."""
    whole = detected[s, RINGS, FOUND] / (detected[s, RINGS, FOUND] + detected[s, RINGS, MISSED])
    pull = 20.0  # looks: a ring with fewer of its own believes the sensor more than itself
    for ring in range(RINGS + 1):
        n = min(ring, RINGS - 1)
        found = (detected[s, n, FOUND] + pull * whole) / (detected[s, n, FOUND] + detected[s, n, MISSED] + pull)
        pd[ring, PD] = min(max(found, 0.05), 0.995)
        pd[ring, LOG_PD] = math.log(pd[ring, PD])


@njit(**FAST, **INNER)
def is_swept(fixed: FloatArray, s: int, x: float, y: float, begin: float, end: float) -> bool:
    """Tell whether a place lies in the sector that a beam swept; all round when `end` is below `begin`."""
    if end < begin:
        return True
    turn = math.atan2(x - fixed[s, X], y - fixed[s, Y]) - begin
    return turn - 2.0 * math.pi * math.floor(turn / (2.0 * math.pi)) < end - begin


@njit(**FAST, **INNER)
def ring_of(fixed: FloatArray, s: int, x: float, y: float) -> int:
    """Return the ring in which a place lies, RINGS when it is out of the sensor's reach."""
    share = ((x - fixed[s, X]) ** 2 + (y - fixed[s, Y]) ** 2) / (fixed[s, REACH] * fixed[s, REACH])
    return RINGS if share >= 1.0 else int(math.sqrt(math.sqrt(share)) * RINGS)


@njit(**FAST, **INNER)
def set_clutter(clutter: FloatArray, sensors: Sensors, plots: Plots, scan: Look) -> None:
    """Write the log density of false plots at each plot: its cell's, corrected by the fine map about it [log m-2]."""
    s, looks = scan.sensor, sensors.flow[scan.sensor, FINE_LOOKS]
    innermost_m2 = math.pi * sensors.fixed[s, REACH] ** 2 / (float(FINE_RINGS * FINE_RINGS) * FINE_SECTORS)
    for p in range(scan.first, scan.last):
        ring, sector = plots.mark[p, MARK_FINE] // FINE_SECTORS, plots.mark[p, MARK_FINE] % FINE_SECTORS
        count, area_m2 = 0.0, 0.0
        for r in range(max(ring - 1, 0), min(ring + 2, FINE_RINGS)):
            area_m2 += 3.0 * (2.0 * r + 1.0) * innermost_m2
            for a in range(FINE_SECTORS - 1, FINE_SECTORS + 2):
                count += sensors.fine[s, r * FINE_SECTORS + (sector + a) % FINE_SECTORS]
        log_mean = sensors.density[s, plots.mark[p, MARK_CELL]]
        expected = math.exp(log_mean) * area_m2 * looks
        clutter[p - scan.first] = log_mean + math.log((PLACE_SHAPE + count) / (PLACE_SHAPE + expected))


@njit(**FAST, **INNER)
def learn(sensors: Sensors, rules: Rules, plots: Plots, real: FloatArray, taken: IntArray, scan: Look) -> None:
    """Count the plots that no track took as false ones, and restate their density in each cell of the sensor."""
    s, first, share, disc_m2 = scan.sensor, scan.first, scan.share, math.pi * sensors.fixed[scan.sensor, REACH] ** 2
    keep, shrink = 1.0 - (1.0 - rules.forget) * share, rules.shrink / share
    sensors.flow[s, LOOKS] = sensors.flow[s, LOOKS] * keep + 1.0
    for c in range(CELLS):
        sensors.false[s, c] *= keep
    sensors.flow[s, FINE_LOOKS] += share
    if sensors.flow[s, FINE_LOOKS] > rules.fine_scans:
        sensors.flow[s, FINE_LOOKS] *= 0.5
        for c in range(FINE):
            sensors.fine[s, c] *= 0.5
    for p in range(first, scan.last):
        if taken[p - first] < 0:
            sensors.false[s, plots.mark[p, MARK_CELL]] += 1.0
        else:  # lone plots come to the fine map when they are forgotten: by then an object's first ones are known
            sensors.fine[s, plots.mark[p, MARK_FINE]] += 1.0 - existence(real[taken[p - first], ODDS])
    total = 0.0
    for c in range(CELLS):
        total += sensors.false[s, c]
    mean_per_m2 = total / sensors.flow[s, LOOKS] / disc_m2
    for c in range(CELLS):
        cell_m2 = disc_m2 * ((c // SECTORS + 1.0) ** 4 - (c // SECTORS) ** 4) / (float(RINGS) ** 4 * SECTORS)
        rate = (sensors.false[s, c] + shrink * mean_per_m2 * cell_m2) / (sensors.flow[s, LOOKS] + shrink)
        sensors.density[s, c] = math.log(max(rate, 1.0e-4 * share) / (cell_m2 * share))


# ---------------------------------------------------------------- association
@njit(**FAST, **INNER)
def cells_within(at: float, wide: float) -> tuple[int, int]:
    """Return the first and the last cell within `wide` of a coordinate [m], never more than the grid has."""
    low, high = int(math.floor((at - wide) / CELL_M)), int(math.floor((at + wide) / CELL_M))
    return low, min(high, low + SIDE - 1)


@njit(**FAST, **INNER)
def lay_grid(bench: Bench, place: FloatArray, first: int, last: int, scan: int) -> tuple[float, float]:
    """Hang each plot of a scan on its cell of the hashed grid; return the greatest rxx and ryy among them."""
    most_xx, most_yy = 0.0, 0.0
    for p in range(first, last):
        n = p - first
        cx, cy = int(math.floor(place[p, X] / CELL_M)), int(math.floor(place[p, Y] / CELL_M))
        c = (cx & (SIDE - 1)) * SIDE + (cy & (SIDE - 1))
        if bench.stamp[c] != scan:
            bench.stamp[c] = scan
            bench.head[c] = -1
        bench.chain[n], bench.head[c] = bench.head[c], n
        bench.taken[n], bench.claim[n], bench.column[n], bench.rival[n] = -1, -1, -1, NEVER
        most_xx, most_yy = max(most_xx, place[p, RXX]), max(most_yy, place[p, RYY])
    return most_xx, most_yy


@njit(**FAST, **INNER)
def existence(odds: float) -> float:
    """Return the probability of log odds."""
    return 1.0 / (1.0 + math.exp(-odds))


@njit(**FAST, **INNER)
def carry(real: FloatArray, whole: IntArray, k: int, t: float, rules: Rules, bank: Bank, bench: Bench) -> None:
    """Carry one track to time t; its object may have gone meanwhile.

    Of the combined Gaussian only what a gate needs is carried: an update or `combine` makes it whole.
    """
    dt = t - real[k, TIME]
    if dt <= 0.0:
        return
    if abs(dt - bench.step[0, STEP]) > 1.0e-6:
        set_step(bench.step, bench.turn, bank, rules.calm_s, dt)
    if whole[k, STATUS] == TENTATIVE:
        push(real, k, COMBINED, bench.mixed, FRONT, FRONT, bench.step, BEGINNER)
        for n in range(GAUSS):
            real[k, ONE + n] = bench.mixed[0, n]
    else:
        predict(real, k, bench.step, bench.turn, bench.mixed)
    real[k, TIME] += dt
    p = existence(real[k, ODDS]) * math.exp(-dt / rules.life_s)
    real[k, ODDS] = math.log(p / (1.0 - p))


@njit(**FAST, **INNER)
def gate(
    tracks: Tracks, bench: Bench, plots: Plots, sensors: Sensors, rules: Rules, bank: Bank, rows: Rows, scan: Look
) -> None:
    """Carry every track to the scan and list the plots in its gate, with how much each speaks for it."""
    real, whole, place, at = tracks.real, tracks.whole, plots.place, 0
    s, t, first = scan.sensor, scan.time_s, scan.first
    for n in range(tracks.number[LIVE]):
        k = tracks.live[n]
        carry(real, whole, k, t, rules, bank, bench)
        x, y, xx, xy, yy = real[k, ONE], real[k, ONE + Y], real[k, ONE + XX], real[k, ONE + XY], real[k, ONE + YY]
        is_looked_at = is_swept(sensors.fixed, s, x, y, scan.begin_rad, scan.end_rad)
        ring = ring_of(sensors.fixed, s, x, y) if is_looked_at else RINGS
        alive = existence(real[k, ODDS])
        bench.first[n], bench.choice[n] = at, -1
        bench.odds[n, LOG_ALIVE], bench.odds[n, RING] = math.log(alive), ring
        # Beyond the reach a plot may still turn up, since neither place nor reach is known to the metre.
        bench.odds[n, LOG_NOTHING] = math.log(1.0 - alive * bench.pd[ring, PD] * (1.0 if ring < RINGS else 0.5))
        wide = rules.gate if whole[k, IDENT] < 0 else rules.jump
        wide_x, wide_y = math.sqrt(wide * (xx + scan.box_x)), math.sqrt(wide * (yy + scan.box_y))
        (x_low, x_high), (y_low, y_high) = cells_within(x, wide_x), cells_within(y, wide_y)
        for cx in range(x_low, x_high + 1):
            for cy in range(y_low, y_high + 1):
                c = (cx & (SIDE - 1)) * SIDE + (cy & (SIDE - 1))
                near = bench.head[c] if bench.stamp[c] == scan.stamp else -1
                while near >= 0:
                    p = first + near
                    near = bench.chain[near]
                    ex, ey = place[p, X] - x, place[p, Y] - y
                    if abs(ex) > wide_x or abs(ey) > wide_y or at == bench.plot.size:
                        continue
                    ident = plots.mark[p, MARK_IDENT]
                    if ident >= 0 and whole[k, IDENT] >= 0 and ident != whole[k, IDENT]:
                        continue
                    sxx, sxy, syy = xx + place[p, RXX], xy + place[p, RXY], yy + place[p, RYY]
                    det = sxx * syy - sxy * sxy
                    d2 = (syy * ex * ex - 2.0 * sxy * ex * ey + sxx * ey * ey) / det
                    is_named = ident >= 0 and ident == whole[k, IDENT]
                    r = rows.number[N_NEAR]
                    if whole[k, ID] == rules.traced and r < rows.near.shape[0] and d2 <= 2.0 * rules.gate:
                        rows.near[r, NEAR_SCAN], rows.near[r, NEAR_PLOT] = scan.stamp, p + scan.base
                        rows.near_d2[r] = d2
                        rows.number[N_NEAR] += 1
                    if d2 <= (rules.jump if is_named else rules.gate):
                        bench.plot[at] = p
                        bench.density[at] = -0.5 * d2 - 0.5 * math.log(det) - LOG_2PI
                        bench.score[at] = bench.pd[ring, LOG_PD] - bench.clutter[p - first] + bench.density[at]
                        bench.score[at] += NAMED if is_named else 0.0
                        at += 1
        bench.first[n + 1] = at


@njit(**FAST, **INNER)
def root_of(group: IntArray, n: int) -> int:
    """Return the root of n's group, halving the way to it."""
    while group[n] != n:
        group[n] = group[group[n]]
        n = group[n]
    return n


@njit(**ROOMY)
def assign(score: FloatArray) -> IntArray:
    """Return for each row the column of an assignment with the greatest sum; every row gets one.

    score   (n, m), n <= m

    Source: the Hungarian method by shortest augmenting paths; Jonker and Volgenant 1987, Computing 38, 325-340.
    """
    n, m = score.shape
    row_price, column_price = np.zeros(n + 1), np.zeros(m + 1)
    owner, way = np.zeros(m + 1, np.int64), np.zeros(m + 1, np.int64)
    for i in range(1, n + 1):
        owner[0], column = i, 0
        least, used = np.full(m + 1, np.inf), np.zeros(m + 1, np.bool_)
        while owner[column] != 0:
            used[column] = True
            row, slack, nearest = owner[column], np.inf, 0
            for j in range(1, m + 1):
                if used[j]:
                    continue
                cost = -score[row - 1, j - 1] - row_price[row] - column_price[j]
                if cost < least[j]:
                    least[j], way[j] = cost, column
                if least[j] < slack:
                    slack, nearest = least[j], j
            for j in range(m + 1):
                if used[j]:
                    row_price[owner[j]] += slack
                    column_price[j] -= slack
                else:
                    least[j] -= slack
            column = nearest
        while column:
            before = way[column]
            owner[column] = owner[before]
            column = before
    chosen = np.zeros(n, np.int64)
    for j in range(1, m + 1):
        if owner[j]:
            chosen[owner[j] - 1] = j - 1
    return chosen


@njit(**FAST, **INNER)
def number_plots(bench: Bench, members: IntArray, first: int) -> int:
    """Give each plot of a cluster a column of its own in bench.column; return how many there are.

    members   (n,) places of the cluster's tracks in the live list
    """
    held = 0
    for r in members:
        for c in range(bench.first[r], bench.first[r + 1]):
            p = bench.plot[c] - first
            if bench.column[p] < 0:
                bench.column[p] = held
                held += 1
    return held


@njit(**ROOMY, **INNER)
def solve_cluster(bench: Bench, members: IntArray, first: int) -> None:
    """Assign the plots of one cluster exactly: write each track's candidate, or -1, to bench.choice."""
    n, held = members.size, number_plots(bench, members, first)
    score, candidate = np.full((n, held + n), -1.0e6), np.full((n, held), -1)
    for i in range(n):
        r = members[i]
        score[i, held + i] = bench.odds[r, LOG_NOTHING]
        for c in range(bench.first[r], bench.first[r + 1]):
            h = bench.column[bench.plot[c] - first]
            score[i, h], candidate[i, h] = bench.score[c] + bench.odds[r, LOG_ALIVE], c
    chosen = assign(score)
    for i in range(n):
        bench.choice[members[i]] = candidate[i, chosen[i]] if chosen[i] < held else -1


@njit(**ROOMY, **INNER)
def solve_crowd(bench: Bench, members: IntArray, first: int) -> None:
    """Assign the plots of a cluster too big for `solve_cluster`: the best pair first, then the next."""
    total, at = 0, 0
    for r in members:
        total += bench.first[r + 1] - bench.first[r]
    gain, row, candidate = np.empty(total), np.empty(total, np.int64), np.empty(total, np.int64)
    for r in members:
        for c in range(bench.first[r], bench.first[r + 1]):
            gain[at] = bench.score[c] + bench.odds[r, LOG_ALIVE] - bench.odds[r, LOG_NOTHING]
            row[at], candidate[at] = r, c
            at += 1
    for _ in range(total):
        n = 0
        for m in range(total):
            n = m if gain[m] > gain[n] else n
        if gain[n] <= 0.0:
            break
        p = bench.plot[candidate[n]] - first
        if bench.choice[row[n]] < 0 and bench.column[p] < 0:
            bench.choice[row[n]] = candidate[n]
            bench.column[p] = row[n]
        gain[n] = NEVER


# ---------------------------------------------------------------- the joint probabilistic option
@njit(**ROOMY, **INNER)
def weigh_exactly(weight: FloatArray, nothing: FloatArray, belief: FloatArray) -> None:
    """Write the probability of each pair of a cluster, over all ways to share its plots out.

    weight    (n, m) of a pair, 0 where there is none; nothing (n,) of taking none; belief (n, m); m at most EXACT_PLOTS

    Each way is a walk over the tracks that remembers which plots are used up, forward and backward.
    """
    n, m = weight.shape
    sets = 1 << m
    before, after = np.zeros((n + 1, sets)), np.zeros((n + 1, sets))
    before[0, 0] = 1.0
    for i in range(n):
        for used in range(sets):
            if before[i, used] > 0.0:
                before[i + 1, used] += before[i, used] * nothing[i]
                for j in range(m):
                    if weight[i, j] > 0.0 and not used & (1 << j):
                        before[i + 1, used | (1 << j)] += before[i, used] * weight[i, j]
    after[n, :] = 1.0
    for i in range(n - 1, -1, -1):
        for used in range(sets):
            after[i, used] = nothing[i] * after[i + 1, used]
            for j in range(m):
                if weight[i, j] > 0.0 and not used & (1 << j):
                    after[i, used] += weight[i, j] * after[i + 1, used | (1 << j)]
    for i in range(n):
        for j in range(m):
            total = 0.0
            if weight[i, j] > 0.0:
                for used in range(sets):
                    if not used & (1 << j):
                        total += before[i, used] * weight[i, j] * after[i + 1, used | (1 << j)]
            belief[i, j] = total / after[0, 0]


@njit(**ROOMY, **INNER)
def weigh_by_messages(weight: FloatArray, nothing: FloatArray, belief: FloatArray) -> None:
    """Write approximate probabilities of the pairs of a cluster too big for `weigh_exactly`.

    Source: Williams and Lau 2014, IEEE Transactions on Aerospace and Electronic Systems 50 (4), 2942-2959: loopy belief
    propagation; it always converges, and is near where few plots are shared.
    """
    n, m = weight.shape
    back, row = np.ones((m, n)), np.zeros(n)
    for _ in range(100):
        change = 0.0
        for i in range(n):
            row[i] = nothing[i]
            for j in range(m):
                row[i] += weight[i, j] * back[j, i]
        for j in range(m):
            total = 1.0
            for i in range(n):
                belief[i, j] = weight[i, j] / max(row[i] - weight[i, j] * back[j, i], 1.0e-300)
                total += belief[i, j]
            for i in range(n):
                told = 1.0 / max(total - belief[i, j], 1.0e-300)
                change = max(change, abs(told - back[j, i]))
                back[j, i] = told
        if change < 1.0e-6:
            break
    for i in range(n):
        row[i] = nothing[i]
        for j in range(m):
            row[i] += weight[i, j] * back[j, i]
        for j in range(m):
            belief[i, j] = weight[i, j] * back[j, i] / row[i]


@njit(**FAST, **INNER)
def weigh_alone(bench: Bench, r: int) -> None:
    """Write the probability of each candidate of a track whose plots no other wants, and choose the likeliest."""
    best, total = bench.odds[r, LOG_NOTHING], 0.0
    for c in range(bench.first[r], bench.first[r + 1]):
        best = max(best, bench.score[c] + bench.odds[r, LOG_ALIVE])
    nothing = most = math.exp(bench.odds[r, LOG_NOTHING] - best)
    for c in range(bench.first[r], bench.first[r + 1]):
        bench.belief[c] = math.exp(bench.score[c] + bench.odds[r, LOG_ALIVE] - best)
        total += bench.belief[c]
    for c in range(bench.first[r], bench.first[r + 1]):
        if bench.belief[c] > most:
            most, bench.choice[r] = bench.belief[c], c
        bench.belief[c] /= nothing + total


@njit(**ROOMY, **INNER)
def weigh_cluster(bench: Bench, members: IntArray, first: int) -> int:
    """Write the probability of each candidate of a cluster to bench.belief; return 1 if too big for exactness."""
    n, held = members.size, number_plots(bench, members, first)
    weight, nothing, belief = np.zeros((n, held)), np.zeros(n), np.zeros((n, held))
    for i in range(n):
        r = members[i]
        best = bench.odds[r, LOG_NOTHING]
        for c in range(bench.first[r], bench.first[r + 1]):
            best = max(best, bench.score[c] + bench.odds[r, LOG_ALIVE])
        nothing[i] = math.exp(bench.odds[r, LOG_NOTHING] - best)
        for c in range(bench.first[r], bench.first[r + 1]):
            weight[i, bench.column[bench.plot[c] - first]] = math.exp(bench.score[c] + bench.odds[r, LOG_ALIVE] - best)
    is_big = held > EXACT_PLOTS
    if is_big:
        weigh_by_messages(weight, nothing, belief)
    else:
        weigh_exactly(weight, nothing, belief)
    for i in range(n):
        r, most, rest = members[i], 0.0, 1.0
        bench.choice[r] = -1
        for c in range(bench.first[r], bench.first[r + 1]):
            bench.belief[c] = belief[i, bench.column[bench.plot[c] - first]]
            rest -= bench.belief[c]
            if bench.belief[c] > most:
                most, bench.choice[r] = bench.belief[c], c
        if rest > most:
            bench.choice[r] = -1
    return 1 if is_big else 0


@njit(**FAST, **INNER)
def blend(real: FloatArray, k: int, place: FloatArray, bench: Bench, r: int, missed: float) -> None:
    """Update a track by all its candidates at once, each by its probability: models, mixture and existence.

    r   place in the live list; missed log weight that the object is there and undetected, against all that may be

    Source: Musicki and Evans 2004, IEEE Transactions on Aerospace and Electronic Systems 40 (3), 1093-1099.
    """
    begin, end, mixed, rest = bench.first[r], bench.first[r + 1], bench.mixed, 1.0
    for c in range(begin, end):
        rest -= bench.belief[c]
    rest = max(rest, 0.0)
    total = 1.0e-300
    for j in range(MODELS):
        o = j * GAUSS
        like = rest
        for g in range(MEANS):
            mixed[1, g] = rest * real[k, o + g]
        for c in range(begin, end):  # the mean first, since the spread is about it
            for g in range(GAUSS):
                mixed[0, g] = real[k, o + g]
            log_like = correct(mixed, FRONT, FRONT, place, bench.plot[c])
            like += bench.belief[c] * math.exp(min(log_like - bench.density[c], 50.0))
            for g in range(MEANS):
                mixed[1, g] += bench.belief[c] * mixed[0, g]
        for g in range(MEANS, GAUSS):
            mixed[1, g] = 0.0
        spread(mixed, SECOND, FRONT, rest, real, k, o)
        for c in range(begin, end):
            for g in range(GAUSS):
                mixed[0, g] = real[k, o + g]
            correct(mixed, FRONT, FRONT, place, bench.plot[c])
            spread(mixed, SECOND, FRONT, bench.belief[c], mixed, FRONT, FRONT)
        for g in range(GAUSS):
            real[k, o + g] = mixed[1, g]
        real[k, MIX + j] *= like
        total += real[k, MIX + j]
    for j in range(MODELS):
        real[k, MIX + j] /= total
    combine(real, k)
    alive = min(max(1.0 - rest + rest * math.exp(missed), 1.0e-12), 1.0 - 1.0e-12)
    real[k, ODDS] = min(math.log(alive / (1.0 - alive)), 30.0)


@njit(**ROOMY, **INNER)
def choose(tracks: Tracks, bench: Bench, first: int, exact: int, joint: int) -> None:
    """Choose a candidate, or none, for each confirmed track: alone when no other wants its plots, else in a cluster.

    exact   the most tracks of a cluster that is solved exactly
    joint   1 weighs every candidate by its probability instead
    """
    live = tracks.number[LIVE]
    for r in range(live):
        bench.group[r], bench.next[r], bench.leader[r] = r, -1, -1
    for r in range(live):
        if tracks.whole[tracks.live[r], STATUS] == TENTATIVE:
            continue
        for c in range(bench.first[r], bench.first[r + 1]):
            p = bench.plot[c] - first
            if bench.claim[p] < 0:
                bench.claim[p] = r
            else:
                bench.group[root_of(bench.group, r)] = root_of(bench.group, bench.claim[p])
    for r in range(live):
        if tracks.whole[tracks.live[r], STATUS] != TENTATIVE:
            root = root_of(bench.group, r)
            bench.next[r], bench.leader[root] = bench.leader[root], r
    for root in range(live):
        r = bench.leader[root]
        if r >= 0 and bench.next[r] < 0 and joint:
            weigh_alone(bench, r)
        elif r >= 0 and bench.next[r] < 0:
            best = bench.odds[r, LOG_NOTHING] - bench.odds[r, LOG_ALIVE]
            for c in range(bench.first[r], bench.first[r + 1]):
                if bench.score[c] > best:
                    best, bench.choice[r] = bench.score[c], c
        elif r >= 0:
            size = 0
            while r >= 0:
                size, r = size + 1, bench.next[r]
            members, r = np.empty(size, np.int64), bench.leader[root]
            for i in range(size):
                members[i], r = r, bench.next[r]
            if joint:
                tracks.number[CROWDS] += weigh_cluster(bench, members, first)
            elif size <= exact:
                solve_cluster(bench, members, first)
            else:
                solve_crowd(bench, members, first)
                tracks.number[CROWDS] += 1


# ---------------------------------------------------------------- the life of a track
@njit(**FAST, **INNER)
def confirm(tracks: Tracks, known: IntArray, k: int, start: FloatArray, rows: Rows, seeds: Seeds) -> None:
    """Make a tentative track a confirmed one: it gets its number, its models, and its plots for itself."""
    real, whole = tracks.real, tracks.whole
    for j in range(MODELS):
        real[k, MIX + j] = start[j]
        for n in range(GAUSS):
            real[k, j * GAUSS + n] = real[k, ONE + n]
    whole[k, STATUS], whole[k, ID], whole[k, MISSES] = CONFIRMED, tracks.number[NEXT_ID], 0
    real[k, ROWED] = NEVER
    tracks.number[NEXT_ID] += 1
    if whole[k, IDENT] >= 0:
        bear_name(whole, known, k, whole[k, IDENT])
    held = min(whole[k, HITS], REMEMBERED)
    for i in range(held - 1):
        r = rows.number[N_EARLY]
        rows.early[r, EARLY_TRACK], rows.early[r, EARLY_PLOT] = whole[k, ID], whole[k, EARLY + i]
        rows.number[N_EARLY] += 1
    for i in range(held):
        mine = whole[k, EARLY + i]
        for n in range(tracks.number[SEED_BEGIN], tracks.number[SEED_END]):
            if seeds.whole[n, SEED_PLOT] == mine:
                seeds.whole[n, SEED_PLOT] = -1
        for n in range(tracks.number[LIVE]):
            other = tracks.live[n]
            if whole[other, STATUS] == TENTATIVE:
                for j in range(min(whole[other, HITS], REMEMBERED)):
                    if whole[other, EARLY + j] == mine:
                        whole[other, STATUS] = DELETED


@njit(**FAST, **INNER)
def bear_name(whole: IntArray, known: IntArray, k: int, ident: int) -> None:
    """Let a track bear an identity; of more than two tracks with one identity the two latest are found by it."""
    whole[k, IDENT] = ident
    if known[ident, 0] != k and known[ident, 1] != k:
        n = 0 if known[ident, 0] < 0 else 1
        known[ident, n] = k


@njit(**FAST, **INNER)
def note_hit(
    real: FloatArray, whole: IntArray, known: IntArray, k: int, s: int, plots: Plots, p: int, base: int
) -> None:
    """Write down that a track had a plot: when, which, of which sensor and under which name."""
    whole[k, HITS] += 1
    whole[k, LAST], whole[k, SENSOR] = base + p, s
    real[k, SEEN], real[k, HEARD], real[k, HEARD + 1] = real[k, TIME], plots.place[p, X], plots.place[p, Y]
    if plots.mark[p, MARK_IDENT] >= 0 and whole[k, STATUS] != TENTATIVE:
        bear_name(whole, known, k, plots.mark[p, MARK_IDENT])


@njit(**FAST, **INNER)
def take(
    real: FloatArray, whole: IntArray, known: IntArray, k: int, s: int, plots: Plots, p: int, base: int, score: float
) -> None:
    """Take a plot into a track: its state, its odds, its memory."""
    if whole[k, STATUS] == TENTATIVE:
        correct(real, k, COMBINED, plots.place, p)
        whole[k, EARLY + min(whole[k, HITS], REMEMBERED - 1)] = base + p
    else:
        update(real, k, plots.place, p)
    real[k, ODDS] = min(real[k, ODDS] + score, 30.0)
    note_hit(real, whole, known, k, s, plots, p, base)


@njit(**FAST, **INNER)
def log_after_miss(odds: float, pd: float) -> float:
    """Return the log of the existence that is left when a look showed nothing."""
    there = existence(odds)
    return math.log(max(there * (1.0 - pd), 1.0e-300) / (1.0 - there * pd))


@njit(**FAST, **INNER)
def lose(real: FloatArray, whole: IntArray, k: int, rules: Rules) -> None:
    """Set the status of a track that this scan did not show: it counts while it is likelier there than not.

    "There" is within `lost_m` of the place that we state; unseen for long, the place itself becomes unknown.
    """
    known = 1.0 - math.exp(-rules.lost_m * rules.lost_m / (real[k, ONE + XX] + real[k, ONE + YY]))
    alive = existence(real[k, ODDS]) * known
    if alive < rules.drop:
        whole[k, STATUS] = DELETED
    elif alive < rules.keep:
        whole[k, STATUS] = DORMANT
    elif whole[k, STATUS] == CONFIRMED and whole[k, MISSES] > 0:
        whole[k, STATUS] = COASTING


@njit(**FAST, **INNER)
def look(tracks: Tracks, bench: Bench, plots: Plots, sensors: Sensors, rules: Rules, scan: Look) -> None:
    """Carry what was chosen into the confirmed tracks: updates, odds of existence, status."""
    real, whole, s = tracks.real, tracks.whole, scan.sensor
    is_scan = sensors.fixed[s, HAS_SCANS] > 0.0
    for n in range(tracks.number[LIVE]):
        k, c, ring = tracks.live[n], bench.choice[n], int(bench.odds[n, RING])
        if whole[k, STATUS] == TENTATIVE:
            continue
        if c >= 0:
            if whole[k, STATUS] != DORMANT and ring < RINGS and is_scan:
                for place in (ring, RINGS):  # a miss counts once a later hit shows that the object was there
                    sensors.detected[s, place, FOUND] += 1.0
                    sensors.detected[s, place, MISSED] += whole[k, MISSES]
            p = bench.plot[c]
            if rules.joint and bench.belief[c] < PLAIN:
                blend(real, k, plots.place, bench, n, log_after_miss(real[k, ODDS], bench.pd[ring, PD]))
                note_hit(real, whole, bench.known, k, s, plots, p, scan.base)
            else:
                take(real, whole, bench.known, k, s, plots, p, scan.base, bench.score[c])
            whole[k, MISSES] = 0
            bench.taken[p - scan.first] = k
            enough = rules.confirm if whole[k, STATUS] == DORMANT else rules.keep
            whole[k, STATUS] = CONFIRMED if existence(real[k, ODDS]) >= enough else DORMANT
        else:
            if ring < RINGS and is_scan:
                if rules.joint and bench.first[n + 1] > bench.first[n]:
                    blend(real, k, plots.place, bench, n, log_after_miss(real[k, ODDS], bench.pd[ring, PD]))
                else:
                    real[k, ODDS] += math.log(1.0 - bench.pd[ring, PD])
                whole[k, MISSES] += 1
            combine(real, k)
            lose(real, whole, k, rules)


@njit(**FAST, **INNER)
def offer(
    tracks: Tracks, bench: Bench, plots: Plots, sensors: Sensors, rules: Rules, start: FloatArray, rows: Rows,
    seeds: Seeds, scan: Look,
) -> None:  # fmt: skip
    """Offer what is left to tentative tracks: of several that want one plot, the likeliest gets it."""
    real, whole, live = tracks.real, tracks.whole, tracks.number[LIVE]
    s, t, first = scan.sensor, scan.time_s, scan.first
    for n in range(live):
        k = tracks.live[n]
        if whole[k, STATUS] != TENTATIVE:
            continue
        best = NEVER
        for c in range(bench.first[n], bench.first[n + 1]):
            if bench.taken[bench.plot[c] - first] < 0 and bench.score[c] > best:
                best, bench.choice[n] = bench.score[c], c
        bench.odds[n, OFFER] = best + real[k, ODDS]
        if bench.choice[n] >= 0:
            wanted = bench.plot[bench.choice[n]] - first
            bench.rival[wanted] = max(bench.rival[wanted], bench.odds[n, OFFER])
    for n in range(live):
        k, c = tracks.live[n], bench.choice[n]
        if whole[k, STATUS] != TENTATIVE:
            continue
        p = bench.plot[c] if c >= 0 else -1
        if p >= 0 and bench.taken[p - first] < 0 and bench.odds[n, OFFER] >= bench.rival[p - first]:
            take(real, whole, bench.known, k, s, plots, p, scan.base, bench.score[c])
            alive = existence(real[k, ODDS])
            if alive >= rules.confirm:
                confirm(tracks, bench.known, k, start, rows, seeds)
            if alive >= 0.5:
                bench.taken[p - first] = k
        elif bench.odds[n, RING] < RINGS and sensors.fixed[s, HAS_SCANS] > 0.0:
            real[k, ODDS] += math.log(1.0 - bench.pd[int(bench.odds[n, RING]), PD])
        if real[k, ODDS] < rules.begin or (whole[k, STATUS] == TENTATIVE and t - real[k, SEEN] > 2.0 * rules.seed_s):
            whole[k, STATUS] = DELETED


# ---------------------------------------------------------------- births
@njit(**FAST, **INNER)
def pair(seed: FloatArray, n: int, place: FloatArray, p: int, dt: float, rules: Rules, real: FloatArray, k: int,
         mixed: FloatArray) -> float:  # fmt: skip
    """Return the log density of a plot that follows a lone one, and write the Gaussian of both to track k.

    Before the second plot the speed follows one of two round normal laws: slow, or fast.
    """
    for i in range(2):
        share, speed = (rules.slow_share, rules.slow_mps) if i == 0 else (1.0 - rules.slow_share, rules.fast_mps)
        v2 = speed * speed
        for m in range(GAUSS):
            mixed[i, m] = 0.0
        mixed[i, X], mixed[i, Y], mixed[i, XY] = seed[n, X], seed[n, Y], seed[n, RXY]
        mixed[i, XX], mixed[i, YY] = seed[n, RXX] + v2 * dt * dt, seed[n, RYY] + v2 * dt * dt
        mixed[i, XU], mixed[i, YV], mixed[i, UU], mixed[i, VV] = v2 * dt, v2 * dt, v2, v2
        mixed[WEIGHTS, i] = math.log(share) + correct(mixed, i, FRONT, place, p)
    best = max(mixed[WEIGHTS, 0], mixed[WEIGHTS, 1])
    total = math.exp(mixed[WEIGHTS, 0] - best) + math.exp(mixed[WEIGHTS, 1] - best)
    for m in range(GAUSS):
        real[k, ONE + m] = 0.0
    for i in range(2):
        mixed[WEIGHTS, i] = math.exp(mixed[WEIGHTS, i] - best) / total
        for m in range(MEANS):
            real[k, ONE + m] += mixed[WEIGHTS, i] * mixed[i, m]
    for i in range(2):
        spread(real, k, COMBINED, mixed[WEIGHTS, i], mixed, i, FRONT)
    log_density: float = best + math.log(total)
    return log_density


@njit(**FAST, **INNER)
def sprout(
    tracks: Tracks, bench: Bench, plots: Plots, sensors: Sensors, rules: Rules, seeds: Seeds, scan: Look
) -> None:
    """Begin a tentative track from each lone plot of an earlier scan and each one left over now that fit."""
    old, whole, place = seeds.real, tracks.whole, plots.place
    s, t, first, base = scan.sensor, scan.time_s, scan.first, scan.base
    for n in range(tracks.number[SEED_BEGIN], tracks.number[SEED_END]):
        dt = t - old[n, SEED_TIME]
        if seeds.whole[n, SEED_PLOT] < 0 or dt < 0.01 or dt > rules.seed_s:
            continue
        ring = ring_of(sensors.fixed, s, old[n, X], old[n, Y])
        hope = old[n, SEED_HOPE] + bench.pd[ring, LOG_PD]
        is_looked_at = ring < RINGS and is_swept(sensors.fixed, s, old[n, X], old[n, Y], scan.begin_rad, scan.end_rad)
        if seeds.whole[n, SEED_SENSOR] == s and is_looked_at and sensors.fixed[s, HAS_SCANS] > 0.0:
            hope += seeds.whole[n, SEED_MISSES] * math.log(1.0 - bench.pd[ring, PD])
            seeds.whole[n, SEED_MISSES] += 1
        far = rules.most_mps * dt
        wide_x = far + math.sqrt(rules.gate * (old[n, RXX] + scan.box_x))
        wide_y = far + math.sqrt(rules.gate * (old[n, RYY] + scan.box_y))
        (x_low, x_high), (y_low, y_high) = cells_within(old[n, X], wide_x), cells_within(old[n, Y], wide_y)
        for cx in range(x_low, x_high + 1):
            for cy in range(y_low, y_high + 1):
                c = (cx & (SIDE - 1)) * SIDE + (cy & (SIDE - 1))
                near = bench.head[c] if bench.stamp[c] == scan.stamp else -1
                while near >= 0:
                    p = first + near
                    near = bench.chain[near]
                    if abs(place[p, X] - old[n, X]) > wide_x or abs(place[p, Y] - old[n, Y]) > wide_y:
                        continue
                    if bench.taken[p - first] >= 0 or plots.mark[p, MARK_IDENT] != seeds.whole[n, SEED_IDENT]:
                        continue
                    sxx, syy = old[n, RXX] + place[p, RXX], old[n, RYY] + place[p, RYY]
                    sxy = old[n, RXY] + place[p, RXY]
                    fit = hope - bench.clutter[p - first]
                    most = fit - 0.5 * math.log(sxx * syy - sxy * sxy) - LOG_2PI  # no density is greater
                    if most < rules.begin or tracks.number[LIVE] == tracks.live.size:
                        continue
                    k = tracks.live[tracks.number[LIVE]]
                    odds = fit + pair(old, n, place, p, dt, rules, tracks.real, k, bench.mixed)
                    if odds < rules.begin:
                        continue
                    tracks.number[LIVE] += 1
                    tracks.real[k, TIME], tracks.real[k, ODDS], tracks.real[k, SEEN] = t, odds, t
                    whole[k, STATUS], whole[k, IDENT], whole[k, HITS] = TENTATIVE, plots.mark[p, MARK_IDENT], 2
                    whole[k, LAST], whole[k, SENSOR], whole[k, MISSES], whole[k, ID] = base + p, s, 0, 0
                    whole[k, EARLY], whole[k, EARLY + 1] = seeds.whole[n, SEED_PLOT], base + p
                    bench.rival[p - first] = max(bench.rival[p - first], odds)


@njit(**FAST, **INNER)
def confirm_pairs(
    tracks: Tracks, bench: Bench, rules: Rules, start: FloatArray, rows: Rows, seeds: Seeds, scan: Look
) -> None:
    """Confirm the pairs that are so likely that they need no third plot."""
    for n in range(tracks.number[LIVE]):
        k = tracks.live[n]
        if tracks.whole[k, STATUS] == TENTATIVE and tracks.whole[k, HITS] == 2 and tracks.real[k, SEEN] == scan.time_s:
            p = tracks.whole[k, LAST] - scan.base - scan.first
            odds = tracks.real[k, ODDS]
            if existence(odds) >= rules.confirm and odds >= bench.rival[p] and bench.taken[p] < 0:
                confirm(tracks, bench.known, k, start, rows, seeds)
                bench.taken[p] = k


@njit(**FAST, **INNER)
def sow(tracks: Tracks, bench: Bench, plots: Plots, sensors: Sensors, rules: Rules, seeds: Seeds, scan: Look) -> None:
    """Keep the plots that are left over as lone plots, and forget those that are too old."""
    begin, end = tracks.number[SEED_BEGIN], tracks.number[SEED_END]
    s, t, first, last = scan.sensor, scan.time_s, scan.first, scan.last
    while begin < end and t - seeds.real[begin, SEED_TIME] > rules.seed_s:
        if seeds.whole[begin, SEED_PLOT] >= 0:
            sensors.fine[seeds.whole[begin, SEED_SENSOR], seeds.whole[begin, SEED_FINE]] += 1.0
        begin += 1
    if end + last - first > seeds.real.shape[0]:
        for n in range(end - begin):
            for m in range(SEED_REALS):
                seeds.real[n, m] = seeds.real[begin + n, m]
            for m in range(SEED_INTS):
                seeds.whole[n, m] = seeds.whole[begin + n, m]
        begin, end = 0, end - begin
    unseen = math.log(sensors.flow[s, UNSEEN])
    for p in range(first, last):
        if bench.taken[p - first] >= 0 or end == seeds.real.shape[0]:
            continue
        ring = ring_of(sensors.fixed, s, plots.place[p, X], plots.place[p, Y])
        for m in range(PLACE):
            seeds.real[end, m] = plots.place[p, m]
        seeds.real[end, SEED_TIME] = t
        seeds.real[end, SEED_HOPE] = unseen + bench.pd[ring, LOG_PD] - bench.clutter[p - first]
        seeds.whole[end, SEED_PLOT], seeds.whole[end, SEED_SENSOR] = scan.base + p, s
        seeds.whole[end, SEED_FINE] = plots.mark[p, MARK_FINE]
        seeds.whole[end, SEED_IDENT], seeds.whole[end, SEED_MISSES] = plots.mark[p, MARK_IDENT], 0
        end += 1
    tracks.number[SEED_BEGIN], tracks.number[SEED_END] = begin, end


@njit(**FAST, **INNER)
def write_row(real: FloatArray, whole: IntArray, k: int, rows: Rows, rules: Rules, scan: int, is_hit: bool) -> None:
    """Write a track's row for a scan, with its plot when it was taken there; of two scans at one time one row comes."""
    r, is_again = whole[k, ROW], real[k, ROWED] == real[k, TIME]
    if not is_again:
        r = rows.number[N_ROWS]
        rows.number[N_ROWS] += 1
    real[k, ROWED], whole[k, ROW] = real[k, TIME], r
    for i in range(GAUSS):
        rows.real[r, i] = real[k, ONE + i]
    rows.real[r, EXISTENCE] = existence(real[k, ODDS])
    rows.whole[r, ROW_SCAN], rows.whole[r, ROW_TRACK], rows.whole[r, ROW_STATUS] = scan, whole[k, ID], whole[k, STATUS]
    if is_again and is_hit and rows.whole[r, ROW_PLOT] >= 0:  # the plot of another sensor, which the row shows no more
        e = rows.number[N_EARLY]
        rows.early[e, EARLY_TRACK], rows.early[e, EARLY_PLOT] = whole[k, ID], rows.whole[r, ROW_PLOT]
        rows.number[N_EARLY] += 1
    if is_hit or not is_again:
        rows.whole[r, ROW_PLOT] = whole[k, LAST] if is_hit else -1
    rows.whole[r, ROW_IDENT] = whole[k, IDENT]
    if whole[k, ID] == rules.traced and rows.number[N_BELIEFS] < rows.belief.shape[0]:
        rows.belief[rows.number[N_BELIEFS], BELIEF_SCAN] = scan
        for j in range(MODELS):
            rows.belief[rows.number[N_BELIEFS], BELIEFS + j] = real[k, MIX + j]
        rows.number[N_BELIEFS] += 1


@njit(**FAST, **INNER)
def close(tracks: Tracks, known: IntArray, rows: Rows, rules: Rules, scan: int, begin: int, end: int,
          fixed: FloatArray, writes: int) -> None:  # fmt: skip
    """Give back the slots of deleted tracks, and write a row for each track that has a number.

    begin, end   the scan's plots, as numbered over the whole recording
    writes       ALL tracks; QUIET ones alone, last seen by a sensor without scans; or NONE
    """
    real, whole = tracks.real, tracks.whole
    for n in range(tracks.number[LIVE] - 1, -1, -1):
        k = tracks.live[n]
        if whole[k, STATUS] == DELETED:
            tracks.number[LIVE] -= 1
            last = tracks.number[LIVE]
            tracks.live[n], tracks.live[last] = tracks.live[last], k
            whole[k, STATUS] = FREE
            if whole[k, IDENT] >= 0:
                for m in range(2):
                    if known[whole[k, IDENT], m] == k:
                        known[whole[k, IDENT], m] = -1
        elif whole[k, STATUS] != TENTATIVE and (
            writes == ALL or (writes == QUIET and fixed[whole[k, SENSOR], HAS_SCANS] == 0)
        ):
            write_row(real, whole, k, rows, rules, scan, begin <= whole[k, LAST] < end)


@njit(**FAST, **INNER)
def distance_to_bearing(real: FloatArray, k: int, place: FloatArray, p: int) -> float:
    """Return how far a track is off a bearing, squared and normalised; far when it is too near or out of reach."""
    ex, ey = real[k, ONE] - place[p, X], real[k, ONE + Y] - place[p, Y]
    far2 = ex * ex + ey * ey
    if far2 > place[p, ANGLE_REACH] * place[p, ANGLE_REACH] or far2 < 2500.0:
        return 1.0e18
    off = math.atan2(ex, ey) - place[p, ANGLE]
    off -= 2.0 * math.pi * math.floor(off / (2.0 * math.pi) + 0.5)
    across = (ey * ey * real[k, ONE + XX] - 2.0 * ex * ey * real[k, ONE + XY] + ex * ex * real[k, ONE + YY]) / far2
    d2: float = off * off / (across / far2 + place[p, ANGLE_SIGMA] * place[p, ANGLE_SIGMA])
    return d2


@njit(**FAST, **INNER)
def as_place(real: FloatArray, k: int, place: FloatArray, p: int, spot: FloatArray) -> None:
    """Write a bearing as a position at the track's own distance, known across it and hardly along it."""
    ex, ey = real[k, ONE] - place[p, X], real[k, ONE + Y] - place[p, Y]
    far, sine, cosine = math.sqrt(ex * ex + ey * ey), math.sin(place[p, ANGLE]), math.cos(place[p, ANGLE])
    along2, across2 = 100.0 * far * far, (far * place[p, ANGLE_SIGMA]) ** 2
    spot[0, X], spot[0, Y] = place[p, X] + far * sine, place[p, Y] + far * cosine
    spot[0, RXX] = along2 * sine * sine + across2 * cosine * cosine
    spot[0, RXY] = (along2 - across2) * sine * cosine
    spot[0, RYY] = along2 * cosine * cosine + across2 * sine * sine


@njit(**FAST, **INNER)
def fade(tracks: Tracks, k: int, dt: float, sensors: Sensors, rules: Rules) -> None:
    """Let a track of a sensor without scans fade that has missed its usual reports.

    Nine reports in ten are taken to arrive, so each one missed beyond the first costs log 10 of odds at most.
    """
    real, whole = tracks.real, tracks.whole
    usual, silent = max(sensors.flow[whole[k, SENSOR], USUAL_S], 0.1), real[k, TIME] - real[k, SEEN]
    if silent > 2.0 * usual:
        real[k, ODDS] -= math.log(10.0) * min(dt / usual, 1.0)
        whole[k, MISSES] += 1
    if whole[k, STATUS] != TENTATIVE:
        lose(real, whole, k, rules)
    elif silent > 10.0 * usual:
        whole[k, STATUS] = DELETED


@njit(**FAST, **INNER)
def begin_anew(tracks: Tracks, known: IntArray, plots: Plots, p: int, t: float, rules: Rules, start: FloatArray) -> int:
    """Begin a named track anew, under its number, where its name next reports from; return its slot, or -1.

    An object may turn harder than any model, or its report may be seconds old. What would need a speed that nothing
    flies at is another object, or a fault: then no track is touched.
    """
    real, place, least = tracks.real, plots.place, rules.most_mps
    found: int = NOBODY
    for n in range(2):
        k = known[plots.mark[p, MARK_IDENT], n]
        if k >= 0 and t > real[k, SEEN]:
            speed = math.hypot(place[p, X] - real[k, HEARD], place[p, Y] - real[k, HEARD + 1]) / (t - real[k, SEEN])
            if speed < least:
                least, found = speed, k
    if found >= 0:
        begin_models(real, found, place, p, start, rules.fast_mps)
    return found


@njit(**FAST, **INNER)
def take_report(tracks: Tracks, plots: Plots, p: int, s: int, t: float, sensors: Sensors, rules: Rules, bank: Bank,
          bench: Bench, rows: Rows, scan: int, base: int) -> bool:  # fmt: skip
    """Do what is no look at a whole sky; tell whether the report p has found its track.

    s < 0        a tick: the tracks of sensors without scans are carried on, and fade
    a bearing    the one confirmed track that it fits leans on it; one that fits two is given to none
    a name       the track that bears it takes the report, without a look at any other
    """
    real, whole, place = tracks.real, tracks.whole, plots.place
    is_tick, is_line = s < 0, s >= 0 and plots.mark[p, MARK_CELL] == BEARING
    best, second, found = 1.0e18, 1.0e18, NOBODY
    for n in range(tracks.number[LIVE] if is_tick or is_line else 2):
        k = tracks.live[n] if is_tick or is_line else bench.known[plots.mark[p, MARK_IDENT], n]
        if k < 0 or (is_tick and sensors.fixed[whole[k, SENSOR], HAS_SCANS] > 0.0):
            continue
        if is_line and whole[k, STATUS] != CONFIRMED and whole[k, STATUS] != COASTING:
            continue
        dt = t - real[k, TIME]
        carry(real, whole, k, t, rules, bank, bench)
        if whole[k, STATUS] != TENTATIVE:
            combine(real, k)
        if is_tick:
            fade(tracks, k, dt, sensors, rules)
            continue
        if is_line:
            d2 = distance_to_bearing(real, k, place, p)
        else:
            ex, ey = place[p, X] - real[k, ONE], place[p, Y] - real[k, ONE + Y]
            sxx, syy = real[k, ONE + XX] + place[p, RXX], real[k, ONE + YY] + place[p, RYY]
            sxy = real[k, ONE + XY] + place[p, RXY]
            det = sxx * syy - sxy * sxy
            near2 = (syy * ex * ex - 2.0 * sxy * ex * ey + sxx * ey * ey) / det
            d2 = 0.5 * near2 + 0.5 * math.log(det) if near2 <= rules.jump else 1.0e18
        if d2 < best:
            best, second, found = d2, best, k
        else:
            second = min(second, d2)
    if found < 0 and not is_tick and not is_line:
        found = begin_anew(tracks, bench.known, plots, p, t, rules, bank.start)
    if found < 0 or (is_line and (best > 9.0 or second < 16.0)):
        return False
    if is_line:
        as_place(real, found, place, p, bench.spot)
        update(real, found, bench.spot, FRONT)
    else:
        if whole[found, SENSOR] == s and t > real[found, SEEN]:
            sensors.flow[s, USUAL_S] += 0.01 * (min(t - real[found, SEEN], 60.0) - sensors.flow[s, USUAL_S])
        update(real, found, place, p)
        real[found, ODDS] = min(real[found, ODDS] + NAMED, 30.0)
        whole[found, SENSOR], whole[found, STATUS], whole[found, MISSES] = s, CONFIRMED, 0
        real[found, HEARD], real[found, HEARD + 1] = place[p, X], place[p, Y]
    real[found, SEEN], whole[found, LAST] = t, base + p
    whole[found, HITS] += 1
    write_row(real, whole, found, rows, rules, scan, is_hit=not is_tick)
    return True


@njit(**FAST)
def run(
    begin: int, end: int, plots: Plots, scans: Scans, sensors: Sensors, rules: Rules, bank: Bank, tracks: Tracks,
    seeds: Seeds, rows: Rows, bench: Bench, base: int, stamp: int,
) -> tuple[int, int]:  # fmt: skip
    """Fold scans begin to end; stop early, before a scan, when there may be no room for what it gives.

    base, stamp   numbers that plot 0 and scan 0 have in the whole recording
    returns       DONE, ROWS_FULL or TRACKS_FULL, and the scan to go on with
    """
    for n in range(begin, end):
        live, s = tracks.number[LIVE], scans.sensor[n]
        room, early = rows.real.shape[0] - rows.number[N_ROWS], rows.early.shape[0] - rows.number[N_EARLY]
        if n > begin and scans.time_s[n] == scans.time_s[n - 1]:
            pass  # a row of that time may be written anew, so it must still be there
        elif 2 * live + 256 > room or REMEMBERED * live > early:
            return ROWS_FULL, n
        elif 2 * live + 64 > tracks.live.size:
            return TRACKS_FULL, n
        t, first, last, writes = scans.time_s[n], scans.first[n], scans.first[n + 1], QUIET
        is_lone_name = s >= 0 and last == first + 1 and plots.mark[first, MARK_IDENT] >= 0
        is_lone_name = is_lone_name and sensors.fixed[s, HAS_SCANS] == 0.0
        is_done = is_line = s >= 0 and last > first and plots.mark[first, MARK_CELL] == BEARING
        if s < 0 or is_lone_name or is_line:
            for p in range(first, max(last, first + 1)):
                is_done |= take_report(tracks, plots, p, s, t, sensors, rules, bank, bench, rows, stamp + n, base)
        if s >= 0 and is_done:
            continue
        if s >= 0:
            begin_rad, end_rad = scans.beam[n, BEAM_FROM], scans.beam[n, BEAM_TO]
            share = (end_rad - begin_rad) / (2.0 * math.pi) if end_rad > begin_rad else 1.0
            sensors.flow[s, UNSEEN] += rules.birth_per_m2s * min(t - sensors.flow[s, LAST_LOOK], rules.life_s)
            sensors.flow[s, LAST_LOOK] = t
            set_detection(bench.pd, sensors.detected, s)
            box_x, box_y = lay_grid(bench, plots.place, first, last, stamp + n)
            scan = Look(s, t, first, last, base, stamp + n, begin_rad, end_rad, share, box_x, box_y)
            set_clutter(bench.clutter, sensors, plots, scan)
            gate(tracks, bench, plots, sensors, rules, bank, rows, scan)
            choose(tracks, bench, first, rules.exact, rules.joint)
            look(tracks, bench, plots, sensors, rules, scan)
            offer(tracks, bench, plots, sensors, rules, bank.start, rows, seeds, scan)
            sprout(tracks, bench, plots, sensors, rules, seeds, scan)
            confirm_pairs(tracks, bench, rules, bank.start, rows, seeds, scan)
            learn(sensors, rules, plots, tracks.real, bench.taken, scan)
            sow(tracks, bench, plots, sensors, rules, seeds, scan)
            sensors.flow[s, UNSEEN] *= 1.0 - bench.pd[RINGS, PD] * share
            writes = ALL if last > first else NONE  # a look that showed nothing at all is no time of the recording
        close(tracks, bench.known, rows, rules, stamp + n, base + first, base + last, sensors.fixed, writes)
    return DONE, end


@njit(**ROOMY)
def walk(time_s: FloatArray, hit: IntArray, place: FloatArray, bank: Bank, calm_s: float, start_mps: float, way: int,
         step: FloatArray, turn: FloatArray, mixed: FloatArray, out: FloatArray) -> None:  # fmt: skip
    """Filter one track's plots along its times: forward (way 1), or backward from its last plot (way -1).

    time_s, hit   (m,) times, and the plot of each or -1; the first and the last have one
    start_mps     one standard deviation of the speed on each axis before a second plot
    out           (m, 15) forward with the plot of that time, backward without (nan at the last); then its log density

    Backward the speed is that of a film run backward; a model's mirror image is in the bank, so it serves both ways.
    """
    real, many = np.zeros((1, WIDTH)), time_s.size
    for n in range(many):
        i = n if way > 0 else many - 1 - n
        p = hit[i]
        if n == 0:
            begin_models(real, FRONT, place, p, bank.start, start_mps)
        else:
            dt = abs(time_s[i] - real[0, TIME])
            if dt > 0.0:
                if abs(dt - step[0, STEP]) > 1.0e-6:
                    set_step(step, turn, bank, calm_s, dt)
                predict(real, FRONT, step, turn, mixed)
                combine(real, FRONT)
            if way < 0:
                for g in range(GAUSS):
                    out[i, g] = -real[0, ONE + g] if g in (U, V, XU, XV, YU, YV) else real[0, ONE + g]
            if p >= 0:
                out[i, GAUSS] = update(real, FRONT, place, p)
        real[0, TIME] = time_s[i]
        if way > 0 or n == 0:
            for g in range(GAUSS):
                out[i, g] = real[0, ONE + g] if way > 0 else np.nan
