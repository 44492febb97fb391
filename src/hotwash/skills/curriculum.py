"""A curriculum: skills, their prerequisites, and the exercises that show them, level by level.

text (TOML) ─parse─▶ Curriculum ─▶ trials_of(attempts, scores) ─▶ TRIALS ─▶ mastery
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import Any

import polars as pl

from hotwash import resources
from hotwash.documents import parse_toml
from hotwash.errors import CurriculumError
from hotwash.model import schema, tables
from hotwash.model.guards import Guard, guarded_outcome, judge_guards
from hotwash.model.objective import Standard
from hotwash.model.outcomes import RELATIONS, outcome
from hotwash.visible import quote

CURRICULA = ("remote-pilot", "watch-officer")
_KEYS = {"name", "version", "title", "role", "text", "skills"}
_SKILL_KEYS = {"skill", "title", "text", "needs", "levels"}
_LEVEL_KEYS = {"level", "exercise", "version", "seat", "task", "measure", "difficulty", "guards", *RELATIONS}
_GUARD_KEYS = {"measure", "unit", "task", *RELATIONS}


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a skill: the exercise that shows it, and how difficult that is.

    level        from 1
    measure      of SCORES, of the attempt or of one task
    standard     None: the exercise's own result counts
    guards       further measures that must stay within bounds in the same attempt; a broken one is a NO-GO
    difficulty   as the author states it, on the scale of `difficulty`: 0 for a medium task; each further 1 lowers an
                 even chance to about one in four
    """

    level: int
    exercise: str
    version: str
    seat: str
    measure: str
    difficulty: float
    task: str = ""
    standard: Standard | None = None
    guards: tuple[Guard, ...] = ()


@dataclass(frozen=True, slots=True)
class Skill:
    """One skill. `needs` names its prerequisites."""

    skill: str
    title: str
    text: str
    needs: tuple[str, ...]
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class Curriculum:
    """Skills, each after its prerequisites."""

    name: str
    version: str
    title: str
    role: str
    about: str
    skills: tuple[Skill, ...]

    def __getitem__(self, skill: str) -> Skill:
        for one in self.skills:
            if one.skill == skill:
                return one
        why = f"there is no such skill; choose from {', '.join(one.skill for one in self.skills)}"
        raise CurriculumError(self.name, place=f"skill {skill}", why=why)

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures from which its levels are judged, by name."""
        levels = [level for skill in self.skills for level in skill.levels]
        guards = {guard.measure for level in levels for guard in level.guards}
        return tuple(sorted({level.measure for level in levels} | guards))

    def before(self, skill: str) -> tuple[Skill, ...]:
        """Return all prerequisites of a skill, direct and indirect, in order."""
        wanted: set[str] = set()
        for one in reversed(self.skills):
            if one.skill == skill or one.skill in wanted:
                wanted |= set(one.needs)
        return tuple(one for one in self.skills if one.skill in wanted)


def load_curriculum(name: str) -> Curriculum:
    """Return a curriculum of the package; raises CurriculumError when there is none of that name."""
    if name not in CURRICULA:
        raise CurriculumError(name, why=f"there is no such curriculum; choose from {', '.join(CURRICULA)}")
    return parse(resources.read(f"skills/{name}.toml").decode("utf-8"), name=f"{name}.toml")


def parse(text: str, *, name: str) -> Curriculum:
    """Return the curriculum that a TOML text describes.

    text     the file's content; docs/how-to/read-skills.md describes its keys
    name     what to call it in an error: the file's name
    raises   CurriculumError naming the skill and key at fault and the remedy: circular or unknown prerequisites, a
             level without exercise or difficulty, levels that do not become harder
    """
    given = parse_toml(text, name=name, refused=CurriculumError)
    _check_keys(name, "", given, _KEYS)
    texts = {key: _text(name, "", given, key) for key in ("name", "version", "title", "role")}
    skills = [_skill(name, one) for one in _tables(name, "", given, "skills")]
    if not skills:
        raise CurriculumError(name, place="skills", why="a curriculum needs at least one skill")
    about = " ".join(str(given.get("text", "")).split())
    return Curriculum(
        texts["name"], texts["version"], texts["title"], texts["role"], about, _sort_by_needs(name, skills)
    )


def trials_of(curriculum: Curriculum, attempts: pl.DataFrame, scores: pl.DataFrame) -> pl.DataFrame:
    """Return each ended attempt as a trial of the skills and levels that its exercise shows: TRIALS.

    attempts   ATTEMPTS; finished and abandoned ones count, void and unfinished ones do not
    scores     SCORES
    """
    rows = [
        (
            f"{curriculum.name}/{skill.skill}", one.level, one.exercise, one.version, one.seat, one.task, one.measure,
            one.standard.relation if one.standard else None, one.standard.threshold if one.standard else None,
        )
        for skill in curriculum.skills
        for one in skill.levels
    ]  # fmt: skip
    names = ("skill", "level", "exercise", "exercise_version", "seat", "task", "measure", "relation", "threshold")
    texts = dict.fromkeys(names, schema.TEXT) | {"level": schema.I64, "threshold": schema.F64}
    levels = pl.DataFrame(rows, schema=texts, orient="row")
    guards = [level.guards for skill in curriculum.skills for level in skill.levels]
    over = attempts.filter(pl.col("state").is_in(["finished", "abandoned"]))
    flown = over.join(
        levels.with_row_index("key").with_columns(pl.col("key").cast(schema.I64)),
        on=["exercise", "exercise_version", "seat"],
    )
    keys = ["attempt_id", "seat", "task", "measure"]
    measured = scores.with_columns(pl.col("task").fill_null("")).select(*keys, "value", "opportunity", "result")
    guarded = judge_guards(flown, guards, scores)
    judged = guarded.join(measured.unique(keys, keep="any"), on=keys, how="left").with_columns(
        wants_occasion=pl.lit(value=False), occasion=pl.lit(None, pl.Float64)
    )
    # An abandoned attempt without a recorded end counts as ended when it began.
    ended = pl.coalesce("ended_utc", "started_utc")
    trials = judged.with_columns(outcome=guarded_outcome(outcome()), ended_utc=ended).drop_nulls("ended_utc")
    return schema.conform(trials.select(tables.TRIALS.names), tables.TRIALS)


# ---------------------------------------------------------------- reading


def _skill(name: str, given: Mapping[str, Any]) -> Skill:
    place = f"skill {given.get('skill', '?')}"
    _check_keys(name, place, given, _SKILL_KEYS)
    needs = given.get("needs", [])
    if not isinstance(needs, list) or not all(isinstance(one, str) for one in needs):
        raise CurriculumError(name, place=f"{place}, key needs", why="must be a list of skills: ['hover']")
    levels = tuple(_level(name, place, one) for one in _tables(name, place, given, "levels"))
    if [one.level for one in levels] != list(range(1, len(levels) + 1)) or not levels:
        raise CurriculumError(
            name, place=f"{place}, levels", why="number them 1, 2, 3 in order; at least one is needed"
        )
    stated = [one.difficulty for one in levels]
    if any(after <= before for before, after in pairwise(stated)):
        raise CurriculumError(
            name, place=f"{place}, key difficulty", why="each level must be harder than the one before"
        )
    text = " ".join(str(given.get("text", "")).split())
    return Skill(_text(name, place, given, "skill"), _text(name, place, given, "title"), text, tuple(needs), levels)


def _level(name: str, place: str, given: Mapping[str, Any]) -> Level:
    place = f"{place}, level {given.get('level', '?')}"
    _check_keys(name, place, given, _LEVEL_KEYS)
    texts = {key: _text(name, place, given, key) for key in ("exercise", "version", "seat", "measure")}
    level = given.get("level")
    if isinstance(level, bool) or not isinstance(level, int):
        raise CurriculumError(name, place=f"{place}, key level", why="must be a whole number from 1")
    stated = [one for one in RELATIONS if one in given]
    if len(stated) > 1:
        raise CurriculumError(
            name, place=place, why="give at_most or at_least, not both; with neither, the exercise's own result counts"
        )
    standard = Standard(stated[0], _number(name, place, given, stated[0])) if stated else None
    guards = tuple(_guard(name, f"{place}, guards", one) for one in _tables(name, place, given, "guards"))
    return Level(
        level, **texts, difficulty=_number(name, place, given, "difficulty"), task=str(given.get("task", "")),
        standard=standard, guards=guards,
    )  # fmt: skip


def _guard(name: str, place: str, given: Mapping[str, Any]) -> Guard:
    _check_keys(name, place, given, _GUARD_KEYS)
    stated = [one for one in RELATIONS if one in given]
    if len(stated) != 1:
        raise CurriculumError(name, place=place, why="give exactly one bound: at_most = 0 or at_least = 1")
    measure, unit = (_text(name, place, given, key) for key in ("measure", "unit"))
    return Guard(measure, unit, stated[0], _number(name, place, given, stated[0]), str(given.get("task", "")))


def _sort_by_needs(name: str, skills: list[Skill]) -> tuple[Skill, ...]:
    """Return the skills sorted so that each comes after its prerequisites."""
    by_name = {one.skill: one for one in skills}
    if len(by_name) < len(skills):
        twice = sorted({one.skill for one in skills if [other.skill for other in skills].count(one.skill) > 1})
        raise CurriculumError(
            name, place="skills", why=f"several skills are called {', '.join(twice)}; give each its own name"
        )
    for one in skills:
        for need in one.needs:
            if need not in by_name:
                close = difflib.get_close_matches(need, list(by_name), n=1)
                way_out = f"did you mean {close[0]}?" if close else f"choose from {', '.join(by_name)}"
                why = f"{quote(need)} is not a skill of this curriculum; {way_out}"
                raise CurriculumError(name, place=f"skill {one.skill}, key needs", why=why)
    try:
        order = TopologicalSorter({one.skill: one.needs for one in skills}).static_order()
        return tuple(by_name[one] for one in order)
    except CycleError as fault:
        circle = " needs ".join(reversed(fault.args[1]))
        why = f"the needs are circular: {circle}; remove one of them"
        raise CurriculumError(name, place="skills", why=why) from None


def _tables(name: str, place: str, given: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    rows = given.get(key, [])
    if not isinstance(rows, list) or not all(isinstance(one, dict) for one in rows):
        raise CurriculumError(name, place=f"{place}, key {key}".lstrip(", "), why=f"write each under [[{key}]]")
    return rows


def _check_keys(name: str, place: str, given: Mapping[str, Any], keys: set[str]) -> None:
    unknown = sorted(set(given) - keys)
    if unknown:
        why = f"unknown key; choose from {', '.join(sorted(keys))}"
        raise CurriculumError(name, place=f"{place}, key {unknown[0]}".lstrip(", "), why=why)


def _text(name: str, place: str, given: Mapping[str, Any], key: str) -> str:
    value = given.get(key)
    if not isinstance(value, str) or not value.strip():
        raise CurriculumError(name, place=f"{place}, key {key}".lstrip(", "), why="is missing or not a text")
    return value


def _number(name: str, place: str, given: Mapping[str, Any], key: str) -> float:
    value = given.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        raise CurriculumError(name, place=f"{place}, key {key}", why="is missing or not a number")
    return float(value)
