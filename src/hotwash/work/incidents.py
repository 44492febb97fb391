"""Accounts in a centre: store one, list its rows, and draft a lesson from a row.

bundle ─analyse_and_keep─▶ incidents/poland-2025/1/ ─account_rows─▶ durations:…, finds:… ─draft_from_row─▶ observation
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from hotwash.documents import parse_json
from hotwash.errors import CentreError, ReadError
from hotwash.export import files
from hotwash.front.bundles import read_bundle, read_files
from hotwash.ingest.bundle import KNOWN_FILES
from hotwash.ingest.disk import read_bytes
from hotwash.ingest.workbook import ENDING
from hotwash.lessons import drafting
from hotwash.model.lesson import Evidence
from hotwash.progress import Progress, silent
from hotwash.report.links import anchor
from hotwash.store import incidents
from hotwash.store.centre import INCIDENTS, Centre
from hotwash.store.incidents import Heading, KeptAccount
from hotwash.visible import quote
from hotwash.work import account

Json = dict[str, Any]

_ACCOUNT_FILES = (account.PAGE, account.TEXT, account.DATA, account.TRACKS, account.FILING)
_IN_BUNDLE = ("finds", "events", "sightings", "claims")  # the other tables are in account.json


@dataclass(frozen=True, slots=True)
class KeepRequest:
    """What to store: a folder, a workbook or a shipped example, and its incident id; "" takes the name of it."""

    bundle: Path
    incident_id: str = ""
    as_of: str | None = None
    border: Path | None = None
    redact: bool = False


@dataclass(frozen=True, slots=True)
class AccountSummary:
    """One account, the path of its page, and the lessons that rest on it."""

    kept: KeptAccount
    page: Path
    lessons: tuple[Brief, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """The list entry of a lesson that rests on an account."""

    lesson_id: str
    stage: str
    title: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of an account that a lesson can rest on.

    ref      poland-2025/1#durations:first violation to first public warning
    text     the row in words
    page     its place on the account's page, relative to the centre's folder; "" where the page does not list it
    """

    ref: str
    table: str
    row_id: str
    text: str
    page: str


def analyse_and_keep(
    centre: Centre, request: KeepRequest, *, now_utc: datetime, progress: Progress = silent
) -> tuple[KeptAccount, bool]:  # fmt: skip
    """Weigh a bundle and keep it with its account; return the account, and whether it is new.

    An account equal to the newest of its incident is not stored again. With `redact` the bundle itself is read where it
    lies and never written into the centre, not even for a moment: a program that is killed leaves no copy of it.
    raises   CentreError; and as `account.analyse`. Nothing is stored then
    """
    path = request.bundle.resolve()
    incident_id = request.incident_id or (path.stem if path.is_file() else path.name)
    incidents.check_id(incident_id)
    with files.scratch(centre.folder / INCIDENTS / incident_id) as folder:
        account.analyse(
            request.bundle if request.redact else _copied(request.bundle, folder),
            out=folder,
            now_utc=now_utc,
            as_of=request.as_of,
            border=request.border,
            redact=request.redact,
            progress=progress,
        )
        return keep_folder(centre, folder, incident_id=incident_id, now_utc=now_utc)


def _copied(bundle: Path, folder: Path) -> Path:
    """Copy the files of a bundle into a folder; return the bundle there."""
    found = read_files(bundle)
    files.write_all(folder, found)
    return folder / bundle.name if bundle.name in found else folder


def keep_folder(centre: Centre, folder: Path, *, incident_id: str, now_utc: datetime) -> tuple[KeptAccount, bool]:
    """Store a folder with an account; return as `analyse_and_keep` does.

    raises   CentreError, ReadError
    """
    content = _account(folder)
    newest = next((one for one in reversed(incidents.all_accounts(centre)) if one.incident_id == incident_id), None)
    if newest is not None and _is_same(content, incidents.path_of(centre, newest)):
        return newest, False
    window = content["window"]
    heading = Heading(incident_id, content["title"], _moment(window["start_utc"]), _moment(window["end_utc"]))

    def copy(place: Path) -> None:
        place.mkdir()
        kept = (*KNOWN_FILES, *_ACCOUNT_FILES, (_bundle_in(folder) or folder).name)
        for file in sorted(folder.iterdir()):
            if file.name in kept:
                shutil.copy2(file, place / file.name)

    return incidents.keep_account(centre, heading, copy, now_utc=now_utc), True


_OF_ACCOUNT = {"title", "window", "marking", "releasable_to", "counts"}


def _account(folder: Path) -> Json:
    path = folder / account.DATA
    content = parse_json(read_bytes(path, advice="`hotwash analyse` writes it"), name=str(path))
    if not isinstance(content, dict) or not content.keys() >= _OF_ACCOUNT:
        raise ReadError(str(path), why="is no account; `hotwash analyse` writes it")
    return content


def _is_same(content: Mapping[str, Any], before: Path) -> bool:
    """Return whether an account equals an earlier one except for the time of writing."""
    try:
        return dict(content) | {"made_utc": ""} == _account(before) | {"made_utc": ""}
    except ReadError:  # `doctor` reports a lost one
        return False


def show_account(centre: Centre, name: str) -> AccountSummary:
    """Return an account, the path of its page, and the lessons that rest on it.

    raises   CentreError
    """
    kept = incidents.get_account(centre, name)
    briefs = tuple(Brief(one.lesson_id, one.stage, one.title) for one in incidents.lessons_resting_on(centre, kept))
    return AccountSummary(kept, incidents.path_of(centre, kept) / account.PAGE, briefs)


def account_rows(centre: Centre, name: str) -> tuple[Row, ...]:
    """Return every row of an account that a lesson can rest on, table by table.

    name     as `store.incidents.get` takes it
    raises   CentreError, ReadError
    """
    kept = incidents.get_account(centre, name)
    place = incidents.path_of(centre, kept)
    return tuple(
        Row(
            f"{kept.name}#{table}:{row_id}",
            table,
            row_id,
            drafting.describe_row(table, row),
            page_of(f"{kept.folder}#{table}:{row_id}"),
        )
        for table, rows in _tables(place, _account(place)).items()
        for row_id, row in rows.items()
    )


def page_of(ref: str) -> str:
    """Return the place of evidence on its account's page, relative to the centre's folder; "" if no page lists it.

    ref   incidents/poland-2025/1#durations:first violation to first public warning
    """
    folder, _, row_ref = ref.partition("#")
    table, _, row_id = row_ref.partition(":")
    if not folder.startswith(f"{INCIDENTS}/") or table not in _LISTED:
        return ""
    return f"{folder}/{account.PAGE}#{anchor(_LISTED[table], row_id)}"


# What the account's page lists, and under which table: a finding is listed with its statement.
_LISTED = {
    "durations": "durations", "exposures": "exposures", "finds": "finds", "events": "events",
    "sightings": "sightings", "claims": "claims", "findings": "claims",
}  # fmt: skip


def draft_from_row(centre: Centre, ref: str) -> dict[str, object]:
    """Return the fields of an observation with a row of an account as its evidence.

    ref      poland-2025#durations:first violation to first public warning; a number selects one of several accounts
    raises   CentreError when there is no such account, or no such row in it; ReadError
    """
    name, _, row_ref = ref.partition("#")
    kept = incidents.get_account(centre, name)
    table, _, row_id = row_ref.partition(":")
    place = incidents.path_of(centre, kept)
    content = _account(place)
    rows = _tables(place, content).get(table, {})
    if row_id not in rows:
        why = f"it has no row {quote(row_ref)}; `hotwash incidents rows {name}` lists them"
        raise CentreError(kept.name, why=why)
    about = drafting.About(kept.title, kept.from_utc, content["marking"], content["releasable_to"])
    full_ref = f"{kept.folder}#{row_ref}"
    return drafting.draft_observation(table, rows[row_id], about=about, ref=full_ref, sha256=kept.sha256)


def seal_evidence(
    centre: Centre, changes: Mapping[str, object], *, earlier: Sequence[Evidence] = ()
) -> dict[str, object]:  # fmt: skip
    """Return changes of a lesson with the hash added to evidence that names an account of this centre.

    earlier  evidence that the lesson has already; it is left unchanged, as it may name accounts of other centres
    raises   CentreError when evidence names a missing account, or its hash is that of another one
    """
    evidence = changes.get("evidence")
    if not isinstance(evidence, list | tuple) or not all(isinstance(one, Mapping) for one in evidence):
        return dict(changes)
    known = {(one.ref, one.sha256) for one in earlier}
    hashed = [one if (one.get("ref"), one.get("sha256")) in known else _add_hash(centre, one) for one in evidence]
    return dict(changes) | {"evidence": hashed}


def _add_hash(centre: Centre, piece: Mapping[str, Any]) -> Mapping[str, Any]:
    name, sign, _ = str(piece.get("ref", "")).partition("#")
    if not sign or not name.startswith(f"{INCIDENTS}/"):
        return piece
    kept = incidents.get_account(centre, name)
    if piece.get("sha256") not in (None, "", kept.sha256):
        why = "the evidence has the hash of another account; leave sha256 out, and it is added"
        raise CentreError(kept.name, why=why)
    full_ref = f"{kept.folder}#{str(piece['ref']).partition('#')[2]}"
    return dict(piece) | {"ref": full_ref, "sha256": kept.sha256}


def _tables(place: Path, content: Mapping[str, Any]) -> dict[str, dict[str, Json]]:
    """Return the rows of an account by table and id, for the tables that `drafting` knows.

    place   its folder; content: of its account.json
    """
    in_account = {name: content.get(name, ()) for name in drafting.TABLES if name not in _IN_BUNDLE}
    in_account["counts"] = list(content["counts"].values())
    tables = {name: [_with_times(row) for row in rows] for name, rows in in_account.items()}
    kept = _bundle_in(place)
    if kept is not None:
        bundle = read_bundle(kept)
        frames = {"finds": bundle.finds, "events": bundle.recording.events, "sightings": bundle.sightings}
        tables |= {name: frame.to_dicts() for name, frame in (frames | {"claims": bundle.claims}).items()}
        words = {row["claim_id"]: {"said_by": row["said_by"], "summary": row["summary"]} for row in tables["claims"]}
        tables["findings"] = [row | words.get(row["claim_id"], {}) for row in tables["findings"]]
    return {name: {str(row[drafting.TABLES[name].key]): row for row in rows} for name, rows in tables.items() if rows}


def _bundle_in(place: Path) -> Path | None:
    """Return the bundle that is kept with an account: its folder, or the workbook in it; None where it was left out."""
    if (place / "incident.toml").is_file():
        return place
    return next(iter(sorted(place.glob(f"*{ENDING}"))), None)


def _with_times(row: Mapping[str, Any]) -> Json:
    return {
        name: _moment(value) if name.endswith("_utc") and isinstance(value, str) else value
        for name, value in row.items()
    }


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
