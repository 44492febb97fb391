"""Stays in zones counted by truth, against the breaches that were found."""

from __future__ import annotations

import pytest
import shapely
from pictures_by_hand import LAT0, LON0, truth

from hotwash.geo import geodesy
from hotwash.geo.zones import Zone
from hotwash.model import schema, tables
from hotwash.score import stays


def circle(radius_m: float = 1_000.0) -> Zone:
    lat, lon = geodesy.circle(LAT0, LON0, radius_m)
    ring = shapely.Polygon(list(zip(lon, lat, strict=True)))
    return Zone("Z", "circle", "other", 0.0, None, "AGL", "UNL", 0.0, "this test", ring)


def path(*easts: float, name: str = "a"):
    return truth((name, s, east, 0.0) for s, east in enumerate(easts))


@pytest.mark.parametrize(
    ("way", "wanted"),
    [
        ((-2_000, 2_000), 0),  # between two rows: missed, as the docstring says
        ((-2_000, 0, 2_000), 1),
        ((0, 2_000, 0), 2),
        ((0, 0, 0), 1),
        ((-2_000, 0, 2_000, 0, -2_000), 2),
    ],
)
def test_a_stay_is_from_coming_in_to_going_out(way: tuple[float, ...], wanted: int):
    assert stays.true_stays(path(*way), circle()) == wanted


def test_two_objects_inside_are_two_stays():
    both = path(0, 0).vstack(path(0, 0, name="b"))
    assert stays.true_stays(both, circle()) == 2


def test_counts_stand_beside_each_other_for_each_zone():
    rows = [("inside", 0.99, "Z"), ("undecided", 0.4, "Z"), ("inside", 1.0, "other")]
    found = schema.frame(
        tables.BREACHES,
        [
            {"breach_id": nth, "track_id": nth, "zone_id": zone, "probability": chance, "answer": answer}
            for nth, (answer, chance, zone) in enumerate(rows)
        ],
    )
    (got,) = stays.stay_counts(path(-2_000, 0, 2_000, 0), found, [circle()])
    assert (got.zone_id, got.true, got.found, got.undecided, got.error) == ("Z", 2, 1, 1, -1)
    assert got.expected == pytest.approx(1.39)
