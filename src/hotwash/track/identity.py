"""What stated identities do that one object cannot: be in two places, jump, or stand still in time.

A name binds reports to a track only near it. What does not fit makes a track of its own, and is told here.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from hotwash.geo.frames import FloatArray, geodetic2ecef

MOST_MPS = 700.0  # twice the ground speed of an airliner in the strongest jet stream: no error of a second makes it
LEAST_JUMP_M = 1_000.0  # reports that are a second late or early move an airliner by 250 m
APART_SIGMAS = 6.0
TWICE_HITS = 5  # of each track while both are there: fewer may be one report gone astray
TWICE_M = 500.0
MOVING_MPS = 20.0  # over a minute: what is slower may well report one place twice
HELD_SHARE, LEAST_HELD = 0.05, 10  # of the reports in flight
BACK_S = 10.0  # networks deliver out of order within this

Said = list[Mapping[str, object]]


def remark_on_identities(tracks: pl.DataFrame, detections: pl.DataFrame) -> Said:
    """Return rows of REMARKS on identities, one of a kind for each identity and pair of tracks.

    tracks       TRACKS
    detections   DETECTIONS, in the order in which they became known

    An identity that two objects share and that only one of them uses at a time is found by the jump between them.
    Reports without a position of their own are placed where the track was that took them.
    """
    named = _named(tracks, detections)
    if not named.height:
        return []
    return _jumps(named) + _stationary_remarks(named) + _back(detections) + _twice(tracks)


def _named(tracks: pl.DataFrame, detections: pl.DataFrame) -> pl.DataFrame:
    """Return the reports that state who they are of, by identity and time, with a place x, y, z [m]."""
    named = detections.filter(pl.col("ident").is_not_null()).select(
        "detection_id", "sensor_id", "time_utc", "ident", "lat_deg", "lon_deg", "sigma_horizontal_m"
    )
    taken = tracks.filter(pl.col("detection_id").is_not_null()).select(
        "detection_id", "track_id", at_lat_deg="lat_deg", at_lon_deg="lon_deg"
    )
    both = named.join(taken, on="detection_id", how="left").with_columns(
        has_own=pl.col("lat_deg").is_not_null() & pl.col("lon_deg").is_not_null(),
        lat_deg=pl.coalesce("lat_deg", "at_lat_deg"),
        lon_deg=pl.coalesce("lon_deg", "at_lon_deg"),
        sigma_m=pl.col("sigma_horizontal_m").fill_null(200.0),
    )
    both = both.drop_nulls(["lat_deg", "lon_deg"]).sort("ident", "time_utc", maintain_order=True)
    x, y, z = geodetic2ecef(both["lat_deg"].to_numpy(), both["lon_deg"].to_numpy(), 0.0)
    return both.with_columns(x=pl.Series(x), y=pl.Series(y), z=pl.Series(z))


def _apart_m(rows: int = 1) -> pl.Expr:
    """Return the distance from the report that many before, of the same identity."""
    return pl.sum_horizontal((pl.col(axis) - pl.col(axis).shift(rows).over("ident")) ** 2 for axis in "xyz").sqrt()


def _seconds(rows: int = 1) -> pl.Expr:
    before = pl.col("time_utc").shift(rows).over("ident")
    return (pl.col("time_utc") - before).dt.total_microseconds() / 1.0e6


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _jumps(named: pl.DataFrame) -> Said:
    """Say which identities went between two reports of theirs faster than anything flies."""
    moved = named.with_columns(apart_m=_apart_m(), after_s=_seconds())
    allowed_m = LEAST_JUMP_M + APART_SIGMAS * pl.col("sigma_m") + MOST_MPS * pl.col("after_s")
    far = moved.filter(pl.col("apart_m") > allowed_m)
    found = far.group_by("ident").agg(
        pl.len(), pl.col("time_utc").first(), pl.col("apart_m").max(),
        pl.col("after_s").get(pl.col("apart_m").arg_max()), pl.col("track_id").first(),
    )  # fmt: skip
    said: Said = []
    for ident, many, when, apart_m, after_s, track in found.sort("ident").iter_rows():
        text = (
            f"{ident} jumps {_times(many)}, by up to {apart_m / 1_000.0:.1f} km within {after_s:.3g} s: positions "
            "of something else (spoofing, a shared address) or wrong times. Each piece becomes a separate track."
        )
        said.append(
            {"kind": "identity_jump", "ident": ident, "time_utc": when, "rows": many, "track_id": track, "text": text}
        )
    return said


def _stationary_remarks(named: pl.DataFrame) -> Said:
    """Say which identities report the same place again and again while they are on their way."""
    own = named.filter("has_own").with_columns(after_s=_seconds(), apart_m=_apart_m())
    minutes = own.group_by_dynamic("time_utc", every="1m", group_by="ident").agg(
        pl.col("x", "y", "z").first(), end=pl.col("time_utc").last(), begin=pl.col("time_utc").first(),
        **{f"to_{axis}": pl.col(axis).last() for axis in "xyz"},
        held=((pl.col("apart_m") == 0.0) & (pl.col("after_s") > 0.0)).sum(), reports=pl.len(),
    )  # fmt: skip
    went_m = pl.sum_horizontal((pl.col(f"to_{axis}") - pl.col(axis)) ** 2 for axis in "xyz").sqrt()
    took_s = (pl.col("end") - pl.col("begin")).dt.total_microseconds() / 1.0e6
    moving = minutes.filter((took_s > 0.0) & (went_m > MOVING_MPS * took_s))
    found = moving.group_by("ident").agg(pl.col("held", "reports").sum(), pl.col("begin").min())
    found = found.filter((pl.col("held") >= LEAST_HELD) & (pl.col("held") >= HELD_SHARE * pl.col("reports")))
    said: Said = []
    for ident, held, reports, when in found.sort("ident").iter_rows():
        text = (
            f"{held} of {reports} reports of {ident} in flight repeat the previous position with a later time, so the "
            "time does not belong to the position. Its speeds and crossing times are less certain than stated."
        )
        said.append({"kind": "clock", "ident": ident, "time_utc": when, "rows": held, "text": text})
    return said


def _back(detections: pl.DataFrame) -> Said:
    """Say which identities have times that go back from report to report by more than networks make them."""
    of = pl.struct("sensor_id", "ident")
    named = detections.filter(pl.col("ident").is_not_null())
    back = (pl.col("time_utc").shift(1).over(of) - pl.col("time_utc")).dt.total_microseconds() / 1.0e6
    found = (
        named.with_columns(back_s=back)
        .filter(pl.col("back_s") > BACK_S)
        .group_by("ident", "sensor_id")
        .agg(pl.len(), pl.col("time_utc").first(), pl.col("back_s").max())
    )
    said: Said = []
    for ident, sensor, many, when, back_s in found.sort("ident", "sensor_id").iter_rows():
        size = f"{_times(many)}, by up to {back_s:.3g} s"
        text = f"The time of {ident} goes back {size}: a clock fault, or rows out of order."
        said.append(
            {"kind": "clock", "sensor_id": sensor, "ident": ident, "time_utc": when, "rows": many, "text": text}
        )
    return said


def _twice(tracks: pl.DataFrame) -> Said:
    """Say which identities two tracks bear at one time, both with reports of their own and apart."""
    hits = tracks.filter(pl.col("detection_id").is_not_null() & pl.col("ident").is_not_null())
    lives = hits.group_by("ident", "track_id").agg(begin=pl.col("time_utc").min(), end=pl.col("time_utc").max())
    pairs = lives.join(lives, on="ident", suffix="_b").filter(
        (pl.col("track_id") < pl.col("track_id_b"))
        & (pl.col("begin") <= pl.col("end_b"))
        & (pl.col("begin_b") <= pl.col("end"))
    )
    said: Said = []
    for row in pairs.sort("ident", "track_id", "track_id_b").iter_rows(named=True):
        begin, end = max(row["begin"], row["begin_b"]), min(row["end"], row["end_b"])
        together = hits.filter(pl.col("time_utc").is_between(begin, end))
        one, other = (together.filter(pl.col("track_id") == row[name]) for name in ("track_id", "track_id_b"))
        if min(one.height, other.height) < TWICE_HITS:
            continue
        apart_m = float(np.median(_between_m(one, other)))
        if apart_m < TWICE_M:
            continue
        text = (
            f"Tracks {row['track_id']} and {row['track_id_b']} both report the identity {row['ident']}, "
            f"{apart_m / 1_000.0:.1f} km apart, from {begin:%H:%M:%S} to {end:%H:%M:%S} UTC: spoofing, an identity "
            "used twice, or a clock fault."
        )
        said.append(
            {"kind": "identity_twice", "track_id": row["track_id_b"], "ident": row["ident"], "time_utc": begin,
             "rows": one.height + other.height, "text": text}
        )  # fmt: skip
    return said


def _between_m(one: pl.DataFrame, other: pl.DataFrame) -> FloatArray:
    """Return how far each row of one is from the row of the other that is next in time."""
    near = one.select("time_utc", "lat_deg", "lon_deg").sort("time_utc").join_asof(
        other.select("time_utc", "lat_deg", "lon_deg").sort("time_utc"), on="time_utc", strategy="nearest", suffix="_b"
    )  # fmt: skip
    ends = [geodetic2ecef(near[f"lat_deg{s}"].to_numpy(), near[f"lon_deg{s}"].to_numpy(), 0.0) for s in ("", "_b")]
    found: FloatArray = np.linalg.norm(np.subtract(*[np.stack(end) for end in ends]), axis=0)
    return found
