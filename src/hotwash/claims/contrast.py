"""Statements against one another: contradictions, unit drift, and the order of beliefs."""

from __future__ import annotations

import math

import numpy as np
import polars as pl

from hotwash.claims.numbers import standing
from hotwash.claims.part_numbers import PartNames, sum_by_sayer
from hotwash.model import schema, tables
from hotwash.model.questions import NUMBER_KINDS, QUESTION_KINDS
from hotwash.model.words import TIME_RELATIONS

_OPEN_WORDS = ("cannot_tell", "unknown", "not_known")  # they tell what somebody knew, and exclude nothing
_DIGITS = 6  # a gap is told to less than a second and a millimetre
_ROWS = 256  # statements held against all others at once: a megabyte for each 500
_PART = 4_000  # contradictions put into words at once
_PAIRS = pl.Schema(
    {"order": pl.UInt32, "order_b": pl.UInt32, "is_unit_drift": pl.Boolean, "gap": pl.Float64, "pair": pl.Int64}
)
_STATEMENT = (
    *("order", "statement", "question_id", "claim_id", "said_by", "said_utc", "kind", "unit", "low", "high"),
    *("word", "value", "value_ref", "at_low", "at_high", "occasion_id", "is_running", "is_stated", "part", "sum_low"),
)
_COMPARED = ("order", "statement", "answer", "low", "high", "number")
_QUALIFIED = ("unit", "sayer", "occasion", "at_low", "at_high", "sum_low")
_STATED = [name for name, kind in QUESTION_KINDS.items() if kind.two_answers == "stated"]
_TIMES = [name for name in NUMBER_KINDS if QUESTION_KINDS[name].form == "time"]
_AMOUNTS = [name for name in NUMBER_KINDS if QUESTION_KINDS[name].form == "number"]


def contradictions(claims: pl.DataFrame) -> pl.DataFrame:
    """Return CONTRADICTIONS of one question: values that exclude one another, units that drift, words that differ.

    claims   CLAIMS as `bounds.bound_claims` gives them

    Only statements of fact count that their speakers have not replaced. Of equal statements the earliest stands for
    all. Numbers that stand for different times contradict one another only where the earlier one is greater; the
    running numbers of one speaker are one chain. Statements on two named occasions, and states of two times, are
    never paired, nor heights above different things. Free words are paired only where the analyst states that they
    exclude one another. Who cannot tell contradicts nobody.
    """
    facts = standing(claims)
    statements = _distinct_statements(facts)
    sums = _sums(facts, statements)
    slim = statements.sort("question_id", "order").select(
        pl.col(
            "question_id", "value_ref", "order", "low", "high", "at_low", "at_high", "is_running", "part", "sum_low"
        ),
        pl.col("statement").cast(pl.Int64),
        number=pl.col("value").cast(pl.Float64, strict=False),
        unit=pl.col("unit").fill_null("").rank("dense"),
        answer=pl.col("word").fill_null("").rank("dense"),
        sayer=pl.col("said_by").rank("dense"),
        occasion=pl.col("occasion_id").rank("dense").fill_null(0).cast(pl.Int64),
        is_number=pl.col("kind").is_in(NUMBER_KINDS),
        is_free=pl.col("kind").is_in(_STATED),
        is_count=pl.col("kind") == "count",
    )
    slim = slim.with_columns(pl.col("low", "high", "number", "sum_low").fill_null(math.nan)).filter(~pl.col("is_free"))
    pairs = [_excluding(group) for group in slim.partition_by("question_id", "value_ref") if group.height > 1]
    excluding = pl.concat([pl.DataFrame(schema=_PAIRS), *pairs, _stated(facts, statements)])
    excluding = excluding.unique(["order", "order_b"], keep="first", maintain_order=True)
    excluding = (
        excluding.join(sums, on=["order", "order_b"], how="anti", maintain_order="left") if sums.height else excluding
    )
    parts = [
        _contradiction_rows(excluding[start : start + _PART], statements) for start in range(0, excluding.height, _PART)
    ]
    return schema.conform(pl.concat([schema.empty(tables.CONTRADICTIONS), *parts]), tables.CONTRADICTIONS)


def _sums(facts: pl.DataFrame, statements: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs of a number and a part of it by one speaker, the earlier first: they are no rivals."""
    order = dict(statements.select("claim_id", "order").iter_rows())
    sayer = dict(facts.select("claim_id", "said_by").iter_rows())
    told = facts.filter(pl.col("parts").is_not_null()).select("claim_id", "parts").explode("parts").iter_rows()
    own = [(one, part) for one, part in told if one in order and part in order and sayer[one] == sayer[part]]
    pairs = sorted({tuple(sorted((order[one], order[part]))) for one, part in own})
    return pl.DataFrame(pairs, schema={"order": pl.UInt32, "order_b": pl.UInt32}, orient="row")


def _stated(facts: pl.DataFrame, statements: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs that the analyst says exclude one another, the earlier first."""
    order = dict(statements.select("claim_id", "order").iter_rows())
    said = facts.filter(pl.col("excludes").is_not_null()).select("claim_id", "excludes").explode("excludes").iter_rows()
    pairs = sorted(
        {tuple(sorted((order[one], order[other]))) for one, other in said if one in order and other in order}
    )
    rows = [(one, other, False, math.nan, -1) for one, other in pairs]
    return pl.DataFrame(rows, schema=_PAIRS, orient="row")


def _excluding(group: pl.DataFrame) -> pl.DataFrame:
    """Return which statements on one question exclude one another, each two statements once, the earliest first."""
    order, statement, answer, low, high, number = (group[name].to_numpy() for name in _COMPARED)
    unit, sayer, occasion, first, last, sum_low = (group[name].to_numpy() for name in _QUALIFIED)
    is_number, size, runs = group["is_number"][0], group.height, group["is_running"].to_numpy()
    pairs, parts = [pl.DataFrame(schema=_PAIRS)], PartNames.of(group["part"].to_list())
    is_whole, is_count = parts.are(None), group["is_count"][0]
    for start in range(0, size, _ROWS):
        here = slice(start, start + _ROWS)
        above, below = low[None, :] - high[here, None], low[here, None] - high[None, :]
        is_same_part = parts.pairs(here)
        if is_count:  # the whole, and a part that may not be greater
            of_here, of_there = is_whole[here, None] & ~is_whole[None, :], ~is_whole[here, None] & is_whole[None, :]
            above = np.where(of_here, sum_low[None, :] - high[here, None], np.where(is_same_part, above, -math.inf))
            below = np.where(of_there, sum_low[here, None] - high[None, :], np.where(is_same_part, below, -math.inf))
        if is_number:
            is_same = (first[here, None] == first[None, :]) & (last[here, None] == last[None, :]) & (first == last)
            may_rise = ~(is_same | (last[None, :] < first[here, None]))  # unless the other stands for an earlier time
            may_fall = ~(is_same | (last[here, None] < first[None, :]))
            above, below = np.where(may_rise, -math.inf, above), np.where(may_fall, -math.inf, below)
        apart = np.maximum(above, below)
        same_unit = unit[here, None] == unit[None, :]
        is_drift = is_number & ~same_unit & (number[here, None] == number[None, :]) & is_same_part
        excludes = same_unit & (apart > 0) if is_number else answer[here, None] != answer[None, :]
        if not is_number:  # two states of two times
            excludes &= ~((last[here, None] < first[None, :]) | (last[None, :] < first[here, None]))
        if not is_count:  # what is told of another runway is no evidence
            excludes &= is_same_part | is_whole[here, None] | is_whole[None, :]
        is_later = np.arange(size)[None, :] > np.arange(size)[here, None]
        is_chain = runs[here, None] & runs[None, :] & (sayer[here, None] == sayer[None, :])
        is_elsewhere = (occasion[here, None] != occasion[None, :]) & (occasion[here, None] * occasion[None, :] > 0)
        one, other = np.nonzero(is_later & (excludes | is_drift) & ~is_chain & ~is_elsewhere)
        gap = np.where(same_unit[one, other] & is_number, apart[one, other].round(_DIGITS), math.nan)
        pair = np.sort(np.stack([statement[one + start], statement[other]]), axis=0)
        cells = [order[one + start], order[other], is_drift[one, other], gap, pair[0] * (statement.max() + 1) + pair[1]]
        pairs.append(pl.DataFrame(cells, schema=_PAIRS).unique("pair", keep="first", maintain_order=True))
    return pl.concat(pairs).unique("pair", keep="first", maintain_order=True)


def _distinct_statements(facts: pl.DataFrame) -> pl.DataFrame:
    """Return each distinct statement on each question, in order of time, as its earliest telling.

    The running number of each speaker is a statement of its own, and so is a claim that the analyst says excludes
    another.
    """
    usable = facts.filter(
        (pl.col("kind").is_in(NUMBER_KINDS) & pl.col("low").is_not_null())
        | (~pl.col("kind").is_in(NUMBER_KINDS) & pl.col("value").is_not_null() & ~_word().is_in(_OPEN_WORDS))
    )
    excluded = facts["excludes"].explode().drop_nulls().implode()
    said = pl.coalesce("said_utc_high", "said_utc_low", "known_utc")
    final = pl.lit(math.inf)
    is_state = pl.col("kind") == "status"
    low, high = (pl.col(f"stands_utc_{side}").dt.epoch("us") / 60e6 for side in ("low", "high"))
    ordered = usable.with_columns(
        said_utc=said,
        word=_word(),
        at_low=low.fill_null(pl.when(is_state).then(-math.inf).otherwise(final)),
        at_high=high.fill_null(final),
        is_running=pl.col("stands_utc_low").is_not_null() & ~is_state,
        is_stated=pl.col("excludes").is_not_null() | pl.col("claim_id").is_in(excluded),
    ).sort("said_utc", "claim_id", nulls_last=True)
    chain = pl.when("is_running").then("said_by")
    own = pl.when(pl.col("is_stated") & pl.col("kind").is_in(_STATED)).then("claim_id")
    same = ["question_id", "unit", "value_ref", "low", "high", "word", "at_low", "at_high", "occasion_id", "part"]
    first = ordered.with_columns(chain=chain, own=own).unique(
        subset=[*same, "chain", "own"], keep="first", maintain_order=True
    )
    numbered = _with_sums(first, ordered).with_columns(statement=pl.struct([*same, "chain", "own"]).rank("dense"))
    return numbered.with_row_index("order").select(*_STATEMENT, said=statement_text())


def _with_sums(statements: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """Return statements with the least that each leaves of the whole, with the other parts that its speaker tells."""
    rows = told.filter((pl.col("kind") == "count") & pl.col("part").is_not_null())
    found = rows.select("claim_id", sum_low="low").clear()
    for group in rows.partition_by("question_id"):
        bounds = (group[name].to_numpy().astype(np.float64) for name in ("low", "high", "at_high"))
        found = found.vstack(group.select("claim_id", sum_low=pl.Series(sum_by_sayer(group.to_dicts(), *bounds))))
    return statements.join(found, on="claim_id", how="left", maintain_order="left").with_columns(
        sum_low=pl.coalesce("sum_low", "low")
    )


def _word() -> pl.Expr:
    return pl.when(~pl.col("kind").is_in(NUMBER_KINDS)).then(pl.col("value").str.to_lowercase().str.strip_chars())


def statement_text() -> pl.Expr:
    """Return what a claim says, in words."""
    is_time = pl.col("kind").is_in(_TIMES)
    relation = pl.when(is_time).then(pl.col("relation").replace(TIME_RELATIONS)).otherwise("relation")
    relation = relation.str.replace_all("_", " ")
    value, high = (_value_text(pl.col(name)) for name in ("value", "value_high"))
    plain = pl.when(pl.col("relation") == "exactly").then(value).otherwise(pl.format("{} {}", relation, value))
    ranged = pl.when(high.is_not_null()).then(pl.format("{} to {}", value, high)).otherwise(plain)
    unit = pl.when(pl.col("kind").is_in(_AMOUNTS)).then(pl.coalesce("said_unit", "unit")).fill_null("")
    above = pl.col("value_ref").fill_null("")
    part = pl.when(pl.col("kind") == "count").then(pl.format(", {}", "part")).fill_null("")
    said = pl.format("{} {} {}", ranged, unit.str.replace_all("_", " "), above).str.strip_chars()
    return pl.format("{}{}", said, part)


def _value_text(value: pl.Expr) -> pl.Expr:
    time = value.str.replace(r"^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d)Z$", "$1 $2$3 UTC").str.replace(":00 UTC", " UTC")
    return pl.when(pl.col("kind").is_in(_TIMES)).then(time).otherwise(value)


def _contradiction_rows(pairs: pl.DataFrame, statements: pl.DataFrame) -> pl.DataFrame:
    """Return CONTRADICTIONS of some pairs of places in the order of statements."""
    wanted = ["claim_id", "question_id", "said_by", "said_utc", "said", "unit", "kind", "low", "high", "sum_low"]
    first, second = (statements[pairs[name].to_list()].select(wanted) for name in ("order", "order_b"))
    second = second.rename(lambda name: f"{name}_b")
    pairs = pl.concat([pairs, first, second], how="horizontal").with_columns(pl.col("gap").fill_nan(None))
    unit = pl.when(pl.col("kind").is_in(_TIMES)).then(pl.lit("min")).otherwise(pl.col("unit"))
    said = ("said", _sayer_of_sum("", "_b"), "said_b", _sayer_of_sum("_b", ""))
    drift = pl.format("{} ({}) and {} ({}): the same number in two units", *said)
    stated = pl.format("{} ({}) against {} ({}): the analyst states that both cannot be true", *said)
    plain = pl.format("{} ({}) against {} ({})", *said)
    return pairs.with_columns(
        other_claim_id="claim_id_b",
        other_said_by="said_by_b",
        other_said_utc="said_utc_b",
        value="said",
        other_value="said_b",
        unit=pl.when(pl.col("gap").is_not_null()).then(unit),
        is_same_speaker=pl.col("said_by") == pl.col("said_by_b"),
        text=pl.when("is_unit_drift").then(drift).when(pl.col("pair") < 0).then(stated).otherwise(plain),
        third_claim_id=pl.lit(None, dtype=pl.String),
    ).select(tables.CONTRADICTIONS.names)


def _sayer_of_sum(one: str, other: str) -> pl.Expr:
    """Return who says a thing; of a part where only all the parts that they tell are too many, with their sum."""
    is_sum = (pl.col(f"sum_low{one}") > pl.col(f"low{one}")) & (pl.col(f"low{one}") <= pl.col(f"high{other}"))
    total = pl.col(f"sum_low{one}").cast(pl.String).str.strip_suffix(".0")
    return (
        pl.when(is_sum)
        .then(pl.format("{}: at least {} with other parts", f"said_by{one}", total))
        .otherwise(f"said_by{one}")
    )


def beliefs(claims: pl.DataFrame) -> pl.DataFrame:
    """Return BELIEFS: what was said on each question in the order said, and who replaced what.

    claims   CLAIMS as `bounds.bound_claims` gives them
    """
    replaced = claims["supersedes"].explode().drop_nulls().implode()
    said = pl.coalesce("said_utc_high", "said_utc_low", "known_utc")
    ordered = claims.with_columns(said_utc=said, said=statement_text().fill_null("no figure given")).sort(
        "question_id", "said_utc", "claim_id", nulls_last=True
    )
    return schema.conform(
        ordered.with_columns(
            step=pl.int_range(1, pl.len() + 1).over("question_id").cast(pl.Int64),
            value="said",
            supersedes=pl.col("supersedes").list.join("; "),
            is_held=~pl.col("claim_id").is_in(replaced),
        ).select(tables.BELIEFS.names),
        tables.BELIEFS,
    )
