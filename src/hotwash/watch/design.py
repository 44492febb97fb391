"""From an incident to a watch exercise: its replay, or a synthetic night that its finds allow.

    Incident ─design_replay─▶ WatchScenario, Recording       what was recorded and written, as it became known
             ─design_synthetic─▶ WatchScenario with [vary]   ─draw_world(seed, world)─▶ one night of many

A synthetic night is invented where nothing was recorded: ways from entry points on the border to the places of the
finds, invented sensors, and people's reports of them. It is marked SYNTHETIC and is never called what happened. Ways
are sampled from what the finds and the assumed origins allow; none is sought that would be seen less.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import median, median_high
from typing import Any, NamedTuple

import numpy as np
import polars as pl
import shapely

from hotwash.air.random_numbers import Draws
from hotwash.errors import ScenarioError
from hotwash.geo import borders, geodesy
from hotwash.model.incident import Incident
from hotwash.model.recording import Recording
from hotwash.model.scenario_parts import Place, Seat
from hotwash.model.watch_scenario import Aerodrome, Cell, Flier, Point, Report, Traffic, Watch, WatchScenario
from hotwash.watch import populated_places
from hotwash.watch.border_entries import Entry, entries, stations

MARKED = "SYNTHETIC"
AIRFRAME = "wing-30kg"
NIGHT_MPS = (44.0, 54.0)  # one speed a night: about the assumed 180 km/h, within what the airframe flies
MOST_SECONDS = 86_400.0
_WARM_UP_S = 120.0
_LEAD_M = 20_000.0  # a way begins so far outside the border
_UP_M = (150.0, 700.0)
_BENDS = 0.08  # of a way's length: how far its middle may lie beside the straight line
_REGION_M = 120_000.0
_FEWEST_FINDS = 4
_NIGHT_MOVEMENTS = 6.0  # an hour and aerodrome: a small number by night, of no timetable
_KINDS = ("uas", "unknown")


@dataclass(frozen=True, slots=True)
class Coverage:
    """Invented radars of one sort.

    stations            how many
    reference_range_m   where a target of 1 m² is detected half as often as close by
    antenna_m           above ground; with it the horizon recedes
    """

    stations: int
    max_range_m: float
    reference_range_m: float
    antenna_m: float
    detection_probability: float
    false_per_scan: float
    is_3d: bool


COVERAGES: Mapping[str, Coverage] = {
    "poor": Coverage(1, 150_000.0, 60_000.0, 15.0, 0.7, 8.0, is_3d=False),
    "plausible": Coverage(4, 150_000.0, 80_000.0, 25.0, 0.85, 6.0, is_3d=False),
    "good": Coverage(8, 150_000.0, 110_000.0, 50.0, 0.95, 3.0, is_3d=True),
}
_VARY: Mapping[str, tuple[float, float]] = {
    "later_s": (0.0, 60.0), "sector_km": (-5.0, 5.0), "birds": (4.0, 12.0), "airliners": (2.0, 5.0),
    "clock_offset_s": (-1.0, 1.0), "false_reports": (1.0, 2.0), "first_report_late_s": (0.0, 120.0),
}  # fmt: skip
_SEEN = (
    ("resident", "A loud motor like a moped overhead, no lights, flying {way}."),
    ("police", "Patrol heard and saw a small aircraft without lights, {way}."),
    ("resident", "Something with a straight wing under the clouds, going {way}."),
)
_WAYS = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")


# ---------------------------------------------------------------- replay


def design_replay(
    incident: Incident, *, minutes: float | None = None, population: Sequence[Cell] = ()
) -> tuple[WatchScenario, Recording]:
    """Return an incident as a watch exercise, and the recording that it plays.

    population   cells of people, for judging warnings
    minutes   how long; from the first detection or sighting, or the first event that has a time. Left out, the whole
              time window of the incident, a day at most
    returns   a scenario with is_replay, and what the incident holds: detections, sightings and events in the order
              in which they became known. Nobody's truth is in it. What became known after the end is never shown

    A row without known_utc is shown to nobody.
    """
    brief, held = incident.bundle.brief, incident.bundle.recording
    start = brief.start_utc if minutes is None else _first(incident)
    whole_s = (brief.end_utc - start).total_seconds()
    limit_s = min(whole_s if minutes is None else 60.0 * minutes, MOST_SECONDS)
    recording = replace(
        held, sightings=incident.bundle.sightings, zones=incident.zones, aerodromes=incident.aerodromes, scenario=None
    )
    scenario = WatchScenario(
        name=f"replay of {brief.title}", title=brief.title, place=_middle(incident), seats=(_seat(),),
        start_utc=start, time_limit_s=max(limit_s, 1.0), sensors=tuple(_rows(held.sensors)),
        aerodromes=_aerodromes(incident),
        watch=Watch(
            is_replay=True, warm_up_s=_WARM_UP_S, zone_id=_zone_id(incident), marked=brief.marking or "EXERCISE",
            note="A replay: what was recorded and written, in the order in which it became known.",
        ),
        zone_files=_zone_files(incident), population=tuple(population),
    )  # fmt: skip
    return scenario, recording


def _first(incident: Incident) -> datetime:
    """Return when the first thing happened within the incident's window."""
    brief, held = incident.bundle.brief, incident.bundle.recording
    times = [held.detections["time_utc"], incident.bundle.sightings["utc_low"], held.events["start_utc"]]
    for found in times:
        within = found.filter(found.is_between(brief.start_utc, brief.end_utc))
        if within.len():
            first: datetime = within.min()  # type: ignore[assignment]
            return first
    return brief.start_utc


# ---------------------------------------------------------------- synthetic


class _Find(NamedTuple):
    """One place to which a drone came, and the ways in."""

    find_id: str
    place: Point
    sigma_m: float
    probability: float
    ways_in: tuple[Entry, ...]


class _Night(NamedTuple):
    """When the exercise runs, and when the border is crossed: seconds from its start."""

    start_utc: datetime
    limit_s: float
    cross_s: tuple[float, float]


def design_synthetic(
    incident: Incident, *, coverage: str = "plausible", seed: int = 0, minutes: float | None = None,
    drones: int | None = None, rules: Mapping[str, str] | None = None, population: Sequence[Cell] | None = None,
) -> WatchScenario:  # fmt: skip
    """Return a watch exercise that an incident's finds allow, seen by invented sensors; marked SYNTHETIC.

    incident   with a zone, origins and finds that have places
    coverage   poor, plausible or good: how many radars, how well they see (`COVERAGES`); horizon and target size count
    seed       draws for each find whether an airframe came there (its probability), from which origin, when and how
    minutes    a short exercise around the first crossings: finds within 120 km of one aerodrome, some of the drones
               already over the border. Left out, from the first to the last violation
    drones     at most so many; left out, 5 of a short exercise, all of a long one
    rules      texts of rule files by name, to be carried; the first is the one that is followed
    population cells of people; left out, those of the shipped table within 60 km of a way, which holds Poland alone
    returns    a scenario with [vary]: weather, birds, airliners, clocks, false and late reports differ by world
    raises     ScenarioError for another coverage, or where there is nothing to go by

    Each drone flies to the place of a find, scattered by how well that is known, and comes down there. That a drone
    came from an origin, at a time, on a way, is assumed: no single night is called what happened.
    """
    if coverage not in COVERAGES:
        raise ScenarioError(incident.bundle.brief.title, why=f"coverage is {', '.join(COVERAGES)}; not {coverage}")
    draws = Draws(seed, about="design ")
    finds, fields = _finds(incident), _aerodromes(incident)
    if minutes is not None:
        finds = _near_one_aerodrome(finds, fields)
    night = _night(incident, minutes)
    most = drones if drones is not None else (5 if minutes is not None else len(finds))
    came = [one for one in finds if draws.even(f"present {one.find_id}") < one.probability] or list(finds[:1])
    came = sorted(came, key=lambda one: draws.even(f"order {one.find_id}"))[:most]
    place = _place(fields, finds)
    speed = round(draws.even("speed", *NIGHT_MPS), 1)
    flown = [_flier(one, night, place, speed, draws) for one in sorted(came)]
    objects = tuple(one for one in flown if one is not None)
    ways_in = [entry for one in finds for entry in one.ways_in]
    seen_by = COVERAGES[coverage]
    lives = (
        populated_places.around(populated_places.cells_of_poland(), objects)
        if population is None
        else tuple(population)
    )
    title = incident.bundle.brief.title
    note = _note(title, coverage, has_shipped=population is None and bool(lives))
    return WatchScenario(
        name=f"synthetic {coverage} {seed}", title=f"{title}, {coverage} coverage", place=place, seats=(_seat(),),
        start_utc=night.start_utc, time_limit_s=night.limit_s, objects=objects, aerodromes=fields,
        traffic=tuple(Traffic(one.aerodrome_id, per_hour=_NIGHT_MOVEMENTS) for one in fields),
        reports=_reports(objects, night, draws),
        sensors=_sensors(ways_in, seen_by, place), senses=_senses(ways_in, seen_by), population=lives,
        vary=dict(_VARY) | ({"radars_out": (0.0, 1.0)} if seen_by.stations > 1 else {}),
        randomise={"weather.wind_mps": (0.0, 8.0), "weather.wind_from_deg": (0.0, 360.0)},
        watch=Watch(
            warm_up_s=_WARM_UP_S, zone_id=_zone_id(incident), marked=MARKED, note=note,
            rules=next(iter(rules), None) if rules else None,
        ),
        zone_files=_zone_files(incident), rules=dict(rules or {}),
    )  # fmt: skip


def _note(title: str, coverage: str, *, has_shipped: bool) -> str:
    said = (
        f"{MARKED}. Made by hotwash from the places of finds and from assumed origins of: {title}. Sensors, ways, "
        f"times, reports, traffic and weather are invented; the coverage is called {coverage}. The finds allow many "
        "such nights: no single one is called what happened."
    )
    return f"{said} {populated_places.CREDIT}" if has_shipped else said


def _finds(incident: Incident) -> list[_Find]:
    """Return the finds that a drone may have come to, with the ways in; by name.

    raises   ScenarioError when there is no zone, no origin, or no find with a place inside the zone
    """
    title, bundle = incident.bundle.brief.title, incident.bundle
    origins = [(row["origin_id"], (row["lat_deg"], row["lon_deg"])) for row in _rows(bundle.origins)]
    if incident.zones.is_empty() or not origins:
        why = "a synthetic night needs a border and assumed origins, and this incident names none; replay it instead"
        raise ScenarioError(title, why=why)
    area = shapely.from_wkb(incident.zones["geometry"][0])
    found = []
    for row in _rows(bundle.finds):
        if row["object_kind"] not in _KINDS or row.get("lat_deg") is None or row.get("lon_deg") is None:
            continue
        place = (row["lat_deg"], row["lon_deg"])
        ways_in = tuple(entries(place, origins, area))
        if ways_in:
            sigma_m = 1000.0 * (row.get("sigma_position_km") or 0.0)
            found.append(_Find(row["find_id"], place, sigma_m, row.get("probability_airframe") or 0.5, ways_in))
    if not found:
        why = "no find that may be an uncrewed aircraft has a place inside the border; replay it instead"
        raise ScenarioError(title, why=why)
    return found


def _near_one_aerodrome(finds: Sequence[_Find], fields: Sequence[Aerodrome]) -> list[_Find]:
    """Return the finds about the aerodrome that has most of them near; all, where no aerodrome has four."""
    best: list[_Find] = []
    for field in fields:
        if field.lat_deg is None or field.lon_deg is None:
            continue
        near = [one for one in finds if geodesy.distance_m(*one.place, field.lat_deg, field.lon_deg) < _REGION_M]
        best = near if len(near) > len(best) else best
    return best if len(best) >= _FEWEST_FINDS else list(finds)


def _night(incident: Incident, minutes: float | None) -> _Night:
    brief = incident.bundle.brief
    first = _event_time(incident, "first_violation") or brief.start_utc
    last = _event_time(incident, "last_violation") or brief.end_utc
    if minutes is None:
        start = first - timedelta(seconds=300)
        crossing_s = max((last - first).total_seconds(), 600.0)
        return _Night(start, min(crossing_s + 2100.0, MOST_SECONDS), (300.0, 300.0 + crossing_s))
    limit_s = 60.0 * minutes
    return _Night(first - timedelta(seconds=min(180.0, limit_s / 4.0)), limit_s, (-0.5 * limit_s, 0.6 * limit_s))


def _event_time(incident: Incident, kind: str) -> datetime | None:
    """Return when an event happened: of several tellings the one in the middle, the later of two."""
    rows = incident.bundle.recording.events.filter(pl.col("kind") == kind)["start_utc"].drop_nulls().to_list()
    return median_high(rows) if rows else None


def _flier(find: _Find, night: _Night, place: Place, speed: float, draws: Draws) -> Flier | None:
    """Return the drone of one find; None when it is down before the sensors run."""
    name = find.find_id
    entry = find.ways_in[draws.count(f"origin {name}", 0, len(find.ways_in) - 1)]
    end = _moved(find.place, find.sigma_m * draws.normal(f"{name} east"), find.sigma_m * draws.normal(f"{name} north"))
    length_m, course_deg, _ = (float(number) for number in geodesy.inverse(*entry.place, *end))
    beside_m = length_m * draws.even(f"{name} bend", -_BENDS, _BENDS)
    half = _off(entry.place, course_deg, 0.5 * length_m)
    route = [_off(entry.place, entry.course_deg + 180.0, _LEAD_M), entry.place]
    route += [_off(half, course_deg + 90.0, beside_m), end] if length_m > _LEAD_M else [end]
    start_s = draws.even(f"{name} crosses", *night.cross_s) - _LEAD_M / speed
    early_s = -_WARM_UP_S - 30.0 - start_s
    if early_s > 0.0:
        route, start_s = _advanced(route, early_s * speed), start_s + early_s
    if len(route) < 2:
        return None
    height_m = place.height_hae_m + draws.even(f"{name} up", *_UP_M)
    return Flier(
        f"D-{name}", "drone", speed, tuple(_rounded(one) for one in route), start_s=round(start_s, 1),
        height_amsl_m=round(height_m), flown="wing", airframe=AIRFRAME, ends="lands",
    )  # fmt: skip


def _advanced(route: Sequence[Point], by_m: float) -> list[Point]:
    """Return what is left of a route after its first metres; fewer than two points when nothing is."""
    left = list(route)
    while len(left) > 1:
        length_m, course_deg, _ = (float(number) for number in geodesy.inverse(*left[0], *left[1]))
        if by_m < length_m - 1_000.0:
            return [_off(left[0], course_deg, by_m), *left[1:]]
        by_m = max(by_m - length_m, 0.0)
        left = left[1:]
    return left


def _reports(objects: Sequence[Flier], night: _Night, draws: Draws) -> tuple[Report, ...]:
    """Return what people say of the drones: some seen, one twice, one told late; and one who looked and saw nothing."""
    told: list[Report] = []
    for at, one in enumerate(objects):
        time_s = draws.even(f"{one.name} seen", max(one.start_s + _LEAD_M / one.speed_mps + 60.0, 10.0), night.limit_s)
        rest = _advanced(one.route, (time_s - one.start_s) * one.speed_mps)
        if len(rest) < 2 or time_s > night.limit_s - 60.0 or draws.even(f"{one.name} is seen") > 0.8:
            continue
        course_deg = float(geodesy.inverse(*rest[0], *rest[1])[1])
        role, text = _SEEN[draws.count(f"{one.name} text", 0, len(_SEEN) - 1)]
        stands = _rounded(_off(rest[0], draws.even(f"{one.name} from", 0.0, 360.0), 3_000.0))
        known_s = time_s + draws.even(f"{one.name} known", 45.0, 300.0)
        first = Report(
            f"seen-{at}", round(time_s), role, known_s=round(known_s), lat_deg=stands[0], lon_deg=stands[1],
            text=text.format(way=_WAYS[round(course_deg / 45.0) % 8]), sigma_position_km=1.0, about=one.name,
        )  # fmt: skip
        is_late = len(told) == 1
        told.append(replace(first, truth="late", known_s=round(time_s + 900.0)) if is_late else first)
        if len(told) == 1:
            again = replace(first, report_id=f"again-{at}", role="police", text="Caller reports a drone.",
                            known_s=round(known_s + 60.0), truth="duplicate", after_alarm=True)  # fmt: skip
            told.append(again)
    told.append(
        Report("nothing", round(0.4 * night.limit_s), "police", known_s=round(0.45 * night.limit_s), saw_nothing=True,
               text="Patrol looked for ten minutes, saw and heard nothing.", after_alarm=True)
    )  # fmt: skip
    return tuple(told)


# ---------------------------------------------------------------- sensors and places


def _sensors(ways_in: Sequence[Entry], of: Coverage, place: Place) -> tuple[Mapping[str, Any], ...]:
    """Return rows of SENSORS: invented radars behind the border, and a receiver of transponders in their middle."""
    places = stations(ways_in, of.stations)
    up_m = place.height_hae_m + of.antenna_m
    radars = [
        {
            "sensor_id": f"RADAR-{at}", "kind": "primary_radar", "lat_deg": lat, "lon_deg": lon, "height_hae_m": up_m,
            "max_range_m": of.max_range_m, "scan_period_s": 5.0, "detection_probability": of.detection_probability,
            "false_per_scan": of.false_per_scan,
        }
        for at, (lat, lon) in enumerate(places, start=1)
    ]  # fmt: skip
    receiver = {
        "sensor_id": "ADSB", "kind": "adsb", "lat_deg": places[0][0], "lon_deg": places[0][1], "height_hae_m": up_m,
        "max_range_m": 300_000.0, "detection_probability": 0.95,
    }  # fmt: skip
    return (*radars, receiver)


def _senses(ways_in: Sequence[Entry], of: Coverage) -> tuple[Mapping[str, Any], ...]:
    radar = {
        "is_3d": of.is_3d, "is_rotating": True, "sigma_range_m": 60.0, "sigma_azimuth_deg": 0.15, "latency_s": 0.5,
        "reference_range_m": of.reference_range_m,
    }  # fmt: skip
    radars = [{"sensor_id": f"RADAR-{at}", **radar} for at in range(1, len(stations(ways_in, of.stations)) + 1)]
    return (*radars, {"sensor_id": "ADSB", "period_s": 4.0})


def _seat() -> Seat:
    return Seat("watch", kind="watch")


def _aerodromes(incident: Incident) -> tuple[Aerodrome, ...]:
    return tuple(
        Aerodrome(row["aerodrome_id"], row["name"], row["lat_deg"], row["lon_deg"], row["elevation_amsl_m"])
        for row in _rows(incident.aerodromes, filled=True)
    )


def _place(fields: Sequence[Aerodrome], finds: Sequence[_Find]) -> Place:
    """Return the middle of the finds, on the ground; heights above the sea are taken as above the ellipsoid."""
    lat, lon = np.array([one.place for one in finds]).mean(axis=0).tolist()
    levels = [one.elevation_amsl_m for one in fields if one.elevation_amsl_m is not None]
    return Place(round(lat, 3), round(lon, 3), round(median(levels), 1) if levels else 0.0)


def _middle(incident: Incident) -> Place:
    """Return the middle of the aerodromes, else of the sensors, else of the zone."""
    for frame in (incident.aerodromes, incident.bundle.recording.sensors.drop_nulls(["lat_deg", "lon_deg"])):
        if frame.height:
            lat, lon = frame.select(pl.col("lat_deg").mean(), pl.col("lon_deg").mean()).row(0)
            return Place(round(lat, 3), round(lon, 3))
    if incident.zones.is_empty():
        raise ScenarioError(incident.bundle.brief.title, why="it names no place: neither aerodrome, sensor nor zone")
    middle = shapely.from_wkb(incident.zones["geometry"][0]).centroid
    return Place(round(middle.y, 3), round(middle.x, 3))


def _zone_id(incident: Incident) -> str | None:
    return None if incident.zones.is_empty() else str(incident.zones["zone_id"][0])


def _zone_files(incident: Incident) -> dict[str, str]:
    """Return the incident's zones that do not travel in the package, as GeoJSON texts by name.

    A line of one's own under the id of a shipped zone is carried: the exercise is about the border of the account.
    """
    held = {
        zone_id: borders.load_zone(zone_id) for zone_id in incident.zones["zone_id"] if zone_id in borders.zone_ids()
    }
    return {
        row["zone_id"]: _geojson(row)
        for row in _rows(incident.zones, filled=True)
        if row["zone_id"] not in held or shapely.to_wkb(held[row["zone_id"]].geometry) != row["geometry"]
    }


def _geojson(row: Mapping[str, Any]) -> str:
    import json

    said = ("zone_id", "name", "kind", "floor_m", "floor_ref", "ceiling_m", "ceiling_ref", "line_sigma_m", "source",
            "clip_box")  # fmt: skip
    feature = {
        "type": "Feature", "properties": {key: row[key] for key in said if row[key] is not None},
        "geometry": json.loads(shapely.to_geojson(shapely.from_wkb(row["geometry"]))),
    }  # fmt: skip
    return json.dumps({"type": "FeatureCollection", "features": [feature]})


def _rows(frame: pl.DataFrame, *, filled: bool = False) -> list[dict[str, Any]]:
    """Return the rows of a frame; without `filled` what is null is left out."""
    rows = frame.to_dicts()
    return rows if filled else [{key: value for key, value in row.items() if value is not None} for row in rows]


def _off(point: Point, azimuth_deg: float, away_m: float) -> Point:
    lat, lon = geodesy.direct(*point, azimuth_deg, away_m)
    return float(lat), float(lon)


def _moved(point: Point, east_m: float, north_m: float) -> Point:
    return _off(point, math.degrees(math.atan2(east_m, north_m)), math.hypot(east_m, north_m))


def _rounded(point: Point) -> Point:
    return round(point[0], 4), round(point[1], 4)
