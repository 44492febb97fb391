"""What really was there: objects on a common beat, when they were inside the border, and which track stood for whom."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl

from hotwash.breach import spans
from hotwash.breach.levels import margins_m
from hotwash.breach.spans import Spans
from hotwash.geo.frames import FloatArray, ecef2geodetic, geodetic2ecef
from hotwash.geo.zones import Zone, signed_distance_m
from hotwash.model.words import WATCH_CLASSES
from hotwash.score.watch.conditions import DRONE, GATE_M, HOLD_S, MERGE_S, Conditions
from hotwash.score.watch.reference_picture import IntArray, ReferencePicture

BEAT_S = 2.0  # a drone at 50 m/s may cut 100 m off a corner unseen
NOBODY = -1
_FAR_M = 1e9  # farther than anything

# What truth calls an object, as a watch calls it.
_KINDS = {"uas": DRONE, "fixed_wing": DRONE, "multirotor": DRONE, "airliner": "aircraft", "light_aircraft": "aircraft"}


@dataclass(frozen=True, slots=True)
class RealObject:
    """One real object while it was in the air.

    kind     one of WATCH_CLASSES
    time_s   (n,) rising
    place_m  (n, 3) earth-centred, the foot on the ellipsoid
    inside   when it was inside the border, united over short ways out
    is_undecided   it may have been, and never surely was: the border has limits, and its height is not known
    """

    object_id: str
    kind: str
    time_s: FloatArray
    place_m: FloatArray
    inside: Spans
    height_m: FloatArray = field(default_factory=lambda: np.empty(0))
    is_undecided: bool = False

    @property
    def is_drone(self) -> bool:
        return self.kind == DRONE

    def at(self, time_s: FloatArray) -> FloatArray:
        """Return where it was, (m, 3); nan before and after its flight."""
        found = [np.interp(time_s, self.time_s, axis, left=np.nan, right=np.nan) for axis in self.place_m.T]
        return np.stack(found, axis=-1)


def find_objects(truth: pl.DataFrame, conditions: Conditions) -> tuple[RealObject, ...]:
    """Return the objects of a truth, by name; rows on the ground are left out.

    truth   TRUTH; a row at least every few seconds: a pause between two rows is bridged by a straight line
    """
    rows = truth.filter(~pl.col("is_on_ground").fill_null(value=False)).sort("object_id", "time_utc")
    return tuple(_thing(one, conditions) for one in rows.partition_by("object_id", maintain_order=True))


def _thing(rows: pl.DataFrame, conditions: Conditions) -> RealObject:
    label = rows["class_label"].drop_nulls()
    kind = _KINDS.get(str(label[0]), str(label[0])) if label.len() else "unknown"
    time_s = conditions.seconds(rows["time_utc"])
    place_m = np.stack(geodetic2ecef(rows["lat_deg"].to_numpy(), rows["lon_deg"].to_numpy(), 0.0), axis=-1)
    height_m = rows["height_hae_m"].fill_null(np.nan).to_numpy()
    bare = RealObject(rows["object_id"][0], kind if kind in WATCH_CLASSES else "unknown", time_s, place_m, (), height_m)
    if conditions.zone is None or kind != DRONE:
        return bare
    surely, perhaps = (_stays(bare, conditions.zone, conditions, untold_m=far) for far in (-np.inf, np.inf))
    return replace(bare, inside=surely, is_undecided=bool(perhaps) and not surely)


def beats(real: RealObject, end_s: float) -> FloatArray:
    """Return the times at which an object is looked at during the watch; empty where it was not there."""
    low, high = max(float(real.time_s[0]), 0.0), min(float(real.time_s[-1]), end_s)
    return np.append(np.arange(low, high, BEAT_S), high) if low <= high else np.empty(0)


def positions(real: RealObject, time_s: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return latitude and longitude at times of its flight."""
    place = real.at(time_s)
    lat, lon, _ = ecef2geodetic(place[:, 0], place[:, 1], place[:, 2])
    return lat, lon


def _stays(real: RealObject, zone: Zone, conditions: Conditions, *, untold_m: float) -> Spans:
    """Return when an object was inside the zone, from crossing to crossing; the crossing is taken as straight.

    untold_m   what an unknown height counts for: far inside, or far outside
    """
    time_s = beats(real, conditions.end_s)
    if not time_s.size:
        return ()
    away_m = np.nan_to_num(signed_distance_m(*positions(real, time_s), zone), nan=-1.0)
    if conditions.is_limited:
        height_m = np.interp(time_s, real.time_s, real.height_m)
        for left_m in margins_m(zone, height_m, np.full(time_s.size, np.nan), sea_hae_m=conditions.sea_hae_m):
            away_m = np.minimum(away_m, np.clip(np.where(np.isnan(left_m), untold_m, left_m), -_FAR_M, _FAR_M))
    found, begin = [], float(time_s[0]) if away_m[0] > 0.0 else None
    for at in np.flatnonzero((away_m[1:] > 0.0) != (away_m[:-1] > 0.0)).tolist():
        share = away_m[at] / (away_m[at] - away_m[at + 1])
        crossed = float(time_s[at] + share * (time_s[at + 1] - time_s[at]))
        if begin is None:
            begin = crossed
        else:
            found.append((begin, crossed))
            begin = None
    return spans.unite([*found, (begin, float(time_s[-1]))] if begin is not None else found, gap_s=MERGE_S)


# ---------------------------------------------------------------- tracks and objects


@dataclass(frozen=True, slots=True)
class TrackMatches:
    """Whom each row of the picture stood for: `whose` (n,) is the number of the object, NOBODY for none."""

    picture: ReferencePicture
    whose: IntArray

    def at(self, track: int, time_s: float) -> int:
        """Return whom a track stood for at a time, or last before it within HOLD_S; NOBODY for none."""
        rows = self.picture.rows_of(track)
        is_seen = self.picture.known_s[rows] <= time_s
        own, when = self.whose[rows][is_seen], self.picture.time_s[rows][is_seen]
        holding = np.flatnonzero(own != NOBODY)
        if not holding.size or when[-1] - when[holding[-1]] > HOLD_S:
            return NOBODY
        return int(own[holding[-1]])

    def tracks_of(self, number: int) -> tuple[int, ...]:
        """Return the tracks that mostly stood for an object, the first shown first."""
        rows = np.flatnonzero(self.whose == number)
        first = {track: self.picture.known_s[rows][self.picture.track_id[rows] == track].min()
                 for track in np.unique(self.picture.track_id[rows]).tolist()}  # fmt: skip
        return tuple(track for track in sorted(first, key=lambda one: first[one]) if self.mostly(track) == number)

    def mostly(self, track: int) -> int:
        """Return whom a track stood for most often; NOBODY where that was none."""
        own = self.whose[self.picture.rows_of(track)]
        names, many = np.unique(own, return_counts=True)
        return int(names[many.argmax()]) if names.size else NOBODY


def match_tracks(picture: ReferencePicture, objects: tuple[RealObject, ...]) -> TrackMatches:
    """Return whom each row stood for: the nearest object within GATE_M at that time; one track may change objects."""
    many = picture.time_s.size
    whose, best_m = np.full(many, NOBODY, dtype=np.int64), np.full(many, GATE_M)
    feet = np.stack(geodetic2ecef(picture.lat_deg, picture.lon_deg, 0.0), axis=-1)
    for number, real in enumerate(objects):
        near = np.flatnonzero((picture.time_s >= real.time_s[0]) & (picture.time_s <= real.time_s[-1]))
        away_m = np.linalg.norm(real.at(picture.time_s[near]) - feet[near], axis=1)
        closer = near[away_m < best_m[near]]
        best_m[closer], whose[closer] = away_m[away_m < best_m[near]], number
    return TrackMatches(picture, whose)
