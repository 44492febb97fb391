"""Analyse a bundle, check one, and show the example."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from hotwash import resources
from hotwash.errors import ReadError
from hotwash.export import account_json, files, table_file
from hotwash.incident.reconstruct import reconstruct
from hotwash.incident.redact import redact as redact_bundle
from hotwash.incident.track_evidence import TrackEvidence
from hotwash.ingest import aerodromes, bundle, folder, text, times, zones
from hotwash.ingest.disk import read_bytes
from hotwash.ingest.faults import Fault
from hotwash.model.incident import Bundle, Incident
from hotwash.model.recording import Recording
from hotwash.report import account_page, markdown
from hotwash.report.view import AccountView, build_view

Progress = Callable[[str], None]

PAGE, TEXT, DATA, TRACKS = "account.html", "account.md", "account.json", "tracks.parquet"
_SEED = 2025  # any will do; a fixed one gives one account for one bundle
_BARE_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Analysis:
    """One analysis: the account in words, the same as JSON, and where it was written."""

    view: AccountView
    account: Mapping[str, Any]
    page: Path

    @property
    def incident(self) -> Incident:
        return self.view.incident


def _silent(_: str) -> None:
    """Say nothing."""


def check_bundle(path: Path, *, border: Path | None = None, progress: Progress = _silent) -> Bundle:
    """Return a bundle as it reads, with its rejects and repairs; nothing is weighed or written.

    raises   BundleError when it cannot be used at all
    """
    return lay_out(folder.read(path), border, progress)[0]


def files_of(named: Path) -> dict[str, bytes]:
    """Return the files of a bundle, by its folder or by the name of a shipped example.

    raises   ReadError, BundleError
    """
    if not named.exists() and str(named) in resources.EXAMPLES:
        return resources.example(str(named))
    return folder.read(named)


def lay_out(
    contents: Mapping[str, bytes], border: Path | None = None, progress: Progress = _silent
) -> tuple[Bundle, pl.DataFrame, pl.DataFrame]:
    """Return a bundle with the ZONES and AERODROMES that it names: whatever works on an incident reads alike.

    contents  the bundle's files by name, as `ingest.folder.read` gives them
    """
    read = bundle.read(contents, progress=lambda name: progress(f"Reading {name}"))
    better = read_bytes(border) if border else None
    name = text.make_printable(border.name) if border else ""  # not its folders: the name is printed in the account
    area = zones.collect_zones(
        read.brief.zones_of_interest, own=contents.get(zones.OWN_FILE), border=better, border_name=name
    )
    return read, area, aerodromes.aerodrome_table(read.brief.aerodromes)


def analyse(
    path: Path,
    *,
    now_utc: datetime,
    out: Path | None = None,
    as_of: str | None = None,
    border: Path | None = None,
    redact: bool = False,
    progress: Progress = _silent,
) -> Analysis:
    """Read a bundle, weigh it and write its account as page, text and data.

    path      the bundle's folder
    now_utc   when the account is made
    out       the folder to write to; the bundle's own by default
    as_of     a time with its zone, or a date: then the end of that day in the bundle's display zone
    border    a GeoJSON file with a better border
    redact    whether persons, private addresses and exact private places are taken out first
    raises    ReadError, BundleError, GeometryError for bad input; WriteError; nothing is then written
    """
    read, area, places = lay_out(folder.read(path), border, progress)
    removed: list[str] = []
    if redact:
        read, removed = redact_bundle(read)

    def track(recording: Recording) -> TrackEvidence | None:
        found = _track(recording, progress)
        progress("Weighing")
        return found

    as_of_utc = _as_of(as_of, read.brief.zone)
    incident = reconstruct(read, zones=area, aerodromes=places, as_of_utc=as_of_utc, track=track)
    progress("Writing")
    view = build_view(incident, made_utc=now_utc, removed=removed)
    account = account_json.account(view)
    written = {
        PAGE: account_page.render(view).encode(),
        TEXT: markdown.render(view).encode(),
        DATA: account_json.to_json(account).encode(),
    }
    if incident.tracks.height:
        written[TRACKS] = table_file.encode_parquet(incident.tracks)
    return Analysis(view, account, files.write_all(out or path, written)[0])


def _track(recording: Recording, progress: Progress) -> TrackEvidence | None:
    """Return the tracks of a recording; None where nothing was detected."""
    if recording.detections.is_empty() or recording.sensors.is_empty():
        return None
    # Compiled code takes half a second to come in, and some 20 s to make the first time.
    from hotwash.track.tracking import track_forensic
    from hotwash.work.tracking import FIRST_TIME, is_compiled

    progress("Tracking" if is_compiled() else FIRST_TIME)
    tracked = track_forensic(recording.detections, recording.sensors, progress=progress)
    rng = np.random.default_rng(_SEED)
    return TrackEvidence(tracked.tracks, rng, health=tracked.health, remarks=tracked.remarks)


def _as_of(text: str | None, zone: str) -> datetime | None:
    if text is None:
        return None
    try:
        return times.parse(text, column="known_utc", zone=zone if _BARE_DATE.fullmatch(text) else None)
    except Fault as fault:
        raise ReadError("--as-of", why=f"{fault.reason}; {fault.advice}") from None


def show_example(folder: Path, *, now_utc: datetime, progress: Progress = _silent) -> Analysis:
    """Copy the real example into a folder and analyse it there; beside it lies the invented airport example's bundle.

    folder   missing or empty
    raises   WriteError
    """
    real, *invented = resources.EXAMPLES
    files.write_all(folder, resources.example(real))
    for name in invented:
        files.write_all(folder / name, resources.example(name))
    return analyse(folder, now_utc=now_utc, progress=progress)
