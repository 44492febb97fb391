"""The watch that believes each sign at once and lets go of it as fast."""

from __future__ import annotations

from hotwash.watch.policies.policy import is_object, tracks
from hotwash.watch.seat import Decision, WatchCommand, WatchView

LIKELY_INSIDE = 0.05  # anything that is not plainly outside
NEAR_M = 10_000.0
WARN_M = 5_000.0


class Hasty:
    """Declares, suspends and warns at the first look, and takes it back at the first look that shows nothing.

    Every track without a transponder is a drone; its breach is declared unless it is plainly outside. An aerodrome is
    suspended while such a track is within 10 km, and resumed at the first look without one. Each declared track gets
    a warning of 5 km around it, which is cancelled as soon as the track is no longer shown.
    """

    def reset(self, seed: int) -> None:
        """Begin anew; the seed changes nothing."""

    def act(self, view: WatchView) -> WatchCommand:
        """Return what it decides after seeing this."""
        rows = [row for row in tracks(view) if row["ident"] is None]
        found: list[Decision] = []
        warned = set(view.warnings["warning_id"].to_list())
        for row in rows:
            name = str(row["track_id"])
            if row["label"] is None:
                found.append(Decision("classify", track_id=name, class_label="drone"))
            if not row["is_declared"] and (row["probability_inside"] or 0.0) > LIKELY_INSIDE:
                found.append(Decision("declare_breach", track_id=name))
                found.append(Decision("warn", track_id=name, warning_id=_warning(name, view), radius_m=WARN_M))
        shown = {str(row["track_id"]) for row in rows}
        found += [
            Decision("cancel_warning", warning_id=one) for one in sorted(warned) if one.split("@")[0] not in shown
        ]
        near = {row["aerodrome_id"] for row in rows if is_object(row) and (row["aerodrome_m"] or 1e9) <= NEAR_M}
        for place in view.aerodromes.iter_rows(named=True):
            is_held = place["state"] == "suspended"
            if (place["aerodrome_id"] in near) != is_held:
                measure = "resume" if is_held else "suspend"
                found.append(Decision("recommend", place_id=place["aerodrome_id"], measure=measure))
        return WatchCommand(tuple(found))


def _warning(track: str, view: WatchView) -> str:
    """Return a name that no earlier warning has."""
    return f"{track}@{view.time_s:g}"
