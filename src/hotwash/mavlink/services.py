"""What a vehicle answers besides commands: parameters, missions (it has none), time and ping."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hotwash.mavlink.messages import FieldValue, Message

Reply = tuple[str, dict[str, FieldValue]]  # name and fields of a message

TAKE_OFF_HEIGHT = "MIS_TAKEOFF_ALT"
CRUISE = "MPC_XY_CRUISE"

# Source: MAVLink common.xml: MAV_MISSION_RESULT, MAV_MISSION_TYPE, MAV_PARAM_TYPE, MAV_PARAM_ERROR.
_ACCEPTED, _NO_MISSIONS, _NO_SUCH_ITEM = 0, 3, 13
_REAL_32 = 9
NO_SUCH_PARAMETER, OUT_OF_RANGE, WRONG_TYPE = 1, 2, 7
_PARAMETER_WORDS = {
    NO_SUCH_PARAMETER: "there is no parameter {}",
    OUT_OF_RANGE: "{} is out of range: it stays as it was",
    WRONG_TYPE: "{} is a number of type 9 (REAL32): it stays as it was",
}
_PLANS = {0: "missions are not flown", 1: "there is no geofence", 2: "there are no rally points"}


@dataclass(frozen=True, slots=True)
class Parameters:
    """A vehicle's parameters: numbers by name, in the order in which they are counted."""

    values: dict[str, float]

    def name_in(self, message: Message) -> str | None:
        """Return the parameter that a request names, by id where its index is -1; None when there is no such one."""
        index, names = message.integer("param_index"), list(self.values)
        if index == -1:
            return message.text("param_id") if message.text("param_id") in self.values else None
        return names[index] if 0 <= index < len(names) else None

    def fault_in(self, message: Message, most: Mapping[str, float]) -> int | None:
        """Return what is wrong with a request to set a parameter, None where it can be set.

        most   the greatest values, where there are such
        """
        name, value = message.text("param_id"), message.number("param_value")
        if name not in self.values:
            return NO_SUCH_PARAMETER
        if message.integer("param_type") != _REAL_32:  # of another type, the same bytes are another number
            return WRONG_TYPE
        is_right = math.isfinite(value) and 0.0 < value <= most.get(name, math.inf)
        return None if is_right else OUT_OF_RANGE

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


def parameter_words(message: Message, fault: int) -> str:
    """Return why a parameter is not read or set."""
    index = message.integer("param_index") if "param_index" in message.values else -1
    return _PARAMETER_WORDS[fault].format(message.text("param_id") if index == -1 else f"number {index}")


def parameter_error(message: Message, fault: int) -> Reply:
    """Return the message that says that a parameter is not read or set."""
    return "PARAM_ERROR", {
        "target_system": message.system,
        "target_component": message.component,
        "param_id": message.text("param_id"),
        "param_index": message.integer("param_index") if "param_index" in message.values else -1,
        "error": fault,
    }


def refusal(message: Message) -> str | None:
    """Return the words in which a message is refused; None where it is not."""
    if message.name in _OFFBOARD:
        return "control from outside (offboard) is not offered"
    if message.name == "RC_CHANNELS_OVERRIDE":
        return "channels of a transmitter are not read; send MANUAL_CONTROL"
    is_upload = message.name in _UPLOADS and not _is_empty(message)
    if not is_upload:
        return None
    kind = message.integer("mission_type") if "mission_type" in message.values else 0
    return _PLANS.get(kind, f"plans of type {kind} are not known")


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


def _is_empty(message: Message) -> bool:
    """Tell whether an upload brings nothing, which is a way to clear."""
    return message.name == "MISSION_COUNT" and message.integer("count") == 0


def _upload(message: Message, time_s: float) -> Reply:
    return _mission("MISSION_ACK", type=_ACCEPTED if _is_empty(message) else _NO_MISSIONS)(message, time_s)


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
    "MISSION_COUNT": _upload,
    **dict.fromkeys(("MISSION_ITEM", "MISSION_ITEM_INT", "MISSION_WRITE_PARTIAL_LIST"), _upload),
    "MISSION_REQUEST": _mission("MISSION_ACK", type=_NO_SUCH_ITEM),
    "MISSION_REQUEST_INT": _mission("MISSION_ACK", type=_NO_SUCH_ITEM),
    "MISSION_REQUEST_PARTIAL_LIST": _mission("MISSION_ACK", type=_NO_SUCH_ITEM),
    "TIMESYNC": _time,
    "PING": _ping,
}
ANSWERED = tuple(_ANSWERS)
_UPLOADS = ("MISSION_COUNT", "MISSION_ITEM", "MISSION_ITEM_INT", "MISSION_WRITE_PARTIAL_LIST", "MISSION_SET_CURRENT")
_OFFBOARD = ("SET_POSITION_TARGET_LOCAL_NED", "SET_POSITION_TARGET_GLOBAL_INT", "SET_ATTITUDE_TARGET")
REFUSED = (*_OFFBOARD, "RC_CHANNELS_OVERRIDE", "MISSION_SET_CURRENT")
