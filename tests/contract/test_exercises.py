"""Whatever runs a scenario keeps the one protocol: reset, step, recording."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import flown_scenarios
import polars as pl
import pytest
import watching

from hotwash.errors import CommandError, HotwashError
from hotwash.flight.seats.pilot import Command
from hotwash.front.exercises import replay, start_exercise
from hotwash.model.exercise import Exercise
from hotwash.model.recording import Recording
from hotwash.model.scenario import Scenario
from hotwash.watch.seat import WatchCommand

KINDS = [(flown_scenarios.scenario(time_limit_s=2.0), Command.neutral()), (watching.fixed(), WatchCommand())]


def same(one: Recording, other: Recording) -> bool:
    pairs = [(getattr(one, field.name), getattr(other, field.name)) for field in fields(one)]
    return all(a.equals(b) if isinstance(a, pl.DataFrame) else a == b for a, b in pairs)


@pytest.mark.parametrize(("scenario", "command"), KINDS)
def test_an_exercise_runs_to_its_end_and_its_recording_runs_again(scenario: Scenario, command: Any):
    exercise: Exercise[Any, Any] = start_exercise(scenario)
    views = exercise.reset(3)
    assert tuple(views) == exercise.seats
    while not exercise.is_over.all():
        views = exercise.step(dict.fromkeys(exercise.seats, command))
    assert tuple(views) == exercise.seats
    assert exercise.times_s.tolist() == pytest.approx([scenario.time_limit_s])
    recording = exercise.recording()
    exercise.close()
    assert same(replay(recording), recording)


@pytest.mark.parametrize(("scenario", "command"), KINDS)
def test_an_exercise_that_was_not_reset_neither_steps_nor_records(scenario: Scenario, command: Any):
    exercise = start_exercise(scenario)
    with pytest.raises(CommandError, match="reset"):
        exercise.step(dict.fromkeys(exercise.seats, command))
    with pytest.raises(HotwashError, match="reset"):
        exercise.recording()
