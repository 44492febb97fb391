"""Advice on a lesson: each rule speaks on a bad example and keeps still on a good one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from moves import ACTION, EVIDENCE, come_to

from hotwash.lessons import small_groups
from hotwash.lessons.lint import PAGE_LETTERS, RULES, lint
from hotwash.model.lesson import RemedialAction

GOOD = come_to("tasked")
TRAINING = RemedialAction("1", "Train them", "training", owner="School", due=ACTION.due)

BAD: list[tuple[str, dict[str, Any]]] = [
    ("no-source", {"evidence": ()}),
    ("recommends-early", {"observation": "The warning was expected in 15 min. It should be faster."}),
    ("recommends-early", {"observation": "Ostrzeżenie wydano później niż planowano. Należy je przyspieszyć."}),
    ("recommends-early", {"observation": "Попередження видали пізніше, ніж заплановано. Слід видавати швидше."}),
    ("judges", {"observation": "The careless officer warned later than planned."}),
    ("judges", {"observation": "Niestety, ostrzeżenie wydano później niż planowano."}),
    ("judges", {"discussion": "Очевидно, через недбалість не було правила, who releases a warning."}),
    ("no-expectation", {"observation": "The warning was issued after 110 min."}),
    ("no-expectation", {"observation": "Ostrzeżenie wydano po 110 minutach."}),
    ("no-expectation", {"observation": "Попередження видали за 110 хвилин."}),
    ("no-cause", {"discussion": "The duty officer had no rule that said who releases a warning."}),
    ("new-cause", {"conclusion": "Batteries freeze quickly during winter."}),
    ("beside-the-conclusion", {"recommendation": "Buy 20 helmets within 3 months."}),
    ("no-action-body", {"action_body": ""}),
    ("no-measure", {"recommendation": "Write a rule that names who releases a warning.", "objective": ""}),
    ("overdue-from-birth", {"actions": (replace(ACTION, owner="", owner_id=""),)}),
    ("overdue-from-birth", {"actions": (replace(ACTION, due=None),)}),
    ("acronym", {"title": "The AOC warned 110 minutes after the first detection"}),
    ("acronym", {"title": "ЦУП попередив через 110 хвилин"}),
    ("over-a-page", {"discussion": "It was so because of this. " * (PAGE_LETTERS // 25)}),
    ("only-training", {"actions": (TRAINING,)}),
    ("name", {"observation": "Capt. Smith warned later than planned."}),
    ("name", {"observation": "Ppłk Kowalski ostrzegł później niż planowano."}),
]


def rules(**changes: Any) -> set[str]:
    return {advice.rule for advice in lint(replace(GOOD, **changes))}


def test_a_good_lesson_gets_no_advice():
    assert lint(GOOD) == ()


@pytest.mark.parametrize(("rule", "changes"), BAD)
def test_a_rule_speaks_where_it_should(rule: str, changes: dict[str, Any]):
    assert rule in rules(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"observation": "The warning should have come within 15 min; it came after 110."},
        {"observation": "Ostrzeżenie wydano po 110 minutach zamiast po 15."},
        {"observation": "Попередження видали за 110 хвилин замість 15."},
        {"title": "The air operations centre (AOC) warned late", "observation": "The AOC warned later than planned."},
        {"title": "AOC (air operations centre) warned late"},
        {"title": "Warned at 03:20 UTC"},
        {"actions": (TRAINING, ACTION)},
        {"actions": (replace(TRAINING, state="dropped"), ACTION)},
        {"actions": (replace(ACTION, due=None, state="done"),)},
        {"recommendation": "Write a rule on who releases a warning.", "objective": "O-1"},
        {"discussion": "", "conclusion": "", "recommendation": ""},
    ],
)  # fmt: skip
def test_no_rule_speaks_where_it_should_not(changes: dict[str, Any]):
    assert rules(**changes) == set()


def test_every_rule_has_a_bad_example_and_a_reason():
    assert {rule for rule, _ in BAD} == set(RULES)
    assert all(rule.why for rule in RULES.values())


def test_advice_names_the_field_and_the_way_out():
    (advice,) = lint(replace(GOOD, evidence=()))
    assert (advice.field, advice.text[:13]) == ("evidence", "name a source")
    assert EVIDENCE


# ---------------------------------------------------------------- groups


def of(size: int) -> list[str]:
    return [f"P-{number}" for number in range(size)]


def test_a_group_under_five_is_not_shown():
    values = {"a": 1, "b": 2, "c": 3, "d": 4}
    found = small_groups.hide_small_groups(values, {"a": of(4), "b": of(3), "c": of(5), "d": of(9)})
    assert found == {"a": None, "b": None, "c": 3, "d": 4}


def test_a_single_hidden_group_cannot_be_told_from_the_total():
    found = small_groups.hide_small_groups({"a": 1, "c": 3, "d": 4}, {"a": of(4), "c": of(5), "d": of(9)})
    assert found == {"a": None, "c": None, "d": 4}


def test_persons_are_counted_once():
    assert small_groups.hide_small_groups({"a": 1}, {"a": ["P-1"] * 9}) == {"a": None}
    assert small_groups.hide_small_groups({"a": 1}, {}) == {"a": None}
