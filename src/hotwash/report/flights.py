"""Tracks as the report draws and tells them: one flight a track, its summary, and the stretches between its rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
import shapely
from numpy.typing import NDArray

from hotwash.geo.zones import Zone, signed_distance_m
from hotwash.model import tables
from hotwash.model.incident import Incident
from hotwash.model.schema import conform
from hotwash.report.map_sheet import FloatArray
from hotwash.report.motion import FEWEST_ROWS, say_motion
from hotwash.report.phrases import shorten

SEEN = ("confirmed", "coasting")
GAP, DASHED, SOLID = 0, 1, 2
GAP_STEPS = 4.0  # rows stand at each scan: four of them missing is no jitter of the scan, but a time without the track
USUAL = 0.9  # nine steps in ten are no longer than the usual one: where sensors look in turn, short steps abound
MOST_DRAWN = 200  # more lines than this cover each other, and the page grows past what opens fast
MOST_LISTED = 200  # tracks in the page's table, those with a stay first; all are in account.json
LONGEST_IDENT = 24  # letters: no address or UAS id in use is longer, and a name has to fit beside its track
PROBES = 9  # places along a track that are held against a zone to tell how near it comes
Row = dict[str, Any]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Flight:
    """One confirmed track: its confirmed and coasting rows in order of time.

    time_s            (n,) seconds since 1970
    lat_deg, lon_deg  (n,)
    link              (n - 1,) what joins a row to the next: SOLID, DASHED where it coasts, GAP
    """

    track_id: int
    ident: str
    rows: pl.DataFrame
    time_s: FloatArray
    lat_deg: FloatArray
    lon_deg: FloatArray
    link: IntArray

    @property
    def name(self) -> str:
        return f"{self.track_id} {shorten(self.ident, LONGEST_IDENT)}".strip()

    @property
    def first_utc(self) -> datetime:
        first: datetime = self.rows["time_utc"][0]
        return first

    @property
    def last_utc(self) -> datetime:
        last: datetime = self.rows["time_utc"][-1]
        return last


def flights(incident: Incident) -> list[Flight]:
    """Return every track that was ever confirmed, in order of its number."""
    seen = incident.tracks.filter(pl.col("status").is_in(SEEN))
    rows = seen.filter(pl.col("status").eq("confirmed").any().over("track_id")).sort("track_id", "time_utc")
    if rows.is_empty():
        return []
    told = rows.filter(pl.col("ident").is_not_null()).group_by("track_id").agg(pl.col("ident").last())
    idents = dict(told.rows())
    # Columns are cut once for all tracks: cut for each of thousands they would take most of the page's time.
    time_s = rows["time_utc"].dt.epoch("us").to_numpy() / 1e6
    lat, lon = (rows[name].to_numpy().astype(np.float64) for name in ("lat_deg", "lon_deg"))
    is_updated = (rows["status"] == "confirmed").to_numpy()
    ids, starts = np.unique(rows["track_id"].to_numpy(), return_index=True)
    found = []
    for track_id, first, last in zip(ids.tolist(), starts.tolist(), [*starts[1:].tolist(), rows.height], strict=True):
        own = slice(first, last)
        link = links(time_s[own], is_updated[own])
        part = rows.slice(first, last - first)
        found.append(Flight(track_id, idents.get(track_id, ""), part, time_s[own], lat[own], lon[own], link))
    return found


def links(time_s: FloatArray, is_updated: NDArray[np.bool_]) -> IntArray:
    """Return what joins each row to the next: SOLID between two updated rows, DASHED where it coasts, GAP over a hole.

    time_s       (n,) ascending
    is_updated   (n,) whether the row is confirmed, not coasting
    returns      (n - 1,) int64; a hole is a step of more than GAP_STEPS times the track's usual one
    """
    steps = np.diff(time_s)
    if not len(steps):
        return np.empty(0, dtype=np.int64)
    joined = np.where(is_updated[:-1] & is_updated[1:], SOLID, DASHED)
    usual_s = np.quantile(steps, USUAL, method="lower")
    return np.where(steps > GAP_STEPS * usual_s, GAP, joined).astype(np.int64)


def stretches(link: IntArray) -> list[tuple[int, int, int]]:
    """Return runs of one kind of link as (kind, first row, last row); gaps are left out."""
    if not len(link):
        return []
    cuts = [0, *(np.flatnonzero(np.diff(link)) + 1).tolist(), len(link)]
    runs = ((int(link[first]), first, last) for first, last in pairwise(cuts))
    return [run for run in runs if run[0] != GAP]


def join_short_dashes(link: IntArray, x: FloatArray, y: FloatArray, *, least: float) -> IntArray:
    """Return links in which a coasting stretch too short to show its dashes is drawn solid.

    link    (n - 1,) as in Flight
    x, y    (n,) where the rows are drawn; nan where they are not
    least   the shortest stretch, along the line, that is drawn dashed; in the drawing's units
    """
    along = np.concatenate([[0.0], np.cumsum(np.nan_to_num(np.hypot(np.diff(x), np.diff(y))))])
    found = link.copy()
    for kind, first, last in stretches(link):
        if kind == DASHED and along[last] - along[first] < least:
            found[first:last] = SOLID
    return found


def nearest_first(found: list[Flight], incident: Incident) -> list[Flight]:
    """Return tracks with a stay first, then by how near to the first zone of interest they come at PROBES places."""
    with_stay = set(incident.breaches["track_id"].to_list())
    zone = first_zone(incident)
    away = dict.fromkeys((flight.track_id for flight in found), 0.0)
    if zone is not None and found:
        probes = [np.linspace(0, len(flight.time_s) - 1, PROBES).astype(int) for flight in found]
        lat = np.concatenate([flight.lat_deg[at] for flight, at in zip(found, probes, strict=True)])
        lon = np.concatenate([flight.lon_deg[at] for flight, at in zip(found, probes, strict=True)])
        apart = np.nan_to_num(-signed_distance_m(lat, lon, zone), nan=np.inf).reshape(len(found), PROBES).min(axis=1)
        away = dict(zip(away, apart.tolist(), strict=True))
    return sorted(found, key=lambda flight: (flight.track_id not in with_stay, away[flight.track_id], flight.track_id))


def first_zone(incident: Incident) -> Zone | None:
    """Return the first zone of interest; where the brief names none that is there, the first there is."""
    wanted = incident.bundle.brief.zones_of_interest[:1]
    found = zones_by_id(incident)
    return next((found[name] for name in wanted if name in found), next(iter(found.values()), None))


def zones_by_id(incident: Incident) -> dict[str, Zone]:
    """Return the zones of an incident by name; one whose geometry cannot be read is left out."""
    return {row["zone_id"]: zone for row in incident.zones.to_dicts() if (zone := _zone(row)) is not None}


def _zone(row: Row) -> Zone | None:
    geometry = shapely.from_wkb(row["geometry"], on_invalid="ignore")
    if geometry is None or geometry.is_empty:
        return None
    fields = ("zone_id", "name", "kind", "floor_m", "ceiling_m", "floor_ref", "ceiling_ref", "line_sigma_m", "source")
    box = tuple(row["clip_box"]) if row["clip_box"] else None
    return Zone(**{name: row[name] for name in fields}, geometry=geometry, clip_box=box)


def summaries(tracks: pl.DataFrame, breaches: pl.DataFrame) -> pl.DataFrame:
    """Return TRACK_SUMMARIES: one row a track, tentative ones included.

    tracks     TRACKS
    breaches   BREACHES
    """
    is_sure = pl.col("status").is_in(SEEN)
    speed = (pl.col("v_east_mps").pow(2) + pl.col("v_north_mps").pow(2)).sqrt().filter(is_sure).drop_nulls()
    enough = speed.len() >= FEWEST_ROWS

    def last(name: str) -> pl.Expr:
        return pl.col(name).drop_nulls().last()

    told = tracks.sort("track_id", "time_utc").group_by("track_id", maintain_order=True)
    found = told.agg(
        first_utc=pl.col("time_utc").first(),
        last_utc=pl.col("time_utc").last(),
        rows=pl.len().cast(pl.Int64),
        updates=pl.col("detection_id").count().cast(pl.Int64),
        is_confirmed=pl.col("status").eq("confirmed").any(),
        greatest_existence=pl.col("existence").max(),
        ident=last("ident"),
        class_label=last("class_label"),
        class_confidence=last("class_confidence"),
        low_speed_mps=pl.when(enough).then(speed.quantile(0.25, "linear")),
        median_speed_mps=pl.when(enough).then(speed.median()),
        high_speed_mps=pl.when(enough).then(speed.quantile(0.75, "linear")),
        greatest_speed_mps=speed.max(),
    )
    stays = breaches.group_by("track_id").agg(breaches=pl.len().cast(pl.Int64))
    speeds = found.select("low_speed_mps", "median_speed_mps", "high_speed_mps").rows()
    motions = pl.Series("motion", [say_motion(*speed) for speed in speeds], dtype=pl.String)
    whole = found.with_columns(motions).join(stays, on="track_id", how="left", maintain_order="left")
    return conform(whole.with_columns(pl.col("breaches").fill_null(0)), tables.TRACK_SUMMARIES)


def tracks_to_list(told: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of TRACK_SUMMARIES that the page lists: confirmed tracks, those with a stay first."""
    sure = told.filter("is_confirmed").sort(pl.col("breaches") == 0, "track_id")
    return sure.head(MOST_LISTED)
