"""An instructor's marks beside the machine's result: errors counted by a scheme that can be edited.

    MARKS ─┬─▶ Marked: how many errors of each class, whether the attempt is void, GO or NO-GO by the scheme
    scheme ┘

Nothing here changes what the machine measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from hotwash import resources
from hotwash.documents import parse_toml
from hotwash.errors import ReadError
from hotwash.model.words import ERROR_CLASSES

SHIPPED = ("gvc",)


@dataclass(frozen=True, slots=True)
class Scheme:
    """How many errors of a class fail an attempt; a class that is left out never does."""

    name: str
    title: str
    source: str
    confidence: str
    fail_at: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class MarkResult:
    """What an instructor's marks come to.

    errors    how many of each class
    is_void   whether some mark says that the attempt shall not count
    result    GO or NO-GO by the scheme; None without one, or where the attempt is void
    why       as a sentence
    """

    errors: Mapping[str, int]
    is_void: bool
    result: str | None
    why: str


def load_scheme(name: str) -> Scheme:
    """Return a shipped scheme; raises ReadError when there is none of that name."""
    if name not in SHIPPED:
        raise ReadError(
            name, why=f"no such file, and no scheme of that name is shipped; choose from {', '.join(SHIPPED)}"
        )
    return parse(resources.read(f"score/schemes/{name}.toml").decode("utf-8"), name=f"{name}.toml")


def parse(text: str, *, name: str) -> Scheme:
    """Return the scheme of a TOML text.

    name     what to call it in an error: the file's name
    raises   ReadError naming the key
    """
    given = parse_toml(text, name=name)
    words = {key: given.get(key) for key in ("name", "title", "source", "confidence")}
    for key, value in words.items():
        if not isinstance(value, str) or not value:
            raise ReadError(name, place=f"key {key}", why="is missing or is not text")
    return Scheme(**{key: str(value) for key, value in words.items()}, fail_at=_fail_at(given.get("fail_at"), name))


def _fail_at(given: Any, name: str) -> dict[str, int]:
    if not isinstance(given, dict) or not given:
        raise ReadError(name, place="[fail_at]", why=f"say at how many errors it fails: {ERROR_CLASSES[0]} = 7")
    for key, count in given.items():
        if key not in ERROR_CLASSES:
            why = f"is not a class of error; choose from {', '.join(ERROR_CLASSES)}"
            raise ReadError(name, place=f"[fail_at], key {key}", why=why)
        if not isinstance(count, int) or isinstance(count, bool) or count < 1:
            raise ReadError(name, place=f"[fail_at], key {key}", why="should be a whole number, 1 or more")
    return dict(given)


def count_marks(marks: pl.DataFrame, scheme: Scheme | None) -> MarkResult:
    """Return what the marks of an attempt come to.

    marks    MARKS of one attempt, of all instructors together
    scheme   None: errors are counted, and nothing is said of passing
    """
    errors = {one: marks.filter(pl.col("error_class") == one).height for one in ERROR_CLASSES}
    is_void = bool(marks["is_void"].fill_null(value=False).any())
    if is_void:
        return MarkResult(errors, is_void, None, "An instructor has declared the attempt void.")
    if scheme is None:
        return MarkResult(errors, is_void, None, "")
    said = {one: f"{errors[one]} {one} (fails at {most})" for one, most in scheme.fail_at.items()}
    over = [said[one] for one, most in scheme.fail_at.items() if errors[one] >= most]
    if over:
        return MarkResult(errors, is_void, "NO-GO", f"Fails by {scheme.title}: {', '.join(over)}.")
    return MarkResult(errors, is_void, "GO", f"By {scheme.title}: {', '.join(said.values())}.")
