"""Seals: a chain of digests over the rows that a proof rests on, so that a change past hotwash is noticed.

    writing() ─▶ rows that changed ─digest─▶ seal n, with the hash of seal n-1 ─▶ seal_heads ─▶ anchors.log

Each transaction of hotwash seals the rows that it changed: temporary triggers, which only our own connections have,
note the rows, so a new statement that writes is sealed without a thought. A row that no longer fits its latest seal, a
row without a seal and a seal without its row were changed by something else. The rows of one attempt in `scores` have
one seal together.

A digest leaves out columns that are null, so a migration may add a column that is null in every row. One that changes
sealed rows seals them again, as `seal_all` does. Both texts below are what stored digests were made of: never change
them.

Source: chained digests as in Haber and Stornetta 1991, J. Cryptology 3(2); SHA-256 of FIPS 180-4.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

import msgspec

from hotwash.visible import clip, on_one_line

# The tables under seal, each with the columns that name a row.
SEALED: Mapping[str, tuple[str, ...]] = {
    "centre": ("key",),
    "people": ("person_id",),
    "reporters": ("lesson_id",),
    "objectives": ("objective_id", "number"),
    "attempts": ("attempt_id",),
    "scores": ("attempt_id",),
    "incidents": ("incident_id", "number"),
    "conflicts": ("conflict_id",),
}
# Every other table, and what reveals a change of it.
NOT_SEALED: Mapping[str, str] = {
    "history": "each entry has its own hash, chained with the one before",
    "heads": "each is compared with its history and with anchors.log",
    "lessons": "made from the histories; `hotwash doctor` compares both and makes it again",
    "actions": "made from the histories; `hotwash doctor` compares both and makes it again",
    "search": "an index of words made from the histories; `hotwash doctor` compares both and makes it again",
    "seals": "each seal has a hash, chained with the one before",
    "seal_heads": "compared with the last seal and with anchors.log",
}
NAME = "*seals"  # of the chain among the heads: no lesson can have this id
BEGINNING = "0" * 64
WRITTEN, AS_FOUND = "written", "as found"

_ENCODE = msgspec.json.Encoder().encode
_INSERT = "INSERT INTO seals VALUES (?, ?, ?, ?, ?, ?)"
_PUT_HEAD = "INSERT OR REPLACE INTO seal_heads VALUES (0, ?, ?, 0)"


@dataclass(frozen=True, slots=True)
class RowFault:
    """One row, or the seals themselves, and what is wrong."""

    table: str
    row: str
    why: str


@dataclass(frozen=True, slots=True)
class SealCheck:
    """What a check of all seals found.

    rows        how many sealed rows there are; the scores of an attempt count as one
    as_found    how many of them were sealed as they stood when the centre got its seals, and not written since
    head        number and hash of the last seal; None where there is none
    is_noted    whether the head is in anchors.log, as far as the database knows
    """

    faults: tuple[RowFault, ...]
    rows: int
    as_found: int
    head: tuple[int, str] | None
    is_noted: bool


def watch_changes(cursor: sqlite3.Cursor) -> None:
    """Let the connection of a transaction note which sealed rows change."""
    cursor.execute("CREATE TEMP TABLE IF NOT EXISTS changed_rows (sheet TEXT, row_key TEXT)")
    for table, key in SEALED.items():
        for event, sides in (("INSERT", ("NEW",)), ("UPDATE", ("OLD", "NEW")), ("DELETE", ("OLD",))):
            keys = (_key(key, f"{side}.") for side in sides)
            notes = (f"INSERT INTO changed_rows VALUES ('{table}', {one});" for one in keys)  # noqa: S608  our own names
            trigger = f"CREATE TEMP TRIGGER IF NOT EXISTS {table}_{event.lower()} AFTER {event} ON main.{table}"
            cursor.execute(f"{trigger} BEGIN {' '.join(notes)} END")


def seal_changes(cursor: sqlite3.Cursor) -> bool:
    """Seal the rows that changed in this transaction; return whether there were any."""
    tables = [str(row[0]) for row in cursor.execute("SELECT DISTINCT sheet FROM temp.changed_rows").fetchall()]
    if not tables:
        return False
    _append(cursor, [one for table in SEALED if table in tables for one in _changed_digests(cursor, table)])
    cursor.execute("DELETE FROM temp.changed_rows")
    return True


def seal_all(cursor: sqlite3.Cursor) -> None:
    """Seal all rows as they stand: what was done to them before is not known."""
    _append(cursor, list(_stored_digests(cursor)), how=AS_FOUND)


def check_seals(cursor: sqlite3.Cursor, noted: Iterable[tuple[int, str]], *, in_file: int) -> SealCheck:
    """Return what does not fit the seals: rows, the chain itself, its head.

    noted     heads of the chain as noted elsewhere: number and hash
    in_file   number of the highest of them in anchors.log; -1 where there is none
    """
    faults: list[RowFault] = []
    hashes: list[str] = []
    latest: dict[tuple[str, str], tuple[int, str, str]] = {}
    for number, table, row_key, how, digest, sha256 in cursor.execute("SELECT * FROM seals ORDER BY number"):
        if number != len(hashes):
            faults.append(RowFault("seals", str(len(hashes)), "it is missing or out of place"))
            break
        if sha256 != _chain(hashes[-1] if hashes else BEGINNING, table, row_key, how, digest):
            faults.append(
                RowFault("seals", str(number), "it was changed after it was written: its hash does not match")
            )
        hashes.append(sha256)
        latest[table, row_key] = (number, how, digest)
    stored = cursor.execute("SELECT number, sha256, is_anchored FROM seal_heads").fetchone()
    faults += _head_faults(hashes, stored, noted, in_file)
    rows = found = 0
    for table, row_key, digest in _stored_digests(cursor):
        seal, how, sealed = latest.pop((table, row_key), (-1, "", ""))
        rows, found = rows + 1, found + (how == AS_FOUND)
        if seal < 0:
            faults.append(RowFault(table, row_name(row_key), "something else than hotwash added it: it has no seal"))
        elif digest != sealed:
            why = f"something else than hotwash changed it: it does not fit its seal, number {seal}"
            faults.append(RowFault(table, row_name(row_key), why))
    for (table, row_key), (seal, _, sealed) in latest.items():
        if sealed:
            why = f"something else than hotwash removed it: its seal, number {seal}, is still there"
            faults.append(RowFault(table, row_name(row_key), why))
    head = (len(hashes) - 1, hashes[-1]) if hashes else None
    return SealCheck(tuple(faults), rows, found, head, stored is None or bool(stored[2]))


def row_name(row_key: str) -> str:
    """Return what a row is called, on one line."""
    try:
        return clip(on_one_line(", ".join(str(part) for part in json.loads(row_key))), 120)
    except (ValueError, TypeError):
        return clip(on_one_line(row_key), 120)


def _head_faults(
    hashes: Sequence[str], stored: tuple[int, str, int] | None, noted: Iterable[tuple[int, str]], in_file: int
) -> Iterator[RowFault]:
    if (stored is None) != (not hashes) or (stored and stored[:2] != (len(hashes) - 1, hashes[-1] if hashes else "")):
        yield RowFault("seal_heads", "0", "the last seal is not the one it names: seals were removed or added")
    if stored and stored[2] and in_file < stored[0]:
        yield RowFault(
            "seals", str(stored[0]), "its hash is missing from anchors.log: the file was shortened or replaced"
        )
    for number, sha256 in dict.fromkeys(noted):
        if number >= len(hashes):
            why = f"there were {number + 1} seals earlier and now there are {len(hashes)}: the end was cut off"
            yield RowFault("seals", str(len(hashes)), why)
        elif hashes[number] != sha256:
            yield RowFault("seals", str(number), "it is not the one noted earlier: the seals were written anew")


def _append(cursor: sqlite3.Cursor, sealed: Iterable[tuple[str, str, str]], *, how: str = WRITTEN) -> None:
    last = cursor.execute("SELECT number, sha256 FROM seal_heads").fetchone()
    first, before = (last[0] + 1, last[1]) if last else (0, BEGINNING)
    rows = []
    for number, (table, row_key, digest) in enumerate(sealed, first):
        before = _chain(before, table, row_key, how, digest)
        rows.append((number, table, row_key, how, digest, before))
    if rows:
        cursor.executemany(_INSERT, rows)
        cursor.execute(_PUT_HEAD, (rows[-1][0], before))


def _stored_digests(cursor: sqlite3.Cursor) -> Iterator[tuple[str, str, str]]:
    """Yield table, row and digest of all that is under seal now."""
    for table, key in SEALED.items():
        columns = _columns(cursor, table)
        query = f"SELECT {_key(key)}, {', '.join(columns)} FROM {table} ORDER BY {', '.join(key)}"  # noqa: S608
        reader = cursor.connection.cursor()
        for row_key, rows in groupby(reader.execute(query), itemgetter(0)):
            yield table, str(row_key), _digest(columns, (row[1:] for row in rows))


def _changed_digests(cursor: sqlite3.Cursor, table: str) -> Iterator[tuple[str, str, str]]:
    """Yield table, row and digest of what changed in this transaction."""
    columns = _columns(cursor, table)
    same = " AND ".join(f"own.{name} = json_extract(row_key, '$[{at}]')" for at, name in enumerate(SEALED[table]))
    query = (
        f"SELECT row_key, {', '.join(f'own.{name}' for name in columns)} "  # noqa: S608  our own names
        "FROM (SELECT DISTINCT row_key FROM temp.changed_rows WHERE sheet = ?) "
        f"LEFT JOIN {table} AS own ON {same} ORDER BY row_key"
    )
    at = 1 + columns.index(SEALED[table][0])  # null where the row was removed
    for row_key, rows in groupby(cursor.execute(query, (table,)), itemgetter(0)):
        yield table, str(row_key), _digest(columns, (row[1:] for row in rows if row[at] is not None))


def _columns(cursor: sqlite3.Cursor, table: str) -> list[str]:
    return [str(row[1]) for row in cursor.execute(f"PRAGMA table_info({table})").fetchall()]


def _key(columns: Iterable[str], side: str = "") -> str:
    return f"json_array({', '.join(f'{side}{name}' for name in columns)})"


def _digest(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return the digest of rows; "" where there are none."""
    texts = sorted(_ENCODE({name: one for name, one in zip(columns, row, strict=True) if one is not None})
                   for row in rows)  # fmt: skip
    return hashlib.sha256(b"\n".join(texts)).hexdigest() if texts else ""


def _chain(before: str, *parts: str) -> str:
    return hashlib.sha256(_ENCODE((before, *parts))).hexdigest()
