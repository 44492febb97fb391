"""From radar plots to breaches: stated 90 % intervals hold about nine times in ten, common errors included."""

from __future__ import annotations

from types import ModuleType

import by_path
import numpy as np
import pytest

pytestmark = pytest.mark.slow

RUNS = range(200)  # the script itself makes 400


@pytest.fixture(scope="module")
def measuring() -> ModuleType:
    return by_path.script("measure_breaches")


def test_entry_and_depth_told_from_plots_lie_within_their_90_percent_intervals(measuring: ModuleType):
    found = [one for seed in RUNS if (one := measuring.one_run(seed)) is not None]
    assert len(found) >= 0.95 * len(RUNS)
    held = (np.abs(found) <= measuring.INSIDE_90).mean(axis=0)
    assert ((held >= 0.85) & (held <= 0.95)).all()
