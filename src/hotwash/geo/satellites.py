"""How good a position by satellites can be, by how many are in use."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

NO_DILUTION = 99.99  # what receivers say without a fix


def dilution(satellites: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the horizontal and the vertical dilution of precision of satellites spread evenly over the sky.

    satellites   (n,) in use; fewer than 4 give no fix, and NO_DILUTION

    A direction evenly spread over the upper half of a sphere has mean squares of 1/3 east, north and up, and a mean of
    1/2 up; with clock and height in one equation that leaves variances of 3/n east and north and 12/n up.
    Real skies are worse: obstacles take the low satellites.
    Source: Kaplan and Hegarty 2017, Understanding GPS/GNSS, 3rd ed., 11.2: the matrix (H'H)^-1.
    """
    count = np.atleast_1d(np.asarray(satellites, dtype=np.float64))
    is_enough = count >= 4.0
    inverse = 1.0 / np.where(is_enough, count, 1.0)
    return (
        np.where(is_enough, np.sqrt(6.0 * inverse), NO_DILUTION),
        np.where(is_enough, np.sqrt(12.0 * inverse), NO_DILUTION),
    )
