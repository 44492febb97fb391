"""What runs a scenario with pilots: one world for a person, a thousand side by side for training.

Command of every seat ─▶ desks ─▶ View of every seat, and the log that a recording is made of
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hotwash.air import randomisation
from hotwash.air.random_keys import keys
from hotwash.errors import CommandError, HotwashError
from hotwash.flight import log, lookup
from hotwash.flight.log import Log
from hotwash.flight.seats.desk import Desk
from hotwash.flight.seats.pilot import Command, View
from hotwash.lanes.referee import Referee
from hotwash.model.recording import Recording
from hotwash.model.scenario import Scenario

# Blocks that go through the whole step together: their numbers, 2 KB a world, then stay in the cache between kernels.
AT_ONCE = 16

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

    scenario, worlds, lane (None without one), airframes and referees (by seat), seats (their names) and desks (one a
    seat, in that order: the arrays that fly) can be read.
    """

    def __init__(
        self, scenario: Scenario, *, worlds: int = 1, record: bool = False, threads: int = 1, first_world: int = 0
    ) -> None:
        if worlds < 1 or threads < 1 or first_world < 0:
            raise HotwashError(scenario.name, why="an exercise has at least one world and one thread")
        if scenario.is_watch:
            raise HotwashError(scenario.name, why="nobody flies in it: its seat keeps the watch")
        self.scenario, self.worlds = scenario, worlds
        self.lane = lookup.lane(scenario)
        self.airframes = {seat.name: lookup.airframe(scenario, seat) for seat in scenario.seats}
        self.desks = tuple(
            Desk(scenario, seat, self.airframes[seat.name], self.lane, worlds=worlds) for seat in scenario.seats
        )
        self.seats: tuple[str, ...] = tuple(desk.name for desk in self.desks)
        self.referees: dict[str, Referee] = {desk.name: desk.referee for desk in self.desks if desk.referee}
        self._has_waiting = any(fault.when_task is not None for fault in scenario.faults)
        self._log = Log(self.desks, worlds) if record else None
        self._numbers = first_world + np.arange(worlds, dtype=np.int64)
        self._seeds: list[int | None] = [None] * worlds
        self._is_set = False
        blocks = self.desks[0].blocks
        shares = np.linspace(0, blocks, min(threads, blocks) + 1).astype(int).tolist()
        self._shares = list(pairwise(shares))
        self._pool = ThreadPoolExecutor(len(self._shares)) if len(self._shares) > 1 else None
        self._chain = _chain(self.desks)

    def reset(self, seed: int, worlds: BoolArray | None = None) -> dict[str, View]:
        """Put worlds back to the start, and return what each seat sees there.

        seed     any whole number; world k draws from it and k alone
        worlds   (n,) which; all of them when left out. The others fly on as if nothing had happened
        returns  the views of all worlds, by seat

        A recording of a world begins at its last reset.
        """
        self.begin(seed, worlds)
        return self._views()

    def begin(self, seed: int, worlds: BoolArray | None = None) -> None:
        """Put worlds back to the start as `reset` does, and return nothing: `seen` shows what each seat sees there."""
        mask = np.ones(self.worlds, dtype=np.bool_) if worlds is None else np.asarray(worlds, dtype=np.bool_)
        if mask.shape != (self.worlds,) or not (self._is_set or mask.all()):
            raise HotwashError(self.scenario.name, why=f"name each of {self.worlds} worlds; the first reset takes all")
        chosen = np.flatnonzero(mask)
        numbers = self._numbers[chosen]
        found = randomisation.drawn(self.scenario, seed=seed, worlds=numbers)
        for desk in self.desks:
            desk.reset(chosen, keys(seed, numbers, f"seat {desk.name}"), found)
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
        """Fly one step as `step` does, and return nothing: `seen` shows what each seat sees after it.

        before   called with the first world and the one after the last of each share of the worlds before it flies, on
                 the thread that flies it, to write its rows of `commands`; these are not looked through
        then     called with the same once it has flown
        """
        desks = self.desks
        for desk in desks:
            desk.take(commands, is_written=before is None)
        if len(commands) != len(desks) or not self._is_set:
            self._refuse(commands)
        if self._pool is None:
            self._share(0, desks[0].blocks, before, then)
        else:
            for done in [self._pool.submit(self._share, first, last, before, then) for first, last in self._shares]:
                done.result()
        if self._has_waiting:
            for desk in desks:
                desk.begin_waiting_faults()
        if self._log is not None:
            self._log.add()

    def _share(
        self, first: int, last: int, before: Callable[[int, int], None] | None, then: Callable[[int, int], None] | None
    ) -> None:
        """Fly a share of the blocks, some at a time."""
        width = self.desks[0].width
        for at in range(first, last, AT_ONCE):
            end = min(at + AT_ONCE, last)
            worlds = at * width, min(end * width, self.worlds)
            if before is not None:
                before(*worlds)
            self._chain(at, end)
            if then is not None:
                then(*worlds)

    def seen(self, seat: str) -> View:
        """Return what a seat sees now: not a copy, the next step and reset write over it."""
        return View(self.desks[self.seats.index(seat)].view)

    def _refuse(self, commands: Mapping[str, Command]) -> None:
        if not self._is_set:
            raise CommandError(self.scenario.name, why="it has not begun; call reset(seed) before the first step")
        wrong = next(name for name in commands if name not in self.seats)
        raise CommandError(wrong, why=f"no such seat; there are {', '.join(self.seats)}")

    def _views(self) -> dict[str, View]:
        return {desk.name: View(desk.view.copy()) for desk in self.desks}

    @property
    def time_s(self) -> float:
        """Simulated time since the reset of the first world [s]."""
        return float(self.times_s[0])

    @property
    def times_s(self) -> FloatArray:
        """Simulated time of each world since its reset, (n,) [s]."""
        return self.desks[0].view[:, 0].copy()

    @property
    def is_over(self) -> BoolArray:
        """(n,) where the time is up, or every seat's lane is done. Worlds that are over may be flown on."""
        is_over = np.ones(self.worlds, dtype=np.bool_)
        for desk in self.desks:
            is_over &= desk.is_over
        return is_over

    def recording(self, world: int = 0) -> Recording:
        """Return what was recorded of one world since its last reset, up to now.

        raises   HotwashError when the exercise does not record, or was never reset
        """
        if self._log is None or not self._is_set:
            why = "nothing was recorded; make the exercise with record=True, and reset it before it is flown"
            raise HotwashError(self.scenario.name, why=why)
        text = lookup.resolved(
            self.scenario, self.lane, self.airframes, seed=self._seeds[world], world=int(self._numbers[world])
        )
        return log.recording(
            self._log, self.desks, self.scenario, text, world=world, seed=self._seeds[world],
            number=int(self._numbers[world]),
        )  # fmt: skip

    def close(self) -> None:
        """Let go of the threads; what was recorded stays."""
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None


def _chain(desks: tuple[Desk, ...]) -> Callable[[int, int], None]:
    """Return what flies a share of the blocks through one step."""
    if len(desks) == 1 and desks[0].blocks <= AT_ONCE:
        return desks[0].step

    def fly(first: int, last: int) -> None:
        for begin in range(first, last, AT_ONCE):
            for desk in desks:
                desk.step(begin, min(begin + AT_ONCE, last))

    return fly


def replayed(scenario: Scenario, controls: pl.DataFrame) -> Recording:
    """Fly controls again, and return what comes of them: an equal recording, on the same machine.

    controls   CONTROLS of every seat, as a recording of the scenario holds them
    """
    exercise = FlightExercise(scenario, record=True, first_world=scenario.world or 0)
    exercise.reset(scenario.seed or 0)
    for commands in log.commands(controls, exercise.seats):
        exercise.step(commands)
    return exercise.recording()
