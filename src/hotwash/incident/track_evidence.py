"""Tracks as evidence of an account: breaches, exposures, and the counts that claims are compared with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from hotwash.breach.areas import BREACH_KINDS, RADIUS_M
from hotwash.claims.counting import Hits, TrackCount
from hotwash.model import tables
from hotwash.model.recording import Recording
from hotwash.model.schema import empty

if TYPE_CHECKING:
    from hotwash.breach.counts import Count


@dataclass(frozen=True)
class TrackEvidence:
    """Tracks as they come to an account, and what is needed to compare them with zones.

    tracks            TRACKS, made of the detections known by the date of the account
    rng               the random generator of the joint draws
    health, remarks   HEALTH, REMARKS
    sigma_range_m, sigma_azimuth_deg, sigma_clock_s   common errors of each sensor, one sigma: half of what the
                      European standard for radar surveillance (SUR.ET1.ST01.1000-STD-01-01) lets them be
    radius_m          what counts as near an aerodrome
    choices           further choices of `breach.survey.survey`: draws, merge_s, merge_m, correlation_m
    """

    tracks: pl.DataFrame
    rng: np.random.Generator
    health: pl.DataFrame = field(default_factory=lambda: empty(tables.HEALTH))
    remarks: pl.DataFrame = field(default_factory=lambda: empty(tables.REMARKS))
    sigma_range_m: float = 50.0
    sigma_azimuth_deg: float = 0.05
    sigma_clock_s: float = 0.05
    radius_m: float = RADIUS_M
    choices: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class TrackSurvey:
    """What tracks show of the zones and aerodromes; `track_counts` by unit, empty where no border was given."""

    tracks: pl.DataFrame = field(default_factory=lambda: empty(tables.TRACKS))
    breaches: pl.DataFrame = field(default_factory=lambda: empty(tables.BREACHES))
    exposures: pl.DataFrame = field(default_factory=lambda: empty(tables.EXPOSURES))
    health: pl.DataFrame = field(default_factory=lambda: empty(tables.HEALTH))
    remarks: pl.DataFrame = field(default_factory=lambda: empty(tables.REMARKS))
    track_counts: Mapping[str, TrackCount] = field(default_factory=dict)


def survey_tracks(
    evidence: TrackEvidence | None, recording: Recording, zones: pl.DataFrame, aerodromes: pl.DataFrame
) -> TrackSurvey:
    """Return what tracks show.

    recording   the one that the tracks were made of: its detections tell which sensor a row rests on
    zones       ZONES: the tracks are compared with all of them; the first of BREACH_KINDS gives the counts
    """
    if evidence is None:
        return TrackSurvey()
    if evidence.tracks.is_empty():
        return TrackSurvey(health=evidence.health, remarks=evidence.remarks)
    # Compiled code takes half a second and 40 MB to come in: an account without tracks does not pay for it.
    from hotwash.breach.counts import counts
    from hotwash.breach.exposures import exposures
    from hotwash.breach.survey import survey

    found = survey(
        evidence.tracks,
        zones,
        rng=evidence.rng,
        aerodromes=aerodromes,
        detections=recording.detections,
        sensors=recording.sensors,
        health=evidence.health,
        sigma_range_m=evidence.sigma_range_m,
        sigma_azimuth_deg=evidence.sigma_azimuth_deg,
        sigma_clock_s=evidence.sigma_clock_s,
        **evidence.choices,
    )
    return TrackSurvey(
        evidence.tracks,
        found.breaches,
        exposures(evidence.tracks, aerodromes, recording.events, radius_m=evidence.radius_m),
        evidence.health,
        evidence.remarks,
        _track_counts(counts(found), found.breaches, zones.filter(pl.col("kind").is_in(BREACH_KINDS))),
    )


def _track_counts(counted: tuple[Count, ...], breaches: pl.DataFrame, borders: pl.DataFrame) -> dict[str, TrackCount]:
    """Return what tracks without an identity show at the first border, by unit."""
    if borders.is_empty():
        return {}
    zone_id, name = borders["zone_id"][0], borders["name"][0]
    rows = tuple(f"breaches:{number}" for number in breaches.filter(pl.col("zone_id") == zone_id)["breach_id"])
    by = {(one.zone_id, one.unit, one.is_unidentified_only): one for one in counted}
    return {
        unit: TrackCount(
            Hits(by[zone_id, unit, True].chance),
            name,
            _why(unit, name, by[zone_id, unit, True], by[zone_id, unit, False], borders.height),
            rows,
        )
        for unit in ("crossings", "airframes")
    }


def _why(unit: str, place: str, unidentified: Count, everyone: Count, borders: int) -> str:
    what = "Stays of tracks inside" if unit == "crossings" else "Tracks that entered"
    how = "counted in joint draws of border, sensors and tracks, without the tracks that have an identity"
    said = f"{what} {place}, {how}."
    if everyone.mean != unidentified.mean:
        said += f" With them, the number is {everyone.most_likely} ({everyone.low_90} to {everyone.high_90})."
    if borders > 1:
        said += " Other borders are counted separately."
    return f"{said} Objects that no sensor saw are not counted."
