"""Everything of a centre goes through the exchange file, conflicts too: out, into an empty centre, out again."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moves import ANALYST, CHIEF, EVIDENCE, NOON, PEOPLE, REPORTER, WAY, come_to, moved

from hotwash import resources
from hotwash.errors import ExchangeError
from hotwash.lessons import exchange, process
from hotwash.model.lesson import Lesson
from hotwash.model.objective import Objective, Rule, Standard
from hotwash.store import centre as centres
from hotwash.store import doctor, lessons, objectives, people, transfer
from hotwash.store.centre import Centre
from hotwash.work import lessons as work

OBJECTIVE = Objective(
    "O-1", "L-0", "Warn in time", "procedure", "watch officer", "watch-night", "1", "watch", "first_to_warning", "s",
    Standard("at_most", 900.0), Rule(5), named_utc=NOON, attempts=("A-1",),
)  # fmt: skip
WORDS = st.sampled_from(
    ["Ostrzeżenie dla Łodzi", "wydano późno", "Попередження в п’яти районах", "їхній ґрунт", "A naïve façade", "\t=1"]
)
TEXTS = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)
BY_STAGE = {
    "best_practice": ("adopt", ANALYST, "lessons_manager", {"evidence": EVIDENCE}),
    "dead_end": ("give_up", CHIEF, "authority", {"evidence": EVIDENCE}),
    "cancelled": ("cancel", CHIEF, "authority", {}),
    "superseded": ("supersede", CHIEF, "authority", {"superseded_by": "L-other"}),
}
STAGES = ("submitted", "observation", "draft", "tasked", "learned", *BY_STAGE)


@st.composite
def some_lesson(draw: st.DrawFn, lesson_id: str) -> Lesson:
    stage = draw(st.sampled_from(STAGES))
    told = dict(WAY[0][3]) | {"title": draw(TEXTS), "observation": draw(TEXTS), "keywords": (draw(WORDS),)}
    lesson = moved(process.new_lesson(lesson_id), [("submit", REPORTER, "originator", told)])
    if stage in BY_STAGE:
        return moved(lesson, [WAY[1], BY_STAGE[stage]])
    for asked in WAY[1:]:
        if lesson.stage == stage:
            return lesson
        lesson = moved(lesson, [asked])
    return lesson


def edited(lesson: Lesson, text: str) -> Lesson:
    """Return a lesson with one more entry, or with none where it is at its end."""
    is_open = not process.STAGES[lesson.stage].is_end and lesson.stage != "submitted"
    return moved(lesson, [("edit", ANALYST, "lessons_manager", {"unit": text})]) if is_open else lesson


def a_centre(folder: Path) -> Centre:
    centre = centres.create(folder, name="Łódź", now_utc=NOON)
    for person_id in PEOPLE:
        people.add_person(centre, f"Name of {person_id}", person_id=person_id, now_utc=NOON)
    return centre


def taken(centre: Centre, *some: Lesson, sender: str = "Київ") -> transfer.ImportResult:
    items = [exchange.lesson_item(one) for one in some]
    told = exchange.document(items, centre_id="C-2", centre=sender, made_utc=NOON, made_by="0")
    return transfer.import_lessons(centre, exchange.parse_document(told, name="f"), name="f", now_utc=NOON)


def settled(centre: Centre, keep: str) -> None:
    for one in transfer.conflicts(centre):
        transfer.settle_conflict(
            centre, one, keep=keep, by=ANALYST, role="lessons_manager", why="compared", now_utc=NOON
        )


def content(path: Path) -> dict[str, Any]:
    """Return what a file holds, but for who made it and when."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    assert path.read_text(encoding="utf-8").isascii() is False
    return {name: value for name, value in found.items() if name not in ("made_utc", "centre_id", "centre")}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    some=st.tuples(*(some_lesson(f"L-{number}") for number in range(3))),
    keeps=st.lists(st.sampled_from(["", "ours", "theirs"]), min_size=3, max_size=3),
    told=st.fixed_dictionaries({"with_reporters": st.booleans(), "with_names": st.booleans()}),
)
def test_a_centre_that_is_sent_and_taken_and_sent_again_is_the_same_file(
    some: Sequence[Lesson], keeps: Sequence[str], told: dict[str, bool]
):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with a_centre(folder / "one") as one, centres.create(folder / "two", name="Two", now_utc=NOON) as two:
            objectives.put_objective(one, OBJECTIVE)
            for lesson, keep in zip(some, keeps, strict=True):
                lessons.record_lesson(one, edited(lesson, "тут"))
                taken(one, edited(lesson, "tam"))
                if keep:
                    settled(one, keep)
            work.export(one, folder / "1.json", now_utc=NOON, **told)
            work.import_(two, folder / "1.json", now_utc=NOON)
            work.export(two, folder / "2.json", now_utc=NOON, **told)
            assert content(folder / "2.json") == content(folder / "1.json")
            assert (REPORTER in json.dumps(content(folder / "2.json")["lessons"])) is told["with_reporters"]
            assert doctor.examine(two) == ()
            if told["with_reporters"]:
                assert lessons.all_lessons(two) == lessons.all_lessons(one)


@pytest.fixture
def apart(centre: Centre) -> Lesson:
    """The other history of a lesson that the centre has in conflict."""
    ours, theirs = edited(come_to("draft"), "ours"), edited(come_to("draft"), "theirs")
    lessons.record_lesson(centre, ours)
    taken(centre, theirs)
    return theirs


def test_only_a_file_with_a_conflict_needs_version_2(centre: Centre, apart: Lesson, tmp_path: Path):
    lessons.record_lesson(centre, come_to("draft", "L-2"))
    whole, part, without = tmp_path / "a.json", tmp_path / "b.json", tmp_path / "c.json"
    work.export(centre, whole, now_utc=NOON)
    work.export(centre, part, now_utc=NOON, only=["L-2"])
    work.export(centre, without, now_utc=NOON, with_conflicts=False)
    made = [json.loads(path.read_text(encoding="utf-8")) for path in (whole, part, without)]
    assert [one["format"] for one in made] == ["hotwash-lessons/2", "hotwash-lessons/1", "hotwash-lessons/1"]
    assert ["conflicts" in one for one in made] == [True, False, False]
    checker = jsonschema.Draft202012Validator(json.loads(resources.read("export/lessons.schema.json")))
    for one in made:
        checker.validate(one)
    assert not checker.is_valid(made[0] | {"format": "hotwash-lessons/1"})


def test_a_conflict_that_came_along_waits_for_a_person_there_too(centre: Centre, apart: Lesson, tmp_path: Path):
    file = tmp_path / "lessons.json"
    work.export(centre, file, now_utc=NOON)
    with a_centre(tmp_path / "other") as other:
        found = work.import_(other, file, now_utc=NOON)
        assert (found.counts, found.conflicts) == ({"new": 1}, ("L-1",))
        (conflict,) = transfer.conflicts(other)
        assert (conflict.from_centre, conflict.their_head) == ("Київ", apart.history[-1].sha256)
        assert work.import_(other, file, now_utc=NOON).conflicts == ()
        settled(centre, "theirs")
        work.export(centre, file, now_utc=NOON)
        assert work.import_(other, file, now_utc=NOON).counts == {"forward": 1}
        assert transfer.conflicts(other) == ()
        assert [one.kept for one in transfer.conflicts(other, is_open=False)] == ["theirs"]
        assert doctor.examine(other) == ()


def test_whether_a_conflict_is_settled_is_what_ones_own_history_says(centre: Centre, apart: Lesson, tmp_path: Path):
    settled(centre, "ours")
    work.export(centre, tmp_path / "lessons.json", now_utc=NOON)
    with a_centre(tmp_path / "other") as other:
        lessons.record_lesson(other, edited(come_to("draft"), "a third way"))
        work.import_(other, tmp_path / "lessons.json", now_utc=NOON)
        assert {one.their_head for one in transfer.conflicts(other)} == {
            apart.history[-1].sha256, lessons.get_lesson(centre, "L-1").history[-1].sha256,
        }  # fmt: skip


def test_a_history_that_is_ones_own_is_no_conflict(centre: Centre, apart: Lesson, tmp_path: Path):
    work.export(centre, tmp_path / "lessons.json", now_utc=NOON)
    with a_centre(tmp_path / "other") as other:
        lessons.record_lesson(other, apart)
        work.import_(other, tmp_path / "lessons.json", now_utc=NOON)
        (one,) = transfer.conflicts(other)
        assert one.their_head == lessons.get_lesson(centre, "L-1").history[-1].sha256


SPOILT = {
    "kept must be": {"kept": "nobody's"},
    "found_utc a time like": {"found_utc": "yesterday"},
    "each must have": {"mood": "good"},
    "has no history": {"history": []},
    "its lesson does not exist": {"lesson_id": "L-2"},
    "continues its lesson": {"history": 7},
    "is in the file twice": {},
    "was changed after it was written": {"history": "spoilt"},
}


@pytest.mark.parametrize("said", SPOILT)
def test_a_conflict_that_does_not_hold_is_refused_with_its_file(
    centre: Centre, apart: Lesson, tmp_path: Path, said: str
):
    work.export(centre, tmp_path / "lessons.json", now_utc=NOON)
    file = json.loads((tmp_path / "lessons.json").read_text(encoding="utf-8"))
    (one,) = file["conflicts"]
    change: dict[str, Any] = dict(SPOILT[said])
    if change.get("history") == 7:
        on = edited(lessons.get_lesson(centre, "L-1"), "on")
        change["history"] = exchange.lesson_item(on)["history"]
    if change.get("history") == "spoilt":
        change["history"] = [*one["history"][:-1], one["history"][-1] | {"why": "other"}]
    if change.get("lesson_id"):
        before: list[dict[str, Any]] = exchange.lesson_item(come_to("draft", "L-2"))["history"]
        change["history"] = before
    file["conflicts"] = [one | change] + ([one] if not change else [])
    (tmp_path / "lessons.json").write_text(json.dumps(file), encoding="utf-8")
    with a_centre(tmp_path / "other") as other:
        with pytest.raises(ExchangeError, match=said):
            work.import_(other, tmp_path / "lessons.json", now_utc=NOON)
        assert lessons.summaries(other) == ()
