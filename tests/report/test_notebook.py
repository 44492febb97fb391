"""What a notebook shows: whole fragments that load nothing, keep their style to themselves and escape every text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser

import by_hand
import in_the_air
import pytest
from playwright.sync_api import Browser
from proofs_by_hand import BY_PEOPLE, FAILED, HELD

from hotwash.model import tables
from hotwash.model.recording import Recording
from hotwash.model.schema import frame
from hotwash.report import notebook
from hotwash.report.proof_strip import ProofStrip

EVIL = '<script>alert("1")</script>'
LOADS = re.compile(r"<script|<link|<img|<iframe|\b(src|onload|onclick)=|@import|@page|href=\"https?:")
STRIP = ProofStrip((100.0, 200.0, 900.0), "s", "at_most", 600.0, reference=27_000.0)


def recording() -> Recording:
    names = ("time_utc", "lat_deg", "lon_deg", "v_east_mps", "v_north_mps")
    rows = [{"object_id": "drone-1"} | {name: row[name] for name in names} for row in in_the_air.flown(1)]
    return replace(in_the_air.incident().bundle.recording, truth=frame(tables.TRUTH, rows))


FRAGMENTS: dict[str, Callable[[], str]] = {
    "incident": lambda: notebook.show_incident(by_hand.incident()),
    "air": lambda: notebook.show_incident(in_the_air.incident()),
    "recording": lambda: notebook.show_recording(recording()),
    "proofs": lambda: notebook.show_proofs([HELD, BY_PEOPLE, FAILED], strips={"warned": STRIP}),
    "nothing known": lambda: notebook.show_incident(by_hand.nothing()),
    "nothing recorded": lambda: notebook.show_recording(Recording()),
    "nothing asked": lambda: notebook.show_proofs([]),
}


class Tags(HTMLParser):
    """How many elements stand at the top of a fragment, and those left open at its end."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.roots = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.roots += not self.open
        self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        """Pass over an element that has no end."""

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("name", FRAGMENTS)
def test_a_fragment_is_one_closed_element_that_loads_and_runs_nothing(name: str):
    html = FRAGMENTS[name]()
    found = Tags(html)
    assert (found.roots, found.open) == (1, [])
    assert not LOADS.search(html)


def test_an_incident_shows_its_headline_counts_findings_and_map():
    html = FRAGMENTS["incident"]()
    for said in (
        "UNCLASSIFIED",
        "At least 14 airframes",
        "First violation to first public warning: 7 h 30 min.",
        "Statement C02.",
        'class="map"',
    ):
        assert said in html


def test_a_recording_shows_its_sensors_detections_and_true_flights():
    html = FRAGMENTS["recording"]()
    for said in ("primary radar", "Detections over time", "True flights, as simulated", "drone-1", 'class="map"'):
        assert said in html


def test_a_recording_with_tracks_shows_them_in_place_of_the_truth():
    html = notebook.show_recording(recording(), tracks=in_the_air.incident().tracks)
    assert "True flights" not in html
    assert "Track, not identified" in html


def test_proofs_show_their_numbers_and_draw_procedures_alone():
    html = notebook.show_proofs([HELD, BY_PEOPLE], strips={"warned": STRIP, "warned-persons": STRIP})
    for said in ("1 of 2 objectives holds", "6 of 6 runs", "7 h 30 min (at most 7 h 35 min)", "not for people"):
        assert said in html
    assert html.count('class="strip"') == 1


def test_whatever_people_wrote_stays_text():
    evil = replace(HELD, title=EVIL, why=EVIL, measure=EVIL, unit=EVIL)
    for html in (
        notebook.show_incident(by_hand.with_text(EVIL)),
        notebook.show_proofs([evil], strips={"warned": replace(STRIP, unit=EVIL)}),
    ):
        assert "<script" not in html
        assert "alert" in html


def test_the_style_of_a_fragment_stays_within_it(chromium: Browser):
    window = chromium.new_page()
    window.set_content(f"<h2 id=out>Cell</h2>{FRAGMENTS['proofs']()}")
    font = "node => getComputedStyle(node).fontFamily"
    assert window.locator("#out").evaluate(font) != window.locator(".hotwash h2").evaluate(font)
    window.close()
