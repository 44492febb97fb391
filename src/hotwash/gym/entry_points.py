"""What an environment calls of its own compiled core, with which types, as flight/entry_points.py."""

from __future__ import annotations

from hotwash.flight.entry_points import EntryPoint
from hotwash.gym import kernels

_OBSERVE = "(f8[:,::1], {ended}, i8[::1], f8[:,::1], f8[:,::1], f8, f8, f4[:,::1], f8[::1], b1[:,::1])"
_COMMAND: EntryPoint = (kernels.command, "(f4[:,::1], f8[:,::1], f8[:,::1])")

PILOT: tuple[EntryPoint, ...] = ((kernels.observe, _OBSERVE.format(ended="f8[::1]")), _COMMAND)
# Of many worlds, what has ended is a column of the referee's, with other numbers between.
PILOTS: tuple[EntryPoint, ...] = ((kernels.observe, _OBSERVE.format(ended="f8[:]")), _COMMAND)
