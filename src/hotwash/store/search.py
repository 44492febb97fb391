"""Find lessons by words, place, time, stage and owner: "what have we learnt about X that I must act on?" """

from __future__ import annotations

import math
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from hotwash.errors import CentreError
from hotwash.lessons import process, words
from hotwash.store.centre import Centre, raw_cursor, to_us
from hotwash.store.lessons import Summary, summaries_of

# How much a word weighs by where it stands, in the order of words.SEARCHED: a title is written to be found by.
_WEIGHTS = {"title": 10.0, "keywords": 6.0, "place": 3.0, "conclusion": 3.0, "recommendation": 3.0, "observation": 2.0}
_RANK = f"bm25({', '.join(str(_WEIGHTS.get(name, 1.0)) for name in words.SEARCHED)})"
_KM_PER_DEG = 111.2  # of latitude; a box a little too large costs nothing, since the distance is looked at afterwards


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for; everything that is given must hold.

    text          words: each must stand in the lesson; "dron*" is any word that begins so
    place         words of the place's name
    near          (latitude, longitude, kilometres)
    from_utc, until_utc   when the event was
    stages        any of them
    owner         who must act: action body, manager or owner of an action, by function or person id
    is_to_act     only lessons with an open action
    """

    text: str = ""
    place: str = ""
    near: tuple[float, float, float] | None = None
    from_utc: datetime | None = None
    until_utc: datetime | None = None
    stages: tuple[str, ...] = ()
    owner: str = ""
    is_to_act: bool = False
    limit: int = 20


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, best first. `how`: words, or beginnings where no lesson holds the whole words."""

    lessons: tuple[Summary, ...]
    how: str


def search(centre: Centre, asked: Asked) -> Found:
    """Return the lessons that fit, best first; without words, those changed last first.

    Words are compared without diacritics, in small letters. They are not bent: where no lesson holds all the words as
    they are asked, words that begin so are tried ("dron" finds "drony").
    raises   CentreError for a stage or a place on the Earth that is none
    """
    _check(asked)
    with centre.reading() as connection:
        cursor = raw_cursor(connection)
        found = _found(cursor, asked)
        if found or not asked.text.strip() or "*" in asked.text:
            return Found(found, "words")
        beginnings = " ".join(f"{word}*" for word in asked.text.split())
        return Found(_found(cursor, replace(asked, text=beginnings)), "beginnings")


def _check(asked: Asked) -> None:
    for stage in asked.stages:
        if stage not in process.STAGES:
            raise CentreError(stage, why=f"is no stage; there are {', '.join(process.STAGES)}")
    if asked.near is not None:
        lat_deg, lon_deg, km = asked.near
        if not (abs(lat_deg) <= 90.0 and abs(lon_deg) <= 180.0 and 0.0 < km < math.inf):
            raise CentreError("near", why="give latitude and longitude in degrees, and a distance above 0 km")


def _found(cursor: sqlite3.Cursor, asked: Asked) -> tuple[Summary, ...]:
    query = _query(asked)
    if query is None:
        return ()
    where, given = _where(asked)
    if not query:
        some = f"SELECT row FROM lessons {where} ORDER BY changed_utc DESC, row DESC LIMIT ?"  # noqa: S608
        return summaries_of(cursor, cursor.execute(some, (*given, asked.limit)).fetchall())
    among = f"AND rowid IN (SELECT row FROM lessons {where})" if where else ""  # noqa: S608
    best = f"SELECT rowid FROM search WHERE search MATCH ? AND rank MATCH ? {among} ORDER BY rank LIMIT ?"  # noqa: S608
    rows = cursor.execute(best, (query, _RANK, *given, asked.limit)).fetchall()
    return summaries_of(cursor, rows)


def _query(asked: Asked) -> str | None:
    """Return what the index is asked; "" for no words, None where nothing could ever fit."""
    terms = [_term(word) for word in words.fold(asked.text).split()]
    terms += [f"place : {_term(word)}" for word in words.fold(asked.place).split()]
    said = [term for term in terms if '""' not in term]
    return None if terms and not said else " ".join(said)


def _term(word: str) -> str:
    """Return a word as the index takes it: in quotes, so that nothing in it is taken for an operator."""
    core = "".join(letter if letter.isalnum() else " " for letter in word).strip()
    return f'"{core}"{" *" if word.endswith("*") else ""}'


def _where(asked: Asked) -> tuple[str, Sequence[object]]:
    parts: list[str] = []
    given: list[object] = []

    def add(part: str, *values: object) -> None:
        parts.append(part)
        given.extend(values)

    if asked.stages:
        add(f"stage IN ({', '.join('?' * len(asked.stages))})", *asked.stages)
    if asked.from_utc is not None:
        add("event_utc >= ?", to_us(asked.from_utc))
    if asked.until_utc is not None:
        add("event_utc <= ?", to_us(asked.until_utc))
    if asked.near is not None:
        lat_deg, lon_deg, km = asked.near
        add("lat_deg BETWEEN ? AND ?", lat_deg - km / _KM_PER_DEG - 0.1, lat_deg + km / _KM_PER_DEG + 0.1)
        add("km_between(?, ?, lat_deg, lon_deg) <= ?", lat_deg, lon_deg, km)
    if asked.is_to_act:
        add("lesson_id IN (SELECT lesson_id FROM actions WHERE state = 'open')")
    if asked.owner:
        owned = "lesson_id IN (SELECT lesson_id FROM actions WHERE owner = ? OR owner_id = ?)"
        add(f"(action_body = ? OR manager = ? OR {owned})", *(asked.owner,) * 4)
    return (f"WHERE {' AND '.join(parts)}" if parts else ""), given
