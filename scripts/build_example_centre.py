"""Record the watches of the example centre beforehand, so that `hotwash demo` only has to score them.

    uv run python scripts/build_example_centre.py

Run it again when an exercise, a rule book, the simulator of sensors or the tracker changes: tests/examples says when.
The same script gives the same recordings. What is the same for all seeds of an exercise is written once.
"""

from __future__ import annotations

import hashlib
import lzma
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import polars as pl

from hotwash import __version__
from hotwash.front.exercises import load_scenario
from hotwash.front.watches import keep_watch
from hotwash.model.recording import FOLDER_TABLES, Recording
from hotwash.work.example_recordings import ENDING, MADE, SCENARIO, SEED, read_recording
from hotwash.work.loop import RECORDED_THREADS, Thread

FOLDER = Path(__file__).resolve().parents[1] / "examples" / "centre" / "recorded"
# Neighbouring rows of one object are near each other: what is written is the difference of bytes, so many times over.
PACKED_BY = {"truth": ("object_id", "time_utc"), "detections": ("sensor_id", "time_utc")}
DIFFERENCES = {"truth": 3, "detections": 1}


def record(thread: Thread, seed: int) -> Recording:
    """Return the recording of one watch, played now."""
    return keep_watch(thread.exercise, policy=thread.policy, seed=seed).recording


def pack(recordings: Mapping[int, Recording]) -> dict[str, bytes]:
    """Return the files of an exercise's recordings, by name."""
    scenarios = [{SEED: seed, "text": one.scenario} for seed, one in recordings.items()]
    frames = {SCENARIO: pl.DataFrame(scenarios)}
    for table in FOLDER_TABLES:
        each = {seed: getattr(one, table.name) for seed, one in recordings.items()}
        first, *others = each.values()
        if any(frame.height for frame in each.values()):
            is_same = all(first.equals(other) for other in others)
            together = first if is_same else pl.concat(
                [frame.with_columns(pl.lit(seed).alias(SEED)) for seed, frame in each.items()]
            )  # fmt: skip
            frames[table.name] = together
    return {f"{name}{ENDING}": _packed(name, frame) for name, frame in frames.items()}


def _packed(name: str, frame: pl.DataFrame) -> bytes:
    known = frame.select(column for column in frame if column.null_count() < frame.height)
    if name in PACKED_BY:
        known = known.sort(SEED, *PACKED_BY[name])
    written = BytesIO()
    known.rechunk().write_ipc(written, compression="uncompressed", compat_level=pl.CompatLevel.oldest())
    delta = {"id": lzma.FILTER_DELTA, "dist": 8}  # numbers of eight bytes each
    squeeze = {"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "lc": 0, "lp": 3, "pb": 3}
    return lzma.compress(written.getvalue(), filters=[delta] * DIFFERENCES.get(name, 0) + [squeeze])


def made_text(thread: Thread, files: Mapping[str, bytes]) -> str:
    """Return what is said of an exercise's recordings."""
    lines = [
        f'exercise = "{thread.exercise}"',
        f'version = "{load_scenario(thread.exercise).version}"',
        f'policy = "{thread.policy}"',
        f"seeds = {list(thread.seeds)}",
        f'made_with = "hotwash {__version__}, scripts/build_example_centre.py"',
        "",
        "[sha256]",
        *(f'"{name}" = "{hashlib.sha256(content).hexdigest()}"' for name, content in sorted(files.items())),
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    for thread in RECORDED_THREADS:
        recordings = {seed: record(thread, seed) for seed in thread.seeds}
        files = pack(recordings)
        folder = FOLDER / thread.exercise
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
        for name, content in files.items():
            (folder / name).write_bytes(content)
        (folder / MADE).write_text(made_text(thread, files), encoding="utf-8")
        for seed, made in recordings.items():
            taken = read_recording(load_scenario(thread.exercise), policy=thread.policy, seed=seed)
            for table in FOLDER_TABLES:
                assert getattr(taken, table.name).equals(getattr(made, table.name)), (seed, table.name)
            assert taken.scenario == made.scenario
        print(f"{thread.exercise}: {sum(map(len, files.values())) / 1e6:.2f} MB in {len(files)} files")


if __name__ == "__main__":
    main()
