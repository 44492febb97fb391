"""`hotwash demo`: the whole loop once, on a real incident."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hotwash.cli.accounts import account_lines
from hotwash.cli.flying import flight_lines
from hotwash.cli.options import AsJson, now
from hotwash.cli.output import answer, number_steps, open_page
from hotwash.cli.proof import proof_lines

if TYPE_CHECKING:
    from hotwash.model.proof import Proof
    from hotwash.work.account import Analysis
    from hotwash.work.demo import DemoResult

app = typer.Typer()


@app.command()
def demo(
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder to fill, missing or empty. Default: hotwash-demo here; an earlier demo there is replaced if "
            "nothing in it was changed, else hotwash-demo-2 is filled."
        ),
    ] = None,
    account_only: Annotated[
        bool, typer.Option("--account-only", help="Make the account only: no flight, no lessons.")
    ] = False,
    open_: Annotated[bool, typer.Option("--open", help="Open the account in the browser at once.")] = False,
    full: Annotated[bool, typer.Option("--full", help="Print every finding, the debrief and the reasons.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show it all once: an account, a test flight, lessons proved.

    The folder is a centre (centre.db): account.html is the account, flight/ a recorded test flight, and lessons.html
    says which lessons hold. Flights are flown now; watches were recorded beforehand and are scored now. Programs made
    the attempts, so they prove something of the procedure, not of people. The first time takes longer: parts are
    compiled.
    """
    from hotwash.work import demo as demos

    def show_page(found: Analysis) -> None:
        open_page(found.page, is_wanted=open_)

    with number_steps(quiet=as_json) as progress:
        if account_only:
            found = demos.weigh_example(now_utc=now(), out=out, progress=progress)
            show_page(found)
        else:
            done = demos.run_demo(now_utc=now(), clock=now, out=out, progress=progress, report=show_page)
    if account_only:
        answer(found.account, account_lines(found, is_full=True) if full else _account_screen(found), as_json=as_json)
    else:
        answer(done.flat(), _lines(done) if full else _screen(done), as_json=as_json)


_WIDE = 80  # columns of a terminal
_LINES_OF_ACCOUNT = 6  # the lessons, the flight and the files need the rest of the screen


def _screen(done: DemoResult) -> Iterator[str]:
    """Yield one screen: what is known, what holds, which files to open."""
    from hotwash.report import terminal

    folder = done.account.page.parent
    yield from terminal.brief(done.account.view, most_lines=_LINES_OF_ACCOUNT)
    yield "\nWhich lessons of that night hold? (Shown for the procedure, not for people.)"
    for one in done.lessons.proofs:
        if one.subject == "procedure":
            yield from _proof_lines(one)
    flown = done.flight.flight.measured
    yield f"\nFlown just now: the standard test, {flown.points:g} of {flown.possible:g} points, and six attempts."
    yield "Recorded beforehand, then planned and scored just now: twelve watches."
    yield f"Why: hotwash verify --centre {folder}; every finding: hotwash demo --full"
    yield "\nOpen these:"
    pages = ((done.account.page, "what is known"), (done.lessons.page, "what holds"), (done.debrief, "the flight"))
    yield from _addresses(pages)


def _proof_lines(proof: Proof) -> list[str]:
    head = f"  {proof.lesson_id:9} {proof.result:14} {proof.passes} of {proof.trials}  "
    return wrap(proof.title, _WIDE, initial_indent=head, subsequent_indent=" " * len(head))


def _account_screen(found: Analysis) -> Iterator[str]:
    from hotwash.report import terminal

    yield from terminal.brief(found.view, most_lines=18)
    yield "\nEvery finding: hotwash demo --account-only --full\n\nOpen this:"
    yield from _addresses(((found.page, "what is known"),))


def _addresses(pages: tuple[tuple[Path, str], ...]) -> Iterator[str]:
    wide = max(len(str(page)) for page, _ in pages)
    return (f"  {page!s:{wide}}  {what}" for page, what in pages)


def _lines(done: DemoResult) -> Iterator[Any]:
    yield from account_lines(done.account, is_full=True)
    yield from ("", *flight_lines(done.flight, is_brief=True))
    yield from ("", *proof_lines(done.lessons.proofs), done.example)
    yield from (f"{lesson_id} is {stage}." for lesson_id, stage in done.lessons.stages.items())
    yield f"\nWhich lessons hold: {done.lessons.page}"
