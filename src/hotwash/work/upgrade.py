"""A bundle of the first format, written in the second: its own files, with what hotwash took from its rows."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from hotwash.errors import BundleError
from hotwash.export import files
from hotwash.export.workbook import encode_workbook
from hotwash.front.bundles import open_workbook, plan_upgrade, read_bundle, read_files
from hotwash.ingest import brief, text
from hotwash.ingest.workbook import ENDING
from hotwash.model import tables

_FORMAT = re.compile(r'^(\s*format\s*=\s*)(["\'])hotwash-bundle/1\2', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Upgraded:
    """What was done: where the new bundle is, what was written into it, and what is left to the analyst."""

    folder: Path
    decided: tuple[str, ...]
    undecided: tuple[Mapping[str, Any], ...]


def upgrade(source: Path, *, out: Path | None = None) -> Upgraded:
    """Write a bundle in the second format into a new folder or workbook, and say what could not be decided.

    source   the bundle's folder or workbook
    out      a folder that is missing or empty, or the name of a new workbook; by default the bundle's name with "-2"
    raises   BundleError when the bundle cannot be read, the folder holds something, or rows of a workbook are rejected,
             which a new one would lack; WriteError
    """
    given = read_files(source)
    bundle = read_bundle(source)
    book = open_workbook(given)
    if book is not None:
        if bundle.rejects.height:
            count = bundle.rejects.height
            why = (
                f"{count} row{' is' if count == 1 else 's are'} rejected; correct that first: `hotwash check` lists all"
            )
            raise BundleError(source.name, why=why)
        given = book.files
    plan = plan_upgrade(bundle)
    target = out or source.with_name(f"{source.stem}-2{ENDING}" if book else f"{source.resolve().name}-2")
    if target.is_file() or (target.exists() and any(target.iterdir())):
        raise BundleError(str(target), why="holds files already; name another with --out")
    written = dict(given)
    head, by_hand = _head(text.decode(given[brief.NAME], name=brief.NAME), plan.questions, plan.intervals)
    written[brief.NAME] = head.encode()
    if "events.csv" in given and plan.events:
        written["events.csv"] = _fill(given["events.csv"], "event_id", plan.events)
    if plan.occasions:
        written["occasions.csv"] = _occasions(plan.occasions)
    if target.suffix.lower() == ENDING:
        files.write_file(target, encode_workbook(written))
    else:
        files.write_all(target, written)
    return Upgraded(target, plan.decided, (*plan.undecided, *by_hand))


def _head(
    content: str, questions: Mapping[str, Mapping[str, str]], intervals: Mapping[str, Mapping[str, str]]
) -> tuple[str, list[dict[str, Any]]]:
    """Return incident.toml with its new format and keys, its comments as they were; and what must be done by hand."""
    head = _FORMAT.sub(rf"\g<1>\g<2>{brief.FORMAT}\g<2>", content)
    by_hand: list[dict[str, Any]] = []
    for key, table, wanted in (("question_id", "questions", questions), ("name", "intervals", intervals)):
        for name, cells in wanted.items():
            quoted = re.escape(name)
            line = re.compile(rf"""^([ \t]*){key}[ \t]*=[ \t]*["']{quoted}["'][ \t]*(#.*)?$""", re.MULTILINE)
            keys = [f"{column} = {json.dumps(value, ensure_ascii=False)}" for column, value in cells.items()]
            head, count = line.subn(partial(_below, keys=keys), head)
            if count != 1:
                by_hand.append(_by_hand(table, name, cells))
    return head, by_hand


def _below(found: re.Match[str], *, keys: Sequence[str]) -> str:
    """Return a line with further keys below it, as far to the right."""
    return "\n".join([found[0], *(f"{found[1]}{key}" for key in keys)])


def _by_hand(table: str, name: str, cells: Mapping[str, str]) -> dict[str, Any]:
    keys = ", ".join(f'{column} = "{value}"' for column, value in cells.items())
    said = f"{name} could not be found on a line of its own."
    return {"kind": "occasion_taken", "table": table, "row_id": name, "text": said, "advice": f"Write {keys} into it."}


def _fill(content: bytes, key: str, cells: Mapping[str, Mapping[str, str]]) -> bytes:
    """Return a table in CSV with cells filled, its other cells as they stood; new columns come last."""
    rows = list(csv.DictReader(io.StringIO(text.decode(content, name="events.csv"), newline="")))
    names = [str(name) for name in rows[0]] if rows else []
    added = [name for name in ("occasion_id", "told_as", "supersedes") if any(name in own for own in cells.values())]
    header = list(dict.fromkeys([*names, *added]))
    filled = [{**row, **cells.get((row.get(key) or "").strip(), {})} for row in rows]
    return _csv(header, filled)


def _occasions(rows: Sequence[Mapping[str, Any]]) -> bytes:
    columns = [name for name in tables.OCCASIONS.names if name not in ("is_proposed", "known_utc")]
    kept = [{name: _cell(row[name]) for name in columns} for row in rows]
    return _csv([name for name in columns if any(row[name] for row in kept)], kept)


def _cell(value: Any) -> str:
    if value is None or value is False:
        return ""
    return value.strftime("%Y-%m-%dT%H:%M:%SZ") if hasattr(value, "strftime") else str(value)


def _csv(header: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, header, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()
