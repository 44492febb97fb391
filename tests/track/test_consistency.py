"""Whether stated variances are true, where objects move as the filter believes: the tables of docs/accuracy.md."""

from __future__ import annotations

from types import ModuleType

import by_path
import numpy as np
import pytest
from scipy.stats import chi2

from hotwash.track import models
from hotwash.track.arrays import Bank

pytestmark = pytest.mark.slow

RUNS = range(1, 61)
POSITION_AND_VELOCITY, PLACE = 4, 2
EDGES = (0.005, 0.995)


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return by_path.script("measure_tracking")


def drawn(script: ModuleType, bank: Bank) -> tuple[np.ndarray, np.ndarray]:
    """Squared normalised errors at the end of each run, and innovations of all of them."""
    found = [one for seed in RUNS if (one := script.one_run(bank, seed)) is not None]
    return np.array([one[0] for one in found]), np.concatenate([one[1] for one in found])


def is_inside(squares: np.ndarray, dimensions: int) -> bool:
    low, high = chi2.ppf(EDGES, squares.size * dimensions)
    return bool(low < squares.sum() < high)


def test_errors_and_innovations_of_straight_flight_lie_inside_chi_square_bounds(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
):
    bank = script.straight()
    monkeypatch.setattr(models, "bank", lambda: bank)
    errors, innovations = drawn(script, bank)
    assert is_inside(errors, POSITION_AND_VELOCITY)
    assert is_inside(innovations, PLACE)


def test_innovations_of_objects_that_change_between_all_models_lie_inside_chi_square_bounds(script: ModuleType):
    errors, innovations = drawn(script, models.bank())
    assert is_inside(innovations, PLACE)
    # A mixture of models has longer tails than one normal law, so single errors are let out more widely.
    assert 0.6 < errors.mean() / POSITION_AND_VELOCITY < 1.5


def test_a_multirotor_that_hovers_is_where_it_is_said_to_be(script: ModuleType):
    found = script.cases.hovering(script.cases.Setting(52.15, 21.0, script.START, speed_mps=12.0))
    sensors = script.radar(52.0, 21.0)
    shown = [script.run(found, sensors, seed) for seed in range(1, 21)]
    assert 0.6 < np.mean([one.nees_per_dimension for one in shown]) < 1.5
    assert 0.85 < np.mean([one.cover_90 for one in shown]) < 0.97
