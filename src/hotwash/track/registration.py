"""Each sensor's clock offset, range bias and azimuth bias, from objects that several sensors saw.

tracks of each sensor alone ─▶ pairs ─▶ one way for each object, cut into stretches ─▶ least squares ─┐
                                 ▲                                                                    │
                                 └───────────────── with the errors found taken out ◀─────────────────┘

In each stretch an object's way is a parabola in time. All parabolas and all errors are fitted together: the
parabolas are eliminated, stretch by stretch, and what is left says how the sensors' errors differ. So the sigmas
hold the noise of the plots of all sensors.

That all clocks are off alike cannot be seen. One sensor's clock is the reference: it is taken as stated, or as
right, and has no sigma. Range and azimuth biases of sensors at different places can be told apart; where they stand
together only the difference can be seen, and then the width of the prior says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hotwash.geo.frames import FloatArray
from hotwash.model import schema
from hotwash.track import plots, single_sensor
from hotwash.track.arrays import IntArray
from hotwash.track.models import Settings
from hotwash.track.projection import Plane, geodetic2plane, plane_around, true_north
from hotwash.track.single_sensor import Paths

BoolArray = NDArray[np.bool_]

CLOCK, RANGE, AZIMUTH = range(3)
# What is believed before data, one sigma: wider than any sensor that is worth tracking with.
PRIOR = (30.0, 1_000.0, 3.0)  # [s], [m], [deg]
# Kinds whose time comes from satellites, or whose place depends on it: the better reference.
_TIMED = ("adsb", "multilateration", "remote_id")
_MOST_PLOTS = 40_000  # of the recording's first stretch: enough for a figure, little against the tracking
_LEAST_STRETCH_S, _LOOKS_A_STRETCH = 20.0, 5.0
_MOST_IN_STRETCH = 48
_ROUNDS, _SETTLED = 4, 0.1  # at most so many; fewer once all errors stay within a tenth of a sigma
_HUBER, _OUT = 2.5, 6.0  # whitened distance from which a plot counts less, and from which it does not count
# Beyond these, and beyond 3 sigma, an error is worth a remark.
WORTH_SAYING = (0.2, 50.0, 0.1)  # [s] an airliner's 50 m; [m]; [deg] 90 m at 50 km
_MIRRORED_TRACKS, _MIRRORED_TIMES = 3, 4


@dataclass(frozen=True, slots=True)
class Registration:
    """What was found of s sensors.

    sensor_id       (s,)
    common_tracks   (s,) objects shared with other sensors
    value, sigma    (s, 3) clock offset [s], range bias [m], azimuth bias [deg]; reported minus true, nan unknown
    reference       whose clock is taken as stated; -1 where nothing could be compared
    is_mirrored     (s,) whether its plots agree with the others' only when east and west are exchanged
    """

    sensor_id: tuple[str, ...]
    common_tracks: IntArray
    value: FloatArray
    sigma: FloatArray
    reference: int
    is_mirrored: IntArray


class _Stretches(NamedTuple):
    """Plots by stretch, all (c, n) or longer: row of the plot, whether there is one; and seconds from the middle."""

    plot: IntArray
    is_there: FloatArray
    middle_s: FloatArray


def estimate_errors(detections: pl.DataFrame, sensors: pl.DataFrame, *, settings: Settings) -> Registration:
    """Return the sensors' errors as common objects show them.

    detections   DETECTIONS as reported: nothing taken out
    returns      nan for a sensor that shares no object, and for biases of one that reports positions

    Errors that drift are averaged. Elevations and heights are not looked at.
    """
    many = sensors.height
    none = np.full((many, 3), np.nan)
    nothing = Registration(
        tuple(sensors["sensor_id"].to_list()), np.zeros(many, np.int64), none, none, -1, np.zeros(many, np.int64)
    )
    if detections["sensor_id"].n_unique() < 2:
        return nothing
    some = detections.sort("time_utc", maintain_order=True).head(_MOST_PLOTS)
    where = pl.concat([some.select("lat_deg", "lon_deg"), sensors.select("lat_deg", "lon_deg")]).drop_nulls()
    if not where.height:
        return nothing
    plane = plane_around(where["lat_deg"], where["lon_deg"])
    epoch_us = int(some["time_utc"].dt.epoch("us").min())  # type: ignore[arg-type]
    placed = plots.place_detections(
        some, sensors, plane, epoch_us=epoch_us, names={}, assume_height_m=settings.assume_height_m
    )
    found = single_sensor.track_each_sensor(some, sensors, placed, plane, settings=settings)
    fixed = _sites(sensors, plane)
    is_polar = _polar(some, sensors)
    value, sigma, common, reference = _solved(found, placed, sensors, fixed, is_polar)
    mirrored = _mirrored(found, sensors, fixed, is_polar, plane, common)
    return Registration(nothing.sensor_id, common, value, sigma, reference, mirrored)


def _sites(sensors: pl.DataFrame, plane: Plane) -> FloatArray:
    x, y = geodetic2plane(
        sensors["lat_deg"].cast(pl.Float64).to_numpy(), sensors["lon_deg"].cast(pl.Float64).to_numpy(), plane
    )
    return np.column_stack([x, y])


def _polar(detections: pl.DataFrame, sensors: pl.DataFrame) -> IntArray:
    """Return 1 for each sensor that reports range and azimuth and no position."""
    flat = detections.filter(pl.col("range_m").is_not_null() & pl.col("lat_deg").is_null())["sensor_id"].unique()
    return sensors["sensor_id"].is_in(flat.implode()).cast(pl.Int64).to_numpy()


# ---------------------------------------------------------------- the joint fit


def _solved(
    found: Paths, placed: plots.Placed, sensors: pl.DataFrame, fixed: FloatArray, is_polar: IntArray
) -> tuple[FloatArray, FloatArray, IntArray, int]:
    many = sensors.height
    value, sigma = np.zeros((many, 3)), np.full((many, 3), np.nan)
    common, reference = np.zeros(many, np.int64), -1
    periods = [p for p in sensors["scan_period_s"].to_list() if p]
    stretch_s = max(_LEAST_STRETCH_S, _LOOKS_A_STRETCH * max(periods, default=0.0))
    for turn in range(_ROUNDS):
        gate = single_sensor.FIRST_GATE if turn == 0 else single_sensor.LATER_GATE
        matched = single_sensor.match_tracks(found, _righted(found, value, fixed), fixed, gate=gate)
        if not matched:
            break
        joined = single_sensor.number_objects(found, matched)
        common = _common(found, joined, many)
        reference = _reference(sensors, common) if reference < 0 else reference
        is_free = (common > 0)[:, None] & np.column_stack([np.arange(many) != reference, is_polar, is_polar])
        start = np.zeros((many, 3))
        start[:, CLOCK] = sensors["clock_offset_s"].fill_null(0.0).to_numpy()
        value = np.where(is_free, value, start * [1.0, 0.0, 0.0])
        stretches = _cut(found, joined, placed, value, stretch_s)
        if stretches.plot.shape[0] == 0:
            return np.full((many, 3), np.nan), np.full((many, 3), np.nan), common, -1
        before = value
        value, sigma = _fitted(stretches, placed, fixed, value, start, is_free.astype(bool))
        if turn > 0 and np.nanmax(np.abs(value - before) / sigma, initial=0.0) < _SETTLED:
            break
    if reference < 0:
        return np.full((many, 3), np.nan), sigma, common, -1
    is_known = (common > 0)[:, None] & np.column_stack([np.ones(many), is_polar, is_polar]).astype(bool)
    return np.where(is_known, value, np.nan), sigma, common, reference


def _common(found: Paths, joined: IntArray, many: int) -> IntArray:
    """Return how many objects each sensor shares with another."""
    frame = pl.DataFrame({"object": joined, "sensor": found.sensor}).unique()
    shared = frame.filter(pl.len().over("object") > 1)["sensor"].to_numpy()
    return np.bincount(shared, minlength=many).astype(np.int64)


def _reference(sensors: pl.DataFrame, common: IntArray) -> int:
    """Return whose clock is the reference: one timed by satellites, else that states its offset, else the busiest."""
    rank = [
        (common[n] > 0, row["kind"] in _TIMED, row["clock_offset_s"] is not None, common[n], -n)
        for n, row in enumerate(sensors.iter_rows(named=True))
    ]
    return max(range(len(rank)), key=lambda n: rank[n])


def _righted(found: Paths, value: FloatArray, fixed: FloatArray) -> FloatArray:
    """Return the tracks on the grid as they would be without the errors."""
    own = value[found.sensor][:, None, :]
    along, across = _directions(found.place[:, :, :2], fixed[found.sensor][:, None, :])
    moved = found.place.copy()
    moved[:, :, :2] += found.place[:, :, 2:] * own[:, :, :1] - along * own[:, :, 1:2] - across * own[:, :, 2:3]
    return moved


def _directions(place: FloatArray, site: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return how a place moves with a metre of range, and with a degree of azimuth [m/deg]; 0 without a site."""
    apart = np.where(np.isfinite(site), place - site, 0.0)
    away_m = np.maximum(np.hypot(apart[..., 0], apart[..., 1]), 1.0)[..., None]
    turned = np.stack([apart[..., 1], -apart[..., 0]], axis=-1)
    return apart / away_m, turned * np.pi / 180.0


def _cut(found: Paths, joined: IntArray, placed: plots.Placed, value: FloatArray, stretch_s: float) -> _Stretches:
    """Return the stretches in which an object was seen by two sensors, twice each at least."""
    sensor = found.sensor[found.track]
    time_s = placed.time_s[found.plot] - value[sensor, CLOCK]
    rows = pl.DataFrame(
        {"object": joined[found.track], "part": np.floor(time_s / stretch_s).astype(np.int64), "time": time_s,
         "sensor": sensor, "plot": found.plot}
    )  # fmt: skip
    rows = rows.filter(pl.len().over("object", "part", "sensor") >= 2)
    rows = rows.filter(pl.col("sensor").n_unique().over("object", "part") >= 2)
    rows = rows.filter(pl.len().over("object", "part") >= 5).sort("object", "part", "time")
    rows = rows.with_columns(nth=pl.int_range(pl.len()).over("object", "part"))
    rows = rows.with_columns(piece=pl.struct("object", "part").rank("dense") - 1)
    rows = rows.filter(pl.col("nth") < _MOST_IN_STRETCH)
    wide, many = int(rows["nth"].max() or 0) + 1, rows["piece"].n_unique()  # type: ignore[arg-type]
    plot, is_there = np.zeros((many, wide), np.int64), np.zeros((many, wide))
    piece, nth = rows["piece"].to_numpy(), rows["nth"].to_numpy()
    plot[piece, nth], is_there[piece, nth] = rows["plot"].to_numpy(), 1.0
    first = rows.group_by("piece", maintain_order=True).agg(pl.col("part").first()).sort("piece")["part"].to_numpy()
    return _Stretches(plot, is_there, (first + 0.5) * stretch_s)


def _fitted(
    cut: _Stretches, placed: plots.Placed, fixed: FloatArray, value: FloatArray, start: FloatArray, is_free: BoolArray
) -> tuple[FloatArray, FloatArray]:
    """Return the errors and their sigmas by robust least squares, the ways eliminated."""
    weight = cut.is_there.copy()
    many = fixed.shape[0]
    for _ in range(3):
        way, errors, left = _rows(cut, placed, fixed, value)
        w = weight[:, :, None]
        whole = np.einsum("cnki,cnkj->cij", way * w[..., None], way) + 1.0e-9 * np.eye(6)
        cross = np.einsum("cnki,cnkj->cij", way * w[..., None], errors)
        right = np.einsum("cnki,cnk->ci", way * w[..., None], left)
        solved = np.linalg.solve(whole, np.concatenate([cross, right[:, :, None]], axis=2))
        normal = np.einsum("cnki,cnkj->ij", errors * w[..., None], errors) - np.einsum(
            "cij,cik->jk", cross, solved[:, :, :-1]
        )
        pull = np.einsum("cnki,cnk->i", errors * w[..., None], left) - np.einsum("cij,ci->j", cross, solved[:, :, -1])
        free = np.flatnonzero(is_free.ravel())
        prior = np.tile(1.0 / np.square(PRIOR), many)
        behind = prior * (start - value).ravel()
        scale = _scale(weight, way, errors, left, solved)
        inside = normal[np.ix_(free, free)] / scale + np.diag(prior[free])
        step = np.zeros(3 * many)
        step[free] = np.linalg.solve(inside, pull[free] / scale + behind[free])
        value = value + step.reshape(many, 3)
        distance = np.linalg.norm(
            left - errors @ step - np.einsum("cnki,ci->cnk", way, solved[:, :, -1] - solved[:, :, :-1] @ step), axis=2
        ) / np.sqrt(scale)
        weight = cut.is_there * np.where(distance > _OUT, 0.0, np.minimum(1.0, _HUBER / np.maximum(distance, 1e-9)))
    sigma = np.full(3 * many, np.nan)
    sigma[free] = np.sqrt(np.diag(np.linalg.inv(inside)))
    return value, sigma.reshape(many, 3)


def _scale(weight: FloatArray, way: FloatArray, errors: FloatArray, left: FloatArray, solved: FloatArray) -> float:
    """Return how much greater squared residuals are than the stated noise makes them, 1 at least: a median, so that
    the few plots of other objects do not count.
    """
    rest = np.linalg.norm(left - np.einsum("cnki,ci->cnk", way, solved[:, :, -1]), axis=2)[weight > 0.0]
    share = 1.0 - 6.0 * len(weight) / max(2.0 * float((weight > 0.0).sum()), 1.0)
    usual = 1.386 * max(share, 0.2)  # the median of chi-square of two degrees of freedom, less what the fit took
    return float(max(1.0, np.median(rest**2) / usual)) if rest.size else 1.0


def _rows(
    cut: _Stretches, placed: plots.Placed, fixed: FloatArray, value: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the whitened equations of each plot: of its way (c, n, 2, 6), of the errors (c, n, 2, 3 s), and what is
    left to explain (c, n, 2), once the errors so far are taken out.
    """
    sensor = placed.sensor[cut.plot]
    own = value[sensor]
    place, noise = placed.place[cut.plot, :2], placed.place[cut.plot, 2:]
    along, across = _directions(place, fixed[sensor])
    since_s = placed.time_s[cut.plot] - own[:, :, CLOCK] - cut.middle_s[:, None]
    shape = np.stack([np.ones_like(since_s), since_s / 10.0, (since_s / 10.0) ** 2], axis=-1)
    left = place - along * own[:, :, 1:2] - across * own[:, :, 2:3]
    velocity = _velocity(shape, since_s, left, cut.is_there)
    way = np.zeros((*since_s.shape, 2, 6))
    way[:, :, 0, :3], way[:, :, 1, 3:] = shape, shape
    errors = np.zeros((*since_s.shape, 2, fixed.shape[0], 3))
    c, n = np.indices(since_s.shape)
    for k, effect in enumerate((-velocity, along, across)):
        errors[c, n, :, sensor, k] = effect
    errors = errors.reshape(*since_s.shape, 2, -1)
    return _whitened(way, noise), _whitened(errors, noise), _whitened(left[..., None], noise)[..., 0]


def _velocity(shape: FloatArray, since_s: FloatArray, place: FloatArray, is_there: FloatArray) -> FloatArray:
    """Return the velocity of each plot's object, from a parabola through its stretch; (c, n, 2)."""
    weighed = shape * is_there[:, :, None]
    whole = np.einsum("cni,cnj->cij", weighed, shape) + 1.0e-6 * np.eye(3)
    fit = np.linalg.solve(whole, np.einsum("cni,cnk->cik", weighed, place))
    found: FloatArray = (fit[:, None, 1] + 2.0 * fit[:, None, 2] * since_s[:, :, None] / 10.0) / 10.0
    return found


def _whitened(rows: FloatArray, noise: FloatArray) -> FloatArray:
    """Return rows (c, n, 2, m) times the inverse Cholesky factor of each plot's covariance (c, n, 3)."""
    a = np.sqrt(noise[..., 0])[..., None]
    b = noise[..., 1][..., None] / a
    d = np.sqrt(np.maximum(noise[..., 2][..., None] - b**2, 1.0e-9))
    first = rows[:, :, 0] / a
    return np.stack([first, (rows[:, :, 1] - b * first) / d], axis=2)


# ---------------------------------------------------------------- a mirrored azimuth


def _mirrored(
    found: Paths, sensors: pl.DataFrame, fixed: FloatArray, is_polar: IntArray, plane: Plane, common: IntArray
) -> IntArray:
    """Return 1 for a sensor whose tracks are other sensors' tracks when mirrored, and are not as they are."""
    out = np.zeros(sensors.height, np.int64)
    is_long = np.isfinite(found.place[:, :, 0]).sum(axis=1) >= single_sensor.LEAST_STEPS
    half = np.bincount(found.sensor[is_long], minlength=sensors.height) / 2.0
    is_odd = (is_polar == 1) & (common < np.maximum(half, _MIRRORED_TRACKS))
    if not is_odd.any():
        return out
    as_is = single_sensor.match_tracks(found, found.place, fixed, gate=single_sensor.LATER_GATE)
    for n in np.flatnonzero(is_odd):
        mine = found.sensor == n
        before = sum(bool(mine[a] or mine[b]) for a, b in as_is)
        if not mine.any() or not np.isfinite(fixed[n]).all():
            continue
        north = np.array(true_north(sensors["lat_deg"][int(n)], sensors["lon_deg"][int(n)], plane)[:2])
        turned = found.place.copy()
        for part, origin in ((slice(0, 2), fixed[n]), (slice(2, 4), np.zeros(2))):
            apart = found.place[mine][:, :, part] - origin
            turned[mine, :, part] = origin + 2.0 * (apart @ north)[..., None] * north - apart
        other = single_sensor.match_tracks(found, turned, fixed, gate=single_sensor.LATER_GATE)
        after = sum(bool(mine[a] or mine[b]) for a, b in other)
        out[n] = after >= _MIRRORED_TRACKS and after >= _MIRRORED_TIMES * before
    return out


# ---------------------------------------------------------------- what follows


def correct_detections(detections: pl.DataFrame, found: Registration, sensors: pl.DataFrame) -> pl.DataFrame:
    """Return the detections with clock offsets, range biases and azimuth biases taken out.

    returns   DETECTIONS in the same order; times are true times then, as far as the reference's clock is right.
              A sensor whose offset could not be estimated has its stated one taken out
    """
    stated = sensors["clock_offset_s"].fill_null(0.0).to_numpy()
    clock_s = np.where(np.isfinite(found.value[:, CLOCK]), found.value[:, CLOCK], stated)
    bias = np.nan_to_num(found.value[:, 1:])
    sheet = pl.DataFrame(
        {"sensor_id": sensors["sensor_id"], "_us": np.rint(clock_s * 1.0e6).astype(np.int64), "_m": bias[:, 0],
         "_deg": bias[:, 1]}
    )  # fmt: skip
    azimuth = (pl.col("azimuth_deg") - pl.col("_deg")) % 360.0
    return (
        detections.join(sheet, on="sensor_id", how="left", maintain_order="left")
        .with_columns(
            time_utc=(pl.col("time_utc") - pl.duration(microseconds="_us")).cast(schema.UTC),
            range_m=(pl.col("range_m") - pl.col("_m")).clip(lower_bound=0.0),
            azimuth_deg=pl.when(azimuth >= 360.0).then(0.0).otherwise(azimuth),
        )
        .drop("_us", "_m", "_deg")
    )


_WORDS = (("clock", "clock", "s", 2), ("bias", "range", "m", 0), ("bias", "azimuth", "deg", 2))


def remark_on_errors(found: Registration, sensors: pl.DataFrame, *, is_corrected: bool) -> list[Mapping[str, object]]:
    """Return rows of REMARKS on errors that are beyond 3 sigma and worth saying, and on offsets stated but unused."""
    said: list[Mapping[str, object]] = []
    stated = dict(sensors.select("sensor_id", "clock_offset_s").iter_rows())
    for n, name in enumerate(found.sensor_id):
        for k, (kind, what, unit, digits) in enumerate(_WORDS):
            value, sigma = found.value[n, k], found.sigma[n, k]
            if abs(value) > max(3.0 * sigma, WORTH_SAYING[k]) and np.isfinite(sigma):
                size = f"{value:+.{digits}f} {unit} (sigma {sigma:.{digits + 1}f} {unit})"
                text = _error_text(name, what, size, found, k)
                text += " It was corrected." if is_corrected else _way_out(k)
                said.append({"kind": kind, "sensor_id": name, "text": text})
        if stated[name] and not is_corrected:
            text = f"{name} states a clock offset of {stated[name]:+g} s. It was not corrected: run with --correct."
            said.append({"kind": "clock", "sensor_id": name, "text": text})
        if found.is_mirrored[n]:
            text = (
                f"The plots of {name} agree with other sensors only when east and west are exchanged: its azimuth is "
                "probably measured counter-clockwise. It was not changed; if so, give 360 - azimuth."
            )
            said.append({"kind": "azimuth_mirrored", "sensor_id": name, "text": text})
    return said


def _error_text(name: str, what: str, size: str, found: Registration, k: int) -> str:
    if k == CLOCK:
        against, many = found.sensor_id[found.reference], found.common_tracks.max()
        tracks = "1 common track" if many == 1 else f"{many} common tracks"
        return f"The clock of {name} is off by {size} relative to that of {against}, from {tracks}."
    return f"The {what} of {name} is off by {size}, measured minus true, from common tracks."


def _way_out(k: int) -> str:
    other = ", or state clock_offset_s in sensors" if k == CLOCK else ""
    return f" It was not corrected: run with --correct{other}."
