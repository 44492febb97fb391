"""What the tests of the score room share."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def bench() -> tuple[ModuleType, ModuleType]:
    """The scenarios of the tracking benchmark and its own scores; not part of the project, absent in most checkouts."""
    places = (top / "shared" / "bench" / "tracking" for top in (ROOT.parent, ROOT.parents[1]))
    path = next((place for place in places if place.is_dir()), None)
    if path is None:
        pytest.skip("../shared/bench/tracking is not here: the scenarios of the tracking benchmark")
    return _loaded(path / "scenario_gen.py"), _loaded(path / "eval_tracks.py")


def _loaded(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
