"""What the seat's decisions come to: which tracks it took for one, what it declared and withdrew, how it labelled.

merge 7 ← 9, declare 7, revoke 7, declare 9   ─▶   one declaration, of {7, 9}, from its last beginning
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from hotwash.score.watch.conditions import MERGE_S, Conditions

Row = Mapping[str, Any]
UNLABELLED = "unknown"


@dataclass(frozen=True, slots=True)
class Declaration:
    """One breach that the seat declared.

    track        which it named; tracks: all that it took for the same object in the end
    times_s      when, (each time that stands; of one track at least MERGE_S apart)
    revoked_s    when it was withdrawn; None: it stands
    """

    track: int
    tracks: frozenset[int]
    times_s: tuple[float, ...]
    revoked_s: float | None = None

    @property
    def time_s(self) -> float:
        return self.times_s[0]


@dataclass(frozen=True, slots=True)
class DecisionLog:
    """The decisions of one seat, in their order.

    rows       DECISIONS as mappings, each with `time_s`
    group      by track: the number of what it was taken for in the end
    labels     by track: how it was labelled in the end, that of its group where it has none itself
    dropped    tracks that were dropped
    standing   declarations that stand when the watch ends, one for each group
    revoked    those that were withdrawn
    """

    rows: tuple[Row, ...]
    group: Mapping[int, int]
    labels: Mapping[int, str]
    dropped: frozenset[int]
    standing: tuple[Declaration, ...]
    revoked: tuple[Declaration, ...]

    def group_of(self, track: int) -> int:
        return self.group.get(track, track)

    def label_of(self, track: int) -> str:
        """Return how a track was labelled in the end; a dropped one, and one left alone, is `unknown`."""
        if track in self.dropped:
            return UNLABELLED
        alike = [label for other, label in self.labels.items() if self.group_of(other) == self.group_of(track)]
        return self.labels.get(track, alike[-1] if alike else UNLABELLED)


def track_of(name: str | None) -> int | None:
    """Return the number in a track's name; None where there is none."""
    found = re.search(r"\d+", name or "")
    return int(found.group()) if found else None


def read_log(decisions: pl.DataFrame, conditions: Conditions) -> DecisionLog:
    """Return what the seat's decisions come to.

    decisions   DECISIONS; those of other seats, and those after the end, are left out
    """
    own = decisions.filter(pl.col("seat") == conditions.seat).sort("time_utc", "decision_id")
    timed = own.with_columns(time_s=pl.Series(conditions.seconds(own["time_utc"])))
    rows = tuple(timed.filter(pl.col("time_s") <= conditions.end_s).to_dicts())
    group = _groups(rows)
    labels: dict[int, str] = {}
    dropped: set[int] = set()
    for row in rows:
        track = track_of(row["track_id"])
        if track is not None and row["kind"] == "classify" and row["class_label"]:
            labels.pop(track, None)
            labels[track] = row["class_label"]
            dropped.discard(track)
        elif track is not None and row["kind"] == "drop":
            dropped.add(track)
    standing, revoked = _declared(rows, group, conditions.zone_id)
    return DecisionLog(rows, group, labels, frozenset(dropped), standing, revoked)


def _groups(rows: Sequence[Row]) -> dict[int, int]:
    """Return what each track was taken for in the end: merges join, splits part again."""
    group: dict[int, int] = {}
    for row in rows:
        track, other = track_of(row["track_id"]), track_of(row["other_track_id"])
        if track is None or other is None:
            continue
        if row["kind"] == "merge":
            mine, theirs = group.get(track, track), group.get(other, other)
            group |= {track: mine, other: mine} | {one: mine for one, of in group.items() if of == theirs}
        elif row["kind"] == "split":
            group[other] = other if group.get(track, track) != other else -other
    return group


def _declared(
    rows: Sequence[Row], group: Mapping[int, int], zone_id: str | None
) -> tuple[tuple[Declaration, ...], tuple[Declaration, ...]]:
    """Return the declarations that stand, one for each group, and those that were withdrawn."""
    open_s: dict[int, list[float]] = {}
    revoked: list[Declaration] = []
    for row in rows:
        track = track_of(row["track_id"])
        if track is None or row["zone_id"] not in (None, zone_id):
            continue
        if row["kind"] == "declare_breach":
            times = open_s.setdefault(track, [])
            if not times or row["time_s"] - times[-1] >= MERGE_S:
                times.append(row["time_s"])
        elif row["kind"] == "revoke_breach":
            alike = [one for one in open_s if group.get(one, one) == group.get(track, track)]
            revoked += [Declaration(one, frozenset([one]), tuple(open_s.pop(one)), row["time_s"]) for one in alike]
    return _together(open_s, group), tuple(revoked)


def _together(open_s: Mapping[int, Sequence[float]], group: Mapping[int, int]) -> tuple[Declaration, ...]:
    """Return one declaration for each group: named by its earliest, as often as its most declared track."""
    groups: dict[int, list[int]] = {}
    for track in sorted(open_s, key=lambda one: open_s[one][0]):
        groups.setdefault(group.get(track, track), []).append(track)
    found = []
    for number, tracks in groups.items():
        alike = {one for one, of in group.items() if of == number} | set(tracks)
        often = max(tracks, key=lambda one: len(open_s[one]))
        times = sorted([open_s[tracks[0]][0], *open_s[often][1:]])
        found.append(Declaration(tracks[0], frozenset(alike), tuple(times)))
    return tuple(found)
