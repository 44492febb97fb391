"""Every reader of a file or a text, found by looking through the program, against values made to break readers.

Whatever a file holds, a reader returns or raises an error of ours: never what Python, Polars or a database raise.
"""

from __future__ import annotations

import importlib
import inspect
import io
import json
import pkgutil
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import hotwash
from hotwash import documents
from hotwash.errors import HotwashError, ReadError
from hotwash.ingest.gathering import Gathering
from hotwash.model import tables

Reader = Callable[..., Any]

# A reader of content takes text, bytes or the path of a file first; these begin like that and read no file of a user.
NO_READERS = {
    "geo.area_columns.read_areas", "geo.column_arrays.read_columns", "geo.columns.read_numbers",  # of the package
    "ingest.cells.parse", "ingest.times.parse",  # one cell, whose Fault its reader turns into a reject
    "ingest.table_file.find_reader", "ingest.csv_table.read_rows",
    "lessons.exchange.parse_document",  # values: `ingest.lessons_file.read` reads the file
    "flight.airframes.load_airframe", "lanes.lane.load_lane", "skills.curriculum.load_curriculum",  # shipped names
    "score.marking.load_scheme", "geo.borders.load_zone", "geo.borders.load_country", "air.scenarios.read_scenario",
    "resources.read", "lanes.figures.read_figure", "lanes.figures.read_citation", "geo.borders.load_borders",
    "work.lanes.load_lane", "ingest.parquet_table.scan",  # lazy: `detections_file` reads its parts
}  # fmt: skip
VERBS = ("read", "parse", "load", "from", "open", "decode", "table", "some", "is_long", "changes")
FIRST = {"text", "content", "path", "file", "source", "folder", "files"}


def readers() -> Iterator[tuple[str, Reader]]:
    """Yield every public function of the program that reads text, bytes, a file or a folder."""
    for module in pkgutil.walk_packages(hotwash.__path__, "hotwash."):
        if module.name.startswith(("hotwash.gym", "hotwash.cli", "hotwash.__main__")):
            continue
        for name, function in vars(importlib.import_module(module.name)).items():
            place = f"{module.name.removeprefix('hotwash.')}.{name}"
            if not inspect.isfunction(function) or function.__module__ != module.name or place in NO_READERS:
                continue
            first = next(iter(inspect.signature(function).parameters.values()), None)
            is_ours = not name.startswith("_") and (name.split("_")[0] in VERBS or name in VERBS)
            if is_ours and first is not None and first.name in FIRST:
                yield place, function


FOUND = dict(readers())

DIGITS = "9" * 5000
DEEP = "[" * 3000
SUPERSCRIPT = "²"
HALF = "\\ud800"


def toml_texts() -> Iterator[str]:
    """Yield TOML that is valid or nearly: each shipped file with each of its values made hostile, one at a time."""
    yield from (f"a = {DIGITS}", f"a = {DEEP}", "a = 2026-01-01T00:00:00Z", "", "\x00", "[" * 40, "a = '\x1b[2J'")
    values = ("2026-01-01T00:00:00Z", "07:30:00", "1e308", "-1e308", "inf", "nan", "9223372036854775807", "true",
              "[]", "{}", "[[1], ['a']]", "''", "'²'", "'\\u202e'", f"'{'x' * 3000}'", DIGITS)  # fmt: skip
    for path in SHIPPED:
        lines = path.read_text(encoding="utf-8").splitlines()
        keyed = [at for at, line in enumerate(lines) if " = " in line and not line.startswith("#")]
        for nth, at in enumerate(keyed[:: max(1, len(keyed) // 6)]):
            for value in values[nth % 6 :: 6]:
                key = lines[at].partition(" = ")[0]
                yield "\n".join([*lines[:at], f"{key} = {value}", *lines[at + 1 :]])


ROOT = Path(hotwash.__file__).parent
SHIPPED = [
    next(iter(sorted((ROOT / folder).rglob("*.toml"))))
    for folder in ("flight", "lanes", "score", "skills", "watch", "air")
    if any((ROOT / folder).rglob("*.toml"))
]


def json_texts() -> Iterator[str]:
    """Yield JSON of zones and lessons whose numbers, texts and brackets are hostile."""
    yield from (DIGITS, DEEP, '{"a":' * 3000, "[1e999]", "[NaN]", f'"{HALF}"', "{}", "[]", "null", '{"type": 7}')
    ring = "[[20,50],[21,50],[21,51],[20,50]]"
    hostile = (DIGITS, "1e300", f'"{HALF}"', "null", "[]", '{"a": 1}', '"²"', "true", '"\\u001b[2J"', "9" * 400)
    properties = ("zone_id", "name", "kind", "floor_m", "ceiling_m", "floor_ref", "line_sigma_m", "source", "layer",
                  "upperLimit", "clip_box", "verticalReferenceUpper", "geometry", "MinAlt")  # fmt: skip
    for value in hostile:
        for key in properties:
            yield (
                f'{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{"{key}":{value}}},'
                f'"geometry":{{"type":"Polygon","coordinates":[{ring}]}}}}]}}'
            )
        for geometry in (
            f'{{"type":"Polygon","coordinates":[[[{value},50],[21,50],[21,51],[{value},50]]]}}',
            f'{{"type":"Polygon","coordinates":{value}}}', f'{{"type":{value},"coordinates":[{ring}]}}',
            f'{{"type":"Point","coordinates":[20,50],"extent":{{"subType":"Circle","radius":{value}}}}}',
            f'{{"type":"GeometryCollection","geometries":{value}}}',
        ):  # fmt: skip
            yield f'{{"type":"Feature","properties":{{}},"geometry":{geometry}}}'
        for key in ("lesson_id", "title", "history", "originator_id", "keywords", "lat_deg", "event_utc"):
            yield f'{{"format":"hotwash-lessons/1","lessons":[{{"lesson_id":"L-1","{key}":{value}}}]}}'
        for key in ("format", "people", "objectives", "lessons", "conflicts", "centre_id"):
            yield f'{{"format":"hotwash-lessons/1","{key}":{value}}}'
        yield f'{{"format":"hotwash-lessons/{DIGITS}"}}'
        yield f'{{"format":"hotwash-lessons/{SUPERSCRIPT}"}}'


def tables_of_rows() -> Iterator[bytes]:
    """Yield Parquet and CSV that are whole, cut, with flipped bytes, and with values that no table has."""
    frames = [
        pl.DataFrame({"detection_id": [1], "sensor_id": ["r"], "time_utc": [None]}),
        pl.DataFrame({"zone_id": ["a"], "geometry": [b"\x00"]}),
        pl.DataFrame(
            {"detection_id": [2**63], "lat_deg": [1e308]}, schema={"detection_id": pl.UInt64, "lat_deg": pl.Float64}
        ),
        pl.DataFrame({"track_id": [[1, 2]], "time_utc": ["²"]}),
        pl.DataFrame({"time_utc": [2**62]}, schema={"time_utc": pl.Datetime("us", "UTC")}),
        pl.DataFrame({"sensor_id": [{"a": 1}], "kind": [None]}),
    ]
    for frame in frames:
        stream = io.BytesIO()
        frame.write_parquet(stream)
        whole = stream.getvalue()
        yield whole
        yield whole[: len(whole) // 2]
        for at in range(5, len(whole), max(1, len(whole) // 6)):
            yield whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]
        yield whole[:-8] + struct.pack("<I", 2**31) + b"PAR1"
    header = ",".join(tables.DETECTIONS.names)
    for cell in ("²", DIGITS, "1e999", "\x1b[2J", "9999-12-31T23:59:59Z", '"', "٣"):
        yield f"{header}\n{','.join([cell] * len(tables.DETECTIONS.names))}\n".encode()
        yield f"lesson_id,title,lat_deg,history\n{cell},{cell},{cell},{cell}\n".encode()
    yield f"lesson_id,actions,history\nL-1,{DEEP},{DIGITS}\n".encode()
    yield b"\xff\xfe\x00"
    yield b""


def corpus() -> Iterator[bytes]:
    for text in (*toml_texts(), *json_texts()):
        yield text.encode("utf-8", "surrogatepass")
    yield from tables_of_rows()


CORPUS = tuple(dict.fromkeys(corpus()))
SENSORS = pl.DataFrame({"sensor_id": ["r"], "kind": ["radar"], "lat_deg": [None], "lon_deg": [None]},
                       schema_overrides={"lat_deg": pl.Float64, "lon_deg": pl.Float64})  # fmt: skip


def arguments(reader: Reader) -> Iterator[dict[str, Any]]:
    """Yield the further arguments that a reader needs: of tables each kind that its callers ask for."""
    needed = [
        item.name
        for item in list(inspect.signature(reader).parameters.values())[1:]
        if item.default is item.empty and item.kind is not item.VAR_KEYWORD
    ]
    known = {"name": "sample", "sensors": SENSORS, "set_": (), "airframe": None, "zone": None}
    choices = (tables.DETECTIONS, tables.TRACKS, tables.ZONES, tables.SENSORS) if "table" in needed else (None,)
    for table in choices:
        yield {one: table if one == "table" else Gathering() if one == "faults" else known[one] for one in needed}


def given(reader: Reader, content: bytes, folder: Path) -> Iterator[Any]:
    """Yield content in the forms that a reader takes: text, bytes, a file, or a folder with that file in each part."""
    first = next(iter(inspect.signature(reader).parameters.values()))
    kind = str(first.annotation)
    if "Mapping[str, bytes]" in kind:
        yield from ({"incident.toml": content}, {"incident.toml": GOOD_BRIEF, "zones.geojson": content},
                    {"incident.toml": GOOD_BRIEF, "claims.csv": content})  # fmt: skip
    elif kind in ("str", "bytes | str"):
        yield content.decode("utf-8", "replace")
    elif kind == "bytes":
        yield content
    elif first.name == "folder":
        for name in ("scenario.toml", "detections.parquet", "incident.toml"):
            place = folder / f"in-{name}"
            place.mkdir(exist_ok=True)
            (place / name).write_bytes(content)
            yield place
    else:
        for ending in ("toml", "csv") if content[:4] != b"PAR1" else ("parquet",):
            (folder / f"sample.{ending}").write_bytes(content)
            yield folder / f"sample.{ending}"


GOOD_BRIEF = (
    b'title = "T"\nwindow_start_utc = 2025-09-09T20:00:00Z\nwindow_end_utc = 2025-09-10T06:00:00Z\n'
    b'zones_of_interest = ["A"]\n'
)


def test_the_readers_of_the_program_are_found():
    assert {
        "documents.parse_toml", "documents.parse_json", "model.scenario.parse", "lanes.lane.parse",
        "lessons.objectives.parse", "ingest.lessons_file.read", "geo.zones.from_geojson", "ingest.zones.read_zones",
        "ingest.parquet_table.read", "watch.policies.rules.parse", "flight.airframes.parse", "store.anchors.read",
        "front.bundles.read_bundle", "ingest.detections_file.is_long", "ingest.detections_file.read_slices",
    } <= set(FOUND)  # fmt: skip


@pytest.mark.parametrize("place", FOUND)
def test_a_hostile_file_is_read_or_refused_in_our_words(place: str, tmp_path: Path):
    reader = FOUND[place]
    for more in arguments(reader):
        for content in CORPUS:
            for sample in given(reader, content, tmp_path):
                check(place, reader, sample, more, content)


def check(place: str, reader: Reader, sample: Any, more: dict[str, Any], content: bytes) -> None:
    try:
        result = reader(sample, **more)
        if inspect.isgenerator(result):
            list(result)
    except HotwashError as refused:
        if any(letter in str(refused) for letter in "\x1b\x00\u202e"):
            pytest.fail(f"{place} sends what drives a terminal\non {content[-1500:]!r}")
    except BaseException as fault:
        if isinstance(fault, KeyboardInterrupt):
            raise
        pytest.fail(f"{place} raised {type(fault).__name__}: {str(fault)[:200]}\non {content[-1500:]!r}")


def test_a_number_that_later_code_could_not_take_is_refused_with_its_place():
    with pytest.raises(ReadError, match=r"x.toml, a.b: is a whole number beyond 64 bits"):
        documents.parse_toml("[a]\nb = 9223372036854775808", name="x.toml")
    with pytest.raises(ReadError, match=r"x.json, 2: is a number beyond"):
        documents.parse_json("[1, 1e999]", name="x.json")
    assert documents.parse_json(json.dumps({"a": [1.5, 2**62, "ż"]}), name="x") == {"a": [1.5, 2**62, "ż"]}
