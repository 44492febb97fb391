"""A ground station with an encoder of its own flies `hotwash fly` and `hotwash attempt`, over loopback, end to end."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from flown_scenarios import scenario
from pymavlink import mavutil

from hotwash.store import attempts, centre

PATIENCE_S = 60.0  # a new machine compiles the simulator first
LIMIT_S = 6.0
ACCEPTED = 0
ARM, SET_MODE, POSITION_CONTROL = 400, 176, 3


class Station:
    """A program that is flown, and the pilot at a ground station who flies it."""

    def __init__(self, port: int, *arguments: object) -> None:
        url = f"udp:127.0.0.1:{port}"
        self.link = mavutil.mavlink_connection(f"udpin:127.0.0.1:{port}", source_system=255)
        self.program = subprocess.Popen(
            [sys.executable, "-m", "hotwash", *map(str, arguments), "--mavlink", url],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.heard: list[Any] = []
        self.greeted_s = 0.0

    def meet(self) -> None:
        """Wait for the vehicle to call, and answer."""
        assert self.link.wait_heartbeat(timeout=PATIENCE_S), "no vehicle called"
        self.greet()

    def greet(self) -> None:
        if time.monotonic() - self.greeted_s > 1.0:
            self.link.mav.heartbeat_send(6, 8, 0, 0, 4)
            self.greeted_s = time.monotonic()

    def order(self, number: int, *parameters: float) -> int:
        self.link.mav.command_long_send(1, 1, number, 0, *parameters, *[0.0] * (7 - len(parameters)))
        answer = self.link.recv_match(type="COMMAND_ACK", blocking=True, timeout=PATIENCE_S)
        return int(answer.result) if answer.command == number else -1

    def fly(self, seconds: float, *, forward: int = 0, up: int = 0) -> None:
        """Hold the sticks so, in thousandths, until the time is up or the exercise is over."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.program.poll() is None:
            self.greet()
            self.link.mav.manual_control_send(1, forward, 0, 500 + up // 2, 0, 0)
            found = self.link.recv_match(type="GLOBAL_POSITION_INT", blocking=True, timeout=0.04)
            self.heard += [] if found is None else [found]

    def ended(self) -> tuple[int, str, str]:
        out, err = self.program.communicate(timeout=PATIENCE_S)
        return self.program.returncode, out, err


@pytest.fixture
def hop(tmp_path: Path) -> Path:
    path = tmp_path / "hop.toml"
    path.write_text(scenario(time_limit_s=LIMIT_S).text, encoding="utf-8")
    return path


@contextmanager
def station(port: int, *arguments: object) -> Iterator[Station]:
    flown = Station(port, *arguments)
    try:
        yield flown
    finally:
        flown.program.kill()
        flown.program.communicate()
        flown.link.close()


def flown_up_and_forward(pilot: Station) -> None:
    pilot.meet()
    assert pilot.order(ARM, 1.0) == ACCEPTED
    assert pilot.order(SET_MODE, 1.0, POSITION_CONTROL) == ACCEPTED
    pilot.fly(2.0, up=600)
    pilot.fly(LIMIT_S, forward=500)


def test_a_ground_station_flies_an_exercise_and_its_recording_and_score_are_there(
    hotwash: Any, hop: Path, port: int, tmp_path: Path
):
    with station(port, "fly", hop, "--out", tmp_path / "flight", "--json") as pilot:
        flown_up_and_forward(pilot)
        code, out, err = pilot.ended()
    assert code == 0, err
    told = json.loads(out)
    assert (told["policy"], told["is_whole"], told["seconds"]) == ("mavlink", True, LIMIT_S)
    first, last = pilot.heard[0], pilot.heard[-1]
    assert last.relative_alt - first.relative_alt > 1_000, "it did not climb a metre"
    assert last.lat - first.lat > 100, "it did not go forward, which is north here"
    truth = pl.read_parquet(tmp_path / "flight" / "truth.parquet")
    assert truth["height_hae_m"].max() == pytest.approx(max(one.alt for one in pilot.heard) / 1e3, abs=0.5)
    sticks = pl.read_parquet(tmp_path / "flight" / "controls.parquet")
    assert np.isclose(sticks["pitch"].abs().max(), 0.5, atol=0.01)
    assert json.loads(hotwash("score", tmp_path / "flight", "--json").out)["points"] == told["points"]


def test_time_begins_when_the_ground_station_is_there(hop: Path, port: int, tmp_path: Path):
    with station(port, "fly", hop, "--out", tmp_path / "flight", "--json") as pilot:
        assert pilot.link.wait_heartbeat(timeout=PATIENCE_S)
        end = time.monotonic() + 1.0
        while time.monotonic() < end:  # it calls, and nothing else
            said = pilot.link.recv_match(blocking=True, timeout=0.1)
            assert said is None or said.get_type() == "HEARTBEAT"
        pilot.meet()
        pilot.fly(0.5)
        assert pilot.heard[0].time_boot_ms < 1_000
        pilot.program.send_signal(signal.SIGINT)
        code, out, err = pilot.ended()
    assert code == 0
    assert "Waiting for a ground station" not in err  # a program that reads JSON is told nothing else
    assert json.loads(out)["is_whole"] is False
    assert (tmp_path / "flight" / "truth.parquet").is_file()


def test_a_persons_attempts_by_a_ground_station_are_kept_and_one_that_is_broken_off_is_abandoned(
    hotwash: Any, hop: Path, port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("HOTWASH_CENTRE", str(tmp_path / "school"))
    hotwash("init", tmp_path / "school")
    who = json.loads(hotwash("lessons", "add-person", "Jan Kos", "--json").out)["person_id"]
    attempt = ("attempt", hop, "--subject", f"person:{who}", "--test")
    with station(port, *attempt) as pilot:
        flown_up_and_forward(pilot)
        code, out, err = pilot.ended()
    assert code == 0, err
    assert "1 attempt, kept for skills" in out
    assert "Waiting for a ground station" in err
    with station(port, *attempt) as pilot:
        pilot.meet()
        pilot.fly(0.5)
        pilot.program.send_signal(signal.SIGINT)
        code, out, err = pilot.ended()
    assert (code, "left before the end, so it is abandoned" in out) == (1, True)
    with centre.open_(tmp_path / "school") as opened:
        rows = attempts.attempts(opened).sort("seed").to_dicts()
        scored = set(attempts.scores(opened)["attempt_id"])
    assert [(row["state"], row["subject_id"], row["seed"]) for row in rows] == [
        ("finished", who, 1), ("abandoned", who, 2),
    ]  # fmt: skip
    assert scored == {rows[0]["attempt_id"]}
    assert all((tmp_path / "school" / row["recording"] / "truth.parquet").is_file() for row in rows)
    assert hotwash("doctor").code == 0


@pytest.mark.parametrize("url", ["14550", "udp:10.0.0.7:14550", "udpin:127.0.0.1:{port}"])
def test_an_address_that_cannot_be_is_refused_before_an_attempt_begins(
    hotwash: Any, hop: Path, port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
):
    monkeypatch.setenv("HOTWASH_CENTRE", str(tmp_path / "school"))
    hotwash("init", tmp_path / "school")
    who = json.loads(hotwash("lessons", "add-person", "Jan Kos", "--json").out)["person_id"]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", port))
        done = hotwash("attempt", hop, "--subject", f"person:{who}", "--mavlink", url.format(port=port))
    assert (done.code, "--mavlink" in done.err) == (2, True)
    with centre.open_(tmp_path / "school") as opened:
        assert attempts.attempts(opened).is_empty()
