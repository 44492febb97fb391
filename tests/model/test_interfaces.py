"""Names that files and programs outside rely on: changing one is a break, and this test is where it shows."""

from __future__ import annotations

import pytest

from hotwash.geo import zones
from hotwash.model import questions, words
from hotwash.model.schema import F64, I64, UTC
from hotwash.model.tables import TABLES

COLUMNS = {
    "detections": """detection_id sensor_id time_utc received_utc lat_deg lon_deg height_hae_m height_amsl_m
        pressure_altitude_m range_m azimuth_deg elevation_deg radial_speed_mps sigma_horizontal_m sigma_height_m
        sigma_pressure_altitude_m sigma_range_m sigma_azimuth_deg sigma_elevation_deg sigma_radial_speed_mps ident
        mode_3a class_label class_confidence source_id""",
    "sensors": """sensor_id kind lat_deg lon_deg height_hae_m max_range_m scan_period_s detection_probability
        false_per_scan clock_offset_s""",
    "tracks": """track_id time_utc lat_deg lon_deg height_hae_m pressure_altitude_m v_east_mps v_north_mps v_up_mps
        var_east_m2 var_north_m2 var_height_m2 cov_east_north_m2 var_v_east_m2ps2 var_v_north_m2ps2 var_v_up_m2ps2
        cov_v_east_north_m2ps2 cov_east_v_east_m2ps cov_east_v_north_m2ps cov_north_v_east_m2ps
        cov_north_v_north_m2ps existence status detection_id ident class_label class_confidence""",
    "truth": """object_id time_utc lat_deg lon_deg height_hae_m v_east_mps v_north_mps v_up_mps q_x q_y q_z q_w
        airspeed_mps battery gimbal_pitch_deg is_on_ground class_label""",
    "controls": """seat time_utc sequence roll pitch yaw throttle gimbal_pitch_rate is_capture mode buttons""",
    "events": """event_id kind start_utc end_utc utc_low utc_high known_utc subject_id lat_deg lon_deg radius_m value
        value_high unit relation counted_utc is_running parts parts_disjoint part text occasion_id told_as
        supersedes led_to printed_time said_by source_id""",
    "scores": """attempt_id seat task measure value unit sigma clock_s opportunity result seed exercise
        exercise_version subject_kind subject_id marked_by""",
    "breaches": """breach_id track_id zone_id enter_utc exit_utc enter_lat_deg enter_lon_deg enter_sigma_s depth_m
        depth_sigma_m duration_s probability answer nearest_aerodrome nearest_m nearest_utc""",
}
HELD = {
    "claims": """claim_id question_id said_by role said_utc_low said_utc_high known_utc relation value value_high unit
        summary source_id derived_from source_reliability credibility supersedes is_final""",
    "findings": """claim_id question_id verdict reason rows assumptions independent_lines superseded_by
        verdict_on_merits""",
    "counts": "most_likely low_90 high_90 why",
    "durations": "name minutes low high why",
    "finds": "find_id object_kind type_label known_utc",
    "zones": "floor_m ceiling_m floor_ref ceiling_ref",
}
ALL_DECLARED = """sensors zones aerodromes sources questions events finds sightings origins findings contradictions
    truth controls rejects detections tracks breaches claims scores"""


@pytest.mark.parametrize("name", COLUMNS)
def test_a_published_table_has_exactly_its_columns(name: str):
    assert list(TABLES[name].names) == COLUMNS[name].split()


@pytest.mark.parametrize("name", HELD)
def test_a_published_table_has_at_least_its_columns(name: str):
    assert set(HELD[name].split()) <= set(TABLES[name].names)


def test_every_table_of_the_design_is_declared():
    assert set(ALL_DECLARED.split()) <= set(TABLES)


def test_keys_of_numbered_things_are_whole_numbers_and_times_are_utc():
    assert TABLES["detections"]["detection_id"].dtype == I64
    assert TABLES["tracks"]["track_id"].dtype == I64
    assert TABLES["detections"]["time_utc"].dtype == UTC
    assert TABLES["detections"]["range_m"].dtype == F64


def test_the_closed_words_are_the_published_ones():
    assert " ".join(words.SENSOR_KINDS) == (
        "primary_radar secondary_radar multilateration adsb remote_id rf acoustic optical visual"
    )
    assert words.TRACK_STATUSES == ("tentative", "confirmed", "coasting", "deleted")
    assert words.HEIGHT_REFS == ("AGL", "AMSL", "FL", "HAE", "UNK", "UNL")
    assert zones.HEIGHT_REFS == words.HEIGHT_REFS  # said twice: geo and model may not import one another
    assert words.RELATIONS == ("exactly", "about", "at_least", "at_most", "more_than", "less_than", "between")
    assert (
        *("uas", "missile_part", "model_aircraft"),
        *("balloon", "sky_lantern", "kite", "other", "unknown"),
    ) == words.OBJECT_KINDS
    assert " ".join(words.VERDICTS) == (
        "supported contradicted uncorroborated compatible not_testable superseded not_weighed"
    )
    assert set(questions.COUNT_UNITS) >= {
        "crossings",
        "airframes",
        "finds",
        "brought_down",
        "diversions",
        "cancellations",
    }
