"""What a policy is."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from hotwash.flight.seats.pilot import Command, View

BoolArray = NDArray[np.bool_]


class Policy(Protocol):
    """Somebody on a seat, in every world at once.

    A policy has no clock and no dice: one seed and the same views give the same commands.
    """

    def reset(self, seed: int, worlds: BoolArray | None = None) -> None:
        """Begin anew, in the given worlds or in all."""
        ...

    def act(self, view: View) -> Command:
        """Return what it asks for after seeing this; a fresh array each time."""
        ...
