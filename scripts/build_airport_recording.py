"""Write the SYNTHETIC recording of the invented airport night: sensors, detections and the control zone.

    python scripts/build_airport_recording.py [--truth FILE]

Everything is invented; the aerodrome's position is used as geography only. The same script gives the same rows.
The story: a training aircraft flies circuits until 20:32 UTC, one airliner leaves, one lands whose crew sees a
light at 20:35:30, one turns away after the closure at 20:40, one passes high above. A small uncrewed aircraft
comes from the south-west, is where the crew saw the light, circles north of the runway and leaves to the
north-west; it is in the control zone from 20:34 to 20:59, so in 19 of the closure's 85 minutes. Four large birds
fly about.
"""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from hotwash.air import paths
from hotwash.air.paths import Leg
from hotwash.air.sensing import sense
from hotwash.air.sensor_models import Sector, Senses
from hotwash.geo import geodesy
from hotwash.model import schema, tables

FOLDER = Path(__file__).resolve().parents[1] / "examples" / "airport-2026"
SEED = 20260312
SOURCE_ID = "S-RADAR"

START, END = datetime(2026, 3, 12, 20, 15, tzinfo=UTC), datetime(2026, 3, 12, 21, 10, tzinfo=UTC)
FIELD = (53.0968, 17.9777)  # the aerodrome's reference point
GROUND_HAE_M = 105.0  # 72 m above the sea, where the sea stands 33 m above the ellipsoid
RUNWAY_DEG = 80.0
CREW = (53.060, 17.870)  # where the crew was when it saw the light, as sightings.csv has it
CREW_UTC = datetime(2026, 3, 12, 20, 35, 30, tzinfo=UTC)
LIGHT_AZIMUTH_DEG, LIGHT_AWAY_M, LIGHT_HAE_M = 340.0, 1_800.0, 620.0
ZONE_RADIUS_M = 9_260.0  # 5 NM
ZONE_CEILING_HAE_M = 1_000.0

# No state's addresses: F00000 and up are kept for temporary use. Source: ICAO Annex 10, volume III, chapter 9.
IDENTS = {
    "training": "F00A01", "departure": "F00A02", "arrival": "F00A03", "diverted": "F00A04", "overflight": "F00A05",
}  # fmt: skip
CLOCK_FAST_S = 1.4  # the area radar's clock; its own statement leaves it out

SENSORS: list[dict[str, object]] = [
    {
        "sensor_id": "FIELD-3D", "kind": "primary_radar", "lat_deg": 53.1010, "lon_deg": 17.9705, "height_hae_m": 117.0,
        "max_range_m": 12_000.0, "scan_period_s": 2.5, "detection_probability": 0.85, "false_per_scan": 1.0,
        "clock_offset_s": 0.0,
    },
    {
        "sensor_id": "AREA-2D", "kind": "primary_radar", "lat_deg": 53.3500, "lon_deg": 17.6000, "height_hae_m": 160.0,
        "max_range_m": 80_000.0, "scan_period_s": 5.0, "detection_probability": 0.9, "false_per_scan": 8.0,
    },
    {
        "sensor_id": "FIELD-ADSB", "kind": "adsb", "lat_deg": 53.0975, "lon_deg": 17.9780, "height_hae_m": 125.0,
        "max_range_m": 250_000.0, "detection_probability": 0.95, "clock_offset_s": 0.0,
    },
]  # fmt: skip

SENSES = {
    "FIELD-3D": Senses(
        is_3d=True, is_rotating=True, sigma_range_m=15.0, sigma_azimuth_deg=0.4, sigma_elevation_deg=0.6,
        sigma_radial_speed_mps=1.0, min_radial_speed_mps=2.0, reference_range_m=14_000.0, near_false_per_scan=0.5,
        near_m=2_000.0,
    ),
    "AREA-2D": Senses(
        is_rotating=True, sigma_range_m=60.0, sigma_azimuth_deg=0.15, azimuth_bias_deg=0.1, reference_range_m=60_000.0,
        sectors=(Sector(200.0, 230.0, 2.0, within_m=40_000.0),),
    ),
    "FIELD-ADSB": Senses(
        "position", is_3d=True, gives_ident=True, sigma_horizontal_m=10.0, sigma_height_m=12.0, period_s=2.0,
        latency_s=0.2,
    ),
}  # fmt: skip

# What such sensors send is in steps; random last digits would only swell the file.
STEPS = {
    "range_m": 5.0, "azimuth_deg": 0.02, "elevation_deg": 0.1, "radial_speed_mps": 0.5, "lat_deg": 2e-5,
    "lon_deg": 2e-5, "height_hae_m": 5.0,
}  # fmt: skip


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--truth", type=Path, help="write where everything really was, birds left out")
    given = arguments.parse_args()
    sensors, detections = recording()
    sensors.write_csv(FOLDER / "sensors.csv")
    detections.write_parquet(FOLDER / "detections.parquet", compression="zstd", compression_level=19, statistics=False)
    (FOLDER / "zones.geojson").write_text(json.dumps(control_zone(), ensure_ascii=False, indent=1) + "\n")
    if given.truth:
        traffic().write_parquet(given.truth)
    print(f"{detections.height} detections, {(FOLDER / 'detections.parquet').stat().st_size} bytes")


def recording() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return SENSORS as they state themselves, and DETECTIONS."""
    rng = np.random.default_rng(SEED)
    stated = schema.frame(tables.SENSORS, SENSORS)
    real = stated.with_columns(
        clock_offset_s=pl.when(pl.col("sensor_id") == "AREA-2D").then(CLOCK_FAST_S).otherwise("clock_offset_s")
    )
    flock = paths.birds(
        4, rng=rng, lat0_deg=FIELD[0], lon0_deg=FIELD[1], radius_m=4_000.0, start_utc=START,
        duration_s=(END - START).total_seconds(), heights_hae_m=(GROUND_HAE_M + 40.0, GROUND_HAE_M + 300.0),
    )  # fmt: skip
    truth = pl.concat([traffic(), flock])
    found = sense(
        truth, real, rng=rng, senses=SENSES, idents=IDENTS, start_utc=START, end_utc=END, ground_hae_m=GROUND_HAE_M
    )
    return stated, _in_steps(found)


def _in_steps(found: pl.DataFrame) -> pl.DataFrame:
    # A division and a multiplication leave other last digits on other machines; a rounding after them does not.
    rounded = [(pl.col(name) / step).round().mul(step).round(6).alias(name) for name, step in STEPS.items()]
    moved = found.with_columns(rounded).with_columns(
        azimuth_deg=pl.when(pl.col("azimuth_deg") >= 360.0).then(0.0).otherwise("azimuth_deg"),
        time_utc=pl.col("time_utc").dt.round("10ms"),
        received_utc=pl.col("received_utc").dt.round("10ms"),
        source_id=pl.lit(SOURCE_ID),
    )
    return schema.conform(moved, tables.DETECTIONS)


def traffic() -> pl.DataFrame:
    """Return TRUTH of all that flew, birds left out."""
    return pl.concat([_training(), _departure(), _arrival(), _diverted(), _overflight(), _uncrewed()])


def _fly(
    name: str, label: str, legs: list[Leg], place: tuple[float, float], course_deg: float, height_hae_m: float,
    start_utc: datetime,
) -> pl.DataFrame:  # fmt: skip
    return paths.fly_legs(
        legs, object_id=name, class_label=label, lat0_deg=place[0], lon0_deg=place[1], course0_deg=course_deg,
        height0_hae_m=height_hae_m, start_utc=start_utc, step_s=2.0,
    )  # fmt: skip


def _from(place: tuple[float, float], azimuth_deg: float, away_m: float) -> tuple[float, float]:
    lat, lon = geodesy.direct(*place, azimuth_deg, away_m)
    return float(lat), float(lon)


def _course(start: tuple[float, float], to: tuple[float, float]) -> tuple[float, float]:
    """Return distance and azimuth from one place to another."""
    away_m, azimuth_deg, _ = geodesy.inverse(*start, *to)
    return float(away_m), float(azimuth_deg)


def _training() -> pl.DataFrame:
    """Three right-hand circuits south of the runway, then away to the east."""
    circuit = [Leg(60.0, 45.0), Leg(60.0, 45.0, 3.0), Leg(75.0, 45.0), Leg(60.0, 45.0, 3.0), Leg(15.0, 45.0)]
    touch = _from(FIELD, RUNWAY_DEG + 180.0, 1_200.0)
    return _fly("training", "light_aircraft", circuit * 3 + [Leg(210.0, 45.0)], touch, RUNWAY_DEG, 405.0, START)


def _departure() -> pl.DataFrame:
    legs = [Leg(30.0, 75.0, 0.0, 8.0), Leg(60.0, 100.0, 0.0, 12.0), Leg(60.0, 120.0, -1.0, 12.0)]
    legs.append(Leg(450.0, 180.0, 0.0, 12.0))
    return _fly("departure", "airliner", legs, FIELD, RUNWAY_DEG, GROUND_HAE_M + 10.0, START + timedelta(minutes=6))


def _arrival() -> pl.DataFrame:
    """Past the place where its crew saw the light, onto the last part of the approach, and down."""
    final_m, rate_dps, speed_mps = 2_600.0, 1.5, 70.0
    threshold = _from(FIELD, RUNWAY_DEG + 180.0, 1_250.0)
    away_m, course_deg = _course(CREW, _from(threshold, RUNWAY_DEG + 180.0, final_m))
    turn_deg = RUNWAY_DEG - course_deg
    ahead_m = speed_mps / np.radians(rate_dps) * np.tan(np.radians(turn_deg) / 2.0)  # so early the turn begins
    legs = [Leg(400.0, 130.0, 0.0, -5.0), Leg(120.0, 90.0, 0.0, -3.4), Leg((away_m - ahead_m) / 75.0, 75.0, 0.0, -3.3)]
    legs.append(Leg(turn_deg / rate_dps, speed_mps, rate_dps, -3.3))
    legs.append(Leg((final_m - ahead_m) / speed_mps, speed_mps, 0.0, -3.3))
    begin = _from(CREW, course_deg + 180.0, 400.0 * 130.0 + 120.0 * 90.0)
    height_m = LIGHT_HAE_M - 95.0 + 400.0 * 5.0 + 120.0 * 3.4  # 95 m: 3 degrees at the light's distance
    start = CREW_UTC - timedelta(seconds=520)
    return _fly("arrival", "airliner", legs, begin, _course(begin, CREW)[1], height_m, start)


def _diverted() -> pl.DataFrame:
    """From the north-east towards the field; told of the closure, it turns away at 20:44."""
    begin = _from(FIELD, 50.0, 75_000.0)
    legs = [Leg(360.0, 150.0, 0.0, -4.0), Leg(90.0, 130.0, 2.0), Leg(700.0, 170.0, 0.0, 4.0)]
    return _fly("diverted", "airliner", legs, begin, _course(begin, FIELD)[1], 3_600.0, START + timedelta(minutes=23))


def _overflight() -> pl.DataFrame:
    begin = _from(FIELD, 290.0, 70_000.0)
    return _fly("overflight", "airliner", [Leg(620.0, 230.0)], begin, 115.0, 10_700.0, START + timedelta(minutes=32))


def _uncrewed() -> pl.DataFrame:
    """From the south-west past the light's place, two circles north of the runway, away to the north-west."""
    light = _from(CREW, LIGHT_AZIMUTH_DEG, LIGHT_AWAY_M)
    circles = _from(FIELD, 350.0, 1_500.0)
    away_m, course_deg = _course(light, circles)
    legs = [Leg(390.0 + away_m / 16.0, 16.0), Leg(360.0, 16.0, -2.0), Leg(60.0, 16.0, -1.5), Leg(780.0, 16.0)]
    begin = _from(light, course_deg + 180.0, 390.0 * 16.0)
    return _fly(
        "uncrewed", "fixed_wing", legs, begin, _course(begin, light)[1], LIGHT_HAE_M, CREW_UTC - timedelta(seconds=390)
    )


def control_zone() -> dict[str, object]:
    """Return the invented control zone as GeoJSON: a circle about the field, from the ground to 1,000 m."""
    lat, lon = geodesy.circle(*FIELD, ZONE_RADIUS_M, corners=72)
    ring = [[round(east, 5), round(north, 5)] for east, north in zip(lon.tolist(), lat.tolist(), strict=True)]
    named = {
        "zone_id": "EPBY-CTR", "name": "INVENTED control zone", "kind": "control_zone", "floor_m": 0.0,
        "floor_ref": "AGL", "ceiling_m": ZONE_CEILING_HAE_M, "ceiling_ref": "HAE", "line_sigma_m": 0.0,
        "source": "INVENTED: a circle of 5 NM about the aerodrome; no zone of any state",
    }  # fmt: skip
    feature = {"type": "Feature", "properties": named, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    return {"type": "FeatureCollection", "features": [feature]}


if __name__ == "__main__":
    main()
