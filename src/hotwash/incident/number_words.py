"""How a number of each unit is said: "4 flights were diverted", "The border was not crossed"."""

from __future__ import annotations

from collections.abc import Mapping

from hotwash.claims.words import plain
from hotwash.model.questions import CountUnit

# How a number of each unit is said; `{}` is the number: of one, of several. The others are said as "There were {} …".
_SAID: Mapping[str, tuple[str, str]] = {
    "crossings": ("The border was crossed {} time", "The border was crossed {} times"),
    "airframes": ("{} airframe entered", "{} airframes entered"),
    "brought_down": ("{} was brought down", "{} were brought down"),
    "diversions": ("{} flight was diverted", "{} flights were diverted"),
    "cancellations": ("{} flight was cancelled", "{} flights were cancelled"),
    "aerodromes_closed": ("{} aerodrome was closed", "{} aerodromes were closed"),
    "flights_affected": ("{} flight was affected", "{} flights were affected"),
    "flights_delayed": ("{} flight was delayed", "{} flights were delayed"),
    "flights_returned": ("{} flight turned back", "{} flights turned back"),
    "flights_held": ("{} flight was held", "{} flights were held"),
    "departures_cancelled": ("{} departure was cancelled", "{} departures were cancelled"),
    "arrivals_cancelled": ("{} arrival was cancelled", "{} arrivals were cancelled"),
    "departures_delayed": ("{} departure was delayed", "{} departures were delayed"),
    "arrivals_delayed": ("{} arrival was delayed", "{} arrivals were delayed"),
    "departures_held": ("{} departure was held on the ground", "{} departures were held on the ground"),
    "arrivals_held": ("{} arrival was held in the air", "{} arrivals were held in the air"),
    "arrivals_diverted": ("{} arrival was diverted", "{} arrivals were diverted"),
    "departures_returned": ("{} departure turned back", "{} departures turned back"),
    "passengers": ("{} passenger was affected", "{} passengers were affected"),
    "drones": ("{} drone was reported", "{} drones were reported"),
    "finds_reported": ("{} thing was found", "{} things were found"),
    "crashed": ("{} drone came down", "{} drones came down"),
    "people_injured": ("{} person was injured", "{} people were injured"),
}
_NONE: Mapping[str, str] = {"crossings": "The border was not crossed", "brought_down": "None was brought down"}
RELATIONS: Mapping[str, str] = {
    "about": "about {}",
    "at_least": "at least {}",
    "at_most": "at most {}",
    "more_than": "more than {}",
    "less_than": "fewer than {}",
}


def say_number_of(unit: CountUnit, amount: str, number: float) -> str:
    """Return a number with its unit as a clause: "At least 14 airframes entered", without a full stop.

    amount   the number as words: "4", "at least 14", "between 4 and 6"
    number   which form of the noun it takes: 1 the one, any other the many
    """
    is_one = number == 1
    if unit.is_money:
        amount = "0" if amount == "no" else amount.replace("fewer than", "less than")
        return f"The costs were {amount} {unit.nouns[0]}"
    if amount == "no" and unit.name in _NONE:
        return _NONE[unit.name]
    if unit.name in _SAID:
        one, many = _SAID[unit.name]
        said = (one if is_one else many).format(amount)
    else:
        said = f"There {'was' if is_one else 'were'} {amount} {unit.nouns[0 if is_one else 1]}"
    return f"{said[:1].upper()}{said[1:]}"


def say_none_yet(unit: CountUnit) -> str:
    """Return that nothing had been counted by some time, as a clause: "Nothing had been found"."""
    if unit.name in ("finds", "finds_reported"):
        return "Nothing had been found"
    if unit.name in _NONE:
        return _NONE[unit.name].replace(" was ", " had been ")
    if unit.name in _SAID:
        return _SAID[unit.name][1].format("No").replace(" were ", " had been ").replace(" came ", " had come ").replace(
            " entered", " had entered").replace(" turned ", " had turned ")  # fmt: skip
    return f"There had been no {unit.nouns[1]}"


def say_bounds(low: float | None, likely: float | None, high: float | None) -> tuple[str, float]:
    """Return the bounds of a number as words, and the number that the noun bends to."""
    if high is None:
        return (f"at least {plain(low)}", low) if low else (plain(likely or 0), likely or 0)
    if low == high:
        return ("no" if not high else plain(high)), high
    if not low:
        return f"at most {plain(high)}", high
    return f"between {plain(low)} and {plain(high)}", high


def plain_value(value: object) -> str:
    """Return a number of a row, which claims hold as text."""
    try:
        return plain(float(str(value)))
    except ValueError:
        return ""
