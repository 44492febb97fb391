"""Files that are no workbook of ours, or that would harm: each is refused with what it is and the way out."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from workbooks import book, patched, read

from hotwash.errors import BundleError
from hotwash.ingest.workbook import Workbook, is_workbook

SHEET, TEXTS, MAIN = "xl/worksheets/sheet4.xml", "xl/sharedStrings.xml", "xl/workbook.xml"
SOUND = book()
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def archive(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


def refusal(content: bytes) -> str:
    with pytest.raises(BundleError) as refused:
        Workbook(content, name="night.xlsx").read()
    return str(refused.value)


KINDS = {
    "an old workbook": (OLD, "is a spreadsheet of the old form (.xls); save it as an Excel workbook (.xlsx)"),
    "an encrypted one": (
        OLD + "EncryptedPackage".encode("utf-16-le"),
        "is encrypted; open it in Excel, remove the password and save it as an Excel workbook (.xlsx)",
    ),
    "one with macros": (
        archive(**{"[Content_Types].xml": b"", "xl__vbaProject.bin": b"x"}),
        "contains macros (.xlsm), which a bundle has no use for; save it as an Excel workbook (.xlsx)",
    ),
    "a binary one": (
        archive(**{"[Content_Types].xml": b"", "xl__workbook.bin": b"x"}),
        "is a binary workbook (.xlsb); save it as an Excel workbook (.xlsx)",
    ),
    "one of LibreOffice": (
        archive(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"),
        "is an OpenDocument file (.ods); save it as an Excel workbook (.xlsx)",
    ),
    "a text document": (
        archive(**{"[Content_Types].xml": b"", "word__document.xml": b"x"}),
        "is an Office document, but no Excel workbook; save it as an Excel workbook (.xlsx)",
    ),
    "any archive": (archive(photo=b"x"), "is a ZIP archive, but no Excel workbook"),
    "nothing": (b"", "is empty; was the copy cut short?"),
    "a text": (b"claim_id,question_id\n", "is no Excel workbook (.xlsx), or was cut short"),
    "half a file": (book()[:4000], "is no Excel workbook (.xlsx), or was cut short"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_workbook_is_refused_with_its_name_and_the_way_out(kind: str):
    content, says = KINDS[kind]
    assert refusal(content).startswith(f"night.xlsx: {says}")


def test_a_damaged_part_is_named():
    torn = patched(book(), SHEET, ("</sheetData>", ""))
    assert refusal(torn) == "night.xlsx: is damaged: its XML breaks off in line 2; save it again in Excel"
    lost = patched(book(), SHEET, ('t="s"><v>', 't="s"><v>999'))
    assert "is damaged: it has no text 999" in refusal(lost)


def test_an_archive_whose_content_was_changed_is_damaged():
    content = bytearray(book())
    at = bytes(content).index(b"xl/worksheets/sheet4.xml") + 40
    content[at : at + 40] = bytes(40)
    assert "is damaged in its part xl/worksheets/sheet4.xml" in refusal(bytes(content))


def test_a_document_type_is_refused_so_that_no_entity_grows():
    laughs = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    bomb = patched(book(), SHEET, ('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>', laughs))
    assert refusal(bomb).startswith("night.xlsx: contains a document type declaration, which no workbook has")


def test_a_part_that_unpacks_without_end_is_refused_and_never_held(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("hotwash.ingest.xlsx.parts.MOST_BYTES", 2**20)
    bomb = patched(book(), SHEET, ("</worksheet>", f"</worksheet>{' ' * 2**22}"))
    begun_s = process_time()
    assert "unpacks to more than" in refusal(bomb)
    assert process_time() - begun_s < 1.0


def test_parts_that_are_large_together_are_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("hotwash.ingest.xlsx.parts.MOST_UNPACKED_BYTES", 5_000)
    assert "a bundle's larger tables belong in a folder, as CSV or Parquet" in refusal(book())


def test_thousands_of_merged_ranges_over_thousands_of_rows_cost_no_time():
    ranges = "".join(f'<mergeCell ref="A2:D{20_000 + n}"/>' for n in range(20_000))
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(3, 20_000))
    content = patched(book(), SHEET, ("</sheetData>", f"{rows}</sheetData><mergeCells>{ranges}</mergeCells>"))
    begun_s = process_time()
    assert Workbook(content, name="night.xlsx").read().rejects.height == 19_998
    assert process_time() - begun_s < 5.0


def test_deeply_nested_xml_does_no_harm():
    deep = patched(book(), SHEET, ("</worksheet>", f"{'<a>' * 100_000}{'</a>' * 100_000}</worksheet>"))
    assert Workbook(deep, name="night.xlsx").read().claims.height == 1


def test_links_to_other_files_are_never_followed(tmp_path: Path):
    outside = tmp_path / "secret.xml"
    outside.write_text("secret")
    rels = "xl/_rels/workbook.xml.rels"
    link = f'<Relationship Id="rId99" Type="x/worksheet" Target="{outside.as_uri()}" TargetMode="External"/></Rel'
    content = patched(book(), rels, ("</Rel", link))
    content = patched(content, MAIN, ("</sheets>", '<sheet name="finds" sheetId="99" r:id="rId99"/></sheets>'))
    assert Workbook(content, name="night.xlsx").read().finds.height == 0


def test_a_part_outside_the_archive_cannot_be_named():
    content = patched(book(), "xl/_rels/workbook.xml.rels", ("worksheets/sheet4.xml", "../../../../etc/passwd"))
    assert refusal(content).startswith("night.xlsx: lacks its part etc/passwd")


def test_prefixes_of_names_make_no_difference():
    """Some programs write <x:row> where Excel writes <row>."""
    changes = [(f"<{tag}", f"<x:{tag}") for tag in ("worksheet", "sheetData", "row", "c ", "v>", "dimension")]
    changes += [(f"</{tag}>", f"</x:{tag}>") for tag in ("worksheet", "sheetData", "row", "c", "v")]
    content = patched(book(), SHEET, *changes, ("xmlns=", "xmlns:x="))
    assert Workbook(content, name="night.xlsx").read().claims.equals(read().claims)


@settings(max_examples=150, deadline=None)
@given(
    part=st.sampled_from([SHEET, TEXTS, MAIN, "xl/styles.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"]),
    at=st.floats(0, 1, exclude_max=True),
    new=st.sampled_from(['"', "<", ">", "/", "&", "9", "-", "\x00", "<c>", "</c>", "<v>", 'r="ZZZ9"', "&#0;", "é"]),
    cut=st.integers(0, 30),
)
def test_however_a_workbook_is_damaged_it_is_read_or_refused(part: str, at: float, new: str, cut: int):
    with zipfile.ZipFile(io.BytesIO(SOUND)) as source:
        text = source.read(part).decode()
    place = int(at * len(text))
    damaged = patched(SOUND, part, (text, text[:place] + new + text[place + cut :]))
    with suppress(BundleError):  # any other error is a fault of ours
        Workbook(damaged, name="night.xlsx").read()


@settings(max_examples=150, deadline=None)
@given(at=st.floats(0, 1, exclude_max=True), new=st.binary(min_size=1, max_size=8))
def test_whatever_bytes_of_the_archive_change_it_is_read_or_refused(at: float, new: bytes):
    place = int(at * len(SOUND))
    with suppress(BundleError):  # any other error is a fault of ours
        Workbook(SOUND[:place] + new + SOUND[place + len(new) :], name="night.xlsx").read()


@pytest.mark.parametrize(
    ("name", "content", "is_one"),
    [
        ("night.xlsx", b"PK\x03\x04", True),
        ("night", b"PK\x03\x04", True),
        ("night.xls", b"anything", True),
        ("incident.toml", b"title", False),
    ],
)
def test_a_workbook_is_known_by_its_first_bytes_or_its_name(tmp_path: Path, name: str, content: bytes, is_one: bool):
    (tmp_path / name).write_bytes(content)
    assert is_workbook(tmp_path / name) is is_one
    assert not is_workbook(tmp_path)
