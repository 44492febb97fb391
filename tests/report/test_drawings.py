"""Maps and timelines: true places, names that do not cover each other, bounds that stay open."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from itertools import combinations

import by_hand
import numpy as np
import polars as pl
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from hotwash.geo import geodesy
from hotwash.geo.ground import load_lands
from hotwash.model import tables
from hotwash.model.incident import Incident
from hotwash.model.schema import frame
from hotwash.model.words import STATES
from hotwash.report import cartography, finds_map, map_ground, map_sheet, state_bars, svg, timeline, timeline_svg
from hotwash.report.map_labels import Box, Wish, place_labels
from hotwash.report.statements import Library

FRAME = Box(0.0, 0.0, 760.0, 900.0)
SCALE_ERROR = 0.002  # 500 km from the middle the picture stretches by 0.15 %
SPOTS = st.lists(st.tuples(st.floats(20, 740), st.floats(20, 880)), min_size=1, max_size=40)


def wishes(spots: list[tuple[float, float]]) -> list[Wish]:
    return [Wish(f"Place {n} nad Pilicą", x, y, 5.0, 12.0) for n, (x, y) in enumerate(spots)]


@settings(deadline=None)
@given(SPOTS)
def test_names_stay_on_the_map_and_off_each_other(spots):
    found, homeless = place_labels(wishes(spots), FRAME)
    assert len(found) + len(homeless) == len(spots)
    assert all(label.box.within(FRAME) for label in found)
    assert not any(one.box.meets(other.box) for one, other in combinations(found, 2))


def test_names_crowded_round_one_place_find_room_with_lines():
    found, homeless = place_labels(wishes([(380.0 + 10 * n, 450.0 + 6 * n) for n in range(7)]), FRAME)
    assert homeless == []
    assert any(label.leader for label in found)


def test_two_glyphs_at_one_place_both_bear_their_names():
    find, observer = Wish("Cześniki", 300.0, 300.0, 5.5, 12.0), Wish("G-DOORBELL", 300.0, 300.0, 7.0, 10.5)
    found, homeless = place_labels([find, observer], FRAME)
    assert {label.wish.name for label in found} == {"Cześniki", "G-DOORBELL"}
    assert homeless == []


def test_a_name_keeps_off_what_is_taken():
    taken = Box(0.0, 0.0, 760.0, 450.0)
    found, _ = place_labels(wishes([(300.0, 440.0)]), FRAME, [taken])
    assert not any(label.box.meets(taken) for label in found)


@given(st.floats(-60, 60), st.floats(-170, 170), st.floats(0, 360), st.floats(1, 500))
def test_distances_and_bearings_hold_near_the_middle(lat, lon, azimuth, km):
    lat1, lon1 = geodesy.direct(lat, lon, azimuth, km * 1000.0)
    east, north = map_sheet.geodetic2plane(lat1, lon1, lat, lon)
    assert np.hypot(east, north) == pytest.approx(km, rel=0.008)  # a sphere of mean radius against the ellipsoid
    off = (np.degrees(np.arctan2(east, north)) - azimuth + 180.0) % 360.0 - 180.0
    assert abs(off) < 0.35


def test_north_is_up_and_east_is_right():
    sheet = map_sheet.around([50.0, 54.0], [19.0, 24.0], width=760.0, margin=0.1, least_km=60.0, shape=(0.8, 1.25))
    middle, north, east = sheet.point(52.0, 21.5), sheet.point(53.0, 21.5), sheet.point(52.0, 22.5)
    assert north[1] < middle[1]
    assert east[0] > middle[0]


def test_every_position_asked_for_is_on_the_sheet():
    lat, lon = [50.42, 54.17, 52.0], [19.29, 23.57, 21.0]
    sheet = map_sheet.around(lat, lon, width=760.0, margin=0.1, least_km=60.0, shape=(0.8, 1.25))
    assert all(sheet.holds(sheet.point(*at), margin=20.0) for at in zip(lat, lon, strict=True))


def test_one_lone_find_still_gives_a_map():
    finds = by_hand.incident().bundle.finds.head(1)
    drawn = finds_map.draw_finds(
        by_hand.incident(bundle=by_hand.with_bundle(finds=finds).bundle), width=760.0, name="m"
    )
    assert "Czosnówka" in drawn


def test_where_nothing_has_a_position_the_map_shows_the_zone_or_nothing():
    assert finds_map.draw_finds(by_hand.nothing(), width=760.0, name="m") == ""
    bare = by_hand.nothing()
    zoned = by_hand.incident(bundle=bare.bundle, aerodromes=bare.aerodromes)
    assert "POLAND" in finds_map.draw_finds(zoned, width=760.0, name="m")


def test_a_find_without_a_position_is_not_drawn():
    finds = by_hand.incident().bundle.finds.with_columns(
        lat_deg=pl.when(pl.col("find_id") == "F01").then(None).otherwise(pl.col("lat_deg"))
    )
    assert "Czosnówka" not in finds_map.draw_finds(by_hand.with_bundle(finds=finds), width=760.0, name="m")


@pytest.mark.parametrize("kind", ["uas", "missile_part", "model_aircraft", "unknown"])
def test_each_kind_of_find_has_a_glyph_of_its_own(kind: str):
    others = {"uas", "missile_part", "model_aircraft", "unknown"} - {kind}
    shape = re.sub(r'class="[^"]*"', "", finds_map.find_glyph(kind, is_counted=True))
    assert all(shape != re.sub(r'class="[^"]*"', "", finds_map.find_glyph(other, is_counted=True)) for other in others)


def test_the_name_of_a_land_lies_wholly_in_that_land():
    sheet = map_sheet.around([50.42, 54.17], [19.29, 23.57], width=760.0, margin=0.09, least_km=25.0, shape=(0.8, 1.25))
    for label in cartography.country_names(sheet, []):
        land = next(land for land in load_lands() if land.name.upper() == label.wish.name)
        box = shapely.box(label.box.left, label.box.top, label.box.right, label.box.bottom)
        assert map_ground.land_on_sheet(land, sheet).contains(box)


def test_rings_are_drawn_at_each_claimed_range_once():
    assert finds_map.ring_values(by_hand.incident()) == [600.0, 700.0]


def test_a_map_across_the_antimeridian_or_at_the_pole_does_not_fail():
    for lat, lon in ((0.0, 179.9), (89.9, 0.0), (-89.9, 10.0), (65.0, -179.9)):
        finds = by_hand.incident().bundle.finds.with_columns(lat_deg=pl.lit(lat), lon_deg=pl.lit(lon))
        empty = by_hand.incident().aerodromes.clear()
        assert finds_map.draw_finds(
            by_hand.incident(bundle=by_hand.with_bundle(finds=finds).bundle, aerodromes=empty), width=760.0, name="m"
        )


def line_of(incident: Incident) -> timeline.Timeline:
    return timeline.build_timeline(incident, Library(incident))


def test_tellings_of_one_event_stand_together():
    line = line_of(by_hand.incident())
    assert [item.row_id for item in line.moments[:2]] == ["E02", "E01"]
    assert line.moments[0].label == line.moments[1].label == "First violation"


def test_what_came_later_and_what_has_no_time_is_kept_apart():
    line = line_of(by_hand.incident())
    assert {"E11", "E12", "E13", "E14"} <= {item.row_id for item in line.outside}
    assert [item.row_id for item in line.undated] == ["E10"]
    told = [*line.moments, *line.outside, *line.undated]
    assert sorted(item.row_id for item in told) == sorted(by_hand.incident().bundle.recording.events["event_id"])


def test_an_open_bound_is_drawn_open():
    drawn = timeline_svg.draw_window(line_of(by_hand.incident()), width=1000.0, name="t")
    assert drawn.count("fade0") == 2 + 1  # the closing of EPWA, the first statement, and the search without an end
    assert "before 04:00" in drawn


def test_the_date_is_always_on_the_axis():
    drawn = timeline_svg.draw_window(line_of(by_hand.incident()), width=1000.0, name="t")
    assert "9 Sep 2025" in drawn
    assert "10 Sep 2025" in drawn


@pytest.mark.parametrize("hours", [1, 3, 14, 48, 24 * 9, 24 * 200])
def test_a_window_of_any_length_has_a_readable_axis(hours: float):
    brief = replace(by_hand.BRIEF, end_utc=by_hand.at(hours))
    for width in (360.0, 1000.0):
        drawn = timeline_svg.draw_window(line_of(by_hand.with_bundle(brief=brief)), width=width, name="t")
        assert 1 <= len(re.findall(r'class="axis"', drawn)) < 60


# ---------------------------------------------------------------- states


def bars(*, width: float = 1000.0) -> list[tuple[str, str, float, float]]:
    """Return each piece of each bar: its state, how it is drawn, where it begins and ends."""
    drawn = timeline_svg.draw_window(line_of(by_hand.answered()), width=width, name="t")
    found = re.findall(r'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)" height="12" class="state (\w+) ?(\w*)"', drawn)
    return [(state, how, float(x), float(x) + float(wide)) for x, wide, state, how in found]


def test_each_state_that_is_no_being_open_is_a_bar():
    assert {state for state, *_ in bars()} == set(STATES) - {"open"}


def test_an_end_between_bounds_is_pale_and_an_open_end_fades():
    closed = [(how, last - first) for state, how, first, last in bars() if state == "closed"]
    assert [how for how, _ in closed] == ["", "maybe"]
    sure, pale = (wide for _, wide in closed)
    assert sure / 2.3 == pytest.approx(pale / 0.2, abs=0.1)  # 2.3 and 0.2 hours: whatever room the labels take
    airspace = [how for state, how, *_ in bars() if state == "airspace_closed"]
    assert airspace == ["", *("fade0", "fade1", "fade2") * 2]


@pytest.mark.parametrize("width", [360.0, 1000.0])
def test_no_bar_covers_another(width: float):
    drawn = timeline_svg.draw_window(line_of(by_hand.answered()), width=width, name="t")
    rows: dict[str, list[tuple[float, float]]] = {}
    for x, y, wide in re.findall(r'<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="12" class="state', drawn):
        rows.setdefault(y, []).append((float(x), float(x) + float(wide)))
    for row in rows.values():
        ordered = sorted(row)
        assert all(one[1] <= other[0] + 0.02 for one, other in itertools.pairwise(ordered))


def test_a_state_is_told_by_word_and_by_pattern_not_by_colour_alone():
    timeline_bars = line_of(by_hand.answered()).states
    words = [said for _, said in state_bars.states_legend(timeline_bars)]
    assert words == [
        *("Closed", "Airspace closed", "Runway closed", "Restricted", "No traffic planned", "Curfew"),
        "Pale: it began or ended within",
    ]
    patterns = re.findall(r'<pattern id="state-(\w+)"|id="state-(\w+)"', str(state_bars.state_patterns()))
    assert {one or other for one, other in patterns} == {"airspace_closed", "runway_closed", "restricted", "curfew"}


def test_a_state_whose_bounds_overlap_is_pale_throughout():
    row = {"subject_id": "EPWA", "state": "closed", "is_graded": True}
    times = {"from_utc_low": 1, "from_utc_high": 4, "to_utc_low": 2, "to_utc_high": 6}
    told = frame(tables.STATES, [row | {name: by_hand.at(hour) for name, hour in times.items()}])
    drawn = timeline_svg.draw_window(line_of(by_hand.answered(states=told)), width=1000.0, name="t")
    assert re.findall(r'class="state closed ?(\w*)"', drawn) == ["maybe"]


def test_a_state_without_any_time_is_pale_over_the_window():
    told = frame(tables.STATES, [{"subject_id": "EPWA", "state": "closed", "is_graded": False}])
    drawn = timeline_svg.draw_window(line_of(by_hand.answered(states=told)), width=1000.0, name="t")
    assert re.findall(r'class="state closed ?(\w*)"', drawn) == ["maybe"]


def test_a_path_is_written_as_steps_to_a_tenth():
    assert (
        svg.track([(12.34, 45.6), (13.04, 45.2), (13.04, 45.21), (13.0, 55.0)], closed=True)
        == "M12.3 45.6l.7-.4 0 9.8Z"
    )
    assert svg.track([(1.0, 2.0), (1.0, 2.0)]) == "M1 2l0 0"
