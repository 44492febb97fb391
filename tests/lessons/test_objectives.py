"""Objectives as text: what is read, what is refused and how it is told, naming, and the reference of the real event."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotwash.errors import ObjectiveError
from hotwash.lessons.objectives import check_objective, name_attempts, parse, reference_of, remarks_on, text_of
from hotwash.model.guards import Guard
from hotwash.model.ids import fault_of_id
from hotwash.model.objective import Objective, Reference, Rule, Standard

TEXT = """\
objective_id = "warn-in-15-min"
lesson_id = "L-1"
title = "The public is warned within 15 minutes"
subject = "procedure"
exercise = "watch-border-plausible"
exercise_version = "1"
seat = "watch"
measure = "worst_first_detectable_to_warning"
unit = "s"
at_most = 900

[rule]
of_subjects = 14
"""
MEASURES = {"worst_first_detectable_to_warning": "s", "points": "points", "detected": "count",
            "false_breaches": "count"}  # fmt: skip
NAMED = datetime(2026, 3, 1, tzinfo=UTC)


def refused(text: str) -> str:
    with pytest.raises(ObjectiveError) as caught:
        parse(text, name="o.toml", measures=MEASURES)
    return str(caught.value)


def with_(line: str, instead: str) -> str:
    assert line in TEXT
    return TEXT.replace(line, instead)


def test_an_objective_is_read_with_what_is_usual_where_nothing_is_said():
    found = parse(TEXT, name="o.toml", measures=MEASURES)
    assert found.standard == Standard("at_most", 900.0)
    assert found.rule == Rule(of_subjects=14, share=0.8, passes=1, of_trials=1)
    assert (found.lives_days, found.setting, found.attempts) == (365.0, "exercise", ())


def test_a_measure_that_there_is_not_is_refused_with_the_nearest():
    said = refused(with_("worst_first_detectable_to_warning", "worst_first_detectable_to_warnings"))
    assert "key measure" in said
    assert "did you mean worst_first_detectable_to_warning?" in said


@pytest.mark.parametrize(
    ("line", "instead", "place", "way_out"),
    [
        ('unit = "s"\n', "", "key unit", "state the unit"),
        ('unit = "s"', 'unit = "min"', "key unit", "is measured in s, not in min"),
        ('subject = "procedure"', 'subject = "person"', "key role", "state the role"),
        ('subject = "procedure"', 'subject = "policy"', "key subject", "not one of person, crew, procedure"),
        ("at_most = 900", "", "key at_most", "give exactly one standard"),
        ("at_most = 900", "at_most = 900\nat_least = 1", "key at_most", "exactly one"),
        ("at_most = 900", "at_most = inf", "key at_most", "a number"),
        ("of_subjects = 14", "of_subjects = 0", "key rule.of_subjects", "how many subjects"),
        ("of_subjects = 14", "of_subjects = 14\nshare = 1.0", "key rule.share", "below 1"),
        ("of_subjects = 14", "of_subjects = 14\npasses = 2", "key rule.passes", "2 of 1 is impossible"),
        ("of_subjects = 14", "", "key rule.of_subjects", "how many subjects"),
        ("of_subjects = 14", "of_subject = 14", "[rule] key of_subject", "did you mean of_subjects?"),
        ("of_subjects = 14", "of_subjects = 14\nof_trials = 2", "key rule.of_trials", "subjects are seeds"),
        ("[rule]", "lives_days = 0\n[rule]", "key lives_days", "above 0"),
        ("[rule]", "setting = 'office'\n[rule]", "key setting", "exercise, field, inspection"),
        ("[rule]", "opportunity = 'seen'\n[rule]", "key opportunity", "no measure 'seen'"),
        ("The public is", "The public is " + "very " * 22, "key title", "use up to 120"),
        ('"L-1"', "1", "key lesson_id", "not a text"),
        ('"L-1"', '"L-1', "o.toml", "not valid TOML"),
        ("[rule]", "window = 3\n[rule]", "key window", "[window]"),
    ],
)
def test_what_a_machine_cannot_check_is_refused_with_its_key_and_the_way_out(
    line: str, instead: str, place: str, way_out: str
):
    said = refused(with_(line, instead))
    assert place in said
    assert way_out in said


@pytest.mark.parametrize(
    ("window", "why"),
    [
        ("from_utc = 2026-03-02T00:00:00Z\nuntil_utc = 2026-03-01T00:00:00Z", "ends before it begins"),
        ("until_utc = 2026-03-01T00:00:00Z\nnamed_utc = 2026-03-02T00:00:00Z", "named after their window"),
        ("attempts = ['a']", "planned, but not when"),
        ("attempts = ['a', 'a']\nnamed_utc = 2026-03-01T00:00:00Z", "named twice"),
        ("from_utc = 2026-03-02T00:00:00", "time with a time zone"),
    ],
)
def test_a_window_that_cannot_be_is_refused(window: str, why: str):
    assert why in refused(f"{TEXT}\n[window]\n{window}\n")


def test_attempts_are_named_once_and_with_the_time_of_naming():
    first = name_attempts(parse(TEXT, name="o.toml"), ["a1", "a2"], NAMED)
    both = name_attempts(first, ["a3"], NAMED + timedelta(days=1))
    assert (both.attempts, both.named_utc) == (("a1", "a2", "a3"), NAMED + timedelta(days=1))
    with pytest.raises(ObjectiveError, match="already named; draw new seeds"):
        name_attempts(both, ["a1"], NAMED)


def test_nothing_is_named_once_the_window_is_over():
    closed = replace(parse(TEXT, name="o.toml"), window_until_utc=NAMED - timedelta(days=1))
    with pytest.raises(ObjectiveError, match="give the objective a new one"):
        name_attempts(closed, ["a1"], NAMED)


WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\r"), min_size=1, max_size=12).filter(str.strip)
IDS = WORDS.filter(lambda text: not fault_of_id(text))
TIMES = st.integers(0, 10**9).map(lambda seconds: NAMED + timedelta(seconds=seconds))
FIGURES = st.floats(-1e6, 1e6)


@given(
    st.builds(
        Objective,
        *(IDS, IDS, WORDS, st.sampled_from(["person", "crew"]), WORDS, WORDS, WORDS, WORDS, WORDS),
        unit=st.just("s"),
        standard=st.builds(Standard, st.sampled_from(["at_most", "at_least"]), FIGURES),
        rule=st.builds(Rule, st.integers(14, 40), st.just(0.9), st.just(2), st.integers(2, 4)),
        conditions=WORDS,
        attempts=st.lists(IDS, unique=True, max_size=3).map(tuple),
        named_utc=TIMES,
        lives_days=st.floats(0.5, 1e4),
        related=st.lists(WORDS, max_size=2).map(tuple),
        reference=st.none() | st.builds(Reference, FIGURES, st.just("s"), FIGURES, FIGURES, st.just(("a:b",)), WORDS),
    )
)
def test_what_is_written_is_read_back_as_it_was(objective: Objective):
    assert parse(text_of(objective), name="o.toml") == objective


# ---------------------------------------------------------------- the real event


class Account:
    """As much of an Incident as a reference is taken from."""

    def __init__(self) -> None:
        self.durations = pl.DataFrame(
            {
                "name": ["violation to warning", "closure"], "minutes": [450.0, None], "low": [None, None],
                "high": [455.0, None], "why": ["bounded from above only.", "no start"],
                "rows": [["events:A", "events:B"], []],
            },
            schema_overrides={"low": pl.Float64},
        )  # fmt: skip
        self.bundle = self
        self.claims = pl.DataFrame(
            {
                "claim_id": ["C1", "C2", "C3"], "relation": ["between", "at_least", "exactly"],
                "value": ["19", "3", "open"], "value_high": ["24", None, None],
                "unit": ["airframes", "h", None], "summary": ["19 to 24", "three hours or more", "it was open"],
            }
        )  # fmt: skip
        self.findings = pl.DataFrame({"claim_id": ["C1"], "verdict": ["not_testable"], "rows": [["finds:F1"]]})


def test_the_reference_carries_its_bounds_and_rows_in_the_unit_of_the_objective():
    found = reference_of(Account(), "violation to warning", unit="s")
    assert (found.value, found.low, found.high) == (27_000.0, None, 27_300.0)
    assert found.rows == ("durations:violation to warning", "events:A", "events:B")


def test_a_claim_gives_a_reference_with_what_it_rests_on():
    found = reference_of(Account(), "C1", unit="count")
    assert (found.value, found.low, found.high) == (21.5, 19.0, 24.0)
    assert found.rows == ("claims:C1", "finds:F1")
    assert "not testable" in found.text
    assert reference_of(Account(), "C2", unit="min") == Reference(
        180.0, "min", 180.0, None, ("claims:C2",), "three hours or more"
    )


@pytest.mark.parametrize(
    ("what", "unit", "why"),
    [
        ("closure", "s", "states no figure"),
        ("C3", "s", "not a number"),
        ("C1", "s", "is in airframes, the objective in s"),
        ("nothing", "s", "no interval or claim of this name"),
    ],
)
def test_an_account_that_states_no_such_figure_gives_no_reference(what: str, unit: str, why: str):
    with pytest.raises(ObjectiveError, match=why):
        reference_of(Account(), what, unit=unit)


def test_an_objective_made_by_hand_is_checked_alike():
    with pytest.raises(ObjectiveError, match="how many subjects"):
        check_objective(replace(parse(TEXT, name="o.toml"), rule=Rule(of_subjects=0)), name="by hand")


GUARDED = with_(
    "[rule]",
    """[[guard]]
measure = "false_breaches"
at_most = 1
unit = "count"

[rule]""",
)


def test_guards_are_read_and_written_back_unchanged():
    found = parse(GUARDED, name="o.toml", measures=MEASURES)
    assert found.guards == (Guard("false_breaches", "count", "at_most", 1.0),)
    assert parse(text_of(found), name="again", measures=MEASURES) == found
    assert "false_breaches" in found.measures


@pytest.mark.parametrize(
    ("line", "instead", "place"),
    [
        ('"false_breaches"', '"false_breach"', "guard 1"),
        ('unit = "count"', 'unit = "min"', "guard 1"),
        ("at_most = 1", "at_most = 1\nat_least = 0", "[[guard]] 1"),
        ("at_most = 1", "at_mots = 1", "[[guard]] 1"),
    ],
)
def test_a_guard_that_cannot_be_judged_is_refused(line: str, instead: str, place: str):
    assert line in GUARDED
    with pytest.raises(ObjectiveError) as caught:
        parse(GUARDED.replace(line, instead), name="o.toml", measures=MEASURES)
    assert place in str(caught.value)


def test_a_watch_that_is_judged_by_one_number_alone_is_remarked():
    alone = replace(parse(TEXT, name="o.toml"), rule=Rule(of_subjects=15))
    (remark,) = remarks_on(alone)
    assert "somebody who does nothing, or everything, may pass" in remark
    assert remarks_on(replace(alone, guards=(Guard("false_breaches", "count", "at_most", 1.0),))) == ()


def test_too_few_subjects_to_show_the_share_are_remarked_with_how_many_it_takes():
    few = replace(parse(GUARDED, name="o.toml"), rule=Rule(of_subjects=6))
    (remark,) = remarks_on(few)
    assert "6 subjects cannot show a share of 0.8" in remark
    assert "15 without a miss, or 31 with one" in remark
    assert remarks_on(replace(few, rule=Rule(of_subjects=15))) == ()
