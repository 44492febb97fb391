"""What the commands print: progress on standard error, and a result as text for a person or JSON for a program."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer

# ---------------------------------------------------------------- long work


@contextmanager
def steps(*, quiet: bool) -> Iterator[Callable[[str], None]]:
    """Show what is being done on standard error, where a person watches it."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status("Starting") as status:
        yield status.update


@contextmanager
def lines(*, quiet: bool) -> Iterator[Callable[[str, float | None], None]]:
    """Say what is being done on standard error, a line each: for those who fly or watch beside it."""
    said = ""

    def tell(stage: str, _: float | None) -> None:
        nonlocal said
        if not quiet and stage != said:
            print(f"{stage}.", file=sys.stderr, flush=True)
        said = stage

    yield tell


@contextmanager
def bar(*, quiet: bool) -> Iterator[Callable[[str, float | None], None]]:
    """Show what is being done, and how far it is, on standard error, where a person watches it."""
    if quiet or not sys.stderr.isatty():
        yield lambda _, __: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("Starting", total=None)

        def tell(stage: str, share: float | None) -> None:
            shown.update(task, description=stage, total=None if share is None else 1.0, completed=share or 0.0)

        yield tell


# ---------------------------------------------------------------- results

_CONTROLS = {
    code: None for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"
}  # text never drives a terminal
_WIDTH = 140  # a pipe has no width of its own; a table of findings wants more than the customary 80


def answer(value: Any, text: str | Iterable[Any], *, as_json: bool) -> None:
    """Print a result: one JSON object for a program, or text for a person.

    value    records, times and what holds them
    text     lines and tables (rich), looked at only when they are printed; lines are printed without markup
    """
    if as_json:
        print(json.dumps(_plain(value), ensure_ascii=False, allow_nan=False))
        return
    from rich.console import Console

    console = Console(width=None if sys.stdout.isatty() else _WIDTH, highlight=False)
    for part in [text] if isinstance(text, str) else text:
        if isinstance(part, str):
            print(part.translate(_CONTROLS))
        else:
            console.print(part)


def _plain(value: Any) -> Any:
    """Return JSON values: times as text, records by their fields."""
    from hotwash.lessons.fields import plain

    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else plain(value)


def open_page(page: Path, *, is_wanted: bool) -> None:
    """Open a page in the browser, where that is wanted."""
    if is_wanted:
        typer.launch(page.resolve().as_uri())


def counted(many: int, what: str) -> str:
    """Return "1 attempt", "2 attempts", "1,000 attempts"."""
    return f"{many:,} {what}{'' if many == 1 else 's'}"
