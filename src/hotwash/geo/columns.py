"""Columns of whole numbers and of texts in one small file: how ground, towns and runways travel in the package.

A first line of JSON lists name, kind and length of each column; their bytes follow in that order. Numbers are written
with the sign in the lowest bit and as planes of bytes, lowest first: small ones leave planes of nothing but zeros,
which take no room once the whole is packed. What grows slowly is best written as steps (`numpy.diff`).

This module imports no array library, since a search for a name should not wait for one; `column_arrays` does.
"""

from __future__ import annotations

import json
import sys
from array import array

PLANES = 4  # bytes of a number
TEXT, WHOLE = "text", "whole"


def split_columns(content: bytes) -> dict[str, tuple[str, bytes]]:
    """Return kind and bytes of each column of a file."""
    head, _, rest = content.partition(b"\n")
    columns: dict[str, tuple[str, bytes]] = {}
    at = 0
    for name, kind, length in json.loads(head):
        columns[name] = (kind, rest[at : at + length])
        at += length
    return columns


def read_numbers(body: bytes) -> list[int]:
    """Return the whole numbers of a column."""
    many = len(body) // PLANES
    woven = bytearray(len(body))
    for plane in range(PLANES):
        woven[plane::PLANES] = body[plane * many : (plane + 1) * many]
    unsigned = array("I", bytes(woven))
    if sys.byteorder == "big":
        unsigned.byteswap()
    return [(number >> 1) ^ -(number & 1) for number in unsigned]
