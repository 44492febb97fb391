"""Whether doing nothing, or everything, would pass an objective: with its guards, and without."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from hotwash import resources
from hotwash.errors import ObjectiveError
from hotwash.lessons.objectives import parse
from hotwash.model import schema, tables
from hotwash.model.guards import Guard
from hotwash.model.objective import Objective, Standard
from hotwash.work.extremes import judge_extremes, remark_extremes, try_extremes
from hotwash.work.verifying import measures

EXTREMES = ("none", "alarmist")


def shipped(name: str) -> Objective:
    text = resources.example(resources.CENTRE)[f"{name}.procedure.toml"].decode()
    return parse(text, name=name, measures=measures())


def scores(**values: tuple[float | None, float | None]) -> pl.DataFrame:
    """Return SCORES of both policies: of each measure what doing nothing, and what doing everything, comes to."""
    rows = [
        {"attempt_id": policy, "seat": "watch", "measure": name, "unit": "s", "value": value,
         "result": "NO-GO" if value is None else None, "opportunity": "yes"}
        for name, pair in values.items() for policy, value in zip(EXTREMES, pair, strict=True)
    ]  # fmt: skip
    return schema.frame(tables.SCORES, rows)


def test_an_extreme_that_passes_is_found_and_a_guard_stops_it():
    asked = replace(shipped("warn-sooner"), measure="worst_s", guards=(), opportunity="")
    found = scores(worst_s=(None, 0.0), other_s=(0.0, 9.0))
    assert [one.passes for one in judge_extremes(asked, found)] == [False, True]
    guarded = replace(asked, guards=(Guard("other_s", "s", "at_most", 1.0),))
    none, alarmist = judge_extremes(guarded, found)
    assert (none.result, alarmist.result) == ("NO-GO", "NO-GO")
    assert alarmist.why == "a guard is broken: other_s was 9.0, at most 1.0 s required"


def test_warning_the_whole_country_is_always_in_time_and_the_guards_stop_it():
    asked = shipped("warn-sooner")
    none, alarmist = try_extremes(asked, seed=101)
    assert (none.result, alarmist.value, alarmist.result) == ("NO-GO", 0.0, "NO-GO")
    assert "a guard is broken" in alarmist.why
    assert try_extremes(replace(asked, guards=()), seed=101)[1].passes


def test_whoever_plans_is_told_which_extreme_would_pass():
    asked = replace(shipped("warn-sooner"), guards=(), measure="false_breaches", unit="count", opportunity="",
                    standard=Standard("at_most", 0.0))  # fmt: skip
    assert remark_extremes(asked) == ("`none` would pass: add guards.",)
    assert remark_extremes(shipped("search-without-fix")) == ()  # flown
    (remark,) = remark_extremes(replace(asked, exercise_version="99"))
    assert "could not be tried" in remark


def test_an_exercise_that_is_flown_is_refused():
    with pytest.raises(ObjectiveError, match="doing nothing passes no lane"):
        try_extremes(shipped("search-without-fix"))
