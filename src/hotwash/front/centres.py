"""A centre: open it, tell which lessons hold, and what everybody has shown of a curriculum."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from hotwash.ingest.disk import read_text
from hotwash.lessons.counting import ATTEMPTED, SCORED
from hotwash.lessons.proof import verify as weigh_attempts
from hotwash.model.notebook import render_html
from hotwash.model.proof import Proof
from hotwash.skills import curriculum as curricula
from hotwash.skills.curriculum import Curriculum, trials_of
from hotwash.skills.mastery import compute_masteries
from hotwash.store import attempts, centre, objectives
from hotwash.store.centre import Centre, without_gc

ALL_HOLD, SOME_DO_NOT, NOT_EVALUATED = 0, 1, 2


@dataclass(frozen=True, slots=True)
class VerificationResult:
    """What is shown of a centre's objectives by a date."""

    proofs: tuple[Proof, ...]
    when_utc: datetime

    @property
    def exit_code(self) -> int:
        """0 where all hold, 1 where some do not, 2 where there is nothing to evaluate."""
        if not self.proofs:
            return NOT_EVALUATED
        return ALL_HOLD if all(one.holds for one in self.proofs) else SOME_DO_NOT

    def flat(self) -> dict[str, Any]:
        """Return everything for a program."""
        return {"when_utc": self.when_utc.isoformat(), "lessons": [one.flat() for one in self.proofs]}

    def _repr_html_(self) -> str | None:
        return render_html(self)


def open_centre(folder: str | Path) -> Centre:
    """Return the centre that lies in a folder, open; use it in a `with`, or close it.

    folder   that `hotwash init` made; a centre of an earlier version is brought up to date first
    raises   CentreError when there is none, it is damaged, or a newer hotwash made it
    """
    return centre.open_(Path(folder))


def verify(centre: Centre, *, when_utc: datetime, lesson_id: str = "") -> VerificationResult:
    """Return what a centre's attempts prove of its objectives by a date: which lessons hold.

    when_utc    the date; evidence that is older than it may be stale by then
    lesson_id   of this lesson only; "": of all
    raises      CentreError
    """
    with without_gc():
        asked = [one for one in objectives.all_objectives(centre) if lesson_id in ("", one.lesson_id)]
        measures = sorted({name for one in asked for name in one.measures})
        if not asked:
            return VerificationResult((), when_utc)
        tried, scores = attempts.attempts_in(centre, ATTEMPTED), attempts.scores_in(centre, SCORED, measures)
        return VerificationResult(weigh_attempts(asked, tried, scores, when_utc=when_utc), when_utc)


def load_curriculum(source: str | Path | Curriculum) -> Curriculum:
    """Return a curriculum: a shipped one by its name, or that of a TOML file.

    raises   CurriculumError, ReadError
    """
    if isinstance(source, Curriculum):
        return source
    path = Path(source)
    return (
        curricula.parse(read_text(path), name=path.name)
        if path.suffix == ".toml"
        else curricula.load_curriculum(str(source))
    )


def measure_skills(centre: Centre, curriculum: str | Path | Curriculum, *, when_utc: datetime) -> pl.DataFrame:
    """Return what everybody in a centre has shown of a curriculum by a date: MASTERIES.

    curriculum   "remote-pilot", "watch-officer", or a TOML file
    when_utc     the date; attempts count for a year
    raises       CentreError, CurriculumError, ReadError

    It holds random ids of persons: their figures are for them and their instructor.
    """
    course = load_curriculum(curriculum)
    trials = trials_of(course, attempts.attempts(centre), attempts.scores(centre, course.measures))
    return compute_masteries(trials, when_utc)[0]
