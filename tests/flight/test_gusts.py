"""Wind and gusts: the spectra and variances of MIL-F-8785C, shear, density, and gusts that a hovering drone meets."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from flying import CALM, STEP_S, Flight
from numba import njit
from scipy.signal import welch

from hotwash.errors import ScenarioError
from hotwash.flight import kernels, layout
from hotwash.flight import weather as air
from hotwash.model.weather import Weather

SAMPLES = 1 << 19
SPECTRUM_TO = 0.12  # of the formula: four standard deviations of a spectrum of so many samples
VARIANCE_TO = 0.15


@njit
def made(normal: np.ndarray, passed: float) -> np.ndarray:
    """Return unit gusts along and across, (2, n)."""
    out = np.empty((2, normal.size))
    along = one = two = 0.0
    for n in range(normal.size):
        along = kernels.gust_along(along, passed, normal[n], n == 0)
        one, two, out[1, n] = kernels.gust_across(one, two, passed, normal[n], n == 0)
        out[0, n] = along
    return out


@pytest.mark.parametrize("lag_s", [0.1, 0.5, 2.0])
def test_gusts_have_the_spectra_of_dryden(lag_s: float):
    gusts = made(np.random.default_rng(1).standard_normal(SAMPLES), STEP_S / lag_s)
    hertz, found = welch(gusts, 1.0 / STEP_S, nperseg=1 << 12)
    band = (hertz > 0.05) & (hertz < 5.0)  # a tenth of the rate of drawing: above it a held step shows
    wave = (2.0 * np.pi * hertz[band] * lag_s) ** 2
    wanted = 4.0 * lag_s / (1.0 + wave), 2.0 * lag_s * (1.0 + 3.0 * wave) / (1.0 + wave) ** 2
    for spectrum, formula in zip(found, wanted, strict=True):
        ratio = spectrum[band] / formula
        thirds = [part.mean() for part in np.array_split(ratio, 8)]
        assert thirds == pytest.approx(np.ones(8), abs=SPECTRUM_TO)


@pytest.mark.parametrize("passed", [0.02, 0.1, 0.4, 1.5])
def test_unit_gusts_have_unit_variance_whatever_the_step(passed: float):
    gusts = made(np.random.default_rng(2).standard_normal(SAMPLES), passed)
    assert gusts.var(axis=1) == pytest.approx([1.0, 1.0], abs=5.0 * np.sqrt(4.0 / (SAMPLES * min(passed, 1.0))))


def published(height_m: float, w20_mps: float) -> tuple[float, float]:
    """Return the standard deviations along the wind and upright, MIL-F-8785C 3.7.3.4."""
    feet = np.clip(height_m / 0.3048, 10.0, 1000.0)
    return 0.1 * w20_mps / (0.177 + 0.000823 * feet) ** 0.4, 0.1 * w20_mps


@pytest.mark.parametrize("height_m", [2.0, 40.0])
def test_a_hovering_drone_meets_gusts_of_the_stated_variance(height_m: float):
    weather = Weather(turbulence="moderate")
    flight = Flight("quad-900g", weather, worlds=1024, height_m=height_m)
    found = []
    for _ in range(4):
        flight.run(3.0, flight.hold(height_m))
        found.append(flight.fleet.state[:, kernels.AIR : kernels.AIR + 3].var(axis=(0, 2)))
    flat, upright = published(height_m, weather.w20_mps)
    assert np.mean(found, axis=0) == pytest.approx([flat**2, flat**2, upright**2], rel=VARIANCE_TO)


def test_a_gust_at_hover_does_not_freeze():
    flight = Flight("quad-900g", Weather(turbulence="light"), worlds=64, height_m=2.0)
    flight.run(1.0, flight.hold(2.0))
    before = flight.fleet.state[:, kernels.AIR + 2].copy()
    flight.run(10.0, flight.hold(2.0))
    after = flight.fleet.state[:, kernels.AIR + 2]
    assert abs(np.corrcoef(before.ravel(), after.ravel())[0, 1]) < 0.5


def test_calm_means_none():
    flight = Flight("crazyflie", CALM, worlds=32, height_m=5.0)
    flight.run(2.0, flight.hold(5.0))
    assert not flight.fleet.state[:, kernels.AIR : kernels.AIR + 3].any()


def test_wind_comes_from_where_it_is_said_to_and_grows_with_height():
    weather = Weather(wind_mps=8.0, wind_from_deg=270.0, wind_height_m=10.0, shear_exponent=0.2)
    for height_m, wanted in ((10.0, 8.0), (40.0, 8.0 * 4.0**0.2), (2.5, 8.0 * 0.25**0.2)):
        flight = Flight("quad-900g", weather, height_m=height_m - 0.05)
        flight.step()
        assert flight.fleet.state[0, kernels.AIR : kernels.AIR + 3, 0] == pytest.approx([wanted, 0.0, 0.0], abs=0.02)


def test_wind_that_is_added_is_felt_until_it_is_taken_off():
    flight = Flight("quad-900g", Weather(wind_mps=2.0, wind_from_deg=180.0), worlds=2, height_m=5.0)
    flight.fleet.add_wind(np.array([[1.0, 0.0, 0.5], [0.0, 0.0, 0.0]]))
    flight.step()
    felt = flight.fleet.state[0, kernels.AIR : kernels.AIR + 3, :2].T
    assert felt == pytest.approx(np.array([[1.0, 2.0, 0.5], [0.0, 2.0, 0.0]]))
    flight.fleet.reset(position_m=np.zeros((2, 3)), heading_deg=np.zeros(2))
    flight.step()
    assert flight.fleet.state[0, kernels.AIR : kernels.AIR + 3, 0] == pytest.approx([0.0, 2.0, 0.0])


def test_a_drone_in_level_attitude_drifts_with_the_wind():
    flight = Flight("quad-900g", Weather(wind_mps=5.0, wind_from_deg=270.0), height_m=20.0)
    pose = flight.run(60.0, flight.hold(20.0))[-1, 0]
    assert pose[layout.VELOCITY] == pytest.approx(5.0, abs=0.1)
    assert pose[layout.AIRSPEED] < 0.1


def test_gusts_beyond_the_heights_of_their_formulas_are_marked():
    heights = np.array([1.0, 3.0, 3.1, 300.0, 310.0])
    assert air.is_extrapolated(heights).tolist() == [True, True, False, False, True]


def test_density_is_that_of_the_place():
    assert Weather().density_kgpm3 == pytest.approx(1.225, rel=1.0e-4)
    assert Weather(temperature_c=-10.0).density_kgpm3 > 1.3


@pytest.mark.parametrize(
    "change",
    [
        {"turbulence": "gale"},
        {"wind_mps": -1.0},
        {"wind_mps": float("nan")},
        {"pressure_hpa": 0.0},
        {"shear_exponent": 3.0},
    ],
)
def test_weather_that_cannot_be_is_refused(change: dict):
    with pytest.raises(ScenarioError, match=next(iter(change))):
        dataclasses.replace(CALM, **change)
