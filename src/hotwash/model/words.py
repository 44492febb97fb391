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
    "hot_spot",
    "clock",
    "bias",
    "azimuth_mirrored",
    "identity_twice",
    "identity_jump",
    "association",
    "doubtful",
    "sorted",
    "late",
    "duplicate",
    "unused",
    "crowded",
    "thin",
)
ANSWERS = ("inside", "outside", "undecided")
HEIGHT_REFS = ("AGL", "AMSL", "FL", "HAE", "UNK", "UNL")
NO_AIRCRAFT = ("balloon", "sky_lantern", "kite", "other")  # of a find: examined, and no aircraft at all
OBJECT_KINDS = ("uas", "missile_part", "model_aircraft", *NO_AIRCRAFT, "unknown")
HEIGHT_REFERENCES = ("AGL", "AMSL")  # above ground level, above mean sea level: ICAO Annex 4
RELATIONS = ("exactly", "about", "at_least", "at_most", "more_than", "less_than", "between")
# How a relation is said of a time; the others as of a number.
TIME_RELATIONS = {
    "less_than": "before",
    "more_than": "after",
    "at_most": "no later than",
    "at_least": "no earlier than",
}
STANDINGS_OF_ANSWERS = ("settled", "likely", "disputed", "open", "not_asked")
RELIABILITIES = ("A", "B", "C", "D", "E", "F")
CREDIBILITIES = ("1", "2", "3", "4", "5", "6")
VERDICTS = ("supported", "contradicted", "uncorroborated", "compatible", "not_testable", "superseded", "not_weighed")
TOLD_AS = ("fact", "forecast", "order", "plan")
# What a claim on a number may answer instead of one: the speaker does not know it, or nothing was confirmed so far.
NUMBER_WORDS = {"not_known": "number not known", "none_confirmed": "none confirmed"}
# The states of an aerodrome, its runways and the airspace over it; the gravest last.
STATES = ("open", "curfew", "no_traffic_planned", "restricted", "runway_closed", "airspace_closed", "closed")
CLOSURES_OF = "closures:"  # the conclusion on closures that no question asks about: closures:EDDV
CLOSED_TO_TRAFFIC = "closed_to_traffic"  # the aerodrome or the airspace over it, where both were closed
OCCASION_KINDS = ("closure", "sighting", "crossing", "find", "other")
BUNDLE_REMARK_KINDS = (
    "known_before",
    "published_before",
    "said_before",
    "forecast",
    "outside_window",
    "explained_before",
    "weekday",
    "clocks_differ",
    "clock_repeated",
    "zone_unread",
    "below_zero",
    "wrong_order",
    "hours_apart",
    "page_date_only",
    "revised",
    "same_time",
    "proposed_occasion",
    "no_occasion",
    "occasion_taken",
    "occasion_untold",
    "ambiguous_occasion",
    "sum_wrong",
    "units_added",
    "part_as_whole",
    "parts_overlap",
    "parts_of_other_days",
    "part_replaced",
    "other_scope",
    "part_elsewhere",
    "log_total",
    "length_untold",
    "sensor_zero",
    "any_night",
    "state_order",
    "end_refuted",
    "repeats_otherwise",
    "stand_in",
    "aerodrome_unlisted",
)
EXPLANATIONS = (
    *("known_traffic", "known_uas", "track", "celestial", "balloon", "sky_lantern", "kite", "bird", "other"),
    *("unexplained", "confirmed"),
)
KNOWN_UAS = "known_uas"  # an uncrewed aircraft whose operator is known: the police's own, one that was announced
NOTHING_EXPLAINS = ("unexplained", "confirmed")  # sought, and nothing found; seen by others too, and nothing found
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
WATCH_POLICIES = ("rule-book", "cautious", "hasty", "alarmist", "random", "none")


def suggest(word: str, known: Iterable[str], *, cutoff: float = 0.5, most: int | None = None) -> str:
    """Return what to say to a word that is none of the known ones: the nearest of them, or all.

    cutoff   how alike two words must be, 0 to 1
    most     name no more than so many
    """
    there = list(known)
    near = difflib.get_close_matches(word, there, n=1, cutoff=cutoff)
    return f"did you mean {near[0]}?" if near else f"there are {', '.join(there[:most]) or 'none'}"
