"""Measure environments: steps a second of one and of many worlds, the time to the first step, memory; beside peers.

    uv run python benchmarks/flight.py --part environments                ours
    uv run python benchmarks/flight.py --part environments --peer-python rotorpy=PYTHON --peer-python pyflyt=PYTHON

Method. A step of ours is 20 ms: ten Runge-Kutta steps of 2 ms in float64, with wind, Dryden gusts, battery, link and
navigation faults, failsafes, the referee of a lane, observation and reward; resets are in the time, since episodes end
in the middle of it. The action is fixed: a slow climb and turn, so that nothing is at rest. The best and the median of
chunks of 0.2 s are told: the best is what the code can do, the median what a shared machine gave. "One" is PilotEnv,
the loop that every training script runs; "many" is PilotVecEnv. First step: a process of its own, from before Python
starts to after the first step; cold with an empty folder for the compiled code. Memory is the peak of that process
(VmHWM of /proc/self/status; ru_maxrss would begin with what its parent holds).

--peer-python NAME=PYTHON names the interpreter of an environment that holds the peer (rotorpy, crazyflow, pyflyt),
which runs here and now, in the same call. What a peer's step is stands beside its row: they differ, and so does what
they model.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

import numpy as np

CHUNK_S = 0.2
SCENARIO = """
name = "bench"
lane = "bperp"
time_limit_s = 12

[place]
lat_deg = 52.0
lon_deg = 13.0

[weather]
wind_mps = 4.0
wind_from_deg = 250.0
turbulence = "light"

[[seats]]
name = "pilot"
airframe = "{airframe}"
mode = "{mode}"
position_m = [0.0, 0.0, {up_m}]

[[faults]]
kind = "satnav_drift"
onset_s = 2.0
speed_mps = 0.5
direction_deg = 90.0

[[faults]]
kind = "link_loss"
onset_s = 4.0
end_s = 6.0
share = 0.2

[[faults]]
kind = "battery"
onset_s = 5.0
share = 0.5
"""
MULTIROTOR = {"airframe": "quad-900g", "mode": "position_hold", "up_m": "0.0"}
WING = {"airframe": "wing-2kg", "mode": "loiter", "up_m": "60.0"}
ACTION = (0.1, 0.15, 0.1, 0.2, -0.1, -1.0)

FIRST_STEP = """
import hotwash.gym
env = hotwash.gym.PilotEnv("bperp")
env.reset(seed=1)
env.step(env.action_space.sample() * 0)
print([int(line.split()[1]) / 1024 for line in open("/proc/self/status") if line.startswith("VmHWM")][0])
"""

PEERS = {
    "rotorpy": """
import numpy as np
from rotorpy.vehicles.multirotor import Multirotor
from rotorpy.vehicles.hummingbird_params import quad_params
from rotorpy.controllers.quadrotor_control import SE3Control
from rotorpy.trajectories.circular_traj import ThreeDCircularTraj
x0 = {"x": np.array([1.0, 0, 0]), "v": np.zeros(3), "q": np.array([0, 0, 0, 1.0]), "w": np.zeros(3),
      "wind": np.zeros(3), "rotor_speeds": np.array([469.0] * 4)}
vehicle, control = Multirotor(quad_params, initial_state=x0), SE3Control(quad_params)
way = ThreeDCircularTraj(radius=np.array([2, 2, 0]), freq=np.array([0.2, 0.2, 0]))
now = {"state": dict(x0), "t": 0.0}
def step():
    order = control.update(now["t"], now["state"], way.update(now["t"]))
    now["state"] = vehicle.step(now["state"], order, 0.01)
    now["t"] += 0.01
measure("one, 10 ms, RK45 rtol 1e-3, SE3 controller, no gusts", 1, step)
""",
    "crazyflow": """
import os
os.environ.setdefault("JAX_PLATFORMS", "cpu")
import numpy as np, jax
from crazyflow.sim import Sim
from crazyflow.control import Control
from crazyflow.dynamics import Dynamics
from crazyflow.sim.integration import Integrator
for n in (1, 1024, 16384):
    sim = Sim(n_worlds=n, n_drones=1, dynamics=Dynamics.first_principles, control=Control.state,
              integrator=Integrator.rk4, freq=500, state_freq=100, attitude_freq=500)
    sim.reset()
    order = np.zeros((n, 1, 16), np.float32)
    order[..., 2] = 0.5
    def step():
        sim.state_control(order)
        sim.step(5)
        jax.block_until_ready(sim.data)
    measure(f"{n} worlds, 10 ms, 5 x RK4 2 ms, f32, no gusts, no score, no reset", n, step)
""",
    "pyflyt": """
import gymnasium, PyFlyt.gym_envs
for name in ("PyFlyt/QuadX-Hover-v4", "PyFlyt/Fixedwing-Waypoints-v3"):
    env = gymnasium.make(name)
    env.reset(seed=0)
    action = env.action_space.sample() * 0
    if "QuadX" in name:
        action[-1] = 0.35
    def step():
        told = env.step(action)
        if told[2] or told[3]:
            env.reset()
    measure(f"one {name}, 25 to 33 ms, 240 Hz Bullet, resets", 1, step)
""",
}
PEER_HEAD = """
import json, statistics, time
rows = []
def measure(what, worlds, step, seconds=2.5, chunk=0.2):
    step()
    began = time.perf_counter(); step(); one = max(time.perf_counter() - began, 1e-7)
    count = max(1, int(chunk / one)); times = []; end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 3:
        began = time.perf_counter()
        for _ in range(count):
            step()
        times.append((time.perf_counter() - began) / count)
    rows.append({"what": what, "best_per_s": worlds / min(times), "median_per_s": worlds / statistics.median(times)})
"""
PEER_TAIL = """
peak = [int(line.split()[1]) / 1024 for line in open("/proc/self/status") if line.startswith("VmHWM")][0]
print("ROWS " + json.dumps({"rows": rows, "peak_mb": peak}))
"""


def measured(what: str, worlds: int, step: Callable[[], Any], *, seconds: float) -> dict[str, Any]:
    """Return how many steps a second, best and median of chunks."""
    step()
    began = time.perf_counter()
    step()
    count = max(1, int(CHUNK_S / max(time.perf_counter() - began, 1e-7)))
    times: list[float] = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 3:
        began = time.perf_counter()
        for _ in range(count):
            step()
        times.append((time.perf_counter() - began) / count)
    return {"what": what, "best_per_s": worlds / min(times), "median_per_s": worlds / statistics.median(times)}


def one_row(name: str, given: dict[str, str], seconds: float) -> dict[str, Any]:
    from hotwash.gym import PilotEnv
    from hotwash.model.scenario import parse

    env = PilotEnv(parse(SCENARIO.format(**given), name="bench"))
    env.reset(seed=1)
    action = np.array(ACTION, np.float32)

    def step() -> None:
        _, _, ended, late, _ = env.step(action)
        if ended or late:
            env.reset()

    return measured(f"one {name}, 20 ms", 1, step, seconds=seconds)


def many_row(name: str, given: dict[str, str], worlds: int, seconds: float) -> dict[str, Any]:
    from hotwash.gym import PilotVecEnv
    from hotwash.model.scenario import parse

    envs = PilotVecEnv(worlds, parse(SCENARIO.format(**given), name="bench"))
    envs.reset(seed=1)
    actions = np.tile(np.array(ACTION, np.float32), (worlds, 1))
    # Episodes are 600 steps long: chunks of more than that hold every reset; shorter runs start near an episode's end.
    row = measured(f"{worlds} x {name}, 20 ms", worlds, lambda: envs.step(actions), seconds=seconds)
    envs.close()
    return row


def whole_episodes(name: str, given: dict[str, str], worlds: int) -> dict[str, Any]:
    """Return the rate over two whole episodes of every world, resets and all."""
    from hotwash.gym import PilotVecEnv
    from hotwash.model.scenario import parse

    envs = PilotVecEnv(worlds, parse(SCENARIO.format(**given), name="bench"))
    envs.reset(seed=1)
    actions = np.tile(np.array(ACTION, np.float32), (worlds, 1))
    envs.step(actions)
    rates = []
    for _ in range(2):
        began, steps = time.perf_counter(), 0
        while steps < 600:
            envs.step(actions)
            steps += 1
        rates.append(worlds * steps / (time.perf_counter() - began))
    envs.close()
    return {"what": f"{worlds} x {name}, whole episodes of 600 steps", "best_per_s": max(rates),
            "median_per_s": statistics.median(rates)}  # fmt: skip


def first_step(*, is_cold: bool) -> dict[str, Any]:
    """Return the seconds from the start of a process to the end of its first step, and its peak of memory."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, **({"NUMBA_CACHE_DIR": folder} if is_cold else {})}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # Python keeps its own bytecode, as it does for everyone
        if not is_cold:
            subprocess.run([sys.executable, "-c", FIRST_STEP], env=environment, capture_output=True, check=True)
        began = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", FIRST_STEP], env=environment, capture_output=True, text=True, check=True
        )
        return {"what": "cold" if is_cold else "warm", "seconds": time.perf_counter() - began,
                "peak_mb": float(done.stdout.split()[-1])}  # fmt: skip


def peer_rows(name: str, python: str) -> dict[str, Any]:
    """Run a peer in its own interpreter, here and now."""
    with tempfile.TemporaryDirectory() as folder:  # some peers leave a log where they run
        done = subprocess.run(
            [python, "-c", PEER_HEAD + PEERS[name] + PEER_TAIL],
            capture_output=True, text=True, check=False, cwd=folder,
        )  # fmt: skip
    told = [line for line in done.stdout.splitlines() if line.startswith("ROWS ")]
    if not told:
        return {"rows": [], "fault": done.stderr.strip().splitlines()[-1:]}
    found: dict[str, Any] = json.loads(told[-1].removeprefix("ROWS "))
    return found


def shown(title: str, rows: list[dict[str, Any]]) -> None:
    print(f"\n{title}")
    for row in rows:
        print(f"  {row['what']:<75} best {row['best_per_s']:>12,.0f}/s  median {row['median_per_s']:>12,.0f}/s")


def measure(worlds: list[int], seconds: float, peers: dict[str, str]) -> None:
    """Print steps a second of ours and of peers, the time to the first step, and memory."""
    ours = [one_row("multirotor", MULTIROTOR, seconds)]
    ours += [many_row("multirotor", MULTIROTOR, count, seconds) for count in worlds if count > 1]
    ours.append(whole_episodes("multirotor", MULTIROTOR, max(worlds)))
    ours.append(one_row("fixed wing", WING, seconds))
    ours.append(many_row("fixed wing", WING, max(worlds), seconds))
    shown("hotwash", ours)
    for is_cold in (False, True):
        row = first_step(is_cold=is_cold)
        print(f"  first step, {row['what']}: {row['seconds']:.2f} s, peak {row['peak_mb']:.0f} MB")
    print(f"  peak of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    for name, python in peers.items():
        found = peer_rows(name, python)
        shown(name, found["rows"])
        print(f"  peak {found.get('peak_mb', 0.0):.0f} MB {' '.join(found.get('fault', []))}")
