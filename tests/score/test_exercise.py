"""A flown exercise and its recording are scored alike: one referee, live and afterwards."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from hotwash.air import scenarios
from hotwash.flight.exercise import FlightExercise
from hotwash.flight.seats.pilot import Command
from hotwash.lanes import kernels
from hotwash.score.attempt import measure_flight

STEP_S = 0.02
A_MICRODEGREE = 1e-6


def flown(seconds):
    """Fly the proficiency test clumsily: up to the hover height, then about, with a picture now and then."""
    scenario = replace(scenarios.read_scenario("bperp"), pass_points=36.0, time_limit_s=seconds)
    exercise = FlightExercise(scenario, record=True)
    view = exercise.reset(7)["pilot"]
    rng = np.random.default_rng(3)
    while not exercise.is_over.all():
        step = round(exercise.time_s / STEP_S)
        rows = Command.neutral(1).rows
        rows[0, 3] = np.clip(0.15 * (3.0 - view.seen_position_m[0, 2]), -1.0, 1.0)
        if exercise.time_s > 15.0:
            rows[0, :3] = rng.normal(0.0, 0.1, 3)
            rows[0, 4], rows[0, 5] = -0.5, float(step % 250 == 0)
        view = exercise.step({"pilot": Command(rows)})["pilot"]
    return exercise


@pytest.fixture(scope="module")
def exercise():
    done = flown(40.0)
    yield done
    done.close()


def test_the_recording_is_scored_as_the_live_flight_was(exercise):
    live, found = exercise.referees["pilot"], measure_flight(exercise.recording())
    codes = {"GO": kernels.PASSED, "NO-GO": kernels.FAILED, "NO OPPORTUNITY": kernels.PENDING}
    expected = np.where(live.results[0] == kernels.UNDER_WAY, kernels.FAILED, live.results[0])
    assert [codes[task.result] for task in found.tasks] == expected.tolist()
    assert found.points == live.points[0] > 0.0
    assert found.seconds == pytest.approx(live.seconds[0])
    assert found.result == "NO-GO"


def test_the_margins_of_pictures_are_those_of_the_live_flight(exercise):
    live, found = exercise.referees["pilot"], measure_flight(exercise.recording())
    taken = [(task.measures["ring_margin_deg"], live.margins_deg[0, at])
             for at, task in enumerate(found.tasks) if "ring_margin_deg" in task.measures]  # fmt: skip
    assert taken
    for again, first in taken:
        assert again == pytest.approx(first, abs=A_MICRODEGREE)
    told = exercise.recording().events.filter(pl.col("kind") == "capture")
    assert told.height >= len(taken)


def test_controls_at_full_rate_are_measured(exercise):
    names = set(measure_flight(exercise.recording()).scores["measure"])
    assert {"roll_reversals_per_s", "pitch_busy_share", "speed_sparc", "position_hold_s"} <= names
