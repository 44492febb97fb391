"""Analyse a bundle, check one, and show the example."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from hotwash import resources
from hotwash.errors import ReadError
from hotwash.export import account_json, files, table_file
from hotwash.front.bundles import read_bundle, reconstruct
from hotwash.incident.occurrence_fields import occurrence_fields
from hotwash.incident.redact import redact as redact_bundle
from hotwash.ingest import times
from hotwash.ingest.faults import Fault
from hotwash.model.incident import Incident
from hotwash.progress import Progress, silent
from hotwash.report import account_page, markdown
from hotwash.report.view import AccountView, build_view

PAGE, TEXT, DATA, TRACKS = "account.html", "account.md", "account.json", "tracks.parquet"
FILING = "occurrence.csv"
_BARE_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Analysis:
    """One analysis: the account in words, the same as JSON, where it was written, and the OCCURRENCE_FIELDS."""

    view: AccountView
    account: Mapping[str, Any]
    page: Path
    fields: pl.DataFrame

    @property
    def incident(self) -> Incident:
        return self.view.incident


def analyse(
    bundle: Path,
    *,
    now_utc: datetime,
    out: Path | None = None,
    as_of: str | None = None,
    border: Path | None = None,
    redact: bool = False,
    prints_annex: bool = False,
    progress: Progress = silent,
) -> Analysis:
    """Read a bundle, weigh it and write its account as page, text and data, and the fields of an occurrence report.

    bundle    its folder, or an Excel workbook
    now_utc   when the account is made
    out       the folder to write to; by default the bundle's own, and for night.xlsx the folder night-account beside it
    as_of     a time with its zone, or a date: then the end of that day in the bundle's display zone
    border    a GeoJSON file with a better border
    redact    whether persons, private addresses and exact private places are taken out first
    prints_annex   whether the page prints its annex too
    raises    ReadError, BundleError, GeometryError for bad input; WriteError; nothing is then written
    """
    read = read_bundle(bundle, border=border, progress=progress)
    removed: list[str] = []
    if redact:
        read, removed = redact_bundle(read)
    incident = reconstruct(read, as_of_utc=_as_of(as_of, read.brief.zone), progress=progress)
    progress("Writing", None)
    view = build_view(incident, made_utc=now_utc, removed=removed)
    account = account_json.account(view)
    fields = occurrence_fields(incident.bundle)
    written = {
        PAGE: account_page.render(view, prints_annex=prints_annex).encode(),
        TEXT: markdown.render(view).encode(),
        DATA: account_json.to_json(account).encode(),
        FILING: table_file.encode_csv(fields),
    }
    if incident.tracks.height:
        written[TRACKS] = table_file.encode_parquet(incident.tracks)
    return Analysis(view, account, files.write_all(out or _home(bundle), written)[0], fields)


def _home(bundle: Path) -> Path:
    """Return the folder that an account is written to where nobody says."""
    return bundle.with_name(f"{bundle.stem}-account") if bundle.is_file() else bundle


def _as_of(text: str | None, zone: str) -> datetime | None:
    if text is None:
        return None
    try:
        return times.parse(text, column="known_utc", zone=zone if _BARE_DATE.fullmatch(text) else None)
    except Fault as fault:
        raise ReadError("--as-of", why=f"{fault.reason}; {fault.advice}") from None


def show_example(folder: Path, *, now_utc: datetime, progress: Progress = silent) -> Analysis:
    """Copy the real example into a folder and analyse it there; beside it lie the bundles of the invented ones.

    folder   missing or empty
    raises   WriteError
    """
    real, *invented = resources.EXAMPLES
    files.write_all(folder, resources.example(real))
    for name in invented:
        files.write_all(folder / name, resources.example(name))
    return analyse(folder, now_utc=now_utc, progress=progress)
