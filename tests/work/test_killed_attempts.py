"""Killed a hundred times at attempts, two at once: at most the one in flight is lost, and what is left is settled."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

TESTS = Path(__file__).resolve().parents[1]
TIMES = 100


def killed(folder: Path) -> dict[str, Any]:
    """Return what killing_attempts.py finds in a folder of its own."""
    environment = {**os.environ, "PYTHONPATH": str(TESTS)}
    command = [sys.executable, str(TESTS / "killing_attempts.py"), str(folder / "centre"), str(TIMES)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def told(once: Callable[..., Any]) -> dict[str, Any]:
    """What killing_attempts.py found."""
    if not hasattr(os, "fork"):
        pytest.skip("this system cannot fork")
    found: dict[str, Any] = once("killed-attempts", killed)
    return found


def test_what_was_acknowledged_is_there_and_at_most_one_attempt_of_each_program_is_not_over(told: dict[str, Any]):
    assert told["wrong"] == []
    assert told["killed"]["finished"] > TIMES / 4


def test_the_kills_came_at_every_stage_of_an_attempt(told: dict[str, Any]):
    assert set(told["stages"]) == {"name", "begin", "flight", "score", "write", "keep", "finish"}
    assert sum(told["stages"].values()) == TIMES
    assert told["left"].keys() == {"half-written attempt", "leftover", "nameless recording"}


def test_an_attempt_that_was_killed_is_a_miss_after_a_day_and_as_soon_as_it_is_settled(told: dict[str, Any]):
    killed = told["killed"]["started"]
    assert killed > TIMES / 4
    for shown in (told["after_a_day"], told["shown"]):
        assert (shown["passes"], shown["trials"]) == (told["killed"]["finished"], told["killed"]["finished"] + killed)
        assert f"{killed} attempts: abandoned" in shown["why"]


def test_what_doctor_finds_is_settled_by_the_commands_that_it_names(told: dict[str, Any]):
    assert told["still"] == []
    others = {state: many for state, many in told["killed"].items() if state != "started"}
    assert told["settled"] == others | {"abandoned": told["killed"]["started"]}


def test_an_instructor_takes_no_killed_attempt_out_of_a_round_that_is_decided(told: dict[str, Any]):
    assert told["shown"]["result"] == "DOES NOT HOLD"
    assert told["voided"]["trials"] == told["shown"]["trials"]
    assert "1 attempt: declared void after its round was decided, so it counts." in told["voided"]["why"]
