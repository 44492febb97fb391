"""A CSV file as spreadsheets and editors write it: what is read, and what is refused with which advice."""

from __future__ import annotations

import csv

import pytest
from bundles import files, read, refused

from hotwash.errors import BundleError, ReadError
from hotwash.ingest import bundle

SOURCES = "source_id,publisher,title\nS1,Gazeta,„Tytuł”\nS2,Kurier,x\n"


def sources(content: str | bytes):
    return read(sources=content, claims=[])


def names(content: str | bytes) -> list[str]:
    return sources(content).recording.sources["source_id"].to_list()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_utf_8_is_read_and_so_is_utf_16_with_a_mark(encoding: str):
    found = sources(SOURCES.encode(encoding))
    assert found.recording.sources["title"].to_list() == ["„Tytuł”", "x"]
    assert found.rejects.is_empty()
    assert found.repairs.is_empty()


def test_utf_16_without_a_mark_is_refused():
    with pytest.raises(ReadError, match=r"sources\.csv: zero bytes: UTF-16 .* save it as UTF-8"):
        sources(SOURCES.encode("utf-16-le"))


def test_utf_16_cut_short_is_refused():
    with pytest.raises(ReadError, match=r"sources\.csv, byte \d+: broken utf-16-le"):
        sources(SOURCES.encode("utf-16")[:-1])


def test_broken_utf_8_costs_only_its_row():
    found = sources(SOURCES.replace("ł", "?").encode().replace(b"?", b"\xb3"))
    assert refused(found) == [("sources.csv", 2, "title")]
    assert found.rejects["value"].to_list() == ["„Tytu\\xb3”"]
    assert names(SOURCES.encode().replace("ł".encode(), b"\xb3")) == ["S2"]


def test_damaged_words_are_mended_and_listed_with_their_raw_text():
    found = sources(SOURCES.replace("Gazeta", "WÅ‚adysÅ‚aw i „Gazeta”"))
    assert found.recording.sources["publisher"][0] == "Władysław i „Gazeta”"
    assert found.repairs.drop("cell").rows() == [("sources.csv", 2, "publisher", "WÅ‚adysÅ‚aw", "Władysław")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_ending_is_read(end: str):
    assert names(SOURCES.replace("\n", end)) == ["S1", "S2"]


def test_the_last_line_needs_no_ending():
    assert names(SOURCES.rstrip("\n")) == ["S1", "S2"]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_row_after_a_line_break_in_quotation_marks_still_has_its_own_line(end: str):
    found = sources(f'source_id,publisher,title{end}S1,Gazeta,"one{end}two"{end}{end}S2,,x{end}')
    assert refused(found) == [("sources.csv", 5, "publisher")]


def test_a_quotation_mark_that_is_never_closed_is_refused_with_the_line_where_it_opens():
    with pytest.raises(BundleError, match=r"sources\.csv, line 3: .*quotation mark that is not closed"):
        sources('source_id,publisher\nS1,Gazeta\nS2,"Kurier\nS3,Dziennik\n')


def test_a_quotation_mark_that_is_not_doubled_is_refused():
    with pytest.raises(BundleError, match=r"sources\.csv, line 2: .*not doubled"):
        sources('source_id,publisher\nS1,"The "Gazeta""\n')


@pytest.mark.parametrize(("mark", "called"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_a_file_parted_by_something_else_is_refused_and_told_so(mark: str, called: str):
    with pytest.raises(BundleError, match=rf"its cells are separated by {called}; save it as CSV with commas"):
        sources(SOURCES.replace(",", mark))


@pytest.mark.parametrize("written", ["Source_ID", "source id", "SOURCE-ID", "sourceid", "source_i"])
def test_a_column_spelled_otherwise_is_refused_with_the_declared_name(written: str):
    with pytest.raises(BundleError, match=rf"column '{written}' is not declared; did you mean source_id\?"):
        sources(SOURCES.replace("source_id", written))


def test_a_column_that_no_name_is_like_is_refused_with_all_names():
    with pytest.raises(BundleError, match="'xyzzy' is not declared; sources has source_id, publisher"):
        sources("source_id,publisher,xyzzy\n")


def test_blanks_around_a_column_name_do_no_harm():
    assert names("source_id , publisher\nS1,Gazeta\n") == ["S1"]


def test_a_column_that_stands_twice_is_refused():
    with pytest.raises(BundleError, match="'publisher' appears twice"):
        sources("source_id,publisher,publisher\n")


def test_a_column_that_every_row_needs_cannot_be_left_out():
    with pytest.raises(BundleError, match=r"sources\.csv, line 1: column publisher is missing"):
        sources("source_id\nS1\n")


def test_empty_columns_and_rows_that_a_spreadsheet_leaves_do_no_harm():
    assert names("source_id,publisher,,\nS1,Gazeta,,\n,,,\n\nS2,Kurier,,\n") == ["S1", "S2"]


@pytest.mark.parametrize("content", ["", "source_id,publisher\n", "\ufeff"])
def test_a_file_without_rows_has_no_rows(content: str):
    found = sources(content)
    assert found.recording.sources.is_empty()
    assert found.rejects.is_empty()


def test_zero_bytes_far_down_cost_only_their_row():
    many = SOURCES + "".join(f"T{n},x,y\n" for n in range(1000))
    assert refused(sources(many.replace("T999,x", "T999,\x00x"))) == [("sources.csv", 1003, "publisher")]


@pytest.mark.parametrize("content", [SOURCES, "", "x\n", 'source_id,publisher\nS1,"x', "a" * 200_000])
def test_reading_leaves_the_limit_of_the_csv_module_as_it_was(content: str):
    # It is one for the whole program; a refused file once left it at the file's own length, and
    # every other reader in the process then found its cells too long.
    before = csv.field_size_limit()
    kept = None
    try:
        sources(content)
    except BundleError as refused:
        kept = refused  # a caught error keeps its frames alive, and with them what they have not finished
    assert csv.field_size_limit() == before, kept


@pytest.mark.parametrize("missing", ["incident.toml", "sources.csv"])
def test_a_bundle_without_its_two_needed_files_is_refused(missing: str):
    given = files()
    del given[missing]
    with pytest.raises(BundleError, match=f"{missing}: is missing from the bundle; it holds claims.csv, "):
        bundle.read(given)


def test_a_bundle_of_two_files_has_no_rows():
    given = files()
    del given["claims.csv"]
    assert bundle.read(given).claims.is_empty()
