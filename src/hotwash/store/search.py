"""Find lessons by words, place, time, stage and owner: "what have we learnt about X that I must act on?" """

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from hotwash.errors import CentreError
from hotwash.lessons import process, search_words
from hotwash.store.centre import Centre, raw_cursor, to_us
from hotwash.store.lessons import Summary, summaries_of

_FEW = 500  # rows, each looked up in 0.03 ms; for more, going through the words is faster
MOST_RANKED = 3000  # ranking them takes some 10 ms

# The weight of a word by its field; a title is written to be found.
_WEIGHTS = {"title": 10.0, "keywords": 6.0, "place": 3.0, "conclusion": 3.0, "recommendation": 3.0, "observation": 2.0}
_RANK = f"bm25({', '.join(str(_WEIGHTS.get(name, 1.0)) for name in search_words.SEARCHED)})"
_KM_PER_DEG = 111.2  # of latitude
_SLACK_DEG = 0.1  # a box a little too large costs nothing, since the distance is checked afterwards


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What to search for; every condition that is given must be met.

    text          words that must all be in the lesson; "dron*" matches any word that begins with dron
    place         words of the place's name
    near          (latitude, longitude, kilometres)
    from_utc, until_utc   time window of the event
    stages        any of these
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
    """The lessons that match, best first.

    how      words, or beginnings where no lesson has all the words as typed
    is_cut   more than MOST_RANKED lessons have the words: only the newest of them were ranked, and the newest that have
             the words in title or keywords; with a place, time, stage or owner they are sorted by age instead
    """

    lessons: tuple[Summary, ...]
    how: str
    is_cut: bool = False


def search(centre: Centre, query: SearchQuery) -> SearchResult:
    """Return the lessons that match, best first; without words, the most recently changed first.

    Words are compared in lower case without diacritics and not inflected: where no lesson has all the words as typed,
    words that begin with them are tried ("dron" finds "drony").
    raises   CentreError for an unknown stage or an impossible position
    """
    _check(query)
    with centre.reading() as connection:
        cursor = raw_cursor(connection)
        result = _search(cursor, query, "words")
        if result.lessons or not query.text.strip() or "*" in query.text:
            return result
        beginnings = " ".join(f"{word}*" for word in query.text.split())
        return _search(cursor, replace(query, text=beginnings), "beginnings")


def _check(query: SearchQuery) -> None:
    for stage in query.stages:
        if stage not in process.STAGES:
            raise CentreError(stage, why=f"is not a stage; choose from {', '.join(process.STAGES)}")
    if query.near is not None:
        lat_deg, lon_deg, km = query.near
        if not (abs(lat_deg) <= 90.0 and abs(lon_deg) <= 180.0 and 0.0 < km < math.inf):
            raise CentreError("near", why="give latitude and longitude in degrees, and a distance above 0 km")


def _search(cursor: sqlite3.Cursor, query: SearchQuery, how: str) -> SearchResult:
    texts, places = _terms(query.text), _terms(query.place)
    where, parameters = _where(query)
    if not (texts or places):
        if query.text.strip() or query.place.strip():
            return SearchResult((), how)  # no letters: no lesson can match
        some = f"SELECT row FROM lessons {where} ORDER BY changed_utc DESC, row DESC LIMIT ?"  # noqa: S608
        return SearchResult(summaries_of(cursor, cursor.execute(some, (*parameters, query.limit)).fetchall()), how)
    at = [f"place : {term}" for term in places]
    among = None
    if where:  # evaluated once: a place takes some 20 ms among 100,000 lessons
        among = [int(row) for (row,) in cursor.execute(f"SELECT row FROM lessons {where}", parameters)]  # noqa: S608
    ranked, is_cut = _ranked(cursor, " ".join((*texts, *at)), among, query.limit)
    if is_cut and texts:
        titles = " AND ".join((f"{{title keywords}} : ({' '.join(texts)})", *at))
        ranked |= _ranked(cursor, titles, among, query.limit)[0]
    best = sorted(ranked, key=lambda row: (ranked[row], -row))[: query.limit]
    return SearchResult(summaries_of(cursor, ((row,) for row in best)), how, is_cut)


def _ranked(cursor: sqlite3.Cursor, query: str, among: list[int] | None, limit: int) -> tuple[dict[int, float], bool]:
    """Return the best rows with their scores, and whether only the newest MOST_RANKED were ranked.

    among   only these rows; None: any
    """
    # Ranking takes 3 µs a lesson, ten times a plain look-up, and a word that is everywhere ranks nothing anyway.
    newest = "SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid DESC LIMIT 1 OFFSET ?"
    last = cursor.execute(newest, (query, MOST_RANKED)).fetchone()
    if last and among is not None:  # all would be ranked before the other conditions apply
        return dict.fromkeys(_newest_with(cursor, query, among, limit), 0.0), True
    part = "AND +rowid IN (SELECT value FROM json_each(?))" if among is not None else ""
    parameters = () if among is None else (json.dumps(among),)
    best = f"SELECT rowid, rank FROM search WHERE search MATCH ? AND rank MATCH ? AND rowid > ? {part}"  # noqa: S608
    rows = cursor.execute(f"{best} ORDER BY rank LIMIT ?", (query, _RANK, last[0] if last else -1, *parameters, limit))
    return {int(row): float(score) for row, score in rows}, last is not None


def _newest_with(cursor: sqlite3.Cursor, query: str, among: list[int], limit: int) -> list[int]:
    """Return the newest of some rows that have the words."""
    if len(among) <= _FEW:  # each is looked up
        one = "SELECT rowid FROM search WHERE search MATCH ? AND rowid = ?"
        return [row for row in sorted(among, reverse=True) if cursor.execute(one, (query, row)).fetchone()][:limit]
    some = "SELECT rowid FROM search WHERE search MATCH ? AND +rowid IN (SELECT value FROM json_each(?))"
    rows = cursor.execute(f"{some} ORDER BY rowid DESC LIMIT ?", (query, json.dumps(among), limit))
    return [int(row) for (row,) in rows]


def _terms(text: str) -> list[str]:
    """Return words in the form of the index; a word without letters or digits is left out."""
    return [term for term in map(_term, search_words.fold(text).split()) if not term.startswith('""')]


def _term(word: str) -> str:
    """Return a word in the form of the index: in quotes, so that nothing in it is read as an operator."""
    core = "".join(letter if letter.isalnum() else " " for letter in word).strip()
    return f'"{core}"{" *" if word.endswith("*") else ""}'


_OPEN = "EXISTS (SELECT 1 FROM actions WHERE actions.lesson_id = lessons.lesson_id AND +state = 'open')"
_OWNED = (  # evaluated once, by the indexes of owners, not for each lesson
    "(action_body = ? OR manager = ? OR lesson_id IN (SELECT lesson_id FROM actions WHERE owner = ? "
    "UNION SELECT lesson_id FROM actions WHERE owner_id = ? AND owner_id <> ''))"
)


def _where(query: SearchQuery) -> tuple[str, Sequence[object]]:
    """Return the condition on lessons, and its parameters.

    Conditions with an index come first. The others take some microseconds a lesson; CASE keeps them in order, the most
    selective first, where the database might begin with the most expensive.
    """
    first = [*_times(query), *_box(query)]
    rest: list[tuple[str, tuple[object, ...]]] = []
    if query.owner:
        rest.append((_OWNED, (query.owner,) * 4))
    if query.is_to_act:
        rest.append((_OPEN, ()))
    if query.near is not None:
        lat_deg, lon_deg, km = query.near
        rest.append(("km_between(?, ?, lat_deg, lon_deg) <= ?", (lat_deg, lon_deg, km)))
    if rest:
        cases = "CASE " + " ".join(f"WHEN ({part}) IS NOT 1 THEN 0" for part, _ in rest) + " ELSE 1 END"
        first.append((cases, tuple(value for _, values in rest for value in values)))
    parameters = [value for _, values in first for value in values]
    return (f"WHERE {' AND '.join(part for part, _ in first)}" if first else ""), parameters


def _times(query: SearchQuery) -> list[tuple[str, tuple[object, ...]]]:
    """Return the conditions on stage and time."""
    parts: list[tuple[str, tuple[object, ...]]] = []
    if query.stages:
        parts.append((f"stage IN ({', '.join('?' * len(query.stages))})", query.stages))
    if query.from_utc is not None:
        parts.append(("event_utc >= ?", (to_us(query.from_utc),)))
    if query.until_utc is not None:
        parts.append(("event_utc <= ?", (to_us(query.until_utc),)))
    return parts


def _box(query: SearchQuery) -> list[tuple[str, tuple[object, ...]]]:
    """Return the condition for a box around the place, so that few exact distances are needed."""
    if query.near is None:
        return []
    lat_deg, lon_deg, km = query.near
    wide_deg = km / _KM_PER_DEG + _SLACK_DEG
    parts: list[tuple[str, tuple[object, ...]]] = [
        ("lon_deg IS NOT NULL AND lat_deg BETWEEN ? AND ?", (lat_deg - wide_deg, lat_deg + wide_deg))
    ]
    # Over a pole or the date line a box would leave out what is near.
    across_deg = wide_deg / max(math.cos(math.radians(abs(lat_deg) + wide_deg)), 1e-9)
    if abs(lat_deg) + wide_deg < 89.0 and abs(lon_deg) + across_deg < 180.0:
        parts.append(("lon_deg BETWEEN ? AND ?", (lon_deg - across_deg, lon_deg + across_deg)))
    return parts
