"""Centres that may only be read, and what in a centre is not its own."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from moves import NOON, PEOPLE, WAY, come_to

from hotwash.errors import CentreError
from hotwash.lessons import process
from hotwash.store import audit, backup, doctor, folders, incidents, lessons
from hotwash.store import centre as centres
from hotwash.store.centre import Centre


def account(folder: Path) -> None:
    folder.mkdir()
    (folder / "account.json").write_bytes(b"{}")


def contents(folder: Path) -> dict[str, tuple[str, int]]:
    """Return of everything in a folder its hash and when it was changed."""
    return {
        path.relative_to(folder).as_posix(): (
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "", path.stat().st_mtime_ns
        )
        for path in (folder, *sorted(folder.rglob("*")))
    }  # fmt: skip


@pytest.fixture
def archive(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A centre with two lessons and an account, which may only be read."""
    lessons.record_lesson(centre, come_to("learned"))
    lessons.record_lesson(centre, come_to("tasked", "L-2"))
    incidents.keep_account(centre, incidents.Heading("night", "A night", NOON, None), account, now_utc=NOON)
    centre.close()
    (folder := centre.folder).chmod(0o555)
    may = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: may(path, mode) and not (mode == os.W_OK and folder in (
        Path(path), *Path(path).parents)))  # fmt: skip
    yield folder
    folder.chmod(0o755)


def test_a_centre_that_may_only_be_read_is_read_and_nothing_is_written(archive: Path, tmp_path: Path):
    before = contents(archive)
    assert not [name for name in before if name.endswith(("-wal", "-shm"))]
    with centres.open_(archive) as opened:
        assert not opened.may_write
        assert {one.lesson_id for one in lessons.all_lessons(opened)} == {"L-1", "L-2"}
        assert audit.audit(opened).faults == ()
        assert doctor.examine(opened) == ()
        assert [one.kind for one in doctor.remarks(opened)] == ["may only be read"]
        copy = backup.back_up(opened, tmp_path / "copy")
    assert contents(archive) == before
    with centres.open_(copy) as again:
        assert again.may_write
        assert len(lessons.all_lessons(again)) == 2


def test_whatever_would_change_it_is_refused_with_the_way_out(archive: Path):
    before = contents(archive)
    with centres.open_(archive) as opened:
        with pytest.raises(CentreError, match="may only be read; nothing was saved"):
            lessons.record_lesson(opened, come_to("tasked", "L-3"))
        with pytest.raises(CentreError, match="may only be read, so nothing in it can be mended"):
            doctor.mend(opened, now_utc=NOON)
    assert contents(archive) == before


# ---------------------------------------------------------------- links


@pytest.fixture
def linked(centre: Centre, tmp_path: Path) -> Centre:
    """A centre with links to a file, to a folder, to nothing, and in place of an account."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("secret")
    lessons.record_lesson(centre, come_to("learned"))
    kept = incidents.keep_account(centre, incidents.Heading("night", "A night", NOON, None), account, now_utc=NOON)
    (centre.folder / kept.folder / "file").symlink_to(outside / "secret.txt")
    (centre.folder / kept.folder / "folder").symlink_to(outside)
    (centre.folder / "incidents" / "other").symlink_to(outside)
    (centre.folder / "recordings" / "A-7").symlink_to(tmp_path / "nothing")
    (centre.folder / "recordings" / ".A-8.abcd.part").symlink_to(outside)
    os.mkfifo(centre.folder / "incidents" / "pipe")
    return centre


def test_a_link_is_told_never_followed_and_stops_no_backup(linked: Centre, tmp_path: Path):
    told = {one.thing for one in doctor.examine(linked) if one.kind == "link"}
    assert told == {"incidents/night/1/file", "incidents/night/1/folder", "incidents/other", "incidents/pipe",
                    "recordings/A-7", "recordings/.A-8.abcd.part"}  # fmt: skip
    assert "changed account" not in [one.kind for one in doctor.examine(linked)]
    copy = backup.back_up(linked, tmp_path / "copy")
    assert not [path for path in copy.rglob("*") if path.is_symlink() or "secret" in path.name]
    assert folders.hash_of(copy / "incidents/night/1") == folders.hash_of(linked.folder / "incidents/night/1")
    os.utime(linked.folder / "recordings/.A-8.abcd.part", (0, 0), follow_symlinks=False)
    doctor.mend(linked, now_utc=NOON)
    assert (tmp_path / "outside/secret.txt").read_text() == "secret"


def test_a_folder_of_recordings_that_is_a_link_is_told_and_not_copied(centre: Centre, tmp_path: Path):
    shutil.move(centre.folder / "recordings", tmp_path / "big disk")
    (centre.folder / "recordings").symlink_to(tmp_path / "big disk")
    assert [(one.kind, one.thing) for one in doctor.examine(centre)] == [("link", "recordings")]
    assert not list((backup.back_up(centre, tmp_path / "copy") / "recordings").iterdir())


# ---------------------------------------------------------------- sync programs and strange files


@pytest.mark.parametrize(
    "name",
    ["centre (Anna's conflicted copy 2026-03-01).db", "centre (1).db", "centre.sync-conflict-20260301-120000-ABCDEF.db",
     "anchors.sync-conflict-20260301-120000-ABCDEF.log", "centre-LAPTOP7.db", "anchors (2).log", "centre_Conflict.db",
     "incidents/night (1)", "incidents/night/account (conflicted copy).json", "recordings/A-1 (1)"],
)  # fmt: skip
def test_the_second_version_that_a_sync_program_leaves_is_told(centre: Centre, name: str):
    path = centre.folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("")
    assert ("conflicted copy", name) in [(one.kind, one.thing) for one in doctor.examine(centre)]


def test_a_strange_file_is_remarked(centre: Centre):
    for name in ("notes.txt", ".DS_Store"):
        (centre.folder / name).write_text("")
    assert doctor.examine(centre) == ()
    assert [(one.kind, one.thing) for one in doctor.remarks(centre)] == [("strange file", "notes.txt")]


def test_an_entry_dated_before_the_one_it_follows_is_remarked(centre: Centre):
    lesson = process.new_lesson("L-1")
    for (kind, by, role, changes), hour in zip(WAY[:3], (0, 1, -30), strict=True):
        lesson = process.take_step(
            lesson,
            kind,
            by=by,
            role=role,
            why="so",
            changes=changes,
            people=PEOPLE,
            when_utc=NOON + timedelta(hours=hour),
        )
    lessons.record_lesson(centre, lesson)
    (found,) = doctor.remarks(centre)
    assert (found.kind, found.thing) == ("clock set back", "L-1")
    assert found.why == "entry 2 is of 2026-02-28 06:00Z, the one before it of 2026-03-01 13:00Z"
    assert doctor.examine(centre) == ()
