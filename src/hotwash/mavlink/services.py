"""What a vehicle answers besides commands: parameters, missions (it has none), time and ping."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hotwash.mavlink.messages import FieldValue, Message

Reply = tuple[str, dict[str, FieldValue]]  # name and fields of a message

TAKE_OFF_HEIGHT = "MIS_TAKEOFF_ALT"
CRUISE = "MPC_XY_CRUISE"

# Source: MAVLink common.xml: MAV_MISSION_RESULT, MAV_PARAM_TYPE.
_ACCEPTED, _NO_MISSIONS, _NO_SUCH_ITEM = 0, 3, 13
_REAL_32 = 9


@dataclass(frozen=True, slots=True)
class Parameters:
    """A vehicle's parameters: numbers by name, in the order in which they are counted."""

    values: dict[str, float]

    def name_in(self, message: Message) -> str | None:
        """Return the parameter that a request names, by index or by id; None when there is no such parameter."""
        index, names = message.integer("param_index"), list(self.values)
        name = names[index] if 0 <= index < len(names) else message.text("param_id")
        return name if name in self.values else None

    def message(self, name: str) -> Reply:
        """Return the message that says the value of a parameter."""
        names = list(self.values)
        return "PARAM_VALUE", {
            "param_id": name,
            "param_value": self.values[name],
            "param_type": _REAL_32,
            "param_count": len(names),
            "param_index": names.index(name),
        }


def answer(message: Message, *, time_s: float) -> Reply | None:
    """Return the answer to one of the messages ANSWERED; None where none is due.

    time_s   of the vehicle
    """
    return _ANSWERS[message.name](message, time_s)


def _mission(name: str, **values: FieldValue) -> Callable[[Message, float], Reply]:
    def reply(message: Message, _: float) -> Reply:
        return name, {
            "target_system": message.system,
            "target_component": message.component,
            "mission_type": message.integer("mission_type"),
            **values,
        }

    return reply


def _time(message: Message, time_s: float) -> Reply | None:
    if message.integer("tc1") != 0:
        return None
    return "TIMESYNC", {"tc1": round(time_s * 1e9), "ts1": message.integer("ts1")}


def _ping(message: Message, _: float) -> Reply | None:
    if message.integer("target_system") != 0:
        return None
    return "PING", {
        "time_usec": message.integer("time_usec"),
        "seq": message.integer("seq"),
        "target_system": message.system,
        "target_component": message.component,
    }


_ANSWERS: Mapping[str, Callable[[Message, float], Reply | None]] = {
    "MISSION_REQUEST_LIST": _mission("MISSION_COUNT", count=0),
    "MISSION_CLEAR_ALL": _mission("MISSION_ACK", type=_ACCEPTED),  # there is none, so none is left
    "MISSION_COUNT": _mission("MISSION_ACK", type=_NO_MISSIONS),
    "MISSION_REQUEST": _mission("MISSION_ACK", type=_NO_SUCH_ITEM),
    "MISSION_REQUEST_INT": _mission("MISSION_ACK", type=_NO_SUCH_ITEM),
    "TIMESYNC": _time,
    "PING": _ping,
}
ANSWERED = tuple(_ANSWERS)
