"""What runs a scenario with pilots: one world for a person, a thousand side by side for training.

Command of every seat ─▶ pilot seats ─▶ View of every seat, and the log that a recording is made of
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hotwash.air.random_numbers import draw_ranges, keys
from hotwash.errors import CommandError, HotwashError
from hotwash.flight import log, lookup
from hotwash.flight.log import Log
from hotwash.flight.pose import Pose
from hotwash.flight.seats.pilot import Command, View
from hotwash.flight.seats.pilot_seat import PilotSeat, Progress
from hotwash.lanes.referee import Referee
from hotwash.model.flight_scenario import FlightScenario
from hotwash.model.recording import Recording

# Blocks that go through the whole step together: their numbers, 2 KB a world, then stay in the cache between kernels.
AT_ONCE = 16
_CLOSED = "it was closed, and is not flown any more; make a new one"

BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]


class FlightExercise:
    """A scenario with pilots, as it runs: one seed and one row of commands give one flight, bit for bit.

    scenario      what happens and who sits where
    worlds        how many fly side by side, each by itself
    record        whether to keep what a recording needs: some 0.3 KB a seat, world and step
    threads       how many share the worlds; with fewer than 32 worlds each, one is used
    first_world   number of the first world: a world's numbers depend on the seed and its own number alone
    raises        ScenarioError for an unknown airframe or lane, AirframeError and LaneError for one that cannot be

    scenario, worlds, lane (None without one), airframes and referees (by seat), seats (their names) and pilot_seats
    (in that order: the arrays that fly) can be read.
    """

    def __init__(
        self, scenario: FlightScenario, *, worlds: int = 1, record: bool = False, threads: int = 1, first_world: int = 0
    ) -> None:
        if worlds < 1 or threads < 1 or first_world < 0:
            raise HotwashError(scenario.name, why="an exercise has at least one world and one thread")
        self.scenario, self.worlds = scenario, worlds
        self.lane = lookup.find_lane(scenario)
        self.airframes = {seat.name: lookup.find_airframe(scenario, seat) for seat in scenario.seats}
        self.pilot_seats = tuple(
            PilotSeat(scenario, seat, self.airframes[seat.name], self.lane, worlds=worlds) for seat in scenario.seats
        )
        self.seats: tuple[str, ...] = tuple(seat.name for seat in self.pilot_seats)
        self.referees: dict[str, Referee] = {seat.name: seat.referee for seat in self.pilot_seats if seat.referee}
        self._has_waiting = any(fault.when_task is not None for fault in scenario.faults)
        self._log = Log(self.pilot_seats, worlds) if record else None
        self._numbers = first_world + np.arange(worlds, dtype=np.int64)
        self._drawn = self._numbers.copy()  # the number with which each world was last put back to the start
        self._seeds: list[int | None] = [None] * worlds
        self._is_set = self._is_closed = False
        blocks = self.pilot_seats[0].blocks
        shares = np.linspace(0, blocks, min(threads, blocks) + 1).astype(int).tolist()
        self._shares = list(pairwise(shares))
        self._start_threads()

    def _start_threads(self) -> None:
        is_shared = len(self._shares) > 1 and not self._is_closed
        self._pool = ThreadPoolExecutor(len(self._shares)) if is_shared else None
        self._chain = _chain(self.pilot_seats)

    def __getstate__(self) -> dict[str, Any]:
        """Return what a copy needs, here or in another process; its threads are its own."""
        return {name: value for name, value in self.__dict__.items() if name not in ("_pool", "_chain")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._start_threads()

    def reset(self, seed: int, worlds: BoolArray | None = None) -> dict[str, View]:
        """Put worlds back to the start, and return what each seat sees there.

        seed     any whole number; world k draws from it and k alone
        worlds   (n,) which; all of them when left out. The others fly on as if nothing had happened
        returns  the views of all worlds, by seat

        A recording of a world begins at its last reset.
        """
        self.begin(seed, worlds)
        return self._views()

    def begin(self, seed: int, worlds: BoolArray | None = None, *, number: int | None = None) -> None:
        """Put worlds back to the start as `reset` does, and return nothing: `view` gives what each seat sees there.

        number   draw as the world of this number does; None: each as its own
        """
        if self._is_closed:
            raise CommandError(self.scenario.name, why=_CLOSED)
        mask = np.ones(self.worlds, dtype=np.bool_) if worlds is None else np.asarray(worlds, dtype=np.bool_)
        if mask.shape != (self.worlds,) or not (self._is_set or mask.all()):
            raise HotwashError(self.scenario.name, why=f"name each of {self.worlds} worlds; the first reset takes all")
        chosen = np.flatnonzero(mask)
        self._drawn[chosen] = self._numbers[chosen] if number is None else number
        numbers = self._drawn[chosen]
        found = draw_ranges(self.scenario.randomise, seed=seed, worlds=numbers)
        for seat in self.pilot_seats:
            seat.reset(chosen, keys(seed, numbers, f"seat {seat.name}"), found)
        for world in chosen.tolist():
            self._seeds[world] = seed
        self._is_set = True
        if self._log is not None:
            self._log.begin(chosen)

    def step(self, commands: Mapping[str, Command]) -> dict[str, View]:
        """Fly one step and return what each seat sees after it.

        commands   by seat, one of each
        returns    views by seat; they never change afterwards
        raises     CommandError, before anything moves, when a command is out of range, not a number, for other worlds
                   or for a seat that is not there
        """
        self.fly(commands)
        return self._views()

    def fly(
        self,
        commands: Mapping[str, Command],
        *,
        before: Callable[[int, int], None] | None = None,
        then: Callable[[int, int], None] | None = None,
    ) -> None:
        """Fly one step as `step` does, and return nothing: `view` gives what each seat sees after it.

        before   called with the first world and the one after the last of each share of the worlds before it flies, on
                 the thread that flies it, to write its rows of `commands`; these are not looked through
        then     called with the same once it has flown
        """
        pilot_seats = self.pilot_seats
        for seat in pilot_seats:
            seat.take(commands, is_written=before is None)
        if len(commands) != len(pilot_seats) or not self._is_set or self._is_closed:
            self._refuse(commands)
        if self._pool is None:
            self._share(0, pilot_seats[0].blocks, before, then)
        else:
            for done in [self._pool.submit(self._share, first, last, before, then) for first, last in self._shares]:
                done.result()
        if self._has_waiting:
            for seat in pilot_seats:
                seat.begin_waiting_faults()
        if self._log is not None:
            self._log.add()

    def _share(
        self, first: int, last: int, before: Callable[[int, int], None] | None, then: Callable[[int, int], None] | None
    ) -> None:
        """Fly a share of the blocks, some at a time."""
        width = self.pilot_seats[0].width
        for at in range(first, last, AT_ONCE):
            end = min(at + AT_ONCE, last)
            worlds = at * width, min(end * width, self.worlds)
            if before is not None:
                before(*worlds)
            self._chain(at, end)
            if then is not None:
                then(*worlds)

    def view(self, seat: str) -> View:
        """Return what a seat sees now: not a copy, the next step and reset write over it."""
        return View(self.pilot_seats[self.seats.index(seat)].view)

    def pose(self, seat: str) -> Pose:
        """Return what is true of a seat's drone, which nobody in a seat sees: not a copy."""
        return Pose(self.pilot_seats[self.seats.index(seat)].pose)

    def progress(self, seat: str) -> Progress:
        """Return how far a seat has come: not a copy, the next step and reset write over it."""
        return self.pilot_seats[self.seats.index(seat)].progress

    def _refuse(self, commands: Mapping[str, Command]) -> None:
        if self._is_closed:
            raise CommandError(self.scenario.name, why=_CLOSED)
        if not self._is_set:
            raise CommandError(self.scenario.name, why="it has not begun; call reset(seed) before the first step")
        wrong = next(name for name in commands if name not in self.seats)
        raise CommandError(wrong, why=f"no such seat; there are {', '.join(self.seats)}")

    def _views(self) -> dict[str, View]:
        return {seat.name: View(seat.view.copy()) for seat in self.pilot_seats}

    @property
    def time_s(self) -> float:
        """Simulated time since the reset of the first world [s]."""
        return float(self.times_s[0])

    @property
    def times_s(self) -> FloatArray:
        """Simulated time of each world since its reset, (n,) [s]."""
        return self.pilot_seats[0].view[:, 0].copy()

    @property
    def is_over(self) -> BoolArray:
        """(n,) where the time is up, or every seat's lane is done. Worlds that are over may be flown on."""
        is_over = np.ones(self.worlds, dtype=np.bool_)
        for seat in self.pilot_seats:
            is_over &= seat.is_over
        return is_over

    def recording(self, world: int = 0) -> Recording:
        """Return what was recorded of one world since its last reset, up to now.

        raises   HotwashError when the exercise does not record, or was never reset
        """
        if self._log is None or not self._is_set:
            why = "nothing was recorded; make the exercise with record=True, and reset it before it is flown"
            raise HotwashError(self.scenario.name, why=why)
        text = lookup.text_with_files(
            self.scenario, self.lane, self.airframes, seed=self._seeds[world], world=int(self._drawn[world])
        )
        return log.recording(
            self._log, self.pilot_seats, self.scenario, text, world=world, seed=self._seeds[world],
            number=int(self._drawn[world]),
        )  # fmt: skip

    def close(self) -> None:
        """Let go of the threads; what was recorded stays, and nothing more is flown."""
        self._is_closed = True
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None


def _chain(pilot_seats: tuple[PilotSeat, ...]) -> Callable[[int, int], None]:
    """Return what flies a share of the blocks through one step."""
    if len(pilot_seats) == 1 and pilot_seats[0].blocks <= AT_ONCE:
        return pilot_seats[0].step

    def fly(first: int, last: int) -> None:
        for begin in range(first, last, AT_ONCE):
            for seat in pilot_seats:
                seat.step(begin, min(begin + AT_ONCE, last))

    return fly


def replay_flight(scenario: FlightScenario, controls: pl.DataFrame) -> Recording:
    """Fly controls again, and return what comes of them: an equal recording, on the same machine.

    controls   CONTROLS of every seat, as a recording of the scenario holds them
    """
    return replay_steps(scenario, log.commands(controls, [seat.name for seat in scenario.seats]))


def replay_steps(scenario: FlightScenario, steps: Iterable[Mapping[str, Command]]) -> Recording:
    """Fly commands again, and return what comes of them: an equal recording, on the same machine.

    steps   the commands of each step, by seat
    """
    exercise = FlightExercise(scenario, record=True, first_world=scenario.world or 0)
    exercise.reset(scenario.seed or 0)
    for commands in steps:
        exercise.step(commands)
    return exercise.recording()
