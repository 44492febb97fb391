"""Attempts in a centre: named before they are flown, written down before they begin, flown, scored and kept.

name ─▶ planned ─▶ started ─ flown, scored ─▶ finished
                      └ left, or anything that goes wrong ─▶ abandoned; killed: it stays started, and counts as a miss
"""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import Any

import polars as pl

from hotwash.errors import CentreError, ObjectiveError, ReadError
from hotwash.export import recording_folder
from hotwash.front.exercises import load_scenario
from hotwash.front.flights import fly
from hotwash.front.watches import compile_watch, keep_watch
from hotwash.lessons import objectives
from hotwash.mavlink import server
from hotwash.model import schema, tables, words
from hotwash.model.objective import Objective
from hotwash.model.recording import Recording
from hotwash.model.scenario import Scenario
from hotwash.progress import Progress, silent
from hotwash.store import attempts as kept
from hotwash.store import objectives as kept_objectives
from hotwash.store import people, recordings
from hotwash.store.centre import Centre
from hotwash.work import flying, watching

Clock = Callable[[], datetime]

POINTS, DECLARED = "points", "worst_first_detectable_to_declared"

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


@dataclass(frozen=True, slots=True)
class Subject:
    """Who is tried: a person or crew by random id, or a procedure by its name."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be tried.

    exercise     a shipped name, a TOML file, or for a watch the folder that holds scenario.toml
    subject      who
    policy       the program that sits there; None where people do: a watch is then kept in the terminal
    mavlink      where a person's ground station flies it, in real time; None elsewhere
    is_anywhere  whether that may be beyond this machine
    speed        of a watch that a person keeps: so many times as fast as it happens
    seeds        one attempt each
    objective_id the objective that named these attempts; "" for none
    is_test      whether they count; those that an objective named always do
    """

    exercise: str
    subject: Subject
    policy: str | None
    seeds: tuple[int, ...]
    objective_id: str = ""
    is_test: bool = False
    mavlink: str | None = None
    speed: float = 1.0
    is_anywhere: bool = False


@dataclass(frozen=True, slots=True)
class Tried:
    """One attempt that is over.

    value, unit   of the measure that the objective asks, else of the whole; None where there is none
    result        of that row of SCORES, where it carries one
    is_whole      whether it was kept or flown to its end; one that was left is abandoned, and has no scores
    """

    attempt_id: str
    seed: int
    measure: str
    value: float | None
    unit: str
    result: str
    recording: str
    is_whole: bool = True

    def flat(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Beside:
    """Processes in which watches are played side by side; `ready`: what they were asked to do first."""

    many: int
    pool: ProcessPoolExecutor
    ready: tuple[Future[None], ...] = ()

    def wait(self) -> None:
        """Wait until they have done what they were asked to do first: nothing is then compiled twice at a time."""
        for one in self.ready:
            one.result()


@dataclass(frozen=True, slots=True)
class Played:
    """One exercise as it was played, whatever its seat. `is_whole`: nobody left before its end."""

    recording: Recording
    scores: pl.DataFrame
    is_whole: bool = True


def subject_of(text: str) -> Subject:
    """Return who is meant by KIND:ID: "person:p-1f0c", "procedure:rule-book".

    raises   ReadError for a kind that there is not, or an id that cannot name a file
    """
    kind, _, name = text.partition(":")
    if kind not in words.SUBJECT_KINDS or not _NAME.fullmatch(name):
        why = f"write KIND:ID, with a kind of {', '.join(words.SUBJECT_KINDS)} and an id of letters, digits and hyphens"
        raise ReadError("--subject", place=repr(text), why=why)
    return Subject(kind, name)


def subject_in(centre: Centre, text: str) -> Subject:
    """Return who is meant by KIND:ID in a centre; a person by id, or by a name that only one has.

    raises   ReadError as `subject_of`; CentreError for a person whom the centre does not know: attempts hold random
             ids alone, so that a name can be erased
    """
    kind, _, who = text.partition(":")
    return Subject(kind, people.known(centre, who).person_id) if kind == "person" else subject_of(text)


def seeds_of(text: str) -> tuple[int, ...]:
    """Return the seeds of A:B, both ends with it, or of one number: "1:14" is 1, 2, ... 14.

    raises   ReadError
    """
    first, colon, last = text.partition(":")
    try:
        low, high = int(first), int(last) if colon else int(first)
    except ValueError:
        raise ReadError("--seeds", place=repr(text), why="write A:B, the first seed and the last: 1:14") from None
    if not 0 <= low <= high < low + 10_000:
        raise ReadError("--seeds", place=repr(text), why="the first is at least 0, the last no less, at most 10,000")
    return tuple(range(low, high + 1))


def seeds_left(centre: Centre, exercise: str, subject: Subject, objective_id: str = "") -> tuple[int, ...]:
    """Return the seeds to try when none are given.

    With an objective: those that were named for the subject and are not begun. Without: one that nobody in this
    centre has met on the exercise.
    raises   ReadError, ScenarioError; ObjectiveError when nothing that was named is left
    """
    rows = kept.attempts(centre).filter(pl.col("seed").is_not_null())
    if not objective_id:
        met = rows.filter(pl.col("exercise") == _scenario(exercise).name)["seed"].max()
        return (int(str(met)) + 1 if met is not None else 1,)
    mine = (pl.col("subject_kind") == subject.kind) & (pl.col("subject_id") == subject.name)
    left = rows.filter(pl.col("objective_id") == objective_id, pl.col("state") == "planned", mine)["seed"]
    if left.is_empty():
        why = f"no attempt planned for {subject.name} is left; plan more with `hotwash objective plan`"
        raise ObjectiveError(objective_id, place="--seeds", why=why)
    return tuple(left)


def name(
    centre: Centre, objective_id: str, *, subject: Subject, policy: str | None, seeds: Sequence[int], now_utc: datetime
) -> tuple[Objective, tuple[str, ...]]:
    """Name the attempts that shall count for an objective, before they are flown; return it and their ids.

    raises   CentreError, ObjectiveError for seeds that were used for it before, another kind of subject, a policy in a
             person's place, a window that is over
    """
    _check_policy(subject, policy)
    if not _NAME.fullmatch(objective_id):
        raise ObjectiveError(objective_id, place="objective_id", why="names folders: use letters, digits and hyphens")
    ids = tuple(f"{objective_id}-{subject.name}-{seed}" for seed in seeds)

    def choose(objective: Objective, used: frozenset[int]) -> tuple[Objective, pl.DataFrame]:
        _check_new(objective, subject, used & set(seeds))
        rows = [
            _row(
                attempt_id, objective.exercise, objective.exercise_version, objective.seat, subject, policy, seed
            ) | {"is_test": True, "objective_id": objective_id, "named_utc": now_utc, "state": "planned",
                 "setting": objective.setting}
            for attempt_id, seed in zip(ids, seeds, strict=True)
        ]  # fmt: skip
        return objectives.named(objective, ids, now_utc), schema.frame(tables.ATTEMPTS, rows)

    return kept.plan(centre, objective_id, choose), ids


def _check_new(objective: Objective, subject: Subject, used: Collection[int]) -> None:
    if subject.kind != objective.subject:
        why = f"is about a {objective.subject}, not a {subject.kind}: a policy's attempts never count for people"
        raise ObjectiveError(objective.objective_id, place="--subject", why=why)
    if used:
        why = "was named for it before; a seed is drawn new for each attempt"
        raise ObjectiveError(objective.objective_id, place=f"seed {min(used)}", why=why)


def attempt(
    centre: Centre, asked: Asked, *, clock: Clock, progress: Progress = silent, beside: Beside | None = None,
    told: Callable[[Tried], None] = lambda _: None,
) -> tuple[Tried, ...]:  # fmt: skip
    """Let a subject try an exercise once with each seed, and return what came of it.

    clock    tells the time on the wall
    beside   the processes in which watches of a program may be played side by side; None: one after the other, here
    told     is told of each as soon as it is kept, or abandoned
    raises   ReadError, ScenarioError for what cannot be tried, ObjectiveError for what an objective did not name;
             nothing is then written. What goes wrong later leaves an abandoned attempt

    Each attempt is written down as started before it begins, so one that is killed is found, and counts. One that a
    person leaves is abandoned, with what was recorded until then, and none is begun after it.
    """
    _check_policy(asked.subject, asked.policy)
    scenario = _scenario(asked.exercise)
    _check_seat(asked, scenario)
    objective = kept_objectives.get(centre, asked.objective_id) if asked.objective_id else None
    planned = _planned(centre, asked, scenario, objective)
    done: list[Tried] = []
    waiting: deque[_Begun] = deque()
    several = beside.many if beside is not None and scenario.is_watch and asked.policy is not None else 1
    try:
        for number, (seed, attempt_id) in enumerate(zip(asked.seeds, planned, strict=True)):
            progress(f"Attempt {number + 1} of {len(planned)}", number / len(planned))
            row = _started(asked, scenario, objective, seed, attempt_id, clock())
            begun = kept.begin(centre, row)
            room = beside if several > 1 else None
            waiting.append(_Begun(begun, seed, _submitted(room, asked, scenario, seed, progress)))
            if len(waiting) >= several:
                done.append(_finished(centre, asked, scenario, objective, waiting[0], clock))
                waiting.popleft()
                told(done[-1])
                if not done[-1].is_whole:
                    break
        while waiting:
            done.append(_finished(centre, asked, scenario, objective, waiting[0], clock))
            waiting.popleft()
            told(done[-1])
    except BaseException:  # stopped by hand, or broken off: what had begun counts as begun and not ended
        for one in waiting:
            where = abandon(centre, one.attempt_id, now_utc=clock())
            told(_left(one, where))
        raise
    return tuple(done)


def abandon(centre: Centre, attempt_id: str, *, now_utc: datetime) -> str:
    """Write that an attempt that is under way was given up; return the folder of what was recorded, "" for nothing.

    It counts as a NO-GO unless an instructor voids it. A recording that a program had kept before it was killed, and
    had no time to name, is named.
    raises   CentreError when there is no such attempt under way
    """
    where, digest = recordings.left(centre, attempt_id)
    kept.abandon(centre, attempt_id, ended_utc=now_utc, recording=where, recording_hash=digest)
    return where


def void(centre: Centre, attempt_id: str, *, by: str, why: str) -> None:
    """Write that an attempt shall not count, with who says so and why; raises CentreError without either."""
    kept.void(centre, attempt_id, by=by, why=why)


# ---------------------------------------------------------------- one attempt


@dataclass(frozen=True, slots=True)
class _Begun:
    """One attempt that is written down as started, and what will come of it."""

    attempt_id: str
    seed: int
    played: Future[Played]


@contextmanager
def side_by_side(many: int, *, first: Sequence[Callable[[], None]] = (compile_watch,)) -> Iterator[Beside | None]:
    """Yield processes in which watches of a program are played side by side; None where only one is asked for.

    first  what they do first, one each, as they begin to load at once
    many   how many at most. A script that asks for two needs the usual
           `if __name__ == "__main__":`, since each process reads it again
    """
    if many < 2:
        yield None
        return
    with ProcessPoolExecutor(many, mp_context=get_context("spawn"), initializer=_end_with_parent) as pool:
        ready = [pool.submit(one) for one in first]
        ready += [pool.submit(_loaded) for _ in range(many - len(first))]
        yield Beside(many, pool, tuple(ready))


def _end_with_parent() -> None:
    """Let this process end when the one that started it is killed: else it would wait for work for ever."""
    Thread(target=_end_after_parent, daemon=True).start()


def _end_after_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _loaded() -> None:
    """Do nothing: to be asked for it, a process loads this module and all below it."""


def _submitted(
    beside: Beside | None, asked: Asked, scenario: Scenario, seed: int, progress: Progress
) -> Future[Played]:  # fmt: skip
    if beside is not None:
        return beside.pool.submit(_played, asked, scenario, seed)
    play = _played if asked.policy is not None else partial(_by_hand, progress=progress)
    done: Future[Played] = Future()
    try:
        done.set_result(play(asked, scenario, seed))
    except BaseException as fault:
        done.set_exception(fault)
    return done


def _started(
    asked: Asked, scenario: Scenario, objective: Objective | None, seed: int, attempt_id: str, now_utc: datetime
) -> dict[str, object]:  # fmt: skip
    """Return the row of an attempt that begins now."""
    row = _row(attempt_id, scenario.name, scenario.version, scenario.seats[0].name, asked.subject, asked.policy, seed)
    row |= {"is_test": asked.is_test or objective is not None, "state": "started", "started_utc": now_utc}
    if objective is not None:
        row |= {"objective_id": objective.objective_id, "setting": objective.setting}
    return {key: value for key, value in row.items() if value is not None}


def _finished(
    centre: Centre, asked: Asked, scenario: Scenario, objective: Objective | None, begun: _Begun, clock: Clock
) -> Tried:
    played = begun.played.result()
    where, digest = recordings.keep(
        centre, begun.attempt_id, lambda folder: recording_folder.write(folder, played.recording)
    )
    if not played.is_whole:
        kept.abandon(centre, begun.attempt_id, ended_utc=clock(), recording=where, recording_hash=digest)
        return _left(begun, where)
    scores = _own(played.scores, begun.attempt_id, asked.subject, scenario, begun.seed)
    kept.finish(centre, begun.attempt_id, scores=scores, ended_utc=clock(), recording=where, recording_hash=digest)
    return _told(begun.attempt_id, begun.seed, scores, objective, where)


def _played(asked: Asked, scenario: Scenario, seed: int) -> Played:
    """Let a program play."""
    policy = asked.policy or ""
    if scenario.is_watch:
        watch = keep_watch(asked.exercise, policy=policy, seed=seed)
        return Played(watch.recording, watch.measured.scores, watch.is_whole)
    flight = fly(asked.exercise, policy=policy, seed=seed)
    return Played(flight.recording, flight.measured.scores)


def _by_hand(asked: Asked, scenario: Scenario, seed: int, *, progress: Progress) -> Played:
    """Let a person keep the watch in this terminal, or fly by a ground station."""
    if scenario.is_watch:
        watch = watching.watch_by_hand(asked.exercise, seed=seed, speed=asked.speed, progress=progress).watch
        return Played(watch.recording, watch.measured.scores, watch.is_whole)
    flight = flying.fly(
        asked.exercise, seed=seed, mavlink=asked.mavlink, is_anywhere=asked.is_anywhere, progress=progress
    ).flight
    return Played(flight.recording, flight.measured.scores, flight.is_whole)


def _scenario(exercise: str) -> Scenario:
    return load_scenario(exercise)


def _own(scores: pl.DataFrame, attempt_id: str, subject: Subject, scenario: Scenario, seed: int) -> pl.DataFrame:
    """Return scores under the attempt's id, with whose they are and on what."""
    return schema.conform(
        scores.with_columns(
            attempt_id=pl.lit(attempt_id), seed=pl.lit(seed, pl.Int64), exercise=pl.lit(scenario.name),
            exercise_version=pl.lit(scenario.version), subject_kind=pl.lit(subject.kind),
            subject_id=pl.lit(subject.name),
        ),
        tables.SCORES,
    )  # fmt: skip


def _left(begun: _Begun, where: str) -> Tried:
    return Tried(begun.attempt_id, begun.seed, "", None, "", "", where, is_whole=False)


def _told(attempt_id: str, seed: int, scores: pl.DataFrame, objective: Objective | None, where: str) -> Tried:
    measure, task = (objective.measure, objective.task) if objective else (_main(scores), "")
    rows = scores.filter(pl.col("measure") == measure, pl.col("task").fill_null("") == task).to_dicts()
    row = rows[0] if rows else {"value": None, "unit": None, "result": None}
    return Tried(attempt_id, seed, measure, row["value"], row["unit"] or "", row["result"] or "", where)


def _main(scores: pl.DataFrame) -> str:
    """Return the measure that is told first where no objective asks for one: a watch has no points."""
    return next((one for one in (POINTS, DECLARED) if one in scores["measure"]), POINTS)


# ---------------------------------------------------------------- what may be tried


def _check_policy(subject: Subject, policy: str | None) -> None:
    if subject.kind != "procedure" and policy is not None:
        why = f"a policy sits in no {subject.kind}'s place; try it as --subject procedure:{policy}"
        raise ReadError("--policy", place=policy, why=why)
    if subject.kind == "procedure" and policy is None:
        raise ReadError("--policy", why="name the program that follows the procedure")


def _check_seat(asked: Asked, scenario: Scenario) -> None:
    if asked.mavlink is not None and scenario.is_watch:
        raise ReadError("--mavlink", why="a ground station flies; this is a watch, which people keep in the terminal")
    if asked.policy is None and asked.mavlink is None and not scenario.is_watch:
        why = "say by which ground station the person flies, with --mavlink udp:127.0.0.1:14550"
        raise ReadError("--mavlink", why=why)
    if asked.mavlink is not None:
        server.check(asked.mavlink, is_anywhere=asked.is_anywhere)
    elif asked.policy is None:
        from hotwash.terminal import app  # a terminal is needed by people alone

        app.check_terminal()


def _planned(centre: Centre, asked: Asked, scenario: Scenario, objective: Objective | None) -> list[str]:
    """Return an attempt id for each seed: those that the objective named; without one, new ones."""
    if objective is None:
        return [""] * len(asked.seeds)
    is_same = (objective.exercise, objective.exercise_version) == (scenario.name, scenario.version)
    if not is_same:
        why = (
            f"asks for {objective.exercise} version {objective.exercise_version}, this is {scenario.name} version "
            f"{scenario.version}: the version is part of the evidence"
        )
        raise ObjectiveError(objective.objective_id, place="exercise", why=why)
    theirs = kept.attempts(centre).filter(pl.col("objective_id") == objective.objective_id)
    theirs = theirs.filter(pl.col("subject_id") == asked.subject.name, pl.col("subject_kind") == asked.subject.kind)
    found = {row["seed"]: row for row in theirs.to_dicts()}
    for seed in asked.seeds:
        if seed not in found:
            why = "was not planned for it; plan attempts before they are flown, with `hotwash objective plan`"
            raise ObjectiveError(objective.objective_id, place=f"seed {seed}", why=why)
        if found[seed]["state"] != "planned":
            why = f"is {found[seed]['state']} already: each named attempt is flown once"
            raise CentreError(found[seed]["attempt_id"], why=why)
    return [str(found[seed]["attempt_id"]) for seed in asked.seeds]


def _row(
    attempt_id: str, exercise: str, version: str, seat: str, subject: Subject, policy: str | None, seed: int
) -> dict[str, object]:
    row: dict[str, object] = {"attempt_id": attempt_id} if attempt_id else {}
    return row | {
        "exercise": exercise, "exercise_version": version, "seat": seat, "subject_kind": subject.kind,
        "subject_id": subject.name, "policy": policy, "seed": seed,
    }  # fmt: skip
