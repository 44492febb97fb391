"""Who stands for a value: those who tell it themselves, and who only repeats them.

Agency: 2 ◀─ repeats ─ Paper: 2 ◀─ repeats ─ Radio: 2     "according to Agency, whom Paper and Radio repeat"
Log: 37 ◀─ weighs ─ Inquiry: 37                           "according to Log, whom Inquiry, having weighed it, follows"
Police: present, "suspected"                              "according to Police (“suspected”)"
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from hotwash.claims.lines import fold
from hotwash.claims.words import join_names, join_words
from hotwash.incident.case import Case, Row, according_to
from hotwash.visible import clip

_MOST_HEDGE = 60  # characters of a speaker's own words in a sentence

Said = tuple[Row, Sequence[str]]  # a row, and who says it


def attribute(said: Iterable[Said], case: Case, *, alone: bool = False) -> str:
    """Return who stands for a value, as a phrase; who repeats another of them, or judged it, is named as such.

    said    the rows that give the value, each with who says it
    alone   whether to add that nobody else tells it
    """
    copies = _copies(said, case)
    if len(copies) == 1:
        (first, others), *_ = copies.items()
        return f"according to {first}, {others}" if others else according_to([first], alone=alone)
    return according_to(_with_copies(copies))


def say_tellers(said: Iterable[Said], case: Case, *, verb: tuple[str, str] = ("says", "say")) -> str:
    """Return the same with a verb, of one and of several: "Agency (whom Paper repeats) and Tower say"."""
    copies = _copies(said, case)
    return f"{join_names(_with_copies(copies))} {verb[0 if len(copies) == 1 else 1]}"


def _with_copies(copies: Mapping[str, str]) -> list[str]:
    return [f"{name} ({others})" if others else name for name, others in copies.items()]


def _copies(said: Iterable[Said], case: Case) -> dict[str, str]:
    """Return who tells a value themselves, each with a phrase on those who only repeat or follow them."""
    rows: dict[str, list[Row]] = {}
    spelled: dict[str, str] = {}
    for row, names in said:
        for name in names:
            rows.setdefault(fold(name), []).append(row)
            spelled.setdefault(fold(name), name)
    origin = _origins({name: _repeated_by(name, rows, case) for name in rows})
    hedged = {name: f"{spelled[name]}{say_hedge(told)}" for name, told in rows.items()}
    judges = {name for name, told in rows.items() if all(_only_weighs(row) for row in told)}
    found = {}
    for name in rows:
        if origin[name] == name:
            behind = [one for one, whom in origin.items() if whom == name and one != name]
            parts = ([hedged[one] for one in behind if (one in judges) == is_judge] for is_judge in (False, True))
            found[hedged[name]] = _say_behind(*parts)
    return found


def _only_weighs(row: Row) -> bool:
    return bool(row.get("weighs")) and not row.get("derived_from")


def _say_behind(copies: Sequence[str], judges: Sequence[str]) -> str:
    """Return "whom Paper repeats and Inquiry, having weighed it, follows"; "" of nobody."""
    parts = [f"{join_words(copies)} repeat{'s' if len(copies) == 1 else ''}"] if copies else []
    if judges:
        parts.append(f"{join_words(judges)}, having weighed it, follow{'s' if len(judges) == 1 else ''}")
    return f"whom {' and '.join(parts)}" if parts else ""


def say_hedge(rows: Sequence[Row]) -> str:
    """Return how sure a speaker is, in the speaker's own words, " (“suspected”)"; "" where any row says it flatly."""
    said = list(dict.fromkeys((row.get("hedge") or "").strip() for row in rows))
    if not said or "" in said:
        return ""
    return f" ({', '.join(f'“{clip(words, _MOST_HEDGE)}”' for words in said)})"


def _repeated_by(name: str, rows: Mapping[str, Sequence[Row]], case: Case) -> list[str]:
    """Return whom of several speakers one only repeats: nobody where any row of its own repeats none of them.

    Statements say whom they repeat; an event, a find or a sighting stands for itself.
    """
    found: list[str] = []
    own = {fold(source) for row in rows[name] for source in _sources(row)}
    for row in rows[name]:
        voices = case.ancestry.of_claim(row["claim_id"]).voices if "claim_id" in row else frozenset[str]()
        whom = [
            other
            for other, told in rows.items()
            if other != name and voices & ({other} | {fold(source) for one in told for source in _sources(one)} - own)
        ]
        if not whom:
            return []
        found += whom
    return found


def _sources(row: Row) -> Sequence[str]:
    return [row["source_id"]] if isinstance(row["source_id"], str) else row["source_id"] or ()


def _origins(repeated: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return for each speaker the one whom it goes back to: itself where it repeats nobody; in a circle, the first."""
    origin = {name: name for name, whom in repeated.items() if not whom}
    left = [name for name in repeated if name not in origin]
    while left:
        reached = [name for name in left if any(one in origin for one in repeated[name])] or left[:1]
        for name in reached:
            origin[name] = next((origin[one] for one in repeated[name] if one in origin), name)
        left = [name for name in left if name not in origin]
    return origin
