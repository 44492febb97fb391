"""An attempt is scored again from its recording alone, and says what it does not know."""

from __future__ import annotations

import math

import polars as pl
import pytest
from flown import along, faultless, pose, recorded, scenario_of, sticks_of, still

from hotwash.errors import ScenarioError
from hotwash.lanes.lane import NOTICE, SHIPPED, load_lane
from hotwash.lanes.referee import Referee
from hotwash.model import schema, tables, words
from hotwash.model.recording import Recording
from hotwash.score.attempt import measure_flight

ONE_MILLIMETRE = 1e-3


def value(measured, measure_name, task=None):
    rows = measured.scores.filter(pl.col("task").eq_missing(pl.lit(task)) & (pl.col("measure") == measure_name))
    return rows["value"].item() if rows.height else None


@pytest.fixture(scope="module")
def perfect():
    marks = "pass_points = 36\npass_seconds = 600"
    return recorded(faultless(load_lane("bperp")), scenario_of("bperp", marks=marks))


def test_a_flight_without_fault_is_scored_in_full_from_its_recording(perfect):
    found = measure_flight(perfect)
    assert (found.points, found.possible, found.result) == (40.0, 40.0, "GO")
    assert found.notice == NOTICE
    assert all(task.result == "GO" for task in found.tasks)


@pytest.mark.parametrize("name", SHIPPED)
def test_the_recording_tells_what_the_referee_of_the_live_flight_told(name):
    lane = load_lane(name)
    rows = list(faultless(lane))
    for at in range(0, len(rows), 97):  # spoil some of it, so that not all is GO
        rows[at] = pose(rows[at][0, :3] + 0.4, gimbal_deg=-80.0, captured=bool(rows[at][0, 17]))
    live = Referee(lane)
    for row in rows:
        live.judge(row)
    found = measure_flight(recorded(rows, scenario_of(name)))
    codes = {"GO": 2, "NO-GO": 3, "NO OPPORTUNITY": 0, "NO DATA": 1}
    assert [codes[task.result] for task in found.tasks] == live.results[0].tolist()
    assert found.points == live.points[0]
    assert found.seconds == pytest.approx(live.seconds[0])


def test_the_scores_are_rows_of_the_declared_table_with_one_key_each(perfect):
    found = measure_flight(perfect, attempt_id="a1", subject_id="p7").scores
    assert not schema.drift(found, tables.SCORES)
    assert found.select(tables.SCORES.key).is_duplicated().sum() == 0
    assert set(found["result"].drop_nulls()) <= set(words.RESULTS)
    assert found["subject_id"].unique().to_list() == ["p7"]


def test_the_margin_of_each_ring_stands_beside_its_point(perfect):
    margins = [
        task.measures["ring_margin_deg"] for task in measure_flight(perfect).tasks if task.task.kind == "capture"
    ]
    assert len(margins) == 24
    assert min(margins) > 1.0


def hover_rows(offset_m):
    lane = load_lane("abnormal-spoofed-drift")
    rows = []
    for task in lane.tasks[:2]:
        rows += list(still((*task.target_m[:2], task.target_m[2]), 3.0 if task.kind == "take_off" else 10.0))
    at = lane.tasks[2].target_m
    return [*rows, *still((at[0] + offset_m, *at[1:]), 30.1)]


def test_the_path_error_is_in_the_scores():
    found = measure_flight(recorded(hover_rows(0.7), scenario_of("abnormal-spoofed-drift")))
    assert value(found, "path_rmse_m", "keep the place") == pytest.approx(0.7, abs=ONE_MILLIMETRE)
    assert value(found, "outside_s", "keep the place") == 0.0


def test_time_outside_tolerance_fails_and_the_debrief_says_so():
    found = measure_flight(recorded(hover_rows(4.0), scenario_of("abnormal-spoofed-drift")))
    task = found.tasks[2]
    assert task.result == "NO-GO"
    assert task.why == "it was outside tolerance for more than the 5 s allowed"
    assert task.why in found.text


# ---------------------------------------------------------------- four results kept apart


def test_a_recording_without_flight_has_no_data():
    found = measure_flight(Recording(scenario=scenario_of("bperp")))
    assert found.result == "NO DATA"
    assert {task.result for task in found.tasks} == {"NO DATA"}


def test_a_recording_that_ends_early_has_no_data_and_tasks_not_reached_had_no_opportunity():
    rows = list(faultless(load_lane("bperp")))[:100]
    found = measure_flight(recorded(rows, scenario_of("bperp", marks="pass_points = 36")))
    assert found.result == "NO DATA"
    assert [task.result for task in found.tasks[:2]] == ["NO DATA", "NO OPPORTUNITY"]


def test_too_few_points_are_no_go_against_the_schools_mark():
    rows = [row for row in faultless(load_lane("bperp")) if not row[0, 17]]  # no picture was ever taken
    slow = [*rows, *still((0, 0, 3), 601.0)]
    found = measure_flight(recorded(slow[: 602 * 50], scenario_of("bperp", marks="pass_points = 36")))
    assert found.result == "NO-GO"
    assert "36 that the school requires" in found.why
    assert found.tasks[1].why == "no picture was taken"
    assert "the time limit of the lane was reached" in [task.why for task in found.tasks]


def test_too_slow_is_no_go_as_well(perfect):
    quick = scenario_of("bperp", marks="pass_points = 36\npass_seconds = 10")
    found = measure_flight(recorded(faultless(load_lane("bperp")), quick))
    assert (found.points, found.result) == (40.0, "NO-GO")


def test_without_a_pass_mark_nothing_is_passed():
    found = measure_flight(recorded(faultless(load_lane("bperp")), scenario_of("bperp")))
    assert found.result == "NO DATA"
    assert "no pass mark" in found.why


FAULT = '\n[[faults]]\nkind = "satnav_drift"\nspeed_mps = 0.5\nwhen_task = "keep the place"\n'


def test_who_never_met_the_fault_had_no_opportunity_to_deal_with_it():
    text = scenario_of("abnormal-spoofed-drift", marks="pass_points = 5\ntime_limit_s = 5", more=FAULT)
    found = measure_flight(recorded(still((0, 0, 5), 5.2), text))
    assert (found.tasks[1].result, found.tasks[2].result) == ("NO-GO", "NO OPPORTUNITY")
    assert found.result == "NO OPPORTUNITY"
    assert found.why == "satnav_drift did not occur, because its task was not reached."
    met = measure_flight(recorded(hover_rows(4.0), text.replace("time_limit_s = 5", "time_limit_s = 60")))
    assert met.tasks[2].result == "NO-GO"


def test_a_mode_that_the_form_does_not_allow_is_no_go():
    lane = load_lane("basic-flight")
    rows = list(faultless(lane))
    seconds = len(rows) * 0.02
    for mode, result in (("stabilised", "GO"), ("position_hold", "NO-GO")):
        controls = sticks_of(seconds, mode=mode)
        found = measure_flight(recorded(rows, scenario_of("basic-flight", marks="pass_points = 10"), controls=controls))
        assert found.result == result
        assert value(found, f"{mode}_s") == pytest.approx(seconds, abs=0.1)
        assert ("harder form" in found.text) == (mode == "stabilised")


def test_a_crash_is_the_end():
    rows = list(faultless(load_lane("bperp")))
    crash = [(3.5, {"kind": "crashed", "subject_id": "pilot"})]
    found = measure_flight(recorded(rows, scenario_of("bperp", marks="pass_points = 36"), events=crash))
    assert found.result == "NO-GO"
    assert found.points <= 2.0  # the flight went on, its points did not
    assert "it crashed or tipped over" in found.text


# ---------------------------------------------------------------- controls


def test_controls_are_measured_beside_the_error():
    controls = sticks_of(40.0, roll=lambda t: 0.5 * math.sin(math.pi * t), pitch=0.2)
    found = measure_flight(recorded(hover_rows(0.1), scenario_of("abnormal-spoofed-drift"), controls=controls))
    assert value(found, "roll_reversals_per_s") == pytest.approx(1.0, abs=0.06)
    assert value(found, "roll_busy_share") == pytest.approx(0.0, abs=0.01)
    assert value(found, "pitch_reversals_per_s") == 0.0
    assert value(found, "path_rmse_m", "keep the place") is not None


def test_the_answer_to_a_fault_is_timed_in_its_task():
    controls = sticks_of(43.0, roll=lambda t: 0.3 if t >= 20.4 else 0.0)
    fault = [(20.0, {"kind": "fault", "subject_id": "pilot", "text": "satnav_drift sets in"})]
    found = measure_flight(
        recorded(hover_rows(0.1), scenario_of("abnormal-spoofed-drift"), controls=controls, events=fault)
    )
    assert value(found, "roll_response_s", "keep the place") == pytest.approx(0.4, abs=0.021)
    assert "At 20.0 s: satnav_drift sets in." in found.text


def test_pictures_are_read_from_the_button_where_no_event_tells_of_them():
    lane = load_lane("bperp")
    rows = list(faultless(lane))
    told = recorded(rows, scenario_of("bperp"))
    pressed = sticks_of(len(rows) * 0.02, is_capture=False).with_columns(
        is_capture=pl.Series([bool(row[0, 17]) for row in rows[1:]] + [False])  # given at the start of its step
    )
    silent = Recording(
        truth=told.truth, controls=pressed.with_columns(time_utc=pl.col("time_utc") + pl.duration(microseconds=40_000)),
        scenario=told.scenario,
    )  # fmt: skip
    assert measure_flight(silent).points == 40.0


# ---------------------------------------------------------------- the debrief


def test_the_debrief_asks_four_questions(perfect):
    found = measure_flight(perfect)
    assert [one.title for one in found.questions] == [
        "What was expected?", "What happened?", "Why?", "What to sustain, what to change?",
    ]  # fmt: skip
    assert NOTICE in found.text
    assert "36 points within 600 s" in found.text
    assert "Sustain: every task of position, left, right." in found.text
    assert found.markdown.count("## ") == 5
    assert "| position 1A | GO | 1 of 1 |" in found.markdown


def test_what_was_never_begun_is_one_line_and_gets_no_advice():
    """Who never left the pad was advised to hold the place until the time is up, and to frame the picture."""
    found = measure_flight(recorded(still((40.0, 40.0, 9.0), 605.0), scenario_of("bperp")))
    happened, why, change = (" ".join(one.said) for one in found.questions[1:])
    assert happened.count("Not carried out in the time for it: ") == 1
    assert "no picture was taken" not in why
    assert "picture" not in change


def test_a_recording_without_scenario_is_refused():
    with pytest.raises(ScenarioError, match="no scenario"):
        measure_flight(Recording())


def test_a_scenario_without_lane_judges_nothing():
    text = scenario_of("bperp").replace('lane = "bperp"', "")
    found = measure_flight(recorded(along((0, 0, 2), (0, 9, 2), speed_mps=2.0), text))
    assert (found.possible, found.result, found.tasks) == (0.0, "NO DATA", ())
    assert value(found, "speed_sparc") < 0.0


def test_a_task_that_only_an_instructor_marks_has_no_data_of_the_machines():
    lane = load_lane("abnormal-spoofed-drift").text.replace('kind = "hold"', 'kind = "hold", marker = "instructor"')
    carried = f"\n[carried.lanes]\nabnormal-spoofed-drift = '''\n{lane}'''\n"
    found = measure_flight(recorded(hover_rows(0.1), scenario_of("abnormal-spoofed-drift", more=carried)))
    assert (found.tasks[1].result, found.tasks[1].points, found.tasks[1].possible) == ("NO DATA", 0.0, 0.0)
    assert found.possible == 9.0
