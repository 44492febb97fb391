"""Whether stated variances are true, where objects move as the filter believes: the tables of docs/accuracy.md."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from scipy.stats import chi2

from hotwash.track import models
from hotwash.track.arrays import Bank

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "measure_tracking.py"
RUNS = range(1, 61)
POSITION_AND_VELOCITY, PLACE = 4, 2
EDGES = (0.005, 0.995)


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("measure_tracking", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["straight", "all"])
def test_errors_and_innovations_lie_inside_chi_square_bounds(
    script: ModuleType, name: str, monkeypatch: pytest.MonkeyPatch
):
    bank: Bank = script.straight() if name == "straight" else models.bank()
    monkeypatch.setattr(models, "bank", lambda: bank)
    found = [one for seed in RUNS if (one := script.one_run(bank, seed)) is not None]
    errors, innovations = np.array([one[0] for one in found]), np.concatenate([one[1] for one in found])
    for squares, dimensions in ((errors, POSITION_AND_VELOCITY), (innovations, PLACE)):
        low, high = chi2.ppf(EDGES, squares.size * dimensions)
        assert low < squares.sum() < high


def test_a_multirotor_that_hovers_is_where_it_is_said_to_be(script: ModuleType):
    found = script.cases.hovering(script.Setting(52.15, 21.0, script.START, speed_mps=12.0))
    sensors = script.radar(52.0, 21.0)
    shown = [script.run(found, sensors, seed) for seed in range(1, 21)]
    assert 0.6 < np.mean([one.nees_per_dimension for one in shown]) < 1.5
    assert 0.85 < np.mean([one.cover_90 for one in shown]) < 0.97
