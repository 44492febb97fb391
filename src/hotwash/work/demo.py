"""Show the whole once: a real incident weighed, and a standard test flown and scored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from hotwash.work import account, flying
from hotwash.work.account import Analysed
from hotwash.work.flying import Asked, Flown

Progress = Callable[[str], None]

FLIGHT = "flight"  # the folder of the flight's recording
DEBRIEF = "debrief.md"
_TEST, _SEED = "bperp", 1


@dataclass(frozen=True, slots=True)
class Shown:
    """What the demo made: an account, and a flight whose recording lies beside it."""

    account: Analysed
    flight: Flown

    def flat(self) -> dict[str, Any]:
        """Return the account, and under `flight` what was flown, but for how long the machine took."""
        told = {key: value for key, value in self.flight.flat().items() if key != "wall_seconds"}
        return {**self.account.account, FLIGHT: told | {"recording": FLIGHT}}


def show(*, now_utc: datetime, out: Path | None = None, progress: Progress = lambda _: None) -> Shown:
    """Weigh the real example, then let the autopilot fly the proficiency test.

    out      missing or empty; by default a fresh folder in the system's place for temporary files
    raises   WriteError when `out` holds something
    """
    weighed = account.demo(now_utc=now_utc, out=out, progress=progress)
    folder = weighed.page.parent / FLIGHT
    flown = flying.fly(Asked(_TEST, seed=_SEED), out=folder, progress=lambda stage, _: progress(stage))
    (folder / DEBRIEF).write_text(_debrief(flown), encoding="utf-8")
    return Shown(weighed, flown)


def _debrief(flown: Flown) -> str:
    measured = flown.measured
    whole = f"{measured.points:g} of {measured.possible:g} points in {measured.seconds:.1f} s of flight."
    return f"# {flown.scenario.title or flown.scenario.name}\n\n{whole} {measured.why}\n\n{measured.markdown}\n"
