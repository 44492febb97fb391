"""A restriction of a runway holds what is planned on it; the rest goes on."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
import staged_by_hand as w

from hotwash.model import schema, tables
from hotwash.score.watch import measure_watch

WHOLE_MIN = w.MINUTES


def restrict(at, part, place="EPYY"):
    return at, "recommend", {"place_id": place, "measure": "restrict", "part": part}


def resume(at, part=None, place="EPYY"):
    return at, "recommend", {"place_id": place, "measure": "resume", "part": part}


def on_runways(*names):
    """Return the small watch whose movements are on runways in turn, by pairs: an arrival and a departure each."""
    parts = [names[at // 2 % len(names)] for at in range(12)]
    own = [w.movements(place).with_columns(part=pl.Series(parts)) for place in ("EPXX", "EPYY")]
    return replace(w.staged(), events=pl.concat([schema.conform(one, tables.EVENTS) for one in own]))


def measured(*decisions, recording=None):
    return measure_watch(w.with_decisions(recording or on_runways("06", "24"), decisions))


def result(found, measure, task):
    rows = found.scores.filter((pl.col("measure") == measure) & (pl.col("task") == task))
    return rows["result"].item()


def test_a_restricted_runway_holds_its_own_movements_and_closes_nothing():
    found = measured(restrict(0.0, "06"))
    assert found.value("minutes_restricted_not_needed", "EPYY") == pytest.approx(WHOLE_MIN)
    assert found.value("minutes_closed_not_needed", "EPYY") == 0.0
    assert found.value("held_movements_not_needed", "EPYY") == 6.0
    assert found.value("held_movements_not_needed_known", "EPYY") == 6.0


def test_exposures_on_a_restricted_runway_are_avoided_and_the_others_are_not():
    open_, one, both = (
        measured(*(restrict(0.0, part, "EPXX") for part in parts)).value("exposed_movements", "EPXX")
        for parts in ((), ("06",), ("06", "24"))
    )
    assert open_ > one > both == 0.0


def test_a_runway_is_restricted_until_it_is_resumed_and_the_other_stays():
    found = measured(restrict(0.0, "06"), restrict(0.0, "24"), resume(240.0, "06"))
    assert found.value("minutes_restricted_not_needed", "EPYY") == pytest.approx(WHOLE_MIN)
    assert found.value("held_movements_not_needed", "EPYY") == 4.0 + 4.0  # until 4 min all; then four are left on 24
    ended = measured(restrict(0.0, "06"), resume(240.0))
    assert ended.value("minutes_restricted_not_needed", "EPYY") == pytest.approx(4.0)


def test_a_restriction_without_a_part_holds_the_whole_place_and_is_no_closure():
    found = measured(restrict(0.0, None), recording=w.staged())
    assert found.value("held_movements_not_needed", "EPYY") == 12.0
    assert found.value("minutes_restricted_not_needed", "EPYY") == pytest.approx(WHOLE_MIN)
    assert found.value("minutes_closed_not_needed", "EPYY") == 0.0
    near = measured(restrict(0.0, None, "EPXX"), recording=w.staged())
    assert near.value("minutes_open_with_object_near", "EPXX") == 0.0
    assert near.value("exposed_movements", "EPXX") == 0.0


def test_where_no_movement_says_its_runway_nobody_can_tell_what_a_restriction_of_one_held():
    found = measured(restrict(0.0, "06"), recording=w.staged())
    assert result(found, "held_movements_not_needed", "EPYY") == "NO DATA"
    assert result(found, "exposed_movements", "EPYY") == "NO OPPORTUNITY"  # nothing ever comes near
    near = measured(restrict(0.0, "06", "EPXX"), recording=w.staged())
    assert result(near, "exposed_movements", "EPXX") == result(near, "held_movements_needed", "EPXX") == "NO DATA"
    assert found.value("minutes_restricted_not_needed", "EPYY") == pytest.approx(WHOLE_MIN)
    assert found.value("held_movements_needed", "EPXX") == 0.0  # nothing is restricted there


def test_where_all_is_held_it_does_not_matter_on_which_runway():
    found = measured(restrict(0.0, "06"), w.recommend(0.0, "suspend", "EPYY"), recording=w.staged())
    assert found.value("held_movements_not_needed", "EPYY") == 12.0
    assert found.value("minutes_restricted_not_needed", "EPYY") == 0.0  # closed goes before restricted
    assert found.value("minutes_closed_not_needed", "EPYY") == pytest.approx(WHOLE_MIN)


def test_a_restricted_sector_holds_all_below_it_and_of_a_part_of_it_nobody_can_tell():
    whole, part = (measured(restrict(0.0, some, "Z")) for some in (None, "north"))
    assert whole.value("held_movements_not_needed", "EPYY") == 12.0
    assert result(part, "held_movements_not_needed", "EPYY") == "NO DATA"


def test_a_restriction_that_was_needed_is_told_apart_from_one_that_was_not():
    found = measured(restrict(0.0, "06", "EPXX"))
    assert found.value("minutes_restricted_needed", "EPXX") == pytest.approx(WHOLE_MIN)  # with the grace: all of it
    assert result(found, "minutes_restricted_not_needed", "EPXX") == "NO OPPORTUNITY"
    assert found.value("worst_first_detectable_to_measures") == 0.0  # a restriction is a measure
