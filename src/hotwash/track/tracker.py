"""The tracker: it lives in time, takes detections as they come, and gives rows of TRACKS.

    Tracker(sensors) ── step(detections) ─▶ rows ── step(detections) ─▶ rows ── finish() ─▶ the last rows

`step` is the unit and `kernels.run` its compiled fold: a live picture and a whole recording go the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl

from hotwash.geo.frames import FloatArray
from hotwash.model import schema, tables
from hotwash.progress import Progress, silent
from hotwash.track import kernels, layout, models, plots, scans
from hotwash.track.arrays import Bench, IntArray, Plots, Rows, Rules, Scans, Seeds, Sensors, Tracks
from hotwash.track.detection_order import part_doubtful
from hotwash.track.models import Settings
from hotwash.track.projection import Plane, geodetic2plane, plane_around
from hotwash.track.rows import BROUGHT

_ROWS_AT_ONCE = 200_000
_FIRST_TRACKS = 1_024
_MOST_TRACKS = 32_768  # slots; where more tentative tracks would begin, the least likely are given up
_CROWDED_LOOK = 2_000  # plots a look: most of them are false then, whatever the sensor states
# A sensor whose reports come this much behind the others' is waited for; one that has been silent for longer is not.
_LAG_S = 60.0

LAYING, TRACKING = "Laying out the plots", "Tracking"  # what `progress` is told


@dataclass(slots=True)
class Chunk:
    """What one call of the core works on, and what came out of it, still in the plane.

    look_us, look_sensor   time [µs since 1970] and sensor of each scan, -1 where it is a tick
    brought   detection_id, and what the detections say beside their place
    alive     numbers of the tracks that may have more rows
    """

    placed: plots.Placed
    detection_id: IntArray
    look_us: IntArray
    look_sensor: IntArray
    brought: pl.DataFrame
    base: int
    stamp: int
    real: list[FloatArray] = field(default_factory=list)
    whole: list[IntArray] = field(default_factory=list)
    early: list[IntArray] = field(default_factory=list)
    alive: IntArray = field(default_factory=lambda: np.empty(0, dtype=np.int64))


class Tracker:
    """A run of the tracker over one recording.

    plane, names   where it works, and the number of each identity; both are fixed by the first detections
    plots          detections used so far
    late           detections left out since they came too late
    doubtful       detections left out since their time is far from all others
    twins          detections left out since the same one was there already
    unused         detections that give no place
    scans          looks that showed something, and the most plots in one: most_in_scan
    thinned        tentative tracks given up for want of room
    """

    def __init__(
        self, sensors: pl.DataFrame, *, settings: Settings | None = None, traced: int = 0,
        progress: Progress = silent,
    ) -> None:  # fmt: skip
        self.sensors = sensors
        self._tell = progress
        self.settings = settings or Settings()
        self.traced = traced
        self.names: dict[str, int] = {}
        self.plane: Plane | None = None
        self._pending = schema.empty(tables.DETECTIONS)
        self._latest_us: dict[str, int] = {}
        self._since_s = -np.inf
        self._base = self._stamp = 0
        self._folded_us: int | None = None
        self._end_us = np.iinfo(np.int64).min
        self.doubtful = 0
        self.plots = self.late = self.twins = self.unused = self.thinned = self.scans = self.most_in_scan = 0
        self._had_quiet = False

    # ------------------------------------------------------------ the unit

    def step(self, detections: pl.DataFrame) -> list[Chunk]:
        """Take detections, in the order in which they became known; return what can be said now.

        detections   DETECTIONS of sensors that stand in the table
        returns      the chunk of all scans older than `late_s`; what is younger waits for stragglers
        """
        detections, doubtful = part_doubtful(detections)
        self.doubtful += doubtful
        taken = self._without_late(detections)
        waiting = pl.concat([self._pending, taken]) if self._pending.height else taken
        if not waiting.height:
            return []
        if detections.height:
            self._end_us = max(self._end_us, _end_us(detections))
        end_us = self._end_us
        slowest_us = min([end_us, *(at for at in self._latest_us.values() if at >= end_us - int(_LAG_S * 1.0e6))])
        return self._fold(waiting, slowest_us - int(self.settings.late_s * 1.0e6))

    def finish(self) -> list[Chunk]:
        """Return what waited for stragglers: no more detections come."""
        return self._fold(self._pending, None) if self._pending.height else []

    # ------------------------------------------------------------ inside

    def _without_late(self, detections: pl.DataFrame) -> pl.DataFrame:
        """Return the detections that are not later than allowed, by their own sensor's latest or by what is done."""
        if not detections.height:
            return detections
        late_us = int(self.settings.late_s * 1.0e6)
        times_us = detections["time_utc"].dt.epoch("us")
        earliest_us = max([self._folded_us or times_us[0], *(latest - late_us for latest in self._latest_us.values())])
        if times_us.is_sorted() and times_us[0] >= earliest_us:  # in order, as most recordings are
            newest = detections.group_by("sensor_id").agg(pl.col("time_utc").max().dt.epoch("us"))
            self._latest_us |= dict(newest.iter_rows())
            return detections
        at = pl.col("time_utc").dt.epoch("us")
        before = pl.col("sensor_id").replace_strict(self._latest_us, default=None, return_dtype=pl.Int64)
        seen = pl.max_horizontal(at.cum_max().over("sensor_id"), before)
        marked = detections.with_columns(_seen=seen)
        is_in_time = at >= pl.col("_seen") - late_us
        kept = marked.filter(is_in_time if self._folded_us is None else is_in_time & (at >= self._folded_us))
        self.late += marked.height - kept.height
        newest = marked.group_by("sensor_id").agg(pl.col("_seen").max())
        self._latest_us |= dict(newest.iter_rows())
        return kept.drop("_seen")

    def _fold(self, waiting: pl.DataFrame, until_us: int | None) -> list[Chunk]:
        ready_rows = _before(waiting, until_us)
        ready, self._pending = _parted(waiting, ready_rows)
        if not ready.height:
            return []
        self._folded_us = until_us
        self._tell(LAYING, None)
        placed = self._begin(waiting) if self.plane is None else None
        if placed is not None and placed.row.size == waiting.height:  # each detection gave one plot: none is made anew
            placed = replace(plots.select_plots(placed, ready_rows), row=np.arange(ready.height))
        else:
            self._name(ready)
            placed = self._placed(ready)
        used = self._used(placed, ready.height)
        end_s = float(placed.time_s.max())
        until_s = end_s if until_us is None else (until_us - self.epoch_us) / 1.0e6 - 1.0e-6
        cut, order, scan_us = scans.cut_scans(
            plots.select_plots(placed, used), self.habits, every_s=self.settings.every_s, since_s=self._since_s,
            until_s=until_s, ticks=self._is_quiet(placed, used),
        )  # fmt: skip
        placed = plots.select_plots(placed, used[order])
        chunk = Chunk(
            placed, ready["detection_id"].to_numpy()[placed.row], scan_us + self.epoch_us, cut.sensor,
            ready.select("detection_id", *BROUGHT), self._base, self._stamp,
        )  # fmt: skip
        self._run(chunk, cut)
        self._since_s = max(until_s, self._since_s)
        self._base += order.size
        self._stamp += cut.time_s.size
        self.scans += int(np.count_nonzero(np.diff(cut.first)))
        self.most_in_scan = max(self.most_in_scan, int(np.diff(cut.first).max(initial=0)))
        return [chunk]

    def _used(self, placed: plots.Placed, many: int) -> IntArray:
        """Return the rows of the plots that are used, those with a place, each once; count the `many` detections."""
        found = np.flatnonzero(placed.is_used)
        used = found[~plots.find_duplicates(plots.select_plots(placed, found))]
        held, kept = (int(np.count_nonzero(np.bincount(placed.row[rows], minlength=many))) for rows in (found, used))
        self.plots += kept
        self.twins += held - kept
        self.unused += many - held
        return used

    def _is_quiet(self, placed: plots.Placed, used: IntArray) -> bool:
        """Tell whether a sensor without scans has given a place by now."""
        has_scans = np.array([one.period_s is not None for one in self.habits])
        self._had_quiet |= bool((~has_scans[placed.sensor[used]] & ~placed.is_bearing[used]).any())
        return self._had_quiet

    def _placed(self, detections: pl.DataFrame) -> plots.Placed:
        return plots.place_detections(
            detections, self.sensors, self._plane(), epoch_us=self.epoch_us, names=self.names,
            assume_height_m=self.settings.assume_height_m,
        )  # fmt: skip

    def _plane(self) -> Plane:
        return self.plane or Plane(0.0, 0.0)

    def _begin(self, first: pl.DataFrame) -> plots.Placed:
        """Fix the plane, the epoch and what is believed of the sensors by the first detections; return their plots."""
        where = pl.concat([first.select("lat_deg", "lon_deg"), self.sensors.select("lat_deg", "lon_deg")]).drop_nulls()
        self.plane = plane_around(where["lat_deg"], where["lon_deg"]) if where.height else Plane(0.0, 0.0)
        self.epoch_us = int(first["time_utc"].dt.epoch("us").min())  # type: ignore[arg-type]
        self._name(first)
        placed = self._placed(first)
        periods = [p if p and p > 0.0 else None for p in self.sensors["scan_period_s"].to_list()]
        periods += [None] * (2 * len(periods))  # bearings, and where they cross
        fixed = _fixed(self.sensors, placed, self._plane(), periods)
        self.habits = scans.estimate_habits(placed, fixed, periods)
        self._rules = models.rules(
            period_s=max([p for p in periods if p] or [4.0]), association=self.settings.association, traced=self.traced
        )
        self._learnt = _learnt(self.sensors, fixed, placed, self.habits, self._rules)
        self._tracks, self._seeds = _tracks(_FIRST_TRACKS), _seeds(0)
        return placed

    def _name(self, detections: pl.DataFrame) -> None:
        for name in detections["ident"].drop_nulls().unique(maintain_order=True).to_list():
            self.names.setdefault(name, len(self.names))

    def _run(self, chunk: Chunk, cut: Scans) -> None:
        cell, fine = _cells(chunk.placed, self._learnt.fixed)
        cell = np.where(chunk.placed.is_bearing, layout.BEARING, cell)
        mark = np.column_stack([cell, chunk.placed.ident, fine]).astype(np.int64)
        packed = Plots(np.ascontiguousarray(chunk.placed.place), mark)
        most = int(np.diff(cut.first).max(initial=1))
        self._seeds = _room(self._seeds, self._tracks, 8 * most + 1_000)
        out = _rows(min(_ROWS_AT_ONCE, 64 * cut.time_s.size + 20_000), traced=bool(self.traced))
        bench = _bench(self._tracks.live.size, most, len(self.names))
        self._known(bench)
        done, at = layout.ROWS_FULL, 0
        self._tell(TRACKING, None)
        while done != layout.DONE:
            done, at = kernels.run(
                at, cut.time_s.size, packed, cut, self._learnt, self._rules, models.bank(), self._tracks, self._seeds,
                out, bench, chunk.base, chunk.stamp,
            )  # fmt: skip
            _flush(chunk, out)
            if done == layout.TRACKS_FULL:
                self._make_room()
                bench = _bench(self._tracks.live.size, most, len(self.names))
                self._known(bench)
            elif done == layout.ROWS_FULL and 4 * self._tracks.number[layout.LIVE] + 512 > out.real.shape[0]:
                out = _rows(2 * out.real.shape[0], traced=bool(self.traced))
        self._tell(LAYING, None)
        live = self._tracks.live[: self._tracks.number[layout.LIVE]]
        chunk.alive = np.sort(self._tracks.whole[live, layout.ID])
        self.near, self.near_d2 = (
            out.near[: out.number[layout.N_NEAR]].copy(),
            out.near_d2[: out.number[layout.N_NEAR]].copy(),
        )
        self.belief = out.belief[: out.number[layout.N_BELIEFS]].copy()

    def _make_room(self) -> None:
        """Take more slots; where there are as many as we take, give up the least likely tentative tracks instead."""
        many = int(self._tracks.number[layout.LIVE])
        is_numbered = self._tracks.whole[self._tracks.live[:many], layout.STATUS] != layout.TENTATIVE
        if self._tracks.live.size < _MOST_TRACKS or 4 * int(is_numbered.sum()) > self._tracks.live.size:
            self._tracks = _grown(self._tracks)
            return
        live = self._tracks.live[:many].copy()
        odds = np.where(is_numbered, np.inf, self._tracks.real[live, layout.ODDS])
        order = np.argsort(-odds, kind="stable")
        kept = many // 2
        self._tracks.live[:many] = live[order]
        self._tracks.whole[live[order[kept:]], layout.STATUS] = layout.FREE
        self._tracks.number[layout.LIVE] = kept
        self.thinned += many - kept

    def _known(self, bench: Bench) -> None:
        """Write the slots of the tracks that bear a name."""
        for k in self._tracks.live[: self._tracks.number[layout.LIVE]]:
            ident = self._tracks.whole[k, layout.IDENT]
            if ident >= 0 and self._tracks.whole[k, layout.STATUS] >= layout.CONFIRMED:
                bench.known[ident, 0 if bench.known[ident, 0] < 0 else 1] = k

    @property
    def learnt(self) -> Sensors:
        return self._learnt

    @property
    def crowds(self) -> int:
        return int(self._tracks.number[layout.CROWDS]) if self.plane else 0


def _before(waiting: pl.DataFrame, until_us: int | None) -> IntArray:
    """Return the rows of detections before a time, None for all of them."""
    if until_us is None:
        return np.arange(waiting.height)
    found: IntArray = np.flatnonzero(waiting["time_utc"].dt.epoch("us").to_numpy() < until_us)
    return found


def _parted(waiting: pl.DataFrame, rows: IntArray) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return some rows, and the others; where they are the first ones nothing is copied."""
    if not rows.size or rows[-1] == rows.size - 1:
        return waiting.head(rows.size), waiting.slice(rows.size)
    is_ready = np.zeros(waiting.height, np.bool_)
    is_ready[rows] = True
    return waiting.filter(is_ready), waiting.filter(~is_ready)


def _end_us(detections: pl.DataFrame) -> int:
    """Return up to when detections are there: of many, a few may bear a time far ahead, and do not count."""
    at = detections["time_utc"].dt.epoch("us")
    return int(at.max() if at.len() < 1_000 else at.quantile(0.999, "lower"))  # type: ignore[arg-type]


def _fixed(sensors: pl.DataFrame, placed: plots.Placed, plane: Plane, periods: Sequence[float | None]) -> FloatArray:
    """Return x, y and reach of each sensor [m], and whether it has scans; what is not stated comes from its plots.

    returns   (3 s, 4): the sensors, then the crossings of their bearings, then their bearings
    """
    fixed = np.zeros((3 * sensors.height, 4))
    stated = sensors.select(pl.col("lat_deg", "lon_deg", "max_range_m").cast(pl.Float64)).to_numpy()
    for n in range(sensors.height):
        mine = placed.place[(placed.sensor % sensors.height == n) & placed.is_used & ~placed.is_bearing]
        x, y = (float(v) for v in geodetic2plane(stated[n, 0], stated[n, 1], plane))
        if not np.isfinite(x):
            x, y = mine[:, :2].mean(axis=0) if mine.size else (0.0, 0.0)
        far = np.hypot(mine[:, 0] - x, mine[:, 1] - y).max(initial=10_000.0) * 1.05
        reach_m = stated[n, 2] if np.isfinite(stated[n, 2]) and stated[n, 2] > 0.0 else far
        fixed[n :: sensors.height] = x, y, reach_m, 0.0
        fixed[n, layout.HAS_SCANS] = 1.0 if periods[n] else 0.0
    return fixed


def _learnt(
    sensors: pl.DataFrame, fixed: FloatArray, placed: plots.Placed, habits: Sequence[scans.Habit], rules: Rules
) -> Sensors:
    """Return what is believed of the sensors before the first scan: what they state, or one look at their plots."""
    many = 3 * sensors.height
    detected = np.zeros((many, layout.RINGS + 1, 2))
    stated = np.tile(sensors["detection_probability"].fill_null(0.8).clip(0.05, 0.99).to_numpy(), 3)
    detected[:, layout.RINGS, layout.FOUND] = models.PRIOR_LOOKS * stated
    detected[:, layout.RINGS, layout.MISSED] = models.PRIOR_LOOKS * (1.0 - stated)
    per_scan = np.tile(sensors["false_per_scan"].cast(pl.Float64).to_numpy(), 3)
    for n in range(many):
        mine = placed.time_s[(placed.sensor == n) & placed.is_used]
        seen = mine.size / max(np.unique(mine).size, 1) if mine.size else 1.0
        if not np.isfinite(per_scan[n]) or seen > _CROWDED_LOOK:
            per_scan[n] = seen
        if habits[n].is_turning:
            per_scan[n] /= scans.SECTORS_A_TURN
    per_scan = np.maximum(per_scan, 0.01)
    area = np.repeat(np.diff(np.linspace(0.0, 1.0, layout.RINGS + 1) ** 4) / layout.SECTORS, layout.SECTORS)
    false = per_scan[:, None] * models.PRIOR_SCANS * area
    turns = np.array([scans.SECTORS_A_TURN if one.is_turning else 1 for one in habits], dtype=np.float64)
    density = np.log(
        turns[:, None] * per_scan[:, None] / (np.pi * fixed[:, layout.REACH : layout.REACH + 1] ** 2)
    ) + np.zeros((1, layout.CELLS))
    unseen = rules.birth_per_m2s * rules.life_s
    flow = np.zeros((many, layout.FLOWS))
    flow[:, layout.LOOKS], flow[:, layout.UNSEEN] = models.PRIOR_SCANS, unseen
    flow[:, layout.USUAL_S] = 1.0
    return Sensors(fixed, detected, false, density, np.zeros((many, layout.FINE)), flow)


def _cells(placed: plots.Placed, fixed: FloatArray) -> tuple[IntArray, IntArray]:
    """Return the cell of each plot in its sensor's polar grid, and in the fine one."""
    east, north = (placed.place[:, i] - fixed[placed.sensor, i] for i in (0, 1))
    share = (east**2 + north**2) / fixed[placed.sensor, layout.REACH] ** 2
    ring = np.minimum(share**0.25 * layout.RINGS, layout.RINGS - 1).astype(np.int64)
    turn = np.arctan2(east, north) / (2.0 * np.pi) % 1.0
    cell: IntArray = ring * layout.SECTORS + np.minimum(turn * layout.SECTORS, layout.SECTORS - 1).astype(np.int64)
    ring = np.minimum(np.sqrt(share) * layout.FINE_RINGS, layout.FINE_RINGS - 1).astype(np.int64)
    sector = np.minimum(turn * layout.FINE_SECTORS, layout.FINE_SECTORS - 1).astype(np.int64)
    fine: IntArray = ring * layout.FINE_SECTORS + sector
    return cell, fine


def _tracks(many: int) -> Tracks:
    number = np.zeros(layout.NUMBERS, dtype=np.int64)
    number[layout.NEXT_ID] = 1
    return Tracks(np.zeros((many, layout.WIDTH)), np.zeros((many, layout.INTS), np.int64), np.arange(many), number)


def _grown(tracks: Tracks) -> Tracks:
    held = tracks.live.size
    grown = _tracks(2 * held)
    grown.real[:held], grown.whole[:held], grown.live[:held] = tracks.real, tracks.whole, tracks.live
    grown.number[:] = tracks.number
    return grown


def _seeds(many: int) -> Seeds:
    return Seeds(np.zeros((many, layout.SEED_REALS)), np.zeros((many, layout.SEED_INTS), np.int64))


def _room(seeds: Seeds, tracks: Tracks, many: int) -> Seeds:
    """Return the lone plots, moved to the front, with room for at least so many."""
    begin, end = tracks.number[layout.SEED_BEGIN], tracks.number[layout.SEED_END]
    if seeds.real.shape[0] >= many:
        return seeds
    grown = _seeds(many + end - begin)
    grown.real[: end - begin], grown.whole[: end - begin] = seeds.real[begin:end], seeds.whole[begin:end]
    tracks.number[layout.SEED_BEGIN], tracks.number[layout.SEED_END] = 0, end - begin
    return grown


def _rows(many: int, *, traced: bool) -> Rows:
    near, belief = (200_000, 50_000) if traced else (1, 1)
    return Rows(
        np.empty((many, layout.GAUSS + 1)), np.empty((many, layout.ROW_INTS), np.int64), np.empty((many, 2), np.int64),
        np.empty((near, 2), np.int64), np.empty(near), np.empty((belief, 1 + layout.MODELS)), np.zeros(4, np.int64),
    )  # fmt: skip


def _flush(chunk: Chunk, out: Rows) -> None:
    chunk.real.append(out.real[: out.number[layout.N_ROWS]].copy())
    chunk.whole.append(out.whole[: out.number[layout.N_ROWS]].copy())
    chunk.early.append(out.early[: out.number[layout.N_EARLY]].copy())
    out.number[[layout.N_ROWS, layout.N_EARLY]] = 0


def _bench(tracks: int, most: int, names: int) -> Bench:
    def ints(many: int, value: int = 0) -> IntArray:
        return np.full(many, value, dtype=np.int64)

    wide = max(layout.MODELS + 1, 4)
    cells = layout.SIDE * layout.SIDE
    return Bench(
        step=np.zeros((layout.MODELS + 1, layout.STEPS)), turn=np.zeros(layout.MODELS + 1),
        mixed=np.zeros((wide, layout.GAUSS)), pd=np.zeros((layout.RINGS + 1, 2)),
        spot=np.zeros((1, layout.PLACE)),
        known=np.full((max(names, 1), 2), -1, dtype=np.int64), head=ints(cells), stamp=ints(cells, -1),
        chain=ints(most), taken=ints(most), claim=ints(most), column=ints(most), rival=np.zeros(most),
        clutter=np.zeros(most),
        first=ints(tracks + 1), group=ints(tracks), next=ints(tracks), leader=ints(tracks), choice=ints(tracks),
        odds=np.zeros((tracks, 4)), plot=ints(16 * tracks + 4 * most), score=np.zeros(16 * tracks + 4 * most),
        density=np.zeros(16 * tracks + 4 * most), belief=np.zeros(16 * tracks + 4 * most),
    )  # fmt: skip
