"""How many, per unit, as a distribution: finds, airframes, brought down, crossings, and what events count.

probabilities of finds ─▶ number of hits (exact) ─▶ finds: two-sided
                                                ├─▶ airframes, brought down: from below only
                                                └─▶ crossings: from below, if each airframe found crossed
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from hotwash.model import schema, tables
from hotwash.model.words import COUNT_UNITS

FloatArray = np.ndarray[Any, np.dtype[np.float64]]

CROSSED = "A-CROSSED"
COLUMN_OF_UNIT = {
    "finds": "probability_find",
    "airframes": "probability_airframe",
    "brought_down": "probability_brought_down",
    "crossings": "probability_airframe",
}
_TAIL = 0.05  # a 90 % interval leaves 5 % on each side

_WHY = {
    "finds": "Finds reported so far, each with the probability that it is one of that night.",
    "airframes": "Finds bound airframes from below only: what was never found, or flew back, is not counted.",
    "brought_down": "Finds bound this from below only: what was brought down and never found is not counted.",
    "crossings": "Crossings have a distribution only where tracks exist. "
    "Each airframe found is assumed to have crossed at least once; nothing bounds crossings from above.",
}
_NO_ROWS = {
    "finds": "No find has a probability.",
    "airframes": "No find has a probability of being an airframe.",
    "brought_down": "No find has a probability of having been brought down.",
    "crossings": "Crossings have a distribution only where tracks exist, "
    "and the bundle does not assume that each airframe found crossed.",
    "diversions": "No events tell of diversions.",
    "cancellations": "No events tell of cancellations.",
    "aerodromes_closed": "No events tell of a closure.",
}


@dataclass(frozen=True, slots=True)
class Hits:
    """The number of rows that are what they are taken for.

    chance   (n + 1,) float64: chance[k] is the probability of exactly k
    """

    chance: FloatArray

    def between(self, low: float, high: float) -> float:
        """Return the probability of a number from low to high, both included."""
        numbers = np.arange(self.chance.size)
        return float(np.clip(self.chance[(numbers >= low) & (numbers <= high)].sum(), 0.0, 1.0))

    def interval_90(self) -> tuple[int, int]:
        """Return the numbers below and above which less than 5 % lies."""
        below = np.cumsum(self.chance)
        low = int(np.searchsorted(below, _TAIL, side="right"))
        high = int(np.searchsorted(below, 1.0 - _TAIL, side="left"))
        most = self.chance.size - 1
        return min(low, most), min(high, most)

    def most_likely(self) -> int:
        return int(self.chance.argmax())


def hits(probabilities: FloatArray) -> Hits:
    """Return the distribution of how many of n independent rows hold.

    probabilities   (n,) float64 in 0 to 1
    returns         exact, by adding one row at a time: n² steps, vectorised

    Rows are judged one by one and taken as independent; how wrong all of them may be in one direction
    is what the account's all-low and all-high figures show.
    Source: Poisson binomial distribution, direct convolution (Hong 2013, CSDA 59, section 2.1).
    """
    chance = np.zeros(probabilities.size + 1)
    chance[0] = 1.0
    for place, probability in enumerate(probabilities, start=1):
        chance[1 : place + 1] = chance[1 : place + 1] * (1.0 - probability) + chance[:place] * probability
        chance[0] *= 1.0 - probability
    return Hits(chance)


def probabilities(finds: pl.DataFrame, unit: str, *, which: str = "") -> FloatArray:
    """Return each find's probability for a unit, 0 where none was assigned; `which` is "", "_low" or "_high".

    A missing low or high takes the probability itself.
    """
    column = COLUMN_OF_UNIT[unit]
    found = finds.select(pl.coalesce(f"{column}{which}", column).fill_null(0.0)).to_series()
    return found.to_numpy().astype(np.float64)


def assumes_crossing(assumptions: pl.DataFrame) -> bool:
    """Tell whether the bundle takes it as given that each airframe found crossed the border."""
    return CROSSED in assumptions["assumption_id"]


def counts(finds: pl.DataFrame, events: pl.DataFrame, assumptions: pl.DataFrame) -> pl.DataFrame:
    """Return COUNTS, one row for each unit of COUNT_UNITS.

    finds        FINDS, one row a find
    events       EVENTS
    assumptions  ASSUMPTIONS; A-CROSSED lets finds bound crossings
    """
    rows: list[Mapping[str, object]] = []
    for unit in COUNT_UNITS:
        if unit in COLUMN_OF_UNIT:
            rows.append(_from_finds(unit, finds, is_open=unit == "crossings" and not assumes_crossing(assumptions)))
        else:
            rows.append(_from_events(unit, events))
    return schema.frame(tables.COUNTS, rows)


def _from_finds(unit: str, finds: pl.DataFrame, *, is_open: bool) -> dict[str, object]:
    chance = probabilities(finds, unit)
    if is_open or not chance.any():
        return {"unit": unit, "why": _NO_ROWS[unit], "rows": []}
    found = hits(chance)
    low, high = found.interval_90()
    is_two_sided = unit == "finds"
    return {
        "unit": unit,
        "most_likely": found.most_likely() if is_two_sided else None,
        "low_90": low,
        "high_90": high if is_two_sided else None,
        "why": _WHY[unit],
        "mean": float(chance.sum()),
        "counted_low_90": low,
        "counted_most_likely": found.most_likely(),
        "counted_high_90": high,
        "all_low": float(probabilities(finds, unit, which="_low").sum()),
        "all_high": float(probabilities(finds, unit, which="_high").sum()),
        "rows": [f"finds:{name}" for name in finds["find_id"].filter(pl.Series(chance > 0)).to_list()],
    }


@dataclass(frozen=True, slots=True)
class Told:
    """What events tell of a number: no fewer than `low`, no more than `high` (None when open)."""

    low: int
    high: int | None
    rows: tuple[str, ...]
    why: str


def told(unit: str, events: pl.DataFrame) -> Told | None:
    """Return what events tell of diversions, cancellations or closed aerodromes; None when they tell nothing."""
    rows = events.sort("event_id").to_dicts()
    if unit == "aerodromes_closed":
        return _closed(rows)
    kind = {"diversions": "diversion", "cancellations": "cancellation"}[unit]
    stated = [row for row in rows if row["kind"] == kind and row["value"] is not None]
    if not stated:
        return None
    numbers = sorted({int(row["value"]) for row in stated})
    why = "One telling." if len(stated) == 1 else f"{len(stated)} tellings: {', '.join(map(str, numbers))}."
    return Told(numbers[0], numbers[-1], tuple(f"events:{row['event_id']}" for row in stated), why)


def _closed(rows: Sequence[Mapping[str, Any]]) -> Told | None:
    shut = {row["subject_id"] for row in rows if row["kind"] in ("aerodrome_closed", "aerodrome_reopened")}
    over = {row["subject_id"] for row in rows if row["kind"] in ("airspace_closed", "airspace_reopened")}
    shut, over = shut - {None}, over - {None}
    if not shut | over:
        return None
    kinds = ("aerodrome_closed", "aerodrome_reopened", "airspace_closed", "airspace_reopened")
    named = tuple(f"events:{row['event_id']}" for row in rows if row["kind"] in kinds and row["subject_id"])
    only = sorted(over - shut)
    why = f"{len(shut)} told to be closed"
    why += f"; at {len(only)} more only the air space over it ({', '.join(only)})." if only else "."
    return Told(len(shut), len(shut | over), named, why)


def _from_events(unit: str, events: pl.DataFrame) -> dict[str, object]:
    found = told(unit, events)
    if found is None:
        return {"unit": unit, "why": _NO_ROWS[unit], "rows": []}
    is_one = found.low == found.high
    return {
        "unit": unit,
        "most_likely": found.low if is_one else None,
        "low_90": found.low,
        "high_90": found.high,
        "why": found.why,
        "rows": list(found.rows),
    }
