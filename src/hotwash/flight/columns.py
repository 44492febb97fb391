"""Columns of a matrix by name: what makes a record of a matrix whose rows are worlds, or steps."""

from __future__ import annotations

from typing import Protocol, overload

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


class Rows(Protocol):
    """A record over a matrix."""

    @property
    def rows(self) -> FloatArray: ...


class Column:
    """One column of a record's rows, (n,), or `width` of them side by side, (n, width); not a copy.

    first     its number, or that of the first
    meaning   what it holds
    """

    def __init__(self, first: int, meaning: str, *, width: int = 0) -> None:
        self.first, self.width, self.__doc__ = first, width, meaning

    @overload
    def __get__(self, record: None, owner: type) -> Column: ...
    @overload
    def __get__(self, record: Rows, owner: type) -> FloatArray: ...
    def __get__(self, record: Rows | None, owner: type) -> Column | FloatArray:
        if record is None:
            return self
        return record.rows[:, self.first : self.first + self.width] if self.width else record.rows[:, self.first]
