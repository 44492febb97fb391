"""What SENSORS does not say of a sensor: what it measures, how well, and how it errs.

The defaults are of a size usual for the kind of sensor, and of no product.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Literal

Interval = tuple[datetime, datetime]
# even over the disc; hot spots that stay; a rate that changes from scan to scan all over the disc; cells that move
ClutterLaw = Literal["uniform", "hot_spots", "gamma_bursts", "moving_weather"]
CLUTTER_LAWS: tuple[ClutterLaw, ...] = ("uniform", "hot_spots", "gamma_bursts", "moving_weather")

# Radar cross-sections of the order that textbooks give. Source: Skolnik, Introduction to Radar Systems, 3rd ed.,
# table 2.2 (large airliner 40, small aircraft 2, large bird 0.01); small uncrewed aircraft as published
# measurements at 3 to 10 GHz scatter about (0.01 to 0.1).
SIZES_M2: Mapping[str, float] = MappingProxyType(
    {"airliner": 40.0, "light_aircraft": 2.0, "helicopter": 3.0, "fixed_wing": 0.1, "multirotor": 0.03, "bird": 0.01}
)
UNKNOWN_SIZE_M2 = 1.0


@dataclass(frozen=True, slots=True)
class Sector:
    """False detections in one wedge of the disc: a town, a wood in the wind, a wind farm.

    from_deg, to_deg   clockwise from the one to the other, past north where to_deg is the smaller
    false_per_scan     mean number in one scan, beside those of the whole disc
    within_m           the wedge's radius; None is the sensor's range
    """

    from_deg: float
    to_deg: float
    false_per_scan: float
    within_m: float | None = None


@dataclass(frozen=True, slots=True)
class Senses:
    """How one sensor measures.

    measures               polar: range and azimuth; position: latitude and longitude; bearing: azimuth alone
    is_3d                  elevation too, or height where it measures positions
    is_rotating            each plot carries the time when the beam passed it; else all plots of a scan share one
    gives_ident            states who the target is
    sigma_…                noise, one standard deviation; it is stated with each detection
    sigma_radial_speed_mps None where radial speed is not measured
    range_bias_m, …        measured minus true
    period_s               between two reports of one target, where SENSORS has no scan_period_s
    phase_s                the first scan begins so long after the recording
    latency_s              received_utc − true time: at least this, and on the mean as much again; None leaves
                           received_utc null
    min_radial_speed_mps   slower targets are taken for ground and not reported
    reference_range_m      where a target of 1 m² is detected half as often as at short range; None: no fall
    size_m2                by class label; others have UNKNOWN_SIZE_M2
    outages                from, to: when nothing is reported
    near_false_per_scan    mean number of false detections within near_m, beside those of the whole disc
    clutter_law            how false_per_scan is shared out over the disc and over time (`CLUTTER_LAWS`)
    clutter_share          the share of false_per_scan that the law moves; the rest is even and Poisson
    clutter_spots          how many spots, or cells of weather, carry that share, each as much as the others
    clutter_spot_m         how far their plots lie from their middle, one standard deviation on each axis
    clutter_shape          shape of the gamma law from which the rate of a spot, or of the disc, is drawn anew for each
                           scan: its variance is its mean squared over this. 0: the rate is the same at all times
    clutter_speed_mps      how fast cells of weather move
    """

    measures: Literal["polar", "position", "bearing"] = "polar"
    is_3d: bool = False
    is_rotating: bool = False
    gives_ident: bool = False
    sigma_range_m: float = 50.0
    sigma_azimuth_deg: float = 0.15
    sigma_elevation_deg: float = 0.5
    sigma_horizontal_m: float = 10.0
    sigma_height_m: float = 15.0
    sigma_radial_speed_mps: float | None = None
    range_bias_m: float = 0.0
    azimuth_bias_deg: float = 0.0
    elevation_bias_deg: float = 0.0
    period_s: float = 1.0
    phase_s: float = 0.0
    latency_s: float | None = None
    min_radial_speed_mps: float = 0.0
    reference_range_m: float | None = None
    size_m2: Mapping[str, float] = field(default_factory=lambda: SIZES_M2)
    outages: tuple[Interval, ...] = ()
    near_false_per_scan: float = 0.0
    near_m: float = 5_000.0
    sectors: tuple[Sector, ...] = ()
    clutter_law: ClutterLaw = "uniform"
    clutter_share: float = 0.35
    clutter_spots: int = 5
    clutter_spot_m: float = 1_500.0
    clutter_shape: float = 1.0
    clutter_speed_mps: float = 12.0


DEFAULTS: Mapping[str, Senses] = MappingProxyType(
    {
        "primary_radar": Senses(),
        "secondary_radar": Senses(gives_ident=True, sigma_range_m=30.0, sigma_azimuth_deg=0.08),
        "multilateration": Senses(
            "position", is_3d=True, gives_ident=True, sigma_horizontal_m=30.0, sigma_height_m=30.0
        ),
        "adsb": Senses("position", is_3d=True, gives_ident=True, latency_s=0.2),
        "remote_id": Senses("position", is_3d=True, gives_ident=True, sigma_height_m=10.0, latency_s=0.5),
        "rf": Senses("bearing", sigma_azimuth_deg=2.0),
        "acoustic": Senses("bearing", is_3d=True, sigma_azimuth_deg=5.0, sigma_elevation_deg=5.0),
        "optical": Senses("bearing", is_3d=True, sigma_azimuth_deg=0.05, sigma_elevation_deg=0.05),
        "visual": Senses("bearing", is_3d=True, sigma_azimuth_deg=5.0, sigma_elevation_deg=3.0, period_s=10.0),
    }
)
