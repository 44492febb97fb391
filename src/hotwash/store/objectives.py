"""Objectives in a centre: every version that was ever put is kept, the newest counts."""

from __future__ import annotations

import json

import sqlalchemy as sa

from hotwash.errors import CentreError
from hotwash.lessons import fields
from hotwash.model.objective import Objective
from hotwash.store import sql_tables
from hotwash.store.centre import Centre

_NO_SUCH = "there is no such objective in this centre; `hotwash objective list` lists them"


def put(centre: Centre, objective: Objective) -> None:
    """Keep an objective as the newest of its id; one that is the same as the newest changes nothing.

    raises   CentreError
    """
    with centre.writing() as connection:
        put_in(connection, objective)


def put_in(connection: sa.Connection, objective: Objective) -> bool:
    """Keep an objective within a transaction; return whether anything was new."""
    body = fields.canonical(fields.plain(objective))
    sheet = sql_tables.objectives
    newest = sa.select(sheet).where(sheet.c.objective_id == objective.objective_id).order_by(sheet.c.number.desc())
    held = connection.execute(newest.limit(1)).mappings().first()
    if held is not None and held["body"] == body:
        return False
    row = {
        "objective_id": objective.objective_id,
        "number": 0 if held is None else held["number"] + 1,
        "lesson_id": objective.lesson_id,
        "version": objective.version,
        "body": body,
    }
    connection.execute(sheet.insert(), row)
    return True


def get(centre: Centre, objective_id: str) -> Objective:
    """Return the newest version of an objective.

    raises   CentreError when there is none of that id
    """
    with centre.reading() as connection:
        return get_in(connection, objective_id)


def get_in(connection: sa.Connection, objective_id: str) -> Objective:
    """Return the newest version of an objective within a transaction; raises CentreError when there is none."""
    sheet = sql_tables.objectives
    newest = sa.select(sheet.c.body).where(sheet.c.objective_id == objective_id).order_by(sheet.c.number.desc())
    body = connection.execute(newest.limit(1)).scalar()
    if body is None:
        raise CentreError(objective_id, why=_NO_SUCH)
    return of_json(str(body))


def all_(centre: Centre) -> tuple[Objective, ...]:
    """Return the newest version of each objective, by id."""
    asked = (
        "SELECT body FROM objectives AS held WHERE number = "
        "(SELECT max(number) FROM objectives WHERE objective_id = held.objective_id) ORDER BY objective_id"
    )
    with centre.reading() as connection:
        bodies = connection.exec_driver_sql(asked).scalars().all()
    return tuple(of_json(body) for body in bodies)


def of_json(body: str) -> Objective:
    """Return the objective that JSON text holds."""
    return fields.built(Objective, json.loads(body))
