"""A watch: a policy keeps the air picture of an exercise, and the recording is scored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hotwash.flight import kernels as flight_kernels
from hotwash.front.compiled import is_compiled, loading
from hotwash.front.exercises import ScenarioSource, load_exercise, load_scenario
from hotwash.ingest.disk import read_text
from hotwash.model.notebook import render_html, short_repr
from hotwash.model.recording import Recording
from hotwash.model.scenario import as_watch
from hotwash.model.watch_scenario import WatchScenario
from hotwash.progress import Progress, silent
from hotwash.score.watch.measure import WatchScore, measure_watch
from hotwash.track import kernels as track_kernels
from hotwash.watch.exercise import WatchExercise
from hotwash.watch.policies import catalogue
from hotwash.watch.policies.policy import WatchPolicy
from hotwash.watch.seat import WatchView
from hotwash.watch.staging import stage

_WITH_WINGS = "watch-night"  # a shipped exercise whose drones our own fixed wing flies
_TELL_EVERY = 20  # steps


@dataclass(frozen=True, slots=True)
class WatchResult:
    """One watch: who kept it, and what came of it.

    policy     who kept it
    seconds    how long it lasted, simulated
    measured   the score, from the recording alone
    is_whole   whether it was kept to its end
    counts     decisions given, by kind
    """

    scenario: WatchScenario
    policy: str
    seed: int
    seconds: float
    recording: Recording
    measured: WatchScore
    is_whole: bool = True
    counts: Mapping[str, int] = field(default_factory=dict)

    def flat(self) -> dict[str, Any]:
        """Return everything for a program, without frames; times are simulated."""
        return {
            "exercise": self.scenario.name,
            "version": self.scenario.version,
            "seed": self.seed,
            "policy": self.policy,
            "is_whole": self.is_whole,
            "decisions": dict(self.counts),
            **self.measured.flat(),
        }

    __repr__ = short_repr

    def _repr_html_(self) -> str | None:
        return render_html(self)


def keep_watch(
    scenario: ScenarioSource,
    *,
    policy: str | WatchPolicy = "rule-book",
    rules: str | Path | None = None,
    seed: int = 0,
    given: Recording | None = None,
    progress: Progress = silent,
) -> WatchResult:
    """Return what comes of a watch that a policy keeps: the recording and its score.

    scenario   a shipped name such as "watch-night", a TOML file, a folder that holds scenario.toml, or a scenario
    policy     "rule-book", "cautious", "hasty", "alarmist", "random" or "none"; or your own, with reset(seed) and
               act(view)
    rules      your rule file, for rule-book; None: the one that the scenario carries
    seed       one seed, one night
    given      the staged recording to play, in place of that which the scenario and the seed make
    progress   is told what is being done, and how far it is
    raises     ReadError, ScenarioError, RuleError, CommandError for what cannot be kept
    """
    loaded, recorded = load_watch(scenario)
    if isinstance(policy, str):
        name, text = policy, None if rules is None else read_text(Path(rules))
        policy = catalogue.watch_policy(name, loaded, rule_text=text, rule_name=str(rules))
    else:
        name = type(policy).__name__
    exercise = start_watch(loaded, given or recorded, progress=progress)
    play_watch(exercise, policy, seed=seed, progress=progress)
    return score_watch(exercise, name, progress=progress)


def load_watch(scenario: ScenarioSource) -> tuple[WatchScenario, Recording | None]:
    """Return a watch exercise, and the recording that it replays where it has one of its own.

    raises   ReadError, ScenarioError; a scenario for pilots is refused
    """
    loaded, recorded = load_exercise(scenario)
    return as_watch(loaded), recorded


def start_watch(
    scenario: WatchScenario, given: Recording | None = None, *, progress: Progress = silent
) -> WatchExercise:
    """Return a watch exercise yet to be reset, recording."""
    progress(loading("Staging", track_kernels.run, seconds=30), None)
    return WatchExercise(scenario, record=True, given=given)


def play_watch(exercise: WatchExercise, policy: WatchPolicy, *, seed: int, progress: Progress = silent) -> None:
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


def score_watch(exercise: WatchExercise, policy: str, *, progress: Progress = silent) -> WatchResult:
    """Return what came of a watch that is over or was left.

    policy   who kept it
    """
    progress("Scoring", None)
    recording = exercise.recording()
    return WatchResult(
        exercise.scenario,
        policy,
        exercise.seed or 0,
        exercise.time_s,
        recording,
        measure_watch(recording, attempt_id=f"{policy}-watch", picture_rows=exercise.picture_rows),
        bool(exercise.is_over[0]),
        dict(Counter(recording.decisions["kind"].to_list())),
    )


def compile_watch() -> None:
    """Compile what flies the drones of a watch, where it was not compiled before."""
    if not is_compiled(flight_kernels.advance_wing):
        stage(as_watch(load_scenario(_WITH_WINGS)), seed=0)
