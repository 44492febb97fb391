"""How many, per unit, as a distribution: finds, airframes, brought down, crossings, and what events count.

probabilities of finds ─▶ number of hits (exact) ─▶ finds: two-sided
                                                ├─▶ airframes, brought down: from below only
                                                └─▶ crossings: from below, if each airframe found crossed
draws of tracks × border ─▶ crossings, airframes: two-sided; finds still bound airframes from below
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np
import polars as pl

from hotwash.geo.frames import FloatArray
from hotwash.model import schema, tables
from hotwash.model.questions import COUNT_UNITS

CROSSED = "A-CROSSED"
_TAIL = 0.05  # a 90 % interval leaves 5 % on each side


@dataclass(frozen=True)
class Hits:
    """The number of rows that are what they are taken for.

    chance   (n + 1,) float64: chance[k] is the probability of exactly k
    """

    chance: FloatArray

    def between(self, low: float, high: float) -> float:
        """Return the probability of a number from low to high, both included."""
        first = 0 if low <= 0 else min(math.ceil(low), self.chance.size) if math.isfinite(low) else self.chance.size
        last = self.chance.size if high >= self.chance.size else math.floor(high) + 1
        return min(float(self.chance[first : max(last, first)].sum()), 1.0)

    @cached_property
    def interval_90(self) -> tuple[int, int]:
        """Return the numbers below which, and above which, at most 5 % lies."""
        below = np.cumsum(self.chance)
        low = int(np.searchsorted(below, _TAIL, side="right"))
        high = int(np.searchsorted(below, 1.0 - _TAIL, side="left"))
        most = self.chance.size - 1
        return min(low, most), min(high, most)

    def most_likely(self) -> int:
        return int(self.chance.argmax())


@dataclass(frozen=True, slots=True)
class TrackCount:
    """What tracks show of one unit: the number as a distribution, of what, and the rows it rests on.

    place   the zone whose line was crossed, by name
    why     how it was counted, in a sentence or two
    """

    hits: Hits
    place: str
    why: str
    rows: tuple[str, ...]


def hits(probabilities: FloatArray) -> Hits:
    """Return the distribution of how many of n independent rows hold.

    probabilities   (n,) float64 in 0 to 1
    returns         exact: √n blocks of √n rows are added row by row, side by side, then block by block

    Rows are judged one by one and taken as independent; how wrong all of them may be in one direction
    is what the account's all-low and all-high figures show.
    Source: Poisson binomial distribution, direct convolution (Hong 2013, CSDA 59, section 2.1).
    """
    width = math.isqrt(max(probabilities.size - 1, 0)) + 1
    blocks = np.zeros((width, width))  # a row that surely does not hold changes nothing
    blocks.ravel()[: probabilities.size] = probabilities
    chance = np.zeros((width, width + 1))
    chance[:, 0] = 1.0
    for place in range(width):
        holds = blocks[:, place, None]
        chance[:, 1 : place + 2] = chance[:, 1 : place + 2] * (1.0 - holds) + chance[:, : place + 1] * holds
        chance[:, 0] *= 1.0 - holds[:, 0]
    together = chance[0]
    for block in chance[1:]:
        together = np.convolve(together, block)
    return Hits(together[: probabilities.size + 1])


def probabilities(finds: pl.DataFrame, unit: str, *, which: str = "") -> FloatArray:
    """Return each find's probability for a unit, 0 where none was assigned; `which` is "", "_low" or "_high".

    A missing low or high takes the probability itself.
    """
    column = COUNT_UNITS[unit].column
    chances = finds.select(pl.coalesce(f"{column}{which}", column).fill_null(0.0)).to_series()
    return chances.to_numpy().astype(np.float64)


def assumes_crossing(assumptions: pl.DataFrame) -> bool:
    """Tell whether the bundle takes it as given that each airframe found crossed the border."""
    return CROSSED in assumptions["assumption_id"]


def counts(
    finds: pl.DataFrame,
    events: pl.DataFrame,
    assumptions: pl.DataFrame,
    *,
    track_counts: Mapping[str, TrackCount] = MappingProxyType({}),
) -> pl.DataFrame:
    """Return COUNTS, one row for each unit of COUNT_UNITS.

    finds        FINDS, one row a find
    events       EVENTS
    assumptions  ASSUMPTIONS; A-CROSSED lets finds bound crossings where there are no tracks
    track_counts what tracks show of crossings and airframes
    """
    rows: list[Mapping[str, object]] = []
    for unit in COUNT_UNITS:
        if unit in track_counts:
            rows.append(_from_tracks(unit, track_counts[unit], finds))
        elif COUNT_UNITS[unit].column:
            rows.append(_from_finds(unit, finds, is_open=unit == "crossings" and not assumes_crossing(assumptions)))
        else:
            rows.append(_from_events(unit, events))
    return schema.frame(tables.COUNTS, rows)


def _from_finds(unit: str, finds: pl.DataFrame, *, is_open: bool) -> dict[str, object]:
    chance = probabilities(finds, unit)
    if is_open or not chance.any():
        return {"unit": unit, "why": COUNT_UNITS[unit].missing, "rows": []}
    number = hits(chance)
    low, high = number.interval_90
    is_two_sided = unit == "finds"
    return {
        "unit": unit,
        "most_likely": number.most_likely() if is_two_sided else None,
        "low_90": low,
        "high_90": high if is_two_sided else None,
        "why": COUNT_UNITS[unit].why,
        "mean": _mean(chance),
        "counted_low_90": low,
        "counted_most_likely": number.most_likely(),
        "counted_high_90": high,
        "all_low": _mean(probabilities(finds, unit, which="_low")),
        "all_high": _mean(probabilities(finds, unit, which="_high")),
        "rows": [f"finds:{name}" for name in finds["find_id"].filter(pl.Series(chance > 0)).to_list()],
    }


def _from_tracks(unit: str, tracked: TrackCount, finds: pl.DataFrame) -> dict[str, object]:
    """Return the count that tracks show; airframes are no fewer than the finds say."""
    low, high = tracked.hits.interval_90
    row: dict[str, object] = {
        "unit": unit,
        "most_likely": tracked.hits.most_likely(),
        "low_90": low,
        "high_90": high,
        "why": tracked.why,
        "mean": round(float(tracked.hits.chance @ np.arange(tracked.hits.chance.size)), 9),
        "counted_low_90": low,
        "counted_most_likely": tracked.hits.most_likely(),
        "counted_high_90": high,
        "rows": list(tracked.rows),
    }
    if unit != "airframes" or not outnumbers(finds, tracked, at_least=low):
        return row
    found_low = least_airframes(finds)
    row |= {"low_90": found_low, "why": f"{tracked.why} The finds give at least {found_low} (90 %)."}
    if found_low > tracked.hits.most_likely():
        row["most_likely"] = None
    if found_low > high:
        row["high_90"] = None
        row["why"] = f"{row['why']} So the tracks do not show every airframe, and there is no upper limit."
    return row


def least_airframes(finds: pl.DataFrame) -> int:
    """Return the number of airframes that the finds bound from below, at 90 %."""
    return hits(probabilities(finds, "airframes")).interval_90[0] if finds.height else 0


def outnumbers(finds: pl.DataFrame, tracked: TrackCount, *, at_least: int | None = None) -> bool:
    """Tell whether the finds bound airframes above a number; by default above all that the tracks show."""
    return least_airframes(finds) > (tracked.hits.interval_90[1] if at_least is None else at_least)


def _mean(chance: FloatArray) -> float:
    return round(float(chance.sum()), 9)  # probabilities are stated in hundredths; 14.600000000000001 is 14.6


@dataclass(frozen=True, slots=True)
class ToldCount:
    """What events tell of a number: no fewer than `low`, no more than `high`."""

    low: int
    high: int
    rows: tuple[str, ...]
    why: str


def count_reports(unit: str, events: Sequence[Mapping[str, Any]], subject: str | None = None) -> ToldCount | None:
    """Return what events tell of diversions, cancellations or closed aerodromes; None when they tell nothing.

    events    rows of EVENTS
    subject   of whose diversions or cancellations; None takes all

    Tellings of one subject are tellings of one number. Numbers of several subjects may overlap (an airline's
    and an aerodrome's): all together they are at least the greatest and at most the sum, unless a telling
    without a subject gives the whole.
    """
    rows = sorted(
        (row for row in events if row["kind"] in COUNT_UNITS[unit].events), key=lambda row: str(row["event_id"])
    )
    if unit == "aerodromes_closed":
        return _count_closed(rows)
    stated = [row for row in rows if row["value"] is not None and subject in (None, row["subject_id"])]
    of_all = [row for row in stated if row["subject_id"] is None]
    stated = of_all or stated
    if not stated:
        return None
    numbers: dict[str | None, list[int]] = {}
    for row in stated:
        numbers.setdefault(row["subject_id"], []).append(int(row["value"]))
    low, high = max(map(min, numbers.values())), sum(map(max, numbers.values()))
    reports = f"{len(stated)} reports" if len(stated) > 1 else "One report"
    each = [
        f"{' or '.join(map(str, sorted(set(values))))}{f' for {name}' if name and not subject else ''}"
        for name, values in numbers.items()
    ]
    return ToldCount(low, high, tuple(f"events:{row['event_id']}" for row in stated), f"{reports}: {', '.join(each)}.")


def _count_closed(rows: Sequence[Mapping[str, Any]]) -> ToldCount | None:
    shut = {row["subject_id"] for row in rows if row["kind"] in ("aerodrome_closed", "aerodrome_reopened")}
    over = {row["subject_id"] for row in rows if row["kind"] in ("airspace_closed", "airspace_reopened")}
    shut, over = shut - {None}, over - {None}
    if not shut | over:
        return None
    named = tuple(f"events:{row['event_id']}" for row in rows if row["subject_id"])
    only = sorted(over - shut)
    why = f"{len(shut) or 'No'} aerodrome{'' if len(shut) == 1 else 's'} reported closed"
    why += f"; only the airspace reported closed at {len(only)}{' more' if shut else ''} ({', '.join(only)})" * bool(
        only
    )
    return ToldCount(len(shut), len(shut | over), named, f"{why}.")


def _from_events(unit: str, events: pl.DataFrame) -> dict[str, object]:
    count = count_reports(unit, events.to_dicts())
    if count is None:
        return {"unit": unit, "why": COUNT_UNITS[unit].missing, "rows": []}
    is_one = count.low == count.high
    return {
        "unit": unit,
        "most_likely": count.low if is_one else None,
        "low_90": count.low,
        "high_90": count.high,
        "why": count.why,
        "rows": list(count.rows),
    }
