"""Limits of height in another reference than the track's: decided where no ground and no geoid could change it."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from hotwash.breach.levels import margins_m
from hotwash.geo.ground import load_lands
from hotwash.geo.ground_heights import GEOID_HAE_M, ground_amsl_m
from hotwash.geo.zones import Zone

UNKNOWN = np.array([np.nan])
ZUGSPITZE, LEIPZIG, CENTRAL_ATLANTIC = (10.9, 47.35, 11.1, 47.5), (12.2, 51.2, 12.5, 51.5), (-40.0, 30.0, -39.5, 30.5)


def zone(box: tuple[float, float, float, float], **limits: object) -> Zone:
    usual = {"floor_m": 0.0, "floor_ref": "AGL", "ceiling_m": None, "ceiling_ref": "UNL"} | limits
    return Zone("Z", "Z", "other", line_sigma_m=0.0, source="", geometry=shapely.box(*box), **usual)  # type: ignore[arg-type]


def margins(one: Zone, *, hae_m: float | None = None, pressure_m: float | None = None) -> tuple[float, float]:
    heights = (UNKNOWN if value is None else np.array([value]) for value in (hae_m, pressure_m))
    low_m, high_m = margins_m(one, *heights)
    return float(low_m[0]), float(high_m[0])


def test_what_flies_far_above_a_ceiling_over_ground_is_above_it_though_nobody_says_how_high_the_ground_is():
    """A flight at 3,000 m was undecided against 120 m above the ground of a plain."""
    low_m, high_m = margins(zone(LEIPZIG, ceiling_m=120.0, ceiling_ref="AGL"), hae_m=4_000.0)
    assert (low_m, high_m) == (np.inf, pytest.approx(120.0 - (4_000.0 - GEOID_HAE_M[1] - 2_963.0)))
    assert margins(zone(LEIPZIG, ceiling_m=120.0, ceiling_ref="AGL"), pressure_m=9_000.0)[1] < 0.0


def test_nothing_is_decided_below_the_highest_ground_of_the_country_or_far_from_all_land():
    """The Zugspitze is 2,962 m high: 3,050 m above the ellipsoid is some 40 m above its summit."""
    limit = {"ceiling_m": 120.0, "ceiling_ref": "AGL"}
    assert np.isnan(margins(zone(ZUGSPITZE, **limit), hae_m=3_050.0)[1])
    assert np.isnan(margins(zone(CENTRAL_ATLANTIC, **limit), hae_m=9_000.0)[1])
    assert np.isnan(margins(zone(LEIPZIG, **limit))[1])


def test_far_below_a_ceiling_or_above_a_floor_is_within():
    tall = zone(LEIPZIG, floor_m=50.0, floor_ref="AGL", ceiling_m=9_000.0, ceiling_ref="AGL")
    low_m, high_m = margins(tall, hae_m=4_000.0)
    assert low_m > 0.0
    assert high_m > 0.0
    by_level = zone(LEIPZIG, floor_m=2_895.6, floor_ref="FL", ceiling_m=5_943.6, ceiling_ref="FL")
    assert margins(by_level, hae_m=150.0)[0] < 0.0
    assert margins(by_level, hae_m=3_000.0)[0] != margins(by_level, hae_m=3_000.0)[0]


def test_above_the_sea_is_known_to_within_the_geoid():
    limit = {"ceiling_m": 300.0, "ceiling_ref": "AMSL"}
    assert margins(zone(CENTRAL_ATLANTIC, **limit), hae_m=400.0)[1] == pytest.approx(-14.0)
    assert margins(zone(CENTRAL_ATLANTIC, **limit), hae_m=150.0)[1] == pytest.approx(43.0)
    assert np.isnan(margins(zone(CENTRAL_ATLANTIC, **limit), hae_m=350.0)[1])


def test_the_highest_ground_is_that_of_every_land_about_and_known_for_nearly_all():
    """Everest, Mont Blanc (France and Italy), Teide on Tenerife, and Fiji over the antimeridian; published heights."""
    highest = {(86.8, 27.9, 87.0, 28.1): 8_849.0, (6.8, 45.8, 6.9, 45.9): 4_810.0, (-16.7, 28.2, -16.5, 28.3): 3_718.0,
               (178.0, -18.0, 179.0, -17.0): 1_324.0}  # fmt: skip
    for box, wanted in highest.items():
        found = ground_amsl_m(shapely.box(*box))
        assert found is not None
        assert wanted - 5.0 <= found[1] <= wanted + 100.0
    known = [land.name for land in load_lands() if ground_amsl_m(land.geometry.representative_point()) is not None]
    assert len(known) >= 245
