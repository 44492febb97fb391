"""Who says otherwise than those whom it is said to repeat: a misquotation, or a review that judged what they told.

Resident: present ◀─ derived_from ─ Inquiry (A): absent     "if it judged what Resident told, write that into weighs"
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hotwash.course.dossier import Dossier, DossierRow, remark

Row = Mapping[str, Any]
_DECIDING = ("A", "B")
_KINDS = ("presence", "status", "identity", "count")


def find_differing_reviews(dossier: Dossier) -> Iterator[dict[str, object]]:
    """Yield a remark for each statement of a reliable page that says otherwise than all whom it names as repeated."""
    by_name: dict[tuple[str, str], list[DossierRow]] = {}
    stand = [entry for entry in dossier.entries["claims"] if not entry.is_replaced]
    asked = [entry for entry in stand if dossier.questions[entry.row["question_id"]]["kind"] in _KINDS]
    for entry in asked:
        for name in _names(entry):
            by_name.setdefault((entry.row["question_id"], name), []).append(entry)
    for entry in asked:
        if not entry.is_fact or not entry.row["derived_from"] or _grade(entry, dossier) not in _DECIDING:
            continue
        named = [(entry.row["question_id"], _fold(name)) for name in entry.row["derived_from"]]
        origins = [one for key in named for one in by_name.get(key, ()) if one is not entry]
        if origins and all(_excludes(entry.row, one.row) for one in origins):
            who = ", ".join(dict.fromkeys(one.row["said_by"] for one in origins))
            text = f"It says otherwise than {who}, whom it names in derived_from: it counts as a misquotation."
            advice = f"If it judged what {who} told, name that in weighs instead; if it misquotes, leave it."
            yield remark("repeats_otherwise", entry, text, advice, column="derived_from")


def _names(entry: DossierRow) -> set[str]:
    return {_fold(entry.name), _fold(entry.row["said_by"]), _fold(entry.row["source_id"])}


def _grade(entry: DossierRow, dossier: Dossier) -> str | None:
    page = dossier.sources.get(entry.row["source_id"], {})
    grade = entry.row["source_reliability"] or page.get("reliability")
    return None if grade is None else str(grade)


def _excludes(one: Row, other: Row) -> bool:
    """Tell whether two statements that are told flatly, in one unit, differ."""
    pair = (one, other)
    if any((row["relation"] or "exactly") != "exactly" or not row["value"] or row["is_running"] for row in pair):
        return False
    is_alike = all(one[name] == other[name] for name in ("unit", "part", "occasion_id"))
    return is_alike and _fold(one["value"]) != _fold(other["value"])


def _fold(text: str) -> str:
    return " ".join(text.casefold().split())
