"""Lessons in a centre: kept with their history, found by words, place, time, stage and owner."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from moves import ACTION, ANALYSED, ANALYST, CHIEF, NOON, OWNER, REPORTER, TEXT, WAY, come_to, moved

from hotwash.errors import CentreError
from hotwash.lessons import history, process, search_words
from hotwash.model.lesson import Lesson
from hotwash.store import centre as centres
from hotwash.store import lessons, people, search
from hotwash.store.centre import Centre, km_between
from hotwash.store.search import SearchQuery


def observed(lesson_id: str, **changes: object) -> Lesson:
    return moved(process.new_lesson(lesson_id), [("submit", REPORTER, "originator", TEXT | changes)])


def found(centre: Centre, text: str = "", **asked: object) -> list[str]:
    return [one.lesson_id for one in search.search(centre, SearchQuery(text, **asked)).lessons]  # type: ignore[arg-type]


@pytest.mark.parametrize("stage", ["submitted", "tasked", "learned"])
def test_a_lesson_comes_back_as_it_was(centre: Centre, stage: str):
    lesson = come_to(stage)
    lessons.record_lesson(centre, lesson)
    assert lessons.get_lesson(centre, "L-1") == lesson


def test_a_lesson_can_be_kept_move_by_move(centre: Centre):
    lesson = process.new_lesson("L-1")
    for asked in WAY:
        lesson = moved(lesson, [asked])
        lessons.record_lesson(centre, lesson)
    assert lessons.get_lesson(centre, "L-1") == come_to("learned")


def test_of_two_writers_of_one_lesson_the_second_is_told(centre: Centre):
    lesson = come_to("observation")
    lessons.record_lesson(centre, lesson)
    mine = moved(lesson, [("edit", ANALYST, "analyst", {"title": "mine"})])
    theirs = moved(lesson, [("edit", ANALYST, "analyst", {"title": "theirs"})])
    lessons.record_lesson(centre, mine)
    with pytest.raises(CentreError, match="changed by somebody else meanwhile"):
        lessons.record_lesson(centre, theirs)
    assert lessons.get_lesson(centre, "L-1") == mine
    assert found(centre, "theirs") == []


def forged(kind: str, role: str, stage: str) -> Lesson:
    """A lesson with an entry that was made past the process."""
    lesson = come_to("draft")
    entry = history.next_entry(
        "L-1", lesson.history, when_utc=NOON, by="P-chief", role=role, kind=kind, stage=stage, why="w", rests_on=(),
        changes={},
    )  # fmt: skip
    return replace(lesson, stage=stage, history=(*lesson.history, entry))


@pytest.mark.parametrize(
    ("kind", "role", "stage"),
    [("learn", "authority", "learned"), ("edit", "analyst", "endorsed"), ("endorse", "analyst", "endorsed")],
)
def test_a_move_made_past_the_process_is_not_kept(centre: Centre, kind: str, role: str, stage: str):
    with pytest.raises(CentreError, match="is not a permitted step from draft"):
        lessons.record_lesson(centre, forged(kind, role, stage))
    assert lessons.summaries(centre) == ()


def test_a_lesson_that_is_not_there_is_named(centre: Centre):
    with pytest.raises(CentreError, match="no such lesson"):
        lessons.get_lesson(centre, "L-9")


def test_a_reporter_who_is_no_person_of_the_centre_is_refused_whole(centre: Centre):
    stranger = moved(process.new_lesson("L-1"), [("submit", "P-stranger", "originator", TEXT)])
    with pytest.raises(CentreError, match="not a person of this centre"):
        lessons.record_lesson(centre, stranger)
    assert lessons.summaries(centre) == ()


def test_a_list_tells_the_next_date_and_how_much_is_open(centre: Centre):
    lessons.record_lesson(centre, come_to("tasked"))
    (one,) = lessons.summaries(centre)
    assert (one.stage, one.open_actions, one.due) == ("tasked", 1, date(2026, 5, 1))
    assert lessons.summaries(centre, stage="draft") == ()


# ---------------------------------------------------------------- due


def tasked(centre: Centre, lesson_id: str, **changes: object) -> None:
    way = [*WAY[:5], ("task", *WAY[5][1:3], {"actions": [replace(ACTION, **changes)]})]  # type: ignore[arg-type]
    lessons.record_lesson(centre, moved(process.new_lesson(lesson_id), way))  # type: ignore[arg-type]


def test_an_action_without_owner_or_date_is_overdue_from_birth(centre: Centre):
    tasked(centre, "L-1", owner="", owner_id="")
    tasked(centre, "L-2", due=None)
    tasked(centre, "L-3", due=date(2026, 3, 9))
    tasked(centre, "L-4", due=date(2026, 3, 20))
    tasked(centre, "L-5", due=date(2027, 1, 1))
    listed = lessons.due(centre, today=date(2026, 3, 10))
    assert [(one.lesson_id, one.is_overdue) for one in listed] == [
        ("L-3", True), ("L-1", True), ("L-2", True), ("L-4", False),
    ]  # fmt: skip
    assert [one.why for one in listed] == [
        "1 days late", "has no owner, so it is treated as overdue", "has no due date, so it is treated as overdue",
        "due in 10 days",
    ]  # fmt: skip


def test_due_actions_are_listed_for_one_owner(centre: Centre):
    tasked(centre, "L-1")
    tasked(centre, "L-2", owner="Training branch", owner_id="")
    assert [one.lesson_id for one in lessons.due(centre, today=date(2026, 6, 1), owner="Training branch")] == ["L-2"]
    assert [one.lesson_id for one in lessons.due(centre, today=date(2026, 6, 1), owner=OWNER)] == ["L-1"]


# ---------------------------------------------------------------- search


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Ostrzeżenie dla Łodzi wydano późno", "lodzi"),
        ("Ostrzeżenie dla Łodzi wydano późno", "OSTRZEZENIE łodzi"),
        ("Попередження в п’яти районах", "п'яти"),
        ("Попередження в пʼяти районах", "пяти"),
        ("Їхній ґрунт, Київ і Європа", "іхніи грунт"),
        ("Їхній ґрунт, Київ і Європа", "київ європа"),
        ("A naïve façade in Malmö", "naive facade malmo"),
        ("The watch-officer's log", "watch officers log"),
        ("Drony nad granicą", "dron"),
        ("Drony nad granicą", "dro* gran*"),
    ],
)
def test_a_word_is_found_without_its_diacritics(centre: Centre, text: str, asked: str):
    lessons.record_lesson(centre, observed("L-1", observation=text, keywords=()))
    lessons.record_lesson(centre, observed("L-2", observation="something else entirely", keywords=()))
    assert found(centre, asked) == ["L-1"]


def test_the_title_weighs_more_than_the_text(centre: Centre):
    lessons.record_lesson(centre, observed("L-1", title="Coffee", observation="The radar was out, the radar was late."))
    lessons.record_lesson(centre, observed("L-2", title="The radar was out", observation="Nobody knew."))
    assert found(centre, "radar") == ["L-2", "L-1"]


def test_of_a_word_that_is_everywhere_the_newest_and_the_titles_are_ranked(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(search, "MOST_RANKED", 4)
    lessons.record_lesson(centre, observed("L-old", title="Radar out", observation="Nobody knew."))
    for number in range(9):
        lessons.record_lesson(centre, observed(f"L-{number}", observation=f"The radar was out {number}."))
    everywhere = search.search(centre, SearchQuery("radar"))
    assert everywhere.is_cut
    assert [one.lesson_id for one in everywhere.lessons] == ["L-old", "L-8", "L-7", "L-6", "L-5"]
    assert found(centre, "radar", stages=("submitted",)) == ["L-old", *(f"L-{number}" for number in range(8, -1, -1))]
    assert not search.search(centre, SearchQuery("radar out 7")).is_cut


def test_whole_words_go_before_beginnings(centre: Centre):
    lessons.record_lesson(centre, observed("L-1", observation="drony"))
    assert search.search(centre, SearchQuery("dron")).how == "beginnings"
    lessons.record_lesson(centre, observed("L-2", observation="dron"))
    assert search.search(centre, SearchQuery("dron")).how == "words"
    assert found(centre, "dron") == ["L-2"]


def test_lessons_are_found_by_place_time_stage_and_owner(centre: Centre):
    lessons.record_lesson(centre, come_to("tasked"))
    far = {"place": "Rzeszów", "lat_deg": 50.0412, "lon_deg": 21.9991, "event_utc": datetime(2024, 1, 1, tzinfo=UTC)}
    lessons.record_lesson(centre, observed("L-2", **far))
    assert found(centre, place="rzeszow") == ["L-2"]
    assert found(centre, near=(51.25, 22.57, 5.0)) == ["L-1"]
    assert found(centre, near=(51.25, 22.57, 150.0), stages=("submitted",)) == ["L-2"]  # they lie 140 km apart
    assert found(centre, "warned", from_utc=datetime(2025, 1, 1, tzinfo=UTC)) == ["L-1"]
    assert found(centre, until_utc=datetime(2025, 1, 1, tzinfo=UTC)) == ["L-2"]
    assert found(centre, "warned", is_to_act=True, owner="Operations branch") == ["L-1"]
    assert found(centre, "warned", owner="nobody") == []


@pytest.mark.parametrize(
    ("place", "near"),
    [((10.0, 179.95), (10.0, -179.95, 20.0)), ((89.9, 0.0), (89.9, 180.0, 30.0)), ((60.0, 20.0), (60.0, 20.35, 20.0))],
)
def test_what_is_near_is_found_over_the_date_line_and_the_pole(centre: Centre, place: Any, near: Any):
    lessons.record_lesson(centre, observed("L-1", lat_deg=place[0], lon_deg=place[1]))
    assert found(centre, near=near) == ["L-1"]
    assert found(centre, near=(*near[:2], near[2] / 3)) == []


def placed(number: int) -> Lesson:
    """One of many lessons that differ in place, time, stage, owner and whether anything is open."""
    event = None if number % 5 == 4 else NOON - timedelta(days=number % 3)
    lon_deg = None if number % 7 == 6 else 22.0 + number % 4
    way = [("submit", REPORTER, "originator", TEXT | {"lat_deg": 51.0, "lon_deg": lon_deg, "event_utc": event})]
    way += [*WAY[1:3], ("edit", ANALYST, "analyst", ANALYSED | {"action_body": f"Branch {number % 2}"}), WAY[4]]
    action = replace(ACTION, owner=f"Branch {number % 3}", owner_id="" if number % 2 else OWNER)
    way += [("task", CHIEF, "authority", {"actions": (action,)})]
    return moved(process.new_lesson(f"L-{number:02}"), [*way, *WAY[6:]][: 3 + number % 6])  # type: ignore[arg-type]


def fits(one: Lesson, asked: dict[str, Any]) -> bool:
    """Whether a lesson fits what is asked, said once more in plain words."""
    day, near, owner = asked.get("from_utc"), asked.get("near"), asked.get("owner")
    owners = {one.action_body, one.manager} | {
        name for action in one.actions for name in (action.owner, action.owner_id)
    }
    return (
        (day is None or (one.event_utc is not None and one.event_utc >= day))
        and (near is None or (one.lon_deg is not None and km_between(*near[:2], one.lat_deg, one.lon_deg) <= near[2]))  # type: ignore[arg-type]
        and (owner is None or owner in owners)
        and (not asked.get("is_to_act") or any(action.state == "open" for action in one.actions))
        and ("stages" not in asked or one.stage in asked["stages"])
    )


def test_whatever_is_asked_together_is_what_each_lesson_is_asked_by_itself(centre: Centre):
    some = [placed(number) for number in range(42)]
    for one in some:
        lessons.record_lesson(centre, one)
    choices: dict[str, tuple[Any, ...]] = {
        "from_utc": (None, NOON - timedelta(days=1)),
        "near": (None, (51.0, 22.0, 71.0), (89.5, 0.0, 4300.0)),
        "owner": (None, "Branch 1", "Branch 2", OWNER, "nobody"),
        "is_to_act": (None, True),
        "stages": (None, ("draft", "tasked")),
        "text": (None, "warned"),
    }
    for values in itertools.product(*choices.values()):
        asked = {name: value for name, value in zip(choices, values, strict=True) if value is not None}
        listed = search.search(centre, SearchQuery(limit=100, **asked)).lessons
        assert {one.lesson_id for one in listed} == {one.lesson_id for one in some if fits(one, asked)}, asked


def test_a_moved_lesson_is_found_by_its_new_words_only(centre: Centre):
    lesson = observed("L-1", title="Oldword")
    lessons.record_lesson(centre, lesson)
    lessons.record_lesson(centre, moved(lesson, [("edit", REPORTER, "originator", {"title": "Newword"})]))
    assert found(centre, "oldword") == []
    assert found(centre, "newword") == ["L-1"]


@pytest.mark.parametrize("text", ['"', "* ^ :", "NEAR(", "title : x OR", "-", "a AND", "(((", "…"])
def test_no_question_breaks_the_search(centre: Centre, text: str):
    lessons.record_lesson(centre, observed("L-1"))
    assert found(centre, text) == []


def test_a_stage_or_a_place_that_is_none_is_refused(centre: Centre):
    with pytest.raises(CentreError, match="is not a stage"):
        found(centre, stages=("sleeping",))
    with pytest.raises(CentreError, match="above 0 km"):
        found(centre, near=(91.0, 0.0, 1.0))


def test_folding_twice_changes_nothing():
    text = "Łódź, Ґедзь, їжак, п’ять, Ærø, straße, İstanbul"
    assert search_words.fold(search_words.fold(text)) == search_words.fold(text)


# ---------------------------------------------------------------- people


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_a_name_can_be_erased_and_the_chain_still_holds(centre: Centre):
    person_id = people.add_person(centre, "Jadwiga Unmistakable", function="duty officer", now_utc=NOON)
    lesson = moved(process.new_lesson("L-1"), [("submit", person_id, "originator", TEXT)])
    lessons.record_lesson(centre, moved(lesson, [("edit", person_id, "originator", {"unit": "Night shift"})]))
    before = lessons.get_lesson(centre, "L-1")
    assert b"Unmistakable" in bytes_of(centre.folder)
    people.erase_person(centre, person_id, now_utc=NOON)
    assert b"Unmistakable" not in bytes_of(centre.folder)
    assert lessons.get_lesson(centre, "L-1") == before
    assert people.find_person(centre, person_id).name == ""
    assert person_id not in people.current_ids(centre)


def test_no_name_stands_outside_the_table_of_people(centre: Centre):
    lessons.record_lesson(centre, come_to("learned"))
    with centre.reading() as connection:
        dump = "\n".join(connection.connection.iterdump())  # type: ignore[attr-defined]
    lines = [line for line in dump.splitlines() if "Name of" in line]
    assert lines
    assert all(line.startswith('INSERT INTO "people"') for line in lines)


def test_a_person_is_known_by_id_or_by_a_name_that_only_one_has(centre: Centre):
    one = people.add_person(centre, "Same Name", now_utc=NOON)
    assert people.find_person(centre, "Same Name").person_id == one
    people.add_person(centre, "Same Name", now_utc=NOON)
    with pytest.raises(CentreError, match="several people have this name"):
        people.find_person(centre, "Same Name")
    assert people.find_person(centre, one).name == "Same Name"
    with pytest.raises(CentreError, match="nobody here"):
        people.find_person(centre, "")


def test_a_name_that_a_reader_still_holds_is_told_and_erased_again(centre: Centre):
    person_id = people.add_person(centre, "Jadwiga Unmistakable", now_utc=NOON)
    with centres.open_(centre.folder) as other, other.reading() as connection:
        connection.exec_driver_sql("SELECT * FROM people").all()
        with pytest.raises(CentreError, match="erase again then"):
            people.erase_person(centre, person_id, now_utc=NOON)
    assert people.find_person(centre, person_id).name == ""
    people.erase_person(centre, person_id, now_utc=NOON)
    assert b"Unmistakable" not in bytes_of(centre.folder)
