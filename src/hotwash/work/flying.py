"""Fly an exercise with a policy, score the flight and write its recording."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hotwash.lanes.lane import NOTICE
from hotwash.model.recording import Recording
from hotwash.model.scenario import Scenario
from hotwash.score.attempt import Measured

Progress = Callable[[str, float | None], None]  # what is being done, and how far into it, 0 to 1

FIRST_TIME = "Compiling for the first time: some 20 s, once"
_TELL_EVERY_S = 5.0  # of simulated time


def _silent(_: str, __: float | None) -> None:
    """Say nothing."""


@dataclass(frozen=True, slots=True)
class Flown:
    """One flight: who flew what, what came of it, and where it was written.

    measured       the score, from the recording alone
    folder         where the recording lies; None when it was not asked for
    wall_seconds   how long flying and scoring took
    """

    scenario: Scenario
    policy: str
    seed: int
    recording: Recording
    measured: Measured
    folder: Path | None
    wall_seconds: float

    @property
    def airframe(self) -> str:
        return self.scenario.seats[0].airframe

    @property
    def is_no_go(self) -> bool:
        """Whether it fell short of the school's pass marks; never where it set none."""
        return self.measured.result == "NO-GO"

    def flat(self) -> dict[str, Any]:
        """Return everything for a program; times are simulated but for wall_seconds."""
        return {
            "exercise": self.scenario.name, "version": self.scenario.version, "seed": self.seed,
            "policy": self.policy, "airframe": self.airframe, **told(self.measured), "notice": NOTICE,
            "wall_seconds": self.wall_seconds, "recording": str(self.folder) if self.folder else None,
        }  # fmt: skip
