"""Which occasion a find or a sighting belongs to that names none: by its time, and by the place that it names.

one own occasion, no other story ─▶ that one       several ─▶ the one in whose time it lies, at the place that it names
one own, and another story       ─▶ that one, but the other story where its place and its time both say so
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from hotwash.course.dossier import say_list
from hotwash.course.occasions import NEAR_MIN, span_of
from hotwash.course.tellings import Row, minutes

_WORD = re.compile(r"\w+")
_LEAST_NAME = 3  # letters: a subject called "A" is no place in "A field"


@dataclass(frozen=True, slots=True)
class _Site:
    """One occasion as finds and sightings are held against it.

    names     how its subject may be named, each as a run of folded words: the code and the name of an aerodrome
    low, high its bounds [min]; None where it has no times of its own
    """

    occasion: str
    subject: str
    names: tuple[tuple[str, ...], ...]
    low: float | None
    high: float | None
    is_related: bool

    def overlaps(self, first: float, last: float, margin: float) -> bool:
        if self.low is None or self.high is None:
            return False
        return first - margin <= self.high and last + margin >= self.low


def place_looks(
    rows: pl.DataFrame, occasions: pl.DataFrame, aerodromes: pl.DataFrame, *, table: str
) -> tuple[pl.DataFrame, list[Row]]:
    """Return finds or sightings with the occasion of their time and place, where there are several, and remarks.

    rows         FINDS or SIGHTINGS; those that name an occasion keep it
    occasions    OCCASIONS
    aerodromes   AERODROMES of the bundle, for their names
    table        "finds" or "sightings"

    A sighting belongs to an occasion two hours before and after it too, as what events tell does; a find, which may be
    made days later, only within it. A place that names the subject of some occasion is none of another subject's. Time
    alone takes nothing out of an incident with one occasion: a find of it may be made while something else happens.
    """
    known = occasions.to_dicts()
    sites, own = _sites(known, aerodromes), [row for row in known if not row["is_related"]]
    if len(known) < 2 or not rows.height:
        return rows, []
    name, prefix, near_min = ("find_id", "found_", 0.0) if table == "finds" else ("sighting_id", "", NEAR_MIN)
    taken: list[str | None] = []
    left: dict[str, list[str]] = {}
    for row in rows.iter_rows(named=True):
        bounds = (minutes(row[f"{prefix}utc_low"]), minutes(row[f"{prefix}utc_high"]))
        fits = _fitting(row["place"], *bounds, sites, near_min=near_min)
        occasion = row["occasion_id"] or (fits[0].occasion if len(fits) == 1 else "")
        if len(own) < 2 and not row["occasion_id"]:
            other = fits[0] if len(fits) == 1 and fits[0].is_related else None
            is_there = other is not None and _names_subject(row["place"], other)
            occasion = occasion if is_there else ""
            if other is not None:
                left.setdefault(f"{'taken' if is_there else 'near'} {other.occasion}", []).append(row[name])
        elif not occasion:
            left.setdefault("", []).append(row[name])
        taken.append(occasion or None)
    placed = rows.with_columns(occasion_id=pl.Series(taken, dtype=pl.String))
    return placed, list(_remarks(table, left))


def _sites(occasions: Sequence[Row], aerodromes: pl.DataFrame) -> list[_Site]:
    named: Mapping[str, str] = dict(aerodromes.select("aerodrome_id", "name").iter_rows())
    sites = []
    for row in occasions:
        subject, (low, high) = row["subject_id"] or "", span_of(row) or (None, None)
        called = [name for name in (subject, named.get(subject) or "") if len(name) >= _LEAST_NAME]
        names = tuple(words for name in called if (words := _words(name)))
        sites.append(_Site(str(row["occasion_id"]), subject, names, low, high, bool(row["is_related"])))
    return sites


def _words(text: str | None) -> tuple[str, ...]:
    return tuple(_WORD.findall((text or "").casefold()))


def _names_subject(place: str | None, site: _Site) -> bool:
    """Tell whether a place names the subject of an occasion: "2 km north of EDDV" names EDDV."""
    words = _words(place)
    return any(
        words[start : start + len(name)] == name for name in site.names for start in range(len(words) - len(name) + 1)
    )


def _fitting(
    place: str | None, low: float | None, high: float | None, sites: Sequence[_Site], *, near_min: float
) -> list[_Site]:
    """Return the occasions that a row may belong to: those that it overlaps, else those that it is near to.

    low, high   bounds [min]; where one is open, the other is the time
    near_min    how far before and after an occasion still belongs to it [min]
    """
    first, last = (low if low is not None else high), (high if high is not None else low)
    if first is None or last is None:
        return []
    named = {site.subject for site in sites if _names_subject(place, site)}
    there = [site for site in sites if not named or not site.subject or site.subject in named]
    over, near = ([site for site in there if site.overlaps(first, last, margin)] for margin in (0.0, near_min))
    return over or near


def _remarks(table: str, left: Mapping[str, Sequence[str]]) -> Iterator[Row]:
    """Yield a remark for each sort of rows whose occasion was taken, or cannot be told."""
    for key, found in left.items():
        names = list(dict.fromkeys(found))
        how, _, occasion = key.partition(" ")
        kind, one, many = _SAID[how]
        yield {
            "kind": kind,
            "table": table,
            "row_id": names[0],
            "column": "occasion_id",
            "text": f"{say_list(names)} {(one if len(names) == 1 else many).format(occasion)}",
            "advice": _ADVICE,
            "rows": [f"{table}:{name}" for name in names[1:]] or None,
        }


_ADVICE = "Name the occasion in occasion_id, or declare one of its own; of another story, one with is_related."
_SAID = {
    "": (
        "no_occasion",
        "belongs to no occasion, though there are several: it enters no question that asks about one.",
        "belong to no occasion, though there are several: they enter no question that asks about one.",
    ),
    "taken": (
        "occasion_taken",
        "is of {} by time and place, which is another story: it enters no answer.",
        "are of {} by time and place, which is another story: they enter no answer.",
    ),
    "near": (
        "ambiguous_occasion",
        "lies in the time of {} alone, which is another story. No place says so: it counts as one of this incident.",
        "lie in the time of {} alone, which is another story. No place says so: they count as of this incident.",
    ),
}
