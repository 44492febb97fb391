"""Protect small groups of people: no figure for fewer than five, and none from which it could be worked out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeVar

FEWEST = 5  # of fewer, individuals can be guessed; the usual threshold of official statistics
V = TypeVar("V")


def hide_small_groups(
    values: Mapping[str, V], members: Mapping[str, Collection[str]], *, fewest: int = FEWEST
) -> dict[str, V | None]:
    """Return the figures of groups, None where they must be hidden.

    values    the figure of each group
    members   ids of the persons behind each figure; a group that is missing here has no members

    Where exactly one group is hidden, the smallest of the others is hidden too; otherwise the hidden figure would
    follow from a total. Do not show a total beside hidden groups.
    """
    sizes = {name: len(set(members.get(name, ()))) for name in values}
    hidden = {name for name, size in sizes.items() if size < fewest}
    others = sorted(set(values) - hidden, key=lambda name: (sizes[name], name))
    if len(hidden) == 1 and others:
        hidden.add(others[0])
    return {name: None if name in hidden else value for name, value in values.items()}
