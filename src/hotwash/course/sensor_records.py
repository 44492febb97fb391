"""What a sensor recorded, told as a number: that it marked nothing is no count of what was there.

radar: 0 drones ─▶ "the radar marked nothing": no number of drones, and no proof that there was none
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hotwash.course.dossier import Dossier, DossierRow, remark
from hotwash.model.questions import CountUnit

Row = Mapping[str, Any]

OBJECTS = ("drones", "airframes", "crossings", "aircraft", "balloons")  # units of things; a sensor counts its marks
MARKS = "marks"
_RECORDINGS = ("recording", "sensor")  # kinds of sources that are a sensor's own
_PRESS = ("press", "agency")  # a paper may be called "Radar"
_NAMED = re.compile(
    r"\b(?:radars?|rf|receivers?|sensors?|(?:drone |uas )?detection systems?|aeroscope|remote[ -]id"
    r"|empf(?:ä|ae)nger|sensor(?:en|ik)|radar\w*|czujnik\w*|odbiornik\w*|радар\w*|датчик\w*|приймач\w*)\b",
    re.IGNORECASE,
)


def is_sensor_record(row: Row, sources: Mapping[str, Row]) -> bool:
    """Tell whether a claim, an event or a sighting tells what a sensor recorded: by its source, its sayer or its words.

    sources   rows of SOURCES by name
    """
    own = [sources[name] for name in _names(row["source_id"]) if name in sources]
    if any((one["kind"] or "").casefold() in _RECORDINGS for one in own):
        return True
    titles = [one["title"] or "" for one in own if (one["kind"] or "").casefold() not in _PRESS]
    words = (str(row.get(name) or "") for name in ("text", "summary", "role", "seen"))
    return any(_NAMED.search(said) for said in (*_names(row["said_by"]), *titles, *words))


def is_sensor_zero(row: Row, unit: str, sources: Mapping[str, Row]) -> bool:
    """Tell whether a number of things is the nothing that a sensor marked."""
    is_none = str(row["value"]) in ("0", "0.0") and (row["relation"] or "exactly") in ("exactly", "about", "at_most")
    return is_none and unit in OBJECTS and is_sensor_record(row, sources)


def find_sensor_zeros(dossier: Dossier) -> Iterator[dict[str, object]]:
    """Yield a remark for each number of things that is the nothing that a sensor marked."""
    units = dossier.bundle.brief.count_units
    for entry in (*dossier.entries["events"], *dossier.entries["claims"]):
        unit = _unit_of(entry, dossier, units)
        if unit is None or entry.is_replaced or not is_sensor_zero(entry.row, unit.name, dossier.sources):
            continue
        text = (
            f"It counts no {unit.nouns[1]}, and a sensor tells it: that the sensor marked nothing proves no absence "
            "and is no count of what was there."
        )
        advice = "Tell it as marks_counted with value 0, and in utc_low and utc_high from when to when it covered."
        yield remark("sensor_zero", entry, text, advice, column="value")


def _unit_of(entry: DossierRow, dossier: Dossier, units: Mapping[str, CountUnit]) -> CountUnit | None:
    if entry.table == "claims":
        question = dossier.questions[entry.row["question_id"]]
        return units.get(entry.row["unit"] or question["unit"]) if question["kind"] == "count" else None
    if entry.row["value"] is None:
        return None
    named = entry.row["unit"]
    return units.get(named) if named else next((one for one in units.values() if entry.row["kind"] in one.events), None)


def _names(names: str | Sequence[str] | None) -> Sequence[str]:
    return [names] if isinstance(names, str) else names or ()
