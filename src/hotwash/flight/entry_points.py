"""What a flight calls of its compiled core, and with which types: so it can be compiled before the first step.

A type is written as Numba writes it: f8[:,::1] is an array of float64 with two axes, one row after the other.
"""

from __future__ import annotations

from typing import Any

from numba.core.sigutils import normalize_signature

from hotwash.flight import kernels as flight
from hotwash.flight.noise import kernels as noise
from hotwash.flight.policies import kernels as policies
from hotwash.flight.seats import kernels as seats
from hotwash.lanes import kernels as lanes

EntryPoint = tuple[Any, str]  # the kernel; the types of its arguments

_ADVANCE = "(f8[:,:,::1], f8[:,:,::1], f8[:,:,::1], f8[:,:,::1], f8[:,:,::1], f8[:,::1], f8, i8, i8, i8)"
_GUIDE = "(f8[:,::1], f8[:,::1], f8[:,::1], f8[:,:,::1], f8[:,:,::1], f8[::1], f8[:,:,::1], i8, i8)"
_SENSE = (
    "(f8[:,::1], f8[:,::1], f8[:,:,::1], f8[:,:,::1], f8[::1], f8[::1], f8[:,::1], UniTuple(i8, 3), i8[:,::1], "
    "f8[:,::1], i8, i8)"
)
_FAULTS = "(f8[:,::1], f8[:,:,::1], f8[::1], f8[:,:,::1], i8, f8[:,:,::1], i8, i8, i8)"
_JUDGE = "(f8[:,::1], f8[:,::1], f8[:,::1], f8[:,::1], i8[:,::1], f8[:,:,::1], f8, f8, f8, f8, i8, i8)"

# What takes longest stands first: then two that compile side by side end at the same time.
_BY_KIND = {
    "multirotor": ((flight.advance_multirotor, _ADVANCE), (seats.guide_multirotor, _GUIDE)),
    "fixed_wing": ((flight.advance_wing, _ADVANCE), (seats.guide_wing, _GUIDE)),
}
_OF_LANES = ((lanes.judge, _JUDGE), (lanes.reset, "(f8[:,::1], f8[:,::1], i8[:,::1], f8[:,:,::1], b1[::1])"))
_ALWAYS = (
    (noise.fill, "(f8[:,:,::1], u8[:,::1], i8[:,::1], i8, i8)"),
    (seats.sense, _SENSE),
    (seats.first_invalid, "(f8[:,::1],)"),
)
AUTOPILOT: tuple[EntryPoint, ...] = (
    (policies.fly, "(f8[:,::1], f8[:,::1], f8[::1], f8[:,::1], f8[:,::1], f8)"),
    (seats.note, "(f8[:,::1], f8[:,::1], f8[:,::1], f8[:,::1], f8[:,::1])"),
)


def compile_entry_point(point: EntryPoint) -> None:
    """Compile a kernel for the types it will be called with, or load it where it lies compiled in its cache."""
    kernel, words = point
    types, _ = normalize_signature(words)  # type: ignore[no-untyped-call] # Numba has no types of its own
    kernel.compile(tuple(types))  # told in words, it would not be found in its cache when it is called


def entry_points(kinds: set[str], *, has_lane: bool, has_faults: bool) -> list[EntryPoint]:
    """Return what a step of an exercise calls, the slowest to compile first.

    kinds   of the airframes that fly: multirotor, fixed_wing
    """
    found = [point for kind in sorted(kinds) for point in _BY_KIND[kind]]
    found += _OF_LANES[:1] if has_lane else ()
    found += _ALWAYS
    found += [(seats.apply_faults, _FAULTS)] if has_faults else []
    found += _OF_LANES[1:] if has_lane else ()
    return found
