"""A new bundle to fill in: a folder, or an Excel workbook, with the questions that such an incident needs.

The templates are in `work/templates/`, a folder of plain files for each kind of incident.
"""

from __future__ import annotations

from pathlib import Path

from hotwash import resources
from hotwash.errors import WriteError
from hotwash.export import files, workbook
from hotwash.ingest.workbook import ENDING
from hotwash.model.bundle_form import BUNDLE_KINDS
from hotwash.model.words import suggest
from hotwash.visible import quote

_OTHER_ENDINGS = (".xls", ".xlsm", ".xlsb", ".ods")
_BOOK_IN_FOLDER = f"incident{ENDING}"


def write_template(path: Path, *, kind: str, as_workbook: bool = False) -> list[Path]:
    """Write a bundle without rows; return the paths of its files.

    path          a new or empty folder; for a workbook its name, or a folder that it is put into
    kind          airport, border or other: which questions, intervals and columns it begins with
    as_workbook   whether it is one Excel workbook; a name that ends in .xlsx says so too
    raises        WriteError when something is there already, or cannot be written
    """
    if kind not in BUNDLE_KINDS:
        raise WriteError("--kind", why=f"there is no kind {quote(kind)}; {suggest(kind, BUNDLE_KINDS)}")
    template = resources.template(kind)
    if not as_workbook and path.suffix.lower() != ENDING:
        files.check_empty(path)
        return files.write_all(path, template)
    book = _name_workbook(path)
    if book.exists():
        raise WriteError(str(book), why="is there already; name a new file, so that nothing of yours is overwritten")
    return [files.write_file(book, workbook.encode_workbook(template))]


def _name_workbook(path: Path) -> Path:
    if path.is_dir():
        return path / _BOOK_IN_FOLDER
    if path.suffix.lower() in _OTHER_ENDINGS:
        raise WriteError(str(path), why=f"a workbook is written as {ENDING}; name it {path.stem}{ENDING}")
    return path if path.suffix.lower() == ENDING else path.with_name(path.name + ENDING)
