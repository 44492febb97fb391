"""Simulated air: ways flown, drones that are flown, and what sensors would have reported of them.

`Exercise` and `replayed` are fetched when first asked for: what only lays out ways needs no compiled kernels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hotwash.exercise.exercise import Exercise as Exercise
    from hotwash.exercise.exercise import replayed as replayed

_LATE = ("Exercise", "replayed")


def __getattr__(name: str) -> Any:
    if name not in _LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from hotwash.exercise import exercise

    return getattr(exercise, name)
