"""The scenarios of the tracking benchmark, their scores and their tables; not part of the project."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import by_path
import pytest

ROOT = Path(__file__).resolve().parents[1]
PARTS = ("scenario_gen", "eval_tracks", "to_tables")


def programs() -> tuple[ModuleType, ModuleType, ModuleType]:
    """Return the benchmark's generator, its scores and its tables; skip where they are absent, as in most checkouts."""
    places = (top / "shared" / "bench" / "tracking" for top in (ROOT.parent, ROOT.parents[1]))  # a worktree is deeper
    path = next((place for place in places if place.is_dir()), None)
    if path is None:
        pytest.skip("../shared/bench/tracking is not here: the scenarios of the tracking benchmark")
    first, second, third = (by_path.loaded(path / f"{name}.py") for name in PARTS)
    return first, second, third
