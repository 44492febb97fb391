"""The kinds of tasks: one record each, with all that is declared of it.

The referee's rule of a kind is a function of `kernels`, under the kind's code; everything else about it stands here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hotwash.lanes import kernels

COMMON_KEYS = frozenset({"name", "kind", "call", "marker", "points", "limit_s", "heading_deg", "heading_tolerance_deg"})


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskKind:
    """One kind of task.

    code      the referee's rule, as kernels knows it
    needs     the keys that a lane file has to give, and
    takes     those that it may give besides COMMON_KEYS; how far each number may go stands in tasks.BOUNDS
    path      what it is flown along: a `line` to its place, a `circle`; empty where only the place counts
    hold_s    how long to stay where the file does not say
    flown_as  how the shipped policies fly it: stay, picture, line, run, circle, turn, landing
    advice    what to practise when tasks of this kind failed most
    """

    name: str
    code: int
    needs: frozenset[str]
    takes: frozenset[str] = frozenset()
    path: str = ""
    hold_s: float = 0.0
    flown_as: str
    advice: str

    @property
    def keys(self) -> frozenset[str]:
        """All keys of its tasks in a lane file."""
        return COMMON_KEYS | self.needs | self.takes

    @property
    def has_corridor(self) -> bool:
        """Whether it is judged by how far off a line it is flown."""
        return "corridor_m" in self.keys

    @property
    def has_speed(self) -> bool:
        """Whether its speed has a shape worth looking at: it moves from one place to another."""
        return "slow_mps" in self.keys


def _keys(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TASK_KINDS = (
    TaskKind(
        name="take_off",
        code=kernels.TAKE_OFF,
        needs=_keys("at_m tolerance_m height_tolerance_m"),
        takes=_keys("hold_s"),
        flown_as="stay",
        advice="Come to the hover point after take-off, and stay there, before you go on.",
    ),
    TaskKind(
        name="hold",
        code=kernels.HOLD_STILL,
        needs=_keys("tolerance_m height_tolerance_m hold_s"),
        takes=_keys("at_m outside_s"),
        flown_as="stay",
        advice="Hold the place until the time is up: look at drift early, and answer it with small movements.",
    ),
    TaskKind(
        name="capture",
        code=kernels.CAPTURE,
        needs=_keys("bucket"),
        takes=_keys("view_height_m view_m"),
        flown_as="picture",
        advice="Settle in front of the bucket before you take the picture: the ring must be whole and in the middle.",
    ),
    TaskKind(
        name="leg",
        code=kernels.LEG,
        needs=_keys("at_m tolerance_m corridor_m height_tolerance_m"),
        takes=_keys("from_m outside_s slow_mps quick_mps"),
        path="line",
        flown_as="line",
        advice="Stay on the line: look at its far end, and correct sideways before you are out of the corridor.",
    ),
    TaskKind(
        name="turn",
        code=kernels.TURN,
        needs=_keys("heading_deg heading_tolerance_deg tolerance_m height_tolerance_m"),
        takes=_keys("at_m hold_s outside_s side"),
        path="line",
        flown_as="turn",
        advice="Turn on the spot: stop any drift first, then yaw.",
    ),
    TaskKind(
        name="circle",
        code=kernels.CIRCLE,
        needs=_keys("centre_m radius_m tolerance_m height_tolerance_m side turns"),
        takes=_keys("radius_end_m height_end_m heading_rule outside_s slow_mps quick_mps"),
        path="circle",
        flown_as="circle",
        advice="Keep radius and speed on the circle: small steady inputs, eyes ahead along it.",
    ),
    TaskKind(
        name="sustain",
        code=kernels.SUSTAIN,
        needs=_keys("at_m corridor_m height_tolerance_m slow_mps"),
        takes=_keys("from_m outside_s quick_mps"),
        path="line",
        flown_as="run",
        advice="Gather speed before the line begins, and keep it to the very end.",
    ),
    TaskKind(
        name="land",
        code=kernels.LAND,
        needs=_keys("at_m tolerance_m"),
        takes=_keys("hold_s touch_mps"),
        hold_s=1.0,
        flown_as="landing",
        advice="Stop above the point, then come down slowly and straight.",
    ),
    TaskKind(
        name="wait",
        code=kernels.WAIT,
        needs=_keys("corridor_m height_tolerance_m hold_s"),
        takes=_keys("from_m at_m outside_s"),
        path="line",
        flown_as="stay",
        advice="Notice early that something is wrong, say it, and hold the place by hand.",
    ),
)
TASK_KINDS: Mapping[str, TaskKind] = {kind.name: kind for kind in _TASK_KINDS}
