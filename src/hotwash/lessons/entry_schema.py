"""A fast check that history entries and their changes have the stored form, for imports of many lessons.

A yes is final; after a no, `history.check_changes` looks more closely.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any, Literal

import msgspec

from hotwash.lessons import history

_TIME = re.compile(r"\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):\d\d:\d\d\.\d{6}Z", re.ASCII)

# msgspec checks a record in some 2 µs; checking each field's type in Python takes ten times as long.
_Action: Any = msgspec.defstruct(
    "_Action",
    [
        ("action_id", str), ("text", str), ("kind", Literal[history.ACTION_KINDS]), ("owner", str), ("owner_id", str),
        ("due", str | None), ("state", Literal[history.ACTION_STATES]),
    ],
    forbid_unknown_fields=True,
)  # fmt: skip
_Evidence: Any = msgspec.defstruct(
    "_Evidence",
    [
        ("kind", Literal[history.EVIDENCE_KINDS]), ("ref", str), ("start_utc", str | None), ("end_utc", str | None),
        ("sha256", str), ("text", str),
    ],
    forbid_unknown_fields=True,
)  # fmt: skip
_OTHER: dict[str, tuple[Any, Any]] = {
    "keywords": (list[str], ()),
    "related": (list[str], ()),
    "lat_deg": (float | None, None),
    "lon_deg": (float | None, None),
    "event_utc": (str | None, None),
    "actions": (list[_Action], ()),
    "evidence": (list[_Evidence], ()),
}
_Changes: Any = msgspec.defstruct(
    "_Changes", [(name, *_OTHER.get(name, (str, ""))) for name in history.FIELDS], forbid_unknown_fields=True
)
_Entry: Any = msgspec.defstruct(
    "_Entry",
    [(name, {"number": int, "rests_on": list[str]}.get(name, str)) for name in history.ENTRY],
    forbid_unknown_fields=True,
)
_CHANGES = msgspec.json.Decoder(_Changes)
_ENTRIES = list[_Entry]


def is_as_written(changes: str) -> bool:
    """Return whether changes, as JSON text, certainly have the form that `check_changes` returns."""
    try:
        decoded = _CHANGES.decode(changes)
    except msgspec.DecodeError:
        return False
    ids = {action.action_id for action in decoded.actions} - {""}
    return (
        _is_time_or_null(decoded.event_utc)
        and _is_within(decoded.lat_deg, 90.0)
        and _is_within(decoded.lon_deg, 180.0)
        and len(ids) == len(decoded.actions)
        and all(_is_day_or_null(action.due) for action in decoded.actions)
        and all(_is_time_or_null(one.start_utc) and _is_time_or_null(one.end_utc) for one in decoded.evidence)
    )


def fault_of_entries(rows: list[Any]) -> tuple[int, str] | None:
    """Return the position and the fault of the first row that is not a valid entry; None where all are valid.

    rows   JSON values
    """
    try:
        msgspec.convert(rows, _ENTRIES)
    except msgspec.ValidationError:
        return next((at, why) for at, why in enumerate(map(_fault_of_entry, rows)) if why)
    for at, row in enumerate(rows):
        if not is_time(row["when_utc"]):
            return at, "when_utc must be a time like 2026-03-01T12:00:00.000000Z"
    return None


def _fault_of_entry(row: Any) -> str:
    try:
        msgspec.convert(row, _Entry)
    except msgspec.ValidationError as fault:
        return f"is not an entry ({str(fault).partition(' - at')[0]}); its keys are {', '.join(sorted(history.ENTRY))}"
    return ""


def is_time(value: str) -> bool:
    """Return whether a text is a moment: UTC, six digits of a second, Z."""
    if _TIME.fullmatch(value) is None:
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_time_or_null(value: str | None) -> bool:
    return value is None or is_time(value)


def _is_day_or_null(value: str | None) -> bool:
    try:
        return value is None or date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_within(value: float | None, most: float) -> bool:
    return value is None or abs(value) <= most
