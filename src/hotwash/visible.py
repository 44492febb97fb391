"""Text from data as it may be shown: what would drive a terminal, or change how a text looks unseen, is written out.

    "\x1b[2J"  ─make_visible─▶  "\\x1b[2J"        "a" * 5000  ─quote─▶  "'aaa…' (5,000 characters)"

One rule for the terminal, pages, Markdown, messages and rejects. Source: Unicode Standard Annex 9 (bidirectional
controls); Unicode Technical Report 36, Unicode Security Considerations; ECMA-48 for C0 and C1.
"""

from __future__ import annotations

import json
import re
from typing import Final

MOST_QUOTED: Final = 120  # letters of a value that a message repeats: enough to find it

_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_ZERO_WIDTH = "\u180e\u200b-\u200d\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
_BREAKS = "\x1c-\x1f\x85\u2028\u2029"
_NO_TEXT = "\ud800-\udfff\ufffe\uffff"
_UNSEEN: Final = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f{_BREAKS}{_BIDI}{_ZERO_WIDTH}{_NO_TEXT}]")
_UNDECODED: Final = re.compile("[\udc80-\udcff]")  # a byte that was no UTF-8, as `decode` keeps it
_LINE_ENDS: Final = re.compile(r"[\n\t]")


def make_visible(text: str) -> str:
    """Return a text in which each character that is obeyed instead of shown is written out; \\n and \\t stay.

    Written out are C0 and C1 controls (with ESC), marks of direction, marks of no width, line and paragraph
    separators, bytes that were no UTF-8, and lone surrogates.
    """
    if text.isascii() and text.isprintable():
        return text
    return _UNSEEN.sub(_write_out, text)


def on_one_line(text: str) -> str:
    """Return a text as `make_visible` does, with line ends and tabs written out too: one name stays one line."""
    return _LINE_ENDS.sub(lambda found: "\\n" if found[0] == "\n" else "\\t", make_visible(text))


def has_unseen(text: str) -> bool:
    """Tell whether a text holds anything that `on_one_line` would write out."""
    return not (text.isascii() and text.isprintable()) and (bool(_UNSEEN.search(text)) or bool(_LINE_ENDS.search(text)))


def quote(value: object) -> str:
    """Return a value as a message repeats it: text in quotation marks, at most MOST_QUOTED letters of it."""
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > 4 * MOST_QUOTED:
        return f"a whole number of {value.bit_length():,} bits"  # Python refuses to write out 4,300 digits
    try:
        text = repr(value[: MOST_QUOTED + 1] if isinstance(value, str) else value)
    except (ValueError, RecursionError):  # a list that holds such a number, or itself
        return f"a {type(value).__name__}"
    if isinstance(value, str):
        if len(value) <= MOST_QUOTED:
            return on_one_line(text)
        return f"{on_one_line(repr(value[:MOST_QUOTED]))[:-1]}…{text[-1]} ({len(value):,} characters)"
    return on_one_line(text if len(text) <= MOST_QUOTED else f"{text[:MOST_QUOTED]}… ({len(text):,} characters)")


def escape_json(text: str) -> str:
    """Return JSON text that holds the same values and nothing that `make_visible` would write out."""
    return (
        text if text.isascii() and text.isprintable() else _UNSEEN.sub(lambda found: json.dumps(found[0])[1:-1], text)
    )


def clip(text: str, most: int = MOST_QUOTED) -> str:
    """Return the beginning of a text, with an ellipsis where something was left out."""
    return text if len(text) <= most else f"{text[:most]}…"


def _write_out(found: re.Match[str]) -> str:
    code = ord(found[0])
    if _UNDECODED.match(found[0]):
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
