"""A lesson prints on one side of A4, with its markings, whatever is in it."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pypdf
import pytest
from moves import ACTION, NOON, OWNER, REPORTER, come_to
from playwright.sync_api import Browser

from hotwash.lessons import printout, process
from hotwash.model.lesson import Lesson

WORDS = "Ostrzeżenie wydano późno, because nobody knew who may; попередження видали пізно. "


def long(letters: int, rows: int = 1) -> Lesson:
    text = (WORDS * (letters // len(WORDS) + 1))[: letters // 4]
    parts = dict.fromkeys(("observation", "discussion", "conclusion", "recommendation"), text)
    actions = tuple(replace(ACTION, action_id=str(row), text=WORDS) for row in range(rows))
    return replace(come_to("learned"), **parts, actions=actions)


def test_the_page_tells_what_a_reader_needs():
    told = printout.page(come_to("learned"), now_utc=NOON)
    for part in ("LESSON LEARNED", "Lublin", "2025-09-09 21:30Z", "duty officer", "Write the rule", "2026-05-01",
                 "exercise:A-1", "findings:F-3", "L-1"):  # fmt: skip
        assert part in told
    assert told.count("UNCLASSIFIED · public") == 2
    assert "not independent" not in told


def test_the_page_tells_no_ids_of_persons():
    told = printout.page(come_to("learned"), now_utc=NOON)
    assert REPORTER not in told
    assert OWNER not in told


def test_a_validation_that_was_not_independent_says_so_on_the_page():
    lesson = process.take_step(
        come_to("implemented"), "validate", by=OWNER, role="validator", why="w", when_utc=NOON, rests_on=["field:x"]
    )
    assert "not independent" in printout.page(lesson, now_utc=NOON)


def test_a_lesson_without_marking_says_so():
    bare = replace(come_to("submitted"), classification="", releasability="")
    assert printout.page(bare, now_utc=NOON).count("NO MARKING") == 2


def test_what_people_wrote_is_no_markup():
    told = printout.page(replace(come_to("submitted"), title="<script>alert(1)</script>"), now_utc=NOON)
    assert "<script>" not in told
    assert not re.search(r"(?:src|href)=|url\(|@import", told)


def test_what_is_cut_is_said():
    assert "more letters in the centre" in printout.page(long(40_000), now_utc=NOON)
    assert "more letters in the centre" not in printout.page(long(4_500), now_utc=NOON)


@pytest.mark.parametrize("rows", [0, 1, 4, 8, 30])
@pytest.mark.parametrize("letters", [200, 1_000, 1_600, 2_200, 2_900, 3_900, 5_200, 60_000])
def test_it_prints_on_one_page(chromium: Browser, letters: int, rows: int):
    page = chromium.new_page()
    page.set_content(printout.page(long(letters, rows), now_utc=NOON))
    printed = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    page.close()
    assert len(printed.pages) == 1
    width, height = (float(side) / 72 * 25.4 for side in printed.pages[0].mediabox.upper_right)
    assert (round(width), round(height)) == (210, 297)
