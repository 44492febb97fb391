"""The whole loop once, in a centre of its own: lessons, objectives, attempts, proof, and what follows from it.

account ─▶ incidents/ ─▶ lesson ─▶ objective ─▶ attempts, named first ─▶ scores ─▶ verify ─▶ validated, or reopened
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from hotwash import resources
from hotwash.campaign.processes import Workers
from hotwash.errors import LessonError
from hotwash.front.centres import measure_skills, verify
from hotwash.lessons import objectives
from hotwash.model.objective import Objective
from hotwash.model.proof import Proof
from hotwash.progress import Progress
from hotwash.skills import curriculum as curricula
from hotwash.store import lessons as kept_lessons
from hotwash.store import objectives as kept_objectives
from hotwash.store import people
from hotwash.store.centre import Centre
from hotwash.work import attempting, example_recordings, incidents, lessons, verifying
from hotwash.work.attempting import AttemptRequest, AttemptResult, Clock, Subject
from hotwash.work.lessons import StepRequest

PAGE = "lessons.html"
_CAST = {  # by function: an example has no names
    "originator": "P-00000000000000a1",
    "lessons_manager": "P-00000000000000b2",
    "authority": "P-00000000000000c3",
    "action_body": "P-00000000000000d4",
    "validator": "P-00000000000000e5",
}


@dataclass(frozen=True, slots=True)
class Thread:
    """One lesson of the example, from its texts to its attempts.

    name         of its files; lesson_id: of the lesson
    exercise     what its attempts are at
    subject, policy   who is tried, and the program that sits there
    seeds        one attempt each
    is_recorded  whether its attempts were recorded beforehand, and are scored now; else they are flown now
    """

    name: str
    lesson_id: str
    exercise: str
    subject: str
    policy: str
    seeds: tuple[int, ...]
    is_recorded: bool = False


_NIGHTS, _DAYS, _FLIGHTS = (tuple(range(first, first + 6)) for first in (101, 201, 301))
THREADS = (
    Thread("search-without-fix", "L-SEARCH", "abnormal-fix-lost", "set-up", "autopilot", _FLIGHTS),
    Thread("reopen-sooner", "L-REOPEN", "watch-airport", "rule-book-airport", "rule-book", _DAYS, is_recorded=True),
    Thread("warn-sooner", "L-WARN", "watch-night", "rule-book-night", "rule-book", _NIGHTS, is_recorded=True),
)
RECORDED_THREADS = tuple(one for one in THREADS if one.is_recorded)
EXAMPLE = (
    "An example centre: its watches were recorded beforehand "
    f"({', '.join(f'{one.exercise} with seeds {one.seeds[0]} to {one.seeds[-1]}' for one in RECORDED_THREADS)}), and "
    "were planned and scored when the centre was made; its flights were flown then."
)


@dataclass(frozen=True, slots=True)
class LoopResult:
    """What came of it.

    proofs    of all objectives
    stages    of each lesson after its evidence was weighed, by id
    reasons   why, by id
    attempts  of all of them
    skills    what the attempts show, a row each of MASTERIES
    page      lessons.html
    """

    proofs: tuple[Proof, ...]
    stages: dict[str, str]
    reasons: dict[str, str]
    attempts: tuple[AttemptResult, ...]
    skills: list[dict[str, Any]]
    page: Path

    def flat(self) -> dict[str, Any]:
        """Return everything for a program, but for the times on the wall."""
        shown = [_untimed(one.flat()) for one in self.proofs]
        for one in shown:
            one["rounds"] = [_untimed(round_) for round_ in one["rounds"]]
        lessons = [{"lesson_id": of, "stage": stage, "why": self.reasons[of]} for of, stage in self.stages.items()]
        return {
            "lessons": lessons,
            "verify": shown,
            "attempts": [one.flat() for one in self.attempts],
            "skills": self.skills,
            "page": self.page.name,
        }


def _untimed(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in ("shown_utc", "until_utc", "decided_utc")}


def run_loop(
    centre: Centre,
    accounts: Mapping[str, Path],
    *,
    clock: Clock,
    progress: Progress,
    workers: Workers | None = None,
    before_scoring: Callable[[], None] = lambda: None,
) -> LoopResult:
    """Take the example's lessons through the whole process in an empty example centre.

    accounts  the folders of the incidents' accounts, by incident: the centre keeps them, and the lessons rest on them
    clock     tells the time on the wall
    workers   the processes in which the watches are scored
    before_scoring   is called before each set of watches: to wait for what that takes

    An objective's attempts are named before they count, as everywhere. What the evidence decides, decides: a lesson
    whose objective does not hold is reopened, one that still waits for people stays where it is.
    """
    given = {name: content.decode() for name, content in resources.example(resources.CENTRE).items()}
    for role, person_id in _CAST.items():
        people.add_person(centre, role.replace("_", " "), function=role, person_id=person_id, now_utc=clock())
    for incident_id, folder in accounts.items():
        incidents.keep_folder(centre, folder, incident_id=incident_id, now_utc=clock())
    tried: list[AttemptResult] = []
    for number, thread in enumerate(THREADS):
        _identify(centre, thread, given, clock=clock)
        tried += _try(
            centre,
            thread,
            _keep_objective(centre, thread, given),
            clock=clock,
            progress=progress,
            done=number / len(THREADS),
            workers=workers,
            before_scoring=before_scoring,
        )
    progress("Weighing what was shown", None)
    stages, reasons = {}, {}
    for thread in THREADS:
        stages[thread.lesson_id], reasons[thread.lesson_id] = _weigh(centre, thread, clock=clock)
    found = verify(centre, when_utc=clock())
    verifying.write_page(centre, found, centre.folder / PAGE)
    return LoopResult(found.proofs, stages, reasons, tuple(tried), _skills(centre, clock()), centre.folder / PAGE)


def _identify(centre: Centre, thread: Thread, given: dict[str, str], *, clock: Clock) -> None:
    """Report an observation, and take it to where its action is done."""
    told, remedy = (tomllib.loads(given[f"{thread.name}.{part}.toml"]) for part in ("lesson", "remedy"))
    remedy["actions"] = [one | {"owner_id": _CAST["action_body"]} for one in remedy["actions"]]
    report = StepRequest("submit", by=_CAST["originator"], why="seen in the account of that night", changes=told)
    lessons.report_observation(centre, report, now_utc=clock(), lesson_id=thread.lesson_id)
    steps: Sequence[tuple[str, str, str, dict[str, Any], tuple[str, ...]]] = (
        ("accept", "lessons_manager", "it happened so, and the account says on what it rests", {}, ()),
        ("draft", "lessons_manager", "there is a cause to find", {}, ()),
        ("edit", "lessons_manager", "cause assumed for the example, remedy proposed", remedy, ()),
        ("endorse", "authority", "shared, as an example", {}, ()),
        ("task", "authority", "the action body can do it", {}, ()),
        ("act", "action_body", "done", {}, ("1",)),
        ("implement", "action_body", "the rule is in the book, the set-up is fitted", {}, ()),
    )
    for kind, role, why, changes, done in steps:
        asked = StepRequest(kind, by=_CAST[role], role=role, why=why, changes=changes, done=done)
        lessons.take_step(centre, thread.lesson_id, asked, now_utc=clock())


def _keep_objective(centre: Centre, thread: Thread, given: dict[str, str]) -> Objective:
    """Keep what shall be shown, of the procedure and, where the example has it, of persons; return the first."""
    found = []
    for part in ("procedure", "person"):
        name = f"{thread.name}.{part}.toml"
        if name in given:
            found.append(objectives.parse(given[name], name=name, measures=verifying.measures()))
            kept_objectives.put_objective(centre, found[-1])
    return found[0]


def _try(
    centre: Centre,
    thread: Thread,
    objective: Objective,
    *,
    clock: Clock,
    progress: Progress,
    done: float,
    workers: Workers | None,
    before_scoring: Callable[[], None],
) -> tuple[AttemptResult, ...]:
    """Name the attempts of a lesson, and let them be flown or scored."""
    subject = Subject("procedure", thread.subject)
    attempting.plan_attempts(
        centre, objective.objective_id, subject=subject, policy=thread.policy, seeds=thread.seeds, now_utc=clock()
    )
    asked = AttemptRequest(objective.exercise, subject, thread.policy, thread.seeds, objective.objective_id)

    def report(text: str, share: float | None) -> None:
        progress(f"{objective.exercise}: {text}", done + (share or 0.0) / len(THREADS))

    replay = example_recordings.replay if thread.is_recorded else None
    if replay is not None:
        before_scoring()
    return attempting.attempt(centre, asked, clock=clock, progress=report, workers=workers, replay=replay)


def _weigh(centre: Centre, thread: Thread, *, clock: Clock) -> tuple[str, str]:
    """Let the validator weigh a lesson; return its stage and why it is there."""
    everybody = people.current_ids(centre)
    try:
        moved = verifying.validate(
            centre, thread.lesson_id, by=_CAST["validator"], why="The attempts were weighed.", now_utc=clock(),
            people=everybody,
        )  # fmt: skip
    except LessonError as refused:  # it neither holds nor fails yet: nothing moves
        return kept_lessons.get_lesson(centre, thread.lesson_id).stage, refused.why
    if moved.stage == "validated":
        learnt = StepRequest("learn", by=_CAST["authority"], why="something has changed, and it was shown")
        moved = lessons.take_step(centre, thread.lesson_id, learnt, now_utc=clock())
    return moved.stage, moved.history[-1].why if moved.stage != "learned" else moved.history[-2].why


def _skills(centre: Centre, now_utc: datetime) -> list[dict[str, Any]]:
    """Return what the attempts show of both curricula, where there were any."""
    rows: list[dict[str, Any]] = []
    for name in curricula.CURRICULA:
        found = measure_skills(centre, name, when_utc=now_utc)
        rows += [
            {key: value for key, value in row.items() if not key.endswith("_utc")}
            for row in found.to_dicts() if row["trials"]
        ]  # fmt: skip
    return rows
