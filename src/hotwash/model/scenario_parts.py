"""What every scenario has, whoever sits in it: its head, its place, its seats, its messages; read, checked and written.

The keys of each table are the fields of its record.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

from hotwash.errors import ScenarioError
from hotwash.model import key as kinds
from hotwash.model import toml_keys, words
from hotwash.model.key import NUMBER, TEXT, TEXTS, TIME, WHOLE, Key, key, keys_of, record, share
from hotwash.model.tables import SENSORS
from hotwash.model.weather import Weather
from hotwash.visible import quote

START_UTC = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)  # around noon in a European summer, where a file names none
SEAT_KINDS = ("pilot", "watch")
SIGHTS = ("line_of_sight", "camera", "none")

# Keys that stand above the first table.
HEAD = (
    Key("name", TEXT, "name of the scenario, as it is flown by", is_needed=True),
    Key("version", TEXT, "its version: part of the evidence of an attempt", default="1"),
    Key("title", TEXT, "what it is, in a few words, up to 120 letters", default=""),
    Key("lane", TEXT, "the test lane that judges it; without one nothing is judged"),
    Key("start_utc", TIME, "simulated time at which it starts; left out, 10:00 UTC on 1 June 2026"),
    Key("step_s", NUMBER, "time between two commands", unit="s", default=0.02, least=0.002, most=0.1),
    Key("time_limit_s", NUMBER, "when it ends", unit="s", default=600.0, least=1.0, most=86_400.0),
    Key("pass_points", NUMBER, "points that pass; the school's own mark", unit="points", least=0.0),
    Key("pass_seconds", NUMBER, "time that passes; the school's own mark", unit="s", least=0.0),
    Key("measures", TEXTS, "measures that the school looks at first", default=()),
)
HEAD_DEFAULTS: Mapping[str, Any] = {one.name: one.default for one in HEAD}
FLOWN = (
    Key("seed", WHOLE, "seed that it was flown with", is_needed=True),
    Key("world", WHOLE, "number of the world in that exercise", is_needed=True, least=0),
)


@record
class Place:
    """The point that positions are counted from, on the ground."""

    lat_deg: float = key("latitude of the point 0, 0, 0", unit="deg", least=-90.0, most=90.0)
    lon_deg: float = key("longitude of it", unit="deg", least=-180.0, most=180.0)
    height_hae_m: float = key(
        "height of the ground above the ellipsoid", default=0.0, unit="m", least=-1000.0, most=9000.0
    )


@record
class Navigation:
    """Errors of a drone's own navigation while nothing is wrong."""

    sigma_m: float = key(
        "slow error of the satellite position on each axis, one standard deviation",
        default=0.2, unit="m", least=0.0, most=20.0,
    )  # fmt: skip
    time_constant_s: float = key("how slowly that error wanders", default=60.0, unit="s", least=1.0)
    sigma_velocity_mps: float = key(
        "error of the velocity, one standard deviation", default=0.03, unit="m/s", least=0.0, most=5.0
    )
    sigma_height_m: float = key(
        "slow error of the barometer, one standard deviation", default=0.1, unit="m", least=0.0, most=20.0
    )
    satellites: int = key("how many are in use while nothing is wrong", default=16, least=4, most=60)


@record
class Failsafes:
    """When a drone acts by itself."""

    link_timeout_s: float = key(
        "silence after which the link counts as lost", default=0.5, unit="s", least=0.02, most=10.0
    )
    link_hover_s: float = key(
        "how long it hovers before it returns by itself", default=5.0, unit="s", least=0.0, most=600.0
    )
    return_height_m: float = key(
        "least height above take-off of the way home", default=20.0, unit="m", least=0.0, most=120.0
    )
    fix_timeout_s: float = key(
        "how long a fix must be back before the mode that needs it", default=2.0, unit="s", least=0.0, most=60.0
    )
    battery_warn: float = share("charge at which it warns", default=0.3)
    battery_return: float = share("charge at which it returns by itself; the pilot may call it off", default=0.15)
    battery_land: float = share("charge at which it lands where it is; the pilot may only steer", default=0.07)


@record
class Seat:
    """One seat: a pilot with a drone of its own, or the watch."""

    name: str = key("name of the seat, unique; its drone is called so too")
    airframe: str = key("name of the airframe, shipped or carried; a pilot needs one", default="")
    kind: str = key("what the seat does", default="pilot", one_of=SEAT_KINDS)
    position_m: tuple[float, float, float] = key(
        "where it starts, east, north and up of the place", default=(0.0, 0.0, 0.0), unit="m"
    )
    heading_deg: float = key("where its nose points at the start", default=0.0, unit="deg", least=-360.0, most=360.0)
    sight: str = key("what the seat sees the drone by", default="line_of_sight", one_of=SIGHTS)
    mode: str = key("flight mode at the start", default="position_hold", one_of=words.FLIGHT_MODES)
    is_armed: bool = key("whether its motors are ready at the start", default=True)
    video_delay_s: float = key("age of the picture that a camera seat sees", default=0.1, unit="s", least=0.0, most=2.0)


@record
class Inject:
    """One message that a seat is given; `seat` None is all of them."""

    time_s: float = key("when it comes", unit="s", least=0.0)
    text: str = key("what the seat is told")
    seat: str | None = key("whom it is for; left out, all", default=None)


class AnyScenario(Protocol):
    """What is checked and written of every scenario alike."""

    @property
    def seats(self) -> tuple[Seat, ...]: ...
    @property
    def failsafes(self) -> Failsafes: ...
    @property
    def injects(self) -> tuple[Inject, ...]: ...
    @property
    def sensors(self) -> tuple[Mapping[str, Any], ...]: ...
    @property
    def randomise(self) -> Mapping[str, tuple[float, float]]: ...


# Tables written as [place], and those written as [[seats]], that every scenario may have; [[sensors]] has the columns
# of SENSORS.
TABLES: Mapping[str, type] = {
    "place": Place, "weather": Weather, "navigation": Navigation, "failsafes": Failsafes,
}  # fmt: skip
LISTS: Mapping[str, type] = {"seats": Seat, "injects": Inject}
CARRIED = ("lanes", "airframes", "zones", "rules")
# What [randomise] may name of the weather: `weather.wind_mps = [0, 8]`.
RANDOM_WEATHER = ("wind_mps", "wind_from_deg", "shear_exponent", "turbulence_w20_mps", "temperature_c", "pressure_hpa")


# ---------------------------------------------------------------- reading


def parse_parts(tables: Mapping[str, Any], head: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return the fields that every scenario has.

    tables   those of the file
    head     its keys that stand above the first table
    raises   ScenarioError that names the key at fault
    """
    values = toml_keys.parse_values(head, HEAD, name, "")
    values["start_utc"] = values["start_utc"] or START_UTC
    for section, declared in TABLES.items():
        values[section] = declared(**toml_keys.parse_table(tables, section, keys_of(declared), name))
    for section, declared in LISTS.items():
        values[section] = tuple(
            declared(**row) for row in toml_keys.parse_rows(tables, section, keys_of(declared), name)
        )
    values["sensors"] = tuple(_parse_sensor(row, name) for row in toml_keys.raw_rows(tables, "sensors", name))
    values["randomise"] = dict(toml_keys.parse_ranges(tables.get("randomise", {}), "randomise", name))
    return values | (toml_keys.parse_table(tables, "flown", FLOWN, name) if "flown" in tables else {})


def _parse_sensor(row: dict[str, Any], name: str) -> dict[str, Any]:
    place = f"sensors {row.get('sensor_id', '')}"
    toml_keys.check_names(row, SENSORS.names, name, place)
    for one in SENSORS.columns:
        if not one.nullable and one.name not in row:
            raise ScenarioError(name, place=f"[{place}] {one.name}", why=f"it is missing: {one.meaning}")
        if one.one_of and row.get(one.name, one.one_of[0]) not in one.one_of:
            raise toml_keys.unknown(name, f"[{place}] {one.name}", str(row[one.name]), one.one_of)
    texts = {one.name for one in SENSORS.columns if one.one_of or one.name == "sensor_id"}
    values = {one: toml_keys.of_kind(given, kinds.TEXT if one in texts else kinds.NUMBER) for one, given in row.items()}
    for column, value in values.items():
        if value is None:
            raise ScenarioError(name, place=f"[{place}] {column}", why=f"{quote(row[column])} is not what it holds")
    return values


def parse_texts(tables: Mapping[str, Any], sections: Sequence[str], name: str) -> dict[str, dict[str, str]]:
    """Return the texts that a file carries, of some of CARRIED, by section and name."""
    given = tables.get("carried", {})
    given = given if isinstance(given, dict) else {"": given}
    toml_keys.check_names(given, CARRIED, name, "carried")
    for section, texts in given.items():
        if not isinstance(texts, dict) or not all(isinstance(one, str) for one in texts.values()):
            raise ScenarioError(name, place=f"[carried.{section}]", why="each key holds the text of a TOML file")
    return {section: dict(given.get(section, {})) for section in sections}


# ---------------------------------------------------------------- what must fit together


def check_parts(scenario: AnyScenario, name: str) -> None:
    """Raise where single keys are right but do not fit together."""
    if not scenario.seats:
        raise ScenarioError(name, place="[[seats]]", why="nobody sits in it; give at least one seat")
    seats = [one.name for one in scenario.seats]
    check_unique(seats, name, "seats", "name")
    for seat in scenario.seats:
        if seat.position_m[2] < 0.0:
            why = f"{seat.position_m[2]:g} m is below ground; the third number is the height above it"
            raise ScenarioError(name, place=f"[seats {seat.name}] position_m", why=why)
        if seat.kind == "pilot" and not seat.airframe:
            why = "it is missing: name of the airframe: a shipped one, or one that the file carries"
            raise ScenarioError(name, place=f"[seats {seat.name}] airframe", why=why)
    for at, inject in enumerate(scenario.injects):
        if inject.seat is not None and inject.seat not in seats:
            raise toml_keys.unknown(name, f"[injects {at}] seat", inject.seat, seats)
    safe = scenario.failsafes
    if not safe.battery_warn >= safe.battery_return >= safe.battery_land:
        why = "charges must fall: battery_warn, then battery_return, then battery_land"
        raise ScenarioError(name, place="[failsafes] battery_warn", why=why)


def check_unique(names: Sequence[str], name: str, section: str, key: str) -> None:
    """Raise unless each of some names is there, and there once."""
    for one in names:
        if not one or names.count(one) > 1:
            why = "two have this name; each needs its own" if one else "it needs a name"
            raise ScenarioError(name, place=f"[{section} {one}] {key}", why=why)


def check_ranges(scenario: AnyScenario, known: Mapping[str, Key | None], name: str) -> None:
    """Raise for a range of [randomise] that is not among the known ones, or out of the bounds of its key.

    known   the key of each dotted name; None for a factor above 0
    """
    for dotted, pair in scenario.randomise.items():
        place = f"[randomise] {dotted}"
        if dotted not in known:
            raise toml_keys.unknown(name, place, dotted, known)
        one = known[dotted]
        if one is None and pair[0] <= 0.0:
            why = f"{pair[0]:g} is no factor; an airframe's numbers can be multiplied by numbers above 0 only"
            raise ScenarioError(name, place=place, why=why)
        if one is not None and one.kind == kinds.WHOLE:
            raise ScenarioError(name, place=place, why="a number that counts things cannot be drawn")
        if one is not None:
            for value in pair:
                toml_keys.parse_value(value, one, name, place)


def randomisable_weather() -> dict[str, Key | None]:
    """Return the names of the weather that [randomise] may hold, each with its key."""
    by_name = {one.name: one for one in keys_of(Weather)}
    return {f"weather.{one}": by_name[one] for one in RANDOM_WEATHER}


# ---------------------------------------------------------------- writing


def head_texts(scenario: AnyScenario) -> Iterator[str]:
    """Yield the head, the tables and the seats as TOML."""
    yield toml_keys.lines_of({one.name: getattr(scenario, one.name, None) for one in HEAD})
    for section in TABLES:
        yield toml_keys.table_text(section, toml_keys.dict_of(getattr(scenario, section)))
    yield from toml_keys.row_texts("seats", map(toml_keys.dict_of, scenario.seats))


def middle_texts(scenario: AnyScenario, seed: int | None, world: int | None) -> Iterator[str]:
    """Yield messages, sensors and ranges as TOML, and with what it was flown, where it was."""
    yield from toml_keys.row_texts("injects", map(toml_keys.dict_of, scenario.injects))
    yield from toml_keys.row_texts("sensors", scenario.sensors)
    yield from toml_keys.free_texts("randomise", scenario.randomise)
    if seed is not None and world is not None:
        yield toml_keys.table_text("flown", {"seed": seed, "world": world})
