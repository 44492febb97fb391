"""Compiled: whether the ring at the bottom of a bucket is seen whole, and the referee that steps through a lane.

                      mouth, radius R
                  ┌────────┐· · · · · axis a, tilted up from the level by the bucket's tilt
                  │ ring r │   depth D            ○ camera, h above the plane of the mouth, q off the axis
                  └────────┘

A bucket's inside is convex, so a line of sight from its ring leaves it once: through the mouth, and all is seen, or
through the wall. Seen from the camera the ring falls on the plane of the mouth as a circle of radius
r h / (D + h), set off by q D / (D + h). It lies in the mouth, and the ring is seen whole, if and only if

    q D + r h <= R (D + h),      that is      q <= R + h (R - r) / D.

Rows of matrices are worlds. Angles are radians here.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

FAST: dict[str, Any] = {
    "cache": True, "error_model": "numpy", "fastmath": {"nsz", "arcp", "contract", "afn"}, "_nrt": False,
    "no_cfunc_wrapper": True,
}  # fmt: skip
INNER: dict[str, Any] = {"no_cpython_wrapper": True}
# What is called in one place becomes part of its caller: handing arrays over takes as long as many a function.
ALONE: dict[str, Any] = {**INNER, "forceinline": True}

# POSE[world, field], as flight.layout has it; a test holds the two together, since lanes lie below flight.
POSITION, VELOCITY, QUATERNION = 0, 3, 6
ON_GROUND, GIMBAL, CAPTURED, UPSIDE = 15, 16, 17, 20

# RINGS[ring, field]: mouth centre, axis out of the mouth, mouth radius, ring radius, depth [m].
MOUTH, AXIS, MOUTH_RADIUS, RING_RADIUS, DEPTH = 0, 3, 6, 7, 8
RINGS = 9

# TASKS[task, field]. Angles in rad. A negative limit, OUTSIDE or bound on speed is none.
KIND, POINTS, LIMIT, HOLD, OUTSIDE, RING, LOSES = 0, 1, 2, 3, 4, 5, 6
TARGET, START = 7, 10  # the place to be, or the end of the line, or the circle's centre at the height of its end
WIDTH, HEIGHT_BAND, RADIUS, RADIUS_END, HEIGHT_START = 13, 14, 15, 16, 17
DIRECTION, TURNS = 18, 19  # 1 clockwise from above, -1 anticlockwise, 0 either
HEADING_RULE, FORWARD, HEADING_COSINE = 20, 21, 23  # FORWARD: east and north of the wanted heading
SLOW, QUICK, TOUCH, ARRIVE = 24, 25, 26, 27
TASKS = 28

TAKE_OFF, HOLD_STILL, CAPTURE, LEG, TURN, CIRCLE, SUSTAIN, LAND, WAIT = range(9)
FREE, FIXED, NOSE_IN, ALONG = range(4)

# STATE[world, field]: where the referee stands.
TASK, STEPS, BEGAN, SCORED, OVER, WAS_CAPTURED, ENTERED = 0, 1, 2, 3, 4, 5, 6
CLOCK, STRAYED, SQUARES, WORST, COUNTED, TURNED = 7, 8, 9, 10, 11, 12  # s; s; m²; m; steps; rad
LAST, SINK, ON_GROUND_S, LANDED, TOUCHED, MARGIN = 13, 15, 16, 17, 18, 19  # 2; m/s; s; m; m/s; rad
AIM = 20  # where to go next: east, north, up, and the direction to look, east and north
STATES = 25

PENDING, UNDER_WAY, PASSED, FAILED = range(4)

# MEASURES[world, task, field]: seconds since the reset, seconds, metres, m/s, degrees; NaN where there is none.
BEGUN_S, ENDED_S, PATH_RMSE, PATH_WORST, OUTSIDE_S, LANDING_ERROR, TOUCH_SPEED, RING_MARGIN = range(8)
MEASURES = 8

TIPPED = 0.5  # cosine of 60 deg: on the ground and leaning farther than this, it has fallen over
LEAD = 0.35  # rad: how far ahead on a circle the next place to go lies


# ---------------------------------------------------------------- a ring through a mouth


@njit(**FAST, **ALONE)
def bucket_margin_rad(x: float, y: float, z: float, rings: FloatArray, ring: int) -> float:
    """Return by how much the ring lies whole in the mouth as a camera sees it; negative when it does not.

    x, y, z   the camera [m]
    rings     (k, RINGS)
    ring      which row
    returns   rad, at the mouth's centre: the greatest angle off the axis at which a camera as far out would still
              see the ring whole, less the angle of this one; -pi/2 or less behind the plane of the mouth
    """
    dx, dy, dz = x - rings[ring, MOUTH], y - rings[ring, MOUTH + 1], z - rings[ring, MOUTH + 2]
    ax, ay, az = rings[ring, AXIS], rings[ring, AXIS + 1], rings[ring, AXIS + 2]
    out = dx * ax + dy * ay + dz * az
    qx, qy, qz = dx - out * ax, dy - out * ay, dz - out * az
    off = math.sqrt(qx * qx + qy * qy + qz * qz)
    if out <= 0.0:
        return -math.atan2(off, out)
    least = rings[ring, MOUTH_RADIUS]
    most = least + out * (least - rings[ring, RING_RADIUS]) / rings[ring, DEPTH]
    return math.atan2(most, out) - math.atan2(off, out)


@njit(**FAST, **ALONE)
def picture_margin_rad(
    x: float, y: float, z: float, sine: float, cosine: float, pitch: float,
    wide: float, tall: float, rings: FloatArray, ring: int,
) -> float:  # fmt: skip
    """Return by how much the ring lies inside the picture of a camera that is kept level; negative when it does not.

    x, y, z        the camera [m]
    sine, cosine   of its heading, clockwise from north
    pitch          above the horizon [rad]
    wide, tall     half the field of view, across and upwards [rad], below pi/2
    returns        rad: the angle between the nearest edge of the picture and the ring, as far as the ring's own
                   distance goes; its sign is exact

    A picture's edges are four planes through the camera; a circle lies on the inner side of one if its centre is
    farther in than the circle reaches towards it.
    """
    reach, depth = rings[ring, RING_RADIUS], rings[ring, DEPTH]
    ax, ay, az = rings[ring, AXIS], rings[ring, AXIS + 1], rings[ring, AXIS + 2]
    bx = rings[ring, MOUTH] - depth * ax - x
    by = rings[ring, MOUTH + 1] - depth * ay - y
    bz = rings[ring, MOUTH + 2] - depth * az - z
    away = math.sqrt(bx * bx + by * by + bz * bz)
    up, level = math.sin(pitch), math.cos(pitch)
    fx, fy, fz = sine * level, cosine * level, up
    rx, ry = cosine, -sine
    ux, uy, uz = -sine * up, -cosine * up, level
    least = math.pi
    for edge in range(4):
        half = wide if edge < 2 else tall
        side = 1.0 if edge % 2 == 0 else -1.0
        inward, across = math.sin(half), -side * math.cos(half)
        if edge < 2:
            nx, ny, nz = inward * fx + across * rx, inward * fy + across * ry, inward * fz
        else:
            nx, ny, nz = inward * fx + across * ux, inward * fy + across * uy, inward * fz + across * uz
        slant = nx * ax + ny * ay + nz * az
        room = nx * bx + ny * by + nz * bz - reach * math.sqrt(max(0.0, 1.0 - slant * slant))
        least = min(least, math.asin(max(-1.0, min(1.0, room / max(away, 1e-9)))))
    return least


@njit(**FAST, **INNER)
def ring_margin_rad(
    pose: FloatArray, world: int, wide: float, tall: float, rings: FloatArray, ring: int
) -> float:  # fmt: skip
    """Return the lesser of a ring's two margins as the camera of a vehicle sees it [rad]; pose is (n, POSES)."""
    x, y, z = pose[world, POSITION], pose[world, POSITION + 1], pose[world, POSITION + 2]
    east, north = _forward(pose, world)
    norm = math.sqrt(east * east + north * north)
    if norm < 1e-9:
        east, north, norm = 0.0, 1.0, 1.0
    seen = picture_margin_rad(x, y, z, east / norm, north / norm, pose[world, GIMBAL], wide, tall, rings, ring)
    least: float = min(seen, bucket_margin_rad(x, y, z, rings, ring))
    return least


@njit(nogil=True, **FAST)
def margins(
    pose: FloatArray, wide: float, tall: float, rings: FloatArray, ring: IntArray, found: FloatArray
) -> None:  # fmt: skip
    """Fill found[world] with the margin of ring[world] [rad], or NaN where ring is negative; all (n,)."""
    for world in range(pose.shape[0]):
        found[world] = ring_margin_rad(pose, world, wide, tall, rings, ring[world]) if ring[world] >= 0 else np.nan


@njit(**FAST, **INNER)
def _forward(pose: FloatArray, world: int) -> tuple[float, float]:
    """Return the east and north of the body's forward axis."""
    qx, qy = pose[world, QUATERNION], pose[world, QUATERNION + 1]
    qz, qw = pose[world, QUATERNION + 2], pose[world, QUATERNION + 3]
    return 1.0 - 2.0 * (qy * qy + qz * qz), 2.0 * (qx * qy + qz * qw)


# ---------------------------------------------------------------- how far off


@njit(**FAST, **INNER)
def _off_point(pose: FloatArray, world: int, tasks: FloatArray, task: int) -> tuple[float, float]:
    """Return how far a vehicle is from a task's place: on the level, and in height (upwards positive) [m]."""
    east = pose[world, POSITION] - tasks[task, TARGET]
    north = pose[world, POSITION + 1] - tasks[task, TARGET + 1]
    return math.sqrt(east * east + north * north), pose[world, POSITION + 2] - tasks[task, TARGET + 2]


@njit(**FAST, **INNER)
def _off_line(pose: FloatArray, world: int, tasks: FloatArray, task: int) -> tuple[float, float, float, float]:
    """Return across, height, along, length [m]: how far off a task's line, and how far down it.

    Before its start and past its end the distance is that to the end point.
    """
    ex, ey = tasks[task, TARGET] - tasks[task, START], tasks[task, TARGET + 1] - tasks[task, START + 1]
    px, py = pose[world, POSITION] - tasks[task, START], pose[world, POSITION + 1] - tasks[task, START + 1]
    length = math.sqrt(ex * ex + ey * ey)
    if length < 1e-9:
        across, high = _off_point(pose, world, tasks, task)
        return across, high, 0.0, 0.0
    along = (px * ex + py * ey) / length
    share = min(1.0, max(0.0, along / length))
    off_x, off_y = px - share * ex, py - share * ey
    height = tasks[task, START + 2] + share * (tasks[task, TARGET + 2] - tasks[task, START + 2])
    return math.sqrt(off_x * off_x + off_y * off_y), pose[world, POSITION + 2] - height, along, length


@njit(**FAST, **ALONE)
def _off_circle(
    pose: FloatArray, world: int, tasks: FloatArray, task: int, state: FloatArray
) -> tuple[float, float, float, float]:  # fmt: skip
    """Return across, height [m], and the unit vector from the centre; count the turning [rad] into the state."""
    ex, ey = pose[world, POSITION] - tasks[task, TARGET], pose[world, POSITION + 1] - tasks[task, TARGET + 1]
    away = max(math.sqrt(ex * ex + ey * ey), 1e-9)
    ex, ey = ex / away, ey / away
    if state[world, STEPS] > state[world, BEGAN] + 1.0:
        lx, ly = state[world, LAST], state[world, LAST + 1]
        state[world, TURNED] += math.atan2(ex * ly - ey * lx, ex * lx + ey * ly)  # clockwise from above is positive
    state[world, LAST], state[world, LAST + 1] = ex, ey
    share = state[world, TURNED] * tasks[task, DIRECTION] / (2.0 * math.pi * tasks[task, TURNS])
    share = min(1.0, max(0.0, share))
    radius = tasks[task, RADIUS] + share * (tasks[task, RADIUS_END] - tasks[task, RADIUS])
    height = tasks[task, HEIGHT_START] + share * (tasks[task, TARGET + 2] - tasks[task, HEIGHT_START])
    _lead(tasks, task, state, world, ex, ey, radius, height)
    return abs(away - radius), pose[world, POSITION + 2] - height, ex, ey


@njit(**FAST, **ALONE)
def _lead(
    tasks: FloatArray, task: int, state: FloatArray, world: int, ex: float, ey: float, radius: float, height: float
) -> None:  # fmt: skip
    """Set the next place to go on a circle, LEAD ahead of the vehicle, and where to look from here."""
    way = tasks[task, DIRECTION]
    sine, cosine = way * math.sin(LEAD), math.cos(LEAD)
    ahead_x, ahead_y = ex * cosine + ey * sine, ey * cosine - ex * sine
    state[world, AIM] = tasks[task, TARGET] + radius * ahead_x
    state[world, AIM + 1] = tasks[task, TARGET + 1] + radius * ahead_y
    state[world, AIM + 2] = height
    if tasks[task, HEADING_RULE] == NOSE_IN:
        state[world, AIM + 3], state[world, AIM + 4] = -ex, -ey
    elif tasks[task, HEADING_RULE] == ALONG:
        state[world, AIM + 3], state[world, AIM + 4] = way * ey, -way * ex


@njit(**FAST, **INNER)
def _looks_right(
    pose: FloatArray, world: int, tasks: FloatArray, task: int, wish_x: float, wish_y: float
) -> bool:  # fmt: skip
    """Tell whether the nose is within the task's tolerance of a direction (unit vector, east and north)."""
    if tasks[task, HEADING_RULE] == FREE:
        return True
    east, north = _forward(pose, world)
    least = tasks[task, HEADING_COSINE] * math.sqrt(east * east + north * north)
    return bool(east * wish_x + north * wish_y >= least)


@njit(**FAST, **INNER)
def _keeps_speed(pose: FloatArray, world: int, tasks: FloatArray, task: int) -> bool:
    """Tell whether the speed over ground lies in the task's band."""
    slow, quick = tasks[task, SLOW], tasks[task, QUICK]
    if slow < 0.0 and quick < 0.0:
        return True
    vx, vy = pose[world, VELOCITY], pose[world, VELOCITY + 1]
    square = vx * vx + vy * vy
    return not ((slow >= 0.0 and square < slow * slow) or (quick >= 0.0 and square > quick * quick))


@njit(**FAST, **INNER)
def _note(
    state: FloatArray, world: int, across: float, high: float, is_inside: bool, step_s: float
) -> None:  # fmt: skip
    """Add one step to a task's path error and to its time outside tolerance."""
    square = across * across + high * high
    state[world, SQUARES] += square
    state[world, COUNTED] += 1.0
    state[world, WORST] = max(state[world, WORST], square)  # squared until the task ends
    if not is_inside:
        state[world, STRAYED] += step_s


@njit(**FAST, **INNER)
def _strays(tasks: FloatArray, task: int, state: FloatArray, world: int) -> bool:
    """Tell whether more time was spent outside tolerance than the task allows."""
    return bool(tasks[task, OUTSIDE] >= 0.0 and state[world, STRAYED] > tasks[task, OUTSIDE] + 1e-9)


# ---------------------------------------------------------------- the tasks, one kind each: PASSED, FAILED, UNDER_WAY


@njit(**FAST, **ALONE)
def _hold(
    pose: FloatArray, world: int, tasks: FloatArray, task: int, state: FloatArray, step_s: float
) -> int:  # fmt: skip
    """Judge taking off to a place, or staying at one: the clock starts when it is reached.

    Where the task allows some time outside, the clock runs on; where it does not, leaving sets the clock back.
    """
    across, high = _off_point(pose, world, tasks, task)
    is_inside = across <= tasks[task, WIDTH] and abs(high) <= tasks[task, HEIGHT_BAND]
    is_inside &= pose[world, ON_GROUND] == 0.0 and _keeps_speed(pose, world, tasks, task)
    is_inside &= _looks_right(pose, world, tasks, task, tasks[task, FORWARD], tasks[task, FORWARD + 1])
    if is_inside:
        state[world, ENTERED] = 1.0
    if state[world, ENTERED] == 0.0:
        return UNDER_WAY
    _note(state, world, across, high, is_inside, step_s)
    state[world, CLOCK] = state[world, CLOCK] + step_s if is_inside or tasks[task, OUTSIDE] >= 0.0 else 0.0
    if _strays(tasks, task, state, world):
        return FAILED
    return PASSED if state[world, CLOCK] >= tasks[task, HOLD] - 1e-9 and is_inside else UNDER_WAY


@njit(**FAST, **ALONE)
def _capture(
    pose: FloatArray, world: int, tasks: FloatArray, task: int, state: FloatArray, rings: FloatArray,
    wide: float, tall: float,
) -> int:  # fmt: skip
    """Judge a picture of a ring: only when it is taken, and only by what it shows."""
    if pose[world, CAPTURED] == 0.0 or state[world, WAS_CAPTURED] != 0.0:
        return UNDER_WAY
    margin = ring_margin_rad(pose, world, wide, tall, rings, int(tasks[task, RING]))
    state[world, MARGIN] = margin
    if margin >= 0.0:
        return PASSED
    return FAILED if tasks[task, LOSES] != 0.0 else UNDER_WAY


@njit(**FAST, **ALONE)
def _leg(
    pose: FloatArray, world: int, tasks: FloatArray, task: int, state: FloatArray, step_s: float
) -> int:  # fmt: skip
    """Judge a flight along a line to its end, inside a corridor; a least speed holds in its middle half."""
    across, high, along, length = _off_line(pose, world, tasks, task)
    is_in_corridor = across <= tasks[task, WIDTH] and abs(high) <= tasks[task, HEIGHT_BAND]
    is_inside = is_in_corridor
    is_inside &= _looks_right(pose, world, tasks, task, tasks[task, FORWARD], tasks[task, FORWARD + 1])
    if tasks[task, QUICK] >= 0.0 or 0.25 * length <= along <= 0.75 * length:
        is_inside &= _keeps_speed(pose, world, tasks, task)
    _note(state, world, across, high, is_inside, step_s)
    if _strays(tasks, task, state, world):
        return FAILED
    level, _ = _off_point(pose, world, tasks, task)
    return PASSED if level <= tasks[task, ARRIVE] and is_in_corridor else UNDER_WAY


@njit(**FAST, **ALONE)
def _sustain(
    pose: FloatArray, world: int, tasks: FloatArray, task: int, state: FloatArray, step_s: float
) -> int:  # fmt: skip
    """Judge keeping up speed from one end of a line to the other; nothing counts before its start."""
    across, high, along, length = _off_line(pose, world, tasks, task)
    if along >= 0.0:
        state[world, ENTERED] = 1.0
    if state[world, ENTERED] == 0.0:
        return UNDER_WAY
    is_inside = across <= tasks[task, WIDTH] and abs(high) <= tasks[task, HEIGHT_BAND]
    is_inside &= _keeps_speed(pose, world, tasks, task)
    is_inside &= _looks_right(pose, world, tasks, task, tasks[task, FORWARD], tasks[task, FORWARD + 1])
    _note(state, world, across, high, is_inside, step_s)
    if _strays(tasks, task, state, world):
        return FAILED
    return PASSED if along >= length else UNDER_WAY


@njit(**FAST, **ALONE)
def _turn(
    pose: FloatArray, world: int, tasks: FloatArray, task: int, state: FloatArray, step_s: float
) -> int:  # fmt: skip
    """Judge turning on the spot to a heading, the asked way round where one is asked."""
    across, high = _off_point(pose, world, tasks, task)
    is_inside = across <= tasks[task, WIDTH] and abs(high) <= tasks[task, HEIGHT_BAND]
    east, north = _forward(pose, world)
    if state[world, STEPS] > state[world, BEGAN] + 1.0:
        lx, ly = state[world, LAST], state[world, LAST + 1]
        state[world, TURNED] += math.atan2(east * ly - north * lx, east * lx + north * ly)
    state[world, LAST], state[world, LAST + 1] = east, north
    _note(state, world, across, high, is_inside, step_s)
    if _strays(tasks, task, state, world):
        return FAILED
    is_there = _looks_right(pose, world, tasks, task, tasks[task, FORWARD], tasks[task, FORWARD + 1])
    is_there &= is_inside and state[world, TURNED] * tasks[task, DIRECTION] >= 0.0
    state[world, CLOCK] = state[world, CLOCK] + step_s if is_there else 0.0
    return PASSED if is_there and state[world, CLOCK] >= tasks[task, HOLD] - 1e-9 else UNDER_WAY


@njit(**FAST, **ALONE)
def _circle(
    pose: FloatArray, world: int, tasks: FloatArray, task: int, state: FloatArray, step_s: float
) -> int:  # fmt: skip
    """Judge going round a centre so many times; where radius or height change on the way, it is a spiral."""
    across, high, ex, ey = _off_circle(pose, world, tasks, task, state)
    way, rule = tasks[task, DIRECTION], tasks[task, HEADING_RULE]
    wish_x, wish_y = tasks[task, FORWARD], tasks[task, FORWARD + 1]
    if rule == NOSE_IN:
        wish_x, wish_y = -ex, -ey
    elif rule == ALONG:
        wish_x, wish_y = way * ey, -way * ex
    is_inside = across <= tasks[task, WIDTH] and abs(high) <= tasks[task, HEIGHT_BAND]
    is_inside &= _keeps_speed(pose, world, tasks, task)
    is_inside &= _looks_right(pose, world, tasks, task, wish_x, wish_y)
    _note(state, world, across, high, is_inside, step_s)
    if _strays(tasks, task, state, world):
        return FAILED
    return PASSED if state[world, TURNED] * way >= 2.0 * math.pi * tasks[task, TURNS] - 1e-9 else UNDER_WAY


@njit(**FAST, **ALONE)
def _land(
    pose: FloatArray, world: int, tasks: FloatArray, task: int, state: FloatArray, step_s: float
) -> int:  # fmt: skip
    """Judge a landing once it has stood for a moment: how far from the point, and how hard it came down."""
    if pose[world, ON_GROUND] == 0.0:
        state[world, ON_GROUND_S] = 0.0
        return UNDER_WAY
    if state[world, ON_GROUND_S] == 0.0:
        state[world, TOUCHED] = max(state[world, TOUCHED], state[world, SINK])
    state[world, ON_GROUND_S] += step_s
    state[world, LANDED], _ = _off_point(pose, world, tasks, task)
    if state[world, ON_GROUND_S] < tasks[task, HOLD] - 1e-9:
        return UNDER_WAY
    is_gentle = tasks[task, TOUCH] < 0.0 or state[world, TOUCHED] <= tasks[task, TOUCH]
    is_gentle &= _looks_right(pose, world, tasks, task, tasks[task, FORWARD], tasks[task, FORWARD + 1])
    return PASSED if is_gentle and state[world, LANDED] <= tasks[task, WIDTH] else FAILED


@njit(**FAST, **ALONE)
def _wait(
    pose: FloatArray, world: int, tasks: FloatArray, task: int, state: FloatArray, step_s: float
) -> int:  # fmt: skip
    """Judge keeping inside a corridor for a while, from now on."""
    across, high, _, _ = _off_line(pose, world, tasks, task)
    is_inside = across <= tasks[task, WIDTH] and abs(high) <= tasks[task, HEIGHT_BAND]
    _note(state, world, across, high, is_inside, step_s)
    state[world, CLOCK] += step_s
    if _strays(tasks, task, state, world):
        return FAILED
    return PASSED if state[world, CLOCK] >= tasks[task, HOLD] - 1e-9 else UNDER_WAY


# ---------------------------------------------------------------- the referee


@njit(nogil=True, **FAST)
def reset(
    tasks: FloatArray, state: FloatArray, results: IntArray, measures: FloatArray, worlds: BoolArray
) -> None:  # fmt: skip
    """Put the worlds marked in `worlds` (n,) back before the first task; the others stay as they are."""
    for world in range(state.shape[0]):
        if worlds[world]:
            for field in range(STATES):
                state[world, field] = 0.0
            for task in range(tasks.shape[0]):
                results[world, task] = PENDING
                for field in range(MEASURES):
                    measures[world, task, field] = np.nan
            _begin(tasks, state, world)


@njit(**FAST, **INNER)
def _begin(tasks: FloatArray, state: FloatArray, world: int) -> None:
    """Clear what a world counted for its last task, and aim at the next."""
    task = min(int(state[world, TASK]), tasks.shape[0] - 1)
    state[world, BEGAN] = state[world, STEPS]
    for field in range(ENTERED, LAST):
        state[world, field] = 0.0
    state[world, ON_GROUND_S], state[world, TOUCHED] = 0.0, 0.0
    state[world, LANDED], state[world, MARGIN] = np.nan, np.nan
    for axis in range(3):
        state[world, AIM + axis] = tasks[task, TARGET + axis]
    state[world, AIM + 3], state[world, AIM + 4] = tasks[task, FORWARD], tasks[task, FORWARD + 1]


@njit(**FAST, **ALONE)
def _end(
    tasks: FloatArray, task: int, state: FloatArray, world: int, results: IntArray, measures: FloatArray,
    code: int, step_s: float,
) -> None:  # fmt: skip
    """Write down a task that is over, and go on to the next."""
    results[world, task] = code
    if code == PASSED:
        state[world, SCORED] += tasks[task, POINTS]
    measures[world, task, BEGUN_S] = state[world, BEGAN] * step_s
    measures[world, task, ENDED_S] = state[world, STEPS] * step_s
    if state[world, COUNTED] > 0.0:
        measures[world, task, PATH_RMSE] = math.sqrt(state[world, SQUARES] / state[world, COUNTED])
        measures[world, task, PATH_WORST] = math.sqrt(state[world, WORST])
        measures[world, task, OUTSIDE_S] = state[world, STRAYED]
    if tasks[task, KIND] == LAND and state[world, ON_GROUND_S] > 0.0:
        measures[world, task, LANDING_ERROR] = state[world, LANDED]
        measures[world, task, TOUCH_SPEED] = state[world, TOUCHED]
    measures[world, task, RING_MARGIN] = math.degrees(state[world, MARGIN])
    state[world, TASK] += 1.0
    if state[world, TASK] >= tasks.shape[0]:
        state[world, OVER] = 1.0
    _begin(tasks, state, world)


@njit(**FAST, **ALONE)
def _looked(
    pose: FloatArray, world: int, tasks: FloatArray, task: int, rings: FloatArray, state: FloatArray,
    wide: float, tall: float, step_s: float,
) -> int:  # fmt: skip
    """Return what the task under way makes of this step."""
    kind = int(tasks[task, KIND])
    code: int
    if kind == CAPTURE:
        code = _capture(pose, world, tasks, task, state, rings, wide, tall)
    elif kind == LEG:
        code = _leg(pose, world, tasks, task, state, step_s)
    elif kind == TURN:
        code = _turn(pose, world, tasks, task, state, step_s)
    elif kind == CIRCLE:
        code = _circle(pose, world, tasks, task, state, step_s)
    elif kind == SUSTAIN:
        code = _sustain(pose, world, tasks, task, state, step_s)
    elif kind == LAND:
        code = _land(pose, world, tasks, task, state, step_s)
    elif kind == WAIT:
        code = _wait(pose, world, tasks, task, state, step_s)
    else:
        code = _hold(pose, world, tasks, task, state, step_s)
    return code


@njit(**FAST, **ALONE)
def _has_fallen(pose: FloatArray, world: int) -> bool:
    """Tell whether a vehicle has crashed or lies on its side."""
    qx, qy = pose[world, QUATERNION], pose[world, QUATERNION + 1]
    is_tipped = 1.0 - 2.0 * (qx * qx + qy * qy) < TIPPED
    return bool(pose[world, UPSIDE] != 0.0 or (pose[world, ON_GROUND] != 0.0 and is_tipped))


@njit(nogil=True, **FAST)
def judge(
    pose: FloatArray, tasks: FloatArray, rings: FloatArray, state: FloatArray, results: IntArray,
    measures: FloatArray, wide: float, tall: float, limit_s: float, step_s: float, first: int, last: int,
) -> None:  # fmt: skip
    """Take one step of the worlds first to last (half open) into their referees.

    pose         (n, POSES)
    tasks        (t, TASKS)
    rings        (k, RINGS)
    state        (n, STATES), changed
    results      (n, t) int64, changed: PENDING, UNDER_WAY, PASSED, FAILED
    measures     (n, t, MEASURES), changed
    wide, tall   half the camera's field of view [rad]
    limit_s      seconds until the lane is over

    A world that is over stays as it is. A vehicle that lies on its side fails the task under way, and is over.
    """
    for world in range(first, last):
        if state[world, OVER] != 0.0:
            continue
        state[world, STEPS] += 1.0
        task = int(state[world, TASK])
        results[world, task] = UNDER_WAY
        code = _looked(pose, world, tasks, task, rings, state, wide, tall, step_s)
        seconds = (state[world, STEPS] - state[world, BEGAN]) * step_s
        has_fallen = _has_fallen(pose, world)
        is_late = state[world, STEPS] * step_s >= limit_s - 1e-9
        if has_fallen or (code == UNDER_WAY and (is_late or 0.0 <= tasks[task, LIMIT] <= seconds + 1e-9)):
            code = FAILED
        if code != UNDER_WAY:
            _end(tasks, task, state, world, results, measures, code, step_s)
        if has_fallen or is_late:
            state[world, OVER] = 1.0
        state[world, WAS_CAPTURED] = pose[world, CAPTURED]
        if pose[world, ON_GROUND] == 0.0:
            state[world, SINK] = -pose[world, VELOCITY + 2]
