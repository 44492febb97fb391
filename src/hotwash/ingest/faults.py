"""What is wrong with one cell or row: carried up to where the file and the line are known."""

from __future__ import annotations


class Fault(Exception):  # noqa: N818 - it is a fact about a cell, caught by the reader of its row
    """One reason why a cell or row cannot be taken.

    reason   what is wrong, in plain words
    advice   what would help
    column   the column at fault, where the raiser knows it
    """

    def __init__(self, reason: str, advice: str, *, column: str | None = None) -> None:
        self.reason = reason
        self.advice = advice
        self.column = column
        super().__init__(f"{reason}: {advice}")
