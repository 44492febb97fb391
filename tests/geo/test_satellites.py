"""The dilution of precision of a number of satellites, against satellites that are drawn."""

from __future__ import annotations

import numpy as np
import pytest

from hotwash.geo.satellites import NO_DILUTION, dilution


def test_the_dilution_is_that_of_satellites_spread_evenly_over_the_sky():
    rng = np.random.default_rng(7)
    many = 400_000
    up = rng.random(many)  # even in height is even over a sphere
    angle = 2.0 * np.pi * rng.random(many)
    level = np.sqrt(1.0 - up**2)
    lines = np.stack([level * np.sin(angle), level * np.cos(angle), up, np.ones(many)], axis=-1)
    variances = np.diag(np.linalg.inv(lines.T @ lines)) * many  # of one satellite; n have 1/n of it
    hdop, vdop = dilution([16])
    assert hdop[0] == pytest.approx(np.sqrt((variances[0] + variances[1]) / 16), rel=0.01)
    assert vdop[0] == pytest.approx(np.sqrt(variances[2] / 16), rel=0.01)


def test_fewer_than_four_satellites_give_no_fix():
    hdop, vdop = dilution([0, 3, 4])
    assert hdop.tolist()[:2] == vdop.tolist()[:2] == [NO_DILUTION] * 2
    assert hdop[2] == pytest.approx(np.sqrt(1.5))
