"""Accounts in a centre: keep one, list its rows, and begin a lesson from a row.

bundle ─keep─▶ incidents/poland-2025/1/ ─rows─▶ durations:…, finds:… ─drafted─▶ the fields of an observation
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from hotwash.errors import CentreError, ReadError
from hotwash.export import files
from hotwash.front.bundles import read_bundle, read_files
from hotwash.ingest.bundle import KNOWN_FILES
from hotwash.lessons import drafting
from hotwash.model.lesson import Evidence
from hotwash.progress import Progress, silent
from hotwash.report.links import anchor
from hotwash.store import incidents
from hotwash.store.centre import INCIDENTS, Centre
from hotwash.store.incidents import Heading, Kept
from hotwash.work import account

Json = dict[str, Any]

_MADE = (account.PAGE, account.TEXT, account.DATA, account.TRACKS)
_IN_BUNDLE = ("finds", "events", "sightings", "claims")  # the other tables stand in account.json


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be kept: a bundle's folder or a shipped example, and under which id; "" takes the folder's name."""

    bundle: Path
    incident_id: str = ""
    as_of: str | None = None
    border: Path | None = None
    redact: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """One account, where its page lies, and the lessons that rest on it."""

    kept: Kept
    page: Path
    lessons: tuple[Brief, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """What is listed of a lesson that rests on an account."""

    lesson_id: str
    stage: str
    title: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of an account that a lesson can rest on.

    ref      poland-2025/1#durations:first violation to first public warning
    text     what it says
    page     where it stands on the account's page, from the centre's folder; "" where the page does not list it
    """

    ref: str
    table: str
    row_id: str
    text: str
    page: str


def keep(
    centre: Centre, asked: Asked, *, now_utc: datetime, progress: Progress = silent
) -> tuple[Kept, bool]:  # fmt: skip
    """Weigh a bundle and keep it with its account; return the account, and whether it is new.

    An account that says the same as the newest of its incident is not kept twice. With `redact` the bundle itself is
    left out: it holds what was to be taken out.
    raises   CentreError; and as `account.analyse`. Nothing is then kept
    """
    incident_id = asked.incident_id or asked.bundle.resolve().name
    incidents.check_id(incident_id)
    with files.scratch(centre.folder / INCIDENTS / incident_id) as made:
        read = read_files(asked.bundle)
        files.write_all(made, read)
        account.analyse(
            made, now_utc=now_utc, as_of=asked.as_of, border=asked.border, redact=asked.redact, progress=progress
        )
        if asked.redact:
            for name in read:
                (made / name).unlink()
        return keep_made(centre, made, incident_id=incident_id, now_utc=now_utc)


def keep_made(centre: Centre, folder: Path, *, incident_id: str, now_utc: datetime) -> tuple[Kept, bool]:
    """Keep a folder that holds an account already; return as `keep` does.

    raises   CentreError, ReadError
    """
    told = _account(folder)
    newest = next((one for one in reversed(incidents.all_(centre)) if one.incident_id == incident_id), None)
    if newest is not None and _says_the_same(told, incidents.path_of(centre, newest)):
        return newest, False
    window = told["window"]
    heading = Heading(incident_id, told["title"], _moment(window["start_utc"]), _moment(window["end_utc"]))

    def copy(place: Path) -> None:
        place.mkdir()
        for name in (*KNOWN_FILES, *_MADE):
            if (folder / name).is_file():
                shutil.copy2(folder / name, place / name)

    return incidents.keep(centre, heading, copy, now_utc=now_utc), True


def _account(folder: Path) -> Json:
    path = folder / account.DATA
    try:
        found: Json = json.loads(path.read_text(encoding="utf-8"))
        return found
    except OSError as fault:
        raise ReadError(str(path), why=f"cannot be read: {fault.strerror}; `hotwash analyse` writes it") from None
    except ValueError:
        raise ReadError(str(path), why="is no JSON; `hotwash analyse` writes it") from None


def _says_the_same(told: Mapping[str, Any], before: Path) -> bool:
    """Return whether an account says what an earlier one said, whenever either was made."""
    try:
        return dict(told) | {"made_utc": ""} == _account(before) | {"made_utc": ""}
    except ReadError:  # a lost one is for `doctor` to tell
        return False


def shown(centre: Centre, name: str) -> Shown:
    """Return an account, the place of its page, and the lessons that rest on it.

    raises   CentreError
    """
    kept = incidents.get(centre, name)
    resting = tuple(Brief(one.lesson_id, one.stage, one.title) for one in incidents.resting(centre, kept))
    return Shown(kept, incidents.path_of(centre, kept) / account.PAGE, resting)


def rows(centre: Centre, name: str) -> tuple[Row, ...]:
    """Return every row of an account that a lesson can rest on, table by table.

    name     as `store.incidents.get` takes it
    raises   CentreError, ReadError
    """
    kept = incidents.get(centre, name)
    found = []
    place = incidents.path_of(centre, kept)
    for table, held in _tables(place, _account(place)).items():
        for row_id, row in held.items():
            page = page_of(f"{kept.folder}#{table}:{row_id}")
            found.append(Row(f"{kept.name}#{table}:{row_id}", table, row_id, drafting.said(table, row), page))
    return tuple(found)


def page_of(ref: str) -> str:
    """Return where evidence stands on its account's page, from the centre's folder; "" where no page lists it.

    ref   incidents/poland-2025/1#durations:first violation to first public warning
    """
    folder, _, row_ref = ref.partition("#")
    table, _, row_id = row_ref.partition(":")
    if not folder.startswith(f"{INCIDENTS}/") or table not in _LISTED:
        return ""
    return f"{folder}/{account.PAGE}#{anchor(_LISTED[table], row_id)}"


# What the account's page lists, and under which table: a finding stands with its statement.
_LISTED = {
    "durations": "durations", "exposures": "exposures", "finds": "finds", "events": "events",
    "sightings": "sightings", "claims": "claims", "findings": "claims",
}  # fmt: skip


def drafted(centre: Centre, ref: str) -> dict[str, object]:
    """Return the fields of an observation that rests on a row of an account.

    ref      poland-2025#durations:first violation to first public warning; a number picks one of several accounts
    raises   CentreError when there is no such account, or no such row in it; ReadError
    """
    name, _, row_ref = ref.partition("#")
    kept = incidents.get(centre, name)
    table, _, row_id = row_ref.partition(":")
    place = incidents.path_of(centre, kept)
    told = _account(place)
    held = _tables(place, told).get(table, {})
    if row_id not in held:
        why = f"there is no row {row_ref!r} in it; `hotwash incidents rows {name}` lists them"
        raise CentreError(kept.name, why=why)
    about = drafting.About(kept.title, kept.from_utc, told["marking"], told["releasable_to"])
    stands = f"{kept.folder}#{row_ref}"
    return drafting.drafted(table, held[row_id], about=about, ref=stands, sha256=kept.sha256)


def checked(
    centre: Centre, changes: Mapping[str, object], *, held: Sequence[Evidence] = ()
) -> dict[str, object]:  # fmt: skip
    """Return changes of a lesson in which evidence that names an account of this centre carries its hash.

    held     evidence that the lesson has already: what it says of accounts of other centres stays as it is
    raises   CentreError when evidence names an account that is not there, or another than its hash says
    """
    evidence = changes.get("evidence")
    if not isinstance(evidence, list | tuple) or not all(isinstance(one, Mapping) for one in evidence):
        return dict(changes)
    known = {(one.ref, one.sha256) for one in held}
    sealed = [one if (one.get("ref"), one.get("sha256")) in known else _sealed(centre, one) for one in evidence]
    return dict(changes) | {"evidence": sealed}


def _sealed(centre: Centre, piece: Mapping[str, Any]) -> Mapping[str, Any]:
    name, sign, _ = str(piece.get("ref", "")).partition("#")
    if not sign or not name.startswith(f"{INCIDENTS}/"):
        return piece
    kept = incidents.get(centre, name)
    if piece.get("sha256") not in (None, "", kept.sha256):
        why = "the evidence has the hash of another account; leave sha256 out, and it is filled in"
        raise CentreError(kept.name, why=why)
    stands = f"{kept.folder}#{str(piece['ref']).partition('#')[2]}"
    return dict(piece) | {"ref": stands, "sha256": kept.sha256}


def _tables(place: Path, told: Mapping[str, Any]) -> dict[str, dict[str, Json]]:
    """Return the rows of an account by table and id; only the tables that `drafting` knows.

    place   its folder; told: what its account.json says
    """
    held = {name: told.get(name, ()) for name in drafting.TABLES if name not in _IN_BUNDLE}
    held["counts"] = list(told["counts"].values())
    found = {name: [_timed(row) for row in some] for name, some in held.items()}
    if (place / "incident.toml").is_file():
        bundle = read_bundle(place)
        frames = {"finds": bundle.finds, "events": bundle.recording.events, "sightings": bundle.sightings}
        found |= {name: frame.to_dicts() for name, frame in (frames | {"claims": bundle.claims}).items()}
        words = {row["claim_id"]: {"said_by": row["said_by"], "summary": row["summary"]} for row in found["claims"]}
        found["findings"] = [row | words.get(row["claim_id"], {}) for row in found["findings"]]
    return {table: {str(row[drafting.TABLES[table].key]): row for row in some} for table, some in found.items() if some}


def _timed(row: Mapping[str, Any]) -> Json:
    return {
        name: _moment(value) if name.endswith("_utc") and isinstance(value, str) else value
        for name, value in row.items()
    }


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
