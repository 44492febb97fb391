"""Where statements contradict each other: by question, each answer with all who give it, and what it excludes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hotwash.model.incident import Incident
from hotwash.report.links import anchor
from hotwash.report.page_table import Cell, PageTable, TableRow, cell, page_table, table_row
from hotwash.report.phrases import minutes, noun, plain
from hotwash.report.statements import Library

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """The contradictions on one question: a row for each answer that excludes another."""

    question: str
    table: PageTable


def disagreements(
    incident: Incident, library: Library, *, first: Sequence[str], replaced: bool
) -> tuple[Disagreement, ...]:
    """Return contradictions by question, each pair once.

    first      questions that come before the others, in this order
    replaced   those with a statement that its own speaker replaced, in place of those that stand
    """
    past = replaced_claims(incident)
    pairs: dict[str, dict[frozenset[str], Row]] = {}
    for item in incident.contradictions.to_dicts():
        sides = frozenset((item["claim_id"], item["other_claim_id"]))
        if bool(sides & past) is replaced:
            pairs.setdefault(item["question_id"], {}).setdefault(sides, item)
    order = {name: place for place, name in enumerate(first)}
    return tuple(
        Disagreement(_question(name, library), _table(list(own.values()), library))
        for name, own in sorted(pairs.items(), key=lambda item: order.get(item[0], len(order)))
    )


def replaced_claims(incident: Incident) -> set[str]:
    """Return the claims that their own speakers replaced."""
    findings = incident.findings.filter(verdict="superseded")["claim_id"].to_list()
    claims = incident.bundle.claims["supersedes"].drop_nulls().explode().drop_nulls().to_list()
    revised = incident.revisions.filter(table="claims")["row_id"].to_list()
    return {*findings, *claims, *revised}


def _table(pairs: Sequence[Row], library: Library) -> PageTable:
    """Return one row for each answer: who gives it, and which other answers it excludes."""
    claims: dict[str, tuple[str, str]] = {}
    excluded: dict[str, dict[str, Row]] = {}
    for item in pairs:
        sides = [(item[f"{side}claim_id"], _value(item, side, library)) for side in ("", "other_")]
        for (name, value), (_, other), side in zip(sides, sides[::-1], ("", "other_"), strict=True):
            claims[name] = (value, item[f"{side}said_by"])
            excluded.setdefault(value, {}).setdefault(other, item)
    rows = [
        _answer(value, [name for name, (own, _) in claims.items() if own == value], claims, others, library)
        for value, others in excluded.items()
    ]
    return page_table(("Answer", "Given by", "Excludes"), rows, wide=("Given by",))


def _answer(
    value: str, names: Sequence[str], claims: dict[str, tuple[str, str]], others: dict[str, Row], library: Library
) -> TableRow:
    drift = any(item["is_unit_drift"] for item in others.values())
    same = any(item["is_same_speaker"] and not item["is_unit_drift"] for item in others.values())
    return table_row(
        cell(value, href=f"#{anchor('claims', names[0])}"),
        cell(*(f"{claims[name][1]}, {_claim_time(name, library)}" for name in names)),
        _excludes(value, others, is_drift=drift, is_same=same),
        flag="drift" if drift else "",
    )


def _excludes(value: str, others: dict[str, Row], *, is_drift: bool, is_same: bool) -> Cell:
    lines = [f"{other}{_gap(item)}" for other, item in others.items() if other != value]
    return cell(
        "; ".join(lines),
        "⚑ One number in two units" if is_drift else "",
        "One speaker said both and withdrew neither" if is_same else "",
    )


def _gap(item: Row) -> str:
    if item["gap"] is None or item["is_unit_drift"]:
        return ""
    if item["unit"] == "min":
        return (
            f" ({minutes(math.floor(item['gap']))} apart at least)"
            if item["gap"] >= 1.0
            else " (less than 1 min apart)"
        )
    shown = plain(round(item["gap"], 0 if item["gap"] >= 10 else 1))
    return f" ({shown} {noun(item['unit'] or '', item['gap'])} apart at least)"


def _value(item: Row, side: str, library: Library) -> str:
    claim = library.row("claims", item[f"{side}claim_id"])
    return library.say_value(claim) if claim else item[f"{side}value"]


def _claim_time(name: str, library: Library) -> str:
    claim = library.row("claims", name)
    return library.say_between(claim["said_utc_low"], claim["said_utc_high"], claim) if claim else "time not stated"


def _question(name: str, library: Library) -> str:
    question = library.questions.get(name)
    return question["text"] if question else name
