"""How an authority files the occurrence, as the facts of the page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from hotwash.model.occurrence import OF_AIRCRAFT, OF_OCCURRENCE, AircraftInvolved, Occurrence, Value, texts_of
from hotwash.report import clock
from hotwash.report.page_table import Fact


def filing_facts(occurrence: Occurrence) -> Iterator[Fact]:
    """Yield what the block [occurrence] states, in the order of Annex I; the headline leads the page already."""
    for one in OF_OCCURRENCE:
        text = _say(getattr(occurrence, one.key))
        if text and one.key != "headline":
            yield Fact(one.title, text)
    for number, craft in enumerate(occurrence.aircraft, start=1):
        yield Fact(f"Aircraft {number}", _say_aircraft(craft))


def _say_aircraft(craft: AircraftInvolved) -> str:
    parts = [f"{one.title.lower()} {text}" for one in OF_AIRCRAFT if (text := _say(getattr(craft, one.key)))]
    return "; ".join(parts) or "nothing stated"


def _say(value: Value) -> str:
    if isinstance(value, date):
        return clock.day(datetime(*value.timetuple()[:3]))  # noqa: DTZ001
    return "; ".join(texts_of(value))
