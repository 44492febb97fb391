"""Statements against one another: contradictions, unit drift, and the order of beliefs."""

from __future__ import annotations

import math

import numpy as np
import polars as pl

from hotwash.model import schema, tables
from hotwash.model.questions import NUMBER_KINDS, QUESTION_KINDS
from hotwash.model.words import TIME_RELATIONS

_OPEN_WORDS = ("cannot_tell", "unknown")  # they tell what somebody knew
_DIGITS = 6  # a gap is told to less than a second and a millimetre
_ROWS = 256  # statements held against all others at once: a megabyte for each 500
_PART = 20_000  # contradictions put into words at once
_PAIRS = pl.Schema(
    {"order": pl.UInt32, "order_b": pl.UInt32, "is_unit_drift": pl.Boolean, "gap": pl.Float64, "pair": pl.Int64}
)
_STATEMENT = (
    *("order", "statement", "question_id", "claim_id", "said_by", "said_utc", "kind", "unit", "low", "high"),
    *("word", "value", "chain"),
)
_TELLINGS = 2  # of one statement by two chains, one at least is no succession of another statement's
_WORDS = [name for name, kind in QUESTION_KINDS.items() if not kind.is_number and kind.two_answers != "unpaired"]
_BESIDE = [name for name, kind in QUESTION_KINDS.items() if kind.two_answers == "beside"]
_TIMES = [name for name in NUMBER_KINDS if QUESTION_KINDS[name].form == "time"]
_AMOUNTS = [name for name in NUMBER_KINDS if QUESTION_KINDS[name].form == "number"]


def contradictions(claims: pl.DataFrame) -> pl.DataFrame:
    """Return CONTRADICTIONS: pairs on one question whose values exclude one another, or whose units drift.

    claims   CLAIMS as `bounds.bound_claims` gives them

    Of equal statements the earliest stands for all. A claim and the one it superseded are a changed belief, not a
    contradiction. Different free words (`finding`) may both be true, and intent is not judged: neither is
    paired. Different causes, and answers that leave a question open, are paired, and the text says that a reader
    must tell whether both can hold.
    """
    statements = _distinct_statements(claims)
    slim = statements.sort("question_id", "order").select(
        pl.col("question_id", "order", "low", "high"),
        pl.col("statement").cast(pl.Int64),
        number=pl.col("value").cast(pl.Float64, strict=False),
        unit=pl.col("unit").fill_null("").rank("dense"),
        chain=pl.col("chain").rank("dense"),
        is_number=pl.col("kind").is_in(NUMBER_KINDS),
    )
    slim = slim.with_columns(pl.col("low", "high", "number").fill_null(math.nan))
    pairs = [_excluding(group) for group in slim.partition_by("question_id") if group.height > 1]
    excluding = pl.concat([pl.DataFrame(schema=_PAIRS), *pairs])
    parts = [
        _contradiction_rows(excluding[start : start + _PART], statements) for start in range(0, excluding.height, _PART)
    ]
    return schema.conform(pl.concat([schema.empty(tables.CONTRADICTIONS), *parts]), tables.CONTRADICTIONS)


def _excluding(group: pl.DataFrame) -> pl.DataFrame:
    """Return which statements on one question exclude one another, each two statements once, the earliest first.

    One belief that changed is no contradiction: claims of one chain of supersession are not paired.
    """
    columns = ("order", "statement", "low", "high", "number", "unit", "chain")
    order, statement, low, high, number, unit, chain = (group[name].to_numpy() for name in columns)
    is_number, size = group["is_number"][0], group.height
    pairs = [pl.DataFrame(schema=_PAIRS)]
    for start in range(0, size, _ROWS):
        here = slice(start, start + _ROWS)
        apart = np.maximum(low[None, :] - high[here, None], low[here, None] - high[None, :])
        same_unit = unit[here, None] == unit[None, :]
        is_drift = is_number & ~same_unit & (number[here, None] == number[None, :])
        excludes = same_unit & (apart > 0) if is_number else statement[here, None] != statement[None, :]
        is_later = np.arange(size)[None, :] > np.arange(size)[here, None]
        one, other = np.nonzero(is_later & (excludes | is_drift) & (chain[here, None] != chain[None, :]))
        gap = np.where(same_unit[one, other] & is_number, apart[one, other].round(_DIGITS), math.nan)
        pair = np.sort(np.stack([statement[one + start], statement[other]]), axis=0)
        parts = [order[one + start], order[other], is_drift[one, other], gap, pair[0] * (statement.max() + 1) + pair[1]]
        pairs.append(pl.DataFrame(parts, schema=_PAIRS).unique("pair", keep="first", maintain_order=True))
    return pl.concat(pairs).unique("pair", keep="first", maintain_order=True)


def _distinct_statements(claims: pl.DataFrame) -> pl.DataFrame:
    """Return each distinct statement on each question, in order of time.

    A statement stands twice where two chains of supersession hold it, each time as its earliest telling: else a
    speaker who gave up a value would hide that another still holds it.
    """
    usable = claims.filter(
        (pl.col("kind").is_in(NUMBER_KINDS) & pl.col("low").is_not_null())
        | (pl.col("kind").is_in(_WORDS) & pl.col("value").is_not_null())
    )
    said = pl.coalesce("said_utc_high", "said_utc_low", "known_utc")
    ordered = usable.with_columns(said_utc=said, word=_word()).sort("said_utc", "claim_id", nulls_last=True)
    same = ["question_id", "unit", "low", "high", "word"]
    chained = ordered.join(_chains(claims), on="claim_id", how="left", maintain_order="left")
    first = chained.unique(subset=[*same, "chain"], keep="first", maintain_order=True)
    first = first.with_columns(
        telling=pl.int_range(pl.len()).over(same), statement=pl.struct(same).rank("dense")
    ).filter(pl.col("telling") < _TELLINGS)
    return first.with_row_index("order").select(*_STATEMENT, said=_statement_text())


def _word() -> pl.Expr:
    return pl.when(pl.col("kind").is_in(_WORDS)).then(pl.col("value").str.to_lowercase().str.strip_chars())


def _statement_text() -> pl.Expr:
    is_time = pl.col("kind").is_in(_TIMES)
    relation = pl.when(is_time).then(pl.col("relation").replace(TIME_RELATIONS)).otherwise("relation")
    relation = relation.str.replace_all("_", " ")
    value, high = (_value_text(pl.col(name)) for name in ("value", "value_high"))
    plain = pl.when(pl.col("relation") == "exactly").then(value).otherwise(pl.format("{} {}", relation, value))
    ranged = pl.when(high.is_not_null()).then(pl.format("{} to {}", value, high)).otherwise(plain)
    unit = pl.when(pl.col("kind").is_in(_AMOUNTS)).then(pl.col("unit")).fill_null("")
    return pl.format("{} {}", ranged, unit.str.replace_all("_", " ")).str.strip_chars()


def _value_text(value: pl.Expr) -> pl.Expr:
    time = value.str.replace(r"^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d)Z$", "$1 $2$3 UTC").str.replace(":00 UTC", " UTC")
    return pl.when(pl.col("kind").is_in(_TIMES)).then(time).otherwise(value)


def _chains(claims: pl.DataFrame) -> pl.DataFrame:
    """Return for each claim the first claim of the chain of supersession that it belongs to."""
    linked = claims.filter(pl.col("supersedes").is_not_null()).select("claim_id", "supersedes")
    back = {name: named[0] for name, named in linked.iter_rows()}
    ids = claims["claim_id"].to_list()
    known = set(ids)

    def first(name: str) -> str:
        while name in back and back[name] in known:
            name = back[name]
        return name

    return pl.DataFrame(
        {"claim_id": ids, "chain": [first(name) for name in ids]}, schema={"claim_id": pl.String, "chain": pl.String}
    )


def _contradiction_rows(pairs: pl.DataFrame, statements: pl.DataFrame) -> pl.DataFrame:
    """Return CONTRADICTIONS of some pairs of places in the order of statements."""
    wanted = ["claim_id", "question_id", "said_by", "said_utc", "said", "unit", "kind", "word"]
    first, second = (statements[pairs[name].to_list()].select(wanted) for name in ("order", "order_b"))
    second = second.rename(lambda name: f"{name}_b")
    pairs = pl.concat([pairs, first, second], how="horizontal").with_columns(pl.col("gap").fill_nan(None))
    unit = pl.when(pl.col("kind").is_in(_TIMES)).then(pl.lit("min")).otherwise(pl.col("unit"))
    said = ("said", "said_by", "said_b", "said_by_b")
    drift = pl.format("{} ({}) and {} ({}): the same number in two units", *said)
    beside = pl.format("{} ({}) beside {} ({}): different answers; both may be true, and the reader decides", *said)
    plain = pl.format("{} ({}) against {} ({})", *said)
    return pairs.with_columns(
        other_claim_id="claim_id_b",
        other_said_by="said_by_b",
        other_said_utc="said_utc_b",
        value="said",
        other_value="said_b",
        unit=pl.when(pl.col("gap").is_not_null()).then(unit),
        is_same_speaker=pl.col("said_by") == pl.col("said_by_b"),
        text=pl.when("is_unit_drift").then(drift).when(_may_both_hold()).then(beside).otherwise(plain),
    ).select(tables.CONTRADICTIONS.names)


def _may_both_hold() -> pl.Expr:
    is_open = pl.col("word").is_in(_OPEN_WORDS) | pl.col("word_b").is_in(_OPEN_WORDS)
    return (pl.col("kind").is_in(_BESIDE) | is_open).fill_null(pl.lit(value=False))


def beliefs(claims: pl.DataFrame) -> pl.DataFrame:
    """Return BELIEFS: what was said on each question in the order said, and who replaced what.

    claims   CLAIMS as `bounds.bound_claims` gives them
    """
    replaced = claims["supersedes"].drop_nulls().explode().implode()
    said = pl.coalesce("said_utc_high", "said_utc_low", "known_utc")
    ordered = claims.with_columns(said_utc=said, said=_statement_text().fill_null("no figure given")).sort(
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
