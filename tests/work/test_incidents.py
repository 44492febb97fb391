"""Accounts in a centre: kept whole and once, listed row by row, and what a lesson rests on is pinned by its hash."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from hotwash import resources
from hotwash.errors import BundleError, CentreError, ReadError
from hotwash.export import files
from hotwash.front.bundles import read_bundle
from hotwash.lessons import json_values
from hotwash.model.lesson import Evidence
from hotwash.store import centre as centres
from hotwash.store import doctor, folders, lessons
from hotwash.store import incidents as kept_incidents
from hotwash.store.centre import Centre
from hotwash.work import account, incidents
from hotwash.work import lessons as work
from hotwash.work.incidents import KeepRequest

NOW = datetime(2026, 5, 1, tzinfo=UTC)
LATER = datetime(2026, 6, 1, tzinfo=UTC)
WARNING = "durations:first violation to first public warning"


@pytest.fixture
def night(tmp_path: Path) -> Path:
    folder = tmp_path / "poland-2025"
    files.write_all(folder, resources.example("poland-2025"))
    return folder


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    with centres.create(tmp_path / "centre", name="Test", now_utc=NOW) as made:
        yield made


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a centre that keeps the account of the example: made once, copied for each test."""
    place = tmp_path_factory.mktemp("example")
    files.write_all(place / "poland-2025", resources.example("poland-2025"))
    with centres.create(place / "centre", name="Test", now_utc=NOW) as made:
        incidents.analyse_and_keep(made, KeepRequest(place / "poland-2025"), now_utc=NOW)
    return place / "centre"


@pytest.fixture
def keeping(example: Path, tmp_path: Path) -> Iterator[Centre]:
    """A centre that keeps the account of the example."""
    with centres.open_(shutil.copytree(example, tmp_path / "keeping")) as opened:
        yield opened


def test_a_bundle_is_kept_with_its_account_and_the_bundle_itself_is_left_as_it_was(centre: Centre, night: Path):
    before = folders.hash_of(night)
    kept, is_new = incidents.analyse_and_keep(centre, KeepRequest(night), now_utc=NOW)
    assert (kept.name, is_new, kept.title) == (
        "poland-2025/1",
        True,
        "Drones over Poland, night of 9-10 September 2025",
    )
    place = centre.folder / kept.folder
    assert {account.PAGE, account.TEXT, account.DATA, "incident.toml", "claims.csv"} <= {
        one.name for one in place.iterdir()
    }
    assert folders.hash_of(night) == before
    assert doctor.examine(centre) == ()


def test_an_account_that_says_the_same_is_not_kept_twice_and_one_that_says_more_is_kept_beside(
    centre: Centre, night: Path
):
    first, _ = incidents.analyse_and_keep(centre, KeepRequest(night), now_utc=NOW)
    assert incidents.analyse_and_keep(centre, KeepRequest(night), now_utc=LATER) == (first, False)
    second, is_new = incidents.analyse_and_keep(centre, KeepRequest(night, as_of="2025-09-11"), now_utc=LATER)
    assert (second.name, is_new) == ("poland-2025/2", True)
    assert [one.name for one in kept_incidents.all_accounts(centre)] == ["poland-2025/1", "poland-2025/2"]


def test_a_run_that_is_killed_while_it_redacts_leaves_no_raw_copy(
    centre: Centre, night: Path, monkeypatch: pytest.MonkeyPatch
):
    """The bundle lay in the centre, under a hidden name, until its account was written."""
    lay_there: list[str] = []

    def killed(*_: object, **__: object) -> None:
        lay_there.extend(path.name for path in centre.folder.rglob("*") if path.is_file())
        raise KeyboardInterrupt

    monkeypatch.setattr(incidents.account, "analyse", killed)
    with pytest.raises(KeyboardInterrupt):
        incidents.analyse_and_keep(centre, KeepRequest(night, redact=True), now_utc=NOW)
    assert not {path.name for path in night.iterdir()} & set(lay_there)


def test_a_redacted_account_leaves_the_bundle_out(centre: Centre, night: Path):
    kept, _ = incidents.analyse_and_keep(centre, KeepRequest(night, redact=True), now_utc=NOW)
    assert {one.name for one in (centre.folder / kept.folder).iterdir()} == {
        account.PAGE,
        account.TEXT,
        account.DATA,
        account.FILING,
    }
    assert WARNING in {one.ref.partition("#")[2] for one in incidents.account_rows(centre, "poland-2025")}


def test_a_bundle_that_is_refused_leaves_nothing_in_the_centre(centre: Centre, night: Path, tmp_path: Path):
    (night / "incident.toml").write_text("title = ", encoding="utf-8")
    with pytest.raises(ReadError):
        incidents.analyse_and_keep(centre, KeepRequest(night), now_utc=NOW)
    with pytest.raises(BundleError):
        incidents.analyse_and_keep(centre, KeepRequest(tmp_path / "nowhere"), now_utc=NOW)
    with pytest.raises(CentreError, match="--id"):
        incidents.analyse_and_keep(centre, KeepRequest(night, "a/night"), now_utc=NOW)
    assert kept_incidents.all_accounts(centre) == ()
    assert doctor.examine(centre) == ()


def test_each_row_begins_a_lesson_and_stands_on_the_page_where_it_says(
    keeping: Centre, monkeypatch: pytest.MonkeyPatch
):
    kept = kept_incidents.get_account(keeping, "poland-2025")
    monkeypatch.setattr(incidents, "read_bundle", cache(read_bundle))  # 278 rows of one bundle
    found = incidents.account_rows(keeping, "poland-2025")
    assert {one.table for one in found} == {"durations", "counts", "findings", "finds", "events", "sightings", "claims"}
    page = (keeping.folder / kept.folder / account.PAGE).read_text(encoding="utf-8")
    missing = [one.page for one in found if one.page and f'id="{one.page.partition("#")[2]}"' not in page]
    assert missing == []
    for row in found:
        assert row.text in str(incidents.draft_from_row(keeping, row.ref)["observation"])


def test_a_lesson_begun_from_a_row_rests_on_that_very_account(keeping: Centre):
    kept = kept_incidents.get_account(keeping, "poland-2025")
    asked = work.StepRequest(
        "submit", why="reported", changes=incidents.draft_from_row(keeping, f"poland-2025#{WARNING}")
    )
    lesson = work.report_observation(keeping, asked, now_utc=NOW)
    assert lesson.title == "First violation to first public warning: 450 min (open to 455)"
    (piece,) = lesson.evidence
    assert (piece.kind, piece.ref, piece.sha256) == ("account", f"{kept.folder}#{WARNING}", kept.sha256)
    assert [one.lesson_id for one in incidents.show_account(keeping, "poland-2025/1").lessons] == [lesson.lesson_id]


def test_evidence_in_the_centre_gets_its_hash_and_what_is_not_there_is_refused(keeping: Centre):
    kept = kept_incidents.get_account(keeping, "poland-2025")
    piece = {"kind": "account", "ref": f"incidents/poland-2025#{WARNING}"}

    def added(**told: str) -> str:
        changes = {"title": "x", "observation": "x", "evidence": [piece | told]}
        return (
            work.report_observation(keeping, work.StepRequest("submit", why="reported", changes=changes), now_utc=NOW)
            .evidence[0]
            .sha256
        )

    assert added() == added(sha256=kept.sha256) == kept.sha256
    assert added(ref="findings:F-3") == ""  # somebody else's row is theirs to know
    with pytest.raises(CentreError, match="hotwash incidents list"):
        added(ref="incidents/poland-2025/9#durations:x")
    with pytest.raises(CentreError, match="another account"):
        added(sha256="ab" * 32)
    assert len(lessons.all_lessons(keeping)) == 3


def test_a_lesson_from_another_centre_keeps_what_it_rests_on_there(keeping: Centre):
    theirs = Evidence("account", f"incidents/poland-2025/1#{WARNING}", sha256="ab" * 32)
    changes = {"evidence": [json_values.plain(theirs), {"kind": "document", "ref": "a book"}]}
    assert incidents.seal_evidence(keeping, changes, earlier=(theirs,)) == changes
    with pytest.raises(CentreError, match="another account"):
        incidents.seal_evidence(keeping, changes)


@pytest.mark.parametrize("ref", ["poland-2025#durations:none", "poland-2025#nothing:x", "poland-2025"])
def test_a_row_that_is_not_there_is_refused_with_the_way_to_find_it(keeping: Centre, ref: str):
    with pytest.raises(CentreError, match="hotwash incidents rows poland-2025"):
        incidents.draft_from_row(keeping, ref)


def test_a_folder_without_an_account_is_not_kept(centre: Centre, night: Path):
    with pytest.raises(ReadError, match="hotwash analyse"):
        incidents.keep_folder(centre, night, incident_id="poland-2025", now_utc=NOW)
    (night / account.DATA).write_text("{", encoding="utf-8")
    with pytest.raises(ReadError, match="not JSON"):
        incidents.keep_folder(centre, night, incident_id="poland-2025", now_utc=NOW)
