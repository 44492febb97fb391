"""Where each number stands in what an agent on a watch seat sees and does; the manual prints these lists.

Every number is between −1 and 1. A length, speed or time x is written as x / (|x| + scale). East and north are counted
from the scenario's place. Rows that hold nothing are zeros, and begin with is_there at 0.
"""

from __future__ import annotations

from hotwash.gym.fields import Field
from hotwash.model.words import TRAFFIC_MEASURES, WATCH_CLASSES

TRACKS, REPORTS, AERODROMES, WARNINGS, ARGUMENTS = 64, 16, 8, 8, 8
FAR_M, SPEED_MPS, HEIGHT_M, EDGE_M, AGE_S = 30_000.0, 50.0, 1_000.0, 5_000.0, 300.0
RADII_M = (1_000.0, 2_000.0, 5_000.0, 10_000.0, 20_000.0, 30_000.0, 50_000.0, 100_000.0)

_WHERE = (
    Field("is_there", "1 where the row holds something"),
    Field("east", "from the scenario's place; scale 30 km"),
    Field("north", "the same, northwards"),
)
TRACK = (
    *_WHERE,
    Field("v_east", "speed over ground, eastwards; scale 50 m/s"),
    Field("v_north", "the same, northwards"),
    Field("has_height", "1 where a height was measured"),
    Field("height", "above the ellipsoid; scale 1,000 m"),
    Field("existence", "probability that it is there at all"),
    Field("is_confirmed", "1 when confirmed, 0.5 when coasting"),
    Field("has_ident", "1 when a transponder names it"),
    Field("probability_inside", "of the zone that breaches are declared of"),
    Field("edge", "distance to that zone's edge, positive inside; scale 5 km"),
    Field("aerodrome", "distance to the nearest aerodrome; scale 30 km"),
    Field("shown", "for how long it has been shown; scale 300 s"),
    Field("is_declared", "1 when its breach is declared"),
    *(Field(f"is_{word}", f"1 when the seat classified it as {word}") for word in WATCH_CLASSES),
)
REPORT = (
    *_WHERE,
    Field("saw_nothing", "1 when the observer looked and saw nothing"),
    Field("is_answer", "1 when it answers what the seat asked"),
    Field("age", "since it came in; scale 300 s"),
)
AERODROME = (
    *_WHERE,
    Field("is_open", "1 when open by its own hours"),
    Field("is_informed", "1 when that is the strongest measure in force"),
    Field("is_held", "see is_informed"),
    Field("is_restricted", "see is_informed"),
    Field("is_suspended", "see is_informed"),
    Field("movements", "planned in the next ten minutes; scale 5"),
)
WARNING = (*_WHERE, Field("radius", "scale 30 km"))
CLOCK = (
    Field("time_left", "share of the time limit that is left"),
    Field("silent", "share of the sensors that are silent"),
)

# What the first number of an action may be; the second is a row of what it is about, the third its argument.
KINDS = (
    Field("nothing", "row and argument do not matter, as a rule best"),
    Field("classify", "a track as WATCH_CLASSES[argument]: " + ", ".join(WATCH_CLASSES)),
    Field("declare_breach", "of a track"),
    Field("revoke_breach", "of a track"),
    Field("merge", "the track that is the argument into that of the row"),
    Field("split", "off a track what was merged into it last"),
    Field("drop", "a track"),
    Field("recommend", "for an aerodrome TRAFFIC_MEASURES[argument]: " + ", ".join(TRAFFIC_MEASURES)),
    Field("warn_at_track", "around a track, RADII_M[argument] wide"),
    Field("warn_at_report", "around a report's place, RADII_M[argument] wide"),
    Field("widen_warning", "a warning to RADII_M[argument]"),
    Field("cancel_warning", "a warning"),
    Field("ask", "the tower of an aerodrome"),
    Field("ask_sensor", "sensor of the row, about the track that is the argument"),
)
