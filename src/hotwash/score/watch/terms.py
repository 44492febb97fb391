"""What a recording says of the watch itself: who sat, from when to when, which border, what counts as near.

The figures that judge a watch are here, each with its reason.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import polars as pl

from hotwash.breach.areas import areas
from hotwash.errors import ScenarioError
from hotwash.geo.frames import FloatArray
from hotwash.geo.zones import Zone
from hotwash.model.recording import Recording

DRONE = "drone"
MARKED = "EXERCISE"

# A row of the reference picture is inside from this probability on.
LEAST_INSIDE = 0.5
# A border declared crossed this long before it is crossed was seen coming, not wrong: at 50 m/s it is 3 km.
EARLY_S = 60.0
# An object that leaves and is back sooner flew along a crooked line: half a turn at the standard rate of 3 deg/s.
MERGE_S = 60.0
# A track stands for the object nearest to it within this; farther apart it stands for none.
GATE_M = 1_000.0
# Whom a track stood for is remembered so long while nothing is near it: four looks of a slow radar.
HOLD_S = 48.0
# An aerodrome closed this long before an object comes near, or after, was closed for it: an airliner on its approach
# takes about five minutes from ten nautical miles out, and whoever closes does not know when the object will be gone.
GRACE_S = 300.0
# A cell of people is in need of a warning when a drone passes within this.
NEED_M = 5_000.0
# No traffic is planned when the programme has no movement this long before and after.
QUIET_S = 900.0
# Large birds fly at 8 to 20 m/s: what is faster, and says no name, is of concern on the picture alone.
FAST_MPS = 22.0
# d' and criterion of fewer trials of either kind say nothing: their standard error would be above 0.4.
LEAST_TRIALS = 20
NEAR_M = 10_000.0  # exposure radius where the scenario names none
STEP_S = 5.0  # between two looks of the seat, where the scenario names none


@dataclass(frozen=True, slots=True)
class Terms:
    """One watch as it was set.

    start_utc, end_s   when it began, and how long it lasted [s]
    step_s             between two looks of the seat [s]
    near_m             what counts as near an aerodrome [m]
    zone               the border; None where the recording holds no zone
    shut               aerodromes outside their published hours
    marked             what the material is marked as
    """

    seat: str
    start_utc: datetime
    end_s: float
    step_s: float
    near_m: float
    zone: Zone | None
    shut: frozenset[str]
    marked: str
    exercise: str | None = None
    exercise_version: str | None = None
    seed: int | None = None

    @property
    def zone_id(self) -> str | None:
        return None if self.zone is None else self.zone.zone_id

    def seconds(self, times: pl.Series) -> FloatArray:
        """Return times as seconds since the watch began, (n,); nan where null."""
        found = (times - self.start_utc).dt.total_microseconds().cast(pl.Float64) / 1e6
        return found.fill_null(float("nan")).to_numpy().astype(np.float64)

    def when(self, time_s: float) -> datetime:
        """Return seconds since the watch began as a time."""
        return self.start_utc + timedelta(seconds=time_s)

    def clock(self, time_s: float) -> str:
        """Return a time of the watch as people say it: UTC."""
        return f"{self.when(time_s):%H:%M:%S}Z"


def is_watch(recording: Recording) -> bool:
    """Tell whether a recording is that of a watch: somebody decided, or its scenario has a watch seat."""
    return bool(recording.decisions.height) or _watcher(_scenario(recording)) is not None


def terms_of(recording: Recording, *, seat: str | None = None) -> Terms:
    """Return what a recording says of its watch; what no scenario tells has its usual value.

    seat     whose; None: the scenario's watch seat, or whoever decided first
    raises   ScenarioError where nobody is named and nobody decided, or nothing has a time
    """
    given = _scenario(recording)
    decided = recording.decisions["seat"].to_list()
    sat = seat or _watcher(given) or next(iter(decided), None)
    if sat is None:
        raise ScenarioError("recording", why="it has no watch seat and no decision, so there is no watch to measure")
    watch = given.get("watch", {})
    start_utc, end_utc = _lasts(recording, given)
    flown = given.get("flown", {})
    return Terms(
        seat=sat, start_utc=start_utc, end_s=(end_utc - start_utc).total_seconds(),
        step_s=float(watch.get("step_s", STEP_S)), near_m=float(watch.get("near_m", NEAR_M)),
        zone=_zone(recording, watch.get("zone_id")), shut=_shut(given), marked=str(watch.get("marked") or MARKED),
        exercise=given.get("name"), exercise_version=str(given["version"]) if "version" in given else None,
        seed=flown.get("seed", given.get("seed")),
    )  # fmt: skip


def _scenario(recording: Recording) -> dict[str, Any]:
    """Return the scenario's tables as they stand in its text; what a watch needs of them stands in few keys."""
    if recording.scenario is None:
        return {}
    try:
        return tomllib.loads(recording.scenario)
    except tomllib.TOMLDecodeError as fault:
        raise ScenarioError("scenario.toml", why=f"this is no TOML: {fault}") from None


def _watcher(given: Mapping[str, Any]) -> str | None:
    """Return the name of the scenario's watch seat, None where it has none."""
    seats = (one for one in given.get("seats", ()) if one.get("kind") == "watch")
    return next((str(one["name"]) for one in seats), None)


def _shut(given: Mapping[str, Any]) -> frozenset[str]:
    rows = given.get("aerodromes", ())
    return frozenset(str(row["aerodrome_id"]) for row in rows if row.get("is_open") is False)


def _lasts(recording: Recording, given: Mapping[str, Any]) -> tuple[datetime, datetime]:
    """Return when the watch began and ended: as the scenario says, else from the first thing noted to the last."""
    noted = [frame["time_utc"] for frame in (recording.truth, recording.detections, recording.decisions)]
    times = [one for series in noted for one in (series.min(), series.max()) if isinstance(one, datetime)]
    start = given.get("start_utc") or min(times, default=None)
    if start is None:
        raise ScenarioError("recording", why="nothing in it has a time, so there is no watch to measure")
    last = max([*times, start])
    limit_s = given.get("time_limit_s")
    end = last if limit_s is None else min(last, start + timedelta(seconds=float(limit_s)))
    return start, max(end, start)


def _zone(recording: Recording, named: str | None) -> Zone | None:
    found = tuple(areas(recording.zones))
    return next((zone for zone in found if zone.zone_id == named), found[0] if found else None)
