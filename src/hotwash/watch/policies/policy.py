"""What a policy of a watch seat is, and what several of them ask of a view."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from hotwash.model.watch_scenario import JET_MPS
from hotwash.watch.seat import WatchCommand, WatchView

Row = Mapping[str, Any]

LOOKED_AT = (
    "track_id", "time_utc", "lat_deg", "lon_deg", "height_hae_m", "existence", "status", "ident", "label",
    "is_declared", "zone_id", "probability_inside", "answer", "speed_mps", "begun_utc", "aerodrome_id", "aerodrome_m",
    "begun_distance_m", "steadiness",
)  # fmt: skip


class WatchPolicy(Protocol):
    """Somebody on a watch seat. One seed and the same views give the same commands: no clock, no other dice."""

    def reset(self, seed: int) -> None:
        """Begin anew."""
        ...

    def act(self, view: WatchView) -> WatchCommand:
        """Return what it decides after seeing this."""
        ...


def tracks(view: WatchView) -> list[dict[str, Any]]:
    """Return the tracks of a view as rows, with the columns that policies look at."""
    return view.tracks.select(LOOKED_AT).to_dicts()


def is_object(row: Row) -> bool:
    """Tell whether a track is taken for one object without a transponder: what a watch is kept for."""
    return row["status"] in ("confirmed", "coasting") and row["ident"] is None


def is_jet(row: Row) -> bool:
    """Tell whether a track without a name is too fast for a drone, and nobody has judged it yet.

    An airliner where no receiver reaches has no name on the picture, and chance tracks of false plots are as fast.
    """
    return row["ident"] is None and row["label"] is None and not row["is_declared"] and row["speed_mps"] >= JET_MPS


def by_concern(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return tracks with what wants looking at first: no transponder, likelier inside, nearer to an aerodrome.

    A track that is called something harmless, or whose breach is declared, stands behind those that nobody has judged,
    and what is too fast for a drone behind both.
    """

    def key(row: Row) -> tuple[bool, bool, bool, float, float, int]:
        is_judged = row["is_declared"] or row["label"] in ("aircraft", "helicopter", "bird", "balloon")
        inside, away = row["probability_inside"], row["aerodrome_m"]
        return (
            row["ident"] is not None, is_jet(row), bool(is_judged), -round(inside or 0.0, 1),
            1e9 if away is None else away, row["track_id"],
        )  # fmt: skip

    return sorted(rows, key=key)
