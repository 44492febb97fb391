"""What a template left to be filled in, and nobody has: "TITLE: drone reports at AIRPORT, DATE", aerodrome ZZZZ."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hotwash.course.dossier import Dossier, remark, say_list

Remark = dict[str, object]

NO_AERODROME = "ZZZZ"  # what flight plans write for a place without an indicator, and templates for one to be named
_WORDS = ("TITLE", "AIRPORT", "COUNTRY", "DATE")
_MOST = 1000  # every place is named: a template has a dozen


def find_stand_ins(dossier: Dossier) -> Iterator[Remark]:
    """Yield one remark on all that a template left to be filled in, each with its place."""
    found = [*_in_title(dossier.bundle.brief.title), *_in_places(dossier)]
    if found:
        text = f"incident.toml is not filled in: {say_list(found, most=_MOST)}."
        advice = "Replace each by what it stands for; leave out questions and intervals that nobody asks about."
        yield remark(
            "stand_in", ("incident.toml", "title" if found[0].endswith("title") else "questions"), text, advice
        )


def _in_title(title: str) -> Iterator[str]:
    words = [] if title.isupper() else re.findall(r"\w+", title)
    return (f"{word} in title" for word in _WORDS if word in words)


def _in_places(dossier: Dossier) -> Iterator[str]:
    """Yield where ZZZZ stands for an aerodrome; not where the bundle has a place of that name."""
    bundle = dossier.bundle
    if NO_AERODROME in bundle.aerodromes["aerodrome_id"]:
        return
    if NO_AERODROME in bundle.brief.aerodromes:
        yield f"{NO_AERODROME} in aerodromes"
    for row in bundle.questions.iter_rows(named=True):
        if any(NO_AERODROME in (row[name] or "").split() for name in ("subject_id", "event_subject_id")):
            yield f"{NO_AERODROME} in question {row['question_id']}"
    for one in bundle.brief.intervals:
        if NO_AERODROME in (one.from_subject, one.to_subject, *one.name.split()):
            yield f"{NO_AERODROME} in interval “{one.name}”"


def find_unlisted_aerodromes(dossier: Dossier) -> Iterator[Remark]:
    """Yield a remark for each aerodrome that no list has, and whose place the bundle's own zones give."""
    for row in dossier.bundle.aerodromes.iter_rows(named=True):
        if row["country"] is None and row["zone"] is None:  # every listed one has both
            name = row["aerodrome_id"]
            text = (
                f"{name} is in no list of aerodromes: its place is the middle of its zone in zones.geojson, "
                f"{row['lat_deg']:.3f} N {row['lon_deg']:.3f} E."
            )
            advice = "Nothing to do if it is a strip, a heliport or an invented place; otherwise correct the code."
            yield remark("aerodrome_unlisted", ("incident.toml", "aerodromes"), text, advice)
