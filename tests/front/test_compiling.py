"""What a flight calls is compiled before its first step, for the very types it calls it with."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable

import numpy as np
import pytest
from numba.core.sigutils import normalize_signature

import hotwash
from hotwash.flight.entry_points import AUTOPILOT, EntryPoint, entry_points
from hotwash.flight.seats import kernels as seats
from hotwash.front import compiling
from hotwash.gym.entry_points import PILOT, PILOTS
from hotwash.gym.pilot_env import PilotEnv
from hotwash.gym.vector_env import PilotVecEnv

ONE_KERNEL: EntryPoint = (seats.first_invalid, "(f8[:,::1],)")

ALONE = """
import numpy as np
from hotwash.flight.seats import kernels
kernels.first_invalid(np.zeros((1, 8)))
print(sum(kernels.first_invalid.stats.cache_hits.values()))
"""


def assert_called_as_compiled(points: Iterable[EntryPoint]) -> None:
    for kernel, words in points:
        types, _ = normalize_signature(words)
        assert tuple(types) in kernel.overloads, kernel.__name__


@pytest.mark.parametrize(
    ("exercise", "kind", "has_faults"),
    [("abnormal-fix-lost", "multirotor", True), ("wing-flight", "fixed_wing", False)],
)
def test_a_flight_calls_its_kernels_with_the_types_they_were_compiled_for(exercise: str, kind: str, has_faults: bool):
    hotwash.fly(exercise)
    has_lane = hotwash.load_scenario(exercise).lane is not None
    points = entry_points({kind}, has_lane=has_lane, has_faults=has_faults)
    autopilot = AUTOPILOT if kind == "multirotor" else AUTOPILOT[1:]
    assert_called_as_compiled([*points, *autopilot])


@pytest.mark.parametrize("worlds", [1, 40])
def test_an_environment_calls_its_kernels_with_the_types_they_were_compiled_for(worlds: int):
    env = PilotEnv("basic-flight") if worlds == 1 else PilotVecEnv(worlds, "basic-flight")
    env.reset(seed=1)
    env.step(np.zeros(env.action_space.shape, np.float32))
    assert_called_as_compiled(PILOT if worlds == 1 else PILOTS)


@pytest.mark.parametrize("python", ["/no/such/python", "/bin/true"])
def test_without_a_helper_all_is_compiled_here(python: str, monkeypatch: pytest.MonkeyPatch):
    compiled: list[EntryPoint] = []
    monkeypatch.setattr(sys, "executable", python)
    monkeypatch.setattr(compiling, "_has_free_core", lambda: True)
    monkeypatch.setattr(compiling, "compile_entry_point", compiled.append)
    compiling._compile_all([ONE_KERNEL, ONE_KERNEL, ONE_KERNEL])
    assert len(compiled) >= 2  # one may have been handed to a helper that died: it is compiled when it is called


def test_what_a_helper_compiled_is_loaded_by_who_calls_it(tmp_path):
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    serve = "from hotwash.campaign import compile_worker; compile_worker.serve()"
    asked = f"{seats.__name__} first_invalid {ONE_KERNEL[1]}\n"
    subprocess.run([sys.executable, "-c", serve], input=asked, text=True, env=environment, check=True, timeout=300)
    done = subprocess.run(
        [sys.executable, "-c", ALONE], text=True, env=environment, check=True, capture_output=True, timeout=300
    )
    assert done.stdout.split() == ["1"]
