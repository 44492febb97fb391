"""Ids as people type them: the full id, a lesson's number in this centre, the beginning of an id, or @last.

    L-WARN-SOONER   the id itself
    L-12, 12        the lesson with this number here; other centres use other numbers
    L-7K3, 7k3      a beginning that only one id has; case does not matter
    @last           the most recently changed lesson, the most recently started attempt

Histories and exchange files contain only full ids.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from hotwash.errors import CentreError
from hotwash.store.centre import Centre, raw_cursor

LAST = "@last"
_NUMBER = re.compile(r"(?:L-)?([0-9]{1,9})", re.IGNORECASE)
_MOST_CANDIDATES = 6

_Rows = Callable[[str, tuple[Any, ...]], list[str]]


def lesson_id(centre: Centre, typed: str) -> str:
    """Return the full id of the lesson that the user means.

    raises   CentreError when none or several match, naming those
    """
    return _find(centre, typed, "lessons", "lesson_id", "changed_utc DESC, row DESC", list_with="hotwash lessons list")


def objective_id(centre: Centre, typed: str) -> str:
    """Return the full id of the objective that the user means; raises as `lesson_id`."""
    return _find(centre, typed, "objectives", "objective_id", "", list_with="hotwash objective list")


def attempt_id(centre: Centre, typed: str) -> str:
    """Return the full id of the attempt that the user means; raises as `lesson_id`."""
    last = "max(coalesce(started_utc, 0), coalesce(named_utc, 0)) DESC, rowid DESC"
    return _find(centre, typed, "attempts", "attempt_id", last, list_with="hotwash doctor")


def local_number(centre: Centre, full_id: str) -> int | None:
    """Return the number of a lesson in this centre; None when there is no such lesson."""
    with centre.reading() as connection:
        row = raw_cursor(connection).execute("SELECT row FROM lessons WHERE lesson_id = ?", (full_id,)).fetchone()
    return None if row is None else int(row[0])


def beginning_with(centre: Centre, table: str, column: str, beginning: str, *, limit: int = 50) -> list[str]:
    """Return the ids with a beginning, in upper or lower case; for shell completion."""
    with centre.reading() as connection:
        return _beginning(_reader(connection), table, column, beginning, limit)


def _find(centre: Centre, typed: str, table: str, column: str, order: str, *, list_with: str) -> str:
    with centre.reading() as connection:
        read = _reader(connection)
        candidates = read(f"SELECT {column} FROM {table} WHERE {column} = ?", (typed,))  # noqa: S608  our own names
        if not candidates and order and typed == LAST:
            candidates = read(f"SELECT {column} FROM {table} ORDER BY {order} LIMIT 1", ())  # noqa: S608
        number = _NUMBER.fullmatch(typed) if table == "lessons" else None
        if not candidates and number is not None:
            candidates = read("SELECT lesson_id FROM lessons WHERE row = ?", (int(number[1]),))
        if not candidates and typed:
            candidates = _beginning(read, table, column, typed, _MOST_CANDIDATES)
    if len(set(candidates)) == 1:
        return candidates[0]
    thing = table.removesuffix("s")
    if not candidates:
        raise CentreError(typed or thing, why=f"there is no such {thing} in this centre; `{list_with}` lists them")
    matches = ", ".join(sorted(set(candidates))[: _MOST_CANDIDATES - 1])
    raise CentreError(typed, why=f"several ids begin like this: {matches}; type one more letter")


def _reader(connection: Any) -> _Rows:
    cursor = raw_cursor(connection)
    return lambda query, values: [str(row[0]) for row in cursor.execute(query, values)]


def _beginning(read: _Rows, table: str, column: str, typed: str, limit: int) -> list[str]:
    """Return ids that begin with the typed text, or with the typed text after our letter and hyphen."""
    pattern = re.sub(r"([\\%_])", r"\\\1", typed) + "%"
    query = (
        f"SELECT DISTINCT {column} FROM {table} WHERE {column} LIKE ? ESCAPE '\\' "  # noqa: S608  our own names
        f"OR {column} LIKE ? ESCAPE '\\' ORDER BY {column} LIMIT ?"
    )
    letter = "A-" if table == "attempts" else "L-"
    return read(query, (pattern, letter + pattern, limit))
