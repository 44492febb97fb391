"""What may be told of groups of people: nothing in aggregate of fewer than five, and nothing from which it follows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeVar

FEWEST = 5  # below it, who was meant can be guessed; the usual threshold of official statistics
V = TypeVar("V")


def hide_small_groups(
    values: Mapping[str, V], members: Mapping[str, Collection[str]], *, fewest: int = FEWEST
) -> dict[str, V | None]:
    """Return the figures of groups, None where they may not be told.

    values    the figure of each group
    members   the ids of the persons whom it rests on; a group that is not among them has nobody

    Where exactly one group is hidden, the smallest of the others is hidden too: else the hidden figure follows from a
    total. So no total may be shown where all but none of the groups are hidden; hide it when any is.
    """
    sizes = {name: len(set(members.get(name, ()))) for name in values}
    hidden = {name for name, size in sizes.items() if size < fewest}
    others = sorted(set(values) - hidden, key=lambda name: (sizes[name], name))
    if len(hidden) == 1 and others:
        hidden.add(others[0])
    return {name: None if name in hidden else value for name, value in values.items()}
