"""What the exercise's own rules call a drone by its flight, and a breach by where its track began.

    [carried.rules] of the scenario ─▶ rules that classify a track as a drone ─▶ of concern on the picture
                                    ─▶ rules that declare a breach            ─▶ how deep inside it may have begun

Only conditions that the picture alone answers are taken; a rule with another one, or with none on how a track flies,
asks something else and is left out. A rule file that somebody brings along changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from hotwash.documents import parse_toml
from hotwash.errors import HotwashError
from hotwash.geo import geodesy
from hotwash.model.watch_scenario import WatchScenario
from hotwash.track.steadiness import steadiness

Rule = Mapping[str, Any]

_DRONE = "drone"
_OF_FLIGHT = ("speed_least_mps", "speed_most_mps", "steady_least")
# Status, label and name are asked of every row anyway: it is confirmed, the label is the seat's, and it has no name.
_ASKED_ANYWAY = ("status", "labels", "has_ident")
_TAKEN = (*_OF_FLIGHT, *_ASKED_ANYWAY, "shown_least_s", "aerodrome_most_m")
_BEGUN = "begun_inside_most_m"


@dataclass(frozen=True, slots=True)
class DroneRules:
    """What the rules of an exercise say that the picture can answer.

    calls               conditions of each rule that calls a track a drone; empty where there is none
    begun_inside_most_m   a track that was first shown deeper inside is no breach; None where the rules do not say
    """

    calls: tuple[Rule, ...] = ()
    begun_inside_most_m: float | None = None


def drone_rules(scenario: WatchScenario) -> DroneRules:
    """Return what the rules that a scenario carries and names say of drones."""
    name = scenario.watch.rules
    if name is None or name not in scenario.rules:
        return DroneRules()
    try:
        found = parse_toml(scenario.rules[name], name=name).get("rules", [])
    except HotwashError:
        return DroneRules()  # the rule book refuses it, with the reason
    rules = [one for one in found if isinstance(one, Mapping) and isinstance(one.get("if"), Mapping)]
    depths = [one["if"].get(_BEGUN) for one in rules if one.get("do") == "declare_breach"]
    known = [float(one) for one in depths if isinstance(one, int | float)]
    calls = tuple(one["if"] for one in rules if _is_of_flight(one))
    return DroneRules(calls, max(known) if known and len(known) == len(depths) else None)


def _is_of_flight(rule: Rule) -> bool:
    asked = rule["if"]
    return (
        (rule.get("do"), rule.get("class_label")) == ("classify", _DRONE)
        and set(asked) <= set(_TAKEN)
        and any(name in asked for name in _OF_FLIGHT)
        and asked.get("has_ident") is not True
        and all(isinstance(value, int | float) for name, value in asked.items() if name not in _ASKED_ANYWAY)
    )


def called_drones(rows: pl.DataFrame, rules: DroneRules, aerodromes: pl.DataFrame) -> tuple[pl.Series, pl.Series]:
    """Return for each row of a picture whether a rule calls the track a drone, and whether it flies like one.

    rows      TRACKS with `mean_mps`, the mean speed to then; a track's own by time
    returns   by all conditions; and by all but for how long it has been shown, since a quick seat may be right sooner
    """
    own = rows.select(
        speed="mean_mps",
        shown_s=(pl.col("time_utc") - pl.col("time_utc").min().over("track_id")).dt.total_microseconds() / 1e6,
        steady=steadiness(rows),
        away_m=_away_m(rows, aerodromes),
    )
    return _meets(own, rules, _BOUNDS), _meets(own, rules, [name for name in _BOUNDS if name != "shown_least_s"])


def _meets(own: pl.DataFrame, rules: DroneRules, names: Any) -> pl.Series:
    found = pl.repeat(value=False, n=own.height, eager=True)
    for rule in rules.calls:
        asked = [_BOUNDS[name][1](pl.col(_BOUNDS[name][0]), float(rule[name])) for name in names if name in rule]
        found |= own.select(pl.all_horizontal(asked).fill_null(value=False).alias("meets"))["meets"]
    return found


_BOUNDS = {
    "speed_least_mps": ("speed", pl.Expr.ge),
    "speed_most_mps": ("speed", pl.Expr.le),
    "shown_least_s": ("shown_s", pl.Expr.ge),
    "steady_least": ("steady", pl.Expr.ge),
    "aerodrome_most_m": ("away_m", pl.Expr.le),
}


def _away_m(rows: pl.DataFrame, aerodromes: pl.DataFrame) -> pl.Series:
    """Return how far each row is from the nearest aerodrome; null where there is none."""
    lat, lon = rows["lat_deg"].to_numpy(), rows["lon_deg"].to_numpy()
    if not aerodromes.height:
        return pl.Series([None] * rows.height, dtype=pl.Float64)
    each = [geodesy.distance_m(one["lat_deg"], one["lon_deg"], lat, lon) for one in aerodromes.iter_rows(named=True)]
    return pl.Series(np.min(each, axis=0))
