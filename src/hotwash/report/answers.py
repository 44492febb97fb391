"""The answer to each question in a sentence, how sure it is, what speaks against it and what would settle it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hotwash.model.incident import Incident
from hotwash.report.links import anchor
from hotwash.report.page_table import PageTable, page_table, table_row
from hotwash.report.phrases import STANDING_WORDS, full_stop, probability, say_lines, say_number, sentence
from hotwash.report.statements import Evidence, Library, Question

MOST_SETTLED = 3  # questions named beside one thing to ask for; how many more there are is said
MOST_FIRST = 6  # answers at the head where the bundle names none: more are no head
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the evidence answers to one question. Empty text is nothing to say; "" as standing: nothing was concluded.

    rows   what it rests on, besides the statements on its question
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

    asked   the questions with their statements; those on intent are listed apart, and so is what is said of them
    """
    by_name = {question.question_id: question for question in asked}
    rows = incident.conclusions.sort("rank").to_dicts()
    most = len(rows) if incident.bundle.brief.headline else MOST_FIRST
    found: list[Answer] = []
    for row in rows:
        question = by_name.get(row["question_id"]) or _own_question(row["question_id"], library)
        is_answered = row["standing"] != "not_asked" or bool(question.statements)
        if not question.is_intent and (is_answered or row["is_headline"]):
            found.append(_answer(row, question, library, is_first=bool(row["is_headline"]) and len(found) < most))
    found = _with_codes(found, library.aerodromes)
    concluded = {row["question_id"] for row in rows}
    left = [item for item in asked if item.question_id not in concluded and item.statements and not item.is_intent]
    return (*found, *(Answer(item) for item in left))


def _with_codes(answers: Sequence[Answer], aerodromes: Mapping[str, str]) -> list[Answer]:
    """Return answers in which an aerodrome has its whole name once, "Hannover Airport (EDDV)", and then its code.

    aerodromes   names by code
    """
    seen: set[str] = set()

    def shorten(text: str) -> str:
        for code, name in aerodromes.items():
            head, whole, tail = text.partition(f"{name} ({code})")
            if whole:
                text = f"{head}{code if code in seen else whole}{tail.replace(whole, code)}"
                seen.add(code)
        return text

    return [
        replace(one, text=shorten(one.text), against=shorten(one.against), settle=shorten(one.settle))
        for one in answers
    ]


def _own_question(question_id: str, library: Library) -> Question:
    """Return a question that the bundle does not ask and that was answered all the same: of an aerodrome's closures."""
    place = anchor("questions", question_id)
    return Question(question_id, place, library.question_text(question_id), asks="", is_intent=False, statements=())


def questions_without_answer(incident: Incident, asked: Sequence[Question]) -> tuple[str, ...]:
    """Return the questions that nobody answered, in words."""
    names = {
        row["question_id"]
        for row in incident.conclusions.to_dicts()
        if row["standing"] == "not_asked" and not row["is_headline"]
    }
    return tuple(item.text for item in asked if item.question_id in names and not item.statements)


def _answer(row: Row, question: Question, library: Library, *, is_first: bool) -> Answer:
    return Answer(
        question=question,
        text=full_stop(row["answer"]),
        standing=row["standing"],
        sure=say_sure(row),
        against=f"Against it: {full_stop(row['against'])}" if row["against"] else "",
        settle=say_settling(row),
        is_headline=is_first,
        rows=_merged([library.evidence(ref) for ref in row["rows"] or () if not ref.startswith("claims:")]),
    )


def _merged(rows: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Return rows of one name as one: two sightings by a "pilot" are "pilot (two)", which leads to the first."""
    by_name: dict[str, list[Evidence]] = {}
    for one in rows:
        by_name.setdefault(one.title or one.name, []).append(one)
    return tuple(
        own[0] if len(own) == 1 else replace(own[0], title=f"{name} ({say_number(len(own))})")
        for name, own in by_name.items()
    )


def say_sure(row: Row) -> str:
    """Return how sure an answer is, and on how many independent lines: "Likely (94 %), on two independent lines."."""
    if row["standing"] == "not_asked":
        return ""
    said = row["how_sure"] or STANDING_WORDS[row["standing"]].lower()
    if row["probability"] is not None and "%" not in said:
        said += f" ({probability(row['probability'])})"
    if row["how_sure"] is None:
        return full_stop(f"{said}, {say_lines(row['lines'])}")
    has_answer = row["standing"] in ("settled", "likely", "disputed")
    rests = f" The answer rests {say_lines(row['lines'])}." if row["lines"] and has_answer else ""
    return full_stop(said) + ("" if "independent line" in said else rests)


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
        text = library.question_text(str(row["question_id"]))
        grouped.setdefault((row["ask"] or "", row["discriminator"] or ""), []).append(text)
    ordered = sorted(grouped.items(), key=lambda item: list(dict.fromkeys(ask for ask, _ in grouped)).index(item[0][0]))
    rows, before = [], None
    for (ask, what), settled in ordered:
        more = f"and {say_number(len(settled) - MOST_SETTLED)} more" if len(settled) > MOST_SETTLED else ""
        said = " ".join((*settled[:MOST_SETTLED], more)).strip()
        rows.append(table_row(sentence(ask) if ask != before else "", full_stop(what), said))
        before = ask
    return page_table(("Whom to ask", "For what", "It would settle"), rows, wide=("For what", "It would settle"))
