"""Whether changes of a lesson are in the form in which its history holds them, told quickly: for files of many lessons.

A yes is final; a no says only that `history.checked_changes` has to look more closely.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields as fields_of
from datetime import date, datetime
from typing import Any

from hotwash.lessons import fields, history
from hotwash.model.lesson import Evidence, RemedialAction

_TIME_LETTERS = len("2026-03-01T12:00:00.000000Z")

Form = Callable[[Any], bool]


def are_as_written(changes: Mapping[str, Any]) -> bool:
    """Return whether changes are surely in the form in which `checked_changes` gives them."""
    return all(name in _FORMS and _FORMS[name](value) for name, value in changes.items())


def is_time(value: Any) -> bool:
    """Return whether a value is a moment as text: UTC, six digits of a second, Z."""
    if type(value) is not str or len(value) != _TIME_LETTERS:
        return False
    try:
        return fields.time_text(datetime.fromisoformat(value)) == value
    except ValueError:
        return False


def are_texts(value: Any) -> bool:
    """Return whether a value is a list of texts."""
    return type(value) is list and all(type(one) is str for one in value)


def _is_text(value: Any) -> bool:
    return type(value) is str


def _is_time_or_null(value: Any) -> bool:
    return value is None or is_time(value)


def _is_day_or_null(value: Any) -> bool:
    try:
        return value is None or (type(value) is str and date.fromisoformat(value).isoformat() == value)
    except ValueError:
        return False


def _is_degrees(value: Any) -> bool:
    return value is None or (
        type(value) is float and abs(value) <= 90.0
    )  # of latitude; a greater longitude looks twice


def _rows(forms: Mapping[str, Form], *, key: str = "") -> Form:
    def are_rows(value: Any) -> bool:
        if type(value) is not list:
            return False
        is_formed = all(
            type(row) is dict and row.keys() == forms.keys() and all(forms[name](row[name]) for name in forms)
            for row in value
        )
        return is_formed and (not key or len({row[key] for row in value} - {""}) == len(value))

    return are_rows


_ACTION = dict.fromkeys((item.name for item in fields_of(RemedialAction)), _is_text) | {
    "kind": history.ACTION_KINDS.__contains__,
    "state": history.ACTION_STATES.__contains__,
    "due": _is_day_or_null,
}
_EVIDENCE = dict.fromkeys((item.name for item in fields_of(Evidence)), _is_text) | {
    "kind": history.EVIDENCE_KINDS.__contains__,
    "start_utc": _is_time_or_null,
    "end_utc": _is_time_or_null,
}
_FORMS: dict[str, Form] = dict.fromkeys(history.FIELDS, _is_text) | {
    "keywords": are_texts,
    "related": are_texts,
    "lat_deg": _is_degrees,
    "lon_deg": _is_degrees,
    "event_utc": _is_time_or_null,
    "actions": _rows(_ACTION, key="action_id"),
    "evidence": _rows(_EVIDENCE),
}
