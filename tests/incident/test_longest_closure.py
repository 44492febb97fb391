"""The longest of several closures, named beside what they add up to, where it is sure which one it is."""

from __future__ import annotations

from concluding import at, conclusion, question, state

STATUS = question("status", subject_id="EDDV")
IN_ALL = question("duration", subject_id="EDDV closed in all", unit="min")
FIRST = state("closed", "20:26", "22:36")
SECOND = state("closed", "23:00", "23:45")
MORE = (state("closed", "19:00", "19:10"), state("closed", "19:20", "19:35"))  # so many are not listed one by one
LENGTH = [{"name": "EDDV closed in all", "minutes": 175.0, "low": 175.0, "high": 175.0, "rows": ["events:BEGIN"]}]


def status(*states) -> str:
    return conclusion(STATUS, states=[*MORE, *states])["answer"]


def test_a_status_of_many_closures_names_the_longest():
    assert "; the longest 2 h 10 min, from 20:26" in status(FIRST, SECOND)


def test_a_status_that_lists_its_closures_leaves_the_longest_to_the_reader():
    assert "longest" not in conclusion(STATUS, states=[FIRST, SECOND])["answer"]


def test_of_equal_closures_none_is_the_longest():
    assert "longest" not in status(FIRST, state("closed", "23:00", "01:10"))


def test_a_length_in_all_names_the_longest():
    answer = conclusion(IN_ALL, states=[FIRST, SECOND], durations=LENGTH)["answer"]
    assert answer == "EDDV was closed for 2 h 55 min in all, in 2 stretches; the longest 2 h 10 min, from 20:26."


def test_one_closure_is_not_called_the_longest():
    assert "longest" not in conclusion(STATUS, states=[FIRST])["answer"]
    assert "longest" not in conclusion(IN_ALL, states=[FIRST], durations=LENGTH)["answer"]


def test_bounds_of_the_longest_are_said():
    assert "; the longest 2 h 10 min to 2 h 20 min, from 20:26" in status(FIRST | {"to_utc_high": at("22:46")}, SECOND)


def test_where_it_is_not_sure_which_was_longest_none_is_named():
    doubtful = SECOND | {"to_utc_low": at("23:10"), "to_utc_high": at("04:10", day=13)}
    assert "longest" not in status(FIRST, doubtful)
    assert "longest" not in status(FIRST, state("closed", "23:00", None))
