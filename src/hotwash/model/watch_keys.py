"""The keys of a watch exercise in a scenario's TOML file: what flies, what senses it, who reports it, where, and the
ranges from which worlds are drawn.

`scenario_keys` holds all sections; the parser is in `watch`. Times are counted from the scenario's start_utc.
"""

from __future__ import annotations

from hotwash.model import words
from hotwash.model.key import FLAG, NUMBER, NUMBERS, POINTS, TEXT, TEXTS, WHOLE, Key, key, needed, number, share, word

VARIED = "vary"
KINDS = tuple(one for one in words.WATCH_CLASSES if one != "unknown")
FLOWN_BY = ("path", "wing", "wander")
ENDS = ("leaves", "lands", "stays")
MEANS = ("phone", "written", "radio")
TRUTHS = ("true", "late", "wrong", "duplicate")
MOST_RADIUS_M = 100_000.0
LIMIT_REFS = tuple(one for one in words.HEIGHT_REFS if one != "UNL")

_LAT = needed("lat_deg", NUMBER, "latitude", unit="deg", least=-90.0, most=90.0)
_LON = needed("lon_deg", NUMBER, "longitude", unit="deg", least=-180.0, most=180.0)
_SENSOR = needed("sensor_id", TEXT, "the sensor: one of `[[sensors]]`")
_AERODROME = needed("aerodrome_id", TEXT, "ICAO location indicator")

WATCH = (
    number(name="step_s", meaning="time between two looks of the seat", unit="s", default=5.0, least=1.0, most=60.0),
    number(name="warm_up_s", meaning="so long before the start the sensors run already", unit="s", default=120.0,
           least=0.0, most=3600.0),
    key("is_replay", FLAG, "whether what was recorded is played: its tables lie beside the scenario", default=False),
    word(name="rules", meaning="the rule file for measures, one of `[carried.rules]`; hotwash has none of its own"),
    word(name="zone_id", meaning="the zone whose breaches are declared: one of the scenario's, or one that is shipped"),
    number(name="near_m", meaning="what counts as near an aerodrome", unit="m", default=10_000.0, least=0.0,
           most=MOST_RADIUS_M),
    number(name="ask_delay_s", meaning="time from asking a sensor or an observer to the answer", unit="s",
           default=60.0, least=0.0, most=3600.0),
    word(name="marked", meaning="what stands on every page of it", default="EXERCISE"),
    key("note", TEXT, "what its reader should know; it stands among the recording's sources", default=""),
    number(name="sea_hae_m", meaning="height of mean sea level above the ellipsoid, there", unit="m", default=0.0,
           least=-110.0, most=90.0),
)  # fmt: skip

OBJECTS = (
    needed("name", TEXT, "name of the object, unique"),
    needed("kind", TEXT, "what it is", one_of=KINDS),
    key("ident", TEXT, "what its transponder says; left out, it has none"),
    number(name="start_s", meaning="when it begins, from the start; before it where negative", unit="s", default=0.0,
           least=-86_400.0, most=86_400.0),
    needed("speed_mps", NUMBER, "speed over ground; of `wing` through the air", unit="m/s", least=0.5, most=350.0),
    number(name="height_amsl_m", meaning="height above mean sea level", unit="m", default=300.0, least=-100.0,
           most=20_000.0),
    key("heights_m", NUMBERS, "that height at each point of the route, in place of height_amsl_m", unit="m",
        default=()),
    needed("route", POINTS, "where it flies: `[[lat, lon], …]`, two points or more; of `wander` the first counts"),
    word(name="flown", meaning="`path`: straight from point to point; `wing`: our own fixed wing flies it through the "
         "weather; `wander`: a bird's way, drawn from the seed", default="path", one_of=FLOWN_BY),
    word(name="airframe", meaning="for `wing`: name of a fixed wing, shipped or carried", default="wing-12kg"),
    number(name="size_m2", meaning="what a radar sees of it; left out, as is usual for its kind", unit="m²", least=1e-6,
           most=1e5),
    word(name="ends", meaning="at the end of the route: it `leaves`, `lands`, or `stays` and circles", default="leaves",
         one_of=ENDS),
)  # fmt: skip

AERODROMES = (
    _AERODROME,
    key("name", TEXT, "what it is called", default=""),
    number(name="lat_deg", meaning="latitude; left out, that of the shipped list", unit="deg", least=-90.0, most=90.0),
    number(name="lon_deg", meaning="longitude", unit="deg", least=-180.0, most=180.0),
    number(name="elevation_amsl_m", meaning="elevation", unit="m", least=-500.0, most=6000.0),
    key("is_open", FLAG, "whether it is open at the start", default=True),
    number(name="opens_s", meaning="published hours: it opens; left out, it was open before", unit="s"),
    number(name="closes_s", meaning="published hours: it closes; left out, after the end", unit="s"),
    key(
        "runways",
        TEXTS,
        "its runways: each published movement is on one of them, drawn evenly; left out, no movement says which",
        default=(),
    ),
)

TRAFFIC = (
    _AERODROME,
    number(name="per_hour", meaning="movements an hour on the mean, drawn from the seed", unit="1/h", default=10.0,
           least=0.0, most=200.0),
    number(name="from_s", meaning="from then on", unit="s", default=0.0),
    number(name="to_s", meaning="until then; left out, to the end", unit="s"),
)  # fmt: skip

REPORTS = (
    needed("report_id", TEXT, "name of the report, unique"),
    needed("time_s", NUMBER, "when it was seen", unit="s"),
    number(name="known_s", meaning="when it reaches the seat; left out, at once", unit="s"),
    needed("role", TEXT, "who says it, by role: tower, pilot, police, resident"),
    word(name="means", meaning="how it comes", default="phone", one_of=MEANS),
    key("text", TEXT, "what was said", default=""),
    key("place", TEXT, "where the observer stands, by name"),
    number(name="lat_deg", meaning="latitude of the observer", unit="deg", least=-90.0, most=90.0),
    number(name="lon_deg", meaning="longitude of the observer", unit="deg", least=-180.0, most=180.0),
    number(name="sigma_position_km", meaning="one standard deviation of it", unit="km", least=0.0, most=1000.0),
    number(name="azimuth_deg", meaning="where it was seen, from north", unit="deg", least=0.0, most=360.0),
    number(name="elevation_deg", meaning="and above the horizon", unit="deg", least=-90.0, most=90.0),
    number(name="distance_m", meaning="stated distance", unit="m", least=0.0, most=1e6),
    number(name="height_agl_m", meaning="stated height above ground", unit="m", least=0.0, most=30_000.0),
    key("saw_nothing", FLAG, "looked and saw nothing", default=False),
    key("after_alarm", FLAG, "whether the observer knew of an alarm", default=False),
    word(name="truth", meaning="what is to be thought of it; no seat is told", default="true", one_of=TRUTHS),
    key("about", TEXT, "the object that it speaks of; no seat is told"),
)  # fmt: skip

OUTAGES = (
    _SENSOR,
    needed("from_s", NUMBER, "nothing is reported from then on", unit="s"),
    number(name="to_s", meaning="until then; left out, to the end", unit="s"),
)

POPULATION = (
    needed("cell_id", TEXT, "name of the cell, unique"),
    _LAT,
    _LON,
    needed("people", NUMBER, "how many live there", unit="people", least=0.0),
)

ZONES = (
    needed("zone_id", TEXT, "name of the zone, unique"),
    key("name", TEXT, "what it is called", default=""),
    word(name="kind", meaning="what sort of zone", default="other", one_of=words.ZONE_KINDS),
    number(name="line_sigma_m", meaning="one standard deviation of the line; 0 where it defines the zone", unit="m",
           default=0.0, least=0.0, most=MOST_RADIUS_M),
    number(name="floor_m", meaning="lower limit; left out, the ground", unit="m", least=-500.0, most=30_000.0),
    word(name="floor_ref", meaning="what the lower limit is measured from", one_of=LIMIT_REFS),
    number(name="ceiling_m", meaning="upper limit; left out, unlimited", unit="m", least=-500.0, most=30_000.0),
    word(name="ceiling_ref", meaning="what the upper limit is measured from", one_of=LIMIT_REFS),
    needed("ring", POINTS, "its corners, `[[lat, lon], …]`, three or more; the first need not come again"),
)  # fmt: skip

# What SENSORS does not say of a sensor; left out, as is usual for its kind (hotwash.air.sensor_models).
SENSES = (
    _SENSOR,
    number(name="clock_error_s", meaning="reported minus true time, beyond what the sensor states", unit="s",
           least=-3600.0, most=3600.0),
    key("is_3d", FLAG, "whether it measures elevation or height too"),
    key("is_rotating", FLAG, "whether its beam turns"),
    number(name="sigma_range_m", meaning="noise of the range", unit="m", least=0.0, most=10_000.0),
    number(name="sigma_azimuth_deg", meaning="noise of the azimuth", unit="deg", least=0.0, most=45.0),
    number(name="sigma_elevation_deg", meaning="noise of the elevation", unit="deg", least=0.0, most=45.0),
    number(name="sigma_horizontal_m", meaning="noise of a position", unit="m", least=0.0, most=10_000.0),
    number(name="sigma_height_m", meaning="noise of a height", unit="m", least=0.0, most=5000.0),
    number(name="sigma_radial_speed_mps", meaning="noise of the radial speed, where it is measured", unit="m/s",
           least=0.0, most=100.0),
    number(name="range_bias_m", meaning="measured minus true range", unit="m", least=-10_000.0, most=10_000.0),
    number(name="azimuth_bias_deg", meaning="measured minus true azimuth", unit="deg", least=-45.0, most=45.0),
    number(name="period_s", meaning="between two reports of a target, without a scan", unit="s", least=0.05,
           most=3600.0),
    number(name="phase_s", meaning="the first scan begins so late", unit="s", least=0.0, most=3600.0),
    number(name="latency_s", meaning="a report comes so late at least, and on the mean twice", unit="s", least=0.0,
           most=600.0),
    number(name="min_radial_speed_mps", meaning="slower targets are not reported", unit="m/s", least=0.0, most=200.0),
    number(name="reference_range_m", meaning="where a target of 1 m² is detected half as often as close by", unit="m",
           least=10.0, most=2e6),
    number(name="near_false_per_scan", meaning="false detections near it", unit="1/scan", least=0.0, most=1e4),
    number(name="near_m", meaning="what near is", unit="m", least=0.0, most=MOST_RADIUS_M),
)  # fmt: skip

# [vary]: what is drawn for each world, even between the two ends.
VARY: tuple[Key, ...] = (
    key("drones", WHOLE, "how many of the drones fly; beyond those of the scenario, copies that start later on other "
        "ways", unit="drones", least=0, most=200),
    number(name="later_s", meaning="each drone starts so much later", unit="s", least=-7200.0, most=7200.0),
    number(name="sector_km", meaning="each drone's way is moved so far to its right: it comes in at another sector of "
           "the border", unit="km", least=-200.0, most=200.0),
    key("birds", WHOLE, "large birds, besides those of the scenario, near sensors", unit="birds", least=0, most=500),
    key("airliners", WHOLE, "airliners with transponders, besides those of the scenario, into its open aerodromes or "
        "through", unit="airliners", least=0, most=500),
    key("radars_out", WHOLE, "radars that fall silent for part of the time", unit="radars", least=0, most=50),
    number(name="clock_offset_s", meaning="the clock of each radar is off by so much, and nobody says so", unit="s",
           least=-600.0, most=600.0),
    key("false_reports", WHOLE, "reports of what was not there", unit="reports", least=0, most=100),
    number(name="first_report_late_s", meaning="each report of something true comes so much later", unit="s",
           least=0.0, most=86_400.0),
    share(name="detection", meaning="factor of each radar's probability of detection"),
)  # fmt: skip

LISTS = ("objects", "aerodromes", "traffic", "reports", "outages", "population", "zones", "senses")
SECTIONS: dict[str, tuple[Key, ...]] = {
    "watch": WATCH,
    "objects": OBJECTS,
    "aerodromes": AERODROMES,
    "traffic": TRAFFIC,
    "reports": REPORTS,
    "outages": OUTAGES,
    "population": POPULATION,
    "zones": ZONES,
    "senses": SENSES,
}
