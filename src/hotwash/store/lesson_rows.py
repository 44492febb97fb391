"""Lessons as rows of the database, and the statements that write them.

This module opens no connection, so a program that only prepares rows loads quickly.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from hotwash.lessons import history, search_words

STATE = ("title", "stage", "changed_utc", "event_utc", "place", "lat_deg", "lon_deg", "manager", "action_body", "unit")
_ACTION = ("action_id", "kind", "owner", "owner_id", "due", "state", "text")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_US = timedelta(microseconds=1)
_ENCODE = msgspec.json.Encoder().encode


def _insert(table: str, *columns: str) -> str:
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608  our names


INSERT_LESSON = _insert("lessons", "row", "lesson_id", *STATE)
INSERT_ENTRY = _insert("history", "lesson_id", *history.ENTRY)
INSERT_ACTION = _insert("actions", "lesson_id", *_ACTION)
INSERT_WORDS = _insert("search", "rowid", *search_words.SEARCHED)
UPDATE_LESSON = f"UPDATE lessons SET ({', '.join(STATE)}) = ({', '.join('?' * len(STATE))}) WHERE row = ?"  # noqa: S608
PUT_HEAD = (
    "INSERT INTO heads VALUES (?, ?, ?, 0) ON CONFLICT (lesson_id) DO UPDATE SET "
    "number = excluded.number, sha256 = excluded.sha256, is_anchored = 0"
)


def us_of(text: str) -> int:
    """Return a time, given as text with a time zone, in microseconds since 1970, UTC."""
    return (datetime.fromisoformat(text) - _EPOCH) // _US


def of_state(state: Mapping[str, Any], *, changed_us: int) -> tuple[Any, ...]:
    """Return the columns of lessons after row and lesson_id, in the order of STATE."""
    event = state.get("event_utc")
    texts = [state.get(name, "") for name in ("manager", "action_body", "unit")]
    place = (state.get("place", ""), state.get("lat_deg"), state.get("lon_deg"))
    when = (changed_us, None if event is None else us_of(event))
    return (state["title"], state["stage"], *when, *place, *texts)


def of_action(lesson_id: str, action: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return the columns of actions."""
    return (lesson_id, *(action[name] for name in _ACTION))


def of_entry(lesson_id: str, entry: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return the columns of history."""
    rests = entry["rests_on"]
    return (
        lesson_id, entry["number"], us_of(entry["when_utc"]), entry["by"], entry["role"], entry["kind"], entry["stage"],
        entry["why"], _ENCODE(rests).decode() if rests else "[]", entry["changes"], entry["before"], entry["sha256"],
    )  # fmt: skip
