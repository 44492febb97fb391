"""Accounts of incidents in a centre: each is numbered and never overwritten, so lessons can rest on it.

incidents/poland-2025/1/    the bundle and its account, as they were when stored
incidents/poland-2025/2/    the same incident, analysed again when more was known
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from hotwash.errors import CentreError
from hotwash.model.ids import fault_of_id
from hotwash.model.lesson import Lesson
from hotwash.store import folders, lessons
from hotwash.store.centre import INCIDENTS, Centre, from_us, moment, raw_cursor, to_us

_COLUMNS = "incident_id, number, title, from_utc, until_utc, kept_utc, folder, sha256"
_SELECT_ALL = f"SELECT {_COLUMNS} FROM incidents ORDER BY from_utc, incident_id, number"  # noqa: S608
_SELECT_ONE = f"SELECT {_COLUMNS} FROM incidents WHERE incident_id = ? ORDER BY number DESC"  # noqa: S608


@dataclass(frozen=True, slots=True)
class KeptAccount:
    """One stored account.

    number     from 1; a later account does not replace an earlier one
    from_utc, until_utc   the incident's time window
    folder     relative to the centre's folder, with slashes
    sha256     over all files of the folder, as from `folders.hash_of`
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
        """The incident with the number of the account: poland-2025/1."""
        return f"{self.incident_id}/{self.number}"


@dataclass(frozen=True, slots=True)
class Heading:
    """The list entry of an account: the incident's id, title and time window."""

    incident_id: str
    title: str
    from_utc: datetime | None
    until_utc: datetime | None


def check_id(incident_id: str) -> None:
    """Refuse an id that is not a valid one, or that parts evidence where it stands: incidents/ID/1#durations:…; text.

    raises   CentreError
    """
    why = fault_of_id(incident_id)
    if not why and any(sign in incident_id for sign in "#;"):
        why = "has # or ;, which part the pieces of evidence; use letters, digits and hyphens"
    if why:
        raise CentreError(incident_id, why=f"is not a valid incident id: {why}; name another with --id")


def keep_account(
    centre: Centre, heading: Heading, write: Callable[[Path], object], *, now_utc: datetime
) -> KeptAccount:
    """Store an account as the next of its incident; return it.

    write    creates the folder whose path it gets and writes bundle and account into it
    raises   CentreError when the id is not a valid folder name or the disk is full; nothing is left behind then
    """
    check_id(heading.incident_id)
    place = centre.folder / INCIDENTS / heading.incident_id
    try:
        place.mkdir(parents=True, exist_ok=True)
        new_folder = folders.pending_folder(place.parent, heading.incident_id, write)
        with new_folder as folder, centre.writing() as connection:
            cursor = raw_cursor(connection)
            number = 1 + max(_highest(cursor, heading.incident_id), *_numbers(place))
            span = (to_us(heading.from_utc), to_us(heading.until_utc), to_us(now_utc))
            path = f"{INCIDENTS}/{heading.incident_id}/{number}"
            row = (heading.incident_id, number, heading.title, *span, path, folder.sha256)
            cursor.execute(f"INSERT INTO incidents ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)  # noqa: S608
            folder.take_name(place / str(number))
    except OSError as fault:
        _drop_empty(place)
        why = f"its account cannot be written: {fault.strerror or fault}; make room, then try again"
        raise CentreError(heading.incident_id, why=why) from None
    return _account(row)


def _drop_empty(place: Path) -> None:
    if place.is_dir() and not any(place.iterdir()):
        place.rmdir()


def _highest(cursor: Any, incident_id: str) -> int:
    query = "SELECT max(number) FROM incidents WHERE incident_id = ?"
    return int(cursor.execute(query, (incident_id,)).fetchone()[0] or 0)


def _numbers(place: Path) -> list[int]:
    """Return the numbers of the folders, which may include one left by a program that was killed."""
    return [0, *(int(path.name) for path in place.iterdir() if path.name.isdecimal())]


def _account(row: tuple[Any, ...]) -> KeptAccount:
    incident_id, number, title, start, end, kept, folder, sha256 = row
    return KeptAccount(incident_id, number, title, from_us(start), from_us(end), moment(kept), folder, sha256)


def all_accounts(centre: Centre) -> tuple[KeptAccount, ...]:
    """Return every account, in the order of the incidents' times."""
    with centre.reading() as connection:
        return tuple(_account(row) for row in raw_cursor(connection).execute(_SELECT_ALL).fetchall())


def get_account(centre: Centre, name: str) -> KeptAccount:
    """Return one account.

    name     poland-2025 for its newest account, or poland-2025/1; incidents/ may precede it
    raises   CentreError when there is none
    """
    incident_id, _, number = name.removeprefix(f"{INCIDENTS}/").strip("/").partition("/")
    with centre.reading() as connection:
        accounts = [_account(row) for row in raw_cursor(connection).execute(_SELECT_ONE, (incident_id,)).fetchall()]
    matches = [one for one in accounts if number in ("", str(one.number))]
    if not matches:
        why = "is not an account of this centre; `hotwash incidents list` lists them"
        raise CentreError(name, why=why)
    return matches[0]


def lessons_resting_on(centre: Centre, account: KeptAccount) -> tuple[Lesson, ...]:
    """Return the lessons whose evidence has the hash of this account, in the order of their ids."""
    with centre.reading() as connection:
        ids = raw_cursor(connection).execute(_NAMING, (account.sha256,)).fetchall()
    candidates = (lessons.get_lesson(centre, lesson_id) for (lesson_id,) in ids)
    return tuple(one for one in candidates if any(piece.sha256 == account.sha256 for piece in one.evidence))


_NAMING = "SELECT DISTINCT lesson_id FROM history WHERE instr(changes, ?) ORDER BY lesson_id"


def path_of(centre: Centre, account: KeptAccount) -> Path:
    """Return the folder of an account."""
    return centre.folder / account.folder
