"""A person's attempt from the command to the centre, in a real pseudo-terminal: kept to its end, and left before it."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import watching

from hotwash.store import attempts, centre

if sys.platform == "win32":
    pytest.skip("this system has no pseudo-terminals", allow_module_level=True)

import fcntl
import pty
import termios

ROWS, COLUMNS = 48, 150
_ESCAPE_S = 1.5
PATIENCE_S = 60.0  # a machine that others use may take long to import and to stage
CONTROL = re.compile(r"\x1b(\[[0-9;?<>=!]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)|[PX^_][^\x1b]*\x1b\\|[@-Z\\^_=>])")
OBJECTIVE = """\
objective_id = "declared"
lesson_id = "L-1"
title = "What comes in is declared"
subject = "person"
role = "watch officer"
exercise = "night"
exercise_version = "1"
seat = "watch"
measure = "worst_first_detectable_to_declared"
unit = "s"
at_most = 900

[rule]
of_subjects = 6
share = 0.5
"""


class Terminal:
    """A program in a pseudo-terminal: what it has written, without colours and places, and keys for it."""

    def __init__(self, *arguments: str) -> None:
        self.own, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        command = [sys.executable, "-m", "hotwash", *arguments]
        environment = {**os.environ, "TERM": "xterm-256color"}
        self.program = subprocess.Popen(
            command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True
        )
        os.close(theirs)
        self.raw = b""

    @property
    def text(self) -> str:
        return " ".join(CONTROL.sub(" ", self.raw.decode(errors="replace")).split())

    def read(self, seconds: float) -> bool:
        """Take what was written meanwhile; return whether there may be more."""
        if not select.select([self.own], [], [], seconds)[0]:
            return True
        try:
            found = os.read(self.own, 65_536)
        except OSError:  # its last writer is gone
            return False
        self.raw += found
        return bool(found)

    def wait_for(self, text: str) -> None:
        """Wait until something is written that was not there before."""
        end = time.monotonic() + PATIENCE_S
        while text not in self.text:
            assert time.monotonic() < end, f"no {text!r} in {self.text[-2000:]}"
            assert self.read(0.1), f"it ended: {self.text[-2000:]}"
        self.raw = b""

    def press(self, keys: str, until: str) -> None:
        os.write(self.own, keys.encode())
        self.wait_for(until)

    def leave_line(self) -> None:
        """Go back to the table: Escape alone is told from a key with Alt by what does not follow."""
        os.write(self.own, b"\x1b")
        end = time.monotonic() + _ESCAPE_S
        while time.monotonic() < end:
            self.read(0.1)
        self.raw = b""

    def ended(self, keys: str = "") -> tuple[int, str]:
        """Press the last keys and wait for the end; return how it ended, and what it wrote after."""
        os.write(self.own, keys.encode())
        end = time.monotonic() + PATIENCE_S
        while self.read(0.1) and time.monotonic() < end:
            pass
        return self.program.wait(PATIENCE_S), self.text


@contextmanager
def terminal(*arguments: str) -> Iterator[Terminal]:
    shown = Terminal(*arguments)
    try:
        yield shown
    finally:
        shown.program.kill()
        shown.program.wait()
        os.close(shown.own)


@pytest.fixture
def who(hotwash: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A person of a centre in which two of her attempts at a short watch are named."""
    monkeypatch.setenv("HOTWASH_CENTRE", str(tmp_path / "school"))
    (tmp_path / "night.toml").write_text(watching.TEXT, encoding="utf-8")
    (tmp_path / "declared.toml").write_text(OBJECTIVE, encoding="utf-8")
    hotwash("init", tmp_path / "school")
    person_id = json.loads(hotwash("lessons", "add-person", "Anna Nowak", "--json").out)["person_id"]
    hotwash("objective", "add", tmp_path / "declared.toml", "--with-lesson")
    named = hotwash("objective", "plan", "declared", "--subject", "person:Anna Nowak", "--seeds", "1:2")
    assert f"--subject person:{person_id} --objective declared" in named.out
    return str(person_id)


@pytest.mark.parametrize("is_closed", [False, True])
def test_a_watch_whose_terminal_hangs_up_is_kept_as_left(hotwash: Any, who: str, tmp_path: Path, is_closed: bool):
    command = ("attempt", str(tmp_path / "night.toml"), "--subject", f"person:{who}", "--objective", "declared")
    with terminal(*command) as watch:
        watch.wait_for("A night by hand")
        watch.press("b", until="You: declare")
        watch.program.send_signal(signal.SIGHUP)
        if is_closed:
            os.close(watch.own)
            watch.own = os.open(os.devnull, os.O_RDWR)
        else:
            watch.ended()
        watch.program.wait(PATIENCE_S)
    with centre.open_(tmp_path / "school") as opened:
        first = attempts.attempts(opened).sort("seed").row(0, named=True)
    assert first["state"] == "abandoned"
    kept = pl.read_parquet(tmp_path / "school" / first["recording"] / "decisions.parquet")
    assert kept["kind"].to_list() == ["declare_breach"]
    assert hotwash("doctor").code == 0


def test_a_person_keeps_one_watch_and_leaves_the_next(hotwash: Any, who: str, tmp_path: Path):
    command = ("attempt", str(tmp_path / "night.toml"), "--subject", f"person:{who}", "--objective", "declared")
    with terminal(*command, "--seeds", "1", "--speed", "1") as watch:
        watch.wait_for("A night by hand")
        watch.press(" ", until="STOPPED")
        watch.press("b", until="You: declare")
        # At once: a line that is typed quickly, and the key before it, once fell upon table and line in any order.
        watch.press("cdrone\r", until="You: classify")
        watch.leave_line()
        watch.press("w20km\r", until="You: warn")
        # The focus stays in the line: what follows is typed there.
        watch.press("recommend EPLB suspend\rlog The tower called.\r", until="You: log The tower called.")
        watch.leave_line()
        watch.press("++++++ ", until="60x")
        watch.wait_for("THE WATCH IS OVER")
        code, said = watch.ended("\r")
    assert code == 0
    assert "worst_first_detectable_to_declared" in said
    assert "1 attempt, kept for declared. All figures: hotwash score" in said

    with terminal(*command) as watch:  # the one that is left of those named
        watch.wait_for("A night by hand")
        watch.press("q", until="Press q again")
        code, said = watch.ended("q")
    assert code == 1
    assert "left before the end, so it is abandoned" in said

    school = tmp_path / "school"
    with centre.open_(school) as opened:
        rows = attempts.attempts(opened).sort("seed").to_dicts()
        scored = attempts.scores(opened)["attempt_id"].unique().to_list()
    assert [(row["state"], row["subject_id"]) for row in rows] == [("finished", who), ("abandoned", who)]
    assert scored == [rows[0]["attempt_id"]]
    decided = pl.read_parquet(school / rows[0]["recording"] / "decisions.parquet")["kind"].to_list()
    assert decided == ["declare_breach", "classify", "warn", "recommend", "log"]
    assert (school / rows[1]["recording"] / "truth.parquet").is_file()
    assert hotwash("doctor").code == 0
    (proof,) = json.loads(hotwash("verify", "--json").out)["lessons"]
    assert proof["result"] == "DOES NOT HOLD"  # one that was left is a miss, and no six could make up for it
    assert who not in json.dumps(proof)
