"""The four questions of a hotwash, which a debrief answers in short sentences.

Expected, happened, why, sustain or change: first what should have been, last what to do about it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

_TITLES = ("What was expected?", "What happened?", "Why?", "What to sustain, what to change?")


class Question(NamedTuple):
    """One of the four questions, and what is said to it."""

    title: str
    said: tuple[str, ...]


def four_questions(*answers: Iterable[str]) -> tuple[Question, ...]:
    """Return the four questions with their answers, which come in the same order."""
    return tuple(Question(title, tuple(said)) for title, said in zip(_TITLES, answers, strict=True))


def plain_text(questions: Iterable[Question]) -> str:
    """Return a debrief as plain text."""
    return "\n\n".join("\n".join((one.title, *(f"  {said}" for said in one.said))) for one in questions)
