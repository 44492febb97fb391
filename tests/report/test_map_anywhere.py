"""The map of an account anywhere on Earth: what is on it, how much ground it shows, and how many bytes it takes."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import by_hand
import numpy as np
import pytest
import shapely

from hotwash.geo import geodesy
from hotwash.model import tables
from hotwash.model.incident import Incident
from hotwash.model.recording import Recording
from hotwash.model.schema import frame
from hotwash.report import cartography, finds_map, map_frame, map_ground, map_marks, map_sheet

BYTES = 60_000
EDDM, VIDP, ENTC, NFFN = (
    ("EDDM", 48.354, 11.786),
    ("VIDP", 28.567, 77.103),
    ("ENTC", 69.683, 18.919),
    ("NFFN", -17.755, 177.443),
)
ORIGIN = {"origin_id": "O1", "origin": "a field", "lat_deg": 1.0, "lon_deg": 2.0, "sigma_position_km": 5.0}
Place = tuple[str, float, float]


def sighting(name: str, lat_deg: float, lon_deg: float, **more: Any) -> dict[str, Any]:
    row = {"sighting_id": name, "role": "resident", "lat_deg": lat_deg, "lon_deg": lon_deg, "saw_nothing": False}
    return row | more


def event(kind: str, lat_deg: float, lon_deg: float, **more: Any) -> dict[str, Any]:
    row = {"event_id": f"E-{kind}-{len(more)}", "kind": kind, "lat_deg": lat_deg, "lon_deg": lon_deg}
    return row | {"known_utc": by_hand.KNOWN} | more


def airport_night(place: Place, **changes: Any) -> Incident:
    """Return a night of four sightings within five kilometres of an aerodrome."""
    _, lat, lon = place
    around = ((300.0, 5000.0), (150.0, 4500.0), (10.0, 600.0), (70.0, 5000.0))
    spots = [geodesy.direct(lat, lon, azimuth_deg, away_m) for azimuth_deg, away_m in around]
    looks: list[dict[str, Any]] = [{}, {"azimuth_deg": 350.0}, {"saw_nothing": True}, {"azimuth_deg": 250.0}]
    looks[0] = {"azimuth_deg": 90.0, "distance_m": 3000.0}
    seen = [
        sighting(f"G-{number}", float(at[0]), float(at[1]), **look)
        for number, (at, look) in enumerate(zip(spots, looks, strict=True), start=1)
    ]
    return incident(place, sightings=seen, **changes)


def incident(*places: Place, sightings: Any = (), events: Any = (), origins: Any = ()) -> Incident:
    """Return an incident of nothing but these."""
    bare = by_hand.nothing()
    columns = ("aerodrome_id", "name", "lat_deg", "lon_deg")
    fields = [dict(zip(columns, (code, f"{code} airport", lat, lon), strict=True)) for code, lat, lon in places]
    bundle = replace(
        bare.bundle,
        sightings=frame(tables.SIGHTINGS, list(sightings)),
        origins=frame(tables.ORIGINS, list(origins)),
        recording=Recording(events=frame(tables.EVENTS, list(events))),
    )
    return replace(bare, bundle=bundle, aerodromes=frame(tables.AERODROMES, fields))


def drawn(of: Incident, *, width: float = 760.0) -> str:
    return str(finds_map.draw_finds(of, width=width, name="m"))


def across_km(of: Incident) -> float:
    sheet = map_frame.frame_sheet(of, 760.0)
    assert sheet is not None
    return sheet.km_per_unit * sheet.width


@pytest.mark.parametrize("place", [EDDM, VIDP, ENTC, NFFN, ("LXGB", 36.15, -5.35), ("SAWH", -54.84, -68.3)])
@pytest.mark.parametrize("width", [760.0, 360.0])
def test_an_airport_night_anywhere_has_a_map_of_some_twenty_kilometres(place: Place, width: float):
    night = airport_night(place)
    page = drawn(night, width=width)
    assert place[0] in page
    assert all(name in page for name in ("G-1", "G-2", "G-3", "G-4"))
    assert 20.0 <= across_km(night) < 25.0
    assert len(page) < BYTES


def test_the_map_names_the_land_and_towns_to_find_ones_way_by():
    page = drawn(airport_night(EDDM))
    assert ">GERMANY<" in page
    assert ">Freising<" in page
    assert ">EDDM EDDM airport<" in page
    assert page.count('class="town"') <= map_marks.MOST_TOWNS


def test_a_map_bears_a_bar_of_a_round_length():
    assert re.search(r">(1|2|5) km<", drawn(airport_night(EDDM)))


def test_runways_are_drawn_at_their_true_length_and_direction():
    sheet = map_frame.frame_sheet(airport_night(EDDM), 760.0)
    assert sheet is not None
    for _, (x1, y1, x2, y2) in map_marks.runway_lines("EDDM", sheet):
        assert np.hypot(x2 - x1, y2 - y1) * sheet.km_per_unit == pytest.approx(4.0, rel=0.02)
        # Both are built on 082 degrees.
        assert np.degrees(np.arctan2(x2 - x1, y1 - y2)) == pytest.approx(82.7, abs=1.5)
    assert drawn(airport_night(EDDM)).count('class="runway"') == 2
    assert 'class="runway"' not in drawn(airport_night(("XXXX", 48.354, 11.786)))


def test_on_a_wide_map_runways_give_way_to_the_mark():
    far = incident(EDDM, sightings=[sighting("G-1", 52.0, 9.0), sighting("G-2", 46.0, 14.0)])
    assert 'class="runway"' not in drawn(far)
    assert 'class="aerodrome"' in drawn(far)
    assert ">EDDM<" in drawn(far)


def test_a_look_is_a_wedge_of_half_a_compass_point_to_either_side_as_long_as_was_stated():
    look = sighting("G-1", 48.35, 11.78, azimuth_deg=90.0, distance_m=3000.0)
    sheet = map_sheet.Sheet(48.35, 11.78, 0.03, 760.0, 608.0)
    page = str(map_marks.mark_sighting(look, sheet))
    wedge = re.search(r'd="M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)A([\d.]+)[^"]*"[^>]*look-wedge', page)
    assert wedge is not None
    x, y, left, top, far = map(float, wedge.groups())
    assert far * sheet.km_per_unit == pytest.approx(3.0, abs=0.01)
    assert np.degrees(np.arctan2(y - top, left - x)) == pytest.approx(11.25, abs=0.1)
    assert "look-end" in page
    assert "look-end" not in str(map_marks.mark_sighting(look | {"distance_m": None}, sheet))


def test_a_stated_distance_is_on_the_map_to_its_end():
    far = incident(sightings=[sighting("G-1", 48.35, 11.78, azimuth_deg=90.0, distance_m=30_000.0)])
    assert 30.0 < across_km(far) < 40.0


def test_events_with_a_place_are_on_the_map_once_each_with_the_circle_they_hold_in():
    told_twice = [event("crash", 52.3, -0.2, radius_m=5000.0), event("crash", 52.3, -0.2)]
    page = drawn(incident(events=told_twice))
    assert page.count('class="event"') == 1
    assert ">Crash<" in page
    assert 'class="event-reach"' in drawn(incident(events=told_twice[:1]))


@pytest.mark.parametrize(
    "of",
    [
        incident(EDDM),
        incident(sightings=[sighting("G-1", 1.35, 103.99)]),
        incident(events=[event("crash", 52.3, -0.2)]),
        incident(origins=[ORIGIN]),
    ],
    ids=["aerodrome", "sighting", "event", "origin"],
)
def test_the_map_is_there_whenever_anything_has_a_place(of: Incident):
    assert finds_map.has_finds_map(of, has_tracks=False)
    assert drawn(of).startswith("<svg")
    assert 19.9 < across_km(of) < 20.1


def test_without_any_place_there_is_no_map():
    assert not finds_map.has_finds_map(incident(), has_tracks=False)
    assert drawn(incident()) == ""


def test_an_aerodrome_far_from_all_that_happened_is_named_beside_the_map_and_does_not_shrink_it():
    night = airport_night(EDDM)
    with_others = replace(night, aerodromes=incident(EDDM, ("EDDF", 50.03, 8.57), ("LOWW", 48.11, 16.57)).aerodromes)
    assert across_km(with_others) == across_km(night)
    words = [text for _, text in finds_map.finds_legend(with_others, has_tracks=False, rings="")]
    assert "Too far off to be shown: EDDF and LOWW" in words


def test_the_legend_names_only_what_is_on_the_map_and_where_it_comes_from():
    words = [text for _, text in finds_map.finds_legend(airport_night(EDDM), has_tracks=False, rings="")]
    assert words == [
        "Aerodrome",
        "Runway (OurAirports)",
        "Observer; hollow: saw nothing",
        "Direction of the look, give or take 11°; closed off where a distance was stated",
        "Town, for orientation (GeoNames, CC BY 4.0)",
        "Other coasts and borders (Natural Earth); lines ± 1 km (one sigma)",
    ]
    apart = [sighting("G-1", 52.0, 9.0), sighting("G-2", 46.0, 14.0)]
    wide = incident(sightings=apart, events=[event("crash", 50.0, 10.0)])
    words = [text for _, text in finds_map.finds_legend(wide, has_tracks=False, rings="")]
    assert words == ["Observer; hollow: saw nothing", "Event", "Town, for orientation (GeoNames, CC BY 4.0)"]


@pytest.mark.parametrize(
    ("one", "other", "lands"),
    [
        ((66.0, 179.0), (65.2, -173.0), {"Russia"}),
        ((-16.8, 179.9), (-18.1, 178.4), {"Fiji"}),
        ((-16.8, -179.9), (-18.1, 178.4), {"Fiji"}),
        ((-89.99, 0.0), (-89.95, 120.0), {"Antarctica"}),
        ((-77.8, 166.7), (-78.5, -175.0), {"Antarctica"}),
        ((58.0, 6.0), (71.0, 25.8), {"Norway", "Sweden", "Finland", "Denmark", "Russia"}),
    ],
)
def test_ground_runs_on_across_180_degrees_and_over_the_pole(
    one: tuple[float, float], other: tuple[float, float], lands: set[str]
):
    of = incident(sightings=[sighting("G-1", *one), sighting("G-2", *other)])
    sheet = map_frame.frame_sheet(of, 760.0)
    assert sheet is not None
    assert sheet.holds(sheet.point(*one), margin=20.0)
    assert sheet.holds(sheet.point(*other), margin=20.0)
    assert {land.name for land, _ in map_ground.lands_on_sheet(sheet)} >= lands
    assert len(drawn(of)) < BYTES


@pytest.mark.parametrize("lat_deg", [-89.99, -85.0, 85.0])
@pytest.mark.parametrize("lon_deg", [-180.0, -179.99, 0.0, 180.0])
def test_no_line_is_drawn_where_the_ground_was_cut_from_pole_to_pole(lat_deg: float, lon_deg: float):
    sheet = map_sheet.Sheet(lat_deg, lon_deg, 0.05, 760.0, 608.0)
    for _, shape in map_ground.lands_on_sheet(sheet):
        assert shape.area > 0.99 * (760.0 + 40.0) * (608.0 + 40.0)
        assert shapely.get_num_coordinates(shapely.simplify(shape, 0.3)) == 5


def test_a_map_of_half_the_world_stays_small():
    page = drawn(incident(sightings=[sighting("G-1", 50.0, 0.0), sighting("G-2", -30.0, 150.0)]))
    assert len(page) < BYTES
    assert "RUSSIA" in page


def test_the_map_of_the_polish_night_stays_small_and_shows_its_neighbours():
    page = drawn(by_hand.incident())
    assert len(page) < BYTES
    assert all(name in page for name in ("POLAND", "BELARUS", "UKRAINE", "Warsaw", "600 km"))


def test_a_zone_is_written_once_and_drawn_three_times():
    page = drawn(by_hand.incident())
    assert page.count('id="m-zone-0"') == 1
    assert page.count('href="#m-zone-0"') == 3


def test_the_band_of_a_border_never_covers_an_airport_map():
    night = replace(airport_night(("EPBY", 53.097, 17.978)), zones=by_hand.incident().zones)
    widths = [float(width) for width in re.findall(r'stroke-width="([\d.]+)"', drawn(night))]
    assert all(width <= cartography.WIDEST_BAND * 760.0 for width in widths)


@pytest.mark.parametrize(
    ("value", "said"), [(181.0, "179° W"), (180.0, "180°"), (-180.0, "180°"), (0.0, "0°"), (17.5, "17.5° E")]
)
def test_a_meridian_is_named_from_greenwich_both_ways(value: float, said: str):
    assert cartography._degrees(value, "E", "W") == said


def test_what_lies_beyond_the_horizon_of_the_sheet_leaves_no_broken_mark():
    apart = [sighting("G-1", 10.0, 0.0, azimuth_deg=20.0), sighting("G-2", -10.0, 175.0, azimuth_deg=20.0)]
    far_origin = ORIGIN | {"lat_deg": 0.0, "lon_deg": 179.0}
    of = incident(EDDM, sightings=apart, events=[event("crash", 60.0, -120.0)], origins=[ORIGIN, far_origin])
    assert "nan" not in drawn(of)
    assert "nan" not in str(finds_map.draw_origins(of, width=1000.0, name="o"))
