"""Score the recordings of a centre anew, and compare with the scores that are stored."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import polars as pl

from hotwash.errors import HotwashError
from hotwash.front.recordings import read_recording, score_recording
from hotwash.progress import Progress, silent
from hotwash.store import attempts, folders
from hotwash.store.centre import Centre

_KEY = ("seat", "task", "measure")
_COMPARED = ("value", "unit", "sigma", "clock_s", "opportunity", "result")
_RELATIVE = 1e-9  # another processor may round the last digits of a sum otherwise


@dataclass(frozen=True, slots=True)
class Difference:
    """One attempt whose stored scores its recording does not give."""

    attempt_id: str
    why: str


@dataclass(frozen=True, slots=True)
class Rescoring:
    """What came of scoring anew. `without_recording`: attempts with scores that nobody can score again."""

    rescored: int
    without_recording: int
    differences: tuple[Difference, ...]


def rescore_attempts(centre: Centre, *, progress: Progress = silent) -> Rescoring:
    """Return where the stored scores are not those that the hashed recordings give now.

    raises   CentreError

    A newer hotwash may score otherwise, which then shows as a difference: the stored scores are those of the version
    that scored first.
    """
    rows = attempts.attempts(centre).to_dicts()
    stored = {str(key[0]): frame for key, frame in attempts.scores(centre).group_by("attempt_id")}
    scored = [row for row in rows if row["recording"] and (row["attempt_id"] in stored or row["state"] == "finished")]
    differences: list[Difference] = []
    for number, row in enumerate(scored):
        progress(f"Scoring {number + 1} of {len(scored)}", number / len(scored))
        attempt_id = str(row["attempt_id"])
        why = _compare(centre, row, stored.get(attempt_id))
        differences += [Difference(attempt_id, why)] if why else []
    bare = len(set(stored) - {str(row["attempt_id"]) for row in scored})
    return Rescoring(len(scored), bare, tuple(differences))


def _compare(centre: Centre, row: dict[str, Any], stored: pl.DataFrame | None) -> str:
    """Return why an attempt's scores are not those of its recording; "" where they are."""
    folder = centre.folder / row["recording"]
    if not folder.is_dir():
        return "its recording is missing, so its scores cannot be made anew"
    if folders.hash_of(folder) != row["recording_hash"]:
        return "its recording is not the one that was stored, so its scores cannot be made anew"
    if stored is None:
        return "its scores are missing, though its recording is there"
    try:
        again = score_recording(read_recording(folder), seat=row["seat"], attempt_id=str(row["attempt_id"])).scores
    except HotwashError as fault:
        return f"its recording cannot be scored: {fault}"
    return _difference(_by_key(stored), _by_key(again))


def _by_key(scores: pl.DataFrame) -> dict[tuple[Any, ...], dict[str, Any]]:
    return {tuple(row[name] for name in _KEY): row for row in scores.to_dicts()}


def _difference(stored: dict[tuple[Any, ...], dict[str, Any]], again: dict[tuple[Any, ...], dict[str, Any]]) -> str:
    for key, row in again.items():
        name = " ".join(part for part in key[1:] if part)
        if key not in stored:
            return f"{name} is not stored, but its recording gives {_text(row['value'])}"
        for column in _COMPARED:
            if not _is_same(stored[key][column], row[column]):
                there, here = _text(stored[key][column]), _text(row[column])
                return f"{name}: {column} is stored as {there}, but its recording gives {here}"
    more = sorted(str(key[2]) for key in stored if key not in again)
    return f"{more[0]} is stored, but its recording does not give it" if more else ""


def _is_same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=_RELATIVE, abs_tol=_RELATIVE)
    return bool(one == other)


def _text(value: Any) -> str:
    return "nothing" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
