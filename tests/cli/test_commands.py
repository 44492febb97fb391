"""`hotwash check`, `analyse` and `demo`: exit codes, one JSON object, one plain sentence, no half-written account."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bundles import HEAD, files

from hotwash.work import loop

ACCOUNT = {"account.html", "account.json", "account.md", "occurrence.csv"}
Write = Callable[..., Path]
BAD_ROW = [{}, {"claim_id": "C2", "value": "many"}]


def held(folder: Path) -> dict[str, bytes]:
    return {entry.name: entry.read_bytes() for entry in folder.iterdir() if entry.is_file()}


def plain_sentence(err: str) -> str:
    """Return what a refusal says, having seen that it is one line and no traceback."""
    assert err.startswith("hotwash: ")
    assert err.count("\n") == 1
    assert "Traceback" not in err
    return err


# ---------------------------------------------------------------- check


def test_check_ends_with_0_where_there_is_no_fault(hotwash, write: Write):
    done = hotwash("check", write())
    assert (done.code, done.err) == (0, "")
    assert "No faults and no remarks." in done.out


EARLY = {"known_utc": "2025-09-09T21:00Z"}  # half an hour before it happened


def test_check_ends_with_0_where_there_are_remarks_only_and_tells_each_with_its_place_and_advice(hotwash, write: Write):
    done = hotwash("check", write(events=[EARLY]))
    assert (done.code, done.err) == (0, "")
    # The place, the column, what was noticed and what to do; a cell may break its sentence anywhere.
    assert all(words in done.out for words in ("events E1", "known_utc", "It was known at 23:00", "Correct known_utc"))
    assert "No row was rejected; 1 remark." in done.out
    assert "No faults" not in done.out


def test_check_tells_rejected_rows_and_remarks_together(hotwash, write: Write):
    done = hotwash("check", write(claims=BAD_ROW, events=[EARLY]))
    assert done.code == 1
    assert "1 row rejected; 1 remark." in done.out


def test_check_lists_remarks_for_a_program(hotwash, write: Write):
    said = json.loads(hotwash("check", write(events=[EARLY]), "--json").out)
    assert list(said) == ["rejects", "repairs", "remarks"]
    (row,) = said["remarks"]
    assert (row["kind"], row["table"], row["row_id"], row["column"]) == ("known_before", "events", "E1", "known_utc")


def test_check_tells_all_faults_of_a_bundle_that_cannot_be_used_each_on_its_line(hotwash, write: Write):
    done = hotwash("check", write(head=HEAD.replace("title =", "titel ="), claims="clame_id\n"))
    assert (done.code, done.out) == (2, "")
    first, *others = done.err.splitlines()
    assert first == "hotwash: incident.toml, titel: is not a known key; did you mean title?"
    assert [line.partition(": ")[0] for line in others] == ["incident.toml, title", "claims.csv, line 1"]


def test_check_ends_with_1_where_rows_are_rejected_and_explains_each(hotwash, write: Write):
    done = hotwash("check", write(claims=BAD_ROW))
    assert (done.code, done.err) == (1, "")
    assert "claims.csv:3" in done.out
    assert "'many' is not a number" in done.out
    assert "1 row rejected." in done.out


REFUSED = {
    "a missing file": ({"sources": None}, "sources.csv: is missing from the bundle"),
    "a wrong column": ({"claims": "clame_id\n"}, "claims.csv, line 1: column 'clame_id' is not declared; did you mean"),
    "semicolons": (
        {"sources": "source_id;publisher\nS1;x\n"},
        "sources.csv, line 1: its cells are separated by semico",
    ),
    "an open quote": ({"sources": 'source_id,publisher\nS1,"x\n'}, "sources.csv, line 2: unexpected end of data"),
    "UTF-16": ({"claims": "claim_id\n".encode("utf-16-le")}, "claims.csv: zero bytes: UTF-16"),
    "a bad head": ({"head": "title = \n"}, "incident.toml: is not valid TOML"),
    "a broken head": ({"head": HEAD.encode() + b"#\xff"}, "incident.toml: contains bytes that are not UTF-8"),
    "an unknown unit": ({"head": HEAD.replace('"km"', '"leagues"')}, "incident.toml, question Q-R: unit is 'leagues'"),
    "an unknown zone": ({"head": HEAD.replace("PL-land", "XX-land")}, "incident.toml, zones_of_interest: there is no"),
    "an unknown aerodrome": ({"head": HEAD.replace("EPLB", "EPZZ")}, "incident.toml, aerodromes, 'EPZZ': no aerodrome"),
}


@pytest.mark.parametrize("command", ["check", "analyse"])
@pytest.mark.parametrize("fault", REFUSED)
def test_a_bundle_that_cannot_be_used_ends_with_2_and_one_sentence(hotwash, write: Write, command: str, fault: str):
    choices, says = REFUSED[fault]
    folder = write(**{name: content for name, content in choices.items() if content is not None})
    if choices.get("sources", "") is None:
        (folder / "sources.csv").unlink()
    before = held(folder)
    done = hotwash(command, folder, "--json")
    assert (done.code, done.out) == (2, "")
    assert says in plain_sentence(done.err)
    assert held(folder) == before


@pytest.mark.parametrize("command", ["check", "analyse"])
def test_a_folder_that_is_not_there_ends_with_2(hotwash, tmp_path: Path, command: str):
    done = hotwash(command, tmp_path / "nowhere")
    assert done.code == 2
    assert "there is no such folder" in plain_sentence(done.err)


def test_check_prints_one_json_object_and_nothing_else(hotwash, write: Write):
    done = hotwash("check", write(claims=[{"summary": "WÅ‚adysÅ‚aw"}, *BAD_ROW[1:]]), "--json")
    said = json.loads(done.out)
    assert (done.code, done.err) == (1, "")
    assert [row["line"] for row in said["rejects"]] == [3]
    assert [row["mended"] for row in said["repairs"]] == ["Władysław"]


# ---------------------------------------------------------------- analyse


def test_analyse_ends_with_0_also_where_rows_are_rejected(hotwash, write: Write):
    folder = write(claims=BAD_ROW)
    done = hotwash("analyse", folder)
    assert (done.code, done.err) == (0, "")
    assert "1 row rejected" in done.out
    assert held(folder).keys() >= ACCOUNT
    assert [row["line"] for row in json.loads((folder / "account.json").read_text())["rejects"]] == [3]


def test_analyse_prints_the_account_it_writes_as_one_json_object(hotwash, write: Write):
    folder = write()
    done = hotwash("analyse", folder, "--json")
    assert (done.code, done.err) == (0, "")
    assert json.loads(done.out) == json.loads((folder / "account.json").read_text())


def test_analyse_says_how_many_fields_of_an_occurrence_report_are_empty(hotwash, write: Write):
    done = hotwash("analyse", write(head=f'{HEAD}[occurrence]\nstatus = "open"\n'))
    # 13 common fields, of which the date follows from the window; two aerodromes, so their two fields are needed
    assert "Occurrence report: 13 of 15 mandatory fields are empty; occurrence.csv lists them." in done.out


def test_check_and_analyse_find_the_same_faults(hotwash, write: Write):
    folder = write(claims=BAD_ROW, finds=[{"lat_deg": "23.23", "lon_deg": "52.01"}])
    checked, analysed = (json.loads(hotwash(command, folder, "--json").out) for command in ("check", "analyse"))
    assert checked["rejects"] == analysed["rejects"]


def test_analyse_writes_where_it_is_told_and_nowhere_else(hotwash, write: Write, tmp_path: Path):
    folder = write()
    hotwash("analyse", folder, "--out", tmp_path / "new" / "place")
    assert held(folder) == files()
    assert held(tmp_path / "new" / "place").keys() == ACCOUNT


def test_a_brief_analysis_is_one_screen_and_a_full_one_holds_every_statement(hotwash, tmp_path: Path):
    brief = hotwash("analyse", "examples/poland-2025", "--out", tmp_path, "--brief")
    assert brief.code == 0
    lines = brief.out.splitlines()
    assert 5 < len(lines) <= 25
    assert lines[-1] == f"The account: {tmp_path / 'account.html'}"
    assert 'id="print-annex">' in (tmp_path / "account.html").read_text(encoding="utf-8")
    full = hotwash("analyse", "examples/poland-2025", "--out", tmp_path, "--full")
    assert len(full.out.splitlines()) > 300
    assert 'id="print-annex" checked>' in (tmp_path / "account.html").read_text(encoding="utf-8")
    assert "statements hold" not in brief.out + full.out


def test_a_brief_and_full_analysis_is_refused(hotwash, write: Write):
    done = hotwash("analyse", write(), "--brief", "--full")
    assert done.code == 2
    assert "choose one: --brief prints less, --full prints more" in done.err


def test_a_bundle_broken_later_leaves_the_earlier_account_as_it_was(hotwash, write: Write):
    folder = write()
    assert hotwash("analyse", folder).code == 0
    before = held(folder)
    (folder / "claims.csv").write_text("claim_id;value\n")
    assert hotwash("analyse", folder).code == 2
    assert {name: content for name, content in held(folder).items() if name in ACCOUNT} == {
        name: before[name] for name in ACCOUNT
    }


def test_a_second_run_does_not_read_the_first_runs_account(hotwash, write: Write):
    folder = write()
    first, second = (json.loads(hotwash("analyse", folder, "--json").out) for _ in range(2))
    assert first["files"] == second["files"]


def test_a_place_that_cannot_be_written_to_ends_with_2(hotwash, write: Write):
    folder = write()
    done = hotwash("analyse", folder, "--out", folder / "claims.csv")
    assert done.code == 2
    assert "cannot be written to" in plain_sentence(done.err)


# ---------------------------------------------------------------- as of


def test_as_of_a_date_means_the_end_of_that_day_where_it_happened(hotwash, write: Write):
    done = hotwash("analyse", write(), "--as-of", "2025-09-10", "--json")
    assert json.loads(done.out)["as_of_utc"] == "2025-09-10T22:00:00Z"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("2025-09-31", "there is no 31 September 2025"),
        ("2025-09-11T12:00", "has no zone"),
        ("yesterday", "is not a time"),
        ("20250911", "is not a time"),
        ("", "is not a time"),
    ],
)
def test_a_date_that_cannot_be_read_ends_with_2(hotwash, write: Write, typed: str, says: str):
    folder = write()
    done = hotwash("analyse", folder, "--as-of", typed)
    assert done.code == 2
    assert says in plain_sentence(done.err)
    assert done.err.startswith("hotwash: --as-of: ")
    assert not held(folder).keys() & ACCOUNT


# ---------------------------------------------------------------- a better border

SQUARE = {"type": "Polygon", "coordinates": [[[14.0, 49.0], [24.0, 49.0], [24.0, 55.0], [14.0, 55.0], [14.0, 49.0]]]}


@pytest.mark.parametrize("properties", [{}, {"line_sigma_m": None}, {"source": "the surveyor"}])
def test_a_border_that_states_no_precision_is_taken_as_good_to_1000_m_and_that_is_said(
    hotwash, write: Write, tmp_path: Path, properties: dict[str, object]
):
    path = tmp_path / "border.geojson"
    path.write_text(json.dumps({"type": "Feature", "properties": properties, "geometry": SQUARE}))
    folder = write()
    (zone,) = json.loads(hotwash("analyse", folder, "--border", path, "--json").out)["zones"]
    assert zone["zone_id"] == "PL-land"
    assert zone["line_sigma_m"] == 1000.0
    assert zone["source"].startswith(str(properties.get("source", "border.geojson")))
    assert "states no line_sigma_m, so 1,000 m is assumed" in zone["source"]
    assert str(tmp_path) not in "".join((folder / name).read_text() for name in ACCOUNT)


def test_a_border_that_states_its_precision_keeps_it(hotwash, write: Write, tmp_path: Path):
    path = tmp_path / "border.geojson"
    path.write_text(json.dumps({"type": "Feature", "properties": {"line_sigma_m": 5}, "geometry": SQUARE}))
    (zone,) = json.loads(hotwash("analyse", write(), "--border", path, "--json").out)["zones"]
    assert zone["line_sigma_m"] == 5.0
    assert "are taken" not in zone["source"]


@pytest.mark.parametrize("content", [None, "{", "[]", "3", '{"type": "Feature"}', "[" * 100_000, "\udcff"])
def test_a_border_that_cannot_be_read_ends_with_2(hotwash, write: Write, tmp_path: Path, content: str | None):
    path = tmp_path / "border.geojson"
    if content is not None:
        path.write_bytes(content.encode("utf-8", "surrogateescape"))
    folder = write()
    done = hotwash("analyse", folder, "--border", path)
    assert done.code == 2
    assert "border.geojson" in plain_sentence(done.err)
    assert not held(folder).keys() & ACCOUNT


# ---------------------------------------------------------------- redaction

PERSON = "Zenobia Kwiatkowska"


def test_redaction_takes_a_name_out_of_all_three_files_and_says_what_it_took(hotwash, write: Write):
    claims = [
        {"said_by": f"Spokesperson ({PERSON})", "person": PERSON, "role": "spokesperson"},
        {"claim_id": "C2", "summary": f"{PERSON}, zenobia@example.org, says WÅ‚adysÅ‚aw"},
        {"claim_id": "C3", "value": "many", "summary": f"{PERSON} says many"},
    ]
    finds = [{"is_private_place": "true", "what": f"on the farm of {PERSON}"}]
    folder = write(claims=claims, finds=finds, sources=[{"note": f"told by {PERSON}"}])
    done = hotwash("analyse", folder, "--redact", "--json")
    assert done.code == 0
    account = json.loads(done.out)
    assert "exact position of find F1" in account["removed"]
    assert any("the name of a person" in line for line in account["removed"])
    for name in ACCOUNT:
        text = (folder / name).read_text()
        assert PERSON not in text, name
        assert "zenobia@example.org" not in text, name
        assert "23.23" not in text, name


@pytest.mark.parametrize(
    "choices",
    [
        {"claims": [{"person": PERSON, "role": "x"}, {"claim_id": "C2", "value": PERSON}]},
        {"claims": [{"person": PERSON, "role": "x"}], "head": HEAD.replace("Lights", PERSON)},
        {"claims": [{"person": PERSON, "role": "x"}], "head": f'{HEAD}[occurrence]\nheadline = "{PERSON} saw it"\n'},
    ],
)
def test_redaction_takes_a_name_out_of_reasons_and_headlines_too(hotwash, write: Write, choices: dict[str, object]):
    folder = write(**choices)
    assert hotwash("analyse", folder, "--redact").code == 0
    assert not [name for name in ACCOUNT if PERSON in (folder / name).read_text()]


def test_without_redaction_nothing_is_said_to_be_removed(hotwash, write: Write):
    assert json.loads(hotwash("analyse", write(), "--json").out)["removed"] == []


# ---------------------------------------------------------------- demo


KEYS = {  # of each lesson that verify tells a program about
    "lesson_id", "result", "passes", "trials", "lower_90", "reference", "effect", "effect_low", "effect_high",
    "setting", "why", "rows",
}  # fmt: skip


def whole_demo(folder: Path) -> tuple[Path, Any]:
    done = run("demo", "--out", str(folder / "demo"), "--json")
    assert (done.returncode, done.stderr) == (0, b"")
    return folder / "demo", json.loads(done.stdout)


@pytest.fixture(scope="module")
def demo(once: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """The whole demo, run once: a copy of the folder that it left, and what it told a program."""
    folder, told = once("demo", whole_demo)
    return shutil.copytree(folder, tmp_path_factory.mktemp("shown") / "demo"), told


def test_the_demo_is_the_same_twice_but_for_the_time_it_was_made(hotwash, tmp_path: Path, demo, monkeypatch):
    # The second run takes the pilot's lesson alone: that watches repeat is tested where they are played.
    monkeypatch.setattr(loop, "THREADS", tuple(one for one in loop.THREADS if one.lesson_id == "L-SEARCH"))
    monkeypatch.setattr("hotwash.work.demo._MOST_WORKERS", 1)  # no processes for what needs none
    first, second = dict(demo[1]), json.loads(hotwash("demo", "--out", tmp_path / "b", "--json").out)
    assert first.pop("made_utc")
    assert second.pop("made_utc")
    centres = [first.pop("centre"), second.pop("centre")]
    assert first == second
    for part in ("lessons", "verify"):
        assert centres[1][part] == [row for row in centres[0][part] if row["lesson_id"] == "L-SEARCH"]
    for part in ("attempts", "skills"):
        assert centres[1][part]
        assert [row for row in centres[0][part] if row in centres[1][part]] == centres[1][part]


def test_the_demo_leaves_a_folder_that_can_be_analysed_again(hotwash, tmp_path: Path, demo):
    folder = tmp_path / "demo"
    shutil.copytree(demo[0], folder)
    assert hotwash("check", folder).code == 0
    assert hotwash("analyse", folder / "airport-2026").code == 0


def test_the_demo_leaves_a_centre_that_is_sound_and_says_which_lessons_hold(hotwash, tmp_path: Path, demo):
    folder = tmp_path / "demo"
    shutil.copytree(demo[0], folder)
    assert {"centre.db", "recordings", "lessons.html", "account.html", "flight"} <= {at.name for at in folder.iterdir()}
    assert hotwash("doctor", "--centre", folder).code == 0
    assert hotwash("lessons", "audit", "--centre", folder).code == 0
    done = hotwash("verify", "--centre", folder, "--json")
    assert done.code == 1
    told = json.loads(done.out)["lessons"]
    assert all(set(row) >= KEYS for row in told)
    assert {row["result"] for row in told if row["subject"] == "procedure"} == {"HOLDS", "DOES NOT HOLD"}
    assert {row["result"] for row in told if row["subject"] == "person"} == {"NOT ENOUGH EVIDENCE"}
    assert (folder / "lessons.html").read_text(encoding="utf-8").count("not for people") > 3


@pytest.mark.parametrize(("lesson", "code"), [("L-SEARCH", 0), ("L-REOPEN", 1)])
def test_verify_ends_with_how_it_stands_and_writes_its_page(hotwash, tmp_path: Path, demo, lesson: str, code: int):
    page = tmp_path / "page.html"
    done = hotwash("verify", "--centre", demo[0], "--lesson", lesson, "--page", page, "--json")
    assert done.code == code
    assert {row["lesson_id"] for row in json.loads(done.out)["lessons"]} == {lesson}
    assert "shown for the procedure, not for people" in page.read_text(encoding="utf-8")


def test_a_lesson_that_is_not_there_is_not_verified_and_no_page_is_written(hotwash, tmp_path: Path, demo):
    page = tmp_path / "page.html"
    done = hotwash("verify", "--centre", demo[0], "--lesson", "L-NONE", "--page", page)
    assert done.code == 2
    assert "there is no such lesson in this centre" in done.err
    assert not page.exists()


def test_a_second_demo_into_the_same_folder_is_refused_and_changes_nothing(hotwash, demo):
    before = held(demo[0])
    done = hotwash("demo", "--out", demo[0])
    assert done.code == 2
    assert "is not empty; name a new folder" in plain_sentence(done.err)
    assert held(demo[0]) == before


def test_the_demo_of_the_account_alone_flies_nothing_and_makes_no_centre(hotwash, tmp_path: Path):
    done = hotwash("demo", "--account-only", "--out", tmp_path / "demo", "--json")
    assert done.code == 0
    assert "flight" not in json.loads(done.out)
    assert (tmp_path / "demo" / "account.html").is_file()
    assert not (tmp_path / "demo" / "centre.db").exists()


def test_the_demo_refuses_a_folder_that_holds_something(hotwash, tmp_path: Path):
    (tmp_path / "mine.txt").write_text("mine")
    done = hotwash("demo", "--out", tmp_path)
    assert done.code == 2
    assert "is not empty; name a new folder" in plain_sentence(done.err)
    assert held(tmp_path) == {"mine.txt": b"mine"}


# ---------------------------------------------------------------- as a program of its own


def run(*typed: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "hotwash", *typed]
    return subprocess.run(command, capture_output=True, check=False, env={**os.environ, **environment})


def test_help_comes_without_the_heavy_libraries():
    code = (
        "import sys\n"
        "from hotwash.cli import main\n"
        "sys.argv = ['hotwash', '--help']\n"
        "try:\n    main()\n"
        "except SystemExit:\n    pass\n"
        "heavy = {'polars', 'numpy', 'shapely', 'pyproj', 'rich.console', 'airportsdata', 'ftfy', 'jinja2'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "analyse" in done.stdout
    assert done.stderr.strip() == "[]"


def test_a_refusal_of_the_real_program_is_one_line_for_each_fault_on_standard_error(tmp_path: Path):
    done = run("check", str(tmp_path))
    assert (done.returncode, done.stdout) == (2, b"")
    first, second = done.stderr.decode().splitlines()
    assert first == "hotwash: incident.toml: is missing from the bundle; it holds no files"
    assert second == "sources.csv: is missing from the bundle; it holds no files"
    (tmp_path / "sources.csv").write_text("source_id,publisher\n")
    assert plain_sentence(run("check", str(tmp_path)).stderr.decode()).startswith("hotwash: incident.toml: is missing")


def test_json_is_utf_8_whatever_the_locale_says(write: Write):
    folder = write(claims=[{"value": "wiele słów ✔"}])
    done = run("check", str(folder), "--json", LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (done.returncode, done.stderr) == (1, b"")
    assert json.loads(done.stdout.decode("utf-8"))["rejects"][0]["value"] == "wiele słów ✔"


def test_a_table_is_shown_whatever_the_locale_says(write: Write):
    done = run("analyse", str(write()), LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_wrong_option_ends_with_2():
    assert run("analyse", "--no-such-option").returncode == 2
