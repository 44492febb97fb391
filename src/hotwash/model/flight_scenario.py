"""A scenario in which pilots fly: drones, a lane, what fails; read, checked and written.

The keys of each table are the fields of its record.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hotwash.errors import ScenarioError
from hotwash.model import key as kinds
from hotwash.model import scenario_parts as parts
from hotwash.model import toml_keys
from hotwash.model.key import NUMBER, WHOLE, Key, key, keys_of, record
from hotwash.model.scenario_parts import HEAD_DEFAULTS, START_UTC, Failsafes, Inject, Navigation, Place, Seat
from hotwash.model.weather import Weather

_TOWARDS = Key(
    "direction_deg", NUMBER, "direction of the error, from north", unit="deg", default=90.0, least=-360.0, most=360.0
)
# What each kind of fault takes; at most two numbers, which the compiled code sees in this order.
FAULT_VALUES: Mapping[str, tuple[Key, ...]] = {
    "satnav_off": (),
    "satnav_stuck": (),
    "satnav_drift": (
        Key("speed_mps", NUMBER, "how fast the position drifts", unit="m/s", is_needed=True, least=0.0, most=50.0),
        _TOWARDS,
    ),
    "satnav_jump": (
        Key("distance_m", NUMBER, "how far the position jumps", unit="m", is_needed=True, least=0.0, most=10_000.0),
        _TOWARDS,
    ),
    "link_delay": (
        Key("delay_s", NUMBER, "added way of each command", unit="s", is_needed=True, least=0.0, most=2.0),
    ),
    "link_jitter": (
        Key("jitter_s", NUMBER, "greatest further delay, drawn anew", unit="s", is_needed=True, least=0.0, most=1.0),
    ),
    "link_loss": (
        Key(
            "share", NUMBER, "share of the commands that is lost; 1 is all", unit="share", default=1.0, least=0.0,
            most=1.0,
        ),
    ),
    "motor_loss": (
        Key("rotor", WHOLE, "which motor, counted from 0 as in the airframe", is_needed=True, least=0, most=3),
        Key("share", NUMBER, "share of its thrust that is left", unit="share", default=0.0, least=0.0, most=1.0),
    ),
    "compass_offset": (
        Key("offset_deg", NUMBER, "added to the heading", unit="deg", is_needed=True, least=-180.0, most=180.0),
    ),
    "video_freeze": (),
    "battery": (
        Key("share", NUMBER, "charge that is left at the onset", unit="share", default=0.2, least=0.0, most=1.0),
    ),
    "gust_front": (
        Key("speed_mps", NUMBER, "added wind", unit="m/s", is_needed=True, least=0.0, most=40.0),
        Key("from_deg", NUMBER, "where it comes from; left out, as the wind", unit="deg", least=0.0, most=360.0),
    ),
}  # fmt: skip

# What each kind of fault does, as the manual says it.
FAULT_MEANINGS = {
    "satnav_off": "satellite navigation gives no fix.",
    "satnav_stuck": "position and velocity stay as they were, and count as a fix.",
    "satnav_drift": "the position drifts away from the true one, and the velocity agrees with it.",
    "satnav_jump": "the position is off by a fixed way.",
    "link_delay": "commands come late, and so does the picture of a camera.",
    "link_jitter": "commands come late by a delay that is drawn anew each step; they keep their order.",
    "link_loss": "commands do not come, and neither do the instruments and the picture.",
    "motor_loss": "one motor pushes less. That of a wing is number 0.",
    "compass_offset": "the heading that the drone believes is off.",
    "video_freeze": "the picture of a camera stands still, and looks as if it did not.",
    "battery": "the charge falls to a share at the onset, where it is above it.",
    "gust_front": "the wind grows at once, and falls again at the end.",
}

# What [randomise] may name beside the weather. Each world draws its own number, even between the two.
RANDOM_SEAT = {
    "east_m": "where it starts, east of the place [m]",
    "north_m": "north of it [m]",
    "up_m": "above the ground [m]",
    "heading_deg": "where its nose points [deg]",
}
RANDOM_FAULT = ("onset_s", "end_s")  # and the numbers of its kind
# Factors of the airframe's own numbers.
RANDOM_AIRFRAME = {
    "mass": "factor of its mass",
    "inertia": "factor of its moments of inertia",
    "thrust": "factor of the thrust of its rotors, or of its motor",
    "drag": "factor of the drag of its body",
    "motor_lag": "factor of the time that its motors take",
    "battery": "factor of its battery's capacity",
}


@record
class Fault:
    """One thing that fails.

    onset_s   None where when_task names a task of the lane
    values    the numbers of its kind, as FAULT_VALUES names them; None stands for "as the weather"
    """

    kind: str = key("what fails")
    name: str = key("name of the fault, unique; left out, its kind", default="")
    seat: str = key("whose drone; left out, the first seat's", default="")
    onset_s: float | None = key("when it sets in", default=None, unit="s", least=0.0)
    end_s: float | None = key("when it ends; left out, never", default=None, unit="s", least=0.0)
    when_task: str | None = key(
        "in place of onset_s: sets in when the lane comes to this task; end_s counts from there", default=None
    )
    values: Mapping[str, float | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FlightScenario:
    """Everything that an exercise with pilots needs to know before it starts.

    text        the TOML file as it was read
    randomise   ranges by dotted name, see `randomisable`
    sensors     rows of SENSORS
    lanes, airframes   texts of TOML files that it carries, by name
    seed, world        with which a recording of it was flown; None in one that is yet to be flown
    """

    name: str
    place: Place
    seats: tuple[Seat, ...]
    text: str = ""
    version: str = HEAD_DEFAULTS["version"]
    title: str = HEAD_DEFAULTS["title"]
    start_utc: datetime = START_UTC
    step_s: float = HEAD_DEFAULTS["step_s"]
    time_limit_s: float = HEAD_DEFAULTS["time_limit_s"]
    pass_points: float | None = None
    pass_seconds: float | None = None
    measures: tuple[str, ...] = ()
    weather: Weather = field(default_factory=Weather)
    navigation: Navigation = field(default_factory=Navigation)
    failsafes: Failsafes = field(default_factory=Failsafes)
    injects: tuple[Inject, ...] = ()
    sensors: tuple[Mapping[str, Any], ...] = ()
    randomise: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    lane: str | None = None
    faults: tuple[Fault, ...] = ()
    lanes: Mapping[str, str] = field(default_factory=dict)
    airframes: Mapping[str, str] = field(default_factory=dict)
    seed: int | None = None
    world: int | None = None

    def seat(self, name: str) -> Seat:
        """Return the seat of a name.

        raises   ScenarioError when there is none
        """
        for one in self.seats:
            if one.name == name:
                return one
        raise toml_keys.unknown(self.name, f"seat {name}", name, [one.name for one in self.seats])


# ---------------------------------------------------------------- reading


def parse_flight(tables: Mapping[str, Any], values: Mapping[str, Any], *, text: str, name: str) -> FlightScenario:
    """Return the scenario of a file's tables.

    values   the fields that every scenario has
    text     the file as it stands
    raises   ScenarioError that names the key at fault
    """
    seats = values["seats"]
    faults = tuple(_parse_fault(row, seats, name, f"faults {at}")
                   for at, row in enumerate(toml_keys.raw_rows(tables, "faults", name)))  # fmt: skip
    carried = parts.parse_texts(tables, ("lanes", "airframes"), name)
    scenario = FlightScenario(
        **values, text=text, faults=faults, lanes=carried["lanes"], airframes=carried["airframes"]
    )
    parts.check_parts(scenario, name)
    parts.check_unique([one.name for one in scenario.faults], name, "faults", "name")
    for fault in scenario.faults:
        _check_fault(fault, scenario, [one.name for one in seats], name)
    parts.check_ranges(scenario, randomisable(scenario), name)
    return scenario


def _parse_fault(row: dict[str, Any], seats: Sequence[Seat], name: str, place: str) -> Fault:
    kind = row.get("kind")
    if not isinstance(kind, str) or kind not in FAULT_VALUES:
        raise toml_keys.unknown(name, f"[{place}] kind", str(kind), FAULT_VALUES)
    own = FAULT_VALUES[kind]
    values = toml_keys.parse_values(row, (*keys_of(Fault), *own), name, f"faults {kind}")
    numbers = {one.name: values.pop(one.name) for one in own}
    numbers = {one: None if value is None else float(value) for one, value in numbers.items()}
    values["name"] = values["name"] or kind
    values["seat"] = values["seat"] or (seats[0].name if seats else "")
    return Fault(**values, values=numbers)


def _check_fault(fault: Fault, scenario: FlightScenario, seats: Sequence[str], name: str) -> None:
    place = f"[faults {fault.name}]"
    if fault.seat not in seats:
        raise toml_keys.unknown(name, f"{place} seat", fault.seat, seats)
    if (fault.onset_s is None) == (fault.when_task is None):
        raise ScenarioError(name, place=f"{place} onset_s", why="give either onset_s or when_task")
    if fault.when_task is not None and scenario.lane is None:
        raise ScenarioError(name, place=f"{place} when_task", why="only a lane has tasks; give the scenario a lane")
    if fault.end_s is not None and fault.end_s <= (fault.onset_s or 0.0):
        raise ScenarioError(name, place=f"{place} end_s", why="it ends before it sets in")


def randomisable(scenario: FlightScenario) -> dict[str, Key | None]:
    """Return each dotted name that [randomise] may hold, with the key that bounds it (None: a factor above 0)."""
    known = parts.randomisable_weather() | {f"airframe.{one}": None for one in RANDOM_AIRFRAME}
    for seat in scenario.seats:
        for one in RANDOM_SEAT:
            least = 0.0 if one == "up_m" else None
            known[f"seats.{seat.name}.{one}"] = Key(one, NUMBER, "where it starts", least=least)
    by_name = {one.name: one for one in keys_of(Fault)}
    for fault in scenario.faults:
        known |= {f"faults.{fault.name}.{one}": by_name[one] for one in RANDOM_FAULT}
        known |= {f"faults.{fault.name}.{one.name}": one for one in FAULT_VALUES[fault.kind]}
    return known


# ---------------------------------------------------------------- writing


def fault_texts(scenario: FlightScenario) -> Iterator[str]:
    """Yield the faults as TOML."""
    for fault in scenario.faults:
        flat = toml_keys.dict_of(fault)
        whole = {one.name for one in FAULT_VALUES[fault.kind] if one.kind == kinds.WHOLE}
        numbers = {one: int(v) if v is not None and one in whole else v for one, v in flat.pop("values").items()}
        yield from toml_keys.row_texts("faults", [flat | numbers])
