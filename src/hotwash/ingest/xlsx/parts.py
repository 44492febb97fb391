"""The parts of a workbook: files of XML in a ZIP archive, each read to a bound, none of them obeyed.

bytes ─open_package─▶ Package ─read─▶ XML of one part ─scan─▶ handlers

Nothing outside the archive is ever opened: external links, images and connections are not read.
Source: ECMA-376 (Office Open XML), part 2 for the package.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Callable
from xml.parsers import expat

from hotwash.errors import ReadError

MOST_BYTES = 256 * 2**20  # one part, unpacked: a sheet of a million filled cells has 40 MiB
MOST_UNPACKED_BYTES = 512 * 2**20  # all parts that are read
_MOST_PARTS = 10_000
_AS_XLSX = "save it as an Excel workbook (.xlsx)"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # Office's old container; an encrypted workbook is in one too
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WORKBOOK = "xl/workbook.xml"

Attributes = dict[str, str]


class Package:
    """An open archive that counts what it has unpacked."""

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self.name = name
        self._archive = archive
        self._parts = {entry.filename.lower().lstrip("/"): entry for entry in archive.infolist()}
        self._unpacked_bytes = 0

    def __contains__(self, part: str) -> bool:
        return part.lower() in self._parts

    def read(self, part: str) -> bytes:
        """Return the content of a part.

        raises   ReadError when it is not there, is damaged, or is larger than any honest one
        """
        entry = self._parts.get(part.lower())
        if entry is None:
            raise ReadError(self.name, why=f"lacks its part {part}; was the copy cut short? Save it again in Excel")
        if entry.flag_bits & 0x1:
            raise ReadError(self.name, why=f"is an archive with a password; remove it and {_AS_XLSX}")
        try:
            with self._archive.open(entry) as stream:
                content = stream.read(MOST_BYTES + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError):
            raise ReadError(self.name, why=f"is damaged in its part {part}; save it again in Excel") from None
        self._unpacked_bytes += len(content)
        if len(content) > MOST_BYTES or self._unpacked_bytes > MOST_UNPACKED_BYTES:
            why = f"unpacks to more than {MOST_BYTES // 2**20} MiB in one part or {MOST_UNPACKED_BYTES // 2**20} in all"
            raise ReadError(self.name, why=f"{why}; a bundle's larger tables belong in a folder, as CSV or Parquet")
        return content


def is_spreadsheet(first_bytes: bytes) -> bool:
    """Tell by its first bytes whether a file is a ZIP archive or an Office document, and so perhaps a workbook."""
    return first_bytes.startswith((b"PK\x03\x04", _OLE))


def open_package(content: bytes, *, name: str) -> Package:
    """Return a workbook's archive.

    raises   ReadError that says what the file is instead, and what to do: encrypted, with macros, an old or another
             spreadsheet, cut short
    """
    if content.startswith(_OLE):
        if _ENCRYPTED in content:
            raise ReadError(name, why=f"is encrypted; open it in Excel, remove the password and {_AS_XLSX}")
        raise ReadError(name, why=f"is a spreadsheet of the old form (.xls); {_AS_XLSX}")
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        why = "is no Excel workbook (.xlsx), or was cut short" if content else "is empty; was the copy cut short?"
        raise ReadError(name, why=why) from None
    found = Package(archive, name)
    entries = {entry.filename.lower() for entry in archive.infolist()}
    if len(archive.infolist()) > _MOST_PARTS:
        raise ReadError(name, why=f"has more than {_MOST_PARTS:,} parts; no workbook has")
    if any(entry.endswith(("vbaproject.bin", ".xlam")) for entry in entries):
        raise ReadError(name, why=f"contains macros (.xlsm), which a bundle has no use for; {_AS_XLSX}")
    if "xl/workbook.bin" in entries:
        raise ReadError(name, why=f"is a binary workbook (.xlsb); {_AS_XLSX}")
    if "mimetype" in entries or "content.xml" in entries:
        raise ReadError(name, why=f"is an OpenDocument file (.ods); {_AS_XLSX}")
    if "[content_types].xml" not in entries:
        raise ReadError(name, why=f"is a ZIP archive, but no Excel workbook; {_AS_XLSX}")
    return found


def scan(
    xml: bytes,
    *,
    name: str,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Tell the handlers what stands in a part, element by element, without namespaces.

    raises   ReadError when it is not well-formed, or declares a document type, whose entities may grow without end
    """

    def refuse(*_: object) -> None:
        raise ReadError(name, why="contains a document type declaration, which no workbook has; it is not read")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda tag, said: start(tag.rpartition(":")[2], said)
    if end is not None:
        parser.EndElementHandler = lambda tag: end(tag.rpartition(":")[2])
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        parser.Parse(xml, True)  # noqa: FBT003 - the C function takes no keywords
    except expat.ExpatError as fault:
        why = f"is damaged: its XML breaks off in line {fault.lineno}; save it again in Excel"
        raise ReadError(name, why=why) from None


def targets_of(package: Package, part: str) -> dict[str, tuple[str, str]]:
    """Return the parts that a part refers to: by id, the last word of the kind and the path; none outside."""
    folder, _, file = part.rpartition("/")
    listing = f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels"
    found: dict[str, tuple[str, str]] = {}

    def start(tag: str, said: Attributes) -> None:
        if tag == "Relationship" and said.get("TargetMode") != "External":
            path = posixpath.normpath(posixpath.join("/", folder, said.get("Target", ""))).lstrip("/")
            found[said.get("Id", "")] = (said.get("Type", "").rpartition("/")[2], path)

    if listing in package:
        scan(package.read(listing), name=package.name, start=start)
    return found


def main_part(package: Package) -> str:
    """Return the path of the part that lists the sheets.

    raises   ReadError when there is none: a text document or a presentation is such an archive too
    """
    named = [path for kind, path in targets_of(package, "").values() if kind == "officeDocument"]
    part = named[0] if named else _WORKBOOK
    if part not in package or not part.lower().startswith("xl/"):
        raise ReadError(package.name, why=f"is an Office document, but no Excel workbook; {_AS_XLSX}")
    return part
