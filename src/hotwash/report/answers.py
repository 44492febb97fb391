"""The answer to each question in a sentence, how sure it is, what speaks against it and what would settle it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hotwash.model.incident import Incident
from hotwash.report.page_table import PageTable, cell, page_table, table_row
from hotwash.report.phrases import STANDING_WORDS, full_stop, probability, say_lines, sentence
from hotwash.report.statements import Evidence, Library, Question

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the evidence answers to one question. Empty text is nothing to say; "" as standing: nothing was concluded.

    rows   what it rests on
    """

    question: Question
    text: str = ""
    standing: str = ""
    sure: str = ""
    against: str = ""
    settle: str = ""
    is_headline: bool = False
    rows: tuple[Evidence, ...] = ()

    @property
    def word(self) -> str:
        return STANDING_WORDS.get(self.standing, "")

    @property
    def small(self) -> str:
        """What stands below the answer: how sure, what speaks against it, what would settle it."""
        return " ".join(part for part in (self.sure, self.against, self.settle) if part)


def answers_of(incident: Incident, library: Library, asked: Sequence[Question]) -> tuple[Answer, ...]:
    """Return an answer for each question that was answered or on which somebody spoke, the first questions first.

    asked   the questions with their statements
    """
    by_name = {question.question_id: question for question in asked}
    rows = incident.conclusions.sort("rank").to_dicts()
    found = [
        _answer(row, by_name[row["question_id"]], library)
        for row in rows
        if row["question_id"] in by_name
        and (row["standing"] != "not_asked" or by_name[row["question_id"]].statements or row["is_headline"])
    ]
    concluded = {row["question_id"] for row in rows}
    return (*found, *(Answer(item) for item in asked if item.question_id not in concluded and item.statements))


def unanswered(incident: Incident, asked: Sequence[Question]) -> tuple[str, ...]:
    """Return the questions that nobody answered, in words."""
    names = {
        row["question_id"]
        for row in incident.conclusions.to_dicts()
        if row["standing"] == "not_asked" and not row["is_headline"]
    }
    return tuple(item.text for item in asked if item.question_id in names and not item.statements)


def _answer(row: Row, question: Question, library: Library) -> Answer:
    return Answer(
        question=question,
        text=full_stop(row["answer"]),
        standing=row["standing"],
        sure=say_sure(row),
        against=f"Against it: {full_stop(row['against'])}" if row["against"] else "",
        settle=say_settling(row),
        is_headline=bool(row["is_headline"]),
        rows=tuple(library.evidence(ref) for ref in row["rows"] or ()),
    )


def say_sure(row: Row) -> str:
    """Return how sure an answer is, and on how many independent lines: "Likely (94 %), on two independent lines."."""
    if row["standing"] == "not_asked":
        return ""
    said = row["how_sure"] or STANDING_WORDS[row["standing"]].lower()
    if row["probability"] is not None and "%" not in said:
        said += f" ({probability(row['probability'])})"
    if "independent line" not in said:
        said += f", {say_lines(row['lines'])}"
    return full_stop(said)


def say_settling(row: Row) -> str:
    """Return what would settle an open question, and who could have it; empty where nothing is named."""
    if not row["discriminator"]:
        return ""
    ask = f" Ask {row['ask'].rstrip('.')}." if row["ask"] else ""
    return f"It would be settled by {_inside(row['discriminator']).rstrip('.')}.{ask}"


def _inside(text: str) -> str:
    """Return a text as it stands inside a sentence: "The log" becomes "the log"; a name or a code stays as it is."""
    first = text.split(maxsplit=1)[0] if text.strip() else ""
    return text[:1].lower() + text[1:] if first in ("A", "An", "The", "What", "Whether", "Who", "When") else text


def discriminators(incident: Incident) -> list[dict[str, str | None]]:
    """Return what would settle each open question, and whom to ask for it, in the order of the conclusions."""
    rows = incident.conclusions.sort("rank").drop_nulls("discriminator")
    return rows.select("question_id", "discriminator", "ask").to_dicts()


def asks(incident: Incident, library: Library) -> PageTable:
    """Return what to ask whom: one row for each thing that somebody may have, with all the questions it settles."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for row in discriminators(incident):
        question = library.questions.get(str(row["question_id"]))
        text = question["text"] if question else str(row["question_id"])
        grouped.setdefault((row["ask"] or "", row["discriminator"] or ""), []).append(text)
    ordered = sorted(grouped.items(), key=lambda item: list(dict.fromkeys(ask for ask, _ in grouped)).index(item[0][0]))
    rows, before = [], None
    for (ask, what), settled in ordered:
        rows.append(table_row(sentence(ask) if ask != before else "", full_stop(what), cell(*settled)))
        before = ask
    return page_table(("Whom to ask", "For what", "It would settle"), rows, wide=("For what",))
