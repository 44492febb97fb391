"""A person's seat over an exercise: stamped sticks in, states out, simulated time held to a clock.

    client ─Sticks (sequence, client time)─▶ receive ─▶ waiting ─▶ tick ─▶ Exercise.step ─▶ State ─▶ client
                                                                    ▲
                                                             clock(), passed in

A step takes the sticks that had come by the time it was due, not those that have come by the time it is flown. So a
late tick flies exactly what an early one would have flown; how late it was is only noted.
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
_MICROSECOND_S = 1e-6  # a clock that counts in floats is not asked for more
_STICKS = ("roll", "pitch", "yaw", "throttle", "gimbal_pitch_rate")


class Phase(StrEnum):
    """Where a session is: flying, standing still by wish, standing still because nobody answers, over."""

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
    """What a client is told: the seat's view after a step, and which of its own messages that step obeyed.

    step, time_s        steps flown and simulated time
    view                one world's View
    phase               where the session is
    sequence, client_s  of the last message that was flown; −1 and 0 before the first
    late_s              how long after it was due the step was flown
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

    silent_s   without a message for so long, the client has vanished: time stands still
    hold_s     it stands so long for the client to return; then the session is over
    behind_s   a tick flies at most so much; what is more is left out of simulated time, and noted
    """

    silent_s: float = 1.0
    hold_s: float = 60.0
    behind_s: float = 1.0


@dataclass(slots=True)
class Lateness:
    """How a session kept time: steps flown, how many a step late or more, the worst, and time left out."""

    steps: int = 0
    late_steps: int = 0
    worst_s: float = 0.0
    left_out_s: float = 0.0
    dropped_messages: int = 0
    notes: list[dict[str, float | str]] = field(default_factory=list)


class Session:
    """One person on one seat of an exercise with one world; other seats stay with their sticks centred.

    exercise   has one world and records; it is reset here
    seat       the person's
    seed       of the exercise
    clock      returns seconds; time.monotonic in the page, a fake one in tests
    raises     CommandError when the exercise has other than one world, or no such seat
    """

    def __init__(
        self, exercise: FlightExercise, *, seat: str, seed: int, clock: Clock, patience: Patience | None = None
    ) -> None:
        names = [one.name for one in exercise.scenario.seats]
        if exercise.worlds != 1 or seat not in names:
            why = f"a session is one world and one of the seats {', '.join(names)}; there are {exercise.worlds} worlds"
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
        """Take a message; one that is not newer than the newest is dropped. A client that returns ends a hold.

        raises   CommandError when a stick is no number or out of range; the session goes on as it was
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
            self.tick()  # the silence counts, though no tick has seen it yet
        self._heard_s = now_s
        if self.phase is Phase.held:
            self._start(now_s, "the client is back")
        self._waiting.append((now_s, message))

    def pause(self) -> None:
        """Let simulated time stand still until `resume`."""
        if self.phase is Phase.flying:
            self._stop(Phase.paused, self._clock(), "paused")

    def resume(self) -> None:
        """Let simulated time go on."""
        if self.phase in (Phase.paused, Phase.held):
            self._heard_s = self._clock()
            self._start(self._heard_s, "resumed")

    def end(self) -> None:
        """End the session; its recording stays."""
        self._finish("ended by the client")

    # ------------------------------------------------------------ the clock's side

    def tick(self) -> State | None:
        """Fly every step that is due and return the state after the last; None when none was due.

        Call it as often as states are wanted; how often, and how late, changes no number that is flown.
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
            self._stop(Phase.held, gone_s, "the client has vanished")
        return self.state() if flown else None

    def state(self) -> State:
        """Return what the client should know now."""
        time_s = self._step * self.exercise.scenario.step_s
        return State(self._step, time_s, self._view, self.phase, self._last.sequence, self._last.client_s, self._late_s)

    def recording(self) -> Recording:
        """Return the recording so far."""
        return self.exercise.recording()

    def write(self, folder: Path) -> Path:
        """Write the recording so far, and how the session kept time, into a folder; return the folder.

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
        """Leave out what is more than a tick may catch up, so that a sleeping computer does not fly for minutes."""
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
        """Put what had come by a time into the command: sticks as last read, what is pressed only once."""
        row = self._row[0]
        row[fields.CAPTURE], row[fields.ASKED_MODE], row[fields.BUTTONS] = 0.0, -1.0, 0.0
        while self._waiting and self._waiting[0][0] <= due_s:
            said = self._waiting.popleft()[1]
            row[:5] = said.roll, said.pitch, said.yaw, said.throttle, said.gimbal_pitch_rate
            row[fields.CAPTURE] = max(row[fields.CAPTURE], float(said.capture))
            row[fields.ASKED_MODE] = said.mode if said.mode >= 0 else row[fields.ASKED_MODE]
            row[fields.BUTTONS] = int(row[fields.BUTTONS]) | said.buttons
            self._last = said

    # ------------------------------------------------------------ standing still

    def _shift(self, by_s: float) -> None:
        """Take time out: what is due, and what has come, is so much later."""
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
    """Refuse what is no command, by the name of the field."""
    values: Mapping[str, float] = {name: getattr(message, name) for name in _STICKS}
    for name, value in values.items():
        if not (math.isfinite(value) and -1.0 <= value <= 1.0):
            raise CommandError(f"message {message.sequence}", place=name, why=f"{value} is not between -1 and 1")
    if not -1 <= message.mode < len(FLIGHT_MODES):
        raise CommandError(f"message {message.sequence}", place="mode", why=f"{message.mode} is no mode, nor -1")
    if message.buttons < 0:
        raise CommandError(f"message {message.sequence}", place="buttons", why="bits are not negative")
