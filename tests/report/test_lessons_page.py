"""The page of which lessons hold: of procedures it says so, of persons it claims nothing, and it loads nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from moves import come_to
from playwright.sync_api import Browser
from proofs_by_hand import BY_PEOPLE, FAILED, HELD

from hotwash.model.lesson import Lesson
from hotwash.model.proof import DOES_NOT_HOLD, HOLDS, LOST, NOT_ENOUGH, STALE, Proof
from hotwash.report import lessons_page
from hotwash.report.proof_strip import ProofStrip

NOT_PEOPLE = "shown for the procedure, not for people"
WHEN = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)
WARN = Lesson(
    "L-1", "The public was warned late", "learned", classification="NATO UNCLASSIFIED", releasability="Releasable to X"
)
OPEN = Lesson("L-2", "An aerodrome reopened late", "reopened", classification="EXAMPLE")


def page(*shown: Proof, lessons: tuple[Lesson, ...] = (WARN, OPEN), **more: Any) -> str:
    return lessons_page.render(lessons, shown, centre="Example centre", when_utc=WHEN, **more)


def sections(html: str) -> list[str]:
    return re.findall(r"<section.*?</section>", html, flags=re.DOTALL)


@pytest.mark.parametrize("result", [HOLDS, DOES_NOT_HOLD, NOT_ENOUGH, STALE, LOST])
def test_of_a_procedure_the_page_says_it_is_not_for_people_whatever_came_of_it(result: str):
    html = page(replace(HELD, result=result), BY_PEOPLE)
    assert f"Procedures: {NOT_PEOPLE}." in html
    of_procedure, of_people = sections(html)
    assert NOT_PEOPLE in of_procedure
    assert NOT_PEOPLE not in of_people


def test_a_page_of_people_alone_speaks_of_no_procedure():
    assert NOT_PEOPLE not in page(BY_PEOPLE)


def test_persons_beside_a_procedure_that_holds_have_not_enough_evidence():
    of_procedure, of_people = sections(page(HELD, BY_PEOPLE))
    assert ">HOLDS<" in of_procedure
    assert "holds in this exercise" in of_procedure
    assert ">NOT ENOUGH EVIDENCE<" in of_people
    assert "<dd>person</dd>" in of_people
    assert "holds in this exercise" not in of_people


def test_markings_of_every_lesson_stand_above_and_below():
    html = page(HELD, FAILED)
    said = re.findall(r'<div class="marking[^>]*><b>(.*?)</b></div>', html)
    assert said == ["NATO UNCLASSIFIED · Releasable to X · EXAMPLE"] * 2


def test_a_lesson_without_marking_says_that_it_has_none():
    html = page(HELD, lessons=(replace(WARN, classification="", releasability=""),))
    assert re.findall(r'<div class="marking[^>]*><b>(.*?)</b></div>', html) == ["NO MARKING SET"] * 2


def test_a_marking_never_goes_missing_because_another_lesson_has_one():
    html = page(HELD, lessons=(WARN, replace(OPEN, classification="", releasability="")))
    assert (
        re.findall(r'<div class="marking[^>]*><b>(.*?)</b></div>', html) == ["NATO UNCLASSIFIED · Releasable to X"] * 2
    )


def test_numbers_and_the_reference_with_its_bounds_stand_on_the_page():
    html = page(HELD, FAILED)
    for said in (
        "6 of 6 runs, at least 80 % with 90 % confidence (80 % required)",
        "<dt>Real event</dt><dd>7 h 30 min (at most 7 h 35 min)</dd>",
        "night, version 1",
        "<dt>Measure</dt><dd>Worst</dd>",
        "1 of 2 objectives holds",
        "1 Jun 2026 09:30 UTC",
        "L-2 · reopened",
    ):
        assert said in html, said


def test_a_group_too_small_to_be_shown_is_not_shown():
    assert "<dt>Standard met</dt>" not in page(replace(BY_PEOPLE, passes=None))


def test_what_the_attempts_came_to_is_drawn_of_a_procedure_and_never_of_persons():
    strip = ProofStrip((2.0, 3.0, 9.0), "min", "at_most", 5.0, reference=105.0)
    html = page(HELD, BY_PEOPLE, strips={"warned": strip, "warned-persons": strip})
    of_procedure, of_people = sections(html)
    assert (of_procedure.count('class="met"'), of_procedure.count('class="missed"')) == (2, 2)  # a cross is two lines
    assert "Standard: at most 5 min" in of_procedure
    assert "<svg" not in of_people


def test_what_a_lesson_rests_on_is_a_link_where_it_can_be_followed():
    rests = {
        "L-1": [
            lessons_page.Rest("warning after 450 min", "incidents/night/1/account.html#d-1"),
            lessons_page.Rest("a book"),
        ]
    }
    html = page(HELD, rests=rests)
    assert (
        '<a href="incidents/night/1/account.html#d-1">warning after 450 min</a></span><span class="line">a book</span>'
        in html
    )


def test_the_way_of_a_lesson_is_the_stages_it_came_through_the_last_one_marked():
    lesson = come_to("learned")
    html = page(replace(HELD, lesson_id=lesson.lesson_id), lessons=(lesson,))
    way = re.findall(r"<li class=\"\w*\"([^>]*)>(.*?)</li>", html)
    assert [name for _, name in way][-3:] == ["implemented", "validated", "learned"]
    assert [name for current, name in way if current] == ["learned"]
    assert lesson.actions[0].text in html


def test_whatever_people_wrote_stays_text():
    evil = '<script>alert("x")</script>&'
    lesson = replace(WARN, title=evil, lesson_id="L-1", stage="learned", classification=evil, releasability=evil)
    proof = replace(HELD, title=evil, why=evil, exercise=evil, measure=evil, unit=evil, exercise_version=evil)
    html = lessons_page.render([lesson], [proof], centre=evil, when_utc=WHEN)
    assert "<script" not in html
    assert html.count("&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt;&amp;") >= 8


def test_an_objective_whose_lesson_is_gone_is_shown_by_its_id():
    html = page(HELD, lessons=())
    assert "<h2>L-1</h2>" in html
    assert ">HOLDS<" in html


def test_a_lesson_without_objective_is_left_out():
    assert OPEN.title not in page(HELD)


def test_the_page_names_nothing_that_would_be_loaded():
    html = page(HELD, BY_PEOPLE, FAILED)
    assert not re.search(r"\b(src|action)=|\bhref=\"(?!#)|url\((?!#)|@import|https?:|<script|<link", html)


@pytest.mark.parametrize("width", [360, 1280])
def test_in_a_browser_nothing_is_asked_for_and_everything_is_in_sight(chromium: Browser, width: int):
    asked: list[str] = []
    context = chromium.new_context(viewport={"width": width, "height": 900})
    context.on("request", lambda request: asked.append(request.url))
    window = context.new_page()
    window.on("console", lambda message: asked.append(message.text))
    long = replace(FAILED, measure="a_measure_of_a_very_long_name_" * 5, title="unbroken" * 40)
    strip = ProofStrip((100.0, 100.0, 9000.0), "s", "at_most", 600.0, reference=27_000.0)
    window.set_content(page(HELD, BY_PEOPLE, long, strips={"warned": strip, "open": strip}))
    assert window.locator(".result").all_inner_texts() == ["HOLDS", "NOT ENOUGH EVIDENCE", "DOES NOT HOLD"]
    assert window.locator(".marking").count() == 2
    assert window.get_by_text(f"Procedures: {NOT_PEOPLE}.").is_visible()
    assert window.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    edges = [window.locator(f"section.{name}").first.evaluate("node => getComputedStyle(node).borderLeftColor")
             for name in ("holds", "open", "fails")]  # fmt: skip
    assert len(set(edges)) == 3
    context.close()
    assert asked == []
