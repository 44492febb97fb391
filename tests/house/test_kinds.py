"""Adding a kind is local: each has one record, the record is complete, and every part that dispatches reads it."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

from hotwash.claims import weigh
from hotwash.flight.policies import plan
from hotwash.lanes import kinds, tasks
from hotwash.lanes.kinds import TASK_KINDS, TaskKind
from hotwash.model import questions
from hotwash.model.questions import COUNT_UNITS, QUESTION_KINDS, CountUnit, QuestionKind
from hotwash.model.tables import COUNTS, FINDS, QUESTIONS

MEASURES = Path(__file__).resolve().parents[2] / "docs" / "reference" / "measures.md"

each_question = pytest.mark.parametrize("kind", QUESTION_KINDS.values(), ids=QUESTION_KINDS)
each_unit = pytest.mark.parametrize("unit", COUNT_UNITS.values(), ids=COUNT_UNITS)
each_task = pytest.mark.parametrize("kind", TASK_KINDS.values(), ids=TASK_KINDS)


def test_no_two_kinds_bear_one_name():
    assert len(QUESTION_KINDS) == len(questions._QUESTION_KINDS)
    assert len(COUNT_UNITS) == len(questions._COUNT_UNITS)
    assert len(TASK_KINDS) == len(kinds._TASK_KINDS)


def test_the_tables_take_the_kinds_that_are_declared_and_no_other():
    assert QUESTIONS["kind"].one_of == tuple(QUESTION_KINDS)
    assert not COUNTS["unit"].one_of, "a bundle may declare units of its own"


def test_every_kind_of_question_has_one_judge():
    parts = (weigh.on_counts, weigh.on_events, weigh.on_identity, weigh.on_measures)
    parts += (weigh.on_presence, weigh.on_ranges, weigh.on_states)
    assert sorted(name for part in parts for name in part.JUDGES) == sorted(QUESTION_KINDS)


@each_question
def test_the_record_of_a_question_is_complete(kind: QuestionKind):
    assert all((kind.asks, kind.value, kind.decided_from))
    assert kind.form in ("number", "time", "words")
    assert kind.two_answers in ("exclude", "stated")
    assert bool(kind.units) == kind.is_number, "numbers have a unit, words have none"
    assert not (kind.answers and kind.is_number), "only words have a closed list"
    assert all(kind.scale.get(unit, 1.0) == 1.0 for unit in kind.units), "the first unit is the measure of the others"


@each_unit
def test_the_record_of_a_count_is_complete(unit: CountUnit):
    assert all((unit.title, *unit.nouns, unit.missing))
    assert bool(unit.column) != bool(unit.events), "it is counted from finds or from events"
    assert not unit.column or (unit.column in FINDS.names and unit.why)


@each_task
def test_the_record_of_a_task_is_complete(kind: TaskKind):
    read = inspect.getsource(tasks)
    assert kind.flown_as in plan.FLOWN_AS
    assert kind.path in ("", "line", "circle")
    assert kind.advice
    assert not kind.needs & kind.takes
    assert all(f'"{key}"' in read for key in kind.keys), "tasks.py reads every key"


def test_every_kind_of_task_has_a_code_of_its_own():
    assert sorted(kind.code for kind in TASK_KINDS.values()) == list(range(len(TASK_KINDS)))


@each_task
def test_the_manual_says_how_a_task_is_judged(kind: TaskKind):
    _, _, section = MEASURES.read_text(encoding="utf-8").partition("\n## How a task is judged\n")
    rows = [line.split("|")[1] for line in section.partition("\n## ")[0].splitlines() if line.startswith("| `")]
    assert sum(f"`{kind.name}`" in row for row in rows) == 1
