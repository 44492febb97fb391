"""Measure the geometry of zones beside shapely: point in zone, and distance to the edge.

    uv run python benchmarks/geo.py              on the borders that travel in the package
    uv run python benchmarks/geo.py --points N   200,000 points by default

Method. One process, one core (numba's kernels here are serial, and so is shapely). Two clouds of points from a fixed
seed: "area", uniform over the zone's bounds and 1 degree around; "near", a normal 2 km about random corners of the
border. Ours and the peer take turns on the same points, and the least of five turns counts: what other work on
the machine adds is left out for both alike. Peers: shapely's prepared `contains_xy`; shapely's STRtree of the border's
edges, `query_nearest` with the distance, which is planar, in degrees (the tree gets a tenth of the points). Ours is the
public function: `zones.contains`; `lines.distance_to_lines_m`, which is geodesic; `zones.signed_distance_m`, which is
both. What is laid out or prepared once a zone is timed apart, and so is the first call in a fresh process with an
empty cache of kernels ("cold") and with a full one ("warm").
The error is against the definition, an edge straight in longitude and latitude and a geodesic on WGS 84, by golden
sections with PROJ on a few hundred points.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import shapely
from pyproj import Geod

from hotwash.geo import borders, cells, lines, zones

TURNS = 5
SEED = 20250910
CHECKED = 200
GEOD = Geod(ellps="WGS84")

START = """
import time
began = time.process_time()
from hotwash.geo import kernels
imported = time.process_time()
import numpy as np, shapely
from hotwash.geo import cells, lines
box = shapely.box(20.0, 50.0, 22.0, 52.0)
at = np.full(10, 51.0), np.full(10, 21.0)
cells.is_inside(*at, cells.cells(box))
lines.compiled_distance_m(*at, lines.lines(lines.edges_of(box)))
print(imported - began, time.process_time() - imported)
"""


def clouds(geometry: Any, points: int) -> dict[str, tuple[Any, Any]]:
    """Return lat_deg and lon_deg, (n,) each, of both clouds."""
    rng = np.random.default_rng(SEED)
    west, south, east, north = geometry.bounds
    corners = shapely.get_coordinates(geometry)
    lon, lat = corners[rng.integers(0, len(corners), points)].T
    return {
        "area": (rng.uniform(south - 1, north + 1, points), rng.uniform(west - 1, east + 1, points)),
        "near": (lat + rng.normal(0, 0.018, points), lon + rng.normal(0, 0.03, points)),
    }


def each_ns(work: dict[str, tuple[Callable[[], Any], int]]) -> dict[str, float]:
    """Return the time a point of each of some works [ns], which take turns."""
    least = dict.fromkeys(work, np.inf)
    for _ in range(TURNS):
        for name, (do, points) in work.items():
            began = time.perf_counter()
            do()
            least[name] = min(least[name], (time.perf_counter() - began) / points * 1e9)
    return least


def compare(zone: zones.Zone, points: int) -> None:
    """Print what one zone costs, ours and the peers'."""
    edges = lines.edges_of(zone.geometry)
    drawn, tree = lines.index_edges(edges), shapely.STRtree(shapely.linestrings(edges.reshape(-1, 2, 2)))
    shapely.prepare(zone.geometry)
    zones.signed_distance_m(*next(iter(clouds(zone.geometry, points).values())), zone)  # laid out and compiled
    for name, (lat, lon) in clouds(zone.geometry, points).items():
        few = shapely.points(lon[: points // 10], lat[: points // 10])
        told = each_ns(
            {
                "contains": (lambda lat=lat, lon=lon: zones.contains(lat, lon, zone), points),
                "contains_xy": (lambda lat=lat, lon=lon: shapely.contains_xy(zone.geometry, lon, lat), points),
                "distance": (lambda lat=lat, lon=lon: lines.distance_to_lines_m(lat, lon, drawn), points),
                "signed": (lambda lat=lat, lon=lon: zones.signed_distance_m(lat, lon, zone), points),
                "STRtree": (lambda few=few: tree.query_nearest(few, return_distance=True, all_matches=False), len(few)),
            }
        )
        for what, ours, peer in (
            ("point in zone", "contains", "contains_xy"),
            ("distance to edge", "distance", "STRtree"),
            ("signed distance", "signed", "STRtree"),
        ):
            ratio = told[peer] / told[ours]
            print(f"{zone.zone_id:12}{name:6}{what:18}{told[ours]:8.0f}{told[peer]:10.0f}  {peer:12}{ratio:6.1f}x")


def once(zone: zones.Zone) -> None:
    """Print what is done once a zone."""
    began = time.perf_counter()
    cells.index_area(zone.geometry)
    laid = time.perf_counter()
    drawn = lines.index_edges(lines.edges_of(zone.geometry))
    cut = time.perf_counter()
    _ = drawn.compiled
    packed = time.perf_counter()
    parts = (laid - began, cut - laid, packed - cut)
    print(
        f"{zone.zone_id:12}once: cells, lines, seeds of the search "
        + ", ".join(f"{1e3 * t:.0f}" for t in parts)
        + " ms"
    )


def few_or_many(zone: zones.Zone) -> None:
    """Print what a point costs by array arithmetic, which is what small jobs use."""
    drawn = lines.index_edges(lines.edges_of(zone.geometry))
    lat, lon = clouds(zone.geometry, 2_000)["area"]
    plain_us = each_ns({"plain": (lambda: lines.plain_distance_m(lat, lon, drawn), 2_000)})["plain"] / 1e3
    print(
        f"{zone.zone_id:12}few points, array arithmetic: {plain_us:.0f} µs a point; compiled from {lines.MANY_POINTS:,}"
    )


def error(zone: zones.Zone) -> None:
    """Print how far distances are from the definition."""
    edges = lines.edges_of(zone.geometry)
    drawn = lines.index_edges(edges)
    for name, (lat, lon) in clouds(zone.geometry, CHECKED).items():
        wanted = np.array([truth_m(a, b, edges) for a, b in zip(lat, lon, strict=True)])
        for how in (lines.plain_distance_m, lines.kernel_distance_m):
            worst_mm = 1e3 * np.abs(how(lat, lon, drawn) - wanted).max()
            print(f"{zone.zone_id:12}{name:6}{how.__name__:22} worst of {CHECKED}: {worst_mm:.4f} mm")


def truth_m(lat: float, lon: float, edges: Any) -> float:
    """Return the least distance to the edges, by PROJ and golden sections on all that may be nearest."""
    lon_a, lat_a, lon_b, lat_b = edges.T

    def away_m(of: Any, along: Any) -> Any:
        there = lon_a[of] + along * (lon_b - lon_a)[of], lat_a[of] + along * (lat_b - lat_a)[of]
        return GEOD.inv(np.full(len(of), lon), np.full(len(of), lat), *there)[2]

    begin_m = away_m(np.arange(len(edges)), np.zeros(len(edges)))
    length_m = GEOD.inv(lon_a, lat_a, lon_b, lat_b)[2]
    of = np.flatnonzero(begin_m - length_m <= begin_m.min())
    low, high = np.zeros(len(of)), np.ones(len(of))
    best_m = min(begin_m.min(), away_m(of, high).min())
    for _ in range(60):
        first, second = high - (high - low) * 0.6180339887498949, low + (high - low) * 0.6180339887498949
        is_left = away_m(of, first) < away_m(of, second)
        low, high = np.where(is_left, low, first), np.where(is_left, second, high)
    return float(min(best_m, away_m(of, (low + high) / 2.0).min()))


def starts() -> None:
    """Print how long kernels take to be ready in a fresh process."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("cold", "warm"):
            done = subprocess.run(
                [sys.executable, "-c", START], capture_output=True, text=True, check=True,
                env=os.environ | {"NUMBA_CACHE_DIR": folder},
            )  # fmt: skip
            imported_s, ready_s = map(float, done.stdout.split())
            print(f"{name} start: numba imported {imported_s:.2f} s, kernels {ready_s:.2f} s of the processor")


def main() -> None:
    """Measure both zones."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--points", type=int, default=200_000)
    points = asked.parse_args().points
    if points < lines.MANY_POINTS:
        raise SystemExit(f"fewer than {lines.MANY_POINTS:,} points are not sent to the kernels")
    print(f"{'zone':12}{'cloud':6}{'what':18}{'ours ns':>8}{'peer ns':>10}  {'peer':12}{'ratio':>7}")
    both = [borders.load_zone(name) for name in sorted(borders.FINE_ZONES)]
    for zone in both:
        compare(zone, points)
    for zone in both:
        once(zone)
    few_or_many(both[-1])
    error(both[-1])
    starts()


if __name__ == "__main__":
    main()
