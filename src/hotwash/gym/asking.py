"""What a caller may ask of an environment: seeds, options, actions; everything else is refused in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hotwash.errors import CommandError

BoolArray = NDArray[np.bool_]


def check_options(options: Mapping[str, Any] | None, known: Iterable[str] = ()) -> None:
    """Refuse options that nothing here obeys; raises CommandError."""
    known = tuple(known)
    unknown = sorted(set(options or {}) - set(known))
    if unknown:
        there = f"there is {', '.join(known)}" if known else "it takes none"
        raise CommandError("reset", place=f"options[{unknown[0]!r}]", why=f"there is no such option; {there}")


def reset_mask(options: Mapping[str, Any] | None, worlds: int) -> BoolArray | None:
    """Return which worlds begin anew, (worlds,), None for all of them; raises CommandError for what is no mask."""
    if not options or options.get("reset_mask") is None:
        return None
    mask = np.asarray(options["reset_mask"])
    if mask.shape != (worlds,) or mask.dtype != np.bool_ or not mask.any():
        why = f"is no mask of {worlds} worlds: give as many booleans, of which one at least is true"
        raise CommandError("reset", place="options['reset_mask']", why=why)
    return mask


def world_seeds(seed: Any, worlds: int) -> tuple[int | None, list[int | None] | None]:
    """Return the one seed of all worlds, or a seed for each world; None where it is not given.

    raises   CommandError when there are more or fewer than worlds, or one is no whole number from 0
    """
    is_one = seed is None or not isinstance(seed, list | tuple | np.ndarray)
    given = [seed] if is_one else list(seed)
    if not is_one and len(given) != worlds:
        raise CommandError("reset", place="seed", why=f"there are {len(given)} seeds for {worlds} worlds")
    for one in given:
        if one is not None and (isinstance(one, bool) or not isinstance(one, int | np.integer) or one < 0):
            raise CommandError("reset", place="seed", why=f"{one!r} is no whole number from 0")
    found = [None if one is None else int(one) for one in given]
    return (found[0], None) if is_one else (None, found)


def whole_action(action: Any, sizes: Sequence[int]) -> tuple[int, ...]:
    """Return an action of whole numbers, each from 0 to one less than its size.

    raises   CommandError naming the number that lies outside the action space
    """
    try:
        given = np.asarray(action, dtype=np.float64)
    except (TypeError, ValueError):
        raise CommandError("action", why=f"is no row of {len(sizes)} whole numbers") from None
    if given.shape != (len(sizes),):
        raise CommandError("action", why=f"has the shape {given.shape}; it is a row of {len(sizes)} whole numbers")
    for at, (number, size) in enumerate(zip(given.tolist(), sizes, strict=True)):
        if not (number == np.floor(number) and 0.0 <= number < size):
            why = f"{number:g} lies outside the action space: a whole number from 0 to {size - 1}"
            raise CommandError("action", place=f"number {at}", why=why)
    return tuple(int(number) for number in given)
