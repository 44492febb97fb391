"""What a watch seat has decided so far, and which further decisions can be taken: refused before anything moves.

InForce ─apply_decisions─▶ InForce, the decisions as they are recorded      or CommandError, and nothing changed
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from hotwash.errors import CommandError
from hotwash.model.words import TRAFFIC_MEASURES, WATCH_CLASSES, suggest
from hotwash.watch.seat import Decision

MOST_RADIUS_M = 500_000.0  # a warning for more than this is one for the whole country: it has no circle
MOST_TEXT = 2_000  # characters
Position = tuple[float, float]


@dataclass(frozen=True, slots=True)
class PublicWarning:
    """One public warning in force."""

    issued_utc: datetime
    lat_deg: float
    lon_deg: float
    radius_m: float


@dataclass(slots=True)
class InForce:
    """What is in force of all that the seat decided.

    labels     class by track
    declared   track and zone of each breach declared and not revoked
    merged     track that is hidden → the track that it is the same object as
    dropped    tracks taken out of the picture
    measures   by place: each measure in force with the part that it is for, None the whole
    warnings   those in force by name; names: all that were ever used
    """

    labels: dict[str, str] = field(default_factory=dict)
    declared: set[tuple[str, str]] = field(default_factory=set)
    merged: dict[str, str] = field(default_factory=dict)
    dropped: set[str] = field(default_factory=set)
    measures: dict[str, dict[tuple[str, str | None], datetime]] = field(default_factory=dict)
    warnings: dict[str, PublicWarning] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)

    def copy(self) -> InForce:
        """Return one of its own, equal to this."""
        measures = {place: dict(in_force) for place, in_force in self.measures.items()}
        return InForce(
            dict(self.labels), set(self.declared), dict(self.merged), set(self.dropped), measures,
            dict(self.warnings), set(self.names),
        )  # fmt: skip

    @property
    def hidden(self) -> set[str]:
        """The tracks that are no longer shown."""
        return self.dropped | set(self.merged)


@dataclass(frozen=True, slots=True)
class SeatKnowledge:
    """What the seat can speak of.

    tracks      last position of each track that was ever shown
    zones       names of zones, the one that breaches are declared of first
    aerodromes, sensors, observers   position by name, None where nobody says
    """

    tracks: Mapping[str, Position]
    zones: Sequence[str]
    aerodromes: Mapping[str, Position | None]
    sensors: Mapping[str, Position | None]
    observers: Mapping[str, Position | None]
    now_utc: datetime


def apply_decisions(
    in_force: InForce, decisions: Sequence[Decision], known: SeatKnowledge
) -> tuple[InForce, tuple[Decision, ...]]:
    """Return what is in force after some decisions, and these as they are recorded, defaults filled in.

    raises   CommandError for the first that cannot be, with its place among them; `in_force` is as it was
    """
    after, recorded = in_force.copy(), []
    for at, one in enumerate(decisions):
        try:
            _check_text(one)
            recorded.append(_KINDS[one.kind](after, one, known))
        except CommandError as fault:
            place = f"decision {at + 1} of {len(decisions)}, {fault.place}" if len(decisions) > 1 else fault.place
            raise CommandError(fault.thing, place=place, why=fault.why) from None
    return after, tuple(recorded)


# ---------------------------------------------------------------- tracks


def _classify(in_force: InForce, one: Decision, known: SeatKnowledge) -> Decision:
    track = _track(one, in_force, known)
    in_force.labels[track] = _word(one, one.class_label, "class_label", WATCH_CLASSES)
    return one


def _merge(in_force: InForce, one: Decision, known: SeatKnowledge) -> Decision:
    track, other = _track(one, in_force, known), _track(one, in_force, known, name="other_track_id")
    if track == other:
        raise _refused(one, "other_track_id", f"track {track} cannot be merged with itself; name another")
    in_force.merged[other] = track
    for earlier, into in in_force.merged.items():  # what was merged into the hidden one follows it
        if into == other:
            in_force.merged[earlier] = track
    return one


def _split(in_force: InForce, one: Decision, known: SeatKnowledge) -> Decision:
    track = _track(one, in_force, known)
    other = one.other_track_id
    if other is None or in_force.merged.get(other) != track:
        there = [name for name, into in in_force.merged.items() if into == track]
        why = f"only what was merged into {track} can be parted off: {', '.join(there) or 'nothing was'}"
        raise _refused(one, f"other_track_id {other}", why)
    del in_force.merged[other]
    return one


def _drop(in_force: InForce, one: Decision, known: SeatKnowledge) -> Decision:
    track = _track(one, in_force, known)
    declared = [zone for name, zone in in_force.declared if name == track]
    if declared:
        raise _refused(one, f"track {track}", f"its breach of {declared[0]} is declared; revoke that first")
    in_force.dropped.add(track)
    return one


def _declare(in_force: InForce, one: Decision, known: SeatKnowledge) -> Decision:
    track, zone = _track(one, in_force, known), _zone(one, known)
    if (track, zone) in in_force.declared:
        why = f"its breach of {zone} is declared already; revoke it before it is declared again"
        raise _refused(one, f"track {track}", why)
    in_force.declared.add((track, zone))
    return replace(one, zone_id=zone)


def _revoke(in_force: InForce, one: Decision, known: SeatKnowledge) -> Decision:
    track, zone = _track(one, in_force, known, even_hidden=True), _zone(one, known)
    if (track, zone) not in in_force.declared:
        there = ", ".join(sorted(name for name, _ in in_force.declared)) or "none"
        raise _refused(one, f"track {track}", f"no breach of {zone} is declared of it; declared are {there}")
    in_force.declared.discard((track, zone))
    return replace(one, zone_id=zone)


# ---------------------------------------------------------------- traffic


def _recommend(in_force: InForce, one: Decision, known: SeatKnowledge) -> Decision:
    place = _place(one, [*known.aerodromes, *known.zones])
    measure = _word(one, one.measure, "measure", TRAFFIC_MEASURES)
    here = in_force.measures.get(place, {})
    if measure == "resume":
        return _resume(in_force, one, place)
    if one.part is not None and measure != "restrict":
        why = f"only restrict takes a part; {measure} is for the whole of {place}"
        raise _refused(one, f"part {one.part}", why)
    if (measure, one.part) in here and measure != "inform_traffic":
        since = f"{here[measure, one.part]:%H:%M:%S}"
        raise _refused(one, f"place {place}", f"{measure} is in force there since {since}; resume ends it")
    in_force.measures.setdefault(place, {})[measure, one.part] = known.now_utc
    return one


def _resume(in_force: InForce, one: Decision, place: str) -> Decision:
    here = in_force.measures.get(place, {})
    ended = [key for key in here if one.part is None or key == ("restrict", one.part)]
    if not ended:
        of = f"part {one.part} of {place}" if one.part else place
        places = ", ".join(sorted(name for name, there in in_force.measures.items() if there)) or "nowhere"
        raise _refused(one, f"place {place}", f"nothing is held at {of}; measures are in force: {places}")
    for key in ended:
        del here[key]
    return one


# ---------------------------------------------------------------- warnings


def _warn(in_force: InForce, one: Decision, known: SeatKnowledge) -> Decision:
    name = one.warning_id or f"W{len(in_force.names) + 1}"
    if name in in_force.names:
        raise _refused(one, f"warning {name}", "that name was used already; widen that warning, or name another")
    lat, lon = _position(one, known, default=None)
    radius = _radius_m(one)
    in_force.warnings[name] = PublicWarning(known.now_utc, lat, lon, radius)
    in_force.names.add(name)
    return replace(one, warning_id=name, lat_deg=lat, lon_deg=lon)


def _widen(in_force: InForce, one: Decision, known: SeatKnowledge) -> Decision:
    name = _warning(in_force, one)
    before = in_force.warnings[name]
    lat, lon = _position(one, known, default=(before.lat_deg, before.lon_deg))
    radius = _radius_m(one)
    if radius <= before.radius_m:
        why = f"it has {before.radius_m:g} m already; give more, or cancel it and issue a smaller one"
        raise _refused(one, f"radius_m {radius:g}", why)
    in_force.warnings[name] = replace(before, lat_deg=lat, lon_deg=lon, radius_m=radius)
    return replace(one, lat_deg=lat, lon_deg=lon)


def _cancel(in_force: InForce, one: Decision, known: SeatKnowledge) -> Decision:
    del in_force.warnings[_warning(in_force, one)]
    return one


# ---------------------------------------------------------------- asking and noting


def _ask(in_force: InForce, one: Decision, known: SeatKnowledge) -> Decision:
    whom = {**known.aerodromes, **known.observers, **known.sensors}
    place = _place(one, list(whom))
    lat, lon = _position(one, known, default=whom[place])
    radius = None if one.radius_m is None else _radius_m(one)
    return replace(one, lat_deg=lat, lon_deg=lon, radius_m=radius)


def _log(in_force: InForce, one: Decision, known: SeatKnowledge) -> Decision:
    if not (one.text or "").strip():
        raise _refused(one, "text", "a note wants words")
    return one


_KINDS: dict[str, Callable[[InForce, Decision, SeatKnowledge], Decision]] = {
    "classify": _classify,
    "merge": _merge,
    "split": _split,
    "drop": _drop,
    "declare_breach": _declare,
    "revoke_breach": _revoke,
    "recommend": _recommend,
    "warn": _warn,
    "widen_warning": _widen,
    "cancel_warning": _cancel,
    "ask": _ask,
    "log": _log,
}


# ---------------------------------------------------------------- what all of them ask


def _refused(one: Decision, place: str, why: str) -> CommandError:
    return CommandError(one.kind, place=place, why=why)


def _suggest(word: str, known: Collection[str]) -> str:
    return suggest(word, known, cutoff=0.6, most=20)


def _track(
    one: Decision, in_force: InForce, known: SeatKnowledge, *, name: str = "track_id", even_hidden: bool = False
) -> str:
    track: str | None = getattr(one, name)
    if track is None:
        raise _refused(one, name, "which track? Give its number as the picture shows it")
    if track not in known.tracks:
        raise _refused(one, f"{name} {track}", f"no such track was shown; {_suggest(track, known.tracks)}")
    if even_hidden:
        return track
    if track in in_force.dropped:
        raise _refused(one, f"{name} {track}", "you dropped it; if it is there, the tracker will number it anew")
    if track in in_force.merged:
        why = f"you merged it into {in_force.merged[track]}; speak of that one, or split it off"
        raise _refused(one, f"{name} {track}", why)
    return track


def _zone(one: Decision, known: SeatKnowledge) -> str:
    if one.zone_id is None and known.zones:
        return known.zones[0]
    if one.zone_id is None or one.zone_id not in known.zones:
        raise _refused(one, f"zone_id {one.zone_id}", f"no such zone; {_suggest(one.zone_id or '', known.zones)}")
    return one.zone_id


def _place(one: Decision, there: Sequence[str]) -> str:
    if one.place_id is None or one.place_id not in there:
        raise _refused(one, f"place_id {one.place_id}", f"no such place; {_suggest(one.place_id or '', there)}")
    return one.place_id


def _warning(in_force: InForce, one: Decision) -> str:
    if one.warning_id is None or one.warning_id not in in_force.warnings:
        there = ", ".join(in_force.warnings) or "none"
        raise _refused(one, f"warning_id {one.warning_id}", f"no such warning is in force; there are {there}")
    return one.warning_id


def _word(one: Decision, word: str | None, name: str, known: Sequence[str]) -> str:
    if word is None or word not in known:
        raise _refused(one, f"{name} {word}", f"no such word; there are {', '.join(known)}")
    return word


def _radius_m(one: Decision) -> float:
    radius = one.radius_m
    if radius is None or not 0.0 < radius <= MOST_RADIUS_M:  # NaN fails both
        why = f"a radius lies above 0 and goes up to {MOST_RADIUS_M:g} m"
        raise _refused(one, f"radius_m {radius}", why)
    return radius


def _position(one: Decision, known: SeatKnowledge, *, default: Position | None) -> Position:
    """Return the place given, else that of the track given, else the default."""
    lat, lon = one.lat_deg, one.lon_deg
    if lat is None and lon is None:
        if one.track_id is not None and one.track_id not in known.tracks:
            raise _refused(one, f"track_id {one.track_id}", f"no such track; {_suggest(one.track_id, known.tracks)}")
        found = known.tracks[one.track_id] if one.track_id is not None else default
        if found is None:
            raise _refused(one, "lat_deg, lon_deg", "where? Give latitude and longitude, or a track")
        return found
    if lat is None or lon is None or not (abs(lat) <= 90.0 and abs(lon) <= 180.0):
        raise _refused(one, f"lat_deg {lat}, lon_deg {lon}", "no place on earth; give both, in degrees")
    return lat, lon


def _check_text(one: Decision) -> None:
    for name in ("text", "part", "warning_id"):
        value: str | None = getattr(one, name)
        if value is not None and len(value) > MOST_TEXT:
            raise _refused(one, name, f"it has {len(value):,} characters; cut it to {MOST_TEXT:,}")
    for name in ("lat_deg", "lon_deg", "radius_m"):
        number: float | None = getattr(one, name)
        if number is not None and not math.isfinite(number):
            raise _refused(one, f"{name} {number}", "it is no finite number")
