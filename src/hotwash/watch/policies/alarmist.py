"""The watch that does everything at once: what a measure is worth that it would pass."""

from __future__ import annotations

from hotwash.watch.policies.policy import tracks
from hotwash.watch.seat import Decision, WatchCommand, WatchView

WARN_M = 500_000.0


class Alarmist:
    """Takes every track without a transponder for a drone and declares it, closes every aerodrome, warns 500 km around.

    It takes nothing back. An objective that it would pass asks for one number only; guards are missing.
    """

    def reset(self, seed: int) -> None:
        """Begin anew; the seed changes nothing."""

    def act(self, view: WatchView) -> WatchCommand:
        """Return what it decides after seeing this."""
        found = []
        for row in tracks(view):
            if row["label"] is None:
                found.append(Decision("classify", track_id=str(row["track_id"]), class_label="drone"))
            if not row["is_declared"]:
                found.append(Decision("declare_breach", track_id=str(row["track_id"])))
        given = set(view.warnings["warning_id"].to_list())
        for place in view.aerodromes.iter_rows(named=True):
            name = str(place["aerodrome_id"])
            if place["state"] != "suspended":
                found.append(Decision("recommend", place_id=name, measure="suspend"))
        for row in tracks(view)[:1]:
            if not given:
                found.append(Decision("warn", track_id=str(row["track_id"]), warning_id="all", radius_m=WARN_M))
        return WatchCommand(tuple(found))
