"""A bundle's folder: only its own plain files are read, and what stands in the way is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from bundles import files

from hotwash.errors import BundleError, ReadError
from hotwash.ingest import folder
from hotwash.ingest.disk import read_bytes


@pytest.fixture
def place(tmp_path: Path) -> Path:
    found = tmp_path / "incident"
    found.mkdir()
    for name, content in files().items():
        (found / name).write_bytes(content)
    return found


def test_the_files_of_a_bundle_are_read_and_others_passed_over(place: Path):
    (place / "photo.jpg").write_bytes(b"\xff")
    (place / "raw-notes.csv").write_bytes(b"a;b")
    (place / "attachments").mkdir()
    assert folder.read(place) == files()


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path):
    with pytest.raises(BundleError, match="there is no such folder"):
        folder.read(tmp_path / "nowhere")


def test_a_file_in_place_of_the_folder_is_refused(place: Path):
    with pytest.raises(BundleError, match="is a file; name the folder that contains it"):
        folder.read(place / "incident.toml")


@pytest.mark.parametrize("name", ["Claims.csv", "claim.csv", "CLAIMS.CSV", "incidents.toml", "source.csv"])
def test_a_file_named_almost_as_a_table_is_not_passed_over(place: Path, name: str):
    (place / name).write_bytes(b"")
    with pytest.raises(BundleError, match=rf"{name}: is not a known file; did you mean"):
        folder.read(place)


def test_a_folder_named_as_a_table_is_refused(place: Path):
    (place / "events.csv").mkdir()
    with pytest.raises(BundleError, match=r"events\.csv: is not a regular file"):
        folder.read(place)


def test_a_link_that_leads_out_of_the_bundle_is_refused(place: Path, tmp_path: Path):
    (tmp_path / "secret").write_text("password")
    (place / "events.csv").symlink_to("../secret")
    with pytest.raises(BundleError, match=r"events\.csv: is a link that leads out of the bundle"):
        folder.read(place)


def test_a_link_to_nothing_is_refused(place: Path):
    (place / "events.csv").symlink_to("nothing")
    with pytest.raises(BundleError, match=r"events\.csv: is not a regular file"):
        folder.read(place)


def test_a_bundle_that_is_itself_a_link_is_read(place: Path, tmp_path: Path):
    (tmp_path / "link").symlink_to(place)
    assert folder.read(tmp_path / "link") == files()


def test_a_file_that_may_not_be_read_is_named(place: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(BundleError, match=r"claims\.csv: cannot be read: Permission denied"):
        folder.read(place)


def test_a_folder_that_may_not_be_listed_is_named(place: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(BundleError, match=r"incident: cannot be read: Permission denied"):
        folder.read(place)


def test_a_file_too_large_is_refused_before_it_is_read(place: Path):
    with (place / "events.csv").open("wb") as file:
        file.truncate(folder.MOST_BYTES + 1)
    with pytest.raises(BundleError, match=r"events\.csv: is larger than 512 MiB"):
        folder.read(place)


def test_a_folder_of_many_other_files_is_read(place: Path):
    for number in range(3000):
        (place / f"frame-{number}.csv").touch()
    assert folder.read(place) == files()


def test_a_border_that_is_not_there_is_refused(tmp_path: Path):
    with pytest.raises(ReadError, match=r"no\.geojson: cannot be read: No such file"):
        read_bytes(tmp_path / "no.geojson")
