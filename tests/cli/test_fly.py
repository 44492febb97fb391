"""`hotwash fly`: what it prints, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flown_scenarios import scenario


@pytest.fixture
def hop(tmp_path: Path) -> str:
    path = tmp_path / "hop.toml"
    path.write_text(scenario().text, encoding="utf-8")
    return str(path)


def test_it_tells_the_tasks_the_whole_and_the_four_questions(hotwash: Any, hop: str):
    done = hotwash("fly", hop, "--seed", "1")
    assert done.code == 0
    for said in ("3 of 3 points", "not a NIST, ASTM, CAA or EASA result", "What was expected?", "What to sustain"):
        assert said in done.out


def test_a_program_gets_one_object(hotwash: Any, hop: str):
    done = hotwash("fly", hop, "--seed", "1", "--json")
    told = json.loads(done.out)
    assert (told["points"], told["possible"], told["recording"]) == (3.0, 3.0, None)


@pytest.mark.parametrize(("mark", "code"), [("3", 0), ("1", 0)])
def test_a_pass_ends_with_0(hotwash: Any, hop: str, mark: str, code: int):
    assert hotwash("fly", hop, "--pass-points", mark).code == code


def test_a_no_go_ends_with_1(hotwash: Any, hop: str):
    assert hotwash("fly", hop, "--policy", "random", "--pass-points", "3").code == 1


def test_a_refusal_ends_with_2(hotwash: Any, tmp_path: Path):
    done = hotwash("fly", "nowhere", "--out", str(tmp_path / "out"))
    assert done.code == 2
    assert not (tmp_path / "out").exists()


def test_the_recording_is_where_it_was_asked_for(hotwash: Any, hop: str, tmp_path: Path):
    done = hotwash("fly", hop, "--out", str(tmp_path / "out"))
    assert str(tmp_path / "out") in done.out.replace("\n", "")
    assert (tmp_path / "out" / "truth.parquet").is_file()
    assert hotwash("score", str(tmp_path / "out")).code == 0
