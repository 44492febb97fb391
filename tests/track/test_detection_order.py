"""Detections in any order, and with a time that cannot be: neither costs a plot of the others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from recordings import crossing, radars

import hotwash
from hotwash.track import tracking
from hotwash.track.detection_order import part_doubtful
from hotwash.track.tracker import Tracker

RECORDING = crossing(scans=40, false_per_scan=5)
BUSY = crossing(scans=300, false_per_scan=5)


def at(rows: pl.DataFrame, place: int, time_utc: datetime) -> pl.DataFrame:
    """Return rows of which one bears another time."""
    is_it = pl.int_range(pl.len()) == place
    return rows.with_columns(
        time_utc=pl.when(is_it).then(pl.lit(time_utc)).otherwise("time_utc").cast(rows.schema["time_utc"])
    )


def test_shuffled_rows_give_the_tracks_of_the_same_rows_in_order():
    """A file sorted by track or by sensor lost most of its plots as late."""
    shuffled = RECORDING.sample(fraction=1.0, shuffle=True, seed=4)
    found, wanted = (hotwash.track_detections(rows, radars(1)) for rows in (shuffled, RECORDING))
    assert found.tracks.drop("detection_id").equals(wanted.tracks.drop("detection_id"))
    assert found.detections_used == wanted.detections_used == RECORDING.height
    (said,) = found.remarks.filter(kind="sorted").to_dicts()
    assert "put in order of time" in said["text"]


@pytest.mark.parametrize("place", [0, 57, -1])
@pytest.mark.parametrize("wrong", [datetime(9999, 12, 31, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC)])
def test_one_time_an_age_away_is_doubted_and_takes_no_other_plot_with_it(place: int, wrong: datetime):
    """One row of the year 9999 made all later rows of its sensor late: 23 % of the plots were lost."""
    place %= RECORDING.height
    found = hotwash.track_detections(at(RECORDING, place, wrong), radars(1))
    (said,) = found.remarks.filter(kind="doubtful").to_dicts()
    assert said["rows"] == 1
    assert "1 detection bears a time far from all others and was left out" in said["text"]
    assert found.detections_used == RECORDING.height - 1
    assert found.remarks.filter(pl.col("kind") == "late").is_empty()
    assert found.tracks["time_utc"].dt.year().unique().to_list() == [RECORDING["time_utc"][5].year]


def test_in_a_long_file_too_a_row_hours_ahead_makes_no_later_row_late():
    ahead = at(BUSY, 700, BUSY["time_utc"].max() + timedelta(hours=5))
    tracker = Tracker(radars(1))
    writer = tracking.Writer(tracker)
    for part in ahead.iter_slices(1_500):
        list(writer.frames(tracker.step(part)))
    list(writer.frames(tracker.finish()))
    assert (tracker.doubtful, tracker.late, tracker.plots) == (1, 0, BUSY.height - 1)


def test_what_many_rows_say_is_never_doubted():
    later = RECORDING.with_columns(pl.col("time_utc") + timedelta(days=90), pl.col("detection_id") + 10_000)
    both = pl.concat([RECORDING, later])
    assert part_doubtful(both)[1] == 0
    assert part_doubtful(later.head(3))[1] == 0
