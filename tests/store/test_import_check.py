"""Many lessons are looked through beside the program that writes: the same comes out, and nothing is half-done."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from moves import NOON, come_to

from hotwash.errors import ExchangeError
from hotwash.lessons import exchange, search_words
from hotwash.store import centre as centres
from hotwash.store import doctor, import_check, lessons, transfer
from hotwash.store.centre import Centre
from hotwash.work import lessons as work

TESTS = Path(__file__).resolve().parents[1]
SOME = 60


@pytest.fixture
def beside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let few lessons be many, and two processors be there."""
    monkeypatch.setattr(import_check, "FEW", 10)
    monkeypatch.setattr(import_check, "_CHUNK", 7)
    monkeypatch.setattr(import_check, "_processors", lambda: 3)


def texts(rows: list[dict[str, Any]]) -> list[msgspec.Raw]:
    return msgspec.json.decode(msgspec.json.encode(rows), type=list[msgspec.Raw])


def check(rows: list[Any], name: str = "f.json") -> list[import_check.PreparedLesson]:
    return [one for chunk in import_check.check_lessons(rows, name=name) for one in chunk]


def real(many: int = SOME) -> list[dict[str, Any]]:
    return [exchange.lesson_item(come_to("tasked", f"L-{at:05}"), with_reporter=True) for at in range(many)]


@pytest.mark.usefixtures("beside")
@pytest.mark.parametrize("as_", [texts, list])
def test_another_program_finds_what_this_one_finds(as_: Callable[[list[dict[str, Any]]], list[Any]]):
    rows = real()
    assert check(as_(rows)) == [import_check.prepare_lesson(row, name="f.json") for row in rows]


@pytest.mark.usefixtures("beside")
def test_the_first_lesson_that_does_not_hold_is_named_wherever_it_was_looked_through():
    rows = real()
    rows[40]["title"] = rows[50]["title"] = "other"
    with pytest.raises(ExchangeError, match=r"f\.json, lesson L-00040 title: contradicts the history"):
        check(texts(rows))


def test_a_helper_program_answers():
    rows = texts(real(3))
    with import_check._helpers(1) as idle:
        answer = import_check._ask_helper(idle, rows, "f.json")
    assert answer is not None, "the helper died, so every import runs in one program only"
    assert [import_check.PreparedLesson._make(one) for one in answer] == check(rows)


@pytest.mark.usefixtures("beside")
@pytest.mark.parametrize("program", ["/no/such/program", sys.executable])
def test_where_no_other_program_starts_or_it_dies_the_work_is_done_here(monkeypatch: pytest.MonkeyPatch, program: str):
    started = subprocess.Popen

    def broken(command: list[str], **more: Any) -> subprocess.Popen[bytes]:
        return started([program, "-c", "raise SystemExit"], **more)

    rows = real()
    right = [import_check.prepare_lesson(row, name="f.json") for row in rows]
    monkeypatch.setattr(import_check.subprocess, "Popen", broken)
    assert check(texts(rows)) == right


def test_few_lessons_are_looked_through_without_another_program(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(import_check.subprocess, "Popen", None)
    assert len(check(texts(real(20)))) == 20


@pytest.mark.usefixtures("beside")
def test_a_file_is_taken_whole_or_not_at_all_also_by_several_programs(centre: Centre, tmp_path: Path):
    def sent(rows: list[dict[str, Any]]) -> Path:
        path = tmp_path / "lessons.json"
        path.write_text(json.dumps({"format": "hotwash-lessons/1", "lessons": rows}), encoding="utf-8")
        return path

    rows = real()
    for bad in ([*rows, rows[0]], [*rows, rows[1] | {"title": "other"}]):
        with pytest.raises(ExchangeError, match=r"is in the file twice|contradicts the history"):
            work.import_(centre, sent(bad), now_utc=NOON)
        assert lessons.summaries(centre) == ()
    assert work.import_(centre, sent(rows), now_utc=NOON).counts == {"new": SOME}
    assert work.import_(centre, sent(rows), now_utc=NOON).counts == {"same": SOME}
    assert doctor.examine(centre) == ()
    with centre.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA cache_size").scalar_one() == -transfer._USUAL_KIB


KILLED = """
import os, sys
from pathlib import Path
from moves import NOON
from hotwash.store import centre as centres, import_check
from hotwash.work import lessons as work
import_check.FEW, import_check._CHUNK, import_check._processors = 10, 200, lambda: 3
with centres.open_(Path(sys.argv[1])) as centre:
    print(os.getpid(), flush=True)
    work.import_(centre, Path(sys.argv[2]), now_utc=NOON)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="this system has no such signals")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_an_import_that_is_killed_leaves_the_centre_whole_and_no_program_behind(tmp_path: Path, how: signal.Signals):
    with centres.create(tmp_path / "centre", name="Test", now_utc=NOON):
        pass
    path = tmp_path / "lessons.json"
    path.write_text(json.dumps({"format": "hotwash-lessons/1", "lessons": real(2000)}), encoding="utf-8")
    for after_s in (0.3, 0.7):
        program = subprocess.Popen(
            [sys.executable, "-c", KILLED, tmp_path / "centre", path], env={**os.environ, "PYTHONPATH": str(TESTS)},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        assert program.stdout is not None
        program.stdout.readline()
        time.sleep(after_s)
        program.send_signal(how)
        program.communicate(timeout=60)
        assert ended(program.pid)
        with centres.open_(tmp_path / "centre") as again:
            assert len(lessons.summaries(again, limit=10_000)) in (0, 2000)
            assert {one.kind for one in doctor.examine(again)} <= {"unnoted head"}


def ended(group: int, within_s: float = 20.0) -> bool:
    """Return whether every program of a group has ended."""
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False


TEXTS = (
    "Łódź  ґрунт\tІ  п’ять", "e\u0301 \u0301e", "ﬁ Å \u1e9b\u0323 \u0323\u1e9b", "İ \x1f ß", "\u00a0 é", "  é ",
)  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_words_folded_one_by_one_are_the_text_folded_as_a_whole(text: str):
    assert search_words.fold(text) == search_words._fold_word.__wrapped__(text)
