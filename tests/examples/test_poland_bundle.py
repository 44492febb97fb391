"""The Polish bundle: what it must hold, and that nothing of the notes behind it was lost on the way."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Reader = Callable[[str], Any]

# Old row of the notes, in order: the rows of the bundle that carry it.
CLAIMS = """
C-AIR-UAAF
C-AIR-MON
C-CROSS-TUSK
C-CROSS-KPRM
C-AIR-MEDIA-20 C-AIR-MEDIA-23
C-AIR-ZEL-24
C-AIR-PRZ
C-AIR-KUK
C-TOWARDS-ZEL C-AIR-ZEL-19
C-AIR-KLISZ C-TOWARDS-KLISZ-WEST C-TOWARDS-KLISZ-PL
C-DOWN-TUSK-3 C-DOWN-TUSK-4
C-DOWN-ZEL C-DOWN-UP
C-DOWN-LDP C-LUBLIN-LDP-FELL C-LUBLIN-LDP-OPEN
C-DOWN-NL S-UKDJ-1001
C-RANGE-RUMOD S-TVC-0910
C-RANGE-NEB C-ORIGIN-NEB
C-RANGE-LAV
C-RANGE-GERB-UA
C-RANGE-GERB-INTERIA
C-TANK-RBC
C-INTENT-RUMOD
C-ORIGIN-ORD
C-INTENT-TUSK C-INTENT-SIK
C-INTENT-OFFICIALS C-INTENT-OFFICER S-CNN-0919
C-CAUSE-BY C-BELARUS-DOWN C-BELARUS-WARNED
C-WAR-LDP
C-WAR-SIK
C-WAR-KLISZ-CARD C-WAR-KLISZ-ASSUME C-WAR-KLISZ-OPEN S-DORZ-1117
C-WAR-RMF
C-WYRYKI-MSWIA C-WYRYKI-LRP
C-WYRYKI-LDP-2025
C-WYRYKI-RZ C-WYRYKI-RZ-CAUSE
C-WYRYKI-ESKA C-WYRYKI-ESKA-CAUSE
C-WYRYKI-SIE C-WYRYKI-SIE-CAUSE
C-MISSILES-RZ
C-WYRYKI-LDP-2026 C-WYRYKI-LDP-2026-CAUSE S-QSYNC
C-AERO-FAA C-AERO-PRESS
C-STATUS-EPWA-OWN C-STATUS-EPLB-OWN
C-CLOSED-RZ
C-CLOSED-GP
C-DIV-FAKT
C-DIV-LOT S-RMF-0910B
"""

TIMELINE = """
E-BY-EXCHANGE
E-READINESS
E-FIRST-SE
E-FIRST
E-FIRST-UAPL
E-ENTRY-UAAF
E-DOORBELL
E-STATEMENT
E-POLICE-F01
E-MINISTERS
E-LAST
E-LAST-DOWN
E-WARNING
E-EPMO-NORMAL
E-EPWA-OPEN E-EPMO-OPEN E-EPRZ-OPEN
E-EPLB-OPEN
E-SEJM E-ARTICLE-4
E-FINDS-07
E-FINDS-10
E-FINDS-12
E-FINDS-15
E-FINDS-16
E-FINDS-17
E-CASE-OPENED
E-PRESS-WYRYKI
E-FIND-F18
E-FIND-F15 E-FIND-F14 E-FIND-F11
E-SEARCH-ENDED
E-KLISZ
E-WYRYKI-CLOSED
E-CASE-CLOSED
"""

# How the notes call a publisher or a speaker, where the bundle says it otherwise.
PUBLISHERS = {
    "UP": "Ukrainska Pravda",
    "CNN mirror": "CNN",
    "gov.pl Komunikat MON": "gov.pl",
    "Wprost live": "Wprost",
    "dziennikwschodni.pl": "Dziennik Wschodni",
    "QuantuSync/droneobservatory report": "QuantuSync",
}
SPEAKERS = {
    "Ukraine Air Force": "Air Force of Ukraine",
    "Polish MoD communique": "Ministry of Defence of Poland",
    "Chancellery page": "Chancellery",
    "Chancellery on X": "Chancellery",
    "unofficial": "unofficial",
    "Przydacz (president's office)": "Przydacz",
    "Gen. Kukuła": "Kukuła",
    "Gen. Klisz": "Klisz",
    "UP on Tusk": "Tusk",
    "Dutch MoD": "Netherlands",
    "Russian MoD": "Ministry of Defence of Russia",
    "UN Security Council": "Security Council",
    "Russian charge d'affaires Ordash": "Ordash",
    "US and Western officials via CNN": "US and Western officials",
    "Belarus General Staff": "General Staff of Belarus",
    "Belarus General Staff (Muraveiko)": "General Staff of Belarus",
    "Lublin prosecutor": "Lublin district prosecutor",
    "Rzeczpospolita sources": "Rzeczpospolita",
    "Rzeczpospolita via Fakt": "Rzeczpospolita",
    "FAA via NOTAM": "FAA",
    "press": "Forsal",
    "Lublin airport spokesman": "Lublin airport",
    "LOT spokesman": "LOT",
    "Tusk in Sejm": "Tusk",
    "Tusk as reported by Super Express": "Super Express",
    "resident": "resident",
    "Szłapka": "Government spokesman",
    "unnamed sources": "Rzeczpospolita",
    "dziennikwschodni.pl": "Dziennik Wschodni",
}


@pytest.fixture(scope="module")
def bundle(folder: Reader) -> Any:
    return folder("poland-2025")


@pytest.fixture(scope="module")
def rows_by_id(bundle: Any) -> dict[str, dict[str, str]]:
    keys = {"sources": "source_id", "claims": "claim_id", "events": "event_id"}
    return {row[key]: row for table, key in keys.items() for row in bundle.tables[table]}


def old(shared: Path, name: str) -> list[dict[str, str]]:
    with (shared / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def parts(cell: str) -> list[str]:
    """Return the names in a cell of the notes: dates and remarks taken off, several names parted."""
    bare = re.sub(r"\((?:AI-made|copy in) ?([^)]*)\)", r"; \1", cell).replace("summary", "")
    bare = re.sub(r"\s*\d{4}-\d{2}-\d{2}", "", bare)
    return [name.strip() for name in re.split(r"[;,]| / | via | quoting ", bare) if name.strip()]


# ---------------------------------------------------------------- what it must hold


def test_there_are_21_places_against_11_origins(bundle: Any):
    latest = bundle.latest("finds", "find_id")
    placed = [name for name, row in latest.items() if row["lat_deg"] and row["lon_deg"]]
    assert sorted(latest) == [f"F{number:02d}" for number in range(1, 24)]
    assert sorted(set(latest) - set(placed)) == ["F22", "F23"]
    assert len(placed) * len(bundle.tables["origins"]) == 231


def test_what_hit_the_house_changes_with_the_date(bundle: Any):
    kinds = [row["object_kind"] for row in bundle.tables["finds"] if row["find_id"] == "F03"]
    assert kinds == ["uas", "unknown", "missile_part", "missile_part", "missile_part"]
    chances = [float(row["probability_find"]) for row in bundle.tables["finds"] if row["find_id"] == "F03"]
    assert chances == sorted(chances, reverse=True)


def test_the_model_aircraft_was_counted_and_then_not(bundle: Any):
    kinds = [row["object_kind"] for row in bundle.tables["finds"] if row["find_id"] == "F23"]
    assert kinds == ["uas", "model_aircraft"]


def test_a_repeated_number_that_changed_its_unit_keeps_the_changed_unit(rows_by_id: dict[str, dict[str, str]]):
    first, repeated = rows_by_id["C-CROSS-TUSK"], rows_by_id["C-CROSS-KPRM"]
    assert (first["value"], first["unit"]) == ("19", "crossings")
    assert (repeated["value"], repeated["unit"]) == ("19", "airframes")
    assert repeated["derived_from"] == first["said_by"]
    assert repeated["question_id"] == first["question_id"]


def test_every_named_person_can_be_redacted(bundle: Any):
    persons = {row["person"] for row in bundle.tables["claims"]} - {""}
    assert len(persons) == 11
    bodies = {"MON", "KPRM", "MSWiA", "DORSZ", "RCB", "FAA", "PAŻP", "narrator", "starosta"}
    for table, rows in bundle.tables.items():
        for row in rows:
            if table == "claims":
                assert row["person"] in row["said_by"]
            for named in re.findall(r"\((?:Gen\. )?([^)]*)\)", row.get("said_by", "")):
                assert named in persons | bodies, row


def test_homes_and_farms_are_private(bundle: Any):
    private = {row["find_id"] for row in bundle.tables["finds"] if row["is_private_place"] == "true"}
    assert private == {"F02", "F03", "F08", "F09"}


def test_no_start_of_a_closure_is_made_up(bundle: Any):
    shut = [row for row in bundle.tables["events"] if row["kind"] in ("airspace_closed", "aerodrome_closed")]
    assert {row["subject_id"] for row in shut} == set(bundle.head["aerodromes"])
    assert not [row for row in shut if row["start_utc"] or row["utc_low"]]


def test_every_origin_is_called_an_assumption(bundle: Any):
    assert all(row["basis"].startswith("ASSUMPTION: ") for row in bundle.tables["origins"])


# ---------------------------------------------------------------- nothing was lost


@pytest.mark.parametrize(("name", "mapping"), [("claims", CLAIMS), ("timeline", TIMELINE)])
def test_every_old_row_keeps_its_page_its_date_and_its_speaker(
    name: str, mapping: str, shared: Path, bundle: Any, rows_by_id: dict[str, dict[str, str]]
):
    rows, ours = old(shared, name), mapping.strip().splitlines()
    assert len(rows) == len(ours)
    for row, ids in zip(rows, ours, strict=True):
        found = [rows_by_id[name] for name in ids.split()]
        pages = [rows_by_id[source] for item in found for source in item["source_id"].split(";")]
        where = f"{row.get('claim') or row.get('event')}: {ids}"
        assert not row["url"] or row["url"] in {page["url"] for page in pages}, where
        told = " ".join(page["publisher"] + " " + page["note"] for page in pages)
        for publisher in parts(row["publisher"]):
            assert PUBLISHERS.get(publisher, publisher) in told, f"{publisher}: {where}"
        cells = " ".join(value for item in found + pages for value in item.values())
        for day in re.findall(r"\d{4}-\d{2}-\d{2}", row.get("date", "") + row["publisher"]):
            assert day in cells, f"{day}: {where}"
        for speaker in parts(row["said_by"]):
            assert SPEAKERS.get(speaker, speaker) in cells, f"{speaker}: {where}"
        for number in re.findall(r"\b\d+\b", row.get("claim", "")):
            assert number in cells, f"{number}: {where}"


def test_every_old_time_is_the_time_of_its_event(shared: Path, rows_by_id: dict[str, dict[str, str]]):
    for row, ids in zip(old(shared, "timeline"), TIMELINE.strip().splitlines(), strict=True):
        found = [rows_by_id[name] for name in ids.split()]
        times = {item[column][: len(row["utc"])] for item in found for column in ("start_utc", "utc_low", "utc_high")}
        assert row["utc"] in times, ids


def test_every_old_find_keeps_its_place(shared: Path, bundle: Any):
    latest = bundle.latest("finds", "find_id")
    for row in old(shared, "finds"):
        ours = latest[row["find_id"]]
        assert ours["region"] == row["voivodeship"]
        for column in ("lat_deg", "lon_deg", "sigma_position_km"):
            assert ours[column] == row[column], row["find_id"]
        if ours["lat_deg"]:
            assert ours["place"] == row["place"]


def test_every_old_find_keeps_its_numbers(shared: Path, bundle: Any):
    for row in old(shared, "finds"):
        told = " ".join(" ".join(item.values()) for item in bundle.tables["finds"] if item["find_id"] == row["find_id"])
        months = {"2025", "2026", "10", "11", "12", "16", "20", "21", "24", "9"}  # dates stand in the time columns
        for number in set(re.findall(r"\b\d+(?:\.\d+)?\b", row["what"])) - months:
            assert number in told, f"{row['find_id']}: {number}"


def test_every_old_origin_is_here(shared: Path, bundle: Any):
    ours = {row["origin_id"]: row for row in bundle.tables["origins"]}
    rows = old(shared, "origins")
    assert len(rows) == len(ours)
    for row in rows:
        for column in ("origin", "lat_deg", "lon_deg", "sigma_position_km"):
            assert ours[row["origin_id"]][column] == row[column]


# ---------------------------------------------------------------- the report's words

WORDS = {
    "C-CROSS-REPORT": "19",
    "C-DOWN-REPORT": "three",
    "C-RANGE-RUMOD-REPORT": "700",
    "C-INTENT-RUMOD-REPORT": "no plans",
    "C-INTENT-REPORT": "strayed",
    "C-ORIGIN-RUMOD-REPORT": "allegedly",
    "C-AERO-REPORT": "four airports",
    "C-STATUS-EPWA-REPORT": "Chopin",
    "C-AGREED-MINISTRIES": "agreement",
    "C-AGREED-SKILLS": "drone control",
    "C-AGREED-INDUSTRY": "industry",
    "C-AGREED-TROOPS": "skills",
    "C-AGREED-LESSONS": "lessons learned",
    "C-AGREED-JATEC": "JATEC",
    "C-AGREED-UMEROV": "meet",
}


def test_every_statement_of_the_report_says_where_its_words_stand(bundle: Any):
    rows = [row for row in bundle.tables["claims"] if row["source_id"] == "S-REPORT"]
    assert {row["claim_id"] for row in rows} == set(WORDS)
    assert all(0 < int(row["words_start"]) < int(row["words_end"]) for row in rows)
    assert not [row for row in bundle.tables["claims"] if row["words_start"] and row["source_id"] != "S-REPORT"]


def test_the_words_of_the_report_stand_where_the_claims_say(
    shared: Path, bundle: Any, rows_by_id: dict[str, dict[str, str]]
):
    raw = (shared / "report.txt").read_bytes()
    assert hashlib.sha256(raw).hexdigest() == rows_by_id["S-REPORT"]["sha256"]
    text = raw.decode("utf-8")
    for name, word in WORDS.items():
        row = rows_by_id[name]
        assert word in text[int(row["words_start"]) : int(row["words_end"])], name


def test_no_sentence_of_the_report_is_copied(shared: Path, bundle: Any):
    text = (shared / "report.txt").read_text(encoding="utf-8").casefold()
    ours = " ".join(path.read_text(encoding="utf-8") for path in sorted(bundle.path.iterdir())).casefold()
    words = re.findall(r"\w+", text)
    runs = {" ".join(words[start : start + 8]) for start in range(len(words) - 7)}
    flat = " ".join(re.findall(r"\w+", ours))
    assert not [run for run in runs if run in flat]
