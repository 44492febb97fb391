"""An incident that may leave: persons, private addresses and exact private places taken out before it is weighed.

Redaction works on the bundle, not on the page: a distance to three origins would tell an exact position again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace

import polars as pl

from hotwash.model.incident import Bundle
from hotwash.model.schema import TEXT, TEXTS

REMOVED = "[removed]"
_GRID_DEG = 0.1  # private places move to the middle of a cell of about 7 by 11 km …
_GRID_SIGMA_KM = 4.0  # … whose half-diagonals are 6 km: the spread of a position somewhere in it

_ADDRESSES = (
    re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    re.compile(r"(?<![\w+.:-])\+?\d(?:[ -]?\d){8,11}(?![\w.:-])"),
    re.compile(r"\b(?:ul|al|os|pl|вул|ул)\.\s*[\w .'-]{2,40}?\s\d+\w?(?:/\d+)?", re.IGNORECASE),
    re.compile(r"\b\d{1,4}\s(?:[A-Z][\w'-]+\s){1,3}(?:Street|Road|Avenue|Lane|Drive|Close|Court|Way)\b"),
)
_KEEP = {"source_id", "supersedes", "derived_from", "url"}


def redact(bundle: Bundle) -> tuple[Bundle, list[str]]:
    """Return the bundle without persons, private addresses and exact private places, and what was removed.

    A person is a `person` of a claim: the name is replaced by the function that `said_by` gives, or the role,
    wherever it stands as a whole word. Addresses are e-mail addresses, telephone numbers and street addresses in
    free text. A private place (`is_private_place`, or a sighting by a resident) moves to the middle of a 0.1° cell
    with the sigma to match.
    Rejected rows and repairs are emptied, since nobody has checked them.
    """
    names = _names(bundle.claims)
    seen: dict[str, int] = {}

    def clean(frame: pl.DataFrame) -> pl.DataFrame:
        return _cleaned(frame, names, seen)

    finds, moved = _moved(bundle.finds, pl.col("is_private_place").fill_null(pl.lit(value=False)))
    is_resident = pl.col("role").str.to_lowercase().str.contains("resident|public|private|witness")
    sightings, watched = _moved(bundle.sightings, is_resident)
    recording = replace(
        bundle.recording,
        sources=clean(_without_names_in_links(bundle.recording.sources, names, seen)),
        events=clean(bundle.recording.events),
    )
    redacted = replace(
        bundle,
        recording=recording,
        questions=clean(bundle.questions),
        claims=clean(bundle.claims).with_columns(person=pl.lit(None, dtype=pl.String)),
        finds=clean(finds),
        sightings=clean(sightings).with_columns(said_by=pl.lit(None, dtype=pl.String)),
        origins=clean(bundle.origins),
        assumptions=clean(bundle.assumptions),
        rejects=bundle.rejects.with_columns(value=pl.lit(REMOVED), row=pl.lit(REMOVED)),
        repairs=bundle.repairs.with_columns(raw=pl.lit(REMOVED), mended=pl.lit(REMOVED)),
    )
    removed = [f"{what}: {count} place{'s' if count != 1 else ''}" for what, count in sorted(seen.items())]
    removed += [f"exact position of find {name}" for name in moved]
    removed += [f"exact position of the observer of sighting {name}" for name in watched]
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
        word = word if person not in word else role or "a person"
        used = set(found.values()) - {found.get(person, "")}
        numbered = (f"{word} {number}" for number in range(2, len(rows) + 2))
        found.setdefault(person, word if word not in used else next(name for name in numbered if name not in used))
    return found


def _cleaned(frame: pl.DataFrame, names: Mapping[str, str], seen: dict[str, int]) -> pl.DataFrame:
    wash = _washer(names, seen)
    columns = []
    for name, dtype in frame.schema.items():
        if name in _KEEP and name != "derived_from":
            continue
        if dtype == TEXT:
            columns.append(pl.Series(name, [wash(cell) for cell in frame[name].to_list()], dtype=TEXT))
        elif dtype == TEXTS:
            cells = frame[name].to_list()
            columns.append(pl.Series(name, [_each(cell, wash) for cell in cells], dtype=TEXTS))
    return frame.with_columns(columns)


def _each(cell: list[str] | None, wash: Callable[[str | None], str | None]) -> list[str | None] | None:
    return None if cell is None else [wash(part) for part in cell]


def _washer(names: Mapping[str, str], seen: dict[str, int]) -> Callable[[str | None], str | None]:
    """Return a function that takes names and addresses out of a text and counts what it took."""
    longest_first = sorted(names, key=len, reverse=True)
    patterns = [(re.compile(_bracketed(name)), re.compile(_whole(name)), names[name]) for name in longest_first]

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
            cell = counted(what, bare.subn(role, cell))
        for pattern in _ADDRESSES:
            cell = counted("private addresses and numbers", pattern.subn(REMOVED, cell))
        return cell

    return wash


def _bracketed(name: str) -> str:
    """Return a pattern for a bracket that holds the name: " (Gen. Nowak)"."""
    return rf"\s*\([^()]*{_whole(name)}[^()]*\)"


def _whole(name: str) -> str:
    return rf"(?<!\w){re.escape(name)}(?!\w)"


def _without_names_in_links(sources: pl.DataFrame, names: Mapping[str, str], seen: dict[str, int]) -> pl.DataFrame:
    """Return the sources with every link cut to its site where the address spells a person's name."""
    folded = [_folded(name) for name in names]

    def cut(link: str | None) -> str | None:
        if link is None or not any(part and part in _folded(link) for part in folded):
            return link
        seen["links that spell a name"] = seen.get("links that spell a name", 0) + 1
        site = re.match(r"https?://[^/]+/", link)
        return site[0] if site else None

    return sources.with_columns(pl.Series("url", [cut(link) for link in sources["url"].to_list()], dtype=TEXT))


def _folded(text: str) -> str:
    """Return a text in small letters without marks: "Kukuła" is "kukula", as addresses spell it."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l"))
    return "".join(char for char in plain if not unicodedata.combining(char))


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
