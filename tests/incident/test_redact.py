"""Redaction: persons, private addresses and exact private places are taken out before anything is weighed."""

from __future__ import annotations

from dataclasses import fields, replace

import polars as pl
import pytest
from laid_out import account, at, bundle, claim, event, find, origin, question
from pyproj import Geod

from hotwash.incident.redact import REMOVED, redact
from hotwash.model import schema, tables
from hotwash.model.incident import FileRead, Interval
from hotwash.model.occurrence import UNKNOWN, AircraftInvolved, Occurrence

COUNT = question("count", "airframes")
NOWAK = {"by": "Mayor (Jan Nowak)", "person": "Jan Nowak", "role": "mayor"}


def everything(laid) -> str:
    """Return every text of a bundle."""
    parts = [str(laid.brief)]
    for holder in (laid, laid.recording):
        for field in fields(holder):
            value = getattr(holder, field.name)
            parts += [str(value.to_dicts())] if isinstance(value, pl.DataFrame) else []
    return "\n".join(parts)


def washed(text: str, **person) -> str:
    """Return what becomes of a claim's summary."""
    kept, _ = redact(bundle([COUNT], [claim(1, **{**NOWAK, **person}, summary=text)]))
    return kept.claims["summary"][0]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Jan Nowak saw it", "Mayor saw it"),
        ("Nowak saw it", "Mayor saw it"),
        ("JAN  NOWAK saw it", "Mayor saw it"),
        ("The mayor (Nowak) saw it", "The mayor saw it"),
        ("The mayor (Jan Nowak, by telephone) saw it", "The mayor saw it"),
        ("Nowakowski saw it", "Nowakowski saw it"),
        ("a nowak tree", "a nowak tree"),
    ],
)
def test_a_name_gives_way_to_the_function_as_a_whole_word(text, wanted):
    assert washed(text) == wanted


def test_an_inflected_name_is_not_caught_and_the_manual_says_so():
    assert washed("They heard Nowaka") == "They heard Nowaka"
    assert "inflected" in (redact.__doc__ or "")


def test_a_role_is_put_in_as_it_stands():
    assert washed("Nowak saw it", by="Nowak", role=r"a \1 role") == r"a \1 role saw it"


def test_two_persons_of_one_function_are_numbered():
    kept, _ = redact(
        bundle(
            [COUNT],
            [claim(1, **NOWAK), claim(2, by="Mayor (Ewa Lis)", person="Ewa Lis", role="mayor", summary="Ewa Lis said")],
        )
    )
    assert kept.claims["summary"][1] == "Mayor 2 said"


def laid_out():
    claims = [
        {**claim(2, **NOWAK, derived_from=["Jan Nowak"], note="Nowak"), "claim_id": "C-Nowak-1"},
        {**claim(1, **NOWAK, said=400), "claim_id": "C-Nowak-2", "supersedes": "C-Nowak-1"},
        {**claim(1, "at_least", by="Paper", source="S-PAPER", derived_from=["C-Nowak-1"]), "claim_id": "C3"},
    ]
    reported = {
        "by": ["Mayor (Jan Nowak)", "Police"],
        "source": ["S-RADIO", "S-POLICE"],
        "what": "on the field of Nowak",
    }
    seen = {"sighting_id": "G1", "role": "resident", "saw_nothing": False, "said_by": "P-7", "seen": "Nowak saw it"}
    laid = bundle(
        [{**COUNT, "text": "What did Jan Nowak count?"}],
        claims,
        finds=[find("F1", 1.0, **reported)],
        events=[event("start", 1.0, by="Mayor (Jan Nowak)", text="Nowak calls")],
        origins=[origin("O1", 50.0, 30.0) | {"basis": "as Nowak says"}],
        assumptions=[{"assumption_id": "A-1", "text": "Nowak is right.", "known_utc": at(0)}],
        sightings=[seen],
        intervals=[Interval("from the call of Nowak", "start", "stop", "Nowak", "")],
        occurrence=Occurrence(
            "Jan Nowak finds a drone", category=("as Nowak has it",), responsible_entity="Nowak's office"
        ),
    )
    links = ["https://example.org/2026/jan-nowak-sees", "https://example.org/%4Eowak", "https://example.org/a"]
    links += [None] * (laid.recording.sources.height - len(links))
    sources = laid.recording.sources.with_columns(pl.Series("url", links, dtype=pl.String))
    brief = replace(laid.brief, title="Jan Nowak and the drone")
    rejected = [
        {"file": "claims.csv", "line": 3, "value": "Ewa Lis", "reason": "'Ewa Lis' is no role", "advice": "Lis?"}
    ]
    return replace(
        laid,
        brief=brief,
        recording=replace(laid.recording, sources=sources),
        rejects=schema.frame(tables.REJECTS, [*rejected]),
        repairs=schema.frame(tables.REPAIRS, [{"file": "claims.csv", "raw": "LiÅ›", "mended": "Ewa Liś"}]),
        files=(FileRead("claims.csv", "00ff", 3),),
    )


def test_a_name_is_left_nowhere_in_the_bundle():
    kept, _ = redact(laid_out())
    text = everything(kept).casefold()
    for name in ("nowak", "ewa", "lis", "p-7"):
        assert f" {name} " not in text.replace("'", " ").replace("-", " ").replace("/", " ").replace("(", " "), name
    assert "nowak" not in text


def test_ids_stay_linked_when_a_name_is_taken_out_of_them():
    kept, _ = redact(laid_out())
    rows = kept.claims.to_dicts()
    assert rows[1]["supersedes"] == [rows[0]["claim_id"]]
    assert rows[2]["derived_from"] == [rows[0]["claim_id"]]


def test_redaction_changes_no_verdict():
    before, after = laid_out(), redact(laid_out())[0]
    assert account(after).findings["verdict"].to_list() == account(before).findings["verdict"].to_list()
    assert account(before).findings["verdict"].to_list() == ["superseded", "compatible", "supported"]


def test_what_was_removed_is_listed():
    _, removed = redact(laid_out())
    text = "\n".join(removed)
    for wanted in ("the name of a person (Mayor)", "links that spell a name: 2", "rejected rows"):
        assert wanted in text
    assert "nowak" not in text.casefold()


def test_a_bundle_that_names_nobody_is_left_as_it_is():
    laid = bundle([COUNT], [claim(1)], finds=[find("F1", 1.0, lat_deg=50.12, lon_deg=20.34)])
    kept, removed = redact(laid)
    assert removed == []
    assert kept.claims.equals(laid.claims)
    assert kept.finds.equals(laid.finds)


def test_the_hashes_of_the_files_stay():
    assert redact(laid_out())[0].files == laid_out().files


# ---------------------------------------------------------------- addresses and numbers


@pytest.mark.parametrize(
    "text",
    [
        "jan.nowak+x@example.org",
        "600 700 800",
        "600-700-800",
        "+48 22 123 45 67",
        "0048 600 700 800",
        "+380 44 123 45 67",
        "(22) 123 45 67 8",
        "ul. Polna 12a/3",
        "ul. 3 Maja 5",
        "al. Jana Pawła II 10",
        "вул. Шевченка 7",
        "12 Baker Street",
        "221 Old Mill Lane",
    ],
)
def test_private_addresses_and_numbers_are_taken_out(text):
    assert washed(f"Call {text} at once") == f"Call {REMOVED} at once"


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-12T21:30:00Z",
        "2026-03-12 21:30",
        "2026-03-12 2130 local time",
        "12-03-2026 14 people",
        "20260312 2130",
        "21:30-22:15",
        "52.2297, 21.0122",
        "52.22971234 21.01221234",
        "LO3923 and W6 1303",
        "1 234 567 km",
        "19 drones, 7 found, 4 brought down",
        "7000 ft, squawk 7000, QNH 1013",
        "Nowicki et al. found 2 of them in 2025",
        "F-16 and AIM-120",
        "S-RP-0910-2026",
    ],
)
def test_times_dates_coordinates_and_flight_numbers_are_left(text):
    assert washed(f"Noted {text} here") == f"Noted {text} here"


def test_an_id_of_many_digits_is_no_telephone_number():
    laid = bundle([COUNT], [{**claim(1), "claim_id": "600700800"}, {**claim(2), "claim_id": "600700801"}])
    assert redact(laid)[0].claims["claim_id"].to_list() == ["600700800", "600700801"]


# ---------------------------------------------------------------- places


def private(lat, lon, sigma=0.1, **more):
    return find("F1", 1.0, lat_deg=lat, lon_deg=lon, sigma_position_km=sigma, is_private_place=True, **more)


@pytest.mark.parametrize("seed", range(20))
def test_a_private_place_moves_to_the_middle_of_its_cell_and_its_sigma_says_so(seed):
    lat, lon = 49.0 + seed * 0.277, 14.0 + seed * 0.431
    row = redact(bundle(finds=[private(lat, lon)]))[0].finds.row(0, named=True)
    assert abs(row["lat_deg"] - lat) <= 0.05 + 1e-9
    assert abs(row["lon_deg"] - lon) <= 0.05 + 1e-9
    assert (
        Geod(ellps="WGS84").line_length([lon, row["lon_deg"]], [lat, row["lat_deg"]]) / 1000.0
        <= 2 * row["sigma_position_km"]
    )


def test_the_sigma_of_a_moved_place_is_no_smaller_than_the_spread_within_a_cell():
    height_km, width_km = 0.1 * 111.2, 0.1 * 111.2 * 0.65  # a cell at 49.5° north
    row = redact(bundle(finds=[private(50.0, 20.0)]))[0].finds.row(0, named=True)
    assert row["sigma_position_km"] >= max(height_km, width_km) / 12**0.5  # a uniform spread


def test_all_places_in_one_cell_become_one_so_distances_tell_no_more():
    # Three distances to three origins would tell an exact position again.
    origins = [origin("O1", 50.0, 30.0), origin("O2", 55.0, 30.0), origin("O3", 47.0, 25.0)]
    distances = [
        account(redact(bundle(finds=[private(lat, lon)], origins=origins))[0]).ranges["distance_km"].to_list()
        for lat, lon in ((50.011, 20.011), (50.089, 20.089))
    ]
    assert distances[0] == distances[1]


def test_every_assessment_of_a_private_find_is_moved_though_only_one_is_marked():
    rows = [private(50.012, 20.034), find("F1", 0.9, lat_deg=50.012, lon_deg=20.034, known_utc=at(90))]
    kept, removed = redact(bundle(finds=rows))
    assert kept.finds["lat_deg"].to_list() == [50.05, 50.05]
    assert removed == ["exact position of find F1"]


def test_what_happened_to_a_private_find_does_not_tell_its_place():
    told = [
        event("fell", 1.0, subject_id="F1", lat_deg=50.012, lon_deg=20.034),
        event("seen", 2.0, lat_deg=51.0, lon_deg=21.0),
    ]
    kept, removed = redact(bundle(finds=[private(50.012, 20.034)], events=told))
    assert kept.recording.events["lat_deg"].to_list() == [None, 51.0]
    fell, seen = kept.recording.events["event_id"].to_list()
    assert f"position of event {fell}" in removed
    assert f"position of event {seen}" not in removed


@pytest.mark.parametrize(("role", "is_moved"), [("resident", True), ("Witness", True), ("tower", False)])
def test_residents_are_not_told_by_where_they_stood(role, is_moved):
    row = {
        "sighting_id": "G1",
        "role": role,
        "saw_nothing": True,
        "lat_deg": 50.012,
        "lon_deg": 20.034,
        "said_by": "P-7",
    }
    kept = redact(bundle(sightings=[row]))[0].sightings.row(0, named=True)
    assert (kept["lat_deg"] != 50.012) is is_moved
    assert kept["said_by"] is None


def test_a_find_that_is_not_private_stays_where_it_lay():
    row = find("F1", 1.0, lat_deg=50.012, lon_deg=20.034, is_private_place=False)
    assert redact(bundle(finds=[row]))[0].finds["lat_deg"].to_list() == [50.012]


def test_what_leads_from_an_aircraft_to_a_person_is_cut():
    craft = AircraftInvolved(
        registration="SP-ABC",
        serial_number="1234",
        call_sign=UNKNOWN,
        operator="Nowak Air",
        make_model="Nowak's own type",
    )
    laid = laid_out()
    occurrence = replace(laid.brief.occurrence, aircraft=(craft,), file_number="600 100 200")
    kept, removed = redact(replace(laid, brief=replace(laid.brief, occurrence=occurrence)))
    (shorn,) = kept.brief.occurrence.aircraft
    assert (shorn.registration, shorn.serial_number, shorn.operator) == ("[removed]", "[removed]", "[removed]")
    assert shorn.call_sign == UNKNOWN  # it tells nothing
    assert shorn.make_model == "Mayor's own type"
    assert kept.brief.occurrence.file_number == "600 100 200"  # no telephone number: the authority files by it
    assert "the registration of an aircraft: 1 place" in removed
