"""The page as text: nothing from outside acts on it, nothing is lost, nothing is said twice."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from itertools import pairwise
from xml.etree import ElementTree

import by_hand
import laid_out
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hotwash
from hotwash.model import tables
from hotwash.model.incident import Incident
from hotwash.model.recording import Recording
from hotwash.report import account_page, markdown, page_templates
from hotwash.report.links import anchor, safe_url
from hotwash.report.sections import sections_of
from hotwash.report.view import build_view

SVG = re.compile(r"<svg.*?</svg>", re.DOTALL)
VOID = {"meta", "link", "br", "img", "input", "hr"}
SCRIPT = '<script>alert("1")</script>'
TEXT = st.text(st.characters(codec="utf-8"), max_size=60)


class Elements(HTMLParser):
    """Every element of a page with its attributes; and whether each was closed in its turn."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.faults: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)


def rendered(incident: Incident, *removed: str) -> str:
    return account_page.render(build_view(incident, made_utc=by_hand.MADE, removed=removed))


def written(incident: Incident, *removed: str) -> str:
    return markdown.render(build_view(incident, made_utc=by_hand.MADE, removed=removed))


@pytest.fixture(scope="module")
def whole() -> str:
    return rendered(by_hand.incident())


def test_elements_are_closed_in_their_turn(whole: str):
    found = Elements(whole)
    assert found.faults == []
    assert found.open == []


def test_an_id_stands_on_the_page_once_and_links_within_lead_to_one(whole: str):
    elements = Elements(whole).found
    ids = Counter(attributes["id"] for _, attributes in elements if "id" in attributes)
    inward = {a["href"][1:] for tag, a in elements if tag == "a" and a["href"] and a["href"].startswith("#")}
    assert [name for name, times in ids.items() if times > 1] == []
    assert inward - set(ids) == set()


def test_headings_come_in_order(whole: str):
    levels = [int(tag[1]) for tag, _ in Elements(whole).found if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 or (before, after) == (3, 5) for before, after in pairwise(levels))


def test_every_claim_appears_exactly_once_in_the_findings(whole: str):
    claims = by_hand.incident().bundle.claims["claim_id"].to_list()
    ids = [a.get("id") for tag, a in Elements(whole).found if tag == "details"]
    assert sorted(i for i in ids if i) == sorted(anchor("claims", claim) for claim in claims)


def test_every_claim_appears_exactly_once_in_the_findings_of_the_text():
    text = written(by_hand.incident())
    for claim in by_hand.incident().bundle.claims["claim_id"].to_list():
        assert len(re.findall(rf"  - Statement: {claim}\b", text)) == 1


def test_intent_bears_no_verdict(whole: str):
    intent = whole[whole.index('id="intent"') : whole.index('class="tally-block"')]
    assert intent.count("Not judged") == 2
    assert "badge-supported" not in intent
    assert "badge-contradicted" not in intent


def test_a_script_in_a_summary_is_inert():
    text = rendered(by_hand.with_text(SCRIPT))
    assert "alert(" in text
    assert [tag for tag, _ in Elements(text).found if tag == "script"] == ["script"]
    assert SCRIPT not in written(by_hand.with_text(SCRIPT))


def test_a_script_in_the_marking_does_not_leave_the_style_sheet():
    text = rendered(by_hand.with_text('"}</style><script>alert(1)</script>'))
    assert Counter(tag for tag, _ in Elements(text).found)["style"] == 1
    assert text.count("</style>") == 1


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        " javascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "ftp://example.org/x",
        "//evil.example",
        "http:alert(1)",
        "https://",
        "http://[",
        "https://a b.example",
        'https://example.org/"onclick="x',
        "https://example.org/<x>",
        "\x00https://example.org",
        "",
    ],
)
def test_only_a_web_address_becomes_a_link(url: str):
    sources = by_hand.incident().bundle.recording.sources.with_columns(url=pl.lit(url))
    incident = by_hand.with_bundle(recording=Recording(sources=sources))
    outward = [
        a["href"] for tag, a in Elements(rendered(incident)).found if tag == "a" and (a["href"] or "")[:1] != "#"
    ]
    assert outward == []
    assert safe_url(url) == ""
    assert "](<" not in written(incident)


def test_a_web_address_becomes_a_link_that_tells_the_other_side_nothing(whole: str):
    outward = [a for tag, a in Elements(whole).found if tag == "a" and (a["href"] or "")[:1] != "#"]
    assert outward
    assert {a["href"] for a in outward} == {"https://example.org/a?b=1&c=2"}
    assert {a["rel"] for a in outward} == {"noreferrer noopener"}


def test_nothing_is_fetched_from_anywhere(whole: str):
    tags = Elements(whole).found
    assert {"link", "img", "iframe", "object", "embed", "base", "form"} & {tag for tag, _ in tags} == set()
    assert not any("src" in attributes for _, attributes in tags)
    assert "@import" not in whole
    patterns = {f"#state-{name}" for name in ("airspace_closed", "runway_closed", "restricted", "curfew")}
    clips = {"#map-wide-clip", "#map-narrow-clip", "#origins-clip"}
    assert set(re.findall(r"url\(([^)]*)\)", whole)) <= patterns | clips
    assert "default-src 'none'" in whole


def test_the_language_is_stated(whole: str):
    assert '<html lang="en">' in whole


def test_every_drawing_is_well_formed_and_has_a_title(whole: str):
    drawings = SVG.findall(whole)
    assert len(drawings) > 8
    for drawing in drawings:
        root = ElementTree.fromstring(drawing)
        if root.get("role") == "img":
            assert root.find("{http://www.w3.org/2000/svg}title") is not None


@pytest.mark.parametrize("render", [rendered, written])
def test_an_incident_of_which_nothing_is_known_has_no_empty_section(render):
    text = render(by_hand.nothing())
    assert "Nothing yet" in text
    assert [section.section_id for section in sections_of(build_view(by_hand.nothing(), made_utc=by_hand.MADE))] == [
        "method"
    ]
    for said in (
        "Nothing was found",
        "No statements",
        "Nothing could be counted",
        "No range",
        "No sightings",
        "no number",
    ):
        assert said not in text


def test_an_incident_without_a_marking_says_so():
    assert "NO MARKING SET" in rendered(by_hand.nothing())


@pytest.mark.parametrize("render", [rendered, written])
def test_a_frame_of_any_table_may_be_empty(render):
    whole = by_hand.incident()
    for name in (
        "counts",
        "findings",
        "contradictions",
        "beliefs",
        "ranges",
        "reaches",
        "durations",
        "zones",
        "aerodromes",
    ):
        assert render(by_hand.incident(**{name: getattr(whole, name).clear()}))
    for name in ("questions", "claims", "finds", "sightings", "origins", "assumptions"):
        assert render(by_hand.with_bundle(**{name: getattr(whole.bundle, name).clear()}))


@pytest.mark.parametrize(
    "text",
    ["W" * 5000, "x\x00\x07\x1b[31m\ufffe", "‮gnp.exe", "{{ 7 * 7 }}{% raw %}", "]]>&lt;", "\n\n# big\n- a\n| b |"],
)
def test_a_hostile_text_does_not_break_the_page(text: str):
    html = rendered(by_hand.with_text(text))
    found = Elements(html)
    assert (found.faults, found.open) == ([], [])
    for drawing in SVG.findall(html):
        ElementTree.fromstring(drawing)
    assert "\n# big" not in written(by_hand.with_text(text))


@settings(max_examples=8, deadline=None)
@given(TEXT)
def test_no_text_from_outside_becomes_an_element(text: str):
    plain = Counter(tag for tag, _ in Elements(rendered(by_hand.with_text("x"))).found)
    found = Counter(tag for tag, _ in Elements(rendered(by_hand.with_text(text))).found)
    assert set(found) <= set(plain) | {"g", "line"}
    assert found["script"] == found["style"] == 1


@given(st.text())
def test_a_css_string_ends_where_we_end_it(text: str):
    said = str(page_templates.css_string(text))
    assert re.fullmatch(r'"(?:[A-Za-z0-9 ]|\\[0-9a-f]+ )*"', said)


def test_an_account_of_a_date_says_so_and_lists_what_it_left_out():
    left = pl.DataFrame(
        [{"table": "claims", "row_id": "C99", "known_utc": by_hand.at(900), "why": "known later"}],
        schema=tables.LEFT_OUT.schema,
    )
    incident = by_hand.incident(as_of_utc=by_hand.KNOWN, left_out=left)
    for text in (rendered(incident), written(incident)):
        assert "As of 12 Sep 2025 02:00 (00:00 UTC)." in text
        assert "C99" in text
        assert "known later" in text


def test_an_account_of_the_end_of_a_day_names_that_day():
    midnight = datetime(2025, 9, 11, 22, tzinfo=UTC)
    assert "As of the end of 11 Sep 2025 (11 Sep 2025 22:00 UTC)." in written(by_hand.incident(as_of_utc=midnight))


def test_a_redacted_account_says_so_and_lists_what_was_taken_out():
    for text in (rendered(by_hand.incident(), "2 persons"), written(by_hand.incident(), "2 persons")):
        assert "Redacted." in text
        assert "2 persons" in text


def test_an_exercise_and_made_up_data_are_named_in_the_marking():
    brief = replace(by_hand.BRIEF, is_exercise=True, is_synthetic=True)
    html, text = rendered(by_hand.with_bundle(brief=brief)), written(by_hand.with_bundle(brief=brief))
    assert html.count('<strong class="banner">EXERCISE</strong>') == 2
    assert html.count('<strong class="banner">SYNTHETIC</strong>') == 2
    assert text.count("**UNCLASSIFIED · Releasable to public · EXERCISE · SYNTHETIC**") == 2


def test_the_same_incident_gives_the_same_text(whole: str):
    assert rendered(by_hand.incident()) == whole


def test_page_and_text_say_the_same_of_each_claim(whole: str):
    text = written(by_hand.incident())
    for said in ("At least 14 airframes", "7 h 30 min", "at most 700 km", "over Poland"):
        assert said in whole
        assert said in text


def test_a_count_with_no_number_has_no_card(whole: str):
    assert "Border crossings" not in whole[whole.index('id="counts"') : whole.index('id="annex"')]
    assert "No number can be given" not in whole


def test_rejects_repairs_files_and_the_making_are_shown(whole: str):
    for said in ("is not a number", "WÅ‚adysÅ‚aw", "Władysław", "cd" * 32, "Made by hotwash", "22 Nov 2026 15:00 UTC"):
        assert said in whole


# In Berlin 02:40 of the first pass, 02:12 of the second, then 03:05: by the clock on the wall the second came first.
def night_of_two_passes() -> str:
    """Return the account of a night on which the clocks go back, told in the wrong order."""
    utc = {"third": 2 * 60 + 5, "first": 40, "second": 72}
    when = {name: datetime(2025, 10, 26, tzinfo=UTC) + timedelta(minutes=minute) for name, minute in utc.items()}
    told = {**when, "undated": None}
    known = datetime(2025, 10, 27, tzinfo=UTC)
    tower = {"known_utc": known, "said_by": "Tower", "source_id": "S-TOWER"}
    bounds = {name: {"utc_low": one, "utc_high": one} for name, one in told.items()}
    laid = laid_out.bundle(
        events=[
            {"event_id": f"E-{name}", "kind": f"event_{name}", "start_utc": one}
            | {"known_utc": known, "said_by": ["Tower"], "source_id": ["S-TOWER"]}
            for name, one in told.items()
        ],
        sightings=[
            {"sighting_id": f"G-{name}", "role": "pilot", "seen": f"sighting {name}"} | bounds[name] | tower
            for name in told
        ],
        finds=[
            laid_out.find(f"F-{name}", what=f"piece {name}", found_utc_low=one) | {"known_utc": known}
            for name, one in told.items()
        ],
    )
    brief = replace(
        laid.brief, start_utc=when["first"] - timedelta(hours=2), end_utc=when["third"] + timedelta(hours=2)
    )
    incident = laid_out.account(replace(laid, brief=replace(brief, zone="Europe/Berlin")))
    return markdown.render(build_view(incident, made_utc=by_hand.MADE))


@pytest.mark.parametrize("table", ["Event ", "sighting ", "piece "])
def test_every_table_is_in_order_of_real_time_and_says_which_hour_is_meant(table: str):
    rows = [line for line in night_of_two_passes().splitlines() if line.startswith("|") and table in line]
    order = [next(name for name in ("first", "second", "third", "undated") if f"{table}{name}" in row) for row in rows]
    assert order == ["first", "second", "third", "undated"]
    assert "26 Oct 2025 02:40 CEST (00:40 UTC)" in rows[0]
    assert "26 Oct 2025 02:12 CET (01:12 UTC)" in rows[1]
    assert "26 Oct 2025 03:05 (02:05 UTC)" in rows[2]


def test_the_page_of_the_polish_night_stays_below_six_hundred_kilobytes():
    night = rendered(hotwash.reconstruct(hotwash.read_bundle("poland-2025")))
    assert len(night.encode()) < 600_000
