"""How many, per unit, as a distribution: finds, airframes, brought down, crossings, and what events count.

probabilities of finds ─▶ number of hits (exact) ─▶ finds: two-sided
                                                ├─▶ airframes, brought down: from below only
                                                └─▶ crossings: from below, if each airframe found crossed
draws of tracks × border ─▶ crossings, airframes: two-sided; finds still bound airframes from below
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

import numpy as np
import polars as pl

from hotwash.claims import numbers
from hotwash.claims.closure_counts import tally_closures
from hotwash.claims.lists import UNGRADED
from hotwash.claims.words import interval, join_names, quantity
from hotwash.geo.frames import FloatArray
from hotwash.model import schema, tables
from hotwash.model.incident import Bundle
from hotwash.model.questions import COUNT_UNITS
from hotwash.model.words import NO_AIRCRAFT

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

    A missing low or high takes the probability itself. A balloon or a kite is no uncrewed aircraft, whatever its
    probability.
    """
    column = COUNT_UNITS[unit].column
    is_other = pl.col("object_kind").is_in(NO_AIRCRAFT)
    chances = finds.select(
        pl.when(is_other).then(0.0).otherwise(pl.coalesce(f"{column}{which}", column).fill_null(0.0)).alias(column)
    ).to_series()
    return chances.to_numpy().astype(np.float64)


def assumes_crossing(assumptions: pl.DataFrame) -> bool:
    """Tell whether the bundle takes it as given that each airframe found crossed the border."""
    return CROSSED in assumptions["assumption_id"]


def counts(
    bundle: Bundle,
    claims: pl.DataFrame,
    *,
    track_counts: Mapping[str, TrackCount] = MappingProxyType({}),
    turns: Mapping[str, int] = MappingProxyType({}),
) -> pl.DataFrame:
    """Return COUNTS: the units that this incident has rows for, or is asked about.

    bundle       its ASSUMPTIONS may hold A-CROSSED, which lets finds bound crossings where there are no tracks
    claims       BOUNDED_CLAIMS of the bundle
    track_counts what tracks show of crossings and airframes
    turns        the change of state that each event tells, by event_id

    Where several occasions tell a number, each has a row, and all together have one only where somebody tells the
    whole.
    """
    finds, asked = countable_finds(bundle), _units_asked(bundle, claims)
    stated = bundle.recording.events.filter(pl.col("value").is_not_null()).select("unit", "kind").unique()
    named, kinds = set(stated["unit"].to_list()), set(stated["kind"].to_list())
    rows: list[Mapping[str, object]] = []
    for unit, counted in bundle.brief.count_units.items():
        if unit in track_counts:
            rows.append(_from_tracks(unit, track_counts[unit], finds))
        elif counted.column:
            is_open = unit == "crossings" and not assumes_crossing(bundle.assumptions)
            told = [row for row in _from_events(unit, bundle, claims, is_asked=False) if unit in named]
            if told:  # the number itself, where finds only bound it
                rows += told
            elif unit in asked or probabilities(finds, unit).any():
                rows.append(_from_finds(unit, finds, is_open=is_open))
        elif counted.tally:
            rows += _from_closures(unit, bundle, is_asked=unit in asked, turns=turns)
        elif unit in asked or unit in named or kinds & set(counted.events):
            rows += _from_events(unit, bundle, claims, is_asked=unit in asked)
    return schema.frame(tables.COUNTS, rows)


def countable_finds(bundle: Bundle) -> pl.DataFrame:
    """Return the finds that enter counts: not those of an occasion that belongs to another story."""
    related = numbers.related_occasions(bundle.occasions)
    if not related:
        return bundle.finds
    return bundle.finds.filter(~pl.col("occasion_id").is_in(list(related)).fill_null(value=False))


def _units_asked(bundle: Bundle, claims: pl.DataFrame) -> set[str]:
    asked = bundle.questions.filter(pl.col("kind") == "count")["unit"].drop_nulls().to_list()
    return {*asked, *claims.filter(pl.col("kind") == "count")["unit"].drop_nulls().to_list()}


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


def _from_closures(unit: str, bundle: Bundle, *, is_asked: bool, turns: Mapping[str, int]) -> list[dict[str, object]]:
    """Return the count of closed aerodromes or of closures: a single one is worth a row only where somebody asks."""
    related = numbers.related_occasions(bundle.occasions)
    events = bundle.recording.events.to_dicts()
    own = [row for row in events if row["occasion_id"] not in related]
    count = tally_closures(COUNT_UNITS[unit], own, aerodromes=bundle.brief.aerodromes, turns=turns)
    is_plain = count is not None and (count.high < 2 or COUNT_UNITS[unit].tally == "occasions")  # the states tell it
    if count is None or (is_plain and not is_asked):
        return [{"unit": unit, "why": COUNT_UNITS[unit].missing, "rows": []}] if is_asked and count is None else []
    return [_bounded(unit, None, count.low, count.high, count.why, count.rows)]


def _from_events(unit: str, bundle: Bundle, claims: pl.DataFrame, *, is_asked: bool) -> list[dict[str, object]]:
    """Return what events tell of a unit, by occasion where several tell it."""
    tellings = numbers.number_tellings(bundle, unit)
    decide = tellings.grade < UNGRADED
    deciding = tellings.only(decide) if decide.any() else tellings
    named = sorted({name for name in deciding.occasions if name})
    is_only = numbers.is_only_occasion(bundle.occasions)
    rows = []
    if len(named) > 1 or (named and not is_only):
        for name in named:
            own = deciding.only(np.array([occasion == name for occasion in deciding.occasions], dtype=np.bool_))
            rows.append(_from_tellings(unit, name, own, is_graded=bool(decide.any())))
    if len(named) < 2 and (is_only or not named):
        rows.append(_from_tellings(unit, None, deciding, is_graded=bool(decide.any())))
    elif None in deciding.occasions:
        of_all = deciding.only(np.array([occasion is None for occasion in deciding.occasions], dtype=np.bool_))
        rows.append(_from_tellings(unit, None, of_all, is_graded=bool(decide.any())))
    else:
        rows += _from_sums(unit, bundle, claims)
    told = [row for row in rows if row is not None]
    return told or ([{"unit": unit, "why": bundle.brief.count_units[unit].missing, "rows": []}] if is_asked else [])


def _from_tellings(
    unit: str, occasion: str | None, tellings: numbers.NumberTellings, *, is_graded: bool
) -> dict[str, object] | None:
    kept, low, high = numbers.leave_open(tellings)
    groups = numbers.settle(kept, low, high)
    if not groups:
        return None
    each = list(dict.fromkeys(_told_words(kept)))
    why = f"{len(kept.names)} reports" if len(kept.names) > 1 else "One report"
    why += f": {join_names(each, most=6)}."
    if len(groups) > 1:
        why += f" {_excluding(kept, low, high)} exclude one another."
    if not is_graded:
        why += " No source of reliability A or B tells it."
    least, most = min(group.low for group in groups), max(group.high for group in groups)
    return _bounded(unit, occasion, least, most, why, kept.names, is_agreed=len(groups) == 1)


def _excluding(tellings: numbers.NumberTellings, low: FloatArray, high: FloatArray) -> str:
    """Return which numbers exclude another, in words; a bound that admits all of them does not."""
    each = list(_told_words(tellings))
    if low.size != len(each):
        return "They"
    own = [word for word, one, most in zip(each, low, high, strict=True) if ((one > high) | (most < low)).any()]
    return join_names(list(dict.fromkeys(own)), most=6) if len(own) < len(each) else "They"


def _told_words(tellings: numbers.NumberTellings) -> Iterator[str]:
    several = len(set(tellings.subjects)) > 1
    for place, low in enumerate(tellings.low.tolist()):
        is_flat = tellings.is_rough[place] and math.isfinite(tellings.high[place])  # a rough part only bounds the whole
        rough = "about " if is_flat else ""
        value = (low + float(tellings.high[place])) / 2.0 if rough else None
        said = f"{rough}{quantity(value, '')}" if value is not None else interval(low, float(tellings.high[place]), "")
        of = f" for {tellings.subjects[place]}" if several and tellings.subjects[place] else ""
        at = float(tellings.at_low[place])
        by = f" by {quantity(at, 'utc')}" if math.isfinite(at) else ""
        yield f"{said}{of}{by}"


def _from_sums(unit: str, bundle: Bundle, claims: pl.DataFrame) -> list[dict[str, object] | None]:
    """Return the number of all occasions together, where somebody adds it up from parts that are all told."""
    is_sum = (pl.col("unit") == unit) & pl.col("parts").is_not_null() & (pl.col("kind") == "count")
    for claim in numbers.standing(claims).filter(is_sum).iter_rows(named=True):
        total = numbers.sum_of_parts(claim, bundle.brief.count_units[unit], bundle)
        if total is not None and total.low >= claim["low"] and total.high <= claim["high"]:
            why = f"{claim['claim_id']} adds up {join_names(total.words, most=6)}."
            return [_bounded(unit, None, total.low, total.high, why, total.names)]
    return []


def _bounded(
    unit: str, occasion: str | None, low: float, high: float, why: str, rows: Sequence[str], *, is_agreed: bool = True
) -> dict[str, object]:
    """Return a row of COUNTS for bounds that events tell; amounts of money are rounded outward."""
    least, most = math.floor(low), None if math.isinf(high) else math.ceil(high)
    return {
        "unit": unit,
        "occasion_id": occasion,
        "most_likely": round(low) if is_agreed and low == high else None,
        "low_90": least,
        "high_90": most,
        "why": why,
        "rows": list(rows),
    }
