"""Characters damaged on the way are mended word by word; what is good stays as it is."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotwash.errors import ReadError
from hotwash.ingest import text
from hotwash.visible import on_one_line

POLISH = "Zażółć gęślą jaźń: Władysław, Żółtańce, Ślęża, Świdnik, źrebię, się, być, północ, ŁÓDŹ, GĘŚ, ŻÓŁĆ"
UKRAINIAN = "Київ, Дрони, Їжак, ґанок, ПОВІТРЯНІ СИЛИ, об'єкт, є, щирість"
GERMAN = "„Spaß“ „FOLGEÄ“ GRÖẞE »Übermaß« Größe – Straße… „ÄÖÜ“ MÜSLIX™"
TYPOGRAPHIC = "“quote” ‘it’s’ „cytat” «guillemets» – — … 5 € ½ ° 52°00′36″ “café”… ’n’ “¿Qué?”"
OTHERS = "naïve façade ÅNGSTRÖM São Paulo ÑANDÚ România ĂÎȘȚ Čeština Ďábel 東京 🛩 שלום"
GOOD = [POLISH, UKRAINIAN, GERMAN, TYPOGRAPHIC, OTHERS]

# Words in whose damage no second reading is possible.
SURE = ["Władysław", "Wyryki", "Żółtańce", "gęś", "Łódź", "Ślęża", "się", "wieś", "północ", "źrebię", "Größe", "voilà"]


def damaged(word: str, encoding: str) -> str:
    """Return what stands there when UTF-8 is read as something else and saved again."""
    return word.encode().decode(encoding)


def can_damage(word: str, encoding: str) -> bool:
    """Tell whether the encoding has a character for each byte of the word: else nobody can have misread it so."""
    with suppress(UnicodeDecodeError):
        damaged(word, encoding)
        return True
    return False


@given(st.text(st.characters(max_codepoint=127)))
def test_plain_text_is_untouched(plain: str):
    assert text.mend(plain) == (plain, [])


@pytest.mark.parametrize("good", GOOD)
def test_good_text_is_untouched(good: str):
    assert text.mend(good) == (good, [])


@given(st.lists(st.sampled_from(" ".join(GOOD).split()), max_size=8), st.sampled_from([" ", "\n", "\u00a0"]))
def test_good_words_are_untouched_in_any_order(words: list[str], between: str):
    good = between.join(words)
    assert text.mend(good) == (good, [])


@pytest.mark.parametrize(
    ("word", "encoding"),
    [(word, encoding) for word in SURE for encoding in ("cp1252", "latin-1", "cp1250") if can_damage(word, encoding)],
)
def test_a_damaged_word_is_restored_and_listed(word: str, encoding: str):
    raw = damaged(word, encoding)
    mended, repairs = text.mend(f"in “{GOOD[0]}” {raw} and more")
    assert mended == f"in “{GOOD[0]}” {word} and more"
    assert repairs == ([(raw, word)] if raw != word else [])


def test_quotation_marks_beside_a_damaged_word_stay_as_they_are():
    mended, repairs = text.mend("“good” ‘quotes’ WÅ‚adysÅ‚aw „tu”")
    assert mended == "“good” ‘quotes’ Władysław „tu”"
    assert len(repairs) == 1


def test_a_word_that_might_be_meant_is_mended_only_beside_one_beyond_doubt():
    assert text.mend("Åšwidnik")[1] == []
    assert text.mend("Åšwidnik, wieÅ›")[0] == "Świdnik, wieś"


def test_each_damaged_word_is_its_own_repair():
    assert [word for _, word in text.mend("GÄ™Å› i siÄ™ i GÄ™Å›")[1]] == ["Gęś", "się", "Gęś"]


@given(st.text(max_size=40))
def test_mending_twice_mends_no_more_than_once(any_text: str):
    once, _ = text.mend(any_text)
    for raw, mended in text.mend(any_text)[1]:
        assert raw in any_text
        assert mended in once


@given(st.binary(max_size=200))
def test_any_bytes_are_text_that_can_be_shown_or_refused(content: bytes):
    with suppress(ReadError):
        shown = on_one_line(text.decode(content, name="x.csv"))
        assert shown.encode().decode() == shown


def test_the_notes_on_the_polish_night_have_one_damaged_word():
    root = Path(__file__).resolve().parents[2]
    places = [above / "shared/data/poland-2025/report.txt" for above in (root.parent, root.parents[1])]
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        pytest.skip("../shared/data/poland-2025/report.txt is not here: the notes on the Polish night")
    raw = text.decode(found.read_bytes(), name=found.name)
    mended, repairs = text.mend(raw)
    assert [word for _, word in repairs] == ["Władysław"]
    quotes = "“”‘’„«»\"'"
    assert [char for char in mended if char in quotes] == [char for char in raw if char in quotes]
