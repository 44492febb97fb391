"""Finds that are no aircraft at all, and what their probability is taken for.

balloon, 0.97 ─▶ it is a balloon of that night     balloon, 0.01 or 0 ─▶ it is hardly a uas: a balloon, of that night?
"""

from __future__ import annotations

from collections.abc import Iterator

from hotwash.course.dossier import Dossier, remark
from hotwash.model.words import NO_AIRCRAFT

_EVEN = 0.5  # below, the number is how likely it is a uas, and the rest is how likely it is what it is assessed as


def find_objects_of_any_night(dossier: Dossier) -> Iterator[dict[str, object]]:
    """Yield a remark for each balloon or kite whose probability tells only how likely it is an uncrewed aircraft.

    0 as well: it says that it was none at all, and of which night it was is told only by the occasion that it names.
    """
    for entry in dossier.entries["finds"]:
        row = entry.row
        chance, kind = row["probability_find"], row["object_kind"]
        is_meant = kind in NO_AIRCRAFT and kind != "other" and row["occasion_id"] is None
        if not is_meant or chance is None or chance >= _EVEN or entry.is_replaced:
            continue
        named = kind.replace("_", " ")
        text = (
            f"{chance:g} is taken as how likely it is an uncrewed aircraft, so that it is a {named} with a probability "
            f"of {1.0 - chance:g}; nobody says that it was one of this incident, and it counts as one."
        )
        advice = (
            f"If it was a {named} of another time, give it an occasion with is_related; else name its occasion, "
            f"or write how likely it is a {named} of that one."
        )
        yield remark("any_night", entry, text, advice, column="probability_find")
