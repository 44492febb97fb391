"""What next: the weakest skill that everything waits for, and the exercise that tells most."""

from __future__ import annotations

from typing import Any

from hotwash.model import schema, tables
from hotwash.skills import curriculum
from hotwash.skills.advice import next_for
from hotwash.skills.difficulty import Estimate, Scale

PILOT = curriculum.load_curriculum("remote-pilot")
WHO = ("person", "p1")


def shown(skill: str, level: int, passes: int, trials: int, standing: str) -> dict[str, Any]:
    bound = {"mastered": 0.81}.get(standing, passes / trials * 0.7)
    return {"subject_kind": "person", "subject_id": "p1", "skill": f"remote-pilot/{skill}", "level": level,
            "passes": passes, "trials": trials, "lower_90": bound, "standing": standing, "rows": []}  # fmt: skip


def advised(*rows: dict[str, Any], goal: str = "", scale: Scale | None = None):
    found = schema.frame(tables.MASTERIES, list(rows))
    return next_for(PILOT, found, WHO, goal=goal, **({"scale": scale} if scale else {}))


ALL = [shown(one.skill, level.level, 6, 6, "mastered") for one in PILOT.skills for level in one.levels]


def test_a_beginner_begins_with_what_everything_waits_for():
    first = advised()
    assert first.skill == "basic-control"
    assert "has not been tested yet. 7 other skills build on it." in first.why


def test_what_is_not_ready_waits_and_the_weakest_of_the_ready_comes_first():
    basic = [row for row in ALL if row["skill"].endswith("basic-control")]
    weak = [shown("battery-low", 1, 4, 5, "not shown"), shown("gust-landing", 1, 1, 5, "not shown"),
            shown("positioning", 1, 3, 5, "not shown"), shown("positioning", 2, 4, 5, "not shown")]  # fmt: skip
    assert advised(*basic, *weak).skill == "gust-landing"


def test_of_its_levels_the_one_with_the_evenest_chances_comes_first():
    assert advised().level == 2
    able = Scale({}, {"p1": Estimate(-1.5, 0.3, 9)}, 1.0)
    assert advised(scale=able).level == 1
    measured = Scale({"basic-flight@2": Estimate(0.1, 0.2, 50)}, {}, 1.0)
    assert advised(scale=measured).level == 1


def test_a_goal_narrows_it_to_what_the_goal_needs():
    rows = [row for row in ALL if not row["skill"].endswith(("battery-low", "fix-lost"))]
    assert advised(*rows, goal="drift-noticed").skill == "fix-lost"


def test_who_has_shown_everything_gets_no_advice():
    assert advised(*ALL) is None


def test_what_another_has_shown_is_nobody_elses():
    assert next_for(PILOT, schema.frame(tables.MASTERIES, ALL), ("person", "p2")).skill == "basic-control"
