"""A watch is drawn as lines in time: everything at its time, marked for what it is, and nothing that can run."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest

from hotwash.report.watch_lines import draw_watch

START = datetime(2026, 3, 12, 20, tzinfo=UTC)
LINES = (
    ("Inside the border", "drone", ((150.0, 300.0, "inside"),), ((160.0, "detectable"), (200.0, "declared"))),
    ("Aerodromes", "EPXX", ((0.0, 600.0, "closed"), (100.0, 200.0, "near")), ()),
)
SVG = "{http://www.w3.org/2000/svg}"


def drawn(lines=LINES, **more):
    about = {"start_utc": START, "seconds": 600.0, "title": "night", "marked": "SYNTHETIC"}
    return draw_watch(lines, **about | more)


def test_a_span_stands_at_its_time_on_the_axis():
    tree = ElementTree.fromstring(drawn())
    spans = {one.get("class"): one for one in tree.iter(f"{SVG}rect") if float(one.get("y")) < 130.0}
    ticks = {one.text: float(one.get("x")) for one in tree.iter(f"{SVG}text") if re.fullmatch(r"\d\d:\d\d", one.text)}
    inside = spans["inside"]
    middle = (ticks["20:02"] + ticks["20:03"]) / 2.0
    assert float(inside.get("x")) == pytest.approx(middle, abs=0.02)
    assert float(inside.get("x")) + float(inside.get("width")) == pytest.approx(ticks["20:05"], abs=0.02)


def test_what_the_material_is_stands_above_and_below():
    assert drawn().count(">SYNTHETIC<") == 2


def test_only_what_is_drawn_stands_in_the_legend():
    assert "first detectable" in drawn()
    assert "withdrawn" not in drawn()


def test_a_label_is_text_and_never_markup():
    told = drawn(
        [("Warnings", "<script>alert(1)</script> and more than a column of labels holds", ((0.0, 60.0, "warned"),), ())]
    )
    assert "<script" not in told
    assert "…" in told  # and is cut to its column


def test_a_watch_without_anything_is_drawn_all_the_same():
    ElementTree.fromstring(drawn([], seconds=0.0))
