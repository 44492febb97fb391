"""Attempts and scores for tests of proof: `flown("+++-")` is one subject, one seed and one day for each mark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from hotwash.lessons.proof import verify
from hotwash.model import schema, tables
from hotwash.model.objective import Objective, Rule, Standard
from hotwash.model.proof import Proof

NAMED = datetime(2026, 3, 1, tzinfo=UTC)
NOW = datetime(2026, 6, 1, tzinfo=UTC)

WARNED = Objective(
    objective_id="warned", lesson_id="L-1", title="The public is warned in time", subject="procedure", role="",
    exercise="night", exercise_version="1", seat="watch", measure="worst_s", unit="s",
    standard=Standard("at_most", 900.0), rule=Rule(of_subjects=6, share=0.4), named_utc=NAMED,
)  # fmt: skip
BY_PEOPLE = replace(WARNED, subject="person", role="watch officer")

# + meets the standard, - does not, o had no opportunity, ? has no data, a is abandoned, . is not flown yet
STATES = {"a": "abandoned", ".": "planned"}
VALUES = {"+": 600.0, "-": 1200.0, "o": None, "?": None}


def flown(
    marks: str, *, named: datetime = NAMED, start: int = 1, name: str = "a", subject: str = "procedure",
    seeds: int | None = None, **more: Any,
) -> list[dict[str, Any]]:  # fmt: skip
    """Return one row for each mark: of ATTEMPTS, with the row of SCORES under `score`."""
    rows = []
    for number, mark in enumerate(marks):
        began = named + timedelta(days=start + number)
        rows.append(
            {
                "attempt_id": f"{name}{number}", "exercise": "night", "exercise_version": "1", "seat": "watch",
                "subject_kind": subject, "subject_id": "rule-book" if subject == "procedure" else f"{name}p{number}",
                "policy": "rule-book" if subject == "procedure" else None,
                "seed": (seeds if seeds is not None else 100 * ord(name[0])) + number, "is_test": True,
                "objective_id": "warned", "state": STATES.get(mark, "finished"), "named_utc": named,
                "started_utc": None if mark == "." else began, "setting": "exercise",
                "ended_utc": None if mark in "a." else began + timedelta(hours=1),
                "score": {"value": VALUES.get(mark), "opportunity": {"o": "no", "?": "unknown"}.get(mark, "yes")}
                if mark in VALUES else None,
                **more,
            }
        )  # fmt: skip
    return rows


def proved(
    rows: Sequence[dict[str, Any]], objective: Objective = WARNED, *, when: datetime = NOW, lists: bool = True,
    shuffle: int | None = None, more_scores: Sequence[dict[str, Any]] = (),
) -> Proof:  # fmt: skip
    frames = frames_of(rows, more_scores)
    if shuffle is not None:
        frames = tuple(one.sample(fraction=1.0, shuffle=True, seed=shuffle) for one in frames)
    ids = tuple(row["attempt_id"] for row in rows)
    asked = replace(objective, attempts=ids) if lists and not objective.attempts else objective
    return verify([asked], *frames, when_utc=when)[0]


def frames_of(rows: Sequence[dict[str, Any]], more_scores: Sequence[dict[str, Any]] = ()) -> tuple[pl.DataFrame, ...]:
    """Return ATTEMPTS and SCORES of rows as `flown` returns them."""
    attempts = [{key: value for key, value in row.items() if key != "score"} for row in rows]
    scores = [
        {"attempt_id": row["attempt_id"], "seat": row["seat"], "measure": "worst_s", "unit": "s", **row["score"]}
        for row in rows
        if row["score"]
    ]
    return schema.frame(tables.ATTEMPTS, attempts), schema.frame(tables.SCORES, [*scores, *more_scores])


def history(objective_id: str, passes: Sequence[bool], *, at_once: int, is_sly: bool = False) -> list[dict[str, Any]]:
    """Return attempts that are named some at once, always as soon as those before have ended.

    is_sly   the next are named one hour before the last of those before ends, however they stand
    """
    rows: list[dict[str, Any]] = []
    marks = "".join("+" if one else "-" for one in passes)
    began = NAMED
    for first in range(0, len(marks), at_once):
        some = flown(marks[first : first + at_once], named=began, name=f"{objective_id}-{first}-", start=0,
                     objective_id=objective_id, seeds=first)  # fmt: skip
        for number, row in enumerate(some):
            row["started_utc"] = began + timedelta(minutes=2 * number + 1)
            row["ended_utc"] = began + timedelta(minutes=2 * number + 2)
        began = some[-1]["ended_utc"] + timedelta(seconds=-30 if is_sly else 30)
        rows += some
    return rows


def scored(row: dict[str, Any], measure: str, value: float | None) -> dict[str, Any]:
    """Return another row of SCORES of an attempt."""
    return {"attempt_id": row["attempt_id"], "seat": row["seat"], "measure": measure, "unit": "count", "value": value}


def frames(rows: Sequence[dict[str, Any]]) -> tuple[pl.DataFrame, pl.DataFrame]:
    attempts = [{key: value for key, value in row.items() if key != "score"} for row in rows]
    return schema.frame(tables.ATTEMPTS, attempts), schema.empty(tables.SCORES)
