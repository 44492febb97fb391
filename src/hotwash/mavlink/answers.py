"""What a command comes to: a result of MAVLink, words for the pilot, and the orders that follow."""

from __future__ import annotations

import math
from dataclasses import dataclass

from hotwash.flight.policies.orders import Orders
from hotwash.mavlink.messages import Message

# Source: MAVLink common.xml: MAV_RESULT.
ACCEPTED, NOT_NOW, DENIED, UNSUPPORTED, FAILED, UNSUPPORTED_FRAME = 0, 1, 2, 3, 4, 9

# What ground stations ask for and a vehicle here cannot do, by MAV_CMD; whatever is not here is told by its number.
UNSUPPORTED_WORDS = {
    16: "waypoints are not flown; send it to a point instead",
    34: "orbits are not flown; fly the circle with the sticks",
    92: "control from outside (offboard) is not offered",
    179: "home cannot be moved; it is where it took off",
    195: "a region of interest is not followed; point the camera by its pitch",
    197: "a region of interest is not followed; point the camera by its pitch",
    201: "a region of interest is not followed; point the camera by its pitch",
    207: "there is no geofence",
    209: "motors cannot be tested one by one",
    224: "missions are not flown",
    241: "nothing here needs calibration",
    245: "parameters are not stored beyond the flight",
    246: "a simulated vehicle is not restarted; end the exercise instead",
    300: "missions are not flown",
    2001: "one picture is taken at a time; there is no series to stop",
    2500: "no video is recorded",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command comes to.

    result   of MAVLink, see above
    text     words for the pilot; every refusal has some
    orders   the orders from now on; None leaves those that there are
    mode     the flight mode that must be flown before the command counts as accepted; "": it counts at once
    """

    result: int = ACCEPTED
    text: str = ""
    orders: Orders | None = None
    mode: str = ""


def refusal_of(number: int) -> Answer:
    """Return the refusal of a command that nothing here carries out."""
    return Answer(UNSUPPORTED, UNSUPPORTED_WORDS.get(number, f"command {number} is not known here"))


def parameter(message: Message, number: int) -> float:
    """Return a parameter of a command, 1 to 7, as it was sent; NaN where it was left open."""
    if message.name == "COMMAND_LONG" or number < 5:
        return message.number(f"param{number}")
    return message.number("xyz"[number - 5])


def whole_number(number: float) -> int | None:
    """Return a parameter that counts or names something; None where it is no whole number."""
    return int(number) if math.isfinite(number) and number == int(number) else None


def is_open(number: float) -> bool:
    """Tell whether a parameter was left open: NaN, or the 0 of a client that fills what it does not use."""
    return math.isnan(number) or number == 0.0
