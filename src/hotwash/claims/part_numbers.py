"""Numbers of parts, told beside one another: they are no rivals, and together they bound the whole from below.

in  5 ┐
      ├─▶ no fewer than 7; a total that somebody tells stands beside them
out 2 ┘
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from hotwash.course.changes import is_same_part
from hotwash.course.single_things import is_of_one, names_in, share_teller
from hotwash.geo.frames import FloatArray
from hotwash.model.questions import CountUnit

Row = Mapping[str, Any]
BoolArray = np.ndarray[Any, np.dtype[np.bool_]]
IntArray = np.ndarray[Any, np.dtype[np.int64]]
Bounds = tuple[FloatArray, FloatArray, IntArray]


def bound_by_parts(
    told: Sequence[Row], bounds: Bounds, unit: CountUnit, *, stands: FloatArray, decides: BoolArray
) -> Bounds:
    """Return bounds of a whole in which numbers of different parts of it are no totals.

    told     events that tell one unit
    bounds   low, high, and how many are told no fewer than where rows are entries of a list: of each event
    stands   the time for which each stands, minutes since 1970
    decides  (n,) bool: which a source of a deciding grade tells

    A row is of a part where another row of its occasion and subject names another part, or none. What one sayer tells
    of several parts is added up; two sayers may name one part in two ways. Objects in the sky may be seen in two parts.
    """
    low, high, listed = bounds
    if unit.tally or not any(row["part"] for row in told):
        return bounds
    places: dict[tuple[object, object], list[int]] = {}
    for place, row in enumerate(told):
        places.setdefault((row["occasion_id"], row["subject_id"]), []).append(place)
    least, most, many = low.copy(), high.copy(), listed.copy()
    for own in places.values():
        for place in [one for one in own if _is_parted(told[one], [told[other] for other in own])]:
            beside = [
                one
                for one in own
                if one == place
                or (told[one]["part"] and stands[one] <= stands[place] and (decides[one] or not decides[place]))
            ]
            if len(beside) == 1 and all(is_of_one(told[one]) for one in own):
                continue  # the first entry of a list, by when it was entered
            peers = [one for one in beside if one == place or _share_sayer(told[one], told[place])]
            # An entry of a list is of one thing itself, however many there are with those beside it.
            own_low = {one: 1.0 if listed[one] else float(low[one]) for one in peers}
            lows = [max(own_low[one] for one in group) for group in _by_part(told, peers)]
            fewest = max(lows) if unit.is_seen else sum(lows)
            if len(lows) > 1:  # else it is one share of the whole, and tells its own number
                many[place] = max(int(fewest), int(listed[place]))
            least[place], most[place] = max(fewest, float(listed[place])), np.inf
    return least, most, many


def _is_parted(row: Row, beside: Sequence[Row]) -> bool:
    """Tell whether a number is of a part of what is counted, as the rows beside it show."""
    return bool(row["part"]) and any(not is_same_part(row["part"], other["part"]) for other in beside)


def _by_part(told: Sequence[Row], places: Sequence[int]) -> list[list[int]]:
    """Return the places of rows by the part that they name."""
    groups: list[list[int]] = []
    for place in places:
        part = told[place]["part"]
        group = next((own for own in groups if is_same_part(told[own[0]]["part"], part)), None)
        if group is None:
            groups.append([place])
        else:
            group.append(place)
    return groups


def _share_sayer(one: Row, other: Row) -> bool:
    """Tell whether somebody tells both rows, in whatever source; of rows that nobody is named for, one source."""
    first, second = ({name.casefold() for name in names_in(row["said_by"])} for row in (one, other))
    return bool(first & second) or (not first and not second and share_teller(one, other))
