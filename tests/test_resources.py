"""Files that travel in the package."""

from __future__ import annotations

from pathlib import Path

import pytest

from hotwash import resources
from hotwash.errors import ReadError


def test_a_shipped_file_is_read_by_its_name_in_the_package():
    assert resources.read("geo/data/README.md").startswith(b"#")


def test_a_file_that_is_not_shipped_is_refused():
    with pytest.raises(ReadError, match="should be in the package"):
        resources.read("geo/data/atlantis.geojson")


@pytest.mark.parametrize("name", resources.EXAMPLES)
def test_every_example_has_the_two_files_a_bundle_needs(name: str):
    assert {"incident.toml", "sources.csv", "README.md"} <= set(resources.example(name))


def test_an_example_that_is_not_shipped_is_refused_with_those_there_are():
    with pytest.raises(ReadError, match="poland-2025"):
        resources.example("atlantis")


def test_an_account_made_beside_an_example_is_no_part_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = tmp_path / "poland-2025"
    folder.mkdir()
    for name in ("incident.toml", "account.html", "occurrence.csv", ".account.md.x.part"):
        (folder / name).write_text("x")
    monkeypatch.setattr(resources, "_examples", lambda: tmp_path)
    assert set(resources.example("poland-2025")) == {"incident.toml"}
