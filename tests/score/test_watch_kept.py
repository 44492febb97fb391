"""A watch that was kept by a policy is measured on the picture that the policy looked at."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import kept
import polars as pl
import pytest

from hotwash.front.watches import play_watch
from hotwash.score.watch import measure_watch
from hotwash.score.watch.conditions import conditions_of
from hotwash.score.watch.reference_picture import rebuild_picture
from hotwash.watch.exercise import WatchExercise
from hotwash.watch.policies.catalogue import watch_policy

ONE_LOOK_S = 5.0


@cache
def recorded(policy):
    watch = WatchExercise(kept.scenario(), record=True, given=kept.staged())
    play_watch(watch, watch_policy(policy, watch.scenario, rule_text=kept.RULES), seed=1)
    return watch, watch.recording()


@cache
def measured(policy):
    return measure_watch(recorded(policy)[1])


def test_every_track_that_is_named_in_a_decision_is_on_the_reference_picture():
    watch, recording = recorded("rule-book")
    picture = rebuild_picture(recording, conditions_of(recording))
    named = recording.decisions["track_id"].drop_nulls().cast(pl.Int64).to_list()
    assert named
    assert set(named) <= set(picture.tracks.tolist())
    assert watch.time_s == measured("rule-book").seconds


def test_a_policy_that_declares_what_the_picture_shows_inside_is_a_look_behind_it_at_most():
    found = measured("rule-book")
    assert (found.value("detected"), found.value("false_breaches_known")) == (1.0, 0.0)
    assert found.value("worst_first_detectable_to_declared") <= 2.0 * ONE_LOOK_S
    assert found.value("worst_first_detectable_to_declared_known") <= 2.0 * ONE_LOOK_S


def test_who_looks_on_misses_and_exposes_and_who_always_closes_holds():
    nobody, cautious = measured("none"), measured("cautious")
    assert (nobody.value("seat_misses"), nobody.value("minutes_closed_needed")) == (1.0, 0.0)
    assert nobody.value("exposed_movements") > cautious.value("exposed_movements")
    holding = "held_movements_needed"
    assert cautious.value(holding) > nobody.value(holding) == 0.0


@pytest.mark.parametrize("policy", ["rule-book", "cautious", "hasty", "random", "none"])
def test_the_decision_score_is_the_same_without_truth(policy):
    recording = recorded(policy)[1]
    blind = measure_watch(replace(recording, truth=recording.truth.clear())).scores
    by_known = pl.col("measure").str.ends_with("_known")
    assert blind.filter(by_known).equals(measured(policy).scores.filter(by_known))
