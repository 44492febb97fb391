"""The account as Markdown: the same words as the page, for those who read, compare or keep it as plain text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from hotwash.model.incident import Incident
from hotwash.report import view
from hotwash.report.air_view import AirView
from hotwash.report.page_table import Cell, PageTable, safe_url
from hotwash.report.phrases import VERDICT_MEANINGS, VERDICT_WORDS, printable
from hotwash.report.statements import Question, Statement
from hotwash.report.view import AccountView, Matrix

ACTIVE = re.compile(r"([\\`*_\[\]<>#|~!])")
AT_START = re.compile(r"^([-+=]|\d+[.)])")


def render(incident: Incident, *, made_utc: datetime, removed: Sequence[str] = ()) -> str:
    """Return the account as Markdown.

    made_utc   when it is made; printed
    removed    what redaction took out, a line each

    Text from outside cannot become a heading, a link, a table or HTML: what Markdown would act on is escaped.
    """
    account = view.build_view(incident, made_utc=made_utc, removed=removed)
    parts = (
        _head(account),
        _known(account),
        _events(account),
        _air(account.air),
        _findings(account),
        _counts(account),
        _range(account),
        _changes(account),
        _tables(account),
        _sensors(account.air),
        _method(account),
        [_marking(account)],
    )
    return "\n".join(line for part in parts for line in part).rstrip() + "\n"


def escape_markdown(text: str) -> str:
    """Return text on one line in which nothing acts on a Markdown reader; a bare address does not become a link."""
    flat = " ".join(printable(text).split()).replace("&", "&amp;")
    return AT_START.sub(_stopped, ACTIVE.sub(r"\\\1", flat)).replace("://", ":\u200b//")


def _stopped(found: re.Match[str]) -> str:
    """Return what would begin a list, escaped: "1." is "1\\."."""
    return f"{found[1][:-1]}\\{found[1][-1]}"


def _marking(account: AccountView) -> str:
    parts = [
        account.marking,
        f"Releasable to {account.releasable_to}" if account.releasable_to else "",
        *account.banners,
    ]
    return "**" + " · ".join(escape_markdown(part) for part in parts if part) + "**\n"


def _head(account: AccountView) -> Iterator[str]:
    yield from (_marking(account), f"# {escape_markdown(account.title)}\n")
    if account.lead:
        yield f"{escape_markdown(account.lead)}\n"
    yield f"{account.period}\n"
    if account.as_of:
        left = len(account.left_out.rows)
        yield f"**As of {account.as_of}.** Only what was known by then is used; {left} rows are left out.\n"
    if account.removed:
        yield "**Redacted.** What was taken out is listed at the end.\n"
    yield from _list(f"{fact.name}: {escape_markdown(fact.text)}" for fact in account.facts)


def _known(account: AccountView) -> Iterator[str]:
    yield "## What is known\n"
    if not account.headline:
        yield "No statement, find or count was handed in.\n"
    yield from _list(f"**{escape_markdown(item.large)}** {escape_markdown(item.small)}" for item in account.headline)


def _events(account: AccountView) -> Iterator[str]:
    yield "## When\n"
    yield from _grid(account.night)
    if account.outside.rows:
        yield from ("### What followed\n", *_grid(account.outside))
    if account.undated.rows:
        yield from ("### Without a time\n", *_grid(account.undated))


def _air(air: AirView) -> Iterator[str]:
    """Yield what was tracked, who came in, and which aerodromes had something near; nothing where that is empty."""
    if air.lead:
        yield from ("## What was tracked\n", " ".join(air.lead) + "\n", *_grid(air.tracks))
    if air.stays:
        yield "## Which came in, and how sure that is\n"
        yield "One row for each stay of one track in one zone. ± is one standard deviation.\n"
        yield from _grid(air.breaches)
    if air.exposures.rows:
        yield from ("## Which aerodromes had something near\n", *_grid(air.exposures))


def _sensors(air: AirView) -> Iterator[str]:
    if air.sensors.rows:
        yield from ("## How the sensors did\n", *_grid(air.sensors))
    if air.remarks:
        yield "## What the reader of the tracks should know\n"
    for own in air.remarks:
        yield from (f"### {own.title} ({own.total})\n", *_grid(own.rows))


def _findings(account: AccountView) -> Iterator[str]:
    yield "## Which statements hold\n"
    if not account.questions:
        yield "No statements were handed in.\n"
    yield from _list(
        f"{VERDICT_WORDS[verdict]} {number}: {VERDICT_MEANINGS[verdict]}" for verdict, number in account.tally
    )
    for question in account.questions:
        yield from _question(question, is_judged=True)
    if account.intent:
        yield "### Intent (listed, never judged)\n"
    for question in account.intent:
        yield from _question(question, is_judged=False)


def _question(question: Question, *, is_judged: bool) -> Iterator[str]:
    yield f"{'###' if is_judged else '####'} {escape_markdown(question.text)}\n"
    yield f"{escape_markdown(question.question_id)}, {escape_markdown(question.asks)}.\n"
    for item in question.statements:
        yield from _statement(item, is_judged=is_judged)


def _statement(item: Statement, *, is_judged: bool) -> Iterator[str]:
    verdict = f"**{item.glyph} {item.word}**" if is_judged else "**Not judged**"
    merits = f" (on the merits: {item.merits_word.lower()})" if item.merits else ""
    yield f"- {verdict}{merits}: {escape_markdown(item.who)}, {item.when}: **{escape_markdown(item.value)}**"
    yield from (f"  - {line}" for line in _evidence(item, is_judged=is_judged))
    yield ""


def _evidence(item: Statement, *, is_judged: bool) -> Iterator[str]:
    """Yield what stands under a statement, in the order of the page."""
    code = f"source {item.reliability or 'not rated'}; statement {item.credibility or 'not rated'}"
    told = (
        ("Why", item.reason or "No finding was made on this statement." if is_judged else ""),
        ("Said", item.summary),
        ("Statement", item.claim_id + (" (called final by its speaker)" if item.is_final else "")),
        ("Source", " ".join((item.source_id, f"({item.words})" if item.words else "")).strip()),
        ("Admiralty code", code),
        ("Probability", f"{item.probability} under the evidence" if item.probability else ""),
        ("Repeats", item.repeats or "nobody: own knowledge"),
        ("Replaces", item.supersedes),
        ("Replaced by", item.superseded_by),
        ("Note", item.note),
    )
    yield from (f"{name}: {escape_markdown(text)}" for name, text in told if text)
    if is_judged:
        yield from _rests(item)


def _rests(item: Statement) -> Iterator[str]:
    for exhibit in item.exhibits:
        names = (f"{row.name} {'' if exhibit.is_brief else row.title}".strip() for row in exhibit.items)
        yield f"{exhibit.title}: {escape_markdown(', '.join(names))}"
    yield f"Independent lines ({len(item.independent)}): {escape_markdown('; '.join(item.independent) or 'none')}"
    if item.assumptions:
        yield f"Holds under: {escape_markdown('; '.join(item.assumptions))}"


def _counts(account: AccountView) -> Iterator[str]:
    yield "## How many\n"
    if not account.counts:
        yield "Nothing could be counted.\n"
    for count in account.counts:
        rest = " ".join(part for part in (count.interval, count.moves, count.why) if part)
        yield f"- **{count.title}: {escape_markdown(count.said)}.** {escape_markdown(rest)}{f' ({count.rows})' if count.rows else ''}"
    yield ""


def _range(account: AccountView) -> Iterator[str]:
    yield "## How far\n"
    if not account.matrix.rows:
        yield "No range was claimed, or no origin assumed.\n"
        return
    yield from _list(view.RANGE_NOTE)
    yield from _matrix(account.matrix)
    yield from _grid(account.distances)


def _matrix(matrix: Matrix) -> Iterator[str]:
    yield "Finds within the claimed range, those left open by the uncertainty of the distance, and all.\n"
    heads = [f"{escape_markdown(value)} ({escape_markdown(names)})" for value, names in matrix.claims]
    yield from _table(
        ["Assumed origin", *heads],
        (
            [
                escape_markdown(name),
                *(f"{reach.within} + {reach.undecided}? of {reach.total}" if reach else "–" for reach in cells),
            ]
            for name, cells in matrix.rows
        ),
    )


def _changes(account: AccountView) -> Iterator[str]:
    yield from ("## How long\n", *_grid(account.durations), "## Who changed, and when\n")
    if not account.chains:
        yield "Nobody replaced an own statement.\n"
    for text, chain in account.chains:
        yield from (f"### {escape_markdown(text)}\n", *_grid(chain))
    yield "## What contradicts what\n"
    if not account.contradictions:
        yield "No two statements contradict each other.\n"
    for text, pairs in account.contradictions:
        yield from (f"### {escape_markdown(text)}\n", *_grid(pairs))


def _tables(account: AccountView) -> Iterator[str]:
    for title, grid in (
        ("What was found", account.finds),
        ("Who looked", account.sightings),
        ("What is assumed", account.assumptions),
        ("Sources", account.sources),
    ):
        yield from (f"## {title}\n", *_grid(grid))


def _method(account: AccountView) -> Iterator[str]:
    yield from (
        "## How this was made\n",
        *_list((*account.method, *account.air.method)),
        *_list(escape_markdown(line) for line in account.ground),
    )
    if account.as_of or account.left_out.rows:
        yield from ("### Rows left out\n", *_grid(account.left_out))
    if account.removed:
        yield from ("### Taken out by redaction\n", *_list(escape_markdown(line) for line in account.removed))
    yield from ("### Rows that could not be taken\n", *_grid(account.rejects))
    yield from ("### Words that were mended\n", *_grid(account.repairs))
    if account.files.rows:
        yield from ("### Files it was made from\n", *_grid(account.files))
    yield f"{account.made}\n"


def _list(items: Iterable[str]) -> Iterator[str]:
    yield from (f"- {item}" for item in items)
    yield ""


def _grid(grid: PageTable) -> Iterator[str]:
    if not grid.rows:
        yield f"{grid.nothing}\n"
        return
    yield from _table(grid.columns, ([_cell(cell) for cell in line.cells] for line in grid.rows))


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(columns)} |"
    yield f"|{' --- |' * len(columns)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)
    yield ""


def _cell(cell: Cell) -> str:
    """Return a cell on one line; a checked outside address becomes a link, a place on the page is dropped."""
    said = [escape_markdown(line) for line in cell.lines]
    url = safe_url(cell.href)
    if url and said:
        said[0] = f"[{said[0]}](<{url}>)"
    return "<br>".join(said)
