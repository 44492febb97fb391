"""What the command lines share: options, the time, what is shown of long work, the answer for a program."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from hotwash.progress import Progress, silent

CentreFolder = Annotated[
    Path | None,
    typer.Option("--centre", metavar="DIR", envvar="HOTWASH_CENTRE", help="Default: the one that one stands in."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]


def now() -> datetime:
    return datetime.now(UTC)


# ---------------------------------------------------------------- long work


@contextmanager
def steps(*, quiet: bool) -> Iterator[Progress]:
    """Show what is being done on standard error, where a person watches it."""
    if quiet or not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console

    with Console(stderr=True).status("Starting") as status:
        yield lambda what, share: status.update(what)


@contextmanager
def lines(*, quiet: bool) -> Iterator[Progress]:
    """Say what is being done on standard error, a line each: for those who fly or watch beside it."""
    said = ""

    def tell(stage: str, _: float | None) -> None:
        nonlocal said
        if not quiet and stage != said:
            print(f"{stage}.", file=sys.stderr, flush=True)
        said = stage

    yield tell


@contextmanager
def bar(*, quiet: bool) -> Iterator[Progress]:
    """Show what is being done, and how far it is, on standard error, where a person watches it."""
    if quiet or not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("Starting", total=None)

        def tell(stage: str, share: float | None) -> None:
            shown.update(task, description=stage, total=None if share is None else 1.0, completed=share or 0.0)

        yield tell


# ---------------------------------------------------------------- answers


def print_json(told: Any) -> None:
    """Print records, times and what holds them as one JSON object."""
    from hotwash.lessons.fields import plain

    print(json.dumps(_plain(told, plain), ensure_ascii=False, allow_nan=False))


def _plain(told: Any, plain: Callable[[Any], Any]) -> Any:
    if isinstance(told, dict):
        return {name: _plain(value, plain) for name, value in told.items()}
    return [_plain(one, plain) for one in told] if isinstance(told, list | tuple) else plain(told)


def tell(told: Any, text: str, *, as_json: bool) -> None:
    """Print an answer: as JSON, or as the text for a person."""
    if as_json:
        print_json(told)
    else:
        print(text)


def counted(many: int, what: str) -> str:
    """Return "1 attempt", "2 attempts"."""
    return f"{many} {what}{'' if many == 1 else 's'}"
