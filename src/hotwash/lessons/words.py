"""Words as a search compares them: small letters without diacritics, in English, Polish and Ukrainian text.

`fold` is applied to what is kept and to what is asked, so that "łódź", "Łódź" and "lodz" are one word, and so are
"п'ять", "пʼять" and "пять", "ґрунт" and "грунт", "їх" and "іх".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

SEARCHED = ("title", "keywords", "place", "observation", "discussion", "conclusion", "recommendation", "rest")

# Letters that Unicode does not take apart, and apostrophes: within a Ukrainian word they part no words.
_SINGLE = {
    "ł": "l",
    "Ł": "l",
    "đ": "d",
    "Đ": "d",
    "ø": "o",
    "Ø": "o",
    "ı": "i",
    "ħ": "h",
    "æ": "ae",
    "Æ": "ae",
    "œ": "oe",
    "Œ": "oe",
    "ґ": "г",
    "Ґ": "г",
    "є": "е",
    "Є": "е",
    **dict.fromkeys("'’ʼ‘`´ʹ′", ""),
}
_MARKS = re.compile("[\u0300-\u036f]+")  # the combining marks that taking apart leaves
_PART = "\x1f"  # the unit separator: it stands in no text that a person writes
_BETWEEN = f" {_PART} "  # with blanks, so that no word is joined with it
_REMEMBERED = 2**15  # words: most of what people write, in some 5 MB


def fold(text: str) -> str:
    """Return text in small letters without diacritics and apostrophes.

    Ukrainian ї becomes і, й becomes и, є becomes е, ґ becomes г: who types on a foreign keyboard finds as well.
    """
    if text.isascii():
        return text.lower().replace("'", "").replace("`", "")
    # Word by word gives the same, since no rule reaches over a blank; and the words of a language come again and again.
    return " ".join(map(_folded, text.split(" ")))


@lru_cache(_REMEMBERED)
def _folded(word: str) -> str:
    for letter, plain in _SINGLE.items():
        if letter in word:
            word = word.replace(letter, plain)
    return _MARKS.sub("", unicodedata.normalize("NFKD", word)).casefold()


def search_texts(fields: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what is searched of a lesson, folded, in the order of SEARCHED.

    fields   the lesson's fields as JSON holds them
    """
    actions: Sequence[Mapping[str, Any]] = fields.get("actions") or ()
    rest = [fields.get(name) or "" for name in ("event", "unit", "action_body", "manager")]
    rest += [f"{action.get('text', '')} {action.get('owner', '')}" for action in actions]
    rest += [str(one.get("text", "")) for one in fields.get("evidence") or ()]
    plain = {name: fields.get(name) or "" for name in SEARCHED}
    plain |= {"keywords": " ".join(fields.get("keywords") or ()), "rest": " ".join(rest)}
    # Folded together: taking eight texts one by one costs three times as much.
    joined = _BETWEEN.join(plain[name].replace(_PART, " ") for name in SEARCHED)
    return tuple(fold(joined).split(_BETWEEN))
