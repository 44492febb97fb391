"""Names that must lead somewhere: sources, questions, and the rows that revise one another."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from hotwash.course.changes import CANCELLED, CHANGES, OPEN
from hotwash.ingest.faults import Fault
from hotwash.ingest.rows import Row
from hotwash.model.schema import Table
from hotwash.model.words import suggest
from hotwash.visible import quote


class Unique:
    """Remembers the keys of the rows it has let through, and refuses the second of a kind."""

    def __init__(self, table: Table) -> None:
        self._key = table.key
        self._lines: dict[tuple[object, ...], int] = {}

    def __call__(self, row: Row) -> None:
        name = tuple(row.values.get(part) for part in self._key)
        if name in self._lines:
            shown = ", ".join(str(part) for part in name)
            advice = f"it is already on line {self._lines[name]}; give one of them another name"
            if "known_utc" in self._key:
                advice += ", or, where its sayer revised it, the later known_utc"
            raise Fault(f"{shown} appears twice", advice, column=self._key[0])
        self._lines[name] = row.line


def check_source(row: Row, sources: Collection[str]) -> None:
    """Refuse a row whose `source_id` names no source."""
    named = row.values.get("source_id")
    for name in named if isinstance(named, list) else [named]:
        if name is not None and name not in sources:
            advice = "add it to sources.csv, or correct the id; was its own row rejected?"
            raise Fault(f"no source {quote(name)}", advice, column="source_id")


def check_names(row: Row, column: str, known: Collection[str], *, what: str) -> None:
    """Refuse a row that names something that is not there, in a column of one name or several.

    what   what the names are, for the message: "occasion", "claim"
    """
    named = row.values.get(column)
    for name in named if isinstance(named, list) else [named]:
        if name is not None and name not in known:
            near = suggest(str(name), sorted(known), most=6)
            raise Fault(f"no {what} {quote(name)}", f"{near}; was its own row rejected?", column=column)


class Revisions:
    """The rows of one table by their names, for checking what revises what.

    A later row of the same sayer revises an earlier one: it has the same name and a later `known_utc`, or names it in
    `supersedes`. A find or a sighting may be assessed again by anybody.
    """

    def __init__(self, table: Table, rows: Sequence[Row], *, shared: Sequence[str]) -> None:
        """Index the rows.

        shared   columns that a row has in common with what it revises: the sayer, the question, the kind
        """
        self._id = table.key[0]
        self._shared = shared
        self._rows: dict[str, list[Row]] = {}
        for row in rows:
            self._rows.setdefault(str(row.values[self._id]), []).append(row)

    def __call__(self, row: Row) -> None:
        own = str(row.values[self._id])
        for earlier in self._rows[own]:
            if earlier is not row:
                self._check(earlier, row, column=self._id)
        named = row.values.get("supersedes")
        for name in named if isinstance(named, list) else []:
            if str(name) not in self._rows:
                near = suggest(str(name), sorted(self._rows), most=6)
                raise Fault(f"no row {quote(name)}", f"{near}; was its own row rejected?", column="supersedes")
            if str(name) == own or self._leads_back(own, str(name)):
                raise Fault("the chain of supersedes leads back to this row", "break the circle", column="supersedes")
            for earlier in self._rows[str(name)]:
                self._check(earlier, row, column="supersedes")
                if _is_later(earlier, row):
                    advice = "a later row supersedes an earlier one"
                    raise Fault(f"{name} was said later", advice, column="supersedes")

    def _check(self, earlier: Row, row: Row, *, column: str) -> None:
        """Refuse that one row revises another that is somebody else's or about something else."""
        name = earlier.values[self._id]
        first, second = _sayers(earlier), _sayers(row)
        if "said_by" in self._shared and first and second and not first & second:
            said = "; ".join(_names(earlier))
            advice = "only the same sayer can revise it; leave supersedes empty, or give this row a name of its own"
            raise Fault(f"{name} was said by {said}", advice, column=column)
        for shared in self._shared:
            if shared == "kind" and column == "supersedes" and _takes_back(earlier, row):
                continue
            if shared != "said_by" and earlier.values.get(shared) != row.values.get(shared):
                advice = f"a row can revise only one with the same {shared}; give this row a name of its own"
                raise Fault(f"{name} has another {shared}: {earlier.values.get(shared)}", advice, column=column)

    def _leads_back(self, own: str, name: str) -> bool:
        met, waiting = {name}, [name]
        while waiting:
            for row in self._rows.get(waiting.pop(), ()):
                named = row.values.get("supersedes")
                for other in map(str, named if isinstance(named, list) else []):
                    if other == own:
                        return True
                    if other not in met:
                        met.add(other)
                        waiting.append(other)
        return False


def _takes_back(earlier: Row, row: Row) -> bool:
    """Tell whether an event cancels an order or a plan: by a kind that says so, or by what ends the state ordered."""
    if earlier.values.get("told_as") not in ("order", "plan"):
        return False
    kind = str(row.values.get("kind"))
    ordered, change = CHANGES.get(str(earlier.values.get("kind"))), CHANGES.get(kind)
    is_release = ordered is not None and change is not None and change.layer == ordered.layer and change.state == OPEN
    return is_release or kind.endswith(CANCELLED)


def _sayers(row: Row) -> set[str]:
    return {" ".join(name.casefold().split()) for name in _names(row)}


def _names(row: Row) -> list[str]:
    said_by = row.values.get("said_by")
    return [str(name) for name in (said_by if isinstance(said_by, list) else [said_by]) if name]


def _is_later(earlier: Row, row: Row) -> bool:
    """Tell whether the row that is called earlier was surely said after the other."""
    said_from = earlier.values.get("said_utc_low") or earlier.values.get("said_utc_high")
    said_until = row.values.get("said_utc_high") or row.values.get("said_utc_low")
    if not isinstance(said_from, datetime) or not isinstance(said_until, datetime):
        said_from, said_until = earlier.values.get("known_utc"), row.values.get("known_utc")
    return isinstance(said_from, datetime) and isinstance(said_until, datetime) and said_from > said_until
