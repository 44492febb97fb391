"""Names that must lead somewhere: sources, questions, and the chain of claims that supersede one another."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from hotwash.ingest.faults import Fault
from hotwash.ingest.rows import Row
from hotwash.model.schema import Table


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
            raise Fault(f"{shown} appears twice", advice, column=self._key[0])
        self._lines[name] = row.line


def check_source(row: Row, sources: Collection[str]) -> None:
    """Refuse a row whose `source_id` names no source."""
    named = row.values.get("source_id")
    for name in named if isinstance(named, list) else [named]:
        if name is not None and name not in sources:
            advice = "add it to sources.csv, or correct the id; was its own row rejected?"
            raise Fault(f"no source {name!r}", advice, column="source_id")


def check_supersedes(row: Row, claims: dict[str, Row]) -> None:
    """Refuse a claim that supersedes nothing, itself, a later claim, another speaker's or another question's.

    claims   every claim by its id, those already rejected left out
    """
    name = row.values.get("supersedes")
    if name is None:
        return
    earlier = claims.get(str(name))
    if earlier is None:
        advice = "supersedes names a claim of this bundle; was its own row rejected?"
        raise Fault(f"no claim {name!r}", advice, column="supersedes")
    if earlier.values["said_by"] != row.values["said_by"]:
        speaker = earlier.values["said_by"]
        advice = "only the same speaker can supersede a claim; leave supersedes empty"
        raise Fault(f"{name} was said by {speaker}", advice, column="supersedes")
    if earlier.values["question_id"] != row.values["question_id"]:
        raise Fault(
            f"{name} answers another question",
            "a claim can supersede only a claim on the same question",
            column="supersedes",
        )
    if _is_circle(row, claims):
        raise Fault("the chain of supersedes leads back to this claim", "break the circle", column="supersedes")
    if _is_later(earlier, row):
        raise Fault(f"{name} was said later", "a later claim supersedes an earlier one", column="supersedes")


def _is_circle(row: Row, claims: dict[str, Row]) -> bool:
    met = {row.values["claim_id"]}
    step = row.values.get("supersedes")
    while step is not None and str(step) in claims:
        if step in met:
            return True
        met.add(step)
        step = claims[str(step)].values.get("supersedes")
    return False


def _is_later(earlier: Row, row: Row) -> bool:
    """Tell whether the claim that is called earlier was surely said after the other."""
    said_from = earlier.values.get("said_utc_low") or earlier.values.get("said_utc_high")
    said_until = row.values.get("said_utc_high") or row.values.get("said_utc_low")
    if not isinstance(said_from, datetime) or not isinstance(said_until, datetime):
        said_from, said_until = earlier.values.get("known_utc"), row.values.get("known_utc")
    return isinstance(said_from, datetime) and isinstance(said_until, datetime) and said_from > said_until
