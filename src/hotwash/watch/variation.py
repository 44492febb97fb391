"""One world of a family: what a scenario's [vary] leaves open, drawn.

    WatchScenario with [vary] ─draw_world(seed, world)─▶ WatchScenario with nothing left open

Each number is drawn even between the two ends of its range, and depends on the seed, the number of the world and its
own purpose, on nothing else: world 7 is the same whether eight worlds are made or eight thousand. Nothing here looks
at what sensors see or at what a seat does. Worlds are sampled; none is chosen.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from hotwash.air.random_numbers import Draws, draw_ranges
from hotwash.geo import geodesy
from hotwash.model.watch_scenario import Flier, Outage, Point, Report, WatchScenario

DRONE = "drone"
RADARS = ("primary_radar", "secondary_radar")
_COPY_LATER_S, _COPY_ASIDE_M = (60.0, 600.0), 10_000.0
_BIRDS_WITHIN_M, _BIRDS_UP_M, _BIRD_MPS = 15_000.0, (50.0, 400.0), 14.0
_REPORTS_WITHIN_M = 20_000.0
_OUT_FROM, _OUT_FOR = (0.0, 0.6), (0.2, 0.5)  # shares of the time limit
# Roles, and what such people have been wrong about: stars, lanterns, birds, aircraft far off, each other's reports.
_WRONG = (
    ("resident", "Two lights over the wood, they hardly move."),
    ("resident", "A buzzing over the village for some minutes; nothing seen."),
    ("police", "Patrol saw a red light go down behind the hill."),
    ("pilot", "Small dark object passed below us, could be a drone."),
    ("tower", "Light low on the horizon, it seems to hover."),
)
_APPROACH_M, _APPROACH_MPS, _HIGH_M = 110_000.0, 120.0, 6_000.0
_THROUGH_M, _THROUGH_MPS, _LEVELS_M = 150_000.0, 230.0, (9_000.0, 11_500.0)


def draw_world(scenario: WatchScenario, *, seed: int, world: int = 0) -> WatchScenario:
    """Return one world of a scenario, with nothing left open.

    seed, world   any whole number, and the number of the world from 0 on
    returns       a scenario without [vary] and [randomise]; one that had neither comes back as it is

    An object, a report or an outage that is drawn has a name that begins with "drawn-".
    """
    if not (scenario.vary or scenario.randomise):
        return scenario
    draws = Draws(seed, world)
    world_of = _weather(scenario, seed, world)
    for name, make in _MAKERS.items():
        if name in scenario.vary:
            world_of = make(world_of, scenario.vary[name], draws)
    return replace(world_of, vary={}, randomise={}, text="")


def _weather(scenario: WatchScenario, seed: int, world: int) -> WatchScenario:
    found = draw_ranges(scenario.randomise, seed=seed, worlds=np.array([world], dtype=np.int64))
    numbers: dict[str, Any] = {name.removeprefix("weather."): float(values[0]) for name, values in found.items()}
    return replace(scenario, weather=replace(scenario.weather, **numbers)) if numbers else scenario


# ---------------------------------------------------------------- drones


def _drones(of: WatchScenario, between: tuple[float, float], draws: Draws) -> WatchScenario:
    """Return a scenario with so many drones: some of its own, or all of them and copies on other ways."""
    own = [one for one in of.objects if one.kind == DRONE]
    count = draws.count("drones", *between)
    kept = set(draws.some([one.name for one in own], count, "drone"))
    copies = [_copy(own[at % len(own)], at // len(own) + 2, draws) for at in range(count - len(own)) if own]
    objects = [one for one in of.objects if one.kind != DRONE or one.name in kept]
    reports = tuple(one for one in of.reports if one.about is None or one.about in {each.name for each in objects})
    return replace(of, objects=(*objects, *copies), reports=reports)


def _copy(one: Flier, number: int, draws: Draws) -> Flier:
    name = f"drawn-{one.name}-{number}"
    aside_m = draws.even(f"{name} aside", -_COPY_ASIDE_M, _COPY_ASIDE_M)
    moved = replace(one, name=name, start_s=one.start_s + draws.even(f"{name} later", *_COPY_LATER_S))
    return _aside(moved, aside_m)


def _aside(one: Flier, right_m: float) -> Flier:
    """Return an object whose whole way lies so far to the right of its first course."""
    course_deg = float(geodesy.inverse(*one.route[0], *one.route[1])[1]) if len(one.route) > 1 else 0.0
    return replace(one, route=tuple(_off(point, course_deg + 90.0, right_m) for point in one.route))


def _off(point: Point, azimuth_deg: float, away_m: float) -> Point:
    lat, lon = geodesy.direct(*point, azimuth_deg, away_m)
    return float(lat), float(lon)


def _later(of: WatchScenario, between: tuple[float, float], draws: Draws) -> WatchScenario:
    def moved(one: Flier) -> Flier:
        return replace(one, start_s=one.start_s + draws.even(f"{one.name} later", *between))

    return replace(of, objects=tuple(moved(one) if one.kind == DRONE else one for one in of.objects))


def _sector(of: WatchScenario, between: tuple[float, float], draws: Draws) -> WatchScenario:
    def moved(one: Flier) -> Flier:
        return _aside(one, 1000.0 * draws.even(f"{one.name} sector", *between))

    return replace(of, objects=tuple(moved(one) if one.kind == DRONE else one for one in of.objects))


# ---------------------------------------------------------------- others in the air


def _birds(of: WatchScenario, between: tuple[float, float], draws: Draws) -> WatchScenario:
    places = [(row["lat_deg"], row["lon_deg"]) for row in of.sensors if row["kind"] in RADARS and "lat_deg" in row]
    places = places or [(of.place.lat_deg, of.place.lon_deg)]
    ground_amsl_m = of.place.height_hae_m - of.watch.sea_hae_m
    flock = []
    for at in range(draws.count("birds", *between)):
        name = f"drawn-bird-{at + 1}"
        near = places[draws.count(f"{name} where", 0, len(places) - 1)]
        away_m = _BIRDS_WITHIN_M * float(np.sqrt(draws.even(f"{name} away")))
        up_m = draws.even(f"{name} up", *_BIRDS_UP_M)
        begin = _off(near, draws.even(f"{name} azimuth", 0.0, 360.0), away_m)
        flock.append(
            Flier(name, "bird", _BIRD_MPS, (begin,), start_s=-of.watch.warm_up_s, flown="wander",
                  height_amsl_m=ground_amsl_m + up_m)
        )  # fmt: skip
    return replace(of, objects=(*of.objects, *flock))


def _airliners(of: WatchScenario, between: tuple[float, float], draws: Draws) -> WatchScenario:
    made = [_airliner(of, at, draws) for at in range(draws.count("airliners", *between))]
    return replace(of, objects=(*of.objects, *made))


def _fields(of: WatchScenario, *, open_only: bool = False) -> list[Point]:
    return [
        (one.lat_deg, one.lon_deg)
        for one in of.aerodromes
        if one.lat_deg is not None and one.lon_deg is not None and (one.is_open or not open_only)
    ]


def _airliner(of: WatchScenario, at: int, draws: Draws) -> Flier:
    """Return an airliner that lands at an open aerodrome, leaves one, or passes high above."""
    name, ident = f"drawn-airliner-{at + 1}", f"F1{at:04X}"  # F00000 and up are kept for temporary use
    fields = _fields(of, open_only=True)
    course_deg = draws.even(f"{name} course", 0.0, 360.0)
    start_s = draws.even(f"{name} start", -0.5 * _APPROACH_M / _APPROACH_MPS, of.time_limit_s)
    what = draws.even(f"{name} what") if fields else 1.0
    if what < 2.0 / 3.0:
        field, away = fields[draws.count(f"{name} where", 0, len(fields) - 1)], course_deg + 180.0
        ways = [(_off(field, away, _APPROACH_M), _HIGH_M), (_off(field, away, 15_000.0), 900.0), (field, 150.0)]
        ways = ways if what < 1.0 / 3.0 else ways[::-1]
        points, heights = zip(*ways, strict=True)
        return Flier(name, "aircraft", _APPROACH_MPS, points, ident=ident, start_s=start_s, heights_m=heights)
    middle = _off(
        (of.place.lat_deg, of.place.lon_deg), course_deg + 90.0, draws.even(f"{name} by", -60_000.0, 60_000.0)
    )
    route = (_off(middle, course_deg + 180.0, _THROUGH_M), _off(middle, course_deg, _THROUGH_M))
    level_m = draws.even(f"{name} level", *_LEVELS_M)
    return Flier(name, "aircraft", _THROUGH_MPS, route, ident=ident, start_s=start_s, height_amsl_m=level_m)


# ---------------------------------------------------------------- sensors and reports


def _radars_out(of: WatchScenario, between: tuple[float, float], draws: Draws) -> WatchScenario:
    radars = [str(row["sensor_id"]) for row in of.sensors if row["kind"] in RADARS]
    silent = []
    for name in draws.some(radars, draws.count("radars_out", *between), "out"):
        from_s = of.time_limit_s * draws.even(f"out from {name}", *_OUT_FROM)
        silent.append(Outage(name, from_s, from_s + of.time_limit_s * draws.even(f"out for {name}", *_OUT_FOR)))
    return replace(of, outages=(*of.outages, *silent))


def _clocks(of: WatchScenario, between: tuple[float, float], draws: Draws) -> WatchScenario:
    said: dict[str, dict[str, Any]] = {one["sensor_id"]: dict(one) for one in of.senses}
    for row in of.sensors:
        if row["kind"] in RADARS:
            name = str(row["sensor_id"])
            own = said.setdefault(name, {"sensor_id": name})
            own["clock_error_s"] = own.get("clock_error_s", 0.0) + draws.even(f"clock {name}", *between)
    return replace(of, senses=tuple(said.values()))


def _detection(of: WatchScenario, between: tuple[float, float], draws: Draws) -> WatchScenario:
    def dulled(row: Any) -> Any:
        if row["kind"] not in RADARS:
            return row
        share = draws.even(f"detection {row['sensor_id']}", *between)
        return {**row, "detection_probability": share * (row.get("detection_probability") or 0.9)}

    return replace(of, sensors=tuple(dulled(row) for row in of.sensors))


def _false_reports(of: WatchScenario, between: tuple[float, float], draws: Draws) -> WatchScenario:
    places = [
        (one.lat_deg, one.lon_deg) for one in of.aerodromes if one.lat_deg is not None and one.lon_deg is not None
    ]
    places = places or [(of.place.lat_deg, of.place.lon_deg)]
    made = []
    for at in range(draws.count("false_reports", *between)):
        name = f"drawn-report-{at + 1}"
        role, text = _WRONG[draws.count(f"{name} text", 0, len(_WRONG) - 1)]
        near = places[draws.count(f"{name} where", 0, len(places) - 1)]
        away_m = _REPORTS_WITHIN_M * draws.even(f"{name} away")
        stands = _off(near, draws.even(f"{name} azimuth", 0.0, 360.0), away_m)
        time_s = of.time_limit_s * draws.even(f"{name} time", 0.05, 0.9)
        made.append(
            Report(name, time_s, role, known_s=time_s + draws.even(f"{name} known", 30.0, 300.0), text=text,
                   means="radio" if role in ("pilot", "tower") else "phone", lat_deg=stands[0], lon_deg=stands[1],
                   sigma_position_km=1.0, truth="wrong")
        )  # fmt: skip
    return replace(of, reports=(*of.reports, *made))


def _late(of: WatchScenario, between: tuple[float, float], draws: Draws) -> WatchScenario:
    late_s = draws.even("first report", *between)
    return replace(
        of,
        reports=tuple(
            one if one.truth == "wrong" else replace(one, known_s=one.reaches_s + late_s) for one in of.reports
        ),
    )


_MAKERS = {
    "drones": _drones, "later_s": _later, "sector_km": _sector, "birds": _birds, "airliners": _airliners,
    "radars_out": _radars_out, "clock_offset_s": _clocks, "detection": _detection, "first_report_late_s": _late,
    "false_reports": _false_reports,
}  # fmt: skip
