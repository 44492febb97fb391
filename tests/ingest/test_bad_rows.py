"""A row that cannot be taken goes to the rejects with its place and advice; the others stay."""

from __future__ import annotations

import json

import pytest
from bundles import HEAD, advice, read, refused

TEN_MEGABYTES = 10 * 2**20


def claims(*changes: dict[str, str], **choices):
    """Read a bundle of these claims, named C1, C2 and so on where they name themselves nothing else."""
    return read(claims=[{"claim_id": f"C{n}"} | change for n, change in enumerate(changes, start=1)], **choices)


def test_a_good_bundle_has_no_rejects():
    found = read(events=[{}], finds=[{}], sightings=[{}], origins=[{}], sensors=[{}], detections=[{}])
    assert found.rejects.is_empty()
    assert found.claims["claim_id"].to_list() == ["C1"]


@pytest.mark.parametrize(
    ("change", "column", "says"),
    [
        ({"value": "many"}, "value", "'many' is not a number"),
        ({"value": "nan"}, "value", "leave the cell empty"),
        ({"value": "NaN"}, "value", "leave the cell empty"),
        ({"value": "inf"}, "value", "not a finite number"),
        ({"value": "19,5"}, "value", "write 19.5"),
        ({"value": "1_000"}, "value", "digits"),
        ({"value": "١٩"}, "value", "digits"),
        ({"value": "-3"}, "value", "below zero"),
        ({"value": "19.5"}, "value", "a count must be a whole number"),
        ({"value": "1e30"}, "value", "too large for a count"),
        ({"value": ""}, "value", "a count question needs one"),
        ({"unit": "airframs"}, "unit", "did you mean 'airframes'?"),
        ({"unit": "furlong"}, "unit", "is not a unit of counts"),
        ({"question_id": "Q-R", "value": "700", "unit": "furlong"}, "unit", "known units are"),
        ({"question_id": "Q-R", "value": "700", "unit": "kt"}, "unit", "cannot be converted to km"),
        ({"question_id": "Q-R", "value": "", "unit": "furlong"}, "unit", "known units are"),
        ({"question_id": "Q-T", "value": "2025-09-09T21:30Z", "unit": "km"}, "unit", "has the unit utc"),
        ({"question_id": "Q-S", "value": "closed", "unit": "km"}, "unit", "answered in words"),
        ({"question_id": "Q-S", "value": "close"}, "value", "did you mean 'closed'?"),
        ({"question_id": "Q-X"}, "question_id", "add it to incident.toml"),
        ({"relation": "roughly"}, "relation", "use one of"),
        ({"relation": "about"}, "relation", "about_fraction"),
        ({"relation": "between"}, "value_high", "needs value_high"),
        ({"relation": "between", "value_high": "10"}, "value_high", "swap them"),
        ({"relation": "between", "value_high": "x"}, "value_high", "'x' is not a number"),
        ({"question_id": "Q-R", "relation": "between", "value": "", "value_high": "x"}, "value", "needs both"),
        ({"value_high": "20"}, "value_high", "every other relation leaves it empty"),
        ({"said_by": ""}, "said_by", "every row needs it"),
        ({"source_id": "S9"}, "source_id", "no source 'S9'"),
        ({"supersedes": "C9"}, "supersedes", "no row 'C9'"),
        ({"said_utc_high": "2025-09-31"}, "said_utc_high", "there is no 31 September 2025"),
        ({"said_utc_low": "2025-09-11"}, "said_utc_high", "swap them"),
        ({"words_start": "9", "words_end": "3"}, "words_end", "swap them"),
        ({"words_start": "1.5"}, "words_start", "whole number"),
        ({"words_start": "1e300"}, "words_start", "too large"),
        ({"is_final": "perhaps"}, "is_final", "write true or false"),
        ({"credibility": "7"}, "credibility", "use one of"),
        ({"summary": "a\x07bell"}, "summary", "control character"),
    ],
)
def test_a_bad_cell_is_rejected_with_its_column_and_advice(change: dict[str, str], column: str, says: str):
    found = claims(change)
    assert refused(found) == [("claims.csv", 2, column)]
    assert says in advice(found)


@pytest.mark.parametrize(
    ("change", "column", "says"),
    [
        ({"probability_find": "1.2"}, "probability_find", "must be between 0 and 1"),
        ({"probability_airframe": "0.95"}, "probability_airframe", "cannot be more probable"),
        ({"probability_find_low": "0.95"}, "probability_find", "outside its low and high"),
        ({"probability_airframe_low": "0.2"}, "probability_airframe_low", "leave all three empty"),
        ({"assigned_by": ""}, "assigned_by", "say whose"),
        ({"lat_deg": ""}, "lat_deg", "only one of latitude and longitude is given"),
        ({"lat_deg": "152.01"}, "lat_deg", "are latitude and longitude swapped?"),
        ({"lat_deg": "23.23", "lon_deg": "52.01"}, "lat_deg", "are latitude and longitude swapped?"),
        ({"lat_deg": "52°00'36\""}, "lat_deg", "digits and a decimal point"),
        ({"object_kind": "drone"}, "object_kind", "use one of"),
    ],
)
def test_a_bad_find_is_rejected(change: dict[str, str], column: str, says: str):
    found = read(finds=[change])
    assert refused(found) == [("finds.csv", 2, column)]
    assert says in advice(found)


EXAMINED = {"probability_uas": "0.8", "assigned_by": "Institute", "assigned_why": "The video was analysed."}


@pytest.mark.parametrize(
    ("change", "column", "says"),
    [
        ({"probability_uas": "1.2"}, "probability_uas", "must be between 0 and 1"),
        ({"probability_uas_high": "0.7"}, "probability_uas", "outside its low and high"),
        ({"probability_uas": "", "probability_uas_low": "0.7"}, "probability_uas_low", "leave all three empty"),
        ({"assigned_by": ""}, "assigned_by", "say whose"),
        ({"assigned_why": ""}, "assigned_why", "say whose"),
        ({"saw_nothing": "true"}, "probability_uas", "nothing to examine"),
    ],
)
def test_a_badly_examined_sighting_is_rejected(change: dict[str, str], column: str, says: str):
    good = {**EXAMINED, "saw_nothing": "false"}
    assert read(sightings=[good]).rejects.is_empty()
    found = read(sightings=[good | change])
    assert refused(found) == [("sightings.csv", 2, column)]
    assert says in advice(found)


def test_swapped_latitude_and_longitude_are_told_from_the_zones_where_no_aerodrome_is_named():
    swapped = [{"lat_deg": "23.23", "lon_deg": "52.01"}]
    head = HEAD.replace('aerodromes = ["EPWA", "EPLB"]\n', "")
    assert refused(read(head=head, finds=swapped)) == [("finds.csv", 2, "lat_deg")]
    nowhere = head.replace('zones_of_interest = ["PL-land"]\n', "")
    assert read(head=nowhere, finds=swapped).rejects.is_empty()


def test_a_position_on_the_other_side_of_the_world_is_kept_where_turning_it_round_does_not_help():
    assert read(finds=[{"lat_deg": "-33.9", "lon_deg": "151.2"}]).rejects.is_empty()


def test_a_time_without_a_zone_is_refused_where_its_source_declares_none():
    found = claims({"said_utc_high": "2025-09-10 10:00"}, sources=[{"zone": ""}])
    assert refused(found) == [("claims.csv", 2, "said_utc_high")]
    assert "its source declares none" in advice(found)


def test_a_time_without_a_zone_takes_the_zone_of_its_source():
    (said,) = claims({"said_utc_high": "2025-09-10 10:00"}).claims["said_utc_high"].to_list()
    assert said.isoformat() == "2025-09-10T08:00:00+00:00"


TIME = {"question_id": "Q-T", "value": "2025-09-10"}
IN_TOKYO = [{"zone": "Asia/Tokyo"}]


@pytest.mark.parametrize(
    ("relation", "value_high", "stands", "low", "high"),
    [
        ("exactly", "", "between", "2025-09-09T15:00:00Z", "2025-09-10T15:00:00Z"),
        ("between", "2025-09-11", "between", "2025-09-09T15:00:00Z", "2025-09-11T15:00:00Z"),
        ("at_least", "", "at_least", "2025-09-09T15:00:00Z", None),
        ("more_than", "", "more_than", "2025-09-10T15:00:00Z", None),
        ("at_most", "", "at_most", "2025-09-10T15:00:00Z", None),
        ("less_than", "", "less_than", "2025-09-09T15:00:00Z", None),
    ],
)
def test_a_claimed_date_is_the_whole_day_at_the_place_of_its_source(relation, value_high, stands, low, high):
    claim = TIME | {"relation": relation, "value_high": value_high}
    found = read(claims=[claim], sources=IN_TOKYO)
    assert found.rejects.is_empty()
    assert found.claims.select("relation", "value", "value_high").row(0) == (stands, low, high)


def test_about_a_date_is_refused_with_the_way_to_write_it():
    found = read(claims=[TIME | {"relation": "about"}])
    assert refused(found) == [("claims.csv", 2, "relation")]
    assert advice(found) == "`about` with a date; use `between` with the first and the last day"


def test_a_claimed_date_that_cannot_be_is_refused():
    found = read(claims=[TIME | {"value": "2025-09-31"}])
    assert refused(found) == [("claims.csv", 2, "value")]


def test_a_time_without_a_zone_is_refused_where_the_sources_of_the_row_differ():
    sources = [{}, {"source_id": "S2", "zone": "Europe/Kyiv"}]
    event = {"start_utc": "2025-09-10 10:00", "source_id": "S1;S2"}
    assert refused(read(sources=sources, events=[event])) == [("events.csv", 2, "start_utc")]


def test_the_zone_of_a_rejected_source_is_not_used():
    # The second row of a name is rejected, yet it once lent its zone to every claim of that name.
    sources = [{"zone": "Europe/Warsaw"}, {"zone": "America/New_York"}]
    found = claims({"said_utc_high": "2025-09-10 10:00"}, sources=sources)
    assert refused(found) == [("sources.csv", 3, "source_id")]
    assert found.claims["said_utc_high"].to_list()[0].hour == 8


def test_an_unknown_zone_is_rejected_with_its_source_and_with_what_rests_on_it():
    found = read(sources=[{"zone": "Europe/Warschau"}])
    assert refused(found) == [("claims.csv", 2, "source_id"), ("sources.csv", 2, "zone")]


def test_the_second_row_of_a_name_is_rejected():
    found = claims({}, {"claim_id": "C1"})
    assert refused(found) == [("claims.csv", 3, "claim_id")]
    assert "it is already on line 2" in advice(found)


def test_a_find_may_stand_twice_when_it_became_known_twice():
    later = {"known_utc": "2025-09-11"}
    assert read(finds=[{}, later]).rejects.is_empty()
    assert refused(read(finds=[{}, {}])) == [("finds.csv", 3, "find_id")]


# ---------------------------------------------------------------- supersedes


def test_claims_that_supersede_one_another_in_a_circle_are_rejected_all():
    found = claims({"supersedes": "C3"}, {"supersedes": "C1"}, {"supersedes": "C2"}, {})
    assert found.claims["claim_id"].to_list() == ["C4"]
    assert all("circle" in said for said in found.rejects["advice"].to_list())


def test_a_claim_cannot_supersede_itself():
    assert "leads back to this row" in advice(claims({"supersedes": "C1"}))


def test_a_claim_cannot_supersede_a_later_one():
    found = claims({"said_utc_low": "2025-09-10T07:00Z", "supersedes": "C2"}, {"said_utc_low": "2025-09-10T08:00Z"})
    assert found.rejects.is_empty()  # the first may have been said until 08:00, as the second was
    found = claims({"said_utc_high": "2025-09-10T07:00Z", "supersedes": "C2"}, {})
    assert refused(found) == [("claims.csv", 2, "supersedes")]
    assert "C2 was said later" in advice(found)


def test_a_claim_cannot_supersede_another_speakers():
    found = claims({}, {"said_by": "Police", "supersedes": "C1"})
    assert refused(found) == [("claims.csv", 3, "supersedes")]
    assert "C1 was said by Ministry" in advice(found)


def test_a_claim_cannot_supersede_one_on_another_question():
    found = claims({}, {"question_id": "Q-S", "value": "open", "supersedes": "C1"})
    assert "C1 has another question_id: Q-N" in advice(found)


def test_a_claim_that_supersedes_a_rejected_one_is_rejected_down_the_whole_chain():
    found = claims({"value": "many"}, {"supersedes": "C1"}, {"supersedes": "C2"}, {})
    assert found.claims["claim_id"].to_list() == ["C4"]
    assert refused(found) == [
        ("claims.csv", 2, "value"),
        ("claims.csv", 3, "supersedes"),
        ("claims.csv", 4, "supersedes"),
    ]
    assert "was its own row rejected?" in found.rejects["advice"][1]


# ---------------------------------------------------------------- what is kept


def test_a_reject_keeps_its_whole_row_as_it_stood():
    found = claims({"value": "many", "summary": "WÅ‚adysÅ‚aw, „quoted”"})
    kept = json.loads(found.rejects["row"][0])
    assert (kept["value"], kept["summary"], kept["source_id"]) == ("many", "WÅ‚adysÅ‚aw, „quoted”", "S1")


def test_a_reject_keeps_the_cells_that_have_no_column():
    found = read(sources="source_id,publisher\nS1,The paper, the magazine,and more\n", claims=[])
    assert refused(found) == [("sources.csv", 2, None)]
    assert json.loads(found.rejects["row"][0])["(beyond the header)"] == " the magazine,and more"
    assert "4 cells for 2 columns" in advice(found)


def test_a_row_cut_short_is_rejected():
    found = read(sources="source_id,publisher,title\nS1,The paper\n", claims=[])
    assert "was the file cut short?" in advice(found)


def test_a_cell_of_ten_megabytes_is_rejected_and_shown_cut():
    found = claims({"summary": "x" * TEN_MEGABYTES}, {})
    assert refused(found) == [("claims.csv", 2, "summary")]
    assert found.rejects["value"][0].endswith("… (10,485,760 characters)")
    assert len(found.rejects["row"][0]) < 10_000
    assert found.claims["claim_id"].to_list() == ["C2"]


def test_a_long_cell_is_not_repeated_whole_in_the_reason():
    assert len(claims({"relation": "x" * 90_000}).rejects["reason"][0]) < 400


def test_a_detection_keeps_its_whole_number():
    # 2**53 + 1 is no float: read as one, it became the number of another detection.
    found = read(sensors=[{}], detections=[{"detection_id": "9007199254740993"}])
    assert found.recording.detections["detection_id"].to_list() == [9007199254740993]


def test_a_detection_of_no_sensor_is_rejected():
    found = read(sensors=[{}], detections=[{"sensor_id": "R9"}])
    assert refused(found) == [("detections.csv", 2, "sensor_id")]


def test_rings_around_no_origin_are_listed_and_not_drawn():
    found = read(head='ring_origin = "O9"\n' + HEAD)
    assert found.brief.ring_origin == ""
    assert refused(found) == [("incident.toml", None, "ring_origin")]


def test_a_row_of_a_rejected_source_is_rejected_for_that_and_not_for_its_own_times():
    found = read(sources=[{"reliability": "G"}], claims=[{"said_utc_high": "2025-09-10T08:00"}])
    assert refused(found) == [("claims.csv", 2, "source_id"), ("sources.csv", 2, "reliability")]
    assert found.rejects["reason"][0] == "its source S1 was rejected (sources, line 2)"


@pytest.mark.parametrize(
    ("ordered", "later", "is_read"),
    [
        ({"kind": "airspace_closed", "told_as": "order"}, "airspace_reopened", True),
        ({"kind": "airspace_closed", "told_as": "order"}, "notam_cancelled", True),
        ({"kind": "runway_closed", "told_as": "plan"}, "works_cancelled", True),
        ({"kind": "airspace_closed", "told_as": "order"}, "aerodrome_reopened", False),
        ({"kind": "airspace_closed"}, "airspace_reopened", False),
        ({"kind": "airspace_closed", "told_as": "forecast"}, "airspace_reopened", False),
    ],
)
def test_an_order_may_be_taken_back_by_a_row_of_another_kind(ordered, later, is_read):
    found = read(events=[{"event_id": "A1", **ordered}, {"event_id": "A2", "kind": later, "supersedes": "A1"}])
    assert refused(found) == ([] if is_read else [("events.csv", 3, "supersedes")])
