"""A person's seat in an exercise: time-stamped sticks in, states out, simulated time kept to a clock.

    client ─Sticks (sequence, client time)─▶ receive ─▶ waiting ─▶ tick ─▶ Exercise.step ─▶ State ─▶ client
                                                                    ▲
                                                             clock(), passed in

A step uses the sticks received by the time it was due, not those received by the time it is flown. So a late tick flies
exactly what an early one would have flown; the delay is only recorded.
"""

from __future__ import annotations

import json
import math
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path

import numpy as np

from hotwash.errors import CommandError
from hotwash.export import files, recording_folder
from hotwash.flight.exercise import FlightExercise
from hotwash.flight.seats import fields
from hotwash.flight.seats.pilot import Command, View
from hotwash.model.recording import Recording
from hotwash.model.words import FLIGHT_MODES

Clock = Callable[[], float]  # seconds of any origin, never backwards

LOG = "session.json"
_MICROSECOND_S = 1e-6  # the precision expected of a clock in floats
_STICKS = ("roll", "pitch", "yaw", "throttle", "gimbal_pitch_rate")


class Phase(StrEnum):
    """The phase of a session: flying, paused on request, held because the client is silent, over."""

    flying = "flying"
    paused = "paused"
    held = "held"
    over = "over"


@dataclass(frozen=True, slots=True)
class Sticks:
    """One message of a client.

    sequence      running number, from 0
    client_s      the client's own time when it read its sticks; sent back, never used to fly
    roll … gimbal_pitch_rate   −1 to 1
    capture       whether a picture is to be taken
    mode          an index into words.FLIGHT_MODES, −1 keeps it
    buttons       bits, seats.fields.ARM and DISARM
    """

    sequence: int
    client_s: float
    roll: float = 0.0
    pitch: float = 0.0
    yaw: float = 0.0
    throttle: float = 0.0
    gimbal_pitch_rate: float = 0.0
    capture: bool = False
    mode: int = -1
    buttons: int = 0


@dataclass(frozen=True, slots=True)
class State:
    """What a client receives: the seat's view after a step, and which of its messages that step used.

    step, time_s        steps flown and simulated time
    view                one world's View
    phase               phase of the session
    sequence, client_s  of the last message used; −1 and 0 before the first
    late_s              delay of the step after it was due
    """

    step: int
    time_s: float
    view: View
    phase: Phase
    sequence: int
    client_s: float
    late_s: float


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a session waits.

    silent_s   after this long without a message the client counts as lost, and time stops
    hold_s     how long time stays stopped for the client to return; then the session is over
    behind_s   the most that one tick catches up; more is left out of simulated time, and recorded
    """

    silent_s: float = 1.0
    hold_s: float = 60.0
    behind_s: float = 1.0


@dataclass(slots=True)
class Lateness:
    """Timing of a session: steps flown, steps late by a step or more, the greatest delay, and time left out."""

    steps: int = 0
    late_steps: int = 0
    worst_s: float = 0.0
    left_out_s: float = 0.0
    dropped_messages: int = 0
    notes: list[dict[str, float | str]] = field(default_factory=list)


class Session:
    """One person in one seat of an exercise with one world; the sticks of other seats stay centred.

    exercise   with one world and a recording; it is reset here
    seat       the person's
    seed       of the exercise
    clock      returns seconds; time.monotonic in the page, a fake one in tests
    raises     CommandError when the exercise has more than one world, or no such seat
    """

    def __init__(
        self, exercise: FlightExercise, *, seat: str, seed: int, clock: Clock, patience: Patience | None = None
    ) -> None:
        names = [one.name for one in exercise.scenario.seats]
        if exercise.worlds != 1 or seat not in names:
            why = f"a session has one world and one of the seats {', '.join(names)}; this has {exercise.worlds} worlds"
            raise CommandError(f"seat {seat}", why=why)
        self.exercise, self.seat, self.phase = exercise, seat, Phase.flying
        self.lateness = Lateness()
        self._clock, self._patience = clock, patience or Patience()
        self._others = {name: Command.neutral() for name in names if name != seat}
        self._view = exercise.reset(seed)[seat]
        self._began_s = self._heard_s = clock()
        self._stopped_s = 0.0  # when time was stopped, while it is
        self._step = 0
        self._waiting: deque[tuple[float, Sticks]] = deque()
        self._last = Sticks(-1, 0.0)
        self._newest = -1
        self._row = Command.neutral().rows.copy()
        self._late_s = 0.0

    # ------------------------------------------------------------ the client's side

    def receive(self, message: Sticks) -> None:
        """Receive a message; one that is not newer than the last is dropped. A client that returns ends a hold.

        raises   CommandError when a stick is not a number or out of range; the session continues unchanged
        """
        _check(message)
        if self.phase is Phase.over:
            return
        if message.sequence <= self._newest:
            self.lateness.dropped_messages += 1
            return
        self._newest = message.sequence
        now_s = self._clock()
        if now_s >= self._heard_s + self._patience.silent_s:
            self.tick()  # the silence counts even if no tick has noticed it yet
        self._heard_s = now_s
        if self.phase is Phase.held:
            self._start(now_s, "the client is back")
        self._waiting.append((now_s, message))

    def pause(self) -> None:
        """Stop simulated time until `resume`."""
        if self.phase is Phase.flying:
            self._stop(Phase.paused, self._clock(), "paused")

    def resume(self) -> None:
        """Continue simulated time."""
        if self.phase in (Phase.paused, Phase.held):
            self._heard_s = self._clock()
            self._start(self._heard_s, "resumed")

    def end(self) -> None:
        """End the session; its recording remains available."""
        self._finish("ended by the client")

    # ------------------------------------------------------------ the clock's side

    def tick(self) -> State | None:
        """Fly every step that is due and return the state after the last; None when none was due.

        Call it as often as you need states; how often and how late does not change what is flown.
        """
        now_s = self._clock()
        if self.phase is Phase.held and now_s - self._heard_s >= self._patience.hold_s:
            self._finish("the client did not return")
        if self.phase is not Phase.flying:
            return None
        gone_s = self._heard_s + self._patience.silent_s
        until_s = self._not_too_far(min(now_s, gone_s))
        flown = 0
        while self._is_flying() and self._due_s() <= until_s + _MICROSECOND_S:
            self._fly(now_s)
            flown += 1
        if self._is_flying() and now_s >= gone_s:
            self._stop(Phase.held, gone_s, "the client stopped responding")
        return self.state() if flown else None

    def state(self) -> State:
        """Return the current state for the client."""
        time_s = self._step * self.exercise.scenario.step_s
        return State(self._step, time_s, self._view, self.phase, self._last.sequence, self._last.client_s, self._late_s)

    def recording(self) -> Recording:
        """Return the recording so far."""
        return self.exercise.recording()

    def write(self, folder: Path) -> Path:
        """Write the recording so far and the timing of the session into a folder; return the folder.

        raises   WriteError
        """
        recording_folder.write(folder, self.recording())
        files.write_file(folder / LOG, json.dumps(asdict(self.lateness), indent=1).encode())
        return folder

    def _is_flying(self) -> bool:
        return self.phase is Phase.flying

    def _due_s(self) -> float:
        """Return when the next step is due, on the clock."""
        return self._began_s + (self._step + 1) * self.exercise.scenario.step_s

    def _not_too_far(self, until_s: float) -> float:
        """Leave out what one tick may not catch up, so that a computer that slept does not fly for minutes."""
        behind_s = until_s - self._due_s()
        if behind_s > self._patience.behind_s:
            left_out_s = behind_s - self._patience.behind_s
            self._shift(left_out_s)
            self.lateness.left_out_s += left_out_s
            self._note("time was left out: the computer did not keep up", left_out_s)
        return until_s

    def _fly(self, now_s: float) -> None:
        due_s = self._due_s()
        self._late_s = now_s - due_s
        self._obey(due_s)
        views = self.exercise.step({self.seat: Command(self._row.copy()), **self._others})
        self._view = views[self.seat]
        self._step += 1
        step_s = self.exercise.scenario.step_s
        self.lateness.steps += 1
        self.lateness.late_steps += int(self._late_s >= step_s - _MICROSECOND_S)
        self.lateness.worst_s = max(self.lateness.worst_s, self._late_s)
        if bool(np.all(self.exercise.is_over)):
            self._finish("the exercise is over")

    def _obey(self, due_s: float) -> None:
        """Put the messages received by a time into the command: sticks as last read, presses only once."""
        row = self._row[0]
        row[fields.CAPTURE], row[fields.ASKED_MODE], row[fields.BUTTONS] = 0.0, -1.0, 0.0
        while self._waiting and self._waiting[0][0] <= due_s:
            message = self._waiting.popleft()[1]
            row[:5] = message.roll, message.pitch, message.yaw, message.throttle, message.gimbal_pitch_rate
            row[fields.CAPTURE] = max(row[fields.CAPTURE], float(message.capture))
            row[fields.ASKED_MODE] = message.mode if message.mode >= 0 else row[fields.ASKED_MODE]
            row[fields.BUTTONS] = int(row[fields.BUTTONS]) | message.buttons
            self._last = message

    # ------------------------------------------------------------ standing still

    def _shift(self, by_s: float) -> None:
        """Skip time: later steps become due later."""
        self._began_s += by_s

    def _stop(self, phase: Phase, at_s: float, why: str) -> None:
        self.phase, self._stopped_s = phase, at_s
        self._note(why, 0.0)

    def _start(self, now_s: float, why: str) -> None:
        self._shift(now_s - self._stopped_s)
        self.phase = Phase.flying
        self._note(why, now_s - self._stopped_s)

    def _finish(self, why: str) -> None:
        if self.phase is not Phase.over:
            self.phase = Phase.over
            self._note(why, 0.0)

    def _note(self, text: str, wait_s: float) -> None:
        self.lateness.notes.append({"step": self._step, "wait_s": wait_s, "text": text})


def _check(message: Sticks) -> None:
    """Refuse an invalid command, naming the field."""
    values: Mapping[str, float] = {name: getattr(message, name) for name in _STICKS}
    for name, value in values.items():
        if not (math.isfinite(value) and -1.0 <= value <= 1.0):
            raise CommandError(f"message {message.sequence}", place=name, why=f"{value} is not between -1 and 1")
    if not -1 <= message.mode < len(FLIGHT_MODES):
        raise CommandError(f"message {message.sequence}", place="mode", why=f"{message.mode} is not a mode, nor -1")
    if message.buttons < 0:
        raise CommandError(f"message {message.sequence}", place="buttons", why="bits are not negative")
