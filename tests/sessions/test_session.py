"""The session layer: sticks by the clock, whoever is late; nothing is lost with a client."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from hotwash.errors import CommandError
from hotwash.flight.seats import fields
from hotwash.flight.seats.pilot import Command, View
from hotwash.sessions.pilot import Patience, Phase, Session, Sticks

STEP_S = 0.02


class Clock:
    """Seconds that go on only when a test says so."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


class Listener:
    """In the place of an exercise: keeps the commands it is given."""

    def __init__(self, steps: int = 10**6) -> None:
        self.worlds, self._steps = 1, steps
        self.scenario = SimpleNamespace(step_s=STEP_S, seats=[SimpleNamespace(name="pilot")])
        self.rows: list[Any] = []

    def reset(self, seed: int) -> dict[str, View]:
        return {"pilot": View(np.zeros((1, fields.VIEWS)))}

    def step(self, commands: dict[str, Command]) -> dict[str, View]:
        self.rows.append(commands["pilot"].rows[0].copy())
        return {"pilot": View(np.zeros((1, fields.VIEWS)))}

    @property
    def is_over(self) -> Any:
        return np.array([len(self.rows) >= self._steps])

    def column(self, field: int) -> list[float]:
        return [float(row[field]) for row in self.rows]


def seated(exercise: Listener, clock: Clock, **patience: float) -> Session:
    return Session(exercise, seat="pilot", seed=1, clock=clock, patience=Patience(**patience))  # type: ignore[arg-type]


def flown(ticks_s: list[float]) -> Listener:
    """Sticks are moved at the same times; the ticks come when they come."""
    clock, exercise = Clock(), Listener()
    session = seated(exercise, clock)
    moves = [(0.013 + 0.05 * k, k) for k in range(20)]
    for at_s, move in sorted([*((at_s, -1) for at_s in ticks_s), *moves]):
        clock.now_s = 100.0 + at_s
        if move >= 0:
            session.receive(Sticks(move, 0.0, roll=move / 20.0, capture=move == 7))
        else:
            session.tick()
    return exercise


def test_a_late_tick_flies_what_an_early_one_would_have_flown():
    early = flown([0.004 * k for k in range(1, 251)])
    late = flown([0.3, 0.31, 0.55, 0.9, 1.0])
    assert len(early.rows) == len(late.rows) == 50
    assert np.array_equal(early.rows, late.rows)


def test_how_late_a_step_was_is_noted():
    clock, exercise = Clock(), Listener()
    session = seated(exercise, clock)
    clock.now_s += 0.1
    state = session.tick()
    assert state is not None
    assert state.step == 5
    assert session.lateness.worst_s == pytest.approx(0.08)
    assert session.lateness.late_steps == 4


def test_a_step_takes_what_had_come_when_it_was_due():
    clock, exercise = Clock(), Listener()
    session = seated(exercise, clock)
    clock.now_s += 0.03
    session.receive(Sticks(0, 0.0, roll=1.0))
    clock.now_s += 0.03
    session.tick()
    assert exercise.column(fields.STICK_ROLL) == [0.0, 1.0, 1.0]


def test_what_is_pressed_is_pressed_once_and_never_lost():
    clock, exercise = Clock(), Listener()
    session = seated(exercise, clock)
    session.receive(Sticks(0, 0.0, capture=True, mode=fields.LAND, buttons=fields.ARM))
    session.receive(Sticks(1, 0.0))
    clock.now_s += 0.04
    session.tick()
    assert exercise.column(fields.CAPTURE) == [1.0, 0.0]
    assert exercise.column(fields.ASKED_MODE) == [fields.LAND, -1.0]
    assert exercise.column(fields.BUTTONS) == [fields.ARM, 0.0]


def test_a_message_that_comes_twice_or_too_late_is_dropped():
    clock, exercise = Clock(), Listener()
    session = seated(exercise, clock)
    for sequence, roll in ((3, 0.3), (3, 0.9), (2, 0.2)):
        session.receive(Sticks(sequence, 0.0, roll=roll))
    clock.now_s += STEP_S
    session.tick()
    assert exercise.column(fields.STICK_ROLL) == [0.3]
    assert session.lateness.dropped_messages == 2


def test_a_state_tells_the_client_its_own_time_back():
    clock, exercise = Clock(), Listener()
    session = seated(exercise, clock)
    session.receive(Sticks(5, 1234.5))
    clock.now_s += STEP_S
    state = session.tick()
    assert state is not None
    assert (state.sequence, state.client_s) == (5, 1234.5)


def test_time_stands_still_while_paused():
    clock, exercise = Clock(), Listener()
    session = seated(exercise, clock)
    clock.now_s += STEP_S
    session.tick()
    session.pause()
    clock.now_s += 500.0
    assert session.tick() is None
    session.resume()
    clock.now_s += STEP_S
    session.tick()
    assert len(exercise.rows) == 2


def test_a_client_that_vanishes_is_waited_for():
    clock, exercise = Clock(), Listener()
    session = seated(exercise, clock, silent_s=0.1, hold_s=5.0)
    clock.now_s += 1.0
    session.tick()
    assert session.phase is Phase.held
    assert len(exercise.rows) == 5  # what was due before the silence was long enough
    clock.now_s += 1.0
    session.receive(Sticks(0, 0.0))
    assert session.phase is Phase.flying
    clock.now_s += STEP_S
    session.tick()
    assert len(exercise.rows) == 6


def test_the_wait_does_not_hang_on_when_somebody_looked():
    clock, exercise = Clock(), Listener()
    session = seated(exercise, clock, silent_s=0.1, hold_s=5.0)
    clock.now_s += 1.0
    session.receive(Sticks(0, 0.0))  # no tick came in between
    assert len(exercise.rows) == 5
    assert session.phase is Phase.flying


def test_a_client_that_does_not_return_ends_the_session():
    clock, exercise = Clock(), Listener()
    session = seated(exercise, clock, silent_s=0.1, hold_s=5.0)
    clock.now_s += 1.0
    session.tick()
    clock.now_s += 5.0
    session.tick()
    assert session.phase is Phase.over
    assert session.lateness.notes[-1]["text"] == "the client did not return"


def test_a_sleeping_computer_does_not_fly_for_minutes():
    clock, exercise = Clock(), Listener()
    session = seated(exercise, clock, silent_s=1000.0, behind_s=1.0)
    clock.now_s += 300.0
    session.tick()
    assert len(exercise.rows) == pytest.approx(51, abs=1)
    assert session.lateness.left_out_s == pytest.approx(299.0, abs=2 * STEP_S)


def test_an_exercise_that_is_over_ends_the_session():
    clock, exercise = Clock(), Listener(steps=3)
    session = seated(exercise, clock)
    clock.now_s += 0.5
    state = session.tick()
    assert state is not None
    assert state.phase is Phase.over
    assert len(exercise.rows) == 3


@pytest.mark.parametrize(
    "message",
    [
        Sticks(0, 0.0, roll=float("nan")), Sticks(0, 0.0, pitch=1.01), Sticks(0, 0.0, mode=99),
        Sticks(0, 0.0, buttons=-1),
    ],
)  # fmt: skip
def test_sticks_that_cannot_be_are_refused_and_the_session_goes_on(message: Sticks):
    clock, exercise = Clock(), Listener()
    session = seated(exercise, clock)
    with pytest.raises(CommandError):
        session.receive(message)
    clock.now_s += STEP_S
    session.tick()
    assert exercise.column(fields.STICK_ROLL) == [0.0]


def test_a_session_wants_one_world_and_a_seat_that_there_is():
    with pytest.raises(CommandError, match="seats pilot"):
        Session(Listener(), seat="watch", seed=1, clock=Clock())  # type: ignore[arg-type]
