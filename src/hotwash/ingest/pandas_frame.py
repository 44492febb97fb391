"""A pandas frame to a Polars frame, column by column: neither pandas nor pyarrow is needed for it here."""

from __future__ import annotations

from typing import Any, Protocol, TypeGuard

import numpy as np
import polars as pl

from hotwash.errors import ReadError
from hotwash.visible import quote

_NUMBER_TYPES = {"i": np.int64, "u": np.uint64, "b": np.bool_}


class PandasFrame(Protocol):
    """A pandas.DataFrame, of which no more than this is used."""

    columns: Any
    index: Any
    iloc: Any

    def reset_index(self, level: list[str]) -> PandasFrame: ...


def is_pandas(source: object) -> TypeGuard[PandasFrame]:
    """Tell whether a value is a frame of pandas, without importing pandas."""
    return any(one.__module__.split(".")[0] == "pandas" and one.__name__ == "DataFrame" for one in type(source).__mro__)


def convert_frame(source: PandasFrame, *, name: str) -> pl.DataFrame:
    """Return a pandas frame as a Polars frame: what pandas takes for missing (NaN, NaT, NA, None) is null.

    source   a pandas.DataFrame; row labels become columns where they have a name, else they are passed over
    name     what the frame holds, for messages
    returns  times with a zone in UTC; a time without a zone stays without one
    raises   ReadError when a column stands twice, or holds values that no column can
    """
    labels = [str(label) for label in source.index.names if label is not None and label not in source.columns]
    frame = source.reset_index(level=labels) if labels else source
    names = [str(column) for column in frame.columns]
    for column in names:
        if names.count(column) > 1:
            raise ReadError(name, place="columns", why=f"column {quote(column)} appears twice; remove one")
    return pl.DataFrame([_convert(frame.iloc[:, at], column, name) for at, column in enumerate(names)])


def _convert(cells: Any, column: str, name: str) -> pl.Series:
    try:
        return _values(cells).alias(column)
    except (TypeError, ValueError, OverflowError, pl.exceptions.PolarsError):
        why = f"contains values (dtype {cells.dtype}) of several types; give all of them one type"
        raise ReadError(name, place=f"column {column}", why=why) from None


def _values(cells: Any) -> pl.Series:
    """Return the cells of a pandas Series."""
    is_missing = cells.isna().to_numpy(dtype=np.bool_)
    kind = getattr(cells.dtype, "kind", "O")
    if kind == "M":
        zone = cells.dt.tz
        plain = cells if zone is None else cells.dt.tz_convert("UTC").dt.tz_localize(None)
        times = pl.Series(plain.to_numpy(dtype="datetime64[us]"))
        return times if zone is None else times.dt.replace_time_zone("UTC")
    if kind == "m":
        return pl.Series(cells.to_numpy(dtype="timedelta64[us]"))
    if kind == "f":
        return pl.Series(cells.to_numpy(dtype=np.float64, na_value=np.nan), nan_to_null=True)
    if kind in _NUMBER_TYPES:
        numbers = pl.Series(cells.to_numpy(dtype=_NUMBER_TYPES[kind], na_value=0))
        return numbers.set(pl.Series(is_missing), None) if is_missing.any() else numbers
    return pl.Series([None if missing else cell for cell, missing in zip(cells.tolist(), is_missing, strict=True)])
