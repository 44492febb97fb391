"""Cells of CSV that a spreadsheet would run: one guard for every table that is written, taken off where it is read.

A cell that a spreadsheet would read as a formula gets an apostrophe in front, as does a cell that begins with an
apostrophe. Reading removes one apostrophe, so every text comes back unchanged.

Source: OWASP, CSV injection.
"""

from __future__ import annotations

# Tab and carriage return too: some spreadsheets skip them and read what follows. The wide forms count as their narrow.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'")
BEGINS_SO = r"^([=+\-@\t\r\n＝＋－＠'])"  # FORMULA as an expression of Polars
GUARDED = r"^'([=+\-@\t\r\n＝＋－＠'])"


def escape_formula(cell: str) -> str:
    """Return a cell that no spreadsheet reads as a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def unescape_formula(cell: str) -> str:
    """Return the original text of an escaped cell."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell
