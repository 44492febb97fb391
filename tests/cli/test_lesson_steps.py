"""From an observation on by few keystrokes: short ids, a person who is remembered, one command that asks."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hotwash.cli import lesson_walk


@pytest.fixture
def school(hotwash: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A centre with Anna in it, in which one stands, and a configuration of one's own."""
    monkeypatch.setenv("HOTWASH_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.delenv("HOTWASH_PERSON", raising=False)
    folder = tmp_path / "school"
    hotwash("init", folder)
    monkeypatch.chdir(folder)
    hotwash("lessons", "add-person", "Anna Nowak")
    return folder


@pytest.fixture
def walk(hotwash: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Answer the questions of `hotwash lessons next` in a terminal, and return what it prints."""
    monkeypatch.setattr(lesson_walk, "is_interactive", lambda: True)

    def answered(*answers: str) -> str:
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{one}\n" for one in answers)))
        done = hotwash("lessons", "next")
        assert done.code == 0, done.err
        assert "\x1b" not in done.out + done.err
        return str(done.out)

    return answered


def report(hotwash: Any) -> None:
    assert hotwash("lessons", "add", "--set", "title=Warn sooner", "--set", "observation=It took 110 min.").code == 0


def test_the_acting_person_is_remembered_per_centre_and_can_be_forgotten(hotwash: Any, school: Path):
    assert "Nobody is remembered" in hotwash("whoami").out
    assert "You are Anna Nowak (P-" in hotwash("whoami", "Anna Nowak").out
    report(hotwash)
    assert hotwash("lessons", "move", "1", "accept", "--why", "it happened").code == 0
    history = json.loads(hotwash("lessons", "show", "1", "--json").out)["history"]
    assert history[-1]["by"] == json.loads(hotwash("whoami", "--json").out)["person_id"]
    hotwash("whoami", "--forget")
    refused = hotwash("lessons", "move", "1", "cancel", "--why", "enough")
    assert refused.code == 2
    assert "add --by PERSON, or record yourself with `hotwash whoami PERSON`" in refused.err


def test_a_person_of_another_centre_or_one_who_was_erased_is_not_remembered(hotwash: Any, school: Path):
    person_id = json.loads(hotwash("whoami", "Anna Nowak", "--json").out)["person_id"]
    hotwash("lessons", "erase-person", person_id)
    assert json.loads(hotwash("whoami", "--json").out)["person_id"] == ""


def test_a_damaged_memory_remembers_nobody(hotwash: Any, school: Path, tmp_path: Path):
    hotwash("whoami", "Anna Nowak")
    (file,) = (tmp_path / "config").rglob("acting.json")
    for damage in ("", "[]", "{", '{"x": 1}'):
        file.write_text(damage, encoding="utf-8")
        assert hotwash("whoami").code == 0


def test_a_report_can_be_without_a_name_although_one_is_remembered(hotwash: Any, school: Path):
    hotwash("whoami", "Anna Nowak")
    hotwash("lessons", "add", "--anonymous", "--set", "title=x", "--set", "observation=y")
    report(hotwash)
    reporters = [
        json.loads(hotwash("lessons", "show", str(number), "--reporter", "--json").out)["originator_id"]
        for number in (1, 2)
    ]
    assert [bool(one) for one in reporters] == [False, True]


def test_a_refusal_names_the_option_that_helps(hotwash: Any, school: Path):
    hotwash("whoami", "Anna Nowak")
    report(hotwash)
    assert "add --why TEXT" in hotwash("lessons", "move", "@last", "accept").err
    hotwash("lessons", "move", "@last", "accept", "--why", "it happened")
    draft = ("lessons", "move", "L-1", "draft", "--why", "there is a cause")
    assert "add --role lessons_manager or --role analyst" in hotwash(*draft).err
    draft = (*draft, "--role", "analyst")
    assert "add --evidence KIND:REF" in hotwash(*draft).err
    assert hotwash(*draft, "--evidence", "document:log.pdf; page 3").code == 0
    assert "add --set discussion=TEXT" in hotwash("lessons", "move", "1", "endorse", "--why", "yes").err


def test_actions_and_evidence_are_added_to_what_is_there(hotwash: Any, school: Path):
    hotwash("whoami", "Anna Nowak")
    report(hotwash)
    edit = ("lessons", "edit", "1", "--role", "lessons_manager")
    hotwash(*edit, "--evidence", "document:a.pdf", "--action", "New rule; duty officer; 2026-03-31")
    hotwash(*edit, "--evidence", "document:b.pdf; chart", "--action", "Train it")
    lesson = json.loads(hotwash("lessons", "show", "1", "--json").out)
    assert [one["ref"] for one in lesson["evidence"]] == ["a.pdf", "b.pdf"]
    assert [(one["action_id"], one["owner"], one["due"]) for one in lesson["actions"]] == [
        ("1", "duty officer", "2026-03-31"),
        ("2", "", None),
    ]
    assert 'write "KIND:REF' in hotwash(*edit, "--evidence", "a.pdf").err


def test_elsewhere_than_in_a_terminal_next_lists_the_steps_and_their_needs(hotwash: Any, school: Path):
    report(hotwash)
    told = json.loads(hotwash("lessons", "next", "--json").out)
    assert [one["step"] for one in told["steps"]] == ["accept", "reject", "cancel", "supersede"]
    assert "accept: accept the observation (lessons manager)" in hotwash("lessons", "next", "1").out


def test_one_command_walks_a_lesson_on_and_asks_for_what_is_missing(
    hotwash: Any, school: Path, walk: Callable[..., str]
):
    hotwash("whoami", "Anna Nowak")
    report(hotwash)
    assert ": observation. Next" in walk("", "it happened")  # the step offered first is that of the main path
    assert "lesson identified (draft)" in walk("", "2", "document:log.pdf", "page 3", "there is a cause")
    endorsed = walk("", "why it happened", "its cause", "its remedy", "operations", "it is so")
    assert "lesson identified (endorsed)" in endorsed
    assert "action tasked" in walk("", "New rule", "duty officer", "2026-03-31", "they can do it")
    assert "action implemented" in walk("", "y", "done")
    assert "hotwash validate L-" in walk("")


def test_a_wrong_answer_is_asked_again_and_a_step_may_be_named_by_its_word(
    hotwash: Any, school: Path, walk: Callable[..., str]
):
    """What had been typed before was lost with the command."""
    hotwash("whoami", "Anna Nowak")
    report(hotwash)
    assert ": observation. Next" in walk("no such step", "accept", "it happened")
    assert "lesson identified (draft)" in walk("draft", "analyst", "log.pdf", "document:log.pdf", "page 3", "so it is")
    walk("endorse", "why", "cause", "remedy", "operations", "it is so")
    walk("task", "New rule", "duty officer", "soon", "2027-03-31", "they can do it")
    lesson = json.loads(hotwash("lessons", "show", "1", "--json").out)
    assert [one["due"] for one in lesson["actions"]] == ["2027-03-31"]


def test_a_title_never_drives_the_terminal_of_the_walk(hotwash: Any, school: Path, walk: Callable[..., str]):
    hotwash("whoami", "Anna Nowak")
    hotwash("lessons", "add", "--set", "title=\x1b[2Jgone", "--set", "observation=x")
    assert ": observation. Next" in walk("accept", "it happened")


def test_a_conflict_that_is_not_there_is_not_resolved_by_a_step(hotwash: Any, school: Path):
    hotwash("whoami", "Anna Nowak")
    report(hotwash)
    refused = hotwash("lessons", "move", "1", "resolve", "--why", "tidy")
    assert refused.code == 2
    assert "hotwash lessons resolve" in refused.err
    assert "resolve" not in hotwash("lessons", "move", "1", "accept", "--why", "it happened").out


def test_an_unknown_stage_is_refused_with_the_stages(hotwash: Any, school: Path):
    refused = hotwash("lessons", "list", "--stage", "lerned")
    assert refused.code == 2
    assert "learned" in refused.err


def test_an_objective_for_a_lesson_that_is_not_there_is_refused_or_reports_it(
    hotwash: Any, school: Path, tmp_path: Path
):
    file = tmp_path / "objective.toml"
    file.write_text(OBJECTIVE, encoding="utf-8")
    refused = hotwash("objective", "add", file)
    assert refused.code == 2
    assert "there is no such lesson in this centre" in refused.err
    assert hotwash("objective", "add", file, "--with-lesson").code == 0
    assert json.loads(hotwash("lessons", "show", "L-HOME", "--json").out)["stage"] == "submitted"


OBJECTIVE = """\
objective_id = "home"
lesson_id = "L-HOME"
title = "Come home on a low battery"
subject = "procedure"
exercise = "abnormal-battery-low"
exercise_version = "2"
seat = "pilot"
measure = "points"
unit = "points"
at_least = 8

[rule]
of_subjects = 6
"""
