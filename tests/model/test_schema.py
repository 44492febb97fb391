"""Tables are declared once, and a frame that departs from its declaration is told so."""

from __future__ import annotations

import math

import polars as pl
import pytest

from hotwash.errors import TableError
from hotwash.model import schema, tables
from hotwash.model.schema import F64, TEXT, UTC, column, needed, table

PLOTS = table(
    "plots", "one plot", needed("plot_id", TEXT, "its name"), column("range_m", F64, "slant range"), key=("plot_id",)
)


def test_a_left_out_nullable_column_comes_back_as_null():
    found = schema.conform(pl.DataFrame({"plot_id": ["a"]}), PLOTS)
    assert found.to_dicts() == [{"plot_id": "a", "range_m": None}]


def test_a_frame_keeps_the_declared_order():
    found = schema.conform(pl.DataFrame({"range_m": [1.0], "plot_id": ["a"]}), PLOTS)
    assert found.columns == ["plot_id", "range_m"]


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (pl.DataFrame({"range_m": [1.0]}), "plot_id is missing"),
        (pl.DataFrame({"plot_id": ["a"], "range_m": [1]}), "range_m is Int64, declared Float64"),
        (pl.DataFrame({"plot_id": [None]}, schema={"plot_id": pl.String}), "plot_id has nulls"),
        (pl.DataFrame({"plot_id": ["a"], "range_m": [math.nan]}), "range_m has NaN"),
        (pl.DataFrame({"plot_id": ["a"], "colour": ["red"]}), "colour is not declared"),
    ],
)
def test_drift_is_refused_and_named(found: pl.DataFrame, said: str):
    with pytest.raises(TableError, match=said):
        schema.conform(found, PLOTS)


def test_a_column_may_be_declared_only_once():
    with pytest.raises(TableError, match="declared twice"):
        table("plots", "one plot", column("a", F64, "x"), column("a", F64, "y"))


def test_a_key_names_columns_that_are_there():
    with pytest.raises(TableError):
        table("plots", "one plot", column("a", F64, "x"), key=("b",))


@pytest.mark.parametrize("name", tables.TABLES)
def test_an_empty_frame_of_each_table_has_no_drift(name: str):
    assert schema.drift(schema.empty(tables.TABLES[name]), tables.TABLES[name]) == []


@pytest.mark.parametrize("name", tables.TABLES)
def test_every_time_is_utc_to_the_microsecond(name: str):
    times = [item for item in tables.TABLES[name].columns if item.name.endswith("_utc")]
    assert all(item.dtype == UTC for item in times)


@pytest.mark.parametrize("name", tables.TABLES)
def test_a_height_always_says_what_it_is_measured_from(name: str):
    heights = [item.name for item in tables.TABLES[name].columns if "height" in item.name or "altitude" in item.name]
    data = ("hae", "amsl", "agl", "pressure_altitude", "sigma_height_m", "var_height_m2")
    assert all(any(datum in height for datum in data) for height in heights), heights


def test_asking_for_an_undeclared_column_names_those_there_are():
    with pytest.raises(TableError, match="sensor_id, kind"):
        tables.SENSORS["colour"]
