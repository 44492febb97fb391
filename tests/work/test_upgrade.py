"""A bundle of the first format in the second: nothing lost, what was taken from the rows written into them."""

from __future__ import annotations

from pathlib import Path

import pytest
from bundles import HEAD, files

from hotwash import read_bundle, reconstruct
from hotwash.errors import BundleError
from hotwash.ingest import bundle
from hotwash.work.upgrade import upgrade

SPANS = """
[[intervals]]
name = "night 1"  # the first
from = "aerodrome_closed"
to = "aerodrome_reopened"

[[intervals]]
name = 'night 2'
from = "aerodrome_closed"
to = "aerodrome_reopened"
"""


def told(name, kind, when, **more):
    return {"event_id": name, "kind": kind, "start_utc": when, "subject_id": "EPLB", "said_by": "Tower", **more}


TWO_NIGHTS = [
    told("E1", "aerodrome_closed", "2025-09-09T20:00Z"),
    told("E2", "aerodrome_reopened", "2025-09-09T22:00Z"),
    told("E3", "aerodrome_closed", "2025-09-10T01:00Z"),
    told("E4", "aerodrome_reopened", "2025-09-10T07:00Z"),
]


def laid(folder: Path, head: str = HEAD + SPANS, **tables) -> Path:
    folder.mkdir()
    graded = [{"reliability": "B"}]
    for name, content in files(head=head, sources=graded, **tables).items():
        (folder / name).write_bytes(content)
    return folder


def test_occasions_are_written_where_an_aerodrome_has_several(tmp_path: Path):
    source = laid(tmp_path / "night", events=TWO_NIGHTS)
    done = upgrade(source)
    assert done.folder == tmp_path / "night-2"
    head = (done.folder / "incident.toml").read_text()
    assert head.startswith('format = "hotwash-bundle/2"')
    assert 'name = "night 1"  # the first\noccasion_id = "EPLB-1"\n' in head
    assert "name = 'night 2'\noccasion_id = \"EPLB-2\"\n" in head
    assert (done.folder / "occasions.csv").read_text().splitlines() == [
        "occasion_id,kind,subject_id,utc_low,utc_high",
        "EPLB-1,closure,EPLB,2025-09-09T20:00:00Z,2025-09-09T22:00:00Z",
        "EPLB-2,closure,EPLB,2025-09-10T01:00:00Z,2025-09-10T07:00:00Z",
    ]
    before, after = (reconstruct(read_bundle(folder)) for folder in (source, done.folder))
    assert after.durations.equals(before.durations)
    assert after.findings.equals(before.findings)
    assert after.bundle_remarks.is_empty()
    assert before.bundle_remarks.height == 3


def test_one_closure_gets_no_occasion(tmp_path: Path):
    done = upgrade(laid(tmp_path / "night", HEAD, events=TWO_NIGHTS[:2]))
    assert not (done.folder / "occasions.csv").exists()
    assert "occasion_id" not in (done.folder / "events.csv").read_text()


def test_a_revision_taken_from_the_rows_is_written_and_a_telling_that_cannot_be_is_left_to_the_analyst(tmp_path: Path):
    events = [
        told("E1", "first_report", "2025-09-09T21:30Z", known_utc="2025-09-10T06:00Z"),
        told("E2", "first_report", "2025-09-09T20:30Z", known_utc="2025-09-10T12:00Z"),
        told("E3", "press_release", "2025-09-10T09:00Z", known_utc="2025-09-10T07:00Z"),
    ]
    done = upgrade(laid(tmp_path / "night", HEAD, events=events))
    rows = bundle.read({path.name: path.read_bytes() for path in done.folder.iterdir()}).recording.events.to_dicts()
    assert [row["supersedes"] for row in rows] == [None, ["E1"], None]
    assert [row["told_as"] for row in rows] == [None, None, None]
    assert [row["row_id"] for row in done.undecided] == ["E3"]


@pytest.mark.parametrize("name", ["poland-2025", "airport-2026", "closures-2026"])
def test_an_example_keeps_its_account(name: str, tmp_path: Path):
    done = upgrade(Path(name), out=tmp_path / "new")
    before, after = (reconstruct(read_bundle(source), is_tracked=False) for source in (name, done.folder))
    for frame in ("findings", "durations", "states", "closures", "counts", "contradictions"):
        assert getattr(after, frame).equals(getattr(before, frame)), frame


def test_a_folder_that_holds_something_is_not_written_to(tmp_path: Path):
    source = laid(tmp_path / "night", HEAD)
    with pytest.raises(BundleError, match="holds files already"):
        upgrade(source, out=source)
