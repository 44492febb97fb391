"""Statements on different questions that cannot stand together: one number in two units, and times that do not fit.

start 20:26 ── 244 min ──▶ end 00:30, yet somebody says that it lasted 180 min
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from functools import cache
from typing import Any

import numpy as np
import polars as pl

from hotwash.claims.contrast import statement_text
from hotwash.claims.lines import UNKNOWN, Ancestry, BoolArray, ancestry_of, fold
from hotwash.claims.numbers import standing
from hotwash.claims.words import interval
from hotwash.geo.frames import FloatArray
from hotwash.model import schema, tables
from hotwash.model.incident import Bundle, Interval
from hotwash.model.questions import is_part_of

_LEAST_TELLING = 10  # two people say "three" of two things by chance; "nineteen" hardly ever
_DIGITS = 6  # as for other gaps

Row = Mapping[str, Any]


def contradictions_across(claims: pl.DataFrame, bundle: Bundle) -> pl.DataFrame:
    """Return CONTRADICTIONS between statements on different questions, of facts that their speakers have not replaced.

    claims   CLAIMS as `bounds.bound_claims` gives them
    """
    said = pl.coalesce("said_utc_high", "said_utc_low", "known_utc")
    facts = standing(claims).with_columns(said_utc=said, said=statement_text())
    ordered = facts.sort("said_utc", "claim_id", nulls_last=True)
    found = [*_drifts(ordered, cache(lambda: ancestry_of(bundle))), *_unfit_lengths(ordered, bundle)]
    return schema.frame(tables.CONTRADICTIONS, found)


def _drifts(facts: pl.DataFrame, ancestry: Callable[[], Ancestry]) -> Iterator[Row]:
    """Yield one number that is told in two units on two questions, once for each number and two units.

    A number of one digit drifts only where one speaker repeats the other. Where anybody, or any source, tells the
    number in both units, they are two numbers that happen to be equal. Nor does it drift into a part of a unit, or with
    one who tells a number of the other unit in the same source.
    """
    both = {
        (fold(by), fold(source or ""), unit)
        for by, source, unit in facts.filter(kind="count").select("said_by", "source_id", "unit").iter_rows()
    }
    told = facts.filter((pl.col("kind") == "count") & (pl.col("relation") == "exactly") & pl.col("low").is_not_null())
    for same in told.filter(pl.col("low") > 1.0).partition_by("low", maintain_order=True):
        if same["unit"].n_unique() < 2 or same["question_id"].n_unique() < 2:
            continue
        by_unit = {str(rows["unit"][0]): rows.to_dicts() for rows in same.partition_by("unit", maintain_order=True)}
        units = list(by_unit)
        for place, unit in enumerate(units):
            for other in units[place + 1 :]:
                if is_part_of(unit, other) or is_part_of(other, unit):
                    continue
                one, two = (_tell_one(by_unit[own], far, both) for own, far in ((unit, other), (other, unit)))
                pair = _drift(one, two, ancestry) if one and two else None
                if pair is not None:
                    yield pair


def _tell_one(rows: Sequence[Row], other: str, both: Set[tuple[str, str, str]]) -> list[Row]:
    """Return the statements in one unit whose speakers tell none in the other, in the same source."""
    return [row for row in rows if (fold(row["said_by"]), fold(row["source_id"] or ""), other) not in both]


def _drift(one: Sequence[Row], other: Sequence[Row], ancestry: Callable[[], Ancestry]) -> Row | None:
    for key in ("said_by", "source_id"):
        if {fold(row[key]) for row in one} & {fold(row[key]) for row in other}:
            return None
    is_large = one[0]["low"] >= _LEAST_TELLING
    for first in one:
        for second in other:
            if first["question_id"] != second["question_id"] and (is_large or _is_chain(first, second, ancestry)):
                return _row(first, second, "the same number in two units", is_unit_drift=True)
    return None


def _is_chain(first: Row, second: Row, ancestry: Callable[[], Ancestry]) -> bool:
    """Tell whether one speaker repeats the other, or both repeat a third."""
    if not first["derived_from"] and not second["derived_from"]:
        return False
    voices = [ancestry().of_claim(row["claim_id"]).voices for row in (first, second)]
    return bool(voices[0] & voices[1] - {UNKNOWN})


def _row(first: Row, second: Row, what: str, *, is_unit_drift: bool) -> Row:
    earlier, later = sorted(
        (first, second), key=lambda row: (row["said_utc"] is None, row["said_utc"], row["claim_id"])
    )
    return {
        **_sides(earlier, later),
        "question_id": earlier["question_id"],
        "is_unit_drift": is_unit_drift,
        "text": f"{earlier['said']} ({earlier['said_by']}) and {later['said']} ({later['said_by']}): {what}",
    }


def _sides(one: Row, other: Row) -> Row:
    return {
        "claim_id": one["claim_id"],
        "other_claim_id": other["claim_id"],
        "said_by": one["said_by"],
        "other_said_by": other["said_by"],
        "said_utc": one["said_utc"],
        "other_said_utc": other["said_utc"],
        "value": one["said"],
        "other_value": other["said"],
        "is_same_speaker": one["said_by"] == other["said_by"],
    }


def _unfit_lengths(facts: pl.DataFrame, bundle: Bundle) -> Iterator[Row]:
    """Yield each length that fits no start and end: of its own speaker or source, else of all that are told."""
    occasion_of = dict(bundle.questions.select("question_id", "occasion_id").iter_rows())
    for asked in bundle.brief.intervals:
        is_across, sides = asked.is_across_occasions, asked.end_occasions
        lengths = _on(facts, _questions(bundle, "duration", asked.name, "" if is_across else sides[0]))
        starts = _on(facts, _time_questions(bundle, asked, "from"))
        ends = _on(facts, _time_questions(bundle, asked, "to"))
        if is_across:  # a time of any other occasion is no end of it
            lengths = [{**row, "occasion_id": None} for row in lengths]
            starts, ends = (
                [
                    {**row, "occasion_id": None}
                    for row in rows
                    if side in ("", row["occasion_id"] or occasion_of[row["question_id"]])
                ]
                for side, rows in zip(sides, (starts, ends), strict=True)
            )
        if lengths and starts and ends:
            every, own = _Ends(_distinct(starts), _distinct(ends)), (_by_hand(starts), _by_hand(ends))
            yield from (row for length in _distinct(lengths) if (row := _unfit(length, own, every)))


Hands = Mapping[tuple[str, str], Sequence[Row]]


def _by_hand(rows: Sequence[Row]) -> Hands:
    """Return statements by who says them and where they are written."""
    hands: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        hands.setdefault(("said_by", fold(row["said_by"])), []).append(row)
        hands.setdefault(("source_id", row["source_id"]), []).append(row)
    return hands


class _Ends:
    """Statements on the start and on the end of one interval, and the lengths that each two of them leave.

    least, most   (starts, ends) float64: −∞ and ∞ where the end is before the start, or of another occasion
    """

    def __init__(self, starts: Sequence[Row], ends: Sequence[Row]) -> None:
        self.starts, self.ends = starts, ends
        first, last = (np.array([[row["low"], row["high"]] for row in rows]).reshape(-1, 2) for rows in (starts, ends))
        self.least = last[None, :, 0] - first[:, None, 1]
        self.most = last[None, :, 1] - first[:, None, 0]
        occasions = [np.array([row["occasion_id"] or "" for row in rows]) for rows in (starts, ends)]
        one, other = occasions[0][:, None], occasions[1][None, :]
        is_pair = (self.most >= 0.0) & ((one == other) | (one == "") | (other == ""))
        self.is_pair: BoolArray = is_pair
        self.occasion = np.where(one == "", other, one)

    def apart(self, length: Row) -> FloatArray:
        """Return by how much a length is outside what each two leave; not above 0 where it fits, ∞ for no pair."""
        apart = np.maximum(self.least - length["high"], length["low"] - self.most)
        own = length["occasion_id"] or ""
        is_pair = self.is_pair & ((self.occasion == own) | (self.occasion == "") | (own == ""))
        return np.where(is_pair, apart, np.inf)


def _questions(bundle: Bundle, kind: str, subject: str, occasion: str) -> list[str]:
    asked = bundle.questions.filter(
        (pl.col("kind") == kind)
        & (pl.col("subject_id") == subject)
        & (pl.col("occasion_id").is_null() | pl.lit(not occasion) | (pl.col("occasion_id") == occasion))
    )
    return asked["question_id"].to_list()


def _time_questions(bundle: Bundle, asked: Interval, side: str) -> list[str]:
    kind, subject = (asked.from_kind, asked.from_subject) if side == "from" else (asked.to_kind, asked.to_subject)
    names = _questions(bundle, "time", kind, asked.end_occasions[side == "to"])
    is_meant = pl.col("event_subject_id").is_null() | (pl.col("event_subject_id") == subject)
    return bundle.questions.filter(pl.col("question_id").is_in(names) & is_meant)["question_id"].to_list()


def _on(facts: pl.DataFrame, questions: Sequence[str]) -> Sequence[Row]:
    return list(facts.filter(pl.col("question_id").is_in(list(questions)) & pl.col("low").is_not_null()).to_dicts())


def _distinct(rows: Sequence[Row]) -> list[Row]:
    """Return each speaker's distinct statements, the earliest telling of each."""
    first: dict[tuple[object, ...], Row] = {}
    for row in rows:
        first.setdefault((fold(row["said_by"]), row["low"], row["high"], row["occasion_id"]), row)
    return list(first.values())


def _unfit(length: Row, hands: tuple[Hands, Hands], every: _Ends) -> Row | None:
    """Return the contradiction of a length with a start and an end, where there is one."""
    hand = (("said_by", fold(length["said_by"])), ("source_id", length["source_id"]))
    own = [[row for key in hand for row in rows.get(key, ())] for rows in hands]
    pairs = _Ends(*own) if all(own) else every
    apart = pairs.apart(length)
    nearest = int(apart.argmin())
    gap = float(apart.flat[nearest])
    if gap <= 0.0 or math.isinf(gap):
        return None
    start, end = pairs.starts[nearest // apart.shape[1]], pairs.ends[nearest % apart.shape[1]]
    from_start = interval(max(end["low"] - start["high"], 0.0), end["high"] - start["low"], "min")
    text = (
        f"{length['said']} ({length['said_by']}) fits neither the start {start['said']} ({start['said_by']}) with the "
        f"end {end['said']} ({end['said_by']}) nor any other that is told: from one to the other it is {from_start}"
    )
    if all(own):
        text = (
            f"{length['said']}, the start {start['said']} and the end {end['said']} ({length['said_by']}) do not fit "
            f"together: from one to the other it is {from_start}"
        )
    return {
        **_sides(length, start),
        "question_id": length["question_id"],
        "third_claim_id": end["claim_id"],
        "gap": round(gap, _DIGITS),
        "unit": "min",
        "is_unit_drift": False,
        "text": text,
    }
