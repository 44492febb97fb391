"""The stays of the paths as they are estimated, the grazes that may have been stays, and which merge.

margin   ▁▂▅▇▅▂▁▁▂▅▅▂▁ ▁ ▂ ▁
line     ──●━━━●────●━━●─────── ─ ─    two stays (one, if the way out is short or shallow), and a graze
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from hotwash.breach.paths import IntArray
from hotwash.breach.profiles import Profile
from hotwash.geo.frames import FloatArray

GRAZE = 1.645  # sigmas: farther out, one look finds the object inside with a probability below 5 %
_APART = 3.0  # sigmas: two approaches with the path farther out than this between them are two


@dataclass(frozen=True)
class Stay:
    """One stay, or one graze.

    track            its place among the paths
    begin, end       first and last node inside; of a graze both are the closest
    enter_s, exit_s  None where the track begins or ends inside
    low, high        the nodes low to high - 1 are its own: an error decides what happens there for this stay
    """

    track: int
    begin: int
    end: int
    enter_s: float | None
    exit_s: float | None
    is_graze: bool = False
    low: int = 0
    high: int = 0

    def shift(self, by: int) -> Stay:
        """Return the same stay, its nodes counted from elsewhere."""
        return replace(self, begin=self.begin + by, end=self.end + by, low=self.low + by, high=self.high + by)


@dataclass(frozen=True)
class FoundStays:
    """Stays and grazes in order, and how many stays there were before and after merging."""

    stays: tuple[Stay, ...]
    before: int
    after: int


def find_stays(nodes: Profile, margin_m: FloatArray, *, merge_s: float, merge_m: float) -> FoundStays:
    """Return the stays of all tracks.

    margin_m   (k,) how far inside each node is, heights included
    merge_s    a shorter way out does not end a stay
    merge_m    nor does a shallower one
    """
    each = _unmerged_stays(nodes, margin_m)
    merged = _merge(each, margin_m, merge_s, merge_m)
    together = sorted([*merged, *_grazes(nodes, margin_m, merged)], key=lambda stay: stay.begin)
    return FoundStays(_with_ground(together, nodes, margin_m), len(each), len(merged))


def _runs(is_in: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], track: IntArray) -> list[tuple[int, int]]:
    """Return first and last node of each run that is in, within one track."""
    new_track = np.diff(track, prepend=-1) != 0
    begins = np.flatnonzero(is_in & (new_track | ~np.roll(is_in, 1)))
    ends = np.flatnonzero(is_in & (np.append(new_track[1:], True) | ~np.roll(is_in, -1)))
    return list(zip(begins.tolist(), ends.tolist(), strict=True))


def _unmerged_stays(nodes: Profile, margin_m: FloatArray) -> list[Stay]:
    time_s, track = nodes.time_s, nodes.track

    def crossed(outside: int, inside: int) -> float | None:
        if not 0 <= outside < track.size or track[outside] != track[inside]:
            return None
        share = margin_m[outside] / (margin_m[outside] - margin_m[inside])
        return float(time_s[outside] + share * (time_s[inside] - time_s[outside]))

    return [
        Stay(int(track[begin]), begin, end, crossed(begin - 1, begin), crossed(end + 1, end))
        for begin, end in _runs(margin_m > 0.0, track)
    ]


def _merge(each: list[Stay], margin_m: FloatArray, merge_s: float, merge_m: float) -> list[Stay]:
    merged: list[Stay] = []
    for stay in each:
        last = merged[-1] if merged else None
        if last is not None and last.track == stay.track and last.exit_s is not None and stay.enter_s is not None:
            out_m = -float(margin_m[last.end : stay.begin].min())
            if stay.enter_s - last.exit_s < merge_s or out_m < merge_m:
                merged[-1] = replace(last, end=stay.end, exit_s=stay.exit_s)
                continue
        merged.append(stay)
    return merged


def _grazes(nodes: Profile, margin_m: FloatArray, stays: list[Stay]) -> list[Stay]:
    """Return the approaches from outside that come near enough to be worth a row."""
    with np.errstate(divide="ignore", invalid="ignore"):
        in_sigmas = np.where(nodes.sigma_m > 0.0, margin_m / nodes.sigma_m, -np.inf)
    is_taken = np.zeros(margin_m.size + 1, dtype=np.int64)
    for stay in stays:
        is_taken[stay.begin] += 1
        is_taken[stay.end + 1] -= 1
    taken = np.concatenate([[0], np.cumsum(np.cumsum(is_taken[:-1]) > 0)])
    grazes: list[Stay] = []
    for begin, end in _runs(in_sigmas > -_APART, nodes.track):
        if taken[end + 1] > taken[begin]:
            continue
        closest = begin + int(in_sigmas[begin : end + 1].argmax())
        if in_sigmas[closest] > -GRAZE:
            when = float(nodes.time_s[closest])
            grazes.append(Stay(int(nodes.track[closest]), closest, closest, when, when, is_graze=True))
    return grazes


def _with_ground(stays: list[Stay], nodes: Profile, margin_m: FloatArray) -> tuple[Stay, ...]:
    """Return the stays, each with the nodes up to where the path is farthest out between it and its neighbours."""
    first = np.searchsorted(nodes.track, [stay.track for stay in stays], side="left")
    last = np.searchsorted(nodes.track, [stay.track for stay in stays], side="right")
    with_ground: list[Stay] = []
    for place, stay in enumerate(stays):
        low, high = int(first[place]), int(last[place])
        if with_ground and with_ground[-1].track == stay.track:
            low = with_ground[-1].high
        if place + 1 < len(stays) and stays[place + 1].track == stay.track:
            following = stays[place + 1].begin
            high = stay.end + int(margin_m[stay.end : following + 1].argmin()) + 1
            high = min(max(high, stay.end + 1), following)
        with_ground.append(replace(stay, low=low, high=high))
    return tuple(with_ground)
