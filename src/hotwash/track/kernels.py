"""The tracker's compiled core: one call of `run` folds many scans into tracks.

    scan ─▶ predict ─▶ gate on a grid ─▶ clusters ─▶ assign ─▶ update, existence ─▶ rows
              ▲                                        │ left over
              └── tracks ◀── tentative tracks ◀── pairs ◀── lone plots of the last scans

Everything is in one plane: metres east (x) and north (y), seconds since the recording's start. A Gaussian
is 14 numbers: the mean x, y, u, v (u, v the speed along x, y) and the upper triangle of the covariance,
xx xy yy xu xv yu yv uu uv vv.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from hotwash.track.arrays import Bank, Bench, FloatArray, IntArray, Plots, Rows, Rules, Scans, Seeds, Sensors, Tracks

# Sums may be reordered; "nnan" and "ninf" are left out, since both have meanings here. A division by zero is not
# looked for at each division: where a divisor may be zero it is kept from it.
ROOMY: dict[str, Any] = {
    "cache": True, "error_model": "numpy", "fastmath": {"nsz", "arcp", "contract", "reassoc"}, "_nrt": True
}  # fmt: skip
# What makes no arrays of its own need not count who holds those it is given: counting them took a third of the time.
FAST: dict[str, Any] = ROOMY | {"_nrt": False}
# What only kernels call needs no way in from Python: making one for each took as long as compiling it.
INNER: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}

MODELS = 4
GAUSS = 14
MIX = MODELS * GAUSS  # where the model probabilities stand
ONE = MIX + MODELS  # where the combined Gaussian stands
TIME, ODDS, SEEN = ONE + GAUSS, ONE + GAUSS + 1, ONE + GAUSS + 2  # [s], log odds of existence, last update [s]
ROWED = SEEN + 1  # time of the last row [s]
HEARD = ROWED + 1  # x, y of the last named report [m]
WIDTH = HEARD + 2

ID, STATUS, IDENT, HITS, LAST, SENSOR, MISSES, ROW, EARLY = range(9)
REMEMBERED = 6  # plots kept of a track that is not yet confirmed
INTS = EARLY + REMEMBERED

FREE, TENTATIVE, CONFIRMED, COASTING, DORMANT, DELETED = range(6)
DONE, ROWS_FULL, TRACKS_FULL = range(3)
ALL, QUIET, NONE = range(3)
BEARING = -2  # stands for the cell of a bearing
LIVE, NEXT_ID, SEED_BEGIN, SEED_END, CROWDS = range(5)

RINGS, SECTORS = (
    8,
    12,
)  # a sensor's polar grid: clutter crowds near it, so rings end at 1, 4, 9 ... 64 64ths of its reach
CELLS = RINGS * SECTORS
SIDE = 64  # cells a side of the hashed grid, a power of two; it wraps round, so the world may be of any size
CELL_M = 4000.0
NEVER = -1.0e18
EXACT_PLOTS = 8  # a cluster that shares more is weighed by messages: each more doubles the work of the exact way
PLAIN = 0.99  # a plot this likely is taken as the one: blending in the rest would change nothing to speak of
LOG_2PI = math.log(2.0 * math.pi)
NAMED = 20.0  # log odds that one name is no chance: the same name binds before any distance within the gate does


# ---------------------------------------------------------------- Gaussians: a[i, o:o + GAUSS]


@njit(**FAST)
def push(a: FloatArray, i: int, o: int, b: FloatArray, j: int, r: int, step: FloatArray, m: int) -> None:
    """Carry the Gaussian at a[i, o] to b[j, r]: position += B v, v = D v, B = [b1 -b2; b2 b1], D likewise.

    step   row m: b1 b2 d1 d2, and the noise of position, of position with speed, of speed
    """
    b1, b2, d1, d2, q1, q2, q3 = step[m, 0], step[m, 1], step[m, 2], step[m, 3], step[m, 4], step[m, 5], step[m, 6]
    x, y, u, v, xx, xy, yy = a[i, o], a[i, o + 1], a[i, o + 2], a[i, o + 3], a[i, o + 4], a[i, o + 5], a[i, o + 6]
    xu, xv, yu, yv = a[i, o + 7], a[i, o + 8], a[i, o + 9], a[i, o + 10]
    uu, uv, vv = a[i, o + 11], a[i, o + 12], a[i, o + 13]
    m00, m01, m10, m11 = b1 * uu - b2 * uv, b1 * uv - b2 * vv, b2 * uu + b1 * uv, b2 * uv + b1 * vv
    n00, n01, n10, n11 = xu + m00, xv + m01, yu + m10, yv + m11
    l00, l01, l10, l11 = d1 * uu - d2 * uv, d1 * uv - d2 * vv, d2 * uu + d1 * uv, d2 * uv + d1 * vv
    b[j, r], b[j, r + 1] = x + b1 * u - b2 * v, y + b2 * u + b1 * v
    b[j, r + 2], b[j, r + 3] = d1 * u - d2 * v, d2 * u + d1 * v
    b[j, r + 4] = xx + 2.0 * (b1 * xu - b2 * xv) + m00 * b1 - m01 * b2 + q1
    b[j, r + 5] = xy + b1 * yu - b2 * yv + b2 * xu + b1 * xv + m00 * b2 + m01 * b1
    b[j, r + 6] = yy + 2.0 * (b2 * yu + b1 * yv) + m10 * b2 + m11 * b1 + q1
    b[j, r + 7], b[j, r + 8] = n00 * d1 - n01 * d2 + q2, n00 * d2 + n01 * d1
    b[j, r + 9], b[j, r + 10] = n10 * d1 - n11 * d2, n10 * d2 + n11 * d1 + q2
    b[j, r + 11], b[j, r + 12], b[j, r + 13] = l00 * d1 - l01 * d2 + q3, l00 * d2 + l01 * d1, l10 * d2 + l11 * d1 + q3


@njit(**FAST, **INNER)
def correct(a: FloatArray, i: int, o: int, place: FloatArray, p: int) -> float:
    """Take the plot at place[p] into the Gaussian at a[i, o]; return the log of its density there [log m-2]."""
    ex, ey = place[p, 0] - a[i, o], place[p, 1] - a[i, o + 1]
    xx, xy, yy = a[i, o + 4], a[i, o + 5], a[i, o + 6]
    xu, xv, yu, yv = a[i, o + 7], a[i, o + 8], a[i, o + 9], a[i, o + 10]
    sxx, sxy, syy = xx + place[p, 2], xy + place[p, 3], yy + place[p, 4]
    det = sxx * syy - sxy * sxy
    ixx, ixy, iyy = syy / det, -sxy / det, sxx / det
    kxx, kxy, kyx, kyy = xx * ixx + xy * ixy, xx * ixy + xy * iyy, xy * ixx + yy * ixy, xy * ixy + yy * iyy
    kux, kuy, kvx, kvy = xu * ixx + yu * ixy, xu * ixy + yu * iyy, xv * ixx + yv * ixy, xv * ixy + yv * iyy
    a[i, o] += kxx * ex + kxy * ey
    a[i, o + 1] += kyx * ex + kyy * ey
    a[i, o + 2] += kux * ex + kuy * ey
    a[i, o + 3] += kvx * ex + kvy * ey
    a[i, o + 4] -= kxx * xx + kxy * xy
    a[i, o + 5] -= kxx * xy + kxy * yy
    a[i, o + 6] -= kyx * xy + kyy * yy
    a[i, o + 7] -= kxx * xu + kxy * yu
    a[i, o + 8] -= kxx * xv + kxy * yv
    a[i, o + 9] -= kyx * xu + kyy * yu
    a[i, o + 10] -= kyx * xv + kyy * yv
    a[i, o + 11] -= kux * xu + kuy * yu
    a[i, o + 12] -= kux * xv + kuy * yv
    a[i, o + 13] -= kvx * xv + kvy * yv
    log_density: float = -0.5 * (ixx * ex * ex + 2.0 * ixy * ex * ey + iyy * ey * ey) - 0.5 * math.log(det) - LOG_2PI
    return log_density


@njit(**FAST, **INNER)
def spread(b: FloatArray, j: int, r: int, w: float, a: FloatArray, i: int, o: int) -> None:
    """Add to the covariance at b[j, r] w times that at a[i, o], and that of the distance of the two means."""
    x, y, u, v = a[i, o] - b[j, r], a[i, o + 1] - b[j, r + 1], a[i, o + 2] - b[j, r + 2], a[i, o + 3] - b[j, r + 3]
    b[j, r + 4] += w * (a[i, o + 4] + x * x)
    b[j, r + 5] += w * (a[i, o + 5] + x * y)
    b[j, r + 6] += w * (a[i, o + 6] + y * y)
    b[j, r + 7] += w * (a[i, o + 7] + x * u)
    b[j, r + 8] += w * (a[i, o + 8] + x * v)
    b[j, r + 9] += w * (a[i, o + 9] + y * u)
    b[j, r + 10] += w * (a[i, o + 10] + y * v)
    b[j, r + 11] += w * (a[i, o + 11] + u * u)
    b[j, r + 12] += w * (a[i, o + 12] + u * v)
    b[j, r + 13] += w * (a[i, o + 13] + v * v)


@njit(**FAST, **INNER)
def combine(real: FloatArray, k: int) -> None:
    """Write the mean and covariance of a track's mixture of models to its combined Gaussian."""
    for n in range(GAUSS):
        real[k, ONE + n] = 0.0
    for j in range(MODELS):
        for n in range(4):
            real[k, ONE + n] += real[k, MIX + j] * real[k, j * GAUSS + n]
    for j in range(MODELS):
        spread(real, k, ONE, real[k, MIX + j], real, k, j * GAUSS)


@njit(**FAST, **INNER)
def mix(real: FloatArray, k: int, j: int, own: float, mixed: FloatArray) -> None:
    """Write the moments of `own` times model j and the rest times the combined Gaussian to mixed[0]."""
    o, rest = j * GAUSS, 1.0 - own
    x, y = real[k, o] - real[k, ONE], real[k, o + 1] - real[k, ONE + 1]
    u, v = real[k, o + 2] - real[k, ONE + 2], real[k, o + 3] - real[k, ONE + 3]
    for n in range(GAUSS):
        mixed[0, n] = own * real[k, o + n] + rest * real[k, ONE + n]
    w = own * rest
    mixed[0, 4] += w * x * x
    mixed[0, 5] += w * x * y
    mixed[0, 6] += w * y * y
    mixed[0, 7] += w * x * u
    mixed[0, 8] += w * x * v
    mixed[0, 9] += w * y * u
    mixed[0, 10] += w * y * v
    mixed[0, 11] += w * u * u
    mixed[0, 12] += w * u * v
    mixed[0, 13] += w * v * v


@njit(**FAST, **INNER)
def predict(real: FloatArray, k: int, step: FloatArray, turn: FloatArray, mixed: FloatArray) -> None:
    """Mix a track's models and carry each one step forward; of the combined Gaussian the mean and place follow.

    Whichever model a track leaves, it goes to model j with the same probability turn[j]. So what comes to j is j
    itself and the whole mixture, whose moments the combined Gaussian has: no pair of models need be looked at.

    Source: Blom and Bar-Shalom 1988, IEEE Transactions on Automatic Control 33 (8), 780-783.
    """
    stay = turn[MODELS]
    for j in range(MODELS):
        total = stay * real[k, MIX + j] + turn[j] + 1.0e-30
        mix(real, k, j, stay * real[k, MIX + j] / total, mixed)
        push(mixed, 0, 0, real, k, j * GAUSS, step, j)
        real[k, MIX + j] = total
    x, y, u, v, xx, xy, yy = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for j in range(MODELS):
        o, w = j * GAUSS, real[k, MIX + j]
        x, y = x + w * real[k, o], y + w * real[k, o + 1]
        u, v = u + w * real[k, o + 2], v + w * real[k, o + 3]
    for j in range(MODELS):
        o, w = j * GAUSS, real[k, MIX + j]
        a, b = real[k, o] - x, real[k, o + 1] - y
        xx += w * (real[k, o + 4] + a * a)
        xy += w * (real[k, o + 5] + a * b)
        yy += w * (real[k, o + 6] + b * b)
    real[k, ONE], real[k, ONE + 1], real[k, ONE + 2], real[k, ONE + 3] = x, y, u, v
    real[k, ONE + 4], real[k, ONE + 5], real[k, ONE + 6] = xx, xy, yy


@njit(**FAST, **INNER)
def update(real: FloatArray, k: int, place: FloatArray, p: int) -> None:
    """Take a plot into every model of a track, weigh the models anew, and combine them."""
    best = NEVER
    for j in range(MODELS):
        log_like = correct(real, k, j * GAUSS, place, p)
        real[k, MIX + j] = math.log(real[k, MIX + j]) + log_like
        best = max(best, real[k, MIX + j])
    total = 0.0
    for j in range(MODELS):
        real[k, MIX + j] = math.exp(max(real[k, MIX + j] - best, -28.0))  # none is ruled out for good
        total += real[k, MIX + j]
    for j in range(MODELS):
        real[k, MIX + j] /= total
    combine(real, k)


@njit(**FAST)
def set_step(step: FloatArray, turn: FloatArray, bank: Bank, calm_s: float, dt: float) -> None:
    """Write the transition figures of a time step; step[0, 7] tells of which.

    bank.motion   a model a row: turn rate [rad/s], memory of the speed [s] or 0, noise: its spectral density
                  [m2/s3], or with a memory the speed's spread [m/s]; the last row is that of tentative tracks
    """
    for j in range(MODELS + 1):
        rate, memory, noise = bank.motion[j, 0], bank.motion[j, 1], bank.motion[j, 2]
        step[j, 0], step[j, 1], step[j, 2], step[j, 3] = dt, 0.0, 1.0, 0.0
        step[j, 4], step[j, 5], step[j, 6] = noise * dt**3 / 3.0, noise * dt * dt / 2.0, noise * dt
        if memory > 0.0:
            keep, v2 = math.exp(-dt / memory), noise * noise
            step[j, 0], step[j, 2] = memory * (1.0 - keep), keep
            step[j, 4] = 2.0 * v2 * memory * (dt - memory * (1.0 - keep) * (1.5 - 0.5 * keep))
            step[j, 5], step[j, 6] = v2 * memory * (1.0 - keep) ** 2, v2 * (1.0 - keep * keep)
        elif abs(rate * dt) > 1.0e-9:
            step[j, 2], step[j, 3] = math.cos(rate * dt), math.sin(rate * dt)
            step[j, 0], step[j, 1] = step[j, 3] / rate, (1.0 - step[j, 2]) / rate
    turn[MODELS] = math.exp(-dt / calm_s)
    for j in range(MODELS):
        turn[j] = (1.0 - turn[MODELS]) * bank.change[j]
    step[0, 7] = dt


# ---------------------------------------------------------------- what the sensors are like, learnt on the way


@njit(**FAST, **INNER)
def set_detection(pd: FloatArray, detected: FloatArray, s: int) -> None:
    """Write the detection probability by ring: its own hits and misses, shrunk to those of the whole sensor."""
    whole = detected[s, RINGS, 0] / (detected[s, RINGS, 0] + detected[s, RINGS, 1])
    pull = 20.0  # looks: a ring with fewer of its own believes the sensor more than itself
    for ring in range(RINGS + 1):
        n = min(ring, RINGS - 1)
        found = (detected[s, n, 0] + pull * whole) / (detected[s, n, 0] + detected[s, n, 1] + pull)
        pd[ring, 0] = min(max(found, 0.05), 0.995)
        pd[ring, 1] = math.log(pd[ring, 0])


@njit(**FAST, **INNER)
def is_swept(fixed: FloatArray, s: int, x: float, y: float, begin: float, end: float) -> bool:
    """Tell whether a place lies in the sector that a beam swept; all round when `end` is below `begin`."""
    if end < begin:
        return True
    turn = math.atan2(x - fixed[s, 0], y - fixed[s, 1]) - begin
    return turn - 2.0 * math.pi * math.floor(turn / (2.0 * math.pi)) < end - begin


@njit(**FAST, **INNER)
def ring_of(fixed: FloatArray, s: int, x: float, y: float) -> int:
    """Return the ring in which a place lies, RINGS when it is out of the sensor's reach."""
    share = ((x - fixed[s, 0]) ** 2 + (y - fixed[s, 1]) ** 2) / (fixed[s, 2] * fixed[s, 2])
    return RINGS if share >= 1.0 else int(math.sqrt(math.sqrt(share)) * RINGS)


@njit(**FAST, **INNER)
def learn(sensors: Sensors, rules: Rules, s: int, plots: Plots, first: int, last: int, taken: IntArray,
          share: float) -> None:  # fmt: skip
    """Count the plots that no track took as false ones, and restate their density in each cell of the sensor.

    share   of a whole turn that this scan swept
    """
    disc_m2 = math.pi * sensors.fixed[s, 2] ** 2
    keep, shrink = 1.0 - (1.0 - rules.forget) * share, rules.shrink / share
    sensors.flow[s, 0] = sensors.flow[s, 0] * keep + 1.0
    for c in range(CELLS):
        sensors.false[s, c] *= keep
    for p in range(first, last):
        if taken[p - first] < 0:
            sensors.false[s, plots.mark[p, 0]] += 1.0
    total = 0.0
    for c in range(CELLS):
        total += sensors.false[s, c]
    mean_per_m2 = total / sensors.flow[s, 0] / disc_m2
    for c in range(CELLS):
        ring = c // SECTORS
        cell_m2 = disc_m2 * ((ring + 1.0) ** 4 - ring**4) / (float(RINGS) ** 4 * SECTORS)
        rate = (sensors.false[s, c] + shrink * mean_per_m2 * cell_m2) / (sensors.flow[s, 0] + shrink)
        sensors.density[s, c] = math.log(max(rate, 1.0e-4 * share) / (cell_m2 * share))


# ---------------------------------------------------------------- association


@njit(**FAST, **INNER)
def lay_grid(bench: Bench, place: FloatArray, first: int, last: int, scan: int) -> tuple[float, float]:
    """Hang each plot of a scan on its cell of the hashed grid; return the greatest rxx and ryy among them."""
    most_xx, most_yy = 0.0, 0.0
    for p in range(first, last):
        n = p - first
        cx, cy = int(math.floor(place[p, 0] / CELL_M)), int(math.floor(place[p, 1] / CELL_M))
        c = (cx & (SIDE - 1)) * SIDE + (cy & (SIDE - 1))
        if bench.stamp[c] != scan:
            bench.stamp[c] = scan
            bench.head[c] = -1
        bench.chain[n], bench.head[c] = bench.head[c], n
        bench.taken[n], bench.claim[n], bench.column[n], bench.rival[n] = -1, -1, -1, NEVER
        most_xx, most_yy = max(most_xx, place[p, 2]), max(most_yy, place[p, 4])
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
    if abs(dt - bench.step[0, 7]) > 1.0e-6:
        set_step(bench.step, bench.turn, bank, rules.calm_s, dt)
    if whole[k, STATUS] == TENTATIVE:
        push(real, k, ONE, bench.mixed, 0, 0, bench.step, MODELS)
        for n in range(GAUSS):
            real[k, ONE + n] = bench.mixed[0, n]
    else:
        predict(real, k, bench.step, bench.turn, bench.mixed)
    real[k, TIME] += dt
    p = existence(real[k, ODDS]) * math.exp(-dt / rules.life_s)
    real[k, ODDS] = math.log(p / (1.0 - p))


@njit(**FAST, **INNER)
def gate(tracks: Tracks, bench: Bench, plots: Plots, sensors: Sensors, rules: Rules, bank: Bank, s: int, t: float,
         first: int, scan: int, box_x: float, box_y: float, begin: float, end: float, rows: Rows,
         base: int) -> None:  # fmt: skip
    """Carry every track to the scan and list the plots in its gate, with how much each speaks for it."""
    real, whole, place, at = tracks.real, tracks.whole, plots.place, 0
    for n in range(tracks.number[LIVE]):
        k = tracks.live[n]
        carry(real, whole, k, t, rules, bank, bench)
        x, y, xx, xy, yy = real[k, ONE], real[k, ONE + 1], real[k, ONE + 4], real[k, ONE + 5], real[k, ONE + 6]
        ring = ring_of(sensors.fixed, s, x, y) if is_swept(sensors.fixed, s, x, y, begin, end) else RINGS
        alive = existence(real[k, ODDS])
        bench.first[n], bench.choice[n] = at, -1
        bench.odds[n, 0], bench.odds[n, 2] = math.log(alive), ring
        # Beyond the reach a plot may still turn up, since neither place nor reach is known to the metre.
        bench.odds[n, 1] = math.log(1.0 - alive * bench.pd[ring, 0] * (1.0 if ring < RINGS else 0.5))
        wide = rules.gate if whole[k, IDENT] < 0 else rules.jump
        wide_x, wide_y = math.sqrt(wide * (xx + box_x)), math.sqrt(wide * (yy + box_y))
        x_low, x_high = int(math.floor((x - wide_x) / CELL_M)), int(math.floor((x + wide_x) / CELL_M))
        y_low, y_high = int(math.floor((y - wide_y) / CELL_M)), int(math.floor((y + wide_y) / CELL_M))
        for cx in range(x_low, min(x_high, x_low + SIDE - 1) + 1):
            for cy in range(y_low, min(y_high, y_low + SIDE - 1) + 1):
                c = (cx & (SIDE - 1)) * SIDE + (cy & (SIDE - 1))
                near = bench.head[c] if bench.stamp[c] == scan else -1
                while near >= 0:
                    p = first + near
                    near = bench.chain[near]
                    ex, ey = place[p, 0] - x, place[p, 1] - y
                    if abs(ex) > wide_x or abs(ey) > wide_y or at == bench.plot.size:
                        continue
                    if plots.mark[p, 1] >= 0 and whole[k, IDENT] >= 0 and plots.mark[p, 1] != whole[k, IDENT]:
                        continue
                    sxx, sxy, syy = xx + place[p, 2], xy + place[p, 3], yy + place[p, 4]
                    det = sxx * syy - sxy * sxy
                    d2 = (syy * ex * ex - 2.0 * sxy * ex * ey + sxx * ey * ey) / det
                    is_named = plots.mark[p, 1] >= 0 and plots.mark[p, 1] == whole[k, IDENT]
                    if whole[k, ID] == rules.traced and rows.number[2] < rows.near.shape[0] and d2 <= 2.0 * rules.gate:
                        rows.near[rows.number[2], 0], rows.near[rows.number[2], 1] = scan, p + base
                        rows.near_d2[rows.number[2]] = d2
                        rows.number[2] += 1
                    if d2 <= (rules.jump if is_named else rules.gate):
                        clutter = sensors.density[s, plots.mark[p, 0]]
                        bench.plot[at] = p
                        bench.density[at] = -0.5 * d2 - 0.5 * math.log(det) - LOG_2PI
                        bench.score[at] = bench.pd[ring, 1] - clutter + bench.density[at]
                        bench.score[at] += NAMED if is_named else 0.0
                        at += 1
        bench.first[n + 1] = at


@njit(**FAST, **INNER)
def find(group: IntArray, n: int) -> int:
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
        owner[0] = i
        column = 0
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
    """Assign the plots of one cluster exactly: write each track's candidate, or -1, to bench.choice.

    members   (n,) places of the cluster's tracks in the live list
    """
    n, held = members.size, number_plots(bench, members, first)
    score, candidate = np.full((n, held + n), -1.0e6), np.full((n, held), -1)
    for i in range(n):
        r = members[i]
        score[i, held + i] = bench.odds[r, 1]
        for c in range(bench.first[r], bench.first[r + 1]):
            h = bench.column[bench.plot[c] - first]
            score[i, h], candidate[i, h] = bench.score[c] + bench.odds[r, 0], c
    chosen = assign(score)
    for i in range(n):
        bench.choice[members[i]] = candidate[i, chosen[i]] if chosen[i] < held else -1


@njit(**ROOMY, **INNER)
def solve_crowd(bench: Bench, members: IntArray, first: int) -> None:
    """Assign the plots of a cluster too big for `solve_cluster`: the best pair first, then the next."""
    total = 0
    for r in members:
        total += bench.first[r + 1] - bench.first[r]
    gain, row, candidate = np.empty(total), np.empty(total, np.int64), np.empty(total, np.int64)
    at = 0
    for r in members:
        for c in range(bench.first[r], bench.first[r + 1]):
            gain[at], row[at], candidate[at] = bench.score[c] + bench.odds[r, 0] - bench.odds[r, 1], r, c
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

    weight    (n, m) weight of a pair, 0 where there is none; nothing (n,) weight of taking none; m at most
              EXACT_PLOTS
    belief    (n, m)

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
    for used in range(sets):
        after[n, used] = 1.0
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
    best, total = bench.odds[r, 1], 0.0
    for c in range(bench.first[r], bench.first[r + 1]):
        best = max(best, bench.score[c] + bench.odds[r, 0])
    nothing = math.exp(bench.odds[r, 1] - best)
    for c in range(bench.first[r], bench.first[r + 1]):
        bench.belief[c] = math.exp(bench.score[c] + bench.odds[r, 0] - best)
        total += bench.belief[c]
    most = nothing
    for c in range(bench.first[r], bench.first[r + 1]):
        if bench.belief[c] > most:
            most, bench.choice[r] = bench.belief[c], c
        bench.belief[c] /= nothing + total


@njit(**ROOMY, **INNER)
def weigh_cluster(bench: Bench, members: IntArray, first: int) -> int:
    """Write the probability of each candidate of a cluster to bench.belief; return 1 when it was too big for exactness.

    members   (n,) places of the cluster's tracks in the live list
    """
    n, held = members.size, number_plots(bench, members, first)
    weight, nothing, belief = np.zeros((n, held)), np.zeros(n), np.zeros((n, held))
    for i in range(n):
        r = members[i]
        best = bench.odds[r, 1]
        for c in range(bench.first[r], bench.first[r + 1]):
            best = max(best, bench.score[c] + bench.odds[r, 0])
        nothing[i] = math.exp(bench.odds[r, 1] - best)
        for c in range(bench.first[r], bench.first[r + 1]):
            weight[i, bench.column[bench.plot[c] - first]] = math.exp(bench.score[c] + bench.odds[r, 0] - best)
    is_big = held > EXACT_PLOTS
    if is_big:
        weigh_by_messages(weight, nothing, belief)
    else:
        weigh_exactly(weight, nothing, belief)
    for i in range(n):
        r, most = members[i], 0.0
        bench.choice[r] = -1
        rest = 1.0
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

    r        place in the live list
    missed   log weight that the object is there and was not detected, against that it is not there or was not

    Source: Musicki and Evans 2004, IEEE Transactions on Aerospace and Electronic Systems 40 (3), 1093-1099.
    """
    begin, end, mixed = bench.first[r], bench.first[r + 1], bench.mixed
    rest = 1.0
    for c in range(begin, end):
        rest -= bench.belief[c]
    rest = max(rest, 0.0)
    total = 1.0e-300
    for j in range(MODELS):
        o = j * GAUSS
        like = rest
        for g in range(4):
            mixed[1, g] = rest * real[k, o + g]
        for c in range(begin, end):  # the mean first, since the spread is about it
            for g in range(GAUSS):
                mixed[0, g] = real[k, o + g]
            log_like = correct(mixed, 0, 0, place, bench.plot[c])
            like += bench.belief[c] * math.exp(min(log_like - bench.density[c], 50.0))
            for g in range(4):
                mixed[1, g] += bench.belief[c] * mixed[0, g]
        for g in range(4, GAUSS):
            mixed[1, g] = 0.0
        spread(mixed, 1, 0, rest, real, k, o)
        for c in range(begin, end):
            for g in range(GAUSS):
                mixed[0, g] = real[k, o + g]
            correct(mixed, 0, 0, place, bench.plot[c])
            spread(mixed, 1, 0, bench.belief[c], mixed, 0, 0)
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
                bench.group[find(bench.group, r)] = find(bench.group, bench.claim[p])
    for r in range(live):
        if tracks.whole[tracks.live[r], STATUS] != TENTATIVE:
            root = find(bench.group, r)
            bench.next[r], bench.leader[root] = bench.leader[root], r
    for root in range(live):
        r = bench.leader[root]
        if r >= 0 and bench.next[r] < 0 and joint:
            weigh_alone(bench, r)
        elif r >= 0 and bench.next[r] < 0:
            best = bench.odds[r, 1] - bench.odds[r, 0]
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
        name(whole, known, k, whole[k, IDENT])
    held = min(whole[k, HITS], REMEMBERED)
    for i in range(held - 1):
        rows.early[rows.number[1], 0], rows.early[rows.number[1], 1] = whole[k, ID], whole[k, EARLY + i]
        rows.number[1] += 1
    for i in range(held):
        mine = whole[k, EARLY + i]
        for n in range(tracks.number[SEED_BEGIN], tracks.number[SEED_END]):
            if seeds.whole[n, 0] == mine:
                seeds.whole[n, 0] = -1
        for n in range(tracks.number[LIVE]):
            other = tracks.live[n]
            if whole[other, STATUS] == TENTATIVE:
                for j in range(min(whole[other, HITS], REMEMBERED)):
                    if whole[other, EARLY + j] == mine:
                        whole[other, STATUS] = DELETED


@njit(**FAST, **INNER)
def name(whole: IntArray, known: IntArray, k: int, ident: int) -> None:
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
    real[k, SEEN] = real[k, TIME]
    whole[k, HITS] += 1
    whole[k, LAST], whole[k, SENSOR] = base + p, s
    real[k, HEARD], real[k, HEARD + 1] = plots.place[p, 0], plots.place[p, 1]
    if plots.mark[p, 1] >= 0 and whole[k, STATUS] != TENTATIVE:
        name(whole, known, k, plots.mark[p, 1])


@njit(**FAST, **INNER)
def take(real: FloatArray, whole: IntArray, known: IntArray, k: int, s: int, plots: Plots, p: int, base: int,
         score: float) -> None:  # fmt: skip
    """Take a plot into a track: its state, its odds, its memory."""
    if whole[k, STATUS] == TENTATIVE:
        correct(real, k, ONE, plots.place, p)
        whole[k, EARLY + min(whole[k, HITS], REMEMBERED - 1)] = base + p
    else:
        update(real, k, plots.place, p)
    real[k, ODDS] = min(real[k, ODDS] + score, 30.0)
    note_hit(real, whole, known, k, s, plots, p, base)


@njit(**FAST, **INNER)
def missed_log(odds: float, pd: float) -> float:
    """Return the log of the existence that is left when a look showed nothing."""
    there = existence(odds)
    return math.log(max(there * (1.0 - pd), 1.0e-300) / (1.0 - there * pd))


@njit(**FAST, **INNER)
def lose(real: FloatArray, whole: IntArray, k: int, rules: Rules) -> None:
    """Set the status of a track that this scan did not show: it counts while it is likelier there than not.

    "There" is within `lost_m` of the place that we state; unseen for long, the place itself becomes unknown.
    """
    known = 1.0 - math.exp(-rules.lost_m * rules.lost_m / (real[k, ONE + 4] + real[k, ONE + 6]))
    alive = existence(real[k, ODDS]) * known
    if alive < rules.drop:
        whole[k, STATUS] = DELETED
    elif alive < rules.keep:
        whole[k, STATUS] = DORMANT
    elif whole[k, STATUS] == CONFIRMED and whole[k, MISSES] > 0:
        whole[k, STATUS] = COASTING


@njit(**FAST, **INNER)
def look(tracks: Tracks, bench: Bench, plots: Plots, sensors: Sensors, rules: Rules, s: int, first: int,
         base: int) -> None:  # fmt: skip
    """Carry what was chosen into the confirmed tracks: updates, odds of existence, status."""
    real, whole = tracks.real, tracks.whole
    is_scan = sensors.fixed[s, 3] > 0.0
    for n in range(tracks.number[LIVE]):
        k, c, ring = tracks.live[n], bench.choice[n], int(bench.odds[n, 2])
        if whole[k, STATUS] == TENTATIVE:
            continue
        if c >= 0:
            if whole[k, STATUS] != DORMANT and ring < RINGS and is_scan:
                for place in (ring, RINGS):  # a miss counts once a later hit shows that the object was there
                    sensors.detected[s, place, 0] += 1.0
                    sensors.detected[s, place, 1] += whole[k, MISSES]
            p = bench.plot[c]
            if rules.joint and bench.belief[c] < PLAIN:
                blend(real, k, plots.place, bench, n, missed_log(real[k, ODDS], bench.pd[ring, 0]))
                note_hit(real, whole, bench.known, k, s, plots, p, base)
            else:
                take(real, whole, bench.known, k, s, plots, p, base, bench.score[c])
            whole[k, MISSES] = 0
            bench.taken[p - first] = k
            enough = rules.confirm if whole[k, STATUS] == DORMANT else rules.keep
            whole[k, STATUS] = CONFIRMED if existence(real[k, ODDS]) >= enough else DORMANT
        else:
            if ring < RINGS and is_scan:
                if rules.joint and bench.first[n + 1] > bench.first[n]:
                    blend(real, k, plots.place, bench, n, missed_log(real[k, ODDS], bench.pd[ring, 0]))
                else:
                    real[k, ODDS] += math.log(1.0 - bench.pd[ring, 0])
                whole[k, MISSES] += 1
            combine(real, k)
            lose(real, whole, k, rules)


@njit(**FAST, **INNER)
def offer(tracks: Tracks, bench: Bench, plots: Plots, sensors: Sensors, rules: Rules, s: int, t: float, first: int,
          base: int, start: FloatArray, rows: Rows, seeds: Seeds) -> None:  # fmt: skip
    """Offer what is left to tentative tracks: of several that want one plot, the likeliest gets it."""
    real, whole, live = tracks.real, tracks.whole, tracks.number[LIVE]
    for n in range(live):
        k = tracks.live[n]
        if whole[k, STATUS] != TENTATIVE:
            continue
        best = NEVER
        for c in range(bench.first[n], bench.first[n + 1]):
            if bench.taken[bench.plot[c] - first] < 0 and bench.score[c] > best:
                best, bench.choice[n] = bench.score[c], c
        bench.odds[n, 3] = best + real[k, ODDS]
        if bench.choice[n] >= 0:
            wanted = bench.plot[bench.choice[n]] - first
            bench.rival[wanted] = max(bench.rival[wanted], bench.odds[n, 3])
    for n in range(live):
        k, c = tracks.live[n], bench.choice[n]
        if whole[k, STATUS] != TENTATIVE:
            continue
        p = bench.plot[c] if c >= 0 else -1
        if p >= 0 and bench.taken[p - first] < 0 and bench.odds[n, 3] >= bench.rival[p - first]:
            take(real, whole, bench.known, k, s, plots, p, base, bench.score[c])
            alive = existence(real[k, ODDS])
            if alive >= rules.confirm:
                confirm(tracks, bench.known, k, start, rows, seeds)
            if alive >= 0.5:
                bench.taken[p - first] = k
        elif bench.odds[n, 2] < RINGS and sensors.fixed[s, 3] > 0.0:
            real[k, ODDS] += math.log(1.0 - bench.pd[int(bench.odds[n, 2]), 0])
        if real[k, ODDS] < rules.begin or (whole[k, STATUS] == TENTATIVE and t - real[k, SEEN] > 2.0 * rules.seed_s):
            whole[k, STATUS] = DELETED


# ---------------------------------------------------------------- births


@njit(**FAST, **INNER)
def pair(seed: FloatArray, n: int, place: FloatArray, p: int, dt: float, rules: Rules, mixed: FloatArray,
         real: FloatArray, k: int) -> float:  # fmt: skip
    """Return the log density of a plot that follows a lone one, and write the Gaussian of both to track k.

    Before the second plot the speed follows one of two round normal laws: slow, or fast.
    """
    for i in range(2):
        share, speed = (rules.slow_share, rules.slow_mps) if i == 0 else (1.0 - rules.slow_share, rules.fast_mps)
        v2 = speed * speed
        for m in range(GAUSS):
            mixed[i, m] = 0.0
        mixed[i, 0], mixed[i, 1], mixed[i, 5] = seed[n, 0], seed[n, 1], seed[n, 3]
        mixed[i, 4], mixed[i, 6] = seed[n, 2] + v2 * dt * dt, seed[n, 4] + v2 * dt * dt
        mixed[i, 7], mixed[i, 10], mixed[i, 11], mixed[i, 13] = v2 * dt, v2 * dt, v2, v2
        mixed[2, i] = math.log(share) + correct(mixed, i, 0, place, p)
    best = max(mixed[2, 0], mixed[2, 1])
    total = math.exp(mixed[2, 0] - best) + math.exp(mixed[2, 1] - best)
    for m in range(GAUSS):
        real[k, ONE + m] = 0.0
    for i in range(2):
        mixed[2, i] = math.exp(mixed[2, i] - best) / total
        for m in range(4):
            real[k, ONE + m] += mixed[2, i] * mixed[i, m]
    for i in range(2):
        spread(real, k, ONE, mixed[2, i], mixed, i, 0)
    log_density: float = best + math.log(total)
    return log_density


@njit(**FAST, **INNER)
def sprout(tracks: Tracks, bench: Bench, plots: Plots, sensors: Sensors, rules: Rules, s: int, t: float, first: int,
           base: int, scan: int, box_x: float, box_y: float, seeds: Seeds, begin: float,
           end: float) -> None:  # fmt: skip
    """Begin a tentative track from each lone plot of an earlier scan and each one left over now that fit."""
    old, whole, place = seeds.real, tracks.whole, plots.place
    for n in range(tracks.number[SEED_BEGIN], tracks.number[SEED_END]):
        dt = t - old[n, 5]
        if seeds.whole[n, 0] < 0 or dt < 0.01 or dt > rules.seed_s:
            continue
        ring = ring_of(sensors.fixed, s, old[n, 0], old[n, 1])
        hope = old[n, 6] + bench.pd[ring, 1]
        is_looked_at = ring < RINGS and is_swept(sensors.fixed, s, old[n, 0], old[n, 1], begin, end)
        if seeds.whole[n, 1] == s and is_looked_at and sensors.fixed[s, 3] > 0.0:
            hope += seeds.whole[n, 3] * math.log(1.0 - bench.pd[ring, 0])
            seeds.whole[n, 3] += 1
        far = rules.most_mps * dt
        wide_x, wide_y = (
            far + math.sqrt(rules.gate * (old[n, 2] + box_x)),
            far + math.sqrt(rules.gate * (old[n, 4] + box_y)),
        )
        x_low, x_high = int(math.floor((old[n, 0] - wide_x) / CELL_M)), int(math.floor((old[n, 0] + wide_x) / CELL_M))
        y_low, y_high = int(math.floor((old[n, 1] - wide_y) / CELL_M)), int(math.floor((old[n, 1] + wide_y) / CELL_M))
        for cx in range(x_low, min(x_high, x_low + SIDE - 1) + 1):
            for cy in range(y_low, min(y_high, y_low + SIDE - 1) + 1):
                c = (cx & (SIDE - 1)) * SIDE + (cy & (SIDE - 1))
                near = bench.head[c] if bench.stamp[c] == scan else -1
                while near >= 0:
                    p = first + near
                    near = bench.chain[near]
                    if abs(place[p, 0] - old[n, 0]) > wide_x or abs(place[p, 1] - old[n, 1]) > wide_y:
                        continue
                    if bench.taken[p - first] >= 0 or plots.mark[p, 1] != seeds.whole[n, 2]:
                        continue
                    sxx, sxy, syy = old[n, 2] + place[p, 2], old[n, 3] + place[p, 3], old[n, 4] + place[p, 4]
                    fit = hope - sensors.density[s, plots.mark[p, 0]]
                    most = fit - 0.5 * math.log(sxx * syy - sxy * sxy) - LOG_2PI  # no density is greater
                    if most < rules.begin or tracks.number[LIVE] == tracks.live.size:
                        continue
                    k = tracks.live[tracks.number[LIVE]]
                    odds = fit + pair(old, n, place, p, dt, rules, bench.mixed, tracks.real, k)
                    if odds < rules.begin:
                        continue
                    tracks.number[LIVE] += 1
                    tracks.real[k, TIME], tracks.real[k, ODDS], tracks.real[k, SEEN] = t, odds, t
                    whole[k, STATUS], whole[k, IDENT], whole[k, HITS] = TENTATIVE, plots.mark[p, 1], 2
                    whole[k, LAST], whole[k, SENSOR], whole[k, MISSES], whole[k, ID] = base + p, s, 0, 0
                    whole[k, EARLY], whole[k, EARLY + 1] = seeds.whole[n, 0], base + p
                    bench.rival[p - first] = max(bench.rival[p - first], odds)


@njit(**FAST, **INNER)
def confirm_pairs(tracks: Tracks, bench: Bench, rules: Rules, t: float, first: int, base: int, start: FloatArray,
                  rows: Rows, seeds: Seeds) -> None:  # fmt: skip
    """Confirm the pairs that are so likely that they need no third plot."""
    for n in range(tracks.number[LIVE]):
        k = tracks.live[n]
        if tracks.whole[k, STATUS] == TENTATIVE and tracks.whole[k, HITS] == 2 and tracks.real[k, SEEN] == t:
            p = tracks.whole[k, LAST] - base - first
            odds = tracks.real[k, ODDS]
            if existence(odds) >= rules.confirm and odds >= bench.rival[p] and bench.taken[p] < 0:
                confirm(tracks, bench.known, k, start, rows, seeds)
                bench.taken[p] = k


@njit(**FAST, **INNER)
def sow(tracks: Tracks, bench: Bench, plots: Plots, sensors: Sensors, rules: Rules, s: int, t: float, first: int,
        last: int, base: int, seeds: Seeds) -> None:  # fmt: skip
    """Keep the plots that are left over as lone plots, and forget those that are too old."""
    begin, end = tracks.number[SEED_BEGIN], tracks.number[SEED_END]
    while begin < end and t - seeds.real[begin, 5] > rules.seed_s:
        begin += 1
    if end + last - first > seeds.real.shape[0]:
        for n in range(end - begin):
            for m in range(7):
                seeds.real[n, m] = seeds.real[begin + n, m]
            for m in range(4):
                seeds.whole[n, m] = seeds.whole[begin + n, m]
        begin, end = 0, end - begin
    unseen = math.log(sensors.flow[s, 1])
    for p in range(first, last):
        if bench.taken[p - first] >= 0 or end == seeds.real.shape[0]:
            continue
        ring = ring_of(sensors.fixed, s, plots.place[p, 0], plots.place[p, 1])
        for m in range(5):
            seeds.real[end, m] = plots.place[p, m]
        seeds.real[end, 5] = t
        seeds.real[end, 6] = unseen + bench.pd[ring, 1] - sensors.density[s, plots.mark[p, 0]]
        seeds.whole[end, 0], seeds.whole[end, 1] = base + p, s
        seeds.whole[end, 2], seeds.whole[end, 3] = plots.mark[p, 1], 0
        end += 1
    tracks.number[SEED_BEGIN], tracks.number[SEED_END] = begin, end


# ---------------------------------------------------------------- the fold


@njit(**FAST, **INNER)
def write_row(real: FloatArray, whole: IntArray, k: int, rows: Rows, rules: Rules, scan: int, is_hit: bool) -> None:
    """Write a track's row for a scan, with its plot when it was taken there; of two scans at one time one row comes."""
    r, is_again = whole[k, ROW], real[k, ROWED] == real[k, TIME]
    if not is_again:
        r = rows.number[0]
        rows.number[0] += 1
    real[k, ROWED], whole[k, ROW] = real[k, TIME], r
    for i in range(GAUSS):
        rows.real[r, i] = real[k, ONE + i]
    rows.real[r, GAUSS] = existence(real[k, ODDS])
    rows.whole[r, 0], rows.whole[r, 1], rows.whole[r, 2] = scan, whole[k, ID], whole[k, STATUS]
    if is_hit or not is_again:
        rows.whole[r, 3] = whole[k, LAST] if is_hit else -1
    rows.whole[r, 4] = whole[k, IDENT]
    if whole[k, ID] == rules.traced and rows.number[3] < rows.belief.shape[0]:
        rows.belief[rows.number[3], 0] = scan
        for j in range(MODELS):
            rows.belief[rows.number[3], 1 + j] = real[k, MIX + j]
        rows.number[3] += 1


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
        elif whole[k, STATUS] != TENTATIVE and (writes == ALL or (writes == QUIET and fixed[whole[k, SENSOR], 3] == 0)):
            write_row(real, whole, k, rows, rules, scan, begin <= whole[k, LAST] < end)


@njit(**FAST, **INNER)
def fits(real: FloatArray, k: int, place: FloatArray, p: int) -> tuple[float, float]:
    """Return how far a position is from a track, squared and normalised, and the log of its density but a constant."""
    ex, ey = place[p, 0] - real[k, ONE], place[p, 1] - real[k, ONE + 1]
    sxx, sxy, syy = real[k, ONE + 4] + place[p, 2], real[k, ONE + 5] + place[p, 3], real[k, ONE + 6] + place[p, 4]
    det = sxx * syy - sxy * sxy
    d2 = (syy * ex * ex - 2.0 * sxy * ex * ey + sxx * ey * ey) / det
    return d2, -0.5 * d2 - 0.5 * math.log(det)


@njit(**FAST, **INNER)
def bears(real: FloatArray, k: int, place: FloatArray, p: int) -> float:
    """Return how far a track is off a bearing, squared and normalised; far when it is too near or out of reach."""
    ex, ey = real[k, ONE] - place[p, 0], real[k, ONE + 1] - place[p, 1]
    far2 = ex * ex + ey * ey
    if far2 > place[p, 4] * place[p, 4] or far2 < 2500.0:
        return 1.0e18
    off = math.atan2(ex, ey) - place[p, 2]
    off -= 2.0 * math.pi * math.floor(off / (2.0 * math.pi) + 0.5)
    across = (ey * ey * real[k, ONE + 4] - 2.0 * ex * ey * real[k, ONE + 5] + ex * ex * real[k, ONE + 6]) / far2
    d2: float = off * off / (across / far2 + place[p, 3] * place[p, 3])
    return d2


@njit(**FAST, **INNER)
def as_place(real: FloatArray, k: int, place: FloatArray, p: int, spot: FloatArray) -> None:
    """Write a bearing as a position at the track's own distance, known across it and hardly along it."""
    ex, ey = real[k, ONE] - place[p, 0], real[k, ONE + 1] - place[p, 1]
    far, sine, cosine = math.sqrt(ex * ex + ey * ey), math.sin(place[p, 2]), math.cos(place[p, 2])
    along2, across2 = 100.0 * far * far, (far * place[p, 3]) ** 2
    spot[0, 0], spot[0, 1] = place[p, 0] + far * sine, place[p, 1] + far * cosine
    spot[0, 2] = along2 * sine * sine + across2 * cosine * cosine
    spot[0, 3] = (along2 - across2) * sine * cosine
    spot[0, 4] = along2 * cosine * cosine + across2 * sine * sine


@njit(**FAST, **INNER)
def fade(tracks: Tracks, k: int, dt: float, sensors: Sensors, rules: Rules) -> None:
    """Let a track of a sensor without scans fade that has missed its usual reports.

    Nine reports in ten are taken to arrive, so each one missed beyond the first costs log 10 of odds at most.
    """
    real, whole = tracks.real, tracks.whole
    usual, silent = max(sensors.flow[whole[k, SENSOR], 3], 0.1), real[k, TIME] - real[k, SEEN]
    if silent > 2.0 * usual:
        real[k, ODDS] -= math.log(10.0) * min(dt / usual, 1.0)
        whole[k, MISSES] += 1
    if whole[k, STATUS] != TENTATIVE:
        lose(real, whole, k, rules)
    elif silent > 10.0 * usual:
        whole[k, STATUS] = DELETED


@njit(**FAST, **INNER)
def begin_anew(
    tracks: Tracks, known: IntArray, plots: Plots, p: int, t: float, rules: Rules, start: FloatArray
) -> int:  # fmt: skip
    """Begin a named track anew, under its number, where its name next reports from; return its slot, or -1.

    An object may turn harder than any model, or its report may be seconds old. What would need a speed that nothing
    flies at is another object, or a fault: then no track is touched.
    """
    real, place, least, found = tracks.real, plots.place, rules.most_mps, -1
    for n in range(2):
        k = known[plots.mark[p, 1], n]
        if k >= 0 and t > real[k, SEEN]:
            speed = math.hypot(place[p, 0] - real[k, HEARD], place[p, 1] - real[k, HEARD + 1]) / (t - real[k, SEEN])
            if speed < least:
                least, found = speed, k
    if found >= 0:
        for j in range(MODELS):
            o = j * GAUSS
            real[found, MIX + j] = start[j]
            real[found, o], real[found, o + 1] = place[p, 0], place[p, 1]
            for n in range(4, GAUSS):
                real[found, o + n] = 0.0
            real[found, o + 4], real[found, o + 5], real[found, o + 6] = place[p, 2], place[p, 3], place[p, 4]
            real[found, o + 11], real[found, o + 13] = rules.fast_mps**2, rules.fast_mps**2
        combine(real, found)
    return found


@njit(**FAST, **INNER)
def aside(tracks: Tracks, plots: Plots, p: int, s: int, t: float, sensors: Sensors, rules: Rules, bank: Bank,
          bench: Bench, rows: Rows, scan: int, base: int) -> bool:  # fmt: skip
    """Do what is no look at a whole sky; tell whether the report p has found its track.

        s < 0        a tick: the tracks of sensors without scans are carried on, and fade
        a bearing    the one confirmed track that it fits leans on it; one that fits two is given to none
        a name       the track that bears it takes the report, without a look at any other

    A bearing's place[p] is x, y of the sensor, angle clockwise from y and its sigma [rad], reach [m].
    """
    real, whole, place = tracks.real, tracks.whole, plots.place
    is_tick, is_line = s < 0, s >= 0 and plots.mark[p, 0] == BEARING
    best, second, found = 1.0e18, 1.0e18, -1
    for n in range(tracks.number[LIVE] if is_tick or is_line else 2):
        k = tracks.live[n] if is_tick or is_line else bench.known[plots.mark[p, 1], n]
        if k < 0 or (is_tick and sensors.fixed[whole[k, SENSOR], 3] > 0.0):
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
            d2 = bears(real, k, place, p)
        else:
            near2, density = fits(real, k, place, p)
            d2 = -density if near2 <= rules.jump else 1.0e18
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
        update(real, found, bench.spot, 0)
    else:
        if whole[found, SENSOR] == s and t > real[found, SEEN]:
            sensors.flow[s, 3] += 0.01 * (min(t - real[found, SEEN], 60.0) - sensors.flow[s, 3])
        update(real, found, place, p)
        real[found, ODDS] = min(real[found, ODDS] + NAMED, 30.0)
        whole[found, SENSOR], whole[found, STATUS], whole[found, MISSES] = s, CONFIRMED, 0
        real[found, HEARD], real[found, HEARD + 1] = place[p, 0], place[p, 1]
    real[found, SEEN] = t
    whole[found, HITS] += 1
    whole[found, LAST] = base + p
    write_row(real, whole, found, rows, rules, scan, is_hit=True)
    return True


@njit(**FAST)
def run(begin: int, end: int, plots: Plots, scans: Scans, sensors: Sensors, rules: Rules, bank: Bank, tracks: Tracks,
        seeds: Seeds, rows: Rows, bench: Bench, base: int, stamp: int) -> tuple[int, int]:  # fmt: skip
    """Fold scans begin to end; stop early, before a scan, when there may be no room for what it gives.

    base, stamp   numbers that plot 0 and scan 0 have in the whole recording
    returns       DONE, ROWS_FULL or TRACKS_FULL, and the scan to go on with
    """
    for scan in range(begin, end):
        live, s = tracks.number[LIVE], scans.sensor[scan]
        if scan > begin and scans.time_s[scan] == scans.time_s[scan - 1]:
            pass  # a row of that time may be written anew, so it must still be there
        elif rows.number[0] + 2 * live + 256 > rows.real.shape[0] or rows.number[1] + 6 * live > rows.early.shape[0]:
            return ROWS_FULL, scan
        elif 2 * live + 64 > tracks.live.size:
            return TRACKS_FULL, scan
        t, first, last = scans.time_s[scan], scans.first[scan], scans.first[scan + 1]
        is_lone_name = s >= 0 and last == first + 1 and plots.mark[first, 1] >= 0 and sensors.fixed[s, 3] == 0.0
        is_line = s >= 0 and last > first and plots.mark[first, 0] == BEARING
        if s < 0 or is_lone_name or is_line:
            is_done = is_line
            for p in range(first, max(last, first + 1)):
                is_done |= aside(tracks, plots, p, s, t, sensors, rules, bank, bench, rows, stamp + scan, base)
            if s < 0:
                close(tracks, bench.known, rows, rules, stamp + scan, 0, 0, sensors.fixed, QUIET)
            if s < 0 or is_done:
                continue
        begin_rad, end_rad = scans.beam[scan, 0], scans.beam[scan, 1]
        share = (end_rad - begin_rad) / (2.0 * math.pi) if end_rad > begin_rad else 1.0
        sensors.flow[s, 1] += rules.birth_per_m2s * min(t - sensors.flow[s, 2], rules.life_s)
        sensors.flow[s, 2] = t
        set_detection(bench.pd, sensors.detected, s)
        box_x, box_y = lay_grid(bench, plots.place, first, last, stamp + scan)
        gate(tracks, bench, plots, sensors, rules, bank, s, t, first, stamp + scan, box_x, box_y, begin_rad, end_rad,
             rows, base)  # fmt: skip
        choose(tracks, bench, first, rules.exact, rules.joint)
        look(tracks, bench, plots, sensors, rules, s, first, base)
        offer(tracks, bench, plots, sensors, rules, s, t, first, base, bank.start, rows, seeds)
        sprout(
            tracks,
            bench,
            plots,
            sensors,
            rules,
            s,
            t,
            first,
            base,
            stamp + scan,
            box_x,
            box_y,
            seeds,
            begin_rad,
            end_rad,
        )
        confirm_pairs(tracks, bench, rules, t, first, base, bank.start, rows, seeds)
        learn(sensors, rules, s, plots, first, last, bench.taken, share)
        sow(tracks, bench, plots, sensors, rules, s, t, first, last, base, seeds)
        sensors.flow[s, 1] *= 1.0 - bench.pd[RINGS, 0] * share
        writes = ALL if last > first else NONE  # a look that showed nothing at all is no time of the recording
        close(tracks, bench.known, rows, rules, stamp + scan, base + first, base + last, sensors.fixed, writes)
    return DONE, end


@njit(**FAST)
def climb(track: IntArray, time_s: FloatArray, measured: FloatArray, state: FloatArray, out: FloatArray) -> None:
    """Filter each track's height on its own, as a height and a climb that drifts.

    track, time_s   (r,) rows by time; track numbers from 0
    measured        (r, 2) height and its variance, nan where the row has none [m, m2]
    state           (tracks, 6) time, height, climb, and their variances hh hc cc; a time of nan: nothing yet
    out             (r, 4) height, its variance, climb, its variance; nan until one is measured
    """
    noise, most_climb_mps = 1.0, 10.0  # [m2/s3]; before a second height the climb is within this
    for r in range(track.size):
        g = state[track[r]]
        dt = time_s[r] - g[0]
        if dt > 0.0:
            g[1] += dt * g[2]
            g[3] += 2.0 * dt * g[4] + dt * dt * g[5] + noise * dt**3 / 3.0
            g[4] += dt * g[5] + noise * dt * dt / 2.0
            g[5] += noise * dt
            g[0] = time_s[r]
        h, v = measured[r, 0], measured[r, 1]
        if h == h:
            if g[0] != g[0]:
                g[0], g[1], g[2], g[3], g[4], g[5] = time_s[r], h, 0.0, v, 0.0, most_climb_mps**2
            else:
                gain, climb_gain, gap = g[3] / (g[3] + v), g[4] / (g[3] + v), h - g[1]
                g[1] += gain * gap
                g[2] += climb_gain * gap
                g[5] -= climb_gain * g[4]
                g[3], g[4] = g[3] * (1.0 - gain), g[4] * (1.0 - gain)
        if g[0] == g[0]:
            out[r, 0], out[r, 1], out[r, 2], out[r, 3] = g[1], g[3], g[2], g[5]


@njit(**ROOMY)
def walk(time_s: FloatArray, hit: IntArray, place: FloatArray, bank: Bank, calm_s: float, start_mps: float, way: int,
         step: FloatArray, turn: FloatArray, mixed: FloatArray, out: FloatArray) -> None:  # fmt: skip
    """Filter one track's plots along its times: forward (way 1), or backward from its last plot (way -1).

    time_s, hit   (m,) times, and the plot of each or -1; the first and the last have one
    start_mps     one standard deviation of the speed on each axis before a second plot
    out           (m, 14) forward: with the plot of that time; backward: without it, and nan at the last time

    Backward the speed is that of a film run backward; a model's mirror image is in the bank, so it serves both ways.
    """
    real, many = np.zeros((1, WIDTH)), time_s.size
    for n in range(many):
        i = n if way > 0 else many - 1 - n
        p = hit[i]
        if n == 0:
            for j in range(MODELS):
                o = j * GAUSS
                real[0, o], real[0, o + 1] = place[p, 0], place[p, 1]
                real[0, o + 4], real[0, o + 5], real[0, o + 6] = place[p, 2], place[p, 3], place[p, 4]
                real[0, o + 11], real[0, o + 13] = start_mps * start_mps, start_mps * start_mps
                real[0, MIX + j] = bank.start[j]
            combine(real, 0)
        else:
            dt = abs(time_s[i] - real[0, TIME])
            if dt > 0.0:
                if abs(dt - step[0, 7]) > 1.0e-6:
                    set_step(step, turn, bank, calm_s, dt)
                predict(real, 0, step, turn, mixed)
                combine(real, 0)
            if way < 0:
                for g in range(GAUSS):
                    out[i, g] = -real[0, ONE + g] if g == 2 or g == 3 or 7 <= g <= 10 else real[0, ONE + g]
            if p >= 0:
                update(real, 0, place, p)
        real[0, TIME] = time_s[i]
        if way > 0 or n == 0:
            for g in range(GAUSS):
                out[i, g] = real[0, ONE + g] if way > 0 else np.nan
