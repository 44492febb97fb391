"""A watch that decides by lot: what anything else has to beat."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from hotwash.air.random_numbers import dice
from hotwash.model.words import WATCH_CLASSES
from hotwash.watch.seat import Decision, WatchCommand, WatchView

SHARE = 0.1  # of the looks at which it decides anything
_RADII_M = (1_000.0, 20_000.0)
_MEASURES = ("inform_traffic", "hold_departures", "hold_arrivals", "restrict", "suspend")


class RandomWatch:
    """At one look in ten it takes one thing that can be decided now, each kind as likely as another."""

    def reset(self, seed: int) -> None:
        """Begin anew with a seed."""
        self._dice = dice(seed, 0, "random watch")

    def act(self, view: WatchView) -> WatchCommand:
        """Return what it decides after seeing this; none of it is ever refused."""
        if self._dice.random() >= SHARE:
            return WatchCommand()
        able = [one for one in (make(view, self._one) for make in _MAKES) if one is not None]
        return WatchCommand.of(self._one(able))

    def _one(self, among: Sequence[Any]) -> Any:
        return among[int(self._dice.integers(len(among)))]


Draw = Callable[[Sequence[Any]], Any]


def _classify(view: WatchView, one: Draw) -> Decision | None:
    names = view.tracks["track_id"].to_list()
    return Decision("classify", track_id=str(one(names)), class_label=one(WATCH_CLASSES)) if names else None


def _declare(view: WatchView, one: Draw) -> Decision | None:
    rows = view.tracks.filter(~view.tracks["is_declared"] & view.tracks["zone_id"].is_not_null())
    return Decision("declare_breach", track_id=str(one(rows["track_id"].to_list()))) if rows.height else None


def _revoke(view: WatchView, one: Draw) -> Decision | None:
    rows = view.tracks.filter("is_declared")
    return Decision("revoke_breach", track_id=str(one(rows["track_id"].to_list()))) if rows.height else None


def _recommend(view: WatchView, one: Draw) -> Decision | None:
    rows = view.aerodromes.to_dicts()
    if not rows:
        return None
    place = one(rows)
    able = [measure for measure in _MEASURES if measure not in place["held"]] + (["resume"] if place["held"] else [])
    return Decision("recommend", place_id=place["aerodrome_id"], measure=one(able))


def _warn(view: WatchView, one: Draw) -> Decision | None:
    rows = view.tracks.select("track_id").to_series().to_list()
    return Decision("warn", track_id=str(one(rows)), radius_m=one(_RADII_M)) if rows else None


def _cancel(view: WatchView, one: Draw) -> Decision | None:
    names = view.warnings["warning_id"].to_list()
    return Decision("cancel_warning", warning_id=one(names)) if names else None


def _ask(view: WatchView, one: Draw) -> Decision | None:
    rows = view.sensors.drop_nulls(["lat_deg", "lon_deg"])["sensor_id"].to_list()
    return Decision("ask", place_id=one(rows)) if rows else None


def _log(view: WatchView, one: Draw) -> Decision | None:
    return Decision("log", text=one(("All quiet.", "Watching.", "Handing over.")))


_MAKES = (_classify, _declare, _revoke, _recommend, _warn, _cancel, _ask, _log)
