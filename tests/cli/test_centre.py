"""The command line of a centre, from making it to a lesson learned."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

LESSON = """
title = "The public was warned 110 minutes after the first detection"
observation = "The warning was expected within 15 min of the first crossing. It was issued after 110 min."
originator = "duty officer"
unit = "Night shift"
place = "Lublin"
lat_deg = 51.2465
lon_deg = 22.5684
event_utc = 2025-09-09T21:30:00Z
keywords = ["warning", "drone"]

[[evidence]]
kind = "finding"
ref = "findings:F-3"
"""
ANALYSIS = """
discussion = "No rule said who releases a warning, because the plan names two bodies."
conclusion = "No rule says who releases a warning."
recommendation = "Write a rule that names who releases a warning; measured by the time to warning."
action_body = "Operations branch"
"""
ACTIONS = """
[[actions]]
action_id = "1"
text = "Write the rule"
owner = "Operations branch"
due = 2026-05-01
"""

Run = Callable[..., Any]


@pytest.fixture
def centre(hotwash: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("HOTWASH_CENTRE", raising=False)
    monkeypatch.delenv("HOTWASH_PERSON", raising=False)
    folder = tmp_path / "centre"
    assert hotwash("init", folder, "--name", "Test").code == 0
    monkeypatch.chdir(folder / "recordings")  # one stands somewhere in it
    for name, text in (("lesson", LESSON), ("analysis", ANALYSIS), ("actions", ACTIONS)):
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def answer(done: Any, code: int = 0) -> dict[str, Any]:
    assert done.code == code, done.err
    found: dict[str, Any] = json.loads(done.out)
    return found


@pytest.fixture
def people(hotwash: Run, centre: Path) -> dict[str, str]:
    names = ("Reporter", "Manager", "Chief", "Owner", "Checker")
    return {name: answer(hotwash("lessons", "add-person", name, "--json"))["person_id"] for name in names}


@pytest.fixture
def lesson(hotwash: Run, people: dict[str, str], tmp_path: Path) -> str:
    added = hotwash("lessons", "add", "--by", people["Reporter"], "--file", tmp_path / "lesson.toml", "--json")
    return str(answer(added)["lesson_id"])


@pytest.fixture
def learned(hotwash: Run, people: dict[str, str], lesson: str, tmp_path: Path) -> str:
    """A lesson that came all the way by commands alone."""
    for by, move, *more in (
        ("Manager", "accept"),
        ("Manager", "draft", "--role", "analyst", "--file", tmp_path / "analysis.toml"),
        ("Chief", "endorse"),
        ("Chief", "task", "--file", tmp_path / "actions.toml"),
        ("Owner", "act", "--role", "action_body", "--done", "1"),
        ("Owner", "implement"),
    ):
        done = hotwash("lessons", "move", lesson, move, "--by", people[by], "--why", "so it is", *more)
        assert done.code == 0, done.err
    inspection = {"document": "rule-7.pdf", "sha256": "ab" * 32, "inspector_id": people["Checker"],
                  "checklist": [{"text": "the rule is in the book", "is_met": True}]}  # fmt: skip
    (tmp_path / "inspection.json").write_text(json.dumps(inspection), encoding="utf-8")
    asked = ("--by", people["Checker"], "--why", "so it is", "--inspection", tmp_path / "inspection.json")
    assert hotwash("validate", lesson, *asked).code == 0
    assert hotwash("lessons", "move", lesson, "learn", "--by", people["Chief"], "--why", "so it is").code == 0
    return lesson


def test_a_lesson_goes_all_the_way_by_commands(hotwash: Run, learned: str, people: dict[str, str]):
    shown = answer(hotwash("lessons", "show", learned, "--json"))
    assert shown["stage"] == "learned"
    assert [entry["kind"] for entry in shown["history"]][-2:] == ["validate", "learn"]
    assert people["Reporter"] not in json.dumps(shown)
    assert answer(hotwash("lessons", "show", learned, "--reporter", "--json"))["originator_id"] == people["Reporter"]


def test_one_person_in_all_roles_is_remarked_at_each_step(hotwash: Run, centre: Path, tmp_path: Path):
    solo = answer(hotwash("lessons", "add-person", "Solo", "--json"))["person_id"]
    added = answer(hotwash("lessons", "add", "--by", solo, "--file", tmp_path / "lesson.toml", "--json"))
    lesson, remarks = str(added["lesson_id"]), [added["remark"]]
    for move, *more in (
        ("accept",),
        ("draft", "--role", "analyst", "--file", tmp_path / "analysis.toml"),
        ("endorse",),
        ("task", "--file", tmp_path / "actions.toml"),
        ("act", "--role", "action_body", "--done", "1"),
        ("implement",),
    ):
        done = hotwash("lessons", "move", lesson, move, "--by", solo, "--why", "there is nobody else", *more, "--json")
        remarks.append(answer(done)["remark"])
    event = {"event": "the storm of May", "has_worked": True, "text": "the town was warned in 4 min"}
    (tmp_path / "event.json").write_text(json.dumps(event), encoding="utf-8")
    asked = ("--by", solo, "--why", "it worked", "--real-event", tmp_path / "event.json")
    said = hotwash("validate", lesson, *asked).out
    assert "Remark: One person had several duties" in said
    assert "owns or did its actions and validated it" in said
    assert [bool(one) for one in remarks] == [False, True, True, True, True, True, True]
    hotwash("lessons", "move", lesson, "learn", "--by", solo, "--why", "done")
    objective = (
        f'objective_id = "quick"\nlesson_id = "{lesson}"\ntitle = "Warned soon"\nsubject = "procedure"\n'
        'exercise = "watch-night"\nexercise_version = "1"\nseat = "watch"\nmeasure = "time_s"\nunit = "s"\n'
        "at_most = 900\n\n[rule]\nof_subjects = 6\nshare = 0.5\n"
    )
    (tmp_path / "quick.toml").write_text(objective, encoding="utf-8")
    assert hotwash("objective", "add", tmp_path / "quick.toml").code == 0
    page = tmp_path / "page.html"
    verified = hotwash("verify", "--page", page)
    for text in (" ".join(verified.out.split()), page.read_text(encoding="utf-8")):
        assert "wrote it, endorsed, tasked or closed it" in text
        assert "reported it" not in text  # neither says who reported


def test_a_move_that_is_not_permitted_ends_with_2_and_tells_the_ways(hotwash: Run, lesson: str, people: dict[str, str]):
    done = hotwash("lessons", "move", lesson, "learn", "--by", people["Chief"], "--why", "hope")
    assert done.code == 2
    assert "permitted are: accept, reject" in done.err


def test_a_centre_is_found_by_where_one_stands_by_option_and_by_environment(
    hotwash: Run, centre: Path, lesson: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    assert lesson in hotwash("lessons", "list").out
    monkeypatch.chdir(tmp_path)
    assert "hotwash init" in hotwash("lessons", "list").err
    assert lesson in hotwash("lessons", "list", "--centre", centre).out
    monkeypatch.setenv("HOTWASH_CENTRE", str(centre))
    assert lesson in hotwash("lessons", "list").out


def test_search_due_lint_and_print_answer_in_words_and_in_json(hotwash: Run, learned: str, tmp_path: Path):
    found = answer(hotwash("lessons", "search", "warned", "--near", 51.2, 22.6, 20, "--json"))
    assert [one["lesson_id"] for one in found["lessons"]] == [learned]
    assert "1 lesson." in hotwash("lessons", "search", "warn*", "--from", "2025-01-01").out
    assert "0 overdue" in hotwash("lessons", "due").out
    assert answer(hotwash("lessons", "lint", learned, "--json"))["advice"] == []
    done = hotwash("lessons", "print", learned, "--out", tmp_path / "page.html")
    assert "LESSON LEARNED" in (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "page.html" in done.out


def test_what_is_due_is_told_by_date(hotwash: Run, learned: str, people: dict[str, str], tmp_path: Path):
    event = {"event": "2026-04-01", "text": "Warned after an hour.", "has_worked": False}
    (tmp_path / "event.json").write_text(json.dumps(event), encoding="utf-8")
    asked = ("--by", people["Checker"], "--why", "it did not hold", "--real-event", tmp_path / "event.json")
    assert hotwash("validate", learned, *asked).code == 1
    (one,) = answer(hotwash("lessons", "due", "--on", "2026-06-01", "--json"))["actions"]
    assert (one["due"], one["is_overdue"], one["why"]) == ("2026-05-01", True, "31 days late")


def test_lessons_go_to_another_centre(hotwash: Run, learned: str, people: dict[str, str], tmp_path: Path):
    assert hotwash("lessons", "export", tmp_path / "out.json").code == 0
    assert hotwash("lessons", "export", tmp_path / "out.csv").code == 0
    assert people["Reporter"] not in (tmp_path / "out.json").read_text(encoding="utf-8")
    assert hotwash("init", tmp_path / "other").code == 0
    other = ("--centre", tmp_path / "other")
    assert answer(hotwash("lessons", "import", tmp_path / "out.json", "--json", *other))["counts"] == {"new": 1}
    assert answer(hotwash("lessons", "import", tmp_path / "out.csv", "--json", *other))["counts"] == {"same": 1}
    assert hotwash("doctor", *other).out == "No inconsistencies.\n"
    assert hotwash("lessons", "export", tmp_path / "out.doc").code == 2


def test_reporters_and_names_leave_when_they_are_asked_for(
    hotwash: Run, learned: str, people: dict[str, str], tmp_path: Path
):
    assert hotwash("lessons", "export", tmp_path / "all.json", "--reporters", "--names").code == 0
    assert hotwash("init", tmp_path / "other").code == 0
    other = ("--centre", tmp_path / "other")
    assert hotwash("lessons", "import", tmp_path / "all.json", *other).code == 0
    listed = answer(hotwash("lessons", "people", "--json", *other))["people"]
    assert {one["name"]: one["person_id"] for one in listed} == people
    shown = answer(hotwash("lessons", "show", learned, "--reporter", "--json", *other))
    assert shown["originator_id"] == people["Reporter"]


def test_a_conflict_is_told_and_settled(
    hotwash: Run, lesson: str, people: dict[str, str], tmp_path: Path, centre: Path
):
    assert hotwash("backup", tmp_path / "other").code == 0
    manager = ("--by", people["Manager"], "--role", "lessons_manager")
    other = ("--centre", tmp_path / "other")
    assert hotwash("lessons", "edit", lesson, *manager, "--set", "unit=Here").code == 0
    assert hotwash("lessons", "edit", lesson, *manager, "--set", "unit=There", *other).code == 0
    assert hotwash("lessons", "export", tmp_path / "out.json", *other).code == 0
    assert "1 in conflict" in (done := hotwash("lessons", "import", tmp_path / "out.json")).out
    assert done.code == 1
    listed = hotwash("lessons", "conflicts")
    assert (listed.code, "unit: here 'Here', there 'There'" in listed.out) == (1, True)
    settled = ("--keep", "theirs", "--by", people["Manager"], "--why", "they know")
    assert hotwash("lessons", "resolve", lesson, *settled).code == 0
    assert answer(hotwash("lessons", "show", lesson, "--json"))["unit"] == "There"
    assert hotwash("lessons", "conflicts").code == 0


def test_an_audit_ends_with_1_when_a_history_does_not_hold(hotwash: Run, learned: str, centre: Path, tmp_path: Path):
    assert "all intact" in hotwash("lessons", "audit", "--save", tmp_path / "heads.json").out
    raw = sqlite3.connect(centre / "centre.db")
    raw.execute("DROP TRIGGER history_is_never_changed")
    raw.execute("UPDATE history SET why = 'other' WHERE number = 2")
    raw.commit()
    raw.close()
    assert answer(hotwash("lessons", "audit", "--json"), 1)["faults"][0]["number"] == 2
    assert hotwash("lessons", "audit", "--since", tmp_path / "heads.json").code == 1
    assert hotwash("doctor").code == 1
    assert "entry 2 was changed" in hotwash("lessons", "show", learned).err


def test_an_audit_names_the_row_that_another_program_changed(hotwash: Run, learned: str, centre: Path):
    assert "under seal: all intact" in hotwash("lessons", "audit", "--deep").out
    raw = sqlite3.connect(centre / "centre.db")
    raw.execute("UPDATE people SET name = 'Somebody' || char(27) || '[2J' WHERE name = 'Reporter'")
    raw.execute("INSERT INTO centre VALUES (?, 'x')", ("a\x1b[2J key",))
    raw.commit()
    raw.close()
    found = hotwash("lessons", "audit")
    assert (found.code, found.out.count("something else than hotwash")) == (1, 2)
    assert "\x1b" not in found.out
    assert [one["table"] for one in answer(hotwash("lessons", "audit", "--json"), 1)["changed"]] == ["centre", "people"]
    assert "changed row" in hotwash("doctor").out
    assert "something else than hotwash" in hotwash("validate", learned, "--by", "Checker", "--why", "it works").err


def test_a_person_is_erased_and_the_histories_hold(hotwash: Run, learned: str, people: dict[str, str]):
    assert hotwash("lessons", "erase-person", "Reporter").code == 0
    assert "(erased)" in hotwash("lessons", "people").out
    assert hotwash("lessons", "audit").code == 0
    assert hotwash("lessons", "move", learned, "cancel", "--by", "Nobody", "--why", "w").code == 2


def test_groups_under_five_are_not_counted_out(hotwash: Run, lesson: str):
    assert answer(hotwash("lessons", "count", "--json"))["counts"] == {"submitted": 1}
    assert answer(hotwash("lessons", "count", "--by", "unit", "--json"))["counts"] == {"Night shift": None}
    assert hotwash("lessons", "count", "--by", "name").code == 2


def test_an_anonymous_report_is_a_report(hotwash: Run, centre: Path):
    done = hotwash("lessons", "add", "--set", "title=t", "--set", "observation=o", "--set", "keywords=a; b", "--json")
    shown = answer(hotwash("lessons", "show", answer(done)["lesson_id"], "--reporter", "--json"))
    assert (shown["originator_id"], shown["keywords"]) == ("", ["a", "b"])


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("title", "field=value"),
        ("mood=good", "unknown field"),
        ("lat_deg=north", "not a number"),
        ("actions=1", "--file"),
    ],
)
def test_a_word_that_sets_nothing_is_named(hotwash: Run, centre: Path, word: str, said: str):
    done = hotwash("lessons", "add", "--set", word)
    assert (done.code, said in done.err) == (2, True)


def test_a_file_that_is_no_toml_is_named(hotwash: Run, centre: Path, tmp_path: Path):
    (tmp_path / "bad.toml").write_text("title = ")
    assert "is not valid TOML" in hotwash("lessons", "add", "--file", tmp_path / "bad.toml").err
    assert "cannot be read" in hotwash("lessons", "add", "--file", tmp_path / "none.toml").err


def test_commands_say_that_a_centre_may_only_be_read_and_what_a_backup_leaves(
    hotwash, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = tmp_path / "archive"
    hotwash("init", folder)
    (folder / "notes.txt").write_text("")
    monkeypatch.setattr(os, "access", lambda _, mode: mode != os.W_OK)
    done = hotwash("doctor", "--centre", folder)
    assert (done.code, done.err) == (0, f"hotwash: {folder} may only be read; nothing in it is changed\n")
    assert f"Remark: may only be read: {folder}: nothing in it was or can be changed" in done.out
    assert "Remark: strange file: notes.txt" in done.out
    done = hotwash("backup", tmp_path / "copy", "--centre", folder)
    assert (done.code, done.out) == (0, f"Not copied: notes.txt\nThe copy: {tmp_path / 'copy'}\n")
    done = hotwash("lessons", "add", "--set", "title=Late", "--set", "observation=Late.", "--centre", folder)
    assert (done.code, "may only be read; nothing was saved" in done.err) == (2, True)
