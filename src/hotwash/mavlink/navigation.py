"""Commands that move a vehicle or its camera: the orders that each becomes, or the words in which it is refused.

Message + Situation ─▶ Answer: result, words, new orders, and the mode that must be flown for it to count
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from hotwash.flight.policies import orders as orders_of
from hotwash.flight.policies.goto import Reach
from hotwash.flight.policies.orders import Orders, new_orders
from hotwash.flight.seats.pilot import View
from hotwash.mavlink.answers import DENIED, NOT_NOW, UNSUPPORTED, Answer, is_open, parameter, whole_number
from hotwash.mavlink.messages import Message
from hotwash.mavlink.points import SEA, NamedPoint, place_point, read_point
from hotwash.mavlink.telemetry import VehicleState

# Source: MAVLink common.xml: MAV_DO_REPOSITION_FLAGS, SPEED_TYPE, MAV_MOUNT_MODE, GIMBAL_MANAGER_FLAGS.
_REPOSITION_FLAGS, _YAW_FROM_NOSE = 1 | 2, 2
_AIR_SPEED, _GROUND_SPEED = 0, 1
_AS_IT_IS, _AS_USUAL = -1.0, -2.0
_NEUTRAL_MOUNT, _AIMED_MOUNT = 1, 2
_RETRACT, _NEUTRAL, _YAW_LOCK = 1, 2, 16
CUSTOM_FLAG = 1

_AUTO = 4
_MODES_OF_PILOT = {1: "stabilised", 2: "altitude_hold", 3: "position_hold", 5: "rate", 7: "stabilised"}
_ORDERS_OF_AUTO = {2: orders_of.TAKE_OFF, 3: orders_of.HOLD, 5: orders_of.RETURN, 6: orders_of.LAND}
_AUTO_WORDS = {4: "missions are not flown", 8: "no target is followed", 9: "it has no landing target to find"}
_MAIN_WORDS = {6: "control from outside (offboard) is not offered", 3: "orbits are not flown; use the sticks"}

_HERE_M = 10.0  # a place so near is where the vehicle is: receivers err by some metres
_HIGHER_M = 0.5
_ASIDE = "it {} where it is; send it to the point first"


@dataclass(frozen=True, slots=True)
class Situation:
    """What a command meets.

    state        of the vehicle
    orders       that it has
    reach        what its sticks ask for
    cruise_mps, take_off_m   its parameters
    """

    state: VehicleState
    orders: Orders
    reach: Reach
    cruise_mps: float
    take_off_m: float

    @property
    def view(self) -> View:
        return self.state.view

    @property
    def here_m(self) -> tuple[float, float, float]:
        return orders_of.stands(self.view, self.state.ground_up_m)

    def accept(
        self,
        kind: str,
        flown: str,
        *,
        target_m: tuple[float, float, float] | None = None,
        heading_deg: float = math.nan,
        speed_mps: float | None = None,
    ) -> Answer:
        """Return the acceptance of new orders, once their mode is flown.

        flown       the mode that it must be
        speed_mps   None: as before
        """
        orders = new_orders(kind, self.orders, target_m=target_m, heading_deg=heading_deg, mode=flown)
        return Answer(orders=orders if speed_mps is None else replace(orders, speed_mps=speed_mps), mode=flown)


def take_off(at: Situation, message: Message) -> Answer:
    """Go straight up to the height that a command names, or as high as the parameter says."""
    point = read_point(message)
    if isinstance(point, Answer):
        return point
    is_long = message.name == "COMMAND_LONG"
    if is_long and is_open(point.lat_deg) and is_open(point.lon_deg):
        point = replace(point, lat_deg=math.nan, lon_deg=math.nan)
    if is_long and point.height_m == 0.0:
        point = replace(point, height_m=math.nan)
    return _up(at, point, parameter(message, 4))


def _up(at: Situation, point: NamedPoint, yaw_deg: float) -> Answer:
    refused = _cannot_go(at, "take off")
    if refused is not None:
        return refused
    if _is_away(at, point):
        return Answer(DENIED, _ASIDE.format("takes off"))
    east, north, up = at.here_m
    top_m = at.state.ground_up_m + at.take_off_m
    if not math.isnan(point.height_m):
        top_m = place_point(point, at.state, at.here_m)[2]
    if top_m <= at.state.ground_up_m:
        return Answer(DENIED, "cannot take off: that height is below the ground")
    if top_m < up - _HIGHER_M:
        return Answer(DENIED, "cannot take off: it is higher than that already")
    if math.isinf(yaw_deg):
        return Answer(DENIED, "cannot turn there: the heading is infinite")
    heading_deg = yaw_deg % 360.0 if math.isfinite(yaw_deg) else math.nan
    target_m = (east, north, max(top_m, up))
    return at.accept(
        orders_of.TAKE_OFF, orders_of.POSITION_HOLD, target_m=target_m, heading_deg=heading_deg, speed_mps=at.cruise_mps
    )


def go(at: Situation, message: Message) -> Answer:
    """Go to the point that a command names, at the speed and with the heading that it names."""
    refused = _cannot_go(at, "go there")
    if refused is not None:
        return refused
    point = read_point(message)
    if isinstance(point, Answer):
        return point
    flags = whole_number(0.0 if math.isnan(parameter(message, 2)) else parameter(message, 2))
    speed_mps, yaw_rad = parameter(message, 1), parameter(message, 4)
    if flags is None or flags & ~_REPOSITION_FLAGS:
        return Answer(DENIED, f"flags {parameter(message, 2):g} are not known here")
    if math.isinf(speed_mps) or math.isinf(yaw_rad):
        return Answer(DENIED, "the speed or the heading is infinite")
    target_m = place_point(point, at.state, at.here_m)
    if target_m[2] < at.state.ground_up_m:
        return Answer(DENIED, "cannot go there: the point is below the ground")
    heading_deg = math.nan
    if math.isfinite(yaw_rad):
        nose_deg = float(at.view.heading_deg[0]) if flags & _YAW_FROM_NOSE else 0.0
        heading_deg = (nose_deg + math.degrees(yaw_rad)) % 360.0
    pace_mps = speed_mps if speed_mps > 0.0 else at.cruise_mps
    return at.accept(
        orders_of.GO_TO, orders_of.POSITION_HOLD, target_m=target_m, heading_deg=heading_deg, speed_mps=pace_mps
    )


def land(at: Situation, message: Message) -> Answer:
    """Land where it is."""
    point = read_point(message)
    if isinstance(point, Answer):
        return point
    is_nowhere = is_open(point.lat_deg) and is_open(point.lon_deg)
    if not is_nowhere and _is_away(at, point):
        return Answer(DENIED, _ASIDE.format("lands"))
    return at.accept(orders_of.LAND, "land")


def return_home(at: Situation, _: Message) -> Answer:
    """Fly home and land, as the seat's own mode does."""
    if bool(at.view.is_on_ground[0]):
        return Answer(NOT_NOW, "cannot return: it is on the ground")
    if not at.state.has_fix:
        return Answer(NOT_NOW, "cannot return: no satellite fix; it can land where it is")
    return at.accept(orders_of.RETURN, "return_home")


def hold(at: Situation) -> Answer:
    """Stay where it is: over a point, or round it."""
    if not at.state.has_fix:
        return Answer(NOT_NOW, "cannot hold: no satellite fix")
    if at.state.is_wing:
        return at.accept(orders_of.PILOT, "loiter")
    return at.accept(orders_of.HOLD, orders_of.POSITION_HOLD)


def set_mode(at: Situation, message: Message) -> Answer:
    """Fly the mode that a command names, as PX4 numbers them."""
    flags, main = whole_number(parameter(message, 1)), whole_number(parameter(message, 2))
    sub = whole_number(0.0 if math.isnan(parameter(message, 3)) else parameter(message, 3))
    if flags is None or not flags & CUSTOM_FLAG:
        return Answer(DENIED, "a mode is named by PX4's numbers: set the flag for a custom mode")
    if main is None or sub is None:
        return Answer(DENIED, "a mode's number is whole")
    return fly_mode(at, main, sub)


def fly_mode(at: Situation, main: int, sub: int) -> Answer:
    """Fly a mode by PX4's main and sub number."""
    if main in _MODES_OF_PILOT and sub == 0:
        mode = _MODES_OF_PILOT[main]
        if mode == orders_of.POSITION_HOLD and not at.state.has_fix:
            return Answer(NOT_NOW, "cannot hold a position: no satellite fix")
        return at.accept(orders_of.PILOT, mode)
    kind = _ORDERS_OF_AUTO.get(sub) if main == _AUTO else None
    if kind == orders_of.TAKE_OFF:
        return _up(at, NamedPoint(math.nan, math.nan, math.nan, SEA), math.nan)
    if kind == orders_of.HOLD:
        return hold(at)
    if kind is not None:
        return return_home(at, _NO_MESSAGE) if kind == orders_of.RETURN else at.accept(kind, "land")
    words = _AUTO_WORDS.get(sub) if main == _AUTO else _MAIN_WORDS.get(main)
    return Answer(UNSUPPORTED, words or f"mode {main}.{sub} is not flown here")


def set_speed(at: Situation, message: Message) -> Answer | float:
    """Return the speed over ground from now on, or why it does not change."""
    kind, speed_mps, throttle = (parameter(message, number) for number in (1, 2, 3))
    if at.state.is_wing:
        return Answer(UNSUPPORTED, "a fixed wing flies at its own speed")
    if kind not in (_AIR_SPEED, _GROUND_SPEED):
        return Answer(DENIED, "only the speed over ground can be set")
    if kind == _AIR_SPEED and speed_mps > 0.0:
        return Answer(DENIED, "the speed against the air is not held; set that over ground")
    if throttle > 0.0:
        return Answer(DENIED, "the throttle is the pilot's; set a speed instead")
    if speed_mps == _AS_IT_IS:
        return at.cruise_mps
    if speed_mps == _AS_USUAL:
        return usual_cruise_mps(at.reach)
    if not (math.isfinite(speed_mps) and speed_mps > 0.0):
        return Answer(DENIED, "that is no speed; name metres a second above 0")
    if speed_mps > at.reach.speed_mps:
        return Answer(DENIED, f"too fast: it flies {at.reach.speed_mps:g} m/s at most")
    return speed_mps


def usual_cruise_mps(reach: Reach) -> float:
    """Return how fast a vehicle goes to a point when nobody says."""
    return min(5.0, reach.speed_mps)  # PX4's MPC_XY_CRUISE


# ---------------------------------------------------------------- the camera


def capture(at: Situation, message: Message) -> Answer:
    """Take one picture."""
    if parameter(message, 3) != 1.0:
        return Answer(DENIED, "one picture is taken at a time: ask for a count of 1")
    return Answer(orders=replace(at.orders, is_capture=True))


def shoot(at: Situation, message: Message) -> Answer:
    """Take one picture, by the older command."""
    if parameter(message, 5) != 1.0:
        return Answer(UNSUPPORTED, "this camera only takes pictures; it has nothing else to set")
    return Answer(orders=replace(at.orders, is_capture=True))


def aim(at: Situation, message: Message) -> Answer:
    """Point the camera at a pitch, or turn it at a rate (MAV_CMD_DO_GIMBAL_MANAGER_PITCHYAW)."""
    pitch_deg, yaw_deg, pitch_dps, yaw_dps = (parameter(message, number) for number in (1, 2, 3, 4))
    flags = whole_number(0.0 if math.isnan(parameter(message, 5)) else parameter(message, 5))
    if flags is None or flags & _RETRACT:
        return Answer(DENIED, "the camera cannot be folded away")
    turns = [turn for turn in (yaw_deg, yaw_dps) if not is_open(turn)]
    if turns or (flags & _YAW_LOCK and math.isfinite(yaw_deg)):
        return Answer(DENIED, "the camera turns with the nose; turn the vehicle")
    if flags & _NEUTRAL:
        return _aimed(at, 0.0)
    if math.isfinite(pitch_deg):
        return _aimed(at, pitch_deg)
    if not math.isfinite(pitch_dps):
        return Answer(DENIED, "name a pitch or a rate for the camera")
    if abs(pitch_dps) > at.reach.camera_dps:
        return Answer(DENIED, f"too fast: the camera turns {at.reach.camera_dps:g} degrees a second at most")
    return Answer(orders=replace(at.orders, camera_deg=math.nan, camera_dps=pitch_dps))


def mount(at: Situation, message: Message) -> Answer:
    """Point the camera at a pitch, by the older command (MAV_CMD_DO_MOUNT_CONTROL)."""
    mode = parameter(message, 7)
    if mode == _NEUTRAL_MOUNT:
        return _aimed(at, 0.0)
    if mode != _AIMED_MOUNT:
        return Answer(DENIED, "the camera is pointed by angles only: mode 2")
    if not (is_open(parameter(message, 2)) and is_open(parameter(message, 3))):
        return Answer(DENIED, "the camera turns with the nose and stays level; only its pitch can be set")
    return _aimed(at, parameter(message, 1))


def _aimed(at: Situation, pitch_deg: float) -> Answer:
    lowest, highest = at.reach.camera_deg
    if not lowest <= pitch_deg <= highest:
        return Answer(DENIED, f"the camera reaches from {lowest:g} to {highest:g} degrees")
    return Answer(orders=replace(at.orders, camera_deg=pitch_deg, camera_dps=math.nan))


# ---------------------------------------------------------------- what stands against it


def _cannot_go(at: Situation, what: str) -> Answer | None:
    """Return why the vehicle cannot go anywhere by itself, None where it can."""
    if at.state.is_wing:
        return Answer(UNSUPPORTED, f"cannot {what}: a fixed wing is flown by its pilot")
    if not at.view.is_armed[0]:
        return Answer(NOT_NOW, f"cannot {what}: not armed")
    if not at.state.has_fix:
        return Answer(NOT_NOW, f"cannot {what}: no satellite fix")
    return None


def _is_away(at: Situation, point: NamedPoint) -> bool:
    """Tell whether a point is elsewhere on the map than the vehicle."""
    if point.is_here:
        return False
    east, north, _ = place_point(point, at.state, at.here_m)
    return float(np.hypot(east - at.here_m[0], north - at.here_m[1])) > _HERE_M


_NO_MESSAGE = Message("COMMAND_LONG", {})

COMMANDS: Mapping[int, Callable[[Situation, Message], Answer]] = {
    20: return_home,
    21: land,
    22: take_off,
    176: set_mode,
    192: go,
    203: shoot,
    205: mount,
    1000: aim,
    2000: capture,
}
