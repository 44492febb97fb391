"""Totals that a log states itself, against its own entries: 115 min for stretches that add up to 105."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from hotwash.course.changes import CLOSINGS
from hotwash.course.closures import closure_length, closure_rows
from hotwash.course.dossier import Dossier, DossierRow, remark
from hotwash.course.single_things import count_apart, has_moment, is_of_one, tellers_of
from hotwash.course.states import find_stretches, state_rows
from hotwash.units import MINUTE_PER, convert

Remark = dict[str, object]

_A_MINUTE = 1.0  # entries are told to the minute, and a total may be rounded by one for each


def find_log_totals(dossier: Dossier) -> Iterator[Remark]:
    """Yield a remark for each length or number that somebody states in a source whose own entries give another."""
    logs = _logs_of(dossier)
    for entry in dossier.entries["claims"]:
        question = dossier.questions[entry.row["question_id"]]
        is_plain = entry.row["relation"] == "exactly" and entry.is_fact and not entry.is_replaced
        if question["kind"] == "duration" and is_plain and not entry.is_related:
            yield from _length(dossier, entry, _entries_of(logs, entry))
    for entry in dossier.entries["events"]:
        if _is_total(entry):
            yield from _list(entry, _entries_of(logs, entry))


_Logs = dict[tuple[str, str], list[tuple[int, DossierRow]]]


def _logs_of(dossier: Dossier) -> _Logs:
    """Return the events that each sayer tells in each source, with their places in the table."""
    logs: _Logs = {}
    for at, one in enumerate(dossier.entries["events"]):
        if one.is_fact and not one.is_replaced and not one.is_related:
            for teller in tellers_of(one.row):
                logs.setdefault(teller, []).append((at, one))
    return logs


def _entries_of(logs: _Logs, entry: DossierRow) -> list[DossierRow]:
    """Return the events that a sayer of a row tells in the same source, in the order of the table."""
    found = {at: one for teller in tellers_of(entry.row) for at, one in logs.get(teller, ())}
    return [found[at] for at in sorted(found)]


def _of_occasion(rows: Sequence[DossierRow], occasion: str | None) -> list[DossierRow]:
    """Return the rows of an occasion, where one is named, with those that name none."""
    return [one for one in rows if occasion is None or one.row["occasion_id"] in (None, occasion)]


def _length(dossier: Dossier, entry: DossierRow, log: Sequence[DossierRow]) -> Iterator[Remark]:
    question = dossier.questions[entry.row["question_id"]]
    own = _of_occasion(log, entry.row["occasion_id"] or question["occasion_id"])
    rows = [{**one.row, "occasion_id": None} for one in own]
    stretches = find_stretches((row, True) for row in rows)
    found = closure_length(
        question["subject_id"] or "", closure_rows(stretches, rows), state_rows(stretches).to_dicts(), occasion=None
    )
    if found is None or found["low"] is None or found["high"] is None:
        return
    unit = entry.row["unit"] or question["unit"]
    told = float(entry.row["value"]) * (convert(1.0, unit, "min") if unit in MINUTE_PER else 1.0)
    named = [one for one in own if one.place in found["rows"]]
    slack = _A_MINUTE * sum(one.row["kind"] in CLOSINGS for one in named)
    if found["low"] - slack <= told <= found["high"] + slack:
        return
    text = f"Its total is {told:g} min; the entries of the same log add up to {_say(found['low'], found['high'])} min."
    advice = "Keep both rows; is a stretch missing among the entries, or does the log add wrongly?"
    yield remark("log_total", entry, text, advice, column="value", rows=[one.place for one in named])


def _is_total(entry: DossierRow) -> bool:
    row = entry.row
    is_number = row["value"] is not None and row["relation"] in (None, "exactly") and not row["parts"]
    return is_number and row["value"] >= 0 and entry.is_fact and not entry.is_replaced and not entry.is_related


def _list(entry: DossierRow, log: Sequence[DossierRow]) -> Iterator[Remark]:
    """Yield a remark on a total below what the same log enters one by one."""
    row = entry.row
    if row["is_running"] or row["counted_utc"] is not None or (is_of_one(row) and has_moment(row)):
        return
    same = [
        one
        for one in _of_occasion(log, row["occasion_id"])
        if one.place != entry.place and is_of_one(one.row) and has_moment(one.row) and _is_alike(one, entry)
    ]
    many = count_apart([one.row for one in same])
    if many <= row["value"]:
        return
    text = f"Its total is {row['value']:g}; the same log enters {many} one by one."
    advice = "Keep all rows; does an entry belong to another occasion, or is the total of an earlier hour?"
    yield remark("log_total", entry, text, advice, column="value", rows=[one.place for one in same])


def _is_alike(one: DossierRow, entry: DossierRow) -> bool:
    names = ("kind", "unit", "subject_id")
    return all(one.row[name] == entry.row[name] for name in names)


def _say(low: float, high: float) -> str:
    return f"{low:g}" if low == high or math.isclose(low, high) else f"{low:g} to {high:g}"
