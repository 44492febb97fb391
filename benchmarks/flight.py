"""Measure flight: steps of physics a second, alone and beside peers that are run in the same call.

    uv run python benchmarks/flight.py                                  the table of physics
    uv run python benchmarks/flight.py --part environments              steps of whole environments: environments.py
    uv run python benchmarks/flight.py --seconds 4 --worlds 1 1024      longer turns, some sizes only
    uv run python benchmarks/flight.py --peer-python crazyflow=PATH --peer-python rotorpy=PATH ...

Method. A multirotor of each world holds a fixed attitude and thrust: RK4 at 2 ms, battery and inner loop on, one motor
at 0.97, 6 m/s of wind with shear, moderate gusts, their random numbers drawn in the loop, and a tenth of the worlds
put back to their start each second. A step is 20 ms of ten RK4 steps. Each row is the best of many short turns, for
other work on the machine only slows; two threads take a half of the blocks each. Compiling is left out and told apart.
float32 is the same source with its numbers and buffers made single, for the figure alone: the package flies float64.

Peers (--peer-python NAME=INTERPRETER of an environment that holds it): crazyflow (RK4, first principles, 500 Hz),
rotorpy (its batched multirotor, RK4), jsbsim (c172x, a richer model of another vehicle), gym_pybullet_drones, pyflyt.
They run after ours, alone, as benchmarks/peers/run_NAME.py says. Rates of other models are no measure of their worth.
"""

from __future__ import annotations

import argparse
import ast
import json
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numba import config

from hotwash.flight import airframes, kernels, layout
from hotwash.flight.fleet import Fleet
from hotwash.flight.noise import kernels as dice
from hotwash.model.weather import Weather

PEERS = Path(__file__).resolve().parent / "peers"
WEATHER = Weather(wind_mps=6.0, wind_from_deg=250.0, shear_exponent=0.14, turbulence="moderate")
SUBSTEPS = 10
WORLDS = (1, 64, 1024, 16384)


class Bench:
    """A fleet with all that it is given, and its steps on one or more threads."""

    def __init__(self, worlds: int, *, airframe: str = "quad-900g") -> None:
        self.worlds, frame = worlds, airframes.load_airframe(airframe)
        self.fleet = Fleet(frame, WEATHER, worlds=worlds)
        blocks, lanes = self.fleet.blocks, self.fleet.lanes
        self.setpoint = np.zeros((blocks, layout.SETPOINTS, lanes))
        self.setpoint[:, layout.INNER], self.setpoint[:, layout.THRUST] = 1.0, 1.02 * frame.hover_thrust
        self.setpoint[:, layout.MOTORS] = 0.97
        self.setpoint[:, layout.MOTORS + 1 : layout.MOTORS + 4] = 1.0
        self.noise = np.zeros((blocks, layout.NOISES, lanes))
        self.keys = np.arange(blocks * lanes, dtype=np.uint64).reshape(blocks, lanes)
        self.steps = np.zeros((blocks, lanes), np.int64)
        self.taken = 0
        self.reset(np.ones(worlds, bool))

    def reset(self, which: np.ndarray) -> None:
        places = np.tile([0.0, 0.0, 100.0], (int(which.sum()), 1))
        self.fleet.reset(which, position_m=places, heading_deg=np.zeros(len(places)))

    def step(self, first: int, last: int) -> None:
        dice.fill(self.noise, self.keys, self.steps, first, last)
        self.steps[first:last] += 1
        self.fleet.advance(self.setpoint, self.noise, first, last)

    def turn(self, steps: int, threads: int) -> None:
        """Take some steps, and put back the worlds whose time it is."""
        edges = np.linspace(0, self.fleet.blocks, threads + 1).astype(int)

        def part(k: int) -> None:
            for _ in range(steps):
                self.step(edges[k], edges[k + 1])

        others = [threading.Thread(target=part, args=(k,)) for k in range(1, threads)]
        for other in others:
            other.start()
        part(0)
        for other in others:
            other.join()
        before, self.taken = self.taken // 50, self.taken + steps
        if before != self.taken // 50:  # a second has passed
            self.reset(np.arange(self.worlds) % 10 == (self.taken // 50) % 10)


def best_s(call: Callable[[], Any], *, seconds: float) -> float:
    """Return the shortest time of one call, over so many seconds and at least three calls."""
    call()
    found, end, calls = float("inf"), time.perf_counter() + seconds, 0
    while calls < 3 or time.perf_counter() < end:
        start = time.perf_counter()
        call()
        found, calls = min(found, time.perf_counter() - start), calls + 1
    return found


def rate(worlds: int, threads: int, *, seconds: float, airframe: str = "quad-900g") -> float:
    """Return the RK4 steps a second of so many worlds on so many threads."""
    bench = Bench(worlds, airframe=airframe)
    steps = max(1, min(200, 20000 // worlds))
    return worlds * SUBSTEPS * steps / best_s(lambda: bench.turn(steps, threads), seconds=seconds)


class Single(ast.NodeTransformer):
    """Make every number with a point one of single precision."""

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if not isinstance(node.value, float):
            return node
        return ast.copy_location(ast.Call(ast.Name("float32", ast.Load()), [node], []), node)


def in_single() -> Callable[..., None]:
    """Return the multirotor's kernel made anew for float32, its source changed in nothing else."""
    source = Path(kernels.__file__).read_text(encoding="utf-8").replace('"cache": True, ', "")
    for was, becomes in (
        ("substep_s = step_s / substeps", "substep_s = float32(step_s / substeps)"),
        (
            "held_s = substep_s * min(2, substeps - turn // 4)",
            "held_s = float32(substep_s * min(2, substeps - turn // 4))",
        ),
        ("float(stage % 2)", "float32(stage % 2)"),
        ("np.empty(WORK * LANES)", "np.empty(WORK * LANES, float32)"),
    ):
        if was not in source:
            raise SystemExit(f"the kernel no longer says {was!r}: mend in_single")
        source = source.replace(was, becomes)
    tree = ast.fix_missing_locations(Single().visit(ast.parse(source)))
    names: dict[str, Any] = {"__name__": "in_single", "float32": np.float32}
    exec(compile(tree, "in_single", "exec"), names)  # our own source
    return names["advance_multirotor"]


def single_rate(worlds: int, *, seconds: float) -> tuple[float, float]:
    """Return RK4 steps a second in float32 and in float64, of the kernel alone on one thread."""
    bench = Bench(worlds)
    fleet = bench.fleet
    dice.fill(bench.noise, bench.keys, bench.steps, 0, fleet.blocks)
    rates = []
    for kernel, kind in ((in_single(), np.float32), (kernels.advance_multirotor, np.float64)):
        arrays = [a.astype(kind) for a in (fleet.state, bench.setpoint, bench.noise, fleet.params, fleet.weather)]
        start = arrays[0].copy()

        def call(kernel: Any = kernel, arrays: Any = arrays, start: Any = start, kind: Any = kind) -> None:
            arrays[0][:] = start
            for _ in range(5):
                kernel(*arrays, fleet.pose, kind(0.02), SUBSTEPS, 0, fleet.blocks)

        rates.append(5 * worlds * SUBSTEPS / best_s(call, seconds=seconds))
    return rates[0], rates[1]


def peer_rows(name: str, python: str, seconds: float) -> Iterator[dict[str, Any]]:
    """Yield what a peer measured of itself; a row that only says why it did not run, where it did not."""
    program = PEERS / f"run_{name}.py"
    if not program.is_file():
        raise SystemExit(
            f"no such peer: {name}; there are {', '.join(sorted(p.stem[4:] for p in PEERS.glob('run_*.py')))}"
        )
    command = [python, str(program), str(seconds)]
    with tempfile.TemporaryDirectory() as folder:  # some peers write logs where they stand
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    found = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    yield from found
    if done.returncode or not found:
        last = (done.stderr.strip().splitlines() or ["no word"])[-1]
        yield {"what": f"{name} did not run: {last}", "worlds": 0, "per_s": float("nan")}


def table(rows: list[tuple[str, ...]]) -> None:
    """Print rows as a table of Markdown, the first its head."""
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    for n, row in enumerate(rows):
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |")
        if n == 0:
            print("|" + "|".join("-" * (width + 2) for width in widths) + "|")


def physics(worlds: list[int], seconds: float, peers: dict[str, str]) -> None:
    """Print RK4 steps a second, and what the peers take."""
    start = time.perf_counter()
    Bench(1).turn(1, 1)
    print(f"first step, compiled or loaded from its cache: {time.perf_counter() - start:.1f} s\n")
    rows: list[tuple[str, ...]] = [("worlds", "threads", "20 ms step", "RK4 steps/s", "× real time")]
    ours: dict[int, float] = {}
    for count in worlds:
        for threads in (1, 2) if count > layout.LANES else (1,):
            found = rate(count, threads, seconds=seconds)
            ours[count] = max(found, ours.get(count, 0.0))
            step_us = 1.0e6 * count * SUBSTEPS / found
            rows.append(
                (str(count), str(threads), f"{step_us:.1f} µs", f"{found / 1e6:.2f} M", f"{found * 0.002:,.0f}")
            )
    table(rows)
    single, double = single_rate(1024, seconds=seconds)
    print(
        f"\nthe kernel alone, 1,024 worlds, 1 thread, RK4 steps/s: {double / 1e6:.1f} M; float32 {single / 1e6:.1f} M"
    )
    wings = [rate(1024, threads, seconds=seconds, airframe="wing-12kg") / 1e6 for threads in (1, 2)]
    print(f"a fixed wing, 1,024 worlds, RK4 steps/s: 1 thread {wings[0]:.1f} M, 2 threads {wings[1]:.1f} M")
    compared: list[tuple[str, ...]] = [("peer", "worlds", "physics steps/s", "ours at as many", "ratio")]
    for name, python in peers.items():
        for row in peer_rows(name, python, seconds):
            near = ours.get(row["worlds"], float("nan"))
            cells = f"{row['per_s'] / 1e6:.4f} M", f"{near / 1e6:.2f} M", f"{near / row['per_s']:,.0f}"
            compared.append((row["what"], str(row["worlds"]), *cells))
    if len(compared) > 1:
        print()
        table(compared)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--part", choices=["physics", "environments"], default="physics")
    asked.add_argument("--worlds", type=int, nargs="+", default=list(WORLDS))
    asked.add_argument("--seconds", type=float, default=3.0, help="how long each row is measured")
    asked.add_argument("--peer-python", metavar="NAME=PATH", action="append", default=[])
    given = asked.parse_args()
    print(f"processor as the compiler sees it: {config.CPU_NAME or 'host'}")
    peers = dict(pair.split("=", 1) for pair in given.peer_python)
    if given.part == "environments":
        import environments  # beside this file

        environments.measure(given.worlds, given.seconds, peers)
    else:
        physics(given.worlds, given.seconds, peers)


if __name__ == "__main__":
    main()
