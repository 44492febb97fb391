"""The demo as a newcomer meets it: the account first, one screen at the end, and never a long silence."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import webbrowser
from dataclasses import dataclass
from pathlib import Path

import pytest

from hotwash.cli import output
from hotwash.work import loop
from hotwash.work.demo import Step

COLUMNS, LINES = 80, 24


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """The whole demo where nothing is named: the folder in which it was run, and what it said."""
    here = tmp_path_factory.mktemp("here")
    command = [sys.executable, "-m", "hotwash", "demo"]
    return here, subprocess.run(command, cwd=here, capture_output=True, text=True, check=True)


def test_the_result_fits_on_one_screen_and_ends_with_the_files_to_open(shown):
    here, done = shown
    lines = done.stdout.splitlines()
    assert len(lines) <= LINES
    assert max(map(len, lines)) <= COLUMNS
    addresses = [line.split()[0] for line in lines[-3:]]
    assert addresses == ["hotwash-demo/account.html", "hotwash-demo/lessons.html", "hotwash-demo/flight/debrief.md"]
    assert all((here / one).is_file() for one in addresses)


def test_the_result_says_what_was_recorded_beforehand_and_of_whom_nothing_is_shown(shown):
    text = shown[1].stdout
    assert "Recorded beforehand" in text
    assert "not for people" in text
    for lesson, result in (("L-WARN", "HOLDS"), ("L-SEARCH", "HOLDS"), ("L-REOPEN", "DOES NOT HOLD")):
        (line,) = (line for line in text.splitlines() if line.strip().startswith(lesson))
        assert line.split(maxsplit=1)[1].startswith(result)


def test_a_pipe_hears_each_step_once_with_its_number(shown):
    begun = [line for line in shown[1].stderr.splitlines() if "still at it" not in line]
    assert [line.partition(":")[0] for line in begun] == [f"Step {number} of 4" for number in (1, 2, 3, 4)]


def test_verify_says_in_an_example_centre_what_was_recorded_beforehand(hotwash, shown):
    folder = shown[0] / "hotwash-demo"
    assert loop.EXAMPLE in hotwash("verify", "--centre", folder).out
    assert json.loads(hotwash("verify", "--centre", folder, "--json").out)["example"] == loop.EXAMPLE


def test_looking_at_a_demo_does_not_keep_the_next_one_from_replacing_it(hotwash, shown):
    from hotwash.work import demo

    for look in (["doctor"], ["verify"], ["lessons", "list"], ["skills", "show"]):
        hotwash(*look, "--centre", shown[0] / "hotwash-demo")
    assert demo._is_unchanged(shown[0] / "hotwash-demo")


def test_the_account_alone_is_short_too_and_full_prints_every_finding(hotwash, tmp_path: Path):
    brief = hotwash("demo", "--account-only", "--out", tmp_path / "a")
    assert len(brief.out.splitlines()) <= LINES
    full = hotwash("demo", "--account-only", "--full", "--out", tmp_path / "b")
    assert len(full.out.splitlines()) > 5 * LINES


# ---------------------------------------------------------------- the browser


@dataclass
class Browser:
    opened: list[str]


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Browser:
    """A machine with a screen, whose browser notes what it is asked to open."""
    found = Browser([])
    monkeypatch.setenv("DISPLAY", ":0")

    def open_(address: str) -> bool:
        found.opened.append(address)
        return True

    monkeypatch.setattr(webbrowser, "open", open_)
    return found


def test_the_browser_is_opened_as_soon_as_the_account_is_there(hotwash, tmp_path: Path, screen: Browser, monkeypatch):
    def no_training(*_: object, **__: object) -> None:
        assert screen.opened
        raise SystemExit(0)

    monkeypatch.setattr("hotwash.work.demo._train", no_training)
    monkeypatch.setattr("hotwash.work.demo._MOST_WORKERS", 1)
    assert hotwash("demo", "--open", "--out", tmp_path / "a").code == 0
    assert screen.opened == [(tmp_path / "a" / "account.html").resolve().as_uri()]


@pytest.mark.parametrize("case", ["no screen", "no browser", "a browser that fails"])
def test_a_browser_that_cannot_be_opened_is_said_in_one_line(hotwash, tmp_path: Path, monkeypatch, case: str):
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    if case != "no screen":
        monkeypatch.setenv("DISPLAY", ":0")

    def open_(_: str) -> bool:
        if case == "a browser that fails":
            raise webbrowser.Error("could not locate runnable browser")
        return False

    monkeypatch.setattr(webbrowser, "open", open_)
    done = hotwash("demo", "--account-only", "--open", "--out", tmp_path / "a")
    assert done.code == 0
    assert [line for line in done.err.splitlines() if "browser" in line] == [
        f"No browser could be opened; open {tmp_path / 'a' / 'account.html'} yourself."
    ]


# ---------------------------------------------------------------- progress


def test_a_pipe_is_reminded_of_a_step_that_takes_long(monkeypatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setattr(output, "_SILENT_S", 0.5)
    with output.number_steps(quiet=False) as tell:
        tell(Step(1, 2, "compiling", seconds_left=30.0))
        time.sleep(2.2)
    first, *others = capsys.readouterr().err.splitlines()
    assert first == "Step 1 of 2: compiling; about 30 s left"
    assert others
    assert all(line.startswith("Step 1 of 2: compiling; still at it after ") for line in others)


def test_a_program_that_asks_for_json_hears_no_progress(capsys: pytest.CaptureFixture[str]):
    with output.number_steps(quiet=True) as tell:
        tell(Step(1, 2, "compiling"))
    assert capsys.readouterr().err == ""


@pytest.mark.skipif(os.name == "nt", reason="a pseudo-terminal is a thing of Unix")
def test_a_terminal_shows_one_line_that_fits_and_goes_away():
    import pty

    script = (
        "import time\nfrom hotwash.cli.output import number_steps\nfrom hotwash.work.demo import Step\n"
        "with number_steps(quiet=False) as tell:\n"
        "    tell(Step(2, 4, 'compiling, once on this machine, about 35 s', 'x' * 99, 42.0))\n    time.sleep(0.6)\n"
    )
    ours, theirs = pty.openpty()
    environment = {**os.environ, "COLUMNS": str(COLUMNS), "TERM": "xterm"}
    done = subprocess.run([sys.executable, "-c", script], stderr=theirs, env=environment, check=True)
    os.close(theirs)
    said = os.read(ours, 100_000).decode()
    os.close(ours)
    assert done.returncode == 0
    assert "Step 2 of 4: compiling, once on this machine" in said
    assert said.count("\n") <= 1
