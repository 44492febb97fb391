"""Whatever does not fit in a centre's folder is found and explained, and nothing else is."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from moves import ANALYST, NOON, REPORTER, come_to, moved

from hotwash.errors import CentreError, ReadError
from hotwash.model import schema
from hotwash.model.tables import SCORES
from hotwash.store import attempts, audit, backup, doctor, incidents, lessons, people, recordings
from hotwash.store import centre as centres
from hotwash.store.centre import Centre
from hotwash.work import lessons as work

BEGUN = {
    "attempt_id": "A-1", "exercise": "bperp", "exercise_version": "1", "seat": "pilot", "subject_kind": "person",
    "subject_id": "P-1", "is_test": True, "started_utc": NOON,
}  # fmt: skip


def write(folder: Path) -> None:
    folder.mkdir()
    (folder / "truth.parquet").write_bytes(b"flown")


def account(folder: Path) -> None:
    folder.mkdir()
    (folder / "account.json").write_bytes(b"{}")


NIGHT = incidents.Heading("night", "A night", NOON, None)


@pytest.fixture
def full(centre: Centre) -> Centre:
    """A centre with a lesson that came all the way, one under way, and an attempt with its recording."""
    lessons.record_lesson(centre, come_to("learned"))
    lessons.record_lesson(centre, come_to("tasked", "L-2"))
    attempts.begin_attempt(centre, BEGUN)
    place, digest = recordings.keep_recording(centre, "A-1", write)
    attempts.finish_attempt(
        centre, "A-1", scores=schema.empty(SCORES), ended_utc=NOON, recording=place, recording_hash=digest
    )  # fmt: skip
    return centre


def kinds(centre: Centre) -> list[str]:
    return [one.kind for one in doctor.examine(centre)]


def tampered(centre: Centre, statement: str, *given: object) -> None:
    """Change the database behind hotwash's back, triggers and all."""
    raw = sqlite3.connect(centre.folder / "centre.db")
    raw.create_function("seal", -1, lambda *_: "f" * 64)
    for trigger in ("history_is_never_changed", "history_is_never_shortened"):
        raw.execute(f"DROP TRIGGER IF EXISTS {trigger}")
    raw.execute(statement, given)
    raw.commit()
    raw.close()


def test_a_sound_centre_has_no_findings(full: Centre):
    assert doctor.examine(full) == ()
    found = audit.audit(full)
    assert (found.lessons, found.entries, found.faults, found.unnoted) == (2, 16, (), 0)


# ---------------------------------------------------------------- histories


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE history SET why = 'another reason' WHERE lesson_id = 'L-1' AND number = 3", "entry 3 was changed"),
        ("UPDATE history SET when_utc = when_utc + 1 WHERE lesson_id = 'L-1' AND number = 3", "entry 3 was changed"),
        ("UPDATE history SET rests_on = 'no JSON' WHERE lesson_id = 'L-1' AND number = 3", "entry 3 was changed"),
        ("DELETE FROM history WHERE lesson_id = 'L-1' AND number = 3", "entry 3 is missing"),
        ("DELETE FROM history WHERE lesson_id = 'L-1' AND number > 6", "its end was cut off"),
        ("DELETE FROM history WHERE lesson_id = 'L-1'", "its entire history is missing"),
        ("UPDATE history SET number = 99 WHERE lesson_id = 'L-1' AND number = 3", "is missing"),
        ("INSERT INTO history SELECT lesson_id, 10, when_utc, by, role, kind, stage, why, rests_on, changes, before, "
         "sha256 FROM history WHERE lesson_id = 'L-1' AND number = 9", "entry 10 does not follow"),
        ("UPDATE history SET lesson_id = 'L-2', number = number + 6 WHERE lesson_id = 'L-1'", "does not follow"),
        ("DELETE FROM heads WHERE lesson_id = 'L-1'", "missing from the table of heads"),
    ],
)  # fmt: skip
def test_a_tampered_history_is_found(full: Centre, statement: str, said: str):
    tampered(full, statement)
    assert any(said in fault.why for fault in audit.audit(full).faults)
    assert "broken chain" in kinds(full)


def test_entries_that_were_exchanged_are_found(full: Centre):
    tampered(full, "UPDATE history SET number = -number WHERE lesson_id = 'L-1' AND number IN (2, 3)")
    tampered(full, "UPDATE history SET number = 5 + number WHERE lesson_id = 'L-1' AND number < 0")
    assert {fault.number for fault in audit.audit(full).faults} == {2, 3, 4}


def test_the_database_itself_refuses_to_change_a_history(full: Centre):
    for statement in ("UPDATE history SET why = ''", "DELETE FROM history"):
        with pytest.raises(CentreError, match="cannot be changed or removed"), full.writing() as connection:
            connection.exec_driver_sql(statement)


def cut_in_both(centre: Centre, lesson_id: str) -> None:
    """Cut the end of a history, and all that tells of it inside the folder."""
    tampered(centre, "DELETE FROM history WHERE lesson_id = ? AND number > 6", lesson_id)
    tampered(
        centre,
        "UPDATE heads SET (number, sha256) = (SELECT number, sha256 FROM history WHERE lesson_id = heads.lesson_id "
        "ORDER BY number DESC LIMIT 1)",
    )


def test_an_end_cut_off_with_its_head_is_found_by_the_file_beside_the_database(full: Centre):
    cut_in_both(full, "L-1")
    assert "its end was cut off" in audit.audit(full).faults[0].why


def cut_everywhere(centre: Centre, lesson_id: str) -> None:
    """Cut the end of a history, and all that tells of it in the whole folder."""
    cut_in_both(centre, lesson_id)
    lines = (centre.folder / "anchors.log").read_text().splitlines(keepends=True)
    (centre.folder / "anchors.log").write_text("".join(line for line in lines if not line.startswith(lesson_id)))
    tampered(centre, "UPDATE heads SET is_anchored = 0")


def test_an_end_cut_off_everywhere_is_found_by_heads_kept_outside_only(full: Centre):
    kept = audit.audit(full).heads
    cut_everywhere(full, "L-1")
    assert not audit.audit(full).faults
    assert "its end was cut off" in audit.audit(full, since=[kept]).faults[0].why


def saved(centre: Centre, out: Path) -> Path:
    work.audit(centre, save=out)
    return out


def sent(centre: Centre, out: Path) -> Path:
    work.export(centre, out.with_suffix(".json"), now_utc=NOON)
    return out.with_suffix(".json")


def anchors_of_a_backup(centre: Centre, out: Path) -> Path:
    return backup.back_up(centre, out) / "anchors.log"


@pytest.mark.parametrize("leave", [saved, sent, backup.back_up, anchors_of_a_backup])
def test_whatever_left_the_centre_earlier_tells_of_an_end_that_was_cut_off_everywhere(
    full: Centre, tmp_path: Path, leave: Callable[[Centre, Path], Path]
):
    kept = leave(full, tmp_path / "kept")
    assert not work.audit(full, since=[kept]).faults
    cut_everywhere(full, "L-1")
    (fault,) = work.audit(full, since=[kept]).faults
    assert (fault.lesson_id, "its end was cut off" in fault.why) == ("L-1", True)


def test_a_file_that_was_taken_in_conflict_is_no_fault_as_long_as_the_conflict_is_kept(full: Centre, tmp_path: Path):
    draft = come_to("draft", "L-9")
    with centres.create(tmp_path / "other", name="Other", now_utc=NOON) as other:
        people.add_person(other, "n", person_id=REPORTER, now_utc=NOON)
        lessons.record_lesson(other, moved(draft, [("edit", ANALYST, "analyst", {"unit": "there"})]))
        theirs = sent(other, tmp_path / "theirs")
    lessons.record_lesson(full, moved(draft, [("edit", ANALYST, "analyst", {"unit": "here"})]))
    assert work.import_(full, theirs, now_utc=NOON).conflicts == ("L-9",)
    assert not work.audit(full, since=[theirs]).faults
    tampered(full, "DELETE FROM conflicts")
    assert "rewritten" in work.audit(full, since=[theirs]).faults[0].why


@pytest.mark.parametrize("content", ["", "{", "[1]", "L-1 5", '{"L-1": 5}', "\x00"])
def test_what_holds_no_heads_is_refused_rather_than_taken_for_a_proof(full: Centre, tmp_path: Path, content: str):
    (tmp_path / "kept").write_text(content)
    with pytest.raises(ReadError, match="contains no hashes"):
        work.audit(full, since=[tmp_path / "kept"])
    with pytest.raises(ReadError, match="cannot be read"):
        work.audit(full, since=[tmp_path / "nothing"])


def test_a_file_of_heads_that_was_cut_is_found(full: Centre):
    (full.folder / "anchors.log").write_text("")
    assert {fault.why for fault in audit.audit(full).faults} == {
        "its head is missing from anchors.log: the file was shortened or replaced"
    }


def test_a_head_that_a_killed_program_could_not_note_is_told_and_noted_by_the_next(full: Centre):
    tampered(full, "UPDATE heads SET is_anchored = 0 WHERE lesson_id = 'L-1'")
    (full.folder / "anchors.log").write_bytes((full.folder / "anchors.log").read_bytes()[:-30])
    assert kinds(full) == ["changed row", "unnoted head"]  # the last line was cut, and that is another matter
    tampered(full, "UPDATE heads SET is_anchored = 0")
    tampered(full, "UPDATE seal_heads SET is_anchored = 0")
    assert kinds(full) == ["unnoted head"]
    doctor.mend(full, now_utc=NOON)
    assert kinds(full) == []


# ---------------------------------------------------------------- the rest


def test_a_lesson_that_is_not_what_its_history_makes_is_found_and_mended(full: Centre):
    tampered(full, "UPDATE lessons SET stage = 'learned' WHERE lesson_id = 'L-2'")
    assert kinds(full) == ["lesson out of step"]
    assert doctor.mend(full, now_utc=NOON) == ("L-2: rebuilt from its history",)
    assert kinds(full) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE search SET title = 'other' WHERE rowid = 1",
        "DELETE FROM search WHERE rowid = 1",
        "INSERT INTO search (rowid, title) VALUES (99, 'stranger')",
    ],
)
def test_an_index_out_of_step_is_found_and_mended(full: Centre, statement: str):
    tampered(full, statement)
    assert kinds(full) == ["index out of step"]
    doctor.mend(full, now_utc=NOON)
    assert kinds(full) == []


def test_actions_out_of_step_are_found_and_mended(full: Centre):
    tampered(full, "UPDATE actions SET state = 'dropped' WHERE lesson_id = 'L-2'")
    assert kinds(full) == ["lesson out of step"]
    doctor.mend(full, now_utc=NOON)
    assert kinds(full) == []


def test_a_lost_recording_is_found(full: Centre):
    (full.folder / "recordings/A-1/truth.parquet").unlink()
    (full.folder / "recordings/A-1").rmdir()
    (found,) = doctor.examine(full)
    assert (found.kind, found.thing) == ("lost recording", "A-1")


def test_a_changed_recording_is_found(full: Centre):
    (full.folder / "recordings/A-1/more.parquet").write_bytes(b"put in")
    assert kinds(full) == ["changed recording"]


def test_a_half_written_attempt_is_found(full: Centre):
    attempts.begin_attempt(full, BEGUN | {"attempt_id": "A-2"})
    (found,) = doctor.examine(full)
    assert (found.kind, found.thing, found.why) == (
        "half-written attempt", "A-2", "it began at 2026-03-01 12:00Z and has not ended",
    )  # fmt: skip


def test_leftovers_are_found_and_cleared_once_they_are_an_hour_old(full: Centre):
    left = full.folder / "recordings" / ".A-3.abcd.part"
    write(left)
    assert kinds(full) == ["leftover"]
    os.utime(left, (NOON.timestamp() - 60, NOON.timestamp() - 60))
    assert doctor.mend(full, now_utc=NOON) == ()
    os.utime(left, (NOON.timestamp() - 4000, NOON.timestamp() - 4000))
    assert doctor.mend(full, now_utc=NOON) == ("recordings/.A-3.abcd.part: removed",)
    assert kinds(full) == []


def test_a_leftover_that_holds_a_bundle_says_so(full: Centre):
    left = full.folder / "incidents" / ".night.abcd.part"
    left.mkdir()
    (left / "incident.toml").write_text("")
    (found,) = doctor.examine(full)
    assert "a bundle lies in it as it was handed in" in found.why
    doctor.mend(full, now_utc=NOON + timedelta(days=36_500))
    assert not left.exists()


def test_a_recording_that_no_attempt_names_is_found(full: Centre):
    recordings.keep_recording(full, "A-9", write)
    assert kinds(full) == ["nameless recording"]


def test_a_row_that_names_nothing_is_found(full: Centre):
    tampered(full, "INSERT INTO scores (attempt_id, seat, measure) VALUES ('A-7', 'pilot', 'points')")
    assert kinds(full) == ["damaged database", "changed row"]


def test_a_damaged_database_is_refused_with_the_way_out(full: Centre):
    folder = full.folder
    full.close()
    path = folder / "centre.db"
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(CentreError, match="hotwash backup"):
        doctor.examine(centres.open_(folder))


# ---------------------------------------------------------------- accounts


def test_a_kept_account_is_numbered_and_never_written_over(full: Centre):
    first, second = (incidents.keep_account(full, NIGHT, account, now_utc=NOON) for _ in range(2))
    assert (first.name, second.name) == ("night/1", "night/2")
    assert incidents.get_account(full, "night") == second
    assert incidents.get_account(full, "incidents/night/1") == first == incidents.all_accounts(full)[0]
    assert doctor.examine(full) == ()


def test_an_account_that_is_gone_or_changed_or_was_never_kept_is_told(full: Centre):
    changed, gone = (incidents.keep_account(full, NIGHT, account, now_utc=NOON) for _ in range(2))
    (full.folder / changed.folder / "account.json").write_bytes(b"{ }")
    (full.folder / gone.folder).rename(full.folder / "incidents/night/7")
    (full.folder / "incidents/elsewhere").mkdir()
    found = [(one.kind, one.thing) for one in doctor.examine(full)]
    assert found == [
        ("changed account", "incidents/night/1"),
        ("lost account", "incidents/night/2"),
        ("nameless account", "incidents/elsewhere"),
        ("nameless account", "incidents/night/7"),
    ]


def test_an_account_passes_by_the_number_of_a_folder_that_a_killed_program_left(full: Centre):
    (full.folder / "incidents/night/3").mkdir(parents=True)
    assert incidents.keep_account(full, NIGHT, account, now_utc=NOON).number == 4


@pytest.mark.parametrize("bad", ["", "../out", "a/b", ".hidden", "x" * 121, "ends."])
def test_an_id_that_names_no_folder_everywhere_is_refused(full: Centre, bad: str):
    with pytest.raises(CentreError, match="not a valid incident id"):
        incidents.keep_account(full, incidents.Heading(bad, "A night", None, None), account, now_utc=NOON)
    assert list((full.folder / "incidents").iterdir()) == []


def test_an_account_that_cannot_be_written_leaves_nothing(full: Centre):
    def fails(folder: Path) -> None:
        account(folder)
        raise OSError(28, "No space left on device")

    with pytest.raises(CentreError, match="No space left"):
        incidents.keep_account(full, NIGHT, fails, now_utc=NOON)
    assert doctor.examine(full) == ()
    assert incidents.all_accounts(full) == ()
    with pytest.raises(CentreError, match="hotwash incidents list"):
        incidents.get_account(full, "night")


# ---------------------------------------------------------------- backup


def test_a_backup_is_a_centre_that_has_everything(full: Centre, tmp_path: Path):
    kept = incidents.keep_account(full, NIGHT, account, now_utc=NOON)
    copy = backup.back_up(full, tmp_path / "copy")
    with centres.open_(copy) as opened:
        assert doctor.examine(opened) == ()
        assert lessons.all_lessons(opened) == lessons.all_lessons(full)
        assert opened.centre_id == full.centre_id
        assert attempts.attempts(opened).equals(attempts.attempts(full))
    assert (copy / kept.folder / "account.json").read_bytes() == b"{}"


def test_a_backup_may_be_taken_in_the_middle_of_somebodys_change(full: Centre, tmp_path: Path):
    with full.writing() as connection:
        connection.exec_driver_sql("INSERT INTO centre VALUES ('half', 'done')")
        copy = backup.back_up(full, tmp_path / "copy")
    with centres.open_(copy) as opened:
        assert doctor.examine(opened) == ()
        with opened.reading() as connection:
            assert not connection.exec_driver_sql("SELECT * FROM centre WHERE key = 'half'").all()


def test_a_backup_writes_over_nothing_and_not_into_its_own_centre(full: Centre, tmp_path: Path):
    (tmp_path / "copy").mkdir()
    with pytest.raises(CentreError, match="exists already"):
        backup.back_up(full, tmp_path / "copy")
    with pytest.raises(CentreError, match="inside the centre"):
        backup.back_up(full, full.folder / "copy")
