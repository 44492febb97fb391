"""The account as Markdown: the same words as the page, for those who read, compare or keep it as plain text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from hotwash.report import view
from hotwash.report.answers import Answer
from hotwash.report.closures import say_stretch
from hotwash.report.disagreements import Disagreement
from hotwash.report.links import safe_url
from hotwash.report.page_table import Cell, PageTable
from hotwash.report.phrases import VERDICT_MEANINGS, VERDICT_WORDS
from hotwash.report.sections import sections_of
from hotwash.report.statements import Statement
from hotwash.report.view import AccountView
from hotwash.visible import make_visible

ACTIVE = re.compile(r"([\\`*_\[\]<>#|~!])")
AT_START = re.compile(r"^([-+=]|\d+[.)])")


def render(account: AccountView) -> str:
    """Return the account as Markdown: the main part, then the annex with the evidence.

    Text from outside cannot become a heading, a link, a table or HTML: what Markdown would act on is escaped.
    """
    lines = [*_head(account)]
    is_annex = False
    for section in sections_of(account):
        if section.section_id == "events":
            continue  # without a drawing the events themselves are the course of events
        if section.is_annex and not is_annex:
            is_annex = True
            lines += ["## Annex: the evidence\n", "Each row is here once; what is said above leads to it.\n"]
        body = _table(section.table(account)) if section.table else _body(section.section_id, account)
        found = list(body)
        lines += [f"{'###' if is_annex else '##'} {section.title}\n", *found] if found else []
    return "\n".join([*lines, _marking(account)]).rstrip() + "\n"


def _body(section_id: str, account: AccountView) -> Iterator[str]:
    """Return what a section holds besides one table; nothing of a section that is only drawn."""
    return _BODIES[section_id](account) if section_id in _BODIES else iter(())


def escape_markdown(text: str) -> str:
    """Return text on one line in which nothing acts on a Markdown reader; a bare address does not become a link."""
    flat = " ".join(make_visible(text).split()).replace("&", "&amp;")
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
    for item in account.first:
        yield from (f"### {escape_markdown(item.question.text)}\n", *_answer(item))
    if not account.first:
        yield from _list(
            f"**{escape_markdown(item.large)}** {escape_markdown(item.small)}" for item in account.headline
        )
    if account.further and account.headline:
        yield "### Further questions\n"
    for item in account.further:
        yield from (f"#### {escape_markdown(item.question.text)}\n", *_answer(item))
    if account.unanswered:
        yield f"Asked, and answered by nobody: {escape_markdown(' '.join(account.unanswered))}\n"
    if account.intent:
        yield "### Intent (listed, never judged)\n"
    for question in account.intent:
        yield f"#### {escape_markdown(question.text)}\n"
        for statement in question.statements:
            yield from _statement(statement, is_judged=False)
    yield from _tally(account)


def _answer(item: Answer) -> Iterator[str]:
    """Yield an answer: the sentence, what stands below it, and the statements on its question."""
    if item.text:
        yield f"**{escape_markdown(item.text)}**\n"
        word = f"*{item.word}.* " if item.word else ""
        if word or item.small:
            yield f"{word}{escape_markdown(item.small)}\n"
    for statement in item.question.statements:
        yield from _statement(statement, is_judged=True)


def _tally(account: AccountView) -> Iterator[str]:
    if account.tally:
        yield "### How the statements fare\n"
        yield from _list(
            f"{VERDICT_WORDS[verdict]} {number}: {VERDICT_MEANINGS[verdict]}" for verdict, number in account.tally
        )


def _timeline(account: AccountView) -> Iterator[str]:
    yield from _list(
        f"{escape_markdown(account.library.place_name(row['subject_id']))}: "
        f"{escape_markdown(say_stretch(row, account.library.zone))}"
        for row in account.incident.states.to_dicts()
        if row["state"] != "open"
    )
    if account.occasions.rows:
        yield from ("### The occasions\n", *_table(account.occasions))
    if account.events.rows:
        yield from ("### The events\n", *_table(account.events))


def _closures(account: AccountView) -> Iterator[str]:
    if account.closures.rows:
        yield from _table(account.closures)
    if account.durations.rows:
        yield from _table(account.durations)


def _tracks(account: AccountView) -> Iterator[str]:
    yield from (" ".join(account.air.lead) + "\n", *_table(account.air.tracks))


def _breaches(account: AccountView) -> Iterator[str]:
    yield "One row for each stay of one track in one zone. ± is one standard deviation.\n"
    yield from _table(account.air.breaches)


def _sensors(account: AccountView) -> Iterator[str]:
    yield from _table(account.air.sensors) if account.air.sensors.rows else ()
    if account.air.remarks:
        yield "#### Remarks on the tracks\n"
    for own in account.air.remarks:
        yield from (f"##### {own.title} ({own.total})\n", *_table(own.rows))


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
        ("Repeats", item.repeats),
        ("Weighs", item.weighs),
        ("Replaces", ", ".join(item.supersedes)),
        ("Replaced by", item.superseded_by),
        ("Note", item.note),
    )
    yield from (f"{name}: {escape_markdown(text)}" for name, text in facts if text)
    if is_judged:
        yield from _rests(item)


def _rests(item: Statement) -> Iterator[str]:
    for exhibit in () if item.rows_as else item.exhibits:
        names = (row.name if exhibit.is_brief else row.label for row in exhibit.items)
        yield f"{exhibit.title}: {escape_markdown('; '.join(names))}"
    if item.rows_as:
        yield f"Rests on the same rows as {escape_markdown(item.rows_as.label)}"
    lines = f"the same as for {item.lines_as.label}" if item.lines_as else "; ".join(item.independent) or "none"
    yield f"Independent lines ({len(item.independent)}): {escape_markdown(lines)}"
    if item.assumptions:
        yield f"Assumed: {escape_markdown(', '.join(row.name for row in item.assumptions))}"


def _counts(account: AccountView) -> Iterator[str]:
    for count in account.counts:
        rest = " ".join(part for part in (count.interval, count.moves, count.why) if part)
        rows = f" ({count.rows})" if count.rows else ""
        yield f"- **{count.title}: {escape_markdown(count.said)}.** {escape_markdown(rest)}{rows}"
    yield ""
    if account.occasion_counts.rows:
        yield from _table(account.occasion_counts)


def _range(account: AccountView) -> Iterator[str]:
    if not account.matrix.rows:
        yield from _table(account.distances)
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
        yield from (f"#### {escape_markdown(text)}\n", *_table(chain))
    if account.past_contradictions:
        yield "#### Contradictions with statements that were replaced\n"
        yield from _contradictions_of(account.past_contradictions, level=5)


def _contradictions(account: AccountView) -> Iterator[str]:
    return _contradictions_of(account.contradictions, level=3)


def _contradictions_of(found: Sequence[Disagreement], *, level: int) -> Iterator[str]:
    for one in found:
        yield from (f"{'#' * level} {escape_markdown(one.question)}\n", *_table(one.table))


def _method(account: AccountView) -> Iterator[str]:
    yield from (*_list(account.method), *_list(map(escape_markdown, account.zone_lines)))
    for part in account.appendices:
        lines = _table(part.table) if part.table else _list(map(escape_markdown, part.lines))
        yield from (f"#### {part.title}\n", *lines)
    yield f"{account.made}\n"


_BODIES: dict[str, Callable[[AccountView], Iterator[str]]] = {
    "known": _known,
    "timeline": _timeline,
    "tracks": _tracks,
    "closures": _closures,
    "breaches": _breaches,
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
        yield from (f"{table.nothing}\n",) if table.nothing else ()
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
