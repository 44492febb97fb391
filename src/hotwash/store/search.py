"""Find lessons by words, place, time, stage and owner: "what have we learnt about X that I must act on?" """

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from hotwash.errors import CentreError
from hotwash.lessons import process, words
from hotwash.store.centre import Centre, raw_cursor, to_us
from hotwash.store.lessons import Summary, summaries_of

_FEW = 500  # rows, each looked up in 0.03 ms; more are found faster by going through the words
MOST_RANKED = 3000  # ranking them takes some 10 ms

# How much a word weighs by where it stands, in the order of words.SEARCHED: a title is written to be found by.
_WEIGHTS = {"title": 10.0, "keywords": 6.0, "place": 3.0, "conclusion": 3.0, "recommendation": 3.0, "observation": 2.0}
_RANK = f"bm25({', '.join(str(_WEIGHTS.get(name, 1.0)) for name in words.SEARCHED)})"
_KM_PER_DEG = 111.2  # of latitude
_SLACK_DEG = 0.1  # a box a little too large costs nothing, since the distance is looked at afterwards


@dataclass(frozen=True, slots=True)
class SearchQuery:
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
class SearchResult:
    """What was found, best first.

    how      words, or beginnings where no lesson holds the whole words
    is_cut   more than MOST_RANKED lessons hold the words: ranked were the newest of them, and the newest that have the
             words in title or keywords; where place, time, stage or owner are asked too, the others stand by age
    """

    lessons: tuple[Summary, ...]
    how: str
    is_cut: bool = False


def search(centre: Centre, asked: SearchQuery) -> SearchResult:
    """Return the lessons that fit, best first; without words, those changed last first.

    Words are compared without diacritics, in small letters. They are not bent: where no lesson holds all the words as
    they are asked, words that begin so are tried ("dron" finds "drony").
    raises   CentreError for a stage or a place on the Earth that is none
    """
    _check(asked)
    with centre.reading() as connection:
        cursor = raw_cursor(connection)
        found = _found(cursor, asked, "words")
        if found.lessons or not asked.text.strip() or "*" in asked.text:
            return found
        beginnings = " ".join(f"{word}*" for word in asked.text.split())
        return _found(cursor, replace(asked, text=beginnings), "beginnings")


def _check(asked: SearchQuery) -> None:
    for stage in asked.stages:
        if stage not in process.STAGES:
            raise CentreError(stage, why=f"is no stage; there are {', '.join(process.STAGES)}")
    if asked.near is not None:
        lat_deg, lon_deg, km = asked.near
        if not (abs(lat_deg) <= 90.0 and abs(lon_deg) <= 180.0 and 0.0 < km < math.inf):
            raise CentreError("near", why="give latitude and longitude in degrees, and a distance above 0 km")


def _found(cursor: sqlite3.Cursor, asked: SearchQuery, how: str) -> SearchResult:
    texts, places = _terms(asked.text), _terms(asked.place)
    where, given = _where(asked)
    if not (texts or places):
        if asked.text.strip() or asked.place.strip():
            return SearchResult((), how)  # nothing but signs: no lesson holds a word of it
        some = f"SELECT row FROM lessons {where} ORDER BY changed_utc DESC, row DESC LIMIT ?"  # noqa: S608
        return SearchResult(summaries_of(cursor, cursor.execute(some, (*given, asked.limit)).fetchall()), how)
    at = [f"place : {term}" for term in places]
    among = None
    if where:  # asked once: a place costs some 20 ms among 100,000 lessons
        among = [int(row) for (row,) in cursor.execute(f"SELECT row FROM lessons {where}", given)]  # noqa: S608
    ranked, is_cut = _ranked(cursor, " ".join((*texts, *at)), among, asked.limit)
    if is_cut and texts:
        titles = " AND ".join((f"{{title keywords}} : ({' '.join(texts)})", *at))
        ranked |= _ranked(cursor, titles, among, asked.limit)[0]
    best = sorted(ranked, key=lambda row: (ranked[row], -row))[: asked.limit]
    return SearchResult(summaries_of(cursor, ((row,) for row in best)), how, is_cut)


def _ranked(cursor: sqlite3.Cursor, query: str, among: list[int] | None, limit: int) -> tuple[dict[int, float], bool]:
    """Return the best rows with their scores, and whether only the newest MOST_RANKED were ranked.

    among   only these rows; None: any
    """
    # Ranking costs some 3 µs a lesson and looking alone a tenth of it: a word that is everywhere ranks nothing anyway.
    newest = "SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid DESC LIMIT 1 OFFSET ?"
    last = cursor.execute(newest, (query, MOST_RANKED)).fetchone()
    if last and among is not None:  # a rank would be reckoned of all before the rest is asked
        return dict.fromkeys(_holding(cursor, query, among, limit), 0.0), True
    part = "AND +rowid IN (SELECT value FROM json_each(?))" if among is not None else ""
    given = () if among is None else (json.dumps(among),)
    best = f"SELECT rowid, rank FROM search WHERE search MATCH ? AND rank MATCH ? AND rowid > ? {part}"  # noqa: S608
    rows = cursor.execute(f"{best} ORDER BY rank LIMIT ?", (query, _RANK, last[0] if last else -1, *given, limit))
    return {int(row): float(score) for row, score in rows}, last is not None


def _holding(cursor: sqlite3.Cursor, query: str, among: list[int], limit: int) -> list[int]:
    """Return the newest of some rows that hold the words."""
    if len(among) <= _FEW:  # each is looked up
        one = "SELECT rowid FROM search WHERE search MATCH ? AND rowid = ?"
        return [row for row in sorted(among, reverse=True) if cursor.execute(one, (query, row)).fetchone()][:limit]
    some = "SELECT rowid FROM search WHERE search MATCH ? AND +rowid IN (SELECT value FROM json_each(?))"
    rows = cursor.execute(f"{some} ORDER BY rowid DESC LIMIT ?", (query, json.dumps(among), limit))
    return [int(row) for (row,) in rows]


def _terms(text: str) -> list[str]:
    """Return words as the index takes them; a word of signs alone is left out."""
    return [term for term in map(_term, words.fold(text).split()) if not term.startswith('""')]


def _term(word: str) -> str:
    """Return a word as the index takes it: in quotes, so that nothing in it is taken for an operator."""
    core = "".join(letter if letter.isalnum() else " " for letter in word).strip()
    return f'"{core}"{" *" if word.endswith("*") else ""}'


_OPEN = "EXISTS (SELECT 1 FROM actions WHERE actions.lesson_id = lessons.lesson_id AND +state = 'open')"
_OWNED = (  # asked once, by the indexes of owners, and not of each lesson anew
    "(action_body = ? OR manager = ? OR lesson_id IN (SELECT lesson_id FROM actions WHERE owner = ? "
    "UNION SELECT lesson_id FROM actions WHERE owner_id = ? AND owner_id <> ''))"
)


def _where(asked: SearchQuery) -> tuple[str, Sequence[object]]:
    """Return the condition on lessons, and what it is given.

    What an index answers stands first. The rest costs some microseconds a lesson, and CASE keeps its order, the most
    telling first, where the database would be free to begin with the dearest.
    """
    first = [*_times(asked), *_box(asked)]
    rest: list[tuple[str, tuple[object, ...]]] = []
    if asked.owner:
        rest.append((_OWNED, (asked.owner,) * 4))
    if asked.is_to_act:
        rest.append((_OPEN, ()))
    if asked.near is not None:
        lat_deg, lon_deg, km = asked.near
        rest.append(("km_between(?, ?, lat_deg, lon_deg) <= ?", (lat_deg, lon_deg, km)))
    if rest:
        cases = "CASE " + " ".join(f"WHEN ({part}) IS NOT 1 THEN 0" for part, _ in rest) + " ELSE 1 END"
        first.append((cases, tuple(value for _, values in rest for value in values)))
    given = [value for _, values in first for value in values]
    return (f"WHERE {' AND '.join(part for part, _ in first)}" if first else ""), given


def _times(asked: SearchQuery) -> list[tuple[str, tuple[object, ...]]]:
    """Return the conditions on stage and time."""
    parts: list[tuple[str, tuple[object, ...]]] = []
    if asked.stages:
        parts.append((f"stage IN ({', '.join('?' * len(asked.stages))})", asked.stages))
    if asked.from_utc is not None:
        parts.append(("event_utc >= ?", (to_us(asked.from_utc),)))
    if asked.until_utc is not None:
        parts.append(("event_utc <= ?", (to_us(asked.until_utc),)))
    return parts


def _box(asked: SearchQuery) -> list[tuple[str, tuple[object, ...]]]:
    """Return a box around the place, which spares most lessons the exact distance."""
    if asked.near is None:
        return []
    lat_deg, lon_deg, km = asked.near
    wide_deg = km / _KM_PER_DEG + _SLACK_DEG
    parts: list[tuple[str, tuple[object, ...]]] = [
        ("lon_deg IS NOT NULL AND lat_deg BETWEEN ? AND ?", (lat_deg - wide_deg, lat_deg + wide_deg))
    ]
    # Over a pole or the date line a box would leave out what is near.
    across_deg = wide_deg / max(math.cos(math.radians(abs(lat_deg) + wide_deg)), 1e-9)
    if abs(lat_deg) + wide_deg < 89.0 and abs(lon_deg) + across_deg < 180.0:
        parts.append(("lon_deg BETWEEN ? AND ?", (lon_deg - across_deg, lon_deg + across_deg)))
    return parts
