"""The weather that an exercise flies in, as its scenario states it."""

from __future__ import annotations

from dataclasses import dataclass

TURBULENCES = ("none", "light", "moderate", "severe")


@dataclass(frozen=True, slots=True)
class Weather:
    """Wind, gusts and air; what is left out is calm standard air.

    wind_mps, wind_from_deg   mean wind at wind_height_m above ground, and where it comes from
    shear_exponent            of the power law of wind with height; 0 is the same wind everywhere
    turbulence                one of TURBULENCES
    turbulence_w20_mps        wind at 20 ft that sets the gusts, in place of the word; None takes the word's
    temperature_c, pressure_hpa   of the air on the ground
    """

    wind_mps: float = 0.0
    wind_from_deg: float = 0.0
    wind_height_m: float = 10.0
    shear_exponent: float = 0.0
    turbulence: str = "none"
    turbulence_w20_mps: float | None = None
    temperature_c: float = 15.0
    pressure_hpa: float = 1013.25
