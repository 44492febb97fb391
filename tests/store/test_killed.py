"""Killed at any moment, two at once, on a full disk: nothing that was acknowledged is lost, nothing is half-done."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from moves import come_to

from hotwash.errors import CentreError
from hotwash.store import audit, doctor, lessons
from hotwash.store import centre as centres
from hotwash.store.centre import Centre

TESTS = Path(__file__).resolve().parents[1]


def started(*arguments: object) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(TESTS)}
    command = [sys.executable, *map(str, arguments)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def done(program: subprocess.Popen[str]) -> str:
    out, err = program.communicate(timeout=300)
    assert program.returncode == 0, err
    return out


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_a_hundred_kills_lose_nothing_that_was_acknowledged(tmp_path: Path):
    told = json.loads(done(started(TESTS / "killing.py", tmp_path / "centre", 100)))
    assert told["wrong"] == []
    assert told["acknowledged"] > 100
    assert sum(told["left"].values()) > 10, "the kills came at idle moments"


WRITER = """
import sys
from pathlib import Path
from moves import PEOPLE, WAY, moved
from hotwash.errors import CentreError
from hotwash.lessons import process
from hotwash.store import centre as centres, lessons
name, folder = sys.argv[1], Path(sys.argv[2])
refused = 0
with centres.open_(folder) as centre:
    for count in range(25):
        lesson = process.new_lesson(f"L-{name}-{count}")
        for asked in WAY[:3]:
            lesson = moved(lesson, [asked])
            lessons.record_lesson(centre, lesson)
        shared = lessons.get_lesson(centre, "L-1")
        try:
            edited = ("edit", PEOPLE[1], "analyst", {"event": f"{name} {count}"})
            lessons.record_lesson(centre, moved(shared, [edited]))
        except CentreError as fault:
            assert "somebody else" in fault.why, fault
            refused += 1
print(refused)
"""


def test_two_programs_write_at_once_and_both_are_kept(centre: Centre):
    lessons.record_lesson(centre, come_to("draft"))
    before = len(lessons.get_lesson(centre, "L-1").history)
    programs = [started("-c", WRITER, name, centre.folder) for name in ("one", "two")]
    refused = sum(int(done(program)) for program in programs)
    assert doctor.examine(centre) == ()
    assert len(lessons.summaries(centre, limit=1000)) == 51
    assert len(lessons.get_lesson(centre, "L-1").history) == before + 50 - refused


def filled(centre: Centre, pages: int) -> None:
    """Let the disk be full after so many more pages."""

    @sa.event.listens_for(centre.engine, "connect")
    def _limit(raw: object, _: object) -> None:
        cursor = raw.cursor()  # type: ignore[attr-defined]
        count = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {count + pages}")

    centre.engine.dispose()


def test_a_full_disk_is_told_and_loses_nothing(centre: Centre):
    lessons.record_lesson(centre, come_to("tasked"))
    filled(centre, 20)
    kept = 1

    def fill() -> None:
        nonlocal kept
        for count in range(1000):
            lessons.record_lesson(centre, come_to("tasked", f"L-full-{count}"))
            kept += 1

    with pytest.raises(CentreError, match="disk is full; nothing was saved and nothing was lost"):
        fill()
    assert kept > 1
    with centres.open_(centre.folder) as again:
        assert doctor.examine(again) == ()
        assert len(lessons.summaries(again, limit=1000)) == kept
        lessons.record_lesson(again, come_to("tasked", "L-later"))  # there is room again


LIMITED = """
import resource, signal, sys
from pathlib import Path
from moves import NOON
from hotwash.errors import CentreError
from hotwash.store import centre as centres, recordings
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
def write(folder):
    folder.mkdir()
    (folder / "truth.parquet").write_bytes(bytes(2_000_000))
with centres.open_(Path(sys.argv[1])) as centre:
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
    try:
        recordings.keep_recording(centre, "A-1", write)
    except CentreError as fault:
        print(fault.why)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="this system has no limits on a file's size")
def test_a_recording_for_which_there_is_no_room_leaves_nothing(centre: Centre):
    assert "make room" in done(started("-c", LIMITED, centre.folder))
    assert doctor.examine(centre) == ()


def test_a_writer_who_is_kept_waiting_is_told(centre: Centre):
    @sa.event.listens_for(centre.engine, "connect")
    def _impatient(raw: object, _: object) -> None:
        raw.cursor().execute("PRAGMA busy_timeout = 50")  # type: ignore[attr-defined]

    centre.engine.dispose()
    with centres.open_(centre.folder) as other, other.writing():
        with pytest.raises(CentreError, match="another program has been writing"):
            lessons.record_lesson(centre, come_to("draft"))
        assert lessons.summaries(centre) == ()  # who only reads need not wait
    lessons.record_lesson(centre, come_to("draft"))
    assert audit.audit(centre).faults == ()
