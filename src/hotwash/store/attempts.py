"""Attempts and their scores in a centre.

    begin ─▶ planned ─▶ started ─finish─▶ finished ─┐
                           └────abandon─▶ abandoned ─┴─void (an instructor, with a reason)─▶ void

A started attempt that nobody finishes stays started: it counts, and `doctor` reports it.
"""

from __future__ import annotations

import math
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
import polars as pl
import sqlalchemy as sa

from hotwash.errors import CentreError
from hotwash.model import schema
from hotwash.model.objective import Objective
from hotwash.model.schema import BOOL, F64, UTC, Table
from hotwash.model.tables import SCORES
from hotwash.model.trials import ATTEMPTS
from hotwash.store import objectives, sql_tables
from hotwash.store.centre import Centre, raw_cursor, to_us, without_gc

_FIRST_STATES = ("planned", "started")
_PLANNED_COLUMNS = (
    "exercise",
    "exercise_version",
    "seat",
    "subject_kind",
    "subject_id",
    "is_test",
    "objective_id",
    "setting",
)
_ROWS_AT_ONCE = 50_000
_BEFORE_ALL = -(2**63)  # less than the number of any row


def begin_attempt(centre: Centre, row: Mapping[str, object]) -> str:
    """Record that an attempt is planned or has started; return its id.

    row      columns of ATTEMPTS; attempt_id defaults to a random id, state to started where started_utc is given,
             otherwise to planned
    raises   CentreError when a column is unknown or holds a word that it may not; when the attempt exists and is not
             merely planned, or was planned differently
    """
    full: dict[str, object] = {"attempt_id": f"A-{secrets.token_hex(8)}", "setting": "exercise"} | dict(row)
    full["state"] = full.get("state") or ("started" if full.get("started_utc") else "planned")
    if full["state"] not in _FIRST_STATES:
        raise CentreError(
            "attempt", place="state", why=f"a new attempt is {' or '.join(_FIRST_STATES)}, not {full['state']}"
        )
    values = _database_row(full, ATTEMPTS)
    with centre.writing() as connection:
        planned = _stored_attempt(connection, str(values["attempt_id"]))
        if planned is None:
            connection.execute(sql_tables.attempts.insert(), values)
        else:
            changes = {name: values[name] for name in ATTEMPTS.names if name in row or name == "state"}
            _check_as_planned(planned, changes)
            same = sql_tables.attempts.c.attempt_id == values["attempt_id"]
            connection.execute(sql_tables.attempts.update().where(same).values(changes))
    return str(values["attempt_id"])


def plan(
    centre: Centre, objective_id: str, choose: Callable[[Objective, frozenset[int]], tuple[Objective, pl.DataFrame]]
) -> Objective:
    """Name attempts for an objective in one transaction; return the objective with them.

    choose   called with the objective and the seeds already used for it; returns the objective with the ids, and the
             ATTEMPTS
    raises   CentreError, and whatever `choose` raises; nothing is saved then
    """
    with centre.writing() as connection:
        before = objectives.get_in(connection, objective_id)
        used = sa.select(sql_tables.attempts.c.seed).where(sql_tables.attempts.c.objective_id == objective_id)
        seeds = frozenset(int(one) for one in connection.execute(used).scalars() if one is not None)
        after, rows = choose(before, seeds)
        twice = _duplicate_id(connection, rows["attempt_id"])
        if twice:
            raise CentreError(twice, why="is the id of an attempt in this centre already; nothing was planned")
        _insert(connection, ATTEMPTS, schema.conform(rows, ATTEMPTS))
        objectives.put_in(connection, after)
    return after


def finish_attempt(
    centre: Centre, attempt_id: str, *, scores: pl.DataFrame, ended_utc: datetime, recording: str = "",
    recording_hash: str = "",
) -> None:  # fmt: skip
    """Record the end of a started attempt and its scores, both or neither.

    scores           SCORES of this attempt alone
    recording        its folder, relative to the centre's, with slashes; "" where nothing was recorded
    recording_hash   SHA-256 as `recordings.keep_recording` returns it
    raises           CentreError when no such attempt is under way; TableError when the frame does not fit SCORES
    """
    rows = schema.conform(scores, SCORES)
    others = rows.filter(pl.col("attempt_id") != attempt_id)
    if others.height:
        why = f"the scores include some of {others['attempt_id'][0]}; give the scores of one attempt"
        raise CentreError(attempt_id, why=why)
    ended: dict[str, object] = {"state": "finished", "ended_utc": to_us(ended_utc)}
    stored = {"recording": recording or None, "recording_hash": recording_hash or None}
    with centre.writing() as connection:
        _move(connection, attempt_id, before=("started",), values=ended | stored)
        _insert(connection, SCORES, rows)


def abandon_attempt(
    centre: Centre, attempt_id: str, *, ended_utc: datetime, recording: str = "", recording_hash: str = ""
) -> None:  # fmt: skip
    """Record that an attempt was abandoned. It counts as a NO-GO unless an instructor voids it.

    recording, recording_hash   of the recording until then, as for `finish_attempt`; there are no scores
    raises                      CentreError when no such attempt is under way
    """
    values: dict[str, object] = {"state": "abandoned", "ended_utc": to_us(ended_utc)}
    stored = {"recording": recording or None, "recording_hash": recording_hash or None}
    with centre.writing() as connection:
        _move(connection, attempt_id, before=("started",), values=values | stored)


def void_attempt(centre: Centre, attempt_id: str, *, by: str, why: str, now_utc: datetime) -> None:
    """Record that an attempt does not count.

    by        random id of the instructor, who is not the person tried
    now_utc   since when: a round that was decided before keeps its result
    raises    CentreError when no reason is given, the attempt has not started, or it is the instructor's own
    """
    if not by.strip() or not why.strip():
        raise CentreError(attempt_id, why="only an instructor can void an attempt, with a reason: give both")
    values = {"state": "void", "void_by": by, "void_why": why.strip(), "void_utc": to_us(now_utc)}
    with centre.writing() as connection:
        before = _stored_attempt(connection, attempt_id)
        if before is not None and (before["subject_kind"], before["subject_id"]) == ("person", by):
            raise CentreError(attempt_id, why="is your own attempt: an instructor voids it, not the person tried")
        _move(connection, attempt_id, before=("started", "finished", "abandoned"), values=values)


def add_many(centre: Centre, attempts: pl.DataFrame, scores: pl.DataFrame) -> None:
    """Add attempts that were flown elsewhere, with their scores, all or none.

    attempts   ATTEMPTS with ids that are new in this centre
    scores     SCORES of these attempts
    raises     TableError, CentreError
    """
    rows, marks = schema.conform(attempts, ATTEMPTS), schema.conform(scores, SCORES)
    strangers = marks.join(rows, on="attempt_id", how="anti")
    if strangers.height:
        why = f"a score names attempt {strangers['attempt_id'][0]}, which is not among the attempts given"
        raise CentreError("scores", why=why)
    _check_words(rows, ATTEMPTS)
    _check_words(marks, SCORES)
    with centre.writing() as connection:
        twice = _duplicate_id(connection, rows["attempt_id"])
        if twice:
            raise CentreError(twice, why="is the id of an attempt in this centre already; nothing was added")
        _insert(connection, ATTEMPTS, rows)
        _insert(connection, SCORES, marks)


def attempts(centre: Centre) -> pl.DataFrame:
    """Return all attempts of a centre as ATTEMPTS, in the order in which they were named."""
    return schema.conform(_frame(centre, ATTEMPTS, ATTEMPTS.names), ATTEMPTS)


def attempts_in(centre: Centre, columns: Sequence[str]) -> pl.DataFrame:
    """Return some columns of ATTEMPTS, which is faster than reading all."""
    return _frame(centre, ATTEMPTS, columns)


def scores(centre: Centre, measures: Sequence[str] | None = None) -> pl.DataFrame:
    """Return all scores of a centre, or those of some measures, as SCORES."""
    return schema.conform(scores_in(centre, SCORES.names, measures), SCORES)


def scores_in(centre: Centre, columns: Sequence[str], measures: Sequence[str] | None = None) -> pl.DataFrame:
    """Return some columns of SCORES, which is faster than reading all.

    measures   only the scores of these
    """
    if measures is None:
        return _frame(centre, SCORES, columns)
    where = f"measure IN ({', '.join('?' * len(measures))})"
    return _frame(centre, SCORES, columns, where, tuple(measures))


def objective_of(centre: Centre, attempt_id: str) -> str:
    """Return the objective that named an attempt; "" where none did, or there is no such attempt."""
    with centre.reading() as connection:
        row = _stored_attempt(connection, attempt_id)
    return str(row["objective_id"] or "") if row is not None else ""


def people_of_lesson(centre: Centre, lesson_id: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return who was tried for the objectives of a lesson, and who instructed: voided an attempt, or marked one."""
    with centre.reading() as connection:
        cursor = raw_cursor(connection)
        flew, instructed = (
            frozenset(str(row[0]) for row in cursor.execute(query, (lesson_id,) * query.count("?")))
            for query in (_FLEW, _INSTRUCTED)
        )
    return flew, instructed


_THEIRS = "objective_id IN (SELECT objective_id FROM objectives WHERE lesson_id = ?)"
_FLEW = f"SELECT subject_id FROM attempts WHERE subject_kind = 'person' AND state <> 'planned' AND {_THEIRS}"  # noqa: S608
_INSTRUCTED = (
    f"SELECT void_by FROM attempts WHERE void_by IS NOT NULL AND {_THEIRS} UNION "  # noqa: S608
    f"SELECT marked_by FROM scores JOIN attempts USING (attempt_id) WHERE marked_by <> 'machine' AND {_THEIRS}"
)


def _stored_attempt(connection: sa.Connection, attempt_id: str) -> Mapping[str, Any] | None:
    query = sa.select(sql_tables.attempts).where(sql_tables.attempts.c.attempt_id == attempt_id)
    row = connection.execute(query).mappings().first()
    return None if row is None else {str(name): value for name, value in row.items()}


def _check_as_planned(planned: Mapping[str, Any], changes: Mapping[str, object]) -> None:
    name = str(planned["attempt_id"])
    if planned["state"] != "planned":
        raise CentreError(name, why=f"is already {planned['state']}; another try is another attempt with its own id")
    for column in _PLANNED_COLUMNS:
        if column in changes and changes[column] != planned[column]:
            why = f"was planned with {planned[column]}, not {changes[column]}: an attempt is flown as it was planned"
            raise CentreError(name, place=column, why=why)


def _move(connection: sa.Connection, attempt_id: str, *, before: tuple[str, ...], values: Mapping[str, object]) -> None:
    attempt = _stored_attempt(connection, attempt_id)
    if attempt is None:
        raise CentreError(attempt_id, why="there is no such attempt in this centre; begin it first")
    if attempt["state"] not in before:
        why = f"is {attempt['state']}; only a {' or '.join(before)} attempt can become {values['state']}"
        raise CentreError(attempt_id, why=why)
    connection.execute(
        sql_tables.attempts.update().where(sql_tables.attempts.c.attempt_id == attempt_id).values(values)
    )


def _database_row(row: Mapping[str, object], table: Table) -> dict[str, object]:
    """Return a row in the form of the database."""
    unknown = sorted(set(row) - set(table.names))
    if unknown:
        raise CentreError(table.name, place=unknown[0], why=f"unknown column; choose from {', '.join(table.names)}")
    missing = [item.name for item in table.columns if not item.nullable and row.get(item.name) is None]
    if missing:
        raise CentreError(table.name, place=missing[0], why="is missing; every row must have it")
    frame = schema.frame(table, [row])
    _check_words(frame, table)
    return dict(zip(table.names, next(_rows(frame, table)), strict=True))


def _check_words(frame: pl.DataFrame, table: Table) -> None:
    for item in table.columns:
        if item.one_of:
            others = frame.filter(~pl.col(item.name).is_in(item.one_of))[item.name]
            if len(others):
                raise CentreError(
                    table.name, place=item.name, why=f"{others[0]} is not one of {', '.join(item.one_of)}"
                )
        if item.dtype == F64 and not frame[item.name].is_finite().all():
            worst = next(value for value in frame[item.name] if value is not None and not math.isfinite(value))
            raise CentreError(table.name, place=item.name, why=f"{worst} is not a number; leave unknown values null")


def _duplicate_id(connection: sa.Connection, ids: pl.Series) -> str:
    """Return an id that is in the centre already or occurs twice; "" when there is none."""
    twice = ids.filter(ids.is_duplicated())
    if len(twice):
        return str(twice[0])
    present = {row[0] for row in raw_cursor(connection).execute("SELECT attempt_id FROM attempts")}
    return next((one for one in ids if one in present), "") if present else ""


def _rows(frame: pl.DataFrame, table: Table) -> Iterator[tuple[object, ...]]:
    """Yield the rows of a frame as the database keeps them."""
    times = [pl.col(item.name).dt.epoch("us") for item in table.columns if item.dtype == UTC]
    flags = [pl.col(item.name).cast(pl.Int64) for item in table.columns if item.dtype == BOOL]
    return iter(frame.with_columns(times + flags).iter_rows())


def _insert(connection: sa.Connection, table: Table, frame: pl.DataFrame) -> None:
    marks = ", ".join("?" * len(table.names))
    statement = f"INSERT INTO {table.name} ({', '.join(table.names)}) VALUES ({marks})"  # noqa: S608  our own names
    cursor = raw_cursor(connection)
    for start in range(0, frame.height, _ROWS_AT_ONCE):
        cursor.executemany(statement, _rows(frame.slice(start, _ROWS_AT_ONCE), table))


def _frame(
    centre: Centre, table: Table, columns: Sequence[str], where: str = "TRUE", parameters: tuple[object, ...] = ()
) -> pl.DataFrame:
    """Return some columns of a table, in the order in which the rows were written."""
    kinds = {item.name: item.dtype for item in table.columns}
    values: dict[str, list[Any]] = {name: [] for name in columns}
    with centre.reading() as connection, without_gc():
        cursor, after, count = raw_cursor(connection), _BEFORE_ALL, _ROWS_AT_ONCE
        while count == _ROWS_AT_ONCE:
            rows = f"FROM {table.name} WHERE rowid > {after} AND {where} ORDER BY rowid LIMIT {_ROWS_AT_ONCE}"
            # SQLite writes a column as JSON in half the time in which Python takes it value by value; but numbers with
            # a point are rounded to fifteen digits there.
            plain = [name for name in columns if kinds[name] != F64]
            lists = "".join(f", json_group_array({name})" for name in plain)
            query = f"SELECT count(*), max(row){lists} FROM (SELECT {', '.join(['rowid AS row', *plain])} {rows})"  # noqa: S608
            count, last, *found = cursor.execute(query, parameters).fetchone()
            for name, text in zip(plain, found, strict=True):
                values[name] += msgspec.json.decode(text)
            for name in values.keys() - set(plain):
                values[name] += [row[0] for row in cursor.execute(f"SELECT {name} {rows}", parameters)]
            after = last
        return pl.DataFrame([_series(name, kinds[name], values[name]) for name in columns])


def _series(name: str, dtype: pl.DataType, values: Sequence[Any]) -> pl.Series:
    if dtype in (UTC, BOOL):
        return pl.Series(name, values, dtype=pl.Int64()).cast(dtype)
    return pl.Series(name, values, dtype=dtype)
