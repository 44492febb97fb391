"""Six degrees of freedom over the turning earth, against NASA's check cases, and what the flat plane leaves out.

Cases and figures: Jackson, Shelton, Jackson, Castro, Noble, Murri 2015, Further Development of Verification Check-Cases
for Six-Degree-of-Freedom Flight Vehicle Simulations, NASA/TM-2015-218675. nesc_cases.csv carries what the published
simulators show after 10, 20 and 30 s, from the time histories in nasa/simupy-flight: numbers 1, 2, 4 and 6 of cases 1,
2, 6 and 7, and all that there are of cases 3, 8 and 9.

The spread, at an instant and for one quantity: how far the simulator that strays most has been from the mean of all,
up to then. Ours is inside when it is no farther from that mean.
"""

from __future__ import annotations

import csv
import math
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from hotwash.flight import six_dof
from hotwash.flight.kernels import GRAVITY_MPS2
from hotwash.flight.six_dof import motion
from hotwash.flight.six_dof.motion import EARTH_TURN_RADPS
from hotwash.geo.frames import geodetic2enu

FloatArray = NDArray[np.float64]
HERE = Path(__file__).resolve()
FOLDERS = [HERE.parents[up] / "shared" / "data" / "nesc" for up in (3, 4)]
SIMULATORS = ("01", "02", "04", "06")
MORE = {"03": ("01", "02", "04", "05", "06"), "08": ("01", "02", "03", "04", "05", "06")}
MORE["09"] = MORE["08"]

FOOT_M, SLUG_KG, SLUG_FT2_KGM2 = 0.3048, 14.593902937206364, 1.3558179483314004
RANKINE, SLUG_FT3_KGPM3 = 1.8, 515.3788183931961
# The coarsest of the four prints ten digits; columns of zeros carry the others' rounding, below 1e-12.
PRINTED, ROUNDED = 1e-9, 1e-12
FOUR_DIGITS = 1e-4
ONE_IN_A_BILLION, ONE_MICROJOULE_PER_KG = 1e-9, 1e-6
SLIVER = 1e-3  # of the spread at the end: how far outside lowest and highest where their curves cross
ANGLES = {"longitude_deg", "latitude_deg", "eulerAngle_deg_Yaw", "eulerAngle_deg_Pitch", "eulerAngle_deg_Roll"}
AIR = {"airDensity_slug_ft3", "ambientTemperature_dgR", "speedOfSound_ft_s"}


def sphere(drag: float) -> six_dof.Body:
    """One slug, half a foot across."""
    area_m2 = math.pi * (0.25 * FOOT_M) ** 2
    return six_dof.Body(SLUG_KG, (3.6 * SLUG_FT2_KGM2,) * 3, drag * area_m2)


# 8 x 4 x 2.25 in
BRICK = six_dof.Body(
    0.155404754 * SLUG_KG, tuple(part * SLUG_FT2_KGM2 for part in (0.001894220, 0.006211019, 0.007194665))
)
LONG_M, WIDE_M = 8.0 * FOOT_M / 12.0, 4.0 * FOOT_M / 12.0
DAMPED_BRICK = replace(
    BRICK, damping_m4=six_dof.damping_m4(LONG_M * WIDE_M, (WIDE_M, LONG_M, WIDE_M), (-1.0, -1.0, -1.0))
)
DROPPED, TUMBLING, DAMPED, DRAGGED, BLOWN, SHEARED, SHOT = "01", "02", "03", "06", "07", "08", "09"
BODIES = {
    DROPPED: sphere(0.0), TUMBLING: BRICK, DAMPED: DAMPED_BRICK, DRAGGED: sphere(0.1), BLOWN: sphere(0.1),
    SHEARED: sphere(0.1), SHOT: sphere(0.1),
}  # fmt: skip
CASES = sorted(BODIES)
# Wind towards east [ft/s] and its height [ft]: steady in case 7, from -20 on the ground to 70 at the release in case 8.
WINDS = {BLOWN: ((20.0, 0.0),), SHEARED: ((-20.0, 0.0), (70.0, 30_000.0))}


def begun(case: str) -> dict[str, FloatArray]:
    """Return how a case begins: let go over the equator, or shot eastwards from the ground, nose east."""
    if case == SHOT:
        thrown = (1000.0 * FOOT_M, 0.0, 1000.0 * FOOT_M)
        turning = (0.0, np.radians(0.004178073), 0.0)  # none against the ground
        return six_dof.release(0.0, 0.0, 0.0, velocity_mps=thrown, heading_deg=90.0, rates_radps=turning)
    rates = np.radians((10.0, -20.0, -30.0)) if case in (TUMBLING, DAMPED) else (0.0, 0.0, 0.0)
    return six_dof.release(0.0, 0.0, 30_000.0 * FOOT_M, rates_radps=rates)


def flown(case: str) -> dict[str, FloatArray]:
    """Return our answer to a case under NASA's names and units, a row each tenth of a second."""
    wind, heights = zip(*WINDS.get(case, ((0.0, 0.0),)), strict=True)
    path = six_dof.fly(
        BODIES[case], begun(case), seconds=30.0, wind_mps=[(east * FOOT_M, 0.0, 0.0) for east in wind],
        wind_heights_m=np.array(heights) * FOOT_M,
    )  # fmt: skip
    seen = six_dof.observe(path)
    columns = {
        "altitudeMsl_ft": seen.height_hae_m / FOOT_M,
        "longitude_deg": seen.lon_deg,
        "latitude_deg": seen.lat_deg,
        "localGravity_ft_s2": seen.gravitation_mps2 / FOOT_M,
        "airDensity_slug_ft3": seen.density_kgpm3 / SLUG_FT3_KGPM3,
        "ambientTemperature_dgR": seen.temperature_k * RANKINE,
        "speedOfSound_ft_s": seen.sound_mps / FOOT_M,
    }
    for k, axis in enumerate("XYZ"):
        columns[f"feVelocity_ft_s_{axis}"] = seen.velocity_ned_mps[:, k] / FOOT_M
    for k, (axis, sign) in enumerate((("Roll", 1.0), ("Pitch", -1.0), ("Yaw", -1.0))):
        columns[f"eulerAngle_deg_{axis}"] = seen.euler_deg[:, k]
        columns[f"bodyAngularRateWrtEi_deg_s_{axis}"] = sign * np.degrees(path.rates_radps[:, k])
    return columns


def published(case: str, column: str) -> FloatArray:
    """Return a column of the simulators that have it, (m, 301), a row each tenth of a second."""
    names = [f"Atmos_{case}_sim_{simulator}.csv" for simulator in MORE.get(case, SIMULATORS)]
    folder = next((folder for folder in FOLDERS if all((folder / name).is_file() for name in names)), None)
    if folder is None:
        pytest.skip(f"../shared/data/nesc is not here, or not with case {case}: NASA's whole time histories")
    found = []
    for name in names:
        with (folder / name).open() as file:
            rows = list(csv.DictReader(file))
        rows = rows[:: (len(rows) - 1) // 300 or 1]  # number 5 prints a row each hundredth
        if column in rows[0]:
            found.append([float(row[column]) for row in rows][:301])
    return np.array(found)


def carried(case: str, column: str) -> FloatArray:
    """Return a column of the simulators that have it at 10, 20 and 30 s, (m, 3)."""
    with (HERE.parent / "nesc_cases.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["case"] == case and row[column]]
    names = sorted({row["simulator"] for row in rows})
    return np.array([[float(row[column]) for row in rows if row["simulator"] == name] for name in names])


def apart(theirs: FloatArray, ours: FloatArray, column: str) -> FloatArray:
    """Return theirs less ours; angles the short way round."""
    found = theirs - ours
    return (found + 180.0) % 360.0 - 180.0 if column in ANGLES else found


def floor(theirs: FloatArray) -> float:
    return max(PRINTED * float(np.abs(theirs).max()), ROUNDED)


def stray(theirs: FloatArray, ours: FloatArray, column: str) -> tuple[FloatArray, FloatArray]:
    """Return how far we are from the four's mean, and how far the one that strays most has been, up to then."""
    differences = apart(theirs, ours, column)
    mean = differences.mean(axis=0)
    return np.abs(mean), np.maximum.accumulate(np.abs(differences - mean).max(axis=0))


@pytest.mark.parametrize("case", CASES)
def test_the_published_figures_of_each_check_case_hold_ours_in_their_spread(case: str) -> None:
    ours = flown(case)
    for column in set(ours) - AIR:
        theirs = carried(case, column)
        own, widest = stray(theirs, ours[column][[100, 200, 300]], column)
        assert (own <= widest + floor(theirs)).all(), column


@pytest.mark.parametrize("case", CASES)
def test_the_whole_of_each_check_case_stays_in_the_spread(case: str) -> None:
    for column, ours in flown(case).items():
        theirs = published(case, column)
        own, widest = stray(theirs, ours, column)
        assert (own <= widest + floor(theirs)).all(), column


@pytest.mark.parametrize("case", CASES)
def test_path_and_attitude_lie_between_the_lowest_and_the_highest_but_for_a_sliver(case: str) -> None:
    columns = flown(case)
    for column in set(columns) - AIR:
        theirs = published(case, column)
        differences = apart(theirs, columns[column], column)
        lowest, highest = differences.min(axis=0), differences.max(axis=0)
        outside = np.maximum(np.maximum(lowest, -highest), 0.0)
        assert outside.max() <= SLIVER * (highest - lowest).max() + floor(theirs), column


def test_a_brick_keeps_its_energy_and_its_momentum_about_its_middle() -> None:
    path = six_dof.fly(BRICK, six_dof.release(0.0, 0.0, 9000.0, rates_radps=(0.2, -0.3, -0.5)), seconds=60.0)
    momentum = path.rates_radps * np.array(BRICK.inertia_kgm2)
    energy = (path.rates_radps * momentum).sum(axis=1)
    assert np.ptp(energy) < ONE_IN_A_BILLION * energy[0]
    assert np.ptp(np.linalg.norm(momentum, axis=1)) < ONE_IN_A_BILLION * float(np.linalg.norm(momentum[0]))


def test_damping_stops_a_rotation_as_its_equation_says() -> None:
    """A body held at one height and speed: rate = rate0 · exp(-density · speed · damping / inertia · time)."""
    body = six_dof.Body(3.0, (0.04, 0.05, 0.06), damping_m4=(2e-4, 0.0, 0.0))
    weight_n = 3.0 * 9.812  # at 52 N, near enough to fall less than a metre
    state0 = six_dof.release(52.0, 21.0, 100.0, rates_radps=(4.0, 0.0, 0.0), velocity_mps=(0.0, 60.0, 0.0))
    path = six_dof.fly(body, state0, push_n=(0.0, 0.0, weight_n), seconds=5.0)
    density = six_dof.observe(path).density_kgpm3[0]
    assert path.rates_radps[-1, 0] == pytest.approx(4.0 * math.exp(-density * 60.0 * 2e-4 / 0.04 * 5.0), rel=1e-3)


def test_damping_needs_air_that_moves_past_and_never_adds_energy() -> None:
    still = six_dof.fly(DAMPED_BRICK, six_dof.release(0.0, 0.0, 9000.0, rates_radps=(0.2, -0.3, -0.5)), seconds=60.0)
    energy = (still.rates_radps**2 * np.array(BRICK.inertia_kgm2)).sum(axis=1)
    assert (np.diff(energy) <= 0.0).all()
    assert energy[1] == pytest.approx(energy[0], rel=1e-2)  # it has hardly begun to fall
    assert energy[-1] < 0.1 * energy[0]


def test_wind_changes_evenly_between_two_heights_and_stays_beyond_them() -> None:
    heights, winds = np.array([50.0, 250.0, 300.0]), np.array([[2.0, 0.0, 0.0], [6.0, -8.0, 0.0], [6.0, -8.0, 1.0]])
    at = {height: motion.wind_at(height, heights, winds) for height in (-20.0, 50.0, 100.0, 275.0, 300.0, 9000.0)}
    assert at[-20.0] == at[50.0] == (2.0, 0.0, 0.0)
    assert at[100.0] == pytest.approx((3.0, -2.0, 0.0))
    assert at[275.0] == pytest.approx((6.0, -8.0, 0.5))
    assert at[300.0] == at[9000.0] == (6.0, -8.0, 1.0)


def test_a_wind_that_is_the_same_at_two_heights_is_a_steady_wind() -> None:
    ball, start = sphere(0.1), six_dof.release(48.0, 11.0, 2000.0)
    steady = six_dof.fly(ball, start, wind_mps=(7.0, -2.0, 0.0), seconds=10.0)
    layered = six_dof.fly(ball, start, wind_mps=[(7.0, -2.0, 0.0)] * 2, wind_heights_m=(0.0, 1500.0), seconds=10.0)
    assert np.array_equal(steady.position_m, layered.position_m)


def test_a_dropped_ball_keeps_its_energy_in_axes_that_turn() -> None:
    path = six_dof.fly(BODIES[DROPPED], six_dof.release(45.0, 0.0, 9000.0), seconds=30.0)
    x, y, z = path.position_m.T
    distance = np.linalg.norm(path.position_m, axis=1)
    oblate = 1.0 - 1.08262982131e-3 * (6378137.0 / distance) ** 2 * (1.5 * (z / distance) ** 2 - 0.5)
    potential = -3.986004418e14 / distance * oblate - 0.5 * EARTH_TURN_RADPS**2 * (x * x + y * y)
    energy = 0.5 * (path.velocity_mps**2).sum(axis=1) + potential
    assert np.ptp(energy) < ONE_MICROJOULE_PER_KG


def test_a_place_at_rest_weighs_what_the_tables_of_gravity_say() -> None:
    """Somigliana's formula, WGS 84: 9.7803253 m/s2 at the equator, 9.8321849 at the poles; J2 alone is 1e-5 near."""
    for lat_deg, weight_mps2 in ((0.0, 9.7803253359), (45.0, 9.8061977), (90.0, 9.8321849379)):
        fallen = six_dof.fly(BODIES[DROPPED], six_dof.release(lat_deg, 0.0, 0.0), seconds=1.0)
        speed = np.linalg.norm(fallen.velocity_mps[-1])
        assert speed == pytest.approx(weight_mps2, rel=3e-5)


def test_the_air_is_that_of_the_standard_tables() -> None:
    """US Standard Atmosphere 1976, table I, geometric heights: temperature [K], pressure [Pa], density [kg/m3]."""
    table = (
        (0.0, 288.150, 101325.0, 1.2250),
        (5000.0, 255.676, 54048.0, 0.73643),
        (15000.0, 216.650, 12111.0, 0.19476),
    )
    for height_m, temperature_k, pressure_pa, density_kgpm3 in table:
        seen = six_dof.observe(six_dof.fly(BRICK, six_dof.release(0.0, 0.0, height_m), seconds=0.0))
        found = (seen.temperature_k[0], seen.pressure_pa[0], seen.density_kgpm3[0])
        assert found == pytest.approx((temperature_k, pressure_pa, density_kgpm3), rel=FOUR_DIGITS)


def test_the_density_at_sea_level_is_the_tables_to_the_last_digit() -> None:
    at_sea = six_dof.observe(six_dof.fly(BRICK, six_dof.release(0.0, 0.0, 0.0), seconds=0.0))
    assert at_sea.density_kgpm3[0] == pytest.approx(1.225, rel=ONE_IN_A_BILLION)


PLAIN = """
from hotwash.flight import six_dof
body = six_dof.Body(2.0, (0.01, 0.02, 0.025), 0.03, (1e-5, 2e-5, 3e-5))
start = six_dof.release(52.0, 21.0, 300.0, rates_radps=(1.0, -2.0, 0.5), velocity_mps=(3.0, 1.0, 2.0), heading_deg=70.0)
wind = [(5.0, -3.0, 1.0), (8.0, -1.0, 0.0)]
path = six_dof.fly(body, start, wind_mps=wind, wind_heights_m=(290.0, 305.0), push_n=(1.0, 2.0, 19.0), seconds=1.0)
print(repr([float(part) for state in path.last().values() for part in state]))
"""


def test_compiled_flight_is_plain_flight() -> None:
    def ran(**more: str) -> list[float]:
        command, env = [sys.executable, "-c", PLAIN], {**os.environ, **more}
        said = subprocess.run(command, env=env, capture_output=True, check=True, text=True).stdout
        return [float(part) for part in said.strip().strip("[]").split(",")]

    assert ran(NUMBA_DISABLE_JIT="1") == pytest.approx(ran(), rel=1e-13, abs=1e-13)


# ---------------------------------------------------------------- what the flat plane costs

PLACE = (52.0, 21.0, 200.0)
TICK_S, TEN_MINUTES_S = 0.5, 600.0
Law = Callable[[float, FloatArray, float], FloatArray]  # time, velocity east north up, height -> push [m/s2]


def over_the_earth(law: Law) -> tuple[FloatArray, FloatArray]:
    """Return where a body of 1 kg is after each tick, in the plane tangent at PLACE (n, 3), and its heights (n,)."""
    state = six_dof.release(*PLACE)
    body, places, heights = six_dof.Body(1.0, (0.01, 0.01, 0.02)), [], []
    velocity, height_m = np.zeros(3), 0.0
    for tick in range(round(TEN_MINUTES_S / TICK_S)):
        path = six_dof.fly(body, state, push_n=law(tick * TICK_S, velocity, height_m), step_s=0.05, seconds=TICK_S)
        state = path.last()
        seen = six_dof.observe(six_dof.Path(path.time_s[-1:], *(state[name][None] for name in six_dof.STATE)))
        velocity = seen.velocity_ned_mps[0, [1, 0, 2]] * (1.0, 1.0, -1.0)
        height_m = float(seen.height_hae_m[0]) - PLACE[2]
        there = float(seen.lat_deg[0]), float(seen.lon_deg[0]), float(seen.height_hae_m[0])
        places.append([float(part) for part in geodetic2enu(*there, *PLACE)])
        heights.append(height_m)
    return np.array(places), np.array(heights)


def over_the_plane(law: Law) -> FloatArray:
    """Return the same over the plane that exercises fly over, with their gravity (n, 3)."""
    place, velocity, places = np.zeros(3), np.zeros(3), []
    for tick in range(round(TEN_MINUTES_S / TICK_S)):
        pull = law(tick * TICK_S, velocity, float(place[2])) - np.array([0.0, 0.0, GRAVITY_MPS2])
        place = place + velocity * TICK_S + 0.5 * pull * TICK_S**2
        velocity = velocity + pull * TICK_S
        places.append(place)
    return np.array(places)


def steered(time_s: float, velocity: FloatArray, height_m: float) -> FloatArray:
    """Hold 15 m/s towards east and 100 m above the start, as an autopilot with satellites and a barometer does."""
    climb_mps = float(np.clip(0.25 * (100.0 - height_m), -2.0, 2.0))
    return np.array([15.0, 0.0, climb_mps]) - velocity + np.array([0.0, 0.0, GRAVITY_MPS2])


def test_over_nine_kilometres_steered_the_plane_costs_metres() -> None:
    (places, heights), flat = over_the_earth(steered), over_the_plane(steered)
    aside_m = np.hypot(*(places - flat)[:, :2].T)
    assert flat[-1, 0] == pytest.approx(8985.0, abs=10.0)
    assert 5.0 < aside_m[-1] < 8.0  # the meridians run together: 9 km squared · tan 52 deg / (2 · 6378 km) = 8 m
    assert aside_m[np.searchsorted(flat[:, 0], 1000.0)] < 0.2
    assert -7.0 < (places - flat)[-1, 2] < -5.5  # the earth falls away: 9 km squared / (2 · 6378 km) = 6.3 m
    assert np.abs(heights - flat[:, 2]).max() < 0.02  # what a barometer sees does not differ


def test_flown_blind_for_ten_minutes_the_plane_costs_hundreds_of_metres() -> None:
    """The same pushes, nothing held: the turning earth bends the path, and the pull is not the same everywhere."""

    def blind(time_s: float, velocity: FloatArray, height_m: float) -> FloatArray:
        return np.array([0.5 if time_s < 30.0 else 0.0, 0.0, GRAVITY_MPS2])

    (places, _), flat = over_the_earth(blind), over_the_plane(blind)
    east_m, north_m, up_m = (places - flat)[-1]
    turning = EARTH_TURN_RADPS * math.sin(math.radians(PLACE[0])) * 15.0 * TEN_MINUTES_S**2
    assert north_m == pytest.approx(-turning, rel=0.1)
    assert abs(east_m) < 20.0
    assert -200.0 < up_m < -50.0
