"""Border breaches: what could be detected, what the seat declared of it, and what it declared that was none.

crossed by truth ─┬─ never on the picture, never declared ─▶ system miss
                  ├─ on the picture, never declared ───────▶ seat miss
                  └─ declared ─────────────────────────────▶ detected, after so many seconds
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hotwash.breach.spans import Spans
from hotwash.score.watch.conditions import EARLY_S, LEAST_INSIDE, LEAST_SHOWN_S
from hotwash.score.watch.decision_log import DecisionLog, Declaration
from hotwash.score.watch.real_objects import NOBODY, RealObject, TrackMatches
from hotwash.score.watch.reference_picture import ReferencePicture
from hotwash.score.watch.score_rows import Delay, Row, delay_rows, no_opportunity, score_row

_NAMED = 4  # tracks that a label names; an object that is lost and found again has many
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
    tracks         those that stood for it on the picture, the one that was declared first
    inside         when it was inside; on the picture from when it was known to be
    detectable_s   when the picture first showed it inside; None: never
    declared_s     when a declaration of it that stands was made, not before it was inside; None: never
    end_s          when the watch ended
    said_s, withdrawn_s   when the seat declared it by its own clock, and when it withdrew that; None: never
    is_begun_inside   it did not come in: it was inside when it was first there
    """

    name: str
    inside: Spans
    detectable_s: float | None
    declared_s: float | None
    end_s: float
    tracks: tuple[int, ...] = ()
    said_s: float | None = None
    withdrawn_s: float | None = None
    is_begun_inside: bool = False

    @property
    def label(self) -> str:
        """What the seat knew it by: the numbers of its tracks, or that there was none."""
        if not self.tracks:
            return "a drone without a track"
        also = f" (also {', '.join(map(str, self.tracks[1:_NAMED]))}" if len(self.tracks) > 1 else ""
        more = f" and {len(self.tracks) - _NAMED} more" if len(self.tracks) > _NAMED else ""
        return f"track {self.tracks[0]}{also}{more}{')' if also else ''}"

    @property
    def actionable_s(self) -> float | None:
        """Return from when the seat could act on it: detectable, or declared on other grounds before."""
        return self.declared_s if self.detectable_s is None else self.detectable_s

    @property
    def delay(self) -> Delay | None:
        """Return how long the seat took to declare it; None where nobody could have known."""
        return self.after(self.declared_s)

    def after(self, done_s: float | None) -> Delay | None:
        """Return how long after it could be known something was done, 0 where before; None where it never could be."""
        if self.actionable_s is None:
            return None
        if done_s is None:
            return Delay(self.end_s - self.actionable_s, is_done=False)
        return Delay(max(done_s - self.actionable_s, 0.0))


def crossings_of_truth(
    objects: tuple[RealObject, ...], matches: TrackMatches, log: DecisionLog, end_s: float
) -> tuple[Crossing, ...]:
    """Return the drones that were inside by truth, with what the picture and the seat made of them."""
    picture = matches.picture
    is_inside = (picture.inside >= LEAST_INSIDE) & ~picture.is_untold
    found = []
    for number, real in enumerate(objects):
        if not real.inside:
            continue
        begin_s = real.inside[0][0]
        seen = (matches.whose == number) & is_inside & (picture.time_s >= begin_s - EARLY_S)
        detectable_s = float(picture.known_s[seen].min()) if seen.any() else None
        times = [one.time_s for one in log.standing if matches.at(one.track, one.time_s) == number]
        declared_s = max(min(times), begin_s) if times else None
        mine = [one for one in log.revoked if matches.at(one.track, one.time_s) == number] if not times else []
        own = [one.track for one in (*log.standing, *mine) if matches.at(one.track, one.time_s) == number]
        found.append(
            Crossing(
                real.object_id, real.inside, detectable_s, declared_s, end_s,
                tracks=tuple(dict.fromkeys([*own, *matches.tracks_of(number)])),
                said_s=min(times or [one.time_s for one in mine], default=None),
                withdrawn_s=max((one.revoked_s for one in mine if one.revoked_s is not None), default=None),
                is_begun_inside=begin_s <= max(float(real.time_s[0]), 0.0),
            )
        )  # fmt: skip
    return tuple(found)


def crossings_of_picture(picture: ReferencePicture, log: DecisionLog, end_s: float) -> tuple[Crossing, ...]:
    """Return the tracks of concern that the picture showed inside; what the seat merged is one.

    What was shown inside for less than LEAST_SHOWN_S, and was not declared, is left out.
    """
    declared = {log.group_of(one.track): one.time_s for one in log.standing}
    first: dict[int, tuple[float, int]] = {}
    for track, (low, high) in picture.stays_inside().items():
        group = log.group_of(track)
        if group in declared or high - low >= LEAST_SHOWN_S:
            first[group] = min((low, track), first.get(group, (low, track)))
    withdrawn = {log.group_of(one.track): one for one in log.revoked if log.group_of(one.track) not in declared}
    return tuple(
        Crossing(
            f"track {track}", ((at_s, at_s),), at_s, declared.get(group), end_s, tracks=(track,),
            said_s=withdrawn[group].time_s if group in withdrawn else declared.get(group),
            withdrawn_s=withdrawn[group].revoked_s if group in withdrawn else None,
        )
        for group, (at_s, track) in sorted(first.items(), key=lambda item: item[1])
    )  # fmt: skip


# ---------------------------------------------------------------- declarations that were none


def is_true(one: Declaration, objects: tuple[RealObject, ...], matches: TrackMatches) -> bool:
    """Tell whether a declaration was of a drone that had come in by then, or did so within EARLY_S."""
    number = matches.at(one.track, one.time_s)
    return number != NOBODY and bool(objects[number].inside) and objects[number].inside[0][0] <= one.time_s + EARLY_S


def is_undecided(one: Declaration, objects: tuple[RealObject, ...], matches: TrackMatches) -> bool:
    """Tell whether a declaration was of a drone of which nobody can say whether it was within the border's limits."""
    number = matches.at(one.track, one.time_s)
    return number != NOBODY and objects[number].is_undecided


def is_supported(one: Declaration, picture: ReferencePicture) -> bool:
    """Tell whether the picture at the time showed the track, or one merged with it, inside."""
    return max(picture.inside_at(track, one.time_s) for track in one.tracks) >= LEAST_INSIDE


def is_doubtful(one: Declaration, picture: ReferencePicture) -> bool:
    """Tell whether the picture showed it inside but for a height that would decide, and that nobody knew."""
    inside = max(picture.inside_at(track, one.time_s, is_untold=True) for track in one.tracks)
    return not is_supported(one, picture) and inside >= LEAST_INSIDE


# ---------------------------------------------------------------- rows


def rows_of_truth(
    crossings: tuple[Crossing, ...],
    objects: tuple[RealObject, ...],
    matches: TrackMatches,
    log: DecisionLog,
    *,
    is_limited: bool,
) -> list[Row]:
    """Return the outcome: times, misses, false breaches and count errors against truth.

    is_limited   whether the border has a floor or a ceiling: only then something may stay undecided
    """
    open_ = [one for one in log.standing if is_undecided(one, objects, matches)]
    false = [one for one in log.standing if one not in open_ and not is_true(one, objects, matches)]
    withdrawn = sum(
        not is_true(one, objects, matches) and not is_undecided(one, objects, matches) for one in log.revoked
    )
    excusable = sum(is_supported(one, matches.picture) for one in false)
    stays = sum(len(one.inside) for one in crossings)
    return [
        *delay_rows(DECLARED, {one.name: one.delay for one in crossings}),
        *_partition(crossings, ""),
        score_row("false_breaches", len(false), "count"),
        score_row("false_breaches_revoked", withdrawn, "count"),
        score_row("false_breaches_excusable", excusable, "count"),
        score_row("count_error_crossings", count_declarations(log, without=open_) - stays, "crossings"),
        score_row("count_error_airframes", len(log.standing) - len(open_) - len(crossings), "airframes"),
        _where_limited("undecided_crossings", sum(one.is_undecided for one in objects), is_limited=is_limited),
        _where_limited("undecided_breaches", len(open_), is_limited=is_limited),
    ]


def _where_limited(name: str, many: int, *, is_limited: bool) -> Row:
    return score_row(name, many, "count") if is_limited else no_opportunity(name, "count")


def rows_of_picture(
    crossings: tuple[Crossing, ...], picture: ReferencePicture, log: DecisionLog, *, is_limited: bool
) -> list[Row]:
    """Return the decision score: the same against what the picture showed at the time."""
    doubtful = sum(is_doubtful(one, picture) for one in log.standing)
    unsupported = sum(not is_supported(one, picture) for one in log.standing) - doubtful
    return [
        *delay_rows(DECLARED, {one.name: one.delay for one in crossings}, "_known"),
        *_partition(crossings, "_known"),
        score_row("false_breaches_known", unsupported, "count"),
        score_row("count_error_airframes_known", len(log.standing) - doubtful - len(crossings), "airframes"),
        _where_limited("undecided_breaches_known", doubtful, is_limited=is_limited),
    ]


def count_declarations(log: DecisionLog, *, without: Sequence[Declaration] = ()) -> int:
    """Return how many crossings the seat declared: of one object as often as it declared its most declared track."""
    return sum(len(one.times_s) for one in log.standing if one not in without)


def _partition(crossings: tuple[Crossing, ...], suffix: str) -> list[Row]:
    system = sum(one.actionable_s is None for one in crossings)
    missed = sum(one.actionable_s is not None and one.declared_s is None for one in crossings)
    counts = {"seat_misses": missed, "detected": len(crossings) - system - missed}
    if not suffix:  # on the picture there is nothing that the picture does not show
        counts = {"system_misses": system, **counts}
    if not crossings:
        return [no_opportunity(f"{name}{suffix}", "count") for name in counts]
    could = len(crossings) - system
    return [
        score_row(f"{name}{suffix}", many, "count") if could or name == "system_misses"
        else no_opportunity(f"{name}{suffix}", "count")
        for name, many in counts.items()
    ]  # fmt: skip
