"""What a vehicle was told to do, carried out with the sticks and modes of its seat, step by step.

    Orders + View ─obey─▶ Command, Orders      hold ◀─ there ─ take_off, go_to;  any ─ its own failsafe ─▶ pilot

One world. The vehicle's failsafes are stronger: what it does by itself is never argued with.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from hotwash.flight.policies import goto
from hotwash.flight.policies.goto import Reach
from hotwash.flight.seats import fields
from hotwash.flight.seats.pilot import Command, View
from hotwash.model.words import FLIGHT_MODES

PILOT, HOLD, TAKE_OFF, GO_TO, RETURN, LAND = KINDS = ("pilot", "hold", "take_off", "go_to", "return", "land")
POSITION_HOLD = "position_hold"
_GUIDED = (HOLD, TAKE_OFF, GO_TO)
_MODE_OF = {HOLD: POSITION_HOLD, TAKE_OFF: POSITION_HOLD, GO_TO: POSITION_HOLD, RETURN: "return_home", LAND: "land"}
_THERE_M = 0.5  # level and up: what position hold keeps in a moderate breeze
_AIMING_PER_S, _AIMED_DEG = 4.0, 0.2  # a gimbal follows its lever at once, so it settles within a second
_PATIENCE_STEPS = 50  # a mode that was asked for and is not flown after a second of steps was refused

Sticks = tuple[float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class Orders:
    """What is to be done.

    kind         one of KINDS; pilot: the sticks are passed on
    asks         the mode to ask for in the next step, None to leave it
    target_m     for take_off, go_to and hold: east, north, up; None for hold: where it is when it is next seen
    heading_deg  where its nose shall point; NaN leaves it
    speed_mps    how fast to go; None: as fast as full sticks
    sticks       roll, pitch, yaw, throttle, gimbal pitch rate, for pilot
    camera_deg   where the camera shall point, above the horizon; NaN leaves it
    camera_dps   how fast the camera shall turn, + up; NaN for not at all. The pilot's own lever ends both
    buttons      bits to press in the next step; is_capture likewise takes a picture
    steps        how many were flown under these orders
    """

    kind: str = PILOT
    asks: str | None = None
    target_m: tuple[float, float, float] | None = None
    heading_deg: float = float("nan")
    speed_mps: float | None = None
    sticks: Sticks = (0.0, 0.0, 0.0, 0.0, 0.0)
    camera_deg: float = float("nan")
    camera_dps: float = float("nan")
    buttons: int = 0
    is_capture: bool = False
    steps: int = 0


def new_orders(kind: str, earlier: Orders, *, target_m: tuple[float, float, float] | None = None,
            heading_deg: float = float("nan"), mode: str | None = None) -> Orders:  # fmt: skip
    """Return new orders; speed, camera and pressed buttons are kept, sticks come back to the middle.

    mode   for pilot: the mode to fly in
    """
    asks = mode if kind == PILOT else _MODE_OF[kind]
    return replace(
        earlier, kind=kind, asks=asks, target_m=target_m, heading_deg=heading_deg, sticks=(0.0,) * 5, steps=0
    )


def stands(view: View, ground_up_m: float) -> tuple[float, float, float]:
    """Return where a vehicle takes itself to be: by satellite over ground, by barometer above it; east, north, up.

    ground_up_m   up of the ground that its barometer counts from
    """
    east_m, north_m, _ = view.nav_position_m[0]
    return float(east_m), float(north_m), ground_up_m + float(view.height_m[0])


def obey(orders: Orders, view: View, *, reach: Reach, ground_up_m: float = 0.0) -> tuple[Command, Orders]:
    """Return the command of this step, and the orders that are left.

    view   of one world

    Take-off and go-to end in a hold at their target. Where the vehicle flies another mode than these need, because it
    lost its fix or goes home by itself, the orders end, and the sticks stay in the middle.
    """
    now = _given_up(orders, view)
    here_m = stands(view, ground_up_m)
    if now.kind in _GUIDED and now.target_m is None:
        now = replace(now, target_m=here_m)
    sticks = now.sticks if now.kind == PILOT else (0.0,) * 5
    if now.kind in _GUIDED and now.target_m is not None and view.is_armed[0]:
        guided = goto.sticks(
            [here_m], view.heading_deg, [now.target_m], [now.heading_deg], reach=reach, speed_mps=now.speed_mps
        )
        sticks = (*guided[0].tolist(), 0.0)
        if now.kind != HOLD and np.max(np.abs(np.subtract(now.target_m, here_m))) < _THERE_M:
            now = replace(now, kind=HOLD)
    if sticks[4] != 0.0:
        now = replace(now, camera_deg=float("nan"), camera_dps=float("nan"))
    command = Command.of_sticks(
        1, roll=sticks[0], pitch=sticks[1], yaw=sticks[2], throttle=sticks[3],
        gimbal_pitch_rate=sticks[4] or _camera_rate(now, view, reach),
        capture=float(now.is_capture), mode=-1.0 if now.asks is None else now.asks, buttons=float(now.buttons),
    )  # fmt: skip
    return command, replace(now, asks=None, buttons=0, is_capture=False, steps=now.steps + 1)


def _camera_rate(orders: Orders, view: View, reach: Reach) -> float:
    """Return the lever that turns the camera as ordered, -1 to 1."""
    wanted_dps = orders.camera_dps
    if np.isfinite(orders.camera_deg):
        away_deg = orders.camera_deg - float(view.gimbal_pitch_deg[0])
        wanted_dps = 0.0 if abs(away_deg) < _AIMED_DEG else _AIMING_PER_S * away_deg
    if not np.isfinite(wanted_dps):
        return 0.0
    return float(np.clip(wanted_dps / reach.camera_dps, -1.0, 1.0))


def _given_up(orders: Orders, view: View) -> Orders:
    """Return the orders, or a pilot's with centred sticks where the vehicle flies another mode by itself."""
    flown = FLIGHT_MODES[int(view.mode[0])]
    is_settled = orders.steps > _PATIENCE_STEPS or int(view.warnings[0]) & (fields.RETURNING | fields.LANDING)
    if orders.kind in _GUIDED and is_settled and flown not in (POSITION_HOLD, "loiter"):
        return replace(orders, kind=PILOT, target_m=None, sticks=(0.0,) * 5)
    return orders
