"""Columns of whole numbers and of texts in one small file: how ground, towns and runways travel in the package.

A first line of JSON lists name, kind and length of each column; their bytes follow in that order. Numbers are written
with the sign in the lowest bit and as planes of bytes, lowest first: small ones leave planes of nothing but zeros,
which take no room once the whole is packed. What grows slowly is best written as steps (`numpy.diff`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
PLANES = 4  # bytes of a number


def write_columns(columns: Mapping[str, IntArray | Sequence[str]]) -> bytes:
    """Return columns as bytes, not yet packed.

    columns   each an array of whole numbers between -2**31 and 2**31 - 1, or a list of texts without line ends
    """
    heads, bodies = [], []
    for name, values in columns.items():
        is_text = not isinstance(values, np.ndarray)
        body = "\n".join(values).encode() if is_text else _planes(np.asarray(values, dtype=np.int64))
        heads.append([name, "text" if is_text else "whole", len(body)])
        bodies.append(body)
    return json.dumps(heads).encode() + b"\n" + b"".join(bodies)


def read_columns(content: bytes) -> dict[str, Any]:
    """Return the columns of a file, each an array of whole numbers, or one text of a line for each value."""
    head, _, rest = content.partition(b"\n")
    columns: dict[str, Any] = {}
    at = 0
    for name, kind, length in json.loads(head):
        body = rest[at : at + length]
        columns[name] = body.decode() if kind == "text" else _numbers(body)
        at += length
    return columns


def _planes(values: IntArray) -> bytes:
    unsigned = ((values << 1) ^ (values >> 63)).astype("<u4")
    return unsigned.view(np.uint8).reshape(-1, PLANES).T.tobytes()


def _numbers(body: bytes) -> IntArray:
    planes = np.frombuffer(body, dtype=np.uint8).reshape(PLANES, -1)
    unsigned = np.ascontiguousarray(planes.T).view("<u4").ravel().astype(np.int64)
    return (unsigned >> 1) ^ -(unsigned & 1)
