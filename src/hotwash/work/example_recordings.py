"""The watches of the example centre: recorded beforehand, travelling in the package, scored when they are asked for.

scripts/build_example_centre.py ─▶ examples/centre/recorded/EXERCISE/ ─▶ read_recording ─▶ replay, as any attempt
"""

from __future__ import annotations

import hashlib
import tomllib
from functools import cache
from io import BytesIO
from typing import Any

import numpy as np
import polars as pl

from hotwash import resources
from hotwash.errors import ReadError
from hotwash.front import compiled
from hotwash.front.recordings import score_recording
from hotwash.geo import borders, zones
from hotwash.geo import kernels as geo_kernels
from hotwash.model import scenario as scenarios
from hotwash.model import schema
from hotwash.model.recording import FOLDER_TABLES, Recording
from hotwash.model.scenario import Scenario
from hotwash.store.centre import without_gc
from hotwash.track import kernels as track_kernels
from hotwash.track import precompile
from hotwash.work.attempting import AttemptRequest, PlayResult

MADE = "made.toml"  # of which exercise, version, policy and seeds; and a SHA-256 of each file
ENDING = ".arrow.xz"
SEED, SCENARIO = "seed", "scenario"
# The order of rows in a recording. A file holds them object by object, which packs better.
ORDER = {"truth": ("time_utc", "object_id"), "detections": ("detection_id",)}
_BORDER = "PL-land"


def replay(request: AttemptRequest, scenario: Scenario, seed: int) -> PlayResult:
    """Return a watch that was recorded beforehand, scored now from its recording alone.

    raises   ReadError as `read_recording`
    """
    taken = read_recording(scenario, policy=request.policy or "", seed=seed)
    return PlayResult(taken, score_recording(taken, attempt_id=f"{request.policy}-watch").scores)


def read_recording(scenario: Scenario, *, policy: str, seed: int) -> Recording:
    """Return the recording of a shipped exercise that was made beforehand.

    raises   ReadError when there is none of this exercise, version, policy and seed, or its files are not the ones
             that were made
    """
    made, frames = _frames(scenario.name)
    for name, asked, held in (
        ("version", scenario.version, made["version"]),
        ("policy", policy, made["policy"]),
        ("seed", seed, seed if seed in made["seeds"] else made["seeds"]),
    ):
        if asked != held:
            why = f"was recorded beforehand with {name} {held}, not {asked}; play it with `hotwash watch`"
            raise ReadError(scenario.name, place=name, why=why)
    own = {name: _of_seed(frame, seed) for name, frame in frames.items()}
    text = str(own.pop(SCENARIO)["text"].item())
    _check_carried(scenario, text, seed)
    tables = {table.name: table for table in FOLDER_TABLES}
    ordered = {name: frame.sort(ORDER[name]) if name in ORDER else frame for name, frame in own.items()}
    return Recording(
        **{name: schema.conform(frame, tables[name]) for name, frame in ordered.items()}, scenario=text
    )  # fmt: skip


def _check_carried(scenario: Scenario, text: str, seed: int) -> None:
    """Refuse a recording that says of itself that it is another one."""
    carried = scenarios.parse(text, name=scenario.name)
    if (carried.name, carried.version, carried.seed) != (scenario.name, scenario.version, seed):
        why = f"its recording says {carried.name} version {carried.version}, seed {carried.seed}"
        raise ReadError(scenario.name, place=f"seed {seed}", why=why)


def is_compiled() -> bool:
    """Tell whether what scores a watch was compiled on this machine before, from the source as it is now."""
    return compiled.is_compiled(track_kernels.run, geo_kernels.nearest)


def compile_tracker() -> None:
    """Compile the tracker, where it was not compiled before."""
    if not compiled.is_compiled(track_kernels.run):
        precompile.precompile_tracker()


def compile_borders() -> None:
    """Compile the search for the nearest place on a border, where it was not compiled before."""
    if not compiled.is_compiled(geo_kernels.nearest):
        with without_gc():
            lat_deg, lon_deg = np.full(zones.MANY_POINTS, 52.0), np.full(zones.MANY_POINTS, 23.0)
            zones.signed_distance_m(lat_deg, lon_deg, borders.load_zone(_BORDER))


@cache
def _frames(exercise: str) -> tuple[dict[str, Any], dict[str, pl.DataFrame]]:
    """Return what is said of an exercise's recordings, and their tables by name, all seeds in one."""
    packed = resources.example_recordings(exercise)
    made = tomllib.loads(packed.pop(MADE).decode())
    if {name: hashlib.sha256(content).hexdigest() for name, content in packed.items()} != made["sha256"]:
        raise ReadError(exercise, why="its recordings are not the ones that were made; is the installation whole?")
    return made, {
        name.removesuffix(ENDING): pl.read_ipc(BytesIO(resources.unpack(name, content)))
        for name, content in packed.items()
    }


def _of_seed(frame: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Return the rows of one seed; a table that is the same for all seeds has no such column."""
    return frame.filter(pl.col(SEED) == seed).drop(SEED) if SEED in frame.columns else frame
