"""Finds that are no aircraft at all, and what their probability is taken for.

balloon, 0.97 ─▶ it is a balloon of that night        balloon, 0.01 ─▶ it is hardly a uas, so a balloon, of that night?
"""

from __future__ import annotations

from collections.abc import Iterator

from hotwash.course.dossier import Dossier, remark
from hotwash.model.words import NO_AIRCRAFT

_HARDLY = 0.05  # up to here a find no longer counts as a uas


def find_objects_of_any_night(dossier: Dossier) -> Iterator[dict[str, object]]:
    """Yield a remark for each balloon or kite whose probability tells only that it is hardly an uncrewed aircraft.

    0 is the documented way to say that it is none at all.
    """
    for entry in dossier.entries["finds"]:
        row = entry.row
        chance, kind = row["probability_find"], row["object_kind"]
        is_meant = kind in NO_AIRCRAFT and kind != "other" and not entry.is_related
        if not is_meant or chance is None or not 0.0 < chance <= _HARDLY or entry.is_replaced:
            continue
        named = kind.replace("_", " ")
        text = (
            f"{chance:g} is taken as how likely it is an uncrewed aircraft; so it is surely a {named}, and is counted "
            "as one of that night."
        )
        advice = (
            f"If it was a {named} of another night, give it an occasion with is_related; else write how likely it is "
            f"a {named} of that night."
        )
        yield remark("any_night", entry, text, advice, column="probability_find")
