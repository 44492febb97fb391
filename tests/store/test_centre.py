"""A centre's folder: made, opened, brought up to date, and refused when it cannot be."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest
from moves import NOON, come_to

from hotwash.errors import CentreError
from hotwash.lessons import search_words
from hotwash.store import centre as centres
from hotwash.store import doctor, lessons, migrations, search, sql_tables, transfer
from hotwash.store.centre import Centre


def test_a_centre_is_a_folder_with_a_database_and_two_folders(centre: Centre):
    held = {path.name for path in centre.folder.iterdir() if not path.name.endswith(("-wal", "-shm"))}
    assert held == {"centre.db", "recordings", "incidents", "anchors.log"}
    assert re.fullmatch("C-[0-9a-f]{16}", centre.centre_id)


def test_a_centre_is_made_in_an_empty_folder_only(tmp_path: Path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(CentreError, match="is not empty"):
        centres.create(tmp_path, name="", now_utc=NOON)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_folder_that_is_no_centre_tells_how_to_make_one(tmp_path: Path):
    with pytest.raises(CentreError, match="hotwash init"):
        centres.open_(tmp_path)


def test_another_programs_database_is_no_centre(tmp_path: Path):
    sqlite3.connect(tmp_path / "centre.db").execute("CREATE TABLE t (a)").connection.close()
    with pytest.raises(CentreError, match="not a centre's database"):
        centres.open_(tmp_path)
    (tmp_path / "centre.db").write_text("This is no database at all. " * 100)
    with pytest.raises(CentreError, match="not an SQLite database"):
        centres.open_(tmp_path)


def test_a_centre_of_a_newer_version_is_refused_with_the_way_out(centre: Centre):
    folder = centre.folder
    centre.close()
    raw = sqlite3.connect(folder / "centre.db")
    raw.execute(f"PRAGMA user_version = {migrations.VERSION + 1}")
    raw.close()
    with pytest.raises(CentreError, match="Install the newer hotwash"):
        centres.open_(folder)


def test_the_tables_for_queries_are_those_of_the_database(centre: Centre):
    raw = sqlite3.connect(centre.folder / "centre.db")
    for name, sheet in sql_tables.metadata.tables.items():
        columns = [row[1] for row in raw.execute(f"PRAGMA table_info({name})")]
        assert columns == [column.name for column in sheet.columns], name
    strict = {name for name, is_strict in raw.execute("SELECT name, strict FROM pragma_table_list WHERE strict")}
    raw.close()
    assert strict == set(sql_tables.metadata.tables)
    assert search_words.SEARCHED[0] == "title"


def test_the_database_keeps_to_its_settings(centre: Centre):
    with centre.reading() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "foreign_keys", "synchronous", "secure_delete")
        }
    assert found == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2, "secure_delete": 1}


def test_a_centre_is_made_where_a_program_was_killed_while_it_made_one(tmp_path: Path):
    for part in ("recordings", "incidents"):
        (tmp_path / part).mkdir()
    for left in (".centre.db.0a1b.part", ".centre.db.0a1b.part-wal"):
        (tmp_path / left).write_bytes(b"half")
    with centres.create(tmp_path, name="Again", now_utc=NOON) as made:
        assert doctor.examine(made) == ()
    (tmp_path / "centre.db").unlink()
    (tmp_path / "recordings/A-1").mkdir()
    with pytest.raises(CentreError, match="not empty"):
        centres.create(tmp_path, name="Again", now_utc=NOON)


def as_it_was(folder: Path, version: int) -> None:
    """Make a centre of an earlier version as it was then, form and content."""
    folder.mkdir()
    raw = sqlite3.connect(folder / "centre.db", isolation_level=None)
    for step in range(1, version + 1):
        raw.executescript((Path(__file__).parent / f"version_{step}.sql").read_text(encoding="utf-8"))
    raw.close()


@pytest.mark.parametrize("version", range(1, migrations.VERSION))
def test_a_step_to_an_earlier_version_stays_as_it_was(tmp_path: Path, version: int):
    as_it_was(tmp_path / "old", version)
    then, now = sqlite3.connect(tmp_path / "old/centre.db"), sqlite3.connect(":memory:", isolation_level=None)
    migrations.make(now, version=version)
    for pragma in ("PRAGMA user_version", "PRAGMA application_id", "SELECT sql FROM sqlite_master ORDER BY name"):
        assert then.execute(pragma).fetchall() == now.execute(pragma).fetchall()
    then.close()
    now.close()


@pytest.mark.parametrize("version", range(1, migrations.VERSION))
def test_a_centre_of_every_earlier_version_is_brought_up_to_date(tmp_path: Path, version: int):
    as_it_was(tmp_path / "old", version)
    with centres.open_(tmp_path / "old") as opened:
        assert lessons.get_lesson(opened, "L-1") == come_to("tasked")
        (found,) = search.search(opened, search.SearchQuery("warned minutes", owner="Operations branch")).lessons
        assert found.lesson_id == "L-1"
        assert {one.kind for one in doctor.examine(opened)} <= {"unnoted head"}
        lessons.record_lesson(opened, come_to("learned", "L-2"))
        assert doctor.examine(opened) == ()
    with centres.open_(tmp_path / "old") as again:
        assert len(lessons.summaries(again)) == 2


@pytest.mark.parametrize("version", range(1, migrations.VERSION))
def test_a_centre_that_was_brought_up_to_date_has_the_form_of_a_new_one(tmp_path: Path, centre: Centre, version: int):
    as_it_was(tmp_path / "old", version)
    forms = []
    for folder in (tmp_path / "old", centre.folder):
        with centres.open_(folder) as opened, opened.reading() as connection:
            asked = "SELECT type, name, sql FROM sqlite_master ORDER BY name"
            forms.append(connection.exec_driver_sql(asked).all())
    assert forms[0] == forms[1]


def test_a_conflict_that_was_open_stays_open_in_the_newer_form(tmp_path: Path):
    as_it_was(tmp_path / "old", 2)
    with centres.open_(tmp_path / "old") as opened:
        (conflict,) = transfer.conflicts(opened)
    assert (conflict.from_centre, conflict.state["unit"]) == ("Other centre", "theirs")


def test_a_step_that_fails_leaves_the_centre_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def broken(raw: sqlite3.Connection) -> None:
        raw.execute("CREATE TABLE half (a)")
        raw.execute("INSERT INTO nowhere VALUES (1)")

    as_it_was(tmp_path / "old", 1)
    monkeypatch.setattr(migrations, "STEPS", (migrations.STEPS[0], broken))
    with pytest.raises(CentreError, match="nowhere"):
        centres.open_(tmp_path / "old")
    raw = sqlite3.connect(tmp_path / "old/centre.db")
    assert migrations.version_of(raw) == 1
    assert not raw.execute("SELECT 1 FROM sqlite_master WHERE name = 'half'").fetchall()
    raw.close()
