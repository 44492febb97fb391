"""The air picture in the account: what is drawn, what is said, and nothing at all where there is none."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from xml.etree import ElementTree

import by_hand
import in_the_air
import numpy as np
import polars as pl
import pytest
import shapely
from rich.console import Console

from hotwash.geo.zones import signed_distance_m
from hotwash.model import tables
from hotwash.model.incident import Incident
from hotwash.model.schema import drift, empty, frame
from hotwash.report import (
    account_page,
    air_view,
    border_chart,
    cartography,
    flights,
    markdown,
    motion,
    sensor_health,
    terminal,
    track_map,
)
from hotwash.report.flights import DASHED, GAP, SOLID
from hotwash.report.statements import Library
from hotwash.report.view import build_view

ONE_METRE = 1.0
ONE_UNIT = 1.0
SVG = re.compile(r"<svg.*?</svg>", re.DOTALL)
AIR = ("tracks", "breaches", "exposures", "health", "remarks")


def rendered(incident: Incident) -> str:
    return account_page.render(build_view(incident, made_utc=by_hand.MADE))


def written(incident: Incident) -> str:
    return markdown.render(build_view(incident, made_utc=by_hand.MADE))


def printed(incident: Incident) -> str:
    found = io.StringIO()
    console = Console(width=120, file=found)
    for part in terminal.account(build_view(incident, made_utc=by_hand.MADE), is_full=True):
        console.print(part)
    return found.getvalue()


def told(incident: Incident) -> air_view.AirView:
    return build_view(incident, made_utc=by_hand.MADE).air


@pytest.fixture(scope="module")
def whole() -> Incident:
    return in_the_air.incident()


@pytest.fixture(scope="module")
def html(whole: Incident) -> str:
    return rendered(whole)


# ---------------------------------------------------------------- nothing, and some


@pytest.mark.parametrize("render", [rendered, written])
def test_without_an_air_picture_the_account_speaks_of_none(render):
    text = render(by_hand.incident())
    for said in (
        "What was tracked",
        "Which tracks entered",
        "How the sensors performed",
        "distance-",
        "Motion compatible",
    ):
        assert said not in text


@pytest.mark.parametrize("render", [rendered, written, printed])
@pytest.mark.parametrize("name", AIR)
def test_any_table_of_the_air_picture_may_be_empty(render, name: str, whole: Incident):
    assert render(in_the_air.incident(**{name: getattr(whole, name).clear()}))


@pytest.mark.parametrize("render", [rendered, written, printed])
@pytest.mark.parametrize("name", AIR)
def test_any_table_of_the_air_picture_may_stand_alone(render, name: str, whole: Incident):
    others = {other: empty(tables.TABLES[other]) for other in AIR if other != name}
    assert render(in_the_air.incident(**others))


@pytest.mark.parametrize("render", [rendered, written, printed])
def test_every_column_that_may_be_null_may_be_null_everywhere(render, whole: Incident):
    bare = {
        name: getattr(whole, name).with_columns(
            pl.lit(None, dtype=item.dtype).alias(item.name) for item in tables.TABLES[name].columns if item.nullable
        )
        for name in AIR
    }
    unsaid = re.compile(r"\b(None|nan)\b")
    assert unsaid.findall(render(in_the_air.incident(**bare))) == unsaid.findall(render(by_hand.incident()))


def test_every_drawing_of_the_air_picture_is_well_formed_and_has_a_title(html: str):
    for drawing in SVG.findall(html):
        root = ElementTree.fromstring(drawing)
        if root.get("role"):
            assert root.find("{http://www.w3.org/2000/svg}title") is not None


def test_links_within_the_page_lead_to_something(html: str):
    assert set(re.findall(r'href="#([^"]+)"', html)) - set(re.findall(r'\bid="([^"]+)"', html)) == set()


def test_an_identity_that_is_markup_stays_text():
    spoofed = in_the_air.flown(1, ident="<script>alert(1)</script>")
    text = rendered(in_the_air.incident(spoofed))
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text


# ---------------------------------------------------------------- flights


def test_tentative_tracks_are_no_flights(whole: Incident):
    assert [flight.track_id for flight in flights.flights(whole)] == list(range(1, 15))


def test_a_summary_has_the_declared_columns_and_counts_what_is_there(whole: Incident):
    found = flights.summaries(whole.tracks, whole.breaches)
    assert drift(found, tables.TRACK_SUMMARIES) == []
    first, never = found.row(0, named=True), found.row(-1, named=True)
    assert (first["rows"], first["updates"], first["breaches"]) == (300, 288, 1)
    assert first["median_speed_mps"] == pytest.approx(39.0)
    assert (never["is_confirmed"], never["median_speed_mps"]) == (False, None)


def test_a_summary_of_nothing_is_empty():
    found = flights.summaries(empty(tables.TRACKS), empty(tables.BREACHES))
    assert drift(found, tables.TRACK_SUMMARIES) == []
    assert found.height == 0


def test_a_hole_in_the_rows_is_a_gap_and_a_coasting_row_is_dashed():
    time_s = np.array([0.0, 4.0, 8.0, 12.0, 200.0, 204.0])
    updated = np.array([True, True, False, True, True, True])
    assert flights.links(time_s, updated).tolist() == [SOLID, DASHED, DASHED, GAP, SOLID]


def test_rows_of_sensors_that_look_in_turn_are_no_gaps():
    time_s = np.cumsum([0.1, 0.1, 3.8] * 20)
    assert GAP not in flights.links(time_s, np.ones(60, dtype=bool))


def test_stretches_join_rows_and_leave_gaps_out():
    assert flights.stretches(np.array([SOLID, SOLID, GAP, DASHED])) == [(SOLID, 0, 2), (DASHED, 3, 4)]


def test_a_coasting_stretch_too_short_to_see_is_drawn_solid():
    link, y = np.array([SOLID, DASHED, SOLID, DASHED]), np.zeros(5)
    x = np.array([0.0, 10.0, 12.0, 20.0, 40.0])
    assert flights.join_short_dashes(link, x, y, least=5.0).tolist() == [SOLID, SOLID, SOLID, DASHED]


def test_tracks_with_a_stay_come_first_then_those_nearest_to_the_zone(whole: Incident):
    order = [flight.track_id for flight in flights.nearest_first(flights.flights(whole), whole)]
    assert set(order[:11]) == set(whole.breaches["track_id"])
    assert order.index(13) < order.index(14)  # the airliner flies inside, the lone plot lies outside


def test_of_too_many_tracks_the_rest_is_counted_not_drawn():
    many = [row for n in range(1, 206) for row in in_the_air.flown(n, rows=3)]
    found = told(in_the_air.incident(many))
    assert len(found.drawn) == flights.MOST_DRAWN
    assert "5 more are not drawn" in " ".join(found.lead)


# ---------------------------------------------------------------- the map


def test_the_map_draws_each_confirmed_track_once(whole: Incident):
    drawn = track_map.draw_tracks(whole, flights.flights(whole), width=760.0, name="t")
    assert drawn.count('class="flight unidentified') == 12
    assert drawn.count('class="flight identified') == 2
    assert drawn.count(" aside") == 3
    assert drawn.count('class="entry entry-inside"') == len(in_the_air.CROSSERS)
    assert drawn.count('class="sensor"') == 2


def test_a_hot_spot_is_a_disc_on_the_map_with_its_remark_and_a_line_in_the_key(whole: Incident):
    on_track = whole.tracks.row(0, named=True)
    spot = {
        "kind": "hot_spot", "sensor_id": "R1", "text": "R1 has a hot spot 12 km out at 045 deg.",
        "lat_deg": on_track["lat_deg"], "lon_deg": on_track["lon_deg"], "radius_m": 2_000.0,
    }  # fmt: skip
    told_of = in_the_air.incident(remarks=frame(tables.REMARKS, [spot]))
    drawn = track_map.draw_tracks(told_of, flights.flights(told_of), width=760.0, name="t")
    assert drawn.count("hot-spot") == 1
    assert spot["text"] in drawn
    assert "Where a sensor&#39;s false plots crowd" in rendered(told_of)
    assert "hot-spot" not in track_map.draw_tracks(whole, flights.flights(whole), width=760.0, name="t")


def test_a_closer_map_is_drawn_only_where_it_shows_more(whole: Incident):
    far = [row for n in (1, 2) for row in in_the_air.flown(n, speed_mps=240.0, course_deg=90.0 + 180 * (n - 1))]
    near = whole.breaches.filter(pl.col("track_id") == 1)
    spread = in_the_air.incident(far, breaches=near)
    assert track_map.draw_tracks(spread, flights.flights(spread), width=760.0, name="d", is_detail=True)
    assert not track_map.draw_tracks(whole, flights.flights(whole), width=760.0, name="d", is_detail=True)


def test_a_thinned_line_stays_within_a_unit_of_the_whole():
    turn = np.linspace(0.0, 30.0, 4000)
    x, y = 300.0 + 8.0 * turn * np.cos(turn), 300.0 + 8.0 * turn * np.sin(turn)
    sheet = cartography.map_sheet.Sheet(51.0, 23.0, 0.5, 760.0, 600.0)
    d = cartography.line_on_sheet(x, y, sheet)
    steps = np.array([float(step) for step in re.findall(r"-?(?:\d*\.\d+|\d+)", d)]).reshape(-1, 2)
    corners = np.cumsum(steps, axis=0)  # the first from the corner of the sheet, each other from the one before
    assert len(corners) < 400
    thinned, original = shapely.LineString(corners), shapely.LineString(np.column_stack([x, y]))
    on_sheet = shapely.clip_by_rect(original, 0.0, 0.0, 760.0, 600.0)
    assert shapely.hausdorff_distance(on_sheet, thinned, densify=0.01) < 20.0 + ONE_UNIT  # the sheet's margin is 20
    assert shapely.distance(shapely.points(x, y), thinned)[y < 600.0].max() < ONE_UNIT


def test_the_ellipse_at_an_entry_is_as_large_as_the_covariance_says(whole: Incident):
    found = {item.label.split(" ")[0]: item for item in track_map.entries(whole, flights.flights(whole))}
    lat, lon = found["1"].ellipse
    away = cartography.SIGMAS_90 * np.sqrt(np.linalg.eigvalsh([[350.0**2, -12600.0], [-12600.0, 120.0**2]]))
    across = in_the_air.geodesy.distance_m(found["1"].lat_deg, found["1"].lon_deg, lat, lon)
    assert [across.min(), across.max()] == pytest.approx(away.tolist(), rel=0.01)


# ---------------------------------------------------------------- distance over time


def profile_of(whole: Incident, track_id: int) -> tuple[flights.Flight, border_chart.Profile]:
    flight = next(item for item in flights.flights(whole) if item.track_id == track_id)
    return flight, border_chart.profile(flight, in_the_air.LAND, flight.time_s[0], flight.time_s[-1])


def test_the_chart_shows_the_distance_to_the_line(whole: Incident):
    flight, found = profile_of(whole, 1)
    picked = np.searchsorted(flight.time_s, found.time_s)
    wanted = signed_distance_m(flight.lat_deg[picked], flight.lon_deg[picked], in_the_air.LAND)
    assert found.distance_m == pytest.approx(wanted, abs=ONE_METRE)
    assert len(found.time_s) <= border_chart.MOST_ROWS


def test_the_band_joins_the_track_across_the_line_with_the_line_itself(whole: Incident):
    _, found = profile_of(whole, 1)
    smallest, largest = np.sqrt(np.linalg.eigvalsh([[350.0**2, -12600.0], [-12600.0, 120.0**2]]))
    line = in_the_air.LAND.line_sigma_m
    assert (found.sigma_m > np.hypot(smallest, line) - ONE_METRE).all()
    assert (found.sigma_m < np.hypot(largest, line) + ONE_METRE).all()


def test_where_the_track_states_no_variance_no_band_is_drawn(whole: Incident):
    _, found = profile_of(whole, in_the_air.UNDECIDED)
    assert np.isnan(found.sigma_m).all()


def test_a_gap_survives_the_thinning_of_rows():
    rows = [row for n, row in enumerate(in_the_air.flown(1, rows=2000)) if not 900 < n < 1100]
    whole = in_the_air.incident(rows)
    _, found = profile_of(whole, 1)
    assert (found.link == GAP).sum() == 1


def test_the_error_of_an_exit_is_the_distance_over_the_speed_across():
    time_s, link = np.arange(0.0, 100.0, 10.0), np.full(9, SOLID)
    found = border_chart.Profile(time_s, 500.0 - 10.0 * time_s, np.full(10, 200.0), link)
    assert border_chart.exit_sigma_s(found, 50.0) == pytest.approx(20.0)
    slow = border_chart.Profile(time_s, 5.0 - 0.1 * time_s, np.full(10, 200.0), link)
    assert border_chart.exit_sigma_s(slow, 50.0) is None


@pytest.mark.parametrize("hours", [0.005, 0.2, 3.0, 40.0])
def test_a_chart_of_any_length_has_a_readable_axis(whole: Incident, hours: float):
    step = hours * 3600.0 / 300
    rows = in_the_air.flown(1)
    late = [row | {"time_utc": in_the_air.BEGIN + timedelta(seconds=step * n)} for n, row in enumerate(rows)]
    (flight,) = flights.flights(in_the_air.incident(late))
    window, at = (by_hand.START, by_hand.END), Library(whole).zone
    drawn = border_chart.draw_distance(flight, in_the_air.LAND, [], window=window, at=at, name="c")
    assert 2 <= len(re.findall(r'class="axis axis-utc"', drawn)) <= 10


# ---------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("speed_mps", "names"),
    [
        (12.0, ("balloon", "bird", "multirotor", "helicopter")),
        (50.0, ("helicopter", "small fixed-wing aircraft")),
        (230.0, ("large aeroplane",)),
        (900.0, ()),
    ],
)
def test_motion_is_compatible_with_every_sort_that_flies_so_fast(speed_mps: float, names: tuple[str, ...]):
    assert motion.compatible_with(speed_mps - 1.0, speed_mps + 1.0) == names


def test_no_motion_is_called_a_drone():
    assert "drone" not in " ".join(motion.motion_rules()).lower()


def test_a_track_of_few_speeds_says_nothing_of_its_motion(whole: Incident):
    found = flights.summaries(whole.tracks, whole.breaches)
    assert "says nothing" in found.filter(pl.col("track_id") == 14)["motion"][0]


def test_a_stay_says_when_how_deep_and_how_sure(whole: Incident):
    stay = next(item for item in told(whole).stays if item.track_id == 3)
    assert (stay.word, stay.probability, stay.duration) == ("Inside", "98 %", "3 min 20 s")
    assert stay.entry == "10 Sep 2025 00:48:48 (9 Sep 22:48:48 UTC) ± 7 s"
    assert stay.exit == "10 Sep 2025 00:52:08 (9 Sep 22:52:08 UTC)"
    assert stay.near == "EPLB Lublin, 33.1 km"
    assert "line ± 50 m (one sigma)" in next(item.text for item in stay.facts if item.name == "Line")


def test_the_evidence_of_a_stay_names_detections_and_sensors_around_the_entry(whole: Incident):
    stay = next(item for item in told(whole).stays if item.track_id == 1)
    sides = [line.cells[1].text.split()[-1] for line in stay.rows.rows]
    assert sides == ["outside", "outside", "inside", "inside", "inside"]
    assert all(re.fullmatch(r"10\d{3}, R[12]", line.cells[2].text) for line in stay.rows.rows)


def test_a_track_that_begins_inside_has_no_entry_but_says_so(whole: Incident):
    stays = {item.track_id: item for item in told(whole).stays}
    assert stays[in_the_air.INSIDER].entry == "already inside when the track begins"
    assert stays[in_the_air.GRAZER].entry == "not entered"
    assert stays[in_the_air.GRAZER].exit == ""


def test_stays_inside_come_before_the_undecided_and_these_before_those_outside(whole: Incident):
    answers = [stay.answer for stay in told(whole).stays]
    assert answers == ["inside"] * 9 + ["undecided", "outside"]


@pytest.mark.parametrize(
    ("said", "row"),
    [
        ("It detected 62 % of what it could see; 90 % is stated.", 0),
        ("It gives 51 false plots a scan; 20 are stated.", 0),
        ("Its clock is 1.9 ± 0.12 s ahead of the others; nothing is stated.", 0),
        ("Its range reads 130 ± 20 m too short.", 0),
        ("Its azimuth reads 0.52 ± 0.05° too far clockwise.", 0),
    ],
)
def test_a_sensor_that_differs_from_what_it_states_is_told_in_a_sentence(said: str, row: int):
    assert said in sensor_health.disagreements(blank(tables.HEALTH.names) | in_the_air.health()[row])


def test_a_sensor_that_keeps_to_what_it_states_is_not_flagged():
    for item in in_the_air.health()[1:]:
        assert sensor_health.disagreements(blank(tables.HEALTH.names) | item) == []


@pytest.mark.parametrize(("found", "differs"), [(0.87, False), (0.83, True), (0.4, True)])
def test_three_sigmas_or_a_factor_of_two_make_a_difference(found: float, differs: bool):
    stated = {"detection_probability": found, "stated_detection_probability": 0.9, "sigma_detection_probability": 0.02}
    assert bool(sensor_health.disagreements(blank(tables.HEALTH.names) | stated)) is differs


def test_a_sensor_of_which_nothing_is_known_is_not_said_to_agree(whole: Incident):
    words = [line.cells[-1].text for line in told(whole).sensors.rows]
    assert words[1:] == ["Nothing disagrees.", "Nothing to compare."]


def blank(names: tuple[str, ...]) -> dict[str, object]:
    return dict.fromkeys(names)


def test_remarks_are_grouped_counted_and_rare_ones_come_first(whole: Incident):
    found = [(own.title, own.total, own.is_many) for own in told(whole).remarks]
    assert found == [("One identity on two tracks", 1, False), ("Too few data", 1, False), ("Late plots", 130, True)]
    assert "30 more of this kind" in written(whole)


def test_every_kind_of_remark_has_a_title():
    assert set(sensor_health.REMARK_TITLES) == set(tables.REMARKS["kind"].one_of)


def test_crossings_counted_from_tracks_are_said_with_both_bounds(html: str, whole: Incident):
    for text in (html, written(whole)):
        assert "8 to 10 crossings" in text
        assert "Most likely 9; the range is a 90 % interval." in text
        assert "Crossings cannot be counted" not in text


def test_stays_stand_on_the_timeline_in_their_zone(whole: Incident):
    assert "Tracks in Poland" in rendered(whole)
    assert "10 stays, 1 undecided" in rendered(whole)


def test_page_text_and_terminal_tell_of_the_same_stays(html: str, whole: Incident):
    for text in (html, written(whole), printed(whole)):
        assert "10 Sep 2025 00:48:48" in text
        assert "14 tracks confirmed: 2 identified, 12 not." in " ".join(text.split())


def test_a_finding_that_rests_on_a_stay_leads_to_it(whole: Incident):
    found = Library(whole).evidence("breaches:1")
    assert (found.name, found.title, found.href) == ("1", "track 1 in PL-land: inside, over 99 %", "#breaches-1")
    assert Library(whole).evidence("tracks:15").href == ""  # never confirmed: not on the page


def test_a_stay_in_a_zone_that_is_not_there_is_still_told(whole: Incident):
    strange = whole.breaches.with_columns(zone_id=pl.lit("XX"))
    assert "XX: the line is not in this account" in rendered(in_the_air.incident(breaches=strange))


def test_a_page_of_three_hundred_long_tracks_stays_below_a_megabyte_and_a_half():
    rng = np.random.default_rng(7)
    rows = [
        row for n in range(1, 301) for row in in_the_air.flown(n, lat_deg=50.5 + n / 100, late_s=60.0 * n, rows=250)
    ]
    jitter = rng.normal(0.0, 3e-4, (2, len(rows)))
    status = np.where(rng.random(len(rows)) < 0.1, "coasting", "confirmed")
    noisy = frame(tables.TRACKS, [*rows]).with_columns(
        lat_deg=pl.col("lat_deg") + jitter[0], lon_deg=pl.col("lon_deg") + jitter[1], status=pl.Series(status)
    )
    assert len(rendered(in_the_air.incident(tracks=noisy)).encode()) < 1_500_000
