"""What next? The exercise that tells most about the weakest skill which everything else waits for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from hotwash.skills.curriculum import Curriculum, Level, Skill
from hotwash.skills.difficulty import Scale, chance, information

Shown = Mapping[tuple[str, int], Mapping[str, object]]  # rows of MASTERIES, by skill and level

_NOTHING = Scale({}, {}, 1.0)


@dataclass(frozen=True, slots=True)
class Advice:
    """One piece of advice.

    skill, level   what is to be shown next; exercise: by which exercise
    chance         of a pass as far as one can tell, for choosing only
    why            in plain sentences
    """

    skill: str
    level: int
    exercise: str
    version: str
    chance: float
    why: str


def task_of(level: Level) -> str:
    """Return the name that a level's exercise has on the scale of difficulties."""
    return f"{level.exercise}@{level.version}"


def next_for(
    curriculum: Curriculum,
    masteries: pl.DataFrame,
    subject: tuple[str, str],
    *,
    goal: str = "",
    scale: Scale = _NOTHING,
) -> Advice | None:
    """Return what a subject should try next; None where all that is asked for is mastered.

    masteries   MASTERIES, of anybody
    subject     kind and id
    goal        the skill to work towards; "" the whole curriculum
    scale       difficulties and abilities as estimated; where a task is not on it, the author's stated one is taken

    The weakest is the skill with the lowest bound among those that are not mastered while all that they need is. Of its
    levels that are not mastered, the one of which an attempt tells most comes first: where chances are nearest to even.
    """
    kind, who = subject
    mine = masteries.filter(pl.col("subject_kind") == kind, pl.col("subject_id") == who)
    shown = {(row["skill"], row["level"]): row for row in mine.iter_rows(named=True)}
    wanted = curriculum.skills if not goal else (*curriculum.before(goal), curriculum[goal])
    missing = [skill for skill in wanted if _missing(curriculum, skill, shown)]
    if not missing:
        return None
    names = {skill.skill for skill in missing}
    ready = [skill for skill in missing if not names & {one.skill for one in curriculum.before(skill.skill)}]
    weakest = min(ready, key=lambda skill: _bound(curriculum, skill, shown))
    able = scale.abilities[who].value if who in scale.abilities else 0.0
    hard = {one.level: _hard(one, scale) for one in weakest.levels}
    level = max(_missing(curriculum, weakest, shown), key=lambda one: information(able, hard[one.level]))
    odds = chance(able, hard[level.level])
    return Advice(
        weakest.skill, level.level, level.exercise, level.version, odds, _why(weakest, level, shown, curriculum)
    )


def _missing(curriculum: Curriculum, skill: Skill, shown: Shown) -> list[Level]:
    """Return the levels that are not mastered."""
    name = f"{curriculum.name}/{skill.skill}"
    return [one for one in skill.levels if shown.get((name, one.level), {}).get("standing") != "mastered"]


def _bound(curriculum: Curriculum, skill: Skill, shown: Shown) -> float:
    """Return the lowest bound of a skill's levels; a level that was never tried is at the bottom."""
    name = f"{curriculum.name}/{skill.skill}"
    bounds = [shown.get((name, one.level), {}).get("lower_90") for one in skill.levels]
    return min(float(one) if isinstance(one, float) else 0.0 for one in bounds)


def _hard(level: Level, scale: Scale) -> float:
    found = scale.difficulties.get(task_of(level))
    return level.difficulty if found is None else found.value


def _why(skill: Skill, level: Level, shown: Shown, curriculum: Curriculum) -> str:
    row = shown.get((f"{curriculum.name}/{skill.skill}", level.level))
    waiting = [
        one.title for one in curriculum.skills if skill.skill in {need.skill for need in curriculum.before(one.skill)}
    ]
    waits = f" {len(waiting)} other skills wait for it." if waiting else ""
    if row is None or not row["trials"]:
        return f"Level {level.level} of “{skill.title}” was never tested.{waits}"
    bound = row["lower_90"]
    said = f"{row['passes']} of {row['trials']} tests passed, a share of {bound:.2f} at least; 0.80 is asked."
    return f"Level {level.level} of “{skill.title}”: {said}{waits}"
