"""The part of a scenario that a watch seat needs: what flies and what tells of it; read, checked and written.

    tables of a TOML file ─read─▶ fields of Scenario ─parts─▶ text that is read the same

The keys are declared in `watch_keys`. Times are seconds from the scenario's start_utc.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Any

from hotwash.errors import ScenarioError
from hotwash.model import toml_keys
from hotwash.model import watch_keys as keys
from hotwash.model.key import WHOLE

Point = tuple[float, float]
Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Watch:
    """How the watch is kept; see watch_keys.WATCH."""

    step_s: float = 5.0
    warm_up_s: float = 120.0
    is_replay: bool = False
    rules: str | None = None
    zone_id: str | None = None
    near_m: float = 10_000.0
    ask_delay_s: float = 60.0
    marked: str = "EXERCISE"
    sea_hae_m: float = 0.0
    note: str = ""

    @property
    def level_hae_m(self) -> float | None:
        """Height of mean sea level above the ellipsoid [m]; None in a replay, which was not made with it."""
        return None if self.is_replay else self.sea_hae_m


@dataclass(frozen=True, slots=True)
class Flier:
    """One thing that flies; see watch_keys.OBJECTS."""

    name: str
    kind: str
    speed_mps: float
    route: tuple[Point, ...]
    ident: str | None = None
    start_s: float = 0.0
    height_amsl_m: float = 300.0
    heights_m: tuple[float, ...] = ()
    flown: str = "path"
    airframe: str = "wing-12kg"
    size_m2: float | None = None
    ends: str = "leaves"


@dataclass(frozen=True, slots=True)
class Aerodrome:
    """One aerodrome; see watch_keys.AERODROMES. A position of None is to be looked up before it is staged."""

    aerodrome_id: str
    name: str = ""
    lat_deg: float | None = None
    lon_deg: float | None = None
    elevation_amsl_m: float | None = None
    is_open: bool = True
    opens_s: float | None = None
    closes_s: float | None = None
    runways: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Traffic:
    """How many movements an aerodrome has; see watch_keys.TRAFFIC."""

    aerodrome_id: str
    per_hour: float = 10.0
    from_s: float = 0.0
    to_s: float | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody says, and when the seat is told; see watch_keys.REPORTS."""

    report_id: str
    time_s: float
    role: str
    known_s: float | None = None
    means: str = "phone"
    text: str = ""
    place: str | None = None
    lat_deg: float | None = None
    lon_deg: float | None = None
    sigma_position_km: float | None = None
    azimuth_deg: float | None = None
    elevation_deg: float | None = None
    distance_m: float | None = None
    height_agl_m: float | None = None
    saw_nothing: bool = False
    after_alarm: bool = False
    truth: str = "true"
    about: str | None = None

    @property
    def reaches_s(self) -> float:
        """When it reaches the seat [s]."""
        return self.time_s if self.known_s is None else self.known_s


@dataclass(frozen=True, slots=True)
class Outage:
    """One silence of a sensor; see watch_keys.OUTAGES."""

    sensor_id: str
    from_s: float
    to_s: float | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """How many people live somewhere; see watch_keys.POPULATION."""

    cell_id: str
    lat_deg: float
    lon_deg: float
    people: float


@dataclass(frozen=True, slots=True)
class Ring:
    """A zone drawn in the scenario itself; see watch_keys.ZONES."""

    zone_id: str
    ring: tuple[Point, ...]
    name: str = ""
    kind: str = "other"
    line_sigma_m: float = 0.0
    floor_m: float | None = None
    floor_ref: str | None = None
    ceiling_m: float | None = None
    ceiling_ref: str | None = None


def told(reports: Iterable[Report]) -> dict[str, Report]:
    """Return reports by the sighting_id under which they reach the seat: R001, R002, … in that order.

    A report's own name might tell who wrote it into the scenario, or that it was drawn.
    """
    by_time = sorted(reports, key=lambda one: (one.reaches_s, one.report_id))
    return {f"R{at:03d}": one for at, one in enumerate(by_time, start=1)}


ROWS: dict[str, Any] = {
    "objects": Flier, "aerodromes": Aerodrome, "traffic": Traffic, "reports": Report, "outages": Outage,
    "population": Cell, "zones": Ring,
}  # fmt: skip
_NAMES = {
    "objects": "name", "reports": "report_id", "zones": "zone_id", "aerodromes": "aerodrome_id",
    "population": "cell_id", "senses": "sensor_id",
}  # fmt: skip
CARRIED = {"zones": "zone_files", "rules": "rules"}  # [carried.NAME] to the field of Scenario


# ---------------------------------------------------------------- reading


def read(found: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return the fields of Scenario that a watch needs, by name.

    found    the tables of the file
    raises   ScenarioError that names the key at fault
    """
    parts: dict[str, Any] = {
        section: tuple(kind(**one) for one in toml_keys.rows(found, section, keys.SECTIONS[section], name))
        for section, kind in ROWS.items()
    }
    stated = toml_keys.rows(found, "senses", keys.SENSES, name)
    parts["senses"] = tuple({key: value for key, value in one.items() if value is not None} for one in stated)
    parts["vary"] = dict(toml_keys.ranges(found.get(keys.VARIED, {}), keys.VARIED, name))
    parts["watch"] = Watch(**toml_keys.section(found, "watch", keys.WATCH, name))
    return parts


def is_used(found: Mapping[str, Any]) -> str | None:
    """Return the first section of a file that only a watch may have, or None."""
    return next((one for one in (*keys.SECTIONS, keys.VARIED) if one in found), None)


# ---------------------------------------------------------------- what must fit together


def check(parts: Mapping[str, Any], sensors: Sequence[str], name: str) -> None:
    """Raise where single keys are right but do not fit together.

    parts     the fields of Scenario
    sensors   names of the scenario's sensors
    """
    for section, first in _NAMES.items():
        _check_unique(parts[section], first, section, name)
    for one in parts["objects"]:
        _check_flier(one, name)
    for ring in parts["zones"]:
        _check_ring(ring, name)
    objects = [one.name for one in parts["objects"]]
    for report in parts["reports"]:
        _check_report(report, objects, name)
    fields_there = [one.aerodrome_id for one in parts["aerodromes"]]
    for at, traffic in enumerate(parts["traffic"]):
        _check_known(traffic.aerodrome_id, fields_there, f"[traffic {at}] aerodrome_id", name)
        _check_order(traffic, f"[traffic {at}]", name)
    for at, outage in enumerate(parts["outages"]):
        _check_known(outage.sensor_id, sensors, f"[outages {at}] sensor_id", name)
        _check_order(outage, f"[outages {at}]", name)
    for one in parts["senses"]:
        _check_known(one["sensor_id"], sensors, f"[senses {one['sensor_id']}] sensor_id", name)
    rules = parts["watch"].rules
    if rules is not None:
        _check_known(rules, list(parts["rules"]), "[watch] rules", name)
    for key, pair in parts["vary"].items():
        _check_range(key, pair, name)


def _check_ring(ring: Ring, name: str) -> None:
    place = f"[zones {ring.zone_id}]"
    if len(ring.ring) < 3:
        raise ScenarioError(name, place=f"{place} ring", why="a ring has three corners or more")
    for limit in ("floor", "ceiling"):
        if (getattr(ring, f"{limit}_m") is None) != (getattr(ring, f"{limit}_ref") is None):
            why = f"{limit}_m and {limit}_ref go together: so many metres, above what"
            raise ScenarioError(name, place=f"{place} {limit}_ref", why=why)


def _check_unique(rows: Sequence[Any], key: str, section: str, name: str) -> None:
    names = [one[key] if isinstance(one, dict) else getattr(one, key) for one in rows]
    for one in names:
        if not one or names.count(one) > 1:
            why = "two have this name; each needs its own" if one else "it needs a name"
            raise ScenarioError(name, place=f"[{section} {one}] {key}", why=why)


def _check_flier(one: Flier, name: str) -> None:
    place, least = f"[objects {one.name}]", 1 if one.flown == "wander" else 2
    if len(one.route) < least:
        why = f"it has {len(one.route)} points, and needs {least} or more: [[52.1, 23.0], [51.9, 22.4]]"
        raise ScenarioError(name, place=f"{place} route", why=why)
    if any(a == b for a, b in pairwise(one.route)):
        raise ScenarioError(name, place=f"{place} route", why="two points in a row are the same; leave one out")
    if one.heights_m and len(one.heights_m) != len(one.route):
        why = f"{len(one.heights_m)} heights for {len(one.route)} points; give one for each point"
        raise ScenarioError(name, place=f"{place} heights_m", why=why)
    if one.flown == "wing" and one.kind != "drone":
        why = f"our fixed wing is a drone, this is a {one.kind}; leave it to the path"
        raise ScenarioError(name, place=f"{place} flown", why=why)


def _check_report(one: Report, objects: Sequence[str], name: str) -> None:
    place = f"[reports {one.report_id}]"
    if one.known_s is not None and one.known_s < one.time_s:
        raise ScenarioError(name, place=f"{place} known_s", why="it is known before it was seen")
    if one.about is not None:
        _check_known(one.about, objects, f"{place} about", name)
    if (one.lat_deg is None) != (one.lon_deg is None):
        raise ScenarioError(name, place=f"{place} lat_deg", why="a position needs latitude and longitude")


def _check_known(word: str, known: Sequence[str], place: str, name: str) -> None:
    if word not in known:
        raise toml_keys.unknown(name, place, word, known)


def _check_order(one: Any, place: str, name: str) -> None:
    if one.to_s is not None and one.to_s <= one.from_s:
        raise ScenarioError(name, place=f"{place} to_s", why="it ends before it begins")


def _check_range(key: str, pair: Range, name: str) -> None:
    known = {one.name: one for one in keys.VARY}
    if key not in known:
        raise toml_keys.unknown(name, f"[vary] {key}", key, known)
    whole = known[key].kind == WHOLE
    for end in pair:
        if whole and not end.is_integer():
            raise ScenarioError(name, place=f"[vary] {key}", why=f"{end:g} is no count; give whole numbers: [0, 3]")
        toml_keys.value(int(end) if whole else end, known[key], name, f"[vary] {key}")


# ---------------------------------------------------------------- writing


def written(scenario: Any) -> Iterator[str]:
    """Yield the watch's sections as TOML.

    scenario   anything with the fields that `read` gives
    """
    yield f"[watch]\n{toml_keys.lines(toml_keys.dict_of(scenario.watch))}"
    for section in ROWS:
        for one in getattr(scenario, section):
            flat = {key.name: getattr(one, key.name) for key in fields(one)}
            yield f"[[{section}]]\n{toml_keys.lines(flat)}"
    for one in scenario.senses:
        yield f"[[senses]]\n{toml_keys.lines(one)}"
    if scenario.vary:
        yield f"[vary]\n{toml_keys.lines(scenario.vary)}"
    for section, field in CARRIED.items():
        texts = getattr(scenario, field)
        if texts:
            yield f"[carried.{section}]\n" + toml_keys.lines(
                {toml_keys.quoted(one): text for one, text in texts.items()}
            )
