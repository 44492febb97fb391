"""The page in a real browser: nothing fetched, nothing cut, readable by day and night, on a phone and on paper."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from itertools import combinations

import by_hand
import in_the_air
import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from pypdf import PdfReader

import hotwash
from hotwash import resources
from hotwash.report import account_page
from hotwash.report.view import build_view

A4_POINTS = (595.0, 842.0)
READABLE = 4.5  # contrast asked by WCAG 2.2 AA for text
MAIN_TEXT = (
    "h1", "h2", "h3", ".kind", ".period", ".standfirst", ".marking", ".facts dt", ".facts dd", "nav a", "figcaption",
    ".legend li", ".fine", "button[aria-pressed=true]", "button[aria-pressed=false]", ".badge-supported",
    ".badge-contradicted", ".badge-not_testable", ".badge-superseded", ".badge-uncorroborated", ".badge-compatible",
    ".badge-none", ".who b", ".value", ".reason", ".merits", ".summary", ".about dt", ".about dd", ".rows", ".rows a",
    ".count-card p", "th", "td", "td a", ".matrix .of", ".undecided", "tr.replaced td",
    "tr.drift td:last-child small", ".notes li", ".made", ".as-of", ".first .large", ".first .small", ".further h4",
    ".reply", ".claims > summary", ".standing-likely", ".standing-open", ".standing-settled", ".standing-disputed",
    ".standing-not_asked", ".lead", ".annex > details > summary h2", ".choice",
)  # fmt: skip
AIR_TEXT = (
    ".badge-inside", ".badge-undecided", ".badge-outside", ".breach .who b", ".breach .more", ".way-in i",
    ".way-in span", ".chart a", ".breach .value", ".breach dt", ".breach dd", ".around td", ".around th",
    ".chart figcaption", "tr.differs td:last-child small", ".sensors td", ".remarks summary", ".lead",
)  # fmt: skip
MEASURE = """
  const rgb = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const part = v => v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  const contrast = (one, other) => {
    const [a, b] = [light(one), light(other)].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
  };
"""
CONTRAST = f"""selectors => {{
  {MEASURE}
  const behind = node => {{
    for (let up = node; up; up = up.parentElement) {{
      const found = rgb(getComputedStyle(up).backgroundColor);
      if (found.length === 3 || found[3] === 1) return found;
    }}
    return [255, 255, 255];
  }};
  const low = [];
  for (const selector of selectors) for (const node of document.querySelectorAll(selector)) {{
    const ratio = contrast(rgb(getComputedStyle(node).color), behind(node));
    if (ratio < {READABLE}) {{ low.push(selector + " " + ratio.toFixed(2)); break; }}
  }}
  return low;
}}"""
LETTERS_IN_DRAWINGS = f"""() => {{
  {MEASURE}
  const low = [];
  const paper = rgb(getComputedStyle(document.body).backgroundColor);
  const fill = node => rgb(getComputedStyle(node).fill);
  const grounds = node => {{
    const map = node.closest(".map");
    return map ? [...map.querySelectorAll(".sea, .land, .own-land")].map(fill) : [paper];
  }};
  for (const node of document.querySelectorAll("svg text")) {{
    const ratio = Math.min(...grounds(node).map(ground => contrast(fill(node), ground)));
    if (ratio < {READABLE}) low.push(node.getAttribute("class") + " " + ratio.toFixed(2));
  }}
  return [...new Set(low)];
}}"""
OUTSIDE = """() => [...document.querySelectorAll("svg text")].filter(node => {
  if (!node.getClientRects().length) return false;
  const box = node.getBoundingClientRect(), frame = node.ownerSVGElement.getBoundingClientRect();
  const isAcross = box.left >= frame.left - 1 && box.right <= frame.right + 1;
  return !isAcross || box.top < frame.top - 2 || box.bottom > frame.bottom + 2;
}).map(node => node.textContent)"""
LABELS = """selector => [...document.querySelectorAll(selector)].filter(node => node.getClientRects().length)
  .map(node => [node.textContent, node.getBBox()])
  .map(([text, box]) => [text, box.x, box.y, box.x + box.width, box.y + box.height])"""


@pytest.fixture(scope="module")
def text() -> str:
    return account_page.render(
        build_view(by_hand.answered(as_of_utc=by_hand.KNOWN), made_utc=by_hand.MADE, removed=["2 persons"])
    )


@pytest.fixture(scope="module")
def air() -> str:
    return account_page.render(build_view(in_the_air.incident(), made_utc=by_hand.MADE))


@pytest.fixture
def opened(chromium: Browser, text: str) -> Iterator[Callable[..., Page]]:
    """Open the page in a fresh window of a width and a colour scheme; at the end it must have been quiet."""
    contexts: list[BrowserContext] = []
    noise: list[str] = []

    def show(width: int = 1280, scheme: str = "light", *, scripts: bool = True, html: str = text) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=scripts
        )
        contexts.append(context)
        context.on("request", lambda request: noise.append(f"asked for {request.url}"))
        window = context.new_page()
        window.on("console", lambda message: noise.append(message.text))
        window.on("pageerror", lambda error: noise.append(str(error)))
        window.set_content(html)
        return window

    yield show
    for context in contexts:
        context.close()
    assert noise == []


def test_nothing_is_asked_of_any_network_and_nothing_goes_wrong(opened):
    opened().wait_for_timeout(200)


def test_opening_a_row_reveals_its_evidence(opened):
    window = opened()
    row = window.locator(".statement").first
    assert not row.is_visible()
    window.locator(".claims > summary").first.click()
    assert not row.locator(".evidence").is_visible()
    row.locator("summary").click()
    assert row.locator(".evidence").is_visible()


def test_a_row_opens_from_the_keyboard(opened):
    window = opened()
    window.locator(".claims > summary").first.focus()
    window.keyboard.press("Enter")
    row = window.locator(".statement").first
    row.locator("summary").focus()
    row.page.keyboard.press("Enter")
    assert row.locator(".evidence").is_visible()


def test_a_filter_leaves_only_its_verdict(opened):
    window = opened()
    window.locator("button[data-show=contradicted]").click()
    seen = window.locator("#known .statement[data-verdict]:visible")
    assert seen.count() > 0
    assert {seen.nth(n).get_attribute("data-verdict") for n in range(seen.count())} == {"contradicted"}
    assert window.locator(".shown").inner_text().startswith(f"Showing {seen.count()} of ")
    window.locator("button[data-show='*']").click()
    window.locator(".open-all").click()
    assert seen.count() == window.locator("#known .statement[data-verdict]").count()


def test_without_scripts_everything_is_there_and_no_dead_button_is_shown(opened):
    window = opened(scripts=False)
    assert not window.locator(".filters").is_visible()
    window.locator(".claims > summary").first.click()
    window.locator(".statement summary").first.click()
    assert window.locator(".evidence").first.is_visible()
    window.locator(".annex > details > summary").first.click()
    assert window.locator(".annex > details > .scroll, .annex h3").first.is_visible()


def test_a_link_to_a_claim_opens_it_even_when_it_is_filtered_out(opened):
    window = opened()
    window.locator("button[data-show=contradicted]").click()
    window.evaluate("location.hash = '#claims-C02'")
    window.locator("#claims-C02[open]").wait_for()
    assert window.locator("#claims-C02 .evidence").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(opened, scheme: str):
    window = opened(scheme=scheme)
    window.evaluate("document.querySelectorAll('details').forEach(node => { node.open = true; })")
    missing = [selector for selector in MAIN_TEXT if window.locator(selector).count() == 0]
    assert missing == []
    assert window.evaluate(CONTRAST, list(MAIN_TEXT)) == []
    assert window.evaluate(LETTERS_IN_DRAWINGS) == []


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_the_page_does_not_scroll_sideways(opened, width: int):
    window = opened(width)
    window.evaluate("document.querySelectorAll('details').forEach(node => { node.open = true; })")
    assert window.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [390, 1280])
def test_a_text_without_spaces_does_not_widen_the_page(opened, width: int):
    hostile = account_page.render(build_view(by_hand.with_text("W" * 3000), made_utc=by_hand.MADE))
    window = opened(width, html=hostile)
    window.evaluate("document.querySelectorAll('details').forEach(node => { node.open = true; })")
    assert window.evaluate("document.documentElement.scrollWidth") <= width
    assert window.evaluate(OUTSIDE) == []


@pytest.mark.parametrize("width", [390, 1280])
def test_letters_in_drawings_stay_inside(opened, width: int):
    assert opened(width).evaluate(OUTSIDE) == []


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("figure", ["#map", "#range"])
def test_names_on_a_map_do_not_cover_each_other(opened, width: int, figure: str):
    names = opened(width).evaluate(LABELS, f"{figure} .map .label")
    assert len(names) > 4
    over = [
        (one[0], other[0])
        for one, other in combinations(names, 2)
        if one[1] < other[3] and other[1] < one[3] and one[2] < other[4] and other[2] < one[4]
    ]
    assert over == []


@pytest.mark.parametrize("width", [390, 1280])
def test_words_on_the_timeline_do_not_cover_each_other(opened, width: int):
    names = opened(width).evaluate(
        LABELS, "#timeline .timeline .axis, #timeline .timeline .said, .axis-date, .row-name"
    )
    tops: dict[float, list[list]] = {}
    for name in names:
        tops.setdefault(round(name[2]), []).append(name)
    over = [
        (one[0], other[0])
        for line in tops.values()
        for one, other in combinations(line, 2)
        if one[1] < other[3] and other[1] < one[3]
    ]
    assert over == []


def test_every_find_is_named_on_the_map(opened):
    names = [name[0] for name in opened().evaluate(LABELS, "#map .map .label.name")]
    assert len(names) == len(by_hand.PLACES)


def test_on_paper_each_page_is_a4_and_bears_the_marking_twice(opened):
    reader = PdfReader(io.BytesIO(opened().pdf(prefer_css_page_size=True)))
    for number, sheet in enumerate(reader.pages, start=1):
        said = sheet.extract_text()
        assert (float(sheet.mediabox.width), float(sheet.mediabox.height)) == pytest.approx(A4_POINTS, abs=1.0)
        assert said.count("UNCLASSIFIED · Releasable to public") >= 2
        assert f"{number} / {len(reader.pages)}" in said


def paper(window: Page) -> list[str]:
    """Return the words of each sheet that a page prints."""
    reader = PdfReader(io.BytesIO(window.pdf(prefer_css_page_size=True)))
    return [" ".join(sheet.extract_text().split()) for sheet in reader.pages]


def test_on_paper_is_the_main_part_and_where_the_annex_is(opened):
    said = " ".join(paper(opened()))
    assert "Only the airspace over Chopin was closed." in said
    assert "What to ask whom" in said
    assert "from which this was printed: changed statements, revisions, remarks, range," in said
    assert "Statement C05." not in said
    assert "Print the annex too" not in said


@pytest.mark.parametrize("scripts", [True, False])
def test_on_paper_the_evidence_is_open_when_it_is_asked_for(opened, scripts: bool):
    window = opened(scripts=scripts)
    window.locator("#print-annex").check()
    said = " ".join(paper(window))
    claims = by_hand.incident().bundle.claims["claim_id"].to_list()
    assert all(f"Statement {claim}." in said for claim in claims)
    assert "Independent lines" in said
    assert "from which this was printed" not in said


@pytest.mark.parametrize("name", resources.EXAMPLES)
def test_an_account_prints_on_four_to_six_sheets(opened, name: str):
    incident = hotwash.reconstruct(hotwash.read_bundle(name))
    sheets = paper(opened(html=account_page.render(build_view(incident, made_utc=by_hand.MADE))))
    assert 4 <= len(sheets) <= 6


def test_an_incident_of_which_nothing_is_known_is_quiet_too(opened):
    window = opened(html=account_page.render(build_view(by_hand.nothing(), made_utc=by_hand.MADE)))
    assert window.locator("h1").inner_text() == "Nothing yet"


# ---------------------------------------------------------------- the air picture


def test_a_breach_opens_to_its_evidence_by_click_and_by_key(opened, air: str):
    window = opened(html=air)
    first, second = window.locator(".breach").nth(0), window.locator(".breach").nth(1)
    assert not first.locator(".around").is_visible()
    first.locator("summary").click()
    assert first.locator(".around").is_visible()
    second.locator("summary").focus()
    window.keyboard.press("Enter")
    assert second.locator(".around").is_visible()


def test_an_entry_on_the_map_leads_from_the_keyboard_to_its_opened_row(opened, air: str):
    window = opened(html=air)
    window.locator("#tracks .desk a[href='#breaches-3']").focus()
    window.keyboard.press("Enter")
    window.locator("#breaches-3[open]").wait_for()
    assert window.locator("#breaches-3 .around").is_visible()


def test_the_map_shows_every_confirmed_track(opened, air: str):
    assert opened(html=air).locator("#tracks .desk .flight").count() == 14


def test_without_scripts_the_evidence_of_a_breach_opens_too(opened, air: str):
    window = opened(html=air, scripts=False)
    window.locator(".breach summary").first.click()
    assert window.locator(".around").first.is_visible()


@pytest.mark.parametrize("width", [320, 400, 768, 1280])
def test_a_page_with_an_air_picture_does_not_scroll_sideways(opened, air: str, width: int):
    window = opened(width, html=air)
    window.evaluate("document.querySelectorAll('details').forEach(node => { node.open = true; })")
    assert window.evaluate("document.documentElement.scrollWidth") <= width
    assert window.evaluate(OUTSIDE) == []
    wide = "node => node.scrollWidth > node.clientWidth + 1"
    tables = window.locator("#breaches .scroll, #sensors .scroll, #exposures .scroll")
    assert [n for n in range(tables.count()) if tables.nth(n).evaluate(wide)] == []


@pytest.mark.parametrize("width", [390, 1280])
def test_an_identity_without_end_does_not_widen_the_page(opened, width: int):
    told = [row | {"ident": "W" * 3000} for row in in_the_air.rows()]
    window = opened(width, html=account_page.render(build_view(in_the_air.incident(told), made_utc=by_hand.MADE)))
    window.evaluate("document.querySelectorAll('details').forEach(node => { node.open = true; })")
    assert window.evaluate("document.documentElement.scrollWidth") <= width
    assert window.evaluate(OUTSIDE) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_air_picture_stands_out_from_its_ground(opened, air: str, scheme: str):
    window = opened(scheme=scheme, html=air)
    window.evaluate("document.querySelectorAll('details').forEach(node => { node.open = true; })")
    assert [selector for selector in AIR_TEXT if window.locator(selector).count() == 0] == []
    assert window.evaluate(CONTRAST, list(AIR_TEXT)) == []
    assert window.evaluate(LETTERS_IN_DRAWINGS) == []


@pytest.mark.parametrize("width", [390, 1280])
def test_names_on_the_map_of_tracks_do_not_cover_each_other(opened, air: str, width: int):
    names = opened(width, html=air).evaluate(LABELS, "#tracks .map .label")
    assert len(names) > 10
    assert [(one[0], other[0]) for one, other in combinations(names, 2) if _overlap(one, other)] == []


@pytest.mark.parametrize("width", [390, 1280])
def test_words_on_a_chart_do_not_cover_each_other(opened, air: str, width: int):
    window = opened(width, html=air)
    for name in window.locator(".chart").evaluate_all("nodes => nodes.map(node => node.id)"):
        words = window.evaluate(LABELS, f"#{name} text")
        assert [(one[0], other[0]) for one, other in combinations(words, 2) if _overlap(one, other)] == []


def test_on_paper_every_breach_shows_its_evidence(opened, air: str):
    window = opened(html=air)
    assert "Rows of the track" not in " ".join(paper(window))
    window.locator("#print-annex").check()
    said = " ".join(paper(window))
    assert said.count("Rows of the track at that time") == 11
    assert "Distance to the line over time" in said


def _overlap(one: list, other: list) -> bool:
    return one[1] < other[3] and other[1] < one[3] and one[2] < other[4] and other[2] < one[4]
