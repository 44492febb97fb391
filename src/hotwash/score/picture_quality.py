"""How good an air picture is: tracks against truth, time by time.

    TRACKS ─┐                        ┌▶ GOSPA, OSPA, switches
            ├─▶ scans ─▶ Pairs ──────┼▶ SIAP
    TRUTH ──┘  (common times)        └▶ consistency: NEES and cover

Distances are those between the feet of objects and tracks on the ellipsoid, straight through the earth: at
a cut-off of 1 km they differ from geodesics by less than a micrometre, at any latitude. Heights play no part.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hotwash.geo.frames import FloatArray, enu2geodetic, geodetic2ecef, geodetic2enu
from hotwash.model import schema, tables
from hotwash.score import kernels

IntArray = NDArray[np.int64]

CUTOFF_M = 1_000.0
COUNTED = ("confirmed", "coasting")
# Squared radius of the ellipse that holds such a share of a normal law in two dimensions: -2 ln(1 - share).
_SHARES = (0.50, 0.90, 0.95)
_US = 1_000_000.0
# A recording ends between two scans, and a confirmed track may turn tentative for one: nearly every time will do.
_IN_STEP = 0.9


class Pairs(NamedTuple):
    """Objects and tracks of common times, and who stands for whom.

    time_us         (s,) the times
    truth_first     (s + 1,) where the objects of each time begin
    track_first     (s + 1,)
    truth_id        (n,) number of the object
    track_id        (k,)
    matched         (n,) row of the track that stands for the object, or -1; one to one
    nearest         (k,) row of the object nearest to the track within the cut-off, or -1
    apart_m         (n,) distance of the matched pair; nan without one
    nearest_m       (k,) distance to the nearest object; nan without one
    """

    time_us: IntArray
    truth_first: IntArray
    track_first: IntArray
    truth_id: IntArray
    track_id: IntArray
    matched: IntArray
    nearest: IntArray
    apart_m: FloatArray
    nearest_m: FloatArray


@dataclass(frozen=True, slots=True)
class PictureQuality:
    """The measures of one air picture; null where there was nothing to measure.

    gospa_m, ospa_m          means over times
    localisation_m           root mean square distance of pairs
    missed, false            mean numbers a time: objects without a track, tracks without an object
    switches                 how often the track that stands for an object became another
    gaps                     how often an object lost its track and got the same one back
    siap_completeness        share of object-times with at least one track near: 1 is best
    siap_ambiguity           tracks near, for each object-time with any: 1 is best
    siap_spuriousness        share of track-times near no object: 0 is best
    siap_position_m          mean distance of tracks from their nearest object
    siap_velocity_mps        mean difference of velocities, where both have one
    siap_changes_per_h       switches for each hour that an object was tracked
    siap_longest_share       longest time with one track and without a break, as a share of all object-time
    nees_per_dimension       mean squared error in units of the stated variance, over 2: 1 when honest
    cover_50, 90, 95         share of pairs with the object inside the stated ellipse of that share
    """

    times: int
    objects: int
    tracks: int
    gospa_m: float
    ospa_m: float
    localisation_m: float | None
    missed: float
    false: float
    switches: int
    gaps: int
    siap_completeness: float | None
    siap_ambiguity: float | None
    siap_spuriousness: float | None
    siap_position_m: float | None
    siap_velocity_mps: float | None
    siap_changes_per_h: float | None
    siap_longest_share: float | None
    nees_per_dimension: float | None
    cover_50: float | None
    cover_90: float | None
    cover_95: float | None

    def flat(self) -> dict[str, float | int | None]:
        """Return the measures by name."""
        return asdict(self)


def operator_rows(tracks: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of tracks that an operator would see: confirmed or coasting."""
    return tracks.filter(pl.col("status").is_in(COUNTED))


def times_of(tracks: pl.DataFrame, truth: pl.DataFrame) -> pl.Series:
    """Return the times at which tracks and truth are to be compared.

    tracks    TRACKS; only what `operator_rows` gives is looked at
    truth     TRUTH
    returns   every time of a track within the truth's time; where none comes for longer than 1.5 times their
              usual (median) step, before the first and after the last too, the row times of truth nearest to such
              steps: a tracker that saw nothing for long is not spared. Without tracks every row time of truth

    A causal picture has a row for each track at every scan, so these are the scans. Tracks that have rows each at
    times of their own want `extrapolate` first (`are_in_step`).
    """
    rows = truth["time_utc"].dt.epoch("us").unique().sort().to_numpy()
    own = operator_rows(tracks)["time_utc"].dt.epoch("us").unique().sort().to_numpy()
    own = own[(own >= rows.min(initial=0)) & (own <= rows.max(initial=0))]
    if own.size < 2:
        return pl.Series("time_utc", np.union1d(rows, own)).cast(schema.UTC)
    step = int(np.median(np.diff(own)))
    wanted = [
        np.arange(own[0] - step, rows[0] - step // 2, -step),
        np.arange(own[-1] + step, rows[-1] + step // 2, step),
    ]
    for left in np.flatnonzero(np.diff(own) > 1.5 * step):
        wanted.append(np.arange(own[left] + step, own[left + 1] - step // 2, step))
    fills = np.concatenate(wanted)
    after = np.clip(np.searchsorted(rows, fills), 1, rows.size - 1)
    near = np.where(fills - rows[after - 1] <= rows[after] - fills, rows[after - 1], rows[after])
    return pl.Series("time_utc", np.union1d(own, near)).cast(schema.UTC)


def are_in_step(tracks: pl.DataFrame) -> bool:
    """Tell whether each counted track has a row at nearly every time of a track between its first and its last."""
    own = operator_rows(tracks)
    if not own.height:
        return True
    lives = own.group_by("track_id").agg(pl.len(), pl.min("time_utc").alias("begin"), pl.max("time_utc").alias("end"))
    times = own["time_utc"].unique().sort()
    wanted = times.search_sorted(lives["end"], side="right") - times.search_sorted(lives["begin"], side="left")
    return bool(lives["len"].sum() >= _IN_STEP * float(wanted.sum()))


def usual_step_s(tracks: pl.DataFrame) -> float:
    """Return the median time between two counted rows of one track [s]; 0 where no track has two."""
    own = operator_rows(tracks).sort("track_id", "time_utc")
    median = own.select(pl.col("time_utc").diff().over("track_id").dt.total_microseconds().median()).item()
    return 0.0 if median is None else float(median) / _US


def extrapolate(tracks: pl.DataFrame, times: pl.Series, *, hold_s: float) -> pl.DataFrame:
    """Return tracks at common times: the last counted row of each, carried on by its own velocity.

    tracks    TRACKS
    times     the times wanted
    hold_s    a row older than this is carried no further
    returns   TRACKS sorted by time and track; variances stay as they were, so they are too small by what the
              object did since
    """
    own = operator_rows(tracks).with_columns(since=pl.col("time_utc")).sort("time_utc")
    grid = pl.DataFrame({"time_utc": times.unique().sort()}).join(own.select(pl.col("track_id").unique()), how="cross")
    late = grid.join_asof(
        own, on="time_utc", by="track_id", strategy="backward", tolerance=f"{round(hold_s * _US)}us",
        check_sortedness=False,
    ).filter(pl.col("since").is_not_null())  # fmt: skip
    after_s = (late["time_utc"] - late["since"]).dt.total_microseconds().to_numpy() / _US
    east, north = (late[name].fill_null(0.0).to_numpy() * after_s for name in ("v_east_mps", "v_north_mps"))
    lat, lon, _ = enu2geodetic(east, north, 0.0, late["lat_deg"], late["lon_deg"], 0.0)
    moved = late.with_columns(lat_deg=pl.Series(lat), lon_deg=pl.Series(lon))
    return schema.conform(moved.select(tables.TRACKS.names).sort("time_utc", "track_id"), tables.TRACKS)


def measure_picture(
    tracks: pl.DataFrame, truth: pl.DataFrame, times: pl.Series, *, cutoff_m: float = CUTOFF_M
) -> PictureQuality:
    """Return the measures of tracks against truth.

    tracks     TRACKS; rows that are not `operator_rows`, and at other than the given times, are left out
    truth      TRUTH with a row for each object at each of the times where it was there; velocities are used
               where given
    times      as `times_of` gives them
    cutoff_m   a pair farther apart than this is no pair
    returns    PictureQuality

    GOSPA is taken with p = 2 and alpha = 2, OSPA with p = 2.

    Source: GOSPA: Rahmathullah, García-Fernández and Svensson 2017, FUSION, doi:10.23919/ICIF.2017.8009645.
    OSPA: Schuhmacher, Vo and Vo 2008, IEEE Trans. Signal Processing 56, 3447-3457. SIAP: Votruba, Nisley, Rothrock
    and Zombro 2001, Single Integrated Air Picture (SIAP) Metrics Implementation, ADA397225. There each track goes to
    one object by a rule that the user chooses; here to the nearest one within the cut-off. Changes and the longest
    segment follow the one-to-one pairs, so a track that takes turns with another counts as changing.
    """
    when = pl.DataFrame({"time_utc": times.unique().sort()})
    seen = when.join(operator_rows(tracks), on="time_utc", how="inner").sort("time_utc", "track_id")
    real = when.join(truth, on="time_utc", how="inner").sort("time_utc", "object_id")
    pairs = pair_tracks(
        _feet(real), real["object_id"].rank("dense").to_numpy(), real["time_utc"],
        _feet(seen), seen["track_id"].to_numpy(), seen["time_utc"], when["time_utc"], cutoff_m=cutoff_m,
    )  # fmt: skip
    return _measured(pairs, real, seen, cutoff_m)


def _measured(pairs: Pairs, real: pl.DataFrame, seen: pl.DataFrame, cutoff_m: float) -> PictureQuality:
    gospa, ospa = gospa_m(pairs, cutoff_m), ospa_m(pairs, cutoff_m)
    held = np.flatnonzero(pairs.matched >= 0)
    switches, gaps = continuity(pairs)
    none = max(pairs.time_us.size, 1)
    return PictureQuality(
        times=pairs.time_us.size,
        objects=int(np.unique(pairs.truth_id).size),
        tracks=int(np.unique(pairs.track_id).size),
        gospa_m=float(gospa.sum() / none),
        ospa_m=float(ospa.sum() / none),
        localisation_m=_root_mean_square(pairs.apart_m[held]),
        missed=(pairs.truth_id.size - held.size) / none,
        false=(pairs.track_id.size - held.size) / none,
        switches=switches,
        gaps=gaps,
        **_siap(pairs, real, seen, switches),
        **_consistency(pairs, real, seen),
    )


def pair_tracks(
    truth_m: FloatArray,
    truth_id: IntArray,
    truth_time: pl.Series,
    track_m: FloatArray,
    track_id: IntArray,
    track_time: pl.Series,
    times: pl.Series,
    *,
    cutoff_m: float = CUTOFF_M,
) -> Pairs:
    """Return who stands for whom at each time.

    truth_m, track_m         (n, 3), (k, 3) positions in any one straight frame [m]
    truth_time, track_time   (n,), (k,) sorted; each is one of the times
    times                    (s,) sorted, each once
    """
    time_us = times.dt.epoch("us").to_numpy()
    truth_first, track_first = (
        np.append(np.searchsorted(own.dt.epoch("us").to_numpy(), time_us), own.len()).astype(np.int64)
        for own in (truth_time, track_time)
    )
    matched, nearest = kernels.pair(truth_m, truth_first, track_m, track_first, float(cutoff_m))
    return Pairs(
        time_us, truth_first, track_first, np.asarray(truth_id, np.int64), np.asarray(track_id, np.int64), matched,
        nearest, _apart(truth_m, track_m, matched), _apart(track_m, truth_m, nearest),
    )  # fmt: skip


def _feet(rows: pl.DataFrame) -> FloatArray:
    """Return the points of the ellipsoid below positions, earth-centred; (n, 3)."""
    return np.stack(geodetic2ecef(rows["lat_deg"].to_numpy(), rows["lon_deg"].to_numpy(), 0.0), axis=-1)


def _apart(own_m: FloatArray, other_m: FloatArray, other: IntArray) -> FloatArray:
    if not other_m.shape[0]:
        return np.full(own_m.shape[0], np.nan)
    return np.where(other >= 0, np.linalg.norm(own_m - other_m[other], axis=1), np.nan)


def _per_time(values: FloatArray, first: IntArray) -> FloatArray:
    """Return the sum over each time; (s,)."""
    return np.diff(np.concatenate([[0.0], np.cumsum(values)])[first])


def gospa_m(pairs: Pairs, cutoff_m: float) -> FloatArray:
    """Return GOSPA of each time; (s,)."""
    own, held = np.diff(pairs.truth_first) + np.diff(pairs.track_first), pairs.matched >= 0
    square = _per_time(np.where(held, pairs.apart_m, 0.0) ** 2, pairs.truth_first)
    lone = own - 2.0 * _per_time(held.astype(np.float64), pairs.truth_first)
    return np.sqrt(square + cutoff_m**2 / 2.0 * lone)


def ospa_m(pairs: Pairs, cutoff_m: float) -> FloatArray:
    """Return OSPA of each time, 0 where there is neither object nor track; (s,)."""
    most = np.maximum(np.diff(pairs.truth_first), np.diff(pairs.track_first))
    held = pairs.matched >= 0
    square = _per_time(np.where(held, pairs.apart_m, 0.0) ** 2, pairs.truth_first)
    lone = most - _per_time(held.astype(np.float64), pairs.truth_first)
    return np.sqrt((square + cutoff_m**2 * lone) / np.maximum(most, 1))


def _runs(pairs: Pairs) -> pl.DataFrame:
    """Return every object at every time, object by object: the track that stands for it, and what was before.

    returns   object, scan, time_us, track (null without one), last and last_scan: the last track before, and when
    """
    scan = np.repeat(np.arange(pairs.time_us.size), np.diff(pairs.truth_first))
    held = pairs.matched >= 0
    stands = pairs.track_id[np.where(held, pairs.matched, 0)] if pairs.track_id.size else np.zeros(held.size, np.int64)
    rows = pl.DataFrame(
        {"object": pairs.truth_id, "scan": scan, "time_us": pairs.time_us[scan], "track": stands, "held": held}
    ).sort("object", "scan")
    rows = rows.with_columns(track=pl.when("held").then("track"), held_scan=pl.when("held").then("scan"))
    before = {"last": pl.col("track"), "last_scan": pl.col("held_scan")}
    return rows.with_columns(**{name: one.forward_fill().shift(1).over("object") for name, one in before.items()})


def continuity(pairs: Pairs) -> tuple[int, int]:
    """Return how often the track of an object became another, and how often it was lost and came back the same."""
    rows = _runs(pairs).filter(pl.col("track").is_not_null() & pl.col("last").is_not_null())
    switched = pl.col("track") != pl.col("last")
    return rows.filter(switched).height, rows.filter(~switched & (pl.col("last_scan") != pl.col("scan") - 1)).height


def _siap(pairs: Pairs, real: pl.DataFrame, seen: pl.DataFrame, switches: int) -> dict[str, float | None]:
    """Return the measures of a single integrated air picture."""
    near = np.flatnonzero(pairs.nearest >= 0)
    has_track = np.unique(pairs.nearest[near]).size
    runs = _runs(pairs).with_columns(
        step_us=(pl.col("time_us").shift(-1) - pl.col("time_us")).over("object").fill_null(0),
        run=((pl.col("track").ne_missing(pl.col("track").shift(1))).cum_sum()).over("object"),
    )
    held = runs.filter(pl.col("track").is_not_null())
    longest = held.group_by("object", "run").agg(pl.sum("step_us")).group_by("object").agg(pl.max("step_us"))
    life_us, held_us, longest_us = (float(one["step_us"].sum()) for one in (runs, held, longest))
    return {
        "siap_completeness": _share(has_track, pairs.truth_id.size),
        "siap_ambiguity": _share(near.size, has_track),
        "siap_spuriousness": _share(pairs.track_id.size - near.size, pairs.track_id.size),
        "siap_position_m": _mean(pairs.nearest_m[near]),
        "siap_velocity_mps": _mean(_velocity_apart(real, seen, pairs.nearest[near], near)),
        "siap_changes_per_h": _share(switches * 3_600.0 * _US, held_us),
        "siap_longest_share": _share(longest_us, life_us),
    }


def _velocity_apart(real: pl.DataFrame, seen: pl.DataFrame, truth: IntArray, track: IntArray) -> FloatArray:
    """Return the difference of level velocities of pairs, where both have one."""
    apart = [
        seen[name].to_numpy().astype(np.float64)[track] - real[name].to_numpy().astype(np.float64)[truth]
        for name in ("v_east_mps", "v_north_mps")
    ]
    both = np.hypot(*apart)
    return both[np.isfinite(both)]


def _consistency(pairs: Pairs, real: pl.DataFrame, seen: pl.DataFrame) -> dict[str, float | None]:
    """Return whether stated variances are honest. Source: Bar-Shalom, Li and Kirubarajan 2001, section 5.4.2."""
    truth = np.flatnonzero(pairs.matched >= 0)
    objects, tracks = real[truth], seen[pairs.matched[truth]]
    east, north, _ = geodetic2enu(
        objects["lat_deg"], objects["lon_deg"], 0.0, tracks["lat_deg"], tracks["lon_deg"], 0.0
    )
    var_east, var_north, both = (
        tracks[name].to_numpy().astype(np.float64) for name in ("var_east_m2", "var_north_m2", "cov_east_north_m2")
    )
    room = var_east * var_north - both**2
    with np.errstate(divide="ignore", invalid="ignore"):
        square = (var_north * east**2 - 2.0 * both * east * north + var_east * north**2) / room
    square = square[np.isfinite(square) & (room > 0.0)]
    cover = {f"cover_{100 * share:.0f}": _mean(square <= -2.0 * np.log1p(-share)) for share in _SHARES}
    per_dimension = _mean(square)
    return {"nees_per_dimension": None if per_dimension is None else per_dimension / 2.0, **cover}


def _share(part: float, whole: float) -> float | None:
    return float(part / whole) if whole else None


def _mean(values: FloatArray | NDArray[np.bool_]) -> float | None:
    return float(values.mean()) if values.size else None


def _root_mean_square(values: FloatArray) -> float | None:
    return float(np.sqrt((values**2).mean())) if values.size else None
