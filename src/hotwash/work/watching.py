"""Keep a watch exercise with a policy, measure it and write its recording."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from hotwash.errors import ScenarioError
from hotwash.export import files, recording_folder
from hotwash.flight import kernels as flight_kernels
from hotwash.ingest import recording_folder as folder_reader
from hotwash.ingest.disk import read_text
from hotwash.model.recording import Recording
from hotwash.model.scenario import Scenario, as_watch
from hotwash.model.watch_scenario import WatchScenario
from hotwash.score.watch.measure import WatchScore, measure_watch
from hotwash.watch.exercise import WatchExercise
from hotwash.watch.policies import catalogue
from hotwash.watch.policies.policy import WatchPolicy
from hotwash.watch.seat import WatchView
from hotwash.watch.staging import stage
from hotwash.work import exercises
from hotwash.work.compiled import is_kept
from hotwash.work.tracking import is_compiled

Progress = Callable[[str, float | None], None]  # what is being done, and how far into it, 0 to 1

BY_HAND = "person"  # in place of a policy's name
FIRST_TIME = "Compiling for the first time: some 30 s, once"
_WITH_WINGS = "watch-night"  # a shipped exercise whose drones our own fixed wing flies
_TELL_EVERY = 20  # steps


def _silent(_: str, __: float | None) -> None:
    """Say nothing."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be watched, by whom.

    exercise   a shipped name, a TOML file, or a folder that holds scenario.toml beside recorded tables
    policy     one of model.words.WATCH_POLICIES
    rules      a rule file for rule-book; left out, the one that the scenario carries
    """

    exercise: str
    policy: str = "rule-book"
    seed: int = 0
    rules: Path | None = None


@dataclass(frozen=True, slots=True)
class Watched:
    """One watch: who kept it, what came of it, and where it was written.

    measured       the score, from the recording alone
    folder         where the recording lies; None when it was not asked for
    is_whole       whether it was kept to its end
    counts         decisions given, by kind
    wall_seconds   how long staging, tracking and playing took
    """

    scenario: WatchScenario
    policy: str
    seed: int
    seconds: float
    recording: Recording
    measured: WatchScore
    folder: Path | None
    wall_seconds: float
    is_whole: bool = True
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def by_hand(self) -> bool:
        """Whether a person kept it."""
        return self.policy == BY_HAND

    @property
    def who(self) -> str:
        """Who kept it, in words."""
        return {BY_HAND: "a person", "none": "nobody"}.get(self.policy, f"the policy {self.policy}")

    def flat(self) -> dict[str, Any]:
        """Return everything for a program; times are simulated but for wall_seconds."""
        return {
            "exercise": self.scenario.name, "version": self.scenario.version, "seed": self.seed,
            "policy": self.policy, "is_whole": self.is_whole, "decisions": self.counts, **self.measured.flat(),
            "wall_seconds": self.wall_seconds, "recording": str(self.folder) if self.folder else None,
        }  # fmt: skip


def found(exercise: str | Path | Scenario) -> tuple[WatchScenario, Recording | None]:
    """Return a watch exercise, and the recording that it replays where it has one of its own.

    raises   ReadError, ScenarioError; a scenario for pilots is refused
    """
    path = Path(exercise) if isinstance(exercise, (str, Path)) else None
    if path is not None and path.is_dir():
        path = path / "scenario.toml"
    scenario = as_watch(exercises.found(path if path is not None and path.is_file() else exercise))
    if not scenario.watch.is_replay:
        return scenario, None
    if path is None:
        raise ScenarioError(scenario.name, why="it replays a recording; name the folder that holds its tables")
    return scenario, replace(folder_reader.read(path.parent), scenario=None)


def begun(asked: Asked, *, progress: Progress = _silent) -> WatchExercise:
    """Return the exercise that is asked for, yet to be reset, recording."""
    return _begun(*found(asked.exercise), progress)


def _begun(scenario: WatchScenario, given: Recording | None, progress: Progress) -> WatchExercise:
    progress("Staging" if is_compiled() else FIRST_TIME, None)
    return WatchExercise(scenario, record=True, given=given)


def watch(asked: Asked, *, out: Path | None = None, progress: Progress = _silent) -> Watched:
    """Let a policy keep a watch, and return what came of it; with `out` the recording is written.

    out      folder: missing or empty
    raises   ReadError, ScenarioError, RuleError, CommandError for what cannot be kept; WriteError for a folder that
             cannot be filled. Nothing is then played or written
    """
    if out is not None:
        files.check_empty(out)
    began = time.perf_counter()
    scenario, given = found(asked.exercise)
    policy = catalogue.watch_policy(
        asked.policy,
        scenario,
        rule_text=None if asked.rules is None else read_text(asked.rules),
        rule_name=str(asked.rules),
    )
    exercise = _begun(scenario, given, progress)
    play(exercise, policy, seed=asked.seed, progress=progress)
    return kept(exercise, asked.policy, out=out, wall_seconds=time.perf_counter() - began, progress=progress)


def watch_by_hand(
    asked: Asked, *, out: Path | None = None, speed: float = 1.0, progress: Progress = _silent
) -> Watched:
    """Let a person keep a watch in this terminal, and return what came of it; with `out` the recording is written.

    speed    so many times as fast as it happens, to begin with
    raises   as `watch`, and ReadError where there is no terminal; one that breaks loses nothing: what was decided until
             then is kept
    """
    from hotwash.terminal import app  # a terminal is needed by people alone

    app.check_terminal()
    if out is not None:
        files.check_empty(out)
    exercise = begun(asked, progress=progress)
    exercise.reset(asked.seed)
    began = time.perf_counter()
    try:
        app.WatchApp(exercise, speed=speed).run()
    finally:
        if not exercise.is_over[0]:
            exercise.abandon()
        done = kept(exercise, BY_HAND, out=out, wall_seconds=time.perf_counter() - began)
    return done


def play(exercise: WatchExercise, policy: WatchPolicy, *, seed: int, progress: Progress = _silent) -> None:
    """Let a policy keep a watch from its beginning to its end."""
    policy.reset(seed)
    seat = exercise.seats[0]
    view: WatchView = exercise.reset(seed)[seat]
    steps = 0
    while not exercise.is_over[0]:
        view = exercise.step({seat: policy.act(view)})[seat]
        steps += 1
        if steps % _TELL_EVERY == 0:
            progress("Watching", min(1.0, exercise.time_s / exercise.scenario.time_limit_s))


def kept(
    exercise: WatchExercise, who: str, *, out: Path | None, wall_seconds: float, progress: Progress = _silent
) -> Watched:
    """Return what came of a watch that is over or was left, measured; with `out` its recording is written."""
    recording = exercise.recording()
    if out is not None:
        recording_folder.write(out, recording)
    progress("Scoring", None)
    counts = dict(Counter(recording.decisions["kind"].to_list()))
    return Watched(
        exercise.scenario, who, exercise.seed or 0, exercise.time_s, recording,
        measured(recording, who, picture_rows=exercise.picture_rows), out,
        wall_seconds, bool(exercise.is_over[0]), counts,
    )  # fmt: skip


def measured(recording: Recording, who: str, *, picture_rows: pl.DataFrame | None = None) -> WatchScore:
    """Return the score of a recording, from it alone.

    picture_rows   the tracks of its detections as they came to be shown, where they are at hand
    """
    return measure_watch(recording, attempt_id=f"{who}-watch", picture_rows=picture_rows)


def make_ready() -> None:
    """Compile what flies the drones of a watch, where it was not compiled before."""
    if not is_kept(flight_kernels.advance_wing):
        stage(as_watch(exercises.found(_WITH_WINGS)), seed=0)
