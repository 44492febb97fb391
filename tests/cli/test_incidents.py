"""The command line of accounts: keep one, find the row, begin a lesson from it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
CLOSURE = "poland-2025#durations:last drone down to reopening of EPLB"


@pytest.fixture
def centre(hotwash: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("HOTWASH_PERSON", raising=False)
    folder = tmp_path / "centre"
    assert hotwash("init", folder).code == 0
    monkeypatch.setenv("HOTWASH_CENTRE", str(folder))
    assert hotwash("incidents", "keep", "poland-2025").code == 0
    return folder


def answer(done: Any) -> dict[str, Any]:
    assert done.code == 0, done.err
    found: dict[str, Any] = json.loads(done.out)
    return found


def test_an_account_goes_from_a_bundle_to_a_lesson(hotwash: Run, centre: Path):
    again = answer(hotwash("incidents", "keep", "poland-2025", "--json"))
    assert not again["is_new"]
    assert Path(again["folder"]) == centre / "incidents/poland-2025/1"
    rows = answer(hotwash("incidents", "rows", "poland-2025", "--table", "durations", "--json"))["rows"]
    (row,) = [one for one in rows if one["ref"] == CLOSURE.replace("#", "/1#")]
    assert row["text"] == "Last drone down to reopening of EPLB: 105 min (100 to 110)."
    added = answer(hotwash("lessons", "add", "--from", row["ref"], "--set", "title=Reopened late", "--json"))
    (listed,) = answer(hotwash("lessons", "list", "--json"))["lessons"]
    assert (listed["lesson_id"], listed["title"]) == (added["lesson_id"], "Reopened late")
    shown = answer(hotwash("incidents", "show", "poland-2025", "--json"))
    assert [one["lesson_id"] for one in shown["lessons"]] == [added["lesson_id"]]
    assert Path(shown["page"]).is_file()


def test_a_person_is_told_what_to_do_next(hotwash: Run, centre: Path):
    assert "says the same" in hotwash("incidents", "keep", "poland-2025").out
    assert hotwash("incidents", "list").out.startswith("poland-2025/1  2025-09-09  Drones over Poland")
    assert CLOSURE.replace("#", "/1#") in hotwash("incidents", "rows", "poland-2025").out
    assert "No lesson cites it." in hotwash("incidents", "show", "poland-2025").out
    assert "No rows in that table." in hotwash("incidents", "rows", "poland-2025", "--table", "none").out


def test_what_is_not_there_is_refused_with_the_way_out(hotwash: Run, centre: Path):
    for typed in (("show", "other"), ("rows", "poland-2025/2")):
        done = hotwash("incidents", *typed)
        assert (done.code, "hotwash incidents list" in done.err) == (2, True)
    done = hotwash("lessons", "add", "--from", "poland-2025#durations:none")
    assert (done.code, "hotwash incidents rows poland-2025" in done.err) == (2, True)
    assert answer(hotwash("lessons", "list", "--json"))["lessons"] == []
