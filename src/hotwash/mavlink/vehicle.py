"""A simulated vehicle as a client of MAVLink meets it: what it is told, what it answers, what it does.

    Message ─hear▶ ┐                       ┌ due_frames ─▶ frames to send, by client
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
from hotwash.mavlink import navigation, services
from hotwash.mavlink.answers import ACCEPTED, DENIED, FAILED, NOT_NOW, Answer, parameter, refusal_of, whole_number
from hotwash.mavlink.briefing import Briefing, Prompter
from hotwash.mavlink.messages import BY_NUMBER, FieldValue, Message
from hotwash.mavlink.navigation import CUSTOM_FLAG, Situation
from hotwash.mavlink.services import CRUISE, TAKE_OFF_HEIGHT, Parameters
from hotwash.mavlink.streams import COMPONENT, SYSTEM, Streams
from hotwash.mavlink.telemetry import TELEMETRY, Values, VehicleState
from hotwash.model.scenario_parts import Place
from hotwash.model.words import FLIGHT_MODES

_WARNING, _NOTICE, _DETAIL = 4, 5, 6  # MAVLink common.xml: MAV_SEVERITY
_TEXT_CHARACTERS = 50  # of one message; a piece that is shorter is the last
_FORCE = 21_196  # the number that makes a vehicle disarm in the air
_WORKS_S = 1.0  # what arms or changes the mode is answered when it has happened, or was not seen to within this
_STICKS_S = 0.5  # PX4's own patience with sticks that are no longer heard (COM_RC_LOSS_T)
_DISARMS_S = 2.0  # after a landing by itself, the motors stop so much later, as PX4's do
_REPEATS_S = 5.0  # a refusal of what clients send many times a second is told so often
_QUIET = (510, 511, 512, 520)  # a refusal that concerns no flight: ground stations ask for all they know

_SET_MODE = 11  # the message's number, which answers to it carry in place of a command's


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A command that is answered once what it asks for is seen.

    is_armed   or not; None where it does not matter
    mode       that is flown; "" where it does not matter
    earlier    orders to come back to where it is refused
    """

    number: int
    client: object
    sender: tuple[int, int]
    until_s: float
    earlier: Orders
    is_armed: bool | None = None
    mode: str = ""

    def is_done(self, view: View) -> bool:
        is_armed = self.is_armed is None or bool(view.is_armed[0]) == self.is_armed
        return is_armed and self.mode in ("", FLIGHT_MODES[int(view.mode[0])])


class Vehicle:
    """One vehicle of one world; `hear` and `see` in any order, then `command` and `due_frames` once a step.

    place        that the seat's positions are counted from
    first        the seat's view before the first step
    start_us     UTC of time zero in microseconds since 1970
    reach        what its full sticks ask for, and where its camera can point
    is_wing      a fixed wing takes off by hand, and goes nowhere by itself but home
    briefing     what its pilot is told on the way: messages of the scenario, call-outs of the lane
    """

    def __init__(
        self,
        place: Place,
        first: View,
        *,
        start_us: int = 0,
        reach: Reach | None = None,
        is_wing: bool = False,
        briefing: Briefing | None = None,
    ) -> None:
        self.orders = Orders()
        self.is_client_silent, self.is_alone = False, True
        self._place, self._start_us, self._reach = place, start_us, reach or Reach()
        self._ground_up_m, self._is_wing = 0.0, is_wing
        self._home_m: tuple[float, float, float] | None = None
        self._parameters = Parameters({TAKE_OFF_HEIGHT: 2.5, CRUISE: navigation.usual_cruise_mps(self._reach)})
        self._waiting: list[_Waiting] = []
        self._streams, self._prompter = Streams(), Prompter(briefing or Briefing())
        self._values: dict[str, Values | None] = {}  # of this step, for all clients
        self._texts = 0
        self._refused_s: dict[str, float] = {}  # when a refusal was last told
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
        self.view, self._values = view, {}
        for text in self._prompter.news(view):
            self.say(text)
        self._note_home()
        self._answer_waiting()
        self._disarm_after_landing()

    def command(self) -> Command:
        """Return what the seat is to do in the next step; sticks that were let go come back to the middle."""
        if self.orders.kind == orders_of.PILOT and self.time_s - self._sticks_s > _STICKS_S:
            self.orders = replace(self.orders, sticks=(0.0,) * 5)
        command, self.orders = obey(self.orders, self.view, reach=self._reach, ground_up_m=self._ground_up_m)
        return command

    def due_frames(self, client: object = None) -> list[bytes]:
        """Return the frames to send to a client now: what was said and answered, then what is due.

        client   what tells clients apart: anything hashable

        A vehicle whose link is lost says nothing; what it had to say is gone.
        """
        stream = self._streams.of(client)
        waiting = self._streams.take(client)
        for name in stream.due_names(self.time_s, is_alone=self.is_alone):
            values = self._telemetry(name)
            if values is not None:
                waiting.append((name, dict(values)))
        return [stream.frame(name, values) for name, values in waiting] if self.is_linked else []

    def heartbeat_frame(self, client: object = None) -> bytes:
        """Return the frame of a vehicle that waits for its first client: a heartbeat, while no time passes."""
        return self._streams.of(client).frame("HEARTBEAT", dict(self._telemetry("HEARTBEAT") or {}))

    def hear(self, message: Message, client: object = None) -> None:
        """Take one message of a client; what is not for this vehicle, or not understood, is passed over."""
        system = message.values.get("target_system", message.values.get("target", 0))
        component = message.values.get("target_component", 0)
        is_ours = system in (0, SYSTEM) and component in (0, COMPONENT)
        if is_ours and self.is_linked and message.name in _HEARD:
            _HEARD[message.name](self, message, client)

    def lose_client(self, *, is_long: bool) -> None:
        """Do what a vehicle does whose client has vanished: hover, and go home when that lasts long.

        is_long   whether it is time to go home
        """
        if not self.is_client_silent:
            self.is_client_silent = True
            self.say("client silent: hovering", severity=_WARNING)
            if self._is_flying:
                self._hover()
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
        """Send a text to all clients; a long one in pieces that clients put together again."""
        pieces = [text[at : at + _TEXT_CHARACTERS] for at in range(0, len(text) + 1, _TEXT_CHARACTERS)]
        if len(pieces) > 1:
            self._texts = self._texts % 65_535 + 1
        for number, piece in enumerate(pieces):
            values: dict[str, FieldValue] = {"severity": severity, "text": piece}
            if len(pieces) > 1:
                values |= {"id": self._texts, "chunk_seq": number}
            self._streams.say("STATUSTEXT", values)

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
            camera_deg=self._reach.camera_deg,
        )

    def _situation(self) -> Situation:
        values = self._parameters.values
        return Situation(self._state(), self.orders, self._reach, values[CRUISE], values[TAKE_OFF_HEIGHT])

    def _telemetry(self, name: str) -> Values | None:
        """Return what a message says in this step."""
        if name not in self._values:
            self._values[name] = TELEMETRY[name][1](self._state())
        return self._values[name]

    def _hover(self) -> None:
        """Stay where it is, as far as its failsafes let it."""
        if self._is_wing:
            self.orders = new_orders(orders_of.PILOT, self.orders, mode="loiter")
        else:
            self.orders = new_orders(orders_of.HOLD, self.orders)

    def _note_home(self) -> None:
        """Note where home is, and how high the ground is there, at the first fix."""
        if self._home_m is None and self.view.has_fix[0]:
            east_m, north_m, up_m = self.view.nav_position_m[0].tolist()
            self._ground_up_m = up_m - float(self.view.height_m[0])
            self._home_m = (east_m, north_m, self._ground_up_m)

    def _disarm_after_landing(self) -> None:
        is_down = bool(self.view.is_on_ground[0]) and bool(self.view.is_armed[0])
        if not (is_down and FLIGHT_MODES[int(self.view.mode[0])] in ("land", "return_home")):
            self._landed_s = None
        elif self._landed_s is None:
            self._landed_s = self.time_s
        elif self.time_s - self._landed_s > _DISARMS_S:
            self.orders = replace(self.orders, buttons=fields.DISARM)

    # ------------------------------------------------------------ commands

    def _acknowledge(self, number: int, answer: Answer, client: object, sender: tuple[int, int]) -> None:
        """Answer a command: to its sender the result, to all the words."""
        if answer.text:
            is_refused = answer.result != ACCEPTED
            severity = _DETAIL if number in _QUIET else _WARNING if is_refused else _NOTICE
            self.say(answer.text, severity=severity)
        values: dict[str, FieldValue] = {
            "command": number,
            "result": answer.result,
            "target_system": sender[0],
            "target_component": sender[1],
        }
        self._streams.of(client).answers.append(("COMMAND_ACK", values))

    def _take_command(self, message: Message, client: object) -> None:
        number = message.integer("command")
        answer = self._answer(number, message, client)
        if answer is not None:
            self._follow(number, answer, message, client)

    def _answer(self, number: int, message: Message, client: object) -> Answer | None:
        """Return what a command comes to; None where it is answered later."""
        if number in navigation.COMMANDS:
            return navigation.COMMANDS[number](self._situation(), message)
        if number in _COMMANDS:
            return _COMMANDS[number](self, message, client)
        return refusal_of(number)

    def _follow(self, number: int, answer: Answer, message: Message, client: object) -> None:
        """Take up new orders, and answer: at once, or when their mode is flown."""
        sender = (message.system, message.component)
        earlier = self.orders
        if answer.orders is not None:
            self.orders = answer.orders
        if answer.mode and answer.result == ACCEPTED:
            self._await(_Waiting(number, client, sender, self.time_s + _WORKS_S, earlier, mode=answer.mode))
        else:
            self._acknowledge(number, answer, client, sender)

    def _await(self, waiting: _Waiting) -> None:
        """Wait for what a command asks for; of one that is sent again, only the last is answered."""
        is_same = (waiting.number, waiting.client)
        self._waiting = [each for each in self._waiting if (each.number, each.client) != is_same]
        self._waiting.append(waiting)

    def _answer_waiting(self) -> None:
        for waiting in self._waiting:
            if waiting.is_done(self.view):
                self._acknowledge(waiting.number, Answer(), waiting.client, waiting.sender)
            elif self.time_s > waiting.until_s:
                self._give_up(waiting)
        self._waiting = [each for each in self._waiting if not each.is_done(self.view) and self.time_s <= each.until_s]

    def _give_up(self, waiting: _Waiting) -> None:
        """Refuse a command that the vehicle did not carry out; the orders before it stand again."""
        if waiting.mode:
            self.orders = replace(waiting.earlier, asks=None, buttons=0, is_capture=False)
        result = NOT_NOW if waiting.mode else DENIED
        self._acknowledge(waiting.number, Answer(result, self._why_not(waiting)), waiting.client, waiting.sender)

    def _why_not(self, waiting: _Waiting) -> str:
        """Return why the vehicle does not do what it was told."""
        flown = FLIGHT_MODES[int(self.view.mode[0])].replace("_", " ")
        warned = int(self.view.warnings[0])
        if not waiting.mode:
            return "arming refused" if waiting.is_armed else "disarming refused"
        if warned & fields.BATTERY_CRITICAL:
            return f"battery critical: it stays in {flown}"
        if warned & (fields.FIX_LOST | fields.FELL_BACK):
            return f"no satellite fix to rely on: it stays in {flown}"
        return f"{waiting.mode.replace('_', ' ')} is not flown now: it stays in {flown}"

    def _arm(self, message: Message, client: object) -> Answer | None:
        """Press the button; the answer waits until it has worked."""
        asked, force = parameter(message, 1), parameter(message, 2)
        if asked not in (0.0, 1.0) or not (math.isnan(force) or force in (0.0, _FORCE)):
            return Answer(DENIED, "arming is 1, disarming 0; to disarm in the air, force it with 21196")
        wants = asked == 1.0
        if bool(self.view.is_armed[0]) == wants:
            return Answer()
        if not wants and self._is_flying and force != _FORCE:
            return Answer(DENIED, "in the air: not disarmed")
        self.orders = replace(self.orders, buttons=fields.ARM if wants else fields.DISARM)
        sender = (message.system, message.component)
        number, until_s = message.integer("command"), self.time_s + _WORKS_S
        self._await(_Waiting(number, client, sender, until_s, self.orders, is_armed=wants))
        return None

    def _set_speed(self, message: Message, _: object) -> Answer:
        speed_mps = navigation.set_speed(self._situation(), message)
        if isinstance(speed_mps, Answer):
            return speed_mps
        self._parameters.values[CRUISE] = speed_mps
        return Answer(orders=replace(self.orders, speed_mps=speed_mps))

    def _set_interval(self, message: Message, client: object) -> Answer:
        name, whom = _name(message), parameter(message, 7)
        if name is None:
            return _not_told(message)
        if not (math.isnan(whom) or whom in (0.0, 1.0, 2.0)):
            return Answer(DENIED, f"{whom:g} names no receiver of messages")
        mine = self._streams.of(client)
        streams = list(self._streams.all.values()) if whom == 2.0 else [mine]
        done = [stream.set_period(name, parameter(message, 2), time_s=self.time_s) for stream in streams]
        return Answer() if all(done) else Answer(DENIED, f"{parameter(message, 2):g} is no period in microseconds")

    def _tell_interval(self, message: Message, client: object) -> Answer:
        name = _name(message)
        if name is None:
            return _not_told(message)
        stream = self._streams.of(client)
        values: dict[str, FieldValue] = {
            "message_id": int(parameter(message, 1)),
            "interval_us": stream.period_us(name),
        }
        stream.answers.append(("MESSAGE_INTERVAL", values))
        return Answer()

    def _tell(self, message: Message, client: object) -> Answer:
        name = _name(message)
        return _not_told(message) if name is None else self._tell_once(name, client)

    def _tell_version(self, _: Message, client: object) -> Answer:
        return self._tell_once("AUTOPILOT_VERSION", client)

    def _tell_once(self, name: str, client: object) -> Answer:
        values = self._telemetry(name)
        if values is None:
            return Answer(FAILED, f"{name} has nothing to tell without a satellite fix")
        self._streams.of(client).answers.append((name, dict(values)))
        return Answer()

    # ------------------------------------------------------------ other messages

    def _take_sticks(self, message: Message, _: object) -> None:
        """Pass the sticks on, where a pilot flies: x forward, y right, z 0 to 1000 up, r clockwise."""
        if self.orders.kind != orders_of.PILOT:
            return
        forward, right, turn = (_share(message, name) for name in ("x", "y", "r"))
        lift = _share(message, "z", middle=500)
        lever = _share(message, "aux1") if message.integer("enabled_extensions") & 4 else 0.0
        self._sticks_s = self.time_s
        self.orders = replace(self.orders, sticks=(right, forward, turn, max(2.0 * lift - 1.0, -1.0), lever))

    def _take_mode(self, message: Message, client: object) -> None:
        """Fly a mode, by the older message; answered as PX4 does, by its number."""
        if not message.integer("base_mode") & CUSTOM_FLAG:
            answer = Answer(DENIED, "a mode is named by PX4's numbers: set the flag for a custom mode")
        else:
            custom = message.integer("custom_mode")
            answer = navigation.fly_mode(self._situation(), custom >> 16 & 0xFF, custom >> 24 & 0xFF)
        self._follow(_SET_MODE, answer, message, client)

    def _list_parameters(self, _: Message, client: object) -> None:
        self._streams.of(client).answers += [self._parameters.message(name) for name in self._parameters.values]

    def _read_parameter(self, message: Message, client: object) -> None:
        name = self._parameters.name_in(message)
        if name is None:
            self._refuse_parameter(message, services.NO_SUCH_PARAMETER, client)
        else:
            self._streams.of(client).answers.append(self._parameters.message(name))

    def _set_parameter(self, message: Message, client: object) -> None:
        """Set a parameter, and send its value to all; where it cannot be, say why, and send what it stays at."""
        name = message.text("param_id")
        fault = self._parameters.fault_in(message, {CRUISE: self._reach.speed_mps})
        if fault is None:
            self._parameters.values[name] = message.number("param_value")
            self._streams.say(*self._parameters.message(name))
            return
        self._refuse_parameter(message, fault, client)
        if name in self._parameters.values:
            self._streams.of(client).answers.append(self._parameters.message(name))

    def _refuse_parameter(self, message: Message, fault: int, client: object) -> None:
        self.say(services.parameter_words(message, fault), severity=_DETAIL)
        self._streams.of(client).answers.append(services.parameter_error(message, fault))

    def _answer_service(self, message: Message, client: object) -> None:
        answer = services.answer(message, time_s=self.time_s)
        if answer is not None:
            self._streams.of(client).answers.append(answer)
        self._refuse_in_words(message)

    def _refuse_in_words(self, message: Message, _: object = None) -> None:
        """Say why a message does nothing; of what comes many times a second, now and then."""
        text = services.refusal(message)
        if text is not None and self.time_s - self._refused_s.get(text, -math.inf) > _REPEATS_S:
            self._refused_s[text] = self.time_s
            self.say(text, severity=_WARNING)


def _share(message: Message, name: str, *, middle: int = 0) -> float:
    """Return a stick of -1000 to 1000 as -1 to 1; the number for "not there" is the middle."""
    value = message.integer(name)
    return (value if -1000 <= value <= 1000 else middle) / 1000.0


def _name(message: Message) -> str | None:
    """Return the message that a command names, where it is told here."""
    number = whole_number(parameter(message, 1))
    declared = None if number is None else BY_NUMBER.get(number)
    return declared.name if declared is not None and declared.name in TELEMETRY else None


def _not_told(message: Message) -> Answer:
    return Answer(DENIED, f"message {parameter(message, 1):g} is not told here")


_Doing = Callable[[Vehicle, Message, object], Answer | None]
_COMMANDS: dict[int, _Doing] = {
    178: Vehicle._set_speed,
    400: Vehicle._arm,
    510: Vehicle._tell_interval,
    511: Vehicle._set_interval,
    512: Vehicle._tell,
    520: Vehicle._tell_version,
}

_HEARD: dict[str, Callable[[Vehicle, Message, object], None]] = {
    "COMMAND_LONG": Vehicle._take_command,
    "COMMAND_INT": Vehicle._take_command,
    "SET_MODE": Vehicle._take_mode,
    "MANUAL_CONTROL": Vehicle._take_sticks,
    "PARAM_REQUEST_LIST": Vehicle._list_parameters,
    "PARAM_REQUEST_READ": Vehicle._read_parameter,
    "PARAM_SET": Vehicle._set_parameter,
    **dict.fromkeys(services.ANSWERED, Vehicle._answer_service),
    **dict.fromkeys(services.REFUSED, Vehicle._refuse_in_words),
}
