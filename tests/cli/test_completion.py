"""A shell completes ids of the centre that is meant, and names of what is included; where there is none, nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hotwash import cli
from hotwash.store import centre
from hotwash.work import lessons


def complete(words: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what bash is offered for the last of some words."""
    typed = words.split(" ")
    environment = {"_HOTWASH_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(len(typed) - 1)}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return CliRunner().invoke(cli.app, [], prog_name="hotwash").stdout.split()


@pytest.fixture
def school(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime(2026, 5, 1, tzinfo=UTC)
    with centre.create(tmp_path / "school", name="school", now_utc=now) as made:
        request = lessons.StepRequest("submit", why="seen", changes={"title": "x", "observation": "y"})
        for name in ("L-WARN", "L-REOPEN"):
            lessons.report_observation(made, request, now_utc=now, lesson_id=name)
    monkeypatch.setenv("HOTWASH_CENTRE", str(tmp_path / "school"))


@pytest.mark.usefixtures("school")
@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("hotwash lessons show L-W", ["L-WARN"]),
        ("hotwash fly abnormal-f", ["abnormal-fix-lost"]),
        ("hotwash watch w", ["watch-night", "watch-airport"]),
        ("hotwash fly w", ["wing-flight"]),
        ("hotwash lane show bp", ["bperp"]),
        ("hotwash obj", ["objective"]),
    ],
)
def test_ids_and_names_are_completed(words: str, offered: list[str], monkeypatch: pytest.MonkeyPatch):
    assert complete(words, monkeypatch) == offered


def test_without_a_centre_nothing_is_offered_and_nothing_breaks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    assert complete("hotwash lessons show L", monkeypatch) == []
