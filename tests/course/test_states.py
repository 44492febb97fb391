"""The states of an aerodrome over time, and what they add up to."""

from __future__ import annotations

from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from laid_out import account, at, bundle, event

from hotwash.model import tables
from hotwash.model.schema import drift


def here(kind, *args, **more):
    return event(kind, *args, **{"subject_id": "EPAA", **more})


def states(*events):
    found = account(bundle(events=events)).states
    assert drift(found, tables.STATES) == []
    return found.to_dicts()


def closure(*events, state="closed", occasion=None):
    found = account(bundle(events=events)).closures
    assert drift(found, tables.CLOSURES) == []
    (row,) = [row for row in found.to_dicts() if (row["state"], row["occasion_id"]) == (state, occasion)]
    return row


def lengths(row):
    return [row[f"{name}_min_{end}"] for name in ("span", "closed", "lost") for end in ("low", "high")]


NIGHT = (
    here("runway_closed", 10, part="09"),
    here("aerodrome_closed", 26),
    here("aerodrome_partly_reopened", 120),
    here("aerodrome_reopened", 180),
    here("curfew", 150, end=600),
)


def test_an_airport_night_has_stages():
    found = {(row["state"], row["part"]): (row["from_utc_low"], row["to_utc_high"]) for row in states(*NIGHT)}
    assert found == {
        ("runway_closed", "09"): (at(10), at(180)),  # nobody tells of the runway's own reopening
        ("closed", None): (at(26), at(120)),
        ("restricted", None): (at(120), at(180)),
        ("curfew", None): (at(150), at(600)),
    }
    assert closure(*NIGHT)["stages"] == [
        "runway closed (09)",
        "closed, 16 min after the first measure",
        "restricted, 110 min after the first measure",
        "open again, 170 min after the first measure",
    ]


def test_a_measure_that_is_lifted_and_set_again_was_open_between():
    shut, lifted, again, ended = (
        here(f"aerodrome_{what}", minute, occasion_id="night")
        for what, minute in (("closed", 0), ("reopened", 21), ("closed", 26), ("reopened", 137))
    )
    between = ["closed", "open again, 21 min after the first measure", "closed, 26 min after the first measure"]
    assert closure(shut, lifted, again)["stages"] == between
    whole = closure(shut, lifted, again, ended)["stages"]
    assert whole == [*between, "open again, 137 min after the first measure"]


def test_it_is_not_open_again_while_another_measure_is_in_force():
    night = (
        here("runway_closed", 10, end=300, part="09"),
        here("aerodrome_closed", 26),
        here("aerodrome_reopened", 90),
    )
    assert closure(*night)["stages"] == [
        "runway closed (09)",
        "closed, 16 min after the first measure",
        "open again, 290 min after the first measure",
    ]


@pytest.mark.parametrize("lifted", [{"start": 15}, {"start": 15, "low": 9, "high": 24}])
@pytest.mark.parametrize("again", [{"start": 22}, {"start": 22, "low": 14, "high": 30}])
def test_bounds_do_not_change_the_order_in_which_steps_are_told(lifted, again):
    night = (
        here("aerodrome_restricted", 0),
        here("restriction_lifted", **lifted),
        here("aerodrome_restricted", **again),
        here("aerodrome_closed", 48),
        here("aerodrome_reopened", 95),
    )
    told = closure(*({**one, "occasion_id": "night"} for one in night))["stages"]
    names = [stage.split(",")[0] for stage in told]
    assert names == ["restricted", "open again", "restricted", "closed", "open again"]


def test_a_measure_that_follows_at_once_leaves_no_opening_between():
    told = closure(
        here("aerodrome_restricted", 0, end=33),
        here("aerodrome_restricted", 33, end=61),
        here("aerodrome_closed", 61, end=140),
    )["stages"]
    ends = ["closed, 61 min after the first measure", "open again, 140 min after the first measure"]
    assert told == ["restricted", *ends]


def test_stages_are_those_of_the_occasion_of_its_gravest_measure_though_another_occasion_has_its_own():
    night = [
        here("airspace_closed", 0),
        here("airspace_reopened", 18),
        here("airspace_closed", 40),
        here("aerodrome_closed", 55),
        here("aerodrome_reopened", 90),
        here("airspace_reopened", 99),
    ]
    closings = account(bundle(events=night)).closures.filter(pl.col("stages").list.len() > 0)
    assert closings.select("state", "occasion_id", "stages").rows() == [
        ("closed", None, ["airspace closed", *(f"{what} min after the first measure" for what in _LATER)]),
        ("airspace_closed", "EPAA-1", ["airspace closed", "open again, 18 min after the first measure"]),
    ]


_LATER = ("closed, 15", "open again, 59")


def test_several_stretches_are_closed_in_all_for_less_than_from_first_to_last():
    two = (here("aerodrome_closed", 0), here("aerodrome_reopened", 30), here("aerodrome_closed", 100))
    row = closure(*two, here("aerodrome_reopened", 140))
    assert row["stretches"] == 2
    assert lengths(row) == [140, 140, 70, 70, 70, 70]
    assert lengths(closure(*two, here("aerodrome_reopened", 140), occasion="EPAA-2")) == [40, 40, 40, 40, 40, 40]


def test_curfew_and_hours_without_planned_traffic_are_taken_off_the_operating_time_lost():
    shut = (here("aerodrome_closed", 0), here("aerodrome_reopened", 200))
    assert lengths(closure(*shut, here("curfew", 150, end=600)))[4:] == [150, 150]
    both = (here("curfew", 150, end=600), here("no_traffic_planned", 140, end=160))
    assert lengths(closure(*shut, *both))[4:] == [140, 140]


def test_bounds_of_the_changes_are_bounds_of_the_lengths():
    row = closure(here("aerodrome_closed", 0, low=-5, high=5), here("aerodrome_reopened", 60, low=50, high=70))
    assert lengths(row) == [45, 75, 45, 75, 45, 75]


def test_a_closure_without_an_end_has_no_greatest_length():
    assert lengths(closure(here("aerodrome_closed", 0))) == [0, None, 0, None, 0, None]


def test_a_reopening_told_alone_is_a_stretch_without_a_beginning_and_no_closure():
    (row,) = states(here("aerodrome_reopened", 60))
    assert (row["from_utc_low"], row["from_utc_high"], row["to_utc_high"]) == (None, None, at(60))
    assert account(bundle(events=[here("aerodrome_reopened", 60)])).closures.is_empty()


def test_a_landing_while_closed_is_an_exception():
    landing = here("landing", 50, text="An ambulance flight lands.")
    row = closure(here("aerodrome_closed", 0), here("aerodrome_reopened", 90), landing, here("landing", 95))
    assert row["exceptions"] == ["events:E-landing-50"]


def test_two_aerodromes_are_never_mixed():
    found = states(here("aerodrome_closed", 0), event("aerodrome_reopened", 60, subject_id="EPBB"))
    assert {(row["subject_id"], row["to_utc_high"]) for row in found} == {("EPAA", None), ("EPBB", at(60))}


def test_a_source_that_does_not_decide_neither_splits_a_closure_nor_moves_it():
    paper = here("aerodrome_reopened", 30, source="S-PAPER")
    row = closure(here("aerodrome_closed", 0), paper, here("aerodrome_reopened", 60))
    assert (row["stretches"], lengths(row)[:2]) == (1, [60, 60])


def test_where_only_such_a_source_tells_the_beginning_the_state_says_so():
    (row,) = states(here("aerodrome_closed", 0, source="S-PAPER"), here("aerodrome_reopened", 60))
    assert (row["from_utc_high"], row["is_graded"]) == (at(0), False)


def test_forecasts_orders_and_plans_change_no_state():
    for word in ("forecast", "order", "plan"):
        assert states(here("aerodrome_closed", 0, told_as=word)) == []


def test_an_occasion_of_another_story_enters_no_state():
    related = {"occasion_id": "elsewhere", "kind": "closure", "is_related": True}
    events = [here("aerodrome_closed", 0, end=60, occasion_id="elsewhere"), here("aerodrome_closed", 100, end=130)]
    found = account(bundle(events=events, occasions=[related]))
    assert found.states["from_utc_low"].to_list() == [at(100)]
    assert found.closures["closed_min_high"].to_list() == [30]


moves = st.lists(
    st.tuples(st.sampled_from(["aerodrome_closed", "aerodrome_reopened"]), st.integers(0, 600)), max_size=8
)


@given(moves)
@settings(deadline=None, max_examples=60)
def test_stretches_of_one_layer_never_overlap(drawn):
    events = [{**here(kind, minute), "event_id": f"E{n}"} for n, (kind, minute) in enumerate(drawn)]
    rows = [row for row in states(*events) if row["from_utc_high"] and row["to_utc_low"]]
    ordered = sorted(rows, key=lambda row: row["from_utc_low"])
    for first, second in pairwise(ordered):
        assert first["to_utc_low"] <= second["from_utc_high"]


@pytest.mark.parametrize("gap", [100, 359])
def test_two_closings_with_no_reopening_between_are_tellings_of_one(gap):
    # By two sayers: one closing, about which they disagree.
    events = [here("aerodrome_closed", 0), here("aerodrome_closed", gap, by="Radio", source="S-RADIO")]
    (row,) = states(*events)
    assert (row["from_utc_low"], row["from_utc_high"]) == (at(0), at(gap))


def test_two_closings_of_two_evenings_are_two():
    assert len(states(here("aerodrome_closed", 0), here("aerodrome_closed", 500))) == 2
