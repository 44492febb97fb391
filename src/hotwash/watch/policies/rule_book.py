"""A watch that does what the user's rule file says, and nothing else: the procedure itself, tried."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np

from hotwash.geo import geodesy
from hotwash.watch.policies.policy import Row, tracks
from hotwash.watch.policies.rules import UNCLASSIFIED, Rule, Rules
from hotwash.watch.seat import Decision, WatchCommand, WatchView

AREA_M = 10_000.0  # around an aerodrome or a warning, where a rule does not say how near a threat is
_SUBJECTS = {"track": "track_id", "aerodrome": "aerodrome_id", "warning": "warning_id", "report": "report_id"}
_TABLES = {"track": "tracks", "aerodrome": "aerodromes", "report": "sightings", "sensor": "sensors"}


class RuleBook:
    """Asks every rule of everything that it is on, at each look, in the order of the file.

    A rule decides once for each subject, and again only after its conditions have ceased to hold. What would change
    nothing is left out: a breach declared already, a measure in force, nothing to resume.
    """

    def __init__(self, rules: Rules) -> None:
        self.rules = rules

    def reset(self, seed: int) -> None:
        """Begin anew; the seed changes nothing."""
        self._done: set[tuple[str, str]] = set()
        self._near: dict[tuple[str, float], datetime] = {}

    def act(self, view: WatchView) -> WatchCommand:
        """Return what the rules decide after seeing this."""
        air = _Air(view, self.rules, self._near)
        found: list[Decision] = []
        for rule in self.rules.rules:
            for row in air.subjects(rule.on):
                name = str(row[_SUBJECTS.get(rule.on, "sensor_id")])
                key = (rule.name, name)
                if not air.holds(rule, row):
                    self._done.discard(key)
                elif key not in self._done and (one := _decision(rule, row, name, air)) is not None:
                    self._done.add(key)
                    found.append(one)
        return WatchCommand(tuple(found))


class _Air:
    """A view as the rules ask of it; it notes what has been decided of it in this look."""

    def __init__(self, view: WatchView, rules: Rules, near: dict[tuple[str, float], datetime]) -> None:
        self.view, self.rules, self._near = view, rules, near
        self.tracks = tracks(view)
        self._rows: dict[str, list[dict[str, Any]]] = {"track": self.tracks}
        self._seen = [
            row for row in view.reports.iter_rows(named=True)
            if not row["saw_nothing"] and row["lat_deg"] is not None
            and (view.time_utc - row["known_utc"]).total_seconds() <= rules.reports_within_s
        ]  # fmt: skip
        self.threats = [row for row in self.tracks if self._all(rules.threat, row)]
        self.held = {row["aerodrome_id"]: set(row["held"]) for row in self.subjects("aerodrome")}
        self.declared = {row["track_id"] for row in self.tracks if row["is_declared"]}

    def subjects(self, on: str) -> list[dict[str, Any]]:
        """Return what rules of one kind are asked of."""
        if on not in self._rows:
            self._rows[on] = getattr(self.view, f"{on}s").to_dicts()
        return self._rows[on]

    def holds(self, rule: Rule, row: Row) -> bool:
        """Tell whether all conditions of a rule hold of a subject."""
        return self._all(rule.if_, row)

    def _all(self, conditions: Mapping[str, Any], row: Row) -> bool:
        return all(_ASKS[key](self, row, wanted, conditions) for key, wanted in conditions.items())

    def threats_near(self, row: Row, radius_m: float) -> int:
        """Return how many threats are near an aerodrome or a warning, and note that there was one."""
        count = _near(self.threats, row, radius_m)
        if count:
            self._near[_name(row), radius_m] = self.view.time_utc
        return count

    def clear_s(self, row: Row, radius_m: float) -> float:
        """Return for how long no threat has been near [s]; since the start where there was none."""
        if self.threats_near(row, radius_m):
            return 0.0
        last = self._near.get((_name(row), radius_m))
        return self.view.time_s if last is None else (self.view.time_utc - last).total_seconds()

    def reports_near(self, row: Row) -> int:
        """Return how many reports saw something near, lately."""
        return _near(self._seen, row, self.rules.reports_within_m)


_LEAST_M_PER_DEG = 110_570.0  # of latitude, at the equator, where it is shortest


def _name(row: Row) -> str:
    return str(row.get("warning_id") or row["aerodrome_id"])


def _near(rows: Sequence[Row], row: Row, radius_m: float) -> int:
    if not rows:
        return 0
    lat, lon = (np.array([one[key] for one in rows], dtype=np.float64) for key in ("lat_deg", "lon_deg"))
    is_here = np.abs(lat - row["lat_deg"]) * _LEAST_M_PER_DEG <= radius_m  # most are far off: no geodesic is needed
    if not is_here.any():
        return 0
    away_m = geodesy.distance_m(lat[is_here], lon[is_here], row["lat_deg"], row["lon_deg"])
    return int(np.count_nonzero(away_m <= radius_m))


# ---------------------------------------------------------------- what conditions ask

Ask = Callable[[_Air, Row, Any, Mapping[str, Any]], bool]


def _least(column: str) -> Ask:
    return lambda _, row, wanted, __: row[column] is not None and row[column] >= wanted


def _most(column: str, *, unknown: bool = False) -> Ask:
    return lambda _, row, wanted, __: unknown if row[column] is None else row[column] <= wanted


def _flag(column: str) -> Ask:
    return lambda _, row, wanted, __: bool(row[column]) is wanted


def _among(column: str) -> Ask:
    return lambda _, row, wanted, __: (row[column] or UNCLASSIFIED) in wanted


def _radius_m(conditions: Mapping[str, Any], row: Row) -> float:
    return float(conditions.get("threats_within_m", row.get("radius_m") or AREA_M))


_ASKS: dict[str, Ask] = {
    "status": _among("status"),
    "labels": _among("label"),
    "states": _among("state"),
    "roles": _among("role"),
    "has_ident": lambda _, row, wanted, __: (row["ident"] is not None) is wanted,
    "is_declared": _flag("is_declared"),
    "is_open": _flag("is_open"),
    "saw_nothing": _flag("saw_nothing"),
    "is_answer": _flag("is_answer"),
    "is_silent": _flag("is_silent"),
    "existence_least": _least("existence"),
    "probability_inside_least": _least("probability_inside"),
    "probability_inside_most": _most("probability_inside"),
    "speed_least_mps": _least("speed_mps"),
    "speed_most_mps": _most("speed_mps"),
    "height_most_m": _most("height_hae_m", unknown=True),
    "begun_inside_most_m": _most("begun_distance_m"),
    "steady_least": _least("steadiness"),
    "aerodrome_most_m": _most("aerodrome_m"),
    "movements_least": _least("movements"),
    "shown_least_s": lambda air, row, wanted, _: (air.view.time_utc - row["begun_utc"]).total_seconds() >= wanted,
    "age_least_s": lambda air, row, wanted, _: (air.view.time_utc - row["issued_utc"]).total_seconds() >= wanted,
    "threats_least": lambda air, row, wanted, more: air.threats_near(row, _radius_m(more, row)) >= wanted,
    "threats_within_m": lambda *_: True,  # says how near the other two count
    "clear_least_s": lambda air, row, wanted, more: air.clear_s(row, _radius_m(more, row)) >= wanted,
    "reports_least": lambda air, row, wanted, _: air.reports_near(row) >= wanted,
}


# ---------------------------------------------------------------- what rules do


def _decision(rule: Rule, row: Row, name: str, air: _Air) -> Decision | None:
    """Return what a rule decides of a subject; None where it would change nothing."""
    rests = (f"rules:{rule.name}", *([f"{_TABLES[rule.on]}:{name}"] if rule.on in _TABLES else []))
    fields = {"rests_on": rests, **rule.fields}
    if rule.do == "recommend":
        return _recommended(fields, row, air)
    if rule.on == "track":
        return _of_track(rule.do, fields, row, name, air)
    if rule.do in ("widen_warning", "cancel_warning"):
        return Decision(rule.do, warning_id=name, **fields)
    if rule.do in ("warn", "ask"):
        return _there(rule.do, fields, row)
    return Decision(rule.do, **fields)


def _of_track(do: str, fields: dict[str, Any], row: Row, name: str, air: _Air) -> Decision | None:
    track = row["track_id"]
    if do in ("declare_breach", "revoke_breach"):
        if (track in air.declared) is (do == "declare_breach") or row["zone_id"] is None:
            return None
        (air.declared.add if do == "declare_breach" else air.declared.discard)(track)
    if do == "drop" and track in air.declared:
        return None
    return None if do == "ask" and "place_id" not in fields else Decision(do, track_id=name, **fields)


def _recommended(fields: dict[str, Any], row: Row, air: _Air) -> Decision | None:
    place = fields.pop("place_id", None) or row.get("aerodrome_id")
    if place is None or place not in air.held:
        return None
    measure, part = fields["measure"], fields.get("part")
    key = f"{measure}:{part}" if part else measure
    if measure == "resume":
        if not air.held[place]:
            return None
        air.held[place] = {one for one in air.held[place] if part and one != f"restrict:{part}"}
    elif key in air.held[place] and measure != "inform_traffic":
        return None
    else:
        air.held[place].add(key)
    return Decision("recommend", place_id=place, **fields)


def _there(do: str, fields: dict[str, Any], row: Row) -> Decision | None:
    """Return a warning at the subject's place, or a question about it."""
    lat, lon = row.get("lat_deg"), row.get("lon_deg")
    if lat is None or lon is None:
        return None
    if do == "ask" and "place_id" not in fields:
        fields["place_id"] = row.get("aerodrome_id") or row.get("report_id") or row.get("sensor_id")
    return Decision(do, lat_deg=lat, lon_deg=lon, **fields)
