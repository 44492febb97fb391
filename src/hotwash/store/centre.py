"""An open centre: the layout of its folder, and transactions on its database.

create ─┐
open_  ─┴─▶ Centre ─▶ reading()  one unchanging view, also while others write
                   └▶ writing()  one writer at a time; all of it is saved, or nothing
"""

from __future__ import annotations

import gc
import math
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from hotwash.errors import CentreError
from hotwash.model.ids import fault_of_name
from hotwash.store import anchors, migrations, seals
from hotwash.store.anchors import ANCHORS, TEMPORARY

DATABASE = "centre.db"
RECORDINGS = "recordings"
INCIDENTS = "incidents"

_BUSY_S = 30.0  # how long one writer waits for another: an import of 100,000 lessons holds the lock for some 20 s
_PAGE_BYTES = 8192  # an entry with a page of text fits one page; split, its rest would take 4 KB
_EARTH_KM = 6371.0  # mean radius; the error of 0.3 % from flattening does not matter in a search


@dataclass(frozen=True, slots=True)
class Centre:
    """An open centre.

    folder      its folder
    centre_id   random id of the centre, given when it was created
    name        name for people
    example     of an example centre, what was prepared for it; "" for every other centre
    may_write   False where the folder may only be read: then nothing in it is changed
    """

    folder: Path
    centre_id: str
    name: str
    engine: sa.Engine
    example: str = ""
    may_write: bool = True

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Give a connection that sees the centre as it is now, whatever others write meanwhile.

        raises   CentreError when the database cannot be read
        """
        with database_errors(self.folder), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Give the one connection that may write; at the end everything is saved and sealed, after an error nothing.

        Where the centre may only be read, the connection reads, and is refused when it writes.

        raises   CentreError when another program writes for longer than 30 s, or the disk is full or read-only
        """
        with self._changing() as connection:
            cursor = raw_cursor(connection)
            seals.watch_changes(cursor)
            yield connection
            has_sealed = seals.seal_changes(cursor)
        if has_sealed:
            self.note_heads()

    def note_heads(self) -> None:
        """Note the heads that are not in anchors.log yet. If it cannot be written now, the next writer adds them."""
        with suppress(OSError), self._changing() as connection:
            anchors.note(raw_cursor(connection), self.folder / ANCHORS)

    @contextmanager
    def _changing(self) -> Iterator[sa.Connection]:
        with database_errors(self.folder), self.engine.connect() as plain:
            connection = plain.execution_options(hotwash_begin="BEGIN IMMEDIATE") if self.may_write else plain
            with connection.begin():
                yield connection

    def close(self) -> None:
        self.engine.dispose()

    def __enter__(self) -> Centre:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def create(folder: Path, *, name: str, now_utc: datetime, is_shared: bool = False, example: str = "") -> Centre:
    """Create a centre in a folder and return it, open.

    folder     missing or empty; leftovers of a program that was killed while creating a centre are removed
    is_shared  the folder may contain other files, but no centre
    example    makes it an example centre permanently: what was prepared for it, in a sentence. Only such a centre
               accepts prepared recordings, and every report on its attempts says so
    raises     CentreError when the folder is not empty or cannot be written to
    """
    if why := fault_of_name(name):
        raise CentreError("name", why=why)
    is_taken = (folder / DATABASE).exists() if is_shared else not all(map(_is_leftover, _entries(folder)))
    if is_taken or folder.is_file():
        raise CentreError(str(folder), why="is not empty; name a new folder, so that nothing of yours is overwritten")
    for left in folder.glob(f".{DATABASE}.*"):
        left.unlink(missing_ok=True)
    hidden = folder / f".{DATABASE}.{secrets.token_hex(4)}{TEMPORARY}"
    try:
        for part in (RECORDINGS, INCIDENTS):
            (folder / part).mkdir(parents=True, exist_ok=True)
        with database_errors(folder):
            _make(hidden, name=name or folder.resolve().name, now_utc=now_utc, example=example)
        hidden.replace(folder / DATABASE)
    except OSError as fault:
        raise CentreError(str(folder), why=f"cannot be written to: {fault.strerror or fault}") from None
    finally:
        hidden.unlink(missing_ok=True)
    made = open_(folder)
    made.note_heads()
    return made


def _entries(folder: Path) -> Iterator[Path]:
    return folder.iterdir() if folder.is_dir() else iter(())


def _is_leftover(path: Path) -> bool:
    """Return whether this is left over from a program that was killed while creating a centre."""
    if path.is_dir():
        return path.name in (RECORDINGS, INCIDENTS) and not any(path.iterdir())
    return path.name.startswith(f".{DATABASE}.") and TEMPORARY in path.name


def open_(folder: Path) -> Centre:
    """Return the centre in a folder, brought up to date first if an earlier version made it.

    A centre that may only be read (an archive, a share, somebody's backup) is read without writing anything.

    raises   CentreError when there is none, it is damaged, or a newer hotwash created it
    """
    database = folder / DATABASE
    if not database.is_file():
        why = f"is not a centre: it has no {DATABASE}; create one with `hotwash init`, or name another with --centre"
        raise CentreError(str(folder), why=why)
    may_write = _may_write(database)
    with database_errors(folder):
        is_changed = (_bring_up_to_date if may_write else _check_version)(database)
        engine = _engine(database)
        with engine.connect() as connection:
            rows = connection.exec_driver_sql("SELECT key, value FROM centre").all()
            facts = {str(key): str(value) for key, value in rows}
    named = (facts.get("centre_id", ""), facts.get("name") or folder.resolve().name)  # `doctor` tells of a missing one
    opened = Centre(folder, *named, engine, facts.get("example", ""), may_write)
    if is_changed:
        opened.note_heads()
    return opened


def _may_write(database: Path) -> bool:
    """Return whether SQLite may write: it needs the file, and the folder for the journal beside it."""
    return os.access(database, os.W_OK) and os.access(database.parent, os.W_OK)


@contextmanager
def database_errors(folder: Path) -> Iterator[None]:
    """Turn an error of the database into a CentreError with a remedy."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as fault:
        message = str(fault.orig if isinstance(fault, DBAPIError) else fault)
        raise CentreError(str(folder), place=DATABASE, why=_explain(message)) from None


def _explain(message: str) -> str:
    for part, why in _REMEDIES:
        if part in message:
            return why
    return f"the database reports: {message}"


_REMEDIES = (
    ("disk is full", "the disk is full; nothing was saved and nothing was lost: make room, then try again"),
    ("disk I/O error", "the disk cannot be read or written; nothing was saved: check free space and permissions"),
    ("is locked", "another program has been writing for longer than 30 s; nothing was saved: try again"),
    ("readonly", "may only be read; nothing was saved: check the permissions of the folder, or work in a copy of it"),
    (
        "unable to open",
        "cannot be opened: check the permissions of the folder. If it may only be read and centre.db-wal "
        "lies in it, copy the folder to where you may write",
    ),
    ("not a database", "is not an SQLite database; restore a copy made by `hotwash backup`"),
    ("malformed", "is damaged; restore a copy made by `hotwash backup`"),
    ("append-only", "an entry of a history, or a seal, cannot be changed or removed: add another that corrects it"),
)


def _make(path: Path, *, name: str, now_utc: datetime, example: str) -> None:
    raw = sqlite3.connect(path, isolation_level=None)
    try:
        raw.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
        raw.execute("PRAGMA journal_mode = WAL")
        migrations.make(raw)
        facts = {"centre_id": f"C-{secrets.token_hex(8)}", "name": name, "made_utc": now_utc.isoformat()}
        facts |= {"example": example} if example else {}
        cursor = raw.cursor()
        cursor.execute("BEGIN IMMEDIATE")
        seals.watch_changes(cursor)
        cursor.executemany("INSERT INTO centre VALUES (?, ?)", facts.items())
        seals.seal_changes(cursor)
        cursor.execute("COMMIT")
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        raw.close()


def _bring_up_to_date(database: Path) -> bool:
    """Return whether the database was of an earlier version."""
    raw = connect(database)
    try:
        return migrations.bring_up_to_date(raw, str(database.parent))
    finally:
        raw.close()


def _check_version(database: Path) -> bool:
    """Return False, since nothing is changed.  raises   CentreError unless the centre is of this version"""
    raw = connect(database)
    try:
        if migrations.version_of(raw) < migrations.VERSION:
            why = "is of an earlier version and may only be read, so it cannot be brought up to date: copy the folder"
            raise CentreError(str(database.parent), place=DATABASE, why=why)
        return bool(migrations.bring_up_to_date(raw, str(database.parent)))  # refuses no centre, and a newer one
    finally:
        raw.close()


def connect(database: Path) -> sqlite3.Connection:
    """Return a plain SQLite connection with hotwash's settings; the caller begins transactions.

    A database that may only be read is opened so. Without a journal beside it nobody writes, and SQLite is told so
    (`immutable`): otherwise it would make its own files there.
    """
    where, is_uri = str(database), False
    if not _may_write(database):
        journal = database.with_name(f"{database.name}-wal")
        how = "mode=ro" if journal.exists() and journal.stat().st_size else "mode=ro&immutable=1"
        where, is_uri = f"{database.resolve().as_uri()}?{how}", True
    raw = sqlite3.connect(where, uri=is_uri, timeout=_BUSY_S, isolation_level=None, check_same_thread=False)
    # FULL: what was reported as done is on the disk, even after a power failure.
    for setting in ("foreign_keys = ON", "synchronous = FULL", "secure_delete = ON", "cache_size = -65536"):
        raw.execute(f"PRAGMA {setting}")
    raw.create_function("km_between", 4, km_between, deterministic=True)
    return raw


def km_between(lat0_deg: float, lon0_deg: float, lat_deg: float, lon_deg: float) -> float:
    """Return the distance of two places on a sphere [km]. Source: haversine formula."""
    lat0, lon0, lat, lon = (math.radians(angle) for angle in (lat0_deg, lon0_deg, lat_deg, lon_deg))
    half = math.sin((lat - lat0) / 2) ** 2 + math.cos(lat0) * math.cos(lat) * math.sin((lon - lon0) / 2) ** 2
    return 2 * _EARTH_KM * math.asin(math.sqrt(min(1.0, half)))


def _engine(database: Path) -> sa.Engine:
    engine = sa.create_engine("sqlite://", creator=lambda: connect(database), poolclass=sa.pool.QueuePool)

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        # The driver's own idea of a transaction begins too late for a reader and too weakly for a writer.
        connection.exec_driver_sql(connection.get_execution_options().get("hotwash_begin", "BEGIN"))

    return engine


def raw_cursor(connection: sa.Connection) -> sqlite3.Cursor:
    """Return a plain SQLite cursor inside the connection's transaction, for many rows at once."""
    cursor: Any = connection.connection.cursor()
    plain: sqlite3.Cursor = cursor
    return plain


@contextmanager
def without_gc() -> Iterator[None]:
    """Pause the garbage collector: with many rows it takes long and finds nothing, since none are circular."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def to_us(moment: datetime | None) -> int | None:
    """Return a time as the database stores it: microseconds since 1970, UTC."""
    if moment is None:
        return None
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def from_us(us: int | None) -> datetime | None:
    """Return a stored time; None where it is unknown."""
    return None if us is None else moment(us)


def moment(us: int) -> datetime:
    """Return the time for a number of microseconds since 1970, UTC."""
    return datetime.fromtimestamp(us // 1_000_000, UTC).replace(microsecond=us % 1_000_000)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
