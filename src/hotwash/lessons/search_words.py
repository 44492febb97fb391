"""Words in the form in which a search compares them: lower case without diacritics, in English, Polish and Ukrainian.

`fold` is applied to stored text and to queries, so "łódź", "Łódź" and "lodz" are one word, and so are "п'ять",
"пʼять" and "пять", "ґрунт" and "грунт", "їх" and "іх".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

SEARCHED = ("title", "keywords", "place", "observation", "discussion", "conclusion", "recommendation", "rest")

# Letters that Unicode does not decompose, and apostrophes, which do not separate Ukrainian words.
_SINGLE = {
    **dict(zip("łŁđĐøØıħґҐєЄ", "llddooihггее", strict=True)),
    "æ": "ae",
    "Æ": "ae",
    "œ": "oe",
    "Œ": "oe",
    **dict.fromkeys("'’ʼ‘`´ʹ′", ""),
}
_MARKS = re.compile("[\u0300-\u036f]+")  # the combining marks that decomposition leaves
_SEPARATOR = "\x1f"  # the unit separator, which nobody types
_BETWEEN = f" {_SEPARATOR} "  # with blanks, so that no word is joined with it
_CACHED_WORDS = 2**15  # most of the words that people write, in some 5 MB


def fold(text: str) -> str:
    """Return text in lower case without diacritics and apostrophes.

    Ukrainian ї becomes і, й becomes и, є becomes е, ґ becomes г, for those who type on a foreign keyboard.
    """
    if text.isascii():
        return text.lower().replace("'", "").replace("`", "")
    # Word by word gives the same result, since no rule reaches across a blank, and words recur, so the cache helps.
    return " ".join(map(_fold_word, text.split(" ")))


@lru_cache(_CACHED_WORDS)
def _fold_word(word: str) -> str:
    for letter, plain in _SINGLE.items():
        if letter in word:
            word = word.replace(letter, plain)
    return _MARKS.sub("", unicodedata.normalize("NFKD", word)).casefold()


def search_texts(fields: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the texts of a lesson that a search covers, folded, in the order of SEARCHED.

    fields   the lesson's fields as JSON values
    """
    actions: Sequence[Mapping[str, Any]] = fields.get("actions") or ()
    rest = [fields.get(name) or "" for name in ("event", "unit", "action_body", "manager")]
    rest += [f"{action.get('text', '')} {action.get('owner', '')}" for action in actions]
    rest += [str(one.get("text", "")) for one in fields.get("evidence") or ()]
    plain = {name: fields.get(name) or "" for name in SEARCHED}
    plain |= {"keywords": " ".join(fields.get("keywords") or ()), "rest": " ".join(rest)}
    # Folded together: folding eight texts one by one takes three times as long.
    joined = _BETWEEN.join(plain[name].replace(_SEPARATOR, " ") for name in SEARCHED)
    return tuple(fold(joined).split(_BETWEEN))
