"""Fly attempts in a centre in children that are killed at random moments; print as JSON what did not fit afterwards.

    python killing_attempts.py FOLDER TIMES

Every child names three attempts and flies them, as `hotwash objective plan` and `hotwash attempt` do. It is killed a
random moment after it came to a stage that was drawn, so that the kills are spread over all stages on any machine. In
every second turn two children work at once. What is then left is settled by the commands that `hotwash doctor` names.

Started as a program of its own, so that children are forked from a process that has imported all; it flies some steps
before it forks, so that no child loads the compiled simulator, but keeps off Polars, whose threads a fork would lose.
"""

from __future__ import annotations

import io
import json
import os
import random
import re
import signal
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flown_scenarios import scenario

from hotwash import cli
from hotwash.export import recording_folder
from hotwash.flight.exercise import FlightExercise
from hotwash.flight.policies import catalogue
from hotwash.front import flights
from hotwash.front.centres import verify
from hotwash.model.objective import Objective, Rule, Standard
from hotwash.store import attempts, doctor, folders, objectives, people
from hotwash.store import centre as centres
from hotwash.work import attempting

HOP = Objective(
    "hop", "L-1", "It hops", "procedure", "", "hop", "1", "pilot", "points", "points", Standard("at_least", 3.0),
    Rule(of_subjects=15),
)  # fmt: skip
AUTOPILOT = attempting.Subject("procedure", "autopilot")
EACH = 3  # attempts that a child names and flies
# The work of an attempt in its order, with the function whose beginning tells that it has come so far.
STAGES: dict[str, tuple[Any, str]] = {
    "name": (attempts, "plan"), "begin": (attempts, "begin_attempt"), "flight": (flights, "_fly"),
    "score": (flights, "measure_flight"), "write": (recording_folder, "write"), "keep": (folders, "_make_durable"),
    "finish": (attempts, "finish_attempt"),
}  # fmt: skip
MOST_AFTER_S = 0.03  # an attempt takes some 0.04 s
MAY_BE_LEFT = {"half-written attempt", "leftover", "nameless recording", "unnoted head"}


@dataclass
class Child:
    """One process that works until it is killed: where it is heard, and the seeds that are its own."""

    pid: int
    hear: Any
    seeds: range
    lines: list[str] = field(default_factory=list)

    def wait_for(self, stage: str, times: int) -> None:
        """Wait until it has come so many times to a stage."""
        while self.lines.count(f"at {stage}") < times:
            line = self.hear.readline()
            if not line:
                raise RuntimeError(f"a child ended before it came to {stage}: {self.lines}")
            self.lines.append(line.strip())

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        self.lines += [line.strip() for line in self.hear]
        self.hear.close()


def now() -> datetime:
    return datetime.now(UTC)


def telling(say: Callable[[str], None], stage: str, work: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that first says which stage has come."""

    def told(*given: Any, **more: Any) -> Any:
        say(f"at {stage}")
        return work(*given, **more)

    return told


def work(folder: Path, exercise: Path, seeds: range, say: Callable[[str], None]) -> None:
    """Name attempts and fly them, and tell each thing that was acknowledged."""
    for stage, (place, name) in STAGES.items():
        setattr(place, name, telling(say, stage, getattr(place, name)))
    with centres.open_(folder) as centre:
        attempting.plan_attempts(centre, "hop", subject=AUTOPILOT, policy="autopilot", seeds=seeds, now_utc=now())
        say("named")
        for seed in seeds:
            asked = attempting.AttemptRequest(str(exercise), AUTOPILOT, "autopilot", (seed,), "hop")
            attempting.attempt(centre, asked, clock=now)
            say(f"finished {seed}")
    time.sleep(60.0)  # killed while it does nothing


def forked(folder: Path, exercise: Path, seeds: range) -> Child:
    hear, say = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(hear)
        try:
            work(folder, exercise, seeds, lambda text: (os.write(say, f"{text}\n".encode()), None)[1])
        finally:
            os._exit(1)
    os.close(say)
    return Child(pid, os.fdopen(hear), seeds)


def attempt_of(seed: int) -> str:
    return f"hop-autopilot-{seed}"


def misfits(folder: Path, child: Child) -> list[str]:
    """Return what a killed child had acknowledged and is not there, and what more than one attempt it left undone."""
    with centres.open_(folder) as centre:
        held = objectives.get_objective(centre, "hop").attempts
        with centre.reading() as connection:
            asked = "SELECT seed, state, recording, recording_hash FROM attempts"
            rows = {row[0]: row[1:] for row in connection.exec_driver_sql(asked).all() if row[0] in child.seeds}
            marks = dict(connection.exec_driver_sql("SELECT attempt_id, count(*) FROM scores GROUP BY 1").all())
    said = []
    listed = sum(attempt_of(seed) in held for seed in child.seeds)
    if len(rows) != listed or len(rows) not in (0, EACH) or ("named" in child.lines and listed != EACH):
        said.append(f"{len(rows)} named of {EACH}, {listed} in the objective")
    for seed, (state, place, digest) in rows.items():
        is_told, is_scored = f"finished {seed}" in child.lines, attempt_of(seed) in marks
        if (is_told and state != "finished") or is_scored != (state == "finished"):
            said.append(f"{seed}: {state}, told {is_told}, scored {is_scored}")
        if state == "finished" and folders.hash_of(folder / place) != digest:
            said.append(f"{seed}: another recording")
    under_way = [seed for seed, row in rows.items() if row[0] == "started"]
    return said + ([f"{under_way} are under way"] if len(under_way) > 1 else [])


def turns(folder: Path, exercise: Path, times: int) -> tuple[list[str], Counter[str]]:
    """Kill so many children; return what was wrong, and how many had just come to which stage."""
    dice = random.Random(20260401)
    wrong: list[str] = []
    stages: Counter[str] = Counter()
    killed = turn = 0
    while killed < times:
        turn += 1
        many = min(1 + turn % 2, times - killed)
        first = 10 * EACH * turn
        room = [forked(folder, exercise, range(first + EACH * at, first + EACH * (at + 1))) for at in range(many)]
        for child in room:
            stage = dice.choice(list(STAGES))
            child.wait_for(stage, 1 if stage == "name" else dice.randint(1, EACH - 1))
            time.sleep(dice.uniform(0.0, MOST_AFTER_S))
            child.kill()
            stages[stage] += 1  # which it came to; where it is by now depends on the machine
            wrong += [f"turn {turn}: {one}" for one in misfits(folder, child)]
        killed += many
        with centres.open_(folder) as centre:
            found = doctor.examine(centre)
        wrong += [f"turn {turn}: {one.kind}: {one.thing}" for one in found if one.kind not in MAY_BE_LEFT]
    return wrong, stages


def typed(*arguments: object) -> tuple[int, str]:
    """Run a command as the command line does; return how it ended and what it printed."""
    sys.argv, out = ["hotwash", *map(str, arguments)], io.StringIO()
    with redirect_stdout(out):
        try:
            cli.main()
        except SystemExit as ended:
            return (ended.code if isinstance(ended.code, int) else 0), out.getvalue()
    return 0, out.getvalue()


def settle(folder: Path) -> list[str]:
    """Do what doctor says until it is silent; return what it still says."""
    for path in (folder / "recordings").glob(".*"):
        os.utime(path, (0.0, 0.0))  # as if it were found an hour later
    _, said = typed("doctor", "--centre", folder)
    for command in dict.fromkeys(re.findall(r"`hotwash ([^`]+)`", said)):
        typed(*command.split(), "--centre", folder)
    code, said = typed("doctor", "--centre", folder)
    return [] if code == 0 else said.splitlines()


def shown(folder: Path, when_utc: datetime) -> dict[str, Any]:
    with centres.open_(folder) as centre:
        proof = verify(centre, when_utc=when_utc).proofs[0]
    return {"result": proof.result, "passes": proof.passes, "trials": proof.trials, "why": proof.why}


def states(folder: Path) -> dict[str, int]:
    raw = sqlite3.connect(folder / "centre.db")
    found = dict(raw.execute("SELECT state, count(*) FROM attempts GROUP BY state").fetchall())
    raw.close()
    return found


def main(folder: Path, times: int) -> None:
    given = scenario(pass_points=3.0)
    exercise = folder.with_name("hop.toml")
    exercise.write_text(given.text, encoding="utf-8")
    with centres.create(folder, name="Killed", now_utc=now()) as centre:
        objectives.put_objective(centre, HOP)
        instructor = people.add_person(centre, "Instructor", now_utc=now())
    warm = FlightExercise(given, worlds=1, record=True)
    pilot = catalogue.flight_policy("autopilot", given, warm.lane, warm.airframes["pilot"], seat="pilot")
    pilot.reset(0)
    views = warm.reset(0)
    for _ in range(5):
        views = warm.step({"pilot": pilot.act(views["pilot"])})
    wrong, stages = turns(folder, exercise, times)
    told: dict[str, Any] = {"wrong": wrong, "stages": stages, "killed": states(folder)}
    with centres.open_(folder) as centre:
        told["left"] = Counter(one.kind for one in doctor.examine(centre))
        lost = [one.thing for one in doctor.examine(centre) if one.kind == "half-written attempt"]
    told["after_a_day"] = shown(folder, now() + timedelta(days=2))
    told["still"] = settle(folder)
    told["settled"], told["shown"] = states(folder), shown(folder, now() + timedelta(minutes=1))
    typed("objective", "void", lost[0], "--by", instructor, "--why", "the power went", "--centre", folder)
    told["voided"] = shown(folder, now() + timedelta(minutes=1))
    print(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
