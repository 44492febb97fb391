"""The compiled parts of a seat: from what the pilot asks to what the drone tries, from what is true to what is seen.

    COMMAND ─link─▶ received ─modes, failsafes─▶ flight mode ─controllers─▶ SETPOINT
    POSE ─errors, faults─▶ navigation ─▶ VIEW            navigation ─next step─▶ controllers

Both walk over worlds one by one: what differs from world to world here is which branch is taken, not numbers.
A block of one lane and one of many run the same code, so a world's numbers do not depend on its neighbours.

The numbers of a seat between two steps are SEAT[world, field] below; nobody else reads them but `Exercise`.
Angles of heading are kept as cosine and sine of the angle from east to north.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from hotwash.flight import layout as pose_at
from hotwash.flight.seats import fields as f

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

EXACT: dict[str, Any] = {
    "cache": True, "error_model": "numpy", "nogil": True, "_nrt": False, "no_cfunc_wrapper": True
}  # fmt: skip
INNER: dict[str, Any] = {
    "error_model": "numpy", "_nrt": False, "no_cpython_wrapper": True, "no_cfunc_wrapper": True
}  # fmt: skip
# What is called in one place becomes part of its caller: handing five arrays over takes as long as many a function.
ALONE: dict[str, Any] = {**INNER, "forceinline": True}

# SEAT[world, field]
TICK, MODE, ASKED, ARMED = 0, 1, 2, 3  # steps since the start; the mode flown; the mode asked for; 0 or 1
HELD = 4  # the command in effect, COMMANDS numbers
NEWEST, SILENCE, LOST_FOR, LINK_PHASE = 12, 13, 14, 15  # step of the newest command heard; s; s; 0, 1 hovers, 2 returns
QUALITY, LOST_NOW = 16, 17  # of the link, 0 to 1; whether this step's message was lost
BATTERY_PHASE, CALLED_OFF, FIX_GOOD, FIX_FOR = 18, 19, 20, 21  # 0 to 3; 0 or 1; 0 or 1; s
REFUSED_FOR, GROUND_FOR = 22, 23  # s left to show it; s on the ground
WANDER = 24  # slow error of the fix, 3 [m]; of its velocity, 3 [m/s]; of the barometer [m]
NAV, NAV_SPEED, FIX = 31, 34, 37  # what the drone believes: m; m/s; 0 or 1
TAKE_OFF, BARO, CLIMB, COS, SIN = 38, 39, 40, 41, 42  # m; m above it; m/s; of its heading
HOME, HAS_HOME = 43, 45
TARGET, LOCKED, TARGET_HEIGHT, HEIGHT_LOCKED = 46, 48, 49, 50
WISH, WISH_CLIMB, WOUND, WOUND_CLIMB = 51, 53, 54, 56  # m/s, 2; m/s; m/s2, 2; m/s2
LEG = 57  # of a multirotor's return: 0 climbs, 1 flies home, 2 lands
SINKING = 57  # of a wing: s at full throttle
GIMBAL, CAPTURED = 58, 59
OUT_INNER, OUT_ROLL, OUT_PITCH, OUT_YAW, OUT_THRUST = 60, 61, 62, 63, 64
FIX_OFF, FIX_STUCK, FIX_SHIFT, FIX_DRIFT = 65, 66, 67, 69  # faults at work now: 0 or 1 twice; m, 2; m/s, 2
DELAY, JITTER, LOSS, SHARES = 71, 72, 73, 74  # s; s; share; of 4 motors
TURN_COS, TURN_SIN, FROZEN, GUST, CHARGE_CAP = 78, 79, 80, 81, 83  # of the compass; 0 or 1; m/s, 2; share
WARNED, CHARGE, INJECTS = 84, 85, 86  # bits; share left; messages so far
HEADING_COS, HEADING_SIN, HEADING_LOCKED = 87, 88, 89  # the heading that is held
AIM_EAST, AIM_NORTH = 90, 91  # the direction that was last called out as a heading
SEATS = 92

GRAVITY_MPS2 = 9.80665
PER_GRAVITY = 1.0 / GRAVITY_MPS2  # a product takes a quarter of a division's time
DEAD_BAND = 0.05  # of a stick: a centred one never stands at zero
STRETCH = 1.0 / (1.0 - DEAD_BAND)
STILL_MPS = 0.5  # slower than this it has stopped, and holds the place
TURNING_RADPS = 0.15  # turning slower than this it has stopped, and holds the heading
HEADING_GAIN = 2.0  # rad/s for a radian of heading
LAUNCH_STICK = 0.1  # a throttle above it launches a wing
NUDGE_MPS = 2.0  # how fast sticks move it while it lands by itself
FLARE_M, FLARE_MPS, DESCENT_MPS = 4.0, 0.5, 2.0  # below this height it sinks so slowly; above it so fast at most
FLARE_S, FLARE_SINK_MPS = 3.0, 0.35  # of a wing: how long the flare takes, and its sink at touchdown
CLIMB_PER_SPEED = 0.12  # rad for 1 m/s above the slowest speed: slower than the pitch that it commands
POWERLESS_S, LANDS = 3.0, -1.0  # s: a gust takes it down for less
NEAR_HOME_M = 3.0  # a return from here does not climb first
REFUSED_S = 2.0  # how long a refusal is shown
LOST = -1.0  # marks a command that does not come through
SLOWEST_QUALITY = 0.1  # share of the newest message in the shown quality
EASING, EASED_MPS2 = 1.5, 0.5  # times the speed's gain: a wish nears its end no faster than the tilt can end; m/s2
JOLT = 3.0  # m/s2, change of the climb that a throttle stick may ask for


@njit(**EXACT)
def first_invalid(command: FloatArray) -> int:
    """Return -1, or world * COMMANDS + field of the first number that no seat may command.

    command   (n, COMMANDS)
    """
    for w in range(command.shape[0]):
        for field in range(f.COMMANDS):
            value = command[w, field]
            least = 0.0 if field == f.CAPTURE or field == f.BUTTONS else -1.0
            most = 1.0
            if field == f.ASKED_MODE:
                most = f.MODES - 1.0
            elif field == f.BUTTONS:
                most = float(f.ARM | f.DISARM)
            is_whole = field < f.CAPTURE or value == math.floor(value)
            if not (least <= value <= most and is_whole):
                return w * f.COMMANDS + field
    return -1


# ---------------------------------------------------------------- small sums


@njit(**INNER)
def clamp(value: float, least: float, most: float) -> float:
    """Return the value, kept between two bounds."""
    return min(max(value, least), most)


@njit(**INNER)
def beyond_centre(stick: float) -> float:
    """Return a stick without its dead band, still -1 to 1."""
    if stick > DEAD_BAND:
        return (stick - DEAD_BAND) * STRETCH
    if stick < -DEAD_BAND:
        return (stick + DEAD_BAND) * STRETCH
    return 0.0


@njit(**INNER)
def tilt_for(share_of_g: float) -> float:
    """Return atan(x) within 0.005 rad for x from -1 to 1: the tilt that pushes sideways with x g."""
    tilt: float = share_of_g / (1.0 + 0.28125 * share_of_g * share_of_g)
    return tilt


@njit(**ALONE)
def towards(now: float, wanted: float, most: float) -> float:
    """Return `now` moved towards `wanted` by at most `most`."""
    moved: float = now + clamp(wanted - now, -most, most)
    return moved


# ---------------------------------------------------------------- faults and the link


@njit(**ALONE)
def suffer(seat: FloatArray, w: int, faults: FloatArray, now_s: float, step_s: float) -> None:
    """Sum up the faults that are at work at a time, into SEAT from FIX_OFF to CHARGE_CAP."""
    for field in range(FIX_OFF, CHARGE_CAP):
        seat[w, field] = 0.0
    for motor in range(4):
        seat[w, SHARES + motor] = 1.0
    seat[w, TURN_COS] = 1.0
    seat[w, CHARGE_CAP] = 1.0
    for one in range(faults.shape[1]):
        onset_s = faults[w, one, f.ONSET]
        if onset_s <= now_s < faults[w, one, f.END]:
            a, b = faults[w, one, f.FIRST], faults[w, one, f.SECOND]
            take_fault(seat, w, int(faults[w, one, f.FAULT_KIND]), a, b, now_s - onset_s, step_s)


@njit(**ALONE)
def take_fault(seat: FloatArray, w: int, kind: int, a: float, b: float, age_s: float, step_s: float) -> None:
    """Add one fault to those at work; a, b as `faults.fault_rows` lays them."""
    if kind == f.SATNAV_OFF:
        seat[w, FIX_OFF] = 1.0
    elif kind == f.SATNAV_STUCK:
        seat[w, FIX_STUCK] = 1.0
    elif kind == f.SATNAV_DRIFT:
        seat[w, FIX_SHIFT] += a * age_s
        seat[w, FIX_SHIFT + 1] += b * age_s
        seat[w, FIX_DRIFT] += a
        seat[w, FIX_DRIFT + 1] += b
    elif kind == f.SATNAV_JUMP:
        seat[w, FIX_SHIFT] += a
        seat[w, FIX_SHIFT + 1] += b
    elif kind == f.LINK_DELAY:
        seat[w, DELAY] += a
    elif kind == f.LINK_JITTER:
        seat[w, JITTER] += a
    elif kind == f.LINK_LOSS:
        seat[w, LOSS] = max(seat[w, LOSS], a)
    elif kind == f.MOTOR_LOSS:
        seat[w, SHARES + int(a)] *= b
    elif kind == f.COMPASS_OFFSET:
        cos, sin = seat[w, TURN_COS], seat[w, TURN_SIN]
        seat[w, TURN_COS], seat[w, TURN_SIN] = cos * a - sin * b, sin * a + cos * b
    elif kind == f.VIDEO_FREEZE:
        seat[w, FROZEN] = 1.0
    elif kind == f.BATTERY_DROP and age_s < step_s:
        seat[w, CHARGE_CAP] = min(seat[w, CHARGE_CAP], a)
    elif kind == f.GUST_FRONT:
        seat[w, GUST] += a
        seat[w, GUST + 1] += b


@njit(**ALONE)
def receive(seat: FloatArray, w: int, command: FloatArray, sent: FloatArray, drawn: float, step_s: float) -> None:
    """Send this step's command over the link and take what has come through as the command in effect.

    sent    (n, slots, COMMANDS) the commands still under way, a ring; a lost one has LOST in place of its capture
    drawn   uniform 0 to 1, for this step's loss and jitter

    Commands keep their order: a late one is overtaken, never read after a newer one. Buttons, mode and capture of
    every command heard for the first time count; lost ones do not.
    """
    slots = sent.shape[1]
    tick = int(seat[w, TICK])
    loss = seat[w, LOSS]
    is_lost = drawn < loss
    slot = tick % slots if slots > 1 else 0  # the remainder of a division takes as long as all of these copies
    for field in range(f.COMMANDS):
        sent[w, slot, field] = command[w, field]
    if is_lost:
        sent[w, slot, f.CAPTURE] = LOST
    share = (drawn - loss) / (1.0 - loss) if loss < drawn else 0.0
    late = int(math.floor((seat[w, DELAY] + seat[w, JITTER] * share) / step_s + 0.5))
    due = tick - min(late, slots - 1)
    newest = int(seat[w, NEWEST])
    seat[w, HELD + f.CAPTURE] = 0.0
    seat[w, HELD + f.BUTTONS] = 0.0
    seat[w, HELD + f.ASKED_MODE] = -1.0
    seat[w, LOST_NOW] = 1.0 if is_lost else 0.0
    heard = 0
    if due > newest:
        heard = hear(seat, w, sent, max(newest + 1, tick - slots + 1), due)
        seat[w, NEWEST] = due
    seat[w, SILENCE] = 0.0 if heard > 0 else seat[w, SILENCE] + step_s
    seat[w, QUALITY] += SLOWEST_QUALITY * (1.0 - seat[w, LOST_NOW] - seat[w, QUALITY])


@njit(**ALONE)
def hear(seat: FloatArray, w: int, sent: FloatArray, first: int, last: int) -> int:
    """Take the commands of the steps `first` to `last` as heard: sticks of the last, what was pressed in any.

    returns   how many of them were not lost
    """
    slots, heard = sent.shape[1], 0
    for one in range(first, last + 1):
        slot = one % slots if slots > 1 else 0
        if sent[w, slot, f.CAPTURE] == LOST:
            continue
        heard += 1
        seat[w, HELD + f.CAPTURE] = max(seat[w, HELD + f.CAPTURE], sent[w, slot, f.CAPTURE])
        seat[w, HELD + f.BUTTONS] = float(int(seat[w, HELD + f.BUTTONS]) | int(sent[w, slot, f.BUTTONS]))
        if sent[w, slot, f.ASKED_MODE] >= 0.0:
            seat[w, HELD + f.ASKED_MODE] = sent[w, slot, f.ASKED_MODE]
        for field in range(f.CAPTURE):
            seat[w, HELD + field] = sent[w, slot, field]
    return heard


# ---------------------------------------------------------------- who decides: pilot, failsafes


@njit(**ALONE)
def watch_link(seat: FloatArray, w: int, limits: FloatArray) -> bool:
    """Return whether the link counts as lost, and count how long; a lost one leaves the sticks centred."""
    is_lost: bool = seat[w, SILENCE] > limits[f.LINK_TIMEOUT] + 1e-9
    if is_lost:
        seat[w, LOST_FOR] += limits[f.STEP]
        phase = 1.0 if seat[w, LOST_FOR] <= limits[f.LINK_HOVER] else 2.0
        seat[w, LINK_PHASE] = max(seat[w, LINK_PHASE], phase)
        for field in range(f.CAPTURE):
            seat[w, HELD + field] = 0.0
    else:
        seat[w, LOST_FOR] = 0.0
        # Back while it still hovers, the pilot flies on; once it returns, a mode must be asked for.
        if seat[w, LINK_PHASE] < 2.0 or seat[w, HELD + f.ASKED_MODE] >= 0.0:
            seat[w, LINK_PHASE] = 0.0
    return is_lost


@njit(**ALONE)
def watch_battery(seat: FloatArray, w: int, limits: FloatArray) -> None:
    """Go on from warning to return to landing as the charge falls, never back while it flies."""
    charge = seat[w, CHARGE]
    if charge <= limits[f.BATTERY_LAND]:
        seat[w, BATTERY_PHASE] = 3.0
    elif charge <= limits[f.BATTERY_RETURN]:
        seat[w, BATTERY_PHASE] = max(seat[w, BATTERY_PHASE], 2.0)
    elif charge <= limits[f.BATTERY_WARN]:
        seat[w, BATTERY_PHASE] = max(seat[w, BATTERY_PHASE], 1.0)


@njit(**ALONE)
def watch_fix(seat: FloatArray, w: int, limits: FloatArray) -> None:
    """Let a fix that was lost count again only once it has been back for a while."""
    if seat[w, FIX] < 0.5:
        seat[w, FIX_GOOD] = 0.0
        seat[w, FIX_FOR] = 0.0
    elif seat[w, FIX_GOOD] < 0.5:
        seat[w, FIX_FOR] += limits[f.STEP]
        if seat[w, FIX_FOR] >= limits[f.FIX_TIMEOUT]:
            seat[w, FIX_GOOD] = 1.0


@njit(**ALONE)
def arm(seat: FloatArray, w: int, limits: FloatArray, is_on_ground: bool, is_upside: bool) -> None:
    """Follow the buttons: motors start and stop on the ground only."""
    step_s = limits[f.STEP]
    buttons = int(seat[w, HELD + f.BUTTONS])
    seat[w, REFUSED_FOR] = max(0.0, seat[w, REFUSED_FOR] - step_s)
    if buttons & f.ARM and seat[w, ARMED] < 0.5:
        is_held = seat[w, ASKED] >= f.ALTITUDE_HOLD
        is_low = is_held or seat[w, HELD + f.STICK_THROTTLE] <= -0.9
        can = (is_on_ground or limits[f.IS_WING] > 0.5) and is_low and not is_upside
        can = can and seat[w, CHARGE] > limits[f.BATTERY_LAND] and seat[w, ASKED] != f.RETURN_HOME
        if can and seat[w, ASKED] != f.LAND:
            seat[w, ARMED] = 1.0
            seat[w, BATTERY_PHASE], seat[w, CALLED_OFF], seat[w, HAS_HOME], seat[w, LINK_PHASE] = 0.0, 0.0, 0.0, 0.0
        else:
            seat[w, REFUSED_FOR] = REFUSED_S
    if (buttons & f.DISARM and is_on_ground) or is_upside:
        seat[w, ARMED] = 0.0
    if seat[w, ARMED] > 0.5 and seat[w, HAS_HOME] < 0.5 and seat[w, FIX] > 0.5:
        seat[w, HOME], seat[w, HOME + 1], seat[w, HAS_HOME] = seat[w, NAV], seat[w, NAV + 1], 1.0


@njit(**ALONE)
def decide(seat: FloatArray, w: int, limits: FloatArray, is_on_ground: bool, is_upside: bool) -> None:
    """Choose the mode that is flown: what the pilot asks, unless a failsafe, or a fix that is not there, forbids it."""
    is_lost = watch_link(seat, w, limits)
    watch_battery(seat, w, limits)
    watch_fix(seat, w, limits)
    asked = seat[w, HELD + f.ASKED_MODE]
    if asked >= 0.0 and not is_lost:
        seat[w, ASKED] = asked
        if seat[w, BATTERY_PHASE] == 2.0:
            seat[w, CALLED_OFF] = 1.0
    arm(seat, w, limits, is_on_ground, is_upside)
    wanted, bits = seat[w, ASKED], 0
    is_mine = True
    if seat[w, ARMED] > 0.5:
        if seat[w, BATTERY_PHASE] > 2.5:
            wanted, is_mine = float(f.LAND), False
        elif seat[w, LINK_PHASE] > 1.5 or (seat[w, BATTERY_PHASE] > 1.5 and seat[w, CALLED_OFF] < 0.5):
            wanted, is_mine = float(f.RETURN_HOME), False
        elif seat[w, LINK_PHASE] > 0.5:
            wanted, is_mine = float(f.LAND if is_on_ground else f.POSITION_HOLD), False
    if wanted == f.RETURN_HOME and is_on_ground and limits[f.IS_WING] < 0.5:
        wanted = float(f.LAND)  # what stands needs no way home
    flown = flyable_mode(seat, w, wanted)
    if flown != wanted and flown == f.ALTITUDE_HOLD:  # of a landing LANDING tells
        bits |= f.FELL_BACK
    if not is_mine and flown == f.RETURN_HOME:
        bits |= f.RETURNING
    if flown == f.LAND and (not is_mine or seat[w, ASKED] != f.LAND):
        bits |= f.LANDING
    seat[w, WARNED] = bits | warning_bits(seat, w, is_lost, is_upside)
    if flown != seat[w, MODE]:
        begin_mode(seat, w, flown)


@njit(**ALONE)
def flyable_mode(seat: FloatArray, w: int, wanted: float) -> float:
    """Return the mode that can be flown: without a fix nothing holds a place or finds home."""
    has_fix = seat[w, FIX_GOOD] > 0.5
    if not has_fix and (wanted == f.POSITION_HOLD or wanted == f.LOITER):
        return float(f.ALTITUDE_HOLD)
    if wanted == f.RETURN_HOME and (not has_fix or seat[w, HAS_HOME] < 0.5):
        return float(f.LAND)
    return wanted


@njit(**ALONE)
def warning_bits(seat: FloatArray, w: int, is_lost: bool, is_upside: bool) -> int:
    """Return the warnings that do not depend on the mode, as bits."""
    bits = 0
    if seat[w, FIX] < 0.5:
        bits |= f.FIX_LOST
    if is_lost:
        bits |= f.LINK_LOST
    if seat[w, BATTERY_PHASE] > 0.5:
        bits |= f.BATTERY_LOW
    if seat[w, BATTERY_PHASE] > 1.5:
        bits |= f.BATTERY_CRITICAL
    if seat[w, REFUSED_FOR] > 0.0:
        bits |= f.ARM_REFUSED
    if is_upside:
        bits |= f.UPSIDE_DOWN
    return bits


@njit(**ALONE)
def begin_mode(seat: FloatArray, w: int, flown: float) -> None:
    """Enter a mode without a jump: it starts from the speed that there is."""
    seat[w, MODE] = flown
    seat[w, WISH], seat[w, WISH + 1] = seat[w, NAV_SPEED], seat[w, NAV_SPEED + 1]
    seat[w, WISH_CLIMB] = seat[w, CLIMB]
    seat[w, LOCKED], seat[w, HEIGHT_LOCKED], seat[w, LEG], seat[w, GROUND_FOR] = 0.0, 0.0, 0.0, 0.0


# ---------------------------------------------------------------- controllers of a multirotor


@njit(**INNER)
def push_to(seat: FloatArray, w: int, limits: FloatArray, east_mps: float, north_mps: float) -> None:
    """Ask for the tilt that takes the believed velocity to another, no faster than the airframe speeds up.

    The wish moves there at PUSH, and the tilt follows its slope and the drag that it would meet in still air: without
    that, the speed would lag behind by the time of a whole loop, and the sum of what is wrong would carry it beyond.
    """
    step_s = limits[f.STEP]
    off_e, off_n = east_mps - seat[w, WISH], north_mps - seat[w, WISH + 1]
    size = math.sqrt(off_e * off_e + off_n * off_n)
    most = step_s * clamp(EASING * limits[f.SPEED_GAIN] * size, EASED_MPS2, limits[f.PUSH])
    is_there = size <= most
    if not is_there:
        share = most / size
        off_e, off_n = off_e * share, off_n * share
    seat[w, WISH] += off_e
    seat[w, WISH + 1] += off_n
    wrong_e, wrong_n = seat[w, WISH] - seat[w, NAV_SPEED], seat[w, WISH + 1] - seat[w, NAV_SPEED + 1]
    wish_e, wish_n = seat[w, WISH], seat[w, WISH + 1]
    slows = limits[f.SLOWING] + limits[f.SLOWING + 1] * math.sqrt(wish_e * wish_e + wish_n * wish_n)
    push_e = limits[f.SPEED_GAIN] * wrong_e + seat[w, WOUND] + off_e / step_s + slows * wish_e
    push_n = limits[f.SPEED_GAIN] * wrong_n + seat[w, WOUND + 1] + off_n / step_s + slows * wish_n
    size = math.sqrt(push_e * push_e + push_n * push_n)
    if size > limits[f.MOST_PUSH]:
        share = limits[f.MOST_PUSH] / size
        push_e, push_n = push_e * share, push_n * share
    elif is_there:  # what is wrong on the way, or at the limit of a push, is no wind: it must not be wound up
        seat[w, WOUND] += limits[f.SPEED_WIND_UP] * wrong_e * step_s
        seat[w, WOUND + 1] += limits[f.SPEED_WIND_UP] * wrong_n * step_s
    cos, sin = seat[w, COS], seat[w, SIN]
    seat[w, OUT_PITCH] = tilt_for((push_e * cos + push_n * sin) * PER_GRAVITY)
    seat[w, OUT_ROLL] = tilt_for((push_e * sin - push_n * cos) * PER_GRAVITY)


@njit(**INNER)
def go_to(seat: FloatArray, w: int, limits: FloatArray, east_m: float, north_m: float, most_mps: float) -> float:
    """Fly towards a place, slower as it comes near; return how far it is [m]."""
    off_e, off_n = east_m - seat[w, NAV], north_m - seat[w, NAV + 1]
    far_m = math.sqrt(off_e * off_e + off_n * off_n)
    # From far it brakes at half of what it can: v = sqrt(2 a d); near, in proportion, or it would swing about.
    fast = min(limits[f.POSITION_GAIN] * far_m, math.sqrt(limits[f.PUSH] * far_m), most_mps)
    share = fast / far_m if far_m > 1e-6 else 0.0
    push_to(seat, w, limits, off_e * share, off_n * share)
    return far_m


@njit(**INNER)
def hold_place(seat: FloatArray, w: int, limits: FloatArray, most_mps: float) -> None:
    """Let the sticks ask for a speed over ground; centred, brake and hold the place."""
    forward = beyond_centre(seat[w, HELD + f.STICK_PITCH]) * most_mps
    right = beyond_centre(seat[w, HELD + f.STICK_ROLL]) * most_mps
    cos, sin = seat[w, COS], seat[w, SIN]
    if forward == 0.0 and right == 0.0:
        if seat[w, LOCKED] > 0.5:
            go_to(seat, w, limits, seat[w, TARGET], seat[w, TARGET + 1], limits[f.MAX_SPEED])
            return
        ve, vn = seat[w, NAV_SPEED], seat[w, NAV_SPEED + 1]
        if seat[w, WISH] == 0.0 and seat[w, WISH + 1] == 0.0 and ve * ve + vn * vn < STILL_MPS * STILL_MPS:
            lock_place(seat, w, seat[w, NAV] + 0.3 * ve, seat[w, NAV + 1] + 0.3 * vn)
    else:
        seat[w, LOCKED] = 0.0
    push_to(seat, w, limits, forward * cos + right * sin, forward * sin - right * cos)


@njit(**INNER)
def lock_place(seat: FloatArray, w: int, east_m: float, north_m: float) -> None:
    """Hold a place from now on."""
    seat[w, TARGET], seat[w, TARGET + 1], seat[w, LOCKED] = east_m, north_m, 1.0


@njit(**INNER)
def tilt_by_sticks(seat: FloatArray, w: int, limits: FloatArray) -> None:
    """Let the sticks ask for tilt."""
    seat[w, OUT_ROLL] = seat[w, HELD + f.STICK_ROLL] * limits[f.MAX_TILT]
    seat[w, OUT_PITCH] = seat[w, HELD + f.STICK_PITCH] * limits[f.MAX_TILT]


@njit(**INNER)
def climb_at(seat: FloatArray, w: int, limits: FloatArray, wanted_mps: float, upright: float) -> None:
    """Ask for the thrust that brings the climb to the wanted one; at none, hold the height.

    upright   share of the thrust that points up: cosine of the tilt
    """
    step_s = limits[f.STEP]
    seat[w, WISH_CLIMB] = towards(seat[w, WISH_CLIMB], wanted_mps, JOLT * step_s)
    aim = seat[w, WISH_CLIMB]
    if wanted_mps != 0.0:
        seat[w, HEIGHT_LOCKED] = 0.0
    elif seat[w, HEIGHT_LOCKED] < 0.5 and aim == 0.0 and abs(seat[w, CLIMB]) < STILL_MPS:
        seat[w, TARGET_HEIGHT], seat[w, HEIGHT_LOCKED] = seat[w, BARO] + 0.2 * seat[w, CLIMB], 1.0
    if seat[w, HEIGHT_LOCKED] > 0.5:
        aim = limits[f.HEIGHT_GAIN] * (seat[w, TARGET_HEIGHT] - seat[w, BARO])
        aim = clamp(aim, -limits[f.MAX_SINK], limits[f.MAX_CLIMB])
    wrong = aim - seat[w, CLIMB]
    hover = limits[f.HOVER]
    lift = 1.0 + (limits[f.CLIMB_GAIN] * wrong + seat[w, WOUND_CLIMB]) * PER_GRAVITY
    thrust: float = hover * lift / max(upright, 0.5)
    if 0.3 * hover < thrust < 1.0:
        seat[w, WOUND_CLIMB] += limits[f.CLIMB_WIND_UP] * wrong * step_s
    seat[w, OUT_THRUST] = clamp(thrust, 0.2 * hover, 1.0)


@njit(**INNER)
def rest(seat: FloatArray, w: int) -> None:
    """Stand on the ground with idling motors, nothing wound up."""
    seat[w, OUT_ROLL], seat[w, OUT_PITCH], seat[w, OUT_THRUST] = 0.0, 0.0, 0.0
    seat[w, WOUND], seat[w, WOUND + 1], seat[w, WOUND_CLIMB] = 0.0, 0.0, 0.0
    seat[w, WISH], seat[w, WISH + 1], seat[w, WISH_CLIMB] = 0.0, 0.0, 0.0
    seat[w, LOCKED], seat[w, HEIGHT_LOCKED], seat[w, HEADING_LOCKED] = 0.0, 0.0, 0.0


@njit(**INNER)
def climb_by_stick(seat: FloatArray, w: int, limits: FloatArray, upright: float, is_on_ground: bool) -> bool:
    """Let the throttle ask for a climb; return whether it stands on the ground instead."""
    stick = beyond_centre(seat[w, HELD + f.STICK_THROTTLE])
    if is_on_ground and stick <= 0.0:
        rest(seat, w)
        return True
    climb_at(seat, w, limits, stick * (limits[f.MAX_CLIMB] if stick > 0.0 else limits[f.MAX_SINK]), upright)
    return False


@njit(**INNER)
def land(seat: FloatArray, w: int, limits: FloatArray, upright: float, is_on_ground: bool) -> None:
    """Come down where it is; sticks still move it a little. On the ground the motors stop."""
    step_s = limits[f.STEP]
    if is_on_ground:
        rest(seat, w)
        seat[w, GROUND_FOR] += step_s
        if seat[w, GROUND_FOR] > 1.0:
            seat[w, ARMED] = 0.0
        return
    seat[w, GROUND_FOR] = 0.0
    if seat[w, FIX_GOOD] > 0.5:
        hold_place(seat, w, limits, NUDGE_MPS)
    else:
        tilt_by_sticks(seat, w, limits)
    sink = FLARE_MPS if seat[w, BARO] < FLARE_M else min(DESCENT_MPS, limits[f.MAX_SINK])
    climb_at(seat, w, limits, -sink, upright)


@njit(**ALONE)
def return_home(seat: FloatArray, w: int, limits: FloatArray, upright: float, is_on_ground: bool) -> None:
    """Climb to a stated height, fly home, land there."""
    off_e, off_n = seat[w, HOME] - seat[w, NAV], seat[w, HOME + 1] - seat[w, NAV + 1]
    if seat[w, LEG] == 0.0:
        if off_e * off_e + off_n * off_n < NEAR_HOME_M * NEAR_HOME_M:
            seat[w, LEG] = 2.0
            lock_place(seat, w, seat[w, HOME], seat[w, HOME + 1])
        elif seat[w, BARO] >= limits[f.RETURN_HEIGHT] - 0.5:
            seat[w, LEG], seat[w, LOCKED] = 1.0, 0.0
        else:
            push_to(seat, w, limits, 0.0, 0.0)
            # Slower near the top, or it would shoot past it.
            top_m = limits[f.RETURN_HEIGHT] - seat[w, BARO]
            climb_at(seat, w, limits, min(limits[f.MAX_CLIMB], 0.5 + 0.7 * top_m), upright)
            return
    if seat[w, LEG] == 1.0:
        far_m = go_to(seat, w, limits, seat[w, HOME], seat[w, HOME + 1], limits[f.CRUISE])
        climb_at(seat, w, limits, 0.0, upright)
        speed2 = seat[w, NAV_SPEED] * seat[w, NAV_SPEED] + seat[w, NAV_SPEED + 1] * seat[w, NAV_SPEED + 1]
        if far_m < 1.0 and speed2 < 1.0:
            seat[w, LEG] = 2.0
            lock_place(seat, w, seat[w, HOME], seat[w, HOME + 1])
        return
    land(seat, w, limits, upright, is_on_ground)


@njit(**ALONE)
def turn(seat: FloatArray, w: int, limits: FloatArray, turning_radps: float) -> None:
    """Let the yaw stick ask for a turn; centred, hold the heading by the compass.

    turning_radps   how fast it turns now, to the left
    """
    stick = beyond_centre(seat[w, HELD + f.STICK_YAW])
    if stick != 0.0:
        seat[w, HEADING_LOCKED] = 0.0
    elif seat[w, HEADING_LOCKED] < 0.5 and abs(turning_radps) < TURNING_RADPS:
        seat[w, HEADING_COS], seat[w, HEADING_SIN], seat[w, HEADING_LOCKED] = seat[w, COS], seat[w, SIN], 1.0
    seat[w, OUT_YAW] = -stick * limits[f.MAX_YAW_RATE]
    if seat[w, HEADING_LOCKED] > 0.5:
        left = seat[w, HEADING_SIN] * seat[w, COS] - seat[w, HEADING_COS] * seat[w, SIN]
        if seat[w, HEADING_COS] * seat[w, COS] + seat[w, HEADING_SIN] * seat[w, SIN] < 0.0:
            left = math.copysign(1.0, left)  # more than a quarter turn off
        seat[w, OUT_YAW] = clamp(HEADING_GAIN * left, -limits[f.MAX_YAW_RATE], limits[f.MAX_YAW_RATE])


@njit(**INNER)
def thrust_by_stick(stick: float, hover: float) -> float:
    """Return the thrust for a throttle without height hold: none at -1, what carries it in the middle, all at 1."""
    return hover * (1.0 + stick) if stick < 0.0 else hover + (1.0 - hover) * stick


@njit(**ALONE)
def fly_multirotor(
    seat: FloatArray, w: int, limits: FloatArray, upright: float, turning_radps: float, is_on_ground: bool
) -> None:
    """Fly the mode: write OUT_INNER to OUT_THRUST."""
    mode = seat[w, MODE]
    seat[w, OUT_INNER] = 1.0
    turn(seat, w, limits, turning_radps)
    if mode == f.RATE or mode == f.STABILISED:
        seat[w, HEADING_LOCKED] = 0.0
        seat[w, OUT_YAW] = -beyond_centre(seat[w, HELD + f.STICK_YAW]) * limits[f.MAX_YAW_RATE]
        tilt_by_sticks(seat, w, limits)
        if mode == f.RATE:
            seat[w, OUT_INNER] = 0.0
            seat[w, OUT_ROLL] = seat[w, HELD + f.STICK_ROLL] * limits[f.MAX_RATE]
            seat[w, OUT_PITCH] = seat[w, HELD + f.STICK_PITCH] * limits[f.MAX_RATE]
        seat[w, OUT_THRUST] = thrust_by_stick(seat[w, HELD + f.STICK_THROTTLE], limits[f.HOVER])
        seat[w, WOUND_CLIMB], seat[w, WOUND], seat[w, WOUND + 1] = 0.0, 0.0, 0.0
    elif mode == f.ALTITUDE_HOLD:
        if not climb_by_stick(seat, w, limits, upright, is_on_ground):
            tilt_by_sticks(seat, w, limits)
    elif mode == f.RETURN_HOME:
        return_home(seat, w, limits, upright, is_on_ground)
    elif mode == f.LAND:
        land(seat, w, limits, upright, is_on_ground)
    elif not climb_by_stick(seat, w, limits, upright, is_on_ground):
        hold_place(seat, w, limits, limits[f.MAX_SPEED])


# ---------------------------------------------------------------- controllers of a fixed wing


@njit(**INNER)
def hold_climb(seat: FloatArray, w: int, limits: FloatArray, climb_mps: float, speed_mps: float, fast: float) -> None:
    """Ask for the pitch and throttle that hold a climb and an airspeed.

    speed_mps   wanted airspeed; fast the airspeed that there is
    """
    step_s = limits[f.STEP]
    wrong = climb_mps - seat[w, CLIMB]
    seat[w, WOUND_CLIMB] = clamp(seat[w, WOUND_CLIMB] + 0.02 * wrong * step_s, -0.15, 0.15)
    up = (climb_mps + 0.5 * wrong) / max(fast, 0.7 * limits[f.CRUISE]) + seat[w, WOUND_CLIMB]
    # Speed before height: without power it glides a little above the floor, however much height is missing.
    floor = max(0.95 * speed_mps - limits[f.MAX_CLIMB] / (CLIMB_PER_SPEED * limits[f.CRUISE]), limits[f.STALL_SPEED])
    up = min(up, CLIMB_PER_SPEED * (fast - floor))
    up = clamp(up, -limits[f.MAX_PITCH], limits[f.MAX_PITCH])
    flown = limits[f.CRUISE] / max(min(fast, limits[f.CRUISE]), speed_mps)
    seat[w, OUT_PITCH] = -up - limits[f.TRIM_PITCH] - limits[f.LIFTING] * (flown * flown - 1.0)
    lacks = speed_mps - fast
    seat[w, WOUND] = clamp(seat[w, WOUND] + 0.02 * lacks * step_s, -0.4, 0.4)
    thrust = limits[f.HOVER] + 0.10 * lacks + seat[w, WOUND] + limits[f.CLIMB_THRUST] * climb_mps
    seat[w, OUT_THRUST] = clamp(thrust, 0.0, 1.0)


@njit(**INNER)
def hold_level(seat: FloatArray, w: int, limits: FloatArray, stick: float, fast: float) -> None:
    """Let a stick ask for a climb; centred, hold the height, at cruising speed."""
    climb = stick * (limits[f.MAX_CLIMB] if stick > 0.0 else limits[f.MAX_SINK])
    if climb != 0.0:
        seat[w, HEIGHT_LOCKED] = 0.0
    elif seat[w, HEIGHT_LOCKED] < 0.5:
        seat[w, TARGET_HEIGHT], seat[w, HEIGHT_LOCKED] = seat[w, BARO] + seat[w, CLIMB], 1.0
    if seat[w, HEIGHT_LOCKED] > 0.5:
        climb = clamp(0.4 * (seat[w, TARGET_HEIGHT] - seat[w, BARO]), -limits[f.MAX_SINK], limits[f.MAX_CLIMB])
    hold_climb(seat, w, limits, climb, limits[f.CRUISE], fast)


@njit(**INNER)
def circle(seat: FloatArray, w: int, limits: FloatArray, east_m: float, north_m: float) -> None:
    """Bank so as to fly clockwise round a place; from far, straight to the tangent of the circle."""
    off_e, off_n = seat[w, NAV] - east_m, seat[w, NAV + 1] - north_m
    far_m = max(math.sqrt(off_e * off_e + off_n * off_n), 1.0)
    ve, vn = seat[w, NAV_SPEED], seat[w, NAV_SPEED + 1]
    fast = max(math.sqrt(ve * ve + vn * vn), 1.0)
    out_e, out_n = off_e / far_m, off_n / far_m
    radius = limits[f.CIRCLE]
    inwards = clamp((far_m - radius) / radius, -0.9, 1.0)  # share of the way that leads inwards
    along = math.sqrt(1.0 - min(inwards * inwards, 1.0))
    want_e, want_n = along * out_n - inwards * out_e, -along * out_e - inwards * out_n
    cross = (ve * want_n - vn * want_e) / fast  # sine of the turn to the left that is wanted
    if ve * want_e + vn * want_n < 0.0:
        cross = 1.0 if cross > 0.0 else -1.0
    turn = fast * fast / radius / GRAVITY_MPS2 * max(0.0, 1.0 - abs(inwards))
    seat[w, OUT_ROLL] = clamp(tilt_for(clamp(turn, 0.0, 1.0)) - 1.2 * cross, -limits[f.MAX_TILT], limits[f.MAX_TILT])


@njit(**INNER)
def glide(seat: FloatArray, w: int, limits: FloatArray, is_on_ground: bool, fast: float) -> None:
    """Land straight ahead: slow down, sink, flare in proportion to the height left, stop the motor on the ground.

    The motor holds the speed until it touches: a barometer is wrong by a metre, and what is slow a metre up falls.
    """
    seat[w, OUT_ROLL] = 0.5 * seat[w, HELD + f.STICK_ROLL] * limits[f.MAX_TILT]
    sink = min(limits[f.APPROACH_SINK], limits[f.MAX_SINK], FLARE_SINK_MPS + max(seat[w, BARO], 0.0) / FLARE_S)
    hold_climb(seat, w, limits, -sink, limits[f.APPROACH], fast)
    if is_on_ground:
        seat[w, OUT_PITCH], seat[w, OUT_ROLL], seat[w, OUT_THRUST] = 0.0, 0.0, 0.0
        seat[w, GROUND_FOR] += limits[f.STEP]
        if seat[w, GROUND_FOR] > 2.0:
            seat[w, ARMED] = 0.0


@njit(**INNER)
def must_land(seat: FloatArray, w: int, limits: FloatArray) -> bool:
    """Return whether a wing that should hold its height meets the ground instead: its motor gives nothing.

    SINKING counts how long it has sunk at full throttle, and forgets that in a climb; or is LANDS, until another mode.
    """
    if seat[w, SINKING] == LANDS:
        return True
    if seat[w, OUT_THRUST] >= 1.0 and seat[w, CLIMB] < 0.0:
        seat[w, SINKING] += limits[f.STEP]
    elif seat[w, CLIMB] > STILL_MPS:
        seat[w, SINKING] = 0.0
    is_near = seat[w, BARO] < FLARE_S * max(-seat[w, CLIMB], limits[f.APPROACH_SINK])
    if seat[w, SINKING] > POWERLESS_S and is_near:
        seat[w, SINKING], seat[w, WOUND_CLIMB] = LANDS, 0.0  # what was summed up for a climb would spoil the flare
        return True
    return False


@njit(**ALONE)
def fly_wing(seat: FloatArray, w: int, limits: FloatArray, is_on_ground: bool, fast: float) -> None:
    """Fly the mode: write OUT_INNER to OUT_THRUST. Position hold is loiter; altitude hold keeps speed as well."""
    mode = seat[w, MODE]
    seat[w, OUT_INNER] = 1.0
    seat[w, OUT_YAW] = -beyond_centre(seat[w, HELD + f.STICK_YAW]) * limits[f.MAX_YAW_RATE]
    pitch = beyond_centre(seat[w, HELD + f.STICK_PITCH])
    if is_on_ground and mode != f.LAND:
        # On its launcher or its belly: it goes when the throttle asks for it, and never by itself.
        is_off = seat[w, HELD + f.STICK_THROTTLE] > LAUNCH_STICK
        rest(seat, w)
        seat[w, OUT_THRUST] = 1.0 if is_off else 0.0
        seat[w, OUT_PITCH] = -0.6 * limits[f.MAX_PITCH]
    elif mode == f.RATE or mode == f.STABILISED:
        is_rate = mode == f.RATE
        seat[w, OUT_INNER] = 0.0 if is_rate else 1.0
        seat[w, OUT_ROLL] = seat[w, HELD + f.STICK_ROLL] * limits[f.MAX_RATE if is_rate else f.MAX_TILT]
        seat[w, OUT_PITCH] = seat[w, HELD + f.STICK_PITCH] * limits[f.MAX_RATE if is_rate else f.MAX_PITCH]
        if not is_rate:
            seat[w, OUT_PITCH] -= limits[f.TRIM_PITCH]
        seat[w, OUT_THRUST] = thrust_by_stick(seat[w, HELD + f.STICK_THROTTLE], limits[f.HOVER])
        seat[w, WOUND_CLIMB], seat[w, WOUND] = 0.0, 0.0
    elif mode == f.LAND or must_land(seat, w, limits):
        glide(seat, w, limits, is_on_ground, fast)
    elif mode == f.RETURN_HOME:
        if seat[w, HEIGHT_LOCKED] < 0.5:
            seat[w, TARGET_HEIGHT] = max(seat[w, BARO], limits[f.RETURN_HEIGHT])
            seat[w, HEIGHT_LOCKED] = 1.0
        hold_level(seat, w, limits, 0.0, fast)
        circle(seat, w, limits, seat[w, HOME], seat[w, HOME + 1])
    elif mode == f.ALTITUDE_HOLD:
        hold_level(seat, w, limits, beyond_centre(seat[w, HELD + f.STICK_THROTTLE]) - pitch, fast)
        seat[w, OUT_ROLL] = seat[w, HELD + f.STICK_ROLL] * limits[f.MAX_TILT]
    else:
        hold_level(seat, w, limits, beyond_centre(seat[w, HELD + f.STICK_THROTTLE]), fast)
        if seat[w, LOCKED] < 0.5:  # the circle lies to the right of where it was asked for
            off = limits[f.CIRCLE]
            lock_place(seat, w, seat[w, NAV] + off * seat[w, SIN], seat[w, NAV + 1] - off * seat[w, COS])
        seat[w, TARGET] += 0.5 * limits[f.CRUISE] * limits[f.STEP] * pitch * seat[w, COS]
        seat[w, TARGET + 1] += 0.5 * limits[f.CRUISE] * limits[f.STEP] * pitch * seat[w, SIN]
        circle(seat, w, limits, seat[w, TARGET], seat[w, TARGET + 1])


# ---------------------------------------------------------------- the two ways in


@njit(**ALONE)
def look(seat: FloatArray, w: int, limits: FloatArray) -> None:
    """Turn the camera by its lever, within what its gimbal can do."""
    wanted = seat[w, GIMBAL] + seat[w, HELD + f.GIMBAL_RATE] * limits[f.GIMBAL_FASTEST] * limits[f.STEP]
    seat[w, GIMBAL] = clamp(wanted, limits[f.GIMBAL_LEAST], limits[f.GIMBAL_MOST])
    seat[w, CAPTURED] = seat[w, HELD + f.CAPTURE]


@njit(**ALONE)
def prepare(
    seat: FloatArray, w: int, command: FloatArray, pose: FloatArray, sent: FloatArray, drawn: float,
    limits: FloatArray,
) -> bool:  # fmt: skip
    """Hear the command, let failsafes act, choose the mode; return whether the drone is on the ground."""
    receive(seat, w, command, sent, drawn, limits[f.STEP])
    is_on_ground: bool = pose[w, pose_at.ON_GROUND] > 0.5
    decide(seat, w, limits, is_on_ground, pose[w, pose_at.UPSIDE] > 0.5)
    return is_on_ground


@njit(**ALONE)
def order(
    seat: FloatArray, w: int, limits: FloatArray, pose: FloatArray, setpoint: FloatArray, block: int, lane: int
) -> None:
    """Write what the drone tries, and what its camera does."""
    look(seat, w, limits)
    if seat[w, ARMED] < 0.5:
        seat[w, OUT_INNER] = 2.0
        rest(seat, w)
    for field in range(5):
        setpoint[block, pose_at.INNER + field, lane] = seat[w, OUT_INNER + field]
    for motor in range(4):
        setpoint[block, pose_at.MOTORS + motor, lane] = seat[w, SHARES + motor]
    pose[w, pose_at.GIMBAL], pose[w, pose_at.CAPTURED] = seat[w, GIMBAL], seat[w, CAPTURED]
    pose[w, pose_at.ARMED] = seat[w, ARMED]


@njit(**EXACT)
def apply_faults(
    seat: FloatArray, faults: FloatArray, limits: FloatArray, state: FloatArray, charge_at: int, weather: FloatArray,
    gust_at: int, first: int, last: int,
) -> None:  # fmt: skip
    """Let the faults at work act on the seats of the blocks `first` to `last` (left out), on the drone and its air.

    seat       (n, SEATS), written from FIX_OFF to CHARGE_CAP
    faults     (n, k, FAULTS)
    limits     (LIMITS,)
    state, weather   of the fleet, (blocks, fields, lanes): a battery fault cuts the charge at field `charge_at`, a
               gust front stands in the fields from `gust_at`, east and north [m/s]

    Called where there are faults, ahead of the guidance: most flights have none, and need not compile it.
    """
    lanes = state.shape[2]
    for block in range(first, last):
        for lane in range(min(lanes, faults.shape[0] - block * lanes)):
            w = block * lanes + lane
            suffer(seat, w, faults, seat[w, TICK] * limits[f.STEP], limits[f.STEP])
            weather[block, gust_at, lane] = seat[w, GUST]
            weather[block, gust_at + 1, lane] = seat[w, GUST + 1]
            if seat[w, CHARGE_CAP] < state[block, charge_at, lane]:
                state[block, charge_at, lane] = seat[w, CHARGE_CAP]


# fmt: off
@njit(**EXACT)
def guide_multirotor(
    command: FloatArray, pose: FloatArray, seat: FloatArray, sent: FloatArray, noise: FloatArray, limits: FloatArray,
    setpoint: FloatArray, first: int, last: int,
) -> None:
    # fmt: on
    """Write what the multirotors of the blocks `first` to `last` (left out) try in this step.

    command    (n, COMMANDS), checked
    pose       (n, POSES) of the end of the step before; GIMBAL, CAPTURED and ARMED are written
    seat       (n, SEATS), sent (n, slots, COMMANDS): what the seat keeps between steps
    noise      (blocks, NOISES, lanes) of this step
    limits     (LIMITS,)
    setpoint   (blocks, SETPOINTS, lanes), written
    """
    lanes = setpoint.shape[2]
    for block in range(first, last):
        for lane in range(min(lanes, command.shape[0] - block * lanes)):
            w = block * lanes + lane
            drawn = noise[block, pose_at.LINK_NOISE, lane]
            is_on_ground = prepare(seat, w, command, pose, sent, drawn, limits)
            x, y = pose[w, pose_at.QUATERNION], pose[w, pose_at.QUATERNION + 1]
            turning = pose[w, pose_at.RATES + 2]
            fly_multirotor(seat, w, limits, 1.0 - 2.0 * (x * x + y * y), turning, is_on_ground)
            order(seat, w, limits, pose, setpoint, block, lane)


# fmt: off
@njit(**EXACT)
def guide_wing(
    command: FloatArray, pose: FloatArray, seat: FloatArray, sent: FloatArray, noise: FloatArray, limits: FloatArray,
    setpoint: FloatArray, first: int, last: int,
) -> None:
    # fmt: on
    """Write what fixed wings try in this step; everything as in `guide_multirotor`, compiled only where one flies."""
    lanes = setpoint.shape[2]
    for block in range(first, last):
        for lane in range(min(lanes, command.shape[0] - block * lanes)):
            w = block * lanes + lane
            drawn = noise[block, pose_at.LINK_NOISE, lane]
            is_on_ground = prepare(seat, w, command, pose, sent, drawn, limits)
            if pose[w, pose_at.AIRSPEED] < limits[f.STALL_SPEED] and not is_on_ground:
                seat[w, WARNED] = float(int(seat[w, WARNED]) | f.STALLING)
            fly_wing(seat, w, limits, is_on_ground, pose[w, pose_at.AIRSPEED])
            order(seat, w, limits, pose, setpoint, block, lane)


@njit(**ALONE)
def navigate(seat: FloatArray, w: int, pose: FloatArray, noise: FloatArray, block: int, lane: int,
             limits: FloatArray) -> None:  # fmt: skip
    """Let the drone believe what its instruments say: fix, barometer, compass, each with its error and faults."""
    for axis in range(3):
        drawn = noise[block, pose_at.FIX_NOISE + axis, lane]
        at, to = WANDER + axis, WANDER + 3 + axis
        seat[w, at] = limits[f.WANDER] * seat[w, at] + limits[f.WANDER_DRIVE] * drawn
        seat[w, to] = limits[f.WANDER_SPEED] * seat[w, to] + limits[f.WANDER_SPEED_DRIVE] * drawn
    drawn = noise[block, pose_at.HEIGHT_NOISE, lane]
    seat[w, WANDER + 6] = limits[f.WANDER_HEIGHT] * seat[w, WANDER + 6] + limits[f.WANDER_HEIGHT_DRIVE] * drawn
    seat[w, FIX] = 1.0 - seat[w, FIX_OFF]
    if seat[w, FIX_OFF] < 0.5 and seat[w, FIX_STUCK] < 0.5:
        for axis in range(3):
            seat[w, NAV + axis] = pose[w, pose_at.POSITION + axis] + seat[w, WANDER + axis]
            seat[w, NAV_SPEED + axis] = pose[w, pose_at.VELOCITY + axis] + seat[w, WANDER + 3 + axis]
        for axis in range(2):
            seat[w, NAV + axis] += seat[w, FIX_SHIFT + axis]
            seat[w, NAV_SPEED + axis] += seat[w, FIX_DRIFT + axis]
    seat[w, BARO] = pose[w, pose_at.POSITION + 2] - seat[w, TAKE_OFF] + seat[w, WANDER + 6]
    seat[w, CLIMB] = pose[w, pose_at.VELOCITY + 2] + seat[w, WANDER + 5]
    q = pose_at.QUATERNION
    x, y, z, u = pose[w, q], pose[w, q + 1], pose[w, q + 2], pose[w, q + 3]
    east, north = 1.0 - 2.0 * (y * y + z * z), 2.0 * (x * y + z * u)
    size = math.sqrt(east * east + north * north)
    if size > 1e-6:  # straight up or down there is no heading: the last one stays
        east, north = east / size, north / size
        # The compass is off clockwise; the angle is counted the other way.
        seat[w, COS] = east * seat[w, TURN_COS] + north * seat[w, TURN_SIN]
        seat[w, SIN] = north * seat[w, TURN_COS] - east * seat[w, TURN_SIN]
    seat[w, CHARGE] = pose[w, pose_at.BATTERY]


@njit(**ALONE)
def see(seat: FloatArray, w: int, pose: FloatArray, picture: FloatArray, limits: FloatArray, view: FloatArray) -> None:
    """Show the drone as the seat sees it: by eye as it is, by camera as its picture was, or not at all.

    picture   (n, slots, 10) the pictures still under way, a ring: position, velocity, quaternion
    """
    if limits[f.SIGHT] == 1.0:
        for field in range(10):
            view[w, f.SEEN_POSITION + field] = pose[w, pose_at.POSITION + field]
        view[w, f.IS_SEEN] = 1.0
    elif limits[f.SIGHT] == 2.0:
        slots, tick = picture.shape[1], int(seat[w, TICK])
        for field in range(10):
            picture[w, tick % slots, field] = pose[w, pose_at.POSITION + field]
        late = int(limits[f.VIDEO_STEPS] + math.floor(seat[w, DELAY] / limits[f.STEP] + 0.5))
        shown = max(tick - min(late, slots - 1), 0)
        is_lost = seat[w, LOST_NOW] > 0.5
        if not is_lost and seat[w, FROZEN] < 0.5:
            for field in range(10):
                view[w, f.SEEN_POSITION + field] = picture[w, shown % slots, field]
        view[w, f.IS_SEEN] = 0.0 if int(seat[w, WARNED]) & f.LINK_LOST else 1.0


@njit(**ALONE)
def read_off(seat: FloatArray, w: int, pose: FloatArray, limits: FloatArray, view: FloatArray) -> None:
    """Write the instruments that the drone sends down."""
    q = pose_at.QUATERNION
    x, y, z, u = pose[w, q], pose[w, q + 1], pose[w, q + 2], pose[w, q + 3]
    if seat[w, TURN_COS] < 1.0:
        # Turned clockwise about up by the compass's error: half angles of its cosine.
        cos = math.sqrt(0.5 * (1.0 + seat[w, TURN_COS]))
        sin = -math.copysign(math.sqrt(max(0.0, 0.5 * (1.0 - seat[w, TURN_COS]))), seat[w, TURN_SIN])
        x, y, z, u = cos * x - sin * y, cos * y + sin * x, cos * z + sin * u, cos * u - sin * z
    view[w, f.ATTITUDE], view[w, f.ATTITUDE + 1], view[w, f.ATTITUDE + 2], view[w, f.ATTITUDE + 3] = x, y, z, u
    for axis in range(3):
        view[w, f.BODY_RATES + axis] = pose[w, pose_at.RATES + axis]
        view[w, f.NAV_POSITION + axis] = seat[w, NAV + axis]
        view[w, f.NAV_VELOCITY + axis] = seat[w, NAV_SPEED + axis]
    view[w, f.HAS_FIX] = seat[w, FIX]
    view[w, f.SATELLITES] = limits[f.IN_USE] * seat[w, FIX]
    view[w, f.HEIGHT], view[w, f.CLIMB] = seat[w, BARO], seat[w, CLIMB]
    heading = math.degrees(math.atan2(seat[w, COS], seat[w, SIN]))
    view[w, f.HEADING] = heading + 360.0 if heading < 0.0 else heading
    view[w, f.AIR_SPEED], view[w, f.CHARGE] = pose[w, pose_at.AIRSPEED], pose[w, pose_at.BATTERY]
    view[w, f.VOLTAGE], view[w, f.MODE] = pose[w, pose_at.VOLTS], seat[w, MODE]
    view[w, f.IS_ON_GROUND], view[w, f.IS_ARMED] = pose[w, pose_at.ON_GROUND], seat[w, ARMED]
    view[w, f.GIMBAL_PITCH] = math.degrees(seat[w, GIMBAL])
    view[w, f.WARNINGS] = seat[w, WARNED]


@njit(**ALONE)
def show_task(
    seat: FloatArray, judged: FloatArray, judged_at: tuple[int, int, int], w: int, tasks: float, view: FloatArray
) -> None:
    """Write what the referee calls out: the task, the points, where to go and where to look."""
    task_at, points_at, aim_at = judged_at
    view[w, f.TASK], view[w, f.TASKS], view[w, f.POINTS] = judged[w, task_at], tasks, judged[w, points_at]
    for axis in range(3):
        view[w, f.TASK_POSITION + axis] = judged[w, aim_at + axis]
    east, north = judged[w, aim_at + 3], judged[w, aim_at + 4]
    if east != seat[w, AIM_EAST] or north != seat[w, AIM_NORTH]:
        seat[w, AIM_EAST], seat[w, AIM_NORTH] = east, north
        heading = math.degrees(math.atan2(east, north))
        view[w, f.TASK_HEADING] = heading + 360.0 if heading < 0.0 else heading


@njit(**EXACT)
def sense(
    pose: FloatArray,
    seat: FloatArray,
    picture: FloatArray,
    noise: FloatArray,
    limits: FloatArray,
    injects: FloatArray,
    judged: FloatArray,
    judged_at: tuple[int, int, int],
    steps: IntArray,
    view: FloatArray,
    first: int,
    last: int,
) -> None:
    """Write what the seats of the blocks `first` to `last` (left out) can know after a step, and count the step.

    pose      (n, POSES) of its end; a message lost on the way down leaves the instruments of `view` as they were
    seat      (n, SEATS), picture (n, slots, 10): what the seat keeps between steps
    noise     (blocks, NOISES, lanes) of the step; limits (LIMITS,)
    injects   (k,) when messages come, sorted [s]
    judged    (n, …) the referee's state, judged_at the fields in it of the task, the points and the aim (place and
              direction); not looked at when limits tell of no task
    steps     (blocks, lanes), the number of the step that `noise` was drawn for; one is added
    view      (n, VIEWS), written
    """
    lanes = noise.shape[2]
    for block in range(first, last):
        for lane in range(lanes):
            w = block * lanes + lane
            if w >= pose.shape[0]:
                break
            navigate(seat, w, pose, noise, block, lane, limits)
            seat[w, TICK] += 1.0
            see(seat, w, pose, picture, limits, view)
            if seat[w, LOST_NOW] < 0.5:
                read_off(seat, w, pose, limits, view)
            else:  # the pilot's own set knows that nothing comes
                lost = int(seat[w, WARNED]) & f.LINK_LOST
                view[w, f.WARNINGS] = float(int(view[w, f.WARNINGS]) | lost)
            view[w, f.TIME] = seat[w, TICK] * limits[f.STEP]
            view[w, f.SECONDS_LEFT] = max(0.0, limits[f.TIME_LIMIT] - view[w, f.TIME])
            view[w, f.LINK_QUALITY] = 0.0 if int(seat[w, WARNED]) & f.LINK_LOST else seat[w, QUALITY]
            while seat[w, INJECTS] < injects.shape[0] and injects[int(seat[w, INJECTS])] <= view[w, f.TIME] + 1e-9:
                seat[w, INJECTS] += 1.0
            view[w, f.INJECT] = seat[w, INJECTS]
            if limits[f.TASKS_THERE] > 0.0:
                show_task(seat, judged, judged_at, w, limits[f.TASKS_THERE], view)
            steps[block, lane] += 1


@njit(**EXACT)
def note(pose: FloatArray, command: FloatArray, seat: FloatArray, view: FloatArray, log: FloatArray) -> None:
    """Write one step of a flight to the log: (n, POSES), (n, COMMANDS), (n, SEATS), (n, VIEWS) to (n, LOGS)."""
    for w in range(pose.shape[0]):
        for field in range(pose.shape[1]):
            log[w, field] = pose[w, field]
        for field in range(f.COMMANDS):
            log[w, f.LOG_COMMAND + field] = command[w, field]
        log[w, f.LOG_MODE], log[w, f.LOG_WARNINGS] = seat[w, MODE], seat[w, WARNED]
        log[w, f.LOG_INJECTS] = seat[w, INJECTS]
        log[w, f.LOG_TASK], log[w, f.LOG_POINTS] = view[w, f.TASK], view[w, f.POINTS]
