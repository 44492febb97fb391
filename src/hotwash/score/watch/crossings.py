"""Border breaches: what could be detected, what the seat declared of it, and what it declared that was none.

crossed by truth ─┬─ never on the picture, never declared ─▶ system miss
                  ├─ on the picture, never declared ───────▶ seat miss
                  └─ declared ─────────────────────────────▶ detected, after so many seconds
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hotwash.breach.spans import Spans
from hotwash.score.watch import rows as told
from hotwash.score.watch.decided import Decided, Declaration
from hotwash.score.watch.picture import Known
from hotwash.score.watch.rows import Row, Took
from hotwash.score.watch.terms import EARLY_S, LEAST_INSIDE, LEAST_SHOWN_S
from hotwash.score.watch.truths import NOBODY, Stood, Thing

DECLARED = "first_detectable_to_declared"
COUNTS = (
    ("system_misses", "count"), ("seat_misses", "count"), ("detected", "count"), ("false_breaches", "count"),
    ("false_breaches_revoked", "count"), ("false_breaches_excusable", "count"), ("count_error_crossings", "crossings"),
    ("count_error_airframes", "airframes"), ("undecided_crossings", "count"), ("undecided_breaches", "count"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Crossing:
    """One object that crossed the border, by truth or on the picture.

    name           of the object, or of the track
    inside         when it was inside; on the picture from when it was known to be
    detectable_s   when the picture first showed it inside; None: never
    declared_s     when a declaration of it that stands was made, not before it was inside; None: never
    end_s          when the watch ended
    """

    name: str
    inside: Spans
    detectable_s: float | None
    declared_s: float | None
    end_s: float

    @property
    def seen_s(self) -> float | None:
        """Return from when the seat could act on it: detectable, or declared on other grounds before."""
        return self.declared_s if self.detectable_s is None else self.detectable_s

    @property
    def took(self) -> Took | None:
        """Return how long the seat took to declare it; None where nobody could have known."""
        return self.after(self.declared_s)

    def after(self, done_s: float | None) -> Took | None:
        """Return how long after it could be known something was done, 0 where before; None where it never could be."""
        if self.seen_s is None:
            return None
        if done_s is None:
            return Took(self.end_s - self.seen_s, is_done=False)
        return Took(max(done_s - self.seen_s, 0.0))


def real(things: tuple[Thing, ...], stood: Stood, decided: Decided, end_s: float) -> tuple[Crossing, ...]:
    """Return the drones that were inside by truth, with what the picture and the seat made of them."""
    known = stood.known
    is_inside = (known.inside >= LEAST_INSIDE) & ~known.is_untold
    found = []
    for number, thing in enumerate(things):
        if not thing.inside:
            continue
        begin_s = thing.inside[0][0]
        seen = (stood.whose == number) & is_inside & (known.time_s >= begin_s - EARLY_S)
        detectable_s = float(known.known_s[seen].min()) if seen.any() else None
        times = [one.time_s for one in decided.standing if stood.at(one.track, one.time_s) == number]
        declared_s = max(min(times), begin_s) if times else None
        found.append(Crossing(thing.object_id, thing.inside, detectable_s, declared_s, end_s))
    return tuple(found)


def pictured(known: Known, decided: Decided, end_s: float) -> tuple[Crossing, ...]:
    """Return the tracks of concern that the picture showed inside; what the seat merged is one.

    What was shown inside for less than LEAST_SHOWN_S, and was not declared, is left out.
    """
    declared = {decided.group_of(one.track): one.time_s for one in decided.standing}
    first: dict[int, tuple[float, int]] = {}
    for track, (low, high) in known.stays_inside().items():
        group = decided.group_of(track)
        if group in declared or high - low >= LEAST_SHOWN_S:
            first[group] = min((low, track), first.get(group, (low, track)))
    return tuple(
        Crossing(f"track {track}", ((at_s, at_s),), at_s, declared.get(group), end_s)
        for group, (at_s, track) in sorted(first.items(), key=lambda item: item[1])
    )


# ---------------------------------------------------------------- declarations that were none


def is_true(one: Declaration, things: tuple[Thing, ...], stood: Stood) -> bool:
    """Tell whether a declaration was of a drone that had come in by then, or did so within EARLY_S."""
    number = stood.at(one.track, one.time_s)
    return number != NOBODY and bool(things[number].inside) and things[number].inside[0][0] <= one.time_s + EARLY_S


def is_undecided(one: Declaration, things: tuple[Thing, ...], stood: Stood) -> bool:
    """Tell whether a declaration was of a drone of which nobody can say whether it was within the border's limits."""
    number = stood.at(one.track, one.time_s)
    return number != NOBODY and things[number].is_undecided


def is_supported(one: Declaration, known: Known) -> bool:
    """Tell whether the picture at the time showed the track, or one merged with it, inside."""
    return max(known.inside_at(track, one.time_s) for track in one.tracks) >= LEAST_INSIDE


def is_doubtful(one: Declaration, known: Known) -> bool:
    """Tell whether the picture showed it inside but for a height that would decide, and that nobody knew."""
    inside = max(known.inside_at(track, one.time_s, is_untold=True) for track in one.tracks)
    return not is_supported(one, known) and inside >= LEAST_INSIDE


# ---------------------------------------------------------------- rows


def rows_of_truth(
    crossings: tuple[Crossing, ...], things: tuple[Thing, ...], stood: Stood, decided: Decided, *, is_limited: bool
) -> list[Row]:  # fmt: skip
    """Return the outcome: times, misses, false breaches and count errors against truth.

    is_limited   whether the border has a floor or a ceiling: only then something may stay undecided
    """
    open_ = [one for one in decided.standing if is_undecided(one, things, stood)]
    false = [one for one in decided.standing if one not in open_ and not is_true(one, things, stood)]
    withdrawn = sum(not is_true(one, things, stood) and not is_undecided(one, things, stood) for one in decided.revoked)
    excusable = sum(is_supported(one, stood.known) for one in false)
    stays = sum(len(one.inside) for one in crossings)
    return [
        *told.delays(DECLARED, {one.name: one.took for one in crossings}),
        *_partition(crossings, ""),
        told.row("false_breaches", len(false), "count"),
        told.row("false_breaches_revoked", withdrawn, "count"),
        told.row("false_breaches_excusable", excusable, "count"),
        told.row("count_error_crossings", declared_crossings(decided, without=open_) - stays, "crossings"),
        told.row("count_error_airframes", len(decided.standing) - len(open_) - len(crossings), "airframes"),
        _where_limited("undecided_crossings", sum(one.is_undecided for one in things), is_limited=is_limited),
        _where_limited("undecided_breaches", len(open_), is_limited=is_limited),
    ]


def _where_limited(name: str, many: int, *, is_limited: bool) -> Row:
    return told.row(name, many, "count") if is_limited else told.none(name, "count")


def rows_of_picture(
    crossings: tuple[Crossing, ...], known: Known, decided: Decided, *, is_limited: bool
) -> list[Row]:  # fmt: skip
    """Return the decision score: the same against what the picture showed at the time."""
    doubtful = sum(is_doubtful(one, known) for one in decided.standing)
    unsupported = sum(not is_supported(one, known) for one in decided.standing) - doubtful
    return [
        *told.delays(DECLARED, {one.name: one.took for one in crossings}, "_known"),
        *_partition(crossings, "_known"),
        told.row("false_breaches_known", unsupported, "count"),
        told.row("count_error_airframes_known", len(decided.standing) - doubtful - len(crossings), "airframes"),
        _where_limited("undecided_breaches_known", doubtful, is_limited=is_limited),
    ]


def declared_crossings(decided: Decided, *, without: Sequence[Declaration] = ()) -> int:
    """Return how many crossings the seat declared: of one object as often as it declared its most declared track."""
    return sum(len(one.times_s) for one in decided.standing if one not in without)


def _partition(crossings: tuple[Crossing, ...], suffix: str) -> list[Row]:
    system = sum(one.seen_s is None for one in crossings)
    missed = sum(one.seen_s is not None and one.declared_s is None for one in crossings)
    counts = {"seat_misses": missed, "detected": len(crossings) - system - missed}
    if not suffix:  # on the picture there is nothing that the picture does not show
        counts = {"system_misses": system, **counts}
    if not crossings:
        return [told.none(f"{name}{suffix}", "count") for name in counts]
    could = len(crossings) - system
    return [
        told.row(f"{name}{suffix}", many, "count") if could or name == "system_misses"
        else told.none(f"{name}{suffix}", "count")
        for name, many in counts.items()
    ]  # fmt: skip
