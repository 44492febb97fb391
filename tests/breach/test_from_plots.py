"""From radar plots to breaches: stated 90 % intervals hold about nine times in ten, common errors included."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "measure_breaches.py"
RUNS = range(200)  # the script itself makes 400


@pytest.fixture(scope="module")
def measuring() -> ModuleType:
    spec = importlib.util.spec_from_file_location(SCRIPT.stem, SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_entry_and_depth_told_from_plots_lie_within_their_90_percent_intervals(measuring: ModuleType):
    found = [one for seed in RUNS if (one := measuring.one_run(seed)) is not None]
    assert len(found) >= 0.95 * len(RUNS)
    held = (np.abs(found) <= measuring.INSIDE_90).mean(axis=0)
    assert ((held >= 0.85) & (held <= 0.95)).all()
