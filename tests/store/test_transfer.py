"""Lessons go to another centre and come back, whole; what two centres wrote on one lesson is never lost."""

from __future__ import annotations

import copy
import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import by_path
import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moves import ANALYST, CHIEF, EVIDENCE, NOON, OWNER, PEOPLE, REPORTER, TEXT, WAY, come_to, moved

from hotwash import resources
from hotwash.errors import ExchangeError, LessonError
from hotwash.export import lessons_file as written
from hotwash.ingest import lessons_file as read
from hotwash.lessons import csv_table, exchange, history, process
from hotwash.model import formula_guard
from hotwash.model.lesson import Evidence, Lesson, RemedialAction
from hotwash.model.objective import Objective, Reference, Rule, Standard
from hotwash.store import centre as centres
from hotwash.store import doctor, lessons, objectives, people, transfer
from hotwash.store.centre import Centre

OBJECTIVE = Objective(
    "O-1", "L-1", "Warn in time", "procedure", "watch officer", "watch-night", "1", "watch", "first_to_warning", "s",
    Standard("at_most", 900.0), Rule(5), named_utc=NOON, attempts=("A-1",),
    reference=Reference(27_000.0, "s", rows=("claims:C-1",)),
)  # fmt: skip


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Centre]:
    with centres.create(tmp_path / "other", name="Other", now_utc=NOON) as made:
        for person_id in PEOPLE:
            people.add_person(made, f"Other name of {person_id}", person_id=person_id, now_utc=NOON)
        yield made


def document(*some: Lesson, with_reporter: bool = False, **more: Any) -> dict[str, Any]:
    items = [exchange.lesson_item(one, with_reporter=with_reporter) for one in some]
    return exchange.document(items, centre_id="C-1", centre="One", made_utc=NOON, made_by="0.1.0", **more)


def through(document: dict[str, Any], folder: Path) -> exchange.File:
    """Write a file and read it."""
    return read.read(written.write_json(folder / "lessons.json", document))


def looked(file: exchange.File) -> Lesson:
    """Return the one lesson of a file, looked through."""
    (row,) = file.lessons
    one = exchange.parse_lesson(row, name="lessons.json")
    return history.lesson(one.lesson_id, one.entries, originator_id=one.originator_id)


def take(centre: Centre, *some: Lesson, **more: Any) -> transfer.ImportResult:
    file = exchange.parse_document(json.loads(json.dumps(document(*some, **more))), name="lessons.json")
    return transfer.import_lessons(centre, file, name="lessons.json", now_utc=NOON)


# ---------------------------------------------------------------- there and back again

TEXTS = st.text(max_size=40)
MOMENTS = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(("discussion", "conclusion", "recommendation", "unit", "event", "place", "manager"), TEXTS),
    **dict.fromkeys(("classification", "releasability", "language", "objective", "manager_id", "originator"), TEXTS),
    "title": TEXTS.filter(str.strip),
    "observation": TEXTS.filter(str.strip),
    "event_utc": st.none() | MOMENTS,
    "lat_deg": st.none() | st.floats(-90, 90),
    "lon_deg": st.none() | st.floats(-180, 180),
    "keywords": st.lists(TEXTS, max_size=3),
    "related": st.lists(TEXTS, max_size=3),
    "evidence": st.lists(
        st.builds(
            Evidence, st.sampled_from(history.EVIDENCE_KINDS), TEXTS, st.none() | MOMENTS, st.none() | MOMENTS, TEXTS,
            TEXTS,
        ),
        max_size=2,
    ),
    "actions": st.lists(
        st.builds(
            RemedialAction, TEXTS.filter(bool), TEXTS, st.sampled_from(history.ACTION_KINDS), TEXTS, TEXTS,
            st.none() | st.dates(), st.sampled_from(history.ACTION_STATES),
        ),
        max_size=2, unique_by=lambda action: action.action_id,
    ),
}  # fmt: skip
OPTIONAL = {name: some for name, some in FIELDS.items() if name not in ("title", "observation")}


@st.composite
def some_lesson(draw: st.DrawFn, lesson_id: str = "L-1") -> Lesson:
    needed = {name: draw(FIELDS[name]) for name in ("title", "observation")}
    changes = needed | draw(st.fixed_dictionaries({}, optional=OPTIONAL))
    lesson = moved(process.new_lesson(lesson_id), [("submit", REPORTER, "originator", changes)])
    for count in range(draw(st.integers(0, 3))):
        lesson = process.take_step(
            lesson, "edit", by=ANALYST, role="lessons_manager", why=draw(TEXTS.filter(str.strip)),
            rests_on=draw(st.lists(TEXTS, max_size=2)), when_utc=NOON + timedelta(microseconds=count),
            changes=draw(st.fixed_dictionaries({}, optional=OPTIONAL)),
        ) if lesson.stage != "submitted" else moved(lesson, [("accept", ANALYST, "lessons_manager", {})])  # fmt: skip
    return lesson


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(some_lesson())
def test_the_exchange_file_brings_back_everything(lesson: Lesson):
    with tempfile.TemporaryDirectory() as folder:
        file = through(document(lesson, with_reporter=True, objectives=[OBJECTIVE]), Path(folder))
    assert looked(file) == lesson
    assert file.objectives == (OBJECTIVE,)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(some_lesson())
def test_the_table_for_spreadsheets_brings_back_every_lesson(lesson: Lesson):
    with tempfile.TemporaryDirectory() as folder:
        path = written.write_csv(Path(folder) / "lessons.csv", [exchange.lesson_item(lesson, with_reporter=True)])
        assert looked(read.read(path)) == lesson


def test_a_whole_centre_goes_to_another_and_is_the_same_there(centre: Centre, other: Centre, tmp_path: Path):
    for count, (kind, _, _, _) in enumerate(WAY):
        lessons.record_lesson(centre, come_to({"edit": "draft", "act": "tasked"}.get(kind, "learned"), f"L-{count}"))
    objectives.put_objective(centre, OBJECTIVE)
    everything = document(
        *lessons.all_lessons(centre), with_reporter=True, objectives=objectives.all_objectives(centre)
    )
    taken = transfer.import_lessons(other, through(everything, tmp_path), name="lessons.json", now_utc=NOON)
    assert taken.counts == {"new": len(WAY)}
    assert lessons.all_lessons(other) == lessons.all_lessons(centre)
    assert objectives.all_objectives(other) == (OBJECTIVE,)
    assert doctor.examine(other) == ()


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_file_too_large_for_memory_is_read_as_any_other(
    centre: Centre, tmp_path: Path, mark: bytes, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(read, "IN_MEMORY_BYTES", 0)
    lesson = moved(process.new_lesson("L-7"), WAY[:5])
    path = tmp_path / "lessons.json"
    path.write_bytes(mark + json.dumps(document(lesson)).encode())
    assert looked(read.read(path)).history == lesson.history
    transfer.import_lessons(centre, read.read(path), name="lessons.json", now_utc=NOON)
    assert lessons.get_lesson(centre, "L-7").history == lesson.history


def test_the_file_keeps_to_its_published_schema(tmp_path: Path):
    path = written.write_json(
        tmp_path / "lessons.json",
        document(come_to("learned"), with_reporter=True, objectives=[OBJECTIVE],
                 people=[{"person_id": "P-1", "name": "n", "function": "", "unit": ""}]),
    )  # fmt: skip
    schema = json.loads(resources.read("export/lessons.schema.json"))
    checker = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    checker.check_schema(schema)
    checker.validate(json.loads(path.read_text(encoding="utf-8")))


def test_the_published_schema_is_what_the_records_declare():
    script: ModuleType = by_path.script("build_exchange_schema")
    assert script.SCHEMA.read_text(encoding="utf-8") == script.text(), "run `python scripts/build_exchange_schema.py`"


# ---------------------------------------------------------------- what leaves, and what does not


def test_the_reporter_leaves_only_when_asked(tmp_path: Path):
    lesson = come_to("learned")
    silent = written.write_json(tmp_path / "a.json", document(lesson)).read_text(encoding="utf-8")
    told = written.write_json(tmp_path / "b.json", document(lesson, with_reporter=True)).read_text(encoding="utf-8")
    assert REPORTER not in silent
    assert REPORTER in told
    assert REPORTER not in csv_table.to_csv([exchange.lesson_item(lesson)])


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'", "'=1", "''=1", "a=1", "", " =1"])
def test_no_cell_is_taken_for_a_formula_and_each_comes_back(text: str):
    guarded = formula_guard.escape_formula(text)
    assert not guarded.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert formula_guard.unescape_formula(guarded) == text


# ---------------------------------------------------------------- two centres, one lesson


def test_what_is_further_on_is_taken_and_what_is_behind_changes_nothing(centre: Centre):
    draft, tasked = come_to("draft"), come_to("tasked")
    assert take(centre, draft).counts == {"new": 1}
    assert take(centre, tasked).counts == {"forward": 1}
    assert take(centre, tasked).counts == {"same": 1}
    assert take(centre, draft).counts == {"behind": 1}
    assert len(lessons.get_lesson(centre, "L-1").history) == len(tasked.history)


@pytest.fixture
def apart(centre: Centre) -> tuple[Lesson, Lesson]:
    """Two histories of one lesson that part after four entries; the first is in the centre."""
    draft = come_to("draft")
    ours = moved(draft, [("edit", ANALYST, "analyst", {"keywords": ["ours"]})])
    theirs = moved(draft, [("edit", ANALYST, "analyst", {"keywords": ["theirs"], "unit": "theirs"}),
                           ("endorse", CHIEF, "authority", {})])  # fmt: skip
    lessons.record_lesson(centre, ours)
    return ours, theirs


def test_two_histories_that_part_are_both_kept(centre: Centre, apart: tuple[Lesson, Lesson]):
    ours, theirs = apart
    taken = take(centre, theirs)
    assert (taken.counts, taken.conflicts) == ({"conflict": 1}, ("L-1",))
    assert lessons.get_lesson(centre, "L-1") == ours
    (conflict,) = transfer.conflicts(centre)
    assert (conflict.ancestor, conflict.from_centre) == (len(ours.history) - 1, "One")
    assert history.lesson("L-1", conflict.theirs, originator_id=REPORTER) == theirs
    take(centre, theirs)
    assert len(transfer.conflicts(centre)) == 1


@pytest.mark.parametrize(
    ("keep", "keywords", "unit"), [("ours", ("ours",), TEXT["unit"]), ("theirs", ("theirs",), "theirs")]
)
def test_a_person_settles_a_conflict_with_one_move(
    centre: Centre, apart: tuple[Lesson, Lesson], keep: str, keywords: Any, unit: str
):  # fmt: skip
    take(centre, apart[1])
    (conflict,) = transfer.conflicts(centre)
    transfer.settle_conflict(
        centre, conflict, keep=keep, by=ANALYST, role="lessons_manager", why="compared", now_utc=NOON
    )
    lesson = lessons.get_lesson(centre, "L-1")
    assert (lesson.keywords, lesson.unit, lesson.stage) == (keywords, unit, "draft")
    assert lesson.history[-1].rests_on == (f"branch:{apart[1].history[-1].sha256}",)
    assert transfer.conflicts(centre) == ()
    assert transfer.conflicts(centre, is_open=False)[0].theirs == conflict.theirs
    assert take(centre, apart[1]).counts == {"known": 1}
    assert doctor.examine(centre) == ()


def test_only_who_may_settles_a_conflict(centre: Centre, apart: tuple[Lesson, Lesson]):
    take(centre, apart[1])
    (conflict,) = transfer.conflicts(centre)
    with pytest.raises(LessonError, match="is done by lessons_manager"):
        transfer.settle_conflict(centre, conflict, keep="ours", by=OWNER, role="action_body", why="why", now_utc=NOON)
    assert transfer.conflicts(centre) == (conflict,)


def test_an_objective_that_differs_is_kept_beside_ours(centre: Centre):
    objectives.put_objective(centre, OBJECTIVE)
    theirs = Objective(**{name: getattr(OBJECTIVE, name) for name in Objective.__slots__} | {"title": "theirs"})
    assert take(centre, objectives=[theirs]).objectives == 0
    assert objectives.get_objective(centre, "O-1") == OBJECTIVE


def test_a_lesson_of_a_tool_without_history_is_submitted_as_an_observation(centre: Centre, tmp_path: Path):
    path = tmp_path / "theirs.csv"
    path.write_text("lesson_id,title,observation,keywords\nT-7,Late,It was late,radar; night\n", encoding="utf-8")
    transfer.import_lessons(centre, read.read(path), name=path.name, now_utc=NOON)
    lesson = lessons.get_lesson(centre, "T-7")
    assert (lesson.stage, lesson.keywords, lesson.originator_id) == ("submitted", ("radar", "night"), "")
    with pytest.raises(ExchangeError, match="exists here"):
        transfer.import_lessons(centre, read.read(path), name=path.name, now_utc=NOON)


# ---------------------------------------------------------------- bad files


def spoilt(**changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(document(come_to("tasked"))))
    return found | changes


def edit(change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    found = copy.deepcopy(spoilt())
    change(found["lessons"][0])
    return found


def resealed(item: dict[str, Any], at: int, **changes: Any) -> None:
    """Change an entry and make all hashes after it anew, as somebody who knows how would."""
    item["history"][at] |= changes
    before = item["history"][at]["before"]
    for entry in item["history"][at:]:
        entry["before"] = before
        before = entry["sha256"] = history.hash_entry(item["lesson_id"], entry)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (spoilt(format="hotwash-lessons/3"), "is of version 3; this hotwash reads versions up to 2. Install a newer"),
        (spoilt(format="hotwash-account/1"), "is not a file of lessons"),
        ([], "is not a file of lessons"),
        (spoilt(mood="good"), "unknown key"),
        (spoilt(conflicts=[]), "conflicts: unknown key in version 1"),
        (spoilt(lessons={}), "lessons: must be a list"),
        (spoilt(people=5), "people: must be a list"),
        (edit(lambda item: resealed(item, 5, changes="{")), "history.5.: its changes: is not valid JSON"),
        (edit(lambda item: resealed(item, 5, changes="[]")), "must be a table of named values"),
        (edit(lambda item: item["history"][2].update(number="2")), "history.2.: is not an entry .Expected `int`"),
        (edit(lambda item: item["history"].append(5)), "is not an entry .Expected `object`"),
        (spoilt(lessons=[{}]), "has no lesson_id"),
        (spoilt(lessons=[*spoilt()["lessons"] * 2]), "is in the file twice"),
        (spoilt(people=[{"person_id": "P-1"}]), "people"),
        (spoilt(objectives=[{"objective_id": "O-1"}]), "is missing"),
        (edit(lambda item: item.update(title="other")), "contradicts the history"),
        (edit(lambda item: item.update(stage="learned")), "contradicts the history"),
        (edit(lambda item: item["history"].pop(2)), "entry 2 is missing"),
        (edit(lambda item: item["history"][2].update(why="other")), "entry 2 was changed"),
        (edit(lambda item: item["history"][2].pop("why")), "is not an entry"),
        (edit(lambda item: item["history"][2].update(when_utc="2026-03-01")), "when_utc must be a time like"),
        (edit(lambda item: resealed(item, 5, stage="learned")), "is not a permitted step from endorsed"),
        (edit(lambda item: resealed(item, 4, role="analyst")), "analyst to endorsed is not a permitted step"),
        (edit(lambda item: resealed(item, 5, changes='{"originator_id":"P-1"}')), "cannot be set"),
        (edit(lambda item: resealed(item, 5, changes='{"lat_deg":91.0}')), "out of range"),
    ],
)  # fmt: skip
def test_a_file_that_does_not_hold_is_refused_whole(centre: Centre, tmp_path: Path, found: Any, said: str):
    path = tmp_path / "lessons.json"
    path.write_text(json.dumps(found), encoding="utf-8")
    with pytest.raises(ExchangeError, match=said):
        transfer.import_lessons(centre, read.read(path), name=path.name, now_utc=NOON)
    assert lessons.summaries(centre) == ()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is not valid JSON"),
        (b'{"format": "hotwash-lessons/1", "lessons": [', "cut short"),
        (b"\xff\xfe", "is not UTF-8"),
        (b'{"format":' + b"[" * 200_000, "nested too deeply"),
        (b'{"format": NaN}', "is not valid JSON"),
        (b'{"format": "\\ud800"}', "half a character"),
        (b"[5]", "is not a file of lessons"),
    ],
)
@pytest.mark.parametrize("in_memory", [2**26, 0])
def test_a_file_that_is_no_json_is_refused_whether_it_fits_into_memory_or_not(
    tmp_path: Path, content: bytes, said: str, in_memory: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(read, "IN_MEMORY_BYTES", in_memory)
    path = tmp_path / "lessons.json"
    path.write_bytes(content)
    with pytest.raises(ExchangeError, match=said):
        read.read(path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("title\nx\n", "has no column lesson_id"),
        ("lesson_id,mood\nL-1,good\n", "column 'mood' is unknown"),
        ("lesson_id,title\nL-1\n", "line 2: has more or fewer cells"),
        ("lesson_id,lat_deg\nL-1,north\n", "not a number of degrees"),
        ("lesson_id,actions\nL-1,[{\n", "is no longer valid JSON"),
    ],
)
def test_a_table_that_does_not_hold_names_line_and_column(tmp_path: Path, content: str, said: str):
    path = tmp_path / "lessons.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ExchangeError, match=said):
        read.read(path)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (b'{"lesson_id": "L-1", "title": "\xff"}', 'lessons: {"lesson_id": "L-1".*is not UTF-8'),
        (b'{"lesson_id": "L-1", "lat_deg": 1e999}', "is not valid JSON: Number out of range"),
        (b'{"lesson_id": "L-1", "title": "\\udc00"}', "half a character"),
        (b'{"lesson_id": "L-1", "title": ' + b"[" * 200_000 + b"]" * 200_000 + b"}", "nested too deeply"),
        (b"5", "has no lesson_id"),
    ],
)
def test_a_lesson_that_cannot_be_read_is_named(centre: Centre, tmp_path: Path, row: bytes, said: str):
    path = tmp_path / "lessons.json"
    path.write_bytes(b'{"format": "hotwash-lessons/1", "lessons": [' + row + b"]}")
    with pytest.raises(ExchangeError, match=said):
        transfer.import_lessons(centre, read.read(path), name=path.name, now_utc=NOON)


def test_what_was_edited_in_a_spreadsheet_is_refused_rather_than_lost(centre: Centre, tmp_path: Path):
    text = csv_table.to_csv([exchange.lesson_item(come_to("draft"))]).replace('"Lublin"', '"Chełm"')
    (tmp_path / "lessons.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ExchangeError, match="place: contradicts the history"):
        transfer.import_lessons(centre, read.read(tmp_path / "lessons.csv"), name="lessons.csv", now_utc=NOON)


def test_nothing_of_a_file_is_kept_when_its_last_lesson_cannot_be(centre: Centre):
    lessons.record_lesson(centre, come_to("draft", "L-9"))
    bare = {"lesson_id": "L-9", "title": "t", "observation": "o"}
    told = document(come_to("draft"))
    file = exchange.parse_document(told | {"lessons": [*told["lessons"], bare]}, name="x")
    with pytest.raises(ExchangeError, match="exists here"):
        transfer.import_lessons(centre, file, name="x", now_utc=NOON)
    assert [one.lesson_id for one in lessons.summaries(centre)] == ["L-9"]


# ---------------------------------------------------------------- validated elsewhere

PAPER = b"Every siren of the harbour was heard at 60 dB."
PAPER_SHA = hashlib.sha256(PAPER).hexdigest()


def closed_by(*rests: str, evidence: tuple[Evidence, ...] = ()) -> Lesson:
    """Return a lesson that another centre closed as learned, its validation resting on what is given."""
    lesson = process.take_step(
        come_to("implemented"), "validate", by="P-elsewhere", role="validator", why="looked at", when_utc=NOON,
        rests_on=rests, changes={"evidence": (*EVIDENCE, *evidence)},
    )  # fmt: skip
    return process.take_step(lesson, "learn", by="P-chef", role="authority", why="good", when_utc=NOON)


def in_field(sha256: str) -> Lesson:
    return closed_by("field:the storm of May", evidence=(Evidence("event", "the storm of May", sha256=sha256),))


BY_PAPER = closed_by(f"inspection:sirens.pdf sha256 {PAPER_SHA} by P-inspector")


@pytest.mark.parametrize(
    ("lesson", "why"),
    [
        (closed_by("inspection:sirens.pdf"), "no SHA-256"),
        (closed_by("inspection:sirens.pdf sha256 abc by P-inspector"), "no SHA-256"),
        (closed_by("exercise:A-9", "inspection:sirens.pdf"), "no SHA-256"),
        (BY_PAPER, "not here"),
        (in_field(""), "no SHA-256"),
        (in_field(PAPER_SHA), "not here"),
        (closed_by("field:the storm of May"), "no SHA-256"),
    ],
)
def test_what_cannot_be_checked_here_is_no_lesson_learned_here(
    centre: Centre, tmp_path: Path, lesson: Lesson, why: str
):  # fmt: skip
    """A lesson was LESSON LEARNED here by an inspection elsewhere of which nobody here had seen a file."""
    result = transfer.import_lessons(centre, through(document(lesson), tmp_path), name="x", now_utc=NOON)
    assert [(one.lesson_id, one.stage) for one in result.held_back] == [("L-1", "implemented")]
    assert why in result.held_back[0].why
    assert lessons.get_lesson(centre, "L-1").stage == "implemented"
    assert doctor.examine(centre) == ()


@pytest.mark.parametrize("lesson", [BY_PAPER, in_field(PAPER_SHA)])
def test_with_the_document_beside_the_file_the_rest_is_taken(centre: Centre, tmp_path: Path, lesson: Lesson):
    file = through(document(lesson), tmp_path)
    transfer.import_lessons(centre, file, name="x", now_utc=NOON, beside=tmp_path)
    (tmp_path / "whatever its name.pdf").write_bytes(PAPER)
    again = transfer.import_lessons(centre, file, name="x", now_utc=NOON, beside=tmp_path)
    assert (again.counts, again.held_back) == ({"forward": 1}, ())
    assert lessons.get_lesson(centre, "L-1").stage == "learned"


def test_what_was_validated_here_comes_back_as_it_left(centre: Centre, tmp_path: Path):
    lessons.record_lesson(centre, BY_PAPER)
    result = transfer.import_lessons(centre, through(document(BY_PAPER), tmp_path), name="x", now_utc=NOON)
    assert (result.counts, result.held_back) == ({"same": 1}, ())


def test_what_was_reopened_since_is_taken_as_it_is(centre: Centre, tmp_path: Path):
    lesson = process.take_step(
        closed_by("inspection:sirens.pdf"), "fail_validation", by="P-elsewhere", role="validator", why="one was silent",
        when_utc=NOON, rests_on=("field:the storm of June",),
    )  # fmt: skip
    result = transfer.import_lessons(centre, through(document(lesson), tmp_path), name="x", now_utc=NOON)
    assert result.held_back == ()
    assert lessons.get_lesson(centre, "L-1").stage == "reopened"
