"""What an agent on a watch seat earns: by truth, at once, in numbers that add up over a night.

A declared breach: +1 where the track stands for a drone that is inside then, −1 where not; revoking it takes that back.
A class: +0.1 right, −0.1 wrong; another class in its place takes that back. Each minute of an aerodrome: −0.1 open with
a drone near, −0.1 suspended or held with none near. A refused action: −0.01. Without truth nothing is earned.

It leads an agent towards what `hotwash score` measures; it is no measure itself.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from hotwash.air import interpolation
from hotwash.geo import geodesy, zones
from hotwash.model import schema
from hotwash.model.words import WATCH_CLASSES
from hotwash.watch.exercise import WatchExercise
from hotwash.watch.seat import Decision, WatchView

MATCH_M = 1_000.0  # a track farther than this from every object stands for none
BREACH, CLASS, A_MINUTE, REFUSED = 1.0, 0.1, 0.1, 0.01
# What an object of the truth is to a watch seat; a label that is not here is its own class.
CLASS_OF = {
    "fixed_wing": "drone", "multirotor": "drone", "airliner": "aircraft", "light_aircraft": "aircraft",
}  # fmt: skip
STOPPED = ("suspended", "held")


class Earned:
    """What one watch has earned so far.

    exercise   reset before
    """

    def __init__(self, exercise: WatchExercise) -> None:
        self._exercise = exercise
        self._of: dict[tuple[str, str], float] = {}

    def of(self, view: WatchView, taken: tuple[Decision, ...]) -> float:
        """Return what some decisions earn, given on this view, and the step after them."""
        there = _truth(self._exercise, view)
        if there is None:
            return 0.0
        return sum(self._decided(one, view, there) for one in taken) - self._costs(view, there)

    def _decided(self, one: Decision, view: WatchView, there: pl.DataFrame) -> float:
        if one.kind == "classify" and one.track_id is not None:
            real = _object(one.track_id, view, there)
            is_right = one.class_label == (real or {}).get("class", "unknown")
            return self._instead(("class", one.track_id), CLASS if is_right else -CLASS)
        if one.kind == "declare_breach" and one.track_id is not None:
            real = _object(one.track_id, view, there)
            is_right = real is not None and real["class"] == "drone" and _is_inside(real, self._exercise)
            return self._instead(("breach", one.track_id), BREACH if is_right else -BREACH)
        if one.kind == "revoke_breach" and one.track_id is not None:
            return self._instead(("breach", one.track_id), 0.0)
        return 0.0

    def _instead(self, key: tuple[str, str], value: float) -> float:
        before, self._of[key] = self._of.get(key, 0.0), value
        return value - before

    def _costs(self, view: WatchView, there: pl.DataFrame) -> float:
        drones = there.filter(pl.col("class") == "drone")
        near_m, minutes, cost = self._exercise.scenario.watch.near_m, self._exercise.step_s / 60.0, 0.0
        for row in view.aerodromes.filter("is_open").iter_rows(named=True):
            away = geodesy.distance_m(drones["lat_deg"], drones["lon_deg"], row["lat_deg"], row["lon_deg"])
            is_near, is_stopped = bool((away <= near_m).any()), row["state"] in STOPPED
            cost += A_MINUTE * minutes if is_near != is_stopped else 0.0
        return cost


def _truth(exercise: WatchExercise, view: WatchView) -> pl.DataFrame | None:
    """Return the truth of now with each object's class; None where there is none."""
    if not exercise.staged.truth.height:
        return None
    there = interpolation.truth_at(exercise.staged.truth, pl.Series([view.time_utc], dtype=schema.UTC))
    label = pl.col("class_label").replace(CLASS_OF)
    return there.with_columns(label.fill_null(WATCH_CLASSES[-1]).alias("class"))


def _object(track: str, view: WatchView, there: pl.DataFrame) -> dict[str, Any] | None:
    """Return the object that a track stands for: the nearest, if it is near."""
    rows = view.tracks.filter(pl.col("track_id").cast(schema.TEXT) == track)
    if not rows.height or not there.height:
        return None
    away = geodesy.distance_m(there["lat_deg"], there["lon_deg"], rows["lat_deg"][0], rows["lon_deg"][0])
    best = int(np.argmin(away))
    return there.row(best, named=True) if away[best] <= MATCH_M else None


def _is_inside(real: dict[str, Any], exercise: WatchExercise) -> bool:
    return exercise.zone is not None and bool(zones.contains(real["lat_deg"], real["lon_deg"], exercise.zone)[0])
