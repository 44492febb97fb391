"""One track against one line: signed distance over time, how sure it is, and when it came in and went out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import shapely
from markupsafe import Markup

from hotwash.geo.zones import Zone, signed_distance_m
from hotwash.report.cartography import SIGMAS_EDGE
from hotwash.report.flights import DASHED, GAP, SOLID, Flight, IntArray, stretches
from hotwash.report.map_sheet import FloatArray
from hotwash.report.phrases import plain
from hotwash.report.svg import drawing, el, line, path, text, track

WIDTH, HEIGHT = 330.0, 192.0
LEFT, RIGHT, TOP, BOTTOM = 46.0, 322.0, 16.0, 156.0
MOST_ROWS = 160  # two rows a unit of width would draw the same line
LEAST_ASIDE_S = 600.0  # of the way before and after a stay: ten minutes tell an approach from a flight along the line
STEP_M = 50.0  # over this the direction to the line is measured: far more than rounding, far less than a bend
LEAST_SLOPE = 0.7  # the distance changes by one metre a metre; by less than this only where two lines are equally near
LEAST_ACROSS_MPS = 1.0  # slower than this across the line, the time of a crossing has no useful error
FINEST_UNITS = 0.3
STEPS_S = (10, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400)
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Profile:
    """A track's distance to a zone's line, at the rows that a chart shows.

    time_s       (n,) seconds since 1970
    distance_m   (n,) positive inside; nan where the drawing of the zone does not tell
    sigma_m      (n,) of the distance: the track's across the line and the line's together; nan where not known
    link         (n - 1,) what joins a row to the next, as in Flight
    """

    time_s: FloatArray
    distance_m: FloatArray
    sigma_m: FloatArray
    link: IntArray


@dataclass(frozen=True, slots=True)
class Scale:
    """Where a time and a distance stand on the chart."""

    first_s: float
    last_s: float
    low_m: float
    high_m: float

    def x(self, time_s: Any) -> Any:
        return LEFT + (time_s - self.first_s) / (self.last_s - self.first_s) * (RIGHT - LEFT)

    def y(self, distance_m: Any) -> Any:
        return BOTTOM - (distance_m - self.low_m) / (self.high_m - self.low_m) * (BOTTOM - TOP)


def draw_distance(
    flight: Flight, zone: Zone, stays: Sequence[Row], *, window: tuple[datetime, datetime], at: ZoneInfo, name: str
) -> Markup:
    """Return the chart of one track against one zone; empty where its distance is nowhere known.

    stays    BREACHES of this track in this zone
    window   the incident's, shown as a thin bar on top, with the part that the chart covers
    at       the display zone
    """
    found = profile(flight, zone, *_span(flight, stays))
    known = np.isfinite(found.distance_m)
    if known.sum() < 2:
        return Markup("")
    scale = _scale(found)
    zero = float(np.clip(scale.y(0.0), TOP, BOTTOM))
    parts = [
        el("rect", x=LEFT, y=TOP, width=RIGHT - LEFT, height=max(zero - TOP, 0.0), class_="inside-ground"),
        *_time_axis(scale, at),
        *_distance_axis(scale),
        *_band(found, scale),
        line(LEFT, zero, RIGHT, zero, "zero"),
        *_curve(found, scale),
        *(mark for row in stays for mark in _crossings(row, found, scale)),
        *_locator(scale, window),
    ]
    title = f"Track {flight.name}: distance to the line of {zone.name}"
    about = f"Between {plain(round(scale.low_m))} and {plain(round(scale.high_m))} m; positive is inside."
    return drawing(parts, width=WIDTH, height=HEIGHT, title=title, about=about, name=name, class_="distance")


def profile(flight: Flight, zone: Zone, first_s: float, last_s: float) -> Profile:
    """Return a track's distance to a zone's line between two times, at MOST_ROWS rows at most.

    The sigma across the line is that of the position's covariance in the direction in which the distance grows
    fastest, joined with the line's own. Where two stretches of the line are equally near there is no such direction,
    and the largest of all is taken.
    """
    inside = np.flatnonzero((flight.time_s >= first_s) & (flight.time_s <= last_s))
    picked = inside[np.unique(np.linspace(0, len(inside) - 1, min(len(inside), MOST_ROWS)).astype(int))]
    lat, lon = flight.lat_deg[picked], flight.lon_deg[picked]
    north_deg, east_deg = STEP_M / 111_200.0, STEP_M / (111_320.0 * np.cos(np.radians(lat)))
    probed = signed_distance_m(
        np.concatenate([lat, lat + north_deg, lat]), np.concatenate([lon, lon, lon + east_deg]), zone
    )
    distance, to_north, to_east = probed.reshape(3, -1)
    across = _sigma_across_m(flight, picked, (to_east - distance) / STEP_M, (to_north - distance) / STEP_M)
    return Profile(flight.time_s[picked], distance, np.hypot(across, zone.line_sigma_m), _linked(flight, picked))


def _linked(flight: Flight, picked: IntArray) -> IntArray:
    """Return the links between picked rows: a gap where any was skipped, else what most of the skipped ones are."""
    if len(picked) < 2:
        return np.empty(0, dtype=np.int64)
    link, starts = flight.link[: picked[-1]], picked[:-1]
    mean = np.add.reduceat(link, starts) / np.diff(picked)
    mostly = np.where(mean > (SOLID + DASHED) / 2.0, SOLID, DASHED)
    return np.where(np.minimum.reduceat(link, starts) == GAP, GAP, mostly).astype(np.int64)


def _sigma_across_m(flight: Flight, picked: IntArray, east: FloatArray, north: FloatArray) -> FloatArray:
    """Return the sigma of the position across the line; nan where the track states no variance."""
    names = ("var_east_m2", "var_north_m2", "cov_east_north_m2")
    var_e, var_n, cov = (flight.rows[name].to_numpy().astype(np.float64)[picked] for name in names)
    cov = np.nan_to_num(cov)
    slope = np.hypot(east, north)
    with np.errstate(invalid="ignore", divide="ignore"):
        e, n = east / slope, north / slope
        along = var_e * e**2 + var_n * n**2 + 2.0 * cov * e * n
        most = (var_e + var_n) / 2.0 + np.hypot((var_e - var_n) / 2.0, cov)
        return np.sqrt(np.maximum(np.where(slope > LEAST_SLOPE, along, most), 0.0))


def _span(flight: Flight, stays: Sequence[Row]) -> tuple[float, float]:
    """Return from when to when the chart goes: the stays and as much time again on either side."""
    first, last = float(flight.time_s[0]), float(flight.time_s[-1])
    times = [row[name].timestamp() for row in stays for name in ("enter_utc", "exit_utc") if row[name] is not None]
    if not times:
        return first, last
    begins = [row for row in stays if row["enter_utc"] is None and row["exit_utc"] is not None]
    ends = [row for row in stays if row["exit_utc"] is None and row["enter_utc"] is not None]
    low, high = (first if begins else min(times)), (last if ends else max(times))
    aside = max(high - low, LEAST_ASIDE_S)
    return max(first, low - aside), min(last, high + aside)


def _scale(found: Profile) -> Scale:
    spread = np.nan_to_num(SIGMAS_EDGE * found.sigma_m)
    low = min(float(np.nanmin(found.distance_m - spread)), 0.0)
    high = max(float(np.nanmax(found.distance_m + spread)), 0.0)
    room = max(high - low, 100.0) * 0.08
    first, last = float(found.time_s[0]), float(found.time_s[-1])
    return Scale(first, max(last, first + 1.0), low - room, high + room)


# ---------------------------------------------------------------- marks


def _curve(found: Profile, scale: Scale) -> Iterable[Markup]:
    spots = {SOLID: "", DASHED: ""}
    x, y = scale.x(found.time_s), scale.y(found.distance_m)
    for kind, first, last in stretches(_known(found.link, y)):
        spots[kind] += track(_simple(x[first : last + 1], y[first : last + 1]))
    classes = ((spots[SOLID], "way"), (spots[DASHED], "way coasting"))
    yield from (el("path", d=d, class_=class_) for d, class_ in classes if d)


def _band(found: Profile, scale: Scale) -> Iterable[Markup]:
    """Yield the band that holds the distance with 90 %, one piece for each stretch without a hole."""
    x = scale.x(found.time_s)
    low, high = (scale.y(found.distance_m + side * SIGMAS_EDGE * found.sigma_m) for side in (-1.0, 1.0))
    whole = np.where(_known(found.link, low) == GAP, GAP, SOLID)
    for _, first, last in stretches(whole):
        part = slice(first, last + 1)
        upper, lower = _simple(x[part], high[part]), _simple(x[part], low[part])
        yield path([*upper, *reversed(lower)], "sure", closed=True)


def _known(link: IntArray, values: FloatArray) -> IntArray:
    """Return the links with a gap wherever a value on either side is not known."""
    on = np.isfinite(values)
    return np.where(on[:-1] & on[1:], link, GAP)


def _simple(x: FloatArray, y: FloatArray) -> list[tuple[float, float]]:
    thinned = shapely.simplify(shapely.linestrings(x, y), FINEST_UNITS, preserve_topology=False)
    kept: list[tuple[float, float]] = shapely.get_coordinates(thinned).tolist()
    return kept


def _crossings(row: Row, found: Profile, scale: Scale) -> Iterable[Markup]:
    """Yield the entry and the exit on the line, each with the 90 % of its time where that is known."""
    for name, class_ in (("enter_utc", "entry"), ("exit_utc", "exit")):
        if row[name] is None:
            continue
        time_s = row[name].timestamp()
        if not scale.first_s <= time_s <= scale.last_s:
            continue
        sigma_s = row["enter_sigma_s"] if name == "enter_utc" else exit_sigma_s(found, time_s)
        x, y = scale.x(time_s), scale.y(0.0)
        if sigma_s is not None:
            first, last = (min(max(scale.x(time_s + s * SIGMAS_EDGE * sigma_s), LEFT), RIGHT) for s in (-1.0, 1.0))
            yield el("rect", x=first, y=y - 4, width=max(last - first, 0.6), height=8, class_="crossing-spread")
        corners = [(x, y - 4.5), (x + 4.5, y), (x, y + 4.5), (x - 4.5, y)]
        yield path(corners, f"crossing {class_} entry-{row['answer']}", closed=True)


def exit_sigma_s(found: Profile, time_s: float) -> float | None:
    """Return one standard deviation of a crossing's time: the distance's sigma over the speed across the line.

    None where the track hardly moves across the line there, or its sigma is not known.
    """
    on = np.isfinite(found.distance_m) & np.isfinite(found.sigma_m)
    if on.sum() < 2:
        return None
    times, distance = found.time_s[on], found.distance_m[on]
    after = int(np.clip(np.searchsorted(times, time_s), 1, len(times) - 1))
    across = abs(distance[after] - distance[after - 1]) / (times[after] - times[after - 1])
    if across < LEAST_ACROSS_MPS:
        return None
    return float(np.interp(time_s, times, found.sigma_m[on]) / across)


def _locator(scale: Scale, window: tuple[datetime, datetime]) -> Iterable[Markup]:
    """Yield the incident's window as a thin bar, and in it the part that the chart covers."""
    first, last = (when.timestamp() for when in window)
    if last <= first:
        return
    shares = [min(max((time - first) / (last - first), 0.0), 1.0) for time in (scale.first_s, scale.last_s)]
    left, right = (LEFT + share * (RIGHT - LEFT) for share in shares)
    yield line(LEFT, 6.0, RIGHT, 6.0, "window")
    yield el("rect", x=left, y=4.0, width=max(right - left, 2.0), height=4, class_="shown-part")


# ---------------------------------------------------------------- axes


def _time_axis(scale: Scale, at: ZoneInfo) -> Iterable[Markup]:
    """Yield round local times with their UTC below, four or so."""
    step = next((step for step in STEPS_S if (scale.last_s - scale.first_s) / step <= 4.5), STEPS_S[-1])
    form = "%H:%M:%S" if step < 60 else "%H:%M"
    offset = datetime.fromtimestamp(scale.first_s, at).utcoffset() or timedelta(0)
    is_utc = not offset
    moved = scale.first_s + offset.total_seconds()
    time_s = (np.ceil(moved / step) * step) - offset.total_seconds()
    while time_s <= scale.last_s:
        x = scale.x(time_s)
        here = datetime.fromtimestamp(time_s, UTC).astimezone(at)
        yield line(x, TOP, x, BOTTOM, "hour")
        if LEFT + 15 < x < RIGHT - 8:
            yield text(x, BOTTOM + 13, f"{here:{form}}", "axis", anchor="middle")
            if not is_utc:
                yield text(x, BOTTOM + 28, f"{here.astimezone(UTC):{form}}", "axis axis-utc", anchor="middle")
        time_s += step
    yield text(LEFT - 8, BOTTOM + 13, "UTC" if is_utc else "local", "axis", anchor="end")
    if not is_utc:
        yield text(LEFT - 8, BOTTOM + 28, "UTC", "axis axis-utc", anchor="end")


def _distance_axis(scale: Scale) -> Iterable[Markup]:
    """Yield round distances, four or so, in metres where the whole chart shows less than 2 km."""
    extent = scale.high_m - scale.low_m
    unit, name = (1000.0, "km") if extent >= 2000.0 else (1.0, "m")
    power = 10.0 ** np.floor(np.log10(extent))
    step = next(power * share for share in (0.2, 0.5, 1.0, 2.0) if extent / (power * share) <= 5.5)
    value = np.ceil(scale.low_m / step) * step
    while value <= scale.high_m:
        y = float(scale.y(value))
        yield line(LEFT - 4, y, LEFT, y, "hour")
        if TOP + 17 < y < BOTTOM - 5:
            yield text(LEFT - 7, y + 4, plain(round(float(value) / unit, 3) + 0.0), "axis", anchor="end")
        value += step
    yield text(LEFT - 7, TOP + 6, name, "axis axis-utc", anchor="end")
