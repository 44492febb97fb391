"""The front is a list of names, and this is it."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import hotwash

NAMES = [
    "Bundle",
    "FlightScenario",
    "HotwashError",
    "Incident",
    "Recording",
    "WatchScenario",
    "evaluate_tracks",
    "find_breaches",
    "fly",
    "keep_watch",
    "load_scenario",
    "measure_skills",
    "occurrence_fields",
    "open_centre",
    "read_bundle",
    "read_recording",
    "reconstruct",
    "replay",
    "score_recording",
    "start_exercise",
    "track_detections",
    "verify",
]


def test_the_front_offers_these_names_and_no_others():
    assert hotwash.__all__ == NAMES
    assert dir(hotwash) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_there_and_says_what_it_is(name: str):
    assert getattr(hotwash, name).__doc__


def test_a_name_that_there_is_not_is_refused_as_python_does():
    with pytest.raises(AttributeError, match="'hotwash' has no attribute 'shoot'"):
        hotwash.shoot  # type: ignore[attr-defined]  # noqa: B018


def test_type_checkers_and_editors_are_shown_the_same_names():
    (shown,) = (
        node
        for node in ast.parse(Path(hotwash.__file__).read_text(encoding="utf-8")).body
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name)
    )
    imported = {alias.asname: f"{one.module}" for one in shown.body if isinstance(one, ast.ImportFrom)
                for alias in one.names}  # fmt: skip
    homes = {name: f"hotwash.{home}" for home, names in hotwash._HOMES.items() for name in names}
    assert imported == homes
    assert sorted(homes) == NAMES


def test_no_name_of_the_front_is_hidden_by_a_package_of_the_same_name():
    packages = {path.stem for path in Path(hotwash.__file__).parent.iterdir()}
    assert not packages & set(NAMES)


LOADED = """
import sys
import hotwash
print([name for name in sys.modules if name.startswith("hotwash.") or name in ("numpy", "polars", "numba")])
"""


def test_import_hotwash_loads_nothing_else():
    said = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True).stdout
    assert ast.literal_eval(said) == ["hotwash.version"]
