"""How a frame departs from its table: in one sweep, said as when each column is looked at alone."""

from __future__ import annotations

import math

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from hotwash.model import schema
from hotwash.model.schema import BOOL, F64, I64, TEXT, Table, column, needed, table

TYPES = (F64, I64, TEXT, BOOL)
NAMES = ("a", "b", "c", "d", "e")
VALUES: dict[object, tuple[object, ...]] = {
    F64: (0.0, math.nan, math.inf, None), I64: (0, 7, None), TEXT: ("", "x", None), BOOL: (True, None),
}  # fmt: skip


def one_by_one(found: pl.DataFrame, declared: Table) -> list[str]:
    """Return what is said when every cell of every column is looked at in turn."""
    said = []
    for item in declared.columns:
        if item.name not in found.columns:
            said.append(f"column {item.name} is missing")
            continue
        cells = found[item.name].to_list()
        if found[item.name].dtype != item.dtype:
            said.append(f"column {item.name} is {found[item.name].dtype}, declared {item.dtype}")
        elif not item.nullable and any(cell is None for cell in cells):
            said.append(f"column {item.name} has nulls, but every row must fill it")
        elif item.dtype == F64 and any(cell is not None and math.isnan(cell) for cell in cells):
            said.append(f"column {item.name} has NaN; unknown is null")
    return said + [f"column {name} is not declared" for name in found.columns if name not in declared.names]


@st.composite
def tables(draw: st.DrawFn) -> Table:
    names = draw(st.lists(st.sampled_from(NAMES), unique=True))
    makers = (needed, column)
    return table("t", "any", *(draw(st.sampled_from(makers))(one, draw(st.sampled_from(TYPES)), "x") for one in names))


@st.composite
def frames(draw: st.DrawFn) -> pl.DataFrame:
    height = draw(st.integers(0, 3))
    series = []
    for name in draw(st.lists(st.sampled_from(NAMES), unique=True)):
        dtype = draw(st.sampled_from(TYPES))
        cells = draw(st.lists(st.sampled_from(VALUES[dtype]), min_size=height, max_size=height))
        series.append(pl.Series(name, cells, dtype=dtype))
    return pl.DataFrame(series)


@given(frames(), tables())
def test_drift_says_what_a_look_at_each_cell_says(found: pl.DataFrame, declared: Table):
    assert schema.drift(found, declared) == one_by_one(found, declared)


def test_a_frame_of_nothing_lacks_every_column_and_is_no_fault_of_the_check():
    declared = table("t", "any", needed("a", F64, "x"), column("b", TEXT, "y"))
    assert schema.drift(pl.DataFrame(), declared) == ["column a is missing", "column b is missing"]
    assert schema.drift(pl.DataFrame(), table("t", "none")) == []


def test_of_one_column_only_the_first_fault_is_told():
    declared = table("t", "any", needed("a", F64, "x"))
    assert schema.drift(pl.DataFrame({"a": [None, math.nan]}), declared) == [
        "column a has nulls, but every row must fill it"
    ]
