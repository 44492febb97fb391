"""Lessons to a file: the exchange file as JSON, or a table for spreadsheets as CSV. Written whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from hotwash.errors import WriteError
from hotwash.export import files
from hotwash.lessons import csv_table


def write_json(path: Path, document: Mapping[str, Any]) -> Path:
    """Write an exchange file: UTF-8, a lesson a line, so that two files can be compared.

    document   as `exchange.document` returns it
    raises     WriteError
    """
    with files.replacing(path) as temporary, temporary.open("w", encoding="utf-8", newline="\n") as stream:
        head = {name: value for name, value in document.items() if name != "lessons"}
        stream.write(f'{json.dumps(head, ensure_ascii=False, allow_nan=False)[:-1]}, "lessons": [')
        for at, item in enumerate(document["lessons"]):
            stream.write(f"{',' if at else ''}\n{json.dumps(item, ensure_ascii=False, allow_nan=False)}")
        stream.write("\n]}\n")
    return path


def write_csv(path: Path, items: Iterable[Mapping[str, Any]]) -> Path:
    """Write lessons for spreadsheets: UTF-8 with the mark by which spreadsheets know it.

    raises   WriteError
    """
    return files.write_file(path, csv_table.to_csv(items).encode("utf-8-sig"))


def check_ending(path: Path) -> None:
    """Refuse a name whose ending tells no form.

    raises   WriteError
    """
    if path.suffix.lower() not in (".json", ".csv"):
        raise WriteError(str(path), why="its ending tells the form: .json for other centres, .csv for spreadsheets")
