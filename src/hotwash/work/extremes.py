"""Whether an objective could be passed by doing nothing, or by doing everything: both are flown, to see it.

objective ─▶ its watch, kept by `none` and by `alarmist` ─▶ each attempt judged as any other ─▶ GO: guards are missing
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from hotwash.errors import HotwashError, ObjectiveError
from hotwash.front.exercises import load_scenario
from hotwash.front.watches import keep_watch
from hotwash.ingest.disk import read_text
from hotwash.lessons import objectives
from hotwash.lessons.counting import outcomes_of
from hotwash.model import schema, tables
from hotwash.model.objective import Objective
from hotwash.model.outcomes import GO
from hotwash.model.watch_scenario import WatchScenario
from hotwash.progress import Progress, silent
from hotwash.store import objectives as kept_objectives
from hotwash.store import typed_ids
from hotwash.store.centre import Centre
from hotwash.work import verifying

EXTREMES = ("none", "alarmist")
_START = datetime(2000, 1, 1, tzinfo=UTC)  # of attempts that are judged and not kept: any time serves


@dataclass(frozen=True, slots=True)
class ExtremeResult:
    """What one extreme policy would come to.

    value    of the objective's measure; None where there is none
    result   GO, NO-GO, NO OPPORTUNITY or NO DATA
    why      the reason, where it is not simply GO or NO-GO: the guard that is broken
    """

    policy: str
    value: float | None
    unit: str
    result: str
    why: str

    @property
    def passes(self) -> bool:
        return self.result == GO

    @property
    def remark(self) -> str:
        return f"`{self.policy}` would pass: add guards."

    def flat(self) -> dict[str, Any]:
        """Return everything for a program."""
        return {name: getattr(self, name) for name in self.__slots__} | {"passes": self.passes}


def read_objective(path: Path) -> Objective:
    """Return the objective of a TOML file; raises ObjectiveError, ReadError."""
    return objectives.parse(read_text(path), name=path.name, measures=verifying.measures())


def find_objective(centre: Centre, name: str) -> Objective:
    """Return an objective of a centre by its id, or the beginning of it; raises CentreError."""
    return kept_objectives.get_objective(centre, typed_ids.objective_id(centre, name))


def try_extremes(objective: Objective, *, seed: int = 1, progress: Progress = silent) -> tuple[ExtremeResult, ...]:
    """Let a policy that does nothing and one that does everything keep the objective's watch, and judge both.

    raises   ObjectiveError for an exercise that is no watch, or is of another version; ReadError, ScenarioError
    """
    scenario = load_scenario(objective.exercise)
    if not isinstance(scenario, WatchScenario):
        why = "is flown: doing nothing passes no lane, and there is no policy that does everything"
        raise ObjectiveError(objective.objective_id, place=f"exercise {objective.exercise}", why=why)
    if scenario.version != objective.exercise_version:
        why = f"is version {scenario.version} here, not {objective.exercise_version}"
        raise ObjectiveError(objective.objective_id, place=f"exercise {objective.exercise}", why=why)
    scores = []
    for policy in EXTREMES:
        kept = keep_watch(scenario, policy=policy, seed=seed, progress=progress).measured.scores
        scores.append(kept.with_columns(attempt_id=pl.lit(policy)))
    return judge_extremes(objective, pl.concat(scores), seed=seed)


def remark_extremes(objective: Objective, *, progress: Progress = silent) -> tuple[str, ...]:
    """Return a remark for each extreme policy that would pass an objective of a watch, or why they could not be tried.

    A flight has none: doing nothing passes no lane.
    """
    if objective.seat != "watch":
        return ()
    try:
        return tuple(one.remark for one in try_extremes(objective, progress=progress) if one.passes)
    except HotwashError as fault:
        return (f"Whether doing nothing, or everything, would pass could not be tried: {fault}",)


def judge_extremes(objective: Objective, scores: pl.DataFrame, *, seed: int = 1) -> tuple[ExtremeResult, ...]:
    """Return how the objective judges the watches of the extreme policies.

    scores   SCORES, with the policy's name as attempt_id
    """
    asked = replace(
        objective, subject="procedure", attempts=EXTREMES, named_utc=_START, window_from_utc=None,
        window_until_utc=None,
    )  # fmt: skip
    rows = [_attempt(asked, policy, seed) for policy in EXTREMES]
    judged = outcomes_of([asked], schema.frame(tables.ATTEMPTS, rows), scores, _START + timedelta(days=1))
    found = {row["attempt_id"]: row for row in judged.to_dicts()}
    return tuple(
        ExtremeResult(one, found[one]["value"], objective.unit, found[one]["outcome"], found[one]["why"])
        for one in EXTREMES
    )


def _attempt(objective: Objective, policy: str, seed: int) -> dict[str, Any]:
    return {
        "attempt_id": policy, "exercise": objective.exercise, "exercise_version": objective.exercise_version,
        "seat": objective.seat, "subject_kind": "procedure", "subject_id": policy, "policy": policy, "seed": seed,
        "is_test": True, "objective_id": objective.objective_id, "state": "finished", "named_utc": _START,
        "started_utc": _START + timedelta(minutes=1), "ended_utc": _START + timedelta(hours=1),
        "setting": objective.setting,
    }  # fmt: skip
