"""Objectives in a centre: every version is stored, and the newest counts."""

from __future__ import annotations

import json

import sqlalchemy as sa

from hotwash.errors import CentreError
from hotwash.lessons import json_values
from hotwash.model.objective import Objective
from hotwash.store import sql_tables
from hotwash.store.centre import Centre

_NO_SUCH = "there is no such objective in this centre; `hotwash objective list` lists them"


def put_objective(centre: Centre, objective: Objective) -> None:
    """Store an objective as the newest of its id; one that equals the newest changes nothing.

    raises   CentreError
    """
    with centre.writing() as connection:
        put_in(connection, objective)


def put_in(connection: sa.Connection, objective: Objective) -> bool:
    """Store an objective within a transaction; return whether it was new."""
    body = json_values.canonical(json_values.plain(objective))
    sheet = sql_tables.objectives
    newest = sa.select(sheet).where(sheet.c.objective_id == objective.objective_id).order_by(sheet.c.number.desc())
    before = connection.execute(newest.limit(1)).mappings().first()
    if before is not None and before["body"] == body:
        return False
    number = 0 if before is None else before["number"] + 1
    names = {"lesson_id": objective.lesson_id, "version": objective.version}
    row = {"objective_id": objective.objective_id, "number": number, **names, "body": body}
    connection.execute(sheet.insert(), row)
    return True


def get_objective(centre: Centre, objective_id: str) -> Objective:
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


def all_objectives(centre: Centre) -> tuple[Objective, ...]:
    """Return the newest version of each objective, by id."""
    query = (
        "SELECT body FROM objectives AS newest WHERE number = "
        "(SELECT max(number) FROM objectives WHERE objective_id = newest.objective_id) ORDER BY objective_id"
    )
    with centre.reading() as connection:
        bodies = connection.exec_driver_sql(query).scalars().all()
    return tuple(of_json(body) for body in bodies)


def of_json(body: str) -> Objective:
    """Return the objective that JSON text holds."""
    return json_values.build_record(Objective, json.loads(body))
