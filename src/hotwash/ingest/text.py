"""Bytes to text: byte order marks, broken UTF-8, and characters damaged on the way.

bytes ──decode──▶ text (undecodable bytes kept as lone surrogates) ──mend──▶ text, repairs
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache, partial

from hotwash.errors import ReadError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# Damage shows as two letters beyond ASCII side by side: the bytes of one character read as two.
_SUSPECT = re.compile(r"[^\x00-\x7f]{2}")
_WORD = re.compile(r"[^ \t\r\n]+")

# A Latin letter of two bytes, as the two Western European or Central European characters that it becomes.
_HALVES = {"cp1252": "ÂÃÄÅ", "cp1250": "ÂĂÄĹ"}
_SPLIT_LETTER = {name: re.compile(f"[{lead}][^\x00-\x7f]") for name, lead in _HALVES.items()}
# No language writes a capital Â Ã Ä Å Ă Ĺ straight after a small letter: in "siÄ™" it is half of an ę.
_CAPITAL_INSIDE = re.compile(r"[a-z][ÂÃÄÅĂĹ][^\x00-\x7f]")


def decode(content: bytes, *, name: str) -> str:
    """Return the text of a file.

    content  bytes in UTF-8, or in UTF-16 or UTF-32 with a byte order mark
    name     the file's name, for the error
    returns  text; bytes that are no UTF-8 stand in it as lone surrogates (U+DC80 to U+DCFF), so that the
             row they are in can be refused and shown
    raises   ReadError for UTF-16 without a mark, and for a broken UTF-16 or UTF-32 file
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            try:
                return content[len(mark) :].decode(encoding, "surrogateescape" if encoding == "utf-8" else "strict")
            except UnicodeDecodeError as fault:
                raise ReadError(name, place=f"byte {fault.start}", why=f"broken {encoding}; save it as UTF-8") from None
    head = content[:4096]
    if head.count(0) * 10 > len(head):  # every second byte of UTF-16; a stray zero costs only its row
        raise ReadError(name, why="zero bytes: UTF-16 without a byte order mark, or not text at all; save it as UTF-8")
    return content.decode("utf-8", "surrogateescape")


def has_wide_mark(content: bytes) -> bool:
    """Tell whether content begins with the byte order mark of UTF-16 or UTF-32."""
    return content.startswith(tuple(mark for mark, encoding in _MARKS if encoding != "utf-8"))


def is_broken(text: str) -> bool:
    """Tell whether a text holds bytes that were no UTF-8."""
    return any("\udc80" <= char <= "\udcff" for char in text)


@lru_cache(maxsize=4096)
def _mend_word(word: str) -> str:
    # Imported here: ftfy costs a tenth of a second, and most bundles have nothing to mend.
    from ftfy import fix_encoding

    return str(fix_encoding(word))


def mend(text: str) -> tuple[str, list[tuple[str, str]]]:
    """Return the text with damaged words mended, and each repair as (raw, mended).

    Word by word: mending a whole text at once leaves it as it is when one good curly quote stands in it,
    or straightens every quotation mark. A short word that might be meant ("Åšwidnik") is mended where another
    word beside it is beyond doubt.
    """
    if not _SUSPECT.search(text):
        return text, []
    repairs: list[tuple[str, str]] = []
    suspects = [word for word in _WORD.findall(text) if _SUSPECT.search(word)]
    is_damaged = any(_mend_word(word) != word or _CAPITAL_INSIDE.search(word) for word in suspects)

    def one(match: re.Match[str]) -> str:
        raw = match.group()
        if not is_damaged or not _SUSPECT.search(raw):
            return raw
        mended = _mend_word(raw)
        mended = _join_letters(raw) if mended == raw else mended
        if mended != raw:
            repairs.append((raw, mended))
        return mended

    return _WORD.sub(one, text), repairs


def _join_letters(word: str) -> str:
    """Return a word with each pair of characters that is one Latin letter's two bytes made that letter again."""
    for encoding, pairs in _SPLIT_LETTER.items():
        word = pairs.sub(partial(_joined, encoding=encoding), word)
    return word


def _joined(pair: re.Match[str], *, encoding: str) -> str:
    try:
        letter = pair.group().encode(encoding).decode("utf-8")
    except UnicodeError:
        return pair.group()
    return letter if letter.isalpha() else pair.group()
