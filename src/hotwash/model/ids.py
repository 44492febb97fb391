"""The one rule for ids of lessons, people, objectives, attempts and incidents, wherever they come in.

An id names files and folders, stands in lines of a log and on a command line; so it is one line of text that means the
same in all of them, on every system.

    L-WARN-SOONER, watch-night.2, Übung 7      ../x, CON, "L-1 ", a line break, 121 letters are none
"""

from __future__ import annotations

import re

from hotwash.visible import clip, has_unseen, on_one_line

MOST_LETTERS = 120

# Source: Microsoft, "Naming Files, Paths, and Namespaces"; POSIX forbids only the slash.
_IN_PATHS = re.compile(r'[/\\:*?"<>|]')
_DEVICES = re.compile(r"(CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(COM|LPT)[0-9¹²³])(\s*\..*)?", re.IGNORECASE | re.DOTALL)
_NO_FILE = re.compile(r"[^\w.\- ]|^[.\- ]+|[. ]+$")


def fault_of_id(text: str) -> str:
    """Return what is wrong with an id, and the remedy; "" for a valid one."""
    if not text.strip():
        return "an id is missing; give each its own"
    if len(text) > MOST_LETTERS:
        return f"the id has {len(text):,} letters; use up to {MOST_LETTERS}"
    if has_unseen(text):
        return (
            f"the id {_excerpt(text)} has a line end or a character that is not shown; use letters, digits and hyphens"
        )
    if text != text.strip():
        return f"the id {_excerpt(text)} begins or ends with a blank; leave it out"
    if found := _IN_PATHS.search(text):
        return f"the id {_excerpt(text)} has {found[0]}, which no file name may have; use letters, digits and hyphens"
    if text[0] in ".-" or text.endswith("."):
        return f"the id {_excerpt(text)} begins with a dot or hyphen, or ends with a dot; leave it out"
    if _DEVICES.fullmatch(text):
        return f"the id {_excerpt(text)} is the name of a device on some systems; choose another"
    return ""


def fault_of_name(text: str) -> str:
    """Return what is wrong with a title or a name that people read, and the remedy; "" for one that fits a line."""
    return f"has {len(text):,} letters; use up to {MOST_LETTERS}" if len(text) > MOST_LETTERS else ""


def file_stem(text: str) -> str:
    """Return a file name without ending for an id; for one from before the rule, a name that stays in its folder."""
    if not fault_of_id(text):
        return text
    stem = _NO_FILE.sub("_", on_one_line(text)[:MOST_LETTERS])
    return f"id_{stem}" if fault_of_id(stem) else stem


def _excerpt(text: str) -> str:
    return f"'{clip(on_one_line(text), 60)}'"
