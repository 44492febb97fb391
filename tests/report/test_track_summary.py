"""The summary of one track says what its looks say, before they are listed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from hotwash.model import schema, tables
from hotwash.report.track_summary import summarise_track

START = datetime(2027, 2, 3, 4, 5, tzinfo=UTC)


def look(second: float, **known: Any) -> dict[str, Any]:
    usual = {
        "track_id": 6, "time_utc": START + timedelta(seconds=second), "sensor_id": "Lidar", "status": "confirmed",
        "existence": 1.0, "near_detection_ids": [], "near_distances": [], "straight": 0.7, "turning": 0.2,
        "hovering": 0.1,
    }  # fmt: skip
    return usual | known


def looks(*rows: dict[str, Any]) -> pl.DataFrame:
    return schema.conform(schema.frame(tables.UPDATES, list(rows)), tables.UPDATES)


def test_a_track_is_summed_up_by_its_looks_its_longest_gap_its_fit_and_its_doubts():
    told = summarise_track(
        looks(
            look(0.0, detection_id=11, distance=0.5),
            look(4.0, status="coasting"),
            look(8.0, status="coasting"),
            look(12.0, detection_id=14, distance=2.5, near_detection_ids=["15"], near_distances=[3.0], turning=0.9),
            look(16.0, detection_id=16, distance=1.0, sensor_id="Radar"),
        ),
        [7, 9],
    )
    assert told == [
        "Track 6: 5 looks from 2027-02-03 04:05:00 to 04:05:16 UTC, confirmed in 3, coasting in 2.",
        "It began with detections 7, 9, before its first row.",
        "3 looks used a detection (2 of Lidar, 1 of Radar), 2 had none.",
        "The longest time without a detection was 12.0 s, after 04:05:00.",
        "Detections lay 1.0 sigma from the prediction in the median, at most 2.5 (at 04:05:12); "
        "beyond 4 none is taken.",
        "In 1 look other detections were near too: read those first (04:05:12).",
        "Its motion was most probably straight in 4, turning in 1.",
    ]


def test_a_track_of_predictions_alone_says_so_and_invents_no_fit():
    told = summarise_track(looks(look(0.0, status="tentative", straight=None, turning=None, hovering=None)), [])
    assert told[1] == "None of these looks used a detection: all is prediction."
    assert told[-1] == "No other detection was near: the choice was never in doubt."
