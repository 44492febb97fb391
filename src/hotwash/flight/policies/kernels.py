"""What a policy's hand does with the sticks, for each world at each step.

    VIEW ─▶ place, heading, camera wanted (PLAN, call-outs) ─▶ velocity ─▶ sticks of the mode that is flown ─▶ COMMAND

VIEW and COMMAND are laid out in flight/seats/fields.py. Nothing here knows what the view does not tell, but for the
plan of the lane, which every examinee is given.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from hotwash.flight.seats import fields as f

FloatArray = NDArray[np.float64]

FAST: dict[str, Any] = {
    "cache": True, "error_model": "numpy", "nogil": True, "_nrt": False, "no_cfunc_wrapper": True
}  # fmt: skip
INNER: dict[str, Any] = {"no_cpython_wrapper": True}

# PLAN[task, field]: what an examinee is told of a task beforehand; the last row is for when all are done.
KIND, START, END = 0, 1, 4  # one of the below; of a line, or END alone the place to be or the centre of a circle [m]
WAY, SLOW, QUICK = 7, 8, 9  # 1 clockwise, -1 counter, 0 either; bounds on speed [m/s], below 0 where there is none
AIM, HAS_RING = 10, 11  # deg above the horizon where the ring is; 0 or 1
IS_ROUND = 12  # whether the nose turns with a circle, 0 or 1
PLANS = 13

STAY, PICTURE, LINE, RUN, CIRCLE, TURN, LANDING, REST = 0, 1, 2, 3, 4, 5, 6, 7

# MIND[world, field]: what a pilot keeps in mind.
PUSH, SETTLED, WAITED, LAST_TASK = 0, 3, 4, 5  # three sums of error [m/s]; s at the place; s since a capture; task
IS_RUNNING = 6  # on the run of a line flown at speed
MINDS = 8

# HAND[field]: how the airframe answers, and how the pilot flies it.
TOP_SPEED, TOP_CLIMB, TOP_SINK, TOP_YAW, TOP_TILT = 0, 1, 2, 3, 4  # m/s, m/s, m/s, deg/s, deg at a full stick
TOP_GIMBAL, DEAD_BAND, PER_CLIMB = 5, 6, 7  # deg/s at a full lever; share of a stick that does nothing; stick per m/s
PER_METRE, BRAKE, PER_SPEED, PER_SUM = 8, 9, 10, 11  # 1/s; m/s2; 1/s; 1/s2
CLOSE_M, SLOW_MPS, SETTLE_S, WAIT_S = 12, 13, 14, 15  # what "at the place" is; s before a picture; s between two
CRUISE, LAG, WISH, OVER_PAD_M = 16, 17, 18, 19  # m/s; s that speed lags behind the stick; mode; m off to descend
HANDS = 20

GRAVITY_MPS2 = 9.81
NEAR_M = 2.0  # errors are summed only within this: on the way they mean nothing
MOST_PUSH_MPS = 4.0  # what the sum may ask for
RUN_UP_M = 8.0  # before the start of a line that is flown at speed
LOW_M = 1.0  # slowly below this
TOUCH_MPS, DESCENT_MPS = 0.35, 1.0


@njit(**FAST, **INNER)
def _clipped(value: float, most: float) -> float:
    """Return a value kept between -most and most."""
    return min(max(value, -most), most)


@njit(**FAST, **INNER)
def _stick(share: float, dead_band: float) -> float:
    """Return where to hold a stick with a dead band so that a share of its full way comes through."""
    share = _clipped(share, 1.0)
    if share == 0.0:
        return 0.0
    return share * (1.0 - dead_band) + (dead_band if share > 0.0 else -dead_band)


@njit(**FAST, **INNER)
def _turn(to_deg: float, from_deg: float, way: float) -> float:
    """Return the turn from one heading to another [deg], + clockwise: the shorter, or the asked, way round."""
    turn = (to_deg - from_deg + 180.0) % 360.0 - 180.0
    return turn + 360.0 * way if turn * way < -90.0 else turn


@njit(**FAST, **INNER)
def _heading(view: FloatArray, w: int, at: int) -> float:
    """Return where the nose of the quaternion in a view points [deg from north, clockwise]."""
    x, y, z, s = view[w, at], view[w, at + 1], view[w, at + 2], view[w, at + 3]
    return math.degrees(math.atan2(1.0 - 2.0 * (y * y + z * z), 2.0 * (x * y + s * z)))


@njit(**FAST, **INNER)
def _approach(away_m: float, hand: FloatArray, most: float) -> float:
    """Return how fast to go towards a place so far away: what can still be braked, and slower when near [m/s]."""
    return float(min(most, hand[PER_METRE] * away_m, math.sqrt(2.0 * hand[BRAKE] * away_m)))


@njit(**FAST, **INNER)
def _pace(plan: FloatArray, task: int, cruise: float) -> float:
    """Return the speed to fly a task with: inside its bounds, or the pilot's own."""
    slow, quick = plan[task, SLOW], plan[task, QUICK]
    if slow >= 0.0 and quick >= 0.0:
        return float(0.5 * (slow + quick))
    if slow >= 0.0:
        return float(max(cruise, 1.25 * slow))
    return float(min(cruise, 0.75 * quick)) if quick >= 0.0 else cruise


@njit(**FAST, **INNER)
def _to_place(east: float, north: float, hand: FloatArray, most: float) -> tuple[float, float]:
    """Return the velocity straight to a place so far off [m/s]."""
    away = math.sqrt(east * east + north * north)
    if away < 1e-9:
        return 0.0, 0.0
    speed = _approach(away, hand, most)
    return east / away * speed, north / away * speed


@njit(**FAST, **INNER)
def _along_line(
    x: float, y: float, vx: float, vy: float, plan: FloatArray, task: int, hand: FloatArray, mind: FloatArray, w: int
) -> tuple[float, float]:  # fmt: skip
    """Return the velocity down a task's line, back onto it where off it.

    A RUN begins before the line, unless the line before it was flown at speed, and does not brake.
    """
    ex, ey = plan[task, END] - plan[task, START], plan[task, END + 1] - plan[task, START + 1]
    length = math.sqrt(ex * ex + ey * ey)
    if length < 1e-6:
        straight: tuple[float, float] = _to_place(plan[task, END] - x, plan[task, END + 1] - y, hand, hand[CRUISE])
        return straight
    ex, ey = ex / length, ey / length
    px, py = x - plan[task, START], y - plan[task, START + 1]
    along, across = px * ex + py * ey, px * ey - py * ex  # across: + to the right of the line
    pace = _pace(plan, task, hand[CRUISE])
    if plan[task, KIND] == RUN:
        is_slow = mind[w, IS_RUNNING] == 0.0 and vx * ex + vy * ey < 0.9 * plan[task, SLOW]
        if is_slow and (along > 0.5 - RUN_UP_M or abs(across) > 0.5):
            x0, y0 = plan[task, START] - RUN_UP_M * ex, plan[task, START + 1] - RUN_UP_M * ey
            to_start: tuple[float, float] = _to_place(x0 - x, y0 - y, hand, hand[CRUISE])
            return to_start
        mind[w, IS_RUNNING] = 1.0
        speed = pace
    else:
        speed = _approach(max(length - along, 0.0), hand, pace)
    back = _clipped(hand[PER_METRE] * across, max(0.5, 0.7 * pace))
    left = length - along
    if plan[task, KIND] == LINE and left < 0.0:
        speed = -_approach(-left, hand, pace)
    return speed * ex - back * ey, speed * ey + back * ex


@njit(**FAST, **INNER)
def _round(
    x: float, y: float, view: FloatArray, w: int, plan: FloatArray, task: int, hand: FloatArray
) -> tuple[float, float, float]:  # fmt: skip
    """Return the velocity round a task's circle, and the turning of the nose that goes with it [deg/s].

    The place that is called out lies ahead on the circle, so its distance from the centre is the radius to fly.
    """
    ex, ey = x - plan[task, END], y - plan[task, END + 1]
    off = max(math.sqrt(ex * ex + ey * ey), 1e-6)
    ex, ey = ex / off, ey / off
    tx, ty = view[w, f.TASK_POSITION] - plan[task, END], view[w, f.TASK_POSITION + 1] - plan[task, END + 1]
    radius = max(math.sqrt(tx * tx + ty * ty), 0.1)
    way = plan[task, WAY]
    way = way if way != 0.0 else 1.0
    pace = min(_pace(plan, task, hand[CRUISE]), math.sqrt(2.0 * hand[BRAKE] * radius))
    on = pace if abs(off - radius) < 1.0 + 0.25 * radius else 0.0
    back = _clipped(hand[PER_METRE] * (radius - off), max(1.0, pace))
    inward = on * on / radius * hand[LAG]
    ve = way * on * ey + (back - inward) * ex
    vn = -way * on * ex + (back - inward) * ey
    turning = way * math.degrees(on / radius) if plan[task, IS_ROUND] != 0.0 else 0.0
    return ve, vn, turning


@njit(**FAST, **INNER)
def _sticks(
    row: FloatArray, view: FloatArray, w: int, hand: FloatArray, mind: FloatArray, heading_deg: float,
    ve: float, vn: float, up: float, place: int,
) -> None:  # fmt: skip
    """Write roll, pitch and throttle that give a velocity in the mode that is flown."""
    sine, cosine = math.sin(math.radians(heading_deg)), math.cos(math.radians(heading_deg))
    mode = int(view[w, f.MODE])
    climb = view[w, place + 2] if view[w, f.IS_SEEN] != 0.0 else view[w, f.CLIMB]
    if mode == f.POSITION_HOLD:
        ve, vn = ve + mind[w, PUSH], vn + mind[w, PUSH + 1]
        row[f.STICK_PITCH] = _stick((ve * sine + vn * cosine) / hand[TOP_SPEED], hand[DEAD_BAND])
        row[f.STICK_ROLL] = _stick((ve * cosine - vn * sine) / hand[TOP_SPEED], hand[DEAD_BAND])
    else:
        ae = hand[PER_SPEED] * (ve - view[w, place]) + mind[w, PUSH]
        an = hand[PER_SPEED] * (vn - view[w, place + 1]) + mind[w, PUSH + 1]
        forward = math.degrees(math.atan((ae * sine + an * cosine) / GRAVITY_MPS2))
        right = math.degrees(math.atan((ae * cosine - an * sine) / GRAVITY_MPS2))
        row[f.STICK_PITCH] = _clipped(forward / hand[TOP_TILT], 1.0)
        row[f.STICK_ROLL] = _clipped(right / hand[TOP_TILT], 1.0)
    if mode in (f.STABILISED, f.RATE):
        row[f.STICK_THROTTLE] = _clipped(hand[PER_CLIMB] * (up - climb) + mind[w, PUSH + 2], 1.0)
    else:
        row[f.STICK_THROTTLE] = _stick(up / (hand[TOP_CLIMB] if up > 0.0 else hand[TOP_SINK]), hand[DEAD_BAND])


@njit(**FAST, **INNER)
def _keep_in_mind(
    mind: FloatArray, view: FloatArray, w: int, hand: FloatArray, east: float, north: float, high: float,
    slip: float, step_s: float,
) -> None:  # fmt: skip
    """Sum what stays wrong though it is steered against: wind, a drifting fix, a heavy battery."""
    mode = int(view[w, f.MODE])
    if math.sqrt(east * east + north * north) < NEAR_M and view[w, f.IS_ON_GROUND] == 0.0:
        share = hand[PER_SUM] * step_s
        mind[w, PUSH] = _clipped(mind[w, PUSH] + share * east, MOST_PUSH_MPS)
        mind[w, PUSH + 1] = _clipped(mind[w, PUSH + 1] + share * north, MOST_PUSH_MPS)
    if mode in (f.STABILISED, f.RATE):
        mind[w, PUSH + 2] = _clipped(mind[w, PUSH + 2] + 0.5 * hand[PER_CLIMB] * slip * step_s, 0.5)


@njit(**FAST, **INNER)
def _picture(
    row: FloatArray, view: FloatArray, w: int, plan: FloatArray, task: int, hand: FloatArray, mind: FloatArray,
    away_m: float, speed_mps: float, turn_deg: float, step_s: float,
) -> None:  # fmt: skip
    """Turn the camera to the ring, and take the picture once all stands still."""
    aim = plan[task, AIM] - view[w, f.GIMBAL_PITCH]
    row[f.GIMBAL_RATE] = _clipped(3.0 * aim / hand[TOP_GIMBAL], 1.0) if plan[task, HAS_RING] != 0.0 else 0.0
    is_still = away_m < hand[CLOSE_M] and speed_mps < hand[SLOW_MPS] and abs(turn_deg) < 3.0
    is_still = is_still and (abs(aim) < 1.5 or plan[task, HAS_RING] == 0.0)
    mind[w, SETTLED] = mind[w, SETTLED] + step_s if is_still else 0.0
    mind[w, WAITED] += step_s
    if plan[task, KIND] == PICTURE and mind[w, SETTLED] >= hand[SETTLE_S] and mind[w, WAITED] >= hand[WAIT_S]:
        row[f.CAPTURE] = 1.0
        mind[w, WAITED] = 0.0


@njit(**FAST)
def fly(
    view: FloatArray, plan: FloatArray, hand: FloatArray, mind: FloatArray, command: FloatArray, step_s: float
) -> None:
    """Write what the autopilot asks for in each world.

    view      (n, VIEWS)
    plan      (tasks + 1, PLANS)
    hand      (HANDS,)
    mind      (n, MINDS), read and overwritten
    command   (n, COMMANDS), overwritten
    """
    for w in range(view.shape[0]):
        row = command[w]
        row[:] = 0.0
        task = min(max(int(view[w, f.TASK]), 0), plan.shape[0] - 1)
        if mind[w, LAST_TASK] != task:
            mind[w, LAST_TASK], mind[w, SETTLED], mind[w, IS_RUNNING] = task, 0.0, 0.0
            mind[w, WAITED] = hand[WAIT_S]
        kind = int(plan[task, KIND])
        is_seen = view[w, f.IS_SEEN] != 0.0
        place = f.SEEN_POSITION if is_seen else f.NAV_POSITION
        speed = f.SEEN_VELOCITY if is_seen else f.NAV_VELOCITY
        x, y, z = view[w, place], view[w, place + 1], view[w, place + 2]
        heading_deg = _heading(view, w, f.SEEN_QUATERNION if is_seen else f.ATTITUDE)
        east, north = view[w, f.TASK_POSITION] - x, view[w, f.TASK_POSITION + 1] - y
        high = view[w, f.TASK_POSITION + 2] - z
        turning = 0.0
        if kind in (LINE, RUN):
            ve, vn = _along_line(x, y, view[w, speed], view[w, speed + 1], plan, task, hand, mind, w)
        elif kind == CIRCLE:
            ve, vn, turning = _round(x, y, view, w, plan, task, hand)
        else:
            ve, vn = _to_place(east, north, hand, _pace(plan, task, hand[CRUISE]))
        level = math.sqrt(east * east + north * north)
        up = (1.0 if high > 0.0 else -1.0) * _approach(
            abs(high), hand, hand[TOP_CLIMB] if high > 0.0 else hand[TOP_SINK]
        )
        if kind == LANDING:
            up = _descent(view, w, z, level, hand)
        turn = _turn(view[w, f.TASK_HEADING], heading_deg, plan[task, WAY] if kind == TURN else 0.0)
        _sticks(row, view, w, hand, mind, heading_deg, ve, vn, up, speed)
        row[f.STICK_YAW] = _stick((turning + 2.0 * turn) / hand[TOP_YAW], hand[DEAD_BAND])
        if kind in (STAY, PICTURE, TURN, LANDING):
            _keep_in_mind(mind, view, w, hand, east, north, high, up - view[w, speed + 2], step_s)
        vx, vy, vz = view[w, speed], view[w, speed + 1], view[w, speed + 2]
        away_m = math.sqrt(level * level + high * high)
        _picture(row, view, w, plan, task, hand, mind, away_m, math.sqrt(vx * vx + vy * vy + vz * vz), turn, step_s)
        _modes(row, view, w, hand, kind)


@njit(**FAST, **INNER)
def _descent(view: FloatArray, w: int, z: float, level: float, hand: FloatArray) -> float:
    """Return how fast to climb in order to land: down when over the pad, slowly near it; once down, stay down."""
    if view[w, f.IS_ON_GROUND] != 0.0:
        return -float(hand[TOP_SINK])
    if level > hand[OVER_PAD_M] * (1.0 + max(z, 0.0)):
        return 0.0
    return -TOUCH_MPS if z < LOW_M else -min(DESCENT_MPS, TOUCH_MPS + 0.7 * (z - LOW_M))


@njit(**FAST, **INNER)
def _modes(row: FloatArray, view: FloatArray, w: int, hand: FloatArray, kind: int) -> None:
    """Arm where there is something to fly, and ask for the wished mode where a failsafe has left it and is over."""
    warnings = int(view[w, f.WARNINGS])
    row[f.ASKED_MODE] = -1.0
    if view[w, f.IS_ARMED] == 0.0 and kind != LANDING and kind != REST:
        row[f.BUTTONS] = float(f.ARM)
    is_lost = warnings & (f.FIX_LOST | f.LINK_LOST | f.BATTERY_CRITICAL) != 0
    if view[w, f.MODE] != hand[WISH] and not is_lost:
        row[f.ASKED_MODE] = hand[WISH]
    if kind == REST:
        row[f.STICK_THROTTLE] = -1.0 if view[w, f.IS_ON_GROUND] != 0.0 else row[f.STICK_THROTTLE]
