"""Weather at a scenario's place."""

from __future__ import annotations

import math

from hotwash.errors import ScenarioError
from hotwash.model.key import key, record
from hotwash.visible import quote

# Wind at 20 ft that MIL-F-8785C names with its classes of turbulence: 15, 30 and 45 knots.
TURBULENCE_W20_MPS = {"none": 0.0, "light": 15.0 * 0.514444, "moderate": 30.0 * 0.514444, "severe": 45.0 * 0.514444}


@record
class Weather:
    """Wind, turbulence and air density, which depend on height alone.

    wind_mps, wind_from_deg   steady wind at wind_height_m, and where it comes from, clockwise from north
    shear_exponent            wind goes with (height / wind_height_m) to this power; 0 the same at all heights
    turbulence                none, light, moderate or severe: gusts as MIL-F-8785C states them for low heights
    turbulence_w20_mps        instead of the class: the wind at 20 ft that sets the gusts
    temperature_c, pressure_hpa   at the place
    raises                    ScenarioError for impossible values
    """

    wind_mps: float = key("mean wind", default=0.0, unit="m/s", least=0.0, most=60.0)
    wind_from_deg: float = key("where it comes from", default=0.0, unit="deg", least=0.0, most=360.0)
    wind_height_m: float = key("height above ground of that wind", default=10.0, unit="m", least=0.5, most=1000.0)
    shear_exponent: float = key(
        "power law of wind with height; 0 is the same wind everywhere", default=0.0, least=0.0, most=1.0
    )
    turbulence: str = key("gusts, by a word", default="none", one_of=tuple(TURBULENCE_W20_MPS))
    turbulence_w20_mps: float | None = key(
        "wind at 20 ft that sets the gusts, in place of the word", default=None, unit="m/s", least=0.0, most=50.0
    )
    temperature_c: float = key("of the air on the ground", default=15.0, unit="°C", least=-60.0, most=60.0)
    pressure_hpa: float = key("of the air on the ground", default=1013.25, unit="hPa", least=500.0, most=1100.0)

    def __post_init__(self) -> None:
        if self.turbulence not in TURBULENCE_W20_MPS:
            raise ScenarioError(
                "weather",
                place="turbulence",
                why=f"{quote(self.turbulence)} is not one of {', '.join(TURBULENCE_W20_MPS)}",
            )
        bounds = {
            "wind_mps": (0.0, 75.0),
            "wind_from_deg": (-360.0, 360.0),
            "wind_height_m": (0.5, 1000.0),
            "shear_exponent": (0.0, 1.0),
            "turbulence_w20_mps": (0.0, 50.0),
            "temperature_c": (-60.0, 60.0),
            "pressure_hpa": (300.0, 1100.0),
        }
        for name, (least, most) in bounds.items():
            value = getattr(self, name)
            if value is not None and not (math.isfinite(value) and least <= value <= most):
                raise ScenarioError(
                    "weather", place=name, why=f"{quote(value)} must lie between {least:g} and {most:g}"
                )

    @property
    def w20_mps(self) -> float:
        """The wind at 20 ft that sets the gusts; 0 means none."""
        if self.turbulence_w20_mps is not None:
            return self.turbulence_w20_mps
        return TURBULENCE_W20_MPS[self.turbulence]

    @property
    def density_kgpm3(self) -> float:
        """The density of the air at the place."""
        return 100.0 * self.pressure_hpa / (287.05287 * (self.temperature_c + 273.15))
