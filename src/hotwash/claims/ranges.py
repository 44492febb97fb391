"""Claimed ranges against geography: assumed origins × finds, and what each claimed maximum leaves possible.

A straight line on the ellipsoid is a lower bound of the path flown. `within` therefore means "not excluded",
never "reached". What speaks against a claim does so only under the named assumptions.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from hotwash.claims.lines import BoolArray, IntArray, fold
from hotwash.geo.frames import FloatArray
from hotwash.geo.geodesy import pairwise_distance_m
from hotwash.model import schema, tables

WIND, SPEED, PLACE = "A-WIND", "A-SPEED", "M-PLACE"
DEFAULT_SIGMA_KM = 1.0
_NEAR_ZERO_KM = 1e-9  # stands in for no uncertainty at all
DEFAULT_WIND_KMH, DEFAULT_WIND_SIGMA_KMH, DEFAULT_SPEED_KMH = 0.0, 30.0, 180.0

# Rule 4: an answer wants 0.90 for it, or 0.05 and less; these are the normal quantiles of 0.90 and 0.95.
Z_WITHIN = -1.2815515655446004
Z_BEYOND = 1.6448536269514722


@dataclass(frozen=True, slots=True)
class Reach:
    """All origins against all finds with a position, as arrays.

    distance_km, sigma_km, wind_km   (origins, finds) float64
    find_ids, origin_ids             names along the two axes
    is_uas, types                    (finds,) whether each find is of kind uas, and its type, folded
    chance                           (finds,) float64: probability that the find is a uas of that night
    assumed                          the assumptions that went into it, the origins last
    """

    origin_ids: tuple[str, ...]
    find_ids: tuple[str, ...]
    is_uas: BoolArray
    types: np.ndarray[Any, np.dtype[np.object_]]
    chance: FloatArray
    distance_km: FloatArray
    sigma_km: FloatArray
    sigma_position_km: FloatArray
    wind_km: FloatArray
    sigma_wind_km: FloatArray
    assumed: tuple[str, ...]
    _parts: dict[str | None, tuple[IntArray, FloatArray, FloatArray, FloatArray, FloatArray]] = field(
        default_factory=dict
    )

    def score(self, claimed_km: float, type_label: str | None) -> tuple[IntArray, FloatArray]:
        """Return the finds that a range is tested on, and how many sigmas each lies beyond it from each origin.

        returns   (n,) int64, places along the axis of finds; (origins, n) float64, negative when nearer
        """
        if type_label not in self._parts:
            used = np.flatnonzero(self.of_type(type_label))
            away, place, wind, spread = (part[:, used] for part in self._sides)
            self._parts[type_label] = used, away, place, wind, spread
        used, *sides = self._parts[type_label]
        beyond, sigma_km = beyond_claim(claimed_km, *sides)
        if sigma_km.all():
            return used, beyond / sigma_km
        with np.errstate(divide="ignore", invalid="ignore"):
            return used, np.where(sigma_km > 0, beyond / sigma_km, np.where(beyond > 0, np.inf, -np.inf))

    @property
    def _sides(self) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        return self.distance_km, self.sigma_position_km, self.wind_km, self.sigma_wind_km

    def kindest(self, claimed_km: float, find: int) -> int:
        """Return the origin from which a claimed range leaves a find possible most easily."""
        beyond, sigma_km = beyond_claim(claimed_km, *(part[:, find] for part in self._sides))
        return int((beyond / np.maximum(sigma_km, _NEAR_ZERO_KM)).argmin())

    def of_type(self, type_label: str | None) -> BoolArray:
        """Return which finds a range is tested on: kind uas, and of the named type where the question has one."""
        is_tested: BoolArray = self.is_uas if type_label is None else self.is_uas & (self.types == fold(type_label))
        return is_tested


def beyond_claim(
    claimed_km: float,
    distance_km: FloatArray,
    sigma_position_km: FloatArray,
    wind_km: FloatArray,
    sigma_wind_km: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    """Return how far each pair of origin and find lies beyond a claimed range, and the sigma of that.

    wind_km   what the wind does on the whole distance: of it counts the share that the claimed range takes, for what
              has flown its range flies no longer, however far the find lies off
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(distance_km > claimed_km, claimed_km / distance_km, 1.0)
    return distance_km - share * wind_km - claimed_km, np.hypot(sigma_position_km, share * sigma_wind_km)


def measure_reach(origins: pl.DataFrame, finds: pl.DataFrame, assumptions: pl.DataFrame) -> Reach:
    """Return the distances of every origin to every find with a position.

    origins      ORIGINS
    finds        FINDS, one row a find
    assumptions  ASSUMPTIONS; A-WIND and A-SPEED give the wind's share

    The wind's share is of first order in wind over speed: with a strong wind the way through the air was longer
    than told here, never shorter. So a claimed maximum is treated kindly and a claimed minimum strictly.
    """
    placed = finds.filter(pl.col("lat_deg").is_not_null() & pl.col("lon_deg").is_not_null())
    lat0, lon0, lat1, lon1 = (frame[name].to_numpy() for frame in (origins, placed) for name in ("lat_deg", "lon_deg"))
    distance = pairwise_distance_m(lat0, lon0, lat1, lon1) / 1000.0
    own = origins["sigma_position_km"].to_numpy()[:, None]
    theirs = placed["sigma_position_km"].fill_null(DEFAULT_SIGMA_KM).to_numpy()[None, :]
    position = np.broadcast_to(np.hypot(own, theirs), distance.shape)
    mean, sigma = assumed_wind(assumptions)
    labels = placed["type_label"].to_list()
    speeds = {label: assumed_speed_kmh(assumptions, label) for label in dict.fromkeys(labels)}
    speed = np.array([speeds[label] for label in labels], dtype=np.float64)[None, :]
    drift, spread = distance * (mean / speed), distance * (sigma / speed)
    return Reach(
        origin_ids=tuple(origins["origin_id"].to_list()),
        find_ids=tuple(placed["find_id"].to_list()),
        is_uas=(placed["object_kind"] == "uas").to_numpy(),
        types=np.array([fold(label or "") for label in labels], dtype=object),
        chance=placed["probability_find"].fill_null(0.0).to_numpy(),
        distance_km=distance,
        sigma_km=np.hypot(position, spread),
        sigma_position_km=position,
        wind_km=drift,
        sigma_wind_km=spread,
        assumed=(*_assumption_names(assumptions, speeds, placed), *origins["origin_id"].to_list()),
    )


def _assumption_names(assumptions: pl.DataFrame, labels: Collection[str | None], placed: pl.DataFrame) -> list[str]:
    """Return the names of the assumptions that give wind, speeds and positions, the defaults among them."""
    wanted = [(WIND, None), *((SPEED, label) for label in labels or [None])]
    rows = [(name, _find_assumption(assumptions, name, subject)) for name, subject in wanted]
    named = [str(row["assumption_id"]) if row is not None else name for name, row in rows]
    return list(dict.fromkeys([*named, *([PLACE] if placed["sigma_position_km"].null_count() else [])]))


def assumed_wind(assumptions: pl.DataFrame) -> tuple[float, float]:
    """Return mean wind along the track and its sigma [km/h]; positive is a tail wind."""
    row = _find_assumption(assumptions, WIND, None)
    if row is None or row["value"] is None:
        return DEFAULT_WIND_KMH, DEFAULT_WIND_SIGMA_KMH
    return float(row["value"]), float(row["sigma"] if row["sigma"] is not None else DEFAULT_WIND_SIGMA_KMH)


def assumed_speed_kmh(assumptions: pl.DataFrame, type_label: str | None) -> float:
    """Return the cruising speed through the air that is assumed for a type [km/h]."""
    row = _find_assumption(assumptions, SPEED, type_label)
    return float(row["value"]) if row is not None and row["value"] else DEFAULT_SPEED_KMH


def _find_assumption(assumptions: pl.DataFrame, name: str, subject: str | None) -> Mapping[str, Any] | None:
    """Return the assumption of that name (or "NAME-…" for a subject); one for the subject goes first."""
    named = assumptions.filter(
        (pl.col("assumption_id") == name) | pl.col("assumption_id").str.starts_with(f"{name}-")
    ).to_dicts()
    for wanted in (subject, None):
        for row in named:
            if row["subject_id"] == wanted:
                return row
    return None


def range_rows(reach: Reach) -> pl.DataFrame:
    """Return RANGES: one row for every origin and every find with a position."""
    origins, finds = reach.distance_km.shape
    return schema.conform(
        pl.DataFrame(
            {
                "origin_id": np.repeat(np.array(reach.origin_ids, dtype=object), finds).tolist(),
                "find_id": list(reach.find_ids) * origins,
                "distance_km": reach.distance_km.ravel(),
                "sigma_km": reach.sigma_km.ravel(),
                "sigma_position_km": reach.sigma_position_km.ravel(),
                "wind_km": reach.wind_km.ravel(),
                "sigma_wind_km": reach.sigma_wind_km.ravel(),
            },
            schema=tables.RANGES.schema,
        ),
        tables.RANGES,
    )


def claim_distance_km(low: float | None, high: float | None) -> float | None:
    """Return the range that finds are held against: the claimed maximum, or the minimum where there is no maximum."""
    if low is None or high is None:
        return None
    return high if math.isfinite(high) else low


def range_answers(
    distance_km: FloatArray,
    sigma_position_km: FloatArray,
    wind_km: FloatArray,
    sigma_wind_km: FloatArray,
    claimed: float | None,
) -> list[str]:
    """Return `within`, `beyond` or `undecided` for each pair; all undecided when no range was given."""
    if claimed is None:
        return ["undecided"] * distance_km.size
    beyond, sigma_km = beyond_claim(claimed, distance_km, sigma_position_km, wind_km, sigma_wind_km)
    answers = np.where(
        beyond <= Z_WITHIN * sigma_km, "within", np.where(beyond >= Z_BEYOND * sigma_km, "beyond", "undecided")
    )
    return [str(answer) for answer in answers.ravel()]


def reach_rows(reach: Reach, claims: pl.DataFrame) -> pl.DataFrame:
    """Return REACHES: for each range claim and origin, how many finds it leaves possible.

    claims   range claims as `bounds.bound_claims` gives them
    """
    origins = len(reach.origin_ids)
    tallies: dict[tuple[float | None, str | None], np.ndarray[Any, np.dtype[np.int64]]] = {}
    rows = claims.select("claim_id", "low", "high", "type_label").rows()
    blocks = []
    for _, low, high, type_label in rows:
        key = (claim_distance_km(low, high), type_label)
        if key not in tallies:
            tallies[key] = _tally(reach, *key)
        blocks.append(tallies[key])
    tally = np.concatenate(blocks) if blocks else np.zeros((0, 3), dtype=np.int64)
    return pl.DataFrame(
        {
            "claim_id": [claim_id for claim_id, *_ in rows for _ in range(origins)],
            "origin_id": list(reach.origin_ids) * len(rows),
            "within": tally[:, 0],
            "undecided": tally[:, 1],
            "beyond": tally[:, 2],
        },
        schema=tables.REACHES.schema,
    )


def _tally(reach: Reach, claimed: float | None, type_label: str | None) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return (origins, 3) int64: how many finds are within, undecided, beyond."""
    if claimed is None:
        most = int(reach.of_type(type_label).sum())
        return np.tile(np.array([0, most, 0], dtype=np.int64), (len(reach.origin_ids), 1))
    used, score = reach.score(claimed, type_label)
    most = used.size
    within, beyond = (score <= Z_WITHIN).sum(axis=1), (score >= Z_BEYOND).sum(axis=1)
    return np.stack([within, most - within - beyond, beyond], axis=1).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Beyond:
    """What each find says against a claimed range, from whichever assumed origin is kindest to the claim.

    finds     (tested,) int64: the finds that the range is tested on, as places along the axis of `Reach`
    farther   (tested,) float64: probability that the find lies farther than claimed from its kindest origin
    chance    (tested,) float64: … and that it is a uas of that night
    leaves    the origins from which no find lies beyond the range
    """

    finds: IntArray
    farther: FloatArray
    chance: FloatArray
    leaves: tuple[str, ...]


def weigh_beyond(reach: Reach, claimed: float, type_label: str | None) -> Beyond:
    """Return what the finds say against a claimed range; at least one origin and one find of the type must be there.

    One find is enough to speak against a range, so finds are not multiplied together: one wind and one list of
    origins moves them all.
    """
    used, score = reach.score(claimed, type_label)
    farther = normal(score.min(axis=0))
    is_left = np.atleast_1d((score < Z_BEYOND).all(axis=1)).tolist()
    names = tuple(name for name, leaves in zip(reach.origin_ids, is_left, strict=True) if leaves)
    return Beyond(used, farther, reach.chance[used] * farther, names)


def normal(score: FloatArray) -> FloatArray:
    """Return the share of a normal distribution below each score."""
    return np.array([0.5 * math.erfc(-value / math.sqrt(2.0)) for value in score.tolist()])
