"""A bundle to an incident: the account as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

import numpy as np
import polars as pl

from hotwash import resources
from hotwash.course import upgrade as upgrades
from hotwash.course.remarks import find_remarks, survey_bundle
from hotwash.course.upgrade import Upgrade
from hotwash.errors import BundleError
from hotwash.incident import reconstruct as incidents
from hotwash.incident.track_evidence import TrackEvidence
from hotwash.ingest import aerodromes, brief, bundle, folder, workbook, zones
from hotwash.ingest.disk import read_bytes
from hotwash.ingest.gathering import Gathering
from hotwash.model.incident import Brief, Bundle, Incident
from hotwash.model.recording import Recording
from hotwash.progress import Progress, silent
from hotwash.visible import on_one_line

_SEED = 2025  # any will do; a fixed one gives one account for one bundle


def read_bundle(source: str | Path, *, border: str | Path | None = None, progress: Progress = silent) -> Bundle:
    """Return everything that was handed in about an incident, read and checked.

    source     the bundle's folder, an Excel workbook that is a bundle, or the name of a shipped example: "poland-2025",
               "airport-2026", "closures-2026"
    border     a GeoJSON file with a better border for the first zone of interest
    progress   is told what is being read
    returns    tables, the zones and aerodromes that the brief names, and beside them `rejects` and `repairs`: rows that
               were rejected, and text that was corrected
    raises     BundleError with every fault, when it cannot be used at all; ReadError, GeometryError for a bad border
    """
    faults = Gathering()
    files = read_files(source, faults)
    book = open_workbook(files)
    if book is not None:
        with book.faults_at_cells():
            return _with_places(book.read(progress=progress), None, border)
    read = faults.attempt(partial(bundle.read, files, progress=progress), None)
    if read is None and (head := _brief(files)) is not None:  # its zones are checked in the same run
        faults.attempt(partial(_zones, head, files.get(zones.OWN_FILE), border), None)
    if read is None:
        for fault in bundle.find_row_faults(files):
            faults.add(fault)
    faults.raise_faults()
    if read is None:
        raise BundleError(str(source), why="could not be read")  # pragma: no cover - it is None with a fault only
    return _with_places(read, files.get(zones.OWN_FILE), border)


def open_workbook(files: Mapping[str, bytes]) -> workbook.Workbook | None:
    """Return the workbook that a bundle consists of; None for a bundle of files.

    raises   BundleError when it cannot be read
    """
    name, content = next(iter(files.items()), ("", b""))
    return workbook.Workbook(content, name=name) if len(files) == 1 and name not in bundle.KNOWN_FILES else None


def _brief(files: Mapping[str, bytes]) -> Brief | None:
    """Return what can be read of a brief with faults."""
    found = brief.read(files[brief.NAME], Gathering()) if brief.NAME in files else None
    return None if found is None else found.brief


def _with_places(read: Bundle, own: bytes | None, border: str | Path | None) -> Bundle:
    """Return a bundle with the zones and aerodromes that its brief names."""
    area = _zones(read.brief, own, border)
    named = read.brief.aerodromes
    fields = aerodromes.aerodrome_table(named, own=aerodromes.own_aerodromes(named, own))
    zones.check_zone_order(area, _whereabouts(read, fields), thing=zones.OWN_FILE)
    return replace(read, zones=area, aerodromes=fields)


_MOST_DETECTIONS = 2_000  # evenly from all: enough to tell in which part of the world they are


def _whereabouts(read: Bundle, fields: pl.DataFrame) -> pl.DataFrame:
    """Return lat_deg and lon_deg of what lies somewhere: aerodromes, sensors, detections, finds, sightings, events."""
    recording = read.recording
    seen = recording.detections.filter(pl.col("lat_deg").is_not_null())
    seen = seen.gather_every(1 + seen.height // _MOST_DETECTIONS)
    frames = (fields, recording.sensors, seen, read.finds, read.sightings, recording.events)
    return pl.concat([one.select(pl.col("lat_deg", "lon_deg").cast(pl.Float64)) for one in frames])


def _zones(head: Brief, own: bytes | None, border: str | Path | None) -> pl.DataFrame:
    better = None if border is None else read_bytes(Path(border))
    name = "" if border is None else on_one_line(Path(border).name)  # not its folders: the account prints it
    return zones.collect_zones(head.zones_of_interest, own=own, border=better, border_name=name)


def read_files(source: str | Path, faults: Gathering | None = None) -> dict[str, bytes]:
    """Return the files of a bundle, by its folder or by the name of a shipped example.

    faults   takes what is wrong with single files, so that the others are read; None: all of it is raised
    raises   BundleError
    """
    if workbook.is_workbook(Path(source)):
        return {Path(source).name: workbook.read_content(Path(source))}
    if not Path(source).exists() and str(source) in resources.EXAMPLES:
        return resources.example(str(source))
    return folder.read(Path(source), faults)


def review(bundle: Bundle) -> pl.DataFrame:
    """Return BUNDLE_REMARKS: what in a bundle cannot be as it stands, or was taken so and should be looked at.

    bundle   as `read_bundle` gives it
    """
    return find_remarks(bundle)


def reconstruct(
    bundle: Bundle, *, as_of_utc: datetime | None = None, is_tracked: bool = True, progress: Progress = silent
) -> Incident:
    """Return the account of an incident: its detections tracked, its statements weighed.

    bundle       as `read_bundle` gives it
    as_of_utc    the date of belief: only what was known by then is used; None: all that is known
    is_tracked   whether detections are tracked and compared with the zones
    progress     is told what is being done
    """

    def track(recording: Recording) -> TrackEvidence | None:
        made = _track(recording, progress) if is_tracked else None
        progress("Weighing", None)
        return made

    return incidents.reconstruct(
        bundle, zones=bundle.zones, aerodromes=bundle.aerodromes, as_of_utc=as_of_utc, track=track
    )


def _track(recording: Recording, progress: Progress) -> TrackEvidence | None:
    """Return the tracks of a recording; None where nothing was detected."""
    if recording.detections.is_empty() or recording.sensors.is_empty():
        return None
    # Compiled code takes half a second to come in, and some 20 s to make the first time.
    from hotwash.front.compiled import loading
    from hotwash.track import kernels
    from hotwash.track.tracking import track_forensic

    progress(loading("Tracking", kernels.run), None)
    made = track_forensic(recording.detections, recording.sensors, progress=progress)
    return TrackEvidence(made.tracks, np.random.default_rng(_SEED), health=made.health, remarks=made.remarks)


def plan_upgrade(bundle: Bundle) -> Upgrade:
    """Return what the second format of bundles lets a bundle say, that an account otherwise takes from its rows.

    bundle   as `read_bundle` gives it
    """
    return upgrades.plan_upgrade(bundle, *survey_bundle(bundle))
