"""Names of places compared: without marks, by their beginning, and by how many letters they differ.

All names of a list are one text, a line for each place with its names between bars: one search finds every place.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

# How well a name fits, best first.
AS_WRITTEN, AS_NAME, AS_OTHER_NAME, AS_FIRST_WORDS, AS_BEGINNING = range(5)

# Latin letters that do not decompose into a base and a mark.
_BASES = {"ł": "l", "đ": "d", "ð": "d", "ø": "o", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "’": "'", "ґ": "г"}
_MARKED = re.compile("[\u00c0-\u024f\u1e00-\u1eff’ґ]")  # Latin letters beyond ASCII; those of other scripts stay
_SPACES = re.compile("  +")


@dataclass(frozen=True, slots=True, eq=False)
class NameList:
    """Folded names of places.

    text     "\\n|name|other name|\\n|name|\\n": a line for each place, its first name first
    starts   where each line's break stands in the text
    """

    text: str
    starts: list[int]


def list_names(lines: Iterable[str]) -> NameList:
    """Return the names of places for searching.

    lines   for each place "name|other name|other name"
    """
    text = "\n|" + fold_text("|\n|".join(lines)) + "|\n"
    return NameList(text, [match.start() for match in re.finditer("\n", text)])


@lru_cache(maxsize=1 << 14)
def fold(name: str) -> str:
    """Return a name for comparison: lower case, Latin letters without marks, hyphens as spaces."""
    return " ".join(fold_text(name).split())


def fold_text(text: str) -> str:
    """Return any amount of text as `fold` returns a name, with its lines and bars as they are."""
    lower = text.casefold().replace("i\u0307", "i")  # what "İ" becomes
    if not unicodedata.is_normalized("NFC", lower):
        lower = unicodedata.normalize("NFC", lower)
    bare = _MARKED.sub(lambda letter: _bare(letter[0]), lower).replace("-", " ")
    return _SPACES.sub(" ", bare) if "  " in bare else bare


def spellings_of(name: str) -> list[str]:
    """Return a name folded, and folded again as where ä, ö, ü, å and ø are spelt out: "muenchen" is "munchen"."""
    folded = fold(name)
    closed = re.sub("[aou]e", lambda pair: pair[0][0], folded).replace("aa", "a")
    return [folded] if closed == folded else [folded, closed]


def search_names(names: NameList, query: str) -> dict[int, int]:
    """Return the places that a name may mean, by their line, each with how well it fits.

    Places that merely begin with these letters, in the middle of a word, are returned where nothing fits better; those
    of which another name so begins, where not even that.
    """
    fits: dict[int, int] = {}
    for patterns in (
        (("\n|{}|", AS_NAME), ("|{}|", AS_OTHER_NAME), ("\n|{} ", AS_FIRST_WORDS)),
        (("\n|{}", AS_BEGINNING),),
        (("|{}", AS_BEGINNING),),
    ):
        for folded in filter(None, spellings_of(query)):
            for pattern, fit in patterns:
                for line in lines_with(names, pattern.format(folded)):
                    fits[line] = min(fit, fits.get(line, fit))
        if fits:
            break
    return fits


def similar_names(names: NameList, query: str) -> list[tuple[int, int]]:
    """Return the places that a slip of the hand may have meant: how many letters apart, and the line.

    One letter may be wrong, missing, too many or exchanged with its neighbour; of six letters and more two, but then
    not the first.
    """
    folded = fold(query)
    most = 0 if len(folded) < 4 else 1 if len(folded) < 6 else 2
    if not most:
        return []
    spans = re.compile(rf"(?<=\|)[^|\n]{{{max(len(folded) - most, 2)},{len(folded) + most}}}(?=\|)")
    found = [(match.start(), match[0]) for match in spans.finditer(names.text)]
    from hotwash.geo.spelling import letters_apart  # only a miss waits for the array library

    apart = letters_apart(folded, [name for _, name in found]).tolist()
    return [
        (away, bisect_right(names.starts, at) - 1)
        for away, (at, name) in zip(apart, found, strict=True)
        if away <= 1 or (away <= most and name[0] == folded[0])
    ]


def lines_with(names: NameList, part: str) -> list[int]:
    """Return the lines in which a part of the text stands, in order."""
    lines: dict[int, None] = {}
    at = names.text.find(part)
    while at >= 0:
        lines[bisect_right(names.starts, at) - 1] = None
        at = names.text.find(part, at + 1)
    return list(lines)


@cache
def _bare(letter: str) -> str:
    """Return a letter without its mark: "ó" is "o", and what has none, such as "ŋ", stays."""
    apart = unicodedata.normalize("NFD", letter)[0]
    return _BASES.get(letter, apart if apart.isascii() else letter)
