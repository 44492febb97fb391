"""How likely each track of hindsight is an object, and not clutter: all its plots weighed by the map of the clutter.

    tracks' plots ─▶ evidence ─▶ probability ─▶ which plots are false ─▶ map of the clutter ─┐
                        ▲                                                                    │ a few rounds
                        └───────────────── density of false plots at each plot ◀─────────────┘

The greatest probability that a track ever had at the time is no such answer: of many tracks of clutter each is likely
for a moment. Here the misses after its last plot count too, and clutter is known from before and from after.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotwash.geo.frames import FloatArray
from hotwash.track import layout, models
from hotwash.track.arrays import IntArray, Sensors
from hotwash.track.clutter_map import Field, greatest_densities, lay_field, learn_map, log_densities
from hotwash.track.scans import Habit

_ROUNDS, _SETTLED = 3, 0.01  # rounds at most, and the change of a probability below which no more is needed
_BEYOND_DOUBT = 15.0  # log odds
_LEAST_FALSE = 7.0  # fewer plots a look than this, and some looks show nothing
_LONGEST_GAP = 100  # looks: a longer one is an outage
_PULL_LOOKS = 20.0  # a ring with fewer of its own believes the sensor more than itself


@dataclass(frozen=True, slots=True)
class Seen:
    """All plots of a recording, and what is known of the sensors; n plots.

    time_s, sensor, place   (n,), (n,), (n, 5) in the plane; is_bearing (n,)
    learnt, habits          of the sensors; stated (s,) false plots a look, nan where not stated
    """

    time_s: FloatArray
    sensor: IntArray
    place: FloatArray
    is_bearing: NDArray[np.bool_]
    learnt: Sensors
    habits: Sequence[Habit]
    stated: FloatArray


def fields_of(seen: Seen) -> dict[int, Field]:
    """Return the field of each sensor that has looks, by its number."""
    found = {}
    for n, habit in enumerate(seen.habits):
        mine = np.flatnonzero((seen.sensor == n) & ~seen.is_bearing)
        if not habit.period_s or not mine.size or seen.learnt.fixed[n, layout.HAS_SCANS] == 0.0:
            continue
        turns = seen.time_s[mine] / habit.period_s
        look = (np.floor(turns) if habit.is_turning else np.rint(turns)).astype(np.int64)
        x, y, reach_m = seen.learnt.fixed[n, :3]
        found[n] = lay_field(mine, seen.place[mine, 0] - x, seen.place[mine, 1] - y, look, _looks(look), float(reach_m))
    return found


def _looks(look: IntArray) -> IntArray:
    """Return the numbers of the looks that there were: those with plots, and where plots are few those between."""
    there = np.unique(look)
    if look.size / there.size > _LEAST_FALSE:
        return there
    gaps = np.diff(there)
    between = [np.arange(a + 1, a + gap) for a, gap in zip(there[:-1], gaps, strict=True) if 1 < gap <= _LONGEST_GAP]
    return np.unique(np.concatenate([there, *between]))


def believe(seen: Seen, plots: Sequence[IntArray], log_like: Sequence[FloatArray], sure: FloatArray) -> FloatArray:
    """Return the probability of each track that it is an object, (t,).

    plots       of each track, by time
    log_like    of each track: log density of each plot after those before it [log m-2], nan for the first
    sure        (t,) greatest probability at the time; it stays for tracks with plots of sensors without looks
    """
    if not plots:
        return sure
    fields = fields_of(seen)
    local = np.full(seen.sensor.size, -1)
    for field in fields.values():
        local[field.plot] = np.arange(field.plot.size)
    weighed = np.array([bool((local[own] >= 0).all()) for own in plots], np.bool_)
    flat = np.concatenate(list(plots))
    owner = np.repeat(np.arange(len(plots)), [own.size for own in plots])
    motion = np.array([evidence_of_motion(seen, fields, *one) for one in zip(plots, log_like, strict=True)])
    alive, false = np.where(weighed, 1.0, sure), np.ones(seen.sensor.size)
    # What would be an object in the thickest clutter needs no map: most tracks of a clear night.
    thickest = np.zeros(flat.size)
    for n, field in fields.items():
        mine = np.flatnonzero(seen.sensor[flat] == n)
        thickest[mine] = greatest_densities(field, local[flat[mine]])
    weighed &= motion - np.bincount(owner, thickest, len(plots)) < _BEYOND_DOUBT
    for _ in range(_ROUNDS if weighed.any() else 0):
        false[flat] = 1.0 - alive[owner]
        density = np.zeros(flat.size)
        for n, field in fields.items():
            weight = false[field.plot]
            found = learn_map(field, weight, stated=float(seen.stated[n]), worth_looks=models.PRIOR_SCANS)
            mine = np.flatnonzero(weighed[owner] & (seen.sensor[flat] == n))
            density[mine] = log_densities(field, found, local[flat[mine]], weight, owner[mine])
        before, odds = alive[weighed], (motion - np.bincount(owner, density, len(plots)))[weighed]
        alive[weighed] = 1.0 / (1.0 + np.exp(-np.clip(odds, -50.0, 30.0)))
        if np.abs(alive[weighed] - before).max() < _SETTLED:
            break
    return alive


def evidence_of_motion(seen: Seen, fields: dict[int, Field], plots: IntArray, log_like: FloatArray) -> float:
    """Return the log odds of a track but for the density of clutter at its plots.

    Its plots lie where its motion wants them, more or less; looks between them missed it; before the first and after
    the last it was not there yet or any more, or was missed.
    """
    place, begin_s, end_s = seen.place[plots], seen.time_s[plots[0]], seen.time_s[plots[-1]]
    total = float(np.nansum(log_like))
    chance, before, after = 0.0, 0.0, 0.0
    for n, field in fields.items():
        fixed, period_s = seen.learnt.fixed[n], float(seen.habits[n].period_s or 1.0)
        share = ((place[:, 0] - fixed[0]) ** 2 + (place[:, 1] - fixed[1]) ** 2) / fixed[layout.REACH] ** 2
        is_within = share < 1.0
        hits = int(np.count_nonzero(seen.sensor[plots] == n))
        if not is_within.any():
            continue
        ring = np.minimum(np.sqrt(np.sqrt(share[is_within])) * layout.RINGS, layout.RINGS - 1).astype(np.int64)
        detected = _detection(seen.learnt.detected[n])
        pd = float(detected[ring].mean())
        numbers = field.seen + _first_look(seen, field, n)
        low, high = np.searchsorted(numbers, [begin_s / period_s - 0.5, end_s / period_s + 0.5])
        looks = max(int(high - low) * float(is_within.mean()), float(hits))
        total += hits * np.log(pd) + (looks - hits) * np.log(1.0 - pd)
        chance += pd / period_s
        if is_within[0]:
            before += int(low) * np.log(1.0 - float(detected[ring[0]]))
        if is_within[-1]:
            after += (numbers.size - int(high)) * np.log(1.0 - float(detected[ring[-1]]))
    born = models.BIRTH_PER_M2S * models.LIFE_S
    gone = 1.0 / max(models.LIFE_S * chance, 1.0e-9)
    total += np.log(born) + np.log(min(gone + np.exp(before), 1.0)) + np.log(min(gone + np.exp(after), 1.0))
    return float(total)


def _first_look(seen: Seen, field: Field, n: int) -> int:
    """Return the number that look 0 of a field has in time."""
    habit = seen.habits[n]
    turns = seen.time_s[field.plot[0]] / float(habit.period_s or 1.0)
    return int(np.floor(turns) if habit.is_turning else np.rint(turns)) - int(field.look[0])


def _detection(counts: FloatArray) -> FloatArray:
    """Return the detection probability of each ring, as the tracker has it at the end."""
    whole = counts[layout.RINGS, layout.FOUND] / counts[layout.RINGS].sum()
    found = counts[: layout.RINGS]
    share = (found[:, layout.FOUND] + _PULL_LOOKS * whole) / (found.sum(axis=1) + _PULL_LOOKS)
    return np.asarray(np.clip(share, 0.05, 0.995))
