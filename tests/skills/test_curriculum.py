"""Curricula: what is shipped, what is refused, and which attempts are trials of which skill."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hotwash.air import scenarios
from hotwash.errors import CurriculumError
from hotwash.model import schema, tables
from hotwash.skills import curriculum
from hotwash.skills.curriculum import Curriculum, parse, trials_of

LEVEL = """
    [[skills.levels]]
    level = {level}
    exercise = "{exercise}"
    version = "1"
    seat = "pilot"
    measure = "points"
    difficulty = {level}
"""


def text(**needs: str) -> str:
    """A curriculum of one level a skill: text(hover="", land="hover")."""
    skills = [
        f'[[skills]]\nskill = "{name}"\ntitle = "{name}"\nneeds = {[one for one in need.split() if one]}\n'
        + LEVEL.format(level=1, exercise=f"{name}-flight")
        for name, need in needs.items()
    ]
    return 'name = "c"\nversion = "1"\ntitle = "A course"\nrole = "pilot"\n\n' + "\n".join(skills)


def read(**needs: str) -> Curriculum:
    return parse(text(**needs), name="c.toml")


def refused(given: str) -> str:
    with pytest.raises(CurriculumError) as caught:
        parse(given, name="c.toml")
    return str(caught.value)


@pytest.mark.parametrize("name", curriculum.CURRICULA)
def test_every_exercise_of_a_shipped_curriculum_is_shipped_in_that_version(name: str):
    for skill in curriculum.load_curriculum(name).skills:
        for level in skill.levels:
            scenario = scenarios.read_scenario(level.exercise)
            assert (scenario.version, level.seat) == (level.version, scenario.seats[0].name)


def test_the_pilots_curriculum_leads_from_basic_to_abnormal():
    pilot = curriculum.load_curriculum("remote-pilot")
    assert pilot.skills[0].skill == "basic-control"
    assert [one.skill for one in pilot.before("drift-noticed")] == ["basic-control", "positioning", "fix-lost"]


def test_skills_come_after_what_they_need_however_they_are_written():
    found = read(land="hover turn", turn="hover", hover="")
    assert [one.skill for one in found.skills] == ["hover", "turn", "land"]


def test_a_circle_of_needs_is_refused_with_its_members():
    said = refused(text(hover="land", turn="hover", land="turn"))
    assert "the needs are circular" in said
    assert all(f"{one} needs" in said for one in ("hover", "turn", "land"))


def test_an_unknown_need_is_refused_with_the_nearest_skill():
    assert "did you mean hover?" in refused(text(hover="", land="hovr"))


@pytest.mark.parametrize(
    ("line", "instead", "why"),
    [
        ("difficulty = 1", "", "difficulty: is missing"),
        ("level = 1", "level = 2", "number them 1, 2, 3"),
        ('exercise = "hover-flight"', "", "exercise: is missing"),
        ("difficulty = 1", "difficulty = 1\nat_most = 3\nat_least = 1", "not both"),
        ("difficulty = 1", "difficult = 1", "unknown key"),
        ('role = "pilot"', "", "key role: is missing"),
        ("needs = []", 'needs = "hover"', "a list of skills"),
        ('name = "c"', 'name = "c', "not valid TOML"),
    ],
)
def test_what_cannot_be_followed_is_refused_with_its_place(line: str, instead: str, why: str):
    assert why in refused(text(hover="").replace(line, instead))


def test_levels_become_harder():
    given = text(hover="") + LEVEL.format(level=2, exercise="x").replace("difficulty = 2", "difficulty = 1")
    assert "harder than the one before" in refused(given)


def test_two_skills_of_one_name_and_a_curriculum_of_none_are_refused():
    assert "several skills are called hover" in refused(text(hover="") + text(hover="").partition("\n\n")[2])
    assert "at least one skill" in refused(text())


def test_whole_attempts_become_trials_and_an_abandoned_one_is_a_miss():
    when = datetime(2026, 5, 1, tzinfo=UTC)
    base = {"exercise": "hover-flight", "exercise_version": "1", "seat": "pilot", "subject_kind": "person",
            "subject_id": "p1", "is_test": True, "setting": "exercise", "started_utc": when}  # fmt: skip
    attempts = schema.frame(
        tables.ATTEMPTS,
        [
            {**base, "attempt_id": "a", "state": "finished", "ended_utc": when},
            {**base, "attempt_id": "b", "state": "abandoned"},
            {**base, "attempt_id": "c", "state": "void", "void_why": "storm"},
            {**base, "attempt_id": "d", "state": "finished", "ended_utc": when, "exercise_version": "2"},
            {**base, "attempt_id": "e", "state": "finished", "ended_utc": when},
        ],
    )
    score = {"seat": "pilot", "measure": "points", "unit": "points", "value": 9.0, "result": "GO"}
    scores = schema.frame(tables.SCORES, [{**score, "attempt_id": one} for one in "abcd"])
    found = trials_of(read(hover=""), attempts, scores)
    outcomes = dict(found.select("attempt_id", "outcome").iter_rows())
    assert outcomes == {"a": "GO", "b": "NO-GO", "e": "NO DATA"}
    assert set(found["skill"]) == {"c/hover"}


GUARDED = """
        [[skills.levels.guards]]
        measure = "deviations"
        at_most = 2
        unit = "count"
"""


def test_a_level_is_not_passed_where_a_guard_is_broken_or_has_no_figure():
    when = datetime(2026, 5, 1, tzinfo=UTC)
    base = {"exercise": "hover-flight", "exercise_version": "1", "seat": "pilot", "subject_kind": "person",
            "subject_id": "p1", "is_test": True, "setting": "exercise", "started_utc": when, "ended_utc": when,
            "state": "finished"}  # fmt: skip
    attempts = schema.frame(tables.ATTEMPTS, [{**base, "attempt_id": one} for one in "abc"])
    points = {"seat": "pilot", "measure": "points", "unit": "points", "value": 9.0, "result": "GO"}
    guarding = {"seat": "pilot", "measure": "deviations", "unit": "count"}
    scores = [{**points, "attempt_id": one} for one in "abc"]
    scores += [{**guarding, "attempt_id": one, "value": value} for one, value in (("a", 2.0), ("b", 3.0))]
    course = parse(text(hover="") + GUARDED, name="c.toml")
    assert course.measures == ("deviations", "points")
    found = trials_of(course, attempts, schema.frame(tables.SCORES, scores))
    assert dict(found.select("attempt_id", "outcome").iter_rows()) == {"a": "GO", "b": "NO-GO", "c": "NO DATA"}


def test_a_guard_needs_exactly_one_bound():
    assert "give exactly one bound" in refused(text(hover="") + GUARDED.replace("at_most = 2", ""))
