"""Make a watch exercise of an incident, and write its folder.

bundle ─▶ Incident ─design.design_synthetic─▶ DIR/scenario.toml, DIR/staged/: one night of it, drawn
                   ─design.design_replay────▶ DIR/scenario.toml and the recorded tables beside it
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hotwash.errors import ReadError
from hotwash.export import files, recording_folder
from hotwash.export import table_file as written_tables
from hotwash.front.bundles import read_bundle, reconstruct
from hotwash.ingest.disk import read_text
from hotwash.ingest.reader import FrameRead
from hotwash.ingest.table_file import some_rows_of
from hotwash.model import schema, tables
from hotwash.model.recording import SCENARIO_FILE, Recording
from hotwash.model.scenario import to_text
from hotwash.model.watch_scenario import WatchScenario
from hotwash.progress import Progress, silent
from hotwash.visible import on_one_line
from hotwash.watch import design, populated_places
from hotwash.watch.staging import stage

STAGED = "staged"  # the folder of one drawn night's recording
REJECTED = "population.rejects.csv"


@dataclass(frozen=True, slots=True)
class DesignRequest:
    """What is to be made, and of what.

    incident   a bundle's folder, or the name of a shipped example
    coverage   one of design.COVERAGES
    minutes    a short exercise; None: the whole night
    drones     at most so many; None: as design has it
    is_replay  what was recorded, in place of a synthetic night
    rules      a rule file to be carried
    population a table of people, CSV or Parquet; None: the shipped one, for a synthetic night
    """

    incident: str
    coverage: str = "plausible"
    seed: int = 0
    minutes: float | None = None
    drones: int | None = None
    is_replay: bool = False
    rules: Path | None = None
    population: Path | None = None


@dataclass(frozen=True, slots=True)
class DesignResult:
    """What was made: the exercise, one recording of it, and where they lie.

    rejected   rows of the table of people that could not be taken: they stand in REJECTED
    """

    asked: DesignRequest
    scenario: WatchScenario
    recording: Recording
    folder: Path
    written: tuple[Path, ...]
    rejected: int = 0

    def flat(self) -> dict[str, Any]:
        """Return everything for a program."""
        drones = [one.name for one in self.scenario.objects if one.kind == "drone"]
        return {
            "exercise": self.scenario.name, "title": self.scenario.title, "marked": self.scenario.watch.marked,
            "note": self.scenario.watch.note, "is_replay": self.asked.is_replay, "seed": self.asked.seed,
            "coverage": None if self.asked.is_replay else self.asked.coverage,
            "start_utc": self.scenario.start_utc.isoformat(), "seconds": self.scenario.time_limit_s, "drones": drones,
            "sensors": len(self.scenario.sensors), "detections": self.recording.detections.height,
            "reports": self.recording.sightings.height, "events": self.recording.events.height,
            "people": sum(one.people for one in self.scenario.population), "cells": len(self.scenario.population),
            "rejected": self.rejected, "varies": list(self.scenario.vary), "folder": str(self.folder),
            "files": [str(path.relative_to(self.folder)) for path in self.written],
        }  # fmt: skip


def design_exercise(asked: DesignRequest, *, out: Path, progress: Progress = silent) -> DesignResult:
    """Make an exercise and write it.

    out      missing or empty
    returns  what was made. `hotwash watch OUT` plays it. A synthetic exercise is a family of nights: the recording is
             that of the same seed's first world
    raises   ReadError, BundleError, ScenarioError; WriteError when `out` holds something

    Rows of the table of people that cannot be taken stop nothing: they are written to REJECTED, with reasons.
    """
    files.check_empty(out)
    carries = {} if asked.rules is None else _rules(asked.rules)
    lives = None if asked.population is None else _population(asked.population)
    progress("Reading", None)
    found = reconstruct(read_bundle(asked.incident), is_tracked=False)
    progress("Designing", None)
    if asked.is_replay:
        scenario, given = design.design_replay(
            found, minutes=asked.minutes, population=populated_places.cells(lives.rows) if lives else ()
        )
        scenario = replace(scenario, rules=carries, watch=replace(scenario.watch, rules=next(iter(carries), None)))
        told = to_text(scenario)
        written = recording_folder.write(out, replace(given, scenario=told))
        return DesignResult(asked, scenario, given, out, (*written, *_refused(out, lives)), _many(lives))
    scenario = design.design_synthetic(
        found, coverage=asked.coverage, seed=asked.seed, minutes=asked.minutes, drones=asked.drones, rules=carries,
        population=populated_places.cells(lives.rows) if lives else None,
    )  # fmt: skip
    progress("Staging", None)
    night = stage(scenario, seed=asked.seed)
    first = files.write_all(out, {SCENARIO_FILE: to_text(scenario).encode()})
    written = [*first, *recording_folder.write(out / STAGED, night)]
    return DesignResult(asked, scenario, night, out, (*written, *_refused(out, lives)), _many(lives))


def _population(path: Path) -> FrameRead:
    """Return the rows of a table of people, and its rejects.

    raises   ReadError where not one row can be taken
    """
    found = some_rows_of(path, tables.POPULATION)
    if not found.rows.height:
        raise ReadError(str(path), why="holds no row of people; give cell_id, lat_deg, lon_deg, people")
    return found


def _many(found: FrameRead | None) -> int:
    return len(found.rejects) if found else 0


def _refused(out: Path, found: FrameRead | None) -> tuple[Path, ...]:
    """Write the rows that could not be taken, where there are any."""
    if not _many(found) or found is None:
        return ()
    written_tables.write(out / REJECTED, schema.frame(tables.REJECTS, found.rejects))
    return (out / REJECTED,)


def _rules(path: Path) -> dict[str, str]:
    """Return the text of a rule file by its name; whether it can be followed is for who follows it."""
    return {on_one_line(path.stem): read_text(path)}
