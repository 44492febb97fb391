"""What to try next: the most informative exercise for the weakest skill that other skills build on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from hotwash.skills.curriculum import Curriculum, Level, Skill
from hotwash.skills.difficulty import Scale, chance, information

MasteryRows = Mapping[tuple[str, int], Mapping[str, object]]  # rows of MASTERIES by skill and level

_NOTHING = Scale({}, {}, 1.0)


@dataclass(frozen=True, slots=True)
class Advice:
    """One piece of advice.

    skill, level   to be rows next; exercise: the exercise for it
    chance         estimated probability of a pass, for choosing only
    why            in plain sentences
    """

    skill: str
    level: int
    exercise: str
    version: str
    chance: float
    why: str


def task_of(level: Level) -> str:
    """Return the name of a level's exercise on the scale of difficulties."""
    return f"{level.exercise}@{level.version}"


def next_for(
    curriculum: Curriculum,
    masteries: pl.DataFrame,
    subject: tuple[str, str],
    *,
    goal: str = "",
    scale: Scale = _NOTHING,
) -> Advice | None:
    """Return what a subject should try next; None where everything up to the goal is mastered.

    masteries   MASTERIES of any subjects
    subject     kind and id
    goal        the skill to work towards; "" the entire curriculum
    scale       estimated difficulties and abilities; for a task that is not on it, the author's difficulty is used

    The weakest skill is the one with the lowest bound among those that are not mastered but whose prerequisites are. Of
    its levels that are not mastered, the most informative one comes first: the one with a chance nearest to one half.
    """
    kind, who = subject
    mine = masteries.filter(pl.col("subject_kind") == kind, pl.col("subject_id") == who)
    rows = {(row["skill"], row["level"]): row for row in mine.iter_rows(named=True)}
    wanted = curriculum.skills if not goal else (*curriculum.before(goal), curriculum[goal])
    missing = [skill for skill in wanted if _missing(curriculum, skill, rows)]
    if not missing:
        return None
    names = {skill.skill for skill in missing}
    ready = [skill for skill in missing if not names & {one.skill for one in curriculum.before(skill.skill)}]
    weakest = min(ready, key=lambda skill: _bound(curriculum, skill, rows))
    able = scale.abilities[who].value if who in scale.abilities else 0.0
    hard = {one.level: _hard(one, scale) for one in weakest.levels}
    level = max(_missing(curriculum, weakest, rows), key=lambda one: information(able, hard[one.level]))
    odds = chance(able, hard[level.level])
    return Advice(
        weakest.skill, level.level, level.exercise, level.version, odds, _why(weakest, level, rows, curriculum)
    )


def _missing(curriculum: Curriculum, skill: Skill, rows: MasteryRows) -> list[Level]:
    """Return the levels that are not mastered."""
    name = f"{curriculum.name}/{skill.skill}"
    return [one for one in skill.levels if rows.get((name, one.level), {}).get("standing") != "mastered"]


def _bound(curriculum: Curriculum, skill: Skill, rows: MasteryRows) -> float:
    """Return the lowest bound of a skill's levels, 0 for a level that was never tried."""
    name = f"{curriculum.name}/{skill.skill}"
    bounds = [rows.get((name, one.level), {}).get("lower_90") for one in skill.levels]
    return min(float(one) if isinstance(one, float) else 0.0 for one in bounds)


def _hard(level: Level, scale: Scale) -> float:
    estimate = scale.difficulties.get(task_of(level))
    return level.difficulty if estimate is None else estimate.value


def _why(skill: Skill, level: Level, rows: MasteryRows, curriculum: Curriculum) -> str:
    row = rows.get((f"{curriculum.name}/{skill.skill}", level.level))
    waiting = [
        one.title for one in curriculum.skills if skill.skill in {need.skill for need in curriculum.before(one.skill)}
    ]
    waits = f" {len(waiting)} other {'skill builds' if len(waiting) == 1 else 'skills build'} on it." if waiting else ""
    if row is None or not row["trials"]:
        return f"Level {level.level} of “{skill.title}” has not been tested yet.{waits}"
    bound = row["lower_90"]
    result = f"{row['passes']} of {row['trials']} tests passed, a share of at least {bound:.2f}; 0.80 is required."
    return f"Level {level.level} of “{skill.title}”: {result}{waits}"
