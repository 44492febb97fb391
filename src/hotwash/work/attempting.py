"""Attempts in a centre: named before they are flown, written down before they begin, flown, scored and attempt_store.

name ─▶ planned ─▶ started ─ flown, scored ─▶ finished
                      └ left, or anything that goes wrong ─▶ abandoned; killed: it stays started, and counts as a miss
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from hotwash.campaign.processes import Workers, start_workers
from hotwash.errors import CentreError, ObjectiveError, ReadError
from hotwash.export import recording_folder
from hotwash.front.exercises import load_scenario
from hotwash.front.flights import fly
from hotwash.front.watches import compile_watch, keep_watch
from hotwash.lessons import objectives
from hotwash.mavlink import server
from hotwash.model import schema, tables, words
from hotwash.model.flight_scenario import FlightScenario
from hotwash.model.ids import fault_of_id
from hotwash.model.objective import Objective
from hotwash.model.recording import Recording
from hotwash.model.scenario import Scenario
from hotwash.model.watch_scenario import WatchScenario
from hotwash.progress import Progress, silent
from hotwash.store import attempts as attempt_store
from hotwash.store import objectives as objective_store
from hotwash.store import people, recordings
from hotwash.store.centre import Centre
from hotwash.visible import quote
from hotwash.work import flying, recovering, watching

Clock = Callable[[], datetime]
Replay = Callable[["AttemptRequest", Scenario, int], "PlayResult"]

POINTS, DECLARED = "points", "worst_first_detectable_to_declared"


@dataclass(frozen=True, slots=True)
class Subject:
    """Who is tried: a person or crew by random id, or a procedure by its name."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class AttemptRequest:
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
class AttemptResult:
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
class PlayResult:
    """One exercise as it was played, whatever its seat. `is_whole`: nobody left before its end."""

    recording: Recording
    scores: pl.DataFrame
    is_whole: bool = True


def subject_of(text: str) -> Subject:
    """Return who is meant by KIND:ID: "person:p-1f0c", "procedure:rule-book".

    raises   ReadError for a kind that there is not, or an id that cannot name a file
    """
    kind, _, name = text.partition(":")
    fault = fault_of_id(name)
    if kind not in words.SUBJECT_KINDS or fault:
        why = f"write KIND:ID, with a kind of {', '.join(words.SUBJECT_KINDS)} and an id of letters, digits and hyphens"
        raise ReadError("--subject", place=quote(text), why=f"{why}; {fault}" if fault else why)
    return Subject(kind, name)


def subject_in(centre: Centre, text: str) -> Subject:
    """Return who is meant by KIND:ID in a centre; a person by id, or by a name that only one has.

    raises   ReadError as `subject_of`; CentreError for a person whom the centre does not know: attempts hold random
             ids alone, so that a name can be erased
    """
    kind, _, who = text.partition(":")
    return Subject(kind, people.find_person(centre, who).person_id) if kind == "person" else subject_of(text)


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
    rows = attempt_store.attempts(centre).filter(pl.col("seed").is_not_null())
    if not objective_id:
        met = rows.filter(pl.col("exercise") == load_scenario(exercise).name)["seed"].max()
        return (int(str(met)) + 1 if met is not None else 1,)
    mine = (pl.col("subject_kind") == subject.kind) & (pl.col("subject_id") == subject.name)
    left = rows.filter(pl.col("objective_id") == objective_id, pl.col("state") == "planned", mine)["seed"]
    if left.is_empty():
        why = f"no attempt planned for {subject.name} is left; plan more with `hotwash objective plan`"
        raise ObjectiveError(objective_id, place="--seeds", why=why)
    return tuple(left)


def plan_attempts(
    centre: Centre, objective_id: str, *, subject: Subject, policy: str | None, seeds: Sequence[int], now_utc: datetime
) -> tuple[Objective, tuple[str, ...]]:
    """Plan the attempts that will count for an objective, before they are flown; return it and their ids.

    raises   CentreError, ObjectiveError for seeds that were used for it before, another kind of subject, a policy in a
             person's place, a window that is over
    """
    _check_policy(subject, policy)
    ids = tuple(f"{objective_id}-{subject.name}-{seed}" for seed in seeds)
    for one in (objective_id, *ids):
        if why := fault_of_id(one):
            raise ObjectiveError(objective_id, place="objective_id", why=f"it names folders: {why}")

    def choose(objective: Objective, used: frozenset[int]) -> tuple[Objective, pl.DataFrame]:
        _check_new(objective, subject, used & set(seeds))
        rows = [
            _row(attempt_id, objective.exercise, objective.exercise_version, objective.seat, subject, policy, seed)
            | {
                "is_test": True,
                "objective_id": objective_id,
                "named_utc": now_utc,
                "state": "planned",
                "setting": objective.setting,
            }
            for attempt_id, seed in zip(ids, seeds, strict=True)
        ]
        return objectives.name_attempts(objective, ids, now_utc), schema.frame(tables.ATTEMPTS, rows)

    return attempt_store.plan(centre, objective_id, choose), ids


def _check_new(objective: Objective, subject: Subject, used: Collection[int]) -> None:
    if subject.kind != objective.subject:
        why = f"is about a {objective.subject}, not a {subject.kind}: a policy's attempts never count for people"
        raise ObjectiveError(objective.objective_id, place="--subject", why=why)
    if used:
        why = "was planned for it before; each attempt needs a new seed"
        raise ObjectiveError(objective.objective_id, place=f"seed {min(used)}", why=why)


def attempt(
    centre: Centre,
    request: AttemptRequest,
    *,
    clock: Clock,
    progress: Progress = silent,
    workers: Workers | None = None,
    report: Callable[[AttemptResult], None] = lambda _: None,
    replay: Replay | None = None,
) -> tuple[AttemptResult, ...]:
    """Let a subject try an exercise once with each seed, and return what came of it.

    clock    tells the time on the wall
    workers  the processes in which automatic watches may be played side by side; None: one after the other, here
    report   is called with each as soon as it is kept, or abandoned
    replay   takes each attempt from a recording made beforehand, and scores it now: in an example centre only
    raises   ReadError, ScenarioError for what cannot be tried, ObjectiveError for what an objective did not name,
             CentreError for a replay in a centre that is no example; nothing is then written. What goes wrong later
             leaves an abandoned attempt

    Each attempt is written down as started before it begins, so one that is killed is found, and counts. One that a
    person leaves is abandoned, with what was recorded until then, and none is begun after it.
    """
    _check_policy(request.subject, request.policy)
    if replay is not None and not centre.example:
        why = "takes no recording that was made beforehand: what counts is flown after it was planned"
        raise CentreError(centre.name, why=why)
    scenario = load_scenario(request.exercise)
    _check_seat(request, scenario)
    objective = objective_store.get_objective(centre, request.objective_id) if request.objective_id else None
    planned = _planned(centre, request, scenario, objective)
    done: list[AttemptResult] = []
    waiting: deque[_Running] = deque()
    several = (
        workers.count
        if workers is not None and isinstance(scenario, WatchScenario) and request.policy is not None
        else 1
    )
    try:
        for number, (seed, attempt_id) in enumerate(zip(request.seeds, planned, strict=True)):
            progress(f"Attempt {number + 1} of {len(planned)}", number / len(planned))
            row = _row_at_start(request, scenario, objective, seed, attempt_id, clock())
            begun = attempt_store.begin_attempt(centre, row)
            pool = workers if several > 1 else None
            by_hand = partial(_by_hand, journal=recordings.journal_path(centre, begun), progress=progress)
            waiting.append(_Running(begun, seed, _submit(pool, replay, by_hand, request, scenario, seed)))
            if len(waiting) >= several:
                done.append(_finish(centre, request, scenario, objective, waiting[0], clock))
                waiting.popleft()
                report(done[-1])
                if not done[-1].is_whole:
                    break
        while waiting:
            done.append(_finish(centre, request, scenario, objective, waiting[0], clock))
            waiting.popleft()
            report(done[-1])
    except BaseException:  # stopped by hand, or broken off: what had begun counts as begun and not ended
        for one in waiting:
            where = abandon(centre, one.attempt_id, now_utc=clock())
            report(_left_early(one, where))
        raise
    return tuple(done)


def abandon(centre: Centre, attempt_id: str, *, now_utc: datetime) -> str:
    """Write that an attempt that is under way was given up; return the folder of what was recorded, "" for nothing.

    It counts as a NO-GO unless an instructor voids it. What a killed program had recorded, or noted, is got back.
    raises   CentreError when there is no such attempt under way
    """
    where, digest = recovering.recover_attempt(centre, attempt_id)
    attempt_store.abandon_attempt(centre, attempt_id, ended_utc=now_utc, recording=where, recording_hash=digest)
    return where


def void(centre: Centre, attempt_id: str, *, by: str, why: str, now_utc: datetime) -> None:
    """Write that an attempt shall not count, with who says so, since when and why; raises CentreError without them."""
    attempt_store.void_attempt(centre, attempt_id, by=by, why=why, now_utc=now_utc)


# ---------------------------------------------------------------- one attempt


@dataclass(frozen=True, slots=True)
class _Running:
    """One attempt that is written down as started, and what will come of it."""

    attempt_id: str
    seed: int
    played: Future[PlayResult]


def start_watch_workers(
    count: int, *, warm_ups: Sequence[Callable[[], None]] = (compile_watch,)
) -> AbstractContextManager[Workers | None]:
    """Return worker processes for automatic watches; with a count of 1 none, and watches are then played here.

    warm_ups   what they do first, one each; the others load what a watch needs
    """
    return start_workers(count, warm_ups=(*warm_ups, *(_load,) * (count - len(warm_ups))))


def _load() -> None:
    """Do nothing: to be asked for it, a worker process loads this module and all below it."""


def _submit(
    workers: Workers | None,
    replay: Replay | None,
    by_hand: Replay,
    request: AttemptRequest,
    scenario: Scenario,
    seed: int,
) -> Future[PlayResult]:
    by_program = replay or _play
    if workers is not None:
        return workers.submit(by_program, request, scenario, seed)
    play = by_program if request.policy is not None else by_hand
    done: Future[PlayResult] = Future()
    try:
        done.set_result(play(request, scenario, seed))
    except BaseException as fault:
        done.set_exception(fault)
    return done


def _row_at_start(
    request: AttemptRequest,
    scenario: Scenario,
    objective: Objective | None,
    seed: int,
    attempt_id: str,
    now_utc: datetime,
) -> dict[str, object]:
    """Return the row of an attempt that begins now."""
    row = _row(
        attempt_id, scenario.name, scenario.version, scenario.seats[0].name, request.subject, request.policy, seed
    )
    row |= {"is_test": request.is_test or objective is not None, "state": "started", "started_utc": now_utc}
    if objective is not None:
        row |= {"objective_id": objective.objective_id, "setting": objective.setting}
    return {key: value for key, value in row.items() if value is not None}


def _finish(
    centre: Centre,
    request: AttemptRequest,
    scenario: Scenario,
    objective: Objective | None,
    begun: _Running,
    clock: Clock,
) -> AttemptResult:
    played = begun.played.result()
    where, digest = recordings.keep_recording(
        centre, begun.attempt_id, lambda folder: recording_folder.write(folder, played.recording)
    )
    if not played.is_whole:
        attempt_store.abandon_attempt(
            centre, begun.attempt_id, ended_utc=clock(), recording=where, recording_hash=digest
        )
        return _left_early(begun, where)
    scores = _own_scores(played.scores, begun.attempt_id, request.subject, scenario, begun.seed)
    attempt_store.finish_attempt(
        centre, begun.attempt_id, scores=scores, ended_utc=clock(), recording=where, recording_hash=digest
    )
    return _result(begun.attempt_id, begun.seed, scores, objective, where)


def _play(request: AttemptRequest, scenario: Scenario, seed: int) -> PlayResult:
    """Let a program play."""
    policy = request.policy or ""
    if isinstance(scenario, WatchScenario):
        watch = keep_watch(request.exercise, policy=policy, seed=seed)
        return PlayResult(watch.recording, watch.measured.scores, watch.is_whole)
    flight = fly(request.exercise, policy=policy, seed=seed)
    return PlayResult(flight.recording, flight.measured.scores)


def _by_hand(
    request: AttemptRequest, scenario: Scenario, seed: int, *, journal: Path, progress: Progress
) -> PlayResult:
    """Let a person keep the watch in this terminal, or fly by a ground station."""
    if isinstance(scenario, WatchScenario):
        watch = watching.watch_by_hand(request.exercise, seed=seed, speed=request.speed, progress=progress).watch
        return PlayResult(watch.recording, watch.measured.scores, watch.is_whole)
    flight = flying.record_flight(
        request.exercise,
        seed=seed,
        mavlink=request.mavlink,
        is_anywhere=request.is_anywhere,
        journal=journal,
        progress=progress,
    ).flight
    return PlayResult(flight.recording, flight.measured.scores, flight.is_whole)


def _own_scores(scores: pl.DataFrame, attempt_id: str, subject: Subject, scenario: Scenario, seed: int) -> pl.DataFrame:
    """Return scores under the attempt's id, with whose they are and on what."""
    return schema.conform(
        scores.with_columns(
            attempt_id=pl.lit(attempt_id),
            seed=pl.lit(seed, pl.Int64),
            exercise=pl.lit(scenario.name),
            exercise_version=pl.lit(scenario.version),
            subject_kind=pl.lit(subject.kind),
            subject_id=pl.lit(subject.name),
        ),
        tables.SCORES,
    )


def _left_early(begun: _Running, where: str) -> AttemptResult:
    return AttemptResult(begun.attempt_id, begun.seed, "", None, "", "", where, is_whole=False)


def _result(attempt_id: str, seed: int, scores: pl.DataFrame, objective: Objective | None, where: str) -> AttemptResult:
    measure, task = (objective.measure, objective.task) if objective else (_main(scores), "")
    rows = scores.filter(pl.col("measure") == measure, pl.col("task").fill_null("") == task).to_dicts()
    row = rows[0] if rows else {"value": None, "unit": None, "result": None}
    return AttemptResult(attempt_id, seed, measure, row["value"], row["unit"] or "", row["result"] or "", where)


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


def _check_seat(request: AttemptRequest, scenario: Scenario) -> None:
    if request.mavlink is not None and isinstance(scenario, WatchScenario):
        raise ReadError("--mavlink", why="a ground station flies; this is a watch, which people keep in the terminal")
    if request.policy is None and request.mavlink is None and isinstance(scenario, FlightScenario):
        why = "say by which ground station the person flies, with --mavlink udp:127.0.0.1:14550"
        raise ReadError("--mavlink", why=why)
    if request.mavlink is not None:
        server.check(request.mavlink, is_anywhere=request.is_anywhere)
    elif request.policy is None:
        from hotwash.terminal import app  # a terminal is needed by people alone

        app.check_terminal()


def _planned(centre: Centre, request: AttemptRequest, scenario: Scenario, objective: Objective | None) -> list[str]:
    """Return an attempt id for each seed: those that the objective named; without one, new ones."""
    if objective is None:
        return [""] * len(request.seeds)
    is_same = (objective.exercise, objective.exercise_version) == (scenario.name, scenario.version)
    if not is_same:
        why = (
            f"asks for {objective.exercise} version {objective.exercise_version}, this is {scenario.name} version "
            f"{scenario.version}: the version is part of the evidence"
        )
        raise ObjectiveError(objective.objective_id, place="exercise", why=why)
    theirs = attempt_store.attempts(centre).filter(pl.col("objective_id") == objective.objective_id)
    theirs = theirs.filter(pl.col("subject_id") == request.subject.name, pl.col("subject_kind") == request.subject.kind)
    found = {row["seed"]: row for row in theirs.to_dicts()}
    for seed in request.seeds:
        if seed not in found:
            why = "was not planned for it; plan attempts before they are flown, with `hotwash objective plan`"
            raise ObjectiveError(objective.objective_id, place=f"seed {seed}", why=why)
        if found[seed]["state"] != "planned":
            why = f"is {found[seed]['state']} already: each named attempt is flown once"
            raise CentreError(found[seed]["attempt_id"], why=why)
    return [str(found[seed]["attempt_id"]) for seed in request.seeds]


def _row(
    attempt_id: str, exercise: str, version: str, seat: str, subject: Subject, policy: str | None, seed: int
) -> dict[str, object]:
    name: dict[str, object] = {"attempt_id": attempt_id} if attempt_id else {}
    flown = {"exercise": exercise, "exercise_version": version, "seat": seat, "policy": policy, "seed": seed}
    return name | flown | {"subject_kind": subject.kind, "subject_id": subject.name}
