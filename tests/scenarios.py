"""The scenarios of the tracking benchmark, their scores and their tables; not part of the project."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]
PARTS = ("scenario_gen", "eval_tracks", "to_tables")


def programs() -> tuple[ModuleType, ModuleType, ModuleType]:
    """Return the benchmark's generator, its scores and its tables; skip where they are absent, as in most checkouts."""
    places = (top / "shared" / "bench" / "tracking" for top in (ROOT.parent, ROOT.parents[1]))  # a worktree is deeper
    path = next((place for place in places if place.is_dir()), None)
    if path is None:
        pytest.skip("../shared/bench/tracking is not here: the scenarios of the tracking benchmark")
    first, second, third = (_loaded(path / f"{name}.py") for name in PARTS)
    return first, second, third


def _loaded(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
