"""An exercise: a scenario that runs, step by step, in one world or many.

    Scenario ─▶ Exercise ─reset(seed)─▶ View ─ a pilot, an agent ─▶ Command ─step─▶ View … ─recording─▶ Recording

People and agents use the same one: one world for a person, a thousand for training. Behind it stands one of two:
`flying.FlightExercise` where somebody flies, `watching.WatchExercise` where somebody keeps the watch.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from hotwash.errors import HotwashError
from hotwash.flight import exercise as flights
from hotwash.flight import lookup
from hotwash.flight.exercise import FlightExercise
from hotwash.model.recording import Recording
from hotwash.model.scenario import Scenario

if TYPE_CHECKING:
    from hotwash.flight.airframes import Airframe
    from hotwash.lanes.lane import Lane
    from hotwash.lanes.referee import Referee
    from hotwash.watch.exercise import WatchExercise

BoolArray = NDArray[np.bool_]
FloatArray = NDArray[np.float64]


class Runner(Protocol):
    """What runs a scenario, whoever sits there. Commands and views are those of its kind of seat."""

    seats: tuple[str, ...]

    def reset(self, seed: int, worlds: BoolArray | None = None) -> Mapping[str, Any]: ...
    def step(self, commands: Mapping[str, Any]) -> Mapping[str, Any]: ...
    def recording(self, world: int = 0) -> Recording: ...
    def close(self) -> None: ...
    @property
    def times_s(self) -> FloatArray: ...
    @property
    def is_over(self) -> BoolArray: ...


class Exercise:
    """A scenario that runs. One seed and one row of commands give one recording, bit for bit, on one machine.

    scenario      what happens and who sits where
    worlds        how many run side by side, each by itself; a watch runs in one
    record        whether to keep what a recording needs: of a flight some 0.3 KB a seat, world and step
    threads       how many share the worlds of a flight; with fewer than 32 worlds each, one is used
    first_world   number of the first world: a world's numbers depend on the seed and its own number alone
    given         of a watch seat: the staged recording to play, in place of the scenario's own
    raises        ScenarioError for an unknown airframe or lane, AirframeError and LaneError for one that cannot be;
                  HotwashError for a watch in many worlds

    scenario, worlds and seats (their names) can be read. Pilots command by Command and see a View; a watch seat
    commands by WatchCommand and sees a WatchView. What only one of the two has is found at `flight` and `watch`.
    """

    def __init__(
        self, scenario: Scenario, *, worlds: int = 1, record: bool = False, threads: int = 1, first_world: int = 0,
        given: Recording | None = None,
    ) -> None:  # fmt: skip
        self.scenario, self.worlds = scenario, worlds
        self._runner: Runner
        if scenario.is_watch:
            self._runner = _watch(scenario, worlds, first_world, record=record, given=given)
        else:
            self._runner = FlightExercise(
                scenario, worlds=worlds, record=record, threads=threads, first_world=first_world
            )
        self.seats = self._runner.seats

    @property
    def flight(self) -> FlightExercise:
        """What runs it where somebody flies.

        raises   HotwashError where nobody does
        """
        if not isinstance(self._runner, FlightExercise):
            raise HotwashError(self.scenario.name, why="nobody flies in it: its seat keeps the watch")
        return self._runner

    @property
    def watch(self) -> WatchExercise:
        """What runs it where somebody keeps the watch.

        raises   HotwashError where nobody does
        """
        from hotwash.watch.exercise import WatchExercise

        if not isinstance(self._runner, WatchExercise):
            raise HotwashError(self.scenario.name, why="nobody keeps the watch in it: its seats fly")
        return self._runner

    @property
    def lane(self) -> Lane | None:
        """The lane that is flown; None without one, and of a watch."""
        return self._runner.lane if isinstance(self._runner, FlightExercise) else None

    @property
    def airframes(self) -> Mapping[str, Airframe]:
        """What flies, by seat; nothing does in a watch."""
        return self._runner.airframes if isinstance(self._runner, FlightExercise) else {}

    @property
    def referees(self) -> Mapping[str, Referee]:
        """Who judges, by seat; empty without a lane, and of a watch."""
        return self._runner.referees if isinstance(self._runner, FlightExercise) else {}

    def reset(self, seed: int, worlds: BoolArray | None = None) -> dict[str, Any]:
        """Put worlds back to the start, and return what each seat sees there.

        seed     any whole number; world k draws from it and k alone
        worlds   (n,) which; all of them when left out. The others go on as if nothing had happened
        returns  the views of all worlds, by seat

        A recording of a world begins at its last reset.
        """
        return dict(self._runner.reset(seed, worlds))

    def step(self, commands: Mapping[str, Any]) -> dict[str, Any]:
        """Take one step and return what each seat sees after it.

        commands   by seat, one of each: a Command, or a WatchCommand of a watch seat
        returns    views by seat; they never change afterwards
        raises     CommandError, before anything moves, when a command cannot be, is for other worlds or for a seat that
                   is not there
        """
        return dict(self._runner.step(commands))

    @property
    def time_s(self) -> float:
        """Simulated time since the reset of the first world [s]."""
        return float(self._runner.times_s[0])

    @property
    def times_s(self) -> FloatArray:
        """Simulated time of each world since its reset, (n,) [s]."""
        return self._runner.times_s

    @property
    def is_over(self) -> BoolArray:
        """(n,) where the time is up, or every seat's lane is done. Worlds that are over may go on."""
        return self._runner.is_over

    def recording(self, world: int = 0) -> Recording:
        """Return what was recorded of one world since its last reset, up to now.

        raises   HotwashError when the exercise does not record, or was never reset
        """
        return self._runner.recording(world)

    def close(self) -> None:
        """Let go of the threads; what was recorded stays."""
        self._runner.close()


def _watch(
    scenario: Scenario, worlds: int, first_world: int, *, record: bool, given: Recording | None
) -> WatchExercise:
    """Return what runs a scenario with a watch seat."""
    from hotwash.watch.exercise import WatchExercise

    if worlds != 1:
        why = "a watch exercise runs in one world; make one Exercise for each, with first_world"
        raise HotwashError(scenario.name, why=why)
    return WatchExercise(scenario, record=record, given=given, world=first_world)


def replayed(recording: Recording) -> Recording:
    """Run a recording again, and return what comes of it: an equal recording, on the same machine.

    Of pilots their controls are flown again; of a watch seat its decisions are given again, over what was staged.
    raises   ScenarioError when the recording carries no scenario that was run
    """
    scenario, controls = lookup.of_recording(recording)
    if scenario.is_watch:
        from hotwash.watch import exercise as watches

        return watches.replayed(recording, scenario)
    return flights.replayed(scenario, controls)
