"""The watch that closes everything at the first sign and never opens it again: safe, and dear."""

from __future__ import annotations

from hotwash.watch.policies.policy import is_object, tracks
from hotwash.watch.seat import Decision, WatchCommand, WatchView

WARN_M = 30_000.0  # far: who is cautious warns too many rather than too few
SURE = 0.95


class Cautious:
    """Acts at the first track without a transponder or the first report that saw something, whichever comes first.

    It then recommends that every open aerodrome be suspended, and warns 30 km around what it saw. Tracks without a
    transponder are called drones; a breach is declared only when it is plain (0.95). Nothing is resumed or cancelled.
    """

    def reset(self, seed: int) -> None:
        """Begin anew; the seed changes nothing."""
        self._has_acted = False

    def act(self, view: WatchView) -> WatchCommand:
        """Return what it decides after seeing this."""
        found: list[Decision] = []
        for row in tracks(view):
            name = str(row["track_id"])
            if is_object(row) and row["label"] is None:
                found.append(Decision("classify", track_id=name, class_label="drone"))
            if is_object(row) and not row["is_declared"] and (row["probability_inside"] or 0.0) >= SURE:
                found.append(Decision("declare_breach", track_id=name))
        where = None if self._has_acted else _first_sign(view)
        if where is not None:
            self._has_acted = True
            lat, lon, what = where
            for place in view.aerodromes.filter("is_open")["aerodrome_id"].to_list():
                found.append(Decision("recommend", place_id=place, measure="suspend", rests_on=(what,)))
            found.append(Decision("warn", lat_deg=lat, lon_deg=lon, radius_m=WARN_M, rests_on=(what,)))
        return WatchCommand(tuple(found))


def _first_sign(view: WatchView) -> tuple[float, float, str] | None:
    """Return where the first sign is and what it is called."""
    for row in tracks(view):
        if is_object(row):
            return row["lat_deg"], row["lon_deg"], f"tracks:{row['track_id']}"
    for row in view.reports.iter_rows(named=True):
        if not row["saw_nothing"] and row["lat_deg"] is not None and row["lon_deg"] is not None:
            return row["lat_deg"], row["lon_deg"], f"sightings:{row['report_id']}"
    return None
