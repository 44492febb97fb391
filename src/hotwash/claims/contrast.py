"""Statements against one another: contradictions, unit drift, and the order of beliefs."""

from __future__ import annotations

import polars as pl

from hotwash.model import schema, tables

_NUMBERS = ("count", "range", "time", "duration")
_WORDS = ("status", "presence", "identity", "cause")


def contradictions(bounded: pl.DataFrame) -> pl.DataFrame:
    """Return CONTRADICTIONS: pairs on one question whose values exclude one another, or whose units drift.

    bounded   claims as `bounds.bounded` gives them

    Equal statements of one speaker are taken once, and equal statements of several as their earliest. A
    claim and the one it superseded are a changed belief, not a contradiction. Different free words
    (`finding`) may both be true, and intent is not judged: neither is paired.
    """
    stated = _stated(bounded)
    pairs = stated.join(stated, on="question_id", suffix="_b").filter(pl.col("order") < pl.col("order_b"))
    is_number = pl.col("kind").is_in(_NUMBERS)
    same_unit = pl.col("unit").fill_null("") == pl.col("unit_b").fill_null("")
    apart = pl.max_horizontal(pl.col("low_b") - pl.col("high"), pl.col("low") - pl.col("high_b"))
    is_drift = is_number & ~same_unit & (pl.col("value") == pl.col("value_b"))
    excludes = (
        pl.when(is_number)
        .then(same_unit & (apart > 0))
        .otherwise(pl.col("word") != pl.col("word_b"))
        .fill_null(pl.lit(value=False))
    )
    found = pairs.with_columns(
        gap=pl.when(is_number & same_unit).then(apart), is_unit_drift=is_drift.fill_null(pl.lit(value=False))
    )
    found = found.filter((excludes | pl.col("is_unit_drift")) & ~_is_succession())
    return schema.conform(
        _told(found).sort("question_id", "order", "order_b").select(tables.CONTRADICTIONS.names), tables.CONTRADICTIONS
    )


def _stated(bounded: pl.DataFrame) -> pl.DataFrame:
    """Return one row for each distinct statement on each question, its earliest telling, in order of time."""
    usable = bounded.filter(
        (pl.col("kind").is_in(_NUMBERS) & pl.col("low").is_not_null())
        | (pl.col("kind").is_in(_WORDS) & pl.col("value").is_not_null())
    )
    said = pl.coalesce("said_utc_high", "said_utc_low", "known_utc")
    ordered = usable.with_columns(said_utc=said, word=_word()).sort("said_utc", "claim_id", nulls_last=True)
    same = ["question_id", "unit", "low", "high", "word"]
    first = ordered.unique(subset=same, keep="first", maintain_order=True).with_row_index("order")
    chain = _chains(bounded)
    return first.join(chain, on="claim_id", how="left", maintain_order="left").select(
        "order",
        "question_id",
        "claim_id",
        "said_by",
        "said_utc",
        "kind",
        "unit",
        "low",
        "high",
        "word",
        "value",
        "chain",
        said=_in_words(),
    )


def _word() -> pl.Expr:
    return pl.when(pl.col("kind").is_in(_WORDS)).then(pl.col("value").str.to_lowercase().str.strip_chars())


def _in_words() -> pl.Expr:
    relation = pl.col("relation").str.replace_all("_", " ")
    plain = (
        pl.when(pl.col("relation") == "exactly")
        .then(pl.col("value"))
        .otherwise(pl.format("{} {}", relation, pl.col("value")))
    )
    ranged = (
        pl.when(pl.col("value_high").is_not_null())
        .then(pl.format("{} to {}", pl.col("value"), pl.col("value_high")))
        .otherwise(plain)
    )
    unit = pl.when(pl.col("kind").is_in(["count", "range", "duration"])).then(pl.col("unit")).fill_null("")
    return pl.format("{} {}", ranged, unit.str.replace_all("_", " ")).str.strip_chars()


def _chains(claims: pl.DataFrame) -> pl.DataFrame:
    """Return for each claim the first claim of the chain of supersession that it belongs to."""
    back = dict(claims.filter(pl.col("supersedes").is_not_null()).select("claim_id", "supersedes").rows())
    ids = claims["claim_id"].to_list()
    known = set(ids)

    def first(name: str) -> str:
        while name in back and back[name] in known:
            name = back[name]
        return name

    return pl.DataFrame(
        {"claim_id": ids, "chain": [first(name) for name in ids]}, schema={"claim_id": pl.String, "chain": pl.String}
    )


def _is_succession() -> pl.Expr:
    return (pl.col("chain") == pl.col("chain_b")).fill_null(pl.lit(value=False))


def _told(found: pl.DataFrame) -> pl.DataFrame:
    unit = pl.when(pl.col("kind") == "time").then(pl.lit("min")).otherwise(pl.col("unit"))
    drift = pl.format("{} ({}) and {} ({}): one number in two units", "said", "said_by", "said_b", "said_by_b")
    plain = pl.format("{} ({}) against {} ({})", "said", "said_by", "said_b", "said_by_b")
    return found.with_columns(
        other_claim_id="claim_id_b",
        other_said_by="said_by_b",
        other_said_utc="said_utc_b",
        value="said",
        other_value="said_b",
        unit=pl.when(pl.col("gap").is_not_null()).then(unit),
        is_same_speaker=pl.col("said_by") == pl.col("said_by_b"),
        text=pl.when("is_unit_drift").then(drift).otherwise(plain),
    )


def beliefs(bounded: pl.DataFrame) -> pl.DataFrame:
    """Return BELIEFS: what was said on each question in the order said, and who replaced what.

    bounded   claims as `bounds.bounded` gives them
    """
    replaced = bounded["supersedes"].drop_nulls().implode()
    said = pl.coalesce("said_utc_high", "said_utc_low", "known_utc")
    ordered = bounded.with_columns(said_utc=said, said=_in_words().fill_null("no figure given")).sort(
        "question_id", "said_utc", "claim_id", nulls_last=True
    )
    return schema.conform(
        ordered.with_columns(
            step=pl.int_range(1, pl.len() + 1).over("question_id").cast(pl.Int64),
            value="said",
            is_held=~pl.col("claim_id").is_in(replaced),
        ).select(tables.BELIEFS.names),
        tables.BELIEFS,
    )
