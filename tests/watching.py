"""Watch scenarios for tests: one by hand that has a bit of everything, small enough to stage in a blink."""

from __future__ import annotations

from hotwash.model.scenario import Scenario, parse

TEXT = """
name = "night"
title = "A night by hand"
start_utc = 2025-09-09T21:30:00Z
time_limit_s = 300.0

[place]
lat_deg = 51.5
lon_deg = 23.2
height_hae_m = 200.0

[watch]
step_s = 5.0
warm_up_s = 60.0
zone_id = "land"
rules = "example"
marked = "SYNTHETIC"
note = "Nothing here happened."
sea_hae_m = 33.0

[[seats]]
name = "watch"
kind = "watch"

[[zones]]
zone_id = "land"
kind = "land_border"
line_sigma_m = 50.0
ring = [[51.0, 22.0], [51.0, 23.3], [52.0, 23.3], [52.0, 22.0]]

[[objects]]
name = "d1"
kind = "drone"
speed_mps = 40.0
start_s = -30.0
height_amsl_m = 500.0
route = [[51.5, 23.4], [51.5, 23.25], [51.55, 23.1]]

[[objects]]
name = "a1"
kind = "aircraft"
ident = "F00A01"
speed_mps = 150.0
heights_m = [3000.0, 400.0]
route = [[51.2, 22.6], [51.5, 23.0]]
ends = "lands"

[[objects]]
name = "b1"
kind = "bird"
speed_mps = 14.0
flown = "wander"
start_s = -60.0
route = [[51.52, 23.15]]

[[sensors]]
sensor_id = "RADAR"
kind = "primary_radar"
lat_deg = 51.5
lon_deg = 23.0
height_hae_m = 230.0
max_range_m = 60000.0
scan_period_s = 4.0
detection_probability = 0.9
false_per_scan = 2.0

[[sensors]]
sensor_id = "ADSB"
kind = "adsb"
lat_deg = 51.5
lon_deg = 23.0
height_hae_m = 230.0
max_range_m = 200000.0

[[senses]]
sensor_id = "RADAR"
is_rotating = true
reference_range_m = 60000.0
latency_s = 0.5
clock_error_s = 0.4

[[outages]]
sensor_id = "RADAR"
from_s = 100.0
to_s = 160.0

[[aerodromes]]
aerodrome_id = "EPLB"
name = "Lublin"
lat_deg = 51.24
lon_deg = 22.71
closes_s = 200.0

[[aerodromes]]
aerodrome_id = "EPRZ"
lat_deg = 50.11
lon_deg = 22.02
is_open = false

[[traffic]]
aerodrome_id = "EPLB"
per_hour = 60.0

[[reports]]
report_id = "seen-by-police"
time_s = 40.0
known_s = 90.0
role = "police"
text = "A drone came from the east."
lat_deg = 51.5
lon_deg = 23.3
about = "d1"

[[reports]]
report_id = "false-one"
time_s = 10.0
role = "resident"
means = "written"
text = "Lights over the wood."
truth = "wrong"

[[population]]
cell_id = "c1"
lat_deg = 51.5
lon_deg = 23.1
people = 900.0

[[injects]]
time_s = 20.0
text = "Readiness is raised."

[vary]
drones = [0, 3]
birds = [0, 2]
airliners = [0, 2]
radars_out = [0, 1]
false_reports = [0, 2]
clock_offset_s = [-1, 2]
sector_km = [-3, 3]
later_s = [0, 60]
first_report_late_s = [0, 120]
detection = [0.5, 1.0]

[randomise]
weather.wind_mps = [0, 8]

[carried.rules]
example = '''
# an example, not a doctrine
format = 1
'''
"""


def night(text: str = TEXT) -> Scenario:
    """Return the night by hand, with its [vary]."""
    return parse(text, name="night.toml")


def fixed() -> Scenario:
    """Return the night by hand with nothing left open."""
    return night(TEXT.partition("[vary]")[0] + "[carried.rules]" + TEXT.partition("[carried.rules]")[2])
