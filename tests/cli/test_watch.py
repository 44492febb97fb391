"""`hotwash watch`: what it prints, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import kept
import pytest

from hotwash.export import recording_folder


@pytest.fixture
def night(tmp_path: Path) -> str:
    """The folder of a night that is played as it was staged: a replay."""
    from dataclasses import replace

    folder = tmp_path / "border-night"
    text = kept.SCENARIO.replace("[watch]", "[watch]\nis_replay = true")
    recording_folder.write(folder, replace(kept.staged(), scenario=text))
    return str(folder)


@pytest.fixture
def ours(tmp_path: Path) -> str:
    path = tmp_path / "ours.toml"
    path.write_text(kept.RULES, encoding="utf-8")
    return str(path)


def test_it_tells_who_kept_it_what_was_decided_and_the_main_measures(hotwash: Any, night: str, ours: str):
    done = hotwash("watch", night, "--rules", ours)
    assert done.code == 0
    for said in ("the policy rule-book", "1 declare_breach", "seat_misses", "What was expected?", "in this exercise"):
        assert said in done.out


def test_a_program_gets_one_object(hotwash: Any, night: str):
    told = json.loads(hotwash("watch", night, "--policy", "cautious", "--json").out)
    assert (told["policy"], told["is_whole"], told["recording"]) == ("cautious", True, None)
    assert told["decisions"]["recommend"] == 1


def test_the_recording_is_where_it_was_asked_for_and_can_be_replayed(hotwash: Any, night: str, tmp_path: Path):
    from hotwash.front.exercises import replay
    from hotwash.ingest import recording_folder as reader

    done = hotwash("watch", night, "--policy", "hasty", "--out", tmp_path / "out")
    assert str(tmp_path / "out") in done.out.replace("\n", "")
    found = reader.read(tmp_path / "out")
    assert found.decisions.height
    assert replay(found).decisions.equals(found.decisions)


@pytest.mark.parametrize(
    ("typed", "said"),
    [(("nowhere",), "no exercise"), (("bperp",), "no watch seat"), (("watch-night", "--rules", "gone.toml"), "read")],
)
def test_a_refusal_ends_with_2_and_says_why(hotwash: Any, tmp_path: Path, typed: tuple[str, ...], said: str):
    done = hotwash("watch", *typed, "--out", tmp_path / "out")
    assert done.code == 2
    assert said in done.err
    assert not (tmp_path / "out").exists()


def test_a_rule_book_without_rules_is_refused_with_how_to_write_them(hotwash: Any, night: str):
    done = hotwash("watch", night)
    assert done.code == 2
    assert "[[rules]]" in done.err


def test_a_folder_that_holds_something_is_refused_before_anything_is_played(hotwash: Any, night: str):
    assert hotwash("watch", night, "--policy", "none", "--out", night).code == 2
