"""Whatever something else than hotwash does to a row of a centre is seen, column by column, by audit and by doctor."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from moves import ACTION, CHECKER, DONE, NOON, OWNER, REPORTER, come_to, moved

from hotwash.lessons import json_values
from hotwash.lessons.exchange import File, FileConflict
from hotwash.model import schema
from hotwash.model.objective import Objective, Rule, Standard
from hotwash.model.tables import SCORES
from hotwash.store import attempts, audit, backup, doctor, incidents, lessons, objectives, people, seals, transfer
from hotwash.store import centre as centres
from hotwash.store.centre import Centre, raw_cursor

OBJECTIVE = Objective(
    "hamn-quick", "L-1", "The harbour is warned soon", "person", "watch officer", "hamn-natt", "2", "watch",
    "worst_first_detectable_to_declared", "s", Standard("at_most", 240.0), Rule(3),
)  # fmt: skip


def write(folder: Path) -> None:
    folder.mkdir()
    (folder / "account.json").write_bytes(b"{}")


def run(number: int) -> dict[str, Any]:
    return {"attempt_id": f"H-{number}", "exercise": "hamn-natt", "exercise_version": "2", "seat": "watch",
            "subject_kind": "person", "subject_id": OWNER, "is_test": True, "started_utc": NOON, "seed": number,
            "named_utc": NOON, "objective_id": "hamn-quick"}  # fmt: skip


def score(number: int, measure: str, value: float | None) -> dict[str, Any]:
    return {"attempt_id": f"H-{number}", "seat": "watch", "measure": measure, "value": value, "unit": "s",
            "sigma": 1.5, "clock_s": 60.0, "opportunity": "ANY", "marked_by": "machine"}  # fmt: skip


@pytest.fixture
def harbour(centre: Centre) -> Centre:
    """A centre with at least one row in every table."""
    lessons.record_lesson(centre, come_to("learned"))
    lessons.record_lesson(centre, come_to("tasked", "L-2"))
    objectives.put_objective(centre, OBJECTIVE)
    for number in (1, 2):
        attempts.begin_attempt(centre, run(number))
        frame = schema.frame(SCORES, [score(number, "worst_first_detectable_to_declared", 181.25 * number),
                                      score(number, "false_declared", None)])  # fmt: skip
        attempts.finish_attempt(centre, f"H-{number}", scores=frame, ended_utc=NOON)
    attempts.void_attempt(centre, "H-2", by=CHECKER, why="the sensor feed failed", now_utc=NOON)
    incidents.keep_account(centre, incidents.Heading("hamn", "A night at the harbour", NOON, NOON), write, now_utc=NOON)
    lesson = lessons.get_lesson(centre, "L-2")
    other = moved(lesson, [("act", OWNER, "action_body", {"actions": (ACTION,)})])
    lessons.record_lesson(centre, moved(lesson, [("act", OWNER, "action_body", {"actions": (DONE,)})]))
    theirs = [json_values.plain(entry) for entry in other.history]
    one = FileConflict("L-2", "Elsewhere", json_values.time_text(NOON), "", theirs)
    transfer.import_lessons(centre, File("C-2", "Elsewhere", "", (), (), (), (one,)), name="theirs", now_utc=NOON)
    people.erase_person(centre, REPORTER, now_utc=NOON)
    return centre


def plain(folder: Path) -> sqlite3.Connection:
    """Open the database as another program would, triggers dropped."""
    raw = sqlite3.connect(folder / "centre.db", isolation_level=None)
    for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        raw.execute(f"DROP TRIGGER {name}")
    return raw


def tables(raw: sqlite3.Connection) -> list[str]:
    rows = raw.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'search%'").fetchall()
    return [str(row[0]) for row in rows]


def others(value: Any, kind: str) -> Iterator[Any]:
    """Yield values that a cell may get instead of the one it has."""
    if value is None:
        yield {"TEXT": "x", "INTEGER": 1, "REAL": 0.5}[kind]
        return
    yield None
    yield {"TEXT": f"{value}x", "INTEGER": 1 - value if value in (0, 1) else f"{value}1", "REAL": 0.1}[kind]


def seen(folder: Path) -> tuple[bool, bool]:
    """Tell whether audit sees anything, and whether doctor does."""
    with centres.open_(folder) as opened:
        return not audit.audit(opened).is_intact, bool(doctor.examine(opened))


def test_every_table_is_sealed_or_says_what_protects_it(centre: Centre):
    raw = plain(centre.folder)
    assert set(tables(raw)) | {"search"} == set(seals.SEALED) | set(seals.NOT_SEALED)
    assert not set(seals.SEALED) & set(seals.NOT_SEALED)
    raw.close()


def test_a_sound_centre_has_every_row_under_seal(harbour: Centre):
    found = audit.audit(harbour)
    assert (found.is_intact, found.unnoted, found.as_found) == (True, 0, 0)
    assert doctor.examine(harbour) == ()
    raw = plain(harbour.folder)
    assert [name for name in tables(raw) if not raw.execute(f"SELECT 1 FROM {name}").fetchone()] == []
    raw.close()


def cells(folder: Path) -> Iterator[tuple[str, str, str, int, Any]]:
    """Yield table, column, its type, number and value of the first and the last row's cells, of every table."""
    raw = plain(folder)
    for table in tables(raw):
        for _, column, kind, *_ in raw.execute(f"PRAGMA table_info({table})").fetchall():
            values = [row[0] for row in raw.execute(f"SELECT {column} FROM {table} ORDER BY {first_key(raw, table)}")]
            for at in sorted({0, len(values) - 1}):
                yield table, column, kind, at, values[at]
    raw.close()


def first_key(raw: sqlite3.Connection, table: str) -> str:
    """Return the columns by which the rows of a table are ordered: all of them."""
    return ", ".join(str(row[1]) for row in raw.execute(f"PRAGMA table_info({table})"))


def change(folder: Path, table: str, column: str, at: int, value: Any) -> bool:
    """Change one cell; return whether the database lets another program do it."""
    raw = plain(folder)
    order = first_key(raw, table)
    chosen = raw.execute(f"SELECT * FROM {table} ORDER BY {order} LIMIT 1 OFFSET {at}").fetchone()
    same = " AND ".join(f"{name} IS ?" for name in order.split(", "))
    try:
        assert raw.execute(f"UPDATE {table} SET {column} = ? WHERE {same}", (value, *chosen)).rowcount == 1
    except sqlite3.IntegrityError:
        return False
    finally:
        raw.close()
    return True


def restored(harbour: Path, copy: Path) -> Path:
    """Return a fresh copy of a centre."""
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(harbour, copy)
    return copy


def test_a_change_of_any_cell_of_any_table_is_seen(harbour: Centre, tmp_path: Path):
    harbour.close()
    missed, possible = [], set()
    for table, column, kind, at, value in list(cells(harbour.folder)):
        for other in others(value, kind):
            copy = restored(harbour.folder, tmp_path / "copy")
            if not change(copy, table, column, at, other):
                continue
            possible.add(f"{table}.{column}")
            by_audit, by_doctor = seen(copy)
            if not by_doctor or (table in seals.SEALED and not by_audit):
                missed.append(f"{table}.{column} from {value!r} to {other!r}")
    assert missed == []
    assert len(possible) > 80  # of some ninety columns: the test does try them


@pytest.mark.parametrize("table", [*seals.SEALED, *(name for name in seals.NOT_SEALED if name != "search")])
def test_a_row_that_is_removed_or_added_is_seen(harbour: Centre, tmp_path: Path, table: str):
    harbour.close()
    copy = restored(harbour.folder, tmp_path / "copy")
    raw = plain(copy)
    order = first_key(raw, table)
    row = raw.execute(f"SELECT * FROM {table} ORDER BY {order} LIMIT 1").fetchone()
    raw.execute(f"DELETE FROM {table} WHERE {' AND '.join(f'{name} IS ?' for name in order.split(', '))}", row)
    raw.close()
    assert seen(copy)[1], "removed"
    if table == "seal_heads":  # it has one row only
        return
    copy = restored(harbour.folder, tmp_path / "copy")
    raw = plain(copy)
    # Another id where the first column is text, the next number where it is a number.
    twin = (f"{row[0]}-twin", *row[1:]) if isinstance(row[0], str) else (9999, f"{row[1]}-twin", *row[2:])
    twin = tuple(f"{one}-2" if name == "folder" else one for name, one in zip(order.split(", "), twin, strict=True))
    raw.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", twin)
    raw.close()
    assert seen(copy)[1], "added"


def test_seals_written_anew_over_a_change_are_seen_by_the_file_of_heads_and_by_a_saved_audit(
    harbour: Centre, tmp_path: Path
):
    before = audit.audit(harbour).heads
    harbour.close()
    copy = restored(harbour.folder, tmp_path / "copy")
    raw = plain(copy)
    raw.execute("UPDATE scores SET value = value / 2")
    raw.execute("DELETE FROM seals")
    raw.execute("DELETE FROM seal_heads")
    seals.seal_all(raw.cursor())  # somebody who knows how it is done
    raw.close()
    assert seen(copy) == (True, True)
    (copy / "anchors.log").unlink()  # and who also writes the file
    raw = plain(copy)
    raw.execute("UPDATE heads SET is_anchored = 0")
    raw.close()
    with centres.open_(copy) as opened:
        assert audit.audit(opened).is_intact
        assert not audit.audit(opened, since=[before]).is_intact


def test_a_centre_from_before_is_sealed_as_it_stands_and_says_so(harbour: Centre, tmp_path: Path):
    harbour.close()
    raw = plain(harbour.folder)
    raw.execute("DROP TABLE seals")
    raw.execute("DROP TABLE seal_heads")
    raw.execute("ALTER TABLE people DROP COLUMN salt")
    raw.execute("PRAGMA user_version = 4")
    raw.close()
    (harbour.folder / "anchors.log").write_text(
        "".join(line for line in (harbour.folder / "anchors.log").read_text().splitlines(keepends=True)
                if "*seals" not in line))  # fmt: skip
    with centres.open_(harbour.folder) as opened:
        found = audit.audit(opened)
        assert found.is_intact
        assert found.as_found == found.rows > 10
        assert doctor.examine(opened) == ()
        people.add_person(opened, "Nina", person_id="P-nina", now_utc=NOON)
        assert audit.audit(opened).rows == audit.audit(opened).as_found + 1
    assert change(harbour.folder, "scores", "value", 0, 12.0)
    assert seen(harbour.folder) == (True, True)


def test_a_backup_carries_its_seals(harbour: Centre, tmp_path: Path):
    copy = backup.back_up(harbour, tmp_path / "copy")
    attempts.begin_attempt(harbour, run(3) | {"objective_id": None, "named_utc": None})
    assert seen(copy) == (False, False)
    assert seen(harbour.folder) == (False, True)  # an attempt under way
    assert change(copy, "attempts", "void_by", 1, "P-nobody")
    assert seen(copy) == (True, True)


def test_a_name_cannot_be_found_again_from_its_seal_once_it_is_erased(harbour: Centre):
    raw = plain(harbour.folder)
    names = raw.execute("SELECT name, salt FROM people WHERE person_id = ?", (REPORTER,)).fetchall()
    raw.close()
    assert names == [(None, None)]


def halve_and_fail(centre: Centre) -> None:
    with centre.writing() as connection:
        raw_cursor(connection).execute("UPDATE scores SET value = value / 2")
        raise ZeroDivisionError


def test_a_transaction_that_fails_leaves_no_seal(harbour: Centre):
    before = audit.audit(harbour).heads[seals.NAME]
    with pytest.raises(ZeroDivisionError):
        halve_and_fail(harbour)
    people.add_person(harbour, "Nina", person_id="P-nina", now_utc=NOON)
    assert audit.audit(harbour).is_intact
    assert audit.audit(harbour).heads[seals.NAME][0] == before[0] + 1
