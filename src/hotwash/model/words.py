"""The closed word lists: what a column with a fixed choice may hold."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

SENSOR_KINDS = (
    "primary_radar",
    "secondary_radar",
    "multilateration",
    "adsb",
    "remote_id",
    "rf",
    "acoustic",
    "optical",
    "visual",
)
TRACK_STATUSES = ("tentative", "confirmed", "coasting", "deleted")
REMARK_KINDS = (
    "assumed",
    "detection_probability",
    "clutter",
    "clock",
    "bias",
    "azimuth_mirrored",
    "identity_twice",
    "identity_jump",
    "association",
    "late",
    "duplicate",
    "unused",
    "crowded",
    "thin",
)
ANSWERS = ("inside", "outside", "undecided")
HEIGHT_REFS = ("AGL", "AMSL", "FL", "HAE", "UNL")
OBJECT_KINDS = ("uas", "missile_part", "model_aircraft", "unknown")
RELATIONS = ("exactly", "about", "at_least", "at_most", "more_than", "less_than", "between")
# How a relation is said of a time; the others as of a number.
TIME_RELATIONS = {
    "less_than": "before",
    "more_than": "after",
    "at_most": "no later than",
    "at_least": "no earlier than",
}
RELIABILITIES = ("A", "B", "C", "D", "E", "F")
CREDIBILITIES = ("1", "2", "3", "4", "5", "6")
VERDICTS = ("supported", "contradicted", "not_testable", "superseded")
EXPLANATIONS = ("known_traffic", "track", "celestial", "balloon", "bird", "other", "unexplained")
ZONE_KINDS = ("land_border", "state_airspace", "fir", "control_zone", "aerodrome", "restricted", "other")
OPPORTUNITIES = ("yes", "no", "unknown")
RESULTS = ("GO", "NO-GO", "NO OPPORTUNITY", "NO DATA")
ERROR_CLASSES = ("minor", "major", "safety")
FLIGHT_MODES = ("rate", "stabilised", "altitude_hold", "position_hold", "return_home", "land", "loiter")
SUBJECT_KINDS = ("person", "crew", "procedure")
WATCH_CLASSES = ("drone", "aircraft", "helicopter", "bird", "balloon", "unknown")
DECISION_KINDS = (
    "classify",
    "merge",
    "split",
    "drop",
    "declare_breach",
    "revoke_breach",
    "recommend",
    "warn",
    "widen_warning",
    "cancel_warning",
    "ask",
    "log",
)
TRAFFIC_MEASURES = ("inform_traffic", "hold_departures", "hold_arrivals", "restrict", "suspend", "resume")
ATTEMPT_STATES = ("planned", "started", "finished", "abandoned", "void")
SETTINGS = ("exercise", "field", "inspection")
PROOFS = ("HOLDS", "DOES NOT HOLD", "NOT ENOUGH EVIDENCE", "STALE", "LOST")
STANDINGS = ("mastered", "not shown", "provisional", "untried")
FLIGHT_POLICIES = ("autopilot", "novice", "random")
WATCH_POLICIES = ("rule-book", "cautious", "hasty", "random", "none")


def suggest(word: str, known: Iterable[str], *, cutoff: float = 0.5, most: int | None = None) -> str:
    """Return what to say to a word that is none of the known ones: the nearest of them, or all.

    cutoff   how alike two words must be, 0 to 1
    most     name no more than so many
    """
    there = list(known)
    near = difflib.get_close_matches(word, there, n=1, cutoff=cutoff)
    return f"did you mean {near[0]}?" if near else f"there are {', '.join(there[:most]) or 'none'}"
