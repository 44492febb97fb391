"""A scenario in which a seat keeps the watch: what flies, what senses it, who reports it; read, checked and written.

The keys of each table are the fields of its record. Times are seconds from the scenario's start_utc.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

from hotwash.errors import ScenarioError
from hotwash.model import scenario_parts as parts
from hotwash.model import toml_keys, words
from hotwash.model.key import FLAG, NUMBER, TEXT, WHOLE, Key, key, keys_of, record
from hotwash.model.scenario_parts import HEAD_DEFAULTS, START_UTC, Failsafes, Inject, Navigation, Place, Seat
from hotwash.model.weather import Weather

Point = tuple[float, float]
Range = tuple[float, float]

KINDS = tuple(one for one in words.WATCH_CLASSES if one != "unknown")
FLOWN_BY = ("path", "wing", "wander")
ENDS = ("leaves", "lands", "stays")
MEANS = ("phone", "written", "radio")
TRUTHS = ("true", "late", "wrong", "duplicate")
MOST_RADIUS_M = 100_000.0
# Large birds fly at 8 to 20 m/s: what is faster, and says no name, is of concern on the picture alone.
FAST_MPS = 22.0
# Airliners on their way fly at 220 to 250 m/s, and where no receiver reaches they have no name on the picture. Of the
# drones of the exercises none is half as fast.
JET_MPS = 200.0
LIMIT_REFS = tuple(one for one in words.HEIGHT_REFS if one not in ("UNK", "UNL"))
_AERODROME, _SENSOR = "ICAO location indicator", "the sensor: one of `[[sensors]]`"


@record
class Watch:
    """How the watch is kept."""

    step_s: float = key("time between two looks of the seat", default=5.0, unit="s", least=1.0, most=60.0)
    warm_up_s: float = key(
        "so long before the start the sensors run already", default=120.0, unit="s", least=0.0, most=3600.0
    )
    is_replay: bool = key("whether what was recorded is played: its tables lie beside the scenario", default=False)
    rules: str | None = key(
        "the rule file for measures, one of `[carried.rules]`; hotwash has none of its own", default=None
    )
    zone_id: str | None = key(
        "the zone whose breaches are declared: one of the scenario's, or one that is shipped", default=None
    )
    near_m: float = key("what counts as near an aerodrome", default=10_000.0, unit="m", least=0.0, most=MOST_RADIUS_M)
    ask_delay_s: float = key(
        "time from asking a sensor or an observer to the answer", default=60.0, unit="s", least=0.0, most=3600.0
    )
    marked: str = key("what stands on every page of it", default="EXERCISE")
    sea_hae_m: float = key(
        "height of mean sea level above the ellipsoid, there", default=0.0, unit="m", least=-110.0, most=90.0
    )
    note: str = key("what its reader should know; it stands among the recording's sources", default="")

    @property
    def level_hae_m(self) -> float | None:
        """Height of mean sea level above the ellipsoid [m]; None in a replay, which was not made with it."""
        return None if self.is_replay else self.sea_hae_m


@record
class Flier:
    """One thing that flies."""

    name: str = key("name of the object, unique")
    kind: str = key("what it is", one_of=KINDS)
    speed_mps: float = key("speed over ground; of `wing` through the air", unit="m/s", least=0.5, most=350.0)
    route: tuple[Point, ...] = key(
        "where it flies: `[[lat, lon], …]`, two points or more; of `wander` the first counts"
    )
    ident: str | None = key("what its transponder says; left out, it has none", default=None)
    start_s: float = key(
        "when it begins, from the start; before it where negative", default=0.0, unit="s", least=-86_400.0,
        most=86_400.0,
    )  # fmt: skip
    height_amsl_m: float = key("height above mean sea level", default=300.0, unit="m", least=-100.0, most=20_000.0)
    heights_m: tuple[float, ...] = key(
        "that height at each point of the route, in place of height_amsl_m", default=(), unit="m"
    )
    flown: str = key(
        "`path`: straight from point to point; `wing`: our own fixed wing flies it through the weather; `wander`: a "
        "bird's way, drawn from the seed",
        default="path", one_of=FLOWN_BY,
    )  # fmt: skip
    airframe: str = key("for `wing`: name of a fixed wing, shipped or carried", default="wing-12kg")
    size_m2: float | None = key(
        "what a radar sees of it; left out, as is usual for its kind", default=None, unit="m²", least=1e-6, most=1e5
    )
    ends: str = key(
        "at the end of the route: it `leaves`, `lands`, or `stays` and circles", default="leaves", one_of=ENDS
    )


@record
class Aerodrome:
    """One aerodrome. A position of None is to be looked up before it is staged."""

    aerodrome_id: str = key(_AERODROME)
    name: str = key("what it is called", default="")
    lat_deg: float | None = key(
        "latitude; left out, that of the shipped list", default=None, unit="deg", least=-90.0, most=90.0
    )
    lon_deg: float | None = key("longitude", default=None, unit="deg", least=-180.0, most=180.0)
    elevation_amsl_m: float | None = key("elevation", default=None, unit="m", least=-500.0, most=6000.0)
    is_open: bool = key("whether it is open at the start", default=True)
    opens_s: float | None = key("published hours: it opens; left out, it was open before", default=None, unit="s")
    closes_s: float | None = key("published hours: it closes; left out, after the end", default=None, unit="s")
    runways: tuple[str, ...] = key(
        "its runways: each published movement is on one of them, drawn evenly; left out, no movement says which",
        default=(),
    )


@record
class Traffic:
    """How many movements an aerodrome has."""

    aerodrome_id: str = key(_AERODROME)
    per_hour: float = key(
        "movements an hour on the mean, drawn from the seed", default=10.0, unit="1/h", least=0.0, most=200.0
    )
    from_s: float = key("from then on", default=0.0, unit="s")
    to_s: float | None = key("until then; left out, to the end", default=None, unit="s")


@record
class Report:
    """What somebody says, and when the seat is told."""

    report_id: str = key("name of the report, unique")
    time_s: float = key("when it was seen", unit="s")
    role: str = key("who says it, by role: tower, pilot, police, resident")
    known_s: float | None = key("when it reaches the seat; left out, at once", default=None, unit="s")
    means: str = key("how it comes", default="phone", one_of=MEANS)
    text: str = key("what was said", default="")
    place: str | None = key("where the observer stands, by name", default=None)
    lat_deg: float | None = key("latitude of the observer", default=None, unit="deg", least=-90.0, most=90.0)
    lon_deg: float | None = key("longitude of the observer", default=None, unit="deg", least=-180.0, most=180.0)
    sigma_position_km: float | None = key(
        "one standard deviation of it", default=None, unit="km", least=0.0, most=1000.0
    )
    azimuth_deg: float | None = key("where it was seen, from north", default=None, unit="deg", least=0.0, most=360.0)
    elevation_deg: float | None = key("and above the horizon", default=None, unit="deg", least=-90.0, most=90.0)
    distance_m: float | None = key("stated distance", default=None, unit="m", least=0.0, most=1e6)
    height_agl_m: float | None = key("stated height above ground", default=None, unit="m", least=0.0, most=30_000.0)
    saw_nothing: bool = key("looked and saw nothing", default=False)
    after_alarm: bool = key("whether the observer knew of an alarm", default=False)
    truth: str = key("what is to be thought of it; no seat is told", default="true", one_of=TRUTHS)
    about: str | None = key("the object that it speaks of; no seat is told", default=None)

    @property
    def reaches_s(self) -> float:
        """When it reaches the seat [s]."""
        return self.time_s if self.known_s is None else self.known_s


@record
class Outage:
    """One silence of a sensor."""

    sensor_id: str = key(_SENSOR)
    from_s: float = key("nothing is reported from then on", unit="s")
    to_s: float | None = key("until then; left out, to the end", default=None, unit="s")


@record
class Cell:
    """How many people live somewhere."""

    cell_id: str = key("name of the cell, unique")
    lat_deg: float = key("latitude", unit="deg", least=-90.0, most=90.0)
    lon_deg: float = key("longitude", unit="deg", least=-180.0, most=180.0)
    people: float = key("how many live there", unit="people", least=0.0)


@record
class Ring:
    """A zone drawn in the scenario itself."""

    zone_id: str = key("name of the zone, unique")
    ring: tuple[Point, ...] = key("its corners, `[[lat, lon], …]`, three or more; the first need not come again")
    name: str = key("what it is called", default="")
    kind: str = key("what sort of zone", default="other", one_of=words.ZONE_KINDS)
    line_sigma_m: float = key(
        "one standard deviation of the line; 0 where it defines the zone", default=0.0, unit="m", least=0.0,
        most=MOST_RADIUS_M,
    )  # fmt: skip
    floor_m: float | None = key(
        "lower limit; left out, the ground", default=None, unit="m", least=-500.0, most=30_000.0
    )
    floor_ref: str | None = key("what the lower limit is measured from", default=None, one_of=LIMIT_REFS)
    ceiling_m: float | None = key(
        "upper limit; left out, unlimited", default=None, unit="m", least=-500.0, most=30_000.0
    )
    ceiling_ref: str | None = key("what the upper limit is measured from", default=None, one_of=LIMIT_REFS)


# What SENSORS does not say of a sensor; left out, as is usual for its kind (hotwash.air.sensor_models).
SENSES = (
    Key("sensor_id", TEXT, _SENSOR, is_needed=True),
    Key("clock_error_s", NUMBER, "reported minus true time, beyond what the sensor states", unit="s", least=-3600.0,
        most=3600.0),
    Key("is_3d", FLAG, "whether it measures elevation or height too"),
    Key("is_rotating", FLAG, "whether its beam turns"),
    Key("sigma_range_m", NUMBER, "noise of the range", unit="m", least=0.0, most=10_000.0),
    Key("sigma_azimuth_deg", NUMBER, "noise of the azimuth", unit="deg", least=0.0, most=45.0),
    Key("sigma_elevation_deg", NUMBER, "noise of the elevation", unit="deg", least=0.0, most=45.0),
    Key("sigma_horizontal_m", NUMBER, "noise of a position", unit="m", least=0.0, most=10_000.0),
    Key("sigma_height_m", NUMBER, "noise of a height", unit="m", least=0.0, most=5000.0),
    Key("sigma_radial_speed_mps", NUMBER, "noise of the radial speed, where it is measured", unit="m/s", least=0.0,
        most=100.0),
    Key("range_bias_m", NUMBER, "measured minus true range", unit="m", least=-10_000.0, most=10_000.0),
    Key("azimuth_bias_deg", NUMBER, "measured minus true azimuth", unit="deg", least=-45.0, most=45.0),
    Key("period_s", NUMBER, "between two reports of a target, without a scan", unit="s", least=0.05, most=3600.0),
    Key("phase_s", NUMBER, "the first scan begins so late", unit="s", least=0.0, most=3600.0),
    Key("latency_s", NUMBER, "a report comes so late at least, and on the mean twice", unit="s", least=0.0, most=600.0),
    Key("min_radial_speed_mps", NUMBER, "slower targets are not reported", unit="m/s", least=0.0, most=200.0),
    Key("reference_range_m", NUMBER, "where a target of 1 m² is detected half as often as close by", unit="m",
        least=10.0, most=2e6),
    Key("near_false_per_scan", NUMBER, "false detections near it", unit="1/scan", least=0.0, most=1e4),
    Key("near_m", NUMBER, "what near is", unit="m", least=0.0, most=MOST_RADIUS_M),
    Key("clutter_law", TEXT, "how its false detections lie: even over the disc; more in spots that stay; more in some "
        "scans than in others; more in weather that passes. Their mean number stays `false_per_scan`",
        one_of=("uniform", "hot_spots", "gamma_bursts", "moving_weather")),
    Key("clutter_share", NUMBER, "the share that the law moves; the rest is even", unit="share", least=0.0, most=1.0),
    Key("clutter_spots", WHOLE, "how many spots, or cells of weather", unit="spots", least=1, most=100),
    Key("clutter_spot_m", NUMBER, "one standard deviation of a spot on each axis", unit="m", least=1.0,
        most=MOST_RADIUS_M),
    Key("clutter_shape", NUMBER, "shape of the gamma law from which each scan's rate is drawn: its variance is its "
        "mean squared over this; 0: no change from scan to scan", unit="", least=0.0, most=1e4),
    Key("clutter_speed_mps", NUMBER, "how fast weather moves", unit="m/s", least=0.0, most=100.0),
)  # fmt: skip

# [vary]: what is drawn for each world, even between the two ends.
VARY = (
    Key("drones", WHOLE, "how many of the drones fly; beyond those of the scenario, copies that start later on other "
        "ways", unit="drones", least=0, most=200),
    Key("later_s", NUMBER, "each drone starts so much later", unit="s", least=-7200.0, most=7200.0),
    Key("sector_km", NUMBER, "each drone's way is moved so far to its right: it comes in at another sector of the "
        "border", unit="km", least=-200.0, most=200.0),
    Key("birds", WHOLE, "large birds, besides those of the scenario, near sensors", unit="birds", least=0, most=500),
    Key("airliners", WHOLE, "airliners with transponders, besides those of the scenario, into its open aerodromes or "
        "through", unit="airliners", least=0, most=500),
    Key("radars_out", WHOLE, "radars that fall silent for part of the time", unit="radars", least=0, most=50),
    Key("clock_offset_s", NUMBER, "the clock of each radar is off by so much, and nobody says so", unit="s",
        least=-600.0, most=600.0),
    Key("false_reports", WHOLE, "reports of what was not there", unit="reports", least=0, most=100),
    Key("first_report_late_s", NUMBER, "each report of something true comes so much later", unit="s", least=0.0,
        most=86_400.0),
    Key("detection", NUMBER, "factor of each radar's probability of detection", unit="share", least=0.0, most=1.0),
)  # fmt: skip

ROWS: Mapping[str, type] = {
    "objects": Flier, "aerodromes": Aerodrome, "traffic": Traffic, "reports": Report, "outages": Outage,
    "population": Cell, "zones": Ring,
}  # fmt: skip
SECTIONS: Mapping[str, Sequence[Key]] = {
    "watch": keys_of(Watch), **{section: keys_of(declared) for section, declared in ROWS.items()}, "senses": SENSES,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class WatchScenario:
    """Everything that an exercise with a watch seat needs to know before it starts.

    seats       one, of kind watch
    text        the TOML file as it was read
    randomise, vary   ranges by name, from which each world draws its weather and all else
    sensors     rows of SENSORS; senses: by sensor what SENSORS does not say of it
    navigation, airframes, failsafes, step_s   of the drones that our own fixed wing flies
    airframes, rules, zone_files   texts of files that it carries, by name
    seed, world       with which a recording of it was made; None in one that is yet to be played
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
    randomise: Mapping[str, Range] = field(default_factory=dict)
    watch: Watch = field(default_factory=Watch)
    objects: tuple[Flier, ...] = ()
    aerodromes: tuple[Aerodrome, ...] = ()
    traffic: tuple[Traffic, ...] = ()
    reports: tuple[Report, ...] = ()
    outages: tuple[Outage, ...] = ()
    population: tuple[Cell, ...] = ()
    zones: tuple[Ring, ...] = ()
    senses: tuple[Mapping[str, Any], ...] = ()
    vary: Mapping[str, Range] = field(default_factory=dict)
    airframes: Mapping[str, str] = field(default_factory=dict)
    zone_files: Mapping[str, str] = field(default_factory=dict)
    rules: Mapping[str, str] = field(default_factory=dict)
    seed: int | None = None
    world: int | None = None


def number_reports(reports: Iterable[Report]) -> dict[str, Report]:
    """Return reports by the sighting_id under which they reach the seat: R001, R002, … in that order.

    A report's own name might tell who wrote it into the scenario, or that it was drawn.
    """
    by_time = sorted(reports, key=lambda one: (one.reaches_s, one.report_id))
    return {f"R{at:03d}": one for at, one in enumerate(by_time, start=1)}


# ---------------------------------------------------------------- reading


def parse_watch(tables: Mapping[str, Any], values: Mapping[str, Any], *, text: str, name: str) -> WatchScenario:
    """Return the scenario of a file's tables.

    values   the fields that every scenario has
    text     the file as it stands
    raises   ScenarioError that names the key at fault
    """
    rows: dict[str, Any] = {
        section: tuple(declared(**row) for row in toml_keys.parse_rows(tables, section, keys_of(declared), name))
        for section, declared in ROWS.items()
    }
    senses = toml_keys.parse_rows(tables, "senses", SENSES, name)
    carried = parts.parse_texts(tables, ("airframes", "zones", "rules"), name)
    scenario = WatchScenario(
        **values,
        **rows,
        text=text,
        senses=tuple({key: value for key, value in one.items() if value is not None} for one in senses),
        vary=dict(toml_keys.parse_ranges(tables.get("vary", {}), "vary", name)),
        watch=Watch(**toml_keys.parse_table(tables, "watch", keys_of(Watch), name)),
        airframes=carried["airframes"],
        zone_files=carried["zones"],
        rules=carried["rules"],
    )
    parts.check_parts(scenario, name)
    parts.check_ranges(scenario, parts.randomisable_weather(), name)
    _check(scenario, name)
    return scenario


# ---------------------------------------------------------------- what must fit together


def _check(scenario: WatchScenario, name: str) -> None:
    """Raise where single keys are right but do not fit together."""
    for section, first in (
        ("objects", "name"), ("reports", "report_id"), ("zones", "zone_id"), ("aerodromes", "aerodrome_id"),
        ("population", "cell_id"),
    ):  # fmt: skip
        parts.check_unique([getattr(one, first) for one in getattr(scenario, section)], name, section, first)
    sensors = [str(one["sensor_id"]) for one in scenario.sensors]
    described = [one["sensor_id"] for one in scenario.senses]
    parts.check_unique(described, name, "senses", "sensor_id")
    for one in scenario.objects:
        _check_flier(one, name)
    for ring in scenario.zones:
        _check_ring(ring, name)
    objects = [one.name for one in scenario.objects]
    for report in scenario.reports:
        _check_report(report, objects, name)
    aerodromes = [one.aerodrome_id for one in scenario.aerodromes]
    for at, traffic in enumerate(scenario.traffic):
        _check_known(traffic.aerodrome_id, aerodromes, f"[traffic {at}] aerodrome_id", name)
        _check_order(traffic, f"[traffic {at}]", name)
    for at, outage in enumerate(scenario.outages):
        _check_known(outage.sensor_id, sensors, f"[outages {at}] sensor_id", name)
        _check_order(outage, f"[outages {at}]", name)
    for sensor in described:
        _check_known(sensor, sensors, f"[senses {sensor}] sensor_id", name)
    if scenario.watch.rules is not None:
        _check_known(scenario.watch.rules, list(scenario.rules), "[watch] rules", name)
    for range_name, pair in scenario.vary.items():
        _check_range(range_name, pair, name)


def _check_ring(ring: Ring, name: str) -> None:
    place = f"[zones {ring.zone_id}]"
    if len(ring.ring) < 3:
        raise ScenarioError(name, place=f"{place} ring", why="a ring has three corners or more")
    for limit in ("floor", "ceiling"):
        if (getattr(ring, f"{limit}_m") is None) != (getattr(ring, f"{limit}_ref") is None):
            why = f"{limit}_m and {limit}_ref go together: so many metres, above what"
            raise ScenarioError(name, place=f"{place} {limit}_ref", why=why)


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


def _check_order(one: Traffic | Outage, place: str, name: str) -> None:
    if one.to_s is not None and one.to_s <= one.from_s:
        raise ScenarioError(name, place=f"{place} to_s", why="it ends before it begins")


def _check_range(key: str, pair: Range, name: str) -> None:
    known = {one.name: one for one in VARY}
    if key not in known:
        raise toml_keys.unknown(name, f"[vary] {key}", key, known)
    whole = known[key].kind == WHOLE
    for end in pair:
        if whole and not end.is_integer():
            raise ScenarioError(name, place=f"[vary] {key}", why=f"{end:g} is no count; give whole numbers: [0, 3]")
        toml_keys.parse_value(int(end) if whole else end, known[key], name, f"[vary] {key}")


# ---------------------------------------------------------------- writing


def watch_texts(scenario: WatchScenario) -> Iterator[str]:
    """Yield the watch's own tables as TOML."""
    yield toml_keys.table_text("watch", toml_keys.dict_of(scenario.watch))
    for section in ROWS:
        yield from toml_keys.row_texts(section, map(toml_keys.dict_of, getattr(scenario, section)))
    yield from toml_keys.row_texts("senses", scenario.senses)
    if scenario.vary:
        yield toml_keys.table_text("vary", scenario.vary)
    yield from toml_keys.free_texts("carried.zones", scenario.zone_files)
    yield from toml_keys.free_texts("carried.rules", scenario.rules)
