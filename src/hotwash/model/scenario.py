"""A scenario: what will happen and who sits where, read from the text of a TOML file.

    text ─parse─▶ Scenario ─carried─▶ text that needs no other file: what a Recording keeps

The keys are declared in `scenario_keys`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from hotwash.errors import ScenarioError
from hotwash.model import key as kinds
from hotwash.model import scenario_keys as keys
from hotwash.model import toml_keys, watch
from hotwash.model.key import Key
from hotwash.model.tables import SENSORS
from hotwash.model.watch import Aerodrome, Cell, Flier, Outage, Report, Ring, Traffic, Watch
from hotwash.model.weather import Weather

START_UTC = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)  # around noon in a European summer, where a file names none


@dataclass(frozen=True, slots=True)
class Place:
    """The point that positions are counted from, on the ground."""

    lat_deg: float
    lon_deg: float
    height_hae_m: float = 0.0


@dataclass(frozen=True, slots=True)
class Navigation:
    """Errors of a drone's own navigation while nothing is wrong; see scenario_keys.NAVIGATION."""

    sigma_m: float = 0.2
    time_constant_s: float = 60.0
    sigma_velocity_mps: float = 0.03
    sigma_height_m: float = 0.1
    satellites: int = 16


@dataclass(frozen=True, slots=True)
class Failsafes:
    """When a drone acts by itself; see scenario_keys.FAILSAFES."""

    link_timeout_s: float = 0.5
    link_hover_s: float = 5.0
    return_height_m: float = 20.0
    fix_timeout_s: float = 2.0
    battery_warn: float = 0.3
    battery_return: float = 0.15
    battery_land: float = 0.07


@dataclass(frozen=True, slots=True)
class Seat:
    """One seat: a pilot with a drone of its own, or the watch; see scenario_keys.SEATS."""

    name: str
    airframe: str = ""
    kind: str = "pilot"
    position_m: tuple[float, float, float] = (0.0, 0.0, 0.0)
    heading_deg: float = 0.0
    sight: str = "line_of_sight"
    mode: str = "position_hold"
    is_armed: bool = True
    video_delay_s: float = 0.1


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that fails.

    onset_s   None where when_task names a task of the lane
    end_s     None: it never ends. With when_task it counts from the onset
    values    the numbers of its kind, as scenario_keys.FAULT_VALUES names them; None stands for "as the weather"
    """

    kind: str
    name: str
    seat: str
    onset_s: float | None = None
    end_s: float | None = None
    when_task: str | None = None
    values: Mapping[str, float | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Inject:
    """One message that a seat is given; `seat` None is all of them."""

    time_s: float
    text: str
    seat: str | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """Everything that an exercise needs to know before it starts.

    text        the TOML file as it was read
    randomise   ranges by dotted name, see scenario_keys
    sensors     rows of SENSORS
    lanes, airframes, rules   texts of TOML files that it carries, by name; zone_files of GeoJSON
    watch … vary       what a watch plays, see `watch` and watch_keys; empty where pilots fly
    senses     by sensor what SENSORS does not say of it
    vary       ranges by name, from which `exercise.design` draws worlds
    seed, world        with which a recording of it was flown; None in one that is yet to be flown
    """

    name: str
    place: Place
    seats: tuple[Seat, ...]
    text: str = ""
    version: str = "1"
    title: str = ""
    lane: str | None = None
    start_utc: datetime = START_UTC
    step_s: float = 0.02
    time_limit_s: float = 600.0
    pass_points: float | None = None
    pass_seconds: float | None = None
    measures: tuple[str, ...] = ()
    weather: Weather = field(default_factory=Weather)
    navigation: Navigation = field(default_factory=Navigation)
    failsafes: Failsafes = field(default_factory=Failsafes)
    faults: tuple[Fault, ...] = ()
    injects: tuple[Inject, ...] = ()
    sensors: tuple[Mapping[str, Any], ...] = ()
    randomise: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    lanes: Mapping[str, str] = field(default_factory=dict)
    airframes: Mapping[str, str] = field(default_factory=dict)
    watch: Watch = field(default_factory=Watch)
    objects: tuple[Flier, ...] = ()
    aerodromes: tuple[Aerodrome, ...] = ()
    traffic: tuple[Traffic, ...] = ()
    reports: tuple[Report, ...] = ()
    outages: tuple[Outage, ...] = ()
    population: tuple[Cell, ...] = ()
    zones: tuple[Ring, ...] = ()
    senses: tuple[Mapping[str, Any], ...] = ()
    vary: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    zone_files: Mapping[str, str] = field(default_factory=dict)
    rules: Mapping[str, str] = field(default_factory=dict)
    seed: int | None = None
    world: int | None = None

    @property
    def is_watch(self) -> bool:
        """Whether its seat keeps the air picture; otherwise pilots fly."""
        return any(one.kind == "watch" for one in self.seats)

    def seat(self, name: str) -> Seat:
        """Return the seat of a name.

        raises   ScenarioError when there is none
        """
        for one in self.seats:
            if one.name == name:
                return one
        raise toml_keys.unknown(self.name, f"seat {name}", name, [one.name for one in self.seats])


# ---------------------------------------------------------------- reading


def parse(text: str, *, name: str) -> Scenario:
    """Return the scenario of a TOML text.

    text     the content of the file
    name     what to call it in an error: the file's name
    raises   ScenarioError that names the key at fault, and for an unknown key the nearest one that exists

    Whether its airframes and its lane exist is for `Exercise` to find out.
    """
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise ScenarioError(name, why=f"this is no TOML: {fault}") from fault
    sections = (*keys.SECTIONS, *keys.OTHER, keys.SENSED)
    toml_keys.check_names(found, [one.name for one in keys.TOP] + [*sections], name, "")
    top = {one: value for one, value in found.items() if one not in sections}
    values = toml_keys.values(top, keys.TOP, name, "")
    values["start_utc"] = values["start_utc"] or START_UTC
    seats = tuple(Seat(**one) for one in toml_keys.rows(found, "seats", keys.SEATS, name))
    weather, navigation, failsafes = (_table(found, one, name) for one in ("weather", "navigation", "failsafes"))
    _check_sections(found, seats, name)
    scenario = Scenario(
        **values,
        place=Place(**_table(found, "place", name)),
        text=text,
        seats=seats,
        weather=Weather(**weather),
        navigation=Navigation(**navigation),
        failsafes=Failsafes(**failsafes),
        faults=tuple(
            _fault(one, seats, f"faults {at}", name) for at, one in enumerate(toml_keys.listed(found, "faults", name))
        ),
        injects=tuple(Inject(**one) for one in toml_keys.rows(found, "injects", keys.INJECTS, name)),
        sensors=tuple(_sensor(one, name) for one in toml_keys.listed(found, keys.SENSED, name)),
        randomise=dict(toml_keys.ranges(found.get("randomise", {}), "randomise", name)),
        **watch.read(found, name),
        **_carried(found.get("carried", {}), name),
        **(_table(found, "flown", name) if "flown" in found else {}),
    )
    _check(scenario, name)
    return scenario


def _table(found: Mapping[str, Any], section: str, name: str) -> dict[str, Any]:
    return toml_keys.section(found, section, keys.SECTIONS[section], name)


def _faults(found: Sequence[dict[str, Any]], seats: Sequence[Seat], name: str) -> tuple[Fault, ...]:
    return tuple(_fault(one, seats, f"faults {at}", name) for at, one in enumerate(found))


def _fault(found: dict[str, Any], seats: Sequence[Seat], place: str, name: str) -> Fault:
    kind = found.get("kind")
    if kind not in keys.FAULT_VALUES:
        raise toml_keys.unknown(name, f"[{place}] kind", str(kind), keys.FAULT_VALUES)
    own = keys.FAULT_VALUES[kind]
    values = toml_keys.values(found, (*keys.FAULTS, *own), name, f"faults {kind}")
    numbers = {one.name: values.pop(one.name) for one in own}
    numbers = {one: None if value is None else float(value) for one, value in numbers.items()}
    values["name"] = values["name"] or kind
    values["seat"] = values["seat"] or (seats[0].name if seats else "")
    return Fault(**values, values=numbers)


def _sensor(found: dict[str, Any], name: str) -> dict[str, Any]:
    place = f"sensors {found.get('sensor_id', '')}"
    toml_keys.check_names(found, SENSORS.names, name, place)
    for one in SENSORS.columns:
        if not one.nullable and one.name not in found:
            raise ScenarioError(name, place=f"[{place}] {one.name}", why=f"it is missing: {one.meaning}")
        if one.one_of and found.get(one.name, one.one_of[0]) not in one.one_of:
            raise toml_keys.unknown(name, f"[{place}] {one.name}", str(found[one.name]), one.one_of)
    texts = {one.name for one in SENSORS.columns if one.one_of or one.name == "sensor_id"}
    row = {one: toml_keys.of_kind(given, kinds.TEXT if one in texts else kinds.NUMBER) for one, given in found.items()}
    for column, value in row.items():
        if value is None:
            raise ScenarioError(name, place=f"[{place}] {column}", why=f"{found[column]!r} is not what it holds")
    return row


def _carried(found: Any, name: str) -> dict[str, Any]:
    """Return the carried texts by the field of Scenario that holds them."""
    fields = {"lanes": "lanes", "airframes": "airframes", **watch.CARRIED}
    given = found if isinstance(found, dict) else {"": found}
    toml_keys.check_names(given, fields, name, "carried")
    for section, texts in given.items():
        if not isinstance(texts, dict) or not all(isinstance(one, str) for one in texts.values()):
            raise ScenarioError(name, place=f"[carried.{section}]", why="each key holds the text of a TOML file")
    return {field: dict(given.get(section, {})) for section, field in fields.items()}


# ---------------------------------------------------------------- what must fit together


def _check_sections(found: Mapping[str, Any], seats: Sequence[Seat], name: str) -> None:
    """Raise unless pilots fly, or exactly one seat keeps the watch, and the file's sections are for those."""
    kinds_there = [one.kind for one in seats]
    if "watch" in kinds_there and len(seats) > 1:
        why = "a scenario has either pilots or one watch; give the others a scenario of their own"
        raise ScenarioError(name, place="[[seats]]", why=why)
    only = watch.is_used(found)
    if only is not None and "watch" not in kinds_there and seats:
        raise ScenarioError(name, place=only, why='only a watch has this; give its seat kind = "watch"')
    lost = next((one for one in ("lane", "faults") if found.get(one)), None)
    if lost is not None and "watch" in kinds_there:
        raise ScenarioError(name, place=lost, why="this is for pilots; a watch has neither a lane nor a drone to fail")


def _check(scenario: Scenario, name: str) -> None:
    """Raise where single keys are right but do not fit together."""
    if not scenario.seats:
        raise ScenarioError(name, place="[[seats]]", why="nobody sits in it; give at least one seat")
    _check_unique([one.name for one in scenario.seats], name, "seats")
    _check_unique([one.name for one in scenario.faults], name, "faults")
    seats = [one.name for one in scenario.seats]
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
    for fault in scenario.faults:
        _check_fault(fault, scenario, seats, name)
    safe = scenario.failsafes
    if not safe.battery_warn >= safe.battery_return >= safe.battery_land:
        why = "charges must fall: battery_warn, then battery_return, then battery_land"
        raise ScenarioError(name, place="[failsafes] battery_warn", why=why)
    for dotted, pair in scenario.randomise.items():
        _check_range(dotted, pair, scenario, name)
    sensors = [str(one["sensor_id"]) for one in scenario.sensors]
    watch.check(
        {one: getattr(scenario, one) for one in (*watch.ROWS, "senses", "vary", "watch", "rules")}, sensors, name
    )


def _check_unique(names: Sequence[str], name: str, section: str) -> None:
    for one in names:
        if not one or names.count(one) > 1:
            why = "two have this name; each needs its own" if one else "it needs a name"
            raise ScenarioError(name, place=f"[{section} {one}] name", why=why)


def _check_fault(fault: Fault, scenario: Scenario, seats: Sequence[str], name: str) -> None:
    place = f"[faults {fault.name}]"
    if fault.seat not in seats:
        raise toml_keys.unknown(name, f"{place} seat", fault.seat, seats)
    if (fault.onset_s is None) == (fault.when_task is None):
        raise ScenarioError(name, place=f"{place} onset_s", why="give either onset_s or when_task")
    if fault.when_task is not None and scenario.lane is None:
        raise ScenarioError(name, place=f"{place} when_task", why="only a lane has tasks; give the scenario a lane")
    if fault.end_s is not None and fault.end_s <= (fault.onset_s or 0.0):
        raise ScenarioError(name, place=f"{place} end_s", why="it ends before it sets in")


def randomisable(scenario: Scenario) -> dict[str, Key | None]:
    """Return each dotted name that [randomise] may hold, with the key that bounds it (None: a factor above 0)."""
    by_name = {one.name: one for one in (*keys.WEATHER, *keys.FAULTS)}
    found: dict[str, Key | None] = {f"weather.{one}": by_name[one] for one in keys.RANDOM_WEATHER}
    if scenario.is_watch:
        return found
    found |= {f"airframe.{one}": None for one in keys.RANDOM_AIRFRAME}
    for seat in scenario.seats:
        for one in keys.RANDOM_SEAT:
            least = 0.0 if one == "up_m" else None
            found[f"seats.{seat.name}.{one}"] = Key(one, kinds.NUMBER, "where it starts", least=least)
    for fault in scenario.faults:
        for one in keys.RANDOM_FAULT:
            found[f"faults.{fault.name}.{one}"] = by_name[one]
        found |= {f"faults.{fault.name}.{one.name}": one for one in keys.FAULT_VALUES[fault.kind]}
    return found


def _check_range(dotted: str, pair: tuple[float, float], scenario: Scenario, name: str) -> None:
    known = randomisable(scenario)
    if dotted not in known:
        raise toml_keys.unknown(name, f"[randomise] {dotted}", dotted, known)
    one = known[dotted]
    if one is None and pair[0] <= 0.0:
        why = f"{pair[0]:g} is no factor; an airframe's numbers can be multiplied by numbers above 0 only"
        raise ScenarioError(name, place=f"[randomise] {dotted}", why=why)
    if one is not None and one.kind == kinds.WHOLE:
        raise ScenarioError(name, place=f"[randomise] {dotted}", why="a number that counts things cannot be drawn")
    if one is not None:
        for value in pair:
            toml_keys.value(value, one, name, f"[randomise] {dotted}")


# ---------------------------------------------------------------- writing


def carried(
    scenario: Scenario,
    lanes: Mapping[str, str],
    airframes: Mapping[str, str],
    *,
    seed: int | None = None,
    world: int | None = None,
) -> str:
    """Return the scenario as TOML text that names nothing which it does not hold.

    lanes, airframes   texts of the TOML files that it names, by name; put in the place of those it carried
    seed, world        with which it was flown, for a recording
    returns            a text that `parse` reads as an equal scenario; every key stands in it, comments do not
    """
    parts = [toml_keys.lines({one.name: getattr(scenario, one.name) for one in keys.TOP})]
    for section in ("place", "weather", "navigation", "failsafes"):
        parts.append(f"[{section}]\n{toml_keys.lines(toml_keys.dict_of(getattr(scenario, section)))}")
    parts += [f"[[seats]]\n{toml_keys.lines(toml_keys.dict_of(one))}" for one in scenario.seats]
    for fault in scenario.faults:
        flat = toml_keys.dict_of(fault)
        whole = {one.name for one in keys.FAULT_VALUES[fault.kind] if one.kind == kinds.WHOLE}
        numbers = {one: int(v) if v is not None and one in whole else v for one, v in flat.pop("values").items()}
        parts.append(f"[[faults]]\n{toml_keys.lines(flat | numbers)}")
    parts += [f"[[injects]]\n{toml_keys.lines(toml_keys.dict_of(one))}" for one in scenario.injects]
    parts += [f"[[sensors]]\n{toml_keys.lines(one)}" for one in scenario.sensors]
    if scenario.randomise:
        parts.append(
            "[randomise]\n" + toml_keys.lines({toml_keys.quoted(one): pair for one, pair in scenario.randomise.items()})
        )
    if seed is not None and world is not None:
        parts.append(f"[flown]\n{toml_keys.lines({'seed': seed, 'world': world})}")
    if scenario.is_watch:
        parts += watch.written(scenario)
    for section, texts in (("lanes", lanes), ("airframes", airframes)):
        if texts:
            parts.append(
                f"[carried.{section}]\n" + toml_keys.lines({toml_keys.quoted(one): text for one, text in texts.items()})
            )
    return "\n".join(parts)
