"""The score of an attempt says what decides the objective that rests on it: measure, clock, standard and column."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
import staged_by_hand as w

from hotwash.export import recording_folder
from hotwash.model.objective import Objective, Rule, Standard
from hotwash.store import attempts, centre, objectives
from hotwash.work.scoring import score_folder

NOW = datetime(2027, 4, 5, tzinfo=UTC)
CLOCK = "from the first look that could show it to the declaration in force"


def objective(name: str, measure: str) -> Objective:
    return Objective(
        name, "L-3", "Declared soon", "procedure", "", "small-watch", "3", "watch", measure, "s",
        Standard("at_most", 90.0), Rule(5), clock=CLOCK,
    )  # fmt: skip


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    """The recording of an attempt in a centre that has two objectives on its watch, and one on another version."""
    with centre.create(tmp_path / "centre", name="scuola", now_utc=NOW) as made:
        for one in (
            objective("by-truth", "worst_first_detectable_to_declared"),
            objective("by-picture", "worst_first_detectable_to_declared_known"),
        ):
            objectives.put_objective(made, one)
        for name, asked in (("A-named", "by-picture"), ("A-practice", None)):
            row = {"attempt_id": name, "exercise": "small-watch", "exercise_version": "3", "seat": "watch",
                   "subject_kind": "procedure", "subject_id": "rules", "is_test": False, "started_utc": NOW,
                   "objective_id": asked}  # fmt: skip
            attempts.begin_attempt(made, row)
    for name in ("A-named", "A-practice"):
        recording_folder.write(
            tmp_path / "centre/recordings" / name, w.with_decisions(w.staged(), [w.declare(400.0, 2)])
        )
    return tmp_path / "centre/recordings"


def test_the_objective_that_named_the_attempt_is_told(recorded: Path):
    (said,) = score_folder(recorded / "A-named").decides
    assert said.startswith("Objective by-picture: Each attempt is decided by worst_first_detectable_to_declared_known")
    assert f"({CLOCK}): at most 90 s." in said
    assert said.endswith("In a score it stands in the column “what could be known”.")


def test_of_practice_every_objective_on_the_same_watch_is_told(recorded: Path):
    known, true = score_folder(recorded / "A-practice").decides
    assert (known[:20], true[:18]) == ("Objective by-picture", "Objective by-truth")
    assert true.endswith("the column “what happened”.")


def test_a_recording_outside_a_centre_is_scored_as_before(recorded: Path, tmp_path: Path):
    shutil.copytree(recorded / "A-named", tmp_path / "alone")
    assert score_folder(tmp_path / "alone").decides == ()
