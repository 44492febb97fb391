"""`hotwash demo`: the whole loop once, on a real incident."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hotwash.cli.accounts import account_lines
from hotwash.cli.flying import flight_lines
from hotwash.cli.options import AsJson, now
from hotwash.cli.output import answer, open_page, steps
from hotwash.cli.proof import proof_lines

if TYPE_CHECKING:
    pass

if TYPE_CHECKING:
    from hotwash.work.demo import Shown

app = typer.Typer()


@app.command()
def demo(
    out: Annotated[
        Path | None, typer.Option(help="Folder to fill: missing or empty. Default: a fresh temporary folder.")
    ] = None,
    account_only: Annotated[
        bool, typer.Option("--account-only", help="Make the account only: no flight, no lessons.")
    ] = False,
    open_: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show the whole loop: the account of a real night, a test flight, and lessons taken to their proof.

    The folder is a centre (centre.db): account.html is the account, flight/ a recorded test flight, and lessons.html
    says which lessons hold. Programs made the attempts, so they prove something of the procedure, not of people.
    """
    from hotwash.work import account
    from hotwash.work import demo as shows

    if account_only:
        with steps(quiet=as_json) as progress:
            weighed = account.demo(now_utc=now(), out=out, progress=progress)
        answer(weighed.account, account_lines(weighed), as_json=as_json)
        open_page(weighed.page, is_wanted=open_)
        return
    with steps(quiet=as_json) as progress:
        done = shows.show(now_utc=now(), clock=now, out=out, progress=progress)
    answer(done.flat(), _lines(done), as_json=as_json)
    open_page(done.account.page, is_wanted=open_)


def _lines(done: Shown) -> Iterator[Any]:
    yield from account_lines(done.account)
    yield from ("", *flight_lines(done.flight, is_brief=True))
    yield from ("", *proof_lines(done.closed.proofs))
    yield from (f"{lesson_id} is {stage}." for lesson_id, stage in done.closed.stages.items())
    yield f"\nWhich lessons hold: {done.closed.page}"
