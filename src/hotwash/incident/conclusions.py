"""The answer to each question, in the order in which the incident's first questions are asked.

question ─▶ answer of its kind ─▶ discriminator while it is open ─┐
CLOSURES nobody asks about ─▶ an answer of their own ─────────────┴─ranked─▶ CONCLUSIONS
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from hotwash.claims.words import inside_sentence
from hotwash.incident.answers_durations import answer_duration
from hotwash.incident.answers_measures import answer_measure
from hotwash.incident.answers_numbers import answer_count
from hotwash.incident.answers_presence import answer_presence, presence_of_all
from hotwash.incident.answers_ranges import answer_range
from hotwash.incident.answers_states import answer_closures, answer_status
from hotwash.incident.answers_times import answer_time
from hotwash.incident.answers_words import answer_identity, answer_intent, answer_words
from hotwash.incident.case import (
    DISPUTED,
    ENOUGH_LINES,
    LIKELY,
    NOT_ASKED,
    ONE_RELIABLE,
    OPEN,
    SETTLED,
    UNFOUNDED,
    UNTOLD,
    Answer,
    Case,
    Row,
)
from hotwash.incident.discriminators import discriminate
from hotwash.incident.sums_of_others import resting_row
from hotwash.model import schema, tables
from hotwash.model.incident import Bundle
from hotwash.model.questions import MEASURED_KINDS
from hotwash.model.words import CLOSURES_OF

Answerer = Callable[[Row, Case], Answer]


ANSWERERS: Mapping[str, Answerer] = {
    "count": answer_count,
    "range": answer_range,
    **dict.fromkeys(MEASURED_KINDS, answer_measure),
    "time": answer_time,
    "duration": answer_duration,
    "status": answer_status,
    "presence": answer_presence,
    "identity": answer_identity,
    "cause": answer_words,
    "finding": answer_words,
    "intent": answer_intent,
}
# What the head of an account answers where the bundle does not say, by kind of question and unit.
_FIRST: Mapping[str, tuple[tuple[str, str | None], ...]] = {
    "airport": (("status", None), ("presence", None)),
    "border": (("count", "crossings"), ("count", "airframes"), ("count", "finds")),
}


@dataclass(frozen=True, slots=True)
class _Concluded:
    question: Row
    answer: Answer


def conclude(
    bundle: Bundle,
    *,
    bounded_claims: pl.DataFrame,
    findings: pl.DataFrame,
    counts: pl.DataFrame,
    durations: pl.DataFrame,
    states: pl.DataFrame,
    closures: pl.DataFrame,
    contradictions: pl.DataFrame,
    aerodromes: pl.DataFrame,
    turns: Mapping[str, int] | None = None,
    told: pl.DataFrame | None = None,
    orders: Sequence[Row] = (),
) -> pl.DataFrame:
    """Return CONCLUSIONS: one for each question, and for the closures of each aerodrome that no question asks about.

    bundle   its events are those that stand, each with its occasion
    turns    the change of state that each event tells, by event_id
    told     EVENTS with the forecasts, orders and plans, which the bundle may leave out
    orders   rows of EVENTS told as orders or plans, also those that were cancelled since
    the rest   the account so far, frames of the tables that bear these names

    An answer says no more than its tellings have in common; where they disagree it names the groups. Free words and
    intent are placed side by side and never weighed.
    """
    frames = (bounded_claims, findings, counts, durations, states, closures, contradictions, aerodromes)
    case = Case(bundle, *frames, turns or {}, told, tuple(orders))
    questions = bundle.questions.to_dicts()
    made = _over_occasions([_Concluded(row, _answer(row, case)) for row in questions], case)
    unasked = _unasked_closures(questions, case)
    first = _first_questions([*unasked, *made], case)
    order = [*first, *(item for item in (*made, *unasked) if item not in first)]
    return schema.frame(
        tables.CONCLUSIONS,
        [_row(item, rank, is_headline=rank <= len(first), case=case) for rank, item in enumerate(order, start=1)],
    )


def _over_occasions(made: Sequence[_Concluded], case: Case) -> list[_Concluded]:
    """Return answers with what single occasions show of whether anything was there at all."""
    there = [(item.question, item.answer) for item in made if _asks_of_presence(item)]
    return [
        replace(item, answer=presence_of_all(item.question, item.answer, there, case))
        if _asks_of_presence(item)
        else item
        for item in made
    ]


def _asks_of_presence(item: _Concluded) -> bool:
    return bool(item.question["kind"] == "presence")


def _answer(question: Row, case: Case) -> Answer:
    if question["occasion_id"] in case.other_stories and question["kind"] not in ("cause", "finding", "intent"):
        return _of_another_story(question, case)
    answer = _by_its_lines(ANSWERERS[question["kind"]](question, case), question, case)
    judge = case.sole_judge(answer.rows) if answer.standing == LIKELY and answer.lines == 1 else None
    if judge is not None and not answer.how_sure:
        answer = replace(answer, how_sure=f"it rests on the judgement of one alone: {judge}")
    if answer.standing == LIKELY and not answer.lines and not answer.how_sure:
        answer = replace(answer, standing=OPEN, how_sure=UNFOUNDED)  # an untraced voice makes nothing likely
    if answer.standing in (LIKELY, SETTLED) and not answer.how_sure and answer.rows:
        answer = _weaken(answer, case)
    is_untold = answer.standing == OPEN and not answer.rows and not case.statements(question)
    if is_untold and case.has_other_story(question):
        text = "What was said on this is of another story and is not answered here"
        return Answer(text=text, standing=NOT_ASKED, how_sure="not a question of this incident")
    return replace(answer, standing=NOT_ASKED, how_sure=UNTOLD) if is_untold else answer


def _of_another_story(question: Row, case: Case) -> Answer:
    """Return why a question of another story has no answer; what was only planned of it is told."""
    name = case.occasion_name(question["occasion_id"])
    text = f"“{name}” is another story (is_related), which enters no answer of events"
    planned = [item for item in case.latest_statements(question) if item["told_as"] not in (None, "fact")]
    rows = case.planned_elsewhere(question["occasion_id"])
    if not planned and not rows:
        text += "; ask of its statements by a question of kind finding"
        return Answer(text=text, standing=NOT_ASKED, how_sure="not a question of this incident")
    said = [
        f"{item['said_by']}: {inside_sentence(item['summary'].rstrip(' .'))} ({item['told_as']})" for item in planned
    ]
    for row in rows:
        when = case.clock.when(row["start_utc"] or row["utc_low"], row["start_utc"] or row["utc_high"])
        what = row["kind"].replace("_", " ")
        said.append(f"{', '.join(case.sayers(row))}: {what} {when} ({row['told_as']})")
    names = [f"events:{row['event_id']}" for row in rows]
    return Answer(
        text=f"{text}; what was planned of it is told: {'; '.join(dict.fromkeys(said))}",
        standing=NOT_ASKED,
        how_sure="told, not weighed",
        rows=(*(f"claims:{item['claim_id']}" for item in planned), *names),
    )


def _by_its_lines(answer: Answer, question: Row, case: Case) -> Answer:
    """Return an answer with the one rule of standing: what rests on one independent line is likely, and not settled.

    An exact statement that the evidence supports is a line of its own beside that evidence.
    """
    if answer.standing != SETTLED or answer.how_sure or not 0 < answer.lines < ENOUGH_LINES:
        return answer
    rows = [row for row in map(case.find_or_event, answer.rows) if row is not None]
    told = [resting_row(row, case) for row in rows]
    saying = [
        item
        for item in case.standing(question)
        if item["verdict"] == "supported" and item["relation"] in (None, "exactly", "about")
    ]
    named = [
        *(case.lines_of(saying) if told == rows else ()),
        *(f"{item['said_by']} ({item['source_id']})" for item in saying),
    ]
    lines = max(answer.lines, case.lines_behind([*told, *saying]), case.lines_in_words(named))
    if lines >= ENOUGH_LINES:
        return replace(answer, lines=lines)
    is_beside_poor = case.has_poor_line([*told, *saying])
    return replace(answer, standing=LIKELY, lines=lines, how_sure=ONE_RELIABLE if is_beside_poor else "")


def _weaken(answer: Answer, case: Case) -> Answer:
    """Return an answer that no source of reliability A or B tells as it stands: poor sources make nothing likely.

    Where one such source tells it, poor ones beside it do not settle it.
    """
    grades = case.grades_of(answer.rows)
    is_told = all(name.startswith(("events:", "claims:")) for name in answer.rows)
    if not grades or not grades <= {"C", "D", "E", "F"} or (answer.standing == SETTLED and not is_told):
        return replace(answer, how_sure=ONE_RELIABLE) if _is_beside_poor(answer, case) else answer
    best = min(grades)
    lines = "one independent line" if answer.lines == 1 else f"{answer.lines} independent lines"
    rest = "whose reliability can be judged" if best == "F" else f"better than reliability {best}"
    how_sure = f"told by {lines}, and by no source {rest}"
    return replace(answer, standing=LIKELY if best == "C" else OPEN, how_sure=how_sure)


def _is_beside_poor(answer: Answer, case: Case) -> bool:
    """Tell whether an answer rests on one reliable line, beside which only poor ones tell the same."""
    is_alone = answer.standing == LIKELY and answer.lines == 1
    return is_alone and case.has_poor_line(case.rows_by_name(answer.rows))


def _unasked_closures(questions: Sequence[Row], case: Case) -> list[_Concluded]:
    """Return what the closures of each aerodrome add up to, where no question asks for its states."""
    subjects = [
        row["subject_id"] or next(iter(case.bundle.brief.aerodromes), None)
        for row in questions
        if row["kind"] == "status"
    ]
    made = []
    for subject in dict.fromkeys(row["subject_id"] for row in case.state_rows):
        rows = [row for row in case.state_rows if row["subject_id"] == subject]
        if subject in subjects or not any(
            row["state"] in ("closed", "airspace_closed", "runway_closed") for row in rows
        ):
            continue
        question = dict.fromkeys(tables.QUESTIONS.names) | {
            "question_id": f"{CLOSURES_OF}{subject}",
            "text": f"When was {subject} closed, and for how long?",
            "kind": "status",
            "subject_id": subject,
        }
        made.append(_Concluded(question, answer_closures(subject, None, rows, case)))
    return made


def _first_questions(found: Sequence[_Concluded], case: Case) -> list[_Concluded]:
    """Return the answers of the head of the account in their order: as the bundle says, else by its kind."""
    brief = case.bundle.brief
    by_name = {item.question["question_id"]: item for item in found}
    named = [by_name[name] for name in dict.fromkeys(brief.headline) if name in by_name]
    if named:
        return named
    wanted = _FIRST.get(brief.kind or _kind_of(found, case))
    if wanted is None:
        return list(found)
    first = [
        item
        for kind, unit in wanted
        for item in found
        if item.question["kind"] == kind and unit in (None, item.question["unit"])
    ]
    return first or list(found)


def _kind_of(found: Sequence[_Concluded], case: Case) -> str:
    """Return what kind an incident is by its rows: an aerodrome with states, or a border with finds or crossings."""
    if any(row["state"] != "open" and row["subject_id"] in case.own for row in case.state_rows):
        airport = True
    else:
        airport = any(item.question["kind"] == "status" for item in found)
    zones = case.bundle.zones.filter(pl.col("kind").is_in(["land_border", "state_airspace"]))
    asks_border = any(item.question["unit"] in ("crossings", "airframes") for item in found)
    is_border = asks_border or (zones.height > 0 and case.bundle.finds.height > 0)
    return "border" if is_border else "airport" if airport else ""


def _row(item: _Concluded, rank: int, *, is_headline: bool, case: Case) -> dict[str, object]:
    answer, question = item.answer, item.question
    observation, whom = discriminate(question, answer, case)
    return {
        "question_id": question["question_id"],
        "rank": rank,
        "answer": _as_sentence(answer.text),
        "standing": answer.standing,
        "how_sure": answer.how_sure or say_how_sure(answer.standing, answer.lines),
        "probability": answer.probability,
        "lines": answer.lines,
        "against": _as_sentence(answer.against) if answer.against else None,
        "discriminator": observation,
        "ask": whom,
        "rows": list(answer.rows),
        "claims": [row["claim_id"] for row in case.statements(question)],
        "is_headline": is_headline,
    }


def say_how_sure(standing: str, lines: int) -> str:
    """Return how sure an answer is, in words: "well supported on 3 independent lines", "told by one line only"."""
    if standing == SETTLED and lines >= ENOUGH_LINES:
        return f"well supported on {lines} independent lines"
    if standing == SETTLED:
        return "supported by the rows counted"
    if standing == LIKELY and lines >= ENOUGH_LINES:
        return f"told by {lines} independent lines, and not confirmed beyond them"
    if standing == LIKELY:
        return "told by one independent line only"
    if standing == DISPUTED:
        return "reports disagree"
    return "cannot be told from what is known" if standing == OPEN else "never judged"


def _as_sentence(text: str) -> str:
    """Return a text with its first letter large and a full stop at its end."""
    flat = re.sub(r"[ \t\r\n]+", " ", text).strip().rstrip(" ;,")  # the thin space within a number stays
    ended = flat if flat.endswith((".", "!", "?", "…", ".”")) else f"{flat}."
    return f"{ended[:1].upper()}{ended[1:]}"
