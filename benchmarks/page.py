"""Measure the account's page with an air picture: how long it takes to make, and how large it is.

    uv run python benchmarks/account_page.py                       several sizes
    uv run python benchmarks/account_page.py TRACKS ROWS STAYS     one

Method. Tracks are made up from a fixed seed: straight flights towards the border of Poland with white noise of 30 m
and a slow wander, one row every four seconds, one row in ten coasting. The incident holds nothing else. The page is
rendered once so that libraries and the border are loaded, then RUNS times; the median and the extremes are printed.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC as ZULU
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import polars as pl

from hotwash.export import account_json
from hotwash.geo import borders, geodesy, zones
from hotwash.incident.reconstruct import reconstruct
from hotwash.ingest import aerodromes
from hotwash.ingest import zones as zone_files
from hotwash.model import tables
from hotwash.model.incident import Brief, Bundle, Incident
from hotwash.model.recording import Recording
from hotwash.model.schema import UTC, conform, empty, frame
from hotwash.report import account_page, markdown
from hotwash.report.view import build_view

RUNS = 5
CASES = ((30, 1000, 10), (300, 1000, 40), (300, 1000, 300), (3000, 300, 40))
NIGHT = datetime(2026, 3, 12, 20, tzinfo=ZULU)
LAND = borders.load_country("PL")


def track(track_id: int, rows: int, rng: np.random.Generator) -> pl.DataFrame:
    """Return one made-up track of so many rows."""
    speed_mps, course_deg = rng.uniform(15.0, 90.0), rng.uniform(180.0, 360.0)
    lat, lon = geodesy.direct(
        rng.uniform(50.3, 53.5), rng.uniform(23.2, 25.5), course_deg, speed_mps * 4.0 * np.arange(rows)
    )
    wander = np.cumsum(rng.normal(0.0, 1.5e-4, (2, rows)), axis=1) + rng.normal(0.0, 3e-4, (2, rows))
    start = NIGHT + timedelta(seconds=float(rng.uniform(0.0, 20_000.0)))
    turn = np.radians(course_deg)
    return pl.DataFrame(
        {
            "track_id": pl.Series([track_id] * rows, dtype=pl.Int64),
            "time_utc": pl.Series([start + timedelta(seconds=4.0 * n) for n in range(rows)]).cast(UTC),
            "lat_deg": lat + wander[0],
            "lon_deg": lon + wander[1],
            "v_east_mps": np.full(rows, speed_mps * np.sin(turn)),
            "v_north_mps": np.full(rows, speed_mps * np.cos(turn)),
            "var_east_m2": np.full(rows, 900.0),
            "var_north_m2": np.full(rows, 900.0),
            "existence": np.full(rows, 0.98),
            "status": np.where(rng.random(rows) < 0.1, "coasting", "confirmed"),
        }
    )


def stay(breach_id: int, rows: pl.DataFrame) -> dict[str, Any]:
    """Return the stay of a track at the first of its rows that lies inside."""
    away = zones.signed_distance_m(rows["lat_deg"].to_numpy(), rows["lon_deg"].to_numpy(), LAND)
    first = int(np.argmax(away > 0.0))
    return {
        "breach_id": breach_id,
        "track_id": rows["track_id"][0],
        "zone_id": LAND.zone_id,
        "enter_utc": rows["time_utc"][first],
        "enter_lat_deg": rows["lat_deg"][first],
        "enter_lon_deg": rows["lon_deg"][first],
        "enter_sigma_s": 5.0,
        "depth_m": max(float(away.max()), 0.0),
        "depth_sigma_m": 300.0,
        "duration_s": 4.0 * float((away > 0.0).sum()),
        "probability": 0.99,
        "answer": "inside",
    }


def incident(count: int, rows: int, stays: int) -> Incident:
    """Return an incident that holds tracks, stays and nothing else."""
    brief = Brief("Made up", NIGHT, NIGHT + timedelta(hours=10), "Europe/Warsaw", zones_of_interest=(LAND.zone_id,))
    names = ("questions", "claims", "finds", "sightings", "origins", "assumptions")
    bundle = Bundle(brief=brief, recording=Recording(), **{name: empty(tables.TABLES[name]) for name in names})
    area = zone_files.collect_zones((LAND.zone_id,), own=None)
    bare = reconstruct(bundle, zones=area, aerodromes=aerodromes.aerodrome_table(()))
    rng = np.random.default_rng(7)
    made = [track(n, rows, rng) for n in range(1, count + 1)]
    return replace(
        bare,
        tracks=conform(pl.concat(made), tables.TRACKS),
        breaches=frame(tables.BREACHES, [stay(n, part) for n, part in enumerate(made[:stays], start=1)]),
    )


def timed(work: Callable[[], str]) -> str:
    """Return the median and the extremes of RUNS runs in seconds, and how much was made."""
    made = work()
    seconds = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    spread = f"{min(seconds):.2f} to {max(seconds):.2f}"
    return f"{statistics.median(seconds):.2f} s ({spread}), {len(made.encode()) / 1e6:.2f} MB"


def main(arguments: list[str]) -> None:
    for count, rows, stays in [tuple(map(int, arguments))] if arguments else CASES:
        laid = incident(count, rows, stays)
        print(f"{count} tracks of {rows} rows, {stays} with a stay")
        print("  account.html", timed(lambda laid=laid: account_page.render(build_view(laid, made_utc=NIGHT))))
        print("  account.md  ", timed(lambda laid=laid: markdown.render(build_view(laid, made_utc=NIGHT))))
        told = lambda laid=laid: account_json.to_json(account_json.account(build_view(laid, made_utc=NIGHT)))  # noqa: E731
        print("  account.json", timed(told))


if __name__ == "__main__":
    main(sys.argv[1:])
