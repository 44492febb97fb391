"""What a recording says of the watch itself: who sat, from when to when, which border, what counts as near.

The figures that judge a watch are here, each with its reason.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from hotwash.breach.areas import is_limited, zone_of_breaches
from hotwash.errors import ScenarioError
from hotwash.geo.frames import FloatArray
from hotwash.geo.zones import Zone
from hotwash.model import scenario as scenarios
from hotwash.model.recording import Recording
from hotwash.model.scenario import Scenario
from hotwash.model.watch_scenario import Watch, WatchScenario
from hotwash.score.watch.drone_rules import DroneRules, drone_rules

DRONE = "drone"
ENDS = ("watch_ended", "watch_abandoned")  # kinds of events that tell when the watch was over

# A row of the reference picture is inside from this probability on.
LEAST_INSIDE = 0.5
# A border declared crossed this long before it is crossed was seen coming, not wrong: at 50 m/s it is 3 km.
EARLY_S = 60.0
# An object that leaves and is back sooner flew along a crooked line: half a turn at the standard rate of 3 deg/s.
MERGE_S = 60.0
# Six looks of the seat: what was shown inside for less asks nothing of it. Many such tracks are made of false plots.
LEAST_SHOWN_S = 30.0
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
# People see and hear a small drone within this: by eye some 3,000 times its size, and a motor about as far by night.
SEEN_M = 3_000.0
# Who looks from within this, and sees nothing, has looked where it was: a small multirotor is seen by eye so far.
NOTHING_M = 1_500.0
# Distances in the air are judged by eye to half or so: nothing up there has a known size.
RANGE_SHARE = 0.5
# What was reported is taken to be there still for so long after it was seen: in five minutes a multirotor of 16 m/s is
# 5 km on, and a fixed wing 15 km. The grace of GRACE_S, as after any object, comes on top.
REPORT_S = 300.0
# Reports of the same place whose times lie no farther apart are taken for one look told twice: people round to minutes.
REPEAT_S = 120.0
# d' and criterion of fewer trials of either kind say nothing: their standard error would be above 0.4.
LEAST_TRIALS = 20


@dataclass(frozen=True, slots=True)
class Conditions:
    """One watch as it was set.

    start_utc, end_s   when it began, and how long it lasted [s]
    step_s             between two looks of the seat [s]
    near_m             what counts as near an aerodrome [m]
    zone               the border; None where the recording holds no zone
    marked             what the material is marked as
    sea_hae_m          height of mean sea level above the ellipsoid; None where nobody says
    rules              what the exercise's own rules say of drones
    """

    seat: str
    start_utc: datetime
    end_s: float
    step_s: float
    near_m: float
    zone: Zone | None
    marked: str
    exercise: str | None = None
    exercise_version: str | None = None
    seed: int | None = None
    sea_hae_m: float | None = None
    rules: DroneRules = field(default_factory=DroneRules)

    @property
    def is_limited(self) -> bool:
        """Tell whether the border has a floor or a ceiling."""
        return self.zone is not None and is_limited(self.zone)

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


def has_watch_seat(recording: Recording) -> bool:
    """Tell whether a recording is that of a watch: somebody decided, or its scenario has a watch seat."""
    return bool(recording.decisions.height) or isinstance(_scenario(recording), WatchScenario)


def conditions_of(recording: Recording, *, seat: str | None = None) -> Conditions:
    """Return what a recording says of its watch; what no scenario tells has its usual value.

    seat     whose; None: the scenario's watch seat, or whoever decided first
    raises   ScenarioError where nobody is named and nobody decided, or nothing has a time
    """
    scenario = _scenario(recording)
    watchers = [one.name for one in scenario.seats if one.kind == "watch"] if scenario else []
    sat = next(iter([*([seat] if seat else []), *watchers, *recording.decisions["seat"].to_list()]), None)
    if sat is None:
        raise ScenarioError("recording", why="it has no watch seat and no decision, so there is no watch to measure")
    watch = scenario.watch if isinstance(scenario, WatchScenario) else Watch()
    start_utc, end_utc = _lasts(recording, scenario)
    return Conditions(
        seat=sat, start_utc=start_utc, end_s=(end_utc - start_utc).total_seconds(), step_s=watch.step_s,
        near_m=watch.near_m, zone=zone_of_breaches(recording.zones, watch.zone_id), marked=watch.marked,
        exercise=scenario.name if scenario else None, exercise_version=scenario.version if scenario else None,
        seed=scenario.seed if scenario else None, sea_hae_m=watch.level_hae_m if scenario else None,
        rules=drone_rules(scenario) if isinstance(scenario, WatchScenario) else DroneRules(),
    )  # fmt: skip


def _scenario(recording: Recording) -> Scenario | None:
    if recording.scenario is None:
        return None
    return scenarios.parse(recording.scenario, name="scenario.toml")


def _lasts(recording: Recording, scenario: Scenario | None) -> tuple[datetime, datetime]:
    """Return when the watch began and ended: as noted, as the scenario says, else from the first row to the last."""
    columns = [frame["time_utc"] for frame in (recording.truth, recording.detections, recording.decisions)]
    times = [one for series in columns for one in (series.min(), series.max()) if isinstance(one, datetime)]
    start = scenario.start_utc if scenario else min(times, default=None)
    if start is None:
        raise ScenarioError("recording", why="nothing in it has a time, so there is no watch to measure")
    noted = recording.events.filter(pl.col("kind").is_in(ENDS))["start_utc"].max()
    ends = [max([*times, start])]
    ends += [start + timedelta(seconds=scenario.time_limit_s)] if scenario else []
    end = noted if isinstance(noted, datetime) else min(ends)
    return start, max(end, start)
