"""Attempts and their scores in a centre.

    begin ─▶ planned ─▶ started ─finish─▶ finished ─┐
                           └────abandon─▶ abandoned ─┴─void (an instructor, with a reason)─▶ void

A started attempt that nobody finishes stays started: it counts, and `doctor` names it.
"""

from __future__ import annotations

import math
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl
import sqlalchemy as sa

from hotwash.errors import CentreError
from hotwash.model import schema
from hotwash.model.objective import Objective
from hotwash.model.schema import BOOL, F64, UTC, Table
from hotwash.model.tables import SCORES
from hotwash.model.trials import ATTEMPTS
from hotwash.store import objectives, sql_tables
from hotwash.store.centre import Centre, raw_cursor, to_us, uncollected

_BEGUN = ("planned", "started")
_FIXED = ("exercise", "exercise_version", "seat", "subject_kind", "subject_id", "is_test", "objective_id", "setting")
_INSERTED_AT_ONCE = 50_000


def begin(centre: Centre, row: Mapping[str, object]) -> str:
    """Write that an attempt is planned, or that it begins; return its id.

    row      columns of ATTEMPTS; without attempt_id it gets a random one, without state it is started when
             started_utc is given, else planned
    raises   CentreError when a column is unknown or holds another word than it may; when the attempt is there
             already and is not merely planned, or was planned as something else
    """
    full: dict[str, object] = {"attempt_id": f"A-{secrets.token_hex(8)}", "setting": "exercise"} | dict(row)
    full["state"] = full.get("state") or ("started" if full.get("started_utc") else "planned")
    if full["state"] not in _BEGUN:
        raise CentreError("attempt", place="state", why=f"an attempt begins {' or '.join(_BEGUN)}, not {full['state']}")
    checked = _checked(full, ATTEMPTS)
    with centre.writing() as connection:
        held = _held(connection, str(checked["attempt_id"]))
        if held is None:
            connection.execute(sql_tables.attempts.insert(), checked)
        else:
            given = {name: checked[name] for name in ATTEMPTS.names if name in row or name == "state"}
            _check_same(held, given)
            same = sql_tables.attempts.c.attempt_id == checked["attempt_id"]
            connection.execute(sql_tables.attempts.update().where(same).values(given))
    return str(checked["attempt_id"])


def plan(
    centre: Centre, objective_id: str, choose: Callable[[Objective, frozenset[int]], tuple[Objective, pl.DataFrame]]
) -> Objective:
    """Name attempts for an objective, as one step that nobody comes between; return the objective as it is then.

    choose   given the objective and the seeds that were used for it, returns it with the ids, and the ATTEMPTS
    raises   CentreError, and whatever `choose` raises; nothing is then kept
    """
    with centre.writing() as connection:
        held = objectives.get_in(connection, objective_id)
        used = sa.select(sql_tables.attempts.c.seed).where(sql_tables.attempts.c.objective_id == objective_id)
        seeds = frozenset(int(one) for one in connection.execute(used).scalars() if one is not None)
        after, rows = choose(held, seeds)
        twice = _already_held(connection, rows["attempt_id"])
        if twice:
            raise CentreError(twice, why="is the id of an attempt that the centre has already; nothing was named")
        _insert(connection, ATTEMPTS, schema.conform(rows, ATTEMPTS))
        objectives.put_in(connection, after)
    return after


def finish(
    centre: Centre, attempt_id: str, *, scores: pl.DataFrame, ended_utc: datetime, recording: str = "",
    recording_hash: str = "",
) -> None:  # fmt: skip
    """Write how a started attempt ended, and its scores, both or neither.

    scores           SCORES of this attempt alone
    recording        its folder, from the centre's folder, with slashes; "" where nothing was recorded
    recording_hash   SHA-256 as `recordings.keep` returns it
    raises           CentreError when there is no such attempt under way; TableError when the frame is no SCORES
    """
    rows = schema.conform(scores, SCORES)
    others = rows.filter(pl.col("attempt_id") != attempt_id)
    if others.height:
        why = f"a score of {others['attempt_id'][0]} is among those of {attempt_id}; give the scores of one attempt"
        raise CentreError(attempt_id, why=why)
    ended: dict[str, object] = {"state": "finished", "ended_utc": to_us(ended_utc)}
    kept = {"recording": recording or None, "recording_hash": recording_hash or None}
    with centre.writing() as connection:
        _move(connection, attempt_id, before=("started",), values=ended | kept)
        _insert(connection, SCORES, rows)


def abandon(
    centre: Centre, attempt_id: str, *, ended_utc: datetime, recording: str = "", recording_hash: str = ""
) -> None:  # fmt: skip
    """Write that an attempt was given up. It counts as a NO-GO unless an instructor voids it.

    recording, recording_hash   of what was recorded until then, as `finish` takes them; it has no scores
    raises                      CentreError when there is no such attempt under way
    """
    values: dict[str, object] = {"state": "abandoned", "ended_utc": to_us(ended_utc)}
    kept = {"recording": recording or None, "recording_hash": recording_hash or None}
    with centre.writing() as connection:
        _move(connection, attempt_id, before=("started",), values=values | kept)


def void(centre: Centre, attempt_id: str, *, by: str, why: str) -> None:
    """Write that an attempt shall not count.

    by       random id of the instructor, who is not the one that was tried
    raises   CentreError when no reason is given, the attempt has not begun, or it is one's own
    """
    if not by.strip() or not why.strip():
        raise CentreError(
            attempt_id, why="an attempt is void only when an instructor says so, with a reason: give both"
        )
    values = {"state": "void", "void_by": by, "void_why": why.strip()}
    with centre.writing() as connection:
        held = _held(connection, attempt_id)
        if held is not None and (held["subject_kind"], held["subject_id"]) == ("person", by):
            raise CentreError(attempt_id, why="is one's own: an instructor voids it, not the person who was tried")
        _move(connection, attempt_id, before=("started", "finished", "abandoned"), values=values)


def add_many(centre: Centre, attempts: pl.DataFrame, scores: pl.DataFrame) -> None:
    """Add attempts that were flown elsewhere, with their scores, all or none.

    attempts   ATTEMPTS, of ids that are not there yet
    scores     SCORES of these attempts
    raises     TableError, CentreError
    """
    rows, marks = schema.conform(attempts, ATTEMPTS), schema.conform(scores, SCORES)
    strangers = marks.join(rows, on="attempt_id", how="anti")
    if strangers.height:
        why = f"a score names attempt {strangers['attempt_id'][0]}, which is not among the attempts given with it"
        raise CentreError("scores", why=why)
    _check_words(rows, ATTEMPTS)
    _check_words(marks, SCORES)
    with centre.writing() as connection:
        twice = _already_held(connection, rows["attempt_id"])
        if twice:
            raise CentreError(twice, why="is the id of an attempt that the centre has already; nothing was added")
        _insert(connection, ATTEMPTS, rows)
        _insert(connection, SCORES, marks)


def attempts(centre: Centre) -> pl.DataFrame:
    """Return all attempts of a centre: ATTEMPTS, in the order in which they were named."""
    return schema.conform(_frame(centre, ATTEMPTS, ATTEMPTS.names), ATTEMPTS)


def scores(centre: Centre, measures: Sequence[str] | None = None) -> pl.DataFrame:
    """Return all scores of a centre, or those of some measures: SCORES."""
    return schema.conform(scores_in(centre, SCORES.names, measures), SCORES)


def scores_in(centre: Centre, columns: Sequence[str], measures: Sequence[str] | None = None) -> pl.DataFrame:
    """Return some columns of SCORES, where the others would be read for nothing.

    measures   only the scores of these
    """
    if measures is None:
        return _frame(centre, SCORES, columns)
    where = f"WHERE measure IN ({', '.join('?' * len(measures))})"
    return _frame(centre, SCORES, columns, where, tuple(measures))


def _held(connection: sa.Connection, attempt_id: str) -> Mapping[str, Any] | None:
    asked = sa.select(sql_tables.attempts).where(sql_tables.attempts.c.attempt_id == attempt_id)
    found = connection.execute(asked).mappings().first()
    return None if found is None else {str(name): value for name, value in found.items()}


def _check_same(held: Mapping[str, Any], given: Mapping[str, object]) -> None:
    name = str(held["attempt_id"])
    if held["state"] != "planned":
        raise CentreError(name, why=f"is {held['state']} already; a further try is a further attempt with its own id")
    for column in _FIXED:
        if column in given and given[column] != held[column]:
            why = f"was planned with {held[column]}, not {given[column]}: what counts is named before it is flown"
            raise CentreError(name, place=column, why=why)


def _move(connection: sa.Connection, attempt_id: str, *, before: tuple[str, ...], values: Mapping[str, object]) -> None:
    held = _held(connection, attempt_id)
    if held is None:
        raise CentreError(attempt_id, why="there is no such attempt in this centre; `begin` it first")
    if held["state"] not in before:
        raise CentreError(
            attempt_id, why=f"is {held['state']}; only what is {' or '.join(before)} can be {values['state']}"
        )
    connection.execute(
        sql_tables.attempts.update().where(sql_tables.attempts.c.attempt_id == attempt_id).values(values)
    )


def _checked(row: Mapping[str, object], table: Table) -> dict[str, object]:
    """Return a row as the database keeps it."""
    strange = sorted(set(row) - set(table.names))
    if strange:
        raise CentreError(table.name, place=strange[0], why=f"no such column; there are {', '.join(table.names)}")
    missing = [item.name for item in table.columns if not item.nullable and row.get(item.name) is None]
    if missing:
        raise CentreError(table.name, place=missing[0], why="is missing, but every row must have it")
    frame = schema.frame(table, [row])
    _check_words(frame, table)
    return dict(zip(table.names, next(_rows(frame, table)), strict=True))


def _check_words(frame: pl.DataFrame, table: Table) -> None:
    for item in table.columns:
        if item.one_of:
            others = frame.filter(~pl.col(item.name).is_in(item.one_of))[item.name]
            if len(others):
                raise CentreError(table.name, place=item.name, why=f"{others[0]} is none of {', '.join(item.one_of)}")
        if item.dtype == F64 and not frame[item.name].is_finite().all():
            worst = next(value for value in frame[item.name] if value is not None and not math.isfinite(value))
            raise CentreError(table.name, place=item.name, why=f"{worst} is no number; what is unknown is null")


def _already_held(connection: sa.Connection, ids: pl.Series) -> str:
    """Return an id that is held already or stands twice; "" when there is none."""
    twice = ids.filter(ids.is_duplicated())
    if len(twice):
        return str(twice[0])
    held = {row[0] for row in raw_cursor(connection).execute("SELECT attempt_id FROM attempts")}
    return next((one for one in ids if one in held), "") if held else ""


def _rows(frame: pl.DataFrame, table: Table) -> Iterator[tuple[object, ...]]:
    """Yield the rows of a frame as the database keeps them."""
    times = [pl.col(item.name).dt.epoch("us") for item in table.columns if item.dtype == UTC]
    flags = [pl.col(item.name).cast(pl.Int64) for item in table.columns if item.dtype == BOOL]
    return iter(frame.with_columns(times + flags).iter_rows())


def _insert(connection: sa.Connection, table: Table, frame: pl.DataFrame) -> None:
    marks = ", ".join("?" * len(table.names))
    statement = f"INSERT INTO {table.name} ({', '.join(table.names)}) VALUES ({marks})"  # noqa: S608  our own names
    cursor = raw_cursor(connection)
    for start in range(0, frame.height, _INSERTED_AT_ONCE):
        cursor.executemany(statement, _rows(frame.slice(start, _INSERTED_AT_ONCE), table))


def _frame(
    centre: Centre, table: Table, columns: Sequence[str], where: str = "", given: tuple[object, ...] = ()
) -> pl.DataFrame:  # fmt: skip
    asked = f"SELECT {', '.join(columns)} FROM {table.name} {where} ORDER BY rowid"  # noqa: S608  our own names
    with centre.reading() as connection, uncollected():
        rows = raw_cursor(connection).execute(asked, given).fetchall()
    kinds = {item.name: item.dtype for item in table.columns}
    held = zip(*rows, strict=True) if rows else ((),) * len(columns)
    return pl.DataFrame([_series(name, kinds[name], some) for name, some in zip(columns, held, strict=True)])


def _series(name: str, dtype: pl.DataType, values: Sequence[Any]) -> pl.Series:
    if dtype in (UTC, BOOL):
        return pl.Series(name, values, dtype=pl.Int64()).cast(dtype)
    return pl.Series(name, values, dtype=dtype)
