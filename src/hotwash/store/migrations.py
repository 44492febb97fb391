"""The database's schema, version by version: each step brings a centre one version forward.

    no centre ─1─▶ people, lessons, history, objectives, attempts, scores ─2─▶ search and conflicts
               ─3─▶ accounts of incidents, better indexes; two tables that were never used are dropped
               ─4─▶ when an attempt was declared void ─5─▶ seals over the rows that a proof rests on

A step is never changed once a centre may have gone through it; a change of the schema is a further step.
Times are whole microseconds since 1970, UTC. Lists and records are JSON text.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable

from hotwash.errors import CentreError
from hotwash.lessons import history, search_words
from hotwash.store import seals

APPLICATION_ID = 0x686F7477  # "hotw", so that another program's SQLite file is not taken for a centre

_FIRST = """
CREATE TABLE centre (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- The only table that holds names.
CREATE TABLE people (
    person_id TEXT PRIMARY KEY, name TEXT, function TEXT, unit TEXT,
    added_utc INTEGER NOT NULL, erased_utc INTEGER
) STRICT, WITHOUT ROWID;

-- What a lesson is now: made from its history, and made again from it when in doubt.
CREATE TABLE lessons (
    row INTEGER PRIMARY KEY, lesson_id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, stage TEXT NOT NULL,
    changed_utc INTEGER NOT NULL, event_utc INTEGER, place TEXT NOT NULL, lat_deg REAL, lon_deg REAL,
    manager TEXT NOT NULL, action_body TEXT NOT NULL, unit TEXT NOT NULL
) STRICT;
CREATE INDEX lessons_by_stage ON lessons (stage);
CREATE INDEX lessons_by_event ON lessons (event_utc);
CREATE INDEX lessons_by_place ON lessons (lat_deg, lon_deg) WHERE lat_deg IS NOT NULL;

CREATE TABLE history (
    lesson_id TEXT NOT NULL REFERENCES lessons (lesson_id), number INTEGER NOT NULL, when_utc INTEGER NOT NULL,
    by TEXT NOT NULL, role TEXT NOT NULL, kind TEXT NOT NULL, stage TEXT NOT NULL, why TEXT NOT NULL,
    rests_on TEXT NOT NULL, changes TEXT NOT NULL, before TEXT NOT NULL, sha256 TEXT NOT NULL,
    PRIMARY KEY (lesson_id, number)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER history_is_never_changed BEFORE UPDATE ON history BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER history_is_never_shortened BEFORE DELETE ON history BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TABLE heads (
    lesson_id TEXT PRIMARY KEY REFERENCES lessons (lesson_id), number INTEGER NOT NULL, sha256 TEXT NOT NULL,
    is_anchored INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX heads_to_anchor ON heads (lesson_id) WHERE is_anchored = 0;

-- Who reported a lesson: apart from the history, so that nothing that leaves holds it unasked.
CREATE TABLE reporters (
    lesson_id TEXT PRIMARY KEY REFERENCES lessons (lesson_id), person_id TEXT NOT NULL REFERENCES people (person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX reporters_by_person ON reporters (person_id);

CREATE TABLE actions (
    lesson_id TEXT NOT NULL REFERENCES lessons (lesson_id), action_id TEXT NOT NULL, kind TEXT NOT NULL,
    owner TEXT NOT NULL, owner_id TEXT NOT NULL, due TEXT, state TEXT NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (lesson_id, action_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX actions_by_due ON actions (state, due);
CREATE INDEX actions_by_owner ON actions (owner);

CREATE TABLE objectives (
    objective_id TEXT NOT NULL, number INTEGER NOT NULL, lesson_id TEXT NOT NULL, version TEXT NOT NULL,
    body TEXT NOT NULL, PRIMARY KEY (objective_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE exercises (
    name TEXT NOT NULL, version TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (name, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE attempts (
    attempt_id TEXT PRIMARY KEY, exercise TEXT NOT NULL, exercise_version TEXT NOT NULL, seat TEXT NOT NULL,
    subject_kind TEXT NOT NULL, subject_id TEXT NOT NULL, policy TEXT, seed INTEGER, is_test INTEGER NOT NULL,
    objective_id TEXT, state TEXT NOT NULL, named_utc INTEGER, started_utc INTEGER, ended_utc INTEGER,
    setting TEXT NOT NULL, recording TEXT, recording_hash TEXT, void_by TEXT, void_why TEXT
) STRICT;
CREATE INDEX attempts_by_objective ON attempts (objective_id);
CREATE INDEX attempts_by_subject ON attempts (subject_id);

CREATE TABLE scores (
    attempt_id TEXT NOT NULL REFERENCES attempts (attempt_id), seat TEXT NOT NULL, task TEXT, measure TEXT NOT NULL,
    value REAL, unit TEXT, sigma REAL, clock_s REAL, opportunity TEXT, result TEXT, seed INTEGER, exercise TEXT,
    exercise_version TEXT, subject_kind TEXT, subject_id TEXT, marked_by TEXT
) STRICT;
CREATE INDEX scores_by_attempt ON scores (attempt_id);
CREATE INDEX scores_by_measure ON scores (measure);

CREATE TABLE masteries (
    subject_id TEXT NOT NULL, skill TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (subject_id, skill)
) STRICT, WITHOUT ROWID;
"""

_SECOND = """
CREATE VIRTUAL TABLE search USING fts5 (
    title, keywords, place, observation, discussion, conclusion, recommendation, rest,
    tokenize = 'unicode61 remove_diacritics 0'
);

CREATE TABLE conflicts (
    conflict_id INTEGER PRIMARY KEY, lesson_id TEXT NOT NULL REFERENCES lessons (lesson_id),
    ancestor INTEGER NOT NULL, from_centre TEXT NOT NULL, their_head TEXT NOT NULL, theirs TEXT NOT NULL,
    found_utc INTEGER NOT NULL, resolved_utc INTEGER, resolved_by TEXT, kept TEXT, UNIQUE (lesson_id, their_head)
) STRICT;
"""


def _first(raw: sqlite3.Connection) -> None:
    _run(raw, _FIRST)


def _second(raw: sqlite3.Connection) -> None:
    _run(raw, _SECOND)
    query = "SELECT stage, changes FROM history WHERE lesson_id = ? ORDER BY number"
    for row, lesson_id in raw.execute("SELECT row, lesson_id FROM lessons").fetchall():
        entries = [dict(zip(("stage", "changes"), one, strict=True)) for one in raw.execute(query, (lesson_id,))]
        raw.execute(_WORDS, (row, *search_words.search_texts(history.state(entries))))


_THIRD = """
-- What a subject masters is made anew from attempts, and exercises are files: nothing was ever kept here.
DROP TABLE exercises;
DROP TABLE masteries;

-- Place and time are mostly asked together: then neither needs the lesson itself.
DROP INDEX lessons_by_place;
CREATE INDEX lessons_by_place ON lessons (lat_deg, lon_deg, event_utc) WHERE lat_deg IS NOT NULL;
CREATE INDEX actions_by_owner_id ON actions (owner_id) WHERE owner_id <> '';

CREATE TABLE incidents (
    incident_id TEXT NOT NULL, number INTEGER NOT NULL, title TEXT NOT NULL, from_utc INTEGER, until_utc INTEGER,
    kept_utc INTEGER NOT NULL, folder TEXT NOT NULL UNIQUE, sha256 TEXT NOT NULL, PRIMARY KEY (incident_id, number)
) STRICT, WITHOUT ROWID;
"""


def _third(raw: sqlite3.Connection) -> None:
    _run(raw, _THIRD)


def _fourth(raw: sqlite3.Connection) -> None:
    raw.execute("ALTER TABLE attempts ADD COLUMN void_utc INTEGER")


_FIFTH = """
-- What a row was when hotwash wrote it last; the newest seal of a row counts.
CREATE TABLE seals (
    number INTEGER PRIMARY KEY, sheet TEXT NOT NULL, row_key TEXT NOT NULL, how TEXT NOT NULL, digest TEXT NOT NULL,
    sha256 TEXT NOT NULL
) STRICT;
CREATE TRIGGER seals_are_never_changed BEFORE UPDATE ON seals BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER seals_are_never_removed BEFORE DELETE ON seals BEGIN SELECT RAISE(ABORT, 'append-only'); END;

CREATE TABLE seal_heads (
    row INTEGER PRIMARY KEY CHECK (row = 0), number INTEGER NOT NULL, sha256 TEXT NOT NULL,
    is_anchored INTEGER NOT NULL
) STRICT;

-- Erased with the name: without it nobody can try names against an old seal.
ALTER TABLE people ADD COLUMN salt TEXT;
"""


def _fifth(raw: sqlite3.Connection) -> None:
    _run(raw, _FIFTH)
    ids = raw.execute("SELECT person_id FROM people WHERE erased_utc IS NULL").fetchall()
    raw.executemany("UPDATE people SET salt = ? WHERE person_id = ?", [(secrets.token_hex(16), *one) for one in ids])
    seals.seal_all(raw.cursor())


def _run(raw: sqlite3.Connection, script: str) -> None:
    """Run statements one by one: executescript would commit our transaction first."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            raw.execute(statement)
            statement = ""


_WORDS = f"INSERT INTO search (rowid, {', '.join(search_words.SEARCHED)}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608


STEPS: tuple[Callable[[sqlite3.Connection], None], ...] = (_first, _second, _third, _fourth, _fifth)
VERSION = len(STEPS)


def version_of(raw: sqlite3.Connection) -> int:
    version: int = raw.execute("PRAGMA user_version").fetchone()[0]
    return version


def make(raw: sqlite3.Connection, *, version: int = VERSION) -> None:
    """Give an empty database the schema of a version."""
    raw.execute("BEGIN IMMEDIATE")
    raw.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    _steps(raw, 0, version)
    raw.execute("COMMIT")


def bring_up_to_date(raw: sqlite3.Connection, name: str) -> bool:
    """Bring a centre's database to the newest version, completely or not at all; return whether it was older.

    raises   CentreError when it is not a centre's database, or a newer hotwash made it
    """
    if raw.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise CentreError(name, place="centre.db", why="is not a centre's database; name another folder with --centre")
    version = version_of(raw)
    if version > VERSION:
        why = f"has version {version}; this hotwash knows versions up to {VERSION}. Install the newer hotwash"
        raise CentreError(name, place="centre.db", why=why)
    if version == VERSION:
        return False
    raw.execute("BEGIN IMMEDIATE")
    try:
        _steps(raw, version_of(raw), VERSION)  # read again: another program may have been faster
    except BaseException:
        raw.execute("ROLLBACK")
        raise
    raw.execute("COMMIT")
    return True


def _steps(raw: sqlite3.Connection, before: int, after: int) -> None:
    for step in STEPS[before:after]:
        step(raw)
    if after > before:
        raw.execute(f"PRAGMA user_version = {after}")
