"""A watch exercise, staged: everything that will be sensed, said and published, as one Recording.

    WatchScenario ─draw_world─▶ one world ─ways─▶ TRUTH ─sense, object by object─▶ DETECTIONS ─┐
                        ├─ reports ─▶ SIGHTINGS   traffic, hours, injects ─▶ EVENTS   ├─▶ Recording
                        └─ zones, aerodromes, population                              ─┘

What the seat decides changes nothing of it. Every number depends on the seed, the world and what it is for: the same
seed gives the same recording bit for bit, and an object that is added or taken away changes no other's detections but
for their numbers.

Left out: plots that merge where two fly close together, weather on the radar, an object's answer to being looked at,
any tie between the published movements and the airliners in the air, and heights by the standard atmosphere. Nothing
jams or deceives a sensor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import polars as pl
import shapely

from hotwash import resources
from hotwash.air import scripted_paths
from hotwash.air.random_numbers import dice
from hotwash.air.scripted_paths import Span, clip_truth, span
from hotwash.air.sensing import sense
from hotwash.air.sensor_models import DEFAULTS, SIZES_M2, Senses
from hotwash.errors import ScenarioError
from hotwash.flight import flown_paths
from hotwash.geo import borders, zones
from hotwash.geo.coordinate_order import check_coordinate_order
from hotwash.geo.zones import Zone
from hotwash.model import schema, tables
from hotwash.model.recording import Recording
from hotwash.model.scenario import to_text
from hotwash.model.watch_scenario import Flier, Ring, WatchScenario, number_reports
from hotwash.watch.variation import draw_world

# What a radar sees of each kind where an object states nothing (the sizes of `senses`; a balloon as its small payload).
SIZE_OF_KIND_M2 = {
    "drone": SIZES_M2["fixed_wing"], "aircraft": SIZES_M2["airliner"], "helicopter": SIZES_M2["helicopter"],
    "bird": SIZES_M2["bird"], "balloon": 0.05,
}  # fmt: skip
SOURCE_ID = "S-EXERCISE"
SAID_BY = ["exercise"]


def stage(scenario: WatchScenario, *, seed: int, world: int = 0, given: Recording | None = None) -> Recording:
    """Return everything that one world of a watch exercise will play.

    scenario   with a watch seat; what its [vary] leaves open is drawn first (`variation.draw_world`)
    given      for a replay: the recording that lies beside the scenario
    returns    sources, events, sensors, detections, truth, sightings, zones, aerodromes, population and the text of the
               world's own scenario, with nothing left open and what it names inside. Sensors are as they state
               themselves; detections begin `warm_up_s` before start_utc. Whether a report is true stands in the
               scenario's text alone
    raises     ScenarioError for a zone, an airframe or a position that is not there, and for a replay without `given`

    It need not be drawn again: staging the returned scenario with the same seed and world gives the same recording.
    """
    one = draw_world(scenario, seed=seed, world=world)
    own_zones = _zones(one)
    text = to_text(one, airframes=_airframes(one), seed=seed, world=world)
    if one.watch.is_replay:
        return _play_back(one, given, own_zones, text)
    truth = _truth(one, seed, world)
    return Recording(
        sources=_sources(one), events=_events(one, seed, world), sensors=sensor_table(one),
        detections=_detections(one, truth, seed, world), truth=truth, sightings=_sightings(one), zones=own_zones,
        aerodromes=_aerodromes(one), population=_population(one), scenario=text,
    )  # fmt: skip


def sensor_table(scenario: WatchScenario) -> pl.DataFrame:
    """Return SENSORS as they state themselves: a clock error that nobody says stands elsewhere."""
    return schema.frame(tables.SENSORS, list(scenario.sensors))


def _airframes(scenario: WatchScenario) -> dict[str, str]:
    """Return the texts of the airframes that a scenario's objects fly, by name."""
    names = dict.fromkeys(one.airframe for one in scenario.objects if one.flown == "wing")
    texts = dict(scenario.airframes)
    for name in names:
        if name not in texts:
            texts[name] = resources.read(f"flight/airframes/{name}.toml").decode()
    return texts


# ---------------------------------------------------------------- what flies, and what is sensed of it


def _truth(scenario: WatchScenario, seed: int, world: int) -> pl.DataFrame:
    """Return TRUTH of all objects, within the span, by time."""
    on_paths = [
        scripted_paths.way(one, scenario, seed=seed, world=world) for one in scenario.objects if one.flown != "wing"
    ]
    flown = flown_paths.ways([one for one in scenario.objects if one.flown == "wing"], scenario, seed=seed, world=world)
    whole = pl.concat([schema.empty(tables.TRUTH), *on_paths, clip_truth(flown, span(scenario))])
    return schema.conform(whole.sort("time_utc", "object_id"), tables.TRUTH)


def _detections(scenario: WatchScenario, truth: pl.DataFrame, seed: int, world: int) -> pl.DataFrame:
    """Return DETECTIONS of all objects and of nothing, by reported time.

    Each object is sensed by itself with dice of its own, and so are the false detections.
    """
    real = _real(scenario)
    if not real.height:
        return schema.empty(tables.DETECTIONS)
    own, within = _senses(scenario), span(scenario)
    quiet = {name: replace(one, near_false_per_scan=0.0, sectors=()) for name, one in own.items()}
    silent = real.with_columns(false_per_scan=pl.lit(0.0))
    ways_of = truth.partition_by("object_id", as_dict=True)
    found = [_sense_one(_ghost(scenario), real, own, None, scenario, within, (seed, world, ""))]
    for one in scenario.objects:
        if (one.name,) in ways_of:
            sized = {name: replace(each, size_m2={one.kind: _size_m2(one)}) for name, each in quiet.items()}
            found.append(
                _sense_one(ways_of[(one.name,)], silent, sized, one, scenario, within, (seed, world, one.name))
            )
    whole = pl.concat(found).sort("time_utc", "_order")
    return schema.conform(
        whole.drop("_order").with_columns(detection_id=pl.int_range(pl.len(), dtype=schema.I64)), tables.DETECTIONS
    )


def _sense_one(
    truth: pl.DataFrame, sensors: pl.DataFrame, own: Mapping[str, Senses], one: Flier | None, scenario: WatchScenario,
    within: Span, of_world: tuple[int, int, str],
) -> pl.DataFrame:  # fmt: skip
    """Return DETECTIONS of one object, or of nothing, with `_order`: a random number that parts those of one time."""
    seed, world, name = of_world
    rng = dice(seed, world, f"sensed {name}" if one else "sensed nothing")
    idents = {one.name: one.ident} if one is not None and one.ident else {}
    found = sense(
        truth, sensors, rng=rng, senses=own, idents=idents, start_utc=within.begin_utc, end_utc=within.end_utc,
        ground_hae_m=scenario.place.height_hae_m,
    )  # fmt: skip
    return found.with_columns(pl.Series("_order", rng.random(found.height), dtype=schema.F64))


def _ghost(scenario: WatchScenario) -> pl.DataFrame:
    """Return TRUTH of one that nobody can see, on the other side of the earth: with it only what is false is sensed."""
    place = scenario.place
    row = {
        "object_id": "nobody", "time_utc": span(scenario).begin_utc, "lat_deg": -place.lat_deg,
        "lon_deg": place.lon_deg - 180.0 if place.lon_deg > 0.0 else place.lon_deg + 180.0, "height_hae_m": 0.0,
        "v_east_mps": 0.0, "v_north_mps": 0.0, "v_up_mps": 0.0,
    }  # fmt: skip
    return schema.frame(tables.TRUTH, [row])


def _size_m2(one: Flier) -> float:
    return SIZE_OF_KIND_M2[one.kind] if one.size_m2 is None else one.size_m2


def _real(scenario: WatchScenario) -> pl.DataFrame:
    """Return SENSORS as they are, with the clock errors that they do not state."""
    errors = {one["sensor_id"]: one.get("clock_error_s", 0.0) for one in scenario.senses}
    rows = []
    for row in scenario.sensors:
        error = errors.get(row["sensor_id"], 0.0)
        rows.append({**row, "clock_offset_s": (row.get("clock_offset_s") or 0.0) + error} if error else row)
    return schema.frame(tables.SENSORS, rows)


def _senses(scenario: WatchScenario) -> dict[str, Senses]:
    """Return how each sensor measures: as the scenario says, else as is usual for its kind."""
    said = {one["sensor_id"]: one for one in scenario.senses}
    within, found = span(scenario), {}
    for row in scenario.sensors:
        name = str(row["sensor_id"])
        own = {key: value for key, value in said.get(name, {}).items() if key not in ("sensor_id", "clock_error_s")}
        silences = tuple(
            (
                _at(scenario, one.from_s),
                within.end_utc + timedelta(days=1) if one.to_s is None else _at(scenario, one.to_s),
            )
            for one in scenario.outages
            if one.sensor_id == name
        )
        found[name] = replace(DEFAULTS[str(row["kind"])], outages=silences, **own)
    return found


def _at(scenario: WatchScenario, time_s: float | None, otherwise: datetime | None = None) -> datetime:
    """Return the time so long after the start; for None another, and a day more."""
    if time_s is None:
        return (otherwise or scenario.start_utc) + timedelta(days=1)
    return scenario.start_utc + timedelta(microseconds=round(time_s * 1e6))


# ---------------------------------------------------------------- what is said and published


def _sightings(scenario: WatchScenario) -> pl.DataFrame:
    """Return SIGHTINGS by the time when they reach the seat; whether they are true is not among its columns."""
    rows = [
        {
            "sighting_id": name, "role": one.role, "place": one.place, "lat_deg": one.lat_deg,
            "lon_deg": one.lon_deg, "sigma_position_km": one.sigma_position_km, "utc_low": _at(scenario, one.time_s),
            "utc_high": _at(scenario, one.time_s), "known_utc": _at(scenario, one.reaches_s),
            "azimuth_deg": one.azimuth_deg, "elevation_deg": one.elevation_deg, "distance_m": one.distance_m,
            "height_agl_m": one.height_agl_m, "seen": one.text or None, "saw_nothing": one.saw_nothing,
            "after_alarm": one.after_alarm, "said_by": f"{one.role}, {_BY[one.means]}", "source_id": SOURCE_ID,
        }
        for name, one in number_reports(scenario.reports).items()
    ]  # fmt: skip
    return schema.frame(tables.SIGHTINGS, rows)


_BY = {"phone": "by phone", "written": "in writing", "radio": "by radio"}


def _events(scenario: WatchScenario, seed: int, world: int) -> pl.DataFrame:
    """Return EVENTS by time: movement, aerodrome_closed and aerodrome_hours, known from the beginning, and inject."""
    rows = [*_movements(scenario, seed, world), *_states(scenario)]
    for inject in scenario.injects:
        when = _at(scenario, inject.time_s)
        rows.append({"kind": "inject", "start_utc": when, "known_utc": when, "text": inject.text})
    rows.sort(key=lambda row: (row["start_utc"], row["kind"], row.get("subject_id") or ""))
    same = {"said_by": SAID_BY, "source_id": [SOURCE_ID]}
    return schema.frame(tables.EVENTS, [{"event_id": f"x{at:05d}", **same, **row} for at, row in enumerate(rows)])


def _movements(scenario: WatchScenario, seed: int, world: int) -> Iterator[dict[str, Any]]:
    """Yield the published movements, one row each: as many as chance has them, evenly over their time."""
    for at, traffic in enumerate(scenario.traffic):
        to_s = scenario.time_limit_s if traffic.to_s is None else traffic.to_s
        rng = dice(seed, world, f"traffic {at} {traffic.aerodrome_id}")
        long_s = max(to_s - traffic.from_s, 0.0)
        shares = rng.random(rng.poisson(traffic.per_hour * long_s / 3600.0))
        what = {"kind": "movement", "known_utc": span(scenario).begin_utc, "subject_id": traffic.aerodrome_id}
        runways = _runways(scenario, traffic.aerodrome_id)
        which = dice(seed, world, f"runway {at} {traffic.aerodrome_id}").integers(len(runways), size=shares.size)
        for share, runway in zip(sorted(shares.tolist()), which.tolist(), strict=True):
            start = _at(scenario, traffic.from_s + long_s * share)
            yield {**what, "value": 1.0, "start_utc": start, "part": runways[runway]}


def _runways(scenario: WatchScenario, aerodrome_id: str) -> Sequence[str | None]:
    """Return the runways of an aerodrome; one that nobody names where the scenario names none."""
    return next((one.runways for one in scenario.aerodromes if one.aerodrome_id == aerodrome_id), ()) or (None,)


def _states(scenario: WatchScenario) -> Iterator[dict[str, Any]]:
    """Yield how aerodromes stand when the watch begins, and their published hours."""
    begin = span(scenario).begin_utc
    for one in scenario.aerodromes:
        about = {"subject_id": one.aerodrome_id, "known_utc": begin}
        if not one.is_open:
            yield {**about, "kind": "aerodrome_closed", "start_utc": begin, "text": "Closed when the watch began."}
        if one.opens_s is not None or one.closes_s is not None:
            opens = begin if one.opens_s is None else _at(scenario, one.opens_s)
            closes = None if one.closes_s is None else _at(scenario, one.closes_s)
            yield {**about, "kind": "aerodrome_hours", "start_utc": opens, "end_utc": closes}


def _sources(scenario: WatchScenario) -> pl.DataFrame:
    row = {
        "source_id": SOURCE_ID, "publisher": "hotwash, an exercise", "kind": "recording",
        "title": f"{scenario.watch.marked}: {scenario.title or scenario.name}", "known_utc": span(scenario).begin_utc,
        "note": scenario.watch.note or None,
    }  # fmt: skip
    return schema.frame(tables.SOURCES, [row])


# ---------------------------------------------------------------- where


def _aerodromes(scenario: WatchScenario) -> pl.DataFrame:
    rows = []
    for one in scenario.aerodromes:
        if one.lat_deg is None or one.lon_deg is None:
            why = "it has no position; give lat_deg and lon_deg"
            raise ScenarioError(scenario.name, place=f"[aerodromes {one.aerodrome_id}] lat_deg", why=why)
        rows.append(
            {
                "aerodrome_id": one.aerodrome_id, "name": one.name or one.aerodrome_id, "lat_deg": one.lat_deg,
                "lon_deg": one.lon_deg, "elevation_amsl_m": one.elevation_amsl_m,
            }
        )  # fmt: skip
    return schema.frame(tables.AERODROMES, rows)


def _population(scenario: WatchScenario) -> pl.DataFrame:
    rows = [{"cell_id": one.cell_id, "lat_deg": one.lat_deg, "lon_deg": one.lon_deg, "people": one.people}
            for one in scenario.population]  # fmt: skip
    return schema.frame(tables.POPULATION, rows)


def _zones(scenario: WatchScenario) -> pl.DataFrame:
    """Return ZONES: those drawn in the scenario, those of the files that it carries, and the shipped one it names."""
    rows = [_ring_row(one) for one in scenario.zones]
    near = (scenario.place.lat_deg, scenario.place.lon_deg)
    drawn = [(f"[zones {row['zone_id']}]", shapely.from_wkb(row["geometry"])) for row in rows]
    check_coordinate_order(drawn, *near, thing=scenario.name, order="a scenario has latitude first")
    for name, text in scenario.zone_files.items():
        rows += [_zone_row(zone) for zone in zones.from_geojson(text.encode(), name=name, near=near)]
    wanted = scenario.watch.zone_id
    if wanted is not None and wanted not in [row["zone_id"] for row in rows]:
        if wanted not in borders.zone_ids():
            there = ", ".join([*(str(row["zone_id"]) for row in rows), *borders.zone_ids()])
            raise ScenarioError(scenario.name, place="[watch] zone_id", why=f"there is no {wanted}; there are {there}")
        rows.append(_zone_row(borders.load_zone(wanted)))
    return schema.frame(tables.ZONES, rows)


def _ring_row(one: Ring) -> dict[str, Any]:
    polygon = shapely.Polygon([(lon, lat) for lat, lon in one.ring])
    return {
        "zone_id": one.zone_id, "name": one.name or one.zone_id, "kind": one.kind, "line_sigma_m": one.line_sigma_m,
        "floor_m": one.floor_m, "floor_ref": one.floor_ref, "ceiling_m": one.ceiling_m, "ceiling_ref": one.ceiling_ref,
        "source": "drawn in the scenario", "geometry": shapely.to_wkb(polygon),
    }  # fmt: skip


def _zone_row(one: Zone) -> dict[str, Any]:
    return {
        "zone_id": one.zone_id, "name": one.name, "kind": one.kind, "floor_m": one.floor_m, "ceiling_m": one.ceiling_m,
        "floor_ref": one.floor_ref, "ceiling_ref": one.ceiling_ref, "line_sigma_m": one.line_sigma_m,
        "source": one.source, "clip_box": list(one.clip_box) if one.clip_box else None,
        "geometry": shapely.to_wkb(one.geometry),
    }  # fmt: skip


# ---------------------------------------------------------------- replay


def _play_back(scenario: WatchScenario, given: Recording | None, own_zones: pl.DataFrame, text: str) -> Recording:
    """Return what was recorded, with the places of the scenario where the recording holds none of its own."""
    if given is None:
        why = "it replays a recording; its tables must lie beside the scenario's file"
        raise ScenarioError(scenario.name, place="[watch] is_replay", why=why)
    return replace(
        given,
        detections=given.detections.sort(pl.coalesce("received_utc", "time_utc"), "detection_id"),
        sightings=given.sightings.sort("known_utc", "sighting_id", nulls_last=True),
        events=given.events.sort("known_utc", "event_id", nulls_last=True),
        zones=given.zones if given.zones.height else own_zones,
        aerodromes=given.aerodromes if given.aerodromes.height else _aerodromes(scenario),
        population=given.population if given.population.height else _population(scenario),
        decisions=schema.empty(tables.DECISIONS),
        scenario=text,
    )
