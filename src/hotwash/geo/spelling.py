"""How far names are apart by their letters, one name against all of a list at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def letters_apart(name: str, others: Sequence[str]) -> NDArray[np.int64]:
    """Return how many letters each other name differs by: wrong, missing, too many, or two neighbours exchanged.

    Source: the restricted edit distance of Damerau 1964, CACM 7(3), for all names at once.
    """
    if not others:
        return np.zeros(0, dtype=np.int64)
    longest = max(map(len, others))
    padded = "".join(other.ljust(longest, "\0") for other in others)
    letters = np.frombuffer(padded.encode("utf-32-le"), dtype=np.uint32).reshape(len(others), longest).T
    before: list[NDArray[np.int64]] = []
    row = [np.full(len(others), count, dtype=np.int64) for count in range(longest + 1)]
    for i, letter in enumerate(name):
        above, row = row, [np.full(len(others), i + 1, dtype=np.int64)]
        is_same = letters == ord(letter)
        for j in range(longest):
            best = np.minimum(np.minimum(above[j + 1], row[j]) + 1, above[j] + ~is_same[j])
            if i and j:
                is_turned = is_same[j - 1] & (letters[j] == ord(name[i - 1]))
                best = np.where(is_turned, np.minimum(best, before[j - 1] + 1), best)
            row.append(best)
        before = above
    lengths = np.array([len(other) for other in others])
    return np.asarray(np.stack(row)[lengths, np.arange(len(others))], dtype=np.int64)
