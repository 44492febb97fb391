"""Accounts of incidents in a centre: each is kept whole, numbered, and never written over, so lessons can rest on it.

incidents/poland-2025/1/    the bundle and its account, as it was when it was kept
incidents/poland-2025/2/    the same incident, weighed again when more was known
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from hotwash.errors import CentreError
from hotwash.model.lesson import Lesson
from hotwash.store import folders, lessons
from hotwash.store.centre import INCIDENTS, Centre, from_us, moment, raw_cursor, to_us

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_COLUMNS = "incident_id, number, title, from_utc, until_utc, kept_utc, folder, sha256"
_ALL = f"SELECT {_COLUMNS} FROM incidents ORDER BY from_utc, incident_id, number"  # noqa: S608
_OF = f"SELECT {_COLUMNS} FROM incidents WHERE incident_id = ? ORDER BY number DESC"  # noqa: S608


@dataclass(frozen=True, slots=True)
class KeptAccount:
    """One account as it was kept.

    number     from 1; a later one does not replace an earlier one
    from_utc, until_utc   the incident's time window
    folder     from the centre's folder, with slashes
    sha256     over all files of the folder, as `folders.hash_of` makes it
    """

    incident_id: str
    number: int
    title: str
    from_utc: datetime | None
    until_utc: datetime | None
    kept_utc: datetime
    folder: str
    sha256: str

    @property
    def name(self) -> str:
        """What it is called where one of several is meant: poland-2025/1."""
        return f"{self.incident_id}/{self.number}"


@dataclass(frozen=True, slots=True)
class Heading:
    """What is listed of an account: the incident's id, its title and its time window."""

    incident_id: str
    title: str
    from_utc: datetime | None
    until_utc: datetime | None


def check_id(incident_id: str) -> None:
    """Refuse an id that cannot name a folder everywhere.

    raises   CentreError
    """
    if not _ID.fullmatch(incident_id) or incident_id.endswith("."):
        why = "cannot name an incident; use letters, digits, hyphens and dots, 64 at most, with --id"
        raise CentreError(incident_id, why=why)


def keep_account(
    centre: Centre, heading: Heading, write: Callable[[Path], object], *, now_utc: datetime
) -> KeptAccount:
    """Keep an account as the next of its incident; return it.

    write    writes bundle and account into the folder that it is given, which is not there yet
    raises   CentreError when the id can name no folder or the disk takes no more; nothing is then left
    """
    check_id(heading.incident_id)
    place = centre.folder / INCIDENTS / heading.incident_id
    try:
        place.mkdir(parents=True, exist_ok=True)
        with folders.waiting(place.parent, heading.incident_id, write) as made, centre.writing() as connection:
            cursor = raw_cursor(connection)
            number = 1 + max(_highest(cursor, heading.incident_id), *_numbers(place))
            span = (to_us(heading.from_utc), to_us(heading.until_utc), to_us(now_utc))
            lies = f"{INCIDENTS}/{heading.incident_id}/{number}"
            row = (heading.incident_id, number, heading.title, *span, lies, made.sha256)
            cursor.execute(f"INSERT INTO incidents ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)  # noqa: S608
            made.take_name(place / str(number))
    except OSError as fault:
        _drop_empty(place)
        why = f"its account cannot be written: {fault.strerror or fault}; make room, then do it again"
        raise CentreError(heading.incident_id, why=why) from None
    return _kept(row)


def _drop_empty(place: Path) -> None:
    if place.is_dir() and not any(place.iterdir()):
        place.rmdir()


def _highest(cursor: Any, incident_id: str) -> int:
    found = cursor.execute("SELECT max(number) FROM incidents WHERE incident_id = ?", (incident_id,)).fetchone()[0]
    return int(found or 0)


def _numbers(place: Path) -> list[int]:
    """Return the numbers of the folders there: one may have been left by a program that was killed."""
    return [0, *(int(path.name) for path in place.iterdir() if path.name.isdecimal())]


def _kept(row: tuple[Any, ...]) -> KeptAccount:
    incident_id, number, title, start, end, kept, folder, sha256 = row
    return KeptAccount(incident_id, number, title, from_us(start), from_us(end), moment(kept), folder, sha256)


def all_accounts(centre: Centre) -> tuple[KeptAccount, ...]:
    """Return every account, in the order of the incidents' times."""
    with centre.reading() as connection:
        return tuple(_kept(row) for row in raw_cursor(connection).execute(_ALL).fetchall())


def get_account(centre: Centre, name: str) -> KeptAccount:
    """Return one account.

    name     poland-2025, the newest of it; or poland-2025/1, also with incidents/ before it
    raises   CentreError when there is none
    """
    incident_id, _, number = name.removeprefix(f"{INCIDENTS}/").strip("/").partition("/")
    with centre.reading() as connection:
        found = [_kept(row) for row in raw_cursor(connection).execute(_OF, (incident_id,)).fetchall()]
    some = [one for one in found if number in ("", str(one.number))]
    if not some:
        why = "is no account of this centre; `hotwash incidents list` tells which there are"
        raise CentreError(name, why=why)
    return some[0]


def lessons_resting_on(centre: Centre, kept: KeptAccount) -> tuple[Lesson, ...]:
    """Return the lessons whose evidence is this very account, by its hash, in the order of their ids."""
    with centre.reading() as connection:
        named = raw_cursor(connection).execute(_NAMING, (kept.sha256,)).fetchall()
    found = (lessons.get_lesson(centre, lesson_id) for (lesson_id,) in named)
    return tuple(one for one in found if any(piece.sha256 == kept.sha256 for piece in one.evidence))


_NAMING = "SELECT DISTINCT lesson_id FROM history WHERE instr(changes, ?) ORDER BY lesson_id"


def path_of(centre: Centre, kept: KeptAccount) -> Path:
    """Return the folder in which an account lies."""
    return centre.folder / kept.folder
