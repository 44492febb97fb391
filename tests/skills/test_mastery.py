"""Mastery: what counts, what does not, when it is shown, and that folding and recomputing agree."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotwash.model import schema, tables
from hotwash.model.mastery import Mastery, Trial
from hotwash.skills.mastery import Window, compute_masteries, table_of_bounds, update_mastery

NOW = datetime(2026, 6, 1, tzinfo=UTC)
NEW = Mastery("person", "p1", "remote-pilot/hover", 1)


def trials(pattern: str, *, end: datetime = NOW, is_test: bool = True, name: str = "a") -> list[Trial]:
    """One trial a day up to `end`: + is GO, - is NO-GO, o is NO OPPORTUNITY, ? is NO DATA."""
    words = {"+": "GO", "-": "NO-GO", "o": "NO OPPORTUNITY", "?": "NO DATA"}
    days = range(len(pattern) - 1, -1, -1)
    return [
        Trial(end - timedelta(days=day), f"{name}{number}", words[mark], is_test)
        for number, (day, mark) in enumerate(zip(days, pattern, strict=True))
    ]


def standing(pattern: str) -> str:
    return update_mastery(NEW, trials(pattern), NOW)[0].standing


def test_six_straight_passes_master_and_five_are_no_more_than_a_start():
    assert standing("++++++") == "mastered"
    assert standing("+++++") == "not shown"


def test_fewer_than_five_attempts_are_provisional_whatever_they_show():
    assert standing("++++") == standing("----") == "provisional"
    assert standing("") == "untried"


def test_fourteen_of_fifteen_master_and_thirteen_of_fourteen_do_not():
    assert standing("+++++++-+++++++") == "mastered"
    assert standing("+++++++-++++++") == "not shown"


def test_practice_counts_for_nothing_but_the_day_it_was_done():
    done, log = update_mastery(NEW, trials("++++++", is_test=False), NOW)
    assert (done.trials, done.practised_utc) == (0, NOW)
    assert {entry.why for entry in log} == {"practice never counts"}


def test_no_opportunity_and_no_data_are_neither_passes_nor_misses():
    done, _ = update_mastery(NEW, trials("++o?+"), NOW)
    assert (done.passes, done.trials) == (3, 3)


def test_older_attempts_leave_so_that_learning_is_not_averaged_away():
    beginner_then_pilot = "-" * 15 + "+" * 15
    assert standing(beginner_then_pilot) == "mastered"
    assert update_mastery(NEW, trials("++++++", end=NOW - timedelta(days=366)), NOW)[0].standing == "untried"


def test_a_trial_after_the_date_asked_for_changes_nothing():
    tomorrow = trials("+", end=NOW + timedelta(days=1))
    assert update_mastery(NEW, tomorrow, NOW) == (NEW, ())


def test_the_log_says_of_each_trial_whether_it_counts_and_why_not():
    _, log = update_mastery(NEW, trials("+-o"), NOW, window=Window(attempts=1))
    assert [entry.is_counted for entry in log] == [False, True, False]
    assert [entry.why for entry in log] == [
        "1 newer attempts count in its place", "", "neither a pass nor a miss: NO OPPORTUNITY",
    ]  # fmt: skip


def test_the_published_table_of_bounds_is_the_rule():
    least = {of: passes for of, passes, _, _ in table_of_bounds(15)}
    assert least == {6: 6, 7: 7, 8: 8, 9: 9, 10: 10, 11: 11, 12: 12, 13: 13, 14: 14, 15: 14}


PATTERN = st.text(alphabet="+-o?", max_size=24)


@given(PATTERN, PATTERN)
def test_it_makes_no_difference_in_how_many_steps_the_trials_come(first: str, second: str):
    both = trials(first, end=NOW - timedelta(days=40), name="a") + trials(second, name="b")
    at_once, _ = update_mastery(NEW, both, NOW)
    step, _ = update_mastery(NEW, trials(first, end=NOW - timedelta(days=40), name="a"), NOW)
    assert update_mastery(step, trials(second, name="b"), NOW)[0] == at_once


@given(PATTERN, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(pattern: str, dice: random.Random):
    given_ = trials(pattern)
    mixed = list(given_)
    dice.shuffle(mixed)
    assert update_mastery(NEW, mixed, NOW) == update_mastery(NEW, given_, NOW)


@given(st.text(alphabet="+-", max_size=14))
def test_another_pass_never_lowers_the_bound(pattern: str):
    before = update_mastery(NEW, trials(pattern, end=NOW - timedelta(days=1)), NOW)[0].lower_90 or 0.0
    then = update_mastery(NEW, [*trials(pattern, end=NOW - timedelta(days=1)), Trial(NOW, "z", "GO")], NOW)[0]
    assert (then.lower_90 or 0.0) >= before


@given(st.lists(PATTERN, min_size=1, max_size=4), st.booleans())
def test_recomputing_all_is_the_same_as_folding_each(patterns: list[str], is_test: bool):
    rows = [
        {
            "attempt_id": f"{who}-{one.attempt_id}", "subject_kind": "person", "subject_id": f"p{who}",
            "skill": NEW.skill, "level": 1, "ended_utc": one.ended_utc, "is_test": one.is_test, "outcome": one.outcome,
        }
        for who, pattern in enumerate(patterns)
        for one in trials(pattern, is_test=is_test)
    ]  # fmt: skip
    masteries, log = compute_masteries(
        schema.frame(tables.TRIALS, rows).sample(fraction=1.0, shuffle=True, seed=1), NOW
    )
    assert log.height == len(rows)
    for row in masteries.to_dicts():
        who = int(row["subject_id"][1:])
        folded, entries = update_mastery(NEW, trials(patterns[who], is_test=is_test), NOW)
        assert (row["passes"], row["trials"], row["standing"]) == (folded.passes, folded.trials, folded.standing)
        assert row["estimate"] == folded.estimate
        assert row["lower_90"] == (None if folded.lower_90 is None else pytest.approx(folded.lower_90))
        assert row["rows"] == [f"{who}-{one.attempt_id}" for one in folded.counted]
        assert row["practised_utc"] == folded.practised_utc
        said = log.filter(pl.col("subject_id") == f"p{who}").sort("ended_utc", "attempt_id")["why"].to_list()
        assert said == [entry.why for entry in entries]


def test_no_trials_give_no_masteries():
    masteries, log = compute_masteries(schema.empty(tables.TRIALS), NOW)
    assert masteries.is_empty()
    assert log.is_empty()
