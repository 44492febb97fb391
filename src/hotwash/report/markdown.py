"""The account as Markdown: the same words as the page, for those who read, compare or keep it as plain text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from hotwash.report import view
from hotwash.report.links import safe_url
from hotwash.report.page_table import Cell, PageTable
from hotwash.report.phrases import VERDICT_MEANINGS, VERDICT_WORDS, printable
from hotwash.report.sections import sections_of
from hotwash.report.statements import Question, Statement
from hotwash.report.view import AccountView

ACTIVE = re.compile(r"([\\`*_\[\]<>#|~!])")
AT_START = re.compile(r"^([-+=]|\d+[.)])")


def render(account: AccountView) -> str:
    """Return the account as Markdown.

    Text from outside cannot become a heading, a link, a table or HTML: what Markdown would act on is escaped.
    """
    lines = [*_head(account)]
    for section in sections_of(account):
        body = _table(section.table(account)) if section.table else _body(section.section_id, account)
        found = list(body)
        lines += [f"## {section.title}\n", *found] if found else []
    return "\n".join([*lines, _marking(account)]).rstrip() + "\n"


def _body(section_id: str, account: AccountView) -> Iterator[str]:
    """Return what a section holds besides one table; nothing of a section that is only drawn."""
    return _BODIES[section_id](account) if section_id in _BODIES else iter(())


def escape_markdown(text: str) -> str:
    """Return text on one line in which nothing acts on a Markdown reader; a bare address does not become a link."""
    flat = " ".join(printable(text).split()).replace("&", "&amp;")
    return AT_START.sub(_stopped, ACTIVE.sub(r"\\\1", flat)).replace("://", ":\u200b//")


def _stopped(found: re.Match[str]) -> str:
    """Return what would begin a list, escaped: "1." is "1\\."."""
    return f"{found[1][:-1]}\\{found[1][-1]}"


def _marking(account: AccountView) -> str:
    return "**" + " · ".join(map(escape_markdown, account.marks)) + "**\n"


def _head(account: AccountView) -> Iterator[str]:
    yield from (_marking(account), f"# {escape_markdown(account.title)}\n")
    if account.lead:
        yield f"{escape_markdown(account.lead)}\n"
    yield f"{account.period}\n"
    if account.as_of:
        yield f"**As of {account.as_of}.** Only what was known by then is used; {account.left_out}.\n"
    if account.removed:
        yield "**Redacted.** What was removed is listed at the end.\n"
    yield from _list(f"{fact.name}: {escape_markdown(fact.text)}" for fact in account.facts)


def _known(account: AccountView) -> Iterator[str]:
    if not account.headline:
        yield "No statement, find or count was handed in.\n"
    yield from _list(f"**{escape_markdown(item.large)}** {escape_markdown(item.small)}" for item in account.headline)


def _timeline(account: AccountView) -> Iterator[str]:
    yield from _table(account.night)
    if account.outside.rows:
        yield from ("### What followed\n", *_table(account.outside))
    if account.undated.rows:
        yield from ("### Without a time\n", *_table(account.undated))


def _tracks(account: AccountView) -> Iterator[str]:
    yield from (" ".join(account.air.lead) + "\n", *_table(account.air.tracks))


def _breaches(account: AccountView) -> Iterator[str]:
    yield "One row for each stay of one track in one zone. ± is one standard deviation.\n"
    yield from _table(account.air.breaches)


def _sensors(account: AccountView) -> Iterator[str]:
    yield from _table(account.air.sensors) if account.air.sensors.rows else ()
    if account.air.remarks:
        yield "### Remarks on the tracks\n"
    for own in account.air.remarks:
        yield from (f"#### {own.title} ({own.total})\n", *_table(own.rows))


def _findings(account: AccountView) -> Iterator[str]:
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
    facts = (
        ("Reason", item.reason or "No finding was made on this statement." if is_judged else ""),
        ("Said", item.summary),
        ("Statement", item.claim_id + (" (final, according to its speaker)" if item.is_final else "")),
        ("Source", " ".join((item.source_id, f"({item.words})" if item.words else "")).strip()),
        ("Admiralty code", code),
        ("Probability", f"{item.probability} under the evidence" if item.probability else ""),
        ("Based on", item.repeats or "own knowledge"),
        ("Replaces", item.supersedes),
        ("Replaced by", item.superseded_by),
        ("Note", item.note),
    )
    yield from (f"{name}: {escape_markdown(text)}" for name, text in facts if text)
    if is_judged:
        yield from _rests(item)


def _rests(item: Statement) -> Iterator[str]:
    for exhibit in item.exhibits:
        names = (f"{row.name} {'' if exhibit.is_brief else row.title}".strip() for row in exhibit.items)
        yield f"{exhibit.title}: {escape_markdown(', '.join(names))}"
    yield f"Independent lines ({len(item.independent)}): {escape_markdown('; '.join(item.independent) or 'none')}"
    if item.assumptions:
        yield f"Valid under these assumptions: {escape_markdown('; '.join(item.assumptions))}"


def _counts(account: AccountView) -> Iterator[str]:
    if not account.counts:
        yield "Nothing could be counted.\n"
    for count in account.counts:
        rest = " ".join(part for part in (count.interval, count.moves, count.why) if part)
        rows = f" ({count.rows})" if count.rows else ""
        yield f"- **{count.title}: {escape_markdown(count.said)}.** {escape_markdown(rest)}{rows}"
    yield ""


def _range(account: AccountView) -> Iterator[str]:
    if not account.matrix.rows:
        yield "No range was claimed, or no origin assumed.\n"
        return
    yield from _list(view.RANGE_NOTE)
    yield "“3 + 2? of 17”: of 17 finds 3 lie within the claimed range, and for 2 the uncertainty leaves it open.\n"
    heads = [f"{escape_markdown(value)} ({escape_markdown(names)})" for value, names in account.matrix.claims]
    said = (
        [f"{one.within} + {one.undecided}? of {one.total}" if one else "–" for one in cells]
        for _, cells in account.matrix.rows
    )
    origins = (escape_markdown(name) for name, _ in account.matrix.rows)
    yield from _rows(["Assumed origin", *heads], ([name, *cells] for name, cells in zip(origins, said, strict=True)))
    yield from _table(account.distances)


def _beliefs(account: AccountView) -> Iterator[str]:
    for text, chain in account.chains:
        yield from (f"### {escape_markdown(text)}\n", *_table(chain))
    if account.unchanged:
        yield f"{account.unchanged}\n"


def _contradictions(account: AccountView) -> Iterator[str]:
    if not account.contradictions:
        yield "No two statements contradict each other.\n"
    for text, pairs in account.contradictions:
        yield from (f"### {escape_markdown(text)}\n", *_table(pairs))


def _method(account: AccountView) -> Iterator[str]:
    yield from (*_list(account.method), *_list(map(escape_markdown, account.zone_lines)))
    for part in account.appendices:
        lines = _table(part.table) if part.table else _list(map(escape_markdown, part.lines))
        yield from (f"### {part.title}\n", *lines)
    yield f"{account.made}\n"


_BODIES: dict[str, Callable[[AccountView], Iterator[str]]] = {
    "known": _known,
    "timeline": _timeline,
    "tracks": _tracks,
    "breaches": _breaches,
    "findings": _findings,
    "counts": _counts,
    "range": _range,
    "beliefs": _beliefs,
    "contradictions": _contradictions,
    "sensors": _sensors,
    "method": _method,
}


def _list(items: Iterable[str]) -> Iterator[str]:
    yield from (f"- {item}" for item in items)
    yield ""


def _table(table: PageTable) -> Iterator[str]:
    if not table.rows:
        yield f"{table.nothing}\n"
        return
    yield from _rows(table.columns, ([_cell(cell) for cell in line.cells] for line in table.rows))


def _rows(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
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
