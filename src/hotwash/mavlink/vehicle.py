"""A simulated vehicle as a client of MAVLink meets it: what it is told, what it answers, what it does.

    Message ─hear▶ ┐                       ┌ due_frames ─▶ frames to send
                   ├ Vehicle: orders, rates ┤
    View ────see─▶ ┘                       └ command ─▶ Command of its seat

It keeps PX4's manners, as far as they reach; everything else is refused in so many words. No socket is known here, and
no clock: the time is that of the views. Only simulated vehicles stand behind it; it commands no real one.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from hotwash.flight.policies import orders as orders_of
from hotwash.flight.policies.goto import Reach
from hotwash.flight.policies.orders import Orders, new_orders, obey
from hotwash.flight.seats import fields
from hotwash.flight.seats.pilot import Command, View
from hotwash.geo import frames
from hotwash.mavlink import encoder, services
from hotwash.mavlink.messages import BY_NUMBER, FieldValue, Message
from hotwash.mavlink.services import CRUISE, TAKE_OFF_HEIGHT, Parameters
from hotwash.mavlink.telemetry import TELEMETRY, VehicleState
from hotwash.model.scenario_parts import Place
from hotwash.model.words import FLIGHT_MODES

SYSTEM, COMPONENT = 1, 1

# Source: MAVLink common.xml: MAV_RESULT, MAV_CMD, MAV_FRAME, MAV_SEVERITY.
_ACCEPTED, _NOT_NOW, _DENIED, _UNSUPPORTED, _FAILED = 0, 1, 2, 3, 4
_RELATIVE_FRAMES = (3, 6)
_WARNING, _NOTICE = 4, 5
_TEXT_CHARACTERS = 50  # of one message; a piece that is shorter is the last
_FORCE = 21_196  # the number that makes a vehicle disarm in the air
_CUSTOM_FLAG = 1
_AUTO = 4
_MODES_OF_PILOT = {1: "stabilised", 2: "altitude_hold", 3: "position_hold", 5: "rate", 7: "stabilised"}
_ORDERS_OF_AUTO = {2: orders_of.TAKE_OFF, 3: orders_of.HOLD, 5: orders_of.RETURN, 6: orders_of.LAND}
_WORKS_S = 1.0  # arming is answered when it has happened, or was not seen to within this
_CALLS_S = 0.2
_STICKS_S = 0.5  # PX4's own patience with sticks that are no longer heard (COM_RC_LOSS_T)
_DISARMS_S = 2.0  # after a landing by itself, the motors stop so much later, as PX4's do


@dataclass(frozen=True, slots=True)
class _Waiting:
    """An arming that is answered once the vehicle is, or is not, armed."""

    number: int
    is_armed: bool
    until_s: float
    client: tuple[int, int]


class Vehicle:
    """One vehicle of one world; `hear` and `see` in any order, then `command` and `due_frames` once a step.

    place        that the seat's positions are counted from
    first        the seat's view before the first step
    start_us     UTC of time zero in microseconds since 1970
    reach        what its full sticks ask for
    is_wing      a fixed wing takes off by hand, and goes nowhere by itself but home
    """

    def __init__(
        self, place: Place, first: View, *, start_us: int = 0, reach: Reach | None = None, is_wing: bool = False
    ) -> None:
        self.orders = Orders()
        self.is_client_silent, self.is_alone = False, True
        self._place, self._start_us, self._reach = place, start_us, reach or Reach()
        self._ground_up_m, self._is_wing = 0.0, is_wing
        self._home_m: tuple[float, float, float] | None = None
        self._periods_s = {name: 1.0 / rate if rate else math.inf for name, (rate, _) in TELEMETRY.items()}
        self._due_s = dict.fromkeys(TELEMETRY, 0.0)
        self._due_s["AUTOPILOT_VERSION"] = math.inf
        self._parameters = Parameters({TAKE_OFF_HEIGHT: 2.5, CRUISE: min(5.0, self._reach.speed_mps)})  # as PX4
        self._waiting: list[_Waiting] = []
        self._outbox: list[tuple[str, dict[str, FieldValue]]] = []
        self._sequence = self._texts = 0
        self._landed_s: float | None = None
        self._sticks_s = -math.inf  # when sticks were last heard
        self.view = first
        self._note_home()

    # ------------------------------------------------------------ in time

    def see(self, view: View) -> None:
        """Take the view after a step."""
        came = int(view.warnings[0]) & ~int(self.view.warnings[0])
        for bit, words in fields.WARNING_WORDS.items():
            if came & bit:
                self.say(words, severity=_WARNING)
        self.view = view
        self._note_home()
        self._answer_armings()
        self._disarm_after_landing()

    def command(self) -> Command:
        """Return what the seat is to do in the next step; sticks that were let go come back to the middle."""
        if self.orders.kind == orders_of.PILOT and self.time_s - self._sticks_s > _STICKS_S:
            self.orders = replace(self.orders, sticks=(0.0,) * 5)
        command, self.orders = obey(self.orders, self.view, reach=self._reach, ground_up_m=self._ground_up_m)
        return command

    def due_frames(self) -> list[bytes]:
        """Return the frames to send now: answers first, then what is due.

        A vehicle whose link is lost says nothing; what it had to say is gone.
        """
        state = self._state()
        for name, (_, values_of) in TELEMETRY.items():
            if self.time_s + 1e-9 >= self._due_s[name]:
                self._due_s[name] = max(self._due_s[name] + self._period_s(name), self.time_s)
                values = values_of(state)
                if values is not None:
                    self._outbox.append((name, dict(values)))
        waiting, self._outbox = self._outbox, []
        return [self._frame(name, values) for name, values in waiting] if self.is_linked else []

    def heartbeat_frame(self) -> bytes:
        """Return the frame of a vehicle that waits for its first client: a heartbeat, while no time passes."""
        values = TELEMETRY["HEARTBEAT"][1](self._state())
        return self._frame("HEARTBEAT", dict(values or {}))

    def hear(self, message: Message) -> None:
        """Take one message of a client; what is not for this vehicle, or not understood, is passed over."""
        system = message.values.get("target_system", message.values.get("target", 0))
        component = message.values.get("target_component", 0)
        is_ours = system in (0, SYSTEM) and component in (0, COMPONENT)
        if is_ours and self.is_linked and message.name in _HEARD:
            _HEARD[message.name](self, message)

    def lose_client(self, *, is_long: bool) -> None:
        """Do what a vehicle does whose client has vanished: hover, and go home when that lasts long.

        is_long   whether it is time to go home
        """
        if not self.is_client_silent:
            self.is_client_silent = True
            self.say("client silent: hovering", severity=_WARNING)
            if self._is_flying:
                self._hold()
        if is_long and self._is_flying and self.orders.kind not in (orders_of.RETURN, orders_of.LAND):
            self.say("client silent: returning home", severity=_WARNING)
            self.orders = new_orders(orders_of.RETURN, self.orders)

    def find_client(self) -> None:
        """Note that a client is there, or there again; what the vehicle does meanwhile goes on."""
        self.is_alone = False
        if self.is_client_silent:
            self.is_client_silent = False
            self.say("client is back", severity=_NOTICE)

    def say(self, text: str, *, severity: int = _NOTICE) -> None:
        """Send a text to whoever reads along; a long one in pieces that clients put together again."""
        pieces = [text[at : at + _TEXT_CHARACTERS] for at in range(0, len(text) + 1, _TEXT_CHARACTERS)]
        if len(pieces) > 1:
            self._texts = self._texts % 65_535 + 1
        for number, piece in enumerate(pieces):
            values: dict[str, FieldValue] = {"severity": severity, "text": piece}
            if len(pieces) > 1:
                values |= {"id": self._texts, "chunk_seq": number}
            self._outbox.append(("STATUSTEXT", values))

    @property
    def time_s(self) -> float:
        return float(self.view.time_s[0])

    @property
    def is_linked(self) -> bool:
        """Tell whether the exercise's own link lets anything through."""
        return float(self.view.link_quality[0]) > 0.0

    @property
    def _is_flying(self) -> bool:
        return bool(self.view.is_armed[0]) and not bool(self.view.is_on_ground[0])

    def _state(self) -> VehicleState:
        return VehicleState(
            self.view,
            self._place,
            self._start_us,
            self._home_m,
            self._ground_up_m,
            self.orders.kind,
            is_wing=self._is_wing,
            is_client_silent=self.is_client_silent,
        )

    def _period_s(self, name: str) -> float:
        """Return how often a message is told; a vehicle that nobody answers calls more often, to be found at once."""
        period_s = self._periods_s[name]
        return min(period_s, _CALLS_S) if name == "HEARTBEAT" and self.is_alone else period_s

    def _frame(self, name: str, values: dict[str, FieldValue]) -> bytes:
        self._sequence += 1
        return encoder.encode(name, values, sequence=self._sequence - 1, system=SYSTEM, component=COMPONENT)

    def _note_home(self) -> None:
        """Note where home is, and how high the ground is there, at the first fix."""
        if self._home_m is None and self.view.has_fix[0]:
            east_m, north_m, up_m = self.view.nav_position_m[0].tolist()
            self._ground_up_m = up_m - float(self.view.height_m[0])
            self._home_m = (east_m, north_m, self._ground_up_m)

    def _answer_armings(self) -> None:
        for waiting in self._waiting:
            is_done = bool(self.view.is_armed[0]) == waiting.is_armed
            if is_done or self.time_s > waiting.until_s:
                self._acknowledge(waiting.number, _ACCEPTED if is_done else _DENIED, waiting.client)
        self._waiting = [
            each
            for each in self._waiting
            if bool(self.view.is_armed[0]) != each.is_armed and self.time_s <= each.until_s
        ]

    def _disarm_after_landing(self) -> None:
        is_down = bool(self.view.is_on_ground[0]) and bool(self.view.is_armed[0])
        if not (is_down and FLIGHT_MODES[int(self.view.mode[0])] in ("land", "return_home")):
            self._landed_s = None
        elif self._landed_s is None:
            self._landed_s = self.time_s
        elif self.time_s - self._landed_s > _DISARMS_S:
            self.orders = replace(self.orders, buttons=fields.DISARM)

    # ------------------------------------------------------------ commands

    def _acknowledge(self, number: int, result: int, client: tuple[int, int]) -> None:
        values: dict[str, FieldValue] = {
            "command": number,
            "result": result,
            "target_system": client[0],
            "target_component": client[1],
        }
        self._outbox.append(("COMMAND_ACK", values))

    def _take_command(self, message: Message) -> None:
        number = message.integer("command")
        client = (message.system, message.component)
        done = _COMMANDS.get(number)
        result = _UNSUPPORTED if done is None else done(self, message)
        if result is not None:
            self._acknowledge(number, result, client)

    def _arm(self, message: Message) -> int | None:
        """Press the button; the answer waits until it has worked."""
        wants = message.number("param1") == 1.0
        if bool(self.view.is_armed[0]) == wants:
            return _ACCEPTED
        if not wants and self._is_flying and message.number("param2") != _FORCE:
            self.say("in the air: not disarmed", severity=_WARNING)
            return _DENIED
        self.orders = replace(self.orders, buttons=fields.ARM if wants else fields.DISARM)
        client = (message.system, message.component)
        self._waiting.append(_Waiting(message.integer("command"), wants, self.time_s + _WORKS_S, client))
        return None

    def _take_off(self, message: Message) -> int:
        refused = self._cannot_go("take off")
        if refused is not None:
            return refused
        east, north, up = orders_of.stands(self.view, self._ground_up_m)
        wanted_m = message.number("param7") if message.name == "COMMAND_LONG" else message.number("z")
        height_m = self._parameters.values[TAKE_OFF_HEIGHT]
        if math.isfinite(wanted_m) and wanted_m != 0.0:  # above the ellipsoid, as all heights that are sent
            height_m = wanted_m - self._state().geodetic((east, north, self._ground_up_m))[2]
        if height_m <= 0.0:
            self.say("cannot take off: that height is below the ground", severity=_WARNING)
            return _DENIED
        target_m = (east, north, max(self._ground_up_m + height_m, up))
        self.orders = self._paced(new_orders(orders_of.TAKE_OFF, self.orders, target_m=target_m))
        return _ACCEPTED

    def _go(self, message: Message) -> int:
        refused = self._cannot_go("go there")
        if refused is not None:
            return refused
        target_m = self._point(message)
        if target_m is None or target_m[2] < self._ground_up_m:
            self.say("cannot go there: no such place, or below the ground", severity=_WARNING)
            return _DENIED
        yaw_rad, speed_mps = message.number("param4"), message.number("param1")
        heading_deg = math.degrees(yaw_rad) % 360.0 if math.isfinite(yaw_rad) else math.nan
        self.orders = self._paced(new_orders(orders_of.GO_TO, self.orders, target_m=target_m, heading_deg=heading_deg))
        if math.isfinite(speed_mps) and speed_mps > 0.0:
            self.orders = replace(self.orders, speed_mps=speed_mps)
        return _ACCEPTED

    def _point(self, message: Message) -> tuple[float, float, float] | None:
        """Return the point that a command names, east, north, up; what it leaves open is where the vehicle is."""
        lat, lon, height_m, is_relative = _geodetic(message)
        east, north, up = orders_of.stands(self.view, self._ground_up_m)
        here = self._state().geodetic((east, north, up))
        if is_relative:
            height_m += self._state().geodetic((east, north, self._ground_up_m))[2]
        lat, lon, height_m = (
            value if math.isfinite(value) else own for value, own in zip((lat, lon, height_m), here, strict=True)
        )
        if not (-90.0 <= lat <= 90.0 and -180.0 <= lon <= 180.0):
            return None
        place = self._place
        point = frames.geodetic2enu(lat, lon, height_m, place.lat_deg, place.lon_deg, place.height_hae_m)
        return float(point[0]), float(point[1]), float(point[2])

    def _paced(self, orders: Orders) -> Orders:
        return replace(orders, speed_mps=self._parameters.values[CRUISE])

    def _cannot_go(self, what: str) -> int | None:
        """Return why the vehicle cannot go anywhere by itself, None where it can."""
        if self._is_wing:
            return _UNSUPPORTED
        if not self.view.is_armed[0]:
            self.say(f"cannot {what}: not armed", severity=_WARNING)
            return _NOT_NOW
        if not self.view.has_fix[0]:
            self.say(f"cannot {what}: no satellite fix", severity=_WARNING)
            return _NOT_NOW
        return None

    def _land(self, _: Message) -> int:
        self.orders = new_orders(orders_of.LAND, self.orders)
        return _ACCEPTED

    def _return(self, _: Message) -> int:
        self.orders = new_orders(orders_of.RETURN, self.orders)
        return _ACCEPTED

    def _set_mode(self, message: Message) -> int:
        flags = _int(message.number("param1"))
        if flags < 0 or not flags & _CUSTOM_FLAG:
            return _DENIED
        return self._fly_mode(_int(message.number("param2")), _int(message.number("param3")))

    def _fly_mode(self, main: int, sub: int) -> int:
        if main in _MODES_OF_PILOT:
            self.orders = new_orders(orders_of.PILOT, self.orders, mode=_MODES_OF_PILOT[main])
            return _ACCEPTED
        kind = _ORDERS_OF_AUTO.get(sub) if main == _AUTO else None
        if kind is None:  # missions and control from outside among them
            return _UNSUPPORTED
        if kind == orders_of.TAKE_OFF:
            return self._take_off(Message("COMMAND_LONG", {"param7": math.nan}))
        if kind == orders_of.HOLD:
            self._hold()
        else:
            self.orders = new_orders(kind, self.orders)
        return _ACCEPTED

    def _hold(self) -> None:
        """Stay where it is: over a point, or round it."""
        if self._is_wing:
            self.orders = new_orders(orders_of.PILOT, self.orders, mode="loiter")
        else:
            self.orders = new_orders(orders_of.HOLD, self.orders)

    def _set_speed(self, message: Message) -> int:
        speed_mps = message.number("param2")
        if not (math.isfinite(speed_mps) and speed_mps > 0.0):
            return _DENIED
        self._parameters.values[CRUISE] = min(speed_mps, self._reach.speed_mps)
        self.orders = self._paced(self.orders)
        return _ACCEPTED

    def _set_interval(self, message: Message) -> int:
        name, period_us = _name(message.number("param1")), message.number("param2")
        if name is None or not math.isfinite(period_us):
            return _DENIED
        rate_hz = TELEMETRY[name][0]
        usual_s = 1.0 / rate_hz if rate_hz else math.inf
        self._periods_s[name] = math.inf if period_us < 0.0 else usual_s if period_us == 0.0 else period_us * 1e-6
        self._due_s[name] = self.time_s + (self._periods_s[name] if period_us < 0.0 else 0.0)
        return _ACCEPTED

    def _tell_interval(self, message: Message) -> int:
        name = _name(message.number("param1"))
        if name is None:
            return _DENIED
        period_s = self._periods_s[name]
        told_us = -1 if math.isinf(period_s) else round(period_s * 1e6)
        self._outbox.append(
            ("MESSAGE_INTERVAL", {"message_id": _int(message.number("param1")), "interval_us": told_us})
        )
        return _ACCEPTED

    def _tell(self, message: Message) -> int:
        return self._tell_once(_name(message.number("param1")))

    def _tell_version(self, _: Message) -> int:
        return self._tell_once("AUTOPILOT_VERSION")

    def _tell_once(self, name: str | None) -> int:
        if name is None:
            return _DENIED
        values = TELEMETRY[name][1](self._state())
        if values is None:
            return _FAILED
        self._outbox.append((name, dict(values)))
        return _ACCEPTED

    def _capture(self, _: Message) -> int:
        self.orders = replace(self.orders, is_capture=True)
        return _ACCEPTED

    # ------------------------------------------------------------ other messages

    def _take_sticks(self, message: Message) -> None:
        """Pass the sticks on, where a pilot flies: x forward, y right, z 0 to 1000 up, r clockwise."""
        if self.orders.kind != orders_of.PILOT:
            return
        forward, right, up, turn = (_share(message, name) for name in ("x", "y", "z", "r"))
        lever = _share(message, "aux1") if message.integer("enabled_extensions") & 4 else 0.0
        self._sticks_s = self.time_s
        self.orders = replace(self.orders, sticks=(right, forward, turn, min(max(2.0 * up - 1.0, -1.0), 1.0), lever))

    def _take_mode(self, message: Message) -> None:
        if message.integer("base_mode") & _CUSTOM_FLAG:
            custom = message.integer("custom_mode")
            self._fly_mode(custom >> 16 & 0xFF, custom >> 24 & 0xFF)

    def _list_parameters(self, _: Message) -> None:
        self._outbox += [self._parameters.message(name) for name in self._parameters.values]

    def _read_parameter(self, message: Message) -> None:
        name = self._parameters.name_in(message)
        if name is not None:
            self._outbox.append(self._parameters.message(name))

    def _set_parameter(self, message: Message) -> None:
        """Set a parameter that is there to a number above 0; whatever came of it, its value is sent."""
        name, value = message.text("param_id"), message.number("param_value")
        if name not in self._parameters.values:
            return
        if math.isfinite(value) and value > 0.0:
            self._parameters.values[name] = min(value, self._reach.speed_mps) if name == CRUISE else value
        self._outbox.append(self._parameters.message(name))

    def _answer_service(self, message: Message) -> None:
        answer = services.answer(message, time_s=self.time_s)
        if answer is not None:
            self._outbox.append(answer)


def _geodetic(message: Message) -> tuple[float, float, float, bool]:
    """Return lat_deg, lon_deg, height_m of a command, NaN where left open, and whether the height is above home."""
    if message.name == "COMMAND_LONG":
        return message.number("param5"), message.number("param6"), message.number("param7"), False
    open_ = -(2**31), 2**31 - 1  # both are in use for "no position"
    lat, lon = (math.nan if message.integer(name) in open_ else message.integer(name) * 1e-7 for name in ("x", "y"))
    return lat, lon, message.number("z"), message.integer("frame") in _RELATIVE_FRAMES


def _share(message: Message, name: str) -> float:
    """Return a stick of -1000 to 1000 as -1 to 1; the number for "not there" is the middle."""
    value = message.integer(name)
    return value / 1000.0 if -1000 <= value <= 1000 else 0.0


def _int(number: float) -> int:
    return int(number) if math.isfinite(number) else -1


def _name(number: float) -> str | None:
    """Return the message of a number that is told here."""
    declared = BY_NUMBER.get(_int(number))
    return declared.name if declared is not None and declared.name in TELEMETRY else None


_COMMANDS: dict[int, Callable[[Vehicle, Message], int | None]] = {
    20: Vehicle._return,
    21: Vehicle._land,
    22: Vehicle._take_off,
    176: Vehicle._set_mode,
    178: Vehicle._set_speed,
    192: Vehicle._go,
    400: Vehicle._arm,
    510: Vehicle._tell_interval,
    511: Vehicle._set_interval,
    512: Vehicle._tell,
    520: Vehicle._tell_version,
    2000: Vehicle._capture,
}

_HEARD: dict[str, Callable[[Vehicle, Message], None]] = {
    "COMMAND_LONG": Vehicle._take_command,
    "COMMAND_INT": Vehicle._take_command,
    "SET_MODE": Vehicle._take_mode,
    "MANUAL_CONTROL": Vehicle._take_sticks,
    "PARAM_REQUEST_LIST": Vehicle._list_parameters,
    "PARAM_REQUEST_READ": Vehicle._read_parameter,
    "PARAM_SET": Vehicle._set_parameter,
    **dict.fromkeys(services.ANSWERED, Vehicle._answer_service),
}
