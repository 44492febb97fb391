"""Work in a centre in children that are killed at random moments; print as JSON what did not fit afterwards.

    python killing.py FOLDER TIMES

Started as a program of its own, so that children are forked from a process that has imported all but started nothing.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from pathlib import Path

from moves import ANALYST, CHECKER, CHIEF, NOON, OWNER, PEOPLE, REPORTER, WAY, moved

from hotwash.lessons import process
from hotwash.model import schema
from hotwash.model.tables import SCORES
from hotwash.store import attempts, audit, doctor, lessons, people, recordings
from hotwash.store import centre as centres

# What a killed program may leave behind; each is told with its way out, and nothing that was acknowledged is among it.
MAY_BE_LEFT = {"half-written attempt", "leftover", "nameless recording", "unnoted head"}
EACH_ROUND = 5  # things that a child acknowledges of one lesson and its attempt
MOST_AFTER_S = 0.05  # a round takes some 0.05 s


def write(folder: Path) -> None:
    folder.mkdir()
    for name in ("truth", "controls"):
        (folder / f"{name}.parquet").write_bytes(os.urandom(20_000))


def work(folder: Path, say: int, turn: int) -> None:
    """Move lessons and fly attempts until killed; tell each thing that was acknowledged."""
    with centres.open_(folder) as centre:
        for count in range(10_000):
            name = f"{turn}-{count}"
            lesson = process.new_lesson(f"L-{name}")
            attempts.begin_attempt(
                centre,
                {
                    "attempt_id": f"A-{name}", "exercise": "x", "exercise_version": "1", "seat": "s", "is_test": True,
                    "subject_kind": "person", "subject_id": OWNER, "started_utc": NOON,
                },
            )  # fmt: skip
            for asked in WAY[:4]:
                lesson = moved(lesson, [asked])
                lessons.record_lesson(centre, lesson)
                os.write(say, f"{lesson.lesson_id} {len(lesson.history)}\n".encode())
            place, digest = recordings.keep_recording(centre, f"A-{name}", write)
            row = {"attempt_id": f"A-{name}", "seat": "s", "measure": "points", "value": 1.0}
            attempts.finish_attempt(
                centre, f"A-{name}", scores=schema.frame(SCORES, [row]), ended_utc=NOON, recording=place,
                recording_hash=digest,
            )  # fmt: skip
            os.write(say, f"A-{name} finished\n".encode())


def killed(folder: Path, turn: int, *, acknowledged: int, after_s: float) -> list[str]:
    """Let a child work, kill it a while after it acknowledged so many things, and return all that it had acknowledged.

    Counting what it did, and not the time since it began, spreads the kills over its work on any machine.
    """
    hear, say = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(hear)
        try:
            work(folder, say, turn)
        finally:
            os._exit(1)
    os.close(say)
    with os.fdopen(hear) as heard:
        first = [heard.readline().rstrip() for _ in range(acknowledged)]
        if not all(first):
            raise RuntimeError(f"a child ended by itself: {first}")
        time.sleep(after_s)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return first + heard.read().splitlines()


def missing(folder: Path, heard: list[str]) -> list[str]:
    """Return what was acknowledged and is not there, or does not fit."""
    said = []
    with centres.open_(folder) as centre, centre.reading() as connection:
        entries = dict(connection.exec_driver_sql("SELECT lesson_id, count(*) FROM history GROUP BY lesson_id").all())
        states = dict(connection.exec_driver_sql("SELECT attempt_id, state FROM attempts").all())
        scored = set(connection.exec_driver_sql("SELECT attempt_id FROM scores").scalars())
    for line in heard:
        name, _, what = line.partition(" ")
        if name.startswith("L-") and entries.get(name, 0) < int(what):
            said.append(f"{line}: lost")
        if name.startswith("A-") and (states.get(name) != "finished" or name not in scored):
            said.append(f"{line}: lost")
    said += [f"{name}: scores of an attempt that has not ended" for name in scored if states[name] != "finished"]
    return said


def main(folder: Path, times: int) -> None:
    with centres.create(folder, name="Killed", now_utc=NOON) as centre:
        for person_id in (REPORTER, ANALYST, CHIEF, OWNER, CHECKER, *PEOPLE[5:]):
            people.add_person(centre, person_id, person_id=person_id, now_utc=NOON)
    dice = random.Random(20260301)
    acknowledged: list[str] = []
    wrong: list[str] = []
    for turn in range(times):
        heard = killed(
            folder, turn, acknowledged=dice.randrange(EACH_ROUND + 1), after_s=dice.uniform(0.0, MOST_AFTER_S)
        )
        acknowledged += heard
        wrong += [f"turn {turn}: {one}" for one in missing(folder, heard)]
    with centres.open_(folder) as centre:
        found = doctor.examine(centre)
        wrong += [f"{one.kind}: {one.thing}: {one.why}" for one in found if one.kind not in MAY_BE_LEFT]
        doctor.mend(centre, now_utc=NOON)
        audited = audit.audit(centre)
    wrong += [f"after mending: {fault.why}" for fault in audited.faults] + ["unnoted"] * audited.unnoted
    kinds = {kind: sum(one.kind == kind for one in found) for kind in sorted(MAY_BE_LEFT)}
    wrong += missing(folder, acknowledged)
    print(json.dumps({"wrong": wrong, "acknowledged": len(acknowledged), "left": kinds}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
