"""The ways of drones that our own fixed wing flies through the scenario's weather, side by side: TRUTH.

    Flier, flown = wing ─▶ its own plane ─RoutePilot, PilotSeat─▶ poses ─▶ TRUTH

Each drone flies over a plane of its own, laid about where it begins: distances and directions from there are kept, so
a route of 100 km is true to 4e-5 of its length. Its physics is that of every exercise with one difference: the
steps of Runge-Kutta are of 10 ms where those of pilots are of 2 ms. Ten minutes in gusts, flown with both, end within
metres of each other (docs/accuracy.md). The ground is level, at the height of the scenario's place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hotwash.air import scripted_paths as on_paths
from hotwash.air.random_numbers import WordArray, keys
from hotwash.errors import ScenarioError
from hotwash.flight import lookup
from hotwash.flight.airframes import Airframe
from hotwash.flight.level_flight import stall_speed_mps
from hotwash.flight.pose import Pose
from hotwash.geo import geodesy
from hotwash.model import schema, tables
from hotwash.model.flight_scenario import FlightScenario
from hotwash.model.scenario_parts import Failsafes, Seat
from hotwash.model.watch_scenario import Flier, WatchScenario

FloatArray = NDArray[np.float64]

SUBSTEP_S = 0.01
_STEP_S = 0.1  # the flight controller's; its pilot moves sticks once a second
_PILOT_EVERY = 10
_ROW_EVERY = round(on_paths.STEP_S / _STEP_S)
_SEAT = "drone"
_LOWEST_M = 20.0  # above ground: lower, the first gust would put it down
_LEAST_OF_STALL = 1.15  # slower, a gust would stall it
_NO_FAILSAFES = Failsafes(battery_warn=0.0, battery_return=0.0, battery_land=0.0)


def ways(fliers: Sequence[Flier], scenario: WatchScenario, *, seed: int, world: int) -> pl.DataFrame:
    """Return the ways of drones: TRUTH from where each begins to where its route or the recording ends.

    fliers    flown = "wing"; those of one airframe and one speed fly together, up to 32 at the price of one
    raises    ScenarioError for an airframe that is not there or is no fixed wing, and for a speed that it cannot fly;
              AirframeError for one that cannot be

    A drone's numbers depend on the seed, the world and its own name. Its speed is through the air: wind helps or
    delays it. It ends early where its battery does.
    """
    groups: dict[tuple[str, float], list[Flier]] = {}
    for one in fliers:
        if _seconds(one, scenario) > 0.0:
            groups.setdefault((one.airframe, one.speed_mps), []).append(one)
    found = [_flown(group, scenario, seed=seed, world=world) for group in groups.values()]
    return pl.concat([schema.empty(tables.TRUTH), *found])


def _seconds(one: Flier, scenario: WatchScenario) -> float:
    """Return how long there is for a drone to fly [s]."""
    start = scenario.start_utc + timedelta(seconds=one.start_s)
    return (on_paths.span(scenario).end_utc - start).total_seconds()


def _airframe(one: Flier, scenario: WatchScenario) -> Airframe:
    """Return the airframe of a drone, with the drone's speed for its cruise."""
    found = lookup.find_airframe(scenario, Seat(one.name, one.airframe))
    place = f"[objects {one.name}]"
    if found.kind != "fixed_wing":
        raise ScenarioError(scenario.name, place=f"{place} airframe", why=f"{one.airframe} is no fixed wing")
    least, most = _LEAST_OF_STALL * stall_speed_mps(found), found.limits.max_speed_mps
    if not least <= one.speed_mps <= most:
        why = f"{one.airframe} flies {least:.1f} to {most:.1f} m/s, not {one.speed_mps:g}"
        raise ScenarioError(scenario.name, place=f"{place} speed_mps", why=why)
    return replace(found, limits=replace(found.limits, cruise_mps=one.speed_mps))


def _flown(group: Sequence[Flier], scenario: WatchScenario, *, seed: int, world: int) -> pl.DataFrame:
    """Return the ways of drones of one airframe and speed."""
    padded = [*group, *group[:1]] if len(group) == 1 else [*group]  # one alone is computed otherwise in the last digit
    airframe, planes = _airframe(group[0], scenario), [_plane(one, scenario) for one in padded]
    number = np.array([world], dtype=np.int64)
    words = np.concatenate([keys(seed, number, f"wing {one.name}") for one in padded])
    seconds = max(_seconds(one, scenario) for one in group)
    poses, is_done = _poses(planes, [one.ends for one in padded], airframe, scenario, words, seconds)
    return pl.concat([_truth(one, poses[:, at], is_done[:, at], scenario) for at, one in enumerate(group)])


class _Plane(NamedTuple):
    """A route about where it begins: (k, 2) east and north [m], (k,) above ground [m], and the first course."""

    points_m: FloatArray
    heights_m: FloatArray
    course_deg: float


def _plane(one: Flier, scenario: WatchScenario) -> _Plane:
    lat, lon = np.array(one.route).T
    away_m, azimuth_deg, _ = geodesy.inverse(*one.route[0], lat, lon)
    away_m[0] = azimuth_deg[0] = 0.0
    points = np.stack([away_m * np.sin(np.radians(azimuth_deg)), away_m * np.cos(np.radians(azimuth_deg))], axis=1)
    amsl_m = np.array(one.heights_m or (one.height_amsl_m,) * len(one.route))
    above_m = amsl_m + scenario.watch.sea_hae_m - scenario.place.height_hae_m
    return _Plane(points, np.maximum(above_m, _LOWEST_M), float(azimuth_deg[1]))


def _poses(
    planes: Sequence[_Plane], ends: Sequence[str], airframe: Airframe, scenario: WatchScenario, words: WordArray,
    seconds: float,
) -> tuple[FloatArray, NDArray[np.bool_]]:  # fmt: skip
    """Return poses every 2 s, (t, n, POSES), and which drones were at the end of their route by then, (t, n)."""
    # Compiled: whoever flies no wing never pays for it.
    from hotwash.flight.policies.route import RoutePilot
    from hotwash.flight.seats.pilot import View
    from hotwash.flight.seats.pilot_seat import PilotSeat

    pilot = RoutePilot(airframe, [one.points_m for one in planes], [one.heights_m for one in planes], ends)
    seat = Seat(_SEAT, airframe.name, mode="altitude_hold", sight="none")
    alone = FlightScenario(
        scenario.name, scenario.place, (seat,), step_s=_STEP_S, time_limit_s=1e6, weather=scenario.weather,
        navigation=scenario.navigation, failsafes=_NO_FAILSAFES,
    )  # fmt: skip
    pilot_seat = PilotSeat(alone, seat, airframe, None, worlds=len(planes), substep_s=SUBSTEP_S)
    begins = {
        f"seats.{_SEAT}.up_m": np.array([one.heights_m[0] for one in planes]),
        f"seats.{_SEAT}.heading_deg": np.array([one.course_deg for one in planes]),
    }
    pilot_seat.reset(np.arange(len(planes)), words, begins)
    rows, done = [pilot_seat.pose.copy()], [pilot.is_done.copy()]
    command = pilot.act(View(pilot_seat.view))
    for at in range(1, int(seconds / _STEP_S) + 1):
        pilot_seat.take({_SEAT: command})
        pilot_seat.step(0, pilot_seat.blocks)
        if at % _PILOT_EVERY == 0:
            command = pilot.act(View(pilot_seat.view))
        if at % _ROW_EVERY == 0:
            rows.append(pilot_seat.pose.copy())
            done.append(pilot.is_done.copy())
            if _is_over(Pose(pilot_seat.pose), pilot.is_done, ends):
                break
    return np.stack(rows), np.stack(done)


def _is_over(pose: Pose, is_done: NDArray[np.bool_], ends: Sequence[str]) -> bool:
    """Tell whether nobody has anything left to fly."""
    is_gone = is_done & np.array([one == "leaves" for one in ends])
    return bool((is_gone | (pose.is_on_ground > 0.5)).all())


def _truth(one: Flier, rows: FloatArray, is_done: NDArray[np.bool_], scenario: WatchScenario) -> pl.DataFrame:
    """Return TRUTH of one drone, up to where it left, or came to the ground."""
    is_last = Pose(rows).is_on_ground > 0.5
    if one.ends == "leaves":
        is_last |= is_done
    pose = Pose(rows[: int(np.argmax(is_last)) + 1] if is_last.any() else rows)
    east, north, up = pose.position_m.T
    lat0, lon0 = one.route[0]
    lat, lon = geodesy.direct(lat0, lon0, np.degrees(np.arctan2(east, north)), np.hypot(east, north))
    _, out_deg, back_deg = geodesy.inverse(lat0, lon0, lat, lon)
    # North turns on the way: a course over the plane is another one over the ground there.
    turned = np.where(np.hypot(east, north) > 1.0, np.radians((back_deg - out_deg) % 360.0 - 180.0), 0.0)
    v_east, v_north, v_up = pose.velocity_mps.T
    start_us = pl.Series([scenario.start_utc + timedelta(seconds=one.start_s)]).dt.epoch("us").item()
    columns: dict[str, Any] = {
        "object_id": pl.Series([one.name] * len(pose.rows), dtype=schema.TEXT),
        "time_utc": pl.Series(start_us + np.arange(len(pose.rows)) * round(on_paths.STEP_S * 1e6)).cast(schema.UTC),
        "lat_deg": lat, "lon_deg": lon, "height_hae_m": up + scenario.place.height_hae_m,
        "v_east_mps": v_east * np.cos(turned) + v_north * np.sin(turned),
        "v_north_mps": v_north * np.cos(turned) - v_east * np.sin(turned), "v_up_mps": v_up,
        "airspeed_mps": pose.airspeed_mps, "battery": np.clip(pose.battery, 0.0, 1.0),
        "is_on_ground": pose.is_on_ground > 0.5,
        "class_label": pl.Series([one.kind] * len(pose.rows), dtype=schema.TEXT),
    }  # fmt: skip
    return schema.conform(pl.DataFrame(columns), tables.TRUTH)
