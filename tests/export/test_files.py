"""Files are written whole or not at all, and an earlier account is never left in halves."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hotwash.errors import WriteError
from hotwash.export import files

OLD = {"account.html": b"old page", "account.json": b"old data"}
NEW = {"account.html": b"new page", "account.json": b"new data", "account.md": b"new text"}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    files.write_all(tmp_path, OLD)
    return tmp_path


def held(folder: Path) -> dict[str, bytes]:
    return {entry.name: entry.read_bytes() for entry in folder.iterdir()}


def test_files_are_written_and_replaced(place: Path):
    assert files.write_all(place, NEW) == [place / name for name in NEW]
    assert held(place) == NEW


def test_the_folder_is_made(tmp_path: Path):
    files.write_all(tmp_path / "a" / "b", NEW)
    assert held(tmp_path / "a" / "b") == NEW


def test_a_new_file_has_the_rights_that_the_user_gives_new_files(tmp_path: Path):
    before = os.umask(0o077)
    try:
        (path,) = files.write_all(tmp_path, {"account.json": b""})
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("at", range(3))
@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_fault_while_writing_leaves_the_earlier_files_whole(
    place: Path, monkeypatch: pytest.MonkeyPatch, at: int, fault: BaseException
):
    left = [at]

    def fail(_: int) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise fault

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises((WriteError, KeyboardInterrupt)):
        files.write_all(place, NEW)
    assert held(place) == OLD


@pytest.mark.parametrize("at", range(3))
@pytest.mark.parametrize("fault", [OSError(5, "Input/output error"), KeyboardInterrupt()])
def test_a_fault_between_two_renames_takes_the_first_back(
    place: Path, monkeypatch: pytest.MonkeyPatch, at: int, fault: BaseException
):
    rename, calls = Path.replace, []

    def fail_once(self: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) == at + 1:
            raise fault
        return rename(self, target)

    monkeypatch.setattr(Path, "replace", fail_once)
    with pytest.raises((WriteError, KeyboardInterrupt)):
        files.write_all(place, NEW)
    assert held(place) == OLD


def test_a_folder_in_the_way_of_a_file_is_refused_and_nothing_is_left(place: Path):
    (place / "account.md").mkdir()
    with pytest.raises(WriteError, match="cannot be written to: Is a directory"):
        files.write_all(place, NEW)
    (place / "account.md").rmdir()
    assert held(place) == OLD


def test_a_file_in_place_of_the_folder_is_refused(place: Path):
    with pytest.raises(WriteError, match="cannot be written to"):
        files.write_all(place / "account.html", NEW)
    assert held(place) == OLD


@pytest.mark.skipif(os.name != "posix", reason="rights are set otherwise here")
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_to_is_refused(place: Path):
    place.chmod(0o555)
    try:
        with pytest.raises(WriteError, match="cannot be written to: Permission denied"):
            files.write_all(place, NEW)
        assert held(place) == OLD
    finally:
        place.chmod(0o755)


def test_a_file_that_may_not_be_made_is_refused(place: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(WriteError, match="cannot be written to: Read-only file system"):
        files.write_all(place, NEW)
    assert sorted(entry.name for entry in place.iterdir()) == sorted(OLD)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no such signal")
def test_a_killed_run_leaves_the_earlier_files_whole(place: Path):
    # The child stops after its first file is written and before any is renamed; there it is killed.
    child = (
        "import os, sys, time\n"
        "from pathlib import Path\n"
        "from hotwash.export import files\n"
        "os.fsync = lambda _: (print('written', flush=True), time.sleep(60))\n"
        "files.write_all(Path(sys.argv[1]), {'account.html': b'new', 'account.json': b'new'})\n"
    )
    with subprocess.Popen([sys.executable, "-c", child, str(place)], stdout=subprocess.PIPE) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == b"written\n"
        time.sleep(0.05)
        run.send_signal(signal.SIGKILL)
        assert run.wait() == -signal.SIGKILL
    assert {name: content for name, content in held(place).items() if name in OLD} == OLD
    files.write_all(place, NEW)
    assert {name: content for name, content in held(place).items() if name in NEW} == NEW


def test_a_folder_that_holds_something_is_no_empty_one(place: Path, tmp_path: Path):
    with pytest.raises(WriteError, match="is not empty; name a new folder"):
        files.check_empty(place)
    with pytest.raises(WriteError, match="is a file; name a folder"):
        files.check_empty(place / "account.html")
    files.check_empty(tmp_path / "nowhere")
