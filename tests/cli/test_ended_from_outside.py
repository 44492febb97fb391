"""A flight by a ground station is kept whatever ends its program: a signal, a closed terminal, even a kill."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from flown_scenarios import scenario
from pymavlink import mavutil

from hotwash.ingest import recording_folder
from hotwash.store import attempts, centre

PATIENCE_S = 60.0
ARM, TAKE_OFF = 400, 22
A_SECOND_OR_TWO = 2.5  # between two writes of the journal, on a busy machine


class Flying:
    """A program that a ground station flies, in a terminal of its own."""

    def __init__(self, port: int, *arguments: object) -> None:
        self.link = mavutil.mavlink_connection(f"udpin:127.0.0.1:{port}", source_system=255)
        self.terminal, inside = pty.openpty()
        command = [sys.executable, "-m", "hotwash", *map(str, arguments), "--mavlink", f"udp:127.0.0.1:{port}"]
        self.program = subprocess.Popen(command, stdin=inside, stdout=inside, stderr=inside, start_new_session=True)
        os.close(inside)

    def fly(self, seconds: float) -> None:
        """Arm, take off, and look on."""
        assert self.link.wait_heartbeat(timeout=PATIENCE_S), "no vehicle called"
        self.link.mav.heartbeat_send(6, 8, 0, 0, 4)
        self.link.mav.command_long_send(1, 1, ARM, 0, 1, 0, 0, 0, 0, 0, 0)
        assert self.link.recv_match(type="COMMAND_ACK", blocking=True, timeout=PATIENCE_S)
        nan = float("nan")
        self.link.mav.command_long_send(1, 1, TAKE_OFF, 0, 0, 0, 0, nan, nan, nan, nan)
        end, self.flown_s = time.monotonic() + seconds, 0.0
        while time.monotonic() < end:
            self.link.mav.heartbeat_send(6, 8, 0, 0, 4)
            found = self.link.recv_match(type="GLOBAL_POSITION_INT", blocking=True, timeout=0.5)
            self.flown_s = self.flown_s if found is None else found.time_boot_ms / 1e3

    def close(self) -> None:
        self.program.kill()
        self.program.wait()
        self.link.close()
        if self.terminal >= 0:
            os.close(self.terminal)


@pytest.fixture
def hop(tmp_path: Path) -> Path:
    path = tmp_path / "hop.toml"
    path.write_text(scenario(time_limit_s=60.0).text, encoding="utf-8")
    return path


@pytest.fixture
def flight(hop: Path, port: int, tmp_path: Path) -> Iterator[Flying]:
    flown = Flying(port, "fly", hop, "--out", tmp_path / "flight")
    yield flown
    flown.close()


def seconds_in(folder: Path) -> float:
    return recording_folder.read(folder).controls.height * 0.02


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_a_flight_as_ctrl_c_does_and_it_is_kept(flight: Flying, tmp_path: Path, number: int):
    flight.fly(3.0)
    flight.program.send_signal(number)
    flight.program.send_signal(signal.SIGTERM)  # whoever closes a session sends several
    assert flight.program.wait(PATIENCE_S) == 0
    assert seconds_in(tmp_path / "flight") >= flight.flown_s
    assert not list(tmp_path.glob(".flight*"))


def test_a_terminal_that_is_closed_costs_nothing_of_the_flight(flight: Flying, tmp_path: Path):
    flight.fly(3.0)
    os.close(flight.terminal)
    flight.terminal = -1
    flight.program.send_signal(signal.SIGHUP)
    flight.program.wait(PATIENCE_S)
    assert seconds_in(tmp_path / "flight") >= flight.flown_s


def test_a_killed_flight_is_got_back_up_to_some_seconds_before(hotwash: Any, flight: Flying, hop: Path, tmp_path: Path):
    flight.fly(5.0)
    flight.program.kill()
    flight.program.wait()
    assert not (tmp_path / "flight").exists()
    told = hotwash("fly", hop, "--out", tmp_path / "flight", "--mavlink", "udp:127.0.0.1:9")
    assert (told.code, "hotwash recover" in told.err) == (2, True)
    done = hotwash("recover", tmp_path / ".flight.journal", "--json")
    assert done.code == 0, done.err
    assert flight.flown_s - A_SECOND_OR_TWO <= json.loads(done.out)["seconds"] == seconds_in(tmp_path / "flight")
    truth = pl.read_parquet(tmp_path / "flight" / "truth.parquet")
    assert truth["height_hae_m"].max() - truth["height_hae_m"].min() > 1.0
    assert not list(tmp_path.glob(".flight*"))
    assert hotwash("score", tmp_path / "flight").code == 0


def test_a_killed_attempt_is_got_back_when_it_is_abandoned(
    hotwash: Any, hop: Path, port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HOTWASH_CENTRE", str(tmp_path / "school"))
    hotwash("init", tmp_path / "school")
    who = json.loads(hotwash("lessons", "add-person", "Jan Kos", "--json").out)["person_id"]
    flown = Flying(port, "attempt", hop, "--subject", f"person:{who}", "--test")
    try:
        flown.fly(4.0)
        flown.program.kill()
        flown.program.wait()
    finally:
        flown.close()
    with centre.open_(tmp_path / "school") as opened:
        (row,) = attempts.attempts(opened).to_dicts()
    done = hotwash("objective", "abandon", row["attempt_id"], "--json")
    assert done.code == 0, done.err
    kept = tmp_path / "school" / json.loads(done.out)["recording"]
    assert seconds_in(kept) >= flown.flown_s - A_SECOND_OR_TWO
    assert hotwash("doctor").code == 0


@pytest.mark.parametrize("content", [b"", b"{}\n", b"\xff\xfe", b'{"journal": 9, "seats": [], "scenario": ""}\n'])
def test_what_is_no_journal_is_refused_and_stays(hotwash: Any, tmp_path: Path, content: bytes):
    path = tmp_path / ".flight.journal"
    path.write_bytes(content)
    assert hotwash("recover", path).code == 2
    assert path.read_bytes() == content
