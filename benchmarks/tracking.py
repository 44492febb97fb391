"""Measure the tracker: how long, how near to the truth, how much memory; beside Stone Soup.

    uv run --with scipy python benchmarks/tracking.py                     scenarios S, M, L and M3
    uv run --with scipy python benchmarks/tracking.py --seeds 1 2         some seeds only; --sizes S M some sizes only
    uv run --with scipy python benchmarks/tracking.py --peer-python PATH  also the peer, now, on this machine
    uv run python benchmarks/tracking.py --big 50                         50 million plots: time and peak of memory

Method. The scenarios, their scores and the peer's figures lie outside the repository, in a folder that --bench or
HOTWASH_BENCH names (by default ../shared/bench/tracking beside the checkout); scipy is asked for by their scoring
alone. One default configuration is used for everything, causal, on one core. Three times are taken, each the least of
five turns after one that loads the kernels: "kernels", the compiled fold alone; "loop", from detections in
memory to chunks of rows (Tracker.step and finish), which is what the peer's loop does; "tracks", to the table of
tracks. "Process" is `hotwash track` from Parquet to Parquet as a person starts it, median of three, with the start of
Python. GOSPA has c = 1,000 m, p = 2, alpha = 2, over every scan. The peer's figures are the best known configuration of
Stone Soup on the same file (stonesoup.json); with --peer-python, the interpreter of an environment that holds
Stone Soup, its nearest-neighbour tracker with a KD-tree gate runs here and now on the first seed of each size.
L is scored over 101 scans, where the peer was, and whole; M3 (three radars) over 168.

--big N repeats scenario M in time to N million plots in Parquet, tracks that as `hotwash track` does, in a process of
its own, and reads its peak of resident memory (ru_maxrss); the file goes afterwards.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import polars as pl

from hotwash.model import schema, tables
from hotwash.track import kernels, tracking
from hotwash.track.tracker import Tracker

ROOT = Path(__file__).resolve().parents[1]
TURNS = 5
# Scenario, and the scans it is scored over; None is all.
CASES: tuple[tuple[str, int | None], ...] = (("S", None), ("M", None), ("L", 101), ("L", None), ("M3", 168))
SEEDS = {"S": (1, 2, 3, 4, 5), "M": (1, 2, 3, 4, 5), "L": (1,), "M3": (1, 2)}


def bench_folder(named: str | None) -> Path:
    """Return the folder of the scenarios; stop with a sentence where there is none."""
    given = named or os.environ.get("HOTWASH_BENCH")
    places = [Path(given)] if given else [top / "shared/bench/tracking" for top in (ROOT.parent, ROOT.parents[1])]
    for place in places:
        if (place / "scenario_gen.py").is_file():
            return place
    raise SystemExit(f"no scenario_gen.py in {places[0]}: name its folder with --bench")


def program(folder: Path, name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, folder / f"{name}.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"{name}.py cannot be loaded from {folder}")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except ModuleNotFoundError as missing:
        raise SystemExit(f"{name}.py wants {missing.name}: `uv run --with {missing.name} python …`") from None
    return module


def scenario(folder: Path, size: str, seed: int) -> dict[str, Any]:
    """Return a scenario's arrays as its file would hold them."""
    made: dict[str, Any] = program(folder, "scenario_gen").generate(size, seed)
    return {name: np.asarray(value) for name, value in made.items()}


def recording(folder: Path, arrays: dict[str, Any], scans: int | None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return DETECTIONS of the first scans, and SENSORS."""
    detections, sensors, _ = program(folder, "to_tables").to_tables(arrays)
    if scans is not None:
        detections = detections.filter(pl.Series(arrays["plot_scan"] < scans))
    return schema.conform(detections, tables.DETECTIONS), schema.conform(sensors, tables.SENSORS)


def least_s(work: Callable[[], Any]) -> float:
    """Return the least time of five turns, after one that is not counted."""
    work()
    times = []
    for _ in range(TURNS):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


@contextmanager
def kernel_time() -> Iterator[list[float]]:
    """Give a list that takes the time of each call of the compiled fold."""
    spent: list[float] = []
    plain = kernels.run

    def timed(*arguments: Any) -> Any:
        began = time.perf_counter()
        found = plain(*arguments)
        spent.append(time.perf_counter() - began)
        return found

    kernels.run = timed
    try:
        yield spent
    finally:
        kernels.run = plain


def times(detections: pl.DataFrame, sensors: pl.DataFrame) -> dict[str, float]:
    """Return the time of the fold, of the tracker's loop and of the whole way to TRACKS [s]."""

    def loop() -> None:
        tracker = Tracker(sensors)
        tracker.step(detections)
        tracker.finish()

    loop_s = least_s(loop)
    with kernel_time() as spent:
        folds = []
        for _ in range(TURNS):
            spent.clear()
            loop()
            folds.append(sum(spent))
    return {
        "kernels": min(folds),
        "loop": loop_s,
        "tracks": least_s(lambda: tracking.track_causal(detections, sensors)),
    }


def process_s(detections: pl.DataFrame, sensors: pl.DataFrame) -> float:
    """Return the median time of three runs of `hotwash track`, from Parquet to Parquet."""
    hotwash = shutil.which("hotwash", path=str(Path(sys.executable).parent)) or "hotwash"
    with tempfile.TemporaryDirectory() as folder:
        detections.write_parquet(f"{folder}/detections.parquet")
        sensors.write_parquet(f"{folder}/sensors.parquet")
        asked = [hotwash, "track", f"{folder}/detections.parquet", "--out", f"{folder}/tracks.parquet", "--json"]
        taken = []
        for _ in range(3):
            began = time.perf_counter()
            subprocess.run(asked, check=True, capture_output=True)
            taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def scored(folder: Path, arrays: dict[str, Any], tracks: pl.DataFrame, scans: int | None) -> dict[str, float]:
    rows, _ = program(folder, "to_tables").from_tracks(arrays, tracks)
    found: dict[str, float] = program(folder, "eval_tracks").score(arrays, rows, scans)
    return found


def peer_now(folder: Path, python: str, arrays: dict[str, Any], scans: int | None) -> str:
    """Return what the peer prints of itself, run by its own interpreter."""
    with tempfile.TemporaryDirectory() as held:
        np.savez(f"{held}/scenario.npz", **arrays)
        asked = [python, str(folder / "run_stonesoup.py"), f"{held}/scenario.npz", f"{held}/tracks.npz"]
        asked += ["--assoc", "kdgnn", "--max-seconds", "300"]
        asked += ["--max-scans", str(scans)] if scans else []
        done = subprocess.run(
            asked, check=False, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(folder)}
        )
    return done.stdout.strip() or f"the peer did not run: {(done.stderr.strip().splitlines() or ['no word'])[-1]}"


def table(heading: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Print a Markdown table."""
    widths = [max(len(row[k]) for row in (heading, *rows)) for k in range(len(heading))]
    for row in (heading, tuple("-" * width for width in widths), *rows):
        print(f"| {' | '.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))} |")
    print()


def quality(folder: Path, size: str, scans: int | None, seeds: tuple[int, ...]) -> tuple[str, ...]:
    """Return a row of the table of scores: means over the seeds."""
    best = json.loads((folder / "stonesoup.json").read_text(encoding="utf-8"))
    ours, theirs, switches, their_switches, hindsight = [], [], 0.0, 0.0, []
    for seed in seeds:
        arrays = scenario(folder, size, seed)
        both = recording(folder, arrays, scans)
        causal = scored(folder, arrays, tracking.track_causal(*both).tracks, scans)
        forensic = scored(folder, arrays, tracking.track_forensic(*both).tracks, scans)
        peer = best.get(f"{size}_{seed}" if size == "M3" else f"{size}{seed}", {})
        if peer.get("scans") != scans:
            peer = {}  # it was scored over other scans
        ours.append(causal["gospa"])
        hindsight.append(forensic["gospa"])
        theirs.append(peer.get("gospa", float("nan")))
        switches += causal["switches"] / len(seeds)
        their_switches += peer.get("switches", float("nan")) / len(seeds)
    share = float(np.mean(np.array(ours) / np.array(theirs)))
    return (
        label(size, scans), str(len(seeds)), f"{np.mean(ours):.0f}", known(np.mean(theirs), ".0f"), known(share, ".2f"),
        f"{switches:.1f}", known(their_switches, ".1f"), f"{np.mean(hindsight):.0f}",
        f"{np.mean(np.array(hindsight) / np.array(ours)):.2f}",
    )  # fmt: skip


def label(size: str, scans: int | None) -> str:
    return f"{size}, {scans} scans" if scans else f"{size}, whole"


def known(value: Any, form: str) -> str:
    return format(float(value), form) if np.isfinite(value) else "–"


def speed(folder: Path, size: str, scans: int | None, seed: int) -> tuple[str, ...]:
    """Return a row of the table of times, on one seed."""
    best = json.loads((folder / "stonesoup.json").read_text(encoding="utf-8"))
    peer = best.get(f"{size}_{seed}" if size == "M3" else f"{size}{seed}", {})
    peer_s = peer.get("seconds", float("nan")) if peer.get("scans") == scans else float("nan")
    detections, sensors = recording(folder, scenario(folder, size, seed), scans)
    taken = times(detections, sensors)
    return (
        label(size, scans), f"{detections.height:,}", *(f"{1e3 * taken[name]:.1f} ms" for name in taken),
        f"{process_s(detections, sensors):.2f} s", known(peer_s, ".1f"), known(peer_s / taken["loop"], ".0f"),
    )  # fmt: skip


# ---------------------------------------------------------------- memory


def lay_big(folder: Path, bench: Path, plots: int) -> Path:
    """Write scenario M again and again in time to a Parquet file, and return it."""
    arrays = scenario(bench, "M", 1)
    detections, sensors, _ = program(bench, "to_tables").to_tables(arrays)
    span = timedelta(seconds=float(arrays["scan_t"][-1]) + 4.0)
    sensors.write_parquet(folder / "sensors.parquet")
    parts = folder / "parts"
    parts.mkdir()
    for turn in range(-(-plots // detections.height)):
        later = detections.with_columns(
            pl.col("detection_id") + turn * detections.height, pl.col("time_utc") + turn * span
        )
        later.write_parquet(parts / f"{turn:06d}.parquet")
    made = folder / "detections.parquet"
    pl.scan_parquet(sorted(parts.glob("*.parquet"))).head(plots).sink_parquet(made)
    shutil.rmtree(parts)
    return made


def track_big(detections: Path) -> dict[str, Any]:
    """Track a file in this process, as the command does; return the times and this process's peak of memory."""
    from hotwash.work import tracking as work

    began = time.perf_counter()
    done = work.write_tracks(detections, out=detections.with_name("tracks.parquet"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "plots": done.plots, "tracks": done.tracks, "rows": done.rows, "seconds": done.seconds,
        "whole_s": time.perf_counter() - began, "peak_mb": peak / 2**20 if sys.platform == "darwin" else peak / 2**10,
    }  # fmt: skip


def big(bench: Path, millions: float) -> None:
    with tempfile.TemporaryDirectory() as held:
        made = lay_big(Path(held), bench, int(millions * 1e6))
        asked = [sys.executable, str(Path(__file__).resolve()), "--track-big", str(made)]
        done = json.loads(subprocess.run(asked, check=True, capture_output=True, text=True).stdout)
        size = made.stat().st_size / 1e6
    stages = [(stage, f"{seconds:.1f} s") for stage, seconds in done["seconds"].items()]
    rows = [("plots", f"{done['plots']:,}"), ("file", f"{size:,.0f} MB"), ("tracks", f"{done['tracks']:,}")]
    rows += [("rows", f"{done['rows']:,}"), *stages, ("all", f"{done['whole_s']:.1f} s")]
    rows += [
        ("plots a second", f"{done['plots'] / done['whole_s']:,.0f}"),
        ("peak of memory", f"{done['peak_mb']:.0f} MB"),
    ]
    table(("a long recording", f"{millions:g} million plots"), rows)


def main() -> None:
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("--bench", help="folder of the scenarios")
    asked.add_argument("--sizes", nargs="+", default=["S", "M", "L", "M3"], choices=sorted(SEEDS))
    asked.add_argument("--seeds", nargs="+", type=int)
    asked.add_argument("--peer-python", metavar="PATH", help="interpreter that has Stone Soup: run it here and now")
    asked.add_argument("--big", type=float, metavar="N", help="only N million plots, for time and memory")
    asked.add_argument("--track-big", type=Path, help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.track_big:
        print(json.dumps(track_big(given.track_big)))
        return
    bench = bench_folder(given.bench)
    if given.big:
        big(bench, given.big)
        return
    print((__doc__ or "").partition("Method. ")[2])
    cases = [(size, scans) for size, scans in CASES if size in given.sizes]
    fast = [speed(bench, size, scans, 1) for size, scans in cases]
    heading = ("seed 1", "plots", "kernels", "loop", "tracks", "process", "peer [s]", "peer / loop")
    table(heading, fast)
    good = []
    for size, scans in cases:
        seeds = tuple(seed for seed in SEEDS[size] if not given.seeds or seed in given.seeds)
        good += [quality(bench, size, scans, seeds)] if seeds else []
    heading = ("scenario", "seeds", "GOSPA [m]", "peer", "ratio", "switches", "peer", "forensic [m]", "to causal")
    table(heading, good)
    for size, scans in cases if given.peer_python else []:
        print(peer_now(bench, given.peer_python, scenario(bench, size, 1), scans), "\n")


if __name__ == "__main__":
    main()
