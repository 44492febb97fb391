"""All faults of a bundle are told in one run, each on a line of its own with its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from bundles import HEAD, files

from hotwash.errors import BundleError
from hotwash.front.bundles import read_bundle
from hotwash.ingest import bundle, folder

MANY = """\
format = "hotwash-bundle/2"
titel = "Lights over the river"
window_start_utc = "2025-09-31T20:00Z"
window_end_utc = 2025-09-10T10:00:00
zone = "Europe/Warschau"
aerodromes = ["EPWW", "EPXX"]
zones_of_interest = ["XX-land"]
headline = ["Q-X", "Q-1"]
is_synthetic = "yes"
kind = "harbour"

[occurrence]
headlien = "x"

[[questions]]
question_id = "Q-1"
text = "?"
kind = "counts"

[[questions]]
question_id = "Q-2"
text = 3
kind = "count"
unit = "leagues"

[[questions]]
question_id = "Q-3"
text = "?"
kind = "duration"
unit = "min"
subject_id = "nigth"

[[intervals]]
name = "night"
from = "a"

[[units]]
name = "diversions"
many = "flights"
colour = "red"

[[assumptions]]
assumption_id = "A-1"
"""
PLACES = [
    "titel",
    "window_start_utc",
    "window_end_utc",
    "title",
    "zone",
    "is_synthetic",
    "[occurrence] headlien",
    "[[intervals]] number 1, to",
    "kind",
    "[[units]] number 1, colour",
    "[[units]] number 1, name",
    "[[questions]] number 1, kind",
    "[[questions]] number 2, text",
    "question Q-2",
    "question Q-3",
    "headline",
    "[[assumptions]] number 1, text",
    "aerodromes, 'EPWW'",
    "aerodromes, 'EPXX'",
]


def refusal(found: dict[str, bytes]) -> BundleError:
    with pytest.raises(BundleError) as refused:
        bundle.read(found)
    return refused.value


def test_every_fault_of_incident_toml_is_told_with_its_place():
    fault = refusal(files(head=MANY))
    assert sorted(one.place for one in fault.faults) == sorted(PLACES)
    assert {one.thing for one in fault.faults} == {"incident.toml"}


def test_each_fault_stands_on_a_line_of_its_own_and_the_first_gives_the_error_its_place():
    fault = refusal(files(head=MANY))
    lines = str(fault).split("\n")
    assert lines == [str(one) for one in fault.faults]
    assert all(line.startswith("incident.toml, ") for line in lines)
    assert (fault.thing, fault.place, fault.why) == (fault.faults[0].thing, fault.faults[0].place, fault.faults[0].why)


def test_one_fault_is_told_as_before_and_is_its_own_only_fault():
    fault = refusal(files(head=HEAD.replace("Europe/Warsaw", "Europe/Warschau")))
    assert str(fault).startswith("incident.toml, zone: unknown time zone 'Europe/Warschau'")
    assert fault.faults == (fault,)
    assert "\n" not in str(fault)


def test_what_follows_from_a_fault_is_no_fault_of_its_own():
    head = HEAD.replace('kind = "range"\nunit = "km"', 'kind = "duration"\nunit = "min"\nsubject_id = "night"')
    head += '\n[[intervals]]\nname = "night"\nfrom = "a"\n'  # the interval is faulty, its name is not
    assert [one.place for one in refusal(files(head=head)).faults] == ["[[intervals]] number 1, to"]


def test_headers_of_several_files_and_the_brief_are_told_together():
    fault = refusal(
        files(
            head=HEAD.replace("title =", "titel ="),
            sources="source_id;publisher\nS1;x\n",
            claims="clame_id,colour\n",
            events='event_id,kind\nE1,"x\n',
        )
    )
    assert [(one.thing, one.place) for one in fault.faults] == [
        ("incident.toml", "titel"),
        ("incident.toml", "title"),
        ("sources.csv", "line 1"),
        ("claims.csv", "line 1"),
        ("events.csv", "line 2"),
    ]


def test_a_header_tells_all_its_columns_and_one_misspelt_is_not_missing_too():
    (fault,) = refusal(files(claims="clame_id,question_id,question_id,said_by,relation,summary\n")).faults
    assert fault.why == (
        "column 'clame_id' is not declared; did you mean claim_id?; column 'question_id' appears twice; remove one; "
        "column source_id is missing; every row needs a value"
    )


def test_files_that_are_missing_are_told_together():
    fault = refusal({"claims.csv": b"claim_id\n", "detections.csv": b"", "detections.parquet": b"PAR1"})
    places = [one.thing for one in fault.faults]
    assert places[:3] == ["incident.toml", "sources.csv", "detections.parquet"]
    assert "claims.csv" in places


def test_occasions_that_questions_and_intervals_name_in_vain_are_told_together():
    head = HEAD.replace('kind = "status"', 'kind = "status"\noccasion_id = "O-2"')
    head += '\n[[intervals]]\nname = "night"\nfrom = "a"\nto = "b"\noccasion_id = "O-3"\n'
    fault = refusal(files(head=head, occasions="occasion_id,kind\nO-1,closure\n"))
    assert [one.place for one in fault.faults] == ["question Q-S", "interval night"]


def test_faults_of_the_folder_the_files_and_the_zones_are_told_in_one_run(tmp_path: Path):
    choices = files(head=HEAD.replace("PL-land", "XX-land").replace("title =", "titel ="), claims="clame_id\n")
    for name, content in choices.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "event.csv").write_bytes(b"event_id,colour\n")
    with pytest.raises(BundleError) as refused:
        read_bundle(tmp_path)
    assert [(one.thing, one.place) for one in refused.value.faults] == [
        ("event.csv", ""),
        ("incident.toml", "titel"),
        ("incident.toml", "title"),
        ("claims.csv", "line 1"),
        ("events.csv", "line 1"),  # it is checked under the name that was meant
        ("incident.toml", "zones_of_interest"),
    ]


def test_all_files_of_a_folder_that_are_named_almost_right_are_told(tmp_path: Path):
    for name in ("Claims.csv", "incidents.toml"):
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(BundleError) as refused:
        folder.read(tmp_path)
    assert [one.thing for one in refused.value.faults] == ["Claims.csv", "incidents.toml"]


def test_rows_that_cannot_be_taken_are_told_with_the_faults_of_the_bundle(tmp_path: Path):
    night = files(
        head=HEAD.replace("Europe/Warsaw", "Europe/Warschau"),
        events="event_id,kind,start_utc,known_utc,source_id\nE1,landing,2025-33-09T20:00Z,2025-09-10T00:00Z,S1\n",
    )
    for name, content in night.items():
        (tmp_path / name).write_bytes(content)
    with pytest.raises(BundleError) as refused:
        read_bundle(tmp_path)
    assert [(one.thing, one.place) for one in refused.value.faults] == [
        ("incident.toml", "zone"),
        ("events.csv", "line 2, start_utc"),
    ]


def test_times_that_only_lack_the_zone_of_an_unread_source_are_no_faults_of_their_own(tmp_path: Path):
    night = files(
        sources="source_id;publisher\nS1;x\n",
        events="event_id,kind,start_utc,known_utc,value,source_id\n"
        "E1,landing,2025-09-09T20:00,2025-09-10T00:00,,S1\nE2,landing,,2025-09-10T00:00Z,many,S1\n",
    )
    for name, content in night.items():
        (tmp_path / name).write_bytes(content)
    with pytest.raises(BundleError) as refused:
        read_bundle(tmp_path)
    assert [(one.thing, one.place) for one in refused.value.faults] == [
        ("sources.csv", "line 1"),
        ("events.csv", "line 3, value"),
    ]
