"""Which tellings are of one event: those of one kind, subject, part and occasion that can be of the same moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from hotwash.course.changes import CHANGES, happens_once, plain_kind
from hotwash.course.tellings import Row, agree, beginning_of

Place = tuple[str, str, str]


def split_events(rows: Sequence[Row], turns: Mapping[str, int]) -> list[list[Row]]:
    """Return tellings of one kind, by event, in order of time.

    rows    rows of EVENTS of one kind, or of kinds that tell the same change
    turns   the change of state that each event tells, by event_id

    Tellings of what happens once, and of one change of state, are of one event however far apart; others are of one
    event where they have a common part.
    """
    places: dict[Place, list[Row]] = {}
    for row, place in zip(rows, _places(rows), strict=True):
        places.setdefault(place, []).append(row)
    found = [cluster for group in places.values() for cluster in _split(group, turns)]
    return sorted(found, key=lambda group: (nominal(group), group[0]["event_id"]))


def take_kind(rows: Iterable[Row], kind: str, turns: Mapping[str, int]) -> list[Row]:
    """Return the events of a kind, with those that tell the same change where none of the kind does.

    turns   the change of state that each event tells, by event_id

    Traffic that was suspended closed the aerodrome; but the log entry of a closing tells its time, and the suspension
    some minutes before is no second one.
    """
    alike = [row for row in rows if plain_kind(row["kind"]) == kind or row["kind"] == kind]
    told = {turns.get(row["event_id"]) for row in alike if row["kind"] == kind}
    return [row for row in alike if row["kind"] == kind or turns.get(row["event_id"]) not in told]


def nominal(rows: Iterable[Row]) -> float:
    """Return when an event was, for putting events in order [min]."""
    return min(beginning_of(row).nominal for row in rows)


def _places(rows: Sequence[Row]) -> list[Place]:
    """Return the subject, part and occasion of each row; where only one is named, rows that name none take it."""
    columns = []
    for name in ("subject_id", "part", "occasion_id"):
        cells = [row[name] or "" for row in rows]
        named = {cell for cell in cells if cell}
        only = named.pop() if len(named) == 1 else ""
        columns.append([cell or only for cell in cells])
    return list(zip(*columns, strict=True))


def _split(rows: Sequence[Row], turns: Mapping[str, int]) -> Iterable[list[Row]]:
    kind = rows[0]["kind"]
    if happens_once(kind):
        return [list(rows)]
    if kind in CHANGES:
        by_turn: dict[int, list[Row]] = {}
        for row in rows:
            by_turn.setdefault(turns.get(row["event_id"], -1), []).append(row)
        return list(by_turn.values())
    together = agree(beginning_of(row) for row in rows)
    by_name = {row["event_id"]: row for row in rows}
    dated = [[by_name[one.name] for one in group.members] for group in together.groups]
    loose = [[by_name[one.name]] for one in together.overruled]
    undated = [row for row in rows if not beginning_of(row).is_bounded]
    return [*dated, *loose, *([undated] if undated else [])]
