"""Columns of a file as arrays, and arrays as columns; the form of the file is said in `columns`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hotwash.geo.columns import PLANES, TEXT, WHOLE, split_columns

IntArray = NDArray[np.int64]


def write_columns(columns: Mapping[str, IntArray | Sequence[str]]) -> bytes:
    """Return columns as bytes, not yet packed.

    columns   each an array of whole numbers between -2**31 and 2**31 - 1, or a list of texts without line ends
    """
    heads, bodies = [], []
    for name, values in columns.items():
        is_text = not isinstance(values, np.ndarray)
        body = "\n".join(values).encode() if is_text else _planes(np.asarray(values, dtype=np.int64))
        heads.append([name, TEXT if is_text else WHOLE, len(body)])
        bodies.append(body)
    return json.dumps(heads).encode() + b"\n" + b"".join(bodies)


def read_columns(content: bytes) -> dict[str, Any]:
    """Return the columns of a file, each an array of whole numbers, or one text of a line for each value."""
    columns = split_columns(content)
    return {name: body.decode() if kind == TEXT else _numbers(body) for name, (kind, body) in columns.items()}


def _planes(values: IntArray) -> bytes:
    unsigned = ((values << 1) ^ (values >> 63)).astype("<u4")
    return unsigned.view(np.uint8).reshape(-1, PLANES).T.tobytes()


def _numbers(body: bytes) -> IntArray:
    planes = np.frombuffer(body, dtype=np.uint8).reshape(PLANES, -1)
    unsigned = np.ascontiguousarray(planes.T).view("<u4").ravel().astype(np.int64)
    return (unsigned >> 1) ^ -(unsigned & 1)
