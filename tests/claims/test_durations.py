"""How long it took: intervals between events, with what their bounds leave open."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from laid_out import account, at, bundle, claim, clock, event, judged, question, verdict

from hotwash.model import tables
from hotwash.model.incident import Interval
from hotwash.model.schema import drift

SPAN = Interval("span", "first_report", "last_report")
CLOSURE = Interval("span", "aerodrome_closed", "aerodrome_closed", "EPAA", "EPAA")
ASKED = question("duration", "min", subject_id="span", about_amount=5.0)


def span(*events, interval=SPAN):
    frame = account(bundle(events=events, intervals=[interval])).durations
    assert drift(frame, tables.DURATIONS) == []
    return frame.row(0, named=True)


def shown(row):
    return row["minutes"], row["low"], row["high"]


def test_two_stated_times_give_one_duration():
    assert shown(span(event("first_report", 10), event("last_report", 95))) == (85.0, 85.0, 85.0)


def test_bounds_of_both_ends_add_up():
    row = span(event("first_report", 10, low=5, high=15), event("last_report", 95, low=90, high=100))
    assert shown(row) == (85.0, 75.0, 95.0)


def test_an_end_known_only_from_above_leaves_the_duration_open_below():
    row = span(event("first_report", 10), event("last_report", high=95))
    assert shown(row) == (None, None, 85.0)
    assert "Only the latest time of the end" in row["why"]


def test_that_it_took_no_less_than_nothing_is_no_bound():
    assert span(event("first_report", 10, low=5, high=50), event("last_report", 40, low=30, high=60))["low"] is None


@pytest.mark.parametrize(
    ("events", "missing"),
    [
        ((), ["first report", "last report"]),
        ((event("first_report", 10),), ["no event of the kind last report is reported"]),
        (
            (event("first_report"), event("last_report", 20)),
            ["no time is given for the event of the kind first report"],
        ),
    ],
)
def test_a_missing_end_is_named(events, missing):
    row = span(*events)
    assert shown(row) == (None, None, None)
    assert row["why"].startswith("Not testable")
    assert all(word in row["why"] for word in missing)


def test_tellings_that_agree_give_their_common_part():
    row = span(event("first_report", 10), event("first_report", 12, low=5, high=19), event("last_report", 100))
    assert shown(row) == (90.0, 90.0, 90.0)
    assert row["groups"] == []


def test_tellings_that_disagree_are_stated_in_groups_with_who_tells_them_and_the_outer_bounds():
    # 10 and 70 to 100: 90 min by the tower, 30 min by the radio; extremes of both ends together.
    row = span(event("first_report", 10, by="Tower"), event("first_report", 70, by="Radio"), event("last_report", 100))
    assert shown(row) == (None, 30.0, 90.0)
    assert [text.partition(":")[0] for text in row["groups"]] == ["90 min", "30 min"]
    assert "(Tower)" in row["groups"][0]
    assert "(Radio)" in row["groups"][1]


def test_an_exact_telling_wins_over_about_of_the_same_grade():
    row = span(
        event("first_report", 10), event("first_report", 40, low=30, high=50, by="Radio"), event("last_report", 100)
    )
    assert shown(row) == (90.0, 90.0, 90.0)
    assert "would give 60 min" in row["why"]


def test_a_telling_of_a_source_that_does_not_decide_stands_beside():
    row = span(
        event("first_report", 10), event("first_report", 40, by="Paper", source="S-PAPER"), event("last_report", 100)
    )
    assert shown(row) == (90.0, 90.0, 90.0)
    assert "would give 60 min" in row["why"]


def test_of_events_of_one_kind_at_other_times_the_first_after_the_start_ends_the_interval():
    events = [
        event("first_report", 10),
        event("press_release", 5),
        event("press_release", 40),
        event("press_release", 90),
    ]
    row = span(*events, interval=Interval("span", "first_report", "press_release"))
    assert row["minutes"] == 30.0
    assert "The first of 3 events of the kind press release after the start is taken" in row["why"]


def test_an_event_with_an_end_gives_its_own_duration():
    row = span(event("aerodrome_closed", 10, end=70, subject_id="EPAA"), interval=CLOSURE)
    assert (row["minutes"], row["rows"]) == (60.0, ["events:E-aerodrome_closed-10"])


def test_a_subject_narrows_an_interval():
    events = [
        event("first_report", 0),
        event("last_report", 50, subject_id="EPAA"),
        event("last_report", 80, subject_id="EPBB"),
    ]
    row = span(*events, interval=Interval("span", "first_report", "last_report", "", "EPBB"))
    assert row["minutes"] == 80.0


def test_an_end_before_its_start_is_shown_as_told_and_said_to_be_so():
    row = span(event("first_report", 60), event("last_report", 20))
    assert shown(row) == (-40.0, -40.0, -40.0)
    assert "before the start" in row["why"]


TIMES = st.integers(0, 500)


@given(TIMES, TIMES, st.integers(0, 30), st.integers(0, 30), st.floats(0, 1), st.floats(0, 1))
def test_whatever_times_within_their_bounds_are_true_the_duration_lies_within_its_own(a, b, da, db, x, y):
    row = span(event("first_report", a, low=a - da, high=a + da), event("last_report", b, low=b - db, high=b + db))
    true = (b - db + 2 * db * y) - (a - da + 2 * da * x)
    assert row["low"] is None or row["low"] <= true + 1e-4
    assert row["high"] >= true - 1e-4


# ---------------------------------------------------------------- claims of how long


def said(value, relation="exactly", *events, **more):
    return {"asked": ASKED, "said": claim(value, relation, **more), "events": events, "intervals": [SPAN]}


def told(minutes=85, **more):
    return event("first_report", 10, **more), event("last_report", 10 + minutes, **more)


@pytest.mark.parametrize(
    ("value", "relation", "wanted"),
    [
        (85, "exactly", "supported"),
        (90, "about", "supported"),
        (60, "at_least", "supported"),
        (120, "less_than", "supported"),
        (120, "at_least", "contradicted"),
        (84, "exactly", "contradicted"),
    ],
)
def test_a_duration_is_held_against_the_events(value, relation, wanted):
    assert verdict(**said(value, relation, *told())) == wanted


def test_a_duration_told_to_the_minute_holds_for_that_minute():
    assert verdict(**said(85, "exactly", *told(85.4))) == "supported"
    assert verdict(**said(85, "exactly", *told(85.6))) == "contradicted"


def test_a_duration_in_hours_is_weighed_in_minutes():
    row = judged(ASKED, claim(2, "at_least", unit="h"), events=told(), intervals=[SPAN])
    assert row["verdict"] == "contradicted"


def test_a_duration_is_supported_only_when_both_ends_are_told_independently():
    own = (event("first_report", 10, by="Speaker", source="S-RADIO"), event("last_report", 95))
    row = judged(**said(85, "exactly", *own))
    assert row["verdict"] == "uncorroborated"
    assert "traces back" in row["reason"]


def test_a_telling_that_agrees_keeps_a_duration_from_being_contradicted():
    events = (*told(85), event("last_report", 130, by="Radio", source="S-RADIO"))
    assert verdict(**said(120, "exactly", *events)) == "not_testable"
    assert verdict(**said(200, "exactly", *events)) == "contradicted"
    assert verdict(**said(85, "exactly", *events)) == "not_testable"


def test_an_ungraded_telling_of_an_end_does_not_decide_a_duration():
    row = judged(**said(85, "exactly", event("first_report", 10), event("last_report", 95, source="S-UNGRADED")))
    assert row["verdict"] == "not_testable"
    assert "reliability" in row["reason"]


def test_a_claim_on_a_duration_with_a_missing_end_names_what_is_missing():
    row = judged(**said(85, "exactly", event("first_report", 10)))
    assert row["verdict"] == "not_testable"
    assert "no event of the kind last report is reported" in row["reason"]


def test_an_open_duration_can_still_contradict():
    events = (event("first_report", 10), event("last_report", high=95))
    assert verdict(**said(90, "at_least", *events)) == "contradicted"
    assert verdict(**said(60, "at_least", *events)) == "compatible"


def test_ends_told_only_before_their_starts_decide_nothing():
    row = judged(**said(10, "exactly", event("first_report", 60), event("last_report", 20)))
    assert row["verdict"] == "not_testable"
    assert "before the start" in row["reason"]


def test_a_question_on_an_interval_that_nobody_asks_for_is_not_testable():
    assert verdict(question("duration", "min", subject_id="other"), claim(5), intervals=[SPAN]) == "not_testable"


# ---------------------------------------------------------------- against a plan

DELAY = Interval("span", "scheduled_departure", "departure")
PLAN = event("scheduled_departure", 10, told_as="plan")
LEFT = event("departure", 45)


def test_a_delay_is_measured_from_the_plan_where_no_fact_tells_the_event():
    row = span(PLAN, LEFT, interval=DELAY)
    assert shown(row) == (35.0, 35.0, 35.0)
    assert row["why"] == "Scheduled departure is taken as it was planned."
    assert row["rows"] == ["events:E-scheduled_departure-10", "events:E-departure-45"]


def test_a_forecast_stands_for_a_beginning_and_never_for_an_end():
    foretold = event("departure_expected", 10, told_as="forecast")
    row = span(foretold, LEFT, interval=Interval("span", "departure_expected", "departure"))
    assert (row["minutes"], row["why"]) == (35.0, "Departure expected is taken as it was forecast.")
    back = span(LEFT, foretold, interval=Interval("span", "departure", "departure_expected"))
    assert back["why"] == "Not testable: no event of the kind departure expected is reported."


def test_an_interval_may_end_at_a_plan():
    row = span(event("landing", 0), PLAN, interval=Interval("span", "landing", "scheduled_departure"))
    assert (row["minutes"], row["why"]) == (10.0, "Scheduled departure is taken as it was planned.")


def test_a_fact_of_the_kind_always_wins_over_its_plan():
    fact = event("scheduled_departure", 20)
    row = span(PLAN, fact, LEFT, interval=DELAY)
    assert (row["minutes"], row["why"], row["rows"][0]) == (25.0, None, "events:E-scheduled_departure-20")


def test_a_fact_at_another_place_leaves_the_plan_of_this_one():
    elsewhere = event("scheduled_departure", 20, subject_id="EPBB")
    row = span(
        PLAN | {"subject_id": "EPAA"},
        elsewhere,
        LEFT,
        interval=Interval("span", "scheduled_departure", "departure", "EPAA"),
    )
    assert row["minutes"] == 35.0


@pytest.mark.parametrize("told_as", ["order", "plan", "forecast"])
def test_a_closing_or_a_reopening_that_was_only_announced_measures_nothing(told_as):
    closing, reopening = (
        event(f"aerodrome_{what}", at, subject_id="EPAA") for what, at in (("closed", 0), ("reopened", 90))
    )
    interval = Interval("span", "aerodrome_closed", "aerodrome_reopened")
    for events in ((closing | {"told_as": told_as}, reopening), (closing, reopening | {"told_as": told_as})):
        assert span(*events, interval=interval)["why"].startswith("Not testable: no event")


def test_an_order_is_no_plan():
    assert span(PLAN | {"told_as": "order"}, LEFT, interval=DELAY)["minutes"] is None


def test_what_was_told_as_a_fact_before_it_happened_is_no_plan_either():
    early = event("scheduled_departure", 10) | {"known_utc": at(-60)}
    assert span(early, LEFT, interval=DELAY)["minutes"] is None


def test_a_plan_of_another_story_measures_nothing():
    other = {"occasion_id": "O", "kind": "closure", "is_related": True, "known_utc": at(0)}
    laid = bundle(events=[PLAN | {"occasion_id": "O"}, LEFT], intervals=[DELAY], occasions=[other])
    assert account(laid).durations["minutes"].to_list() == [None]


@pytest.mark.parametrize(("value", "wanted"), [("35", "supported"), ("90", "contradicted")])
def test_a_claim_of_a_delay_is_weighed_by_the_plan(value, wanted):
    found = judged(ASKED, claim(value), events=[PLAN, LEFT], intervals=[DELAY])
    assert found["verdict"] == wanted
    assert found["reason"].endswith("; scheduled departure is taken as it was planned.")
    assert found["rows"] == ["events:E-scheduled_departure-10", "events:E-departure-45"]


def test_a_claim_of_a_delay_is_not_supported_by_the_speaker_s_own_plan():
    own = event("scheduled_departure", 10, by="Speaker", source="S-SPEAKER", told_as="plan")
    assert verdict(ASKED, claim("35"), events=[own, LEFT], intervals=[DELAY]) == "uncorroborated"


def test_a_plan_is_evidence_of_nothing_but_the_length():
    asked = question("time", subject_id="scheduled_departure", about_amount=5.0)
    assert verdict(asked, claim(clock(10)), events=[PLAN, LEFT], intervals=[DELAY]) != "supported"
