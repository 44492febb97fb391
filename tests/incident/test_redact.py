"""Redaction: persons, private addresses and exact private places are taken out before anything is weighed."""

from __future__ import annotations

import hashlib
import re
import shutil
from dataclasses import fields, replace
from pathlib import Path

import polars as pl
import pytest
from laid_out import account, at, bundle, claim, event, find, origin, question
from pyproj import Geod

from hotwash.incident.redact import REMOVED, redact
from hotwash.model import schema, tables
from hotwash.model.incident import FileRead, Interval
from hotwash.model.occurrence import OF_OCCURRENCE, UNKNOWN, AircraftInvolved, Occurrence
from hotwash.model.recording import FOLDER_TABLES
from hotwash.work.account import analyse

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "airport-2026"
FREE = {"publisher", "title", "note", "text", "summary", "said_by", "role", "place", "region", "type_label",
        "assigned_by", "assigned_why", "what", "seen", "explained_why", "origin", "basis"}  # fmt: skip
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
        ("a nowak tree", "a Mayor tree"),
        ("jan nowak saw it", "Mayor saw it"),
        ("Nowak, Jan saw it", "Mayor saw it"),
        ("jan_nowak, JanNowak and jan.nowak saw it", "Mayor, Mayor and Mayor saw it"),
        ("No\u00adwak and N\u200bowak saw it", "Mayor and Mayor saw it"),
        ("see https://nowak-online.example.org/x at once", "see [removed] at once"),
        ("see https://example.org/%4Eowak?q=1 at once", "see https://example.org/ at once"),
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


def test_a_name_with_marks_is_caught_without_them_and_in_either_normal_form():
    person = {"by": "Chief (Józef Wójcik)", "person": "Józef Wójcik", "role": "chief"}
    assert washed("Wojcik, Wo\u0301jcik and WÓJCIK", **person) == "Chief, Chief and Chief"


def test_what_stands_in_for_one_person_never_names_another():
    laid = bundle(
        [COUNT],
        [claim(1, **{**NOWAK, "by": "Spokesman of Ewa Lis (Jan Nowak)"}),
         claim(2, by="Ewa Lis", person="Ewa Lis", role="mayor", summary="Nowak and Ewa Lis")],
    )  # fmt: skip
    assert "lis" not in everything(redact(laid)[0]).casefold().replace("'", " ").split()


def test_the_hashes_of_what_was_not_redacted_do_not_leave():
    kept, removed = redact(laid_out())
    assert kept.files == (FileRead("claims.csv", REMOVED, 3),)
    assert "00ff" not in everything(kept)
    assert any("hashes" in line for line in removed)


# ---------------------------------------------------------------- every column of every table

TOKEN = "Bożena Kwiatkowska"
FORMS = (TOKEN, TOKEN.upper(), "bozena_kwiatkowska", "Kwiat\u00adkowska", "Kwiatkowska, Bożena", "BożenaKwiatkowska")
PLAIN = {pl.Int64(): 1, pl.Float64(): 1.0, pl.Boolean(): True, pl.Binary(): b"", schema.UTC: at(0)}


def planted(table, form):
    """Return a row of a table with the form of a name in every text that may be any."""
    row = {}
    for column in table.columns:
        if column.one_of:
            row[column.name] = column.one_of[0]
        elif column.dtype == schema.TEXT:
            row[column.name] = f"x-{form} 7 ({form})"
        elif column.dtype == schema.TEXTS:
            row[column.name] = [f"x-{form}", form]
        elif column.dtype == schema.NUMBERS:
            row[column.name] = [1.0]
        else:
            row[column.name] = PLAIN[column.dtype]
    return row


def tell_tale(text):
    """Return whether a text has the name, whatever it is spelled with."""
    bare = text.casefold().replace("\u00ad", "").replace("ż", "z")
    return "kwiatkowska" in bare or "bozena" in bare


@pytest.mark.parametrize("form", FORMS)
def test_a_name_is_taken_out_of_every_column_that_is_declared_of_a_bundle_and_its_recording(form):
    laid = laid_out()
    person = claim(9, by=f"Chief ({TOKEN})", person=TOKEN, role="chief")
    held = [field.name for field in fields(laid) if isinstance(getattr(laid, field.name), pl.DataFrame)]
    declared = {name: getattr(tables, name.upper()) for name in held}
    frames = {name: schema.frame(table, [planted(table, form)]) for name, table in declared.items()}
    frames["claims"] = pl.concat([frames["claims"].with_columns(person=pl.lit(None, dtype=pl.String)),
                                  schema.frame(tables.CLAIMS, [person])])  # fmt: skip
    recorded = {
        table.name: schema.frame(table, [planted(table, form)])
        for table in FOLDER_TABLES
    }  # fmt: skip
    block = {one.key: (form,) if one.kind == "texts" else form for one in OF_OCCURRENCE if one.kind.startswith("text")}
    block = {key: value for key, value in block.items() if key != "weather_relevant"}
    brief = replace(
        laid.brief, title=form, marking=form, releasable_to=form, zones_of_interest=(form,), aerodromes=(form,),
        ring_origin=form, headline=(form,), intervals=(Interval(form, form, form, form, form, form),),
        occurrence=Occurrence(**block, aircraft=(AircraftInvolved(make_model=form, operator=form),)),
    )  # fmt: skip
    whole = replace(
        laid, brief=brief, recording=replace(laid.recording, **recorded, scenario=f"# {form}"),
        files=(FileRead(f"{form}.xlsx", "00ff", 1),), **frames,
    )  # fmt: skip
    kept, removed = redact(whole)
    for holder in (kept, kept.recording):
        for field in fields(holder):
            value = getattr(holder, field.name)
            rows = value.to_dicts() if isinstance(value, pl.DataFrame) else [{"": value}]
            for row in rows:
                for column, cell in row.items():
                    assert not tell_tale(str(cell)), (field.name, column, cell)
    assert not tell_tale(str(removed))


def test_a_name_is_in_no_file_that_leaves(tmp_path):
    """Every text cell of a whole example that may be any text names a person, and so do marking and file number."""
    folder = Path(shutil.copytree(EXAMPLE, tmp_path / "night"))
    for path in sorted(folder.glob("*.csv")):
        frame = pl.read_csv(path, infer_schema=False)
        table = getattr(tables, path.stem.upper())
        free = [one.name for one in table.columns if one.name in frame and one.dtype == schema.TEXT and not one.one_of
                and one.name in FREE]  # fmt: skip
        frame = frame.with_columns((pl.col(name) + f"; {TOKEN} 3").alias(name) for name in free)
        if path.stem == "claims":
            frame = frame.with_columns(
                said_by=pl.when(pl.int_range(pl.len()) == 0).then(pl.lit(TOKEN)).otherwise("said_by"),
                person=pl.when(pl.int_range(pl.len()) == 0).then(pl.lit(TOKEN)).otherwise(pl.lit(None)),
            )
        frame.write_csv(path)
    brief = (folder / "incident.toml").read_text(encoding="utf-8")
    brief = re.sub(r"(?m)^(title|marking|releasable_to) = .*$", rf'\1 = "OFFICIAL, {TOKEN}"', brief)
    (folder / "incident.toml").write_text(brief, encoding="utf-8")
    out = tmp_path / "out"
    assert not [one for one in analyse(folder, now_utc=at(0), out=out, redact=True).view.removed if tell_tale(one)]
    written = sorted(path for path in out.iterdir() if path.is_file())
    assert len(written) >= 4
    for path in written:
        content = path.read_bytes()
        text = content.decode("utf-8", errors="replace")
        assert not tell_tale(text), path.name
        for read in folder.iterdir():
            if read.is_file():
                assert hashlib.sha256(read.read_bytes()).hexdigest() not in text, (path.name, read.name)


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
        "ulica Polna 12",
        "alei Jana Pawła II 10",
        "plac Wolności 3",
        "osiedle Słoneczne 14",
        "проспект Миру 7",
        "Hauptstraße 5",
        "Berliner Allee 12a",
        "12 rue de la Paix",
        "600.700.800",
        "+48.22.123.45.67",
        "22/123-45-67",
        "600\u00a0700\u00a0800",
        "jan (at) example.org",
        "jan[at]example[dot]org",
        "jan at example dot org",
        "52.2297, 21.0122",
        "52.22971234 21.01221234",
        "52,2297; 21,0122",
        "N52.2297 E21.0122",
        "52.23 N, 21.01 E",
        "52°13'47\" N 21°00'44\" E",
        "521347N0210044E",
        "34UDC1234567890",
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
        "12.03.2026 2130",
        "21.30, 22.15",
        "1.234, 2.345 km",
        "the place of 12 finds",
        "plac Unii, closed in 2025",
        "LO3923 and W6 1303",
        "1 234 567 km",
        "19 drones, 7 found, 4 brought down",
        "7000 ft, squawk 7000, QNH 1013",
        "Nowicki et al. found 2 of them in 2025",
        "F-16 and AIM-120",
        "S-RP-0910-2026",
    ],
)
def test_times_dates_and_flight_numbers_are_left(text):
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


@pytest.mark.parametrize(
    ("role", "is_moved"),
    [
        ("resident", True),
        ("Witness", True),
        ("farmer", True),
        ("retired police officer", True),
        ("Anwohnerin", True),
        ("drone pilot", True),
        ("tower", False),
        ("police", False),
        ("airport staff", False),
    ],
)
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
