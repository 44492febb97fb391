"""A recording: what was sensed and noted during one period, in the field or in an exercise."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from hotwash.model import tables
from hotwash.model.notebook import render_html, short_repr
from hotwash.model.schema import empty

SCENARIO_FILE = "scenario.toml"
FOLDER_TABLES = (  # what a recording's folder holds, a file each
    tables.TRUTH, tables.CONTROLS, tables.EVENTS, tables.SENSORS, tables.DETECTIONS, tables.SOURCES, tables.MARKS,
    tables.SIGHTINGS, tables.DECISIONS, tables.ZONES, tables.AERODROMES, tables.POPULATION,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Recording:
    """Frames of the declared tables; `truth` and `scenario` exist only where someone made them.

    sensors, detections, events, controls, truth, sources, marks   frames of SENSORS, DETECTIONS, …
    sightings, decisions, zones, aerodromes, population   what a watch seat received, decided and is judged by
    scenario   text of the scenario's TOML file with what it names (lane, airframe) carried inside, or None
    """

    sources: pl.DataFrame = field(default_factory=lambda: empty(tables.SOURCES))
    events: pl.DataFrame = field(default_factory=lambda: empty(tables.EVENTS))
    sensors: pl.DataFrame = field(default_factory=lambda: empty(tables.SENSORS))
    detections: pl.DataFrame = field(default_factory=lambda: empty(tables.DETECTIONS))
    controls: pl.DataFrame = field(default_factory=lambda: empty(tables.CONTROLS))
    truth: pl.DataFrame = field(default_factory=lambda: empty(tables.TRUTH))
    marks: pl.DataFrame = field(default_factory=lambda: empty(tables.MARKS))
    sightings: pl.DataFrame = field(default_factory=lambda: empty(tables.SIGHTINGS))
    decisions: pl.DataFrame = field(default_factory=lambda: empty(tables.DECISIONS))
    zones: pl.DataFrame = field(default_factory=lambda: empty(tables.ZONES))
    aerodromes: pl.DataFrame = field(default_factory=lambda: empty(tables.AERODROMES))
    population: pl.DataFrame = field(default_factory=lambda: empty(tables.POPULATION))
    scenario: str | None = None

    __repr__ = short_repr

    def _repr_html_(self) -> str | None:
        return render_html(self)
