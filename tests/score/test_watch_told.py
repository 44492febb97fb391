"""Reports weigh in the decision score as the seat could weigh them, and never in the outcome."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
import staged_by_hand as w
from breaching import degrees
from hypothesis import given
from hypothesis import strategies as st

from hotwash.geo import geodesy
from hotwash.model import schema, tables
from hotwash.score.watch import measure_watch, reports
from hotwash.score.watch.conditions import GRACE_S, NOTHING_M, REPEAT_S, REPORT_S, SEEN_M, conditions_of
from hotwash.watch import answers

ONE_METRE = 1.0
ONE_MICROSECOND = 1e-6
EPYY = (60_000.0, -60_000.0)  # where nothing ever comes near
UNSEEN = (12_000.0, 150_000.0)  # on the way of the drone that no sensor sees
SEEN_S, KNOWN_S = 60.0, 120.0
CLOSED = (w.recommend(KNOWN_S, "suspend", "EPYY"), w.recommend(660.0, "resume", "EPYY"))
CLOSED_MIN = 9.0


def report(name="r1", *, at=EPYY, east=2_000.0, seen=SEEN_S, picture=KNOWN_S, saw_nothing=False, **more):
    lat, lon = geodesy.direct(*degrees(*at), 90.0, east)
    seen_utc = None if seen is None else w.after(seen)
    return {
        "sighting_id": name, "role": "resident", "lat_deg": float(lat), "lon_deg": float(lon), "utc_low": seen_utc,
        "utc_high": seen_utc, "known_utc": w.after(picture), "saw_nothing": saw_nothing, **more,
    }  # fmt: skip


def with_reports(*rows, recording=None):
    return replace(recording or w.staged(), sightings=schema.frame(tables.SIGHTINGS, list(rows)))


def measured(*decisions, reports=(), recording=None):
    return measure_watch(w.with_decisions(with_reports(*reports, recording=recording), decisions))


def weighed(*rows):
    recording = with_reports(*rows)
    return reports.weigh_reports(recording.sightings, conditions_of(w.with_decisions(recording, [w.declare(0.0, 1)])))


def needed_min(found):
    return found.value("minutes_closed_needed_known", "EPYY"), found.value("minutes_closed_not_needed_known", "EPYY")


# ---------------------------------------------------------------- who acts, and on what


def test_who_acts_on_a_false_report_is_charged_by_what_happened_and_not_by_what_could_be_known():
    found = measured(*CLOSED, reports=[report()])
    assert found.value("minutes_closed_not_needed", "EPYY") == pytest.approx(CLOSED_MIN)
    assert needed_min(found) == (pytest.approx(CLOSED_MIN), 0.0)  # told at 2 min of what was seen at 1: until 11 min
    assert found.value("minutes_closed_on_report_known", "EPYY") == pytest.approx(CLOSED_MIN)
    assert found.value("held_movements_not_needed", "EPYY") == found.value("held_movements_needed_known", "EPYY") == 9.0
    assert found.value("held_movements_not_needed_known", "EPYY") == 0.0
    assert "9.0 min of closure rested on reports alone." in found.text


def test_who_acts_on_nothing_is_charged_by_both():
    found = measured(*CLOSED)
    assert found.value("minutes_closed_not_needed", "EPYY") == pytest.approx(CLOSED_MIN)
    assert found.value("minutes_closed_not_needed_known", "EPYY") == pytest.approx(CLOSED_MIN)
    assert found.value("minutes_closed_on_report_known", "EPYY") is None  # no report asked for anything


def unseen():
    """Return the small watch with an aerodrome on the way of the drone that no sensor sees."""
    lat, lon = degrees(*UNSEEN)
    place = {"aerodrome_id": "EPZZ", "name": "EPZZ", "lat_deg": float(lat), "lon_deg": float(lon)}
    rows = pl.concat([w.staged().aerodromes, schema.frame(tables.AERODROMES, [place])])
    return replace(w.staged(), aerodromes=rows, events=pl.concat([w.staged().events, w.movements("EPZZ")]))


def test_who_ignores_a_true_report_is_told_so_by_both():
    reports = [report(at=UNSEEN, east=-2_000.0, seen=w.NEAR_S + 40.0, picture=w.NEAR_S + 60.0)]
    blind, ignored = measured(recording=unseen()), measured(reports=reports, recording=unseen())
    name = "minutes_open_with_object_near"
    assert blind.value(name, "EPZZ") == ignored.value(name, "EPZZ") > 6.0
    assert blind.value(f"{name}_known", "EPZZ") is None
    assert ignored.value(f"{name}_known", "EPZZ") == pytest.approx((REPORT_S - 20.0) / 60.0)
    assert ignored.value("exposed_movements", "EPZZ") >= 6.0
    assert ignored.value("exposed_movements_known", "EPZZ") == 4.0  # at 270, 330, 390 and 450 s; told from 220 to 500


def test_no_report_changes_the_outcome():
    reports = [report(), report("r2", at=(8_000.0, -40_000.0), picture=200.0)]
    log = [*CLOSED, w.warn(200.0, 8_000.0, -40_000.0, 6_000.0)]
    outcome = ~pl.col("measure").str.ends_with("_known")
    without, heard = (measured(*log, reports=some).scores.filter(outcome) for some in ([], reports))
    assert without.equals(heard)


def test_whether_a_report_is_true_is_never_looked_at():
    given_true, given_wrong = (
        measured(*CLOSED, recording=replace(with_reports(report()), scenario=w.SCENARIO + said)).scores
        for said in (
            '[[reports]]\nreport_id = "r1"\nrole = "resident"\ntime_s = 60\ntruth = "true"\n',
            '[[reports]]\nreport_id = "r1"\nrole = "resident"\ntime_s = 60\ntruth = "wrong"\n',
        )
    )
    assert given_true.equals(given_wrong)


# ---------------------------------------------------------------- for how long


def test_a_report_counts_from_when_the_seat_was_told_until_some_time_after_it_was_seen():
    (one,) = weighed(report())
    assert one.near == ((KNOWN_S, SEEN_S + REPORT_S),)
    assert one.need == ((KNOWN_S, SEEN_S + REPORT_S + GRACE_S),)


def test_a_late_report_of_what_is_long_gone_justifies_nothing():
    late = SEEN_S + REPORT_S + GRACE_S + 1.0
    (one,) = weighed(report(picture=late))
    assert (one.near, one.need) == ((), ())
    found = measured(*CLOSED, reports=[report(picture=late)])
    assert needed_min(found) == (None, pytest.approx(CLOSED_MIN))


def test_a_report_that_says_not_when_was_seen_when_it_was_told():
    (one,) = weighed(report(seen=None))
    assert one.seen_s == KNOWN_S


def test_who_looked_there_later_and_saw_nothing_ends_a_report():
    nothing = report("n", seen=200.0, picture=240.0, saw_nothing=True, east=2_000.0 + 0.9 * NOTHING_M)
    found = measured(*CLOSED, reports=[report(), nothing])
    assert needed_min(found) == (pytest.approx(2.0), pytest.approx(CLOSED_MIN - 2.0))


@pytest.mark.parametrize("more", [{"seen": SEEN_S - 10.0}, {"east": 2_000.0 + 1.1 * NOTHING_M}, {"role": "sensor"}])
def test_who_looked_before_or_from_afar_and_a_sensor_that_follows_nothing_end_none(more):
    nothing = report("n", saw_nothing=True, **({"seen": 200.0, "known": 240.0} | more))
    assert weighed(report(), nothing)[0].need == ((KNOWN_S, SEEN_S + REPORT_S + GRACE_S),)


def test_a_report_that_was_contradicted_before_it_came_justifies_nothing():
    nothing = report("n", seen=90.0, picture=100.0, saw_nothing=True)
    (one,) = weighed(report(), nothing)
    assert one.need == ()


def test_what_is_told_twice_neither_begins_nor_prolongs_anything():
    again = report("r2", seen=SEEN_S + 0.5 * REPEAT_S, picture=300.0, role="police", after_alarm=True)
    assert weighed(report(), again) == weighed(report())


def test_a_new_look_counts_by_itself():
    found = weighed(report(), report("r2", seen=SEEN_S + REPEAT_S + 60.0, picture=300.0))
    assert [one.report_id for one in found] == ["r1", "r2"]


# ---------------------------------------------------------------- how near


def test_who_names_no_direction_saw_it_within_sight():
    margin = w.RADIUS_M + SEEN_M
    near, far = (measured(*CLOSED, reports=[report(east=away)]) for away in (margin - 100.0, margin + 100.0))
    assert needed_min(near)[1] == 0.0
    assert needed_min(far)[1] == pytest.approx(CLOSED_MIN)


@pytest.mark.parametrize(("azimuth", "charged"), [(270.0, 0.0), (90.0, CLOSED_MIN)])
def test_who_looks_towards_an_aerodrome_tells_of_it_and_who_looks_away_does_not(azimuth, charged):
    reports = report(east=w.RADIUS_M + 2_000.0, azimuth_deg=azimuth, distance_m=2_000.0)
    assert needed_min(measured(*CLOSED, reports=[reports]))[1] == pytest.approx(charged)


def test_a_direction_without_a_distance_covers_the_line_of_sight():
    (one,) = weighed(report(azimuth_deg=90.0))
    for far in (0.0, SEEN_M):
        lat, lon = geodesy.direct(*degrees(*EPYY), 90.0, 2_000.0 + far)
        assert one.is_within(float(lat), float(lon), ONE_METRE)


def test_an_answer_that_calls_it_no_drone_justifies_nothing():
    drone, bird = (report("answer-1") | {"seen": word} for word in ("a drone", "a bird, and 1 more"))
    assert weighed(drone)[0].need
    assert weighed(bird) == ()


def test_every_word_of_an_answer_is_either_a_drone_or_harmless():
    drones = {"a small uncrewed aeroplane", "a drone"}
    assert {word for word in answers._WORDS.values() if not word.startswith(reports.HARMLESS)} == drones


# ---------------------------------------------------------------- warnings and declarations


def test_a_warning_on_a_report_was_needed_by_what_was_known():
    reports = [report(at=(8_000.0, -40_000.0), picture=180.0)]
    found = measured(w.warn(200.0, 8_000.0, -40_000.0, 6_000.0), reports=reports)
    assert found.value("warned_without_need") == found.value("warned_in_need_known") == 5_000.0
    ignored = measured(reports=reports)
    assert ignored.value("not_warned_in_need_known") - measured().value("not_warned_in_need_known") == 5_000.0


def test_a_report_supports_no_declaration_since_a_breach_is_declared_of_a_track():
    early = w.declare(w.CROSSED_S - 100.0, 2)
    reports = [report(at=(5_000.0, 0.0), seen=0.0, picture=10.0)]
    assert measured(early).value("false_breaches_known") == measured(early, reports=reports).value(
        "false_breaches_known"
    )


@given(
    st.floats(-500.0, 900.0), st.floats(0.0, 900.0), st.lists(st.tuples(st.floats(-500.0, 900.0), st.floats(0.0, 90.0)))
)  # fmt: skip
def test_no_report_counts_before_it_was_told_nor_longer_than_all_are_given(seen, late, looks):
    nothings = [
        report(f"n{at}", seen=begin, picture=begin + delay, saw_nothing=True) for at, (begin, delay) in enumerate(looks)
    ]
    for one in weighed(report(seen=seen, picture=seen + late), *nothings):
        for low, high in (*one.near, *one.need):
            last_s = min(one.seen_s + REPORT_S + GRACE_S, 60.0 * w.MINUTES)
            assert max(one.known_s, 0.0) <= low < high <= last_s + ONE_MICROSECOND
        assert not one.near or (one.near[0][0] == one.need[0][0] and one.near[0][1] <= one.need[0][1])
