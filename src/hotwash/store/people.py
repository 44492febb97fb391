"""People of a centre: random ids everywhere, names in one table that can be emptied.

Erasing a person keeps the id, since histories contain it, and removes name, function and unit from the database's
files. Earlier backups and exports with names still contain them: erase those as well.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from hotwash.errors import CentreError
from hotwash.model.ids import fault_of_id, fault_of_name
from hotwash.store import sql_tables
from hotwash.store.centre import DATABASE, Centre, connect, database_errors, from_us, moment, to_us

_READER_MS = 2000  # how long to wait for readers; most reads take milliseconds


@dataclass(frozen=True, slots=True)
class Person:
    """One person; `name` is "" once erased."""

    person_id: str
    name: str
    function: str
    unit: str
    added_utc: datetime
    erased_utc: datetime | None


def add_person(
    centre: Centre, name: str, *, now_utc: datetime, function: str = "", unit: str = "", person_id: str = ""
) -> str:
    """Add a person; return the random id.

    person_id   a random id given by another centre; by default a new one
    raises      CentreError when no name is given, or the id exists
    """
    if not name.strip():
        raise CentreError("person", why="needs a name, so that others know who it is; it can be erased later")
    if why := fault_of_name(name.strip()):
        raise CentreError("person", why=f"the name {why}")
    person_id = person_id or f"P-{secrets.token_hex(8)}"
    if why := fault_of_id(person_id):
        raise CentreError("person_id", why=why)
    values = {"name": name.strip(), "function": function, "unit": unit, "added_utc": to_us(now_utc)}
    values["salt"] = new_salt()
    with centre.writing() as connection:
        same = sql_tables.people.select().where(sql_tables.people.c.person_id == person_id)
        if connection.execute(same).first() is not None:
            raise CentreError(person_id, why="is a person of this centre already")
        connection.execute(sql_tables.people.insert(), {"person_id": person_id, **values})
    return person_id


def new_salt() -> str:
    """Return what is sealed with a name, so that after both are erased nobody can try names against the seal."""
    return secrets.token_hex(16)


def all_people(centre: Centre) -> tuple[Person, ...]:
    """Return everybody in the order of addition, erased people included."""
    with centre.reading() as connection:
        rows = connection.execute(sql_tables.people.select().order_by(sql_tables.people.c.added_utc)).all()
    return tuple(_person(*row[:6]) for row in rows)


def current_ids(centre: Centre) -> tuple[str, ...]:
    """Return the ids of everybody who is not erased."""
    return tuple(one.person_id for one in all_people(centre) if one.erased_utc is None)


def find_person(centre: Centre, who: str) -> Person:
    """Return the person with an id, or with a name that only one person has.

    raises   CentreError when nobody or several people match
    """
    everybody = all_people(centre)
    matches = [one for one in everybody if one.person_id == who] or [one for one in everybody if one.name == who != ""]
    if len(matches) != 1:
        why = "several people have this name; give the id" if matches else "nobody here has this id or name"
        raise CentreError(who or "person", why=f"{why}; `hotwash lessons people` lists everybody")
    return matches[0]


def erase_person(centre: Centre, person_id: str, *, now_utc: datetime) -> None:
    """Erase a person's name, function and unit, also from the free pages and the journal of the database.

    raises   CentreError when there is no such person; or when another program is reading, so that the journal cannot
             be emptied: the name is erased then, and the next erasing or closing empties the journal
    """
    sheet = sql_tables.people
    gone = dict.fromkeys(("name", "function", "unit", "salt")) | {"erased_utc": to_us(now_utc)}
    with centre.writing() as connection:
        if connection.execute(sheet.update().where(sheet.c.person_id == person_id).values(gone)).rowcount == 0:
            raise CentreError(person_id, why="nobody here has this id; `hotwash lessons people` lists everybody")
    centre.engine.dispose()  # one of our own connections that still reads would keep the journal
    with database_errors(centre.folder):
        raw = connect(centre.folder / DATABASE)
        raw.execute(f"PRAGMA busy_timeout = {_READER_MS}")
        is_busy = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        raw.close()
    if is_busy:
        why = "is erased, but the journal holds the old page until the other program stops reading; erase again then"
        raise CentreError(person_id, why=why)


def _person(
    person_id: str, name: str | None, function: str | None, unit: str | None, added: int, erased: int | None
) -> Person:
    return Person(person_id, name or "", function or "", unit or "", moment(added), from_us(erased))
