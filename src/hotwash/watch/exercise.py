"""A watch exercise: a staged recording that plays, step by step, before a seat that keeps the air picture.

    WatchScenario ─draw_world, stage─▶ Recording ─reset(seed)─▶ WatchView ─ a person, a policy ─▶ WatchCommand ─step─▶ …
                                                                       recording(): staged + decisions + answers

What the seat decides changes no detection. One seed and one row of commands give one recording.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hotwash.breach import areas
from hotwash.errors import CommandError, HotwashError, ScenarioError
from hotwash.geo.zones import Zone
from hotwash.model import schema, tables
from hotwash.model.recording import Recording
from hotwash.model.scenario import to_text
from hotwash.model.watch_scenario import Watch, WatchScenario
from hotwash.progress import Progress, silent
from hotwash.watch import answers, decisions, staging, views
from hotwash.watch.air_picture import AirPicture
from hotwash.watch.decisions import InForce, SeatKnowledge
from hotwash.watch.seat import Decision, WatchCommand, WatchView

BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]
BEGAN, ENDED, ABANDONED = "watch_began", "watch_ended", "watch_abandoned"  # kinds of the engine's own EVENTS
_OWN_EVENTS = (BEGAN, ENDED, ABANDONED)


class WatchExercise:
    """A scenario with a watch seat, as it runs.

    scenario   what happens and who sits where
    record     whether `recording` can be had
    given      the staged recording to play, in place of that which the scenario and the seed make; for a replay, what
               was recorded, with no scenario in it
    world      its number: with the seed it decides what is drawn
    raises     ScenarioError when nobody sits on watch, or the zone that it names is not there

    seats (one name), worlds (1), scenario and staged can be read.
    """

    def __init__(
        self, scenario: WatchScenario, *, record: bool = False, given: Recording | None = None, world: int = 0,
        progress: Progress = silent,
    ) -> None:  # fmt: skip
        self.scenario, self.worlds, self.world = scenario, 1, world
        self.seats: tuple[str, ...] = (scenario.seats[0].name,)
        self._given, self._record, self._tell = given, record, progress
        self._seed: int | None = None
        self._picture: AirPicture | None = None
        self._is_closed = False
        # A recording to be replayed is staged like a scenario; one that was staged before is played as it is.
        self._is_staged = given is not None and (not scenario.watch.is_replay or given.scenario is not None)
        if given is not None and self._is_staged:
            self._stage(given)

    # ------------------------------------------------------------ running

    def reset(self, seed: int, worlds: Any = None) -> dict[str, WatchView]:
        """Begin anew and return what the seat sees: all that the sensors told before the watch began."""
        self._check_open()
        if not self._is_staged and seed != self._seed:
            self._tell("Staging", None)
            self._stage(staging.stage(self.scenario, seed=seed, world=self.world, given=self._given))
        if self._picture is None:
            raise HotwashError(self.scenario.name, why="nothing was staged")
        self._seed, self._steps, self._in_force = seed, 0, InForce()
        self._decisions: list[tuple[datetime, Decision]] = []
        self._pending: list[tuple[datetime, int, Decision]] = []
        self._answers: list[dict[str, Any]] = []
        self._abandoned = False
        self._last_inject_s = -np.inf
        self._picture.rewind()
        return {self.seats[0]: self.look()}

    def step(self, commands: Mapping[str, WatchCommand]) -> dict[str, WatchView]:
        """Take what the seat decides now, let one step pass, and return what it sees then.

        raises   CommandError before anything moves; with its thing, place and way out
        """
        self._check_open()
        if self._seed is None:
            raise CommandError(self.scenario.name, why="it has not begun; call reset(seed) before the first step")
        wrong = next((name for name in commands if name not in self.seats), None)
        if wrong is not None or len(commands) != 1:
            raise CommandError(str(wrong), why=f"one command for the seat {self.seats[0]} is wanted")
        self.decide(commands[self.seats[0]].decisions)
        self._steps += 1
        return {self.seats[0]: self.look()}

    def decide(self, given: tuple[Decision, ...]) -> None:
        """Take some decisions now, without letting time pass; all of them or, where one is refused, none.

        raises   CommandError
        """
        if not given:
            return
        self._in_force, recorded = decisions.apply_decisions(self._in_force, given, self._known())
        for one in recorded:
            if one.kind == "ask":
                due = self.time_utc + timedelta(seconds=self._watch.ask_delay_s)
                self._pending.append((due, len(self._decisions), one))
            self._decisions.append((self.time_utc, one))

    def _check_open(self) -> None:
        if self._is_closed:
            raise CommandError(self.scenario.name, why="it was closed, and is not played any more; make a new one")

    def abandon(self) -> None:
        """Note that the seat was left before the end."""
        self._abandoned = True

    def close(self) -> None:
        """Play nothing more; what was recorded stays."""
        self._is_closed = True

    # ------------------------------------------------------------ where it stands

    @property
    def time_s(self) -> float:
        """Simulated time since the start [s]."""
        return self._steps * self.step_s

    @property
    def step_s(self) -> float:
        """Time between two looks [s]."""
        return float(self._watch.step_s)

    @property
    def time_utc(self) -> datetime:
        """Simulated time now."""
        return self.scenario.start_utc + timedelta(microseconds=round(self.time_s * 1e6))

    @property
    def times_s(self) -> FloatArray:
        """(1,) the same as `time_s`: a watch runs in one world."""
        return np.array([self.time_s])

    @property
    def is_over(self) -> BoolArray:
        """(1,) whether the time is up."""
        return np.array([self.time_s >= self.scenario.time_limit_s - 1e-9])

    @property
    def in_force(self) -> InForce:
        """What is in force of all that the seat decided; not a copy."""
        return self._in_force

    @property
    def picture_rows(self) -> pl.DataFrame | None:
        """What `track.live_tracks.track_as_received` gave of the staged detections; None before the first reset."""
        return None if self._picture is None else self._picture.picture_rows

    @property
    def seed(self) -> int | None:
        """With which it was reset."""
        return self._seed

    # ------------------------------------------------------------ what is kept

    def recording(self, world: int = 0) -> Recording:
        """Return what was staged, with the decisions and answers up to now.

        raises   HotwashError when it does not record, or was never reset
        """
        if not self._record or self._seed is None:
            why = "nothing was recorded; make the exercise with record=True, and reset it first"
            raise HotwashError(self.scenario.name, why=why)
        rows = [
            {"decision_id": number, "seat": self.seats[0], "time_utc": at, **one.flat()}
            for number, (at, one) in enumerate(self._decisions)
        ]
        given = schema.frame(tables.SIGHTINGS, self._answers)
        return replace(
            self.staged, decisions=schema.frame(tables.DECISIONS, rows),
            sightings=pl.concat([self.staged.sightings, given]), events=pl.concat([self.staged.events, self._events()]),
            scenario=self.staged.scenario or to_text(self.scenario, seed=self._seed, world=self.world),
        )  # fmt: skip

    def _events(self) -> pl.DataFrame:
        seat = self.seats[0]
        rows: list[dict[str, Any]] = [{"kind": BEGAN, "start_utc": self.scenario.start_utc, "value": self.step_s}]
        if self._abandoned or self.is_over[0]:
            kind = ABANDONED if self._abandoned else ENDED
            rows.append({"kind": kind, "start_utc": self.time_utc, "value": float(self._steps)})
        shared = {"subject_id": seat, "said_by": ["exercise"]}
        return schema.frame(
            tables.EVENTS, [{"event_id": row["kind"], "known_utc": row["start_utc"], **shared, **row} for row in rows]
        )

    # ------------------------------------------------------------ inside

    @property
    def _watch(self) -> Watch:
        return self.scenario.watch

    def _stage(self, staged: Recording) -> None:
        self.staged = staged
        self.zone = _zone(staged, self._watch.zone_id, self.scenario.name)
        self._tell("Tracking", None)
        self._picture = AirPicture(
            staged.detections,
            staged.sensors,
            start_utc=self.scenario.start_utc,
            zone=self.zone,
            aerodromes=staged.aerodromes,
            sea_hae_m=self._watch.level_hae_m,
        )
        self._views = views.Views(self.scenario, staged, self.zone)

    def look(self) -> WatchView:
        """Return what the seat sees now; plots and notes that it has seen already do not come again."""
        if self._picture is None:
            raise HotwashError(self.scenario.name, why="nothing was staged")
        now = self.time_utc
        notes = [*self._injects(), *self._answered(now)]
        return self._views.view(
            now, self.time_s, self._picture, self._in_force, tuple(self._answers), tuple(notes), len(self._decisions)
        )

    def _injects(self) -> list[str]:
        """Return the exercise's messages since the last look."""
        since, self._last_inject_s = self._last_inject_s, self.time_s
        return [one.text for one in self.scenario.injects if since < one.time_s <= self.time_s]

    def _answered(self, now: datetime) -> list[str]:
        """Take in the answers that have come by now, and return them as notes."""
        due = [one for one in self._pending if one[0] <= now]
        self._pending = [one for one in self._pending if one[0] > now]
        notes = []
        for at, number, asked in due:
            if self._picture is None:
                continue
            found = answers.answer(
                asked, number, at, staged=self.staged, picture=self._picture, seed=self._seed or 0, world=self.world
            )
            if found is None:
                notes.append(f"{asked.place_id} cannot answer: nobody looks there in this exercise")
                continue
            self._answers.append(found)
            notes.append(f"{asked.place_id} answers: {found['seen']}")
        return notes

    def _known(self) -> SeatKnowledge:
        if self._picture is None:
            raise HotwashError(self.scenario.name, why="nothing was staged")
        rows = self._picture.rows[self._picture.newest].select("track_id", "lat_deg", "lon_deg")
        told = self.staged.sightings.filter(pl.col("known_utc") <= self.time_utc)["sighting_id"]
        heard = set(told)
        aerodromes = set(self.staged.aerodromes["aerodrome_id"])
        eyes = answers.eyes(self.staged)
        sensors = self.staged.sensors.select("sensor_id", "lat_deg", "lon_deg").iter_rows()
        zones = self.staged.zones["zone_id"].to_list()
        first = [] if self.zone is None else [self.zone.zone_id]
        return SeatKnowledge(
            {str(track): (lat, lon) for track, lat, lon in rows.iter_rows()},
            first + [one for one in zones if one not in first],
            {name: place for name, place in eyes.items() if name in aerodromes},
            {name: None if lat is None or lon is None else (lat, lon) for name, lat, lon in sensors},
            {name: place for name, place in eyes.items() if name in heard},
            self.time_utc,
        )


def _zone(staged: Recording, zone_id: str | None, name: str) -> Zone | None:
    """Return the zone that breaches are declared of; raises where the one that is named is not there."""
    found = areas.zone_of_breaches(staged.zones, zone_id)
    if zone_id is not None and (found is None or found.zone_id != zone_id):
        known = ", ".join(staged.zones["zone_id"].to_list()) or "none"
        raise ScenarioError(name, place="[watch] zone_id", why=f"there is no zone {zone_id}; there are {known}")
    return found


# ---------------------------------------------------------------- again


def strip_decisions(recording: Recording) -> Recording:
    """Return what was staged of a recording: without the decisions, the answers and the engine's own events."""
    is_answer = pl.col("sighting_id").str.starts_with(answers.PREFIX)
    return replace(
        recording, decisions=schema.empty(tables.DECISIONS), sightings=recording.sightings.filter(~is_answer),
        events=recording.events.filter(~pl.col("kind").is_in(_OWN_EVENTS)),
    )  # fmt: skip


def decisions_of(recording: Recording) -> list[tuple[datetime, Decision]]:
    """Return the decisions of a recording with their times, in the order given."""
    names = [name for name in tables.DECISIONS.names if name not in ("decision_id", "seat", "time_utc")]
    found = []
    for row in recording.decisions.sort("decision_id").iter_rows(named=True):
        values = {name: row[name] for name in names}
        values["rests_on"] = tuple(values["rests_on"] or ())
        found.append((row["time_utc"], Decision(**values)))
    return found


def replay_watch(scenario: WatchScenario, recording: Recording) -> Recording:
    """Give the decisions of a recording again, and return what comes of it: an equal recording.

    scenario   that the recording carries, with its seed
    """
    exercise = WatchExercise(scenario, record=True, given=strip_decisions(recording), world=scenario.world or 0)
    exercise.reset(scenario.seed or 0)
    left = decisions_of(recording)
    ends = recording.events.filter(pl.col("kind").is_in((ENDED, ABANDONED))).sort("start_utc")
    last = ends["start_utc"][-1] if ends.height else max((at for at, _ in left), default=scenario.start_utc)
    while True:
        now = [one for at, one in left if at <= exercise.time_utc]
        left = left[len(now) :]
        for one in now:
            exercise.decide((one,))
        if exercise.time_utc >= last:
            break
        exercise.step({exercise.seats[0]: WatchCommand()})
    if ABANDONED in set(ends["kind"]):
        exercise.abandon()
    return exercise.recording()
