"""An incident that may leave: persons, private addresses and exact private places taken out before it is weighed.

Redaction works on the bundle, not on the page: a distance to three origins would tell an exact position again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar
from urllib.parse import unquote

import polars as pl

from hotwash.geo.names import fold
from hotwash.model.incident import Brief, Bundle
from hotwash.model.occurrence import OF_AIRCRAFT, OF_OCCURRENCE, UNKNOWN, AircraftInvolved, Occurrence, OccurrenceField
from hotwash.model.schema import TEXT, TEXTS

Block = TypeVar("Block", Occurrence, AircraftInvolved)

REMOVED = "[removed]"
_QUOTING = ("value", "row", "reason", "advice")  # a reason may quote what stood there
_GRID_DEG = 0.1  # private places move to the middle of a cell of about 7 by 11 km …
_GRID_SIGMA_KM = 4.0  # … whose half-diagonals are 6 km: the spread of a position somewhere in it

_DATE = r"(?:(?:19|20)\d\d[ -]?(?:0[1-9]|1[0-2])[ -]?(?:0[1-9]|[12]\d|3[01])"
_DATE += r"|(?:0[1-9]|[12]\d|3[01])-(?:0[1-9]|1[0-2])-(?:19|20)\d\d)"
_ADDRESSES = (
    re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    # A telephone number: 9 to 13 digits, in groups or not, that do not begin as a date does.
    re.compile(rf"(?<![\w+.:,/-])(?!{_DATE})(?:\+|\(\+?)?\d(?:\)?[ -]?\(?\d){{8,12}}(?!\w|[.,:/-]\d)"),
    re.compile(r"(?<!et )\b(?:ul|al|os|pl|вул|ул)\.\s*[\w .'-]{2,40}?\s\d+\w?(?:/\d+)?", re.IGNORECASE),
    re.compile(r"\b\d{1,4}\s(?:[A-Z][\w'-]+\s){1,3}(?:Street|Road|Avenue|Lane|Drive|Close|Court|Way)\b"),
)
# Names stand in them too, telephone numbers do not.
_IDS = {"source_id", "supersedes", "excludes", "parts", "led_to", "derived_from", "subject_id"}
_SHORTEST_SURNAME = 4  # "Li" is a word too often; a shorter one is replaced only where the whole name stands


def redact(bundle: Bundle) -> tuple[Bundle, list[str]]:
    """Return the bundle without persons, private addresses and exact private places, and what was removed.

    A person is a `person` of a claim: the whole name, and its last word alone, give way to the function that
    `said_by` names, or to the role, wherever they stand as whole words, as written or in capitals, in ids too.
    Addresses are e-mail addresses, telephone numbers and street addresses in free text. A private place (a find
    with `is_private_place` in any of its rows, or a sighting by a resident) moves to the middle of a 0.1° cell
    with the sigma to match; an event at one loses its position. Who reported a sighting is cut, and so are the
    registration, serial number, call sign and operator of an aircraft in the block [occurrence]. Rejected rows
    and repairs are emptied, since nobody has checked them.

    It does not catch a name that is inflected ("Kowalskiego") or spelled otherwise, a person whom no claim names in
    `person`, a position written in free text, or the name of a place.
    """
    names = _names(bundle.claims)
    seen: dict[str, int] = {}

    def clean(frame: pl.DataFrame) -> pl.DataFrame:
        return _cleaned(frame, names, seen)

    private = bundle.finds.filter(pl.col("is_private_place"))["find_id"].unique().implode()
    finds, moved = _moved(bundle.finds, pl.col("find_id").is_in(private))
    events, unplaced = _unplaced(
        bundle.recording.events, pl.col("subject_id").is_in(private).fill_null(pl.lit(value=False))
    )
    is_resident = pl.col("role").str.to_lowercase().str.contains("resident|public|private|witness")
    sightings, watched = _moved(bundle.sightings, is_resident)
    recording = replace(
        bundle.recording,
        sources=clean(_without_names_in_links(bundle.recording.sources, names, seen)),
        events=clean(events),
    )
    redacted = replace(
        bundle,
        brief=_washed(bundle.brief, _washer(names, seen), seen),
        recording=recording,
        questions=clean(bundle.questions),
        claims=clean(bundle.claims).with_columns(person=pl.lit(None, dtype=pl.String)),
        finds=clean(finds),
        occasions=clean(bundle.occasions),
        sightings=clean(sightings).with_columns(said_by=pl.lit(None, dtype=pl.String)),
        origins=clean(bundle.origins),
        assumptions=clean(bundle.assumptions),
        rejects=bundle.rejects.with_columns(pl.lit(REMOVED).alias(name) for name in _QUOTING),
        repairs=bundle.repairs.with_columns(raw=pl.lit(REMOVED), mended=pl.lit(REMOVED)),
    )
    removed = [f"{what}: {count} place{'s' if count != 1 else ''}" for what, count in sorted(seen.items())]
    removed += [f"exact position of find {name}" for name in moved]
    removed += [f"exact position of the observer of sighting {name}" for name in watched]
    removed += [f"position of event {name}" for name in unplaced]
    if bundle.sightings["said_by"].count():
        removed.append("who reported the sightings")
    if bundle.rejects.height or bundle.repairs.height:
        removed.append("the content of rejected rows and the raw text of repairs")
    return redacted, removed


def _names(claims: pl.DataFrame) -> dict[str, str]:
    """Return what stands in for each person: the function that said_by names, else the role; numbered where shared."""
    columns = ("person", "said_by", "role")
    rows = claims.filter(pl.col("person").is_not_null()).select(columns).unique(maintain_order=True).rows()
    found: dict[str, str] = {}
    for person, said_by, role in rows:
        word = re.sub(_bracketed(person), "", said_by).strip()
        word = role or "a person" if re.search(_whole_word_pattern(person), word) or not word else word
        used = set(found.values()) - {found.get(person, "")}
        numbered = (f"{word} {number}" for number in range(2, len(rows) + 2))
        found.setdefault(person, word if word not in used else next(name for name in numbered if name not in used))
    return found


def _cleaned(frame: pl.DataFrame, names: Mapping[str, str], seen: dict[str, int]) -> pl.DataFrame:
    free, named = _washer(names, seen), _washer(names, seen, addresses=())
    columns = []
    for name, dtype in frame.schema.items():
        if name == "url":
            continue
        wash = named if name in _IDS or name.endswith("_id") else free
        if dtype == TEXT:
            columns.append(pl.Series(name, [wash(cell) for cell in frame[name].to_list()], dtype=TEXT))
        elif dtype == TEXTS:
            cells = frame[name].to_list()
            columns.append(pl.Series(name, [_each(cell, wash) for cell in cells], dtype=TEXTS))
    return frame.with_columns(columns)


def _each(cell: list[str] | None, wash: Callable[[str | None], str | None]) -> list[str | None] | None:
    return None if cell is None else [wash(part) for part in cell]


def _washer(
    names: Mapping[str, str], seen: dict[str, int], *, addresses: Sequence[re.Pattern[str]] = _ADDRESSES
) -> Callable[[str | None], str | None]:
    """Return a function that takes names and addresses out of a text and counts what it took."""
    longest_first = sorted(names, key=len, reverse=True)
    patterns = [
        (re.compile(_bracketed(name)), re.compile(_whole_word_pattern(name)), names[name]) for name in longest_first
    ]

    def counted(what: str, found: tuple[str, int]) -> str:
        if found[1]:
            seen[what] = seen.get(what, 0) + found[1]
        return found[0]

    def wash(cell: str | None) -> str | None:
        if cell is None:
            return None
        for bracketed, bare, role in patterns:
            what = f"the name of a person ({role})"
            cell = counted(what, bracketed.subn("", cell))
            cell = counted(what, bare.subn(lambda _, role=role: role, cell))  # type: ignore[misc]
        for pattern in addresses:
            cell = counted("private addresses and numbers", pattern.subn(REMOVED, cell))
        return cell

    return wash


def _forms(name: str) -> str:
    """Return a pattern of a name and of its last word alone, as written or in capitals; longer ones first."""
    parts = name.split()
    forms = [name, *parts[-1:]] if len(parts) > 1 and len(parts[-1]) >= _SHORTEST_SURNAME else [name]
    spelled = dict.fromkeys(spelling for form in forms for spelling in (form, form.upper()))
    return "|".join(r"\s+".join(map(re.escape, form.split())) for form in spelled)


def _bracketed(name: str) -> str:
    """Return a pattern for a bracket that holds the name: " (Gen. Nowak)"."""
    return rf"\s*\([^()]*{_whole_word_pattern(name)}[^()]*\)"


def _whole_word_pattern(name: str) -> str:
    return rf"(?<!\w)(?:{_forms(name)})(?!\w)"


def _washed(brief: Brief, wash: Callable[[str | None], str | None], seen: dict[str, int]) -> Brief:
    """Return the brief with its texts washed; marking, times and the authority's file number stay."""

    def clean(text: str) -> str:
        return wash(text) or ""

    spans = [
        replace(
            span,
            name=clean(span.name),
            from_subject=clean(span.from_subject),
            to_subject=clean(span.to_subject),
            occasion_id=clean(span.occasion_id),
            from_occasion_id=clean(span.from_occasion_id),
            to_occasion_id=clean(span.to_occasion_id),
        )
        for span in brief.intervals
    ]
    headline = tuple(clean(name) for name in brief.headline)
    occurrence = _without_identity(brief.occurrence, OF_OCCURRENCE, clean, seen)
    aircraft = tuple(_without_identity(one, OF_AIRCRAFT, clean, seen) for one in brief.occurrence.aircraft)
    occurrence = replace(occurrence, aircraft=aircraft)
    return replace(brief, title=clean(brief.title), occurrence=occurrence, intervals=tuple(spans), headline=headline)


def _without_identity(
    block: Block, declared: Sequence[OccurrenceField], clean: Callable[[str], str], seen: dict[str, int]
) -> Block:
    """Return a block with its texts washed, and without what names an aircraft or its operator."""
    changes: dict[str, Any] = {}
    for one in declared:
        value = getattr(block, one.key)
        if one.redaction == "remove" and value not in ("", UNKNOWN):
            changes[one.key] = REMOVED
            what = f"the {one.title.lower()} of an aircraft"
            seen[what] = seen.get(what, 0) + 1
        elif one.redaction == "wash" and isinstance(value, str | tuple):
            changes[one.key] = clean(value) if isinstance(value, str) else tuple(map(clean, value))
    return replace(block, **changes)


def _without_names_in_links(sources: pl.DataFrame, names: Mapping[str, str], seen: dict[str, int]) -> pl.DataFrame:
    """Return the sources with every link cut to its site where the address spells a person's name."""
    folded = {fold(part) for name in names for part in (name, name.split()[-1]) if len(part) >= _SHORTEST_SURNAME}

    def cut(link: str | None) -> str | None:
        if link is None or not any(part in fold(unquote(link)) for part in folded):
            return link
        seen["links that spell a name"] = seen.get("links that spell a name", 0) + 1
        site = re.match(r"https?://[^/]+/", link)
        return site[0] if site else None

    return sources.with_columns(pl.Series("url", [cut(link) for link in sources["url"].to_list()], dtype=TEXT))


def _unplaced(events: pl.DataFrame, is_private: pl.Expr) -> tuple[pl.DataFrame, list[str]]:
    """Return the events, without the positions of those that happened to a private place, and which had one."""
    names = events.filter(is_private & pl.col("lat_deg").is_not_null())["event_id"].to_list()
    return events.with_columns(
        pl.when(~is_private).then(pl.col(name)).alias(name) for name in ("lat_deg", "lon_deg", "radius_m")
    ), names


def _moved(frame: pl.DataFrame, is_private: pl.Expr) -> tuple[pl.DataFrame, list[str]]:
    """Return the rows with private positions moved to the middle of their cell, and the names of those moved."""
    is_moved = is_private & pl.col("lat_deg").is_not_null()
    names = frame.filter(is_moved)[frame.columns[0]].unique(maintain_order=True).to_list()

    def middle(name: str) -> pl.Expr:
        return ((pl.col(name) / _GRID_DEG).floor() + 0.5) * _GRID_DEG

    sigma = (pl.col("sigma_position_km").fill_null(0.0).pow(2) + _GRID_SIGMA_KM**2).sqrt()
    changes = {
        "lat_deg": middle("lat_deg").round(2),
        "lon_deg": middle("lon_deg").round(2),
        "sigma_position_km": sigma.round(1),
    }
    return frame.with_columns(
        [pl.when(is_moved).then(change).otherwise(pl.col(name)).alias(name) for name, change in changes.items()]
    ), names
